/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "part-fixture.h"

#include "bobbin-error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ELSEWHERE "https://example.net/mirror/file.bin"

static void
test_resume (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);

  fixture_assert_files (fixture, "file.bin.part");
  part_fill (part, 4);
  fixture_assert_files (fixture, "file.bin.part file.bin.part.map");
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_free (part);

  part = fixture_find (fixture);
  g_assert_nonnull (part);
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 4);
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 4);
  g_assert_cmpint (bobbin_part_file_get_length (part), ==, 10);
  g_assert_cmpstr (bobbin_part_file_get_etag (part), ==, "\"v1\"");
  g_assert_cmpstr (bobbin_part_file_get_date (part), ==, "Sat, 21 Nov 2026 01:02:03 GMT");
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file.bin");
  fixture_assert_files (fixture, "file.bin.part file.bin.part.map");
  bobbin_part_file_free (part);
}

/* What was written after the last checkpoint is not known of, and not believed in. */
static void
test_bytes_before_map (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;

  part_fill (part, 4);
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_write (part, 4, "4567", 4, &error);
  g_assert_no_error (error);
  bobbin_part_file_free (part);

  part = fixture_find (fixture);
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 4);
  bobbin_part_file_free (part);
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

static void
test_other_boot (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;

  part_fill (part, 4);
  bobbin_part_file_sync (part, &error);
  g_assert_no_error (error);
  bobbin_part_file_write (part, 4, "4567", 4, &error);
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_free (part);

  part = fixture_find (fixture);
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 8);
  bobbin_part_file_free (part);

  /* only what was synced survives a power cut for certain */
  change_boot (fixture);
  part = fixture_find (fixture);
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 4);
  bobbin_part_file_free (part);
}

static BobbinPartFile *
find_elsewhere (Fixture *fixture)
{
  return bobbin_part_file_find (fixture->folder, "file.bin", ELSEWHERE, BOBBIN_EXISTS_RENAME);
}

/* It is found under the other address alone; what was certain is, too. */
static void
test_elsewhere (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;

  part_fill (part, 8);
  bobbin_part_file_sync (part, &error);
  g_assert_no_error (error);
  bobbin_part_file_free (part);

  part = fixture_find (fixture);
  g_assert_true (bobbin_part_file_set_address (part, ELSEWHERE, &error));
  g_assert_no_error (error);
  bobbin_part_file_free (part);
  g_assert_null (fixture_find (fixture));

  part = find_elsewhere (fixture);
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 8);
  g_assert_cmpstr (bobbin_part_file_get_etag (part), ==, "\"v1\"");
  bobbin_part_file_free (part);

  change_boot (fixture);
  part = find_elsewhere (fixture);
  g_assert_nonnull (part);
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 8);
  bobbin_part_file_free (part);
}

/* A whole one would be published without a look at what lies at the other address. */
static void
test_whole_elsewhere (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;

  part_fill (part, 10);
  bobbin_part_file_sync (part, &error);
  g_assert_true (bobbin_part_file_set_address (part, ELSEWHERE, &error));
  g_assert_no_error (error);
  bobbin_part_file_free (part);

  for (guint i = 0; i < 2; i++)
    {
      part = find_elsewhere (fixture);
      g_assert_nonnull (part);
      g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 9);
      g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 9);
      g_assert_cmpint (bobbin_part_file_get_length (part), ==, 10);
      bobbin_part_file_free (part);
      change_boot (fixture);
    }
}

/* The map says more than there is: a part that was cut off is believed only as far as it goes. */
static void
test_shorter_than_map (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);
  g_autofree char *path = fixture_path (fixture, "file.bin.part");

  part_fill (part, 8);
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_free (part);
  g_assert_cmpint (truncate (path, 3), ==, 0);

  part = fixture_find (fixture);
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 3);
  bobbin_part_file_free (part);
}

