/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinFolderRow is a row in which a folder is chosen. The chooser is the desktop's own and
 * answers when it likes. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-folder-row.h"

#include <glib/gi18n-lib.h>

struct _BobbinFolderRow
{
  AdwActionRow parent_instance;

  GtkWidget *choose;
  char *folder;                  /* (owned) (nullable): absolute, in the file system's encoding */
  GtkFileChooserNative *chooser; /* (owned) (nullable): while it is open */
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
  gtk_widget_class_install_action (widget_class, "folder.choose", NULL, choose);
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
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FOLDER]);
}
