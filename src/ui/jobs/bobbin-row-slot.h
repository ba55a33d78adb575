/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-row-stock.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_ROW_SLOT (bobbin_row_slot_get_type ())
G_DECLARE_FINAL_TYPE (BobbinRowSlot, bobbin_row_slot, BOBBIN, ROW_SLOT, AdwBin)

/* for BobbinRowStock */
BobbinRowSlot *bobbin_row_slot_new (BobbinRowStock *stock, GtkListItem *list_item);
GtkListItem *bobbin_row_slot_get_list_item (BobbinRowSlot *self);
gboolean bobbin_row_slot_is_held (BobbinRowSlot *self);
void bobbin_row_slot_set_shown (BobbinRowSlot *self, gpointer item);
gpointer bobbin_row_slot_get_shown (BobbinRowSlot *self);
void bobbin_row_slot_set_height (BobbinRowSlot *self, int height);

/* for all */
BobbinRowSlot *bobbin_row_slot_find (GtkWidget *widget);
guint bobbin_row_slot_get_position (GtkWidget *row);
void bobbin_row_slot_tell (GtkWidget *row, GtkAccessibleProperty property, const char *text);
void bobbin_row_slot_hold (GtkWidget *row, gboolean held);

G_END_DECLS