static void
test_damaged_map (Fixture *fixture, gconstpointer data)
{
  const char *const maps[] = {
    "garbage",
    "[Bobbin Part]\n",
    "[Bobbin Part]\nVersion=2\nAddress=" ADDRESS "\nLength=10\nWritten=0-5\n",
    "[Bobbin Part]\nVersion=1\nAddress=" ADDRESS "\nLength=10\nWritten=0-x\n",
    "[Bobbin Part]\nVersion=1\nAddress=" ADDRESS "\nLength=ten\nWritten=0-5\n",
    "[Bobbin Part]\nVersion=1\nAddress=" ADDRESS "\nLength=10\n",
    "[Bobbin Part]\nVersion=1\nLength=10\nWritten=0-5\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (maps); i++)
    {
      g_autoptr (BobbinPartFile) part = NULL;

      fixture_put (fixture, "file.bin.part", "01234");
      fixture_put (fixture, "file.bin.part.map", maps[i]);
      g_assert_null (fixture_find (fixture));

      /* and it is not touched: it may be somebody else's */
      part = fixture_claim (fixture);
      g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file (1).bin");
      fixture_assert_content (fixture, "file.bin.part", "01234");
      bobbin_part_file_discard (part);
    }
}

/* The map was written, but nobody waited for the disk before the power cut: it is empty. */
static void
test_empty_map (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = NULL;

  fixture_put (fixture, "file.bin.part", "01234");
  fixture_put (fixture, "file.bin.part.map", "");
  g_assert_null (fixture_find (fixture));

  part = fixture_claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file.bin");
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 0);
  fixture_assert_content (fixture, "file.bin.part", "");
  part_fill (part, 4);
  bobbin_part_file_discard (part);
  fixture_assert_files (fixture, "");
}

/* A short file gets no map as long as none is due, and leaves no mark. */
static void
test_small (Fixture *fixture, gconstpointer data)
{
  const char *expected =
    fixture_can_mark (fixture) ? "file.bin.part" : "file.bin.part file.bin.part.map";
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  part_begin (part, 10);
  part_write (part, 0, "0123");
  part_write (part, 4, "456789");
  fixture_assert_files (fixture, expected);
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, TRUE, &error);
  g_assert_no_error (error);
  fixture_assert_files (fixture, "file.bin");
  fixture_assert_content (fixture, "file.bin", "0123456789");
  g_assert_false (fixture_has_mark (fixture, "file.bin"));
}

static void
test_small_checkpoint (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  BobbinPartFile *part = fixture_claim (fixture);

  part_begin (part, 10);
  bobbin_part_file_checkpoint (part);
  fixture_assert_files (fixture, "file.bin.part file.bin.part.map");
  part_write (part, 0, "0123");
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_free (part);

  again = fixture_find (fixture);
  g_assert_cmpint (bobbin_part_file_get_first_gap (again), ==, 4);
  part_write (again, 4, "456789");
  path = bobbin_part_file_publish (again, BOBBIN_EXISTS_RENAME, FALSE, &error);
  g_assert_no_error (error);
  fixture_assert_files (fixture, "file.bin");
  g_assert_false (fixture_has_mark (fixture, "file.bin"));
}

/* Killed before there was a map: nothing is there, and nothing stays behind. */
static void
test_small_killed (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);

  part_begin (part, 10);
  part_write (part, 0, "0123456789");
  bobbin_part_file_free (part);

  part = fixture_claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file.bin");
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 0);
  part_begin (part, 3);
  part_write (part, 0, "abc");
  fixture_assert_content (fixture, "file.bin.part", "abc");
  bobbin_part_file_discard (part);
  bobbin_part_file_free (part);
  fixture_assert_files (fixture, "");
}

/* An old map never speaks of a new version, however short that is. */
static void
test_small_after_map (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);

  part_fill (part, 8);
  bobbin_part_file_checkpoint (part);
  part_begin (part, 5);
  part_write (part, 0, "abcde");
  bobbin_part_file_free (part);

  part = fixture_find (fixture);
  g_assert_cmpint (bobbin_part_file_get_length (part), ==, 5);
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 0);
  bobbin_part_file_free (part);
}

static void
test_long_has_map (Fixture *fixture, gconstpointer data)
{
  const gint64 lengths[] = { -1, 1024 * 1024 + 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (BobbinPartFile) part = fixture_claim (fixture);

      part_begin (part, lengths[i]);
      fixture_assert_files (fixture, "file.bin.part file.bin.part.map");
      bobbin_part_file_discard (part);
    }
}

