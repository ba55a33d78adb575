/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli watch`: samples, states, statuses and ends.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "cli-fixture.h"

#include <math.h>
#include <signal.h>
#include <string.h>

/* How many events of a kind a target has. */
static guint
count_events (GPtrArray *events, const char *event, const char *target)
{
  guint n = 0;

  for (guint i = 0; i < events->len; i++)
    {
      JsonObject *object = g_ptr_array_index (events, i);

      n += g_str_equal (json_object_get_string_member (object, "event"), event) &&
           g_strcmp0 (json_object_get_string_member_with_default (object, "target", NULL),
                      target) == 0;
    }
  return n;
}

static void
assert_sample (JsonObject *sample, const char *unit, const char *state)
{
  const char *text = json_object_get_string_member (sample, "time");
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  g_assert_nonnull (time);
  g_assert_cmpint (ABS (g_date_time_difference (now, time)), <, 60 * G_TIME_SPAN_SECOND);
  g_assert_cmpstr (json_object_get_string_member (sample, "unit"), ==, unit);
  g_assert_cmpstr (json_object_get_string_member (sample, "state"), ==, state);
}

static void
test_count (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "watch", "--json", "--count=3",
                                          "--interval=0.1", "cpu", "memory", "disk:/", NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  static const char *const targets[] = { "cpu", "memory", "disk:/" };

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->errors, ==, "");
  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_assert_cmpuint (count_events (events, "sample", targets[i]), ==, 3);
      g_assert_cmpuint (count_events (events, "state", targets[i]), ==, 1);
    }
  for (guint i = 0; i < events->len; i++)
    {
      JsonObject *event = g_ptr_array_index (events, i);

      if (g_str_equal (json_object_get_string_member (event, "event"), "state"))
        {
          g_assert_cmpstr (json_object_get_string_member (event, "from"), ==, "unknown");
          g_assert_cmpstr (json_object_get_string_member (event, "to"), ==, "up");
          continue;
        }
      assert_sample (event, "%", "up");
      g_assert_cmpfloat (json_object_get_double_member (event, "value"), >=, 0);
      g_assert_cmpfloat (json_object_get_double_member (event, "value"), <=, 100);
      g_assert_true (json_object_get_null_member (event, "error"));
    }
}

static void
test_text (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) result =
    cli_run (fixture, NULL, "watch", "--count=2", "--interval=0.1", "memory", NULL);
  g_autoptr (GRegex) line =
    g_regex_new ("^(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  memory  \\d+%\\s+up\n){2}$", 0, 0,
                 NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_test_message ("%s", result->output);
  g_assert_true (g_regex_match (line, result->output, 0, NULL));
}

static void
test_http (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/10/a");
  g_autoptr (CliResult) result =
    cli_run (fixture, NULL, "watch", "--json", "--count=2", "--interval=1", url, NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpuint (count_events (events, "sample", url), ==, 2);
  assert_sample (cli_find_event (events, "sample"), "ms", "up");
}

/* Over a limit, and at once: the status says so. */
static void
test_critical (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "watch", "--json", "--count=1",
                                          "--interval=0.1", "--critical=0", "memory", NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);

  g_assert_cmpint (result->status, ==, 1);
  assert_sample (cli_find_event (events, "sample"), "%", "critical");
}

static void
test_warning (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "watch", "--json", "--count=1",
                                          "--interval=0.1", "--warn=0", "memory", NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);

  g_assert_cmpint (result->status, ==, 0);
  assert_sample (cli_find_event (events, "sample"), "%", "warning");
}

/* Below zero there are limits too; less may be worse; a kind's usual limits can be done without. */
static void
test_limits (CliFixture *fixture, gconstpointer user_data)
{
  static const struct
  {
    const char *args[4];
    const char *state;
  } cases[] = {
    { { "--warn=-5", "--critical=1000" }, "warning" },
    { { "--side=below", "--warn=200", "--critical=-1" }, "warning" },
    { { "--side=below", "--critical=101" }, "critical" },
    { { "--side=below", "--warn=-1" }, "up" },
    { { "--warn=none", "--critical=0", "--critical-clear=-1" }, "critical" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const *args = cases[i].args;
      g_autoptr (CliResult) result =
        cli_run (fixture, NULL, "watch", "--json", "--count=1", "memory", args[0],
                 args[1] != NULL ? args[1] : "--for=1", args[2] != NULL ? args[2] : "--for=1",
                 NULL);
      g_autoptr (GPtrArray) events = cli_parse_events (result->output);

      g_assert_cmpstr (result->errors, ==, "");
      assert_sample (cli_find_event (events, "sample"), "%", cases[i].state);
    }
}

/* A certificate's limits go down: the order that is right for it is taken. */
static void
test_lower_limits (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *target = g_strdup_printf ("cert://127.0.0.1:%u", cli_server_find_closed_port ());
  g_autoptr (CliResult) result =
    cli_run (fixture, NULL, "watch", "--count=1", "--warn=21", "--critical=7", "--warn-clear=30",
             "--recover=2", "--for-seconds=1", target, NULL);

  g_assert_cmpstr (result->errors, ==, "");
  g_assert_cmpint (result->status, ==, 0);
}

/* How an event's details have a number. */
static double
get_detail (JsonObject *event, const char *name)
{
  JsonObject *details = json_object_get_object_member (event, "details");

  return json_object_get_double_member_with_default (details, name, NAN);
}

/* What is set goes to the targets that know it. */
static void
test_settings (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *moved = cli_server_make_uri (fixture->server, "/redirect/bytes/10/a");
  g_autofree char *missing = cli_server_make_uri (fixture->server, "/missing");
  g_autoptr (CliResult) result =
    cli_run (fixture, NULL, "watch", "--json", "--count=1", "--set=follow-redirects=false",
             "--set=expect-status=302", "--set=headers=A: 1", "--set=headers=B: 2", moved, "memory",
             NULL);
  g_autofree char *a = cli_server_get_header (fixture->server, "a");
  g_autofree char *b = cli_server_get_header (fixture->server, "b");
  g_autoptr (CliResult) found = cli_run (fixture, NULL, "watch", "--json", "--count=1",
                                         "--set=expect-status=404", missing, NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);

  g_assert_cmpstr (result->errors, ==, "");
  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpuint (count_events (events, "sample", moved), ==, 1);
  g_assert_cmpuint (count_events (events, "sample", "memory"), ==, 1);
  g_assert_cmpstr (a, ==, "1");
  g_assert_cmpstr (b, ==, "2");
  g_assert_cmpint (found->status, ==, 0);
}

/* A login is asked for, and comes from where it is in no list of processes. */
static void
test_login (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/login/bytes/10/a");
  g_autoptr (CliResult) without =
    cli_run (fixture, NULL, "watch", "--json", "--count=1", url, NULL);
  g_autoptr (CliResult) with = NULL;

  g_assert_cmpint (without->status, ==, 1);
  fixture->password = "sesame";
  with = cli_run (fixture, NULL, "watch", "--json", "--count=1", "--set=user=joe", url, NULL);
  g_assert_cmpint (with->status, ==, 0);
  g_assert_null (strstr (with->output, "sesame"));
}

/* What else a sample found: the contract's members stay as they are. */
static void
test_details (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/10/a");
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "watch", "--json", "--count=1", url, NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  JsonObject *sample = cli_find_event (events, "sample");
  g_autoptr (GDateTime) due =
    g_date_time_new_from_iso8601 (json_object_get_string_member (sample, "due"), NULL);
  g_autoptr (GDateTime) came =
    g_date_time_new_from_iso8601 (json_object_get_string_member (sample, "came"), NULL);

  assert_sample (sample, "ms", "up");
  g_assert_cmpstr (json_object_get_string_member (sample, "text"), ==, "HTTP 200");
  g_assert_true (json_object_get_null_member (sample, "reason"));
  g_assert_cmpint (g_date_time_compare (due, came), <=, 0);
  g_assert_cmpfloat (get_detail (sample, "status"), ==, 200);
  g_assert_cmpfloat (get_detail (sample, "connect-ms"), >=, 0);
  g_assert_cmpfloat (get_detail (sample, "first-byte-ms"), >=, 0);
  g_assert_cmpfloat (get_detail (sample, "whole-ms"), >=, get_detail (sample, "first-byte-ms"));
}

/* Each change is one file, and the last of them is waited for. */
static void
test_fetch (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/news/a.txt");
  g_autofree char *target = g_strconcat ("page:", url, NULL);
  g_autofree char *fetch = g_strconcat ("--fetch=", fixture->folder, NULL);
  g_autoptr (CliResult) result =
    cli_run (fixture, NULL, "watch", "--json", "--count=3", "--interval=1", fetch, target, NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;
  guint n_files = 0, n_done = 0;

  g_assert_cmpstr (result->errors, ==, "");
  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpuint (count_events (events, "sample", target), ==, 3);
  for (guint i = 0; i < events->len; i++)
    n_done +=
      g_str_equal (json_object_get_string_member (g_ptr_array_index (events, i), "event"), "done");
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_assert_true (g_str_has_prefix (name, "a 20"));
      g_assert_nonnull (strstr (name, ".txt"));
      n_files++;
    }
  g_assert_cmpuint (n_files, ==, 2);
  g_assert_cmpuint (n_done, ==, 2);
}

/* A folder that no file can be made in: each failure is told of, in either form, and the watch goes
 * on to its end. */
static void
test_fetch_failed (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/news/a.txt");
  g_autofree char *target = g_strconcat ("page:", url, NULL);
  g_autoptr (CliResult) text =
    cli_run (fixture, NULL, "watch", "--count=3", "--interval=1", "--fetch=/proc", target, NULL);
  g_autoptr (CliResult) json = cli_run (fixture, NULL, "watch", "--json", "--count=3",
                                        "--interval=1", "--fetch=/proc", target, NULL);

  g_assert_cmpint (text->status, ==, 1);
  g_assert_cmpuint (cli_count_lines (text->output), ==, 3);
  g_assert_cmpuint (cli_count_lines (text->errors), ==, 2);
  g_assert_true (g_str_has_prefix (text->errors, "bobbin-cli: "));
  g_assert_nonnull (strstr (text->errors, url));
  g_assert_cmpint (json->status, ==, 1);
  g_assert_nonnull (strstr (json->output, "\"failed\""));
  g_assert_cmpuint (cli_count_lines (json->errors), ==, 2);
}

/* Not before the third sample in a row. */
static void
test_for (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) result =
    cli_run (fixture, NULL, "watch", "--json", "--count=3", "--interval=0.1", "--critical=0",
             "--for=3", "memory", NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  static const char *const states[] = { "pending", "pending", "critical" };
  guint n = 0;

  g_assert_cmpint (result->status, ==, 1);
  for (guint i = 0; i < events->len; i++)
    {
      JsonObject *event = g_ptr_array_index (events, i);

      if (g_str_equal (json_object_get_string_member (event, "event"), "sample"))
        g_assert_cmpstr (json_object_get_string_member (event, "state"), ==, states[n++]);
    }
  g_assert_cmpuint (n, ==, 3);
}

static void
test_closed_port (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *target = g_strdup_printf ("tcp://127.0.0.1:%u", cli_server_find_closed_port ());
  g_autoptr (CliResult) result =
    cli_run (fixture, NULL, "watch", "--json", "--count=2", "--interval=1", target, "cpu", NULL);
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  guint n = 0;

  g_assert_cmpint (result->status, ==, 1);
  for (guint i = 0; i < events->len; i++)
    {
      JsonObject *event = g_ptr_array_index (events, i);
      JsonObject *error;

      if (!g_str_equal (json_object_get_string_member (event, "event"), "sample") ||
          !g_str_equal (json_object_get_string_member (event, "target"), target))
        continue;
      n++;
      assert_sample (event, "ms", "down");
      g_assert_true (json_object_get_null_member (event, "value"));
      error = json_object_get_object_member (event, "error");
      g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, "REFUSED");
      g_assert_cmpstr (json_object_get_string_member (error, "message"), !=, "");
    }
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (count_events (events, "sample", "cpu"), ==, 2);
}

/* What cannot be printed is not: neither of a target nor of why it does not answer. */
static void
test_lie (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *folder = cli_fixture_get_path (fixture, CLI_LIE);
  g_autofree char *disk = g_strconcat ("disk:", folder, NULL);
  g_autofree char *url = cli_server_make_uri (fixture->server, "/lie");
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "watch", "--count=1", disk, url, NULL);

  g_test_message ("%s", result->output);
  g_assert_cmpint (result->status, ==, 1);
  g_assert_cmpuint (cli_count_lines (result->output), ==, 2);
  g_assert_cmpstr (result->errors, ==, "");
  cli_assert_harmless (result->output);
  g_assert_nonnull (strstr (result->output, "/�[31mred� "));
  g_assert_nonnull (strstr (result->output, "/�[31mred�”"));
}

/* A target may hold a password: the server gets it, nobody else. */
static void
test_secret (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *good = cli_make_secret_uri (fixture, "/bytes/10/good");
  g_autofree char *bad = cli_make_secret_uri (fixture, "/missing");
  g_autofree char *shown = cli_server_make_uri (fixture->server, "/bytes/10/good");
  g_autoptr (CliResult) text = cli_run (fixture, NULL, "watch", "--count=1", good, bad, NULL);
  g_autoptr (CliResult) json =
    cli_run (fixture, NULL, "watch", "--count=1", "--json", good, bad, NULL);
  g_autoptr (CliResult) wrong =
    cli_run (fixture, NULL, "watch", "tcp://" CLI_SECRET "@example.org:22", NULL);
  g_autoptr (CliResult) unknown =
    cli_run (fixture, NULL, "watch", "ftp://" CLI_SECRET "@example.org/", NULL);
  g_autoptr (CliResult) no_host = cli_run (fixture, NULL, "watch", "http://" CLI_SECRET "@/", NULL);

  g_assert_cmpint (text->status, ==, 1);
  g_assert_nonnull (strstr (text->output, shown));
  cli_assert_no_secret (text);
  g_assert_cmpint (json->status, ==, 1);
  g_assert_nonnull (strstr (json->output, "sample"));
  g_assert_nonnull (strstr (json->output, "state"));
  cli_assert_no_secret (json);
  g_assert_cmpint (wrong->status, ==, 2);
  cli_assert_no_secret (wrong);
  g_assert_cmpint (unknown->status, ==, 2);
  cli_assert_no_secret (unknown);
  g_assert_cmpint (no_host->status, ==, 2);
  cli_assert_no_secret (no_host);
}

/* Without --count it goes on until it is told to end. */
static void
test_interrupt (CliFixture *fixture, gconstpointer user_data)
{
  CliRun *run = cli_run_begin (fixture, "watch", "--json", "--interval=0.1", "memory", "cpu", NULL);

  for (int i = 0; i < 4; i++)
    json_object_unref (cli_run_wait_event (run, "sample"));
  g_subprocess_send_signal (run->process, SIGINT);
  g_assert_cmpint (cli_run_end (run), ==, 130);
}

/* The reader goes away, as in “bobbin-cli watch cpu | head”. */
static void
test_lost_reader (CliFixture *fixture, gconstpointer user_data)
{
  CliRun *run = cli_run_begin (fixture, "watch", "--json", "--interval=0.1", "memory", NULL);

  json_object_unref (cli_run_wait_event (run, "sample"));
  g_input_stream_close (G_INPUT_STREAM (run->lines), NULL, NULL);
  g_assert_cmpint (cli_run_end (run), ==, 1);
}

int
main (int argc, char **argv)
{
  cli_test_init (&argc, &argv);

  CLI_TEST ("/cli/watch/count", test_count);
  CLI_TEST ("/cli/watch/text", test_text);
  CLI_TEST ("/cli/watch/http", test_http);
  CLI_TEST ("/cli/watch/critical", test_critical);
  CLI_TEST ("/cli/watch/warning", test_warning);
  CLI_TEST ("/cli/watch/limits", test_limits);
  CLI_TEST ("/cli/watch/lower-limits", test_lower_limits);
  CLI_TEST ("/cli/watch/settings", test_settings);
  CLI_TEST ("/cli/watch/login", test_login);
  CLI_TEST ("/cli/watch/details", test_details);
  CLI_TEST ("/cli/watch/fetch", test_fetch);
  CLI_TEST ("/cli/watch/fetch-failed", test_fetch_failed);
  CLI_TEST ("/cli/watch/for", test_for);
  CLI_TEST ("/cli/watch/closed-port", test_closed_port);
  CLI_TEST ("/cli/watch/lie", test_lie);
  CLI_TEST ("/cli/watch/secret", test_secret);
  CLI_TEST ("/cli/watch/interrupt", test_interrupt);
  CLI_TEST ("/cli/watch/lost-reader", test_lost_reader);

  return g_test_run ();
}
