/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How busy the processors are, all together, in % of the time since the sample before: idle time
 * and waiting for disks is not busy (proc_stat(5)). The first sample of a series has none before
 * it and tells nothing. Sampled in a worker.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-private.h"

#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  BobbinProbe parent;
  char *path; /* (owned): of the kernel's figures */

  /* Of the one sample in flight. */
  BobbinCpuTimes previous;
  gboolean has_previous;
} BobbinProbeCpu;

static gboolean
malformed (GError **error)
{
  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                       _ ("What this system says of its processors cannot be understood."));

  return FALSE;
}

/**
 * bobbin_cpu_times_parse: (skip)
 * @text: the beginning of /proc/stat
 * @times: (out): the times of all processors together
 * @error: where to say why not: %BOBBIN_ERROR_UNSUPPORTED
 *
 * Reads the first line, “cpu”, of /proc/stat (proc_stat(5)). It has to be whole: the last number of
 * a text that was cut off may be wrong. Any thread.
 *
 * Returns: whether the text was understood
 */
gboolean
bobbin_cpu_times_parse (const char *text, BobbinCpuTimes *times, GError **error)
{
  const char *line_end = strchr (text, '\n');
  g_autofree char *line = NULL;
  g_auto (GStrv) words = NULL;
  guint field = 0;

  if (line_end == NULL || !g_str_has_prefix (text, "cpu "))
    return malformed (error);

  line = g_strndup (text, line_end - text);
  words = g_strsplit (line + strlen ("cpu "), " ", -1);
  for (guint i = 0; words[i] != NULL && field < BOBBIN_CPU_N_FIELDS; i++)
    {
      if (*words[i] == '\0')
        continue;
      if (!g_ascii_string_to_unsigned (words[i], 10, 0, G_MAXUINT64, &times->fields[field], NULL))
        return malformed (error);
      field++;
    }

  return field == BOBBIN_CPU_N_FIELDS || malformed (error);
}

/**
 * bobbin_cpu_times_busy: (skip)
 * @before: earlier times
 * @after: later times
 *
 * 100 · (Δtotal − Δ(idle + iowait)) / Δtotal. A counter that went backwards, as iowait may
 * (proc_stat(5)), has stood still. Any thread.
 *
 * Returns: %, or NAN where no time has passed
 */
double
bobbin_cpu_times_busy (const BobbinCpuTimes *before, const BobbinCpuTimes *after)
{
  double total = 0;
  double idle = 0;

  for (guint i = 0; i < BOBBIN_CPU_N_FIELDS; i++)
    {
      guint64 past = before->fields[i];
      guint64 present = after->fields[i];
      double delta = present > past ? (double) (present - past) : 0;

      total += delta;
      if (i == BOBBIN_CPU_IDLE || i == BOBBIN_CPU_IOWAIT)
        idle += delta;
    }

  return total > 0 ? 100 * (total - idle) / total : NAN;
}

static void
cpu_begin (BobbinProbe *probe)
{
  BobbinProbeCpu *self = (BobbinProbeCpu *) probe;

  self->has_previous = FALSE;
}

static gboolean
cpu_sample (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  BobbinProbeCpu *self = (BobbinProbeCpu *) probe;
  BobbinCpuTimes times;
  char text[4096];

  if (!bobbin_probe_read_proc (self->path, text, sizeof text, error) ||
      !bobbin_cpu_times_parse (text, &times, error))
    return FALSE;

  if (self->has_previous)
    sample->value = bobbin_cpu_times_busy (&self->previous, &times);
  self->previous = times;
  self->has_previous = TRUE;

  return TRUE;
}

static void
cpu_clear (BobbinProbe *probe)
{
  BobbinProbeCpu *self = (BobbinProbeCpu *) probe;

  g_free (self->path);
}

static const BobbinProbeClass cpu_class = {
  .unit = "%",
  .scope = BOBBIN_PROBE_LOCAL,
  .scale = 100,
  .begin = cpu_begin,
  .sample = cpu_sample,
  .clear = cpu_clear,
};

/**
 * bobbin_probe_cpu_new: (skip)
 * @path: /proc/stat, or what looks like it
 *
 * Returns: (transfer full): a probe of the processors
 */
BobbinProbe *
bobbin_probe_cpu_new (const char *path)
{
  BobbinProbeCpu *self;

  self = bobbin_probe_alloc (&cpu_class, sizeof *self, g_strdup (_ ("Processor")));
  self->path = g_strdup (path);

  return &self->parent;
}
