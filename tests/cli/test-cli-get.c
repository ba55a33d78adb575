/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli get` from its beginning to an end that comes by itself: files, failures, statuses and
 * what is said of them.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "cli-fixture.h"

#include <string.h>

#define SIZE (3 * 1024 * 1024 + 17)

/* A failure: status 1, one line that names the address. */
static void
assert_failed (CliResult *result, const char *url)
{
  g_assert_cmpint (result->status, ==, 1);
  g_assert_cmpuint (cli_count_lines (result->errors), ==, 1);
  g_assert_true (g_str_has_prefix (result->errors, "bobbin-cli: "));
  g_assert_nonnull (strstr (result->errors, url));
}

/* The same, as told to a program. */
static void
assert_failed_json (CliResult *result, const char *url, const char *code)
{
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  JsonObject *failed = cli_find_event (events, "failed");
  JsonObject *error;

  assert_failed (result, url);
  g_assert_nonnull (failed);
  g_assert_cmpstr (json_object_get_string_member (failed, "url"), ==, url);
  error = json_object_get_object_member (failed, "error");
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, code);
  g_assert_cmpstr (json_object_get_string_member (error, "message"), !=, "");
  g_assert_nonnull (strstr (result->errors, json_object_get_string_member (error, "message")));
  g_assert_null (cli_find_event (events, "done"));
}

static void
test_one (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = g_strdup_printf ("/bytes/%d/one.bin", SIZE);
  g_autofree char *url = cli_server_make_uri (fixture->server, path);
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", url, NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->errors, ==, "");
  g_assert_cmpuint (cli_count_lines (result->output), ==, 1);
  g_assert_true (g_str_has_prefix (result->output, "one.bin: 3.1"));
  g_assert_null (strchr (result->output, '\033'));
  cli_assert_content (fixture, "one.bin", SIZE);
  cli_assert_files (fixture, "one.bin", NULL);
}

static void
test_quiet (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *good = cli_server_make_uri (fixture->server, "/bytes/10/good");
  g_autofree char *bad = cli_server_make_uri (fixture->server, "/missing");
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "-q", good, bad, NULL);

  assert_failed (result, bad);
  g_assert_cmpstr (result->output, ==, "");
  cli_assert_files (fixture, "good", NULL);
}

static void
test_json (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/1000000/file.bin");
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "--json", url, NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  g_autofree char *file = cli_fixture_get_path (fixture, "file.bin");
  JsonObject *done;

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->errors, ==, "");
  g_assert_cmpuint (events->len, >=, 2);
  g_assert_true (cli_find_event (events, "started") == g_ptr_array_index (events, 0));
  done = cli_find_event (events, "done");
  g_assert_true (done == g_ptr_array_index (events, events->len - 1));
  for (guint i = 0; i < events->len; i++)
    {
      JsonObject *event = g_ptr_array_index (events, i);

      g_assert_cmpstr (json_object_get_string_member (event, "url"), ==, url);
      g_assert_true (json_object_has_member (event, "file"));
      g_assert_true (json_object_has_member (event, "total"));
      g_assert_cmpint (json_object_get_int_member (event, "received"), >=, 0);
      g_assert_cmpint (json_object_get_int_member (event, "rate"), >=, 0);
      g_assert_true (json_object_has_member (event, "error"));
      g_assert_true (json_object_get_null_member (event, "error"));
    }
  g_assert_cmpstr (json_object_get_string_member (done, "file"), ==, file);
  g_assert_cmpint (json_object_get_int_member (done, "received"), ==, 1000000);
  g_assert_cmpint (json_object_get_int_member (done, "total"), ==, 1000000);
}

static void
test_output (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/5000/from-server");
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "-o", "mine", url, NULL);

  g_assert_cmpint (result->status, ==, 0);
  cli_assert_content (fixture, "mine", 5000);
  cli_assert_files (fixture, "mine", NULL);
}

/* As every other program takes them: “-j1” as well as “-j 1”. */
static void
test_attached_values (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/5000/from-server");
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "-j1", "-d.", "-omine", url, NULL);
  g_autoptr (CliResult) dash = cli_run (fixture, NULL, "get", "-o", "-odd", url, NULL);
  g_autoptr (CliResult) wrong = cli_run (fixture, NULL, "get", "-jmany", url, NULL);

  g_assert_cmpint (result->status, ==, 0);
  cli_assert_content (fixture, "mine", 5000);
  g_assert_cmpint (dash->status, ==, 0);
  cli_assert_content (fixture, "-odd", 5000);
  g_assert_cmpint (wrong->status, ==, 2);
  cli_assert_files (fixture, "-odd", "mine", NULL);
}

static void
test_directory_missing (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/10/a");
  g_autoptr (CliResult) result =
    cli_run (fixture, NULL, "get", "--json", "-d", "no/such/folder", url, NULL);

  assert_failed_json (result, url, "NO_FOLDER");
  cli_assert_files (fixture, NULL, NULL);
}

static void
test_exists_rename (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/5000/name.txt");
  g_autofree char *old = cli_fixture_get_path (fixture, "name.txt");
  g_autofree char *text = NULL;
  g_autoptr (CliResult) result = NULL;

  cli_fixture_write (fixture, "name.txt", "mine\n");
  result = cli_run (fixture, NULL, "get", url, NULL);
  g_assert_cmpint (result->status, ==, 0);
  g_assert_true (g_str_has_prefix (result->output, "name (1).txt: "));
  g_assert_true (g_file_get_contents (old, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine\n");
  cli_assert_content (fixture, "name (1).txt", 5000);
  cli_assert_files (fixture, "name (1).txt", "name.txt", NULL);
}

static void
test_exists_fail (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/5000/name.txt");
  g_autofree char *old = cli_fixture_get_path (fixture, "name.txt");
  g_autofree char *text = NULL;
  g_autoptr (CliResult) result = NULL;

  cli_fixture_write (fixture, "name.txt", "mine\n");
  result = cli_run (fixture, NULL, "get", "--json", "--exists=fail", url, NULL);
  assert_failed_json (result, url, "EXISTS");
  g_assert_true (g_file_get_contents (old, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine\n");
  cli_assert_files (fixture, "name.txt", NULL);
}

static void
test_exists_skip (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/5000/name.txt");
  g_autofree char *old = cli_fixture_get_path (fixture, "name.txt");
  g_autofree char *text = NULL;
  g_autoptr (CliResult) result = NULL;

  cli_fixture_write (fixture, "name.txt", "mine\n");
  result = cli_run (fixture, NULL, "get", "--exists=skip", url, NULL);
  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->output, ==, "name.txt: skipped, there is a file of this name\n");
  g_assert_true (g_file_get_contents (old, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine\n");
  cli_assert_files (fixture, "name.txt", NULL);
}

static void
test_redirect (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/redirect/bytes/700/there.bin");
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", url, NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpuint (cli_server_get_n_requests (fixture->server), ==, 2);
  g_assert_cmpuint (cli_count_lines (result->output), ==, 1);
  cli_assert_content (fixture, "there.bin", 700);
}

static void
test_missing (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/missing");
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "--json", url, NULL);

  assert_failed_json (result, url, "HTTP_STATUS");
  g_assert_cmpuint (cli_server_get_n_requests (fixture->server), ==, 1);
  cli_assert_files (fixture, NULL, NULL);
}

static void
test_cut (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/cut");
  g_autofree char *whole = cli_fixture_get_path (fixture, "cut");
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "--json", "--retries=0", url, NULL);

  assert_failed_json (result, url, "TRUNCATED");
  g_assert_false (g_file_test (whole, G_FILE_TEST_EXISTS));
}

static void
test_retry (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/a", cli_server_find_closed_port ());
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "--json", "--retries=1", url, NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  JsonObject *retry = cli_find_event (events, "retry");

  assert_failed_json (result, url, "REFUSED");
  g_assert_nonnull (retry);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (retry, "error"),
                                                  "message"),
                   !=, "");
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (retry, "error"),
                                                  "code"),
                   ==, "REFUSED");
}

static void
test_closed_port (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/a", cli_server_find_closed_port ());
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "--json", "--retries=0", url, NULL);

  assert_failed_json (result, url, "REFUSED");
  cli_assert_files (fixture, NULL, NULL);
}

static void
test_unknown_host (CliFixture *fixture, gconstpointer user_data)
{
  /* GLib knows without asking anybody that this is neither an address nor a name. */
  const char *url = "http://127.1/a";
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "--json", "--retries=0", url, NULL);

  assert_failed_json (result, url, "NAME_NOT_FOUND");
}

static void
test_bad_address (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *good = cli_server_make_uri (fixture->server, "/bytes/10/good");
  const char *bad = "gopher://127.0.0.1/a";
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "--json", bad, good, NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);

  assert_failed (result, bad);
  g_assert_nonnull (cli_find_event (events, "done"));
  g_assert_nonnull (strstr (result->output, "\"BAD_ADDRESS\""));
  cli_assert_content (fixture, "good", 10);
}

/* What servers send and lists hold gets nowhere as it is; JSON gives it whole, escaped. The folder
 * is there for the sentence that names it. */
static void
test_lie (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/lie");
  g_autofree char *file = cli_server_make_uri (fixture->server, "/bytes/10/file");
  g_autoptr (CliResult) result =
    cli_run (fixture, NULL, "get", "--json", "--jobs=1", "-d", CLI_LIE, CLI_LIE, url, file, NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  JsonObject *failed = cli_find_event (events, "failed");
  JsonObject *error = json_object_get_object_member (failed, "error");

  g_assert_cmpint (result->status, ==, 1);
  g_assert_cmpuint (cli_count_lines (result->errors), ==, 3);
  cli_assert_harmless (result->errors);
  cli_assert_harmless (result->output);
  g_assert_nonnull (strstr (result->errors, "/�[31mred�”"));
  g_assert_nonnull (strstr (result->errors, "bobbin-cli: �[31mred�: "));
  g_assert_nonnull (strstr (json_object_get_string_member (error, "message"), CLI_LIE));
}

/* JSON is UTF-8, whatever the arguments are. */
static void
test_not_utf8 (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "--json", "http://\xff/", NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  JsonObject *failed = cli_find_event (events, "failed");

  g_assert_cmpint (result->status, ==, 1);
  g_assert_cmpstr (json_object_get_string_member (failed, "url"), ==, "http://�/");
}

static void
test_one_of_three_fails (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *a = cli_server_make_uri (fixture->server, "/bytes/1000/a");
  g_autofree char *bad = cli_server_make_uri (fixture->server, "/missing");
  g_autofree char *b = cli_server_make_uri (fixture->server, "/bytes/2000/b");
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", a, bad, b, NULL);

  assert_failed (result, bad);
  g_assert_cmpuint (cli_count_lines (result->output), ==, 2);
  cli_assert_content (fixture, "a", 1000);
  cli_assert_content (fixture, "b", 2000);
  cli_assert_files (fixture, "a", "b", NULL);
}

/* Nine requests, of which none is answered before three wait at once: fewer than three would wait
 * for ever, and more are counted. */
static void
test_jobs (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (CliResult) result = NULL;

  for (int i = 0; i < 9; i++)
    {
      g_autofree char *path = g_strdup_printf ("/gate/%d", i);
      g_autofree char *url = cli_server_make_uri (fixture->server, path);

      g_string_append_printf (list, "%s\n", url);
    }
  cli_server_set_gate (fixture->server, 3, 9);
  result = cli_run (fixture, list->str, "get", "-j", "3", "-i", "-", NULL);
  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpuint (cli_count_lines (result->output), ==, 9);
  g_assert_cmpuint (cli_server_get_max_at_once (fixture->server), ==, 3);
}

/* An address may hold a password: the server gets it, nobody else. */
static void
test_secret (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *good = cli_make_secret_uri (fixture, "/bytes/10/good");
  g_autofree char *bad = cli_make_secret_uri (fixture, "/missing");
  g_autofree char *to = cli_make_secret_uri (fixture, "/redirect/missing");
  g_autofree char *shown = cli_server_make_uri (fixture->server, "/missing");
  g_autoptr (CliResult) text = cli_run (fixture, NULL, "get", good, bad, to, NULL);
  g_autoptr (CliResult) json = cli_run (fixture, NULL, "get", "--json", good, bad, to, NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (json->output);

  g_assert_cmpint (text->status, ==, 1);
  cli_assert_no_secret (text);
  g_assert_nonnull (strstr (text->errors, shown));
  g_assert_nonnull (cli_find_event (events, "done"));
  g_assert_nonnull (cli_find_event (events, "failed"));
  cli_assert_no_secret (json);
}

/* Nor does what is no address tell it, or what lacks its beginning. */
static void
test_secret_mistyped (CliFixture *fixture, gconstpointer user_data)
{
  static const char *const typed[] = { "htp://" CLI_SECRET "@example.org/a",
                                       CLI_SECRET "@example.org/a", "http://" CLI_SECRET "@/a",
                                       "http://" CLI_SECRET "/@example.org/a",
                                       "http://" CLI_SECRET "@%1b/a" };

  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autoptr (CliResult) text = cli_run (fixture, NULL, "get", typed[i], NULL);
      g_autoptr (CliResult) json = cli_run (fixture, typed[i], "get", "--json", "-i", "-", NULL);

      g_test_message ("%s", text->errors);
      g_assert_cmpint (text->status, ==, 1);
      g_assert_cmpint (json->status, ==, 1);
      g_assert_cmpuint (cli_count_lines (text->errors), ==, 1);
      g_assert_null (strstr (text->errors, "hunter2"));
      g_assert_null (strstr (json->errors, "hunter2"));
      g_assert_null (strstr (json->output, "hunter2"));
    }
}

/* What a terminal would obey is written out, also for programs: JSON allows it as it is. */
static void
test_json_controls (CliFixture *fixture, gconstpointer user_data)
{
  const char *controls = "\037\177\302\233\342\200\256\342\200\250\363\240\200\201";
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "--json", controls, NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  JsonObject *failed = cli_find_event (events, "failed");

  cli_assert_harmless (result->output);
  cli_assert_harmless (result->errors);
  g_assert_cmpstr (json_object_get_string_member (failed, "url"), ==, controls);
}

int
main (int argc, char **argv)
{
  cli_test_init (&argc, &argv);

  CLI_TEST ("/cli/get/one", test_one);
  CLI_TEST ("/cli/get/quiet", test_quiet);
  CLI_TEST ("/cli/get/json", test_json);
  CLI_TEST ("/cli/get/output", test_output);
  CLI_TEST ("/cli/get/attached-values", test_attached_values);
  CLI_TEST ("/cli/get/directory-missing", test_directory_missing);
  CLI_TEST ("/cli/get/exists-rename", test_exists_rename);
  CLI_TEST ("/cli/get/exists-fail", test_exists_fail);
  CLI_TEST ("/cli/get/exists-skip", test_exists_skip);
  CLI_TEST ("/cli/get/redirect", test_redirect);
  CLI_TEST ("/cli/get/missing", test_missing);
  CLI_TEST ("/cli/get/cut", test_cut);
  CLI_TEST ("/cli/get/retry", test_retry);
  CLI_TEST ("/cli/get/closed-port", test_closed_port);
  CLI_TEST ("/cli/get/unknown-host", test_unknown_host);
  CLI_TEST ("/cli/get/bad-address", test_bad_address);
  CLI_TEST ("/cli/get/lie", test_lie);
  CLI_TEST ("/cli/get/secret", test_secret);
  CLI_TEST ("/cli/get/secret/mistyped", test_secret_mistyped);
  CLI_TEST ("/cli/get/json/controls", test_json_controls);
  CLI_TEST ("/cli/get/not-utf8", test_not_utf8);
  CLI_TEST ("/cli/get/one-of-three-fails", test_one_of_three_fails);
  CLI_TEST ("/cli/get/jobs", test_jobs);

  return g_test_run ();
}
