/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_FOLDER_ROW (bobbin_folder_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinFolderRow, bobbin_folder_row, BOBBIN, FOLDER_ROW, AdwActionRow)

const char *bobbin_folder_row_get_folder (BobbinFolderRow *self);
void bobbin_folder_row_set_folder (BobbinFolderRow *self, const char *folder);
void bobbin_folder_row_offer_recent (BobbinFolderRow *self, GSettings *settings);
void bobbin_folder_row_remember (BobbinFolderRow *self);

G_END_DECLS
