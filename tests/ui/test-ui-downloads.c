/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Downloads in the window: added, watched, stopped, started, tried again, moved.
 */
#include "config.h"

#include <math.h>

#include "bobbin-download-row.h"
#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-finished-row.h"
#include "bobbin-test-content.h"
#include "ui-fixture.h"

#define LENGTH (3 * 1024 * 1024 + 17)
#define HALF   (LENGTH / 2)

static void
serve (UiFixture *ui, const char *path, guint64 seed)
{
  bobbin_test_server_set (ui->server, path,
                          &(BobbinTestFile){ .seed = seed, .length = LENGTH, .etag = "\"1\"" });
}

/* Stalls half-way the first time, and is sound from then on. */
static void
serve_stalling (UiFixture *ui, const char *path, guint64 seed)
{
  bobbin_test_server_set (ui->server, path,
                          &(BobbinTestFile){ .seed = seed,
                                             .length = LENGTH,
                                             .etag = "\"1\"",
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = HALF,
                                             .fault_times = 1 });
}

static void
assert_file (UiFixture *ui, const char *name, guint64 seed)
{
  g_autofree char *path = ui_get_path (ui, name);

  bobbin_test_content_assert (path, seed, LENGTH);
}

static gboolean
is_button_without_name (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)) == NULL &&
         gtk_widget_get_parent (widget) != NULL &&
         /* GtkMenuButton and the window's own controls hand the name on; those of a GtkSpinButton
          * are not reached by themselves, and GtkSearchBar shows none of its own */
         !GTK_IS_MENU_BUTTON (gtk_widget_get_parent (widget)) &&
         !GTK_IS_SPIN_BUTTON (gtk_widget_get_parent (widget)) &&
         gtk_widget_get_ancestor (widget, GTK_TYPE_SEARCH_BAR) == NULL &&
         gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) == NULL &&
         gtk_widget_get_ancestor (widget, ADW_TYPE_VIEW_SWITCHER) == NULL &&
         /* what is written on it beside an icon is its name, too */
         ui_find_type (widget, GTK_TYPE_LABEL) == NULL &&
         !gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

static void
assert_named (GtkWidget *root)
{
  if (is_button_without_name (root))
    g_error ("A button has no name: %s in %s", G_OBJECT_TYPE_NAME (root),
             G_OBJECT_TYPE_NAME (gtk_widget_get_parent (root)));

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_named (child);
}

static void
test_empty (UiFixture *ui)
{
  ui_wait (ui_has_label (GTK_WIDGET (ui->window), "No Downloads"));
  g_assert_nonnull (ui_find_button (GTK_WIDGET (ui->window), "Add Download…"));
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  ui_wait (ui_has_label (GTK_WIDGET (ui->window), "No Monitors"));
  g_assert_nonnull (ui_find_button (GTK_WIDGET (ui->window), "Add Monitor…"));
}

static void
test_names (UiFixture *ui)
{
  BobbinJob *job;

  serve (ui, "/a.bin", 1);
  job = ui_add (ui, "/a.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  g_assert_nonnull (ui_find_button (GTK_WIDGET (ui_find_row (ui, job)), "Open"));
  g_assert_nonnull (ui_find_button (GTK_WIDGET (ui_find_row (ui, job)), "Remove"));
  assert_named (GTK_WIDGET (ui->window));
}

/* In a row of each page, in the details of both kinds, and in the preferences. */
static void
test_names_elsewhere (UiFixture *ui)
{
  GtkWidget *window = GTK_WIDGET (ui->window);
  BobbinJob *download, *monitor;
  GtkWindow *preferences;

  serve (ui, "/a.bin", 1);
  download = ui_add (ui, "/a.bin");
  ui_wait (ui_has_state (download, BOBBIN_JOB_DONE));
  bobbin_window_show_details (ui->window, download);
  ui_wait (ui_has_label (window, "Received"));
  assert_named (window);

  g_assert_true (bobbin_application_add_monitor (ui->app, "memory", 5, NAN, NULL));
  monitor = ui_get_job (ui, 1);
  ui_watch (ui, monitor);
  gtk_widget_activate_action (window, "win.show-page", "s", "monitors");
  ui_find_row (ui, monitor);
  bobbin_window_show_details (ui->window, monitor);
  assert_named (window);

  gtk_widget_activate_action (window, "win.show-page", "s", "history");
  ui_wait (ui_find_type (window, BOBBIN_TYPE_FINISHED_ROW) != NULL);
  assert_named (window);

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "preferences", NULL);
  preferences = ui_find_dialog (ui);
  ui_watch (ui, preferences);
  assert_named (GTK_WIDGET (preferences));
  gtk_window_close (preferences);
}

