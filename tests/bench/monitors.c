/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What monitors cost that just run, without a window: processor time, memory, wake-ups; and how
 * late they are. Each case is a process of its own, so that none inherits another one's memory.
 * Beside them what else a computer may have for it: monit, collectd and netdata, if they are
 * installed.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-answerer.h"
#include "bench-machine.h"
#include "bench-usage.h"
#include "bobbin-job-queue.h"
#include "bobbin-monitor.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct
{
  double seconds;
  BenchUsage used; /* meanwhile; the memory at the end */
  guint n_samples;
  double late; /* ms: of 99 % of the samples */
} Result;

/* What it may cost; see --must. */
#define MAX_LOCAL_CPU   0.5  /* % of a core */
#define MAX_HTTP_CPU    3.0  /* the same */
#define MAX_MEMORY      32.0 /* KiB a monitor */
#define MAX_LOCAL_WAKES 2.0  /* a second */

static int seconds = 120;
static int warm_up = 3; /* s */

/* ---- our own, in a process of its own: whoever measures it is outside, and wakes nobody up */

typedef struct
{
  guint32 due; /* ms since it began */
  float late;  /* ms */
} Slot;

/* In µs since 1970. */
typedef struct
{
  gint64 begin;
  gint64 end;
} Span;

typedef struct
{
  GMainLoop *loop;
  gint64 began;  /* µs since 1970 */
  GArray *slots; /* of Slot */
  Span span;     /* what is asked for */
} Run;

static void
on_sampled (BobbinMonitor *monitor, gpointer user_data)
{
  Run *run = user_data;
  gint64 due;
  Slot slot;

  g_object_get (monitor, "due", &due, NULL);
  slot.due = (guint32) MAX ((due - run->began) / 1000, 0);
  slot.late = (float) (g_get_real_time () - due) / 1000;
  g_array_append_val (run->slots, slot);
}

/* It has been measured. */
static gboolean
on_asked (int fd, GIOCondition condition, gpointer user_data)
{
  Run *run = user_data;

  if (read (fd, &run->span, sizeof run->span) != sizeof run->span)
    g_error ("A run was not asked for its result");
  g_main_loop_quit (run->loop);

  return G_SOURCE_REMOVE;
}

static void
on_shut_down (GObject *source, GAsyncResult *result, gpointer user_data)
{
  bobbin_job_queue_shutdown_finish (BOBBIN_JOB_QUEUE (source), result, NULL);
  g_main_loop_quit (user_data);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const double first = *(const double *) a;
  const double second = *(const double *) b;

  return (first > second) - (first < second);
}

static double
get_percentile (GArray *values)
{
  if (values->len == 0)
    return 0;
  g_array_sort (values, compare);

  return g_array_index (values, double, (guint) ((values->len - 1) * 0.99));
}

/* Of the slots that were due in the time that was measured. */
static Result
summarize (const Run *run)
{
  g_autoptr (GArray) late = g_array_new (FALSE, FALSE, sizeof (double));
  const gint64 begin = (run->span.begin - run->began) / 1000;
  const gint64 end = (run->span.end - run->began) / 1000;

  for (guint i = 0; i < run->slots->len; i++)
    {
      const Slot *slot = &g_array_index (run->slots, Slot, i);
      const double ms = slot->late;

      if (slot->due >= begin && slot->due < end)
        g_array_append_val (late, ms);
    }

  return (Result){ .n_samples = late->len, .late = get_percentile (late) };
}

/* What everybody has. */
static char *
get_local_target (guint i)
{
  static const char *const targets[] = { "cpu", "memory", "swap", "load", "disk:/" };

  return g_strdup (targets[i % G_N_ELEMENTS (targets)]);
}

static void
add_monitors (Run *run, BobbinJobQueue *queue, guint n, guint16 port)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *target =
        port > 0 ? g_strdup_printf ("http://127.0.0.1:%u/%u", port, i) : get_local_target (i);
      g_autoptr (GError) error = NULL;
      g_autoptr (BobbinJob) job = bobbin_monitor_new (target, &error);

      if (job == NULL)
        g_error ("%s", error->message);
      g_object_set (job, "interval", 1.0, NULL);
      g_signal_connect (job, "sampled", G_CALLBACK (on_sampled), run);
      bobbin_job_queue_add (queue, job);
      bobbin_job_start (job);
    }
}

