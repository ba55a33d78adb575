/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How much a folder holds on its disk, in bytes: the blocks of all files below it, each once
 * however many names it has, of other file systems none; what du(1) -x says. Sampled in a worker,
 * which looks after each file whether it is to stop.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-local.h"

#include "bobbin-error.h"
#include "bobbin-sandbox.h"

#include <errno.h>
#include <fts.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>

/* What st_blocks counts in (stat(3type)). */
#define BLOCK 512.0

typedef struct
{
  BobbinProbe parent;
  char *root; /* (owned) */
  char *path; /* (owned) */
} BobbinProbeFolder;

static gboolean
fail (BobbinProbeFolder *self, int errsv, GError **error)
{
  g_autofree char *name = g_filename_display_name (self->path);

  if (errsv == ENOENT || errsv == ENOTDIR)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_FOLDER,
                 /* Translators: %s is the name of a folder */
                 _ ("“%s” is not there. Is the disk connected?"), name);
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_PERMISSION,
                 /* Translators: the name of a folder, then the system's own words */
                 _ ("“%s” could not be read: %s"), name, g_strerror (errsv));

  return FALSE;
}

/* Another name of a file that was counted. */
static gboolean
is_seen (GHashTable *seen, const struct stat *st)
{
  const gint64 inode = (gint64) st->st_ino;

  return st->st_nlink > 1 && !S_ISDIR (st->st_mode) &&
         !g_hash_table_add (seen, g_memdup2 (&inode, sizeof inode));
}

static gboolean
add_up (BobbinProbeFolder *self,
        FTS *tree,
        GCancellable *cancellable,
        double *bytes,
        GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  FTSENT *entry;

  *bytes = 0;
  while (errno = 0, (entry = fts_read (tree)) != NULL)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      /* What may not be read counts for nothing, but for the folder itself; what has gone
       * meanwhile, too. */
      if (entry->fts_level == FTS_ROOTLEVEL &&
          (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS))
        return fail (self, entry->fts_errno, error);
      if (entry->fts_info == FTS_DP || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS ||
          is_seen (seen, entry->fts_statp))
        continue;
      *bytes += entry->fts_statp->st_blocks * BLOCK;
    }

  return errno == 0 || fail (self, errno, error);
}

static gboolean
folder_sample (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  BobbinProbeFolder *self = (BobbinProbeFolder *) probe;
  char *const paths[] = { self->path, NULL };
  FTS *tree;
  gboolean ok;

  if (!bobbin_sandbox_shows (self->root, self->path, error))
    return FALSE;

  tree = fts_open (paths, FTS_PHYSICAL | FTS_XDEV | FTS_NOCHDIR, NULL);
  if (tree == NULL)
    return fail (self, errno, error);

  ok = add_up (self, tree, cancellable, &sample->value, error);
  fts_close (tree);

  return ok;
}

static void
folder_clear (BobbinProbe *probe)
{
  BobbinProbeFolder *self = (BobbinProbeFolder *) probe;

  g_free (self->root);
  g_free (self->path);
}

static const BobbinProbeClass folder_class = {
  .unit = "B",
  .scope = BOBBIN_PROBE_LOCAL,
  .sample = folder_sample,
  .clear = folder_clear,
};

/**
 * bobbin_probe_folder_new: (skip)
 * @root: "/", or where what looks like it is: what says whether this is a sandbox
 * @path: an absolute path
 * @error: where to say that it is not: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Returns: (transfer full) (nullable): a probe of a folder's size
 */
BobbinProbe *
bobbin_probe_folder_new (const char *root, const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  BobbinProbeFolder *self;

  if (*path != '/')
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                           _ ("Name a folder from the root on, as in folder:/home."));
      return NULL;
    }

  /* Translators: %s is the name of a folder */
  self = bobbin_probe_alloc (&folder_class, sizeof *self, g_strdup_printf (_ ("Folder %s"), name));
  self->root = g_strdup (root);
  self->path = g_strdup (path);

  return &self->parent;
}
