/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One connection's work: a request, wherever it leads, until there is an answer, and then its body.
 * Two things end it from outside: its own cancellable, and silence. Its worker's thread only; each
 * step is a callback in the worker's context.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

#include "bobbin-buffer.h"
#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-http-connection.h"
#include "bobbin-http-policy.h"
#include "bobbin-http-redirect.h"

#include <glib/gi18n-lib.h>

/* So long a server may take to say that its answer ends where it said it would. */
#define END_TIME (200 * G_TIME_SPAN_MILLISECOND)

/* So late that somebody kept this program from listening, SIGSTOP say: what came meanwhile has not
 * been heard yet. */
#define LATE_TIME (500 * G_TIME_SPAN_MILLISECOND)

static void fetch_send (BobbinFetch *self);

static void
fetch_leave_host (BobbinFetch *self)
{
  /* While it waits for a place, giving up the source is enough. */
  if (self->gate != NULL)
    bobbin_transfer_detach (&self->gate);
  else if (self->gate_host != NULL)
    bobbin_http_session_keep_place (self->transfer->session, self->lane, self->message,
                                    self->gate_host, self->is_kept);
  g_clear_pointer (&self->gate_host, g_free);
}

void
bobbin_fetch_free (BobbinFetch *self)
{
  fetch_leave_host (self);
  bobbin_transfer_detach (&self->silence);
  bobbin_transfer_detach (&self->wake);
  g_clear_pointer (&self->pass, bobbin_rate_pass_free);
  g_clear_pointer (&self->body, bobbin_http_body_free);
  g_clear_object (&self->message);
  g_clear_object (&self->attempt);
  bobbin_buffer_give (self->buffer);
  g_free (self->host);
  g_free (self->url);
  g_free (self);
}

/* Silence. */

static gboolean
on_silence (gpointer user_data)
{
  BobbinFetch *self = user_data;
  const gint64 now = g_get_monotonic_time ();
  const gint64 timeout = self->is_over ? END_TIME : self->transfer->spec->timeout;
  /* While it waits for its turn it is not the server who is silent. */
  gint64 end = (self->is_waiting ? now : self->heard) + timeout;

  if (now > end + LATE_TIME)
    {
      self->heard = now;
      end = now + timeout;
    }
  if (now < end)
    {
      g_source_set_ready_time (self->silence, end);
      return G_SOURCE_CONTINUE;
    }

  self->timed_out = TRUE;
  g_cancellable_cancel (self->attempt);

  return G_SOURCE_REMOVE;
}

/* Noted only: the time-out looks at it when it comes. */
void
bobbin_fetch_heard (BobbinFetch *self)
{
  self->heard = g_get_monotonic_time ();
}

/* All of it has come; what is left to hear is its end, which nothing depends on. */
void
bobbin_fetch_expect_end (BobbinFetch *self)
{
  self->is_over = TRUE;
  bobbin_fetch_heard (self);
  g_source_set_ready_time (self->silence, self->heard + END_TIME);
}

/* Its bytes are there by way of another one, or nobody wants them any more. */
void
bobbin_fetch_drop (BobbinFetch *self)
{
  /* What closes has brought its bytes, and may keep its connection. */
  if (self->is_closing && !self->transfer->is_ending)
    return;

  self->is_dropped = TRUE;
  g_cancellable_cancel (self->attempt);
  if (self->is_waiting)
    g_source_set_ready_time (self->wake, 0);
}

/* Waiting, for a place at a host or a turn under a limit: no server's silence. */

/* Takes what was waited for, unless that is for nobody any more. */
static gboolean
on_wake (gpointer user_data)
{
  BobbinFetch *self = user_data;
  const GError cancelled = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "Cancelled" };

  self->is_waiting = FALSE;
  bobbin_fetch_heard (self);
  if (g_cancellable_is_cancelled (self->attempt))
    bobbin_fetch_end (self, bobbin_fetch_explain (self, &cancelled));
  else if (self->is_receiving)
    bobbin_fetch_read (self);
  else
    fetch_send (self);

  return G_SOURCE_CONTINUE;
}

/* For so many µs, or, -1, until it is woken. */
void
bobbin_fetch_sleep (BobbinFetch *self, gint64 time)
{
  self->is_waiting = TRUE;
  if (g_cancellable_is_cancelled (self->attempt))
    time = 0;
  g_source_set_ready_time (self->wake, time < 0 ? -1 : g_get_monotonic_time () + time);
}

