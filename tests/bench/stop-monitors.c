/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long it takes from asking a monitor to stop until it is joined, in each phase of its samples,
 * with one monitor and with fifty at once. To be run by hand:
 *
 *   tests/bench/stop-monitors [--must=MS] [PHASE…]
 *
 * Each is brought into its phase by the peer that it talks to, and asked to stop when the peer says
 * that it is there. What is measured is what a person notices: from the call of
 * bobbin_job_stop_async() to its callback in the main loop.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-machine.h"
#include "bench-peer.h"
#include "bench-resolver.h"
#include "bench-stops.h"

#include "bobbin-job-queue.h"
#include "bobbin-monitor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_ALONE    200 /* rounds of one monitor */
#define N_TOGETHER 5   /* rounds of fifty */
#define N_MONITORS 50

/* No round takes so long, in s, but one that will not end. */
#define PATIENCE 300

typedef struct _Phase Phase;

typedef struct
{
  const Phase *phase;    /* the present one */
  BobbinJobQueue *queue; /* (owned) */
  BenchPeer *peer;       /* (owned) (nullable): of the present phase */
  BenchResolver *resolver;
  GPtrArray *jobs;   /* (element-type BobbinJob) (owned): of the present round */
  guint n_sampled;   /* of the present round */
  gint64 begun;      /* µs */
  const char *doing; /* what the present round is at */
  BenchStops stops;
} Bench;

struct _Phase
{
  const char *name;
  const char *target; /* “%n” is the monitor's number, “%p” the peer's port */
  BenchPeerKind peer;
  gboolean (*is_ready) (Bench *bench);
};

static gboolean
is_sampled (Bench *bench)
{
  return bench->n_sampled >= bench->jobs->len;
}

/* Nobody hears of those of this computer: they are at it a moment later. */
static gboolean
is_under_way (Bench *bench)
{
  return g_get_monotonic_time () - bench->begun > 10 * G_TIME_SPAN_MILLISECOND;
}

static gboolean
is_peer_ready (Bench *bench)
{
  return bench_peer_get_n_ready (bench->peer) >= bench->jobs->len;
}

static gboolean
is_looking_up (Bench *bench)
{
  return bench_resolver_get_n_ready (bench->resolver) >= bench->jobs->len;
}

static const Phase phases[] = {
  { "resting, local", "memory", BENCH_PEER_CLOSED, is_sampled },
  { "resting, network", "tcp://127.0.0.1:%p", BENCH_PEER_SILENT, is_sampled },
  { "walking a folder", "folder:/usr", BENCH_PEER_CLOSED, is_under_way },
  { "name look-up", "http://host-%n.test:%p/", BENCH_PEER_CLOSED, is_looking_up },
  { "connecting", "tcp://127.0.0.1:%p", BENCH_PEER_FULL, is_peer_ready },
  { "connecting, HTTP", "http://127.0.0.1:%p/", BENCH_PEER_FULL, is_peer_ready },
  { "TLS handshake", "https://127.0.0.1:%p/", BENCH_PEER_SILENT, is_peer_ready },
  { "TLS of a certificate", "cert://127.0.0.1:%p", BENCH_PEER_SILENT, is_peer_ready },
  { "waiting for headers", "http://127.0.0.1:%p/%n", BENCH_PEER_SILENT, is_peer_ready },
  { "stalled body", "page:http://127.0.0.1:%p/%n", BENCH_PEER_STALLED, is_peer_ready },
};

/* The rounds themselves have no end of their own: each waits for what must come. */
static gboolean
on_patience_over (gpointer user_data)
{
  Bench *bench = user_data;

  g_printerr ("“%s”, %u monitors: %s has not ended after %d s\n", bench->phase->name,
              bench->jobs->len, bench->doing, PATIENCE);
  exit (EXIT_FAILURE);
}

static void
on_sampled (BobbinMonitor *monitor, gpointer user_data)
{
  Bench *bench = user_data;

  bench->n_sampled++;
}

static char *
make_target (Bench *bench, guint number)
{
  g_autoptr (GString) target = g_string_new (bench->phase->target);
  g_autofree char *number_text = g_strdup_printf ("%u", number);
  g_autofree char *port_text = g_strdup_printf ("%u", bench_peer_get_port (bench->peer));

  g_string_replace (target, "%n", number_text, 0);
  g_string_replace (target, "%p", port_text, 0);

  return g_strdup (target->str);
}

