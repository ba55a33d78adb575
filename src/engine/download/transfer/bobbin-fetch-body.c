/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Writing what comes. Bytes are collected in a buffer of 1 MiB that is filled before each write:
 * measured here, larger and fewer reads and page-aligned writes are what makes a download fast
 * (1 GiB to disk: 1.85 s with 16 KiB, 0.64 s with 1 MiB filled). Bytes that are there already are
 * compared first, where that is what tells whether the rest fits. Its worker's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

#include "bobbin-buffer.h"
#include "bobbin-error.h"

#include <glib/gi18n-lib.h>

/* An answer that is as short as this is taken as it comes, see bobbin_fetch_read(). */
#define SHORT_SIZE (64 * 1024)

/* The next byte that comes. */
gint64
bobbin_fetch_get_position (BobbinFetch *self)
{
  return self->is_receiving ? self->offset + (gint64) self->filled : self->first;
}

/* Writes those bytes of the buffer that are not there yet: what is there was checked, and may have
 * been hashed. */
static gboolean
fetch_write (BobbinFetch *self, GError **error)
{
  BobbinTransfer *transfer = self->transfer;
  BobbinSegmentMap *map = bobbin_part_file_get_written (transfer->part);
  const gint64 to = self->offset + (gint64) self->filled;
  gint64 from = self->offset + (gint64) self->flushed;
  gint64 first, end;

  while (bobbin_segment_map_get_gap (map, from, to, &first, &end))
    {
      const char *bytes = self->buffer + (first - self->offset);

      if (!bobbin_part_file_write (transfer->part, first, bytes, end - first, error))
        return FALSE;
      if (transfer->hasher != NULL)
        bobbin_hasher_feed (transfer->hasher, first, bytes, end - first);
      from = end;
    }

  return TRUE;
}

/* Writes what is in the buffer; what is only to be compared never is. */
gboolean
bobbin_fetch_flush (BobbinFetch *self, GError **error)
{
  const gint64 began = g_get_monotonic_time ();
  gboolean done;

  if (self->filled == self->flushed || self->compare_to > 0)
    return TRUE;

  done = fetch_write (self, error);
  self->flushed = self->filled;
  bobbin_transfer_excuse (self->transfer, began);

  return done;
}

/* Bytes in the buffer that the map does not know of. */
gint64
bobbin_fetch_count_buffered (BobbinFetch *self)
{
  BobbinSegmentMap *map = bobbin_part_file_get_written (self->transfer->part);
  const gint64 to = self->offset + (gint64) self->filled;
  gint64 from = self->offset + (gint64) self->flushed;
  gint64 first, end, n = 0;

  if (self->compare_to > 0)
    return 0;

  while (bobbin_segment_map_get_gap (map, from, to, &first, &end))
    {
      n += end - first;
      from = end;
    }

  return n;
}

/* A filling begins here. It ends where a large page of the file does, if that leaves room for what
 * is compared. */
static void
fetch_empty (BobbinFetch *self, gint64 offset)
{
  self->offset = offset;
  self->filled = self->flushed = 0;
  self->capacity = BOBBIN_BUFFER_SIZE - offset % BOBBIN_BUFFER_SIZE;
  if (offset < self->same_to)
    self->compare_to = MIN (self->same_to, offset + (gint64) self->capacity);
  else if ((gint64) self->capacity < self->compare_to - offset)
    self->capacity = BOBBIN_BUFFER_SIZE;
}

/* The bytes before compare_to are here: do they fit? Of a whole file only some of them may be
 * there, and the others are written when these do. */
static gboolean
fetch_compare (BobbinFetch *self, GError **error)
{
  const gsize n = self->compare_to - self->offset;
  BobbinPartFile *part = self->transfer->part;
  const gboolean is_same = self->same_to > 0
                             ? bobbin_part_file_agrees (part, self->offset, self->buffer, n)
                             : bobbin_part_file_compare (part, self->offset, self->buffer, n);

  if (!bobbin_fetch_accept_compared (self, is_same, error))
    {
      /* Nothing of this answer is wanted. */
      self->filled = self->flushed = 0;
      return FALSE;
    }

  return TRUE;
}

static gboolean
fetch_take (BobbinFetch *self, gsize n, GError **error)
{
  GError *disk_error = NULL;

  self->filled += n;
  self->received += n;
  self->transfer->received += n;
  bobbin_fetch_heard (self);

  if (self->compare_to > 0 && bobbin_fetch_get_position (self) >= self->compare_to &&
      !fetch_compare (self, error))
    return FALSE;

  if (self->filled < self->capacity && bobbin_fetch_get_position (self) != self->end)
    return TRUE;

  if (!bobbin_fetch_flush (self, &disk_error))
    {
      bobbin_transfer_fail_disk (self->transfer, disk_error);
      return FALSE;
    }
  if (self->filled == self->capacity)
    fetch_empty (self, bobbin_fetch_get_position (self));

  return TRUE;
}

