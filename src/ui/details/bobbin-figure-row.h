/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_FIGURE_ROW (bobbin_figure_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinFigureRow, bobbin_figure_row, BOBBIN, FIGURE_ROW, AdwPreferencesRow)

GtkWidget *bobbin_figure_row_new (const char *name, gboolean is_for_copy);
const char *bobbin_figure_row_get_value (BobbinFigureRow *self);
void bobbin_figure_row_set_value (BobbinFigureRow *self, const char *value);

G_END_DECLS
