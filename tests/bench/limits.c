/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Whether limits of speed are kept: over ten seconds, by one download and by a hundred, fairly
 * between them, and soon after they were changed. To be run by hand:
 *
 *   TMPDIR=/dev/shm tests/bench/limits
 *
 * The downloads are of a file without end, from a peer that sends as fast as it is read.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-folder.h"
#include "bench-machine.h"
#include "bench-peer.h"

#include "bobbin-download.h"
#include "bobbin-host-gate.h"
#include "bobbin-job-queue.h"
#include "bobbin-rate-limiter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MB 1000000

/* In s: until the limit is what holds them, how long is measured, and how soon a change is to be
 * there, and how long is measured then. */
#define WARM_UP    2
#define WINDOW     10
#define SOON       1
#define NEW_WINDOW 3

/* A download's bytes are told at times; so long after the end of the window, at most, in s. */
#define PATIENCE 10

/* Per cent that the sum may be off, and the share of any. */
#define MUST       5.0
#define SHARE_MUST 20.0

typedef struct
{
  const char *name;
  guint n_jobs;
  gint64 rate;     /* bytes a second */
  gint64 then;     /* it is changed to that; 0: it is not */
  gboolean is_own; /* of each download, not of all together */
} Case;

static const Case cases[] = {
  { "of all", 1, 1 * MB },
  { "of all", 1, 20 * MB },
  { "of all", 100, 1 * MB },
  { "of all", 100, 20 * MB },
  { "of each", 1, 1 * MB, .is_own = TRUE },
  { "of each", 100, MB / 5, .is_own = TRUE },
  { "of all, lowered", 1, 20 * MB, 4 * MB },
  { "of all, raised", 1, 4 * MB, 20 * MB },
  { "of all, lowered", 100, 20 * MB, 4 * MB },
  { "of all, raised", 100, 4 * MB, 20 * MB },
  { "of each, lowered", 100, MB / 5, MB / 20, .is_own = TRUE },
};

typedef enum
{
  STAGE_BEFORE,
  STAGE_INSIDE,
  STAGE_AFTER,
} Stage;

typedef struct
{
  Stage stage;
  guint n_measured; /* downloads */
} Window;

/* What a download had when it first said so in the window, and first after it. */
typedef struct
{
  Window *window;
  BobbinJob *job; /* (owned) */
  gint64 bytes[2];
  gint64 time[2]; /* µs; 0: not yet */
} Meter;

typedef struct
{
  double sum; /* bytes a second */
  double least;
  double most;
} Rates;

static void
on_bytes (BobbinJob *job, GParamSpec *pspec, gpointer user_data)
{
  Meter *meter = user_data;
  const guint end = meter->window->stage == STAGE_AFTER;

  if (meter->window->stage == STAGE_BEFORE || meter->time[end] != 0 ||
      (end == 1 && meter->time[0] == 0))
    return;
  meter->bytes[end] = bobbin_job_get_bytes (job);
  meter->time[end] = g_get_monotonic_time ();
  meter->window->n_measured += end;
}

