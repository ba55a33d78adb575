/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-http-policy: ranges, validators, retries, dates and redirects, as servers send them and as
 * they should not.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-http-policy.h"

#include <libsoup/soup.h>
#include <locale.h>
#include <string.h>

typedef struct
{
  const char *about;
  const char *header;
  gboolean valid;
  BobbinContentRange range;
} RangeCase;

static const RangeCase range_cases[] = {
  { "whole", "bytes 0-99/100", TRUE, { 0, 99, 100 } },
  { "middle", "bytes 42-1233/1234", TRUE, { 42, 1233, 1234 } },
  { "one-byte", "bytes 0-0/1", TRUE, { 0, 0, 1 } },
  { "unknown-total", "bytes 42-1233/*", TRUE, { 42, 1233, -1 } },
  { "unsatisfied", "bytes */1234", TRUE, { -1, -1, 1234 } },
  { "unsatisfied-empty-file", "bytes */0", TRUE, { -1, -1, 0 } },
  { "unit-upper", "Bytes 0-1/2", TRUE, { 0, 1, 2 } },
  { "spaces", "bytes   0-1/2  ", TRUE, { 0, 1, 2 } },
  { "largest",
    "bytes 0-9223372036854775806/9223372036854775807",
    TRUE,
    { 0, G_MAXINT64 - 1, G_MAXINT64 } },
  { "leading-zeros", "bytes 007-008/0009", TRUE, { 7, 8, 9 } },
  { "null", NULL, FALSE, { 0 } },
  { "empty", "", FALSE, { 0 } },
  { "unit-only", "bytes", FALSE, { 0 } },
  { "unit-space", "bytes ", FALSE, { 0 } },
  { "other-unit", "items 0-1/2", FALSE, { 0 } },
  { "no-unit", "0-1/2", FALSE, { 0 } },
  { "equals", "bytes=0-1/2", FALSE, { 0 } },
  { "nothing-known", "bytes */*", FALSE, { 0 } },
  { "no-total", "bytes 0-1", FALSE, { 0 } },
  { "empty-total", "bytes 0-1/", FALSE, { 0 } },
  { "no-last", "bytes 0-/2", FALSE, { 0 } },
  { "no-first", "bytes -1/2", FALSE, { 0 } },
  { "backward", "bytes 5-4/10", FALSE, { 0 } },
  { "last-at-total", "bytes 0-10/10", FALSE, { 0 } },
  { "last-past-total", "bytes 0-11/10", FALSE, { 0 } },
  { "negative", "bytes -5-4/10", FALSE, { 0 } },
  { "plus", "bytes +0-1/2", FALSE, { 0 } },
  { "hexadecimal", "bytes 0x0-0x1/0x2", FALSE, { 0 } },
  { "inner-space", "bytes 0 - 1/2", FALSE, { 0 } },
  { "trailing", "bytes 0-1/2x", FALSE, { 0 } },
  { "list", "bytes 0-1/2, 3-4/5", FALSE, { 0 } },
  { "first-overflow", "bytes 9223372036854775808-9223372036854775809/*", FALSE, { 0 } },
  { "last-overflow", "bytes 0-9223372036854775808/*", FALSE, { 0 } },
  { "length-overflow", "bytes 0-9223372036854775807/*", FALSE, { 0 } },
  { "total-overflow", "bytes 0-1/18446744073709551616", FALSE, { 0 } },
  { "total-overflow-wraps", "bytes 0-1/18446744073709551620", FALSE, { 0 } },
};

static void
test_range (gconstpointer data)
{
  const RangeCase *c = data;
  BobbinContentRange range = { -7, -7, -7 };

  g_assert_cmpint (bobbin_http_parse_content_range (c->header, &range), ==, c->valid);
  g_assert_cmpint (range.first, ==, c->valid ? c->range.first : -7);
  g_assert_cmpint (range.last, ==, c->valid ? c->range.last : -7);
  g_assert_cmpint (range.total, ==, c->valid ? c->range.total : -7);
}

typedef struct
{
  const char *about;
  const char *etag;
  gboolean strong;
} EtagCase;

