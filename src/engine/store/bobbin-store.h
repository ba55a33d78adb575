/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-history-rows.h"
#include "bobbin-store-batch.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_STORE (bobbin_store_get_type ())
G_DECLARE_FINAL_TYPE (BobbinStore, bobbin_store, BOBBIN, STORE, GObject)

/*
 * Signals:
 *   finished (BobbinStore *)   downloads have finished, and it is written that they have
 */

char        *bobbin_store_dup_default_path   (void);
BobbinStore *bobbin_store_new                (const char *path);

void         bobbin_store_open_async         (BobbinStore        *self,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);
gboolean     bobbin_store_open_finish        (BobbinStore  *self,
                                              GAsyncResult *result,
                                              GError      **error);
const char  *bobbin_store_get_set_aside      (BobbinStore *self);
gint64       bobbin_store_get_last_number    (BobbinStore *self);
gint64       bobbin_store_get_last_place     (BobbinStore *self);

void         bobbin_store_write_async        (BobbinStore        *self,
                                              BobbinStoreBatch   *batch,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);
gboolean     bobbin_store_write_finish       (BobbinStore  *self,
                                              GAsyncResult *result,
                                              GError      **error);
void         bobbin_store_read_jobs_async    (BobbinStore        *self,
                                              gint64              after_place,
                                              gint64              after_number,
                                              guint               n_jobs,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);
GPtrArray   *bobbin_store_read_jobs_finish   (BobbinStore  *self,
                                              GAsyncResult *result,
                                              GError      **error);
void         bobbin_store_read_events_async  (BobbinStore        *self,
                                              gint64              number,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);
GPtrArray   *bobbin_store_read_events_finish (BobbinStore  *self,
                                              GAsyncResult *result,
                                              GError      **error);
void         bobbin_store_read_history_async (BobbinStore              *self,
                                              const BobbinHistoryQuery *query,
                                              GAsyncReadyCallback       callback,
                                              gpointer                  user_data);
BobbinHistorySpan *
             bobbin_store_read_history_finish (BobbinStore  *self,
                                               GAsyncResult *result,
                                               GError      **error);
void         bobbin_store_read_finished_async (BobbinStore               *self,
                                               const BobbinFinishedQuery *query,
                                               GCancellable              *cancellable,
                                               GAsyncReadyCallback        callback,
                                               gpointer                   user_data);
GPtrArray   *bobbin_store_read_finished_finish (BobbinStore  *self,
                                                GAsyncResult *result,
                                                GError      **error);
void         bobbin_store_set_keep           (BobbinStore             *self,
                                              const BobbinHistoryKeep *keep);

void         bobbin_store_close_async        (BobbinStore        *self,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);
gboolean     bobbin_store_close_finish       (BobbinStore  *self,
                                              GAsyncResult *result,
                                              GError      **error);

G_END_DECLS
