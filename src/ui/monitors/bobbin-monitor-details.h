/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_MONITOR_DETAILS (bobbin_monitor_details_get_type ())
G_DECLARE_FINAL_TYPE (
  BobbinMonitorDetails, bobbin_monitor_details, BOBBIN, MONITOR_DETAILS, GtkWidget)

char *bobbin_monitor_details_to_text (BobbinMonitorDetails *self);

G_END_DECLS
