/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-alerts.h"
#include "bobbin-application.h"
#include "bobbin-notifications.h"
#include "bobbin-queue-keeper.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_ALARM_NOTIFIER (bobbin_alarm_notifier_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAlarmNotifier, bobbin_alarm_notifier, BOBBIN, ALARM_NOTIFIER, GObject)

BobbinAlarmNotifier *bobbin_alarm_notifier_new (BobbinApplication *application,
                                                BobbinNotifications *notifications,
                                                BobbinQueueKeeper *keeper,
                                                BobbinAlerts *alerts);
GNotification *bobbin_alarm_notifier_make (BobbinAlert *alert, const char *id);

G_END_DECLS
