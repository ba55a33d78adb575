/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * “Stopped” means joined, in every phase in which a download can be, whoever asks: one stop, two at
 * once, a stop of everything, a quit; and whether it comes before the end, after it, or with it.
 *
 * Time-outs are at their default of 30 s here, and a stop that takes 2 s fails its test: what ends
 * a wait is the stop and nothing else.
 */

#include "config.h"

#include "bobbin-host-gate.h"
#include "bobbin-test-resolver.h"
#include "download-fixture.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#define LENGTH  (2 * MIB)
#define N_RACES 1000

/* What holds a download in its phase. */
typedef struct
{
  BobbinTestResolver *resolver;
  BobbinTestBacklog *backlog;
} Hold;

/* Each takes a new download into its phase, and returns when it is there for sure. */
typedef BobbinJob *(*EnterFunc) (Fixture *f, Hold *hold);

typedef struct
{
  const char *about;
  BobbinTestKind kind;
  EnterFunc enter;
} Phase;

static BobbinJob *
start_address (Fixture *f, const char *address)
{
  BobbinJob *job = fixture_add_address (f, address);

  g_object_set (job, "retries", 10, NULL);
  job_start (job);
  return job;
}

static BobbinJob *
start_file (Fixture *f, const BobbinTestFile *file)
{
  g_autofree char *address = bobbin_test_server_get_uri (f->server, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", file);
  return start_address (f, address);
}

static BobbinJob *
enter_look_up (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  hold->resolver = bobbin_test_resolver_install ();
  job = start_address (f, "http://a.silent.test/f.bin");
  bobbin_test_resolver_wait (hold->resolver, 2);
  return job;
}

/* Connections to a port that have asked and got no answer: state 02 in proc_net_tcp(5). */
static guint
count_connecting (guint16 port)
{
  g_autofree char *table = NULL;
  g_autofree char *wanted = g_strdup_printf (" 0100007F:%04X 02 ", port);
  guint n = 0;

  g_assert_true (g_file_get_contents ("/proc/net/tcp", &table, NULL, NULL));
  for (const char *p = table; (p = strstr (p, wanted)) != NULL; p++)
    n++;

  return n;
}

static BobbinJob *
enter_connect (Fixture *f, Hold *hold)
{
  g_autofree char *address = NULL;
  guint16 port;
  guint n_before;
  BobbinJob *job;

  hold->backlog = bobbin_test_backlog_new ();
  port = bobbin_test_backlog_get_port (hold->backlog);
  n_before = count_connecting (port);
  address = g_strdup_printf ("http://127.0.0.1:%u/f.bin", port);
  job = start_address (f, address);
  /* The kernel has no event for this: look until it is so. */
  while (count_connecting (port) == n_before)
    g_main_context_iteration (NULL, FALSE);
  return job;
}

/* The peer took the connection and heard the first words; it will never answer. */
static BobbinJob *
enter_handshake (Fixture *f, Hold *hold)
{
  g_autofree char *address =
    g_strdup_printf ("https://127.0.0.1:%u/f.bin", bobbin_test_server_get_port (f->server));
  BobbinJob *job = start_address (f, address);

  bobbin_test_server_wait_stalled (f->server, 1);
  return job;
}

static BobbinJob *
enter_answer (Fixture *f, Hold *hold)
{
  BobbinJob *job = start_file (f, FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_STALL,
                                           .fault_at = BOBBIN_TEST_BEFORE_HEADER));

  bobbin_test_server_wait_stalled (f->server, 1);
  return job;
}

static BobbinJob *
enter_read (Fixture *f, Hold *hold)
{
  BobbinJob *job = start_file (f, FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                           .fault_at = MIB));

  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, MIB);
  return job;
}

static BobbinJob *
enter_read_tls (Fixture *f, Hold *hold)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = MIB));
  g_object_set (job, "ca-file", bobbin_test_server_ca_file (), NULL);
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, MIB);
  return job;
}

/* Bytes come all the time, slowly. */
static BobbinJob *
enter_receive (Fixture *f, Hold *hold)
{
  BobbinJob *job = start_file (f, FILE_OF (LENGTH, .etag = ETAG, .rate = 20 * KIB));

  job_wait_bytes (job, KIB);
  return job;
}

