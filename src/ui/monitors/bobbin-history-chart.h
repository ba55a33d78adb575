/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-history.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_HISTORY_CHART (bobbin_history_chart_get_type ())
G_DECLARE_FINAL_TYPE (BobbinHistoryChart, bobbin_history_chart, BOBBIN, HISTORY_CHART, GtkWidget)

void bobbin_history_chart_set_monitor (BobbinHistoryChart *self,
                                       BobbinHistory *history,
                                       BobbinMonitor *monitor);
const char *bobbin_history_chart_get_reading (BobbinHistoryChart *self);
guint bobbin_history_chart_get_n_read (BobbinHistoryChart *self);
guint bobbin_history_chart_get_n_drawn (BobbinHistoryChart *self);

G_END_DECLS
