/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-http-run: what goes with which request, asked of a server. 127.0.0.1 and localhost are two
 * hosts, and two servers are two ports of one.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-http-run.h"
#include "bobbin-test-server.h"

#include <glib/gstdio.h>
#include <string.h>

#define HEADERS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define BASIC        "WWW-Authenticate: Basic realm=\"here\"\r\n"
#define DIGEST       "WWW-Authenticate: Digest realm=\"here\", nonce=\"1\", qop=\"auth\"\r\n"

typedef struct
{
  BobbinTestServer *server;
  SoupSession *session;
  BobbinHttpRun *run; /* (nullable) until it is begun */
} Fixture;

static void
fixture_set_up (Fixture *f, gconstpointer kind)
{
  f->server = bobbin_test_server_new (GPOINTER_TO_UINT (kind));
  f->session = soup_session_new_with_options ("user-agent", "Default/1", NULL);
  bobbin_test_server_set (f->server, "/f", &(BobbinTestFile){ .length = 10 });
}

static void
fixture_tear_down (Fixture *f, gconstpointer kind)
{
  soup_session_abort (f->session);
  g_assert_finalize_object (f->session);
  g_clear_pointer (&f->run, bobbin_http_run_unref);
  bobbin_test_server_free (f->server);
}

static void
fixture_begin (Fixture *f, const char *first_url, const BobbinHttpSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BobbinHttpContext) context = bobbin_http_context_new (settings, &error);

  g_assert_no_error (error);
  f->run = bobbin_http_run_new (context, first_url, &error);
  g_assert_no_error (error);
}

static void
fixture_begin_here (Fixture *f, const BobbinHttpSettings *settings)
{
  g_autofree char *url = bobbin_test_server_get_uri (f->server, "/f");

  fixture_begin (f, url, settings);
}

static SoupMessage *
fixture_ask (Fixture *f, const char *url)
{
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;

  bobbin_http_run_apply (f->run, message);
  body = soup_session_send_and_read (f->session, message, NULL, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&message);
}

static SoupMessage *
fixture_ask_path (Fixture *f, const char *path)
{
  g_autofree char *url = bobbin_test_server_get_uri (f->server, path);

  return fixture_ask (f, url);
}

static void
assert_got (BobbinTestServer *server, guint request, const char *name, const char *value)
{
  g_autofree char *got = bobbin_test_server_get_header (server, "/f", request, name);

  g_assert_cmpstr (got, ==, value);
}

/* The same server by its other name. */
static char *
fixture_other_host (Fixture *f)
{
  return g_strdup_printf ("http://localhost:%u/f", bobbin_test_server_get_port (f->server));
}

static void
test_origins (void)
{
  const struct
  {
    const char *a, *b;
    gboolean same;
  } cases[] = {
    { "http://h/a", "http://h/b?c#d", TRUE },   { "http://h/", "http://h:80/", TRUE },
    { "https://h/", "https://h:443/", TRUE },   { "http://h/", "HTTP://H/", TRUE },
    { "http://jo:pw@h/", "http://h/", TRUE },   { "http://[::1]:80/", "http://[::1]/", TRUE },
    { "http://h/", "https://h/", FALSE },       { "http://h:443/", "https://h/", FALSE },
    { "https://h/", "https://h:8443/", FALSE }, { "http://h/", "http://h.h/", FALSE },
    { "http://h/", "http://www.h/", FALSE },    { "http://h/", "http://h./", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GUri) a = g_uri_parse (cases[i].a, SOUP_HTTP_URI_FLAGS, NULL);
      g_autoptr (GUri) b = g_uri_parse (cases[i].b, SOUP_HTTP_URI_FLAGS, NULL);

      g_test_message ("%s %s", cases[i].a, cases[i].b);
      g_assert_cmpint (bobbin_http_is_same_origin (a, b), ==, cases[i].same);
      g_assert_cmpint (bobbin_http_is_same_origin (b, a), ==, cases[i].same);
    }
}

