/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * “Stopped” means joined, in every phase in which a download can be, whoever asks: one stop, two at
 * once, a start before it has stopped, a quit. Nothing is left open then, the part is kept where
 * there is one, and another start goes on to the end.
 *
 * Time-outs are at their default of 30 s here, and a stop that takes 2 s fails its test: what ends
 * a wait is the stop and nothing else.
 */

#include "config.h"

#include "bobbin-host-gate.h"
#include "bobbin-network.h"
#include "bobbin-test-namespace.h"
#include "bobbin-test-resolver.h"
#include "download-fixture.h"
#include "slow-disk.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <sys/mount.h>

#define LENGTH (2 * MIB)

/* What holds a download in its phase. */
typedef struct
{
  BobbinTestResolver *resolver;
  BobbinTestBacklog *backlog;
  const char *full; /* (nullable) the folder on which a full disk is mounted */
} Hold;

/* Each takes a new download into its phase, and returns when it is there for sure. */
typedef BobbinJob *(*EnterFunc) (Fixture *f, Hold *hold);

typedef struct
{
  const char *about;
  BobbinTestKind kind;
  EnterFunc enter;

  /* Of those that have an end when they are started again: */
  gint64 length;
  gboolean has_part; /* when they are stopped */
  void (*mend) (Fixture *f, Hold *hold, BobbinJob *job);
} Phase;

static BobbinJob *
start_address (Fixture *f, const char *address)
{
  BobbinJob *job = fixture_add_address (f, address);

  g_object_set (job, "retries", 10, NULL);
  job_start (job);
  return job;
}

static BobbinJob *
start_file (Fixture *f, const BobbinTestFile *file)
{
  g_autofree char *address = bobbin_test_server_get_uri (f->server, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", file);
  return start_address (f, address);
}

static BobbinJob *
enter_look_up (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  hold->resolver = bobbin_test_resolver_install ();
  job = start_address (f, "http://a.silent.test/f.bin");
  bobbin_test_resolver_wait (hold->resolver, 2);
  return job;
}

static BobbinJob *
enter_connect (Fixture *f, Hold *hold)
{
  g_autofree char *address = NULL;
  guint16 port;
  guint n_before;
  BobbinJob *job;

  hold->backlog = bobbin_test_backlog_new ();
  port = bobbin_test_backlog_get_port (hold->backlog);
  n_before = fixture_count_connecting (port);
  address = g_strdup_printf ("http://127.0.0.1:%u/f.bin", port);
  job = start_address (f, address);
  /* The kernel has no event for this: look until it is so. */
  while (fixture_count_connecting (port) == n_before)
    g_main_context_iteration (NULL, FALSE);
  return job;
}

/* The peer took the connection and heard the first words; it will never answer. */
static BobbinJob *
enter_handshake (Fixture *f, Hold *hold)
{
  g_autofree char *address =
    g_strdup_printf ("https://127.0.0.1:%u/f.bin", bobbin_test_server_get_port (f->server));
  BobbinJob *job = start_address (f, address);

  bobbin_test_server_wait_stalled (f->server, 1);
  return job;
}

static BobbinJob *
enter_answer (Fixture *f, Hold *hold)
{
  BobbinJob *job = start_file (f, FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_STALL,
                                           .fault_at = BOBBIN_TEST_BEFORE_HEADER));

  bobbin_test_server_wait_stalled (f->server, 1);
  return job;
}

static BobbinJob *
enter_read (Fixture *f, Hold *hold)
{
  BobbinJob *job = start_file (f, FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                           .fault_at = MIB));

  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, MIB);
  return job;
}

static BobbinJob *
enter_read_tls (Fixture *f, Hold *hold)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = MIB));
  g_object_set (job, "ca-file", bobbin_test_server_ca_file (), NULL);
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, MIB);
  return job;
}

/* Bytes come all the time, slowly. */
static BobbinJob *
enter_receive (Fixture *f, Hold *hold)
{
  BobbinJob *job = start_file (f, FILE_OF (LENGTH, .etag = ETAG, .rate = 20 * KIB));

  job_wait_bytes (job, KIB);
  return job;
}

static BobbinJob *
enter_retry_wait (Fixture *f, Hold *hold)
{
  BobbinJob *job = start_file (f, FILE_OF (10, .status = 503, .headers = "Retry-After: 1000\r\n"));

  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING);
  return job;
}

static BobbinJob *
enter_redirected (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  bobbin_test_server_set_redirect (f->server, "/g", "/f.bin");
  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = BOBBIN_TEST_BEFORE_HEADER));
  job = fixture_add (f, "/g");
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  return job;
}

