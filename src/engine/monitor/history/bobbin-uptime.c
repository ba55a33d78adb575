/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How much of the time something answered: time up / (time up + time down), never a ratio of
 * samples. Time of which nothing is known, in which nobody looked or nothing was settled counts for
 * neither; how much is left is the coverage, without which the figure says little. Pure; any
 * thread.
 *
 * What is over a limit answers: it is up. What recovers from an outage is not up again before that
 * is believed; an outage began with the first of the bad samples that it took to believe it.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-uptime.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef enum
{
  NEITHER,
  UP,
  DOWN,
} Side;

static Side
get_side (BobbinHistoryState state)
{
  switch (state)
    {
    case BOBBIN_HISTORY_UP:
    case BOBBIN_HISTORY_WARNING:
    case BOBBIN_HISTORY_CRITICAL:
    case BOBBIN_HISTORY_RECOVERING:
      return UP;
    case BOBBIN_HISTORY_DOWN:
    case BOBBIN_HISTORY_PENDING_DOWN:
    case BOBBIN_HISTORY_RECOVERING_DOWN:
      return DOWN;
    case BOBBIN_HISTORY_UNKNOWN:
    case BOBBIN_HISTORY_PENDING:
    case BOBBIN_HISTORY_OFFLINE:
    case BOBBIN_HISTORY_ASLEEP:
    case BOBBIN_HISTORY_PAUSED:
    case BOBBIN_HISTORY_MAINTENANCE:
    default:
      return NEITHER;
    }
}

/**
 * bobbin_uptime_new:
 * @bucket: what happened in some time
 *
 * Returns: how much of that it was up
 */
BobbinUptime
bobbin_uptime_new (const BobbinHistoryBucket *bucket)
{
  BobbinUptime self = { .fraction = NAN };

  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    {
      const Side side = get_side (i);

      if (side == UP)
        self.up += bucket->in_state[i];
      else if (side == DOWN)
        self.down += bucket->in_state[i];
    }
  if (self.up + self.down > 0)
    self.fraction = (double) self.up / (self.up + self.down);
  if (bucket->length > 0)
    self.coverage = MIN ((double) (self.up + self.down) / bucket->length, 1);

  return self;
}

/**
 * bobbin_uptime_format:
 * @fraction: from 0 to 1, or NAN
 *
 * Makes a percentage of it that is never better than the truth: 100 % only if there was no outage
 * at all.
 *
 * Returns: (transfer full): “99.98%” as the locale writes it; “–” for NAN
 */
char *
bobbin_uptime_format (double fraction)
{
  gint64 hundredths;

  if (isnan (fraction))
    return g_strdup ("–");
  if (fraction >= 1)
    /* Translators: the whole of some time */
    return g_strdup (_ ("100%"));

  /* rounded down; the least there is between two numbers must not turn 99.9 into 99.89 */
  hundredths = (gint64) (fraction * 10000 * (1 + 1e-12));

  /* Translators: %.2f is a percentage, below 100 */
  return g_strdup_printf (_ ("%.2f%%"), MIN (hundredths, 9999) / 100.0);
}
