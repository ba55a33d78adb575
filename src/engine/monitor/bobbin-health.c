/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * From samples to a judgement. Each sample has a level: good, over the warning limit, over the
 * critical limit, or no answer at all. A level is believed once N samples in a row bear it out:
 * the monitored thing is as bad as the best of the last N samples, and it is well again when the
 * worst of the last N is good. In between it is pending or recovering. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-health-private.h"

#include <math.h>

/**
 * bobbin_health_to_string:
 * @health: a health
 *
 * The name of @health as programs know it: lower case, never translated. Any thread.
 *
 * Returns: (transfer none): a static string
 */
const char *
bobbin_health_to_string (BobbinHealth health)
{
  switch (health)
    {
    case BOBBIN_HEALTH_UNKNOWN:
      return "unknown";
    case BOBBIN_HEALTH_UP:
      return "up";
    case BOBBIN_HEALTH_PENDING:
      return "pending";
    case BOBBIN_HEALTH_WARNING:
      return "warning";
    case BOBBIN_HEALTH_CRITICAL:
      return "critical";
    case BOBBIN_HEALTH_DOWN:
      return "down";
    case BOBBIN_HEALTH_RECOVERING:
      return "recovering";
    default:
      g_return_val_if_reached ("unknown");
    }
}

/**
 * bobbin_health_limits_judge: (skip)
 * @limits: the limits
 * @value: a sample's value, not NAN
 *
 * Compares a value with the limits. A value that is just the limit is not over it. Any thread.
 *
 * Returns: how bad the value is
 */
BobbinHealthLevel
bobbin_health_limits_judge (const BobbinHealthLimits *limits, double value)
{
  if (!isnan (limits->critical) && value > limits->critical)
    return BOBBIN_HEALTH_LEVEL_CRITICAL;
  if (!isnan (limits->warn) && value > limits->warn)
    return BOBBIN_HEALTH_LEVEL_WARNING;

  return BOBBIN_HEALTH_LEVEL_GOOD;
}

static void
count (BobbinHealthTracker *self, BobbinHealthLevel sample)
{
  for (guint level = 0; level < BOBBIN_HEALTH_N_LEVELS; level++)
    {
      guint at_least = self->at_least[level];
      guint at_most = self->at_most[level];

      self->at_least[level] = sample >= level ? MIN (at_least, G_MAXUINT - 1) + 1 : 0;
      self->at_most[level] = sample <= level ? MIN (at_most, G_MAXUINT - 1) + 1 : 0;
    }
}

/* What was never judged is good from the first good sample on: nothing speaks against it yet. */
static void
settle (BobbinHealthTracker *self, BobbinHealthLevel sample, guint n_samples)
{
  if (!self->settled && sample == BOBBIN_HEALTH_LEVEL_GOOD)
    self->settled = TRUE;

  while (self->level < BOBBIN_HEALTH_LEVEL_NO_ANSWER &&
         self->at_least[self->level + 1] >= n_samples)
    {
      self->level++;
      self->settled = TRUE;
    }
  while (self->level > BOBBIN_HEALTH_LEVEL_GOOD && self->at_most[self->level - 1] >= n_samples)
    self->level--;
}

static BobbinHealth
judge (const BobbinHealthTracker *self, BobbinHealthLevel sample)
{
  gboolean good = sample == BOBBIN_HEALTH_LEVEL_GOOD;

  if (!self->settled)
    return BOBBIN_HEALTH_PENDING;

  switch (self->level)
    {
    case BOBBIN_HEALTH_LEVEL_GOOD:
      return good ? BOBBIN_HEALTH_UP : BOBBIN_HEALTH_PENDING;
    case BOBBIN_HEALTH_LEVEL_WARNING:
      return good ? BOBBIN_HEALTH_RECOVERING : BOBBIN_HEALTH_WARNING;
    case BOBBIN_HEALTH_LEVEL_CRITICAL:
      return good ? BOBBIN_HEALTH_RECOVERING : BOBBIN_HEALTH_CRITICAL;
    case BOBBIN_HEALTH_LEVEL_NO_ANSWER:
      return good ? BOBBIN_HEALTH_RECOVERING : BOBBIN_HEALTH_DOWN;
    default:
      g_return_val_if_reached (BOBBIN_HEALTH_UNKNOWN);
    }
}

/**
 * bobbin_health_tracker_feed: (skip)
 * @self: what is known so far; all zero before the first sample
 * @limits: the limits
 * @sample: how bad the newest sample is
 *
 * Takes in one more sample. The limits may be others each time. Any thread, one at a time.
 *
 * Returns: how what is monitored does now
 */
BobbinHealth
bobbin_health_tracker_feed (BobbinHealthTracker *self,
                            const BobbinHealthLimits *limits,
                            BobbinHealthLevel sample)
{
  g_return_val_if_fail (sample < BOBBIN_HEALTH_N_LEVELS, self->health);

  count (self, sample);
  settle (self, sample, MAX (limits->n_samples, 1));
  self->health = judge (self, sample);

  return self->health;
}

/**
 * bobbin_health_tracker_believed: (skip)
 * @self: what is known so far
 *
 * Returns: what has been settled: unknown, up, warning, critical or down
 */
BobbinHealth
bobbin_health_tracker_believed (const BobbinHealthTracker *self)
{
  static const BobbinHealth healths[BOBBIN_HEALTH_N_LEVELS] = {
    [BOBBIN_HEALTH_LEVEL_GOOD] = BOBBIN_HEALTH_UP,
    [BOBBIN_HEALTH_LEVEL_WARNING] = BOBBIN_HEALTH_WARNING,
    [BOBBIN_HEALTH_LEVEL_CRITICAL] = BOBBIN_HEALTH_CRITICAL,
    [BOBBIN_HEALTH_LEVEL_NO_ANSWER] = BOBBIN_HEALTH_DOWN,
  };

  return self->settled ? healths[self->level] : BOBBIN_HEALTH_UNKNOWN;
}
