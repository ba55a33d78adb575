/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Removing jobs, and thinking better of it.
 */
#include "config.h"

#include "bobbin-download.h"
#include "bobbin-job-list.h"
#include "bobbin-test-content.h"
#include "ui-fixture.h"

#define LENGTH (1024 * 1024)
#define HALF   (LENGTH / 2)

/* Stalls half-way the first time, and is sound from then on. */
static BobbinJob *
add_stalling (UiFixture *ui, const char *path)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, path,
                          &(BobbinTestFile){ .seed = 1,
                                             .length = LENGTH,
                                             .etag = "\"1\"",
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = HALF,
                                             .fault_times = 1 });
  job = ui_add (ui, path);
  ui_wait (bobbin_job_get_bytes (job) == HALF);

  return job;
}

static GtkWidget *
find_toast (UiFixture *ui)
{
  return ui_find_type (GTK_WIDGET (ui->window), g_type_from_name ("AdwToastWidget"));
}

static GtkWidget *
wait_for_toast (UiFixture *ui, const char *text)
{
  GtkWidget *toast = NULL;

  ui_wait ((toast = find_toast (ui)) != NULL && ui_has_label (toast, text));

  return toast;
}

static gboolean
is_close_button (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), "window-close-symbolic") == 0;
}

static void
close_toast (GtkWidget *toast)
{
  GtkWidget *child = gtk_widget_get_first_child (toast);

  while (child != NULL && !is_close_button (child))
    child = gtk_widget_get_next_sibling (child);
  g_assert_nonnull (child);
  g_signal_emit_by_name (child, "clicked");
}

static void
test_undo (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin");
  g_autofree char *path = ui_get_path (ui, "a.bin");
  GtkWidget *toast;

  ui_act (job, ui, "job.remove");
  ui_wait (ui_get_n_jobs (ui) == 0);
  toast = wait_for_toast (ui, "Removed “a.bin”");
  ui_wait (ui_has_label (GTK_WIDGET (ui->window), "No Downloads"));
  g_assert_cmpuint (ui_count_files (ui), >, 0);

  g_signal_emit_by_name (ui_find_button (toast, "_Undo"), "clicked");
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 1);
  g_assert_true (ui_get_job (ui, 0) == job);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  bobbin_test_content_assert (path, 1, LENGTH);
  /* it went on with what was there */
  g_assert_cmpint (bobbin_test_server_get_first_byte (ui->server, "/a.bin", 1), ==, HALF);
}

/* What did not run is not started by bringing it back. */
static void
test_undo_stopped (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin");

  ui_act (job, ui, "job.stop");
  ui_wait (ui_has_state (job, BOBBIN_JOB_IDLE));
  ui_act (job, ui, "job.remove");
  wait_for_toast (ui, "Removed “a.bin”");
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.undo-remove", NULL);
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 1);
  g_assert_true (ui_has_state (job, BOBBIN_JOB_IDLE));
}

static gboolean
is_gone (GWeakRef *ref)
{
  g_autoptr (GObject) object = g_weak_ref_get (ref);

  return object == NULL;
}

static void
test_dismiss (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin");
  g_autoptr (BobbinJob) other = g_object_ref (ui_add_whole (ui, "/b.bin", LENGTH));
  GWeakRef gone;

  g_weak_ref_init (&gone, job);
  ui_act (job, ui, "job.remove");
  close_toast (wait_for_toast (ui, "Removed “a.bin”"));
  /* the part goes, and with it the job; the other file stays */
  ui_wait (ui_count_files (ui) == 1);
  ui_wait (is_gone (&gone));
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 1);
  g_weak_ref_clear (&gone);

  /* there is nothing to bring back any more */
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.undo-remove", NULL);
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 1);
}

static void
test_finished_file_stays (UiFixture *ui)
{
  BobbinJob *job = ui_add_whole (ui, "/a.bin", LENGTH);
  g_autofree char *path = ui_get_path (ui, "a.bin");

  ui_act (job, ui, "job.remove");
  close_toast (wait_for_toast (ui, "Removed “a.bin”"));
  ui_wait (find_toast (ui) == NULL);
  bobbin_test_content_assert (path, 1, LENGTH);
}

