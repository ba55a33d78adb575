/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a download waits for that is not a server: its turn under a limit, a place at a host, the
 * network, another try. It goes on by itself when it may, and stops at once meanwhile. What it is
 * like to wait for room on the disk is in test-waits-space.c.
 */

#include "config.h"

#include "bobbin-transfer-private.h"
#include "download-fixture.h"

#include "bobbin-host-gate.h"
#include "bobbin-network.h"
#include "bobbin-rate-limiter.h"
#include "bobbin-test-resolver.h"

#include <locale.h>

#define LENGTH (2 * MIB)

/* Tries follow each other so much faster than they do elsewhere. */
#define HASTE 20

/* A turn. */

/* So little that it stands still after its first bytes. */
static BobbinJob *
crawl (Fixture *f, guint connections)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  g_object_set (job, "limit-rate", (gint64) 1000, "connections", connections, NULL);
  job_start (job);
  job_wait_phase (job, BOBBIN_DOWNLOAD_RECEIVING);
  job_wait_bytes (job, 1);

  return job;
}

static void
test_turn_stop (Fixture *f, gconstpointer data)
{
  BobbinJob *job = crawl (f, 1);

  job_stop (job);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_IDLE);
  g_assert_cmpint (bobbin_job_get_bytes (job), <, LENGTH / 2);
}

/* Lifted while it waits. */
static void
test_turn_lifted (Fixture *f, gconstpointer data)
{
  BobbinJob *job = crawl (f, 8);

  g_object_set (job, "limit-rate", (gint64) 0, NULL);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

static void
test_turn_of_all (Fixture *f, gconstpointer data)
{
  BobbinRateLimiter *all = bobbin_rate_limiter_get_global ();
  BobbinJob *a, *b;

  bobbin_test_server_set (f->server, "/a.bin", FILE_OF (LENGTH, .etag = ETAG));
  bobbin_test_server_set (f->server, "/b.bin", FILE_OF (LENGTH, .etag = ETAG));
  bobbin_rate_limiter_set_rate (all, 1000);
  a = fixture_add (f, "/a.bin");
  b = fixture_add (f, "/b.bin");
  job_start (a);
  job_start (b);
  job_wait_bytes (a, 1);
  job_wait_bytes (b, 1);
  job_stop (a);
  g_assert_cmpint (bobbin_job_get_state (b), ==, BOBBIN_JOB_RUNNING);

  bobbin_rate_limiter_set_rate (all, 0);
  job_wait (b);
  fixture_assert_whole (f, b, "b.bin", SEED, LENGTH);
}

/* A place. */

static void
test_place (Fixture *f, gconstpointer data)
{
  BobbinJob *first, *second, *third;

  bobbin_host_gate_set_limit (bobbin_host_gate_get_default (), 1);
  bobbin_test_server_set (f->server, "/a.bin",
                          FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = MIB));
  bobbin_test_server_set (f->server, "/b.bin", FILE_OF (LENGTH));
  first = fixture_add (f, "/a.bin");
  second = fixture_add (f, "/b.bin");
  third = fixture_add (f, "/b.bin?third");
  bobbin_test_server_set (f->server, "/b.bin?third", FILE_OF (LENGTH));
  job_start (first);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_start (second);
  job_wait_phase (second, BOBBIN_DOWNLOAD_WAITING_FOR_HOST);
  job_start (third);
  job_wait_phase (third, BOBBIN_DOWNLOAD_WAITING_FOR_HOST);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/b.bin"), ==, 0);

  job_stop (second);
  g_assert_cmpint (bobbin_job_get_state (second), ==, BOBBIN_JOB_IDLE);
  job_stop (first);
  job_wait (third);
  g_assert_cmpint (bobbin_job_get_state (third), ==, BOBBIN_JOB_DONE);
  g_assert_false (job_has_line (first, "waiting for a place"));
  g_assert_true (job_has_line (third, "waiting for a place"));
  g_assert_true (job_has_line (third, "There is a place"));
  g_assert_false (job_has_line (third, "?third"));
}

