/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"
#include "bobbin-monitor.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_MONITOR_EDITOR (bobbin_monitor_editor_get_type ())
G_DECLARE_FINAL_TYPE (BobbinMonitorEditor, bobbin_monitor_editor, BOBBIN, MONITOR_EDITOR, AdwWindow)

GtkWindow *bobbin_monitor_editor_new (BobbinApplication *application);
GtkWindow *bobbin_monitor_editor_new_for (BobbinApplication *application, BobbinMonitor *monitor);

G_END_DECLS
