/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-history-csv: what RFC 4180 and ISO 8601 say, and every number to its last bit.
 */

#include "config.h"

#include "bobbin-history-csv.h"

#include <math.h>

/* 2026-03-29T00:30:00Z */
#define BEGIN (1774744200 * (gint64) G_USEC_PER_SEC)

static void
test_times (void)
{
  static const struct
  {
    gint64 time;
    const char *text;
  } times[] = {
    { 0, "1970-01-01T00:00:00Z" },
    { BEGIN, "2026-03-29T00:30:00Z" },
    { BEGIN + 1, "2026-03-29T00:30:00.000001Z" },
    { BEGIN + 500000, "2026-03-29T00:30:00.5Z" },
    { BEGIN + 999999, "2026-03-29T00:30:00.999999Z" },
    { -1, "1969-12-31T23:59:59.999999Z" },
    { -G_USEC_PER_SEC, "1969-12-31T23:59:59Z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *text = bobbin_history_format_time (times[i].time);
      g_autoptr (GDateTime) read = g_date_time_new_from_iso8601 (text, NULL);

      g_assert_cmpstr (text, ==, times[i].text);
      g_assert_nonnull (read);
    }
}

static void
test_lines (void)
{
  g_autoptr (BobbinHistorySpan) span =
    bobbin_history_span_new (BOBBIN_HISTORY_MINUTES, BOBBIN_ROLLUP_MINUTE);
  BobbinHistoryBucket buckets[] = {
    { .start = BEGIN,
      .length = BOBBIN_ROLLUP_MINUTE,
      .count = 2,
      .min = -0.5,
      .mean = 1 / 3.0,
      .max = 1e300 },
    { .start = BEGIN + BOBBIN_ROLLUP_MINUTE,
      .length = BOBBIN_ROLLUP_MINUTE,
      .min = NAN,
      .mean = NAN,
      .max = NAN },
  };
  g_autoptr (GString) csv = g_string_new (NULL);

  buckets[0].in_state[BOBBIN_HISTORY_UP] = 59 * BOBBIN_ROLLUP_SECOND + 1;
  buckets[0].in_state[BOBBIN_HISTORY_DOWN] = BOBBIN_ROLLUP_SECOND / 2;
  buckets[1].in_state[BOBBIN_HISTORY_MAINTENANCE] = BOBBIN_ROLLUP_MINUTE;
  g_array_append_vals (span->buckets, buckets, G_N_ELEMENTS (buckets));
  bobbin_history_csv_append_header (csv);
  bobbin_history_csv_append_span (csv, span);
  g_assert_cmpstr (
    csv->str, ==,
    "from,to,count,min,mean,max,unknown,up,pending,pending-down,warning,critical,down,recovering,"
    "recovering-down,offline,asleep,paused,maintenance\r\n"
    "2026-03-29T00:30:00Z,2026-03-29T00:31:00Z,2,-0.5,0.3333333333333333,1e+300,"
    "0,59.000001,0,0,0,0,0.5,0,0,0,0,0,0\r\n"
    "2026-03-29T00:31:00Z,2026-03-29T00:32:00Z,0,,,,0,0,0,0,0,0,0,0,0,0,0,0,60\r\n");
}

/* The same number comes back, and no more digits than that takes. */
static void
test_numbers (void)
{
  static const double numbers[] = {
    0, -1, 0.1, 1 / 3.0, 100, 1e-300, G_MAXDOUBLE, G_MINDOUBLE, 5e-324, 123456789.123456789
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());

  for (guint i = 0; i < 1000; i++)
    {
      const double number = i < G_N_ELEMENTS (numbers) ? numbers[i] : g_rand_double (rand) * 1e9;
      const BobbinHistoryBucket bucket = { .start = BEGIN,
                                           .length = 1,
                                           .count = 1,
                                           .min = number,
                                           .mean = number,
                                           .max = number };
      g_autoptr (BobbinHistorySpan) span = bobbin_history_span_new (BOBBIN_HISTORY_RAW, 0);
      g_autoptr (GString) csv = g_string_new (NULL);
      g_auto (GStrv) fields = NULL;

      g_array_append_val (span->buckets, bucket);
      bobbin_history_csv_append_span (csv, span);
      fields = g_strsplit (csv->str, ",", -1);
      g_assert_cmpuint (g_strv_length (fields), ==, 6 + BOBBIN_HISTORY_N_STATES);
      g_assert_cmpfloat (g_ascii_strtod (fields[3], NULL), ==, number);
      g_assert_cmpstr (fields[3], ==, fields[4]);
      g_assert_true (number != 0.1 || g_str_equal (fields[5], "0.1"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history-csv/times", test_times);
  g_test_add_func ("/history-csv/lines", test_lines);
  g_test_add_func ("/history-csv/numbers", test_numbers);

  return g_test_run ();
}
