/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-history.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_UPTIME_LABEL (bobbin_uptime_label_get_type ())
G_DECLARE_FINAL_TYPE (BobbinUptimeLabel, bobbin_uptime_label, BOBBIN, UPTIME_LABEL, AdwBin)

void bobbin_uptime_label_set_monitor (BobbinUptimeLabel *self, BobbinMonitor *monitor);

G_END_DECLS