static BobbinJob *
enter_retry_wait (Fixture *f, Hold *hold)
{
  BobbinJob *job = start_file (f, FILE_OF (10, .status = 503, .headers = "Retry-After: 1000\r\n"));

  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING);
  return job;
}

static BobbinJob *
enter_redirected (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  bobbin_test_server_set_redirect (f->server, "/g", "/f.bin");
  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = BOBBIN_TEST_BEFORE_HEADER));
  job = fixture_add (f, "/g");
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  return job;
}

/* Another download has the only slot. */
static BobbinJob *
enter_slot (Fixture *f, Hold *hold)
{
  BobbinJob *waiting;

  bobbin_job_queue_set_max_transfers (f->queue, 1);
  enter_answer (f, hold);
  waiting = fixture_add (f, "/waiting");
  bobbin_test_server_set (f->server, "/waiting", FILE_OF (10));
  job_start (waiting);
  g_assert_cmpint (bobbin_job_get_state (waiting), ==, BOBBIN_JOB_QUEUED);
  return waiting;
}

/* Several connections for one file. */

static BobbinJob *
start_many_connections (Fixture *f, guint connections)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  g_object_set (job, "connections", connections, "retries", 10, "ca-file",
                bobbin_test_server_ca_file (), NULL);
  job_start (job);
  return job;
}

/* Bytes come on all of eight. */
static BobbinJob *
enter_eight_receive (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (64 * MIB, .etag = ETAG, .rate = 100 * KIB));
  job = start_many_connections (f, 8);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_server_get_max_active (f->server, "/f.bin") == 8);
  return job;
}

/* On all of them they have come, and come no more. */
static BobbinJob *
enter_eight_stalled (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (64 * MIB, .etag = ETAG, .rate = 512 * KIB,
                                   .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = MIB));
  job = start_many_connections (f, 8);
  bobbin_test_server_wait_stalled (f->server, 8);
  return job;
}

/* One receives, and another waits for its answer: what it is to bring is only its when it comes. */
static BobbinJob *
enter_eight_asked (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (64 * MIB, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = BOBBIN_TEST_BEFORE_HEADER));
  bobbin_test_server_set_for (f->server, "/f.bin", 0, 1,
                              FILE_OF (64 * MIB, .etag = ETAG, .rate = 100 * KIB));
  job = start_many_connections (f, 8);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, 1);
  return job;
}

/* The rest is fetched twice, and comes from neither. */
static BobbinJob *
enter_endgame (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (3 * MIB, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = KIB));
  bobbin_test_server_set_for (f->server, "/f.bin", 0, 1,
                              FILE_OF (3 * MIB, .etag = ETAG, .rate = MIB));
  job = start_many_connections (f, 2);
  bobbin_test_server_wait_stalled (f->server, 2);
  return job;
}

/* All of them were cut off, and there are gaps. */
static BobbinJob *
enter_eight_retry_wait (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (64 * MIB, .etag = ETAG, .rate = MIB,
                                   .fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = 512 * KIB));
  job = start_many_connections (f, 8);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING);
  return job;
}

/* Its next bytes may not come for a long time. */
static BobbinJob *
enter_token (Fixture *f, Hold *hold)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  g_object_set (job, "limit-rate", (gint64) 1, NULL);
  job_start (job);
  job_wait_bytes (job, 1);
  return job;
}

/* Another download has the only place at the host. */
static BobbinJob *
enter_host (Fixture *f, Hold *hold)
{
  BobbinJob *waiting;

  bobbin_host_gate_set_limit (bobbin_host_gate_get_default (), 1);
  enter_answer (f, hold);
  waiting = fixture_add (f, "/waiting");
  bobbin_test_server_set (f->server, "/waiting", FILE_OF (10));
  job_start (waiting);
  job_wait_phase (waiting, BOBBIN_DOWNLOAD_WAITING_FOR_HOST);
  return waiting;
}

