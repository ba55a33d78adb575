/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_FILE_ROW (bobbin_file_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinFileRow, bobbin_file_row, BOBBIN, FILE_ROW, AdwActionRow)

const char *bobbin_file_row_get_file (BobbinFileRow *self);
void bobbin_file_row_set_file (BobbinFileRow *self, const char *file);

G_END_DECLS
