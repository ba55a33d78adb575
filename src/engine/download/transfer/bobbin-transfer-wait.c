/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a transfer waits for between its rounds: the time that is left until the next try, a
 * network, room on the disk. A wait in the run is turns of the worker's context, ends at once when
 * the run is stopped, and says in the report what it is. One that may be long, or that of a run
 * which has brought nothing, is none in the run: that ends, and gives its thread and its slot back,
 * and another run goes on later, or finds that it is too early. Its worker's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

#include "bobbin-error.h"
#include "bobbin-http-policy.h"
#include "bobbin-network.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

/* How long, at most, a network is waited for before another try: one that is local works without
 * it. */
#define NETWORK_TIME (60 * G_TIME_SPAN_SECOND)

/* How often it is looked for room: less often each time, down to this. Tests have less time. */
#define MAX_SPACE_FACTOR 4
gint64 bobbin_transfer_space_time = 2 * G_TIME_SPAN_SECOND;

/* A run that has brought bytes waits so long for its next try, and keeps its connections. */
#define SHORT_TIME (5 * G_TIME_SPAN_SECOND)

/* One that waits for the same thing again within this has not got far. */
#define TELL_TIME (5 * G_TIME_SPAN_MINUTE)

/* Tests have less time: by so much every back-off is shorter. */
guint bobbin_transfer_haste = 1;

typedef struct
{
  BobbinTransfer *transfer;
  BobbinDownloadPhase phase;
  gboolean is_over;
} Wait;

static gboolean
on_second (gpointer user_data)
{
  Wait *wait = user_data;

  bobbin_transfer_post (wait->transfer, wait->phase);

  return G_SOURCE_CONTINUE;
}

static gboolean
on_over (gpointer user_data)
{
  Wait *wait = user_data;

  wait->is_over = TRUE;

  return G_SOURCE_REMOVE;
}

/* Waits for so many µs, or until @other, (nullable) (transfer full), is dispatched; the report is
 * posted anew every second. FALSE: stopped. */
static gboolean
transfer_wait (BobbinTransfer *self,
               BobbinDownloadPhase phase,
               gint64 time,
               GSource *other,
               GError **error)
{
  Wait wait = { .transfer = self, .phase = phase };
  GSource *second = bobbin_transfer_attach (self, g_timeout_source_new_seconds (1), on_second,
                                            &wait, "[bobbin] waiting");
  GSource *end = bobbin_transfer_add_timer (self, g_get_monotonic_time () + time, on_over, &wait,
                                            "[bobbin] waited");

  if (other != NULL)
    bobbin_transfer_attach (self, other, on_over, &wait, "[bobbin] waited for");
  self->report.rate = self->report.time_left = -1;
  bobbin_transfer_post (self, phase);

  while (!wait.is_over && !g_cancellable_is_cancelled (self->cancellable))
    g_main_context_iteration (self->session->context, TRUE);

  bobbin_transfer_detach (&second);
  bobbin_transfer_detach (&end);
  bobbin_transfer_detach (&other);
  self->spec->tries.waited_for = phase;
  self->spec->tries.waited_until = g_get_monotonic_time ();

  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* Ends the run, which would only wait for so many µs, for the time being. */
static gboolean
transfer_put_off (BobbinTransfer *self,
                  BobbinDownloadPhase phase,
                  gint64 time,
                  BobbinTransferAwaits awaits,
                  const GError *failure,
                  GError **error)
{
  BobbinTransferSpec *spec = self->spec;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;

  spec->put_off = TRUE;
  spec->wait = phase;
  spec->until = g_get_monotonic_time () + time;
  spec->awaits = awaits;
  spec->tries.waited_for = phase;
  spec->tries.waited_until = spec->until;
  g_propagate_error (error, g_error_copy (failure));

  return FALSE;
}

/* Says in the log what is waited for: once, however often it has to wait again. */
static void
transfer_tell (BobbinTransfer *self, BobbinDownloadPhase phase, const char *line)
{
  BobbinTransferTries *tries = &self->spec->tries;

  if (tries->waited_for == phase && g_get_monotonic_time () - tries->waited_until <= TELL_TIME)
    return;

  tries->told = phase;
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE, "%s", line);
}

/* Says that it is over, if it was said that it began. */
static void
transfer_tell_end (BobbinTransfer *self, const char *line)
{
  BobbinTransferTries *tries = &self->spec->tries;

  if (tries->told == tries->waited_for)
    bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE, "%s", line);
  tries->told = 0;
}

/* The network. */

static gboolean
is_this_computer (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  if (host == NULL || g_ascii_strcasecmp (host, "localhost") == 0 ||
      g_str_has_suffix (host, ".localhost"))
    return TRUE;
  address = g_inet_address_new_from_string (host);

  return address != NULL && g_inet_address_get_is_loopback (address);
}

/* Whether the network may be why a round failed. */
static gboolean
transfer_is_cut_off (BobbinTransfer *self, const GError *error)
{
  static const int codes[] = { BOBBIN_ERROR_NAME_NOT_FOUND, BOBBIN_ERROR_UNREACHABLE,
                               BOBBIN_ERROR_TIMED_OUT, BOBBIN_ERROR_DISCONNECTED };

  if (is_this_computer (self->host))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, BOBBIN_ERROR, codes[i]))
      return TRUE;

  return FALSE;
}

/* Whether there being no network is why a round failed. */
gboolean
bobbin_transfer_lacks_network (BobbinTransfer *self, const GError *error)
{
  return !bobbin_network_is_available (bobbin_network_get_default ()) &&
         transfer_is_cut_off (self, error);
}

