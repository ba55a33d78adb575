/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The axes of a chart: where they begin and end, where the lines of the grid are, and what is
 * written beside them. A person reads 0, 20, 40 more easily than 0, 17, 34, and midnight more
 * easily than 00:07. Pure; any thread.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-chart-scale.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define DAY (24 * 60)

/* ---- values */

/* The least of 1, 2 and 5 times a power of ten that is no less than @value, which is over 0. */
static double
round_up_nicely (double value)
{
  const double power = pow (10, floor (log10 (value)));
  const double digit = value / power * (1 - 1e-9);

  return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

/**
 * bobbin_chart_scale_init: (skip)
 * @self: (out caller-allocates): a scale
 * @lowest: a value that is to be on it; NAN if there is none
 * @highest: another, no less than @lowest; NAN if there is none
 * @max_steps: so many steps, at least 1; where the scale goes below 0, there may be one more
 *
 * Makes a scale on which 0 is, and all between @lowest and @highest.
 */
void
bobbin_chart_scale_init (BobbinChartScale *self, double lowest, double highest, guint max_steps)
{
  /* fmin() and fmax() pass over a NAN */
  const double bottom = fmin (lowest, 0);
  const double top = fmax (highest, 0);
  const double range = top - bottom;

  g_return_if_fail (max_steps > 0);

  self->step = range > 0 && isfinite (range) ? round_up_nicely (range / max_steps) : 1;
  self->bottom = isfinite (bottom) ? floor (bottom / self->step + 1e-9) * self->step : 0;
  self->top = isfinite (top) ? ceil (top / self->step - 1e-9) * self->step : 0;
  if (self->top <= self->bottom)
    self->top = self->bottom + self->step;
}

/**
 * bobbin_chart_scale_get_n_steps: (skip)
 * @self: a scale
 *
 * Returns: how many steps it has; there is a line before the first and after each
 */
guint
bobbin_chart_scale_get_n_steps (const BobbinChartScale *self)
{
  return (guint) lround ((self->top - self->bottom) / self->step);
}

/* As many digits as it takes to tell a step from the next. */
static int
get_n_digits (double step)
{
  return step < 1 ? MIN ((int) ceil (-log10 (step) - 1e-9), 6) : 0;
}

/**
 * bobbin_chart_scale_format: (skip)
 * @self: a scale
 * @value: one of its lines
 * @unit: that of bobbin_monitor_get_unit()
 *
 * Returns: (transfer full): the value for a person, as short as will do: “40%”, “0.5 ms”
 */
char *
bobbin_chart_scale_format (const BobbinChartScale *self, double value, const char *unit)
{
  g_autofree char *number = NULL;
  g_autofree char *size = NULL;

  if (g_str_equal (unit, "B") || g_str_equal (unit, "B/s"))
    {
      size = g_format_size ((guint64) MAX (value, 0));
      /* Translators: an amount of data a second, such as 3.2 MB/s; %s is 3.2 MB */
      return g_str_equal (unit, "B") ? g_steal_pointer (&size) : g_strdup_printf (_ ("%s/s"), size);
    }

  number = g_strdup_printf ("%.*f", get_n_digits (self->step), fabs (value) < 1e-9 ? 0 : value);
  if (*unit == '\0')
    return g_steal_pointer (&number);
  if (g_str_equal (unit, "%"))
    /* Translators: a percentage on the axis of a chart; %s is a number */
    return g_strdup_printf (_ ("%s%%"), number);
  if (g_str_equal (unit, "°C"))
    /* Translators: a temperature on the axis of a chart; %s is a number */
    return g_strdup_printf (_ ("%s °C"), number);
  if (g_str_equal (unit, "days"))
    /* Translators: a number of days on the axis of a chart, as short as will do */
    return g_strdup_printf (_ ("%s d"), number);

  /* Translators: milliseconds on the axis of a chart; %s is a number */
  return g_strdup_printf (_ ("%s ms"), number);
}

/* ---- time */

/**
 * bobbin_chart_time_choose_step: (skip)
 * @range: how much time there is to show, µs
 * @max_steps: so many steps, about, at least 1
 *
 * Returns: a step that a person would choose
 */
BobbinChartTimeStep
bobbin_chart_time_choose_step (gint64 range, guint max_steps)
{
  static const struct
  {
    int minutes;
    BobbinChartTimeStep step;
  } steps[] = {
    { 1, { BOBBIN_CHART_MINUTES, 1 } },
    { 2, { BOBBIN_CHART_MINUTES, 2 } },
    { 5, { BOBBIN_CHART_MINUTES, 5 } },
    { 10, { BOBBIN_CHART_MINUTES, 10 } },
    { 15, { BOBBIN_CHART_MINUTES, 15 } },
    { 30, { BOBBIN_CHART_MINUTES, 30 } },
    { 60, { BOBBIN_CHART_MINUTES, 60 } },
    { 2 * 60, { BOBBIN_CHART_MINUTES, 2 * 60 } },
    { 3 * 60, { BOBBIN_CHART_MINUTES, 3 * 60 } },
    { 6 * 60, { BOBBIN_CHART_MINUTES, 6 * 60 } },
    { 12 * 60, { BOBBIN_CHART_MINUTES, 12 * 60 } },
    { DAY, { BOBBIN_CHART_DAYS, 1 } },
    { 2 * DAY, { BOBBIN_CHART_DAYS, 2 } },
    { 7 * DAY, { BOBBIN_CHART_DAYS, 7 } },
    { 31 * DAY, { BOBBIN_CHART_MONTHS, 1 } },
    { 62 * DAY, { BOBBIN_CHART_MONTHS, 2 } },
    { 92 * DAY, { BOBBIN_CHART_MONTHS, 3 } },
    { 184 * DAY, { BOBBIN_CHART_MONTHS, 6 } },
  };
  const gint64 least = range / MAX (max_steps, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i].minutes * (60 * (gint64) G_USEC_PER_SEC) >= least)
      return steps[i].step;

  return (BobbinChartTimeStep){ BOBBIN_CHART_MONTHS, 12 };
}

