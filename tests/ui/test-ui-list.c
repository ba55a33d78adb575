/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of downloads: what is shown of it and in what order, and what is done to many at once.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>

#include "bobbin-download.h"
#include "bobbin-downloads-page.h"
#include "bobbin-job-list.h"
#include "bobbin-monitors-page.h"
#include "ui-fixture.h"

#define LENGTH 1000

static BobbinJobList *
find_list (UiFixture *ui)
{
  return BOBBIN_JOB_LIST (ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_JOB_LIST));
}

static GtkWidget *
find_page (UiFixture *ui)
{
  return ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_DOWNLOADS_PAGE);
}

/* Whether these are shown, by the first letters of their names. */
static gboolean
shows (UiFixture *ui, const char *letters)
{
  GListModel *model = bobbin_job_list_get_model (find_list (ui));
  const guint n = g_list_model_get_n_items (model);

  if (n != strlen (letters))
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (model, i);

      if (bobbin_job_get_title (job)[0] != letters[i])
        return FALSE;
    }

  return TRUE;
}

/* As with the mouse: the focus is with them. */
static void
select_jobs (UiFixture *ui, BobbinJob *first, BobbinJob *second)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();

  g_ptr_array_add (jobs, first);
  if (second != NULL)
    g_ptr_array_add (jobs, second);
  bobbin_job_list_select (find_list (ui), jobs);
  gtk_widget_child_focus (GTK_WIDGET (ui_find_row (ui, first)), GTK_DIR_TAB_FORWARD);
}

static gboolean
are_selected (UiFixture *ui, BobbinJob *first, BobbinJob *second)
{
  g_autoptr (GPtrArray) jobs = bobbin_job_list_dup_selected (find_list (ui));

  return jobs->len == 2 && g_ptr_array_index (jobs, 0) == first &&
         g_ptr_array_index (jobs, 1) == second;
}

static void
act (UiFixture *ui, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (find_list (ui)), action, NULL));
}

static void
test_filter (UiFixture *ui)
{
  BobbinJob *failing;

  ui_add_whole (ui, "/a.bin", LENGTH);
  failing = ui_add_failing (ui, "/b.bin");
  g_assert_true (shows (ui, "ab"));

  gtk_widget_activate_action (find_page (ui), "downloads.show", "s", "failed");
  g_assert_true (shows (ui, "b"));
  gtk_widget_activate_action (find_page (ui), "downloads.show", "s", "waiting");
  g_assert_true (shows (ui, ""));
  ui_wait (ui_has_label (GTK_WIDGET (ui->window), "No Results Found"));
  gtk_widget_activate_action (find_page (ui), "downloads.show", "s", "finished");
  g_assert_true (shows (ui, "a"));

  /* it follows the jobs as they change */
  bobbin_test_server_set (ui->server, "/b.bin", &(BobbinTestFile){ .length = LENGTH });
  bobbin_job_start (failing);
  ui_wait (shows (ui, "ab"));
  gtk_widget_activate_action (find_page (ui), "downloads.show", "s", "all");
  g_assert_true (shows (ui, "ab"));
}

static BobbinJob *
add_stalling (UiFixture *ui, const char *path)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, path,
                          &(BobbinTestFile){ .length = LENGTH,
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = LENGTH / 2 });
  job = ui_add (ui, path);
  ui_wait (bobbin_job_get_bytes (job) == LENGTH / 2);

  return job;
}

static void
test_filter_active (UiFixture *ui)
{
  BobbinJob *job;

  ui_add_whole (ui, "/a.bin", LENGTH);
  job = add_stalling (ui, "/b.bin");
  gtk_widget_activate_action (find_page (ui), "downloads.show", "s", "active");
  ui_wait (shows (ui, "b"));
  ui_act (job, ui, "job.stop");
  ui_wait (shows (ui, ""));
}

