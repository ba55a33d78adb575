/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The life of any job: a state machine around one run at a time. A run is one GTask, one
 * GCancellable that is made for it and never used again, and one slot in the mailbox; the class
 * adds a plain-C spec and pushes it all to a pool. “Stopped” means joined: what waits in
 * bobbin_job_stop_async() is told only when the run's task has come back, which it does only when
 * no thread is at work for it.
 *
 * Main thread only, all of it. While a run lasts its task holds a reference to the job, so a job
 * cannot go away under a worker, and no worker ever sees the job.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-private.h"

#include "bobbin-error.h"
#include "bobbin-job-queue.h"

#include <glib/gi18n-lib.h>

static BobbinJobRun *
run_new (BobbinJobPrivate *priv)
{
  BobbinJobRun *run = g_new0 (BobbinJobRun, 1);

  run->cancellable = g_cancellable_new ();
  run->report = (BobbinReport) BOBBIN_REPORT_INIT;
  if (priv->past != NULL)
    {
      run->report.bytes = priv->past->bytes;
      run->report.total = priv->past->total;
    }

  return run;
}

/* What its worker said last is to be had until all have heard of its end. */
static void
run_free (BobbinJobRun *run)
{
  g_assert (run->slot == NULL && run->stoppers == NULL);

  g_free (run);
}

static gboolean
has_ended (const BobbinJobRun *run)
{
  return run->slot == NULL;
}

/* A run that is over has no speed and nothing left to wait for. */
static void
bobbin_job_settle_report (BobbinJob *self)
{
  BobbinReport report = *bobbin_job_get_report (self);

  report.rate = -1;
  report.time_left = -1;
  report.phase = 0;
  report.is_aside = FALSE;
  report.until = 0;
  bobbin_job_set_report (self, &report);
}

static void
on_report (const BobbinReport *report, gpointer user_data)
{
  bobbin_job_set_report (user_data, report);
}

static void
on_event (BobbinEventKind kind, gint64 time, const char *code, const char *text, gpointer user_data)
{
  bobbin_job_add_event (user_data, kind, time, code, text);
}

/* Tells whoever waited for the end of a run; newest first. Takes the list. */
static void
return_stoppers (GList *stoppers)
{
  stoppers = g_list_reverse (stoppers);
  for (GList *l = stoppers; l != NULL; l = l->next)
    g_task_return_boolean (l->data, TRUE);
  g_list_free_full (stoppers, g_object_unref);
}

/* ---- putting off */

/* Internal: what @self waits for, or once did; %NULL if it never was put off. */
BobbinJobDelay *
bobbin_job_get_delay (BobbinJob *self)
{
  const BobbinJobPast *past = bobbin_job_get_private (self)->past;

  return past != NULL ? past->delay : NULL;
}

/* What its last run had come to counts no more. */
static void
bobbin_job_forget_delay (BobbinJob *self)
{
  BobbinJobDelay *delay = bobbin_job_get_delay (self);

  if (delay != NULL)
    delay->is_on = FALSE;
}

/**
 * bobbin_job_put_off:
 * @self: a job of %BOBBIN_LANE_TRANSFER, whose run has just ended without being done
 * @phase: what the wait is called, as in a report
 * @until: when it is due again, in g_get_monotonic_time() µs
 * @awaits: what makes it due before that, a number that its class's `await` knows; 0 for nothing
 *
 * For a class's `returned`: the run has not failed, it is only that there is nothing to do for a
 * while. The job is %BOBBIN_JOB_QUEUED again, without a thread or a slot, and no reason for others
 * to wait; when it is due its queue launches another run. A job that is being stopped has stopped.
 */
void
bobbin_job_put_off (BobbinJob *self, guint phase, gint64 until, guint awaits)
{
  BobbinJobPast *past = bobbin_job_ensure_past (self);

  g_return_if_fail (bobbin_job_get_lane (self) == BOBBIN_LANE_TRANSFER);
  g_return_if_fail (awaits == 0 || BOBBIN_JOB_GET_CLASS (self)->await != NULL);

  if (past->delay == NULL)
    past->delay = g_new0 (BobbinJobDelay, 1);
  past->delay->phase = phase;
  past->delay->until = until;
  past->delay->awaits = awaits;
  past->delay->is_on = TRUE;
}

/**
 * bobbin_job_is_put_off:
 * @self: a job
 *
 * For a class's `launch`, too: whether this run goes on with what the last one had come to, rather
 * than being one that a person asked for.
 *
 * Returns: whether @self was put off, and neither stopped nor launched since
 */
gboolean
bobbin_job_is_put_off (BobbinJob *self)
{
  const BobbinJobDelay *delay;

  g_return_val_if_fail (BOBBIN_IS_JOB (self), FALSE);

  delay = bobbin_job_get_delay (self);

  return delay != NULL && delay->is_on;
}

/**
 * bobbin_job_get_phase:
 * @self: a job
 *
 * Returns: what its worker is at, or what it waits for if it was put off: a number of its class
 */
