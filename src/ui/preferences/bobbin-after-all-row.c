/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinAfterAllRow shows what is done by default when all downloads are done. It offers what the
 * menu does, in its order: what the computer cannot do is not there, and joins it late. Main thread
 * only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-after-all-row.h"

#include <glib/gi18n-lib.h>

#define KEY "after-all"

struct _BobbinAfterAllRow
{
  AdwComboRow parent_instance;

  GSettings *settings;   /* (owned) (nullable) */
  GMenuModel *menu;      /* (owned) (nullable) */
  gboolean is_following; /* what is selected is what is set, or all that can be shown of it */
};

G_DEFINE_FINAL_TYPE (BobbinAfterAllRow, bobbin_after_all_row, ADW_TYPE_COMBO_ROW)

/* As the schema and the menu have them. */
static const struct
{
  const char *name;
  const char *title;
} choices[] = {
  { "nothing", N_ ("Do Nothing") },
  { "quit", N_ ("Quit") },
  { "suspend", N_ ("Suspend") },
  { "shut-down", N_ ("Shut Down") },
};

static char *
dup_name (BobbinAfterAllRow *self, guint position)
{
  char *name = NULL;

  g_menu_model_get_item_attribute (self->menu, (int) position, G_MENU_ATTRIBUTE_TARGET, "s", &name);

  return name;
}

static const char *
get_title (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    if (g_str_equal (choices[i].name, name))
      return _ (choices[i].title);

  return name;
}

/* The first, which is to do nothing, where it cannot be done. */
static void
on_set (BobbinAfterAllRow *self)
{
  g_autofree char *set = g_settings_get_string (self->settings, KEY);
  guint position = 0;

  for (int i = 0; i < g_menu_model_get_n_items (self->menu); i++)
    {
      g_autofree char *name = dup_name (self, (guint) i);

      if (g_strcmp0 (name, set) == 0)
        position = (guint) i;
    }
  self->is_following = TRUE;
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), position);
  self->is_following = FALSE;
}

static void
on_offered (BobbinAfterAllRow *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (int i = 0; i < g_menu_model_get_n_items (self->menu); i++)
    {
      g_autofree char *name = dup_name (self, (guint) i);

      gtk_string_list_append (titles, get_title (name));
    }
  self->is_following = TRUE;
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (titles));
  on_set (self);
}

static void
on_selected (BobbinAfterAllRow *self)
{
  const guint position = adw_combo_row_get_selected (ADW_COMBO_ROW (self));
  g_autofree char *name = NULL;

  if (self->is_following || self->menu == NULL || position == GTK_INVALID_LIST_POSITION)
    return;

  name = dup_name (self, position);
  g_settings_set_string (self->settings, KEY, name);
}

static void
bobbin_after_all_row_dispose (GObject *object)
{
  BobbinAfterAllRow *self = BOBBIN_AFTER_ALL_ROW (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->menu);

  G_OBJECT_CLASS (bobbin_after_all_row_parent_class)->dispose (object);
}

static void
bobbin_after_all_row_class_init (BobbinAfterAllRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_after_all_row_dispose;
}

static void
bobbin_after_all_row_init (BobbinAfterAllRow *self)
{
  g_signal_connect (self, "notify::selected", G_CALLBACK (on_selected), NULL);
}

/**
 * bobbin_after_all_row_bind:
 * @settings: what holds by default
 * @menu: what can be chosen, as bobbin_after_all_get_menu() has it
 *
 * Shows what is set, of what can be done, and sets what is selected. To be called once.
 */
void
bobbin_after_all_row_bind (BobbinAfterAllRow *self, GSettings *settings, GMenuModel *menu)
{
  g_return_if_fail (BOBBIN_IS_AFTER_ALL_ROW (self));
  g_return_if_fail (G_IS_SETTINGS (settings));
  g_return_if_fail (G_IS_MENU_MODEL (menu));

  self->settings = g_object_ref (settings);
  self->menu = g_object_ref (menu);
  g_signal_connect_object (settings, "changed::" KEY, G_CALLBACK (on_set), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (menu, "items-changed", G_CALLBACK (on_offered), self, G_CONNECT_SWAPPED);
  on_offered (self);
}
