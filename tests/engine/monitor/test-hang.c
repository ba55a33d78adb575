/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Monitors beside others that hang: a file system that never answers, a port that swallows
 * connections, a server that drips, an alert command that blocks for a minute. They hold up nobody,
 * stop when they are told to, and what the kernel does not let go of does not keep the program from
 * ending. That program is this one, with “--hang FOLDER”: what is stuck in it is stuck until it
 * ends.
 */

#include "config.h"

#include "bobbin-alerts.h"
#include "bobbin-job-queue.h"
#include "bobbin-monitor-private.h"
#include "bobbin-test-fuse.h"
#include "bobbin-test-namespace.h"
#include "bobbin-test-server.h"
#include "bobbin-test-wait.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#define N_HEALTHY 50
#define INTERVAL  0.1

/* Monitors are on time in one of so many windows of so many slots: a machine that is busy with
 * something else for a moment is late in some of them, and who waits for a hung one in all. */
#define N_WINDOWS 20
#define N_SLOTS   10
#define MAX_LATE  100 /* ms */

static const char *program;

/* ---- the program that has hung monitors */

typedef struct
{
  BobbinMonitor *monitor; /* (owned) */
  guint n_sampled;        /* in this window */
  gint64 due;             /* of the sample before, µs */
  guint n_missed;         /* slots, in this window */
  GArray *late;           /* (unowned) (element-type double): ms */
  gint64 stopped;         /* monotonic µs */
  GArray *took;           /* (unowned) (element-type double): ms until it had stopped */
} Watched;

typedef struct
{
  BobbinJobQueue *queue;
  BobbinAlerts *alerts;
  BobbinTestServer *server;
  BobbinTestBacklog *backlog;
  GArray *late; /* of double */
  GArray *took; /* of double */
  Watched healthy[N_HEALTHY];
  Watched stuck; /* in the kernel */
  Watched swallowed;
  Watched dripping;
} Program;

static void
on_sampled (BobbinMonitor *monitor, gpointer user_data)
{
  Watched *self = user_data;
  gint64 due;
  double late;

  g_object_get (monitor, "due", &due, NULL);
  late = (double) (g_get_real_time () - due) / G_TIME_SPAN_MILLISECOND;
  g_array_append_val (self->late, late);
  if (self->due != 0)
    self->n_missed += MAX ((due - self->due) / (INTERVAL * G_USEC_PER_SEC) + 0.5, 1) - 1;
  self->due = due;
  self->n_sampled++;
}

static void
watched_init (Watched *self, Program *hung, const char *target, double interval, double timeout)
{
  g_autoptr (GError) error = NULL;

  self->monitor = BOBBIN_MONITOR (bobbin_monitor_new (target, &error));
  g_assert_no_error (error);
  self->late = hung->late;
  self->took = hung->took;
  g_object_set (self->monitor, "interval", interval, "timeout", timeout, NULL);
  bobbin_job_queue_add (hung->queue, BOBBIN_JOB (self->monitor));
}

static void
begin_servers (Program *self)
{
  g_autofree char *filler = g_strnfill (2000, 'x');
  g_autofree char *header = g_strconcat ("X-Filler: ", filler, "\r\n", NULL);

  self->backlog = bobbin_test_backlog_new ();
  self->server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  bobbin_test_server_set (self->server, "/drip",
                          &(BobbinTestFile){ .headers = header, .fault = BOBBIN_TEST_FAULT_DRIP });
}

static void
add_hung (Program *self, const char *folder)
{
  g_autofree char *disk = g_strconcat ("disk:", folder, NULL);
  g_autofree char *port =
    g_strdup_printf ("tcp://127.0.0.1:%u", bobbin_test_backlog_get_port (self->backlog));
  g_autofree char *address = bobbin_test_server_get_uri (self->server, "/drip");
  GVariant *alerting = g_variant_new_parsed ("{'command': <['sleep', '60']>}");

  watched_init (&self->stuck, self, disk, INTERVAL, 0.2);
  g_object_set (self->stuck.monitor, "alerting", alerting, NULL);
  watched_init (&self->swallowed, self, port, INTERVAL, 60);
  watched_init (&self->dripping, self, address, INTERVAL, 60);
}

