/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a user can do to one job: the job.* actions. Every widget class that has a readable property
 * "job" can install them; a row acts on the job it shows, a list on the one that has the focus.
 * Button, menu, key and test all come through here. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-actions.h"

#include "bobbin-download.h"
#include "bobbin-file-opening.h"
#include "bobbin-job-list.h"
#include "bobbin-job-queue.h"
#include "bobbin-monitor.h"
#include "bobbin-remedy.h"
#include "bobbin-window.h"

static BobbinWindow *
find_window (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return BOBBIN_IS_WINDOW (root) ? BOBBIN_WINDOW (root) : NULL;
}

static gboolean
is_leaving (BobbinWindow *window, BobbinJob *job)
{
  return window != NULL && bobbin_removal_is_leaving (bobbin_window_get_removal (window), job);
}

static void
start (BobbinWindow *window, BobbinJob *job)
{
  if (is_leaving (window, job))
    return;

  if (BOBBIN_IS_MONITOR (job))
    bobbin_monitor_resume (BOBBIN_MONITOR (job));
  bobbin_job_start (job);
}

static void
stop (BobbinWindow *window, BobbinJob *job)
{
  bobbin_job_stop_async (job, NULL, NULL);
}

/* What is being stopped can be started already: it begins again when it has been joined. */
static gboolean
is_going (BobbinJob *job)
{
  return bobbin_job_is_active (job) && bobbin_job_get_state (job) != BOBBIN_JOB_STOPPING;
}

static gboolean
is_paused (BobbinJob *job)
{
  return BOBBIN_IS_MONITOR (job) && bobbin_monitor_is_paused (BOBBIN_MONITOR (job));
}

static void
pause_monitor (BobbinWindow *window, BobbinJob *job)
{
  if (BOBBIN_IS_MONITOR (job) && is_going (job))
    bobbin_monitor_pause (BOBBIN_MONITOR (job), 0);
}

static void
resume_monitor (BobbinWindow *window, BobbinJob *job)
{
  if (is_paused (job) && is_going (job))
    bobbin_monitor_resume (BOBBIN_MONITOR (job));
}

static gboolean
is_finished (BobbinJob *job)
{
  return bobbin_job_get_state (job) == BOBBIN_JOB_DONE;
}

static void
open_file (BobbinWindow *window, BobbinJob *job)
{
  if (BOBBIN_IS_DOWNLOAD (job) && is_finished (job))
    bobbin_file_open (window, bobbin_download_get_file (BOBBIN_DOWNLOAD (job)));
}

static void
show_in_folder (BobbinWindow *window, BobbinJob *job)
{
  if (BOBBIN_IS_DOWNLOAD (job) && is_finished (job))
    bobbin_file_show_in_folder (window, bobbin_download_get_file (BOBBIN_DOWNLOAD (job)));
}

static void
toggle (BobbinWindow *window, BobbinJob *job)
{
  if (is_going (job))
    stop (window, job);
  else if (is_finished (job))
    open_file (window, job);
  else
    start (window, job);
}

static void
remove_job (BobbinWindow *window, BobbinJob *job)
{
  bobbin_removal_remove (bobbin_window_get_removal (window), job);
}

static void
move_up (BobbinWindow *window, BobbinJob *job)
{
  bobbin_job_queue_move_up (bobbin_window_get_queue (window), job);
}

static void
move_down (BobbinWindow *window, BobbinJob *job)
{
  bobbin_job_queue_move_down (bobbin_window_get_queue (window), job);
}

static void
move_to_top (BobbinWindow *window, BobbinJob *job)
{
  bobbin_job_queue_move_to_top (bobbin_window_get_queue (window), job);
}

static void
copy_address (BobbinWindow *window, BobbinJob *job)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (window));

  if (BOBBIN_IS_DOWNLOAD (job))
    gdk_clipboard_set_text (clipboard, bobbin_download_get_address (BOBBIN_DOWNLOAD (job)));
  else if (BOBBIN_IS_MONITOR (job))
    gdk_clipboard_set_text (clipboard, bobbin_monitor_get_target (BOBBIN_MONITOR (job)));
}

static void
show_log (BobbinWindow *window, BobbinJob *job)
{
  bobbin_window_show_log (window, job);
}