/* The body has ended: is it all there? */
static GError *
fetch_check_end (BobbinFetch *self)
{
  const GError partial = { G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, NULL };
  BobbinPartFile *part = self->transfer->part;
  const gint64 at = bobbin_fetch_get_position (self);

  /* libsoup takes a head that was cut off for one without a length, and then nothing follows. */
  if ((self->limit >= 0 && at < self->limit) || at < self->compare_to ||
      (at == 0 && bobbin_http_body_is_open_ended (self->body)))
    return bobbin_error_from_gio (&partial, self->host);
  /* Nobody said before where the file ends; but no file ends before what there is of it. */
  if (bobbin_part_file_get_length (part) < 0 && !bobbin_part_file_set_length (part, at))
    return bobbin_error_from_gio (&partial, self->host);

  return NULL;
}

/* Takes what came, or how it ended. TRUE: there is more to read. */
static gboolean
fetch_took (BobbinFetch *self, gssize n, const GError *raw)
{
  GError *error = NULL;

  bobbin_rate_pass_leave (self->pass, MAX (n, 0));
  if (n > 0 && fetch_take (self, n, &error))
    return TRUE;

  if (n < 0)
    error = bobbin_fetch_explain (self, raw);
  else if (n == 0)
    error = fetch_check_end (self);
  bobbin_fetch_end (self, error);

  return FALSE;
}

static void
on_bytes (gssize n, const GError *raw, gpointer user_data)
{
  BobbinFetch *self = user_data;

  if (fetch_took (self, n, raw))
    bobbin_fetch_read (self);
}

/* All that was said to come has come. Should there be more, that is nothing of the file's. */
static void
on_surplus (gssize n, const GError *raw, gpointer user_data)
{
  BobbinFetch *self = user_data;

  if (n > 0)
    bobbin_mailbox_slot_log (self->transfer->slot, BOBBIN_EVENT_NOTE,
                             /* Translators: %s is a host, such as example.org */
                             _ ("%s sent more than it said it would."), self->host);
  if (n != 0)
    g_clear_pointer (&self->body, bobbin_http_body_free);
  bobbin_fetch_end (self, NULL);
}

static void
fetch_look_for_surplus (BobbinFetch *self)
{
  const gssize n = bobbin_http_body_read_now (self->body, &self->surplus, 1);

  if (n >= 0)
    {
      on_surplus (n, NULL, self);
      return;
    }

  bobbin_fetch_expect_end (self);
  bobbin_http_body_read_async (self->body, &self->surplus, 1, self->attempt, on_surplus, self);
}

/* Says in the log which limit holds it: once, until that is another one. */
static void
transfer_tell_limit (BobbinTransfer *self)
{
  const gint64 rate = bobbin_rate_share_get_rate (self->share);
  g_autofree char *shown = NULL;

  if (rate == self->told_rate || rate == 0)
    return;

  self->told_rate = rate;
  shown = g_format_size (rate);
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE,
                           /* Translators: %s is a size, such as 3.2 MB */
                           _ ("Held back by a limit of %s a second"), shown);
}

/* Whether it wants more, and how much its turn under the limits lets it have. FALSE: it was seen to
 * what comes next. */
static gboolean
fetch_wants (BobbinFetch *self, gsize *n_bytes)
{
  const gint64 at = bobbin_fetch_get_position (self);
  gsize room;
  gint64 wait;

  if (self->end >= 0 && at >= self->end)
    {
      /* Where another one goes on, or where it ends. */
      if (at == self->limit)
        fetch_look_for_surplus (self);
      else
        bobbin_fetch_end (self, NULL);
      return FALSE;
    }

  g_assert (self->filled < self->capacity);
  room = self->capacity - self->filled;
  if (self->end >= 0)
    room = MIN (room, (gsize) (self->end - at));
  wait = bobbin_rate_pass_ask (self->pass, room, n_bytes);
  if (wait <= 0)
    return TRUE;

  transfer_tell_limit (self->transfer);
  bobbin_fetch_sleep (self, wait);

  return FALSE;
}

/* Reads on. What is short has mostly come with its head: that is taken at once, for a turn of the
 * context costs more than its bytes. */
void
bobbin_fetch_read (BobbinFetch *self)
{
  const gboolean is_short = self->limit >= 0 && self->limit - self->first <= SHORT_SIZE;
  gsize n_bytes;

  while (fetch_wants (self, &n_bytes))
    {
      char *to = self->buffer + self->filled;
      const gssize n = is_short ? bobbin_http_body_read_now (self->body, to, n_bytes) : -1;

      if (n < 0)
        bobbin_http_body_read_async (self->body, to, n_bytes, self->attempt, on_bytes, self);
      if (n < 0 || !fetch_took (self, n, NULL))
        return;
    }
}

/* The answer is good: here comes its body. */
void
bobbin_fetch_receive (BobbinFetch *self)
{
  self->pass = bobbin_rate_pass_new (self->transfer->share);
  self->buffer = bobbin_buffer_take ();
  fetch_empty (self, self->first);
  self->is_receiving = TRUE;
  if (self->gate_host != NULL)
    bobbin_host_gate_begin (bobbin_host_gate_get_default (), self->gate_host);
  self->began = g_get_monotonic_time ();
  bobbin_rate_meter_reset (&self->rate);
  bobbin_transfer_begin_ticks (self->transfer);

  bobbin_fetch_read (self);
}
