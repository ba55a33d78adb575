/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long it takes from asking a download to stop until it is joined, in each phase of its life,
 * with one download and with a hundred at once. To be run by hand:
 *
 *   TMPDIR=/dev/shm tests/bench/stop [--must=MS] [PHASE…]
 *
 * Each download is brought into its phase by the peer that it talks to, and asked to stop when the
 * peer says that it is there. What is measured is what a person notices: from the call of
 * bobbin_job_stop_async() to its callback in the main loop. In TMPDIR, or /tmp without it, is where
 * they write; on a disk the flowing ones measure that disk. Room is reserved on a real disk only:
 * that phase writes to /var/tmp.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-folder.h"
#include "bench-machine.h"
#include "bench-peer.h"
#include "bench-resolver.h"
#include "bench-stops.h"

#include "bobbin-download.h"
#include "bobbin-host-gate.h"
#include "bobbin-job-queue.h"
#include "bobbin-network.h"
#include "bobbin-part-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define N_ALONE    200 /* rounds of one download */
#define N_TOGETHER 5   /* rounds of a hundred */

/* To have a hundred handshakes under way takes GLib 2.74 most of a minute: they are blocking work
 * in GTask's shared pool, which grows slowly. */
#define N_HANDSHAKES 2

/* No round takes so long, in s, but one that will not end. */
#define PATIENCE 300

/* Bytes that no disk has. */
#define TOO_MUCH (G_GINT64_CONSTANT (1) << 60)

/* What is reserved for one file, at most, and of all of them together no more than this share of
 * what is free. */
#define RESERVED      (G_GINT64_CONSTANT (16) << 30)
#define RESERVE_SHARE 4

/* To see whether a disk reserves at all. */
#define RESERVED_FOR_TRIAL (16 << 20)

/* So much is to be hashed. It is all holes, but that is not known to who reads it. */
#define HASHED (G_GINT64_CONSTANT (16) << 30)

typedef struct _Phase Phase;

typedef struct
{
  const Phase *phase;    /* the present one */
  BobbinJobQueue *queue; /* (owned) */
  char *folder;          /* (owned) (nullable): of the present phase */
  BenchPeer *peer;       /* (owned) (nullable): of the present phase */
  BenchResolver *resolver;
  GPtrArray *jobs; /* (element-type BobbinJob) (owned): of the present round */
  guint n_retrying;
  const char *doing; /* what the present round is at */
  BenchStops stops;
} Bench;

struct _Phase
{
  const char *name;
  const char *scheme; /* or “name”: of a host to be looked up; “nowhere”: of one there is not */
  BenchPeerKind peer;
  guint n_together; /* rounds of a hundred */
  gboolean (*is_ready) (Bench *bench);

  BobbinDownloadPhase reported;
  void (*begin_round) (Bench *bench, guint n_jobs);
  void (*prepare) (Bench *bench, BobbinJob *job, const char *name);
  const char *parent; /* of the folder, if not TMPDIR */
  guint n_slots;      /* one download before the measured ones takes so many, all there are */
  guint n_at_host;    /* and so many of its host's places */
  gboolean is_offline;
};

/* The rounds themselves have no end of their own: each waits for what must come. */
static gboolean
on_patience_over (gpointer user_data)
{
  Bench *bench = user_data;

  g_printerr ("“%s”, %u jobs: %s has not ended after %d s\n", bench->phase->name, bench->jobs->len,
              bench->doing, PATIENCE);
  bench_folder_clear (bench->folder);
  exit (EXIT_FAILURE);
}

static gboolean
is_queued (Bench *bench)
{
  return bobbin_job_queue_get_n_waiting (bench->queue) == bench->jobs->len;
}

/* They say themselves what they are at. */
static gboolean
is_reported (Bench *bench)
{
  for (guint i = 0; i < bench->jobs->len; i++)
    if (bobbin_job_get_phase (g_ptr_array_index (bench->jobs, i)) != bench->phase->reported)
      return FALSE;
  return TRUE;
}

