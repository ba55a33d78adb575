/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What an answer is good for: the whole file, the rest of what is there, a piece, or nothing. An
 * answer is never trusted for what it was asked: a range must say that it is that range, of a file
 * of that length, of that version; what cannot be told by validators is told by comparing bytes. A
 * mismatch drops the answer, not the file. Its worker's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

#include "bobbin-error.h"
#include "bobbin-http-kind.h"
#include "bobbin-http-policy.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A range that is shorter than this, and than what was asked for, is no answer. */
#define SHORT_SIZE (64 * 1024)

/* So many bytes are compared where validators do not tell. */
#define COMPARE_SIZE (64 * 1024)

static const char *
get_header (BobbinFetch *self, const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (self->message), name);
}

/* Bytes of the body, or -1. */
static gint64
get_body_length (BobbinFetch *self)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);

  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH)
    return -1;

  return soup_message_headers_get_content_length (headers);
}

static BobbinHttpVersion
fetch_get_version (BobbinFetch *self)
{
  BobbinPartFile *part = self->transfer->part;

  return bobbin_http_same_version (bobbin_part_file_get_etag (part),
                                   bobbin_part_file_get_date (part), get_header (self, "ETag"),
                                   get_header (self, "Last-Modified"));
}

/* Whether both are dated the same, to the second at least: what a mirror copies from a mirror. */
static gboolean
fetch_is_of_same_date (BobbinFetch *self)
{
  const gint64 ours = bobbin_http_parse_date (bobbin_part_file_get_date (self->transfer->part));

  return ours >= 0 && ours == bobbin_http_parse_date (get_header (self, "Last-Modified"));
}

/* Whether neither answer said which version it was of. */
static gboolean
fetch_has_no_validator (BobbinFetch *self)
{
  BobbinPartFile *part = self->transfer->part;

  return bobbin_part_file_get_etag (part) == NULL && bobbin_part_file_get_date (part) == NULL &&
         get_header (self, "ETag") == NULL && get_header (self, "Last-Modified") == NULL;
}

/* A file that changes twice within a second has one Last-Modified for two versions: the date tells
 * them apart only when it was a second old (RFC 9110 §8.8.2.2). */
static gboolean
fetch_is_dated (BobbinFetch *self)
{
  const gint64 modified = bobbin_http_parse_date (get_header (self, "Last-Modified"));
  const gint64 now = bobbin_http_parse_date (get_header (self, "Date"));

  return modified >= 0 && now > modified;
}

/* All that is said of the range, so that two that differ are none. */
static gboolean
fetch_get_range (BobbinFetch *self, BobbinContentRange *range)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);

  return bobbin_http_parse_content_range (soup_message_headers_get_list (headers, "Content-Range"),
                                          range);
}

/* Whether an answer that should be of the whole file says it is of less. */
static gboolean
fetch_is_partial (BobbinFetch *self)
{
  BobbinContentRange range;

  return fetch_get_range (self, &range) && (range.first != 0 || range.last + 1 != range.total);
}

/* The resource, without what differs from one signed address to the next. */
static char *
get_source (const char *url)
{
  g_autofree char *resource = g_strndup (url, strcspn (url, "?#"));

  return bobbin_http_strip_userinfo (resource);
}

/* Validators are of one resource: elsewhere the same one may stand for other bytes. */
static gboolean
fetch_is_same_source (BobbinFetch *self)
{
  g_autofree char *source = get_source (self->url);

  return g_strcmp0 (source, bobbin_part_file_get_source (self->transfer->part)) == 0;
}

static gboolean
fetch_is_encoded (BobbinFetch *self)
{
  const char *encoding = get_header (self, "Content-Encoding");

  return encoding != NULL && g_ascii_strcasecmp (encoding, "identity") != 0;
}

