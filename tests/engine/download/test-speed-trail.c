/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bobbin-speed-trail.h"

#include <math.h>

#define SECOND ((gint64) G_USEC_PER_SEC)

/* The newest first. */
static void
assert_trail (const BobbinSpeedTrail *trail, guint n, const double *speeds)
{
  g_assert_cmpuint (trail->n_seconds, ==, n);
  for (guint i = 0; i < n; i++)
    if (isnan (speeds[i]))
      g_assert_true (isnan (bobbin_speed_trail_get (trail, i)));
    else
      g_assert_cmpfloat (bobbin_speed_trail_get (trail, i), ==, speeds[i]);
  g_assert_true (isnan (bobbin_speed_trail_get (trail, n)));
}

static void
test_seconds (void)
{
  BobbinSpeedTrail trail = { 0 };

  assert_trail (&trail, 0, NULL);
  bobbin_speed_trail_add (&trail, 7 * SECOND, 10);
  bobbin_speed_trail_add (&trail, 8 * SECOND + 1, 20);
  assert_trail (&trail, 2, (double[]){ 20, 10 });
  /* the newest of a second counts, and what is late for it */
  bobbin_speed_trail_add (&trail, 9 * SECOND - 1, 30);
  assert_trail (&trail, 2, (double[]){ 30, 10 });
  bobbin_speed_trail_add (&trail, 7 * SECOND, 40);
  assert_trail (&trail, 2, (double[]){ 40, 10 });
  bobbin_speed_trail_add (&trail, 9 * SECOND, 50);
  assert_trail (&trail, 3, (double[]){ 50, 40, 10 });
}

static void
test_gaps (void)
{
  BobbinSpeedTrail trail = { 0 };

  bobbin_speed_trail_add (&trail, 0, 1);
  bobbin_speed_trail_add (&trail, 2 * SECOND, 2);
  assert_trail (&trail, 3, (double[]){ 2, 2, 1 });
  bobbin_speed_trail_add (&trail, 5 * SECOND, 3);
  assert_trail (&trail, 6, (double[]){ 3, NAN, NAN, 2, 2, 1 });
}

/* It has an end, whether it was filled or left alone for an hour. */
static void
test_end (void)
{
  BobbinSpeedTrail trail = { 0 };

  for (int i = 0; i <= BOBBIN_SPEED_TRAIL_SECONDS; i++)
    bobbin_speed_trail_add (&trail, i * SECOND, i);
  g_assert_cmpuint (trail.n_seconds, ==, BOBBIN_SPEED_TRAIL_SECONDS);
  g_assert_cmpfloat (bobbin_speed_trail_get (&trail, BOBBIN_SPEED_TRAIL_SECONDS - 1), ==, 1);

  bobbin_speed_trail_add (&trail, 3600 * SECOND, 5);
  g_assert_cmpuint (trail.n_seconds, ==, BOBBIN_SPEED_TRAIL_SECONDS);
  g_assert_cmpfloat (bobbin_speed_trail_get (&trail, 0), ==, 5);
  for (guint i = 1; i < BOBBIN_SPEED_TRAIL_SECONDS; i++)
    g_assert_true (isnan (bobbin_speed_trail_get (&trail, i)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/speed-trail/seconds", test_seconds);
  g_test_add_func ("/speed-trail/gaps", test_gaps);
  g_test_add_func ("/speed-trail/end", test_end);

  return g_test_run ();
}
