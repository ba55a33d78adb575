/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinFinishedPage is the history in the window: the downloads that finished, of all time, and a
 * search through them. Keys act on the row that has the focus, or else on the one that is selected.
 * The list is read only while the page is seen. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-finished-page.h"

#include <glib/gi18n-lib.h>

#include "bobbin-finished-actions.h"
#include "bobbin-finished-list.h"
#include "bobbin-finished-removal.h"
#include "bobbin-finished-row.h"
#include "bobbin-row-slot.h"
#include "bobbin-window.h"

struct _BobbinFinishedPage
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *toolbar;
  GtkSearchEntry *search_entry;
  GtkStack *stack;
  GtkGridView *list_view;
  GtkSingleSelection *selection;

  BobbinRowStock *rows;           /* (owned) */
  BobbinFinishedList *list;       /* (owned) (nullable) */
  BobbinFinishedRemoval *removal; /* (owned) (nullable) */
  GtkWidget *menu;                /* (owned) (nullable): until it is opened first */
  gboolean narrow;
  gboolean can_clear;
};

G_DEFINE_FINAL_TYPE (BobbinFinishedPage, bobbin_finished_page, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_ITEM = 1,
  PROP_NARROW,
  PROP_CAN_UNDO,
  PROP_CAN_CLEAR,
} BobbinFinishedPageProperty;

static GParamSpec *props[PROP_CAN_CLEAR + 1];

/* ---- rows */

static GtkWidget *
make_row (gpointer owner)
{
  GtkWidget *row = g_object_new (BOBBIN_TYPE_FINISHED_ROW, NULL);

  g_object_bind_property (owner, "narrow", row, "narrow", G_BINDING_SYNC_CREATE);

  return row;
}

static void
show_item (GtkWidget *row, gpointer item)
{
  bobbin_finished_row_set_item (BOBBIN_FINISHED_ROW (row), item);
}

static char *
dup_name (gpointer item)
{
  return bobbin_finished_item_dup_name (item);
}

static BobbinFinishedRow *
find_row (BobbinFinishedPage *self, GtkWidget *widget)
{
  BobbinRowSlot *slot;
  GtkWidget *row;

  if (widget == NULL || !gtk_widget_is_ancestor (widget, GTK_WIDGET (self->list_view)))
    return NULL;

  slot = bobbin_row_slot_find (widget);
  row = slot != NULL ? adw_bin_get_child (ADW_BIN (slot)) : NULL;

  return BOBBIN_IS_FINISHED_ROW (row) ? BOBBIN_FINISHED_ROW (row) : NULL;
}

static BobbinFinishedRow *
find_focused_row (BobbinFinishedPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return root != NULL ? find_row (self, gtk_root_get_focus (root)) : NULL;
}

static guint
get_position (BobbinFinishedRow *row)
{
  return bobbin_row_slot_get_position (GTK_WIDGET (row));
}

/* What it is to show: where another one is selected it may do so only in the next frame. */
static BobbinFinishedItem *
get_item_of (BobbinFinishedRow *row)
{
  return gtk_list_item_get_item (
    bobbin_row_slot_get_list_item (bobbin_row_slot_find (GTK_WIDGET (row))));
}

/* Selects what is there, or the last one, and has keys go to it if it can be seen. */
static void
focus_position (BobbinFinishedPage *self, guint position)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  if (n == 0)
    return;

  position = MIN (position, n - 1);
  gtk_single_selection_set_selected (self->selection, position);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->list_view)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      BobbinRowSlot *slot = bobbin_row_slot_find (child);

      if (slot != NULL &&
          gtk_list_item_get_position (bobbin_row_slot_get_list_item (slot)) == position)
        gtk_widget_grab_focus (child);
    }
}

/* What keys act on. */
static BobbinFinishedItem *
get_item (BobbinFinishedPage *self)
{
  BobbinFinishedRow *row = find_focused_row (self);

  return row != NULL ? get_item_of (row) : gtk_single_selection_get_selected_item (self->selection);
}

static void
on_activate (BobbinFinishedPage *self, guint position)
{
  g_autoptr (BobbinFinishedItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);

  bobbin_finished_actions_activate (GTK_WIDGET (self), "finished.activate", item);
}

/* ---- what is there */

