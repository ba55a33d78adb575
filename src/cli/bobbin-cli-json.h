/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-download.h"
#include "bobbin-monitor.h"
#include "bobbin-uptime.h"

G_BEGIN_DECLS

char *bobbin_cli_json_download (const char *event,
                                const char *url,
                                BobbinDownload *download,
                                const char *file,
                                BobbinEvent *problem);
char *bobbin_cli_json_refused (const char *url, const GError *error);
char *bobbin_cli_json_sample (BobbinMonitor *monitor, const char *text, GVariant *details);
char *bobbin_cli_json_state (BobbinMonitor *monitor, BobbinHealth from, BobbinHealth to);
char *bobbin_cli_json_history (BobbinMonitor *monitor, const BobbinHistoryBucket *bucket);
char *bobbin_cli_json_uptime (BobbinMonitor *monitor,
                              const BobbinHistoryBucket *bucket,
                              const BobbinUptime *uptime);

G_END_DECLS
