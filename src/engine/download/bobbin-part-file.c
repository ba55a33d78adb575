/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A file while it is not whole: NAME.part holds the bytes, each at its place, NAME.part.map says
 * which of them are there and of what version of which address they are. It becomes NAME in one
 * step, when it is whole, and never in place of another file.
 *
 * Order: bytes first, then the map that says so.
 *
 * A part that somebody works on is locked with flock(2), so that neither two downloads of one
 * program nor two programs write into one part.
 *
 * Used by one thread at a time; all of it may block on the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-part-file.h"

#include "bobbin-error.h"
#include "bobbin-file-name.h"
#include "bobbin-http-policy.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* After so many new bytes the kernel is asked to begin writing, so that it has little left to do
 * when somebody waits for it. */
#define WRITE_BACK_SIZE (8 * 1024 * 1024)

/* More names than this are not tried. */
#define MAX_NUMBERED 9999

struct _BobbinPartFile
{
  char *folder; /* (owned) */
  char *name;   /* (owned) the final one, as far as is known */
  int folder_fd;
  int fd;
  BobbinPartMap *map; /* (owned) */
  gboolean fresh;     /* made by us, and nothing has been begun in it */
  gboolean changed;   /* since the map was stored */

  /* bytes whose write-back was not begun */
  gint64 dirty_from;
  gint64 dirty_to;
};

static char *
map_name (const char *name)
{
  return g_strconcat (name, ".part.map", NULL);
}

static char *
part_name (const char *name)
{
  return g_strconcat (name, ".part", NULL);
}

