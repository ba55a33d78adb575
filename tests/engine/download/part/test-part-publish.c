/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "part-fixture.h"

#include "bobbin-error.h"
#include "bobbin-part-file-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
test_set_aside (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = fixture_path (fixture, "file.bin.part.bad");
  g_autofree char *second = fixture_path (fixture, "file.bin.part.bad.1");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
      g_autofree char *path = NULL;

      part_fill (part, i == 0 ? 10 : 4);
      path = bobbin_part_file_set_aside (part, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (path, ==, i == 0 ? first : second);
      g_assert_null (fixture_find (fixture));
    }
  fixture_assert_files (fixture, "file.bin.part.bad file.bin.part.bad.1");
  fixture_assert_content (fixture, "file.bin.part.bad", "0123456789");
  fixture_assert_content (fixture, "file.bin.part.bad.1", "0123");
  g_assert_false (fixture_has_mark (fixture, "file.bin.part.bad"));
}

/* What has the part's name by now is not ours to take away. */
static void
test_set_aside_swapped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autofree char *path = fixture_path (fixture, "file.bin.part");
  g_autoptr (GError) error = NULL;

  part_fill (part, 10);
  g_assert_cmpint (g_unlink (path), ==, 0);
  fixture_put (fixture, "file.bin.part", "mine");
  g_assert_null (bobbin_part_file_set_aside (part, &error));
  g_assert_nonnull (error);
  fixture_assert_content (fixture, "file.bin.part", "mine");
}

static void
test_publish (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *expected = fixture_path (fixture, "file.bin");
  GStatBuf status;

  part_fill (part, 10);
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
  fixture_assert_files (fixture, "file.bin");
  fixture_assert_content (fixture, "file.bin", "0123456789");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mtime, ==, 1795222923);
}

/* Somebody gave the folder another name meanwhile: the path that is told is where the file is. */
static void
test_publish_moved (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *moved = g_strconcat (fixture->folder, "-moved", NULL);
  g_autofree char *expected = g_build_filename (moved, "file.bin", NULL);
  g_autofree char *path = NULL;

  part_fill (part, 10);
  g_assert_cmpint (g_rename (fixture->folder, moved), ==, 0);
  g_free (fixture->folder);
  fixture->folder = g_steal_pointer (&moved);
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
  fixture_assert_files (fixture, "file.bin");
}

/* Another folder has got the name: the file is not in that one. */
static void
test_publish_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *moved = g_strconcat (fixture->folder, "-moved", NULL);
  g_autofree char *expected = g_build_filename (moved, "file.bin", NULL);
  g_autofree char *path = NULL;

  part_fill (part, 10);
  g_assert_cmpint (g_rename (fixture->folder, moved), ==, 0);
  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
  fixture_assert_files (fixture, "");
  g_assert_cmpint (g_rename (moved, fixture->folder), ==, 0);
  fixture_assert_files (fixture, "file.bin");
}

/* While a part is in the folder that was moved away, the next one goes to the one that has got its
 * name. */
static void
test_claim_replaced (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);
  BobbinPartFile *other;
  g_autofree char *moved = g_strconcat (fixture->folder, "-moved", NULL);
  g_autofree char *moved_part = g_build_filename (moved, "file.bin.part", NULL);

  g_assert_cmpint (g_rename (fixture->folder, moved), ==, 0);
  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
  other = fixture_claim (fixture);
  g_assert_cmpstr (bobbin_part_file_get_name (other), ==, "file.bin");
  fixture_assert_files (fixture, "file.bin.part");

  bobbin_part_file_free (part);
  bobbin_part_file_free (other);
  g_assert_cmpint (g_remove (moved_part), ==, 0);
  g_assert_cmpint (g_rmdir (moved), ==, 0);
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
  part_fill (part, 10);
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
  g_assert_cmpint (g_unlink (link), ==, 0);
}

static void
test_publish_never_overwrites (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *expected = fixture_path (fixture, "file (2).bin");

  part_fill (part, 10);
  /* they came while it was downloaded */
  fixture_put (fixture, "file.bin", "old");
  fixture_put (fixture, "file (1).bin", "older");
  g_assert_null (bobbin_part_file_publish (part, BOBBIN_EXISTS_FAIL, FALSE, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_EXISTS);
  g_clear_error (&error);
  fixture_assert_content (fixture, "file.bin.part", "0123456789");

  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
  fixture_assert_content (fixture, "file.bin", "old");
  fixture_assert_content (fixture, "file (1).bin", "older");
  fixture_assert_files (fixture, "file (1).bin file (2).bin file.bin");
}

/* While it was downloaded, somebody moved it away and another file has its name now. */
static void
test_publish_swapped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fixture_path (fixture, "file.bin.part");

  part_fill (part, 10);
  g_assert_cmpint (g_unlink (path), ==, 0);
  fixture_put (fixture, "file.bin.part", "something else");
  g_assert_null (bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_DISK);
  fixture_assert_files (fixture, "file.bin.part file.bin.part.map");
  fixture_assert_content (fixture, "file.bin.part", "something else");
}

