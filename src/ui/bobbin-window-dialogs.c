/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dialogs above the window: one of each kind at a time, none wider than the window, and none
 * that outlives it. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-log-window.h"
#include "bobbin-monitor-editor.h"
#include "bobbin-window-private.h"

#define DIALOG_WIDTH 480

static gboolean
is_dialog (BobbinWindow *self, GtkWindow *window, GType type)
{
  return gtk_window_get_transient_for (window) == GTK_WINDOW (self) &&
         g_type_is_a (G_OBJECT_TYPE (window), type);
}

/* The dialogs of a kind, held: to destroy one takes it out of the list of windows, and may take
 * others with it. */
static GPtrArray *
collect_dialogs (BobbinWindow *self, GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  guint n = g_list_model_get_n_items (toplevels);
  GPtrArray *dialogs = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (is_dialog (self, window, type))
        g_ptr_array_add (dialogs, g_steal_pointer (&window));
    }

  return dialogs;
}

static void
fit_in (GtkWindow *dialog, int window_width)
{
  int width, height;

  gtk_window_get_default_size (dialog, &width, &height);
  if (width <= 0)
    width = DIALOG_WIDTH;
  if (window_width > 0)
    width = MIN (width, window_width);
  gtk_window_set_default_size (dialog, width, height);
}

/* The dialog of a kind that is open, or NULL. */
GtkWindow *
bobbin_window_find_dialog (BobbinWindow *self, GType type)
{
  g_autoptr (GPtrArray) open = collect_dialogs (self, type);

  return open->len > 0 ? g_ptr_array_index (open, 0) : NULL;
}

/**
 * bobbin_window_show_dialog:
 * @type: the kind of dialog: the class of what @make makes
 * @make: makes one
 *
 * Shows a dialog of a kind: the one that is open already, or else a new one. Does nothing while the
 * app quits.
 */
void
bobbin_window_show_dialog (BobbinWindow *self, GType type, BobbinDialogFunc make)
{
  GtkWindow *dialog;

  g_return_if_fail (BOBBIN_IS_WINDOW (self));
  g_return_if_fail (make != NULL);

  if (self->draining)
    return;

  dialog = bobbin_window_find_dialog (self, type);
  if (dialog != NULL)
    {
      gtk_window_present (dialog);
      return;
    }

  dialog = make (self->application);
  bobbin_window_present_dialog (self, dialog);
}

/**
 * bobbin_window_present_dialog:
 * @dialog: a new window
 *
 * Shows a dialog above the window, and no wider than it.
 */
void
bobbin_window_present_dialog (BobbinWindow *self, GtkWindow *dialog)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));
  g_return_if_fail (GTK_IS_WINDOW (dialog));

  fit_in (dialog, gtk_widget_get_width (GTK_WIDGET (self)));
  gtk_window_set_transient_for (dialog, GTK_WINDOW (self));
  gtk_window_present (dialog);
}

/**
 * bobbin_window_show_log:
 * @job: a job in the queue
 *
 * Shows what has happened to @job, in a window of its own; in the one that is open, if there is
 * one. What happened before the app was started comes as soon as it has been read.
 */
void
bobbin_window_show_log (BobbinWindow *self, BobbinJob *job)
{
  g_autoptr (GPtrArray) open = NULL;

  g_return_if_fail (BOBBIN_IS_WINDOW (self));
  g_return_if_fail (BOBBIN_IS_JOB (job));

  open = collect_dialogs (self, BOBBIN_TYPE_LOG_WINDOW);
  for (guint i = 0; i < open->len; i++)
    if (bobbin_log_window_get_job (g_ptr_array_index (open, i)) == job)
      {
        gtk_window_present (g_ptr_array_index (open, i));
        return;
      }

  bobbin_application_load_log (self->application, job);
  bobbin_window_present_dialog (self, bobbin_log_window_new (job));
}

/**
 * bobbin_window_edit_monitor:
 * @job: a monitor in the queue
 *
 * Shows what is set for @job, to be changed, in place of another one that is being added or edited.
 */
void
bobbin_window_edit_monitor (BobbinWindow *self, BobbinJob *job)
{
  g_autoptr (GPtrArray) open = NULL;
  GtkWindow *editor;

  g_return_if_fail (BOBBIN_IS_WINDOW (self));
  g_return_if_fail (BOBBIN_IS_MONITOR (job));

  if (self->draining)
    return;

  open = collect_dialogs (self, BOBBIN_TYPE_MONITOR_EDITOR);
  for (guint i = 0; i < open->len; i++)
    gtk_window_destroy (g_ptr_array_index (open, i));
  editor = bobbin_monitor_editor_new_for (self->application, BOBBIN_MONITOR (job));
  if (editor != NULL)
    bobbin_window_present_dialog (self, editor);
}

/* A file chooser belongs to whoever asked for a file, and hears that there is none. */
static void
close_dialog (GtkWindow *dialog)
{
  if (GTK_IS_FILE_CHOOSER_DIALOG (dialog))
    gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  else
    gtk_window_destroy (dialog);
}

/* Closes all but the shortcuts, which GtkApplicationWindow itself destroys. */
void
bobbin_window_close_dialogs (BobbinWindow *self)
{
  GtkShortcutsWindow *shortcuts =
    gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (self));
  g_autoptr (GPtrArray) dialogs = collect_dialogs (self, GTK_TYPE_WINDOW);

  for (guint i = 0; i < dialogs->len; i++)
    if (g_ptr_array_index (dialogs, i) != (gpointer) shortcuts)
      close_dialog (g_ptr_array_index (dialogs, i));
}
