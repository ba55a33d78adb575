/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The history: downloads that finished are there, are found again, and can be had once more.
 */
#include "config.h"

#include <glib/gstdio.h>

#include "bobbin-application-private.h"
#include "bobbin-finished-page.h"
#include "bobbin-finished-row.h"
#include "bobbin-test-content.h"
#include "ui-desktop.h"
#include "ui-fixture.h"

#define LENGTH 100000

/* ---- what is shown */

static GtkWidget *
find_page (UiFixture *ui)
{
  return ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_FINISHED_PAGE);
}

static GListModel *
get_model (UiFixture *ui)
{
  GtkWidget *view = ui_find_type (find_page (ui), GTK_TYPE_LIST_BASE);

  return G_LIST_MODEL (gtk_grid_view_get_model (GTK_GRID_VIEW (view)));
}

static guint
get_n_rows (UiFixture *ui)
{
  return g_list_model_get_n_items (get_model (ui));
}

static void
show_page (UiFixture *ui, const char *name)
{
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", name);
}

static void
show_history (UiFixture *ui, guint n_rows)
{
  ui_watch (ui, find_page (ui));
  show_page (ui, "history");
  ui_wait (get_n_rows (ui) == n_rows);
}

static gboolean
shows_name (GtkWidget *widget, const char *name)
{
  g_autofree char *shown = NULL;
  BobbinFinishedItem *item;

  if (!BOBBIN_IS_FINISHED_ROW (widget))
    return FALSE;

  item = bobbin_finished_row_get_item (BOBBIN_FINISHED_ROW (widget));
  if (item != NULL)
    shown = bobbin_finished_item_dup_name (item);

  return g_strcmp0 (shown, name) == 0;
}

static GtkWidget *
find_in (GtkWidget *widget, const char *name)
{
  GtkWidget *found = shows_name (widget, name) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_in (child, name);

  return found;
}

/* The row of a file; waits until there is one. */
static GtkWidget *
find_row (UiFixture *ui, const char *name)
{
  GtkWidget *row = NULL;

  ui_wait ((row = find_in (find_page (ui), name)) != NULL);
  ui_watch (ui, bobbin_finished_row_get_item (BOBBIN_FINISHED_ROW (row)));

  return row;
}

static void
act (UiFixture *ui, const char *name, const char *action)
{
  g_assert_true (gtk_widget_activate_action (find_row (ui, name), action, NULL));
}

static gboolean
says (UiFixture *ui, const char *text)
{
  return ui_has_label (GTK_WIDGET (ui->window), text);
}

static BobbinJob *
download (UiFixture *ui, const char *path)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, path, &(BobbinTestFile){ .seed = 1, .length = LENGTH });
  job = ui_add (ui, path);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));

  return job;
}

/* ---- what comes in */

static void
test_empty (UiFixture *ui)
{
  show_history (ui, 0);
  ui_wait (says (ui, "No Finished Downloads"));
  g_assert_false (ui_is_enabled (ui, "win.clear-history"));

  /* what finishes meanwhile is there at once */
  download (ui, "/a.bin");
  show_page (ui, "history");
  find_row (ui, "a.bin");
  g_assert_true (ui_is_enabled (ui, "win.clear-history"));
  download (ui, "/b.bin");
  ui_wait (get_n_rows (ui) == 2);
  find_row (ui, "a.bin");
}

static void
check_described (GtkWidget *widget, GtkAccessibleProperty property, const char *text)
{
  g_autofree char *difference =
    gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), property, text);

  g_assert_cmpstr (difference, ==, NULL);
}

