/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Downloads that are added: in the dialog, from the clipboard, from lists, and by dropping them on
 * the window.
 */
#include "config.h"

#include "bobbin-candidate-row.h"
#include "bobbin-download.h"
#include "bobbin-folder-row.h"
#include "bobbin-host-rule.h"
#include "bobbin-window-private.h"
#include "ui-fixture.h"

/* In bytes: more than is looked through at once, and no more than an X server takes at once: this
 * process may be asked by itself what is on its clipboard, and GTK waits for who takes the rest. */
#define LONG_TEXT (128 * 1024)

static GtkWindow *
open_dialog (UiFixture *ui)
{
  GtkWindow *dialog;

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.add-download", NULL);
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);

  return dialog;
}

static GtkEditable *
find_entry (GtkWindow *dialog, const char *title)
{
  return GTK_EDITABLE (ui_find_titled (GTK_WIDGET (dialog), title));
}

static GtkTextView *
find_view (GtkWindow *dialog)
{
  GtkWidget *row = ui_find_titled (GTK_WIDGET (dialog), "Addresses");

  return GTK_TEXT_VIEW (ui_find_type (row, GTK_TYPE_TEXT_VIEW));
}

static void
set_text (GtkWindow *dialog, const char *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (find_view (dialog)), text, -1);
}

static gboolean
has_text (GtkWindow *dialog, const char *expected)
{
  g_autofree char *text = NULL;

  g_object_get (gtk_text_view_get_buffer (find_view (dialog)), "text", &text, NULL);

  return g_str_equal (text, expected);
}

static gboolean
is_wrong (GtkWindow *dialog)
{
  return gtk_widget_has_css_class (ui_find_titled (GTK_WIDGET (dialog), "Addresses"), "error");
}

static gboolean
can_press (GtkWindow *dialog)
{
  return gtk_widget_is_sensitive (gtk_window_get_default_widget (dialog));
}

static void
press (GtkWindow *dialog)
{
  g_assert_true (can_press (dialog));
  g_signal_emit_by_name (gtk_window_get_default_widget (dialog), "clicked");
}

static gboolean
is_shown (GtkWindow *dialog, const char *title)
{
  return gtk_widget_get_visible (ui_find_titled (GTK_WIDGET (dialog), title));
}

static GtkSwitch *
find_switch (GtkWindow *dialog, const char *title)
{
  return GTK_SWITCH (ui_find_type (ui_find_titled (GTK_WIDGET (dialog), title), GTK_TYPE_SWITCH));
}

/* What the row of the file called @name says of it. */
static gboolean
row_says (GtkWindow *dialog, const char *name, const char *words)
{
  GtkWidget *row = ui_find_titled (GTK_WIDGET (dialog), name);

  return row != NULL && strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), words) != NULL;
}

/* ---- what is typed */

static void
test_check (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui);
  g_autoptr (GError) error = NULL;

  g_assert_false (can_press (dialog));
  g_assert_false (is_wrong (dialog));

  set_text (dialog, "ftp://127.0.0.1/a.bin");
  g_assert_false (can_press (dialog));
  g_assert_true (is_wrong (dialog));
  g_assert_null (bobbin_download_check_address ("ftp://127.0.0.1/a.bin", &error));
  ui_wait (ui_has_label (GTK_WIDGET (dialog), error->message));

  set_text (dialog, "http://127.0.0.1:1/a.bin");
  g_assert_true (can_press (dialog));
  g_assert_false (is_wrong (dialog));
  g_assert_false (ui_has_label (GTK_WIDGET (dialog), error->message));

  set_text (dialog, "http://127.0.0.1:1/[2-1]");
  g_assert_false (can_press (dialog));
  g_assert_true (is_wrong (dialog));

  set_text (dialog, "");
  g_assert_false (can_press (dialog));
  g_assert_false (is_wrong (dialog));
  gtk_window_close (dialog);
}

