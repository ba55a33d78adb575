/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-health.h"
#include "bobbin-probe-private.h"

G_BEGIN_DECLS

/**
 * BobbinVerdict:
 * @time: the end of what it stands for: when its sample was due, g_get_real_time()
 * @duration: µs that it stands for, up to @time: since the slot before; 0 for the first of a run
 * @health: how what is monitored does now; %BOBBIN_HEALTH_UNKNOWN where @reason says why
 * @before: the health before this verdict
 * @believed: what has been settled so far: unknown, up, warning, critical or down. It stays while
 *   the health is pending, recovering or unknown; an alert begins and ends with it
 * @reason: why nothing is known
 * @sample: (nullable): what was found, for as long as the signal lasts; %NULL for a gap, in which
 *   none was taken. In a maintenance window there may be one, and it is not judged
 * @error: (nullable): why there was no answer, a %BOBBIN_ERROR, for as long as the signal lasts
 *
 * What a monitor has come to think: of one sample, or of a gap between two. The verdicts of a run
 * follow each other without a hole: the duration of each begins where the one before ended.
 */
typedef struct
{
  gint64              time;
  gint64              duration;
  BobbinHealth        health;
  BobbinHealth        before;
  BobbinHealth        believed;
  BobbinUnknownReason reason;
  const BobbinSample *sample;
  const GError       *error;
} BobbinVerdict;

G_END_DECLS
