/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quitting: in every phase of a download, with many, by every door. That the app ends, that every
 * run is joined and that nothing is left behind is checked by the fixture after each.
 */
#include "config.h"

#include <signal.h>

#include "bobbin-application-private.h"
#include "bobbin-download.h"
#include "bobbin-test-job.h"
#include "bobbin-test-resolver.h"
#include "ui-fixture.h"

#define LENGTH (1024 * 1024)
#define HALF   (LENGTH / 2)

static BobbinJob *
add_stalling (UiFixture *ui, const char *path, gint64 fault_at)
{
  bobbin_test_server_set (ui->server, path,
                          &(BobbinTestFile){ .seed = 1,
                                             .length = LENGTH,
                                             .etag = "\"1\"",
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = fault_at });

  return ui_add (ui, path);
}

static void
quit (UiFixture *ui)
{
  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "quit", NULL);
}

static BobbinJob *
add_address (UiFixture *ui, const char *address)
{
  const char *const addresses[] = { address, NULL };
  const guint n = ui_get_n_jobs (ui);
  BobbinJob *job;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "add-download",
                                  g_variant_new_strv (addresses, -1));
  job = ui_get_job (ui, n);
  ui_watch (ui, job);

  return job;
}

static void
test_idle (UiFixture *ui)
{
  quit (ui);
  ui_wait (ui->window == NULL);
}

static void
test_receiving (UiFixture *ui)
{
  g_autoptr (BobbinJob) job = g_object_ref (add_stalling (ui, "/a.bin", HALF));

  ui_wait (bobbin_job_get_bytes (job) == HALF);
  quit (ui);
  g_assert_true (ui_has_state (job, BOBBIN_JOB_STOPPING));
  ui_wait (ui_has_label (GTK_WIDGET (ui->window), "Stopping 1 job…"));
  ui_wait (ui->window == NULL);
  g_assert_true (ui_has_state (job, BOBBIN_JOB_IDLE));
  /* the part is kept for the next time */
  g_assert_cmpuint (ui_count_files (ui), >, 0);
}

static void
test_waiting_for_header (UiFixture *ui)
{
  add_stalling (ui, "/a.bin", BOBBIN_TEST_BEFORE_HEADER);
  bobbin_test_server_wait_stalled (ui->server, 1);
  quit (ui);
}

static void
test_connecting (UiFixture *ui)
{
  g_autoptr (BobbinTestBacklog) backlog = bobbin_test_backlog_new ();
  g_autofree char *address =
    g_strdup_printf ("http://127.0.0.1:%u/a.bin", bobbin_test_backlog_get_port (backlog));
  BobbinJob *job = add_address (ui, address);

  ui_wait (ui_has_state (job, BOBBIN_JOB_RUNNING));
  quit (ui);
  ui_wait (ui->window == NULL);
}

static void
test_handshake (UiFixture *ui)
{
  g_autoptr (BobbinTestServer) silent = bobbin_test_server_new (BOBBIN_TEST_SILENT);
  g_autofree char *address =
    g_strdup_printf ("https://127.0.0.1:%u/a.bin", bobbin_test_server_get_port (silent));

  add_address (ui, address);
  bobbin_test_server_wait_open (silent, 1);
  quit (ui);
  ui_wait (ui->window == NULL);
}

static void
test_looking_up (UiFixture *ui)
{
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();

  add_address (ui, "http://never.silent.test/a.bin");
  bobbin_test_resolver_wait (resolver, 2); /* IPv4 and IPv6 */
  quit (ui);
  ui_wait (ui->window == NULL);
  bobbin_test_resolver_uninstall (resolver);
}

static void
test_waiting_for_retry (UiFixture *ui)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, "/a.bin",
                          &(BobbinTestFile){ .length = LENGTH,
                                             .fault = BOBBIN_TEST_FAULT_RESET,
                                             .fault_at = BOBBIN_TEST_BEFORE_HEADER });
  job = ui_add (ui, "/a.bin");
  ui_wait (bobbin_job_get_phase (job) == BOBBIN_DOWNLOAD_WAITING);
  quit (ui);
}

