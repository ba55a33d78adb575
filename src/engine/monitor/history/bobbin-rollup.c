/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Many samples become few buckets: of a minute, an hour, a day, or whatever a chart has room for.
 * Pure; any thread.
 *
 * Nothing here depends on the order in which samples come. Each is counted once in the bucket it
 * was due in, and the time it stands for is shared out among the buckets it reaches into, to the
 * microsecond. So a clock that was set back makes a bucket hold more than its length and loses
 * nothing, and as all is in UTC, summer time is none of our business. Buckets can be merged in any
 * grouping: hours made of minutes are hours made of samples.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-rollup.h"

#include <math.h>

/**
 * bobbin_rollup_get_start:
 * @time: a time
 * @length: of a bucket, above 0
 *
 * Returns: where the bucket starts that @time is in; one that begins a bucket ends the one before
 */
gint64
bobbin_rollup_get_start (gint64 time, gint64 length)
{
  const gint64 into = (time - 1) % length;

  return time - 1 - (into < 0 ? into + length : into);
}

/**
 * bobbin_rollup_buckets_new:
 *
 * Returns: (transfer full) (element-type BobbinHistoryBucket): no buckets, to which some can be
 *   added; they are always in the order of their starts
 */
GArray *
bobbin_rollup_buckets_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (BobbinHistoryBucket));
}

static BobbinHistoryBucket *
insert (GArray *buckets, guint at, gint64 start, gint64 length)
{
  const BobbinHistoryBucket bucket = { .start = start,
                                       .length = length,
                                       .min = NAN,
                                       .mean = NAN,
                                       .max = NAN };

  g_array_insert_val (buckets, at, bucket);

  return &g_array_index (buckets, BobbinHistoryBucket, at);
}

/* The bucket that starts there, made if there is none. It is the last one nearly always. */
static BobbinHistoryBucket *
get_bucket (GArray *buckets, gint64 start, gint64 length)
{
  BobbinHistoryBucket *all = (BobbinHistoryBucket *) buckets->data;
  guint low = 0;
  guint high = buckets->len;

  if (high > 0 && all[high - 1].start == start)
    return &all[high - 1];
  if (high > 0 && all[high - 1].start < start)
    low = high;

  while (low < high)
    {
      const guint middle = low + (high - low) / 2;

      if (all[middle].start < start)
        low = middle + 1;
      else
        high = middle;
    }
  if (low < buckets->len && all[low].start == start)
    return &all[low];

  return insert (buckets, low, start, length);
}

static void
add_values (BobbinHistoryBucket *bucket, const BobbinHistoryBucket *other)
{
  if (other->count == 0)
    return;

  if (bucket->count == 0)
    {
      bucket->min = other->min;
      bucket->mean = other->mean;
      bucket->max = other->max;
      bucket->weight = 0;
    }
  bucket->min = MIN (bucket->min, other->min);
  bucket->max = MAX (bucket->max, other->max);
  bucket->weight += other->weight;
  bucket->mean += (other->mean - bucket->mean) * ((double) other->weight / bucket->weight);
  bucket->count += other->count;
}

/**
 * bobbin_rollup_merge:
 * @bucket: a bucket
 * @other: another
 *
 * Adds what happened in @other to @bucket, which keeps its start and length.
 */
void
bobbin_rollup_merge (BobbinHistoryBucket *bucket, const BobbinHistoryBucket *other)
{
  add_values (bucket, other);
  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    bucket->in_state[i] += other->in_state[i];
}

/**
 * bobbin_rollup_from_sample:
 * @bucket: (out caller-allocates): a bucket
 * @sample: a sample
 *
 * Makes a bucket that is about nothing but @sample.
 */
void
bobbin_rollup_from_sample (BobbinHistoryBucket *bucket, const BobbinHistorySample *sample)
{
  const gint64 duration = MAX (sample->duration, 0);
  const gboolean has_value = isfinite (sample->value);
  const double value = has_value ? sample->value : NAN;

  *bucket = (BobbinHistoryBucket){ .start = sample->time - duration,
                                   .length = duration,
                                   .count = has_value ? 1 : 0,
                                   .weight = has_value ? MAX (duration, 1) : 0,
                                   .min = value,
                                   .mean = value,
                                   .max = value };
  bucket->in_state[sample->state] = duration;
}

