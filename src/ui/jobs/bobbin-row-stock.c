/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinRowStock has the rows of a list: as many as are in sight. GTK keeps more around those, and
 * gives all of them other items when the list is sorted or filtered, or its scroll bar is dragged;
 * GtkListView keeps 200, and with rows of twenty widgets each that takes half a second. So the
 * lists are grids of one column, of which 32 are kept; and what is kept are slots, which cost next
 * to nothing. After each layout those that came into sight get a row, within the same frame, from
 * those that went out of it; while the list glides, before the layout, which is the only one then.
 * A row in which the focus is, or that is held, stays. While the list is not seen no row shows
 * anything, and none is drawn anew. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-row-stock.h"

#include "bobbin-row-slot.h"

/* px; as long as no row has been seen */
#define FIRST_HEIGHT 64

/* So many are kept that are not needed now, and so many are made before they are. */
#define MAX_SPARE 16

/* So many are made in a frame that are needed now: the others follow in the next. */
#define MAX_MADE 3

/* Rows may turn out to be of another height than was thought, which has others come into sight: so
 * often in a frame they get theirs. GDK lays out four times in one, and complains. */
#define MAX_LAYOUTS 2

struct _BobbinRowStock
{
  GObject parent_instance;

  GtkGridView *view; /* (nullable): a weak pointer */
  const BobbinRowKind *kind;
  gpointer owner;

  GPtrArray *spare;     /* (owned) (element-type GtkWidget) */
  guint n_rows;         /* that there are, in slots and spare */
  guint maker;          /* makes rows while nothing else is to be done, or 0 */
  GdkFrameClock *clock; /* (owned) (nullable): while the list is seen */
  gulong update;        /* handlers of the clock's signals */
  gulong layout;
  gint64 frame;       /* number of the one that was laid out last */
  guint n_layouts;    /* of it */
  guint n_made;       /* rows, since the last one began */
  gboolean is_behind; /* the next one is to see to what this one had no time for */
  double value;       /* px; how far the list was scrolled at the last layout */
  int height;         /* px, of a row like most */
  int noted;          /* px, of one that was just seen; 0 before that */
  int minimum;        /* px, width of the widest */
  int natural;
};

G_DEFINE_FINAL_TYPE (BobbinRowStock, bobbin_row_stock, G_TYPE_OBJECT)

/* ---- slots */

static GtkWidget *
get_row (BobbinRowSlot *slot)
{
  return adw_bin_get_child (ADW_BIN (slot));
}

static void
show (BobbinRowStock *self, BobbinRowSlot *slot, gpointer item)
{
  if (bobbin_row_slot_get_shown (slot) == item)
    return;

  bobbin_row_slot_set_shown (slot, item);
  self->kind->show (get_row (slot), item);
}

static void
on_setup (BobbinRowStock *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, GTK_WIDGET (bobbin_row_slot_new (self, item)));
}

/* The widget around the slot is not there yet when that is set up. */
static void
dress (GtkWidget *around)
{
  if (gtk_widget_has_css_class (around, "card"))
    return;

  g_object_set (around, "accessible-role", GTK_ACCESSIBLE_ROLE_LIST_ITEM, NULL);
  gtk_widget_add_css_class (around, "card");
  gtk_widget_add_css_class (around, "activatable");
}

/* It gets its row if it is in sight then. */
static void
on_bind (BobbinRowStock *self, GtkListItem *item)
{
  BobbinRowSlot *slot = BOBBIN_ROW_SLOT (gtk_list_item_get_child (item));
  GtkWidget *around = gtk_widget_get_parent (GTK_WIDGET (slot));
  g_autofree char *name = self->kind->dup_name (gtk_list_item_get_item (item));

  dress (around);
  gtk_accessible_update_property (GTK_ACCESSIBLE (around), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_queue_allocate (GTK_WIDGET (slot));
}

static void
on_unbind (BobbinRowStock *self, GtkListItem *item)
{
  BobbinRowSlot *slot = BOBBIN_ROW_SLOT (gtk_list_item_get_child (item));

  bobbin_row_slot_set_height (slot, 0);
  if (get_row (slot) != NULL)
    show (self, slot, NULL);
}

/* ---- what is in sight */

typedef void (*SlotFunc) (BobbinRowStock *self, BobbinRowSlot *slot);

static void
for_each_slot (BobbinRowStock *self, SlotFunc func)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->view));

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *slot = gtk_widget_get_first_child (child);

      if (BOBBIN_IS_ROW_SLOT (slot))
        func (self, BOBBIN_ROW_SLOT (slot));
    }
}