static void
test_add (UiFixture *ui)
{
  BobbinJob *job;
  GtkWidget *row;

  serve (ui, "/a.bin", 1);
  job = ui_add (ui, "/a.bin");
  row = GTK_WIDGET (ui_find_row (ui, job));
  g_assert_true (BOBBIN_IS_DOWNLOAD_ROW (row));
  ui_wait (!ui_has_label (GTK_WIDGET (ui->window), "No Downloads"));

  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  assert_file (ui, "a.bin", 1);
  g_assert_cmpuint (ui_count_files (ui), ==, 1);
  ui_wait (ui_has_label (row, "a.bin"));
  ui_wait (ui_has_label (row, bobbin_job_get_status_line (job)));
  g_assert_false (gtk_widget_get_visible (ui_find_type (row, GTK_TYPE_PROGRESS_BAR)));
}

static void
test_add_bad (UiFixture *ui)
{
  const char *const addresses[] = { "ftp://127.0.0.1/a.bin", NULL };

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "add-download",
                                  g_variant_new_strv (addresses, -1));
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 0);
  g_assert_nonnull (ui_find_type (GTK_WIDGET (ui->window), g_type_from_name ("AdwToastWidget")));
}

static void
add_addresses (UiFixture *ui, const char *const *addresses)
{
  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "add-download",
                                  g_variant_new_strv (addresses, -1));
}

static GtkWidget *
find_toast (UiFixture *ui)
{
  return ui_find_type (GTK_WIDGET (ui->window), g_type_from_name ("AdwToastWidget"));
}

static gboolean
toast_says (UiFixture *ui, const char *text)
{
  return find_toast (ui) != NULL && ui_has_label (find_toast (ui), text);
}

/* One toast for all that are bad; the good ones are taken. */
static void
test_add_several_bad (UiFixture *ui)
{
  const char *const addresses[] = { "ftp://127.0.0.1/a.bin", "http://127.0.0.1:1/b.bin", "c", "d",
                                    NULL };

  add_addresses (ui, addresses);
  ui_wait (ui_get_n_jobs (ui) == 1);
  ui_watch (ui, ui_get_job (ui, 0));
  ui_wait (toast_says (ui, "3 addresses could not be used"));
}

/* More than are taken in one turn of the main loop: all of them, in their order. */
static void
test_add_very_many (UiFixture *ui)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) addresses = NULL;

  for (guint i = 0; i < 250; i++)
    {
      g_autofree char *address = g_strdup_printf ("http://127.0.0.1:1/%u.bin", i);

      g_strv_builder_add (builder, i == 221 ? "gopher://x" : address);
    }
  addresses = g_strv_builder_end (builder);

  add_addresses (ui, (const char *const *) addresses);
  ui_wait (ui_get_n_jobs (ui) == 249);
  for (guint i = 0; i < 249; i++)
    {
      BobbinDownload *download = BOBBIN_DOWNLOAD (ui_get_job (ui, i));

      g_assert_cmpstr (bobbin_download_get_address (download), ==, addresses[i + (i >= 221)]);
      ui_watch (ui, BOBBIN_JOB (download));
    }
  g_assert_nonnull (find_toast (ui));
}

/* An error is seen at once, though Undo is offered; that comes back after it, and is good still. */
static void
test_add_bad_over_undo (UiFixture *ui)
{
  const char *const addresses[] = { "c", "d", NULL };
  BobbinJob *job;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .status = 404 });
  job = ui_add (ui, "/a.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  ui_act (job, ui, "job.remove");
  ui_wait (toast_says (ui, "Removed “a.bin”"));

  add_addresses (ui, addresses);
  ui_wait (toast_says (ui, "2 addresses could not be used"));
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 0);
  g_signal_emit_by_name (ui_find_type (find_toast (ui), GTK_TYPE_BUTTON), "clicked"); /* Close */
  ui_wait (toast_says (ui, "Removed “a.bin”"));
  g_signal_emit_by_name (ui_find_button (find_toast (ui), "_Undo"), "clicked");
  ui_wait (ui_get_n_jobs (ui) == 1);
  ui_wait (find_toast (ui) == NULL);
}

