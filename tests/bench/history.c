/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A year of a hundred monitors: how large the database is, whether what it says is right, and how
 * long the questions take that a chart asks. To be run by hand; --help says how to read it.
 *
 * What the monitors found is a function of the monitor and the time, so that everything can be
 * found out a second time without the history. The year comes at a sample a minute, the last day of
 * it as it does in life: a sample a second, a commit every five.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-folder.h"
#include "bench-machine.h"

#include "bobbin-history-codec.h"
#include "bobbin-history-rows.h"
#include "bobbin-store-file.h"
#include "bobbin-store-rows.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* 2026-01-01T00:00Z */
#define BEGIN (1767225600 * (gint64) G_USEC_PER_SEC)

/* Of the year a batch is so long, of the last day as long as in life. */
#define YEAR_BATCH (4 * BOBBIN_ROLLUP_HOUR)
#define DAY_BATCH  (5 * BOBBIN_ROLLUP_SECOND)

#define N_QUERIES 40

static int n_monitors = 100;
static int n_days = 365;
static int n_points = 500;
static double must; /* ms: the longest answer to a question that a chart asks; 0: no bound */
static char *parent;

typedef struct
{
  char *folder; /* (owned) */
  char *path;   /* (owned) */
  BobbinStoreFile *file;
  BobbinStoreRows *rows;
  gint64 end;    /* of the year */
  gint64 second; /* from here on there is a sample a second */

  gint64 longest_append; /* µs */
  gint64 longest_work;   /* µs */
  guint64 n_samples;
  guint64 n_commits;
  guint n_missed; /* questions that took longer than they must */
} Bench;

G_NORETURN static void
fail (const char *what, const char *why)
{
  g_printerr ("%s: %s\n", what, why);
  exit (1);
}

static void
check (gboolean done, const char *what, const GError *error)
{
  if (!done)
    fail (what, error != NULL ? error->message : "failed");
}

/* ---- what the monitors found */

/* As random as it looks, and the same each time (Steele and others: SplitMix64). */
static guint64
mix (guint64 number)
{
  number += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  number = (number ^ number >> 30) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  number = (number ^ number >> 27) * G_GUINT64_CONSTANT (0x94d049bb133111eb);

  return number ^ number >> 31;
}

static double
get_value (int monitor, gint64 time)
{
  const guint64 noise = mix ((guint64) time * 1000 + (guint64) monitor);

  switch (monitor % 4)
    {
    case 0: /* processors: whole clock ticks */
      return (double) (noise % 201) / 2;
    case 1: /* memory: any number, near the one before */
      return 40 + sin ((double) time / 4e9) * 20 + (double) (noise % 1000000) / 1e6;
    case 2: /* a disk: the same for minutes */
      return 70 + (double) (time / (10 * BOBBIN_ROLLUP_MINUTE) % 1000) / 100;
    default: /* a server's answer, in ms */
      return 5 + (double) (noise % 30000000) / 1e6;
    }
}

/* An hour of outage every ten days, and a warning now and then. */
static BobbinHistoryState
get_state (int monitor, gint64 time)
{
  const gint64 minute = (time - 1 - BEGIN) / BOBBIN_ROLLUP_MINUTE + monitor * 97;

  if (minute % (10 * 24 * 60) < 60)
    return BOBBIN_HISTORY_DOWN;
  if (minute % 777 < 5)
    return BOBBIN_HISTORY_WARNING;

  return BOBBIN_HISTORY_UP;
}

static gint64
get_interval (const Bench *bench, gint64 time)
{
  return time >= bench->second ? BOBBIN_ROLLUP_SECOND : BOBBIN_ROLLUP_MINUTE;
}

/* The sample after one that was due at @time. */
static BobbinHistorySample
get_next (const Bench *bench, int monitor, gint64 time)
{
  const gint64 interval = get_interval (bench, time);
  BobbinHistorySample sample = { .time = time + interval, .duration = interval, .value = NAN };

  sample.state = get_state (monitor, sample.time);
  if (sample.state != BOBBIN_HISTORY_DOWN)
    sample.value = get_value (monitor, sample.time);

  return sample;
}

/* ---- the year */

static void
in_transaction (Bench *bench, GBytes *samples, gint64 now, gint64 *longest)
{
  const gint64 begun = g_get_monotonic_time ();
  BobbinHistoryRows *history = bobbin_store_rows_get_history (bench->rows);
  g_autoptr (GError) error = NULL;
  gboolean done;

  done = bobbin_store_rows_begin (bench->rows, FALSE, &error) &&
         (samples != NULL ? bobbin_history_rows_append (history, samples, &error)
                          : bobbin_history_rows_work (history, now, &error)) &&
         bobbin_store_rows_commit (bench->rows, &error);
  check (done, "The history", error);
  *longest = MAX (*longest, g_get_monotonic_time () - begun);
  bench->n_commits++;
}

