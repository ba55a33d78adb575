/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Disks that are full, or become so, read-only, or are gone: small file systems, mounted in a mount
 * namespace that belongs to this program alone.
 */

#include "config.h"

#include "part-fixture.h"

#include "bobbin-error.h"
#include "bobbin-test-namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB (1024 * 1024)

static void
mount_small (Fixture *fixture, const char *options)
{
  g_assert_cmpint (mount ("tmpfs", fixture->folder, "tmpfs", 0, options), ==, 0);
}

static void
remount (Fixture *fixture, gulong flags, const char *options)
{
  g_assert_cmpint (mount ("tmpfs", fixture->folder, "tmpfs", MS_REMOUNT | flags, options), ==, 0);
}

static void
unmount (Fixture *fixture)
{
  g_assert_cmpint (umount2 (fixture->folder, MNT_DETACH), ==, 0);
}

/* Writes @n MiB from @from on; gives how many there was room for. */
static gint64
write_mib (BobbinPartFile *part, gint64 from, gint64 n, GError **error)
{
  g_autofree char *bytes = g_strnfill (MIB, 'x');

  for (gint64 i = 0; i < n; i++)
    if (!bobbin_part_file_write (part, (from + i) * MIB, bytes, MIB, error))
      return i;

  return n;
}

/* Before the first byte. */
static void
test_checked_first (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part;

  mount_small (fixture, "size=4m");
  part = fixture_claim (fixture);
  part_begin (part, 10 * MIB);
  g_assert_false (bobbin_part_file_reserve (part, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, "6.3\302\240MB")); /* 6 MiB and the map */
  g_assert_nonnull (strstr (error->message, "file.bin"));
  g_assert_cmpint (bobbin_part_file_get_missing_space (part), >, 6 * MIB - 1);
  g_assert_cmpint (bobbin_part_file_get_missing_space (part), <, 6 * MIB + 64 * 1024);
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 0);

  remount (fixture, 0, "size=16m");
  g_assert_cmpint (bobbin_part_file_get_missing_space (part), ==, 0);
  g_clear_error (&error);
  g_assert_true (bobbin_part_file_reserve (part, NULL, &error));
  g_assert_no_error (error);
  bobbin_part_file_free (part);
  unmount (fixture);
}

/* What is there already needs no more room. */
static void
test_rest_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part;

  mount_small (fixture, "size=6m");
  part = fixture_claim (fixture);
  part_begin (part, 5 * MIB);
  g_assert_cmpint (write_mib (part, 1, 4, &error), ==, 4);
  g_assert_true (bobbin_part_file_reserve (part, NULL, &error));
  g_assert_cmpint (bobbin_part_file_get_missing_space (part), ==, 0);
  bobbin_part_file_free (part);
  unmount (fixture);
}

/* In the middle: what was written stays, the map before stays, and it goes on when room is made. */
static void
test_full_in_the_middle (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part;
  gint64 reached, n_bytes;
  g_autofree char *path = NULL;

  mount_small (fixture, "size=4m");
  part = fixture_claim (fixture);
  part_begin (part, 8 * MIB);
  g_assert_cmpint (write_mib (part, 0, 2, &error), ==, 2);
  bobbin_part_file_checkpoint (part);
  reached = 2 + write_mib (part, 2, 6, &error);
  g_assert_cmpint (reached, <, 8);
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_NO_SPACE);
  g_clear_error (&error);
  n_bytes = bobbin_part_file_get_n_bytes (part);
  g_assert_cmpint (n_bytes, >=, reached * MIB);
  g_assert_cmpint (bobbin_part_file_get_missing_space (part), >, 3 * MIB);

  /* There is no room for another map: the one before stays, and neither way of asking fails. */
  bobbin_part_file_checkpoint (part);
  g_assert_true (bobbin_part_file_sync (part, &error));
  bobbin_part_file_free (part);
  part = fixture_find (fixture);
  g_assert_nonnull (part);
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), >=, 2 * MIB);

  remount (fixture, 0, "size=16m");
  g_assert_cmpint (bobbin_part_file_get_missing_space (part), ==, 0);
  g_assert_cmpint (write_mib (part, 2, 6, &error), ==, 6);
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_FAIL, TRUE, &error);
  g_assert_no_error (error);
  fixture_assert_files (fixture, "file.bin");
  bobbin_part_file_free (part);
  unmount (fixture);
}