static GDateTime *
get_date_time (GTimeZone *zone, gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return g_date_time_to_timezone (utc, zone);
}

static gint64
get_midnight (GTimeZone *zone, int year, int month, int day)
{
  g_autoptr (GDateTime) midnight = g_date_time_new (zone, year, month, day, 0, 0, 0);

  return g_date_time_to_unix (midnight) * G_USEC_PER_SEC;
}

/* Minutes are counted as a clock on the wall shows them; it may have been changed in between. */
static gint64
floor_minutes (GDateTime *date, GTimeZone *zone, gint64 time, int count)
{
  const gint64 length = count * (60 * (gint64) G_USEC_PER_SEC);
  const gint64 offset = g_date_time_get_utc_offset (date);
  const gint64 tick = time - (time + offset) % length;
  g_autoptr (GDateTime) begin = get_date_time (zone, tick);

  return tick + offset - g_date_time_get_utc_offset (begin);
}

/* Steps of seven days begin with Mondays: the first of January of the year 1 was one. */
static gint64
floor_days (GDateTime *date, GTimeZone *zone, int count)
{
  int year, month, day;
  guint32 julian;
  GDate calendar;

  g_date_time_get_ymd (date, &year, &month, &day);
  g_date_clear (&calendar, 1);
  g_date_set_dmy (&calendar, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  julian = g_date_get_julian (&calendar);
  g_date_subtract_days (&calendar, (julian - 1) % (guint) count);

  return get_midnight (zone, g_date_get_year (&calendar), g_date_get_month (&calendar),
                       g_date_get_day (&calendar));
}

static gint64
floor_months (GDateTime *date, GTimeZone *zone, int count)
{
  const int month = g_date_time_get_month (date) - 1;

  return get_midnight (zone, g_date_time_get_year (date), month - month % count + 1, 1);
}

/* The last line of the grid that is not after @time. */
static gint64
floor_time (BobbinChartTimeStep step, GTimeZone *zone, gint64 time)
{
  g_autoptr (GDateTime) date = get_date_time (zone, time);

  switch (step.unit)
    {
    case BOBBIN_CHART_MONTHS:
      return floor_months (date, zone, step.count);
    case BOBBIN_CHART_DAYS:
      return floor_days (date, zone, step.count);
    case BOBBIN_CHART_MINUTES:
    default:
      return floor_minutes (date, zone, time, step.count);
    }
}

static gint64
get_length (BobbinChartTimeStep step)
{
  static const int minutes[] = {
    [BOBBIN_CHART_MINUTES] = 1,
    [BOBBIN_CHART_DAYS] = DAY,
    [BOBBIN_CHART_MONTHS] = 30 * DAY,
  };

  return minutes[step.unit] * (60 * (gint64) G_USEC_PER_SEC) * step.count;
}

/**
 * bobbin_chart_time_get_ticks: (skip)
 * @step: from line to line
 * @zone: where the clock is
 * @from: µs since 1970
 * @to: µs since 1970
 *
 * The lines are where a clock or a calendar shows a multiple of @step, also on the days on which
 * the clock is changed.
 *
 * Returns: (transfer full) (element-type gint64): the lines of the grid from @from to @to, µs
 *   since 1970
 */
GArray *
bobbin_chart_time_get_ticks (BobbinChartTimeStep step, GTimeZone *zone, gint64 from, gint64 to)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (gint64));
  const gint64 length = get_length (step);

  /* from somewhere within the next step, whatever its length is, back to where that begins */
  for (gint64 tick = floor_time (step, zone, from); tick <= to;
       tick = floor_time (step, zone, tick + length + length / 2))
    if (tick >= from)
      g_array_append_val (ticks, tick);

  return ticks;
}

/**
 * bobbin_chart_time_format: (skip)
 * @step: from line to line
 * @zone: where the clock is
 * @time: one of the lines, µs since 1970
 *
 * Returns: (transfer full): what to write beside it, as short as will do
 */
char *
bobbin_chart_time_format (BobbinChartTimeStep step, GTimeZone *zone, gint64 time)
{
  g_autoptr (GDateTime) date = get_date_time (zone, time);

  if (step.unit == BOBBIN_CHART_MONTHS)
    /* Translators: a month, like Dec; see g_date_time_format() */
    /* xgettext:no-c-format */
    return g_date_time_format (date, _ ("%b"));
  if (step.unit == BOBBIN_CHART_DAYS)
    /* Translators: a day, like 24 Dec; see g_date_time_format() */
    /* xgettext:no-c-format */
    return g_date_time_format (date, _ ("%-d %b"));

  /* Translators: a time of day, like 14:05; see g_date_time_format() */
  return g_date_time_format (date, _ ("%H:%M"));
}
