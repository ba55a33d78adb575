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
#include "bobbin-http-policy.h"

#include <glib/gi18n-lib.h>

/* So many bytes are compared where validators do not tell. */
#define COMPARE_SIZE (64 * 1024)

/* A server that sends another version each time is not waited for because each begins anew. */
#define MAX_VERSIONS 3

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
  transfer->is_parted =
    bobbin_fetch_is_parted (self) &&
    (self->ask != BOBBIN_ASK_OVERLAP || self->status == SOUP_STATUS_PARTIAL_CONTENT);
}

/* The next round asks for something else; nothing more comes in this one. */
static gboolean
fetch_refuse (BobbinFetch *self, BobbinAsk next)
{
  bobbin_mailbox_slot_log (self->transfer->slot, BOBBIN_EVENT_NOTE,
                           /* Translators: %s is a host, %u an HTTP status, such as 404 */
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
  const gint64 length = bobbin_fetch_get_body_length (self);

  return bobbin_part_file_get_first_gap (part) > 0 &&
         bobbin_part_file_get_length (part) == length &&
         (bobbin_fetch_get_version (self) == BOBBIN_HTTP_VERSION_SAME ||
          (length >= 0 && bobbin_fetch_may_be_version (self)));
}

/* A file of that name is there and not to be numbered round. It may be what an earlier run made
 * that was killed before anybody put it down; then it is to come once more, beside it, and be
 * compared. */
static gboolean
fetch_may_be_known (BobbinFetch *self, const char *name, const GError *error)
{
  const BobbinTransferSpec *spec = self->transfer->spec;

  return spec->since > 0 && spec->exists == BOBBIN_EXISTS_FAIL &&
         g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_EXISTS) &&
         bobbin_part_file_may_be_known (spec->folder, name, spec->since,
                                        bobbin_fetch_get_body_length (self));
}

