/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-probe-memory: readings of /proc/meminfo, good and bad.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-probe-private.h"

#include <math.h>

typedef struct
{
  const char *name;
  double used;         /* NAN: an error */
  const char *message; /* a part of it */
} MemoryCase;

static const MemoryCase cases[] = {
  { "meminfo", 25, NULL },
  { "meminfo-scarce", 99, NULL },
  { "meminfo-full", 100, NULL },
  { "meminfo-odd", 0, NULL }, /* more available than there is */
  { "meminfo-huge", 75, NULL },
  { "meminfo-old-kernel", NAN, "does not say how much memory is available" },
  { "meminfo-truncated", NAN, "does not say how much memory is available" },
  { "meminfo-zero", NAN, "cannot be understood" },
  { "meminfo-too-huge", NAN, "cannot be understood" },
  { "meminfo-no-unit", NAN, "cannot be understood" },
  { "meminfo-empty", NAN, "cannot be understood" },
  { "no-such-file", NAN, "no-such-file" },
};

static void
test_fixture (gconstpointer user_data)
{
  const MemoryCase *test = user_data;
  g_autofree char *path = g_build_filename (FIXTURES, test->name, NULL);
  g_autoptr (BobbinProbe) probe = bobbin_probe_memory_new (path);
  g_autoptr (GError) error = NULL;
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;
  gboolean ok = bobbin_probe_sample (probe, NULL, &sample, &error);

  if (test->message == NULL)
    {
      g_assert_no_error (error);
      g_assert_true (ok);
      g_assert_cmpfloat_with_epsilon (sample.value, test->used, 1e-6);
      return;
    }

  g_assert_false (ok);
  g_assert_true (isnan (sample.value));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, test->message));
}

/* A key counts where it begins a line, and as a whole. */
static void
test_keys (void)
{
  double value = 0;

  g_assert_true (bobbin_memory_parse ("XMemTotal: 1 kB\n"
                                      "MemTotalX: 1 kB\n"
                                      "MemTotal: 200 kB\n"
                                      "X MemAvailable: 0 kB\n"
                                      "MemAvailable:\t50 kB\n",
                                      &value, NULL));
  g_assert_cmpfloat (value, ==, 75);
}

static void
test_real (void)
{
  g_autoptr (BobbinProbe) probe = bobbin_probe_new ("memory", NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;

  g_assert_true (bobbin_probe_sample (probe, NULL, &sample, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (sample.value, >, 0);
  g_assert_cmpfloat (sample.value, <, 100);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe-memory/fixture/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_fixture);
    }
  g_test_add_func ("/probe-memory/keys", test_keys);
  g_test_add_func ("/probe-memory/real", test_real);

  return g_test_run ();
}