/* Another download has the only slot. */
static BobbinJob *
enter_slot (Fixture *f, Hold *hold)
{
  BobbinJob *waiting;

  bobbin_job_queue_set_max_transfers (f->queue, 1);
  enter_answer (f, hold);
  waiting = fixture_add (f, "/waiting");
  bobbin_test_server_set (f->server, "/waiting", FILE_OF (10));
  job_start (waiting);
  g_assert_cmpint (bobbin_job_get_state (waiting), ==, BOBBIN_JOB_QUEUED);
  return waiting;
}

/* Several connections for one file. */

static BobbinJob *
start_many_connections (Fixture *f, guint connections)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  g_object_set (job, "connections", connections, "retries", 10, "ca-file",
                bobbin_test_server_ca_file (), NULL);
  job_start (job);
  return job;
}

/* Bytes come on all of eight. */
static BobbinJob *
enter_eight_receive (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (64 * MIB, .etag = ETAG, .rate = 100 * KIB));
  job = start_many_connections (f, 8);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_server_get_max_active (f->server, "/f.bin") == 8);
  return job;
}

/* On all of them they have come, and come no more. */
static BobbinJob *
enter_eight_stalled (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (64 * MIB, .etag = ETAG, .rate = 512 * KIB,
                                   .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = MIB));
  job = start_many_connections (f, 8);
  bobbin_test_server_wait_stalled (f->server, 8);
  return job;
}

/* One receives, and another waits for its answer: what it is to bring is only its when it comes. */
static BobbinJob *
enter_eight_asked (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (64 * MIB, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = BOBBIN_TEST_BEFORE_HEADER));
  bobbin_test_server_set_for (f->server, "/f.bin", 0, 1,
                              FILE_OF (64 * MIB, .etag = ETAG, .rate = 100 * KIB));
  job = start_many_connections (f, 8);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, 1);
  return job;
}

/* The rest is fetched twice, and comes from neither. */
static BobbinJob *
enter_endgame (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (3 * MIB, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = KIB));
  bobbin_test_server_set_for (f->server, "/f.bin", 0, 1,
                              FILE_OF (3 * MIB, .etag = ETAG, .rate = MIB));
  job = start_many_connections (f, 2);
  bobbin_test_server_wait_stalled (f->server, 2);
  return job;
}

/* All of them were cut off, and there are gaps. */
static BobbinJob *
enter_eight_retry_wait (Fixture *f, Hold *hold)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (64 * MIB, .etag = ETAG, .rate = MIB,
                                   .fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = 512 * KIB));
  job = start_many_connections (f, 8);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING);
  return job;
}

/* Its next bytes may not come for a long time. */
static BobbinJob *
enter_token (Fixture *f, Hold *hold)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  g_object_set (job, "limit-rate", (gint64) 1, NULL);
  job_start (job);
  job_wait_bytes (job, 1);
  return job;
}

/* Another download has the only place at the host. */
static BobbinJob *
enter_host (Fixture *f, Hold *hold)
{
  BobbinJob *waiting;

  bobbin_host_gate_set_limit (bobbin_host_gate_get_default (), 1);
  enter_answer (f, hold);
  waiting = fixture_add (f, "/waiting");
  bobbin_test_server_set (f->server, "/waiting", FILE_OF (10));
  job_start (waiting);
  job_wait_phase (waiting, BOBBIN_DOWNLOAD_WAITING_FOR_HOST);
  return waiting;
}

/* There is no network, and the name is not found. */
static BobbinJob *
enter_network (Fixture *f, Hold *hold)
{
  g_autofree char *address =
    g_strdup_printf ("http://a.test:%u/f.bin", bobbin_test_server_get_port (f->server));
  BobbinJob *job;

  hold->resolver = bobbin_test_resolver_install ();
  bobbin_network_set_available (bobbin_network_get_default (), FALSE);
  job = start_address (f, address);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING_FOR_NETWORK);
  return job;
}

/* The disk. */

static BobbinJob *
enter_space (Fixture *f, Hold *hold)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  g_assert_cmpint (mount ("tmpfs", f->folder, "tmpfs", 0, "size=1m"), ==, 0);
  hold->full = f->folder;
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  g_object_set (job, "wait-for-space", TRUE, NULL);
  job_start (job);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING_FOR_SPACE);
  return job;
}

static gboolean
on_asked (gpointer user_data)
{
  slow_disk_release ();
  return G_SOURCE_REMOVE;
}

/* The disk returns in the next turn of the main loop: the stop has been asked for by then. */
static void
on_state (BobbinJob *job, GParamSpec *pspec, gpointer user_data)
{
  if (bobbin_job_get_state (job) == BOBBIN_JOB_STOPPING)
    g_idle_add (on_asked, NULL);
}

