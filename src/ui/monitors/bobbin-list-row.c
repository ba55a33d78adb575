/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinListRow is a row that opens to others: one for each item of a list, with a button that
 * takes it out, and a button that adds another. Of a header field that may hold a secret only the
 * name is shown. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-list-row.h"

#include <glib/gi18n-lib.h>

#include "bobbin-http-context.h"
#include "bobbin-job-row.h"

/* Of the row of a header field whose value alone is typed. */
#define NAME_KEY "bobbin-header-name"

struct _BobbinListRow
{
  AdwExpanderRow parent_instance;

  char *item_title; /* (owned) */
  gboolean are_headers;
  GtkWidget *add_button;
  GPtrArray *rows; /* (element-type GtkWidget) (unowned elements): one for each item */
};

G_DEFINE_FINAL_TYPE (BobbinListRow, bobbin_list_row, ADW_TYPE_EXPANDER_ROW)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
on_changed (BobbinListRow *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_remove (GtkWidget *button, gpointer user_data)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ENTRY_ROW);
  BobbinListRow *self = user_data;

  gtk_widget_grab_focus (self->add_button);
  g_ptr_array_remove (self->rows, row);
  adw_expander_row_remove (ADW_EXPANDER_ROW (self), row);
  on_changed (self);
}

static GtkWidget *
make_button (const char *icon_name, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  bobbin_job_row_name_control (button, name);

  return button;
}

/* “Name: value” as a row with that name. */
static GtkWidget *
make_secret_row (const char *item)
{
  GtkWidget *row = adw_password_entry_row_new ();
  const char *colon = strchr (item, ':');
  const gsize length = colon != NULL ? (gsize) (colon - item) : strlen (item);
  g_autofree char *name = g_strndup (item, length);
  g_autofree char *title = g_markup_escape_text (name, -1);
  g_autofree char *value = g_strstrip (g_strdup (colon != NULL ? colon + 1 : ""));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), value);
  g_object_set_data_full (G_OBJECT (row), NAME_KEY, g_steal_pointer (&name), g_free);

  return row;
}

static GtkWidget *
make_plain_row (BobbinListRow *self, const char *item)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), self->item_title);
  gtk_editable_set_text (GTK_EDITABLE (row), item);

  return row;
}

static GtkWidget *
add_item (BobbinListRow *self, const char *item)
{
  const gboolean is_secret = self->are_headers && bobbin_http_is_secret_header (item);
  GtkWidget *row = is_secret ? make_secret_row (item) : make_plain_row (self, item);
  GtkWidget *button = make_button ("list-remove-symbolic", _ ("Remove"));

  g_signal_connect_object (row, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_remove), self, 0);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), button);
  g_ptr_array_add (self->rows, row);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);

  return row;
}

static void
on_add (BobbinListRow *self)
{
  GtkWidget *row = add_item (self, "");

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), TRUE);
  gtk_widget_grab_focus (row);
}

static void
bobbin_list_row_finalize (GObject *object)
{
  BobbinListRow *self = BOBBIN_LIST_ROW (object);

  g_free (self->item_title);
  g_ptr_array_unref (self->rows);

  G_OBJECT_CLASS (bobbin_list_row_parent_class)->finalize (object);
}

static void
bobbin_list_row_class_init (BobbinListRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_list_row_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
bobbin_list_row_init (BobbinListRow *self)
{
  self->rows = g_ptr_array_new ();
  self->add_button = make_button ("list-add-symbolic", _ ("Add"));
  g_signal_connect_object (self->add_button, "clicked", G_CALLBACK (on_add), self,
                           G_CONNECT_SWAPPED);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), self->add_button);
}

/**
 * bobbin_list_row_new:
 * @item_title: what an item is called
 * @are_headers: whether the items are header fields
 *
 * Returns: (transfer full): a row without items
 */
GtkWidget *
bobbin_list_row_new (const char *item_title, gboolean are_headers)
{
  BobbinListRow *self = g_object_new (BOBBIN_TYPE_LIST_ROW, NULL);

  self->item_title = g_strdup (item_title);
  self->are_headers = are_headers;

  return GTK_WIDGET (self);
}

/**
 * bobbin_list_row_set_items:
 * @items: (array zero-terminated=1): the items of a row that has none yet
 */
void
bobbin_list_row_set_items (BobbinListRow *self, const char *const *items)
{
  g_return_if_fail (BOBBIN_IS_LIST_ROW (self));

  for (; *items != NULL; items++)
    add_item (self, *items);
}

/**
 * bobbin_list_row_dup_items:
 *
 * Returns: (transfer full) (array zero-terminated=1): the items, but for those that are empty
 */
char **
bobbin_list_row_dup_items (BobbinListRow *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (BOBBIN_IS_LIST_ROW (self), NULL);

  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      const char *name = g_object_get_data (G_OBJECT (row), NAME_KEY);
      g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
      g_autofree char *line = name != NULL ? g_strdup_printf ("%s: %s", name, text) : NULL;

      if (*text != '\0')
        g_strv_builder_add (builder, line != NULL ? line : text);
    }

  return g_strv_builder_end (builder);
}
