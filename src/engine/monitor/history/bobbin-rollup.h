/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-history-state.h"

G_BEGIN_DECLS

/* All times and lengths are µs, times since 1970 in UTC. A bucket begins just after its start and
 * ends with start + length: a sample stands for the time up to it. */

#define BOBBIN_ROLLUP_SECOND G_USEC_PER_SEC
#define BOBBIN_ROLLUP_MINUTE (60 * (gint64) G_USEC_PER_SEC)
#define BOBBIN_ROLLUP_HOUR   (60 * BOBBIN_ROLLUP_MINUTE)
#define BOBBIN_ROLLUP_DAY    (24 * BOBBIN_ROLLUP_HOUR)

/**
 * BobbinHistorySample:
 * @time: when it was due
 * @duration: how long before @time its state held, 0 or more
 * @value: what was found; NAN for nothing
 * @state: the state up to @time
 *
 * One thing that a monitor came to know.
 */
typedef struct
{
  gint64             time;
  gint64             duration;
  double             value;
  BobbinHistoryState state;
} BobbinHistorySample;

/**
 * BobbinHistoryBucket:
 * @start: of the time it is about
 * @length: of that time
 * @count: so many samples with a value were due in it
 * @weight: of the mean: how long these samples stand for, no less than 1 each
 * @min: the lowest value; NAN without any
 * @mean: the mean of the values, each weighing as much as the time it stands for
 * @max: the highest value
 * @in_state: how long it was in each state
 *
 * What happened between two moments. The durations are those that were monitored: less than
 * @length where nothing was, more where the clock was set back.
 */
typedef struct
{
  gint64  start;
  gint64  length;
  guint64 count;
  gint64  weight;
  double  min;
  double  mean;
  double  max;
  gint64  in_state[BOBBIN_HISTORY_N_STATES];
} BobbinHistoryBucket;

gint64  bobbin_rollup_get_start     (gint64 time,
                                     gint64 length);
void    bobbin_rollup_from_sample   (BobbinHistoryBucket       *bucket,
                                     const BobbinHistorySample *sample);
GArray *bobbin_rollup_buckets_new   (void);
void    bobbin_rollup_add_sample    (GArray                    *buckets,
                                     gint64                     length,
                                     const BobbinHistorySample *sample);
void    bobbin_rollup_add_bucket    (GArray                    *buckets,
                                     gint64                     length,
                                     const BobbinHistoryBucket *bucket);
void    bobbin_rollup_clip          (BobbinHistoryBucket *bucket,
                                     gint64               from,
                                     gint64               to);
void    bobbin_rollup_clip_sample   (BobbinHistorySample *sample,
                                     gint64               from,
                                     gint64               to);
void    bobbin_rollup_merge         (BobbinHistoryBucket       *bucket,
                                     const BobbinHistoryBucket *other);
guint   bobbin_rollup_settle        (BobbinHistorySample *samples,
                                     guint                n_samples);

G_END_DECLS
