/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Categories and servers: how they are edited, and what they do to downloads that are added.
 */
#include "config.h"

#include <glib/gstdio.h>

#include "bobbin-category-editor.h"
#include "bobbin-download.h"
#include "bobbin-folder-row.h"
#include "bobbin-host-editor.h"
#include "bobbin-host-rule.h"
#include "bobbin-rules-dialog.h"
#include "bobbin-switch-row.h"
#include "ui-fixture.h"

static GtkWidget *
find_toplevel (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type) && gtk_widget_get_mapped (window))
        return window;
    }

  return NULL;
}

static GtkWidget *
wait_for (UiFixture *ui, GType type)
{
  GtkWidget *window;

  ui_wait ((window = find_toplevel (type)) != NULL);
  ui_watch (ui, window);

  return window;
}

/* By the way that a user goes. */
static GtkWidget *
open_rules (UiFixture *ui, const char *action)
{
  GtkWindow *preferences;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "preferences", NULL);
  preferences = ui_find_dialog (ui);
  ui_watch (ui, preferences);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (preferences), action, NULL));

  return wait_for (ui, BOBBIN_TYPE_RULES_DIALOG);
}

static void
type_in (GtkWidget *dialog, const char *title, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (ui_find_titled (dialog, title)), text);
}

/* Adds a category of archives that go to the folder of the downloads. */
static void
add_category (UiFixture *ui, GtkWidget *dialog, const char *name)
{
  GtkWidget *editor;

  gtk_widget_activate_action (dialog, "rules.add", NULL);
  editor = wait_for (ui, BOBBIN_TYPE_CATEGORY_EDITOR);
  g_assert_false (ui_can (editor, "editor.save"));
  type_in (editor, "Name", name);
  g_assert_false (ui_can (editor, "editor.save"));
  bobbin_switch_row_set_active (BOBBIN_SWITCH_ROW (ui_find_titled (editor, "Archives")), TRUE);
  g_assert_true (ui_can (editor, "editor.save"));
  g_assert_null (ui_get_alert (editor));
  type_in (editor, "Servers, such as example.org", "example.org no-server!");
  g_assert_false (ui_can (editor, "editor.save"));
  g_assert_true (ui_is_wrong (ui_find_titled (editor, "Servers, such as example.org")));
  g_assert_cmpstr (ui_get_alert (editor), ==,
                   "“no-server!” is no server. Write it as example.org.");
  type_in (editor, "Servers, such as example.org", "");
  g_assert_null (ui_get_alert (editor));
  gtk_widget_activate_action (editor, "editor.save", NULL);
  ui_wait (find_toplevel (BOBBIN_TYPE_CATEGORY_EDITOR) == NULL);
}

static gsize
count (UiFixture *ui, const char *key)
{
  g_autoptr (GVariant) variant =
    g_settings_get_value (bobbin_application_get_settings (ui->app), key);

  return g_variant_n_children (variant);
}

static char *
get_name (UiFixture *ui, guint i)
{
  g_autoptr (GVariant) variant =
    g_settings_get_value (bobbin_application_get_settings (ui->app), "categories");
  g_autoptr (GVariant) child = g_variant_get_child_value (variant, i);
  char *name = NULL;

  g_assert_true (g_variant_lookup (child, "name", "s", &name));

  return name;
}

static void
assert_name (UiFixture *ui, guint i, const char *expected)
{
  g_autofree char *name = get_name (ui, i);

  g_assert_cmpstr (name, ==, expected);
}

static void
test_categories (UiFixture *ui)
{
  GtkWidget *dialog = open_rules (ui, "preferences.categories");

  ui_wait (ui_has_label (dialog, "No Categories"));
  add_category (ui, dialog, "First");
  add_category (ui, dialog, "Second & <last>");
  g_assert_cmpuint (count (ui, "categories"), ==, 2);
  g_assert_nonnull (ui_find_titled (dialog, "Second & <last>"));

  gtk_widget_activate_action (dialog, "rules.up", "u", 1);
  assert_name (ui, 0, "Second & <last>");
  gtk_widget_activate_action (dialog, "rules.down", "u", 0);
  assert_name (ui, 0, "First");
  gtk_widget_activate_action (dialog, "rules.up", "u", 0);
  assert_name (ui, 0, "First");

  gtk_widget_activate_action (dialog, "rules.remove", "u", 0);
  g_assert_cmpuint (count (ui, "categories"), ==, 1);
  assert_name (ui, 0, "Second & <last>");
  ui_wait (ui_find_button (dialog, "_Undo") != NULL);
  gtk_widget_activate (ui_find_button (dialog, "_Undo"));
  ui_wait (count (ui, "categories") == 2);
  assert_name (ui, 0, "First");
  gtk_window_close (GTK_WINDOW (dialog));
}

