/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The app and the session that it is in: what keeps the computer awake, what is done with it when
 * all is downloaded, and what somebody has copied.
 */
#include "config.h"

#include "bobbin-after-all.h"
#include "bobbin-application-private.h"
#include "bobbin-download.h"
#include "bobbin-inhibitor.h"
#include "ui-desktop.h"
#include "ui-fixture.h"

static BobbinJob *
add_stalling (UiFixture *ui, const char *path, guint n_stalled)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, path,
                          &(BobbinTestFile){ .length = 100,
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = 50 });
  job = ui_add (ui, path);
  bobbin_test_server_wait_stalled (ui->server, n_stalled);

  return job;
}

static void
finish (UiFixture *ui, BobbinJob *job, const char *path)
{
  bobbin_test_server_release (ui->server, path);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
}

/* ---- kept awake */

/* Longer than any test takes. */
#define NEVER (G_MAXINT / 2)

static BobbinInhibitor *
get_inhibitor (UiFixture *ui)
{
  return bobbin_application_get_companion (ui->app, BOBBIN_TYPE_INHIBITOR);
}

static void
test_inhibit (UiFixture *ui)
{
  const guint n = ui_desktop_count ("Inhibit");
  const guint n_ended = ui_desktop_count ("Uninhibit");
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  BobbinJob *first, *second;

  bobbin_inhibitor_set_delay (get_inhibitor (ui), 1);
  first = add_stalling (ui, "/a.bin", 1);
  ui_wait (ui_desktop_count ("Inhibit") == n + 1);
  one = ui_desktop_get_latest ("Inhibit");
  g_assert_cmpstr (one, ==, "('" APP_ID "', 0, '1 download is running', 5)");

  second = add_stalling (ui, "/b.bin", 2);
  ui_wait (ui_desktop_count ("Inhibit") == n + 2);
  two = ui_desktop_get_latest ("Inhibit");
  g_assert_cmpstr (two, ==, "('" APP_ID "', 0, '2 downloads are running', 5)");
  ui_wait (ui_desktop_count ("Uninhibit") == n_ended + 1);

  finish (ui, first, "/a.bin");
  finish (ui, second, "/b.bin");
  ui_wait (ui_desktop_count ("Uninhibit") - n_ended == ui_desktop_count ("Inhibit") - n);
}

/* From one download to the next nothing is let go of. */
static void
test_no_flapping (UiFixture *ui)
{
  const guint n = ui_desktop_count ("Inhibit");
  const guint n_ended = ui_desktop_count ("Uninhibit");
  BobbinJob *job;

  bobbin_inhibitor_set_delay (get_inhibitor (ui), NEVER);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.bin", i);

      bobbin_test_server_set (ui->server, path, &(BobbinTestFile){ .length = 100 });
      job = ui_add (ui, path);
      ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
    }
  ui_wait (ui_desktop_count ("Inhibit") == n + 1);
  g_assert_cmpuint (ui_desktop_count ("Uninhibit"), ==, n_ended);
}

/* A session manager that does not answer holds up nothing, not even the end. */
static void
test_silent_session (UiFixture *ui)
{
  const guint n = ui_desktop_count ("Inhibit");

  ui_desktop_hold ();
  add_stalling (ui, "/a.bin", 1);
  ui_wait (ui_desktop_count ("Inhibit") == n + 1);
  bobbin_application_drain (ui->app);
  ui_wait (ui->window == NULL);
  ui_desktop_release ();
}

/* ---- after all are done */

static BobbinAfterAll *
get_after_all (UiFixture *ui)
{
  return bobbin_application_get_companion (ui->app, BOBBIN_TYPE_AFTER_ALL);
}

static void
choose (UiFixture *ui, const char *choice)
{
  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "after-all",
                                  g_variant_new_string (choice));
}

static gboolean
is_chosen (UiFixture *ui, const char *choice)
{
  g_autoptr (GVariant) state =
    g_action_group_get_action_state (G_ACTION_GROUP (ui->app), "after-all");

  return g_str_equal (g_variant_get_string (state, NULL), choice);
}

/* Nothing, to quit, to suspend. */
#define N_USUAL 3

