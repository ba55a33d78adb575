/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the row of a failed download offers, by what it failed of; and the log, which says why.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <unistd.h>

#include "bobbin-application-private.h"
#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-log-window.h"
#include "bobbin-monitor-secrets.h"
#include "bobbin-remedy.h"
#include "bobbin-test-content.h"
#include "ui-fixture.h"
#include "ui-keys.h"

#define LENGTH 100000

static void
serve (UiFixture *ui, const char *path)
{
  bobbin_test_server_set (ui->server, path, &(BobbinTestFile){ .seed = 1, .length = LENGTH });
}

static void
wait_for_failure (UiFixture *ui, BobbinJob *job, int code)
{
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  g_assert_error (bobbin_job_get_error (job), BOBBIN_ERROR, code);
}

static void
press (UiFixture *ui, BobbinJob *job, const char *label)
{
  GtkWidget *button = ui_find_button (GTK_WIDGET (ui_find_row (ui, job)), label);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_get_visible (button));
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

static void
assert_no_remedy (UiFixture *ui, BobbinJob *job)
{
  GtkWidget *row = GTK_WIDGET (ui_find_row (ui, job));

  g_assert_null (bobbin_remedy_get_label (job));
  for (GtkWidget *child = gtk_widget_get_last_child (gtk_widget_get_last_child (row));
       child != NULL; child = gtk_widget_get_prev_sibling (child))
    if (GTK_IS_BUTTON (child))
      g_assert_false (gtk_widget_get_visible (child));
}

static void
test_web_page (UiFixture *ui)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, "/a.iso",
                          &(BobbinTestFile){ .seed = 1,
                                             .length = LENGTH,
                                             .headers = "Content-Type: text/html\r\n" });
  job = ui_add (ui, "/a.iso");
  wait_for_failure (ui, job, BOBBIN_ERROR_WEB_PAGE);
  press (ui, job, "_Download Anyway");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  assert_no_remedy (ui, job);
}

/* There is nothing to do but to try again; for that there is Retry. */
static void
test_none (UiFixture *ui)
{
  BobbinJob *job;

  g_settings_set_uint (bobbin_application_get_settings (ui->app), "retries", 0);
  bobbin_test_server_set (ui->server, "/a.bin",
                          &(BobbinTestFile){ .fault = BOBBIN_TEST_FAULT_CLOSE,
                                             .fault_at = BOBBIN_TEST_BEFORE_HEADER });
  job = ui_add (ui, "/a.bin");
  wait_for_failure (ui, job, BOBBIN_ERROR_DISCONNECTED);
  assert_no_remedy (ui, job);
}

static BobbinJob *
add_made (UiFixture *ui, const char *path, const char *folder, const char *checksum)
{
  g_autofree char *address = bobbin_test_server_get_uri (ui->server, path);
  g_autoptr (BobbinJob) job = bobbin_application_make_download (ui->app, address, folder, NULL);

  g_object_set (job, "checksum", checksum, NULL);
  ui_watch (ui, job);
  g_assert_true (bobbin_application_add_job (ui->app, job, NULL));
  ui_wait (bobbin_job_queue_find (bobbin_application_get_queue (ui->app), job, NULL));

  return job; /* the queue holds it */
}

static char *
compute_checksum (void)
{
  g_autofree guint8 *bytes = g_malloc (LENGTH);
  g_autofree char *sum = NULL;

  bobbin_test_content_fill (1, 0, bytes, LENGTH);
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, LENGTH);

  return g_strconcat ("sha256:", sum, NULL);
}

/* The server sends something else at first. */
static void
test_checksum (UiFixture *ui)
{
  g_autofree char *checksum = compute_checksum ();
  g_autofree char *path = ui_get_path (ui, "a.bin");
  BobbinJob *job;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .seed = 2, .length = LENGTH });
  job = add_made (ui, "/a.bin", NULL, checksum);
  wait_for_failure (ui, job, BOBBIN_ERROR_CHECKSUM);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  serve (ui, "/a.bin");
  press (ui, job, "_Download Again");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  bobbin_test_content_assert (path, 1, LENGTH);
}

