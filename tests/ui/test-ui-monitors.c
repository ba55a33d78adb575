/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Monitors in the window: sampled, drawn, stopped, started, unwell.
 */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "bobbin-alarm-notifier.h"
#include "bobbin-application-private.h"
#include "bobbin-details-pane.h"
#include "bobbin-download.h"
#include "bobbin-heartbeat-bar.h"
#include "bobbin-job-list.h"
#include "bobbin-monitor-exchange.h"
#include "bobbin-monitor-row.h"
#include "bobbin-monitor.h"
#include "bobbin-monitors-page.h"
#include "bobbin-sparkline.h"
#include "ui-fixture.h"
#include "ui-notifications.h"

/* What is said of a port that nobody listens at. */
#define SILENT "127.0.0.1:1 does not answer"

/* On the page of monitors, sampled often. */
static BobbinMonitor *
add_monitor (UiFixture *ui, const char *target)
{
  g_autoptr (GError) error = NULL;
  const guint n = ui_get_n_jobs (ui);
  BobbinJob *job;

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  bobbin_application_add_monitor (ui->app, target, 0.1, 90, &error);
  g_assert_no_error (error);
  job = ui_get_job (ui, n);
  ui_watch (ui, job);

  return BOBBIN_MONITOR (job);
}

static void
test_sample (UiFixture *ui)
{
  BobbinMonitor *monitor = add_monitor (ui, "memory");
  GtkWidget *row = GTK_WIDGET (ui_find_row (ui, BOBBIN_JOB (monitor)));
  GtkWidget *sparkline = ui_find_type (row, BOBBIN_TYPE_SPARKLINE);

  g_assert_true (BOBBIN_IS_MONITOR_ROW (row));
  g_assert_cmpfloat (bobbin_monitor_get_warn (monitor), ==, 90);
  g_assert_nonnull (sparkline);
  ui_wait (bobbin_monitor_get_n_taken (monitor) >= 3);
  ui_wait (ui_has_label (row, bobbin_job_get_title (BOBBIN_JOB (monitor))));
  ui_wait (ui_has_label (row, bobbin_job_get_status_line (BOBBIN_JOB (monitor))));
  g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (sparkline),
                                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
  g_assert_true (
    gtk_test_accessible_has_role (GTK_ACCESSIBLE (sparkline), GTK_ACCESSIBLE_ROLE_IMG));
}

/* How it is in a word, and what came of its last checks for a screen reader. */
static void
test_checks (UiFixture *ui)
{
  BobbinMonitor *monitor = add_monitor (ui, "memory");
  GtkWidget *row = GTK_WIDGET (ui_find_row (ui, BOBBIN_JOB (monitor)));
  GtkWidget *heartbeat = ui_find_type (row, BOBBIN_TYPE_HEARTBEAT_BAR);

  ui_wait (bobbin_monitor_get_n_taken (monitor) >= 1);
  ui_wait (ui_has_label (row, "Up"));
  bobbin_job_stop_async (BOBBIN_JOB (monitor), NULL, NULL);
  ui_wait (ui_has_state (BOBBIN_JOB (monitor), BOBBIN_JOB_IDLE));
  g_assert_true (ui_has_label (row, "Stopped"));
  g_assert_true (
    gtk_test_accessible_has_role (GTK_ACCESSIBLE (heartbeat), GTK_ACCESSIBLE_ROLE_IMG));
  g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (heartbeat),
                                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
}

static void
test_stop_and_start (UiFixture *ui)
{
  BobbinMonitor *monitor = add_monitor (ui, "cpu");
  GtkWidget *row = GTK_WIDGET (ui_find_row (ui, BOBBIN_JOB (monitor)));
  GtkSwitch *run = GTK_SWITCH (ui_find_type (row, GTK_TYPE_SWITCH));
  guint64 n;

  ui_wait (bobbin_monitor_get_n_taken (monitor) >= 2);
  g_assert_true (gtk_switch_get_active (run));
  gtk_switch_set_active (run, FALSE);
  ui_wait (ui_has_state (BOBBIN_JOB (monitor), BOBBIN_JOB_IDLE));
  n = bobbin_monitor_get_n_taken (monitor);
  gtk_switch_set_active (run, TRUE);
  ui_wait (bobbin_monitor_get_n_taken (monitor) > n);

  ui_act (BOBBIN_JOB (monitor), ui, "job.stop");
  ui_wait (!gtk_switch_get_active (run));
  ui_act (BOBBIN_JOB (monitor), ui, "job.start");
  ui_wait (gtk_switch_get_active (run));
}