static void
add_healthy (Program *self)
{
  static const char *const targets[] = { "cpu", "memory", "load", "disk:/" };

  for (guint i = 0; i < N_HEALTHY; i++)
    {
      Watched *healthy = &self->healthy[i];

      watched_init (healthy, self, targets[i % G_N_ELEMENTS (targets)], INTERVAL, 60);
      g_signal_connect (healthy->monitor, "sampled", G_CALLBACK (on_sampled), healthy);
    }
}

static void
program_init (Program *self, const char *folder)
{
  self->queue = bobbin_job_queue_new ();
  self->alerts = bobbin_alerts_new ();
  self->late = g_array_new (FALSE, FALSE, sizeof (double));
  self->took = g_array_new (FALSE, FALSE, sizeof (double));
  bobbin_alerts_set_deadline (self->alerts, 60 * G_USEC_PER_SEC);
  bobbin_alerts_follow (self->alerts, G_LIST_MODEL (self->queue));
  begin_servers (self);
  add_hung (self, folder);
  add_healthy (self);
  bobbin_job_queue_start_all (self->queue, BOBBIN_TYPE_MONITOR);
}

static gboolean
begins (Watched *self, const char *text)
{
  return g_str_has_prefix (bobbin_job_get_status_line (BOBBIN_JOB (self->monitor)), text);
}

static gboolean
is_overdue (Watched *self)
{
  gboolean overdue;

  g_object_get (self->monitor, "overdue", &overdue, NULL);

  return overdue;
}

/* All that can hang does. */
static void
wait_until_hung (Program *self)
{
  BOBBIN_TEST_WAIT_UNTIL (is_overdue (&self->stuck));
  BOBBIN_TEST_WAIT_UNTIL (begins (&self->stuck, "No answer for "));
  BOBBIN_TEST_WAIT_UNTIL (is_overdue (&self->swallowed));
  BOBBIN_TEST_WAIT_UNTIL (is_overdue (&self->dripping));
  BOBBIN_TEST_WAIT_UNTIL (bobbin_alerts_get_n_pending (self->alerts) > 0);
}

static gboolean
is_window_over (Program *self)
{
  for (guint i = 0; i < N_HEALTHY; i++)
    if (self->healthy[i].n_sampled < N_SLOTS)
      return FALSE;

  return TRUE;
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
  g_array_sort (values, compare);

  return g_array_index (values, double, (guint) ((values->len - 1) * 0.99));
}

static gboolean
is_on_time (Program *self)
{
  guint n_missed = 0;
  double late;

  g_array_set_size (self->late, 0);
  for (guint i = 0; i < N_HEALTHY; i++)
    self->healthy[i].n_sampled = self->healthy[i].n_missed = 0;
  BOBBIN_TEST_WAIT_UNTIL (is_window_over (self));

  for (guint i = 0; i < N_HEALTHY; i++)
    n_missed += self->healthy[i].n_missed;
  late = get_percentile (self->late);
  printf ("%u samples beside what hangs, p99 %.1f ms late, %u slots missed\n", self->late->len,
          late, n_missed);

  return late < MAX_LATE && n_missed == 0;
}

static gboolean
are_on_time (Program *self)
{
  for (guint i = 0; i < N_WINDOWS; i++)
    if (is_on_time (self))
      return TRUE;

  return FALSE;
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Watched *self = user_data;
  const double took = (double) (g_get_monotonic_time () - self->stopped) / G_TIME_SPAN_MILLISECOND;

  g_assert_true (bobbin_job_stop_finish (BOBBIN_JOB (source), result, NULL));
  g_assert_cmpint (bobbin_job_get_state (BOBBIN_JOB (source)), ==, BOBBIN_JOB_IDLE);
  g_array_append_val (self->took, took);
}

static void
stop (Watched *self)
{
  self->stopped = g_get_monotonic_time ();
  bobbin_job_stop_async (BOBBIN_JOB (self->monitor), on_stopped, self);
}

