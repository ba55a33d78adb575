/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings of transfers: what the engine makes of them, and the ways to change them.
 */
#include "config.h"

#include "bobbin-folder-row.h"
#include "bobbin-host-gate.h"
#include "bobbin-network.h"
#include "bobbin-preferences.h"
#include "bobbin-rate-limiter.h"
#include "bobbin-switch-row.h"
#include "ui-fixture.h"

static gint64
get_rate (void)
{
  return bobbin_rate_limiter_get_rate (bobbin_rate_limiter_get_global ());
}

static void
test_connections (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  BobbinJob *job;
  gboolean waits;
  guint n;

  g_settings_set_uint (settings, "connections", 3);
  job = ui_add (ui, "/a.bin");
  g_object_get (job, "connections", &n, "wait-for-space", &waits, NULL);
  g_assert_cmpuint (n, ==, 3);
  g_assert_true (waits);

  g_assert_cmpuint (bobbin_host_gate_get_limit (bobbin_host_gate_get_default ()), ==, 16);
  g_settings_set_uint (settings, "connections-per-host", 2);
  g_assert_cmpuint (bobbin_host_gate_get_limit (bobbin_host_gate_get_default ()), ==, 2);
}

/* The menu's item and the preferences are two sides of the same. */
static void
test_limit (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  GActionGroup *actions = G_ACTION_GROUP (ui->app);
  g_autoptr (GVariant) on = NULL;

  g_assert_cmpint (get_rate (), ==, 0);
  g_action_group_activate_action (actions, "limit-speed", NULL);
  on = g_action_group_get_action_state (actions, "limit-speed");
  g_assert_true (g_variant_get_boolean (on));
  g_assert_cmpint (get_rate (), ==, 1000000);
  g_settings_set_uint64 (settings, "limit-rate", 250000);
  g_assert_cmpint (get_rate (), ==, 250000);
  g_action_group_activate_action (actions, "limit-speed", NULL);
  g_assert_cmpint (get_rate (), ==, 0);
}

static GtkSpinButton *
find_spin (GtkWindow *dialog, const char *title)
{
  return GTK_SPIN_BUTTON (
    ui_find_type (ui_find_titled (GTK_WIDGET (dialog), title), GTK_TYPE_SPIN_BUTTON));
}

static void
test_preferences (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  AdwExpanderRow *limit;
  GtkWindow *dialog;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "preferences", NULL);
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);

  gtk_spin_button_set_value (find_spin (dialog, "_Connections for a File"), 5);
  g_assert_cmpuint (g_settings_get_uint (settings, "connections"), ==, 5);
  gtk_spin_button_set_value (find_spin (dialog, "Connections to a _Server"), 7);
  g_assert_cmpuint (g_settings_get_uint (settings, "connections-per-host"), ==, 7);

  limit = ADW_EXPANDER_ROW (ui_find_titled (GTK_WIDGET (dialog), "_Limit Speed"));
  g_assert_false (adw_expander_row_get_enable_expansion (limit));
  adw_expander_row_set_enable_expansion (limit, TRUE);
  g_assert_cmpfloat (gtk_spin_button_get_value (find_spin (dialog, "_Kilobytes a Second")), ==,
                     1000);
  gtk_spin_button_set_value (find_spin (dialog, "_Kilobytes a Second"), 120);
  g_assert_cmpint (get_rate (), ==, 120000);
  gtk_window_close (dialog);
}

/* Each row changes its setting, and follows it. */
static void
test_switches (UiFixture *ui)
{
  static const struct
  {
    const char *title;
    const char *key;
  } rows[] = {
    { "_Run in the Background", "run-in-background" },
    { "Start Monitors at _Log-in", "autostart" },
    { "_Finished Downloads", "notify-finished" },
    { "Failed _Downloads", "notify-failed" },
    { "Monitor _Alerts", "notify-alarms" },
    { "_Offer Copied Addresses", "offer-clipboard" },
  };
  GSettings *settings = bobbin_application_get_settings (ui->app);
  GtkWindow *dialog;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "preferences", NULL);
  dialog = ui_find_dialog (ui);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      BobbinSwitchRow *row =
        BOBBIN_SWITCH_ROW (ui_find_titled (GTK_WIDGET (dialog), rows[i].title));
      const gboolean on = g_settings_get_boolean (settings, rows[i].key);

      g_assert_cmpint (bobbin_switch_row_get_active (row), ==, on);
      bobbin_switch_row_set_active (row, !on);
      g_assert_cmpint (g_settings_get_boolean (settings, rows[i].key), ==, !on);
      g_settings_set_boolean (settings, rows[i].key, on);
      g_assert_cmpint (bobbin_switch_row_get_active (row), ==, on);
    }
}