static gboolean
on_over (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Turns of the main loop for so many seconds, or until so many are measured. */
static void
run_for (guint seconds, const Window *window, guint n_measured)
{
  gboolean is_over = FALSE;
  const guint timer = g_timeout_add_seconds (seconds, on_over, &is_over);

  while (!is_over && window->n_measured < n_measured)
    g_main_context_iteration (NULL, TRUE);
  if (!is_over)
    g_source_remove (timer);
}

static void
set_limit (const Case *limit, Meter *meters, gint64 rate)
{
  if (!limit->is_own)
    bobbin_rate_limiter_set_rate (bobbin_rate_limiter_get_global (), rate);
  for (guint i = 0; limit->is_own && i < limit->n_jobs; i++)
    g_object_set (meters[i].job, "limit-rate", rate, NULL);
}

static void
begin (Meter *meter, BobbinJobQueue *queue, BenchPeer *peer, const char *folder, guint number)
{
  g_autofree char *address =
    g_strdup_printf ("http://127.0.0.1:%u/%u.bin", bench_peer_get_port (peer), number);

  meter->job = bobbin_download_new (address, folder);
  g_object_set (meter->job, "connections", 1, "sync", FALSE, NULL);
  g_signal_connect (meter->job, "notify::bytes", G_CALLBACK (on_bytes), meter);
  bobbin_job_queue_add (queue, meter->job);
}

static void
on_shut_down (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void
end (BobbinJobQueue *queue, Meter *meters, guint n_jobs)
{
  gboolean is_shut = FALSE;

  bobbin_job_queue_shutdown_async (queue, on_shut_down, &is_shut);
  while (!is_shut)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < n_jobs; i++)
    {
      g_signal_handlers_disconnect_by_data (meters[i].job, &meters[i]);
      g_object_unref (meters[i].job);
    }
  bobbin_rate_limiter_set_rate (bobbin_rate_limiter_get_global (), 0);
}

static Rates
add_up (const Meter *meters, guint n_jobs)
{
  Rates rates = { .least = G_MAXDOUBLE };

  for (guint i = 0; i < n_jobs; i++)
    {
      const gint64 time = meters[i].time[1] - meters[i].time[0];
      const double rate =
        meters[i].time[1] > 0
          ? (double) (meters[i].bytes[1] - meters[i].bytes[0]) * G_USEC_PER_SEC / time
          : 0;

      rates.sum += rate;
      rates.least = MIN (rates.least, rate);
      rates.most = MAX (rates.most, rate);
    }
  return rates;
}

static void
watch (const Case *limit, Meter *meters, Window *window)
{
  run_for (WARM_UP, window, G_MAXUINT);
  if (limit->then > 0)
    {
      set_limit (limit, meters, limit->then);
      run_for (SOON, window, G_MAXUINT);
    }
  window->stage = STAGE_INSIDE;
  run_for (limit->then > 0 ? NEW_WINDOW : WINDOW, window, G_MAXUINT);
  window->stage = STAGE_AFTER;
  run_for (PATIENCE, window, limit->n_jobs);
}

static Rates
measure (const Case *limit)
{
  g_autoptr (BobbinJobQueue) queue = bobbin_job_queue_new ();
  BenchPeer *peer = bench_peer_new (BENCH_PEER_FLOWING);
  char *folder = bench_folder_new (g_get_tmp_dir (), NULL);
  g_autofree Meter *meters = g_new0 (Meter, limit->n_jobs);
  Window window = { 0 };
  Rates rates;

  if (folder == NULL)
    g_error ("No folder to write to");
  bobbin_job_queue_set_max_transfers (queue, limit->n_jobs);
  for (guint i = 0; i < limit->n_jobs; i++)
    {
      meters[i].window = &window;
      begin (&meters[i], queue, peer, folder, i);
    }
  set_limit (limit, meters, limit->rate);
  for (guint i = 0; i < limit->n_jobs; i++)
    bobbin_job_start (meters[i].job);

  watch (limit, meters, &window);
  rates = add_up (meters, limit->n_jobs);
  end (queue, meters, limit->n_jobs);
  bench_peer_free (peer);
  bench_folder_free (folder);
  return rates;
}

/* Gives whether it was kept. */
static gboolean
print_row (const Case *limit, const Rates *rates)
{
  const double wanted =
    (double) (limit->then > 0 ? limit->then : limit->rate) * (limit->is_own ? limit->n_jobs : 1);
  const double share = wanted / limit->n_jobs;
  const double off = 100 * (rates->sum / wanted - 1);
  const double least = 100 * (rates->least / share - 1);
  const double most = 100 * (rates->most / share - 1);
  const gboolean is_kept = fabs (off) <= MUST && fabs (least) <= SHARE_MUST && most <= SHARE_MUST;

  printf ("%-18s %5u %9.2f %9.3f %+7.1f %+7.1f %+7.1f %s\n", limit->name, limit->n_jobs,
          wanted / MB, rates->sum / MB, off, least, most, is_kept ? "✓" : "✗");
  fflush (stdout);
  return is_kept;
}

static const char how_to_read[] =
  "Whether limits of speed are kept, in 10 s, and from 1 s after a change in the 3 s that follow.\n"
  "Files are written to TMPDIR.\n"
  "\n"
  "  jobs        so many downloads at once\n"
  "  limit came  MB/s of all of them, as it was set and as it was\n"
  "  off         by so many per cent; must be within 5\n"
  "  least most  what the slowest and the fastest download had more than its share, in per cent;\n"
  "              must be within 20\n"
  "\n"
  "The exit status is 1 where one must was missed.";

int
main (int argc, char **argv)
{
  g_auto (GStrv) none = bench_machine_parse (NULL, how_to_read, NULL, argv);
  guint n_missed = 0;

  bobbin_host_gate_set_limit (bobbin_host_gate_get_default (), 0);
  bench_machine_print ();
  printf ("%-18s %5s %9s %9s %7s %7s %7s\n", "limit", "jobs", "MB/s", "came", "off %", "least %",
          "most %");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Rates rates = measure (&cases[i]);

      n_missed += !print_row (&cases[i], &rates);
    }
  return n_missed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
