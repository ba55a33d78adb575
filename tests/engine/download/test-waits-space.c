/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Downloads that wait for room on the disk: they hold neither a thread nor a slot, go on by
 * themselves when there is some, and stop at once meanwhile. The disks are real ones, mounted in a
 * mount namespace that belongs to this program alone.
 */

#include "config.h"

#include "bobbin-transfer-private.h"
#include "download-fixture.h"

#include "bobbin-test-namespace.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#define LENGTH (2 * MIB)

static BobbinJob *
fill_disk (Fixture *f, const BobbinTestFile *file)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  g_assert_cmpint (mount ("tmpfs", f->folder, "tmpfs", 0, "size=1m"), ==, 0);
  bobbin_test_server_set (f->server, "/f.bin", file);
  g_object_set (job, "wait-for-space", TRUE, NULL);
  job_start (job);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING_FOR_SPACE);

  return job;
}

static void
make_room (Fixture *f)
{
  g_assert_cmpint (mount ("tmpfs", f->folder, "tmpfs", MS_REMOUNT, "size=16m"), ==, 0);
}

/* Nothing is fetched that has no room. */
static void
test_space_before (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fill_disk (f, FILE_OF (LENGTH, .etag = ETAG));

  make_room (f);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_cmpint (umount2 (f->folder, MNT_DETACH), ==, 0);
}

/* The length is not known before. */
static void
test_space_in_the_middle (Fixture *f, gconstpointer data)
{
  BobbinJob *job =
    fill_disk (f, FILE_OF (LENGTH, .etag = ETAG, .framing = BOBBIN_TEST_FRAMING_CHUNKED));

  g_assert_cmpint (bobbin_job_get_bytes (job), >, MIB / 2);
  make_room (f);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  /* with what was there already */
  g_assert_cmpint (
    bobbin_test_server_get_first_byte (f->server, "/f.bin",
                                       bobbin_test_server_get_n_requests (f->server, "/f.bin") - 1),
    >, MIB / 2);
  g_assert_cmpint (umount2 (f->folder, MNT_DETACH), ==, 0);
}

/* It fills what room it gets, as nobody says how much it needs, and does not say so each time. */
static void
test_space_bit_by_bit (Fixture *f, gconstpointer data)
{
  BobbinJob *job =
    fill_disk (f, FILE_OF (8 * MIB, .etag = ETAG, .framing = BOBBIN_TEST_FRAMING_CHUNKED,
                           .ranges = BOBBIN_TEST_RANGES_IGNORED));

  g_assert_cmpuint (job_count_lines (job, "disk is full"), ==, 1);
  g_assert_cmpint (mount ("tmpfs", f->folder, "tmpfs", MS_REMOUNT, "size=4m"), ==, 0);
  job_wait_bytes (job, 3 * MIB);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING_FOR_SPACE);
  g_assert_cmpuint (job_count_lines (job, "disk is full"), ==, 1);

  make_room (f);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, 8 * MIB);
  g_assert_cmpuint (job_count_lines (job, "There is room again"), ==, 1);
  g_assert_cmpint (umount2 (f->folder, MNT_DETACH), ==, 0);
}

/* How often it was asked how full a file system is of which there is only a name. */
static int n_looks; /* (atomic) */

/* In place of the C library's. */
int
statvfs (const char *path, struct statvfs *status)
{
  const int fd = open (path, O_PATH | O_CLOEXEC);
  const int result = fd >= 0 ? fstatvfs (fd, status) : -1;

  close (fd);
  g_atomic_int_inc (&n_looks);

  return result;
}

/* There is room for bytes, and none for a name: nobody is asked for the file until there is. */
static void
check_no_names (Fixture *f, const char *options)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  g_assert_cmpint (mount ("tmpfs", f->folder, "tmpfs", 0, options), ==, 0);
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  g_object_set (job, "wait-for-space", TRUE, NULL);
  g_atomic_int_set (&n_looks, 0);
  job_start (job);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING_FOR_SPACE);
  BOBBIN_TEST_WAIT_UNTIL (g_atomic_int_get (&n_looks) >= 2 ||
                          bobbin_test_server_get_n_requests (f->server, "/f.bin") > 1);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 1);

  g_assert_cmpint (mount ("tmpfs", f->folder, "tmpfs", MS_REMOUNT, "size=16m,nr_inodes=16"), ==, 0);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 2);
  g_assert_cmpint (umount2 (f->folder, MNT_DETACH), ==, 0);
}

