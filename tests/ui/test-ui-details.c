/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The details of a download: what they show of it, and what can be done there.
 */
#include "config.h"

#include "bobbin-details-pane.h"
#include "bobbin-download-details.h"
#include "bobbin-download-figures.h"
#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-figure-row.h"
#include "bobbin-log-line.h"
#include "bobbin-segment-view.h"
#include "bobbin-speed-chart.h"
#include "bobbin-verification.h"
#include "ui-fixture.h"

#define LENGTH 1000

static BobbinJob *
add_stalling (UiFixture *ui, const char *path)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, path,
                          &(BobbinTestFile){ .length = LENGTH,
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = LENGTH / 2 });
  job = ui_add (ui, path);
  bobbin_test_server_wait_stalled (ui->server, 1);

  return job;
}

/* The details of @job, opened as by its row. */
static GtkWidget *
open_details (UiFixture *ui, BobbinJob *job)
{
  GtkWidget *view = NULL;

  ui_act (job, ui, "job.show-details");
  ui_wait ((view = ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_DOWNLOAD_DETAILS)) != NULL);
  ui_wait (gtk_widget_get_mapped (view));
  ui_watch (ui, view);

  return view;
}

static gboolean
offers (GtkWidget *view, const char *name)
{
  GtkWidget *button = ui_find_button (view, name);

  return button != NULL && gtk_widget_get_visible (button) && gtk_widget_get_sensitive (button);
}

/* What is said under that name; NULL if nothing is. */
static const char *
get_value (GtkWidget *view, const char *name)
{
  GtkWidget *row = ui_find_titled (view, name);

  g_assert_true (BOBBIN_IS_FIGURE_ROW (row));

  return gtk_widget_get_visible (row) ? bobbin_figure_row_get_value (BOBBIN_FIGURE_ROW (row))
                                      : NULL;
}

/* Who opens them in the middle of it sees how fast it has been before. */
static void
test_speed_before (UiFixture *ui)
{
  BobbinJob *job;
  GtkWidget *view, *chart;

  bobbin_test_server_set (ui->server, "/a.bin",
                          &(BobbinTestFile){ .length = 1000 * LENGTH, .rate = 100 * LENGTH });
  job = ui_add (ui, "/a.bin");
  ui_wait (bobbin_job_get_rate (job) > 0);
  view = open_details (ui, job);
  chart = ui_find_type (view, BOBBIN_TYPE_SPEED_CHART);
  g_assert_cmpuint (bobbin_speed_chart_get_n_samples (BOBBIN_SPEED_CHART (chart)), >, 0);
}

static char *
dup_clipboard (GtkWidget *widget)
{
  GdkContentProvider *content = gdk_clipboard_get_content (gtk_widget_get_clipboard (widget));
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));

  return g_value_dup_string (&value);
}

static gboolean
is_described (GtkWidget *widget, const char *text)
{
  g_autofree char *difference =
    gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget),
                                        GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text);

  return difference == NULL;
}

/* They follow the download through its states. */
static void
test_states (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin");
  GtkWidget *view = open_details (ui, job);

  g_assert_true (ui_has_label (view, "a.bin"));
  ui_wait (bobbin_job_get_bytes (job) == LENGTH / 2);
  g_assert_cmpstr (get_value (view, "Received"), ==, "500 bytes of 1.0 kB (50%)");
  g_assert_nonnull (get_value (view, "Speed"));
  g_assert_cmpstr (get_value (view, "Folder"), ==, ui->folder);
  g_assert_null (get_value (view, "Checksum"));
  g_assert_true (offers (view, "_Stop"));
  g_assert_true (offers (view, "_Restart"));
  g_assert_false (offers (view, "_Open"));

  gtk_widget_activate (ui_find_button (view, "_Stop"));
  ui_wait (ui_has_state (job, BOBBIN_JOB_IDLE));
  g_assert_true (ui_has_label (view, bobbin_job_get_status_line (job)));
  g_assert_null (get_value (view, "Speed"));
  g_assert_true (offers (view, "_Start"));
  g_assert_false (offers (view, "_Restart"));

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = LENGTH });
  gtk_widget_activate (ui_find_button (view, "_Start"));
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  g_assert_true (offers (view, "_Open"));
  g_assert_true (offers (view, "Show in _Folder"));
  g_assert_nonnull (get_value (view, "Finished"));
  g_assert_cmpstr (get_value (view, "Received"), ==, "1.0 kB of 1.0 kB (100%)");
}

