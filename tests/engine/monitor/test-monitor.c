/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-monitor, with a probe that finds what the test says when the test says so, and with ticks
 * that the test gives: nothing here waits for a clock, but where it says so.
 */

#include "config.h"

#include "bobbin-enums.h"
#include "bobbin-error.h"
#include "bobbin-job-queue-private.h"
#include "bobbin-test-clock.h"
#include "watched.h"

#include <fcntl.h>
#include <math.h>
#include <sys/resource.h>
#include <unistd.h>

static void
on_notify (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
test_properties (WatchedFixture *self, gconstpointer user_data)
{
  BobbinMonitor *monitor = self->first.monitor;
  double interval;
  double timeout;
  double warn;
  double critical;
  double value;
  guint n;
  BobbinHealth health;
  gsize n_samples;
  g_autofree char *target = NULL;

  g_object_get (monitor, "target", &target, "interval", &interval, "timeout", &timeout, "warn",
                &warn, "critical", &critical, "for", &n, "value", &value, "health", &health, NULL);
  g_assert_cmpstr (target, ==, "test");
  g_assert_cmpfloat (interval, ==, 5);
  g_assert_cmpfloat (timeout, ==, 10);
  g_assert_true (isnan (warn) && isnan (critical) && isnan (value));
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (health, ==, BOBBIN_HEALTH_UNKNOWN);

  g_object_set (monitor, "interval", 0.25, "warn", 80.0, "critical", 90.5, "for", 3, NULL);
  g_assert_cmpfloat (bobbin_monitor_get_interval (monitor), ==, 0.25);
  g_assert_cmpfloat (bobbin_monitor_get_warn (monitor), ==, 80);
  g_assert_cmpfloat (bobbin_monitor_get_critical (monitor), ==, 90.5);

  g_assert_cmpstr (bobbin_monitor_get_unit (monitor), ==, "%");
  g_assert_cmpfloat (bobbin_monitor_get_scale (monitor), ==, 100);
  g_assert_cmpuint (bobbin_monitor_get_n_taken (monitor), ==, 0);
  g_assert_null (bobbin_monitor_get_sample_time (monitor));
  g_assert_null (bobbin_monitor_get_sample_error (monitor));
  bobbin_monitor_get_samples (monitor, &n_samples);
  g_assert_cmpuint (n_samples, ==, 0);
  watched_assert_status (&self->first, "Not started");
}

/* NAN is none: taken without a warning, which would be fatal here, and told of once. */
static void
test_no_limits (WatchedFixture *self, gconstpointer user_data)
{
  BobbinMonitor *monitor = self->first.monitor;
  guint n_notified = 0;

  g_signal_connect (monitor, "notify::warn", G_CALLBACK (on_notify), &n_notified);
  g_signal_connect (monitor, "notify::critical", G_CALLBACK (on_notify), &n_notified);

  g_object_set (monitor, "warn", NAN, "critical", NAN, NULL);
  g_assert_cmpuint (n_notified, ==, 0);
  g_object_set (monitor, "warn", 80.0, "critical", 90.0, NULL);
  g_assert_cmpuint (n_notified, ==, 2);
  g_object_set (monitor, "warn", NAN, "critical", NAN, NULL);
  g_assert_cmpuint (n_notified, ==, 4);
  g_assert_true (isnan (bobbin_monitor_get_warn (monitor)));
  g_assert_true (isnan (bobbin_monitor_get_critical (monitor)));

  watched_start (&self->first);
  watched_answer (&self->first, 99);
  g_assert_cmpint (bobbin_monitor_get_health (monitor), ==, BOBBIN_HEALTH_UP);
}

/* The first sample is taken at once, before any tick. */
static void
test_start (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;
  guint n_values = 0;
  guint n_healths = 0;
  gsize n_samples;

  g_signal_connect (first->job, "notify::value", G_CALLBACK (on_notify), &n_values);
  g_signal_connect (first->job, "notify::health", G_CALLBACK (on_notify), &n_healths);

  watched_start (first);
  watched_assert_status (first, "Waiting for the first check");
  watched_answer (first, 12.4);

  g_assert_cmpfloat (bobbin_monitor_get_value (first->monitor), ==, 12.4);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
  g_assert_cmpuint (bobbin_monitor_get_n_taken (first->monitor), ==, 1);
  g_assert_nonnull (bobbin_monitor_get_sample_time (first->monitor));
  g_assert_cmpfloat (bobbin_monitor_get_samples (first->monitor, &n_samples)[0], ==, 12.4);
  g_assert_cmpuint (n_samples, ==, 1);
  g_assert_cmpuint (n_values, ==, 1);
  g_assert_cmpuint (n_healths, ==, 1);
  watched_assert_status (first, "12% · every 5 s");
  g_assert_cmpuint (watched_count_log (first, "Up: 12%"), ==, 1);
}

/* With the clock: the system has no descriptor left, and the run fails and says so. No other one is
 * closed. */
static void
test_no_ticker (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;
  const int null = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  struct rlimit before;
  struct rlimit full;
  int lowest;

  first->monitor->by_hand = FALSE;
  /* The first run opens what GLib needs once. */
  watched_start (first);
  watched_stop (first);
  watched_wait_stopped (first, 1);

  /* There is a 0 that could be closed, and below the lowest that is free all are in use. */
  g_assert_cmpint (dup2 (null, STDIN_FILENO), ==, STDIN_FILENO);
  lowest = dup (null);
  close (lowest);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  full = (struct rlimit){ .rlim_cur = lowest, .rlim_max = before.rlim_max };

  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &full), ==, 0);
  g_assert_true (bobbin_job_start (first->job));
  while (bobbin_job_get_state (first->job) != BOBBIN_JOB_FAILED)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);

  g_assert_error (bobbin_job_get_error (first->job), BOBBIN_ERROR, BOBBIN_ERROR_FAILED);
  g_assert_cmpint (fcntl (STDIN_FILENO, F_GETFD), >=, 0);
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, 1);

  watched_start (first);
  watched_answer (first, 1);
  if (null != STDIN_FILENO)
    close (null);
}

