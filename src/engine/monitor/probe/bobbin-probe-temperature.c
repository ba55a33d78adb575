/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The temperature of a sensor, in °C, as the kernel's hardware monitoring has it (Linux's
 * Documentation/hwmon/sysfs-interface.rst): /sys/class/hwmon/hwmonN/tempM_input in thousandths. A
 * sensor is named by its chip (“k10temp”), by its label (“Tctl”) or by both (“k10temp/Tctl”); the
 * number N may be another after each boot and names nothing. Without a name it is the hottest.
 * Sampled in a worker.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-local.h"

#include "bobbin-error.h"
#include "bobbin-sandbox.h"

#include <glib/gi18n-lib.h>

#define MILLI 1000.0

typedef struct
{
  BobbinProbe parent;
  char *root;   /* (owned) */
  char *folder; /* (owned) */
  char *sensor; /* (owned) (nullable): the hottest of all */
} BobbinProbeTemperature;

static char *
read_word (const char *folder, const char *file)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? g_strstrip (text) : NULL;
}

static gboolean
is_named (BobbinProbeTemperature *self, const char *chip, const char *label)
{
  g_autofree char *both = NULL;

  if (self->sensor == NULL)
    return TRUE;
  if (chip == NULL)
    return FALSE;
  if (label == NULL)
    return g_str_equal (self->sensor, chip);

  both = g_strconcat (chip, "/", label, NULL);

  return g_str_equal (self->sensor, chip) || g_str_equal (self->sensor, label) ||
         g_str_equal (self->sensor, both);
}

/* The hottest of a chip's sensors, if it is hotter than what was found before. */
static void
look_at_chip (BobbinProbeTemperature *self, const char *folder, BobbinSample *sample)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *chip = read_word (folder, "name");
  const char *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *base = NULL;
      g_autofree char *label_file = NULL;
      g_autofree char *label = NULL;
      g_autofree char *text = NULL;
      gint64 value;

      if (!g_str_has_prefix (file, "temp") || !g_str_has_suffix (file, "_input"))
        continue;
      base = g_strndup (file, strlen (file) - strlen ("_input"));
      label_file = g_strconcat (base, "_label", NULL);
      label = read_word (folder, label_file);
      text = is_named (self, chip, label) ? read_word (folder, file) : NULL;
      if (text == NULL || !g_ascii_string_to_signed (text, 10, -273150, 1000000, &value, NULL) ||
          !(isnan (sample->value) || value / MILLI > sample->value))
        continue;

      sample->value = value / MILLI;
      g_free (sample->text);
      sample->text = label != NULL ? g_strdup (label) : g_strdup (chip);
    }
}

static gboolean
temperature_sample (BobbinProbe *probe,
                    GCancellable *cancellable,
                    BobbinSample *sample,
                    GError **error)
{
  BobbinProbeTemperature *self = (BobbinProbeTemperature *) probe;
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (self->folder, name, NULL);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      look_at_chip (self, folder, sample);
    }
  if (!isnan (sample->value))
    return TRUE;

  if (dir == NULL && bobbin_sandbox_is_here (self->root))
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                         _ ("In this sandbox Bobbin cannot see any temperature."));
  else if (self->sensor == NULL)
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                         _ ("This computer shows no temperature."));
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                 /* Translators: %s is the name of a temperature sensor, such as k10temp */
                 _ ("There is no temperature sensor “%s”."), self->sensor);

  return FALSE;
}

static void
temperature_clear (BobbinProbe *probe)
{
  BobbinProbeTemperature *self = (BobbinProbeTemperature *) probe;

  g_free (self->root);
  g_free (self->folder);
  g_free (self->sensor);
}

static const BobbinProbeClass temperature_class = {
  .unit = "°C",
  .scope = BOBBIN_PROBE_LOCAL,
  .sample = temperature_sample,
  .clear = temperature_clear,
};

/**
 * bobbin_probe_temperature_new: (skip)
 * @root: "/", or where what looks like it is
 * @sensor: a chip, a label, or both with a slash between them; empty for the hottest of all
 *
 * Returns: (transfer full): a new probe
 */
BobbinProbe *
bobbin_probe_temperature_new (const char *root, const char *sensor)
{
  g_autofree char *shown = g_utf8_make_valid (sensor, -1);
  char *title = *sensor == '\0' ? g_strdup (_ ("Temperature"))
                                /* Translators: %s is the name of a temperature sensor */
                                : g_strdup_printf (_ ("Temperature of %s"), shown);
  BobbinProbeTemperature *self = bobbin_probe_alloc (&temperature_class, sizeof *self, title);

  self->root = g_strdup (root);
  self->folder = g_build_filename (root, "sys/class/hwmon", NULL);
  self->sensor = *sensor == '\0' ? NULL : g_steal_pointer (&shown);

  return &self->parent;
}