/* Each joins but the one that the kernel does not let go of, and that one says so. */
static void
stop_all (Program *self)
{
  stop (&self->stuck);
  for (guint i = 0; i < N_HEALTHY; i++)
    stop (&self->healthy[i]);
  stop (&self->swallowed);
  stop (&self->dripping);
  BOBBIN_TEST_WAIT_UNTIL (self->took->len == N_HEALTHY + 2);
  printf ("%u stops, p99 %.1f ms\n", self->took->len, get_percentile (self->took));

  BOBBIN_TEST_WAIT_UNTIL (begins (&self->stuck, "Stopping… No answer for "));
  g_assert_cmpint (bobbin_job_get_state (BOBBIN_JOB (self->stuck.monitor)), ==,
                   BOBBIN_JOB_STOPPING);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_alerts_close_finish (BOBBIN_ALERTS (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
on_shut_down (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_job_queue_shutdown_finish (BOBBIN_JOB_QUEUE (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
quit (Program *self)
{
  gboolean closed = FALSE;
  gboolean shut_down = FALSE;

  bobbin_alerts_close_async (self->alerts, on_closed, &closed);
  BOBBIN_TEST_WAIT_UNTIL (closed);
  bobbin_job_queue_shutdown_async (self->queue, on_shut_down, &shut_down);
  BOBBIN_TEST_WAIT_UNTIL (shut_down);
  bobbin_test_server_free (self->server);
  bobbin_test_backlog_free (self->backlog);
}

static int
run_hung (const char *folder)
{
  Program self = { NULL };

  setlocale (LC_ALL, "");
  /* Nothing of it outlives the test. */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  program_init (&self, folder);
  wait_until_hung (&self);
  g_assert_true (are_on_time (&self));
  stop_all (&self);
  quit (&self);

  return EXIT_SUCCESS;
}

/* ---- the test */

typedef struct
{
  char *folder; /* (owned) */
  BobbinTestFuse *fuse;
} Fixture;

static void
set_up (Fixture *self, gconstpointer user_data)
{
  self->folder = g_dir_make_tmp ("bobbin-hang-XXXXXX", NULL);
  self->fuse = bobbin_test_fuse_new (self->folder, NULL);
}

static void
tear_down (Fixture *self, gconstpointer user_data)
{
  g_clear_pointer (&self->fuse, bobbin_test_fuse_free);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
}

static void
add_option (GSubprocessLauncher *launcher, const char *name, const char *option)
{
  const char *set = g_getenv (name);
  g_autofree char *options = g_strconcat (set != NULL ? set : "", ":", option, NULL);

  g_subprocess_launcher_setenv (launcher, name, options, TRUE);
}

/* What is left alone is no leak, and a thread that is stuck cannot be halted to look for some. */
static GSubprocess *
launch (Fixture *self)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  add_option (launcher, "ASAN_OPTIONS", "detect_leaks=0");
  add_option (launcher, "TSAN_OPTIONS", "report_thread_leaks=0");
  process = g_subprocess_launcher_spawn (launcher, &error, program, "--hang", self->folder, NULL);
  g_assert_no_error (error);

  return process;
}

typedef struct
{
  gboolean ended;
  char *output; /* (owned) */
  char *errors; /* (owned) */
} Said;

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Said *said = user_data;
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, &said->output, &said->errors,
                                        &error);
  g_assert_no_error (error);
  said->ended = TRUE;
}

static void
tell (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      g_test_message ("%s", lines[i]);
}

static void
test_hang (Fixture *self, gconstpointer user_data)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *abandoned =
    g_strdup_printf ("“Disk %s” does not come back from the system", self->folder);
  Said said = { FALSE };

  if (self->fuse == NULL)
    {
      g_test_skip ("No FUSE file system may be mounted here");
      return;
    }

  process = launch (self);
  g_subprocess_communicate_utf8_async (process, NULL, NULL, on_ended, &said);
  BOBBIN_TEST_WAIT_UNTIL (said.ended);
  tell (said.output);
  tell (said.errors);

  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, EXIT_SUCCESS);
  g_assert_nonnull (strstr (said.errors, abandoned));
  g_free (said.output);
  g_free (said.errors);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--hang"))
    return run_hung (argv[2]);

  program = argv[0];
  bobbin_test_enter_namespace ();
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/hang/beside", Fixture, NULL, set_up, test_hang, tear_down);

  return g_test_run ();
}