/* Between two samples no thread is at work, and a tick brings just one. */
static void
test_tick (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  watched_start (first);
  watched_answer (first, 1);
  for (guint i = 2; i <= 20; i++)
    {
      g_assert_cmpuint (watched_get_n_pending (self), ==, 0);
      watched_sample (first, i);
      g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, i);
    }
}

/* As after a suspend. */
static void
test_no_burst (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  watched_start (first);
  watched_answer (first, 1);
  watched_tick_times (first, 1000);
  bobbin_test_probe_wait (first->probe, 2);
  watched_answer (first, 2);
  watched_drain ();
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, 2);
}

/* While there is no answer slots are skipped, and the monitor says so. */
static void
test_overdue (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  watched_start (first);
  watched_answer (first, 1);
  watched_tick_and_wait (first);
  watched_assert_status (first, "1% · every 5 s");
  for (guint i = 0; i < 5; i++)
    {
      watched_tick (first);
      watched_assert_status_begins (first, "No answer for ");
    }
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, 2);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);

  watched_answer (first, 2);
  watched_assert_status (first, "2% · every 5 s");
  g_assert_cmpuint (bobbin_monitor_get_n_taken (first->monitor), ==, 2);
}

/* The history keeps the latest, oldest first. */
static void
test_history (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;
  const guint n_taken = BOBBIN_MONITOR_N_SAMPLES + 15;
  const double *samples;
  gsize n_samples;

  watched_start (first);
  watched_answer (first, 1);
  for (guint i = 2; i <= n_taken; i++)
    watched_sample (first, i);

  samples = bobbin_monitor_get_samples (first->monitor, &n_samples);
  g_assert_cmpuint (n_samples, ==, BOBBIN_MONITOR_N_SAMPLES);
  for (guint i = 0; i < n_samples; i++)
    g_assert_cmpfloat (samples[i], ==, i + 16);
  g_assert_cmpuint (bobbin_monitor_get_n_taken (first->monitor), ==, n_taken);
}

/* A sample that tells nothing, as the processor's first, is none. */
static void
test_first_of_two (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  watched_start (first);
  bobbin_test_probe_answer (first->probe, NAN);
  while (watched_get_n_pending (self) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (bobbin_monitor_get_n_taken (first->monitor), ==, 0);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UNKNOWN);
  watched_assert_status (first, "Waiting for the first check");

  watched_sample (first, 7);
  g_assert_cmpuint (bobbin_monitor_get_n_taken (first->monitor), ==, 1);
}

