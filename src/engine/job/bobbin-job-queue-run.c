/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What of a queue runs. Transfers wait for a slot and get it in the order of the list; probes start
 * at once. bobbin_job_queue_shutdown_async() is how all of it ends: nothing new begins, every run
 * is cancelled and awaited, every thread joined. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-queue-private.h"

#include "bobbin-job-private.h"

/* So many transfers at most leave their slots to others while they wait in their runs. */
#define MAX_ASIDE 64

/* When all has been cancelled, a job that can be left alone is waited for so many seconds; and then
 * its thread, which the others of its pool do not need. */
#define PATIENCE      8
#define LAST_PATIENCE 1

static gboolean
waits_for_slot (BobbinJob *job)
{
  return bobbin_job_get_private (job)->seen == BOBBIN_JOB_QUEUED &&
         bobbin_job_get_lane (job) == BOBBIN_LANE_TRANSFER && !bobbin_job_queue_has_later (job);
}

/*
 * bobbin_job_queue_move_next:
 * @self: a queue
 * @job: one of its jobs, which waits now, or stands elsewhere
 *
 * Sees to it that the search for who is next does not begin behind @job, if that waits.
 */
void
bobbin_job_queue_move_next (BobbinJobQueue *self, BobbinJob *job)
{
  GSequenceIter *iter = bobbin_job_get_private (job)->place.iter;

  if (waits_for_slot (job) && g_sequence_iter_compare (iter, self->next) < 0)
    self->next = iter;
}

/*
 * bobbin_job_queue_skip_next:
 * @self: a queue
 * @job: one of its jobs, which is about to leave its place
 *
 * Sees to it that the search for who is next does not begin with @job.
 */
void
bobbin_job_queue_skip_next (BobbinJobQueue *self, BobbinJob *job)
{
  if (self->next == bobbin_job_get_private (job)->place.iter)
    self->next = g_sequence_iter_next (self->next);
}

/* The first that waits. A list of those who do would be as long as that of the jobs; most often the
 * next is the one behind the last that was found. */
static BobbinJob *
bobbin_job_queue_get_next (BobbinJobQueue *self)
{
  if (self->n_waiting == 0)
    return NULL;

  while (!waits_for_slot (g_sequence_get (self->next)))
    self->next = g_sequence_iter_next (self->next);

  return g_sequence_get (self->next);
}

static BobbinJobQueueTally *
find_tally (BobbinJobQueue *self, GType type)
{
  const BobbinJobQueueTally new_tally = { .type = type };

  for (guint i = 0; i < self->tallies->len; i++)
    if (g_array_index (self->tallies, BobbinJobQueueTally, i).type == type)
      return &g_array_index (self->tallies, BobbinJobQueueTally, i);

  g_array_append_val (self->tallies, new_tally);

  return &g_array_index (self->tallies, BobbinJobQueueTally, self->tallies->len - 1);
}

/* Counts @job in, in the state it was seen in last, or out (-1). */
void
bobbin_job_queue_count (BobbinJobQueue *self, BobbinJob *job, int by)
{
  const BobbinJobState seen = bobbin_job_get_private (job)->seen;
  const gboolean is_transfer = bobbin_job_get_lane (job) == BOBBIN_LANE_TRANSFER;
  const gboolean is_running = seen == BOBBIN_JOB_RUNNING || seen == BOBBIN_JOB_STOPPING;

  find_tally (self, G_OBJECT_TYPE (job))->n_jobs[seen] += by;
  if (is_running)
    self->n_running += by;
  if (is_running && is_transfer && bobbin_job_get_private (job)->run->is_aside)
    self->n_aside += by;
  else if (is_running && is_transfer)
    self->n_slots += by;
  if (waits_for_slot (job))
    self->n_waiting += by;
}

/* A job of @self has become so much faster, in bytes a second, or slower. */
void
bobbin_job_queue_hear_rate (BobbinJobQueue *self, BobbinJob *job, gint64 change)
{
  g_assert (self->owner == g_thread_self ());

  find_tally (self, G_OBJECT_TYPE (job))->rate += change;
  bobbin_job_queue_notify_rate (self);
}