/* One of them has got room; the others are about to. */
static gboolean
is_reserving (Bench *bench)
{
  for (guint i = 0; i < bench->jobs->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/file-%u.part", bench->folder, i);
      struct stat status;

      if (stat (path, &status) == 0 && status.st_blocks > 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_peer_ready (Bench *bench)
{
  return bench_peer_get_n_ready (bench->peer) == bench->jobs->len;
}

/* Each has all its connections, and bytes come on all of them. */
static gboolean
is_flowing_eightfold (Bench *bench)
{
  return bench_peer_get_n_ready (bench->peer) == 8 * bench->jobs->len;
}

static gboolean
is_looking_up (Bench *bench)
{
  return bench_resolver_get_n_ready (bench->resolver) == bench->jobs->len;
}

static gboolean
is_retrying (Bench *bench)
{
  return bench->n_retrying == bench->jobs->len;
}

/* The peer has sent all it sends, and the downloads have it. */
static gboolean
is_stalled (Bench *bench)
{
  for (guint i = 0; i < bench->jobs->len; i++)
    if (bobbin_job_get_bytes (g_ptr_array_index (bench->jobs, i)) == 0)
      return FALSE;
  return TRUE;
}

static void
promise_too_much (Bench *bench, guint n_jobs)
{
  bench_peer_set_promise (bench->peer, TOO_MUCH);
}

static void
promise_what_is_free (Bench *bench, guint n_jobs)
{
  struct statvfs status;

  if (statvfs (bench->folder, &status) != 0)
    g_error ("%s: %s", bench->folder, g_strerror (errno));
  bench_peer_set_promise (bench->peer, MIN (RESERVED, (gint64) (status.f_bavail * status.f_frsize) /
                                                        RESERVE_SHARE / n_jobs));
}

static void
wait_for_space (Bench *bench, BobbinJob *job, const char *name)
{
  g_object_set (job, "wait-for-space", TRUE, NULL);
}

static void
limit_rate (Bench *bench, BobbinJob *job, const char *name)
{
  g_object_set (job, "limit-rate", (gint64) 1, NULL);
}

/* All bytes are there, by the map of an earlier run. */
static int
store_whole_map (Bench *bench, BobbinJob *job, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".part.map", NULL);
  const char *address = bobbin_download_get_address (BOBBIN_DOWNLOAD (job));
  const BobbinPartVersion version = { .length = HASHED, .source = address };
  g_autoptr (BobbinPartMap) map = bobbin_part_map_new (address);
  const int folder_fd = g_open (bench->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  int errsv;

  if (folder_fd < 0)
    return errno;
  bobbin_part_map_begin (map, &version);
  bobbin_segment_map_add (map->written, 0, HASHED);
  errsv = bobbin_part_map_store (map, folder_fd, file);
  close (folder_fd);
  return errsv;
}

/* A part without a gap, and a checksum that is expected of it. */
static void
leave_whole_part (Bench *bench, BobbinJob *job, const char *name)
{
  g_autofree char *part = g_strdup_printf ("%s/%s.part", bench->folder, name);
  const int fd = g_open (part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int errsv = fd < 0 || ftruncate (fd, HASHED) != 0 ? errno : 0;

  if (errsv == 0)
    errsv = store_whole_map (bench, job, name);
  if (errsv != 0)
    g_error ("%s: %s", part, g_strerror (errsv));
  close (fd);
  g_object_set (job, "checksum",
                "sha256:0000000000000000000000000000000000000000000000000000000000000000", NULL);
}

static const Phase phases[] = {
  { "waiting for a slot", "http", BENCH_PEER_SILENT, N_TOGETHER, is_queued, .n_slots = 1 },
  { "waiting for a host", "http", BENCH_PEER_SILENT, N_TOGETHER, is_reported,
    BOBBIN_DOWNLOAD_WAITING_FOR_HOST, .n_at_host = 1 },
  { "name look-up", "name", BENCH_PEER_CLOSED, N_TOGETHER, is_looking_up },
  { "connecting", "http", BENCH_PEER_FULL, N_TOGETHER, is_peer_ready },
  { "TLS handshake", "https", BENCH_PEER_SILENT, N_HANDSHAKES, is_peer_ready },
  { "waiting for headers", "http", BENCH_PEER_SILENT, N_TOGETHER, is_peer_ready },
  { "reserving", "http", BENCH_PEER_PROMISING, N_TOGETHER, is_reserving,
    .begin_round = promise_what_is_free, .parent = "/var/tmp" },
  { "waiting for space", "http", BENCH_PEER_PROMISING, N_TOGETHER, is_reported,
    BOBBIN_DOWNLOAD_WAITING_FOR_SPACE, promise_too_much, wait_for_space },
  { "stalled body", "http", BENCH_PEER_STALLED, N_TOGETHER, is_stalled },
  { "flowing body", "http", BENCH_PEER_FLOWING, N_TOGETHER, is_peer_ready },
  { "8 connections flowing", "http", BENCH_PEER_PARTED, N_TOGETHER, is_flowing_eightfold },
  { "waiting for a token", "http", BENCH_PEER_FLOWING, N_TOGETHER, is_stalled,
    .prepare = limit_rate },
  { "waiting for network", "nowhere", BENCH_PEER_CLOSED, N_TOGETHER, is_reported,
    BOBBIN_DOWNLOAD_WAITING_FOR_NETWORK, .is_offline = TRUE },
  { "waiting to retry", "http", BENCH_PEER_CLOSED, N_TOGETHER, is_retrying },
  { "verifying", "http", BENCH_PEER_CLOSED, N_TOGETHER, is_reported, BOBBIN_DOWNLOAD_VERIFYING,
    .prepare = leave_whole_part },
  { "publishing", "http", BENCH_PEER_WHOLE, N_TOGETHER, is_peer_ready },
};

static void
on_events (GListModel *log, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  Bench *bench = user_data;

  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      bench->n_retrying += bobbin_event_get_kind (event) == BOBBIN_EVENT_RETRY;
    }
}

static char *
make_address (Bench *bench, guint number)
{
  const char *scheme = bench->phase->scheme;
  const guint16 port = bench_peer_get_port (bench->peer);

  if (g_str_equal (scheme, "name"))
    return g_strdup_printf ("http://host-%u.test:%u/file", number, port);
  if (g_str_equal (scheme, "nowhere"))
    return g_strdup_printf ("http://host-%u.invalid:%u/file", number, port);
  return g_strdup_printf ("%s://127.0.0.1:%u/file", scheme, port);
}

static BobbinJob *
begin (Bench *bench, guint number)
{
  g_autofree char *address = make_address (bench, number);
  g_autofree char *name = g_strdup_printf ("file-%u", number);
  BobbinJob *job = bobbin_download_new (address, bench->folder);

  g_object_set (job, "file-name", name, "timeout", 3600, NULL);
  if (bench->phase->prepare != NULL)
    bench->phase->prepare (bench, job, name);
  g_signal_connect (bobbin_job_get_event_log (job), "items-changed", G_CALLBACK (on_events), bench);
  bobbin_job_queue_add (bench->queue, job);
  bobbin_job_start (job);
  return job;
}

/* What the peers do is heard of by a wake-up, and what the downloads say by a source. The kernel is
 * asked every millisecond, and, as that is over soon, all the time whether it reserves. */
static gboolean
on_ask_again (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_ready (Bench *bench)
{
  const Phase *phase = bench->phase;
  guint again = phase->peer == BENCH_PEER_FULL ? g_timeout_add (1, on_ask_again, NULL) : 0;

  while (!phase->is_ready (bench))
    g_main_context_iteration (NULL, phase->is_ready != is_reserving);
  g_clear_handle_id (&again, g_source_remove);
}

/* Leaves nothing of a round to the next one. */
static void
clean_up (Bench *bench)
{
  g_autoptr (BobbinJob) job = NULL;

  while ((job = g_list_model_get_item (G_LIST_MODEL (bench->queue), 0)) != NULL)
    {
      bobbin_job_queue_remove_async (bench->queue, job, NULL, NULL);
      while (bobbin_job_queue_find (bench->queue, job, NULL))
        g_main_context_iteration (NULL, TRUE);
      g_signal_handlers_disconnect_by_data (bobbin_job_get_event_log (job), bench);
      g_clear_object (&job);
    }
  g_ptr_array_set_size (bench->jobs, 0);
  while (bench_peer_get_n_open (bench->peer) > 0 ||
         bench_resolver_get_n_ready (bench->resolver) > 0)
    g_main_context_iteration (NULL, TRUE);
  bench_folder_clear (bench->folder);
}

/* A download that has what the others wait for. */
static void
begin_blocker (Bench *bench)
{
  g_object_unref (begin (bench, 1000));
  while (bench_peer_get_n_ready (bench->peer) == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
bring_jobs (Bench *bench, guint n_jobs)
{
  const Phase *phase = bench->phase;

  bench->n_retrying = 0;
  bench_peer_forget (bench->peer);
  bobbin_job_queue_set_max_transfers (bench->queue,
                                      phase->n_slots > 0 ? phase->n_slots : n_jobs + 1);
  if (phase->begin_round != NULL)
    phase->begin_round (bench, n_jobs);
  if (phase->n_slots > 0 || phase->n_at_host > 0)
    begin_blocker (bench);
  for (guint i = 0; i < n_jobs; i++)
    g_ptr_array_add (bench->jobs, begin (bench, i));
  wait_ready (bench);
}

static void
run_round (Bench *bench, guint n_jobs)
{
  const guint patience = g_timeout_add_seconds (PATIENCE, on_patience_over, bench);

  bench->doing = "bringing them there";
  bring_jobs (bench, n_jobs);
  bench->doing = "stopping them";
  bench_stops_stop (&bench->stops, bench->jobs);
  bench->doing = "removing them";
  clean_up (bench);
  g_source_remove (patience);
}

static void
run_rounds (Bench *bench, guint n_jobs)
{
  const Phase *phase = bench->phase;
  const guint n_rounds = n_jobs == 1 ? N_ALONE : phase->n_together;

  /* Most of them ask the same host. */
  bobbin_host_gate_set_limit (bobbin_host_gate_get_default (), phase->n_at_host);
  bobbin_network_set_available (bobbin_network_get_default (), !phase->is_offline);
  bench->peer = bench_peer_new (phase->peer);
  bench_stops_begin_row (&bench->stops);
  for (guint i = 0; i < n_rounds; i++)
    run_round (bench, n_jobs);

  bench_stops_end_row (&bench->stops, bench->phase->name, n_jobs);
  g_clear_pointer (&bench->peer, bench_peer_free);
}

/* Whether the engine reserves room there, as it does on some disks only. */
static gboolean
can_reserve (const char *folder)
{
  const BobbinPartVersion version = { .length = RESERVED_FOR_TRIAL, .source = "" };
  g_autoptr (BobbinPartFile) part =
    bobbin_part_file_claim (folder, "trial", "http://127.0.0.1/", BOBBIN_EXISTS_FAIL, NULL);
  struct stat status = { 0 };

  if (part == NULL || !bobbin_part_file_begin (part, &version, NULL))
    return FALSE;
  if (bobbin_part_file_reserve (part, NULL, NULL))
    fstat (bobbin_part_file_get_fd (part), &status);
  bobbin_part_file_discard (part);
  return (gint64) status.st_blocks * 512 >= RESERVED_FOR_TRIAL;
}

static void
run_phase (Bench *bench, const Phase *phase)
{
  g_autoptr (GError) error = NULL;

  bench->phase = phase;
  bench->folder =
    bench_folder_new (phase->parent != NULL ? phase->parent : g_get_tmp_dir (), &error);
  if (bench->folder == NULL)
    g_error ("No folder to write to: %s", error->message);
  if (phase->is_ready == is_reserving && !can_reserve (bench->folder))
    {
      printf ("%-22s not measured: no room can be reserved in %s\n", phase->name, phase->parent);
    }
  else
    {
      run_rounds (bench, 1);
      run_rounds (bench, 100);
    }
  g_clear_pointer (&bench->folder, bench_folder_free);
}

static void
on_shutdown (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_main_loop_quit (user_data);
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

static const char how_to_read[] =
  "From asking a download to stop until it is joined, in ms, by the phase it was in. PHASE is a\n"
  "part of a phase's name; without one all are measured. Files are written to TMPDIR.\n"
  "\n"
  "  jobs      so many are in that phase, and all are asked to stop in the same turn of the loop\n"
  "  samples   stops that were measured; each counts from its round's first request to its own "
  "end\n"
  "  p50 p99   the time that half and 99 of 100 of them did not exceed, and the longest\n"
  "  max\n"
  "  ✓ ✗       with --must: whether p99 is within it; with any ✗ the exit status is 1\n"
  "\n"
  "One job: what a person waits after a click. A hundred: the last is joined when all of them "
  "have\n"
  "given up, and the cores share that work: on two of them each has fifty threads to wake and to\n"
  "end. So compare only what was measured on as many cores. A TLS handshake runs in a thread of\n"
  "GLib's shared pool beside the worker, which has to end too: a hundred of those are two "
  "hundred\n"
  "threads. On a disk the phases with bodies measure that disk: TMPDIR=/dev/shm keeps it out. "
  "Room\n"
  "is reserved where /var/tmp is, which must be on a disk that can.";

int
main (int argc, char **argv)
{
  Bench bench = { 0 };
  const GOptionEntry entries[] = {
    { "must", 0, 0, G_OPTION_ARG_DOUBLE, &bench.stops.must, "Fail if the p99 of any row is longer",
      "MS" },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) names = bench_machine_parse ("[PHASE…]", how_to_read, entries, argv);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  bench.queue = bobbin_job_queue_new ();
  bench.resolver = bench_resolver_new ();
  bench.jobs = g_ptr_array_new_with_free_func (g_object_unref);
  g_resolver_set_default (G_RESOLVER (bench.resolver));

  bench_machine_print ();
  bench_stops_print_head ("jobs");
  for (gsize i = 0; i < G_N_ELEMENTS (phases); i++)
    if (is_wanted (&phases[i], names))
      run_phase (&bench, &phases[i]);

  bobbin_job_queue_shutdown_async (bench.queue, on_shutdown, loop);
  g_main_loop_run (loop);
  g_object_unref (bench.queue);
  g_object_unref (bench.resolver);
  g_ptr_array_unref (bench.jobs);
  if (bench.stops.must > 0)
    printf ("p99 ≤ %.0f ms: %s\n", bench.stops.must,
            bench.stops.n_missed == 0 ? "everywhere" : "not everywhere");
  return bench.stops.n_missed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
