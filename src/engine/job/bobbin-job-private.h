/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job.h"

G_BEGIN_DECLS

/*
 * What a queue does with its jobs, and nobody else. All of it in the main thread.
 */

/* Says whether the queue admits a new run; called by bobbin_job_start(). */
typedef gboolean (*BobbinJobAdmitFunc) (BobbinJob *job,
                                        gpointer   user_data);

void       bobbin_job_set_queue (BobbinJob         *self,
                                 BobbinJobAdmitFunc admit,
                                 gpointer           user_data);
gboolean   bobbin_job_is_queued (BobbinJob *self);
BobbinLane bobbin_job_get_lane  (BobbinJob *self);
void       bobbin_job_launch    (BobbinJob        *self,
                                 BobbinWorkerPool *pool,
                                 BobbinMailbox    *mailbox);

/* What the store does, with a new job. */
void       bobbin_job_restore   (BobbinJob    *self,
                                 const GError *error,
                                 gboolean      done,
                                 gint64        bytes,
                                 gint64        total,
                                 GDateTime    *started,
                                 GDateTime    *ended);

G_END_DECLS
