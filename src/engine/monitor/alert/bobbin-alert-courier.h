/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-alert-action.h"

G_BEGIN_DECLS

/*
 * BobbinAlertMeans:
 * @BOBBIN_ALERT_COMMAND: a program is run
 * @BOBBIN_ALERT_WEBHOOK: a server is told
 *
 * How somebody is told.
 */
typedef enum
{
  BOBBIN_ALERT_COMMAND,
  BOBBIN_ALERT_WEBHOOK,
} BobbinAlertMeans;

#define BOBBIN_TYPE_ALERT_COURIER (bobbin_alert_courier_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAlertCourier, bobbin_alert_courier, BOBBIN, ALERT_COURIER, GObject)

BobbinAlertCourier *bobbin_alert_courier_new           (void);
void                bobbin_alert_courier_send          (BobbinAlertCourier *self,
                                                        BobbinMonitor      *monitor,
                                                        BobbinAlertMeans    means,
                                                        BobbinAlertAction  *action);
void                bobbin_alert_courier_set_grace     (BobbinAlertCourier *self,
                                                        gint64              grace);
void                bobbin_alert_courier_set_delay     (BobbinAlertCourier *self,
                                                        gint64              delay);
guint               bobbin_alert_courier_get_n_pending (BobbinAlertCourier *self);
void                bobbin_alert_courier_close_async   (BobbinAlertCourier *self,
                                                        GAsyncReadyCallback callback,
                                                        gpointer            user_data);
gboolean            bobbin_alert_courier_close_finish  (BobbinAlertCourier *self,
                                                        GAsyncResult       *result,
                                                        GError            **error);

G_END_DECLS
