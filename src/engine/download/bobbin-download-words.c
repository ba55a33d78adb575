/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a download is at, in words. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download-words.h"

#include "bobbin-download.h"
#include "bobbin-transfer.h"

#include <glib/gi18n-lib.h>

/* How much is there: "45 %", or "3.2 MB" of a file whose length nobody knows. */
static char *
describe_amount (const BobbinReport *report)
{
  if (report->total > 0)
    /* Translators: a percentage; the space before the sign is a narrow no-break one */
    return g_strdup_printf (_ ("%d%%"), (int) (100.0 * report->bytes / report->total));

  return g_format_size (report->bytes);
}

static char *
describe_receiving (BobbinJob *job)
{
  g_autofree char *amount = describe_amount (bobbin_job_get_report (job));
  g_autofree char *rate = bobbin_job_describe_rate (job);
  g_autofree char *left = bobbin_job_describe_time_left (job);
  GString *line = g_string_new (amount);

  if (rate != NULL)
    g_string_append_printf (line, " · %s", rate);
  if (left != NULL)
    g_string_append_printf (line, " · %s", left);

  return g_string_free (line, FALSE);
}

static char *
describe_waiting (gint64 until)
{
  const gint64 left = MAX (until - g_get_monotonic_time (), 0);
  const int seconds = (left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;

  if (seconds < 120)
    /* Translators: an abbreviation, seconds */
    return g_strdup_printf (_ ("Trying again in %d s"), seconds);

  /* Translators: an abbreviation, minutes */
  return g_strdup_printf (_ ("Trying again in %d min"), (seconds + 59) / 60);
}

static char *
describe_verifying (const BobbinReport *report)
{
  if (report->total <= 0)
    return g_strdup (_ ("Verifying…"));

  /* Translators: a percentage; the space before the sign is a narrow no-break one */
  return g_strdup_printf (_ ("Verifying… %d%%"), (int) (100.0 * report->bytes / report->total));
}

static char *
describe_phase (BobbinJob *job)
{
  switch ((BobbinDownloadPhase) bobbin_job_get_phase (job))
    {
    case BOBBIN_DOWNLOAD_RECEIVING:
      return describe_receiving (job);
    case BOBBIN_DOWNLOAD_WAITING:
      if (bobbin_job_get_until (job) > 0)
        return describe_waiting (bobbin_job_get_until (job));
      return g_strdup (_ ("Connecting…"));
    case BOBBIN_DOWNLOAD_WAITING_FOR_HOST:
      return g_strdup (_ ("Waiting for other downloads from this server"));
    case BOBBIN_DOWNLOAD_WAITING_FOR_NETWORK:
      return g_strdup (_ ("Waiting for the network"));
    case BOBBIN_DOWNLOAD_WAITING_FOR_SPACE:
      return g_strdup (_ ("The disk is full, waiting for room"));
    case BOBBIN_DOWNLOAD_VERIFYING:
      return describe_verifying (bobbin_job_get_report (job));
    case BOBBIN_DOWNLOAD_FINISHING:
      return g_strdup (_ ("Writing to the disk…"));
    case BOBBIN_DOWNLOAD_CONNECTING:
    default:
      return g_strdup (_ ("Connecting…"));
    }
}

/* One that was put off says what it waits for, until it only waits for its turn. */
static char *
describe_queued (BobbinJob *job)
{
  const gboolean is_due = bobbin_job_get_until (job) <= g_get_monotonic_time ();

  return bobbin_job_is_put_off (job) && !is_due && !bobbin_job_is_held (job) ? describe_phase (job)
                                                                             : NULL;
}

static char *
describe_stopped (BobbinJob *job)
{
  g_autofree char *bytes = g_format_size (bobbin_job_get_bytes (job));
  g_autofree char *total = NULL;

  if (bobbin_job_get_bytes (job) == 0)
    return g_strdup (C_ ("state of a job", "Stopped"));
  if (bobbin_job_get_total (job) < 0)
    /* Translators: %s is a size */
    return g_strdup_printf (_ ("Stopped · %s"), bytes);

  total = g_format_size (bobbin_job_get_total (job));

  /* Translators: two sizes, such as 3.2 MB of 10 MB */
  return g_strdup_printf (_ ("Stopped · %s of %s"), bytes, total);
}

static char *
describe_done (BobbinJob *job)
{
  g_autofree char *size = g_format_size (bobbin_job_get_bytes (job));

  if (bobbin_download_get_skipped (BOBBIN_DOWNLOAD (job)))
    return g_strdup (_ ("There already, left alone"));

  /* Translators: %s is a size */
  return g_strdup_printf (_ ("Done · %s"), size);
}

/**
 * bobbin_download_words_status:
 * @job: a download
 *
 * Returns: (transfer full) (nullable): its status line; %NULL where what is said of every job will
 *   do
 */
char *
bobbin_download_words_status (BobbinJob *job)
{
  switch (bobbin_job_get_state (job))
    {
    case BOBBIN_JOB_RUNNING:
      return describe_phase (job);
    case BOBBIN_JOB_DONE:
      return describe_done (job);
    case BOBBIN_JOB_IDLE:
      return bobbin_job_get_started (job) != 0 ? describe_stopped (job) : NULL;
    case BOBBIN_JOB_QUEUED:
      return describe_queued (job);
    case BOBBIN_JOB_STOPPING:
    case BOBBIN_JOB_FAILED:
    default:
      return NULL;
    }
}
