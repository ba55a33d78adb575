/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Maintenance windows. A weekly one names its days and the hours, “mon-fri 22:00-06:00”, “sat,sun
 * 00:00-24:00” or “daily 03:00-04:00”; one that comes once names both ends as ISO 8601 does an
 * interval, “2026-11-21T22:00/2026-11-22T02:00”. Weekly ones go by the clock on the wall, so that
 * they stay where they are when it is put forward or back. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-alert-window.h"

#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DAY      (24 * 60)
#define ALL_DAYS 0x7f
#define N_DAYS   7

static const char *const day_names[N_DAYS + 1] = { "mon", "tue", "wed", "thu",
                                                   "fri", "sat", "sun", NULL };

static int
find_day (const char *name)
{
  for (int i = 0; i < N_DAYS; i++)
    if (g_ascii_strcasecmp (name, day_names[i]) == 0)
      return i;

  return -1;
}

/* “mon” or “fri-mon”. */
static guint
parse_span (const char *text)
{
  g_auto (GStrv) ends = g_strsplit (text, "-", 2);
  const int first = ends[0] != NULL ? find_day (ends[0]) : -1;
  const int last = first >= 0 && ends[1] != NULL ? find_day (ends[1]) : first;
  guint days = 0;

  if (first < 0 || last < 0)
    return 0;
  for (int day = first; day != last; day = (day + 1) % N_DAYS)
    days |= 1u << day;

  return days | 1u << last;
}

static guint
parse_days (const char *text)
{
  g_auto (GStrv) spans = NULL;
  guint days = 0;

  if (g_ascii_strcasecmp (text, "daily") == 0)
    return ALL_DAYS;

  spans = g_strsplit (text, ",", -1);
  for (guint i = 0; spans[i] != NULL; i++)
    {
      const guint span = parse_span (spans[i]);

      if (span == 0)
        return 0;
      days |= span;
    }

  return days;
}

static gboolean
parse_minutes (const char *text, guint *minutes)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 2);
  guint64 hour, minute;

  if (g_strv_length (parts) != 2 || strlen (parts[1]) != 2 ||
      !g_ascii_string_to_unsigned (parts[0], 10, 0, 24, &hour, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, 0, 59, &minute, NULL))
    return FALSE;

  *minutes = hour * 60 + minute;

  return *minutes <= DAY;
}

static gboolean
parse_weekly (const char *text, BobbinAlertWindow *window)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 2);
  g_auto (GStrv) ends =
    words[0] != NULL ? g_strsplit (words[1] != NULL ? words[1] : "", "-", 2) : NULL;

  if (ends == NULL || g_strv_length (ends) != 2)
    return FALSE;

  window->days = parse_days (words[0]);

  return window->days != 0 && parse_minutes (ends[0], &window->from) && window->from < DAY &&
         parse_minutes (ends[1], &window->to) && window->from != window->to;
}

static gboolean
parse_moment (const char *text, GTimeZone *zone, gint64 *moment)
{
  /* The seconds, which GLib wants, may be left out. */
  g_autofree char *whole = strlen (text) == strlen ("2026-11-21T22:00")
                             ? g_strconcat (text, ":00", NULL)
                             : g_strdup (text);
  g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (whole, zone);

  if (date == NULL)
    return FALSE;

  *moment = g_date_time_to_unix (date) * G_USEC_PER_SEC;

  return TRUE;
}

static gboolean
parse_once (const char *text, GTimeZone *zone, BobbinAlertWindow *window)
{
  g_auto (GStrv) ends = g_strsplit (text, "/", 2);

  return g_strv_length (ends) == 2 && parse_moment (ends[0], zone, &window->begin) &&
         parse_moment (ends[1], zone, &window->end) && window->begin < window->end;
}

/**
 * bobbin_alert_window_parse: (skip)
 * @text: a window, as above
 * @zone: where the clock hangs
 * @window: (out): where to put it
 * @error: %BOBBIN_ERROR_BAD_SETTING
 *
 * Returns: whether it is one
 */
