/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a monitor says of itself to a person: values, the status line, the lines of its log. Pure;
 * any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "bobbin-history-state.h"

static gboolean
is_percent (const BobbinProbeClass *probe_class)
{
  return g_str_equal (probe_class->unit, "%");
}

/* The values shown are far from the ends of a gint64. */
static double
round_up (double value)
{
  gint64 whole = value;

  return whole < value ? whole + 1 : whole;
}

static gboolean
is_unit (const BobbinProbeClass *probe_class, const char *unit)
{
  return g_str_equal (probe_class->unit, unit);
}

static char *
format_bytes (const BobbinProbeClass *probe_class, double value)
{
  g_autofree char *size = g_format_size (MAX (value, 0));

  if (is_unit (probe_class, "B"))
    return g_steal_pointer (&size);

  /* Translators: an amount of data a second, such as 3.2 MB/s; %s is 3.2 MB */
  return g_strdup_printf (_ ("%s/s"), size);
}

static gboolean
is_bytes (const BobbinProbeClass *probe_class)
{
  return is_unit (probe_class, "B") || is_unit (probe_class, "B/s");
}

char *
bobbin_monitor_words_value (const BobbinProbeClass *probe_class, double value)
{
  if (isnan (value))
    return g_strdup ("–");
  if (is_percent (probe_class))
    /* Translators: a percentage, such as 42 % */
    return g_strdup_printf (_ ("%.0f%%"), probe_class->round_up ? round_up (value) : value);
  if (is_bytes (probe_class))
    return format_bytes (probe_class, value);
  if (is_unit (probe_class, "days"))
    return g_strdup_printf (ngettext ("%.0f day", "%.0f days", (gulong) MAX (value, 0)), value);
  if (is_unit (probe_class, "°C"))
    /* Translators: a temperature, such as 42 °C */
    return g_strdup_printf (_ ("%.0f °C"), value);
  if (*probe_class->unit == '\0')
    return g_strdup_printf (value == (gint64) value ? "%.0f" : "%.2f", value);
  if (value < 1)
    /* Translators: a time in milliseconds, less than one, such as 0.3 ms */
    return g_strdup_printf (_ ("%.1f ms"), value);

  /* Translators: a time in milliseconds, such as 42 ms */
  return g_strdup_printf (_ ("%.0f ms"), value);
}

/* A limit is said as it was given. */
static char *
format_limit (const BobbinProbeClass *probe_class, double limit)
{
  if (is_percent (probe_class))
    /* Translators: a limit in percent, such as 80 % or 99.5 % */
    return g_strdup_printf (_ ("%g%%"), limit);
  if (is_unit (probe_class, "°C"))
    /* Translators: a limit of a temperature, such as 42.5 °C */
    return g_strdup_printf (_ ("%g °C"), limit);
  if (!is_unit (probe_class, "ms"))
    return bobbin_monitor_words_value (probe_class, limit);

  /* Translators: a limit in milliseconds, such as 250 ms */
  return g_strdup_printf (_ ("%g ms"), limit);
}

/* A value that is beyond a limit never looks as if it were not: 80.04 is 80.1, where 80 is it. */
static char *
format_beyond (const BobbinMonitorFigures *figures, double limit)
{
  const double value = figures->value;
  const double shown = figures->limits.below ? -round_up (-value - 0.5) : round_up (value - 0.5);
  const gboolean looks_beyond = figures->limits.below ? shown < limit : shown > limit;

  if (looks_beyond || is_bytes (figures->probe_class) || *figures->probe_class->unit == '\0')
    return bobbin_monitor_words_value (figures->probe_class, value);
  if (figures->limits.below)
    return format_limit (figures->probe_class, -round_up (-value * 10) / 10);

  return format_limit (figures->probe_class, round_up (value * 10) / 10);
}

/* A value and the limit that it is beyond, as they are said. */
typedef struct
{
  char *value; /* (owned) */
  char *limit; /* (owned) */
} Beyond;

static Beyond
beyond_new (const BobbinMonitorFigures *figures, BobbinHealthLevel level)
{
  const double limit =
    level == BOBBIN_HEALTH_LEVEL_CRITICAL ? figures->limits.critical : figures->limits.warn;

  return (Beyond){ format_beyond (figures, limit), format_limit (figures->probe_class, limit) };
}

static void
beyond_clear (Beyond *self)
{
  g_free (self->value);
  g_free (self->limit);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Beyond, beyond_clear)

