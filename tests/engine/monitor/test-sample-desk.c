/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-sample-desk: samples that only wait for a server share a thread and kept connections, and
 * one that is not answered holds up nobody. The clock stands still, so that the probes stay light.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-sample-desk-private.h"
#include "bobbin-sampler-private.h"
#include "bobbin-test-clock.h"
#include "bobbin-test-server.h"

#define N_PROBES 20

typedef struct
{
  BobbinTestServer *server;
  BobbinWorkerPool *pool;
  BobbinSampleDesk *desk; /* (owned) (nullable) */
} Fixture;

typedef struct
{
  BobbinProbe *probe; /* (owned) */
  BobbinDeskSample *sample;
  guint n_told;
  GError *error; /* (owned) (nullable) of the latest */
} Asked;

static void
set_up (Fixture *self, gconstpointer user_data)
{
  const BobbinTestFile file = { .length = 1000 };

  bobbin_test_clock_begin ();
  self->server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  bobbin_test_server_set (self->server, "/", &file);
  self->pool = bobbin_worker_pool_new ("probe", 2);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  bobbin_worker_pool_close_finish (BOBBIN_WORKER_POOL (source), result, NULL);
  *(gboolean *) user_data = TRUE;
}

static void
close_pool (Fixture *self)
{
  gboolean done = FALSE;

  g_clear_pointer (&self->desk, bobbin_sample_desk_leave);
  bobbin_worker_pool_close_async (self->pool, on_closed, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

/* Nothing is left: no thread, no connection, and the pool is nobody's. */
static void
tear_down (Fixture *self, gconstpointer user_data)
{
  close_pool (self);
  g_assert_cmpuint (bobbin_worker_pool_get_n_threads (self->pool), ==, 0);
  bobbin_test_server_wait_open (self->server, 0);
  g_assert_cmpint (G_OBJECT (self->pool)->ref_count, ==, 1);
  g_object_unref (self->pool);
  bobbin_test_server_free (self->server);
  bobbin_test_clock_end ();
}

/* One that is told something, if there is a name for that. */
static BobbinProbe *
make_probe (Fixture *self, const char *path, const char *name, const char *value)
{
  g_autofree char *uri = bobbin_test_server_get_uri (self->server, path);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) options = NULL;
  g_autoptr (GError) error = NULL;
  BobbinProbe *probe;

  if (name != NULL)
    g_variant_dict_insert (&dict, name, "s", value);
  options = g_variant_ref_sink (g_variant_dict_end (&dict));
  probe = bobbin_probe_new (uri, options, &error);

  g_assert_no_error (error);

  return probe;
}

/* The first two do without a kept connection, and have a thread for themselves. */
static void
sample_twice (BobbinProbe *probe)
{
  for (guint i = 0; i < 2; i++)
    {
      g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;

      g_assert_false (bobbin_probe_is_light (probe));
      bobbin_probe_sample (probe, NULL, &sample, NULL);
    }
}

static void
asked_init_with (Asked *self,
                 Fixture *fixture,
                 const char *path,
                 const char *name,
                 const char *value)
{
  *self = (Asked){ .probe = make_probe (fixture, path, name, value) };
  sample_twice (self->probe);
  g_assert_true (bobbin_probe_is_light (self->probe));
}

static void
asked_init (Asked *self, Fixture *fixture, const char *path)
{
  asked_init_with (self, fixture, path, NULL, NULL);
}

static void
asked_clear (Asked *self)
{
  g_clear_pointer (&self->probe, bobbin_probe_unref);
  g_clear_error (&self->error);
}

static void
on_told (gint64 came,
         gint64 asleep,
         const BobbinSample *found,
         const GError *error,
         gpointer user_data)
{
  Asked *self = user_data;

  g_assert_cmpint (came, >, 0);
  g_assert_cmpint (asleep, ==, 0);
  g_assert_cmpint (error == NULL, ==, found->value > 0);
  self->n_told++;
  self->sample = NULL;
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
asked_begin (Asked *self, Fixture *fixture)
{
  if (fixture->desk == NULL)
    fixture->desk = bobbin_sample_desk_join (fixture->pool);
  self->sample = bobbin_sample_desk_take (fixture->desk, self->probe, on_told, self);
}

static void
asked_wait (Asked *self, guint n_told)
{
  while (self->n_told < n_told)
    g_main_context_iteration (NULL, TRUE);
}

/* Of each request but the first ones nothing comes. */
static void
stall (Fixture *self, const char *path, guint n_answered)
{
  const BobbinTestFile file = { .length = 1000 };
  const BobbinTestFile stalled = { .length = 1000,
                                   .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = BOBBIN_TEST_BEFORE_HEADER };

  bobbin_test_server_set (self->server, path, &file);
  bobbin_test_server_set_for (self->server, path, n_answered, 0, &stalled);
}

/* All at once, in one thread, over connections that are kept for the next time. */
static void
test_together (Fixture *self, gconstpointer user_data)
{
  Asked asked[N_PROBES];
  guint n_opened = 0;

  for (guint i = 0; i < N_PROBES; i++)
    asked_init (&asked[i], self, "/");
  for (guint round = 1; round <= 3; round++)
    {
      for (guint i = 0; i < N_PROBES; i++)
        asked_begin (&asked[i], self);
      for (guint i = 0; i < N_PROBES; i++)
        {
          asked_wait (&asked[i], round);
          g_assert_no_error (asked[i].error);
        }
      g_assert_cmpuint (bobbin_worker_pool_get_n_threads (self->pool), ==, 1);
      if (round > 1)
        g_assert_cmpuint (bobbin_test_server_get_n_opened (self->server), ==, n_opened);
      n_opened = bobbin_test_server_get_n_opened (self->server);
      g_assert_cmpuint (n_opened, <=, 3 * N_PROBES);
    }
  g_assert_cmpuint (bobbin_test_server_get_n_requests (self->server, "/"), ==, 5 * N_PROBES);
  for (guint i = 0; i < N_PROBES; i++)
    asked_clear (&asked[i]);
}

/* What comes one after another shares a connection. */
static void
test_shared (Fixture *self, gconstpointer user_data)
{
  Asked asked[N_PROBES];

  for (guint i = 0; i < N_PROBES; i++)
    {
      asked_init (&asked[i], self, "/");
      asked_begin (&asked[i], self);
      asked_wait (&asked[i], 1);
      g_assert_no_error (asked[i].error);
      asked_clear (&asked[i]);
    }
  g_assert_cmpuint (bobbin_test_server_get_n_opened (self->server), ==, 2 * N_PROBES + 1);
}

/* Others are told of meanwhile; to cancel it ends that one alone. Of its connection, which was new,
 * those of others are not thought the worse; of one that was kept they are. */
static void
test_stalled (Fixture *self, gconstpointer user_data)
{
  const guint n_kept = GPOINTER_TO_UINT (user_data);
  Asked stalled;
  Asked good;
  guint n_opened;

  stall (self, "/stalled", 2 + n_kept);
  asked_init (&stalled, self, "/stalled");
  asked_init (&good, self, "/");
  for (guint i = 1; i <= n_kept; i++)
    {
      asked_begin (&stalled, self);
      asked_wait (&stalled, i);
      g_assert_no_error (stalled.error);
    }
  asked_begin (&stalled, self);
  for (guint i = 1; i <= 5; i++)
    {
      asked_begin (&good, self);
      asked_wait (&good, i);
      g_assert_no_error (good.error);
    }
  g_assert_cmpuint (stalled.n_told, ==, n_kept);
  bobbin_test_server_wait_stalled (self->server, 1);
  n_opened = bobbin_test_server_get_n_opened (self->server);

  bobbin_desk_sample_cancel (stalled.sample);
  asked_wait (&stalled, n_kept + 1);
  g_assert_error (stalled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  asked_begin (&good, self);
  asked_wait (&good, 6);
  g_assert_no_error (good.error);
  g_assert_cmpuint (bobbin_test_server_get_n_opened (self->server), ==,
                    n_opened + (n_kept > 0 ? 1 : 0));
  asked_clear (&stalled);
  asked_clear (&good);
}

/* Wherever the cancel meets it: it ends, in one of the two ways. */
static void
test_cancel_race (Fixture *self, gconstpointer user_data)
{
  Asked asked;

  asked_init (&asked, self, "/");
  for (guint i = 1; i <= 200; i++)
    {
      asked_begin (&asked, self);
      for (guint j = 0; j < i && asked.sample != NULL; j++)
        g_main_context_iteration (NULL, FALSE);
      if (asked.sample != NULL)
        bobbin_desk_sample_cancel (asked.sample);
      asked_wait (&asked, i);
      if (asked.error != NULL)
        g_assert_error (asked.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  asked_clear (&asked);
}

/* It is told of no more, and what it used goes with its thread. */
static void
test_abandon (Fixture *self, gconstpointer user_data)
{
  Asked asked;

  stall (self, "/stalled", 2);
  asked_init (&asked, self, "/stalled");
  asked_begin (&asked, self);
  bobbin_test_server_wait_stalled (self->server, 1);
  bobbin_desk_sample_cancel (asked.sample);
  bobbin_desk_sample_abandon (asked.sample);
  close_pool (self);
  g_assert_cmpuint (asked.n_told, ==, 0);
  asked_clear (&asked);
}

/* The status is looked at, wherever the address leads. */
static void
test_answers (Fixture *self, gconstpointer user_data)
{
  const BobbinTestFile missing = { .length = 10, .status = 404 };
  Asked redirected;
  Asked failed;

  bobbin_test_server_set_redirect (self->server, "/redirected", "/");
  bobbin_test_server_set (self->server, "/missing", &missing);
  asked_init (&redirected, self, "/redirected");
  asked_init (&failed, self, "/missing");
  asked_begin (&redirected, self);
  asked_begin (&failed, self);
  asked_wait (&redirected, 1);
  asked_wait (&failed, 1);
  g_assert_no_error (redirected.error);
  g_assert_error (failed.error, BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (self->server, "/"), ==, 3);
  asked_clear (&redirected);
  asked_clear (&failed);
}

/* Who only leads on and on has answered: of kept connections nobody thinks the worse for it. */
static void
test_lost (Fixture *self, gconstpointer user_data)
{
  Asked lost;
  Asked first;
  Asked good;
  guint n_opened;

  bobbin_test_server_set_redirect (self->server, "/lost", "/lost");
  asked_init (&lost, self, "/lost");
  asked_init (&first, self, "/");
  asked_init (&good, self, "/");
  /* Each has a connection, and who is lost comes after the first. */
  asked_begin (&first, self);
  asked_begin (&good, self);
  asked_wait (&first, 1);
  asked_wait (&good, 1);
  n_opened = bobbin_test_server_get_n_opened (self->server);
  asked_begin (&lost, self);
  asked_wait (&lost, 1);
  g_assert_error (lost.error, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT);
  asked_begin (&good, self);
  asked_wait (&good, 2);
  g_assert_no_error (good.error);
  g_assert_cmpuint (bobbin_test_server_get_n_opened (self->server), ==, n_opened);
  asked_clear (&lost);
  asked_clear (&first);
  asked_clear (&good);
}

/* A short body is looked at, too. */
static void
test_bodies (Fixture *self, gconstpointer user_data)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("all is well", strlen ("all is well"));
  const BobbinTestFile file = { .body = body };
  Asked found;
  Asked missed;

  bobbin_test_server_set (self->server, "/body", &file);
  asked_init_with (&found, self, "/body", "keyword", "is well");
  asked_init_with (&missed, self, "/body", "keyword-absent", "is well");
  asked_begin (&found, self);
  asked_begin (&missed, self);
  asked_wait (&found, 1);
  asked_wait (&missed, 1);
  g_assert_no_error (found.error);
  g_assert_error (missed.error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER);
  asked_clear (&found);
  asked_clear (&missed);
}

/* What takes its time to look at has a thread for itself, always. */
static void
test_heavy (Fixture *self, gconstpointer user_data)
{
  const BobbinTestFile large = { .length = 100000 };
  g_autoptr (BobbinProbe) regex = make_probe (self, "/", "regex", "a*");
  g_autoptr (BobbinProbe) keyword = make_probe (self, "/large", "keyword", "a");
  g_autoptr (BobbinProbe) login = make_probe (self, "/", "user", "somebody");
  g_autoptr (BobbinProbe) pinned = make_probe (self, "/", "ip", "4");

  bobbin_test_server_set (self->server, "/large", &large);
  sample_twice (regex);
  sample_twice (keyword);
  sample_twice (login);
  sample_twice (pinned);
  g_assert_false (bobbin_probe_is_light (regex));
  g_assert_false (bobbin_probe_is_light (keyword));
  g_assert_false (bobbin_probe_is_light (login));
  g_assert_false (bobbin_probe_is_light (pinned));
}

static void
test_closed (Fixture *self, gconstpointer user_data)
{
  close_pool (self);
  g_assert_null (bobbin_sample_desk_join (self->pool));
}

/* ---- a sampler */

typedef struct
{
  guint n_sampled;
  GError *error; /* (owned) (nullable) of the latest */
  gboolean has_ended;
} Told;

static gboolean
on_slot (gint64 due, gpointer user_data)
{
  return TRUE;
}

static void
on_sampled (const BobbinSlot *slot,
            const BobbinSample *sample,
            const GError *error,
            gpointer user_data)
{
  Told *self = user_data;

  self->n_sampled++;
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
on_overdue (gpointer user_data)
{
}

static void
on_ended (const GError *error, gpointer user_data)
{
  Told *self = user_data;

  g_assert_no_error (error);
  self->has_ended = TRUE;
}

static const BobbinSamplerFuncs funcs = { on_slot, on_sampled, on_overdue, on_ended };

static void
wait_sampled (Told *self, guint n)
{
  while (self->n_sampled < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_sampled, ==, n);
}

/* What takes too long has failed and the next one is another one; who stops does not wait. */
static void
test_sampler (Fixture *self, gconstpointer user_data)
{
  BobbinProbe *probe = make_probe (self, "/stalled", NULL, NULL);
  Told told = { 0 };
  BobbinSampler *sampler =
    bobbin_sampler_new (probe, self->pool, BOBBIN_SAMPLER_BY_HAND, &funcs, &told);

  stall (self, "/stalled", 2);
  g_assert_true (bobbin_sampler_start (sampler, NULL));
  wait_sampled (&told, 1);
  bobbin_sampler_tick (sampler, 1);
  wait_sampled (&told, 2);
  g_assert_no_error (told.error);

  bobbin_sampler_set_timeout (sampler, 1);
  bobbin_sampler_tick (sampler, 2);
  wait_sampled (&told, 3);
  g_assert_error (told.error, BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT);

  bobbin_sampler_set_timeout (sampler, G_TIME_SPAN_HOUR);
  while (!bobbin_probe_is_light (probe) || bobbin_sampler_get_overdue (sampler) > 0)
    g_main_context_iteration (NULL, TRUE);
  bobbin_sampler_tick (sampler, 3);
  bobbin_test_server_wait_stalled (self->server, 1);
  bobbin_sampler_stop (sampler);
  while (!told.has_ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (told.n_sampled, ==, 3);

  bobbin_sampler_free (sampler);
  bobbin_probe_unref (probe);
  g_clear_error (&told.error);
}

static void
sample_in_pool (Fixture *self, BobbinProbe *probe, guint n)
{
  Told told = { 0 };
  BobbinSampler *sampler =
    bobbin_sampler_new (probe, self->pool, BOBBIN_SAMPLER_BY_HAND, &funcs, &told);

  g_assert_true (bobbin_sampler_start (sampler, NULL));
  for (guint i = 1; i <= n; i++)
    {
      wait_sampled (&told, i);
      g_assert_no_error (told.error);
      if (i < n)
        bobbin_sampler_tick (sampler, i);
    }
  bobbin_sampler_stop (sampler);
  g_assert_true (told.has_ended);
  bobbin_sampler_free (sampler);
}

/* What one probe trusts is nothing to another that comes after it in the same thread. */
static void
test_trust (Fixture *self, gconstpointer user_data)
{
  g_autoptr (BobbinProbe) trusting = NULL;
  Asked asked;

  bobbin_test_server_free (self->server);
  self->server = bobbin_test_server_new (BOBBIN_TEST_TLS);
  bobbin_test_server_set (self->server, "/", &(BobbinTestFile){ .length = 1000 });
  bobbin_worker_pool_set_max_threads (self->pool, 1);

  asked_init (&asked, self, "/");
  asked_begin (&asked, self);
  asked_wait (&asked, 1);
  g_assert_error (asked.error, BOBBIN_ERROR, BOBBIN_ERROR_CERTIFICATE);
  g_clear_pointer (&self->desk, bobbin_sample_desk_leave);

  trusting = make_probe (self, "/", "ca-file", bobbin_test_server_ca_file ());
  sample_in_pool (self, trusting, 3);
  asked_begin (&asked, self);
  asked_wait (&asked, 2);
  g_assert_error (asked.error, BOBBIN_ERROR, BOBBIN_ERROR_CERTIFICATE);
  asked_clear (&asked);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD_WITH(path, with, func) \
  g_test_add ("/sample-desk/" path, Fixture, GUINT_TO_POINTER (with), set_up, func, tear_down)
#define ADD(path, func) ADD_WITH (path, 0, func)
  ADD ("together", test_together);
  ADD ("shared", test_shared);
  ADD_WITH ("stalled/new", 0, test_stalled);
  ADD_WITH ("stalled/kept", 2, test_stalled);
  ADD ("cancel-race", test_cancel_race);
  ADD ("abandon", test_abandon);
  ADD ("answers", test_answers);
  ADD ("lost", test_lost);
  ADD ("bodies", test_bodies);
  ADD ("heavy", test_heavy);
  ADD ("closed", test_closed);
  ADD ("sampler", test_sampler);
  ADD ("trust", test_trust);
#undef ADD
#undef ADD_WITH

  return g_test_run ();
}