/* Keeps up with a job's state; says whether there was anything new. */
static gboolean
bobbin_job_queue_follow (BobbinJobQueue *self, BobbinJob *job)
{
  BobbinJobPrivate *priv = bobbin_job_get_private (job);

  if (priv->seen == priv->state)
    return FALSE;

  bobbin_job_queue_count (self, job, -1);
  bobbin_job_queue_remove_later (self, job);
  priv->seen = priv->state;
  if (bobbin_job_is_queued (job) && bobbin_job_is_put_off (job))
    bobbin_job_queue_add_later (self, job);
  bobbin_job_queue_count (self, job, +1);
  bobbin_job_queue_move_next (self, job);
  if (!bobbin_job_is_active (job) && !bobbin_job_starts_again (job))
    bobbin_job_queue_forget_urgent (self, job);

  return TRUE;
}

/* Those that were put off and are due take turns with those that have not run yet: neither a host
 * that never answers nor a long list keeps the others waiting. */
static BobbinJob *
bobbin_job_queue_choose (BobbinJobQueue *self)
{
  BobbinJob *due, *next;

  if (self->hold != NULL)
    return bobbin_job_queue_get_urgent (self);

  due = bobbin_job_queue_get_due (self);
  next = bobbin_job_queue_get_next (self);
  if (due == NULL || next == NULL)
    return due != NULL ? due : next;

  self->late_is_next = !self->late_is_next;

  return self->late_is_next ? due : next;
}

/* Gives free slots to those who wait. Launching changes states and so comes back here: once is
 * enough. */
void
bobbin_job_queue_schedule (BobbinJobQueue *self)
{
  BobbinJob *job;

  if (self->scheduling || bobbin_job_queue_is_stopping_all (self))
    return;

  self->scheduling = TRUE;
  while (self->n_slots < self->max_transfers && (job = bobbin_job_queue_choose (self)) != NULL)
    {
      /* It may have been stopped by somebody who was told of it before us. */
      if (bobbin_job_is_queued (job))
        bobbin_job_launch (job, self->transfers, self->mailbox);
      bobbin_job_queue_follow (self, job);
    }
  self->scheduling = FALSE;
}

/* A transfer begins to wait for something outside of the program without ending its run, or goes
 * on: for the next try of one that had been getting on. While it waits it keeps its thread, and its
 * slot is another's. When it goes on there is one more than may be for a while, as with a bound
 * that is lowered. Each costs a thread, so that there are no more than so many; what may wait in
 * great numbers is put off. */
void
bobbin_job_queue_hear_aside (BobbinJobQueue *self, BobbinJob *job)
{
  BobbinJobRun *run = bobbin_job_get_private (job)->run;
  const gboolean is_aside = run->report.is_aside && (run->is_aside || self->n_aside < MAX_ASIDE);

  g_assert (self->owner == g_thread_self ());

  if (run->is_aside == is_aside)
    return;

  bobbin_job_queue_count (self, job, -1);
  run->is_aside = is_aside;
  bobbin_job_queue_count (self, job, +1);
  bobbin_worker_pool_set_max_threads (self->transfers, self->max_transfers + self->n_aside);
  bobbin_job_queue_schedule (self);
  bobbin_job_queue_notify_counts (self);
}

/* ---- the end */

static void
clear_patience (BobbinJobQueue *self)
{
  if (self->patience != NULL)
    g_source_destroy (self->patience);
  g_clear_pointer (&self->patience, g_source_unref);
}

static void
begin_patience (BobbinJobQueue *self, guint seconds, GSourceFunc over)
{
  clear_patience (self);
  self->patience = g_timeout_source_new_seconds (seconds);
  g_source_set_callback (self->patience, over, self, NULL);
  g_source_set_static_name (self->patience, "[bobbin] patience with what is stuck");
  g_source_attach (self->patience, g_main_context_get_thread_default ());
}

static void
on_pools_closed (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  guint *n_open = g_task_get_task_data (task);

  bobbin_worker_pool_close_finish (BOBBIN_WORKER_POOL (object), result, NULL);
  if (--*n_open > 0)
    return;

  clear_patience (g_task_get_source_object (task));
  g_task_return_boolean (task, TRUE);
}

static gboolean
on_last_patience_over (gpointer user_data)
{
  BobbinJobQueue *self = user_data;

  clear_patience (self);
  bobbin_worker_pool_abandon (self->probes);

  return G_SOURCE_REMOVE;
}

