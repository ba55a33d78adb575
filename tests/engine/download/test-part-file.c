/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-part-file.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ADDRESS "http://example.org/file.bin"

typedef struct
{
  char *folder; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("bobbin-part-XXXXXX", &error);
  g_assert_no_error (error);
}

static char *
path_of (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = path_of (fixture, name);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Exactly these files are in the folder: names, sorted, with a space between. */
static void
assert_files (Fixture *fixture, const char *expected)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *found = NULL;
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  found = g_strjoinv (" ", (char **) names->pdata);
  g_assert_cmpstr (found, ==, expected);
}

static void
assert_content (Fixture *fixture, const char *name, const char *expected)
{
  g_autofree char *path = path_of (fixture, name);
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, expected);
}

static void
put (Fixture *fixture, const char *name, const char *content)
{
  g_autofree char *path = path_of (fixture, name);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
}

static BobbinPartFile *
claim (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part =
    bobbin_part_file_claim (fixture->folder, "file.bin", ADDRESS, BOBBIN_EXISTS_RENAME, &error);

  g_assert_no_error (error);
  g_assert_nonnull (part);

  return part;
}

static BobbinPartFile *
find (Fixture *fixture)
{
  return bobbin_part_file_find (fixture->folder, "file.bin", ADDRESS, BOBBIN_EXISTS_RENAME);
}

/* Ten bytes, of which so many are written. */
static void
fill (BobbinPartFile *part, gsize n_bytes)
{
  g_autoptr (GError) error = NULL;

  bobbin_part_file_begin (part,
                          &(BobbinPartVersion){ .length = 10,
                                                .etag = "\"v1\"",
                                                .last_modified = "Sat, 21 Nov 2026 01:02:03 GMT",
                                                .is_dated = TRUE },
                          &error);
  g_assert_no_error (error);
  if (n_bytes > 0)
    bobbin_part_file_write (part, 0, "0123456789", n_bytes, &error);
  g_assert_no_error (error);
}

static void
test_resume (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = claim (fixture);

  assert_files (fixture, "file.bin.part");
  fill (part, 4);
  assert_files (fixture, "file.bin.part file.bin.part.map");
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_free (part);

  part = find (fixture);
  g_assert_nonnull (part);
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 4);
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 4);
  g_assert_cmpint (bobbin_part_file_get_length (part), ==, 10);
  g_assert_cmpstr (bobbin_part_file_get_etag (part), ==, "\"v1\"");
  g_assert_cmpstr (bobbin_part_file_get_date (part), ==, "Sat, 21 Nov 2026 01:02:03 GMT");
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file.bin");
  assert_files (fixture, "file.bin.part file.bin.part.map");
  bobbin_part_file_free (part);
}

/* What was written after the last checkpoint is not known of, and not believed in. */
static void
test_bytes_before_map (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = claim (fixture);
  g_autoptr (GError) error = NULL;

  fill (part, 4);
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_write (part, 4, "4567", 4, &error);
  g_assert_no_error (error);
  bobbin_part_file_free (part);

  part = find (fixture);
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 4);
  bobbin_part_file_free (part);
}

static void
change_boot (Fixture *fixture)
{
  g_autofree char *path = path_of (fixture, "file.bin.part.map");
  g_autoptr (GKeyFile) map = g_key_file_new ();

  g_assert_true (g_key_file_load_from_file (map, path, G_KEY_FILE_NONE, NULL));
  g_key_file_set_string (map, "Bobbin Part", "Boot", "00000000-0000-0000-0000-000000000000");
  g_assert_true (g_key_file_save_to_file (map, path, NULL));
}

static void
test_other_boot (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = claim (fixture);
  g_autoptr (GError) error = NULL;

  fill (part, 4);
  bobbin_part_file_sync (part, &error);
  g_assert_no_error (error);
  bobbin_part_file_write (part, 4, "4567", 4, &error);
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_free (part);

  part = find (fixture);
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 8);
  bobbin_part_file_free (part);

  /* only what was synced survives a power cut for certain */
  change_boot (fixture);
  part = find (fixture);
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 4);
  bobbin_part_file_free (part);
}