/* GTK shows no widget of the list that is not, whatever place it had before. */
static gboolean
is_in_sight (BobbinRowSlot *slot)
{
  GtkWidget *around = gtk_widget_get_parent (GTK_WIDGET (slot));

  return gtk_widget_get_child_visible (around) && gtk_widget_get_height (GTK_WIDGET (slot)) > 0;
}

static gboolean
has_focus (BobbinRowSlot *slot)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (slot));

  return root != NULL && bobbin_row_slot_find (gtk_root_get_focus (root)) == slot;
}

/* Unless it is to stay. */
static void
empty (BobbinRowStock *self, BobbinRowSlot *slot)
{
  if (bobbin_row_slot_is_held (slot) || has_focus (slot))
    return;

  bobbin_row_slot_set_height (slot, gtk_widget_get_height (get_row (slot)));
  bobbin_row_stock_take_back (self, slot);
}

static void
empty_if_out_of_sight (BobbinRowStock *self, BobbinRowSlot *slot)
{
  if (get_row (slot) != NULL && !is_in_sight (slot))
    empty (self, slot);
}

/* To the next frame. */
static void
put_off (BobbinRowStock *self)
{
  self->is_behind = TRUE;
  gdk_frame_clock_request_phase (self->clock, GDK_FRAME_CLOCK_PHASE_UPDATE);
}

static void
fill_if_in_sight (BobbinRowStock *self, BobbinRowSlot *slot)
{
  if (get_row (slot) == NULL && !is_in_sight (slot))
    return;

  if (get_row (slot) == NULL && self->spare->len == 0 && self->n_made >= MAX_MADE)
    put_off (self);
  else
    bobbin_row_stock_fill (self, slot);
}

static void
let_go (BobbinRowStock *self, BobbinRowSlot *slot)
{
  if (get_row (slot) != NULL)
    show (self, slot, NULL);
}

/* Some row of those in sight is taken to be like most; none other as long as there is one like it.
 */
static void
note_height (BobbinRowStock *self, BobbinRowSlot *slot)
{
  GtkWidget *row = get_row (slot);
  const int height = row != NULL ? gtk_widget_get_height (row) : 0;

  if (height > 0 && (self->noted == 0 || height == self->height))
    self->noted = height;
}

static void
forget_height (BobbinRowStock *self, BobbinRowSlot *slot)
{
  bobbin_row_slot_set_height (slot, 0);
  if (get_row (slot) == NULL)
    gtk_widget_queue_resize (GTK_WIDGET (slot));
}

static void
learn_height (BobbinRowStock *self)
{
  self->noted = 0;
  for_each_slot (self, note_height);
  if (self->noted == 0 || self->noted == self->height)
    return;

  self->height = self->noted;
  for_each_slot (self, forget_height);
}

/* ---- what is about to be in sight */

static double
get_value (BobbinRowStock *self)
{
  return gtk_adjustment_get_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view)));
}

/* Where it will be, if it is in sight now. */
static gboolean
find_place (BobbinRowStock *self, BobbinRowSlot *slot, double *top, double *bottom)
{
  GtkWidget *around = gtk_widget_get_parent (GTK_WIDGET (slot));
  graphene_rect_t bounds;

  if (!is_in_sight (slot) || !gtk_widget_compute_bounds (around, GTK_WIDGET (self->view), &bounds))
    return FALSE;

  *top = bounds.origin.y - (get_value (self) - self->value);
  *bottom = *top + bounds.size.height;

  return TRUE;
}

static void
empty_if_leaving (BobbinRowStock *self, BobbinRowSlot *slot)
{
  double top, bottom;

  if (get_row (slot) != NULL && find_place (self, slot, &top, &bottom) &&
      (bottom <= 0 || top >= gtk_widget_get_height (GTK_WIDGET (self->view))))
    empty (self, slot);
}

/* From the last one that is seen on, or up from the first. */
static void
fill_ahead (BobbinRowStock *self, gboolean down)
{
  const double end = gtk_widget_get_height (GTK_WIDGET (self->view));
  GtkWidget *(*next) (GtkWidget * widget) =
    down ? gtk_widget_get_next_sibling : gtk_widget_get_prev_sibling;
  GtkWidget *child = down ? gtk_widget_get_first_child (GTK_WIDGET (self->view))
                          : gtk_widget_get_last_child (GTK_WIDGET (self->view));
  double top = 0, bottom = 0;
  double room = 0; /* px beyond what is seen now */

  for (; child != NULL; child = next (child))
    {
      GtkWidget *slot = gtk_widget_get_first_child (child);

      if (!BOBBIN_IS_ROW_SLOT (slot))
        continue;
      if (find_place (self, BOBBIN_ROW_SLOT (slot), &top, &bottom))
        room = down ? end - bottom : top;
      else if (room > 0)
        {
          bobbin_row_stock_fill (self, BOBBIN_ROW_SLOT (slot));
          room -= bottom - top;
        }
    }
}

