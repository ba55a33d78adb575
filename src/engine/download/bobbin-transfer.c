/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One run of a download, in a worker thread: ask, check what is answered, write what comes, try
 * again while that makes sense, publish. It sees the spec, its slot of the mailbox and the
 * cancellable, nothing else.
 *
 * Every wait is a turn of this thread's own main context. Two sources are attached to it for the
 * whole run or a try: one that hears the cancellable, one that hears silence; both end the try by
 * cancelling what it waits for.
 *
 * What it reads it collects in a buffer of 1 MiB, filled before each write: measured here, larger
 * and fewer reads and page-aligned writes are what makes a download fast (1 GiB to disk: 1.85 s
 * with 16 KiB, 0.64 s with 1 MiB filled).
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer.h"

#include "bobbin-error.h"
#include "bobbin-file-name.h"
#include "bobbin-http-policy.h"
#include "bobbin-http-session.h"
#include "bobbin-part-file.h"
#include "bobbin-rate-meter.h"

#include <glib/gi18n-lib.h>

#define BUFFER_SIZE (1024 * 1024)

/* How often figures are posted while bytes come. */
#define TICK_MS 250

/* How much work a kill may cost, and how much a power cut. The latter waits for the disk, so on a
 * slow one it is done less often. */
#define CHECKPOINT_TIME (1 * G_TIME_SPAN_SECOND)
#define SYNC_TIME       (10 * G_TIME_SPAN_SECOND)
#define SYNC_SHARE      50

#define MAX_REDIRECTS 20

typedef struct
{
  BobbinTransferSpec *spec;
  BobbinMailboxSlot *slot;   /* (nullable) */
  GCancellable *cancellable; /* of the run */

  BobbinHttpSession *session;
  GTlsDatabase *trust;  /* (owned) (nullable) */
  BobbinPartFile *part; /* (owned) (nullable) */
  BobbinReport report;
  BobbinRateMeter rate;
  gint64 reached;      /* first byte that no try has brought yet */
  gboolean whole_only; /* ranges led nowhere: ask for all of it */

  /* this try */
  char *url;             /* (owned) after redirects */
  char *host;            /* (owned) */
  GCancellable *attempt; /* (owned) */
  GSource *silence;      /* (owned) (nullable) */
  gboolean timed_out;
  gboolean again; /* not a failure: the next try asks for something else */
  guint status;
  gint64 retry_after; /* µs, or -1 */
  GError *disk_error; /* (owned) (nullable) from a tick */

  char *buffer;  /* (owned) */
  gint64 offset; /* of the buffer's first byte */
  gsize filled;  /* bytes in the buffer */
  gsize flushed; /* bytes of it that are written */
  gint64 limit;  /* behind the last byte that may come, or -1 */
  gint64 next_checkpoint;
  gint64 next_sync;
} Transfer;

/**
 * bobbin_transfer_spec_free:
 * @self: (transfer full): a spec
 */
void
bobbin_transfer_spec_free (BobbinTransferSpec *self)
{
  g_free (self->address);
  g_free (self->folder);
  g_free (self->name);
  g_free (self->hint);
  g_free (self->ca_file);
  g_free (self->claimed);
  g_free (self->file);
  g_free (self);
}

static void
transfer_post (Transfer *self, BobbinDownloadPhase phase)
{
  self->report.phase = phase;
  if (self->slot != NULL)
    bobbin_mailbox_slot_post (self->slot, &self->report);
}

/* What ends a try from outside. */

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Transfer *self = user_data;

  g_cancellable_cancel (self->attempt);

  return G_SOURCE_REMOVE;
}

static gboolean
on_silence (gpointer user_data)
{
  Transfer *self = user_data;

  self->timed_out = TRUE;
  g_cancellable_cancel (self->attempt);

  return G_SOURCE_REMOVE;
}

static GSource *
transfer_attach (Transfer *self, GSource *source, const char *name)
{
  g_source_set_name (source, name);
  g_source_attach (source, self->session->context);

  return source;
}

