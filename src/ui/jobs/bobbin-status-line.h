/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_STATUS_LINE (bobbin_status_line_get_type ())
G_DECLARE_FINAL_TYPE (BobbinStatusLine, bobbin_status_line, BOBBIN, STATUS_LINE, GtkWidget)

void bobbin_status_line_set_lively (BobbinStatusLine *self, gboolean lively);

G_END_DECLS
