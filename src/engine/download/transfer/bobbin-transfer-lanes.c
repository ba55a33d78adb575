/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What each connection of a transfer fetches. The first answer is of the whole file, or of its
 * rest; those that are opened beside it are each given a part that is split off from what is left
 * (bobbin-segment-plan.c); one that is done is given another. Its worker's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

#include "bobbin-segment-plan.h"

#include <glib/gi18n-lib.h>

/* One that was asked so long ago, and so many round trips, and has not answered, may never do so.
 */
#define ANSWER_TIME  (1 * G_TIME_SPAN_SECOND)
#define ANSWER_TRIPS 8

BobbinFetch *
bobbin_transfer_get_fetch (BobbinTransfer *self, guint i)
{
  return g_ptr_array_index (self->fetches, i);
}

guint
bobbin_transfer_count_receiving (BobbinTransfer *self)
{
  guint n = 0;

  for (guint i = 0; i < self->fetches->len; i++)
    n += bobbin_transfer_get_fetch (self, i)->is_receiving;

  return n;
}

/* Which bytes are fetched, and how fast. */

/* Bytes a second, or -1 while it is too early to say. */
static gint64
fetch_get_rate (BobbinFetch *fetch)
{
  return fetch->is_receiving ? bobbin_rate_meter_get_rate (&fetch->rate) : 0;
}

static void
fetch_add_to (BobbinFetch *fetch, gint64 *bytes, gint64 *time)
{
  *bytes += fetch->received;
  *time += g_get_monotonic_time () - fetch->began;
}

/* A connection ends: how fast was it? */
void
bobbin_transfer_note_rate (BobbinTransfer *self, BobbinFetch *fetch)
{
  if (!fetch->is_held)
    fetch_add_to (fetch, &self->piece_bytes, &self->piece_time);
}

/* Bytes a second that one more connection may bring, by what others bring and brought; or 0 where
 * there is but one, which is no measure of itself. Where nobody is left but who is silent, those
 * that have ended are one. */
static gint64
transfer_expect_rate (BobbinTransfer *self)
{
  const gboolean have_ended = self->piece_time > 0;
  gint64 bytes = self->piece_bytes;
  gint64 time = self->piece_time;
  guint n = 0;

  for (guint i = 0; i < self->fetches->len; i++)
    {
      BobbinFetch *fetch = bobbin_transfer_get_fetch (self, i);

      if (!fetch->is_receiving || fetch->is_held)
        continue;
      fetch_add_to (fetch, &bytes, &time);
      n++;
    }

  return time > 0 && (have_ended || n > 1) ? (double) bytes / time * G_USEC_PER_SEC : 0;
}

/* Whether it is a limit that most of them wait for: then further connections bring no more. */
gboolean
bobbin_transfer_is_held (BobbinTransfer *self)
{
  const guint n = bobbin_transfer_count_receiving (self);
  guint n_held = 0;

  for (guint i = 0; i < self->fetches->len; i++)
    n_held += bobbin_transfer_get_fetch (self, i)->is_held;

  return n > 0 && n_held * 2 >= n;
}

/* Where it ends if those that ask for a part of its rest get it. */
static gint64
transfer_get_planned_end (BobbinTransfer *self, BobbinFetch *fetch)
{
  const gint64 at = bobbin_fetch_get_position (fetch);
  gint64 end = fetch->end;

  for (guint i = 0; fetch->is_receiving && i < self->fetches->len; i++)
    {
      BobbinFetch *other = bobbin_transfer_get_fetch (self, i);

      if (other != fetch && !other->is_receiving && !other->is_closing && !other->is_dropped &&
          other->first > at)
        end = MIN (end, other->first);
    }

  return end;
}

/* Whether another one is to bring some of the same bytes. */
static gboolean
transfer_is_paired (BobbinTransfer *self, BobbinFetch *fetch)
{
  const gint64 at = bobbin_fetch_get_position (fetch);
  const gint64 end = transfer_get_planned_end (self, fetch);

  for (guint i = 0; i < self->fetches->len; i++)
    {
      BobbinFetch *other = bobbin_transfer_get_fetch (self, i);

      if (other != fetch && !other->is_dropped && !other->is_closing &&
          bobbin_fetch_get_position (other) < end && at < transfer_get_planned_end (self, other))
        return TRUE;
    }

  return FALSE;
}

/* Whether it is too early to do without it. */
static gboolean
fetch_may_answer (BobbinFetch *fetch)
{
  const gint64 time = g_get_monotonic_time () - fetch->asked;

  return !fetch->is_receiving &&
         (fetch->is_waiting || time < MAX (ANSWER_TIME, ANSWER_TRIPS * fetch->transfer->latency));
}

