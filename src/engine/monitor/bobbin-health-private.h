/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-health.h"

#include <math.h>

G_BEGIN_DECLS

/*
 * BobbinHealthLimits:
 * @warn: values beyond this are a warning; NAN for no such limit
 * @critical: values beyond this are critical; NAN for no such limit
 * @n_samples: so many samples in a row it takes to believe that something got worse, at least 1
 * @warn_clear: a warning ends only when a value is not beyond this either; NAN: as @warn
 * @critical_clear: what was critical is less so only then; NAN: as @critical
 * @below: whether less is worse: “beyond” is below the limits, else it is above them
 * @duration: so many µs those samples have to span, too
 * @n_good: so many samples in a row it takes to believe that something got better; 0: @n_samples
 */
typedef struct
{
  double warn;
  double critical;
  guint n_samples;
  double warn_clear;
  double critical_clear;
  gboolean below;
  gint64 duration;
  guint n_good;
} BobbinHealthLimits;

#define BOBBIN_HEALTH_LIMITS_INIT                                             \
  { .warn = NAN, .critical = NAN, .n_samples = 1, .warn_clear = NAN, .critical_clear = NAN }

/* How bad a sample is, or what has been settled; each is worse than the one before. */
typedef enum
{
  BOBBIN_HEALTH_LEVEL_GOOD,
  BOBBIN_HEALTH_LEVEL_WARNING,
  BOBBIN_HEALTH_LEVEL_CRITICAL,
  BOBBIN_HEALTH_LEVEL_NO_ANSWER,
} BobbinHealthLevel;

#define BOBBIN_HEALTH_N_LEVELS (BOBBIN_HEALTH_LEVEL_NO_ANSWER + 1)

/* Samples in a row. */
typedef struct
{
  guint n;
  gint64 since; /* µs: the time of the first of them */
} BobbinHealthRow;

/* What is known of the samples so far. All zero at the beginning. */
typedef struct
{
  BobbinHealth health;        /* what it comes to */
  BobbinUnknownReason reason; /* why that is unknown */

  gboolean settled;                                 /* whether there is a level yet */
  BobbinHealthLevel level;                          /* the level believed in */
  BobbinHealthLevel held;                           /* the limit that has not been cleared */
  BobbinHealthRow at_least[BOBBIN_HEALTH_N_LEVELS]; /* as bad or worse */
  BobbinHealthRow at_most[BOBBIN_HEALTH_N_LEVELS];  /* as good or better */
} BobbinHealthTracker;

BobbinHealthLevel bobbin_health_limits_judge     (const BobbinHealthLimits *limits,
                                                  double                    value);
BobbinHealthLevel bobbin_health_tracker_judge    (const BobbinHealthTracker *self,
                                                  const BobbinHealthLimits  *limits,
                                                  double                     value);
BobbinHealth      bobbin_health_tracker_feed     (BobbinHealthTracker      *self,
                                                  const BobbinHealthLimits *limits,
                                                  gint64                    time,
                                                  BobbinHealthLevel         sample);
BobbinHealth      bobbin_health_tracker_miss     (BobbinHealthTracker *self,
                                                  BobbinUnknownReason  reason);
BobbinHealth      bobbin_health_tracker_believed (const BobbinHealthTracker *self);
void              bobbin_health_tracker_restore  (BobbinHealthTracker *self,
                                                  BobbinHealth         believed);

G_END_DECLS