/* The last run has ended: the threads are next. */
static void
bobbin_job_queue_close_pools (BobbinJobQueue *self)
{
  GList *closers = g_steal_pointer (&self->closers);

  clear_patience (self);
  if (self->abandoned)
    begin_patience (self, LAST_PATIENCE, on_last_patience_over);
  for (GList *l = closers; l != NULL; l = l->next)
    {
      GTask *task = l->data;

      g_task_set_task_data (task, g_memdup2 (&(guint){ 2 }, sizeof (guint)), g_free);
      bobbin_worker_pool_close_async (self->transfers, on_pools_closed, g_object_ref (task));
      bobbin_worker_pool_close_async (self->probes, on_pools_closed, g_object_ref (task));
    }
  g_list_free_full (closers, g_object_unref);
}

static gboolean
can_abandon (BobbinJob *job)
{
  return bobbin_job_get_state (job) == BOBBIN_JOB_STOPPING &&
         BOBBIN_JOB_GET_CLASS (job)->abandon != NULL;
}

/* What the kernel does not let go of, such as a call to a network drive that is gone, holds up the
 * end no longer. Its thread stays, and all that it uses; nothing of that writes. */
void
bobbin_job_queue_abandon (BobbinJobQueue *self)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  for (GSequenceIter *i = g_sequence_get_begin_iter (self->jobs); !g_sequence_iter_is_end (i);
       i = g_sequence_iter_next (i))
    if (can_abandon (g_sequence_get (i)))
      g_ptr_array_add (jobs, g_object_ref (g_sequence_get (i)));

  for (guint i = 0; i < jobs->len; i++)
    {
      BobbinJob *job = g_ptr_array_index (jobs, i);

      /* Before: what is left alone last closes the pools. */
      self->abandoned = TRUE;
      g_message ("“%s” does not come back from the system; Bobbin ends without it",
                 bobbin_job_get_title (job));
      BOBBIN_JOB_GET_CLASS (job)->abandon (job);
    }
}

static gboolean
on_patience_over (gpointer user_data)
{
  BobbinJobQueue *self = user_data;

  clear_patience (self);
  bobbin_job_queue_abandon (self);

  return G_SOURCE_REMOVE;
}

/* A job of @self has another state. Whoever listens is told before what follows from it. */
void
bobbin_job_queue_hear_state (BobbinJobQueue *self, BobbinJob *job)
{
  g_assert (self->owner == g_thread_self ());

  if (!bobbin_job_queue_follow (self, job))
    return;

  bobbin_job_queue_emit_state (self, job);
  if (bobbin_job_get_lane (job) == BOBBIN_LANE_PROBE && bobbin_job_is_queued (job))
    bobbin_job_launch (job, self->probes, self->mailbox);

  bobbin_job_queue_schedule (self);
  bobbin_job_queue_notify_counts (self);
  if (self->closers != NULL && bobbin_job_queue_get_n_active (self) == 0)
    bobbin_job_queue_close_pools (self);
}

/**
 * bobbin_job_queue_shutdown_async:
 * @self: a queue
 * @callback: (nullable): called when all has ended
 * @user_data: for @callback
 *
 * The end: refuses what is new, cancels every run, waits for each, joins every thread, and only
 * then calls back. There is no deadline, but for a probe that the kernel does not let go of: after
 * 8 s it is left alone, and said so in the log. Memory that a live thread uses is never freed. May
 * be called again; every call waits for the same end.
 */
void
bobbin_job_queue_shutdown_async (BobbinJobQueue *self,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task;

  g_return_if_fail (BOBBIN_IS_JOB_QUEUE (self));
  g_assert (self->owner == g_thread_self ());

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_job_queue_shutdown_async);
  g_task_set_name (task, "[bobbin] shut down");
  self->closers = g_list_append (self->closers, task);

  if (!self->closing)
    {
      self->closing = TRUE;
      bobbin_job_queue_notify_closing (self);
      begin_patience (self, PATIENCE, on_patience_over);
    }
  bobbin_job_queue_stop_all_async (self, BOBBIN_TYPE_JOB, NULL, NULL);

  if (self->closers != NULL && bobbin_job_queue_get_n_active (self) == 0)
    bobbin_job_queue_close_pools (self);
}

/**
 * bobbin_job_queue_shutdown_finish:
 * @self: a queue
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE: nothing runs, no thread is left
 */
gboolean
bobbin_job_queue_shutdown_finish (BobbinJobQueue *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