static void
test_one (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui);
  g_autofree char *uri = bobbin_test_server_get_uri (ui->server, "/a.bin");
  g_autofree char *path = ui_get_path (ui, "b.bin");
  BobbinJob *job;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 1000 });
  set_text (dialog, uri);
  gtk_editable_set_text (find_entry (dialog, "File Name"), "../b.bin");
  g_assert_false (can_press (dialog));
  gtk_editable_set_text (find_entry (dialog, "File Name"), " b.bin ");
  gtk_widget_activate_default (GTK_WIDGET (find_view (dialog)));
  job = ui_get_job (ui, 0);
  g_assert_cmpstr (bobbin_download_get_folder (BOBBIN_DOWNLOAD (job)), ==, ui->folder);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  g_assert_cmpstr (bobbin_download_get_file (BOBBIN_DOWNLOAD (job)), ==, path);
}

/* A name and a checksum are of one file. */
static void
test_several (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui);

  set_text (dialog, "http://127.0.0.1:1/a");
  g_assert_true (is_shown (dialog, "File Name"));
  gtk_editable_set_text (find_entry (dialog, "File Name"), "b");
  set_text (dialog, "Get http://127.0.0.1:1/a, (http://127.0.0.1:1/b)\nand http://127.0.0.1:1/c.");
  g_assert_false (is_shown (dialog, "File Name"));
  gtk_switch_set_active (find_switch (dialog, "Start Now"), FALSE);
  press (dialog);
  ui_wait (ui_get_n_jobs (ui) == 3);
  for (guint i = 0; i < 3; i++)
    {
      BobbinJob *job = ui_get_job (ui, i);
      g_autofree char *name = NULL;

      g_object_get (job, "file-name", &name, NULL);
      g_assert_null (name);
      g_assert_true (ui_has_state (job, BOBBIN_JOB_IDLE));
    }
}

/* As many as are added at once: they are counted, and come a page at a time. */
static void
test_pattern (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui);
  BobbinJob *last;

  set_text (dialog, "http://127.0.0.1:1/img[001-450].png");
  g_assert_nonnull (ui_find_titled (GTK_WIDGET (dialog), "img001.png"));
  g_assert_true (row_says (dialog, "And 447 more", "img450.png"));
  gtk_switch_set_active (find_switch (dialog, "Start Now"), FALSE);
  press (dialog);
  ui_wait (ui_get_n_jobs (ui) == 450);
  last = ui_get_job (ui, 449);
  g_assert_cmpstr (bobbin_download_get_address (BOBBIN_DOWNLOAD (last)), ==,
                   "http://127.0.0.1:1/img450.png");
}

/* One that is looked through in another thread. */
static void
test_long (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, "http://127.0.0.1:1/file-%u.bin\n", i);
  set_text (dialog, text->str);
  g_assert_false (can_press (dialog));
  ui_wait (can_press (dialog));
  g_assert_nonnull (ui_find_titled (GTK_WIDGET (dialog), "And 997 more"));
  g_string_append (text, "http://127.0.0.1:1/[1-10000]");
  set_text (dialog, text->str);
  ui_wait (is_wrong (dialog));
  g_assert_false (can_press (dialog));

  /* and one that is given up */
  set_text (dialog, text->str);
  gtk_window_close (dialog);
}

/* ---- what the server says */

static void
test_inspection (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui);
  g_autofree char *good = bobbin_test_server_get_uri (ui->server, "/get?id=1");
  g_autofree char *gone = bobbin_test_server_get_uri (ui->server, "/gone.bin");
  g_autofree char *both = g_strconcat (good, " ", gone, NULL);

  bobbin_test_server_set (ui->server, "/get?id=1",
                          &(BobbinTestFile){ .length = 640000,
                                             .disposition = "attachment; filename=a.iso" });
  bobbin_test_server_set (ui->server, "/gone.bin", &(BobbinTestFile){ .status = 404 });
  set_text (dialog, both);
  ui_wait (row_says (dialog, "a.iso", "640"));
  ui_wait (row_says (dialog, "gone.bin", "404"));
  g_assert_true (can_press (dialog));
  gtk_window_close (dialog);
}