static void
test_numbers (UiFixture *ui)
{
  static const struct
  {
    const char *title;
    const char *key;
  } rows[] = {
    { "_Simultaneous Downloads", "max-transfers" },
    { "_Connections for a File", "connections" },
    { "Connections to a _Server", "connections-per-host" },
    { "_Timeout", "timeout" },
    { "_Further Tries", "retries" },
  };
  GSettings *settings = bobbin_application_get_settings (ui->app);
  GtkWindow *dialog;
  BobbinJob *job;
  guint timeout, retries;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "preferences", NULL);
  dialog = ui_find_dialog (ui);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gtk_spin_button_set_value (find_spin (dialog, rows[i].title), 21 + i);
      g_assert_cmpuint (g_settings_get_uint (settings, rows[i].key), ==, 21 + i);
    }
  gtk_spin_button_set_value (find_spin (dialog, "_Interval"), 2.5);
  g_assert_cmpfloat (g_settings_get_double (settings, "monitor-interval"), ==, 2.5);

  job = ui_add (ui, "/a.bin");
  g_object_get (job, "timeout", &timeout, "retries", &retries, NULL);
  g_assert_cmpuint (timeout, ==, 24);
  g_assert_cmpuint (retries, ==, 25);
}

static gboolean
does_nothing (UiFixture *ui)
{
  g_autoptr (GVariant) state =
    g_action_group_get_action_state (G_ACTION_GROUP (ui->app), "after-all");

  return g_str_equal (g_variant_get_string (state, NULL), "nothing");
}

/* What is to be done in the end by default, unless it is chosen for one time. Nobody suspends this
 * computer: that is not offered, nor what is set where it was. */
static void
test_after_all (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  AdwComboRow *row;
  GtkWindow *dialog;
  g_autofree char *value = NULL;
  g_autoptr (GVariant) state = NULL;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "preferences", NULL);
  dialog = ui_find_dialog (ui);
  row = ADW_COMBO_ROW (ui_find_titled (GTK_WIDGET (dialog), "_When All Are Done"));
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (row)), ==, 2);
  adw_combo_row_set_selected (row, 1);
  value = g_settings_get_string (settings, "after-all");
  g_assert_cmpstr (value, ==, "quit");
  state = g_action_group_get_action_state (G_ACTION_GROUP (ui->app), "after-all");
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "quit");
  g_settings_set_string (settings, "after-all", "nothing");
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);

  g_settings_set_string (settings, "after-all", "suspend");
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  ui_wait (does_nothing (ui));
}

static AdwMessageDialog *
find_question (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return ADW_MESSAGE_DIALOG (window);
    }

  return NULL;
}

static void
answer (const char *button)
{
  AdwMessageDialog *question;

  ui_wait ((question = find_question ()) != NULL);
  g_signal_emit_by_name (ui_find_button (GTK_WIDGET (question), button), "clicked");
  g_assert_null (find_question ());
}

/* More is kept at once, less only when one has said so. */
static void
test_keep_history (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  AdwComboRow *row;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "preferences", NULL);
  row = ADW_COMBO_ROW (ui_find_titled (GTK_WIDGET (ui_find_dialog (ui)), "_Keep History"));
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  adw_combo_row_set_selected (row, 2);
  g_assert_cmpint (g_settings_get_enum (settings, "keep-history"), ==, 0);
  answer ("_Cancel");
  g_assert_cmpint (g_settings_get_enum (settings, "keep-history"), ==, 0);
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  for (guint i = 1; i < g_list_model_get_n_items (adw_combo_row_get_model (row)); i++)
    {
      adw_combo_row_set_selected (row, i);
      answer ("_Delete");
      g_assert_cmpint (g_settings_get_enum (settings, "keep-history"), ==, (int) i);
    }
  adw_combo_row_set_selected (row, 1);
  g_assert_null (find_question ());
  g_assert_cmpint (g_settings_get_enum (settings, "keep-history"), ==, 1);
}

static void
press_enter (GtkSpinButton *spin)
{
  g_signal_emit_by_name (gtk_editable_get_delegate (GTK_EDITABLE (spin)), "activate");
}

