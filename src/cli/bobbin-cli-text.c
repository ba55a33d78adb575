/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Downloads as lines for a person: one that shows how far a file is, made to fit a terminal, and
 * one that says how it ended. Names, addresses and sentences hold what servers sent: see
 * bobbin-display.c. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-text.h"

#include "bobbin-display.h"

#include <glib/gi18n-lib.h>

/* Columns */
#define MIN_NAME   12
#define MIN_BAR    8
#define MAX_BAR    30
#define RATE_WIDTH 11
#define LEFT_WIDTH 16
#define GAP        "  "

static guint
char_width (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

/**
 * bobbin_cli_text_width:
 * @text: text without control characters
 *
 * Returns: how many columns of a terminal it takes
 */
guint
bobbin_cli_text_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    width += char_width (g_utf8_get_char (p));
  return width;
}

/* The columns of @text from @from on, as many as go into @width. */
static void
append_columns (GString *line, const char *from, guint width)
{
  for (const char *p = from; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      guint columns = char_width (c);

      if (columns > width)
        break;
      width -= columns;
      g_string_append_unichar (line, c);
    }
}

/* Where the last @width columns of @text begin. */
static const char *
find_tail (const char *text, guint width)
{
  const char *p = text + strlen (text);

  while (p > text)
    {
      const char *before = g_utf8_prev_char (p);
      guint columns = char_width (g_utf8_get_char (before));

      if (columns > width)
        break;
      width -= columns;
      p = before;
    }
  return p;
}

/**
 * bobbin_cli_text_fit:
 * @text: text without control characters
 * @width: columns, at least 1
 *
 * Makes text exactly so wide: too short a text is filled up with blanks, too long a one loses its
 * middle, since the end of a file name tells as much as its beginning.
 *
 * Returns: (transfer full): the text
 */
char *
bobbin_cli_text_fit (const char *text, guint width)
{
  GString *line = g_string_new (NULL);
  guint have = bobbin_cli_text_width (text);

  if (have <= width)
    g_string_append (line, text);
  else
    {
      append_columns (line, text, width / 2);
      g_string_append (line, g_get_charset (NULL) ? "…" : "~");
      g_string_append (line, find_tail (text, width - width / 2 - 1));
    }

  for (have = bobbin_cli_text_width (line->str); have < width; have++)
    g_string_append_c (line, ' ');
  return g_string_free (line, FALSE);
}

/**
 * bobbin_cli_text_title:
 * @download: a download
 *
 * Names it: by its file once it has one, else by what its run found, else by its title.
 *
 * Returns: (transfer full): the name, fit for a terminal
 */
char *
bobbin_cli_text_title (BobbinDownload *download)
{
  const char *file = bobbin_download_get_file (download);
  const BobbinReport *report = bobbin_job_get_report (BOBBIN_JOB (download));
  const char *title = bobbin_job_get_title (BOBBIN_JOB (download));
  g_autofree char *name = NULL;

  if (file != NULL)
    name = g_filename_display_basename (file);
  else if (report != NULL && *report->name != '\0')
    name = g_filename_display_name (report->name);
  else if (title != NULL)
    name = g_strdup (title);
  else
    name = bobbin_display_address (bobbin_download_get_address (download));
  return bobbin_display_text (name);
}

/* How far it is, by the thousandth; -1 while nobody knows. */
static int
get_thousandths (BobbinJob *job)
{
  gint64 bytes = bobbin_job_get_bytes (job);
  gint64 total = bobbin_job_get_total (job);

  if (total <= 0 || bytes < 0)
    return -1;
  return (int) (MIN ((double) bytes / (double) total, 1.0) * 1000);
}

static char *
make_bar (int thousandths, guint width)
{
  GString *bar = g_string_new (NULL);
  guint filled = width * (guint) MAX (thousandths, 0) / 1000;
  gboolean fine = g_get_charset (NULL);

  for (guint i = 0; i < width; i++)
    {
      const char *full = fine ? "━" : "#";
      const char *empty = fine ? "┄" : "-";

      g_string_append (bar, i < filled ? full : empty);
    }
  return g_string_free (bar, FALSE);
}

static char *
make_amount (BobbinJob *job)
{
  const int thousandths = get_thousandths (job);
  g_autofree char *amount = NULL;

  if (thousandths >= 0)
    /* Translators: per cent of a file */
    amount = g_strdup_printf (_ ("%3d%%"), thousandths / 10);
  else
    amount = g_format_size ((guint64) MAX (bobbin_job_get_bytes (job), 0));
  return bobbin_cli_text_fit (amount, thousandths >= 0 ? 5 : 9);
}

/* “ 45%   3.2 MB/s  12 min left”, or only the first @n of the three; always of the same width. */
static char *
make_figures (BobbinJob *job, guint n)
{
  g_autofree char *amount = make_amount (job);
  g_autofree char *rate = bobbin_job_describe_rate (job);
  g_autofree char *left = bobbin_job_describe_time_left (job);
  g_autofree char *rate_fit = bobbin_cli_text_fit (rate != NULL ? rate : "", RATE_WIDTH);
  g_autofree char *left_fit = bobbin_cli_text_fit (left != NULL ? left : "", LEFT_WIDTH);

  return g_strjoin (GAP, amount, n > 1 ? rate_fit : NULL, n > 2 ? left_fit : NULL, NULL);
}

