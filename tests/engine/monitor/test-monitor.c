/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-monitor, with a probe that finds what the test says when the test says so, and with ticks
 * that the test gives: nothing here waits for a clock, but where it says so.
 */

#include "config.h"

#include "bobbin-enums.h"
#include "bobbin-error.h"
#include "bobbin-job-queue.h"
#include "bobbin-monitor-private.h"
#include "bobbin-test-probe.h"

#include <fcntl.h>
#include <math.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

typedef struct
{
  BobbinTestProbe *probe; /* the monitor's */
  BobbinMonitor *monitor; /* (owned) */
  BobbinJob *job;         /* the same */
  int tick_fd;            /* (owned) */
  guint n_sampled;        /* signals */
  guint n_stopped;        /* callbacks */
} Watched;

typedef struct
{
  BobbinJobQueue *queue;
  Watched first;
  Watched second;
} Fixture;

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
on_sampled (BobbinMonitor *monitor, gpointer user_data)
{
  Watched *self = user_data;

  g_assert_true (monitor == self->monitor);
  self->n_sampled++;
}

static void
watched_init (Watched *self, BobbinJobQueue *queue, gboolean stubborn)
{
  self->tick_fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  self->probe = bobbin_test_probe_new (stubborn);
  self->job = bobbin_monitor_new_for_probe ("test", bobbin_test_probe_get_probe (self->probe),
                                            dup (self->tick_fd));
  self->monitor = BOBBIN_MONITOR (self->job);
  g_signal_connect (self->monitor, "sampled", G_CALLBACK (on_sampled), self);
  g_assert_true (bobbin_job_queue_add (queue, self->job));
}

static void
set_up (Fixture *self, gconstpointer stubborn)
{
  self->queue = bobbin_job_queue_new ();
  watched_init (&self->first, self->queue, stubborn != NULL);
  watched_init (&self->second, self->queue, FALSE);
}

static void
on_shut_down (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_job_queue_shutdown_finish (BOBBIN_JOB_QUEUE (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
shut_down (Fixture *self)
{
  gboolean done = FALSE;

  bobbin_job_queue_shutdown_async (self->queue, on_shut_down, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static void
watched_clear (Watched *self)
{
  close (self->tick_fd);
  g_object_unref (self->monitor);
}

/* Nothing is left: no job, no probe, no thread. */
static void
tear_down (Fixture *self, gconstpointer user_data)
{
  gpointer first = self->first.monitor;
  gpointer second = self->second.monitor;
  gpointer queue = self->queue;

  g_object_add_weak_pointer (first, &first);
  g_object_add_weak_pointer (second, &second);
  g_object_add_weak_pointer (queue, &queue);

  shut_down (self);
  g_object_unref (self->queue);
  watched_clear (&self->first);
  watched_clear (&self->second);
  drain ();

  g_assert_null (first);
  g_assert_null (second);
  g_assert_null (queue);
  g_assert_cmpuint (bobbin_test_probe_get_n_alive (), ==, 0);
}

static void
tick_times (Watched *self, guint64 n)
{
  g_assert_cmpint (write (self->tick_fd, &n, sizeof n), ==, sizeof n);
}

/* A slot comes, and is heard. */
static void
tick (Watched *self)
{
  tick_times (self, 1);
  drain ();
}

static void
wait_sampled (Watched *self, guint n)
{
  while (self->n_sampled < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_sampled, ==, n);
}

/* The sample that is being taken, or will be, finds this. */
static void
answer (Watched *self, double value)
{
  guint n = self->n_sampled;

  bobbin_test_probe_answer (self->probe, value);
  wait_sampled (self, n + 1);
}

static void
start (Watched *self)
{
  guint n_begun = bobbin_test_probe_get_n_begun (self->probe);

  g_assert_true (bobbin_job_start (self->job));
  bobbin_test_probe_wait (self->probe, n_begun + 1);
  g_assert_cmpint (bobbin_job_get_state (self->job), ==, BOBBIN_JOB_RUNNING);
}

/* The first sample has begun before its time, however short, can be over. */
static void
start_with_timeout (Watched *self, double timeout)
{
  g_object_set (self->monitor, "timeout", timeout, NULL);
  g_assert_true (bobbin_job_start (self->job));
  bobbin_test_probe_block (self->probe, 1);
}

/* The next sample is begun by a tick. */
static void
tick_and_wait (Watched *self)
{
  guint n_begun = bobbin_test_probe_get_n_begun (self->probe);

  tick_times (self, 1);
  bobbin_test_probe_wait (self->probe, n_begun + 1);
}

static void
sample (Watched *self, double value)
{
  tick_and_wait (self);
  answer (self, value);
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Watched *self = user_data;

  g_assert_true (bobbin_job_stop_finish (BOBBIN_JOB (source), result, NULL));
  self->n_stopped++;
}

static void
stop (Watched *self)
{
  bobbin_job_stop_async (self->job, on_stopped, self);
}

static void
wait_stopped (Watched *self, guint n)
{
  while (self->n_stopped < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_stopped, ==, n);
  g_assert_cmpint (bobbin_job_get_state (self->job), ==, BOBBIN_JOB_IDLE);
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (self->probe), ==,
                    bobbin_test_probe_get_n_ended (self->probe));
}

static void
assert_status (Watched *self, const char *expected)
{
  g_assert_cmpstr (bobbin_job_get_status_line (self->job), ==, expected);
}

static void
assert_status_begins (Watched *self, const char *expected)
{
  const char *line = bobbin_job_get_status_line (self->job);

  if (!g_str_has_prefix (line, expected))
    g_error ("“%s” does not begin with “%s”", line, expected);
}

static guint
count_log (Watched *self, const char *text)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (self->job));
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      n += g_str_equal (bobbin_event_get_text (event), text);
    }

  return n;
}

static guint
get_n_pending (Fixture *self)
{
  return bobbin_worker_pool_get_n_pending (
    bobbin_job_queue_get_pool (self->queue, BOBBIN_LANE_PROBE));
}

static void
on_notify (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
test_properties (Fixture *self, gconstpointer user_data)
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
  assert_status (&self->first, "Not started");
}

/* NAN is none: taken without a warning, which would be fatal here, and told of once. */
static void
test_no_limits (Fixture *self, gconstpointer user_data)
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

  start (&self->first);
  answer (&self->first, 99);
  g_assert_cmpint (bobbin_monitor_get_health (monitor), ==, BOBBIN_HEALTH_UP);
}

