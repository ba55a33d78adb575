/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What an answer says of itself: of which version it is, which range of what, whether it is the
 * file at all, and why it is none. Nothing is changed here. Its worker's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

#include "bobbin-error.h"
#include "bobbin-file-name.h"
#include "bobbin-http-kind.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A range that is shorter than this, and than what was asked for, is no answer. */
#define SHORT_SIZE (64 * 1024)

const char *
bobbin_fetch_get_header (BobbinFetch *self, const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (self->message), name);
}

/* Bytes of the body, or -1. */
gint64
bobbin_fetch_get_body_length (BobbinFetch *self)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);

  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH)
    return -1;

  return soup_message_headers_get_content_length (headers);
}

BobbinHttpVersion
bobbin_fetch_get_version (BobbinFetch *self)
{
  BobbinPartFile *part = self->transfer->part;

  return bobbin_http_same_version (bobbin_part_file_get_etag (part),
                                   bobbin_part_file_get_date (part),
                                   bobbin_fetch_get_header (self, "ETag"),
                                   bobbin_fetch_get_header (self, "Last-Modified"));
}

/* Whether both are dated the same, to the second at least: what a mirror copies from a mirror. */
static gboolean
fetch_is_of_same_date (BobbinFetch *self)
{
  const gint64 ours = bobbin_http_parse_date (bobbin_part_file_get_date (self->transfer->part));

  return ours >= 0 &&
         ours == bobbin_http_parse_date (bobbin_fetch_get_header (self, "Last-Modified"));
}

/* Whether neither answer said which version it was of. */
static gboolean
fetch_has_no_validator (BobbinFetch *self)
{
  BobbinPartFile *part = self->transfer->part;

  return bobbin_part_file_get_etag (part) == NULL && bobbin_part_file_get_date (part) == NULL &&
         bobbin_fetch_get_header (self, "ETag") == NULL &&
         bobbin_fetch_get_header (self, "Last-Modified") == NULL;
}

/* Whether it may be of the version that is there, which only its bytes can tell: of the same date,
 * or of none. */
gboolean
bobbin_fetch_may_be_version (BobbinFetch *self)
{
  return fetch_is_of_same_date (self) || fetch_has_no_validator (self);
}

/* A file that changes twice within a second has one Last-Modified for two versions: the date tells
 * them apart only when it was a second old (RFC 9110 §8.8.2.2). */
gboolean
bobbin_fetch_is_dated (BobbinFetch *self)
{
  const gint64 modified = bobbin_http_parse_date (bobbin_fetch_get_header (self, "Last-Modified"));
  const gint64 now = bobbin_http_parse_date (bobbin_fetch_get_header (self, "Date"));

  return modified >= 0 && now > modified;
}

/* All that is said of the range, so that two that differ are none. */
gboolean
bobbin_fetch_get_range (BobbinFetch *self, BobbinContentRange *range)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);

  return bobbin_http_parse_content_range (soup_message_headers_get_list (headers, "Content-Range"),
                                          range);
}

/* Whether an answer that should be of the whole file says it is of less. */
gboolean
bobbin_fetch_is_partial (BobbinFetch *self)
{
  BobbinContentRange range;

  return bobbin_fetch_get_range (self, &range) &&
         (range.first != 0 || range.last + 1 != range.total);
}

/* The resource, without what differs from one signed address to the next. */
char *
bobbin_fetch_dup_source (BobbinFetch *self)
{
  g_autofree char *resource = g_strndup (self->url, strcspn (self->url, "?#"));

  return bobbin_http_strip_userinfo (resource);
}

/* Validators are of one resource: elsewhere the same one may stand for other bytes. */
gboolean
bobbin_fetch_is_same_source (BobbinFetch *self)
{
  g_autofree char *source = bobbin_fetch_dup_source (self);

  return g_strcmp0 (source, bobbin_part_file_get_source (self->transfer->part)) == 0;
}

gboolean
bobbin_fetch_is_encoded (BobbinFetch *self)
{
  const char *encoding = bobbin_fetch_get_header (self, "Content-Encoding");

  return encoding != NULL && g_ascii_strcasecmp (encoding, "identity") != 0;
}

/* Whether more connections may ask for other parts of what this one gets. */
gboolean
bobbin_fetch_is_parted (BobbinFetch *self)
{
  BobbinPartFile *part = self->transfer->part;
  const char *ranges = bobbin_fetch_get_header (self, "Accept-Ranges");

  return bobbin_part_file_get_length (part) > 0 && !bobbin_fetch_is_encoded (self) &&
         (ranges == NULL || g_ascii_strcasecmp (ranges, "none") != 0) &&
         bobbin_fetch_is_same_source (self) &&
         bobbin_fetch_get_version (self) == BOBBIN_HTTP_VERSION_SAME;
}

