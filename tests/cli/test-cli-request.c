/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli get`: what its options add to a request, and to whom that goes.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "cli-fixture.h"

#include <string.h>

static void
assert_header (CliFixture *fixture, const char *name, const char *wanted)
{
  g_autofree char *value = cli_server_get_header (fixture->server, name);

  g_assert_cmpstr (value, ==, wanted);
}

static void
test_headers (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/10/file");
  g_autoptr (CliResult) result =
    cli_run (fixture, NULL, "get", "-H", "X-One: 1", "-HX-Two:two words ", "--header=Accept: a/b",
             "--user-agent=Reel/2.0", "--referer=http://me:pw@127.0.0.1/page#top", url, NULL);

  g_assert_cmpint (result->status, ==, 0);
  assert_header (fixture, "x-one", "1");
  assert_header (fixture, "x-two", "two words");
  assert_header (fixture, "accept", "a/b");
  assert_header (fixture, "user-agent", "Reel/2.0");
  assert_header (fixture, "referer", "http://127.0.0.1/page");
}

static void
test_default (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/10/file");
  g_autofree char *agent = NULL;
  g_autoptr (CliResult) result = NULL;

  fixture->password = "of no use";
  result = cli_run (fixture, NULL, "get", url, NULL);
  g_assert_cmpint (result->status, ==, 0);
  agent = cli_server_get_header (fixture->server, "user-agent");
  g_assert_true (g_str_has_prefix (agent, "Bobbin/"));
  assert_header (fixture, "referer", NULL);
  assert_header (fixture, "cookie", NULL);
  assert_header (fixture, "authorization", NULL);
}

static void
test_cookies (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/10/file");
  g_autoptr (CliResult) result = NULL;

  cli_fixture_write (fixture, "jar",
                     "# Netscape HTTP Cookie File\n"
                     "127.0.0.1\tFALSE\t/\tFALSE\t0\tsize\tmedium\n"
                     "example.org\tFALSE\t/\tFALSE\t0\tnot\tthis\n");
  result = cli_run (fixture, NULL, "get", "--cookie-file=jar", url, NULL);
  g_assert_cmpint (result->status, ==, 0);
  assert_header (fixture, "cookie", "size=medium");
}

/* What was set for one host is not told to another. */
static void
test_elsewhere (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/elsewhere/bytes/10/file");
  g_autofree char *host = NULL;
  g_autoptr (CliResult) result = NULL;

  fixture->password = "sesame";
  result = cli_run (fixture, NULL, "get", "-H", "X-One: 1", "--user=joe", url, NULL);
  g_assert_cmpint (result->status, ==, 0);
  host = cli_server_get_header (fixture->server, "host");
  g_assert_true (g_str_has_prefix (host, "localhost:"));
  assert_header (fixture, "x-one", NULL);
  assert_header (fixture, "authorization", NULL);
}

static void
test_login (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/login/bytes/10/file");
  g_autoptr (CliResult) result = NULL;

  fixture->password = "sesame";
  result = cli_run (fixture, NULL, "get", "--user=joe", url, NULL);
  g_assert_cmpint (result->status, ==, 0);
  assert_header (fixture, "authorization", CLI_LOGIN);
  cli_assert_content (fixture, "file", 10);
}

/* Neither a wrong password nor none is tried again, and the password is not told. */
static void
test_login_wrong (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/login/bytes/10/file");
  g_autoptr (CliResult) none = cli_run (fixture, NULL, "get", "--json", url, NULL);
  g_autoptr (CliResult) wrong = NULL;

  fixture->password = "hunter2";
  wrong = cli_run (fixture, NULL, "get", "--json", "--user=mallory", url, NULL);
  g_assert_cmpint (none->status, ==, 1);
  g_assert_nonnull (strstr (none->output, "\"LOGIN_REQUIRED\""));
  g_assert_cmpint (wrong->status, ==, 1);
  g_assert_nonnull (strstr (wrong->output, "\"LOGIN_REQUIRED\""));
  g_assert_null (strstr (wrong->output, "hunter2"));
  g_assert_null (strstr (wrong->errors, "hunter2"));
  cli_assert_files (fixture, NULL, NULL);
}

/* An empty password is one. */
static void
test_login_empty (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/login/bytes/10/file");
  g_autoptr (CliResult) result = NULL;

  fixture->password = "";
  result = cli_run (fixture, NULL, "get", "--user=joe", url, NULL);
  g_assert_cmpint (result->status, ==, 1);
  assert_header (fixture, "authorization", "Basic am9lOg==");
}

/* Without a terminal nobody can be asked. */
static void
test_login_unasked (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/login/bytes/10/file");
  g_autoptr (CliResult) result = NULL;

  fixture->alone = TRUE;
  result = cli_run (fixture, NULL, "get", "--user=joe", url, NULL);
  g_assert_cmpint (result->status, ==, 2);
  g_assert_nonnull (strstr (result->errors, "BOBBIN_PASSWORD"));
  g_assert_cmpuint (cli_server_get_n_requests (fixture->server), ==, 0);
}

int
main (int argc, char **argv)
{
  cli_test_init (&argc, &argv);

  CLI_TEST ("/cli/request/headers", test_headers);
  CLI_TEST ("/cli/request/default", test_default);
  CLI_TEST ("/cli/request/cookies", test_cookies);
  CLI_TEST ("/cli/request/elsewhere", test_elsewhere);
  CLI_TEST ("/cli/request/login", test_login);
  CLI_TEST ("/cli/request/login-wrong", test_login_wrong);
  CLI_TEST ("/cli/request/login-empty", test_login_empty);
  CLI_TEST ("/cli/request/login-unasked", test_login_unasked);

  return g_test_run ();
}
