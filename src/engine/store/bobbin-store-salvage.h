/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean bobbin_store_salvage_build  (const char *path,
                                      gboolean    with_content,
                                      GError    **error);
gboolean bobbin_store_salvage_finish (const char *path,
                                      char      **set_aside,
                                      GError    **error);

G_END_DECLS
