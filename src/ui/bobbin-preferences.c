/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinPreferences shows the settings; what is changed holds at once. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-preferences.h"

#include "bobbin-folder-row.h"
#include "bobbin-transfer-settings.h"

struct _BobbinPreferences
{
  AdwPreferencesWindow parent_instance;

  BobbinFolderRow *folder;
  GtkAdjustment *max_transfers;
  GtkAdjustment *connections;
  GtkAdjustment *connections_per_host;
  AdwExpanderRow *limit;
  GtkAdjustment *rate;
  GtkAdjustment *interval;
  GtkSwitch *notify_finished;
  GtkSwitch *notify_failed;
  GtkSwitch *notify_alarms;
  GtkSwitch *offer_clipboard;
  GtkSwitch *run_in_background;
  GtkSwitch *autostart;

  GSettings *settings; /* (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinPreferences, bobbin_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
on_folder_chosen (BobbinPreferences *self)
{
  const char *folder = bobbin_folder_row_get_folder (self->folder);
  g_autofree char *name = g_filename_to_utf8 (folder, -1, NULL, NULL, NULL);

  if (name != NULL)
    g_settings_set_string (self->settings, "download-folder", name);
}

static void
bind (BobbinPreferences *self, const char *key, gpointer object, const char *property)
{
  g_settings_bind (self->settings, key, object, property, G_SETTINGS_BIND_DEFAULT);
}

static void
bobbin_preferences_dispose (GObject *object)
{
  g_clear_object (&BOBBIN_PREFERENCES (object)->settings);

  G_OBJECT_CLASS (bobbin_preferences_parent_class)->dispose (object);
}

static void
bobbin_preferences_class_init (BobbinPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_preferences_dispose;

  g_type_ensure (BOBBIN_TYPE_FOLDER_ROW);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               BOBBIN_RESOURCE_PATH "/bobbin-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, folder);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, max_transfers);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, connections);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, connections_per_host);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, limit);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, rate);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, interval);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, notify_finished);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, notify_failed);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, notify_alarms);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, offer_clipboard);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, run_in_background);
  gtk_widget_class_bind_template_child (widget_class, BobbinPreferences, autostart);
}

static void
bobbin_preferences_init (BobbinPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
  g_autofree char *folder = bobbin_application_dup_folder (application);

  self->settings = g_object_ref (bobbin_application_get_settings (application));
  bind (self, "max-transfers", self->max_transfers, "value");
  bind (self, "connections", self->connections, "value");
  bind (self, "connections-per-host", self->connections_per_host, "value");
  bind (self, "limit-speed", self->limit, "enable-expansion");
  adw_expander_row_set_expanded (self->limit,
                                 g_settings_get_boolean (self->settings, "limit-speed"));
  bobbin_transfer_settings_bind_rate (self->settings, self->rate);
  bind (self, "monitor-interval", self->interval, "value");
  bind (self, "notify-finished", self->notify_finished, "active");
  bind (self, "notify-failed", self->notify_failed, "active");
  bind (self, "notify-alarms", self->notify_alarms, "active");
  bind (self, "offer-clipboard", self->offer_clipboard, "active");
  bind (self, "run-in-background", self->run_in_background, "active");
  bind (self, "autostart", self->autostart, "active");
  bobbin_folder_row_set_folder (self->folder, folder);
  g_signal_connect_swapped (self->folder, "notify::folder", G_CALLBACK (on_folder_chosen), self);

  return GTK_WINDOW (self);
}
