/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinFileRow is a row in which a file is chosen, or none. The chooser is the desktop's own and
 * answers when it likes. As long as there is no file, the row's subtitle says what it would be for.
 * Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-file-row.h"

#include <glib/gi18n-lib.h>

struct _BobbinFileRow
{
  AdwActionRow parent_instance;

  GtkWidget *clear;
  GtkWidget *choose;
  char *file;                    /* (owned) (nullable): absolute, in the file system's encoding */
  char *purpose;                 /* (owned) (nullable): the subtitle without a file */
  GtkFileChooserNative *chooser; /* (owned) (nullable): while it is open */
};

G_DEFINE_FINAL_TYPE (BobbinFileRow, bobbin_file_row, ADW_TYPE_ACTION_ROW)

typedef enum
{
  PROP_FILE = 1,
} BobbinFileRowProperty;

static GParamSpec *props[PROP_FILE + 1];

static void
on_response (BobbinFileRow *self, int response)
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
    bobbin_file_row_set_file (self, path);
}

static void
choose (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinFileRow *self = BOBBIN_FILE_ROW (widget);
  g_autoptr (GFile) file = self->file != NULL ? g_file_new_for_path (self->file) : NULL;

  if (self->chooser != NULL)
    return;

  self->chooser =
    gtk_file_chooser_native_new (_ ("Choose File"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                 GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Choose"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  if (file != NULL)
    gtk_file_chooser_set_file (GTK_FILE_CHOOSER (self->chooser), file, NULL);
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (on_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
clear (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bobbin_file_row_set_file (BOBBIN_FILE_ROW (widget), NULL);
  gtk_widget_grab_focus (BOBBIN_FILE_ROW (widget)->choose);
}

static void
show_file (BobbinFileRow *self)
{
  g_autofree char *name = self->file != NULL ? g_filename_display_basename (self->file) : NULL;
  g_autofree char *markup = name != NULL ? g_markup_escape_text (name, -1) : NULL;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), markup != NULL ? markup : self->purpose);
  gtk_widget_set_visible (self->clear, self->file != NULL);
}

static void
bobbin_file_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((BobbinFileRowProperty) prop_id)
    {
    case PROP_FILE:
      g_value_set_string (value, BOBBIN_FILE_ROW (object)->file);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_file_row_set_property (GObject *object,
                              guint prop_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  switch ((BobbinFileRowProperty) prop_id)
    {
    case PROP_FILE:
      bobbin_file_row_set_file (BOBBIN_FILE_ROW (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_file_row_dispose (GObject *object)
{
  BobbinFileRow *self = BOBBIN_FILE_ROW (object);

  if (self->chooser != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->chooser, self);
      gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
      g_clear_object (&self->chooser);
    }

  G_OBJECT_CLASS (bobbin_file_row_parent_class)->dispose (object);
}

static void
bobbin_file_row_finalize (GObject *object)
{
  g_free (BOBBIN_FILE_ROW (object)->file);
  g_free (BOBBIN_FILE_ROW (object)->purpose);

  G_OBJECT_CLASS (bobbin_file_row_parent_class)->finalize (object);
}

static void
bobbin_file_row_class_init (BobbinFileRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_file_row_get_property;
  object_class->set_property = bobbin_file_row_set_property;
  object_class->dispose = bobbin_file_row_dispose;
  object_class->finalize = bobbin_file_row_finalize;

  props[PROP_FILE] =
    g_param_spec_string ("file", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/bobbinapp/Bobbin/bobbin-file-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinFileRow, clear);
  gtk_widget_class_bind_template_child (widget_class, BobbinFileRow, choose);
  gtk_widget_class_install_action (widget_class, "file.choose", NULL, choose);
  gtk_widget_class_install_action (widget_class, "file.clear", NULL, clear);
}

static void
bobbin_file_row_init (BobbinFileRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bobbin_file_row_get_file:
 *
 * Returns: (transfer none) (nullable): an absolute path in the file system's encoding
 */
const char *
bobbin_file_row_get_file (BobbinFileRow *self)
{
  g_return_val_if_fail (BOBBIN_IS_FILE_ROW (self), NULL);

  return self->file;
}

/**
 * bobbin_file_row_set_file:
 * @file: (nullable): an absolute path in the file system's encoding
 */
void
bobbin_file_row_set_file (BobbinFileRow *self, const char *file)
{
  g_return_if_fail (BOBBIN_IS_FILE_ROW (self));

  if (g_strcmp0 (self->file, file) == 0)
    return;

  if (self->purpose == NULL)
    self->purpose = g_strdup (adw_action_row_get_subtitle (ADW_ACTION_ROW (self)));
  g_free (self->file);
  self->file = g_strdup (file);
  show_file (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FILE]);
}
