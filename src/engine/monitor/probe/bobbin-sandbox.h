/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean bobbin_sandbox_is_here     (const char *root);
gboolean bobbin_sandbox_has_network (const char *root,
                                     GError    **error);
gboolean bobbin_sandbox_shows       (const char *root,
                                     const char *path,
                                     GError    **error);

G_END_DECLS
