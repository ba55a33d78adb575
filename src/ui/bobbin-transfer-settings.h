/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-scheduler.h"

G_BEGIN_DECLS

void   bobbin_transfer_settings_follow    (GSettings       *settings,
                                           BobbinJobQueue  *queue,
                                           BobbinScheduler *scheduler);
void   bobbin_transfer_settings_unfollow  (GSettings *settings);
void   bobbin_transfer_settings_apply     (GSettings *settings,
                                           BobbinJob *download);
gint64 bobbin_transfer_settings_get_rate  (GSettings *settings);
void   bobbin_transfer_settings_bind_rate (GSettings     *settings,
                                           const char    *key,
                                           GtkAdjustment *adjustment);

G_END_DECLS
