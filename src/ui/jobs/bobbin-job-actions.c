/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a user can do to jobs, one or many: the job.* actions. Every widget class that has a
 * readable property "jobs" can install them; a row acts on the job it shows, a list on those
 * selected. Button, menu, key and test all come through here. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-actions.h"

#include "bobbin-download.h"
#include "bobbin-file-opening.h"
#include "bobbin-job-list.h"
#include "bobbin-job-queue.h"
#include "bobbin-limit-dialog.h"
#include "bobbin-monitor.h"
#include "bobbin-new-address.h"
#include "bobbin-remedy.h"
#include "bobbin-verification.h"
#include "bobbin-window.h"

static BobbinWindow *
find_window (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return BOBBIN_IS_WINDOW (root) ? BOBBIN_WINDOW (root) : NULL;
}

/* The list that @widget is, or is in. */
static BobbinJobList *
find_list (GtkWidget *widget)
{
  GtkWidget *list = gtk_widget_get_ancestor (widget, BOBBIN_TYPE_JOB_LIST);

  return list != NULL ? BOBBIN_JOB_LIST (list) : NULL;
}

static gboolean
is_leaving (BobbinWindow *window, BobbinJob *job)
{
  return window != NULL && bobbin_removal_is_leaving (bobbin_window_get_removal (window), job);
}

/* What is being stopped can be started already: it begins again when it has been joined. */
static gboolean
is_going (BobbinJob *job)
{
  return bobbin_job_is_active (job) && bobbin_job_get_state (job) != BOBBIN_JOB_STOPPING;
}

static gboolean
is_finished (BobbinJob *job)
{
  return bobbin_job_get_state (job) == BOBBIN_JOB_DONE;
}

/* ---- start and stop */

static gboolean
is_here (BobbinWindow *window, BobbinJob *job)
{
  return !is_leaving (window, job);
}

static gboolean
has_file (BobbinWindow *window, BobbinJob *job)
{
  return BOBBIN_IS_DOWNLOAD (job) && is_finished (job);
}

static gboolean
can_begin (BobbinWindow *window, BobbinJob *job)
{
  return is_here (window, job) && !is_going (job) && !has_file (window, job);
}

static gboolean
has_failed (BobbinJob *job)
{
  return BOBBIN_IS_DOWNLOAD (job) && bobbin_job_get_state (job) == BOBBIN_JOB_FAILED;
}

/* In a menu a start has a name that says more. */
static gboolean
can_start_first (BobbinWindow *window, BobbinJob *job)
{
  return can_begin (window, job) && !has_failed (job);
}

static gboolean
can_retry (BobbinWindow *window, BobbinJob *job)
{
  return can_begin (window, job) && has_failed (job);
}

static void
start (BobbinWindow *window, BobbinJob *job)
{
  if (BOBBIN_IS_MONITOR (job))
    bobbin_monitor_resume (BOBBIN_MONITOR (job));
  bobbin_job_start (job);
}

/* Whether the schedule keeps it from running, or would. */
static gboolean
can_start_now (BobbinWindow *window, BobbinJob *job)
{
  return window != NULL && bobbin_job_queue_get_hold (bobbin_window_get_queue (window)) != NULL &&
         BOBBIN_IS_DOWNLOAD (job) && (can_begin (window, job) || bobbin_job_is_held (job));
}

static void
start_now (BobbinWindow *window, BobbinJob *job)
{
  bobbin_job_start_now (job);
}

static gboolean
can_stop (BobbinWindow *window, BobbinJob *job)
{
  return is_going (job);
}

static void
stop (BobbinWindow *window, BobbinJob *job)
{
  bobbin_job_stop_async (job, NULL, NULL);
}

static void
open_file (BobbinWindow *window, BobbinJob *job)
{
  bobbin_file_open (window, bobbin_download_get_file (BOBBIN_DOWNLOAD (job)));
}

static void
toggle (BobbinWindow *window, BobbinJob *job)
{
  if (is_going (job))
    stop (window, job);
  else if (has_file (window, job))
    open_file (window, job);
  else
    start (window, job);
}

