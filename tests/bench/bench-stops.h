/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BenchStops:
 * @must: ms: what 99 of 100 may take in each row; 0: no bound
 * @n_missed: rows that took longer
 * @n_done: of the present row: jobs that were done when they were asked to stop
 *
 * How long stops take, row by row of a table. Zeroed to begin with.
 */
typedef struct
{
  double must;
  guint n_missed;
  guint n_done;

  /* < private > */
  gint64 asked;    /* µs */
  guint n_stopped; /* of those that were asked last */
  GArray *times;   /* (element-type gint64) (owned) (nullable): µs, of the present row */
} BenchStops;

void bench_stops_print_head (const char *what);
void bench_stops_begin_row (BenchStops *self);
void bench_stops_stop (BenchStops *self, GPtrArray *jobs);
void bench_stops_end_row (BenchStops *self, const char *name, guint n_jobs);

G_END_DECLS