static void
test_compare (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autofree char *long_text = g_strnfill (100 * 1024, 'x');
  g_autofree char *path = fixture_path (fixture, "file.bin.part");

  part_begin (part, 200 * 1024);
  part_write (part, 0, "0123");
  part_write (part, 1000, long_text);
  g_assert_true (bobbin_part_file_compare (part, 0, "0123", 4));
  g_assert_true (bobbin_part_file_compare (part, 1, "12", 2));
  g_assert_true (bobbin_part_file_compare (part, 1000, long_text, 100 * 1024));
  g_assert_false (bobbin_part_file_compare (part, 1, "13", 2));
  /* zeros lie there, but nobody wrote them */
  g_assert_false (bobbin_part_file_compare (part, 3, "3\0", 2));
  g_assert_false (bobbin_part_file_compare (part, 100, "\0", 1));
  long_text[100 * 1024 - 1] = 'y';
  g_assert_false (bobbin_part_file_compare (part, 1000, long_text, 100 * 1024));
  /* somebody cut it off */
  g_assert_cmpint (truncate (path, 2), ==, 0);
  g_assert_false (bobbin_part_file_compare (part, 0, "0123", 4));
}

static void
test_written (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  BobbinSegmentMap *written = bobbin_part_file_get_written (part);
  g_autoptr (GError) error = NULL;
  char found[5] = "";

  part_begin (part, 10);
  part_write (part, 6, "6789");
  g_assert_true (bobbin_segment_map_has (written, 6, 10));
  g_assert_false (bobbin_segment_map_has (written, 5, 10));
  bobbin_part_file_sync (part, &error);
  g_assert_no_error (error);
  g_assert_true (written == bobbin_part_file_get_written (part));
  g_assert_cmpint (pread (bobbin_part_file_get_fd (part), found, 4, 6), ==, 4);
  g_assert_cmpstr (found, ==, "6789");
}

/* More runs than are kept track of, in turn: all of it arrives. */
static void
test_many_runs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *expected = g_malloc0 (50 * 100 + 1);
  g_autofree char *path = NULL;

  part_begin (part, 50 * 100);
  for (guint i = 0; i < 10; i++)
    for (guint run = 0; run < 50; run++)
      {
        g_autofree char *text = g_strnfill (10, 'A' + (run + i) % 26);

        part_write (part, run * 100 + i * 10, text);
        memcpy (expected + run * 100 + i * 10, text, 10);
      }
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error);
  g_assert_no_error (error);
  fixture_assert_content (fixture, "file.bin", expected);
}

static void
test_other_address (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) first = fixture_claim (fixture);
  g_autoptr (BobbinPartFile) other = NULL;
  g_autoptr (GError) error = NULL;

  other = bobbin_part_file_claim (fixture->folder, "file.bin", "http://example.org/other",
                                  BOBBIN_EXISTS_RENAME, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bobbin_part_file_get_name (other), ==, "file (1).bin");
}

/* The same address twice at once: two parts, never one with two writers. */
static void
test_lock (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *first = fixture_claim (fixture);
  g_autoptr (BobbinPartFile) second = NULL;
  g_autoptr (BobbinPartFile) again = NULL;

  g_assert_null (fixture_find (fixture));
  second = fixture_claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (second), ==, "file (1).bin");
  part_fill (first, 4);
  bobbin_part_file_free (first);
  again = fixture_claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (again), ==, "file.bin");
}

/* Another process that was just started, by whatever thread, has all that is open here; who stops a
 * download and starts it again finds its part all the same. */
static void
test_lock_inherited (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);
  int pipe_fds[2], status;
  char byte;
  pid_t child;

  part_fill (part, 4);
  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  child = fork ();
  if (child == 0)
    {
      close (pipe_fds[1]);
      _exit (read (pipe_fds[0], &byte, 1) != 0);
    }
  close (pipe_fds[0]);

  bobbin_part_file_free (part);
  part = fixture_find (fixture);
  g_assert_nonnull (part);
  bobbin_part_file_free (part);
  close (pipe_fds[1]);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
}

