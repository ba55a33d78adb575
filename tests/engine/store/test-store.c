/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The store as it is used: what goes in comes out, in order, and what cannot go in is said.
 */

#include "config.h"

#include "test-store.h"

#include "bobbin-error.h"

#include <signal.h>
#include <sys/resource.h>

typedef struct
{
  char *folder;
  char *path;
  BobbinStore *store;
} Fixture;

static void
fixture_open (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->store = bobbin_store_new (f->path);
  test_open (f->store, &error);
  g_assert_no_error (error);
}

static void
fixture_reopen (Fixture *f)
{
  test_close (f->store);
  fixture_open (f);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = test_make_folder ();
  f->path = g_build_filename (f->folder, "bobbin.db", NULL);
  fixture_open (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  test_close (f->store);
  test_delete_folder (f->folder);
  g_free (f->path);
}

static void
write_now (Fixture *f, BobbinStoreBatch *batch)
{
  g_autoptr (GError) error = NULL;

  test_write (f->store, batch, &error);
  g_assert_no_error (error);
}

static const BobbinStoreJob *
nth (GPtrArray *jobs, guint n)
{
  g_assert_cmpuint (n, <, jobs->len);

  return g_ptr_array_index (jobs, n);
}

static void
assert_equal (const BobbinStoreJob *a, const BobbinStoreJob *b)
{
  g_assert_cmpint (a->number, ==, b->number);
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->kind, ==, b->kind);
  g_assert_cmpint (a->place, ==, b->place);
  g_assert_cmpint (a->state, ==, b->state);
  g_assert_cmpstr (a->settings, ==, b->settings);
  g_assert_cmpstr (a->error, ==, b->error);
  g_assert_cmpstr (a->message, ==, b->message);
  g_assert_cmpint (a->bytes, ==, b->bytes);
  g_assert_cmpint (a->total, ==, b->total);
  g_assert_cmpint (a->created, ==, b->created);
  g_assert_cmpint (a->started, ==, b->started);
  g_assert_cmpint (a->ended, ==, b->ended);
}

static BobbinStoreJob *
make_full_job (void)
{
  BobbinStoreJob *job = test_make_job (7, G_MININT64 + 1);

  g_strlcpy (job->id, "01234567-89ab-4cde-8f01-23456789abcd", sizeof job->id);
  job->state = BOBBIN_STORE_FAILED;
  job->error = g_strdup ("REFUSED");
  job->message = g_strdup ("“Ünïcode” 'quoted'; DROP TABLE job;");
  job->bytes = G_MAXINT64;
  job->total = G_MAXINT64 - 1;
  job->created = 2;
  job->started = 3;
  job->ended = 4;

  return job;
}

static void
test_round_trip (Fixture *f, gconstpointer data)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);
  g_autoptr (BobbinStoreJob) expected = make_full_job ();
  g_autoptr (GPtrArray) jobs = NULL;

  bobbin_store_batch_put_job (batch, make_full_job ());
  write_now (f, batch);
  fixture_reopen (f);

  jobs = test_read_jobs (f->store);
  g_assert_cmpuint (jobs->len, ==, 1);
  assert_equal (nth (jobs, 0), expected);
  g_assert_cmpint (bobbin_store_get_last_number (f->store), ==, 7);
  g_assert_cmpint (bobbin_store_get_last_place (f->store), ==, G_MININT64 + 1);
  g_assert_null (bobbin_store_get_set_aside (f->store));
}

/* Put again, a job changes; who it is does not. */
static void
test_update (Fixture *f, gconstpointer data)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (FALSE);
  BobbinStoreJob *job = make_full_job ();
  g_autoptr (GPtrArray) jobs = NULL;

  bobbin_store_batch_put_job (batch, test_make_job (7, 1));
  g_clear_pointer (&job->error, g_free);
  g_clear_pointer (&job->message, g_free);
  bobbin_store_batch_put_job (batch, job);
  write_now (f, batch);

  jobs = test_read_jobs (f->store);
  g_assert_cmpuint (jobs->len, ==, 1);
  g_assert_cmpstr (nth (jobs, 0)->id, !=, "01234567-89ab-4cde-8f01-23456789abcd");
  g_assert_cmpint (nth (jobs, 0)->created, ==, 1);
  g_assert_cmpint (nth (jobs, 0)->bytes, ==, G_MAXINT64);
  g_assert_null (nth (jobs, 0)->message);
}