static void
test_nothing (Fixture *f, gconstpointer data)
{
  g_autofree char *url = bobbin_test_server_get_uri (f->server, "/f");
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  f->run = bobbin_http_run_new (NULL, url, &error);
  g_assert_no_error (error);
  message = fixture_ask (f, url);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  assert_got (f->server, 0, "User-Agent", "Default/1");
  assert_got (f->server, 0, "Referer", NULL);
  assert_got (f->server, 0, "Cookie", NULL);
  assert_got (f->server, 0, "Authorization", NULL);
  g_assert_false (bobbin_http_run_is_private (f->run));
}

static const BobbinHttpSettings own = {
  .headers = (const char *const[]){ "X-Own: 1", "Authorization: Bearer secret", "Cookie: c=1",
                                    "Accept: text/plain", NULL },
  .referrer = "http://from.example/page#part",
  .user_agent = "Me/2",
};

static void
test_same_origin (Fixture *f, gconstpointer data)
{
  g_autoptr (SoupMessage) message = NULL;

  fixture_begin_here (f, &own);
  message = fixture_ask_path (f, "/f");
  assert_got (f->server, 0, "X-Own", "1");
  assert_got (f->server, 0, "Authorization", "Bearer secret");
  assert_got (f->server, 0, "Cookie", "c=1");
  assert_got (f->server, 0, "Accept", "text/plain");
  assert_got (f->server, 0, "Referer", "http://from.example/page");
  assert_got (f->server, 0, "User-Agent", "Me/2");
}

/* Own headers stay; who asks is no secret, and from which host neither. */
static void
assert_no_own (BobbinTestServer *server)
{
  assert_got (server, 0, "X-Own", NULL);
  assert_got (server, 0, "Authorization", NULL);
  assert_got (server, 0, "Cookie", NULL);
  assert_got (server, 0, "Accept", NULL);
  assert_got (server, 0, "Referer", "http://from.example/");
  assert_got (server, 0, "User-Agent", "Me/2");
}

static void
test_other_host (Fixture *f, gconstpointer data)
{
  g_autofree char *other = fixture_other_host (f);
  g_autoptr (SoupMessage) message = NULL;

  fixture_begin_here (f, &own);
  message = fixture_ask (f, other);
  assert_no_own (f->server);
}

static void
test_other_port (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinTestServer) other = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *url = bobbin_test_server_get_uri (other, "/f");
  g_autoptr (SoupMessage) message = NULL;

  bobbin_test_server_set (other, "/f", &(BobbinTestFile){ .length = 10 });
  fixture_begin_here (f, &own);
  message = fixture_ask (f, url);
  assert_no_own (other);
}

/* There and back again: the redirect is shown to the caller and not followed with what this message
 * holds. */
static void
test_redirect (Fixture *f, gconstpointer data)
{
  g_autofree char *other = fixture_other_host (f);
  g_autoptr (SoupMessage) first = NULL;
  g_autoptr (SoupMessage) second = NULL;
  g_autoptr (SoupMessage) third = NULL;

  bobbin_test_server_set_redirect (f->server, "/go", other);
  fixture_begin_here (f, &own);
  first = fixture_ask_path (f, "/go");
  g_assert_cmpuint (soup_message_get_status (first), ==, 302);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f"), ==, 0);

  second = fixture_ask (f, other);
  assert_got (f->server, 0, "Authorization", NULL);
  third = fixture_ask_path (f, "/f");
  assert_got (f->server, 1, "Authorization", "Bearer secret");
}

/* Of a run that begins at @first and is led to @url. */
static char *
dup_referrer (const BobbinHttpSettings *settings, const char *first, const char *url)
{
  g_autoptr (BobbinHttpContext) context = bobbin_http_context_new (settings, NULL);
  g_autoptr (BobbinHttpRun) run = bobbin_http_run_new (context, first, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);

  bobbin_http_run_apply (run, message);

  return g_strdup (
    soup_message_headers_get_list (soup_message_get_request_headers (message), "Referer"));
}

