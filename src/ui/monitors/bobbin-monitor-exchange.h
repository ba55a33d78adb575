/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-window.h"

G_BEGIN_DECLS

void bobbin_monitor_exchange_choose_export (BobbinWindow *window);
void bobbin_monitor_exchange_choose_import (BobbinWindow *window);
void bobbin_monitor_exchange_export (BobbinWindow *window, GFile *file);
void bobbin_monitor_exchange_import (BobbinWindow *window, GFile *file);

G_END_DECLS
