/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What downloads cost with bobbin-cli, with other programs, and with as little as a socket and a
 * file. To be run by hand, on a machine that has nothing else to do:
 *
 *   tests/bench/downloads [--runs=N] [--disk=FOLDER] [CASE…]
 *
 * The server is an nginx of its own on this machine. In each case the programs take turns, so that
 * what disturbs one disturbs all; a first round is not counted, and its files are compared with the
 * server's. Programs that are not installed are named and left out.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-cases.h"
#include "bench-folder.h"
#include "bench-link.h"
#include "bench-machine.h"
#include "bench-table.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIB 1024.0

/* How meson is told that a test cannot be done here. */
#define SKIPPED 77

/* The line that the cases with a link have. */
#define LINK_DELAY 20 /* ms, each way */
#define LINK_LOSS  0.005

typedef struct
{
  char **names; /* (owned): parts of the names of the wanted cases, or none */
  int runs;
  int patience; /* s */
  char *disk;   /* (owned): a folder there */
  char *memory; /* (owned): one in memory */

  BenchNginx *near; /* (owned) (nullable) */
  BenchNginx *far;  /* (owned) (nullable): at the other end of the link */
  BenchLink *link;  /* (owned) (nullable) */
  gboolean failed;
} Bench;

/* Ctrl+C: what runs ends by it, too, and what was begun is cleared away. */
static volatile sig_atomic_t interrupted;

static void
on_signal (int number)
{
  interrupted = 1;
}

/* So busy all processors were in the last second, 0 to 1 (proc_stat(5)). */
static double
get_busyness (void)
{
  guint64 busy[2] = { 0 };
  guint64 all[2] = { 0 };

  for (int i = 0; i < 2; i++)
    {
      g_autofree char *text = NULL;
      g_auto (GStrv) words = NULL;

      if (i == 1)
        g_usleep (G_USEC_PER_SEC);
      if (!g_file_get_contents ("/proc/stat", &text, NULL, NULL))
        return 0;
      strchr (text, '\n')[0] = '\0';
      words = g_strsplit (text, " ", -1);
      /* "cpu", nothing, then user, nice, system, idle, waiting for a disk, … */
      for (guint k = 2; words[k] != NULL && k < 10; k++)
        {
          const guint64 ticks = g_ascii_strtoull (words[k], NULL, 10);

          all[i] += ticks;
          busy[i] += k == 5 || k == 6 ? 0 : ticks;
        }
    }

  return (double) (busy[1] - busy[0]) / (double) MAX (all[1] - all[0], 1);
}

/* Others may use the machine: not now. */
static void
wait_for_quiet (Bench *bench)
{
  double busyness = get_busyness ();

  for (int waited = 0; busyness > 0.1 && waited < bench->patience && !interrupted; waited++)
    busyness = get_busyness ();
  if (busyness > 0.1)
    printf ("  (the machine has other work: %.0f %% of it)\n", 100 * busyness);
}

static char *
get_file_name (const BenchCase *c, guint number)
{
  return c->n_files == 1 ? g_strdup_printf ("%" G_GINT64_FORMAT ".bin", c->size)
                         : g_strdup_printf ("small-%04u.bin", number);
}

static gboolean
is_same (const char *path, const char *other)
{
  g_autoptr (GMappedFile) a = g_mapped_file_new (path, FALSE, NULL);
  g_autoptr (GMappedFile) b = g_mapped_file_new (other, FALSE, NULL);

  return a != NULL && b != NULL && g_mapped_file_get_length (a) == g_mapped_file_get_length (b) &&
         memcmp (g_mapped_file_get_contents (a), g_mapped_file_get_contents (b),
                 g_mapped_file_get_length (a)) == 0;
}

/* Whether all is there, and, if @thorough, what the server has. */
static gboolean
check_files (const BenchCase *c, const BenchErrand *errand, gboolean thorough, GError **error)
{
  for (guint i = 0; i < c->n_files; i++)
    {
      g_autofree char *name = get_file_name (c, i);
      g_autofree char *path = g_build_filename (errand->folder, name, NULL);
      g_autofree char *source = bench_nginx_get_path (errand->server, name);
      GStatBuf status;

      if (g_stat (path, &status) == 0 && status.st_size == c->size &&
          (!thorough || is_same (path, source)))
        continue;
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s is not what the server has", name);
      return FALSE;
    }

  return TRUE;
}

