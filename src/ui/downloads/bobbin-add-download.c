/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinAddDownload asks for an address, or several with blanks or line ends between them, and for
 * the folder to save in. What is on the clipboard is taken when it is an address. What is wrong
 * with what was typed is said at once. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-add-download.h"

#include <glib/gi18n-lib.h>

#include "bobbin-download-options.h"
#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-folder-row.h"

struct _BobbinAddDownload
{
  AdwWindow parent_instance;

  GtkWidget *ok;
  GtkEditable *address;
  BobbinFolderRow *folder;
  BobbinDownloadOptions *options;
  GtkLabel *problem;

  BobbinApplication *application; /* (owned) */
  GCancellable *cancellable;      /* (owned): of the look at the clipboard */
};

G_DEFINE_FINAL_TYPE (BobbinAddDownload, bobbin_add_download, ADW_TYPE_WINDOW)

/* No address holds a blank, so blanks and line ends part one from the next. */
static GPtrArray *
split_addresses (const char *text)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_ptr_array_add (addresses, g_strdup (words[i]));

  return addresses;
}

static gboolean
check_addresses (GPtrArray *addresses, GError **error)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      g_autofree char *checked =
        bobbin_download_check_address (g_ptr_array_index (addresses, i), error);

      if (checked == NULL)
        return FALSE;
    }

  return TRUE;
}

/* A checksum is of one file. */
static gboolean
check_options (BobbinAddDownload *self, GPtrArray *addresses, GError **error)
{
  if (!bobbin_download_options_check (self->options, error))
    return FALSE;
  if (addresses->len <= 1 || !bobbin_download_options_has_checksum (self->options))
    return TRUE;

  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                       _ ("A checksum can be of one file only, and there are several addresses."));

  return FALSE;
}

static void
mark_address (BobbinAddDownload *self, gboolean valid)
{
  if (valid)
    gtk_widget_remove_css_class (GTK_WIDGET (self->address), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->address), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->address), GTK_ACCESSIBLE_STATE_INVALID,
                               valid ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE,
                               -1);
}

static void
show_problem (BobbinAddDownload *self, const GError *error)
{
  gtk_label_set_label (self->problem, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
}

static void
on_changed (BobbinAddDownload *self)
{
  g_autoptr (GPtrArray) addresses = split_addresses (gtk_editable_get_text (self->address));
  g_autoptr (GError) wrong_address = NULL;
  g_autoptr (GError) wrong_option = NULL;

  check_addresses (addresses, &wrong_address);
  check_options (self, addresses, &wrong_option);
  mark_address (self, wrong_address == NULL);
  show_problem (self, wrong_address != NULL ? wrong_address : wrong_option);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "add.download",
                                 wrong_address == NULL && wrong_option == NULL &&
                                   addresses->len > 0);
}

static gboolean
add_address (BobbinAddDownload *self, const char *address, GError **error)
{
  const char *folder = bobbin_folder_row_get_folder (self->folder);
  g_autoptr (BobbinJob) job =
    bobbin_application_make_download (self->application, address, folder, error);

  if (job == NULL)
    return FALSE;

  bobbin_download_options_apply (self->options, job);
  if (!bobbin_application_add_job (self->application, job, error))
    return FALSE;
  if (bobbin_download_options_remembers (self->options))
    bobbin_keyring_remember (bobbin_application_get_keyring (self->application), job);

  return TRUE;
}

static void
download (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinAddDownload *self = BOBBIN_ADD_DOWNLOAD (widget);
  g_autoptr (GPtrArray) addresses = split_addresses (gtk_editable_get_text (self->address));

  for (guint i = 0; i < addresses->len; i++)
    {
      g_autoptr (GError) error = NULL;

      if (add_address (self, g_ptr_array_index (addresses, i), &error))
        continue;
      show_problem (self, error);
      return;
    }

  gtk_window_destroy (GTK_WINDOW (self));
}

static void
on_clipboard (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *ref = user_data;
  g_autoptr (BobbinAddDownload) self = g_weak_ref_get (ref);
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  g_autoptr (GPtrArray) addresses = NULL;
  g_autofree char *joined = NULL;

  g_weak_ref_clear (ref);
  /* The window has gone, there is no text on it, or the user was faster. */
  if (self == NULL || text == NULL || *gtk_editable_get_text (self->address) != '\0')
    return;

  addresses = split_addresses (text);
  if (addresses->len == 0 || !check_addresses (addresses, NULL))
    return;

  g_ptr_array_add (addresses, NULL);
  joined = g_strjoinv (" ", (char **) addresses->pdata);
  gtk_editable_set_text (self->address, joined);
  gtk_editable_select_region (self->address, 0, -1);
}

/* Without a reference: nothing may hold a window once it has been destroyed. */
static void
read_clipboard (BobbinAddDownload *self)
{
  GWeakRef *ref = g_new (GWeakRef, 1);

  g_weak_ref_init (ref, self);
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->cancellable,
                                 on_clipboard, ref);
}

static void
bobbin_add_download_map (GtkWidget *widget)
{
  BobbinAddDownload *self = BOBBIN_ADD_DOWNLOAD (widget);

  GTK_WIDGET_CLASS (bobbin_add_download_parent_class)->map (widget);

  gtk_widget_grab_focus (GTK_WIDGET (self->address));
  read_clipboard (self);
}

static void
bobbin_add_download_dispose (GObject *object)
{
  BobbinAddDownload *self = BOBBIN_ADD_DOWNLOAD (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->application);

  G_OBJECT_CLASS (bobbin_add_download_parent_class)->dispose (object);
}

static void
bobbin_add_download_finalize (GObject *object)
{
  g_object_unref (BOBBIN_ADD_DOWNLOAD (object)->cancellable);

  G_OBJECT_CLASS (bobbin_add_download_parent_class)->finalize (object);
}

static void
bobbin_add_download_class_init (BobbinAddDownloadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_add_download_dispose;
  object_class->finalize = bobbin_add_download_finalize;
  widget_class->map = bobbin_add_download_map;

  g_type_ensure (BOBBIN_TYPE_FOLDER_ROW);
  g_type_ensure (BOBBIN_TYPE_DOWNLOAD_OPTIONS);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/downloads/bobbin-add-download.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, ok);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, address);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, folder);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, options);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_install_action (widget_class, "add.download", NULL, download);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bobbin_add_download_init (BobbinAddDownload *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  on_changed (self);
}

/**
 * bobbin_add_download_new:
 * @application: what the download is added to
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWindow *
bobbin_add_download_new (BobbinApplication *application)
{
  BobbinAddDownload *self = g_object_new (BOBBIN_TYPE_ADD_DOWNLOAD, NULL);
  g_autofree char *folder = bobbin_application_dup_folder (application);

  self->application = g_object_ref (application);
  bobbin_download_options_load (self->options, bobbin_application_get_settings (application));
  bobbin_folder_row_set_folder (self->folder, folder);

  return GTK_WINDOW (self);
}
