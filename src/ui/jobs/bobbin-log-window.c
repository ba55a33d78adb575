/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinLogWindow shows what has happened to a job, line by line, as it happens. The lines are
 * copied and saved as they are shown. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-log-window.h"

#include <glib/gi18n-lib.h>

#include "bobbin-application.h"
#include "bobbin-log-view.h"

struct _BobbinLogWindow
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkLabel *problem;
  GtkStack *stack;
  BobbinLogView *log_view;

  BobbinJob *job;                /* (owned) */
  GtkFileChooserNative *chooser; /* (owned) (nullable): while it is open */
};

G_DEFINE_FINAL_TYPE (BobbinLogWindow, bobbin_log_window, ADW_TYPE_WINDOW)

static GListModel *
get_log (BobbinLogWindow *self)
{
  return G_LIST_MODEL (bobbin_job_get_event_log (self->job));
}

/**
 * bobbin_log_window_to_text:
 *
 * Returns: (transfer full): all lines, for a file or another program
 */
char *
bobbin_log_window_to_text (BobbinLogWindow *self)
{
  g_return_val_if_fail (BOBBIN_IS_LOG_WINDOW (self), NULL);

  return bobbin_log_view_to_text (bobbin_job_get_event_log (self->job));
}

static void
on_items_changed (BobbinLogWindow *self)
{
  const guint n = g_list_model_get_n_items (get_log (self));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.copy", n > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.save-as", n > 0);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "lines" : "empty");
}

static void
on_title (BobbinLogWindow *self)
{
  adw_window_title_set_subtitle (self->title, bobbin_job_get_title (self->job));
}

/* ---- what can be done with it */

static void
copy (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinLogWindow *self = BOBBIN_LOG_WINDOW (widget);
  g_autofree char *text = bobbin_log_window_to_text (self);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinLogWindow) self = BOBBIN_LOG_WINDOW (user_data);
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    gtk_label_set_label (self->problem, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
}

static void
on_response (BobbinLogWindow *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (chooser));
  if (file == NULL)
    return;

  text = bobbin_log_window_to_text (self);
  bytes = g_bytes_new_take (text, strlen (text));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, on_saved,
                                       g_object_ref (self));
}

/* A monitor's name may be an address, or the path of a folder. */
static char *
make_file_name (BobbinLogWindow *self)
{
  return g_strdelimit (g_strdup_printf ("%s.log", bobbin_job_get_title (self->job)), "/", '-');
}

static void
save_as (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BobbinLogWindow *self = BOBBIN_LOG_WINDOW (widget);
  g_autofree char *name = make_file_name (self);

  if (self->chooser != NULL)
    return;

  self->chooser =
    gtk_file_chooser_native_new (_ ("Save Log"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE,
                                 _ ("_Save"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (on_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
bobbin_log_window_dispose (GObject *object)
{
  BobbinLogWindow *self = BOBBIN_LOG_WINDOW (object);

  if (self->chooser != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->chooser, self);
      gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
      g_clear_object (&self->chooser);
    }
  if (self->job != NULL)
    {
      g_signal_handlers_disconnect_by_data (get_log (self), self);
      g_signal_handlers_disconnect_by_data (self->job, self);
    }

  G_OBJECT_CLASS (bobbin_log_window_parent_class)->dispose (object);

  g_clear_object (&self->job);
}

static void
bobbin_log_window_class_init (BobbinLogWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_log_window_dispose;

  g_type_ensure (BOBBIN_TYPE_LOG_VIEW);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               BOBBIN_RESOURCE_PATH "/jobs/bobbin-log-window.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinLogWindow, title);
  gtk_widget_class_bind_template_child (widget_class, BobbinLogWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, BobbinLogWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, BobbinLogWindow, log_view);
  gtk_widget_class_install_action (widget_class, "log.copy", NULL, copy);
  gtk_widget_class_install_action (widget_class, "log.save-as", NULL, save_as);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "log.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "log.save-as",
                                       NULL);
}

static void
bobbin_log_window_init (BobbinLogWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bobbin_log_window_new:
 * @job: whose log to show
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWindow *
bobbin_log_window_new (BobbinJob *job)
{
  BobbinLogWindow *self = g_object_new (BOBBIN_TYPE_LOG_WINDOW, NULL);

  self->job = g_object_ref (job);
  bobbin_log_view_set_log (self->log_view, bobbin_job_get_event_log (job));
  g_signal_connect_swapped (get_log (self), "items-changed", G_CALLBACK (on_items_changed), self);
  g_signal_connect_swapped (job, "notify::title", G_CALLBACK (on_title), self);
  on_title (self);
  on_items_changed (self);

  return GTK_WINDOW (self);
}

/**
 * bobbin_log_window_get_job:
 *
 * Returns: (transfer none) (nullable): whose log is shown
 */
BobbinJob *
bobbin_log_window_get_job (BobbinLogWindow *self)
{
  g_return_val_if_fail (BOBBIN_IS_LOG_WINDOW (self), NULL);

  return self->job;
}
