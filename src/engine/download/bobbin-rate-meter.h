/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BOBBIN_RATE_METER_N:
 *
 * A rate is taken over so many samples.
 */
#define BOBBIN_RATE_METER_N 20

/**
 * BobbinRateMeter:
 *
 * How fast a number of bytes grows, over the last few samples. Plain data; zeroes are a meter that
 * knows nothing.
 */
typedef struct
{
  gint64 times[BOBBIN_RATE_METER_N];
  gint64 bytes[BOBBIN_RATE_METER_N];
  guint  n_samples;
} BobbinRateMeter;

void   bobbin_rate_meter_reset         (BobbinRateMeter *self);
void   bobbin_rate_meter_sample        (BobbinRateMeter *self,
                                        gint64           time,
                                        gint64           bytes);
gint64 bobbin_rate_meter_get_rate      (const BobbinRateMeter *self);
gint64 bobbin_rate_meter_get_time_left (const BobbinRateMeter *self,
                                        gint64                 bytes_left);

G_END_DECLS