static void
test_several (UiFixture *ui)
{
  BobbinJob *a = add_stalling (ui, "/a.bin");
  BobbinJob *b = ui_add_whole (ui, "/b.bin", LENGTH);
  BobbinJob *c = add_stalling (ui, "/c.bin");

  ui_act (a, ui, "job.remove");
  ui_act (c, ui, "job.remove");
  ui_act (b, ui, "job.remove");
  ui_wait (ui_get_n_jobs (ui) == 0);
  wait_for_toast (ui, "Removed 3 jobs");

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.undo-remove", NULL);
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 3);
  ui_wait (ui_has_state (a, BOBBIN_JOB_DONE) && ui_has_state (c, BOBBIN_JOB_DONE));
}

/* In the middle, so that the place matters. */
static void
test_undo_place (UiFixture *ui)
{
  BobbinJob *a = ui_add_whole (ui, "/a.bin", LENGTH);
  BobbinJob *b = ui_add_whole (ui, "/b.bin", LENGTH);
  BobbinJob *c = ui_add_whole (ui, "/c.bin", LENGTH);

  ui_act (b, ui, "job.remove");
  wait_for_toast (ui, "Removed “b.bin”");
  g_assert_true (ui_get_job (ui, 0) == a && ui_get_job (ui, 1) == c);
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.undo-remove", NULL);
  g_assert_true (ui_get_job (ui, 0) == a && ui_get_job (ui, 1) == b && ui_get_job (ui, 2) == c);
}

/* Two that stood side by side, so that the place of one depends on the other. */
static void
test_undo_places (UiFixture *ui)
{
  BobbinJob *a = ui_add_whole (ui, "/a.bin", LENGTH);
  BobbinJob *b = ui_add_whole (ui, "/b.bin", LENGTH);
  BobbinJob *c = ui_add_whole (ui, "/c.bin", LENGTH);
  BobbinJob *d = ui_add_whole (ui, "/d.bin", LENGTH);

  ui_act (a, ui, "job.remove");
  ui_act (b, ui, "job.remove");
  wait_for_toast (ui, "Removed 2 jobs");
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.undo-remove", NULL);
  g_assert_true (ui_get_job (ui, 0) == a && ui_get_job (ui, 1) == b);
  g_assert_true (ui_get_job (ui, 2) == c && ui_get_job (ui, 3) == d);
}

/* Undone before the job has been joined: it stays, and goes on. */
static void
test_undo_at_once (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin");
  BobbinRemoval *removal = bobbin_window_get_removal (ui->window);

  ui_act (job, ui, "job.remove");
  g_assert_true (ui_has_state (job, BOBBIN_JOB_STOPPING));
  g_assert_true (bobbin_removal_is_leaving (removal, job));
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.undo-remove", NULL);
  g_assert_false (bobbin_removal_is_leaving (removal, job));
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  g_assert_true (ui_get_job (ui, 0) == job);
  ui_wait (find_toast (ui) == NULL);
  g_assert_cmpint (bobbin_test_server_get_first_byte (ui->server, "/a.bin", 1), ==, HALF);
}

/* Second thoughts about second thoughts. */
static void
test_remove_after_undo (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin");

  ui_act (job, ui, "job.remove");
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.undo-remove", NULL);
  ui_act (job, ui, "job.remove");
  wait_for_toast (ui, "Removed “a.bin”");
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 0);
}

/* What is on its way out can't be started. */
static void
test_start_while_leaving (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin");
  GtkWidget *row = GTK_WIDGET (ui_find_row (ui, job));

  ui_act (job, ui, "job.remove");
  g_assert_true (ui_has_state (job, BOBBIN_JOB_STOPPING));
  g_assert_false (gtk_widget_is_sensitive (ui_find_button (row, "Start")));
  gtk_widget_activate_action (gtk_widget_get_ancestor (row, BOBBIN_TYPE_JOB_LIST), "job.start",
                              NULL);
  wait_for_toast (ui, "Removed “a.bin”");
  g_assert_cmpuint (bobbin_test_server_get_n_requests (ui->server, "/a.bin"), ==, 1);
}

