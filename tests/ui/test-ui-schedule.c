/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The schedule: how it is painted, what it does to downloads, and where that is said.
 */
#include "config.h"

#include "bobbin-preferences.h"
#include "bobbin-schedule-dialog.h"
#include "bobbin-schedule-grid.h"
#include "bobbin-status-bar.h"
#include "bobbin-switch-row.h"
#include "ui-fixture.h"
#include "ui-keys.h"

#define STOPPED   "ssssssssssssssssssssssss"
#define LIMITED   "llllllllllllllllllllllll"
#define WEEK(day) day " " day " " day " " day " " day " " day " " day

static GtkWindow *
find_toplevel (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type) && gtk_widget_get_mapped (GTK_WIDGET (window)))
        return window;
    }

  return NULL;
}

/* By the way that a user goes. */
static GtkWidget *
open_schedule (UiFixture *ui)
{
  GtkWindow *preferences, *schedule;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "preferences", NULL);
  preferences = ui_find_dialog (ui);
  ui_watch (ui, preferences);
  g_assert_true (
    gtk_widget_activate_action (GTK_WIDGET (preferences), "preferences.schedule", NULL));
  ui_wait ((schedule = find_toplevel (BOBBIN_TYPE_SCHEDULE_DIALOG)) != NULL);
  ui_watch (ui, schedule);
  g_assert_true (gtk_window_get_transient_for (schedule) == preferences);

  return GTK_WIDGET (schedule);
}

static char
get_letter (UiFixture *ui, guint day, guint hour)
{
  g_autofree char *text =
    g_settings_get_string (bobbin_application_get_settings (ui->app), "schedule");

  return *text != '\0' ? text[day * 25 + hour] : 'f';
}

static gboolean
is_named (GtkWidget *cell, const char *name)
{
  g_autofree char *difference =
    gtk_test_accessible_check_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, name);

  return difference == NULL;
}

static void
choose_brush (GtkWidget *dialog, const char *name)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (ui_find_button (dialog, name)), TRUE);
}

static void
test_paint (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  GtkWidget *dialog = open_schedule (ui);
  BobbinScheduleGrid *grid =
    BOBBIN_SCHEDULE_GRID (ui_find_type (dialog, BOBBIN_TYPE_SCHEDULE_GRID));
  GtkWidget *cell = bobbin_schedule_grid_get_cell (grid, 2, 7);

  g_assert_true (is_named (cell, "Wednesday, 07:00: Full Speed"));
  gtk_widget_grab_focus (cell);
  g_assert_true (gtk_widget_is_focus (cell));
  gtk_widget_activate_action (GTK_WIDGET (grid), "schedule.paint", NULL);
  g_assert_cmpint (get_letter (ui, 2, 7), ==, 's');
  g_assert_true (is_named (cell, "Wednesday, 07:00: Stopped"));

  choose_brush (dialog, "Limited");
  gtk_widget_activate_action (GTK_WIDGET (grid), "schedule.paint-day", NULL);
  g_assert_cmpint (get_letter (ui, 2, 0), ==, 'l');
  g_assert_cmpint (get_letter (ui, 2, 23), ==, 'l');
  g_assert_cmpint (get_letter (ui, 3, 0), ==, 'f');
  choose_brush (dialog, "Full Speed");
  gtk_widget_activate_action (GTK_WIDGET (grid), "schedule.paint-hour", NULL);
  g_assert_cmpint (get_letter (ui, 2, 7), ==, 'f');
  g_assert_cmpint (get_letter (ui, 2, 8), ==, 'l');
  bobbin_schedule_grid_paint (grid, 6, 5, 5, 3);
  g_assert_cmpint (get_letter (ui, 2, 7), ==, 'f');

  /* it follows what others set */
  g_settings_set_string (settings, "schedule", WEEK (STOPPED));
  g_assert_true (is_named (cell, "Wednesday, 07:00: Stopped"));

  /* one stop for the Tab key, which comes back to where it was */
  g_assert_true (gtk_widget_child_focus (GTK_WIDGET (grid), GTK_DIR_TAB_FORWARD) == FALSE);
  gtk_window_set_focus (GTK_WINDOW (dialog), NULL);
  g_assert_true (gtk_widget_child_focus (GTK_WIDGET (grid), GTK_DIR_TAB_FORWARD));
  g_assert_true (gtk_widget_is_focus (cell));
  gtk_window_close (GTK_WINDOW (dialog));
}

static void
press (GtkWidget *dialog, guint key, GdkModifierType modifiers)
{
  g_assert_true (ui_press_key (GTK_WINDOW (dialog), key, modifiers));
}