static gboolean
can_restart (BobbinWindow *window, BobbinJob *job)
{
  return BOBBIN_IS_DOWNLOAD (job) && is_here (window, job) &&
         bobbin_job_get_state (job) == BOBBIN_JOB_RUNNING;
}

/* With other connections, and the bytes that are there. */
static void
restart (BobbinWindow *window, BobbinJob *job)
{
  bobbin_job_restart (job);
}

static gboolean
is_paused (BobbinJob *job)
{
  return bobbin_monitor_is_paused (BOBBIN_MONITOR (job));
}

static gboolean
can_pause (BobbinWindow *window, BobbinJob *job)
{
  return BOBBIN_IS_MONITOR (job) && is_here (window, job) && is_going (job) && !is_paused (job);
}

static void
pause_monitor (BobbinWindow *window, BobbinJob *job)
{
  bobbin_monitor_pause (BOBBIN_MONITOR (job), 0);
}

static gboolean
can_resume (BobbinWindow *window, BobbinJob *job)
{
  return BOBBIN_IS_MONITOR (job) && is_here (window, job) && is_going (job) && is_paused (job);
}

static void
resume_monitor (BobbinWindow *window, BobbinJob *job)
{
  bobbin_monitor_resume (BOBBIN_MONITOR (job));
}

static gboolean
has_remedy (BobbinWindow *window, BobbinJob *job)
{
  return can_begin (window, job) && bobbin_remedy_get_label (job) != NULL;
}

/* ---- to look at */

static void
show_in_folder (BobbinWindow *window, BobbinJob *job)
{
  bobbin_file_show_in_folder (window, bobbin_download_get_file (BOBBIN_DOWNLOAD (job)));
}

static void
verify (BobbinWindow *window, BobbinJob *job)
{
  BobbinWorkerPool *pool =
    bobbin_job_queue_get_pool (bobbin_window_get_queue (window), BOBBIN_LANE_PROBE);

  bobbin_window_present_dialog (window, bobbin_verification_new (BOBBIN_DOWNLOAD (job), pool));
}

static gboolean
is_known (BobbinWindow *window, BobbinJob *job)
{
  return TRUE;
}

static gboolean
has_details (BobbinWindow *window, BobbinJob *job)
{
  return window != NULL && bobbin_window_can_show_details (window, job);
}

/* A click or Enter on the row: a whole file is opened. */
static void
activate_job (BobbinWindow *window, BobbinJob *job)
{
  if (!has_file (window, job) && has_details (window, job))
    bobbin_window_show_details (window, job);
  else
    toggle (window, job);
}

/* ---- what is set */

static gboolean
can_limit (BobbinWindow *window, BobbinJob *job)
{
  return BOBBIN_IS_DOWNLOAD (job) && is_here (window, job) && !is_finished (job);
}

static void
limit_speed (BobbinWindow *window, GPtrArray *jobs)
{
  bobbin_window_present_dialog (window, bobbin_limit_dialog_new (jobs));
}

static gboolean
can_move (BobbinWindow *window, BobbinJob *job)
{
  return BOBBIN_IS_DOWNLOAD (job) && can_begin (window, job) && !bobbin_job_is_active (job);
}

static void
ask_for_address (BobbinWindow *window, BobbinJob *job)
{
  GtkWindow *dialog =
    bobbin_new_address_new (BOBBIN_DOWNLOAD (job), bobbin_window_get_keyring (window));

  bobbin_window_present_dialog (window, dialog);
}

/* ---- the list */

static void
remove_job (BobbinWindow *window, BobbinJob *job)
{
  bobbin_removal_remove (bobbin_window_get_removal (window), job);
}

static void
trash (BobbinWindow *window, BobbinJob *job)
{
  bobbin_removal_trash (bobbin_window_get_removal (window), job);
}

/* The jobs as they are shown. */
static GPtrArray *
dup_shown (BobbinJobList *list)
{
  GListModel *model = bobbin_job_list_get_model (list);
  const guint n = g_list_model_get_n_items (model);
  GPtrArray *shown = g_ptr_array_new_full (n, g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (shown, g_list_model_get_item (model, i));

  return shown;
}

static GHashTable *
make_set (GPtrArray *jobs)
{
  GHashTable *set = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < jobs->len; i++)
    g_hash_table_add (set, g_ptr_array_index (jobs, i));

  return set;
}

