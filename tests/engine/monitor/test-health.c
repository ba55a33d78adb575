/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-health: sequences of samples, and what is to be said after each of them.
 */

#include "config.h"

#include "bobbin-health-private.h"

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

/*
 * What others get wrong, and what it takes to get it right. A letter is one sample, a second after
 * the one before; here besides: n no data, o offline, z asleep, P paused, M maintenance, of which
 * it is always unknown (?) what they come to. Then what is believed: an alert is told of when that
 * changes to something bad, ends when it changes back, and never else.
 */
typedef struct
{
  const char *name;
  guint n_samples;
  guint n_good;
  guint seconds;
  const char *samples;
  const char *health;
  const char *believed;
} StoryCase;

static const StoryCase stories[] = {
  /* told of again after maintenance, a pause, a night's sleep, a network that was away */
  { "no-alert-again-after-maintenance", 1, 0, 0, "g--MMM--", "UDD???DD", "UDDDDDDD" },
  { "no-alert-again-after-pause", 1, 0, 0, "g-P-", "UD?D", "UDDD" },
  { "no-alert-again-after-sleep", 2, 0, 0, "g--z--", "UpD?DD", "UUDDDD" },
  { "no-alert-again-after-offline", 2, 0, 0, "g--oo--", "UpD??DD", "UUDDDDD" },
  { "no-warning-again-after-maintenance", 1, 0, 0, "gwMMw", "UW??W", "UWWWW" },
  /* bad in a gap is no alert, after it it counts from one */
  { "maintenance-hides-trouble", 1, 0, 0, "gMMMg", "U???U", "UUUUU" },
  { "trouble-that-outlasts-maintenance", 2, 0, 0, "gMM--", "U??pD", "UUUUD" },
  { "row-does-not-span-maintenance", 3, 0, 0, "g--M-g", "Upp?pU", "UUUUUU" },
  { "row-does-not-span-offline", 2, 0, 0, "g-o-g", "Up?pU", "UUUUU" },
  { "row-does-not-span-sleep", 2, 0, 0, "g-z-g", "Up?pU", "UUUUU" },
  { "row-does-not-span-pause", 2, 0, 0, "g-P-g", "Up?pU", "UUUUU" },
  { "sleep-of-what-is-up", 1, 0, 0, "gzg", "U?U", "UUU" },
  { "many-sleeps", 1, 0, 0, "gzgzgz", "U?U?U?", "UUUUUU" },
  { "offline-from-the-start", 1, 0, 0, "ooog", "???U", "???U" },
  { "offline-from-the-start-then-down", 1, 0, 0, "oo-", "??D", "??D" },
  /* mended in a gap: the alert ends, with the first M samples after it */
  { "mended-in-maintenance", 1, 0, 0, "-MMg", "D??U", "DDDU" },
  { "mended-in-maintenance-for-2", 1, 2, 0, "-MMgg", "D??rU", "DDDDU" },
  { "recovery-does-not-span-offline", 1, 2, 0, "-gog", "Dr?r", "DDDD" },
  /* no data is not resolved */
  { "no-data-is-not-up", 1, 0, 0, "-nnn", "D???", "DDDD" },
  { "no-data-is-not-down", 1, 0, 0, "gnnn", "U???", "UUUU" },
  { "no-data-from-the-start", 1, 0, 0, "nnn", "???", "???" },
  { "no-data-does-not-recover", 1, 3, 0, "-gngng", "Dr?r?r", "DDDDDD" },
  { "no-data-then-recovers", 1, 2, 0, "cngg", "C?rU", "CCCU" },
  { "no-data-makes-nothing-better", 3, 0, 0, "g-n-n-", "Up?p?D", "UUUUUD" },
  { "no-data-keeps-a-warning", 2, 0, 0, "wwnnw", "pW??W", "?WWWW" },
  /* up again at the first sign of it */
  { "recovers-after-3", 1, 3, 0, "-ggg", "DrrU", "DDDU" },
  { "flapping-is-one-event", 1, 3, 0, "g-g-gg-ggg", "UDrDrrDrrU", "UDDDDDDDDU" },
  { "recovers-faster-than-it-falls", 3, 1, 0, "g---g", "UppDU", "UUUDU" },
  { "falls-at-once-recovers-late", 1, 4, 0, "gcgggg", "UCrrrU", "UCCCCU" },
  { "better-but-not-good", 1, 2, 0, "gcww", "UCCW", "UCCW" },
  /* for a time, not for a number: the row has to span it, whatever the number */
  { "for-3-seconds", 1, 0, 3, "g----", "UpppD", "UUUUD" },
  { "for-3-seconds-in-a-row", 1, 0, 3, "g---g---", "UpppUppp", "UUUUUUUU" },
  { "for-a-time-and-a-number", 5, 1, 3, "g-----", "UppppD", "UUUUUD" },
  { "for-a-time-spans-no-sleep", 1, 0, 3, "g--z---", "Upp?ppp", "UUUUUUU" },
  { "for-a-time-then-good-at-once", 1, 1, 2, "wwwg", "ppWU", "??WU" },
  { "for-no-time", 1, 0, 0, "g-", "UD", "UD" },
  /* retries before it is down take no time from what was up: each is a sample of its slot */
  { "pending-that-recovers-was-up", 4, 0, 0, "g---g", "UpppU", "UUUUU" },
  { "first-samples-bad", 3, 0, 0, "--g", "ppU", "??U" },
  { "down-to-warning-to-up", 1, 2, 0, "--wwgg", "DDDWrU", "DDDWWU" },
};

