/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-monitor-words: what is said of what was found.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-monitor-private.h"

#include <math.h>

static const BobbinProbeClass percent = { .unit = "%", .scale = 100 };
static const BobbinProbeClass rounded_up = { .unit = "%", .scale = 100, .round_up = TRUE };
static const BobbinProbeClass milliseconds = { .unit = "ms" };

static const GError refused = { 0, BOBBIN_ERROR_REFUSED, (char *) "The test says no." };

typedef struct
{
  BobbinMonitorFigures figures;
  const char *status;
  const char *event;
} WordsCase;

#define NONE    \
  {             \
    NAN, NAN, 1 \
  }
#define LIMITS  \
  {             \
    80, 90.5, 1 \
  }

/* clang-format off */
static const WordsCase cases[] = {
  { { &percent, NONE, BOBBIN_HEALTH_UP, 5, 12.4 },
    "12 % · every 5 s", "Up: 12 %" },
  { { &percent, NONE, BOBBIN_HEALTH_UP, 0.1, 0 },
    "0 % · every 0.1 s", "Up: 0 %" },
  { { &rounded_up, NONE, BOBBIN_HEALTH_UP, 60, 12.001 },
    "13 % · every 60 s", "Up: 13 %" },
  { { &milliseconds, NONE, BOBBIN_HEALTH_UP, 5, 0.25 },
    "0.2 ms · every 5 s", "Up: 0.2 ms" },
  { { &milliseconds, { 250, NAN, 1 }, BOBBIN_HEALTH_WARNING, 5, 1234.5 },
    "1234 ms · above the warning limit of 250 ms",
    "Warning: 1234 ms is above the warning limit of 250 ms" },
  { { &percent, LIMITS, BOBBIN_HEALTH_WARNING, 5, 85 },
    "85 % · above the warning limit of 80 %",
    "Warning: 85 % is above the warning limit of 80 %" },
  { { &percent, LIMITS, BOBBIN_HEALTH_PENDING, 5, 80.04 },
    "80.1 % · above the warning limit of 80 %",
    "Pending: 80.1 % is above the warning limit of 80 %" },
  { { &percent, LIMITS, BOBBIN_HEALTH_CRITICAL, 5, 90.51 },
    "91 % · above the critical limit of 90.5 %",
    "Critical: 91 % is above the critical limit of 90.5 %" },
  { { &rounded_up, { 99, NAN, 1 }, BOBBIN_HEALTH_WARNING, 5, 99.2 },
    "99.2 % · above the warning limit of 99 %",
    "Warning: 99.2 % is above the warning limit of 99 %" },
  { { &percent, LIMITS, BOBBIN_HEALTH_RECOVERING, 5, 3 },
    "3 % · recovering", "Recovering: 3 %" },
  { { &percent, LIMITS, BOBBIN_HEALTH_DOWN, 5, NAN, &refused },
    "Not answering: The test says no.", "Down: The test says no." },
  { { &percent, LIMITS, BOBBIN_HEALTH_DOWN, 5, NAN, &refused, 12.4 },
    "No answer for 12 s", "Down: The test says no." },
  { { &percent, LIMITS, BOBBIN_HEALTH_UNKNOWN, 5, NAN },
    "Waiting for the first sample", "Unknown: –" },
};
/* clang-format on */

static void
test_words (gconstpointer user_data)
{
  const WordsCase *test = user_data;
  g_autofree char *status = bobbin_monitor_words_status (&test->figures);
  g_autofree char *event = bobbin_monitor_words_event (&test->figures);

  g_assert_cmpstr (status, ==, test->status);
  g_assert_cmpstr (event, ==, test->event);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/monitor-words/%u", i);

      g_test_add_data_func (path, &cases[i], test_words);
    }

  return g_test_run ();
}