static gboolean
on_place (gpointer user_data)
{
  BobbinFetch *self = user_data;

  bobbin_transfer_detach (&self->gate);
  bobbin_mailbox_slot_log (self->transfer->slot, BOBBIN_EVENT_NOTE,
                           /* Translators: %s is a host's name, here and in the next one */
                           _ ("There is a place at %s now"), self->host);
  if (self->transfer->fetches->len == 1)
    bobbin_transfer_post (self->transfer, BOBBIN_DOWNLOAD_CONNECTING);
  g_source_set_ready_time (self->wake, 0);

  return G_SOURCE_REMOVE;
}

/* Whether it may be at its host. Before anybody has to wait, kept connections are given up, there
 * and elsewhere: one may have the place, and two that waited for what the other keeps would do so
 * for ever. */
static gboolean
fetch_try_enter (BobbinFetch *self)
{
  BobbinHttpSession *session = self->transfer->session;
  BobbinHostGate *gate = bobbin_host_gate_get_default ();

  if (bobbin_http_session_take_place (session, self->lane, self->gate_host) ||
      bobbin_host_gate_try_enter (gate, self->gate_host))
    return TRUE;

  bobbin_http_session_give_up_places (session);

  return bobbin_host_gate_try_enter (gate, self->gate_host);
}

/* Goes to the host that is to be asked, where no more than so many may be at once. */
static void
fetch_enter_host (BobbinFetch *self)
{
  BobbinHostGate *gate = bobbin_host_gate_get_default ();
  g_autofree char *host = bobbin_host_gate_dup_host (self->url);

  if (g_strcmp0 (host, self->gate_host) != 0)
    {
      fetch_leave_host (self);
      self->gate_host = g_steal_pointer (&host);
    }
  else
    {
      fetch_send (self);
      return;
    }

  if (self->gate_host == NULL || fetch_try_enter (self))
    {
      fetch_send (self);
      return;
    }

  self->gate = bobbin_transfer_attach (self->transfer,
                                       bobbin_host_gate_wait_new (gate, self->gate_host,
                                                                  self->transfer->session->context),
                                       on_place, self, "[bobbin] place at a host");
  bobbin_mailbox_slot_log (self->transfer->slot, BOBBIN_EVENT_NOTE,
                           /* Translators: %s is a host, such as example.org */
                           _ ("Others are at %s; waiting for a place there"), self->host);
  if (self->transfer->fetches->len == 1)
    bobbin_transfer_post (self->transfer, BOBBIN_DOWNLOAD_WAITING_FOR_HOST);
  bobbin_fetch_sleep (self, -1);
}

static void
fetch_set_url (BobbinFetch *self, const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  char *copy = g_strdup (url);

  g_free (self->url);
  self->url = copy;
  g_free (self->host);
  self->host = uri != NULL ? g_strdup (g_uri_get_host (uri)) : bobbin_display_address (url);
  g_free (self->transfer->host);
  self->transfer->host = g_strdup (self->host);
}