/* The job at @i of @shown over the one at @other, or below it; they change places in @shown. */
static void
change_places (BobbinJobQueue *queue, GPtrArray *shown, guint i, guint other)
{
  gpointer job = shown->pdata[i];
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  g_autoptr (BobbinJob) sibling = NULL;
  guint position;

  if (!bobbin_job_queue_find (queue, shown->pdata[other], &position))
    return;

  g_ptr_array_add (one, job);
  sibling = g_list_model_get_item (G_LIST_MODEL (queue), other > i ? position + 1 : position);
  bobbin_job_queue_move_before (queue, one, sibling);
  shown->pdata[i] = shown->pdata[other];
  shown->pdata[other] = job;
}

/* Each over the one that is shown before it, if that is not moved as well: so they keep their order
 * among themselves, at the end too, and pass over what is not shown. */
static void
move_up (BobbinJobQueue *queue, BobbinJobList *list, GPtrArray *jobs)
{
  g_autoptr (GPtrArray) shown = dup_shown (list);
  g_autoptr (GHashTable) moved = make_set (jobs);

  for (guint i = 1; i < shown->len; i++)
    if (g_hash_table_contains (moved, shown->pdata[i]) &&
        !g_hash_table_contains (moved, shown->pdata[i - 1]))
      change_places (queue, shown, i, i - 1);
}

static void
move_down (BobbinJobQueue *queue, BobbinJobList *list, GPtrArray *jobs)
{
  g_autoptr (GPtrArray) shown = dup_shown (list);
  g_autoptr (GHashTable) moved = make_set (jobs);

  for (guint i = shown->len; i > 1; i--)
    if (g_hash_table_contains (moved, shown->pdata[i - 2]) &&
        !g_hash_table_contains (moved, shown->pdata[i - 1]))
      change_places (queue, shown, i - 2, i - 1);
}

static void
move_to_top (BobbinJobQueue *queue, BobbinJobList *list, GPtrArray *jobs)
{
  g_autoptr (BobbinJob) first = g_list_model_get_item (G_LIST_MODEL (queue), 0);

  bobbin_job_queue_move_before (queue, jobs, first);
}

static void
move_to_bottom (BobbinJobQueue *queue, BobbinJobList *list, GPtrArray *jobs)
{
  bobbin_job_queue_move_before (queue, jobs, NULL);
}

/* ---- the clipboard */

static const char *
get_address (BobbinJob *job)
{
  return BOBBIN_IS_MONITOR (job) ? bobbin_monitor_get_target (BOBBIN_MONITOR (job))
                                 : bobbin_download_get_address (BOBBIN_DOWNLOAD (job));
}

/* One a line. */
static void
copy_address (BobbinWindow *window, GPtrArray *jobs)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < jobs->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            get_address (g_ptr_array_index (jobs, i)));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (window)), text->str);
}

static gboolean
can_edit (BobbinWindow *window, BobbinJob *job)
{
  return BOBBIN_IS_MONITOR (job) && is_here (window, job);
}

/* As in a terminal or a file manager; one a line, too. */
static void
copy_path (BobbinWindow *window, GPtrArray *jobs)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < jobs->len; i++)
    {
      BobbinDownload *download = BOBBIN_DOWNLOAD (g_ptr_array_index (jobs, i));
      g_autofree char *path = g_filename_display_name (bobbin_download_get_file (download));

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", path);
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (window)), text->str);
}

/* ---- all of them */

/* Either @act, for each of the jobs that it applies to, or @act_on_all, for those together, or
 * @move, for those together in their list. */
typedef struct
{
  const char *name;
  gboolean (*applies_to) (BobbinWindow *window, BobbinJob *job); /* (nullable): to any */
  void (*act) (BobbinWindow *window, BobbinJob *job);
  void (*act_on_all) (BobbinWindow *window, GPtrArray *jobs);
  void (*move) (BobbinJobQueue *queue, BobbinJobList *list, GPtrArray *jobs);
  gboolean is_for_one; /* there is no sense in doing it to several at once */
} JobAction;

