/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-history-span.h"

G_BEGIN_DECLS

/**
 * BobbinChartPicture:
 * @from: the time at the beginning, µs since 1970
 * @to: the time at the end
 * @span: (nullable): what happened in between
 * @is_open: whether the last bucket reaches to @to, though nothing has come since
 * @warn: a limit; NAN for none
 * @critical: another
 * @scale: the greatest value there can be; 0 where the values decide
 * @unit: of the values, that of bobbin_monitor_get_unit()
 * @cursor: which bucket is read; -1 for none
 *
 * All that there is to see on the chart of a history.
 */
typedef struct
{
  gint64 from;
  gint64 to;
  const BobbinHistorySpan *span;
  gboolean is_open;
  double warn;
  double critical;
  double scale;
  const char *unit;
  int cursor;
} BobbinChartPicture;

void bobbin_chart_paint (GtkWidget *widget,
                         GtkSnapshot *snapshot,
                         const BobbinChartPicture *picture);
void bobbin_chart_draw_label (GtkWidget *widget,
                              GtkSnapshot *snapshot,
                              PangoLayout *layout,
                              double x,
                              double y);
void bobbin_chart_draw_line (GtkWidget *widget,
                             GtkSnapshot *snapshot,
                             double x,
                             double y,
                             double width,
                             double height);
int bobbin_chart_find (GtkWidget *widget, const BobbinChartPicture *picture, double x);
gint64 bobbin_chart_get_time (const BobbinHistoryBucket *bucket, gint64 step);
BobbinHistoryState bobbin_chart_get_state (const BobbinHistoryBucket *bucket);
gboolean bobbin_chart_is_gap (const BobbinHistoryBucket *bucket);

G_END_DECLS
