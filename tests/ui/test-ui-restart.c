/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The app, ended and started again: the list is as it was left.
 */
#include "config.h"

#include <glib/gstdio.h>

#include "bobbin-error.h"
#include "bobbin-history.h"
#include "bobbin-monitor.h"
#include "ui-fixture.h"

static void
activate (UiFixture *ui, const char *action, const char *argument)
{
  g_action_group_activate_action (G_ACTION_GROUP (ui->app), action,
                                  g_variant_new_string (argument));
}

static void
add_missing (UiFixture *ui, const char *path)
{
  g_autofree char *address = bobbin_test_server_get_uri (ui->server, path);
  const char *const addresses[] = { address, NULL };
  const guint n = ui_get_n_jobs (ui);

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "add-download",
                                  g_variant_new_strv (addresses, -1));
  ui_wait (ui_has_state (ui_get_job (ui, n), BOBBIN_JOB_FAILED));
}

/* A monitor that runs, one that is stopped, a download that failed, moved up, and one removed. */
static void
play_first (UiFixture *ui)
{
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 0);
  activate (ui, "add-monitor", "memory");
  activate (ui, "add-monitor", "tcp://127.0.0.1:1");
  ui_wait (ui_get_n_jobs (ui) == 2);
  activate (ui, "stop-job", "tcp://127.0.0.1:1");
  add_missing (ui, "/removed.bin");
  add_missing (ui, "/failed.bin");
  ui_act (ui_get_job (ui, 2), ui, "job.remove");
  ui_wait (ui_get_n_jobs (ui) == 3);
  bobbin_job_queue_move_to_top (bobbin_application_get_queue (ui->app), ui_get_job (ui, 2));
  ui_wait (ui_has_state (ui_get_job (ui, 2), BOBBIN_JOB_IDLE));
}

static void
play_second (UiFixture *ui)
{
  BobbinJob *failed;

  ui_wait (ui_get_n_jobs (ui) == 3);
  failed = ui_get_job (ui, 0);
  g_assert_cmpstr (bobbin_job_get_title (failed), ==, "failed.bin");
  g_assert_cmpint (bobbin_job_get_state (failed), ==, BOBBIN_JOB_FAILED);
  g_assert_error (bobbin_job_get_error (failed), BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS);
  ui_wait (
    ui_has_label (GTK_WIDGET (ui_find_row (ui, failed)), bobbin_job_get_error (failed)->message));

  g_assert_cmpstr (bobbin_monitor_get_target (BOBBIN_MONITOR (ui_get_job (ui, 1))), ==, "memory");
  ui_wait (ui_has_state (ui_get_job (ui, 1), BOBBIN_JOB_RUNNING));
  g_assert_cmpint (bobbin_job_get_state (ui_get_job (ui, 2)), ==, BOBBIN_JOB_IDLE);
}

static void
test_list (void)
{
  ui_keep_list (TRUE);
  ui_run (play_first, NULL);
  ui_run (play_second, NULL);
  ui_keep_list (FALSE);
  ui_run (play_second, NULL); /* and once more: it was only looked at */
}

/* What a monitor has found, to the last sample, when the app is ended. */
static guint64 n_taken;

static void
play_samples (UiFixture *ui)
{
  BobbinMonitor *monitor;

  activate (ui, "add-monitor", "memory");
  ui_wait (ui_get_n_jobs (ui) == 1);
  monitor = BOBBIN_MONITOR (ui_get_job (ui, 0));
  g_object_set (monitor, "interval", 0.1, NULL);
  ui_wait (bobbin_monitor_get_n_taken (monitor) >= 3);
  ui_act (BOBBIN_JOB (monitor), ui, "job.stop");
  ui_wait (ui_has_state (BOBBIN_JOB (monitor), BOBBIN_JOB_IDLE));
  n_taken = bobbin_monitor_get_n_taken (monitor);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(BobbinHistorySpan **) user_data =
    bobbin_history_read_finish (BOBBIN_HISTORY (source), result, &error);
  g_assert_no_error (error);
}

static guint64
count_samples (BobbinHistorySpan *span)
{
  guint64 n = 0;

  for (guint i = 0; i < span->buckets->len; i++)
    n += g_array_index (span->buckets, BobbinHistoryBucket, i).count;

  return n;
}

static void
play_history (UiFixture *ui)
{
  const gint64 now = g_get_real_time ();
  BobbinHistorySpan *span = NULL;

  ui_wait (ui_get_n_jobs (ui) == 1);
  bobbin_history_read_async (bobbin_application_get_history (ui->app),
                             BOBBIN_MONITOR (ui_get_job (ui, 0)), now - G_TIME_SPAN_HOUR,
                             now + G_TIME_SPAN_HOUR, 10, on_read, &span);
  ui_wait (span != NULL);
  g_assert_cmpuint (count_samples (span), ==, n_taken);
  bobbin_history_span_free (span);
}

static void
test_history (void)
{
  ui_keep_list (TRUE);
  ui_run (play_samples, NULL);
  ui_keep_list (FALSE);
  ui_run (play_history, NULL);
}

static void
play_damaged (UiFixture *ui)
{
  GType toast = g_type_from_name ("AdwToastWidget");

  ui_wait (ui_find_type (GTK_WIDGET (ui->window), toast) != NULL);
  g_assert_true (ui_has_label (ui_find_type (GTK_WIDGET (ui->window), toast),
                               "The list of jobs was damaged and has been set aside"));
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 0);
}

static void
test_damaged (void)
{
  const char *folder = g_str_equal (PROFILE, "development") ? "bobbin-devel" : "bobbin";
  g_autofree char *in = g_build_filename (g_get_user_data_dir (), folder, NULL);
  g_autofree char *path = g_build_filename (in, "bobbin.db", NULL);

  g_assert_cmpint (g_mkdir_with_parents (in, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "No list.", -1, NULL));
  g_test_expect_message ("bobbin", G_LOG_LEVEL_MESSAGE, "*was set aside as*");
  ui_run (play_damaged, NULL);
  g_test_assert_expected_messages ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/restart/list", test_list);
  g_test_add_func ("/ui/restart/history", test_history);
  g_test_add_func ("/ui/restart/damaged", test_damaged);

  return g_test_run ();
}
