/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-finished-item.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_FINISHED_ROW (bobbin_finished_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinFinishedRow, bobbin_finished_row, BOBBIN, FINISHED_ROW, GtkBox)

BobbinFinishedItem *bobbin_finished_row_get_item (BobbinFinishedRow *self);
void bobbin_finished_row_set_item (BobbinFinishedRow *self, BobbinFinishedItem *item);

G_END_DECLS
