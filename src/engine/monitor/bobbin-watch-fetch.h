/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-download.h"
#include "bobbin-monitor.h"

G_BEGIN_DECLS

/**
 * BobbinWatchFetchFunc:
 * @monitor: a monitor of a web page or file
 * @address: what to download
 * @file_name: a safe name that holds the time of the change
 * @user_data: what was given to bobbin_watch_fetch_connect()
 *
 * Starts a download, one that never overwrites a file; see bobbin_watch_fetch_prepare().
 *
 * Returns: %FALSE if that cannot be now: the change is one still when the program runs again
 */
typedef gboolean (*BobbinWatchFetchFunc) (BobbinMonitor *monitor,
                                          const char    *address,
                                          const char    *file_name,
                                          gpointer       user_data);

gboolean bobbin_watch_fetch_connect    (BobbinMonitor       *monitor,
                                        BobbinWatchFetchFunc func,
                                        gpointer             user_data,
                                        GDestroyNotify       destroy);
void     bobbin_watch_fetch_disconnect (BobbinMonitor *monitor);
void     bobbin_watch_fetch_prepare    (BobbinMonitor  *monitor,
                                        BobbinDownload *download,
                                        const char     *file_name);
char    *bobbin_watch_fetch_make_name  (const char *address,
                                        GDateTime  *time);

G_END_DECLS
