/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Waiting until the disk has the names in a folder. Where many files become whole at once, in many
 * threads, one fsync(2) serves all that gave their names before it began: whoever comes while one
 * is under way waits for the next, and one of those who wait does it for all of them.
 *
 * Any thread; waits for the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-part-folder.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder that somebody waits for. */
typedef struct
{
  dev_t dev;
  ino_t ino;
  guint n_waiting;
  guint64 asked;      /* how many have asked */
  guint64 done;       /* how many of them have got it */
  gboolean is_synced; /* right now, by one of them */
} Folder;

static GMutex mutex;
static GCond is_done;
static GSList *folders; /* (owned) of Folder, protected by mutex, as all that is in them */

static Folder *
enter (const struct stat *status)
{
  Folder *folder;

  for (GSList *l = folders; l != NULL; l = l->next)
    {
      folder = l->data;
      if (folder->dev == status->st_dev && folder->ino == status->st_ino)
        {
          folder->n_waiting++;
          return folder;
        }
    }

  folder = g_new0 (Folder, 1);
  folder->dev = status->st_dev;
  folder->ino = status->st_ino;
  folder->n_waiting = 1;
  folders = g_slist_prepend (folders, folder);

  return folder;
}

static void
leave (Folder *folder)
{
  if (--folder->n_waiting > 0)
    return;

  folders = g_slist_remove (folders, folder);
  g_free (folder);
}

/* Not all file systems can be asked to. */
static void
sync_now (int folder_fd)
{
  if (fsync (folder_fd) < 0)
    g_debug ("A folder could not be synced: %s", g_strerror (errno));
}

/* For all who have asked up to now. The mutex is not held meanwhile. */
static void
serve (Folder *folder, int folder_fd)
{
  const guint64 asked = folder->asked;

  folder->is_synced = TRUE;
  g_mutex_unlock (&mutex);
  sync_now (folder_fd);
  g_mutex_lock (&mutex);
  folder->is_synced = FALSE;
  folder->done = asked;
  g_cond_broadcast (&is_done);
}

/**
 * bobbin_part_folder_sync:
 * @folder_fd: an open folder
 *
 * Waits until every name that was given or taken in a folder before survives a power cut. A file
 * system that cannot promise that is no reason to fail. Any thread.
 */
void
bobbin_part_folder_sync (int folder_fd)
{
  struct stat status;
  Folder *folder;
  guint64 mine;

  if (fstat (folder_fd, &status) < 0)
    {
      sync_now (folder_fd);
      return;
    }

  g_mutex_lock (&mutex);
  folder = enter (&status);
  mine = ++folder->asked;
  while (folder->done < mine)
    if (folder->is_synced)
      g_cond_wait (&is_done, &mutex);
    else
      serve (folder, folder_fd);
  leave (folder);
  g_mutex_unlock (&mutex);
}
