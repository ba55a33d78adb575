/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What HTTP leaves to be decided by whoever downloads: whether an answer is of the file and the
 * bytes that were asked for, what is worth another try and when, and where a redirect may lead.
 * Section numbers are RFC 9110's. Pure; may be called in any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-policy.h"

#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#define BACKOFF_MIN (2 * G_TIME_SPAN_SECOND)
#define BACKOFF_MAX (60 * G_TIME_SPAN_SECOND)

/* 1*DIGIT that fits; no sign, no space, unlike strtoll(). */
static gboolean
parse_digits (const char **p, gint64 *number)
{
  const char *start = *p;
  gint64 value = 0;

  for (; g_ascii_isdigit (**p); (*p)++)
    {
      gint digit = **p - '0';

      if (value > (G_MAXINT64 - digit) / 10)
        return FALSE;
      value = value * 10 + digit;
    }

  *number = value;
  return *p > start;
}

/* first-last, or the * of an unsatisfied range. What ends behind the last byte that a file can have
 * has no length. */
static gboolean
parse_positions (const char **p, BobbinContentRange *range)
{
  range->first = -1;
  range->last = -1;
  if (**p == '*')
    {
      (*p)++;
      return TRUE;
    }

  return parse_digits (p, &range->first) && *(*p)++ == '-' && parse_digits (p, &range->last) &&
         range->last >= range->first && range->last < G_MAXINT64;
}

static gboolean
parse_total (const char **p, BobbinContentRange *range)
{
  if (**p == '*')
    {
      (*p)++;
      range->total = -1;
      return range->first >= 0;
    }

  return parse_digits (p, &range->total) && range->last < range->total;
}

/**
 * bobbin_http_parse_content_range:
 * @header: (nullable): the value of a Content-Range header
 * @range: (out caller-allocates): what it says; only set when it can be believed
 *
 * Parses Content-Range (§14.4). Where a server says that it has no such range, with a star for the
 * positions, this gives -1 for the first and the last byte; for a star as total, -1 too. Ranges
 * that cannot be, numbers that do not fit and other units than bytes are refused.
 *
 * Returns: whether the header is valid
 */
gboolean
bobbin_http_parse_content_range (const char *header, BobbinContentRange *range)
{
  BobbinContentRange parsed;
  const char *p = header;

  g_return_val_if_fail (range != NULL, FALSE);

  if (p == NULL || g_ascii_strncasecmp (p, "bytes ", 6) != 0)
    return FALSE;

  p += 6;
  p += strspn (p, " \t");
  if (!parse_positions (&p, &parsed) || *p++ != '/' || !parse_total (&p, &parsed))
    return FALSE;

  p += strspn (p, " \t");
  if (*p != '\0')
    return FALSE;

  *range = parsed;
  return TRUE;
}

/**
 * bobbin_http_is_strong_etag:
 * @etag: (nullable): the value of an ETag header
 *
 * Whether @etag is valid and strong (§8.8.3): only then does it promise the same bytes.
 *
 * Returns: %TRUE if so
 */
gboolean
bobbin_http_is_strong_etag (const char *etag)
{
  gsize len = etag != NULL ? strlen (etag) : 0;

  if (len < 2 || etag[0] != '"' || etag[len - 1] != '"')
    return FALSE;

  for (gsize i = 1; i < len - 1; i++)
    if ((guchar) etag[i] <= ' ' || etag[i] == '"' || etag[i] == 0x7f)
      return FALSE;

  return TRUE;
}

static const char *
opaque_tag (const char *etag)
{
  return g_str_has_prefix (etag, "W/") ? etag + 2 : etag;
}

static BobbinHttpVersion
compare_dates (const char *a, const char *b)
{
  gint64 time_a = bobbin_http_parse_date (a);
  gint64 time_b = bobbin_http_parse_date (b);

  if (time_a < 0 || time_b < 0)
    return BOBBIN_HTTP_VERSION_CANNOT_TELL;
  return time_a == time_b ? BOBBIN_HTTP_VERSION_SAME : BOBBIN_HTTP_VERSION_CHANGED;
}

/**
 * bobbin_http_same_version:
 * @etag_a: (nullable): the first answer's ETag
 * @last_modified_a: (nullable): the first answer's Last-Modified
 * @etag_b: (nullable): the second answer's ETag
 * @last_modified_b: (nullable): the second answer's Last-Modified
 *
 * Whether two answers are of one version of a file. Two strong ETags decide alone (§8.8.3.2). Any
 * two ETags that differ otherwise mean a change; two that are equal but weak promise nothing, and
 * the dates decide (§8.8.2).
 *
 * Returns: what the validators say
 */
