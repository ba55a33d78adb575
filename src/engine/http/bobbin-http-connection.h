/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void        bobbin_http_note_network_event  (SoupMessage       *message,
                                             GSocketClientEvent event,
                                             GIOStream         *connection);
void        bobbin_http_note_unfound        (SoupMessage       *message,
                                             const char *const *proxies);
void        bobbin_http_note_restart        (SoupMessage *message);
gboolean    bobbin_http_had_only_new        (SoupMessage *message);
const char *bobbin_http_get_unreached_proxy (SoupMessage *message);
GError     *bobbin_http_explain_refusal     (SoupMessage *message);
char       *bobbin_http_describe_connection (SoupMessage *message);

G_END_DECLS
