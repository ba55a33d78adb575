/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-probe-disk: percentages as df has them, of figures made up and of real file systems.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-monitor.h"
#include "bobbin-probe-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  const char *name;
  guint64 blocks;
  guint64 free;
  guint64 available;
  double percent; /* NAN: none */
} DiskCase;

static const DiskCase cases[] = {
  { "empty", 1000, 1000, 1000, 0 },
  { "full", 1000, 0, 0, 100 },
  { "half", 1000, 500, 500, 50 },
  /* 50 of 1000 are for root only: they are neither used nor available */
  { "reserve", 1000, 150, 100, 100.0 * 850 / 950 },
  { "reserve-only", 1000, 50, 0, 100 },
  /* root took 20 of them: available wrapped below zero */
  { "in-the-reserve", 1000, 30, (guint64) -20, 100.0 * 970 / 950 },
  { "no-size", 0, 0, 0, NAN },
  { "nothing-usable", 1000, 1000, 0, NAN },
  { "large", G_GUINT64_CONSTANT (1) << 52, G_GUINT64_CONSTANT (1) << 50,
    G_GUINT64_CONSTANT (1) << 50, 75 },
};

static void
assert_figure (double found, double expected)
{
  if (isnan (expected))
    g_assert_true (isnan (found));
  else
    g_assert_cmpfloat_with_epsilon (found, expected, 1e-9);
}

static void
test_figures (gconstpointer user_data)
{
  const DiskCase *test = user_data;
  const struct statvfs file_system = { .f_bsize = 1 << 20,
                                       .f_frsize = 4096,
                                       .f_blocks = test->blocks,
                                       .f_bfree = test->free,
                                       .f_bavail = test->available };

  assert_figure (bobbin_disk_percent (&file_system), test->percent);
}

typedef struct
{
  const char *name;
  struct statvfs file_system;
  double free;   /* bytes; NAN: none */
  double inodes; /* %; NAN: none */
} FreeCase;

static const FreeCase free_cases[] = {
  { "ordinary",
    { .f_frsize = 4096, .f_blocks = 1000, .f_bavail = 10, .f_files = 200, .f_ffree = 50 },
    40960,
    75 },
  /* What is best read at once is not what is counted in. */
  { "large-reads",
    { .f_bsize = 1 << 20,
      .f_frsize = 512,
      .f_blocks = 9,
      .f_bavail = 9,
      .f_files = 8,
      .f_ffree = 8 },
    4608,
    0 },
  { "in-the-reserve",
    { .f_frsize = 4096, .f_blocks = 1000, .f_bavail = (guint64) -20, .f_files = 3 },
    -81920,
    100 },
  { "no-limit-of-files", { .f_frsize = 4096, .f_blocks = 1000, .f_bavail = 0 }, 0, NAN },
  { "more-free-than-there-are",
    { .f_frsize = 1, .f_blocks = 1, .f_bavail = 1, .f_files = 1, .f_ffree = 2 },
    1,
    0 },
  { "no-size", { .f_frsize = 4096 }, NAN, NAN },
};

static void
test_free (gconstpointer user_data)
{
  const FreeCase *test = user_data;

  assert_figure (bobbin_disk_free (&test->file_system), test->free);
  assert_figure (bobbin_disk_inodes_percent (&test->file_system), test->inodes);
}

/* As coreutils' df does it, in whole numbers; for what fits. */
static guint64
df_percent (const struct statvfs *file_system)
{
  guint64 used = file_system->f_blocks - file_system->f_bfree;
  guint64 usable = used + file_system->f_bavail;

  return used * 100 / usable + (used * 100 % usable != 0);
}

/* Shown rounded up: 1 block in a million is 1%, never 0. */
static void
test_rounded_up (void)
{
  g_autoptr (BobbinJob) job = bobbin_monitor_new ("disk:/", NULL);

  for (guint64 used = 0; used <= 1000; used++)
    {
      const struct statvfs file_system = { .f_blocks = 1000,
                                           .f_bfree = 1000 - used,
                                           .f_bavail = 1000 - used };
      g_autofree char *shown =
        bobbin_monitor_format_value (BOBBIN_MONITOR (job), bobbin_disk_percent (&file_system));
      g_autofree char *expected =
        g_strdup_printf ("%" G_GUINT64_FORMAT "%%", df_percent (&file_system));

      g_assert_cmpstr (shown, ==, expected);
    }
}

static double
sample (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BobbinProbe) probe = bobbin_probe_disk_new ("/", path, &error);
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;

  g_assert_no_error (error);
  bobbin_probe_sample (probe, NULL, &sample, &error);
  g_assert_no_error (error);

  return sample.value;
}

/* A disk in use changes between two looks: the probe's answer is that of a look before or after. */
static void
test_real (gconstpointer user_data)
{
  const char *path = user_data;
  struct statvfs before;
  struct statvfs after;
  double value;

  if (statvfs (path, &before) != 0 || before.f_blocks == 0)
    {
      g_test_skip ("no such file system here");
      return;
    }

  do
    {
      g_assert_cmpint (statvfs (path, &before), ==, 0);
      value = sample (path);
      g_assert_cmpint (statvfs (path, &after), ==, 0);
    }
  while (before.f_bfree != after.f_bfree || before.f_bavail != after.f_bavail);

  g_assert_cmpfloat (value, >=, 0);
  g_assert_cmpuint ((guint64) ceil (value), ==, df_percent (&before));
}

static double
fail (const char *path, GError **error)
{
  g_autoptr (BobbinProbe) probe = bobbin_probe_disk_new ("/", path, NULL);
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;

  g_assert_false (bobbin_probe_sample (probe, NULL, &sample, error));

  return sample.value;
}

static void
test_missing (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bobbin-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "unplugged", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (isnan (fail (path, &error)));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_FOLDER);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* That there is no such figure is not zero, and it is said which. */
static void
test_no_figure (gconstpointer user_data)
{
  g_autoptr (BobbinProbe) probe = bobbin_probe_new (user_data, NULL, NULL);
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_false (bobbin_probe_sample (probe, NULL, &sample, &error));
  g_assert_true (isnan (sample.value));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "“/proc”"));
  g_assert_true ((strstr (error->message, "how many files") != NULL) ==
                 g_str_has_prefix (user_data, "inodes:"));
}

int
main (int argc, char *argv[])
{
  static const char *const paths[] = { "/", "/tmp", "/dev/shm", "/usr/bin" };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe-disk/figures/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_figures);
    }
  for (guint i = 0; i < G_N_ELEMENTS (free_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe-disk/free/%s", free_cases[i].name);

      g_test_add_data_func (path, &free_cases[i], test_free);
    }
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe-disk/real/%u", i);

      g_test_add_data_func (path, paths[i], test_real);
    }
  g_test_add_func ("/probe-disk/rounded-up", test_rounded_up);
  g_test_add_func ("/probe-disk/missing", test_missing);
  g_test_add_data_func ("/probe-disk/no-size", "disk:/proc", test_no_figure);
  g_test_add_data_func ("/probe-disk/no-size/free", "disk-free:/proc", test_no_figure);
  g_test_add_data_func ("/probe-disk/no-size/inodes", "inodes:/proc", test_no_figure);

  return g_test_run ();
}