static const Phase phases[] = {
  { "look-up", BOBBIN_TEST_PLAIN, enter_look_up },
  { "connect", BOBBIN_TEST_PLAIN, enter_connect },
  { "handshake", BOBBIN_TEST_SILENT, enter_handshake },
  { "answer", BOBBIN_TEST_PLAIN, enter_answer },
  { "read", BOBBIN_TEST_PLAIN, enter_read },
  { "read-tls", BOBBIN_TEST_TLS, enter_read_tls },
  { "receive", BOBBIN_TEST_PLAIN, enter_receive },
  { "retry-wait", BOBBIN_TEST_PLAIN, enter_retry_wait },
  { "redirected", BOBBIN_TEST_PLAIN, enter_redirected },
  { "slot", BOBBIN_TEST_PLAIN, enter_slot },
  { "eight-receive", BOBBIN_TEST_PLAIN, enter_eight_receive },
  { "eight-receive-tls", BOBBIN_TEST_TLS, enter_eight_receive },
  { "eight-stalled", BOBBIN_TEST_PLAIN, enter_eight_stalled },
  { "eight-asked", BOBBIN_TEST_PLAIN, enter_eight_asked },
  { "eight-retry-wait", BOBBIN_TEST_PLAIN, enter_eight_retry_wait },
  { "endgame", BOBBIN_TEST_PLAIN, enter_endgame },
  { "token", BOBBIN_TEST_PLAIN, enter_token },
  { "host", BOBBIN_TEST_PLAIN, enter_host },
};

static void
hold_clear (Hold *hold)
{
  /* Asserts that no look-up is left. */
  g_clear_pointer (&hold->resolver, bobbin_test_resolver_uninstall);
  g_clear_pointer (&hold->backlog, bobbin_test_backlog_free);
}

static void
assert_stopped (BobbinJob *job)
{
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_IDLE);
  g_assert_no_error (bobbin_job_get_error (job));
  g_assert_null (bobbin_download_get_file (BOBBIN_DOWNLOAD (job)));
  g_assert_cmpstr (bobbin_job_get_status_line (job), !=, "");
}

/* Runs @check with a download in @phase. */
static void
in_phase (const Phase *phase, void (*check) (Fixture *f, BobbinJob *job))
{
  gconstpointer kind = GUINT_TO_POINTER (phase->kind);
  Hold hold = { 0 };
  Fixture f;
  BobbinJob *job;

  fixture_set_up (&f, kind);
  job = phase->enter (&f, &hold);
  g_assert_true (bobbin_job_is_active (job));
  check (&f, job);
  hold_clear (&hold);
  fixture_tear_down (&f, kind);
}

/* One stop; then another, of what is stopped. */

static void
check_stop (Fixture *f, BobbinJob *job)
{
  g_autofree char *file = fixture_path (f, "f.bin");

  job_stop (job);
  assert_stopped (job);
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
  job_stop (job);
  assert_stopped (job);
}

static void
test_stop (gconstpointer data)
{
  in_phase (data, check_stop);
}

/* Two stops at once: both are told, neither before it is so. */

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_job_stop_finish (BOBBIN_JOB (source), result, NULL));
  assert_stopped (BOBBIN_JOB (source));
  ++*(guint *) user_data;
}

static void
check_stop_twice (Fixture *f, BobbinJob *job)
{
  guint n = 0;

  bobbin_job_stop_async (job, on_stopped, &n);
  bobbin_job_stop_async (job, on_stopped, &n);
  g_assert_cmpuint (n, ==, 0);
  BOBBIN_TEST_WAIT_UNTIL (n == 2);
}

static void
test_stop_twice (gconstpointer data)
{
  in_phase (data, check_stop_twice);
}

/* Quit, without asking the job first. */

static void
check_quit (Fixture *f, BobbinJob *job)
{
  fixture_shut_down (f);
  assert_stopped (job);
  bobbin_test_server_wait_open (f->server, 0);
  g_assert_false (bobbin_job_start (job));
  g_assert_false (bobbin_job_is_active (job));
}

static void
test_quit (gconstpointer data)
{
  in_phase (data, check_quit);
}

/* Stop, and start again before it has stopped: it is joined in between. */

static void
check_restart (Fixture *f, BobbinJob *job)
{
  guint n_runs = 0;
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (job));

  g_assert_true (bobbin_job_restart (job));
  g_assert_true (bobbin_job_is_active (job));
  job_stop (job);
  assert_stopped (job);
  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      n_runs += bobbin_event_get_kind (event) == BOBBIN_EVENT_STARTED;
    }
  /* The last of the two counts: the second run never began. */
  g_assert_cmpuint (n_runs, <=, 1);
}

