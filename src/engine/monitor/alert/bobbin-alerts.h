/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-alert.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_ALERTS (bobbin_alerts_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAlerts, bobbin_alerts, BOBBIN, ALERTS, GObject)

/*
 * Signals, each with a BobbinAlert:
 *   started    something is wrong with a monitor
 *   worsened   it is worse than was said
 *   repeated   it goes on
 *   ended      all is well again
 * And one with a BobbinMonitor:
 *   withdrawn  it was stopped or removed: what was said of it is of no use any more
 */
BobbinAlerts *bobbin_alerts_new          (void);
void          bobbin_alerts_follow       (BobbinAlerts *self,
                                          GListModel   *jobs);
void          bobbin_alerts_watch        (BobbinAlerts  *self,
                                          BobbinMonitor *monitor);
void          bobbin_alerts_forget       (BobbinAlerts  *self,
                                          BobbinMonitor *monitor);
gboolean      bobbin_alerts_is_open      (BobbinAlerts  *self,
                                          BobbinMonitor *monitor);
gboolean      bobbin_alerts_acknowledge  (BobbinAlerts  *self,
                                          BobbinMonitor *monitor);
void          bobbin_alerts_set_deadline (BobbinAlerts *self,
                                          gint64        deadline);
void          bobbin_alerts_set_grace    (BobbinAlerts *self,
                                          gint64        grace);
void          bobbin_alerts_set_delay    (BobbinAlerts *self,
                                          gint64        delay);
guint         bobbin_alerts_get_n_pending (BobbinAlerts *self);
void          bobbin_alerts_close_async  (BobbinAlerts       *self,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
gboolean      bobbin_alerts_close_finish (BobbinAlerts *self,
                                          GAsyncResult *result,
                                          GError      **error);

G_END_DECLS
