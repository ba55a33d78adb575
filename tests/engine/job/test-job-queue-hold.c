/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A queue that is held: what ran waits again, nothing begins but what a person wants now, and all
 * goes on when it is let go of.
 */

#include "config.h"

#include "bobbin-test-job.h"

#define REASON "Waiting for the moon"

static BobbinJob *
add (BobbinJobQueue *queue, TestJobKind kind)
{
  g_autoptr (BobbinJob) job = test_job_new (kind);

  g_assert_true (bobbin_job_queue_add (queue, job));
  bobbin_job_start (job);

  return job; /* the queue's */
}

/* What runs is joined, and waits. */
static void
test_put_back (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *jobs[4];

  bobbin_job_queue_set_max_transfers (queue, 2);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    jobs[i] = add (queue, TEST_JOB_WAIT);
  g_assert_cmpuint (bobbin_job_queue_get_n_running (queue), ==, 2);
  g_assert_cmpstr (bobbin_job_get_status_line (jobs[3]), ==, "Waiting for its turn");
  g_assert_null (bobbin_job_queue_get_hold (queue));

  bobbin_job_queue_set_hold (queue, REASON);
  g_assert_cmpstr (bobbin_job_queue_get_hold (queue), ==, REASON);
  g_assert_cmpint (bobbin_job_get_state (jobs[0]), ==, BOBBIN_JOB_STOPPING);
  test_wait_state (jobs[0], BOBBIN_JOB_QUEUED);
  test_wait_state (jobs[1], BOBBIN_JOB_QUEUED);
  g_assert_cmpuint (test_job_n_working (), ==, 0);
  g_assert_cmpuint (bobbin_job_queue_get_n_running (queue), ==, 0);
  g_assert_cmpuint (bobbin_job_queue_get_n_waiting (queue), ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_assert_true (bobbin_job_is_held (jobs[i]));
      g_assert_cmpstr (bobbin_job_get_status_line (jobs[i]), ==, REASON);
      g_assert_cmpuint (test_job_get_n_runs (jobs[i]), ==, i < 2 ? 1 : 0);
    }

  /* those that are there already hear of another reason */
  bobbin_job_queue_set_hold (queue, "Waiting for the sun");
  g_assert_cmpstr (bobbin_job_get_status_line (jobs[2]), ==, "Waiting for the sun");
  g_assert_cmpuint (bobbin_job_queue_get_n_waiting (queue), ==, 4);

  bobbin_job_queue_set_hold (queue, NULL);
  g_assert_cmpuint (bobbin_job_queue_get_n_running (queue), ==, 2);
  g_assert_false (bobbin_job_is_held (jobs[3]));
  g_assert_cmpstr (bobbin_job_get_status_line (jobs[3]), ==, "Waiting for its turn");
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      test_job_release (jobs[i]);
      test_wait_state (jobs[i], BOBBIN_JOB_DONE);
    }
  test_end (&queue);
}

/* What was done before it could be put back is done: it does not come once more. */
static void
test_done_meanwhile (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *job = add (queue, TEST_JOB_STUBBORN);
  BobbinJob *urgent = add (queue, TEST_JOB_STUBBORN);

  bobbin_job_start_now (urgent);
  test_wait (test_job_n_working () == 2);
  bobbin_job_queue_set_hold (queue, REASON);
  bobbin_job_restart (urgent);
  test_job_release (job);
  test_job_release (urgent);
  test_wait (bobbin_job_queue_get_n_running (queue) == 0);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_DONE);
  g_assert_cmpint (bobbin_job_get_state (urgent), ==, BOBBIN_JOB_DONE);

  /* another run is one that somebody asks for, and waits as all do */
  bobbin_job_start (urgent);
  g_assert_true (bobbin_job_is_held (urgent));
  test_stop (urgent);
  bobbin_job_queue_set_hold (queue, NULL);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (queue), ==, 0);
  g_assert_cmpuint (test_job_get_n_runs (job), ==, 1);
  g_assert_cmpuint (test_job_get_n_runs (urgent), ==, 1);
  test_end (&queue);
}

