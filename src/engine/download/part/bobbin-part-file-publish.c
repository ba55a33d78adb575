/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The end of a part: a last look at whether it is what was written, and its final name, in one step
 * and never in place of another file, whatever the file system can do.
 *
 * Used by one thread at a time; all of it may block on the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-part-file-private.h"

#include "bobbin-error.h"
#include "bobbin-file-name.h"
#include "bobbin-http-policy.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

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
  g_autofree char *part = bobbin_part_file_to_part_name (self->name);
  struct stat status = { 0 };

  if (!bobbin_part_file_is_there (self, part, &status))
    {
      g_autofree char *folder = bobbin_part_folder_find (self->folder, error);

      if (folder == NULL)
        return FALSE;
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_DISK,
                   /* Translators: %s is the name of a file */
                   _ ("“%s” was moved or deleted while it was downloaded. Start it again."),
                   self->name);
      return FALSE;
    }
  if (!bobbin_part_file_check_size (self, &status, error))
    return FALSE;
  /* what an earlier version was longer by */
  if (status.st_size > length && ftruncate (self->fd, length) < 0)
    {
      bobbin_part_file_set_error (self, errno, self->name, error);
      return FALSE;
    }

  return TRUE;
}

/* Gives the part its final name, or the next one that is free. Gives 0 or the errno. */
static int
bobbin_part_file_rename (BobbinPartFile *self, BobbinExists exists, char **final)
{
  g_autofree char *part = bobbin_part_file_to_part_name (self->name);
  int errsv = EEXIST;

  for (guint n = 0; n <= BOBBIN_PART_MAX_NUMBERED && errsv == EEXIST; n++)
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
 * Gives the file its date and its final name, in one step and never in place of another file. Where
 * no path leads to its folder any more, as the disk was unmounted, say, it stays a part, which is
 * gone on with when the disk is there again.
 *
 * Returns: (transfer full) (nullable) (type filename): the path of the whole file
 */
char *
bobbin_part_file_publish (BobbinPartFile *self, BobbinExists exists, gboolean sync, GError **error)
{
  g_autofree char *map = bobbin_part_file_to_map_name (self->name);
  g_autofree char *final = NULL;
  g_autofree char *folder = NULL;
  int errsv = 0;

  g_assert (self->map->length < 0 || (bobbin_part_file_get_first_gap (self) == self->map->length &&
                                      bobbin_part_file_get_n_bytes (self) == self->map->length));

  if (!bobbin_part_file_check (self, error))
    return NULL;

  bobbin_part_file_set_mtime (self);
  /* What a sync that was under way has heard of the disk, this one would not hear again. */
  errsv = bobbin_part_file_settle (self);
  if (errsv == 0 && sync && fsync (self->fd) < 0)
    {
      errsv = errno;
      bobbin_part_file_distrust (self);
    }
  /* Killed between the two, its map says that the file is whole. */
  if (errsv == 0 && self->has_map)
    bobbin_part_file_checkpoint (self);
  if (errsv == 0 && (folder = bobbin_part_folder_find (self->folder, error)) == NULL)
    return NULL;
  if (errsv == 0)
    errsv = bobbin_part_file_rename (self, exists, &final);
  if (errsv != 0)
    {
      bobbin_part_file_set_error (self, errsv, self->name, error);
      return NULL;
    }

  bobbin_part_file_revoke (self);
  if (self->has_map)
    unlinkat (self->folder_fd, map, 0);
  bobbin_part_file_unmark (self);
  if (sync)
    bobbin_part_folder_sync (self->folder);

  return g_build_filename (folder, final, NULL);
}

/**
 * bobbin_part_file_set_aside:
 * @self: a part that turned out to be wrong
 * @error: return location
 *
 * Takes a part out of the way whose bytes are not those that were asked for, for somebody to look
 * at: it becomes NAME.part.bad, or NAME.part.bad.1 and so on, and is never gone on with nor
 * published. @self is of no more use but to be freed.
 *
 * Returns: (transfer full) (nullable) (type filename): the path that it has now
 */
char *
bobbin_part_file_set_aside (BobbinPartFile *self, GError **error)
{
  g_autofree char *part = bobbin_part_file_to_part_name (self->name);
  g_autofree char *map = bobbin_part_file_to_map_name (self->name);
  g_autofree char *folder = NULL;
  g_autofree char *bad = NULL;
  struct stat status;
  int errsv = bobbin_part_file_is_there (self, part, &status) ? EEXIST : ENOENT;

  bobbin_part_file_settle (self);
  for (guint n = 0; n <= BOBBIN_PART_MAX_NUMBERED && errsv == EEXIST; n++)
    {
      g_free (bad);
      bad = n > 0 ? g_strdup_printf ("%s.bad.%u", part, n) : g_strconcat (part, ".bad", NULL);
      errsv = rename_no_replace (self->folder_fd, part, bad);
    }
  if (errsv != 0)
    {
      bobbin_part_file_set_error (self, errsv, part, error);
      return NULL;
    }

  /* in this order: a map alone is cleared away when its name is wanted */
  bobbin_part_file_revoke (self);
  unlinkat (self->folder_fd, map, 0);
  bobbin_part_file_unmark (self);
  folder = bobbin_part_folder_find (self->folder, error);
  if (folder == NULL)
    return NULL;

  return g_build_filename (folder, bad, NULL);
}
