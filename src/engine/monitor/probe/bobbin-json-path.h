/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean bobbin_json_is_shallow  (const char *text);
gboolean bobbin_json_path_check  (const char *path,
                                  GError    **error);
char    *bobbin_json_path_lookup (const char *path,
                                  const char *text,
                                  GError    **error);

G_END_DECLS
