/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How fast a download has been in the last minutes, for whoever begins to look in the middle of it.
 * Who reports adds to it; nobody is woken up for it. Any thread; one at a time.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-speed-trail.h"

#include <math.h>

static void
append (BobbinSpeedTrail *self, double speed)
{
  self->speeds[self->next] = (float) speed;
  self->next = (self->next + 1) % BOBBIN_SPEED_TRAIL_SECONDS;
  self->n_seconds = MIN (self->n_seconds + 1, BOBBIN_SPEED_TRAIL_SECONDS);
}

/**
 * bobbin_speed_trail_add:
 * @self: a trail
 * @time: when, in µs, by a clock that never goes back
 * @speed: bytes a second
 *
 * Adds the speed of one second, or replaces it. Seconds that were left out are gaps; but for a
 * single one, as who is late by a moment has not missed anything.
 */
void
bobbin_speed_trail_add (BobbinSpeedTrail *self, gint64 time, double speed)
{
  const gint64 second = time / G_USEC_PER_SEC;
  const gint64 n_passed = self->n_seconds > 0 ? second - self->last : 1;

  if (n_passed <= 0)
    {
      self->next = (self->next + BOBBIN_SPEED_TRAIL_SECONDS - 1) % BOBBIN_SPEED_TRAIL_SECONDS;
      self->n_seconds--;
    }
  if (n_passed == 2)
    append (self, speed);
  for (gint64 i = 1; n_passed > 2 && i < MIN (n_passed, BOBBIN_SPEED_TRAIL_SECONDS); i++)
    append (self, NAN);
  append (self, speed);
  self->last = MAX (second, self->last);
}

/**
 * bobbin_speed_trail_get:
 * @self: a trail
 * @age: seconds before the newest
 *
 * Returns: bytes a second; NAN in a gap, and before it began
 */
double
bobbin_speed_trail_get (const BobbinSpeedTrail *self, guint age)
{
  if (age >= self->n_seconds)
    return NAN;

  return self
    ->speeds[(self->next + BOBBIN_SPEED_TRAIL_SECONDS - 1 - age) % BOBBIN_SPEED_TRAIL_SECONDS];
}