static void
set_category (UiFixture *ui, const char *folder)
{
  g_autoptr (GVariant) variant =
    g_variant_new_parsed ("[{'name': <'Archives'>, 'types': <['archives']>, 'folder': %v}]",
                          g_variant_new_bytestring (folder));

  g_settings_set_value (bobbin_application_get_settings (ui->app), "categories",
                        g_steal_pointer (&variant));
}

static void
test_folder (UiFixture *ui)
{
  g_autofree char *folder = ui_get_path (ui, "archives");
  g_autofree char *path = g_build_filename (folder, "a.zip", NULL);
  BobbinJob *zip, *other;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  set_category (ui, folder);
  bobbin_test_server_set (ui->server, "/a.zip", &(BobbinTestFile){ .length = 1000 });
  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 1000 });
  zip = ui_add (ui, "/a.zip");
  other = ui_add (ui, "/a.bin");
  g_assert_cmpstr (bobbin_download_get_folder (BOBBIN_DOWNLOAD (zip)), ==, folder);
  g_assert_cmpstr (bobbin_download_get_folder (BOBBIN_DOWNLOAD (other)), ==, ui->folder);
  ui_wait (ui_has_state (zip, BOBBIN_JOB_DONE) && ui_has_state (other, BOBBIN_JOB_DONE));
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
set_text (GtkWidget *dialog, const char *address)
{
  GtkWidget *text = ui_find_type (dialog, GTK_TYPE_TEXT_VIEW);

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), address, -1);
}

static GtkWidget *
open_add (UiFixture *ui)
{
  GtkWidget *dialog;

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.add-download", NULL);
  dialog = GTK_WIDGET (ui_find_dialog (ui));
  ui_watch (ui, dialog);

  return dialog;
}

/* Where one is added the folder of its category is offered, until another one is chosen. */
static void
test_dialog (UiFixture *ui)
{
  GtkWidget *dialog = open_add (ui);
  BobbinFolderRow *row;

  set_category (ui, "/srv/archives");
  row = BOBBIN_FOLDER_ROW (ui_find_type (dialog, BOBBIN_TYPE_FOLDER_ROW));
  g_assert_cmpstr (bobbin_folder_row_get_folder (row), ==, ui->folder);
  set_text (dialog, "http://127.0.0.1:9/a.zip");
  g_assert_cmpstr (bobbin_folder_row_get_folder (row), ==, "/srv/archives");
  set_text (dialog, "http://127.0.0.1:9/a.bin");
  g_assert_cmpstr (bobbin_folder_row_get_folder (row), ==, ui->folder);
  bobbin_folder_row_set_folder (row, "/srv/mine");
  set_text (dialog, "http://127.0.0.1:9/a.zip");
  g_assert_cmpstr (bobbin_folder_row_get_folder (row), ==, "/srv/mine");
  gtk_window_close (GTK_WINDOW (dialog));
}

static gboolean
offers (GtkWidget *dialog, const char *folder)
{
  GtkWidget *row = ui_find_type (dialog, BOBBIN_TYPE_FOLDER_ROW);

  return g_strcmp0 (bobbin_folder_row_get_folder (BOBBIN_FOLDER_ROW (row)), folder) == 0;
}

/* An archive, which its address does not say; and a file of no category. */
static char *
serve_archive (UiFixture *ui)
{
  bobbin_test_server_set (ui->server, "/get?id=1",
                          &(BobbinTestFile){ .length = 1000,
                                             .disposition = "attachment; filename=b.zip" });

  return bobbin_test_server_get_uri (ui->server, "/get?id=1");
}

