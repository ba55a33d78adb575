/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-history.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_UPTIME_BOX (bobbin_uptime_box_get_type ())
G_DECLARE_FINAL_TYPE (BobbinUptimeBox, bobbin_uptime_box, BOBBIN, UPTIME_BOX, GtkBox)

void bobbin_uptime_box_set_monitor (BobbinUptimeBox *self,
                                    BobbinHistory *history,
                                    BobbinMonitor *monitor);
char *bobbin_uptime_box_to_text (BobbinUptimeBox *self);

G_END_DECLS
