/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The speed that a person is shown: the mean over a window of samples, so that it neither jumps
 * with every packet nor remembers a fast start for minutes, and falls to zero in a stall. Pure.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-rate-meter.h"

/**
 * bobbin_rate_meter_reset:
 * @self: a meter
 *
 * Forgets all samples.
 */
void
bobbin_rate_meter_reset (BobbinRateMeter *self)
{
  self->n_samples = 0;
}

/**
 * bobbin_rate_meter_sample:
 * @self: a meter
 * @time: monotonic µs, later than that of the sample before
 * @bytes: how many bytes there are by then
 *
 * Takes a sample; the oldest of %BOBBIN_RATE_METER_N goes.
 */
void
bobbin_rate_meter_sample (BobbinRateMeter *self, gint64 time, gint64 bytes)
{
  const guint at = self->n_samples % BOBBIN_RATE_METER_N;

  self->times[at] = time;
  self->bytes[at] = bytes;
  self->n_samples++;
}

/**
 * bobbin_rate_meter_get_rate:
 * @self: a meter
 *
 * Returns: bytes a second, or -1 while there are fewer than two samples
 */
gint64
bobbin_rate_meter_get_rate (const BobbinRateMeter *self)
{
  const guint n = self->n_samples;
  guint newest, oldest;
  gint64 time;

  if (n < 2)
    return -1;

  newest = (n - 1) % BOBBIN_RATE_METER_N;
  oldest = n > BOBBIN_RATE_METER_N ? n % BOBBIN_RATE_METER_N : 0;
  time = self->times[newest] - self->times[oldest];
  if (time <= 0)
    return -1;

  return (double) MAX (self->bytes[newest] - self->bytes[oldest], 0) * G_USEC_PER_SEC / time;
}

/**
 * bobbin_rate_meter_get_time_left:
 * @self: a meter
 * @bytes_left: how many bytes are still to come
 *
 * Returns: seconds, rounded up, or -1 while nobody can say
 */
gint64
bobbin_rate_meter_get_time_left (const BobbinRateMeter *self, gint64 bytes_left)
{
  const gint64 rate = bobbin_rate_meter_get_rate (self);

  return rate > 0 ? bytes_left / rate + (bytes_left % rate != 0) : -1;
}