static void
test_claim_exists (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = NULL;
  g_autoptr (GError) error = NULL;

  fixture_put (fixture, "file.bin", "old");
  g_assert_null (
    bobbin_part_file_claim (fixture->folder, "file.bin", ADDRESS, BOBBIN_EXISTS_FAIL, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_EXISTS);
  fixture_assert_files (fixture, "file.bin");

  part = fixture_claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file (1).bin");
}

/* A link that leads nowhere, or elsewhere, is a name that is taken: nothing is written through it.
 */
static void
test_symbolic_links (Fixture *fixture, gconstpointer data)
{
  g_autofree char *final = fixture_path (fixture, "file.bin");
  g_autofree char *first = fixture_path (fixture, "file (1).bin.part");
  g_autofree char *target = fixture_path (fixture, "target");
  g_autoptr (BobbinPartFile) part = NULL;

  g_assert_cmpint (symlink ("nowhere", final), ==, 0);
  g_assert_cmpint (symlink (target, first), ==, 0);
  part = fixture_claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file (2).bin");
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
}

/* A crash between publishing and clearing up leaves a map alone; it goes when its name is wanted.
 */
static void
test_stale_map (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);
  g_autofree char *path = fixture_path (fixture, "file.bin.part");

  part_fill (part, 4);
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_free (part);
  g_assert_cmpint (g_unlink (path), ==, 0);

  g_assert_null (fixture_find (fixture));
  part = fixture_claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file.bin");
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 0);
  bobbin_part_file_free (part);
}

/* The same beside a file that has been published. */
static void
test_stale_map_of_whole (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);
  g_autofree char *path = fixture_path (fixture, "file.bin.part");

  part_fill (part, 4);
  bobbin_part_file_free (part);
  g_assert_cmpint (g_unlink (path), ==, 0);
  fixture_put (fixture, "file.bin", "whole");

  part = fixture_claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file (1).bin");
  bobbin_part_file_discard (part);
  bobbin_part_file_free (part);
  fixture_assert_files (fixture, "file.bin");
}

/* Killed between making a part and storing its first map. */
static void
test_orphan (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = NULL;

  fixture_put (fixture, "file.bin.part", "");
  fixture_put (fixture, "file.bin.part.map.new", "[Bobbin Part]\nVersion=1\n");
  part = fixture_claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file.bin");
  part_fill (part, 4);
  fixture_assert_files (fixture, "file.bin.part file.bin.part.map");
}

