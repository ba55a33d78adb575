/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the test server answers: the header to a request, right or wrong as the file says, and the
 * pieces of the body. Pure; any thread.
 */

#include "config.h"

#include "bobbin-test-content.h"
#include "bobbin-test-server-private.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_MAX (128 * 1024)

void
bobbin_test_file_copy (BobbinTestFile *copy, const BobbinTestFile *file)
{
  *copy = *file;
  copy->body = file->body != NULL ? g_bytes_ref (file->body) : NULL;
  copy->etag = g_strdup (file->etag);
  copy->last_modified = g_strdup (file->last_modified);
  copy->disposition = g_strdup (file->disposition);
  copy->headers = g_strdup (file->headers);
  copy->raw = g_strdup (file->raw);
  copy->date = g_strdup (file->date);
  copy->limit_headers = g_strdup (file->limit_headers);
  if (copy->body != NULL)
    copy->length = (gint64) g_bytes_get_size (copy->body);
}

void
bobbin_test_file_clear (BobbinTestFile *file)
{
  g_clear_pointer (&file->body, g_bytes_unref);
  g_free ((char *) file->etag);
  g_free ((char *) file->last_modified);
  g_free ((char *) file->disposition);
  g_free ((char *) file->headers);
  g_free ((char *) file->raw);
  g_free ((char *) file->date);
  g_free ((char *) file->limit_headers);
}

/* Returns: (transfer full) (nullable): the value of a header line */
char *
bobbin_test_find_header (const char *request, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (request, "\r\n", -1);
  gsize len = strlen (name);

  for (char **line = lines; *line; line++)
    if (g_ascii_strncasecmp (*line, name, len) == 0 && (*line)[len] == ':')
      return g_strstrip (g_strdup (*line + len + 1));

  return NULL;
}

static gboolean
if_range_matches (const BobbinTestFile *file, const char *request)
{
  g_autofree char *if_range = bobbin_test_find_header (request, "If-Range");

  if (if_range == NULL || file->ranges == BOBBIN_TEST_RANGES_BLIND)
    return TRUE;
  if (file->ranges == BOBBIN_TEST_RANGES_NO_IF_RANGE)
    return FALSE;
  if (if_range[0] == '"')
    return g_strcmp0 (if_range, file->etag) == 0;
  return g_strcmp0 (if_range, file->last_modified) == 0;
}

/* Takes bytes=FIRST- and bytes=FIRST-LAST. */
static gboolean
parse_range (const char *request, gint64 length, gint64 *first, gint64 *end)
{
  g_autofree char *range = bobbin_test_find_header (request, "Range");
  char *p;

  if (range == NULL || !g_str_has_prefix (range, "bytes="))
    return FALSE;

  *first = strtoll (range + 6, &p, 10);
  *end = p[0] == '-' && g_ascii_isdigit (p[1]) ? strtoll (p + 1, NULL, 10) + 1 : length;
  *end = MIN (*end, length);
  return TRUE;
}

static void
add_framing (Answer *self)
{
  if (self->file.framing == BOBBIN_TEST_FRAMING_CHUNKED)
    g_string_append (self->header, "Transfer-Encoding: chunked\r\n");
  else if (self->file.framing == BOBBIN_TEST_FRAMING_LENGTH)
    g_string_append_printf (self->header, "Content-Length: %" G_GINT64_FORMAT "\r\n",
                            self->end - self->first);
  if (!self->keep_alive)
    g_string_append (self->header, "Connection: close\r\n");
}

static void
add_line (Answer *self, const char *name, const char *value)
{
  if (value != NULL)
    g_string_append_printf (self->header, "%s: %s\r\n", name, value);
}

static void
begin_header (Answer *self, guint status)
{
  gboolean old = self->file.framing == BOBBIN_TEST_FRAMING_UNTIL_CLOSE;
  g_autoptr (GDateTime) time = g_date_time_new_now_utc ();
  g_autofree char *now = g_date_time_format (time, "%a, %d %b %Y %H:%M:%S GMT");

  g_string_append_printf (self->header, "HTTP/1.%c %u Test\r\n", old ? '0' : '1', status);
  add_line (self, "ETag", self->file.etag);
  add_line (self, "Last-Modified", self->file.last_modified);
  add_line (self, "Date", self->file.date != NULL ? self->file.date : now);
  add_line (self, "Content-Disposition", self->file.disposition);
  if (self->file.headers != NULL)
    g_string_append (self->header, self->file.headers);
  add_framing (self);
}

static void
answer_unsatisfied (Answer *self)
{
  self->first = self->end = 0;
  begin_header (self, 416);
  g_string_append_printf (self->header, "Content-Range: bytes */%" G_GINT64_FORMAT "\r\n",
                          self->file.length);
}

static void
answer_range (Answer *self)
{
  gint64 total = self->file.length;

  if (self->file.ranges == BOBBIN_TEST_RANGES_SHIFTED)
    self->first = MIN (self->first + 1, self->end - 1);
  if (self->file.ranges == BOBBIN_TEST_RANGES_WRONG_TOTAL)
    total += 1000;
  if (self->file.ranges == BOBBIN_TEST_RANGES_SHORT)
    self->end = MIN (self->end, self->first + 1024 * 1024);

  begin_header (self, 206);
  if (self->file.ranges != BOBBIN_TEST_RANGES_NO_HEADER)
    g_string_append_printf (self->header,
                            "Content-Range: bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT
                            "/%" G_GINT64_FORMAT "\r\n",
                            self->first, self->end - 1, total);
}