static void
detach (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
transfer_set_url (Transfer *self, const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  char *copy = g_strdup (url);

  g_free (self->url);
  self->url = copy;
  g_free (self->host);
  self->host = g_strdup (uri != NULL ? g_uri_get_host (uri) : url);
}

static void
transfer_begin_attempt (Transfer *self)
{
  const guint timeout = MAX (self->spec->timeout / G_TIME_SPAN_MILLISECOND, 1);

  g_clear_object (&self->attempt);
  self->attempt = g_cancellable_new ();
  if (g_cancellable_is_cancelled (self->cancellable))
    g_cancellable_cancel (self->attempt);

  self->timed_out = FALSE;
  self->again = FALSE;
  self->status = 0;
  self->retry_after = -1;
  self->limit = -1;
  g_clear_error (&self->disk_error);
  transfer_set_url (self, self->spec->address);

  self->silence = g_timeout_source_new (timeout);
  g_source_set_callback (self->silence, on_silence, self, NULL);
  transfer_attach (self, self->silence, "[bobbin] silence");
}

static void
transfer_heard (Transfer *self)
{
  g_source_set_ready_time (self->silence, g_get_monotonic_time () + self->spec->timeout);
}

/* Why the try ended, in our own words. Takes @error. */
static GError *
transfer_explain (Transfer *self, SoupMessage *message, GError *error)
{
  g_autoptr (GError) raw = error;
  const GError timed_out = { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, NULL };

  if (g_cancellable_is_cancelled (self->cancellable))
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Stopped"));
  if (self->disk_error != NULL)
    return g_steal_pointer (&self->disk_error);
  if (self->timed_out)
    return bobbin_error_from_gio (&timed_out, self->host);
  if (g_error_matches (raw, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) && message != NULL)
    return bobbin_error_from_tls (soup_message_get_tls_peer_certificate_errors (message),
                                  self->host);

  return bobbin_error_from_gio (raw, self->host);
}

/* Asking. */

static gboolean
on_accept_certificate (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags flags,
                       gpointer user_data)
{
  Transfer *self = user_data;
  g_autoptr (GSocketConnectable) identity = NULL;

  if (self->trust == NULL || !(flags & G_TLS_CERTIFICATE_UNKNOWN_CA))
    return FALSE;

  identity = g_network_address_parse_uri (self->url, 443, NULL);

  return identity != NULL &&
         g_tls_database_verify_chain (self->trust, certificate,
                                      G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
                                      G_TLS_DATABASE_VERIFY_NONE, self->attempt, NULL) == 0;
}

/* Where to go on: the first byte that is missing, if it can be made sure that it still fits to what
 * is there. */
static gint64
transfer_get_resume_offset (Transfer *self)
{
  if (self->part == NULL || self->whole_only ||
      bobbin_http_if_range (bobbin_part_file_get_etag (self->part),
                            bobbin_part_file_get_last_modified (self->part)) == NULL)
    return 0;

  return bobbin_part_file_get_first_gap (self->part);
}

static SoupMessage *
transfer_make_message (Transfer *self, gint64 offset, GError **error)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, self->url);
  SoupMessageHeaders *headers;

  if (message == NULL)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS, _ ("“%s” is not a web address."),
                   self->url);
      return NULL;
    }

  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept_certificate), self);

  headers = soup_message_get_request_headers (message);
  soup_message_headers_replace (headers, "Accept-Encoding", "identity");
  if (offset > 0)
    {
      soup_message_headers_set_range (headers, offset, -1);
      soup_message_headers_replace (headers, "If-Range",
                                    bobbin_http_if_range (bobbin_part_file_get_etag (self->part),
                                                          bobbin_part_file_get_last_modified (
                                                            self->part)));
    }

  return g_steal_pointer (&message);
}

static gboolean
is_redirect (guint status)
{
  return status == SOUP_STATUS_MOVED_PERMANENTLY || status == SOUP_STATUS_FOUND ||
         status == SOUP_STATUS_SEE_OTHER || status == SOUP_STATUS_TEMPORARY_REDIRECT ||
         status == SOUP_STATUS_PERMANENT_REDIRECT;
}

