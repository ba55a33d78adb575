/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A weekly grid of hours. An hour is what a clock on the wall shows: where the clocks are put back
 * the same hour of the grid holds twice, and where they are put forward it may not come at all.
 * Nothing here looks at a clock. Any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-schedule.h"

#include <string.h>

/* Wherever there is a zone, its hours begin at a whole quarter of an hour of UTC, and its clocks
 * are put at one. */
#define QUARTER (15 * 60)

/* In a week each hour of the grid has come, but for one that was left out. */
#define HORIZON (15 * 24 * 4) /* quarters */

/* By their states. */
static const char letters[] = "fls";

static gboolean
parse_day (const char *text, guint8 *states)
{
  for (guint hour = 0; hour < BOBBIN_SCHEDULE_HOURS; hour++)
    {
      const char *letter = text[hour] != '\0' ? strchr (letters, text[hour]) : NULL;

      if (letter == NULL)
        return FALSE;
      states[hour] = letter - letters;
    }

  return TRUE;
}

/**
 * bobbin_schedule_parse:
 * @text: what bobbin_schedule_to_text() gave, or nothing
 * @schedule: (out): where to write it, also if there is a fault
 *
 * Reads a schedule: for each day from Monday 24 letters, f for full speed, l for limited and s for
 * stopped, with a space between the days. Nothing, or what has a fault, is full speed at all times.
 *
 * Returns: whether @text was well formed
 */
gboolean
bobbin_schedule_parse (const char *text, BobbinSchedule *schedule)
{
  BobbinSchedule parsed = { 0 };
  g_auto (GStrv) days = NULL;
  gboolean right;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (schedule != NULL, FALSE);

  days = g_strsplit (text, " ", -1);
  right = g_strv_length (days) == BOBBIN_SCHEDULE_DAYS;
  for (guint day = 0; right && day < BOBBIN_SCHEDULE_DAYS; day++)
    right =
      strlen (days[day]) == BOBBIN_SCHEDULE_HOURS && parse_day (days[day], parsed.states[day]);

  *schedule = right ? parsed : (BobbinSchedule){ 0 };

  return right || *text == '\0';
}

/**
 * bobbin_schedule_to_text:
 * @self: a schedule
 *
 * Returns: (transfer full): @self as bobbin_schedule_parse() reads it
 */
char *
bobbin_schedule_to_text (const BobbinSchedule *self)
{
  GString *text = g_string_sized_new (BOBBIN_SCHEDULE_DAYS * (BOBBIN_SCHEDULE_HOURS + 1));

  g_return_val_if_fail (self != NULL, NULL);

  for (guint day = 0; day < BOBBIN_SCHEDULE_DAYS; day++)
    {
      if (day > 0)
        g_string_append_c (text, ' ');
      for (guint hour = 0; hour < BOBBIN_SCHEDULE_HOURS; hour++)
        g_string_append_c (text, letters[self->states[day][hour]]);
    }

  return g_string_free (text, FALSE);
}

/**
 * bobbin_schedule_get:
 * @self: a schedule
 * @day: 0 is Monday
 * @hour: 0 begins at midnight
 *
 * Returns: what holds in that hour
 */
BobbinScheduleState
bobbin_schedule_get (const BobbinSchedule *self, guint day, guint hour)
{
  g_return_val_if_fail (self != NULL, BOBBIN_SCHEDULE_FULL);
  g_return_val_if_fail (day < BOBBIN_SCHEDULE_DAYS, BOBBIN_SCHEDULE_FULL);
  g_return_val_if_fail (hour < BOBBIN_SCHEDULE_HOURS, BOBBIN_SCHEDULE_FULL);

  return self->states[day][hour];
}

/**
 * bobbin_schedule_set:
 * @self: a schedule
 * @day: 0 is Monday
 * @hour: 0 begins at midnight
 * @state: what is to hold in that hour
 */
void
bobbin_schedule_set (BobbinSchedule *self, guint day, guint hour, BobbinScheduleState state)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (day < BOBBIN_SCHEDULE_DAYS && hour < BOBBIN_SCHEDULE_HOURS);
  g_return_if_fail ((guint) state <= BOBBIN_SCHEDULE_STOPPED);

  self->states[day][hour] = state;
}

/**
 * bobbin_schedule_get_at:
 * @self: a schedule
 * @time: a moment, in the zone that the schedule is about
 *
 * Returns: what holds at @time
 */
BobbinScheduleState
bobbin_schedule_get_at (const BobbinSchedule *self, GDateTime *time)
{
  g_return_val_if_fail (self != NULL, BOBBIN_SCHEDULE_FULL);
  g_return_val_if_fail (time != NULL, BOBBIN_SCHEDULE_FULL);

  return self->states[g_date_time_get_day_of_week (time) - 1][g_date_time_get_hour (time)];
}

/**
 * bobbin_schedule_get_next_change:
 * @self: a schedule
 * @time: a moment, in the zone that the schedule is about
 *
 * Returns: (transfer full) (nullable): when, after @time, something else holds for the first time;
 *   %NULL if the same holds at all times
 */
GDateTime *
bobbin_schedule_get_next_change (const BobbinSchedule *self, GDateTime *time)
{
  g_autoptr (GDateTime) quarter = NULL;
  BobbinScheduleState state;
  gint64 unix_time;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (time != NULL, NULL);

  state = bobbin_schedule_get_at (self, time);
  unix_time = g_date_time_to_unix (time);
  quarter = g_date_time_add (time, -(unix_time % QUARTER) * G_TIME_SPAN_SECOND -
                                     g_date_time_get_microsecond (time));
  for (guint i = 0; i < HORIZON; i++)
    {
      GDateTime *next = g_date_time_add (quarter, QUARTER * G_TIME_SPAN_SECOND);

      g_date_time_unref (quarter);
      quarter = next;
      if (bobbin_schedule_get_at (self, quarter) != state)
        return g_steal_pointer (&quarter);
    }

  return NULL;
}