static Result
run_monitors (guint n, guint16 port, int fd)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (BobbinJobQueue) queue = bobbin_job_queue_new ();
  Run run = { .loop = loop,
              .began = g_get_real_time (),
              .slots = g_array_new (FALSE, FALSE, sizeof (Slot)) };
  Result result;

  g_array_set_size (run.slots, (n + 1) * (seconds + warm_up + 5));
  g_array_set_size (run.slots, 0);
  add_monitors (&run, queue, n, port);
  g_unix_fd_add (fd, G_IO_IN, on_asked, &run);
  g_main_loop_run (loop);

  result = summarize (&run);
  bobbin_job_queue_shutdown_async (queue, on_shut_down, loop);
  g_main_loop_run (loop);
  g_array_unref (run.slots);

  return result;
}

/* Until some time in a second at which nobody has a slot: those of servers are an 8th apart. */
static void
sleep_until (gint64 second)
{
  const struct timespec time = { second, 1000000000 / 16 * 9 };

  while (clock_nanosleep (CLOCK_BOOTTIME, TIMER_ABSTIME, &time, NULL) == EINTR)
    continue;
}

static gint64
get_second (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);

  return now.tv_sec;
}

/* What a process uses in the time that it is asked for, and a second later, when all that was due
 * has been heard of. It looks each second, as threads leave. */
static BenchUsage
look_at (pid_t pid, Span *span)
{
  const gint64 begin = get_second () + warm_up;
  BenchUsage before;
  BenchUsage after = { 0 };

  sleep_until (begin);
  before = bench_usage_look (pid);
  span->begin = g_get_real_time ();
  for (int i = 1; i <= seconds; i++)
    {
      sleep_until (begin + i);
      after = bench_usage_look (pid);
    }
  span->end = g_get_real_time ();
  sleep_until (begin + seconds + 1);

  return bench_usage_subtract (&before, &after);
}

static void G_GNUC_NORETURN
run_and_answer (guint n, guint16 port, const int *ask, const int *answer)
{
  Result own;

  close (ask[1]);
  close (answer[0]);
  own = run_monitors (n, port, ask[0]);
  _exit (write (answer[1], &own, sizeof own) == sizeof own ? 0 : 1);
}

/* In a process that has nothing yet. */
static Result
measure (guint n, guint16 port)
{
  Result result = { 0 };
  BenchUsage used;
  int ask[2];
  int answer[2];
  Span span;
  pid_t pid;

  if (pipe (ask) < 0 || pipe (answer) < 0)
    g_error ("No pipe: %s", g_strerror (errno));
  pid = fork ();
  if (pid == 0)
    run_and_answer (n, port, ask, answer);
  close (ask[0]);
  close (answer[1]);
  used = look_at (pid, &span);
  if (write (ask[1], &span, sizeof span) != sizeof span ||
      read (answer[0], &result, sizeof result) != sizeof result)
    g_error ("A run ended without a result");
  close (ask[1]);
  close (answer[0]);
  waitpid (pid, NULL, 0);
  result.used = used;
  result.seconds = (double) (span.end - span.begin) / G_USEC_PER_SEC;

  return result;
}

static void
print (const char *name, const Result *result)
{
  printf ("%-34s %8.3f %8.1f %9.1f", name, 100 * result->used.cpu / result->seconds,
          (double) result->used.wakeups / result->seconds, (double) result->used.resident / 1024);
  if (result->n_samples > 0)
    printf (" %10.1f %9.2f", result->n_samples / result->seconds, result->late);
  printf ("\n");
  fflush (stdout);
}

/* ---- peers */

