/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The options of `bobbin-cli get`: what there is, and what goes with what. Everything that can be
 * said to be wrong before anything begins is said here, and ends with the status for wrong usage;
 * an address that is none is not: it is one failed download among others. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-get-private.h"

#include "bobbin-cli-options.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#define MAX_JOBS    100
#define MAX_RETRIES 1000000
#define MAX_TIMEOUT (24 * 60 * 60)

/* The options as they were typed. */
typedef struct
{
  char *directory;
  char *output;
  char **input_files;
  char *jobs;
  char *ca_file;
  char *retries;
  char *timeout;
  char *exists;
  gboolean no_sync;
  gboolean quiet;
  gboolean json;
} Typed;

static void
typed_clear (Typed *typed)
{
  g_free (typed->directory);
  g_free (typed->output);
  g_strfreev (typed->input_files);
  g_free (typed->jobs);
  g_free (typed->ca_file);
  g_free (typed->retries);
  g_free (typed->timeout);
  g_free (typed->exists);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

static gboolean
wrong (GError **error, const char *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, message);
  return FALSE;
}

static gboolean
take_exists (const char *text, BobbinExists *exists, GError **error)
{
  static const char *const names[] = { "rename", "fail", "skip" };
  static const BobbinExists values[] = { BOBBIN_EXISTS_RENAME, BOBBIN_EXISTS_FAIL,
                                         BOBBIN_EXISTS_SKIP };

  if (text == NULL)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (text, names[i]))
      {
        *exists = values[i];
        return TRUE;
      }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               /* Translators: leave the words rename, fail and skip as they are */
               _ ("--exists takes rename, fail or skip, not “%s”"), text);
  return FALSE;
}

static gboolean
check_output (const Typed *typed, char **urls, GError **error)
{
  if (typed->output == NULL)
    return TRUE;
  if (g_strv_length (urls) != 1 || typed->input_files != NULL)
    return wrong (error, _ ("--output needs exactly one address"));
  if (*typed->output == '\0' || strchr (typed->output, '/') != NULL ||
      g_str_equal (typed->output, ".") || g_str_equal (typed->output, ".."))
    return wrong (error, _ ("--output takes a name, not a path; see --directory"));
  return TRUE;
}

static gboolean
check_ca_file (const char *path, GError **error)
{
  g_autofree char *name = NULL;

  if (path == NULL || access (path, R_OK) == 0)
    return TRUE;
  name = g_filename_display_name (path);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: %s", name, g_strerror (errno));
  return FALSE;
}

static gboolean
check_usage (const Typed *typed, char **urls, GError **error)
{
  guint n_lists = typed->input_files != NULL ? g_strv_length (typed->input_files) : 0;

  if (*urls == NULL && n_lists == 0)
    return wrong (error, _ ("No address given"));
  if (n_lists > 1)
    return wrong (error, _ ("--input-file can be given only once"));
  if (typed->quiet && typed->json)
    return wrong (error, _ ("--quiet and --json cannot be used together"));
  return check_output (typed, urls, error) && check_ca_file (typed->ca_file, error);
}

static gboolean
take_options (const Typed *typed, BobbinCliGetOptions *options, GError **error)
{
  if (!check_usage (typed, options->urls, error) ||
      !bobbin_cli_options_take_count ("--jobs", typed->jobs, 1, MAX_JOBS, &options->jobs, error) ||
      !bobbin_cli_options_take_count ("--retries", typed->retries, 0, MAX_RETRIES,
                                      &options->retries, error) ||
      !bobbin_cli_options_take_count ("--timeout", typed->timeout, 1, MAX_TIMEOUT,
                                      &options->timeout, error) ||
      !take_exists (typed->exists, &options->exists, error))
    return FALSE;

  options->input_file = typed->input_files != NULL ? typed->input_files[0] : NULL;
  options->name = typed->output;
  options->sync = !typed->no_sync;
  options->quiet = typed->quiet;
  options->json = typed->json;
  return TRUE;
}

static gboolean
parse (char ***args, Typed *typed, BobbinCliStatus *status)
{
  const GOptionEntry entries[] = {
    { "directory", 'd', 0, G_OPTION_ARG_FILENAME, &typed->directory,
      N_ ("Where to (default: the current folder)"), N_ ("DIR") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &typed->output,
      N_ ("File name, for one URL; a name, not a path"), N_ ("NAME") },
    { "input-file", 'i', 0, G_OPTION_ARG_FILENAME_ARRAY, &typed->input_files,
      N_ ("URLs, one a line, “#” begins a comment; “-” is standard input"), N_ ("FILE") },
    { "jobs", 'j', 0, G_OPTION_ARG_STRING, &typed->jobs, N_ ("At most N files at once (default 4)"),
      N_ ("N") },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &typed->ca_file, N_ ("More certificates to trust"),
      N_ ("PEM") },
    { "retries", 0, 0, G_OPTION_ARG_STRING, &typed->retries,
      N_ ("Tries that bring no new byte before giving up (default 10)"), N_ ("N") },
    { "timeout", 0, 0, G_OPTION_ARG_STRING, &typed->timeout,
      N_ ("Connecting, and silence while receiving (default 30)"), N_ ("SECONDS") },
    { "exists", 0, 0, G_OPTION_ARG_STRING, &typed->exists,
      N_ ("rename, fail or skip when the file is there (default rename)"), N_ ("WHAT") },
    { "no-sync", 0, 0, G_OPTION_ARG_NONE, &typed->no_sync,
      N_ ("Do not wait for the disk at the end"), NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &typed->quiet, N_ ("Say nothing but errors"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &typed->json,
      N_ ("One JSON object a line on standard output"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  return bobbin_cli_options_parse (
    entries, "get", _ ("URL…"), _ ("Download files; end when all downloads have ended."),
    _ ("Exit status: 0 all done; 1 at least one failed; 2 wrong usage; 130 stopped by SIGINT or\n"
       "SIGTERM: what was received is kept, and the same command goes on from there."),
    args, status);
}

/**
 * bobbin_cli_get:
 * @args: (array zero-terminated=1): the arguments, with “get” as the first; taken apart
 *
 * Runs `bobbin-cli get`.
 *
 * Returns: what to end with
 */
BobbinCliStatus
bobbin_cli_get (char **args)
{
  g_auto (Typed) typed = { 0 };
  g_auto (GStrv) rest = bobbin_cli_options_split (args, "doij");
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *ca_file = NULL;
  BobbinCliGetOptions options = { .jobs = 4, .retries = 10, .timeout = 30 };
  BobbinCliStatus status = BOBBIN_CLI_DONE;

  if (!parse (&rest, &typed, &status))
    return status;

  options.urls = rest + 1;
  options.folder = folder =
    g_canonicalize_filename (typed.directory != NULL ? typed.directory : ".", NULL);
  if (typed.ca_file != NULL)
    options.ca_file = ca_file = g_canonicalize_filename (typed.ca_file, NULL);

  if (!take_options (&typed, &options, &error) || !bobbin_cli_get_run (&options, &status, &error))
    return bobbin_cli_options_wrong_usage ("get", error->message);
  return status;
}
