/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-uptime: what a stretch of time comes to, and how it is said.
 */

#include "config.h"

#include "bobbin-uptime.h"

#include <math.h>

/*
 * A monitor for so many hours in each state, in a day: a letter for each hour. U up, p pending that
 * recovered, X pending that became an outage, w warning, c critical, D down, r recovering from a
 * warning, R from an outage, ? unknown, o offline, a asleep, P paused, m maintenance, a blank for
 * nothing put down.
 */
typedef struct
{
  const char *name;
  const char *hours;
  double percent; /* NAN for nothing known */
  double coverage;
} UptimeCase;

static const UptimeCase cases[] = {
  { "nothing", "                        ", NAN, 0 },
  { "up", "UUUUUUUUUUUUUUUUUUUUUUUU", 100, 1 },
  { "down", "DDDDDDDDDDDDDDDDDDDDDDDD", 0, 1 },
  { "half", "UUUUUUUUUUUUDDDDDDDDDDDD", 50, 1 },
  { "over-limits-is-up", "UUUUUUwwwwwwccccccrrrrrr", 100, 1 },
  { "retries-are-no-outage", "UUUUUUUUUUUUUUUUUUUUUUpp", 100, 22 / 24.0 },
  { "retries-of-an-outage-are", "UUUUUUUUUUUUUUUUUUUUUUXD", 22 / 24.0 * 100, 1 },
  { "not-up-until-believed", "UUUUUUUUUUUUUUUUUUUUUUDR", 22 / 24.0 * 100, 1 },
  { "offline-is-no-outage", "UUUUUUUUUUUUUUUUUUoooooo", 100, 0.75 },
  { "asleep-is-no-outage", "UUUUUUUUaaaaaaaaaaaaaaDD", 80, 10 / 24.0 },
  { "paused-is-no-outage", "DPPPPPPPPPPPPPPPPPPPPPPU", 50, 2 / 24.0 },
  { "maintenance-is-no-outage", "UUUUUUUUUUUUmmmmmmmmmmmm", 100, 0.5 },
  { "unknown-is-neither", "UUUUUU????????????      ", 100, 0.25 },
  { "only-unknown", "????????????????????????", NAN, 0 },
  { "only-pending", "pppppppppppppppppppppppp", NAN, 0 },
  { "only-asleep", "aaaaaaaaaaaaaaaaaaaaaaaa", NAN, 0 },
  { "young", "                       U", 100, 1 / 24.0 },
  { "clock-set-back", "UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUDDDDDD", 30 / 36.0 * 100, 1 },
};

static int
to_state (char letter)
{
  static const char letters[] = "?UpXwcDrRoaPm";
  const char *found = strchr (letters, letter);

  return found != NULL ? (int) (found - letters) : -1;
}

static void
test_uptime (gconstpointer data)
{
  const UptimeCase *test = data;
  BobbinHistoryBucket bucket = { .length = BOBBIN_ROLLUP_DAY };
  BobbinUptime uptime;

  for (const char *hour = test->hours; *hour != '\0'; hour++)
    if (to_state (*hour) >= 0)
      bucket.in_state[to_state (*hour)] += BOBBIN_ROLLUP_HOUR;

  uptime = bobbin_uptime_new (&bucket);
  if (isnan (test->percent))
    g_assert_true (isnan (uptime.fraction));
  else
    g_assert_cmpfloat_with_epsilon (uptime.fraction * 100, test->percent, 1e-9);
  g_assert_cmpfloat_with_epsilon (uptime.coverage, test->coverage, 1e-12);
}

static void
test_format (void)
{
  static const struct
  {
    double fraction;
    const char *text;
  } texts[] = {
    { NAN, "–" },           { 0, "0.00%" },       { 1, "100%" },         { 0.5, "50.00%" },
    { 0.999, "99.90%" },    { 0.9999, "99.99%" }, { 0.99999, "99.99%" }, { 1 - 1e-15, "99.99%" },
    { 0.999899, "99.98%" }, { 0.00001, "0.00%" }, { 1 / 3.0, "33.33%" }, { 2 / 3.0, "66.66%" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = bobbin_uptime_format (texts[i].fraction);

      g_assert_cmpstr (text, ==, texts[i].text);
    }
  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *text = bobbin_uptime_format (i / 10000.0);
      g_autofree char *expected = g_strdup_printf ("%u.%02u%%", i / 100, i % 100);

      g_assert_cmpstr (text, ==, expected);
    }
}