/* A list that glides needs no second layout then for the rows that come into sight. Where one jumps
 * to is not known before the first. */
static void
on_update (BobbinRowStock *self)
{
  const double distance = get_value (self) - self->value;

  if (self->is_behind)
    gtk_widget_queue_allocate (GTK_WIDGET (self->view));
  self->is_behind = FALSE;
  self->n_made = 0;

  if (distance == 0 || ABS (distance) > gtk_widget_get_height (GTK_WIDGET (self->view)) / 2)
    return;

  for_each_slot (self, empty_if_leaving);
  fill_ahead (self, distance > 0);
}

/* Whether the frame bears another one. */
static gboolean
count_layout (BobbinRowStock *self)
{
  const gint64 frame = gdk_frame_clock_get_frame_counter (self->clock);

  if (self->frame != frame)
    self->n_layouts = 0;
  self->frame = frame;

  return self->n_layouts++ < MAX_LAYOUTS;
}

static void
on_layout (BobbinRowStock *self)
{
  self->value = get_value (self);
  if (!count_layout (self))
    {
      put_off (self);
      return;
    }

  learn_height (self);
  for_each_slot (self, empty_if_out_of_sight);
  for_each_slot (self, fill_if_in_sight);
}

/* A layout that the list takes part in is over when all other handlers have been called. */
static void
on_map (BobbinRowStock *self)
{
  self->clock = g_object_ref (gtk_widget_get_frame_clock (GTK_WIDGET (self->view)));
  self->update = g_signal_connect_data (self->clock, "update", G_CALLBACK (on_update), self, NULL,
                                        G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  self->layout = g_signal_connect_data (self->clock, "layout", G_CALLBACK (on_layout), self, NULL,
                                        G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  gtk_widget_queue_allocate (GTK_WIDGET (self->view));
}

static void
stop (BobbinRowStock *self)
{
  if (self->clock != NULL)
    {
      g_clear_signal_handler (&self->update, self->clock);
      g_clear_signal_handler (&self->layout, self->clock);
    }
  g_clear_object (&self->clock);
}

static void
on_unmap (BobbinRowStock *self)
{
  stop (self);
  for_each_slot (self, let_go);
}

/* ---- rows that are made before they are needed */

static GtkWidget *
make (BobbinRowStock *self)
{
  self->n_rows++;
  self->n_made++;

  return g_object_ref_sink (self->kind->make (self->owner));
}

static gboolean
is_short (BobbinRowStock *self)
{
  GListModel *items = G_LIST_MODEL (gtk_grid_view_get_model (self->view));

  return self->n_rows < MIN (g_list_model_get_n_items (items), MAX_SPARE);
}

static gboolean
make_one (gpointer user_data)
{
  BobbinRowStock *self = BOBBIN_ROW_STOCK (user_data);

  if (self->view != NULL && is_short (self))
    {
      g_ptr_array_add (self->spare, make (self));
      return G_SOURCE_CONTINUE;
    }
  self->maker = 0;

  return G_SOURCE_REMOVE;
}

/* Whoever turns to a page for the first time would wait for all the rows in sight. */
static void
on_items_changed (BobbinRowStock *self)
{
  if (self->maker != 0 || self->view == NULL || !is_short (self))
    return;

  self->maker = g_idle_add_full (G_PRIORITY_LOW, make_one, self, NULL);
  g_source_set_name_by_id (self->maker, "[bobbin] make rows");
}

/* ---- keys */

/* They would go to the next item of a grid, and that is the row below: they go to what is in a row.
 */
static gboolean
on_key_pressed (BobbinRowStock *self, guint keyval, guint keycode, GdkModifierType state)
{
  const gboolean is_left = keyval == GDK_KEY_Left || keyval == GDK_KEY_KP_Left;
  const gboolean is_right = keyval == GDK_KEY_Right || keyval == GDK_KEY_KP_Right;
  GtkWidget *around = gtk_widget_get_focus_child (GTK_WIDGET (self->view));

  if ((!is_left && !is_right) || (state & GDK_ALT_MASK) != 0)
    return GDK_EVENT_PROPAGATE;
  if (around != NULL)
    gtk_widget_child_focus (around, is_left ? GTK_DIR_LEFT : GTK_DIR_RIGHT);

  return GDK_EVENT_STOP;
}

static void
add_keys (BobbinRowStock *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key_pressed), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->view), keys);
}