static void
test_folder (UiFixture *ui)
{
  g_autofree char *missing = ui_get_path (ui, "missing");
  g_autofree char *path = ui_get_path (ui, "a.bin");
  BobbinJob *job;
  GtkWidget *button;

  serve (ui, "/a.bin");
  job = add_made (ui, "/a.bin", missing, NULL);
  wait_for_failure (ui, job, BOBBIN_ERROR_NO_FOLDER);
  button = ui_find_button (GTK_WIDGET (ui_find_row (ui, job)), "_Choose Another Folder…");
  g_assert_true (gtk_widget_get_visible (button));

  bobbin_remedy_use_folder (ui->window, job, ui->folder);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  bobbin_test_content_assert (path, 1, LENGTH);
  g_assert_cmpstr (bobbin_download_get_folder (BOBBIN_DOWNLOAD (job)), ==, ui->folder);
}

/* A download that has stopped in the middle. */
static BobbinJob *
stop_half (UiFixture *ui)
{
  BobbinTestFile file = { .seed = 1, .length = LENGTH, .etag = "\"one\"" };
  BobbinJob *job;

  file.fault = BOBBIN_TEST_FAULT_STALL;
  file.fault_at = LENGTH / 2;
  bobbin_test_server_set (ui->server, "/a.bin", &file);
  job = ui_add (ui, "/a.bin");
  ui_wait (bobbin_job_get_bytes (job) > 0);
  ui_act (job, ui, "job.stop");
  ui_wait (ui_has_state (job, BOBBIN_JOB_IDLE));
  file.fault = BOBBIN_TEST_FAULT_NONE;
  bobbin_test_server_set (ui->server, "/a.bin", &file);

  return job;
}

/* What has come is not deleted before somebody has agreed to it. */
static void
test_folder_with_part (UiFixture *ui)
{
  BobbinJob *job = stop_half (ui);
  g_autofree char *folder = ui_get_path (ui, "other");
  g_autofree char *path = g_build_filename (folder, "a.bin", NULL);
  g_autofree char *size = g_format_size ((guint64) bobbin_job_get_bytes (job));
  AdwMessageDialog *dialog;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  bobbin_remedy_use_folder (ui->window, job, folder);
  dialog = ADW_MESSAGE_DIALOG (ui_find_dialog (ui));
  ui_watch (ui, dialog);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (dialog), size));
  adw_message_dialog_response (dialog, "cancel");
  g_assert_true (ui_has_state (job, BOBBIN_JOB_IDLE));
  g_assert_cmpstr (bobbin_download_get_folder (BOBBIN_DOWNLOAD (job)), ==, ui->folder);
  g_assert_cmpuint (ui_count_files (ui), ==, 3); /* the folder, the part and its map */

  bobbin_remedy_use_folder (ui->window, job, folder);
  dialog = ADW_MESSAGE_DIALOG (ui_find_dialog (ui));
  ui_watch (ui, dialog);
  adw_message_dialog_response (dialog, "begin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  bobbin_test_content_assert (path, 1, LENGTH);
  g_assert_cmpuint (ui_count_files (ui), ==, 1);
  g_assert_cmpint (g_remove (path), ==, 0);
}

/* It is no other folder: what has come stays, and the download goes on. */
static void
test_same_folder (UiFixture *ui)
{
  BobbinJob *job = stop_half (ui);
  g_autofree char *path = ui_get_path (ui, "a.bin");
  g_autofree char *range = NULL;

  bobbin_remedy_use_folder (ui->window, job, ui->folder);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  bobbin_test_content_assert (path, 1, LENGTH);
  range = bobbin_test_server_get_header (ui->server, "/a.bin", 1, "Range");
  g_assert_nonnull (range);
}

/* ---- a login */

static void
serve_closed (UiFixture *ui, const char *path)
{
  const BobbinTestFile closed = { .status = 401,
                                  .headers = "WWW-Authenticate: Basic realm=\"x\"\r\n" };

  bobbin_test_server_set (ui->server, path, &closed);
}

static void
log_in (UiFixture *ui, gboolean remember)
{
  GtkWindow *dialog = ui_find_dialog (ui);
  GtkWidget *ok = gtk_window_get_default_widget (dialog);

  ui_watch (ui, dialog);
  gtk_editable_set_text (GTK_EDITABLE (ui_find_titled (GTK_WIDGET (dialog), "User Name")), "");
  g_assert_false (gtk_widget_is_sensitive (ok));
  gtk_editable_set_text (GTK_EDITABLE (ui_find_titled (GTK_WIDGET (dialog), "User Name")), "a:b");
  g_assert_false (gtk_widget_is_sensitive (ok));
  gtk_editable_set_text (GTK_EDITABLE (ui_find_titled (GTK_WIDGET (dialog), "User Name")), "anna");
  gtk_editable_set_text (GTK_EDITABLE (ui_find_titled (GTK_WIDGET (dialog), "Password")), "s3cret");
  gtk_switch_set_active (GTK_SWITCH (
                           ui_find_type (ui_find_titled (GTK_WIDGET (dialog), "_Remember Password"),
                                         GTK_TYPE_SWITCH)),
                         remember);
  g_assert_true (gtk_widget_is_sensitive (ok));
  g_signal_emit_by_name (ok, "clicked");
}

