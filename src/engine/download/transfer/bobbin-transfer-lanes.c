/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many connections a transfer has, and what each of them fetches. The first answer is of the
 * whole file, or of its rest; if it says which version it is of, and ranges may be had, others are
 * opened beside it while they bring more (bobbin-pace.c), each for a part that is split off from
 * what is left (bobbin-segment-plan.c). What a server does not bear ends a connection, never the
 * download: it goes on with those that are left. Its worker's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

#include "bobbin-error.h"
#include "bobbin-http-policy.h"
#include "bobbin-segment-plan.h"

#include <glib/gi18n-lib.h>

/* How often figures are posted while bytes come. */
#define POST_TIME (250 * G_TIME_SPAN_MILLISECOND)

/* How much work a kill may cost, and how much a power cut. The latter waits for the disk, so on a
 * slow one it is done less often. */
#define CHECKPOINT_TIME (750 * G_TIME_SPAN_MILLISECOND)
#define SYNC_TIME       (10 * G_TIME_SPAN_SECOND)
#define SYNC_SHARE      50

/* A rest that one connection has is not fetched twice if it will be there within this, or within
 * two round trips. */
#define PATIENCE (200 * G_TIME_SPAN_MILLISECOND)

/* So long is believed that a server does not bear more connections. */
#define LOWERED_TIME (60 * G_TIME_SPAN_SECOND)

/* Rounds in a row that found another version on a further connection; then there are none. */
#define MAX_DOUBTS 2

static BobbinFetch *
transfer_get_fetch (BobbinTransfer *self, guint i)
{
  return g_ptr_array_index (self->fetches, i);
}

static guint
transfer_count_receiving (BobbinTransfer *self)
{
  guint n = 0;

  for (guint i = 0; i < self->fetches->len; i++)
    n += transfer_get_fetch (self, i)->is_receiving;

  return n;
}

/* The disk has kept this thread from listening since then: that is not the servers' silence. */
void
bobbin_transfer_excuse (BobbinTransfer *self, gint64 since)
{
  const gint64 time = g_get_monotonic_time () - since;

  for (guint i = 0; i < self->fetches->len; i++)
    transfer_get_fetch (self, i)->heard += time;
}

/* Has all of them end; each says when it has. */
void
bobbin_transfer_end_round (BobbinTransfer *self)
{
  self->is_ending = TRUE;
  for (guint i = 0; i < self->fetches->len; i++)
    bobbin_fetch_drop (transfer_get_fetch (self, i));
}

/* Has all others end, and opens no more of them. */
void
bobbin_transfer_end_others (BobbinTransfer *self, BobbinFetch *fetch)
{
  self->is_ending = TRUE;
  for (guint i = 0; i < self->fetches->len; i++)
    if (transfer_get_fetch (self, i) != fetch)
      bobbin_fetch_drop (transfer_get_fetch (self, i));
}

/* Takes @error: nothing more can be written. What the disk has of what it took is not known, so
 * what was hashed proves nothing. */
void
bobbin_transfer_fail_disk (BobbinTransfer *self, GError *error)
{
  if (self->hasher != NULL)
    bobbin_hasher_restart (self->hasher);
  if (self->disk_error == NULL)
    self->disk_error = error;
  else
    g_error_free (error);
  bobbin_transfer_end_round (self);
}

/* Which bytes are fetched, and how fast. */

static gint64
fetch_get_rate (BobbinFetch *fetch)
{
  return fetch->is_receiving ? MAX (bobbin_rate_meter_get_rate (&fetch->rate), 0) : 0;
}

/* Where it ends if those that ask for a part of its rest get it. */
static gint64
transfer_get_planned_end (BobbinTransfer *self, BobbinFetch *fetch)
{
  const gint64 at = bobbin_fetch_get_position (fetch);
  gint64 end = fetch->end;

  for (guint i = 0; fetch->is_receiving && i < self->fetches->len; i++)
    {
      BobbinFetch *other = transfer_get_fetch (self, i);

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
      BobbinFetch *other = transfer_get_fetch (self, i);

      if (other != fetch && !other->is_dropped && !other->is_closing &&
          bobbin_fetch_get_position (other) < end && at < transfer_get_planned_end (self, other))
        return TRUE;
    }

  return FALSE;
}

