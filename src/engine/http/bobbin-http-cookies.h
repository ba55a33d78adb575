/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * BobbinHttpCookies:
 *
 * The cookies of one run: those of a file, and those that servers set meanwhile.
 */
typedef struct _BobbinHttpCookies BobbinHttpCookies;

BobbinHttpCookies *bobbin_http_cookies_new        (void);
void               bobbin_http_cookies_free       (BobbinHttpCookies *self);
gboolean           bobbin_http_cookies_load       (BobbinHttpCookies *self,
                                                   const char        *path,
                                                   GError           **error);
void               bobbin_http_cookies_take       (BobbinHttpCookies *self,
                                                   SoupMessage       *message);
char              *bobbin_http_cookies_get_header (BobbinHttpCookies *self,
                                                   GUri              *uri);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinHttpCookies, bobbin_http_cookies_free)

G_END_DECLS