/* Why it ended, in our own words. */
GError *
bobbin_fetch_explain (BobbinFetch *self, const GError *error)
{
  const GError timed_out = { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, NULL };
  const GError closed = { G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, NULL };
  const char *proxy =
    self->message != NULL ? bobbin_http_get_unreached_proxy (self->message) : NULL;

  if (proxy != NULL)
    return bobbin_error_from_proxy (self->timed_out ? &timed_out : error, proxy);
  if (self->timed_out)
    return bobbin_error_from_gio (&timed_out, self->host);
  /* A record that was damaged or cut on its way ends a connection as a reset does. */
  if (error->domain == G_TLS_ERROR && self->body != NULL)
    return bobbin_error_from_gio (&closed, self->host);
  /* Nothing has come yet that could be cut short. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) && self->body == NULL)
    return bobbin_error_from_gio (&closed, self->host);
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) && self->message != NULL)
    return bobbin_error_from_tls (soup_message_get_tls_peer_certificate_errors (self->message),
                                  self->host);

  return bobbin_error_from_gio (error, self->host);
}

/* The end. */

static void
on_closed (gpointer user_data)
{
  BobbinFetch *self = user_data;

  self->is_kept = TRUE;
  bobbin_transfer_ended (self->transfer, self, NULL);
}

/* Takes @error. However it ends, what came is kept; without an error, and if little of the answer
 * is left, the connection is, too. */
void
bobbin_fetch_end (BobbinFetch *self, GError *error)
{
  GError *disk_error = NULL;

  if (!bobbin_fetch_flush (self, &disk_error))
    bobbin_transfer_fail_disk (self->transfer, disk_error);
  if (self->is_receiving)
    bobbin_transfer_note_rate (self->transfer, self);
  if (self->is_receiving && self->gate_host != NULL)
    bobbin_host_gate_end (bobbin_host_gate_get_default (), self->gate_host);
  self->is_receiving = self->is_held = FALSE;
  self->is_closing = TRUE;
  bobbin_transfer_detach (&self->silence);

  if (error == NULL && self->body != NULL && !self->is_dropped)
    {
      BobbinHttpBody *body = g_steal_pointer (&self->body);

      bobbin_http_body_close_async (body, self->attempt, on_closed, self);
      return;
    }

  g_clear_pointer (&self->body, bobbin_http_body_free);
  bobbin_transfer_ended (self->transfer, self, error);
}

/* Asking. */

static void
fetch_set_range (BobbinFetch *self, SoupMessageHeaders *headers)
{
  BobbinPartFile *part = self->transfer->part;
  const char *validator;

  if (self->ask == BOBBIN_ASK_WHOLE)
    return;

  soup_message_headers_set_range (headers, self->first,
                                  self->asked_end >= 0 ? self->asked_end - 1 : -1);
  if (self->ask != BOBBIN_ASK_REST)
    return;

  validator =
    bobbin_http_if_range (bobbin_part_file_get_etag (part), bobbin_part_file_get_date (part));
  if (validator != NULL)
    soup_message_headers_replace (headers, "If-Range", validator);
}

static SoupMessage *
fetch_make_message (BobbinFetch *self, GError **error)
{
  SoupMessage *message = soup_message_new (SOUP_METHOD_GET, self->url);
  SoupMessageHeaders *headers;

  if (message == NULL)
    {
      g_autofree char *shown = bobbin_display_address (self->url);

      /* Translators: %s is an address */
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS, _ ("“%s” is not a web address."),
                   shown);
      return NULL;
    }

  bobbin_http_run_apply (self->transfer->run, message);
  headers = soup_message_get_request_headers (message);
  soup_message_headers_replace (headers, "Accept-Encoding", "identity");
  fetch_set_range (self, headers);

  return message;
}

static void
on_left (gpointer user_data)
{
  BobbinFetch *self = user_data;
  BobbinMailboxSlot *slot = self->transfer->slot;
  g_autofree char *to = NULL;
  GError *error = NULL;

  self->is_kept = TRUE;
  if (!bobbin_http_follow (self->message, self->url, ++self->n_redirects, &to, &error))
    {
      bobbin_transfer_ended (self->transfer, self, error);
      return;
    }

  fetch_set_url (self, to);
  if (self->ask != BOBBIN_ASK_PIECE)
    /* Translators: %s is a host, such as example.org */
    bobbin_mailbox_slot_log (slot, BOBBIN_EVENT_REDIRECTED, _ ("Redirected to %s"), self->host);
  fetch_enter_host (self);
}

/* The shortest is what the way takes; what is longer is a connection that was to be opened first, a
 * server that had to think, or a packet that was lost. */
static void
fetch_note_latency (BobbinFetch *self)
{
  const gint64 latency = g_get_monotonic_time () - self->asked;
  gint64 *shortest = &self->transfer->latency;

  *shortest = *shortest > 0 ? MIN (*shortest, latency) : latency;
}

/* Each connection has a line of its own: a lane has one at a time. */
static void
fetch_note_connection (BobbinFetch *self)
{
  BobbinTransfer *transfer = self->transfer;
  const guint64 id = soup_message_get_connection_id (self->message);
  g_autofree char *text = NULL;

  if (transfer->connections->len <= self->lane)
    g_array_set_size (transfer->connections, self->lane + 1);
  if (g_array_index (transfer->connections, guint64, self->lane) == id)
    return;

  g_array_index (transfer->connections, guint64, self->lane) = id;
  text = bobbin_http_describe_connection (self->message);
  bobbin_mailbox_slot_log (transfer->slot, BOBBIN_EVENT_NOTE,
                           /* Translators: a host, then an address and protocols, like
                            * 192.0.2.1, HTTP/1.1, TLS 1.3 */
                           _ ("Connected to %s (%s)"), self->host, text);
}