static void
test_row (UiFixture *ui)
{
  g_autofree char *size = g_format_size (LENGTH);
  g_autofree char *line = NULL;
  const BobbinFinished *finished;
  GtkWidget *row;
  GtkWidget *around;

  download (ui, "/a.bin");
  show_history (ui, 1);
  row = find_row (ui, "a.bin");
  finished = bobbin_finished_item_get (bobbin_finished_row_get_item (BOBBIN_FINISHED_ROW (row)));
  g_assert_cmpint (finished->size, ==, LENGTH);

  line = bobbin_finished_item_describe (bobbin_finished_row_get_item (BOBBIN_FINISHED_ROW (row)));
  g_assert_true (g_str_has_prefix (line, "127.0.0.1 · "));
  g_assert_nonnull (strstr (line, size));
  ui_wait (ui_has_label (row, line));
  g_assert_true (ui_has_label (row, "a.bin"));
  around = gtk_widget_get_parent (gtk_widget_get_parent (row));
  check_described (around, GTK_ACCESSIBLE_PROPERTY_LABEL, "a.bin");
  check_described (around, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, line);
  g_assert_nonnull (ui_find_button (row, "Open"));
}

/* It stays when the job leaves the list, and at the next start. */
static void
test_outlives_job (UiFixture *ui)
{
  BobbinJob *job = download (ui, "/a.bin");

  ui_act (job, ui, "job.remove");
  ui_wait (ui_get_n_jobs (ui) == 0);
  show_history (ui, 1);
  find_row (ui, "a.bin");
}

static void
look_again (UiFixture *ui)
{
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 0);
  show_history (ui, 1);
  find_row (ui, "a.bin");
}

static void
test_next_start (void)
{
  ui_keep_list (TRUE);
  ui_run (test_outlives_job, NULL);
  ui_keep_list (FALSE);
  ui_run (look_again, NULL);
}

/* ---- searching */

static void
type (UiFixture *ui, const char *text)
{
  GtkWidget *entry = ui_find_type (find_page (ui), GTK_TYPE_SEARCH_ENTRY);

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.search", NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static void
test_search (UiFixture *ui)
{
  GtkWidget *entry = ui_find_type (find_page (ui), GTK_TYPE_SEARCH_ENTRY);

  download (ui, "/one_100%25.bin");
  download (ui, "/two.bin");
  show_history (ui, 2);

  type (ui, "ONE_");
  ui_wait (get_n_rows (ui) == 1);
  find_row (ui, "one_100%.bin");
  type (ui, "%25");
  ui_wait (get_n_rows (ui) == 1);
  type (ui, "127.0.0.1");
  ui_wait (get_n_rows (ui) == 2);
  type (ui, "three");
  ui_wait (says (ui, "No Results Found"));
  g_assert_true (gtk_widget_get_mapped (entry));

  g_signal_emit_by_name (entry, "stop-search");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "");
  ui_wait (get_n_rows (ui) == 2);
}

/* ---- actions */

static char *
dup_clipboard (UiFixture *ui)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (ui->window));
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (
    gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));

  return g_value_dup_string (&value);
}

static void
test_copy (UiFixture *ui)
{
  g_autofree char *address = bobbin_test_server_get_uri (ui->server, "/a.bin");
  g_autofree char *copied = NULL;

  download (ui, "/a.bin");
  show_history (ui, 1);
  act (ui, "a.bin", "finished.copy-address");
  copied = dup_clipboard (ui);
  g_assert_cmpstr (copied, ==, address);
}

static void
test_folder (UiFixture *ui)
{
  g_autofree char *path = ui_get_path (ui, "a.bin");
  g_autofree char *asked = NULL;
  guint n;

  ui_desktop_serve ();
  n = ui_desktop_count ("ShowItems");
  download (ui, "/a.bin");
  show_history (ui, 1);
  act (ui, "a.bin", "finished.show-in-folder");
  ui_wait (ui_desktop_count ("ShowItems") == n + 1);
  asked = ui_desktop_get_latest ("ShowItems");
  g_assert_nonnull (strstr (asked, path));
}

