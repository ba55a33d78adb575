/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-finished-rows.h"
#include "bobbin-history-rows.h"
#include "bobbin-store-batch.h"

#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct _BobbinStoreRows BobbinStoreRows;

BobbinStoreRows *bobbin_store_rows_new         (sqlite3 *db,
                                                GError **error);
void             bobbin_store_rows_free        (BobbinStoreRows *self);
BobbinHistoryRows *
                 bobbin_store_rows_get_history (BobbinStoreRows *self);
BobbinFinishedRows *
                 bobbin_store_rows_get_finished (BobbinStoreRows *self);
gboolean         bobbin_store_rows_begin       (BobbinStoreRows *self,
                                                gboolean         durable,
                                                GError         **error);
gboolean         bobbin_store_rows_apply       (BobbinStoreRows  *self,
                                                BobbinStoreBatch *batch,
                                                GError          **error);
gboolean         bobbin_store_rows_commit      (BobbinStoreRows *self,
                                                GError         **error);
void             bobbin_store_rows_roll_back   (BobbinStoreRows *self);
gboolean         bobbin_store_rows_read_bounds (BobbinStoreRows *self,
                                                gint64          *last_number,
                                                gint64          *last_place,
                                                GError         **error);
GPtrArray       *bobbin_store_rows_read_jobs   (BobbinStoreRows *self,
                                                gint64           after_place,
                                                gint64           after_number,
                                                guint            n_jobs,
                                                GError         **error);
GPtrArray       *bobbin_store_rows_read_events (BobbinStoreRows *self,
                                                gint64           number,
                                                GError         **error);

G_END_DECLS
