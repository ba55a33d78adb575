/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-row.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_MONITOR_ROW (bobbin_monitor_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinMonitorRow, bobbin_monitor_row, BOBBIN, MONITOR_ROW, BobbinJobRow)

G_END_DECLS
