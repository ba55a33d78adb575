/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The app.* actions and all keys. GApplication exports them on the session bus, so the app can be
 * driven from outside by the same doors that its menus use. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-application-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "bobbin-download.h"
#include "bobbin-monitor.h"
#include "bobbin-preferences.h"

/* By what a user would call it: its title, or the address or target it was made with. */
static BobbinJob *
find_job (BobbinApplication *self, const char *name)
{
  GListModel *jobs = G_LIST_MODEL (bobbin_application_get_queue (self));
  guint n = g_list_model_get_n_items (jobs);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (jobs, i);
      const char *address = NULL;

      if (BOBBIN_IS_DOWNLOAD (job))
        address = bobbin_download_get_address (BOBBIN_DOWNLOAD (job));
      else if (BOBBIN_IS_MONITOR (job))
        address = bobbin_monitor_get_target (BOBBIN_MONITOR (job));

      if (g_strcmp0 (name, bobbin_job_get_title (job)) == 0 || g_strcmp0 (name, address) == 0)
        return job;
    }

  return NULL;
}

static void
add_download_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autofree const char **addresses = g_variant_get_strv (parameter, NULL);

  bobbin_application_add_addresses_async (BOBBIN_APPLICATION (user_data), addresses, NULL, NULL);
}

static void
add_monitor_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BobbinApplication *self = BOBBIN_APPLICATION (user_data);
  BobbinWindow *window = bobbin_application_ensure_window (self);
  g_autoptr (GError) error = NULL;

  if (!bobbin_application_add_monitor (self, g_variant_get_string (parameter, NULL), 0, NAN,
                                       &error))
    bobbin_window_warn (window, error->message);
}

/* The window, and in front of it what asks for the new job: for the desktop entry's actions. */
static void
new_job (BobbinApplication *self, const char *action)
{
  BobbinWindow *window = bobbin_application_ensure_window (self);

  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_activate_action (GTK_WIDGET (window), action, NULL);
}

static void
new_download_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  new_job (BOBBIN_APPLICATION (user_data), "win.add-download");
}

static void
new_monitor_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  new_job (BOBBIN_APPLICATION (user_data), "win.add-monitor");
}

static void
start_job_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BobbinJob *job =
    find_job (BOBBIN_APPLICATION (user_data), g_variant_get_string (parameter, NULL));

  if (BOBBIN_IS_MONITOR (job))
    bobbin_monitor_resume (BOBBIN_MONITOR (job));
  if (job != NULL)
    bobbin_job_start (job);
}

static void
stop_job_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BobbinJob *job =
    find_job (BOBBIN_APPLICATION (user_data), g_variant_get_string (parameter, NULL));

  if (job != NULL)
    bobbin_job_stop_async (job, NULL, NULL);
}

/* Jobs of every kind. Of these two win.start-all and win.stop-all are the namesakes in the window's
 * menu, which are about the page that is shown. */
static void
start_all_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  bobbin_job_queue_start_all (bobbin_application_get_queue (user_data), BOBBIN_TYPE_JOB);
}

static void
stop_all_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  bobbin_job_queue_stop_all_async (bobbin_application_get_queue (user_data), BOBBIN_TYPE_JOB, NULL,
                                   NULL);
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BobbinWindow *window = bobbin_application_ensure_window (BOBBIN_APPLICATION (user_data));

  bobbin_window_show_dialog (window, BOBBIN_TYPE_PREFERENCES, bobbin_preferences_new);
}

/* A click on the version copies it, and says so in a toast: two clicks, and AdwToastOverlay reads
 * freed memory when the second is closed. The window's overlay is out of BobbinToasts's reach. */
static gboolean
can_copy_version (void)
{
  return adw_get_major_version () > 1 || adw_get_minor_version () >= 3;
}

static GtkWindow *
make_about (BobbinApplication *self)
{
  static const char *const developers[] = { "The Bobbin developers", NULL };
  GtkWindow *about = GTK_WINDOW (adw_about_window_new ());

  g_object_set (about, "application-name", _ ("Bobbin"), "application-icon", APP_ID, "version",
                PACKAGE_VERSION, "developer-name", _ ("The Bobbin developers"), "developers",
                developers, "comments",
                _ ("Downloads files and keeps an eye on computers and websites."), "website",
                "https://github.com/bobbinapp/bobbin", "issue-url",
                "https://github.com/bobbinapp/bobbin/issues", "copyright",
                "© 2026 The Bobbin developers", "license-type", GTK_LICENSE_GPL_3_0,
                /* Translators: your name, one line for each translator. */
                "translator-credits", _ ("translator-credits"), NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (about), "about.copy-property", can_copy_version ());

  return about;
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BobbinWindow *window = bobbin_application_ensure_window (BOBBIN_APPLICATION (user_data));

  bobbin_window_show_dialog (window, ADW_TYPE_ABOUT_WINDOW, make_about);
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  bobbin_application_drain (BOBBIN_APPLICATION (user_data));
}

/* The setting is what counts; the action's state follows it. */
static void
limit_speed_action (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  g_settings_set_value (bobbin_application_get_settings (user_data), "limit-speed", state);
}

static void
on_limit_speed (BobbinApplication *self, const char *key, GSettings *settings)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "limit-speed");
  g_autoptr (GVariant) state = g_settings_get_value (settings, key);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), state);
}

/* The application lets go of its settings when it shuts down: that ends this, too, however long
 * whoever shows the action holds it. */
static void
follow_limit_speed (BobbinApplication *self)
{
  GSettings *settings = bobbin_application_get_settings (self);

  g_signal_connect_object (settings, "changed::limit-speed", G_CALLBACK (on_limit_speed), self,
                           G_CONNECT_SWAPPED);
  on_limit_speed (self, "limit-speed", settings);
}

static const GActionEntry entries[] = {
  { "add-download", add_download_action, "as" },
  { "add-monitor", add_monitor_action, "s" },
  { "new-download", new_download_action },
  { "new-monitor", new_monitor_action },
  { "start-job", start_job_action, "s" },
  { "stop-job", stop_job_action, "s" },
  { "start-all", start_all_action },
  { "stop-all", stop_all_action },
  { "limit-speed", NULL, NULL, "false", limit_speed_action },
  { "preferences", preferences_action },
  { "about", about_action },
  { "quit", quit_action },
};

static const struct
{
  const char *action;
  const char *keys[3];
} accels[] = {
  { "app.quit", { "<Control>q" } },
  { "app.preferences", { "<Control>comma" } },
  { "window.close", { "<Control>w" } },
  { "win.add-download", { "<Control>n" } },
  { "win.add-monitor", { "<Control>m" } },
  { "win.undo-remove", { "<Control>z" } },
  { "win.open-menu", { "F10" } },
  { "win.search", { "<Control>f" } },
  { "win.show-page('downloads')", { "<Alt>1" } },
  { "win.show-page('monitors')", { "<Alt>2" } },
  { "win.show-page('history')", { "<Alt>3" } },
  { "win.show-help-overlay", { "<Control>question" } },
};

/* Installs the actions and the keys; called at startup. */
void
bobbin_application_install_actions (BobbinApplication *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  follow_limit_speed (self);
  for (gsize i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action,
                                           accels[i].keys);
}
