/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-alert-window: when there is maintenance.
 */

#include "config.h"

#include "bobbin-alert-window.h"
#include "bobbin-error.h"

#include <string.h>

/* Where the clock is put forward on 29 March 2026 at 2:00, and back on 25 October at 3:00. */
#define ZONE "CET-1CEST,M3.5.0,M10.5.0/3"

static gint64
at (const char *text, GTimeZone *zone)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (text, zone);

  g_assert_nonnull (date);

  return g_date_time_to_unix (date) * G_USEC_PER_SEC;
}

static GTimeZone *
get_zone (void)
{
  GTimeZone *zone = g_time_zone_new_identifier (ZONE);

  g_assert_nonnull (zone);

  return zone;
}

/* 21 November 2026 is a Saturday. */
static const struct
{
  const char *window;
  const char *time;
  gboolean is_in;
} table[] = {
  { "daily 03:00-04:00", "2026-11-21T02:59:59", FALSE },
  { "daily 03:00-04:00", "2026-11-21T03:00:00", TRUE },
  { "daily 03:00-04:00", "2026-11-21T03:59:59", TRUE },
  { "daily 03:00-04:00", "2026-11-21T04:00:00", FALSE },
  { "sat 00:00-24:00", "2026-11-21T00:00:00", TRUE },
  { "sat 00:00-24:00", "2026-11-21T23:59:59", TRUE },
  { "sat 00:00-24:00", "2026-11-22T00:00:00", FALSE },
  { "sat 00:00-24:00", "2026-11-20T23:59:59", FALSE },
  { "fri 22:00-06:00", "2026-11-20T22:00:00", TRUE },
  { "fri 22:00-06:00", "2026-11-21T05:59:59", TRUE },
  { "fri 22:00-06:00", "2026-11-21T06:00:00", FALSE },
  { "fri 22:00-06:00", "2026-11-20T05:00:00", FALSE },
  { "fri 22:00-06:00", "2026-11-21T22:30:00", FALSE },
  { "sun 22:00-06:00", "2026-11-23T05:00:00", TRUE },
  { "mon-fri 09:00-17:00", "2026-11-18T12:00:00", TRUE },
  { "mon-fri 09:00-17:00", "2026-11-21T12:00:00", FALSE },
  { "fri-mon 09:00-17:00", "2026-11-22T12:00:00", TRUE },
  { "fri-mon 09:00-17:00", "2026-11-18T12:00:00", FALSE },
  { "Wed,SAT 09:00-17:00", "2026-11-21T12:00:00", TRUE },
  { "Wed,SAT 09:00-17:00", "2026-11-22T12:00:00", FALSE },
  { "2026-11-21T22:00/2026-11-22T02:00", "2026-11-21T21:59:59", FALSE },
  { "2026-11-21T22:00/2026-11-22T02:00", "2026-11-21T22:00:00", TRUE },
  { "2026-11-21T22:00/2026-11-22T02:00", "2026-11-22T02:00:00", FALSE },
  { "2026-11-21T22:00/2026-11-22T02:00", "2026-11-28T22:30:00", FALSE },
  { "2026-11-21T22:00:00Z/2026-11-22T02:00:00Z", "2026-11-21T22:00:00Z", TRUE },
};

static void
test_contains (void)
{
  g_autoptr (GTimeZone) zone = get_zone ();

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      BobbinAlertWindow window;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s at %s", table[i].window, table[i].time);
      bobbin_alert_window_parse (table[i].window, zone, &window, &error);
      g_assert_no_error (error);
      g_assert_cmpint (bobbin_alert_window_contains (&window, zone, at (table[i].time, zone)), ==,
                       table[i].is_in);
    }
}

static void
test_nonsense (void)
{
  static const char *const nonsense[] = {
    "",
    "daily",
    "daily 3-4",
    "daily 03:00",
    "daily 03:00-03:00",
    "daily 24:00-03:00",
    "daily 03:00-24:01",
    "daily 03:60-04:00",
    "someday 03:00-04:00",
    "mon- 03:00-04:00",
    "mon,,tue 03:00-04:00",
    "2026-11-21T22:00/",
    "2026-11-22T02:00/2026-11-21T22:00",
    "2026-11-21/2026-11-22",
    "2026-13-21T22:00/2026-14-22T02:00",
  };
  g_autoptr (GTimeZone) zone = get_zone ();

  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      BobbinAlertWindow window;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", nonsense[i]);
      g_assert_false (bobbin_alert_window_parse (nonsense[i], zone, &window, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING);
      g_assert_nonnull (strstr (error->message, nonsense[i]));
    }
}

/* Whoever looks only when one begins or ends misses none, on the days of changes of the clock
 * either. */
static void
test_next (void)
{
  static const char *const texts[] = { "daily 03:00-04:00", "sun 22:00-06:00", "sat 00:00-24:00",
                                       "daily 02:30-03:30", "2026-03-29T12:00/2026-03-29T13:00" };
  g_autoptr (GTimeZone) zone = get_zone ();
  const gint64 begin = at ("2026-03-24T00:00:00", zone);
  const gint64 step = 60 * G_USEC_PER_SEC;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      BobbinAlertWindow window;
      gint64 next = 0;
      guint n_changes = 0;

      g_assert_true (bobbin_alert_window_parse (texts[i], zone, &window, NULL));
      for (gint64 time = begin; time < begin + 8 * 24 * 60 * step; time += step)
        {
          const gboolean was_in = bobbin_alert_window_contains (&window, zone, time - step);

          if (was_in != bobbin_alert_window_contains (&window, zone, time) && time > begin)
            {
              n_changes++;
              g_assert_cmpint (next, ==, time);
            }
          if (next <= time)
            next = bobbin_alert_window_next (&window, zone, time);
          g_assert_true (next == 0 || next > time);
        }
      g_assert_cmpuint (n_changes, >=, 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alert/window/contains", test_contains);
  g_test_add_func ("/alert/window/nonsense", test_nonsense);
  g_test_add_func ("/alert/window/next", test_next);

  return g_test_run ();
}
