/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * From samples to a judgement. Each sample has a level: good, beyond the warning limit, beyond the
 * critical limit, or no answer at all. A level is believed once N samples in a row bear it out:
 * the monitored thing is as bad as the best of the last N samples, and it is well again when the
 * worst of the last M is good. In between it is pending or recovering. A limit that was passed is
 * held until the value is back beyond its clear value, so that a value which trembles about a limit
 * is one event.
 *
 * Where there is nothing to judge the health is unknown, and what was believed stays: no data, a
 * sleeping computer or one without a network, a pause or a maintenance window neither begin nor end
 * a trouble, and do not tell of one again. What came before such a gap does not count as in a row
 * with what comes after it; but no data between two bad samples makes neither of them better.
 *
 * Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-health-private.h"

#include <string.h>

/* What it is called when a level is believed in. */
static const BobbinHealth healths[BOBBIN_HEALTH_N_LEVELS] = {
  [BOBBIN_HEALTH_LEVEL_GOOD] = BOBBIN_HEALTH_UP,
  [BOBBIN_HEALTH_LEVEL_WARNING] = BOBBIN_HEALTH_WARNING,
  [BOBBIN_HEALTH_LEVEL_CRITICAL] = BOBBIN_HEALTH_CRITICAL,
  [BOBBIN_HEALTH_LEVEL_NO_ANSWER] = BOBBIN_HEALTH_DOWN,
};

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
 * bobbin_unknown_reason_to_string:
 * @reason: a reason
 *
 * The name of @reason as programs know it: lower case, never translated. Any thread.
 *
 * Returns: (transfer none): a static string
 */
const char *
bobbin_unknown_reason_to_string (BobbinUnknownReason reason)
{
  switch (reason)
    {
    case BOBBIN_UNKNOWN_NONE:
      return "none";
    case BOBBIN_UNKNOWN_NO_DATA:
      return "no-data";
    case BOBBIN_UNKNOWN_OFFLINE:
      return "offline";
    case BOBBIN_UNKNOWN_ASLEEP:
      return "asleep";
    case BOBBIN_UNKNOWN_PAUSED:
      return "paused";
    case BOBBIN_UNKNOWN_MAINTENANCE:
      return "maintenance";
    default:
      g_return_val_if_reached ("none");
    }
}

/* Whether a limit is passed: a value that is just the limit does not. */
static gboolean
is_beyond (const BobbinHealthLimits *limits, double limit, double value)
{
  if (isnan (limit))
    return FALSE;

  return limits->below ? value < limit : value > limit;
}

/* A clear value on the wrong side of its limit is none. */
static gboolean
is_held (const BobbinHealthLimits *limits, double limit, double clear, double value)
{
  if (isnan (limit) || isnan (clear) || is_beyond (limits, limit, clear))
    clear = limit;

  return is_beyond (limits, clear, value);
}

/**
 * bobbin_health_limits_judge: (skip)
 * @limits: the limits
 * @value: a sample's value, not NAN
 *
 * Compares a value with the limits, as if nothing were known of earlier ones. A value that is just
 * the limit is not beyond it. Any thread.
 *
 * Returns: how bad the value is
 */
BobbinHealthLevel
bobbin_health_limits_judge (const BobbinHealthLimits *limits, double value)
{
  if (is_beyond (limits, limits->critical, value))
    return BOBBIN_HEALTH_LEVEL_CRITICAL;
  if (is_beyond (limits, limits->warn, value))
    return BOBBIN_HEALTH_LEVEL_WARNING;

  return BOBBIN_HEALTH_LEVEL_GOOD;
}

/**
 * bobbin_health_tracker_judge: (skip)
 * @self: what is known so far
 * @limits: the limits
 * @value: a sample's value, not NAN
 *
 * Compares a value with the limits, where those that have been passed and believed hold until they
 * are cleared. Any thread.
 *
 * Returns: how bad the value is: what to feed
 */
BobbinHealthLevel
bobbin_health_tracker_judge (const BobbinHealthTracker *self,
                             const BobbinHealthLimits *limits,
                             double value)
{
  const BobbinHealthLevel fresh = bobbin_health_limits_judge (limits, value);

  if (self->held >= BOBBIN_HEALTH_LEVEL_CRITICAL &&
      is_held (limits, limits->critical, limits->critical_clear, value))
    return MAX (fresh, BOBBIN_HEALTH_LEVEL_CRITICAL);
  if (self->held >= BOBBIN_HEALTH_LEVEL_WARNING &&
      is_held (limits, limits->warn, limits->warn_clear, value))
    return MAX (fresh, BOBBIN_HEALTH_LEVEL_WARNING);

  return fresh;
}

