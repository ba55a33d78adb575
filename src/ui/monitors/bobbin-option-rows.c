/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinOptionRows is a row that opens to others: one for each thing that can be set for a kind of
 * probe, as the engine's table has it. What is left empty is not set. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-option-rows.h"

#include <glib/gi18n-lib.h>

#include "bobbin-list-row.h"
#include "bobbin-monitor.h"
#include "bobbin-wrong-mark.h"

struct _BobbinOptionRows
{
  AdwExpanderRow parent_instance;

  const BobbinProbeOption *table; /* (unowned) (nullable) */
  GVariant *hidden;               /* (owned) (nullable): what is set and has no row */
  GPtrArray *rows;                /* (element-type GtkWidget) (unowned elements): as in the table */
};

G_DEFINE_FINAL_TYPE (BobbinOptionRows, bobbin_option_rows, ADW_TYPE_EXPANDER_ROW)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* What an option is called here; its sentence says the rest. */
static const struct
{
  const char *name;
  const char *title;
  const char *item; /* (nullable): what one of several is called */
} titles[] = {
  { "ca-file", N_ ("File With Certificates") },
  /* Translators: of network traffic: in or out */
  { "direction", N_ ("Direction") },
  { "expect-status", N_ ("Good Statuses") },
  { "expected", N_ ("Expected Record") },
  { "follow-redirects", N_ ("Follow Redirects") },
  { "headers", N_ ("Headers"), N_ ("Header") },
  { "ignore", N_ ("Ignored Lines") },
  { "include", N_ ("Lines to Look At") },
  { "ip", N_ ("IP Version") },
  { "json-equals", N_ ("Expected JSON Value") },
  { "json-path", N_ ("JSON Path") },
  { "keyword", N_ ("Keyword") },
  { "keyword-absent", N_ ("Unwanted Keyword") },
  { "max-body", N_ ("Bytes to Look At") },
  { "max-redirects", N_ ("Most Redirects") },
  /* Translators: of HTTP: GET, HEAD or POST */
  { "method", N_ ("Method") },
  { "password", N_ ("Password") },
  { "regex", N_ ("Regular Expression") },
  { "type", N_ ("Type of Record") },
  { "user", N_ ("User Name") },
};

/* What a choice is called here, where it is no name of its own. */
static const struct
{
  const char *choice;
  const char *word;
} words[] = {
  { "any", NC_ ("option of a monitor", "IPv4 or IPv6") },
  { "4", NC_ ("option of a monitor", "IPv4") },
  { "6", NC_ ("option of a monitor", "IPv6") },
  { "both", NC_ ("option of a monitor", "In and Out") },
  { "in", NC_ ("option of a monitor", "In") },
  { "out", NC_ ("option of a monitor", "Out") },
};

static const char *
get_title (const BobbinProbeOption *option)
{
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].name, option->name))
      return _ (titles[i].title);

  return option->name;
}

static const char *
get_word (const char *choice)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].choice, choice))
      return g_dpgettext2 (GETTEXT_PACKAGE, "option of a monitor", words[i].word);

  return choice;
}

/* What the program keeps for itself. */
static gboolean
is_hidden (const BobbinProbeOption *option)
{
  return g_str_equal (option->name, "known");
}

static gboolean
is_list (const BobbinProbeOption *option)
{
  return *option->type == 'a';
}

static void
on_changed (BobbinOptionRows *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static const char *
get_item_title (const BobbinProbeOption *option)
{
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].name, option->name) && titles[i].item != NULL)
      return _ (titles[i].item);

  return option->name;
}

/* As it is typed; empty where nothing is set. */
static char *
format_value (const BobbinProbeOption *option, GVariant *value)
{
  if (value == NULL)
    return g_strdup ("");
  if (*option->type == 's')
    return g_variant_dup_string (value, NULL);

  return g_variant_print (value, FALSE);
}

static GtkWidget *
make_list (BobbinOptionRows *self, const BobbinProbeOption *option, GVariant *value)
{
  GtkWidget *row =
    bobbin_list_row_new (get_item_title (option), g_str_equal (option->name, "headers"));
  g_autofree const char **items = value != NULL ? g_variant_get_strv (value, NULL) : NULL;

  if (items != NULL)
    bobbin_list_row_set_items (BOBBIN_LIST_ROW (row), items);
  g_signal_connect_object (row, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);

  return row;
}

static GtkWidget *
make_entry (BobbinOptionRows *self, const BobbinProbeOption *option, GVariant *value)
{
  GtkWidget *row = option->is_secret ? adw_password_entry_row_new () : adw_entry_row_new ();
  g_autofree char *text = format_value (option, value);

  gtk_editable_set_text (GTK_EDITABLE (row), text);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  g_signal_connect_object (row, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);

  return row;
}