/* From a sandbox the file manager is not to be had, but the portal is, and is shown the file. */
static void
test_folder_by_portal (UiFixture *ui)
{
  g_autofree char *path = ui_get_path (ui, "a.bin");
  g_autofree char *shown = NULL;
  guint n;

  ui_desktop_serve ();
  ui_desktop_set_shown (FALSE);
  n = ui_desktop_count ("OpenDirectory");
  download (ui, "/a.bin");
  show_history (ui, 1);
  act (ui, "a.bin", "finished.show-in-folder");
  ui_wait (ui_desktop_count ("OpenDirectory") == n + 1);
  shown = ui_desktop_get_latest_file ();
  g_assert_cmpstr (shown, ==, path);
  ui_desktop_set_shown (TRUE);
}

static void
test_remove (UiFixture *ui)
{
  GtkWidget *page = find_page (ui);

  download (ui, "/a.bin");
  download (ui, "/b.bin");
  show_history (ui, 2);

  act (ui, "a.bin", "finished.remove");
  g_assert_cmpuint (get_n_rows (ui), ==, 1);
  ui_wait (says (ui, "Removed “a.bin” from the history"));
  act (ui, "b.bin", "finished.remove");
  ui_wait (says (ui, "Removed 2 downloads from the history"));
  ui_wait (says (ui, "No Finished Downloads"));

  /* jobs and files stay */
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 2);
  g_assert_cmpuint (ui_count_files (ui), ==, 2);

  g_assert_true (ui_is_enabled (ui, "win.undo-remove"));
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.undo-remove", NULL);
  g_assert_cmpuint (get_n_rows (ui), ==, 2);
  g_assert_false (ui_is_enabled (ui, "win.undo-remove"));

  /* where it was, in the store too */
  type (ui, "bin");
  ui_wait (bobbin_finished_page_can_clear (BOBBIN_FINISHED_PAGE (page)) && get_n_rows (ui) == 2);
  find_row (ui, "a.bin");
  find_row (ui, "b.bin");
}

/* Keys act on what is selected, and then on what takes its place. */
static void
test_remove_key (UiFixture *ui)
{
  GtkWidget *page = find_page (ui);

  download (ui, "/a.bin");
  download (ui, "/b.bin");
  download (ui, "/c.bin");
  show_history (ui, 3);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (get_model (ui)), 1, TRUE);
  gtk_widget_activate_action (page, "finished.remove", NULL);
  g_assert_cmpuint (get_n_rows (ui), ==, 2);
  gtk_widget_activate_action (page, "finished.remove", NULL);
  g_assert_cmpuint (get_n_rows (ui), ==, 1);
  find_row (ui, "c.bin");
}

static void
answer (UiFixture *ui, const char *response)
{
  GtkWindow *dialog;

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.clear-history", NULL);
  dialog = ui_find_dialog (ui);
  g_assert_true (ADW_IS_MESSAGE_DIALOG (dialog));
  ui_watch (ui, dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
}

static void
test_clear (UiFixture *ui)
{
  download (ui, "/a.bin");
  show_history (ui, 1);
  answer (ui, "cancel");
  g_assert_cmpuint (get_n_rows (ui), ==, 1);

  /* all is cleared, whatever is searched for */
  type (ui, "nothing like it");
  ui_wait (says (ui, "No Results Found"));
  answer (ui, "clear");
  ui_wait (says (ui, "No Finished Downloads"));
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 1);
  g_assert_cmpuint (ui_count_files (ui), ==, 1);
  g_assert_false (ui_is_enabled (ui, "win.clear-history"));
}

static void
test_again (UiFixture *ui)
{
  g_autofree char *path = ui_get_path (ui, "a (1).bin");

  download (ui, "/a.bin");
  show_history (ui, 1);
  act (ui, "a.bin", "finished.download-again");
  ui_wait (says (ui, "Downloading “a.bin” again"));
  find_row (ui, "a (1).bin");
  bobbin_test_content_assert (path, 1, LENGTH);
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 2);
}

