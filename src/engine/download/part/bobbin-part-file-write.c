/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The bytes of a part: written, each at its place, by as many connections as there are, and read
 * back to be compared.
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
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* After so many new bytes in a row the kernel is asked to begin writing, so that it has little left
 * to do when somebody waits for it. Measured, 1 GiB to an SSD from 16 places in turn: fdatasync(2)
 * at the end takes 200 to 400 ms without, 3 to 140 with 8 MiB, 1 to 4 with 1 MiB. */
#define WRITE_BACK_SIZE (2 * 1024 * 1024)

/* A large file would take the place of all that other programs have read, and be read by nobody
 * itself for a while: its pages are given back once they are written, all but the latest. That
 * makes the next ones cheap, too: they are those that were given back, which the processor and, on
 * a virtual machine, the host still know. Measured there, 1 GiB to a disk: 1.6 to 2.8 s before, 0.6
 * to 0.8 s so. Those that are not written yet stay; the kernel does not wait for them. */
static void
bobbin_part_file_give_back (BobbinPartFile *self, const BobbinPartRun *run)
{
  BobbinPartRun *oldest = &self->cached[self->next_cached];

  if (oldest->end > oldest->first && !self->is_read_again)
    posix_fadvise (self->fd, oldest->first, oldest->end - oldest->first, POSIX_FADV_DONTNEED);
  *oldest = *run;
  self->next_cached = (self->next_cached + 1) % BOBBIN_PART_N_CACHED;
}

static void
bobbin_part_file_push_run (BobbinPartFile *self, BobbinPartRun *run)
{
  if (run->end > run->first)
    {
      sync_file_range (self->fd, run->first, run->end - run->first, SYNC_FILE_RANGE_WRITE);
      bobbin_part_file_give_back (self, run);
    }
  run->first = run->end;
}

/* The run that ends at @offset, or else the one that was not gone on with for longest. The latest
 * is kept first. */
static BobbinPartRun *
bobbin_part_file_find_run (BobbinPartFile *self, gint64 offset)
{
  guint i = 0;
  BobbinPartRun run;

  while (i < BOBBIN_PART_N_RUNS - 1 && self->runs[i].end != offset)
    i++;
  run = self->runs[i];
  memmove (self->runs + 1, self->runs, i * sizeof run);
  if (run.end != offset)
    {
      bobbin_part_file_push_run (self, &run);
      run.first = offset;
    }
  self->runs[0] = run;

  return &self->runs[0];
}

/* Has the kernel begin to write what it was given lately; waits for nothing. Each connection writes
 * a run of its own. */
static void
bobbin_part_file_write_back (BobbinPartFile *self, gint64 offset, gsize n_bytes)
{
  BobbinPartRun *run = bobbin_part_file_find_run (self, offset);

  run->end = offset + n_bytes;
  if (run->end - run->first >= WRITE_BACK_SIZE)
    bobbin_part_file_push_run (self, run);
}

/* Notes what there was no room for, for whoever waits for it. */
static void
bobbin_part_file_refuse (BobbinPartFile *self, int errsv, gint64 first, gint64 end, GError **error)
{
  if (errsv == ENOSPC || errsv == EDQUOT)
    {
      self->refused_first = first;
      self->refused_end = end;
    }
  bobbin_part_file_set_error (self, errsv, self->name, error);
}

/* Whether all that the map says is there can be: another program may have cut the file short, and
 * what is written behind that place would leave a hole. */
gboolean
bobbin_part_file_check_size (BobbinPartFile *self, const struct stat *status, GError **error)
{
  if (status->st_size >= bobbin_segment_map_get_end (self->map->written))
    return TRUE;

  bobbin_part_file_clip (self, status->st_size);
  bobbin_part_file_store_map (self);
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_DISK,
               /* Translators: %s is the name of a file */
               _ ("“%s” was cut short by somebody else. Start it again."), self->name);

  return FALSE;
}

/* The same; of a part that has nothing yet nothing can be missing. */
static gboolean
bobbin_part_file_has_all (BobbinPartFile *self, GError **error)
{
  struct stat status;

  if (bobbin_part_file_get_n_bytes (self) == 0)
    return TRUE;
  if (fstat (self->fd, &status) < 0)
    {
      bobbin_part_file_set_error (self, errno, self->name, error);
      return FALSE;
    }

  return bobbin_part_file_check_size (self, &status, error);
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

  if (!bobbin_part_file_has_all (self, error))
    return FALSE;

  while (done < n_bytes)
    {
      const gssize n = pwrite (self->fd, from + done, n_bytes - done, offset + done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          bobbin_part_file_refuse (self, n < 0 ? errno : ENOSPC, offset + done, offset + n_bytes,
                                   error);
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
 * bobbin_part_file_set_read_again:
 * @self: a part
 * @is_read_again: whether all of it is to be read when it is whole
 *
 * Has the kernel keep what was written in memory, as far as it can. Otherwise it is to keep only
 * the latest of a large file.
 */
void
bobbin_part_file_set_read_again (BobbinPartFile *self, gboolean is_read_again)
{
  self->is_read_again = is_read_again;
}

/**
 * bobbin_part_file_compare:
 * @self: a part
 * @offset: where
 * @bytes: (array length=n_bytes): what
 * @n_bytes: how much of it
 *
 * Returns: whether all of these bytes are there and the same
 */
gboolean
bobbin_part_file_compare (BobbinPartFile *self, gint64 offset, const void *bytes, gsize n_bytes)
{
  const char *expected = bytes;
  char found[16 * 1024];
  gsize done = 0;

  if (!bobbin_segment_map_has (self->map->written, offset, offset + n_bytes))
    return FALSE;

  while (done < n_bytes)
    {
      const gssize n = pread (self->fd, found, MIN (n_bytes - done, sizeof found), offset + done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0 || memcmp (expected + done, found, n) != 0)
        return FALSE;
      done += n;
    }

  return TRUE;
}

/**
 * bobbin_part_file_agrees:
 * @self: a part
 * @offset: where
 * @bytes: (array length=n_bytes): what
 * @n_bytes: how much of it
 *
 * Returns: whether those of these bytes that are there are the same
 */
gboolean
bobbin_part_file_agrees (BobbinPartFile *self, gint64 offset, const void *bytes, gsize n_bytes)
{
  const char *expected = bytes;
  const gint64 to = offset + (gint64) n_bytes;
  gint64 from = offset;

  while (from < to)
    {
      gint64 first = to;
      gint64 end = to;

      bobbin_segment_map_get_gap (self->map->written, from, to, &first, &end);
      if (first > from &&
          !bobbin_part_file_compare (self, from, expected + (from - offset), first - from))
        return FALSE;
      from = end;
    }

  return TRUE;
}
