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
#include "bobbin-list-goal.h"
#include "ui-fixture.h"

/* More than are sorted at once. */
#define N_JOBS 700

/* No window of a test is as high as so many rows. */
#define MAX_ROWS 40

/* So long a list glides, and so far in each frame: almost a row. */
#define N_FRAMES 40
#define STEP     60.0 /* px */

/* More than a window of a log has room for. */
#define N_LINES 40

static BobbinJobList *
find_list (UiFixture *ui)
{
  return BOBBIN_JOB_LIST (ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_JOB_LIST));
}

static GtkWidget *
find_view (UiFixture *ui)
{
  return ui_find_type (GTK_WIDGET (find_list (ui)), GTK_TYPE_LIST_BASE);
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

static gboolean
is_row_seen (UiFixture *ui, BobbinJob *job)
{
  GtkWidget *row = GTK_WIDGET (ui_find_row (ui, job));
  graphene_rect_t bounds;

  return gtk_widget_compute_bounds (row, find_view (ui), &bounds) && bounds.size.height > 0 &&
         bounds.origin.y < gtk_widget_get_height (find_view (ui)) &&
         bounds.origin.y + bounds.size.height > 0;
}

/* Nobody needs to scroll to see all of it. */
static gboolean
is_whole (GtkWidget *widget, GtkWidget *view)
{
  graphene_rect_t bounds;

  return gtk_widget_compute_bounds (widget, view, &bounds) && bounds.size.height > 0 &&
         bounds.origin.y >= 0 &&
         bounds.origin.y + bounds.size.height <= gtk_widget_get_height (view);
}

static GtkWidget *
find_row_of (GtkWidget *widget, BobbinJob *job)
{
  GtkWidget *row = NULL;

  if (BOBBIN_IS_JOB_ROW (widget))
    return bobbin_job_row_get_job (BOBBIN_JOB_ROW (widget)) == job ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && row == NULL;
       child = gtk_widget_get_next_sibling (child))
    row = find_row_of (child, job);

  return row;
}

/* It does not scroll there, as ui_find_row() does. */
static gboolean
is_row_whole (UiFixture *ui, BobbinJob *job)
{
  GtkWidget *row = find_row_of (find_view (ui), job);

  return row != NULL && is_whole (row, find_view (ui));
}

/* Few rows, wherever one looks, and the right ones. */
static void
test_rows (UiFixture *ui)
{
  add_many (ui);
  ui_wait (is_row_seen (ui, ui_get_job (ui, 0)));
  g_assert_cmpuint (count_rows (find_view (ui)), <, MAX_ROWS);

  bobbin_list_goal_set (GTK_LIST_BASE (find_view (ui)), N_JOBS - 1);
  ui_wait (is_row_whole (ui, ui_get_job (ui, N_JOBS - 1)));
  g_assert_cmpuint (count_rows (find_view (ui)), <, MAX_ROWS);

  bobbin_list_goal_set (GTK_LIST_BASE (find_view (ui)), N_JOBS / 2);
  ui_wait (is_row_whole (ui, ui_get_job (ui, N_JOBS / 2)));
  g_assert_cmpuint (count_rows (find_view (ui)), <, MAX_ROWS);
}

typedef struct
{
  GtkAdjustment *adjustment;
  guint n_frames;
  guint n_layouts;
} Glide;

static void
on_layout (GdkFrameClock *clock, Glide *glide)
{
  glide->n_layouts++;
}

static gboolean
on_tick (GtkWidget *view, GdkFrameClock *clock, gpointer user_data)
{
  Glide *glide = user_data;

  gtk_adjustment_set_value (glide->adjustment, gtk_adjustment_get_value (glide->adjustment) + STEP);
  glide->n_frames++;

  return glide->n_frames < N_FRAMES ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* Whatever comes into sight while a list glides is there when the frame is laid out, and it need
 * not be laid out again. */
static void
test_glide (UiFixture *ui)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (ui->window));
  Glide glide = { 0 };

  add_many (ui);
  ui_wait (is_row_seen (ui, ui_get_job (ui, 0)));
  glide.adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (find_view (ui)));
  ui_wait (gtk_adjustment_get_upper (glide.adjustment) > 60 * N_JOBS);
  g_signal_connect (clock, "layout", G_CALLBACK (on_layout), &glide);
  gtk_widget_add_tick_callback (find_view (ui), on_tick, &glide, NULL);
  ui_wait (glide.n_frames == N_FRAMES);
  g_signal_handlers_disconnect_by_data (clock, &glide);
  g_test_message ("%u layouts", glide.n_layouts);
  g_assert_cmpuint (glide.n_layouts, <, N_FRAMES * 3 / 2);
}

