/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GPtrArray *bobbin_address_find (const char *text);
GPtrArray *bobbin_address_read (const char *text,
                                GError    **error);

G_END_DECLS
