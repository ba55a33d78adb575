/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The options of `bobbin-cli get`: what there is, and what goes with what. Everything that can be
 * said to be wrong before anything begins is said here, and ends with the status for wrong usage;
 * an address that is none is not: it is one failed download among others. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-get-private.h"

#include "bobbin-checksum.h"
#include "bobbin-cli-options.h"
#include "bobbin-cli-request.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_JOBS        100
#define MAX_CONNECTIONS 32
#define MAX_RETRIES     1000000
#define MAX_TIMEOUT     (24 * 60 * 60)

/* The options as they were typed. */
typedef struct
{
  char *directory;
  char *output;
  char **input_files;
  char *exists;
  char *checksum;
  char *jobs;
  char *connections;
  char *rate;
  char *retries;
  char *timeout;
  BobbinCliRequest request;
  gboolean accept_html;
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
  g_free (typed->exists);
  g_free (typed->checksum);
  g_free (typed->jobs);
  g_free (typed->connections);
  g_free (typed->rate);
  g_free (typed->retries);
  g_free (typed->timeout);
  bobbin_cli_request_clear (&typed->request);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

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
is_single (const Typed *typed, char **urls)
{
  return g_strv_length (urls) == 1 && typed->input_files == NULL;
}

static gboolean
check_output (const Typed *typed, char **urls, GError **error)
{
  if (typed->output == NULL)
    return TRUE;
  if (!is_single (typed, urls))
    return bobbin_cli_options_wrong (error, _ ("--output needs exactly one address"));
  if (*typed->output == '\0' || strchr (typed->output, '/') != NULL ||
      g_str_equal (typed->output, ".") || g_str_equal (typed->output, ".."))
    return bobbin_cli_options_wrong (error,
                                     _ ("--output takes a name, not a path; see --directory"));
  return TRUE;
}

static gboolean
check_checksum (const Typed *typed, char **urls, GError **error)
{
  BobbinChecksum checksum;

  if (typed->checksum == NULL)
    return TRUE;
  if (!is_single (typed, urls))
    return bobbin_cli_options_wrong (error, _ ("--checksum needs exactly one address"));
  return bobbin_checksum_parse (typed->checksum, &checksum, error);
}

/* What “-” stands for is there in any case. */
static gboolean
check_list (const char *path, GError **error)
{
  return g_strcmp0 (path, "-") == 0 || bobbin_cli_options_check_file (path, error);
}

static gboolean
check_usage (const Typed *typed, char **urls, GError **error)
{
  guint n_lists = typed->input_files != NULL ? g_strv_length (typed->input_files) : 0;

  if (*urls == NULL && n_lists == 0)
    return bobbin_cli_options_wrong (error, _ ("No address given"));
  if (n_lists > 1)
    return bobbin_cli_options_wrong (error, _ ("--input-file can be given only once"));
  if (typed->quiet && typed->json)
    return bobbin_cli_options_wrong (error, _ ("--quiet and --json cannot be used together"));
  return check_output (typed, urls, error) && check_checksum (typed, urls, error) &&
         check_list (n_lists > 0 ? typed->input_files[0] : NULL, error);
}

static gboolean
take_numbers (const Typed *typed, BobbinCliGetOptions *options, GError **error)
{
  return bobbin_cli_options_take_count ("--jobs", typed->jobs, 1, MAX_JOBS, &options->jobs,
                                        error) &&
         bobbin_cli_options_take_count ("--connections", typed->connections, 1, MAX_CONNECTIONS,
                                        &options->connections, error) &&
         bobbin_cli_options_take_rate ("--limit-rate", typed->rate, &options->rate, error) &&
         bobbin_cli_options_take_count ("--retries", typed->retries, 0, MAX_RETRIES,
                                        &options->retries, error) &&
         bobbin_cli_options_take_count ("--timeout", typed->timeout, 1, MAX_TIMEOUT,
                                        &options->timeout, error);
}

static gboolean
take_options (const Typed *typed, BobbinCliGetOptions *options, GError **error)
{
  if (!check_usage (typed, options->urls, error) || !take_numbers (typed, options, error) ||
      !take_exists (typed->exists, &options->exists, error))
    return FALSE;

  options->input_file = typed->input_files != NULL ? typed->input_files[0] : NULL;
  options->name = typed->output;
  options->checksum = typed->checksum;
  options->accept_html = typed->accept_html;
  options->sync = !typed->no_sync;
  options->quiet = typed->quiet;
  options->json = typed->json;
  return TRUE;
}

static GOptionGroup *
make_file_group (Typed *typed)
{
  const GOptionEntry entries[] = {
    /* Translators: Each explanation of an option has room for 47 columns. */
    { "directory", 'd', 0, G_OPTION_ARG_FILENAME, &typed->directory,
      N_ ("Where to (default: the current folder)"), N_ ("DIR") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &typed->output,
      N_ ("File name, for one URL; a name, not a path"), N_ ("NAME") },
    { "input-file", 'i', 0, G_OPTION_ARG_FILENAME_ARRAY, &typed->input_files,
      N_ ("URLs, one a line, # comments; “-” is stdin"), N_ ("FILE") },
    { "exists", 0, 0, G_OPTION_ARG_STRING, &typed->exists,
      N_ ("If it is there: rename (default), fail or skip"), N_ ("WHAT") },
    { "checksum", 0, 0, G_OPTION_ARG_STRING, &typed->checksum,
      N_ ("For one URL: md5, sha1, sha256 or sha512"), N_ ("ALGO:HEX") },
    { "accept-html", 0, 0, G_OPTION_ARG_NONE, &typed->accept_html,
      N_ ("Take a web page where a file was expected"), NULL },
    { "no-sync", 0, 0, G_OPTION_ARG_NONE, &typed->no_sync,
      N_ ("Do not wait for the disk at the end"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  return bobbin_cli_options_make_group ("files", N_ ("Files:"), entries);
}

static GOptionGroup *
make_speed_group (Typed *typed)
{
  const GOptionEntry entries[] = {
    { "jobs", 'j', 0, G_OPTION_ARG_STRING, &typed->jobs, N_ ("At most N files at once (default 4)"),
      /* Translators: stands for a number in the help of an option */
      N_ ("N") },
    { "connections", 'x', 0, G_OPTION_ARG_STRING, &typed->connections,
      N_ ("At most N for one file (1 to 32, default 8)"), N_ ("N") },
    { "limit-rate", 0, 0, G_OPTION_ARG_STRING, &typed->rate,
      N_ ("All together, bytes a second; 800K, 2.5M, 1G"), N_ ("RATE") },
    { "retries", 0, 0, G_OPTION_ARG_STRING, &typed->retries,
      N_ ("Fruitless tries before giving up (default 10)"), N_ ("N") },
    { "timeout", 0, 0, G_OPTION_ARG_STRING, &typed->timeout,
      N_ ("To connect, and of silence (default 30)"), N_ ("SECONDS") },
    G_OPTION_ENTRY_NULL,
  };

  return bobbin_cli_options_make_group ("speed", N_ ("Connections and speed:"), entries);
}

static GOptionGroup *
make_output_group (Typed *typed)
{
  const GOptionEntry entries[] = {
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &typed->quiet, N_ ("Say nothing but errors"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &typed->json,
      N_ ("One JSON object a line on standard output"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  return bobbin_cli_options_make_group ("output", N_ ("Output:"), entries);
}

static gboolean
parse (char ***args, Typed *typed, BobbinCliStatus *status)
{
  GOptionGroup *const groups[] = {
    make_file_group (typed),
    make_speed_group (typed),
    bobbin_cli_request_make_group (&typed->request),
    make_output_group (typed),
    NULL,
  };

  return bobbin_cli_options_parse (
    groups, "get", _ ("URL…"), _ ("Download files; exit when all downloads have ended."),
    _ ("Exit status: 0 all done; 1 at least one failed; 2 wrong usage; 130 stopped by\n"
       "SIGINT or SIGTERM: what was received is kept, and the same command goes on\n"
       "from there."),
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
  g_auto (GStrv) rest = bobbin_cli_options_split (args, "doijxH");
  g_autoptr (GError) error = NULL;
  g_autoptr (BobbinHttpContext) context = NULL;
  g_autofree char *folder = NULL;
  BobbinCliGetOptions options = { .jobs = 4, .connections = 8, .retries = 10, .timeout = 30 };
  BobbinCliStatus status = BOBBIN_CLI_DONE;

  if (!parse (&rest, &typed, &status))
    return status;

  options.urls = rest + 1;
  options.folder = folder =
    g_canonicalize_filename (typed.directory != NULL ? typed.directory : ".", NULL);
  if (take_options (&typed, &options, &error))
    options.context = context = bobbin_cli_request_make_context (&typed.request, &error);
  if (context != NULL && bobbin_cli_get_run (&options, &status, &error))
    return status;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return BOBBIN_CLI_INTERRUPTED;
  return bobbin_cli_options_wrong_usage ("get", error->message);
}
