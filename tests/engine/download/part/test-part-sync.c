/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A sync goes on beside all else, on a disk that takes its time: what it makes certain, what it
 * does not, how it is given up, and that nothing of it is left when the part is.
 */

#include "config.h"

#include "bobbin-error.h"
#include "part-fixture.h"
#include "slow-disk.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define SYNCED "file.bin.part.map.synced"

static gboolean
is_there (Fixture *fixture, const char *name)
{
  g_autofree char *path = fixture_path (fixture, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
change_boot (Fixture *fixture)
{
  g_autofree char *path = fixture_path (fixture, "file.bin.part.map");
  g_autoptr (GKeyFile) map = g_key_file_new ();

  g_assert_true (g_key_file_load_from_file (map, path, G_KEY_FILE_NONE, NULL));
  g_key_file_set_string (map, "Bobbin Part", "Boot", "00000000-0000-0000-0000-000000000000");
  g_assert_true (g_key_file_save_to_file (map, path, NULL));
}

/* What the next run finds, in this boot or in another one. */
static void
assert_kept (Fixture *fixture, gint64 n_bytes)
{
  g_autoptr (BobbinPartFile) part = fixture_find (fixture);

  g_assert_nonnull (part);
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, n_bytes);
}

static void
wait_over (BobbinPartFile *part)
{
  while (bobbin_part_file_is_syncing (part))
    g_thread_yield ();
}

static BobbinPartFile *
begin_sync_of (Fixture *fixture, gsize n_bytes)
{
  BobbinPartFile *part = fixture_claim (fixture);

  part_fill (part, n_bytes);
  bobbin_part_file_begin_sync (part);

  return part;
}

/* The disk does not return. Bytes come, checkpoints are made; only what was there when it began is
 * certain in the end. */
static void
test_beside (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 duration = -1;
  BobbinPartFile *part;

  slow_disk_hold (SLOW_DISK_SYNC);
  part = begin_sync_of (fixture, 4);
  slow_disk_wait_inside (SLOW_DISK_SYNC);
  part_write (part, 4, "4567");
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_begin_sync (part);
  g_assert_true (bobbin_part_file_is_syncing (part));
  g_assert_true (bobbin_part_file_end_sync (part, &duration, &error));
  g_assert_cmpint (duration, ==, -1);
  g_assert_false (is_there (fixture, SYNCED));

  slow_disk_release ();
  wait_over (part);
  g_assert_true (bobbin_part_file_end_sync (part, &duration, &error));
  g_assert_no_error (error);
  g_assert_cmpint (duration, >=, 0);
  g_assert_true (is_there (fixture, SYNCED));
  bobbin_part_file_free (part);

  assert_kept (fixture, 8);
  change_boot (fixture);
  assert_kept (fixture, 4);
}

/* All is certain already: the disk is left alone. */
static void
test_nothing_new (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);

  part_fill (part, 4);
  g_assert_true (bobbin_part_file_sync (part, NULL));
  slow_disk_reset ();
  g_assert_true (bobbin_part_file_sync (part, NULL));
  g_assert_cmpuint (slow_disk_get_n_calls (SLOW_DISK_SYNC), ==, 0);
}

/* It does not wait for the disk to have written everything before it hears that. */
static void
test_given_up (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);
  g_autofree char *text = g_strnfill (3 * 1024 * 1024, 'x');

  part_begin (part, 4 * 1024 * 1024);
  part_write (part, 0, text);
  bobbin_part_file_checkpoint (part);
  slow_disk_hold (SLOW_DISK_BITE);
  bobbin_part_file_begin_sync (part);
  slow_disk_wait_inside (SLOW_DISK_BITE);
  bobbin_part_file_cancel_sync (part);
  g_assert_true (bobbin_part_file_is_syncing (part));
  slow_disk_release ();
  bobbin_part_file_free (part);

  g_assert_cmpuint (slow_disk_get_n_calls (SLOW_DISK_BITE), ==, 1);
  g_assert_cmpuint (slow_disk_get_n_calls (SLOW_DISK_SYNC), ==, 0);
  g_assert_false (is_there (fixture, SYNCED));
  assert_kept (fixture, 3 * 1024 * 1024);
}

/* Only what is new is written piece by piece. */
static void
test_bites (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autofree char *text = g_strnfill (3 * 1024 * 1024, 'x');

  part_begin (part, 4 * 1024 * 1024);
  part_write (part, 0, text);
  g_assert_true (bobbin_part_file_sync (part, NULL));
  g_assert_cmpuint (slow_disk_get_n_calls (SLOW_DISK_BITE), ==, 3);
  part_write (part, 3 * 1024 * 1024, "y");
  g_assert_true (bobbin_part_file_sync (part, NULL));
  g_assert_cmpuint (slow_disk_get_n_calls (SLOW_DISK_BITE), ==, 4);
}

