/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the app costs whoever looks at it, and whoever does not: how soon it is there, how long its
 * main loop keeps frames waiting while a long list is sorted, searched and scrolled, its memory,
 * and how often it wakes the computer up. The app runs in a process of its own, on the display
 * that is there or else on a virtual one.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-folder.h"
#include "bench-machine.h"
#include "ui-app.h"

#include "bobbin-download.h"
#include "bobbin-monitor.h"
#include "bobbin-queue-keeper.h"
#include "bobbin-test-server.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What it may be; see --must. */
#define MAX_START        2.0  /* times an empty window */
#define MAX_LONG         1.0  /* of 1,000 turns */
#define MAX_MEMORY       60.0 /* MiB */
#define MAX_IDLE_WAKES   0.0  /* a second, hidden, without a job */
#define MAX_ACTIVE_WAKES 4.0  /* the same, of the main thread, with one download */

/* So many bytes a second of each download, and more bytes than come in any run; there is room for
 * all of them on a small disk. */
#define RATE   (40 * 1024)
#define LENGTH (64 * 1024 * 1024)

/* So many jobs are handed over at once. */
#define PAGE 200

#define ALL_PHASES "watch,sort,filter,search,scroll,resize,monitors"

static struct
{
  int n_jobs;
  int n_active;
  int n_monitors;
  int n_runs;
  int seconds;
  gboolean must;
  char *phases;
  char *child;
  int n_loaded;
} options = { 10000, 100, 1000, 7, 8, FALSE, NULL, NULL, 0 };

static const GOptionEntry entries[] = {
  { "jobs", 0, 0, G_OPTION_ARG_INT, &options.n_jobs, "So many downloads (10000)", "N" },
  { "active", 0, 0, G_OPTION_ARG_INT, &options.n_active, "So many of them run (100)", "N" },
  { "monitors", 0, 0, G_OPTION_ARG_INT, &options.n_monitors, "So many monitors (1000)", "N" },
  { "runs", 0, 0, G_OPTION_ARG_INT, &options.n_runs, "So many starts of each kind (7)", "N" },
  { "seconds", 0, 0, G_OPTION_ARG_INT, &options.seconds, "How long each phase is (8)", "N" },
  { "phases", 0, 0, G_OPTION_ARG_STRING, &options.phases,
    "What is done while turns are watched, with commas between (all)", "NAMES" },
  { "must", 0, 0, G_OPTION_ARG_NONE, &options.must, "Fail if it is worse than it may be", NULL },
  { "child", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &options.child, NULL, NULL },
  { "loaded", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &options.n_loaded, NULL, NULL },
  { NULL },
};

static struct
{
  const char *program;
  char *home;
  BobbinTestServer *server;
  guint n_missed;
} bench;

/* ---- what the app finds when it starts */

static void
count (GObject *object, GAsyncResult *result, gpointer user_data)
{
  guint *n = user_data;

  (*n)++;
}

static void
wait_for (guint *n)
{
  while (*n == 0)
    g_main_context_iteration (NULL, TRUE);
  *n = 0;
}

static BobbinJob *
make_download (guint number)
{
  g_autofree char *path = g_strdup_printf ("/pub/releases/2026/image-%05u.iso", number);
  g_autofree char *address = bobbin_test_server_get_uri (bench.server, path);
  g_autofree char *folder = g_build_filename (bench.home, "downloads", NULL);

  if ((int) number < options.n_active)
    bobbin_test_server_set (bench.server, path,
                            &(BobbinTestFile){ .seed = number, .length = LENGTH, .rate = RATE });

  return bobbin_download_new (address, folder);
}

static BobbinJob *
make_monitor (guint number)
{
  static const char *const targets[] = { "cpu", "memory", "swap", "load", "disk:/" };
  BobbinJob *job = bobbin_monitor_new (targets[number % G_N_ELEMENTS (targets)], NULL);

  g_object_set (job, "interval", 5.0, NULL);

  return job;
}

/* Jobs from @first on: those that are to run, and others that were stopped. */
static void
add (BobbinQueueKeeper *keeper,
     BobbinJob *(*make) (guint number),
     int first,
     int end,
     gboolean start)
{
  for (int i = first; i < end; i += PAGE)
    {
      g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
      guint n_ended = 0;

      for (int number = i; number < MIN (i + PAGE, end); number++)
        g_ptr_array_add (jobs, make (number));
      bobbin_queue_keeper_add_async (keeper, jobs, start, count, &n_ended);
      wait_for (&n_ended);
    }
}

static void
seed (int n_active, int n_jobs, int n_monitors)
{
  g_autofree char *path = bobbin_store_dup_default_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (BobbinJobQueue) queue = bobbin_job_queue_new ();
  g_autoptr (BobbinQueueKeeper) keeper = NULL;
  guint n_ended = 0;

  bench_folder_clear (folder);
  g_mkdir_with_parents (folder, 0700);
  keeper = bobbin_queue_keeper_new (queue, path);
  bobbin_queue_keeper_open_async (keeper, count, &n_ended);
  wait_for (&n_ended);
  add (keeper, make_download, 0, n_active, TRUE);
  add (keeper, make_download, n_active, n_jobs, FALSE);
  add (keeper, make_monitor, 0, n_monitors, TRUE);
  bobbin_job_queue_shutdown_async (queue, count, &n_ended);
  wait_for (&n_ended);
  bobbin_queue_keeper_close_async (keeper, count, &n_ended);
  wait_for (&n_ended);
}