/* What has gone says so, and comes back under the name it had. */
static void
test_gone (UiFixture *ui)
{
  g_autofree char *path = ui_get_path (ui, "a.bin");
  BobbinFinishedItem *item;
  GtkWidget *row;

  download (ui, "/a.bin");
  show_history (ui, 1);
  row = find_row (ui, "a.bin");
  item = bobbin_finished_row_get_item (BOBBIN_FINISHED_ROW (row));
  g_assert_true (ui_can (row, "finished.open"));

  g_assert_cmpint (g_remove (path), ==, 0);
  show_page (ui, "downloads");
  show_page (ui, "history");
  ui_wait (bobbin_finished_item_is_gone (item));
  g_assert_false (ui_can (row, "finished.open"));
  g_assert_false (ui_can (row, "finished.show-in-folder"));
  g_assert_nonnull (ui_find_button (row, "Download Again"));

  gtk_widget_activate_action (row, "finished.activate", NULL);
  ui_wait (get_n_rows (ui) == 2);
  bobbin_test_content_assert (path, 1, LENGTH);
}

/* ---- many */

#define N_MANY 1000

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_store_write_finish (BOBBIN_STORE (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

/* Takes the batch. */
static void
write_now (UiFixture *ui, BobbinStoreBatch *batch)
{
  BobbinStore *store = bobbin_queue_keeper_get_store (bobbin_application_get_keeper (ui->app));
  gboolean written = FALSE;

  bobbin_store_write_async (store, batch, on_written, &written);
  ui_wait (written);
}

static void
fill (UiFixture *ui)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (FALSE);

  for (guint i = 1; i <= N_MANY; i++)
    {
      g_autofree char *path = g_strdup_printf ("/nowhere/%u.bin", i);
      BobbinFinished finished = { .number = i,
                                  .time = i,
                                  .address = (char *) "http://127.0.0.1/x",
                                  .path = path };

      bobbin_store_batch_add_finished (batch, &finished);
    }
  write_now (ui, batch);
}

/* With the other button of the mouse. */
static void
press_secondary (GtkWidget *row)
{
  GtkWidget *view = gtk_widget_get_ancestor (row, GTK_TYPE_LIST_BASE);
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (view);
  double x, y;

  ui_wait (gtk_widget_get_height (row) > 0);
  g_assert_true (gtk_widget_translate_coordinates (row, view, 1, 1, &x, &y));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_CLICK (controller) &&
          gtk_gesture_single_get_button (GTK_GESTURE_SINGLE (controller)) == GDK_BUTTON_SECONDARY)
        g_signal_emit_by_name (controller, "pressed", 1, x, y);
    }
}

/* Of a row that is not selected, nor has the focus. */
static void
test_menu (UiFixture *ui)
{
  GtkWidget *page = find_page (ui);
  GtkWidget *menu;
  g_autoptr (BobbinFinishedItem) item = NULL;

  download (ui, "/a.bin");
  download (ui, "/b.bin");
  show_history (ui, 2);
  find_row (ui, "b.bin");
  press_secondary (find_row (ui, "a.bin"));
  menu = ui_find_type (page, GTK_TYPE_POPOVER_MENU);
  g_assert_nonnull (menu);
  g_object_get (page, "item", &item, NULL);
  g_assert_true (item ==
                 bobbin_finished_row_get_item (BOBBIN_FINISHED_ROW (find_row (ui, "a.bin"))));
  ui_wait (gtk_widget_get_mapped (menu));
  gtk_popover_popdown (GTK_POPOVER (menu));
  ui_wait (!gtk_widget_get_mapped (menu));
}

/* GTK goes by the heights of the last frame, which what has come in since then has no part in: one
 * does not always get to the end at once. */
