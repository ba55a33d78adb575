/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings of transfers: what the engine makes of them, and the ways to change them.
 */
#include "config.h"

#include "bobbin-host-gate.h"
#include "bobbin-network.h"
#include "bobbin-preferences.h"
#include "bobbin-rate-limiter.h"
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/settings/connections", test_connections);
  ui_test_add ("/ui/settings/limit", test_limit);
  ui_test_add ("/ui/settings/preferences", test_preferences);

  return g_test_run ();
}
