/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

gboolean ui_press_key (GtkWindow *window, guint key, GdkModifierType modifiers);
char *ui_dup_copied (GtkWindow *window);

G_END_DECLS
