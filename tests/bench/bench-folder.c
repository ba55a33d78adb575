/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Folders that a benchmark writes to, and leaves nothing of. Any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/**
 * bench_folder_new:
 * @parent: (type filename): where
 * @error: return location
 *
 * Returns: (transfer full) (type filename) (nullable): a new folder, for bench_folder_free()
 */
char *
bench_folder_new (const char *parent, GError **error)
{
  g_autofree char *path = g_build_filename (parent, "bobbin-bench-XXXXXX", NULL);

  if (g_mkdtemp (path) != NULL)
    return g_steal_pointer (&path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", parent,
               g_strerror (errno));

  return NULL;
}

/**
 * bench_folder_clear:
 * @folder: (type filename): a folder
 *
 * Removes all that is in it.
 */
void
bench_folder_clear (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) && g_file_test (path, G_FILE_TEST_IS_DIR))
        bench_folder_clear (path);
      g_remove (path);
    }
}

/**
 * bench_folder_free:
 * @folder: (transfer full) (type filename): a folder that bench_folder_new() made
 *
 * Removes it with all that is in it.
 */
void
bench_folder_free (char *folder)
{
  bench_folder_clear (folder);
  g_rmdir (folder);
  g_free (folder);
}

/**
 * bench_folder_settle:
 * @folder: (type filename): a folder
 *
 * Waits until its disk has all that was written to it, by whomever: what is measured next has the
 * disk for itself.
 *
 * Returns: whether the disk says so
 */
gboolean
bench_folder_settle (const char *folder)
{
  const int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  const gboolean done = fd >= 0 && syncfs (fd) == 0;

  if (fd >= 0)
    close (fd);

  return done;
}
