/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli get` on a terminal: a pseudo-terminal, of which bobbin-cli gets one end as its
 * controlling terminal and the test reads the other, so that Ctrl+C is what it is for a person: a
 * key, an echo and a signal.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "cli-fixture.h"
#include "cli-screen.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define SIZE (8 * 1024 * 1024)
#define ROWS 24

typedef struct
{
  int fd;
  pid_t pid;
  CliScreen *screen;
} Terminal;

/* As at a terminal's shell, though the tests may run under nohup(1): what is ignored is inherited.
 */
static void
listen_to_signals (void)
{
  static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    signal (numbers[i], SIG_DFL);
}

static void
begin (Terminal *self, CliFixture *fixture, guint columns, char **args)
{
  struct winsize size = { .ws_row = ROWS, .ws_col = (unsigned short) columns };

  self->screen = cli_screen_new (columns, ROWS);
  self->pid = forkpty (&self->fd, NULL, NULL, &size);
  g_assert_cmpint (self->pid, >=, 0);
  if (self->pid > 0)
    return;

  listen_to_signals ();
  if (chdir (fixture->folder) == 0)
    execv (args[0], args);
  _exit (127);
}

/* Shows what comes next; says whether anything did. */
static gboolean
show (Terminal *self)
{
  char bytes[4096];
  gssize size;

  do
    size = read (self->fd, bytes, sizeof bytes);
  while (size < 0 && errno == EINTR);
  if (size <= 0)
    return FALSE;
  cli_screen_feed (self->screen, bytes, (gsize) size);
  return TRUE;
}

/* Waits until the screen shows a text. */
static void
wait_text (Terminal *self, const char *wanted)
{
  g_autofree char *text = cli_screen_get_text (self->screen);

  while (strstr (text, wanted) == NULL)
    {
      if (!show (self))
        g_error ("It ended without “%s”:\n%s", wanted, text);
      g_free (text);
      text = cli_screen_get_text (self->screen);
    }
}

/* Whether the terminal shows what is typed. */
static gboolean
shows_keys (Terminal *self)
{
  struct termios settings;

  g_assert_cmpint (tcgetattr (self->fd, &settings), ==, 0);
  return (settings.c_lflag & ECHO) != 0;
}

static void
type (Terminal *self, const char *keys)
{
  g_assert_cmpint (write (self->fd, keys, strlen (keys)), ==, strlen (keys));
}

/* Shows all there is to the end, finds the terminal as it was, and says how it ended: the exit
 * status, or minus the signal. */
static int
end (Terminal *self, char **text)
{
  int status = 0;

  while (show (self))
    ;
  g_assert_cmpint (waitpid (self->pid, &status, 0), ==, self->pid);
  g_assert_true (shows_keys (self));
  g_assert_cmpuint (cli_screen_get_column (self->screen), ==, 0);
  *text = cli_screen_get_text (self->screen);
  close (self->fd);
  cli_screen_free (self->screen);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -WTERMSIG (status);
}

static void
test_done (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *a = cli_server_make_uri (fixture->server, "/bytes/3000000/a.bin");
  g_autofree char *missing = cli_server_make_uri (fixture->server, "/missing");
  char *args[] = { (char *) cli_get_program (), (char *) "get", a, missing, NULL };
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  Terminal terminal;

  begin (&terminal, fixture, 120, args);
  g_assert_cmpint (end (&terminal, &text), ==, 1);
  lines = g_strsplit (text, "\n", -1);
  g_test_message ("%s", text);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  for (int i = 0; i < 2; i++)
    if (g_str_has_prefix (lines[i], "a.bin: "))
      g_assert_nonnull (strstr (lines[i], "3.0\302\240MB in "));
    else
      g_assert_nonnull (strstr (lines[i], "/missing: "));
}

/* While it runs there is its line; after Ctrl+C that is gone, and so is the echo of the key. */
static void
test_interrupt (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = g_strdup_printf ("/held/%d/big.bin", SIZE);
  g_autofree char *url = cli_server_make_uri (fixture->server, path);
  char *args[] = { (char *) cli_get_program (), (char *) "get", url, NULL };
  g_autofree char *running = NULL;
  g_autofree char *text = NULL;
  Terminal terminal;

  cli_server_set_hold (fixture->server, TRUE);
  begin (&terminal, fixture, 80, args);
  wait_text (&terminal, "%");
  running = cli_screen_get_text (terminal.screen);
  g_test_message ("%s", running);
  g_assert_true (g_str_has_prefix (running, "big.bin"));
  g_assert_nonnull (strstr (running, "┄"));
  g_assert_cmpuint (cli_count_lines (running), ==, 1);

  type (&terminal, "\003");
  g_assert_cmpint (end (&terminal, &text), ==, 130);
  g_test_message ("%s", text);
  g_assert_cmpuint (cli_count_lines (text), ==, 1);
  g_assert_true (g_str_has_prefix (text, "big.bin: stopped, "));
  g_assert_true (g_str_has_suffix (text, " of 8.4\302\240MB kept\n"));
}

/* What a server sends or a sentence names is shown, not obeyed: the screen would complain. */
static void
test_lie (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/lie");
  g_autofree char *file = cli_server_make_uri (fixture->server, "/bytes/10/file");
  char *args[] = {
    (char *) cli_get_program (), (char *) "get", (char *) "-d", (char *) CLI_LIE, url, file, NULL
  };
  g_autofree char *text = NULL;
  Terminal terminal;

  begin (&terminal, fixture, 200, args);
  g_assert_cmpint (end (&terminal, &text), ==, 1);
  g_test_message ("%s", text);
  g_assert_true (g_str_has_prefix (text, "bobbin-cli: http://127.0.0.1:"));
  g_assert_nonnull (strstr (text, "/�[31mred�”"));
}

/* With standard error elsewhere, nothing stays on the screen of the last download, which failed. */
static void
test_errors_elsewhere (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url =
    g_strdup_printf ("http://127.0.0.1:%u/file.bin", cli_server_find_closed_port ());
  g_autofree char *path = cli_fixture_get_path (fixture, "errors");
  g_autofree char *errors = NULL;
  g_autofree char *text = NULL;
  char *args[] = { (char *) "/bin/sh",
                   (char *) "-c",
                   (char *) "exec \"$0\" get --retries=1 \"$1\" 2>errors",
                   (char *) cli_get_program (),
                   url,
                   NULL };
  Terminal terminal;

  begin (&terminal, fixture, 80, args);
  wait_text (&terminal, "file.bin");
  g_assert_cmpint (end (&terminal, &text), ==, 1);
  g_assert_cmpstr (text, ==, "");
  g_assert_true (g_file_get_contents (path, &errors, NULL, NULL));
  g_assert_cmpuint (cli_count_lines (errors), ==, 1);
  g_assert_nonnull (strstr (errors, url));
}

/* A worker that the kernel holds is named, above the line of its file. */
static void
test_holder (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/10/file.bin");
  g_autofree char *certificates = cli_fixture_get_path (fixture, "certificates");
  char *args[] = { (char *) cli_get_program (), (char *) "get", (char *) "--ca-file=certificates",
                   url, NULL };
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  Terminal terminal;
  int hold;

  g_assert_cmpint (mkfifo (certificates, 0600), ==, 0);
  begin (&terminal, fixture, 200, args);
  hold = open (certificates, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (hold, >=, 0);

  type (&terminal, "\003");
  wait_text (&terminal, "Still stopping");
  close (hold);
  g_assert_cmpint (end (&terminal, &text), ==, 130);
  g_test_message ("%s", text);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpstr (lines[0], ==, "bobbin-cli: Still stopping: file.bin");
  g_assert_cmpuint (g_strv_length (lines), <=, 3);
}

/* A line is never wider than the terminal, in whatever columns its name counts, and what could
 * move the cursor does not get there: the screen would complain. */
static void
test_narrow (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = g_strdup_printf (
    "/held/%d/%%E4%%B8%%AD%%E6%%96%%87-a-name-that-is-much-too-long-for-it%%1b%%5b31m.bin", SIZE);
  g_autofree char *url = cli_server_make_uri (fixture->server, path);
  char *args[] = { (char *) cli_get_program (), (char *) "get", url, NULL };
  g_autofree char *running = NULL;
  g_autofree char *text = NULL;
  Terminal terminal;

  cli_server_set_hold (fixture->server, TRUE);
  begin (&terminal, fixture, 30, args);
  wait_text (&terminal, "…");
  running = cli_screen_get_text (terminal.screen);
  g_test_message ("%s", running);
  g_assert_cmpuint (cli_count_lines (running), ==, 1);

  type (&terminal, "\003");
  g_assert_cmpint (end (&terminal, &text), ==, 130);
}

/* A long name gives way to how far it is, in a terminal of half the usual width. */
static void
test_half (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *path =
    g_strdup_printf ("/held/%d/a-name-that-is-a-good-deal-too-long-for-it.bin", SIZE);
  g_autofree char *url = cli_server_make_uri (fixture->server, path);
  char *args[] = { (char *) cli_get_program (), (char *) "get", url, NULL };
  g_autofree char *running = NULL;
  g_autofree char *text = NULL;
  Terminal terminal;

  cli_server_set_hold (fixture->server, TRUE);
  begin (&terminal, fixture, 40, args);
  wait_text (&terminal, "%");
  running = cli_screen_get_text (terminal.screen);
  g_test_message ("%s", running);
  g_assert_true (g_str_has_prefix (running, "a-name-th…"));
  g_assert_nonnull (strstr (running, ".bin  "));
  g_assert_cmpuint (cli_count_lines (running), ==, 1);

  type (&terminal, "\003");
  g_assert_cmpint (end (&terminal, &text), ==, 130);
}

/* More files than the terminal has lines; at the end each has its line, and nothing else. Drawn at
 * most ten times a second, and once for each line that stays. */
static void
test_many (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (GString) list = g_string_new (NULL);
  char *args[] = { (char *) cli_get_program (),
                   (char *) "get",
                   (char *) "-j",
                   (char *) "40",
                   (char *) "-i",
                   (char *) "list",
                   NULL };
  g_autoptr (GTimer) timer = g_timer_new ();
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  Terminal terminal;

  for (int i = 0; i < 40; i++)
    {
      g_autofree char *path = g_strdup_printf ("/gate/file-%d", i);
      g_autofree char *url = cli_server_make_uri (fixture->server, path);

      g_string_append_printf (list, "%s\n", url);
    }
  cli_fixture_write (fixture, "list", list->str);
  cli_server_set_gate (fixture->server, 40, 40);

  begin (&terminal, fixture, 80, args);
  while (show (&terminal))
    ;
  g_assert_cmpuint (cli_screen_get_draws (terminal.screen), <=,
                    40 + 2 + (guint) (g_timer_elapsed (timer, NULL) * 10));
  g_assert_cmpint (end (&terminal, &text), ==, 0);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, ROWS);
  for (int i = 0; i < ROWS - 1; i++)
    {
      g_assert_true (g_str_has_prefix (lines[i], "file-"));
      g_assert_nonnull (strstr (lines[i], "7 bytes in"));
    }
}

#define QUESTION "Password for “joe”:"

static void
begin_login (Terminal *self, CliFixture *fixture, guint columns)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/login/bytes/10/file.bin");
  char *args[] = { (char *) cli_get_program (), (char *) "get", (char *) "--user=joe", url, NULL };

  begin (self, fixture, columns, args);
  wait_text (self, QUESTION);
  g_assert_false (shows_keys (self));
}

static void
test_password (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  Terminal terminal;

  begin_login (&terminal, fixture, 80);
  type (&terminal, "sesame\n");
  g_assert_cmpint (end (&terminal, &text), ==, 0);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_cmpstr (lines[0], ==, QUESTION);
  g_assert_true (g_str_has_prefix (lines[1], "file.bin: "));
  cli_assert_content (fixture, "file.bin", 10);
}

/* Whatever comes instead of a password finds the terminal as it was. */
static void
test_password_interrupt (CliFixture *fixture, gconstpointer user_data)
{
  static const struct
  {
    int signal;
    int status;
  } ends[] = { { SIGINT, 130 }, { SIGTERM, 130 }, { SIGHUP, -SIGHUP }, { SIGQUIT, -SIGQUIT } };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *text = NULL;
      Terminal terminal;

      begin_login (&terminal, fixture, 80);
      type (&terminal, "half a pass");
      g_assert_cmpint (kill (terminal.pid, ends[i].signal), ==, 0);
      g_assert_cmpint (end (&terminal, &text), ==, ends[i].status);
      g_assert_cmpstr (text, ==, QUESTION "\n");
    }
  g_assert_cmpuint (cli_server_get_n_requests (fixture->server), ==, 0);
}

/* The keys themselves: Ctrl+C ends it, Ctrl+D is no password, and Ctrl+Z, which has no effect in a
 * session without a shell, makes it ask again. */
static void
test_password_keys (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *interrupted = NULL;
  g_autofree char *ended = NULL;
  g_autofree char *stopped = NULL;
  Terminal terminal;

  begin_login (&terminal, fixture, 80);
  type (&terminal, "\003");
  g_assert_cmpint (end (&terminal, &interrupted), ==, 130);
  g_assert_cmpstr (interrupted, ==, QUESTION "\n");

  begin_login (&terminal, fixture, 80);
  type (&terminal, "\004");
  g_assert_cmpint (end (&terminal, &ended), ==, 2);
  g_assert_true (g_str_has_prefix (ended, QUESTION "\nbobbin-cli: "));

  begin_login (&terminal, fixture, 80);
  type (&terminal, "other\032");
  wait_text (&terminal, QUESTION "\n" QUESTION);
  type (&terminal, "sesame\n");
  g_assert_cmpint (end (&terminal, &stopped), ==, 0);
}

int
main (int argc, char **argv)
{
  cli_test_init (&argc, &argv);

  CLI_TEST ("/cli/terminal/done", test_done);
  CLI_TEST ("/cli/terminal/interrupt", test_interrupt);
  CLI_TEST ("/cli/terminal/lie", test_lie);
  CLI_TEST ("/cli/terminal/errors-elsewhere", test_errors_elsewhere);
  CLI_TEST ("/cli/terminal/holder", test_holder);
  CLI_TEST ("/cli/terminal/narrow", test_narrow);
  CLI_TEST ("/cli/terminal/half", test_half);
  CLI_TEST ("/cli/terminal/many", test_many);
  CLI_TEST ("/cli/terminal/password", test_password);
  CLI_TEST ("/cli/terminal/password-interrupt", test_password_interrupt);
  CLI_TEST ("/cli/terminal/password-keys", test_password_keys);

  return g_test_run ();
}