/* A second of a year is not lost in the rounding. */
static void
test_one_second (void)
{
  BobbinHistoryBucket year = { .length = 365 * BOBBIN_ROLLUP_DAY };
  BobbinUptime uptime;
  g_autofree char *text = NULL;

  year.in_state[BOBBIN_HISTORY_UP] = year.length - BOBBIN_ROLLUP_SECOND;
  year.in_state[BOBBIN_HISTORY_DOWN] = BOBBIN_ROLLUP_SECOND;
  uptime = bobbin_uptime_new (&year);
  text = bobbin_uptime_format (uptime.fraction);
  g_assert_cmpint (uptime.down, ==, BOBBIN_ROLLUP_SECOND);
  g_assert_cmpfloat (uptime.fraction, <, 1);
  g_assert_cmpstr (text, ==, "99.99%");
}

/* From verdicts to what is put down. */
static void
test_states (void)
{
  static const struct
  {
    BobbinHealth health;
    BobbinHealth believed;
    BobbinUnknownReason reason;
    BobbinHistoryState state;
  } verdicts[] = {
    { BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, BOBBIN_UNKNOWN_NONE, BOBBIN_HISTORY_UP },
    { BOBBIN_HEALTH_PENDING, BOBBIN_HEALTH_UP, BOBBIN_UNKNOWN_NONE, BOBBIN_HISTORY_PENDING },
    { BOBBIN_HEALTH_WARNING, BOBBIN_HEALTH_WARNING, BOBBIN_UNKNOWN_NONE, BOBBIN_HISTORY_WARNING },
    { BOBBIN_HEALTH_CRITICAL, BOBBIN_HEALTH_CRITICAL, BOBBIN_UNKNOWN_NONE,
      BOBBIN_HISTORY_CRITICAL },
    { BOBBIN_HEALTH_DOWN, BOBBIN_HEALTH_DOWN, BOBBIN_UNKNOWN_NONE, BOBBIN_HISTORY_DOWN },
    { BOBBIN_HEALTH_RECOVERING, BOBBIN_HEALTH_DOWN, BOBBIN_UNKNOWN_NONE,
      BOBBIN_HISTORY_RECOVERING_DOWN },
    { BOBBIN_HEALTH_RECOVERING, BOBBIN_HEALTH_WARNING, BOBBIN_UNKNOWN_NONE,
      BOBBIN_HISTORY_RECOVERING },
    { BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_UNKNOWN, BOBBIN_UNKNOWN_NONE, BOBBIN_HISTORY_UNKNOWN },
    { BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_UP, BOBBIN_UNKNOWN_NO_DATA, BOBBIN_HISTORY_UNKNOWN },
    { BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_DOWN, BOBBIN_UNKNOWN_OFFLINE, BOBBIN_HISTORY_OFFLINE },
    { BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_DOWN, BOBBIN_UNKNOWN_ASLEEP, BOBBIN_HISTORY_ASLEEP },
    { BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_DOWN, BOBBIN_UNKNOWN_PAUSED, BOBBIN_HISTORY_PAUSED },
    { BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_DOWN, BOBBIN_UNKNOWN_MAINTENANCE,
      BOBBIN_HISTORY_MAINTENANCE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    g_assert_cmpint (bobbin_history_state_new (verdicts[i].health, verdicts[i].believed,
                                               verdicts[i].reason),
                     ==, verdicts[i].state);
  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    for (guint j = 0; j < i; j++)
      g_assert_cmpstr (bobbin_history_state_to_string (i), !=, bobbin_history_state_to_string (j));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/uptime/table/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_uptime);
    }
  g_test_add_func ("/uptime/format", test_format);
  g_test_add_func ("/uptime/one-second", test_one_second);
  g_test_add_func ("/uptime/states", test_states);

  return g_test_run ();
}
