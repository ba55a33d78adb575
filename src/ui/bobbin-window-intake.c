/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses that are pasted, dropped on the window, or in a list: those that are found are shown in
 * the dialog that adds downloads, where they can be looked at first. Main thread only; files are
 * read in another one, and long texts looked through.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-window-private.h"

#include <glib/gi18n-lib.h>

#include "bobbin-add-download.h"
#include "bobbin-address-finder.h"
#include "bobbin-address-list.h"
#include "bobbin-address-pattern.h"
#include "bobbin-address-search.h"
#include "bobbin-clipboard-text.h"

/* No list of addresses is longer; the rest of a file that is none is left. */
#define MAX_LIST (4 * 1024 * 1024)

/* Of a window: the file chooser that is open. */
static const char chooser_key[] = "bobbin-window-intake";

static GWeakRef *
watch_window (BobbinWindow *self)
{
  GWeakRef *ref = g_new (GWeakRef, 1);

  g_weak_ref_init (ref, self);

  return ref;
}

static BobbinWindow *
take_window (GWeakRef *ref)
{
  BobbinWindow *self = g_weak_ref_get (ref);

  g_weak_ref_clear (ref);
  g_free (ref);

  return self;
}

/* Says whether there are any. */
static gboolean
offer (BobbinWindow *self, GPtrArray *addresses, const char *sentence)
{
  GtkWindow *dialog;

  if (self->draining)
    return FALSE;
  if (addresses->len == 0)
    {
      bobbin_window_warn (self, sentence);
      return FALSE;
    }

  adw_view_stack_set_visible_child_name (self->pages, "downloads");
  bobbin_window_show_dialog (self, BOBBIN_TYPE_ADD_DOWNLOAD, bobbin_add_download_new);
  dialog = bobbin_window_find_dialog (self, BOBBIN_TYPE_ADD_DOWNLOAD);
  if (dialog != NULL)
    bobbin_add_download_add_addresses (BOBBIN_ADD_DOWNLOAD (dialog), addresses);

  return dialog != NULL;
}

/* ---- texts */

typedef struct
{
  GWeakRef *window;     /* (owned) */
  const char *sentence; /* (unowned): said when there is no address in the text */
} Search;

static void
on_searched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Search *search = user_data;
  g_autoptr (BobbinWindow) self = take_window (search->window);
  g_autoptr (GPtrArray) addresses = bobbin_address_search_finish (result, NULL);

  if (self != NULL)
    offer (self, addresses, search->sentence);
}

/* Says whether there is anything in it; a long text is taken without a look at it. */
static gboolean
offer_text (BobbinWindow *self, const char *text, const char *sentence)
{
  g_autoptr (GPtrArray) addresses = NULL;
  Search *search;

  if (bobbin_address_search_is_short (text))
    {
      addresses = bobbin_address_find (text);
      return offer (self, addresses, sentence);
    }
  if (self->draining)
    return FALSE;

  search = g_new (Search, 1);
  search->window = watch_window (self);
  search->sentence = sentence;
  bobbin_address_search_async (text, NULL, on_searched, search);

  return TRUE;
}

/* ---- the clipboard */

static void
on_text (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinWindow) self = take_window (user_data);
  g_autofree char *text = bobbin_clipboard_text_finish (GDK_CLIPBOARD (source), result, NULL);

  if (self != NULL)
    offer_text (self, text != NULL ? text : "", _ ("There is no address on the clipboard"));
}

/* Offers to download from the addresses on the clipboard. */
void
bobbin_window_paste_addresses (BobbinWindow *self)
{
  bobbin_clipboard_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, on_text,
                               watch_window (self));
}

/* ---- files */

static void
take_all (GPtrArray *addresses, const char *text)
{
  g_autoptr (GPtrArray) found = bobbin_address_find (text);

  g_ptr_array_extend_and_steal (addresses, g_steal_pointer (&found));
}

/* A pipe would have one wait, and a device might never end. */
static gboolean
can_be_list (GFile *file, GCancellable *cancellable, GError **error)
{
  const GFileType type = g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, cancellable);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);

  if (type == G_FILE_TYPE_REGULAR || type == G_FILE_TYPE_UNKNOWN)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               /* Translators: %s is the name of a file */
               _ ("“%s” is not a list of addresses."), shown);

  return FALSE;
}