static guint
count_choices (UiFixture *ui)
{
  return g_menu_model_get_n_items (bobbin_after_all_get_menu (get_after_all (ui)));
}

static GtkWindow *
finish_all (UiFixture *ui, const char *choice)
{
  BobbinJob *job = add_stalling (ui, "/a.bin", 1);
  GtkWindow *dialog;

  ui_wait (count_choices (ui) >= N_USUAL);
  choose (ui, choice);
  finish (ui, job, "/a.bin");
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);

  return dialog;
}

static void
test_suspend (UiFixture *ui)
{
  const guint n = ui_desktop_count ("Suspend");
  GtkWindow *dialog = finish_all (ui, "suspend");

  g_assert_cmpstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), ==,
                   "The computer is suspended in 60 seconds.");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "now");
  ui_wait (ui_desktop_count ("Suspend") == n + 1);
  g_assert_true (is_chosen (ui, "nothing"));
}

/* Nobody answers the dialog. */
static void
test_countdown (UiFixture *ui)
{
  const guint n = ui_desktop_count ("Suspend");

  bobbin_after_all_set_countdown (get_after_all (ui), 1);
  finish_all (ui, "suspend");
  ui_wait (ui_desktop_count ("Suspend") == n + 1);
}

static void
test_cancel (UiFixture *ui)
{
  GtkWindow *dialog = finish_all (ui, "quit");

  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_assert_true (is_chosen (ui, "nothing"));
  g_assert_nonnull (ui->window);
}

/* Somebody chooses otherwise while it counts down. */
static void
test_choose_otherwise (UiFixture *ui)
{
  GtkWindow *dialog = finish_all (ui, "suspend");
  GtkWindow *other;

  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  choose (ui, "quit");
  ui_wait (dialog == NULL);
  other = ui_find_dialog (ui);
  g_assert_cmpstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (other)), ==,
                   "Bobbin quits in 60 seconds.");
  g_object_add_weak_pointer (G_OBJECT (other), (gpointer *) &other);
  choose (ui, "nothing");
  ui_wait (other == NULL);
  g_assert_true (is_chosen (ui, "nothing"));
}

static void
test_after_all_quit (UiFixture *ui)
{
  GtkWindow *dialog = finish_all (ui, "quit");

  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "now");
  ui_wait (ui->window == NULL);
}

/* Another download puts it off, and is waited for. */
static void
test_put_off (UiFixture *ui)
{
  GtkWindow *dialog = finish_all (ui, "quit");
  BobbinJob *job;

  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  job = add_stalling (ui, "/b.bin", 1);
  ui_wait (dialog == NULL);
  g_assert_true (is_chosen (ui, "quit"));
  finish (ui, job, "/b.bin");
  ui_watch (ui, ui_find_dialog (ui));
}

static gboolean
has_dialog (UiFixture *ui)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return TRUE;
    }

  return FALSE;
}

/* What somebody stops has not ended by itself. */
static void
test_stopped (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin", 1);

  choose (ui, "quit");
  ui_act (job, ui, "job.stop");
  ui_wait (ui_has_state (job, BOBBIN_JOB_IDLE));
  g_assert_true (is_chosen (ui, "quit"));
  g_assert_false (has_dialog (ui));
}

static gboolean
offers_last (UiFixture *ui, const char *choice)
{
  g_autoptr (GVariant) target =
    g_menu_model_get_item_attribute_value (bobbin_after_all_get_menu (get_after_all (ui)),
                                           count_choices (ui) - 1, G_MENU_ATTRIBUTE_TARGET,
                                           G_VARIANT_TYPE_STRING);

  return g_str_equal (g_variant_get_string (target, NULL), choice);
}

static void
test_power (UiFixture *ui)
{
  ui_wait (offers_last (ui, "shut-down"));
  g_assert_cmpuint (count_choices (ui), ==, N_USUAL + 1);
}

static void
look_at_short_menu (UiFixture *ui)
{
  ui_wait (offers_last (ui, "shut-down"));
  g_assert_cmpuint (count_choices (ui), ==, N_USUAL);
}

