/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void bobbin_folder_names_read_async (const char *folder,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
GHashTable *bobbin_folder_names_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