static const EtagCase etag_cases[] = {
  { "strong", "\"5f-1a\"", TRUE },
  { "empty-tag", "\"\"", TRUE },
  { "8-bit", "\"\xe4\"", TRUE },
  { "weak", "W/\"5f-1a\"", FALSE },
  { "weak-lower", "w/\"5f-1a\"", FALSE },
  { "unquoted", "5f-1a", FALSE },
  { "half-quoted", "\"5f", FALSE },
  { "quote-alone", "\"", FALSE },
  { "inner-quote", "\"a\"b\"", FALSE },
  { "space", "\"a b\"", FALSE },
  { "empty", "", FALSE },
  { "null", NULL, FALSE },
};

static void
test_etag (gconstpointer data)
{
  const EtagCase *c = data;

  g_assert_cmpint (bobbin_http_is_strong_etag (c->etag), ==, c->strong);
}

#define MONDAY     "Mon, 05 Jan 2026 10:00:00 GMT"
#define MONDAY_850 "Monday, 05-Jan-26 10:00:00 GMT"
#define TUESDAY    "Tue, 06 Jan 2026 10:00:00 GMT"

#define SAME        BOBBIN_HTTP_VERSION_SAME
#define CHANGED     BOBBIN_HTTP_VERSION_CHANGED
#define CANNOT_TELL BOBBIN_HTTP_VERSION_CANNOT_TELL

typedef struct
{
  const char *about;
  const char *etag_a, *date_a, *etag_b, *date_b;
  BobbinHttpVersion expected;
} VersionCase;

static const VersionCase version_cases[] = {
  { "strong-same", "\"a\"", NULL, "\"a\"", NULL, SAME },
  { "strong-same-other-date", "\"a\"", MONDAY, "\"a\"", TUESDAY, SAME },
  { "strong-differ", "\"a\"", NULL, "\"b\"", NULL, CHANGED },
  { "strong-differ-same-date", "\"a\"", MONDAY, "\"b\"", MONDAY, CHANGED },
  { "strong-case-differs", "\"a\"", NULL, "\"A\"", NULL, CHANGED },
  { "weak-same", "W/\"a\"", NULL, "W/\"a\"", NULL, CANNOT_TELL },
  { "weak-same-same-date", "W/\"a\"", MONDAY, "W/\"a\"", MONDAY, SAME },
  { "weak-same-other-date", "W/\"a\"", MONDAY, "W/\"a\"", TUESDAY, CHANGED },
  { "weak-differ", "W/\"a\"", MONDAY, "W/\"b\"", MONDAY, CHANGED },
  { "weak-and-strong", "W/\"a\"", NULL, "\"a\"", NULL, CANNOT_TELL },
  { "weak-and-strong-same-date", "W/\"a\"", MONDAY, "\"a\"", MONDAY, SAME },
  { "one-etag", "\"a\"", NULL, NULL, NULL, CANNOT_TELL },
  { "one-etag-same-date", "\"a\"", MONDAY, NULL, MONDAY, SAME },
  { "date-same", NULL, MONDAY, NULL, MONDAY, SAME },
  { "date-same-other-form", NULL, MONDAY, NULL, MONDAY_850, SAME },
  { "date-differs", NULL, MONDAY, NULL, TUESDAY, CHANGED },
  { "one-date", NULL, MONDAY, NULL, NULL, CANNOT_TELL },
  { "bad-date", NULL, "yesterday", NULL, "yesterday", CANNOT_TELL },
  { "nothing", NULL, NULL, NULL, NULL, CANNOT_TELL },
};

static void
test_version (gconstpointer data)
{
  const VersionCase *c = data;

  g_assert_cmpint (bobbin_http_same_version (c->etag_a, c->date_a, c->etag_b, c->date_b), ==,
                   c->expected);
  g_assert_cmpint (bobbin_http_same_version (c->etag_b, c->date_b, c->etag_a, c->date_a), ==,
                   c->expected);
}

