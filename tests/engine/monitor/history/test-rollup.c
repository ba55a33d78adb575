/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-rollup: samples into buckets and buckets into larger ones, against the slow way; and what
 * pending samples come to.
 */

#include "config.h"

#include "history-series.h"

#include <math.h>

#define N_ROUNDS 60

/* 2026-03-29T00:30Z and 2026-10-25T00:30Z: half an hour before the clocks of Berlin change. */
#define SPRING 1774744200
#define AUTUMN 1792888200

static GArray *
roll_up (const GArray *series, gint64 length)
{
  GArray *buckets = bobbin_rollup_buckets_new ();

  for (guint i = 0; i < series->len; i++)
    bobbin_rollup_add_sample (buckets, length, &g_array_index (series, BobbinHistorySample, i));

  return buckets;
}

static GArray *
roll_on (const GArray *buckets, gint64 length)
{
  GArray *larger = bobbin_rollup_buckets_new ();

  for (guint i = 0; i < buckets->len; i++)
    bobbin_rollup_add_bucket (larger, length, &g_array_index (buckets, BobbinHistoryBucket, i));

  return larger;
}

static void
check_series (const GArray *series)
{
  g_autoptr (GArray) minutes = roll_up (series, BOBBIN_ROLLUP_MINUTE);
  g_autoptr (GArray) hours = roll_on (minutes, BOBBIN_ROLLUP_HOUR);
  g_autoptr (GArray) days = roll_on (hours, BOBBIN_ROLLUP_DAY);
  g_autoptr (GArray) at_once = roll_up (series, BOBBIN_ROLLUP_DAY);

  test_assert_right (minutes, BOBBIN_ROLLUP_MINUTE, series);
  test_assert_right (hours, BOBBIN_ROLLUP_HOUR, series);
  test_assert_right (days, BOBBIN_ROLLUP_DAY, series);
  test_assert_right (at_once, BOBBIN_ROLLUP_DAY, series);
}

static void
test_brute_force (gconstpointer data)
{
  const gint64 begin = GPOINTER_TO_SIZE (data) * (gint64) G_USEC_PER_SEC;
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (GArray) series = test_make_series (rand, begin, 100);

      check_series (series);
    }
}

/* Before 1970 the remainder of a division is negative. */
static void
test_long_ago (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  g_autoptr (GArray) series = test_make_series (rand, -BOBBIN_ROLLUP_HOUR, 200);

  check_series (series);
}

