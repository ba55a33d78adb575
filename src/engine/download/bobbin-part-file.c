/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A file while it is not whole: NAME.part holds the bytes, each at its place, NAME.part.map says
 * which of them are there and of what version of which address they are. How one is found or made
 * is in bobbin-part-file-claim.c; here it is written, and the map after it; how it becomes NAME is
 * in bobbin-part-file-publish.c.
 *
 * Order: bytes first, then the map that says so.
 *
 * Used by one thread at a time; all of it may block on the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-part-file-private.h"

#include "bobbin-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* After so many new bytes the kernel is asked to begin writing, so that it has little left to do
 * when somebody waits for it. */
#define WRITE_BACK_SIZE (8 * 1024 * 1024)

char *
bobbin_part_file_to_map_name (const char *name)
{
  return g_strconcat (name, ".part.map", NULL);
}

char *
bobbin_part_file_to_part_name (const char *name)
{
  return g_strconcat (name, ".part", NULL);
}

BobbinPartFile *
bobbin_part_file_new (const char *folder, const char *name, int folder_fd)
{
  BobbinPartFile *self = g_new0 (BobbinPartFile, 1);

  self->folder = g_strdup (folder);
  self->name = g_strdup (name);
  self->folder_fd = fcntl (folder_fd, F_DUPFD_CLOEXEC, 0);
  self->fd = -1;

  return self;
}

/**
 * bobbin_part_file_free:
 * @self: (transfer full): a part
 *
 * Closes the files and gives the lock back; what is on the disk stays.
 */
void
bobbin_part_file_free (BobbinPartFile *self)
{
  if (self->fd >= 0)
    close (self->fd);
  close (self->folder_fd);
  g_clear_pointer (&self->map, bobbin_part_map_free);
  g_free (self->name);
  g_free (self->folder);
  g_free (self);
}

void
bobbin_part_file_set_error (BobbinPartFile *self, int errsv, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  if (error != NULL)
    *error = bobbin_error_from_errno (errsv, path);
}

int
bobbin_part_file_store_map (BobbinPartFile *self, gboolean sync)
{
  g_autofree char *name = bobbin_part_file_to_map_name (self->name);
  const int errsv = bobbin_part_map_store (self->map, self->folder_fd, name, sync);

  if (errsv == 0)
    self->changed = FALSE;

  return errsv;
}

/* Whether the open file, now locked, still has its name: another program may have published or
 * discarded it between our open and our lock. */
gboolean
bobbin_part_file_is_there (BobbinPartFile *self, const char *name)
{
  struct stat by_fd, by_name;

  return fstat (self->fd, &by_fd) == 0 &&
         fstatat (self->folder_fd, name, &by_name, AT_SYMLINK_NOFOLLOW) == 0 &&
         by_fd.st_dev == by_name.st_dev && by_fd.st_ino == by_name.st_ino;
}

/**
 * bobbin_part_file_get_name:
 * @self: a part
 *
 * Returns: (transfer none): the name it will have when it is whole
 */
const char *
bobbin_part_file_get_name (BobbinPartFile *self)
{
  return self->name;
}

/**
 * bobbin_part_file_get_n_bytes:
 * @self: a part
 *
 * Returns: how many bytes are there
 */
gint64
bobbin_part_file_get_n_bytes (BobbinPartFile *self)
{
  return bobbin_segment_map_get_n_bytes (self->map->written);
}

/**
 * bobbin_part_file_get_first_gap:
 * @self: a part
 *
 * Returns: the offset of the first byte that is not there
 */
gint64
bobbin_part_file_get_first_gap (BobbinPartFile *self)
{
  return bobbin_segment_map_get_first_gap (self->map->written);
}

/**
 * bobbin_part_file_get_length:
 * @self: a part
 *
 * Returns: bytes of the whole file, or -1 while that is not known
 */
gint64
bobbin_part_file_get_length (BobbinPartFile *self)
{
  return self->map->length;
}

/**
 * bobbin_part_file_get_etag:
 * @self: a part
 *
 * Returns: (transfer none) (nullable): the ETag of the version that is there
 */
const char *
bobbin_part_file_get_etag (BobbinPartFile *self)
{
  return self->map->etag;
}

/**
 * bobbin_part_file_get_date:
 * @self: a part
 *
 * Returns: (transfer none) (nullable): the Last-Modified of the version that is there, if it is
 *   exact enough to tell it from others
 */
const char *
bobbin_part_file_get_date (BobbinPartFile *self)
{
  return self->map->is_dated ? self->map->last_modified : NULL;
}

/**
 * bobbin_part_file_get_source:
 * @self: a part
 *
 * Returns: (transfer none) (nullable): the resource that the bytes came from
 */
const char *
bobbin_part_file_get_source (BobbinPartFile *self)
{
  return self->map->source;
}

/**
 * bobbin_part_file_set_length:
 * @self: a part whose length was not known
 * @length: bytes of the whole file
 *
 * Notes what a later answer said.
 */
void
bobbin_part_file_set_length (BobbinPartFile *self, gint64 length)
{
  g_return_if_fail (self->map->length < 0 && length >= 0);

  self->map->length = length;
  self->changed = TRUE;
}

/**
 * bobbin_part_file_begin:
 * @self: a part
 * @version: what comes now
 * @error: return location
 *
 * Begins anew: whatever was there is gone, of the map first.
 *
 * Returns: whether that succeeded
 */