static char *
status_beyond (const BobbinMonitorFigures *figures, BobbinHealthLevel level)
{
  g_auto (Beyond) it = beyond_new (figures, level);
  const gboolean below = figures->limits.below;

  if (level == BOBBIN_HEALTH_LEVEL_CRITICAL)
    return below
             /* Translators: two values with their units, such as 5 % and 10 % */
             ? g_strdup_printf (_ ("%s · below the critical limit of %s"), it.value, it.limit)
             /* Translators: two values with their units, such as 95 % and 90 % */
             : g_strdup_printf (_ ("%s · above the critical limit of %s"), it.value, it.limit);

  return below ? /* Translators: two values with their units, such as 15 % and 20 % */
           g_strdup_printf (_ ("%s · below the warning limit of %s"), it.value, it.limit)
               /* Translators: two values with their units, such as 85 % and 80 % */
               : g_strdup_printf (_ ("%s · above the warning limit of %s"), it.value, it.limit);
}

static char *
cause_beyond (const BobbinMonitorFigures *figures, BobbinHealthLevel level)
{
  g_auto (Beyond) it = beyond_new (figures, level);
  const gboolean below = figures->limits.below;

  if (level == BOBBIN_HEALTH_LEVEL_CRITICAL)
    return below
             /* Translators: two values with their units, such as 5 % and 10 % */
             ? g_strdup_printf (_ ("%s is below the critical limit of %s"), it.value, it.limit)
             /* Translators: two values with their units, such as 95 % and 90 % */
             : g_strdup_printf (_ ("%s is above the critical limit of %s"), it.value, it.limit);

  return below ? /* Translators: two values with their units, such as 15 % and 20 % */
           g_strdup_printf (_ ("%s is below the warning limit of %s"), it.value, it.limit)
               /* Translators: two values with their units, such as 85 % and 80 % */
               : g_strdup_printf (_ ("%s is above the warning limit of %s"), it.value, it.limit);
}

/* The value is no more beyond the limit, and not yet where that is cleared. */
static char *
status_held (const BobbinMonitorFigures *figures)
{
  const gboolean critical = figures->level == BOBBIN_HEALTH_LEVEL_CRITICAL;
  const double clear = critical ? figures->limits.critical_clear : figures->limits.warn_clear;
  g_autofree char *value = bobbin_monitor_words_value (figures->probe_class, figures->value);
  g_autofree char *shown = format_limit (figures->probe_class, clear);

  /* Translators: two values with their units: what there is, and where the warning will end */
  return g_strdup_printf (_ ("%s · not yet back to %s"), value, shown);
}

static char *
status_paused (gint64 until)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) end = NULL;
  g_autofree char *shown = NULL;
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (until / G_USEC_PER_SEC);

  if (until == 0 || utc == NULL)
    return g_strdup (_ ("Paused"));

  end = g_date_time_to_local (utc);
  if (g_date_time_difference (end, now) < 12 * G_TIME_SPAN_HOUR)
    /* Translators: a time of day, like 14:05; see g_date_time_format() */
    shown = g_date_time_format (end, _ ("%H:%M"));
  else
    /* Translators: a day and a time, like 24 December 2026, 14:05; see g_date_time_format() */
    shown = g_date_time_format (end, _ ("%-d %B %Y, %H:%M"));

  /* Translators: %s is a time, as in “Paused until 14:05” */
  return g_strdup_printf (_ ("Paused until %s"), shown);
}

/* Why nothing is known; NULL where something is, or nothing has been tried yet. */
static char *
status_unknown (const BobbinMonitorFigures *figures)
{
  g_autofree char *value = NULL;

  switch (figures->reason)
    {
    case BOBBIN_UNKNOWN_NO_DATA:
      if (figures->error == NULL)
        return g_strdup (_ ("No data"));
      /* Translators: %s is a sentence */
      return g_strdup_printf (_ ("No data: %s"), figures->error->message);
    case BOBBIN_UNKNOWN_OFFLINE:
      return g_strdup (_ ("This computer is offline"));
    case BOBBIN_UNKNOWN_ASLEEP:
      return g_strdup (_ ("Waiting for the network after sleep"));
    case BOBBIN_UNKNOWN_PAUSED:
      return status_paused (figures->paused_until);
    case BOBBIN_UNKNOWN_MAINTENANCE:
      value = bobbin_monitor_words_value (figures->probe_class, figures->value);
      /* Translators: %s is a value with its unit, such as 42 % */
      return g_strdup_printf (_ ("%s · maintenance, no alerts"), value);
    case BOBBIN_UNKNOWN_NONE:
    default:
      return NULL;
    }
}

