/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A download's run: it takes a copy of the settings along as a BobbinTransferSpec, and brings the
 * name and the path of the file back in it; in between its reports tell how far it is. Main thread
 * only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download-private.h"

#include "bobbin-host-rule.h"

/* What is set for its server, in addition to what is set for itself. */
static void
add_host_rule (BobbinDownload *self, BobbinTransferSpec *spec)
{
  const BobbinHostRule *rule = bobbin_host_rules_find (self->address);
  BobbinHttpContext *context;

  if (rule == NULL)
    return;

  context = bobbin_host_rule_add_to_context (rule, spec->context);
  g_clear_pointer (&spec->context, bobbin_http_context_unref);
  spec->context = context;
  spec->host_limiter = bobbin_rate_limiter_ref (rule->limiter);
  if (rule->connections > 0)
    spec->connections = rule->connections;
}

static BobbinTransferSpec *
make_spec (BobbinDownload *self)
{
  BobbinJob *job = BOBBIN_JOB (self);
  BobbinTransferSpec *spec = g_new0 (BobbinTransferSpec, 1);
  BobbinDownloadExtras *extras = bobbin_download_ensure_extras (self);

  spec->address = g_strdup (self->address);
  spec->folder = g_strdup (self->folder);
  spec->name = g_strdup (extras->file_name);
  spec->hint = g_strdup (extras->claimed);
  spec->identity = g_strdup (extras->identity);
  spec->length = bobbin_job_get_total (job);
  spec->since = extras->identity == NULL ? self->since : 0;
  spec->context = extras->context != NULL ? bobbin_http_context_ref (extras->context) : NULL;
  spec->limiter = bobbin_rate_limiter_ref (bobbin_download_ensure_limiter (self));
  spec->board = bobbin_segment_board_ref (bobbin_download_ensure_board (self));
  spec->checksum = g_strdup (extras->checksum);
  spec->accept_html = self->accept_html;
  spec->wait_for_space = self->wait_for_space;
  spec->exists = self->exists;
  spec->connections = self->connections;
  spec->retries = self->retries;
  spec->timeout = self->timeout * G_TIME_SPAN_SECOND;
  spec->sync = self->sync;
  add_host_rule (self, spec);
  if (bobbin_job_is_put_off (job))
    spec->tries = extras->tries;

  return spec;
}

/* Gives it to a worker. */
void
bobbin_download_begin (BobbinDownload *self, const BobbinDownloadLaunch *launch)
{
  g_task_set_task_data (launch->task, make_spec (self), (GDestroyNotify) bobbin_transfer_spec_free);

  g_clear_pointer (&self->extras->file, g_free);
  bobbin_download_notify (self, BOBBIN_DOWNLOAD_PROP_FILE);

  /* A queue closes its pools only when nothing runs or waits. */
  if (!bobbin_worker_pool_push (launch->pool, launch->task, bobbin_transfer_run, launch->slot))
    g_assert_not_reached ();
}

/* One that is on its way to another address begins when it is there, as it would not find its part
 * meanwhile: that is short enough for a stop to wait for it. */
void
bobbin_download_launch (BobbinJob *job,
                        GTask *task,
                        BobbinWorkerPool *pool,
                        BobbinMailboxSlot *slot)
{
  BobbinDownload *self = BOBBIN_DOWNLOAD (job);
  BobbinDownloadLaunch launch = { task, pool, slot };

  if (!self->is_moving)
    {
      bobbin_download_begin (self, &launch);
      return;
    }

  g_object_ref (task);
  bobbin_mailbox_slot_ref (slot);
  bobbin_download_ensure_extras (self)->held = launch;
}

void
bobbin_download_returned (BobbinJob *job, GTask *task, const GError *error)
{
  BobbinDownload *self = BOBBIN_DOWNLOAD (job);
  BobbinTransferSpec *spec = g_task_get_task_data (task);
  BobbinDownloadExtras *extras = bobbin_download_ensure_extras (self);

  if (spec->claimed != NULL)
    {
      g_free (extras->claimed);
      extras->claimed = g_steal_pointer (&spec->claimed);
      bobbin_job_set_title (job, extras->claimed);
    }
  /* A whole file is nothing to go on with: the next run is a new one. */
  if (error == NULL)
    {
      g_clear_pointer (&extras->claimed, g_free);
      g_clear_pointer (&extras->identity, g_free);
      self->since = 0;
    }

  extras->tries = spec->tries;
  if (spec->put_off)
    bobbin_job_put_off (job, spec->wait, spec->until, spec->awaits);

  if (bobbin_download_get_limit (self) == 0)
    g_clear_pointer (&extras->limiter, bobbin_rate_limiter_unref);
  if (!bobbin_download_is_observed (self))
    g_clear_pointer (&extras->board, bobbin_segment_board_unref);
  g_clear_pointer (&extras->trail, g_free);

  extras->file = g_steal_pointer (&spec->file);
  self->skipped = spec->skipped;
  bobbin_download_notify (self, BOBBIN_DOWNLOAD_PROP_FILE);
  bobbin_download_notify (self, BOBBIN_DOWNLOAD_PROP_SKIPPED);
}

static void
follow_speed (BobbinDownload *self, gint64 rate)
{
  BobbinDownloadExtras *extras = bobbin_download_ensure_extras (self);

  if (extras->trail == NULL)
    extras->trail = g_new0 (BobbinSpeedTrail, 1);
  bobbin_speed_trail_add (extras->trail, g_get_monotonic_time (), (double) rate);
}

void
bobbin_download_report (BobbinJob *job, const BobbinReport *report)
{
  if (report->rate >= 0)
    follow_speed (BOBBIN_DOWNLOAD (job), report->rate);
  if (report->name[0] != '\0')
    bobbin_job_set_title (job, report->name);
  if (report->identity[0] != '\0')
    bobbin_download_set_identity (BOBBIN_DOWNLOAD (job), report->identity);
  if (bobbin_download_is_observed (BOBBIN_DOWNLOAD (job)))
    bobbin_download_emit_segments_changed (BOBBIN_DOWNLOAD (job));
}

/* While a run lasts only its reports tell; its title, which comes with them, is notified. */
const char *
bobbin_download_get_part_name (BobbinDownload *self)
{
  const BobbinReport *report = bobbin_job_get_report (BOBBIN_JOB (self));

  if (bobbin_job_is_active (BOBBIN_JOB (self)) && report->name[0] != '\0')
    return report->name;

  return bobbin_download_get_extras (self)->claimed;
}

/**
 * bobbin_download_get_speeds:
 * @self: a download
 * @trail: (out caller-allocates): how fast it has been in the last minutes
 *
 * Returns: whether it runs, and that is known; if not, @trail is left alone
 */
gboolean
bobbin_download_get_speeds (BobbinDownload *self, BobbinSpeedTrail *trail)
{
  const BobbinSpeedTrail *found;

  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (self), FALSE);

  found = bobbin_download_get_extras (self)->trail;
  if (found != NULL)
    *trail = *found;

  return found != NULL;
}