static void
test_limits (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  g_object_set (first->monitor, "warn", 80.0, "critical", 90.5, NULL);
  watched_start (first);
  watched_answer (first, 80);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
  watched_assert_status (first, "80% · every 5 s");

  watched_sample (first, 85);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_WARNING);
  watched_assert_status (first, "85% · above the warning limit of 80%");
  g_assert_cmpuint (
    watched_count_log (first, "Warning after 5 seconds: 85% is above the warning limit of 80%"), ==,
    1);

  watched_sample (first, 99);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_CRITICAL);
  watched_assert_status (first, "99% · above the critical limit of 90.5%");
  g_assert_cmpuint (
    watched_count_log (first, "Critical after 5 seconds: 99% is above the critical limit of 90.5%"),
    ==, 1);

  watched_sample (first, 98);
  watched_sample (first, 3);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
  g_assert_cmpuint (watched_count_log (first, "Up after 10 seconds: 3%"), ==, 1);

  /* The limits may change while it runs. */
  g_object_set (first->monitor, "warn", 2.0, NULL);
  watched_assert_status (first, "3% · above the warning limit of 2%");
  watched_sample (first, 3);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_WARNING);
}

static void
test_for (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  g_object_set (first->monitor, "warn", 80.0, "for", 2, NULL);
  watched_start (first);
  watched_answer (first, 1);
  watched_sample (first, 85);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_PENDING);
  watched_sample (first, 86);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_WARNING);
  watched_sample (first, 1);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_RECOVERING);
  watched_assert_status (first, "1% · recovering");
  watched_sample (first, 1);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
  g_assert_cmpuint (
    watched_count_log (first, "Pending after 5 seconds: 85% is above the warning limit of 80%"), ==,
    1);
  g_assert_cmpuint (watched_count_log (first, "Recovering after 5 seconds: 1%"), ==, 1);
}

/* No answer is a finding: the job goes on. */
static void
test_failure (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;
  gsize n_samples;
  const double *samples;

  watched_start (first);
  watched_answer (first, 1);
  watched_tick_and_wait (first);
  bobbin_test_probe_fail (first->probe);
  watched_wait_sampled (first, 2);

  g_assert_cmpint (bobbin_job_get_state (first->job), ==, BOBBIN_JOB_RUNNING);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_DOWN);
  g_assert_true (isnan (bobbin_monitor_get_value (first->monitor)));
  g_assert_error (bobbin_monitor_get_sample_error (first->monitor), BOBBIN_ERROR,
                  BOBBIN_ERROR_REFUSED);
  watched_assert_status (first, "Not answering: The test says no.");
  g_assert_cmpuint (watched_count_log (first, "Down after 5 seconds: The test says no."), ==, 1);
  samples = bobbin_monitor_get_samples (first->monitor, &n_samples);
  g_assert_cmpuint (n_samples, ==, 2);
  g_assert_true (samples[0] == 1 && isnan (samples[1]));

  watched_sample (first, 3);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
  g_assert_null (bobbin_monitor_get_sample_error (first->monitor));
}

/* Waits for the clock: for the shortest time that a sample may be given. */
static void
test_timeout (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  watched_start_with_timeout (first, 0.01);
  watched_wait_sampled (first, 1);
  g_assert_error (bobbin_monitor_get_sample_error (first->monitor), BOBBIN_ERROR,
                  BOBBIN_ERROR_TIMED_OUT);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_DOWN);

  /* The sample was cancelled and told of once. */
  while (watched_get_n_pending (self) > 0)
    g_main_context_iteration (NULL, TRUE);
  watched_drain ();
  g_assert_cmpuint (first->n_sampled, ==, 1);
  g_assert_cmpuint (bobbin_test_probe_get_n_ended (first->probe), ==, 1);

  g_object_set (first->monitor, "timeout", 1000.0, NULL);
  watched_sample (first, 5);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
}

/* The kernel does not let go: every slot is a failed sample, until it does. */
static void
test_stuck (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  watched_start_with_timeout (first, 0.01);
  watched_wait_sampled (first, 1);
  for (guint i = 2; i <= 5; i++)
    {
      watched_tick (first);
      g_assert_cmpuint (first->n_sampled, ==, i);
      g_assert_error (bobbin_monitor_get_sample_error (first->monitor), BOBBIN_ERROR,
                      BOBBIN_ERROR_TIMED_OUT);
      watched_assert_status_begins (first, "No answer for ");
    }
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, 1);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_DOWN);

  /* What it says in the end comes too late to count. */
  bobbin_test_probe_answer (first->probe, 42);
  while (watched_get_n_pending (self) > 0)
    g_main_context_iteration (NULL, TRUE);
  watched_drain ();
  g_assert_cmpuint (first->n_sampled, ==, 5);

  g_object_set (first->monitor, "timeout", 1000.0, NULL);
  watched_sample (first, 6);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
}

