/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The command line's options: parsing them with GOption, checking numbers more strictly than it
 * does, and saying what is wrong. Called in the main thread, before anything runs.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-options.h"

#include "bobbin-display.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Bytes a second; faster than anything that a limit could be for. */
#define MAX_RATE 0x1p40

/**
 * bobbin_cli_options_print:
 * @text: what was asked for
 *
 * Prints a help text or a version on standard output.
 *
 * Returns: %BOBBIN_CLI_DONE, or %BOBBIN_CLI_FAILED if it could not be written
 */
BobbinCliStatus
bobbin_cli_options_print (const char *text)
{
  g_autofree char *local = g_locale_from_utf8 (text, -1, NULL, NULL, NULL);

  if (fputs (local != NULL ? local : text, stdout) == EOF || fflush (stdout) == EOF)
    {
      g_printerr ("bobbin-cli: %s\n", g_strerror (errno));
      return BOBBIN_CLI_FAILED;
    }
  return BOBBIN_CLI_DONE;
}

/**
 * bobbin_cli_options_wrong:
 * @error: where to say it
 * @message: what is wrong with what was typed
 *
 * Sets %G_OPTION_ERROR_BAD_VALUE.
 *
 * Returns: %FALSE
 */
gboolean
bobbin_cli_options_wrong (GError **error, const char *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);

  return FALSE;
}

/**
 * bobbin_cli_options_fail:
 * @message: what went wrong, which may name what somebody else wrote
 *
 * Says it on standard error.
 *
 * Returns: %BOBBIN_CLI_FAILED
 */
BobbinCliStatus
bobbin_cli_options_fail (const char *message)
{
  g_autofree char *harmless = bobbin_display_text (message);

  g_printerr ("bobbin-cli: %s\n", harmless);

  return BOBBIN_CLI_FAILED;
}

/**
 * bobbin_cli_options_wrong_usage:
 * @command: (nullable): the command, %NULL if it is not known
 * @message: what is wrong
 *
 * Says on standard error what is wrong, and where help is.
 *
 * Returns: %BOBBIN_CLI_USAGE
 */
BobbinCliStatus
bobbin_cli_options_wrong_usage (const char *command, const char *message)
{
  g_autofree char *help = g_strjoin (" ", "bobbin-cli", command != NULL ? command : "--help",
                                     command != NULL ? "--help" : NULL, NULL);
  g_autofree char *harmless = bobbin_display_text (message);

  g_printerr ("bobbin-cli: %s\n", harmless);
  /* Translators: %s is a command to type, like “bobbin-cli get --help” */
  g_printerr (_ ("Try “%s” for help."), help);
  g_printerr ("\n");
  return BOBBIN_CLI_USAGE;
}

/**
 * bobbin_cli_options_make_group:
 * @name: what it is called in the program
 * @title: (type utf8): what stands above it in the help, to be translated
 * @entries: its options; copied, but for what they point to
 *
 * Makes a part of a command's options.
 *
 * Returns: (transfer full): the group
 */
GOptionGroup *
bobbin_cli_options_make_group (const char *name, const char *title, const GOptionEntry *entries)
{
  GOptionGroup *group = g_option_group_new (name, title, title, NULL, NULL);

  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_group_add_entries (group, entries);
  return group;
}

/* The help stands at the end of the last group. */
static GOptionContext *
new_context (GOptionGroup *const *groups,
             const char *parameters,
             const char *summary,
             const char *description,
             gboolean *help)
{
  GOptionContext *context = g_option_context_new (parameters);
  const GOptionEntry own[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, help, N_ ("Show this help and exit"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  for (; *groups != NULL; groups++)
    {
      if (groups[1] == NULL)
        g_option_group_add_entries (*groups, own);
      g_option_context_add_group (context, *groups);
    }
  return context;
}

/**
 * bobbin_cli_options_parse:
 * @groups: (transfer full) (array zero-terminated=1): the options
 * @command: the command they belong to
 * @parameters: what else it takes, for the help
 * @summary: what it does, for the help
 * @description: what else is to be said, for the help
 * @args: (inout) (array zero-terminated=1): the arguments, with the command itself as the first
 * @status: (out): what to end with if there is nothing to do
 *
 * Parses a command's arguments. Asked for help it prints that; if something is wrong it says so.
 *
 * Returns: whether the command is to be run
 */
gboolean
bobbin_cli_options_parse (GOptionGroup *const *groups,
                          const char *command,
                          const char *parameters,
                          const char *summary,
                          const char *description,
                          char ***args,
                          BobbinCliStatus *status)
{
  g_autofree char *name = g_strconcat ("bobbin-cli ", command, NULL);
  gboolean help = FALSE;
  g_autoptr (GOptionContext) context =
    new_context (groups, parameters, summary, description, &help);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_set_prgname (name);
  if (!g_option_context_parse_strv (context, args, &error))
    {
      *status = bobbin_cli_options_wrong_usage (command, error->message);
      return FALSE;
    }
  if (!help)
    return TRUE;

  text = g_option_context_get_help (context, FALSE, NULL);
  *status = bobbin_cli_options_print (text);
  return FALSE;
}

/**
 * bobbin_cli_options_split:
 * @args: (array zero-terminated=1): the arguments
 * @letters: the short options that take a value
 *
 * GOption knows “-j 4” and not “-j4”, which everybody else does: makes the one of the other.
 *
 * Returns: (transfer full): the arguments
 */
char **
bobbin_cli_options_split (char **args, const char *letters)
{
  GPtrArray *split = g_ptr_array_new ();
  gboolean is_value = FALSE;
  gboolean ended = FALSE;

  for (guint i = 0; args[i] != NULL; i++)
    {
      const char *arg = args[i];
      const gboolean is_option =
        !ended && !is_value && arg[0] == '-' && arg[1] != '\0' && strchr (letters, arg[1]) != NULL;

      ended = ended || g_str_equal (arg, "--");
      is_value = is_option && arg[2] == '\0';
      if (is_option && !is_value)
        {
          g_ptr_array_add (split, g_strndup (arg, 2));
          arg += 2;
        }
      g_ptr_array_add (split, g_strdup (arg));
    }
  g_ptr_array_add (split, NULL);

  return (char **) g_ptr_array_free (split, FALSE);
}

/**
 * bobbin_cli_options_take_count:
 * @option: the option's name, for the message
 * @text: (nullable): what was given; %NULL leaves @count as it is
 * @min: the least that is allowed
 * @max: the most that is allowed
 * @count: (inout): the number
 * @error: where to say why not: %G_OPTION_ERROR_BAD_VALUE
 *
 * Reads a whole, decimal number.
 *
 * Returns: whether @text was good
 */
gboolean
bobbin_cli_options_take_count (const char *option,
                               const char *text,
                               guint min,
                               guint max,
                               guint *count,
                               GError **error)
{
  guint64 value = 0;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, min, max, &value, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   /* Translators: %1$s is an option, like “--jobs” */
                   _ ("%s takes a whole number from %u to %u, not “%s”"), option, min, max, text);
      return FALSE;
    }

  *count = (guint) value;
  return TRUE;
}

