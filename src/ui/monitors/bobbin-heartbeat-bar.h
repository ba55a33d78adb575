/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-monitor.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_HEARTBEAT_BAR (bobbin_heartbeat_bar_get_type ())
G_DECLARE_FINAL_TYPE (BobbinHeartbeatBar, bobbin_heartbeat_bar, BOBBIN, HEARTBEAT_BAR, GtkWidget)

void bobbin_heartbeat_bar_set_monitor (BobbinHeartbeatBar *self, BobbinMonitor *monitor);

G_END_DECLS