/* One view for all of them, which lets go of those that it does not show. */
static void
test_jobs (UiFixture *ui)
{
  BobbinJob *a = ui_add_whole (ui, "/a.bin", LENGTH);
  BobbinJob *b = ui_add_whole (ui, "/b.bin", LENGTH);
  GtkWidget *view = open_details (ui, a);
  GtkWidget *pane = gtk_widget_get_ancestor (view, BOBBIN_TYPE_DETAILS_PANE);

  g_assert_true (open_details (ui, b) == view);
  g_assert_true (ui_has_label (view, "b.bin"));
  g_assert_false (ui_has_label (view, "a.bin"));

  gtk_widget_activate_action (pane, "win.close-details", NULL);
  ui_wait (!gtk_widget_get_visible (pane));
  g_assert_null (bobbin_details_pane_get_job (BOBBIN_DETAILS_PANE (pane)));
  g_assert_null (ui_find_type (view, BOBBIN_TYPE_LOG_LINE));
}

/* What went wrong, what helps, and what happened. */
static void
test_failed (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.html");
  GtkWidget *view = open_details (ui, job);

  bobbin_job_stop_async (job, NULL, NULL);
  ui_wait (ui_has_state (job, BOBBIN_JOB_IDLE));
  g_object_set (job, "checksum", "md5:00000000000000000000000000000000", NULL);
  g_assert_cmpstr (get_value (view, "Verification"), ==, "Not verified yet");

  bobbin_test_server_set (ui->server, "/a.html", &(BobbinTestFile){ .length = LENGTH });
  ui_act (job, ui, "job.start");
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  g_assert_true (gtk_widget_has_css_class (view, "failed"));
  g_assert_true (ui_has_label (view, bobbin_job_get_error (job)->message));
  g_assert_cmpstr (get_value (view, "Verification"), ==, "Does not match");
  g_assert_true (offers (view, "_Download Again"));
  ui_wait (ui_find_type (view, BOBBIN_TYPE_LOG_LINE) != NULL);
}

/* A report tells what happened, and keeps what opens the address. */
static void
test_report (UiFixture *ui)
{
  BobbinJob *job;
  GtkWidget *view;
  g_autofree char *text = NULL;
  g_autofree char *address = NULL;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .status = 404 });
  job = ui_add (ui, "/a.bin?key=secret");
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  view = open_details (ui, job);
  gtk_widget_activate_action (view, "details.copy-report", NULL);
  text = dup_clipboard (view);
  g_assert_nonnull (strstr (text, bobbin_job_get_error (job)->message));
  g_assert_nonnull (strstr (text, "/a.bin?…\n"));
  g_assert_null (strstr (text, "secret"));

  gtk_widget_activate_action (ui_find_button (view, "Copy Address"), "figure.copy", NULL);
  address = dup_clipboard (view);
  g_assert_cmpstr (address, ==, bobbin_download_get_address (BOBBIN_DOWNLOAD (job)));
}

static BobbinSpeedChart *
find_chart (GtkWidget *view)
{
  return BOBBIN_SPEED_CHART (ui_find_type (view, BOBBIN_TYPE_SPEED_CHART));
}

/* It looks while the download runs and it is shown, and at no other time. */
static void
test_chart (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin");
  GtkWidget *view = open_details (ui, job);
  GtkWidget *pane = gtk_widget_get_ancestor (view, BOBBIN_TYPE_DETAILS_PANE);
  BobbinSpeedChart *chart = find_chart (view);

  ui_watch (ui, chart);
  g_assert_true (bobbin_speed_chart_is_sampling (chart));
  ui_wait (bobbin_speed_chart_get_n_samples (chart) > 0);
  gtk_widget_activate_action (pane, "win.close-details", NULL);
  ui_wait (!gtk_widget_get_mapped (view));
  g_assert_false (bobbin_speed_chart_is_sampling (chart));

  open_details (ui, job);
  g_assert_true (bobbin_speed_chart_is_sampling (chart));
  bobbin_job_stop_async (job, NULL, NULL);
  ui_wait (ui_has_state (job, BOBBIN_JOB_IDLE));
  g_assert_false (bobbin_speed_chart_is_sampling (chart));
}