/* Whether more connections may ask for other parts of what this one gets. */
static gboolean
fetch_is_parted (BobbinFetch *self)
{
  BobbinPartFile *part = self->transfer->part;
  const char *ranges = get_header (self, "Accept-Ranges");

  return bobbin_part_file_get_length (part) > 0 && !fetch_is_encoded (self) &&
         (ranges == NULL || g_ascii_strcasecmp (ranges, "none") != 0) &&
         fetch_is_same_source (self) && fetch_get_version (self) == BOBBIN_HTTP_VERSION_SAME;
}

/* What the server says that the whole file comes to, if nobody else does. */
static void
fetch_learn_checksum (BobbinFetch *self)
{
  BobbinChecksum checksum;

  if (self->transfer->spec->checksum == NULL &&
      bobbin_checksum_from_headers (soup_message_get_response_headers (self->message), self->status,
                                    &checksum))
    bobbin_transfer_set_expected (self->transfer, &checksum);
}

static void
fetch_begin_at (BobbinFetch *self, gint64 first, gint64 limit)
{
  self->first = first;
  self->limit = limit;
  if (first == 0 || self->end < 0 || self->end > limit)
    self->end = limit;
}

/* The answer is of the version that is being fetched: others may follow it. */
static void
fetch_settle (BobbinFetch *self)
{
  BobbinTransfer *transfer = self->transfer;

  fetch_learn_checksum (self);
  g_free (transfer->url);
  transfer->url = g_strdup (self->url);
  /* One that sends all of it when it is asked for a part has no parts. */
  transfer->is_parted = fetch_is_parted (self) && (self->ask != BOBBIN_ASK_OVERLAP ||
                                                   self->status == SOUP_STATUS_PARTIAL_CONTENT);
}

/* The next round asks for something else; nothing more comes in this one. */
static gboolean
fetch_refuse (BobbinFetch *self, BobbinAsk next)
{
  bobbin_mailbox_slot_log (self->transfer->slot, BOBBIN_EVENT_NOTE,
                           _ ("%s did not send the part that was asked for (%u)"), self->host,
                           self->status);
  self->transfer->ask = next;
  bobbin_transfer_end_others (self->transfer, self);

  return FALSE;
}

/* A whole file. */

/* A name is known now, and under it may lie what an earlier run left: then this answer is not
 * needed, its rest is. Where validators do not tell that it is of this version, bytes will. */
static gboolean
fetch_found_more (BobbinFetch *self)
{
  BobbinPartFile *part = self->transfer->part;
  const gint64 length = get_body_length (self);

  return bobbin_part_file_get_first_gap (part) > 0 &&
         bobbin_part_file_get_length (part) == length &&
         (fetch_get_version (self) == BOBBIN_HTTP_VERSION_SAME ||
          (length >= 0 && (fetch_is_of_same_date (self) || fetch_has_no_validator (self))));
}

static gboolean
fetch_claim_part (BobbinFetch *self, GError **error)
{
  BobbinTransfer *transfer = self->transfer;
  const BobbinTransferSpec *spec = transfer->spec;
  g_autofree char *name = bobbin_transfer_find_name (transfer, self->url, self->message);
  BobbinPartFile *part =
    bobbin_part_file_claim (spec->folder, name, spec->address, spec->exists, error);

  if (part == NULL)
    {
      g_free (transfer->found);
      transfer->found = g_steal_pointer (&name);
      return FALSE;
    }
  bobbin_transfer_set_part (transfer, part);
  if (!fetch_found_more (self))
    return TRUE;

  /* No error: the next round asks for the rest. */
  bobbin_transfer_end_others (transfer, self);

  return FALSE;
}

/* The disk is asked before the first byte comes whether all of them will have room. */
static gboolean
fetch_make_room (BobbinFetch *self, GError **error)
{
  BobbinTransfer *transfer = self->transfer;
  const gint64 began = g_get_monotonic_time ();
  gboolean done;

  done = bobbin_part_file_reserve (transfer->part, transfer->cancellable, error);
  bobbin_transfer_excuse (transfer, began);

  return done;
}

