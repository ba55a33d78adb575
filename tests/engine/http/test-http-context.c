/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-http-context: what can be set and what not, and that what is put away comes back, without
 * a secret where there should be none.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-http-context.h"

#include <string.h>

#define HEADERS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static BobbinHttpContext *
make (const BobbinHttpSettings *settings)
{
  g_autoptr (GError) error = NULL;
  BobbinHttpContext *context = bobbin_http_context_new (settings, &error);

  g_assert_no_error (error);
  g_assert_nonnull (context);

  return context;
}

/* Says what is tried; not all of it is text. */
static void
say_case (const char *text)
{
  g_autofree char *shown = g_strescape (text, NULL);

  g_test_message ("%s", shown);
}

/* Refused, with a sentence that does not tell secrets. */
static void
assert_refused (const BobbinHttpSettings *settings)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bobbin_http_context_new (settings, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING);
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_null (strstr (error->message, "hunter2"));
  g_assert_null (strpbrk (error->message, "\r\n\x1b"));
}

static void
test_headers (void)
{
  const char *const good[] = {
    "Accept: */*",
    "accept-language:fr",
    "X-Empty:",
    "X-Spaces:   a  b   ",
    "X-Tab: a\tb",
    "X-Umlaut: ä",
    "X-Colons: a:b:c",
    "!#$%&'*+-.^_`|~09azAZ: x",
    "Authorization: Bearer x",
    "Proxy-Authorization: Basic x",
    "Cookie: a=b",
    "Rang: x",
    "Ranges: x",
    "Referer: x",
  };
  const char *const bad[] = {
    "",
    ":",
    ": hunter2",
    "no colon",
    "Two Words: hunter2",
    "Space-Before : hunter2",
    " Accept: hunter2",
    "Accept\t: hunter2",
    "Naïve: hunter2",
    "X\r\nY: hunter2",
    "X(y): hunter2",
    "X: hunter2\r\nY: b",
    "X: hunter2\n",
    "X: hunter2\r",
    "X: hunter2\x1b[2J",
    "X: hunter2\x7f",
    "X: hunter2\xff",
    "Range: bytes=0-hunter2",
    "range:x",
    "RANGE: x",
    "If-Range: x",
    "If-Match: x",
    "If-None-Match: x",
    "If-Modified-Since: x",
    "If-Unmodified-Since: x",
    "Accept-Encoding: gzip",
    "Host: x",
    "Content-Length: 0",
    "Transfer-Encoding: chunked",
    "Connection: close",
    "Keep-Alive: x",
    "Proxy-Connection: x",
    "TE: trailers",
    "Trailer: x",
    "Upgrade: h2c",
    "HTTP2-Settings: x",
    "Expect: 100-continue",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (bobbin_http_check_header (good[i], &error));
      g_assert_no_error (error);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      say_case (bad[i]);
      g_assert_false (bobbin_http_check_header (bad[i], NULL));
      assert_refused (&(BobbinHttpSettings){ .headers = HEADERS ("Accept: */*", bad[i]) });
    }
}

