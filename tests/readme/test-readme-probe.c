/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The example of the README, which is compiled with this: it does what is said of it. */

#include "config.h"

#include "readme-probe.h"

static void
test_uptime (void)
{
  g_autoptr (BobbinProbe) probe = bobbin_probe_uptime_new (README_UPTIME);
  g_autoptr (BobbinProbe) none = bobbin_probe_uptime_new (README_UPTIME ".none");
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;
  g_auto (BobbinSample) nothing = BOBBIN_SAMPLE_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (README_UPTIME, "216000.50 400000.12\n", -1, NULL));
  g_assert_true (bobbin_probe_sample (probe, NULL, &sample, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (sample.value, 2.5, 0.001);
  g_assert_cmpstr (probe->title, ==, "Uptime");

  g_assert_false (bobbin_probe_sample (none, NULL, &nothing, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/readme/probe/uptime", test_uptime);

  return g_test_run ();
}