/* The length is not known, so there is no figure, but something. */
static void
test_unknown_length (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part;

  mount_small (fixture, "size=2m");
  part = fixture_claim (fixture);
  part_begin (part, -1);
  g_assert_true (bobbin_part_file_reserve (part, NULL, &error));
  g_assert_cmpint (write_mib (part, 0, 3, &error), <, 3);
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_NO_SPACE);
  g_assert_cmpint (bobbin_part_file_get_missing_space (part), >, 0);
  remount (fixture, 0, "size=8m");
  g_assert_cmpint (bobbin_part_file_get_missing_space (part), ==, 0);
  bobbin_part_file_free (part);
  unmount (fixture);
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part;

  mount_small (fixture, "size=8m");
  part = fixture_claim (fixture);
  part_fill (part, 4);
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_free (part);
  remount (fixture, MS_RDONLY, "size=8m");

  part = bobbin_part_file_claim (fixture->folder, "other.bin", ADDRESS, BOBBIN_EXISTS_FAIL, &error);
  g_assert_null (part);
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_READ_ONLY);
  remount (fixture, 0, "size=8m");

  /* nothing is lost */
  part = fixture_find (fixture);
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 4);
  bobbin_part_file_free (part);
  unmount (fixture);
}

/* The disk is taken away while bytes come. */
static void
test_unmounted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  BobbinPartFile *part;

  mount_small (fixture, "size=8m");
  part = fixture_claim (fixture);
  part_fill (part, 4);
  unmount (fixture);
  /* Lazily: it is there as long as somebody has it open. */
  part_write (part, 4, "456789");
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_FAIL, FALSE, &error);
  g_assert_null (path);
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_NO_FOLDER);
  bobbin_part_file_free (part);
  fixture_assert_files (fixture, "");
}

/* Somebody deleted the folder. */
static void
test_folder_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autofree char *part_path = fixture_path (fixture, "file.bin.part");
  g_autofree char *map_path = fixture_path (fixture, "file.bin.part.map");
  g_autoptr (GError) error = NULL;

  part_fill (part, 10);
  g_assert_cmpint (g_unlink (part_path), ==, 0);
  g_assert_cmpint (g_unlink (map_path), ==, 0);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);

  g_assert_false (bobbin_part_file_sync (part, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_NO_FOLDER);
  g_clear_error (&error);
  g_assert_null (bobbin_part_file_publish (part, BOBBIN_EXISTS_FAIL, FALSE, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_NO_FOLDER);
  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
}

static gint64
n_blocks (Fixture *fixture)
{
  g_autofree char *path = fixture_path (fixture, "file.bin.part");
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);

  return status.st_blocks;
}

/* Room that is kept is no byte that is there, and does not make the file longer. */
static void
test_reserved (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_path (fixture, "file.bin.part");
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part = fixture_claim (fixture);
  gint64 before;
  GStatBuf status;

  part_begin (part, 64 * MIB);
  before = n_blocks (fixture);
  g_assert_true (bobbin_part_file_reserve (part, NULL, &error));
  g_assert_no_error (error);
  if (n_blocks (fixture) == before)
    g_test_message ("This file system reserves nothing");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_size, ==, 0);
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 0);
  g_assert_cmpint (write_mib (part, 3, 1, &error), ==, 1);
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_free (part);

  part = fixture_find (fixture);
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, MIB);
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 0);
  /* and a new version gives it back */
  part_begin (part, 10);
  g_assert_cmpint (n_blocks (fixture), <=, before);
  bobbin_part_file_discard (part);
  bobbin_part_file_free (part);
}

static void
test_reserve_stopped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;
  struct stat status;

  part_begin (part, 64 * MIB);
  g_cancellable_cancel (cancellable);
  if (!bobbin_part_file_reserve (part, cancellable, &error))
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (fstat (bobbin_part_file_get_fd (part), &status), ==, 0);
  g_assert_cmpint (status.st_size, ==, 0);
  g_assert_cmpint (status.st_blocks * 512, <, MIB);
}

int
main (int argc, char **argv)
{
  bobbin_test_enter_namespace ();
  g_test_init (&argc, &argv, NULL);

  part_test ("/part-space/checked-first", test_checked_first);
  part_test ("/part-space/rest-only", test_rest_only);
  part_test ("/part-space/full-in-the-middle", test_full_in_the_middle);
  part_test ("/part-space/unknown-length", test_unknown_length);
  part_test ("/part-space/read-only", test_read_only);
  part_test ("/part-space/unmounted", test_unmounted);
  part_test ("/part-space/folder-gone", test_folder_gone);
  part_test ("/part-space/reserved", test_reserved);
  part_test ("/part-space/reserve-stopped", test_reserve_stopped);

  return g_test_run ();
}