static void
set_can_clear (BobbinFinishedPage *self, gboolean can_clear)
{
  if (self->can_clear == can_clear)
    return;

  self->can_clear = can_clear;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_CLEAR]);
}

/* An entry that is hidden while it has the focus goes on blinking in GTK 4.8, and warns of that. */
static void
show_toolbar (BobbinFinishedPage *self, gboolean visible)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (!visible && focus != NULL && gtk_widget_is_ancestor (focus, self->toolbar))
    gtk_root_set_focus (root, NULL);
  gtk_widget_set_visible (self->toolbar, visible);
}

static void
update (BobbinFinishedPage *self)
{
  const gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0;
  const gboolean searched = bobbin_finished_list_is_searched (self->list);
  const gboolean loaded = bobbin_finished_list_is_loaded (self->list);
  const char *name = any ? "list" : !loaded ? "unknown" : searched ? "none" : "empty";

  gtk_stack_set_visible_child_name (self->stack, name);
  show_toolbar (self, any || searched);
  set_can_clear (self, any || searched);
}

static void
scroll_to_start (BobbinFinishedPage *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", 0);
}

/* Something else is listed than before. */
static void
on_loaded (BobbinFinishedPage *self)
{
  update (self);
  scroll_to_start (self);
}

static void
on_trouble (BobbinFinishedPage *self, const char *sentence)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (BOBBIN_IS_WINDOW (root))
    bobbin_window_warn (BOBBIN_WINDOW (root), sentence);
}

static void
on_can_undo (BobbinFinishedPage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_UNDO]);
}

static void
bobbin_finished_page_map (GtkWidget *widget)
{
  BobbinFinishedPage *self = BOBBIN_FINISHED_PAGE (widget);

  GTK_WIDGET_CLASS (bobbin_finished_page_parent_class)->map (widget);
  if (self->list != NULL)
    bobbin_finished_list_set_active (self->list, TRUE);
}

static void
bobbin_finished_page_unmap (GtkWidget *widget)
{
  BobbinFinishedPage *self = BOBBIN_FINISHED_PAGE (widget);

  if (self->list != NULL)
    bobbin_finished_list_set_active (self->list, FALSE);
  GTK_WIDGET_CLASS (bobbin_finished_page_parent_class)->unmap (widget);
}

/* ---- searching */

static void
on_search_changed (BobbinFinishedPage *self)
{
  if (self->list == NULL)
    return;

  bobbin_finished_list_set_search (self->list,
                                   gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

/* On to what was found. */
static void
on_search_activate (BobbinFinishedPage *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self->list_view), GTK_DIR_TAB_FORWARD);
}

static void
on_stop_search (BobbinFinishedPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  on_search_activate (self);
}

static void
search (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinFinishedPage *self = BOBBIN_FINISHED_PAGE (widget);

  if (gtk_widget_get_visible (self->toolbar))
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* ---- the menu of a row */

/* Keys are not to be bound by what was true when the menu was open, and go where they went. */
static void
on_menu_closed (BobbinFinishedPage *self)
{
  const guint position = gtk_single_selection_get_selected (self->selection);

  bobbin_finished_actions_enable (GTK_WIDGET (self));
  if (position != GTK_INVALID_LIST_POSITION)
    focus_position (self, position);
}

static void
ensure_menu (BobbinFinishedPage *self)
{
  if (self->menu != NULL)
    return;

  self->menu = gtk_popover_menu_new_from_model (bobbin_finished_actions_get_menu ());
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  g_signal_connect_swapped (self->menu, "closed", G_CALLBACK (on_menu_closed), self);
}

/* Of @row, which is selected, at @x and @y of the page. */
static void
open_menu_at (BobbinFinishedPage *self, BobbinFinishedRow *row, double x, double y)
{
  const GdkRectangle at = { (int) x, (int) y, 1, 1 };

  ensure_menu (self);
  gtk_single_selection_set_selected (self->selection, get_position (row));
  bobbin_finished_actions_update (GTK_WIDGET (self), get_item_of (row));
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &at);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, BobbinFinishedPage *self)
{
  GtkWidget *list_view = GTK_WIDGET (self->list_view);
  BobbinFinishedRow *row = find_row (self, gtk_widget_pick (list_view, x, y, GTK_PICK_DEFAULT));

  if (row == NULL)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_translate_coordinates (list_view, GTK_WIDGET (self), x, y, &x, &y);
  /* what has the focus would come before what is clicked on */
  gtk_widget_grab_focus (gtk_widget_get_parent (gtk_widget_get_parent (GTK_WIDGET (row))));
  open_menu_at (self, row, x, y);
}