/* The map says more than there is: a part that was cut off is believed only as far as it goes. */
static void
test_shorter_than_map (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = claim (fixture);
  g_autofree char *path = path_of (fixture, "file.bin.part");

  fill (part, 8);
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_free (part);
  g_assert_cmpint (truncate (path, 3), ==, 0);

  part = find (fixture);
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 3);
  bobbin_part_file_free (part);
}

static void
test_damaged_map (Fixture *fixture, gconstpointer data)
{
  const char *const maps[] = {
    "",
    "garbage",
    "[Bobbin Part]\n",
    "[Bobbin Part]\nVersion=2\nAddress=" ADDRESS "\nLength=10\nWritten=0-5\nSynced=\n",
    "[Bobbin Part]\nVersion=1\nAddress=" ADDRESS "\nLength=10\nWritten=0-x\nSynced=\n",
    "[Bobbin Part]\nVersion=1\nAddress=" ADDRESS "\nLength=ten\nWritten=0-5\nSynced=\n",
    "[Bobbin Part]\nVersion=1\nAddress=" ADDRESS "\nLength=10\nWritten=0-5\n",
    "[Bobbin Part]\nVersion=1\nLength=10\nWritten=0-5\nSynced=\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (maps); i++)
    {
      g_autoptr (BobbinPartFile) part = NULL;

      put (fixture, "file.bin.part", "01234");
      put (fixture, "file.bin.part.map", maps[i]);
      g_assert_null (find (fixture));

      /* and it is not touched: it may be somebody else's */
      part = claim (fixture);
      g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file (1).bin");
      assert_content (fixture, "file.bin.part", "01234");
      bobbin_part_file_discard (part);
    }
}

static void
test_other_address (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) first = claim (fixture);
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
  BobbinPartFile *first = claim (fixture);
  g_autoptr (BobbinPartFile) second = NULL;
  g_autoptr (BobbinPartFile) again = NULL;

  g_assert_null (find (fixture));
  second = claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (second), ==, "file (1).bin");
  fill (first, 4);
  bobbin_part_file_free (first);
  again = claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (again), ==, "file.bin");
}

static void
test_publish (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *expected = path_of (fixture, "file.bin");
  GStatBuf status;

  fill (part, 10);
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
  assert_files (fixture, "file.bin");
  assert_content (fixture, "file.bin", "0123456789");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mtime, ==, 1795222923);
}

/* Somebody gave the folder another name meanwhile: the path that is told is where the file is. */
static void
test_publish_moved (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *moved = g_strconcat (fixture->folder, "-moved", NULL);
  g_autofree char *expected = g_build_filename (moved, "file.bin", NULL);
  g_autofree char *path = NULL;

  fill (part, 10);
  g_assert_cmpint (g_rename (fixture->folder, moved), ==, 0);
  g_free (fixture->folder);
  fixture->folder = g_steal_pointer (&moved);
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
  assert_files (fixture, "file.bin");
}

/* Another folder has got the name: the file is not in that one. */
static void
test_publish_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *moved = g_strconcat (fixture->folder, "-moved", NULL);
  g_autofree char *expected = g_build_filename (moved, "file.bin", NULL);
  g_autofree char *path = NULL;

  fill (part, 10);
  g_assert_cmpint (g_rename (fixture->folder, moved), ==, 0);
  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
  assert_files (fixture, "");
  g_assert_cmpint (g_rename (moved, fixture->folder), ==, 0);
  assert_files (fixture, "file.bin");
}

/* Chosen through a symbolic link, the folder is called as it was chosen. */
static void
test_publish_link (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BobbinPartFile) part = NULL;
  g_autofree char *link = g_strconcat (fixture->folder, "-link", NULL);
  g_autofree char *expected = g_build_filename (link, "file.bin", NULL);
  g_autofree char *path = NULL;

  g_assert_cmpint (symlink (fixture->folder, link), ==, 0);
  part = bobbin_part_file_claim (link, "file.bin", ADDRESS, BOBBIN_EXISTS_RENAME, &error);
  g_assert_no_error (error);
  fill (part, 10);
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
  g_assert_cmpint (g_unlink (link), ==, 0);
}