static void
test_restart (gconstpointer data)
{
  in_phase (data, check_restart);
}

/* The servers' side of a stop: nothing is left open that nobody reads from any more. */
static void
assert_connections_close (Fixture *f)
{
  const gint64 start = g_get_monotonic_time ();

  bobbin_test_server_wait_open (f->server, 0);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_TIME_SPAN_SECOND);
}

static void
test_connection_closed (Fixture *f, gconstpointer data)
{
  Hold hold = { 0 };
  BobbinJob *job = enter_read (f, &hold);

  g_assert_cmpuint (bobbin_test_server_get_n_open (f->server), ==, 1);
  job_stop (job);
  assert_connections_close (f);
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);
}

static void
test_never_started (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  job_stop (job);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_IDLE);
}

/* Started and stopped in one turn of the main loop. */
static void
test_at_once (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL));
  for (guint i = 0; i < 50; i++)
    {
      job_start (job);
      job_stop (job);
      assert_stopped (job);
    }
}

static void
test_done (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10));
  job = fixture_run (f, "/f.bin");
  job_stop (job);
  fixture_assert_whole (f, job, "f.bin", SEED, 10);
}

static void
test_failed (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10, .status = 404));
  job = fixture_run (f, "/f.bin");
  job_stop (job);
  job_assert_failed (job, BOBBIN_ERROR_HTTP_STATUS);
}

/* Stops that race with the end. */

typedef struct
{
  BobbinJob *job;
  gint64 delay; /* µs from the start to the stop */
  guint n_done;
  guint n_stopped;
} Race;

/* Busy, so that the stop comes when it should; the main loop runs on, or not. */
static void
wait_exactly (gint64 time, gboolean run_main_loop)
{
  const gint64 end = g_get_monotonic_time () + time;

  while (g_get_monotonic_time () < end)
    if (run_main_loop)
      g_main_context_iteration (NULL, FALSE);
}

/* Done means whole and alone; stopped means that nothing has the final name. */
static void
race_check (Race *race, Fixture *f)
{
  g_autofree char *path = fixture_path (f, "f.bin");

  if (bobbin_job_get_state (race->job) == BOBBIN_JOB_DONE)
    {
      race->n_done++;
      bobbin_test_content_assert (path, SEED, 64 * KIB);
      fixture_assert_listing (f, "f.bin", NULL);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  else
    {
      race->n_stopped++;
      assert_stopped (race->job);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    }
}

/* The delay follows the outcome: a stop that came too late makes the next one come earlier. So all
 * of them come near the end, and both orders are sure to be there. */
static void
test_race (Fixture *f, gconstpointer data)
{
  Race race = { .job = fixture_add (f, "/f.bin"), .delay = 500 };

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (64 * KIB, .etag = ETAG));
  for (guint i = 0; i < N_RACES; i++)
    {
      const guint n_done = race.n_done;

      job_start (race.job);
      wait_exactly (race.delay, i % 2 == 0);
      job_stop (race.job);
      race_check (&race, f);
      race.delay = race.n_done > n_done ? race.delay * 9 / 10 : race.delay * 11 / 10 + 1;
    }

  g_test_message ("%u done, %u stopped, delay %" G_GINT64_FORMAT " µs", race.n_done, race.n_stopped,
                  race.delay);
  g_assert_cmpuint (race.n_done + race.n_stopped, ==, N_RACES);
  g_assert_cmpuint (race.n_done, >=, 10);
  g_assert_cmpuint (race.n_stopped, >=, 10);

  /* And after all that it can still do its work. */
  job_start (race.job);
  job_wait (race.job);
  fixture_assert_whole (f, race.job, "f.bin", SEED, 64 * KIB);
  fixture_assert_listing (f, "f.bin", NULL);
}

/* Stopped first, and only then the rest of the bytes: always stopped. Each is a file of its own, or
 * it would go on with what the one before had, up to where the server stalls. */
