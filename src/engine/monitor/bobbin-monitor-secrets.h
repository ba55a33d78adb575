/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-monitor.h"

G_BEGIN_DECLS

GVariant *bobbin_monitor_dup_plain_options (BobbinMonitor *self);

gboolean bobbin_monitor_has_secrets   (BobbinMonitor *self);
gboolean bobbin_monitor_lacks_secrets (BobbinMonitor *self);
gboolean bobbin_monitor_wants_secrets (BobbinMonitor *self);
char    *bobbin_monitor_dup_secrets   (BobbinMonitor *self);
gboolean bobbin_monitor_give_secrets  (BobbinMonitor *self,
                                       const char    *secrets);

G_END_DECLS
