/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Probes of one number that the kernel writes in a file: swap, load, pressure, one temperature.
 * Each says how to find the number in the text; where a system does not measure such a thing there
 * is no data, which is not the same as zero. Sampled in a worker.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-local.h"

#include "bobbin-error.h"

#include <glib/gi18n-lib.h>

/* More than any of these files has. */
#define MAX_TEXT 8192

typedef gboolean (*FindFunc) (const char *text, double *value);

typedef struct
{
  BobbinProbe parent;
  char *path;          /* (owned) */
  const char *missing; /* (unowned): said where there is no such file, or no such number in it */
  FindFunc find;
} BobbinProbeFigure;

static gboolean
say_missing (BobbinProbeFigure *self, GError **error)
{
  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED, self->missing);

  return FALSE;
}

static gboolean
figure_sample (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  BobbinProbeFigure *self = (BobbinProbeFigure *) probe;
  char text[MAX_TEXT];

  if (!g_file_test (self->path, G_FILE_TEST_EXISTS))
    return say_missing (self, error);
  if (!bobbin_probe_read_proc (self->path, text, sizeof text, error))
    return FALSE;

  return self->find (text, &sample->value) || say_missing (self, error);
}

static void
figure_clear (BobbinProbe *probe)
{
  BobbinProbeFigure *self = (BobbinProbeFigure *) probe;

  g_free (self->path);
}

static BobbinProbe *
figure_new (const BobbinProbeClass *klass,
            const char *root,
            const char *file,
            const char *title,
            const char *missing,
            FindFunc find)
{
  BobbinProbeFigure *self = bobbin_probe_alloc (klass, sizeof *self, g_strdup (title));

  self->path = g_build_filename (root, file, NULL);
  self->missing = missing;
  self->find = find;

  return &self->parent;
}

/* Swap. */

static gboolean
find_swap (const char *text, double *percent)
{
  guint64 total, unused;

  if (!bobbin_meminfo_find (text, "SwapTotal", &total) || total == 0 ||
      !bobbin_meminfo_find (text, "SwapFree", &unused))
    return FALSE;
  *percent = 100.0 * (total - MIN (unused, total)) / total;

  return TRUE;
}

static const BobbinProbeClass swap_class = {
  .unit = "%",
  .scope = BOBBIN_PROBE_LOCAL,
  .scale = 100,
  .sample = figure_sample,
  .clear = figure_clear,
};

/**
 * bobbin_probe_swap_new: (skip)
 * @root: "/", or where what looks like it is
 *
 * How much of the swap space is in use, in % (proc_meminfo(5)).
 *
 * Returns: (transfer full): a new probe
 */
BobbinProbe *
bobbin_probe_swap_new (const char *root)
{
  return figure_new (&swap_class, root, "proc/meminfo", _ ("Swap"),
                     _ ("This computer has no swap space."), find_swap);
}

/* Load. */

static gboolean
find_load (const char *text, double *load)
{
  char *end;

  *load = g_ascii_strtod (text, &end);

  return end != text && *end == ' ' && *load >= 0;
}

static const BobbinProbeClass load_class = {
  .unit = "",
  .scope = BOBBIN_PROBE_LOCAL,
  .sample = figure_sample,
  .clear = figure_clear,
};

/**
 * bobbin_probe_load_new: (skip)
 * @root: "/", or where what looks like it is
 *
 * How many tasks want a processor or wait for a disk, as a mean over a minute (proc_loadavg(5)).
 *
 * Returns: (transfer full): a new probe
 */
BobbinProbe *
bobbin_probe_load_new (const char *root)
{
  return figure_new (&load_class, root, "proc/loadavg", _ ("Load"),
                     _ ("What this system says of its load cannot be understood."), find_load);
}

/* Pressure. */

static gboolean
find_pressure (const char *text, double *percent)
{
  const char *prefix = "some avg10=";
  char *end;

  if (!g_str_has_prefix (text, prefix))
    return FALSE;
  text += strlen (prefix);
  *percent = g_ascii_strtod (text, &end);

  return end != text && *end == ' ' && *percent >= 0 && *percent <= 100;
}

static const BobbinProbeClass pressure_class = {
  .unit = "%",
  .scope = BOBBIN_PROBE_LOCAL,
  .scale = 100,
  .sample = figure_sample,
  .clear = figure_clear,
};

static const struct
{
  const char *name;
  const char *file;
  const char *title;
} pressures[] = {
  /* Translators: how much of the time programs wait for a processor */
  { "cpu", "proc/pressure/cpu", N_ ("Processor pressure") },
  /* Translators: how much of the time programs wait for memory */
  { "memory", "proc/pressure/memory", N_ ("Memory pressure") },
  /* Translators: how much of the time programs wait for a disk */
  { "io", "proc/pressure/io", N_ ("Disk pressure") },
};

/**
 * bobbin_probe_pressure_new: (skip)
 * @root: "/", or where what looks like it is
 * @resource: `cpu`, `memory` or `io`
 * @error: where to say that it is none of them: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * In how much of the last ten seconds some program waited for a resource, in % (Linux's
 * Documentation/accounting/psi.rst).
 *
 * Returns: (transfer full) (nullable): a new probe
 */
BobbinProbe *
bobbin_probe_pressure_new (const char *root, const char *resource, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pressures); i++)
    if (g_str_equal (resource, pressures[i].name))
      return figure_new (&pressure_class, root, pressures[i].file, _ (pressures[i].title),
                         _ ("This system does not measure pressure."), find_pressure);

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
               /* Translators: leave the words after the colon as they are */
               _ ("There is pressure on: %s."), "pressure:cpu, pressure:memory, pressure:io");

  return NULL;
}
