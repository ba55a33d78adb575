/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean bobbin_http_is_web_page         (const char *content_type);
gboolean bobbin_http_is_web_page_instead (const char *content_type,
                                          gboolean    has_disposition,
                                          const char *file_name);

G_END_DECLS