static const char letters[] = "?UpWCDr";

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
  const BobbinHealthLimits limits = { .n_samples = test->n_samples };
  BobbinHealthTracker tracker = { 0 };
  g_autoptr (GString) health = g_string_new (NULL);

  g_assert_cmpint (tracker.health, ==, BOBBIN_HEALTH_UNKNOWN);
  for (const char *sample = test->samples; *sample != '\0'; sample++)
    {
      BobbinHealth result = bobbin_health_tracker_feed (&tracker, &limits, 0, level_of (*sample));

      g_assert_cmpint (result, ==, tracker.health);
      g_string_append_c (health, letters[result]);
    }

  g_assert_cmpstr (health->str, ==, test->health);
}

static BobbinUnknownReason
reason_of (char letter)
{
  static const char reasons[] = "?nozPM";
  const char *found = strchr (reasons, letter);

  return found != NULL ? (BobbinUnknownReason) (found - reasons) : BOBBIN_UNKNOWN_NONE;
}

static void
tell (BobbinHealthTracker *tracker, const BobbinHealthLimits *limits, gint64 time, char letter)
{
  const BobbinUnknownReason reason = reason_of (letter);

  if (reason == BOBBIN_UNKNOWN_NONE)
    bobbin_health_tracker_feed (tracker, limits, time, level_of (letter));
  else
    g_assert_cmpint (bobbin_health_tracker_miss (tracker, reason), ==, BOBBIN_HEALTH_UNKNOWN);
  g_assert_cmpint (tracker->reason, ==, reason);
}

static void
test_story (gconstpointer user_data)
{
  const StoryCase *test = user_data;
  const BobbinHealthLimits limits = { .n_samples = test->n_samples,
                                      .n_good = test->n_good,
                                      .duration = test->seconds * G_USEC_PER_SEC };
  BobbinHealthTracker tracker = { 0 };
  g_autoptr (GString) health = g_string_new (NULL);
  g_autoptr (GString) believed = g_string_new (NULL);
  gint64 time = G_USEC_PER_SEC;

  for (const char *sample = test->samples; *sample != '\0'; sample++)
    {
      tell (&tracker, &limits, time += G_USEC_PER_SEC, *sample);
      g_string_append_c (health, letters[tracker.health]);
      g_string_append_c (believed, letters[bobbin_health_tracker_believed (&tracker)]);
    }

  g_assert_cmpstr (health->str, ==, test->health);
  g_assert_cmpstr (believed->str, ==, test->believed);
}