static void
test_secret_headers (void)
{
  const char *const secret[] = {
    "Authorization",       "authorization: x", "Cookie: x",       "Proxy-Authorization: x",
    "X-Api-Key: x",        "PRIVATE-TOKEN: x", "X-Auth-Token: x", "X-Amz-Security-Token: x",
    "X-Goog-Signature: x", "X-Session-Id: x",  "X-Passphrase: x", "Client-Secret: x",
  };
  const char *const open[] = { "Accept: x", "Accept-Language: cookie", "X-Note: the token is here",
                               "DNT: 1" };

  for (gsize i = 0; i < G_N_ELEMENTS (secret); i++)
    g_assert_true (bobbin_http_is_secret_header (secret[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (open); i++)
    g_assert_false (bobbin_http_is_secret_header (open[i]));
}

static void
test_empty (void)
{
  const BobbinHttpSettings nothing = { 0 };
  const BobbinHttpSettings blank = {
    .headers = (const char *const[]){ NULL },
    .referrer = "",
    .user_agent = "",
    .cookie_file = "",
    .user = "",
    .password = "",
    .ca_file = "",
  };
  g_autoptr (BobbinHttpContext) a = make (&nothing);
  g_autoptr (BobbinHttpContext) b = make (&blank);
  const BobbinHttpSettings *settings = bobbin_http_context_get_settings (b);

  g_assert_true (bobbin_http_context_is_empty (a));
  g_assert_true (bobbin_http_context_is_empty (b));
  g_assert_nonnull (settings->headers);
  g_assert_null (settings->headers[0]);
  g_assert_null (settings->referrer);
  g_assert_null (settings->user_agent);
  g_assert_null (settings->cookie_file);
  g_assert_null (settings->user);
  g_assert_null (settings->password);
  g_assert_null (settings->ca_file);
}

static void
test_settings (void)
{
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *cookies = g_build_filename (here, "cookies.txt", NULL);
  char line[] = "X-One:  1 ";
  const BobbinHttpSettings given = {
    .headers = HEADERS (line, "Accept:*/*", "x-one: 2", "User-Agent: Me/1"),
    .referrer = "https://example.org/a",
    .cookie_file = "./cookies.txt",
    .user = "jo",
    .password = "",
    .ca_file = "/etc/../ca.pem",
  };
  g_autoptr (BobbinHttpContext) context = make (&given);
  const BobbinHttpSettings *settings = bobbin_http_context_get_settings (context);

  /* A copy: what was given may change. */
  memset (line, 'x', sizeof line - 1);
  g_assert_cmpstrv (settings->headers, HEADERS ("X-One: 1", "Accept: */*", "x-one: 2"));
  g_assert_cmpstr (settings->user_agent, ==, "Me/1");
  g_assert_cmpstr (settings->referrer, ==, "https://example.org/a");
  g_assert_cmpstr (settings->cookie_file, ==, cookies);
  g_assert_cmpstr (settings->ca_file, ==, "/ca.pem");
  g_assert_cmpstr (settings->user, ==, "jo");
  g_assert_cmpstr (settings->password, ==, "");
  g_assert_cmpstr (bobbin_http_context_get_header (context, "X-ONE"), ==, "1");
  g_assert_null (bobbin_http_context_get_header (context, "X-On"));
  g_assert_null (bobbin_http_context_get_header (context, "X-One:"));
  g_assert_false (bobbin_http_context_is_empty (context));
}

static void
test_referrer (void)
{
  const struct
  {
    const char *given, *kept;
  } cases[] = {
    { "http://example.org", "http://example.org/" },
    { "https://example.org/a?b=c", "https://example.org/a?b=c" },
    { "https://example.org/a#b", "https://example.org/a" },
    { "https://jo:hunter2@example.org/a#b", "https://example.org/a" },
    { "https://jo@example.org:8080/%20", "https://example.org:8080/%20" },
    { "HTTPS://example.org/", "https://example.org/" },
  };
  const char *const bad[] = {
    "example.org",       "/a",        "about:blank", "ftp://example.org/",
    "http://",           "http:///a", "file:///a",   "https://example.org/\r\nX: y",
    "http://a b/hunter", "\x1b[2J",   "\xff",        "jo:hunter2@example.org",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = g_strconcat ("Referer: ", cases[i].given, NULL);
      g_autoptr (BobbinHttpContext) a = make (&(BobbinHttpSettings){ .referrer = cases[i].given });
      g_autoptr (BobbinHttpContext) b = make (&(BobbinHttpSettings){ .headers = HEADERS (line) });

      g_assert_cmpstr (bobbin_http_context_get_settings (a)->referrer, ==, cases[i].kept);
      g_assert_null (bobbin_http_context_get_settings (b)->referrer);
      g_assert_cmpstr (bobbin_http_context_get_header (b, "Referer"), ==, cases[i].kept);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *line = NULL;

      say_case (bad[i]);
      assert_refused (&(BobbinHttpSettings){ .referrer = bad[i] });
      line = g_strconcat ("Referer: ", bad[i], NULL);
      assert_refused (&(BobbinHttpSettings){ .headers = HEADERS (line) });
    }
}

static void
test_refused (void)
{
  const BobbinHttpSettings cases[] = {
    { .user_agent = "a\nb" },
    { .user_agent = "\xff" },
    { .password = "hunter2" },
    { .user = "jo:hunter2" },
    { .user = "jo\n", .password = "hunter2" },
    { .user = "jo", .password = "hunter2\n" },
    { .user = "jo", .password = "\xff" },
    { .user = "jo", .headers = HEADERS ("authorization: hunter2") },
    { .user_agent = "a", .headers = HEADERS ("User-Agent: b") },
    { .headers = HEADERS ("Referer: http://a/", "referer: http://b/") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (&cases[i]);
}

static void
assert_same (BobbinHttpContext *a, BobbinHttpContext *b)
{
  const BobbinHttpSettings *x = bobbin_http_context_get_settings (a);
  const BobbinHttpSettings *y = bobbin_http_context_get_settings (b);

  g_assert_cmpstrv (x->headers, y->headers);
  g_assert_cmpstr (x->referrer, ==, y->referrer);
  g_assert_cmpstr (x->user_agent, ==, y->user_agent);
  g_assert_cmpstr (x->cookie_file, ==, y->cookie_file);
  g_assert_cmpstr (x->user, ==, y->user);
  g_assert_cmpstr (x->password, ==, y->password);
  g_assert_cmpstr (x->ca_file, ==, y->ca_file);
}

static const BobbinHttpSettings full = {
  .headers = (const char *const[]){ "Accept: 'quotes' \"and\" \\ ä", "X-Empty: ", "X-Two: 2",
                                    "Cookie: hunter2", "X-Api-Key: hunter2", NULL },
  .referrer = "https://example.org/?q=ä",
  .user_agent = "Me/1 “ü”",
  .cookie_file = "/tmp/\xff not UTF-8",
  .user = "jö",
  .password = "hunter2 '\"\\",
  .ca_file = "/tmp/a b.pem",
};

static void
test_round_trip (void)
{
  const BobbinHttpSettings cases[] = {
    { 0 },
    full,
    { .headers = HEADERS ("Accept: */*") },
    { .headers = HEADERS ("Cookie: hunter2") },
    { .user = "jo", .password = "hunter2" },
    { .user = "jo", .password = "" },
    { .user = "jo" },
    { .referrer = "http://example.org/" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BobbinHttpContext) context = make (&cases[i]);
      g_autofree char *text = bobbin_http_context_to_text (context);
      g_autofree char *secrets = bobbin_http_context_to_secrets (context);
      g_autoptr (GError) error = NULL;
      g_autoptr (BobbinHttpContext) again =
        bobbin_http_context_new_from_text (text, secrets, &error);

      g_assert_no_error (error);
      assert_same (context, again);
      g_assert_false (bobbin_http_context_lacks_secrets (again));
      g_assert_null (strstr (text, "hunter2"));
      if (cases[i].user != NULL)
        g_assert_null (strstr (text, cases[i].user));
      g_assert_null (strchr (text, '\n'));
      g_assert_true (g_utf8_validate (text, -1, NULL));
    }
}

/* Where the secrets cannot be had, that is known, and stays known. */
static void
test_without_secrets (void)
{
  g_autoptr (BobbinHttpContext) context = make (&full);
  g_autofree char *text = bobbin_http_context_to_text (context);
  g_autofree char *secrets = bobbin_http_context_to_secrets (context);
  g_autoptr (GError) error = NULL;
  g_autoptr (BobbinHttpContext) poor = bobbin_http_context_new_from_text (text, NULL, &error);
  g_autofree char *poor_text = bobbin_http_context_to_text (poor);

  g_assert_no_error (error);
  g_assert_true (bobbin_http_context_lacks_secrets (poor));
  g_assert_false (bobbin_http_context_is_empty (poor));
  g_assert_null (bobbin_http_context_get_settings (poor)->user);
  g_assert_null (bobbin_http_context_get_settings (poor)->password);
  g_assert_null (bobbin_http_context_get_header (poor, "Cookie"));
  g_assert_null (bobbin_http_context_get_header (poor, "X-Api-Key"));
  g_assert_cmpstr (bobbin_http_context_get_header (poor, "X-Two"), ==, "2");
  g_assert_null (bobbin_http_context_to_secrets (poor));
  g_assert_cmpstr (poor_text, ==, text);
  g_assert_nonnull (strstr (secrets, "hunter2"));

  {
    g_autoptr (BobbinHttpContext) whole =
      bobbin_http_context_new_with_secrets (poor, secrets, &error);

    g_assert_no_error (error);
    assert_same (whole, context);
    g_assert_false (bobbin_http_context_lacks_secrets (whole));
    g_assert_null (bobbin_http_context_new_with_secrets (poor, "{", NULL));
  }
}

/* An earlier version kept the user's name in the open, and only the password with the secrets. */
static void
test_open_user (void)
{
  const char *const text = "{'user': <'jo'>, 'has-secrets': <true>}";
  const char *const secrets = "{'password': <'hunter2'>}";
  g_autoptr (BobbinHttpContext) context =
    make (&(BobbinHttpSettings){ .user = "jo", .password = "hunter2" });
  g_autoptr (BobbinHttpContext) at_once = bobbin_http_context_new_from_text (text, secrets, NULL);
  g_autoptr (BobbinHttpContext) poor = bobbin_http_context_new_from_text (text, NULL, NULL);
  g_autoptr (BobbinHttpContext) later = bobbin_http_context_new_with_secrets (poor, secrets, NULL);
  g_autofree char *new_text = bobbin_http_context_to_text (poor);

  assert_same (at_once, context);
  g_assert_true (bobbin_http_context_lacks_secrets (poor));
  g_assert_cmpstr (bobbin_http_context_get_settings (poor)->user, ==, "jo");
  assert_same (later, context);
  g_assert_cmpstr (new_text, ==, "{'has-secrets': <true>}");
}

static void
test_address (void)
{
  const struct
  {
    const char *address, *user, *password;
  } cases[] = {
    { "https://jo:hunter2@example.org/a@b", "jo", "hunter2" },
    { "https://jo@example.org/", "jo", NULL },
    { "https://jo:@example.org/", "jo", "" },
    { "https://j%40o:a%3ab%2Fc@example.org/", "j@o", "a:b/c" },
    { "https://jo:a:b@example.org/", "jo", "a:b" },
  };
  const char *const none[] = {
    "https://example.org/a@b",
    "https://example.org/?a=http://jo:hunter2@x/",
    "https://@example.org/",
    "https://:hunter2@example.org/",
    "https://j%3ao:hunter2@example.org/",
    "https://jo%0a:hunter2@example.org/",
    "",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BobbinHttpContext) context =
        bobbin_http_context_new_for_address (cases[i].address);

      say_case (cases[i].address);
      g_assert_nonnull (context);
      g_assert_true (bobbin_http_context_has_login (context));
      g_assert_cmpstr (bobbin_http_context_get_settings (context)->user, ==, cases[i].user);
      g_assert_cmpstr (bobbin_http_context_get_settings (context)->password, ==, cases[i].password);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_null (bobbin_http_context_new_for_address (none[i]));
}

static void
test_no_secrets (void)
{
  g_autoptr (BobbinHttpContext) context =
    make (&(BobbinHttpSettings){ .headers = HEADERS ("Accept: */*") });
  g_autofree char *text = bobbin_http_context_to_text (context);
  g_autoptr (BobbinHttpContext) again = bobbin_http_context_new_from_text (text, NULL, NULL);

  g_assert_null (bobbin_http_context_to_secrets (context));
  g_assert_false (bobbin_http_context_lacks_secrets (again));
}

/* What is stored is looked at like anything else. */
static void
test_damaged (void)
{
  const char *const damaged[] = {
    "",
    "{",
    "42",
    "['hunter2']",
    "{'user': 'hunter2'}",
    "{'headers': <['Range: hunter2']>}",
    "{'referrer': <'hunter'>}",
    "{'user': <'a:hunter2'>}",
    "\xff",
  };
  const char *const harmless[] = {
    "{}",
    "@a{sv} {}",
    "{'other': <42>}",
    "{'user': <42>, 'headers': <'x'>, 'cookie-file': <'x'>}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr (GError) error = NULL;

      say_case (damaged[i]);
      g_assert_null (bobbin_http_context_new_from_text (damaged[i], NULL, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING);
      g_assert_null (strstr (error->message, "hunter2"));
      g_assert_null (
        bobbin_http_context_new_from_text ("{}", damaged[i][0] == '{' ? "{" : damaged[i], NULL));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (harmless); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BobbinHttpContext) context =
        bobbin_http_context_new_from_text (harmless[i], "{}", &error);

      g_assert_no_error (error);
      g_assert_true (bobbin_http_context_is_empty (context));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/http-context/headers", test_headers);
  g_test_add_func ("/http-context/secret-headers", test_secret_headers);
  g_test_add_func ("/http-context/empty", test_empty);
  g_test_add_func ("/http-context/settings", test_settings);
  g_test_add_func ("/http-context/referrer", test_referrer);
  g_test_add_func ("/http-context/refused", test_refused);
  g_test_add_func ("/http-context/round-trip", test_round_trip);
  g_test_add_func ("/http-context/without-secrets", test_without_secrets);
  g_test_add_func ("/http-context/no-secrets", test_no_secrets);
  g_test_add_func ("/http-context/open-user", test_open_user);
  g_test_add_func ("/http-context/address", test_address);
  g_test_add_func ("/http-context/damaged", test_damaged);

  return g_test_run ();
}
