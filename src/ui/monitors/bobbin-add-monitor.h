/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_ADD_MONITOR (bobbin_add_monitor_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAddMonitor, bobbin_add_monitor, BOBBIN, ADD_MONITOR, AdwWindow)

GtkWindow *bobbin_add_monitor_new (BobbinApplication *application);

G_END_DECLS