static void
search (UiFixture *ui, const char *text)
{
  GtkWidget *entry = ui_find_type (find_page (ui), GTK_TYPE_SEARCH_ENTRY);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static void
test_search (UiFixture *ui)
{
  GtkWidget *bar = ui_find_type (find_page (ui), GTK_TYPE_SEARCH_BAR);

  ui_add_whole (ui, "/apple.bin", LENGTH);
  ui_add_whole (ui, "/banana.bin", LENGTH);
  ui_add_whole (ui, "/cherry.txt", LENGTH);

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.search", NULL);
  g_assert_true (gtk_search_bar_get_search_mode (GTK_SEARCH_BAR (bar)));
  search (ui, "BIN");
  ui_wait (shows (ui, "ab"));
  search (ui, "bin nan");
  ui_wait (shows (ui, "b"));
  search (ui, "127.0.0.1 cherry");
  ui_wait (shows (ui, "c"));
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (bar), FALSE);
  ui_wait (shows (ui, "abc"));
}

/* A server says what it is called only when it is asked. */
static void
test_search_named_later (UiFixture *ui)
{
  ui_add_whole (ui, "/a.bin", LENGTH);
  search (ui, "film");
  ui_wait (shows (ui, ""));
  bobbin_test_server_set (ui->server, "/get",
                          &(BobbinTestFile){ .length = LENGTH,
                                             .disposition = "attachment; filename=film.mkv" });
  ui_add (ui, "/get");
  ui_wait (shows (ui, "f"));
}

/* Whoever is shown one of them sees it, whatever was chosen and searched for before. */
static void
test_show_hidden (UiFixture *ui)
{
  BobbinJob *a = ui_add_whole (ui, "/a.bin", LENGTH);
  g_autoptr (GPtrArray) selected = NULL;

  ui_add_failing (ui, "/b.bin");
  gtk_widget_activate_action (find_page (ui), "downloads.show", "s", "failed");
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.search", NULL);
  search (ui, "b.bin");
  g_assert_true (shows (ui, "b"));

  bobbin_window_show_job (ui->window, a);
  ui_wait (shows (ui, "ab"));
  selected = bobbin_job_list_dup_selected (find_list (ui));
  g_assert_cmpuint (selected->len, ==, 1);
  g_assert_true (g_ptr_array_index (selected, 0) == a);
  g_assert_false (gtk_search_bar_get_search_mode (
    GTK_SEARCH_BAR (ui_find_type (find_page (ui), GTK_TYPE_SEARCH_BAR))));
}

/* What is shown already is shown as it was. */
static void
test_show_shown (UiFixture *ui)
{
  BobbinJob *b;

  ui_add_whole (ui, "/a.bin", LENGTH);
  b = ui_add_failing (ui, "/b.bin");
  gtk_widget_activate_action (find_page (ui), "downloads.show", "s", "failed");
  bobbin_window_show_job (ui->window, b);
  g_assert_true (shows (ui, "b"));
}

/* By its button, and again. */
static void
test_search_toggle (UiFixture *ui)
{
  GtkWidget *bar = ui_find_type (find_page (ui), GTK_TYPE_SEARCH_BAR);

  ui_add_whole (ui, "/apple.bin", LENGTH);
  ui_add_whole (ui, "/banana.bin", LENGTH);
  gtk_widget_activate_action (find_page (ui), "downloads.searching", NULL);
  g_assert_true (gtk_search_bar_get_search_mode (GTK_SEARCH_BAR (bar)));
  search (ui, "apple");
  ui_wait (shows (ui, "a"));
  gtk_widget_activate_action (find_page (ui), "downloads.searching", NULL);
  g_assert_false (gtk_search_bar_get_search_mode (GTK_SEARCH_BAR (bar)));
  ui_wait (shows (ui, "ab"));
}

