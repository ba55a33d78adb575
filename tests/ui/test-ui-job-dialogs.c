/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is asked of single downloads: a limit, and another address.
 */
#include "config.h"

#include "bobbin-download.h"
#include "bobbin-job-actions.h"
#include "bobbin-remedy.h"
#include "ui-fixture.h"

#define LENGTH 2000000
#define THERE  1000000

static BobbinJob *
add_stalled (UiFixture *ui)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, "/a.bin",
                          &(BobbinTestFile){ .length = LENGTH,
                                             .etag = "\"one\"",
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = THERE });
  job = ui_add (ui, "/a.bin");
  ui_wait (bobbin_job_get_bytes (job) == THERE);

  return job;
}

static gint64
get_limit (BobbinJob *job)
{
  gint64 rate;

  g_object_get (job, "limit-rate", &rate, NULL);

  return rate;
}

static void
test_limit (UiFixture *ui)
{
  BobbinJob *job = add_stalled (ui);
  GtkWindow *dialog;
  GtkWidget *spin;

  ui_act (job, ui, "job.limit-speed");
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  spin = ui_find_type (ui_find_titled (GTK_WIDGET (dialog), "_Kilobytes a Second"),
                       GTK_TYPE_SPIN_BUTTON);
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (spin)), ==, 0);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), 300);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "limit");
  g_assert_cmpint (get_limit (job), ==, 300000);

  ui_act (job, ui, "job.limit-speed");
  dialog = ui_find_dialog (ui);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_assert_cmpint (get_limit (job), ==, 300000);
}

static void
answer (UiFixture *ui, const char *path)
{
  g_autofree char *uri = bobbin_test_server_get_uri (ui->server, path);
  GtkWindow *dialog = ui_find_dialog (ui);
  GtkWidget *entry = ui_find_titled (GTK_WIDGET (dialog), "Address");

  ui_watch (ui, dialog);
  gtk_editable_set_text (GTK_EDITABLE (entry), "no address");
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "use"));
  gtk_editable_set_text (GTK_EDITABLE (entry), uri);
  g_assert_true (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "use"));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "use");
}

/* One that was stopped goes on from elsewhere with what it has. */
static void
test_new_address (UiFixture *ui)
{
  BobbinJob *job = add_stalled (ui);

  g_assert_false (ui_can (GTK_WIDGET (ui_find_row (ui, job)), "job.new-address"));
  ui_act (job, ui, "job.stop");
  ui_wait (ui_has_state (job, BOBBIN_JOB_IDLE));
  bobbin_test_server_set (ui->server, "/b.bin", &(BobbinTestFile){ .length = LENGTH });
  ui_act (job, ui, "job.new-address");
  answer (ui, "/b.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  g_assert_cmpstr (bobbin_job_get_title (job), ==, "a.bin");
  g_assert_cmpint (bobbin_test_server_get_first_byte (ui->server, "/b.bin", 0), >, 0);
}

/* One that failed because nothing is there any more offers it itself. */
static void
test_remedy (UiFixture *ui)
{
  BobbinJob *job;
  GtkWidget *row;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .status = 404 });
  job = ui_add (ui, "/a.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  row = GTK_WIDGET (ui_find_row (ui, job));
  g_assert_cmpstr (bobbin_remedy_get_label (job), ==, "_New Address…");
  g_assert_true (ui_can (row, "job.retry"));
  g_assert_false (ui_can (row, "job.start-first"));

  bobbin_test_server_set (ui->server, "/b.bin", &(BobbinTestFile){ .length = LENGTH });
  ui_act (job, ui, "job.remedy");
  answer (ui, "/b.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  ui_wait (ui_has_label (row, "127.0.0.1"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/job-dialogs/limit", test_limit);
  ui_test_add ("/ui/job-dialogs/new-address", test_new_address);
  ui_test_add ("/ui/job-dialogs/remedy", test_remedy);

  return g_test_run ();
}
