/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bobbin-test-job.h"

#include "bobbin-enums.h"
#include "bobbin-error.h"

typedef struct
{
  BobbinJobQueue *queue;
  BobbinJob *job;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->queue = bobbin_job_queue_new ();
  fixture->job = test_job_new (GPOINTER_TO_INT (data));
  g_assert_true (bobbin_job_queue_add (fixture->queue, fixture->job));
}

/* Everything is drained: the queue, the job, the workers. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_end (&fixture->queue);
  g_object_add_weak_pointer (G_OBJECT (fixture->job), (gpointer *) &fixture->job);
  g_object_unref (fixture->job);
  g_assert_null (fixture->job);
}

static void
test_start (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (bobbin_job_get_state (fixture->job), ==, BOBBIN_JOB_IDLE);
  g_assert_cmpint (bobbin_job_get_started (fixture->job), ==, 0);

  g_assert_true (bobbin_job_start (fixture->job));
  g_assert_cmpint (bobbin_job_get_state (fixture->job), ==, BOBBIN_JOB_RUNNING);
  g_assert_cmpint (bobbin_job_get_started (fixture->job), >, 0);
  g_assert_cmpint (bobbin_job_get_ended (fixture->job), ==, 0);
  test_wait (test_job_n_working () == 1);

  /* starting what runs changes nothing */
  g_assert_true (bobbin_job_start (fixture->job));
  g_assert_cmpuint (test_job_n_working (), ==, 1);

  test_job_release (fixture->job);
  test_wait_state (fixture->job, BOBBIN_JOB_DONE);
  g_assert_cmpint (bobbin_job_get_ended (fixture->job), >, 0);
  g_assert_null (bobbin_job_get_error (fixture->job));
}

static void
test_is_running (Fixture *fixture, gconstpointer data)
{
  g_assert_false (bobbin_job_is_active (fixture->job));
  bobbin_job_start (fixture->job);
  g_assert_true (bobbin_job_is_active (fixture->job));
  bobbin_job_stop_async (fixture->job, NULL, NULL);
  /* asked to stop, and still alive */
  g_assert_cmpint (bobbin_job_get_state (fixture->job), ==, BOBBIN_JOB_STOPPING);
  g_assert_true (bobbin_job_is_active (fixture->job));
  test_wait_state (fixture->job, BOBBIN_JOB_IDLE);
  g_assert_false (bobbin_job_is_active (fixture->job));
}

/* A worker that does not listen: the stop waits for it, and is not told before it has returned. */
static void
test_join (Fixture *fixture, gconstpointer data)
{
  guint n_stopped = 0;

  bobbin_job_start (fixture->job);
  test_wait (test_job_n_working () == 1);
  bobbin_job_stop_async (fixture->job, test_count, &n_stopped);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_stopped, ==, 0);
  g_assert_cmpint (bobbin_job_get_state (fixture->job), ==, BOBBIN_JOB_STOPPING);
  g_assert_cmpuint (test_job_n_working (), ==, 1);

  test_job_release (fixture->job);
  test_wait (n_stopped == 1);
  g_assert_cmpuint (test_job_n_working (), ==, 0);
  /* it was finished before the stop reached it */
  g_assert_cmpint (bobbin_job_get_state (fixture->job), ==, BOBBIN_JOB_DONE);
}

static void
test_stop_polled (Fixture *fixture, gconstpointer data)
{
  bobbin_job_start (fixture->job);
  test_wait (test_job_n_working () == 1);
  test_stop (fixture->job);
  g_assert_cmpuint (test_job_n_working (), ==, 0);
  g_assert_cmpint (bobbin_job_get_state (fixture->job), ==, BOBBIN_JOB_IDLE);
  g_assert_null (bobbin_job_get_error (fixture->job));
}

static void
test_stop_stopped (Fixture *fixture, gconstpointer data)
{
  test_stop (fixture->job);
  g_assert_cmpint (bobbin_job_get_state (fixture->job), ==, BOBBIN_JOB_IDLE);

  bobbin_job_start (fixture->job);
  test_stop (fixture->job);
  test_stop (fixture->job);
  g_assert_cmpint (bobbin_job_get_state (fixture->job), ==, BOBBIN_JOB_IDLE);

  bobbin_job_start (fixture->job);
  test_job_release (fixture->job);
  test_wait_state (fixture->job, BOBBIN_JOB_DONE);
  test_stop (fixture->job);
  g_assert_cmpint (bobbin_job_get_state (fixture->job), ==, BOBBIN_JOB_DONE);
}