static void
test_sort_progress (UiFixture *ui)
{
  add_stalling (ui, "/b.bin");
  ui_add_whole (ui, "/c.bin", LENGTH);
  ui_add_failing (ui, "/a.bin");
  gtk_widget_activate_action (find_page (ui), "downloads.sort", "s", "progress");
  ui_wait (shows (ui, "abc"));
  gtk_widget_activate_action (find_page (ui), "downloads.descending", NULL);
  ui_wait (shows (ui, "cba"));
}

static void
test_sort (UiFixture *ui)
{
  BobbinJob *b = ui_add_whole (ui, "/b.bin", 3 * LENGTH);
  BobbinJob *c = ui_add_whole (ui, "/c.bin", LENGTH);
  g_autoptr (GPtrArray) dragged = g_ptr_array_new ();

  ui_add_whole (ui, "/a.bin", 2 * LENGTH);
  g_assert_true (shows (ui, "bca"));
  gtk_widget_activate_action (find_page (ui), "downloads.sort", "s", "name");
  ui_wait (shows (ui, "abc"));
  gtk_widget_activate_action (find_page (ui), "downloads.sort", "s", "size");
  ui_wait (shows (ui, "cab"));
  gtk_widget_activate_action (find_page (ui), "downloads.descending", NULL);
  ui_wait (shows (ui, "bac"));
  /* where it stands is not where it would be dropped */
  g_ptr_array_add (dragged, c);
  g_assert_false (bobbin_job_list_drop (find_list (ui), dragged, b, FALSE));
  gtk_widget_activate_action (find_page (ui), "downloads.sort", "s", "queue");
  ui_wait (shows (ui, "acb"));
  gtk_widget_activate_action (find_page (ui), "downloads.descending", NULL);
  ui_wait (shows (ui, "bca"));
}

/* What is moved stays selected, and in its order. */
static void
test_move_selected (UiFixture *ui)
{
  BobbinJob *jobs[4];
  g_autoptr (GPtrArray) dragged = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/%c.bin", 'a' + i);

      jobs[i] = ui_add_failing (ui, path);
    }

  select_jobs (ui, jobs[1], jobs[3]);
  act (ui, "job.move-up");
  g_assert_true (shows (ui, "badc"));
  g_assert_true (are_selected (ui, jobs[1], jobs[3]));
  act (ui, "job.move-to-bottom");
  g_assert_true (shows (ui, "acbd"));
  g_assert_true (are_selected (ui, jobs[1], jobs[3]));
  act (ui, "job.move-to-top");
  g_assert_true (shows (ui, "bdac"));

  g_ptr_array_add (dragged, jobs[1]);
  g_ptr_array_add (dragged, jobs[3]);
  g_assert_true (bobbin_job_list_drop (find_list (ui), dragged, jobs[0], TRUE));
  g_assert_true (shows (ui, "abdc"));
  g_assert_true (are_selected (ui, jobs[1], jobs[3]));
  g_assert_true (bobbin_job_list_drop (find_list (ui), dragged, jobs[0], FALSE));
  g_assert_true (shows (ui, "bdac"));
}

/* What is not shown is passed over. */
static void
test_move_filtered (UiFixture *ui)
{
  BobbinJob *c;

  ui_add_failing (ui, "/a.bin");
  ui_add_whole (ui, "/b.bin", LENGTH);
  c = ui_add_failing (ui, "/c.bin");
  ui_add_failing (ui, "/d.bin");
  gtk_widget_activate_action (find_page (ui), "downloads.show", "s", "failed");
  ui_wait (shows (ui, "acd"));

  select_jobs (ui, c, NULL);
  act (ui, "job.move-up");
  g_assert_true (shows (ui, "cad"));
  act (ui, "job.move-down");
  g_assert_true (shows (ui, "acd"));
  act (ui, "job.move-down");
  g_assert_true (shows (ui, "adc"));
  gtk_widget_activate_action (find_page (ui), "downloads.show", "s", "all");
  ui_wait (shows (ui, "abdc"));
}

