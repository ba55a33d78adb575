/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list much longer than the window: there are rows for what is in sight, wherever that is, and
 * what is chosen is kept.
 */
#include "config.h"

#include "bobbin-download-wishes.h"
#include "bobbin-downloads-page.h"
#include "bobbin-job-list.h"
#include "bobbin-job-row.h"
#include "ui-fixture.h"

#define N_JOBS 400

/* No window of a test is as high as so many rows. */
#define MAX_ROWS 40

static BobbinJobList *
find_list (UiFixture *ui)
{
  return BOBBIN_JOB_LIST (ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_JOB_LIST));
}

static GtkWidget *
find_view (UiFixture *ui)
{
  return ui_find_type (GTK_WIDGET (find_list (ui)), GTK_TYPE_LIST_VIEW);
}

/* Stopped ones, the last by name first; an even one has another name. */
static void
add_many (UiFixture *ui)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) addresses = NULL;
  BobbinDownloadWishes *wishes = bobbin_download_wishes_new ();

  for (guint i = 0; i < N_JOBS; i++)
    {
      g_autofree char *address =
        g_strdup_printf ("http://127.0.0.1:9/%s-%03u.bin", i % 2 == 0 ? "even" : "odd", N_JOBS - i);

      g_strv_builder_add (builder, address);
    }
  addresses = g_strv_builder_end (builder);
  wishes->start = FALSE;
  bobbin_application_add_downloads (ui->app, (const char *const *) addresses, wishes);
  ui_wait (ui_get_n_jobs (ui) == N_JOBS);
}

static guint
count_rows (GtkWidget *widget)
{
  guint n = BOBBIN_IS_JOB_ROW (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_rows (child);

  return n;
}

static void
scroll_to (UiFixture *ui, guint position)
{
  gtk_widget_activate_action (find_view (ui), "list.scroll-to-item", "u", position);
}

static gboolean
is_row_seen (UiFixture *ui, BobbinJob *job)
{
  GtkWidget *row = GTK_WIDGET (ui_find_row (ui, job));
  graphene_rect_t bounds;

  return gtk_widget_compute_bounds (row, find_view (ui), &bounds) && bounds.size.height > 0 &&
         bounds.origin.y < gtk_widget_get_height (find_view (ui)) &&
         bounds.origin.y + bounds.size.height > 0;
}

/* Few rows, wherever one looks, and the right ones. */
static void
test_rows (UiFixture *ui)
{
  add_many (ui);
  ui_wait (is_row_seen (ui, ui_get_job (ui, 0)));
  g_assert_cmpuint (count_rows (find_view (ui)), <, MAX_ROWS);

  scroll_to (ui, N_JOBS - 1);
  ui_wait (is_row_seen (ui, ui_get_job (ui, N_JOBS - 1)));
  g_assert_cmpuint (count_rows (find_view (ui)), <, MAX_ROWS);

  scroll_to (ui, N_JOBS / 2);
  ui_wait (is_row_seen (ui, ui_get_job (ui, N_JOBS / 2)));
  g_assert_cmpuint (count_rows (find_view (ui)), <, MAX_ROWS);
}

/* As a wheel does: the focus stays where it is. When all have their place in the list, each is 30
 * px high at least. */
static void
scroll_down (UiFixture *ui)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (find_view (ui)));

  ui_wait (gtk_adjustment_get_upper (adjustment) > 60 * N_JOBS);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
}

/* What has the focus is there though nobody looks at it, and keys act on it. */
static void
test_focus (UiFixture *ui)
{
  BobbinJob *job;
  BobbinJobRow *row;
  g_autoptr (GPtrArray) jobs = NULL;

  add_many (ui);
  job = ui_get_job (ui, 0);
  row = ui_find_row (ui, job);
  g_assert_true (gtk_widget_child_focus (GTK_WIDGET (row), GTK_DIR_TAB_FORWARD));
  scroll_down (ui);
  ui_wait (is_row_seen (ui, ui_get_job (ui, N_JOBS - 1)));
  g_assert_true (bobbin_job_row_get_job (row) == job);
  jobs = bobbin_job_list_dup_jobs (find_list (ui));
  g_assert_cmpuint (jobs->len, ==, 1);
  g_assert_true (g_ptr_array_index (jobs, 0) == job);
}

/* What nobody sees shows nothing, and is drawn by no news. */
static void
test_hidden (UiFixture *ui)
{
  BobbinJobRow *row;

  add_many (ui);
  row = ui_find_row (ui, ui_get_job (ui, 0));
  gtk_widget_set_visible (GTK_WIDGET (ui->window), FALSE);
  g_assert_null (bobbin_job_row_get_job (row));
  gtk_widget_set_visible (GTK_WIDGET (ui->window), TRUE);
  ui_wait (is_row_seen (ui, ui_get_job (ui, 0)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/long-list/rows", test_rows);
  ui_test_add ("/ui/long-list/focus", test_focus);
  ui_test_add ("/ui/long-list/hidden", test_hidden);

  return g_test_run ();
}