/* Starts it; it is in such a call of the disk, which does not return until it is to stop. */
static void
start_held (BobbinJob *job, SlowDiskCall call)
{
  slow_disk_reset ();
  slow_disk_hold (call);
  g_signal_connect (job, "notify::state", G_CALLBACK (on_state), NULL);
  job_start (job);
  BOBBIN_TEST_WAIT_UNTIL (slow_disk_get_n_inside () == 1);
}

static BobbinJob *
enter_reserve (Fixture *f, Hold *hold)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  start_held (job, SLOW_DISK_RESERVE);
  return job;
}

/* An earlier run has left all but the last byte, and a checksum is expected. */
static BobbinJob *
enter_verify (Fixture *f, Hold *hold)
{
  g_autoptr (GBytes) content = bobbin_test_content_bytes (SEED, LENGTH);
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
  g_autofree char *checksum = g_strconcat ("sha256:", hash, NULL);
  BobbinJob *job;

  job = start_file (f, FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                .fault_at = LENGTH - 1));
  job_wait_bytes (job, LENGTH - 1);
  job_stop (job);
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  g_object_set (job, "checksum", checksum, NULL);
  start_held (job, SLOW_DISK_READ);
  return job;
}

/* What is done about it, so that it comes to its end. */

static void
mend_server (Fixture *f, Hold *hold, BobbinJob *job)
{
  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (bobbin_job_get_total (job) > 0 ? bobbin_job_get_total (job)
                                                                  : LENGTH,
                                   .etag = ETAG));
}

static void
mend_limit (Fixture *f, Hold *hold, BobbinJob *job)
{
  g_object_set (job, "limit-rate", (gint64) 0, NULL);
}

static void
mend_network (Fixture *f, Hold *hold, BobbinJob *job)
{
  mend_server (f, hold, job);
  bobbin_test_resolver_find_all (hold->resolver);
  bobbin_network_set_available (bobbin_network_get_default (), TRUE);
}

static void
mend_disk (Fixture *f, Hold *hold, BobbinJob *job)
{
  g_assert_cmpint (mount ("tmpfs", f->folder, "tmpfs", MS_REMOUNT, "size=16m"), ==, 0);
}

static const Phase phases[] = {
  { "look-up", BOBBIN_TEST_PLAIN, enter_look_up },
  { "connect", BOBBIN_TEST_PLAIN, enter_connect },
  { "handshake", BOBBIN_TEST_SILENT, enter_handshake },
  { "answer", BOBBIN_TEST_PLAIN, enter_answer, LENGTH, FALSE, mend_server },
  { "read", BOBBIN_TEST_PLAIN, enter_read, LENGTH, TRUE, mend_server },
  { "read-tls", BOBBIN_TEST_TLS, enter_read_tls, LENGTH, TRUE, mend_server },
  { "receive", BOBBIN_TEST_PLAIN, enter_receive, LENGTH, TRUE, mend_server },
  { "retry-wait", BOBBIN_TEST_PLAIN, enter_retry_wait, LENGTH, FALSE, mend_server },
  { "redirected", BOBBIN_TEST_PLAIN, enter_redirected },
  { "slot", BOBBIN_TEST_PLAIN, enter_slot },
  { "eight-receive", BOBBIN_TEST_PLAIN, enter_eight_receive },
  { "eight-receive-tls", BOBBIN_TEST_TLS, enter_eight_receive },
  { "eight-stalled", BOBBIN_TEST_PLAIN, enter_eight_stalled, 64 * MIB, TRUE, mend_server },
  { "eight-asked", BOBBIN_TEST_PLAIN, enter_eight_asked },
  { "eight-retry-wait", BOBBIN_TEST_PLAIN, enter_eight_retry_wait },
  { "endgame", BOBBIN_TEST_PLAIN, enter_endgame },
  { "token", BOBBIN_TEST_PLAIN, enter_token, LENGTH, TRUE, mend_limit },
  { "host", BOBBIN_TEST_PLAIN, enter_host },
  { "network", BOBBIN_TEST_PLAIN, enter_network, LENGTH, FALSE, mend_network },
  { "space", BOBBIN_TEST_PLAIN, enter_space, LENGTH, TRUE, mend_disk },
  { "reserve", BOBBIN_TEST_PLAIN, enter_reserve, LENGTH, TRUE },
  { "verify", BOBBIN_TEST_PLAIN, enter_verify, LENGTH, TRUE },
};

static void
hold_clear (Hold *hold)
{
  /* Asserts that no look-up is left. */
  g_clear_pointer (&hold->resolver, bobbin_test_resolver_uninstall);
  g_clear_pointer (&hold->backlog, bobbin_test_backlog_free);
  if (hold->full != NULL)
    g_assert_cmpint (umount2 (hold->full, MNT_DETACH), ==, 0);
  bobbin_network_set_available (bobbin_network_get_default (), TRUE);
}

