/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-queue.h"
#include "bobbin-store.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_QUEUE_KEEPER (bobbin_queue_keeper_get_type ())
G_DECLARE_FINAL_TYPE (BobbinQueueKeeper, bobbin_queue_keeper, BOBBIN, QUEUE_KEEPER, GObject)

/*
 * Signals:
 *   trouble (BobbinQueueKeeper *, const char *sentence)   the list is not kept, or was not found as
 *                                                         it was left: for the user
 */
BobbinQueueKeeper *bobbin_queue_keeper_new                (BobbinJobQueue *queue,
                                                           const char     *path);

void               bobbin_queue_keeper_open_async         (BobbinQueueKeeper  *self,
                                                           GAsyncReadyCallback callback,
                                                           gpointer            user_data);
gboolean           bobbin_queue_keeper_open_finish        (BobbinQueueKeeper *self,
                                                           GAsyncResult      *result,
                                                           GError           **error);
void               bobbin_queue_keeper_add_async          (BobbinQueueKeeper  *self,
                                                           GPtrArray          *jobs,
                                                           gboolean            start,
                                                           GAsyncReadyCallback callback,
                                                           gpointer            user_data);
gboolean           bobbin_queue_keeper_add_finish         (BobbinQueueKeeper *self,
                                                           GAsyncResult      *result,
                                                           GError           **error);
void               bobbin_queue_keeper_forget             (BobbinQueueKeeper *self,
                                                           BobbinJob         *job);
void               bobbin_queue_keeper_load_log_async     (BobbinQueueKeeper  *self,
                                                           BobbinJob          *job,
                                                           GAsyncReadyCallback callback,
                                                           gpointer            user_data);
gboolean           bobbin_queue_keeper_load_log_finish    (BobbinQueueKeeper *self,
                                                           GAsyncResult      *result,
                                                           GError           **error);
char              *bobbin_queue_keeper_dup_id             (BobbinQueueKeeper *self,
                                                           BobbinJob         *job);
BobbinJob         *bobbin_queue_keeper_find               (BobbinQueueKeeper *self,
                                                           const char        *id);
gint64             bobbin_queue_keeper_get_number         (BobbinQueueKeeper *self,
                                                           BobbinJob         *job);
BobbinStore       *bobbin_queue_keeper_get_store          (BobbinQueueKeeper *self);
void               bobbin_queue_keeper_close_async        (BobbinQueueKeeper  *self,
                                                           GAsyncReadyCallback callback,
                                                           gpointer            user_data);
gboolean           bobbin_queue_keeper_close_finish       (BobbinQueueKeeper *self,
                                                           GAsyncResult      *result,
                                                           GError           **error);

G_END_DECLS