static void
test_stop_and_start (UiFixture *ui)
{
  BobbinJob *job;
  GtkWidget *row;
  GtkProgressBar *bar;

  serve_stalling (ui, "/a.bin", 2);
  job = ui_add (ui, "/a.bin");
  row = GTK_WIDGET (ui_find_row (ui, job));
  bar = GTK_PROGRESS_BAR (ui_find_type (row, GTK_TYPE_PROGRESS_BAR));

  ui_wait (bobbin_job_get_bytes (job) == HALF);
  ui_wait (gtk_progress_bar_get_fraction (bar) > 0.49);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (bar)));
  g_assert_nonnull (ui_find_button (row, "Stop"));
  ui_act (job, ui, "job.stop");
  ui_wait (ui_has_state (job, BOBBIN_JOB_IDLE));
  g_assert_nonnull (ui_find_button (row, "Start"));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (bar)));

  ui_act (job, ui, "job.start");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  assert_file (ui, "a.bin", 2);
  g_assert_cmpint (bobbin_test_server_get_first_byte (ui->server, "/a.bin", 1), ==, HALF);
}

/* The button itself, not the action behind it. */
static void
test_toggle_button (UiFixture *ui)
{
  BobbinJob *job;
  GtkWidget *row;

  serve_stalling (ui, "/a.bin", 3);
  job = ui_add (ui, "/a.bin");
  row = GTK_WIDGET (ui_find_row (ui, job));
  ui_wait (bobbin_job_get_bytes (job) == HALF);

  g_signal_emit_by_name (ui_find_button (row, "Stop"), "clicked");
  ui_wait (ui_has_state (job, BOBBIN_JOB_IDLE));
  g_signal_emit_by_name (ui_find_button (row, "Start"), "clicked");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  assert_file (ui, "a.bin", 3);
}

static void
test_error_and_retry (UiFixture *ui)
{
  BobbinJob *job;
  GtkWidget *row;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .status = 404 });
  job = ui_add (ui, "/a.bin");
  row = GTK_WIDGET (ui_find_row (ui, job));
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));

  g_assert_error (bobbin_job_get_error (job), BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS);
  g_assert_true (gtk_widget_has_css_class (row, "failed"));
  ui_wait (ui_has_label (row, bobbin_job_get_error (job)->message));
  g_assert_cmpuint (ui_count_files (ui), ==, 0);

  serve (ui, "/a.bin", 4);
  g_signal_emit_by_name (ui_find_button (row, "Retry"), "clicked");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  g_assert_false (gtk_widget_has_css_class (row, "failed"));
  assert_file (ui, "a.bin", 4);
}

/* With no length the bar can show no fraction, but must not stand still for ever either. */
static void
test_unknown_length (UiFixture *ui)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, "/a.bin",
                          &(BobbinTestFile){ .seed = 5,
                                             .length = LENGTH,
                                             .framing = BOBBIN_TEST_FRAMING_CHUNKED,
                                             .rate = 8 * LENGTH });
  job = ui_add (ui, "/a.bin");
  ui_find_row (ui, job);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  assert_file (ui, "a.bin", 5);
}

static void
test_all (UiFixture *ui)
{
  BobbinJob *jobs[3];

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.bin", i);

      serve_stalling (ui, path, i);
      jobs[i] = ui_add (ui, path);
    }
  bobbin_test_server_wait_stalled (ui->server, G_N_ELEMENTS (jobs));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.stop-all", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    ui_wait (ui_has_state (jobs[i], BOBBIN_JOB_IDLE));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.start-all", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    ui_wait (ui_has_state (jobs[i], BOBBIN_JOB_DONE));
  g_assert_cmpuint (ui_count_files (ui), ==, G_N_ELEMENTS (jobs));
}

static void
assert_all_enabled (UiFixture *ui, const char *scope, gboolean can_start, gboolean can_stop)
{
  g_autofree char *start_all = g_strconcat (scope, ".start-all", NULL);
  g_autofree char *stop_all = g_strconcat (scope, ".stop-all", NULL);

  g_assert_cmpint (ui_is_enabled (ui, start_all), ==, can_start);
  g_assert_cmpint (ui_is_enabled (ui, stop_all), ==, can_stop);
}

