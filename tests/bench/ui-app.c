/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The app in a process of its own, and in it what a restless person does with it. Turns are watched
 * from the first frame on: what comes before it is the start, which is measured for itself. What
 * was found goes to standard output, a line each:
 *
 *   frame MS                                   since BENCH_BEGUN, when the first frame was drawn
 *   gaps PHASE TURNS LONG VERY-LONG LONGEST-MS
 *   active N                                   so many downloads, at the end of a phase
 *   rest PHASE CPU-% WAKE-UPS MAIN-WAKE-UPS KIB
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "ui-app.h"

#include "bench-gaps.h"
#include "bench-usage.h"

#include "bobbin-application.h"
#include "bobbin-download.h"
#include "bobbin-downloads-page.h"
#include "bobbin-http-session.h"
#include "bobbin-job-list.h"
#include "bobbin-process.h"
#include "bobbin-window.h"

#include <stdio.h>
#include <unistd.h>

/* Before one is at rest, what was begun is over. */
#define SETTLE 4 /* s */

/* Every so many ms a person does something. */
#define PAUSE 250

/* How far a list goes in a frame, and after so many frames somebody grabs its scroll bar. */
#define STEP    110.0 /* px */
#define N_GLIDE 40

typedef struct _Phase Phase;

typedef struct
{
  GApplication *app;
  GtkWindow *window;
  char **phases; /* (owned): that are still to come, from next on */
  guint next;
  guint n_jobs; /* that are in the list once it is there */
  int seconds;
  const Phase *phase;
  guint n_steps;
  guint source;
  BenchUsage before;
} Run;

struct _Phase
{
  const char *name;
  void (*begin) (Run *run);
  void (*step) (Run *run);
  gboolean is_glide; /* a step for each frame */
  gboolean is_rest;
};

static void next_phase (Run *run);

/* ---- what is done */

static GtkWidget *
find_mapped (GtkWidget *root, GType type)
{
  if (!gtk_widget_get_mapped (root))
    return NULL;
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_mapped (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
activate (Run *run, const char *action, const char *target)
{
  GtkWidget *page = find_mapped (GTK_WIDGET (run->window), BOBBIN_TYPE_DOWNLOADS_PAGE);

  gtk_widget_activate_action (page != NULL ? page : GTK_WIDGET (run->window), action, "s", target);
}

static void
show_downloads (Run *run)
{
  activate (run, "win.show-page", "downloads");
}

static void
show_monitors (Run *run)
{
  activate (run, "win.show-page", "monitors");
}

static void
sort (Run *run)
{
  static const char *const orders[] = { "name", "size", "progress", "queue" };

  activate (run, "downloads.sort", orders[run->n_steps % G_N_ELEMENTS (orders)]);
}

static void
filter (Run *run)
{
  static const char *const filters[] = { "active", "all", "waiting", "failed", "finished", "all" };

  activate (run, "downloads.show", filters[run->n_steps % G_N_ELEMENTS (filters)]);
}

/* A letter more each time, and all over again. */
static void
search (Run *run)
{
  static const char text[] = "image-00421";
  GtkWidget *entry = find_mapped (GTK_WIDGET (run->window), GTK_TYPE_SEARCH_ENTRY);
  g_autofree char *begin = g_strndup (text, run->n_steps % sizeof text);

  if (entry == NULL)
    gtk_widget_activate_action (GTK_WIDGET (run->window), "win.search", NULL);
  else
    gtk_editable_set_text (GTK_EDITABLE (entry), begin);
}

static void
end_search (Run *run)
{
  GtkWidget *bar = find_mapped (GTK_WIDGET (run->window), GTK_TYPE_SEARCH_BAR);

  if (bar != NULL)
    gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (bar), FALSE);
}

static void
begin_scroll (Run *run)
{
  end_search (run);
  show_downloads (run);
}

static void
scroll (Run *run)
{
  GtkWidget *list = find_mapped (GTK_WIDGET (run->window), GTK_TYPE_LIST_BASE);
  GtkAdjustment *adjustment;
  double bottom;

  if (list == NULL)
    return;

  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  bottom = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
  if (run->n_steps % N_GLIDE == 0)
    gtk_adjustment_set_value (adjustment, bottom * (run->n_steps / N_GLIDE * 37 % 100) / 100);
  else
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + STEP);
}

