/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-history-codec: what is written can be read, to the last bit; what is damaged is not
 * believed and does no harm.
 */

#include "config.h"

#include "bobbin-history-codec.h"
#include "history-series.h"

#include <math.h>
#include <string.h>

#define N_ROUNDS 50
#define BEGIN    (1774744200 * (gint64) G_USEC_PER_SEC)

static void
keep_entry (const BobbinHistoryEntry *entry, gpointer user_data)
{
  g_array_append_vals (user_data, entry, 1);
}

static GArray *
read_samples (GBytes *bytes, gboolean *sound)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (BobbinHistoryEntry));
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  *sound = bobbin_history_read_samples (data, size, keep_entry, entries);

  return entries;
}

static void
assert_same_sample (const BobbinHistorySample *sample, const BobbinHistorySample *expected)
{
  g_assert_cmpint (sample->time, ==, expected->time);
  g_assert_cmpint (sample->duration, ==, expected->duration);
  g_assert_cmpint (sample->state, ==, expected->state);
  if (isnan (expected->value))
    g_assert_true (isnan (sample->value));
  else
    g_assert_cmpmem (&sample->value, sizeof (double), &expected->value, sizeof (double));
}

static GBytes *
write_series (GArray *series, const gint64 *numbers)
{
  g_auto (BobbinHistoryWriter) writer;

  bobbin_history_writer_init (&writer);
  for (guint i = 0; i < series->len; i++)
    bobbin_history_writer_add (&writer, numbers[i],
                               &g_array_index (series, BobbinHistorySample, i));

  return bobbin_history_writer_end (&writer);
}

static void
test_samples (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      g_autoptr (GArray) series = test_make_series (rand, BEGIN, 200);
      g_autofree gint64 *numbers = g_new0 (gint64, series->len);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GArray) entries = NULL;
      gboolean sound;

      for (guint i = 0; i < series->len; i++)
        numbers[i] = g_rand_int_range (rand, 1, 5) == 1 ? (gint64) g_rand_int (rand) << 20 : 7;
      bytes = write_series (series, numbers);
      entries = read_samples (bytes, &sound);
      g_assert_true (sound);
      g_assert_cmpuint (entries->len, ==, series->len);
      for (guint i = 0; i < series->len; i++)
        {
          const BobbinHistoryEntry *entry = &g_array_index (entries, BobbinHistoryEntry, i);

          g_assert_cmpint (entry->number, ==, numbers[i]);
          assert_same_sample (&entry->sample, &g_array_index (series, BobbinHistorySample, i));
        }
    }
}

/* Values at the ends of what there is. */
static void
test_odd_samples (void)
{
  static const BobbinHistorySample odd[] = {
    { 0, 0, 0, BOBBIN_HISTORY_UP },
    { G_MAXINT64, 1, -0.0, BOBBIN_HISTORY_UP },
    { G_MININT64, 1, G_MAXDOUBLE, BOBBIN_HISTORY_UP },
    { 1, G_MAXINT64, G_MINDOUBLE, BOBBIN_HISTORY_MAINTENANCE },
    { -1, 3, -G_MAXDOUBLE, BOBBIN_HISTORY_UNKNOWN },
    { 2, 3, 5e-324, BOBBIN_HISTORY_UNKNOWN },
  };
  const gint64 numbers[G_N_ELEMENTS (odd)] = { 1, G_MAXINT64, 2, 2, 3, 1 };
  g_autoptr (GArray) series = g_array_new (FALSE, FALSE, sizeof (BobbinHistorySample));
  g_autoptr (GArray) entries = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gboolean sound;

  g_array_append_vals (series, odd, G_N_ELEMENTS (odd));
  bytes = write_series (series, numbers);
  entries = read_samples (bytes, &sound);
  g_assert_true (sound);
  g_assert_cmpuint (entries->len, ==, G_N_ELEMENTS (odd));
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    assert_same_sample (&g_array_index (entries, BobbinHistoryEntry, i).sample, &odd[i]);
}

/* What is not a number is no value: a chart could not show it. */
static void
test_infinite (void)
{
  static const BobbinHistorySample infinite = { 5, 5, INFINITY, BOBBIN_HISTORY_UP };
  const gint64 number = 1;
  g_autoptr (GArray) series = g_array_new (FALSE, FALSE, sizeof (BobbinHistorySample));
  g_autoptr (GArray) entries = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gboolean sound;

  g_array_append_val (series, infinite);
  bytes = write_series (series, &number);
  entries = read_samples (bytes, &sound);
  g_assert_true (isnan (g_array_index (entries, BobbinHistoryEntry, 0).sample.value));
}

/* A steady monitor is what there is most of. */
static void
test_small (void)
{
  g_auto (BobbinHistoryWriter) writer;
  BobbinHistorySample sample = { BEGIN, BOBBIN_ROLLUP_SECOND, 0, BOBBIN_HISTORY_UP };
  g_autoptr (GBytes) bytes = NULL;

  bobbin_history_writer_init (&writer);
  for (guint i = 0; i < 1000; i++)
    {
      sample.time += BOBBIN_ROLLUP_SECOND;
      sample.value = (i % 17) / 2.0;
      bobbin_history_writer_add (&writer, 0, &sample);
    }
  bytes = bobbin_history_writer_end (&writer);
  g_assert_cmpuint (g_bytes_get_size (bytes), <, 5 * 1000);
}

