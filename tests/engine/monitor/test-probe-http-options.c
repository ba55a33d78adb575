/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What can be set for a probe of a web server: what is expected of its answer, how it is asked, and
 * what the details of a sample tell.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-test-sampling.h"
#include "bobbin-test-server.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *options; /* in GVariant's text format */
  guint status;
  const char *body;
  const char *said; /* NULL for a good answer */
} ExpectCase;

/* clang-format off */
static const ExpectCase expects[] = {
  { "status-in", "{'expect-status': <'200-299,304'>}", 204, "", NULL },
  { "status-single", "{'expect-status': <' 200 - 299 , 304 '>}", 304, "", NULL },
  { "status-out", "{'expect-status': <'200-299,304'>}", 404, "",
    "The status 200-299,304 was expected, but 127.0.0.1 answered with 404." },
  { "status-error-expected", "{'expect-status': <'503'>}", 503, "down", NULL },
  { "status-good-unexpected", "{'expect-status': <'404'>}", 200, "",
    "The status 404 was expected, but 127.0.0.1 answered with 200." },
  { "keyword", "{'keyword': <'all ☀ well'>}", 200, "So: all ☀ well.", NULL },
  { "keyword-missing", "{'keyword': <'all is well'>}", 200, "All is well",
    "“all is well” was expected, but is not in the 11 bytes that came from 127.0.0.1." },
  { "keyword-of-error", "{'keyword': <'teapot'>, 'expect-status': <'418'>}", 418, "a teapot",
    NULL },
  { "keyword-beyond-limit", "{'keyword': <'end'>, 'max-body': <uint64 10>}", 200,
    "0123456789end", "“end” was expected" },
  { "keyword-within-limit", "{'keyword': <'end'>, 'max-body': <uint64 13>}", 200,
    "0123456789end", NULL },
  { "absent", "{'keyword-absent': <'error'>}", 200, "fine", NULL },
  { "absent-there", "{'keyword-absent': <'error'>}", 200, "no error",
    "“error” was not expected, but is in what came from 127.0.0.1." },
  { "regex", "{'regex': <'^state: (up|ok)$'>}", 200, "a\r\nstate: ok\r\nb", NULL },
  { "regex-none", "{'regex': <'^state: up$'>}", 200, "state: upper\n state: up",
    "A line that matches “^state: up$” was expected, but none came from 127.0.0.1." },
  { "regex-endless", "{'regex': <'^(a+)+$'>}", 200,
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
    "The regular expression takes too long" },
  { "json", "{'json-path': <'checks[1].state'>, 'json-equals': <'up'>}", 200,
    "{\"checks\": [{\"state\": \"down\"}, {\"state\": \"up\"}]}", NULL },
  { "json-root", "{'json-path': <'$[0]'>, 'json-equals': <'true'>}", 200, "[true]", NULL },
  { "json-number", "{'json-path': <'$.n'>, 'json-equals': <'1'>}", 200, "{\"n\": 1.0}", NULL },
  { "json-there", "{'json-path': <'n'>}", 200, "{\"n\": null}", NULL },
  { "json-other", "{'json-path': <'state'>, 'json-equals': <'up'>}", 200,
    "{\"state\": \"down\"}", "“state” was expected to be “up”, but 127.0.0.1 says “down”." },
  { "json-no-number", "{'json-path': <'errors'>, 'json-equals': <'0'>}", 200,
    "{\"errors\": \"NaN\"}", "“errors” was expected to be “0”, but" },
  { "json-missing", "{'json-path': <'a.b'>, 'json-equals': <'up'>}", 200, "{\"a\": []}",
    "The JSON that came has no “a.b”." },
  { "json-short-list", "{'json-path': <'[3]'>}", 200, "[1,2,3]", "The JSON that came has no" },
  { "json-none", "{'json-path': <'a'>}", 200, "<html>",
    "JSON was expected, but what came is none." },
  { "json-empty", "{'json-path': <'a'>}", 200, "", "JSON was expected, but what came is none." },
};

static const char *const bad_options[] = {
  "{'expect-status': <''>}",
  "{'expect-status': <'2xx'>}",
  "{'expect-status': <'200-'>}",
  "{'expect-status': <'299-200'>}",
  "{'expect-status': <'99'>}",
  "{'expect-status': <'600'>}",
  "{'expect-status': <'200,,201'>}",
  "{'expect-status': <uint32 200>}",
  "{'regex': <'('>}",
  "{'regex': <'a{2,1}'>}",
  "{'json-equals': <'up'>}",
  "{'json-path': <''>}",
  "{'json-path': <'a..b'>}",
  "{'json-path': <'a[x]'>}",
  "{'json-path': <'a[1'>}",
  "{'json-path': <'a.'>}",
  "{'method': <'DELETE'>}",
  "{'method': <'HEAD'>, 'keyword': <'x'>}",
  "{'headers': <['Range: bytes=0-1']>}",
  "{'headers': <['no header']>}",
  "{'password': <'hunter2'>}",
  "{'ip': <'5'>}",
  "{'follow-redirects': <'yes'>}",
  "{'colour': <'red'>}",
};
/* clang-format on */

