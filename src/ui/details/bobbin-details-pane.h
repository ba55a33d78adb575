/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-job.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_DETAILS_PANE (bobbin_details_pane_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDetailsPane, bobbin_details_pane, BOBBIN, DETAILS_PANE, GtkWidget)

gboolean   bobbin_details_pane_can_show (BobbinDetailsPane *self,
                                         BobbinJob         *job);
BobbinJob *bobbin_details_pane_get_job  (BobbinDetailsPane *self);
void       bobbin_details_pane_set_job  (BobbinDetailsPane *self,
                                         BobbinJob         *job);

G_END_DECLS
