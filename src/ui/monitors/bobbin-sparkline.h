/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-monitor.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_SPARKLINE (bobbin_sparkline_get_type ())
G_DECLARE_FINAL_TYPE (BobbinSparkline, bobbin_sparkline, BOBBIN, SPARKLINE, GtkWidget)

void bobbin_sparkline_set_monitor (BobbinSparkline *self, BobbinMonitor *monitor);

G_END_DECLS
