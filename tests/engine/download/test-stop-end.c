/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Stops that come before a download has begun, after its end, or with it; and stops of one of many,
 * and of all of them.
 */

#include "config.h"

#include "download-fixture.h"

#include <glib/gstdio.h>
#include <locale.h>

#define LENGTH  (2 * MIB)
#define N_RACES 1000

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
      job_assert_stopped (job);
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
      job_assert_stopped (race->job);
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

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_job_stop_finish (BOBBIN_JOB (source), result, NULL));
  job_assert_stopped (BOBBIN_JOB (source));
  ++*(guint *) user_data;
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
      job = fixture_add_address (f, address);
      job_start (job);
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

      job_assert_stopped (job);
    }
  fixture_wait_closed (f);
}

static void
test_quit_many (Fixture *f, gconstpointer data)
{
  start_many (f, 50);
  fixture_shut_down (f);
  fixture_wait_closed (f);
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (f->queue), i);

      job_assert_stopped (job);
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

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  fixture_test ("/stop-end/never-started", BOBBIN_TEST_PLAIN, test_never_started);
  fixture_test ("/stop-end/at-once", BOBBIN_TEST_PLAIN, test_at_once);
  fixture_test ("/stop-end/done", BOBBIN_TEST_PLAIN, test_done);
  fixture_test ("/stop-end/failed", BOBBIN_TEST_PLAIN, test_failed);
  fixture_test ("/stop-end/race/near-the-end", BOBBIN_TEST_PLAIN, test_race);
  fixture_test ("/stop-end/race/stop-first", BOBBIN_TEST_PLAIN, test_stop_first);
  fixture_test ("/stop-end/many/one", BOBBIN_TEST_PLAIN, test_stop_one);
  fixture_test ("/stop-end/many/all", BOBBIN_TEST_PLAIN, test_stop_all);
  fixture_test ("/stop-end/many/quit", BOBBIN_TEST_PLAIN, test_quit_many);

  return g_test_run ();
}