/* Those that are at the end already do not change places. */
static void
test_move_at_end (UiFixture *ui)
{
  BobbinJob *a = ui_add_failing (ui, "/a.bin");
  BobbinJob *b = ui_add_failing (ui, "/b.bin");
  BobbinJob *c = ui_add_failing (ui, "/c.bin");
  BobbinJob *d = ui_add_failing (ui, "/d.bin");

  select_jobs (ui, a, b);
  act (ui, "job.move-up");
  g_assert_true (shows (ui, "abcd"));
  select_jobs (ui, c, d);
  act (ui, "job.move-down");
  g_assert_true (shows (ui, "abcd"));
}

/* Where the order is another one nobody sees that of the queue change. */
static void
test_move_sorted (UiFixture *ui)
{
  static const char *const actions[] = { "job.move-up", "job.move-down", "job.move-to-top",
                                         "job.move-to-bottom" };
  BobbinJob *b;

  ui_add_failing (ui, "/c.bin");
  b = ui_add_failing (ui, "/b.bin");
  ui_add_failing (ui, "/a.bin");
  gtk_widget_activate_action (find_page (ui), "downloads.sort", "s", "name");
  ui_wait (shows (ui, "abc"));
  select_jobs (ui, b, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      act (ui, actions[i]);
      g_assert_true (ui_get_job (ui, 1) == b);
    }
  gtk_widget_activate_action (find_page (ui), "downloads.sort", "s", "queue");
  ui_wait (shows (ui, "cba"));
}

/* ---- dragging */

static GtkEventController *
find_controller (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (g_type_is_a (G_OBJECT_TYPE (controller), type))
        return controller;
    }

  return NULL;
}

static GtkWidget *
press (GtkWidget *view, guint keyval)
{
  gboolean handled = FALSE;

  g_signal_emit_by_name (find_controller (view, GTK_TYPE_EVENT_CONTROLLER_KEY), "key-pressed",
                         keyval, 0, 0, &handled);
  g_assert_true (handled);

  return gtk_root_get_focus (gtk_widget_get_root (view));
}

/* As far as it goes; says how often the focus moved. */
static guint
press_to_end (BobbinJobRow *row, GtkWidget *view, guint keyval)
{
  GtkWidget *before = NULL;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (view));
  guint n = 0;

  for (; focus != before; n++)
    {
      g_assert_true (gtk_widget_is_ancestor (focus, GTK_WIDGET (row)));
      before = focus;
      focus = press (view, keyval);
    }

  return n - 1;
}

/* They go to what is in the row, and no further. */
static void
test_left_and_right (UiFixture *ui)
{
  BobbinJob *job = ui_add_failing (ui, "/a.bin");
  BobbinJobRow *row;
  GtkWidget *view;
  guint n;

  ui_add_failing (ui, "/b.bin");
  row = ui_find_row (ui, job);
  view = gtk_widget_get_ancestor (GTK_WIDGET (row), GTK_TYPE_LIST_BASE);
  gtk_widget_child_focus (GTK_WIDGET (row), GTK_DIR_TAB_FORWARD);
  press_to_end (row, view, GDK_KEY_Left);
  n = press_to_end (row, view, GDK_KEY_Right);
  g_assert_cmpuint (n, >=, 2);
  g_assert_cmpuint (press_to_end (row, view, GDK_KEY_Left), ==, n);
}

/* The row shows nothing as yet when the pointer gets there. */
static void
test_drag_nothing (UiFixture *ui)
{
  BobbinJob *job = ui_add_whole (ui, "/a.bin", LENGTH);
  BobbinJobRow *row = ui_find_row (ui, job);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();
  g_autoptr (GdkContentProvider) provider = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean dropped = TRUE;

  g_ptr_array_add (jobs, job);
  g_value_init (&value, G_TYPE_PTR_ARRAY);
  g_value_set_boxed (&value, jobs);
  bobbin_job_row_set_job (row, NULL);
  g_signal_emit_by_name (find_controller (GTK_WIDGET (row), GTK_TYPE_DRAG_SOURCE), "prepare", 1.0,
                         1.0, &provider);
  g_assert_null (provider);
  g_signal_emit_by_name (find_controller (GTK_WIDGET (row), GTK_TYPE_DROP_TARGET), "drop", &value,
                         1.0, 1.0, &dropped);
  g_assert_false (dropped);
  bobbin_job_row_set_job (row, job);
}