/* Closed, or typed on, while it is asked. */
static void
test_inspection_ends (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui);
  g_autofree char *stalled = bobbin_test_server_get_uri (ui->server, "/stalled");
  g_autofree char *good = bobbin_test_server_get_uri (ui->server, "/a.bin");

  bobbin_test_server_set (ui->server, "/stalled",
                          &(BobbinTestFile){ .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = BOBBIN_TEST_BEFORE_HEADER });
  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 7000 });
  set_text (dialog, stalled);
  ui_wait (bobbin_test_server_get_n_requests (ui->server, "/stalled") == 1);
  set_text (dialog, good);
  ui_wait (row_says (dialog, "a.bin", "7"));
  ui_wait (bobbin_test_server_get_n_open (ui->server) == 0);

  set_text (dialog, stalled);
  ui_wait (bobbin_test_server_get_n_requests (ui->server, "/stalled") == 2);
  gtk_window_close (dialog);
  ui_wait (bobbin_test_server_get_n_open (ui->server) == 0);
}

/* The server is asked as the download would, and nobody hears of half a password. */
static void
test_inspection_login (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui);
  g_autofree char *uri = bobbin_test_server_get_uri (ui->server, "/a.bin");
  GtkEditable *user = find_entry (dialog, "User Name");
  g_autofree char *agent = NULL;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 7000 });
  set_text (dialog, uri);
  gtk_editable_set_text (find_entry (dialog, "User Agent"), "Agent/1");
  ui_wait (row_says (dialog, "a.bin", "7"));
  agent = bobbin_test_server_get_header (ui->server, "/a.bin", 0, "User-Agent");
  g_assert_cmpstr (agent, ==, "Agent/1");

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (
                                   ui_find_titled (GTK_WIDGET (dialog), "More Options")),
                                 TRUE);
  ui_wait (gtk_widget_get_mapped (GTK_WIDGET (user)));
  gtk_widget_grab_focus (GTK_WIDGET (user));
  gtk_editable_set_text (user, "somebody");
  g_assert_cmpuint (bobbin_test_server_get_n_requests (ui->server, "/a.bin"), ==, 1);
  gtk_widget_grab_focus (GTK_WIDGET (find_view (dialog)));
  ui_wait (bobbin_test_server_get_n_requests (ui->server, "/a.bin") == 2);
  gtk_window_close (dialog);
}

static void
set_rules (const char *text)
{
  g_autoptr (GVariant) rules = g_variant_parse (G_VARIANT_TYPE ("aa{sv}"), text, NULL, NULL, NULL);

  bobbin_host_rules_set (rules);
}

/* And with what is set for it. */
static void
test_inspection_rule (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui);
  g_autofree char *uri = bobbin_test_server_get_uri (ui->server, "/a.bin");
  g_autofree char *agent = NULL;

  set_rules ("[{'host': <'127.0.0.1'>, 'user-agent': <'Rule/1'>}]");
  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 7000 });
  set_text (dialog, uri);
  ui_wait (row_says (dialog, "a.bin", "7"));
  agent = bobbin_test_server_get_header (ui->server, "/a.bin", 0, "User-Agent");
  g_assert_cmpstr (agent, ==, "Rule/1");
  gtk_window_close (dialog);
  set_rules ("[]");
}

/* ---- what is there already */

static void
test_listed (UiFixture *ui)
{
  BobbinJob *job;
  GtkWindow *dialog;
  g_autofree char *both = NULL;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 10 });
  job = ui_add (ui, "/a.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));

  dialog = open_dialog (ui);
  g_assert_false (is_shown (dialog, "Download Again"));
  set_text (dialog, bobbin_download_get_address (BOBBIN_DOWNLOAD (job)));
  g_assert_true (row_says (dialog, "a.bin", "Already in the list"));
  g_assert_true (is_shown (dialog, "Download Again"));
  g_assert_false (can_press (dialog));
  ui_wait (row_says (dialog, "a.bin", "there already"));
  g_assert_false (is_shown (dialog, "Existing Files"));
  gtk_switch_set_active (find_switch (dialog, "Download Again"), TRUE);
  g_assert_true (is_shown (dialog, "Existing Files"));
  g_assert_true (can_press (dialog));
  gtk_switch_set_active (find_switch (dialog, "Download Again"), FALSE);

  both = g_strconcat (bobbin_download_get_address (BOBBIN_DOWNLOAD (job)), " http://127.0.0.1:1/b",
                      NULL);
  set_text (dialog, both);
  press (dialog);
  ui_wait (ui_get_n_jobs (ui) == 2);
  job = ui_get_job (ui, 1);
  g_assert_cmpstr (bobbin_download_get_address (BOBBIN_DOWNLOAD (job)), ==, "http://127.0.0.1:1/b");
}