/* Of eight connections one is given up for the job that waits. */
static void
test_place_made (Fixture *f, gconstpointer data)
{
  BobbinHostGate *gate = bobbin_host_gate_get_default ();
  g_autofree char *address = bobbin_test_server_get_uri (f->server, "/a.bin");
  g_autofree char *host = bobbin_host_gate_dup_host (address);
  BobbinJob *large, *small;

  bobbin_host_gate_set_limit (gate, 4);
  bobbin_test_server_set (f->server, "/a.bin", FILE_OF (64 * MIB, .etag = ETAG, .rate = 4 * MIB));
  bobbin_test_server_set (f->server, "/b.bin", FILE_OF (1000));
  large = fixture_add (f, "/a.bin");
  g_object_set (large, "connections", 8, NULL);
  job_start (large);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_host_gate_get_n_in (gate, host) == 4);
  small = fixture_add (f, "/b.bin");
  job_start (small);
  job_wait (small);
  g_assert_cmpint (bobbin_job_get_state (small), ==, BOBBIN_JOB_DONE);
  g_assert_cmpint (bobbin_job_get_state (large), ==, BOBBIN_JOB_RUNNING);
  job_stop (large);
  g_assert_cmpuint (bobbin_host_gate_get_n_in (gate, host), ==, 0);
}

/* All connections that the server sees are counted, also those that are kept for the next file, by
 * jobs one after the other and at once, with one connection and with several. */
static void
test_place_kept (Fixture *f, gconstpointer data)
{
  BobbinHostGate *gate = bobbin_host_gate_get_default ();
  g_autofree char *address = bobbin_test_server_get_uri (f->server, "/a.bin");
  g_autofree char *host = bobbin_host_gate_dup_host (address);
  BobbinJob *jobs[12];

  bobbin_host_gate_set_limit (gate, 3);
  bobbin_job_queue_set_max_transfers (f->queue, 6);
  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
        {
          g_autofree char *path = g_strdup_printf ("/%u-%u.bin", round, i);

          bobbin_test_server_set (f->server, path,
                                  FILE_OF (i % 4 == 3 ? 5 * MIB : 1000, .etag = ETAG));
          jobs[i] = fixture_add (f, path);
          g_object_set (jobs[i], "connections", i % 4 == 3 ? 8 : 1, NULL);
          job_start (jobs[i]);
        }
      for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
        {
          job_wait (jobs[i]);
          g_assert_cmpint (bobbin_job_get_state (jobs[i]), ==, BOBBIN_JOB_DONE);
        }
      g_assert_cmpuint (bobbin_host_gate_get_n_in (gate, host), ==, 0);
    }

  g_assert_cmpuint (bobbin_test_server_get_max_open (f->server), <=, 3);
}

/* Who was led elsewhere has a connection left there where it was led from: that is given up for the
 * job that waits, however long the file takes. */
static void
test_place_left_behind (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinTestServer) other = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *elsewhere = bobbin_test_server_get_uri (other, "/a.bin");
  BobbinJob *led, *waiting;

  bobbin_host_gate_set_limit (bobbin_host_gate_get_default (), 1);
  bobbin_test_server_set (other, "/a.bin",
                          FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = MIB));
  bobbin_test_server_set_redirect (f->server, "/a.bin", elsewhere);
  bobbin_test_server_set (f->server, "/b.bin", FILE_OF (1000));
  led = fixture_add (f, "/a.bin");
  job_start (led);
  bobbin_test_server_wait_stalled (other, 1);
  waiting = fixture_add (f, "/b.bin");
  job_start (waiting);
  job_wait (waiting);
  g_assert_cmpint (bobbin_job_get_state (waiting), ==, BOBBIN_JOB_DONE);
  g_assert_cmpint (bobbin_job_get_state (led), ==, BOBBIN_JOB_RUNNING);
  job_stop (led);
}