/* The first sample is taken at once, before any tick. */
static void
test_start (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;
  guint n_values = 0;
  guint n_healths = 0;
  gsize n_samples;

  g_signal_connect (first->job, "notify::value", G_CALLBACK (on_notify), &n_values);
  g_signal_connect (first->job, "notify::health", G_CALLBACK (on_notify), &n_healths);

  start (first);
  assert_status (first, "Waiting for the first sample");
  answer (first, 12.4);

  g_assert_cmpfloat (bobbin_monitor_get_value (first->monitor), ==, 12.4);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
  g_assert_cmpuint (bobbin_monitor_get_n_taken (first->monitor), ==, 1);
  g_assert_nonnull (bobbin_monitor_get_sample_time (first->monitor));
  g_assert_cmpfloat (bobbin_monitor_get_samples (first->monitor, &n_samples)[0], ==, 12.4);
  g_assert_cmpuint (n_samples, ==, 1);
  g_assert_cmpuint (n_values, ==, 1);
  g_assert_cmpuint (n_healths, ==, 1);
  assert_status (first, "12 % · every 5 s");
  g_assert_cmpuint (count_log (first, "Up: 12 %"), ==, 1);
}

/* The system has no descriptor left: the run fails and says so, and no other one is closed. */
static void
test_no_ticker (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;
  const int null = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  struct rlimit before;
  struct rlimit full;
  int lowest;

  /* The first run opens what GLib needs once. */
  start (first);
  stop (first);
  wait_stopped (first, 1);

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

  start (first);
  answer (first, 1);
  if (null != STDIN_FILENO)
    close (null);
}

/* Between two samples no thread is at work, and a tick brings just one. */
static void
test_tick (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  start (first);
  answer (first, 1);
  for (guint i = 2; i <= 20; i++)
    {
      g_assert_cmpuint (get_n_pending (self), ==, 0);
      sample (first, i);
      g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, i);
    }
}

/* As after a suspend. */
static void
test_no_burst (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  start (first);
  answer (first, 1);
  tick_times (first, 1000);
  bobbin_test_probe_wait (first->probe, 2);
  answer (first, 2);
  drain ();
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, 2);
}

/* While there is no answer slots are skipped, and the monitor says so. */
static void
test_overdue (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  start (first);
  answer (first, 1);
  tick_and_wait (first);
  assert_status (first, "1 % · every 5 s");
  for (guint i = 0; i < 5; i++)
    {
      tick (first);
      assert_status_begins (first, "No answer for ");
    }
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, 2);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);

  answer (first, 2);
  assert_status (first, "2 % · every 5 s");
  g_assert_cmpuint (bobbin_monitor_get_n_taken (first->monitor), ==, 2);
}

