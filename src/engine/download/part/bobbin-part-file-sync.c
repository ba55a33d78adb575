/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Getting a part to the disk for certain, while it grows. fdatasync(2) takes as long as the disk
 * does, and nothing ends it: so a sync has a thread of its own, and who downloads goes on, and can
 * be stopped. It begins with what is in the part at that moment, and when it is over that much is
 * certain, and a map on the disk says so; what came meanwhile is for the next one.
 *
 * A part is not freed before that thread is joined, for a download that is stopped has no file open
 * any more. To keep that short, the thread first has the kernel write what is new in small bites,
 * and looks between them whether it is still wanted: what is left for the one call that cannot be
 * given up is what came meanwhile, whose write-back bobbin-part-file-write.c has begun. A sync that
 * was given up leaves what was certain before it, and no more; that is no loss in this boot.
 *
 * All but the thread is for the part's own; only the functions that say so wait for the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-part-file-private.h"

#include "bobbin-part-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Even a slow stick writes so much in a fraction of a second. */
#define BITE (1024 * 1024)

struct _BobbinPartSync
{
  GThread *thread;          /* (owned) */
  BobbinPartFolder *folder; /* the part's, which outlives the thread */
  int fd;                   /* of the part */
  char *map_name;           /* (owned) */
  char *map_text;           /* (owned) what is true when the bytes are on the disk */
  BobbinSegmentMap *before; /* (owned) certain already */
  BobbinSegmentMap *after;  /* (owned) certain when it has succeeded */

  int is_cancelled; /* (atomic) */
  int is_over;      /* (atomic) what follows is set before */
  int body_errsv;   /* of the bytes: 0, ECANCELED, or what the disk said */
  int map_errsv;    /* of the map */
  gint64 duration;  /* µs */
};

/* The thread. */

static gboolean
part_sync_is_cancelled (BobbinPartSync *self)
{
  return g_atomic_int_get (&self->is_cancelled);
}

/* Has the bytes from @first to @end written and waits for that. That a file system cannot do it
 * piece by piece is no error; one of the disk must be taken here, for fdatasync() on the same
 * descriptor would not say it again. */
static int
part_sync_bite (BobbinPartSync *self, gint64 first, gint64 end)
{
  const unsigned how =
    SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;

  if (sync_file_range (self->fd, first, end - first, how) == 0)
    return 0;

  return errno == EIO || errno == ENOSPC || errno == EDQUOT ? errno : 0;
}

/* All that was not certain before, bite by bite. */
static int
part_sync_write (BobbinPartSync *self)
{
  const gint64 end = bobbin_segment_map_get_end (self->after);
  gint64 first, last, at = 0;
  int errsv = 0;

  while (errsv == 0 && bobbin_segment_map_get_gap (self->before, at, end, &first, &last))
    {
      at = MIN (first + BITE, last);
      errsv = part_sync_is_cancelled (self) ? ECANCELED : part_sync_bite (self, first, at);
    }

  return errsv;
}

static gpointer
part_sync_thread (gpointer data)
{
  BobbinPartSync *self = data;
  const gint64 began = g_get_monotonic_time ();
  const int folder_fd = bobbin_part_folder_get_fd (self->folder);

  self->body_errsv = part_sync_write (self);
  if (self->body_errsv == 0 && part_sync_is_cancelled (self))
    self->body_errsv = ECANCELED;
  if (self->body_errsv == 0 && fdatasync (self->fd) < 0)
    self->body_errsv = errno;
  if (self->body_errsv == 0 && part_sync_is_cancelled (self))
    self->body_errsv = ECANCELED;
  if (self->body_errsv == 0)
    {
      self->map_errsv = bobbin_part_map_store_synced (self->map_text, folder_fd, self->map_name);
      if (!part_sync_is_cancelled (self))
        bobbin_part_folder_sync (self->folder);
    }

  self->duration = g_get_monotonic_time () - began;
  g_atomic_int_set (&self->is_over, TRUE);

  return NULL;
}

/* The part's own thread. */

static void
part_sync_free (BobbinPartSync *self)
{
  bobbin_segment_map_free (self->before);
  bobbin_segment_map_free (self->after);
  g_free (self->map_name);
  g_free (self->map_text);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinPartSync, part_sync_free)

static BobbinPartSync *
part_sync_new (BobbinPartFile *part)
{
  BobbinPartSync *self = g_new0 (BobbinPartSync, 1);

  self->folder = part->folder;
  self->fd = part->fd;
  self->map_name = bobbin_part_file_to_map_name (part->name);
  self->before = bobbin_segment_map_new ();
  bobbin_segment_map_copy (self->before, part->map->synced);
  self->after = bobbin_segment_map_new ();
  bobbin_segment_map_copy (self->after, part->map->written);
  self->map_text = bobbin_part_map_format_synced (part->map, self->after, part->folder_fd);

  return self;
}

/* The disk failed to take what it was given. Linux says so once and then takes the lost pages for
 * clean, so another attempt would succeed: nothing counts but what was certain before. */
