/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-job-queue.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_DOWNLOADS_PAGE (bobbin_downloads_page_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDownloadsPage, bobbin_downloads_page, BOBBIN, DOWNLOADS_PAGE, GtkWidget)

void bobbin_downloads_page_set_queue (BobbinDownloadsPage *self, BobbinJobQueue *queue);
void bobbin_downloads_page_follow_settings (BobbinDownloadsPage *self, GSettings *settings);
void bobbin_downloads_page_reveal (BobbinDownloadsPage *self, BobbinJob *job);

G_END_DECLS