/* Anna's, in base64 */
static gboolean
got_login (UiFixture *ui, const char *path)
{
  const guint n = bobbin_test_server_get_n_requests (ui->server, path);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *header =
        bobbin_test_server_get_header (ui->server, path, i, "Authorization");

      if (g_strcmp0 (header, "Basic YW5uYTpzM2NyZXQ=") == 0)
        return TRUE;
    }

  return FALSE;
}

/* Nowhere in the folder of the list is anything of it. */
static void
assert_not_kept (const char *secret)
{
  const char *name = g_str_equal (PROFILE, "development") ? "bobbin-devel" : "bobbin";
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), name, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *child;

  while ((child = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, child, NULL);
      g_autofree char *contents = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
      g_assert_null (memmem (contents, length, secret, strlen (secret)));
    }
}

static BobbinJob *
fail_for_login (UiFixture *ui)
{
  BobbinJob *job;

  serve_closed (ui, "/a.bin");
  job = ui_add (ui, "/a.bin");
  wait_for_failure (ui, job, BOBBIN_ERROR_LOGIN_REQUIRED);

  return job;
}

static void
test_log_in (UiFixture *ui)
{
  BobbinJob *job = fail_for_login (ui);

  press (ui, job, "_Log In…");
  log_in (ui, FALSE);
  ui_wait (got_login (ui, "/a.bin"));
  wait_for_failure (ui, job, BOBBIN_ERROR_LOGIN_REQUIRED);
  serve (ui, "/a.bin");
  ui_act (job, ui, "job.start");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
}

static const char *secrets_path;

static gboolean
is_remembered (void)
{
  return g_file_test (secrets_path, G_FILE_TEST_EXISTS);
}

/* The server stays as it is: what is remembered is of a download, not of a server. */
static void
play_remember (UiFixture *ui)
{
  BobbinJob *job = fail_for_login (ui);

  press (ui, job, "_Log In…");
  log_in (ui, TRUE);
  ui_wait (got_login (ui, "/a.bin"));
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  ui_wait (is_remembered ());
  assert_not_kept ("s3cret");
}

static gboolean
has_password (BobbinJob *job)
{
  BobbinHttpContext *context = bobbin_download_get_context (BOBBIN_DOWNLOAD (job));

  return context != NULL &&
         g_strcmp0 (bobbin_http_context_get_settings (context)->password, "s3cret") == 0;
}

static void
play_remembered (UiFixture *ui)
{
  BobbinJob *job = ui_get_job (ui, 0);

  ui_watch (ui, job);
  ui_wait (has_password (job));
}

static void
test_remember (void)
{
  ui_keep_list (TRUE);
  ui_run (play_remember, NULL);
  ui_keep_list (FALSE);
  ui_run (play_remembered, NULL);
}

static void
play_remember_monitor (UiFixture *ui)
{
  g_autofree char *uri = bobbin_test_server_get_uri (ui->server, "/a.bin");
  GVariant *options = g_variant_new_parsed ("{'user': <'joe'>, 'password': <'s3cret'>}");
  g_autoptr (BobbinJob) job = bobbin_monitor_new_with_options (uri, options, NULL);

  g_unlink (secrets_path);
  g_object_set (job, "for", 1000, /* no alarm when its server has gone */
                "alerting", g_variant_new_parsed ("{'webhook': <'http://me:s3cret@127.0.0.1:1/'>}"),
                NULL);
  g_assert_true (bobbin_application_add_job (ui->app, job, NULL));
  g_assert_true (ui_get_job (ui, 0) == job);
  bobbin_keyring_remember (bobbin_application_get_keyring (ui->app), job);
  ui_watch (ui, job);
  ui_wait (is_remembered ());
  assert_not_kept ("s3cret");
}

