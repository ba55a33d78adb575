/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_NUMBER_ROW (bobbin_number_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinNumberRow, bobbin_number_row, BOBBIN, NUMBER_ROW, AdwActionRow)

/*
 * Properties:
 *   adjustment  GtkAdjustment  what number it is, and which it may be
 *   digits      uint           so many places are shown (default 0)
 *
 * Signals:
 *   done (BobbinNumberRow *)   the number has been typed to its end: Enter, or the focus has left
 */
GtkAdjustment *bobbin_number_row_get_adjustment (BobbinNumberRow *self);

G_END_DECLS
