/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-alert-rules.h"
#include "bobbin-monitor.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_ALERT (bobbin_alert_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAlert, bobbin_alert, BOBBIN, ALERT, GObject)

BobbinAlert     *bobbin_alert_new               (BobbinMonitor          *monitor,
                                                 BobbinAlertEvent        event,
                                                 const BobbinAlertState *state,
                                                 gint64                  time,
                                                 const char             *cause);
BobbinMonitor   *bobbin_alert_get_monitor       (BobbinAlert *self);
BobbinAlertEvent bobbin_alert_get_event         (BobbinAlert *self);
BobbinHealth     bobbin_alert_get_level         (BobbinAlert *self);
gint64           bobbin_alert_get_since         (BobbinAlert *self);
gint64           bobbin_alert_get_time          (BobbinAlert *self);
gboolean         bobbin_alert_is_acknowledged   (BobbinAlert *self);
const char      *bobbin_alert_get_cause         (BobbinAlert *self);
char            *bobbin_alert_dup_title         (BobbinAlert *self);
char            *bobbin_alert_dup_body          (BobbinAlert *self);
GStrv            bobbin_alert_add_to_environ    (BobbinAlert *self,
                                                 GStrv        inherited);
char            *bobbin_alert_to_json           (BobbinAlert *self);

G_END_DECLS
