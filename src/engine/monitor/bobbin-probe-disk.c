/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How full a file system is, as df says it: in %, in bytes that are free, in % of its inodes.
 * Sampled in a worker. statvfs() on a network file system whose server is gone does not return, and
 * nothing can cancel it: the sample then waits as long as the kernel does.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-private.h"

#include "bobbin-error.h"
#include "probe/bobbin-sandbox.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* NAN where a file system has no such figure. */
typedef double (*MeasureFunc) (const struct statvfs *file_system);

typedef struct
{
  BobbinProbe parent;
  char *root; /* (owned) */
  char *path; /* (owned) */
  MeasureFunc measure;
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

/**
 * bobbin_disk_free: (skip)
 * @file_system: what statvfs() said
 *
 * What an ordinary user may still write, in bytes. Where root has eaten into its reserve it may be
 * below zero, see bobbin_disk_percent(). Any thread.
 *
 * Returns: bytes; NAN for a file system that has no size
 */
double
bobbin_disk_free (const struct statvfs *file_system)
{
  const double available = (gint64) file_system->f_bavail;

  /* f_bsize is what is best read at once, and not what is counted in (statvfs(3)). */
  return file_system->f_blocks > 0 ? available * file_system->f_frsize : NAN;
}

/**
 * bobbin_disk_inodes_percent: (skip)
 * @file_system: what statvfs() said
 *
 * 100 · used / all. Where they run out there can be no new file, however much room there is. Any
 * thread.
 *
 * Returns: %, not rounded; NAN for a file system that makes them as they are needed
 */
double
bobbin_disk_inodes_percent (const struct statvfs *file_system)
{
  const double all = file_system->f_files;

  return all > 0 ? (all - MIN (file_system->f_ffree, all)) * 100 / all : NAN;
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
has_none (BobbinProbeDisk *self, GError **error)
{
  g_autofree char *name = g_filename_display_name (self->path);

  if (self->measure == bobbin_disk_inodes_percent)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                 /* Translators: %s is the name of a folder */
                 _ ("“%s” is on a disk that does not limit how many files there are."), name);
  else
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

  if (!bobbin_sandbox_shows (self->root, self->path, error))
    return FALSE;

  do
    errsv = statvfs (self->path, &file_system) == 0 ? 0 : errno;
  while (errsv == EINTR && !g_cancellable_is_cancelled (cancellable));

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (errsv != 0)
    return fail (self->path, errsv, error);

  sample->value = self->measure (&file_system);

  return !isnan (sample->value) || has_none (self, error);
}

static void
disk_clear (BobbinProbe *probe)
{
  BobbinProbeDisk *self = (BobbinProbeDisk *) probe;

  g_free (self->root);
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

static const BobbinProbeClass free_class = {
  .unit = "B",
  .scope = BOBBIN_PROBE_LOCAL,
  .less_is_worse = TRUE,
  .sample = disk_sample,
  .clear = disk_clear,
};

/* Takes over `title`. */
static BobbinProbe *
disk_new (const BobbinProbeClass *klass,
          char *title,
          const char *root,
          const char *path,
          MeasureFunc measure,
          GError **error)
{
  g_autofree char *owned_title = title;
  BobbinProbeDisk *self;

  if (!g_path_is_absolute (path))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                           _ ("Name a disk by a whole path, as in disk:/home."));
      return NULL;
    }

  self = bobbin_probe_alloc (klass, sizeof *self, g_steal_pointer (&owned_title));
  self->root = g_strdup (root);
  self->path = g_strdup (path);
  self->measure = measure;

  return &self->parent;
}

/**
 * bobbin_probe_disk_new: (skip)
 * @root: "/", or where what looks like it is: what says whether this is a sandbox
 * @path: (type filename): an absolute path, to anything on the disk
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Returns: (transfer full) (nullable): a probe of how full the disk is that @path is on
 */
BobbinProbe *
bobbin_probe_disk_new (const char *root, const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  /* Translators: %s is a path, such as /home */
  char *title = g_strdup_printf (_ ("Disk %s"), name);

  return disk_new (&disk_class, title, root, path, bobbin_disk_percent, error);
}

/**
 * bobbin_probe_disk_free_new: (skip)
 * @root: "/", or where what looks like it is: what says whether this is a sandbox
 * @path: (type filename): an absolute path, to anything on the disk
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Returns: (transfer full) (nullable): a probe of the bytes that are free on the disk of @path
 */
BobbinProbe *
bobbin_probe_disk_free_new (const char *root, const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  /* Translators: %s is a path, such as /home */
  char *title = g_strdup_printf (_ ("Free space on %s"), name);

  return disk_new (&free_class, title, root, path, bobbin_disk_free, error);
}

/**
 * bobbin_probe_inodes_new: (skip)
 * @root: "/", or where what looks like it is: what says whether this is a sandbox
 * @path: (type filename): an absolute path, to anything on the disk
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Returns: (transfer full) (nullable): a probe of how many of its inodes the disk of @path uses
 */
BobbinProbe *
bobbin_probe_inodes_new (const char *root, const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  /* Translators: %s is a path, such as /home. An inode is what a file system keeps of a file */
  char *title = g_strdup_printf (_ ("Inodes on %s"), name);

  return disk_new (&disk_class, title, root, path, bobbin_disk_inodes_percent, error);
}
