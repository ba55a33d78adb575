/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A queue that is held gives out no slot: transfers wait, also those that were running, for a
 * reason that all of them say. A person can let single ones begin all the same. Probes are not
 * concerned. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-queue-private.h"

#include "bobbin-job-private.h"

void
bobbin_job_queue_init_hold (BobbinJobQueue *self)
{
  g_queue_init (&self->urgent);
}

void
bobbin_job_queue_clear_hold (BobbinJobQueue *self)
{
  g_queue_clear (&self->urgent);
  g_clear_pointer (&self->hold, g_free);
}

static gboolean
is_urgent (BobbinJob *job)
{
  return bobbin_job_get_private (job)->is_urgent;
}

/* It has ended, or leaves its queue: another start is one like all others. */
void
bobbin_job_queue_forget_urgent (BobbinJobQueue *self, BobbinJob *job)
{
  if (!is_urgent (job))
    return;

  bobbin_job_get_private (job)->is_urgent = FALSE;
  g_queue_remove (&self->urgent, job);
}

static gboolean
is_due (BobbinJob *job)
{
  return bobbin_job_is_queued (job) &&
         (!bobbin_job_is_put_off (job) || bobbin_job_get_until (job) <= g_get_monotonic_time ());
}

/* The one that may begin while the queue is held; NULL if there is none. */
BobbinJob *
bobbin_job_queue_get_urgent (BobbinJobQueue *self)
{
  for (GList *l = self->urgent.head; l != NULL; l = l->next)
    if (is_due (l->data))
      return l->data;

  return NULL;
}

/* Whether time alone lets nothing begin. */
gboolean
bobbin_job_queue_is_at_rest (BobbinJobQueue *self)
{
  return self->hold != NULL && g_queue_is_empty (&self->urgent);
}

static gboolean
is_to_wait (BobbinJob *job)
{
  return bobbin_job_get_lane (job) == BOBBIN_LANE_TRANSFER && !is_urgent (job) &&
         bobbin_job_get_state (job) == BOBBIN_JOB_RUNNING;
}

static gboolean
is_described (BobbinJob *job)
{
  return bobbin_job_is_queued (job) && bobbin_job_has_status_line (job);
}

/* Held, so that what comes of it does not matter to the list. */
static GPtrArray *
collect (BobbinJobQueue *self, gboolean (*filter) (BobbinJob *job))
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func (g_object_unref);

  for (GSequenceIter *i = g_sequence_get_begin_iter (self->jobs); !g_sequence_iter_is_end (i);
       i = g_sequence_iter_next (i))
    if (filter (g_sequence_get (i)))
      g_ptr_array_add (jobs, g_object_ref (g_sequence_get (i)));

  return jobs;
}

/* They wait again as soon as they have been joined. */
static void
put_back (BobbinJobQueue *self)
{
  g_autoptr (GPtrArray) jobs = collect (self, is_to_wait);

  for (guint i = 0; i < jobs->len; i++)
    {
      BobbinJob *job = g_ptr_array_index (jobs, i);

      bobbin_job_log (job, BOBBIN_EVENT_NOTE, "%s", self->hold);
      bobbin_job_restart (job);
    }
}

static void
describe (BobbinJobQueue *self)
{
  g_autoptr (GPtrArray) jobs = collect (self, is_described);

  for (guint i = 0; i < jobs->len; i++)
    bobbin_job_describe (g_ptr_array_index (jobs, i));
}

/**
 * bobbin_job_queue_set_hold:
 * @self: a queue
 * @reason: (nullable): why no transfer is to run, a status line for those that wait; %NULL lets
 *   them go on
 *
 * Holds @self: transfers that run are put back to wait, those that start wait, until it is let go
 * of. Those of bobbin_job_start_now() are left alone, and so are probes.
 */
void
bobbin_job_queue_set_hold (BobbinJobQueue *self, const char *reason)
{
  const gboolean was_held = self->hold != NULL;

  g_return_if_fail (BOBBIN_IS_JOB_QUEUE (self));
  g_assert (self->owner == g_thread_self ());

  if (g_strcmp0 (self->hold, reason) == 0)
    return;

  g_free (self->hold);
  self->hold = g_strdup (reason);
  if (!was_held)
    put_back (self);
  describe (self);
  bobbin_job_queue_renew_later (self);
  bobbin_job_queue_schedule (self);
  bobbin_job_queue_notify_counts (self);
}

/**
 * bobbin_job_queue_get_hold:
 * @self: a queue
 *
 * Returns: (nullable): why it is held; %NULL if it is not
 */
const char *
bobbin_job_queue_get_hold (BobbinJobQueue *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), NULL);

  return self->hold;
}

/**
 * bobbin_job_is_held:
 * @self: a job
 *
 * Returns: whether it waits because its queue is held
 */
gboolean
bobbin_job_is_held (BobbinJob *self)
{
  const BobbinJobQueue *queue;

  g_return_val_if_fail (BOBBIN_IS_JOB (self), FALSE);

  queue = bobbin_job_get_private (self)->place.queue;

  return queue != NULL && queue->hold != NULL && bobbin_job_is_queued (self) &&
         bobbin_job_get_lane (self) == BOBBIN_LANE_TRANSFER && !is_urgent (self);
}

/**
 * bobbin_job_start_now:
 * @self: a job that is in a queue
 *
 * Starts the job as bobbin_job_start() does, and until it ends it is not for its queue to hold it.
 *
 * Returns: %FALSE if the queue is closing and nothing begins any more
 */
gboolean
bobbin_job_start_now (BobbinJob *self)
{
  BobbinJobPrivate *priv = bobbin_job_get_private (self);

  g_return_val_if_fail (BOBBIN_IS_JOB (self), FALSE);
  g_return_val_if_fail (priv->place.queue != NULL, FALSE);

  if (!priv->is_urgent)
    {
      priv->is_urgent = TRUE;
      g_queue_push_tail (&priv->place.queue->urgent, self);
    }
  if (!bobbin_job_start (self))
    return FALSE;

  bobbin_job_describe (self);
  bobbin_job_queue_renew_later (priv->place.queue);
  bobbin_job_queue_schedule (priv->place.queue);
  bobbin_job_queue_notify_counts (priv->place.queue);

  return TRUE;
}
