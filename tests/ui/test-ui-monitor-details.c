/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The details of a monitor beside the list.
 */
#include "config.h"

#include "bobbin-details-pane.h"
#include "bobbin-history-chart.h"
#include "bobbin-job-list.h"
#include "bobbin-monitor-details.h"
#include "bobbin-monitor.h"
#include "bobbin-monitors-page.h"
#include "bobbin-phase-chart.h"
#include "ui-fixture.h"
#include "ui-keys.h"

static BobbinMonitor *
add_monitor (UiFixture *ui, const char *target)
{
  g_autoptr (GError) error = NULL;
  const guint n = ui_get_n_jobs (ui);
  BobbinJob *job;

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  bobbin_application_add_monitor (ui->app, target, 1, 90, &error);
  g_assert_no_error (error);
  job = ui_get_job (ui, n);
  ui_watch (ui, job);

  return BOBBIN_MONITOR (job);
}

/* As a click on its row does. */
static GtkWidget *
open_details (UiFixture *ui, BobbinMonitor *monitor)
{
  GtkWidget *details;

  ui_act (BOBBIN_JOB (monitor), ui, "job.activate");
  details = ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_MONITOR_DETAILS);
  g_assert_nonnull (details);
  ui_watch (ui, details);
  ui_wait (gtk_widget_get_mapped (details));

  return details;
}

static void
test_state (UiFixture *ui)
{
  BobbinMonitor *monitor = add_monitor (ui, "memory");
  GtkWidget *details = open_details (ui, monitor);
  GtkWidget *chart = ui_find_type (details, BOBBIN_TYPE_HISTORY_CHART);
  g_autofree char *value = NULL;

  ui_wait (bobbin_monitor_get_n_taken (monitor) >= 1);
  value = bobbin_monitor_format_value (monitor, bobbin_monitor_get_value (monitor));
  ui_wait (ui_has_label (details, "Up"));
  g_assert_true (ui_has_label (details, value));
  ui_wait (bobbin_history_chart_get_n_read (BOBBIN_HISTORY_CHART (chart)) > 0);

  ui_act (BOBBIN_JOB (monitor), ui, "job.stop");
  ui_wait (ui_has_label (details, "Stopped"));
  g_assert_false (ui_can (details, "monitor.test-now"));
}

static void
test_pause (UiFixture *ui)
{
  BobbinMonitor *monitor = add_monitor (ui, "memory");
  GtkWidget *details = open_details (ui, monitor);
  const gint64 now = g_get_real_time ();

  gtk_widget_activate_action (details, "monitor.pause-for", "s", "hour");
  g_assert_cmpint (bobbin_monitor_get_paused_until (monitor), >=, now + G_TIME_SPAN_HOUR);
  ui_wait (ui_has_label (details, "Paused"));
  gtk_widget_activate_action (details, "job.resume", NULL);
  g_assert_false (bobbin_monitor_is_paused (monitor));
  gtk_widget_activate_action (details, "monitor.pause-for", "s", "tomorrow");
  g_assert_cmpint (bobbin_monitor_get_paused_until (monitor), >, now);
  gtk_widget_activate_action (details, "monitor.pause-for", "s", "resumed");
  g_assert_cmpint (bobbin_monitor_get_paused_until (monitor), ==, 0);
  g_assert_true (bobbin_monitor_is_paused (monitor));
}

/* Not only at the next slot, which is far away. */
static void
test_test_now (UiFixture *ui)
{
  BobbinMonitor *monitor = add_monitor (ui, "memory");
  GtkWidget *details = open_details (ui, monitor);
  guint64 n;

  g_object_set (monitor, "interval", 86400.0, NULL);
  ui_wait (bobbin_monitor_get_n_taken (monitor) >= 1);
  n = bobbin_monitor_get_n_taken (monitor);
  g_assert_true (ui_can (details, "monitor.test-now"));
  gtk_widget_activate_action (details, "monitor.test-now", NULL);
  ui_wait (bobbin_monitor_get_n_taken (monitor) > n);
}

/* The setting, the buttons and the chart are one. */
static void
test_range (UiFixture *ui)
{
  GtkWidget *details = open_details (ui, add_monitor (ui, "memory"));
  GtkWidget *chart = ui_find_type (details, BOBBIN_TYPE_HISTORY_CHART);
  GSettings *settings = bobbin_application_get_settings (ui->app);
  GtkWidget *week = ui_find_button (details, "7 d");
  g_autofree char *range = NULL;

  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (week)));
  gtk_widget_activate_action (details, "chart.chart-range", "s", "7-days");
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (week)));
  g_object_get (chart, "range", &range, NULL);
  g_assert_cmpstr (range, ==, "7-days");
  g_settings_set_string (settings, "chart-range", "1-hour");
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (week)));
}

static void
test_phases (UiFixture *ui)
{
  g_autofree char *uri = NULL;
  BobbinMonitor *monitor;
  GtkWidget *details, *phases;

  bobbin_test_server_set (ui->server, "/page", &(BobbinTestFile){ .length = 1000 });
  uri = bobbin_test_server_get_uri (ui->server, "/page");
  monitor = add_monitor (ui, uri);
  details = open_details (ui, monitor);
  phases = ui_find_type (details, BOBBIN_TYPE_PHASE_CHART);
  ui_wait (gtk_widget_get_mapped (phases));
  g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (phases),
                                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
}