gboolean
bobbin_part_file_begin (BobbinPartFile *self, const BobbinPartVersion *version, GError **error)
{
  /* What the old map promised to survive a power cut must not be promised of the new bytes. */
  const gboolean sync = bobbin_segment_map_get_n_bytes (self->map->synced) > 0;
  int errsv;

  bobbin_part_map_begin (self->map, version);
  self->dirty_from = self->dirty_to = 0;

  errsv = bobbin_part_file_store_map (self, sync);
  if (errsv == 0 && ftruncate (self->fd, 0) < 0)
    errsv = errno;
  if (errsv != 0)
    bobbin_part_file_set_error (self, errsv, self->name, error);
  if (errsv != 0 && self->fresh)
    bobbin_part_file_discard (self);
  self->fresh = FALSE;

  return errsv == 0;
}

/* Has the kernel begin to write what it was given lately; waits for nothing. */
static void
bobbin_part_file_write_back (BobbinPartFile *self, gint64 offset, gsize n_bytes)
{
  if (offset != self->dirty_to)
    self->dirty_from = offset;
  self->dirty_to = offset + n_bytes;

  if (self->dirty_to - self->dirty_from < WRITE_BACK_SIZE)
    return;

  sync_file_range (self->fd, self->dirty_from, self->dirty_to - self->dirty_from,
                   SYNC_FILE_RANGE_WRITE);
  self->dirty_from = self->dirty_to;
}

/**
 * bobbin_part_file_write:
 * @self: a part
 * @offset: where
 * @bytes: (array length=n_bytes): what
 * @n_bytes: how much of it
 * @error: return location
 *
 * Writes bytes at their place. The map knows of them from the next checkpoint on.
 *
 * Returns: whether all of them were written
 */
gboolean
bobbin_part_file_write (BobbinPartFile *self,
                        gint64 offset,
                        const void *bytes,
                        gsize n_bytes,
                        GError **error)
{
  const char *from = bytes;
  gsize done = 0;

  while (done < n_bytes)
    {
      const gssize n = pwrite (self->fd, from + done, n_bytes - done, offset + done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          bobbin_part_file_set_error (self, n < 0 ? errno : ENOSPC, self->name, error);
          break;
        }
      done += n;
    }

  if (done > 0)
    {
      bobbin_segment_map_add (self->map->written, offset, offset + done);
      self->changed = TRUE;
      bobbin_part_file_write_back (self, offset, done);
    }

  return done == n_bytes;
}

/* TO BE MERGED */
gboolean
bobbin_part_file_compare (BobbinPartFile *self, gint64 offset, const void *bytes, gsize n_bytes)
{
  g_autofree char *there = g_malloc (n_bytes);

  return pread (self->fd, there, n_bytes, offset) == (gssize) n_bytes &&
         memcmp (there, bytes, n_bytes) == 0;
}

BobbinSegmentMap *
bobbin_part_file_get_written (BobbinPartFile *self)
{
  return self->map->written;
}

/**
 * bobbin_part_file_checkpoint:
 * @self: a part
 *
 * Writes the map, if there is news for it, so that the next run goes on from here even if this
 * program is killed. Where that fails, on a full disk say, the map before is still there, and true.
 */
void
bobbin_part_file_checkpoint (BobbinPartFile *self)
{
  const int errsv = self->changed ? bobbin_part_file_store_map (self, FALSE) : 0;

  if (errsv != 0)
    g_debug ("No checkpoint of %s: %s", self->name, g_strerror (errsv));
}

/* Names survive a power cut if the folder does. Not all file systems can be asked to. */
void
bobbin_part_file_sync_folder (BobbinPartFile *self)
{
  if (fsync (self->folder_fd) < 0)
    g_debug ("%s could not be synced: %s", self->folder, g_strerror (errno));
}

/* The disk failed to take what it was given. Linux says so once and then takes the lost pages for
 * clean, so another attempt would succeed: nothing counts but what was certain before. */
void
bobbin_part_file_distrust (BobbinPartFile *self)
{
  g_autofree char *synced = bobbin_segment_map_to_string (self->map->synced);

  bobbin_segment_map_free (self->map->written);
  self->map->written = bobbin_segment_map_parse (synced);
  bobbin_part_file_store_map (self, FALSE);
}

/**
 * bobbin_part_file_sync:
 * @self: a part
 * @error: return location
 *
 * Waits until the disk has all of it, then writes a map that says so: what is there now will be
 * there after a power cut.
 *
 * Returns: whether the disk took it
 */
gboolean
bobbin_part_file_sync (BobbinPartFile *self, GError **error)
{
  g_autofree char *written = bobbin_segment_map_to_string (self->map->written);
  int errsv = 0;

  if (fdatasync (self->fd) < 0)
    {
      errsv = errno;
      bobbin_part_file_distrust (self);
    }
  else
    {
      g_clear_pointer (&self->map->synced, bobbin_segment_map_free);
      self->map->synced = bobbin_segment_map_parse (written);
      errsv = bobbin_part_file_store_map (self, TRUE);
      bobbin_part_file_sync_folder (self);
    }
  if (errsv != 0)
    bobbin_part_file_set_error (self, errsv, self->name, error);

  return errsv == 0;
}

/**
 * bobbin_part_file_discard:
 * @self: a part
 *
 * Deletes it.
 */
void
bobbin_part_file_discard (BobbinPartFile *self)
{
  g_autofree char *part = bobbin_part_file_to_part_name (self->name);
  g_autofree char *map = bobbin_part_file_to_map_name (self->name);

  bobbin_part_map_remove_fresh (self->folder_fd, map);
  unlinkat (self->folder_fd, map, 0);
  unlinkat (self->folder_fd, part, 0);
}
