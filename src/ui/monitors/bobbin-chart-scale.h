/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BobbinChartScale:
 * @bottom: value at the lower edge of a chart, a multiple of @step
 * @top: value at the upper edge, a multiple of @step above @bottom
 * @step: from one line of the grid to the next: 1, 2 or 5 times a power of ten
 *
 * The axis of the values.
 */
typedef struct
{
  double bottom;
  double top;
  double step;
} BobbinChartScale;

void bobbin_chart_scale_init (BobbinChartScale *self,
                              double lowest,
                              double highest,
                              guint max_steps);
guint bobbin_chart_scale_get_n_steps (const BobbinChartScale *self);
char *bobbin_chart_scale_format (const BobbinChartScale *self, double value, const char *unit);

/**
 * BobbinChartTimeUnit:
 * @BOBBIN_CHART_MINUTES: minutes, of 60 seconds
 * @BOBBIN_CHART_DAYS: days, from midnight to midnight
 * @BOBBIN_CHART_MONTHS: months of the calendar
 */
typedef enum
{
  BOBBIN_CHART_MINUTES,
  BOBBIN_CHART_DAYS,
  BOBBIN_CHART_MONTHS,
} BobbinChartTimeUnit;

/**
 * BobbinChartTimeStep:
 * @unit: what is counted
 * @count: so many from one line of the grid to the next
 *
 * How the axis of the time is divided.
 */
typedef struct
{
  BobbinChartTimeUnit unit;
  int count;
} BobbinChartTimeStep;

BobbinChartTimeStep bobbin_chart_time_choose_step (gint64 range, guint max_steps);
GArray *bobbin_chart_time_get_ticks (BobbinChartTimeStep step,
                                     GTimeZone *zone,
                                     gint64 from,
                                     gint64 to);
char *bobbin_chart_time_format (BobbinChartTimeStep step, GTimeZone *zone, gint64 time);

G_END_DECLS