static GArray *
make_buckets (GRand *rand)
{
  g_autoptr (GArray) series = test_make_series (rand, BEGIN, 300);
  GArray *buckets = bobbin_rollup_buckets_new ();

  for (guint i = 0; i < series->len; i++)
    bobbin_rollup_add_sample (buckets, BOBBIN_ROLLUP_MINUTE,
                              &g_array_index (series, BobbinHistorySample, i));

  return buckets;
}

static void
test_buckets (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      g_autoptr (GArray) buckets = make_buckets (rand);
      const gint64 first = g_array_index (buckets, BobbinHistoryBucket, 0).start;
      const gint64 origin = first - round * BOBBIN_ROLLUP_MINUTE;
      g_autoptr (GBytes) bytes =
        bobbin_history_write_buckets (buckets, origin, BOBBIN_ROLLUP_MINUTE);
      g_autoptr (GArray) read = bobbin_rollup_buckets_new ();
      gsize size;
      const guint8 *data = g_bytes_get_data (bytes, &size);

      g_assert_true (bobbin_history_read_buckets (data, size, origin, BOBBIN_ROLLUP_MINUTE, read));
      g_assert_cmpuint (read->len, ==, buckets->len);
      for (guint i = 0; i < read->len; i++)
        {
          const BobbinHistoryBucket *bucket = &g_array_index (read, BobbinHistoryBucket, i);
          const BobbinHistoryBucket *expected = &g_array_index (buckets, BobbinHistoryBucket, i);

          test_assert_same (bucket, expected);
          g_assert_true (expected->count == 0 || bucket->mean == expected->mean);
        }
    }
}

/* ---- damage */

static void
read_anything (GBytes *bytes)
{
  g_autoptr (GArray) buckets = bobbin_rollup_buckets_new ();
  g_autoptr (GArray) entries = NULL;
  gboolean sound;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  entries = read_samples (bytes, &sound);
  for (guint i = 0; i < entries->len; i++)
    {
      const BobbinHistoryEntry *entry = &g_array_index (entries, BobbinHistoryEntry, i);

      g_assert_cmpint (entry->sample.duration, >=, 0);
      g_assert_cmpuint (entry->sample.state, <, BOBBIN_HISTORY_N_STATES);
    }
  bobbin_history_read_buckets (data, size, BEGIN, BOBBIN_ROLLUP_MINUTE, buckets);
  for (guint i = 0; i < buckets->len; i++)
    for (guint j = 0; j < BOBBIN_HISTORY_N_STATES; j++)
      g_assert_cmpint (g_array_index (buckets, BobbinHistoryBucket, i).in_state[j], >=, 0);
}

/* Every beginning of a text, and every byte of it replaced by others. */
static void
read_damaged (GRand *rand, GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      g_autoptr (GBytes) shorter = g_bytes_new (data, i);
      g_autoptr (GBytes) other = NULL;

      copy[i] ^= (guint8) g_rand_int_range (rand, 1, 256);
      other = g_bytes_new (copy, size);
      read_anything (shorter);
      read_anything (other);
    }
}

static void
test_damage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  g_autoptr (GArray) series = test_make_series (rand, BEGIN, 40);
  g_autofree gint64 *numbers = g_new0 (gint64, series->len);
  g_autoptr (GBytes) samples = write_series (series, numbers);
  g_autoptr (GArray) buckets = make_buckets (rand);
  g_autoptr (GBytes) text = NULL;

  g_array_set_size (buckets, MIN (buckets->len, 40));
  text =
    bobbin_history_write_buckets (buckets, g_array_index (buckets, BobbinHistoryBucket, 0).start,
                                  BOBBIN_ROLLUP_MINUTE);
  read_damaged (rand, samples);
  read_damaged (rand, text);
}

/* What another version wrote is left alone. */
static void
test_other_version (void)
{
  static const guint8 text[] = { 99, 1, 2, 3 };
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, sizeof text);
  g_autoptr (GArray) buckets = bobbin_rollup_buckets_new ();
  g_autoptr (GArray) entries = NULL;
  gboolean sound;

  entries = read_samples (bytes, &sound);
  g_assert_false (sound);
  g_assert_cmpuint (entries->len, ==, 0);
  g_assert_false (
    bobbin_history_read_buckets (text, sizeof text, BEGIN, BOBBIN_ROLLUP_MINUTE, buckets));
  g_assert_false (bobbin_history_read_buckets (text, 0, BEGIN, BOBBIN_ROLLUP_MINUTE, buckets));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history-codec/samples", test_samples);
  g_test_add_func ("/history-codec/odd-samples", test_odd_samples);
  g_test_add_func ("/history-codec/infinite", test_infinite);
  g_test_add_func ("/history-codec/small", test_small);
  g_test_add_func ("/history-codec/buckets", test_buckets);
  g_test_add_func ("/history-codec/damage", test_damage);
  g_test_add_func ("/history-codec/other-version", test_other_version);

  return g_test_run ();
}