static void
count_row (BobbinHealthRow *row, gboolean goes_on, gint64 time)
{
  if (!goes_on)
    row->n = 0;
  else if (row->n++ == 0)
    row->since = time;
  else if (row->n == 0)
    row->n = G_MAXUINT;
}

static void
count (BobbinHealthTracker *self, BobbinHealthLevel sample, gint64 time)
{
  for (guint level = 0; level < BOBBIN_HEALTH_N_LEVELS; level++)
    {
      count_row (&self->at_least[level], sample >= level, time);
      count_row (&self->at_most[level], sample <= level, time);
    }
}

static gboolean
is_borne_out (const BobbinHealthRow *row, const BobbinHealthLimits *limits, gint64 time)
{
  return row->n >= MAX (limits->n_samples, 1) && time - row->since >= limits->duration;
}

/* What was never judged is good from the first good sample on: nothing speaks against it yet. */
static void
settle (BobbinHealthTracker *self,
        BobbinHealthLevel sample,
        const BobbinHealthLimits *limits,
        gint64 time)
{
  const guint n_good = MAX (limits->n_good > 0 ? limits->n_good : limits->n_samples, 1);

  if (!self->settled && sample == BOBBIN_HEALTH_LEVEL_GOOD)
    self->settled = TRUE;

  while (self->level < BOBBIN_HEALTH_LEVEL_NO_ANSWER &&
         is_borne_out (&self->at_least[self->level + 1], limits, time))
    {
      self->level++;
      self->settled = TRUE;
    }
  while (self->level > BOBBIN_HEALTH_LEVEL_GOOD && self->at_most[self->level - 1].n >= n_good)
    self->level--;

  /* No answer says nothing of a value. */
  if (self->level != BOBBIN_HEALTH_LEVEL_NO_ANSWER)
    self->held = self->level;
}

static BobbinHealth
judge (const BobbinHealthTracker *self, BobbinHealthLevel sample)
{
  const gboolean good = sample == BOBBIN_HEALTH_LEVEL_GOOD;

  if (!self->settled)
    return BOBBIN_HEALTH_PENDING;
  if (self->level == BOBBIN_HEALTH_LEVEL_GOOD)
    return good ? BOBBIN_HEALTH_UP : BOBBIN_HEALTH_PENDING;

  return good ? BOBBIN_HEALTH_RECOVERING : healths[self->level];
}

/**
 * bobbin_health_tracker_feed: (skip)
 * @self: what is known so far; all zero before the first sample
 * @limits: the limits
 * @time: when the sample was due, in µs of any clock that does not go back
 * @sample: how bad the newest sample is
 *
 * Takes in one more sample. The limits may be others each time. Any thread, one at a time.
 *
 * Returns: how what is monitored does now
 */
BobbinHealth
bobbin_health_tracker_feed (BobbinHealthTracker *self,
                            const BobbinHealthLimits *limits,
                            gint64 time,
                            BobbinHealthLevel sample)
{
  g_return_val_if_fail (sample < BOBBIN_HEALTH_N_LEVELS, self->health);

  count (self, sample, time);
  settle (self, sample, limits, time);
  self->health = judge (self, sample);
  self->reason = BOBBIN_UNKNOWN_NONE;

  return self->health;
}

/**
 * bobbin_health_tracker_miss: (skip)
 * @self: what is known so far
 * @reason: why there is no sample that could be judged
 *
 * Takes in that nothing is known now. What is believed stays. Any thread, one at a time.
 *
 * Returns: %BOBBIN_HEALTH_UNKNOWN
 */
BobbinHealth
bobbin_health_tracker_miss (BobbinHealthTracker *self, BobbinUnknownReason reason)
{
  memset (self->at_most, 0, sizeof self->at_most);
  if (reason != BOBBIN_UNKNOWN_NO_DATA)
    memset (self->at_least, 0, sizeof self->at_least);

  self->health = BOBBIN_HEALTH_UNKNOWN;
  self->reason = reason;

  return self->health;
}

/**
 * bobbin_health_tracker_restore: (skip)
 * @self: (out): what is known so far: nothing, but for what was believed
 * @believed: what an earlier one believed: unknown, up, warning, critical or down
 *
 * Begins where another one ended. Any thread.
 */
void
bobbin_health_tracker_restore (BobbinHealthTracker *self, BobbinHealth believed)
{
  *self = (BobbinHealthTracker){ .settled = believed != BOBBIN_HEALTH_UNKNOWN };

  for (guint level = 0; level < BOBBIN_HEALTH_N_LEVELS; level++)
    if (healths[level] == believed)
      self->level = level;
  if (self->level != BOBBIN_HEALTH_LEVEL_NO_ANSWER)
    self->held = self->level;
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
  return self->settled ? healths[self->level] : BOBBIN_HEALTH_UNKNOWN;
}
