/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-finished.h"

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct _BobbinFinishedRows BobbinFinishedRows;

gboolean            bobbin_finished_rows_add_functions (sqlite3 *db,
                                                        GError **error);

BobbinFinishedRows *bobbin_finished_rows_new    (sqlite3 *db,
                                                 GError **error);
void                bobbin_finished_rows_free   (BobbinFinishedRows *self);
gboolean            bobbin_finished_rows_note   (BobbinFinishedRows   *self,
                                                 gint64                job,
                                                 const BobbinFinished *finished,
                                                 GError              **error);
gboolean            bobbin_finished_rows_add    (BobbinFinishedRows   *self,
                                                 const BobbinFinished *finished,
                                                 GError              **error);
gboolean            bobbin_finished_rows_remove (BobbinFinishedRows *self,
                                                 gint64              number,
                                                 GError            **error);
gboolean            bobbin_finished_rows_clear  (BobbinFinishedRows *self,
                                                 GError            **error);
gboolean            bobbin_finished_rows_expire (BobbinFinishedRows *self,
                                                 gint64              time,
                                                 GError            **error);
GPtrArray          *bobbin_finished_rows_read   (BobbinFinishedRows        *self,
                                                 const BobbinFinishedQuery *query,
                                                 GCancellable              *cancellable,
                                                 GError                   **error);

G_END_DECLS