static GdkContentProvider *
prepare_drag (UiFixture *ui, BobbinJob *job, GdkDragAction *actions)
{
  GtkEventController *source =
    find_controller (GTK_WIDGET (ui_find_row (ui, job)), GTK_TYPE_DRAG_SOURCE);
  GdkContentProvider *provider = NULL;

  g_signal_emit_by_name (source, "prepare", 1.0, 1.0, &provider);
  g_assert_nonnull (provider);
  *actions = gtk_drag_source_get_actions (GTK_DRAG_SOURCE (source));

  return provider;
}

/* The file of a finished one can be copied elsewhere, and never goes from where the list says that
 * it is. */
static void
test_drag_file (UiFixture *ui)
{
  g_autofree char *path = ui_get_path (ui, "a.bin");
  GdkDragAction actions;
  g_autoptr (GdkContentProvider) provider =
    prepare_drag (ui, ui_add_whole (ui, "/a.bin", LENGTH), &actions);
  g_auto (GValue) value = G_VALUE_INIT;
  GSList *files;

  g_assert_cmpuint (actions, ==, GDK_ACTION_COPY);
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_assert_true (gdk_content_provider_get_value (provider, &value, NULL));
  files = g_value_get_boxed (&value);
  g_assert_cmpuint (g_slist_length (files), ==, 1);
  g_assert_cmpstr (g_file_peek_path (files->data), ==, path);
}

/* What has no file is only moved in the list. */
static void
test_drag_unfinished (UiFixture *ui)
{
  GdkDragAction actions;
  g_autoptr (GdkContentProvider) provider =
    prepare_drag (ui, ui_add_failing (ui, "/a.bin"), &actions);
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_cmpuint (actions, ==, GDK_ACTION_MOVE);
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_assert_false (gdk_content_provider_get_value (provider, &value, NULL));
}

/* A drag may turn to another page on its way: its jobs have no place among those of other kinds. */
static void
test_drop_other_kind (UiFixture *ui)
{
  GtkWidget *page = ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_MONITORS_PAGE);
  GtkWidget *monitors = ui_find_type (page, BOBBIN_TYPE_JOB_LIST);
  BobbinJob *job = ui_add_whole (ui, "/a.bin", LENGTH);
  g_autoptr (GPtrArray) dragged = g_ptr_array_new ();

  g_assert_true (bobbin_application_add_monitor (ui->app, "disk:/", 0, NAN, NULL));
  ui_wait (ui_get_n_jobs (ui) == 2);
  g_ptr_array_add (dragged, job);
  g_assert_false (
    bobbin_job_list_drop (BOBBIN_JOB_LIST (monitors), dragged, ui_get_job (ui, 1), TRUE));
  g_assert_true (ui_get_job (ui, 0) == job);
}

/* A drag may end when the window has gone. */
static void
test_drag_and_quit (UiFixture *ui)
{
  BobbinJob *job = ui_add_whole (ui, "/a.bin", LENGTH);
  GtkWidget *row = GTK_WIDGET (ui_find_row (ui, job));
  g_autoptr (GtkEventController) source =
    g_object_ref (find_controller (row, GTK_TYPE_DRAG_SOURCE));

  g_object_add_weak_pointer (G_OBJECT (row), (gpointer *) &row);
  bobbin_application_drain (ui->app);
  ui_wait (ui->window == NULL && row == NULL);
  g_signal_emit_by_name (source, "drag-end", NULL, FALSE);
}