static gboolean
monitor_has_password (BobbinMonitor *monitor)
{
  const char *password = NULL;

  return g_variant_lookup (bobbin_monitor_get_options (monitor), "password", "&s", &password) &&
         g_str_equal (password, "s3cret");
}

static gboolean
webhook_has_password (BobbinMonitor *monitor)
{
  g_autoptr (GVariant) alerting = NULL;
  const char *webhook = "";

  g_object_get (monitor, "alerting", &alerting, NULL);

  return g_variant_lookup (alerting, "webhook", "&s", &webhook) &&
         strstr (webhook, "s3cret") != NULL;
}

static void
play_remembered_monitor (UiFixture *ui)
{
  BobbinJob *job = ui_get_job (ui, 0);

  ui_watch (ui, job);
  ui_wait (monitor_has_password (BOBBIN_MONITOR (job)));
  g_assert_true (webhook_has_password (BOBBIN_MONITOR (job)));
  g_assert_false (bobbin_monitor_lacks_secrets (BOBBIN_MONITOR (job)));
}

/* A monitor has its login again after a start. */
static void
test_remember_monitor (void)
{
  ui_keep_list (TRUE);
  ui_run (play_remember_monitor, NULL);
  ui_keep_list (FALSE);
  ui_run (play_remembered_monitor, NULL);
}

/* Of the download of the newest scenario. */
static char *job_id;

/* As the app does, with its schema. */
static gboolean
desktop_remembers (void)
{
  const SecretSchema schema = { APP_ID ".Download",
                                SECRET_SCHEMA_NONE,
                                { { "job", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } } };
  g_autoptr (GError) error = NULL;
  char *secrets = secret_password_lookup_sync (&schema, NULL, &error, "job", job_id, NULL);
  const gboolean found = secrets != NULL;

  g_assert_no_error (error);
  secret_password_free (secrets);

  return found;
}

static void
note_id (UiFixture *ui, BobbinJob *job)
{
  g_free (job_id);
  job_id = bobbin_queue_keeper_dup_id (bobbin_application_get_keeper (ui->app), job);
  g_assert_nonnull (job_id);
}

static void
clear_entry (GtkWindow *dialog, const char *title)
{
  gtk_editable_set_text (GTK_EDITABLE (ui_find_titled (GTK_WIDGET (dialog), title)), "");
}

/* Who clears a password has it gone from where passwords are kept, too. */
static void
test_cleared (UiFixture *ui)
{
  g_autofree char *uri = bobbin_test_server_get_uri (ui->server, "/a.bin");
  GVariant *options = g_variant_new_parsed ("{'user': <'joe'>, 'password': <'s3cret'>}");
  g_autoptr (BobbinJob) job = bobbin_monitor_new_with_options (uri, options, NULL);
  GtkWindow *dialog;

  serve (ui, "/a.bin");
  g_assert_true (bobbin_application_add_job (ui->app, job, NULL));
  g_assert_true (ui_get_job (ui, 0) == job);
  ui_watch (ui, job);
  note_id (ui, job);
  bobbin_keyring_remember (bobbin_application_get_keyring (ui->app), job);
  ui_wait (desktop_remembers ());

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  ui_act (job, ui, "job.edit");
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  clear_entry (dialog, "Password");
  clear_entry (dialog, "User Name");
  g_signal_emit_by_name (gtk_window_get_default_widget (dialog), "clicked");
  ui_wait (!desktop_remembers ());
  g_clear_pointer (&job_id, g_free);
}

/* Quits at once. */
static void
play_remember_in_haste (UiFixture *ui)
{
  BobbinJob *job = fail_for_login (ui);

  note_id (ui, job);
  press (ui, job, "_Log In…");
  log_in (ui, TRUE);
}

static void
test_remember_in_haste (void)
{
  ui_run (play_remember_in_haste, NULL);
  g_assert_true (desktop_remembers ());
  g_clear_pointer (&job_id, g_free);
}