/* An earlier version was longer, and a kill came before it was cut off. */
static void
test_publish_longer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *part_path = fixture_path (fixture, "file.bin.part");
  g_autofree char *path = NULL;

  part_fill (part, 10);
  g_assert_cmpint (truncate (part_path, 25), ==, 0);
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error);
  g_assert_no_error (error);
  fixture_assert_content (fixture, "file.bin", "0123456789");
}

static void
test_publish_cut (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fixture_path (fixture, "file.bin.part");

  part_fill (part, 10);
  g_assert_cmpint (truncate (path, 7), ==, 0);
  g_assert_null (bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, FALSE, &error));
  g_assert_error (error, BOBBIN_ERROR, (int) BOBBIN_ERROR_DISK);
  /* what is left is right, and gone on with */
  g_assert_cmpint (bobbin_part_file_get_first_gap (part), ==, 7);
}

#define N_THREADS 8
#define N_FILES   20

static gpointer
publish_many (gpointer data)
{
  const char *folder = data;

  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *address = g_strdup_printf ("http://example.org/%p-%u", g_thread_self (), i);
      g_autoptr (GError) error = NULL;
      g_autofree char *path = NULL;
      g_autoptr (BobbinPartFile) part =
        bobbin_part_file_claim (folder, "file.bin", address, BOBBIN_EXISTS_RENAME, &error);

      g_assert_no_error (error);
      part_begin (part, 4);
      part_write (part, 0, "0123");
      path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, TRUE, &error);
      g_assert_no_error (error);
    }

  return NULL;
}

/* All want the same name, and the disk's word for it: each gets its own, and nobody waits for ever.
 */
static void
test_publish_at_once (Fixture *fixture, gconstpointer data)
{
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("publish", publish_many, fixture->folder);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  for (guint n = 0; n < N_THREADS * N_FILES; n++)
    {
      g_autofree char *name = n > 0 ? g_strdup_printf ("file (%u).bin", n) : g_strdup ("file.bin");

      fixture_assert_content (fixture, name, "0123");
    }
}

/* Killed when the name was given and nothing else was done yet. */
static void
test_published (Fixture *fixture, gconstpointer data)
{
  BobbinPartFile *part = fixture_claim (fixture);
  g_autofree char *identity = bobbin_part_file_dup_identity (part);
  g_autofree char *from = fixture_path (fixture, "file.bin.part");
  g_autofree char *to = fixture_path (fixture, "file (1).bin");
  g_autofree char *path = NULL;
  gint64 length = -1;

  part_begin (part, 2 * BOBBIN_PART_SMALL);
  part_write (part, 0, "0123456789");
  bobbin_part_file_checkpoint (part);
  fixture_put (fixture, "file.bin", "mine");
  g_assert_cmpint (g_rename (from, to), ==, 0);
  /* not by that map */
  g_assert_null (bobbin_part_file_find_published (fixture->folder, "file.bin", identity, &length));

  g_assert_cmpint (g_rename (to, from), ==, 0);
  part_begin (part, 10);
  part_write (part, 0, "0123456789");
  bobbin_part_file_checkpoint (part);
  bobbin_part_file_free (part);
  g_assert_cmpint (g_rename (from, to), ==, 0);
  path = bobbin_part_file_find_published (fixture->folder, "file.bin", identity, &length);
  g_assert_cmpstr (path, ==, to);
  g_assert_cmpint (length, ==, 10);
  fixture_assert_files (fixture, "file (1).bin file.bin");
  fixture_assert_content (fixture, "file.bin", "mine");

  length = 11;
  g_assert_null (bobbin_part_file_find_published (fixture->folder, "file.bin", identity, &length));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  part_test ("/part-publish/at-once", test_publish_at_once);
  part_test ("/part-publish/set-aside", test_set_aside);
  part_test ("/part-publish/set-aside-swapped", test_set_aside_swapped);
  part_test ("/part-publish/publish", test_publish);
  part_test ("/part-publish/moved", test_publish_moved);
  part_test ("/part-publish/replaced", test_publish_replaced);
  part_test ("/part-publish/claim-replaced", test_claim_replaced);
  part_test ("/part-publish/link", test_publish_link);
  part_test ("/part-publish/never-overwrites", test_publish_never_overwrites);
  part_test ("/part-publish/published", test_published);
  part_test ("/part-publish/swapped", test_publish_swapped);
  part_test ("/part-publish/longer", test_publish_longer);
  part_test ("/part-publish/cut", test_publish_cut);

  return g_test_run ();
}
