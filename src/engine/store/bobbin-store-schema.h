/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

gboolean bobbin_store_schema_update  (sqlite3 *db,
                                      GError **error);
gboolean bobbin_store_schema_check   (sqlite3 *db,
                                      GError **error);

/* With other migrations than the program's own: for tests. */
gboolean bobbin_store_schema_migrate (sqlite3           *db,
                                      const char *const *migrations,
                                      GError           **error);

G_END_DECLS