static void
test_publish_never_overwrites (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *expected = path_of (fixture, "file (2).bin");

  fill (part, 10);
  /* they came while it was downloaded */
  put (fixture, "file.bin", "old");
  put (fixture, "file (1).bin", "older");
  g_assert_null (bobbin_part_file_publish (part, BOBBIN_EXISTS_FAIL, FALSE, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_EXISTS);
  g_clear_error (&error);
  assert_content (fixture, "file.bin.part", "0123456789");

  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
  assert_content (fixture, "file.bin", "old");
  assert_content (fixture, "file (1).bin", "older");
  assert_files (fixture, "file (1).bin file (2).bin file.bin");
}

static void
test_claim_exists (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = NULL;
  g_autoptr (GError) error = NULL;

  put (fixture, "file.bin", "old");
  g_assert_null (
    bobbin_part_file_claim (fixture->folder, "file.bin", ADDRESS, BOBBIN_EXISTS_FAIL, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_EXISTS);
  assert_files (fixture, "file.bin");

  part = claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file (1).bin");
}

/* A link that leads nowhere, or elsewhere, is a name that is taken: nothing is written through it.
 */
static void
test_symbolic_links (Fixture *fixture, gconstpointer data)
{
  g_autofree char *final = path_of (fixture, "file.bin");
  g_autofree char *first = path_of (fixture, "file (1).bin.part");
  g_autofree char *target = path_of (fixture, "target");
  g_autoptr (BobbinPartFile) part = NULL;

  g_assert_cmpint (symlink ("nowhere", final), ==, 0);
  g_assert_cmpint (symlink (target, first), ==, 0);
  part = claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file (2).bin");
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
}

/* A crash between publishing and clearing up leaves a map alone; it goes when its name is wanted.
 */
static void
test_stale_map (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = claim (fixture);
  g_autofree char *path = path_of (fixture, "file.bin.part");

  fill (part, 4);
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_free (part);
  g_assert_cmpint (g_unlink (path), ==, 0);

  g_assert_null (find (fixture));
  part = claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file.bin");
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 0);
  bobbin_part_file_free (part);
}

/* The same beside a file that has been published. */
static void
test_stale_map_of_whole (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = claim (fixture);
  g_autofree char *path = path_of (fixture, "file.bin.part");

  fill (part, 4);
  bobbin_part_file_free (part);
  g_assert_cmpint (g_unlink (path), ==, 0);
  put (fixture, "file.bin", "whole");

  part = claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file (1).bin");
  bobbin_part_file_discard (part);
  bobbin_part_file_free (part);
  assert_files (fixture, "file.bin");
}

/* Killed between making a part and storing its first map. */
static void
test_orphan (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = NULL;

  put (fixture, "file.bin.part", "");
  put (fixture, "file.bin.part.map.new", "[Bobbin Part]\nVersion=1\n");
  part = claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file.bin");
  fill (part, 4);
  assert_files (fixture, "file.bin.part file.bin.part.map");
}

/* Somebody else's file of the name that a fresh map has for a moment. */
static void
test_foreign_fresh_map (Fixture *fixture, gconstpointer data)
{
  g_autofree char *precious = path_of (fixture, "precious");
  g_autofree char *fresh = path_of (fixture, "file.bin.part.map.new");
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part = claim (fixture);
  const BobbinPartVersion version = { .length = 10 };

  put (fixture, "file.bin.part.map.new", "mine");
  g_assert_false (bobbin_part_file_begin (part, &version, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  assert_content (fixture, "file.bin.part.map.new", "mine");
  bobbin_part_file_free (part);

  /* a second name of a file that begins as ours do */
  g_assert_cmpint (g_unlink (fresh), ==, 0);
  put (fixture, "precious", "[Bobbin Part]\nmine");
  g_assert_cmpint (link (precious, fresh), ==, 0);
  part = claim (fixture);
  g_assert_false (bobbin_part_file_begin (part, &version, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  assert_content (fixture, "precious", "[Bobbin Part]\nmine");
  bobbin_part_file_free (part);

  /* nobody waits for who writes into a pipe, or reads from one */
  g_assert_cmpint (g_unlink (fresh), ==, 0);
  g_assert_cmpint (mkfifo (fresh, 0600), ==, 0);
  part = claim (fixture);
  g_assert_false (bobbin_part_file_begin (part, &version, &error));
  g_assert_nonnull (error);
  bobbin_part_file_free (part);
}

/* While it was downloaded, somebody moved it away and another file has its name now. */
static void
test_publish_swapped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = path_of (fixture, "file.bin.part");

  fill (part, 10);
  g_assert_cmpint (g_unlink (path), ==, 0);
  put (fixture, "file.bin.part", "something else");
  g_assert_null (bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_DISK);
  assert_files (fixture, "file.bin.part file.bin.part.map");
  assert_content (fixture, "file.bin.part", "something else");
}

/* An earlier version was longer, and a kill came before it was cut off. */
static void
test_publish_longer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *part_path = path_of (fixture, "file.bin.part");
  g_autofree char *path = NULL;

  fill (part, 10);
  g_assert_cmpint (truncate (part_path, 25), ==, 0);
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error);
  g_assert_no_error (error);
  assert_content (fixture, "file.bin", "0123456789");
}

static void
test_publish_cut (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = path_of (fixture, "file.bin.part");

  fill (part, 10);
  g_assert_cmpint (truncate (path, 7), ==, 0);
  g_assert_null (bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_DISK);
  /* what is left is right, and gone on with */
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 7);
}

static void
test_begin_anew (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = claim (fixture);
  g_autoptr (GError) error = NULL;

  fill (part, 8);
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_begin (part, &(BobbinPartVersion){ .length = 5, .etag = "\"v2\"" }, &error);
  g_assert_no_error (error);
  assert_content (fixture, "file.bin.part", "");
  bobbin_part_file_free (part);

  part = find (fixture);
  g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 0);
  g_assert_cmpint (bobbin_part_file_get_length (part), ==, 5);
  g_assert_cmpstr (bobbin_part_file_get_etag (part), ==, "\"v2\"");
  g_assert_null (bobbin_part_file_get_date (part));
  bobbin_part_file_free (part);
}

