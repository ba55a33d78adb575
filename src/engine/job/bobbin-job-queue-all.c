/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is done to all jobs of a queue at once. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-queue.h"

#include "bobbin-job-private.h"

/* The jobs of a type, held, so that what their callbacks do to the list does not matter. */
static GPtrArray *
bobbin_job_queue_collect (BobbinJobQueue *self, GType type)
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func (g_object_unref);
  const guint n_jobs = g_list_model_get_n_items (G_LIST_MODEL (self));

  for (guint i = 0; i < n_jobs; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (self), i);

      if (g_type_is_a (G_OBJECT_TYPE (job), type))
        g_ptr_array_add (jobs, g_steal_pointer (&job));
    }

  return jobs;
}

/**
 * bobbin_job_queue_start_all:
 * @self: a queue
 * @type: %BOBBIN_TYPE_JOB, or one of its subclasses
 *
 * Starts every job of @type that is not running and not done.
 */
void
bobbin_job_queue_start_all (BobbinJobQueue *self, GType type)
{
  g_autoptr (GPtrArray) jobs = NULL;

  g_return_if_fail (BOBBIN_IS_JOB_QUEUE (self));

  jobs = bobbin_job_queue_collect (self, type);
  for (guint i = 0; i < jobs->len; i++)
    {
      BobbinJob *job = g_ptr_array_index (jobs, i);

      if (bobbin_job_get_state (job) != BOBBIN_JOB_DONE)
        bobbin_job_start (job);
    }
}

/* One of several jobs has stopped; the count began at 1 for the set-up itself. */
static void
stop_all_step (GTask *task)
{
  guint *n_left = g_task_get_task_data (task);

  if (--*n_left == 0)
    g_task_return_boolean (task, TRUE);
}

static void
on_job_stopped (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  bobbin_job_stop_finish (BOBBIN_JOB (object), result, NULL);
  stop_all_step (task);
}

/**
 * bobbin_job_queue_stop_all_async:
 * @self: a queue
 * @type: %BOBBIN_TYPE_JOB, or one of its subclasses
 * @callback: (nullable): called when all have stopped
 * @user_data: for @callback
 *
 * Stops every job of @type; those that wait first, so that no slot that becomes free starts one.
 */
void
bobbin_job_queue_stop_all_async (BobbinJobQueue *self,
                                 GType type,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GPtrArray) jobs = NULL;
  guint *n_left;

  g_return_if_fail (BOBBIN_IS_JOB_QUEUE (self));

  n_left = g_memdup2 (&(guint){ 1 }, sizeof (guint));
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_job_queue_stop_all_async);
  g_task_set_name (task, "[bobbin] stop all");
  g_task_set_task_data (task, n_left, g_free);

  jobs = bobbin_job_queue_collect (self, type);
  for (guint i = 0; i < jobs->len; i++)
    if (bobbin_job_is_queued (g_ptr_array_index (jobs, i)))
      bobbin_job_cancel (g_ptr_array_index (jobs, i)); /* nothing to wait for */
  for (guint i = 0; i < jobs->len; i++)
    if (bobbin_job_is_active (g_ptr_array_index (jobs, i)))
      {
        ++*n_left;
        bobbin_job_stop_async (g_ptr_array_index (jobs, i), on_job_stopped, g_object_ref (task));
      }
  stop_all_step (task);
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