static void
on_answer (BobbinHttpBody *body, const GError *raw, gpointer user_data)
{
  BobbinFetch *self = user_data;
  GError *error = NULL;

  if (body == NULL)
    {
      /* A proxy's, which may pass as a server's does. */
      if (g_error_matches (raw, BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS))
        self->status = soup_message_get_status (self->message);
      bobbin_fetch_end (self, bobbin_fetch_explain (self, raw));
      return;
    }

  self->status = soup_message_get_status (self->message);
  bobbin_fetch_heard (self);
  fetch_note_connection (self);
  if (bobbin_http_is_redirect (self->message))
    {
      bobbin_http_body_close_async (body, self->attempt, on_left, self);
      return;
    }

  self->body = body;
  fetch_note_latency (self);
  if (bobbin_fetch_accept (self, &error))
    bobbin_fetch_receive (self);
  else
    bobbin_fetch_end (self, error);
}

/* A redirect has a line of its own, and so has a piece. */
static void
fetch_note_request (BobbinFetch *self)
{
  g_autofree char *first = NULL;

  if (self->ask == BOBBIN_ASK_PIECE || self->n_redirects > 0)
    return;

  if (self->ask == BOBBIN_ASK_WHOLE || self->first == 0)
    {
      bobbin_mailbox_slot_log (self->transfer->slot, BOBBIN_EVENT_NOTE,
                               /* Translators: %s is a host, such as example.org */
                               _ ("Asking %s for the file"), self->host);
      return;
    }

  first = g_strdup_printf ("%" G_GINT64_FORMAT, self->first);
  bobbin_mailbox_slot_log (self->transfer->slot, BOBBIN_EVENT_NOTE,
                           /* Translators: a host, and the number of a byte */
                           _ ("Asking %s for the file from byte %s on"), self->host, first);
}

static void
fetch_send (BobbinFetch *self)
{
  GError *error = NULL;

  g_clear_object (&self->message);
  self->message = fetch_make_message (self, &error);
  if (self->message == NULL)
    {
      bobbin_transfer_ended (self->transfer, self, error);
      return;
    }

  fetch_note_request (self);
  bobbin_fetch_heard (self);
  self->is_kept = FALSE;
  self->asked = g_get_monotonic_time ();
  bobbin_http_session_send_async (self->transfer->session, self->lane, self->message, self->attempt,
                                  on_answer, self);
}

/* A lane that no fetch of this transfer uses. */
guint
bobbin_fetch_find_lane (BobbinTransfer *transfer)
{
  for (guint lane = 0;; lane++)
    {
      gboolean is_free = TRUE;

      for (guint i = 0; i < transfer->fetches->len; i++)
        {
          BobbinFetch *other = g_ptr_array_index (transfer->fetches, i);

          is_free = is_free && other->lane != lane;
        }
      if (is_free)
        return lane;
    }
}

/* Asks for the bytes from first to end (-1: to the end of the file). Takes @place, the host where
 * it has been let in already. What becomes of it is said by bobbin_transfer_ended(). */
void
bobbin_fetch_start (BobbinTransfer *transfer, BobbinAsk ask, gint64 first, gint64 end, char *place)
{
  BobbinFetch *self = g_new0 (BobbinFetch, 1);

  self->transfer = transfer;
  self->lane = bobbin_fetch_find_lane (transfer);
  self->ask = ask;
  self->first = first;
  self->end = self->asked_end = end;
  self->gate_host = place;
  self->limit = self->retry_after = -1;
  self->attempt = g_cancellable_new ();
  if (g_cancellable_is_cancelled (transfer->cancellable))
    g_cancellable_cancel (self->attempt);
  self->silence =
    bobbin_transfer_add_timer (transfer, g_get_monotonic_time () + transfer->spec->timeout,
                               on_silence, self, "[bobbin] silence");
  self->wake = bobbin_transfer_add_timer (transfer, -1, on_wake, self, "[bobbin] wake");
  fetch_set_url (self, ask == BOBBIN_ASK_PIECE ? transfer->url : transfer->spec->address);
  g_ptr_array_add (transfer->fetches, self);

  fetch_enter_host (self);
}
