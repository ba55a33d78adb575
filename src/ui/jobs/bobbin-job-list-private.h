/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-list.h"
#include "bobbin-job-row.h"
#include "bobbin-row-slot.h"
#include "bobbin-shown-jobs.h"

G_BEGIN_DECLS

/* A list as its own files see it: bobbin-job-list.c shows the jobs, bobbin-job-list-menu.c has the
 * menu of those that are selected, bobbin-job-list-drag.c has rows dragged. Main thread only. */
struct _BobbinJobList
{
  GtkWidget parent_instance;

  GtkStack *stack;
  AdwBin *placeholder;
  GtkWidget *none; /* instead of a list of no jobs */
  GtkGridView *list_view;
  GtkMultiSelection *selection;
  BobbinRowStock *rows; /* (owned) */
  GtkWidget *menu;      /* (nullable) until it is opened first */

  BobbinJobQueue *queue;       /* (owned) (nullable) */
  GtkFilterListModel *of_type; /* (owned) (nullable): all there are */
  BobbinShownJobs *shown;      /* (owned) (nullable): those to be shown, in order */
  BobbinJob *awaited;          /* (weak) (nullable): to be revealed when it is shown */

  GType job_type;
  GType row_type;
  char *label; /* (owned) (nullable) */
  gboolean narrow;
};

/* bobbin-job-list.c */
BobbinJobRow *bobbin_job_list_find_row (GtkWidget *widget);

/* bobbin-job-list-menu.c */
void bobbin_job_list_install_menu (GtkWidgetClass *widget_class);
void bobbin_job_list_prepare_menu (BobbinJobList *self);

/* bobbin-job-list-drag.c */
void bobbin_job_list_make_draggable (BobbinJobList *self, BobbinJobRow *row);

G_END_DECLS
