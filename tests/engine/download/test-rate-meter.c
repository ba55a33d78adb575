/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bobbin-rate-meter.h"

static void
test_unknown (void)
{
  BobbinRateMeter meter = { 0 };

  g_assert_cmpint (bobbin_rate_meter_get_rate (&meter), ==, -1);
  bobbin_rate_meter_sample (&meter, 1000, 0);
  g_assert_cmpint (bobbin_rate_meter_get_rate (&meter), ==, -1);
  g_assert_cmpint (bobbin_rate_meter_get_time_left (&meter, 100), ==, -1);
  /* two samples of the same moment tell nothing */
  bobbin_rate_meter_sample (&meter, 1000, 500);
  g_assert_cmpint (bobbin_rate_meter_get_rate (&meter), ==, -1);
}

static void
test_steady (void)
{
  BobbinRateMeter meter = { 0 };

  for (gint64 i = 0; i < 100; i++)
    bobbin_rate_meter_sample (&meter, i * 250000, i * 250);
  g_assert_cmpint (bobbin_rate_meter_get_rate (&meter), ==, 1000);
  g_assert_cmpint (bobbin_rate_meter_get_time_left (&meter, 10000), ==, 10);
  g_assert_cmpint (bobbin_rate_meter_get_time_left (&meter, 10001), ==, 11);
  g_assert_cmpint (bobbin_rate_meter_get_time_left (&meter, 0), ==, 0);
}

/* In a stall the rate falls to nothing, and then nobody can say how long it takes. */
static void
test_stall (void)
{
  BobbinRateMeter meter = { 0 };
  gint64 last = G_MAXINT64;

  bobbin_rate_meter_sample (&meter, 0, 0);
  bobbin_rate_meter_sample (&meter, 250000, 1000000);
  for (gint64 i = 2; i <= BOBBIN_RATE_METER_N; i++)
    {
      bobbin_rate_meter_sample (&meter, i * 250000, 1000000);
      g_assert_cmpint (bobbin_rate_meter_get_rate (&meter), <, last);
      last = bobbin_rate_meter_get_rate (&meter);
    }
  g_assert_cmpint (last, ==, 0);
  g_assert_cmpint (bobbin_rate_meter_get_time_left (&meter, 100), ==, -1);
}

static void
test_reset (void)
{
  BobbinRateMeter meter = { 0 };

  bobbin_rate_meter_sample (&meter, 0, 0);
  bobbin_rate_meter_sample (&meter, 1000000, 1000);
  g_assert_cmpint (bobbin_rate_meter_get_rate (&meter), ==, 1000);
  bobbin_rate_meter_reset (&meter);
  g_assert_cmpint (bobbin_rate_meter_get_rate (&meter), ==, -1);
  /* a transfer that began anew has fewer bytes than before: no negative speed */
  bobbin_rate_meter_sample (&meter, 2000000, 5000);
  bobbin_rate_meter_sample (&meter, 3000000, 0);
  g_assert_cmpint (bobbin_rate_meter_get_rate (&meter), ==, 0);
}

static void
test_large (void)
{
  BobbinRateMeter meter = { 0 };

  bobbin_rate_meter_sample (&meter, 0, 0);
  bobbin_rate_meter_sample (&meter, G_USEC_PER_SEC, G_GINT64_CONSTANT (10000000000000));
  g_assert_cmpint (bobbin_rate_meter_get_rate (&meter), ==, G_GINT64_CONSTANT (10000000000000));
  g_assert_cmpint (bobbin_rate_meter_get_time_left (&meter, G_MAXINT64), ==, 922338);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rate-meter/unknown", test_unknown);
  g_test_add_func ("/rate-meter/steady", test_steady);
  g_test_add_func ("/rate-meter/stall", test_stall);
  g_test_add_func ("/rate-meter/reset", test_reset);
  g_test_add_func ("/rate-meter/large", test_large);

  return g_test_run ();
}
