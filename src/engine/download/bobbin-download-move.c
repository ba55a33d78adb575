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
  char *folder;
  char *name; /* (nullable) */
  char *old_address;
  char *address;
} Move;

static Move *
move_new (BobbinDownload *download, const char *address)
{
  Move *move = g_new0 (Move, 1);

  move->folder = g_strdup (bobbin_download_get_folder (download));
  move->name = g_strdup (bobbin_download_get_part_name (download));
  move->old_address = g_strdup (bobbin_download_get_address (download));
  move->address = g_strdup (address);

  return move;
}

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

/* What has been asked for meanwhile. */
static void
bobbin_download_catch_up (BobbinDownload *self)
{
  BobbinDownloadExtras *extras = bobbin_download_ensure_extras (self);
  const BobbinDownloadLaunch held = extras->held;
  GList *discards = g_list_reverse (g_steal_pointer (&extras->discards));

  extras->held = (BobbinDownloadLaunch){ NULL };
  for (GList *l = discards; l != NULL; l = l->next)
    bobbin_download_begin_discard (self, l->data);
  g_list_free_full (discards, g_object_unref);

  if (held.task == NULL)
    return;

  bobbin_download_begin (self, &held);
  g_object_unref (held.task);
  bobbin_mailbox_slot_unref (held.slot);
}

static void
on_part_moved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BobbinDownload *self = g_task_get_source_object (task);
  const Move *move = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  self->is_moving = FALSE;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    bobbin_download_set_address (self, move->address);
  bobbin_download_catch_up (self);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * bobbin_download_move_async:
 * @self: a download that is neither active nor done
 * @address: a valid address, see bobbin_download_check_address()
 * @callback: called when its part is that of @address, for bobbin_download_move_finish()
 * @user_data: for @callback
 *
 * Has @self be downloaded from @address from the next run on. That goes on with the bytes that are
 * there if they are of the file that lies at @address, and else begins anew. One that is started
 * before it is called back begins when it is there.
 */
void
bobbin_download_move_async (BobbinDownload *self,
                            const char *address,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) moving = NULL;
  Move *move;

  g_return_if_fail (BOBBIN_IS_DOWNLOAD (self));
  g_return_if_fail (!bobbin_job_is_active (BOBBIN_JOB (self)));
  g_return_if_fail (address != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_download_move_async);
  g_task_set_name (task, "[bobbin] move to another address");
  if (self->is_moving)
    {
      g_task_return_boolean (task, FALSE);
      return;
    }

  self->is_moving = TRUE;
  /* Without the job as its source: the thread may be the last to let go of it. */
  moving = g_task_new (NULL, NULL, on_part_moved, g_steal_pointer (&task));
  g_task_set_source_tag (moving, bobbin_download_move_async);
  g_task_set_name (moving, "[bobbin] move part to another address");
  move = move_new (self, address);
  g_task_set_task_data (moving, move, move_free);
  if (move->name != NULL)
    g_task_run_in_thread (moving, move_in_thread);
  else
    g_task_return_boolean (moving, TRUE);
}

/**
 * bobbin_download_move_finish:
 * @self: the download
 * @result: what the callback got
 * @error: return location for a %BOBBIN_ERROR: the disk did not take it
 *
 * Returns: whether @self comes from its new address now; also %FALSE, without an @error, if it was
 *   on its way to another one
 */
gboolean
bobbin_download_move_finish (BobbinDownload *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
