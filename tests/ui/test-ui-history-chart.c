/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The chart of a history: what it reads, when it draws, and what a person can read on it.
 */
#include "config.h"

#include <math.h>

#include "bobbin-application-private.h"
#include "bobbin-history-chart.h"
#include "bobbin-verdict.h"
#include "ui-fixture.h"

#define N_SAMPLES 60

static void
judge (BobbinMonitor *monitor, gint64 time, BobbinHealth health, double value)
{
  const BobbinSample sample = { .value = value };
  const BobbinVerdict verdict = {
    .time = time,
    .duration = BOBBIN_ROLLUP_SECOND,
    .health = health,
    .believed = health,
    .sample = isnan (value) ? NULL : &sample,
  };

  g_signal_emit_by_name (monitor, "judged", &verdict);
}

/* A monitor that never runs, with a minute of the past: up, then down for ten seconds. */
static BobbinMonitor *
add_monitor (UiFixture *ui)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
  const gint64 now = g_get_real_time ();
  BobbinMonitor *monitor = BOBBIN_MONITOR (bobbin_monitor_new ("cpu", NULL));

  g_ptr_array_add (jobs, monitor);
  bobbin_queue_keeper_add_async (bobbin_application_get_keeper (ui->app), jobs, FALSE, NULL, NULL);
  ui_get_job (ui, 0);
  ui_watch (ui, monitor);
  for (int i = N_SAMPLES; i > 0; i--)
    judge (monitor, now - i * BOBBIN_ROLLUP_SECOND, i > 10 ? BOBBIN_HEALTH_UP : BOBBIN_HEALTH_DOWN,
           i > 10 ? 42 : NAN);

  return monitor;
}

static BobbinHistoryChart *
show_chart (UiFixture *ui, BobbinMonitor *monitor)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  GtkWidget *chart = g_object_new (BOBBIN_TYPE_HISTORY_CHART, NULL);

  ui_watch (ui, chart);
  gtk_window_set_child (window, chart);
  gtk_window_set_default_size (window, 400, 200);
  gtk_window_set_transient_for (window, GTK_WINDOW (ui->window));
  gtk_window_set_destroy_with_parent (window, TRUE);
  gtk_window_present (window);
  bobbin_history_chart_set_monitor (BOBBIN_HISTORY_CHART (chart),
                                    bobbin_application_get_history (ui->app), monitor);
  ui_wait (bobbin_history_chart_get_n_read (BOBBIN_HISTORY_CHART (chart)) > 0);

  return BOBBIN_HISTORY_CHART (chart);
}

static gboolean
try_key (GtkWidget *widget, GListModel *shortcuts, guint key)
{
  for (guint i = 0; i < g_list_model_get_n_items (shortcuts); i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, i);
      GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

      if (GTK_IS_KEYVAL_TRIGGER (trigger) &&
          gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key)
        return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                             gtk_shortcut_get_arguments (shortcut));
    }

  return FALSE;
}

static void
press (BobbinHistoryChart *chart, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (chart));
  gboolean pressed = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !pressed; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_SHORTCUT_CONTROLLER (controller))
        pressed = try_key (GTK_WIDGET (chart), G_LIST_MODEL (controller), key);
    }
  g_assert_true (pressed);
}

static void
assert_reads (BobbinHistoryChart *chart, const char *end)
{
  const char *reading = bobbin_history_chart_get_reading (chart);
  g_autofree char *difference = NULL;

  g_assert_nonnull (reading);
  if (!g_str_has_suffix (reading, end))
    g_error ("“%s” does not end with “%s”", reading, end);
  difference = gtk_test_accessible_check_property (GTK_ACCESSIBLE (chart),
                                                   GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, reading);
  g_assert_null (difference);
}

static void
assert_described (BobbinHistoryChart *chart, const char *expected)
{
  g_autofree char *difference =
    gtk_test_accessible_check_property (GTK_ACCESSIBLE (chart), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                        expected);

  g_assert_null (difference);
}

/* The keys go from bucket to bucket, and no further than they are. Of the first there may be no
 * more than what its sample stands for. */
static void
test_keys (UiFixture *ui)
{
  BobbinHistoryChart *chart = show_chart (ui, add_monitor (ui));

  g_assert_null (bobbin_history_chart_get_reading (chart));
  press (chart, GDK_KEY_Home);
  press (chart, GDK_KEY_Right);
  assert_reads (chart, " · 42% · Up");
  press (chart, GDK_KEY_End);
  assert_reads (chart, " · Down");
  press (chart, GDK_KEY_Right);
  assert_reads (chart, " · Down");
  for (int i = 0; i < N_SAMPLES; i++)
    press (chart, GDK_KEY_Left);
  press (chart, GDK_KEY_Right);
  assert_reads (chart, " · 42% · Up");
}

