/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A probe is what a monitor's samples are taken with: plain C, reference counted, so that a sample
 * which the kernel does not let go of keeps what it works on. It is made and begun in the main
 * thread, sampled in a worker, one sample at a time; the last reference may go in any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-private.h"

#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-readings-private.h"
#include "probe/bobbin-probe-local.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <unistd.h>

/**
 * bobbin_sample_clear: (skip)
 * @self: a sample
 *
 * Frees what it holds; it is as before it was taken. Any thread.
 */
void
bobbin_sample_clear (BobbinSample *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->details, g_variant_unref);
  self->value = NAN;
}

/**
 * bobbin_probe_alloc: (skip)
 * @klass: the kind of probe
 * @size: of the kind's struct, of which a #BobbinProbe is the first member
 * @title: (transfer full): what the probe is called, for a person
 *
 * Makes a probe of some kind, all zero but for what every probe has.
 *
 * Returns: (transfer full): a new probe
 */
gpointer
bobbin_probe_alloc (const BobbinProbeClass *klass, gsize size, char *title)
{
  BobbinProbe *self;

  g_assert (size >= sizeof (BobbinProbe));

  self = g_malloc0 (size);
  self->klass = klass;
  self->title = title;
  g_atomic_ref_count_init (&self->ref_count);

  return self;
}

/**
 * bobbin_probe_ref: (skip)
 * @self: a probe
 *
 * Any thread.
 *
 * Returns: (transfer full): @self
 */
BobbinProbe *
bobbin_probe_ref (BobbinProbe *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * bobbin_probe_unref: (skip)
 * @self: (transfer full): a probe
 *
 * Any thread.
 */
void
bobbin_probe_unref (BobbinProbe *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->klass->clear != NULL)
    self->klass->clear (self);
  g_free (self->title);
  g_free (self);
}

/**
 * bobbin_probe_begin: (skip)
 * @self: a probe that no sample is being taken with
 *
 * Begins a series of samples that has nothing to do with earlier ones. Main thread.
 */
void
bobbin_probe_begin (BobbinProbe *self)
{
  if (self->klass->begin != NULL)
    self->klass->begin (self);
}

/**
 * bobbin_probe_sample: (skip)
 * @self: a probe
 * @cancellable: ends the sample wherever it waits
 * @sample: (inout): begun with %BOBBIN_SAMPLE_INIT, or taken before; where to write what was found.
 * What a failed sample found in words and details is there, too
 * @error: where to say why there is no answer: a %BOBBIN_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Takes one sample. Blocks; a worker thread, one sample at a time.
 *
 * Returns: whether there was an answer
 */
gboolean
bobbin_probe_sample (BobbinProbe *self,
                     GCancellable *cancellable,
                     BobbinSample *sample,
                     GError **error)
{
  bobbin_sample_clear (sample);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  if (self->klass->sample (self, cancellable, sample, error))
    return TRUE;
  sample->value = NAN;

  return FALSE;
}

/**
 * bobbin_probe_has_no_options: (skip)
 * @target: what is monitored, as it was typed
 * @options: (nullable): what is set for it
 * @error: where to say what is: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * For kinds of probe that nothing can be set for. Any thread.
 *
 * Returns: whether nothing is
 */
gboolean
bobbin_probe_has_no_options (const char *target, GVariant *options, GError **error)
{
  g_autofree char *shown = NULL;

  if (options == NULL || g_variant_n_children (options) == 0)
    return TRUE;

  shown = bobbin_display_address (target);
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
               /* Translators: %s is what is monitored, such as “cpu” */
               _ ("There is nothing to be set for “%s”."), shown);

  return FALSE;
}

static BobbinProbe *
new_cpu (const char *target, GVariant *options, GError **error)
{
  return bobbin_probe_has_no_options (target, options, error)
           ? bobbin_probe_cpu_new ("/proc/stat", -1)
           : NULL;
}

static BobbinProbe *
new_cpu_of (const char *target, GVariant *options, GError **error)
{
  guint64 processor;

  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;
  if (g_ascii_string_to_unsigned (target + strlen ("cpu:"), 10, 0, 65535, &processor, NULL))
    return bobbin_probe_cpu_new ("/proc/stat", (int) processor);

  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                       _ ("Name a processor by its number, as in cpu:0."));

  return NULL;
}

static BobbinProbe *
new_swap (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_swap_new ("/");
}

static BobbinProbe *
new_load (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_load_new ("/");
}

static BobbinProbe *
new_pressure (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_pressure_new ("/", target + strlen ("pressure:"), error);
}

static BobbinProbe *
new_hottest (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_temperature_new ("/", "");
}

static BobbinProbe *
new_temperature (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_temperature_new ("/", target + strlen ("temperature:"));
}

static BobbinProbe *
new_process (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_process_new ("/", target + strlen ("process:"), error);
}

static BobbinProbe *
new_folder (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_folder_new (target + strlen ("folder:"), error);
}

static BobbinProbe *
new_traffic (const char *target, GVariant *options, GError **error)
{
  return bobbin_probe_traffic_new ("/", target + strlen ("net:"), options, error);
}