/* However it was set, the first host gets it. */
static void
assert_referrer (const char *referrer, const char *url, const char *expected)
{
  g_autofree char *line = g_strconcat ("Referer: ", referrer, NULL);
  const char *const headers[] = { line, NULL };
  g_autofree char *set = dup_referrer (&(BobbinHttpSettings){ .referrer = referrer }, url, url);
  g_autofree char *header = dup_referrer (&(BobbinHttpSettings){ .headers = headers }, url, url);

  g_assert_cmpstr (set, ==, expected);
  g_assert_cmpstr (header, ==, expected);
}

/* Other hosts learn of a page only where it is; of a header that was set by hand they learn
 * nothing. */
static void
assert_led (const char *referrer, const char *first, const char *url, const char *expected)
{
  g_autofree char *line = g_strconcat ("Referer: ", referrer, NULL);
  const char *const headers[] = { line, NULL };
  g_autofree char *set = dup_referrer (&(BobbinHttpSettings){ .referrer = referrer }, first, url);
  g_autofree char *header = dup_referrer (&(BobbinHttpSettings){ .headers = headers }, first, url);

  g_assert_cmpstr (set, ==, expected);
  g_assert_cmpstr (header, ==, NULL);
}

static void
test_referrer (void)
{
  assert_led ("https://a:8443/p?q=1", "https://b/", "https://c/", "https://a:8443/");
  assert_led ("http://a/p?q=1", "http://b/", "https://b/", "http://a/");
  assert_led ("https://a/p?q=1", "https://b/", "http://c/", NULL);
  assert_led ("https://[::1]/p", "https://b/", "https://b:8443/", "https://[::1]/");
  assert_referrer ("http://a/p", "http://b/", "http://a/p");
  assert_referrer ("http://a/p", "https://b/", "http://a/p");
  assert_referrer ("https://a/p", "https://b/", "https://a/p");
  assert_referrer ("https://a/p", "http://b/", NULL);
  assert_referrer ("https://a/p", "http://a/", NULL);
  assert_referrer ("https://jo:pw@a/p#f", "https://b/", "https://a/p");
}

/* Logging in. */

static void
assert_login_error (Fixture *f, SoupMessage *message, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (soup_message_get_status (message), ==, 401);
  error = bobbin_http_run_explain_login (f->run, message);
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_LOGIN_REQUIRED);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_nonnull (strstr (error->message, g_uri_get_host (soup_message_get_uri (message))));
}

static const BobbinHttpSettings login = { .user = "jo", .password = "pä" };

static void
set_locked (Fixture *f, const char *challenge, guint times)
{
  bobbin_test_server_set (f->server, "/f",
                          &(BobbinTestFile){ .length = 10,
                                             .headers = challenge,
                                             .fault = BOBBIN_TEST_FAULT_STATUS,
                                             .fault_status = 401,
                                             .fault_times = times });
}

static void
test_basic (Fixture *f, gconstpointer data)
{
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (SoupMessage) next = NULL;

  set_locked (f, BASIC, 1);
  fixture_begin_here (f, &login);
  message = fixture_ask_path (f, "/f");
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  assert_got (f->server, 0, "Authorization", NULL);
  assert_got (f->server, 1, "Authorization", "Basic am86cMOk"); /* jo:pä */

  /* The next one knows. */
  next = fixture_ask_path (f, "/f");
  assert_got (f->server, 2, "Authorization", "Basic am86cMOk");
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f"), ==, 3);
  g_assert_true (bobbin_http_run_is_private (f->run));
}

static void
test_digest (Fixture *f, gconstpointer data)
{
  g_autoptr (SoupMessage) message = NULL;
  g_autofree char *sent = NULL;

  set_locked (f, DIGEST, 1);
  fixture_begin_here (f, &login);
  message = fixture_ask_path (f, "/f");
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  sent = bobbin_test_server_get_header (f->server, "/f", 1, "Authorization");
  g_assert_true (g_str_has_prefix (sent, "Digest "));
  g_assert_nonnull (strstr (sent, "response="));
}

