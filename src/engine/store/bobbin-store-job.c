/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A job as the store keeps it. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-store-job.h"

#include "bobbin-error.h"
#include "bobbin-job-settings.h"

/**
 * bobbin_store_job_new:
 * @job: a job of a kind that is kept
 * @id: names it everywhere and for ever
 * @number: names it within the database, above 0
 * @place: where it stands; that of a new one is %BOBBIN_STORE_GAP behind the last
 * @state: what is wanted of it at the next start
 *
 * When it was made counts only the first time it is put down, and so does its kind.
 *
 * Returns: (transfer full): what is to be kept of @job
 */
BobbinStoreJob *
bobbin_store_job_new (BobbinJob *job,
                      const guint8 id[BOBBIN_JOB_ID_SIZE],
                      gint64 number,
                      gint64 place,
                      BobbinStoreState state)
{
  g_autofree char *text = bobbin_job_id_format (id);
  BobbinStoreJob *row = g_new0 (BobbinStoreJob, 1);
  const GError *error = bobbin_job_get_error (job);

  row->number = number;
  g_strlcpy (row->id, text, sizeof row->id);
  row->kind = g_strdup (bobbin_job_settings_get_kind (job));
  row->place = place;
  row->state = state;
  row->settings = bobbin_job_settings_save (job);
  row->error = error != NULL ? g_strdup (bobbin_error_code_name (error)) : NULL;
  row->message = error != NULL ? g_strdup (error->message) : NULL;
  row->bytes = bobbin_job_get_bytes (job);
  row->total = bobbin_job_get_total (job);
  row->created = bobbin_job_get_created (job);
  row->started = bobbin_job_get_started (job);
  row->ended = bobbin_job_get_ended (job);
  if (state == BOBBIN_STORE_DONE)
    row->finished = bobbin_finished_new_for_job (job);

  return row;
}