static void
test_if_range (void)
{
  g_assert_cmpstr (bobbin_http_if_range ("\"a\"", MONDAY), ==, "\"a\"");
  g_assert_cmpstr (bobbin_http_if_range ("\"a\"", NULL), ==, "\"a\"");
  g_assert_cmpstr (bobbin_http_if_range ("W/\"a\"", MONDAY), ==, MONDAY);
  g_assert_cmpstr (bobbin_http_if_range ("W/\"a\"", NULL), ==, NULL);
  g_assert_cmpstr (bobbin_http_if_range ("a", "never"), ==, NULL);
  g_assert_cmpstr (bobbin_http_if_range (NULL, MONDAY), ==, MONDAY);
  g_assert_cmpstr (bobbin_http_if_range (NULL, NULL), ==, NULL);
}

typedef struct
{
  const char *about;
  BobbinError code;
  guint status;
  gboolean retryable;
} RetryCase;

static const RetryCase retry_cases[] = {
  { "request-timeout", BOBBIN_ERROR_HTTP_STATUS, 408, TRUE },
  { "too-early", BOBBIN_ERROR_HTTP_STATUS, 425, TRUE },
  { "too-many-requests", BOBBIN_ERROR_HTTP_STATUS, 429, TRUE },
  { "internal-error", BOBBIN_ERROR_HTTP_STATUS, 500, TRUE },
  { "bad-gateway", BOBBIN_ERROR_HTTP_STATUS, 502, TRUE },
  { "unavailable", BOBBIN_ERROR_HTTP_STATUS, 503, TRUE },
  { "gateway-timeout", BOBBIN_ERROR_HTTP_STATUS, 504, TRUE },
  { "not-implemented", BOBBIN_ERROR_HTTP_STATUS, 501, FALSE },
  { "http-version", BOBBIN_ERROR_HTTP_STATUS, 505, FALSE },
  { "bad-request", BOBBIN_ERROR_HTTP_STATUS, 400, FALSE },
  { "unauthorized", BOBBIN_ERROR_HTTP_STATUS, 401, FALSE },
  { "forbidden", BOBBIN_ERROR_HTTP_STATUS, 403, FALSE },
  { "not-found", BOBBIN_ERROR_HTTP_STATUS, 404, FALSE },
  { "gone", BOBBIN_ERROR_HTTP_STATUS, 410, FALSE },
  { "range", BOBBIN_ERROR_HTTP_STATUS, 416, FALSE },
  { "odd-status", BOBBIN_ERROR_HTTP_STATUS, 999, FALSE },
  { "no-status", BOBBIN_ERROR_HTTP_STATUS, 0, FALSE },
  { "disconnected", BOBBIN_ERROR_DISCONNECTED, 0, TRUE },
  { "disconnected-in-body", BOBBIN_ERROR_DISCONNECTED, 200, TRUE },
  { "timed-out", BOBBIN_ERROR_TIMED_OUT, 0, TRUE },
  { "truncated", BOBBIN_ERROR_TRUNCATED, 206, TRUE },
  { "refused", BOBBIN_ERROR_REFUSED, 0, TRUE },
  { "unreachable", BOBBIN_ERROR_UNREACHABLE, 0, TRUE },
  { "name", BOBBIN_ERROR_NAME_NOT_FOUND, 0, FALSE },
  { "certificate", BOBBIN_ERROR_CERTIFICATE, 0, FALSE },
  { "tls", BOBBIN_ERROR_TLS, 0, FALSE },
  { "bad-address", BOBBIN_ERROR_BAD_ADDRESS, 0, FALSE },
  { "bad-answer", BOBBIN_ERROR_BAD_ANSWER, 200, FALSE },
  { "redirect", BOBBIN_ERROR_REDIRECT, 302, FALSE },
  { "changed", BOBBIN_ERROR_CHANGED, 200, FALSE },
  { "no-space", BOBBIN_ERROR_NO_SPACE, 200, FALSE },
  { "read-only", BOBBIN_ERROR_READ_ONLY, 200, FALSE },
  { "no-permission", BOBBIN_ERROR_NO_PERMISSION, 0, FALSE },
  { "no-folder", BOBBIN_ERROR_NO_FOLDER, 0, FALSE },
  { "exists", BOBBIN_ERROR_EXISTS, 0, FALSE },
  { "disk", BOBBIN_ERROR_DISK, 503, FALSE },
  { "closed", BOBBIN_ERROR_CLOSED, 0, FALSE },
  { "failed", BOBBIN_ERROR_FAILED, 0, FALSE },
};