/* One run of one program. */
static gboolean
measure (BenchProgram program, const BenchErrand *errand, BenchCost *cost, GError **error)
{
  g_auto (GStrv) command = bench_program_get_command (program, errand);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *figures = NULL;
  g_autofree char *complaint = NULL;

  g_strv_builder_add (builder, BENCH_COST);
  g_strv_builder_addv (builder, (const char **) command);
  argv = g_strv_builder_end (builder);
  process =
    g_subprocess_newv ((const char *const *) argv,
                       G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, error);
  if (process == NULL ||
      !g_subprocess_communicate_utf8 (process, NULL, NULL, &figures, &complaint, error))
    return FALSE;

  if (!g_subprocess_get_successful (process) ||
      sscanf (figures, "%lf %lf %lf", &cost->wall, &cost->cpu, &cost->memory) != 3)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "it failed: %s", g_strchomp (complaint));
      return FALSE;
    }
  cost->memory /= KIB;

  return TRUE;
}

static gboolean
run_once (const BenchCase *c,
          BenchProgram program,
          const BenchErrand *errand,
          gboolean thorough,
          BenchCost *cost,
          GError **error)
{
  gboolean done;

  if (c->kind == BENCH_NGINX_ONE_SLOW && !bench_nginx_restart (errand->server, error))
    return FALSE;
  if (c->durable)
    bench_folder_settle (errand->folder);

  done = measure (program, errand, cost, error) && check_files (c, errand, thorough, error);
  bench_folder_clear (errand->folder);

  return done;
}

/* Each round begins with another program, so that none always comes behind the same one, whose
 * memory and disk are still being tidied up. Who fails is named and does not take part any more. */
static void
run_round (Bench *bench,
           const BenchCase *c,
           const BenchErrand *errand,
           guint round,
           guint *programs,
           BenchTable *table)
{
  for (guint i = 0; i < BENCH_N_PROGRAMS && !interrupted; i++)
    {
      const BenchProgram program = (i + round) % BENCH_N_PROGRAMS;
      g_autoptr (GError) error = NULL;
      BenchCost cost;

      if (!(*programs & 1u << program))
        continue;
      if (run_once (c, program, errand, round == 0, &cost, &error))
        {
          if (round > 0)
            bench_table_add (table, program, &cost);
        }
      else if (!interrupted)
        {
          printf ("  %-11s left out: %s\n", bench_program_get_name (program), error->message);
          bench->failed |= program == BENCH_PROGRAM_BOBBIN;
          *programs &= ~(1u << program);
        }
    }
}

/* The list of addresses, and another one as curl wants it. */
static char *
write_lists (Bench *bench, const BenchCase *c, BenchNginx *server, GError **error)
{
  g_autofree char *path = g_strconcat (bench->memory, ".list", NULL);
  g_autofree char *curl_path = g_strconcat (path, ".curl", NULL);
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (GString) curl_list = g_string_new (NULL);

  for (guint i = 0; i < c->n_files; i++)
    {
      g_autofree char *name = get_file_name (c, i);
      g_autofree char *url = bench_nginx_get_url (server, c->kind, name);

      g_string_append_printf (list, "%s\n", url);
      g_string_append_printf (curl_list, "url = \"%s\"\n", url);
    }
  if (!g_file_set_contents (path, list->str, -1, error) ||
      !g_file_set_contents (curl_path, curl_list->str, -1, error))
    return NULL;

  return g_steal_pointer (&path);
}

static BenchNginx *
get_server (Bench *bench, const BenchCase *c, GError **error)
{
  if (!c->link)
    return bench->near != NULL ? bench->near
                               : (bench->near = bench_nginx_new ("127.0.0.1", NULL, error));

  if (bench->link == NULL)
    bench->link = bench_link_new (LINK_DELAY, LINK_LOSS, error);
  if (bench->link != NULL && bench->far == NULL)
    bench->far =
      bench_nginx_new (BENCH_LINK_SERVER_ADDRESS, bench_link_get_server (bench->link), error);

  return bench->far;
}

static gboolean
add_files (const BenchCase *c, BenchNginx *server, GError **error)
{
  for (guint i = 0; i < c->n_files; i++)
    {
      g_autofree char *name = get_file_name (c, i);

      if (!bench_nginx_add_file (server, name, c->size, error))
        return FALSE;
    }

  return TRUE;
}

static guint
get_programs (const BenchCase *c)
{
  guint programs = 0;

  for (BenchProgram i = 0; i < BENCH_N_PROGRAMS; i++)
    if (c->programs & 1u << i && bench_program_is_there (i))
      programs |= 1u << i;

  return programs;
}

