/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *bobbin_autostart_file_dup_path (void);
void bobbin_autostart_file_set_async (gboolean autostart,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean bobbin_autostart_file_set_finish (GAsyncResult *result, GError **error);

G_END_DECLS