/* Runs @check with a download in @phase. */
static void
in_phase (const Phase *phase, void (*check) (Fixture *f, BobbinJob *job))
{
  gconstpointer kind = GUINT_TO_POINTER (phase->kind);
  Hold hold = { 0 };
  Fixture f;
  BobbinJob *job;

  fixture_set_up (&f, kind);
  job = phase->enter (&f, &hold);
  g_assert_true (bobbin_job_is_active (job));
  check (&f, job);
  hold_clear (&hold);
  fixture_tear_down (&f, kind);
}

/* One stop; then another, of what is stopped. */

static void
check_stop (Fixture *f, BobbinJob *job)
{
  g_autofree char *file = fixture_path (f, "f.bin");

  job_stop (job);
  job_assert_stopped (job);
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
  job_stop (job);
  job_assert_stopped (job);
}

static void
test_stop (gconstpointer data)
{
  in_phase (data, check_stop);
}

/* A stop, and then what it waited for, and another start. */

static void
test_go_on (gconstpointer data)
{
  const Phase *phase = data;
  gconstpointer kind = GUINT_TO_POINTER (phase->kind);
  Hold hold = { 0 };
  Fixture f;
  BobbinJob *job;

  fixture_set_up (&f, kind);
  job = phase->enter (&f, &hold);
  job_stop (job);
  job_assert_stopped (job);
  fixture_assert_no_open_file (&f);
  if (phase->has_part)
    fixture_assert_listing (&f, "f.bin.part", "f.bin.part.map", NULL);
  else
    fixture_assert_listing (&f, NULL);

  if (phase->mend != NULL)
    phase->mend (&f, &hold, job);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (&f, job, "f.bin", SEED, phase->length);
  fixture_assert_listing (&f, "f.bin", NULL);
  fixture_shut_down (&f);
  hold_clear (&hold);
  fixture_tear_down (&f, kind);
}

/* Two stops at once: both are told, neither before it is so. */

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_job_stop_finish (BOBBIN_JOB (source), result, NULL));
  job_assert_stopped (BOBBIN_JOB (source));
  ++*(guint *) user_data;
}

static void
check_stop_twice (Fixture *f, BobbinJob *job)
{
  guint n = 0;

  bobbin_job_stop_async (job, on_stopped, &n);
  bobbin_job_stop_async (job, on_stopped, &n);
  g_assert_cmpuint (n, ==, 0);
  BOBBIN_TEST_WAIT_UNTIL (n == 2);
}

static void
test_stop_twice (gconstpointer data)
{
  in_phase (data, check_stop_twice);
}

/* Quit, without asking the job first. */

static void
check_quit (Fixture *f, BobbinJob *job)
{
  fixture_shut_down (f);
  job_assert_stopped (job);
  bobbin_test_server_wait_open (f->server, 0);
  g_assert_false (bobbin_job_start (job));
  g_assert_false (bobbin_job_is_active (job));
}

static void
test_quit (gconstpointer data)
{
  in_phase (data, check_quit);
}

/* Stop, and start again before it has stopped: it is joined in between. */

static guint
count_runs (BobbinJob *job)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (job));
  guint n_runs = 0;

  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      n_runs += bobbin_event_get_kind (event) == BOBBIN_EVENT_STARTED;
    }

  return n_runs;
}

static void
check_restart (Fixture *f, BobbinJob *job)
{
  /* One that was put off has no run to be joined: the next one begins at once. */
  const guint n_runs = count_runs (job) + bobbin_job_is_put_off (job);

  g_assert_true (bobbin_job_restart (job));
  g_assert_true (bobbin_job_is_active (job));
  job_stop (job);
  job_assert_stopped (job);
  /* The last of the two counts: a run that had to wait for another never began. */
  g_assert_cmpuint (count_runs (job), ==, n_runs);
}

static void
test_restart (gconstpointer data)
{
  in_phase (data, check_restart);
}

static void
test_connection_closed (Fixture *f, gconstpointer data)
{
  Hold hold = { 0 };
  BobbinJob *job = enter_read (f, &hold);

  g_assert_cmpuint (bobbin_test_server_get_n_open (f->server), ==, 1);
  job_stop (job);
  fixture_wait_closed (f);
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);
}

static void
add_phases (const char *group, GTestDataFunc func)
{
  for (gsize i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/stop/%s/%s", group, phases[i].about);

      if (func != test_go_on || phases[i].length > 0)
        g_test_add_data_func (path, &phases[i], func);
    }
}

int
main (int argc, char *argv[])
{
  bobbin_test_enter_namespace ();
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  add_phases ("once", test_stop);
  add_phases ("go-on", test_go_on);
  add_phases ("twice", test_stop_twice);
  add_phases ("restart", test_restart);
  add_phases ("quit", test_quit);
  fixture_test ("/stop/connection-closed", BOBBIN_TEST_PLAIN, test_connection_closed);

  return g_test_run ();
}
