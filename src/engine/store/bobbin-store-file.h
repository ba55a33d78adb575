/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct _BobbinStoreFile BobbinStoreFile;

BobbinStoreFile *bobbin_store_file_open         (const char *path,
                                                 GError    **error);
void             bobbin_store_file_close        (BobbinStoreFile *self);
sqlite3         *bobbin_store_file_get_db       (BobbinStoreFile *self);
const char      *bobbin_store_file_get_set_aside (BobbinStoreFile *self);

void             bobbin_store_set_error         (GError **error,
                                                 sqlite3 *db);
void             bobbin_store_set_error_from_errno (GError **error,
                                                    int      errsv);
gboolean         bobbin_store_is_damage         (int code);

G_END_DECLS
