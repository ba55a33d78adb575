/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-event-log.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_LOG_LINE (bobbin_log_line_get_type ())
G_DECLARE_FINAL_TYPE (BobbinLogLine, bobbin_log_line, BOBBIN, LOG_LINE, GtkBox)

void bobbin_log_line_set_event (BobbinLogLine *self, BobbinEvent *event);

G_END_DECLS
