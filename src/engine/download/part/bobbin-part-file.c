/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A file while it is not whole: NAME.part holds the bytes, each at its place, NAME.part.map says
 * which of them are there and of what version of which address they are. How one is found or made
 * is in bobbin-part-file-claim.c, how it is given room in bobbin-part-file-space.c and bytes in
 * bobbin-part-file-write.c; here it is begun, and the map kept; how it gets to the disk for certain
 * is in bobbin-part-file-sync.c, and how it becomes NAME in bobbin-part-file-publish.c.
 *
 * Order: bytes first, then the map that says so.
 *
 * Used by one thread at a time; all of it may block on the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-part-file-private.h"

#include "bobbin-error.h"
#include "bobbin-http-policy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* An extended attribute (xattr(7)) that only an unfinished file has. */
#define MARK "user.bobbin.part"

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
bobbin_part_file_new (BobbinPartFolder *folder, const char *name)
{
  BobbinPartFile *self = g_new0 (BobbinPartFile, 1);

  self->folder = bobbin_part_folder_ref (folder);
  self->folder_fd = bobbin_part_folder_get_fd (folder);
  self->name = g_strdup (name);
  self->fd = -1;

  return self;
}

/**
 * bobbin_part_file_free:
 * @self: (transfer full): a part
 *
 * Closes the files and gives the lock back; what is on the disk stays. A sync that is under way is
 * given up, and waited for: see bobbin-part-file-sync.c.
 */
void
bobbin_part_file_free (BobbinPartFile *self)
{
  bobbin_part_file_settle (self);
  if (self->fd >= 0)
    {
      /* A child process that is just being started has a copy of it, and would keep the lock. */
      flock (self->fd, LOCK_UN);
      close (self->fd);
    }
  bobbin_part_folder_unref (self->folder);
  g_clear_pointer (&self->map, bobbin_part_map_free);
  g_free (self->name);
  g_free (self);
}

void
bobbin_part_file_set_error (BobbinPartFile *self, int errsv, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (bobbin_part_folder_get_path (self->folder), name, NULL);

  if (error != NULL)
    *error = bobbin_error_from_errno (errsv, path);
}

/* Gives 0 or the errno, and then the map before is still there. Waits for no disk. */
int
bobbin_part_file_store_map (BobbinPartFile *self)
{
  g_autofree char *name = bobbin_part_file_to_map_name (self->name);
  const int errsv = bobbin_part_map_store (self->map, self->folder_fd, name);

  if (errsv == 0)
    {
      self->changed = FALSE;
      self->has_map = TRUE;
    }

  return errsv;
}

/* What the file is shorter than is not there, and never was certain. */
void
bobbin_part_file_clip (BobbinPartFile *self, gint64 size)
{
  bobbin_part_file_settle (self);
  if (bobbin_segment_map_get_end (self->map->synced) > size)
    bobbin_part_file_revoke (self);
  bobbin_part_map_clip (self->map, size);
}

/* A part without a map is somebody else's, unless it is empty or marked so. */
void
bobbin_part_file_mark (BobbinPartFile *self)
{
  if (!self->marked)
    self->marked = fsetxattr (self->fd, MARK, "", 0, 0) == 0;
}

gboolean
bobbin_part_file_is_marked (BobbinPartFile *self)
{
  return fgetxattr (self->fd, MARK, NULL, 0) >= 0;
}

void
bobbin_part_file_unmark (BobbinPartFile *self)
{
  if (self->marked && fremovexattr (self->fd, MARK) < 0 && errno != ENODATA)
    g_debug ("%s keeps its mark: %s", self->name, g_strerror (errno));
  self->marked = FALSE;
}

/* Whether the open file, now locked, still has its name: another program may have published or
 * discarded it between our open and our lock. Tells what there is to know of it. */