guint
bobbin_job_get_phase (BobbinJob *self)
{
  if (bobbin_job_is_put_off (self) && bobbin_job_is_queued (self))
    return bobbin_job_get_delay (self)->phase;

  return bobbin_job_get_report (self)->phase;
}

/**
 * bobbin_job_get_until:
 * @self: a job
 *
 * Returns: when that phase ends by itself, in g_get_monotonic_time() µs, or 0
 */
gint64
bobbin_job_get_until (BobbinJob *self)
{
  if (bobbin_job_is_put_off (self) && bobbin_job_is_queued (self))
    return bobbin_job_get_delay (self)->until;

  return bobbin_job_get_report (self)->until;
}

/* ---- runs */

/* Whether a run that has returned has another one follow. */
static gboolean
bobbin_job_goes_on (BobbinJob *self)
{
  return bobbin_job_is_put_off (self) && bobbin_job_get_state (self) == BOBBIN_JOB_RUNNING;
}

static BobbinJobState
bobbin_job_judge (BobbinJob *self, const GError *error)
{
  if (bobbin_job_goes_on (self))
    return BOBBIN_JOB_QUEUED;
  if (error == NULL)
    {
      /* Who wanted it to begin again wanted this; once more would be another file. */
      bobbin_job_get_private (self)->run->start_again = FALSE;
      bobbin_job_log (self, BOBBIN_EVENT_DONE, "%s", C_ ("log of a job", "Done"));
      return BOBBIN_JOB_DONE;
    }
  if (bobbin_job_is_put_off (self) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      bobbin_job_forget_delay (self);
      bobbin_job_log (self, BOBBIN_EVENT_STOPPED, "%s", C_ ("log of a job", "Stopped"));
      return BOBBIN_JOB_IDLE;
    }

  bobbin_job_add_event (self, BOBBIN_EVENT_FAILED, g_get_real_time (),
                        bobbin_error_code_name (error), error->message);
  bobbin_job_set_error (self, error);

  return BOBBIN_JOB_FAILED;
}

/* The run's task came back: the worker has returned, the run is joined. */
static void
on_run_returned (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinJob) self = g_object_ref (BOBBIN_JOB (object));
  BobbinJobPrivate *priv = bobbin_job_get_private (self);
  /* Of this run: whoever hears of its end below may start another one, and stop that. */
  GList *stoppers = g_steal_pointer (&priv->run->stoppers);
  gboolean start_again = FALSE;
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);

  bobbin_mailbox_slot_close (priv->run->slot);
  g_clear_pointer (&priv->run->slot, bobbin_mailbox_slot_unref);
  g_clear_object (&priv->run->cancellable);

  g_object_freeze_notify (object);
  if (BOBBIN_JOB_GET_CLASS (self)->returned != NULL)
    BOBBIN_JOB_GET_CLASS (self)->returned (self, G_TASK (result), error);
  bobbin_job_settle_report (self);
  if (!bobbin_job_goes_on (self))
    bobbin_job_set_ended (self, g_get_real_time ());
  bobbin_job_set_state (self, bobbin_job_judge (self, error));
  g_object_thaw_notify (object);

  if (priv->run != NULL && has_ended (priv->run))
    {
      start_again = priv->run->start_again;
      g_clear_pointer (&priv->run, run_free);
    }
  return_stoppers (stoppers);
  /* Whoever waited for the stop may have taken it out of its queue. */
  if (start_again && priv->place.queue != NULL)
    bobbin_job_start (self);
}

/* Its turn has come. */
void
bobbin_job_launch (BobbinJob *self, BobbinWorkerPool *pool, BobbinMailbox *mailbox)
{
  BobbinJobPrivate *priv = bobbin_job_get_private (self);
  g_autoptr (GTask) task = NULL;

  g_assert (priv->state == BOBBIN_JOB_QUEUED);
  /* There may be one whose end is being told. */
  g_assert (priv->run == NULL || has_ended (priv->run));

  g_clear_pointer (&priv->run, run_free);
  priv->run = run_new (priv);
  /* Until it says what it is at, it is at what it waited for. */
  if (bobbin_job_is_put_off (self))
    priv->run->report.phase = bobbin_job_get_delay (self)->phase;
  priv->run->slot = bobbin_mailbox_open (mailbox, on_report, on_event, self);

  task = g_task_new (self, priv->run->cancellable, on_run_returned, NULL);
  g_task_set_source_tag (task, bobbin_job_launch);
  g_task_set_name (task, "[bobbin] run");
  /* The worker decides whether it was finished before the cancel came. */
  g_task_set_check_cancellable (task, FALSE);

  if (!bobbin_job_is_put_off (self))
    {
      bobbin_job_set_started (self, g_get_real_time ());
      bobbin_job_log (self, BOBBIN_EVENT_STARTED, "%s", C_ ("log of a job", "Started"));
    }
  bobbin_job_set_state (self, BOBBIN_JOB_RUNNING);

  BOBBIN_JOB_GET_CLASS (self)->launch (self, task, pool, priv->run->slot);
  bobbin_job_forget_delay (self);
}