/**
 * bobbin_cli_options_take_number:
 * @option: the option's name, for the message
 * @text: (nullable): what was given; %NULL leaves @number as it is
 * @min: the least that is allowed
 * @max: the most that is allowed, or %G_MAXDOUBLE
 * @number: (inout): the number
 * @error: where to say why not: %G_OPTION_ERROR_BAD_VALUE
 *
 * Reads a number, with a point as the decimal sign whatever the locale.
 *
 * Returns: whether @text was good
 */
gboolean
bobbin_cli_options_take_number (const char *option,
                                const char *text,
                                double min,
                                double max,
                                double *number,
                                GError **error)
{
  char *end = NULL;
  double value;

  if (text == NULL)
    return TRUE;

  value = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || !isfinite (value) || value < min)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   /* Translators: %1$s is an option, like “--interval” */
                   _ ("%s takes a number of at least %g, not “%s”"), option, min, text);
      return FALSE;
    }
  if (value > max)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   /* Translators: %1$s is an option, like “--interval” */
                   _ ("%s takes a number of at most %g, not “%s”"), option, max, text);
      return FALSE;
    }

  *number = value;
  return TRUE;
}

/**
 * bobbin_cli_options_take_rate:
 * @option: the option's name, for the message
 * @text: (nullable): what was given; %NULL leaves @rate as it is
 * @rate: (inout): bytes a second
 * @error: where to say why not: %G_OPTION_ERROR_BAD_VALUE
 *
 * Reads a speed: a number, with a point as the decimal sign whatever the locale, and K, M or G for
 * a power of 1024.
 *
 * Returns: whether @text was good
 */
gboolean
bobbin_cli_options_take_rate (const char *option, const char *text, gint64 *rate, GError **error)
{
  static const char units[] = "KMG";
  const gsize n_digits = text != NULL ? strspn (text, "0123456789.") : 0;
  const char *unit = NULL;
  char *end = NULL;
  double value;

  if (text == NULL)
    return TRUE;

  value = g_ascii_strtod (text, &end);
  if (end == text + n_digits && *end != '\0')
    unit = strchr (units, g_ascii_toupper (*end++));
  if (unit != NULL)
    value = ldexp (value, 10 * (int) (unit - units + 1));
  if (n_digits == 0 || end != text + n_digits + (unit != NULL) || *end != '\0' || value < 1 ||
      value > MAX_RATE)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   /* Translators: %1$s is an option, “--limit-rate”; leave the examples as they
                    * are */
                   _ ("%s takes bytes a second, such as 800K, 2.5M or 1G, not “%s”"), option, text);
      return FALSE;
    }

  *rate = (gint64) value;
  return TRUE;
}

/**
 * bobbin_cli_options_check_file:
 * @path: (nullable) (type filename): what was given
 * @error: where to say why not: %G_OPTION_ERROR_BAD_VALUE
 *
 * Looks whether a file can be read.
 *
 * Returns: %TRUE if so, or if none was given
 */
gboolean
bobbin_cli_options_check_file (const char *path, GError **error)
{
  g_autofree char *name = NULL;

  if (path == NULL || access (path, R_OK) == 0)
    return TRUE;
  name = g_filename_display_name (path);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: %s", name, g_strerror (errno));
  return FALSE;
}
