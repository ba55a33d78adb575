/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinFolderRow is a row in which a folder is chosen. The chooser is the desktop's own and
 * answers when it likes. Where that is of use it offers the folders that were chosen last, too, and
 * says how much room there is. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-folder-row.h"

#include <glib/gi18n-lib.h>

/* So many folders are kept. */
#define MAX_RECENT 5

struct _BobbinFolderRow
{
  AdwActionRow parent_instance;

  GtkWidget *choose;
  GtkLabel *space;
  GtkWidget *recent_button;
  GMenu *recent;
  char *folder;                  /* (owned) (nullable): absolute, in the file system's encoding */
  GtkFileChooserNative *chooser; /* (owned) (nullable): while it is open */
  GSettings *settings;           /* (owned) (nullable): where recent folders are kept */
  GCancellable *cancellable;     /* (owned) (nullable): while the room is looked up */
};

G_DEFINE_FINAL_TYPE (BobbinFolderRow, bobbin_folder_row, ADW_TYPE_ACTION_ROW)

typedef enum
{
  PROP_FOLDER = 1,
} BobbinFolderRowProperty;

static GParamSpec *props[PROP_FOLDER + 1];

static void
on_response (BobbinFolderRow *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  gtk_native_dialog_hide (GTK_NATIVE_DIALOG (chooser));
  if (response != GTK_RESPONSE_ACCEPT)
    return;

  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL)
    bobbin_folder_row_set_folder (self, path);
}

