/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-health: sequences of samples, and what is to be said after each of them.
 */

#include "config.h"

#include "bobbin-health-private.h"

#include <math.h>

/*
 * A sample is a letter: g good, w over the warning limit, c over the critical limit, - no answer.
 * So is what it comes to: U up, p pending, W warning, C critical, D down, r recovering.
 */
typedef struct
{
  const char *name;
  guint n_samples;
  const char *samples;
  const char *health;
} HealthCase;

static const HealthCase cases[] = {
  { "good", 1, "g", "U" },
  { "good-for-3", 3, "g", "U" },
  { "stays-good", 1, "ggggg", "UUUUU" },
  { "warning-at-once", 1, "gw", "UW" },
  { "critical-at-once", 1, "gc", "UC" },
  { "down-at-once", 1, "g-", "UD" },
  { "first-is-warning", 1, "w", "W" },
  { "first-is-critical", 1, "c", "C" },
  { "first-is-down", 1, "-", "D" },
  { "up-at-once", 1, "-g", "DU" },
  { "all-levels-at-once", 1, "gwc-cwg", "UWCDCWU" },
  { "flapping-at-once", 1, "g-g-g", "UDUDU" },
  { "pending-then-warning", 2, "gww", "UpW" },
  { "pending-then-critical", 3, "gccc", "UppC" },
  { "pending-then-down", 3, "g---", "UppD" },
  { "one-bad-is-not-enough", 2, "gwg", "UpU" },
  { "two-bad-are-not-enough", 3, "g--g", "UppU" },
  { "count-begins-anew", 3, "g--g--g---", "UppUppUppD" },
  { "flapping-is-never-told", 2, "gwgwgwg", "UpUpUpU" },
  { "first-bad-is-pending", 2, "-", "p" },
  { "first-bad-then-down", 2, "--", "pD" },
  { "first-bad-then-good", 2, "-g", "pU" },
  { "as-bad-as-the-best", 3, "gwcc", "UppW" },
  { "no-answer-bears-out-a-limit", 3, "gw-c", "UppW" },
  { "no-answer-bears-out-critical", 2, "gc-", "UpC" },
  { "recovering-then-up", 2, "gwwgg", "UpWrU" },
  { "recovering-for-3", 3, "---ggg", "ppDrrU" },
  { "recovery-fails", 2, "--g--", "pDrDD" },
  { "recovery-fails-again", 3, "---gg-ggg", "ppDrrDrrU" },
  { "warning-gets-critical", 2, "wwcc", "pWWC" },
  { "warning-gets-down", 2, "ww--", "pWWD" },
  { "critical-gets-warning", 2, "ccww", "pCCW" },
  { "down-gets-warning", 2, "--ww", "pDDW" },
  { "as-good-as-the-worst", 3, "cccwgg", "ppCCrr" },
  { "as-good-as-the-worst-then-up", 3, "cccwggg", "ppCCrrU" },
  { "one-worse-is-not-enough", 2, "wwcww", "pWWWW" },
  { "one-better-is-not-enough", 2, "ccwc", "pCCC" },
  { "many", 5, "g-----ggggg", "UppppDrrrrU" },
  { "n-of-0-is-1", 0, "gwg", "UWU" },
};

static BobbinHealthLevel
level_of (char letter)
{
  switch (letter)
    {
    case 'g':
      return BOBBIN_HEALTH_LEVEL_GOOD;
    case 'w':
      return BOBBIN_HEALTH_LEVEL_WARNING;
    case 'c':
      return BOBBIN_HEALTH_LEVEL_CRITICAL;
    case '-':
      return BOBBIN_HEALTH_LEVEL_NO_ANSWER;
    default:
      g_assert_not_reached ();
    }
}

static void
test_sequence (gconstpointer user_data)
{
  const HealthCase *test = user_data;
  const BobbinHealthLimits limits = { NAN, NAN, test->n_samples };
  BobbinHealthTracker tracker = { 0 };
  g_autoptr (GString) health = g_string_new (NULL);

  g_assert_cmpint (tracker.health, ==, BOBBIN_HEALTH_UNKNOWN);
  for (const char *sample = test->samples; *sample != '\0'; sample++)
    {
      static const char letters[] = "?UpWCDr";
      BobbinHealth result = bobbin_health_tracker_feed (&tracker, &limits, level_of (*sample));

      g_assert_cmpint (result, ==, tracker.health);
      g_string_append_c (health, letters[result]);
    }

  g_assert_cmpstr (health->str, ==, test->health);
}

static void
test_judge (void)
{
  const BobbinHealthLimits none = { NAN, NAN, 1 };
  const BobbinHealthLimits warn = { 80, NAN, 1 };
  const BobbinHealthLimits critical = { NAN, 90, 1 };
  const BobbinHealthLimits both = { 80, 90, 1 };
  const BobbinHealthLimits swapped = { 90, 80, 1 };

  g_assert_cmpint (bobbin_health_limits_judge (&none, 1e300), ==, BOBBIN_HEALTH_LEVEL_GOOD);
  g_assert_cmpint (bobbin_health_limits_judge (&warn, 1e300), ==, BOBBIN_HEALTH_LEVEL_WARNING);
  g_assert_cmpint (bobbin_health_limits_judge (&critical, 89), ==, BOBBIN_HEALTH_LEVEL_GOOD);
  g_assert_cmpint (bobbin_health_limits_judge (&critical, 91), ==, BOBBIN_HEALTH_LEVEL_CRITICAL);
  g_assert_cmpint (bobbin_health_limits_judge (&both, 80), ==, BOBBIN_HEALTH_LEVEL_GOOD);
  g_assert_cmpint (bobbin_health_limits_judge (&both, 80.0001), ==, BOBBIN_HEALTH_LEVEL_WARNING);
  g_assert_cmpint (bobbin_health_limits_judge (&both, 90), ==, BOBBIN_HEALTH_LEVEL_WARNING);
  g_assert_cmpint (bobbin_health_limits_judge (&both, 90.0001), ==, BOBBIN_HEALTH_LEVEL_CRITICAL);
  g_assert_cmpint (bobbin_health_limits_judge (&both, -1), ==, BOBBIN_HEALTH_LEVEL_GOOD);
  g_assert_cmpint (bobbin_health_limits_judge (&swapped, 85), ==, BOBBIN_HEALTH_LEVEL_CRITICAL);
}

/* A smaller number of samples counts from the next one on. */
static void
test_change_of_n (void)
{
  BobbinHealthLimits limits = { NAN, NAN, 5 };
  BobbinHealthTracker tracker = { 0 };

  bobbin_health_tracker_feed (&tracker, &limits, BOBBIN_HEALTH_LEVEL_GOOD);
  bobbin_health_tracker_feed (&tracker, &limits, BOBBIN_HEALTH_LEVEL_NO_ANSWER);
  g_assert_cmpint (tracker.health, ==, BOBBIN_HEALTH_PENDING);
  limits.n_samples = 2;
  bobbin_health_tracker_feed (&tracker, &limits, BOBBIN_HEALTH_LEVEL_NO_ANSWER);
  g_assert_cmpint (tracker.health, ==, BOBBIN_HEALTH_DOWN);
}

static void
test_to_string (void)
{
  static const char *const names[] = { "unknown",  "up",   "pending",   "warning",
                                       "critical", "down", "recovering" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (bobbin_health_to_string (i), ==, names[i]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/health/sequence/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_sequence);
    }
  g_test_add_func ("/health/limits", test_judge);
  g_test_add_func ("/health/change-of-n", test_change_of_n);
  g_test_add_func ("/health/to-string", test_to_string);

  return g_test_run ();
}