BobbinHttpVersion
bobbin_http_same_version (const char *etag_a,
                          const char *last_modified_a,
                          const char *etag_b,
                          const char *last_modified_b)
{
  if (etag_a != NULL && etag_b != NULL)
    {
      if (strcmp (opaque_tag (etag_a), opaque_tag (etag_b)) != 0)
        return BOBBIN_HTTP_VERSION_CHANGED;
      if (bobbin_http_is_strong_etag (etag_a) && bobbin_http_is_strong_etag (etag_b))
        return BOBBIN_HTTP_VERSION_SAME;
    }

  return compare_dates (last_modified_a, last_modified_b);
}

/**
 * bobbin_http_if_range:
 * @etag: (nullable): the ETag of the part that is there
 * @last_modified: (nullable): its Last-Modified
 *
 * What to send as If-Range (§13.1.5) with a Range, so that a changed file comes whole: the ETag if
 * it is strong, since a weak one must not be sent, else the date.
 *
 * Returns: (nullable): one of the two, or %NULL when neither can be used
 */
const char *
bobbin_http_if_range (const char *etag, const char *last_modified)
{
  if (bobbin_http_is_strong_etag (etag))
    return etag;
  return bobbin_http_parse_date (last_modified) >= 0 ? last_modified : NULL;
}

/* What may be different in a moment (§15.5.9, RFC 8470 §5.2, RFC 6585 §4, §15.6). */
static gboolean
is_passing_status (guint status)
{
  if (status == 408 || status == 425 || status == 429)
    return TRUE;
  return status >= 500 && status <= 599 && status != 501 && status != 505;
}

/**
 * bobbin_http_is_retryable:
 * @error: a %BOBBIN_ERROR with which a try failed
 * @status: the status that the server answered with, or 0
 *
 * Whether the same request may well succeed a little later.
 *
 * Returns: %TRUE if so
 */
gboolean
bobbin_http_is_retryable (const GError *error, guint status)
{
  g_return_val_if_fail (error != NULL, FALSE);

  if (error->domain != BOBBIN_ERROR)
    return FALSE;

  if (error->code == BOBBIN_ERROR_HTTP_STATUS)
    return is_passing_status (status);

  return error->code == BOBBIN_ERROR_DISCONNECTED || error->code == BOBBIN_ERROR_TIMED_OUT ||
         error->code == BOBBIN_ERROR_TRUNCATED || error->code == BOBBIN_ERROR_REFUSED ||
         error->code == BOBBIN_ERROR_UNREACHABLE;
}

/**
 * bobbin_http_backoff:
 * @tries: how many tries in a row have failed, at least 1
 * @random: any number; spreads clients that failed together
 *
 * How long to wait before the next try: twice as long as the last time, between half of it and all
 * of it, and always between 1 s and 60 s.
 *
 * Returns: the time in µs
 */
gint64
bobbin_http_backoff (guint tries, guint32 random)
{
  gint64 longest = BACKOFF_MAX;

  if (tries < 6)
    longest = BACKOFF_MIN << (MAX (tries, 1) - 1);
  longest = MIN (longest, BACKOFF_MAX);

  return longest / 2 + (longest / 2) * random / G_MAXUINT32;
}

/**
 * bobbin_http_parse_retry_after:
 * @header: (nullable): the value of a Retry-After header: seconds, or a date
 * @now: the present time in seconds since 1970
 *
 * How long a server wants to be left alone (§10.2.3).
 *
 * Returns: the time in µs, at most %BOBBIN_HTTP_RETRY_AFTER_MAX, 0 for a date in the past, or -1
 *   when @header is %NULL or cannot be read
 */
gint64
bobbin_http_parse_retry_after (const char *header, gint64 now)
{
  const gint64 max = BOBBIN_HTTP_RETRY_AFTER_MAX / G_TIME_SPAN_SECOND;
  gint64 seconds = 0;

  if (header == NULL)
    return -1;

  header += strspn (header, " \t");
  if (g_ascii_isdigit (*header))
    {
      for (; g_ascii_isdigit (*header); header++)
        seconds = MIN (seconds * 10 + *header - '0', max);
      if (header[strspn (header, " \t")] != '\0')
        return -1;
    }
  else
    {
      gint64 date = bobbin_http_parse_date (header);

      if (date < 0)
        return -1;
      seconds = CLAMP (date - now, 0, max);
    }

  return seconds * G_TIME_SPAN_SECOND;
}

/**
 * bobbin_http_parse_date:
 * @header: (nullable): the value of a Last-Modified or Date header
 *
 * Reads a date in any of the three forms of §5.6.7.
 *
 * Returns: seconds since 1970, or -1 when it is none or earlier
 */
gint64
bobbin_http_parse_date (const char *header)
{
  g_autoptr (GDateTime) date = NULL;

  if (header != NULL)
    date = soup_date_time_new_from_http_string (header);
  return date != NULL ? MAX (g_date_time_to_unix (date), -1) : -1;
}