/* Start All and Stop All are offered where they would do something: win.* on the page that is
 * shown, app.* on any. */
static void
test_all_enabled (UiFixture *ui)
{
  BobbinJob *a, *b;

  assert_all_enabled (ui, "win", FALSE, FALSE);
  assert_all_enabled (ui, "app", FALSE, FALSE);

  serve_stalling (ui, "/a.bin", 1);
  serve_stalling (ui, "/b.bin", 2);
  a = ui_add (ui, "/a.bin");
  b = ui_add (ui, "/b.bin");
  assert_all_enabled (ui, "win", FALSE, TRUE);
  assert_all_enabled (ui, "app", FALSE, TRUE);

  bobbin_test_server_wait_stalled (ui->server, 2);
  ui_act (a, ui, "job.stop");
  ui_wait (ui_has_state (a, BOBBIN_JOB_IDLE));
  assert_all_enabled (ui, "win", TRUE, TRUE);
  ui_act (b, ui, "job.stop");
  assert_all_enabled (ui, "win", TRUE, FALSE);

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  assert_all_enabled (ui, "win", FALSE, FALSE);
  assert_all_enabled (ui, "app", TRUE, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "downloads");
  assert_all_enabled (ui, "win", TRUE, FALSE);

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "start-all", NULL);
  ui_wait (ui_has_state (a, BOBBIN_JOB_DONE) && ui_has_state (b, BOBBIN_JOB_DONE));
  assert_all_enabled (ui, "win", FALSE, FALSE);
  assert_all_enabled (ui, "app", FALSE, FALSE);
}

/* All that are done, no other; the files stay, and all can come back. */
static void
test_remove_finished (UiFixture *ui)
{
  BobbinJobQueue *queue = bobbin_application_get_queue (ui->app);
  BobbinJob *jobs[2], *failed;

  g_assert_false (ui_is_enabled (ui, "win.remove-finished"));
  bobbin_test_server_set (ui->server, "/failed.bin", &(BobbinTestFile){ .status = 404 });
  failed = ui_add (ui, "/failed.bin");
  ui_wait (ui_has_state (failed, BOBBIN_JOB_FAILED));
  g_assert_false (ui_is_enabled (ui, "win.remove-finished"));
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.bin", i);

      bobbin_test_server_set (ui->server, path, &(BobbinTestFile){ .length = 100, .seed = i });
      jobs[i] = ui_add (ui, path);
      ui_wait (ui_has_state (jobs[i], BOBBIN_JOB_DONE));
    }

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.remove-finished", NULL));
  ui_wait (g_list_model_get_n_items (G_LIST_MODEL (queue)) == 1);
  g_assert_true (bobbin_job_queue_find (queue, failed, NULL));
  g_assert_false (ui_is_enabled (ui, "win.remove-finished"));
  g_assert_cmpuint (ui_count_files (ui), ==, G_N_ELEMENTS (jobs));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.undo-remove", NULL));
  ui_wait (g_list_model_get_n_items (G_LIST_MODEL (queue)) == 3);
  g_assert_true (ui_is_enabled (ui, "win.remove-finished"));
}

/* What leaves the list no longer counts, what comes back does. */
static void
test_all_enabled_removed (UiFixture *ui)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .status = 404 });
  job = ui_add (ui, "/a.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  assert_all_enabled (ui, "win", TRUE, FALSE);
  ui_act (job, ui, "job.remove");
  ui_wait (ui_get_n_jobs (ui) == 0);
  assert_all_enabled (ui, "win", FALSE, FALSE);
  assert_all_enabled (ui, "app", FALSE, FALSE);
  bobbin_removal_undo (bobbin_window_get_removal (ui->window));
  assert_all_enabled (ui, "win", TRUE, FALSE);
  assert_all_enabled (ui, "app", TRUE, FALSE);
}

/* By name, as another program does over D-Bus. */
static void
test_by_name (UiFixture *ui)
{
  BobbinJob *job;
  g_autofree char *uri = bobbin_test_server_get_uri (ui->server, "/a.bin");

  serve_stalling (ui, "/a.bin", 6);
  job = ui_add (ui, "/a.bin");
  bobbin_test_server_wait_stalled (ui->server, 1);

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "stop-job", g_variant_new_string (uri));
  ui_wait (ui_has_state (job, BOBBIN_JOB_IDLE));
  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "start-job",
                                  g_variant_new_string (bobbin_job_get_title (job)));
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
}

