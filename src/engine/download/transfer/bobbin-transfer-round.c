/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A round of a transfer: from its first request to the end of all that followed it. What a server
 * does not bear ends a connection, never the download: it goes on with those that are left. Its
 * worker's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

#include "bobbin-error.h"
#include "bobbin-http-policy.h"

#include <glib/gi18n-lib.h>

/* So long is believed that a server does not bear more connections. */
#define LOWERED_TIME (60 * G_TIME_SPAN_SECOND)

/* Of RFC 6585 §4; libsoup has no name for it. */
#define TOO_MANY_REQUESTS 429

/* Rounds in a row that found another version on a further connection; then there are none. */
#define MAX_DOUBTS 2

/* The disk has kept this thread from listening since then: that is not the servers' silence. */
void
bobbin_transfer_excuse (BobbinTransfer *self, gint64 since)
{
  const gint64 time = g_get_monotonic_time () - since;

  for (guint i = 0; i < self->fetches->len; i++)
    bobbin_transfer_get_fetch (self, i)->heard += time;
}

/* Has all of them end; each says when it has. */
void
bobbin_transfer_end_round (BobbinTransfer *self)
{
  self->is_ending = TRUE;
  for (guint i = 0; i < self->fetches->len; i++)
    bobbin_fetch_drop (bobbin_transfer_get_fetch (self, i));
}

/* Has all others end, and opens no more of them. */
void
bobbin_transfer_end_others (BobbinTransfer *self, BobbinFetch *fetch)
{
  self->is_ending = TRUE;
  for (guint i = 0; i < self->fetches->len; i++)
    if (bobbin_transfer_get_fetch (self, i) != fetch)
      bobbin_fetch_drop (bobbin_transfer_get_fetch (self, i));
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

/* Begins what leads, beside others, to the whole file. */
void
bobbin_transfer_begin_round (BobbinTransfer *self)
{
  const guint max = self->n_doubts >= MAX_DOUBTS ? 1 : self->spec->connections;
  const gboolean is_lowered =
    self->lowered > 0 && g_get_monotonic_time () - self->lowered < LOWERED_TIME;

  bobbin_pace_init (&self->pace, is_lowered ? MIN (max, self->pace.max) : max);
  self->latency = self->piece_bytes = self->piece_time = 0;
  self->is_parted = self->is_ending = self->in_doubt = self->is_crowded = FALSE;
  self->status = 0;
  self->retry_after = -1;
  g_clear_error (&self->error);
}

/* The end of one of them. */

/* Whether it is the server that does not want one more, and not the network that has none. */
static gboolean
is_refusal (BobbinFetch *fetch, const GError *error)
{
  return fetch->received == 0 &&
         (fetch->status != 0 || g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_REFUSED) ||
          g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_DISCONNECTED) ||
          /* while its secure connection was made */
          g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_TLS));
}

/* Whether it says by this that there are too many of us, if it does serve others. */
static gboolean
is_of_crowd (BobbinFetch *fetch, const GError *error)
{
  return is_refusal (fetch, error) && (fetch->status == 0 || fetch->status == TOO_MANY_REQUESTS ||
                                       fetch->status == SOUP_STATUS_SERVICE_UNAVAILABLE);
}

/* Tells all others that want more connections there. Gives whether the server serves any. */
static gboolean
fetch_tell_crowd (BobbinFetch *fetch, const GError *error)
{
  return fetch->gate_host != NULL && is_of_crowd (fetch, error) &&
         bobbin_host_gate_refuse (bobbin_host_gate_get_default (), fetch->gate_host);
}

/* One of several has failed: those that are left go on. */
static void
transfer_do_without (BobbinTransfer *self, BobbinFetch *fetch, const GError *error)
{
  const gint64 now = g_get_monotonic_time ();
  const guint n_left = bobbin_transfer_count_receiving (self);

  bobbin_mailbox_slot_log_error (self->slot, BOBBIN_EVENT_NOTE, error,
                                 /* Translators: first a sentence that says what failed */
                                 ngettext ("%s Going on with %u connection.",
                                           "%s Going on with %u connections.", n_left),
                                 error->message, n_left);
  if (n_left > 0 && is_refusal (fetch, error))
    {
      bobbin_pace_lower (&self->pace, n_left);
      self->lowered = now;
      fetch_tell_crowd (fetch, error);
    }
  self->reopen_after = now + MAX (bobbin_transfer_get_backoff (1), fetch->retry_after);
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
      bobbin_mailbox_slot_log_error (self->slot, BOBBIN_EVENT_NOTE, error,
                                     /* Translators: first a sentence that says what failed */
                                     _ ("%s Asking at the address again."), error->message);
      g_error_free (error);
      return;
    }

  self->status = fetch->status;
  self->retry_after = fetch->retry_after;
  self->is_crowded = fetch_tell_crowd (fetch, error);
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
      bobbin_transfer_drop_late (self);
      bobbin_transfer_fill (self);
    }
  if (self->fetches->len == 0 && self->tick != NULL)
    {
      bobbin_transfer_measure (self, g_get_monotonic_time ());
      bobbin_transfer_detach (&self->tick);
    }
}