/* A call that the kernel does not return from cannot be given up: it is waited for, and then nobody
 * has the file. */
static void
test_joined (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part;

  slow_disk_hold (SLOW_DISK_SYNC);
  part = begin_sync_of (fixture, 4);
  bobbin_part_file_checkpoint (part);
  slow_disk_wait_inside (SLOW_DISK_SYNC);
  /* The disk may return before the part is let go of: what counts is who was first. */
  bobbin_part_file_cancel_sync (part);
  slow_disk_release_beside ();
  bobbin_part_file_free (part);
  g_assert_cmpuint (slow_disk_get_n_inside (), ==, 0);
  slow_disk_join ();

  /* Given up in time: it promises nothing. */
  g_assert_cmpuint (slow_disk_get_n_calls (SLOW_DISK_SYNC), ==, 1);
  g_assert_false (is_there (fixture, SYNCED));
  assert_kept (fixture, 4);
}

/* Another version comes meanwhile: nothing of it is promised, nor of the one before. */
static void
test_other_version (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);

  part_fill (part, 4);
  g_assert_true (bobbin_part_file_sync (part, NULL));
  part_write (part, 4, "4567");
  slow_disk_hold (SLOW_DISK_SYNC);
  bobbin_part_file_begin_sync (part);
  slow_disk_wait_inside (SLOW_DISK_SYNC);
  slow_disk_release_beside ();
  part_begin (part, 10);
  slow_disk_join ();
  g_assert_false (bobbin_part_file_is_syncing (part));
  g_assert_false (is_there (fixture, SYNCED));
  part_write (part, 0, "ab");
  bobbin_part_file_checkpoint (part);
  g_clear_pointer (&part, bobbin_part_file_free);

  assert_kept (fixture, 2);
  change_boot (fixture);
  assert_kept (fixture, 0);
}

#define MIB ((gint64) 1024 * 1024)

/* Grows a file to so many MiB. */
static void
grow (BobbinPartFile *part, guint n_mib)
{
  g_autofree char *text = g_strnfill (MIB, 'x');

  part_begin (part, 100 * MIB);
  for (guint i = 0; i < n_mib; i++)
    part_write (part, i * MIB, text);
}

/* Of a large file the kernel keeps the latest in memory, of others all. */
static void
test_kept_in_memory (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);

  grow (part, 64);
  g_assert_cmpuint (slow_disk_get_n_calls (SLOW_DISK_FORGET), ==, 0);
  grow (part, 72);
  g_assert_cmpuint (slow_disk_get_n_calls (SLOW_DISK_FORGET), ==, 4);
}

/* What is to be read again is not given back. */
static void
test_read_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);

  bobbin_part_file_set_read_again (part, TRUE);
  grow (part, 72);
  g_assert_cmpuint (slow_disk_get_n_calls (SLOW_DISK_FORGET), ==, 0);
}

/* The disk fails. Linux says so once, whoever asks. */

static void
check_failure (Fixture *fixture, SlowDiskCall call)
{
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part = fixture_claim (fixture);

  part_fill (part, 4);
  g_assert_true (bobbin_part_file_sync (part, NULL));
  part_write (part, 4, "4567");
  slow_disk_fail (call, EIO);
  bobbin_part_file_begin_sync (part);
  wait_over (part);
  g_assert_false (bobbin_part_file_end_sync (part, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_DISK);
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 4);
  bobbin_part_file_free (part);
  assert_kept (fixture, 4);
}

static void
test_failure (Fixture *fixture, gconstpointer data)
{
  check_failure (fixture, SLOW_DISK_SYNC);
}

static void
test_failure_of_a_bite (Fixture *fixture, gconstpointer data)
{
  check_failure (fixture, SLOW_DISK_BITE);
}

/* Nobody has asked yet. */
static void
test_failure_before_publishing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part;

  slow_disk_fail (SLOW_DISK_SYNC, EIO);
  part = begin_sync_of (fixture, 10);
  wait_over (part);
  g_assert_null (bobbin_part_file_publish (part, BOBBIN_EXISTS_FAIL, TRUE, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_DISK);
  bobbin_part_file_free (part);
  g_assert_false (is_there (fixture, "file.bin"));
  assert_kept (fixture, 0);
}