/* As they would have come: of all monitors, by time. */
static GBytes *
make_batch (Bench *bench, gint64 from, gint64 to)
{
  BobbinHistoryWriter writer;

  bobbin_history_writer_init (&writer);
  for (gint64 time = from; time < to; time += get_interval (bench, time))
    for (int monitor = 1; monitor <= n_monitors; monitor++)
      {
        const BobbinHistorySample sample = get_next (bench, monitor, time);

        bobbin_history_writer_add (&writer, monitor, &sample);
        bench->n_samples++;
      }

  return bobbin_history_writer_end (&writer);
}

static void
write_all (Bench *bench, gint64 from, gint64 to, gint64 length)
{
  BobbinHistoryRows *history = bobbin_store_rows_get_history (bench->rows);

  for (gint64 time = from; time < to; time += length)
    {
      g_autoptr (GBytes) samples = make_batch (bench, time, MIN (time + length, to));

      in_transaction (bench, samples, time, &bench->longest_append);
      while (bobbin_history_rows_has_work (history))
        in_transaction (bench, NULL, time, &bench->longest_work);
    }
}

static void
open_rows (Bench *bench)
{
  g_autoptr (GError) error = NULL;

  bench->file = bobbin_store_file_open (bench->path, &error);
  check (bench->file != NULL, bench->path, error);
  bench->rows = bobbin_store_rows_new (bobbin_store_file_get_db (bench->file), &error);
  check (bench->rows != NULL, bench->path, error);
}

static void
close_rows (Bench *bench)
{
  g_clear_pointer (&bench->rows, bobbin_store_rows_free);
  g_clear_pointer (&bench->file, bobbin_store_file_close);
}

static void
execute (Bench *bench, const char *sql)
{
  sqlite3 *db = bobbin_store_file_get_db (bench->file);

  check (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg (db), NULL);
}

static void
add_monitors (Bench *bench)
{
  for (int monitor = 1; monitor <= n_monitors; monitor++)
    {
      g_autofree char *sql = g_strdup_printf (
        "INSERT INTO job (number, id, kind, place, state, settings, bytes, total, created, started,"
        "                 ended)"
        "  VALUES (%d, 'id-%d', 'monitor', %d, 0, '{}', 0, 0, 0, 0, 0)",
        monitor, monitor, monitor);

      execute (bench, sql);
    }
}

static gint64
get_written (void)
{
  g_autofree char *text = NULL;
  const char *found;

  if (!g_file_get_contents ("/proc/self/io", &text, NULL, NULL) ||
      (found = strstr (text, "\nwrite_bytes: ")) == NULL)
    return -1;

  return g_ascii_strtoll (found + strlen ("\nwrite_bytes: "), NULL, 10);
}

static double
get_cpu_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

/* What the samples are made with is not the history's cost. */
static double
measure_making (Bench *bench, gint64 from, gint64 to)
{
  const guint64 n_samples = bench->n_samples;
  const double begun = get_cpu_time ();

  for (gint64 time = from; time < to; time += DAY_BATCH)
    g_bytes_unref (make_batch (bench, time, time + DAY_BATCH));
  bench->n_samples = n_samples;

  return get_cpu_time () - begun;
}

static void
write_year (Bench *bench)
{
  double cpu = get_cpu_time ();
  gint64 written;
  guint64 n_commits;

  write_all (bench, BEGIN, bench->second, YEAR_BATCH);
  printf ("A sample a minute for %d days: %" G_GUINT64_FORMAT " samples, %.1f s of CPU time\n",
          n_days - 1, bench->n_samples, get_cpu_time () - cpu);

  bench->longest_append = bench->longest_work = 0;
  n_commits = bench->n_commits;
  written = get_written ();
  cpu = get_cpu_time ();
  write_all (bench, bench->second, bench->end, DAY_BATCH);
  cpu = get_cpu_time () - cpu - measure_making (bench, bench->second, bench->end);
  printf ("The last day, a sample a second, a commit every 5 s and for each piece of a seal:\n"
          "  %" G_GUINT64_FORMAT " commits, %.0f MB to the disk, %.2f s of CPU time: %.4f %% of a "
          "core\n"
          "  the longest commit of samples %.1f ms, the longest piece of a seal %.1f ms\n",
          bench->n_commits - n_commits, (double) (get_written () - written) / 1e6, cpu,
          cpu / 86400 * 100, (double) bench->longest_append / 1000,
          (double) bench->longest_work / 1000);
}

/* ---- is it right */