static void
resize (Run *run)
{
  static const int widths[] = { 1000, 900, 760, 640, 500, 400, 360, 480, 700, 950 };

  gtk_window_set_default_size (run->window, widths[run->n_steps % G_N_ELEMENTS (widths)],
                               run->n_steps % 2 == 0 ? 700 : 600);
}

static void
hide (Run *run)
{
  gtk_widget_set_visible (GTK_WIDGET (run->window), FALSE);
}

static const Phase phases[] = {
  { .name = "watch" },
  { .name = "sort", .step = sort },
  { .name = "filter", .step = filter },
  { .name = "search", .step = search },
  { .name = "scroll", .begin = begin_scroll, .step = scroll, .is_glide = TRUE },
  { .name = "resize", .step = resize },
  { .name = "monitors", .begin = show_monitors, .step = scroll, .is_glide = TRUE },
  { .name = "shown", .begin = show_downloads, .is_rest = TRUE },
  { .name = "hidden", .begin = hide, .is_rest = TRUE },
};

/* ---- one phase after the other */

static gboolean
on_step (gpointer user_data)
{
  Run *run = user_data;

  run->phase->step (run);
  run->n_steps++;

  return G_SOURCE_CONTINUE;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  return on_step (user_data);
}

static void
begin_steps (Run *run)
{
  run->n_steps = 0;
  if (run->phase->step == NULL)
    run->source = 0;
  else if (run->phase->is_glide)
    run->source = gtk_widget_add_tick_callback (GTK_WIDGET (run->window), on_tick, run, NULL);
  else
    run->source = g_timeout_add (PAUSE, on_step, run);
}

static void
end_steps (Run *run)
{
  if (run->source == 0)
    return;
  if (run->phase->is_glide)
    gtk_widget_remove_tick_callback (GTK_WIDGET (run->window), run->source);
  else
    g_source_remove (run->source);
}

static void
print_gaps (const char *name)
{
  const BenchGaps gaps = bench_gaps_take ();

  printf ("gaps %s %u %u %u %.1f\n", name, gaps.n_turns, gaps.n_long, gaps.n_very_long,
          (double) gaps.longest / G_TIME_SPAN_MILLISECOND);
}

static BobbinJobQueue *
get_queue (Run *run)
{
  return bobbin_application_get_queue (BOBBIN_APPLICATION (run->app));
}

static void
on_phase_over (gpointer user_data)
{
  Run *run = user_data;

  end_steps (run);
  printf ("active %u\n",
          bobbin_job_queue_get_n_jobs (get_queue (run), BOBBIN_TYPE_DOWNLOAD, BOBBIN_JOB_RUNNING));
  print_gaps (run->phase->name);
  next_phase (run);
}

/* A second, but for the one that ends the rest. */
static double
get_rate (guint64 n, Run *run)
{
  return n > 1 ? (double) (n - 1) / run->seconds : 0;
}

static void
on_rested (gpointer user_data)
{
  Run *run = user_data;
  const BenchUsage after = bench_usage_look (getpid ());
  const BenchUsage used = bench_usage_subtract (&run->before, &after);

  printf ("rest %s %.2f %.2f %.2f %" G_GUINT64_FORMAT "\n", run->phase->name,
          100 * used.cpu / run->seconds, get_rate (used.wakeups, run),
          get_rate (used.main_wakeups, run), used.resident);
  next_phase (run);
}

static void
on_settled (gpointer user_data)
{
  Run *run = user_data;

  run->before = bench_usage_look (getpid ());
  g_timeout_add_once (run->seconds * 1000, on_rested, run);
}

