/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BOBBIN_SPEED_TRAIL_SECONDS:
 *
 * A trail goes back so far.
 */
#define BOBBIN_SPEED_TRAIL_SECONDS 180

/**
 * BobbinSpeedTrail:
 *
 * How fast something has been, second by second. Plain data; zeroes are a trail that knows nothing.
 */
typedef struct
{
  float  speeds[BOBBIN_SPEED_TRAIL_SECONDS]; /* bytes a second, a ring; NAN in a gap */
  guint  n_seconds;
  guint  next;
  gint64 last; /* s: of the newest */
} BobbinSpeedTrail;

void   bobbin_speed_trail_add (BobbinSpeedTrail *self,
                               gint64            time,
                               double            speed);
double bobbin_speed_trail_get (const BobbinSpeedTrail *self,
                               guint                   age);

G_END_DECLS
