/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Asking a server, following where it leads, and deciding what its answer is good for: the whole
 * file, the rest of what is there, or nothing. Its worker's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-file-name.h"
#include "bobbin-http-policy.h"
#include "bobbin-http-redirect.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
on_accept_certificate (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags flags,
                       gpointer user_data)
{
  BobbinTransfer *self = user_data;
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
gint64
bobbin_transfer_get_resume_offset (BobbinTransfer *self)
{
  if (self->part == NULL || self->whole_only ||
      bobbin_http_if_range (bobbin_part_file_get_etag (self->part),
                            bobbin_part_file_get_date (self->part)) == NULL)
    return 0;

  return bobbin_part_file_get_first_gap (self->part);
}

static SoupMessage *
transfer_make_message (BobbinTransfer *self, gint64 offset, GError **error)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, self->url);
  SoupMessageHeaders *headers;

  if (message == NULL)
    {
      g_autofree char *shown = bobbin_display_address (self->url);

      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS, _ ("“%s” is not a web address."),
                   shown);
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
                                                          bobbin_part_file_get_date (self->part)));
    }

  return g_steal_pointer (&message);
}

static gboolean
transfer_follow (BobbinTransfer *self, SoupMessage *message, guint n_redirects, GError **error)
{
  g_autofree char *to = NULL;

  if (!bobbin_http_follow (message, self->url, n_redirects, &to, error))
    return FALSE;

  bobbin_transfer_set_url (self, to);
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_REDIRECTED, _ ("Redirected to %s"), self->host);

  return TRUE;
}

