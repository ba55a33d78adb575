/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinPreferences shows the settings; what is changed holds at once. What needs room of its own,
 * such as the schedule, opens above it. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-preferences.h"

#include <glib/gi18n-lib.h>

#include "bobbin-after-all-row.h"
#include "bobbin-after-all.h"
#include "bobbin-application-private.h"
#include "bobbin-category-editor.h"
#include "bobbin-folder-row.h"
#include "bobbin-host-editor.h"
#include "bobbin-job-row.h"
#include "bobbin-keep-question.h"
#include "bobbin-number-row.h"
#include "bobbin-schedule-dialog.h"
#include "bobbin-switch-row.h"
#include "bobbin-transfer-settings.h"

struct _BobbinPreferences
{
  AdwPreferencesWindow parent_instance;

  BobbinFolderRow *folder;
  AdwExpanderRow *limit;
  GtkAdjustment *rate;
  BobbinAfterAllRow *after_all;
  AdwComboRow *keep_history;
  BobbinNumberRow *raw_hours;
  BobbinNumberRow *minute_days;
  BobbinNumberRow *hour_days;

  BobbinApplication *application; /* (weak) (nullable) when it has ended */
  GSettings *settings;            /* (owned) */
  BobbinKeepQuestion *question;   /* (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinPreferences, bobbin_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* What of the template shows which key as it is. */
static const struct
{
  const char *key;
  const char *child;
  const char *property;
} bindings[] = {
  { "run-in-background", "run_in_background", "active" },
  { "autostart", "autostart", "active" },
  { "notify-finished", "notify_finished", "active" },
  { "notify-failed", "notify_failed", "active" },
  { "notify-alarms", "notify_alarms", "active" },
  { "offer-clipboard", "offer_clipboard", "active" },
  { "max-transfers", "max_transfers", "value" },
  { "limit-speed", "limit", "enable-expansion" },
  { "connections", "connections", "value" },
  { "connections-per-host", "connections_per_host", "value" },
  { "timeout", "timeout", "value" },
  { "retries", "retries", "value" },
  { "monitor-interval", "interval", "value" },
};

static void
on_folder_chosen (BobbinPreferences *self)
{
  const char *folder = bobbin_folder_row_get_folder (self->folder);
  g_autofree char *name = g_filename_to_utf8 (folder, -1, NULL, NULL, NULL);

  if (name != NULL)
    g_settings_set_string (self->settings, "download-folder", name);
}

/* Set from elsewhere: the folder that an empty one stands for is not written there. */
static void
on_folder_set (BobbinPreferences *self)
{
  g_autofree char *folder =
    self->application != NULL ? bobbin_application_dup_folder (self->application) : NULL;

  g_signal_handlers_block_by_func (self->folder, on_folder_chosen, self);
  bobbin_folder_row_set_folder (self->folder, folder);
  g_signal_handlers_unblock_by_func (self->folder, on_folder_chosen, self);
}

/* ---- what is in a window of its own */

/* No wider than what is below it, which fits the screen. */
static void
present_above (BobbinPreferences *self, GtkWindow *dialog)
{
  int width, height;

  gtk_window_get_default_size (dialog, &width, &height);
  gtk_window_set_default_size (dialog, MIN (width, gtk_widget_get_width (GTK_WIDGET (self))),
                               height);
  gtk_window_set_transient_for (dialog, GTK_WINDOW (self));
  gtk_window_present (dialog);
}

static void
show_schedule (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinPreferences *self = BOBBIN_PREFERENCES (widget);

  if (self->application != NULL)
    present_above (self, bobbin_schedule_dialog_new (self->application));
}

static void
show_categories (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinPreferences *self = BOBBIN_PREFERENCES (widget);

  if (self->application != NULL)
    present_above (self,
                   bobbin_rules_dialog_new (self->application, bobbin_category_editor_get_kind ()));
}

static void
show_servers (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinPreferences *self = BOBBIN_PREFERENCES (widget);

  if (self->application != NULL)
    present_above (self,
                   bobbin_rules_dialog_new (self->application, bobbin_host_editor_get_kind ()));
}

/* ---- the rows */

/* To keep less is asked first. */
static void
bind_kept (BobbinPreferences *self)
{
  const char *finished = _ ("What finished longer ago leaves the history, which cannot be undone. "
                            "Files stay where they are.");
  const char *found = _ ("What monitors found longer ago is deleted, which cannot be undone.");

  self->question = bobbin_keep_question_new (GTK_WINDOW (self), self->settings);
  bobbin_keep_question_add_choice (self->question, "keep-history", self->keep_history, finished);
  bobbin_keep_question_add_number (self->question, "history-raw-hours", self->raw_hours, found);
  bobbin_keep_question_add_number (self->question, "history-minute-days", self->minute_days, found);
  bobbin_keep_question_add_number (self->question, "history-hour-days", self->hour_days, found);
}

/* ---- its life */

static void
bobbin_preferences_dispose (GObject *object)
{
  BobbinPreferences *self = BOBBIN_PREFERENCES (object);

  g_clear_weak_pointer (&self->application);
  g_clear_object (&self->question);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (bobbin_preferences_parent_class)->dispose (object);
}

static void
bobbin_preferences_class_init (BobbinPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_preferences_dispose;

  g_type_ensure (BOBBIN_TYPE_AFTER_ALL_ROW);
  g_type_ensure (BOBBIN_TYPE_FOLDER_ROW);
  g_type_ensure (BOBBIN_TYPE_NUMBER_ROW);
  g_type_ensure (BOBBIN_TYPE_SWITCH_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/preferences/bobbin-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, folder);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, limit);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, rate);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, after_all);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, keep_history);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, raw_hours);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, minute_days);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, hour_days);
  for (gsize i = 0; i < G_N_ELEMENTS (bindings); i++)
    if (!g_str_equal (bindings[i].child, "limit"))
      gtk_widget_class_bind_template_child_full (widget_class, bindings[i].child, FALSE, 0);
  gtk_widget_class_install_action (widget_class, "preferences.schedule", NULL, show_schedule);
  gtk_widget_class_install_action (widget_class, "preferences.categories", NULL, show_categories);
  gtk_widget_class_install_action (widget_class, "preferences.servers", NULL, show_servers);
}