static void
on_flushed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_keyring_flush_finish (BOBBIN_KEYRING (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

/* Nothing of it is there before, all of it after, and in the order in which it was asked for. */
static void
test_flush (UiFixture *ui)
{
  BobbinKeyring *keyring = bobbin_application_get_keyring (ui->app);
  g_autoptr (BobbinHttpContext) context =
    bobbin_http_context_new (&(BobbinHttpSettings){ .user = "anna", .password = "s3cret" }, NULL);
  BobbinJob *job;
  gboolean flushed = FALSE;

  serve (ui, "/a.bin");
  job = ui_add (ui, "/a.bin");
  note_id (ui, job);
  bobbin_download_set_context (BOBBIN_DOWNLOAD (job), context);
  bobbin_keyring_forget (keyring, job);
  bobbin_keyring_remember (keyring, job);
  bobbin_keyring_flush_async (keyring, on_flushed, &flushed);
  g_assert_false (flushed);
  ui_wait (flushed);
  g_assert_true (desktop_remembers ());
  g_clear_pointer (&job_id, g_free);
}

/* Says yes, then no, and quits at once. */
static void
play_forget (UiFixture *ui)
{
  BobbinJob *job = fail_for_login (ui);
  const guint n_requests = bobbin_test_server_get_n_requests (ui->server, "/a.bin");

  note_id (ui, job);
  press (ui, job, "_Log In…");
  log_in (ui, TRUE);
  ui_wait (bobbin_test_server_get_n_requests (ui->server, "/a.bin") > n_requests);
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  press (ui, job, "_Log In…");
  log_in (ui, FALSE);
}

/* What was said last holds, however soon the app has quit after it. */
static void
test_forget (void)
{
  ui_run (play_forget, NULL);
  g_assert_false (desktop_remembers ());
  g_clear_pointer (&job_id, g_free);
}

/* The secret goes with the download, and nobody waits for the end of Undo. */
static void
play_remove (UiFixture *ui)
{
  BobbinJob *job = fail_for_login (ui);

  note_id (ui, job);
  press (ui, job, "_Log In…");
  log_in (ui, TRUE);
  ui_wait (got_login (ui, "/a.bin"));
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  ui_act (job, ui, "job.remove");
}

static void
test_remember_and_remove (void)
{
  ui_run (play_remove, NULL);
  g_assert_false (desktop_remembers ());
  g_clear_pointer (&job_id, g_free);
}

/* What one server was told is not kept for the next one. */
static void
test_moved (UiFixture *ui)
{
  BobbinJob *job = fail_for_login (ui);
  g_autofree char *uri =
    g_strdup_printf ("http://localhost:%u/b.bin", bobbin_test_server_get_port (ui->server));
  GtkWindow *dialog;
  GtkWidget *address;

  note_id (ui, job);
  press (ui, job, "_Log In…");
  log_in (ui, TRUE);
  ui_wait (desktop_remembers ());
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));

  serve (ui, "/b.bin");
  ui_act (job, ui, "job.new-address");
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  address = ui_find_titled (GTK_WIDGET (dialog), "Address");
  gtk_editable_set_text (GTK_EDITABLE (address), "gopher://127.0.0.1/");
  g_assert_true (ui_is_wrong (address));
  g_assert_nonnull (ui_get_alert (GTK_WIDGET (dialog)));
  gtk_editable_set_text (GTK_EDITABLE (address), uri);
  g_assert_false (ui_is_wrong (address));
  g_assert_null (ui_get_alert (GTK_WIDGET (dialog)));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "use");
  ui_wait (!desktop_remembers ());
  g_clear_pointer (&job_id, g_free);
}

static gboolean
toast_says (UiFixture *ui, const char *text)
{
  GtkWidget *toast = ui_find_type (GTK_WIDGET (ui->window), g_type_from_name ("AdwToastWidget"));

  return toast != NULL && ui_has_label (toast, text);
}

/* The download has its login all the same. */
static void
test_not_remembered (UiFixture *ui)
{
  BobbinJob *job;

  g_unlink (secrets_path);
  g_assert_cmpint (g_mkdir (secrets_path, 0700), ==, 0);
  job = fail_for_login (ui);
  press (ui, job, "_Log In…");
  log_in (ui, TRUE);
  ui_wait (got_login (ui, "/a.bin"));
  ui_wait (toast_says (ui, "The password could not be remembered and will be asked for again."));
  g_assert_cmpint (g_rmdir (secrets_path), ==, 0);
}

/* ---- the log */

static BobbinLogWindow *
open_log (UiFixture *ui, BobbinJob *job)
{
  GtkWindow *dialog;

  ui_act (job, ui, "job.show-log");
  dialog = ui_find_dialog (ui);
  g_assert_true (BOBBIN_IS_LOG_WINDOW (dialog));
  ui_watch (ui, dialog);

  return BOBBIN_LOG_WINDOW (dialog);
}

