/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean bobbin_cli_when_take (const char *option,
                               const char *text,
                               gint64 now,
                               gint64 *time,
                               GError **error);

G_END_DECLS