static void
test_there (UiFixture *ui)
{
  g_autofree char *path = ui_get_path (ui, "a.bin");
  g_autofree char *uri = bobbin_test_server_get_uri (ui->server, "/a.bin");
  GtkWindow *dialog;
  BobbinJob *job;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 10 });
  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  dialog = open_dialog (ui);
  set_text (dialog, uri);
  ui_wait (is_shown (dialog, "Existing Files"));
  g_assert_true (row_says (dialog, "a.bin", "there already"));
  gtk_editable_set_text (find_entry (dialog, "File Name"), "b.bin");
  g_assert_false (is_shown (dialog, "Existing Files"));
  gtk_editable_set_text (find_entry (dialog, "File Name"), "");
  adw_combo_row_set_selected (ADW_COMBO_ROW (
                                ui_find_titled (GTK_WIDGET (dialog), "Existing Files")),
                              1);
  press (dialog);
  job = ui_get_job (ui, 0);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  g_assert_true (bobbin_download_get_skipped (BOBBIN_DOWNLOAD (job)));
  g_assert_cmpuint (ui_count_files (ui), ==, 1);
}

/* ---- the clipboard */

static void
set_clipboard (UiFixture *ui, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (ui->window)), text);
}

static void
test_clipboard (UiFixture *ui)
{
  GtkWindow *dialog;

  set_clipboard (ui, "  <https://example.invalid/a.bin>\n");
  dialog = open_dialog (ui);
  ui_wait (has_text (dialog, "https://example.invalid/a.bin"));
  g_assert_true (can_press (dialog));
  gtk_window_close (dialog);
}

typedef struct
{
  gboolean read;
} Reading;

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reading *reading = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);

  reading->read = TRUE;
}

/* A second reader that asks later is answered later: then the dialog has had its answer. */
static void
test_clipboard_other (UiFixture *ui)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (ui->window));
  Reading reading = { FALSE };
  GtkWindow *dialog;

  set_clipboard (ui, "a shopping list");
  dialog = open_dialog (ui);
  gdk_clipboard_read_text_async (clipboard, NULL, on_read, &reading);
  ui_wait (reading.read);
  g_assert_true (has_text (dialog, ""));
  gtk_window_close (dialog);
}

/* Closed before the clipboard has answered. */
static void
test_close_at_once (UiFixture *ui)
{
  set_clipboard (ui, "https://example.invalid/a.bin");
  gtk_window_close (open_dialog (ui));
}

static void
test_paste (UiFixture *ui)
{
  GtkWindow *dialog;

  set_clipboard (ui, "a shopping list");
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.paste-addresses", NULL);
  ui_wait (ui_has_label (GTK_WIDGET (ui->window), "There is no address on the clipboard"));

  set_clipboard (ui, "[a](http://127.0.0.1:1/a.bin), http://127.0.0.1:1/b.bin.");
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.paste-addresses", NULL);
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  g_assert_true (has_text (dialog, "http://127.0.0.1:1/a.bin\nhttp://127.0.0.1:1/b.bin"));
  g_assert_true (can_press (dialog));
  gtk_window_close (dialog);
}

/* A text that is longer than what is looked through at once, with something behind it. */
static char *
make_long_text (const char *end)
{
  g_autoptr (GString) text = g_string_new (NULL);

  while (text->len < LONG_TEXT)
    g_string_append (text, "http://# and nothing else, ");
  g_string_append (text, end);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_paste_long (UiFixture *ui)
{
  g_autofree char *text = make_long_text ("http://127.0.0.1:1/a.bin");
  g_autofree char *nothing = make_long_text ("");
  GtkWindow *dialog;

  set_clipboard (ui, nothing);
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.paste-addresses", NULL);
  ui_wait (ui_has_label (GTK_WIDGET (ui->window), "There is no address on the clipboard"));

  set_clipboard (ui, text);
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.paste-addresses", NULL);
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  g_assert_true (has_text (dialog, "http://127.0.0.1:1/a.bin"));
  gtk_window_close (dialog);
}

static void
test_clipboard_long (UiFixture *ui)
{
  g_autofree char *text = make_long_text ("http://127.0.0.1:1/a.bin");
  GtkWindow *dialog;

  set_clipboard (ui, text);
  gtk_window_close (open_dialog (ui));
  dialog = open_dialog (ui);
  ui_wait (has_text (dialog, "http://127.0.0.1:1/a.bin"));
  gtk_window_close (dialog);
}

/* ---- lists, and what is dropped */

/* No frame waits until it has been looked through. */
static void
test_drop_long (UiFixture *ui)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GtkWindow *dialog;

  g_value_init (&value, G_TYPE_STRING);
  g_value_take_string (&value, make_long_text (""));
  g_assert_true (bobbin_window_drop (ui->window, &value));
  g_assert_false (ui_has_label (GTK_WIDGET (ui->window), "There is no address in this text"));
  ui_wait (ui_has_label (GTK_WIDGET (ui->window), "There is no address in this text"));

  g_value_take_string (&value, make_long_text ("http://127.0.0.1:1/a.bin"));
  g_assert_true (bobbin_window_drop (ui->window, &value));
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  g_assert_true (has_text (dialog, "http://127.0.0.1:1/a.bin"));
  gtk_window_close (dialog);

  /* The app quits while it is looked through. */
  g_assert_true (bobbin_window_drop (ui->window, &value));
}