gboolean
bobbin_alert_window_parse (const char *text,
                           GTimeZone *zone,
                           BobbinAlertWindow *window,
                           GError **error)
{
  *window = (BobbinAlertWindow){ 0 };
  if (strchr (text, '/') != NULL ? parse_once (text, zone, window) : parse_weekly (text, window))
    return TRUE;

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
               /* Translators: %s is what somebody wrote; leave the examples as they are */
               _ ("“%s” is no maintenance window. It is written as “mon-fri 22:00-06:00”, “daily "
                  "03:00-04:00” or “2026-11-21T22:00/2026-11-22T02:00”."),
               text);

  return FALSE;
}

/* The end belongs to the day after if it is not after the beginning. */
static gboolean
contains_minute (const BobbinAlertWindow *self, guint day, guint minute)
{
  const guint before = (day + N_DAYS - 1) % N_DAYS;
  const gboolean is_over_midnight = self->to < self->from;
  const gboolean today = (self->days & 1u << day) != 0 && minute >= self->from &&
                         (is_over_midnight || minute < self->to);
  const gboolean from_yesterday =
    is_over_midnight && (self->days & 1u << before) != 0 && minute < self->to;

  return today || from_yesterday;
}

static GDateTime *
to_local (gint64 time, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return g_date_time_to_timezone (utc, zone);
}

/**
 * bobbin_alert_window_contains: (skip)
 * @self: a window
 * @zone: where the clock hangs
 * @time: µs since 1970
 *
 * Returns: whether @time is in it; its end is not
 */
gboolean
bobbin_alert_window_contains (const BobbinAlertWindow *self, GTimeZone *zone, gint64 time)
{
  g_autoptr (GDateTime) local = NULL;

  if (self->days == 0)
    return time >= self->begin && time < self->end;

  local = to_local (time, zone);

  return contains_minute (self, g_date_time_get_day_of_week (local) - 1,
                          g_date_time_get_hour (local) * 60 + g_date_time_get_minute (local));
}

/* The earlier of two moments, of which those that are not after `time` do not count. */
static gint64
sooner (gint64 time, gint64 a, gint64 b)
{
  if (a <= time)
    return b;
  if (b <= time)
    return a;

  return MIN (a, b);
}

/* As the clock on the wall shows it `n` days from now. */
static gint64
minute_of_day (GDateTime *local, int n, guint minute)
{
  g_autoptr (GDateTime) day = g_date_time_add_days (local, n + (int) (minute / DAY));
  g_autoptr (GTimeZone) zone = g_time_zone_ref (g_date_time_get_timezone (local));
  g_autoptr (GDateTime) moment =
    g_date_time_new (zone, g_date_time_get_year (day), g_date_time_get_month (day),
                     g_date_time_get_day_of_month (day), minute % DAY / 60, minute % 60, 0);

  return moment != NULL ? g_date_time_to_unix (moment) * G_USEC_PER_SEC : 0;
}

/**
 * bobbin_alert_window_next: (skip)
 * @self: a window
 * @zone: where the clock hangs
 * @time: µs since 1970
 *
 * Returns: when it begins or ends next, after @time, or 0 for never. A weekly one may not change
 *   anything then, on a day that is none of its own
 */
gint64
bobbin_alert_window_next (const BobbinAlertWindow *self, GTimeZone *zone, gint64 time)
{
  g_autoptr (GDateTime) local = NULL;
  gint64 next = 0;

  if (self->days == 0)
    return sooner (time, self->begin, self->end > time ? self->end : 0);

  local = to_local (time, zone);
  for (int n = 0; n <= 1; n++)
    {
      next = sooner (time, next, minute_of_day (local, n, self->from));
      next = sooner (time, next, minute_of_day (local, n, self->to));
    }

  return next > time ? next : 0;
}