static void
answer_status (Answer *self, guint status)
{
  if (status < 200 || status == 204 || status == 304)
    self->end = 0;
  begin_header (self, status);
}

/* RFC 9110 §13.2.2: If-Modified-Since counts only where there is no If-None-Match. */
static gboolean
is_not_modified (const BobbinTestFile *file, const char *request)
{
  g_autofree char *if_none_match = bobbin_test_find_header (request, "If-None-Match");
  g_autofree char *if_modified_since = bobbin_test_find_header (request, "If-Modified-Since");

  if (if_none_match != NULL)
    return g_strcmp0 (if_none_match, file->etag) == 0;

  return if_modified_since != NULL && g_strcmp0 (if_modified_since, file->last_modified) == 0;
}

static void
answer (Answer *self, const char *request)
{
  const BobbinTestFile *file = &self->file;
  gboolean asked = parse_range (request, file->length, &self->first, &self->end);

  if (asked && file->ranges != BOBBIN_TEST_RANGES_IGNORED && file->status == 0 &&
      if_range_matches (file, request))
    {
      if (file->ranges == BOBBIN_TEST_RANGES_UNSATISFIED || self->first >= file->length)
        answer_unsatisfied (self);
      else
        answer_range (self);
      return;
    }

  self->first = 0;
  self->end = file->length;
  if (file->status == 0 && is_not_modified (file, request))
    answer_status (self, 304);
  else
    answer_status (self, file->status != 0 ? file->status : 200);
}

Answer *
bobbin_test_answer_new (const BobbinTestFile *file, const char *path, const char *request)
{
  Answer *self = g_new0 (Answer, 1);
  g_autofree char *connection = bobbin_test_find_header (request, "Connection");

  self->path = g_strdup (path);
  self->header = g_string_new (NULL);
  bobbin_test_file_copy (&self->file, file);
  self->chunked = file->framing == BOBBIN_TEST_FRAMING_CHUNKED;
  self->keep_alive = file->framing != BOBBIN_TEST_FRAMING_UNTIL_CLOSE && !file->close &&
                     (connection == NULL || g_ascii_strcasecmp (connection, "close") != 0);

  if (file->fault == BOBBIN_TEST_FAULT_GARBAGE)
    {
      g_string_append (self->header, file->raw != NULL
                                       ? file->raw
                                       : "220 mail.test ESMTP ready\r\n250 nothing of HTTP\r\n");
      self->keep_alive = FALSE;
      return self;
    }

  if (file->fault == BOBBIN_TEST_FAULT_STATUS)
    answer_status (self, file->fault_status);
  else
    answer (self, request);
  g_string_append (self->header, "\r\n");
  return self;
}

void
bobbin_test_answer_free (Answer *self)
{
  bobbin_test_file_clear (&self->file);
  g_string_free (self->header, TRUE);
  g_free (self->path);
  g_free (self);
}

static void
append_content (Answer *self, GByteArray *piece, gsize length)
{
  gsize start = piece->len;

  g_byte_array_set_size (piece, (guint) (start + length));
  if (self->file.body != NULL)
    memcpy (piece->data + start,
            (const guint8 *) g_bytes_get_data (self->file.body, NULL) + self->first, length);
  else
    bobbin_test_content_fill (self->file.seed, self->first, piece->data + start, length);
}

static void
append_text (GByteArray *piece, const char *text)
{
  g_byte_array_append (piece, (const guint8 *) text, (guint) strlen (text));
}

/* Begins a chunk, of which what is sent next may be only the beginning. */
static void
append_chunk_size (Answer *self, GByteArray *piece)
{
  g_autofree char *size = NULL;

  self->chunk_left = MIN (CHUNK_MAX, self->end - self->first);
  size = g_strdup_printf ("%" G_GINT64_MODIFIER "x\r\n", self->chunk_left);
  append_text (piece, size);
  self->chunked = self->chunk_left > 0;
}

/*
 * At most @max bytes of the body that are still to be sent, framed.
 *
 * Returns: (transfer full) (nullable): NULL when all has been sent
 */
GBytes *
bobbin_test_answer_next (Answer *self, gsize max)
{
  const gboolean chunked = self->chunked;
  gsize length = (gsize) MIN ((gint64) max, self->end - self->first);
  GByteArray *piece;

  if (length == 0 && !chunked)
    return NULL;

  piece = g_byte_array_sized_new ((guint) length + 32);
  if (chunked && self->chunk_left == 0)
    append_chunk_size (self, piece);
  if (chunked)
    length = (gsize) MIN ((gint64) length, self->chunk_left);

  append_content (self, piece, length);
  self->chunk_left -= (gint64) length;
  if (chunked && self->chunk_left == 0)
    append_text (piece, "\r\n");

  self->first += (gint64) length;
  self->n_sent += (gint64) length;
  return g_byte_array_free_to_bytes (piece);
}
