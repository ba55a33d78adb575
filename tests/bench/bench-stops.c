/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a person notices of a stop: from the call of bobbin_job_stop_async() to its callback in the
 * main loop. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-stops.h"

#include "bobbin-job.h"

#include <stdio.h>

/**
 * bench_stops_print_head:
 * @what: the plural of what is stopped
 *
 * Prints what the columns of the rows are.
 */
void
bench_stops_print_head (const char *what)
{
  printf ("From stop to joined, in ms:\n%-22s %9s %8s %9s %9s %9s\n", "phase", what, "samples",
          "p50", "p99", "max");
}

/**
 * bench_stops_begin_row:
 * @self: stops
 *
 * Begins a row of the table: its stops come next.
 */
void
bench_stops_begin_row (BenchStops *self)
{
  self->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->n_done = 0;
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BenchStops *self = user_data;
  const gint64 time = g_get_monotonic_time () - self->asked;

  g_assert_true (bobbin_job_stop_finish (BOBBIN_JOB (source), result, NULL));
  g_assert_false (bobbin_job_is_active (BOBBIN_JOB (source)));
  self->n_done += bobbin_job_get_state (BOBBIN_JOB (source)) == BOBBIN_JOB_DONE;
  self->n_stopped++;
  g_array_append_val (self->times, time);
}

/**
 * bench_stops_stop:
 * @self: stops
 * @jobs: (element-type BobbinJob): jobs that run
 *
 * Asks all of them to stop in one turn of the main loop, and waits for the last.
 */
void
bench_stops_stop (BenchStops *self, GPtrArray *jobs)
{
  self->n_stopped = 0;
  self->asked = g_get_monotonic_time ();
  for (guint i = 0; i < jobs->len; i++)
    bobbin_job_stop_async (g_ptr_array_index (jobs, i), on_stopped, self);
  while (self->n_stopped < jobs->len)
    g_main_context_iteration (NULL, TRUE);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 x = *(const gint64 *) a;
  const gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* The least time that is not exceeded by so many per cent of them, in ms. */
static double
get_percentile (GArray *times, guint percent)
{
  const guint rank = (times->len * percent + 99) / 100;

  return (double) g_array_index (times, gint64, MAX (rank, 1) - 1) / 1000;
}

/**
 * bench_stops_end_row:
 * @self: stops
 * @name: what the row is called
 * @n_jobs: how many were stopped at once
 *
 * Prints the row, of one stop or more.
 */
void
bench_stops_end_row (BenchStops *self, const char *name, guint n_jobs)
{
  double p99;
  gboolean is_missed;

  g_array_sort (self->times, compare_times);
  p99 = get_percentile (self->times, 99);
  is_missed = self->must > 0 && p99 > self->must;
  printf ("%-22s %9u %8u %9.2f %9.2f %9.2f", name, n_jobs, self->times->len,
          get_percentile (self->times, 50), p99, get_percentile (self->times, 100));
  if (self->must > 0)
    printf (" %s", is_missed ? "✗" : "✓");
  if (self->n_done > 0)
    printf ("   %u were done", self->n_done);
  printf ("\n");
  fflush (stdout);
  self->n_missed += is_missed;
  g_clear_pointer (&self->times, g_array_unref);
}