static void
test_stop_first (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 50; i++)
    {
      guint n = 0;
      g_autofree char *path = g_strdup_printf ("/f%u.bin", i);
      g_autofree char *address = bobbin_test_server_get_uri (f->server, path);
      BobbinJob *job;

      bobbin_test_server_set (f->server, path,
                              FILE_OF (KIB, .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = KIB - 1));
      job = start_address (f, address);
      bobbin_test_server_wait_stalled (f->server, 1);
      bobbin_job_stop_async (job, on_stopped, &n);
      bobbin_test_server_release (f->server, path);
      BOBBIN_TEST_WAIT_UNTIL (n == 1);
      g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_IDLE);
      fixture_remove (f, job);
    }
}

/* Many. */

static void
start_many (Fixture *f, guint n)
{
  bobbin_job_queue_set_max_transfers (f->queue, n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/f%u", i);

      bobbin_test_server_set (f->server, path,
                              FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                       .fault_at = 10 * KIB));
      job_start (fixture_add (f, path));
    }
  bobbin_test_server_wait_stalled (f->server, n);
  g_assert_cmpuint (bobbin_job_queue_get_n_running (f->queue), ==, n);
}

static void
on_all_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_job_queue_stop_all_finish (BOBBIN_JOB_QUEUE (source), result, NULL));
  g_assert_cmpuint (bobbin_job_queue_get_n_active (BOBBIN_JOB_QUEUE (source)), ==, 0);
  *(gboolean *) user_data = TRUE;
}

static void
test_stop_all (Fixture *f, gconstpointer data)
{
  const gint64 start = g_get_monotonic_time ();
  gboolean done = FALSE;

  start_many (f, 50);
  bobbin_job_queue_stop_all_async (f->queue, BOBBIN_TYPE_DOWNLOAD, on_all_stopped, &done);
  BOBBIN_TEST_WAIT_UNTIL (done);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_TIME_SPAN_SECOND);
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (f->queue), i);

      assert_stopped (job);
    }
  assert_connections_close (f);
}

static void
test_quit_many (Fixture *f, gconstpointer data)
{
  start_many (f, 50);
  fixture_shut_down (f);
  assert_connections_close (f);
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (f->queue), i);

      assert_stopped (job);
    }
}

/* One of many: the others go on. */
static void
test_stop_one (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinJob) stopped = NULL;

  start_many (f, 5);
  stopped = g_list_model_get_item (G_LIST_MODEL (f->queue), 2);
  job_stop (stopped);
  g_assert_cmpuint (bobbin_job_queue_get_n_running (f->queue), ==, 4);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (f->queue), i);
      g_autofree char *path = g_strdup_printf ("/f%u", i);

      if (job == stopped)
        continue;
      bobbin_test_server_release (f->server, path);
      job_wait (job);
      fixture_assert_whole (f, job, path + 1, SEED, LENGTH);
    }
}

static void
add_phases (const char *group, GTestDataFunc func)
{
  for (gsize i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/stop/%s/%s", group, phases[i].about);

      g_test_add_data_func (path, &phases[i], func);
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  add_phases ("once", test_stop);
  add_phases ("twice", test_stop_twice);
  add_phases ("restart", test_restart);
  add_phases ("quit", test_quit);
  fixture_test ("/stop/connection-closed", BOBBIN_TEST_PLAIN, test_connection_closed);
  fixture_test ("/stop/never-started", BOBBIN_TEST_PLAIN, test_never_started);
  fixture_test ("/stop/at-once", BOBBIN_TEST_PLAIN, test_at_once);
  fixture_test ("/stop/done", BOBBIN_TEST_PLAIN, test_done);
  fixture_test ("/stop/failed", BOBBIN_TEST_PLAIN, test_failed);
  fixture_test ("/stop/race/near-the-end", BOBBIN_TEST_PLAIN, test_race);
  fixture_test ("/stop/race/stop-first", BOBBIN_TEST_PLAIN, test_stop_first);
  fixture_test ("/stop/many/one", BOBBIN_TEST_PLAIN, test_stop_one);
  fixture_test ("/stop/many/all", BOBBIN_TEST_PLAIN, test_stop_all);
  fixture_test ("/stop/many/quit", BOBBIN_TEST_PLAIN, test_quit_many);

  return g_test_run ();
}
