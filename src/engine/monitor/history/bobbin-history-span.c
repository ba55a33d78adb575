/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What can be asked of a history, what it answers, and how closely it looks for that: at samples
 * for an hour, at days for ten years. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-history-span.h"

/**
 * bobbin_history_span_new: (skip)
 * @level: how closely was looked
 * @step: the length of a bucket, or 0
 *
 * Returns: (transfer full): a span without any bucket yet
 */
BobbinHistorySpan *
bobbin_history_span_new (BobbinHistoryLevel level, gint64 step)
{
  BobbinHistorySpan *self = g_new0 (BobbinHistorySpan, 1);

  self->level = level;
  self->step = step;
  self->buckets = bobbin_rollup_buckets_new ();

  return self;
}

/**
 * bobbin_history_span_free: (skip)
 * @self: a span
 */
void
bobbin_history_span_free (BobbinHistorySpan *self)
{
  g_array_unref (self->buckets);
  g_free (self);
}

/**
 * bobbin_history_level_get_length:
 * @level: a level
 *
 * Returns: how long a bucket of it is, µs; 0 for samples
 */
gint64
bobbin_history_level_get_length (BobbinHistoryLevel level)
{
  static const gint64 lengths[BOBBIN_HISTORY_N_LEVELS] = { 0, BOBBIN_ROLLUP_MINUTE,
                                                           BOBBIN_ROLLUP_HOUR, BOBBIN_ROLLUP_DAY };

  g_return_val_if_fail (level < BOBBIN_HISTORY_N_LEVELS, 0);

  return lengths[level];
}

/**
 * bobbin_history_level_get_span:
 * @level: a level
 *
 * Returns: how much time a row of the database is about at most, µs: so much that the row fills
 *   most of its pages of 4 KiB
 */
gint64
bobbin_history_level_get_span (BobbinHistoryLevel level)
{
  static const gint64 spans[BOBBIN_HISTORY_N_LEVELS] = { BOBBIN_ROLLUP_HOUR, 4 * BOBBIN_ROLLUP_HOUR,
                                                         8 * BOBBIN_ROLLUP_DAY,
                                                         128 * BOBBIN_ROLLUP_DAY };

  g_return_val_if_fail (level < BOBBIN_HISTORY_N_LEVELS, 0);

  return spans[level];
}

/**
 * bobbin_history_level_for_step:
 * @step: the length of a chart’s buckets, µs
 *
 * Returns: the coarsest level of which these can be made
 */
BobbinHistoryLevel
bobbin_history_level_for_step (gint64 step)
{
  BobbinHistoryLevel level = BOBBIN_HISTORY_DAYS;

  while (level > BOBBIN_HISTORY_RAW && bobbin_history_level_get_length (level) > step)
    level--;

  return level;
}

/**
 * bobbin_history_level_for_range:
 * @range: how much time it is about, µs
 *
 * Where a single figure is wanted, the ends of the time should not be blurred by more than a
 * thousandth of it.
 *
 * Returns: how closely to look for that
 */
BobbinHistoryLevel
bobbin_history_level_for_range (gint64 range)
{
  if (range <= 25 * BOBBIN_ROLLUP_HOUR)
    return BOBBIN_HISTORY_RAW;
  if (range <= 32 * BOBBIN_ROLLUP_DAY)
    return BOBBIN_HISTORY_MINUTES;
  if (range <= 1000 * BOBBIN_ROLLUP_DAY)
    return BOBBIN_HISTORY_HOURS;

  return BOBBIN_HISTORY_DAYS;
}

/**
 * bobbin_history_choose_step:
 * @range: how much time it is about, µs
 * @max_points: so many buckets for all of it, at least 1
 *
 * Returns: a length of buckets, µs, that a person can make sense of, and of which no more than
 *   that are needed, but for one that begins earlier
 */
gint64
bobbin_history_choose_step (gint64 range, guint max_points)
{
  static const gint64 steps[] = {
    BOBBIN_ROLLUP_SECOND / 10, BOBBIN_ROLLUP_SECOND / 5,  BOBBIN_ROLLUP_SECOND / 2,
    BOBBIN_ROLLUP_SECOND,      2 * BOBBIN_ROLLUP_SECOND,  5 * BOBBIN_ROLLUP_SECOND,
    10 * BOBBIN_ROLLUP_SECOND, 15 * BOBBIN_ROLLUP_SECOND, 30 * BOBBIN_ROLLUP_SECOND,
    BOBBIN_ROLLUP_MINUTE,      2 * BOBBIN_ROLLUP_MINUTE,  5 * BOBBIN_ROLLUP_MINUTE,
    10 * BOBBIN_ROLLUP_MINUTE, 15 * BOBBIN_ROLLUP_MINUTE, 30 * BOBBIN_ROLLUP_MINUTE,
    BOBBIN_ROLLUP_HOUR,        2 * BOBBIN_ROLLUP_HOUR,    3 * BOBBIN_ROLLUP_HOUR,
    6 * BOBBIN_ROLLUP_HOUR,    12 * BOBBIN_ROLLUP_HOUR,
  };
  const gint64 least = range / MAX (max_points, 1) + (range % MAX (max_points, 1) != 0);
  gint64 step = BOBBIN_ROLLUP_DAY;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] >= least)
      return steps[i];
  while (step < least)
    step *= 2;

  return step;
}
