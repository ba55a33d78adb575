/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_DOWNLOADS_FILTER (bobbin_downloads_filter_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDownloadsFilter, bobbin_downloads_filter, BOBBIN, DOWNLOADS_FILTER,
                      GtkFilter)

/**
 * BobbinDownloadsShown:
 * @BOBBIN_DOWNLOADS_ALL: all of them
 * @BOBBIN_DOWNLOADS_ACTIVE: those that run, or are being stopped
 * @BOBBIN_DOWNLOADS_WAITING: those that wait for their turn, or to be started
 * @BOBBIN_DOWNLOADS_FINISHED: those that are done
 * @BOBBIN_DOWNLOADS_FAILED: those that failed
 *
 * Which downloads are shown, by what they are at.
 */
typedef enum
{
  BOBBIN_DOWNLOADS_ALL,
  BOBBIN_DOWNLOADS_ACTIVE,
  BOBBIN_DOWNLOADS_WAITING,
  BOBBIN_DOWNLOADS_FINISHED,
  BOBBIN_DOWNLOADS_FAILED,
} BobbinDownloadsShown;

BobbinDownloadsFilter *bobbin_downloads_filter_new (void);
void bobbin_downloads_filter_set_shown (BobbinDownloadsFilter *self, BobbinDownloadsShown shown);
void bobbin_downloads_filter_set_search (BobbinDownloadsFilter *self, const char *text);
gboolean bobbin_downloads_filter_asks_state (BobbinDownloadsFilter *self);
gboolean bobbin_downloads_filter_asks_words (BobbinDownloadsFilter *self);

G_END_DECLS
