/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-mailbox.h"

G_BEGIN_DECLS

/**
 * BobbinWorkFunc:
 * @spec: the task's data: plain C, complete; nothing of it belongs to the main thread meanwhile
 * @slot: (nullable): where to report to
 * @cancellable: (nullable): ends the work; pass it to every call that can block
 * @error: where to say why the work failed
 *
 * One run of a job, in a worker thread. It decides, once, whether it was finished before it was
 * cancelled: returns %TRUE if so, else sets %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether the work was done
 */
typedef gboolean (*BobbinWorkFunc) (gpointer           spec,
                                    BobbinMailboxSlot *slot,
                                    GCancellable      *cancellable,
                                    GError           **error);

#define BOBBIN_TYPE_WORKER_POOL (bobbin_worker_pool_get_type ())
G_DECLARE_FINAL_TYPE (BobbinWorkerPool, bobbin_worker_pool, BOBBIN, WORKER_POOL, GObject)

BobbinWorkerPool *bobbin_worker_pool_new             (const char *name,
                                                      guint       max_threads);
void              bobbin_worker_pool_set_max_threads (BobbinWorkerPool *self,
                                                      guint             max_threads);
void              bobbin_worker_pool_set_overflow    (BobbinWorkerPool *self,
                                                      gint64            stuck_after,
                                                      guint             max_stuck);
gboolean          bobbin_worker_pool_push            (BobbinWorkerPool  *self,
                                                      GTask             *task,
                                                      BobbinWorkFunc     work,
                                                      BobbinMailboxSlot *slot);
guint             bobbin_worker_pool_get_n_threads   (BobbinWorkerPool *self);
guint             bobbin_worker_pool_get_n_pending   (BobbinWorkerPool *self);
void              bobbin_worker_pool_close_async     (BobbinWorkerPool   *self,
                                                      GAsyncReadyCallback callback,
                                                      gpointer            user_data);
gboolean          bobbin_worker_pool_close_finish    (BobbinWorkerPool *self,
                                                      GAsyncResult     *result,
                                                      GError          **error);
guint             bobbin_worker_pool_abandon         (BobbinWorkerPool *self);

/* For work functions, in their thread. */
void              bobbin_worker_pool_at_leave        (void (*leave) (void));

G_END_DECLS