static void
test_waiting_for_slot (UiFixture *ui)
{
  g_autoptr (BobbinJob) second = NULL;

  g_settings_set_uint (bobbin_application_get_settings (ui->app), "max-transfers", 1);
  add_stalling (ui, "/a.bin", HALF);
  second = g_object_ref (add_stalling (ui, "/b.bin", HALF));
  bobbin_test_server_wait_stalled (ui->server, 1);
  g_assert_true (ui_has_state (second, BOBBIN_JOB_QUEUED));
  quit (ui);
  ui_wait (ui->window == NULL);
  g_assert_true (ui_has_state (second, BOBBIN_JOB_IDLE));
  g_assert_cmpuint (bobbin_test_server_get_n_requests (ui->server, "/b.bin"), ==, 0);
}

static void
test_stopping (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin", HALF);

  bobbin_test_server_wait_stalled (ui->server, 1);
  ui_act (job, ui, "job.stop");
  g_assert_true (ui_has_state (job, BOBBIN_JOB_STOPPING));
  quit (ui);
}

static void
test_at_once (UiFixture *ui)
{
  add_stalling (ui, "/a.bin", HALF);
  quit (ui);
}

#define N_ADDRESSES 450

static gboolean is_answered;
static guint n_accepted;

/* Before the app has ended. */
static void
on_addresses_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  UiFixture *ui = user_data;
  g_auto (GStrv) refused =
    bobbin_application_add_addresses_finish (BOBBIN_APPLICATION (source), result, NULL);

  g_assert_nonnull (ui->window);
  g_assert_false (is_answered);
  is_answered = TRUE;
  g_assert_cmpuint (g_strv_length (refused), <, N_ADDRESSES);
  n_accepted = N_ADDRESSES - g_strv_length (refused);
}

/* More than are taken at once, and none of them is in the list yet. */
static void
play_adding (UiFixture *ui)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) addresses = NULL;

  for (guint i = 0; i < N_ADDRESSES; i++)
    g_strv_builder_add (builder, "http://127.0.0.1:1/a.bin");
  addresses = g_strv_builder_end (builder);

  is_answered = FALSE;
  bobbin_application_add_addresses_async (ui->app, (const char *const *) addresses,
                                          on_addresses_added, ui);
  quit (ui);
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 0);
  ui_wait (ui->window == NULL);
  g_assert_true (is_answered);
}

static void
play_added (UiFixture *ui)
{
  ui_wait (ui_get_n_jobs (ui) == n_accepted);
}

/* What was accepted is in the list of the next start; the rest is said to be refused. */
static void
test_adding (void)
{
  ui_keep_list (TRUE);
  ui_run (play_adding, NULL);
  ui_keep_list (FALSE);
  ui_run (play_added, NULL);
}

static void
test_done_and_failed (UiFixture *ui)
{
  BobbinJob *done, *failed;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = LENGTH });
  bobbin_test_server_set (ui->server, "/b.bin", &(BobbinTestFile){ .status = 404 });
  done = ui_add (ui, "/a.bin");
  failed = ui_add (ui, "/b.bin");
  ui_wait (ui_has_state (done, BOBBIN_JOB_DONE) && ui_has_state (failed, BOBBIN_JOB_FAILED));
  quit (ui);
}

static void
test_monitors (UiFixture *ui)
{
  static const char *const targets[] = { "cpu", "memory", "disk:/", "tcp://127.0.0.1:1" };

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_action_group_activate_action (G_ACTION_GROUP (ui->app), "add-monitor",
                                      g_variant_new_string (targets[i]));
      ui_watch (ui, ui_get_job (ui, i));
      ui_wait (ui_has_state (ui_get_job (ui, i), BOBBIN_JOB_RUNNING));
    }
  quit (ui);
}

static void
test_many (UiFixture *ui)
{
  const guint n = 50;

  g_settings_set_uint (bobbin_application_get_settings (ui->app), "max-transfers", n);
  g_settings_set_uint (bobbin_application_get_settings (ui->app), "connections-per-host", 0);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.bin", i);

      add_stalling (ui, path, HALF);
    }
  bobbin_test_server_wait_stalled (ui->server, n);
  quit (ui);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (bobbin_application_get_queue (ui->app)), ==, n);
  ui_wait (ui->window == NULL);
}