static void
test_retryable (gconstpointer data)
{
  const RetryCase *c = data;
  g_autoptr (GError) error = g_error_new_literal (BOBBIN_ERROR, (gint) c->code, "");

  g_assert_cmpint (bobbin_http_is_retryable (error, c->status), ==, c->retryable);
}

static void
test_retryable_cancelled (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "");

  g_assert_false (bobbin_http_is_retryable (error, 0));
  g_assert_false (bobbin_http_is_retryable (error, 503));
}

static void
test_backoff (void)
{
  static const gint64 longest[] = { 2, 2, 4, 8, 16, 32, 60, 60, 60 };

  for (guint tries = 0; tries < G_N_ELEMENTS (longest); tries++)
    {
      gint64 all = longest[tries] * G_TIME_SPAN_SECOND;

      g_assert_cmpint (bobbin_http_backoff (tries, 0), ==, all / 2);
      g_assert_cmpint (bobbin_http_backoff (tries, G_MAXUINT32), ==, all);
      g_assert_cmpint (bobbin_http_backoff (tries, G_MAXUINT32 / 2), >, all / 2);
      g_assert_cmpint (bobbin_http_backoff (tries, G_MAXUINT32 / 2), <, all);
    }

  g_assert_cmpint (bobbin_http_backoff (G_MAXUINT, G_MAXUINT32), ==, 60 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (bobbin_http_backoff (64, 0), ==, 30 * G_TIME_SPAN_SECOND);
}

typedef struct
{
  const char *about;
  const char *header;
  gint64 expected;
} TimeCase;

/* Now is MONDAY. */
static const TimeCase retry_after_cases[] = {
  { "seconds", "120", 120 * G_TIME_SPAN_SECOND },
  { "zero", "0", 0 },
  { "spaces", " 7 ", 7 * G_TIME_SPAN_SECOND },
  { "date", "Mon, 05 Jan 2026 10:01:00 GMT", 60 * G_TIME_SPAN_SECOND },
  { "date-past", "Mon, 05 Jan 2026 09:00:00 GMT", 0 },
  { "date-far", "Mon, 05 Jan 2099 10:00:00 GMT", BOBBIN_HTTP_RETRY_AFTER_MAX },
  { "date-850", "Monday, 05-Jan-26 10:00:05 GMT", 5 * G_TIME_SPAN_SECOND },
  { "date-asctime", "Mon Jan  5 10:00:05 2026", 5 * G_TIME_SPAN_SECOND },
  { "a-day", "86400", G_TIME_SPAN_DAY },
  { "far", "31536001", BOBBIN_HTTP_RETRY_AFTER_MAX },
  { "overflow", "99999999999999999999999999999999", BOBBIN_HTTP_RETRY_AFTER_MAX },
  { "negative", "-1", -1 },
  { "fraction", "1.5", -1 },
  { "unit", "10s", -1 },
  { "word", "soon", -1 },
  { "empty", "", -1 },
  { "null", NULL, -1 },
};

static void
test_retry_after (gconstpointer data)
{
  const TimeCase *c = data;

  g_assert_cmpint (bobbin_http_parse_retry_after (c->header, 1767607200), ==, c->expected);
}

static const TimeCase date_cases[] = {
  { "imf", "Mon, 05 Jan 2026 10:00:00 GMT", 1767607200 },
  { "rfc-850", "Monday, 05-Jan-26 10:00:00 GMT", 1767607200 },
  { "asctime", "Mon Jan  5 10:00:00 2026", 1767607200 },
  { "epoch", "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
  { "before-epoch", "Wed, 31 Dec 1969 00:00:00 GMT", -1 },
  { "impossible", "Mon, 35 Jan 2026 10:00:00 GMT", -1 },
  { "number", "1767607200", -1 },
  { "word", "yesterday", -1 },
  { "empty", "", -1 },
  { "null", NULL, -1 },
};

static void
test_date (gconstpointer data)
{
  const TimeCase *c = data;

  g_assert_cmpint (bobbin_http_parse_date (c->header), ==, c->expected);
}

typedef struct
{
  const char *about;
  const char *address;
  gboolean valid;
} HostCase;

static const HostCase host_cases[] = {
  { "name", "http://example.org/", TRUE },
  { "name-upper", "http://EXAMPLE.org/", TRUE },
  { "name-root", "http://example.org./", TRUE },
  { "name-underscore", "http://my_host/", TRUE },
  { "name-encoded", "http://ex%61mple.org/", TRUE },
  { "name-international", "http://bücher.example/", TRUE },
  { "name-international-encoded", "http://b%C3%BCcher.example/", TRUE },
  { "name-and-port", "http://example.org:81/", TRUE },
  { "address-4", "http://127.0.0.1/", TRUE },
  { "address-6", "http://[::1]/", TRUE },
  { "address-6-zone", "http://[fe80::1%25eth0]/", TRUE },
  { "none", "http:///x", FALSE },
  { "no-authority", "http:x", FALSE },
  { "escape", "http://%1b%5b31m.invalid/", FALSE },
  { "escape-raw", "http://\033[31m.invalid/", FALSE },
  { "line-feed", "http://a%0a.invalid/", FALSE },
  { "carriage-return", "http://a%0d.invalid/", FALSE },
  { "tab", "http://a%09b/", FALSE },
  { "delete", "http://a%7fb/", FALSE },
  { "escape-8-bit", "http://%9b31m.invalid/", FALSE },
  { "escape-utf-8", "http://%c2%9b31m.invalid/", FALSE },
  { "backwards-mark", "http://%e2%80%aegro.invalid/", FALSE },
  { "blank", "http://a%20b/", FALSE },
  { "slash", "http://a%2fb/", FALSE },
  { "at", "http://a%40b/", FALSE },
  { "bracket", "http://a%5bb/", FALSE },
  { "quote", "http://a%22b/", FALSE },
  { "less-than", "http://a%3cb/", FALSE },
};

static void
test_host (gconstpointer data)
{
  const HostCase *c = data;
  g_autoptr (GUri) uri = g_uri_parse (c->address, SOUP_HTTP_URI_FLAGS, NULL);

  g_assert_cmpint (bobbin_http_has_valid_host (uri), ==, c->valid);
}

/* Read as a person types it, it ends there, and what follows is no path. */
static void
test_host_semicolon (void)
{
  g_autoptr (GUri) bad =
    g_uri_parse ("http://a;b", SOUP_HTTP_URI_FLAGS | G_URI_FLAGS_PARSE_RELAXED, NULL);
  g_autoptr (GUri) good =
    g_uri_parse ("http://a/;b", SOUP_HTTP_URI_FLAGS | G_URI_FLAGS_PARSE_RELAXED, NULL);

  g_assert_false (bobbin_http_has_valid_host (bad));
  g_assert_true (bobbin_http_has_valid_host (good));
}

typedef struct
{
  const char *about;
  const char *from;
  const char *location;
  const char *to;
} RedirectCase;

static const RedirectCase redirect_cases[] = {
  { "absolute", "http://a/x", "http://b/y", "http://b/y" },
  { "absolute-path", "http://a:8080/x/y", "/z", "http://a:8080/z" },
  { "relative", "http://a/x/y?q", "z?w", "http://a/x/z?w" },
  { "climb", "http://a/x/y", "../../../z", "http://a/z" },
  { "same-scheme", "https://a/x", "//b/y", "https://b/y" },
  { "query-only", "http://a/x", "?q=1", "http://a/x?q=1" },
  { "to-https", "http://a/x", "https://a/x", "https://a/x" },
  { "stays-https", "https://a/x", "https://b/x", "https://b/x" },
  { "scheme-upper", "http://a/x", "HTTP://b/y", "http://b/y" },
  { "fragment-kept", "http://a/x#part", "http://b/y", "http://b/y#part" },
  { "fragment-own", "http://a/x#part", "http://b/y#own", "http://b/y#own" },
  { "userinfo", "http://a/x", "http://me:secret@b/y", "http://b/y" },
  { "userinfo-of-from", "http://me:secret@a/x", "/y", "http://a/y" },
  { "space", "http://a/x", "http://b/two words", "http://b/two%20words" },
  { "escapes-stay", "http://a/x", "/a%2Fb%20c?d%26e", "http://a/a%2Fb%20c?d%26e" },
  { "no-path", "http://a/x", "http://b", "http://b/" },
  { "default-port", "http://a/x", "http://b:80/", "http://b/" },
  { "port", "http://a/x", "http://b:8443/", "http://b:8443/" },
  { "address-6", "http://a/x", "http://[::1]:81/", "http://[::1]:81/" },
  { "to-http", "https://a/x", "http://a/x", NULL },
  { "to-http-relative-scheme", "https://a/x", "http:/y", NULL },
  { "file", "http://a/x", "file:///etc/passwd", NULL },
  { "ftp", "http://a/x", "ftp://b/y", NULL },
  { "data", "http://a/x", "data:text/plain,x", NULL },
  { "javascript", "http://a/x", "javascript:alert(1)", NULL },
  { "bad-port", "http://a/x", "http://b:99999/", NULL },
  { "bad-host", "http://a/x", "http://[::1/", NULL },
  { "no-host", "http://a/x", "http:///y", NULL },
  { "control-in-host", "http://a/x", "http://%1b%5b31m.invalid/", NULL },
  { "control-in-host-relative", "http://a/x", "//%1b%5b31m.invalid/", NULL },
  { "line-in-host", "http://a/x", "http://b%0aX-Evil:%201/", NULL },
  { "blank-in-host", "http://a/x", "http://b%20c/", NULL },
  { "empty", "http://a/x", "", NULL },
  { "null", "http://a/x", NULL, NULL },
};

static void
test_redirect (gconstpointer data)
{
  const RedirectCase *c = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *to = NULL;
  gboolean followed = bobbin_http_check_redirect (c->from, c->location, &to, &error);

  g_assert_cmpstr (to, ==, c->to);
  g_assert_cmpint (followed, ==, c->to != NULL);
  if (c->to == NULL)
    {
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT);
      g_assert_cmpstr (error->message, !=, "");
    }
  else
    g_assert_no_error (error);
}

/* The sentence tells that security would be lost, and where. */
static void
test_redirect_to_http_message (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *to = NULL;

  g_assert_false (bobbin_http_check_redirect ("https://a/", "http://mirror.test/", &to, &error));
  g_assert_nonnull (strstr (error->message, "insecure"));
  g_assert_nonnull (strstr (error->message, "mirror.test"));
}

#define ADD_CASES(group, cases, func)                                                        \
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)                                           \
    {                                                                                        \
      g_autofree char *path = g_strdup_printf ("/http-policy/%s/%s", group, cases[i].about); \
                                                                                             \
      g_test_add_data_func (path, &cases[i], func);                                          \
    }