static GArray *
transfer_describe_segments (BobbinTransfer *self, gint64 expected)
{
  GArray *segments = g_array_new (FALSE, FALSE, sizeof (BobbinSegment));

  for (guint i = 0; i < self->fetches->len; i++)
    {
      BobbinFetch *fetch = bobbin_transfer_get_fetch (self, i);
      const BobbinSegment segment = {
        .from = fetch->is_receiving ? fetch->offset + (gint64) fetch->flushed : fetch->first,
        .at = bobbin_fetch_get_position (fetch),
        .end = transfer_get_planned_end (self, fetch),
        .rate = fetch_get_rate (fetch) >= 0 ? fetch_get_rate (fetch) : expected,
        .is_held = fetch->is_held,
        .is_paired = fetch_may_answer (fetch) || transfer_is_paired (self, fetch),
      };

      if (!fetch->is_closing && !fetch->is_dropped)
        g_array_append_val (segments, segment);
    }

  return segments;
}

/* A piece has come to be: who had it before it ends where that begins. Until then it was still the
 * other's, for a server that refuses the piece. */
void
bobbin_transfer_hand_over (BobbinTransfer *self, BobbinFetch *piece)
{
  for (guint i = 0; i < self->fetches->len; i++)
    {
      BobbinFetch *owner = bobbin_transfer_get_fetch (self, i);
      const gint64 at = bobbin_fetch_get_position (owner);

      if (owner != piece && !owner->is_closing && at < piece->first && piece->first < owner->end)
        owner->end = piece->first;
    }
}

static void
transfer_note_piece (BobbinTransfer *self, gint64 first, gint64 end)
{
  g_autofree char *from = g_format_size (first);
  g_autofree char *to = g_format_size (end);

  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE,
                           /* Translators: two sizes, then how many connections there are */
                           ngettext ("Fetching %s to %s, with %u connection in all",
                                     "Fetching %s to %s, with %u connections in all",
                                     self->fetches->len),
                           from, to, self->fetches->len);
}

/* What one more connection is to do, of several that are. */
static BobbinSegmentMove
transfer_plan (BobbinTransfer *self, gint64 *first, gint64 *end)
{
  const gint64 expected = transfer_expect_rate (self);
  g_autoptr (GArray) segments = transfer_describe_segments (self, expected);
  const BobbinSegmentScene scene = {
    .map = bobbin_part_file_get_written (self->part),
    .length = bobbin_part_file_get_length (self->part),
    .segments = (const BobbinSegment *) segments->data,
    .n_segments = segments->len,
    .n_free = self->pace.wanted - self->fetches->len,
    .rate = expected,
    .trip = self->latency,
  };
  guint whose;

  return bobbin_segment_plan (&scene, &whose, first, end);
}

/* FALSE: there is nothing for one more connection to do, or no place for it. */
static gboolean
transfer_open_one (BobbinTransfer *self)
{
  BobbinHostGate *gate = bobbin_host_gate_get_default ();
  g_autofree char *host = bobbin_host_gate_dup_host (self->url);
  gint64 first, end;

  /* In this order: a place that a kept connection has is taken only for somebody who uses it. */
  if (transfer_plan (self, &first, &end) == BOBBIN_SEGMENT_NOTHING ||
      (!bobbin_http_session_take_place (self->session, bobbin_fetch_find_lane (self), host) &&
       !bobbin_host_gate_try_enter (gate, host)))
    return FALSE;

  bobbin_fetch_start (self, BOBBIN_ASK_PIECE, first, end, g_steal_pointer (&host));
  transfer_note_piece (self, first, end);

  return TRUE;
}

/* Opens as many connections as are wanted and have something to do. */
void
bobbin_transfer_fill (BobbinTransfer *self)
{
  while (self->is_parted && !self->is_ending && !self->in_doubt &&
         self->fetches->len < self->pace.wanted && g_get_monotonic_time () >= self->reopen_after &&
         transfer_open_one (self))
    ;
}

/* Others wait for a place at a host: kept connections make room, and at our own one of several. */
void
bobbin_transfer_make_room (BobbinTransfer *self)
{
  g_autofree char *host = self->url != NULL ? bobbin_host_gate_dup_host (self->url) : NULL;
  const guint n_left = self->fetches->len - 1;
  BobbinFetch *last;

  bobbin_http_session_make_room (self->session);
  if (bobbin_transfer_count_receiving (self) < 2 || host == NULL ||
      !bobbin_host_gate_is_wanted (bobbin_host_gate_get_default (), host))
    return;

  last = bobbin_transfer_get_fetch (self, n_left);
  if (last->is_dropped)
    return;

  bobbin_fetch_drop (last);
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE,
                           ngettext ("Making room for another download. Going on with %u "
                                     "connection.",
                                     "Making room for another download. Going on with %u "
                                     "connections.",
                                     n_left),
                           n_left);
}

/* Those whose bytes have all come by way of another. */
void
bobbin_transfer_drop_late (BobbinTransfer *self)
{
  BobbinSegmentMap *map = bobbin_part_file_get_written (self->part);

  for (guint i = 0; i < self->fetches->len; i++)
    {
      BobbinFetch *fetch = bobbin_transfer_get_fetch (self, i);
      gint64 first, end;

      if (!fetch->is_closing && (fetch->ask == BOBBIN_ASK_PIECE || fetch->is_receiving))
        if (fetch->end >= 0 && !bobbin_segment_map_get_gap (map, bobbin_fetch_get_position (fetch),
                                                            fetch->end, &first, &end))
          bobbin_fetch_drop (fetch);
    }
}
