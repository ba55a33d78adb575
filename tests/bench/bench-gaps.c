/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long the main loop works between two waits, from within: nothing else can be done in that
 * time, no frame and no answer to a key. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-gaps.h"

#define LONG      (16 * G_TIME_SPAN_MILLISECOND)
#define VERY_LONG (50 * G_TIME_SPAN_MILLISECOND)

static BenchGaps gaps;
static gint64 poll_end; /* monotonic µs; 0 before the first */

static void
note (gint64 gap)
{
  gaps.n_turns++;
  gaps.n_long += gap > LONG;
  gaps.n_very_long += gap > VERY_LONG;
  gaps.longest = MAX (gaps.longest, gap);
}

static int
poll_and_note (GPollFD *fds, guint n_fds, int timeout)
{
  int n;

  if (poll_end > 0)
    note (g_get_monotonic_time () - poll_end);
  n = g_poll (fds, n_fds, timeout);
  poll_end = g_get_monotonic_time ();

  return n;
}

/**
 * bench_gaps_install:
 *
 * Begins to look at the default main context.
 */
void
bench_gaps_install (void)
{
  g_main_context_set_poll_func (NULL, poll_and_note);
}

/**
 * bench_gaps_take:
 *
 * Returns: the gaps since this was called last; the turn in which it is called counts for the next
 *   ones
 */
BenchGaps
bench_gaps_take (void)
{
  BenchGaps taken = gaps;

  gaps = (BenchGaps){ 0 };

  return taken;
}