static void
test_stop_idle (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  watched_stop (first);
  watched_wait_stopped (first, 1);

  watched_start (first);
  watched_answer (first, 1);
  watched_stop (first);
  watched_wait_stopped (first, 2);
  watched_stop (first);
  watched_wait_stopped (first, 3);
  watched_assert_status (first, "Stopped");

  /* What was found last stays to be seen, and no tick does anything. */
  g_assert_cmpfloat (bobbin_monitor_get_value (first->monitor), ==, 1);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
  watched_tick (first);
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, 1);
}

static void
test_stop_sampling (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  watched_start (first);
  watched_stop (first);
  watched_wait_stopped (first, 1);
  g_assert_cmpuint (bobbin_test_probe_get_n_ended (first->probe), ==, 1);
  g_assert_cmpuint (first->n_sampled, ==, 0);
}

static void
test_stop_twice (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  watched_start (first);
  watched_stop (first);
  watched_stop (first);
  watched_wait_stopped (first, 2);
}

/* Stopped means joined: as long as the kernel holds the thread it is not. */
static void
test_stop_stuck (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  watched_start (first);
  watched_stop (first);
  watched_drain ();
  watched_tick (first);
  watched_tick (first);
  g_assert_cmpuint (first->n_stopped, ==, 0);
  g_assert_cmpint (bobbin_job_get_state (first->job), ==, BOBBIN_JOB_STOPPING);
  watched_assert_status_begins (first, "Stopping… No answer for ");

  bobbin_test_probe_answer (first->probe, 1);
  watched_wait_stopped (first, 1);
  g_assert_cmpuint (first->n_sampled, ==, 0);
}

/* The answer and the stop come together, in either order: it always ends, and joined. */
static void
test_stop_race (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  for (guint i = 1; i <= 1000; i++)
    {
      watched_start (first);
      if (i % 2 == 0)
        bobbin_test_probe_answer (first->probe, 1);
      watched_stop (first);
      if (i % 2 == 1)
        bobbin_test_probe_answer (first->probe, 1);
      watched_wait_stopped (first, i);
      g_assert_cmpuint (watched_get_n_pending (self), ==, 0);

      /* What a cancelled sample did not read is not for the next one. */
      bobbin_test_probe_discard (first->probe);
    }
}

static void
stop_now (BobbinMonitor *monitor, gpointer user_data)
{
  bobbin_job_stop_async (BOBBIN_JOB (monitor), watched_on_stopped, user_data);
}

static void
test_stop_in_signal (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  g_signal_connect (first->monitor, "sampled", G_CALLBACK (stop_now), first);
  watched_start (first);
  bobbin_test_probe_answer (first->probe, 1);
  watched_wait_stopped (first, 1);
}

static void
test_restart (WatchedFixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;
  gsize n_samples;

  watched_start (first);
  bobbin_test_probe_fail (first->probe);
  watched_wait_sampled (first, 1);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_DOWN);

  g_assert_true (bobbin_job_restart (first->job));
  bobbin_test_probe_wait (first->probe, 2);
  g_assert_cmpuint (bobbin_test_probe_get_n_runs (first->probe), ==, 2);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UNKNOWN);
  g_assert_null (bobbin_monitor_get_sample_error (first->monitor));
  watched_assert_status (first, "Waiting for the first check");

  watched_answer (first, 9);
  bobbin_monitor_get_samples (first->monitor, &n_samples);
  g_assert_cmpuint (n_samples, ==, 2);
}

/* One that is stuck holds up no other one. */
static void
test_two (WatchedFixture *self, gconstpointer user_data)
{
  Watched *stuck = &self->first;
  Watched *second = &self->second;

  watched_start (stuck);
  watched_start (second);
  watched_answer (second, 1);
  for (guint i = 2; i <= 50; i++)
    {
      watched_tick (stuck);
      watched_sample (second, i);
    }
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (stuck->probe), ==, 1);
  watched_assert_status_begins (stuck, "No answer for ");

  watched_stop (second);
  watched_wait_stopped (second, 1);
  watched_stop (stuck);
  bobbin_test_probe_answer (stuck->probe, 1);
  watched_wait_stopped (stuck, 1);
}

