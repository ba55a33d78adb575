/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char    *bobbin_host_suffix_normalize   (const char *text);
char    *bobbin_host_suffix_parse       (const char *text,
                                         GError    **error);
gboolean bobbin_host_suffix_matches     (const char *suffix,
                                         const char *host);
char    *bobbin_host_suffix_of_address  (const char *address);

G_END_DECLS