/* Undo is offered as long as there is something to undo. */
static void
test_can_undo (UiFixture *ui)
{
  BobbinJob *a = ui_add_whole (ui, "/a.bin", LENGTH);

  g_assert_false (ui_is_enabled (ui, "win.undo-remove"));
  ui_act (a, ui, "job.remove");
  g_assert_true (ui_is_enabled (ui, "win.undo-remove"));
  wait_for_toast (ui, "Removed “a.bin”");
  g_assert_true (ui_is_enabled (ui, "win.undo-remove"));
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.undo-remove", NULL);
  g_assert_false (ui_is_enabled (ui, "win.undo-remove"));

  ui_act (a, ui, "job.remove");
  close_toast (wait_for_toast (ui, "Removed “a.bin”"));
  g_assert_false (ui_is_enabled (ui, "win.undo-remove"));
}

static void
test_twice (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin");
  BobbinRemoval *removal = bobbin_window_get_removal (ui->window);

  bobbin_removal_remove (removal, job);
  bobbin_removal_remove (removal, job);
  wait_for_toast (ui, "Removed “a.bin”");
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 0);
  bobbin_removal_remove (removal, job);
}

/* The app is quit while Undo is offered: the part is deleted all the same. */
static void
test_quit_with_offer (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin");

  ui_act (job, ui, "job.remove");
  wait_for_toast (ui, "Removed “a.bin”");
  g_assert_cmpuint (ui_count_files (ui), >, 0);
  bobbin_application_drain (ui->app);
  ui_wait (ui->window == NULL);
  g_assert_cmpuint (ui_count_files (ui), ==, 0);
}

/* The app is quit while the job that is to go is still being stopped. */
static void
test_quit_while_removing (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin");

  ui_act (job, ui, "job.remove");
  g_assert_true (ui_has_state (job, BOBBIN_JOB_STOPPING));
  bobbin_application_drain (ui->app);
  ui_wait (ui->window == NULL);
  g_assert_cmpuint (ui_count_files (ui), ==, 0);
}

static gboolean
has_come (GtkWidget *toast)
{
  GtkWidget *overlay = gtk_widget_get_parent (toast);
  graphene_rect_t bounds;

  return gtk_widget_compute_bounds (toast, overlay, &bounds) &&
         bounds.origin.y + bounds.size.height <= gtk_widget_get_height (overlay);
}

static void
begin_to_hide (UiFixture *ui)
{
  BobbinJob *job;
  GtkWidget *toast;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
  job = add_stalling (ui, "/a.bin");
  ui_act (job, ui, "job.remove");
  toast = wait_for_toast (ui, "Removed “a.bin”");
  ui_wait (has_come (toast));
  close_toast (toast);
}

/* The app is quit while a toast fades away: libadwaita must not be caught in the middle of it. */
static void
test_quit_while_toast_goes (UiFixture *ui)
{
  begin_to_hide (ui);
  ui_wait (find_toast (ui) == NULL || gtk_widget_get_opacity (find_toast (ui)) < 1);
  g_assert_nonnull (find_toast (ui));
  bobbin_application_drain (ui->app);
  ui_wait (ui->window == NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/removal/undo", test_undo);
  ui_test_add ("/ui/removal/undo-stopped", test_undo_stopped);
  ui_test_add ("/ui/removal/dismiss", test_dismiss);
  ui_test_add ("/ui/removal/finished-file-stays", test_finished_file_stays);
  ui_test_add ("/ui/removal/several", test_several);
  ui_test_add ("/ui/removal/undo-place", test_undo_place);
  ui_test_add ("/ui/removal/undo-places", test_undo_places);
  ui_test_add ("/ui/removal/undo-at-once", test_undo_at_once);
  ui_test_add ("/ui/removal/remove-after-undo", test_remove_after_undo);
  ui_test_add ("/ui/removal/start-while-leaving", test_start_while_leaving);
  ui_test_add ("/ui/removal/can-undo", test_can_undo);
  ui_test_add ("/ui/removal/twice", test_twice);
  ui_test_add ("/ui/removal/quit-with-offer", test_quit_with_offer);
  ui_test_add ("/ui/removal/quit-while-removing", test_quit_while_removing);
  ui_test_add ("/ui/removal/quit-while-toast-goes", test_quit_while_toast_goes);

  return g_test_run ();
}
