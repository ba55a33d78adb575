/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-schedule: what holds when, and when that changes, also in the nights in which clocks are
 * put forward and back.
 */

#include "config.h"

#include "bobbin-schedule.h"

#define FULL      "ffffffffffffffffffffffff"
#define STOPPED   "ssssssssssssssssssssssss"
#define NIGHTS    "ssssssslllllllllllllffff" /* until 07:00, and until 20:00 */
#define WEEK(day) day " " day " " day " " day " " day " " day " " day

static void
test_text (void)
{
  static const char *const wrong[] = {
    FULL, WEEK ("f"), WEEK (FULL) " " FULL, WEEK (FULL) "f", WEEK ("fffffffffffXffffffffffff"), " ",
  };
  BobbinSchedule schedule;
  g_autofree char *text = NULL;
  g_autofree char *full = NULL;

  g_assert_true (bobbin_schedule_parse (WEEK (NIGHTS), &schedule));
  g_assert_cmpint (bobbin_schedule_get (&schedule, 6, 6), ==, BOBBIN_SCHEDULE_STOPPED);
  g_assert_cmpint (bobbin_schedule_get (&schedule, 0, 7), ==, BOBBIN_SCHEDULE_LIMITED);
  g_assert_cmpint (bobbin_schedule_get (&schedule, 0, 20), ==, BOBBIN_SCHEDULE_FULL);
  text = bobbin_schedule_to_text (&schedule);
  g_assert_cmpstr (text, ==, WEEK (NIGHTS));

  g_assert_true (bobbin_schedule_parse ("", &schedule));
  full = bobbin_schedule_to_text (&schedule);
  g_assert_cmpstr (full, ==, WEEK (FULL));

  /* what cannot be read stops nothing */
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      bobbin_schedule_set (&schedule, 3, 3, BOBBIN_SCHEDULE_STOPPED);
      g_assert_false (bobbin_schedule_parse (wrong[i], &schedule));
      g_assert_cmpint (bobbin_schedule_get (&schedule, 3, 3), ==, BOBBIN_SCHEDULE_FULL);
    }
}

typedef struct
{
  const char *schedule;
  const char *zone;
  const char *time;          /* local, or with an offset where it comes twice */
  BobbinScheduleState state; /* then */
  const char *change;        /* (nullable) the next one, with its offset */
} Case;