static void
test_unwell (UiFixture *ui)
{
  BobbinMonitor *monitor = add_monitor (ui, "tcp://127.0.0.1:1");
  GtkWidget *row = GTK_WIDGET (ui_find_row (ui, BOBBIN_JOB (monitor)));

  ui_wait (bobbin_monitor_get_health (monitor) == BOBBIN_HEALTH_DOWN);
  ui_wait (gtk_widget_has_css_class (row, "health-bad"));
  ui_wait (ui_has_label (row, bobbin_job_get_status_line (BOBBIN_JOB (monitor))));
}

static GVariant *
get_alert (BobbinMonitor *monitor)
{
  GVariant *alert;

  g_object_get (monitor, "alert", &alert, NULL);

  return alert;
}

static gboolean
is_acknowledged (BobbinMonitor *monitor)
{
  g_autoptr (GVariant) alert = get_alert (monitor);
  gboolean acknowledged;

  return g_variant_lookup (alert, "acknowledged", "b", &acknowledged) && acknowledged;
}

static gboolean
has_alert (BobbinMonitor *monitor)
{
  g_autoptr (GVariant) alert = get_alert (monitor);

  return alert != NULL;
}

/* It alone, of all monitors, and its details are beside it. */
static gboolean
is_shown (UiFixture *ui, BobbinMonitor *monitor)
{
  GtkWidget *page = ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_MONITORS_PAGE);
  BobbinJobList *list = BOBBIN_JOB_LIST (ui_find_type (page, BOBBIN_TYPE_JOB_LIST));
  GtkWidget *pane = ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_DETAILS_PANE);
  g_autoptr (GPtrArray) jobs = bobbin_job_list_dup_selected (list);

  return jobs->len == 1 && g_ptr_array_index (jobs, 0) == (gpointer) monitor &&
         bobbin_details_pane_get_job (BOBBIN_DETAILS_PANE (pane)) == BOBBIN_JOB (monitor);
}

static void
test_alarm (UiFixture *ui)
{
  const guint n_before = ui_notifications_count (SILENT);
  BobbinMonitor *other = add_monitor (ui, "memory");
  BobbinMonitor *monitor = add_monitor (ui, "tcp://127.0.0.1:1");
  g_autofree char *id =
    bobbin_queue_keeper_dup_id (bobbin_application_get_keeper (ui->app), BOBBIN_JOB (monitor));
  GActionGroup *actions = G_ACTION_GROUP (ui->app);
  gboolean paused;

  ui_wait (has_alert (monitor));
  ui_wait (ui_notifications_count (SILENT) == n_before + 1);
  g_assert_false (is_acknowledged (monitor));
  g_action_group_activate_action (actions, "acknowledge-alert", g_variant_new_string ("nobody"));
  g_assert_false (is_acknowledged (monitor));
  g_action_group_activate_action (actions, "acknowledge-alert", g_variant_new_string (id));
  g_assert_true (is_acknowledged (monitor));
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "downloads");
  g_action_group_activate_action (actions, "open-monitor", g_variant_new_string (id));
  ui_wait (gtk_widget_get_mapped (GTK_WIDGET (ui_find_row (ui, BOBBIN_JOB (monitor)))));
  g_assert_true (is_shown (ui, monitor));
  g_assert_false (is_shown (ui, other));
  g_action_group_activate_action (actions, "open-monitor", g_variant_new_string ("nobody"));
  g_assert_true (is_shown (ui, monitor));
  g_action_group_activate_action (actions, "pause-monitor", g_variant_new_string (id));
  g_object_get (monitor, "paused", &paused, NULL);
  g_assert_true (paused);
}

/* Offered while it runs, and the one or the other. */
static void
assert_can (UiFixture *ui, BobbinMonitor *monitor, gboolean can_pause, gboolean can_resume)
{
  GtkWidget *row = GTK_WIDGET (ui_find_row (ui, BOBBIN_JOB (monitor)));

  g_assert_cmpint (ui_can (row, "job.pause"), ==, can_pause);
  g_assert_cmpint (ui_can (row, "job.resume"), ==, can_resume);
}

