/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BenchGaps:
 * @n_turns: of the main loop
 * @n_long: those that took more than 16 ms: a frame was late
 * @n_very_long: those that took more than 50 ms: seen
 * @longest: µs
 *
 * How long the main loop was busy between two waits.
 */
typedef struct
{
  guint n_turns;
  guint n_long;
  guint n_very_long;
  gint64 longest;
} BenchGaps;

void bench_gaps_install (void);
BenchGaps bench_gaps_take (void);

G_END_DECLS
