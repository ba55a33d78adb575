/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A folder of its own for each test, and a part in it. */

#include "config.h"

#include "part-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("bobbin-part-XXXXXX", &error);
  g_assert_no_error (error);
}

char *
fixture_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = fixture_path (fixture, name);

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
void
fixture_assert_files (Fixture *fixture, const char *expected)
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

void
fixture_assert_content (Fixture *fixture, const char *name, const char *expected)
{
  g_autofree char *path = fixture_path (fixture, name);
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, expected);
}

void
fixture_put (Fixture *fixture, const char *name, const char *content)
{
  g_autofree char *path = fixture_path (fixture, name);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
}

BobbinPartFile *
fixture_claim (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part =
    bobbin_part_file_claim (fixture->folder, "file.bin", ADDRESS, BOBBIN_EXISTS_RENAME, &error);

  g_assert_no_error (error);
  g_assert_nonnull (part);

  return part;
}

BobbinPartFile *
fixture_find (Fixture *fixture)
{
  return bobbin_part_file_find (fixture->folder, "file.bin", ADDRESS, BOBBIN_EXISTS_RENAME);
}

/* Ten bytes, of which so many are written. A map is there, as if it had taken longer. */
void
part_fill (BobbinPartFile *part, gsize n_bytes)
{
  g_autoptr (GError) error = NULL;

  bobbin_part_file_begin (part,
                          &(BobbinPartVersion){ .length = 10,
                                                .etag = "\"v1\"",
                                                .last_modified = "Sat, 21 Nov 2026 01:02:03 GMT",
                                                .is_dated = TRUE },
                          &error);
  g_assert_no_error (error);
  bobbin_part_file_checkpoint (part);
  if (n_bytes > 0)
    bobbin_part_file_write (part, 0, "0123456789", n_bytes, &error);
  g_assert_no_error (error);
}

void
part_begin (BobbinPartFile *part, gint64 length)
{
  g_autoptr (GError) error = NULL;

  bobbin_part_file_begin (part, &(BobbinPartVersion){ .length = length }, &error);
  g_assert_no_error (error);
}

void
part_write (BobbinPartFile *part, gint64 offset, const char *text)
{
  g_autoptr (GError) error = NULL;

  bobbin_part_file_write (part, offset, text, strlen (text), &error);
  g_assert_no_error (error);
}

gboolean
fixture_has_mark (Fixture *fixture, const char *name)
{
  g_autofree char *path = fixture_path (fixture, name);

  return getxattr (path, "user.bobbin.part", NULL, 0) >= 0;
}

/* Whether extended attributes can be had where the tests run; without, every part has a map. */
gboolean
fixture_can_mark (Fixture *fixture)
{
  g_autofree char *path = fixture_path (fixture, "attempt");
  gboolean can;

  fixture_put (fixture, "attempt", "");
  can = setxattr (path, "user.bobbin.part", "", 0, 0) == 0;
  g_assert_cmpint (g_unlink (path), ==, 0);

  return can;
}