static char *
make_monit_file (const char *folder, guint n, guint16 port)
{
  g_autoptr (GString) text = g_string_new ("set daemon 1\nset log /dev/null\n");
  char *path = g_build_filename (folder, "monitrc", NULL);

  g_string_append_printf (text, "set pidfile %s/pid\nset idfile %s/id\nset statefile %s/state\n",
                          folder, folder, folder);
  for (guint i = 0; i < n && port > 0; i++)
    g_string_append_printf (text,
                            "check host h%u with address 127.0.0.1\n"
                            "  if failed port %u protocol http request \"/%u\" then alert\n",
                            i, port, i);
  for (guint i = 0; i < n && port == 0; i++)
    g_string_append_printf (text,
                            "check filesystem f%u with path /\n"
                            "  if space usage > 99%% then alert\n",
                            i);
  if (!g_file_set_contents (path, text->str, -1, NULL) || g_chmod (path, 0600) < 0)
    g_error ("%s cannot be written", path);

  return path;
}

static char *
make_collectd_file (const char *folder)
{
  g_autofree char *text =
    g_strdup_printf ("BaseDir \"%s\"\nPIDFile \"%s/pid\"\nInterval 1\n"
                     "LoadPlugin cpu\nLoadPlugin memory\nLoadPlugin swap\nLoadPlugin load\n"
                     "LoadPlugin df\nLoadPlugin csv\n"
                     "<Plugin csv>\n  DataDir \"%s/csv\"\n</Plugin>\n",
                     folder, folder, folder);
  char *path = g_build_filename (folder, "collectd.conf", NULL);

  if (!g_file_set_contents (path, text, -1, NULL))
    g_error ("%s cannot be written", path);

  return path;
}

/* What reads /proc and the file systems, and nothing else of it. */
static char *
make_netdata_file (const char *folder)
{
  static const char *const others[] = { "apps",       "cgroups", "charts.d",
                                        "ebpf",       "fping",   "go.d",
                                        "idlejitter", "ioping",  "netdata monitoring",
                                        "nfacct",     "perf",    "python.d",
                                        "slabinfo",   "tc",      "timex" };
  g_autoptr (GString) text = g_string_new (NULL);
  char *path = g_build_filename (folder, "netdata.conf", NULL);

  g_string_append_printf (text,
                          "[global]\n  run as user = %s\n"
                          "[directories]\n  config = %s\n  cache = %s\n  lib = %s\n  log = %s\n"
                          "[logs]\n  debug = none\n  error = none\n  access = none\n"
                          "[db]\n  mode = ram\n  update every = 1\n"
                          "[web]\n  mode = none\n[ml]\n  enabled = no\n"
                          "[plugins]\n  proc = yes\n  diskspace = yes\n"
                          "  enable running new plugins = no\n",
                          g_get_user_name (), folder, folder, folder, folder);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_string_append_printf (text, "  %s = no\n", others[i]);
  if (!g_file_set_contents (path, text->str, -1, NULL))
    g_error ("%s cannot be written", path);

  return path;
}

static void
become (char **command)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (freopen ("/dev/null", "w", stdout) == NULL || freopen ("/dev/null", "w", stderr) == NULL)
    _exit (1);
  execvp (*command, command);
  _exit (127);
}

static void
measure_peer (const char *name, char **command)
{
  Result result = { .seconds = seconds };
  pid_t pid;
  BenchUsage before;
  BenchUsage after;

  pid = fork ();
  if (pid == 0)
    become (command);
  sleep (warm_up);
  before = bench_usage_look (pid);
  sleep (seconds);
  after = bench_usage_look (pid);
  kill (pid, SIGTERM);
  waitpid (pid, NULL, 0);

  result.used = bench_usage_subtract (&before, &after);
  print (name, &result);
}

static void
measure_peers (guint16 port)
{
  g_autofree char *folder = g_dir_make_tmp ("bobbin-bench-XXXXXX", NULL);
  g_autofree char *monit = g_find_program_in_path ("monit");
  g_autofree char *collectd = g_find_program_in_path ("collectd");
  g_autofree char *netdata = g_find_program_in_path ("netdata");
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", folder);

  for (guint i = 0; i < 2 && monit != NULL; i++)
    {
      g_autofree char *file = make_monit_file (folder, 100, i == 0 ? 0 : port);
      char *command[] = { monit, (char *) "-I", (char *) "-c", file, NULL };

      measure_peer (i == 0 ? "monit, 100 file systems" : "monit, 100 HTTP", command);
    }
  if (collectd != NULL)
    {
      g_autofree char *file = make_collectd_file (folder);
      char *command[] = { collectd, (char *) "-f", (char *) "-C", file, NULL };

      measure_peer ("collectd, 5 plugins", command);
    }
  if (netdata != NULL)
    {
      g_autofree char *file = make_netdata_file (folder);
      char *command[] = { netdata, (char *) "-D", (char *) "-c", file, NULL };

      measure_peer ("netdata, this computer", command);
    }
  if (system (remove) != 0)
    g_printerr ("%s stays\n", folder);
}