/* ---- the object */

static void
bobbin_row_stock_dispose (GObject *object)
{
  BobbinRowStock *self = BOBBIN_ROW_STOCK (object);

  stop (self);
  g_clear_handle_id (&self->maker, g_source_remove);
  g_clear_weak_pointer (&self->view);
  g_clear_pointer (&self->spare, g_ptr_array_unref);

  G_OBJECT_CLASS (bobbin_row_stock_parent_class)->dispose (object);
}

static void
bobbin_row_stock_class_init (BobbinRowStockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_row_stock_dispose;
}

static void
bobbin_row_stock_init (BobbinRowStock *self)
{
  self->spare = g_ptr_array_new_with_free_func (g_object_unref);
  self->height = FIRST_HEIGHT;
}

/**
 * bobbin_row_stock_new:
 * @view: an empty grid of one column, not seen yet, with the model that it will always have
 * @kind: what its rows are; stays valid
 * @owner: for @kind; to outlive the stock
 *
 * Gives @view its factory, and has its rows.
 *
 * Returns: (transfer full): the stock, to be kept as long as @view is
 */
BobbinRowStock *
bobbin_row_stock_new (GtkGridView *view, const BobbinRowKind *kind, gpointer owner)
{
  BobbinRowStock *self = g_object_new (BOBBIN_TYPE_ROW_STOCK, NULL);
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_set_weak_pointer (&self->view, view);
  self->kind = kind;
  self->owner = owner;
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_grid_view_get_model (view), "items-changed",
                           G_CALLBACK (on_items_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "map", G_CALLBACK (on_map), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "unmap", G_CALLBACK (on_unmap), self, G_CONNECT_SWAPPED);
  gtk_grid_view_set_factory (view, factory);
  add_keys (self);

  return self;
}

/* The list is not to change its width as rows come and go. */
static void
note_width (BobbinRowStock *self, GtkWidget *row)
{
  int minimum, natural;

  gtk_widget_measure (row, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  self->minimum = MAX (self->minimum, minimum);
  self->natural = MAX (self->natural, natural);
}

/**
 * bobbin_row_stock_fill:
 * @slot: one of its slots
 *
 * Has @slot have a row, and that show what it is to.
 */
void
bobbin_row_stock_fill (BobbinRowStock *self, BobbinRowSlot *slot)
{
  gpointer item = gtk_list_item_get_item (bobbin_row_slot_get_list_item (slot));

  if (item == NULL)
    return;

  if (get_row (slot) == NULL)
    {
      g_autoptr (GtkWidget) row =
        self->spare->len > 0 ? g_ptr_array_steal_index_fast (self->spare, self->spare->len - 1)
                             : make (self);

      adw_bin_set_child (ADW_BIN (slot), row);
      if (gtk_widget_get_width (row) == 0)
        note_width (self, row);
    }
  show (self, slot, item);
}

/**
 * bobbin_row_stock_take_back:
 * @slot: one of its slots, with or without a row
 *
 * Has @slot have no row. The row is used again.
 */
void
bobbin_row_stock_take_back (BobbinRowStock *self, BobbinRowSlot *slot)
{
  g_autoptr (GtkWidget) row = NULL;

  if (get_row (slot) == NULL)
    return;

  row = g_object_ref (get_row (slot));
  show (self, slot, NULL);
  adw_bin_set_child (ADW_BIN (slot), NULL);
  if (self->spare != NULL && self->spare->len < MAX_SPARE)
    g_ptr_array_add (self->spare, g_steal_pointer (&row));
  else
    self->n_rows--;
}

/**
 * bobbin_row_stock_focus:
 * @position: of an item that has a widget
 *
 * Gives the focus to the row of that item, as GTK does when keys come to it.
 */
void
bobbin_row_stock_focus (BobbinRowStock *self, guint position)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->view));

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *slot = gtk_widget_get_first_child (child);

      if (BOBBIN_IS_ROW_SLOT (slot) && gtk_list_item_get_position (bobbin_row_slot_get_list_item (
                                         BOBBIN_ROW_SLOT (slot))) == position)
        {
          gtk_widget_grab_focus (child);
          return;
        }
    }
}

/**
 * bobbin_row_stock_estimate:
 * @minimum: (out): px
 * @natural: (out): px
 *
 * Says how much room an empty slot may turn out to take.
 */
void
bobbin_row_stock_estimate (BobbinRowStock *self,
                           GtkOrientation orientation,
                           int *minimum,
                           int *natural)
{
  const gboolean is_width = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = is_width ? self->minimum : self->height;
  *natural = is_width ? self->natural : self->height;
}
