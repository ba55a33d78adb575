/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Room for a part: whether there is enough before the first byte comes, keeping it for this part
 * where the disk can do that at once, and how much is missing after it ran out.
 *
 * Used by one thread at a time; all of it may block on the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-part-file-private.h"

#include "bobbin-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* A stop has to wait for one step at most. */
#define STEP (G_GINT64_CONSTANT (1) << 28)

/* More than a map of most files takes, whatever the size of the disk's blocks. */
#define MAP_ROOM (64 * 1024)

/* What is asked for where nobody knows how much is to come. */
#define UNKNOWN_WANTED (1024 * 1024)

/* Whether reserving only writes down which blocks are whose. A file system in memory clears them
 * (0.2 s a GiB), and one that is emulated or far away may do anything. */
static gboolean
reserves_at_once (int fd)
{
  struct statfs status;

  if (fstatfs (fd, &status) < 0)
    return FALSE;

  switch ((guint32) status.f_type)
    {
    case EXT4_SUPER_MAGIC: /* also ext2 and ext3, which say that they cannot */
    case XFS_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case F2FS_SUPER_MAGIC:
      return TRUE;
    default:
      return FALSE;
    }
}

/* How many bytes have to find room yet. What lies in the file counts whether or not the disk packs
 * it, and so does what is reserved. */
static gint64
bobbin_part_file_get_wanted (BobbinPartFile *self)
{
  const gint64 there = bobbin_part_file_get_n_bytes (self);
  struct stat status;

  if (self->map->length < 0)
    return UNKNOWN_WANTED;
  if (fstat (self->fd, &status) < 0)
    return MAX (self->map->length - there, 0);

  /* st_blocks: of 512 bytes, whatever the file system's own are (inode(7)) */
  return MAX (self->map->length - MAX (there, (gint64) status.st_blocks * 512), 0);
}

/* How many bytes there are too few, by what the file system says of itself. */
static gint64
bobbin_part_file_get_lack (BobbinPartFile *self)
{
  const gint64 wanted = bobbin_part_file_get_wanted (self);
  struct statvfs status;
  guint64 free;

  /* no blocks at all: it does not tell */
  if (wanted == 0 || fstatvfs (self->fd, &status) < 0 || status.f_blocks == 0)
    return 0;

  free = (guint64) status.f_bavail * status.f_frsize;

  return free < (guint64) wanted ? wanted - (gint64) free : 0;
}

static gboolean
is_no_space (int errsv)
{
  return errsv == ENOSPC || errsv == EDQUOT;
}

/* Gives back what was reserved behind the end of the file: nobody else could use it. */
static void
bobbin_part_file_release (BobbinPartFile *self)
{
  struct stat status;

  if (fstat (self->fd, &status) == 0 && ftruncate (self->fd, status.st_size) < 0)
    g_debug ("Nothing given back of %s: %s", self->name, g_strerror (errno));
}

/* Gives 0 or the errno; that a file system cannot do it is none. Not posix_fallocate(3), which then
 * writes zeros. */
static int
reserve (int fd, gint64 first, gint64 end)
{
  int errsv = 0;

  do
    errsv = fallocate (fd, FALLOC_FL_KEEP_SIZE, first, end - first) < 0 ? errno : 0;
  while (errsv == EINTR);

  return is_no_space (errsv) || errsv == EFBIG || errsv == EIO || errsv == EROFS ? errsv : 0;
}

static int
bobbin_part_file_reserve_steps (BobbinPartFile *self, GCancellable *cancellable)
{
  const gint64 length = self->map->length;
  int errsv = 0;

  for (gint64 first = 0; first < length && errsv == 0; first += STEP)
    {
      if (g_cancellable_is_cancelled (cancellable))
        return ECANCELED;
      errsv = reserve (self->fd, first, MIN (first + STEP, length));
    }
  if (is_no_space (errsv))
    {
      self->refused_first = 0;
      self->refused_end = length;
      bobbin_part_file_release (self);
    }

  return errsv;
}

static void
bobbin_part_file_set_lack (BobbinPartFile *self, gint64 lack, GError **error)
{
  g_autofree char *size = g_format_size (lack);
  g_autofree char *name = g_filename_display_name (self->name);

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_SPACE,
               /* Translators: the first %s is a size such as “3.4 MB”, the other a file's name */
               _ ("There is not enough room on the disk: %s more are needed for “%s”. Make room "
                  "or choose another folder."),
               size, name);
}

/**
 * bobbin_part_file_reserve:
 * @self: a part
 * @cancellable: (nullable): looked at between two steps of 256 MiB
 * @error: return location for %BOBBIN_ERROR_NO_SPACE, another %BOBBIN_ERROR or
 *   %G_IO_ERROR_CANCELLED
 *
 * Makes sure that there is room for what is still to come, and keeps it for this part on disks that
 * do so without writing. A small file keeps nothing for itself: its bytes are there, or refused,
 * before that would be of use. Which bytes are there is not changed by that, nor is the size of the
 * file. To be called once the length is known, and again after each bobbin_part_file_begin(); where
 * the length is not known it does nothing.
 *
 * Returns: whether to go on; if not, what was there still is
 */