/**
 * bobbin_rollup_add_sample:
 * @buckets: (element-type BobbinHistoryBucket): buckets of one length
 * @length: their length
 * @sample: a sample
 *
 * Adds @sample to the buckets that it is about, which are made where there are none.
 */
void
bobbin_rollup_add_sample (GArray *buckets, gint64 length, const BobbinHistorySample *sample)
{
  const gint64 begin = sample->time - MAX (sample->duration, 0);
  BobbinHistoryBucket value;

  g_return_if_fail (sample->state < BOBBIN_HISTORY_N_STATES);

  for (gint64 start = bobbin_rollup_get_start (begin + 1, length);
       begin < sample->time && start < sample->time; start += length)
    get_bucket (buckets, start, length)->in_state[sample->state] +=
      MIN (start + length, sample->time) - MAX (start, begin);

  bobbin_rollup_from_sample (&value, sample);
  if (value.count > 0)
    add_values (get_bucket (buckets, bobbin_rollup_get_start (sample->time, length), length),
                &value);
}

/**
 * bobbin_rollup_add_bucket:
 * @buckets: (element-type BobbinHistoryBucket): buckets of one length
 * @length: their length
 * @bucket: one that lies within one of those, or in no more than two of them
 *
 * Adds what happened in @bucket to the one that it ends in.
 */
void
bobbin_rollup_add_bucket (GArray *buckets, gint64 length, const BobbinHistoryBucket *bucket)
{
  const gint64 start = bobbin_rollup_get_start (bucket->start + bucket->length, length);

  bobbin_rollup_merge (get_bucket (buckets, start, length), bucket);
}

/**
 * bobbin_rollup_clip:
 * @bucket: a bucket
 * @from: a time before its end
 * @to: a time after its start
 *
 * Leaves of @bucket what belongs between @from and @to: of its durations as much as of its time.
 * The values stay.
 */
void
bobbin_rollup_clip (BobbinHistoryBucket *bucket, gint64 from, gint64 to)
{
  const gint64 start = MAX (bucket->start, from);
  const gint64 length = MIN (bucket->start + bucket->length, to) - start;
  const double share = (double) length / bucket->length;

  if (length >= bucket->length)
    return;

  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    bucket->in_state[i] = (gint64) (bucket->in_state[i] * share + 0.5);
  bucket->start = start;
  bucket->length = length;
}

/**
 * bobbin_rollup_clip_sample:
 * @sample: a sample
 * @from: a time, not after the sample’s
 * @to: a time, after the beginning of what it stands for
 *
 * Leaves of @sample what belongs between @from and @to. Its value goes if it was due later.
 */
void
bobbin_rollup_clip_sample (BobbinHistorySample *sample, gint64 from, gint64 to)
{
  const gint64 begin = MAX (sample->time - sample->duration, from);

  if (sample->time > to)
    {
      sample->time = to;
      sample->value = NAN;
    }
  sample->duration = MAX (sample->time - begin, 0);
}

/* Whether the time of a sample begins where that of the one before ends, give or take a slot. */
static gboolean
follows (const BobbinHistorySample *sample, const BobbinHistorySample *before)
{
  const gint64 gap = sample->time - sample->duration - before->time;

  return gap <= MAX (sample->duration, BOBBIN_ROLLUP_SECOND);
}

/**
 * bobbin_rollup_settle:
 * @samples: (array length=n_samples): of one monitor, in the order in which they came
 * @n_samples: so many
 *
 * Finds out what pending samples have come to. Those that an outage followed were its beginning:
 * their state becomes %BOBBIN_HISTORY_PENDING_DOWN. The others recovered, or were never settled,
 * and stay what they are.
 *
 * Returns: how many are settled: the rest are pending and wait for more samples to come
 */
guint
bobbin_rollup_settle (BobbinHistorySample *samples, guint n_samples)
{
  guint n_settled = n_samples;

  while (n_settled > 0 && samples[n_settled - 1].state == BOBBIN_HISTORY_PENDING)
    n_settled--;

  for (guint i = n_settled; i-- > 1;)
    if (samples[i - 1].state == BOBBIN_HISTORY_PENDING &&
        (samples[i].state == BOBBIN_HISTORY_DOWN ||
         samples[i].state == BOBBIN_HISTORY_PENDING_DOWN) &&
        follows (&samples[i], &samples[i - 1]))
      samples[i - 1].state = BOBBIN_HISTORY_PENDING_DOWN;

  return n_settled;
}
