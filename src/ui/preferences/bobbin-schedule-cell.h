/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-schedule.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_SCHEDULE_CELL (bobbin_schedule_cell_get_type ())
G_DECLARE_FINAL_TYPE (BobbinScheduleCell, bobbin_schedule_cell, BOBBIN, SCHEDULE_CELL, GtkWidget)

GtkWidget *bobbin_schedule_cell_new (guint day, guint hour);
guint bobbin_schedule_cell_get_day (BobbinScheduleCell *self);
guint bobbin_schedule_cell_get_hour (BobbinScheduleCell *self);
void bobbin_schedule_cell_set_state (BobbinScheduleCell *self, BobbinScheduleState state);

char *bobbin_schedule_cell_name_day (guint day, gboolean brief);
char *bobbin_schedule_cell_name_hour (guint hour);

G_END_DECLS
