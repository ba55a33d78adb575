/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-health.h"

G_BEGIN_DECLS

/*
 * BobbinHealthLimits:
 * @warn: values over this are a warning; NAN for no such limit
 * @critical: values over this are critical; NAN for no such limit
 * @n_samples: so many samples in a row it takes to believe a change, at least 1
 */
typedef struct
{
  double warn;
  double critical;
  guint n_samples;
} BobbinHealthLimits;

/* How bad a sample is, or what has been settled; each is worse than the one before. */
typedef enum
{
  BOBBIN_HEALTH_LEVEL_GOOD,
  BOBBIN_HEALTH_LEVEL_WARNING,
  BOBBIN_HEALTH_LEVEL_CRITICAL,
  BOBBIN_HEALTH_LEVEL_NO_ANSWER,
} BobbinHealthLevel;

#define BOBBIN_HEALTH_N_LEVELS (BOBBIN_HEALTH_LEVEL_NO_ANSWER + 1)

/* What is known of the samples so far. All zero at the beginning. */
typedef struct
{
  BobbinHealth health; /* what it comes to */

  gboolean settled;                       /* whether there is a level yet */
  BobbinHealthLevel level;                /* the level believed in */
  guint at_least[BOBBIN_HEALTH_N_LEVELS]; /* so many samples in a row as bad or worse */
  guint at_most[BOBBIN_HEALTH_N_LEVELS];  /* so many samples in a row as good or better */
} BobbinHealthTracker;

BobbinHealthLevel bobbin_health_limits_judge (const BobbinHealthLimits *limits,
                                              double                    value);
BobbinHealth      bobbin_health_tracker_feed (BobbinHealthTracker      *self,
                                              const BobbinHealthLimits *limits,
                                              BobbinHealthLevel         sample);
BobbinHealth      bobbin_health_tracker_believed (const BobbinHealthTracker *self);

G_END_DECLS