gboolean
bobbin_part_file_is_there (BobbinPartFile *self, const char *name, struct stat *status)
{
  struct stat by_name;

  return fstat (self->fd, status) == 0 &&
         fstatat (self->folder_fd, name, &by_name, AT_SYMLINK_NOFOLLOW) == 0 &&
         status->st_dev == by_name.st_dev && status->st_ino == by_name.st_ino;
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
 * bobbin_part_file_is_page:
 * @self: a part
 *
 * Returns: whether what is there is a web page, as its Content-Type said
 */
gboolean
bobbin_part_file_is_page (BobbinPartFile *self)
{
  return self->map->is_page;
}

/**
 * bobbin_part_file_is_doubtful:
 * @self: a part
 *
 * Returns: whether what is there is not to be gone on with: it was found to be of another version
 *   than what comes, or bytes of one were added to it before all of it was compared
 */
gboolean
bobbin_part_file_is_doubtful (BobbinPartFile *self)
{
  return self->map->is_doubtful;
}

/**
 * bobbin_part_file_set_doubtful:
 * @self: a part
 * @is_doubtful: whether what is there is not to be gone on with
 *
 * Says so, to later runs as well: at once, as there may be a kill before the next checkpoint.
 */
void
bobbin_part_file_set_doubtful (BobbinPartFile *self, gboolean is_doubtful)
{
  int errsv;

  if (self->map->is_doubtful == is_doubtful)
    return;

  /* What was promised to survive a power cut does not know of it. */
  bobbin_part_file_settle (self);
  bobbin_part_file_revoke (self);
  self->map->is_doubtful = is_doubtful;
  self->changed = TRUE;
  errsv = bobbin_part_file_store_map (self);
  if (errsv != 0)
    g_debug ("No checkpoint of %s: %s", self->name, g_strerror (errsv));
}

/**
 * bobbin_part_file_get_written:
 * @self: a part
 *
 * Returns: (transfer none): which bytes are there; the same map until the part is freed, to be read
 *   and not changed
 */
BobbinSegmentMap *
bobbin_part_file_get_written (BobbinPartFile *self)
{
  return self->map->written;
}

/**
 * bobbin_part_file_get_fd:
 * @self: a part
 *
 * For reading back what is there, to compute its checksum say. Its position is nobody's: use
 * pread(2). It is not for writing: the map would not know.
 *
 * Returns: the open file; it stays the part's
 */
int
bobbin_part_file_get_fd (BobbinPartFile *self)
{
  return self->fd;
}

/**
 * bobbin_part_file_set_length:
 * @self: a part whose length was not known
 * @length: bytes of the whole file
 *
 * Notes what a later answer said.
 *
 * Returns: %FALSE if that cannot be: there are bytes behind it
 */
gboolean
bobbin_part_file_set_length (BobbinPartFile *self, gint64 length)
{
  g_return_val_if_fail (self->map->length < 0 && length >= 0, FALSE);

  if (bobbin_segment_map_get_end (self->map->written) > length)
    return FALSE;

  self->map->length = length;
  self->changed = TRUE;

  return TRUE;
}

/**
 * bobbin_part_file_set_checksum:
 * @self: a part
 * @checksum: what a server said that the whole file comes to, see bobbin_checksum_to_string()
 *
 * Keeps it with the map, for the run that will have all the bytes.
 */
void
bobbin_part_file_set_checksum (BobbinPartFile *self, const char *checksum)
{
  if (g_strcmp0 (checksum, self->map->checksum) == 0)
    return;

  g_free (self->map->checksum);
  self->map->checksum = g_strdup (checksum);
  self->changed = TRUE;
}

/**
 * bobbin_part_file_get_checksum:
 * @self: a part
 *
 * Returns: (transfer none) (nullable): what a server said that the whole file comes to
 */
const char *
bobbin_part_file_get_checksum (BobbinPartFile *self)
{
  return self->map->checksum;
}

/**
 * bobbin_part_file_begin:
 * @self: a part
 * @version: what comes now
 * @error: return location
 *
 * Begins anew: whatever was there is gone, of the map first. A file so short that it will be whole
 * before the next checkpoint gets no map until then, where the disk can mark it as ours otherwise.
 *
 * Returns: whether that succeeded; if not, a part in which nothing was begun before is gone
 */
gboolean
bobbin_part_file_begin (BobbinPartFile *self, const BobbinPartVersion *version, GError **error)
{
  int errsv = 0;

  /* What was promised to survive a power cut must not be promised of the new bytes. */
  bobbin_part_file_settle (self);
  bobbin_part_file_revoke (self);
  bobbin_part_map_begin (self->map, version);
  memset (self->runs, 0, sizeof self->runs);
  memset (self->cached, 0, sizeof self->cached);
  self->refused_first = self->refused_end = 0;
  self->changed = TRUE;

  if (!self->has_map && version->length >= 0 && version->length <= BOBBIN_PART_SMALL)
    bobbin_part_file_mark (self);
  if (self->has_map || !self->marked)
    errsv = bobbin_part_file_store_map (self);
  if (errsv == 0 && !self->fresh && ftruncate (self->fd, 0) < 0)
    errsv = errno;
  if (errsv != 0)
    bobbin_part_file_set_error (self, errsv, self->name, error);
  if (errsv != 0 && self->fresh)
    bobbin_part_file_discard (self);
  self->fresh = FALSE;

  return errsv == 0;
}

/* What is certain stays so: after another boot a synced map counts only if it is of the same
 * address. Where it cannot be replaced it goes, and until then the latest one is enough. */
static void
bobbin_part_file_sync_address (BobbinPartFile *self)
{
  g_autofree char *name = bobbin_part_file_to_map_name (self->name);
  g_autofree char *text = NULL;

  text = bobbin_part_map_format_synced (self->map, self->map->synced, self->folder_fd);
  if (bobbin_segment_map_get_n_bytes (self->map->synced) == 0 ||
      bobbin_part_map_store_synced (text, self->folder_fd, name) != 0)
    {
      bobbin_part_map_remove_synced (self->folder_fd, name);
      bobbin_segment_map_clear (self->map->synced);
    }
  bobbin_part_folder_sync (self->folder);
}

/**
 * bobbin_part_file_set_address:
 * @self: a part that was just opened
 * @address: another address that the same file is said to lie at
 * @error: return location
 *
 * Has the part be found under @address from now on, with what is there; which resource its
 * validators are of stays as it is. One that is whole loses its last byte, for nothing would be
 * asked of @address otherwise, and all of it be taken for what lies there. Waits for the disk to
 * take the map, and not the bytes.
 *
 * Returns: whether the disk took it; if not, nothing is changed there
 */
gboolean
bobbin_part_file_set_address (BobbinPartFile *self, const char *address, GError **error)
{
  const gint64 length = self->map->length;
  int errsv;

  if (length > 0 && bobbin_part_file_get_first_gap (self) == length)
    bobbin_part_map_clip (self->map, length - 1);
  g_free (self->map->address);
  self->map->address = bobbin_http_strip_userinfo (address);
  self->changed = TRUE;
  errsv = bobbin_part_file_store_map (self);
  if (errsv != 0)
    {
      bobbin_part_file_set_error (self, errsv, self->name, error);
      return FALSE;
    }
  bobbin_part_file_sync_address (self);

  return TRUE;
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
  const int errsv = self->changed ? bobbin_part_file_store_map (self) : 0;

  if (errsv != 0)
    g_debug ("No checkpoint of %s: %s", self->name, g_strerror (errsv));
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

  bobbin_part_file_settle (self);
  bobbin_part_file_revoke (self);
  bobbin_part_map_remove_fresh (self->folder_fd, map);
  unlinkat (self->folder_fd, map, 0);
  unlinkat (self->folder_fd, part, 0);
}