static void
test_act_on_selected (UiFixture *ui)
{
  BobbinJob *a = ui_add_failing (ui, "/a.bin");
  BobbinJob *b = ui_add_whole (ui, "/b.bin", LENGTH);
  BobbinJob *c = ui_add_failing (ui, "/c.bin");

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = LENGTH });
  select_jobs (ui, a, b);
  act (ui, "job.start");
  ui_wait (ui_has_state (a, BOBBIN_JOB_DONE));
  g_assert_true (ui_has_state (c, BOBBIN_JOB_FAILED));

  act (ui, "job.remove");
  ui_wait (shows (ui, "c"));
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.undo-remove", NULL);
  ui_wait (shows (ui, "abc"));
}

/* Until Undo is not offered any more the file is where it was. */
static void
test_trash_and_undo (UiFixture *ui)
{
  BobbinJob *job = ui_add_whole (ui, "/a.bin", LENGTH);
  g_autofree char *path = ui_get_path (ui, "a.bin");

  ui_act (job, ui, "job.trash");
  ui_wait (ui_get_n_jobs (ui) == 0);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.undo-remove", NULL);
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 1);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (ui_has_state (job, BOBBIN_JOB_DONE));
}

/* The desktop's own, on the file system of the user's folders. */
static void
take_from_trash (const char *folder, const char *name)
{
  g_autofree char *trash = g_build_filename (g_get_user_data_dir (), "Trash", NULL);
  g_autofree char *in_trash = g_build_filename (trash, folder, NULL);
  g_autofree char *path = g_build_filename (in_trash, name, NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (in_trash), ==, 0);
  g_rmdir (trash);
}

/* GIO uses the home folder's trash for what is on the same disk. */
static gboolean
is_beside_home (const char *path)
{
  GStatBuf file, home;

  return g_stat (path, &file) == 0 && g_stat (g_get_home_dir (), &home) == 0 &&
         file.st_dev == home.st_dev;
}

/* When Undo is not offered any more, at the end of the app at the latest, it is there. */
static void
test_trash (UiFixture *ui)
{
  BobbinJob *job = ui_add_whole (ui, "/a.bin", LENGTH);
  g_autofree char *path = ui_get_path (ui, "a.bin");

  if (!is_beside_home (path))
    {
      g_test_skip ("The file is on another disk than the home folder");
      return;
    }

  ui_act (job, ui, "job.trash");
  ui_wait (ui_get_n_jobs (ui) == 0);
  bobbin_application_drain (ui->app);
  ui_wait (ui->window == NULL);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  take_from_trash ("files", "a.bin");
  take_from_trash ("info", "a.bin.trashinfo");
}

static void
test_menu (UiFixture *ui)
{
  GtkWidget *list = GTK_WIDGET (find_list (ui));
  GtkWidget *menu;
  BobbinJob *job = ui_add_failing (ui, "/a.bin");

  select_jobs (ui, job, NULL);
  act (ui, "job-list.menu");
  menu = ui_find_type (list, GTK_TYPE_POPOVER_MENU);
  g_assert_nonnull (menu);
  ui_wait (gtk_widget_get_mapped (menu));
  gtk_popover_popdown (GTK_POPOVER (menu));
  ui_wait (!gtk_widget_get_mapped (menu));
}