/* ---- the app */

/* What it says, line by line. */
static char **
run_app (const char *phases, int n_jobs)
{
  g_autofree char *begun = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_monotonic_time ());
  g_autofree char *child = g_strdup_printf ("--child=%s", phases);
  g_autofree char *loaded = g_strdup_printf ("--loaded=%d", n_jobs);
  g_autofree char *seconds = g_strdup_printf ("--seconds=%d", options.seconds);
  char *command[] = { (char *) bench.program, child, loaded, seconds, NULL };
  g_autofree char *out = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_setenv ("BENCH_BEGUN", begun, TRUE);
  if (!g_spawn_sync (NULL, command, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status,
                     &error) ||
      !g_spawn_check_wait_status (status, &error))
    g_error ("%s: %s", phases, error->message);

  return g_strsplit (out, "\n", -1);
}

static void
check (const char *what, double value, double bound)
{
  const gboolean is_met = value <= bound;

  bench.n_missed += !is_met;
  printf ("    %s %s: %.2f, must be ≤ %g\n", is_met ? "✓" : "✗", what, value, bound);
  fflush (stdout);
}

static int
compare (const void *a, const void *b)
{
  const double first = *(const double *) a;
  const double second = *(const double *) b;

  return (first > second) - (first < second);
}

/* ms to the first frame, the median. */
static double
measure_start (const char *name, const char *phases, int n_jobs)
{
  g_autofree double *times = g_new0 (double, options.n_runs);

  for (int i = 0; i < options.n_runs; i++)
    {
      g_auto (GStrv) lines = run_app (phases, n_jobs);

      if (sscanf (lines[0], "frame %lf", &times[i]) != 1)
        g_error ("The app began with “%s”", lines[0]);
    }
  qsort (times, options.n_runs, sizeof *times, compare);
  printf ("  %-34s %8.1f ms\n", name, times[options.n_runs / 2]);
  fflush (stdout);

  return times[options.n_runs / 2];
}

static void
measure_starts (void)
{
  double empty, none, many;

  printf ("start to first frame\n");
  seed (0, 0, 0);
  empty = measure_start ("an empty window of libadwaita", "empty", 0);
  none = measure_start ("Bobbin, no job", "", 0);
  seed (0, options.n_jobs, 0);
  many = measure_start ("Bobbin, its list full", "", 0);
  check ("× the empty window", none / empty, MAX_START);
  check ("× the empty window, with a full list", many / empty, MAX_START);
}

/* ---- responsiveness */

static void
measure_gaps (void)
{
  const int n_jobs = options.n_jobs + options.n_monitors;
  guint n_turns = 0, n_long = 0, n_very_long = 0;
  g_auto (GStrv) lines = NULL;

  printf ("%d downloads, %d of them active, %d monitors: turns of the main loop\n"
          "  %-20s %8s %8s %8s %12s\n",
          options.n_jobs, options.n_active, options.n_monitors, "", "all", "> 16 ms", "> 50 ms",
          "longest, ms");
  seed (options.n_active, options.n_jobs, options.n_monitors);
  lines = run_app (options.phases != NULL ? options.phases : ALL_PHASES, n_jobs);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char name[32];
      guint turns, late, seen;
      int n_active;
      double longest;

      if (sscanf (lines[i], "active %d", &n_active) == 1 && n_active < options.n_active)
        g_error ("Only %d downloads were active", n_active);

      if (sscanf (lines[i], "gaps %31s %u %u %u %lf", name, &turns, &late, &seen, &longest) != 5)
        continue;
      printf ("  %-20s %8u %8u %8u %12.1f\n", name, turns, late, seen, longest);
      n_turns += turns;
      n_long += late;
      n_very_long += seen;
    }
  check ("turns > 16 ms of 1,000", 1000.0 * n_long / MAX (n_turns, 1), MAX_LONG);
  check ("turns > 50 ms", n_very_long, 0);
}

/* ---- at rest */

typedef struct
{
  double cpu, wakes, main_wakes, resident;
} Rest;

static Rest
find_rest (char **lines, const char *phase)
{
  Rest rest = { 0 };
  char name[32];

  for (guint i = 0; lines[i] != NULL; i++)
    if (sscanf (lines[i], "rest %31s %lf %lf %lf %lf", name, &rest.cpu, &rest.wakes,
                &rest.main_wakes, &rest.resident) == 5 &&
        g_str_equal (name, phase))
      return rest;

  g_error ("The app said nothing of being %s", phase);
}