/* The server has no connection left for the second. */
static void
test_waiting_for_host (UiFixture *ui)
{
  BobbinJob *second;

  g_settings_set_uint (bobbin_application_get_settings (ui->app), "connections-per-host", 1);
  add_stalling (ui, "/a.bin", HALF);
  bobbin_test_server_wait_stalled (ui->server, 1);
  second = add_stalling (ui, "/b.bin", HALF);
  ui_wait (bobbin_job_get_report (second)->phase == BOBBIN_DOWNLOAD_WAITING_FOR_HOST);
  ui_wait (ui_has_label (GTK_WIDGET (ui_find_row (ui, second)),
                         "Waiting for other downloads from this server"));
  quit (ui);
  ui_wait (ui->window == NULL);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (ui->server, "/b.bin"), ==, 0);
}

static void
test_twice (UiFixture *ui)
{
  add_stalling (ui, "/a.bin", HALF);
  bobbin_test_server_wait_stalled (ui->server, 1);
  quit (ui);
  quit (ui);
  gtk_window_close (GTK_WINDOW (ui->window));
  ui_wait (ui->window == NULL);
}

static void
test_close_window (UiFixture *ui)
{
  g_settings_set_boolean (bobbin_application_get_settings (ui->app), "run-in-background", FALSE);
  add_stalling (ui, "/a.bin", HALF);
  bobbin_test_server_wait_stalled (ui->server, 1);
  gtk_window_close (GTK_WINDOW (ui->window));
  ui_wait (ui->window == NULL);
}

static void
test_sigterm (UiFixture *ui)
{
  add_stalling (ui, "/a.bin", HALF);
  bobbin_test_server_wait_stalled (ui->server, 1);
  g_assert_cmpint (raise (SIGTERM), ==, 0);
  ui_wait (ui->window == NULL);
}

static void
test_sigint (UiFixture *ui)
{
  add_stalling (ui, "/a.bin", HALF);
  bobbin_test_server_wait_stalled (ui->server, 1);
  g_assert_cmpint (raise (SIGINT), ==, 0);
  ui_wait (ui->window == NULL);
}

static void
test_with_dialogs (UiFixture *ui)
{
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.add-download", NULL);
  ui_watch (ui, ui_find_dialog (ui));
  quit (ui);
}

/* What comes after that is refused, in words. */
static void
test_add_while_quitting (UiFixture *ui)
{
  g_autoptr (GError) error = NULL;

  add_stalling (ui, "/a.bin", HALF);
  bobbin_test_server_wait_stalled (ui->server, 1);
  quit (ui);
  g_assert_null (
    bobbin_application_add_download (ui->app, "http://127.0.0.1:1/b.bin", NULL, &error));
  g_assert_nonnull (error);
  ui_wait (ui->window == NULL);
}

/* A job that does not stop until it is released. */
static BobbinJob *
add_holding (UiFixture *ui, const char *title)
{
  g_autoptr (BobbinJob) job = test_job_new (TEST_JOB_STUBBORN);

  bobbin_job_set_title (job, title);
  g_assert_true (bobbin_job_queue_add (bobbin_application_get_queue (ui->app), job));
  ui_watch (ui, job);
  bobbin_job_start (job);
  ui_wait (ui_has_state (job, BOBBIN_JOB_RUNNING));

  return job; /* the queue holds it */
}

/* For as long as jobs are being stopped there is nothing to order any more. */
static void
test_nothing_to_order (UiFixture *ui)
{
  static const char *const actions[] = {
    "app.add-download",
    "app.add-monitor",
    "app.new-download",
    "app.new-monitor",
    "app.start-job",
    "app.stop-job",
    "app.start-all",
    "app.stop-all",
    "app.preferences",
    "app.about",
    "win.add",
    "win.add-download",
    "win.add-monitor",
    "win.start-all",
    "win.stop-all",
    "win.undo-remove",
    "win.open-menu",
    "win.show-help-overlay",
    "win.import-list",
    "win.paste-addresses",
    "win.remove-finished",
  };
  g_autoptr (BobbinJob) job = g_object_ref (add_holding (ui, "a"));

  g_assert_true (ui_is_enabled (ui, "win.add-download"));
  g_assert_true (ui_is_enabled (ui, "win.show-help-overlay"));
  g_assert_true (g_action_group_get_action_enabled (G_ACTION_GROUP (ui->app), "preferences"));
  g_assert_true (g_action_group_get_action_enabled (G_ACTION_GROUP (ui->app), "stop-all"));

  quit (ui);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (g_str_has_prefix (actions[i], "app."))
        g_assert_false (
          g_action_group_get_action_enabled (G_ACTION_GROUP (ui->app), actions[i] + 4));
      else if (ui_is_enabled (ui, actions[i]))
        g_error ("%s is still offered", actions[i]);
    }
  test_job_release (job);
  ui_wait (ui->window == NULL);
}

