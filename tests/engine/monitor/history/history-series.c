/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Series of samples for the tests of the history, and the slow and plain way to sum them up.
 */

#include "config.h"

#include "history-series.h"

#include <math.h>

static double
make_value (GRand *rand)
{
  switch (g_rand_int_range (rand, 0, 6))
    {
    case 0:
      return NAN;
    case 1:
      return 42;
    case 2:
      return 0;
    case 3:
      return g_rand_double_range (rand, -1e12, 1e12);
    default:
      return g_rand_double_range (rand, 0, 100);
    }
}

/* Once in a while the clock is set, the computer sleeps, or a sample comes twice. */
static gint64
make_step (GRand *rand, gint64 interval)
{
  switch (g_rand_int_range (rand, 0, 40))
    {
    case 0:
      return -(gint64) g_rand_int_range (rand, 1, 7200) * G_USEC_PER_SEC;
    case 1:
      return (gint64) g_rand_int_range (rand, 1, 7200) * G_USEC_PER_SEC;
    case 2:
      return 0;
    case 3:
      return interval + g_rand_int_range (rand, 0, 1000000);
    default:
      return interval;
    }
}

/* A series of one monitor, some of it without a hole, from @begin on. */
GArray *
test_make_series (GRand *rand, gint64 begin, guint n_samples)
{
  static const gint64 intervals[] = { 100000, G_USEC_PER_SEC, 7 * G_USEC_PER_SEC,
                                      60 * (gint64) G_USEC_PER_SEC,
                                      5000 * (gint64) G_USEC_PER_SEC };
  const gint64 interval = intervals[g_rand_int_range (rand, 0, G_N_ELEMENTS (intervals))];
  GArray *series = g_array_new (FALSE, FALSE, sizeof (BobbinHistorySample));
  BobbinHistorySample sample = { .time = begin };

  for (guint i = 0; i < n_samples; i++)
    {
      const gint64 step = make_step (rand, interval);

      sample.time += step;
      sample.duration = i == 0 ? 0 : g_rand_boolean (rand) ? MAX (step, 0) : interval;
      sample.value = make_value (rand);
      if (g_rand_int_range (rand, 0, 5) == 0)
        sample.state = (guint) g_rand_int_range (rand, 0, BOBBIN_HISTORY_N_STATES);
      g_array_append_val (series, sample);
      if (g_rand_int_range (rand, 0, 50) == 0)
        g_array_append_val (series, sample);
    }

  return series;
}

/* What happened from just after @start on, from all samples one by one. */
BobbinHistoryBucket
test_sum_up (const GArray *series, gint64 start, gint64 length)
{
  BobbinHistoryBucket sum = { .start = start,
                              .length = length,
                              .min = NAN,
                              .mean = NAN,
                              .max = NAN };
  long double product = 0;

  for (guint i = 0; i < series->len; i++)
    {
      const BobbinHistorySample *sample = &g_array_index (series, BobbinHistorySample, i);
      const gint64 begin = MAX (sample->time - sample->duration, start);
      const gint64 end = MIN (sample->time, start + length);

      if (end > begin)
        sum.in_state[sample->state] += end - begin;
      if (isnan (sample->value) || sample->time <= start || sample->time > start + length)
        continue;

      sum.count++;
      sum.weight += MAX (sample->duration, 1);
      sum.min = fmin (sum.min, sample->value);
      sum.max = fmax (sum.max, sample->value);
      product += (long double) sample->value * MAX (sample->duration, 1);
    }
  if (sum.count > 0)
    sum.mean = (double) (product / sum.weight);

  return sum;
}

gboolean
test_is_empty (const BobbinHistoryBucket *bucket)
{
  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    if (bucket->in_state[i] > 0)
      return FALSE;

  return bucket->count == 0;
}

/* The mean may differ by what adding up in another order does. */
void
test_assert_same (const BobbinHistoryBucket *bucket, const BobbinHistoryBucket *expected)
{
  const double scale = fmax (fabs (expected->min), fabs (expected->max));

  g_assert_cmpint (bucket->start, ==, expected->start);
  g_assert_cmpint (bucket->length, ==, expected->length);
  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    g_assert_cmpint (bucket->in_state[i], ==, expected->in_state[i]);
  g_assert_cmpuint (bucket->count, ==, expected->count);
  if (expected->count == 0)
    {
      g_assert_true (isnan (bucket->min) && isnan (bucket->mean) && isnan (bucket->max));
      return;
    }

  g_assert_cmpint (bucket->weight, ==, expected->weight);
  g_assert_cmpfloat (bucket->min, ==, expected->min);
  g_assert_cmpfloat (bucket->max, ==, expected->max);
  g_assert_cmpfloat (fabs (bucket->mean - expected->mean), <=, 1e-12 * scale);
}

/* The buckets are in order, each is what the series comes to, and none is missing. */
void
test_assert_right (const GArray *buckets, gint64 length, const GArray *series)
{
  gint64 in_buckets = 0;
  gint64 in_series = 0;
  guint64 n_values = 0;

  for (guint i = 0; i < buckets->len; i++)
    {
      const BobbinHistoryBucket *bucket = &g_array_index (buckets, BobbinHistoryBucket, i);
      const BobbinHistoryBucket expected = test_sum_up (series, bucket->start, length);

      g_assert_cmpint (bucket->start % length, ==, 0);
      g_assert_true (i == 0 || bucket[-1].start < bucket->start);
      g_assert_false (test_is_empty (bucket));
      test_assert_same (bucket, &expected);
      n_values += bucket->count;
      for (guint state = 0; state < BOBBIN_HISTORY_N_STATES; state++)
        in_buckets += bucket->in_state[state];
    }
  for (guint i = 0; i < series->len; i++)
    {
      const BobbinHistorySample *sample = &g_array_index (series, BobbinHistorySample, i);

      in_series += sample->duration;
      n_values -= !isnan (sample->value);
    }
  g_assert_cmpint (in_buckets, ==, in_series);
  g_assert_cmpuint (n_values, ==, 0);
}