/* One that is kept is no reason to wait, and is used again. */
static void
test_place_reused (Fixture *f, gconstpointer data)
{
  bobbin_host_gate_set_limit (bobbin_host_gate_get_default (), 1);
  bobbin_job_queue_set_max_transfers (f->queue, 1);
  bobbin_test_server_set (f->server, "/b.bin", FILE_OF (1000));
  for (guint i = 0; i < 5; i++)
    {
      BobbinJob *job = fixture_run (f, "/b.bin");

      g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_DONE);
    }
  g_assert_cmpuint (bobbin_test_server_get_n_opened (f->server), ==, 1);
}

/* What a server bears. */

static BobbinJob *
start_greedy (Fixture *f, const char *path)
{
  BobbinJob *job = fixture_add (f, path);

  g_object_set (job, "connections", 8, "ca-file", bobbin_test_server_ca_file (), NULL);
  job_start (job);

  return job;
}

static void
assert_right (BobbinJob *job)
{
  g_assert_no_error (bobbin_job_get_error (job));
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_DONE);
  bobbin_test_content_assert (bobbin_download_get_file (BOBBIN_DOWNLOAD (job)), SEED, LENGTH);
}

/* A job has the only connection that there may be, and knows it: others have no tries, need none,
 * and are not refused again and again. */
static void
check_borne_one (Fixture *f, const char *first, const char *second, const char *third)
{
  BobbinJob *jobs[3];

  jobs[0] = start_greedy (f, first);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_phase (jobs[0], BOBBIN_DOWNLOAD_RECEIVING);
  jobs[1] = start_greedy (f, second);
  jobs[2] = start_greedy (f, third);
  BOBBIN_TEST_WAIT_UNTIL (
    bobbin_job_get_report (jobs[1])->phase == BOBBIN_DOWNLOAD_WAITING_FOR_HOST &&
    bobbin_job_get_report (jobs[2])->phase == BOBBIN_DOWNLOAD_WAITING_FOR_HOST);

  bobbin_test_server_release (f->server, first);
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      job_wait (jobs[i]);
      assert_right (jobs[i]);
    }
}

static void
test_borne_one (Fixture *f, gconstpointer data)
{
  bobbin_test_server_set (f->server, "/a.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = MIB));
  bobbin_test_server_set (f->server, "/b.bin", FILE_OF (LENGTH, .etag = ETAG));
  bobbin_test_server_set (f->server, "/c.bin", FILE_OF (LENGTH, .etag = ETAG));
  bobbin_test_server_set_max_open (f->server, 1);
  check_borne_one (f, "/a.bin", "/b.bin", "/c.bin");
  g_assert_cmpuint (bobbin_test_server_get_n_opened (f->server), <, 12);
}

/* The same where it is said. */
static void
test_borne_statuses (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *path;
    guint status;
  } cases[] = { { "/503.bin", 503 }, { "/429.bin", 429 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *path = cases[i].path;

      bobbin_test_server_set (f->server, path,
                              FILE_OF (LENGTH, .etag = ETAG, .limit = 1,
                                       .limit_status = cases[i].status,
                                       .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = MIB,
                                       .fault_times = 1));
      check_borne_one (f, path, path, path);
      g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, path), <, 12);
    }
}

/* Who has two gives one up. */
static void
test_borne_two (Fixture *f, gconstpointer data)
{
  BobbinJob *large, *jobs[2];

  bobbin_test_server_set (f->server, "/a.bin", FILE_OF (64 * MIB, .etag = ETAG, .rate = MIB));
  bobbin_test_server_set (f->server, "/b.bin", FILE_OF (LENGTH, .etag = ETAG));
  bobbin_test_server_set (f->server, "/c.bin", FILE_OF (LENGTH, .etag = ETAG));
  bobbin_test_server_set_max_open (f->server, 2);
  large = start_greedy (f, "/a.bin");
  bobbin_test_server_wait_open (f->server, 2);
  jobs[0] = start_greedy (f, "/b.bin");
  jobs[1] = start_greedy (f, "/c.bin");
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      job_wait (jobs[i]);
      assert_right (jobs[i]);
    }
  g_assert_cmpint (bobbin_job_get_state (large), ==, BOBBIN_JOB_RUNNING);
  g_assert_cmpuint (bobbin_test_server_get_max_open (f->server), <=, 2);
  job_stop (large);
}