static gboolean
read_list (GFile *file, GPtrArray *addresses, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInputStream) stream = NULL;
  g_autofree char *list = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (can_be_list (file, cancellable, error))
    stream = g_file_read (file, cancellable, error);
  if (stream == NULL)
    return FALSE;
  list = g_malloc (MAX_LIST);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), list, MAX_LIST, &length, cancellable,
                                error))
    return FALSE;

  text = bobbin_address_list_dup_text (list, length);
  take_all (addresses, text);

  return TRUE;
}

/* What is dropped may be the address of a file, too. */
static gboolean
is_address (GFile *file)
{
  return g_file_has_uri_scheme (file, "http") || g_file_has_uri_scheme (file, "https");
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GPtrArray *files = data;
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < files->len && addresses->len <= BOBBIN_ADDRESS_MAX; i++)
    {
      GFile *file = g_ptr_array_index (files, i);
      g_autofree char *uri = g_file_get_uri (file);

      if (is_address (file))
        take_all (addresses, uri);
      else
        read_list (file, addresses, cancellable, error == NULL ? &error : NULL);
    }

  /* What one file says is not lost because another cannot be read. */
  if (addresses->len == 0 && error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&addresses), (GDestroyNotify) g_ptr_array_unref);
}

static void
on_files_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinWindow) self = take_window (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) addresses = g_task_propagate_pointer (G_TASK (result), &error);

  if (self == NULL)
    return;

  if (addresses != NULL)
    offer (self, addresses, _ ("There is no address in this file"));
  else
    bobbin_window_warn (self, error->message);
}

/* Offers to download from the addresses in @files, which are lists of them or other text. */
void
bobbin_window_read_lists (BobbinWindow *self, GPtrArray *files)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_files_read, watch_window (self));

  g_task_set_source_tag (task, bobbin_window_read_lists);
  g_task_set_name (task, "[bobbin] lists of addresses");
  g_task_set_task_data (task, g_ptr_array_ref (files), (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, read_in_thread);
}

static void
on_response (GtkNativeDialog *chooser, int response, BobbinWindow *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    {
      g_ptr_array_add (files, g_steal_pointer (&file));
      bobbin_window_read_lists (self, files);
    }
  g_object_set_data (G_OBJECT (self), chooser_key, NULL);
}

static void
chooser_free (gpointer data)
{
  gtk_native_dialog_destroy (data);
  g_object_unref (data);
}

static void
add_filters (GtkFileChooser *chooser)
{
  g_autoptr (GtkFileFilter) text = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (text, _ ("Text Files"));
  gtk_file_filter_add_mime_type (text, "text/*");
  gtk_file_chooser_add_filter (chooser, text);
  gtk_file_filter_set_name (all, _ ("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (chooser, all);
}

/* Asks for a list of addresses. The window has the chooser until it is answered. */
void
bobbin_window_import_list (BobbinWindow *self)
{
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (_ ("Import List"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN,
                                 _ ("_Import"), _ ("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  add_filters (GTK_FILE_CHOOSER (chooser));
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_response), self, 0);
  g_object_set_data_full (G_OBJECT (self), chooser_key, chooser, chooser_free);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* ---- what is dropped on the window */

/* Takes a text or files that were dropped; says whether it could. */
gboolean
bobbin_window_drop (BobbinWindow *self, const GValue *value)
{
  g_autoptr (GPtrArray) files = NULL;

  if (G_VALUE_HOLDS_STRING (value))
    {
      const char *text = g_value_get_string (value);

      return offer_text (self, text != NULL ? text : "", _ ("There is no address in this text"));
    }
  if (!G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return FALSE;

  files = g_ptr_array_new_with_free_func (g_object_unref);
  for (GSList *l = g_value_get_boxed (value); l != NULL; l = l->next)
    g_ptr_array_add (files, g_object_ref (l->data));
  bobbin_window_read_lists (self, files);

  return TRUE;
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, BobbinWindow *self)
{
  return bobbin_window_drop (self, value);
}

/* What comes from a row of the window itself is none of this. */
static gboolean
on_accept (GtkDropTarget *target, GdkDrop *drop, BobbinWindow *self)
{
  return !self->draining && gdk_drop_get_drag (drop) == NULL &&
         gdk_content_formats_match (gtk_drop_target_get_formats (target),
                                    gdk_drop_get_formats (drop));
}

/* Called when the window is made. */
void
bobbin_window_accept_drops (BobbinWindow *self)
{
  GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_STRING };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY | GDK_ACTION_LINK);

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect (target, "accept", G_CALLBACK (on_accept), self);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self->toasts), GTK_EVENT_CONTROLLER (target));
}
