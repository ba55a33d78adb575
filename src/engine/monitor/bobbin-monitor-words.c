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

static char *
format_other (const char *unit, double value)
{
  g_autofree char *size = NULL;

  if (*unit == '\0')
    return g_strdup_printf (value == (gint64) value ? "%.0f" : "%.2f", value);
  if (g_str_equal (unit, "°C"))
    /* Translators: a temperature, such as 42 °C */
    return g_strdup_printf (_ ("%.0f °C"), value);

  size = g_format_size ((guint64) MAX (value, 0));
  if (g_str_equal (unit, "B"))
    return g_steal_pointer (&size);

  /* Translators: %s is a size; so much a second */
  return g_strdup_printf (_ ("%s/s"), size);
}

char *
bobbin_monitor_words_value (const BobbinProbeClass *probe_class, double value)
{
  if (isnan (value))
    return g_strdup ("–");
  if (is_percent (probe_class))
    /* Translators: a percentage, such as 42 % */
    return g_strdup_printf (_ ("%.0f %%"), probe_class->round_up ? round_up (value) : value);
  if (!g_str_equal (probe_class->unit, "ms"))
    return format_other (probe_class->unit, value);
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
    return g_strdup_printf (_ ("%g %%"), limit);

  if (!g_str_equal (probe_class->unit, "ms"))
    return format_other (probe_class->unit, limit);

  /* Translators: a limit in milliseconds, such as 250 ms */
  return g_strdup_printf (_ ("%g ms"), limit);
}

/* A value that is over a limit never looks as if it were not: 80.04 is 80.1, where 80 is the limit.
 */
static char *
format_over (const BobbinMonitorFigures *figures, double limit)
{
  if (round_up (figures->value - 0.5) > limit)
    return bobbin_monitor_words_value (figures->probe_class, figures->value);

  return format_limit (figures->probe_class, round_up (figures->value * 10) / 10);
}

static char *
status_over (const BobbinMonitorFigures *figures, BobbinHealthLevel level)
{
  g_autofree char *value = NULL;
  g_autofree char *limit = NULL;

  if (level == BOBBIN_HEALTH_LEVEL_CRITICAL)
    {
      limit = format_limit (figures->probe_class, figures->limits.critical);
      value = format_over (figures, figures->limits.critical);
      /* Translators: two values with their units, such as 95 % and 90 % */
      return g_strdup_printf (_ ("%s · above the critical limit of %s"), value, limit);
    }

  limit = format_limit (figures->probe_class, figures->limits.warn);
  value = format_over (figures, figures->limits.warn);
  /* Translators: two values with their units, such as 85 % and 80 % */
  return g_strdup_printf (_ ("%s · above the warning limit of %s"), value, limit);
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
  if (figures->error != NULL)
    /* Translators: %s is a sentence */
    return g_strdup_printf (_ ("Not answering: %s"), figures->error->message);
  if (isnan (figures->value))
    return g_strdup (_ ("Waiting for the first sample"));

  level = bobbin_health_limits_judge (&figures->limits, figures->value);
  if (level != BOBBIN_HEALTH_LEVEL_GOOD)
    return status_over (figures, level);

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
  g_autofree char *value = NULL;
  g_autofree char *limit = NULL;

  if (figures->error != NULL)
    return g_strdup (figures->error->message);

  switch (bobbin_health_limits_judge (&figures->limits, figures->value))
    {
    case BOBBIN_HEALTH_LEVEL_CRITICAL:
      limit = format_limit (figures->probe_class, figures->limits.critical);
      value = format_over (figures, figures->limits.critical);
      /* Translators: two values with their units, such as 95 % and 90 % */
      return g_strdup_printf (_ ("%s is above the critical limit of %s"), value, limit);
    case BOBBIN_HEALTH_LEVEL_WARNING:
      limit = format_limit (figures->probe_class, figures->limits.warn);
      value = format_over (figures, figures->limits.warn);
      /* Translators: two values with their units, such as 85 % and 80 % */
      return g_strdup_printf (_ ("%s is above the warning limit of %s"), value, limit);
    case BOBBIN_HEALTH_LEVEL_GOOD:
    case BOBBIN_HEALTH_LEVEL_NO_ANSWER:
    default:
      return bobbin_monitor_words_value (figures->probe_class, figures->value);
    }
}

/* A line for the log, when the health has changed: the new one, and why. */
char *
bobbin_monitor_words_event (const BobbinMonitorFigures *figures)
{
  g_autofree char *why = cause (figures);

  /* Translators: in the lines of this list %s is what was found, such as “42 %” or a sentence */
  switch (figures->health)
    {
    case BOBBIN_HEALTH_UP:
      return g_strdup_printf (_ ("Up: %s"), why);
    case BOBBIN_HEALTH_PENDING:
      return g_strdup_printf (_ ("Pending: %s"), why);
    case BOBBIN_HEALTH_WARNING:
      return g_strdup_printf (_ ("Warning: %s"), why);
    case BOBBIN_HEALTH_CRITICAL:
      return g_strdup_printf (_ ("Critical: %s"), why);
    case BOBBIN_HEALTH_DOWN:
      return g_strdup_printf (_ ("Down: %s"), why);
    case BOBBIN_HEALTH_RECOVERING:
      return g_strdup_printf (_ ("Recovering: %s"), why);
    case BOBBIN_HEALTH_UNKNOWN:
    default:
      return g_strdup_printf (_ ("Unknown: %s"), why);
    }
}