static void
begin_phase (Run *run)
{
  if (run->phase->begin != NULL)
    run->phase->begin (run);
  if (run->phase->is_rest)
    {
      g_timeout_add_once (SETTLE * 1000, on_settled, run);
      return;
    }

  begin_steps (run);
  g_timeout_add_once (run->seconds * 1000, on_phase_over, run);
}

static void
next_phase (Run *run)
{
  const char *name = run->phases[run->next];

  if (name == NULL)
    {
      bobbin_application_drain (BOBBIN_APPLICATION (run->app));
      return;
    }

  run->next++;
  run->phase = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    if (g_str_equal (phases[i].name, name))
      run->phase = &phases[i];
  if (run->phase == NULL)
    g_error ("There is no phase “%s”", name);
  begin_phase (run);
}

/* ---- the beginning */

static void
on_items_changed (GListModel *queue, guint position, guint removed, guint added, Run *run)
{
  if (g_list_model_get_n_items (queue) < run->n_jobs)
    return;

  g_signal_handlers_disconnect_by_data (queue, run);
  print_gaps ("load");
  next_phase (run);
}

static void
await_jobs (Run *run)
{
  GListModel *queue = G_LIST_MODEL (get_queue (run));

  g_signal_connect (queue, "items-changed", G_CALLBACK (on_items_changed), run);
  on_items_changed (queue, 0, 0, 0, run);
}

static void
on_frame (GdkFrameClock *clock, Run *run)
{
  const gint64 begun = g_ascii_strtoll (g_getenv ("BENCH_BEGUN"), NULL, 10);

  g_signal_handlers_disconnect_by_data (clock, run);
  printf ("frame %.1f\n", (double) (g_get_monotonic_time () - begun) / G_TIME_SPAN_MILLISECOND);
  bench_gaps_install ();
  if (BOBBIN_IS_APPLICATION (run->app))
    await_jobs (run);
  else
    g_application_quit (run->app);
}

static void
on_map (GtkWidget *window, Run *run)
{
  g_signal_handlers_disconnect_by_data (window, run);
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_frame), run);
}

static void
on_window_added (GApplication *app, GtkWindow *window, Run *run)
{
  g_signal_handlers_disconnect_by_data (app, run);
  run->window = window;
  g_signal_connect_after (window, "map", G_CALLBACK (on_map), run);
}

static int
run_app (Run *run)
{
  setvbuf (stdout, NULL, _IOLBF, 0);
  g_application_set_flags (run->app, g_application_get_flags (run->app) | G_APPLICATION_NON_UNIQUE);
  g_signal_connect (run->app, "window-added", G_CALLBACK (on_window_added), run);

  return g_application_run (run->app, 0, NULL);
}

/**
 * ui_app_run:
 * @todo: what to do one after the other, with commas between
 * @n_jobs: how many jobs are loaded before that
 * @seconds: how long each phase is
 *
 * Runs the app, as main() does, to its end.
 *
 * Returns: its exit status
 */
int
ui_app_run (const char *todo, guint n_jobs, int seconds)
{
  g_auto (GStrv) names = g_strsplit (todo, ",", -1);
  g_autoptr (BobbinApplication) app = NULL;
  Run run = { .phases = names, .n_jobs = n_jobs, .seconds = seconds };

  bobbin_process_prepare ();
  bobbin_http_session_prepare ();
  app = bobbin_application_new ();
  run.app = G_APPLICATION (app);

  return run_app (&run);
}

static void
on_activate_empty (GtkApplication *app, gpointer user_data)
{
  GtkWidget *window = adw_application_window_new (app);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 800, 600);
  gtk_window_present (GTK_WINDOW (window));
}

/**
 * ui_app_run_empty:
 *
 * Runs what every app is at least: a window with a header bar.
 *
 * Returns: its exit status
 */
int
ui_app_run_empty (void)
{
  g_autoptr (AdwApplication) app =
    adw_application_new ("io.github.bobbinapp.Empty", G_APPLICATION_DEFAULT_FLAGS);
  Run run = { .app = G_APPLICATION (app) };

  g_signal_connect (app, "activate", G_CALLBACK (on_activate_empty), NULL);

  return run_app (&run);
}
