/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void bobbin_list_file_read_async (GFile *file, GAsyncReadyCallback callback, gpointer user_data);
GStrv bobbin_list_file_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