static void
test_discard (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = claim (fixture);

  put (fixture, "other", "x");
  bobbin_part_file_discard (part);
  assert_files (fixture, "other");
}

static void
test_map_is_private (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = claim (fixture);
  g_autofree char *path = path_of (fixture, "file.bin.part.map");
  GStatBuf status;

  fill (part, 4);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = path_of (fixture, "missing");
  g_autofree char *file = path_of (fixture, "file");
  g_autoptr (GError) error = NULL;

  put (fixture, "file", "x");
  g_assert_null (
    bobbin_part_file_claim (missing, "file.bin", ADDRESS, BOBBIN_EXISTS_RENAME, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_NO_FOLDER);
  g_clear_error (&error);
  g_assert_null (bobbin_part_file_claim (file, "file.bin", ADDRESS, BOBBIN_EXISTS_RENAME, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_NO_FOLDER);
  g_assert_null (bobbin_part_file_find (missing, "file.bin", ADDRESS, BOBBIN_EXISTS_RENAME));
  assert_files (fixture, "file");
}

#define ADD(path, func) g_test_add ("/part-file/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("resume", test_resume);
  ADD ("bytes-before-map", test_bytes_before_map);
  ADD ("other-boot", test_other_boot);
  ADD ("shorter-than-map", test_shorter_than_map);
  ADD ("damaged-map", test_damaged_map);
  ADD ("other-address", test_other_address);
  ADD ("lock", test_lock);
  ADD ("publish", test_publish);
  ADD ("publish-moved", test_publish_moved);
  ADD ("publish-replaced", test_publish_replaced);
  ADD ("publish-link", test_publish_link);
  ADD ("publish-never-overwrites", test_publish_never_overwrites);
  ADD ("claim-exists", test_claim_exists);
  ADD ("symbolic-links", test_symbolic_links);
  ADD ("stale-map", test_stale_map);
  ADD ("stale-map-of-whole", test_stale_map_of_whole);
  ADD ("orphan", test_orphan);
  ADD ("foreign-fresh-map", test_foreign_fresh_map);
  ADD ("publish-swapped", test_publish_swapped);
  ADD ("publish-longer", test_publish_longer);
  ADD ("publish-cut", test_publish_cut);
  ADD ("begin-anew", test_begin_anew);
  ADD ("discard", test_discard);
  ADD ("map-is-private", test_map_is_private);
  ADD ("no-folder", test_no_folder);

  return g_test_run ();
}