static gboolean
exists_at (int folder_fd, const char *name)
{
  struct stat status;

  return fstatat (folder_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

static void
set_errno_error (GError **error, int errsv, BobbinPartFile *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  if (error != NULL)
    *error = bobbin_error_from_errno (errsv, path);
}

static int
bobbin_part_file_store_map (BobbinPartFile *self, gboolean sync)
{
  g_autofree char *name = map_name (self->name);
  const int errsv = bobbin_part_map_store (self->map, self->folder_fd, name, sync);

  if (errsv == 0)
    self->changed = FALSE;

  return errsv;
}

static BobbinPartMap *
load_map (int folder_fd, const char *name)
{
  g_autofree char *map = map_name (name);

  return bobbin_part_map_load (folder_fd, map);
}

static BobbinPartFile *
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

/* Whether the open file, now locked, still has its name: another program may have published or
 * discarded it between our open and our lock. */
static gboolean
bobbin_part_file_is_there (BobbinPartFile *self, const char *name)
{
  struct stat by_fd, by_name;

  return fstat (self->fd, &by_fd) == 0 &&
         fstatat (self->folder_fd, name, &by_name, AT_SYMLINK_NOFOLLOW) == 0 &&
         by_fd.st_dev == by_name.st_dev && by_fd.st_ino == by_name.st_ino;
}

/* Gives 0 or the errno. A file system that knows no locks is no reason not to use it: what a lock
 * keeps out is rare. */
static int
lock (int fd)
{
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return 0;

  return errno == ENOLCK || errno == ENOSYS || errno == EOPNOTSUPP ? 0 : errno;
}

/* Opens what a kill between making a part and storing its first map left: a part that is empty and
 * has no map. */
static BobbinPartFile *
adopt_in (int folder_fd, const char *folder, const char *name, const char *address)
{
  g_autoptr (BobbinPartFile) self = bobbin_part_file_new (folder, name, folder_fd);
  g_autofree char *part = part_name (name);
  g_autofree char *map = map_name (name);
  struct stat status;

  self->map = bobbin_part_map_new (address);
  self->fresh = TRUE;
  self->fd = openat (folder_fd, part, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  if (self->fd < 0 || flock (self->fd, LOCK_EX | LOCK_NB) < 0 ||
      !bobbin_part_file_is_there (self, part) || fstat (self->fd, &status) < 0 ||
      !S_ISREG (status.st_mode) || status.st_nlink != 1 || status.st_size > 0 ||
      exists_at (folder_fd, map))
    return NULL;

  return g_steal_pointer (&self);
}

/* Opens the part of this name if it is of this address and nobody works on it. */
static BobbinPartFile *
open_in (int folder_fd, const char *folder, const char *name, const char *address)
{
  g_autoptr (BobbinPartFile) self = NULL;
  g_autoptr (BobbinPartMap) map = load_map (folder_fd, name);
  g_autofree char *part = part_name (name);
  struct stat status;

  if (map == NULL || strcmp (map->address, address) != 0)
    return NULL;

  self = bobbin_part_file_new (folder, name, folder_fd);
  self->fd = openat (folder_fd, part, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  if (self->fd < 0 || lock (self->fd) != 0 || !bobbin_part_file_is_there (self, part) ||
      fstat (self->fd, &status) < 0 || !S_ISREG (status.st_mode))
    return NULL;

  /* Now that it is ours: whoever held it before may have written another one. */
  self->map = load_map (folder_fd, name);
  if (self->map == NULL || strcmp (self->map->address, address) != 0)
    return NULL;
  bobbin_part_map_clip (self->map, status.st_size);

  return g_steal_pointer (&self);
}

/* Makes the part of this name; a file that is there already is left alone. Its map comes with
 * bobbin_part_file_begin(), which is next. */
static BobbinPartFile *
create_in (int folder_fd, const char *folder, const char *name, const char *address, GError **error)
{
  g_autoptr (BobbinPartFile) self = bobbin_part_file_new (folder, name, folder_fd);
  g_autofree char *part = part_name (name);
  int errsv = 0;

  self->map = bobbin_part_map_new (address);
  self->fresh = TRUE;
  self->fd = openat (folder_fd, part, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (self->fd < 0)
    errsv = errno;
  else
    errsv = lock (self->fd);
  /* Somebody was faster to lock it: it is theirs. */
  if (errsv == EWOULDBLOCK)
    errsv = EEXIST;
  else if (errsv != 0 && errsv != EEXIST && self->fd >= 0)
    unlinkat (folder_fd, part, 0);
  if (errsv != 0)
    {
      set_errno_error (error, errsv, self, part);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/* Whether neither a file nor a part is there under this name. What only a crash can leave, a map
 * without its part, is cleared away. */
static gboolean
is_free (int folder_fd, const char *name)
{
  g_autofree char *part = part_name (name);
  g_autofree char *map = map_name (name);
  g_autoptr (BobbinPartMap) stale = NULL;

  if (exists_at (folder_fd, part))
    return FALSE;

  bobbin_part_map_remove_fresh (folder_fd, map);
  stale = load_map (folder_fd, name);
  if (stale != NULL)
    unlinkat (folder_fd, map, 0);

  return !exists_at (folder_fd, name) && !exists_at (folder_fd, map);
}

static int
open_folder (const char *folder, GError **error)
{
  const int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0 && error != NULL)
    {
      const int errsv = errno;
      g_autofree char *shown = g_filename_display_name (folder);

      if (errsv == ENOENT || errsv == ENOTDIR)
        *error = g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NO_FOLDER,
                              _ ("The folder “%s” is not there. Choose another one."), shown);
      else
        *error = bobbin_error_from_errno (errsv, folder);
    }

  return fd;
}

/**
 * bobbin_part_file_open:
 * @folder: (type filename): where
 * @name: the final name of the part
 * @address: what is being downloaded
 *
 * Opens what an earlier run left of @address under exactly this name.
 *
 * Returns: (transfer full) (nullable): the part, locked, or %NULL if there is none that is free
 */
BobbinPartFile *
bobbin_part_file_open (const char *folder, const char *name, const char *address)
{
  const int folder_fd = open_folder (folder, NULL);
  BobbinPartFile *self = NULL;

  if (folder_fd >= 0)
    {
      self = open_in (folder_fd, folder, name, address);
      close (folder_fd);
    }

  return self;
}

static BobbinPartFile *
find_in (int folder_fd,
         const char *folder,
         const char *name,
         const char *address,
         BobbinExists exists)
{
  if (exists != BOBBIN_EXISTS_RENAME && exists_at (folder_fd, name))
    return NULL;

  for (guint n = 0; n <= MAX_NUMBERED; n++)
    {
      g_autofree char *candidate = n > 0 ? bobbin_file_name_numbered (name, n) : g_strdup (name);
      g_autofree char *part = part_name (candidate);
      BobbinPartFile *self = open_in (folder_fd, folder, candidate, address);

      if (self != NULL)
        return self;
      if (!exists_at (folder_fd, candidate) && !exists_at (folder_fd, part))
        return NULL;
    }

  return NULL;
}

/**
 * bobbin_part_file_find:
 * @folder: (type filename): where
 * @name: a safe name
 * @address: what is being downloaded
 * @exists: what to do if there is a file @name
 *
 * Looks for what an earlier run left of @address under @name, or @name with a number. A file @name
 * that may not be numbered round leaves nothing to go on with.
 *
 * Returns: (transfer full) (nullable): the part, locked, or %NULL if there is none to go on with
 */
BobbinPartFile *
bobbin_part_file_find (const char *folder,
                       const char *name,
                       const char *address,
                       BobbinExists exists)
{
  const int folder_fd = open_folder (folder, NULL);
  BobbinPartFile *self = NULL;

  if (folder_fd >= 0)
    {
      self = find_in (folder_fd, folder, name, address, exists);
      close (folder_fd);
    }

  return self;
}

static BobbinPartFile *
claim_in (int folder_fd,
          const char *folder,
          const char *name,
          const char *address,
          BobbinExists exists,
          GError **error)
{
  for (guint n = 0; n <= MAX_NUMBERED; n++)
    {
      g_autofree char *candidate = n > 0 ? bobbin_file_name_numbered (name, n) : g_strdup (name);
      g_autoptr (GError) local_error = NULL;
      BobbinPartFile *self;

      if (n == 0 && exists != BOBBIN_EXISTS_RENAME && exists_at (folder_fd, candidate))
        break;

      self = open_in (folder_fd, folder, candidate, address);
      if (self == NULL && !exists_at (folder_fd, candidate))
        self = adopt_in (folder_fd, folder, candidate, address);
      if (self == NULL && is_free (folder_fd, candidate))
        self = create_in (folder_fd, folder, candidate, address, &local_error);
      if (self != NULL)
        return self;
      if (local_error != NULL && !g_error_matches (local_error, BOBBIN_ERROR, BOBBIN_ERROR_EXISTS))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_EXISTS,
               _ ("There is a file “%s” already, and it is not overwritten."), name);

  return NULL;
}

/**
 * bobbin_part_file_claim:
 * @folder: (type filename): where
 * @name: a safe name
 * @address: what is being downloaded
 * @exists: what to do if there is a file @name
 * @error: return location
 *
 * Finds or makes the part to download @address into. A file, a part of another address and a part
 * that somebody works on are left alone: the name gets a number, or, if @exists says so and there
 * is a file @name, this fails with %BOBBIN_ERROR_EXISTS.
 *
 * Returns: (transfer full) (nullable): the part, locked
 */
BobbinPartFile *
bobbin_part_file_claim (const char *folder,
                        const char *name,
                        const char *address,
                        BobbinExists exists,
                        GError **error)
{
  const int folder_fd = open_folder (folder, error);
  BobbinPartFile *self = NULL;

  if (folder_fd >= 0)
    {
      self = claim_in (folder_fd, folder, name, address, exists, error);
      close (folder_fd);
    }

  return self;
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
    set_errno_error (error, errsv, self, self->name);
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
          set_errno_error (error, n < 0 ? errno : ENOSPC, self, self->name);
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
static void
bobbin_part_file_sync_folder (BobbinPartFile *self)
{
  if (fsync (self->folder_fd) < 0)
    g_debug ("%s could not be synced: %s", self->folder, g_strerror (errno));
}

/* The disk failed to take what it was given. Linux says so once and then takes the lost pages for
 * clean, so another attempt would succeed: nothing counts but what was certain before. */
static void
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
    set_errno_error (error, errsv, self, self->name);

  return errsv == 0;
}

/* For file systems that know neither renameat2() nor hard links: a name that O_EXCL gave us is ours
 * to replace. A kill between the two calls leaves an empty file of that name. */
static int
rename_over_own (int folder_fd, const char *from, const char *to)
{
  const int fd = openat (folder_fd, to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  int errsv;

  if (fd < 0)
    return errno;
  close (fd);

  if (renameat (folder_fd, from, folder_fd, to) == 0)
    return 0;

  errsv = errno;
  unlinkat (folder_fd, to, 0);

  return errsv;
}

/* rename(2) that never replaces. Gives 0 or the errno. */
static int
rename_no_replace (int folder_fd, const char *from, const char *to)
{
  if (renameat2 (folder_fd, from, folder_fd, to, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return errno;

  if (linkat (folder_fd, from, folder_fd, to, 0) == 0)
    return unlinkat (folder_fd, from, 0) < 0 ? errno : 0;
  if (errno == EEXIST)
    return EEXIST;

  return rename_over_own (folder_fd, from, to);
}

static void
bobbin_part_file_set_mtime (BobbinPartFile *self)
{
  const gint64 modified = bobbin_http_parse_date (self->map->last_modified);
  const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = modified } };

  /* A file system that keeps no such dates is no reason to fail. */
  if (modified >= 0 && futimens (self->fd, times) < 0)
    g_debug ("No modification time for %s: %s", self->name, g_strerror (errno));
}

/* Whether what is about to get the final name is what this part wrote, all of it and no more. */
static gboolean
bobbin_part_file_check (BobbinPartFile *self, GError **error)
{
  const gint64 length = bobbin_part_file_get_first_gap (self);
  g_autofree char *part = part_name (self->name);
  struct stat status;

  if (!bobbin_part_file_is_there (self, part))
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_DISK,
                   _ ("“%s” was moved or deleted while it was downloaded. Start it again."),
                   self->name);
      return FALSE;
    }
  if (fstat (self->fd, &status) < 0 || status.st_size < length)
    {
      bobbin_part_map_clip (self->map, status.st_size);
      bobbin_part_file_store_map (self, FALSE);
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_DISK,
                   _ ("“%s” was cut short by somebody else. Start it again."), self->name);
      return FALSE;
    }
  /* what an earlier version was longer by */
  if (status.st_size > length && ftruncate (self->fd, length) < 0)
    {
      set_errno_error (error, errno, self, self->name);
      return FALSE;
    }

  return TRUE;
}

/* Gives the part its final name, or the next one that is free. Gives 0 or the errno. */
static int
bobbin_part_file_rename (BobbinPartFile *self, BobbinExists exists, char **final)
{
  g_autofree char *part = part_name (self->name);
  int errsv = EEXIST;

  for (guint n = 0; n <= MAX_NUMBERED && errsv == EEXIST; n++)
    {
      if (n > 0 && exists != BOBBIN_EXISTS_RENAME)
        break;
      g_free (*final);
      *final = n > 0 ? bobbin_file_name_numbered (self->name, n) : g_strdup (self->name);
      errsv = rename_no_replace (self->folder_fd, part, *final);
    }

  return errsv;
}

/**
 * bobbin_part_file_publish:
 * @self: a part that is whole
 * @exists: what to do if there is a file of its name by now
 * @sync: wait for the disk before and after
 * @error: return location
 *
 * Gives the file its date and its final name, in one step and never in place of another file.
 *
 * Returns: (transfer full) (nullable) (type filename): the path of the whole file
 */
char *
bobbin_part_file_publish (BobbinPartFile *self, BobbinExists exists, gboolean sync, GError **error)
{
  g_autofree char *map = map_name (self->name);
  g_autofree char *final = NULL;
  int errsv = 0;

  g_assert (self->map->length < 0 || (bobbin_part_file_get_first_gap (self) == self->map->length &&
                                      bobbin_part_file_get_n_bytes (self) == self->map->length));

  if (!bobbin_part_file_check (self, error))
    return NULL;

  bobbin_part_file_set_mtime (self);
  if (sync && fsync (self->fd) < 0)
    {
      errsv = errno;
      bobbin_part_file_distrust (self);
    }
  if (errsv == 0)
    errsv = bobbin_part_file_rename (self, exists, &final);
  if (errsv != 0)
    {
      set_errno_error (error, errsv, self, self->name);
      return NULL;
    }

  unlinkat (self->folder_fd, map, 0);
  if (sync)
    bobbin_part_file_sync_folder (self);

  return g_build_filename (self->folder, final, NULL);
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
  g_autofree char *part = part_name (self->name);
  g_autofree char *map = map_name (self->name);

  bobbin_part_map_remove_fresh (self->folder_fd, map);
  unlinkat (self->folder_fd, map, 0);
  unlinkat (self->folder_fd, part, 0);
}
