/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Notifications of downloads: when there is one, what it says, and what its buttons do.
 */
#include "config.h"

#include "bobbin-application-private.h"
#include "bobbin-download-notifier.h"
#include "bobbin-download.h"
#include "ui-desktop.h"
#include "ui-fixture.h"
#include "ui-notifications.h"

static void
look_away (UiFixture *ui)
{
  gtk_widget_set_visible (GTK_WIDGET (ui->window), FALSE);
  ui_wait (!bobbin_application_is_looked_at (ui->app));
}

static void
press (const char *label)
{
  const char *action = ui_notifications_find_action (label);

  g_assert_nonnull (action);
  ui_notifications_press (action);
}

/* Longer than any test takes. */
#define NEVER (G_MAXINT / 2)

static BobbinDownloadNotifier *
get_notifier (UiFixture *ui)
{
  return bobbin_application_get_companion (ui->app, BOBBIN_TYPE_DOWNLOAD_NOTIFIER);
}

static void
tell (UiFixture *ui)
{
  bobbin_download_notifier_tell (get_notifier (ui));
}

static BobbinJob *
add_file (UiFixture *ui, const char *path)
{
  bobbin_test_server_set (ui->server, path, &(BobbinTestFile){ .length = 100 });

  return ui_add (ui, path);
}

/* Downloads one while nobody looks. */
static BobbinJob *
finish_one (UiFixture *ui, const char *path)
{
  BobbinJob *job;

  look_away (ui);
  job = add_file (ui, path);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  tell (ui);
  ui_wait (g_strcmp0 (ui_notifications_get_body ("Download finished"), path + 1) == 0);

  return job;
}

/* By itself, after its moment. */
static void
test_finished (UiFixture *ui)
{
  const guint n = ui_notifications_count ("Download finished");

  look_away (ui);
  add_file (ui, "/a.bin");
  ui_wait (ui_notifications_count ("Download finished") == n + 1);
  g_assert_cmpstr (ui_notifications_get_body ("Download finished"), ==, "a.bin");
  g_assert_nonnull (ui_notifications_find_action ("Open"));
  g_assert_nonnull (ui_notifications_find_action ("Show in Folder"));
}

static gboolean
press_until_active (UiFixture *ui)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (ui->window)))
    return TRUE;
  press ("default");

  return FALSE;
}

static BobbinJob *
get_selected (UiFixture *ui)
{
  GtkWidget *view = ui_find_type (GTK_WIDGET (ui->window), GTK_TYPE_LIST_BASE);
  GtkSelectionModel *model = gtk_grid_view_get_model (GTK_GRID_VIEW (view));
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (model);
  g_autoptr (BobbinJob) job = NULL;

  if (gtk_bitset_get_size (selected) == 1)
    job = g_list_model_get_item (G_LIST_MODEL (model), gtk_bitset_get_minimum (selected));

  return job; /* the queue holds it */
}

static void
test_default_action (UiFixture *ui)
{
  BobbinJob *job = add_file (ui, "/first.bin");

  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  tell (ui);
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  job = finish_one (ui, "/second.bin");
  ui_wait (press_until_active (ui));
  ui_wait (gtk_widget_get_mapped (GTK_WIDGET (ui_find_row (ui, job))));
  g_assert_true (get_selected (ui) == job);
}

static void
test_group (UiFixture *ui)
{
  const guint n = ui_notifications_count ("5 downloads finished");
  const guint n_single = ui_notifications_count ("Download finished");
  BobbinJob *jobs[5];

  look_away (ui);
  bobbin_download_notifier_set_moment (get_notifier (ui), NEVER);
  g_settings_set_uint (bobbin_application_get_settings (ui->app), "max-transfers", 5);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.bin", i);

      bobbin_test_server_set (ui->server, path,
                              &(BobbinTestFile){ .length = 100,
                                                 .fault = BOBBIN_TEST_FAULT_STALL,
                                                 .fault_at = 50 });
      jobs[i] = ui_add (ui, path);
    }
  bobbin_test_server_wait_stalled (ui->server, G_N_ELEMENTS (jobs));
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.bin", i);

      bobbin_test_server_release (ui->server, path);
    }
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    ui_wait (ui_has_state (jobs[i], BOBBIN_JOB_DONE));
  tell (ui);
  ui_wait (ui_notifications_count ("5 downloads finished") == n + 1);
  g_assert_cmpuint (ui_notifications_count ("Download finished"), ==, n_single);
  g_assert_true (
    g_str_has_suffix (ui_notifications_get_body ("5 downloads finished"), "\nand 2 more"));
}