/* The history keeps the latest, oldest first. */
static void
test_history (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;
  const guint n_taken = BOBBIN_MONITOR_N_SAMPLES + 15;
  const double *samples;
  gsize n_samples;

  start (first);
  answer (first, 1);
  for (guint i = 2; i <= n_taken; i++)
    sample (first, i);

  samples = bobbin_monitor_get_samples (first->monitor, &n_samples);
  g_assert_cmpuint (n_samples, ==, BOBBIN_MONITOR_N_SAMPLES);
  for (guint i = 0; i < n_samples; i++)
    g_assert_cmpfloat (samples[i], ==, i + 16);
  g_assert_cmpuint (bobbin_monitor_get_n_taken (first->monitor), ==, n_taken);
}

/* A sample that tells nothing, as the processor's first, is none. */
static void
test_first_of_two (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  start (first);
  bobbin_test_probe_answer (first->probe, NAN);
  while (get_n_pending (self) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (bobbin_monitor_get_n_taken (first->monitor), ==, 0);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UNKNOWN);
  assert_status (first, "Waiting for the first sample");

  sample (first, 7);
  g_assert_cmpuint (bobbin_monitor_get_n_taken (first->monitor), ==, 1);
}

static void
test_limits (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  g_object_set (first->monitor, "warn", 80.0, "critical", 90.5, NULL);
  start (first);
  answer (first, 80);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
  assert_status (first, "80 % · every 5 s");

  sample (first, 85);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_WARNING);
  assert_status (first, "85 % · above the warning limit of 80 %");
  g_assert_cmpuint (count_log (first, "Warning: 85 % is above the warning limit of 80 %"), ==, 1);

  sample (first, 99);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_CRITICAL);
  assert_status (first, "99 % · above the critical limit of 90.5 %");
  g_assert_cmpuint (count_log (first, "Critical: 99 % is above the critical limit of 90.5 %"), ==,
                    1);

  sample (first, 98);
  sample (first, 3);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
  g_assert_cmpuint (count_log (first, "Up: 3 %"), ==, 1);

  /* The limits may change while it runs. */
  g_object_set (first->monitor, "warn", 2.0, NULL);
  assert_status (first, "3 % · above the warning limit of 2 %");
  sample (first, 3);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_WARNING);
}

static void
test_for (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  g_object_set (first->monitor, "warn", 80.0, "for", 2, NULL);
  start (first);
  answer (first, 1);
  sample (first, 85);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_PENDING);
  sample (first, 86);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_WARNING);
  sample (first, 1);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_RECOVERING);
  assert_status (first, "1 % · recovering");
  sample (first, 1);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
  g_assert_cmpuint (count_log (first, "Pending: 85 % is above the warning limit of 80 %"), ==, 1);
  g_assert_cmpuint (count_log (first, "Recovering: 1 %"), ==, 1);
}

/* No answer is a finding: the job goes on. */
static void
test_failure (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;
  gsize n_samples;
  const double *samples;

  start (first);
  answer (first, 1);
  tick_and_wait (first);
  bobbin_test_probe_fail (first->probe);
  wait_sampled (first, 2);

  g_assert_cmpint (bobbin_job_get_state (first->job), ==, BOBBIN_JOB_RUNNING);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_DOWN);
  g_assert_true (isnan (bobbin_monitor_get_value (first->monitor)));
  g_assert_error (bobbin_monitor_get_sample_error (first->monitor), BOBBIN_ERROR,
                  BOBBIN_ERROR_REFUSED);
  assert_status (first, "Not answering: The test says no.");
  g_assert_cmpuint (count_log (first, "Down: The test says no."), ==, 1);
  samples = bobbin_monitor_get_samples (first->monitor, &n_samples);
  g_assert_cmpuint (n_samples, ==, 2);
  g_assert_true (samples[0] == 1 && isnan (samples[1]));

  sample (first, 3);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
  g_assert_null (bobbin_monitor_get_sample_error (first->monitor));
}

/* Waits for the clock: for the shortest time that a sample may be given. */
static void
test_timeout (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  start_with_timeout (first, 0.01);
  wait_sampled (first, 1);
  g_assert_error (bobbin_monitor_get_sample_error (first->monitor), BOBBIN_ERROR,
                  BOBBIN_ERROR_TIMED_OUT);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_DOWN);

  /* The sample was cancelled and told of once. */
  while (get_n_pending (self) > 0)
    g_main_context_iteration (NULL, TRUE);
  drain ();
  g_assert_cmpuint (first->n_sampled, ==, 1);
  g_assert_cmpuint (bobbin_test_probe_get_n_ended (first->probe), ==, 1);

  g_object_set (first->monitor, "timeout", 1000.0, NULL);
  sample (first, 5);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
}

