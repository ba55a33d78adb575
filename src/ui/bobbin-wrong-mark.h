/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void bobbin_mark_wrong (gpointer row,
                        gpointer field,
                        gboolean wrong);
void bobbin_tell_wrong (GtkLabel *label, const char *sentence);

G_END_DECLS
