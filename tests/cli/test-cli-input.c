/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli get --input-file`: lists from files and pipes, and a standard input that is not in a
 * hurry.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "cli-fixture.h"

#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Of what nobody reads, bobbin-cli keeps some 256 KiB, and the three pipes 64 KiB each. */
#define MAX_KEPT (2 * 1024 * 1024)

/* What is not read in such a time is not going to be. Too short a time would let the test pass for
 * nothing, never fail. */
#define UNREAD_MSEC 300

static char *
make_list (CliFixture *fixture, guint n_urls)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < n_urls; i++)
    {
      g_autofree char *path = g_strdup_printf ("/bytes/%u/file-%04u", i, i);
      g_autofree char *url = cli_server_make_uri (fixture->server, path);

      g_string_append_printf (list, "%s\n", url);
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static void
test_file (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *a = cli_server_make_uri (fixture->server, "/bytes/100/a");
  g_autofree char *b = cli_server_make_uri (fixture->server, "/bytes/200/b");
  g_autofree char *c = cli_server_make_uri (fixture->server, "/bytes/300/c");
  g_autofree char *list = g_strdup_printf ("# %s/not-this\n\n  %s  \r\n\t# nor this\n%s", c, a, b);
  g_autoptr (CliResult) result = NULL;

  cli_fixture_write (fixture, "list", list);
  result = cli_run (fixture, NULL, "get", "-i", "list", c, NULL);
  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->errors, ==, "");
  g_assert_cmpuint (cli_count_lines (result->output), ==, 3);
  cli_assert_content (fixture, "a", 100);
  cli_assert_content (fixture, "b", 200);
  cli_assert_content (fixture, "c", 300);
  cli_assert_files (fixture, "a", "b", "c", "list", NULL);
}

static void
test_pipe (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *a = cli_server_make_uri (fixture->server, "/bytes/100/a");
  g_autofree char *list = g_strdup_printf ("%s\n# the end, without a line feed", a);
  g_autoptr (CliResult) result = cli_run (fixture, list, "get", "-i", "-", NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpuint (cli_count_lines (result->output), ==, 1);
  cli_assert_content (fixture, "a", 100);
}

/* As Windows writes it. */
static void
test_byte_order_mark (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *a = cli_server_make_uri (fixture->server, "/bytes/100/a");
  g_autofree char *b = cli_server_make_uri (fixture->server, "/bytes/200/b");
  g_autofree char *list = g_strdup_printf ("\xef\xbb\xbf%s\r\n%s\r\n", a, b);
  g_autoptr (CliResult) result = cli_run (fixture, list, "get", "-i", "-", NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->errors, ==, "");
  cli_assert_content (fixture, "a", 100);
  cli_assert_content (fixture, "b", 200);
}

static void
test_empty (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) result = cli_run (fixture, "\n# nothing\n\n", "get", "-i", "-", NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->output, ==, "");
  g_assert_cmpstr (result->errors, ==, "");
}

/* More than wait in the queue at once. */
static void
test_many (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *list = make_list (fixture, 700);
  g_autoptr (CliResult) result =
    cli_run (fixture, list, "get", "-j", "8", "--no-sync", "-i", "-", NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->errors, ==, "");
  g_assert_cmpuint (cli_count_lines (result->output), ==, 700);
  g_assert_cmpuint (cli_server_get_max_at_once (fixture->server), <=, 8);
  cli_assert_content (fixture, "file-0000", 0);
  cli_assert_content (fixture, "file-0350", 350);
  cli_assert_content (fixture, "file-0699", 699);
}

/* Lines that are no addresses are told of by address or by number; the others go on. */
static void
test_bad_lines (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *a = cli_server_make_uri (fixture->server, "/bytes/100/a");
  g_autofree char *b = cli_server_make_uri (fixture->server, "/bytes/200/b");
  g_autofree char *endless = g_strnfill (200 * 1024, 'x');
  g_autofree char *list = g_strdup_printf ("%s\nnonsense\n%s\n\xff\xfe\n%s\n", a, endless, b);
  g_autoptr (CliResult) result = NULL;

  cli_fixture_write (fixture, "list", list);
  result = cli_run (fixture, NULL, "get", "-i", "list", NULL);
  g_assert_cmpint (result->status, ==, 1);
  g_assert_cmpuint (cli_count_lines (result->errors), ==, 3);
  g_assert_nonnull (strstr (result->errors, "bobbin-cli: nonsense: "));
  g_assert_nonnull (strstr (result->errors, "bobbin-cli: list:3: "));
  g_assert_nonnull (strstr (result->errors, "bobbin-cli: list:4: "));
  cli_assert_content (fixture, "a", 100);
  cli_assert_content (fixture, "b", 200);
}

/* An address that comes is downloaded though the next one is not there yet, and the wait for that
 * one ends at once when it is to end. */
static void
test_slow_typist (CliFixture *fixture, gconstpointer user_data)
{
  CliRun *run = cli_run_begin (fixture, "get", "--json", "-i", "-", NULL);
  g_autofree char *a = cli_server_make_uri (fixture->server, "/bytes/100/a\n");
  g_autofree char *b = cli_server_make_uri (fixture->server, "/bytes/200/b\n");
  g_autoptr (JsonObject) first = NULL;
  g_autoptr (JsonObject) second = NULL;

  cli_run_type (run, a);
  first = cli_run_wait_event (run, "done");
  cli_assert_content (fixture, "a", 100);
  cli_run_type (run, b);
  second = cli_run_wait_event (run, "done");
  cli_assert_content (fixture, "b", 200);

  g_subprocess_send_signal (run->process, SIGINT);
  g_assert_cmpint (cli_run_end (run), ==, 130);
}

/* Writes lines of 1 KiB, which begin like that, until nobody takes them for a while, or as many
 * bytes as that; says how many were taken. */
static gsize
type_lines (CliRun *run, const char *start, gsize max)
{
  GOutputStream *input = g_subprocess_get_stdin_pipe (run->process);
  const int fd = g_unix_output_stream_get_fd (G_UNIX_OUTPUT_STREAM (input));
  g_autofree char *rest = g_strnfill (1023 - strlen (start), 'x');
  g_autofree char *line = g_strconcat (start, rest, "\n", NULL);
  struct pollfd room = { .fd = fd, .events = POLLOUT };
  gsize typed = 0;

  g_assert_cmpint (fcntl (fd, F_SETFL, O_NONBLOCK), ==, 0);
  while (typed < max && poll (&room, 1, UNREAD_MSEC) > 0)
    {
      gssize n = write (fd, line + typed % 1024, 1024 - typed % 1024);

      g_assert_cmpint (n, >, 0);
      typed += (gsize) n;
    }
  return typed;
}

/* Nobody reads what is said of bad addresses: then no more of them are read, until somebody does,
 * and none is lost. */
static void
test_unread_errors (CliFixture *fixture, gconstpointer user_data)
{
  CliRun *run = cli_run_begin (fixture, "get", "-i", "-", NULL);
  GOutputStream *input = g_subprocess_get_stdin_pipe (run->process);
  gsize typed = type_lines (run, "", 4 * MAX_KEPT);
  gsize n = 0;
  char *line;

  g_assert_cmpuint (typed, <, MAX_KEPT);
  g_assert_true (g_output_stream_close (input, NULL, NULL));
  for (; (line = cli_run_read_error (run)) != NULL; n++)
    g_free (line);
  g_assert_cmpuint (n, ==, (typed + 1023) / 1024);
  g_assert_cmpint (cli_run_end (run), ==, 1);
}

/* While the server holds what has begun, no more of the list is read than a few downloads need, and
 * what a pipe and a buffer of 64 KiB take: how long it is does not matter. */
static void
test_endless (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *start = cli_server_make_uri (fixture->server, "/held/1000000/");
  CliRun *run;

  cli_server_set_hold (fixture->server, TRUE);
  run = cli_run_begin (fixture, "get", "--json", "-j2", "-i", "-", NULL);
  g_assert_cmpuint (type_lines (run, start, MAX_KEPT), <, 200 * 1024);
  cli_server_wait_requests (fixture->server, 2);

  g_subprocess_send_signal (run->process, SIGINT);
  g_assert_cmpint (cli_run_end (run), ==, 130);
}

/* Downloads that only wait for another try, more of them than are read in advance, hold up nobody.
 */
static void
test_waiting (CliFixture *fixture, gconstpointer user_data)
{
  CliRun *run = cli_run_begin (fixture, "get", "--json", "-j1", "-i", "-", NULL);
  g_autofree char *good = cli_server_make_uri (fixture->server, "/bytes/100/good\n");
  g_autoptr (JsonObject) done = NULL;

  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *path = g_strdup_printf ("/busy/%u\n", i);
      g_autofree char *busy = cli_server_make_uri (fixture->server, path);

      cli_run_type (run, busy);
    }
  cli_run_type (run, good);
  done = cli_run_wait_event (run, "done");
  cli_assert_content (fixture, "good", 100);

  g_subprocess_send_signal (run->process, SIGINT);
  g_assert_cmpint (cli_run_end (run), ==, 130);
}

int
main (int argc, char **argv)
{
  cli_test_init (&argc, &argv);

  CLI_TEST ("/cli/input/file", test_file);
  CLI_TEST ("/cli/input/pipe", test_pipe);
  CLI_TEST ("/cli/input/byte-order-mark", test_byte_order_mark);
  CLI_TEST ("/cli/input/empty", test_empty);
  CLI_TEST ("/cli/input/many", test_many);
  CLI_TEST ("/cli/input/bad-lines", test_bad_lines);
  CLI_TEST ("/cli/input/slow-typist", test_slow_typist);
  CLI_TEST ("/cli/input/unread-errors", test_unread_errors);
  CLI_TEST ("/cli/input/endless", test_endless);
  CLI_TEST ("/cli/input/waiting", test_waiting);

  return g_test_run ();
}
