/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the app is opened with: lists of addresses, and the actions that its icon has on the
 * desktop.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "bobbin-add-download.h"
#include "bobbin-application-private.h"
#include "bobbin-download.h"
#include "bobbin-monitor-editor.h"
#include "ui-fixture.h"

#define LIST                                                                 \
  "\xef\xbb\xbf# what I want\r\nhttp://127.0.0.1:1/a.bin\r\n\r\n  # later\n" \
  "  http://127.0.0.1:1/b.bin \n"

static char *
write_list (const char *text, gssize length)
{
  char *path = g_build_filename (g_get_user_data_dir (), "list.txt", NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));

  return path;
}

static void
open_path (UiFixture *ui, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_application_open (G_APPLICATION (ui->app), &file, 1, "");
}

static void
assert_address (UiFixture *ui, guint position, const char *address)
{
  BobbinJob *job = ui_get_job (ui, position);

  ui_watch (ui, job);
  g_assert_cmpstr (bobbin_download_get_address (BOBBIN_DOWNLOAD (job)), ==, address);
}

static gboolean
has_toast (UiFixture *ui, const char *text)
{
  return ui_has_label (GTK_WIDGET (ui->window), text);
}

/* ---- lists */

static void
test_list (UiFixture *ui)
{
  g_autofree char *path = write_list (LIST, -1);

  open_path (ui, path);
  assert_address (ui, 0, "http://127.0.0.1:1/a.bin");
  assert_address (ui, 1, "http://127.0.0.1:1/b.bin");
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 2);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* What stands in it is what it says, and no more than an address. */
static void
test_no_address (UiFixture *ui)
{
  g_autofree char *path = write_list ("http://127.0.0.1:1/a.bin\nfile:///etc/passwd\n", -1);

  open_path (ui, path);
  assert_address (ui, 0, "http://127.0.0.1:1/a.bin");
  ui_wait (
    has_toast (ui, "Addresses that begin with “file:” are not supported, only https and http."));
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 1);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_no_list (UiFixture *ui)
{
  g_autofree char *path = write_list ("a\0b", 3);

  open_path (ui, path);
  ui_wait (has_toast (ui, "“list.txt” is not a list of addresses."));
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 0);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* Nobody writes to it, and nobody waits for that. */
static void
test_pipe (UiFixture *ui)
{
  g_autofree char *path = ui_get_path (ui, "pipe");

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  open_path (ui, path);
  ui_wait (has_toast (ui, "“pipe” is not a list of addresses."));
}

static void
test_quit (UiFixture *ui)
{
  g_autofree char *path = write_list (LIST, -1);

  open_path (ui, path);
  bobbin_application_drain (ui->app);
  ui_wait (ui->window == NULL);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
play_arguments (UiFixture *ui)
{
  ui_wait (ui_get_n_jobs (ui) == 3);
  assert_address (ui, 0, "http://127.0.0.1:1/c.bin");
  assert_address (ui, 1, "http://127.0.0.1:1/a.bin");
  assert_address (ui, 2, "http://127.0.0.1:1/b.bin");
  ui_wait (
    has_toast (ui,
               "“example.com” is not a web address. It should begin with https:// or http://."));
}

static void
test_arguments (void)
{
  g_autofree char *path = write_list (LIST, -1);
  const char *const arguments[] = { "bobbin", path, "http://127.0.0.1:1/c.bin", "example.com",
                                    NULL };

  ui_run (play_arguments, arguments);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* ---- the icon's actions */

/* As the desktop does. */
static void
activate (UiFixture *ui, const char *action)
{
  GDBusConnection *bus = g_application_get_dbus_connection (G_APPLICATION (ui->app));

  g_dbus_connection_call (bus, g_dbus_connection_get_unique_name (bus),
                          g_application_get_dbus_object_path (G_APPLICATION (ui->app)),
                          "org.freedesktop.Application", "ActivateAction",
                          g_variant_new ("(sava{sv})", action, NULL, NULL), NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static void
test_new_download (UiFixture *ui)
{
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  gtk_widget_set_visible (GTK_WIDGET (ui->window), FALSE);
  activate (ui, "new-download");
  g_assert_true (BOBBIN_IS_ADD_DOWNLOAD (ui_find_dialog (ui)));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (ui->window)));
}

static void
test_new_monitor (UiFixture *ui)
{
  activate (ui, "new-monitor");
  g_assert_true (BOBBIN_IS_MONITOR_EDITOR (ui_find_dialog (ui)));
}

/* All that the desktop entry promises. */
static void
test_entry (UiFixture *ui)
{
  g_autofree char *path =
    g_test_build_filename (G_TEST_BUILT, "..", "data", APP_ID ".desktop", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) actions = NULL;
  gsize n_actions;

  g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL));
  actions = g_key_file_get_string_list (file, "Desktop Entry", "Actions", &n_actions, NULL);
  g_assert_cmpuint (n_actions, ==, 2);
  for (gsize i = 0; i < n_actions; i++)
    {
      g_assert_true (g_action_group_has_action (G_ACTION_GROUP (ui->app), actions[i]));
      g_assert_null (
        g_action_group_get_action_parameter_type (G_ACTION_GROUP (ui->app), actions[i]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/open/list", test_list);
  ui_test_add ("/ui/open/no-address", test_no_address);
  ui_test_add ("/ui/open/no-list", test_no_list);
  ui_test_add ("/ui/open/pipe", test_pipe);
  ui_test_add ("/ui/open/quit", test_quit);
  g_test_add_func ("/ui/open/arguments", test_arguments);
  ui_test_add ("/ui/open/new-download", test_new_download);
  ui_test_add ("/ui/open/new-monitor", test_new_monitor);
  ui_test_add ("/ui/open/entry", test_entry);

  return g_test_run ();
}
