/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The probes of processors and memory beside psutil, which most other monitors are made with: both
 * are given the same readings, made up and real, and find the same within 0.1 %.
 */

#include "config.h"

#include "bobbin-probe-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  char *before; /* (owned): a folder that looks like /proc */
  char *after;  /* (owned) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer user_data)
{
  self->before = g_dir_make_tmp ("bobbin-before-XXXXXX", NULL);
  self->after = g_dir_make_tmp ("bobbin-after-XXXXXX", NULL);
}

static void
remove_folder (char *folder)
{
  static const char *const files[] = { "stat", "meminfo" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);
}

static void
tear_down (Fixture *self, gconstpointer user_data)
{
  remove_folder (self->before);
  remove_folder (self->after);
}

static void
copy (const char *source, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (source, &text, NULL, &error);
  g_assert_no_error (error);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
copy_fixture (const char *fixture, const char *folder, const char *name)
{
  g_autofree char *source = g_build_filename (FIXTURES, fixture, NULL);

  copy (source, folder, name);
}

static void
load_times (const char *folder, BobbinCpuTimes *times)
{
  g_autofree char *path = g_build_filename (folder, "stat", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (bobbin_cpu_times_parse (text, "cpu", times, NULL));
}

static double
get_busy (Fixture *self)
{
  BobbinCpuTimes before;
  BobbinCpuTimes after;

  load_times (self->before, &before);
  load_times (self->after, &after);

  return bobbin_cpu_times_busy (&before, &after);
}

static double
get_used (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->after, "meminfo", NULL);
  g_autoptr (BobbinProbe) probe = bobbin_probe_memory_new (path);
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;

  g_assert_true (bobbin_probe_sample (probe, NULL, &sample, NULL));

  return sample.value;
}

/* The system's own has Debian's modules, whatever stands before it in the path. */
static char *
find_python (void)
{
  const char *own = "/usr/bin/python3";

  return g_file_test (own, G_FILE_TEST_IS_EXECUTABLE) ? g_strdup (own)
                                                      : g_find_program_in_path ("python3");
}

/* FALSE: there is nobody to ask. */
static gboolean
ask (Fixture *self, double *busy, double *used)
{
  g_autofree char *python = find_python ();
  g_autofree char *script =
    g_test_build_filename (G_TEST_DIST, "engine", "monitor", "psutil-figures.py", NULL);
  char *command[] = { python, script, self->before, self->after, NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;

  if (python == NULL)
    return FALSE;

  g_spawn_sync (NULL, command, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, NULL, &error);
  g_assert_no_error (error);
  words = g_strsplit (g_strstrip (output), " ", 3);
  g_assert_cmpuint (g_strv_length (words), ==, 3);
  *busy = g_ascii_strtod (words[0], NULL);
  *used = g_ascii_strtod (words[1], NULL);
  g_test_message ("%s: processors %s %%, memory %s %%", words[2], words[0], words[1]);

  return TRUE;
}

static void
compare (Fixture *self)
{
  double busy;
  double used;

  if (!ask (self, &busy, &used))
    {
      g_test_skip ("There is no Python");
      return;
    }

  g_assert_cmpfloat_with_epsilon (get_busy (self), busy, 0.1);
  g_assert_cmpfloat_with_epsilon (get_used (self), used, 0.1);
}

typedef struct
{
  const char *name;
  const char *before;
  const char *after;
  const char *memory;
} PsutilCase;

/* Where the kernel says that nothing is available, newer versions of psutil do not believe it and
 * guess: none of these says so. */
static const PsutilCase cases[] = {
  { "ordinary", "stat-1", "stat-2", "meminfo" },
  { "many-processors", "stat-256-cpus-1", "stat-256-cpus-2", "meminfo-scarce" },
  { "backwards", "stat-1", "stat-backwards", "meminfo" },
  { "huge", "stat-huge-1", "stat-huge-2", "meminfo-huge" },
};

static void
test_fixture (Fixture *self, gconstpointer user_data)
{
  const PsutilCase *test = user_data;

  copy_fixture (test->before, self->before, "stat");
  copy_fixture (test->after, self->after, "stat");
  copy_fixture (test->memory, self->before, "meminfo");
  copy_fixture (test->memory, self->after, "meminfo");
  compare (self);
}

/* Busy until the clock of the figures has gone on. */
static void
test_real (Fixture *self, gconstpointer user_data)
{
  copy ("/proc/stat", self->before, "stat");
  copy ("/proc/meminfo", self->before, "meminfo");
  copy ("/proc/meminfo", self->after, "meminfo");
  do
    copy ("/proc/stat", self->after, "stat");
  while (isnan (get_busy (self)));
  compare (self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe-psutil/%s", cases[i].name);

      g_test_add (path, Fixture, &cases[i], set_up, test_fixture, tear_down);
    }
  g_test_add ("/probe-psutil/real", Fixture, NULL, set_up, test_real, tear_down);

  return g_test_run ();
}
