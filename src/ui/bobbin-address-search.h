/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean   bobbin_address_search_is_short (const char          *text);
void       bobbin_address_search_async    (const char          *text,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
GPtrArray *bobbin_address_search_finish   (GAsyncResult        *result,
                                           GError             **error);

G_END_DECLS
