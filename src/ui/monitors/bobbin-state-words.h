/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-history-state.h"
#include "bobbin-monitor.h"

G_BEGIN_DECLS

const char *bobbin_state_get_word (BobbinHistoryState state);
const char *bobbin_state_get_icon_name (BobbinHistoryState state);
const char *bobbin_state_get_class (BobbinHistoryState state);
BobbinHistoryState bobbin_state_of_monitor (BobbinMonitor *monitor);

G_END_DECLS