/* As many of the figures as leave room for a name. */
static char *
choose_figures (BobbinJob *job, guint width)
{
  guint n = 3;
  char *figures = make_figures (job, n);

  while (n > 1 && bobbin_cli_text_width (figures) + 2 + MIN_NAME > width)
    {
      g_free (figures);
      figures = make_figures (job, --n);
    }
  return figures;
}

/* A name and what is said of it, which is not cut unless there is no room for any name. */
static char *
lay_out_text (const char *title, const char *text, guint width)
{
  const guint needed = bobbin_cli_text_width (text) + 2;
  const guint left = width - MIN (width, needed);
  g_autofree char *name = NULL;
  g_autofree char *line = NULL;

  if (left < MIN_NAME || bobbin_cli_text_width (title) <= left)
    {
      line = g_strjoin (GAP, title, text, NULL);
      return bobbin_cli_text_fit (line, width);
    }

  name = bobbin_cli_text_fit (title, left);
  return g_strjoin (GAP, name, text, NULL);
}

/* Name, bar and figures; a narrow terminal has no bar, a very narrow one not all the figures. */
static char *
lay_out_figures (BobbinJob *job, const char *title, guint width)
{
  g_autofree char *figures = choose_figures (job, width);
  const int thousandths = get_thousandths (job);
  const guint left = width - MIN (width, bobbin_cli_text_width (figures) + 2);
  guint bar_width = left > MIN_NAME + 2 ? MIN (left - MIN_NAME - 2, MAX_BAR) : 0;
  g_autofree char *name = NULL;
  g_autofree char *bar = NULL;

  if (left < MIN_NAME)
    return lay_out_text (title, g_strstrip (figures), width);
  if (bar_width < MIN_BAR || thousandths < 0)
    {
      name = bobbin_cli_text_fit (title, left);
      return g_strjoin (GAP, name, figures, NULL);
    }

  bar_width = MIN (bar_width, left / 2);
  name = bobbin_cli_text_fit (title, left - bar_width - 2);
  bar = make_bar (thousandths, bar_width);
  return g_strjoin (GAP, name, bar, figures, NULL);
}

/**
 * bobbin_cli_text_progress:
 * @download: a download
 * @width: columns, at least 1
 *
 * Makes the line that shows how far it is: name, bar, per cent, speed and time left while bytes
 * come; else the name and what it is at.
 *
 * Returns: (transfer full): the line, not wider than @width, without a line feed
 */
char *
bobbin_cli_text_progress (BobbinDownload *download, guint width)
{
  BobbinJob *job = BOBBIN_JOB (download);
  const BobbinReport *report = bobbin_job_get_report (job);
  g_autofree char *title = bobbin_cli_text_title (download);
  g_autofree char *line = NULL;

  if (report != NULL && report->phase == BOBBIN_DOWNLOAD_RECEIVING)
    line = lay_out_figures (job, title, width);
  else
    {
      const char *status_line = bobbin_job_get_status_line (job);
      g_autofree char *doing = bobbin_display_text (status_line != NULL ? status_line : "");

      line = lay_out_text (title, doing, width);
    }
  return g_strchomp (g_steal_pointer (&line));
}

static char *
describe_done (BobbinDownload *download, const char *title)
{
  BobbinJob *job = BOBBIN_JOB (download);
  const gint64 started = bobbin_job_get_started (job);
  const gint64 ended = bobbin_job_get_ended (job);
  g_autofree char *size = g_format_size ((guint64) MAX (bobbin_job_get_bytes (job), 0));
  double seconds = 0;

  if (started != 0 && ended != 0)
    seconds = (double) (ended - started) / G_TIME_SPAN_SECOND;
  /* Translators: a file is done. %1$s is its name, %2$s its size, %3$.1f how many seconds it took
   */
  return g_strdup_printf (_ ("%1$s: %2$s in %3$.1f s\n"), title, size, seconds);
}

static char *
describe_stopped (BobbinDownload *download, const char *title)
{
  BobbinJob *job = BOBBIN_JOB (download);
  gint64 total = bobbin_job_get_total (job);
  g_autofree char *kept = g_format_size ((guint64) MAX (bobbin_job_get_bytes (job), 0));
  g_autofree char *all = total >= 0 ? g_format_size ((guint64) total) : NULL;

  if (all == NULL)
    /* Translators: %1$s is a file name, %2$s a size */
    return g_strdup_printf (_ ("%1$s: stopped, %2$s kept\n"), title, kept);
  /* Translators: %1$s is a file name, %2$s and %3$s are sizes */
  return g_strdup_printf (_ ("%1$s: stopped, %2$s of %3$s kept\n"), title, kept, all);
}

/**
 * bobbin_cli_text_ended:
 * @download: a download that ended
 *
 * Makes the line that says how it ended: done, done before, or stopped. A failure has its own line
 * on standard error.
 *
 * Returns: (transfer full) (nullable): the line, with its line feed; %NULL if it failed
 */
char *
bobbin_cli_text_ended (BobbinDownload *download)
{
  BobbinJobState state = bobbin_job_get_state (BOBBIN_JOB (download));
  g_autofree char *title = bobbin_cli_text_title (download);

  if (state == BOBBIN_JOB_FAILED)
    return NULL;
  if (state != BOBBIN_JOB_DONE)
    return describe_stopped (download, title);
  if (bobbin_download_get_skipped (download))
    /* Translators: %s is a file name */
    return g_strdup_printf (_ ("%s: skipped, there is a file of this name\n"), title);
  return describe_done (download, title);
}
