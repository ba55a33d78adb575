/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_SWITCH_ROW (bobbin_switch_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinSwitchRow, bobbin_switch_row, BOBBIN, SWITCH_ROW, AdwActionRow)

/*
 * Properties:
 *   active  boolean  whether it is on
 */
gboolean bobbin_switch_row_get_active (BobbinSwitchRow *self);
void bobbin_switch_row_set_active (BobbinSwitchRow *self, gboolean active);

/* For a control in a row: what a screen reader says is the title of the row. */
void bobbin_switch_row_name_control (GtkWidget *control, AdwPreferencesRow *row);

G_END_DECLS
