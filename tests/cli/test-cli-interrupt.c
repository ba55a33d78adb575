/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli get`, ended from outside: by signals, and by a reader that goes away or does not
 * read. Nothing here waits for a time to pass: the server holds the file at its half, and the JSON
 * lines say when the client has got so far.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "cli-fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE (8 * 1024 * 1024)

/* A loaded machine and a valgrind are slow; a hang is slower. */
#define MAX_SECONDS 2.0

static char *
make_held_uri (CliFixture *fixture)
{
  g_autofree char *path = g_strdup_printf ("/held/%d/big.bin", SIZE);

  return cli_server_make_uri (fixture->server, path);
}

static void
wait_bytes (CliRun *run)
{
  gint64 received = 0;

  while (received == 0)
    {
      g_autoptr (JsonObject) event = cli_run_wait_event (run, "progress");

      received = json_object_get_int_member (event, "received");
    }
}

/* Begins a download that gets no further than its half, and waits until it is somewhere. */
static CliRun *
begin_held (CliFixture *fixture, const char *url)
{
  CliRun *run;

  cli_server_set_hold (fixture->server, TRUE);
  run = cli_run_begin (fixture, "get", "--json", "--connections=1", url, NULL);
  wait_bytes (run);
  return run;
}

/* Sends signals, reads on to the end, and says how many bytes are kept. */
static gint64
interrupt (CliRun *run, int first, int second)
{
  g_autoptr (GTimer) timer = g_timer_new ();
  g_autoptr (JsonObject) stopped = NULL;
  double seconds;

  g_subprocess_send_signal (run->process, first);
  if (second != 0)
    g_subprocess_send_signal (run->process, second);
  stopped = cli_run_wait_event (run, "stopped");
  g_assert_cmpint (cli_run_end (run), ==, 130);
  seconds = g_timer_elapsed (timer, NULL);
  g_test_minimized_result (seconds, "from signal to end: %.3f s", seconds);
  g_assert_cmpfloat (seconds, <, MAX_SECONDS);
  return json_object_get_int_member (stopped, "received");
}

/* The same command again fetches only what is missing. */
static void
assert_goes_on (CliFixture *fixture, const char *url, gint64 kept)
{
  g_autoptr (CliResult) result = NULL;

  g_assert_cmpint (kept, >, 0);
  g_assert_cmpint (kept, <, SIZE);
  cli_server_set_hold (fixture->server, FALSE);
  result = cli_run (fixture, NULL, "get", "--json", "--connections=1", url, NULL);
  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpint (cli_server_get_last_start (fixture->server), ==, kept);
  g_assert_cmpint (cli_server_get_last_length (fixture->server), ==, SIZE - kept);
  cli_assert_content (fixture, "big.bin", SIZE);
  cli_assert_files (fixture, "big.bin", NULL);
}

static void
test_signal (CliFixture *fixture, int first, int second)
{
  g_autofree char *url = make_held_uri (fixture);
  g_autofree char *whole = cli_fixture_get_path (fixture, "big.bin");
  g_autofree char *part = cli_fixture_get_path (fixture, "big.bin.part");
  gint64 kept = interrupt (begin_held (fixture, url), first, second);

  g_assert_false (g_file_test (whole, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (part, G_FILE_TEST_IS_REGULAR));
  assert_goes_on (fixture, url, kept);
}

static void
test_sigint (CliFixture *fixture, gconstpointer user_data)
{
  test_signal (fixture, SIGINT, 0);
}

static void
test_sigterm (CliFixture *fixture, gconstpointer user_data)
{
  test_signal (fixture, SIGTERM, 0);
}

static void
test_twice (CliFixture *fixture, gconstpointer user_data)
{
  test_signal (fixture, SIGINT, SIGINT);
}

static void
test_both (CliFixture *fixture, gconstpointer user_data)
{
  test_signal (fixture, SIGTERM, SIGINT);
}

/* Fifty downloads, of which four have begun: those are told of, and none leaves anything running.
 */
static void
test_queue (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (GTimer) timer = NULL;
  CliRun *run;
  guint n_stopped = 0;

  for (int i = 0; i < 50; i++)
    {
      g_autofree char *path = g_strdup_printf ("/held/%d/file-%d", SIZE, i);
      g_autofree char *url = cli_server_make_uri (fixture->server, path);

      g_string_append_printf (list, "%s\n", url);
    }
  cli_fixture_write (fixture, "list", list->str);
  cli_server_set_hold (fixture->server, TRUE);
  /* One each, however long it takes until it is stopped. */
  run = cli_run_begin (fixture, "get", "--json", "-x", "1", "-i", "list", NULL);
  cli_server_wait_requests (fixture->server, 4);

  timer = g_timer_new ();
  g_subprocess_send_signal (run->process, SIGINT);
  while (TRUE)
    {
      g_autofree char *line = g_data_input_stream_read_line (run->lines, NULL, NULL, NULL);

      if (line == NULL)
        break;
      n_stopped += strstr (line, "\"stopped\"") != NULL;
    }
  g_assert_cmpint (cli_run_end (run), ==, 130);
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, MAX_SECONDS);
  g_assert_cmpuint (n_stopped, ==, 4);
  g_assert_cmpuint (cli_server_get_n_requests (fixture->server), ==, 4);
}

/* Nobody reads what it says: the pipe is full, and Ctrl+C ends it all the same. */
static void
test_stalled_reader (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (GTimer) timer = NULL;
  CliRun *run;

  for (int i = 0; i < 1000; i++)
    {
      g_autofree char *path = g_strdup_printf ("/bytes/10/file-%d", i);
      g_autofree char *url = cli_server_make_uri (fixture->server, path);

      g_string_append_printf (list, "%s\n", url);
    }
  cli_fixture_write (fixture, "list", list->str);
  run = cli_run_begin (fixture, "get", "--json", "--no-sync", "-i", "list", NULL);
  /* By now it has more to say, at 100 bytes an event and two for each file, than the 64 KiB that
   * a pipe holds. */
  cli_server_wait_requests (fixture->server, 600);

  timer = g_timer_new ();
  g_subprocess_send_signal (run->process, SIGINT);
  g_assert_cmpint (cli_run_end (run), ==, 130);
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, MAX_SECONDS);
}

/* The reader goes away: that ends it, in good order. */
static void
test_lost_reader (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = make_held_uri (fixture);
  g_autofree char *part = cli_fixture_get_path (fixture, "big.bin.part");
  g_autofree char *more = cli_server_make_uri (fixture->server, "/bytes/10/more\n");
  CliRun *run;

  cli_server_set_hold (fixture->server, TRUE);
  run = cli_run_begin (fixture, "get", "--json", "-i", "-", url, NULL);
  wait_bytes (run);
  g_input_stream_close (G_INPUT_STREAM (run->lines), NULL, NULL);

  /* What it has to say of this one, nobody hears. */
  cli_run_type (run, more);
  g_assert_cmpint (cli_run_end (run), ==, 1);
  g_assert_true (g_file_test (part, G_FILE_TEST_EXISTS));
}

/* Four workers that the kernel holds: they wait for what is written to a named pipe, which no
 * cancellable ends. They are named on standard error, and awaited. */
static void
test_holders (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *a = cli_server_make_uri (fixture->server, "/bytes/10/a");
  g_autofree char *b = cli_server_make_uri (fixture->server, "/bytes/10/b");
  g_autofree char *c = cli_server_make_uri (fixture->server, "/bytes/10/c");
  g_autofree char *d = cli_server_make_uri (fixture->server, "/bytes/10/d");
  g_autofree char *certificates = cli_fixture_get_path (fixture, "certificates");
  g_autofree char *line = NULL;
  CliRun *run;
  int hold;

  g_assert_cmpint (mkfifo (certificates, 0600), ==, 0);
  run = cli_run_begin (fixture, "get", "--json", "--ca-file=certificates", a, b, c, d, NULL);
  for (int i = 0; i < 4; i++)
    json_object_unref (cli_run_wait_event (run, "started"));
  hold = open (certificates, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (hold, >=, 0);

  g_subprocess_send_signal (run->process, SIGINT);
  line = cli_run_read_error (run);
  g_assert_cmpstr (line, ==, "bobbin-cli: Still stopping: a, b, c and 1 more");
  g_assert_cmpint (close (hold), ==, 0);
  g_assert_cmpint (cli_run_end (run), ==, 130);
}

int
main (int argc, char **argv)
{
  cli_test_init (&argc, &argv);

  CLI_TEST ("/cli/interrupt/sigint", test_sigint);
  CLI_TEST ("/cli/interrupt/sigterm", test_sigterm);
  CLI_TEST ("/cli/interrupt/twice", test_twice);
  CLI_TEST ("/cli/interrupt/both", test_both);
  CLI_TEST ("/cli/interrupt/queue", test_queue);
  CLI_TEST ("/cli/interrupt/stalled-reader", test_stalled_reader);
  CLI_TEST ("/cli/interrupt/lost-reader", test_lost_reader);
  CLI_TEST ("/cli/interrupt/holders", test_holders);

  return g_test_run ();
}
