/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the window has around its lists: the line at its bottom, and the room for details.
 */
#include "config.h"

#include "bobbin-details-pane.h"
#include "bobbin-status-bar.h"
#include "bobbin-window-private.h"
#include "ui-fixture.h"

#define LENGTH 1000

static BobbinJob *
add_stalling (UiFixture *ui, const char *path)
{
  bobbin_test_server_set (ui->server, path,
                          &(BobbinTestFile){ .length = LENGTH,
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = LENGTH / 2 });

  return ui_add (ui, path);
}

static GtkWidget *
find_status_bar (UiFixture *ui)
{
  return ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_STATUS_BAR);
}

/* The speed is left out where there is none, and so is all the rest. */
static void
test_figures (UiFixture *ui)
{
  GtkWidget *bar = find_status_bar (ui);
  BobbinJob *a, *b, *c;

  g_settings_set_uint (bobbin_application_get_settings (ui->app), "max-transfers", 1);
  g_assert_true (ui_has_label (bar, ""));
  a = add_stalling (ui, "/a.bin");
  ui_wait (ui_has_label (bar, "1 running"));
  bobbin_test_server_wait_stalled (ui->server, 1);
  b = add_stalling (ui, "/b.bin");
  c = add_stalling (ui, "/c.bin");
  ui_wait (ui_has_label (bar, "1 running · 2 waiting"));
  bobbin_job_stop_async (c, NULL, NULL);
  bobbin_job_stop_async (b, NULL, NULL);
  ui_wait (ui_has_label (bar, "1 running"));
  bobbin_job_stop_async (a, NULL, NULL);
  ui_wait (ui_has_label (bar, ""));
}

static void
test_speed (UiFixture *ui)
{
  GtkWidget *bar = find_status_bar (ui);
  BobbinJob *job;

  bobbin_test_server_set (ui->server, "/a.bin",
                          &(BobbinTestFile){ .length = 100 * LENGTH, .rate = 100 * LENGTH });
  job = ui_add (ui, "/a.bin");
  ui_wait (bobbin_job_get_rate (job) > 0);
  g_assert_cmpint (bobbin_job_queue_get_rate (bobbin_application_get_queue (ui->app),
                                              BOBBIN_TYPE_JOB),
                   ==, bobbin_job_get_rate (job));
  ui_wait (g_str_has_prefix (gtk_inscription_get_text (
                               GTK_INSCRIPTION (ui_find_type (bar, GTK_TYPE_INSCRIPTION))),
                             "1 running · ↓ "));
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  ui_wait (ui_has_label (bar, ""));
}

static gboolean
is_named (GtkWidget *widget, const char *name)
{
  g_autofree char *difference =
    gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                        name);

  return difference == NULL;
}

static void
test_limit (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  GtkWidget *bar = find_status_bar (ui);
  GtkWidget *button = ui_find_type (bar, GTK_TYPE_MENU_BUTTON);
  GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));

  g_assert_true (is_named (button, "Speed Limit: None"));
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  ui_wait (gtk_widget_get_mapped (popover));
  gtk_switch_set_active (GTK_SWITCH (ui_find_type (popover, GTK_TYPE_SWITCH)), TRUE);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (ui_find_type (popover, GTK_TYPE_SPIN_BUTTON)), 2500);
  g_assert_true (g_settings_get_boolean (settings, "limit-speed"));
  g_assert_cmpuint (g_settings_get_uint64 (settings, "limit-rate"), ==, 2500 * 1000);
  g_assert_true (is_named (button, "Speed Limit: 2.5 MB/s"));
  g_assert_true (ui_has_label (bar, "2.5 MB/s"));

  gtk_popover_popdown (GTK_POPOVER (popover));
  ui_wait (!gtk_widget_get_mapped (popover));
  g_settings_set_boolean (settings, "limit-speed", FALSE);
  g_assert_true (is_named (button, "Speed Limit: None"));
}

/* An empty pane is never shown. */
static void
test_no_details (UiFixture *ui)
{
  GtkWidget *pane = ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_DETAILS_PANE);

  g_assert_false (gtk_widget_get_visible (pane));
  g_assert_null (bobbin_details_pane_get_job (BOBBIN_DETAILS_PANE (pane)));
  g_assert_false (ui_is_enabled (ui, "win.close-details"));
  bobbin_window_close_details (ui->window);
  g_assert_false (gtk_widget_get_visible (pane));
}

static gboolean
has_bar (UiFixture *ui)
{
  return adw_view_switcher_bar_get_reveal (ui->window->switcher_bar);
}

/* The switcher is at the bottom where there is no room at the top. */
static void
test_switcher (UiFixture *ui)
{
  GtkWindow *window = GTK_WINDOW (ui->window);

  g_assert_false (has_bar (ui));
  gtk_window_set_default_size (window, 400, 600);
  ui_wait (has_bar (ui));
  gtk_window_set_default_size (window, 1000, 600);
  ui_wait (!has_bar (ui));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/window/figures", test_figures);
  ui_test_add ("/ui/window/speed", test_speed);
  ui_test_add ("/ui/window/limit", test_limit);
  ui_test_add ("/ui/window/no-details", test_no_details);
  ui_test_add ("/ui/window/switcher", test_switcher);

  return g_test_run ();
}