static const JobAction actions[] = {
  { "job.activate", is_here, activate_job, .is_for_one = TRUE },
  { "job.toggle", is_here, toggle, .is_for_one = TRUE },
  { "job.start", can_begin, start },
  { "job.start-first", can_start_first, start },
  { "job.retry", can_retry, start },
  { "job.start-now", can_start_now, start_now },
  { "job.stop", can_stop, stop },
  { "job.restart", can_restart, restart },
  { "job.pause", can_pause, pause_monitor },
  { "job.resume", can_resume, resume_monitor },
  { "job.remedy", has_remedy, bobbin_remedy_apply, .is_for_one = TRUE },
  { "job.open", has_file, open_file, .is_for_one = TRUE },
  { "job.show-in-folder", has_file, show_in_folder, .is_for_one = TRUE },
  { "job.verify", has_file, verify, .is_for_one = TRUE },
  { "job.limit-speed", can_limit, .act_on_all = limit_speed },
  { "job.new-address", can_move, ask_for_address, .is_for_one = TRUE },
  { "job.show-details", has_details, bobbin_window_show_details, .is_for_one = TRUE },
  { "job.edit", can_edit, bobbin_window_edit_monitor, .is_for_one = TRUE },
  { "job.show-log", is_known, bobbin_window_show_log, .is_for_one = TRUE },
  { "job.copy-address", NULL, .act_on_all = copy_address },
  { "job.copy-path", has_file, .act_on_all = copy_path },
  { "job.move-up", NULL, .move = move_up },
  { "job.move-down", NULL, .move = move_down },
  { "job.move-to-top", NULL, .move = move_to_top },
  { "job.move-to-bottom", NULL, .move = move_to_bottom },
  { "job.remove", NULL, remove_job },
  { "job.trash", has_file, trash },
};

static const JobAction *
find_action (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, name))
      return &actions[i];

  return NULL;
}

/* Those of @jobs that the action is for, in their order. */
static GPtrArray *
choose (const JobAction *action, BobbinWindow *window, GPtrArray *jobs)
{
  GPtrArray *chosen = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < jobs->len; i++)
    if (action->applies_to == NULL || action->applies_to (window, g_ptr_array_index (jobs, i)))
      g_ptr_array_add (chosen, g_object_ref (g_ptr_array_index (jobs, i)));

  return chosen;
}

/* Whether it can be done to any of @jobs; asks no more of them than it has to. */
static gboolean
applies (const JobAction *action, BobbinWindow *window, GPtrArray *jobs)
{
  if (action->is_for_one && jobs->len != 1)
    return FALSE;

  for (guint i = 0; i < jobs->len; i++)
    if (action->applies_to == NULL || action->applies_to (window, g_ptr_array_index (jobs, i)))
      return TRUE;

  return FALSE;
}

/* What is moved leaves the list for a moment, and would neither be selected any more nor have the
 * focus: the next key would act on another one. Where the order is not that of the queue nobody
 * would see what happens to that. */
static void
move (const JobAction *action, GtkWidget *widget, GPtrArray *jobs)
{
  BobbinJobList *list = find_list (widget);
  g_autoptr (GPtrArray) selected = NULL;
  BobbinJob *focused;

  if (list == NULL || !bobbin_job_list_has_queue_order (list))
    return;

  selected = bobbin_job_list_dup_selected (list);
  focused = bobbin_job_list_get_focused (list);
  action->move (bobbin_window_get_queue (find_window (widget)), list, jobs);
  if (selected->len > 0)
    bobbin_job_list_select (list, selected);
  if (focused != NULL && g_ptr_array_find (jobs, focused, NULL))
    bobbin_job_list_focus (list, focused);
}

static void
activate (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GPtrArray) jobs = NULL;

  g_object_get (widget, "jobs", &jobs, NULL);
  if (jobs != NULL)
    bobbin_job_actions_activate (widget, name, jobs);
}