/* Somebody else's file of the name that a fresh map has for a moment. */
static void
test_foreign_fresh_map (Fixture *fixture, gconstpointer data)
{
  g_autofree char *precious = fixture_path (fixture, "precious");
  g_autofree char *fresh = fixture_path (fixture, "file.bin.part.map.new");
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part = fixture_claim (fixture);
  const BobbinPartVersion version = { .length = -1 };

  fixture_put (fixture, "file.bin.part.map.new", "mine");
  g_assert_false (bobbin_part_file_begin (part, &version, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  fixture_assert_content (fixture, "file.bin.part.map.new", "mine");
  bobbin_part_file_free (part);

  /* a second name of a file that begins as ours do */
  g_assert_cmpint (g_unlink (fresh), ==, 0);
  fixture_put (fixture, "precious", "[Bobbin Part]\nmine");
  g_assert_cmpint (link (precious, fresh), ==, 0);
  part = fixture_claim (fixture);
  g_assert_false (bobbin_part_file_begin (part, &version, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  fixture_assert_content (fixture, "precious", "[Bobbin Part]\nmine");
  bobbin_part_file_free (part);

  /* nobody waits for who writes into a pipe, or reads from one */
  g_assert_cmpint (g_unlink (fresh), ==, 0);
  g_assert_cmpint (mkfifo (fresh, 0600), ==, 0);
  part = fixture_claim (fixture);
  g_assert_false (bobbin_part_file_begin (part, &version, &error));
  g_assert_nonnull (error);
  bobbin_part_file_free (part);
}

static void
test_begin_anew (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;

  part_fill (part, 8);
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_begin (part, &(BobbinPartVersion){ .length = 5, .etag = "\"v2\"" }, &error);
  g_assert_no_error (error);
  fixture_assert_content (fixture, "file.bin.part", "");
  bobbin_part_file_free (part);

  part = fixture_find (fixture);
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 0);
  g_assert_cmpint (bobbin_part_file_get_length (part), ==, 5);
  g_assert_cmpstr (bobbin_part_file_get_etag (part), ==, "\"v2\"");
  g_assert_null (bobbin_part_file_get_date (part));
  bobbin_part_file_free (part);
}

static void
test_discard (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);

  fixture_put (fixture, "other", "x");
  bobbin_part_file_discard (part);
  fixture_assert_files (fixture, "other");
}

static void
test_map_is_private (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autofree char *path = fixture_path (fixture, "file.bin.part.map");
  GStatBuf status;

  part_fill (part, 4);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

/* A disk that does not answer any more says nothing of what is on it. */
static void
test_disk_is_mute (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;

  part_fill (part, 4);
  bobbin_part_file_checkpoint (part);
  g_assert_cmpint (close (bobbin_part_file_get_fd (part)), ==, 0);
  g_assert_false (bobbin_part_file_write (part, 4, "x", 1, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_DISK);
  g_assert_nonnull (strstr (error->message, g_strerror (EBADF)));
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 4);
  bobbin_part_file_free (part);

  part = fixture_find (fixture);
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 4);
  bobbin_part_file_free (part);
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = fixture_path (fixture, "missing");
  g_autofree char *file = fixture_path (fixture, "file");
  g_autoptr (GError) error = NULL;

  fixture_put (fixture, "file", "x");
  g_assert_null (
    bobbin_part_file_claim (missing, "file.bin", ADDRESS, BOBBIN_EXISTS_RENAME, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_NO_FOLDER);
  g_clear_error (&error);
  g_assert_null (bobbin_part_file_claim (file, "file.bin", ADDRESS, BOBBIN_EXISTS_RENAME, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_NO_FOLDER);
  g_assert_null (bobbin_part_file_find (missing, "file.bin", ADDRESS, BOBBIN_EXISTS_RENAME));
  fixture_assert_files (fixture, "file");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  part_test ("/part-file/resume", test_resume);
  part_test ("/part-file/bytes-before-map", test_bytes_before_map);
  part_test ("/part-file/other-boot", test_other_boot);
  part_test ("/part-file/elsewhere", test_elsewhere);
  part_test ("/part-file/whole-elsewhere", test_whole_elsewhere);
  part_test ("/part-file/shorter-than-map", test_shorter_than_map);
  part_test ("/part-file/damaged-map", test_damaged_map);
  part_test ("/part-file/empty-map", test_empty_map);
  part_test ("/part-file/small", test_small);
  part_test ("/part-file/small-checkpoint", test_small_checkpoint);
  part_test ("/part-file/small-killed", test_small_killed);
  part_test ("/part-file/small-after-map", test_small_after_map);
  part_test ("/part-file/long-has-map", test_long_has_map);
  part_test ("/part-file/compare", test_compare);
  part_test ("/part-file/written", test_written);
  part_test ("/part-file/many-runs", test_many_runs);
  part_test ("/part-file/other-address", test_other_address);
  part_test ("/part-file/lock", test_lock);
  part_test ("/part-file/lock/inherited", test_lock_inherited);
  part_test ("/part-file/claim-exists", test_claim_exists);
  part_test ("/part-file/symbolic-links", test_symbolic_links);
  part_test ("/part-file/stale-map", test_stale_map);
  part_test ("/part-file/stale-map-of-whole", test_stale_map_of_whole);
  part_test ("/part-file/orphan", test_orphan);
  part_test ("/part-file/foreign-fresh-map", test_foreign_fresh_map);
  part_test ("/part-file/begin-anew", test_begin_anew);
  part_test ("/part-file/discard", test_discard);
  part_test ("/part-file/map-is-private", test_map_is_private);
  part_test ("/part-file/disk-is-mute", test_disk_is_mute);
  part_test ("/part-file/no-folder", test_no_folder);

  return g_test_run ();
}