/* More of them than the pool has threads. */
static void
test_many_stuck (WatchedFixture *self, gconstpointer user_data)
{
  Watched stuck[40] = { 0 };
  Watched *second = &self->second;

  for (guint i = 0; i < G_N_ELEMENTS (stuck); i++)
    {
      watched_init (&stuck[i], self->queue, TRUE);
      g_assert_true (bobbin_job_start (stuck[i].job));
    }

  watched_start (second);
  watched_answer (second, 1);
  watched_sample (second, 2);

  for (guint i = 0; i < G_N_ELEMENTS (stuck); i++)
    {
      bobbin_test_probe_wait (stuck[i].probe, 1);
      watched_stop (&stuck[i]);
      bobbin_test_probe_answer (stuck[i].probe, 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (stuck); i++)
    {
      watched_wait_stopped (&stuck[i], 1);
      watched_clear (&stuck[i]);
    }
}

/* The queue ends with samples in flight; tear_down() sees to the rest. */
static void
test_shutdown (WatchedFixture *self, gconstpointer user_data)
{
  watched_start (&self->first);
  watched_start (&self->second);
  watched_shut_down (self);
  g_assert_cmpint (bobbin_job_get_state (self->first.job), ==, BOBBIN_JOB_IDLE);
  g_assert_cmpint (bobbin_job_get_state (self->second.job), ==, BOBBIN_JOB_IDLE);
  g_assert_false (bobbin_job_start (self->first.job));
}

static void
on_shut_down (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_job_queue_shutdown_finish (BOBBIN_JOB_QUEUE (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
count_message (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
}

/* At the end a call that the kernel does not return from is left alone, and said so: one of the
 * pool's and one of the group's. When it comes back after all nothing is left of it either. */
static void
test_abandon (WatchedFixture *self, gconstpointer user_data)
{
  gint n_messages = 0;
  guint handler;
  gboolean done = FALSE;
  Watched shared = { 0 };
  BobbinTestProbe *probes[2];

  handler = g_log_set_handler ("bobbin", G_LOG_LEVEL_MESSAGE, count_message, &n_messages);
  watched_init (&shared, self->queue, TRUE);
  shared.monitor->by_hand = FALSE;
  watched_start (&shared);
  watched_start (&self->first);
  bobbin_job_queue_shutdown_async (self->queue, on_shut_down, &done);
  watched_drain ();
  g_assert_cmpint (bobbin_job_get_state (shared.job), ==, BOBBIN_JOB_STOPPING);
  g_assert_cmpint (bobbin_job_get_state (self->first.job), ==, BOBBIN_JOB_STOPPING);

  bobbin_job_queue_abandon (self->queue);
  watched_drain ();
  g_assert_cmpint (bobbin_job_get_state (shared.job), ==, BOBBIN_JOB_IDLE);
  g_assert_cmpint (bobbin_job_get_state (self->first.job), ==, BOBBIN_JOB_IDLE);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_log_remove_handler ("bobbin", handler);
  g_assert_cmpint (n_messages, ==, 2);
  g_assert_cmpuint (bobbin_test_probe_get_n_ended (shared.probe), ==, 0);

  probes[0] = shared.probe;
  probes[1] = self->first.probe;
  watched_clear (&shared);
  for (guint i = 0; i < G_N_ELEMENTS (probes); i++)
    {
      bobbin_test_probe_answer (probes[i], 1);
      while (bobbin_test_probe_get_n_ended (probes[i]) == 0)
        g_main_context_iteration (NULL, TRUE);
    }
}

/* The last reference goes while a sample is in flight: the run keeps the monitor. */
static void
test_unref_running (WatchedFixture *self, gconstpointer user_data)
{
  Watched third = { 0 };
  gpointer weak;

  watched_init (&third, self->queue, FALSE);
  watched_start (&third);
  weak = third.monitor;
  g_object_add_weak_pointer (weak, &weak);
  watched_clear (&third);
  g_assert_nonnull (weak);

  watched_shut_down (self);
  g_clear_object (&self->queue);
  watched_drain ();
  g_assert_null (weak);
  self->queue = bobbin_job_queue_new ();
}

/* With the clock: the ticker's slots come by themselves, at any interval set meanwhile. */
static void
test_clock (gconstpointer user_data)
{
  g_autoptr (BobbinJobQueue) queue = bobbin_job_queue_new ();
  g_autoptr (GError) error = NULL;
  BobbinJob *job = bobbin_monitor_new (user_data, &error);
  WatchedFixture self = { .queue = queue };
  Watched watched = { .job = job, .monitor = BOBBIN_MONITOR (job) };

  g_assert_no_error (error);
  g_assert_cmpstr (bobbin_monitor_get_target (watched.monitor), ==, user_data);
  g_signal_connect (job, "sampled", G_CALLBACK (watched_on_sampled), &watched);
  g_assert_true (bobbin_job_queue_add (queue, job));
  g_assert_true (bobbin_job_start (job));
  g_object_set (job, "interval", 0.1, NULL);
  watched_wait_sampled (&watched, 1);
  watched_wait_sampled (&watched, 2);
  watched_wait_sampled (&watched, 3);

  g_assert_cmpint (bobbin_monitor_get_health (watched.monitor), ==, BOBBIN_HEALTH_UP);
  g_assert_cmpfloat (bobbin_monitor_get_value (watched.monitor), >=, 0);
  g_assert_cmpfloat (bobbin_monitor_get_value (watched.monitor), <=, 100);
  watched_shut_down (&self);
  g_object_unref (job);
}

static void
test_bad_target (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bobbin_monitor_new ("disk:home", &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS);
  g_clear_error (&error);
  g_assert_false (bobbin_monitor_check_target ("tcp://example.org", &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS);
  g_assert_true (bobbin_monitor_check_target ("tcp://example.org:22", NULL));
}

static void
test_format (void)
{
  g_autoptr (BobbinJob) memory = bobbin_monitor_new ("memory", NULL);
  g_autoptr (BobbinJob) disk = bobbin_monitor_new ("disk:/", NULL);
  g_autoptr (BobbinJob) tcp = bobbin_monitor_new ("tcp://example.org:22", NULL);
  const struct
  {
    BobbinJob *job;
    double value;
    const char *text;
  } cases[] = {
    { memory, NAN, "–" },    { memory, 41.6, "42%" }, { memory, 41.4, "41%" },
    { disk, 41.1, "42%" },   { disk, 41, "41%" },     { disk, 0, "0%" },
    { tcp, 0.34, "0.3 ms" }, { tcp, 3, "3 ms" },      { tcp, 1234.5, "1234 ms" },
    { tcp, NAN, "–" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
        bobbin_monitor_format_value (BOBBIN_MONITOR (cases[i].job), cases[i].value);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
  g_assert_cmpstr (bobbin_job_get_title (tcp), ==, "example.org:22");
  g_assert_cmpstr (bobbin_monitor_get_unit (BOBBIN_MONITOR (tcp)), ==, "ms");
  g_assert_cmpfloat (bobbin_monitor_get_scale (BOBBIN_MONITOR (tcp)), ==, 0);
}

int
main (int argc, char *argv[])
{
  static const char stubborn[] = "stubborn";

  g_test_init (&argc, &argv, NULL);

#define ADD(path, how, func) \
  g_test_add ("/monitor/" path, WatchedFixture, how, watched_set_up, func, watched_tear_down)
  ADD ("properties", NULL, test_properties);
  ADD ("no-limits", NULL, test_no_limits);
  ADD ("start", NULL, test_start);
  ADD ("no-ticker", NULL, test_no_ticker);
  ADD ("tick", NULL, test_tick);
  ADD ("no-burst", NULL, test_no_burst);
  ADD ("overdue", NULL, test_overdue);
  ADD ("history", NULL, test_history);
  ADD ("first-of-two", NULL, test_first_of_two);
  ADD ("limits", NULL, test_limits);
  ADD ("for", NULL, test_for);
  ADD ("failure", NULL, test_failure);
  ADD ("timeout", NULL, test_timeout);
  ADD ("stuck", stubborn, test_stuck);
  ADD ("stop/idle", NULL, test_stop_idle);
  ADD ("stop/sampling", NULL, test_stop_sampling);
  ADD ("stop/twice", NULL, test_stop_twice);
  ADD ("stop/stuck", stubborn, test_stop_stuck);
  ADD ("stop/race", NULL, test_stop_race);
  ADD ("stop/in-signal", NULL, test_stop_in_signal);
  ADD ("restart", NULL, test_restart);
  ADD ("two", stubborn, test_two);
  ADD ("many-stuck", NULL, test_many_stuck);
  ADD ("shutdown", NULL, test_shutdown);
  ADD ("abandon", stubborn, test_abandon);
  ADD ("unref-running", NULL, test_unref_running);
#undef ADD
  g_test_add_data_func ("/monitor/clock/cpu", "cpu", test_clock);
  g_test_add_data_func ("/monitor/clock/memory", "memory", test_clock);
  g_test_add_data_func ("/monitor/clock/disk", "disk:/", test_clock);
  g_test_add_func ("/monitor/bad-target", test_bad_target);
  g_test_add_func ("/monitor/format", test_format);

  return g_test_run ();
}
