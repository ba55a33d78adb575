/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-scheduler: what it makes of the queue and the limit as the hours pass.
 */

#include "config.h"

#include "bobbin-scheduler-private.h"
#include "bobbin-test-job.h"

#define NIGHTS    "ssssssslllllllllllllffff" /* until 07:00, and until 20:00 */
#define WEEK(day) day " " day " " day " " day " " day " " day " " day

static const char *now;

static GDateTime *
get_now (void)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  return g_date_time_new_from_iso8601 (now, utc);
}

typedef struct
{
  BobbinJobQueue *queue;
  BobbinRateLimiter *limiter;
  BobbinScheduler *scheduler;
} Fixture;

static void
set_up (Fixture *self, gconstpointer user_data)
{
  now = "2026-03-02T03:00:00";
  self->queue = bobbin_job_queue_new ();
  self->limiter = bobbin_rate_limiter_new (0);
  self->scheduler = bobbin_scheduler_new (self->queue, self->limiter);
  bobbin_scheduler_set_clock (self->scheduler, get_now);
  g_object_set (self->scheduler, "schedule", WEEK (NIGHTS), "limited-rate", (guint64) 1000, NULL);
}

static void
tear_down (Fixture *self, gconstpointer user_data)
{
  g_assert_finalize_object (self->scheduler);
  bobbin_rate_limiter_unref (self->limiter);
  test_end (&self->queue);
}

/* As the timer does, or a clock that is set. */
static void
turn (Fixture *self, const char *time)
{
  now = time;
  bobbin_scheduler_update (self->scheduler);
}

static void
assert_says (Fixture *self, const char *expected)
{
  g_autofree char *words = bobbin_scheduler_describe (self->scheduler);

  g_assert_cmpstr (words, ==, expected);
}

static void
test_hours (Fixture *self, gconstpointer user_data)
{
  /* it is not kept yet, and wakes nobody */
  g_assert_cmpint (bobbin_scheduler_get_state (self->scheduler), ==, BOBBIN_SCHEDULE_FULL);
  g_assert_false (bobbin_scheduler_is_armed (self->scheduler));
  g_assert_null (bobbin_job_queue_get_hold (self->queue));
  assert_says (self, NULL);

  g_object_set (self->scheduler, "enabled", TRUE, NULL);
  g_assert_cmpint (bobbin_scheduler_get_state (self->scheduler), ==, BOBBIN_SCHEDULE_STOPPED);
  g_assert_true (bobbin_scheduler_is_armed (self->scheduler));
  g_assert_cmpint (bobbin_scheduler_get_until (self->scheduler), ==,
                   G_GINT64_CONSTANT (1772434800) * G_USEC_PER_SEC);
  g_assert_cmpstr (bobbin_job_queue_get_hold (self->queue), ==,
                   "Waiting for the schedule (until 07:00)");
  assert_says (self, "Stopped by the schedule until 07:00");

  turn (self, "2026-03-02T07:00:00");
  g_assert_cmpint (bobbin_scheduler_get_state (self->scheduler), ==, BOBBIN_SCHEDULE_LIMITED);
  g_assert_null (bobbin_job_queue_get_hold (self->queue));
  g_assert_cmpint (bobbin_rate_limiter_get_rate (self->limiter), ==, 1000);
  assert_says (self, "Limited by the schedule until 20:00");

  turn (self, "2026-03-02T20:00:00");
  g_assert_cmpint (bobbin_scheduler_get_state (self->scheduler), ==, BOBBIN_SCHEDULE_FULL);
  g_assert_cmpint (bobbin_rate_limiter_get_rate (self->limiter), ==, 0);
  assert_says (self, NULL);

  /* the clock may be put to any time */
  turn (self, "2026-03-01T06:30:00");
  g_assert_cmpint (bobbin_scheduler_get_state (self->scheduler), ==, BOBBIN_SCHEDULE_STOPPED);
  g_object_set (self->scheduler, "enabled", FALSE, NULL);
  g_assert_null (bobbin_job_queue_get_hold (self->queue));
  g_assert_false (bobbin_scheduler_is_armed (self->scheduler));
}

/* The lower of the two holds. */
static void
test_rates (Fixture *self, gconstpointer user_data)
{
  g_object_set (self->scheduler, "enabled", TRUE, "rate", (guint64) 5000, NULL);
  g_assert_cmpint (bobbin_rate_limiter_get_rate (self->limiter), ==, 5000);
  turn (self, "2026-03-02T08:00:00");
  g_assert_cmpint (bobbin_rate_limiter_get_rate (self->limiter), ==, 1000);
  g_object_set (self->scheduler, "rate", (guint64) 300, NULL);
  g_assert_cmpint (bobbin_rate_limiter_get_rate (self->limiter), ==, 300);
  g_object_set (self->scheduler, "limited-rate", (guint64) 200, NULL);
  g_assert_cmpint (bobbin_rate_limiter_get_rate (self->limiter), ==, 200);
  g_object_set (self->scheduler, "limited-rate", (guint64) 0, NULL);
  g_assert_cmpint (bobbin_rate_limiter_get_rate (self->limiter), ==, 300);
}

/* A schedule without a change says no time, and needs no timer. */
static void
test_always (Fixture *self, gconstpointer user_data)
{
  g_object_set (self->scheduler, "enabled", TRUE, "schedule", WEEK ("ssssssssssssssssssssssss"),
                NULL);
  g_assert_false (bobbin_scheduler_is_armed (self->scheduler));
  g_assert_cmpint (bobbin_scheduler_get_until (self->scheduler), ==, 0);
  g_assert_cmpstr (bobbin_job_queue_get_hold (self->queue), ==, "Waiting for the schedule");
  assert_says (self, "Stopped by the schedule");
}

/* More than a day ahead a time of day is not enough. */
static void
test_days (Fixture *self, gconstpointer user_data)
{
#define F "ffffffffffffffffffffffff"
#define S "ssssssssssssssssssssssss"
  g_object_set (self->scheduler, "enabled", TRUE, "schedule", S " " S " " F " " F " " F " " F " " F,
                NULL);
  assert_says (self, "Stopped by the schedule until Wednesday, 00:00");
}

/* A job that runs at midnight waits from then on, and is joined. */
static void
test_jobs (Fixture *self, gconstpointer user_data)
{
  g_autoptr (BobbinJob) job = test_job_new (TEST_JOB_WAIT);

  turn (self, "2026-03-02T21:00:00");
  g_object_set (self->scheduler, "enabled", TRUE, NULL);
  bobbin_job_queue_add (self->queue, job);
  bobbin_job_start (job);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_RUNNING);

  turn (self, "2026-03-03T00:00:00");
  test_wait_state (job, BOBBIN_JOB_QUEUED);
  g_assert_cmpstr (bobbin_job_get_status_line (job), ==, "Waiting for the schedule (until 07:00)");
  g_assert_cmpuint (test_job_n_working (), ==, 0);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  ADD ("/scheduler/hours", test_hours);
  ADD ("/scheduler/rates", test_rates);
  ADD ("/scheduler/always", test_always);
  ADD ("/scheduler/days", test_days);
  ADD ("/scheduler/jobs", test_jobs);

  return g_test_run ();
}
