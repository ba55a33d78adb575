/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-rollup.h"

G_BEGIN_DECLS

/**
 * BobbinUptime:
 * @up: µs in which it answered
 * @down: µs in which it did not
 * @fraction: @up / (@up + @down); NAN if nothing is known
 * @coverage: how much of the time asked about that is, from 0 to 1
 *
 * How much of a time something was up, and of how much of it that is known.
 */
typedef struct
{
  gint64 up;
  gint64 down;
  double fraction;
  double coverage;
} BobbinUptime;

BobbinUptime bobbin_uptime_new    (const BobbinHistoryBucket *bucket);
char        *bobbin_uptime_format (double fraction);

G_END_DECLS