static void
assert_fits (GtkWidget *details)
{
  int minimum;

  gtk_widget_measure (details, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
}

/* Whatever buttons there are, a narrow window holds all of it. */
static void
test_narrow (UiFixture *ui)
{
  g_autofree char *uri = bobbin_test_server_get_uri (ui->server, "/page");
  BobbinMonitor *monitor;
  GtkWidget *details;

  bobbin_test_server_set (ui->server, "/page", &(BobbinTestFile){ .length = 1000 });
  monitor = add_monitor (ui, uri);
  details = open_details (ui, monitor);
  ui_wait (gtk_widget_get_mapped (ui_find_type (details, BOBBIN_TYPE_PHASE_CHART)));
  assert_fits (details);
  bobbin_monitor_pause (monitor, g_get_real_time () + G_TIME_SPAN_HOUR);
  assert_fits (details);
  ui_act (BOBBIN_JOB (monitor), ui, "job.stop");
  ui_wait (ui_has_label (details, "Stopped"));
  assert_fits (details);
}

/* How wide the window is then depends on its shadow. */
static void
resize (UiFixture *ui, int width)
{
  const int before = gtk_widget_get_width (GTK_WIDGET (ui->window));

  gtk_window_set_default_size (GTK_WINDOW (ui->window), width, 600);
  ui_wait (gtk_widget_get_width (GTK_WIDGET (ui->window)) != before);
}

/* Wherever the window is narrowed or widened: the toolkit warns of what gets less than nothing. */
static void
test_resize (UiFixture *ui)
{
  open_details (ui, add_monitor (ui, "memory"));
  for (int width = 1200; width >= 400; width -= 40)
    resize (ui, width);
  for (int width = 440; width <= 1200; width += 40)
    resize (ui, width);
}

/* They are there as long as there are any. */
static void
test_tags (UiFixture *ui)
{
  BobbinMonitor *monitor = add_monitor (ui, "memory");
  GtkWidget *details = open_details (ui, monitor);

  g_assert_false (ui_has_label (details, "Tags: "));
  g_object_set (monitor, "tags", (const char *const[]){ "home", "a_b", NULL }, NULL);
  ui_wait (ui_has_label (details, "Tags: home, a_b"));
  g_object_set (monitor, "tags", NULL, NULL);
  ui_wait (!ui_has_label (details, "Tags: home, a_b"));
}

static void
test_report (UiFixture *ui)
{
  BobbinMonitor *monitor = add_monitor (ui, "memory");
  GtkWidget *details = open_details (ui, monitor);
  g_autofree char *text = NULL;
  g_autofree char *copied = NULL;

  ui_wait (bobbin_monitor_get_n_taken (monitor) >= 1);
  text = bobbin_monitor_details_to_text (BOBBIN_MONITOR_DETAILS (details));
  g_assert_nonnull (strstr (text, bobbin_job_get_title (BOBBIN_JOB (monitor))));
  g_assert_nonnull (strstr (text, "State: Up since "));
  g_assert_nonnull (strstr (text, "Warning limit: 90%"));
  g_assert_nonnull (strstr (text, "7 days: "));
  g_free (text);

  gtk_widget_activate_action (details, "monitor.copy-report", NULL);
  copied = ui_dup_copied (GTK_WINDOW (ui->window));
  text = bobbin_monitor_details_to_text (BOBBIN_MONITOR_DETAILS (details));
  g_assert_cmpstr (copied, ==, text);
}

/* One view for all monitors, and none for one that is gone. */
static void
test_another (UiFixture *ui)
{
  BobbinMonitor *first = add_monitor (ui, "memory");
  BobbinMonitor *second = add_monitor (ui, "cpu");
  GtkWidget *details = open_details (ui, first);
  GtkWidget *pane = ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_DETAILS_PANE);
  g_autoptr (BobbinJob) shown = NULL;

  bobbin_window_show_details (ui->window, BOBBIN_JOB (second));
  g_assert_true (ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_MONITOR_DETAILS) == details);
  g_object_get (details, "job", &shown, NULL);
  g_assert_true (shown == BOBBIN_JOB (second));
  g_clear_object (&shown);

  bobbin_window_close_details (ui->window);
  ui_wait (!gtk_widget_get_mapped (pane));
  g_object_get (details, "job", &shown, NULL);
  g_assert_null (shown);
}

/* Beside the list they are of what is selected there. */
static void
test_selection (UiFixture *ui)
{
  BobbinMonitor *first = add_monitor (ui, "memory");
  BobbinMonitor *second = add_monitor (ui, "cpu");
  GtkWidget *page = ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_MONITORS_PAGE);
  BobbinJobList *list = BOBBIN_JOB_LIST (ui_find_type (page, BOBBIN_TYPE_JOB_LIST));
  GtkSelectionModel *selection = bobbin_job_list_get_selection (list);
  BobbinDetailsPane *pane =
    BOBBIN_DETAILS_PANE (ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_DETAILS_PANE));

  gtk_selection_model_select_item (selection, 0, TRUE);
  g_assert_null (bobbin_details_pane_get_job (pane));

  open_details (ui, first);
  gtk_selection_model_select_item (selection, 1, TRUE);
  g_assert_true (bobbin_details_pane_get_job (pane) == BOBBIN_JOB (second));
  gtk_selection_model_select_all (selection);
  g_assert_true (bobbin_details_pane_get_job (pane) == BOBBIN_JOB (second));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/monitor-details/state", test_state);
  ui_test_add ("/ui/monitor-details/pause", test_pause);
  ui_test_add ("/ui/monitor-details/test-now", test_test_now);
  ui_test_add ("/ui/monitor-details/range", test_range);
  ui_test_add ("/ui/monitor-details/phases", test_phases);
  ui_test_add ("/ui/monitor-details/narrow", test_narrow);
  ui_test_add ("/ui/monitor-details/resize", test_resize);
  ui_test_add ("/ui/monitor-details/report", test_report);
  ui_test_add ("/ui/monitor-details/tags", test_tags);
  ui_test_add ("/ui/monitor-details/another", test_another);
  ui_test_add ("/ui/monitor-details/selection", test_selection);

  return g_test_run ();
}
