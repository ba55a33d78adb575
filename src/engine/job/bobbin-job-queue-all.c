/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is done to all jobs of a queue at once. A hundred thousand must not hold up the main loop:
 * they are gone through a page at a time, in a sweep; while one stops them no slot is given out.
 * One sweep follows the other; what is still to be started is not if it is to be stopped again.
 * Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-queue-private.h"

#include "bobbin-job-private.h"

/* So many jobs are started or stopped in one turn of the main loop. */
#define PAGE 1000

/* Counted, for what a job's state sets off may end the sweep that is at it. */
struct _BobbinJobQueueSweep
{
  BobbinJobQueue *queue; /* (owned) (nullable) until it is over */
  GType type;
  GPtrArray *jobs; /* (owned) of BobbinJob (owned) */
  guint n_done;
  GTask *task; /* (owned) (nullable) of a stop */
  guint source;
  BobbinJobQueueSweep *next; /* (owned) (nullable) */
};

/* The jobs of a type, held, so that what their callbacks do to the list does not matter. */
static GPtrArray *
bobbin_job_queue_collect (BobbinJobQueue *self, GType type, gboolean (*filter) (BobbinJob *job))
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func (g_object_unref);

  for (GSequenceIter *iter = g_sequence_get_begin_iter (self->jobs); !g_sequence_iter_is_end (iter);
       iter = g_sequence_iter_next (iter))
    {
      BobbinJob *job = g_sequence_get (iter);

      if (G_TYPE_CHECK_INSTANCE_TYPE (job, type) && filter (job))
        g_ptr_array_add (jobs, g_object_ref (job));
    }

  return jobs;
}

/* One of several jobs has stopped; the count began at 1 for the sweep itself. */
static void
stop_all_step (GTask *task)
{
  guint *n_left = g_task_get_task_data (task);

  if (--*n_left == 0)
    g_task_return_boolean (task, TRUE);
}

static void
sweep_clear (gpointer data)
{
  g_ptr_array_unref (((BobbinJobQueueSweep *) data)->jobs);
}

static gboolean on_sweep (gpointer user_data);

/* The one whose turn it is goes on by itself. */
static void
bobbin_job_queue_attach_sweep (BobbinJobQueue *self)
{
  BobbinJobQueueSweep *first = self->sweep;

  if (first == NULL || first->source != 0)
    return;

  first->source = g_idle_add (on_sweep, first);
  g_source_set_name_by_id (first->source, "[bobbin] all jobs");
}

/* Ends a sweep where it is. */
static void
sweep_end (BobbinJobQueueSweep *sweep)
{
  g_autoptr (BobbinJobQueue) queue = g_steal_pointer (&sweep->queue);
  g_autoptr (GTask) task = g_steal_pointer (&sweep->task);
  BobbinJobQueueSweep **place = &queue->sweep;

  while (*place != sweep)
    place = &(*place)->next;
  *place = g_steal_pointer (&sweep->next);
  g_clear_handle_id (&sweep->source, g_source_remove);
  g_rc_box_release_full (sweep, sweep_clear);
  bobbin_job_queue_attach_sweep (queue);

  if (task == NULL)
    return;
  stop_all_step (task);
  bobbin_job_queue_schedule (queue);
}

static void
sweep_next_job (BobbinJobQueueSweep *sweep)
{
  /* Whoever is told of it may take back what comes after it. */
  g_autoptr (BobbinJob) job = g_object_ref (g_ptr_array_index (sweep->jobs, sweep->n_done++));

  /* What waits has nothing to be waited for when it is stopped. */
  if (sweep->task != NULL && bobbin_job_is_queued (job))
    bobbin_job_cancel (job);
  else if (sweep->task == NULL && bobbin_job_queue_find (sweep->queue, job, NULL))
    bobbin_job_start (job);
}

/* Ends the sweep if that was its last page; says whether it goes on. */
static gboolean
sweep_page (BobbinJobQueueSweep *sweep)
{
  gboolean over;

  g_rc_box_acquire (sweep);
  for (guint i = 0; i < PAGE && sweep->queue != NULL && sweep->n_done < sweep->jobs->len; i++)
    sweep_next_job (sweep);

  if (sweep->queue != NULL && sweep->n_done == sweep->jobs->len)
    sweep_end (sweep);
  over = sweep->queue == NULL;
  g_rc_box_release_full (sweep, sweep_clear);

  return !over;
}

