/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-monitor.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_ALERT_ROWS (bobbin_alert_rows_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAlertRows, bobbin_alert_rows, BOBBIN, ALERT_ROWS, AdwExpanderRow)

/*
 * Signals:
 *   changed (BobbinAlertRows *)   the user has set something
 */
void bobbin_alert_rows_load (BobbinAlertRows *self, BobbinMonitor *monitor);
GVariant *bobbin_alert_rows_get_alerting (BobbinAlertRows *self, GError **error);

G_END_DECLS