static void
test_failure_before_the_end (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part;

  slow_disk_fail (SLOW_DISK_SYNC, EIO);
  part = begin_sync_of (fixture, 8);
  bobbin_part_file_checkpoint (part);
  wait_over (part);
  bobbin_part_file_free (part);
  assert_kept (fixture, 0);
}

/* What is certain has a map of its own, and that goes when the part does. */

static void
test_published (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = begin_sync_of (fixture, 10);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  wait_over (part);
  g_assert_true (bobbin_part_file_end_sync (part, NULL, &error));
  fixture_assert_files (fixture, "file.bin.part file.bin.part.map file.bin.part.map.synced");
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_FAIL, FALSE, &error);
  g_assert_no_error (error);
  fixture_assert_files (fixture, "file.bin");
}

static void
test_discarded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = begin_sync_of (fixture, 10);

  wait_over (part);
  g_assert_true (bobbin_part_file_end_sync (part, NULL, NULL));
  fixture_put (fixture, "file.bin.part.map.synced.new", "[Bobbin Part]\n");
  bobbin_part_file_discard (part);
  fixture_assert_files (fixture, "");
}

static void
test_set_aside (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autofree char *path = NULL;

  part_fill (part, 10);
  g_assert_true (bobbin_part_file_sync (part, NULL));
  path = bobbin_part_file_set_aside (part, NULL);
  fixture_assert_files (fixture, "file.bin.part.bad");
}

/* Somebody cut the file short, behind what is certain or before it. */
static void
test_cut_short (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_path (fixture, "file.bin.part");
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part = fixture_claim (fixture);

  part_fill (part, 4);
  g_assert_true (bobbin_part_file_sync (part, NULL));
  part_write (part, 4, "4567");
  g_assert_cmpint (truncate (path, 6), ==, 0);
  g_assert_false (bobbin_part_file_write (part, 8, "8", 1, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_DISK);
  g_assert_true (is_there (fixture, SYNCED));
  g_clear_error (&error);

  g_assert_cmpint (truncate (path, 3), ==, 0);
  g_assert_false (bobbin_part_file_write (part, 8, "8", 1, &error));
  g_assert_false (is_there (fixture, SYNCED));
  bobbin_part_file_free (part);
  assert_kept (fixture, 3);
  change_boot (fixture);
  assert_kept (fixture, 0);
}

/* The same, found by the next run. */
static void
test_cut_short_between (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_path (fixture, "file.bin.part");
  BobbinPartFile *part = fixture_claim (fixture);

  part_fill (part, 4);
  g_assert_true (bobbin_part_file_sync (part, NULL));
  bobbin_part_file_free (part);
  g_assert_cmpint (truncate (path, 3), ==, 0);
  assert_kept (fixture, 3);
  g_assert_false (is_there (fixture, SYNCED));
}

/* The latest map was lost with the power. */
static void
test_latest_lost (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);

  part_fill (part, 4);
  g_assert_true (bobbin_part_file_sync (part, NULL));
  bobbin_part_file_free (part);
  fixture_put (fixture, "file.bin.part.map", "");
  assert_kept (fixture, 4);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  slow_disk_reset ();
  fixture_set_up (fixture, data);
}

#define add(path, func) g_test_add (path, Fixture, NULL, set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  /* No real disk has to be waited for. */
  if (g_access ("/dev/shm", W_OK) == 0)
    g_setenv ("TMPDIR", "/dev/shm", FALSE);
  g_test_init (&argc, &argv, NULL);

  add ("/part-sync/kept-in-memory", test_kept_in_memory);
  add ("/part-sync/read-again", test_read_again);
  add ("/part-sync/beside", test_beside);
  add ("/part-sync/nothing-new", test_nothing_new);
  add ("/part-sync/given-up", test_given_up);
  add ("/part-sync/bites", test_bites);
  add ("/part-sync/joined", test_joined);
  add ("/part-sync/other-version", test_other_version);
  add ("/part-sync/failure", test_failure);
  add ("/part-sync/failure-of-a-bite", test_failure_of_a_bite);
  add ("/part-sync/failure-before-publishing", test_failure_before_publishing);
  add ("/part-sync/failure-before-the-end", test_failure_before_the_end);
  add ("/part-sync/published", test_published);
  add ("/part-sync/discarded", test_discarded);
  add ("/part-sync/set-aside", test_set_aside);
  add ("/part-sync/cut-short", test_cut_short);
  add ("/part-sync/cut-short-between", test_cut_short_between);
  add ("/part-sync/latest-lost", test_latest_lost);

  return g_test_run ();
}
