/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a download that nobody wants any more has left on the disk is deleted, in a thread. Main
 * thread only, but for that.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download-private.h"

#include "bobbin-part-file.h"

/* Where a part may be. */
typedef struct
{
  char *folder;
  char *name;
  char *address;
} PartPlace;

static void
part_place_free (gpointer data)
{
  PartPlace *place = data;

  g_free (place->folder);
  g_free (place->name);
  g_free (place->address);
  g_free (place);
}

/* Short enough for GTask's own pool. */
static void
discard_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const PartPlace *place = task_data;
  g_autoptr (BobbinPartFile) part =
    bobbin_part_file_open (place->folder, place->name, place->address);

  if (part != NULL)
    bobbin_part_file_discard (part);
  g_task_return_boolean (task, TRUE);
}

/* Begins what bobbin_download_discard_async() was asked for. */
void
bobbin_download_begin_discard (BobbinDownload *self, GTask *task)
{
  const char *name = bobbin_download_get_part_name (self);
  PartPlace *place;

  if (name == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  place = g_new0 (PartPlace, 1);
  place->folder = g_strdup (bobbin_download_get_folder (self));
  place->name = g_strdup (name);
  place->address = g_strdup (bobbin_download_get_address (self));
  g_task_set_task_data (task, place, part_place_free);
  g_task_run_in_thread (task, discard_in_thread);
}

/**
 * bobbin_download_discard_async:
 * @self: a download that is not active
 * @callback: (nullable): called when it is done
 * @user_data: for @callback
 *
 * Deletes what an unfinished download left on the disk. A whole file is never touched, nor the part
 * of another download.
 */
void
bobbin_download_discard_async (BobbinDownload *self,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (BOBBIN_IS_DOWNLOAD (self));
  g_return_if_fail (!bobbin_job_is_active (BOBBIN_JOB (self)));

  /* Without the job as its source: the thread may be the last to let go of the task. */
  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_download_discard_async);
  g_task_set_name (task, "[bobbin] discard part");

  if (self->is_moving)
    {
      BobbinDownloadExtras *extras = bobbin_download_ensure_extras (self);

      extras->discards = g_list_prepend (extras->discards, g_steal_pointer (&task));
    }
  else
    {
      bobbin_download_begin_discard (self, task);
    }
}

/**
 * bobbin_download_discard_finish:
 * @self: a download
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE: nothing is left
 */
gboolean
bobbin_download_discard_finish (BobbinDownload *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
