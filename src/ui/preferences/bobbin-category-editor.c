/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinCategoryEditor edits one category: its name, its folder, and which files are in it. What is
 * typed is checked at once; the row that is wrong shows it. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-category-editor.h"

#include <glib/gi18n-lib.h>

#include "bobbin-category.h"
#include "bobbin-folder-row.h"
#include "bobbin-host-suffix.h"
#include "bobbin-switch-row.h"
#include "bobbin-wrong-mark.h"

struct _BobbinCategoryEditor
{
  AdwWindow parent_instance;

  GtkEditable *name;
  BobbinFolderRow *folder;
  AdwExpanderRow *types;
  GtkEditable *patterns;
  GtkEditable *hosts;
  GtkLabel *problem;
  BobbinSwitchRow *groups[BOBBIN_N_FILE_GROUPS];
};

G_DEFINE_FINAL_TYPE (BobbinCategoryEditor, bobbin_category_editor, ADW_TYPE_WINDOW)

enum
{
  SAVED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* By their flags, lowest first. */
static const char *const group_titles[] = {
  N_ ("Video"),    N_ ("Audio"),       N_ ("Images"),   N_ ("Documents"),
  N_ ("Archives"), N_ ("Disk Images"), N_ ("Packages"),
};

G_STATIC_ASSERT (G_N_ELEMENTS (group_titles) == BOBBIN_N_FILE_GROUPS);

static char *
describe_groups (guint flags)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < BOBBIN_N_FILE_GROUPS; i++)
    if ((flags & (1u << i)) != 0)
      g_string_append_printf (text, "%s%s",
                              text->len > 0 ? C_ ("list of types of files", ", ") : "",
                              _ (group_titles[i]));

  return g_string_free (text, FALSE);
}

/* ---- what was typed */

static guint
get_groups (BobbinCategoryEditor *self)
{
  guint flags = 0;

  for (guint i = 0; i < BOBBIN_N_FILE_GROUPS; i++)
    if (bobbin_switch_row_get_active (self->groups[i]))
      flags |= 1u << i;

  return flags;
}

static char *
get_name (BobbinCategoryEditor *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->name)));
}

/* Between spaces and commas. */
static GStrv
split (GtkEditable *row)
{
  g_auto (GStrv) parts = g_strsplit_set (gtk_editable_get_text (row), " ,;\t\n", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    if (parts[i][0] != '\0')
      g_strv_builder_add (words, parts[i]);

  return g_strv_builder_end (words);
}

/* NULL with an error if one is none. */
static GStrv
get_hosts (BobbinCategoryEditor *self, GError **error)
{
  g_auto (GStrv) hosts = split (self->hosts);

  for (guint i = 0; hosts[i] != NULL; i++)
    {
      char *host = bobbin_host_suffix_parse (hosts[i], error);

      if (host == NULL)
        return NULL;
      g_free (hosts[i]);
      hosts[i] = host;
    }

  return g_steal_pointer (&hosts);
}

static void
on_changed (BobbinCategoryEditor *self)
{
  g_autofree char *name = get_name (self);
  g_auto (GStrv) patterns = split (self->patterns);
  g_autoptr (GError) wrong = NULL;
  g_auto (GStrv) hosts = get_hosts (self, &wrong);
  const guint groups = get_groups (self);
  g_autofree char *types = describe_groups (groups);
  const gboolean has_rule =
    groups != 0 || patterns[0] != NULL || (hosts != NULL && hosts[0] != NULL);

  bobbin_mark_wrong (self->hosts, self->hosts, hosts == NULL);
  bobbin_tell_wrong (self->problem, wrong != NULL ? wrong->message : NULL);
  adw_expander_row_set_subtitle (self->types, groups != 0 ? types : _ ("Any"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save",
                                 *name != '\0' && hosts != NULL && has_rule);
}

/* ---- in and out */

static void
load (BobbinCategoryEditor *self, const BobbinCategory *category)
{
  g_autofree char *patterns = g_strjoinv (" ", category->patterns);
  g_autofree char *hosts = g_strjoinv (" ", category->hosts);

  gtk_editable_set_text (self->name, category->name);
  if (*category->folder != '\0')
    bobbin_folder_row_set_folder (self->folder, category->folder);
  gtk_editable_set_text (self->patterns, patterns);
  gtk_editable_set_text (self->hosts, hosts);
  for (guint i = 0; i < BOBBIN_N_FILE_GROUPS; i++)
    bobbin_switch_row_set_active (self->groups[i], (category->groups & (1u << i)) != 0);
}

static BobbinCategory *
make_category (BobbinCategoryEditor *self)
{
  BobbinCategory *category = g_new0 (BobbinCategory, 1);

  category->name = get_name (self);
  category->folder = g_strdup (bobbin_folder_row_get_folder (self->folder));
  category->groups = get_groups (self);
  category->patterns = split (self->patterns);
  category->hosts = get_hosts (self, NULL);

  return category;
}

static void
save (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GPtrArray) categories =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_category_free);
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GVariant) rule = NULL;

  g_ptr_array_add (categories, make_category (BOBBIN_CATEGORY_EDITOR (widget)));
  variant = g_variant_ref_sink (bobbin_categories_to_variant (categories));
  rule = g_variant_get_child_value (variant, 0);
  g_signal_emit (widget, signals[SAVED], 0, rule);
  gtk_window_destroy (GTK_WINDOW (widget));
}