static gboolean
transfer_follow (Transfer *self, SoupMessage *message, guint n_redirects, GError **error)
{
  const char *location =
    soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");
  g_autofree char *to = NULL;

  if (n_redirects > MAX_REDIRECTS)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT,
                   _ ("%s sends from one address to the next and never to the file."), self->host);
      return FALSE;
    }
  if (!bobbin_http_check_redirect (self->url, location, &to, error))
    return FALSE;

  transfer_set_url (self, to);
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_REDIRECTED, _ ("Redirected to %s"), self->host);

  return TRUE;
}

/* Asks, wherever it leads, until there is an answer that is no redirect. */
static GInputStream *
transfer_ask (Transfer *self, gint64 offset, SoupMessage **answer, GError **error)
{
  for (guint n_redirects = 1;; n_redirects++)
    {
      g_autoptr (SoupMessage) message = transfer_make_message (self, offset, error);
      g_autoptr (GError) raw = NULL;
      GInputStream *body;

      if (message == NULL)
        return NULL;

      body = bobbin_http_session_send (self->session, message, self->attempt, &raw);
      g_signal_handlers_disconnect_by_data (message, self);
      if (body == NULL)
        {
          g_propagate_error (error, transfer_explain (self, message, g_steal_pointer (&raw)));
          return NULL;
        }

      transfer_heard (self);
      self->status = soup_message_get_status (message);
      if (!is_redirect (self->status))
        {
          *answer = g_steal_pointer (&message);
          return body;
        }

      bobbin_http_session_close (self->session, body, self->attempt);
      if (!transfer_follow (self, message, n_redirects, error))
        return NULL;
    }
}

/* Checking the answer. */

static const char *
get_header (SoupMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (message), name);
}

/* Bytes of the body, or -1. */
static gint64
get_body_length (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);

  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH)
    return -1;

  return soup_message_headers_get_content_length (headers);
}

static char *
transfer_find_name (Transfer *self, SoupMessage *message)
{
  char *name = NULL;

  if (self->spec->name != NULL)
    return g_strdup (self->spec->name);

  if (message != NULL)
    name = bobbin_file_name_from_disposition (get_header (message, "Content-Disposition"));
  if (name == NULL)
    name = bobbin_file_name_from_uri (self->url);

  return name;
}

static void
transfer_set_part (Transfer *self, BobbinPartFile *part)
{
  self->part = part;
  g_free (self->spec->claimed);
  self->spec->claimed = g_strdup (bobbin_part_file_get_name (part));
  g_strlcpy (self->report.name, self->spec->claimed, sizeof self->report.name);
  self->report.bytes = bobbin_part_file_get_n_bytes (part);
  self->report.total = bobbin_part_file_get_length (part);
}

/* Whether what is there is of the same version as this answer. */
static gboolean
transfer_is_same_version (Transfer *self, SoupMessage *message)
{
  return bobbin_http_same_version (bobbin_part_file_get_etag (self->part),
                                   bobbin_part_file_get_last_modified (self->part),
                                   get_header (message, "ETag"),
                                   get_header (message, "Last-Modified")) ==
         BOBBIN_HTTP_VERSION_SAME;
}

/* A name is known now, and under it may lie what an earlier run left: then this answer is not
 * needed, its rest is. */
static gboolean
transfer_found_more (Transfer *self, SoupMessage *message)
{
  return transfer_get_resume_offset (self) > 0 &&
         bobbin_part_file_get_length (self->part) == get_body_length (message) &&
         transfer_is_same_version (self, message);
}

