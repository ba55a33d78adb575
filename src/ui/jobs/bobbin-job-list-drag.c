/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows that are dragged: within their list to another place in the queue, and a finished file out
 * of the app. A row that is not selected is dragged alone. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-list-private.h"

#include "bobbin-download.h"

static GPtrArray *
choose_jobs (BobbinJobList *self, BobbinJobRow *row)
{
  const guint position = bobbin_row_slot_get_position (GTK_WIDGET (row));
  GPtrArray *jobs;

  if (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), position))
    return bobbin_job_list_dup_selected (self);

  jobs = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (jobs, g_object_ref (bobbin_job_row_get_job (row)));

  return jobs;
}

static GSList *
collect_files (GPtrArray *jobs)
{
  GSList *files = NULL;

  for (guint i = 0; i < jobs->len; i++)
    {
      BobbinJob *job = g_ptr_array_index (jobs, i);
      const char *path = BOBBIN_IS_DOWNLOAD (job) && bobbin_job_get_state (job) == BOBBIN_JOB_DONE
                           ? bobbin_download_get_file (BOBBIN_DOWNLOAD (job))
                           : NULL;

      if (path != NULL)
        files = g_slist_prepend (files, g_file_new_for_path (path));
    }

  return g_slist_reverse (files);
}

static GdkContentProvider *
provide_files (GSList *files)
{
  GdkFileList *list = gdk_file_list_new_from_list (files);
  GdkContentProvider *provider = gdk_content_provider_new_typed (GDK_TYPE_FILE_LIST, list);

  g_boxed_free (GDK_TYPE_FILE_LIST, list);

  return provider;
}

/* A file manager would move a file away that the list says is there: where there are any they are
 * only offered to be copied. */
static GdkContentProvider *
provide_jobs (GtkDragSource *source, GPtrArray *jobs)
{
  GSList *files = collect_files (jobs);
  GdkContentProvider *providers[2];
  gsize n = 0;

  providers[n++] = gdk_content_provider_new_typed (G_TYPE_PTR_ARRAY, jobs);
  if (files != NULL)
    providers[n++] = provide_files (files);
  gtk_drag_source_set_actions (source, files != NULL ? GDK_ACTION_COPY : GDK_ACTION_MOVE);
  g_slist_free_full (files, g_object_unref);

  return gdk_content_provider_new_union (providers, n);
}

/* A row whose job has gone has none until the next layout. */
static GdkContentProvider *
on_prepare (GtkDragSource *source, double x, double y, BobbinJobRow *row)
{
  BobbinJobList *self =
    BOBBIN_JOB_LIST (gtk_widget_get_ancestor (GTK_WIDGET (row), BOBBIN_TYPE_JOB_LIST));
  g_autoptr (GPtrArray) jobs = NULL;

  if (bobbin_job_row_get_job (row) == NULL)
    return NULL;

  jobs = choose_jobs (self, row);

  return provide_jobs (source, jobs);
}

static void
on_drag_begin (GtkDragSource *source, GdkDrag *drag, GtkWidget *row)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (row);

  gtk_drag_source_set_icon (source, paintable, 0, 0);
  bobbin_row_slot_hold (row, TRUE);
}

static void
on_drag_end (GtkDragSource *source, GdkDrag *drag, gboolean is_moved, GtkWidget *row)
{
  bobbin_row_slot_hold (row, FALSE);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, BobbinJobRow *row)
{
  BobbinJobList *self =
    BOBBIN_JOB_LIST (gtk_widget_get_ancestor (GTK_WIDGET (row), BOBBIN_TYPE_JOB_LIST));
  const gboolean below = y > gtk_widget_get_height (GTK_WIDGET (row)) / 2.0;
  BobbinJob *job = bobbin_job_row_get_job (row);

  return job != NULL && bobbin_job_list_drop (self, g_value_get_boxed (value), job, below);
}

/* Where the jobs are in another order than the queue's they cannot be dropped. They are moved,
 * whatever may be done with their files. */
static GdkDragAction
on_motion (GtkDropTarget *target, double x, double y, BobbinJobRow *row)
{
  BobbinJobList *self =
    BOBBIN_JOB_LIST (gtk_widget_get_ancestor (GTK_WIDGET (row), BOBBIN_TYPE_JOB_LIST));
  GdkDrop *drop = gtk_drop_target_get_current_drop (target);

  if (!bobbin_job_list_has_queue_order (self))
    return 0;

  return drop != NULL && (gdk_drop_get_actions (drop) & GDK_ACTION_MOVE) == 0 ? GDK_ACTION_COPY
                                                                              : GDK_ACTION_MOVE;
}

/* Called when a row is made. GTK has the source of a drag outlive its row. */
void
bobbin_job_list_make_draggable (BobbinJobList *self, BobbinJobRow *row)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_PTR_ARRAY, GDK_ACTION_MOVE | GDK_ACTION_COPY);

  g_signal_connect_object (source, "prepare", G_CALLBACK (on_prepare), row, 0);
  g_signal_connect_object (source, "drag-begin", G_CALLBACK (on_drag_begin), row, 0);
  g_signal_connect_object (source, "drag-end", G_CALLBACK (on_drag_end), row, 0);
  gtk_widget_add_controller (GTK_WIDGET (row), GTK_EVENT_CONTROLLER (source));

  g_signal_connect (target, "drop", G_CALLBACK (on_drop), row);
  g_signal_connect (target, "motion", G_CALLBACK (on_motion), row);
  gtk_widget_add_controller (GTK_WIDGET (row), GTK_EVENT_CONTROLLER (target));
}

/**
 * bobbin_job_list_drop:
 * @jobs: (element-type BobbinJob): what was dragged, in the order of the list
 * @target: the job they are dropped on
 * @below: whether on the lower half of its row
 *
 * Moves @jobs to stand before @target, or behind it.
 *
 * Returns: whether they could be dropped there
 */
gboolean
bobbin_job_list_drop (BobbinJobList *self, GPtrArray *jobs, BobbinJob *target, gboolean below)
{
  g_autoptr (BobbinJob) sibling = NULL;
  guint position;

  g_return_val_if_fail (BOBBIN_IS_JOB_LIST (self), FALSE);

  if (!bobbin_job_list_has_queue_order (self) ||
      !bobbin_job_queue_find (self->queue, target, &position))
    return FALSE;
  for (guint i = 0; i < jobs->len; i++)
    if (!G_TYPE_CHECK_INSTANCE_TYPE (g_ptr_array_index (jobs, i), self->job_type) ||
        !bobbin_job_queue_find (self->queue, g_ptr_array_index (jobs, i), NULL))
      return FALSE;

  sibling = g_list_model_get_item (G_LIST_MODEL (self->queue), below ? position + 1 : position);
  bobbin_job_queue_move_before (self->queue, jobs, sibling);
  bobbin_job_list_select (self, jobs);

  return TRUE;
}