/**
 * bobbin_job_actions_install:
 * @widget_class: a class with a readable property "jobs": a `GPtrArray` of `BobbinJob`, or %NULL
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
 * @jobs: (element-type BobbinJob): what to do it to, in the order of the list
 *
 * Does it to those of @jobs that it can be done to.
 */
void
bobbin_job_actions_activate (GtkWidget *widget, const char *name, GPtrArray *jobs)
{
  const JobAction *action = find_action (name);
  BobbinWindow *window = find_window (widget);
  g_autoptr (GPtrArray) chosen = NULL;

  g_return_if_fail (action != NULL);

  if (window == NULL || !applies (action, window, jobs))
    return;

  chosen = choose (action, window, jobs);
  if (action->move != NULL)
    move (action, widget, chosen);
  else if (action->act_on_all != NULL)
    action->act_on_all (window, chosen);
  else
    for (guint i = 0; i < chosen->len; i++)
      action->act (window, g_ptr_array_index (chosen, i));
}

/**
 * bobbin_job_actions_update:
 * @widget: a widget of a class with the job.* actions
 * @jobs: (element-type BobbinJob): the jobs they act on
 *
 * Makes sensitive what can be done to @jobs in their present states.
 */
void
bobbin_job_actions_update (GtkWidget *widget, GPtrArray *jobs)
{
  BobbinWindow *window = find_window (widget);

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (actions[i].applies_to != NULL)
      gtk_widget_action_set_enabled (widget, actions[i].name, applies (&actions[i], window, jobs));
}

/**
 * bobbin_job_actions_enable:
 * @widget: a widget of a class with the job.* actions
 *
 * Makes all of them sensitive: whether one applies is looked at when it is activated anyway.
 */
void
bobbin_job_actions_enable (GtkWidget *widget)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (widget, actions[i].name, TRUE);
}

/* Whether @jobs are the first of @model, or the last if @from_end. */
static gboolean
are_at_end (GListModel *model, GPtrArray *jobs, gboolean from_end)
{
  const guint offset = from_end ? g_list_model_get_n_items (model) - jobs->len : 0;

  for (guint i = 0; i < jobs->len; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (model, offset + i);

      if (job != g_ptr_array_index (jobs, i))
        return FALSE;
    }

  return TRUE;
}

/**
 * bobbin_job_actions_update_moves:
 * @widget: a widget of a class with the job.* actions, in a `BobbinJobList`
 * @jobs: (element-type BobbinJob): the jobs they act on, in the order of the list
 *
 * Makes sensitive those moves that @jobs can make within their list. As they depend on the other
 * jobs too, this is to be asked when the moves are about to be offered.
 */
void
bobbin_job_actions_update_moves (GtkWidget *widget, GPtrArray *jobs)
{
  BobbinJobList *list = find_list (widget);
  GListModel *model = bobbin_job_list_get_model (list);
  const gboolean can_move = bobbin_job_list_has_queue_order (list) && jobs->len > 0;
  const gboolean up = can_move && !are_at_end (model, jobs, FALSE);
  const gboolean down = can_move && !are_at_end (model, jobs, TRUE);

  gtk_widget_action_set_enabled (widget, "job.move-up", up);
  gtk_widget_action_set_enabled (widget, "job.move-to-top", up);
  gtk_widget_action_set_enabled (widget, "job.move-down", down);
  gtk_widget_action_set_enabled (widget, "job.move-to-bottom", down);
}

/**
 * bobbin_job_actions_get_menu:
 *
 * Returns: (transfer none): the menu of the actions, one for all who show it
 */
GMenuModel *
bobbin_job_actions_get_menu (void)
{
  static GMenuModel *menu;

  if (menu == NULL)
    {
      g_autoptr (GtkBuilder) builder =
        gtk_builder_new_from_resource ("/io/github/bobbinapp/Bobbin/jobs/bobbin-job-menu.ui");

      menu = g_object_ref (G_MENU_MODEL (gtk_builder_get_object (builder, "menu")));
    }

  return menu;
}
