/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What there is to say of a monitor, in words: for its details, and as plain text for a mail or a
 * ticket. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-report.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "bobbin-phase-chart.h"
#include "bobbin-state-words.h"

static char *
format_time (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  const gboolean today = g_date_time_get_year (date) == g_date_time_get_year (now) &&
                         g_date_time_get_day_of_year (date) == g_date_time_get_day_of_year (now);

  return g_date_time_format (date, today ? "%X" : "%x %X");
}

/**
 * bobbin_monitor_report_since:
 * @monitor: a monitor
 *
 * Returns: (transfer full): since when it is as it is; empty where nobody knows
 */
char *
bobbin_monitor_report_since (BobbinMonitor *monitor)
{
  const gint64 since = bobbin_monitor_get_since (monitor);
  g_autofree char *time = since > 0 ? format_time (since) : NULL;

  /* Translators: %s is a time, or a day and a time */
  return time != NULL ? g_strdup_printf (_ ("since %s"), time) : g_strdup ("");
}

/**
 * bobbin_monitor_report_sample:
 * @monitor: a monitor
 *
 * Returns: (transfer full): when its latest sample was due, and how much later it came
 */
char *
bobbin_monitor_report_sample (BobbinMonitor *monitor)
{
  const gint64 due = bobbin_monitor_get_due (monitor);
  const double late = MAX (bobbin_monitor_get_came (monitor) - due, 0) / 1000.0;
  g_autofree char *time = NULL;

  if (due == 0)
    return g_strdup (_ ("No check yet"));

  time = format_time (due);

  /* Translators: %s is a time, %.0f a number of milliseconds */
  return g_strdup_printf (_ ("Due at %s, there after %.0f ms"), time, late);
}

static void
append_line (GString *text, const char *name, const char *value)
{
  if (value != NULL && *value != '\0')
    /* Translators: what it is called, and what it is, as in “Value: 42%” */
    g_string_append_printf (text, _ ("%s: %s"), name, value);
  if (value != NULL && *value != '\0')
    g_string_append_c (text, '\n');
}

static void
append_limit (GString *text, const char *name, BobbinMonitor *monitor, double limit)
{
  g_autofree char *value = isnan (limit) ? NULL : bobbin_monitor_format_value (monitor, limit);

  append_line (text, name, value);
}

static void
append_state (GString *text, BobbinMonitor *monitor)
{
  const BobbinHistoryState state = bobbin_state_of_monitor (monitor);
  g_autofree char *since = bobbin_monitor_report_since (monitor);
  g_autofree char *shown = *since != '\0'
                             ? g_strdup_printf ("%s %s", bobbin_state_get_word (state), since)
                             : g_strdup (bobbin_state_get_word (state));

  append_line (text, _ ("State"), shown);
  append_line (text, _ ("Status"), bobbin_job_get_status_line (BOBBIN_JOB (monitor)));
}

static void
append_events (GString *text, BobbinMonitor *monitor)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (BOBBIN_JOB (monitor)));

  for (guint i = g_list_model_get_n_items (log); i > 0; i--)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i - 1);
      g_autoptr (GDateTime) time =
        g_date_time_new_from_unix_local (bobbin_event_get_time (event) / G_USEC_PER_SEC);
      g_autofree char *shown = g_date_time_format (time, "%F %T%z");

      g_string_append_printf (text, "%s  %s\n", shown, bobbin_event_get_text (event));
    }
}

/**
 * bobbin_monitor_report_new:
 * @monitor: a monitor
 * @uptimes: how much of the time it was up, in lines
 *
 * Returns: (transfer full): all there is to say of @monitor, its log newest first
 */
char *
bobbin_monitor_report_new (BobbinMonitor *monitor, const char *uptimes)
{
  g_autofree char *value =
    bobbin_monitor_format_value (monitor, bobbin_monitor_get_value (monitor));
  g_autofree char *sample = bobbin_monitor_report_sample (monitor);
  g_autofree char *phases = bobbin_phase_chart_to_text (bobbin_monitor_get_details (monitor));
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s\n\n", bobbin_job_get_title (BOBBIN_JOB (monitor)));
  append_line (text, _ ("Address"), bobbin_monitor_get_target (monitor));
  append_state (text, monitor);
  append_line (text, _ ("Value"), value);
  append_limit (text, _ ("Warning limit"), monitor, bobbin_monitor_get_warn (monitor));
  append_limit (text, _ ("Critical limit"), monitor, bobbin_monitor_get_critical (monitor));
  append_line (text, _ ("Last check"), sample);
  /* Translators: what an answer of a web server is made of: name look-up, connection, rest */
  append_line (text, _ ("Phases"), phases);
  g_string_append_printf (text, "\n%s\n%s\n%s\n", _ ("Uptime"), uptimes, _ ("Events"));
  append_events (text, monitor);

  return g_string_free (text, FALSE);
}