/* A wrong password is tried once. */
static void
test_wrong_password (Fixture *f, gconstpointer data)
{
  const char *const challenges[] = { BASIC, DIGEST };

  for (guint i = 0; i < G_N_ELEMENTS (challenges); i++)
    {
      g_autoptr (SoupMessage) message = NULL;
      const guint before = bobbin_test_server_get_n_requests (f->server, "/f");

      g_clear_pointer (&f->run, bobbin_http_run_unref);
      soup_auth_manager_clear_cached_credentials (
        SOUP_AUTH_MANAGER (soup_session_get_feature (f->session, SOUP_TYPE_AUTH_MANAGER)));
      set_locked (f, challenges[i], 0);
      fixture_begin_here (f, &login);
      message = fixture_ask_path (f, "/f");
      assert_login_error (f, message, "does not accept");
      g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f") - before, ==, 2);
    }
}

static void
test_no_password (Fixture *f, gconstpointer data)
{
  g_autoptr (SoupMessage) message = NULL;

  set_locked (f, BASIC, 0);
  fixture_begin_here (f, &(BobbinHttpSettings){ .user = "jo" });
  message = fixture_ask_path (f, "/f");
  assert_login_error (f, message, "wants a user name and a password");
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f"), ==, 1);
}

/* Another host asks, and gets nothing. */
static void
test_login_elsewhere (Fixture *f, gconstpointer data)
{
  g_autofree char *other = fixture_other_host (f);
  g_autoptr (SoupMessage) message = NULL;

  set_locked (f, BASIC, 0);
  fixture_begin_here (f, &login);
  message = fixture_ask (f, other);
  assert_login_error (f, message, "was not sent");
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f"), ==, 1);
  assert_got (f->server, 0, "Authorization", NULL);
}

/* Not what sends the name of the computer's user, even if the session could. */
static void
test_unknown_schemes (Fixture *f, gconstpointer data)
{
  const char *const challenges[] = {
    "WWW-Authenticate: Bearer\r\n",
    "WWW-Authenticate: NTLM\r\n",
    "WWW-Authenticate: Negotiate\r\n",
    "",
  };

  soup_session_add_feature_by_type (f->session, SOUP_TYPE_AUTH_NTLM);
  for (gsize i = 0; i < G_N_ELEMENTS (challenges); i++)
    {
      g_autoptr (SoupMessage) message = NULL;
      const guint before = bobbin_test_server_get_n_requests (f->server, "/f");

      g_clear_pointer (&f->run, bobbin_http_run_unref);
      set_locked (f, challenges[i], 0);
      fixture_begin_here (f, &login);
      message = fixture_ask_path (f, "/f");
      assert_login_error (f, message, "does not know");
      assert_got (f->server, before, "Authorization", NULL);
    }
}

/* A token that was set by hand and is refused is not followed by a password. */
static void
test_own_authorization (Fixture *f, gconstpointer data)
{
  g_autoptr (SoupMessage) message = NULL;

  set_locked (f, BASIC, 0);
  fixture_begin_here (f, &own);
  message = fixture_ask_path (f, "/f");
  assert_login_error (f, message, "does not accept");
  assert_got (f->server, 0, "Authorization", "Bearer secret");
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f"), ==, 1);
}

static void
test_lacking_secrets (Fixture *f, gconstpointer data)
{
  g_autofree char *url = bobbin_test_server_get_uri (f->server, "/f");
  g_autoptr (BobbinHttpContext) whole = bobbin_http_context_new (&own, NULL);
  g_autofree char *text = bobbin_http_context_to_text (whole);
  g_autoptr (BobbinHttpContext) poor = bobbin_http_context_new_from_text (text, NULL, NULL);
  g_autoptr (SoupMessage) message = NULL;

  set_locked (f, "WWW-Authenticate: Bearer\r\n", 0);
  f->run = bobbin_http_run_new (poor, url, NULL);
  message = fixture_ask (f, url);
  assert_login_error (f, message, "wants a user name and a password");
}