/* Wherever a job is, one is led to it, from another page and at once when it has come. */
static void
test_reveal (UiFixture *ui)
{
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  add_many (ui);
  bobbin_window_show_job (ui->window, ui_get_job (ui, N_JOBS - 1));
  ui_wait (is_row_whole (ui, ui_get_job (ui, N_JOBS - 1)));
  bobbin_window_show_job (ui->window, ui_get_job (ui, N_JOBS / 2));
  ui_wait (is_row_whole (ui, ui_get_job (ui, N_JOBS / 2)));
  bobbin_window_show_job (ui->window, ui_add (ui, "/new.bin"));
  ui_wait (is_row_whole (ui, ui_get_job (ui, N_JOBS)));
}

/* Each line is seen that comes. */
static void
test_log (UiFixture *ui)
{
  BobbinJob *job = ui_add (ui, "/a.bin");
  GtkWindow *log;
  GtkWidget *view;

  ui_act (job, ui, "job.show-log");
  log = ui_find_dialog (ui);
  view = ui_find_type (GTK_WIDGET (log), GTK_TYPE_LIST_BASE);
  for (guint i = 0; i < N_LINES; i++)
    {
      bobbin_event_log_add (bobbin_job_get_event_log (job), BOBBIN_EVENT_NOTE, 0, NULL, "A line");
      ui_wait (is_whole (gtk_widget_get_last_child (view), view));
    }
  gtk_window_close (log);
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

static GListModel *
get_shown (UiFixture *ui)
{
  return bobbin_job_list_get_model (find_list (ui));
}

static guint
count_shown (UiFixture *ui)
{
  return g_list_model_get_n_items (get_shown (ui));
}

static gboolean
is_shown_at (UiFixture *ui, guint position, BobbinJob *job)
{
  g_autoptr (BobbinJob) shown = g_list_model_get_item (get_shown (ui), position);

  return shown == job;
}

static void
count_change (guint *n_changes)
{
  (*n_changes)++;
}

static void
act_on_page (UiFixture *ui, const char *action, const char *target)
{
  GtkWidget *page = ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_DOWNLOADS_PAGE);

  gtk_widget_activate_action (page, action, "s", target);
}

/* All that are shown, by their names. */
static gboolean
is_sorted (UiFixture *ui)
{
  for (guint i = 1; i < count_shown (ui); i++)
    {
      g_autoptr (BobbinJob) before = g_list_model_get_item (get_shown (ui), i - 1);
      g_autoptr (BobbinJob) job = g_list_model_get_item (get_shown (ui), i);

      if (g_utf8_collate (bobbin_job_get_title (before), bobbin_job_get_title (job)) > 0)
        return FALSE;
    }

  return TRUE;
}

/* In one step, from one whole to the next; and the one that is selected stays so. */
static void
test_sort (UiFixture *ui)
{
  guint n_changes = 0;
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();
  g_autoptr (GPtrArray) selected = NULL;

  add_many (ui);
  g_ptr_array_add (jobs, ui_get_job (ui, 1));
  bobbin_job_list_select (find_list (ui), jobs);
  g_signal_connect_swapped (get_shown (ui), "items-changed", G_CALLBACK (count_change), &n_changes);

  act_on_page (ui, "downloads.sort", "name");
  g_assert_false (bobbin_job_list_has_queue_order (find_list (ui)));
  g_assert_true (is_shown_at (ui, 0, ui_get_job (ui, 0)));
  ui_wait (n_changes > 0);
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_cmpuint (count_shown (ui), ==, N_JOBS);
  g_assert_true (is_sorted (ui));
  selected = bobbin_job_list_dup_selected (find_list (ui));
  g_assert_cmpuint (selected->len, ==, 1);
  g_assert_true (g_ptr_array_index (selected, 0) == ui_get_job (ui, 1));

  act_on_page (ui, "downloads.sort", "queue");
  ui_wait (bobbin_job_list_has_queue_order (find_list (ui)));
  for (guint i = 0; i < N_JOBS; i++)
    g_assert_true (is_shown_at (ui, i, ui_get_job (ui, i)));
  g_signal_handlers_disconnect_by_data (get_shown (ui), &n_changes);
}

