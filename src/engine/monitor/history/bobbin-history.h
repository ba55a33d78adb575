/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-history-span.h"
#include "bobbin-monitor.h"
#include "bobbin-queue-keeper.h"
#include "bobbin-uptime.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_HISTORY (bobbin_history_get_type ())
G_DECLARE_FINAL_TYPE (BobbinHistory, bobbin_history, BOBBIN, HISTORY, GObject)

/*
 * Properties:
 *   raw-hours    uint   samples are kept for so many hours (default 24)
 *   minute-days  uint   buckets of a minute for so many days (default 30)
 *   hour-days    uint   buckets of an hour for so many days (default 365); those of a day are kept
 *                       for ever
 */
BobbinHistory     *bobbin_history_new           (BobbinJobQueue    *queue,
                                                 BobbinQueueKeeper *keeper);
void               bobbin_history_write         (BobbinHistory *self);
void               bobbin_history_close         (BobbinHistory *self);

void               bobbin_history_read_async    (BobbinHistory      *self,
                                                 BobbinMonitor      *monitor,
                                                 gint64              from,
                                                 gint64              to,
                                                 guint               max_points,
                                                 GAsyncReadyCallback callback,
                                                 gpointer            user_data);
BobbinHistorySpan *bobbin_history_read_finish   (BobbinHistory *self,
                                                 GAsyncResult  *result,
                                                 GError       **error);
void               bobbin_history_uptime_async  (BobbinHistory      *self,
                                                 BobbinMonitor      *monitor,
                                                 gint64              from,
                                                 gint64              to,
                                                 GAsyncReadyCallback callback,
                                                 gpointer            user_data);
gboolean           bobbin_history_uptime_finish (BobbinHistory *self,
                                                 GAsyncResult  *result,
                                                 BobbinUptime  *uptime,
                                                 GError       **error);

G_END_DECLS
