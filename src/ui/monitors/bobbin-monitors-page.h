/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-job-queue.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_MONITORS_PAGE (bobbin_monitors_page_get_type ())
G_DECLARE_FINAL_TYPE (BobbinMonitorsPage, bobbin_monitors_page, BOBBIN, MONITORS_PAGE, GtkWidget)

void bobbin_monitors_page_set_queue (BobbinMonitorsPage *self, BobbinJobQueue *queue);
void bobbin_monitors_page_reveal (BobbinMonitorsPage *self, BobbinJob *job);

G_END_DECLS
