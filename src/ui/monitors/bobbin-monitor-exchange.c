/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Monitors to a file and from one, as the menu offers it: which file is asked by the desktop's own
 * dialog, and what came of it is said in a toast. Main thread only; nothing here waits for a disk.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-exchange.h"

#include <glib/gi18n-lib.h>

#include "bobbin-monitor-list.h"

/* In bytes: some ten thousand monitors */
#define MAX_SIZE (4 * 1024 * 1024)

/* Of a list of commands, in pixels */
#define MAX_LIST_HEIGHT 160

/* Of a window: the dialog that is open. */
static const char chooser_key[] = "bobbin-monitor-exchange";

/* Of a question: the monitors it is about. */
static const char jobs_key[] = "bobbin-monitor-exchange-jobs";

/* Nothing may hold a window once it has been destroyed. */
static GWeakRef *
watch_window (BobbinWindow *window)
{
  GWeakRef *ref = g_new (GWeakRef, 1);

  g_weak_ref_init (ref, window);

  return ref;
}

static BobbinWindow *
take_window (GWeakRef *ref)
{
  BobbinWindow *window = g_weak_ref_get (ref);

  g_weak_ref_clear (ref);
  g_free (ref);

  return window;
}

static GApplication *
get_application (BobbinWindow *window)
{
  return G_APPLICATION (gtk_window_get_application (GTK_WINDOW (window)));
}

/* ---- out */

/* What an alert runs or calls may hold a secret that nobody can tell from the rest. */
static const char *
describe_export (BobbinWindow *window)
{
  GListModel *queue = G_LIST_MODEL (bobbin_window_get_queue (window));
  g_autoptr (GPtrArray) monitors = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (GStrv) commands = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (queue); i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (queue, i);

      if (BOBBIN_IS_MONITOR (job))
        g_ptr_array_add (monitors, g_steal_pointer (&job));
    }
  commands = bobbin_monitor_list_dup_commands (monitors);

  return commands[0] == NULL ? _ ("Monitors exported, without their passwords")
                             : _ ("Monitors exported, without passwords, but with commands and "
                                  "webhooks as they are");
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinWindow) window = take_window (user_data);
  g_autoptr (GError) error = NULL;

  g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);
  if (window != NULL)
    bobbin_window_warn (window, error != NULL ? error->message : describe_export (window));
}

/**
 * bobbin_monitor_exchange_export:
 * @window: where to say what came of it
 * @file: where to; one that is there is replaced, as somebody has agreed to
 *
 * Writes all monitors to @file, but for what is secret.
 */
void
bobbin_monitor_exchange_export (BobbinWindow *window, GFile *file)
{
  g_autofree char *text =
    bobbin_monitor_list_save (G_LIST_MODEL (bobbin_window_get_queue (window)));
  const gsize length = strlen (text);
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_steal_pointer (&text), length);

  g_return_if_fail (BOBBIN_IS_WINDOW (window));
  g_return_if_fail (G_IS_FILE (file));

  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                       on_written, watch_window (window));
}

/* ---- in */

static void
add_all (BobbinWindow *window, GPtrArray *jobs)
{
  BobbinApplication *application = BOBBIN_APPLICATION (get_application (window));
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  for (guint i = 0; i < jobs->len && error == NULL; i++)
    bobbin_application_add_job (application, g_ptr_array_index (jobs, i), &error);

  sentence =
    error != NULL
      ? g_strdup (error->message)
      : g_strdup_printf (ngettext ("%u monitor imported", "%u monitors imported", jobs->len),
                         jobs->len);
  bobbin_window_warn (window, sentence);
}

static void
on_import_response (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  GPtrArray *jobs = g_object_get_data (G_OBJECT (dialog), jobs_key);

  if (g_str_equal (response, "cancel"))
    return;

  if (!g_str_equal (response, "with"))
    bobbin_monitor_list_drop_commands (jobs);
  add_all (BOBBIN_WINDOW (user_data), jobs);
}

static GtkWidget *
make_list (char **commands)
{
  g_autofree char *text = g_strjoinv ("\n", commands);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "monospace");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), MAX_LIST_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), label);

  return scrolled;
}

/* A file may be somebody else's, and what it names would be run as the user. */
static void
ask_about_commands (BobbinWindow *window, GPtrArray *jobs, char **commands)
{
  GtkWidget *widget = adw_message_dialog_new (
    GTK_WINDOW (window), _ ("Import Commands?"),
    _ ("When there is an alert, monitors of this file run programs or send to web addresses. "
       "Import these only from somebody whom you trust."));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);

  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "with",
                                    _ ("Import With _Commands"), "without",
                                    _ ("_Import Without Commands"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "with", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "without");
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_extra_child (dialog, make_list (commands));
  g_object_set_data_full (G_OBJECT (dialog), jobs_key, g_ptr_array_ref (jobs),
                          (GDestroyNotify) g_ptr_array_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_import_response), window, 0);
  bobbin_window_present_dialog (window, GTK_WINDOW (dialog));
}

