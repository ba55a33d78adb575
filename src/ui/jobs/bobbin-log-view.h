/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-event-log.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_LOG_VIEW (bobbin_log_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinLogView, bobbin_log_view, BOBBIN, LOG_VIEW, GtkWidget)

void bobbin_log_view_set_log (BobbinLogView *self, BobbinEventLog *log);
char *bobbin_log_view_to_text (BobbinEventLog *log);

G_END_DECLS