gboolean
bobbin_part_file_reserve (BobbinPartFile *self, GCancellable *cancellable, GError **error)
{
  const gboolean is_small = self->map->length <= BOBBIN_PART_SMALL;
  const gboolean has_room =
    is_small && bobbin_part_folder_has_room (self->folder, MAX (self->map->length, 0));
  const gint64 lack = has_room ? 0 : bobbin_part_file_get_lack (self);
  int errsv = 0;

  if (lack > 0)
    {
      bobbin_part_file_set_lack (self, lack, error);
      return FALSE;
    }

  if (!is_small && reserves_at_once (self->fd))
    errsv = bobbin_part_file_reserve_steps (self, cancellable);
  if (errsv == ECANCELED)
    g_cancellable_set_error_if_cancelled (cancellable, error);
  else if (errsv != 0)
    bobbin_part_file_set_error (self, errsv, self->name, error);

  return errsv == 0;
}

/* A quota shows in no figure, and some file systems are full before they say so: what was refused
 * is asked for again. */
static gboolean
bobbin_part_file_is_refused_still (BobbinPartFile *self)
{
  if (self->refused_end == 0)
    return FALSE;

  if (is_no_space (reserve (self->fd, self->refused_first, self->refused_end)))
    {
      bobbin_part_file_release (self);
      return TRUE;
    }
  self->refused_first = self->refused_end = 0;

  return FALSE;
}

/**
 * bobbin_part_file_may_begin:
 * @folder: (type filename): where
 * @length: bytes of the file, or -1
 *
 * For somebody who waits for space and has no part, as there was none even for that, or nothing in
 * it that was worth keeping: it takes two names, one for the bytes and one for the map, and a
 * block, or as many as the bytes need.
 *
 * Returns: whether there is room to begin, as far as can be told
 */
gboolean
bobbin_part_file_may_begin (const char *folder, gint64 length)
{
  struct statvfs status;

  /* What is wrong with a folder that cannot be asked is not for who waits for space to say. */
  if (statvfs (folder, &status) < 0)
    return TRUE;

  /* no blocks, or no inodes, at all: it does not tell */
  return (status.f_files == 0 || status.f_favail >= BOBBIN_PART_N_NAMES) &&
         (status.f_blocks == 0 ||
          (guint64) status.f_bavail * status.f_frsize >= (guint64) MAX (length, 1));
}

/**
 * bobbin_part_file_get_refused:
 * @self: a part
 * @first: (out): the first byte, and
 * @end: (out): the one behind the last, that there was no room for; 0 if there is none
 *
 * For somebody who gives the part up and waits for space without it.
 */
void
bobbin_part_file_get_refused (BobbinPartFile *self, gint64 *first, gint64 *end)
{
  *first = self->refused_first;
  *end = self->refused_end;
}

/**
 * bobbin_part_file_set_refused:
 * @self: a part
 * @first: what bobbin_part_file_get_refused()
 * @end: gave
 *
 * For the same one when it is back.
 */
void
bobbin_part_file_set_refused (BobbinPartFile *self, gint64 first, gint64 end)
{
  self->refused_first = first;
  self->refused_end = end;
}

/**
 * bobbin_part_file_checkpoint_when_full:
 * @self: a part that there was no room for
 *
 * As bobbin_part_file_checkpoint(), for somebody who is about to give the part up until there is
 * room: if there is none for the map either, the last bytes make it.
 */
void
bobbin_part_file_checkpoint_when_full (BobbinPartFile *self)
{
  struct stat status;
  gint64 size;

  bobbin_part_file_checkpoint (self);
  if (!self->changed || bobbin_part_file_get_n_bytes (self) == 0 || fstat (self->fd, &status) < 0)
    return;

  size = MAX ((gint64) status.st_size - MAP_ROOM, 0);
  if (ftruncate (self->fd, size) < 0)
    return;
  bobbin_part_file_clip (self, size);
  bobbin_part_file_checkpoint (self);
}

/**
 * bobbin_part_file_get_missing_space:
 * @self: a part
 *
 * For somebody who waits for space, before the first byte or after a write failed with
 * %BOBBIN_ERROR_NO_SPACE. Where the file system's figures say that there is enough but it refused a
 * write, as with a quota, it is asked again, and this gives the size of what it refuses.
 *
 * Returns: how many bytes there are too few now; 0 if there is room, as far as can be told
 */
gint64
bobbin_part_file_get_missing_space (BobbinPartFile *self)
{
  const gint64 lack = bobbin_part_file_get_lack (self);

  if (lack > 0)
    return lack;

  return bobbin_part_file_is_refused_still (self) ? self->refused_end - self->refused_first : 0;
}