static GVariant *
parse (const char *options)
{
  GVariant *parsed = g_variant_parse (G_VARIANT_TYPE_VARDICT, options, NULL, NULL, NULL);

  g_assert_nonnull (parsed);

  return parsed;
}

static BobbinTestSampling *
begin (BobbinTestServer *server, const char *path, const char *options)
{
  g_autofree char *uri = bobbin_test_server_get_uri (server, path);
  g_autoptr (GVariant) parsed = parse (options);

  return bobbin_test_sampling_begin_with (uri, parsed);
}

static void
serve (BobbinTestServer *server, const char *path, guint status, const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  const BobbinTestFile file = { .body = bytes, .length = (gint64) strlen (body), .status = status };

  bobbin_test_server_set (server, path, &file);
}

static void
test_expect (gconstpointer user_data)
{
  const ExpectCase *test = user_data;
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autoptr (BobbinTestSampling) sampling = NULL;
  g_autofree char *text = g_strdup_printf ("HTTP %u", test->status);

  serve (server, "/", test->status, test->body);
  sampling = begin (server, "/", test->options);
  if (test->said == NULL)
    {
      g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >, 0);
    }
  else
    {
      g_thread_join (g_steal_pointer (&sampling->thread));
      g_assert_false (sampling->ok);
      g_assert_cmpint (sampling->error->domain, ==, BOBBIN_ERROR);
      if (!g_str_has_prefix (sampling->error->message, test->said))
        g_assert_cmpstr (sampling->error->message, ==, test->said);
    }
  g_assert_cmpstr (sampling->sample.text, ==, text);
  bobbin_test_server_wait_open (server, 0);
}

static void
test_bad_options (gconstpointer user_data)
{
  g_autoptr (GVariant) options = parse (user_data);
  g_autoptr (GError) error = NULL;

  g_assert_null (bobbin_probe_new ("http://localhost/", options, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING);
  g_assert_null (strstr (error->message, "hunter2"));
}

/* A stranger's JSON may be as deep as it is long. */
static void
test_deep_json (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autoptr (BobbinTestSampling) sampling = NULL;
  g_autofree char *body = g_strnfill (1000000, '[');

  serve (server, "/", 200, body);
  sampling = begin (server, "/", "{'json-path': <'[0]'>}");
  bobbin_test_sampling_expect_error (sampling, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER);
}

/* One line of a million characters is matched in pieces, and a character is not cut. */
static void
test_long_line (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autoptr (BobbinTestSampling) found = NULL;
  g_autoptr (BobbinTestSampling) missing = NULL;
  GString *body = g_string_new (NULL);

  while (body->len < 900000)
    g_string_append (body, "ü·");
  g_string_append (body, "needle·end");
  serve (server, "/", 200, body->str);

  found = begin (server, "/", "{'regex': <'·needle·end$'>}");
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (found), >, 0);
  /* Not where a piece begins or ends. */
  missing = begin (server, "/", "{'regex': <'^·|ü$|^needle'>}");
  bobbin_test_sampling_expect_error (missing, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER);
  g_string_free (body, TRUE);
}

static void
test_method (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autoptr (BobbinTestSampling) sampling = NULL;
  g_autofree char *length = NULL;

  serve (server, "/", 200, "");
  sampling = begin (server, "/", "{'method': <'POST'>}");
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >, 0);
  /* No other method says how much it sends. */
  length = bobbin_test_server_get_header (server, "/", 0, "Content-Length");
  g_assert_cmpstr (length, ==, "0");
}

static void
test_headers (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autoptr (BobbinTestSampling) sampling = NULL;
  g_autofree char *language = NULL;

  serve (server, "/", 200, "");
  sampling = begin (server, "/", "{'headers': <['Accept-Language: fr']>}");
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >, 0);
  language = bobbin_test_server_get_header (server, "/", 0, "Accept-Language");
  g_assert_cmpstr (language, ==, "fr");
}

static void
test_login (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  const BobbinTestFile locked = { .status = 401,
                                  .headers = "WWW-Authenticate: Basic realm=\"x\"\r\n" };
  const BobbinTestFile open = { .length = 10 };
  const char *options = "{'user': <'ada'>, 'password': <'hunter2'>}";
  g_autoptr (BobbinTestSampling) good = NULL;
  g_autoptr (BobbinTestSampling) bad = NULL;
  g_autofree char *login = NULL;
  g_autofree char *details = NULL;

  bobbin_test_server_set (server, "/", &open);
  bobbin_test_server_set_for (server, "/", 0, 1, &locked);
  good = begin (server, "/", options);
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (good), >, 0);
  login = bobbin_test_server_get_header (server, "/", 1, "Authorization");
  g_assert_cmpstr (login, ==, "Basic YWRhOmh1bnRlcjI=");

  bobbin_test_server_set (server, "/locked", &locked);
  bad = begin (server, "/locked", options);
  bobbin_test_sampling_expect_error (bad, BOBBIN_ERROR, BOBBIN_ERROR_LOGIN_REQUIRED);
  details = g_variant_print (bad->sample.details, FALSE);
  g_assert_null (strstr (bad->error->message, "hunter2"));
  g_assert_null (strstr (details, "hunter2"));
}