static BobbinJob *
begin (Bench *bench, guint number)
{
  g_autofree char *target = make_target (bench, number);
  g_autoptr (GError) error = NULL;
  BobbinJob *job = bobbin_monitor_new (target, &error);

  if (job == NULL)
    g_error ("%s", error->message);
  g_object_set (job, "interval", 3600.0, "timeout", 3600.0, NULL);
  g_signal_connect (job, "sampled", G_CALLBACK (on_sampled), bench);
  bobbin_job_queue_add (bench->queue, job);
  bobbin_job_start (job);

  return job;
}

/* What the peers do is heard of by a wake-up; the kernel and the clock are asked every millisecond.
 */
static gboolean
on_ask_again (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
bring_monitors (Bench *bench, guint n_monitors)
{
  const guint again = g_timeout_add (1, on_ask_again, NULL);

  bench->n_sampled = 0;
  bench_peer_forget (bench->peer);
  for (guint i = 0; i < n_monitors; i++)
    g_ptr_array_add (bench->jobs, begin (bench, i));
  bench->begun = g_get_monotonic_time ();
  while (!bench->phase->is_ready (bench))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (again);
}

/* Leaves nothing of a round to the next one. */
static void
clean_up (Bench *bench)
{
  for (guint i = 0; i < bench->jobs->len; i++)
    {
      BobbinJob *job = g_ptr_array_index (bench->jobs, i);

      bobbin_job_queue_remove_async (bench->queue, job, NULL, NULL);
      while (bobbin_job_queue_find (bench->queue, job, NULL))
        g_main_context_iteration (NULL, TRUE);
      g_signal_handlers_disconnect_by_data (job, bench);
    }
  g_ptr_array_set_size (bench->jobs, 0);
  while (bench_peer_get_n_open (bench->peer) > 0 ||
         bench_resolver_get_n_ready (bench->resolver) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
run_round (Bench *bench, guint n_monitors)
{
  const guint patience = g_timeout_add_seconds (PATIENCE, on_patience_over, bench);

  bench->doing = "bringing them there";
  bring_monitors (bench, n_monitors);
  bench->doing = "stopping them";
  bench_stops_stop (&bench->stops, bench->jobs);
  bench->doing = "removing them";
  clean_up (bench);
  g_source_remove (patience);
}

static void
run_rounds (Bench *bench, guint n_monitors, guint n_rounds)
{
  bench->peer = bench_peer_new (bench->phase->peer);
  bench_stops_begin_row (&bench->stops);
  for (guint i = 0; i < n_rounds; i++)
    run_round (bench, n_monitors);

  bench_stops_end_row (&bench->stops, bench->phase->name, n_monitors);
  g_clear_pointer (&bench->peer, bench_peer_free);
}

static gboolean
is_wanted (const Phase *phase, char *const *names)
{
  if (*names == NULL)
    return TRUE;
  for (; *names != NULL; names++)
    if (strstr (phase->name, *names) != NULL)
      return TRUE;

  return FALSE;
}

static void
on_shut_down (GObject *source, GAsyncResult *result, gpointer user_data)
{
  bobbin_job_queue_shutdown_finish (BOBBIN_JOB_QUEUE (source), result, NULL);
  *(gboolean *) user_data = TRUE;
}

static void
shut_down (Bench *bench)
{
  gboolean done = FALSE;

  bobbin_job_queue_shutdown_async (bench->queue, on_shut_down, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (bench->queue);
  g_ptr_array_unref (bench->jobs);
}

int
main (int argc, char **argv)
{
  Bench bench = { 0 };
  int rounds = N_ALONE;
  const GOptionEntry entries[] = {
    { "must", 0, 0, G_OPTION_ARG_DOUBLE, &bench.stops.must, "Fail if the p99 of any row is longer",
      "MS" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "Rounds of one monitor (default 200)", "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) names = bench_machine_parse (
    "[PHASE…]",
    "From asking a monitor to stop until it is joined, in ms, by the phase its sample was in. "
    "PHASE\n"
    "is a part of a phase's name; without one all are measured.\n"
    "\n"
    "  monitors  so many are in that phase, and all are asked to stop in the same turn of the loop",
    entries, argv);

  bench.queue = bobbin_job_queue_new ();
  bench.resolver = bench_resolver_new ();
  bench.jobs = g_ptr_array_new_with_free_func (g_object_unref);
  g_resolver_set_default (G_RESOLVER (bench.resolver));
  bench_machine_print ();
  bench_stops_print_head ("monitors");
  for (gsize i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      bench.phase = &phases[i];
      if (!is_wanted (bench.phase, names))
        continue;
      run_rounds (&bench, 1, MAX (rounds, 1));
      run_rounds (&bench, N_MONITORS, CLAMP (rounds, 1, N_TOGETHER));
    }
  shut_down (&bench);
  g_object_unref (bench.resolver);

  return bench.stops.n_missed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
