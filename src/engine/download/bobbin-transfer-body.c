/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Writing what comes. Bytes are collected in a buffer of 1 MiB that is filled before each write:
 * measured here, larger and fewer reads and page-aligned writes are what makes a download fast
 * (1 GiB to disk: 1.85 s with 16 KiB, 0.64 s with 1 MiB filled). A tick posts figures and makes
 * sure of what has come. Its worker's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

#include "bobbin-error.h"

#include <glib/gi18n-lib.h>

#define BUFFER_SIZE (1024 * 1024)

/* How often figures are posted while bytes come. */
#define TICK_MS 250

/* How much work a kill may cost, and how much a power cut. The latter waits for the disk, so on a
 * slow one it is done less often. */
#define CHECKPOINT_TIME (1 * G_TIME_SPAN_SECOND)
#define SYNC_TIME       (10 * G_TIME_SPAN_SECOND)
#define SYNC_SHARE      50

static gboolean
transfer_flush (BobbinTransfer *self, GError **error)
{
  const gsize n = self->filled - self->flushed;
  const gint64 began = g_get_monotonic_time ();
  gboolean done;

  if (n == 0)
    return TRUE;

  done = bobbin_part_file_write (self->part, self->offset + self->flushed,
                                 self->buffer + self->flushed, n, error);
  self->flushed = self->filled;
  self->report.bytes = bobbin_part_file_get_n_bytes (self->part);
  bobbin_transfer_excuse (self, began);

  return done;
}

/* Makes sure of what has come so far, from time to time. */
static gboolean
transfer_secure (BobbinTransfer *self, gint64 now, GError **error)
{
  gboolean done = TRUE;
  gint64 began;

  if (now < self->next_checkpoint)
    return TRUE;

  if (!transfer_flush (self, error))
    return FALSE;

  began = g_get_monotonic_time ();
  if (now < self->next_sync)
    {
      bobbin_part_file_checkpoint (self->part);
    }
  else
    {
      done = bobbin_part_file_sync (self->part, error);
      self->next_sync =
        g_get_monotonic_time () + MAX (SYNC_TIME, SYNC_SHARE * (g_get_monotonic_time () - began));
    }
  bobbin_transfer_excuse (self, began);
  self->next_checkpoint = now + CHECKPOINT_TIME;

  return done;
}

static void
transfer_measure (BobbinTransfer *self, gint64 now)
{
  const gint64 bytes = self->offset + self->filled;

  bobbin_rate_meter_sample (&self->rate, now, bytes);
  self->report.bytes = bobbin_part_file_get_n_bytes (self->part) + (self->filled - self->flushed);
  self->report.rate = bobbin_rate_meter_get_rate (&self->rate);
  self->report.time_left =
    self->report.total < 0
      ? -1
      : bobbin_rate_meter_get_time_left (&self->rate, self->report.total - self->report.bytes);
}

static gboolean
on_tick (gpointer user_data)
{
  BobbinTransfer *self = user_data;
  const gint64 now = g_get_monotonic_time ();

  transfer_measure (self, now);
  bobbin_transfer_post (self, BOBBIN_DOWNLOAD_RECEIVING);

  if (!transfer_secure (self, now, &self->disk_error))
    {
      g_cancellable_cancel (self->attempt);
      return G_SOURCE_REMOVE;
    }

  return G_SOURCE_CONTINUE;
}

/* Takes n more bytes that were read into the buffer. */
static gboolean
transfer_take (BobbinTransfer *self, gsize n, gsize capacity, GError **error)
{
  const gint64 end = self->offset + self->filled + n;

  bobbin_transfer_heard (self);
  if (self->limit >= 0 && end > self->limit)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
                   _ ("%s sent more than it said it would."), self->host);
      return FALSE;
    }

  self->filled += n;
  if (self->filled < capacity)
    return TRUE;

  if (!transfer_flush (self, error))
    return FALSE;
  self->offset = end;
  self->filled = self->flushed = 0;

  return TRUE;
}

/* Reads to the end of the body; each filling ends where a page of the file does. */
static gboolean
transfer_read_body (BobbinTransfer *self, BobbinHttpBody *body, GError **error)
{
  for (;;)
    {
      const gsize capacity = BUFFER_SIZE - self->offset % BUFFER_SIZE;
      g_autoptr (GError) raw = NULL;
      const gssize n = bobbin_http_body_read (body, self->buffer + self->filled,
                                              capacity - self->filled, self->attempt, &raw);

      if (n < 0)
        {
          g_propagate_error (error, bobbin_transfer_explain (self, NULL, g_steal_pointer (&raw)));
          return FALSE;
        }
      if (n == 0)
        return TRUE;
      if (!transfer_take (self, n, capacity, error))
        return FALSE;
    }
}

/* The body has ended: is it all there? */
static gboolean
transfer_check_end (BobbinTransfer *self, BobbinHttpBody *body, GError **error)
{
  const GError partial = { G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, NULL };
  const gint64 length = bobbin_part_file_get_length (self->part);
  const gint64 end = bobbin_part_file_get_first_gap (self->part);

  /* libsoup takes a head that was cut off for one without a length, and then nothing follows. */
  if ((self->limit >= 0 && end < self->limit) ||
      (end == 0 && bobbin_http_body_is_open_ended (body)))
    {
      g_propagate_error (error, bobbin_error_from_gio (&partial, self->host));
      return FALSE;
    }
  /* A server may send less than the whole rest at once. */
  self->again = length >= 0 && end < length;

  return !self->again;
}

gboolean
bobbin_transfer_receive (BobbinTransfer *self, BobbinHttpBody *body, gint64 offset, GError **error)
{
  const gint64 now = g_get_monotonic_time ();
  g_autoptr (GError) late_error = NULL;
  GSource *tick;
  gboolean done;

  if (self->buffer == NULL)
    self->buffer = g_malloc (BUFFER_SIZE);
  self->offset = offset;
  self->filled = self->flushed = 0;
  self->next_checkpoint = now + CHECKPOINT_TIME;
  if (self->next_sync == 0)
    self->next_sync = now + SYNC_TIME;
  self->report.total = bobbin_part_file_get_length (self->part);
  bobbin_transfer_heard (self);
  bobbin_rate_meter_reset (&self->rate);
  transfer_measure (self, now);
  bobbin_transfer_post (self, BOBBIN_DOWNLOAD_RECEIVING);

  tick = g_timeout_source_new (TICK_MS);
  g_source_set_callback (tick, on_tick, self, NULL);
  bobbin_transfer_attach (self, tick, "[bobbin] tick");

  done = transfer_read_body (self, body, error);

  bobbin_transfer_detach (&tick);
  /* However it ended, what came is kept. */
  if (!transfer_flush (self, done ? error : &late_error))
    done = FALSE;
  if (done && self->disk_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->disk_error));
      done = FALSE;
    }
  transfer_measure (self, g_get_monotonic_time ());

  return done && transfer_check_end (self, body, error);
}
