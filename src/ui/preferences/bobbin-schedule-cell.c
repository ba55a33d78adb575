/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinScheduleCell is one hour of a day in the grid of the schedule. What holds in it is drawn by
 * the style sheet, as a pattern and not by colour alone, and said to a screen reader. Main thread
 * only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-schedule-cell.h"

#include <glib/gi18n-lib.h>

struct _BobbinScheduleCell
{
  GtkWidget parent_instance;

  guint day;
  guint hour;
  BobbinScheduleState state;
};

G_DEFINE_FINAL_TYPE (BobbinScheduleCell, bobbin_schedule_cell, GTK_TYPE_WIDGET)

static const struct
{
  const char *style;
  const char *label;
} states[] = {
  [BOBBIN_SCHEDULE_FULL] = { "full", NC_ ("hour of the week", "Full Speed") },
  [BOBBIN_SCHEDULE_LIMITED] = { "limited", NC_ ("hour of the week", "Limited") },
  [BOBBIN_SCHEDULE_STOPPED] = { "stopped", NC_ ("hour of the week", "Stopped") },
};

static void
say_state (BobbinScheduleCell *self)
{
  g_autofree char *day = bobbin_schedule_cell_name_day (self->day, FALSE);
  g_autofree char *hour = bobbin_schedule_cell_name_hour (self->hour);
  /* Translators: a day of the week, a time of day, and what holds in the hour from then on, such as
   * “Monday, 07:00: Limited” */
  g_autofree char *name =
    /* Translators: day, hour and what holds, as in “Monday, 8:00: Stopped” */
    g_strdup_printf (_ ("%s, %s: %s"), day, hour,
                     g_dpgettext2 (GETTEXT_PACKAGE, "hour of the week", states[self->state].label));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
bobbin_schedule_cell_class_init (BobbinScheduleCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_css_name (widget_class, "schedulecell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID_CELL);
}

static void
bobbin_schedule_cell_init (BobbinScheduleCell *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), states[self->state].style);
}

/**
 * bobbin_schedule_cell_new:
 * @day: 0 is Monday
 * @hour: 0 begins at midnight
 *
 * Returns: a cell in which full speed holds
 */
GtkWidget *
bobbin_schedule_cell_new (guint day, guint hour)
{
  BobbinScheduleCell *self;

  g_return_val_if_fail (day < BOBBIN_SCHEDULE_DAYS && hour < BOBBIN_SCHEDULE_HOURS, NULL);

  self = g_object_new (BOBBIN_TYPE_SCHEDULE_CELL, NULL);
  self->day = day;
  self->hour = hour;
  say_state (self);

  return GTK_WIDGET (self);
}

/**
 * bobbin_schedule_cell_get_day:
 *
 * Returns: its day; 0 is Monday
 */
guint
bobbin_schedule_cell_get_day (BobbinScheduleCell *self)
{
  g_return_val_if_fail (BOBBIN_IS_SCHEDULE_CELL (self), 0);

  return self->day;
}

/**
 * bobbin_schedule_cell_get_hour:
 *
 * Returns: its hour; 0 begins at midnight
 */
guint
bobbin_schedule_cell_get_hour (BobbinScheduleCell *self)
{
  g_return_val_if_fail (BOBBIN_IS_SCHEDULE_CELL (self), 0);

  return self->hour;
}

/**
 * bobbin_schedule_cell_set_state:
 * @state: what holds in it
 */
void
bobbin_schedule_cell_set_state (BobbinScheduleCell *self, BobbinScheduleState state)
{
  g_return_if_fail (BOBBIN_IS_SCHEDULE_CELL (self));
  g_return_if_fail ((guint) state < G_N_ELEMENTS (states));

  if (self->state == state)
    return;

  gtk_widget_remove_css_class (GTK_WIDGET (self), states[self->state].style);
  self->state = state;
  gtk_widget_add_css_class (GTK_WIDGET (self), states[self->state].style);
  say_state (self);
}

/**
 * bobbin_schedule_cell_name_day:
 * @day: 0 is Monday
 * @brief: whether it is to be short
 *
 * Returns: (transfer full): its name, as in “Monday” or “Mon”
 */
char *
bobbin_schedule_cell_name_day (guint day, gboolean brief)
{
  /* a Monday, and the days after it */
  g_autoptr (GDateTime) date = g_date_time_new_utc (2024, 1, 1 + day, 0, 0, 0);

  return g_date_time_format (date, brief ? "%a" : "%A");
}

/**
 * bobbin_schedule_cell_name_hour:
 * @hour: 0 begins at midnight
 *
 * Returns: (transfer full): when it begins, as in “07:00”
 */
char *
bobbin_schedule_cell_name_hour (guint hour)
{
  g_autoptr (GDateTime) time = g_date_time_new_utc (2024, 1, 1, hour, 0, 0);

  /* Translators: a time of day, like 14:05; see g_date_time_format() */
  return g_date_time_format (time, _ ("%H:%M"));
}
