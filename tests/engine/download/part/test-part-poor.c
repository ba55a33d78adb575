/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A part on a file system that can do little, such as that of the document portal may be, of FAT or
 * of another computer: no locks, no marks, no space ahead, no links, and no rename(2) that never
 * replaces.
 */

#include "config.h"

#include "part-fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/xattr.h>
#include <unistd.h>

/* What is refused, and was. */
static guint n_renames;
static guint n_links;
static guint n_spaces;
static guint n_locks;
static guint n_marks;

static int
refuse (guint *n, int errsv)
{
  (*n)++;
  errno = errsv;

  return -1;
}

/* The linker takes these rather than the C library's. */

int
renameat2 (int from_fd, const char *from, int to_fd, const char *to, unsigned int flags)
{
  return refuse (&n_renames, EINVAL);
}

int
linkat (int from_fd, const char *from, int to_fd, const char *to, int flags)
{
  return refuse (&n_links, EPERM);
}

int
fallocate (int fd, int mode, off_t offset, off_t n_bytes)
{
  return refuse (&n_spaces, EOPNOTSUPP);
}

int
flock (int fd, int operation)
{
  return refuse (&n_locks, ENOSYS);
}

int
fsetxattr (int fd, const char *name, const void *value, size_t size, int flags)
{
  return refuse (&n_marks, EOPNOTSUPP);
}

static void
assert_published (BobbinPartFile *part, Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *expected = fixture_path (fixture, name);
  g_autofree char *path = bobbin_part_file_publish (part, BOBBIN_EXISTS_RENAME, TRUE, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
  fixture_assert_content (fixture, name, "0123456789");
}

static void
test_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);

  n_renames = n_links = 0;
  part_begin (part, 10);
  part_write (part, 5, "56789");
  part_write (part, 0, "01234");
  assert_published (part, fixture, "file.bin");
  fixture_assert_files (fixture, "file.bin");
  g_assert_cmpuint (n_renames, >, 0);
  g_assert_cmpuint (n_links, >, 0);
}

/* Of a file that is long enough for it. */
static void
test_no_space_ahead (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autoptr (GError) error = NULL;

  n_spaces = 0;
  part_begin (part, 10 * 1024 * 1024);
  g_assert_true (bobbin_part_file_reserve (part, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_spaces, >, 0);
}

/* What came between claim and end keeps its name. */
static void
test_never_overwrites (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);

  part_fill (part, 10);
  fixture_put (fixture, "file.bin", "mine");
  assert_published (part, fixture, "file (1).bin");
  fixture_assert_content (fixture, "file.bin", "mine");
  fixture_assert_files (fixture, "file (1).bin file.bin");
}

/* It is known again by its map alone. */
static void
test_goes_on (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  g_autoptr (BobbinPartFile) again = NULL;

  n_locks = n_marks = 0;
  part_fill (part, 10);
  bobbin_part_file_checkpoint (part);
  g_clear_pointer (&part, bobbin_part_file_free);
  again = fixture_find (fixture);
  g_assert_nonnull (again);
  assert_published (again, fixture, "file.bin");
  fixture_assert_files (fixture, "file.bin");
  g_assert_cmpuint (n_locks, >, 0);
  g_assert_cmpuint (n_marks, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  part_test ("/part-poor/whole", test_whole);
  part_test ("/part-poor/no-space-ahead", test_no_space_ahead);
  part_test ("/part-poor/never-overwrites", test_never_overwrites);
  part_test ("/part-poor/goes-on", test_goes_on);

  return g_test_run ();
}
