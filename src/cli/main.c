/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-cli: the engine's jobs without a display. Finds out which command is meant; each command
 * has a file of its own.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-options.h"
#include "bobbin-cli.h"
#include "bobbin-http-session.h"
#include "bobbin-process.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <unistd.h>

typedef BobbinCliStatus (*Command) (char **args);

static BobbinCliStatus
show_version (char **args)
{
  return bobbin_cli_options_print ("bobbin-cli " PACKAGE_VERSION "\n");
}

static BobbinCliStatus
show_help (char **args)
{
  return bobbin_cli_options_print (_ (
    "Usage:\n"
    "  bobbin-cli get [OPTION…] URL…        Download files\n"
    "  bobbin-cli watch [OPTION…] TARGET…   Monitor this computer, and what answers on a network\n"
    "  bobbin-cli history [OPTION…] TARGET  Show what a monitor of the app found\n"
    "  bobbin-cli monitors [OPTION…]        Export the monitors of the app, or import some\n"
    "  bobbin-cli --version                 Show the version and exit\n"
    "  bobbin-cli --help                    Show this help and exit\n"
    "\n"
    "“bobbin-cli get --help” tells what the options of “get” are, and so for the others.\n"));
}

static Command
find_command (const char *name)
{
  const struct
  {
    const char *name;
    Command command;
  } commands[] = {
    { "get", bobbin_cli_get },
    { "watch", bobbin_cli_watch },
    { "history", bobbin_cli_history },
    { "monitors", bobbin_cli_monitors },
    { "--version", show_version },
    { "--help", show_help },
    { "-h", show_help },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (name, commands[i].name) == 0)
      return commands[i].command;
  return NULL;
}

/* Started with a standard stream closed, the next file opened would take its place, and what is
 * meant for the screen would go into a download. */
static void
open_standard_streams (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && open ("/dev/null", O_RDWR) != fd)
      _exit (BOBBIN_CLI_FAILED);
}

int
main (int argc, char **argv)
{
  Command command;

  open_standard_streams ();
  bobbin_process_prepare ();
  bobbin_http_session_prepare ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("bobbin-cli");

  if (argc < 2)
    return bobbin_cli_options_wrong_usage (NULL, _ ("No command given"));

  command = find_command (argv[1]);
  if (command == NULL)
    {
      /* Translators: %s is what was typed */
      g_autofree char *message = g_strdup_printf (_ ("There is no command “%s”"), argv[1]);

      return bobbin_cli_options_wrong_usage (NULL, message);
    }
  return command (argv + 1);
}
