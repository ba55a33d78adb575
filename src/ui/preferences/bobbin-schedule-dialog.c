/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinScheduleDialog shows the schedule and has it changed; what is changed holds at once. Main
 * thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-schedule-dialog.h"

#include "bobbin-number-row.h"
#include "bobbin-schedule-grid.h"
#include "bobbin-switch-row.h"
#include "bobbin-transfer-settings.h"

struct _BobbinScheduleDialog
{
  AdwWindow parent_instance;

  BobbinSwitchRow *enabled;
  GtkAdjustment *rate;
  BobbinScheduleGrid *grid;
  GtkToggleButton *full;
  GtkToggleButton *limited;
  GtkToggleButton *stopped;
  GtkLabel *now;
};

G_DEFINE_FINAL_TYPE (BobbinScheduleDialog, bobbin_schedule_dialog, ADW_TYPE_WINDOW)

static void
on_brush (BobbinScheduleDialog *self)
{
  BobbinScheduleState brush = BOBBIN_SCHEDULE_FULL;

  if (gtk_toggle_button_get_active (self->limited))
    brush = BOBBIN_SCHEDULE_LIMITED;
  else if (gtk_toggle_button_get_active (self->stopped))
    brush = BOBBIN_SCHEDULE_STOPPED;
  g_object_set (self->grid, "brush", brush, NULL);
}

static void
on_schedule (BobbinScheduleDialog *self, GParamSpec *pspec, BobbinScheduler *scheduler)
{
  g_autofree char *words = bobbin_scheduler_describe (scheduler);

  gtk_label_set_label (self->now, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->now), words != NULL);
}

static void
bobbin_schedule_dialog_class_init (BobbinScheduleDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (BOBBIN_TYPE_NUMBER_ROW);
  g_type_ensure (BOBBIN_TYPE_SCHEDULE_GRID);
  g_type_ensure (BOBBIN_TYPE_SWITCH_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/preferences/bobbin-schedule-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinScheduleDialog, enabled);
  gtk_widget_class_bind_template_child (widget_class, BobbinScheduleDialog, rate);
  gtk_widget_class_bind_template_child (widget_class, BobbinScheduleDialog, grid);
  gtk_widget_class_bind_template_child (widget_class, BobbinScheduleDialog, full);
  gtk_widget_class_bind_template_child (widget_class, BobbinScheduleDialog, limited);
  gtk_widget_class_bind_template_child (widget_class, BobbinScheduleDialog, stopped);
  gtk_widget_class_bind_template_child (widget_class, BobbinScheduleDialog, now);
  gtk_widget_class_bind_template_callback (widget_class, on_brush);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bobbin_schedule_dialog_init (BobbinScheduleDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  on_brush (self);
}

/**
 * bobbin_schedule_dialog_new:
 * @application: whose schedule to show
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWindow *
bobbin_schedule_dialog_new (BobbinApplication *application)
{
  BobbinScheduleDialog *self = g_object_new (BOBBIN_TYPE_SCHEDULE_DIALOG, NULL);
  GSettings *settings = bobbin_application_get_settings (application);
  BobbinScheduler *scheduler = bobbin_application_get_scheduler (application);

  g_settings_bind (settings, "use-schedule", self->enabled, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "schedule", self->grid, "schedule", G_SETTINGS_BIND_DEFAULT);
  bobbin_transfer_settings_bind_rate (settings, "schedule-limit-rate", self->rate);
  g_signal_connect_object (scheduler, "notify", G_CALLBACK (on_schedule), self, G_CONNECT_SWAPPED);
  on_schedule (self, NULL, scheduler);

  return GTK_WINDOW (self);
}