static BobbinProbe *
new_memory (const char *target, GVariant *options, GError **error)
{
  return bobbin_probe_has_no_options (target, options, error)
           ? bobbin_probe_memory_new ("/proc/meminfo")
           : NULL;
}

static BobbinProbe *
new_disk (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_disk_new (target + strlen ("disk:"), error);
}

typedef enum
{
  KIND_WORD,   /* nothing follows */
  KIND_PREFIX, /* something does */
  KIND_SCHEME, /* so too, and it is without regard to case (RFC 3986 §3.1) */
} KindForm;

static const struct
{
  const char *name;
  KindForm form;
  BobbinProbeNewFunc make;
} kinds[] = {
  { "cpu", KIND_WORD, new_cpu },
  { "cpu:", KIND_PREFIX, new_cpu_of },
  { "memory", KIND_WORD, new_memory },
  { "swap", KIND_WORD, new_swap },
  { "load", KIND_WORD, new_load },
  { "pressure:", KIND_PREFIX, new_pressure },
  { "temperature", KIND_WORD, new_hottest },
  { "temperature:", KIND_PREFIX, new_temperature },
  { "net:", KIND_PREFIX, new_traffic },
  { "process:", KIND_PREFIX, new_process },
  { "folder:", KIND_PREFIX, new_folder },
  { "disk:", KIND_PREFIX, new_disk },
  { "http:", KIND_SCHEME, bobbin_probe_http_new },
  { "https:", KIND_SCHEME, bobbin_probe_http_new },
  { "tcp:", KIND_SCHEME, bobbin_probe_tcp_new },
};

static gboolean
is_of_kind (const char *target, const char *name, KindForm form)
{
  switch (form)
    {
    case KIND_WORD:
      return g_str_equal (target, name);
    case KIND_PREFIX:
      return g_str_has_prefix (target, name);
    case KIND_SCHEME:
      return g_ascii_strncasecmp (target, name, strlen (name)) == 0;
    default:
      g_return_val_if_reached (FALSE);
    }
}

static BobbinProbeNewFunc
find_kind (const char *target)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (is_of_kind (target, kinds[i].name, kinds[i].form))
      return kinds[i].make;

  return NULL;
}

/**
 * bobbin_probe_new: (skip)
 * @target: `cpu`, `memory`, `disk:PATH`, `http://…`, `https://…` or `tcp://HOST:PORT`
 * @options: (nullable): what is set for it, a{sv}
 * @error: where to say what is wrong with them: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Makes the probe for a target. Looks at the text only, and waits for nothing.
 *
 * Returns: (transfer full) (nullable): a new probe
 */
BobbinProbe *
bobbin_probe_new (const char *target, GVariant *options, GError **error)
{
  g_autofree char *shown = NULL;
  BobbinProbeNewFunc make;

  g_return_val_if_fail (target != NULL, NULL);

  make = find_kind (target);
  if (make != NULL)
    return make (target, options, error);

  shown = bobbin_display_address (target);
  g_set_error (
    error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
    /* Translators: first what the user typed; leave the words after the colon as they are */
    _ ("“%s” is nothing that can be monitored. Known are: %s"), shown,
    "cpu, cpu:0, memory, swap, load, pressure:cpu, temperature, net:eth0, process:…, folder:/…, "
    "disk:/…, http://…, https://…, tcp://…:…");

  return NULL;
}

/* What was read before in this tick is not read again. */
static gboolean
take_reading (const char *path, char *buffer, gsize size)
{
  const char *text = bobbin_readings_find (path);

  if (text != NULL)
    g_strlcpy (buffer, text, size);

  return text != NULL;
}

/**
 * bobbin_probe_read_proc: (skip)
 * @path: a file of /proc
 * @buffer: where to read to
 * @size: of the buffer, which will be terminated
 * @error: where to say why not
 *
 * Reads the beginning of a file that the kernel writes while it is read; once for all samples that
 * are taken together. Worker thread.
 *
 * Returns: whether it could be read
 */
gboolean
bobbin_probe_read_proc (const char *path, char *buffer, gsize size, GError **error)
{
  gsize length = 0;
  gssize n_read = -1;
  int errsv;
  int fd;

  if (take_reading (path, buffer, size))
    return TRUE;

  fd = open (path, O_RDONLY | O_CLOEXEC);
  errsv = errno;

  while (fd >= 0 && length < size - 1)
    {
      n_read = read (fd, buffer + length, size - 1 - length);
      errsv = errno;
      if (n_read < 0 && errsv == EINTR)
        continue;
      if (n_read <= 0)
        break;
      length += n_read;
    }
  buffer[length] = '\0';
  if (fd >= 0)
    close (fd);

  /* What was cut off may be more for somebody else. */
  if (n_read == 0)
    bobbin_readings_keep (path, buffer);
  if (n_read >= 0)
    return TRUE;

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
               /* Translators: a file's name, then the system's own words */
               _ ("The system’s figures in “%s” could not be read: %s"), path, g_strerror (errsv));

  return FALSE;
}