/* The server says what the file is called, or the user does. */
static void
test_names (UiFixture *ui)
{
  GtkWidget *dialog = open_add (ui);
  g_autofree char *uri = serve_archive (ui);

  set_category (ui, "/srv/archives");
  set_text (dialog, uri);
  g_assert_true (offers (dialog, ui->folder));
  ui_wait (offers (dialog, "/srv/archives"));
  g_assert_nonnull (ui_find_titled (dialog, "b.zip"));
  type_in (dialog, "File Name", "b.bin");
  g_assert_true (offers (dialog, ui->folder));
  type_in (dialog, "File Name", "c.zip");
  g_assert_true (offers (dialog, "/srv/archives"));
  gtk_switch_set_active (GTK_SWITCH (
                           ui_find_type (ui_find_titled (dialog, "Start Now"), GTK_TYPE_SWITCH)),
                         FALSE);
  gtk_widget_activate_action (dialog, "add.download", NULL);
  g_assert_cmpstr (bobbin_download_get_folder (BOBBIN_DOWNLOAD (ui_get_job (ui, 0))), ==,
                   "/srv/archives");
}

/* A name that comes later leaves alone what the user has chosen. */
static void
test_chosen (UiFixture *ui)
{
  GtkWidget *dialog = open_add (ui);
  g_autofree char *uri = serve_archive (ui);

  set_category (ui, "/srv/archives");
  set_text (dialog, uri);
  bobbin_folder_row_set_folder (BOBBIN_FOLDER_ROW (ui_find_type (dialog, BOBBIN_TYPE_FOLDER_ROW)),
                                "/srv/mine");
  ui_wait (ui_find_titled (dialog, "b.zip") != NULL);
  g_assert_true (offers (dialog, "/srv/mine"));
  gtk_window_close (GTK_WINDOW (dialog));
}

static gboolean
is_there (GtkWidget *dialog, const char *name)
{
  GtkWidget *row = ui_find_titled (dialog, name);

  return row != NULL &&
         strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "there already") != NULL;
}

/* Each file is looked for in the folder that it goes to, and nowhere else. */
static void
test_several (UiFixture *ui)
{
  GtkWidget *dialog = open_add (ui);
  g_autofree char *folder = ui_get_path (ui, "archives");
  g_autofree char *there = g_build_filename (folder, "b.zip", NULL);
  g_autofree char *elsewhere = ui_get_path (ui, "c.zip");
  g_autofree char *uri = serve_archive (ui);
  g_autofree char *text = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (there, "mine", -1, NULL));
  g_assert_true (g_file_set_contents (elsewhere, "mine", -1, NULL));
  set_category (ui, folder);
  text = g_strconcat ("http://127.0.0.1:9/a.bin ", uri, " http://127.0.0.1:9/c.zip", NULL);
  set_text (dialog, text);
  ui_wait (is_there (dialog, "b.zip"));
  g_assert_true (offers (dialog, ui->folder));
  g_assert_false (is_there (dialog, "a.bin"));
  g_assert_false (is_there (dialog, "c.zip"));
  g_assert_true (gtk_widget_get_visible (ui_find_titled (dialog, "Existing Files")));

  gtk_switch_set_active (GTK_SWITCH (
                           ui_find_type (ui_find_titled (dialog, "Start Now"), GTK_TYPE_SWITCH)),
                         FALSE);
  gtk_widget_activate_action (dialog, "add.download", NULL);
  g_assert_cmpstr (bobbin_download_get_folder (BOBBIN_DOWNLOAD (ui_get_job (ui, 0))), ==,
                   ui->folder);
  g_assert_cmpstr (bobbin_download_get_folder (BOBBIN_DOWNLOAD (ui_get_job (ui, 1))), ==, folder);
  g_assert_cmpstr (bobbin_download_get_folder (BOBBIN_DOWNLOAD (ui_get_job (ui, 2))), ==, folder);
  g_assert_cmpint (g_remove (there), ==, 0);
}

/* Where the user wants all of them in one folder they are looked for there. */
static void
test_several_chosen (UiFixture *ui)
{
  GtkWidget *dialog = open_add (ui);
  g_autofree char *there = ui_get_path (ui, "c.zip");

  g_assert_true (g_file_set_contents (there, "mine", -1, NULL));
  set_category (ui, "/srv/archives");
  set_text (dialog, "http://127.0.0.1:9/c.zip http://127.0.0.1:9/a.bin");
  g_assert_false (is_there (dialog, "c.zip"));
  bobbin_folder_row_set_folder (BOBBIN_FOLDER_ROW (ui_find_type (dialog, BOBBIN_TYPE_FOLDER_ROW)),
                                ui->folder);
  ui_wait (is_there (dialog, "c.zip"));
  g_assert_false (is_there (dialog, "a.bin"));
  gtk_window_close (GTK_WINDOW (dialog));
}

