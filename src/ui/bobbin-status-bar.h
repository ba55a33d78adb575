/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-scheduler.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_STATUS_BAR (bobbin_status_bar_get_type ())
G_DECLARE_FINAL_TYPE (BobbinStatusBar, bobbin_status_bar, BOBBIN, STATUS_BAR, GtkWidget)

void bobbin_status_bar_follow (BobbinStatusBar *self,
                               BobbinJobQueue *queue,
                               GSettings *settings,
                               BobbinScheduler *scheduler);

G_END_DECLS