/* Monday is 2026-03-02. */
static const Case cases[] = {
  { WEEK (FULL), "UTC", "2026-03-02T12:00:00", BOBBIN_SCHEDULE_FULL, NULL },
  { WEEK (STOPPED), "UTC", "2026-03-02T12:00:00", BOBBIN_SCHEDULE_STOPPED, NULL },
  { WEEK (NIGHTS), "UTC", "2026-03-02T00:00:00", BOBBIN_SCHEDULE_STOPPED,
    "2026-03-02T07:00:00+00" },
  { WEEK (NIGHTS), "UTC", "2026-03-02T06:59:59", BOBBIN_SCHEDULE_STOPPED,
    "2026-03-02T07:00:00+00" },
  { WEEK (NIGHTS), "UTC", "2026-03-02T07:00:00", BOBBIN_SCHEDULE_LIMITED,
    "2026-03-02T20:00:00+00" },
  { WEEK (NIGHTS), "UTC", "2026-03-02T23:10:00", BOBBIN_SCHEDULE_FULL, "2026-03-03T00:00:00+00" },
  /* an hour of the zone begins within one of UTC */
  { WEEK (NIGHTS), "+05:45", "2026-03-02T06:50:00", BOBBIN_SCHEDULE_STOPPED,
    "2026-03-02T07:00:00+05:45" },
  /* over the end of the week: only Wednesday is not full */
  { FULL " " FULL " " STOPPED " " FULL " " FULL " " FULL " " FULL, "UTC", "2026-03-05T00:00:00",
    BOBBIN_SCHEDULE_FULL, "2026-03-11T00:00:00+00" },
  { FULL " " FULL " " STOPPED " " FULL " " FULL " " FULL " " FULL, "UTC", "2026-03-04T08:00:00",
    BOBBIN_SCHEDULE_STOPPED, "2026-03-05T00:00:00+00" },
  /* the clocks are put forward: from 02:00 to 03:00, so that seven comes an hour earlier */
  { WEEK (NIGHTS), "Europe/Berlin", "2026-03-29T00:30:00", BOBBIN_SCHEDULE_STOPPED,
    "2026-03-29T07:00:00+02" },
  /* an hour that is left out is not stopped */
  { WEEK ("ffsfffffffffffffffffffff"), "Europe/Berlin", "2026-03-29T00:30:00", BOBBIN_SCHEDULE_FULL,
    "2026-03-30T02:00:00+02" },
  /* the clocks are put back: from 03:00 to 02:00, and that hour is stopped twice, in one piece */
  { WEEK ("ffsfffffffffffffffffffff"), "Europe/Berlin", "2026-10-25T01:30:00+02",
    BOBBIN_SCHEDULE_FULL, "2026-10-25T02:00:00+02" },
  { WEEK ("ffsfffffffffffffffffffff"), "Europe/Berlin", "2026-10-25T02:30:00+02",
    BOBBIN_SCHEDULE_STOPPED, "2026-10-25T03:00:00+01" },
  /* and the one after it comes a second time */
  { WEEK ("fffsffffffffffffffffffff"), "Europe/Berlin", "2026-10-25T02:30:00+01",
    BOBBIN_SCHEDULE_FULL, "2026-10-25T03:00:00+01" },
  /* half an hour is put forward */
  { WEEK ("ffsfffffffffffffffffffff"), "Australia/Lord_Howe", "2026-10-04T01:45:00+10:30",
    BOBBIN_SCHEDULE_FULL, "2026-10-04T02:30:00+11" },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (cases[i].zone);
      g_autoptr (GDateTime) given = NULL;
      g_autoptr (GDateTime) time = NULL;
      g_autoptr (GDateTime) change = NULL;
      g_autoptr (GDateTime) expected = NULL;
      BobbinSchedule schedule;

      if (zone == NULL)
        {
          g_test_message ("The system does not know %s", cases[i].zone);
          continue;
        }

      g_assert_true (bobbin_schedule_parse (cases[i].schedule, &schedule));
      given = g_date_time_new_from_iso8601 (cases[i].time, zone);
      time = g_date_time_to_timezone (given, zone);
      g_assert_cmpint (bobbin_schedule_get_at (&schedule, time), ==, cases[i].state);

      change = bobbin_schedule_get_next_change (&schedule, time);
      g_assert_cmpint (change != NULL, ==, cases[i].change != NULL);
      if (change == NULL)
        continue;
      expected = g_date_time_new_from_iso8601 (cases[i].change, NULL);
      g_assert_nonnull (expected);
      g_test_message ("%s in %s", cases[i].time, cases[i].zone);
      g_assert_cmpint (g_date_time_to_unix (change), ==, g_date_time_to_unix (expected));
      g_assert_cmpint (bobbin_schedule_get_at (&schedule, change), !=, cases[i].state);
    }
}

/* From change to change every hour of a year is what the grid says. */
static void
test_year (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr (GDateTime) time = NULL;
  g_autoptr (GDateTime) change = NULL;
  BobbinSchedule schedule = { 0 };

  for (guint i = 0; i < 168; i++)
    bobbin_schedule_set (&schedule, i / 24, i % 24, (i * i + i / 5) % 3);

  if (zone == NULL)
    {
      g_test_skip ("The system does not know Europe/Berlin");
      return;
    }

  time = g_date_time_new (zone, 2026, 1, 1, 0, 0, 0);
  change = bobbin_schedule_get_next_change (&schedule, time);
  while (g_date_time_get_year (time) == 2026)
    {
      GDateTime *next = g_date_time_add_hours (time, 1);

      if (g_date_time_compare (next, change) >= 0)
        {
          g_assert_cmpint (g_date_time_compare (next, change), ==, 0);
          g_date_time_unref (change);
          change = bobbin_schedule_get_next_change (&schedule, next);
        }
      else
        {
          g_assert_cmpint (bobbin_schedule_get_at (&schedule, next), ==,
                           bobbin_schedule_get_at (&schedule, time));
        }
      g_date_time_unref (time);
      time = next;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/schedule/text", test_text);
  g_test_add_func ("/schedule/cases", test_cases);
  g_test_add_func ("/schedule/year", test_year);

  return g_test_run ();
}
