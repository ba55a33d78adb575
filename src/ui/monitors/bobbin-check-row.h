/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-job-queue.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_CHECK_ROW (bobbin_check_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinCheckRow, bobbin_check_row, BOBBIN, CHECK_ROW, AdwActionRow)

void bobbin_check_row_check (BobbinCheckRow *self, GPtrArray *monitors, BobbinJobQueue *queue);
void bobbin_check_row_forget (BobbinCheckRow *self);

G_END_DECLS