static void
test_drop_text (UiFixture *ui)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GtkWindow *dialog;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_static_string (&value, "nothing");
  g_assert_false (bobbin_window_drop (ui->window, &value));
  g_value_set_static_string (&value, "See http://127.0.0.1:1/a.bin.");
  g_assert_true (bobbin_window_drop (ui->window, &value));
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  g_assert_true (has_text (dialog, "http://127.0.0.1:1/a.bin"));

  /* What comes then comes to what is there. */
  g_value_set_static_string (&value, "http://127.0.0.1:1/b.bin");
  g_assert_true (bobbin_window_drop (ui->window, &value));
  g_assert_true (has_text (dialog, "http://127.0.0.1:1/a.bin\nhttp://127.0.0.1:1/b.bin"));
  gtk_window_close (dialog);
}

static gboolean
drop_files (UiFixture *ui, GFile *first, GFile *second)
{
  GFile *files[] = { first, second };
  GdkFileList *list = gdk_file_list_new_from_array (files, second != NULL ? 2 : 1);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, list);

  return bobbin_window_drop (ui->window, &value);
}

static void
test_drop_files (UiFixture *ui)
{
  g_autofree char *path = ui_get_path (ui, "list.txt");
  g_autoptr (GFile) list = g_file_new_for_path (path);
  g_autoptr (GFile) folder = g_file_new_for_path (ui->folder);
  g_autoptr (GFile) address = g_file_new_for_uri ("http://127.0.0.1:1/a.bin");
  GtkWindow *dialog;

  g_assert_true (g_file_set_contents (path, "# a list\n", -1, NULL));
  g_assert_true (drop_files (ui, list, NULL));
  ui_wait (ui_has_label (GTK_WIDGET (ui->window), "There is no address in this file"));

  g_assert_true (
    g_file_set_contents (path, "# http://127.0.0.1:1/not-this\r\n http://127.0.0.1:1/b.bin\r\n", -1,
                         NULL));
  g_assert_true (drop_files (ui, address, list));
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  ui_wait (has_text (dialog, "http://127.0.0.1:1/a.bin\nhttp://127.0.0.1:1/b.bin"));
  gtk_window_close (dialog);

  /* A folder cannot be read, and nothing else comes. */
  g_assert_true (drop_files (ui, folder, address));
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  ui_wait (has_text (dialog, "http://127.0.0.1:1/a.bin"));
  gtk_window_close (dialog);
}

/* Dropped, and the window has gone when the file has been read. */
static void
test_drop_and_quit (UiFixture *ui)
{
  g_autofree char *path = ui_get_path (ui, "list.txt");
  g_autoptr (GFile) list = g_file_new_for_path (path);

  g_assert_true (g_file_set_contents (path, "http://127.0.0.1:1/a.bin\n", -1, NULL));
  g_assert_true (drop_files (ui, list, NULL));
}

/* ---- the rows */

