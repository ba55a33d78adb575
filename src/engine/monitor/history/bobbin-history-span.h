/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-rollup.h"

G_BEGIN_DECLS

/**
 * BobbinHistoryLevel:
 * @BOBBIN_HISTORY_RAW: the samples themselves
 * @BOBBIN_HISTORY_MINUTES: a bucket a minute
 * @BOBBIN_HISTORY_HOURS: a bucket an hour
 * @BOBBIN_HISTORY_DAYS: a bucket a day, from midnight to midnight in UTC
 * @BOBBIN_HISTORY_ANY: whichever suits: not a level, but a wish
 *
 * How closely a history is looked at. The numbers are in databases: they never change.
 */
typedef enum
{
  BOBBIN_HISTORY_RAW = 0,
  BOBBIN_HISTORY_MINUTES = 1,
  BOBBIN_HISTORY_HOURS = 2,
  BOBBIN_HISTORY_DAYS = 3,
  BOBBIN_HISTORY_ANY = 4,
} BobbinHistoryLevel;

#define BOBBIN_HISTORY_N_LEVELS (BOBBIN_HISTORY_DAYS + 1)

/**
 * BobbinHistoryQuery:
 * @number: of a monitor in the store
 * @from: what is asked about begins just after this time
 * @to: and ends with this
 * @level: how closely to look
 * @max_points: where @level is %BOBBIN_HISTORY_ANY: so many buckets, about, for all of the time;
 *   0 for a single one of exactly that time
 *
 * What is asked of a history.
 */
typedef struct
{
  gint64             number;
  gint64             from;
  gint64             to;
  BobbinHistoryLevel level;
  guint              max_points;
} BobbinHistoryQuery;

/**
 * BobbinHistorySpan:
 * @level: how closely was looked
 * @step: the length of a bucket, µs; 0 where each is a sample
 * @buckets: (element-type BobbinHistoryBucket): those in which something happened, oldest first
 *
 * What a history answers. Buckets begin at multiples of their length, so the first may begin before
 * the time that was asked about.
 */
typedef struct
{
  BobbinHistoryLevel level;
  gint64             step;
  GArray            *buckets;
} BobbinHistorySpan;

BobbinHistorySpan *bobbin_history_span_new         (BobbinHistoryLevel level,
                                                    gint64             step);
void               bobbin_history_span_free        (BobbinHistorySpan *self);

gint64             bobbin_history_level_get_length (BobbinHistoryLevel level);
gint64             bobbin_history_level_get_span   (BobbinHistoryLevel level);
BobbinHistoryLevel bobbin_history_level_for_step   (gint64 step);
BobbinHistoryLevel bobbin_history_level_for_range  (gint64 range);
gint64             bobbin_history_choose_step      (gint64 range,
                                                    guint  max_points);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinHistorySpan, bobbin_history_span_free)

G_END_DECLS