static void
test_pause (UiFixture *ui)
{
  BobbinMonitor *monitor = add_monitor (ui, "memory");
  BobbinJob *job = BOBBIN_JOB (monitor);
  GtkWidget *row = GTK_WIDGET (ui_find_row (ui, job));
  guint64 n;

  ui_wait (bobbin_monitor_get_n_taken (monitor) >= 1);
  assert_can (ui, monitor, TRUE, FALSE);
  ui_act (job, ui, "job.pause");
  g_assert_true (bobbin_monitor_is_paused (monitor));
  ui_wait (ui_has_label (row, "Paused"));
  assert_can (ui, monitor, FALSE, TRUE);

  n = bobbin_monitor_get_n_taken (monitor);
  ui_act (job, ui, "job.resume");
  g_assert_false (bobbin_monitor_is_paused (monitor));
  assert_can (ui, monitor, TRUE, FALSE);
  ui_wait (bobbin_monitor_get_n_taken (monitor) > n);
}

/* Who starts it wants to hear of it. */
static void
test_start_ends_pause (UiFixture *ui)
{
  BobbinMonitor *monitor = add_monitor (ui, "memory");
  BobbinJob *job = BOBBIN_JOB (monitor);
  guint64 n;

  ui_act (job, ui, "job.pause");
  ui_act (job, ui, "job.stop");
  ui_wait (ui_has_state (job, BOBBIN_JOB_IDLE));
  assert_can (ui, monitor, FALSE, FALSE);
  g_assert_true (bobbin_monitor_is_paused (monitor));
  n = bobbin_monitor_get_n_taken (monitor);
  ui_act (job, ui, "job.start");
  g_assert_false (bobbin_monitor_is_paused (monitor));
  ui_wait (bobbin_monitor_get_n_taken (monitor) > n);
}

/* Who starts all of them has not taken back what he said of one. */
static void
test_start_all_keeps_pause (UiFixture *ui)
{
  const gint64 until = g_get_real_time () + G_TIME_SPAN_HOUR;
  BobbinMonitor *monitor = add_monitor (ui, "memory");
  BobbinJob *job = BOBBIN_JOB (monitor);
  guint64 n;

  bobbin_monitor_pause (monitor, until);
  ui_act (job, ui, "job.stop");
  ui_wait (ui_has_state (job, BOBBIN_JOB_IDLE));
  n = bobbin_monitor_get_n_taken (monitor);
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.start-all", NULL);
  ui_wait (ui_has_state (job, BOBBIN_JOB_RUNNING));
  g_assert_cmpint (bobbin_monitor_get_paused_until (monitor), ==, until);
  g_assert_true (g_str_has_prefix (bobbin_job_get_status_line (job), "Paused until"));
  assert_can (ui, monitor, FALSE, TRUE);
  g_assert_cmpuint (bobbin_monitor_get_n_taken (monitor), ==, n);
}

/* A monitor that has an alert, which the desktop shows. */
static BobbinMonitor *
add_alerted (UiFixture *ui, char **id)
{
  const guint n_before = ui_notifications_count (SILENT);
  BobbinMonitor *monitor = add_monitor (ui, "tcp://127.0.0.1:1");

  *id = bobbin_queue_keeper_dup_id (bobbin_application_get_keeper (ui->app), BOBBIN_JOB (monitor));
  ui_wait (ui_notifications_count (SILENT) == n_before + 1);

  return monitor;
}

/* Desktops answer when they like. What was taken back before goes when they have. */
static void
test_slow_desktop (UiFixture *ui)
{
  const guint n_closed = ui_notifications_count_closed ();
  g_autofree char *id = NULL;

  ui_notifications_hold ();
  add_alerted (ui, &id);
  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "acknowledge-alert",
                                  g_variant_new_string (id));
  for (int i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (ui_notifications_count_closed (), ==, n_closed);
  ui_notifications_release ();
  ui_wait (ui_notifications_count_closed () == n_closed + 1);
}

static gboolean
press_until_acknowledged (BobbinMonitor *monitor, const char *action)
{
  if (is_acknowledged (monitor))
    return TRUE;
  ui_notifications_press (action);

  return FALSE;
}

/* Its button takes back the notification that it is on. */
static void
test_button (UiFixture *ui)
{
  g_autofree char *id = NULL;
  g_autofree char *action = NULL;
  BobbinMonitor *monitor = add_alerted (ui, &id);

  action = g_strdup_printf ("app.acknowledge-alert::%s", id);
  /* The app may not have heard yet which number it has. */
  ui_wait (press_until_acknowledged (monitor, action));
}

