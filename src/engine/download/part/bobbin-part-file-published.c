/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Knowing a part again under its final name. Between the moment in which a file gets its name and
 * the one in which whoever keeps the list of jobs has put that down, the program may be killed: the
 * next run is told to go on, finds no part, and would download the file once more beside itself. So
 * whoever keeps the list keeps, too, which file a part is, whatever its name. A small file is whole
 * before that is put down: it comes again, and then its bytes tell.
 *
 * Any thread; all of it may block on the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-part-file-private.h"

#include "bobbin-file-name.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* So many bytes are compared at a time. */
#define PIECE (256 * 1024)

/* A file system's clock may be so much behind, in µs: it goes by the tick. */
#define TICK G_USEC_PER_SEC

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

/* Whether it came to be after that, as far as the file system knows. */
static gboolean
is_younger (const struct statx *status, gint64 since)
{
  return (status->stx_mask & STATX_BTIME) == 0 ||
         status->stx_btime.tv_sec * G_USEC_PER_SEC + status->stx_btime.tv_nsec / 1000 + TICK >=
           since;
}

static gboolean
has_same_bytes (int a, int b, gint64 length, GCancellable *cancellable)
{
  g_autofree char *bytes = g_malloc (2 * PIECE);
  gboolean is_same = TRUE;

  for (gint64 at = 0; at < length && is_same; at += PIECE)
    {
      const gssize n = MIN (PIECE, length - at);

      is_same = !g_cancellable_is_cancelled (cancellable) && pread (a, bytes, n, at) == n &&
                pread (b, bytes + PIECE, n, at) == n && memcmp (bytes, bytes + PIECE, n) == 0;
    }

  return is_same;
}

/* Whether an earlier run may have made it, of so many bytes or, -1, of any number. */
static gboolean
may_be_known (int folder_fd, const char *name, gint64 since, gint64 length)
{
  struct statx status;

  return statx (folder_fd, name, AT_SYMLINK_NOFOLLOW, WANTED, &status) == 0 &&
         S_ISREG (status.stx_mode) && status.stx_nlink == 1 && status.stx_uid == geteuid () &&
         (length < 0 || (gint64) status.stx_size == length) && is_younger (&status, since);
}

/**
 * bobbin_part_file_may_be_known:
 * @folder: (type filename): where
 * @name: the name of a file
 * @since: when a job came to be, in µs since 1970
 * @length: bytes that the job's file has, or -1
 *
 * Returns: whether the file of that name may be what a run of the job made, so that it is worth
 *   while to have it again for bobbin_part_file_find_same()
 */
gboolean
bobbin_part_file_may_be_known (const char *folder, const char *name, gint64 since, gint64 length)
{
  g_autoptr (BobbinPartFolder) opened = bobbin_part_folder_open (folder, NULL);

  return opened != NULL && may_be_known (bobbin_part_folder_get_fd (opened), name, since, length);
}

static gboolean
bobbin_part_file_is_copy_of (BobbinPartFile *self,
                             const char *name,
                             gint64 since,
                             GCancellable *cancellable)
{
  const gint64 length = bobbin_part_file_get_first_gap (self);
  gboolean is_same;
  int fd;

  if (!may_be_known (self->folder_fd, name, since, length))
    return FALSE;

  fd = openat (self->folder_fd, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0)
    return FALSE;
  is_same = has_same_bytes (self->fd, fd, length, cancellable);
  close (fd);

  return is_same;
}

/**
 * bobbin_part_file_find_same:
 * @self: a part that is whole
 * @name: the name that it should have got
 * @since: when the job of it came to be, in µs since 1970
 * @sync: wait for the disk
 * @cancellable: looked at every now and then
 *
 * Looks under @name, and @name with a lower number than that of @self, for a file that is no older
 * than the job and holds the same bytes: that is what a run made which was killed before anybody
 * put it down. Then @self is deleted.
 *
 * Returns: (transfer full) (nullable) (type filename): the path of the whole file
 */
char *
bobbin_part_file_find_same (BobbinPartFile *self,
                            const char *name,
                            gint64 since,
                            gboolean sync,
                            GCancellable *cancellable)
{
  for (guint n = 0; n <= BOBBIN_PART_MAX_NUMBERED; n++)
    {
      g_autofree char *candidate = n > 0 ? bobbin_file_name_numbered (name, n) : g_strdup (name);
      g_autofree char *folder = NULL;

      if (g_str_equal (candidate, self->name))
        return NULL;
      if (!bobbin_part_file_is_copy_of (self, candidate, since, cancellable))
        continue;

      folder = bobbin_part_folder_find (self->folder, NULL);
      if (folder == NULL)
        return NULL;
      bobbin_part_file_discard (self);
      if (sync)
        bobbin_part_folder_sync (self->folder);

      return g_build_filename (folder, candidate, NULL);
    }

  return NULL;
}
