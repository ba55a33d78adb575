/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Jobs that were put off: they hold nothing while they wait, run again when they are due, and are
 * stopped at once.
 */

#include "config.h"

#include "bobbin-test-job.h"

static BobbinJob *
add (BobbinJobQueue *queue, TestJobKind kind)
{
  g_autoptr (BobbinJob) job = test_job_new (kind);

  g_assert_true (bobbin_job_queue_add (queue, job));

  return job; /* the queue's */
}

/* One that has nothing to do for an hour. */
static BobbinJob *
add_later (BobbinJobQueue *queue, guint awaits)
{
  BobbinJob *job = add (queue, TEST_JOB_LATER);

  test_job_set_delay (job, G_TIME_SPAN_HOUR);
  test_job_set_awaits (job, awaits);
  bobbin_job_start (job);

  return job;
}

/* However many are put off, they hold no slot and no thread, and are counted for themselves. */
static void
test_many (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinWorkerPool *pool = bobbin_job_queue_get_pool (queue, BOBBIN_LANE_TRANSFER);
  BobbinJob *later[200];
  BobbinJob *good;

  bobbin_job_queue_set_max_transfers (queue, 1);
  for (guint i = 0; i < G_N_ELEMENTS (later); i++)
    later[i] = add_later (queue, 0);
  good = add (queue, TEST_JOB_DONE);
  bobbin_job_start (good);
  test_wait_state (good, BOBBIN_JOB_DONE);
  g_assert_cmpuint (bobbin_job_queue_get_n_put_off (queue), ==, 200);
  g_assert_cmpuint (bobbin_job_queue_get_n_waiting (queue), ==, 0);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (queue), ==, 200);
  g_assert_cmpuint (bobbin_job_queue_get_n_jobs (queue, TEST_TYPE_JOB, BOBBIN_JOB_QUEUED), ==, 200);
  g_assert_cmpuint (bobbin_worker_pool_get_n_threads (pool), <=, 1);

  for (guint i = 0; i < G_N_ELEMENTS (later); i++)
    {
      g_assert_true (bobbin_job_is_put_off (later[i]));
      g_assert_cmpint (bobbin_job_get_ended (later[i]), ==, 0);
      g_assert_cmpuint (test_job_get_n_runs (later[i]), ==, 1);
      if (i % 2 == 0)
        continue;
      test_stop (later[i]);
      g_assert_cmpint (bobbin_job_get_state (later[i]), ==, BOBBIN_JOB_IDLE);
      g_assert_false (bobbin_job_is_put_off (later[i]));
      g_assert_cmpint (bobbin_job_get_ended (later[i]), >, 0);
    }
  g_assert_cmpuint (bobbin_job_queue_get_n_put_off (queue), ==, 100);
  test_end (&queue);
}

/* When it is due it runs again, and that is the same start. */
static void
test_due (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *job = add_later (queue, 0);
  gint64 started;

  test_job_set_delay (job, G_TIME_SPAN_MILLISECOND);
  test_wait (test_job_get_n_runs (job) == 3);
  started = bobbin_job_get_started (job);
  test_job_release (job);
  test_wait_state (job, BOBBIN_JOB_DONE);
  g_assert_cmpuint (test_job_get_n_taken_up (job), ==, test_job_get_n_runs (job) - 1);
  g_assert_cmpint (bobbin_job_get_started (job), ==, started);
  g_assert_cmpuint (bobbin_job_queue_get_n_put_off (queue), ==, 0);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (queue), ==, 0);
  test_end (&queue);
}

/* What they await makes those due that await it, and no others; stopped and started, one begins
 * anew and does not go on. */
static void
test_awaits (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *a = add_later (queue, 1);
  BobbinJob *b = add_later (queue, 2);
  BobbinJob *c = add_later (queue, 1);

  test_wait (bobbin_job_queue_get_n_put_off (queue) == 3);
  test_job_open_gate (1);
  test_wait (test_job_get_n_runs (a) == 2 && test_job_get_n_runs (c) == 2 &&
             bobbin_job_queue_get_n_put_off (queue) == 3);
  g_assert_cmpuint (test_job_get_n_runs (b), ==, 1);
  g_assert_cmpuint (test_job_get_n_taken_up (a), ==, 1);

  /* once more */
  test_job_open_gate (1);
  test_wait (test_job_get_n_runs (a) == 3 && test_job_get_n_runs (c) == 3 &&
             bobbin_job_queue_get_n_put_off (queue) == 3);
  bobbin_job_restart (b);
  test_wait (test_job_get_n_runs (b) == 2 && bobbin_job_queue_get_n_put_off (queue) == 3);
  g_assert_cmpuint (test_job_get_n_taken_up (b), ==, 0);
  test_end (&queue);
}

/* Those that are due and those that have not run yet take turns at the only slot. */
static void
test_turns (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *holder;
  BobbinJob *later[20];
  BobbinJob *fresh[20];
  guint n_fresh = 0, n_later = 0;

  bobbin_job_queue_set_max_transfers (queue, 1);
  for (guint i = 0; i < G_N_ELEMENTS (later); i++)
    later[i] = add_later (queue, 1);
  test_wait (bobbin_job_queue_get_n_put_off (queue) == G_N_ELEMENTS (later));
  holder = add (queue, TEST_JOB_WAIT);
  bobbin_job_start (holder);
  for (guint i = 0; i < G_N_ELEMENTS (fresh); i++)
    {
      fresh[i] = add (queue, TEST_JOB_DONE);
      bobbin_job_start (fresh[i]);
    }
  test_job_open_gate (1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  test_job_release (holder);
  test_wait_state (fresh[9], BOBBIN_JOB_DONE);
  for (guint i = 0; i < G_N_ELEMENTS (fresh); i++)
    {
      n_fresh += bobbin_job_get_started (fresh[i]) != 0;
      n_later += test_job_get_n_runs (later[i]) - 1;
    }
  g_assert_cmpuint (n_fresh, <=, n_later + 1);
  g_assert_cmpuint (n_later, <=, n_fresh + 1);
  test_end (&queue);
}

/* Asked to stop when its worker has already said that it is to be put off: it has stopped. */
static void
test_stopped (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *job = add_later (queue, 0);

  /* its worker's answer waits for the main loop, or is about to */
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_RUNNING);
  test_stop (job);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_IDLE);
  g_assert_false (bobbin_job_is_put_off (job));
  g_assert_cmpint (bobbin_job_get_ended (job), >, 0);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (queue), ==, 0);
  test_end (&queue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  g_test_add_func ("/job-queue-later/many", test_many);
  g_test_add_func ("/job-queue-later/due", test_due);
  g_test_add_func ("/job-queue-later/awaits", test_awaits);
  g_test_add_func ("/job-queue-later/turns", test_turns);
  g_test_add_func ("/job-queue-later/stopped", test_stopped);

  return g_test_run ();
}