/* Asks, wherever it leads, until there is an answer that is no redirect. */
BobbinHttpBody *
bobbin_transfer_ask (BobbinTransfer *self, gint64 offset, SoupMessage **answer, GError **error)
{
  for (guint n_redirects = 1;; n_redirects++)
    {
      g_autoptr (SoupMessage) message = transfer_make_message (self, offset, error);
      g_autoptr (GError) raw = NULL;
      BobbinHttpBody *body;

      if (message == NULL)
        return NULL;

      bobbin_transfer_heard (self);
      body = bobbin_http_session_send (self->session, message, self->attempt, &raw);
      g_signal_handlers_disconnect_by_data (message, self);
      if (body == NULL)
        {
          /* Nothing has come yet that could be cut short. */
          if (g_error_matches (raw, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
            raw->code = G_IO_ERROR_CONNECTION_CLOSED;
          g_propagate_error (error,
                             bobbin_transfer_explain (self, message, g_steal_pointer (&raw)));
          return NULL;
        }

      self->status = soup_message_get_status (message);
      if (!bobbin_http_is_redirect (message))
        {
          *answer = g_steal_pointer (&message);
          return body;
        }

      bobbin_http_body_close (body, self->attempt);
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

char *
bobbin_transfer_find_name (BobbinTransfer *self, SoupMessage *message)
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

void
bobbin_transfer_set_part (BobbinTransfer *self, BobbinPartFile *part)
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
transfer_is_same_version (BobbinTransfer *self, SoupMessage *message)
{
  return bobbin_http_same_version (bobbin_part_file_get_etag (self->part),
                                   bobbin_part_file_get_date (self->part),
                                   get_header (message, "ETag"),
                                   get_header (message, "Last-Modified")) ==
         BOBBIN_HTTP_VERSION_SAME;
}

/* A name is known now, and under it may lie what an earlier run left: then this answer is not
 * needed, its rest is. */
static gboolean
transfer_found_more (BobbinTransfer *self, SoupMessage *message)
{
  return bobbin_transfer_get_resume_offset (self) > 0 &&
         bobbin_part_file_get_length (self->part) == get_body_length (message) &&
         transfer_is_same_version (self, message);
}

/* A file that changes twice within a second has one Last-Modified for two versions: the date tells
 * them apart only when it was a second old (RFC 9110 §8.8.2.2). */
static gboolean
is_dated (SoupMessage *message)
{
  const gint64 modified = bobbin_http_parse_date (get_header (message, "Last-Modified"));
  const gint64 now = bobbin_http_parse_date (get_header (message, "Date"));

  return modified >= 0 && now > modified;
}

/* All that is said of the range, so that two that differ are none. */
static gboolean
get_range (SoupMessage *message, BobbinContentRange *range)
{
  return bobbin_http_parse_content_range (
    soup_message_headers_get_list (soup_message_get_response_headers (message), "Content-Range"),
    range);
}

/* Whether an answer that should be of the whole file says it is of less. */
static gboolean
is_partial (SoupMessage *message)
{
  BobbinContentRange range;

  return get_range (message, &range) && (range.first != 0 || range.last + 1 != range.total);
}

/* The resource, without what differs from one signed address to the next. */
static char *
get_source (const char *url)
{
  return g_strndup (url, strcspn (url, "?#"));
}

static gboolean
transfer_accept_whole (BobbinTransfer *self, SoupMessage *message, gint64 *offset, GError **error)
{
  BobbinPartVersion version = { .length = get_body_length (message),
                                .etag = get_header (message, "ETag"),
                                .last_modified = get_header (message, "Last-Modified"),
                                .is_dated = is_dated (message) };
  g_autofree char *source = NULL;

  if (self->part == NULL)
    {
      g_autofree char *name = bobbin_transfer_find_name (self, message);
      BobbinPartFile *part = bobbin_part_file_claim (self->spec->folder, name, self->spec->address,
                                                     self->spec->exists, error);

      if (part == NULL)
        {
          self->found = g_steal_pointer (&name);
          return FALSE;
        }
      bobbin_transfer_set_part (self, part);
      if (transfer_found_more (self, message))
        {
          self->again = TRUE;
          return FALSE;
        }
    }

  if (bobbin_part_file_get_n_bytes (self->part) > 0)
    bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_RESTARTED,
                             _ ("What was there cannot be used; the file comes anew"));
  version.source = source = get_source (self->url);
  if (!bobbin_part_file_begin (self->part, &version, error))
    return FALSE;

  self->whole_only = FALSE;
  self->limit = version.length;
  *offset = 0;

  return TRUE;
}

/* A range was asked for and one came: is it that one, of that version? */
static gboolean
transfer_range_fits (BobbinTransfer *self, SoupMessage *message, gint64 offset)
{
  const char *encoding = get_header (message, "Content-Encoding");
  const gint64 total = bobbin_part_file_get_length (self->part);
  const gint64 length = get_body_length (message);
  g_autofree char *source = get_source (self->url);
  BobbinContentRange range;

  /* Validators are of one resource: elsewhere the same one may stand for other bytes. */
  return g_strcmp0 (source, bobbin_part_file_get_source (self->part)) == 0 &&
         get_range (message, &range) && range.first == offset &&
         (total < 0 || range.total == total) &&
         (length < 0 || length == range.last - range.first + 1) &&
         (encoding == NULL || g_ascii_strcasecmp (encoding, "identity") == 0) &&
         transfer_is_same_version (self, message);
}

/* The answer is of no use; what is there may be. All of it is asked for next. */
static gboolean
transfer_refuse_range (BobbinTransfer *self)
{
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE,
                           _ ("%s did not send the part that was asked for (%u)"), self->host,
                           self->status);
  self->whole_only = TRUE;
  self->again = TRUE;

  return FALSE;
}

static gboolean
transfer_accept_range (BobbinTransfer *self, SoupMessage *message, gint64 offset)
{
  BobbinContentRange range;
  g_autofree char *from = NULL;

  if (!transfer_range_fits (self, message, offset))
    return transfer_refuse_range (self);

  get_range (message, &range);
  if (bobbin_part_file_get_length (self->part) < 0)
    {
      /* Nobody has said yet where the file ends. */
      if (range.total < 0)
        return transfer_refuse_range (self);
      bobbin_part_file_set_length (self->part, range.total);
    }
  self->limit = range.last + 1;
  from = g_format_size (offset);
  /* Translators: %s is a size, such as 3.2 MB */
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_RESUMED, _ ("Goes on after %s"), from);

  return TRUE;
}

/* How long the server wants to be left alone, by its own clock if it shows one: that of this
 * computer may be wrong. */
static gint64
get_retry_after (SoupMessage *message)
{
  gint64 now = bobbin_http_parse_date (get_header (message, "Date"));

  if (now < 0)
    now = g_get_real_time () / G_USEC_PER_SEC;

  return bobbin_http_parse_retry_after (get_header (message, "Retry-After"), now);
}

/* To the minute, and not before it. */
static char *
describe_time (gint64 from_now)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) then = g_date_time_add (now, from_now + 59 * G_TIME_SPAN_SECOND);

  if (from_now < 12 * G_TIME_SPAN_HOUR)
    /* Translators: a time of day, like 14:05; see g_date_time_format() */
    return g_date_time_format (then, _ ("%H:%M"));

  /* Translators: a day and a time, like 24 December 2026, 14:05; see g_date_time_format() */
  return g_date_time_format (then, _ ("%-d %B %Y, %H:%M"));
}

static GError *
transfer_make_status_error (BobbinTransfer *self)
{
  g_autoptr (GError) error = bobbin_error_from_status (self->status, self->host);
  g_autofree char *when = NULL;

  if (self->retry_after <= BOBBIN_TRANSFER_LONGEST_WAIT ||
      !bobbin_http_is_retryable (error, self->status))
    return g_steal_pointer (&error);

  when = describe_time (self->retry_after);

  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
                      /* Translators: the name of a host, an HTTP status such as 503, and a time */
                      _ ("%s cannot serve this now (%u) and asks to come back after %s."),
                      self->host, self->status, when);
}

/* Decides what an answer is good for. @offset: in: what was asked for; out: what comes. */
gboolean
bobbin_transfer_accept (BobbinTransfer *self, SoupMessage *message, gint64 *offset, GError **error)
{
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_CONNECTED, _ ("%s answered (%u)"), self->host,
                           self->status);

  switch (self->status)
    {
    case SOUP_STATUS_OK:
    case SOUP_STATUS_NON_AUTHORITATIVE:
      if (!is_partial (message))
        return transfer_accept_whole (self, message, offset, error);
      if (*offset > 0)
        return transfer_refuse_range (self);
      break;
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

  self->retry_after = get_retry_after (message);
  if (self->status >= 300)
    g_propagate_error (error, transfer_make_status_error (self));
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
                 _ ("%s did not answer with a file (%u)."), self->host, self->status);

  return FALSE;
}
