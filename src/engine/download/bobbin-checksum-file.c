/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Computes the checksum of a whole file, in a worker. Main thread only, but for that.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-checksum-file.h"

#include "bobbin-error.h"
#include "bobbin-hasher.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

/* How often it looks whether to stop, and says where it is. */
#define STEP (1024 * 1024)

/* What the worker gets, and what it brings back. */
typedef struct
{
  char *path; /* (owned) */
  GChecksumType type;
  BobbinChecksum checksum;
} Sum;

static void
sum_free (gpointer data)
{
  Sum *sum = data;

  g_free (sum->path);
  g_free (sum);
}

/* A device or a pipe might never end, or never open. */
static int
open_file (const char *path, gint64 *length)
{
  const int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  struct stat status;

  if (fd < 0)
    return -1;
  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode))
    {
      *length = status.st_size;
      return fd;
    }

  g_close (fd, NULL);
  errno = EINVAL;

  return -1;
}

/* In the worker. */
static gboolean
read_all (BobbinHasher *hasher,
          int fd,
          gint64 length,
          BobbinMailboxSlot *slot,
          GCancellable *cancellable)
{
  BobbinReport report = BOBBIN_REPORT_INIT;
  gssize n;

  report.total = length;
  do
    {
      if (g_cancellable_is_cancelled (cancellable))
        {
          errno = ECANCELED;
          return FALSE;
        }
      n = bobbin_hasher_read_some (hasher, fd, STEP);
      report.bytes = bobbin_hasher_get_position (hasher);
      if (slot != NULL)
        bobbin_mailbox_slot_post (slot, &report);
    }
  while (n > 0);

  return n == 0;
}

static void
set_error (const char *path, int errsv, GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_DISK,
               /* Translators: a file's name, then the system's own words */
               _ ("“%s” could not be read: %s"), name, g_strerror (errsv));
}

/* In the worker. */
static gboolean
compute (gpointer spec, BobbinMailboxSlot *slot, GCancellable *cancellable, GError **error)
{
  Sum *sum = spec;
  g_autoptr (BobbinHasher) hasher = bobbin_hasher_new (sum->type);
  gint64 length = 0;
  const int fd = open_file (sum->path, &length);
  const gboolean done = fd >= 0 && read_all (hasher, fd, length, slot, cancellable);
  const int errsv = errno;

  if (fd >= 0)
    g_close (fd, NULL);
  if (done)
    bobbin_hasher_get_checksum (hasher, &sum->checksum);
  else if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    set_error (sum->path, errsv, error);

  return done;
}

/**
 * bobbin_checksum_file_async:
 * @path: (type filename): absolute path of a file
 * @type: how it is computed
 * @pool: whose threads read it
 * @slot: (nullable): where it is told how many bytes have been read
 * @cancellable: ends it
 * @callback: called when the worker has returned
 * @user_data: for @callback
 *
 * Computes the checksum of a whole file.
 */
void
bobbin_checksum_file_async (const char *path,
                            GChecksumType type,
                            BobbinWorkerPool *pool,
                            BobbinMailboxSlot *slot,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Sum *sum;

  g_return_if_fail (path != NULL && g_path_is_absolute (path));
  g_return_if_fail (G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_checksum_file_async);
  g_task_set_name (task, "[bobbin] checksum of a file");
  g_task_set_check_cancellable (task, FALSE);

  sum = g_new0 (Sum, 1);
  sum->path = g_strdup (path);
  sum->type = type;
  g_task_set_task_data (task, sum, sum_free);
  if (!bobbin_worker_pool_push (pool, task, compute, slot))
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED, "%s",
                             _ ("Bobbin is quitting and begins nothing new."));
}

/**
 * bobbin_checksum_file_finish:
 * @result: what the callback got
 * @checksum: (out caller-allocates): the file's checksum; only set on success
 * @error: a %BOBBIN_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the file was read to its end
 */
gboolean
bobbin_checksum_file_finish (GAsyncResult *result, BobbinChecksum *checksum, GError **error)
{
  const Sum *sum;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  sum = g_task_get_task_data (G_TASK (result));
  *checksum = sum->checksum;

  return TRUE;
}