static void
test_move (UiFixture *ui)
{
  BobbinJob *a, *b, *c;

  serve (ui, "/a.bin", 1);
  serve (ui, "/b.bin", 2);
  serve (ui, "/c.bin", 3);
  a = ui_add (ui, "/a.bin");
  b = ui_add (ui, "/b.bin");
  c = ui_add (ui, "/c.bin");

  ui_act (c, ui, "job.move-up");
  g_assert_true (ui_get_job (ui, 0) == a && ui_get_job (ui, 1) == c && ui_get_job (ui, 2) == b);
  ui_act (a, ui, "job.move-down");
  g_assert_true (ui_get_job (ui, 0) == c && ui_get_job (ui, 1) == a && ui_get_job (ui, 2) == b);
  ui_act (b, ui, "job.move-to-top");
  g_assert_true (ui_get_job (ui, 0) == b && ui_get_job (ui, 1) == c && ui_get_job (ui, 2) == a);

  ui_wait (ui_has_state (a, BOBBIN_JOB_DONE) && ui_has_state (b, BOBBIN_JOB_DONE) &&
           ui_has_state (c, BOBBIN_JOB_DONE));
}

/* Far more jobs than rows: rows are recycled, and show what they should. */
static void
test_many (UiFixture *ui)
{
  BobbinJob *last = NULL;

  serve (ui, "/a.bin", 1);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.bin", i);

      bobbin_test_server_set (ui->server, path, &(BobbinTestFile){ .status = 404 });
      last = ui_add (ui, path);
    }
  ui_wait (ui_has_state (last, BOBBIN_JOB_FAILED));
  ui_act (last, ui, "job.move-to-top");
  ui_wait (
    ui_has_label (GTK_WIDGET (ui_find_row (ui, last)), bobbin_job_get_error (last)->message));
}

static void
play_argument (UiFixture *ui)
{
  BobbinJob *job = ui_get_job (ui, 0);

  ui_watch (ui, job);
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 1);
  g_assert_cmpstr (bobbin_download_get_address (BOBBIN_DOWNLOAD (job)), ==,
                   "http://127.0.0.1:1/a.bin");
  g_assert_true (bobbin_job_is_active (job));
  g_assert_nonnull (ui_find_type (GTK_WIDGET (ui->window), g_type_from_name ("AdwToastWidget")));
}

/* An address that is taken and one that is not: the app starts with the first. */
static void
test_command_line (void)
{
  const char *const arguments[] = { "bobbin", "http://127.0.0.1:1/a.bin", "gopher://x", NULL };

  ui_run (play_argument, arguments);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/downloads/empty", test_empty);
  ui_test_add ("/ui/downloads/accessible-names", test_names);
  ui_test_add ("/ui/downloads/accessible-names-elsewhere", test_names_elsewhere);
  ui_test_add ("/ui/downloads/add", test_add);
  ui_test_add ("/ui/downloads/add-bad-address", test_add_bad);
  ui_test_add ("/ui/downloads/add-several-bad-addresses", test_add_several_bad);
  ui_test_add ("/ui/downloads/add-very-many", test_add_very_many);
  ui_test_add ("/ui/downloads/add-bad-address-over-undo", test_add_bad_over_undo);
  ui_test_add ("/ui/downloads/stop-and-start", test_stop_and_start);
  ui_test_add ("/ui/downloads/toggle-button", test_toggle_button);
  ui_test_add ("/ui/downloads/error-and-retry", test_error_and_retry);
  ui_test_add ("/ui/downloads/unknown-length", test_unknown_length);
  ui_test_add ("/ui/downloads/stop-all-and-start-all", test_all);
  ui_test_add ("/ui/downloads/remove-finished", test_remove_finished);
  ui_test_add ("/ui/downloads/all-enabled", test_all_enabled);
  ui_test_add ("/ui/downloads/all-enabled-removed", test_all_enabled_removed);
  ui_test_add ("/ui/downloads/by-name", test_by_name);
  ui_test_add ("/ui/downloads/move", test_move);
  ui_test_add ("/ui/downloads/many", test_many);
  g_test_add_func ("/ui/downloads/command-line", test_command_line);

  return g_test_run ();
}
