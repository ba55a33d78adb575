/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Gets a password from where nobody else can read it: the environment, or the terminal with its
 * echo off. It is the terminal itself that is asked, as standard input may be a list of addresses.
 * Whatever ends or stops the program meanwhile finds the echo on again: a signal's handler does no
 * more than write its number into a pipe, which is read like keys. To block signals and read them
 * (signalfd(2)) would not do: GLib may have a thread by now that does not block them, and what is
 * sent to the program would go to that one.
 *
 * Main thread only. Waits for a person.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-password.h"

#include "bobbin-display.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define VARIABLE "BOBBIN_PASSWORD"

/* A terminal gives no longer line (termios(3)). */
#define MAX_LINE 4096

/* Those that are read here. */
static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP };

typedef struct
{
  int terminal;
  int signals; /* the end of the pipe that is read */
  struct sigaction before[G_N_ELEMENTS (numbers)];
  struct termios shown; /* the terminal as it was */
  const char *question;
} Prompt;

/* The other end, for the handler, in whichever thread it runs; stays open. */
static int signal_writer = -1;

static void
on_signal (int number)
{
  const guint8 byte = (guint8) number;
  const int before = errno;

  while (write (signal_writer, &byte, 1) < 0 && errno == EINTR)
    ;
  errno = before;
}

/* What the program was told to ignore (nohup(1)) stays ignored. */
static void
catch_signals (Prompt *self)
{
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

  sigfillset (&action.sa_mask);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      sigaction (numbers[i], NULL, &self->before[i]);
      if (self->before[i].sa_handler != SIG_IGN)
        sigaction (numbers[i], &action, NULL);
    }
}

static void
let_signals_be (Prompt *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    sigaction (numbers[i], &self->before[i], NULL);
}

static void
write_text (Prompt *self, const char *text)
{
  while (*text != '\0')
    {
      const gssize n = write (self->terminal, text, strlen (text));

      if (n < 0 && errno != EINTR)
        return;
      text += MAX (n, 0);
    }
}

/* Flushed both ways: what was typed for one reader is not for the next. */
static gboolean
set_shown (Prompt *self)
{
  return tcsetattr (self->terminal, TCSAFLUSH, &self->shown) == 0;
}

static gboolean
set_hidden (Prompt *self)
{
  struct termios hidden;

  if (tcgetattr (self->terminal, &self->shown) != 0)
    return FALSE;
  hidden = self->shown;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  hidden.c_lflag |= ICANON | ISIG | ECHONL;
  return tcsetattr (self->terminal, TCSAFLUSH, &hidden) == 0;
}

/* The question comes last: who sees it can type. */
static gboolean
prompt_begin (Prompt *self, GError **error)
{
  if (!set_hidden (self))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   /* Translators: %s is what the system says */
                   _ ("The terminal cannot take a password: %s"), g_strerror (errno));
      return FALSE;
    }
  write_text (self, self->question);
  return TRUE;
}

static gboolean
prompt_open (Prompt *self, GError **error)
{
  int ends[2];

  self->terminal = open ("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (self->terminal < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           /* Translators: keep --user and BOBBIN_PASSWORD as they are */
                           _ ("--user needs a password, and there is no terminal to ask for it: "
                              "set the environment variable BOBBIN_PASSWORD"));
      return FALSE;
    }

  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return FALSE;
  g_unix_set_fd_nonblocking (ends[0], TRUE, NULL);
  self->signals = ends[0];
  signal_writer = ends[1];
  catch_signals (self);
  return prompt_begin (self, error);
}

static void
prompt_close (Prompt *self)
{
  guint8 late;

  if (self->signals >= 0)
    {
      let_signals_be (self);
      /* What came after the last key is for the program. */
      while (read (self->signals, &late, 1) == 1)
        raise (late);
      close (self->signals);
    }
  if (self->terminal >= 0)
    close (self->terminal);
}

/* Ctrl+Z, or an end that is not ours to delay: with the terminal as it was. If it was a stop, asks
 * again afterwards. */
static gboolean
let_through (Prompt *self, int number, GError **error)
{
  write_text (self, "\n");
  set_shown (self);
  let_signals_be (self);
  raise (number);
  catch_signals (self);
  return prompt_begin (self, error);
}