/* Nor is it done, and nothing is in its place, whoever has set it. */
static void
set_what_cannot_be (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin", 1);

  g_settings_set_string (bobbin_application_get_settings (ui->app), "after-all", "suspend");
  ui_wait (offers_last (ui, "shut-down"));
  choose (ui, "suspend");
  ui_wait (is_chosen (ui, "nothing"));
  finish (ui, job, "/a.bin");
  g_assert_false (has_dialog (ui));
  g_assert_true (is_chosen (ui, "nothing"));
  g_settings_reset (bobbin_application_get_settings (ui->app), "after-all");
}

/* The preferences offer what the menu does. */
static void
test_preferences (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  g_autofree char *value = NULL;
  AdwComboRow *row;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "preferences", NULL);
  row = ADW_COMBO_ROW (ui_find_titled (GTK_WIDGET (ui_find_dialog (ui)), "_When All Are Done"));
  ui_wait (g_list_model_get_n_items (adw_combo_row_get_model (row)) == N_USUAL + 1);
  adw_combo_row_set_selected (row, 2);
  value = g_settings_get_string (settings, "after-all");
  g_assert_cmpstr (value, ==, "suspend");
  g_assert_true (is_chosen (ui, "suspend"));
  g_settings_reset (settings, "after-all");
}

/* What the computer cannot do is not offered. */
static void
test_no_suspend (void)
{
  ui_desktop_set_suspend (FALSE);
  ui_run (look_at_short_menu, NULL);
  ui_run (set_what_cannot_be, NULL);
  ui_desktop_set_suspend (TRUE);
}

/* ---- what was copied */

#define QUESTION "Download copied address?"

/* As another program does. */
static void
copy (GdkDisplay *other, const char *text)
{
  gdk_clipboard_set_text (gdk_display_get_clipboard (other), text);
  gdk_display_sync (other);
}

static gboolean
has_heard (UiFixture *ui)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (ui->window));

  return !gdk_clipboard_is_local (clipboard);
}

/* Without a window manager the focus does not come and go by itself. */
static void
look_again (UiFixture *ui)
{
  g_object_notify (G_OBJECT (ui->window), "is-active");
}

static void
press_download (UiFixture *ui)
{
  g_signal_emit_by_name (ui_find_button (GTK_WIDGET (ui->window), "_Download"), "clicked");
}

static void
test_copied (UiFixture *ui)
{
  g_autofree char *address = bobbin_test_server_get_uri (ui->server, "/a.bin");
  GdkDisplay *other = gdk_display_open (NULL);

  gtk_window_present (GTK_WINDOW (ui->window));
  ui_wait (bobbin_application_is_looked_at (ui->app));
  copy (other, "no address");
  ui_wait (has_heard (ui));
  look_again (ui);
  copy (other, address);
  look_again (ui);
  ui_wait (ui_has_label (GTK_WIDGET (ui->window), QUESTION));
  press_download (ui);
  g_assert_cmpstr (bobbin_download_get_address (BOBBIN_DOWNLOAD (ui_get_job (ui, 0))), ==, address);
  gdk_display_close (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ui_desktop_serve ();
  ui_desktop_set_suspend (TRUE);

  ui_test_add ("/ui/session/inhibit", test_inhibit);
  ui_test_add ("/ui/session/no-flapping", test_no_flapping);
  ui_test_add ("/ui/session/silent-session", test_silent_session);
  ui_test_add ("/ui/session/suspend", test_suspend);
  ui_test_add ("/ui/session/countdown", test_countdown);
  ui_test_add ("/ui/session/cancel", test_cancel);
  ui_test_add ("/ui/session/choose-otherwise", test_choose_otherwise);
  ui_test_add ("/ui/session/quit", test_after_all_quit);
  ui_test_add ("/ui/session/put-off", test_put_off);
  ui_test_add ("/ui/session/stopped", test_stopped);
  ui_test_add ("/ui/session/power", test_power);
  ui_test_add ("/ui/session/preferences", test_preferences);
  g_test_add_func ("/ui/session/no-suspend", test_no_suspend);
  ui_test_add ("/ui/session/copied", test_copied);

  return g_test_run ();
}
