/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A download that goes on from another address, with the bytes that are there. The map of its part
 * says whose it is, and is changed in a thread; whether what lies there is the same file the next
 * run finds out as it always does when it is sent to another server. Main thread only, but for
 * that.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download-private.h"

#include "bobbin-part-file.h"

/* Where a part may be, and whose it becomes. */
typedef struct
{
  BobbinDownload *download; /* (unowned) which the caller holds */
  char *folder;
  char *name; /* (nullable) */
  char *old_address;
  char *address;
} Move;

static void
move_free (gpointer data)
{
  Move *move = data;

  g_free (move->folder);
  g_free (move->name);
  g_free (move->old_address);
  g_free (move->address);
  g_free (move);
}

/* Short enough for GTask's own pool. */
static void
move_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Move *move = task_data;
  g_autoptr (BobbinPartFile) part =
    bobbin_part_file_open (move->folder, move->name, move->old_address);
  g_autoptr (GError) error = NULL;

  if (part == NULL || bobbin_part_file_set_address (part, move->address, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * bobbin_download_move_async:
 * @self: a download that is neither active nor done; to be held until it is called back
 * @address: a valid address, see bobbin_download_check_address()
 * @callback: called when its part is that of @address, for bobbin_download_move_finish()
 * @user_data: for @callback
 *
 * Has @self be downloaded from @address from the next run on. That goes on with the bytes that are
 * there if they are of the file that lies at @address, and else begins anew.
 */
void
bobbin_download_move_async (BobbinDownload *self,
                            const char *address,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Move *move;

  g_return_if_fail (BOBBIN_IS_DOWNLOAD (self));
  g_return_if_fail (!bobbin_job_is_active (BOBBIN_JOB (self)));
  g_return_if_fail (address != NULL);

  /* Without the job as its source: the thread may be the last to let go of the task. */
  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_download_move_async);
  g_task_set_name (task, "[bobbin] move to another address");

  move = g_new0 (Move, 1);
  move->download = self;
  move->folder = g_strdup (bobbin_download_get_folder (self));
  move->old_address = g_strdup (bobbin_download_get_address (self));
  move->address = g_strdup (address);
  g_object_get (self, "part-name", &move->name, NULL);
  g_task_set_task_data (task, move, move_free);
  if (move->name != NULL)
    g_task_run_in_thread (task, move_in_thread);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * bobbin_download_move_finish:
 * @self: the download
 * @result: what the callback got
 * @error: return location for a %BOBBIN_ERROR: the disk did not take it
 *
 * Returns: whether @self comes from its new address now; also %FALSE, without an @error, if it was
 *   started meanwhile
 */
gboolean
bobbin_download_move_finish (BobbinDownload *self, GAsyncResult *result, GError **error)
{
  const Move *move;

  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  move = g_task_get_task_data (G_TASK (result));
  g_return_val_if_fail (move->download == self, FALSE);
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (bobbin_job_is_active (BOBBIN_JOB (self)))
    return FALSE;

  bobbin_download_set_address (self, move->address);

  return TRUE;
}
