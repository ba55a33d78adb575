/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinFinishedRow shows a download that finished: the icon of the file's type, its name, where it
 * came from, how large it is and when that was, and whether the file has gone since. Both look-ups
 * are asked for when the row is filled, and end with it; it is recycled by its list. Main thread
 * only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-finished-row.h"

#include <glib/gi18n-lib.h>

#include "bobbin-file-icon.h"
#include "bobbin-finished-actions.h"
#include "bobbin-job-row.h"
#include "bobbin-row-slot.h"

struct _BobbinFinishedRow
{
  GtkBox parent_instance;

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *status;
  GtkButton *toggle;
  GtkMenuButton *menu;

  BobbinFinishedItem *item; /* (owned) (nullable) */
  gpointer menu_of;         /* (nullable): whose menu was opened last; only to compare with */
  GSignalGroup *signals;    /* (owned): the item's */
  GCancellable *icon_wish;  /* (owned) (nullable): the look-up that is under way */
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (BobbinFinishedRow, bobbin_finished_row, GTK_TYPE_BOX)

typedef enum
{
  PROP_ITEM = 1,
  PROP_NARROW,
} BobbinFinishedRowProperty;

static GParamSpec *props[PROP_NARROW + 1];

/* ---- what is shown */

static void
forget_icon_wish (BobbinFinishedRow *self)
{
  if (self->icon_wish != NULL)
    g_cancellable_cancel (self->icon_wish);
  g_clear_object (&self->icon_wish);
}

static void
on_icon_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinFinishedRow) self = BOBBIN_FINISHED_ROW (user_data);
  g_autoptr (GIcon) icon = bobbin_file_icon_load_finish (result, NULL);

  if (icon == NULL)
    return;

  g_clear_object (&self->icon_wish);
  gtk_image_set_from_gicon (self->icon, icon);
}

static void
show_what_toggle_does (BobbinFinishedRow *self, const char *icon_name, const char *name)
{
  if (g_strcmp0 (gtk_button_get_icon_name (self->toggle), icon_name) == 0)
    return;

  gtk_button_set_icon_name (self->toggle, icon_name);
  bobbin_job_row_name_control (GTK_WIDGET (self->toggle), name);
}

static void
on_gone (BobbinFinishedRow *self)
{
  g_autofree char *status = bobbin_finished_item_describe (self->item);
  const gboolean gone = bobbin_finished_item_is_gone (self->item);

  gtk_label_set_label (self->status, status);
  bobbin_row_slot_tell (GTK_WIDGET (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, status);
  if (gone)
    show_what_toggle_does (self, "view-refresh-symbolic", _ ("Download Again"));
  else
    show_what_toggle_does (self, "document-open-symbolic", _ ("Open"));
  if (gone)
    gtk_widget_add_css_class (GTK_WIDGET (self), "gone");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "gone");
  bobbin_finished_actions_update (GTK_WIDGET (self), self->item);
}