/* Cookies. */

static char *
write_cookies (const char *text)
{
  g_autofree char *path = NULL;
  const int fd = g_file_open_tmp ("bobbin-test-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return g_steal_pointer (&path);
}

static void
test_cookie_file (Fixture *f, gconstpointer data)
{
  g_autofree char *other = fixture_other_host (f);
  g_autofree char *path = write_cookies ("127.0.0.1\tFALSE\t/\tFALSE\t0\there\t1\n"
                                         "localhost\tFALSE\t/\tFALSE\t0\tthere\t2\n");
  g_autoptr (SoupMessage) first = NULL;
  g_autoptr (SoupMessage) second = NULL;

  fixture_begin_here (f, &(BobbinHttpSettings){ .cookie_file = path });
  g_assert_cmpint (g_unlink (path), ==, 0);
  first = fixture_ask_path (f, "/f");
  assert_got (f->server, 0, "Cookie", "here=1");
  second = fixture_ask (f, other);
  assert_got (f->server, 1, "Cookie", "there=2");
}

/* The header that was set by hand is all that its host gets; others get the file's. */
static void
test_own_cookie (Fixture *f, gconstpointer data)
{
  g_autofree char *other = fixture_other_host (f);
  g_autofree char *path = write_cookies ("127.0.0.1\tFALSE\t/\tFALSE\t0\there\t1\n"
                                         "localhost\tFALSE\t/\tFALSE\t0\tthere\t2\n");
  g_autoptr (SoupMessage) first = NULL;
  g_autoptr (SoupMessage) second = NULL;

  fixture_begin_here (f, &(BobbinHttpSettings){ .cookie_file = path,
                                                .headers = HEADERS ("cookie: own=3") });
  g_assert_cmpint (g_unlink (path), ==, 0);
  first = fixture_ask_path (f, "/f");
  assert_got (f->server, 0, "Cookie", "own=3");
  second = fixture_ask (f, other);
  assert_got (f->server, 1, "Cookie", "there=2");
}

/* What a server sets comes back to it, in this run only. */
static void
test_set_cookie (Fixture *f, gconstpointer data)
{
  g_autofree char *other = fixture_other_host (f);
  g_autoptr (SoupMessage) first = NULL;
  g_autoptr (SoupMessage) second = NULL;
  g_autoptr (SoupMessage) third = NULL;
  g_autoptr (SoupMessage) fourth = NULL;

  bobbin_test_server_set (f->server, "/f",
                          &(BobbinTestFile){ .length = 10,
                                             .headers = "Set-Cookie: way=1; Path=/\r\n" });
  fixture_begin_here (f, &(BobbinHttpSettings){ 0 });
  first = fixture_ask_path (f, "/f");
  assert_got (f->server, 0, "Cookie", NULL);
  second = fixture_ask_path (f, "/f");
  assert_got (f->server, 1, "Cookie", "way=1");
  third = fixture_ask (f, other);
  assert_got (f->server, 2, "Cookie", NULL);

  bobbin_http_run_unref (f->run);
  fixture_begin_here (f, &(BobbinHttpSettings){ 0 });
  fourth = fixture_ask_path (f, "/f");
  assert_got (f->server, 3, "Cookie", NULL);
}

/* Certificates. */

static void
test_trust (Fixture *f, gconstpointer data)
{
  g_autoptr (SoupMessage) message = NULL;

  fixture_begin_here (f, &(BobbinHttpSettings){ .ca_file = bobbin_test_server_ca_file () });
  message = fixture_ask_path (f, "/f");
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  g_assert_true (bobbin_http_run_is_private (f->run));
}

/* Realms. */

static char *
make_realm (const char *url, const char *ca_file, const char *user, const char *password)
{
  const BobbinHttpSettings settings = { .ca_file = ca_file, .user = user, .password = password };
  g_autoptr (GError) error = NULL;
  g_autoptr (BobbinHttpContext) context = bobbin_http_context_new (&settings, &error);
  g_autoptr (BobbinHttpRun) run = bobbin_http_run_new (context, url, &error);

  g_assert_no_error (error);

  return g_strdup (bobbin_http_run_get_realm (run));
}

/* Those that may use each other's connections, and each of those that may not. */
static void
test_realms (void)
{
  const char *ca_file = bobbin_test_server_ca_file ();
  g_autofree char *none = make_realm ("http://h/a", NULL, NULL, NULL);
  g_autofree char *one = make_realm ("http://h/a", NULL, "jo", "pw");
  g_autofree char *same = make_realm ("http://H:80/b", NULL, "jo", "pw");
  g_autofree char *trusting = make_realm ("http://h/a", ca_file, NULL, NULL);
  g_autofree char *trusting_too = make_realm ("http://h/c", ca_file, NULL, NULL);
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_free);

  g_assert_null (none);
  g_assert_cmpstr (one, ==, same);
  g_assert_cmpstr (trusting, ==, trusting_too);

  g_ptr_array_add (others, make_realm ("http://i/a", NULL, "jo", "pw"));
  g_ptr_array_add (others, make_realm ("https://h/a", NULL, "jo", "pw"));
  g_ptr_array_add (others, make_realm ("http://h:81/a", NULL, "jo", "pw"));
  g_ptr_array_add (others, make_realm ("http://h/a", NULL, "jo", "pw2"));
  g_ptr_array_add (others, make_realm ("http://h/a", NULL, "jop", "w"));
  g_ptr_array_add (others, make_realm ("http://h/a", NULL, "jo", NULL));
  g_ptr_array_add (others, make_realm ("http://jo:pw@h/a", NULL, NULL, NULL));
  g_ptr_array_add (others, make_realm ("http://h/a", ca_file, "jo", "pw"));
  g_ptr_array_add (others, g_strdup (trusting));
  for (guint i = 0; i < others->len; i++)
    {
      g_assert_nonnull (others->pdata[i]);
      g_assert_cmpstr (others->pdata[i], !=, one);
      g_assert_null (strstr (others->pdata[i], "jo"));
    }
}