/* Who stops it has no use for what was said of it. */
static void
test_stop_withdraws (UiFixture *ui)
{
  const guint n_closed = ui_notifications_count_closed ();
  g_autofree char *id = NULL;
  BobbinMonitor *monitor = add_alerted (ui, &id);

  ui_act (BOBBIN_JOB (monitor), ui, "job.stop");
  ui_wait (ui_notifications_count_closed () == n_closed + 1);
}

/* Stop All on one page leaves the other page's jobs alone; that of the app does not. */
static void
test_stop_all (UiFixture *ui)
{
  BobbinJob *download, *monitor;

  bobbin_test_server_set (ui->server, "/a.bin",
                          &(BobbinTestFile){ .length = 100,
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = 50 });
  download = ui_add (ui, "/a.bin");
  monitor = BOBBIN_JOB (add_monitor (ui, "memory"));
  bobbin_test_server_wait_stalled (ui->server, 1);

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.stop-all", NULL);
  ui_wait (ui_has_state (monitor, BOBBIN_JOB_IDLE));
  g_assert_true (ui_has_state (download, BOBBIN_JOB_RUNNING));

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "start-all", NULL);
  ui_wait (ui_has_state (monitor, BOBBIN_JOB_RUNNING));
  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "stop-all", NULL);
  ui_wait (ui_has_state (monitor, BOBBIN_JOB_IDLE) && ui_has_state (download, BOBBIN_JOB_IDLE));
}

static void
serve_page (UiFixture *ui, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  bobbin_test_server_set (ui->server, "/page.txt",
                          &(BobbinTestFile){ .body = bytes, .length = strlen (text) });
}

/* A page has changed, and is there. */
static void
test_fetch (UiFixture *ui)
{
  g_autofree char *uri = bobbin_test_server_get_uri (ui->server, "/page.txt");
  g_autofree char *target = g_strconcat ("page:", uri, NULL);
  g_autofree char *content = NULL;
  BobbinMonitor *monitor;
  BobbinJob *job;
  const char *file;

  serve_page (ui, "first");
  monitor = add_monitor (ui, target);
  g_object_set (monitor, "interval", 0.1, "fetch", ui->folder, NULL);
  ui_wait (bobbin_monitor_get_n_taken (monitor) >= 2);
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 1);

  serve_page (ui, "second");
  ui_wait (ui_get_n_jobs (ui) == 2);
  job = ui_get_job (ui, 1);
  ui_watch (ui, job);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  file = bobbin_download_get_file (BOBBIN_DOWNLOAD (job));
  g_assert_true (g_str_has_prefix (file, ui->folder));
  g_assert_nonnull (strstr (file, "page 20"));
  g_assert_true (g_file_get_contents (file, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "second");
}

static gboolean
toast_says (UiFixture *ui, const char *text)
{
  return ui_has_label (GTK_WIDGET (ui->window), text);
}

/* All to a file, and from it; nothing from a file with a mistake. */
static void
test_exchange (UiFixture *ui)
{
  g_autofree char *path = ui_get_path (ui, "monitors.json");
  g_autoptr (GFile) file = g_file_new_for_path (path);

  add_monitor (ui, "memory");
  add_monitor (ui, "cpu");
  bobbin_monitor_exchange_export (ui->window, file);
  ui_wait (toast_says (ui, "Monitors exported, without their passwords"));
  bobbin_monitor_exchange_import (ui->window, file);
  ui_wait (ui_get_n_jobs (ui) == 4);
  ui_watch (ui, ui_get_job (ui, 2));
  g_assert_cmpstr (bobbin_monitor_get_target (BOBBIN_MONITOR (ui_get_job (ui, 3))), ==, "cpu");
  g_assert_cmpfloat (bobbin_monitor_get_warn (BOBBIN_MONITOR (ui_get_job (ui, 3))), ==, 90);

  g_file_set_contents (path,
                       "{\"bobbin-monitors\":1,\"monitors\":[{\"target\":\"swap\"},"
                       "{\"target\":\"load\",\"warn\":\"much\"}]}",
                       -1, NULL);
  bobbin_monitor_exchange_import (ui->window, file);
  ui_wait (toast_says (ui, "Monitor 2, “load”: The value of “warn” makes no sense."));
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 4);
}