static Rest
measure_rest (const char *name, int n_active, Rest *hidden)
{
  g_auto (GStrv) lines = NULL;
  Rest shown;

  seed (n_active, n_active, 0);
  lines = run_app ("shown,hidden", n_active);
  shown = find_rest (lines, "shown");
  *hidden = find_rest (lines, "hidden");
  printf ("  %-20s %8.2f %8.2f %8.2f %8.1f\n", name, shown.cpu, shown.wakes, shown.main_wakes,
          shown.resident / 1024);
  printf ("  %-20s %8.2f %8.2f %8.2f %8.1f\n", "  hidden", hidden->cpu, hidden->wakes,
          hidden->main_wakes, hidden->resident / 1024);

  return shown;
}

static void
measure_rests (void)
{
  Rest none, hidden, hidden_active;

  printf ("at rest\n  %-20s %8s %8s %8s %8s\n", "", "CPU %", "wakes/s", "(main)", "MiB");
  none = measure_rest ("no job", 0, &hidden);
  measure_rest ("one download", 1, &hidden_active);
  check ("MiB, idle", none.resident / 1024, MAX_MEMORY);
  check ("wake-ups a second, hidden, no job", hidden.wakes, MAX_IDLE_WAKES);
  check ("wake-ups of the main thread, hidden, one download", hidden_active.main_wakes,
         MAX_ACTIVE_WAKES);
}

/* ---- all of it */

static void
use_folder (const char *variable, const char *name)
{
  g_autofree char *path = g_build_filename (bench.home, name, NULL);

  g_mkdir_with_parents (path, 0700);
  g_setenv (variable, path, TRUE);
}

static void
store_settings (void)
{
  g_autofree char *folder = g_build_filename (bench.home, "config", "glib-2.0", "settings", NULL);
  g_autofree char *path = g_build_filename (folder, "keyfile", NULL);
  g_autofree char *text = g_strdup_printf ("[io/github/bobbinapp/Bobbin]\n"
                                           "max-transfers=uint32 %d\n"
                                           "connections=uint32 1\n"
                                           "connections-per-host=uint32 0\n"
                                           "download-folder='%s/downloads'\n",
                                           MAX (options.n_active, 1), bench.home);

  g_mkdir_with_parents (folder, 0700);
  g_file_set_contents (path, text, -1, NULL);
}

/* Nothing of the user's gets in; and what is measured is the app, not how Mesa draws without a
 * graphics card. */
static void
make_home (void)
{
  g_autoptr (GError) error = NULL;

  bench.home = bench_folder_new (g_get_tmp_dir (), &error);
  if (bench.home == NULL)
    g_error ("%s", error->message);

  use_folder ("XDG_DATA_HOME", "data");
  use_folder ("XDG_CONFIG_HOME", "config");
  use_folder ("XDG_CACHE_HOME", "cache");
  use_folder ("XDG_STATE_HOME", "state");
  use_folder ("XDG_RUNTIME_DIR", "run");
  use_folder ("BENCH_DOWNLOADS", "downloads");
  store_settings ();
  g_setenv ("GSETTINGS_BACKEND", "keyfile", TRUE);
  g_setenv ("GSETTINGS_SCHEMA_DIR", BENCH_SCHEMAS, TRUE);
  g_setenv ("GDK_BACKEND", "x11", TRUE);
  g_setenv ("GDK_DEBUG", "gl-disable", TRUE);
  g_setenv ("GDK_DISABLE", "gl,vulkan", TRUE);
  g_setenv ("GSK_RENDERER", "cairo", TRUE);
  g_setenv ("GTK_A11Y", "none", TRUE);
}

static gboolean
is_wanted (const char *const *parts, const char *part)
{
  return parts[0] == NULL || g_strv_contains (parts, part);
}

static void
run (const char *const *parts)
{
  bench_machine_print ();
  make_home ();
  bench.server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  if (is_wanted (parts, "start"))
    measure_starts ();
  if (is_wanted (parts, "rest"))
    measure_rests ();
  if (is_wanted (parts, "turns"))
    measure_gaps ();
  bobbin_test_server_free (bench.server);
  bench_folder_free (bench.home);
}

/* Where there is no display, everything happens on a virtual one. */
static void
find_display (char **argv)
{
  g_autoptr (GPtrArray) command = g_ptr_array_new ();

  if (g_getenv ("DISPLAY") != NULL)
    return;

  g_ptr_array_add (command, (gpointer) BENCH_DISPLAY);
  for (guint i = 0; argv[i] != NULL; i++)
    g_ptr_array_add (command, argv[i]);
  g_ptr_array_add (command, NULL);
  execv (BENCH_DISPLAY, (char **) command->pdata);
  g_error ("%s: %s", BENCH_DISPLAY, g_strerror (errno));
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) parts = bench_machine_parse (
    "[start] [rest] [turns]",
    "What the app costs. Times to the first frame are medians of starts; a turn of the main loop\n"
    "is all it does between two waits, and no frame is drawn meanwhile; wake-ups are voluntary\n"
    "context switches of all threads, and of the main thread, a second; memory is resident.",
    entries, argv);

  if (options.child != NULL && g_str_equal (options.child, "empty"))
    return ui_app_run_empty ();
  if (options.child != NULL)
    return ui_app_run (options.child, options.n_loaded, options.seconds);

  find_display (argv);
  bench.program = argv[0];
  run ((const char *const *) parts);

  return options.must && bench.n_missed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
