/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a job says of its progress, figure by figure, as numbers and in words. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-private.h"

#include <glib/gi18n-lib.h>

/**
 * bobbin_job_get_progress:
 * @self: a job
 *
 * Returns: 0 to 1, or -1 while it is not known
 */
double
bobbin_job_get_progress (BobbinJob *self)
{
  gint64 total;

  g_return_val_if_fail (BOBBIN_IS_JOB (self), -1);

  total = bobbin_job_get_total (self);
  if (total < 0)
    return -1;
  if (total == 0)
    return bobbin_job_get_state (self) == BOBBIN_JOB_DONE ? 1 : 0;

  return CLAMP ((double) bobbin_job_get_bytes (self) / total, 0, 1);
}

/**
 * bobbin_job_get_bytes:
 * @self: a job
 *
 * Returns: bytes done so far
 */
gint64
bobbin_job_get_bytes (BobbinJob *self)
{
  const BobbinJobPast *past;

  g_return_val_if_fail (BOBBIN_IS_JOB (self), 0);

  past = bobbin_job_get_private (self)->past;

  return past != NULL ? past->bytes : 0;
}

/**
 * bobbin_job_get_total:
 * @self: a job
 *
 * Returns: bytes in all, or -1 while that is not known
 */
gint64
bobbin_job_get_total (BobbinJob *self)
{
  const BobbinJobPast *past;

  g_return_val_if_fail (BOBBIN_IS_JOB (self), -1);

  past = bobbin_job_get_private (self)->past;

  return past != NULL ? past->total : -1;
}

/**
 * bobbin_job_get_rate:
 * @self: a job
 *
 * Returns: bytes a second, or -1 while that is not known
 */
gint64
bobbin_job_get_rate (BobbinJob *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB (self), -1);

  return bobbin_job_get_report (self)->rate;
}

/**
 * bobbin_job_get_time_left:
 * @self: a job
 *
 * Returns: seconds, or -1 while that is not known
 */
gint64
bobbin_job_get_time_left (BobbinJob *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB (self), -1);

  return bobbin_job_get_report (self)->time_left;
}

/**
 * bobbin_job_describe_rate:
 * @self: a job
 *
 * Returns: (transfer full) (nullable): how fast it is, such as “3.2 MB/s”; %NULL while that is not
 *   known
 */
char *
bobbin_job_describe_rate (BobbinJob *self)
{
  const gint64 rate = bobbin_job_get_rate (self);
  g_autofree char *size = NULL;

  if (rate < 0)
    return NULL;

  size = g_format_size (rate);

  /* Translators: %s is a size, like “3.2 MB”: so much a second */
  return g_strdup_printf (_ ("%s/s"), size);
}

/**
 * bobbin_job_describe_time_left:
 * @self: a job
 *
 * Returns: (transfer full) (nullable): how long it still takes, such as “12 min left”; %NULL while
 *   that is not known
 */
char *
bobbin_job_describe_time_left (BobbinJob *self)
{
  const gint64 seconds = bobbin_job_get_time_left (self);

  if (seconds < 0)
    return NULL;
  if (seconds < 60)
    /* Translators: an abbreviation, seconds; keep it short */
    return g_strdup_printf (_ ("%d s left"), (int) seconds);
  if (seconds < 60 * 60)
    /* Translators: an abbreviation, minutes; keep it short */
    return g_strdup_printf (_ ("%d min left"), (int) ((seconds + 59) / 60));
  if (seconds < 100 * 60 * 60)
    /* Translators: abbreviations, hours and minutes; keep it short */
    return g_strdup_printf (_ ("%d h %d min left"), (int) (seconds / 3600),
                            (int) (seconds % 3600 / 60));

  /* Translators: never fewer than four; keep it short */
  return g_strdup_printf (ngettext ("%d day left", "%d days left", seconds / 86400),
                          (int) MIN (seconds / 86400, 9999));
}