static guint
count_events (BobbinJob *job, BobbinEventKind kind)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (job));
  guint n_events = 0;

  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      n_events += bobbin_event_get_kind (event) == kind;
    }

  return n_events;
}

/* The network. */

static void
test_network (Fixture *f, gconstpointer data)
{
  BobbinNetwork *network = bobbin_network_get_default ();
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();
  BobbinJob *job = fixture_add_address (f, "http://nowhere.test/f.bin");

  bobbin_network_set_available (network, FALSE);
  job_start (job);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING_FOR_NETWORK);
  job_stop (job);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_IDLE);

  job_start (job);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING_FOR_NETWORK);
  bobbin_network_set_available (network, TRUE);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_NAME_NOT_FOUND);
  bobbin_test_resolver_uninstall (resolver);
}

/* An address that leads to the server, by a name that is found once the resolver says so. */
static BobbinJob *
add_by_name (Fixture *f, const char *name)
{
  g_autofree char *address =
    g_strdup_printf ("http://%s:%u/f.bin", name, bobbin_test_server_get_port (f->server));

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));

  return fixture_add_address (f, address);
}

/* It goes on by itself, and that was no try: this one has none. */
static void
test_network_back (Fixture *f, gconstpointer data)
{
  BobbinNetwork *network = bobbin_network_get_default ();
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();
  BobbinJob *job = add_by_name (f, "server.test");

  bobbin_network_set_available (network, FALSE);
  job_start (job);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING_FOR_NETWORK);
  bobbin_test_resolver_find_all (resolver);
  bobbin_network_set_available (network, TRUE);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RETRY));
  g_assert_cmpuint (job_count_lines (job, "There is no network"), ==, 1);
  g_assert_cmpuint (job_count_lines (job, "There is a network again"), ==, 1);
  bobbin_test_resolver_uninstall (resolver);
}

/* The network was lost before anybody said so: the next try is waited for, and made at once when it
 * is back. */
static void
test_network_back_from_retry (Fixture *f, gconstpointer data)
{
  BobbinNetwork *network = bobbin_network_get_default ();
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();
  BobbinJob *job = add_by_name (f, "server.busy.test");
  gint64 until = 0;

  bobbin_transfer_haste = 1;
  g_object_set (job, "retries", 20, NULL);
  job_start (job);
  /* Each wait is longer than the one before; the last one is half a minute at least. */
  for (guint i = 1; i <= 8; i++)
    {
      BOBBIN_TEST_WAIT_UNTIL (bobbin_job_is_put_off (job) &&
                              count_events (job, BOBBIN_EVENT_RETRY) == i);
      until = bobbin_job_get_until (job);
      if (i == 8)
        bobbin_test_resolver_find_all (resolver);
      bobbin_network_set_available (network, FALSE);
      bobbin_network_set_available (network, TRUE);
    }
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_cmpint (g_get_monotonic_time (), <, until);
  bobbin_transfer_haste = HASTE;
  bobbin_test_resolver_uninstall (resolver);
}

/* This computer is there without any. */
static void
test_network_local (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add_address (f, "http://127.0.0.1:1/f.bin");

  bobbin_network_set_available (bobbin_network_get_default (), FALSE);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_REFUSED);
  bobbin_network_set_available (bobbin_network_get_default (), TRUE);
}

/* Another try. */