static void
test_space_no_names (Fixture *f, gconstpointer data)
{
  check_no_names (f, "size=16m,nr_inodes=1");
}

/* One for the bytes, and none for the map. */
static void
test_space_no_map (Fixture *f, gconstpointer data)
{
  check_no_names (f, "size=16m,nr_inodes=2");
}

static void
test_space_stop (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fill_disk (f, FILE_OF (LENGTH, .etag = ETAG));

  job_stop (job);
  job_assert_stopped (job);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (f->queue), ==, 0);

  /* anew, and it waits anew */
  job_start (job);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING_FOR_SPACE);
  g_assert_cmpuint (job_count_lines (job, "disk is full"), ==, 2);
  job_stop (job);
  make_room (f);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_cmpuint (job_count_lines (job, "There is room again"), ==, 0);
  g_assert_cmpint (umount2 (f->folder, MNT_DETACH), ==, 0);
}

/* More than may leave their slots to others while they wait in their runs: these hold neither
 * thread nor slot, and who asks for the file does so once. */
static void
test_space_many (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = fixture_path (f, "full");
  BobbinWorkerPool *pool = bobbin_job_queue_get_pool (f->queue, BOBBIN_LANE_TRANSFER);
  char *own = f->folder;
  BobbinJob *jobs[70], *good;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (mount ("tmpfs", folder, "tmpfs", 0, "size=1m"), ==, 0);
  bobbin_job_queue_set_max_transfers (f->queue, 2);
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  f->folder = folder;
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      jobs[i] = fixture_add (f, "/f.bin");
      g_object_set (jobs[i], "wait-for-space", TRUE, NULL);
      job_start (jobs[i]);
    }
  f->folder = own;
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    job_wait_phase (jobs[i], BOBBIN_DOWNLOAD_WAITING_FOR_SPACE);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (f->queue), ==, G_N_ELEMENTS (jobs));

  good = fixture_run (f, "/f.bin");
  fixture_assert_whole (f, good, "f.bin", SEED, LENGTH);
  g_assert_cmpuint (bobbin_worker_pool_get_n_threads (pool), <=, 2);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==,
                    G_N_ELEMENTS (jobs) + 1);

  for (guint i = 1; i < G_N_ELEMENTS (jobs); i++)
    job_stop (jobs[i]);
  g_assert_cmpint (mount ("tmpfs", folder, "tmpfs", MS_REMOUNT, "size=16m"), ==, 0);
  job_wait (jobs[0]);
  g_assert_cmpint (bobbin_job_get_state (jobs[0]), ==, BOBBIN_JOB_DONE);
  g_assert_cmpint (umount2 (folder, MNT_DETACH), ==, 0);
}

/* No room helps where no file may be so long: FAT ends at 4 GiB. */
static void
test_space_too_large (Fixture *f, gconstpointer data)
{
  const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
  const struct rlimit small = { MIB, RLIM_INFINITY };
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  g_object_set (job, "wait-for-space", TRUE, NULL);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  job_start (job);
  BOBBIN_TEST_WAIT_UNTIL (!bobbin_job_is_active (job) ||
                          bobbin_test_server_get_n_requests (f->server, "/f.bin") > 1);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &none), ==, 0);
  job_assert_failed (job, BOBBIN_ERROR_TOO_LARGE);
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  bobbin_test_enter_namespace ();
  bobbin_transfer_space_time = 50 * G_TIME_SPAN_MILLISECOND;

  fixture_test ("/waits/space/before", BOBBIN_TEST_PLAIN, test_space_before);
  fixture_test ("/waits/space/in-the-middle", BOBBIN_TEST_PLAIN, test_space_in_the_middle);
  fixture_test ("/waits/space/bit-by-bit", BOBBIN_TEST_PLAIN, test_space_bit_by_bit);
  fixture_test ("/waits/space/no-names", BOBBIN_TEST_PLAIN, test_space_no_names);
  fixture_test ("/waits/space/no-map", BOBBIN_TEST_PLAIN, test_space_no_map);
  fixture_test ("/waits/space/stop", BOBBIN_TEST_PLAIN, test_space_stop);
  fixture_test ("/waits/space/many", BOBBIN_TEST_PLAIN, test_space_many);
  fixture_test ("/waits/space/too-large", BOBBIN_TEST_PLAIN, test_space_too_large);

  return g_test_run ();
}
