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
#include <sys/statvfs.h>
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
  gint64 room;        /* bytes that were free when it was looked, but for those promised since */
  gint64 looked;      /* when that was, in µs, or 0 */
};

/* So long, in µs, is believed what a disk said of its room. */
#define ROOM_TIME G_USEC_PER_SEC

static GMutex mutex;
static GCond is_done;
static GSList *folders; /* (unowned) of BobbinPartFolder, all that are open; protected by mutex */

static void
set_no_folder (const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_FOLDER,
               /* Translators: %s is the path of a folder */
               _ ("The folder “%s” is not there. Choose another one."), shown);
}

static void
set_error (int errsv, const char *path, GError **error)
{
  if (errsv == ENOENT || errsv == ENOTDIR)
    set_no_folder (path, error);
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
 * @error: (nullable): return location for %BOBBIN_ERROR_NO_FOLDER
 *
 * What the folder is called by now: a file goes where the folder is, not where it was. Another name
 * than the one that was chosen is asked for only if that one does not lead there any more. One that
 * was deleted, or is on a disk that was unmounted, can still be written to, and nobody would find
 * what is written there.
 *
 * Returns: (transfer full) (nullable) (type filename): its path; %NULL if none leads there
 */
char *
bobbin_part_folder_find (BobbinPartFolder *self, GError **error)
{
  g_autofree char *link = NULL;
  g_autofree char *path = NULL;

  if (folder_is_at (self, self->path))
    return g_strdup (self->path);

  link = g_strdup_printf ("/proc/self/fd/%d", self->fd);
  path = g_file_read_link (link, NULL);
  if (path != NULL && folder_is_at (self, path))
    return g_steal_pointer (&path);

  set_no_folder (self->path, error);

  return NULL;
}

/* Bytes that are free, as the disk says; as many as one likes where it does not. */
static gint64
folder_ask_for_room (BobbinPartFolder *self)
{
  struct statvfs status;
  guint64 room;

  if (fstatvfs (self->fd, &status) < 0 || status.f_blocks == 0)
    return G_MAXINT64;

  room = (guint64) status.f_bavail * status.f_frsize;

  return (gint64) MIN (room, (guint64) G_MAXINT64);
}

static gboolean
folder_take_room (BobbinPartFolder *self, gint64 n_bytes)
{
  const gboolean is_known =
    self->looked > 0 && g_get_monotonic_time () - self->looked < ROOM_TIME && self->room >= n_bytes;

  if (is_known)
    self->room -= n_bytes;

  return is_known;
}

/**
 * bobbin_part_folder_has_room:
 * @self: a folder
 * @n_bytes: so many are to come
 *
 * Whether there is room for a small file, by what the disk said within this second and what was
 * promised since: many of them do not ask it for each.
 *
 * Returns: %FALSE if there is not, as far as can be told so cheaply
 */
gboolean
bobbin_part_folder_has_room (BobbinPartFolder *self, gint64 n_bytes)
{
  gboolean has_room;
  gint64 room;

  g_mutex_lock (&mutex);
  has_room = folder_take_room (self, n_bytes);
  g_mutex_unlock (&mutex);
  if (has_room)
    return TRUE;

  room = folder_ask_for_room (self);
  g_mutex_lock (&mutex);
  self->room = room;
  self->looked = g_get_monotonic_time ();
  has_room = folder_take_room (self, n_bytes);
  g_mutex_unlock (&mutex);

  return has_room;
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