/* With the other button of the mouse, on the row of @job. */
static void
press_secondary (UiFixture *ui, BobbinJob *job)
{
  GtkWidget *row = GTK_WIDGET (ui_find_row (ui, job));
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

/* The menu is that of what is clicked on, whatever has the focus. */
static void
test_menu_elsewhere (UiFixture *ui)
{
  GtkWidget *list = GTK_WIDGET (find_list (ui));
  GtkWidget *menu;
  BobbinJob *whole = ui_add_whole (ui, "/a.bin", LENGTH);
  BobbinJob *failing = ui_add_failing (ui, "/b.bin");
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();

  select_jobs (ui, whole, NULL);
  g_ptr_array_add (jobs, failing);
  bobbin_job_list_select (find_list (ui), jobs);
  ui_find_row (ui, whole);
  press_secondary (ui, failing);
  menu = ui_find_type (list, GTK_TYPE_POPOVER_MENU);
  g_assert_nonnull (menu);
  g_assert_true (ui_can (list, "job.retry"));
  g_assert_false (ui_can (list, "job.open"));
  ui_wait (gtk_widget_get_mapped (menu));
  gtk_popover_popdown (GTK_POPOVER (menu));
  ui_wait (!gtk_widget_get_mapped (menu));
}

/* By when they were added, also where that is not the order of the queue; and the next window
 * remembers it. */
static void
test_added (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  BobbinJobQueue *queue = bobbin_application_get_queue (ui->app);
  BobbinJob *a = ui_add_whole (ui, "/a.bin", LENGTH);
  BobbinJob *b = ui_add_whole (ui, "/b.bin", LENGTH);
  g_autofree char *order = NULL;

  g_assert_cmpint (bobbin_job_get_created (a), <, bobbin_job_get_created (b));
  ui_add_whole (ui, "/c.bin", LENGTH);
  bobbin_job_queue_move_to_top (queue, b);
  ui_wait (shows (ui, "bac"));
  gtk_widget_activate_action (find_page (ui), "downloads.sort", "s", "added");
  ui_wait (shows (ui, "abc"));
  gtk_widget_activate_action (find_page (ui), "downloads.descending", NULL);
  ui_wait (shows (ui, "cba"));

  order = g_settings_get_string (settings, "downloads-order");
  g_assert_cmpstr (order, ==, "added");
  g_assert_true (g_settings_get_boolean (settings, "downloads-descending"));
  g_settings_set_string (settings, "downloads-shown", "failed");
  ui_wait (shows (ui, ""));
  g_settings_set_string (settings, "downloads-order", "queue");
  g_settings_set_string (settings, "downloads-shown", "all");
  ui_wait (shows (ui, "cab"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/list/filter", test_filter);
  ui_test_add ("/ui/list/search", test_search);
  ui_test_add ("/ui/list/search-named-later", test_search_named_later);
  ui_test_add ("/ui/list/show-hidden", test_show_hidden);
  ui_test_add ("/ui/list/show-shown", test_show_shown);
  ui_test_add ("/ui/list/sort", test_sort);
  ui_test_add ("/ui/list/filter-active", test_filter_active);
  ui_test_add ("/ui/list/search-toggle", test_search_toggle);
  ui_test_add ("/ui/list/sort-progress", test_sort_progress);
  ui_test_add ("/ui/list/move-selected", test_move_selected);
  ui_test_add ("/ui/list/move-filtered", test_move_filtered);
  ui_test_add ("/ui/list/move-at-end", test_move_at_end);
  ui_test_add ("/ui/list/move-sorted", test_move_sorted);
  ui_test_add ("/ui/list/left-and-right", test_left_and_right);
  ui_test_add ("/ui/list/drag-nothing", test_drag_nothing);
  ui_test_add ("/ui/list/drag-file", test_drag_file);
  ui_test_add ("/ui/list/drag-unfinished", test_drag_unfinished);
  ui_test_add ("/ui/list/drop-other-kind", test_drop_other_kind);
  ui_test_add ("/ui/list/drag-and-quit", test_drag_and_quit);
  ui_test_add ("/ui/list/act-on-selected", test_act_on_selected);
  ui_test_add ("/ui/list/trash-and-undo", test_trash_and_undo);
  ui_test_add ("/ui/list/trash", test_trash);
  ui_test_add ("/ui/list/menu", test_menu);
  ui_test_add ("/ui/list/menu-elsewhere", test_menu_elsewhere);
  ui_test_add ("/ui/list/added", test_added);

  return g_test_run ();
}
