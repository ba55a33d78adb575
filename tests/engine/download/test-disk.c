/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Folders that cannot be written to. Permission bits mean nothing to root, who runs the tests in
 * containers, so these are real ones: a full file system and a read-only one, mounted in a mount
 * namespace that belongs to this program alone.
 */

#include "config.h"

#include "download-fixture.h"

#include "bobbin-test-namespace.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <linux/capability.h>
#include <locale.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LENGTH (4 * MIB)

/* What pwrite(2) fails with, or 0. The kernel lets nobody make a disk read-only on which somebody
 * writes; a disk that fails may be made so all the same. */
static int refusal; /* (atomic) */

/* In place of the C library's. */
ssize_t
pwrite (int fd, const void *bytes, size_t n_bytes, off_t offset)
{
  const int errsv = g_atomic_int_get (&refusal);

  if (errsv == 0)
    return syscall (SYS_pwrite64, fd, bytes, n_bytes, offset);
  errno = errsv;

  return -1;
}

/* From here on permission bits mean something to root, too. */
static void
give_up_override (void)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct caps[2];
  const guint32 mask = ~((1u << CAP_DAC_OVERRIDE) | (1u << CAP_DAC_READ_SEARCH));

  g_assert_cmpint (syscall (SYS_capget, &header, caps), ==, 0);
  caps[0].effective &= mask;
  g_assert_cmpint (syscall (SYS_capset, &header, caps), ==, 0);
}

/* Mounts a small file system on the test's folder. */
static void
mount_small (Fixture *f, const char *options)
{
  g_assert_cmpint (mount ("tmpfs", f->folder, "tmpfs", 0, options), ==, 0);
}

static void
unmount (Fixture *f)
{
  g_assert_cmpint (umount2 (f->folder, MNT_DETACH), ==, 0);
}

static BobbinJob *
run_long (Fixture *f)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  g_object_set (job, "retries", 10, NULL);
  job_start (job);
  job_wait (job);
  return job;
}

static void
test_no_space (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  mount_small (f, "size=2m");
  job = run_long (f);
  job_assert_failed (job, BOBBIN_ERROR_NO_SPACE);
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RETRY));

  /* Room is made: the same job goes on, with what is there. */
  g_assert_cmpint (mount ("tmpfs", f->folder, "tmpfs", MS_REMOUNT, "size=16m"), ==, 0);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  fixture_assert_listing (f, "f.bin", NULL);
  unmount (f);
}

/* A small file is not begun either that will have no room. */
static void
test_no_space_small (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  mount_small (f, "size=512k");
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (MIB, .etag = ETAG));
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_NO_SPACE);
  g_assert_cmpint (bobbin_job_get_bytes (job), ==, 0);

  g_assert_cmpint (mount ("tmpfs", f->folder, "tmpfs", MS_REMOUNT, "size=16m"), ==, 0);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, MIB);
  fixture_assert_listing (f, "f.bin", NULL);
  unmount (f);
}

/* Not even room for a name. */
static void
test_no_inodes (Fixture *f, gconstpointer data)
{
  mount_small (f, "size=16m,nr_inodes=1");
  job_assert_failed (run_long (f), BOBBIN_ERROR_NO_SPACE);
  fixture_assert_listing (f, NULL);
  unmount (f);
}

/* Room for the bytes, none for the map. */
static void
test_no_inode_for_map (Fixture *f, gconstpointer data)
{
  mount_small (f, "size=16m,nr_inodes=2");
  job_assert_failed (run_long (f), BOBBIN_ERROR_NO_SPACE);
  fixture_assert_listing (f, NULL);
  unmount (f);
}

static void
test_read_only (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  mount_small (f, "size=16m");
  g_assert_cmpint (mount ("tmpfs", f->folder, "tmpfs", MS_REMOUNT | MS_RDONLY, "size=16m"), ==, 0);
  job = run_long (f);
  job_assert_failed (job, BOBBIN_ERROR_READ_ONLY);
  fixture_assert_listing (f, NULL);
  unmount (f);
}