/* One that fails again and again does not hold up those behind it. */
static void
test_retry_aside (Fixture *f, gconstpointer data)
{
  BobbinJob *failing, *next, *last;

  bobbin_test_server_set (f->server, "/a.bin",
                          FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_STATUS, .fault_status = 503,
                                   .headers = "Retry-After: 3000\r\n"));
  bobbin_test_server_set (f->server, "/b.bin",
                          FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = MIB));
  bobbin_test_server_set (f->server, "/c.bin", FILE_OF (LENGTH));
  bobbin_job_queue_set_max_transfers (f->queue, 1);
  failing = fixture_add (f, "/a.bin");
  next = fixture_add (f, "/b.bin");
  last = fixture_add (f, "/c.bin");
  g_object_set (failing, "retries", 10, NULL);
  job_start (failing);
  job_start (next);
  job_start (last);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_phase (failing, BOBBIN_DOWNLOAD_WAITING);
  g_assert_cmpint (bobbin_job_get_state (last), ==, BOBBIN_JOB_QUEUED);

  bobbin_test_server_release (f->server, "/b.bin");
  job_wait (next);
  job_wait (last);
  g_assert_cmpint (bobbin_job_get_state (last), ==, BOBBIN_JOB_DONE);
  g_assert_true (bobbin_job_is_put_off (failing));
  g_assert_cmpuint (bobbin_job_queue_get_n_running (f->queue), ==, 0);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (f->queue), ==, 1);
  job_stop (failing);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (f->queue), ==, 0);
  g_assert_true (job_has_event (failing, BOBBIN_EVENT_STOPPED));
}

/* Two hundred that have nothing to do but wait hold no thread and no slot, and stop at once. */
static void
check_many_dead (Fixture *f, const char *path, const char *address)
{
  g_autoptr (GPtrArray) dead = g_ptr_array_new ();
  BobbinWorkerPool *pool = bobbin_job_queue_get_pool (f->queue, BOBBIN_LANE_TRANSFER);
  BobbinJob *good;

  bobbin_job_queue_set_max_transfers (f->queue, 2);
  for (guint i = 0; i < 200; i++)
    {
      BobbinJob *job = path != NULL ? fixture_add (f, path) : fixture_add_address (f, address);

      g_object_set (job, "retries", 1000, NULL);
      g_ptr_array_add (dead, job);
      job_start (job);
    }
  bobbin_test_server_set (f->server, "/good.bin", FILE_OF (LENGTH));
  good = fixture_add (f, "/good.bin");
  job_start (good);
  job_wait (good);
  fixture_assert_whole (f, good, "good.bin", SEED, LENGTH);
  g_assert_cmpuint (bobbin_worker_pool_get_n_threads (pool), <=, 2);
  for (guint i = 0; i < dead->len; i++)
    g_assert_true (bobbin_job_is_active (g_ptr_array_index (dead, i)));

  for (guint i = 0; i < dead->len; i++)
    {
      job_stop (g_ptr_array_index (dead, i));
      g_assert_cmpint (bobbin_job_get_state (g_ptr_array_index (dead, i)), ==, BOBBIN_JOB_IDLE);
    }
  g_assert_cmpuint (bobbin_job_queue_get_n_active (f->queue), ==, 0);
}

static void
test_retry_many (Fixture *f, gconstpointer data)
{
  bobbin_test_server_set (f->server, "/dead.bin",
                          FILE_OF (10, .status = 503, .headers = "Retry-After: 3000\r\n"));
  check_many_dead (f, "/dead.bin", NULL);
}

static void
test_retry_many_refused (Fixture *f, gconstpointer data)
{
  bobbin_transfer_haste = 1;
  check_many_dead (f, NULL, "http://127.0.0.1:1/dead.bin");
  bobbin_transfer_haste = HASTE;
}

/* However many runs they take: so many tries as there may be, and it has started once. */
static void
test_retry_counted (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");
  gint64 started;

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10, .status = 503));
  g_object_set (job, "retries", 2, NULL);
  job_start (job);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_job_is_put_off (job));
  started = bobbin_job_get_started (job);
  g_assert_cmpint (bobbin_job_get_ended (job), ==, 0);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_HTTP_STATUS);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 3);
  g_assert_cmpuint (count_events (job, BOBBIN_EVENT_RETRY), ==, 2);
  g_assert_cmpuint (count_events (job, BOBBIN_EVENT_STARTED), ==, 1);
  g_assert_cmpint (bobbin_job_get_started (job), ==, started);

  /* whoever starts it anew has all of them again */
  job_start (job);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_job_is_put_off (job));
  job_stop (job);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 4);
  g_assert_cmpuint (count_events (job, BOBBIN_EVENT_STARTED), ==, 2);
}