static GtkEventController *
find_motion (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_MOTION (controller))
        return controller;
    }

  g_assert_not_reached ();
}

/* A pointer that passes over the chart takes nothing from the keyboard. */
static void
test_pointer (UiFixture *ui)
{
  BobbinHistoryChart *chart = show_chart (ui, add_monitor (ui));
  GtkEventController *motion = find_motion (GTK_WIDGET (chart));
  g_autofree char *reading = NULL;

  g_signal_emit_by_name (motion, "motion", 0.0, 0.0);
  g_assert_nonnull (bobbin_history_chart_get_reading (chart));
  g_signal_emit_by_name (motion, "leave");
  g_assert_null (bobbin_history_chart_get_reading (chart));

  press (chart, GDK_KEY_End);
  reading = g_strdup (bobbin_history_chart_get_reading (chart));
  g_signal_emit_by_name (motion, "motion", 0.0, 0.0);
  g_assert_cmpstr (bobbin_history_chart_get_reading (chart), !=, reading);
  g_signal_emit_by_name (motion, "leave");
  g_assert_cmpstr (bobbin_history_chart_get_reading (chart), ==, reading);
}

static void
test_description (UiFixture *ui)
{
  BobbinHistoryChart *chart = show_chart (ui, add_monitor (ui));

  assert_described (chart, "Between 42% and 42%");
}

/* Samples that make no difference to be seen are neither read nor drawn. */
static void
test_thrift (UiFixture *ui)
{
  BobbinMonitor *monitor = add_monitor (ui);
  BobbinHistoryChart *chart = show_chart (ui, monitor);
  guint n_drawn;

  ui_wait (bobbin_history_chart_get_n_drawn (chart) > 0);
  n_drawn = bobbin_history_chart_get_n_drawn (chart);
  for (int i = 0; i < 100; i++)
    {
      g_signal_emit_by_name (monitor, "sampled");
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (bobbin_history_chart_get_n_read (chart), ==, 1);
  g_assert_cmpuint (bobbin_history_chart_get_n_drawn (chart), <=, n_drawn + 2);
}

/* Nothing is read for a chart that nobody sees; all of it when it is seen again. */
static void
test_hidden (UiFixture *ui)
{
  BobbinMonitor *monitor = add_monitor (ui);
  BobbinHistoryChart *chart = show_chart (ui, monitor);
  guint n_read, n_drawn;

  gtk_widget_set_visible (GTK_WIDGET (chart), FALSE);
  n_read = bobbin_history_chart_get_n_read (chart);
  n_drawn = bobbin_history_chart_get_n_drawn (chart);
  g_object_set (chart, "range", "1-year", NULL);
  g_signal_emit_by_name (monitor, "sampled");
  for (int i = 0; i < 100; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (bobbin_history_chart_get_n_read (chart), ==, n_read);
  g_assert_cmpuint (bobbin_history_chart_get_n_drawn (chart), ==, n_drawn);

  gtk_widget_set_visible (GTK_WIDGET (chart), TRUE);
  ui_wait (bobbin_history_chart_get_n_read (chart) == n_read + 1);
}

/* Another range is read at once; what was asked about the one before is not taken. */
static void
test_ranges (UiFixture *ui)
{
  static const char *const ranges[] = { "24-hours", "7-days", "30-days", "1-year", "1-hour" };
  BobbinHistoryChart *chart = show_chart (ui, add_monitor (ui));

  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      const guint n_read = bobbin_history_chart_get_n_read (chart);

      g_object_set (chart, "range", "7-days", "range", ranges[i], NULL);
      ui_wait (bobbin_history_chart_get_n_read (chart) > n_read);
      assert_described (chart, "Between 42% and 42%");
    }
}

/* What is on its way when there is no chart any more goes nowhere. */
static void
test_gone (UiFixture *ui)
{
  BobbinHistoryChart *chart = show_chart (ui, add_monitor (ui));

  g_object_set (chart, "range", "1-year", NULL);
  bobbin_history_chart_set_monitor (chart, NULL, NULL);
  g_assert_null (bobbin_history_chart_get_reading (chart));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/history-chart/keys", test_keys);
  ui_test_add ("/ui/history-chart/pointer", test_pointer);
  ui_test_add ("/ui/history-chart/description", test_description);
  ui_test_add ("/ui/history-chart/thrift", test_thrift);
  ui_test_add ("/ui/history-chart/hidden", test_hidden);
  ui_test_add ("/ui/history-chart/ranges", test_ranges);
  ui_test_add ("/ui/history-chart/gone", test_gone);

  return g_test_run ();
}