/* Begins a download of /f.bin that comes to a halt. */
static BobbinJob *
begin_to (Fixture *f, const char *folder)
{
  char *own = f->folder;
  BobbinJob *job;

  f->folder = (char *) folder;
  job = fixture_add (f, "/f.bin");
  f->folder = own;
  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = MIB));
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, MIB);

  return job;
}

static void
remount (Fixture *f, unsigned long flags)
{
  g_assert_cmpint (mount ("tmpfs", f->folder, "tmpfs", MS_REMOUNT | flags, "size=16m"), ==, 0);
}

/* A disk that is read-only from some byte on: what came before it is kept, and gone on with. */
static void
test_read_only_in_the_middle (Fixture *f, gconstpointer data)
{
  BobbinJob *job;
  gint64 n_sent;

  mount_small (f, "size=16m");
  job = begin_to (f, f->folder);
  g_atomic_int_set (&refusal, EROFS);
  bobbin_test_server_release (f->server, "/f.bin");
  job_wait (job);
  g_atomic_int_set (&refusal, 0);
  job_assert_failed (job, BOBBIN_ERROR_READ_ONLY);
  g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, "read-only"));
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);

  remount (f, MS_RDONLY);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_READ_ONLY);
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);

  remount (f, 0);
  n_sent = bobbin_test_server_get_n_sent (f->server, "/f.bin");
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  fixture_assert_listing (f, "f.bin", NULL);
  n_sent = bobbin_test_server_get_n_sent (f->server, "/f.bin") - n_sent;
  g_assert_cmpint (n_sent, <, LENGTH);
  unmount (f);
}

/* A folder that nothing may be made or renamed in any more. */
static void
test_locked_in_the_middle (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = fixture_path (f, "locked");
  g_autofree char *file = g_build_filename (folder, "f.bin", NULL);
  g_autofree char *part = g_strconcat (file, ".part", NULL);
  BobbinJob *job;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  job = begin_to (f, folder);
  g_assert_cmpint (g_chmod (folder, 0500), ==, 0);
  bobbin_test_server_release (f->server, "/f.bin");
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_NO_PERMISSION);
  g_assert_true (g_file_test (part, G_FILE_TEST_IS_REGULAR));
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));

  g_assert_cmpint (g_chmod (folder, 0700), ==, 0);
  job_start (job);
  job_wait (job);
  g_assert_no_error (bobbin_job_get_error (job));
  bobbin_test_content_assert (file, SEED, LENGTH);
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_unlink (file), ==, 0);
}

/* A drive that is pulled out while bytes come: nothing is said to be where nobody can find it, and
 * when the drive is there again it goes on with what came. */
static void
test_pulled_out (Fixture *f, gconstpointer data)
{
  g_autofree char *drive = g_dir_make_tmp ("bobbin-drive-XXXXXX", NULL);
  BobbinJob *job;

  g_assert_cmpint (mount ("tmpfs", drive, "tmpfs", 0, "size=16m"), ==, 0);
  g_assert_cmpint (mount (drive, f->folder, NULL, MS_BIND, NULL), ==, 0);
  job = begin_to (f, f->folder);
  unmount (f);
  bobbin_test_server_release (f->server, "/f.bin");
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_NO_FOLDER);
  g_assert_null (bobbin_download_get_file (BOBBIN_DOWNLOAD (job)));
  fixture_assert_listing (f, NULL);

  g_assert_cmpint (mount (drive, f->folder, NULL, MS_BIND, NULL), ==, 0);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  fixture_assert_listing (f, "f.bin", NULL);
  unmount (f);
  g_assert_cmpint (umount2 (drive, MNT_DETACH), ==, 0);
  g_assert_cmpint (g_rmdir (drive), ==, 0);
}

