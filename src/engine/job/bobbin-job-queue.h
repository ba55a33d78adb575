/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_JOB_QUEUE (bobbin_job_queue_get_type ())
G_DECLARE_FINAL_TYPE (BobbinJobQueue, bobbin_job_queue, BOBBIN, JOB_QUEUE, GObject)

BobbinJobQueue   *bobbin_job_queue_new               (void);

gboolean          bobbin_job_queue_add               (BobbinJobQueue *self,
                                                      BobbinJob      *job);
gboolean          bobbin_job_queue_insert            (BobbinJobQueue *self,
                                                      guint           position,
                                                      BobbinJob      *job);
guint             bobbin_job_queue_add_all           (BobbinJobQueue *self,
                                                      GPtrArray      *jobs);
void              bobbin_job_queue_remove_async      (BobbinJobQueue     *self,
                                                      BobbinJob          *job,
                                                      GAsyncReadyCallback callback,
                                                      gpointer            user_data);
int               bobbin_job_queue_remove_finish     (BobbinJobQueue *self,
                                                      GAsyncResult   *result,
                                                      GError        **error);
gboolean          bobbin_job_queue_find              (BobbinJobQueue *self,
                                                      BobbinJob      *job,
                                                      guint          *position);

gboolean          bobbin_job_queue_move_up           (BobbinJobQueue *self,
                                                      BobbinJob      *job);
gboolean          bobbin_job_queue_move_down         (BobbinJobQueue *self,
                                                      BobbinJob      *job);
gboolean          bobbin_job_queue_move_to_top       (BobbinJobQueue *self,
                                                      BobbinJob      *job);
gboolean          bobbin_job_queue_move_to_bottom    (BobbinJobQueue *self,
                                                      BobbinJob      *job);
gboolean          bobbin_job_queue_move_before       (BobbinJobQueue *self,
                                                      GPtrArray      *jobs,
                                                      BobbinJob      *sibling);

guint             bobbin_job_queue_get_max_transfers (BobbinJobQueue *self);
void              bobbin_job_queue_set_max_transfers (BobbinJobQueue *self,
                                                      guint           max_transfers);
void              bobbin_job_queue_set_watched       (BobbinJobQueue *self,
                                                      gboolean        watched);
guint             bobbin_job_queue_get_n_active      (BobbinJobQueue *self);
guint             bobbin_job_queue_get_n_running     (BobbinJobQueue *self);
guint             bobbin_job_queue_get_n_waiting     (BobbinJobQueue *self);
guint             bobbin_job_queue_get_n_put_off     (BobbinJobQueue *self);
guint             bobbin_job_queue_get_n_jobs        (BobbinJobQueue *self,
                                                      GType           type,
                                                      BobbinJobState  state);
gint64            bobbin_job_queue_get_rate          (BobbinJobQueue *self,
                                                      GType           type);
gboolean          bobbin_job_queue_is_closing        (BobbinJobQueue *self);
BobbinWorkerPool *bobbin_job_queue_get_pool          (BobbinJobQueue *self,
                                                      BobbinLane      lane);

void              bobbin_job_queue_set_hold          (BobbinJobQueue *self,
                                                      const char     *reason);
const char       *bobbin_job_queue_get_hold          (BobbinJobQueue *self);

void              bobbin_job_queue_start_all         (BobbinJobQueue *self,
                                                      GType           type);
void              bobbin_job_queue_stop_all_async    (BobbinJobQueue     *self,
                                                      GType               type,
                                                      GAsyncReadyCallback callback,
                                                      gpointer            user_data);
gboolean          bobbin_job_queue_stop_all_finish   (BobbinJobQueue *self,
                                                      GAsyncResult   *result,
                                                      GError        **error);
void              bobbin_job_queue_shutdown_async    (BobbinJobQueue     *self,
                                                      GAsyncReadyCallback callback,
                                                      gpointer            user_data);
gboolean          bobbin_job_queue_shutdown_finish   (BobbinJobQueue *self,
                                                      GAsyncResult   *result,
                                                      GError        **error);

G_END_DECLS
