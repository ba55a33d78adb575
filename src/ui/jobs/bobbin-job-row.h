/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-job.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_JOB_ROW (bobbin_job_row_get_type ())
G_DECLARE_DERIVABLE_TYPE (BobbinJobRow, bobbin_job_row, BOBBIN, JOB_ROW, GtkBox)

/**
 * BobbinJobRowClass:
 * @bind: (nullable): @self shows another job now, or none
 * @update: (nullable): the state of the job changed, or another job is shown
 *
 * What the kinds of rows add to the common part. Their templates put their widgets into it as
 * children of the types "above-status" and "below-status".
 */
struct _BobbinJobRowClass
{
  GtkBoxClass parent_class;

  void (*bind) (BobbinJobRow *self, BobbinJob *job);
  void (*update) (BobbinJobRow *self, BobbinJob *job);
};

BobbinJob *bobbin_job_row_get_job (BobbinJobRow *self);
void bobbin_job_row_set_job (BobbinJobRow *self, BobbinJob *job);
GtkImage *bobbin_job_row_get_icon (BobbinJobRow *self);
void bobbin_job_row_set_lively (BobbinJobRow *self, gboolean lively);
void bobbin_job_row_set_class (BobbinJobRow *self, const char *name, gboolean on);
void bobbin_job_row_update_actions (BobbinJobRow *self);
void bobbin_job_row_tell_status (BobbinJobRow *self);
void bobbin_job_row_name_control (GtkWidget *control, const char *name);

G_END_DECLS