static void
test_servers (UiFixture *ui)
{
  GtkWidget *dialog = open_rules (ui, "preferences.servers");
  const BobbinHostRule *rule;
  GtkWidget *editor;

  gtk_widget_activate_action (dialog, "rules.add", NULL);
  editor = wait_for (ui, BOBBIN_TYPE_HOST_EDITOR);
  g_assert_false (ui_can (editor, "editor.save"));
  type_in (editor, "Server, such as example.org", "https://Example.org/a");
  g_assert_true (ui_can (editor, "editor.save"));
  type_in (editor, "Server, such as example.org", "no server");
  g_assert_false (ui_can (editor, "editor.save"));
  g_assert_true (ui_is_wrong (ui_find_titled (editor, "Server, such as example.org")));
  g_assert_cmpstr (ui_get_alert (editor), ==, "“no server” is no server. Write it as example.org.");
  type_in (editor, "Server, such as example.org", "https://Example.org/a");
  g_assert_null (ui_get_alert (editor));
  type_in (editor, "User Name", "a:b");
  g_assert_false (ui_can (editor, "editor.save"));
  g_assert_nonnull (ui_get_alert (editor));
  type_in (editor, "User Name", "jane");
  type_in (editor, "User Agent", "robot");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (
                               ui_find_type (ui_find_titled (editor, "_Connections for a File"),
                                             GTK_TYPE_SPIN_BUTTON)),
                             3);
  gtk_widget_activate_action (editor, "editor.save", NULL);
  ui_wait (find_toplevel (BOBBIN_TYPE_HOST_EDITOR) == NULL);
  g_assert_nonnull (ui_find_titled (dialog, "example.org"));

  rule = bobbin_host_rules_find ("https://files.example.org/");
  g_assert_nonnull (rule);
  g_assert_cmpuint (rule->connections, ==, 3);
  g_assert_cmpstr (rule->user, ==, "jane");

  gtk_widget_activate_action (dialog, "rules.edit", "u", 0);
  editor = wait_for (ui, BOBBIN_TYPE_HOST_EDITOR);
  type_in (editor, "User Name", "");
  gtk_widget_activate_action (editor, "editor.save", NULL);
  g_assert_cmpuint (count (ui, "hosts"), ==, 1);
  g_assert_cmpstr (bobbin_host_rules_find ("https://example.org/")->user, ==, "");
  gtk_widget_activate_action (dialog, "rules.remove", "u", 0);
  g_assert_null (bobbin_host_rules_find ("https://example.org/"));
  gtk_window_close (GTK_WINDOW (dialog));
}

static void
assert_header (UiFixture *ui, const char *name, const char *expected)
{
  g_autofree char *value = bobbin_test_server_get_header (ui->server, "/a.bin", 1, name);

  g_assert_cmpstr (value, ==, expected);
}

/* What is set for the server is in the request, though the download was added before. */
static void
test_request (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  BobbinJob *job;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .status = 404 });
  job = ui_add (ui, "/a.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  g_settings_set_value (settings, "hosts",
                        g_variant_new_parsed ("[{'host': <'127.0.0.1'>, 'user-agent': <'robot'>,"
                                              " 'headers': <['X-Test: yes']>}]"));
  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 1000 });
  ui_act (job, ui, "job.retry");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  assert_header (ui, "User-Agent", "robot");
  assert_header (ui, "X-Test", "yes");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/rules/categories", test_categories);
  ui_test_add ("/ui/rules/folder", test_folder);
  ui_test_add ("/ui/rules/dialog", test_dialog);
  ui_test_add ("/ui/rules/names", test_names);
  ui_test_add ("/ui/rules/chosen", test_chosen);
  ui_test_add ("/ui/rules/several", test_several);
  ui_test_add ("/ui/rules/several-chosen", test_several_chosen);
  ui_test_add ("/ui/rules/servers", test_servers);
  ui_test_add ("/ui/rules/request", test_request);

  return g_test_run ();
}
