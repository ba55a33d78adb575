/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_NOTIFICATIONS (bobbin_notifications_get_type ())
G_DECLARE_FINAL_TYPE (BobbinNotifications, bobbin_notifications, BOBBIN, NOTIFICATIONS, GObject)

BobbinNotifications *bobbin_notifications_new (GApplication *application);
void bobbin_notifications_send (BobbinNotifications *self,
                                const char *id,
                                GNotification *notification);
void bobbin_notifications_withdraw (BobbinNotifications *self, const char *id);
void bobbin_notifications_settle_async (BobbinNotifications *self,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean bobbin_notifications_settle_finish (BobbinNotifications *self,
                                             GAsyncResult *result,
                                             GError **error);

G_END_DECLS