/* The worker is asked for what it has only while somebody sees it. */
static void
test_segments (UiFixture *ui)
{
  BobbinJob *job = add_stalling (ui, "/a.bin");
  BobbinSegments segments;
  GtkWidget *view, *pane, *bar;

  g_assert_false (bobbin_download_get_segments (BOBBIN_DOWNLOAD (job), &segments));
  view = open_details (ui, job);
  pane = gtk_widget_get_ancestor (view, BOBBIN_TYPE_DETAILS_PANE);
  bar = ui_find_type (view, BOBBIN_TYPE_SEGMENT_VIEW);
  ui_watch (ui, bar);
  ui_wait (bobbin_download_get_segments (BOBBIN_DOWNLOAD (job), &segments));
  g_assert_cmpint (segments.total, ==, LENGTH);
  g_assert_cmpuint (segments.n_fetches, ==, 1);
  g_assert_cmpint (segments.fetches[0].first, ==, LENGTH / 2);
  g_assert_cmpint (segments.fetches[0].end, ==, LENGTH);
  ui_wait (is_described (bar, "1 connection, 50% there"));

  gtk_widget_activate_action (pane, "win.close-details", NULL);
  ui_wait (!gtk_widget_get_mapped (view));
  g_assert_false (bobbin_download_get_segments (BOBBIN_DOWNLOAD (job), &segments));
}

static GtkWidget *
find_expected (GtkWidget *dialog)
{
  return ui_find_titled (dialog, "Checksum to Compare With");
}

static void
compare_with (GtkWidget *dialog, const char *checksum)
{
  gtk_editable_set_text (GTK_EDITABLE (find_expected (dialog)), checksum);
}

/* A finished file is compared with what is pasted. */
static void
test_verify (UiFixture *ui)
{
  BobbinJob *job = ui_add_whole (ui, "/a.bin", LENGTH);
  g_autofree char *contents = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *named = NULL;
  GtkWidget *dialog;
  gsize length;

  g_assert_true (g_file_get_contents (bobbin_download_get_file (BOBBIN_DOWNLOAD (job)), &contents,
                                      &length, NULL));
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA1, (guchar *) contents, length);
  named = g_strdup_printf ("sha1:%s", sum);

  ui_act (job, ui, "job.verify");
  dialog = GTK_WIDGET (ui_find_dialog (ui));
  g_assert_true (BOBBIN_IS_VERIFICATION (dialog));
  ui_watch (ui, dialog);
  compare_with (dialog, "no checksum");
  g_assert_false (ui_can (dialog, "verification.verify"));
  g_assert_true (ui_is_wrong (find_expected (dialog)));
  g_assert_nonnull (ui_get_alert (dialog));

  compare_with (dialog, sum);
  g_assert_false (ui_is_wrong (find_expected (dialog)));
  g_assert_null (ui_get_alert (dialog));
  gtk_widget_activate_action (dialog, "verification.verify", NULL);
  ui_wait (ui_has_label (dialog, "The checksums match: the file is the one that it should be."));
  g_assert_cmpstr (get_value (dialog, "Checksum"), ==, named);

  compare_with (dialog, "sha1:0000000000000000000000000000000000000000");
  gtk_widget_activate_action (dialog, "verification.verify", NULL);
  ui_wait (
    ui_has_label (dialog, "The checksums do not match: the file is damaged or another one."));
  gtk_window_close (GTK_WINDOW (dialog));
}

/* Where details have taken the place of the pages, to ask for a page shows it. */
static void
test_covered_pages (UiFixture *ui)
{
  GtkWidget *leaflet = ui_find_type (GTK_WIDGET (ui->window), ADW_TYPE_LEAFLET);
  GtkWidget *pane = ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_DETAILS_PANE);
  BobbinJob *job = ui_add_whole (ui, "/a.bin", LENGTH);
  GtkWidget *entry;

  gtk_window_set_default_size (GTK_WINDOW (ui->window), 360, 600);
  open_details (ui, job);
  ui_wait (adw_leaflet_get_folded (ADW_LEAFLET (leaflet)));
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.search", NULL);
  ui_wait (!gtk_widget_get_visible (pane));
  entry = ui_find_type (leaflet, GTK_TYPE_SEARCH_ENTRY);
  g_assert_true (gtk_widget_get_mapped (entry));
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (ui->window)), entry));

  open_details (ui, job);
  ui_wait (adw_leaflet_get_folded (ADW_LEAFLET (leaflet)));
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  ui_wait (!gtk_widget_get_visible (pane));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/details/speed-before", test_speed_before);
  ui_test_add ("/ui/details/states", test_states);
  ui_test_add ("/ui/details/jobs", test_jobs);
  ui_test_add ("/ui/details/failed", test_failed);
  ui_test_add ("/ui/details/report", test_report);
  ui_test_add ("/ui/details/chart", test_chart);
  ui_test_add ("/ui/details/segments", test_segments);
  ui_test_add ("/ui/details/verify", test_verify);
  ui_test_add ("/ui/details/covered-pages", test_covered_pages);

  return g_test_run ();
}