static gboolean
run_case (Bench *bench, const BenchCase *c, GError **error)
{
  g_autoptr (BenchTable) table = bench_table_new ();
  g_autofree char *file = get_file_name (c, 0);
  g_autofree char *list = NULL;
  BenchErrand errand = { .kind = c->kind,
                         .n_connections = c->n_connections,
                         .folder = c->durable ? bench->disk : bench->memory,
                         .durable = c->durable };
  guint programs = get_programs (c);

  errand.server = get_server (bench, c, error);
  if (errand.server == NULL || !add_files (c, errand.server, error))
    return FALSE;
  if (c->n_files == 1)
    errand.file = file;
  else
    errand.list = list = write_lists (bench, c, errand.server, error);
  if (errand.file == NULL && errand.list == NULL)
    return FALSE;
  if (c->link)
    errand.client = bench_link_get_client (bench->link);

  wait_for_quiet (bench);
  for (int i = 0; i <= bench->runs && !interrupted; i++)
    run_round (bench, c, &errand, (guint) i, &programs, table);
  bench_table_print (table, &c->bounds);

  return TRUE;
}

static gboolean
is_wanted (const BenchCase *c, char *const *names)
{
  if (*names == NULL)
    return TRUE;
  for (; *names != NULL; names++)
    if (strstr (c->name, *names) != NULL)
      return TRUE;

  return FALSE;
}

static void
run_cases (Bench *bench)
{
  printf ("%-13s %8s %4s %8s %8s %26s\n", "", "time, s", "±%", "CPU, s", "MiB",
          "Bobbin’s time, CPU, MiB ÷");
  for (gsize i = 0; i < bench_n_cases; i++)
    {
      g_autoptr (GError) error = NULL;

      if (interrupted || !is_wanted (&bench_cases[i], bench->names))
        continue;
      printf ("%s\n", bench_cases[i].name);
      fflush (stdout);
      if (!run_case (bench, &bench_cases[i], &error))
        printf ("  left out: %s\n", error->message);
      fflush (stdout);
    }
}

static gboolean
begin (Bench *bench, GError **error)
{
  g_autofree char *parent =
    bench->disk != NULL ? g_steal_pointer (&bench->disk) : g_strdup ("/var/tmp");

  for (BenchProgram i = 0; i < BENCH_N_PROGRAMS; i++)
    if (!bench_program_is_there (i))
      printf ("Left out, as it is not installed: %s\n", bench_program_get_name (i));

  bench->disk = bench_folder_new (parent, error);
  if (bench->disk != NULL)
    bench->memory = bench_folder_new ("/dev/shm", error);

  return bench->memory != NULL;
}

static void
end (Bench *bench)
{
  g_autofree char *list = g_strconcat (bench->memory, ".list", NULL);
  g_autofree char *curl_list = g_strconcat (list, ".curl", NULL);

  g_remove (list);
  g_remove (curl_list);
  g_clear_pointer (&bench->near, bench_nginx_free);
  g_clear_pointer (&bench->far, bench_nginx_free);
  g_clear_pointer (&bench->link, bench_link_free);
  g_clear_pointer (&bench->disk, bench_folder_free);
  g_clear_pointer (&bench->memory, bench_folder_free);
  g_strfreev (bench->names);
}

static const char how_to_read[] =
  "What a download costs. CASE is a part of a case’s name; without one all are measured, in half "
  "an\n"
  "hour. Times are of whole processes, from their start to their end, in seconds: on the clock, "
  "and\n"
  "of processors; MiB is the most memory they had. All are medians; ±% is half the distance of "
  "the\n"
  "quartiles of the time. “Disk” ends when the disk has it all: behind programs that do not see "
  "to\n"
  "that sync(1) does, and is measured with them. The last three columns say how Bobbin compares, "
  "below\n"
  "1 is better. The sink is no downloader: it shows what machine, kernel and server cost.\n"
  "\n"
  "The server needs processors, too: on two cores many connections at once make one download "
  "slower.\n"
  "The cases with 40 ms and loss need root, for they use network namespaces.";

int
main (int argc, char **argv)
{
  Bench bench = { .runs = 7, .patience = 180 };
  const GOptionEntry entries[] = {
    { "runs", 0, 0, G_OPTION_ARG_INT, &bench.runs, "So many runs of each (default 7)", "N" },
    { "patience", 0, 0, G_OPTION_ARG_INT, &bench.patience,
      "Wait so long for other programs to be quiet (default 180)", "SECONDS" },
    { "disk", 0, 0, G_OPTION_ARG_FILENAME, &bench.disk,
      "A folder on the disk that is measured (default /var/tmp)", "FOLDER" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *nginx = bench_nginx_find ();

  bench.names = bench_machine_parse ("[CASE…]", how_to_read, entries, argv);
  if (nginx == NULL)
    {
      printf ("There is no nginx to download from\n");
      return SKIPPED;
    }

  signal (SIGINT, on_signal);
  signal (SIGTERM, on_signal);
  bench_machine_print ();
  if (begin (&bench, &error))
    run_cases (&bench);
  else
    g_printerr ("%s\n", error->message);
  end (&bench);

  return bench.failed || interrupted || error != NULL ? EXIT_FAILURE : EXIT_SUCCESS;
}
