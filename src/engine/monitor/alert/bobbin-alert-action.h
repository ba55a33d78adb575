/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-alert-settings.h"
#include "bobbin-alert.h"

G_BEGIN_DECLS

typedef struct _BobbinAlertAction BobbinAlertAction;

BobbinAlertAction *bobbin_alert_action_new_command (BobbinAlert       *alert,
                                                    const char *const *command,
                                                    gint64             deadline);
BobbinAlertAction *bobbin_alert_action_new_webhook (BobbinAlert *alert,
                                                    const char  *address,
                                                    gint64       deadline);
void               bobbin_alert_action_free        (BobbinAlertAction *self);
gboolean           bobbin_alert_action_is_reminder (const BobbinAlertAction *self);
gboolean           bobbin_alert_action_is_passing  (const BobbinAlertAction *self);
char              *bobbin_alert_action_dup_host    (const BobbinAlertAction *self);
gboolean           bobbin_alert_action_run         (gpointer           action,
                                                    BobbinMailboxSlot *slot,
                                                    GCancellable      *cancellable,
                                                    GError           **error);

G_END_DECLS