static gboolean
transfer_accept_whole (Transfer *self, SoupMessage *message, gint64 *offset, GError **error)
{
  gint64 length = get_body_length (message);

  if (self->part == NULL)
    {
      g_autofree char *name = transfer_find_name (self, message);
      BobbinPartFile *part = bobbin_part_file_claim (self->spec->folder, name, self->spec->address,
                                                     self->spec->exists, error);

      if (part == NULL)
        {
          self->spec->claimed = g_steal_pointer (&name);
          return FALSE;
        }
      transfer_set_part (self, part);
      if (transfer_found_more (self, message))
        {
          self->again = TRUE;
          return FALSE;
        }
    }

  if (bobbin_part_file_get_n_bytes (self->part) > 0)
    bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_RESTARTED,
                             _ ("What was there cannot be used; the file comes anew"));
  if (!bobbin_part_file_begin (self->part, length, get_header (message, "ETag"),
                               get_header (message, "Last-Modified"), error))
    return FALSE;

  self->limit = length;
  *offset = 0;

  return TRUE;
}

/* A range was asked for and one came: is it that one, of that version? */
static gboolean
transfer_range_fits (Transfer *self, SoupMessage *message, gint64 offset)
{
  const char *encoding = get_header (message, "Content-Encoding");
  const gint64 total = bobbin_part_file_get_length (self->part);
  const gint64 length = get_body_length (message);
  BobbinContentRange range;

  return bobbin_http_parse_content_range (get_header (message, "Content-Range"), &range) &&
         range.first == offset && (total < 0 || range.total == total) &&
         (length < 0 || length == range.last - range.first + 1) &&
         (encoding == NULL || g_ascii_strcasecmp (encoding, "identity") == 0) &&
         transfer_is_same_version (self, message);
}

/* The answer is of no use; what is there may be. All of it is asked for next. */
static gboolean
transfer_refuse_range (Transfer *self)
{
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE,
                           _ ("%s did not send the part that was asked for (%u)"), self->host,
                           self->status);
  self->whole_only = TRUE;
  self->again = TRUE;

  return FALSE;
}

static gboolean
transfer_accept_range (Transfer *self, SoupMessage *message, gint64 offset)
{
  BobbinContentRange range;
  g_autofree char *from = NULL;

  if (!transfer_range_fits (self, message, offset))
    return transfer_refuse_range (self);

  bobbin_http_parse_content_range (get_header (message, "Content-Range"), &range);
  self->limit = range.last + 1;
  from = g_format_size (offset);
  /* Translators: %s is a size, such as 3.2 MB */
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_RESUMED, _ ("Goes on after %s"), from);

  return TRUE;
}

/* Decides what an answer is good for. @offset: in: what was asked for; out: what comes. */
static gboolean
transfer_accept (Transfer *self, SoupMessage *message, gint64 *offset, GError **error)
{
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_CONNECTED, _ ("%s answered (%u)"), self->host,
                           self->status);

  switch (self->status)
    {
    case SOUP_STATUS_OK:
    case SOUP_STATUS_NON_AUTHORITATIVE:
      return transfer_accept_whole (self, message, offset, error);
    case SOUP_STATUS_PARTIAL_CONTENT:
      if (*offset > 0)
        return transfer_accept_range (self, message, *offset);
      break;
    case SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE:
    case SOUP_STATUS_PRECONDITION_FAILED:
      if (*offset > 0)
        return transfer_refuse_range (self);
      break;
    default:
      break;
    }

  self->retry_after = bobbin_http_parse_retry_after (get_header (message, "Retry-After"), now);
  if (self->status >= 300)
    g_propagate_error (error, bobbin_error_from_status (self->status, self->host));
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
                 _ ("%s did not answer with a file (%u)."), self->host, self->status);

  return FALSE;
}

/* Writing what comes. */

static gboolean
transfer_flush (Transfer *self, GError **error)
{
  const gsize n = self->filled - self->flushed;
  gboolean done;

  if (n == 0)
    return TRUE;

  done = bobbin_part_file_write (self->part, self->offset + self->flushed,
                                 self->buffer + self->flushed, n, error);
  self->flushed = self->filled;
  self->report.bytes = bobbin_part_file_get_n_bytes (self->part);

  return done;
}