static GArray *
transfer_describe_segments (BobbinTransfer *self)
{
  GArray *segments = g_array_new (FALSE, FALSE, sizeof (BobbinSegment));

  for (guint i = 0; i < self->fetches->len; i++)
    {
      BobbinFetch *fetch = transfer_get_fetch (self, i);
      const BobbinSegment segment = {
        .from = fetch->is_receiving ? fetch->offset + (gint64) fetch->flushed : fetch->first,
        .at = bobbin_fetch_get_position (fetch),
        .end = transfer_get_planned_end (self, fetch),
        .rate = fetch_get_rate (fetch),
        /* One that is not receiving yet may be about to. */
        .is_paired = !fetch->is_receiving || transfer_is_paired (self, fetch),
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
      BobbinFetch *owner = transfer_get_fetch (self, i);
      const gint64 at = bobbin_fetch_get_position (owner);

      if (owner != piece && owner->is_receiving && at < piece->first && piece->first < owner->end)
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

/* FALSE: there is nothing for one more connection to do, or no place for it. */
static gboolean
transfer_open_one (BobbinTransfer *self)
{
  BobbinHostGate *gate = bobbin_host_gate_get_default ();
  g_autoptr (GArray) segments = transfer_describe_segments (self);
  g_autofree char *host = bobbin_host_gate_dup_host (self->url);
  guint whose;
  gint64 first, end;

  if (!bobbin_host_gate_try_enter (gate, host))
    return FALSE;

  switch (bobbin_segment_plan (bobbin_part_file_get_written (self->part),
                               bobbin_part_file_get_length (self->part),
                               (const BobbinSegment *) segments->data, segments->len,
                               MAX (PATIENCE, 2 * self->latency), &whose, &first, &end))
    {
    case BOBBIN_SEGMENT_SPLIT:
    case BOBBIN_SEGMENT_GAP:
    case BOBBIN_SEGMENT_TWIN:
      break;
    case BOBBIN_SEGMENT_NOTHING:
    default:
      bobbin_host_gate_leave (gate, host);
      return FALSE;
    }

  bobbin_fetch_start (self, BOBBIN_ASK_PIECE, first, end, g_steal_pointer (&host));
  transfer_note_piece (self, first, end);

  return TRUE;
}

/* Opens as many connections as are wanted and have something to do. */
static void
transfer_fill (BobbinTransfer *self)
{
  while (self->is_parted && !self->is_ending && !self->in_doubt &&
         self->fetches->len < self->pace.wanted && g_get_monotonic_time () >= self->reopen_after &&
         transfer_open_one (self))
    ;
}

/* Others wait for a place at that host: of several connections one makes room. */
static void
transfer_make_room (BobbinTransfer *self)
{
  g_autofree char *host = self->url != NULL ? bobbin_host_gate_dup_host (self->url) : NULL;
  BobbinFetch *last;

  if (transfer_count_receiving (self) < 2 || host == NULL ||
      !bobbin_host_gate_is_wanted (bobbin_host_gate_get_default (), host))
    return;

  last = transfer_get_fetch (self, self->fetches->len - 1);
  if (!last->is_dropped)
    bobbin_fetch_drop (last);
}

/* Ticks. */

/* Makes sure of what has come so far, from time to time. */
static gboolean
transfer_secure (BobbinTransfer *self, gint64 now)
{
  GError *error = NULL;
  gboolean done = TRUE;
  gint64 began;

  for (guint i = 0; done && i < self->fetches->len; i++)
    if (transfer_get_fetch (self, i)->is_receiving)
      done = bobbin_fetch_flush (transfer_get_fetch (self, i), &error);

  began = g_get_monotonic_time ();
  if (done && now < self->next_sync)
    {
      bobbin_part_file_checkpoint (self->part);
    }
  else if (done)
    {
      done = bobbin_part_file_sync (self->part, &error);
      self->next_sync =
        g_get_monotonic_time () + MAX (SYNC_TIME, SYNC_SHARE * (g_get_monotonic_time () - began));
    }
  bobbin_transfer_excuse (self, began);
  self->next_checkpoint = now + CHECKPOINT_TIME;

  if (!done)
    bobbin_transfer_fail_disk (self, error);

  return done;
}

static void
transfer_measure (BobbinTransfer *self, gint64 now)
{
  gint64 buffered = 0;

  for (guint i = 0; i < self->fetches->len; i++)
    {
      BobbinFetch *fetch = transfer_get_fetch (self, i);

      if (!fetch->is_receiving)
        continue;
      bobbin_rate_meter_sample (&fetch->rate, now, fetch->received);
      buffered += bobbin_fetch_count_buffered (fetch);
    }

  bobbin_rate_meter_sample (&self->rate, now, self->received);
  self->report.total = bobbin_part_file_get_length (self->part);
  self->report.bytes = bobbin_part_file_get_n_bytes (self->part) + buffered;
  if (self->report.total >= 0)
    self->report.bytes = MIN (self->report.bytes, self->report.total);
  self->report.rate = bobbin_rate_meter_get_rate (&self->rate);
  self->report.time_left =
    self->report.total < 0
      ? -1
      : bobbin_rate_meter_get_time_left (&self->rate, self->report.total - self->report.bytes);
}

/* Whether the number of connections is still to be found. */
static gboolean
transfer_is_pacing (BobbinTransfer *self)
{
  return self->is_parted && self->pace.settled_rate == 0 && self->pace.max > 1;
}

/* When the next tick is due. */
static gint64
transfer_get_next (BobbinTransfer *self, gint64 now)
{
  if (!transfer_is_pacing (self))
    return self->next_post;

  return MIN (self->next_post, now + bobbin_pace_get_interval (&self->pace, self->latency));
}

/* Whether what comes is what may come: then further connections would bring no more. */
static gboolean
transfer_is_limited (BobbinTransfer *self)
{
  const gint64 own = bobbin_rate_limiter_get_rate (self->spec->limiter);
  const gint64 all = bobbin_rate_limiter_get_rate (bobbin_rate_limiter_get_global ());
  const gint64 limit = own > 0 && all > 0 ? MIN (own, all) : MAX (own, all);

  return limit > 0 && self->report.rate > limit / 10 * 8;
}

static gboolean
on_tick (gpointer user_data)
{
  BobbinTransfer *self = user_data;
  const gint64 now = g_get_monotonic_time ();

  transfer_measure (self, now);
  if (now >= self->next_post)
    {
      bobbin_transfer_post (self, BOBBIN_DOWNLOAD_RECEIVING);
      self->next_post = now + POST_TIME;
    }
  if (now >= self->next_checkpoint && !transfer_secure (self, now))
    return G_SOURCE_CONTINUE;

  transfer_make_room (self);
  if (self->is_parted && !transfer_is_limited (self))
    bobbin_pace_step (&self->pace, now, self->received, self->report.total - self->report.bytes,
                      self->latency, transfer_count_receiving (self));
  transfer_fill (self);
  g_source_set_ready_time (self->tick, transfer_get_next (self, now));

  return G_SOURCE_CONTINUE;
}

/* The first answer of a round is good, or a further one is. */
void
bobbin_transfer_begin_ticks (BobbinTransfer *self)
{
  const gint64 now = g_get_monotonic_time ();

  if (self->tick != NULL)
    return;

  bobbin_rate_meter_reset (&self->rate);
  bobbin_pace_restart (&self->pace, now, self->received);
  self->next_checkpoint = now + CHECKPOINT_TIME;
  if (self->next_sync == 0)
    self->next_sync = now + SYNC_TIME;
  self->next_post = now + POST_TIME;
  transfer_measure (self, now);
  bobbin_transfer_post (self, BOBBIN_DOWNLOAD_RECEIVING);

  self->tick =
    bobbin_transfer_add_timer (self, transfer_get_next (self, now), on_tick, self, "[bobbin] tick");
}

/* Begins what leads, beside others, to the whole file. */
void
bobbin_transfer_begin_round (BobbinTransfer *self)
{
  const guint max = self->n_doubts >= MAX_DOUBTS ? 1 : self->spec->connections;
  const gboolean is_lowered =
    self->lowered > 0 && g_get_monotonic_time () - self->lowered < LOWERED_TIME;

  bobbin_pace_init (&self->pace, is_lowered ? MIN (max, self->pace.max) : max);
  self->latency = 0;
  self->is_parted = self->is_ending = self->in_doubt = FALSE;
  self->status = 0;
  self->retry_after = -1;
  g_clear_error (&self->error);
}

/* The end of one of them. */

/* Those whose bytes have all come by way of another. */
static void
transfer_drop_late (BobbinTransfer *self)
{
  BobbinSegmentMap *map = bobbin_part_file_get_written (self->part);

  for (guint i = 0; i < self->fetches->len; i++)
    {
      BobbinFetch *fetch = transfer_get_fetch (self, i);
      gint64 first, end;

      if (!fetch->is_closing && (fetch->ask == BOBBIN_ASK_PIECE || fetch->is_receiving))
        if (fetch->end >= 0 && !bobbin_segment_map_get_gap (map, bobbin_fetch_get_position (fetch),
                                                            fetch->end, &first, &end))
          bobbin_fetch_drop (fetch);
    }
}

/* Whether it is the server that does not want one more, and not the network that has none. */
static gboolean
is_refusal (BobbinFetch *fetch, const GError *error)
{
  return fetch->received == 0 &&
         (fetch->status != 0 || g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_REFUSED) ||
          g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_DISCONNECTED));
}

/* One of several has failed: those that are left go on. */
static void
transfer_do_without (BobbinTransfer *self, BobbinFetch *fetch, const GError *error)
{
  const gint64 now = g_get_monotonic_time ();
  const guint n_left = transfer_count_receiving (self);

  bobbin_mailbox_slot_log_error (self->slot, BOBBIN_EVENT_NOTE, error,
                                 /* Translators: first a sentence that says what failed */
                                 ngettext ("%s Going on with %u connection.",
                                           "%s Going on with %u connections.", n_left),
                                 error->message, n_left);
  if (n_left > 0 && is_refusal (fetch, error))
    {
      bobbin_pace_lower (&self->pace, n_left);
      self->lowered = now;
    }
  self->reopen_after = now + MAX (bobbin_http_backoff (1, g_random_int ()), fetch->retry_after);
}

/* The last one has failed. What refused a piece may have been a server, or a signed address, that
 * has nothing to say any more: the next round asks at the address itself. */
static void
transfer_fail (BobbinTransfer *self, BobbinFetch *fetch, GError *error)
{
  if (fetch->ask == BOBBIN_ASK_PIECE && fetch->status != 0 && fetch->received == 0 &&
      (self->in_doubt || !bobbin_http_is_retryable (error, fetch->status)))
    {
      self->in_doubt = TRUE;
      g_error_free (error);
      return;
    }

  self->status = fetch->status;
  self->retry_after = fetch->retry_after;
  self->error = error;
}

/* Takes @error, why it failed: a fetch of this transfer's has ended. */
void
bobbin_transfer_ended (BobbinTransfer *self, BobbinFetch *fetch, GError *error)
{
  g_autoptr (GError) failure = error;

  g_ptr_array_remove_fast (self->fetches, fetch);
  if (self->is_ending || fetch->is_dropped)
    g_clear_error (&failure);

  if (failure != NULL && self->fetches->len > 0)
    transfer_do_without (self, fetch, failure);
  else if (failure != NULL)
    transfer_fail (self, fetch, g_steal_pointer (&failure));
  bobbin_fetch_free (fetch);

  if (self->part != NULL && bobbin_transfer_is_whole (self))
    bobbin_transfer_end_round (self);
  else if (self->part != NULL && self->error == NULL && !self->is_ending)
    {
      transfer_drop_late (self);
      transfer_fill (self);
    }
  if (self->fetches->len == 0 && self->tick != NULL)
    {
      transfer_measure (self, g_get_monotonic_time ());
      bobbin_transfer_detach (&self->tick);
    }
}