/* Values; limits, and where they clear. */
typedef struct
{
  const char *name;
  BobbinHealthLimits limits;
  double values[12]; /* up to a NAN */
  const char *health;
} ValueCase;

/* clang-format off */
static const ValueCase value_cases[] = {
  { "trembling-about-a-limit", { 80, NAN, 1, NAN, NAN, FALSE },
    { 79, 81, 79, 81, 79, NAN }, "UWUWU" },
  { "clears-lower", { 80, NAN, 1, 75, NAN, FALSE },
    { 79, 81, 79, 76, 75, 79, 81, NAN }, "UWWWUUW" },
  { "just-the-limit", { 80, NAN, 1, 75, NAN, FALSE },
    { 80, 80.001, 80, 75.001, 75, NAN }, "UWWWU" },
  { "wrong-side-is-none", { 80, NAN, 1, 85, NAN, FALSE },
    { 81, 84, 80, NAN }, "WWU" },
  { "two-limits", { 80, 90, 1, 70, 85, FALSE },
    { 85, 91, 86, 85, 75, 71, 70, 86, NAN }, "WCCWWWUW" },
  { "critical-alone", { NAN, 90, 1, NAN, 85, FALSE },
    { 88, 91, 88, 85, 88, NAN }, "UCCUU" },
  { "held-only-when-believed", { 80, NAN, 2, 70, NAN, FALSE },
    { 75, 81, 75, 81, 81, 75, 75, 70, 69, NAN }, "UpUpWWWrU" },
  { "held-through-no-answer", { 80, NAN, 1, 70, NAN, FALSE },
    { 81, INFINITY, 75, 69, NAN }, "WDWU" },
  { "free-space", { 10, 5, 1, 20, 8, TRUE },
    { 30, 15, 9, 15, 4, 7, 8, 19, 20, NAN }, "UUWWCCWWU" },
  { "days-left", { 14, 7, 1, NAN, NAN, TRUE },
    { 15, 14, 13, 7, 6, 90, NAN }, "UUWWCU" },
  { "wrong-side-below", { 10, NAN, 1, 5, NAN, TRUE },
    { 9, 10, NAN }, "WU" },
};
/* clang-format on */

static void
test_values (gconstpointer user_data)
{
  const ValueCase *test = user_data;
  BobbinHealthTracker tracker = { 0 };
  g_autoptr (GString) health = g_string_new (NULL);

  for (const double *value = test->values; !isnan (*value); value++)
    {
      BobbinHealthLevel level = BOBBIN_HEALTH_LEVEL_NO_ANSWER;

      if (!isinf (*value))
        level = bobbin_health_tracker_judge (&tracker, &test->limits, *value);
      bobbin_health_tracker_feed (&tracker, &test->limits, 0, level);
      g_string_append_c (health, letters[tracker.health]);
    }

  g_assert_cmpstr (health->str, ==, test->health);
}

static void
expect (double warn, double critical, double value, BobbinHealthLevel level)
{
  const BobbinHealthLimits limits = { .warn = warn, .critical = critical, .n_samples = 1 };

  g_assert_cmpint (bobbin_health_limits_judge (&limits, value), ==, level);
}

