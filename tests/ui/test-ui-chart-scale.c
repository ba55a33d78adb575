/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The axes of a chart.
 */
#include "config.h"

#include <math.h>

#include "bobbin-chart-scale.h"

#define MINUTE (60 * (gint64) G_USEC_PER_SEC)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static void
assert_scale (double lowest,
              double highest,
              guint max_steps,
              double bottom,
              double top,
              double step)
{
  BobbinChartScale scale;

  bobbin_chart_scale_init (&scale, lowest, highest, max_steps);
  g_assert_cmpfloat_with_epsilon (scale.bottom, bottom, 1e-9);
  g_assert_cmpfloat_with_epsilon (scale.top, top, 1e-9);
  g_assert_cmpfloat_with_epsilon (scale.step, step, 1e-9);
}

static void
test_values (void)
{
  assert_scale (3, 97, 5, 0, 100, 20);
  assert_scale (0, 100, 5, 0, 100, 20);
  assert_scale (0, 101, 5, 0, 150, 50);
  assert_scale (0.01, 0.07, 4, 0, 0.08, 0.02);
  assert_scale (-8, 31, 4, -10, 40, 10);
  assert_scale (-8, -2, 4, -8, 0, 2);
  assert_scale (0, 48e9, 5, 0, 50e9, 10e9);
}

/* Nothing to show, or nothing but zeros, is a scale all the same. */
static void
test_no_values (void)
{
  assert_scale (NAN, NAN, 5, 0, 1, 1);
  assert_scale (0, 0, 5, 0, 1, 1);
  assert_scale (0, INFINITY, 5, 0, 1, 1);
}

/* Whatever the values are, they are on it, and it has not many more steps than it may. */
static void
test_any_values (void)
{
  for (int i = 0; i < 10000; i++)
    {
      const double size = pow (10, g_test_rand_double_range (-3, 12));
      const double lowest = g_test_rand_double_range (-1, 1) * size;
      const double highest = lowest + g_test_rand_double () * size;
      BobbinChartScale scale;

      bobbin_chart_scale_init (&scale, lowest, highest, 4);
      g_assert_cmpfloat (scale.bottom, <=, lowest + 1e-6 * size);
      g_assert_cmpfloat (scale.top, >=, highest - 1e-6 * size);
      g_assert_cmpuint (bobbin_chart_scale_get_n_steps (&scale), >=, 1);
      g_assert_cmpuint (bobbin_chart_scale_get_n_steps (&scale), <=, 5);
    }
}

static void
assert_label (double highest, double value, const char *unit, const char *expected)
{
  g_autofree char *label = NULL;
  BobbinChartScale scale;

  bobbin_chart_scale_init (&scale, 0, highest, 4);
  label = bobbin_chart_scale_format (&scale, value, unit);
  g_assert_cmpstr (label, ==, expected);
}

static void
test_labels (void)
{
  assert_label (100, 50, "%", "50%");
  assert_label (2, 1.5, "ms", "1.5 ms");
  assert_label (0.2, 0.05, "ms", "0.05 ms");
  assert_label (0.2, 0, "ms", "0.00 ms");
  assert_label (100, 25, "°C", "25 °C");
  assert_label (30, 20, "days", "20 d");
  assert_label (40, 20, "", "20");
  assert_label (4e6, 3e6, "B/s", "3.0\302\240MB/s");
  assert_label (4e9, 3e9, "B", "3.0\302\240GB");
}

static gint64
get_time (GTimeZone *zone, int year, int month, int day, int hour, int minute)
{
  g_autoptr (GDateTime) date = g_date_time_new (zone, year, month, day, hour, minute, 0);

  return g_date_time_to_unix (date) * G_USEC_PER_SEC;
}

/* What is written beside the lines of the last @range before a time in Berlin. */
static char *
write_axis (int month, int day, int hour, int minute, gint64 range, guint max_steps)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("CET-1CEST,M3.5.0,M10.5.0/3");
  const gint64 to = get_time (zone, 2026, month, day, hour, minute);
  const BobbinChartTimeStep step = bobbin_chart_time_choose_step (range, max_steps);
  g_autoptr (GArray) ticks = bobbin_chart_time_get_ticks (step, zone, to - range, to);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ticks->len; i++)
    {
      g_autofree char *label =
        bobbin_chart_time_format (step, zone, g_array_index (ticks, gint64, i));

      g_string_append_printf (text, "%s%s", i > 0 ? "|" : "", label);
    }

  return g_string_free (text, FALSE);
}

static void
assert_axis (char *axis, const char *expected)
{
  g_assert_cmpstr (axis, ==, expected);
  g_free (axis);
}

static void
test_times (void)
{
  assert_axis (write_axis (11, 30, 14, 7, HOUR, 6), "13:10|13:20|13:30|13:40|13:50|14:00");
  assert_axis (write_axis (11, 30, 14, 7, DAY, 4), "18:00|00:00|06:00|12:00");
  assert_axis (write_axis (11, 30, 14, 7, 7 * DAY, 7),
               "24 Nov|25 Nov|26 Nov|27 Nov|28 Nov|29 Nov|30 Nov");
  assert_axis (write_axis (11, 30, 14, 7, 30 * DAY, 5), "2 Nov|9 Nov|16 Nov|23 Nov|30 Nov");
  assert_axis (write_axis (11, 30, 14, 7, 365 * DAY, 6), "Jan|Mar|May|Jul|Sep|Nov");
}

/* The clock is changed at 2:00 on 29 March, and at 3:00 on 25 October. */
static void
test_changed_clock (void)
{
  assert_axis (write_axis (3, 29, 14, 0, DAY, 4), "18:00|00:00|06:00|12:00");
  assert_axis (write_axis (10, 25, 14, 0, DAY, 4), "18:00|00:00|06:00|12:00");
  assert_axis (write_axis (3, 29, 6, 0, 6 * HOUR, 6), "23:00|00:00|01:00|03:00|04:00|05:00|06:00");
  assert_axis (write_axis (10, 25, 5, 0, 5 * HOUR, 5), "01:00|02:00|02:00|03:00|04:00|05:00");
  assert_axis (write_axis (10, 27, 12, 0, 4 * DAY, 4), "24 Oct|25 Oct|26 Oct|27 Oct");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/chart-scale/values", test_values);
  g_test_add_func ("/ui/chart-scale/no-values", test_no_values);
  g_test_add_func ("/ui/chart-scale/any-values", test_any_values);
  g_test_add_func ("/ui/chart-scale/labels", test_labels);
  g_test_add_func ("/ui/chart-scale/times", test_times);
  g_test_add_func ("/ui/chart-scale/changed-clock", test_changed_clock);

  return g_test_run ();
}