static void
test_stop_twice (Fixture *fixture, gconstpointer data)
{
  guint n_stopped = 0;

  bobbin_job_start (fixture->job);
  test_wait (test_job_n_working () == 1);
  bobbin_job_stop_async (fixture->job, test_count, &n_stopped);
  bobbin_job_stop_async (fixture->job, test_count, &n_stopped);
  bobbin_job_stop_async (fixture->job, NULL, NULL);
  test_wait (n_stopped == 2);
  g_assert_cmpuint (test_job_n_working (), ==, 0);
}

/* Every interleaving of a stop and an end: whatever wins, the job is joined, once, in one of the
 * two states, and says so to whoever waits. */
static void
test_stop_races_done (Fixture *fixture, gconstpointer data)
{
  guint n_done = 0, n_stopped = 0;

  for (guint i = 0; i < 1000; i++)
    {
      guint n_joined = 0;
      const gint64 stop_at = g_get_monotonic_time () + (i / 2) % 50;

      test_job_set_delay (fixture->job, i % 2 == 0 ? 0 : (i / 2) % 50);
      bobbin_job_start (fixture->job);
      while (g_get_monotonic_time () < stop_at)
        ;
      bobbin_job_stop_async (fixture->job, test_count, &n_joined);
      test_wait (n_joined == 1);
      g_assert_cmpuint (test_job_n_working (), ==, 0);

      g_assert_cmpint (bobbin_job_get_ended (fixture->job), >, 0);
      if (bobbin_job_get_state (fixture->job) == BOBBIN_JOB_DONE)
        n_done++;
      else if (bobbin_job_get_state (fixture->job) == BOBBIN_JOB_IDLE)
        n_stopped++;
    }
  g_assert_cmpuint (n_done + n_stopped, ==, 1000);
  g_test_message ("%u done, %u stopped", n_done, n_stopped);
}

/* The other order: the end has come, the stop comes before anybody was told. */
static void
test_done_races_stop (Fixture *fixture, gconstpointer data)
{
  test_job_release (fixture->job);
  for (guint i = 0; i < 1000; i++)
    {
      guint n_joined = 0;

      bobbin_job_start (fixture->job);
      /* the worker has returned; its task has not come back to the main loop yet */
      while (test_job_max_working () == 0 || test_job_n_working () > 0)
        g_thread_yield ();
      test_job_reset_max ();
      g_assert_cmpint (bobbin_job_get_state (fixture->job), ==, BOBBIN_JOB_RUNNING);
      bobbin_job_stop_async (fixture->job, test_count, &n_joined);
      test_wait (n_joined == 1);
      g_assert_cmpint (bobbin_job_get_state (fixture->job), ==, BOBBIN_JOB_DONE);
    }
}

