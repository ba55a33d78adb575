/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void     bobbin_list_goal_set      (GtkListBase *view, guint position);
gboolean bobbin_list_goal_is_ahead (GtkListBase *view);

G_END_DECLS