static void
test_order (Fixture *f, gconstpointer data)
{
  static const gint64 order[] = { 4, 2, 5, 1, 3 };
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);
  g_autoptr (GPtrArray) jobs = NULL;

  bobbin_store_batch_put_job (batch, test_make_job (1, 10));
  bobbin_store_batch_put_job (batch, test_make_job (2, -5));
  bobbin_store_batch_put_job (batch, test_make_job (3, 10));
  bobbin_store_batch_put_job (batch, test_make_job (4, 7));
  bobbin_store_batch_put_job (batch, test_make_job (5, 0));
  bobbin_store_batch_set_place (batch, 4, -50);
  write_now (f, batch);
  fixture_reopen (f);

  jobs = test_read_jobs (f->store);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    g_assert_cmpint (nth (jobs, i)->number, ==, order[i]);
}

static GPtrArray *
make_events (guint first, guint n)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_store_event_free);

  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *text = g_strdup_printf ("line %u", i);

      g_ptr_array_add (events, bobbin_store_event_new (BOBBIN_EVENT_RETRY, i,
                                                       i % 2 == 0 ? "REFUSED" : NULL, text));
    }

  return events;
}

static GPtrArray *
read_events (Fixture *f, gint64 number)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *events;

  bobbin_store_read_events_async (f->store, number, test_keep_result, &result);
  test_wait (result != NULL);
  events = bobbin_store_read_events_finish (f->store, result, &error);
  g_assert_no_error (error);

  return events;
}

static void
test_events (Fixture *f, gconstpointer data)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (FALSE);
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GPtrArray) others = NULL;
  const BobbinStoreEvent *event;

  bobbin_store_batch_put_job (batch, test_make_job (1, 1));
  bobbin_store_batch_put_job (batch, test_make_job (2, 2));
  bobbin_store_batch_add_events (batch, 2, make_events (0, 3));
  bobbin_store_batch_add_events (batch, 1, make_events (0, BOBBIN_EVENT_LOG_MAX));
  bobbin_store_batch_add_events (batch, 1, make_events (BOBBIN_EVENT_LOG_MAX, 10));
  bobbin_store_batch_add_events (batch, 99, make_events (0, 1)); /* of no job */
  write_now (f, batch);

  events = read_events (f, 1);
  g_assert_cmpuint (events->len, ==, BOBBIN_EVENT_LOG_MAX);
  event = g_ptr_array_index (events, 0);
  g_assert_cmpstr (event->text, ==, "line 10");
  g_assert_cmpstr (event->code, ==, "REFUSED");
  g_assert_cmpint (event->kind, ==, BOBBIN_EVENT_RETRY);
  g_assert_cmpint (event->time, ==, 10);
  event = g_ptr_array_index (events, events->len - 1);
  g_assert_cmpstr (event->text, ==, "line 509");
  g_assert_null (event->code);
  others = read_events (f, 2);
  g_assert_cmpuint (others->len, ==, 3);
}

static void
test_remove (Fixture *f, gconstpointer data)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GPtrArray) events = NULL;

  bobbin_store_batch_put_job (batch, test_make_job (1, 1));
  bobbin_store_batch_put_job (batch, test_make_job (2, 2));
  bobbin_store_batch_add_events (batch, 1, make_events (0, 3));
  bobbin_store_batch_remove_job (batch, 1);
  write_now (f, batch);

  jobs = test_read_jobs (f->store);
  g_assert_cmpuint (jobs->len, ==, 1);
  events = read_events (f, 1);
  g_assert_cmpuint (events->len, ==, 0);
}