/* Whatever was there is gone; this is the version from now on. */
static gboolean
fetch_begin_anew (BobbinFetch *self, GError **error)
{
  BobbinTransfer *transfer = self->transfer;
  g_autofree char *source = get_source (self->url);
  const BobbinPartVersion version = { .length = get_body_length (self),
                                      .etag = get_header (self, "ETag"),
                                      .last_modified = get_header (self, "Last-Modified"),
                                      .is_dated = fetch_is_dated (self),
                                      .source = source };

  /* Nobody is left who could write bytes of another version. */
  g_assert (transfer->fetches->len == 1);

  if (bobbin_part_file_get_n_bytes (transfer->part) > 0)
    bobbin_mailbox_slot_log (transfer->slot, BOBBIN_EVENT_RESTARTED,
                             _ ("What was there cannot be used; the file comes anew"));
  if (!bobbin_part_file_begin (transfer->part, &version, error))
    {
      transfer->is_stale = TRUE;
      return FALSE;
    }
  if (!fetch_make_room (self, error))
    return FALSE;

  bobbin_transfer_forget_expected (transfer);
  transfer->ask = BOBBIN_ASK_REST;
  transfer->distrust = FALSE;
  transfer->report.bytes = 0;
  fetch_begin_at (self, 0, version.length);
  fetch_settle (self);

  return TRUE;
}

/* All of a file came although the rest was asked for. Is it another file, or another server of the
 * same? Its first bytes are compared with those that are there. */
static gboolean
fetch_may_be_same (BobbinFetch *self)
{
  return self->ask == BOBBIN_ASK_REST && !fetch_is_encoded (self) &&
         (fetch_is_of_same_date (self) || fetch_has_no_validator (self));
}

/* Somebody's log-in or error page, for which the name of the file is not. */
static gboolean
fetch_is_web_page (BobbinFetch *self, GError **error)
{
  const BobbinTransferSpec *spec = self->transfer->spec;
  g_autofree char *name = bobbin_transfer_find_name (self->transfer, spec->address, NULL);

  if (spec->accept_html ||
      !bobbin_http_is_web_page_instead (get_header (self, "Content-Type"),
                                        get_header (self, "Content-Disposition") != NULL, name))
    return FALSE;

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_WEB_PAGE,
               /* Translators: first the name of a host, then that of a file */
               _ ("%s sent a web page instead of “%s”. Perhaps it wants a login first."),
               self->host, name);

  return TRUE;
}

/* 200 means all of the file. There are servers that say it of the part that was asked for: what is
 * as long as that, or of the same version and yet not as long as it, is not believed. */
static gboolean
fetch_is_dubious (BobbinFetch *self)
{
  const gint64 total = bobbin_part_file_get_length (self->transfer->part);
  const gint64 length = get_body_length (self);

  return self->ask != BOBBIN_ASK_WHOLE && total >= 0 && length != total &&
         (length == (self->end >= 0 ? self->end : total) - self->first ||
          fetch_get_version (self) == BOBBIN_HTTP_VERSION_SAME);
}

static gboolean
fetch_accept_whole (BobbinFetch *self, GError **error)
{
  BobbinTransfer *transfer = self->transfer;
  gint64 total, there;

  if (fetch_is_web_page (self, error) ||
      (transfer->part == NULL && !fetch_claim_part (self, error)))
    return FALSE;

  if (fetch_is_dubious (self))
    return fetch_refuse (self, BOBBIN_ASK_WHOLE);

  there = bobbin_part_file_get_first_gap (transfer->part);
  total = bobbin_part_file_get_length (transfer->part);
  if (bobbin_part_file_get_n_bytes (transfer->part) == 0 || transfer->distrust ||
      (get_body_length (self) >= 0 && get_body_length (self) != total))
    return fetch_begin_anew (self, error);

  if (fetch_is_same_source (self) && fetch_get_version (self) == BOBBIN_HTTP_VERSION_SAME)
    {
      /* Nothing has changed: it is If-Range that the server does not know, or ranges. */
      if (self->ask == BOBBIN_ASK_REST)
        return fetch_refuse (self, BOBBIN_ASK_OVERLAP);
      if (self->ask == BOBBIN_ASK_OVERLAP)
        bobbin_mailbox_slot_log (transfer->slot, BOBBIN_EVENT_NOTE,
                                 _ ("%s sends the file only from its beginning"), self->host);
      fetch_begin_at (self, 0, total);
      fetch_settle (self);
      return fetch_make_room (self, error);
    }
  if (there == 0 || total < 0 || get_body_length (self) != total || !fetch_may_be_same (self))
    return fetch_begin_anew (self, error);

  fetch_begin_at (self, 0, total);
  self->compare_to = MIN (there, COMPARE_SIZE);
  self->is_head = TRUE;

  return TRUE;
}

