/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The app without a window: what runs goes on, the window comes back as it was, and the app is
 * started at log-in.
 */
#include "config.h"

#include <glib/gstdio.h>

#include "bobbin-application-private.h"
#include "bobbin-autostart-file.h"
#include "bobbin-background.h"
#include "bobbin-monitor.h"
#include "ui-desktop.h"
#include "ui-fixture.h"
#include "ui-notifications.h"

#define NOTICE "Bobbin goes on in the background"

static BobbinJob *
add_stalling (UiFixture *ui, const char *path)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, path,
                          &(BobbinTestFile){ .length = 100,
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = 50 });
  job = ui_add (ui, path);
  bobbin_test_server_wait_stalled (ui->server, 1);

  return job;
}

static void
close_window (UiFixture *ui)
{
  gtk_window_close (GTK_WINDOW (ui->window));
  ui_wait (!gtk_widget_get_visible (GTK_WIDGET (ui->window)));
}

static BobbinBackground *
get_background (UiFixture *ui)
{
  return bobbin_application_get_companion (ui->app, BOBBIN_TYPE_BACKGROUND);
}

static void
test_close (UiFixture *ui)
{
  const guint n = ui_notifications_count (NOTICE);
  const guint n_closed = ui_notifications_count_closed ();
  BobbinJob *job = add_stalling (ui, "/a.bin");

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  close_window (ui);
  ui_wait (ui_notifications_count (NOTICE) == n + 1);
  g_assert_cmpstr (ui_notifications_get_body (NOTICE), ==, "1 download");
  g_assert_true (ui_has_state (job, BOBBIN_JOB_RUNNING));

  g_application_activate (G_APPLICATION (ui->app));
  ui_wait (gtk_widget_get_mapped (GTK_WIDGET (ui->window)));
  g_assert_true (ui_has_label (GTK_WIDGET (ui->window), "No Monitors"));
  ui_wait (ui_notifications_count_closed () == n_closed + 1);

  /* It was said. */
  close_window (ui);
  bobbin_test_server_release (ui->server, "/a.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  ui_wait (ui_notifications_count ("Download finished") > 0);
  g_assert_cmpuint (ui_notifications_count (NOTICE), ==, n + 1);
}

static gboolean
press_until_gone (UiFixture *ui)
{
  if (ui->window == NULL)
    return TRUE;
  ui_notifications_press ("app.quit");

  return FALSE;
}

static void
test_quit (UiFixture *ui)
{
  const guint n = ui_notifications_count (NOTICE);
  g_autoptr (BobbinJob) job = g_object_ref (add_stalling (ui, "/a.bin"));

  close_window (ui);
  ui_wait (ui_notifications_count (NOTICE) == n + 1);
  ui_wait (press_until_gone (ui));
  g_assert_true (ui_has_state (job, BOBBIN_JOB_IDLE));
}

/* What goes wrong meanwhile is said all the same. */
static void
test_trouble (UiFixture *ui)
{
  const guint n = ui_notifications_count ("Bobbin");

  add_stalling (ui, "/a.bin");
  close_window (ui);
  bobbin_application_warn (ui->app, "The disk is on fire.");
  ui_wait (ui_notifications_count ("Bobbin") == n + 1);
  g_assert_cmpstr (ui_notifications_get_body ("Bobbin"), ==, "The disk is on fire.");
}

static void
test_nothing_runs (UiFixture *ui)
{
  gtk_window_close (GTK_WINDOW (ui->window));
  ui_wait (ui->window == NULL);
}

/* ---- at log-in */

static void
test_file (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  g_autofree char *path = bobbin_autostart_file_dup_path ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *command = NULL;

  bobbin_background_set_sandboxed (get_background (ui), FALSE);
  g_settings_set_boolean (settings, "autostart", TRUE);
  ui_wait (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL));
  command = g_key_file_get_string (file, "Desktop Entry", "Exec", NULL);
  g_assert_cmpstr (command, ==, "bobbin --gapplication-service");
  g_settings_set_boolean (settings, "autostart", FALSE);
  ui_wait (!g_file_test (path, G_FILE_TEST_EXISTS));
}

/* The last word counts, however fast they come, and is written before the end. */
static void
change_often (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);

  bobbin_background_set_sandboxed (get_background (ui), FALSE);
  for (guint i = 0; i < 9; i++)
    g_settings_set_boolean (settings, "autostart", i % 2 == 0);
  bobbin_application_drain (ui->app);
}

static void
test_file_at_end (void)
{
  g_autofree char *path = bobbin_autostart_file_dup_path ();

  ui_run (change_often, NULL);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_portal (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  const guint n = ui_desktop_count ("RequestBackground");
  g_autofree char *request = NULL;

  bobbin_background_set_sandboxed (get_background (ui), TRUE);
  ui_desktop_set_autostart (TRUE);
  g_settings_set_boolean (settings, "autostart", TRUE);
  ui_wait (ui_desktop_count ("RequestBackground") == n + 1);
  request = ui_desktop_get_latest ("RequestBackground");
  g_assert_nonnull (strstr (request, "'autostart': <true>"));
  g_assert_nonnull (strstr (request, "['bobbin', '--gapplication-service']"));

  ui_desktop_set_autostart (FALSE);
  add_stalling (ui, "/a.bin");
  close_window (ui);
  ui_wait (ui_desktop_count ("RequestBackground") == n + 2);
  ui_wait (!g_settings_get_boolean (settings, "autostart"));
}

/* ---- without any window */

static void
add_kept_monitor (UiFixture *ui)
{
  bobbin_application_add_monitor (ui->app, "memory", 0.1, 90, NULL);
  ui_get_job (ui, 0);
}

static void
find_kept_monitor (UiFixture *ui)
{
  ui_get_job (ui, 0);
}

static gboolean
look_at_service (gpointer user_data)
{
  GtkApplication *app = user_data;
  GListModel *jobs = G_LIST_MODEL (bobbin_application_get_queue (user_data));
  g_autoptr (BobbinJob) job = g_list_model_get_item (jobs, 0);

  if (job == NULL || bobbin_monitor_get_n_taken (BOBBIN_MONITOR (job)) < 3)
    return G_SOURCE_CONTINUE;

  g_assert_null (gtk_application_get_windows (app));
  bobbin_application_drain (user_data);

  return G_SOURCE_REMOVE;
}

/* What is started at log-in finds its monitors, and shows nothing. */
static void
test_service (void)
{
  const char *const arguments[] = { "bobbin", "--gapplication-service", NULL };
  g_autoptr (BobbinApplication) app = NULL;

  ui_keep_list (TRUE);
  ui_run (add_kept_monitor, NULL);
  app = bobbin_application_new ();
  g_application_set_flags (G_APPLICATION (app), g_application_get_flags (G_APPLICATION (app)) |
                                                  G_APPLICATION_NON_UNIQUE);
  g_timeout_add (10, look_at_service, app);
  g_assert_cmpint (g_application_run (G_APPLICATION (app), 2, (char **) arguments), ==, 0);
  ui_keep_list (FALSE);
  ui_run (find_kept_monitor, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ui_desktop_serve ();

  ui_test_add ("/ui/background/close", test_close);
  ui_test_add ("/ui/background/quit", test_quit);
  ui_test_add ("/ui/background/trouble", test_trouble);
  ui_test_add ("/ui/background/nothing-runs", test_nothing_runs);
  ui_test_add ("/ui/background/file", test_file);
  g_test_add_func ("/ui/background/file-at-end", test_file_at_end);
  ui_test_add ("/ui/background/portal", test_portal);
  g_test_add_func ("/ui/background/service", test_service);

  return g_test_run ();
}
