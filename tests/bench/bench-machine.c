/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a figure is worth nothing without: the machine it was measured on; and what --help says
 * about how to read it. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-machine.h"

#include <gio/gio.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

/* The first “model name” of proc_cpuinfo(5), which not every architecture has. */
static char *
get_processor (void)
{
  g_autoptr (GRegex) model = g_regex_new ("^model name\\s*: *(.+)$", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/cpuinfo", &text, NULL, NULL) ||
      !g_regex_match (model, text, 0, &match))
    return g_strdup ("processor not known");
  return g_match_info_fetch (match, 1);
}

/**
 * bench_machine_print:
 *
 * Prints one line: how many cores this process may use, of what kind, the kernel, and GLib.
 */
void
bench_machine_print (void)
{
  g_autofree char *processor = get_processor ();
  struct utsname kernel = { 0 };

  uname (&kernel);
  printf ("%u cores (%s), Linux %s, GLib %u.%u.%u\n", g_get_num_processors (), processor,
          kernel.release, glib_major_version, glib_minor_version, glib_micro_version);
}

/**
 * bench_machine_parse:
 * @parameters: (nullable): what else it takes, for the help
 * @summary: what it measures, and how to read it
 * @entries: (nullable) (array zero-terminated=1): its options
 * @argv: (array zero-terminated=1): the arguments
 *
 * Sets the locale; answers --help, and ends the program then, or if an argument is wrong.
 *
 * Returns: (transfer full) (array zero-terminated=1): the other arguments
 */
char **
bench_machine_parse (const char *parameters,
                     const char *summary,
                     const GOptionEntry *entries,
                     char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) args = g_strdupv (argv);

  setlocale (LC_ALL, "");
  g_option_context_set_summary (context, summary);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse_strv (context, &args, &error))
    {
      g_printerr ("%s\n", error->message);
      exit (2);
    }
  return g_strdupv (args + 1);
}
