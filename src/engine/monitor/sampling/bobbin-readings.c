/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the kernel's files said in this tick: samples that are taken together are taken of the same
 * readings, so a hundred monitors read a file once. Each thread has its own; outside of a tick
 * nothing is kept.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-readings-private.h"

#include <string.h>

typedef struct
{
  char *path; /* (owned) */
  char *text; /* (owned) */
} Reading;

/* (owned) (nullable) of Reading: few */
static _Thread_local GArray *readings;

static void
reading_clear (gpointer data)
{
  Reading *reading = data;

  g_free (reading->path);
  g_free (reading->text);
}

/**
 * bobbin_readings_begin: (skip)
 *
 * From now on this thread's readings are kept.
 */
void
bobbin_readings_begin (void)
{
  g_assert (readings == NULL);

  readings = g_array_new (FALSE, FALSE, sizeof (Reading));
  g_array_set_clear_func (readings, reading_clear);
}

/**
 * bobbin_readings_end: (skip)
 *
 * Forgets them.
 */
void
bobbin_readings_end (void)
{
  g_clear_pointer (&readings, g_array_unref);
}

/**
 * bobbin_readings_find: (skip)
 * @path: a file
 *
 * Returns: (transfer none) (nullable): what it said, if this thread has read it in this tick
 */
const char *
bobbin_readings_find (const char *path)
{
  for (guint i = 0; readings != NULL && i < readings->len; i++)
    {
      const Reading *reading = &g_array_index (readings, Reading, i);

      if (g_str_equal (reading->path, path))
        return reading->text;
    }

  return NULL;
}

/**
 * bobbin_readings_keep: (skip)
 * @path: a file that was read
 * @text: what it said
 *
 * Keeps it, in a tick.
 */
void
bobbin_readings_keep (const char *path, const char *text)
{
  Reading reading;

  if (readings == NULL)
    return;

  reading = (Reading){ g_strdup (path), g_strdup (text) };
  g_array_append_val (readings, reading);
}