static void
remedy (BobbinWindow *window, BobbinJob *job)
{
  if (!is_leaving (window, job))
    bobbin_remedy_apply (window, job);
}

static const struct
{
  const char *name;
  void (*act) (BobbinWindow *window, BobbinJob *job);
} actions[] = {
  { "job.start", start },
  { "job.stop", stop },
  { "job.toggle", toggle },
  { "job.pause", pause_monitor },
  { "job.resume", resume_monitor },
  { "job.remove", remove_job },
  { "job.move-up", move_up },
  { "job.move-down", move_down },
  { "job.move-to-top", move_to_top },
  { "job.open", open_file },
  { "job.show-in-folder", show_in_folder },
  { "job.copy-address", copy_address },
  { "job.show-log", show_log },
  { "job.remedy", remedy },
};

static void
activate (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (BobbinJob) job = NULL;

  g_object_get (widget, "job", &job, NULL);
  if (job != NULL)
    bobbin_job_actions_activate (widget, name, job);
}

/**
 * bobbin_job_actions_install:
 * @widget_class: a class with a readable property "job" that holds a `BobbinJob` or %NULL
 *
 * Installs the job.* actions; to be called in class_init.
 */
void
bobbin_job_actions_install (GtkWidgetClass *widget_class)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, activate);
}

/**
 * bobbin_job_actions_activate:
 * @widget: a widget in the window
 * @name: one of the job.* actions
 * @job: what to do it to
 */
void
bobbin_job_actions_activate (GtkWidget *widget, const char *name, BobbinJob *job)
{
  BobbinWindow *window = find_window (widget);

  if (window == NULL)
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, name))
      actions[i].act (window, job);
}

/**
 * bobbin_job_actions_update:
 * @widget: a widget of a class with the job.* actions
 * @job: (nullable): the job they act on
 *
 * Makes sensitive what can be done to @job in its present state.
 */
void
bobbin_job_actions_update (GtkWidget *widget, BobbinJob *job)
{
  gboolean leaving = job != NULL && is_leaving (find_window (widget), job);
  gboolean can_stop = job != NULL && is_going (job);
  gboolean has_file = BOBBIN_IS_DOWNLOAD (job) && is_finished (job);
  gboolean can_pause = BOBBIN_IS_MONITOR (job) && can_stop && !leaving;
  gboolean can_start = job != NULL && !leaving && !can_stop && !has_file;

  gtk_widget_action_set_enabled (widget, "job.start", can_start);
  gtk_widget_action_set_enabled (widget, "job.stop", can_stop);
  gtk_widget_action_set_enabled (widget, "job.pause", can_pause && !is_paused (job));
  gtk_widget_action_set_enabled (widget, "job.resume", can_pause && is_paused (job));
  gtk_widget_action_set_enabled (widget, "job.toggle", job != NULL && !leaving);
  gtk_widget_action_set_enabled (widget, "job.remedy",
                                 can_start && bobbin_remedy_get_label (job) != NULL);
  gtk_widget_action_set_enabled (widget, "job.open", has_file);
  gtk_widget_action_set_enabled (widget, "job.show-in-folder", has_file);
}

/**
 * bobbin_job_actions_update_moves:
 * @widget: a widget of a class with the job.* actions, in a `BobbinJobList`
 * @job: the job they act on
 *
 * Makes sensitive those moves that @job can make within its list. As they depend on the other jobs
 * too, this is to be asked when the moves are about to be offered.
 */
void
bobbin_job_actions_update_moves (GtkWidget *widget, BobbinJob *job)
{
  GtkWidget *list = gtk_widget_get_ancestor (widget, BOBBIN_TYPE_JOB_LIST);
  GListModel *jobs = bobbin_job_list_get_model (BOBBIN_JOB_LIST (list));
  g_autoptr (BobbinJob) first = g_list_model_get_item (jobs, 0);
  g_autoptr (BobbinJob) last = g_list_model_get_item (jobs, g_list_model_get_n_items (jobs) - 1);

  gtk_widget_action_set_enabled (widget, "job.move-up", job != first);
  gtk_widget_action_set_enabled (widget, "job.move-to-top", job != first);
  gtk_widget_action_set_enabled (widget, "job.move-down", job != last);
}