/* First how many are being stopped, and when that takes long, which. */
static void
test_holders (UiFixture *ui)
{
  g_autoptr (BobbinJob) a = g_object_ref (add_holding (ui, "a.iso"));
  g_autoptr (BobbinJob) b = g_object_ref (add_holding (ui, "b.iso"));

  bobbin_application_set_patience (ui->app, G_MAXINT);
  quit (ui);
  ui_wait (ui_has_label (GTK_WIDGET (ui->window), "Stopping 2 jobs…"));
  test_job_release (b);
  ui_wait (ui_has_label (GTK_WIDGET (ui->window), "Stopping 1 job…"));
  test_job_release (a);
  ui_wait (ui->window == NULL);
}

static void
test_holders_named (UiFixture *ui)
{
  static const char *const titles[] = { "a.iso", "b.iso", "c.iso", "d.iso", "e.iso" };
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
  BobbinJobQueue *queue = bobbin_application_get_queue (ui->app);

  bobbin_job_queue_set_max_transfers (queue, G_N_ELEMENTS (titles));
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    g_ptr_array_add (jobs, g_object_ref (add_holding (ui, titles[i])));

  bobbin_application_set_patience (ui->app, 0);
  quit (ui);
  ui_wait (
    ui_has_label (GTK_WIDGET (ui->window), "Still stopping: a.iso, b.iso, c.iso and 2 more"));
  test_job_release (g_ptr_array_index (jobs, 0));
  ui_wait (
    ui_has_label (GTK_WIDGET (ui->window), "Still stopping: b.iso, c.iso, d.iso and 1 more"));
  test_job_release (g_ptr_array_index (jobs, 1));
  test_job_release (g_ptr_array_index (jobs, 2));
  test_job_release (g_ptr_array_index (jobs, 3));
  ui_wait (ui_has_label (GTK_WIDGET (ui->window), "Still stopping: e.iso"));
  test_job_release (g_ptr_array_index (jobs, 4));
  ui_wait (ui->window == NULL);
}

static void
test_window_state (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  g_autofree char *page = NULL;

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  quit (ui);
  page = g_settings_get_string (settings, "page");
  g_assert_cmpstr (page, ==, "monitors");
  ui_wait (ui->window == NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/quit/idle", test_idle);
  ui_test_add ("/ui/quit/at-once", test_at_once);
  g_test_add_func ("/ui/quit/adding", test_adding);
  ui_test_add ("/ui/quit/looking-up", test_looking_up);
  ui_test_add ("/ui/quit/connecting", test_connecting);
  ui_test_add ("/ui/quit/handshake", test_handshake);
  ui_test_add ("/ui/quit/waiting-for-header", test_waiting_for_header);
  ui_test_add ("/ui/quit/receiving", test_receiving);
  ui_test_add ("/ui/quit/waiting-for-retry", test_waiting_for_retry);
  ui_test_add ("/ui/quit/waiting-for-slot", test_waiting_for_slot);
  ui_test_add ("/ui/quit/waiting-for-host", test_waiting_for_host);
  ui_test_add ("/ui/quit/stopping", test_stopping);
  ui_test_add ("/ui/quit/done-and-failed", test_done_and_failed);
  ui_test_add ("/ui/quit/monitors", test_monitors);
  ui_test_add ("/ui/quit/many", test_many);
  ui_test_add ("/ui/quit/twice", test_twice);
  ui_test_add ("/ui/quit/close-window", test_close_window);
  ui_test_add ("/ui/quit/sigterm", test_sigterm);
  ui_test_add ("/ui/quit/sigint", test_sigint);
  ui_test_add ("/ui/quit/with-dialogs", test_with_dialogs);
  ui_test_add ("/ui/quit/add-while-quitting", test_add_while_quitting);
  ui_test_add ("/ui/quit/nothing-to-order", test_nothing_to_order);
  ui_test_add ("/ui/quit/holders", test_holders);
  ui_test_add ("/ui/quit/holders-named", test_holders_named);
  ui_test_add ("/ui/quit/window-state", test_window_state);

  return g_test_run ();
}