/* A range. */

/* Whether so little of what was asked for comes that it would take a request for each bit of it. */
static gboolean
fetch_is_crumb (BobbinFetch *self, const BobbinContentRange *range)
{
  const gint64 end = self->end >= 0 ? self->end : range->total;

  return range->last + 1 < end && range->last + 1 - range->first < SHORT_SIZE;
}

/* A range was asked for and one came: is it that one, of a file of that length? */
static gboolean
fetch_is_range (BobbinFetch *self, BobbinContentRange *range)
{
  const gint64 total = bobbin_part_file_get_length (self->transfer->part);
  const gint64 length = get_body_length (self);

  return fetch_get_range (self, range) && range->first == self->first &&
         !fetch_is_crumb (self, range) && (self->end < 0 || range->last < self->end) &&
         (total < 0 || range->total == total) &&
         (length < 0 || length == range->last - range->first + 1) && !fetch_is_encoded (self);
}

/* Nobody has said yet where the file ends. */
static gboolean
fetch_learn_length (BobbinFetch *self, const BobbinContentRange *range)
{
  if (bobbin_part_file_get_length (self->transfer->part) >= 0)
    return TRUE;

  return range->total >= 0 && bobbin_part_file_set_length (self->transfer->part, range->total);
}

static void
fetch_go_on (BobbinFetch *self, const BobbinContentRange *range)
{
  g_autofree char *from = g_format_size (bobbin_part_file_get_n_bytes (self->transfer->part));

  /* Translators: %s is a size, such as 3.2 MB */
  bobbin_mailbox_slot_log (self->transfer->slot, BOBBIN_EVENT_RESUMED, _ ("Goes on after %s"),
                           from);
  fetch_begin_at (self, range->first, range->last + 1);
}

static gboolean
fetch_accept_rest (BobbinFetch *self, GError **error)
{
  BobbinContentRange range;

  if (!fetch_is_range (self, &range) || !fetch_is_same_source (self) ||
      fetch_get_version (self) != BOBBIN_HTTP_VERSION_SAME || !fetch_learn_length (self, &range))
    return fetch_refuse (self, BOBBIN_ASK_OVERLAP);

  fetch_go_on (self, &range);
  fetch_settle (self);

  return fetch_make_room (self, error);
}

/* Without If-Range the server sends whatever is there now. */
static gboolean
fetch_accept_overlap (BobbinFetch *self, GError **error)
{
  BobbinContentRange range;
  const gint64 there = bobbin_part_file_get_first_gap (self->transfer->part);
  const gboolean may_be_same =
    (fetch_is_same_source (self) && fetch_get_version (self) == BOBBIN_HTTP_VERSION_SAME) ||
    fetch_is_of_same_date (self) || fetch_has_no_validator (self);

  if (!may_be_same || !fetch_is_range (self, &range) || range.last < there ||
      bobbin_part_file_get_length (self->transfer->part) < 0)
    return fetch_refuse (self, BOBBIN_ASK_WHOLE);

  fetch_go_on (self, &range);
  self->compare_to = there;

  return fetch_make_room (self, error);
}

