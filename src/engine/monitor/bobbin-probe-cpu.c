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

/* A line of a hundred bytes for each processor. */
#define MAX_TEXT (64 * 1024)

typedef struct
{
  BobbinProbe parent;
  char *path; /* (owned): of the kernel's figures */
  char *name; /* (owned): its line: "cpu" for all of them, "cpu0" for the first */

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
 * @text: /proc/stat, at least as far as that line
 * @name: `cpu` for all processors together, `cpu0` for the first of them
 * @times: (out): their times
 * @error: where to say why not: %BOBBIN_ERROR_UNSUPPORTED
 *
 * Reads a line of /proc/stat (proc_stat(5)), the first of which is “cpu”. It has to be whole: the
 * last number of a text that was cut off may be wrong. Any thread.
 *
 * Returns: whether the text was understood
 */
gboolean
bobbin_cpu_times_parse (const char *text, const char *name, BobbinCpuTimes *times, GError **error)
{
  const gsize length = strlen (name);
  const char *line_end;
  g_autofree char *line = NULL;
  g_auto (GStrv) words = NULL;
  guint field = 0;

  /* The lines of processors come first, one behind the other. */
  while (g_str_has_prefix (text, "cpu") &&
         (strncmp (text, name, length) != 0 || text[length] != ' '))
    {
      line_end = strchr (text, '\n');
      if (line_end == NULL)
        return malformed (error);
      text = line_end + 1;
    }
  line_end = strchr (text, '\n');
  if (line_end == NULL || !g_str_has_prefix (text, "cpu"))
    return malformed (error);

  line = g_strndup (text, line_end - text);
  words = g_strsplit (line + length + 1, " ", -1);
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
  g_autofree char *text = g_malloc (MAX_TEXT);

  if (!bobbin_probe_read_proc (self->path, text, MAX_TEXT, error) ||
      !bobbin_cpu_times_parse (text, self->name, &times, error))
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
  g_free (self->name);
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
 * @processor: which one, from 0 on; -1 for all together
 *
 * Returns: (transfer full): a probe of the processors
 */
BobbinProbe *
bobbin_probe_cpu_new (const char *path, int processor)
{
  char *title = processor < 0 ? g_strdup (_ ("Processor"))
                              /* Translators: %d is the number of a processor, from 0 on */
                              : g_strdup_printf (_ ("Processor %d"), processor);
  BobbinProbeCpu *self = bobbin_probe_alloc (&cpu_class, sizeof *self, title);

  self->path = g_strdup (path);
  self->name = processor < 0 ? g_strdup ("cpu") : g_strdup_printf ("cpu%d", processor);

  return &self->parent;
}
