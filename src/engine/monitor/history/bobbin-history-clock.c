/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is too old for the history goes for ever: a clock that is wrong by a year after the computer
 * was started, until it has asked a server, must not take a year of it along. So nothing is too old
 * until the clock has run for a while without being set. Any thread, one at a time.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-history-clock.h"

#include <time.h>

/* What a clock may go wrong by itself, or be corrected by bit by bit. */
#define TOLERANCE G_TIME_SPAN_MINUTE
/* So long it has to run. */
#define STEADY (10 * G_TIME_SPAN_MINUTE)

/**
 * bobbin_history_clock_check: (skip)
 * @self: what is known of the clock
 * @real: what it says, µs since 1970
 * @boot: µs since the computer was started, sleep included
 *
 * Returns: @real if it can be relied on, or 0
 */
gint64
bobbin_history_clock_check (BobbinHistoryClock *self, gint64 real, gint64 boot)
{
  const gint64 elapsed = boot - self->boot;

  if (self->boot == 0 || ABS (real - self->real - elapsed) > TOLERANCE)
    {
      self->real = real;
      self->boot = boot;
      return 0;
    }

  return elapsed >= STEADY ? real : 0;
}

/**
 * bobbin_history_clock_read: (skip)
 * @self: what is known of the clock
 *
 * Returns: what it says now, µs since 1970, or 0 if it cannot be relied on
 */
gint64
bobbin_history_clock_read (BobbinHistoryClock *self)
{
  struct timespec boot;

  clock_gettime (CLOCK_BOOTTIME, &boot);

  return bobbin_history_clock_check (self, g_get_real_time (),
                                     boot.tv_sec * G_USEC_PER_SEC + boot.tv_nsec / 1000);
}