static BobbinJob *
fail_one (UiFixture *ui, const char *path)
{
  const guint n = ui_notifications_count ("Download failed");
  BobbinJob *job;

  bobbin_test_server_set (ui->server, path,
                          &(BobbinTestFile){ .length = 100,
                                             .fault = BOBBIN_TEST_FAULT_STATUS,
                                             .fault_status = 404 });
  job = ui_add (ui, path);
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  tell (ui);
  ui_wait (ui_notifications_count ("Download failed") == n + 1);

  return job;
}

static gboolean
press_until_done (BobbinJob *job, const char *label)
{
  const char *action = ui_notifications_find_action (label);

  if (ui_has_state (job, BOBBIN_JOB_DONE))
    return TRUE;
  /* It goes when it was pressed. */
  if (action != NULL)
    ui_notifications_press (action);

  return FALSE;
}

/* It says why, and offers another try. */
static void
test_failed (UiFixture *ui)
{
  g_autofree char *body = NULL;
  BobbinJob *job;

  look_away (ui);
  job = fail_one (ui, "/a.bin");
  body = g_strdup_printf ("a.bin\n%s", bobbin_job_get_error (job)->message);
  g_assert_cmpstr (ui_notifications_get_body ("Download failed"), ==, body);
  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 100 });
  ui_wait (press_until_done (job, "Retry"));
}

/* It goes when the download is tried again in another way. */
static void
test_tried_again (UiFixture *ui)
{
  const guint n_closed = ui_notifications_count_closed ();
  BobbinJob *job;

  look_away (ui);
  job = fail_one (ui, "/a.bin");
  bobbin_job_start (job);
  ui_wait (ui_notifications_count_closed () == n_closed + 1);
}

/* And when that is removed: nothing is left to be tried again. */
static void
test_failed_removed (UiFixture *ui)
{
  const guint n_closed = ui_notifications_count_closed ();
  BobbinJob *job;

  look_away (ui);
  job = fail_one (ui, "/a.bin");
  bobbin_removal_remove (bobbin_window_get_removal (ui->window), job);
  ui_wait (ui_notifications_count_closed () == n_closed + 1);
}

/* What is said of many goes with the last of them. */
static void
test_failed_group (UiFixture *ui)
{
  const guint n = ui_notifications_count ("2 downloads failed");
  const guint n_closed = ui_notifications_count_closed ();
  BobbinJob *jobs[2];

  look_away (ui);
  bobbin_download_notifier_set_moment (get_notifier (ui), NEVER);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.bin", i);

      bobbin_test_server_set (ui->server, path,
                              &(BobbinTestFile){ .length = 100,
                                                 .fault = BOBBIN_TEST_FAULT_STATUS,
                                                 .fault_status = 404 });
      jobs[i] = ui_add (ui, path);
    }
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    ui_wait (ui_has_state (jobs[i], BOBBIN_JOB_FAILED));
  tell (ui);
  ui_wait (ui_notifications_count ("2 downloads failed") == n + 1);

  bobbin_test_server_set (ui->server, "/0.bin", &(BobbinTestFile){ .length = 100 });
  bobbin_job_start (jobs[0]);
  ui_wait (ui_has_state (jobs[0], BOBBIN_JOB_DONE));
  tell (ui);
  ui_wait (g_strcmp0 (ui_notifications_get_body ("Download finished"), "0.bin") == 0);
  g_assert_cmpuint (ui_notifications_count_closed (), ==, n_closed);
  bobbin_removal_remove (bobbin_window_get_removal (ui->window), jobs[1]);
  ui_wait (ui_notifications_count_closed () == n_closed + 1);
}

/* Its buttons would find no file. */
static void
test_finished_removed (UiFixture *ui)
{
  const guint n_closed = ui_notifications_count_closed ();
  BobbinJob *job = finish_one (ui, "/a.bin");

  bobbin_removal_remove (bobbin_window_get_removal (ui->window), job);
  ui_wait (ui_notifications_count_closed () == n_closed + 1);
}

/* What is said of many goes with the last of them. */
static void
test_finished_group (UiFixture *ui)
{
  const guint n = ui_notifications_count ("2 downloads finished");
  const guint n_closed = ui_notifications_count_closed ();
  BobbinJob *jobs[2];

  look_away (ui);
  bobbin_download_notifier_set_moment (get_notifier (ui), NEVER);
  jobs[0] = add_file (ui, "/0.bin");
  jobs[1] = add_file (ui, "/1.bin");
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    ui_wait (ui_has_state (jobs[i], BOBBIN_JOB_DONE));
  tell (ui);
  ui_wait (ui_notifications_count ("2 downloads finished") == n + 1);

  bobbin_removal_remove (bobbin_window_get_removal (ui->window), jobs[0]);
  ui_wait (ui_get_n_jobs (ui) == 1);
  fail_one (ui, "/2.bin");
  g_assert_cmpuint (ui_notifications_count_closed (), ==, n_closed);
  bobbin_removal_remove (bobbin_window_get_removal (ui->window), jobs[1]);
  ui_wait (ui_notifications_count_closed () == n_closed + 1);
}