void
bobbin_part_file_distrust (BobbinPartFile *self)
{
  bobbin_segment_map_copy (self->map->written, self->map->synced);
  bobbin_part_file_store_map (self);
}

/* Waits for the end of the sync that was begun, and takes what came of it. Gives 0 or the errno:
 * the bytes are not on the disk, or there is no map that says so. */
static int
part_file_join_sync (BobbinPartFile *self, gint64 *duration)
{
  g_autoptr (BobbinPartSync) sync = g_steal_pointer (&self->sync);

  if (sync == NULL)
    return 0;

  g_thread_join (sync->thread);
  if (duration != NULL)
    *duration = sync->duration;
  if (sync->body_errsv == ECANCELED)
    return 0;
  if (sync->body_errsv != 0)
    {
      bobbin_part_file_distrust (self);
      return sync->body_errsv;
    }
  if (sync->map_errsv == 0)
    bobbin_segment_map_copy (self->map->synced, sync->after);
  /* The bytes have their place, and what the map before says is true. */
  if (sync->map_errsv == ENOSPC || sync->map_errsv == EDQUOT)
    return 0;

  return sync->map_errsv;
}

/* Gives up the sync that is under way, and waits for its thread: from here on nobody else has the
 * file. Gives 0 or the errno that the disk gave. */
int
bobbin_part_file_settle (BobbinPartFile *self)
{
  bobbin_part_file_cancel_sync (self);

  return part_file_join_sync (self, NULL);
}

/* Nothing is certain any more. What was promised to survive a power cut has to be taken back before
 * it is not true any more, so this waits for the disk, if there was anything. */
void
bobbin_part_file_revoke (BobbinPartFile *self)
{
  g_autofree char *map = NULL;

  if (self->map == NULL || bobbin_segment_map_get_n_bytes (self->map->synced) == 0)
    return;

  map = bobbin_part_file_to_map_name (self->name);
  bobbin_part_map_remove_synced (self->folder_fd, map);
  bobbin_part_folder_sync (self->folder);
  bobbin_segment_map_clear (self->map->synced);
}

/**
 * bobbin_part_file_begin_sync:
 * @self: a part
 *
 * Begins to make sure that what is there now will be there after a power cut, beside all else that
 * is done with the part. Does nothing if all of it is certain, and while an earlier one is under
 * way or nobody has asked how it ended. Does not wait.
 */
void
bobbin_part_file_begin_sync (BobbinPartFile *self)
{
  g_autoptr (BobbinPartSync) sync = NULL;

  if (self->sync != NULL ||
      bobbin_part_file_get_n_bytes (self) == bobbin_segment_map_get_n_bytes (self->map->synced))
    return;

  sync = part_sync_new (self);
  /* Without a thread there is one more chance next time. */
  sync->thread = g_thread_try_new ("sync", part_sync_thread, sync, NULL);
  if (sync->thread != NULL)
    self->sync = g_steal_pointer (&sync);
}

/**
 * bobbin_part_file_is_syncing:
 * @self: a part
 *
 * Returns: whether a sync is under way
 */
gboolean
bobbin_part_file_is_syncing (BobbinPartFile *self)
{
  return self->sync != NULL && !g_atomic_int_get (&self->sync->is_over);
}

/**
 * bobbin_part_file_cancel_sync:
 * @self: a part
 *
 * Says that nobody wants the sync that is under way any more: it ends with the call that it is in.
 * Does not wait.
 */
void
bobbin_part_file_cancel_sync (BobbinPartFile *self)
{
  if (self->sync != NULL)
    g_atomic_int_set (&self->sync->is_cancelled, TRUE);
}

/**
 * bobbin_part_file_end_sync:
 * @self: a part
 * @duration: (out) (optional): how long it took, in µs; left alone if none has ended
 * @error: return location
 *
 * Takes what came of the sync that was begun, if it is over: what was there when it began will be
 * there after a power cut. Where there is no room for the map that says so the one before stays, as
 * with bobbin_part_file_checkpoint(): the part goes on with the room that it has. Does not wait.
 *
 * Returns: %FALSE if the disk did not take it; then nothing is there but what was certain before
 */
gboolean
bobbin_part_file_end_sync (BobbinPartFile *self, gint64 *duration, GError **error)
{
  const int errsv = bobbin_part_file_is_syncing (self) ? 0 : part_file_join_sync (self, duration);

  if (errsv != 0)
    bobbin_part_file_set_error (self, errsv, self->name, error);

  return errsv == 0;
}

/**
 * bobbin_part_file_sync:
 * @self: a part
 * @error: return location
 *
 * Does what bobbin_part_file_begin_sync() does, with all that is there, and waits for it.
 *
 * Returns: whether the disk took it
 */
gboolean
bobbin_part_file_sync (BobbinPartFile *self, GError **error)
{
  int errsv = part_file_join_sync (self, NULL);

  if (errsv == 0)
    {
      bobbin_part_file_begin_sync (self);
      errsv = part_file_join_sync (self, NULL);
      bobbin_part_file_checkpoint (self);
    }
  if (errsv != 0)
    bobbin_part_file_set_error (self, errsv, self->name, error);

  return errsv == 0;
}