static void
open_menu (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinFinishedPage *self = BOBBIN_FINISHED_PAGE (widget);
  BobbinFinishedRow *row = find_focused_row (self);
  double x = 0, y = 0;

  if (row == NULL)
    return;

  gtk_widget_translate_coordinates (GTK_WIDGET (row), widget,
                                    gtk_widget_get_width (GTK_WIDGET (row)) / 2.0,
                                    gtk_widget_get_height (GTK_WIDGET (row)) / 2.0, &x, &y);
  open_menu_at (self, row, x, y);
}

/* ---- the widget */

static void
set_narrow (BobbinFinishedPage *self, gboolean narrow)
{
  if (self->narrow == narrow)
    return;

  self->narrow = narrow;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
}

static void
bobbin_finished_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinFinishedPage *self = BOBBIN_FINISHED_PAGE (object);

  switch ((BobbinFinishedPageProperty) prop_id)
    {
    case PROP_ITEM:
      g_value_set_object (value, get_item (self));
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, bobbin_finished_page_can_undo (self));
      break;
    case PROP_CAN_CLEAR:
      g_value_set_boolean (value, self->can_clear);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_finished_page_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  BobbinFinishedPage *self = BOBBIN_FINISHED_PAGE (object);

  switch ((BobbinFinishedPageProperty) prop_id)
    {
    case PROP_NARROW:
      set_narrow (self, g_value_get_boolean (value));
      break;
    case PROP_ITEM:
    case PROP_CAN_UNDO:
    case PROP_CAN_CLEAR:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_finished_page_dispose (GObject *object)
{
  BobbinFinishedPage *self = BOBBIN_FINISHED_PAGE (object);

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->rows);
  g_clear_object (&self->removal);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (bobbin_finished_page_parent_class)->dispose (object);
}

static void
install_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    GdkModifierType modifiers;
    const char *action;
  } keys[] = {
    { GDK_KEY_KP_Delete, 0, "finished.remove" },
    { GDK_KEY_Delete, 0, "finished.remove" },
    { GDK_KEY_c, GDK_CONTROL_MASK, "finished.copy-address" },
    { GDK_KEY_F10, GDK_SHIFT_MASK, "page.menu" },
    { GDK_KEY_Menu, 0, "page.menu" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers,
                                         keys[i].action, NULL);
}

static void
bobbin_finished_page_class_init (BobbinFinishedPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags in = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags out = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bobbin_finished_page_get_property;
  object_class->set_property = bobbin_finished_page_set_property;
  object_class->dispose = bobbin_finished_page_dispose;
  widget_class->map = bobbin_finished_page_map;
  widget_class->unmap = bobbin_finished_page_unmap;

  props[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, BOBBIN_TYPE_FINISHED_ITEM, out);
  props[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, in);
  props[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, out);
  props[PROP_CAN_CLEAR] = g_param_spec_boolean ("can-clear", NULL, NULL, FALSE, out);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/finished/bobbin-finished-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinFinishedPage, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinFinishedPage, toolbar);
  gtk_widget_class_bind_template_child (widget_class, BobbinFinishedPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, BobbinFinishedPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BobbinFinishedPage, list_view);
  gtk_widget_class_bind_template_child (widget_class, BobbinFinishedPage, selection);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  bobbin_finished_actions_install (widget_class);
  gtk_widget_class_install_action (widget_class, "page.search", NULL, search);
  gtk_widget_class_install_action (widget_class, "page.menu", NULL, open_menu);
  install_keys (widget_class);
}

static void
bobbin_finished_page_init (BobbinFinishedPage *self)
{
  static const BobbinRowKind kind = { make_row, show_item, dup_name };
  GtkGesture *gesture = gtk_gesture_click_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  self->rows = bobbin_row_stock_new (self->list_view, &kind, self);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_SECONDARY);
  g_signal_connect (gesture, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list_view), GTK_EVENT_CONTROLLER (gesture));
}

/**
 * bobbin_finished_page_set_store:
 * @store: what knows the downloads that finished
 * @toasts: where it is offered to undo a removal
 *
 * Shows what @store knows. Called once.
 */