static void
test_start (void)
{
  static const struct
  {
    gint64 time;
    gint64 start;
  } cases[] = { { 1, 0 },   { 59, 0 },   { 60, 0 },    { 61, 60 },    { 120, 60 },
                { 0, -60 }, { -1, -60 }, { -59, -60 }, { -60, -120 }, { -61, -120 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (bobbin_rollup_get_start (cases[i].time, 60), ==, cases[i].start);
}

/* A sample at the full minute is of the minute that ends with it. */
static void
test_boundary (void)
{
  const BobbinHistorySample sample = { 2 * BOBBIN_ROLLUP_MINUTE, BOBBIN_ROLLUP_MINUTE, 5,
                                       BOBBIN_HISTORY_UP };
  g_autoptr (GArray) minutes = bobbin_rollup_buckets_new ();
  const BobbinHistoryBucket *minute;

  bobbin_rollup_add_sample (minutes, BOBBIN_ROLLUP_MINUTE, &sample);
  g_assert_cmpuint (minutes->len, ==, 1);
  minute = &g_array_index (minutes, BobbinHistoryBucket, 0);
  g_assert_cmpint (minute->start, ==, BOBBIN_ROLLUP_MINUTE);
  g_assert_cmpint (minute->in_state[BOBBIN_HISTORY_UP], ==, BOBBIN_ROLLUP_MINUTE);
  g_assert_cmpuint (minute->count, ==, 1);
}

/* What came every second weighs no more than what came every minute for as long. */
static void
test_weights (void)
{
  g_autoptr (GArray) hours = bobbin_rollup_buckets_new ();
  BobbinHistorySample sample = { 0, BOBBIN_ROLLUP_SECOND, 10, BOBBIN_HISTORY_UP };

  for (guint i = 0; i < 1800; i++)
    {
      sample.time += BOBBIN_ROLLUP_SECOND;
      bobbin_rollup_add_sample (hours, BOBBIN_ROLLUP_HOUR, &sample);
    }
  sample.duration = BOBBIN_ROLLUP_MINUTE;
  sample.value = 20;
  for (guint i = 0; i < 30; i++)
    {
      sample.time += BOBBIN_ROLLUP_MINUTE;
      bobbin_rollup_add_sample (hours, BOBBIN_ROLLUP_HOUR, &sample);
    }

  g_assert_cmpuint (hours->len, ==, 1);
  g_assert_cmpfloat_with_epsilon (g_array_index (hours, BobbinHistoryBucket, 0).mean, 15, 1e-9);
}

static void
test_clip (void)
{
  BobbinHistoryBucket bucket = { .start = 1000, .length = 100 };

  bucket.in_state[BOBBIN_HISTORY_UP] = 60;
  bucket.in_state[BOBBIN_HISTORY_DOWN] = 40;
  bobbin_rollup_clip (&bucket, 0, 2000);
  g_assert_cmpint (bucket.length, ==, 100);
  g_assert_cmpint (bucket.in_state[BOBBIN_HISTORY_UP], ==, 60);

  bobbin_rollup_clip (&bucket, 1050, 2000);
  g_assert_cmpint (bucket.start, ==, 1050);
  g_assert_cmpint (bucket.length, ==, 50);
  g_assert_cmpint (bucket.in_state[BOBBIN_HISTORY_UP], ==, 30);
  g_assert_cmpint (bucket.in_state[BOBBIN_HISTORY_DOWN], ==, 20);

  bobbin_rollup_clip (&bucket, 0, 1075);
  g_assert_cmpint (bucket.start, ==, 1050);
  g_assert_cmpint (bucket.length, ==, 25);
  g_assert_cmpint (bucket.in_state[BOBBIN_HISTORY_UP], ==, 15);
}

static void
test_clip_sample (void)
{
  BobbinHistorySample sample = { 1000, 300, 7, BOBBIN_HISTORY_UP };

  bobbin_rollup_clip_sample (&sample, 800, 1000);
  g_assert_cmpint (sample.duration, ==, 200);
  g_assert_cmpfloat (sample.value, ==, 7);

  bobbin_rollup_clip_sample (&sample, 0, 900);
  g_assert_cmpint (sample.time, ==, 900);
  g_assert_cmpint (sample.duration, ==, 100);
  g_assert_true (isnan (sample.value));
}

/*
 * A sample is a letter: U up, p pending, D down, w warning, a asleep; a dot is a slot in which
 * there was none. X is pending of which is known that it was down.
 */
typedef struct
{
  const char *name;
  const char *samples;
  const char *settled;
  guint n_waiting;
} SettleCase;

static const SettleCase settle_cases[] = {
  { "nothing", "", "", 0 },
  { "up", "UUU", "UUU", 0 },
  { "recovered", "UppU", "UppU", 0 },
  { "became-down", "UppD", "UXXD", 0 },
  { "became-down-and-up", "UppDDU", "UXXDDU", 0 },
  { "became-warning", "Uppw", "Uppw", 0 },
  { "still-pending", "Upp", "Upp", 2 },
  { "pending-from-the-start", "pp", "pp", 2 },
  { "down-from-the-start", "ppD", "XXD", 0 },
  { "asleep-while-pending", "UppaD", "UppaD", 0 },
  { "each-by-itself", "UpUppDUp", "UpUXXDUp", 1 },
  { "one-slot-missing", "Up.D", "UXD", 0 },
  { "stopped-while-pending", "Up.....D", "UpD", 0 },
  { "settled-before", "UXpD", "UXXD", 0 },
};

static BobbinHistoryState
to_state (char letter)
{
  switch (letter)
    {
    case 'U':
      return BOBBIN_HISTORY_UP;
    case 'p':
      return BOBBIN_HISTORY_PENDING;
    case 'X':
      return BOBBIN_HISTORY_PENDING_DOWN;
    case 'D':
      return BOBBIN_HISTORY_DOWN;
    case 'w':
      return BOBBIN_HISTORY_WARNING;
    case 'a':
      return BOBBIN_HISTORY_ASLEEP;
    default:
      g_assert_not_reached ();
    }
}

static void
test_settle (gconstpointer data)
{
  const SettleCase *test = data;
  BobbinHistorySample samples[16];
  guint n = 0;
  guint n_settled;

  for (guint i = 0; test->samples[i] != '\0'; i++)
    if (test->samples[i] != '.')
      samples[n++] = (BobbinHistorySample){ i * 5 * BOBBIN_ROLLUP_SECOND, 5 * BOBBIN_ROLLUP_SECOND,
                                            NAN, to_state (test->samples[i]) };

  n_settled = bobbin_rollup_settle (samples, n);
  g_assert_cmpuint (n - n_settled, ==, test->n_waiting);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (samples[i].state, ==, to_state (test->settled[i]));
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "Europe/Berlin", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rollup/start", test_start);
  g_test_add_func ("/rollup/boundary", test_boundary);
  g_test_add_func ("/rollup/weights", test_weights);
  g_test_add_func ("/rollup/clip", test_clip);
  g_test_add_func ("/rollup/clip-sample", test_clip_sample);
  g_test_add_func ("/rollup/long-ago", test_long_ago);
  g_test_add_data_func ("/rollup/brute-force/summer-time-begins", GSIZE_TO_POINTER (SPRING),
                        test_brute_force);
  g_test_add_data_func ("/rollup/brute-force/summer-time-ends", GSIZE_TO_POINTER (AUTUMN),
                        test_brute_force);
  for (guint i = 0; i < G_N_ELEMENTS (settle_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/rollup/settle/", settle_cases[i].name, NULL);

      g_test_add_data_func (path, &settle_cases[i], test_settle);
    }

  return g_test_run ();
}
