/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-probe-cpu: readings of /proc/stat, good and bad, and what two of them tell.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-probe-private.h"

#include <glib/gstdio.h>
#include <math.h>

typedef struct
{
  const char *name;
  const char *before;
  const char *after;
  double busy; /* NAN: tells nothing */
} PairCase;

static const PairCase pairs[] = {
  /* user 60, system 20, idle 90, iowait 10, irq 5, softirq 5, steal 10: guest counts once */
  { "normal", "stat-1", "stat-2", 50 },
  { "256-cpus", "stat-256-cpus-1", "stat-256-cpus-2", 25 },
  { "no-time-passed", "stat-1", "stat-1", NAN },
  /* user 100; idle and iowait fell */
  { "idle-backwards", "stat-1", "stat-backwards", 100 },
  { "all-backwards", "stat-2", "stat-1", NAN },
  { "huge", "stat-huge-1", "stat-huge-2", 75 },
};

static const char *const unreadable[] = {
  "stat-old-kernel", "stat-truncated", "stat-too-huge", "stat-negative",
  "stat-words",      "stat-not",       "stat-empty",
};

static char *
fixture (const char *name)
{
  return g_build_filename (FIXTURES, name, NULL);
}

static void
load (const char *name, BobbinCpuTimes *times)
{
  g_autofree char *path = fixture (name);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (bobbin_cpu_times_parse (text, "cpu", times, &error));
  g_assert_no_error (error);
}

static void
test_pair (gconstpointer user_data)
{
  const PairCase *test = user_data;
  BobbinCpuTimes before;
  BobbinCpuTimes after;
  double busy;

  load (test->before, &before);
  load (test->after, &after);
  busy = bobbin_cpu_times_busy (&before, &after);

  if (isnan (test->busy))
    g_assert_true (isnan (busy));
  else
    g_assert_cmpfloat_with_epsilon (busy, test->busy, 1e-6);
}

/* Cut anywhere within its first line a text is refused, never half believed. */
static void
test_cut (void)
{
  g_autofree char *path = fixture ("stat-1");
  g_autofree char *text = NULL;
  BobbinCpuTimes times;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (gsize length = strchr (text, '\n') - text; length > 0; length--)
    {
      g_autofree char *cut = g_strndup (text, length);
      g_autoptr (GError) error = NULL;

      g_assert_false (bobbin_cpu_times_parse (cut, "cpu", &times, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED);
    }
}

static void
test_unreadable (gconstpointer user_data)
{
  g_autofree char *path = fixture (user_data);
  g_autoptr (BobbinProbe) probe = bobbin_probe_cpu_new (path, -1);
  g_autoptr (GError) error = NULL;
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;

  g_assert_false (bobbin_probe_sample (probe, NULL, &sample, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED);
  g_assert_true (isnan (sample.value));
}

/* A probe reads one file again and again: here one that changes in between. */
static void
replace (const char *path, const char *name)
{
  g_autofree char *source = fixture (name);
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (source, &text, &length, NULL));
  g_assert_true (g_file_set_contents (path, text, length, NULL));
}

static double
sample (BobbinProbe *probe)
{
  g_autoptr (GError) error = NULL;
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;

  g_assert_true (bobbin_probe_sample (probe, NULL, &sample, &error));
  g_assert_no_error (error);

  return sample.value;
}

static void
test_series (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bobbin-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "stat", NULL);
  g_autoptr (BobbinProbe) probe = bobbin_probe_cpu_new (path, -1);

  replace (path, "stat-1");
  g_assert_true (isnan (sample (probe)));
  replace (path, "stat-2");
  g_assert_cmpfloat_with_epsilon (sample (probe), 50, 1e-6);
  g_assert_true (isnan (sample (probe)));

  /* A new series has nothing to do with what was before. */
  bobbin_probe_begin (probe);
  g_assert_true (isnan (sample (probe)));

  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_missing (void)
{
  g_autofree char *path = fixture ("no-such-file");
  g_autoptr (BobbinProbe) probe = bobbin_probe_cpu_new (path, -1);
  g_autoptr (GError) error = NULL;
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;

  g_assert_false (bobbin_probe_sample (probe, NULL, &sample, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "no-such-file"));
}

/* The real thing: busy until a whole tick of the clock has been counted. */
static void
test_real (void)
{
  g_autoptr (BobbinProbe) probe = bobbin_probe_new ("cpu", NULL, NULL);
  double value = sample (probe);

  g_assert_true (isnan (value));
  while (isnan (value))
    value = sample (probe);
  g_assert_cmpfloat (value, >=, 0);
  g_assert_cmpfloat (value, <=, 100);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe-cpu/pair/%s", pairs[i].name);

      g_test_add_data_func (path, &pairs[i], test_pair);
    }
  for (guint i = 0; i < G_N_ELEMENTS (unreadable); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe-cpu/unreadable/%s", unreadable[i]);

      g_test_add_data_func (path, unreadable[i], test_unreadable);
    }
  g_test_add_func ("/probe-cpu/cut", test_cut);
  g_test_add_func ("/probe-cpu/series", test_series);
  g_test_add_func ("/probe-cpu/missing", test_missing);
  g_test_add_func ("/probe-cpu/real", test_real);

  return g_test_run ();
}