/* What is started waits, and a stop is a stop, also of what is on its way back. */
static void
test_start_and_stop (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *running = add (queue, TEST_JOB_WAIT);
  BobbinJob *fresh;

  bobbin_job_queue_set_hold (queue, REASON);
  test_stop (running);
  g_assert_cmpint (bobbin_job_get_state (running), ==, BOBBIN_JOB_IDLE);

  fresh = add (queue, TEST_JOB_DONE);
  g_assert_cmpint (bobbin_job_get_state (fresh), ==, BOBBIN_JOB_QUEUED);
  g_assert_true (bobbin_job_is_held (fresh));
  test_stop (fresh);
  g_assert_cmpint (bobbin_job_get_state (fresh), ==, BOBBIN_JOB_IDLE);
  g_assert_false (bobbin_job_is_held (fresh));

  bobbin_job_queue_set_hold (queue, NULL);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (queue), ==, 0);
  test_end (&queue);
}

/* A person's word on one job counts more, until that has ended. */
static void
test_start_now (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *waiting, *urgent;

  bobbin_job_queue_set_hold (queue, REASON);
  waiting = add (queue, TEST_JOB_WAIT);
  urgent = add (queue, TEST_JOB_WAIT);
  g_assert_true (bobbin_job_start_now (urgent));
  g_assert_cmpint (bobbin_job_get_state (urgent), ==, BOBBIN_JOB_RUNNING);
  g_assert_cmpint (bobbin_job_get_state (waiting), ==, BOBBIN_JOB_QUEUED);

  /* another stretch of it is no reason to stop; another run is still what was asked for */
  bobbin_job_queue_set_hold (queue, NULL);
  g_assert_cmpint (bobbin_job_get_state (waiting), ==, BOBBIN_JOB_RUNNING);
  bobbin_job_queue_set_hold (queue, REASON);
  g_assert_cmpint (bobbin_job_get_state (urgent), ==, BOBBIN_JOB_RUNNING);
  test_wait_state (waiting, BOBBIN_JOB_QUEUED);
  bobbin_job_restart (urgent);
  test_wait (test_job_get_n_runs (urgent) == 2);
  g_assert_cmpint (bobbin_job_get_state (urgent), ==, BOBBIN_JOB_RUNNING);

  /* stopped, it is one of all */
  test_stop (urgent);
  bobbin_job_start (urgent);
  g_assert_cmpint (bobbin_job_get_state (urgent), ==, BOBBIN_JOB_QUEUED);
  g_assert_true (bobbin_job_is_held (urgent));

  /* one that is on its way back goes on at once */
  bobbin_job_queue_set_hold (queue, NULL);
  bobbin_job_queue_set_hold (queue, REASON);
  g_assert_cmpint (bobbin_job_get_state (waiting), ==, BOBBIN_JOB_STOPPING);
  bobbin_job_start_now (waiting);
  test_wait_state (waiting, BOBBIN_JOB_RUNNING);
  test_end (&queue);
}

/* One that was put off, and is due, waits too, and says so; it wakes nobody. */
static void
test_put_off (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  g_autoptr (BobbinJob) job = test_job_new (TEST_JOB_LATER);
  guint n_runs;

  test_job_set_delay (job, G_TIME_SPAN_HOUR);
  test_job_set_awaits (job, 1);
  bobbin_job_queue_add (queue, job);
  bobbin_job_start (job);
  test_wait (bobbin_job_queue_get_n_put_off (queue) == 1);
  bobbin_job_queue_set_hold (queue, REASON);
  test_job_open_gate (1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  n_runs = test_job_get_n_runs (job);
  g_assert_cmpuint (n_runs, ==, 1);
  g_assert_true (bobbin_job_is_held (job));

  bobbin_job_queue_set_hold (queue, NULL);
  test_wait (test_job_get_n_runs (job) == n_runs + 1);
  test_wait (bobbin_job_queue_get_n_put_off (queue) == 1);
  test_end (&queue);
}

/* The end comes all the same. */
static void
test_shutdown (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();

  add (queue, TEST_JOB_WAIT);
  add (queue, TEST_JOB_WAIT);
  bobbin_job_queue_set_hold (queue, REASON);
  bobbin_job_start_now (add (queue, TEST_JOB_WAIT));
  test_end (&queue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  g_test_add_func ("/job-queue-hold/put-back", test_put_back);
  g_test_add_func ("/job-queue-hold/done-meanwhile", test_done_meanwhile);
  g_test_add_func ("/job-queue-hold/start-and-stop", test_start_and_stop);
  g_test_add_func ("/job-queue-hold/start-now", test_start_now);
  g_test_add_func ("/job-queue-hold/put-off", test_put_off);
  g_test_add_func ("/job-queue-hold/shutdown", test_shutdown);

  return g_test_run ();
}