static gboolean
is_seen_at_end (UiFixture *ui, const char *name)
{
  GtkWidget *view = ui_find_type (find_page (ui), GTK_TYPE_LIST_BASE);

  gtk_widget_activate_action (view, "list.scroll-to-item", "u", get_n_rows (ui) - 1);

  return find_in (find_page (ui), name) != NULL;
}

/* They are read as somebody comes to them, and not before. */
static void
test_many (UiFixture *ui)
{
  GtkWidget *view = ui_find_type (find_page (ui), GTK_TYPE_LIST_BASE);
  guint n;

  fill (ui);
  show_page (ui, "history");
  find_row (ui, "1000.bin");
  g_assert_cmpuint (get_n_rows (ui), <, N_MANY);

  while ((n = get_n_rows (ui)) < N_MANY)
    {
      gtk_widget_activate_action (view, "list.scroll-to-item", "u", n - 1);
      ui_wait (get_n_rows (ui) > n);
    }
  ui_wait (is_seen_at_end (ui, "1.bin"));
  g_assert_cmpuint (get_n_rows (ui), ==, N_MANY);

  /* what comes in at the front does not move what is shown */
  download (ui, "/a.bin");
  show_page (ui, "history");
  ui_wait (get_n_rows (ui) == N_MANY + 1);
  find_row (ui, "1.bin");
}

static void
put_old (UiFixture *ui, const char *path, gint64 age)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (FALSE);
  BobbinFinished finished = { .number = age,
                              .time = g_get_real_time () - age * G_TIME_SPAN_DAY,
                              .address = (char *) "http://127.0.0.1/x",
                              .path = (char *) path };

  bobbin_store_batch_add_finished (batch, &finished);
  write_now (ui, batch);
}

static void
count_change (guint *n_changes)
{
  (*n_changes)++;
}

/* What is older than the history is kept goes when that is chosen, though it is not in view. */
static void
test_keep (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  g_autofree char *path = ui_get_path (ui, "a.bin");
  GListModel *model = get_model (ui);
  guint n_changes = 0;

  put_old (ui, "/nowhere/400.bin", 400);
  put_old (ui, "/nowhere/100.bin", 100);
  put_old (ui, path, 31);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  show_history (ui, 3);

  g_settings_set_string (settings, "keep-history", "1-year");
  ui_wait (get_n_rows (ui) == 2);
  find_row (ui, "100.bin");
  show_page (ui, "downloads");
  g_signal_connect_swapped (model, "items-changed", G_CALLBACK (count_change), &n_changes);
  g_settings_set_string (settings, "keep-history", "30-days");
  ui_wait (get_n_rows (ui) == 0);
  g_assert_cmpuint (n_changes, ==, 1);
  g_signal_handlers_disconnect_by_data (model, &n_changes);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* The app quits while a page is being read. */
static void
test_quit (UiFixture *ui)
{
  fill (ui);
  show_page (ui, "history");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/finished/empty", test_empty);
  ui_test_add ("/ui/finished/row", test_row);
  ui_test_add ("/ui/finished/outlives-job", test_outlives_job);
  g_test_add_func ("/ui/finished/next-start", test_next_start);
  ui_test_add ("/ui/finished/search", test_search);
  ui_test_add ("/ui/finished/copy", test_copy);
  ui_test_add ("/ui/finished/folder", test_folder);
  ui_test_add ("/ui/finished/folder-by-portal", test_folder_by_portal);
  ui_test_add ("/ui/finished/remove", test_remove);
  ui_test_add ("/ui/finished/remove-key", test_remove_key);
  ui_test_add ("/ui/finished/clear", test_clear);
  ui_test_add ("/ui/finished/again", test_again);
  ui_test_add ("/ui/finished/gone", test_gone);
  ui_test_add ("/ui/finished/menu", test_menu);
  ui_test_add ("/ui/finished/many", test_many);
  ui_test_add ("/ui/finished/keep", test_keep);
  ui_test_add ("/ui/finished/quit", test_quit);

  return g_test_run ();
}
