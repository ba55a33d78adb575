/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-monitor.h"

G_BEGIN_DECLS

char      *bobbin_monitor_list_save  (GListModel *jobs);
char      *bobbin_monitor_list_write (const char *const *settings,
                                      GError           **error);
GPtrArray *bobbin_monitor_list_load  (const char *text,
                                      gssize      length,
                                      GError    **error);

char     **bobbin_monitor_list_dup_commands  (GPtrArray *jobs);
void       bobbin_monitor_list_drop_commands (GPtrArray *jobs);

G_END_DECLS
