/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The menu of a list's selected jobs, where the pointer is or at the row that has the focus. What
 * is clicked on is selected first, if it is not. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-list-private.h"

#include "bobbin-job-actions.h"

/* Keys are not to be bound by what was true when the menu was open. */
static void
on_closed (BobbinJobList *self)
{
  bobbin_job_actions_enable (GTK_WIDGET (self));
}

static void
ensure_menu (BobbinJobList *self)
{
  if (self->menu != NULL)
    return;

  self->menu = gtk_popover_menu_new_from_model (bobbin_job_actions_get_menu ());
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  g_signal_connect_swapped (self->menu, "closed", G_CALLBACK (on_closed), self);
}

/* At @x and @y of the list. */
static void
open_menu (BobbinJobList *self, double x, double y)
{
  g_autoptr (GPtrArray) jobs = bobbin_job_list_dup_jobs (self);
  const GdkRectangle at = { (int) x, (int) y, 1, 1 };

  if (jobs->len == 0)
    return;

  ensure_menu (self);
  bobbin_job_actions_update (GTK_WIDGET (self), jobs);
  bobbin_job_actions_update_moves (GTK_WIDGET (self), jobs);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &at);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
select_row (BobbinJobList *self, BobbinJobRow *row)
{
  const guint position = bobbin_row_slot_get_position (GTK_WIDGET (row));
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (self->selection);

  if (!gtk_selection_model_is_selected (selection, position))
    gtk_selection_model_select_item (selection, position, TRUE);
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, BobbinJobList *self)
{
  GtkWidget *list_view = GTK_WIDGET (self->list_view);
  BobbinJobRow *row =
    bobbin_job_list_find_row (gtk_widget_pick (list_view, x, y, GTK_PICK_DEFAULT));

  if (row == NULL)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  select_row (self, row);
  /* what has the focus would come before what is clicked on */
  gtk_widget_grab_focus (gtk_widget_get_parent (gtk_widget_get_parent (GTK_WIDGET (row))));
  gtk_widget_translate_coordinates (list_view, GTK_WIDGET (self), x, y, &x, &y);
  open_menu (self, x, y);
}

static void
open_menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinJobList *self = BOBBIN_JOB_LIST (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  BobbinJobRow *row = root != NULL ? bobbin_job_list_find_row (gtk_root_get_focus (root)) : NULL;
  double x = 0, y = 0;

  if (row != NULL)
    {
      select_row (self, row);
      gtk_widget_translate_coordinates (GTK_WIDGET (row), widget,
                                        gtk_widget_get_width (GTK_WIDGET (row)) / 2.0,
                                        gtk_widget_get_height (GTK_WIDGET (row)) / 2.0, &x, &y);
    }
  open_menu (self, x, y);
}

/* Called in class_init. */
void
bobbin_job_list_install_menu (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "job-list.menu", NULL, open_menu_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "job-list.menu",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "job-list.menu", NULL);
}

/* Called once the template is there. */
void
bobbin_job_list_prepare_menu (BobbinJobList *self)
{
  GtkGesture *gesture = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_SECONDARY);
  g_signal_connect (gesture, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list_view), GTK_EVENT_CONTROLLER (gesture));
}