static GtkWidget *
make_switch (BobbinOptionRows *self, const BobbinProbeOption *option, GVariant *value)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *toggle = gtk_switch_new ();

  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_switch_set_active (GTK_SWITCH (toggle), value != NULL && g_variant_get_boolean (value));
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  get_title (option), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  g_object_set_data (G_OBJECT (row), "switch", toggle);
  g_signal_connect_object (toggle, "notify::active", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);

  return row;
}

static GtkWidget *
make_combo (BobbinOptionRows *self, const BobbinProbeOption *option, GVariant *value)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  for (guint i = 0; option->choices[i] != NULL; i++)
    gtk_string_list_append (list, get_word (option->choices[i]));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  for (guint i = 0; value != NULL && option->choices[i] != NULL; i++)
    if (g_str_equal (option->choices[i], g_variant_get_string (value, NULL)))
      adw_combo_row_set_selected (ADW_COMBO_ROW (row), i);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);

  return row;
}

static GtkWidget *
make_row (BobbinOptionRows *self, const BobbinProbeOption *option, GVariant *options)
{
  const gboolean has_default = option->choices != NULL || *option->type == 'b';
  g_autoptr (GVariant) value =
    has_default ? bobbin_probe_options_get (self->table, options, option->name)
    : options != NULL
      ? g_variant_lookup_value (options, option->name, G_VARIANT_TYPE (option->type))
      : NULL;
  GtkWidget *row;

  if (option->choices != NULL)
    row = make_combo (self, option, value);
  else if (*option->type == 'b')
    row = make_switch (self, option, value);
  else if (is_list (option))
    row = make_list (self, option, value);
  else
    row = make_entry (self, option, value);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), get_title (option));
  gtk_widget_set_tooltip_text (row, _ (option->sentence));

  return row;
}

static void
keep_hidden (BobbinOptionRows *self, const BobbinProbeOption *option, GVariant *options)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (self->hidden);
  g_autoptr (GVariant) value =
    options != NULL ? g_variant_lookup_value (options, option->name, NULL) : NULL;

  if (value == NULL)
    return;

  g_variant_dict_insert_value (&dict, option->name, value);
  g_clear_pointer (&self->hidden, g_variant_unref);
  self->hidden = g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
remove_rows (BobbinOptionRows *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (g_ptr_array_index (self->rows, i) != NULL)
      adw_expander_row_remove (ADW_EXPANDER_ROW (self), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  g_clear_pointer (&self->hidden, g_variant_unref);
}

/**
 * bobbin_option_rows_set_table:
 * @table: what can be set
 * @options: (nullable): what is set, a{sv}
 *
 * Replaces all rows. Where nothing can be set, @self is not visible.
 */
void
bobbin_option_rows_set_table (BobbinOptionRows *self,
                              const BobbinProbeOption *table,
                              GVariant *options)
{
  g_return_if_fail (BOBBIN_IS_OPTION_ROWS (self));

  if (self->table == table && options == NULL)
    return;

  remove_rows (self);
  self->table = table;
  for (; table->name != NULL; table++)
    {
      GtkWidget *row = is_hidden (table) ? NULL : make_row (self, table, options);

      g_ptr_array_add (self->rows, row);
      if (row != NULL)
        adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
      else
        keep_hidden (self, table, options);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), self->rows->len > 0);
}

/* ---- what the rows say */

/* As it is typed; NULL where it is what it would be anyway. */
static char *
dup_text (GtkWidget *row, const BobbinProbeOption *option)
{
  guint selected;
  gboolean active;

  if (GTK_IS_EDITABLE (row))
    return *gtk_editable_get_text (GTK_EDITABLE (row)) != '\0'
             ? g_strdup (gtk_editable_get_text (GTK_EDITABLE (row)))
             : NULL;
  if (ADW_IS_COMBO_ROW (row))
    {
      selected = adw_combo_row_get_selected (ADW_COMBO_ROW (row));
      return selected != GTK_INVALID_LIST_POSITION ? g_strdup (option->choices[selected]) : NULL;
    }

  active = gtk_switch_get_active (GTK_SWITCH (g_object_get_data (G_OBJECT (row), "switch")));

  return g_strdup (active ? "true" : "false");
}

static gboolean
is_default (const BobbinProbeOption *option, GVariant *value)
{
  g_autoptr (GVariant) fallback =
    option->fallback != NULL
      ? g_variant_parse (G_VARIANT_TYPE (option->type), option->fallback, NULL, NULL, NULL)
      : NULL;

  return fallback != NULL && g_variant_equal (value, fallback);
}

