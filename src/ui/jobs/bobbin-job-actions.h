/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-job.h"

G_BEGIN_DECLS

void bobbin_job_actions_install (GtkWidgetClass *widget_class);
void bobbin_job_actions_activate (GtkWidget *widget, const char *name, GPtrArray *jobs);
void bobbin_job_actions_update (GtkWidget *widget, GPtrArray *jobs);
void bobbin_job_actions_enable (GtkWidget *widget);
void bobbin_job_actions_update_moves (GtkWidget *widget, GPtrArray *jobs);
GMenuModel *bobbin_job_actions_get_menu (void);

G_END_DECLS