/* ---- */

/* It fails where a monitor was not sampled at (nearly) every slot. */
static gboolean
is_complete (const Result *result, guint n)
{
  return result->n_samples >= n * (MAX (seconds, 2) - 1);
}

static gboolean
is_met (const char *name, double value, double bound)
{
  const gboolean met = value <= bound;

  printf ("%-34s %8.3f of %g: %s\n", name, value, bound, met ? "met" : "MISSED");

  return met;
}

typedef struct
{
  Result none;
  Result hundred;
  Result thousand;
  Result http;
} Results;

static void
run_cases (Results *results, guint16 port)
{
  results->none = measure (0, 0);
  print ("none", &results->none);
  results->hundred = measure (100, 0);
  print ("100 local", &results->hundred);
  results->thousand = measure (1000, 0);
  print ("1000 local", &results->thousand);
  results->http = measure (100, port);
  print ("100 HTTP, loopback", &results->http);
}

/* All of them are looked at, whatever becomes of the first. */
static gboolean
are_met (const Results *results)
{
  const Result *hundred = &results->hundred;
  const Result *http = &results->http;
  const double n_slots = MAX (hundred->n_samples / 100.0, 1);
  const double memory =
    ((double) results->thousand.used.resident - (double) hundred->used.resident) / 900;
  gboolean met = TRUE;

  printf ("\n");
  met &= is_met ("100 local, CPU %", 100 * hundred->used.cpu / hundred->seconds, MAX_LOCAL_CPU);
  met &=
    is_met ("100 local, wakes a slot", (double) hundred->used.wakeups / n_slots, MAX_LOCAL_WAKES);
  met &= is_met ("100 HTTP, CPU %", 100 * http->used.cpu / http->seconds, MAX_HTTP_CPU);
  met &= is_met ("KiB a monitor (1000 less 100)", memory, MAX_MEMORY);
  printf ("\n");
  fflush (stdout);

  return met;
}

int
main (int argc, char **argv)
{
  gboolean no_peers = FALSE;
  gboolean must = FALSE;
  const GOptionEntry entries[] = {
    { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "How long each case runs (default 120)", "N" },
    { "must", 0, 0, G_OPTION_ARG_NONE, &must, "Fail if it costs more than it may", NULL },
    { "no-peers", 0, 0, G_OPTION_ARG_NONE, &no_peers, "Do without other programs", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) rest = bench_machine_parse (
    NULL,
    "What monitors cost, each with a sample a second. CPU is user and system time in % of one\n"
    "core; wake-ups are voluntary context switches of all threads a second; memory is resident,\n"
    "MiB; late is how many ms after it was due a sample has been judged, for 99 % of them.",
    entries, argv);
  BenchAnswerer answerer;
  Results results;
  gboolean met;

  seconds = MAX (seconds, 1);
  warm_up = MIN (warm_up, seconds);
  bench_answerer_start (&answerer);
  bench_machine_print ();
  printf ("%d s each\n\n%-34s %8s %8s %9s %10s %9s\n", seconds, "", "CPU %", "wakes/s", "MiB",
          "samples/s", "late ms");

  run_cases (&results, answerer.port);
  met = are_met (&results);
  if (!no_peers)
    measure_peers (answerer.port);
  bench_answerer_stop (&answerer);

  return is_complete (&results.hundred, 100) && is_complete (&results.thousand, 1000) &&
             is_complete (&results.http, 100) && (met || !must)
           ? EXIT_SUCCESS
           : EXIT_FAILURE;
}
