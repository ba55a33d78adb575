/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-queue.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_JOB_TALLY (bobbin_job_tally_get_type ())
G_DECLARE_FINAL_TYPE (BobbinJobTally, bobbin_job_tally, BOBBIN, JOB_TALLY, GObject)

/*
 * Properties:
 *   can-start   boolean  read-only, notifies: a job is there that Start All would start
 *   can-stop    boolean  read-only, notifies: a job is there that Stop All would stop
 *   can-clear   boolean  read-only, notifies: a job is there that is done
 */
BobbinJobTally *bobbin_job_tally_new       (BobbinJobQueue *queue,
                                            GType           type);

gboolean        bobbin_job_tally_can_start (BobbinJobTally *self);
gboolean        bobbin_job_tally_can_stop  (BobbinJobTally *self);
gboolean        bobbin_job_tally_can_clear (BobbinJobTally *self);

G_END_DECLS
