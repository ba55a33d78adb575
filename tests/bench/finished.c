/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A hundred thousand downloads that finished: how large their database is, and how long it takes to
 * find one of them, as the app asks for it. To be run by hand; --help says how to read it.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-folder.h"
#include "bench-machine.h"

#include "bobbin-store-file.h"
#include "bobbin-store-rows.h"
#include "bobbin-store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* As the app reads them. */
#define PAGE 200

#define N_QUERIES 40

static int n_rows = 100000;
static double must; /* ms: the longest answer; 0: no bound */
static char *parent;

typedef struct
{
  char *path;         /* (owned) */
  BobbinStore *store; /* (owned) (nullable) */
  guint n_missed;     /* questions that took longer than they must */
} Bench;

static void
check (gboolean done, const char *what, const GError *error)
{
  if (done)
    return;

  g_printerr ("%s: %s\n", what, error != NULL ? error->message : "failed");
  exit (EXIT_FAILURE);
}

/* ---- the rows */

static BobbinFinished *
make_row (guint number)
{
  static const char *const names[] = { "Ubuntu Desktop amd64.iso", "annual-report.pdf",
                                       "Überraschung (Größe XL).tar.xz",
                                       "IMG_20260101_120000.jpeg" };
  static const char *const hosts[] = { "releases.example.org", "cdn.example.net",
                                       "www.example.com" };
  g_autofree char *name = g_strdup_printf ("%u %s", number, names[number % G_N_ELEMENTS (names)]);
  const char *host = hosts[number % G_N_ELEMENTS (hosts)];
  g_autofree char *escaped = g_uri_escape_string (name, NULL, FALSE);
  BobbinFinished *row = g_new0 (BobbinFinished, 1);

  row->time = (gint64) number * G_USEC_PER_SEC;
  row->size = (gint64) number * 1000;
  row->address = g_strdup_printf ("https://%s/pub/releases/2026/%s", host, escaped);
  row->path = g_strdup_printf ("/home/somebody/Downloads/%s", name);

  return row;
}

static void
fill (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  BobbinStoreFile *file = bobbin_store_file_open (bench->path, &error);
  BobbinStoreRows *rows;

  check (file != NULL, bench->path, error);
  rows = bobbin_store_rows_new (bobbin_store_file_get_db (file), &error);
  check (rows != NULL && bobbin_store_rows_begin (rows, FALSE, &error), bench->path, error);
  for (int i = 1; i <= n_rows; i++)
    {
      g_autoptr (BobbinFinished) row = make_row ((guint) i);

      check (bobbin_finished_rows_add (bobbin_store_rows_get_finished (rows), row, &error),
             bench->path, error);
    }
  check (bobbin_store_rows_commit (rows, &error), bench->path, error);
  bobbin_store_rows_free (rows);
  bobbin_store_file_close (file);
}

/* ---- the questions */

static void
on_result (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static void
open_store (Bench *bench)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bench->store = bobbin_store_new (bench->path);
  bobbin_store_open_async (bench->store, on_result, &result);
  check (bobbin_store_open_finish (bench->store, wait_for (&result), &error), bench->path, error);
}

static void
close_store (Bench *bench)
{
  g_autoptr (GAsyncResult) result = NULL;

  bobbin_store_close_async (bench->store, on_result, &result);
  wait_for (&result);
  g_clear_object (&bench->store);
}

/* Says how many rows were found. */
static guint
time_query (Bench *bench, const BobbinFinishedQuery *query, gint64 times[N_QUERIES])
{
  guint n_found = 0;

  for (int i = 0; i < N_QUERIES; i++)
    {
      const gint64 begun = g_get_monotonic_time ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) rows = NULL;

      bobbin_store_read_finished_async (bench->store, query, NULL, on_result, &result);
      rows = bobbin_store_read_finished_finish (bench->store, wait_for (&result), &error);
      check (rows != NULL, "A question", error);
      times[i] = g_get_monotonic_time () - begun;
      n_found = rows->len;
    }

  return n_found;
}

static int
compare_times (const void *a, const void *b)
{
  const gint64 first = *(const gint64 *) a;
  const gint64 second = *(const gint64 *) b;

  return (first > second) - (first < second);
}

/* @n_expected says what must be found: a quick answer that is wrong is none. */
static void
print_query (Bench *bench, const char *name, const BobbinFinishedQuery *query, guint n_expected)
{
  gint64 times[N_QUERIES];
  const guint n_found = time_query (bench, query, times);
  gboolean is_missed;

  qsort (times, N_QUERIES, sizeof *times, compare_times);
  is_missed = must > 0 && (double) times[N_QUERIES - 1] > must * 1000;
  printf ("%-24s %8u %9.2f %9.2f%s\n", name, n_found, (double) times[N_QUERIES / 2] / 1000,
          (double) times[N_QUERIES - 1] / 1000,
          must <= 0   ? ""
          : is_missed ? " MISSED"
                      : " met");
  fflush (stdout);
  bench->n_missed += is_missed;
  if (n_found == n_expected)
    return;

  printf ("%u rows were to be found\n", n_expected);
  exit (EXIT_FAILURE);
}

static void
print_queries (Bench *bench)
{
  const guint n_some = MIN (((guint) n_rows + 2) / 4, PAGE);
  BobbinFinishedQuery query = { .before = G_MAXINT64, .n_rows = PAGE };

  printf ("%-24s %8s %9s %9s\n", "a page of", "rows", "ms", "max ms");
  print_query (bench, "all", &query, MIN ((guint) n_rows, PAGE));
  query.before = n_rows / 2 + 1;
  print_query (bench, "all, from the middle", &query, MIN ((guint) n_rows / 2, PAGE));
  query.before = G_MAXINT64;
  query.search = "ÜBERRASCHUNG";
  print_query (bench, "a fourth", &query, n_some);
  query.search = "cdn größe .net";
  print_query (bench, "three words", &query, MIN (((guint) n_rows + 2) / 12, PAGE));
  query.search = "e.g. nothing";
  print_query (bench, "none", &query, 0);
}

static void
print_size (Bench *bench)
{
  struct stat status;

  check (stat (bench->path, &status) == 0, bench->path, NULL);
  printf ("%d downloads: %.1f MiB, %.0f bytes each\n", n_rows,
          (double) status.st_size / (1024 * 1024), (double) status.st_size / n_rows);
}

static char **
parse (char **argv)
{
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &n_rows, "So many downloads (default 100000)", "N" },
    { "must", 0, 0, G_OPTION_ARG_DOUBLE, &must, "Fail if any question takes longer", "MS" },
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &parent, "Where the database is made for a while",
      "DIR" },
    G_OPTION_ENTRY_NULL,
  };

  return bench_machine_parse (
    NULL,
    "Downloads that finished: how large is their database, how long does it take to find some?\n"
    "\n"
    "  ms        from the question to the answer, the median of 40 and the longest; to find the\n"
    "            last page, or nothing, all are looked at",
    entries, argv);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) rest = parse (argv);
  g_autoptr (GError) error = NULL;
  Bench bench = { 0 };
  char *folder;

  n_rows = MAX (n_rows, 100);
  folder = bench_folder_new (parent != NULL ? parent : g_get_tmp_dir (), &error);
  check (folder != NULL, "The folder", error);
  bench.path = g_build_filename (folder, "bobbin.db", NULL);

  bench_machine_print ();
  fill (&bench);
  print_size (&bench);
  open_store (&bench);
  print_queries (&bench);
  close_store (&bench);

  bench_folder_clear (folder);
  g_free (bench.path);
  bench_folder_free (folder);

  return bench.n_missed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