static BobbinPartFile *
fetch_claim (BobbinFetch *self, const char *name, GError **error)
{
  BobbinTransfer *transfer = self->transfer;
  const BobbinTransferSpec *spec = transfer->spec;
  g_autoptr (GError) local_error = NULL;
  BobbinPartFile *part =
    bobbin_part_file_claim (spec->folder, name, spec->address, spec->exists, &local_error);

  transfer->is_copy = FALSE;
  if (part == NULL && fetch_may_be_known (self, name, local_error))
    {
      g_clear_error (&local_error);
      part = bobbin_part_file_claim (spec->folder, name, spec->address, BOBBIN_EXISTS_RENAME,
                                     &local_error);
      transfer->is_copy = part != NULL;
    }
  if (part == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return part;
}

/* It is not what the download is called, nor what a next run is to go on with for itself. */
static void
transfer_hide_copy (BobbinTransfer *self)
{
  g_clear_pointer (&self->spec->claimed, g_free);
  g_strlcpy (self->report.name, self->found, sizeof self->report.name);
}

static gboolean
fetch_claim_part (BobbinFetch *self, GError **error)
{
  BobbinTransfer *transfer = self->transfer;
  const BobbinTransferSpec *spec = transfer->spec;
  g_autofree char *name = bobbin_transfer_find_name (transfer, self->url, self->message);
  BobbinPartFile *part = fetch_claim (self, name, error);

  if (part == NULL)
    {
      g_free (transfer->found);
      transfer->found = g_steal_pointer (&name);
      return FALSE;
    }
  bobbin_transfer_set_part (transfer, part);
  if (transfer->is_copy ||
      (spec->exists == BOBBIN_EXISTS_RENAME && bobbin_part_file_get_n_bytes (part) == 0 &&
       !g_str_equal (bobbin_part_file_get_name (part), name)))
    {
      g_free (transfer->found);
      transfer->found = g_steal_pointer (&name);
    }
  if (transfer->is_copy)
    transfer_hide_copy (transfer);
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

/* Something is there, and of no use. What comes instead counts as gained from its first byte. */
static void
fetch_give_up_version (BobbinFetch *self)
{
  BobbinTransfer *transfer = self->transfer;

  bobbin_mailbox_slot_log (transfer->slot, BOBBIN_EVENT_RESTARTED,
                           _ ("What was there cannot be used; the file comes anew"));
  if (++transfer->spec->tries.n_versions <= MAX_VERSIONS)
    transfer->spec->tries.reached = 0;
}

/* Who codes the whole in passing may send a part as it is, under the same validators: those of what
 * is coded are no promise that the rest fits. */
static void
fetch_get_validators (BobbinFetch *self, BobbinPartVersion *version)
{
  version->last_modified = bobbin_fetch_get_header (self, "Last-Modified");
  if (bobbin_fetch_is_encoded (self))
    return;

  version->etag = bobbin_fetch_get_header (self, "ETag");
  version->is_dated = bobbin_fetch_is_dated (self);
}

/* Whatever was there is gone; this is the version from now on. */
static gboolean
fetch_begin_anew (BobbinFetch *self, GError **error)
{
  BobbinTransfer *transfer = self->transfer;
  g_autofree char *source = bobbin_fetch_dup_source (self);
  BobbinPartVersion version = { .length = bobbin_fetch_get_body_length (self),
                                .is_page = bobbin_fetch_is_page (self),
                                .source = source };

  /* Nobody is left who could write bytes of another version. */
  g_assert (transfer->fetches->len == 1);

  fetch_get_validators (self, &version);
  if (bobbin_fetch_is_page_in_place (self, error))
    return FALSE;

  if (bobbin_part_file_get_n_bytes (transfer->part) > 0)
    fetch_give_up_version (self);
  if (!bobbin_part_file_begin (transfer->part, &version, error))
    {
      transfer->is_stale = TRUE;
      return FALSE;
    }
  if (!fetch_make_room (self, error))
    return FALSE;

  bobbin_transfer_forget_expected (transfer);
  transfer->ask = BOBBIN_ASK_REST;
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
  return self->ask == BOBBIN_ASK_REST && !bobbin_fetch_is_encoded (self) &&
         bobbin_fetch_may_be_version (self);
}

/* The same where nobody has ever said which version it is, by a server that sends no ranges. */
static gboolean
fetch_may_be_all (BobbinFetch *self)
{
  return self->ask == BOBBIN_ASK_OVERLAP && !bobbin_fetch_is_encoded (self) &&
         bobbin_fetch_may_be_version (self);
}

/* All of what is there is compared with what comes, and what is the same stays where it is. */
static gboolean
fetch_compare_all (BobbinFetch *self, GError **error)
{
  BobbinPartFile *part = self->transfer->part;

  fetch_begin_at (self, 0, bobbin_part_file_get_length (part));
  self->same_to = bobbin_segment_map_get_end (bobbin_part_file_get_written (part));
  if (!fetch_make_room (self, error))
    return FALSE;

  /* What fills a gap is trusted only when all that lies behind it was the same, too. */
  if (self->same_to > bobbin_part_file_get_first_gap (part))
    bobbin_part_file_set_doubtful (part, TRUE);

  return TRUE;
}

/* 200 means all of the file. There are servers that say it of the part that was asked for: what is
 * as long as that, or of the same version and yet not as long as it, is not believed. */
static gboolean
fetch_is_dubious (BobbinFetch *self)
{
  const gint64 total = bobbin_part_file_get_length (self->transfer->part);
  const gint64 length = bobbin_fetch_get_body_length (self);

  return self->ask != BOBBIN_ASK_WHOLE && total >= 0 && length != total &&
         (length == (self->asked_end >= 0 ? self->asked_end : total) - self->first ||
          bobbin_fetch_get_version (self) == BOBBIN_HTTP_VERSION_SAME);
}

static gboolean
fetch_accept_whole (BobbinFetch *self, GError **error)
{
  BobbinTransfer *transfer = self->transfer;
  gint64 total, there;

  if (bobbin_fetch_is_web_page (self, error) ||
      (transfer->part == NULL && !fetch_claim_part (self, error)))
    return FALSE;

  if (fetch_is_dubious (self))
    return fetch_refuse (self, BOBBIN_ASK_WHOLE);

  there = bobbin_part_file_get_first_gap (transfer->part);
  total = bobbin_part_file_get_length (transfer->part);
  if (bobbin_part_file_get_n_bytes (transfer->part) == 0 ||
      bobbin_part_file_is_doubtful (transfer->part) ||
      (bobbin_fetch_get_body_length (self) >= 0 && bobbin_fetch_get_body_length (self) != total))
    return fetch_begin_anew (self, error);

  if (bobbin_fetch_is_same_source (self) &&
      bobbin_fetch_get_version (self) == BOBBIN_HTTP_VERSION_SAME)
    {
      /* Nothing has changed: it is If-Range that the server does not know, or ranges. */
      if (self->ask == BOBBIN_ASK_REST)
        return fetch_refuse (self, BOBBIN_ASK_OVERLAP);
      return fetch_compare_all (self, error);
    }
  if (there == 0 || total < 0 || bobbin_fetch_get_body_length (self) != total)
    return fetch_begin_anew (self, error);
  if (fetch_may_be_all (self))
    return fetch_compare_all (self, error);
  if (!fetch_may_be_same (self))
    return fetch_begin_anew (self, error);

  fetch_begin_at (self, 0, total);
  self->compare_to = MIN (there, COMPARE_SIZE);
  self->is_head = TRUE;

  return TRUE;
}

/* A range. */

/* Nobody has said yet where the file ends. */
static gboolean
fetch_learn_length (BobbinFetch *self, const BobbinContentRange *range)
{
  if (bobbin_part_file_get_length (self->transfer->part) >= 0)
    return TRUE;

  return range->total >= 0 && bobbin_part_file_set_length (self->transfer->part, range->total);
}

static void
fetch_note_range (BobbinFetch *self, const BobbinContentRange *range)
{
  g_autofree char *bytes =
    g_strdup_printf ("%" G_GINT64_FORMAT "–%" G_GINT64_FORMAT, range->first, range->last);

  bobbin_mailbox_slot_log (self->transfer->slot, BOBBIN_EVENT_NOTE,
                           /* Translators: a host, an HTTP status, and which bytes, like 100–199 */
                           _ ("%s answered (%u) with the bytes %s"), self->host, self->status,
                           bytes);
}

static void
fetch_go_on (BobbinFetch *self, const BobbinContentRange *range)
{
  g_autofree char *from = g_format_size (bobbin_part_file_get_n_bytes (self->transfer->part));

  /* Translators: %s is a size, such as 3.2 MB */
  bobbin_mailbox_slot_log (self->transfer->slot, BOBBIN_EVENT_RESUMED, _ ("Goes on after %s"),
                           from);
  fetch_note_range (self, range);
  fetch_begin_at (self, range->first, range->last + 1);
}

static gboolean
fetch_accept_rest (BobbinFetch *self, GError **error)
{
  BobbinContentRange range;

  if (!bobbin_fetch_is_range (self, &range) || !bobbin_fetch_is_same_source (self) ||
      bobbin_fetch_get_version (self) != BOBBIN_HTTP_VERSION_SAME ||
      !fetch_learn_length (self, &range))
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
  const gboolean may_be_same = (bobbin_fetch_is_same_source (self) &&
                                bobbin_fetch_get_version (self) == BOBBIN_HTTP_VERSION_SAME) ||
                               bobbin_fetch_may_be_version (self);

  if (!may_be_same || !bobbin_fetch_is_range (self, &range) || range.last < there ||
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

  if (self->status == SOUP_STATUS_PARTIAL_CONTENT && bobbin_fetch_is_range (self, &range) &&
      bobbin_fetch_is_same_source (self) &&
      bobbin_fetch_get_version (self) == BOBBIN_HTTP_VERSION_SAME)
    {
      fetch_note_range (self, &range);
      fetch_begin_at (self, range.first, range.last + 1);
      bobbin_transfer_hand_over (self->transfer, self);
      return TRUE;
    }

  if (SOUP_STATUS_IS_SUCCESSFUL (self->status))
    self->transfer->in_doubt = TRUE;
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
               /* Translators: %s is a host, %u an HTTP status, such as 404 */
               _ ("%s did not send the part that was asked for (%u)"), self->host, self->status);

  return FALSE;
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
          bobbin_fetch_set_status_error (self, error);
        }
      return FALSE;
    }

  /* Translators: %s is a host, %u an HTTP status, such as 404 */
  bobbin_mailbox_slot_log (self->transfer->slot, BOBBIN_EVENT_CONNECTED, _ ("%s answered (%u)"),
                           self->host, self->status);

  switch (self->status)
    {
    case SOUP_STATUS_OK:
    case SOUP_STATUS_NON_AUTHORITATIVE:
      if (!bobbin_fetch_is_partial (self))
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

  bobbin_fetch_set_status_error (self, error);

  return FALSE;
}

/* Some more of all that is there has come again. Nothing of this answer is lost yet while that was
 * its first buffer. */
static gboolean
fetch_accept_some (BobbinFetch *self, gint64 compared_to, gboolean is_same, GError **error)
{
  const gboolean is_last = compared_to == self->same_to;

  if (is_same && !is_last)
    return TRUE;

  self->same_to = 0;
  if (is_same)
    {
      if (self->ask == BOBBIN_ASK_OVERLAP)
        bobbin_mailbox_slot_log (self->transfer->slot, BOBBIN_EVENT_NOTE,
                                 /* Translators: %s is a host, such as example.org */
                                 _ ("%s sends the file only from its beginning"), self->host);
      bobbin_part_file_set_doubtful (self->transfer->part, FALSE);
      fetch_settle (self);
      return TRUE;
    }
  if (self->offset == 0)
    return fetch_begin_anew (self, error);

  bobbin_part_file_set_doubtful (self->transfer->part, TRUE);

  return fetch_refuse (self, BOBBIN_ASK_WHOLE);
}

/* The bytes that are there already have come again: are they the same? TRUE: go on. */
gboolean
bobbin_fetch_accept_compared (BobbinFetch *self, gboolean is_same, GError **error)
{
  const gboolean is_head = self->is_head;
  const gint64 compared_to = self->compare_to;

  self->compare_to = 0;
  self->is_head = FALSE;

  if (self->same_to > 0)
    return fetch_accept_some (self, compared_to, is_same, error);
  if (is_head)
    return is_same ? fetch_refuse (self, BOBBIN_ASK_OVERLAP) : fetch_begin_anew (self, error);
  if (is_same)
    {
      fetch_settle (self);
      return TRUE;
    }

  bobbin_part_file_set_doubtful (self->transfer->part, TRUE);

  return fetch_refuse (self, BOBBIN_ASK_WHOLE);
}
