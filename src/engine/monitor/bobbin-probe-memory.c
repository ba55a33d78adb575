/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How much of the memory is in use, in %: all that programs could not get without swapping, so
 * caches are not in use (MemAvailable, proc_meminfo(5), Linux 3.14). Sampled in a worker.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-private.h"

#include "bobbin-error.h"
#include "probe/bobbin-probe-local.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  BobbinProbe parent;
  char *path; /* (owned): of the kernel's figures */
} BobbinProbeMemory;

/**
 * bobbin_meminfo_find: (skip)
 * @text: /proc/meminfo
 * @key: such as `MemTotal`
 * @kib: (out): its figure, KiB
 *
 * Finds "KEY:   123 kB" in a line of its own, whole. Any thread.
 *
 * Returns: whether it is there
 */
gboolean
bobbin_meminfo_find (const char *text, const char *key, guint64 *kib)
{
  gsize key_length = strlen (key);

  for (const char *line = text, *end; (end = strchr (line, '\n')) != NULL; line = end + 1)
    {
      g_autofree char *figure = NULL;

      if (strncmp (line, key, key_length) != 0 || line[key_length] != ':')
        continue;

      figure = g_strndup (line + key_length + 1, end - line - key_length - 1);
      if (!g_str_has_suffix (g_strstrip (figure), " kB"))
        return FALSE;
      figure[strlen (figure) - strlen (" kB")] = '\0';

      return g_ascii_string_to_unsigned (figure, 10, 0, G_MAXUINT64, kib, NULL);
    }

  return FALSE;
}

/**
 * bobbin_memory_parse: (skip)
 * @text: the beginning of /proc/meminfo
 * @percent: (out): how much is in use
 * @error: where to say why not: %BOBBIN_ERROR_UNSUPPORTED
 *
 * 100 · (MemTotal − MemAvailable) / MemTotal. Any thread.
 *
 * Returns: whether the text was understood
 */
gboolean
bobbin_memory_parse (const char *text, double *percent, GError **error)
{
  guint64 total;
  guint64 available;

  if (!bobbin_meminfo_find (text, "MemTotal", &total) || total == 0)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                           _ ("What this system says of its memory cannot be understood."));
      return FALSE;
    }
  if (!bobbin_meminfo_find (text, "MemAvailable", &available))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                           _ ("This system does not say how much memory is available."));
      return FALSE;
    }

  available = MIN (available, total);
  *percent = 100.0 * (total - available) / total;

  return TRUE;
}

static gboolean
memory_sample (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  BobbinProbeMemory *self = (BobbinProbeMemory *) probe;
  char text[4096];

  return bobbin_probe_read_proc (self->path, text, sizeof text, error) &&
         bobbin_memory_parse (text, &sample->value, error);
}

static void
memory_clear (BobbinProbe *probe)
{
  BobbinProbeMemory *self = (BobbinProbeMemory *) probe;

  g_free (self->path);
}

static const BobbinProbeClass memory_class = {
  .unit = "%",
  .scope = BOBBIN_PROBE_LOCAL,
  .scale = 100,
  .sample = memory_sample,
  .clear = memory_clear,
};

/**
 * bobbin_probe_memory_new: (skip)
 * @path: /proc/meminfo, or what looks like it
 *
 * Returns: (transfer full): a probe of the memory
 */
BobbinProbe *
bobbin_probe_memory_new (const char *path)
{
  BobbinProbeMemory *self;

  self = bobbin_probe_alloc (&memory_class, sizeof *self, g_strdup (_ ("Memory")));
  self->path = g_strdup (path);

  return &self->parent;
}
