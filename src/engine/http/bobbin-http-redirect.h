/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * BOBBIN_HTTP_MAX_REDIRECTS:
 *
 * So many redirects in a row are followed.
 */
#define BOBBIN_HTTP_MAX_REDIRECTS 20

gboolean bobbin_http_is_redirect (SoupMessage *message);
gboolean bobbin_http_follow      (SoupMessage *message,
                                  const char  *from,
                                  guint        n_redirects,
                                  char       **to,
                                  GError     **error);

G_END_DECLS
