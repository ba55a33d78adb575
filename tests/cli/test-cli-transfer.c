/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli get`: what its options change in how a file is fetched, and in what counts as the
 * file.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "cli-fixture.h"

#include <signal.h>
#include <string.h>

#define LARGE (16 * 1024 * 1024)

/* “--checksum=” and the checksum of what the server sends for /bytes/SIZE. */
static char *
make_checksum (GChecksumType type, const char *name, gsize size)
{
  g_autoptr (GBytes) content = cli_server_make_content (size);
  g_autofree char *digest = g_compute_checksum_for_bytes (type, content);

  return g_strdup_printf ("--checksum=%s:%s", name, digest);
}

static void
assert_failed (CliResult *result, const char *code, const char *word)
{
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  JsonObject *failed = cli_find_event (events, "failed");
  JsonObject *error;

  g_assert_cmpint (result->status, ==, 1);
  g_assert_cmpuint (cli_count_lines (result->errors), ==, 1);
  g_assert_nonnull (strstr (result->errors, word));
  g_assert_nonnull (failed);
  error = json_object_get_object_member (failed, "error");
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, code);
  g_assert_null (cli_find_event (events, "done"));
}

static void
test_checksum (CliFixture *fixture, gconstpointer user_data)
{
  static const struct
  {
    GChecksumType type;
    const char *name;
  } kinds[] = { { G_CHECKSUM_MD5, "md5" },
                { G_CHECKSUM_SHA1, "sha1" },
                { G_CHECKSUM_SHA256, "sha256" },
                { G_CHECKSUM_SHA512, "SHA-512" } };
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/5000/file");

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *checksum = make_checksum (kinds[i].type, kinds[i].name, 5000);
      g_autoptr (CliResult) result =
        cli_run (fixture, NULL, "get", checksum, "-o", kinds[i].name, url, NULL);

      g_assert_cmpint (result->status, ==, 0);
      cli_assert_content (fixture, kinds[i].name, 5000);
    }
}

/* The file that came is not called by the name of the one that was wanted. */
static void
test_checksum_wrong (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/5000/file");
  g_autofree char *checksum = make_checksum (G_CHECKSUM_SHA256, "sha256", 4999);
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "--json", checksum, url, NULL);

  assert_failed (result, "CHECKSUM", "SHA-256");
  g_assert_cmpuint (cli_server_get_n_requests (fixture->server), ==, 1);
  cli_assert_files (fixture, "file.part.bad", NULL);
}

static void
test_page (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/page/image.iso");
  g_autofree char *wanted = cli_server_make_uri (fixture->server, "/page/index.html");
  g_autoptr (CliResult) refused = cli_run (fixture, NULL, "get", "--json", url, NULL);
  g_autoptr (CliResult) accepted = NULL;
  g_autoptr (CliResult) asked_for = NULL;

  assert_failed (refused, "WEB_PAGE", "--accept-html");
  cli_assert_files (fixture, NULL, NULL);

  accepted = cli_run (fixture, NULL, "get", "--accept-html", url, NULL);
  g_assert_cmpint (accepted->status, ==, 0);
  asked_for = cli_run (fixture, NULL, "get", wanted, NULL);
  g_assert_cmpint (asked_for->status, ==, 0);
  cli_assert_files (fixture, "image.iso", "index.html", NULL);
}

/* Each connection is held at the file's half until the silence has lasted too long: a reason and
 * time enough to try as many as there may be. */
static void
assert_connections (CliFixture *fixture, const char *option, guint wanted)
{
  g_autofree char *path = g_strdup_printf ("/held/%d/file", LARGE);
  g_autofree char *url = cli_server_make_uri (fixture->server, path);
  g_autoptr (JsonObject) retry = NULL;
  CliRun *run;

  cli_server_set_hold (fixture->server, TRUE);
  run = cli_run_begin (fixture, "get", "--json", option, "--timeout=1", url, NULL);
  retry = cli_run_wait_event (run, "retry");
  g_assert_cmpuint (cli_server_get_max_at_once (fixture->server), ==, wanted);

  g_subprocess_send_signal (run->process, SIGINT);
  g_assert_cmpint (cli_run_end (run), ==, 130);
}

static void
test_one_connection (CliFixture *fixture, gconstpointer user_data)
{
  assert_connections (fixture, "-x1", 1);
}

static void
test_connections (CliFixture *fixture, gconstpointer user_data)
{
  assert_connections (fixture, "--connections=4", 4);
}

/* Twenty requests, of which none is answered before all wait: as many connections to one host as
 * files at once, though that is more than a host has otherwise. */
static void
test_one_host (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (CliResult) result = NULL;

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *path = g_strdup_printf ("/gate/%d", i);
      g_autofree char *url = cli_server_make_uri (fixture->server, path);

      g_string_append_printf (list, "%s\n", url);
    }
  cli_server_set_gate (fixture->server, 20, 20);
  result = cli_run (fixture, list->str, "get", "-j20", "-i", "-", NULL);
  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpuint (cli_server_get_max_at_once (fixture->server), ==, 20);
}

/* The limit is one for all files. They take at least as long as it says, however slow the machine
 * is; the tenth of a second that a limit gives in advance is left out, and so is one turn. */
static void
test_limit_rate (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (GTimer) timer = NULL;
  g_autoptr (CliResult) result = NULL;

  for (int i = 0; i < 4; i++)
    {
      g_autofree char *path = g_strdup_printf ("/bytes/51200/%d", i);
      g_autofree char *url = cli_server_make_uri (fixture->server, path);

      g_string_append_printf (list, "%s\n", url);
    }
  timer = g_timer_new ();
  result = cli_run (fixture, list->str, "get", "--limit-rate=0.25m", "-i", "-", NULL);
  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), >=, 4 * 51200 / 262144.0 - 0.25);
}

int
main (int argc, char **argv)
{
  cli_test_init (&argc, &argv);

  CLI_TEST ("/cli/transfer/checksum", test_checksum);
  CLI_TEST ("/cli/transfer/checksum-wrong", test_checksum_wrong);
  CLI_TEST ("/cli/transfer/page", test_page);
  CLI_TEST ("/cli/transfer/one-connection", test_one_connection);
  CLI_TEST ("/cli/transfer/connections", test_connections);
  CLI_TEST ("/cli/transfer/one-host", test_one_host);
  CLI_TEST ("/cli/transfer/limit-rate", test_limit_rate);

  return g_test_run ();
}
