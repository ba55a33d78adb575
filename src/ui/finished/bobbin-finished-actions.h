/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-finished-item.h"

G_BEGIN_DECLS

void bobbin_finished_actions_install (GtkWidgetClass *widget_class);
void bobbin_finished_actions_activate (GtkWidget *widget,
                                       const char *name,
                                       BobbinFinishedItem *item);
void bobbin_finished_actions_update (GtkWidget *widget, BobbinFinishedItem *item);
void bobbin_finished_actions_enable (GtkWidget *widget);
GMenuModel *bobbin_finished_actions_get_menu (void);

G_END_DECLS