/* Bytes gained after it was put off make the count, and the back-off, begin anew. */
static void
test_retry_counted_anew (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STATUS,
                                   .fault_status = 503));
  g_object_set (job, "retries", 1, NULL);
  job_start (job);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_job_is_put_off (job));
  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_CLOSE,
                                   .fault_at = MIB, .fault_times = 1));
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_cmpuint (count_events (job, BOBBIN_EVENT_RETRY), ==, 2);
}

/* Tries that fail are tries, and nothing else: there may be more of them than rounds that come to
 * nothing although they do not fail. */
static void
test_retry_many_in_a_run (Fixture *f, gconstpointer data)
{
  const guint n_failing = 10;
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_transfer_haste = 1000;
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  bobbin_test_server_set_for (f->server, "/f.bin", 0, 1,
                              FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_CLOSE,
                                       .fault_at = MIB));
  bobbin_test_server_set_for (f->server, "/f.bin", 1, n_failing,
                              FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STATUS,
                                       .fault_status = 503));
  g_object_set (job, "retries", n_failing + 1, NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_cmpuint (count_events (job, BOBBIN_EVENT_RETRY), ==, n_failing + 1);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, n_failing + 2);
  bobbin_transfer_haste = HASTE;
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  bobbin_transfer_haste = HASTE;

  fixture_test ("/waits/turn/stop", BOBBIN_TEST_PLAIN, test_turn_stop);
  fixture_test ("/waits/turn/lifted", BOBBIN_TEST_PLAIN, test_turn_lifted);
  fixture_test ("/waits/turn/of-all", BOBBIN_TEST_PLAIN, test_turn_of_all);
  fixture_test ("/waits/place", BOBBIN_TEST_PLAIN, test_place);
  fixture_test ("/waits/place-made", BOBBIN_TEST_PLAIN, test_place_made);
  fixture_test ("/waits/place-kept", BOBBIN_TEST_PLAIN, test_place_kept);
  fixture_test ("/waits/place-left-behind", BOBBIN_TEST_PLAIN, test_place_left_behind);
  fixture_test ("/waits/place-reused", BOBBIN_TEST_PLAIN, test_place_reused);
  fixture_test ("/waits/borne/one", BOBBIN_TEST_PLAIN, test_borne_one);
  fixture_test ("/waits/borne/one-tls", BOBBIN_TEST_TLS, test_borne_one);
  fixture_test ("/waits/borne/statuses", BOBBIN_TEST_PLAIN, test_borne_statuses);
  fixture_test ("/waits/borne/two", BOBBIN_TEST_PLAIN, test_borne_two);
  fixture_test ("/waits/network", BOBBIN_TEST_PLAIN, test_network);
  fixture_test ("/waits/network-back", BOBBIN_TEST_PLAIN, test_network_back);
  fixture_test ("/waits/network-back/from-retry", BOBBIN_TEST_PLAIN, test_network_back_from_retry);
  fixture_test ("/waits/network-local", BOBBIN_TEST_PLAIN, test_network_local);
  fixture_test ("/waits/retry/aside", BOBBIN_TEST_PLAIN, test_retry_aside);
  fixture_test ("/waits/retry/many", BOBBIN_TEST_PLAIN, test_retry_many);
  fixture_test ("/waits/retry/many-refused", BOBBIN_TEST_PLAIN, test_retry_many_refused);
  fixture_test ("/waits/retry/counted", BOBBIN_TEST_PLAIN, test_retry_counted);
  fixture_test ("/waits/retry/counted-anew", BOBBIN_TEST_PLAIN, test_retry_counted_anew);
  fixture_test ("/waits/retry/many-in-a-run", BOBBIN_TEST_PLAIN, test_retry_many_in_a_run);

  return g_test_run ();
}
