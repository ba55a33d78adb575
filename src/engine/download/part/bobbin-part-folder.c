/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A folder that parts are in. It is opened once for all that are there at the same time: many small
 * files are mostly that, opening and closing. And where many files become whole at once, in many
 * threads, one fsync(2) serves all that gave their names before it began: whoever comes while one
 * is under way waits for the next, and one of those who wait does it for all of them.
 *
 * Any thread; may block on the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-part-folder.h"

#include "bobbin-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

struct _BobbinPartFolder
{
  char *path; /* (owned) what it was called when it was opened */
  int fd;     /* (owned) */
  dev_t dev;
  ino_t ino;

  /* protected by mutex */
  guint n_users;
  guint64 asked;      /* how many have asked for a sync */
  guint64 done;       /* how many of them have got it */
  gboolean is_synced; /* right now, by one of them */
};

static GMutex mutex;
static GCond is_done;
static GSList *folders; /* (unowned) of BobbinPartFolder, all that are open; protected by mutex */

static void
set_error (int errsv, const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  if (errsv == ENOENT || errsv == ENOTDIR)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_FOLDER,
                 _ ("The folder “%s” is not there. Choose another one."), shown);
  else
    g_propagate_error (error, bobbin_error_from_errno (errsv, path));
}

/* Whether this is what @path leads to now. While it is open its number is nobody else's. */
static gboolean
folder_is_at (BobbinPartFolder *self, const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 && status.st_dev == self->dev && status.st_ino == self->ino;
}

/* With a reference, if there is one. */
static BobbinPartFolder *
look_up (const char *path)
{
  BobbinPartFolder *found = NULL;

  g_mutex_lock (&mutex);
  for (GSList *l = folders; l != NULL && found == NULL; l = l->next)
    if (g_str_equal (((BobbinPartFolder *) l->data)->path, path))
      found = l->data;
  if (found != NULL)
    found->n_users++;
  g_mutex_unlock (&mutex);

  return found;
}

static BobbinPartFolder *
folder_new (const char *path, GError **error)
{
  BobbinPartFolder *self;
  struct stat status;
  const int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0 || fstat (fd, &status) < 0)
    {
      set_error (errno, path, error);
      if (fd >= 0)
        close (fd);
      return NULL;
    }

  self = g_new0 (BobbinPartFolder, 1);
  self->path = g_strdup (path);
  self->fd = fd;
  self->dev = status.st_dev;
  self->ino = status.st_ino;
  self->n_users = 1;

  return self;
}

/**
 * bobbin_part_folder_open:
 * @path: (type filename): where it is
 * @error: (nullable): return location for %BOBBIN_ERROR_NO_FOLDER or another %BOBBIN_ERROR
 *
 * Opens the folder that @path leads to, or takes the one that is open already.
 *
 * Returns: (transfer full) (nullable): a folder
 */
BobbinPartFolder *
bobbin_part_folder_open (const char *path, GError **error)
{
  BobbinPartFolder *self = look_up (path);

  if (self != NULL && folder_is_at (self, path))
    return self;
  g_clear_pointer (&self, bobbin_part_folder_unref);

  self = folder_new (path, error);
  if (self == NULL)
    return NULL;

  /* Before one that is called the same and was moved away. */
  g_mutex_lock (&mutex);
  folders = g_slist_prepend (folders, self);
  g_mutex_unlock (&mutex);

  return self;
}

/**
 * bobbin_part_folder_ref:
 * @self: a folder
 *
 * Returns: (transfer full): @self
 */
BobbinPartFolder *
bobbin_part_folder_ref (BobbinPartFolder *self)
{
  g_mutex_lock (&mutex);
  self->n_users++;
  g_mutex_unlock (&mutex);

  return self;
}

/**
 * bobbin_part_folder_unref:
 * @self: (transfer full): a folder
 *
 * Closes it if nobody else has it: nothing keeps a disk from being unmounted.
 */
void
bobbin_part_folder_unref (BobbinPartFolder *self)
{
  gboolean is_last;

  g_mutex_lock (&mutex);
  is_last = --self->n_users == 0;
  if (is_last)
    folders = g_slist_remove (folders, self);
  g_mutex_unlock (&mutex);

  if (!is_last)
    return;

  close (self->fd);
  g_free (self->path);
  g_free (self);
}

/**
 * bobbin_part_folder_get_fd:
 * @self: a folder
 *
 * Returns: the open folder, for openat(2) and the like; it stays the folder's
 */
int
bobbin_part_folder_get_fd (BobbinPartFolder *self)
{
  return self->fd;
}

/**
 * bobbin_part_folder_get_path:
 * @self: a folder
 *
 * Returns: (transfer none) (type filename): what it was called when it was opened
 */
const char *
bobbin_part_folder_get_path (BobbinPartFolder *self)
{
  return self->path;
}

/**
 * bobbin_part_folder_find:
 * @self: a folder
 *
 * What the folder is called by now: a file goes where the folder is, not where it was. Another name
 * than the one that was chosen is asked for only if that one does not lead there any more.
 *
 * Returns: (transfer full) (type filename): its path
 */
char *
bobbin_part_folder_find (BobbinPartFolder *self)
{
  g_autofree char *link = NULL;
  g_autofree char *path = NULL;

  if (folder_is_at (self, self->path))
    return g_strdup (self->path);

  link = g_strdup_printf ("/proc/self/fd/%d", self->fd);
  path = g_file_read_link (link, NULL);
  if (path != NULL && folder_is_at (self, path))
    return g_steal_pointer (&path);

  return g_strdup (self->path);
}

/* For all who have asked up to now. The mutex is not held meanwhile. Not all file systems can be
 * asked to. */
static void
folder_serve (BobbinPartFolder *self)
{
  const guint64 asked = self->asked;

  self->is_synced = TRUE;
  g_mutex_unlock (&mutex);
  if (fsync (self->fd) < 0)
    g_debug ("A folder could not be synced: %s", g_strerror (errno));
  g_mutex_lock (&mutex);
  self->is_synced = FALSE;
  self->done = asked;
  g_cond_broadcast (&is_done);
}

/**
 * bobbin_part_folder_sync:
 * @self: a folder
 *
 * Waits until every name that was given or taken in a folder before survives a power cut. A file
 * system that cannot promise that is no reason to fail.
 */
void
bobbin_part_folder_sync (BobbinPartFolder *self)
{
  guint64 mine;

  g_mutex_lock (&mutex);
  mine = ++self->asked;
  while (self->done < mine)
    if (self->is_synced)
      g_cond_wait (&is_done, &mutex);
    else
      folder_serve (self);
  g_mutex_unlock (&mutex);
}