/* A running monitor's line. */
char *
bobbin_monitor_words_status (const BobbinMonitorFigures *figures)
{
  BobbinHealthLevel level;
  g_autofree char *value = NULL;

  if (figures->overdue > 0)
    /* Translators: %.0f is a number of seconds */
    return g_strdup_printf (_ ("No answer for %.0f s"), figures->overdue);
  if (figures->quiet > 0)
    /* Translators: %.0f is a number of seconds */
    return g_strdup_printf (_ ("Overdue: no check for %.0f s"), figures->quiet);
  if (figures->reason != BOBBIN_UNKNOWN_NONE)
    return status_unknown (figures);
  if (figures->error != NULL)
    /* Translators: %s is a sentence */
    return g_strdup_printf (_ ("Not answering: %s"), figures->error->message);
  if (isnan (figures->value))
    return g_strdup (_ ("Waiting for the first check"));

  level = bobbin_health_limits_judge (&figures->limits, figures->value);
  if (level != BOBBIN_HEALTH_LEVEL_GOOD)
    return status_beyond (figures, level);
  if (figures->level != BOBBIN_HEALTH_LEVEL_GOOD)
    return status_held (figures);

  value = bobbin_monitor_words_value (figures->probe_class, figures->value);
  if (figures->health == BOBBIN_HEALTH_RECOVERING)
    /* Translators: %s is a value with its unit, such as 42 % */
    return g_strdup_printf (_ ("%s · recovering"), value);

  /* Translators: a value with its unit, such as 42 %, then a number of seconds */
  return g_strdup_printf (_ ("%s · every %g s"), value, figures->interval);
}

static char *
cause (const BobbinMonitorFigures *figures)
{
  BobbinHealthLevel level;

  if (figures->reason != BOBBIN_UNKNOWN_NONE)
    return status_unknown (figures);
  if (figures->error != NULL)
    return g_strdup (figures->error->message);

  level = bobbin_health_limits_judge (&figures->limits, figures->value);
  if (level == BOBBIN_HEALTH_LEVEL_GOOD)
    return bobbin_monitor_words_value (figures->probe_class, figures->value);

  return cause_beyond (figures, level);
}

/* Why nothing is known has sentences of its own. */
static const char *
name_health (BobbinHealth health)
{
  return bobbin_history_state_get_word (
    bobbin_history_state_new (health, health, BOBBIN_UNKNOWN_NONE));
}

/* A line for the log, when the health has changed: the new one, after how long, and why. */
char *
bobbin_monitor_words_event (const BobbinMonitorFigures *figures)
{
  g_autofree char *why = cause (figures);
  g_autofree char *lasted = NULL;

  if (figures->lasted == 0)
    /* Translators: how it does, as in “Up”, and what was found, such as “42%” or a sentence */
    return g_strdup_printf (_ ("%s: %s"), name_health (figures->health), why);

  lasted = bobbin_monitor_words_duration (figures->lasted);

  /* Translators: how it does, as in “Up”, how long what was before lasted, as in “5 minutes”, and
   * what was found, such as “42%” or a sentence */
  return g_strdup_printf (_ ("%s after %s: %s"), name_health (figures->health), lasted, why);
}

/* How long something lasted, in the greatest unit that there are two of. */
char *
bobbin_monitor_words_duration (gint64 seconds)
{
  const gint64 minutes = seconds / 60;
  const gint64 hours = minutes / 60;
  const gint64 days = hours / 24;

  if (days >= 2)
    /* Translators: how long something lasted */
    return g_strdup_printf (ngettext ("%d day", "%d days", days), (int) days);
  if (hours >= 2)
    return g_strdup_printf (ngettext ("%d hour", "%d hours", hours), (int) hours);
  if (minutes >= 2)
    return g_strdup_printf (ngettext ("%d minute", "%d minutes", minutes), (int) minutes);

  return g_strdup_printf (ngettext ("%d second", "%d seconds", seconds), (int) seconds);
}

/**
 * bobbin_monitor_dup_command:
 * @self: a monitor
 *
 * Returns: (transfer full) (nullable): what its alerts run, as it would be typed into a shell;
 * %NULL if they run nothing
 */
char *
bobbin_monitor_dup_command (BobbinMonitor *self)
{
  g_autoptr (GVariant) command = NULL;
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);

  if (self->alerting != NULL)
    command = g_variant_lookup_value (self->alerting, "command", G_VARIANT_TYPE_STRING_ARRAY);
  if (command == NULL || g_variant_n_children (command) == 0)
    return NULL;

  text = g_string_new (NULL);
  for (gsize i = 0; i < g_variant_n_children (command); i++)
    {
      g_autoptr (GVariant) word = g_variant_get_child_value (command, i);
      g_autofree char *quoted = g_shell_quote (g_variant_get_string (word, NULL));

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", quoted);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