static gboolean
fetch_accept_piece (BobbinFetch *self, GError **error)
{
  BobbinContentRange range;

  if (self->status == SOUP_STATUS_PARTIAL_CONTENT && fetch_is_range (self, &range) &&
      fetch_is_same_source (self) && fetch_get_version (self) == BOBBIN_HTTP_VERSION_SAME)
    {
      fetch_begin_at (self, range.first, range.last + 1);
      bobbin_transfer_hand_over (self->transfer, self);
      return TRUE;
    }

  if (SOUP_STATUS_IS_SUCCESSFUL (self->status))
    self->transfer->in_doubt = TRUE;
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
               _ ("%s did not send the part that was asked for (%u)"), self->host, self->status);

  return FALSE;
}

/* Refused answers. */

/* How long the server wants to be left alone, by its own clock if it shows one: that of this
 * computer may be wrong. */
static gint64
fetch_get_retry_after (BobbinFetch *self)
{
  gint64 now = bobbin_http_parse_date (get_header (self, "Date"));

  if (now < 0)
    now = g_get_real_time () / G_USEC_PER_SEC;

  return bobbin_http_parse_retry_after (get_header (self, "Retry-After"), now);
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

static void
fetch_set_status_error (BobbinFetch *self, GError **error)
{
  self->retry_after = fetch_get_retry_after (self);
  if (self->status == SOUP_STATUS_UNAUTHORIZED)
    g_propagate_error (error, bobbin_http_run_explain_login (self->transfer->run, self->message));
  else if (self->status >= 300)
    g_propagate_error (error, fetch_make_status_error (self));
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
                 _ ("%s did not answer with a file (%u)."), self->host, self->status);
}

/* Decides what an answer is good for. FALSE without an error: for nothing, the next round asks for
 * something else. */
gboolean
bobbin_fetch_accept (BobbinFetch *self, GError **error)
{
  if (self->ask == BOBBIN_ASK_PIECE)
    {
      if (fetch_accept_piece (self, error))
        return TRUE;
      if (!SOUP_STATUS_IS_SUCCESSFUL (self->status))
        {
          g_clear_error (error);
          fetch_set_status_error (self, error);
        }
      return FALSE;
    }

  bobbin_mailbox_slot_log (self->transfer->slot, BOBBIN_EVENT_CONNECTED, _ ("%s answered (%u)"),
                           self->host, self->status);

  switch (self->status)
    {
    case SOUP_STATUS_OK:
    case SOUP_STATUS_NON_AUTHORITATIVE:
      if (!fetch_is_partial (self))
        return fetch_accept_whole (self, error);
      if (self->ask != BOBBIN_ASK_WHOLE)
        return fetch_refuse (self, BOBBIN_ASK_WHOLE);
      break;
    case SOUP_STATUS_PARTIAL_CONTENT:
      if (self->ask == BOBBIN_ASK_REST)
        return fetch_accept_rest (self, error);
      if (self->ask == BOBBIN_ASK_OVERLAP)
        return fetch_accept_overlap (self, error);
      break;
    case SOUP_STATUS_BAD_REQUEST:
    case SOUP_STATUS_FORBIDDEN:
    case SOUP_STATUS_METHOD_NOT_ALLOWED:
    case SOUP_STATUS_NOT_ACCEPTABLE:
    case SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE:
    case SOUP_STATUS_PRECONDITION_FAILED:
    case SOUP_STATUS_NOT_IMPLEMENTED:
      /* It may be the range that is refused. */
      if (self->ask != BOBBIN_ASK_WHOLE)
        return fetch_refuse (self, BOBBIN_ASK_WHOLE);
      break;
    default:
      break;
    }

  fetch_set_status_error (self, error);

  return FALSE;
}

/* The bytes that are there already have come again: are they the same? TRUE: go on. */
gboolean
bobbin_fetch_accept_compared (BobbinFetch *self, gboolean is_same, GError **error)
{
  const gboolean is_head = self->is_head;

  self->compare_to = 0;
  self->is_head = FALSE;

  if (is_head)
    return is_same ? fetch_refuse (self, BOBBIN_ASK_OVERLAP) : fetch_begin_anew (self, error);
  if (is_same)
    {
      fetch_settle (self);
      return TRUE;
    }

  self->transfer->distrust = TRUE;

  return fetch_refuse (self, BOBBIN_ASK_WHOLE);
}
