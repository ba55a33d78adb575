/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli history`: what a monitor of the app found, as a table, as CSV or as JSON lines. The
 * app’s database is read, whether the app runs or not, and never written. Main thread only; waits
 * for the disk and for who reads the output.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-json.h"
#include "bobbin-cli-options.h"
#include "bobbin-cli-text.h"
#include "bobbin-cli-when.h"
#include "bobbin-display.h"
#include "bobbin-history-csv.h"
#include "bobbin-job-settings.h"
#include "bobbin-monitor.h"
#include "bobbin-store-reader.h"
#include "bobbin-store.h"
#include "bobbin-uptime.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>

/* So many lines, where nothing is said about it: of a table, and of what a program reads. */
#define TABLE_POINTS   24
#define PROGRAM_POINTS 1000

/* So many pages are looked through at once where there is nothing. */
#define MAX_PAGES 64

typedef struct
{
  /* The options as they were typed */
  char *since_text;
  char *until_text;
  char *resolution_text;
  char *database;
  gboolean json;
  gboolean csv;

  /* and checked */
  gint64 since;
  gint64 until;
  BobbinHistoryLevel level;

  BobbinStoreReader *reader; /* (owned) */
  gint64 number;
  BobbinMonitor *monitor; /* (owned): never runs; knows the unit */
} History;

static void
history_clear (History *history)
{
  g_free (history->since_text);
  g_free (history->until_text);
  g_free (history->resolution_text);
  g_free (history->database);
  g_clear_object (&history->monitor);
  g_clear_pointer (&history->reader, bobbin_store_reader_close);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (History, history_clear)

/* ---- which monitor */

static gboolean
is_meant (const BobbinStoreJob *job, BobbinMonitor *monitor, const char *name)
{
  g_autofree char *target = bobbin_display_address (bobbin_monitor_get_target (monitor));
  g_autofree char *wanted = bobbin_display_address (name);

  return g_str_equal (job->id, name) || g_str_equal (target, wanted);
}

/* A monitor that this program knows how to make; NULL if it does not. */
static BobbinMonitor *
load_monitor (const BobbinStoreJob *job)
{
  BobbinJob *monitor = bobbin_job_settings_load (job->kind, job->settings, NULL);

  return monitor != NULL ? BOBBIN_MONITOR (monitor) : NULL;
}

static void
tell_several (GString *ids, const char *name)
{
  g_autofree char *target = bobbin_display_address (name);
  g_autofree char *message =
    /* Translators: %s is what is monitored */
    g_strdup_printf (_ ("There are several monitors of %s; give one of these instead:"), target);
  g_autofree char *harmless = bobbin_display_text (message);

  g_printerr ("bobbin-cli: %s\n%s", harmless, ids->str);
}

static void
tell_none (GString *targets, const char *name)
{
  g_autofree char *target = bobbin_display_address (name);
  g_autofree char *message =
    /* Translators: %s is what was typed */
    g_strdup_printf (_ ("The app has no monitor of “%s”"), target);

  bobbin_cli_options_fail (message);
  if (targets->len > 0)
    g_printerr ("%s\n%s", _ ("These are the monitors it has:"), targets->str);
}

static void
append_line (GString *lines, const char *text)
{
  g_autofree char *harmless = bobbin_display_text (text);

  g_string_append_printf (lines, "  %s\n", harmless);
}

/* Takes the one that is meant; says on standard error why there is none. */
static gboolean
find_monitor (History *history, GPtrArray *jobs, const char *name)
{
  g_autoptr (GString) ids = g_string_new (NULL);
  g_autoptr (GString) targets = g_string_new (NULL);
  guint n_found = 0;

  for (guint i = 0; i < jobs->len; i++)
    {
      const BobbinStoreJob *job = g_ptr_array_index (jobs, i);
      g_autoptr (BobbinMonitor) monitor = load_monitor (job);

      if (monitor == NULL)
        continue;

      append_line (targets, bobbin_monitor_get_target (monitor));
      if (!is_meant (job, monitor, name))
        continue;

      append_line (ids, job->id);
      history->number = job->number;
      g_set_object (&history->monitor, monitor);
      n_found++;
    }

  if (n_found == 0)
    tell_none (targets, name);
  else if (n_found > 1)
    tell_several (ids, name);

  return n_found == 1;
}

/* ---- output */

/* What a program reads is UTF-8 whatever the locale is. */
static gboolean
print (History *history, GString *text)
{
  const gboolean is_table = !history->csv && !history->json;
  g_autofree char *local = is_table ? g_locale_from_utf8 (text->str, -1, NULL, NULL, NULL) : NULL;
  const gboolean written =
    fputs (local != NULL ? local : text->str, stdout) != EOF && fflush (stdout) != EOF;

  if (!written)
    bobbin_cli_options_fail (g_strerror (errno));
  g_string_truncate (text, 0);

  return written;
}

/* The first that people call so. */
static guint
find_state (const char *word)
{
  guint state = 0;

  while (!g_str_equal (bobbin_history_state_get_word (state), word))
    state++;

  return state;
}

/* Of all that people call so. */
static double
get_share (const BobbinHistoryBucket *bucket, const char *word)
{
  gint64 all = 0;
  gint64 part = 0;

  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    {
      all += bucket->in_state[i];
      if (g_str_equal (bobbin_history_state_get_word (i), word))
        part += bucket->in_state[i];
    }

  return all > 0 ? (double) part / (double) all : 0;
}

/* “Up”, or “Up 95.0%, Down 5.0%” */
static char *
describe_states (const BobbinHistoryBucket *bucket)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    {
      const char *word = bobbin_history_state_get_word (i);
      const double share = get_share (bucket, word);

      if (share <= 0 || find_state (word) < i)
        continue;
      if (text->len > 0)
        g_string_append (text, C_ ("list of states", ", "));
      g_string_append (text, word);
      if (share < 1)
        /* Translators: a percentage of some time, as in “Up 95.0%” */
        g_string_append_printf (text, _ (" %.1f%%"), share * 100);
    }

  return g_strdup (text->str);
}

static void
append_column (GString *table, const char *text, guint width)
{
  g_autofree char *fit = bobbin_cli_text_fit (text, MAX (width, bobbin_cli_text_width (text)));

  g_string_append (table, fit);
  g_string_append (table, "  ");
}

static void
append_value (GString *table, BobbinMonitor *monitor, double value)
{
  g_autofree char *text = bobbin_monitor_format_value (monitor, value);

  append_column (table, text, 10);
}

static void
append_row (History *history, GString *table, const BobbinHistoryBucket *bucket)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (bucket->start / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *when = local != NULL ? g_date_time_format (local, "%F %T") : g_strdup ("");
  g_autofree char *states = describe_states (bucket);

  append_column (table, when, 19);
  append_value (table, history->monitor, bucket->min);
  append_value (table, history->monitor, bucket->mean);
  append_value (table, history->monitor, bucket->max);
  g_string_append_printf (table, "%s\n", states);
}

static void
append_table (History *history, GString *table, const BobbinHistorySpan *span)
{
  for (guint i = 0; i < span->buckets->len; i++)
    append_row (history, table, &g_array_index (span->buckets, BobbinHistoryBucket, i));
}

static void
append_json (History *history, GString *lines, const BobbinHistorySpan *span)
{
  for (guint i = 0; i < span->buckets->len; i++)
    {
      g_autofree char *line =
        bobbin_cli_json_history (history->monitor,
                                 &g_array_index (span->buckets, BobbinHistoryBucket, i));

      g_string_append (lines, line);
    }
}

static void
append_span (History *history, GString *text, const BobbinHistorySpan *span)
{
  if (history->csv)
    bobbin_history_csv_append_span (text, span);
  else if (history->json)
    append_json (history, text, span);
  else
    append_table (history, text, span);
}

static void
append_header (History *history, GString *text)
{
  if (history->csv)
    {
      bobbin_history_csv_append_header (text);
    }
  else if (!history->json)
    {
      /* Translators: head of a column: the time that each line begins at */
      append_column (text, _ ("From"), 19);
      /* Translators: head of a column: the least value */
      append_column (text, _ ("Least"), 10);
      /* Translators: head of a column: the mean of all values */
      append_column (text, _ ("Mean"), 10);
      /* Translators: head of a column: the greatest value */
      append_column (text, _ ("Greatest"), 10);
      /* Translators: head of a column: whether a monitor was up, critical and so on */
      g_string_append_printf (text, "%s\n", _ ("State"));
    }
}

/* The figure that it is all about; a table of values has no room for it. */
static void
append_uptime (History *history, GString *text, const BobbinHistoryBucket *all)
{
  const BobbinUptime uptime = bobbin_uptime_new (all);
  g_autofree char *line = NULL;
  g_autofree char *up = bobbin_uptime_format (uptime.fraction);
  g_autofree char *known = bobbin_uptime_format (uptime.coverage);

  if (history->csv)
    return;

  if (history->json)
    line = bobbin_cli_json_uptime (history->monitor, all, &uptime);
  else
    /* Translators: both %s are percentages */
    line = g_strdup_printf (_ ("Up %s of the time, of which %s is known\n"), up, known);
  g_string_append (text, line);
}

/* ---- reading */

/* What is asked for at a time, where it is not little: a multiple of the buckets’ length. */
static gint64
get_page (BobbinHistoryLevel level)
{
  static const gint64 pages[BOBBIN_HISTORY_N_LEVELS] = { BOBBIN_ROLLUP_HOUR, BOBBIN_ROLLUP_DAY,
                                                         32 * BOBBIN_ROLLUP_DAY,
                                                         1024 * BOBBIN_ROLLUP_DAY };

  return pages[level];
}

static BobbinHistorySpan *
ask (History *history, gint64 from, gint64 to, guint max_points, GError **error)
{
  const BobbinHistoryQuery query = { .number = history->number,
                                     .from = from,
                                     .to = to,
                                     .level = history->level,
                                     .max_points = max_points };

  return bobbin_store_reader_read_history (history->reader, &query, error);
}

/* All at the level that was asked for, in pages; larger ones where there is nothing. */
static gboolean
print_pages (History *history, GString *text, GError **error)
{
  const gint64 page = get_page (history->level);
  gint64 n_pages = 1;
  gint64 from;

  if (!bobbin_store_reader_read_begin (history->reader, history->number, &from, error))
    return FALSE;

  from = MAX (history->since, from);
  while (from < history->until)
    {
      const gint64 end = bobbin_rollup_get_start (from + 1, page) + n_pages * page;
      g_autoptr (BobbinHistorySpan) span = ask (history, from, MIN (end, history->until), 0, error);

      if (span == NULL)
        return FALSE;

      append_span (history, text, span);
      if (!print (history, text))
        return FALSE;
      n_pages = span->buckets->len == 0 ? MIN (2 * n_pages, MAX_PAGES) : 1;
      from = end;
    }

  return TRUE;
}

/* As many as are of use. */
static gboolean
print_points (History *history, GString *text, GError **error)
{
  const guint n = history->csv || history->json ? PROGRAM_POINTS : TABLE_POINTS;
  g_autoptr (BobbinHistorySpan) span = ask (history, history->since, history->until, n, error);

  if (span == NULL)
    return FALSE;

  append_span (history, text, span);

  return TRUE;
}

static gboolean
print_all (History *history, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (BobbinHistorySpan) all = NULL;
  gboolean done;

  append_header (history, text);
  if (history->level == BOBBIN_HISTORY_ANY)
    done = print_points (history, text, error);
  else
    done = print_pages (history, text, error);
  if (!done)
    return FALSE;

  history->level = BOBBIN_HISTORY_ANY;
  all = ask (history, history->since, history->until, 0, error);
  if (all == NULL)
    return FALSE;

  append_uptime (history, text, &g_array_index (all->buckets, BobbinHistoryBucket, 0));

  return print (history, text);
}

/* ---- options */

static gboolean
take_resolution (History *history, GError **error)
{
  static const char *const names[] = { "raw", "minute", "hour", "day" };

  history->level = BOBBIN_HISTORY_ANY;
  if (history->resolution_text == NULL)
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (history->resolution_text, names[i]))
      {
        history->level = i;
        return TRUE;
      }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               /* Translators: leave the words before “not” as they are */
               _ ("--resolution takes raw, minute, hour or day, not “%s”"),
               history->resolution_text);

  return FALSE;
}

static gboolean
take_options (History *history, char *const names[], GError **error)
{
  const gint64 now = g_get_real_time ();

  history->since = now - BOBBIN_ROLLUP_DAY;
  history->until = now;
  if (!bobbin_cli_when_take ("--since", history->since_text, now, &history->since, error) ||
      !bobbin_cli_when_take ("--until", history->until_text, now, &history->until, error) ||
      !take_resolution (history, error))
    return FALSE;

  if (names[0] == NULL)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("No target given"));
  else if (names[1] != NULL)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                         _ ("More than one target given"));
  else if (history->since >= history->until)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         _ ("The time of --since is not before that of --until"));
  else if (history->json && history->csv)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                         _ ("--json and --csv do not go together"));
  else
    return TRUE;

  return FALSE;
}

static gboolean
parse (char ***args, History *history, BobbinCliStatus *status)
{
  const GOptionEntry entries[] = {
    { "since", 0, 0, G_OPTION_ARG_STRING, &history->since_text,
      N_ ("From when on: 2026-03-29T12:30, or 7d ago (default 1d)"), N_ ("TIME") },
    { "until", 0, 0, G_OPTION_ARG_STRING, &history->until_text, N_ ("Until when (default now)"),
      N_ ("TIME") },
    { "resolution", 0, 0, G_OPTION_ARG_STRING, &history->resolution_text,
      N_ ("A line for each: raw check, minute, hour or day"), N_ ("WHAT") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &history->json,
      N_ ("One JSON object a line on standard output"), NULL },
    { "csv", 0, 0, G_OPTION_ARG_NONE, &history->csv, N_ ("Comma-separated values"), NULL },
    { "database", 0, 0, G_OPTION_ARG_FILENAME, &history->database,
      N_ ("Read this database and not that of the app"), N_ ("FILE") },
    G_OPTION_ENTRY_NULL,
  };

  GOptionGroup *const groups[] = {
    bobbin_cli_options_make_group ("history", N_ ("Options:"), entries),
    NULL,
  };

  return bobbin_cli_options_parse (
    /* Translators: stands for what is monitored in the help */
    groups, "history", _ ("TARGET"),
    _ ("Show what a monitor of the app found: TARGET as the app knows it, or its id."),
    _ ("Exit status: 0 shown; 1 there is no such monitor, or its history cannot be read;\n"
       "2 wrong usage."),
    args, status);
}

/**
 * bobbin_cli_history:
 * @args: (array zero-terminated=1): the arguments, with “history” as the first; taken apart
 *
 * Runs `bobbin-cli history`.
 *
 * Returns: what to end with
 */
BobbinCliStatus
bobbin_cli_history (char **args)
{
  g_auto (History) history = { 0 };
  g_auto (GStrv) rest = g_strdupv (args);
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GError) error = NULL;
  BobbinCliStatus status = BOBBIN_CLI_DONE;

  if (!parse (&rest, &history, &status))
    return status;
  if (!take_options (&history, rest + 1, &error))
    return bobbin_cli_options_wrong_usage ("history", error->message);

  if (history.database == NULL)
    history.database = bobbin_store_dup_default_path ();
  history.reader = bobbin_store_reader_open (history.database, &error);
  if (history.reader == NULL)
    return bobbin_cli_options_fail (error->message);
  jobs = bobbin_store_reader_read_monitors (history.reader, &error);
  if (jobs == NULL)
    return bobbin_cli_options_fail (error->message);
  if (!find_monitor (&history, jobs, rest[1]))
    return BOBBIN_CLI_FAILED;
  if (print_all (&history, &error))
    return BOBBIN_CLI_DONE;

  return error != NULL ? bobbin_cli_options_fail (error->message) : BOBBIN_CLI_FAILED;
}
