/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Finding the part that an earlier run left, or making one: which of the names NAME, NAME (1) and
 * so on is this address's, or free. What a crash left half made is taken over or cleared away;
 * files, parts of other addresses and parts that somebody works on are left alone.
 *
 * A part that somebody works on is locked with flock(2), so that neither two downloads of one
 * program nor two programs write into one part.
 *
 * Any thread; all of it may block on the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-part-file-private.h"

#include "bobbin-error.h"
#include "bobbin-file-name.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
exists_at (int folder_fd, const char *name)
{
  struct stat status;

  return fstatat (folder_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

static BobbinPartMap *
load_map (int folder_fd, const char *name)
{
  g_autofree char *map = bobbin_part_file_to_map_name (name);

  return bobbin_part_map_load (folder_fd, map);
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

/* Whether, between our look at the final name and our lock, another part of this name was published
 * under it. Then ours, which is there and locked, goes. */
static gboolean
bobbin_part_file_is_late (BobbinPartFile *self)
{
  g_autofree char *part = bobbin_part_file_to_part_name (self->name);

  return exists_at (self->folder_fd, self->name) && unlinkat (self->folder_fd, part, 0) == 0;
}

/* Whether there is no map of this name, or one that is empty: that is what a power cut can leave of
 * the first one, which nobody waited for. */
static gboolean
has_no_map (int folder_fd, const char *map)
{
  struct stat status;

  if (fstatat (folder_fd, map, &status, AT_SYMLINK_NOFOLLOW) < 0)
    return errno == ENOENT;

  return S_ISREG (status.st_mode) && status.st_nlink == 1 && status.st_size == 0;
}

/* Opens what a kill or a power cut before the first map left: a part without one that is empty, or
 * ours for certain. */
static BobbinPartFile *
adopt_in (BobbinPartFolder *folder, const char *name, const char *address)
{
  const int folder_fd = bobbin_part_folder_get_fd (folder);
  g_autoptr (BobbinPartFile) self = bobbin_part_file_new (folder, name);
  g_autofree char *part = bobbin_part_file_to_part_name (name);
  g_autofree char *map = bobbin_part_file_to_map_name (name);
  struct stat status;

  self->map = bobbin_part_map_new (address);
  self->fresh = TRUE;
  self->fd = openat (folder_fd, part, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  if (self->fd < 0 || flock (self->fd, LOCK_EX | LOCK_NB) < 0 ||
      !bobbin_part_file_is_there (self, part, &status) || !S_ISREG (status.st_mode) ||
      status.st_nlink != 1 || !has_no_map (folder_fd, map))
    return NULL;

  self->has_map = exists_at (folder_fd, map);
  self->marked = bobbin_part_file_is_marked (self);
  if (status.st_size > 0 && (!(self->has_map || self->marked) || ftruncate (self->fd, 0) < 0))
    return NULL;
  if (bobbin_part_file_is_late (self))
    return NULL;

  return g_steal_pointer (&self);
}

/* Opens the part of this name if it is of this address and nobody works on it. */
static BobbinPartFile *
open_in (BobbinPartFolder *folder, const char *name, const char *address)
{
  const int folder_fd = bobbin_part_folder_get_fd (folder);
  g_autoptr (BobbinPartFile) self = NULL;
  g_autoptr (BobbinPartMap) map = load_map (folder_fd, name);
  g_autofree char *part = bobbin_part_file_to_part_name (name);
  struct stat status;

  if (map == NULL || !bobbin_part_map_is_of (map, address))
    return NULL;

  self = bobbin_part_file_new (folder, name);
  self->fd = openat (folder_fd, part, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  if (self->fd < 0 || lock (self->fd) != 0 || !bobbin_part_file_is_there (self, part, &status) ||
      !S_ISREG (status.st_mode))
    return NULL;

  /* Now that it is ours: whoever held it before may have written another one. */
  self->map = load_map (folder_fd, name);
  if (self->map == NULL || !bobbin_part_map_is_of (self->map, address))
    return NULL;
  bobbin_part_file_clip (self, status.st_size);
  self->has_map = TRUE;
  self->marked = bobbin_part_file_is_marked (self);

  return g_steal_pointer (&self);
}

/* Makes the part of this name; a file that is there already is left alone. Its map comes with
 * bobbin_part_file_begin(), which is next. */
static BobbinPartFile *
create_in (BobbinPartFolder *folder, const char *name, const char *address, GError **error)
{
  const int folder_fd = bobbin_part_folder_get_fd (folder);
  g_autoptr (BobbinPartFile) self = bobbin_part_file_new (folder, name);
  g_autofree char *part = bobbin_part_file_to_part_name (name);
  struct stat status;
  int errsv = 0;

  self->map = bobbin_part_map_new (address);
  self->fresh = TRUE;
  self->fd = openat (folder_fd, part, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (self->fd < 0)
    errsv = errno;
  else
    errsv = lock (self->fd);
  /* Somebody was faster to lock it: it is theirs, and may be a whole file by now. */
  if (errsv == EWOULDBLOCK || (errsv == 0 && (!bobbin_part_file_is_there (self, part, &status) ||
                                              bobbin_part_file_is_late (self))))
    errsv = EEXIST;
  else if (errsv != 0 && errsv != EEXIST && self->fd >= 0)
    unlinkat (folder_fd, part, 0);
  if (errsv != 0)
    {
      bobbin_part_file_set_error (self, errsv, part, error);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/* Whether neither a file nor a part is there under this name. What only a crash can leave, a map
 * without its part, is cleared away. */
static gboolean
is_free (int folder_fd, const char *name)
{
  g_autofree char *part = bobbin_part_file_to_part_name (name);
  g_autofree char *map = bobbin_part_file_to_map_name (name);
  g_autoptr (BobbinPartMap) stale = NULL;

  if (exists_at (folder_fd, part))
    return FALSE;

  bobbin_part_map_remove_fresh (folder_fd, map);
  stale = load_map (folder_fd, name);
  if (stale != NULL)
    {
      bobbin_part_map_remove_synced (folder_fd, map);
      unlinkat (folder_fd, map, 0);
    }

  return !exists_at (folder_fd, name) && !exists_at (folder_fd, map);
}

/* Most names are free in every respect: this is what most files cost. %NULL without @error: look
 * closer. */
static BobbinPartFile *
create_quickly (BobbinPartFolder *folder, const char *name, const char *address, GError **error)
{
  const int folder_fd = bobbin_part_folder_get_fd (folder);
  g_autofree char *map = bobbin_part_file_to_map_name (name);
  g_autoptr (GError) local_error = NULL;
  BobbinPartFile *self;

  if (exists_at (folder_fd, name) || exists_at (folder_fd, map))
    return NULL;

  self = create_in (folder, name, address, &local_error);
  if (self == NULL && !g_error_matches (local_error, BOBBIN_ERROR, BOBBIN_ERROR_EXISTS))
    g_propagate_error (error, g_steal_pointer (&local_error));

  return self;
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
  g_autoptr (BobbinPartFolder) opened = bobbin_part_folder_open (folder, NULL);

  return opened != NULL ? open_in (opened, name, address) : NULL;
}

/* Whether there is nothing of this name, and so nothing of it with a number. That is how most
 * downloads begin. */
static gboolean
is_unknown (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *part = bobbin_part_file_to_part_name (path);

  return !exists_at (AT_FDCWD, part) && !exists_at (AT_FDCWD, path);
}

static BobbinPartFile *
find_in (BobbinPartFolder *folder, const char *name, const char *address, BobbinExists exists)
{
  const int folder_fd = bobbin_part_folder_get_fd (folder);

  if (exists != BOBBIN_EXISTS_RENAME && exists_at (folder_fd, name))
    return NULL;

  for (guint n = 0; n <= BOBBIN_PART_MAX_NUMBERED; n++)
    {
      g_autofree char *candidate = n > 0 ? bobbin_file_name_numbered (name, n) : g_strdup (name);
      g_autofree char *part = bobbin_part_file_to_part_name (candidate);
      BobbinPartFile *self = open_in (folder, candidate, address);

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
  g_autoptr (BobbinPartFolder) opened = NULL;

  if (is_unknown (folder, name))
    return NULL;

  opened = bobbin_part_folder_open (folder, NULL);

  return opened != NULL ? find_in (opened, name, address, exists) : NULL;
}

static BobbinPartFile *
claim_in (BobbinPartFolder *folder,
          const char *name,
          const char *address,
          BobbinExists exists,
          GError **error)
{
  const int folder_fd = bobbin_part_folder_get_fd (folder);

  for (guint n = 0; n <= BOBBIN_PART_MAX_NUMBERED; n++)
    {
      g_autofree char *candidate = n > 0 ? bobbin_file_name_numbered (name, n) : g_strdup (name);
      g_autoptr (GError) local_error = NULL;
      BobbinPartFile *self;

      if (n == 0 && exists != BOBBIN_EXISTS_RENAME && exists_at (folder_fd, candidate))
        break;

      self = open_in (folder, candidate, address);
      if (self == NULL && !exists_at (folder_fd, candidate))
        self = adopt_in (folder, candidate, address);
      if (self == NULL && is_free (folder_fd, candidate))
        self = create_in (folder, candidate, address, &local_error);
      if (self != NULL)
        return self;
      if (local_error != NULL && !g_error_matches (local_error, BOBBIN_ERROR, BOBBIN_ERROR_EXISTS))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_EXISTS,
               /* Translators: %s is the name of a file */
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
  g_autoptr (BobbinPartFolder) opened = bobbin_part_folder_open (folder, error);
  g_autoptr (GError) local_error = NULL;
  BobbinPartFile *self;

  if (opened == NULL)
    return NULL;

  self = create_quickly (opened, name, address, &local_error);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (self == NULL)
    self = claim_in (opened, name, address, exists, error);

  return self;
}
