/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

void bobbin_clipboard_text_async (GdkClipboard *clipboard,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
char *bobbin_clipboard_text_finish (GdkClipboard *clipboard, GAsyncResult *result, GError **error);

G_END_DECLS