/* A file of the same name that has changed is another one. */
static void
test_realm_of_file (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "bobbin-realm.pem", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *text = NULL;
  g_autofree char *longer = NULL;

  g_assert_true (g_file_get_contents (bobbin_test_server_ca_file (), &text, NULL, NULL));
  longer = g_strconcat (text, "\n", NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  before = make_realm ("https://h/a", path, NULL, NULL);
  g_assert_true (g_file_set_contents (path, longer, -1, NULL));
  after = make_realm ("https://h/a", path, NULL, NULL);
  g_assert_nonnull (before);
  g_assert_cmpstr (before, !=, after);
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
assert_distrusted (Fixture *f)
{
  g_autofree char *url = bobbin_test_server_get_uri (f->server, "/f");
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GInputStream) body = NULL;
  g_autoptr (GError) error = NULL;

  bobbin_http_run_apply (f->run, message);
  body = soup_session_send (f->session, message, NULL, &error);
  g_assert_null (body);
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f"), ==, 0);
}

static void
test_distrust (Fixture *f, gconstpointer data)
{
  fixture_begin_here (f, &(BobbinHttpSettings){ 0 });
  assert_distrusted (f);
}

/* To trust who signed it is not to take it for another host's, or for one that is valid still. */
static void
test_distrust_in_spite (Fixture *f, gconstpointer data)
{
  fixture_begin_here (f, &(BobbinHttpSettings){ .ca_file = bobbin_test_server_ca_file () });
  assert_distrusted (f);
}

static void
test_bad_files (void)
{
  const struct
  {
    BobbinHttpSettings settings;
    const char *url;
    BobbinError code;
  } cases[] = {
    { { .ca_file = "/nowhere/ca.pem" }, "https://h/", BOBBIN_ERROR_CERTIFICATE },
    { { .ca_file = "/dev/null" }, "https://h/", BOBBIN_ERROR_CERTIFICATE },
    { { .cookie_file = "/nowhere/cookies" }, "https://h/", BOBBIN_ERROR_BAD_SETTING },
    { { 0 }, "no address", BOBBIN_ERROR_BAD_ADDRESS },
    { { 0 }, "mailto:jo", BOBBIN_ERROR_BAD_ADDRESS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BobbinHttpContext) context = bobbin_http_context_new (&cases[i].settings, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (bobbin_http_run_new (context, cases[i].url, &error));
      g_assert_error (error, BOBBIN_ERROR, (int) cases[i].code);
    }
}

/* A message keeps what it needs. */
static void
test_message_lives_longer (void)
{
  g_autoptr (BobbinHttpContext) context = bobbin_http_context_new (&login, NULL);
  BobbinHttpRun *run = bobbin_http_run_new (context, "http://h/", NULL);
  SoupMessage *message = soup_message_new ("GET", "http://h/");

  bobbin_http_run_apply (run, message);
  bobbin_http_run_unref (run);
  g_signal_emit_by_name (message, "starting");
  g_assert_finalize_object (message);
}

#define add(path, kind, func) \
  g_test_add (path, Fixture, GUINT_TO_POINTER (kind), fixture_set_up, func, fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/http-run/origins", test_origins);
  g_test_add_func ("/http-run/realms", test_realms);
  g_test_add_func ("/http-run/realm-of-file", test_realm_of_file);
  add ("/http-run/nothing", BOBBIN_TEST_PLAIN, test_nothing);
  add ("/http-run/same-origin", BOBBIN_TEST_PLAIN, test_same_origin);
  add ("/http-run/other-host", BOBBIN_TEST_PLAIN, test_other_host);
  add ("/http-run/other-port", BOBBIN_TEST_PLAIN, test_other_port);
  add ("/http-run/redirect", BOBBIN_TEST_PLAIN, test_redirect);
  g_test_add_func ("/http-run/referrer", test_referrer);
  add ("/http-run/basic", BOBBIN_TEST_PLAIN, test_basic);
  add ("/http-run/digest", BOBBIN_TEST_PLAIN, test_digest);
  add ("/http-run/wrong-password", BOBBIN_TEST_PLAIN, test_wrong_password);
  add ("/http-run/no-password", BOBBIN_TEST_PLAIN, test_no_password);
  add ("/http-run/login-elsewhere", BOBBIN_TEST_PLAIN, test_login_elsewhere);
  add ("/http-run/unknown-schemes", BOBBIN_TEST_PLAIN, test_unknown_schemes);
  add ("/http-run/own-authorization", BOBBIN_TEST_PLAIN, test_own_authorization);
  add ("/http-run/lacking-secrets", BOBBIN_TEST_PLAIN, test_lacking_secrets);
  add ("/http-run/cookie-file", BOBBIN_TEST_PLAIN, test_cookie_file);
  add ("/http-run/own-cookie", BOBBIN_TEST_PLAIN, test_own_cookie);
  add ("/http-run/set-cookie", BOBBIN_TEST_PLAIN, test_set_cookie);
  add ("/http-run/trust", BOBBIN_TEST_TLS, test_trust);
  add ("/http-run/distrust", BOBBIN_TEST_TLS, test_distrust);
  add ("/http-run/distrust-expired", BOBBIN_TEST_TLS_EXPIRED, test_distrust_in_spite);
  add ("/http-run/distrust-other-host", BOBBIN_TEST_TLS_WRONG_HOST, test_distrust_in_spite);
  g_test_add_func ("/http-run/bad-files", test_bad_files);
  g_test_add_func ("/http-run/message-lives-longer", test_message_lives_longer);

  return g_test_run ();
}