/**
 * bobbin_http_strip_userinfo:
 * @address: an address, valid or not
 *
 * Leaves out who asks, and with what password: neither belongs on a disk. All else stays as it was
 * written.
 *
 * Returns: (transfer full): the rest of @address
 */
char *
bobbin_http_strip_userinfo (const char *address)
{
  const char *authority = strstr (address, "://");
  const char *end, *at = NULL;

  if (authority == NULL)
    return g_strdup (address);

  authority += strlen ("://");
  end = authority + strcspn (authority, "/?#");
  for (const char *p = authority; p < end; p++)
    if (*p == '@')
      at = p;
  if (at == NULL)
    return g_strdup (address);

  return g_strdup_printf ("%.*s%s", (int) (authority - address), address, at + 1);
}

/**
 * bobbin_http_has_valid_host:
 * @uri: (nullable): an address, as far as g_uri_parse() could read it
 *
 * Whether @uri names a host with what RFC 3986 §3.2.2 has in names and addresses. g_uri_parse()
 * lets through what is percent-encoded, and decodes it: blanks, and control characters that a
 * terminal would obey once the host is told of. And it ends a host at a semicolon, which makes a
 * path that it cannot write again. Any thread.
 *
 * Returns: %TRUE if so
 */
gboolean
bobbin_http_has_valid_host (GUri *uri)
{
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0' || strchr ("/", *g_uri_get_path (uri)) == NULL)
    return FALSE;

  /* Beyond unreserved and sub-delims, : and % are of IPv6 addresses and their zones. */
  for (; *host != '\0'; host++)
    if (!g_ascii_isalnum (*host) && strchr ("-._~!$&'()*+,;=:%", *host) == NULL)
      return FALSE;

  return TRUE;
}

/* The target without a name and password, and with the fragment that counts (§10.2.2). */
static char *
without_userinfo (GUri *target, GUri *from)
{
  const char *fragment = g_uri_get_fragment (target);

  return g_uri_join (SOUP_HTTP_URI_FLAGS, g_uri_get_scheme (target), NULL, g_uri_get_host (target),
                     g_uri_get_port (target), g_uri_get_path (target), g_uri_get_query (target),
                     fragment != NULL ? fragment : g_uri_get_fragment (from));
}

static gboolean
check_target (GUri *target, GUri *from, GError **error)
{
  gboolean secure = g_str_equal (g_uri_get_scheme (target), "https");

  if (!secure && !g_str_equal (g_uri_get_scheme (target), "http"))
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT,
                   /* Translators: the placeholder is the kind of an address, like “ftp” */
                   _ ("The server redirects to an address of the kind “%s”. Only http and https "
                      "are followed."),
                   g_uri_get_scheme (target));
      return FALSE;
    }

  if (!bobbin_http_has_valid_host (target))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT,
                           _ ("The server redirects to an address that names no valid host."));
      return FALSE;
    }

  if (!secure && g_str_equal (g_uri_get_scheme (from), "https"))
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT,
                   /* Translators: the placeholder is the name of a host */
                   _ ("The server redirects from a secure connection to an insecure one with %s. "
                      "Look for an address that stays secure."),
                   g_uri_get_host (target));
      return FALSE;
    }

  return TRUE;
}

/**
 * bobbin_http_check_redirect:
 * @from: the address that was asked for, http or https
 * @location: (nullable): the value of the Location header
 * @to: (out) (transfer full): the address to ask now
 * @error: (nullable): return location for an error
 *
 * Decides where a redirect leads: @location is resolved against @from, keeps @from's fragment
 * unless it has one of its own (§10.2.2), and loses a name and password, which no server may choose
 * for the user. Only http and https are followed, and never from https to http.
 *
 * Fails with %BOBBIN_ERROR_REDIRECT.
 *
 * Returns: %TRUE if the redirect may be followed
 */
gboolean
bobbin_http_check_redirect (const char *from, const char *location, char **to, GError **error)
{
  g_autoptr (GUri) base = NULL;
  g_autoptr (GUri) target = NULL;

  g_return_val_if_fail (from != NULL && to != NULL, FALSE);

  base = g_uri_parse (from, SOUP_HTTP_URI_FLAGS, NULL);
  g_return_val_if_fail (base != NULL, FALSE);

  if (location != NULL && *location != '\0')
    target =
      g_uri_parse_relative (base, location, SOUP_HTTP_URI_FLAGS | G_URI_FLAGS_PARSE_RELAXED, NULL);
  if (target == NULL)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT,
                           _ ("The server redirects, but not to a valid address."));
      return FALSE;
    }

  if (!check_target (target, base, error))
    return FALSE;

  *to = without_userinfo (target, base);
  return TRUE;
}