static gboolean
on_sweep (gpointer user_data)
{
  return sweep_page (user_data) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* Takes the jobs and the task. The first page is done at once, and most lists are no longer; all of
 * it when the queue closes, which is to be quick. */
static void
bobbin_job_queue_sweep (BobbinJobQueue *self, GType type, GPtrArray *jobs, GTask *task)
{
  BobbinJobQueueSweep *sweep = g_rc_box_new0 (BobbinJobQueueSweep);
  BobbinJobQueueSweep **end = &self->sweep;

  sweep->queue = g_object_ref (self);
  sweep->type = type;
  sweep->jobs = jobs;
  sweep->task = task;
  while (*end != NULL)
    end = &(*end)->next;
  *end = sweep;

  bobbin_job_queue_attach_sweep (self);
  if (self->sweep == sweep)
    sweep_page (sweep);
  while (self->closing && self->sweep != NULL)
    sweep_page (self->sweep);
}

/* Those of a type that are still to be started are not. */
static void
sweep_take_back (BobbinJobQueueSweep *sweep, GType type)
{
  GPtrArray *others = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = sweep->n_done; i < sweep->jobs->len; i++)
    if (!G_TYPE_CHECK_INSTANCE_TYPE (g_ptr_array_index (sweep->jobs, i), type))
      g_ptr_array_add (others, g_object_ref (g_ptr_array_index (sweep->jobs, i)));

  g_ptr_array_unref (sweep->jobs);
  sweep->jobs = others;
  sweep->n_done = 0;
}

static void
bobbin_job_queue_take_back (BobbinJobQueue *self, GType type)
{
  BobbinJobQueueSweep *next;

  for (BobbinJobQueueSweep *sweep = self->sweep; sweep != NULL; sweep = next)
    {
      next = sweep->next;
      if (sweep->task != NULL)
        continue;
      if (g_type_is_a (sweep->type, type))
        sweep_end (sweep);
      else
        sweep_take_back (sweep, type);
    }
}

/*
 * bobbin_job_queue_is_stopping_all:
 * @self: a queue
 *
 * Returns: whether jobs that wait are about to be stopped, and so none of them is to begin
 */
gboolean
bobbin_job_queue_is_stopping_all (BobbinJobQueue *self)
{
  for (BobbinJobQueueSweep *sweep = self->sweep; sweep != NULL; sweep = sweep->next)
    if (sweep->task != NULL)
      return TRUE;

  return FALSE;
}

static gboolean
is_to_be_started (BobbinJob *job)
{
  return bobbin_job_get_state (job) != BOBBIN_JOB_DONE;
}

/**
 * bobbin_job_queue_start_all:
 * @self: a queue
 * @type: %BOBBIN_TYPE_JOB, or one of its subclasses
 *
 * Starts every job of @type that is not running and not done. Of many, the last are started a
 * little later.
 */
void
bobbin_job_queue_start_all (BobbinJobQueue *self, GType type)
{
  g_return_if_fail (BOBBIN_IS_JOB_QUEUE (self));

  bobbin_job_queue_sweep (self, type, bobbin_job_queue_collect (self, type, is_to_be_started),
                          NULL);
}

static void
on_job_stopped (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  bobbin_job_stop_finish (BOBBIN_JOB (object), result, NULL);
  stop_all_step (task);
}

static gboolean
is_at_work (BobbinJob *job)
{
  return bobbin_job_is_active (job) && !bobbin_job_is_queued (job);
}

/**
 * bobbin_job_queue_stop_all_async:
 * @self: a queue
 * @type: %BOBBIN_TYPE_JOB, or one of its subclasses
 * @callback: (nullable): called when all have stopped
 * @user_data: for @callback
 *
 * Stops every job of @type. Until all of them are, no slot that becomes free starts one.
 */
void
bobbin_job_queue_stop_all_async (BobbinJobQueue *self,
                                 GType type,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GPtrArray) at_work = NULL;
  GPtrArray *waiting;
  guint *n_left;

  g_return_if_fail (BOBBIN_IS_JOB_QUEUE (self));

  n_left = g_memdup2 (&(guint){ 1 }, sizeof (guint));
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_job_queue_stop_all_async);
  g_task_set_name (task, "[bobbin] stop all");
  g_task_set_task_data (task, n_left, g_free);

  bobbin_job_queue_take_back (self, type);
  waiting = bobbin_job_queue_collect (self, type, bobbin_job_is_queued);
  at_work = bobbin_job_queue_collect (self, type, is_at_work);
  /* None of these has ended before the sweep has begun: that takes another turn of the loop. */
  for (guint i = 0; i < at_work->len; i++)
    {
      ++*n_left;
      bobbin_job_stop_async (g_ptr_array_index (at_work, i), on_job_stopped, g_object_ref (task));
    }
  bobbin_job_queue_sweep (self, type, waiting, g_steal_pointer (&task));
}

/**
 * bobbin_job_queue_stop_all_finish:
 * @self: a queue
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE: all have stopped
 */
gboolean
bobbin_job_queue_stop_all_finish (BobbinJobQueue *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