static void
show_item (BobbinFinishedRow *self)
{
  g_autofree char *name = bobbin_finished_item_dup_name (self->item);

  gtk_label_set_label (self->title, name);
  bobbin_row_slot_tell (GTK_WIDGET (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name);
  on_gone (self);
  self->icon_wish = g_cancellable_new ();
  bobbin_file_icon_load_async (name, self->icon_wish, on_icon_found, g_object_ref (self));
  bobbin_finished_item_look (self->item);
}

/* What is not shown whole is shown so. */
static gboolean
on_query_text (GtkLabel *label, int x, int y, gboolean keyboard_mode, GtkTooltip *tooltip)
{
  gtk_tooltip_set_text (tooltip, gtk_label_get_text (label));

  return pango_layout_is_ellipsized (gtk_label_get_layout (label));
}

/* It is about to be opened; made when it is opened first, as there are many rows. */
static void
on_menu (GtkMenuButton *button, gpointer user_data)
{
  BobbinFinishedRow *self = BOBBIN_FINISHED_ROW (user_data);

  self->menu_of = self->item;
  if (gtk_menu_button_get_menu_model (button) == NULL)
    gtk_menu_button_set_menu_model (button, bobbin_finished_actions_get_menu ());
}

/* ---- the object */

/* A narrow row has more lines. */
static void
set_narrow (BobbinFinishedRow *self, gboolean narrow)
{
  if (self->narrow == narrow)
    return;

  self->narrow = narrow;
  gtk_label_set_wrap (self->title, narrow);
  gtk_label_set_lines (self->title, narrow ? 2 : -1);
  gtk_label_set_wrap (self->status, narrow);
  gtk_label_set_lines (self->status, narrow ? 3 : -1);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
}

static void
bobbin_finished_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinFinishedRow *self = BOBBIN_FINISHED_ROW (object);

  switch ((BobbinFinishedRowProperty) prop_id)
    {
    case PROP_ITEM:
      g_value_set_object (value, self->item);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_finished_row_set_property (GObject *object,
                                  guint prop_id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  BobbinFinishedRow *self = BOBBIN_FINISHED_ROW (object);

  switch ((BobbinFinishedRowProperty) prop_id)
    {
    case PROP_ITEM:
      bobbin_finished_row_set_item (self, g_value_get_object (value));
      break;
    case PROP_NARROW:
      set_narrow (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* It is seen, or seen again: the file may have gone meanwhile. */
static void
bobbin_finished_row_map (GtkWidget *widget)
{
  BobbinFinishedRow *self = BOBBIN_FINISHED_ROW (widget);

  GTK_WIDGET_CLASS (bobbin_finished_row_parent_class)->map (widget);
  if (self->item != NULL)
    bobbin_finished_item_look (self->item);
}

static void
bobbin_finished_row_dispose (GObject *object)
{
  BobbinFinishedRow *self = BOBBIN_FINISHED_ROW (object);

  if (self->item != NULL)
    bobbin_finished_row_set_item (self, NULL);
  g_clear_object (&self->signals);

  G_OBJECT_CLASS (bobbin_finished_row_parent_class)->dispose (object);
}

static void
bobbin_finished_row_class_init (BobbinFinishedRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bobbin_finished_row_get_property;
  object_class->set_property = bobbin_finished_row_set_property;
  object_class->dispose = bobbin_finished_row_dispose;
  widget_class->map = bobbin_finished_row_map;

  props[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, BOBBIN_TYPE_FINISHED_ITEM, flags);
  props[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/finished/bobbin-finished-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinFinishedRow, icon);
  gtk_widget_class_bind_template_child (widget_class, BobbinFinishedRow, title);
  gtk_widget_class_bind_template_child (widget_class, BobbinFinishedRow, status);
  gtk_widget_class_bind_template_child (widget_class, BobbinFinishedRow, toggle);
  gtk_widget_class_bind_template_child (widget_class, BobbinFinishedRow, menu);
  gtk_widget_class_bind_template_callback (widget_class, on_query_text);

  bobbin_finished_actions_install (widget_class);
}

static void
bobbin_finished_row_init (BobbinFinishedRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bobbin_job_row_name_control (GTK_WIDGET (self->menu), _ ("More"));
  gtk_menu_button_set_create_popup_func (self->menu, on_menu, self, NULL);

  self->signals = g_signal_group_new (BOBBIN_TYPE_FINISHED_ITEM);
  g_signal_group_connect_swapped (self->signals, "notify::gone", G_CALLBACK (on_gone), self);
}

/**
 * bobbin_finished_row_get_item:
 *
 * Returns: (transfer none) (nullable): what is shown
 */
BobbinFinishedItem *
bobbin_finished_row_get_item (BobbinFinishedRow *self)
{
  g_return_val_if_fail (BOBBIN_IS_FINISHED_ROW (self), NULL);

  return self->item;
}

/**
 * bobbin_finished_row_set_item:
 * @item: (nullable): what to show, or %NULL to let go of the present one
 *
 * A menu that is open stays so only for the item that it was opened for.
 */
void
bobbin_finished_row_set_item (BobbinFinishedRow *self, BobbinFinishedItem *item)
{
  g_return_if_fail (BOBBIN_IS_FINISHED_ROW (self));

  if (self->item == item)
    return;

  if (item != NULL && item != self->menu_of)
    gtk_menu_button_popdown (self->menu);
  forget_icon_wish (self);
  if (self->item != NULL)
    bobbin_finished_item_look_away (self->item);
  g_set_object (&self->item, item);
  g_signal_group_set_target (self->signals, item);
  if (item != NULL)
    show_item (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ITEM]);
}