static void
test_restart (Fixture *fixture, gconstpointer data)
{
  bobbin_job_start (fixture->job);
  test_wait (test_job_n_working () == 1);
  test_job_reset_max ();

  g_assert_true (bobbin_job_restart (fixture->job));
  g_assert_cmpint (bobbin_job_get_state (fixture->job), ==, BOBBIN_JOB_STOPPING);
  test_wait_state (fixture->job, BOBBIN_JOB_RUNNING);
  test_wait (test_job_n_working () == 1);
  /* never two workers for one job */
  g_assert_cmpuint (test_job_max_working (), <=, 1);

  /* the last of start and stop counts */
  bobbin_job_restart (fixture->job);
  bobbin_job_stop_async (fixture->job, NULL, NULL);
  test_wait_state (fixture->job, BOBBIN_JOB_IDLE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (bobbin_job_get_state (fixture->job), ==, BOBBIN_JOB_IDLE);
}

static void
test_start_while_stopping (Fixture *fixture, gconstpointer data)
{
  guint n_stopped = 0;

  bobbin_job_start (fixture->job);
  test_wait (test_job_n_working () == 1);
  bobbin_job_stop_async (fixture->job, test_count, &n_stopped);
  g_assert_true (bobbin_job_start (fixture->job));
  /* who asked for the stop learns of it all the same */
  test_wait (n_stopped == 1);
  test_wait_state (fixture->job, BOBBIN_JOB_RUNNING);
}

static void
test_failure (Fixture *fixture, gconstpointer data)
{
  bobbin_job_start (fixture->job);
  test_wait_state (fixture->job, BOBBIN_JOB_FAILED);
  g_assert_error (bobbin_job_get_error (fixture->job), BOBBIN_ERROR, BOBBIN_ERROR_REFUSED);
  g_assert_cmpstr (bobbin_job_get_status_line (fixture->job), ==, "No.");

  /* a new run forgets it */
  bobbin_job_start (fixture->job);
  g_assert_null (bobbin_job_get_error (fixture->job));
  test_wait_state (fixture->job, BOBBIN_JOB_FAILED);
}

static void
on_notify (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  guint *count = user_data;

  ++*count;
}

static void
test_reports (Fixture *fixture, gconstpointer data)
{
  guint n_notified = 0;

  test_job_set_posts (fixture->job, 100000);
  g_signal_connect (fixture->job, "notify::bytes", G_CALLBACK (on_notify), &n_notified);
  bobbin_job_start (fixture->job);
  test_wait_state (fixture->job, BOBBIN_JOB_DONE);

  /* the final sample was there before the state */
  g_assert_cmpint (bobbin_job_get_bytes (fixture->job), ==, 100000);
  g_assert_cmpint (bobbin_job_get_total (fixture->job), ==, 100000);
  g_assert_cmpfloat (bobbin_job_get_progress (fixture->job), ==, 1.0);
  g_assert_cmpint (bobbin_job_get_rate (fixture->job), ==, -1);
  g_assert_cmpuint (n_notified, <, 1000);
}

static void
test_words (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    gint64 rate;
    gint64 time_left;
    const char *rate_words;
    const char *time_words;
  } cases[] = {
    { 0, 0, "0 bytes/s", "0 s left" },
    { 1500, 59, "1.5\302\240kB/s", "59 s left" },
    { 3200000, 60, "3.2\302\240MB/s", "1 min left" },
    { 3200000, 61, "3.2\302\240MB/s", "2 min left" },
    { 3200000, 3599, "3.2\302\240MB/s", "60 min left" },
    { 3200000, 3 * 3600 + 125, "3.2\302\240MB/s", "3 h 2 min left" },
    { 1, 100 * 3600, "1 byte/s", "4 days left" },
    { 1, G_MAXINT64, "1 byte/s", "9999 days left" },
  };

  test_job_set_posts (fixture->job, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *rate = NULL;
      g_autofree char *time_left = NULL;

      test_job_set_figures (fixture->job, cases[i].rate, cases[i].time_left);
      bobbin_job_start (fixture->job);
      test_wait (bobbin_job_get_rate (fixture->job) == cases[i].rate);
      rate = bobbin_job_describe_rate (fixture->job);
      time_left = bobbin_job_describe_time_left (fixture->job);
      g_assert_cmpstr (rate, ==, cases[i].rate_words);
      g_assert_cmpstr (time_left, ==, cases[i].time_words);

      test_stop (fixture->job);
      g_assert_null (bobbin_job_describe_rate (fixture->job));
      g_assert_null (bobbin_job_describe_time_left (fixture->job));
    }
}

typedef struct
{
  BobbinJobState states[8];
  guint n_states;
} Trace;

static void
on_state (BobbinJob *job, GParamSpec *pspec, Trace *trace)
{
  g_assert_cmpuint (trace->n_states, <, G_N_ELEMENTS (trace->states));
  trace->states[trace->n_states++] = bobbin_job_get_state (job);
}

static void
test_transitions (Fixture *fixture, gconstpointer data)
{
  const BobbinJobState expected[] = { BOBBIN_JOB_QUEUED, BOBBIN_JOB_RUNNING, BOBBIN_JOB_STOPPING,
                                      BOBBIN_JOB_IDLE,   BOBBIN_JOB_QUEUED,  BOBBIN_JOB_RUNNING,
                                      BOBBIN_JOB_DONE };
  g_autoptr (BobbinJob) other = test_job_new (TEST_JOB_WAIT);
  Trace trace = { 0 };

  /* the only slot is taken, so that being queued is seen */
  bobbin_job_queue_set_max_transfers (fixture->queue, 1);
  bobbin_job_queue_insert (fixture->queue, 0, other);
  bobbin_job_start (other);
  g_signal_connect (fixture->job, "notify::state", G_CALLBACK (on_state), &trace);
  bobbin_job_start (fixture->job);
  test_stop (other);
  test_stop (fixture->job);
  bobbin_job_start (other);
  bobbin_job_start (fixture->job);
  test_stop (other);
  test_job_release (fixture->job);
  test_wait_state (fixture->job, BOBBIN_JOB_DONE);

  g_assert_cmpuint (trace.n_states, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (trace.states[i], ==, expected[i]);
}

static void
test_event_log (Fixture *fixture, gconstpointer data)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (fixture->job));
  const BobbinEventKind expected[] = { BOBBIN_EVENT_STARTED, BOBBIN_EVENT_STOPPED,
                                       BOBBIN_EVENT_STARTED, BOBBIN_EVENT_DONE };

  bobbin_job_start (fixture->job);
  test_stop (fixture->job);
  test_job_release (fixture->job);
  bobbin_job_start (fixture->job);
  test_wait_state (fixture->job, BOBBIN_JOB_DONE);

  g_assert_cmpuint (g_list_model_get_n_items (log), ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      g_assert_cmpint (bobbin_event_get_kind (event), ==, expected[i]);
      g_assert_cmpint (bobbin_event_get_time (event), >, 0);
    }
}

