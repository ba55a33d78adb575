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

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <unistd.h>

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
 * @value: (out): the sample, in the unit of the probe's kind; NAN where it takes a second one to
 * tell
 * @error: where to say why there is no answer: a %BOBBIN_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Takes one sample. Blocks; a worker thread, one sample at a time.
 *
 * Returns: whether there was an answer
 */
gboolean
bobbin_probe_sample (BobbinProbe *self, GCancellable *cancellable, double *value, GError **error)
{
  *value = NAN;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  if (self->klass->sample (self, cancellable, value, error))
    return TRUE;
  *value = NAN;

  return FALSE;
}

/* RFC 3986 §3.1: without regard to case. */
static gboolean
is_scheme (const char *scheme, const char *expected)
{
  return scheme != NULL && g_ascii_strcasecmp (scheme, expected) == 0;
}

/**
 * bobbin_probe_new: (skip)
 * @target: `cpu`, `memory`, `disk:PATH`, `http://…`, `https://…` or `tcp://HOST:PORT`
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Makes the probe for a target. Looks at the text only, and waits for nothing.
 *
 * Returns: (transfer full) (nullable): a new probe
 */
BobbinProbe *
bobbin_probe_new (const char *target, GError **error)
{
  g_autofree char *scheme = NULL;
  g_autofree char *shown = NULL;

  g_return_val_if_fail (target != NULL, NULL);

  if (g_str_equal (target, "cpu"))
    return bobbin_probe_cpu_new ("/proc/stat");
  if (g_str_equal (target, "memory"))
    return bobbin_probe_memory_new ("/proc/meminfo");
  if (g_str_has_prefix (target, "disk:"))
    return bobbin_probe_disk_new (target + strlen ("disk:"), error);

  scheme = g_uri_parse_scheme (target);
  if (is_scheme (scheme, "http") || is_scheme (scheme, "https"))
    return bobbin_probe_http_new (target, error);
  if (is_scheme (scheme, "tcp"))
    return bobbin_probe_tcp_new (target, error);

  shown = bobbin_display_address (target);
  g_set_error (
    error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
    /* Translators: first what the user typed; leave the words after the colon as they are */
    _ ("“%s” is nothing that can be monitored. Known are: %s"), shown,
    "cpu, memory, disk:/…, http://…, https://…, tcp://…:…");

  return NULL;
}

/**
 * bobbin_probe_read_proc: (skip)
 * @path: a file of /proc
 * @buffer: where to read to
 * @size: of the buffer, which will be terminated
 * @error: where to say why not
 *
 * Reads the beginning of a file that the kernel writes while it is read. Worker thread.
 *
 * Returns: whether it could be read
 */
gboolean
bobbin_probe_read_proc (const char *path, char *buffer, gsize size, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gsize length = 0;
  gssize n_read = -1;
  int errsv = errno;

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

  if (n_read >= 0)
    return TRUE;

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
               /* Translators: a file's name, then the system's own words */
               _ ("The system’s figures in “%s” could not be read: %s"), path, g_strerror (errsv));

  return FALSE;
}