void
bobbin_finished_page_set_store (BobbinFinishedPage *self, BobbinStore *store, BobbinToasts *toasts)
{
  g_return_if_fail (BOBBIN_IS_FINISHED_PAGE (self));
  g_return_if_fail (self->list == NULL);

  self->list = bobbin_finished_list_new (store);
  self->removal = bobbin_finished_removal_new (self->list, toasts);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->list));
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->list, "notify::loaded", G_CALLBACK (on_loaded), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "trouble", G_CALLBACK (on_trouble), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->removal, "notify::can-undo", G_CALLBACK (on_can_undo), self,
                           G_CONNECT_SWAPPED);
  update (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    bobbin_finished_list_set_active (self->list, TRUE);
}

/**
 * bobbin_finished_page_remove:
 * @item: an item that is shown
 *
 * Removes @item from the history, and offers to undo that. If keys go to it, or it is selected,
 * that is then true of the one that takes its place.
 */
void
bobbin_finished_page_remove (BobbinFinishedPage *self, BobbinFinishedItem *item)
{
  BobbinFinishedRow *row;
  guint position = GTK_INVALID_LIST_POSITION;

  g_return_if_fail (BOBBIN_IS_FINISHED_PAGE (self));

  row = find_focused_row (self);
  if (row != NULL && get_item_of (row) == item)
    position = get_position (row);
  else if (gtk_single_selection_get_selected_item (self->selection) == item)
    position = gtk_single_selection_get_selected (self->selection);
  bobbin_finished_removal_remove (self->removal, item);
  if (position != GTK_INVALID_LIST_POSITION)
    focus_position (self, position);
}

/**
 * bobbin_finished_page_can_undo:
 *
 * Returns: the property `can-undo`
 */
gboolean
bobbin_finished_page_can_undo (BobbinFinishedPage *self)
{
  g_return_val_if_fail (BOBBIN_IS_FINISHED_PAGE (self), FALSE);

  return self->removal != NULL && bobbin_finished_removal_can_undo (self->removal);
}

/**
 * bobbin_finished_page_undo:
 *
 * Puts back what was removed last.
 */
void
bobbin_finished_page_undo (BobbinFinishedPage *self)
{
  g_return_if_fail (BOBBIN_IS_FINISHED_PAGE (self));

  bobbin_finished_removal_undo (self->removal);
}

/**
 * bobbin_finished_page_conclude:
 *
 * Ends the offer to undo, as the app quits.
 */
void
bobbin_finished_page_conclude (BobbinFinishedPage *self)
{
  g_return_if_fail (BOBBIN_IS_FINISHED_PAGE (self));

  bobbin_finished_removal_conclude (self->removal);
}

/* ---- all of it */

/**
 * bobbin_finished_page_can_clear:
 *
 * Returns: the property `can-clear`
 */
gboolean
bobbin_finished_page_can_clear (BobbinFinishedPage *self)
{
  g_return_val_if_fail (BOBBIN_IS_FINISHED_PAGE (self), FALSE);

  return self->can_clear;
}

static void
on_clear_response (BobbinFinishedPage *self, const char *response)
{
  if (g_strcmp0 (response, "clear") != 0 || self->list == NULL)
    return;

  bobbin_finished_removal_conclude (self->removal);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  bobbin_finished_list_clear (self->list);
}

/**
 * bobbin_finished_page_ask_to_clear:
 *
 * Asks whether all that is remembered shall be forgotten, and does it if so.
 */
void
bobbin_finished_page_ask_to_clear (BobbinFinishedPage *self)
{
  GtkRoot *root;
  AdwMessageDialog *dialog;

  g_return_if_fail (BOBBIN_IS_FINISHED_PAGE (self));

  root = gtk_widget_get_root (GTK_WIDGET (self));
  if (!BOBBIN_IS_WINDOW (root))
    return;

  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (
    NULL, _ ("Clear History?"),
    _ ("What has ever finished is forgotten, which cannot be undone. Files stay where they are, "
       "and so does the list of downloads.")));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "clear", _ ("C_lear"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "clear", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_clear_response), self,
                           G_CONNECT_SWAPPED);
  bobbin_window_present_dialog (BOBBIN_WINDOW (root), GTK_WINDOW (dialog));
}
