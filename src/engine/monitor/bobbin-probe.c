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

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
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
  if (self->lacks_secrets)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                           _ ("The password is not there yet."));
      return FALSE;
    }

  if (self->klass->sample (self, cancellable, sample, error))
    return TRUE;
  sample->value = NAN;

  return FALSE;
}

/**
 * bobbin_probe_is_light: (skip)
 * @self: a probe that no sample is being taken with
 *
 * Main thread.
 *
 * Returns: whether bobbin_probe_ask() will do for the next sample
 */
gboolean
bobbin_probe_is_light (BobbinProbe *self)
{
  return !self->lacks_secrets && self->klass->is_light != NULL && self->klass->is_light (self);
}

/**
 * bobbin_probe_ask: (skip)
 * @self: a probe that said it is light
 * @cancellable: ends the sample wherever it waits; to be cancelled in this thread only
 * @sample: (inout): begun with %BOBBIN_SAMPLE_INIT; where to write what was found
 * @func: told of the end, in this thread; never before this returns
 * @user_data: for @func
 *
 * Takes one sample beside those of other probes. Does not block; a worker thread that runs the
 * context of its HTTP session, one sample of each probe at a time.
 */
void
bobbin_probe_ask (BobbinProbe *self,
                  GCancellable *cancellable,
                  BobbinSample *sample,
                  BobbinProbeAskedFunc func,
                  gpointer user_data)
{
  self->klass->ask (self, cancellable, sample, func, user_data);
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
