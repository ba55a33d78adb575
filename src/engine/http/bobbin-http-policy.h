/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BobbinContentRange:
 * @first: offset of the first byte, or -1 when the range could not be satisfied
 * @last: offset of the last byte, or -1 when the range could not be satisfied
 * @total: bytes of the whole file, or -1 while the server does not know
 *
 * What a Content-Range header says.
 */
typedef struct
{
  gint64 first;
  gint64 last;
  gint64 total;
} BobbinContentRange;

/**
 * BobbinHttpVersion:
 * @BOBBIN_HTTP_VERSION_SAME: both answers are of the same file, byte for byte
 * @BOBBIN_HTTP_VERSION_CHANGED: the file has changed
 * @BOBBIN_HTTP_VERSION_CANNOT_TELL: the server gave no validator that says
 *
 * Whether two answers are of one version of a file.
 */
typedef enum
{
  BOBBIN_HTTP_VERSION_SAME,
  BOBBIN_HTTP_VERSION_CHANGED,
  BOBBIN_HTTP_VERSION_CANNOT_TELL,
} BobbinHttpVersion;

/**
 * BOBBIN_HTTP_RETRY_AFTER_MAX:
 *
 * A longer Retry-After is taken for this, in µs: a year.
 */
#define BOBBIN_HTTP_RETRY_AFTER_MAX (365 * G_TIME_SPAN_DAY)

gboolean          bobbin_http_parse_content_range (const char         *header,
                                                   BobbinContentRange *range);
gboolean          bobbin_http_is_strong_etag      (const char *etag);
BobbinHttpVersion bobbin_http_same_version        (const char *etag_a,
                                                   const char *last_modified_a,
                                                   const char *etag_b,
                                                   const char *last_modified_b);
const char       *bobbin_http_if_range            (const char *etag,
                                                   const char *last_modified);
gboolean          bobbin_http_is_retryable        (const GError *error,
                                                   guint         status);
gint64            bobbin_http_backoff             (guint   tries,
                                                   guint32 random);
gint64            bobbin_http_parse_retry_after   (const char *header,
                                                   gint64      now);
gint64            bobbin_http_parse_date          (const char *header);
char             *bobbin_http_strip_userinfo      (const char *address);
gboolean          bobbin_http_has_valid_host      (GUri *uri);
gboolean          bobbin_http_check_redirect      (const char *from,
                                                   const char *location,
                                                   char      **to,
                                                   GError    **error);

G_END_DECLS
