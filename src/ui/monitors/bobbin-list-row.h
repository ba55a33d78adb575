/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_LIST_ROW (bobbin_list_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinListRow, bobbin_list_row, BOBBIN, LIST_ROW, AdwExpanderRow)

/*
 * Signals:
 *   changed (BobbinListRow *)   the user has set something
 */
GtkWidget *bobbin_list_row_new (const char *item_title, gboolean are_headers);

void bobbin_list_row_set_items (BobbinListRow *self, const char *const *items);
char **bobbin_list_row_dup_items (BobbinListRow *self);

G_END_DECLS
