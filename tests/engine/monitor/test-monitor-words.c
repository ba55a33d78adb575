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

static const BobbinProbeClass bytes = { .unit = "B" };
static const BobbinProbeClass bytes_a_second = { .unit = "B/s" };
static const BobbinProbeClass days = { .unit = "days", .less_is_worse = TRUE };
static const BobbinProbeClass celsius = { .unit = "°C" };
static const BobbinProbeClass load = { .unit = "" };

#define NONE    \
  {             \
    NAN, NAN, 1 \
  }
#define LIMITS  \
  {             \
    80, 90.5, 1 \
  }
#define LOWER                       \
  {                                 \
    20, 10, 1, NAN, NAN, TRUE, 0, 0 \
  }
#define HELD            \
  {                     \
    80, 90.5, 1, 75, 85 \
  }

/* clang-format off */
static const WordsCase cases[] = {
  { { &percent, NONE, BOBBIN_HEALTH_UP, 5, 12.4 },
    "12% · every 5 s", "Up: 12%" },
  { { &percent, NONE, BOBBIN_HEALTH_UP, 0.1, 0 },
    "0% · every 0.1 s", "Up: 0%" },
  { { &rounded_up, NONE, BOBBIN_HEALTH_UP, 60, 12.001 },
    "13% · every 60 s", "Up: 13%" },
  { { &milliseconds, NONE, BOBBIN_HEALTH_UP, 5, 0.25 },
    "0.2 ms · every 5 s", "Up: 0.2 ms" },
  { { &milliseconds, { 250, NAN, 1 }, BOBBIN_HEALTH_WARNING, 5, 1234.5 },
    "1234 ms · above the warning limit of 250 ms",
    "Warning: 1234 ms is above the warning limit of 250 ms" },
  { { &percent, LIMITS, BOBBIN_HEALTH_WARNING, 5, 85 },
    "85% · above the warning limit of 80%",
    "Warning: 85% is above the warning limit of 80%" },
  { { &percent, LIMITS, BOBBIN_HEALTH_PENDING, 5, 80.04 },
    "80.1% · above the warning limit of 80%",
    "Pending: 80.1% is above the warning limit of 80%" },
  { { &percent, LIMITS, BOBBIN_HEALTH_CRITICAL, 5, 90.51 },
    "91% · above the critical limit of 90.5%",
    "Critical: 91% is above the critical limit of 90.5%" },
  { { &rounded_up, { 99, NAN, 1 }, BOBBIN_HEALTH_WARNING, 5, 99.2 },
    "99.2% · above the warning limit of 99%",
    "Warning: 99.2% is above the warning limit of 99%" },
  { { &percent, LIMITS, BOBBIN_HEALTH_RECOVERING, 5, 3 },
    "3% · recovering", "Recovering: 3%" },
  { { &percent, LIMITS, BOBBIN_HEALTH_DOWN, 5, NAN, &refused },
    "Not answering: The test says no.", "Down: The test says no." },
  { { &percent, LIMITS, BOBBIN_HEALTH_DOWN, 5, NAN, &refused, 12.4 },
    "No answer for 12 s", "Down: The test says no." },
  { { &percent, LIMITS, BOBBIN_HEALTH_UNKNOWN, 5, NAN },
    "Waiting for the first check", "Unknown: –" },
  { { &percent, LOWER, BOBBIN_HEALTH_WARNING, 5, 15 },
    "15% · below the warning limit of 20%",
    "Warning: 15% is below the warning limit of 20%" },
  { { &percent, LOWER, BOBBIN_HEALTH_WARNING, 5, 19.96 },
    "19.9% · below the warning limit of 20%",
    "Warning: 19.9% is below the warning limit of 20%" },
  { { &days, LOWER, BOBBIN_HEALTH_CRITICAL, 3600, 1 },
    "1 day · below the critical limit of 10 days",
    "Critical: 1 day is below the critical limit of 10 days" },
  { { &percent, HELD, BOBBIN_HEALTH_WARNING, 5, 78, .level = BOBBIN_HEALTH_LEVEL_WARNING },
    "78% · not yet back to 75%", "Warning: 78%" },
  { { &bytes, NONE, BOBBIN_HEALTH_UP, 5, 1500000 },
    "1.5 MB · every 5 s", "Up: 1.5 MB" },
  { { &bytes_a_second, { 1000000, NAN, 1 }, BOBBIN_HEALTH_WARNING, 5, 3200000 },
    "3.2 MB/s · above the warning limit of 1.0 MB/s",
    "Warning: 3.2 MB/s is above the warning limit of 1.0 MB/s" },
  { { &celsius, { 80, NAN, 1 }, BOBBIN_HEALTH_WARNING, 5, 85.25 },
    "85 °C · above the warning limit of 80 °C",
    "Warning: 85 °C is above the warning limit of 80 °C" },
  { { &celsius, { 80, NAN, 1 }, BOBBIN_HEALTH_WARNING, 5, 80.25 },
    "80.3 °C · above the warning limit of 80 °C",
    "Warning: 80.3 °C is above the warning limit of 80 °C" },
  { { &load, NONE, BOBBIN_HEALTH_UP, 5, 0.42 },
    "0.42 · every 5 s", "Up: 0.42" },
  { { &percent, LIMITS, BOBBIN_HEALTH_UNKNOWN, 5, NAN, &refused, 0, BOBBIN_UNKNOWN_OFFLINE },
    "This computer is offline", "Unknown: This computer is offline" },
  { { &percent, LIMITS, BOBBIN_HEALTH_UNKNOWN, 5, NAN, &refused, 0, BOBBIN_UNKNOWN_NO_DATA },
    "No data: The test says no.", "Unknown: No data: The test says no." },
  { { &percent, LIMITS, BOBBIN_HEALTH_UNKNOWN, 5, NAN, NULL, 0, BOBBIN_UNKNOWN_NO_DATA },
    "No data", "Unknown: No data" },
  { { &percent, LIMITS, BOBBIN_HEALTH_UNKNOWN, 5, 12, NULL, 0, BOBBIN_UNKNOWN_PAUSED },
    "Paused", "Unknown: Paused" },
  { { &percent, LIMITS, BOBBIN_HEALTH_UNKNOWN, 5, 99, NULL, 0, BOBBIN_UNKNOWN_MAINTENANCE },
    "99% · maintenance, no alerts", "Unknown: 99% · maintenance, no alerts" },
  { { &percent, LIMITS, BOBBIN_HEALTH_UNKNOWN, 5, 12, NULL, 0, BOBBIN_UNKNOWN_ASLEEP },
    "Waiting for the network after sleep", "Unknown: Waiting for the network after sleep" },
  { { &percent, NONE, BOBBIN_HEALTH_UP, 5, 12, NULL, 0, BOBBIN_UNKNOWN_NONE, 0, 0, 1 },
    "12% · every 5 s", "Up after 1 second: 12%" },
  { { &percent, NONE, BOBBIN_HEALTH_UP, 5, 12, NULL, 0, BOBBIN_UNKNOWN_NONE, 0, 0, 119 },
    "12% · every 5 s", "Up after 119 seconds: 12%" },
  { { &percent, NONE, BOBBIN_HEALTH_DOWN, 5, NAN, &refused, 0, BOBBIN_UNKNOWN_NONE, 0, 0, 300 },
    "Not answering: The test says no.", "Down after 5 minutes: The test says no." },
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