/* libadwaita 1.2 gives its button an icon, but no name. */
static void
name_search (GtkWidget *widget)
{
  if (GTK_IS_TOGGLE_BUTTON (widget) &&
      g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), "edit-find-symbolic") == 0)
    bobbin_job_row_name_control (widget, _ ("Search"));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_search (child);
}

static void
bobbin_preferences_init (BobbinPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  name_search (GTK_WIDGET (self));
}

static void
bind_all (BobbinPreferences *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bindings); i++)
    g_settings_bind (self->settings, bindings[i].key,
                     gtk_widget_get_template_child (GTK_WIDGET (self), BOBBIN_TYPE_PREFERENCES,
                                                    bindings[i].child),
                     bindings[i].property, G_SETTINGS_BIND_DEFAULT);
  adw_expander_row_set_expanded (self->limit,
                                 g_settings_get_boolean (self->settings, "limit-speed"));
  bobbin_transfer_settings_bind_rate (self->settings, "limit-rate", self->rate);
  bind_kept (self);
}

/**
 * bobbin_preferences_new:
 * @application: whose settings to show
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWindow *
bobbin_preferences_new (BobbinApplication *application)
{
  BobbinPreferences *self = g_object_new (BOBBIN_TYPE_PREFERENCES, NULL);
  BobbinAfterAll *after_all = bobbin_application_get_companion (application, BOBBIN_TYPE_AFTER_ALL);

  g_set_weak_pointer (&self->application, application);
  self->settings = g_object_ref (bobbin_application_get_settings (application));
  bind_all (self);
  bobbin_after_all_row_bind (self->after_all, self->settings,
                             bobbin_after_all_get_menu (after_all));
  g_signal_connect_swapped (self->folder, "notify::folder", G_CALLBACK (on_folder_chosen), self);
  g_signal_connect_object (self->settings, "changed::download-folder", G_CALLBACK (on_folder_set),
                           self, G_CONNECT_SWAPPED);
  on_folder_set (self);

  return GTK_WINDOW (self);
}
