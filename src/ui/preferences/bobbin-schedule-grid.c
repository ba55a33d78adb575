/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinScheduleGrid shows a schedule, days beside one another and hours below one another as in a
 * calendar, and has it painted: by dragging a rectangle, by a click on a cell, a day or an hour, or
 * with the keys. It is one stop of the Tab key; arrows go from cell to cell, Space paints the one
 * that has the focus, with Shift its hour on all days and with Control its whole day, and arrows
 * with Shift paint where they go. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-schedule-grid.h"

#include <glib/gi18n-lib.h>

#include "bobbin-enums.h"
#include "bobbin-schedule-cell.h"

struct _BobbinScheduleGrid
{
  GtkWidget parent_instance;

  GtkWidget *cells[BOBBIN_SCHEDULE_DAYS][BOBBIN_SCHEDULE_HOURS];
  BobbinSchedule schedule;
  BobbinSchedule before; /* the stroke that is being painted */
  BobbinScheduleState brush;
  guint day; /* where the focus was last */
  guint hour;
  guint first_day; /* where the stroke began */
  guint first_hour;
};

G_DEFINE_FINAL_TYPE (BobbinScheduleGrid, bobbin_schedule_grid, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_SCHEDULE = 1,
  PROP_BRUSH,
} BobbinScheduleGridProperty;

static GParamSpec *props[PROP_BRUSH + 1];

/* ---- painting */

static void
show (BobbinScheduleGrid *self)
{
  for (guint day = 0; day < BOBBIN_SCHEDULE_DAYS; day++)
    for (guint hour = 0; hour < BOBBIN_SCHEDULE_HOURS; hour++)
      bobbin_schedule_cell_set_state (BOBBIN_SCHEDULE_CELL (self->cells[day][hour]),
                                      bobbin_schedule_get (&self->schedule, day, hour));
}

static void
fill (BobbinScheduleGrid *self, guint day_a, guint hour_a, guint day_b, guint hour_b)
{
  for (guint day = MIN (day_a, day_b); day <= MAX (day_a, day_b); day++)
    for (guint hour = MIN (hour_a, hour_b); hour <= MAX (hour_a, hour_b); hour++)
      bobbin_schedule_set (&self->schedule, day, hour, self->brush);
  show (self);
}

static void
tell (BobbinScheduleGrid *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SCHEDULE]);
}

/**
 * bobbin_schedule_grid_paint:
 * @first_day: 0 is Monday
 * @first_hour: 0 begins at midnight
 * @last_day: the other corner
 * @last_hour: the same
 *
 * Paints a rectangle with the brush.
 */
void
bobbin_schedule_grid_paint (BobbinScheduleGrid *self,
                            guint first_day,
                            guint first_hour,
                            guint last_day,
                            guint last_hour)
{
  g_return_if_fail (BOBBIN_IS_SCHEDULE_GRID (self));
  g_return_if_fail (MAX (first_day, last_day) < BOBBIN_SCHEDULE_DAYS);
  g_return_if_fail (MAX (first_hour, last_hour) < BOBBIN_SCHEDULE_HOURS);

  fill (self, first_day, first_hour, last_day, last_hour);
  tell (self);
}

static BobbinScheduleCell *
find_cell (BobbinScheduleGrid *self, double x, double y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  return BOBBIN_IS_SCHEDULE_CELL (picked) ? BOBBIN_SCHEDULE_CELL (picked) : NULL;
}

/* A finger scrolls, and paints with a tap. */
static gboolean
is_touch (GtkGesture *gesture)
{
  GdkEvent *event = gtk_gesture_get_last_event (gesture, NULL);
  GdkDevice *device = event != NULL ? gdk_event_get_device (event) : NULL;

  return device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHSCREEN;
}

static void
on_drag_begin (BobbinScheduleGrid *self, double x, double y, GtkGesture *gesture)
{
  BobbinScheduleCell *cell = find_cell (self, x, y);

  if (cell == NULL || is_touch (gesture))
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (GTK_WIDGET (cell));
  self->before = self->schedule;
  self->first_day = bobbin_schedule_cell_get_day (cell);
  self->first_hour = bobbin_schedule_cell_get_hour (cell);
  fill (self, self->first_day, self->first_hour, self->first_day, self->first_hour);
}

/* What the rectangle leaves again is as it was. */
static void
on_drag_update (BobbinScheduleGrid *self, double dx, double dy, GtkGestureDrag *gesture)
{
  BobbinScheduleCell *cell;
  double x, y;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  cell = find_cell (self, x + dx, y + dy);
  if (cell == NULL)
    return;

  self->schedule = self->before;
  fill (self, self->first_day, self->first_hour, bobbin_schedule_cell_get_day (cell),
        bobbin_schedule_cell_get_hour (cell));
}

/* One word on it for each stroke: downloads may start and stop by it. */
static void
on_drag_end (BobbinScheduleGrid *self)
{
  tell (self);
}