/* A pipe that nobody writes to, what is far too long, and what is no text. */
static void
test_import_other (UiFixture *ui)
{
  g_autofree char *fifo = ui_get_path (ui, "fifo");
  g_autofree char *film = ui_get_path (ui, "film");
  g_autofree char *noise = ui_get_path (ui, "noise");
  g_autoptr (GFile) fifo_file = g_file_new_for_path (fifo);
  g_autoptr (GFile) film_file = g_file_new_for_path (film);
  g_autoptr (GFile) noise_file = g_file_new_for_path (noise);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  bobbin_monitor_exchange_import (ui->window, fifo_file);
  ui_wait (toast_says (ui, "“fifo” is not a list of monitors."));

  g_assert_true (g_file_set_contents (film, "", 0, NULL));
  g_assert_cmpint (truncate (film, 64 * 1024 * 1024), ==, 0);
  bobbin_monitor_exchange_import (ui->window, film_file);
  ui_wait (toast_says (ui, "“film” is not a list of monitors."));

  g_assert_true (g_file_set_contents (noise, "/\0\377[", 4, NULL));
  bobbin_monitor_exchange_import (ui->window, noise_file);
  ui_wait (toast_says (ui, "This is no list of monitors that Bobbin has exported."));
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 0);
}

static GVariant *
import_commands (UiFixture *ui, GFile *file, const char *button)
{
  const guint n = ui_get_n_jobs (ui);
  GtkWindow *dialog;
  GVariant *alerting;

  bobbin_monitor_exchange_import (ui->window, file);
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  g_assert_true (ui_has_label (GTK_WIDGET (dialog), "'/bin/true' 'a b'"));
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, n);
  g_signal_emit_by_name (ui_find_button (GTK_WIDGET (dialog), button), "clicked");
  if (g_str_equal (button, "_Cancel"))
    return NULL;

  ui_wait (ui_get_n_jobs (ui) == n + 1);
  ui_watch (ui, ui_get_job (ui, n));
  g_object_get (ui_get_job (ui, n), "alerting", &alerting, NULL);

  return alerting;
}

/* What a file would have run is shown, and not run unless somebody says so. */
static void
test_import_commands (UiFixture *ui)
{
  g_autofree char *path = ui_get_path (ui, "monitors.json");
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GVariant) without = NULL;
  g_autoptr (GVariant) with = NULL;

  g_file_set_contents (path,
                       "{\"bobbin-monitors\":1,\"monitors\":[{\"target\":\"swap\",\"alerting\":"
                       "{\"repeat\":60,\"command\":[\"/bin/true\",\"a b\"]}}]}",
                       -1, NULL);
  g_assert_null (import_commands (ui, file, "_Cancel"));
  without = import_commands (ui, file, "_Import Without Commands");
  g_assert_false (g_variant_lookup (without, "command", "as", NULL));
  g_assert_true (g_variant_lookup (without, "repeat", "x", NULL));
  with = import_commands (ui, file, "Import With _Commands");
  g_assert_true (g_variant_lookup (with, "command", "as", NULL));
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 2);

  bobbin_monitor_exchange_export (ui->window, file);
  ui_wait (toast_says (ui, "Monitors exported, without passwords, but with commands and webhooks "
                           "as they are"));
}

static void
test_bad_target (UiFixture *ui)
{
  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "add-monitor",
                                  g_variant_new_string ("nothing of the kind"));
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 0);
  g_assert_nonnull (ui_find_type (GTK_WIDGET (ui->window), g_type_from_name ("AdwToastWidget")));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/monitors/sample", test_sample);
  ui_test_add ("/ui/monitors/checks", test_checks);
  ui_test_add ("/ui/monitors/stop-and-start", test_stop_and_start);
  ui_test_add ("/ui/monitors/unwell", test_unwell);
  ui_test_add ("/ui/monitors/alarm", test_alarm);
  ui_test_add ("/ui/monitors/slow-desktop", test_slow_desktop);
  ui_test_add ("/ui/monitors/button", test_button);
  ui_test_add ("/ui/monitors/pause", test_pause);
  ui_test_add ("/ui/monitors/start-ends-pause", test_start_ends_pause);
  ui_test_add ("/ui/monitors/start-all-keeps-pause", test_start_all_keeps_pause);
  ui_test_add ("/ui/monitors/stop-withdraws", test_stop_withdraws);
  ui_test_add ("/ui/monitors/stop-all", test_stop_all);
  ui_test_add ("/ui/monitors/fetch", test_fetch);
  ui_test_add ("/ui/monitors/exchange", test_exchange);
  ui_test_add ("/ui/monitors/import-other", test_import_other);
  ui_test_add ("/ui/monitors/import-commands", test_import_commands);
  ui_test_add ("/ui/monitors/bad-target", test_bad_target);

  return g_test_run ();
}