/* All of a batch or nothing, and one that fails takes none of those that came with it along. */
static void
test_atomic (Fixture *f, gconstpointer data)
{
  GAsyncResult *results[3] = { NULL };
  g_autoptr (GPtrArray) jobs = NULL;

  for (guint i = 0; i < 3; i++)
    {
      BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);
      BobbinStoreJob *job = test_make_job (10 + i, 10);

      bobbin_store_batch_put_job (batch, test_make_job (1 + i, 1));
      if (i == 1)
        g_clear_pointer (&job->kind, g_free); /* NOT NULL */
      bobbin_store_batch_put_job (batch, job);
      bobbin_store_write_async (f->store, batch, test_keep_result, &results[i]);
    }

  test_wait (results[2] != NULL);
  g_assert_true (bobbin_store_write_finish (f->store, results[0], NULL));
  g_assert_false (bobbin_store_write_finish (f->store, results[1], NULL));
  g_assert_true (bobbin_store_write_finish (f->store, results[2], NULL));
  for (guint i = 0; i < 3; i++)
    g_object_unref (results[i]);

  jobs = test_read_jobs (f->store);
  g_assert_cmpuint (jobs->len, ==, 4);
}

/* What was asked for before the close is done, however much it is. */
static void
test_close_while_busy (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GAsyncResult) late = NULL;
  guint n_written = 0;
  guint n_closed = 0;

  for (guint i = 0; i < 500; i++)
    {
      BobbinStoreBatch *batch = bobbin_store_batch_new (i % 7 == 0);

      bobbin_store_batch_put_job (batch, test_make_job (i + 1, i));
      bobbin_store_write_async (f->store, batch, test_count, &n_written);
    }
  bobbin_store_close_async (f->store, test_count, &n_closed);
  bobbin_store_write_async (f->store, bobbin_store_batch_new (TRUE), test_keep_result, &late);
  test_wait (n_closed == 1);
  g_assert_cmpuint (n_written, ==, 500);
  test_wait (late != NULL);
  g_assert_false (bobbin_store_write_finish (f->store, late, NULL));
  g_clear_object (&late);
  g_assert_finalize_object (f->store);

  fixture_open (f);
  jobs = test_read_jobs (f->store);
  g_assert_cmpuint (jobs->len, ==, 500);
}

static void
test_two_openers (Fixture *f, gconstpointer data)
{
  BobbinStore *second = bobbin_store_new (f->path);
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);
  g_autoptr (GError) error = NULL;

  g_assert_false (test_open (second, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_IN_USE);
  g_clear_error (&error);
  g_assert_false (test_write (second, bobbin_store_batch_new (TRUE), &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_IN_USE);
  test_close (second);

  /* the first did not notice */
  bobbin_store_batch_put_job (batch, test_make_job (1, 1));
  write_now (f, batch);
}

static BobbinStoreBatch *
make_large_batch (void)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);

  for (guint i = 0; i < 20000; i++)
    bobbin_store_batch_put_job (batch, test_make_job (100 + i, i));

  return batch;
}

/* No room: said so, nothing half done, nothing lost; and once there is room it goes on. */
static void
test_full_disk (Fixture *f, gconstpointer data)
{
  const struct rlimit small = { 256 * 1024, RLIM_INFINITY };
  const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GError) error = NULL;

  bobbin_store_batch_put_job (batch, test_make_job (1, 1));
  write_now (f, batch);

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (test_write (f->store, make_large_batch (), &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_SPACE);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &none), ==, 0);

  jobs = test_read_jobs (f->store);
  g_assert_cmpuint (jobs->len, ==, 1);
  write_now (f, make_large_batch ());
  fixture_reopen (f);
  g_clear_pointer (&jobs, g_ptr_array_unref);
  jobs = test_read_jobs (f->store);
  g_assert_cmpuint (jobs->len, ==, 20001);
}

static void
add (const char *name, void (*test) (Fixture *f, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/store/store/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  add ("round-trip", test_round_trip);
  add ("update", test_update);
  add ("order", test_order);
  add ("events", test_events);
  add ("remove", test_remove);
  add ("atomic", test_atomic);
  add ("close-while-busy", test_close_while_busy);
  add ("two-openers", test_two_openers);
  add ("full-disk", test_full_disk);

  return g_test_run ();
}