static void
on_tapped (BobbinScheduleGrid *self, int n_press, double x, double y)
{
  BobbinScheduleCell *cell = find_cell (self, x, y);

  if (cell == NULL)
    return;

  gtk_widget_grab_focus (GTK_WIDGET (cell));
  bobbin_schedule_grid_paint (self, self->day, self->hour, self->day, self->hour);
}

static void
add_gestures (BobbinScheduleGrid *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *tap = gtk_gesture_click_new ();

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (tap), TRUE);
  g_signal_connect_swapped (tap, "released", G_CALLBACK (on_tapped), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (tap));
}

/* ---- keys */

static void
paint (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinScheduleGrid *self = BOBBIN_SCHEDULE_GRID (widget);

  bobbin_schedule_grid_paint (self, self->day, self->hour, self->day, self->hour);
}

static void
paint_hour (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinScheduleGrid *self = BOBBIN_SCHEDULE_GRID (widget);

  bobbin_schedule_grid_paint (self, 0, self->hour, BOBBIN_SCHEDULE_DAYS - 1, self->hour);
}

static void
paint_day (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinScheduleGrid *self = BOBBIN_SCHEDULE_GRID (widget);

  bobbin_schedule_grid_paint (self, self->day, 0, self->day, BOBBIN_SCHEDULE_HOURS - 1);
}

/* From the edges of the grid the focus does not go on. */
static gboolean
move (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  BobbinScheduleGrid *self = BOBBIN_SCHEDULE_GRID (widget);
  const guint day = self->day, hour = self->hour;
  gboolean paints;
  int dx, dy;

  g_variant_get (arguments, "(iib)", &dx, &dy, &paints);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    dx = -dx;
  gtk_widget_grab_focus (self->cells[CLAMP ((int) day + dx, 0, BOBBIN_SCHEDULE_DAYS - 1)]
                                    [CLAMP ((int) hour + dy, 0, BOBBIN_SCHEDULE_HOURS - 1)]);
  if (paints)
    bobbin_schedule_grid_paint (self, day, hour, self->day, self->hour);

  return TRUE;
}

static void
add_move (GtkWidgetClass *widget_class, guint key, int dx, int dy)
{
  gtk_widget_class_add_binding (widget_class, key, 0, move, "(iib)", dx, dy, FALSE);
  gtk_widget_class_add_binding (widget_class, key, GDK_SHIFT_MASK, move, "(iib)", dx, dy, TRUE);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  add_move (widget_class, GDK_KEY_Left, -1, 0);
  add_move (widget_class, GDK_KEY_Right, 1, 0);
  add_move (widget_class, GDK_KEY_Up, 0, -1);
  add_move (widget_class, GDK_KEY_Down, 0, 1);
  add_move (widget_class, GDK_KEY_Home, 0, -BOBBIN_SCHEDULE_HOURS);
  add_move (widget_class, GDK_KEY_End, 0, BOBBIN_SCHEDULE_HOURS);

  gtk_widget_class_install_action (widget_class, "schedule.paint", NULL, paint);
  gtk_widget_class_install_action (widget_class, "schedule.paint-hour", NULL, paint_hour);
  gtk_widget_class_install_action (widget_class, "schedule.paint-day", NULL, paint_day);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_space, 0, "schedule.paint", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, 0, "schedule.paint", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_space, GDK_SHIFT_MASK,
                                       "schedule.paint-hour", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_space, GDK_CONTROL_MASK,
                                       "schedule.paint-day", NULL);
}

static gboolean
bobbin_schedule_grid_focus (GtkWidget *widget, GtkDirectionType direction)
{
  BobbinScheduleGrid *self = BOBBIN_SCHEDULE_GRID (widget);

  if (gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;

  return gtk_widget_grab_focus (self->cells[self->day][self->hour]);
}

static void
bobbin_schedule_grid_set_focus_child (GtkWidget *widget, GtkWidget *child)
{
  BobbinScheduleGrid *self = BOBBIN_SCHEDULE_GRID (widget);

  GTK_WIDGET_CLASS (bobbin_schedule_grid_parent_class)->set_focus_child (widget, child);
  if (!BOBBIN_IS_SCHEDULE_CELL (child))
    return;

  self->day = bobbin_schedule_cell_get_day (BOBBIN_SCHEDULE_CELL (child));
  self->hour = bobbin_schedule_cell_get_hour (BOBBIN_SCHEDULE_CELL (child));
}

/* ---- what it is made of */

static void
attach (BobbinScheduleGrid *self, GtkWidget *child, int column, int row)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkLayoutChild *place;

  gtk_widget_set_parent (child, GTK_WIDGET (self));
  place = gtk_layout_manager_get_layout_child (layout, child);
  g_object_set (place, "column", column, "row", row, NULL);
}

