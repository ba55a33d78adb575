/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-job-queue.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_JOB_LIST (bobbin_job_list_get_type ())
G_DECLARE_FINAL_TYPE (BobbinJobList, bobbin_job_list, BOBBIN, JOB_LIST, GtkWidget)

GListModel *bobbin_job_list_get_model (BobbinJobList *self);
GListModel *bobbin_job_list_get_all (BobbinJobList *self);
gboolean bobbin_job_list_has_jobs (BobbinJobList *self);
void bobbin_job_list_set_queue (BobbinJobList *self, BobbinJobQueue *queue);
void bobbin_job_list_set_filter (BobbinJobList *self, GtkFilter *filter);
void bobbin_job_list_set_sorter (BobbinJobList *self, GtkSorter *sorter);
gboolean bobbin_job_list_has_queue_order (BobbinJobList *self);
GtkSelectionModel *bobbin_job_list_get_selection (BobbinJobList *self);
GPtrArray *bobbin_job_list_dup_selected (BobbinJobList *self);
GPtrArray *bobbin_job_list_dup_jobs (BobbinJobList *self);
void bobbin_job_list_select (BobbinJobList *self, GPtrArray *jobs);
gboolean bobbin_job_list_drop (BobbinJobList *self,
                               GPtrArray *jobs,
                               BobbinJob *target,
                               gboolean below);
void bobbin_job_list_reveal (BobbinJobList *self, BobbinJob *job);
BobbinJob *bobbin_job_list_get_focused (BobbinJobList *self);
void bobbin_job_list_focus (BobbinJobList *self, BobbinJob *job);

G_END_DECLS
