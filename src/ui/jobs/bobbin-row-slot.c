/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinRowSlot is where a row of a list stands while it is in sight, and takes as much room while
 * it is not: see BobbinRowStock, which makes slots and fills them. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-row-slot.h"

struct _BobbinRowSlot
{
  AdwBin parent_instance;

  BobbinRowStock *stock;  /* (nullable): a weak pointer */
  GtkListItem *list_item; /* it has the slot */
  gpointer shown;         /* (nullable): what its row shows; only to compare with */
  int height;             /* of what stood here, as long as that comes back; 0 if it is not known */
  gboolean is_held;
};

G_DEFINE_FINAL_TYPE (BobbinRowSlot, bobbin_row_slot, ADW_TYPE_BIN)

/* Texts of a row wrap. */
static GtkSizeRequestMode
bobbin_row_slot_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bobbin_row_slot_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  BobbinRowSlot *self = BOBBIN_ROW_SLOT (widget);
  GtkWidget *row = adw_bin_get_child (ADW_BIN (self));

  if (row != NULL)
    gtk_widget_measure (row, orientation, for_size, minimum, natural, NULL, NULL);
  else if (orientation == GTK_ORIENTATION_VERTICAL && self->height > 0)
    *minimum = *natural = self->height;
  else if (self->stock != NULL)
    bobbin_row_stock_estimate (self->stock, orientation, minimum, natural);
}

static void
bobbin_row_slot_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *row = adw_bin_get_child (ADW_BIN (widget));

  if (row != NULL)
    gtk_widget_allocate (row, width, height, baseline, NULL);
}

/* Who comes with the keyboard finds the row there. */
static gboolean
bobbin_row_slot_grab_focus (GtkWidget *widget)
{
  BobbinRowSlot *self = BOBBIN_ROW_SLOT (widget);

  if (self->stock != NULL)
    bobbin_row_stock_fill (self->stock, self);

  return GTK_WIDGET_CLASS (bobbin_row_slot_parent_class)->grab_focus (widget);
}

static gboolean
bobbin_row_slot_focus (GtkWidget *widget, GtkDirectionType direction)
{
  BobbinRowSlot *self = BOBBIN_ROW_SLOT (widget);

  if (self->stock != NULL)
    bobbin_row_stock_fill (self->stock, self);

  return GTK_WIDGET_CLASS (bobbin_row_slot_parent_class)->focus (widget, direction);
}

static void
bobbin_row_slot_dispose (GObject *object)
{
  BobbinRowSlot *self = BOBBIN_ROW_SLOT (object);

  if (self->stock != NULL)
    bobbin_row_stock_take_back (self->stock, self);
  g_clear_weak_pointer (&self->stock);

  G_OBJECT_CLASS (bobbin_row_slot_parent_class)->dispose (object);
}

static void
bobbin_row_slot_class_init (BobbinRowSlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_row_slot_dispose;
  widget_class->get_request_mode = bobbin_row_slot_get_request_mode;
  widget_class->measure = bobbin_row_slot_measure;
  widget_class->size_allocate = bobbin_row_slot_size_allocate;
  widget_class->grab_focus = bobbin_row_slot_grab_focus;
  widget_class->focus = bobbin_row_slot_focus;

  gtk_widget_class_set_css_name (widget_class, "slot");
}

static void
bobbin_row_slot_init (BobbinRowSlot *self)
{
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
}

/**
 * bobbin_row_slot_new:
 * @stock: what fills the slot
 * @list_item: whose child it is to be
 *
 * Returns: (transfer floating): an empty slot
 */
BobbinRowSlot *
bobbin_row_slot_new (BobbinRowStock *stock, GtkListItem *list_item)
{
  BobbinRowSlot *self = g_object_new (BOBBIN_TYPE_ROW_SLOT, NULL);

  g_set_weak_pointer (&self->stock, stock);
  self->list_item = list_item;

  return self;
}

/**
 * bobbin_row_slot_get_list_item:
 *
 * Returns: (transfer none): whose child it is
 */
GtkListItem *
bobbin_row_slot_get_list_item (BobbinRowSlot *self)
{
  return self->list_item;
}

/**
 * bobbin_row_slot_is_held:
 *
 * Returns: whether the row is to stay; see bobbin_row_slot_hold()
 */
gboolean
bobbin_row_slot_is_held (BobbinRowSlot *self)
{
  return self->is_held;
}

/**
 * bobbin_row_slot_set_shown:
 * @item: (nullable): what the slot's row shows now
 */
void
bobbin_row_slot_set_shown (BobbinRowSlot *self, gpointer item)
{
  self->shown = item;
}

/**
 * bobbin_row_slot_get_shown:
 *
 * Returns: (transfer none) (nullable): what the slot's row shows
 */
gpointer
bobbin_row_slot_get_shown (BobbinRowSlot *self)
{
  return self->shown;
}

/**
 * bobbin_row_slot_set_height:
 * @height: px; 0 if it is not known
 *
 * Says how much room the slot takes while it is empty.
 */
void
bobbin_row_slot_set_height (BobbinRowSlot *self, int height)
{
  if (self->height == height)
    return;

  self->height = height;
  if (adw_bin_get_child (ADW_BIN (self)) == NULL)
    gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * bobbin_row_slot_find:
 * @widget: (nullable): a widget
 *
 * GTK gives the focus to the first control in a row, or to what is around the row where none can
 * take it.
 *
 * Returns: (transfer none) (nullable): the slot that is around @widget or just within it
 */
BobbinRowSlot *
bobbin_row_slot_find (GtkWidget *widget)
{
  GtkWidget *slot;

  if (widget == NULL)
    return NULL;

  slot = gtk_widget_get_ancestor (widget, BOBBIN_TYPE_ROW_SLOT);
  if (slot == NULL)
    slot = gtk_widget_get_first_child (widget);

  return BOBBIN_IS_ROW_SLOT (slot) ? BOBBIN_ROW_SLOT (slot) : NULL;
}

/**
 * bobbin_row_slot_get_position:
 * @row: a row in a slot
 *
 * Returns: where in the list it stands
 */
guint
bobbin_row_slot_get_position (GtkWidget *row)
{
  BobbinRowSlot *self = bobbin_row_slot_find (row);

  g_return_val_if_fail (self != NULL, GTK_INVALID_LIST_POSITION);

  return gtk_list_item_get_position (self->list_item);
}

/**
 * bobbin_row_slot_tell:
 * @row: a row
 * @property: a property that has a text
 * @text: (nullable): the text
 *
 * Has a screen reader know @text. What it reads out is the widget around the slot, as that takes
 * the focus.
 */
void
bobbin_row_slot_tell (GtkWidget *row, GtkAccessibleProperty property, const char *text)
{
  GtkWidget *slot = gtk_widget_get_parent (row);
  GtkWidget *around = slot != NULL ? gtk_widget_get_parent (slot) : NULL;

  if (around != NULL && text != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (around), property, text, -1);
}

/**
 * bobbin_row_slot_hold:
 * @row: a row in a slot
 * @held: whether it is to stay there, in sight or not
 */
void
bobbin_row_slot_hold (GtkWidget *row, gboolean held)
{
  BobbinRowSlot *self = bobbin_row_slot_find (row);

  if (self != NULL)
    self->is_held = held;
}