static void
on_day_clicked (BobbinScheduleGrid *self, GtkWidget *button)
{
  const guint day = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "bobbin-index"));

  bobbin_schedule_grid_paint (self, day, 0, day, BOBBIN_SCHEDULE_HOURS - 1);
}

static void
on_hour_clicked (BobbinScheduleGrid *self, GtkWidget *button)
{
  const guint hour = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "bobbin-index"));

  bobbin_schedule_grid_paint (self, 0, hour, BOBBIN_SCHEDULE_DAYS - 1, hour);
}

/* For the pointer; keys have other ways to paint a whole day, or an hour on all of them. */
static GtkWidget *
make_header (BobbinScheduleGrid *self,
             const char *label,
             const char *name,
             GCallback clicked,
             guint i)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "caption");
  gtk_widget_set_focusable (button, FALSE);
  g_object_set_data (G_OBJECT (button), "bobbin-index", GUINT_TO_POINTER (i));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_swapped (button, "clicked", clicked, self);

  return button;
}

static void
add_day (BobbinScheduleGrid *self, guint day)
{
  g_autofree char *brief = bobbin_schedule_cell_name_day (day, TRUE);
  g_autofree char *name = bobbin_schedule_cell_name_day (day, FALSE);
  GtkWidget *header = make_header (self, brief, name, G_CALLBACK (on_day_clicked), day);

  attach (self, header, day + 1, 0);
  for (guint hour = 0; hour < BOBBIN_SCHEDULE_HOURS; hour++)
    {
      self->cells[day][hour] = bobbin_schedule_cell_new (day, hour);
      gtk_widget_set_hexpand (self->cells[day][hour], TRUE);
      attach (self, self->cells[day][hour], day + 1, hour + 1);
    }
}

static void
add_hour (BobbinScheduleGrid *self, guint hour)
{
  g_autofree char *name = bobbin_schedule_cell_name_hour (hour);

  attach (self, make_header (self, name, name, G_CALLBACK (on_hour_clicked), hour), 0, hour + 1);
}

/* ---- properties */

static void
bobbin_schedule_grid_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinScheduleGrid *self = BOBBIN_SCHEDULE_GRID (object);

  switch ((BobbinScheduleGridProperty) prop_id)
    {
    case PROP_SCHEDULE:
      g_value_take_string (value, bobbin_schedule_to_text (&self->schedule));
      break;
    case PROP_BRUSH:
      g_value_set_enum (value, self->brush);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_schedule_grid_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  BobbinScheduleGrid *self = BOBBIN_SCHEDULE_GRID (object);

  switch ((BobbinScheduleGridProperty) prop_id)
    {
    case PROP_SCHEDULE:
      bobbin_schedule_parse (g_value_get_string (value) ?: "", &self->schedule);
      show (self);
      break;
    case PROP_BRUSH:
      self->brush = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
  g_object_notify_by_pspec (object, pspec);
}

static void
bobbin_schedule_grid_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (bobbin_schedule_grid_parent_class)->dispose (object);
}

static void
bobbin_schedule_grid_class_init (BobbinScheduleGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bobbin_schedule_grid_get_property;
  object_class->set_property = bobbin_schedule_grid_set_property;
  object_class->dispose = bobbin_schedule_grid_dispose;
  widget_class->focus = bobbin_schedule_grid_focus;
  widget_class->set_focus_child = bobbin_schedule_grid_set_focus_child;

  props[PROP_SCHEDULE] = g_param_spec_string ("schedule", NULL, NULL, NULL, flags);
  props[PROP_BRUSH] = g_param_spec_enum ("brush", NULL, NULL, BOBBIN_TYPE_SCHEDULE_STATE,
                                         BOBBIN_SCHEDULE_FULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_css_name (widget_class, "schedulegrid");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_GRID_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
  add_keys (widget_class);
}

static void
bobbin_schedule_grid_init (BobbinScheduleGrid *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_grid_layout_set_row_spacing (GTK_GRID_LAYOUT (layout), 2);
  gtk_grid_layout_set_column_spacing (GTK_GRID_LAYOUT (layout), 2);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Hours of the Week"), -1);
  for (guint day = 0; day < BOBBIN_SCHEDULE_DAYS; day++)
    add_day (self, day);
  for (guint hour = 0; hour < BOBBIN_SCHEDULE_HOURS; hour++)
    add_hour (self, hour);
  add_gestures (self);
}

/**
 * bobbin_schedule_grid_get_cell:
 * @day: 0 is Monday
 * @hour: 0 begins at midnight
 *
 * Returns: (transfer none): the cell of that hour
 */
GtkWidget *
bobbin_schedule_grid_get_cell (BobbinScheduleGrid *self, guint day, guint hour)
{
  g_return_val_if_fail (BOBBIN_IS_SCHEDULE_GRID (self), NULL);
  g_return_val_if_fail (day < BOBBIN_SCHEDULE_DAYS && hour < BOBBIN_SCHEDULE_HOURS, NULL);

  return self->cells[day][hour];
}
