/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is set for downloads that are added is what their server gets; and lists of addresses that
 * are chosen come into the dialog.
 */
#include "config.h"

#include <glib/gstdio.h>

#include "bobbin-download.h"
#include "bobbin-file-row.h"
#include "ui-fixture.h"

static GtkWidget *
find_titled (GtkWindow *dialog, const char *title)
{
  GtkWidget *row = ui_find_titled (GTK_WIDGET (dialog), title);

  g_assert_nonnull (row);

  return row;
}

static void
type_in (GtkWindow *dialog, const char *title, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (find_titled (dialog, title)), text);
}

static GtkTextBuffer *
get_buffer (GtkWindow *dialog)
{
  GtkWidget *view = ui_find_type (find_titled (dialog, "Addresses"), GTK_TYPE_TEXT_VIEW);

  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
}

static void
assert_header (UiFixture *ui, guint request, const char *name, const char *expected)
{
  g_autofree char *header = bobbin_test_server_get_header (ui->server, "/a.bin", request, name);

  g_assert_cmpstr (header, ==, expected);
}

/* A password is told to nobody who does not ask for it: to the first request the server says that
 * it wants one. */
static void
test_options (UiFixture *ui)
{
  const BobbinTestFile closed = { .status = 401,
                                  .headers = "WWW-Authenticate: Basic realm=\"x\"\r\n" };
  const char *cookies = "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tabc\n";
  g_autofree char *address = bobbin_test_server_get_uri (ui->server, "/a.bin");
  g_autofree char *jar = ui_get_path (ui, "cookies.txt");
  GtkWindow *dialog;
  GtkWidget *spin;
  guint connections;
  BobbinJob *job;

  g_assert_true (g_file_set_contents (jar, cookies, -1, NULL));
  bobbin_test_server_set (ui->server, "/a.bin", &closed);
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.add-download", NULL);
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  type_in (dialog, "User Name", "anna");
  type_in (dialog, "Password", "s3cret");
  type_in (dialog, "Referrer", "http://127.0.0.1/list");
  bobbin_file_row_set_file (BOBBIN_FILE_ROW (find_titled (dialog, "Cookies")), jar);
  spin = ui_find_type (find_titled (dialog, "Connections"), GTK_TYPE_SPIN_BUTTON);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), 3);
  gtk_text_buffer_set_text (get_buffer (dialog), address, -1);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "add.download", NULL));

  job = ui_get_job (ui, 0);
  ui_watch (ui, job);
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  g_object_get (job, "connections", &connections, NULL);
  g_assert_cmpuint (connections, ==, 3);
  assert_header (ui, 0, "Authorization", NULL);
  assert_header (ui, 0, "Referer", "http://127.0.0.1/list");
  assert_header (ui, 0, "Cookie", "session=abc");
  assert_header (ui, 1, "Authorization", "Basic YW5uYTpzM2NyZXQ=");
}

/* ---- lists */

/* The window has it for as long as it is open. */
static GtkFileChooser *
get_chooser (UiFixture *ui)
{
  return g_object_get_data (G_OBJECT (ui->window), "bobbin-window-intake");
}

/* The toolkit looks at the folder first. */
static gboolean
has_chosen (GtkFileChooser *chooser, GFile *file)
{
  g_autoptr (GFile) chosen = gtk_file_chooser_get_file (chooser);

  return chosen != NULL && g_file_equal (chosen, file);
}

static void
choose (UiFixture *ui, int response, GFile *file)
{
  GtkFileChooser *chooser;

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.import-list", NULL);
  chooser = get_chooser (ui);
  g_assert_nonnull (chooser);
  ui_watch (ui, chooser);
  g_assert_true (gtk_file_chooser_set_file (chooser, file, NULL));
  ui_wait (has_chosen (chooser, file));
  g_signal_emit_by_name (chooser, "response", response);
  g_assert_null (get_chooser (ui));
}

static gboolean
has_text (GtkWindow *dialog, const char *expected)
{
  g_autofree char *text = NULL;

  g_object_get (get_buffer (dialog), "text", &text, NULL);

  return g_str_equal (text, expected);
}

static void
test_import (UiFixture *ui)
{
  g_autofree char *path = ui_get_path (ui, "list.txt");
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWindow *dialog;

  g_assert_true (
    g_file_set_contents (path, "# mine\nhttp://127.0.0.1:1/a.bin\nhttp://127.0.0.1:1/b.bin\n", -1,
                         NULL));
  choose (ui, GTK_RESPONSE_CANCEL, file);
  choose (ui, GTK_RESPONSE_ACCEPT, file);
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  g_assert_true (has_text (dialog, "http://127.0.0.1:1/a.bin\nhttp://127.0.0.1:1/b.bin"));
  gtk_window_close (dialog);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/intake/options", test_options);
  ui_test_add ("/ui/intake/import", test_import);

  return g_test_run ();
}