static void
take_in (BobbinWindow *window, GPtrArray *jobs)
{
  g_auto (GStrv) commands = bobbin_monitor_list_dup_commands (jobs);

  if (commands[0] != NULL)
    ask_about_commands (window, jobs, commands);
  else
    add_all (window, jobs);
}

/* A pipe would have one wait, and a device might never end. */
static gboolean
can_be_list (GFile *file, GError **error)
{
  g_autoptr (GFileInfo) info =
    g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                       G_FILE_QUERY_INFO_NONE, NULL, error);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);

  if (info == NULL)
    return FALSE;
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR &&
      g_file_info_get_size (info) <= MAX_SIZE)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               /* Translators: %s is the name of a file */
               _ ("“%s” is not a list of monitors."), shown);

  return FALSE;
}

/* In a thread of GIO's, as that of g_file_load_contents_async(). */
static void
read_list (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GFile *file = task_data;
  GError *error = NULL;
  char *text;

  if (can_be_list (file, &error) && g_file_load_contents (file, NULL, &text, NULL, NULL, &error))
    g_task_return_pointer (task, text, g_free);
  else
    g_task_return_error (task, error);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinWindow) window = take_window (user_data);
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_task_propagate_pointer (G_TASK (result), &error);

  if (window == NULL)
    return;

  if (text != NULL)
    jobs = bobbin_monitor_list_load (text, -1, &error);

  if (jobs != NULL)
    take_in (window, jobs);
  else
    bobbin_window_warn (window, error->message);
}

/**
 * bobbin_monitor_exchange_import:
 * @window: where to say what came of it
 * @file: where from
 *
 * Adds all monitors that are in @file; none, if something is wrong with one of them. Where their
 * alerts would run or send something, that is shown and asked about first.
 */
void
bobbin_monitor_exchange_import (BobbinWindow *window, GFile *file)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (BOBBIN_IS_WINDOW (window));
  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (NULL, NULL, on_read, watch_window (window));
  g_task_set_source_tag (task, bobbin_monitor_exchange_import);
  g_task_set_name (task, "[bobbin] read list of monitors");
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, read_list);
}

/* ---- which file */

typedef void (*ExchangeFunc) (BobbinWindow *window, GFile *file);

static void
on_response (GtkNativeDialog *chooser, int response, gpointer user_data)
{
  BobbinWindow *window = BOBBIN_WINDOW (gtk_native_dialog_get_transient_for (chooser));
  ExchangeFunc func = G_CALLBACK (user_data) == G_CALLBACK (bobbin_monitor_exchange_export)
                        ? bobbin_monitor_exchange_export
                        : bobbin_monitor_exchange_import;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    func (window, file);
  g_object_set_data (G_OBJECT (window), chooser_key, NULL);
}

static void
chooser_free (gpointer data)
{
  gtk_native_dialog_destroy (data);
  g_object_unref (data);
}

static void
add_filter (GtkFileChooser *chooser)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("JSON Files"));
  gtk_file_filter_add_mime_type (filter, "application/json");
  gtk_file_filter_add_pattern (filter, "*.json");
  gtk_file_chooser_add_filter (chooser, filter);
}

/* The window has it until it is answered. */
static GtkFileChooser *
open_chooser (BobbinWindow *window,
              const char *title,
              GtkFileChooserAction action,
              const char *accept,
              ExchangeFunc func)
{
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (title, GTK_WINDOW (window), action, accept, _ ("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  add_filter (GTK_FILE_CHOOSER (chooser));
  g_signal_connect (chooser, "response", G_CALLBACK (on_response), func);
  g_object_set_data_full (G_OBJECT (window), chooser_key, chooser, chooser_free);

  return GTK_FILE_CHOOSER (chooser);
}

/**
 * bobbin_monitor_exchange_choose_export:
 * @window: a window
 *
 * Asks where to write all monitors, and does so.
 */
void
bobbin_monitor_exchange_choose_export (BobbinWindow *window)
{
  GtkFileChooser *chooser =
    open_chooser (window, _ ("Export Monitors"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"),
                  bobbin_monitor_exchange_export);

  gtk_file_chooser_set_current_name (chooser, "monitors.json");
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * bobbin_monitor_exchange_choose_import:
 * @window: a window
 *
 * Asks where to read monitors from, and adds them.
 */
void
bobbin_monitor_exchange_choose_import (BobbinWindow *window)
{
  GtkFileChooser *chooser =
    open_chooser (window, _ ("Import Monitors"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"),
                  bobbin_monitor_exchange_import);

  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