/* With Shift they paint what they pass over. At the edges they stay. */
static void
test_keys (UiFixture *ui)
{
  GtkWidget *dialog = open_schedule (ui);
  BobbinScheduleGrid *grid =
    BOBBIN_SCHEDULE_GRID (ui_find_type (dialog, BOBBIN_TYPE_SCHEDULE_GRID));

  gtk_widget_grab_focus (bobbin_schedule_grid_get_cell (grid, 0, 0));
  press (dialog, GDK_KEY_Up, 0);
  press (dialog, GDK_KEY_Left, 0);
  press (dialog, GDK_KEY_Right, 0);
  press (dialog, GDK_KEY_Down, 0);
  g_assert_true (gtk_widget_is_focus (bobbin_schedule_grid_get_cell (grid, 1, 1)));
  g_assert_cmpint (get_letter (ui, 1, 1), ==, 'f');
  press (dialog, GDK_KEY_Right, GDK_SHIFT_MASK);
  press (dialog, GDK_KEY_Down, GDK_SHIFT_MASK);
  g_assert_cmpint (get_letter (ui, 1, 1), ==, 's');
  g_assert_cmpint (get_letter (ui, 2, 1), ==, 's');
  g_assert_cmpint (get_letter (ui, 2, 2), ==, 's');
  g_assert_cmpint (get_letter (ui, 1, 2), ==, 'f');
  press (dialog, GDK_KEY_End, 0);
  g_assert_true (gtk_widget_is_focus (bobbin_schedule_grid_get_cell (grid, 2, 23)));
  press (dialog, GDK_KEY_space, 0);
  g_assert_cmpint (get_letter (ui, 2, 23), ==, 's');
  gtk_window_close (GTK_WINDOW (dialog));
}

/* A day, or an hour on all of them. */
static void
test_headers (UiFixture *ui)
{
  GtkWidget *dialog = open_schedule (ui);

  g_signal_emit_by_name (ui_find_button (dialog, "Wednesday"), "clicked");
  g_assert_cmpint (get_letter (ui, 2, 0), ==, 's');
  g_assert_cmpint (get_letter (ui, 2, 23), ==, 's');
  g_assert_cmpint (get_letter (ui, 1, 7), ==, 'f');
  g_signal_emit_by_name (ui_find_button (dialog, "07:00"), "clicked");
  g_assert_cmpint (get_letter (ui, 0, 7), ==, 's');
  g_assert_cmpint (get_letter (ui, 6, 7), ==, 's');
  g_assert_cmpint (get_letter (ui, 6, 8), ==, 'f');
  gtk_window_close (GTK_WINDOW (dialog));
}

/* The rows of the dialog are two sides of the settings. */
static void
test_rows (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  GtkWidget *dialog = open_schedule (ui);
  GtkWidget *enabled = ui_find_titled (dialog, "_Use Schedule");
  GtkWidget *spin = ui_find_type (ui_find_titled (dialog, "Limited _Speed"), GTK_TYPE_SPIN_BUTTON);

  g_assert_false (bobbin_switch_row_get_active (BOBBIN_SWITCH_ROW (enabled)));
  bobbin_switch_row_set_active (BOBBIN_SWITCH_ROW (enabled), TRUE);
  g_assert_true (g_settings_get_boolean (settings, "use-schedule"));
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (spin)), ==, 500);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), 120);
  g_assert_cmpuint (g_settings_get_uint64 (settings, "schedule-limit-rate"), ==, 120000);

  g_settings_set_string (settings, "schedule", WEEK (LIMITED));
  g_assert_cmpint (bobbin_rate_limiter_get_rate (bobbin_rate_limiter_get_global ()), ==, 120000);
  ui_wait (ui_has_label (dialog, "Limited by the schedule"));
  ui_wait (ui_has_label (ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_STATUS_BAR),
                         "Limited by the schedule"));
  g_settings_set_boolean (settings, "use-schedule", FALSE);
  g_assert_cmpint (bobbin_rate_limiter_get_rate (bobbin_rate_limiter_get_global ()), ==, 0);
}

/* What runs waits, and says why; one is started all the same. */
static void
test_stop (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  BobbinJob *first, *second;

  bobbin_test_server_set (ui->server, "/a.bin",
                          &(BobbinTestFile){ .length = 200000,
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = 100000 });
  bobbin_test_server_set (ui->server, "/b.bin",
                          &(BobbinTestFile){ .length = 200000,
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = 100000 });
  first = ui_add (ui, "/a.bin");
  second = ui_add (ui, "/b.bin");
  ui_wait (bobbin_job_get_bytes (first) > 0 && bobbin_job_get_bytes (second) > 0);
  g_assert_false (ui_can (GTK_WIDGET (ui_find_row (ui, first)), "job.start-now"));

  g_settings_set_string (settings, "schedule", WEEK (STOPPED));
  g_settings_set_boolean (settings, "use-schedule", TRUE);
  ui_wait (ui_has_state (first, BOBBIN_JOB_QUEUED) && ui_has_state (second, BOBBIN_JOB_QUEUED));
  ui_wait (ui_has_label (GTK_WIDGET (ui_find_row (ui, first)), "Waiting for the schedule"));
  ui_wait (ui_has_label (ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_STATUS_BAR),
                         "2 waiting · Stopped by the schedule"));

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 200000 });
  bobbin_test_server_set (ui->server, "/b.bin", &(BobbinTestFile){ .length = 200000 });
  ui_act (first, ui, "job.start-now");
  ui_wait (ui_has_state (first, BOBBIN_JOB_DONE));
  g_assert_true (ui_has_state (second, BOBBIN_JOB_QUEUED));

  g_settings_set_boolean (settings, "use-schedule", FALSE);
  ui_wait (ui_has_state (second, BOBBIN_JOB_DONE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/schedule/paint", test_paint);
  ui_test_add ("/ui/schedule/keys", test_keys);
  ui_test_add ("/ui/schedule/headers", test_headers);
  ui_test_add ("/ui/schedule/rows", test_rows);
  ui_test_add ("/ui/schedule/stop", test_stop);

  return g_test_run ();
}