/* Says whether to go on. */
static gboolean
take_signal (Prompt *self, GError **error)
{
  guint8 number;

  if (read (self->signals, &number, 1) != 1)
    return TRUE;
  if (number != SIGINT && number != SIGTERM)
    return let_through (self, number, error);

  write_text (self, "\n");
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, g_strerror (EINTR));
  return FALSE;
}

/* Takes what was typed, to the end of the line; says whether it is there. */
static gboolean
take_keys (Prompt *self, char *line, gsize *length, GError **error)
{
  const gssize n = read (self->terminal, line + *length, MAX_LINE - *length);

  if (n < 0 && errno == EINTR)
    return FALSE;
  if (n <= 0)
    {
      write_text (self, "\n");
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("No password was given"));
      return FALSE;
    }

  *length += (gsize) n;
  if (line[*length - 1] == '\n')
    {
      line[*length - 1] = '\0';
      return TRUE;
    }
  if (*length == MAX_LINE)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The password is too long"));
  return FALSE;
}

static gboolean
read_line (Prompt *self, char *line, GError **error)
{
  g_autoptr (GError) raw = NULL;
  gboolean done = FALSE;
  gsize length = 0;

  while (!done && raw == NULL)
    {
      struct pollfd sources[] = { { self->signals, POLLIN, 0 }, { self->terminal, POLLIN, 0 } };

      if (poll (sources, G_N_ELEMENTS (sources), -1) < 0)
        continue;
      if (sources[0].revents != 0)
        {
          /* What was typed before it is gone, as the terminal was flushed. */
          length = 0;
          take_signal (self, &raw);
        }
      else if (sources[1].revents != 0)
        done = take_keys (self, line, &length, &raw);
    }
  if (raw != NULL)
    g_propagate_error (error, g_steal_pointer (&raw));
  return done;
}

/* What is not text in the locale's encoding is left as it is, for whoever looks at it to refuse. */
static char *
to_utf8 (const char *text)
{
  char *utf8 = g_locale_to_utf8 (text, -1, NULL, NULL, NULL);

  return utf8 != NULL ? utf8 : g_strdup (text);
}

static char *
make_question (const char *user)
{
  g_autofree char *name = bobbin_display_text (user);
  /* Translators: asks for a password on a terminal; %s is a user's name */
  g_autofree char *question = g_strdup_printf (_ ("Password for “%s”: "), name);
  char *local = g_locale_from_utf8 (question, -1, NULL, NULL, NULL);

  return local != NULL ? local : g_steal_pointer (&question);
}

static char *
ask (const char *user, GError **error)
{
  g_autofree char *question = make_question (user);
  Prompt prompt = { .terminal = -1, .signals = -1, .question = question };
  char line[MAX_LINE];
  char *password = NULL;

  if (prompt_open (&prompt, error))
    {
      if (read_line (&prompt, line, error))
        password = to_utf8 (line);
      set_shown (&prompt);
      explicit_bzero (line, sizeof line);
    }
  prompt_close (&prompt);
  return password;
}

/**
 * bobbin_cli_password_get:
 * @user: whose
 * @error: why there is none: %G_IO_ERROR_CANCELLED if SIGINT or SIGTERM came instead of it
 *
 * Takes the password from the environment variable BOBBIN_PASSWORD, which no program that is
 * started from here gets to see, or else asks for it on the terminal.
 *
 * Returns: (transfer full) (nullable): the password, for bobbin_cli_password_free()
 */
char *
bobbin_cli_password_get (const char *user, GError **error)
{
  const char *set = g_getenv (VARIABLE);
  char *password;

  if (set == NULL)
    return ask (user, error);

  password = to_utf8 (set);
  g_unsetenv (VARIABLE);
  return password;
}

/**
 * bobbin_cli_password_free:
 * @password: (nullable) (transfer full): a password
 *
 * Frees it, and leaves no trace of it in the memory.
 */
void
bobbin_cli_password_free (char *password)
{
  if (password != NULL)
    explicit_bzero (password, strlen (password));
  g_free (password);
}