/* Makes sure of what has come so far, from time to time. */
static gboolean
transfer_secure (Transfer *self, gint64 now, GError **error)
{
  if (now < self->next_checkpoint)
    return TRUE;

  if (!transfer_flush (self, error))
    return FALSE;

  if (now >= self->next_sync)
    {
      if (!bobbin_part_file_sync (self->part, error))
        return FALSE;
      self->next_sync =
        g_get_monotonic_time () + MAX (SYNC_TIME, SYNC_SHARE * (g_get_monotonic_time () - now));
    }
  else
    {
      bobbin_part_file_checkpoint (self->part);
    }
  self->next_checkpoint = now + CHECKPOINT_TIME;

  return TRUE;
}

static void
transfer_measure (Transfer *self, gint64 now)
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
  Transfer *self = user_data;
  const gint64 now = g_get_monotonic_time ();

  transfer_measure (self, now);
  transfer_post (self, BOBBIN_DOWNLOAD_RECEIVING);

  if (!transfer_secure (self, now, &self->disk_error))
    {
      g_cancellable_cancel (self->attempt);
      return G_SOURCE_REMOVE;
    }

  return G_SOURCE_CONTINUE;
}

/* Takes n more bytes that were read into the buffer. */
static gboolean
transfer_take (Transfer *self, gsize n, gsize capacity, GError **error)
{
  const gint64 end = self->offset + self->filled + n;

  transfer_heard (self);
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
transfer_read_body (Transfer *self, GInputStream *body, GError **error)
{
  for (;;)
    {
      const gsize capacity = BUFFER_SIZE - self->offset % BUFFER_SIZE;
      g_autoptr (GError) raw = NULL;
      const gssize n = bobbin_http_session_read (self->session, body, self->buffer + self->filled,
                                                 capacity - self->filled, self->attempt, &raw);

      if (n < 0)
        {
          g_propagate_error (error, transfer_explain (self, NULL, g_steal_pointer (&raw)));
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
transfer_check_end (Transfer *self, GError **error)
{
  const GError partial = { G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, NULL };
  const gint64 length = bobbin_part_file_get_length (self->part);
  const gint64 end = bobbin_part_file_get_first_gap (self->part);

  if (self->limit >= 0 && end < self->limit)
    {
      g_propagate_error (error, bobbin_error_from_gio (&partial, self->host));
      return FALSE;
    }
  /* A server may send less than the whole rest at once. */
  self->again = length >= 0 && end < length;

  return !self->again;
}

static gboolean
transfer_receive (Transfer *self, GInputStream *body, gint64 offset, GError **error)
{
  const gint64 now = g_get_monotonic_time ();
  g_autoptr (GError) late_error = NULL;
  GSource *tick;
  gboolean done;

  self->offset = offset;
  self->filled = self->flushed = 0;
  self->next_checkpoint = now + CHECKPOINT_TIME;
  if (self->next_sync == 0)
    self->next_sync = now + SYNC_TIME;
  self->report.total = bobbin_part_file_get_length (self->part);
  bobbin_rate_meter_reset (&self->rate);
  transfer_measure (self, now);
  transfer_post (self, BOBBIN_DOWNLOAD_RECEIVING);

  tick = g_timeout_source_new (TICK_MS);
  g_source_set_callback (tick, on_tick, self, NULL);
  transfer_attach (self, tick, "[bobbin] tick");

  done = transfer_read_body (self, body, error);

  detach (&tick);
  /* However it ended, what came is kept. */
  if (!transfer_flush (self, done ? error : &late_error))
    done = FALSE;
  transfer_measure (self, g_get_monotonic_time ());

  return done && transfer_check_end (self, error);
}

/* One try. TRUE: the part is whole. FALSE with self->again: ask for something else now. */
static gboolean
transfer_try (Transfer *self, GError **error)
{
  gint64 offset = transfer_get_resume_offset (self);
  g_autoptr (SoupMessage) message = NULL;
  GInputStream *body;
  gboolean done;

  self->report.rate = self->report.time_left = -1;
  self->report.until = 0;
  transfer_post (self, BOBBIN_DOWNLOAD_CONNECTING);

  body = transfer_ask (self, offset, &message, error);
  if (body == NULL)
    return FALSE;

  if (!transfer_accept (self, message, &offset, error))
    {
      bobbin_http_session_close (self->session, body, self->attempt);
      return FALSE;
    }

  done = transfer_receive (self, body, offset, error);
  if (done)
    bobbin_http_session_close (self->session, body, self->attempt);
  else
    g_object_unref (body);

  return done;
}

/* Trying again. */

static gboolean
on_second (gpointer user_data)
{
  Transfer *self = user_data;

  transfer_post (self, BOBBIN_DOWNLOAD_WAITING);

  return G_SOURCE_CONTINUE;
}

/* Waits for the next try; the time left is posted anew every second. FALSE: stopped. */
static gboolean
transfer_wait (Transfer *self, gint64 time, GError **error)
{
  GSource *second = g_timeout_source_new_seconds (1);

  self->report.rate = self->report.time_left = -1;
  self->report.until = g_get_monotonic_time () + time;
  transfer_begin_attempt (self);
  g_source_set_ready_time (self->silence, self->report.until);
  g_source_set_callback (second, on_second, self, NULL);
  transfer_attach (self, second, "[bobbin] waiting");
  transfer_post (self, BOBBIN_DOWNLOAD_WAITING);

  while (!g_cancellable_is_cancelled (self->attempt))
    g_main_context_iteration (self->session->context, TRUE);

  detach (&second);
  detach (&self->silence);

  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* Whether there is a point in another try after @error; counts those that brought nothing. */
static gboolean
transfer_may_retry (Transfer *self, const GError *error, guint *n_tries)
{
  const gint64 reached = self->part != NULL ? bobbin_part_file_get_first_gap (self->part) : 0;

  if (!bobbin_http_is_retryable (error, self->status))
    return FALSE;

  if (reached > self->reached)
    {
      self->reached = reached;
      *n_tries = 0;
    }

  return (*n_tries)++ < self->spec->retries;
}

static gboolean
transfer_back_off (Transfer *self, const GError *error, guint n_tries, GError **stopped)
{
  const gint64 back_off = bobbin_http_backoff (n_tries, g_random_int ());
  const gint64 time = MAX (back_off, self->retry_after);

  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_RETRY,
                           /* Translators: first a sentence that says what failed */
                           _ ("%s Trying again in %d s"), error->message,
                           (int) ((time + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC));

  return transfer_wait (self, time, stopped);
}

static gboolean
transfer_is_whole (Transfer *self)
{
  return self->part != NULL && bobbin_part_file_get_length (self->part) >= 0 &&
         bobbin_part_file_get_first_gap (self->part) == bobbin_part_file_get_length (self->part);
}

static gboolean
transfer_fetch (Transfer *self, GError **error)
{
  guint n_tries = 0;

  while (!transfer_is_whole (self))
    {
      g_autoptr (GError) local_error = NULL;
      gboolean done;

      transfer_begin_attempt (self);
      done = transfer_try (self, &local_error);
      detach (&self->silence);

      if (g_cancellable_set_error_if_cancelled (done ? NULL : self->cancellable, error))
        return FALSE;
      if (done)
        return TRUE;
      if (self->again)
        continue;

      if (!transfer_may_retry (self, local_error, &n_tries))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (!transfer_back_off (self, local_error, n_tries, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
transfer_publish (Transfer *self, GError **error)
{
  self->report.bytes = bobbin_part_file_get_n_bytes (self->part);
  self->report.total = self->report.bytes;
  self->report.rate = self->report.time_left = -1;
  transfer_post (self, BOBBIN_DOWNLOAD_FINISHING);

  /* The last moment to be stopped in: from here on it is done or has failed. */
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;

  self->spec->file =
    bobbin_part_file_publish (self->part, self->spec->exists, self->spec->sync, error);
  if (self->spec->file == NULL)
    return FALSE;

  g_free (self->spec->claimed);
  self->spec->claimed = g_path_get_basename (self->spec->file);

  return TRUE;
}

/* There was a file of that name already, and that is as good as done. */
static gboolean
transfer_skip (Transfer *self, GError **error)
{
  if (self->spec->exists != BOBBIN_EXISTS_SKIP ||
      !g_error_matches (*error, BOBBIN_ERROR, BOBBIN_ERROR_EXISTS))
    return FALSE;

  g_clear_error (error);
  self->spec->skipped = TRUE;
  self->spec->file = g_build_filename (self->spec->folder, self->spec->claimed, NULL);
  if (self->part != NULL)
    {
      bobbin_part_file_discard (self->part);
      g_clear_pointer (&self->part, bobbin_part_file_free);
    }
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE, _ ("There is a file “%s” already"),
                           self->spec->claimed);

  return TRUE;
}

static gboolean
transfer_load_trust (Transfer *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (self->spec->ca_file == NULL)
    return TRUE;

  self->trust = g_tls_file_database_new (self->spec->ca_file, &local_error);
  if (self->trust == NULL)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_CERTIFICATE,
                 _ ("The certificates in “%s” cannot be read."), self->spec->ca_file);

  return self->trust != NULL;
}

/* What an earlier run left, if it can be told where before anything was asked. */
static void
transfer_look_for_part (Transfer *self)
{
  g_autofree char *name = NULL;
  BobbinPartFile *part;

  transfer_set_url (self, self->spec->address);
  name = self->spec->hint != NULL ? g_strdup (self->spec->hint) : transfer_find_name (self, NULL);
  part = bobbin_part_file_find (self->spec->folder, name, self->spec->address, self->spec->exists);
  if (part == NULL)
    return;

  transfer_set_part (self, part);
  self->reached = bobbin_part_file_get_first_gap (part);
}

static void
transfer_clear (Transfer *self)
{
  if (self->part != NULL)
    {
      if (self->spec->file == NULL)
        bobbin_part_file_checkpoint (self->part);
      bobbin_part_file_free (self->part);
    }
  g_clear_object (&self->attempt);
  g_clear_object (&self->trust);
  g_clear_error (&self->disk_error);
  g_free (self->buffer);
  g_free (self->host);
  g_free (self->url);
}

/**
 * bobbin_transfer_run:
 * @spec: a [struct@BobbinTransferSpec]
 * @slot: (nullable): where to report to
 * @cancellable: ends it, in any phase
 * @error: return location for a %BOBBIN_ERROR or %G_IO_ERROR_CANCELLED
 *
 * Downloads a file, as a [callback@BobbinWorkFunc]: goes on with what an earlier run left where the
 * server's validators say that it is of the same version (RFC 9110 §13.1.5), and publishes the file
 * only when it is whole. Worker threads only.
 *
 * Returns: whether the file is there, under its final name
 */
gboolean
bobbin_transfer_run (gpointer spec,
                     BobbinMailboxSlot *slot,
                     GCancellable *cancellable,
                     GError **error)
{
  Transfer self = {
    .spec = spec,
    .slot = slot,
    .cancellable = cancellable,
    .session = bobbin_http_session_get (),
    .attempt = g_cancellable_new (),
    .report = BOBBIN_REPORT_INIT,
    .buffer = g_malloc (BUFFER_SIZE),
  };
  g_autoptr (GError) local_error = NULL;
  GSource *stop = g_cancellable_source_new (cancellable);
  gboolean done;

  g_main_context_push_thread_default (self.session->context);
  g_source_set_callback (stop, G_SOURCE_FUNC (on_cancelled), &self, NULL);
  transfer_attach (&self, stop, "[bobbin] stop");

  transfer_look_for_part (&self);
  done = transfer_load_trust (&self, &local_error) && transfer_fetch (&self, &local_error) &&
         transfer_publish (&self, &local_error);
  if (!done)
    done = transfer_skip (&self, &local_error);

  detach (&stop);
  transfer_post (&self, done ? BOBBIN_DOWNLOAD_FINISHING : self.report.phase);
  transfer_clear (&self);
  g_main_context_pop_thread_default (self.session->context);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return done;
}