static void
note_fewest (GListModel *shown, guint position, guint n_removed, guint n_added, guint *fewest)
{
  *fewest = MIN (*fewest, g_list_model_get_n_items (shown));
}

/* All but the one that is being moved are there, in whichever order, while they are brought back
 * into that of the queue. */
static void
test_back (UiFixture *ui)
{
  BobbinJobQueue *queue = bobbin_application_get_queue (ui->app);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();
  guint fewest = N_JOBS;

  add_many (ui);
  g_ptr_array_add (jobs, ui_get_job (ui, 0));
  act_on_page (ui, "downloads.sort", "name");
  ui_wait (is_sorted (ui));
  g_signal_connect (get_shown (ui), "items-changed", G_CALLBACK (note_fewest), &fewest);

  act_on_page (ui, "downloads.sort", "queue");
  g_assert_false (bobbin_job_list_has_queue_order (find_list (ui)));
  bobbin_job_queue_move_before (queue, jobs, ui_get_job (ui, 2));
  ui_wait (bobbin_job_list_has_queue_order (find_list (ui)));
  g_assert_cmpuint (fewest, ==, N_JOBS - 1);
  for (guint i = 0; i < N_JOBS; i++)
    g_assert_true (is_shown_at (ui, i, ui_get_job (ui, i)));
  g_signal_handlers_disconnect_by_data (get_shown (ui), &fewest);
}

static void
search (UiFixture *ui, const char *text)
{
  GtkWidget *page = ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_DOWNLOADS_PAGE);

  gtk_editable_set_text (GTK_EDITABLE (ui_find_type (page, GTK_TYPE_SEARCH_ENTRY)), text);
}

/* What comes and goes meanwhile is in it, or not. */
static void
test_filter (UiFixture *ui)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();

  add_many (ui);
  g_ptr_array_add (jobs, ui_get_job (ui, 0));
  act_on_page (ui, "downloads.sort", "name");
  search (ui, "even");
  ui_wait (count_shown (ui) == N_JOBS / 2);
  g_assert_true (is_sorted (ui));

  bobbin_job_list_select (find_list (ui), jobs);
  search (ui, "odd");
  gtk_widget_activate_action (GTK_WIDGET (find_list (ui)), "job.remove", NULL);
  ui_wait (ui_get_n_jobs (ui) == N_JOBS - 1);
  ui_wait (count_shown (ui) == N_JOBS / 2 && is_shown_at (ui, 0, ui_get_job (ui, N_JOBS - 2)));
  search (ui, "");
  ui_wait (count_shown (ui) == N_JOBS - 1);
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.undo-remove", NULL);
  ui_wait (count_shown (ui) == N_JOBS);
  g_assert_true (is_sorted (ui));
  act_on_page (ui, "downloads.sort", "queue");
}

/* One that is not shown is led to when it is, which takes some turns. */
static void
test_reveal_hidden (UiFixture *ui)
{
  add_many (ui);
  act_on_page (ui, "downloads.show", "failed");
  ui_wait (count_shown (ui) == 0);
  bobbin_window_show_job (ui->window, ui_get_job (ui, N_JOBS / 2));
  g_assert_cmpuint (count_shown (ui), ==, 0);
  ui_wait (count_shown (ui) == N_JOBS);
  ui_wait (is_row_whole (ui, ui_get_job (ui, N_JOBS / 2)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/long-list/rows", test_rows);
  ui_test_add ("/ui/long-list/glide", test_glide);
  ui_test_add ("/ui/long-list/reveal", test_reveal);
  ui_test_add ("/ui/long-list/log", test_log);
  ui_test_add ("/ui/long-list/focus", test_focus);
  ui_test_add ("/ui/long-list/hidden", test_hidden);
  ui_test_add ("/ui/long-list/sort", test_sort);
  ui_test_add ("/ui/long-list/back", test_back);
  ui_test_add ("/ui/long-list/filter", test_filter);
  ui_test_add ("/ui/long-list/reveal-hidden", test_reveal_hidden);

  return g_test_run ();
}
