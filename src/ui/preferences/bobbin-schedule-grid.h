/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-schedule.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_SCHEDULE_GRID (bobbin_schedule_grid_get_type ())
G_DECLARE_FINAL_TYPE (BobbinScheduleGrid, bobbin_schedule_grid, BOBBIN, SCHEDULE_GRID, GtkWidget)

/*
 * Properties:
 *   schedule  string               the schedule, see bobbin_schedule_parse()
 *   brush     BobbinScheduleState  what cells become that are painted
 */
void bobbin_schedule_grid_paint (BobbinScheduleGrid *self,
                                 guint first_day,
                                 guint first_hour,
                                 guint last_day,
                                 guint last_hour);
GtkWidget *bobbin_schedule_grid_get_cell (BobbinScheduleGrid *self, guint day, guint hour);

G_END_DECLS