static GtkEditable *
add_header (GtkWindow *dialog, const char *text)
{
  GtkWidget *options = ui_find_titled (GTK_WIDGET (dialog), "More Options");
  GtkEditable *row;

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (options), TRUE);
  g_assert_true (gtk_widget_activate_action (options, "options.add-header", NULL));
  row = GTK_EDITABLE (gtk_widget_get_ancestor (gtk_window_get_focus (dialog), ADW_TYPE_ENTRY_ROW));
  gtk_editable_set_text (row, text);

  return row;
}

/* Each is looked at while it is typed. */
static void
test_options_check (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui);
  GtkEditable *checksum = find_entry (dialog, "Checksum");
  GtkEditable *header;

  set_text (dialog, "http://127.0.0.1:1/a");
  g_assert_true (can_press (dialog));

  gtk_editable_set_text (checksum, "sha256:12");
  g_assert_false (can_press (dialog));
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (checksum), "error"));
  gtk_editable_set_text (checksum, "md5:d41d8cd98f00b204e9800998ecf8427e");
  g_assert_true (can_press (dialog));
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (checksum), "error"));
  set_text (dialog, "http://127.0.0.1:1/a http://127.0.0.1:1/b");
  g_assert_false (can_press (dialog));
  gtk_editable_set_text (checksum, "");
  g_assert_true (can_press (dialog));

  add_header (dialog, "X-A: b");
  add_header (dialog, "");
  g_assert_true (can_press (dialog));
  header = add_header (dialog, "no header");
  g_assert_false (can_press (dialog));
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (header), "error"));
  g_signal_emit_by_name (ui_find_button (GTK_WIDGET (header), "Remove Header"), "clicked");
  g_assert_true (can_press (dialog));

  gtk_editable_set_text (find_entry (dialog, "Referrer"), "nowhere");
  g_assert_false (can_press (dialog));
  gtk_editable_set_text (find_entry (dialog, "Referrer"), "");
  gtk_editable_set_text (find_entry (dialog, "Password"), "p");
  g_assert_false (can_press (dialog));
  gtk_editable_set_text (find_entry (dialog, "User Name"), "u");
  g_assert_true (can_press (dialog));
  gtk_window_close (dialog);
}

static void
test_options (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui);
  g_autofree char *address = bobbin_test_server_get_uri (ui->server, "/a.bin");
  g_autofree char *header = NULL;
  g_autofree char *agent = NULL;
  g_autofree char *checksum = NULL;
  GtkWidget *rate;
  BobbinJob *job;
  gint64 limit;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ 0 });
  set_text (dialog, address);
  gtk_editable_set_text (find_entry (dialog, "Checksum"), "md5:d41d8cd98f00b204e9800998ecf8427e");
  gtk_editable_set_text (find_entry (dialog, "User Agent"), "Agent/1");
  add_header (dialog, "X-A: b");
  rate = ui_find_type (ui_find_titled (GTK_WIDGET (dialog), "Speed Limit"), GTK_TYPE_SPIN_BUTTON);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (rate), 300);
  g_signal_emit_by_name (gtk_window_get_default_widget (dialog), "clicked");

  job = ui_get_job (ui, 0);
  ui_watch (ui, job);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  g_object_get (job, "limit-rate", &limit, "checksum", &checksum, NULL);
  g_assert_cmpint (limit, ==, 300000);
  g_assert_cmpstr (checksum, ==, "md5:d41d8cd98f00b204e9800998ecf8427e");
  header = bobbin_test_server_get_header (ui->server, "/a.bin", 0, "X-A");
  agent = bobbin_test_server_get_header (ui->server, "/a.bin", 0, "User-Agent");
  g_assert_cmpstr (header, ==, "b");
  g_assert_cmpstr (agent, ==, "Agent/1");
}

static gboolean
settings_have (UiFixture *ui, const char *first, guint n)
{
  g_auto (GStrv) folders =
    g_settings_get_strv (bobbin_application_get_settings (ui->app), "recent-folders");

  return g_strv_length (folders) == n && g_str_equal (folders[0], first);
}

