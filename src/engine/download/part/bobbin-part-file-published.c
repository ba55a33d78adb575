/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Knowing a part again under its final name. Between the moment in which a file gets its name and
 * the one in which whoever keeps the list of jobs has put that down, the program may be killed: the
 * next run is told to go on, finds no part, and would download the file once more beside itself. So
 * whoever keeps the list keeps, too, which file a part is, whatever its name.
 *
 * Any thread; all of it may block on the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-part-file-private.h"

#include "bobbin-file-name.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define WANTED (STATX_TYPE | STATX_NLINK | STATX_UID | STATX_INO | STATX_SIZE | STATX_BTIME)

/* An inode's number is given away again when its file is gone: the time of its birth tells two of
 * them apart. Where there is none the device does so as well as it can, until the next boot. */
static char *
format_identity (const struct statx *status)
{
  if ((status->stx_mask & STATX_BTIME) != 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT "-%" G_GINT64_FORMAT ".%09u",
                            (guint64) status->stx_ino, (gint64) status->stx_btime.tv_sec,
                            status->stx_btime.tv_nsec);

  return g_strdup_printf ("%" G_GUINT64_FORMAT "@%u:%u", (guint64) status->stx_ino,
                          status->stx_dev_major, status->stx_dev_minor);
}

/**
 * bobbin_part_file_dup_identity:
 * @self: a part
 *
 * Returns: (transfer full) (nullable): which file this is, whatever it is called: for
 *   bobbin_part_file_find_published(); shorter than 64 bytes
 */
char *
bobbin_part_file_dup_identity (BobbinPartFile *self)
{
  struct statx status;

  if (statx (self->fd, "", AT_EMPTY_PATH, WANTED, &status) < 0)
    return NULL;

  return format_identity (&status);
}

static gboolean
is_that_file (const struct statx *status, const char *identity, gint64 length)
{
  g_autofree char *found = format_identity (status);

  return S_ISREG (status->stx_mode) && status->stx_nlink == 1 && status->stx_uid == geteuid () &&
         (length < 0 || (gint64) status->stx_size == length) && g_str_equal (found, identity);
}

/* Whether there is no map, or one that says that all is there: a part that somebody gave another
 * name while it was downloaded has one that does not. */
static gboolean
is_whole_by_map (int folder_fd, const char *map_name)
{
  g_autoptr (BobbinPartMap) map = NULL;
  struct stat status;

  if (fstatat (folder_fd, map_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
    return errno == ENOENT;
  map = bobbin_part_map_load (folder_fd, map_name);

  return map != NULL && map->length >= 0 &&
         bobbin_segment_map_get_first_gap (map->written) == map->length;
}

/* What a kill in the middle of publishing has left beside it. */
static void
clear_away (int folder_fd, const char *map_name)
{
  bobbin_part_map_remove_synced (folder_fd, map_name);
  unlinkat (folder_fd, map_name, 0);
}

/**
 * bobbin_part_file_find_published:
 * @folder: (type filename): where
 * @name: the name that the part had
 * @identity: which file it was, from bobbin_part_file_dup_identity()
 * @length: (inout): bytes of the whole file, or -1
 *
 * Looks for a part that was published when the program was killed, and does what is left to do for
 * it. To be asked when there is no part.
 *
 * Returns: (transfer full) (nullable) (type filename): the path of the whole file; %NULL if there
 *   is none that is this one for certain
 */
char *
bobbin_part_file_find_published (const char *folder,
                                 const char *name,
                                 const char *identity,
                                 gint64 *length)
{
  g_autoptr (BobbinPartFolder) opened = bobbin_part_folder_open (folder, NULL);
  g_autofree char *map = bobbin_part_file_to_map_name (name);
  const int folder_fd = opened != NULL ? bobbin_part_folder_get_fd (opened) : -1;

  if (folder_fd < 0 || !is_whole_by_map (folder_fd, map))
    return NULL;

  for (guint n = 0; n <= BOBBIN_PART_MAX_NUMBERED; n++)
    {
      g_autofree char *candidate = n > 0 ? bobbin_file_name_numbered (name, n) : g_strdup (name);
      struct statx status;

      if (statx (folder_fd, candidate, AT_SYMLINK_NOFOLLOW, WANTED, &status) < 0)
        return NULL;
      if (!is_that_file (&status, identity, *length))
        continue;

      *length = (gint64) status.stx_size;
      clear_away (folder_fd, map);
      bobbin_part_folder_sync (opened);

      return g_build_filename (folder, candidate, NULL);
    }

  return NULL;
}