/* The kernel does not let go: every slot is a failed sample, until it does. */
static void
test_stuck (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  start_with_timeout (first, 0.01);
  wait_sampled (first, 1);
  for (guint i = 2; i <= 5; i++)
    {
      tick (first);
      g_assert_cmpuint (first->n_sampled, ==, i);
      g_assert_error (bobbin_monitor_get_sample_error (first->monitor), BOBBIN_ERROR,
                      BOBBIN_ERROR_TIMED_OUT);
      assert_status_begins (first, "No answer for ");
    }
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, 1);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_DOWN);

  /* What it says in the end comes too late to count. */
  bobbin_test_probe_answer (first->probe, 42);
  while (get_n_pending (self) > 0)
    g_main_context_iteration (NULL, TRUE);
  drain ();
  g_assert_cmpuint (first->n_sampled, ==, 5);

  g_object_set (first->monitor, "timeout", 1000.0, NULL);
  sample (first, 6);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
}

static void
test_stop_idle (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  stop (first);
  wait_stopped (first, 1);

  start (first);
  answer (first, 1);
  stop (first);
  wait_stopped (first, 2);
  stop (first);
  wait_stopped (first, 3);
  assert_status (first, "Stopped");

  /* What was found last stays to be seen, and no tick does anything. */
  g_assert_cmpfloat (bobbin_monitor_get_value (first->monitor), ==, 1);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UP);
  tick (first);
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, 1);
}

static void
test_stop_sampling (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  start (first);
  stop (first);
  wait_stopped (first, 1);
  g_assert_cmpuint (bobbin_test_probe_get_n_ended (first->probe), ==, 1);
  g_assert_cmpuint (first->n_sampled, ==, 0);
}

static void
test_stop_twice (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  start (first);
  stop (first);
  stop (first);
  wait_stopped (first, 2);
}

/* Stopped means joined: as long as the kernel holds the thread it is not. */
static void
test_stop_stuck (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  start (first);
  stop (first);
  drain ();
  tick (first);
  tick (first);
  g_assert_cmpuint (first->n_stopped, ==, 0);
  g_assert_cmpint (bobbin_job_get_state (first->job), ==, BOBBIN_JOB_STOPPING);
  assert_status_begins (first, "Stopping… No answer for ");

  bobbin_test_probe_answer (first->probe, 1);
  wait_stopped (first, 1);
  g_assert_cmpuint (first->n_sampled, ==, 0);
}

/* The answer and the stop come together, in either order: it always ends, and joined. */
static void
test_stop_race (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  for (guint i = 1; i <= 1000; i++)
    {
      start (first);
      if (i % 2 == 0)
        bobbin_test_probe_answer (first->probe, 1);
      stop (first);
      if (i % 2 == 1)
        bobbin_test_probe_answer (first->probe, 1);
      wait_stopped (first, i);
      g_assert_cmpuint (get_n_pending (self), ==, 0);

      /* What a cancelled sample did not read is not for the next one. */
      bobbin_test_probe_discard (first->probe);
    }
}

static void
stop_now (BobbinMonitor *monitor, gpointer user_data)
{
  bobbin_job_stop_async (BOBBIN_JOB (monitor), on_stopped, user_data);
}

static void
test_stop_in_signal (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;

  g_signal_connect (first->monitor, "sampled", G_CALLBACK (stop_now), first);
  start (first);
  bobbin_test_probe_answer (first->probe, 1);
  wait_stopped (first, 1);
}

static void
test_restart (Fixture *self, gconstpointer user_data)
{
  Watched *first = &self->first;
  gsize n_samples;

  start (first);
  bobbin_test_probe_fail (first->probe);
  wait_sampled (first, 1);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_DOWN);

  g_assert_true (bobbin_job_restart (first->job));
  bobbin_test_probe_wait (first->probe, 2);
  g_assert_cmpuint (bobbin_test_probe_get_n_runs (first->probe), ==, 2);
  g_assert_cmpint (bobbin_monitor_get_health (first->monitor), ==, BOBBIN_HEALTH_UNKNOWN);
  g_assert_null (bobbin_monitor_get_sample_error (first->monitor));
  assert_status (first, "Waiting for the first sample");

  answer (first, 9);
  bobbin_monitor_get_samples (first->monitor, &n_samples);
  g_assert_cmpuint (n_samples, ==, 2);
}