static void
test_judge (void)
{
  expect (NAN, NAN, 1e300, BOBBIN_HEALTH_LEVEL_GOOD);
  expect (80, NAN, 1e300, BOBBIN_HEALTH_LEVEL_WARNING);
  expect (NAN, 90, 89, BOBBIN_HEALTH_LEVEL_GOOD);
  expect (NAN, 90, 91, BOBBIN_HEALTH_LEVEL_CRITICAL);
  expect (80, 90, 80, BOBBIN_HEALTH_LEVEL_GOOD);
  expect (80, 90, 80.0001, BOBBIN_HEALTH_LEVEL_WARNING);
  expect (80, 90, 90, BOBBIN_HEALTH_LEVEL_WARNING);
  expect (80, 90, 90.0001, BOBBIN_HEALTH_LEVEL_CRITICAL);
  expect (80, 90, -1, BOBBIN_HEALTH_LEVEL_GOOD);
  expect (90, 80, 85, BOBBIN_HEALTH_LEVEL_CRITICAL);
}

/* A smaller number of samples counts from the next one on. */
static void
test_change_of_n (void)
{
  BobbinHealthLimits limits = { .n_samples = 5 };
  BobbinHealthTracker tracker = { 0 };

  tell (&tracker, &limits, 0, 'g');
  tell (&tracker, &limits, 0, '-');
  g_assert_cmpint (tracker.health, ==, BOBBIN_HEALTH_PENDING);
  limits.n_samples = 2;
  tell (&tracker, &limits, 0, '-');
  g_assert_cmpint (tracker.health, ==, BOBBIN_HEALTH_DOWN);
}

/* What was believed when the program ended is believed when it begins again: no alert again. */
static void
test_restore (void)
{
  const BobbinHealthLimits limits = { .warn = 80,
                                      .warn_clear = 70,
                                      .critical = NAN,
                                      .n_samples = 2 };
  BobbinHealthTracker tracker = { 0 };

  bobbin_health_tracker_restore (&tracker, BOBBIN_HEALTH_DOWN);
  g_assert_cmpint (tracker.health, ==, BOBBIN_HEALTH_UNKNOWN);
  g_assert_cmpint (bobbin_health_tracker_believed (&tracker), ==, BOBBIN_HEALTH_DOWN);
  tell (&tracker, &limits, 0, '-');
  g_assert_cmpint (tracker.health, ==, BOBBIN_HEALTH_DOWN);

  bobbin_health_tracker_restore (&tracker, BOBBIN_HEALTH_WARNING);
  g_assert_cmpint (bobbin_health_tracker_judge (&tracker, &limits, 75), ==,
                   BOBBIN_HEALTH_LEVEL_WARNING);
  tell (&tracker, &limits, 0, 'g');
  g_assert_cmpint (tracker.health, ==, BOBBIN_HEALTH_RECOVERING);

  bobbin_health_tracker_restore (&tracker, BOBBIN_HEALTH_UNKNOWN);
  g_assert_cmpint (bobbin_health_tracker_believed (&tracker), ==, BOBBIN_HEALTH_UNKNOWN);
  tell (&tracker, &limits, 0, '-');
  g_assert_cmpint (tracker.health, ==, BOBBIN_HEALTH_PENDING);
}

static void
test_to_string (void)
{
  static const char *const names[] = { "unknown",  "up",   "pending",   "warning",
                                       "critical", "down", "recovering" };
  static const char *const reasons[] = { "none",   "no-data", "offline",
                                         "asleep", "paused",  "maintenance" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (bobbin_health_to_string (i), ==, names[i]);
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    g_assert_cmpstr (bobbin_unknown_reason_to_string (i), ==, reasons[i]);
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
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      g_autofree char *path = g_strdup_printf ("/health/story/%s", stories[i].name);

      g_test_add_data_func (path, &stories[i], test_story);
    }
  for (guint i = 0; i < G_N_ELEMENTS (value_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/health/values/%s", value_cases[i].name);

      g_test_add_data_func (path, &value_cases[i], test_values);
    }
  g_test_add_func ("/health/limits", test_judge);
  g_test_add_func ("/health/change-of-n", test_change_of_n);
  g_test_add_func ("/health/restore", test_restore);
  g_test_add_func ("/health/to-string", test_to_string);

  return g_test_run ();
}