static BobbinHistorySpan *
ask (Bench *bench, const BobbinHistoryQuery *query)
{
  g_autoptr (GError) error = NULL;
  BobbinHistorySpan *span =
    bobbin_history_rows_read (bobbin_store_rows_get_history (bench->rows), query, &error);

  check (span != NULL, "A question", error);

  return span;
}

static void
assert_bucket (Bench *bench, int monitor, const BobbinHistoryBucket *bucket)
{
  const gint64 end = MIN (bucket->start + bucket->length, bench->end);
  gint64 in_state[BOBBIN_HISTORY_N_STATES] = { 0 };
  double min = INFINITY;
  double max = -INFINITY;
  double sum = 0;
  gint64 weight = 0;
  guint64 count = 0;

  for (gint64 time = bucket->start; time < end; time += get_interval (bench, time))
    {
      const BobbinHistorySample sample = get_next (bench, monitor, time);

      in_state[sample.state] += sample.duration;
      if (isnan (sample.value))
        continue;

      min = MIN (min, sample.value);
      max = MAX (max, sample.value);
      sum += sample.value * (double) sample.duration;
      weight += sample.duration;
      count++;
    }
  if (count != bucket->count || memcmp (in_state, bucket->in_state, sizeof in_state) != 0)
    fail ("A bucket", "has other durations than its samples");
  if (count > 0 && (min != bucket->min || max != bucket->max ||
                    fabs (sum / (double) weight - bucket->mean) > 1e-9 * fabs (bucket->mean)))
    fail ("A bucket", "has other values than its samples");
}

static guint64
check_level (Bench *bench, BobbinHistoryLevel level)
{
  guint64 n_checked = 0;

  for (int monitor = 1; monitor <= n_monitors; monitor++)
    {
      const BobbinHistoryQuery query = { .number = monitor,
                                         .from = BEGIN,
                                         .to = bench->end,
                                         .level = level };
      g_autoptr (BobbinHistorySpan) span = ask (bench, &query);

      if (span->buckets->len == 0)
        fail ("A level", "is empty");
      for (guint i = 0; i < span->buckets->len; i++)
        assert_bucket (bench, monitor, &g_array_index (span->buckets, BobbinHistoryBucket, i));
      n_checked += span->buckets->len;
    }

  return n_checked;
}

static void
check_all (Bench *bench)
{
  const guint64 n_minutes = check_level (bench, BOBBIN_HISTORY_MINUTES);
  const guint64 n_hours = check_level (bench, BOBBIN_HISTORY_HOURS);
  const guint64 n_days_checked = check_level (bench, BOBBIN_HISTORY_DAYS);

  printf ("Summed up again, and the same: %" G_GUINT64_FORMAT " minutes, %" G_GUINT64_FORMAT
          " hours, %" G_GUINT64_FORMAT " days\n",
          n_minutes, n_hours, n_days_checked);
}

/* ---- how large is it */

static void
print_sizes (Bench *bench)
{
  static const char *const names[] = { "samples", "minutes", "hours", "days" };
  sqlite3_stmt *statement;
  struct stat status;

  check (sqlite3_prepare_v2 (bobbin_store_file_get_db (bench->file),
                             "SELECT level, count(*), sum(length(text)) FROM history"
                             "  GROUP BY level",
                             -1, &statement, NULL) == SQLITE_OK,
         "The sizes", NULL);
  printf ("%-10s %10s %10s\n", "of", "rows", "MB");
  while (sqlite3_step (statement) == SQLITE_ROW)
    printf ("%-10s %10d %10.1f\n", names[sqlite3_column_int (statement, 0)],
            sqlite3_column_int (statement, 1), sqlite3_column_double (statement, 2) / 1e6);
  sqlite3_finalize (statement);

  check (stat (bench->path, &status) == 0, bench->path, NULL);
  printf ("%-10s %10s %10.1f\n", "the file", "", (double) status.st_size / 1e6);
}

/* ---- how long does it take to ask */

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 one = *(const gint64 *) a;
  const gint64 other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

/* Nothing of the file is in memory after this. */
static void
forget_file (Bench *bench)
{
  const int fd = open (bench->path, O_RDONLY | O_CLOEXEC);

  close_rows (bench);
  if (fd < 0 || fdatasync (fd) < 0 || posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED) != 0)
    fail (bench->path, g_strerror (errno));
  close (fd);
  open_rows (bench);
}

static guint
time_query (Bench *bench, gint64 range, guint max_points, gint64 times[N_QUERIES])
{
  guint n_buckets = 0;

  for (int i = 0; i < N_QUERIES; i++)
    {
      const BobbinHistoryQuery query = { .number = 1 + i % n_monitors,
                                         .from = bench->end - range,
                                         .to = bench->end,
                                         .level = BOBBIN_HISTORY_ANY,
                                         .max_points = max_points };
      const gint64 begun = g_get_monotonic_time ();
      g_autoptr (BobbinHistorySpan) span = ask (bench, &query);

      times[i] = g_get_monotonic_time () - begun;
      n_buckets = MAX (n_buckets, span->buckets->len);
    }

  return n_buckets;
}

