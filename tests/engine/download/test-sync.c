/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a download does while the disk takes its time over a sync: it goes on, and when it is
 * stopped nothing of it is left. The disk is slow-disk.c's.
 */

#include "config.h"

#include "bobbin-transfer-private.h"
#include "download-fixture.h"
#include "slow-disk.h"

#include <errno.h>
#include <locale.h>

#define LENGTH (12 * MIB)

/* It comes in two seconds, and is synced as soon as it has a checkpoint. */
static BobbinJob *
start_synced (Fixture *f, SlowDiskCall call)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  slow_disk_reset ();
  slow_disk_hold (call);
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG, .rate = 6 * MIB));
  g_object_set (job, "connections", 1, NULL);
  job_start (job);
  BOBBIN_TEST_WAIT_UNTIL (slow_disk_get_n_inside () == 1);

  return job;
}

/* Bytes come while the disk does not return. */
static void
check_goes_on (BobbinJob *job)
{
  job_wait_bytes (job, bobbin_job_get_bytes (job) + 2 * MIB);
  g_assert_cmpuint (slow_disk_get_n_inside (), ==, 1);
  g_assert_true (bobbin_job_is_active (job));
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_job_stop_finish (BOBBIN_JOB (source), result, NULL));
  /* Nobody has the file any more. */
  g_assert_cmpuint (slow_disk_get_n_inside (), ==, 0);
  *(gboolean *) user_data = TRUE;
}

static void
check_stop (Fixture *f, SlowDiskCall call)
{
  BobbinJob *job = start_synced (f, call);
  gboolean is_stopped = FALSE;

  check_goes_on (job);
  bobbin_job_stop_async (job, on_stopped, &is_stopped);
  /* The connection is closed: all that is left to do is to wait for the disk. */
  bobbin_test_server_wait_open (f->server, 0);
  g_assert_false (is_stopped);
  slow_disk_release ();
  BOBBIN_TEST_WAIT_UNTIL (is_stopped);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_IDLE);
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);

  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  fixture_assert_listing (f, "f.bin", NULL);
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), <, LENGTH + MIB);
}

static void
test_stop_in_sync (Fixture *f, gconstpointer data)
{
  check_stop (f, SLOW_DISK_SYNC);
}

static void
test_stop_in_bite (Fixture *f, gconstpointer data)
{
  check_stop (f, SLOW_DISK_BITE);
  /* One bite of several, and then it was given up: the one of the second run is another. */
  g_assert_cmpuint (slow_disk_get_n_calls (SLOW_DISK_BITE), >=, 1);
}

/* It is whole before the disk has returned: the disk is waited for, and that is all. */
static void
test_whole (Fixture *f, gconstpointer data)
{
  BobbinJob *job = start_synced (f, SLOW_DISK_SYNC);

  job_wait_phase (job, BOBBIN_DOWNLOAD_FINISHING);
  g_assert_cmpuint (slow_disk_get_n_inside (), ==, 1);
  slow_disk_release ();
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  fixture_assert_listing (f, "f.bin", NULL);
}

/* The disk fails: the job does, and says why. */
static void
test_failure (Fixture *f, gconstpointer data)
{
  BobbinJob *job = start_synced (f, SLOW_DISK_SYNC);

  slow_disk_fail (SLOW_DISK_SYNC, EIO);
  slow_disk_release ();
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_DISK);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  bobbin_transfer_sync_time = 0;

  fixture_test ("/sync/stop-in-sync", BOBBIN_TEST_PLAIN, test_stop_in_sync);
  fixture_test ("/sync/stop-in-bite", BOBBIN_TEST_PLAIN, test_stop_in_bite);
  fixture_test ("/sync/whole", BOBBIN_TEST_PLAIN, test_whole);
  fixture_test ("/sync/failure", BOBBIN_TEST_PLAIN, test_failure);

  return g_test_run ();
}