/**
 * bobbin_job_start:
 * @self: a job
 *
 * Asks for a run: the job is %BOBBIN_JOB_QUEUED, and %BOBBIN_JOB_RUNNING as soon as the queue lets
 * it. Does nothing if it runs or waits already. A job that is being stopped starts again when it
 * has stopped, unless it was done before the stop reached it.
 *
 * Returns: %FALSE if it is in no queue, as one that a person has removed, or if that is closing and
 *   nothing begins any more
 */
gboolean
bobbin_job_start (BobbinJob *self)
{
  BobbinJobPrivate *priv = bobbin_job_get_private (self);

  g_return_val_if_fail (BOBBIN_IS_JOB (self), FALSE);

  if (priv->place.queue == NULL || bobbin_job_queue_is_closing (priv->place.queue))
    return FALSE;

  switch (priv->state)
    {
    case BOBBIN_JOB_QUEUED:
    case BOBBIN_JOB_RUNNING:
      break;
    case BOBBIN_JOB_STOPPING:
      priv->run->start_again = TRUE;
      break;
    case BOBBIN_JOB_IDLE:
    case BOBBIN_JOB_DONE:
    case BOBBIN_JOB_FAILED:
    default:
      g_object_freeze_notify (G_OBJECT (self));
      bobbin_job_set_error (self, NULL);
      bobbin_job_set_ended (self, 0);
      bobbin_job_set_state (self, BOBBIN_JOB_QUEUED);
      g_object_thaw_notify (G_OBJECT (self));
    }

  return TRUE;
}

/* One that was put off has run, and now that is over; else nothing has been begun. */
static void
bobbin_job_set_idle (BobbinJob *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (bobbin_job_is_put_off (self))
    {
      bobbin_job_forget_delay (self);
      bobbin_job_set_ended (self, g_get_real_time ());
      bobbin_job_log (self, BOBBIN_EVENT_STOPPED, "%s", C_ ("log of a job", "Stopped"));
    }
  bobbin_job_set_state (self, BOBBIN_JOB_IDLE);
  g_object_thaw_notify (G_OBJECT (self));
}

/* Asks the run, if there is one, to end. Says whether there is one to wait for. */
gboolean
bobbin_job_cancel (BobbinJob *self)
{
  BobbinJobPrivate *priv = bobbin_job_get_private (self);

  if (priv->run != NULL)
    priv->run->start_again = FALSE;

  switch (priv->state)
    {
    case BOBBIN_JOB_QUEUED:
      bobbin_job_set_idle (self);
      return FALSE;
    case BOBBIN_JOB_RUNNING:
      bobbin_job_set_state (self, BOBBIN_JOB_STOPPING);
      g_cancellable_cancel (priv->run->cancellable);
      return TRUE;
    case BOBBIN_JOB_STOPPING:
      return TRUE;
    case BOBBIN_JOB_IDLE:
    case BOBBIN_JOB_DONE:
    case BOBBIN_JOB_FAILED:
    default:
      return FALSE;
    }
}

/**
 * bobbin_job_stop_async:
 * @self: a job
 * @callback: (nullable): called when the job has stopped
 * @user_data: for @callback
 *
 * Stops the job, from any state, and calls back when it has stopped: the worker has returned, its
 * files are closed, what it had is noted down for the next run. The last of stop and start counts:
 * a start that waited for an earlier stop is taken back. Stopping what does not run succeeds. A run
 * that was finished before the stop reached it ends %BOBBIN_JOB_DONE.
 */
void
bobbin_job_stop_async (BobbinJob *self, GAsyncReadyCallback callback, gpointer user_data)
{
  BobbinJobPrivate *priv = bobbin_job_get_private (self);
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (BOBBIN_IS_JOB (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_job_stop_async);
  g_task_set_name (task, "[bobbin] stop");

  if (bobbin_job_cancel (self))
    priv->run->stoppers = g_list_prepend (priv->run->stoppers, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * bobbin_job_stop_finish:
 * @self: a job
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE: the job has stopped
 */
gboolean
bobbin_job_stop_finish (BobbinJob *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * bobbin_job_restart:
 * @self: a job that is in a queue
 *
 * Ends the present run, if there is one, and starts another when it has been joined, unless that
 * one was done before. One that waits for its turn goes on waiting; one that was put off waits for
 * nothing else.
 *
 * Returns: %FALSE if the queue is closing and nothing begins any more
 */
gboolean
bobbin_job_restart (BobbinJob *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB (self), FALSE);

  if (bobbin_job_is_active (self) && (!bobbin_job_is_queued (self) || bobbin_job_is_put_off (self)))
    bobbin_job_stop_async (self, NULL, NULL);

  return bobbin_job_start (self);
}

/**
 * bobbin_job_starts_again:
 * @self: a job
 *
 * That a job is idle is told of between two runs, too.
 *
 * Returns: whether there is a run that ends only for another one to begin
 */
gboolean
bobbin_job_starts_again (BobbinJob *self)
{
  const BobbinJobRun *run;

  g_return_val_if_fail (BOBBIN_IS_JOB (self), FALSE);

  run = bobbin_job_get_private (self)->run;

  return run != NULL && run->start_again;
}