static void
test_userinfo (void)
{
  static const char *const cases[][2] = {
    { "http://a:b@c/d", "http://c/d" },
    { "https://a@c:8443/d@e?f@g", "https://c:8443/d@e?f@g" },
    { "http://a:p@ss@c", "http://c" },
    { "http://c/d?u=x@y", "http://c/d?u=x@y" },
    { "http://c?x@y", "http://c?x@y" },
    { "a@b", "a@b" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *stripped = bobbin_http_strip_userinfo (cases[i][0]);

      g_assert_cmpstr (stripped, ==, cases[i][1]);
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  ADD_CASES ("content-range", range_cases, test_range);
  ADD_CASES ("strong-etag", etag_cases, test_etag);
  ADD_CASES ("same-version", version_cases, test_version);
  ADD_CASES ("retryable", retry_cases, test_retryable);
  ADD_CASES ("retry-after", retry_after_cases, test_retry_after);
  ADD_CASES ("date", date_cases, test_date);
  ADD_CASES ("host", host_cases, test_host);
  ADD_CASES ("redirect", redirect_cases, test_redirect);
  g_test_add_func ("/http-policy/if-range", test_if_range);
  g_test_add_func ("/http-policy/userinfo", test_userinfo);
  g_test_add_func ("/http-policy/retryable/cancelled", test_retryable_cancelled);
  g_test_add_func ("/http-policy/backoff", test_backoff);
  g_test_add_func ("/http-policy/redirect/to-http-message", test_redirect_to_http_message);
  g_test_add_func ("/http-policy/host-semicolon", test_host_semicolon);

  return g_test_run ();
}