/* How long to wait, in µs, when so many tries in a row have failed. */
gint64
bobbin_transfer_get_backoff (guint n_tries)
{
  return bobbin_http_backoff (n_tries, g_random_int ()) / bobbin_transfer_haste;
}

/* Waits for the next try after @failure, or until the network is back that was why: it may be lost
 * for a while before that is said. FALSE: stopped, or put off. */
gboolean
bobbin_transfer_wait_to_retry (BobbinTransfer *self,
                               const GError *failure,
                               gint64 time,
                               GError **error)
{
  const gboolean is_cut_off = transfer_is_cut_off (self, failure);
  GSource *back = NULL;

  if (time > SHORT_TIME || self->received == 0)
    return transfer_put_off (self, BOBBIN_DOWNLOAD_WAITING, time,
                             is_cut_off ? BOBBIN_TRANSFER_AWAITS_RETURN
                                        : BOBBIN_TRANSFER_AWAITS_TIME,
                             failure, error);

  if (is_cut_off)
    back = bobbin_network_return_new (bobbin_network_get_default (), self->session->context);
  self->report.until = g_get_monotonic_time () + time;

  return transfer_wait (self, BOBBIN_DOWNLOAD_WAITING, time, back, error);
}

/* Puts it off until there is a network; such waits are not counted as tries. */
gboolean
bobbin_transfer_wait_network (BobbinTransfer *self, const GError *failure, GError **error)
{
  transfer_tell (self, BOBBIN_DOWNLOAD_WAITING_FOR_NETWORK,
                 _ ("There is no network; it goes on when there is one"));

  return transfer_put_off (self, BOBBIN_DOWNLOAD_WAITING_FOR_NETWORK, NETWORK_TIME,
                           BOBBIN_TRANSFER_AWAITS_NETWORK, failure, error);
}

/**
 * bobbin_transfer_await:
 * @awaits: a [enum@BobbinTransferAwaits], but not the time
 * @context: (nullable): where the source is going to be attached
 *
 * What ends the wait of a transfer that was put off, for `await` of [struct@BobbinJobClass]. In the
 * thread that runs @context.
 *
 * Returns: (transfer full): a new source, not attached
 */
GSource *
bobbin_transfer_await (guint awaits, GMainContext *context)
{
  BobbinNetwork *network = bobbin_network_get_default ();

  if (awaits == BOBBIN_TRANSFER_AWAITS_RETURN)
    return bobbin_network_return_new (network, context);

  return bobbin_network_wait_new (network, context);
}

/* Room. */

static gboolean
transfer_has_space (BobbinTransfer *self)
{
  return self->part != NULL ? bobbin_part_file_get_missing_space (self->part) == 0
                            : bobbin_part_file_may_begin (self->spec->folder, self->report.total);
}

/* Puts it off until there may be room for what is missing. Where the figures say that there is
 * enough, the disk has just refused, so there is a wait in any case. */
gboolean
bobbin_transfer_wait_space (BobbinTransfer *self, const GError *failure, GError **error)
{
  BobbinTransferTries *tries = &self->spec->tries;

  tries->n_full = self->received > 0 ? 1 : tries->n_full + 1;
  transfer_tell (self, BOBBIN_DOWNLOAD_WAITING_FOR_SPACE,
                 _ ("The disk is full; it goes on when there is room"));
  if (self->part != NULL)
    {
      bobbin_part_file_get_refused (self->part, &tries->refused_first, &tries->refused_end);
      bobbin_part_file_checkpoint_when_full (self->part);
      self->report.bytes = bobbin_part_file_get_n_bytes (self->part);
      self->report.total = bobbin_part_file_get_length (self->part);
    }

  return transfer_put_off (self, BOBBIN_DOWNLOAD_WAITING_FOR_SPACE,
                           bobbin_transfer_space_time * MIN (tries->n_full, MAX_SPACE_FACTOR),
                           BOBBIN_TRANSFER_AWAITS_TIME, failure, error);
}

static gboolean
transfer_look_for_space (BobbinTransfer *self, GError **error)
{
  const BobbinTransferTries *tries = &self->spec->tries;

  if (self->part != NULL)
    bobbin_part_file_set_refused (self->part, tries->refused_first, tries->refused_end);
  if (self->report.total < 0)
    self->report.total = self->spec->length;
  bobbin_transfer_post (self, BOBBIN_DOWNLOAD_WAITING_FOR_SPACE);

  if (!transfer_has_space (self))
    {
      g_autoptr (GError) failure = bobbin_error_from_errno (ENOSPC, self->spec->folder);

      return bobbin_transfer_wait_space (self, failure, error);
    }
  transfer_tell_end (self, _ ("There is room again"));

  return TRUE;
}

/* What the run before this one was put off for: is it over? FALSE: stopped, or put off again. */
gboolean
bobbin_transfer_end_wait (BobbinTransfer *self, GError **error)
{
  switch ((BobbinDownloadPhase) self->spec->tries.waited_for)
    {
    case BOBBIN_DOWNLOAD_WAITING_FOR_SPACE:
      return transfer_look_for_space (self, error);
    case BOBBIN_DOWNLOAD_WAITING_FOR_NETWORK:
      if (bobbin_network_is_available (bobbin_network_get_default ()))
        transfer_tell_end (self, _ ("There is a network again"));
      return TRUE;
    case BOBBIN_DOWNLOAD_CONNECTING:
    case BOBBIN_DOWNLOAD_RECEIVING:
    case BOBBIN_DOWNLOAD_WAITING:
    case BOBBIN_DOWNLOAD_WAITING_FOR_HOST:
    case BOBBIN_DOWNLOAD_VERIFYING:
    case BOBBIN_DOWNLOAD_FINISHING:
    default:
      return TRUE;
    }
}
