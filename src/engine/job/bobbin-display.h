/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean bobbin_display_is_harmless (gunichar    c);
char    *bobbin_display_text        (const char *text);
char    *bobbin_display_address     (const char *text);

G_END_DECLS