/* A folder that is deleted while bytes come, with all that is in it. */
static void
test_vanished (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = fixture_path (f, "gone");
  g_autofree char *part = fixture_path (f, "gone/f.bin.part");
  g_autofree char *map = fixture_path (f, "gone/f.bin.part.map");
  BobbinJob *job;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  job = begin_to (f, folder);
  g_assert_cmpint (g_unlink (part), ==, 0);
  g_assert_cmpint (g_unlink (map), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  bobbin_test_server_release (f->server, "/f.bin");
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_NO_FOLDER);
  fixture_assert_listing (f, NULL);
}

/* The folder. */

static void
run_in_folder (Fixture *f, const char *folder, BobbinError code)
{
  char *own = f->folder;
  BobbinJob *job;

  f->folder = (char *) folder;
  job = run_long (f);
  f->folder = own;
  job_assert_failed (job, code);
  fixture_remove (f, job);
}

static void
test_missing_folder (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = fixture_path (f, "nowhere");

  run_in_folder (f, folder, BOBBIN_ERROR_NO_FOLDER);
  fixture_assert_listing (f, NULL);
}

static void
test_folder_is_file (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = fixture_path (f, "file");

  fixture_write (f, "file", "mine");
  run_in_folder (f, folder, BOBBIN_ERROR_NO_FOLDER);
  fixture_assert_text (f, "file", "mine");
  fixture_assert_listing (f, "file", NULL);
}

/* A folder that is there only after the first failure. */
static void
test_folder_made (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = fixture_path (f, "later");
  g_autofree char *file = g_build_filename (folder, "f.bin", NULL);
  char *own = f->folder;
  BobbinJob *job;

  f->folder = folder;
  job = run_long (f);
  f->folder = own;
  job_assert_failed (job, BOBBIN_ERROR_NO_FOLDER);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  job_start (job);
  job_wait (job);
  g_assert_cmpstr (bobbin_download_get_file (BOBBIN_DOWNLOAD (job)), ==, file);
  bobbin_test_content_assert (file, SEED, LENGTH);
  g_assert_cmpint (g_unlink (file), ==, 0);
}

/* Root may do everything, but not in /proc; nothing can be created there. */
static void
test_no_permission (Fixture *f, gconstpointer data)
{
  char *own = f->folder;
  BobbinJob *job;

  f->folder = (char *) "/proc";
  job = run_long (f);
  f->folder = own;
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_FAILED);
  g_assert_cmpint (bobbin_job_get_error (job)->domain, ==, BOBBIN_ERROR);
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RETRY));
}

int
main (int argc, char *argv[])
{
  bobbin_test_enter_namespace ();
  give_up_override ();
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  fixture_test ("/disk/no-space", BOBBIN_TEST_PLAIN, test_no_space);
  fixture_test ("/disk/no-space/small", BOBBIN_TEST_PLAIN, test_no_space_small);
  fixture_test ("/disk/no-inodes", BOBBIN_TEST_PLAIN, test_no_inodes);
  fixture_test ("/disk/no-inode-for-map", BOBBIN_TEST_PLAIN, test_no_inode_for_map);
  fixture_test ("/disk/read-only", BOBBIN_TEST_PLAIN, test_read_only);
  fixture_test ("/disk/read-only/in-the-middle", BOBBIN_TEST_PLAIN, test_read_only_in_the_middle);
  fixture_test ("/disk/locked/in-the-middle", BOBBIN_TEST_PLAIN, test_locked_in_the_middle);
  fixture_test ("/disk/pulled-out", BOBBIN_TEST_PLAIN, test_pulled_out);
  fixture_test ("/disk/vanished", BOBBIN_TEST_PLAIN, test_vanished);
  fixture_test ("/disk/missing-folder", BOBBIN_TEST_PLAIN, test_missing_folder);
  fixture_test ("/disk/folder-is-file", BOBBIN_TEST_PLAIN, test_folder_is_file);
  fixture_test ("/disk/folder-made", BOBBIN_TEST_PLAIN, test_folder_made);
  fixture_test ("/disk/no-permission", BOBBIN_TEST_PLAIN, test_no_permission);

  return g_test_run ();
}