static void
test_recent (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  g_autoptr (BobbinFolderRow) row = g_object_ref_sink (g_object_new (BOBBIN_TYPE_FOLDER_ROW, NULL));
  GtkWidget *button = ui_find_type (GTK_WIDGET (row), GTK_TYPE_MENU_BUTTON);

  bobbin_folder_row_set_folder (row, ui->folder);
  bobbin_folder_row_offer_recent (row, settings);
  g_assert_false (gtk_widget_get_visible (button));
  bobbin_folder_row_remember (row);
  g_assert_true (settings_have (ui, ui->folder, 1));
  bobbin_folder_row_set_folder (row, "/nowhere");
  g_assert_true (gtk_widget_get_visible (button));
  gtk_widget_activate_action (GTK_WIDGET (row), "folder.use-recent", "s", ui->folder);
  g_assert_cmpstr (bobbin_folder_row_get_folder (row), ==, ui->folder);

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *folder = g_strdup_printf ("/nowhere/%u", i);

      bobbin_folder_row_set_folder (row, folder);
      bobbin_folder_row_remember (row);
      g_assert_true (settings_have (ui, folder, MIN (i + 2, 5)));
    }
  bobbin_folder_row_remember (row);
  g_assert_true (settings_have (ui, "/nowhere/9", 5));
}

/* The disk is asked, and answers when it likes. */
static void
test_space (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui);
  GtkWidget *row = ui_find_titled (GTK_WIDGET (dialog), "Folder");
  GtkWidget *label = NULL;

  for (GtkWidget *w = gtk_widget_get_first_child (
         gtk_widget_get_parent (ui_find_button (row, "Choose Folder…")));
       w != NULL; w = gtk_widget_get_next_sibling (w))
    if (GTK_IS_LABEL (w))
      label = w;
  g_assert_nonnull (label);
  ui_wait (g_str_has_suffix (gtk_label_get_label (GTK_LABEL (label)), "free"));
  gtk_window_close (dialog);
}

static void
test_folder_row (UiFixture *ui)
{
  g_autoptr (BobbinFolderRow) row = g_object_ref_sink (g_object_new (BOBBIN_TYPE_FOLDER_ROW, NULL));
  g_autofree char *inside = g_build_filename (g_get_home_dir (), "Downloads", NULL);
  /* What is shown; in later versions of libadwaita what was set. */
  const char *const subtitles[] = { "/tmp/a & b", "/tmp/a &amp; b", NULL };

  bobbin_folder_row_set_folder (row, "/tmp/a & b");
  g_assert_cmpstr (bobbin_folder_row_get_folder (row), ==, "/tmp/a & b");
  g_assert_true (g_strv_contains (subtitles, adw_action_row_get_subtitle (ADW_ACTION_ROW (row))));
  bobbin_folder_row_set_folder (row, inside);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, "~/Downloads");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/add-download/check", test_check);
  ui_test_add ("/ui/add-download/one", test_one);
  ui_test_add ("/ui/add-download/several", test_several);
  ui_test_add ("/ui/add-download/pattern", test_pattern);
  ui_test_add ("/ui/add-download/long", test_long);
  ui_test_add ("/ui/add-download/inspection", test_inspection);
  ui_test_add ("/ui/add-download/inspection-ends", test_inspection_ends);
  ui_test_add ("/ui/add-download/inspection-login", test_inspection_login);
  ui_test_add ("/ui/add-download/inspection-rule", test_inspection_rule);
  ui_test_add ("/ui/add-download/listed", test_listed);
  ui_test_add ("/ui/add-download/there", test_there);
  ui_test_add ("/ui/add-download/clipboard", test_clipboard);
  ui_test_add ("/ui/add-download/clipboard-other", test_clipboard_other);
  ui_test_add ("/ui/add-download/clipboard-long", test_clipboard_long);
  ui_test_add ("/ui/add-download/close-at-once", test_close_at_once);
  ui_test_add ("/ui/add-download/paste", test_paste);
  ui_test_add ("/ui/add-download/paste-long", test_paste_long);
  ui_test_add ("/ui/add-download/drop-text", test_drop_text);
  ui_test_add ("/ui/add-download/drop-long", test_drop_long);
  ui_test_add ("/ui/add-download/drop-files", test_drop_files);
  ui_test_add ("/ui/add-download/drop-and-quit", test_drop_and_quit);
  ui_test_add ("/ui/add-download/options-check", test_options_check);
  ui_test_add ("/ui/add-download/options", test_options);
  ui_test_add ("/ui/add-download/recent", test_recent);
  ui_test_add ("/ui/add-download/space", test_space);
  ui_test_add ("/ui/add-download/folder-row", test_folder_row);

  return g_test_run ();
}