/* Web pages. */

gboolean
bobbin_fetch_is_page (BobbinFetch *self)
{
  return bobbin_http_is_web_page (bobbin_fetch_get_header (self, "Content-Type"));
}

static void
fetch_set_page_error (BobbinFetch *self, const char *name, GError **error)
{
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_WEB_PAGE,
               /* Translators: first the name of a host, then that of a file */
               _ ("%s sent a web page instead of “%s”. Perhaps it wants a login first."),
               self->host, name);
}

/* What the file is called, as far as that is known. */
static const char *
transfer_get_name (BobbinTransfer *self)
{
  if (self->part != NULL)
    return bobbin_part_file_get_name (self->part);

  return self->spec->name != NULL ? self->spec->name : self->spec->hint;
}

/* A name that promises something else: that which the file has, or that of the address, or of
 * where that leads to. */
static char *
fetch_dup_promise (BobbinFetch *self)
{
  const char *type = bobbin_fetch_get_header (self, "Content-Type");
  const gboolean is_named = bobbin_fetch_get_header (self, "Content-Disposition") != NULL;
  g_autofree char *asked = bobbin_file_name_from_uri (self->transfer->spec->address);
  g_autofree char *found = bobbin_file_name_from_uri (self->url);
  const char *const names[] = { asked, found, transfer_get_name (self->transfer) };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i] != NULL && bobbin_http_is_web_page_instead (type, is_named, names[i]))
      return g_strdup (names[i]);

  return NULL;
}

/* Somebody's log-in or error page, for which the name of the file is not. */
gboolean
bobbin_fetch_is_web_page (BobbinFetch *self, GError **error)
{
  g_autofree char *name = NULL;

  if (self->transfer->spec->accept_html || !bobbin_fetch_is_page (self))
    return FALSE;

  name = fetch_dup_promise (self);
  if (name != NULL)
    fetch_set_page_error (self, name, error);

  return name != NULL;
}

/* Whether it is a web page that would take the place of what is there, which is none. Whatever its
 * name, that is not given up for a page. */
gboolean
bobbin_fetch_is_page_in_place (BobbinFetch *self, GError **error)
{
  BobbinPartFile *part = self->transfer->part;

  if (self->transfer->spec->accept_html || !bobbin_fetch_is_page (self) ||
      bobbin_part_file_get_n_bytes (part) == 0 || bobbin_part_file_is_page (part))
    return FALSE;

  fetch_set_page_error (self, bobbin_part_file_get_name (part), error);

  return TRUE;
}

/* Ranges. */

/* Whether so little of what was asked for comes that it would take a request for each bit of it. */
static gboolean
fetch_is_crumb (BobbinFetch *self, const BobbinContentRange *range)
{
  const gint64 end = self->asked_end >= 0 ? self->asked_end : range->total;

  return range->last + 1 < end && range->last + 1 - range->first < SHORT_SIZE;
}

/* A range was asked for and one came: is it that one, of a file of that length? */
gboolean
bobbin_fetch_is_range (BobbinFetch *self, BobbinContentRange *range)
{
  const gint64 total = bobbin_part_file_get_length (self->transfer->part);
  const gint64 length = bobbin_fetch_get_body_length (self);

  return bobbin_fetch_get_range (self, range) && range->first == self->first &&
         !fetch_is_crumb (self, range) && (self->asked_end < 0 || range->last < self->asked_end) &&
         (total < 0 || range->total == total) &&
         (length < 0 || length == range->last - range->first + 1) &&
         !bobbin_fetch_is_encoded (self);
}

/* Refused answers. */

/* How long the server wants to be left alone, by its own clock if it shows one: that of this
 * computer may be wrong. */
static gint64
fetch_get_retry_after (BobbinFetch *self)
{
  gint64 now = bobbin_http_parse_date (bobbin_fetch_get_header (self, "Date"));

  if (now < 0)
    now = g_get_real_time () / G_USEC_PER_SEC;

  return bobbin_http_parse_retry_after (bobbin_fetch_get_header (self, "Retry-After"), now);
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
fetch_make_status_error (BobbinFetch *self)
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

void
bobbin_fetch_set_status_error (BobbinFetch *self, GError **error)
{
  self->retry_after = fetch_get_retry_after (self);
  if (self->status == SOUP_STATUS_UNAUTHORIZED)
    g_propagate_error (error, bobbin_http_run_explain_login (self->transfer->run, self->message));
  else if (self->status >= 300)
    g_propagate_error (error, fetch_make_status_error (self));
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
                 /* Translators: %s is a host, %u an HTTP status, such as 404 */
                 _ ("%s did not answer with a file (%u)."), self->host, self->status);
}
