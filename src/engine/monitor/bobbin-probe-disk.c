/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How full a file system is, in %, as df says it. Sampled in a worker. statvfs() on a network file
 * system whose server is gone does not return, and nothing can cancel it: the sample then waits
 * as long as the kernel does.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-private.h"

#include "bobbin-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  BobbinProbe parent;
  char *path; /* (owned) */
} BobbinProbeDisk;

/**
 * bobbin_disk_percent: (skip)
 * @file_system: what statvfs() said, counted in units of f_frsize
 *
 * 100 · used / (used + available), where available is what an ordinary user may still write. Where
 * root has eaten into its reserve, some file systems let that wrap below zero; it counts as
 * negative then, as df has it, and the result is over 100. Any thread.
 *
 * Returns: %, not rounded; NAN for a file system that has no size
 */
double
bobbin_disk_percent (const struct statvfs *file_system)
{
  double used = (gint64) (file_system->f_blocks - file_system->f_bfree);
  double available = (gint64) file_system->f_bavail;
  double usable = used + available;

  if (file_system->f_blocks == 0 || usable <= 0)
    return NAN;

  return used * 100 / usable;
}

static gboolean
fail (const char *path, int errsv, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  switch (errsv)
    {
    case ENOENT:
    case ENOTDIR:
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_FOLDER,
                   /* Translators: %s is the name of a folder */
                   _ ("“%s” is not there. Is the disk connected?"), name);
      break;
    case EACCES:
    case EPERM:
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_PERMISSION,
                   /* Translators: %s is the name of a folder */
                   _ ("You may not look into “%s”."), name);
      break;
    default:
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_DISK,
                   /* Translators: the name of a folder, then the system's own words */
                   _ ("The disk at “%s” could not be read: %s"), name, g_strerror (errsv));
      break;
    }

  return FALSE;
}

static gboolean
has_no_size (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
               /* Translators: %s is the name of a folder, such as /proc */
               _ ("“%s” is not on a disk that has a size."), name);

  return FALSE;
}

static gboolean
disk_sample (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  BobbinProbeDisk *self = (BobbinProbeDisk *) probe;
  struct statvfs file_system;
  int errsv;

  do
    errsv = statvfs (self->path, &file_system) == 0 ? 0 : errno;
  while (errsv == EINTR && !g_cancellable_is_cancelled (cancellable));

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (errsv != 0)
    return fail (self->path, errsv, error);

  sample->value = bobbin_disk_percent (&file_system);

  return !isnan (sample->value) || has_no_size (self->path, error);
}

static void
disk_clear (BobbinProbe *probe)
{
  BobbinProbeDisk *self = (BobbinProbeDisk *) probe;

  g_free (self->path);
}

static const BobbinProbeClass disk_class = {
  .unit = "%",
  .scope = BOBBIN_PROBE_LOCAL,
  .scale = 100,
  .round_up = TRUE,
  .sample = disk_sample,
  .clear = disk_clear,
};

/**
 * bobbin_probe_disk_new: (skip)
 * @path: (type filename): an absolute path, to anything on the disk
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Returns: (transfer full) (nullable): a probe of the disk that @path is on
 */
BobbinProbe *
bobbin_probe_disk_new (const char *path, GError **error)
{
  BobbinProbeDisk *self;
  g_autofree char *name = g_filename_display_name (path);

  if (!g_path_is_absolute (path))
    {
      g_set_error_literal (
        error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
        /* Translators: leave "disk:" as it is */
        _ ("The disk to monitor is given as “disk:” and a whole path, such as disk:/home."));
      return NULL;
    }

  self = bobbin_probe_alloc (&disk_class, sizeof *self,
                             /* Translators: %s is a path, such as /home */
                             g_strdup_printf (_ ("Disk %s"), name));
  self->path = g_strdup (path);

  return &self->parent;
}
