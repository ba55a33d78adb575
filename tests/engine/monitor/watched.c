/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Monitors that tick when the test says so, with a probe that finds what the test says when the
 * test says so: nothing waits for a clock, which stands still but for the ticks.
 */

#include "config.h"

#include "watched.h"

#include "bobbin-error.h"
#include "bobbin-test-clock.h"

void
watched_drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

void
watched_on_sampled (BobbinMonitor *monitor, gpointer user_data)
{
  Watched *self = user_data;

  g_assert_true (monitor == self->monitor);
  self->n_sampled++;
}

void
watched_init (Watched *self, BobbinJobQueue *queue, gboolean stubborn)
{
  self->probe = bobbin_test_probe_new (stubborn);
  self->job =
    bobbin_monitor_new_for_probe ("test", bobbin_test_probe_get_probe (self->probe), TRUE);
  self->monitor = BOBBIN_MONITOR (self->job);
  g_signal_connect (self->monitor, "sampled", G_CALLBACK (watched_on_sampled), self);
  g_assert_true (bobbin_job_queue_add (queue, self->job));
}

void
watched_set_up (WatchedFixture *self, gconstpointer stubborn)
{
  bobbin_test_clock_begin ();
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

void
watched_shut_down (WatchedFixture *self)
{
  gboolean done = FALSE;

  bobbin_job_queue_shutdown_async (self->queue, on_shut_down, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

void
watched_clear (Watched *self)
{
  g_object_unref (self->monitor);
}

/* Nothing is left: no job, no probe, no thread. */
void
watched_tear_down (WatchedFixture *self, gconstpointer user_data)
{
  gpointer first = self->first.monitor;
  gpointer second = self->second.monitor;
  gpointer queue = self->queue;

  g_object_add_weak_pointer (first, &first);
  g_object_add_weak_pointer (second, &second);
  g_object_add_weak_pointer (queue, &queue);

  watched_shut_down (self);
  g_object_unref (self->queue);
  watched_clear (&self->first);
  watched_clear (&self->second);
  watched_drain ();

  g_assert_null (first);
  g_assert_null (second);
  g_assert_null (queue);
  /* One that was left alone may be on its way back. */
  while (bobbin_test_probe_get_n_alive () > 0)
    g_main_context_iteration (NULL, TRUE);
  bobbin_test_clock_end ();
}

void
watched_tick_times (Watched *self, guint64 n)
{
  bobbin_test_clock_advance (n * bobbin_monitor_get_interval (self->monitor) * G_USEC_PER_SEC);
  bobbin_monitor_tick (self->monitor, bobbin_clock_get_boottime ());
}

/* A slot comes, and is heard. */
void
watched_tick (Watched *self)
{
  watched_tick_times (self, 1);
  watched_drain ();
}

void
watched_wait_sampled (Watched *self, guint n)
{
  while (self->n_sampled < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_sampled, ==, n);
}

/* The sample that is being taken, or will be, finds this. */
void
watched_answer (Watched *self, double value)
{
  guint n = self->n_sampled;

  bobbin_test_probe_answer (self->probe, value);
  watched_wait_sampled (self, n + 1);
}

void
watched_start (Watched *self)
{
  guint n_begun = bobbin_test_probe_get_n_begun (self->probe);

  g_assert_true (bobbin_job_start (self->job));
  bobbin_test_probe_wait (self->probe, n_begun + 1);
  g_assert_cmpint (bobbin_job_get_state (self->job), ==, BOBBIN_JOB_RUNNING);
}

/* The first sample has begun before its time, however short, can be over. */
void
watched_start_with_timeout (Watched *self, double timeout)
{
  g_object_set (self->monitor, "timeout", timeout, NULL);
  g_assert_true (bobbin_job_start (self->job));
  bobbin_test_probe_block (self->probe, 1);
}

/* The next sample is begun by a tick. */
void
watched_tick_and_wait (Watched *self)
{
  guint n_begun = bobbin_test_probe_get_n_begun (self->probe);

  watched_tick_times (self, 1);
  bobbin_test_probe_wait (self->probe, n_begun + 1);
}

void
watched_sample (Watched *self, double value)
{
  watched_tick_and_wait (self);
  watched_answer (self, value);
}

void
watched_on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Watched *self = user_data;

  g_assert_true (bobbin_job_stop_finish (BOBBIN_JOB (source), result, NULL));
  self->n_stopped++;
}

void
watched_stop (Watched *self)
{
  bobbin_job_stop_async (self->job, watched_on_stopped, self);
}

void
watched_wait_stopped (Watched *self, guint n)
{
  while (self->n_stopped < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_stopped, ==, n);
  g_assert_cmpint (bobbin_job_get_state (self->job), ==, BOBBIN_JOB_IDLE);
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (self->probe), ==,
                    bobbin_test_probe_get_n_ended (self->probe));
}

void
watched_assert_status (Watched *self, const char *expected)
{
  g_assert_cmpstr (bobbin_job_get_status_line (self->job), ==, expected);
}

void
watched_assert_status_begins (Watched *self, const char *expected)
{
  const char *line = bobbin_job_get_status_line (self->job);

  if (!g_str_has_prefix (line, expected))
    g_error ("“%s” does not begin with “%s”", line, expected);
}

guint
watched_count_log (Watched *self, const char *text)
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

guint
watched_get_n_pending (WatchedFixture *self)
{
  return bobbin_worker_pool_get_n_pending (
    bobbin_job_queue_get_pool (self->queue, BOBBIN_LANE_PROBE));
}

/* No sample is being taken: what those before found has been told, or never is. */
void
watched_wait_idle (WatchedFixture *self)
{
  while (watched_get_n_pending (self) > 0)
    g_main_context_iteration (NULL, TRUE);
  watched_drain ();
}