static void
test_redirects (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autoptr (BobbinTestSampling) followed = NULL;
  g_autoptr (BobbinTestSampling) limited = NULL;
  g_autoptr (BobbinTestSampling) stayed = NULL;
  g_autoptr (BobbinTestSampling) unexpected = NULL;
  guint n_redirects = 0;

  bobbin_test_server_set_redirect (server, "/a", "/b");
  bobbin_test_server_set_redirect (server, "/b", "/c");
  serve (server, "/c", 200, "there");

  followed = begin (server, "/a", "{'keyword': <'there'>, 'max-redirects': <uint32 2>}");
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (followed), >, 0);
  g_assert_true (g_variant_lookup (followed->sample.details, "redirects", "u", &n_redirects));
  g_assert_cmpuint (n_redirects, ==, 2);

  limited = begin (server, "/a", "{'max-redirects': <uint32 1>}");
  bobbin_test_sampling_expect_error (limited, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT);
  g_assert_cmpstr (limited->error->message, ==,
                   "At most 1 redirect was expected, but 127.0.0.1 leads on to yet another "
                   "address.");

  stayed = begin (server, "/a", "{'follow-redirects': <false>, 'expect-status': <'300-399'>}");
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (stayed), >, 0);
  unexpected = begin (server, "/a", "{'follow-redirects': <false>, 'expect-status': <'200'>}");
  bobbin_test_sampling_expect_error (unexpected, BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (server, "/b"), ==, 2);
}

static void
test_ip (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autoptr (BobbinTestSampling) four = NULL;
  g_autoptr (BobbinTestSampling) six = NULL;
  const char *ip = NULL;

  serve (server, "/", 200, "");
  four = begin (server, "/", "{'ip': <'4'>}");
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (four), >, 0);
  g_assert_true (g_variant_lookup (four->sample.details, "ip", "&s", &ip));
  g_assert_cmpstr (ip, ==, "127.0.0.1");

  six = begin (server, "/", "{'ip': <'6'>}");
  bobbin_test_sampling_expect_error (six, BOBBIN_ERROR, BOBBIN_ERROR_UNREACHABLE);
  g_assert_cmpstr (six->error->message, ==,
                   "127.0.0.1 has no IPv6 address, and no other may be used.");
}

static double
get_ms (BobbinTestSampling *sampling, const char *name)
{
  double ms = -1;

  g_variant_lookup (sampling->sample.details, name, "d", &ms);

  return ms;
}

/* Phases follow each other, and the whole is no less than any. */
static void
test_phases (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_TLS);
  g_autofree char *options = g_strdup_printf ("{'ca-file': <'%s'>}", bobbin_test_server_ca_file ());
  g_autoptr (BobbinTestSampling) sampling = NULL;
  double whole;

  serve (server, "/", 200, "hello");
  sampling = begin (server, "/", options);
  whole = bobbin_test_sampling_expect_value (sampling);
  g_assert_cmpfloat (get_ms (sampling, "whole-ms"), ==, whole);
  g_assert_cmpfloat (get_ms (sampling, "connect-ms"), >, 0);
  g_assert_cmpfloat (get_ms (sampling, "tls-ms"), >, 0);
  g_assert_cmpfloat (get_ms (sampling, "first-byte-ms"), >, 0);
  g_assert_cmpfloat (get_ms (sampling, "connect-ms") + get_ms (sampling, "tls-ms") +
                       get_ms (sampling, "first-byte-ms"),
                     <=, whole);
  g_assert_cmpfloat (get_ms (sampling, "certificate-days"), >, 365);
}

static void
add_all (const char *prefix, const char *const *strings, gsize n, GTestDataFunc func)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%" G_GSIZE_FORMAT, prefix, i);

      g_test_add_data_func (path, strings[i], func);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (expects); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe-http/expect/%s", expects[i].name);

      g_test_add_data_func (path, &expects[i], test_expect);
    }
  add_all ("/probe-http/bad-options", bad_options, G_N_ELEMENTS (bad_options), test_bad_options);
  g_test_add_func ("/probe-http/deep-json", test_deep_json);
  g_test_add_func ("/probe-http/long-line", test_long_line);
  g_test_add_func ("/probe-http/method", test_method);
  g_test_add_func ("/probe-http/headers", test_headers);
  g_test_add_func ("/probe-http/login", test_login);
  g_test_add_func ("/probe-http/redirects", test_redirects);
  g_test_add_func ("/probe-http/ip", test_ip);
  g_test_add_func ("/probe-http/phases", test_phases);

  return g_test_run ();
}
