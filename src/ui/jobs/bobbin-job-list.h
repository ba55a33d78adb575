/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-job-queue.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_JOB_LIST (bobbin_job_list_get_type ())
G_DECLARE_FINAL_TYPE (BobbinJobList, bobbin_job_list, BOBBIN, JOB_LIST, GtkWidget)

GListModel *bobbin_job_list_get_model (BobbinJobList *self);
void bobbin_job_list_set_queue (BobbinJobList *self, BobbinJobQueue *queue);
void bobbin_job_list_scroll_to_end (BobbinJobList *self);

G_END_DECLS