/* “1” is on the way to “14”. */
static void
test_keep_found (UiFixture *ui)
{
  static const struct
  {
    const char *title;
    const char *key;
  } rows[] = {
    { "_Every Check", "history-raw-hours" },
    { "Each _Minute", "history-minute-days" },
    { "Each _Hour", "history-hour-days" },
  };
  GSettings *settings = bobbin_application_get_settings (ui->app);
  GtkWindow *dialog;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "preferences", NULL);
  dialog = ui_find_dialog (ui);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GtkSpinButton *spin = find_spin (dialog, rows[i].title);
      const guint before = g_settings_get_uint (settings, rows[i].key);

      gtk_spin_button_set_value (spin, 1);
      g_assert_cmpuint (g_settings_get_uint (settings, rows[i].key), ==, before);
      g_assert_null (find_question ());
      press_enter (spin);
      answer ("_Cancel");
      g_assert_cmpuint (g_settings_get_uint (settings, rows[i].key), ==, before);
      g_assert_cmpint (gtk_spin_button_get_value_as_int (spin), ==, (int) before);

      gtk_spin_button_set_value (spin, 1);
      gtk_spin_button_set_value (spin, 14);
      press_enter (spin);
      answer ("_Delete");
      g_assert_cmpuint (g_settings_get_uint (settings, rows[i].key), ==, 14);
      gtk_spin_button_set_value (spin, 400);
      g_assert_null (find_question ());
      g_assert_cmpuint (g_settings_get_uint (settings, rows[i].key), ==, 400);
    }
}

/* What nobody has been asked about yet is when the window closes. */
static void
test_keep_close (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  GtkWindow *dialog;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "preferences", NULL);
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  gtk_spin_button_set_value (find_spin (dialog, "Each _Minute"), 7);
  gtk_window_close (dialog);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (dialog)));
  g_assert_cmpuint (g_settings_get_uint (settings, "history-minute-days"), ==, 30);
  answer ("_Delete");
  g_assert_cmpuint (g_settings_get_uint (settings, "history-minute-days"), ==, 7);
}

/* It is shown wherever it was set, and what is empty stays so. */
static void
test_folder (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  g_autofree char *before = g_settings_get_string (settings, "download-folder");
  g_autofree char *usual = NULL;
  g_autofree char *after = NULL;
  BobbinFolderRow *row;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "preferences", NULL);
  row = BOBBIN_FOLDER_ROW (ui_find_type (GTK_WIDGET (ui_find_dialog (ui)), BOBBIN_TYPE_FOLDER_ROW));
  g_settings_set_string (settings, "download-folder", "/tmp");
  g_assert_cmpstr (bobbin_folder_row_get_folder (row), ==, "/tmp");
  g_settings_set_string (settings, "download-folder", "");
  usual = bobbin_application_dup_folder (ui->app);
  g_assert_cmpstr (bobbin_folder_row_get_folder (row), ==, usual);
  after = g_settings_get_string (settings, "download-folder");
  g_assert_cmpstr (after, ==, "");
  bobbin_folder_row_set_folder (row, "/tmp");
  g_clear_pointer (&after, g_free);
  after = g_settings_get_string (settings, "download-folder");
  g_assert_cmpstr (after, ==, "/tmp");
  g_settings_set_string (settings, "download-folder", before);
}

static GSettings *old_settings;
static GAction *old_action;

static void
play_old (UiFixture *ui)
{
  old_settings = g_object_ref (bobbin_application_get_settings (ui->app));
  old_action = g_object_ref (g_action_map_lookup_action (G_ACTION_MAP (ui->app), "limit-speed"));
}

/* An application that has ended hears no more of its settings, whoever still holds what. */
static void
test_ended (void)
{
  g_autoptr (GVariant) state = NULL;

  ui_run (play_old, NULL);
  g_settings_set_boolean (old_settings, "limit-speed", TRUE);
  state = g_action_get_state (old_action);
  g_assert_false (g_variant_get_boolean (state));
  g_settings_reset (old_settings, "limit-speed");
  g_clear_object (&old_action);
  g_assert_finalize_object (g_steal_pointer (&old_settings));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* As in a sandbox. */
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);

  ui_test_add ("/ui/settings/connections", test_connections);
  ui_test_add ("/ui/settings/limit", test_limit);
  ui_test_add ("/ui/settings/preferences", test_preferences);
  ui_test_add ("/ui/settings/switches", test_switches);
  ui_test_add ("/ui/settings/numbers", test_numbers);
  ui_test_add ("/ui/settings/after-all", test_after_all);
  ui_test_add ("/ui/settings/folder", test_folder);
  ui_test_add ("/ui/settings/keep/history", test_keep_history);
  ui_test_add ("/ui/settings/keep/found", test_keep_found);
  ui_test_add ("/ui/settings/keep/close", test_keep_close);
  g_test_add_func ("/ui/settings/ended", test_ended);

  return g_test_run ();
}
