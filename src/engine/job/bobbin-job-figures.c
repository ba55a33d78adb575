/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a job's newest report says, figure by figure. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job.h"

/**
 * bobbin_job_get_progress:
 * @self: a job
 *
 * Returns: 0 to 1, or -1 while it is not known
 */
double
bobbin_job_get_progress (BobbinJob *self)
{
  const BobbinReport *report;

  g_return_val_if_fail (BOBBIN_IS_JOB (self), -1);

  report = bobbin_job_get_report (self);
  if (report->total < 0)
    return -1;
  if (report->total == 0)
    return bobbin_job_get_state (self) == BOBBIN_JOB_DONE ? 1 : 0;

  return CLAMP ((double) report->bytes / report->total, 0, 1);
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
  g_return_val_if_fail (BOBBIN_IS_JOB (self), 0);

  return bobbin_job_get_report (self)->bytes;
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
  g_return_val_if_fail (BOBBIN_IS_JOB (self), -1);

  return bobbin_job_get_report (self)->total;
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