/* One that is stuck holds up no other one. */
static void
test_two (Fixture *self, gconstpointer user_data)
{
  Watched *stuck = &self->first;
  Watched *second = &self->second;

  start (stuck);
  start (second);
  answer (second, 1);
  for (guint i = 2; i <= 50; i++)
    {
      tick (stuck);
      sample (second, i);
    }
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (stuck->probe), ==, 1);
  assert_status_begins (stuck, "No answer for ");

  stop (second);
  wait_stopped (second, 1);
  stop (stuck);
  bobbin_test_probe_answer (stuck->probe, 1);
  wait_stopped (stuck, 1);
}

/* More of them than the pool has threads. */
static void
test_many_stuck (Fixture *self, gconstpointer user_data)
{
  Watched stuck[40] = { 0 };
  Watched *second = &self->second;

  for (guint i = 0; i < G_N_ELEMENTS (stuck); i++)
    {
      watched_init (&stuck[i], self->queue, TRUE);
      g_assert_true (bobbin_job_start (stuck[i].job));
    }

  start (second);
  answer (second, 1);
  sample (second, 2);

  for (guint i = 0; i < G_N_ELEMENTS (stuck); i++)
    {
      bobbin_test_probe_wait (stuck[i].probe, 1);
      stop (&stuck[i]);
      bobbin_test_probe_answer (stuck[i].probe, 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (stuck); i++)
    {
      wait_stopped (&stuck[i], 1);
      watched_clear (&stuck[i]);
    }
}

/* The queue ends with samples in flight; tear_down() sees to the rest. */
static void
test_shutdown (Fixture *self, gconstpointer user_data)
{
  start (&self->first);
  start (&self->second);
  shut_down (self);
  g_assert_cmpint (bobbin_job_get_state (self->first.job), ==, BOBBIN_JOB_IDLE);
  g_assert_cmpint (bobbin_job_get_state (self->second.job), ==, BOBBIN_JOB_IDLE);
  g_assert_false (bobbin_job_start (self->first.job));
}

/* The last reference goes while a sample is in flight: the run keeps the monitor. */
static void
test_unref_running (Fixture *self, gconstpointer user_data)
{
  Watched third = { 0 };
  gpointer weak;

  watched_init (&third, self->queue, FALSE);
  start (&third);
  weak = third.monitor;
  g_object_add_weak_pointer (weak, &weak);
  watched_clear (&third);
  g_assert_nonnull (weak);

  shut_down (self);
  g_clear_object (&self->queue);
  drain ();
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
  Fixture self = { .queue = queue };
  Watched watched = { .job = job, .monitor = BOBBIN_MONITOR (job) };

  g_assert_no_error (error);
  g_assert_cmpstr (bobbin_monitor_get_target (watched.monitor), ==, user_data);
  g_signal_connect (job, "sampled", G_CALLBACK (on_sampled), &watched);
  g_assert_true (bobbin_job_queue_add (queue, job));
  g_assert_true (bobbin_job_start (job));
  g_object_set (job, "interval", 0.1, NULL);
  wait_sampled (&watched, 1);
  wait_sampled (&watched, 2);
  wait_sampled (&watched, 3);

  g_assert_cmpint (bobbin_monitor_get_health (watched.monitor), ==, BOBBIN_HEALTH_UP);
  g_assert_cmpfloat (bobbin_monitor_get_value (watched.monitor), >=, 0);
  g_assert_cmpfloat (bobbin_monitor_get_value (watched.monitor), <=, 100);
  shut_down (&self);
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
    { memory, NAN, "–" },    { memory, 41.6, "42 %" }, { memory, 41.4, "41 %" },
    { disk, 41.1, "42 %" },  { disk, 41, "41 %" },     { disk, 0, "0 %" },
    { tcp, 0.34, "0.3 ms" }, { tcp, 3, "3 ms" },       { tcp, 1234.5, "1234 ms" },
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

#define ADD(path, how, func) g_test_add ("/monitor/" path, Fixture, how, set_up, func, tear_down)
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
  ADD ("unref-running", NULL, test_unref_running);
#undef ADD
  g_test_add_data_func ("/monitor/clock/cpu", "cpu", test_clock);
  g_test_add_data_func ("/monitor/clock/memory", "memory", test_clock);
  g_test_add_data_func ("/monitor/clock/disk", "disk:/", test_clock);
  g_test_add_func ("/monitor/bad-target", test_bad_target);
  g_test_add_func ("/monitor/format", test_format);

  return g_test_run ();
}