static gboolean
press_until_shown (guint n_before)
{
  const char *action = ui_notifications_find_action ("Show in Folder");

  if (ui_desktop_count ("ShowItems") > n_before)
    return TRUE;
  /* It goes when it was pressed. */
  if (action != NULL)
    ui_notifications_press (action);

  return FALSE;
}

static void
test_show_in_folder (UiFixture *ui)
{
  g_autofree char *path = ui_get_path (ui, "a.bin");
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *asked = NULL;
  guint n;

  ui_desktop_serve ();
  n = ui_desktop_count ("ShowItems");
  finish_one (ui, "/a.bin");
  ui_wait (press_until_shown (n));
  asked = ui_desktop_get_latest ("ShowItems");
  g_assert_nonnull (strstr (asked, uri));
}

/* Where only an answer helps, it leads to the question. */
static void
test_question (UiFixture *ui)
{
  BobbinJob *job;

  look_away (ui);
  bobbin_test_server_set (ui->server, "/a.bin",
                          &(BobbinTestFile){ .length = 100,
                                             .fault = BOBBIN_TEST_FAULT_STATUS,
                                             .fault_status = 401 });
  job = ui_add (ui, "/a.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  tell (ui);
  ui_wait (ui_notifications_find_action ("Open Bobbin") != NULL);
  g_assert_null (ui_notifications_find_action ("Retry"));
}

/* What is sent later is heard later: so none came of it. */
static void
test_failures_switched_off (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  const guint n = ui_notifications_count ("Download failed");
  BobbinJob *job;

  g_settings_set_boolean (settings, "notify-failed", FALSE);
  look_away (ui);
  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .status = 404 });
  job = ui_add (ui, "/a.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  tell (ui);
  finish_one (ui, "/b.bin");
  g_assert_cmpuint (ui_notifications_count ("Download failed"), ==, n);
}

static void
test_switched_off (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  const guint n = ui_notifications_count ("Download finished");
  BobbinJob *job;

  g_settings_set_boolean (settings, "notify-finished", FALSE);
  look_away (ui);
  job = add_file (ui, "/a.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  tell (ui);
  fail_one (ui, "/b.bin");
  g_assert_cmpuint (ui_notifications_count ("Download finished"), ==, n);
}

static void
test_looked_at (UiFixture *ui)
{
  const guint n = ui_notifications_count ("Download finished");
  BobbinJob *job;

  gtk_window_present (GTK_WINDOW (ui->window));
  ui_wait (bobbin_application_is_looked_at (ui->app));
  job = add_file (ui, "/a.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  look_away (ui);
  tell (ui);
  fail_one (ui, "/b.bin");
  g_assert_cmpuint (ui_notifications_count ("Download finished"), ==, n);
}

/* Whoever quits right after it is told all the same. */
static void
test_quit (UiFixture *ui)
{
  const guint n = ui_notifications_count ("Download finished");
  BobbinJob *job;

  bobbin_download_notifier_set_moment (get_notifier (ui), NEVER);
  look_away (ui);
  job = add_file (ui, "/a.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  bobbin_application_drain (ui->app);
  ui_wait (ui_notifications_count ("Download finished") == n + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/notifier/finished", test_finished);
  ui_test_add ("/ui/notifier/default-action", test_default_action);
  ui_test_add ("/ui/notifier/group", test_group);
  ui_test_add ("/ui/notifier/failed", test_failed);
  ui_test_add ("/ui/notifier/tried-again", test_tried_again);
  ui_test_add ("/ui/notifier/failed-removed", test_failed_removed);
  ui_test_add ("/ui/notifier/failed-group", test_failed_group);
  ui_test_add ("/ui/notifier/finished-removed", test_finished_removed);
  ui_test_add ("/ui/notifier/finished-group", test_finished_group);
  ui_test_add ("/ui/notifier/show-in-folder", test_show_in_folder);
  ui_test_add ("/ui/notifier/question", test_question);
  ui_test_add ("/ui/notifier/switched-off", test_switched_off);
  ui_test_add ("/ui/notifier/failures-switched-off", test_failures_switched_off);
  ui_test_add ("/ui/notifier/looked-at", test_looked_at);
  ui_test_add ("/ui/notifier/quit", test_quit);

  return g_test_run ();
}