/* What it takes where the file is in memory, as it is while the app runs. */
static void
print_must (Bench *bench, gint64 longest)
{
  const gboolean is_missed = longest > must * 1000;

  if (must <= 0)
    return;
  printf (" %s", is_missed ? "MISSED" : "met");
  bench->n_missed += is_missed;
}

static void
print_query (Bench *bench, const char *name, gint64 range, guint max_points)
{
  gint64 cold[N_QUERIES];
  gint64 times[N_QUERIES];
  guint n_buckets;

  forget_file (bench);
  n_buckets = time_query (bench, range, max_points, cold);
  time_query (bench, range, max_points, times);
  qsort (cold, N_QUERIES, sizeof *cold, compare_times);
  qsort (times, N_QUERIES, sizeof *times, compare_times);
  printf ("%-12s %8u %9.2f %9.2f %9.2f %9.2f", name, n_buckets,
          (double) times[N_QUERIES / 2] / 1000, (double) times[N_QUERIES - 1] / 1000,
          (double) cold[N_QUERIES / 2] / 1000, (double) cold[N_QUERIES - 1] / 1000);
  print_must (bench, times[N_QUERIES - 1]);
  printf ("\n");
  fflush (stdout);
}

static void
print_queries (Bench *bench)
{
  static const struct
  {
    const char *name;
    gint64 range;
  } ranges[] = {
    { "1 hour", BOBBIN_ROLLUP_HOUR },      { "6 hours", 6 * BOBBIN_ROLLUP_HOUR },
    { "1 day", BOBBIN_ROLLUP_DAY },        { "7 days", 7 * BOBBIN_ROLLUP_DAY },
    { "30 days", 30 * BOBBIN_ROLLUP_DAY }, { "90 days", 90 * BOBBIN_ROLLUP_DAY },
    { "1 year", 365 * BOBBIN_ROLLUP_DAY }, { "10 years", 3652 * BOBBIN_ROLLUP_DAY },
  };

  printf ("%-12s %8s %9s %9s %9s %9s\n", "chart of", "buckets", "ms", "max ms", "cold ms",
          "max ms");
  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    print_query (bench, ranges[i].name, ranges[i].range, (guint) n_points);
  printf ("%-12s %8s %9s %9s %9s %9s\n", "uptime of", "", "", "", "", "");
  for (gsize i = 2; i < G_N_ELEMENTS (ranges); i++)
    print_query (bench, ranges[i].name, ranges[i].range, 0);
}

/* ---- */

static char **
parse (char **argv)
{
  const GOptionEntry entries[] = {
    { "monitors", 0, 0, G_OPTION_ARG_INT, &n_monitors, "So many monitors (default 100)", "N" },
    { "days", 0, 0, G_OPTION_ARG_INT, &n_days, "So many days, two at least (default 365)", "N" },
    { "points", 0, 0, G_OPTION_ARG_INT, &n_points, "A chart has so many points (default 500)",
      "N" },
    { "must", 0, 0, G_OPTION_ARG_DOUBLE, &must, "Fail if any question takes longer", "MS" },
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &parent, "Where the database is made for a while",
      "DIR" },
    G_OPTION_ENTRY_NULL,
  };

  return bench_machine_parse (
    NULL,
    "A year of monitors: is what the history says right, how large is it, how long do charts "
    "take?\n"
    "\n"
    "  ms        a question takes, the median of 40 and the longest\n"
    "  cold ms   the same where nothing of the file was in memory before the first of them",
    entries, argv);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) rest = parse (argv);
  g_autoptr (GError) error = NULL;
  Bench bench = { 0 };

  n_monitors = MAX (n_monitors, 1);
  n_days = MAX (n_days, 2);
  n_points = MAX (n_points, 1);
  bench.end = BEGIN + n_days * BOBBIN_ROLLUP_DAY;
  bench.second = bench.end - BOBBIN_ROLLUP_DAY;
  bench.folder = bench_folder_new (parent != NULL ? parent : g_get_tmp_dir (), &error);
  check (bench.folder != NULL, "The folder", error);
  bench.path = g_build_filename (bench.folder, "bobbin.db", NULL);

  bench_machine_print ();
  open_rows (&bench);
  add_monitors (&bench);
  write_year (&bench);
  check_all (&bench);
  close_rows (&bench);
  open_rows (&bench);
  print_sizes (&bench);
  print_queries (&bench);

  close_rows (&bench);
  bench_folder_clear (bench.folder);
  g_free (bench.path);
  bench_folder_free (bench.folder);

  return bench.n_missed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
