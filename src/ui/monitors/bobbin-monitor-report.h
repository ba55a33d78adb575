/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-monitor.h"

G_BEGIN_DECLS

char *bobbin_monitor_report_since (BobbinMonitor *monitor);
char *bobbin_monitor_report_sample (BobbinMonitor *monitor);
char *bobbin_monitor_report_new (BobbinMonitor *monitor, const char *uptimes);

G_END_DECLS