static void
choose (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinFolderRow *self = BOBBIN_FOLDER_ROW (widget);
  g_autoptr (GFile) file = self->folder != NULL ? g_file_new_for_path (self->folder) : NULL;

  if (self->chooser != NULL)
    return;

  self->chooser =
    gtk_file_chooser_native_new (_ ("Choose Folder"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                 GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Choose"),
                                 _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  if (file != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), file, NULL);
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (on_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* The home folder is written ~, as a shell does: paths are shorter and still exact. */
static char *
display_name (const char *folder)
{
  const char *home = g_get_home_dir ();
  gsize length = strlen (home);
  g_autofree char *name = g_filename_display_name (folder);

  if (length > 1 && g_str_has_prefix (folder, home) && folder[length] == G_DIR_SEPARATOR)
    return g_strconcat ("~", name + length, NULL);

  return g_steal_pointer (&name);
}

/* ---- recent ones, which the settings keep in UTF-8 */

static void
use_recent (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *folder =
    g_filename_from_utf8 (g_variant_get_string (parameter, NULL), -1, NULL, NULL, NULL);

  if (folder != NULL)
    bobbin_folder_row_set_folder (BOBBIN_FOLDER_ROW (widget), folder);
}

static void
add_recent (BobbinFolderRow *self, const char *folder)
{
  g_autofree char *name = display_name (folder);
  g_autoptr (GMenuItem) item = g_menu_item_new (NULL, NULL);

  g_menu_item_set_attribute (item, G_MENU_ATTRIBUTE_LABEL, "s", name);
  g_menu_item_set_action_and_target (item, "folder.use-recent", "s", folder);
  g_menu_append_item (self->recent, item);
}

/* All but the one that is chosen. */
static void
list_recent (BobbinFolderRow *self)
{
  g_autofree char *chosen =
    self->folder != NULL ? g_filename_to_utf8 (self->folder, -1, NULL, NULL, NULL) : NULL;
  g_auto (GStrv) folders = NULL;

  if (self->settings == NULL)
    return;

  folders = g_settings_get_strv (self->settings, "recent-folders");
  g_menu_remove_all (self->recent);
  for (char **folder = folders; *folder != NULL; folder++)
    if (g_path_is_absolute (*folder) && g_strcmp0 (*folder, chosen) != 0)
      add_recent (self, *folder);
  gtk_widget_set_visible (self->recent_button,
                          g_menu_model_get_n_items (G_MENU_MODEL (self->recent)) > 0);
}

/* ---- room */

static void
show_space (BobbinFolderRow *self, GFileInfo *info)
{
  const char *const key = G_FILE_ATTRIBUTE_FILESYSTEM_FREE;
  const gboolean is_known = info != NULL && g_file_info_has_attribute (info, key);
  g_autofree char *size =
    is_known ? g_format_size (g_file_info_get_attribute_uint64 (info, key)) : NULL;
  /* Translators: %s is how much room there is on a disk, such as 12.4 GB. */
  g_autofree char *text = size != NULL ? g_strdup_printf (_ ("%s free"), size) : NULL;

  gtk_label_set_label (self->space, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->space), text != NULL);
}

static void
on_space (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *ref = user_data;
  g_autoptr (BobbinFolderRow) self = g_weak_ref_get (ref);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info =
    g_file_query_filesystem_info_finish (G_FILE (source), result, &error);

  g_weak_ref_clear (ref);
  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  show_space (self, info);
}

static void
stop_looking (BobbinFolderRow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* Without a reference: nothing may hold a window once it has been destroyed. */
static void
look_for_space (BobbinFolderRow *self)
{
  g_autoptr (GFile) file = NULL;
  GWeakRef *ref;

  if (self->settings == NULL || self->folder == NULL)
    return;

  stop_looking (self);
  self->cancellable = g_cancellable_new ();
  file = g_file_new_for_path (self->folder);
  ref = g_new (GWeakRef, 1);
  g_weak_ref_init (ref, self);
  g_file_query_filesystem_info_async (file, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, G_PRIORITY_DEFAULT,
                                      self->cancellable, on_space, ref);
}

static void
bobbin_folder_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((BobbinFolderRowProperty) prop_id)
    {
    case PROP_FOLDER:
      g_value_set_string (value, BOBBIN_FOLDER_ROW (object)->folder);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_folder_row_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  switch ((BobbinFolderRowProperty) prop_id)
    {
    case PROP_FOLDER:
      bobbin_folder_row_set_folder (BOBBIN_FOLDER_ROW (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_folder_row_dispose (GObject *object)
{
  BobbinFolderRow *self = BOBBIN_FOLDER_ROW (object);

  if (self->chooser != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->chooser, self);
      gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
      g_clear_object (&self->chooser);
    }
  stop_looking (self);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (bobbin_folder_row_parent_class)->dispose (object);
}

static void
bobbin_folder_row_finalize (GObject *object)
{
  g_free (BOBBIN_FOLDER_ROW (object)->folder);

  G_OBJECT_CLASS (bobbin_folder_row_parent_class)->finalize (object);
}

static void
bobbin_folder_row_class_init (BobbinFolderRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_folder_row_get_property;
  object_class->set_property = bobbin_folder_row_set_property;
  object_class->dispose = bobbin_folder_row_dispose;
  object_class->finalize = bobbin_folder_row_finalize;

  props[PROP_FOLDER] =
    g_param_spec_string ("folder", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/bobbinapp/Bobbin/bobbin-folder-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinFolderRow, choose);
  gtk_widget_class_bind_template_child (widget_class, BobbinFolderRow, space);
  gtk_widget_class_bind_template_child (widget_class, BobbinFolderRow, recent_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinFolderRow, recent);
  gtk_widget_class_install_action (widget_class, "folder.choose", NULL, choose);
  gtk_widget_class_install_action (widget_class, "folder.use-recent", "s", use_recent);
}

static void
bobbin_folder_row_init (BobbinFolderRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bobbin_folder_row_get_folder:
 *
 * Returns: (transfer none) (nullable): an absolute path in the file system's encoding
 */
const char *
bobbin_folder_row_get_folder (BobbinFolderRow *self)
{
  g_return_val_if_fail (BOBBIN_IS_FOLDER_ROW (self), NULL);

  return self->folder;
}

/**
 * bobbin_folder_row_set_folder:
 * @folder: (nullable): an absolute path in the file system's encoding
 */
void
bobbin_folder_row_set_folder (BobbinFolderRow *self, const char *folder)
{
  g_autofree char *name = NULL;
  g_autofree char *markup = NULL;

  g_return_if_fail (BOBBIN_IS_FOLDER_ROW (self));

  if (g_strcmp0 (self->folder, folder) == 0)
    return;

  g_free (self->folder);
  self->folder = g_strdup (folder);
  name = folder != NULL ? display_name (folder) : NULL;
  markup = name != NULL ? g_markup_escape_text (name, -1) : NULL;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), markup != NULL ? markup : "");
  list_recent (self);
  look_for_space (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FOLDER]);
}

/**
 * bobbin_folder_row_offer_recent:
 * @settings: the app's settings
 *
 * From now on offers the folders that were used last, and says how much room there is.
 */
void
bobbin_folder_row_offer_recent (BobbinFolderRow *self, GSettings *settings)
{
  g_return_if_fail (BOBBIN_IS_FOLDER_ROW (self));

  g_set_object (&self->settings, settings);
  list_recent (self);
  look_for_space (self);
}

/**
 * bobbin_folder_row_remember:
 *
 * The folder is used: it is the first of those that are offered next time.
 */
void
bobbin_folder_row_remember (BobbinFolderRow *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *used = NULL;
  g_auto (GStrv) before = NULL;
  g_auto (GStrv) folders = NULL;
  guint n = 1;

  g_return_if_fail (BOBBIN_IS_FOLDER_ROW (self));
  g_return_if_fail (self->settings != NULL);

  used = self->folder != NULL ? g_filename_to_utf8 (self->folder, -1, NULL, NULL, NULL) : NULL;
  if (used == NULL)
    return;

  before = g_settings_get_strv (self->settings, "recent-folders");
  g_strv_builder_add (builder, used);
  for (char **folder = before; *folder != NULL && n < MAX_RECENT; folder++)
    if (!g_str_equal (*folder, used))
      {
        g_strv_builder_add (builder, *folder);
        n++;
      }
  folders = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, "recent-folders", (const char *const *) folders);
}