/* NULL where there are no items. */
static GVariant *
dup_items (BobbinListRow *row)
{
  g_auto (GStrv) items = bobbin_list_row_dup_items (row);

  return *items != NULL ? g_variant_ref_sink (g_variant_new_strv ((const char *const *) items, -1))
                        : NULL;
}

/* NULL without an error where nothing is set. */
static GVariant *
dup_value (BobbinOptionRows *self, GtkWidget *row, const BobbinProbeOption *option, GError **error)
{
  g_autofree char *text = NULL;

  if (BOBBIN_IS_LIST_ROW (row))
    return dup_items (BOBBIN_LIST_ROW (row));

  text = dup_text (row, option);

  return text != NULL ? bobbin_probe_options_parse (self->table, option->name, text, error) : NULL;
}

/* Says in @error what is wrong, but for what was wrong before it. */
static void
take_row (BobbinOptionRows *self,
          GtkWidget *row,
          const BobbinProbeOption *option,
          GVariantDict *options,
          GError **error)
{
  g_autoptr (GError) own = NULL;
  g_autoptr (GVariant) value = dup_value (self, row, option, &own);

  bobbin_mark_wrong (row, row, own != NULL);
  if (own != NULL && *error == NULL)
    *error = g_steal_pointer (&own);
  else if (value != NULL && !is_default (option, value))
    g_variant_dict_insert_value (options, option->name, value);
}

/**
 * bobbin_option_rows_get_options:
 * @error: %BOBBIN_ERROR_BAD_SETTING
 *
 * Marks each row with what is no value, and no other.
 *
 * Returns: (transfer full) (nullable): what is set, a{sv}, not floating; %NULL with @error set
 * where something is no value
 */
GVariant *
bobbin_option_rows_get_options (BobbinOptionRows *self, GError **error)
{
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (self->hidden);
  GError *first = NULL;

  g_return_val_if_fail (BOBBIN_IS_OPTION_ROWS (self), NULL);

  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);

      if (row != NULL)
        take_row (self, row, &self->table[i], &options, &first);
    }
  if (first != NULL)
    {
      g_propagate_error (error, first);
      return NULL;
    }

  return g_variant_ref_sink (g_variant_dict_end (&options));
}

/* With @name of @options, if that can be used then. */
static void
try_option (const char *target, GVariant **kept, GVariant *options, const char *name)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (*kept);
  g_autoptr (GVariant) value = g_variant_lookup_value (options, name, NULL);
  g_autoptr (GVariant) more = NULL;
  g_autoptr (BobbinJob) job = NULL;

  if (value == NULL)
    return;

  g_variant_dict_insert_value (&dict, name, value);
  more = g_variant_ref_sink (g_variant_dict_end (&dict));
  job = bobbin_monitor_new_with_options (target, more, NULL);
  if (job != NULL)
    {
      g_clear_pointer (kept, g_variant_unref);
      *kept = g_steal_pointer (&more);
    }
}

/**
 * bobbin_option_rows_mark_wrong:
 * @target: what is monitored
 * @options: what bobbin_option_rows_get_options() gave
 *
 * Marks those rows without which @options could be used for @target, if that can be monitored.
 */
void
bobbin_option_rows_mark_wrong (BobbinOptionRows *self, const char *target, GVariant *options)
{
  g_autoptr (GVariant) kept = NULL;

  g_return_if_fail (BOBBIN_IS_OPTION_ROWS (self));

  if (!bobbin_monitor_check_target (target, NULL))
    return;

  /* Twice, for one may need another that comes after it. */
  for (guint i = 0; i < 2 * self->rows->len; i++)
    try_option (target, &kept, options, self->table[i % self->rows->len].name);

  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      const char *name = self->table[i].name;

      if (row != NULL && g_variant_lookup (options, name, "*", NULL) &&
          (kept == NULL || !g_variant_lookup (kept, name, "*", NULL)))
        bobbin_mark_wrong (row, row, TRUE);
    }
}

static void
bobbin_option_rows_finalize (GObject *object)
{
  BobbinOptionRows *self = BOBBIN_OPTION_ROWS (object);

  g_ptr_array_unref (self->rows);
  g_clear_pointer (&self->hidden, g_variant_unref);

  G_OBJECT_CLASS (bobbin_option_rows_parent_class)->finalize (object);
}

static void
bobbin_option_rows_class_init (BobbinOptionRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_option_rows_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
bobbin_option_rows_init (BobbinOptionRows *self)
{
  self->rows = g_ptr_array_new ();
}