/* ---- its life */

static void
bobbin_category_editor_class_init (BobbinCategoryEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_VARIANT);

  g_type_ensure (BOBBIN_TYPE_FOLDER_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/preferences/bobbin-category-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinCategoryEditor, name);
  gtk_widget_class_bind_template_child (widget_class, BobbinCategoryEditor, folder);
  gtk_widget_class_bind_template_child (widget_class, BobbinCategoryEditor, types);
  gtk_widget_class_bind_template_child (widget_class, BobbinCategoryEditor, patterns);
  gtk_widget_class_bind_template_child (widget_class, BobbinCategoryEditor, hosts);
  gtk_widget_class_bind_template_child (widget_class, BobbinCategoryEditor, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bobbin_category_editor_init (BobbinCategoryEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i < BOBBIN_N_FILE_GROUPS; i++)
    {
      self->groups[i] = g_object_new (BOBBIN_TYPE_SWITCH_ROW, "title", _ (group_titles[i]), NULL);
      g_signal_connect_object (self->groups[i], "notify::active", G_CALLBACK (on_changed), self,
                               G_CONNECT_SWAPPED);
      adw_expander_row_add_row (self->types, GTK_WIDGET (self->groups[i]));
    }
}

static BobbinCategory *
category_from_rule (GVariant *rule)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new_array (NULL, &rule, 1));
  g_autoptr (GPtrArray) categories = bobbin_categories_from_variant (variant);

  return bobbin_category_copy (g_ptr_array_index (categories, 0));
}

static GtkWindow *
make_editor (BobbinApplication *application, GVariant *rule)
{
  BobbinCategoryEditor *self = g_object_new (BOBBIN_TYPE_CATEGORY_EDITOR, NULL);
  g_autofree char *folder = bobbin_application_dup_folder (application);
  g_autoptr (BobbinCategory) category =
    rule != NULL ? category_from_rule (rule) : bobbin_category_new ();

  if (rule != NULL)
    gtk_window_set_title (GTK_WINDOW (self), _ ("Edit Category"));
  bobbin_folder_row_set_folder (self->folder, folder);
  load (self, category);
  on_changed (self);

  return GTK_WINDOW (self);
}

static char *
dup_title (GVariant *rule)
{
  g_autoptr (BobbinCategory) category = category_from_rule (rule);

  return g_steal_pointer (&category->name);
}

static char *
dup_subtitle (GVariant *rule)
{
  g_autoptr (BobbinCategory) category = category_from_rule (rule);

  return g_filename_display_name (category->folder);
}

/**
 * bobbin_category_editor_get_kind:
 *
 * Returns: (transfer none): categories, as a kind of rules
 */
const BobbinRuleKind *
bobbin_category_editor_get_kind (void)
{
  static const BobbinRuleKind kind = {
    .key = "categories",
    .title = N_ ("Categories"),
    .none = N_ ("No Categories"),
    .none_description =
      N_ ("A category says to which folder files of some types, names or servers go"),
    .dup_title = dup_title,
    .dup_subtitle = dup_subtitle,
    .make_editor = make_editor,
  };

  return &kind;
}
