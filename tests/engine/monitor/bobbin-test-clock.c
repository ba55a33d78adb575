/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Clocks that stand still until the test says otherwise; begins at a moment that is on no grid.
 */

#include "config.h"

#include "bobbin-test-clock.h"

static BobbinTimes now;

void
bobbin_test_clock_begin (void)
{
  now =
    (BobbinTimes){ .boottime = 1000000337, .monotonic = 999000337, .realtime = 1700000000000123 };
  bobbin_clock_set (&now);
}

/* The kernel's clocks again. */
void
bobbin_test_clock_end (void)
{
  bobbin_clock_set (NULL);
}

/* Time goes by. */
void
bobbin_test_clock_advance (gint64 usec)
{
  now.boottime += usec;
  now.monotonic += usec;
  now.realtime += usec;
  bobbin_clock_set (&now);
}

/* Time goes by asleep. */
void
bobbin_test_clock_sleep (gint64 usec)
{
  now.boottime += usec;
  now.realtime += usec;
  bobbin_clock_set (&now);
}