/* Live, and one window for a job. */
static void
test_log (UiFixture *ui)
{
  g_autofree char *text = NULL;
  g_autofree char *copied = NULL;
  BobbinLogWindow *log;
  BobbinJob *job;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .status = 404 });
  job = ui_add (ui, "/a.bin");
  wait_for_failure (ui, job, BOBBIN_ERROR_HTTP_STATUS);
  log = open_log (ui, job);
  ui_wait (ui_has_label (GTK_WIDGET (log), bobbin_job_get_error (job)->message));
  g_assert_true (open_log (ui, job) == log);

  serve (ui, "/a.bin");
  ui_act (job, ui, "job.start");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  text = bobbin_log_window_to_text (log);
  g_assert_nonnull (strstr (text, "404"));
  gtk_widget_activate_action (GTK_WIDGET (log), "log.copy", NULL);
  copied = ui_dup_copied (GTK_WINDOW (log));
  g_assert_cmpstr (copied, ==, text);
  gtk_window_close (GTK_WINDOW (log));
}

static GtkWindow *
find_above (GtkWindow *window)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) other = g_list_model_get_item (toplevels, i);

      if (gtk_window_get_transient_for (other) == window)
        return other;
    }

  return NULL;
}

/* The name of a file has no slash in it, whatever that of the job has. */
static void
test_log_name (UiFixture *ui)
{
  g_autoptr (BobbinJob) job = bobbin_monitor_new ("disk:/", NULL);
  GtkWindow *log = bobbin_log_window_new (job);
  GtkWindow *chooser;
  g_autofree char *name = NULL;

  ui_watch (ui, log);
  bobbin_job_log (job, BOBBIN_EVENT_NOTE, "A line");
  bobbin_window_present_dialog (ui->window, log);
  gtk_widget_activate_action (GTK_WIDGET (log), "log.save-as", NULL);
  ui_wait ((chooser = find_above (log)) != NULL);
  name = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (chooser));
  g_assert_cmpstr (name, ==, "Disk -.log");
  gtk_window_destroy (log);
}

static void
play_log_before (UiFixture *ui)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .status = 404 });
  job = ui_add (ui, "/a.bin");
  wait_for_failure (ui, job, BOBBIN_ERROR_HTTP_STATUS);
}

static void
play_log_after (UiFixture *ui)
{
  BobbinJob *job = ui_get_job (ui, 0);
  BobbinLogWindow *log;

  ui_watch (ui, job);
  log = open_log (ui, job);
  ui_wait (ui_has_label (GTK_WIDGET (log), bobbin_job_get_error (job)->message));
}

static void
test_log_of_before (void)
{
  ui_keep_list (TRUE);
  ui_run (play_log_before, NULL);
  ui_keep_list (FALSE);
  ui_run (play_log_after, NULL);
}

int
main (int argc, char **argv)
{
  int status;

  secrets_path = ui_secrets_open ();
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/remedies/web-page", test_web_page);
  ui_test_add ("/ui/remedies/none", test_none);
  ui_test_add ("/ui/remedies/checksum", test_checksum);
  ui_test_add ("/ui/remedies/folder", test_folder);
  ui_test_add ("/ui/remedies/folder-with-part", test_folder_with_part);
  ui_test_add ("/ui/remedies/same-folder", test_same_folder);
  ui_test_add ("/ui/remedies/log-in", test_log_in);
  g_test_add_func ("/ui/remedies/remember", test_remember);
  g_test_add_func ("/ui/remedies/remember-monitor", test_remember_monitor);
  g_test_add_func ("/ui/remedies/remember-in-haste", test_remember_in_haste);
  ui_test_add ("/ui/remedies/cleared", test_cleared);
  ui_test_add ("/ui/remedies/remember-all-there-is", test_flush);
  g_test_add_func ("/ui/remedies/remember-and-forget", test_forget);
  g_test_add_func ("/ui/remedies/remember-and-remove", test_remember_and_remove);
  ui_test_add ("/ui/remedies/moved", test_moved);
  ui_test_add ("/ui/remedies/not-remembered", test_not_remembered);
  ui_test_add ("/ui/remedies/log", test_log);
  ui_test_add ("/ui/remedies/log-name", test_log_name);
  g_test_add_func ("/ui/remedies/log-of-before", test_log_of_before);

  status = g_test_run ();
  ui_secrets_close ();

  return status;
}