static void
test_properties (Fixture *fixture, gconstpointer data)
{
  g_autofree char *title = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDateTime) started = NULL;
  g_autoptr (GDateTime) ended = NULL;
  BobbinJobState state;
  double progress;
  gint64 bytes, total, rate, time_left;

  g_object_set (fixture->job, "title", "a name", NULL);
  bobbin_job_start (fixture->job);
  test_wait_state (fixture->job, BOBBIN_JOB_FAILED);
  g_object_get (fixture->job, "title", &title, "state", &state, "status-line", &line, "progress",
                &progress, "bytes", &bytes, "total", &total, "rate", &rate, "time-left", &time_left,
                "error", &error, "started", &started, "ended", &ended, NULL);
  g_assert_cmpstr (title, ==, "a name");
  g_assert_cmpint (state, ==, BOBBIN_JOB_FAILED);
  g_assert_cmpstr (line, ==, "No.");
  g_assert_cmpfloat (progress, ==, -1);
  g_assert_cmpint (bytes, ==, 0);
  g_assert_cmpint (total, ==, -1);
  g_assert_cmpint (rate, ==, -1);
  g_assert_cmpint (time_left, ==, -1);
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_REFUSED);
  g_assert_cmpint (g_date_time_compare (started, ended), <=, 0);
}
/* It is always there for who asks, and told to who listens, by its name or to everything, each time
 * that it is another one. */
static void
test_status_line (Fixture *fixture, gconstpointer data)
{
  guint n_named = 0;
  guint n_all = 0;
  gulong named, all;

  g_assert_cmpstr (bobbin_job_get_status_line (fixture->job), ==, "Not started");
  bobbin_job_start (fixture->job);
  test_wait_state (fixture->job, BOBBIN_JOB_DONE);
  g_assert_cmpstr (bobbin_job_get_status_line (fixture->job), ==, "Done");

  named = g_signal_connect (fixture->job, "notify::status-line", G_CALLBACK (on_notify), &n_named);
  bobbin_job_describe (fixture->job);
  g_assert_cmpuint (n_named, ==, 0);
  bobbin_job_start (fixture->job);
  g_assert_cmpuint (n_named, >, 0);
  test_wait_state (fixture->job, BOBBIN_JOB_DONE);
  g_signal_handler_disconnect (fixture->job, named);

  all = g_signal_connect (fixture->job, "notify", G_CALLBACK (on_notify), &n_all);
  g_assert_cmpstr (bobbin_job_get_status_line (fixture->job), ==, "Done");
  bobbin_job_start (fixture->job);
  g_assert_cmpuint (n_all, >, 0);
  test_wait_state (fixture->job, BOBBIN_JOB_DONE);
  g_signal_handler_disconnect (fixture->job, all);
}

#define ADD(path, kind, func) \
  g_test_add ("/job/" path, Fixture, GINT_TO_POINTER (kind), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  ADD ("start", TEST_JOB_WAIT, test_start);
  ADD ("is-running", TEST_JOB_WAIT, test_is_running);
  ADD ("status-line", TEST_JOB_DONE, test_status_line);
  ADD ("join", TEST_JOB_STUBBORN, test_join);
  ADD ("stop-polled-in-a-loop", TEST_JOB_POLL, test_stop_polled);
  ADD ("stop-when-stopped", TEST_JOB_WAIT, test_stop_stopped);
  ADD ("stop-twice", TEST_JOB_WAIT, test_stop_twice);
  ADD ("stop-races-with-completion", TEST_JOB_DONE, test_stop_races_done);
  ADD ("completion-races-with-stop", TEST_JOB_WAIT, test_done_races_stop);
  ADD ("restart", TEST_JOB_WAIT, test_restart);
  ADD ("start-while-stopping", TEST_JOB_WAIT, test_start_while_stopping);
  ADD ("failure", TEST_JOB_FAIL, test_failure);
  ADD ("reports", TEST_JOB_FLOOD, test_reports);
  ADD ("words", TEST_JOB_WAIT, test_words);
  ADD ("transitions", TEST_JOB_WAIT, test_transitions);
  ADD ("event-log", TEST_JOB_WAIT, test_event_log);
  ADD ("properties", TEST_JOB_FAIL, test_properties);

  return g_test_run ();
}
