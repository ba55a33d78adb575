/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_AFTER_ALL_ROW (bobbin_after_all_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAfterAllRow, bobbin_after_all_row, BOBBIN, AFTER_ALL_ROW, AdwComboRow)

void bobbin_after_all_row_bind (BobbinAfterAllRow *self, GSettings *settings, GMenuModel *menu);

G_END_DECLS
