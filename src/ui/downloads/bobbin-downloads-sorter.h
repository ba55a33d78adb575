/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-job-queue.h"

G_BEGIN_DECLS

/**
 * BobbinDownloadsOrder:
 * @BOBBIN_DOWNLOADS_BY_QUEUE: as they stand in the queue
 * @BOBBIN_DOWNLOADS_BY_NAME: by name
 * @BOBBIN_DOWNLOADS_BY_ADDED: by when they were added
 * @BOBBIN_DOWNLOADS_BY_SIZE: by size; of which that is not known come first
 * @BOBBIN_DOWNLOADS_BY_PROGRESS: by what is done of them; the same
 *
 * In which order downloads are shown.
 */
typedef enum
{
  BOBBIN_DOWNLOADS_BY_QUEUE,
  BOBBIN_DOWNLOADS_BY_NAME,
  BOBBIN_DOWNLOADS_BY_ADDED,
  BOBBIN_DOWNLOADS_BY_SIZE,
  BOBBIN_DOWNLOADS_BY_PROGRESS,
} BobbinDownloadsOrder;

GtkSorter *bobbin_downloads_sorter_new (BobbinJobQueue *queue,
                                        BobbinDownloadsOrder order,
                                        gboolean descending);
void bobbin_downloads_sorter_forget (BobbinJob *job);

G_END_DECLS
