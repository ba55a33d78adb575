/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * All jobs, in their order: a GListModel for the views, and the one place where all that happens to
 * any job is heard of. It owns the pools and the mailbox that runs use. What runs is decided in
 * bobbin-job-queue-run.c. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-queue-private.h"

#include "bobbin-job-private.h"

#define DEFAULT_MAX_TRANSFERS 4

/* Probes are short. One that lasts this long is taken to be stuck, and makes room for others. */
#define PROBE_THREADS     8
#define PROBE_STUCK_AFTER (30 * G_TIME_SPAN_MILLISECOND)
#define PROBE_MAX_STUCK   512

typedef enum
{
  PROP_MAX_TRANSFERS = 1,
  PROP_N_ACTIVE,
  PROP_N_RUNNING,
  PROP_N_WAITING,
  PROP_RATE,
  PROP_CLOSING,
} BobbinJobQueueProperty;

static GParamSpec *props[PROP_CLOSING + 1];

enum
{
  JOB_STATE,
  JOB_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static GType
bobbin_job_queue_get_item_type (GListModel *model)
{
  return BOBBIN_TYPE_JOB;
}

static guint
bobbin_job_queue_get_n_items (GListModel *model)
{
  BobbinJobQueue *self = BOBBIN_JOB_QUEUE (model);

  return g_sequence_get_length (self->jobs) - (self->hidden != NULL ? 1 : 0);
}

static gpointer
bobbin_job_queue_get_item (GListModel *model, guint position)
{
  BobbinJobQueue *self = BOBBIN_JOB_QUEUE (model);
  GSequenceIter *iter;

  if (self->hidden != NULL && position >= (guint) g_sequence_iter_get_position (self->hidden))
    position++;
  iter = g_sequence_get_iter_at_pos (self->jobs, position);

  return g_sequence_iter_is_end (iter) ? NULL : g_object_ref (g_sequence_get (iter));
}

static void
bobbin_job_queue_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = bobbin_job_queue_get_item_type;
  iface->get_n_items = bobbin_job_queue_get_n_items;
  iface->get_item = bobbin_job_queue_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinJobQueue,
                               bobbin_job_queue,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      bobbin_job_queue_list_model_init))

static BobbinJobPlace *
get_place (BobbinJob *job)
{
  return &bobbin_job_get_private (job)->place;
}

static void
release_job (gpointer data)
{
  *get_place (data) = (BobbinJobPlace){ 0 };
  g_object_unref (data);
}

/* What has changed of how many run and wait is told. */
void
bobbin_job_queue_notify_counts (BobbinJobQueue *self)
{
  const guint n_waiting = bobbin_job_queue_get_n_waiting (self);
  const gboolean running_changed = self->told_running != self->n_running;
  const gboolean waiting_changed = self->told_waiting != n_waiting;
  const guint n_active = bobbin_job_queue_get_n_active (self);
  const gboolean active_changed = self->told_active != n_active;

  self->told_running = self->n_running;
  self->told_waiting = n_waiting;
  self->told_active = n_active;
  if (active_changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_ACTIVE]);
  if (running_changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_RUNNING]);
  if (waiting_changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_WAITING]);
}

void
bobbin_job_queue_notify_closing (BobbinJobQueue *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CLOSING]);
}

void
bobbin_job_queue_notify_rate (BobbinJobQueue *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RATE]);
}

void
bobbin_job_queue_emit_state (BobbinJobQueue *self, BobbinJob *job)
{
  g_signal_emit (self, signals[JOB_STATE], 0, job);
}

/* Something of @job that is kept, but for its state, is not what it was. */
void
bobbin_job_queue_hear_change (BobbinJobQueue *self, BobbinJob *job, gboolean chosen)
{
  g_signal_emit (self, signals[JOB_CHANGED], 0, job, chosen);
}

static void
bobbin_job_queue_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinJobQueue *self = BOBBIN_JOB_QUEUE (object);

  switch ((BobbinJobQueueProperty) prop_id)
    {
    case PROP_MAX_TRANSFERS:
      g_value_set_uint (value, self->max_transfers);
      break;
    case PROP_N_ACTIVE:
      g_value_set_uint (value, bobbin_job_queue_get_n_active (self));
      break;
    case PROP_N_RUNNING:
      g_value_set_uint (value, self->n_running);
      break;
    case PROP_N_WAITING:
      g_value_set_uint (value, bobbin_job_queue_get_n_waiting (self));
      break;
    case PROP_RATE:
      g_value_set_int64 (value, bobbin_job_queue_get_rate (self, BOBBIN_TYPE_JOB));
      break;
    case PROP_CLOSING:
      g_value_set_boolean (value, self->closing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_job_queue_set_property (GObject *object,
                               guint prop_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  /* the others are read-only */
  if (prop_id == PROP_MAX_TRANSFERS)
    bobbin_job_queue_set_max_transfers (BOBBIN_JOB_QUEUE (object), g_value_get_uint (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
bobbin_job_queue_dispose (GObject *object)
{
  BobbinJobQueue *self = BOBBIN_JOB_QUEUE (object);

  /* The jobs' runs hold nothing of the queue: end it first. */
  g_assert (self->n_running == 0);

  bobbin_job_queue_clear_later (self);
  bobbin_job_queue_clear_hold (self);
  g_clear_pointer (&self->jobs, g_sequence_free);
  g_clear_pointer (&self->tallies, g_array_unref);
  g_clear_object (&self->transfers);
  g_clear_object (&self->probes);
  g_clear_pointer (&self->mailbox, bobbin_mailbox_unref);

  G_OBJECT_CLASS (bobbin_job_queue_parent_class)->dispose (object);
}

static void
bobbin_job_queue_class_init (BobbinJobQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bobbin_job_queue_get_property;
  object_class->set_property = bobbin_job_queue_set_property;
  object_class->dispose = bobbin_job_queue_dispose;

  props[PROP_MAX_TRANSFERS] = g_param_spec_uint ("max-transfers", NULL, NULL, 1, G_MAXUINT,
                                                 DEFAULT_MAX_TRANSFERS, flags | G_PARAM_WRITABLE);
  props[PROP_N_ACTIVE] = g_param_spec_uint ("n-active", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_N_RUNNING] = g_param_spec_uint ("n-running", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_N_WAITING] = g_param_spec_uint ("n-waiting", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_RATE] = g_param_spec_int64 ("rate", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_CLOSING] = g_param_spec_boolean ("closing", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  /**
   * BobbinJobQueue::job-state:
   * @self: the queue
   * @job: one of its jobs
   *
   * The state of @job is another one; bobbin_job_queue_get_n_jobs() knows of it. One signal for all
   * jobs: a handler for each of a long list is more than the list.
   */
  signals[JOB_STATE] = g_signal_new ("job-state", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, BOBBIN_TYPE_JOB);

  /**
   * BobbinJobQueue::job-changed:
   * @self: the queue
   * @job: one of its jobs
   * @chosen: whether it is %BOBBIN_PARAM_CHOSEN
   *
   * Another property of @job that is %BOBBIN_PARAM_KEPT was notified.
   */
  signals[JOB_CHANGED] =
    g_signal_new ("job-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, BOBBIN_TYPE_JOB, G_TYPE_BOOLEAN);
}

static void
bobbin_job_queue_init (BobbinJobQueue *self)
{
  self->owner = g_thread_self ();
  self->jobs = g_sequence_new (release_job);
  self->next = g_sequence_get_end_iter (self->jobs);
  bobbin_job_queue_init_later (self);
  bobbin_job_queue_init_hold (self);
  self->tallies = g_array_new (FALSE, FALSE, sizeof (BobbinJobQueueTally));
  self->mailbox = bobbin_mailbox_new ();
  self->max_transfers = DEFAULT_MAX_TRANSFERS;
  self->transfers = bobbin_worker_pool_new ("transfer", self->max_transfers);
  self->probes = bobbin_worker_pool_new ("probe", PROBE_THREADS);
  bobbin_worker_pool_set_overflow (self->probes, PROBE_STUCK_AFTER, PROBE_MAX_STUCK);
}

/**
 * bobbin_job_queue_new:
 *
 * Makes an empty queue. It lives in the thread-default main context of the caller.
 *
 * Returns: (transfer full): a queue, to be ended with bobbin_job_queue_shutdown_async() before it
 *   is unreferenced
 */
BobbinJobQueue *
bobbin_job_queue_new (void)
{
  return g_object_new (BOBBIN_TYPE_JOB_QUEUE, NULL);
}

static void
bobbin_job_queue_take (BobbinJobQueue *self, BobbinJob *job, GSequenceIter *before)
{
  BobbinJobPlace *place = get_place (job);

  g_assert (place->queue == NULL);

  place->queue = self;
  place->iter = g_sequence_insert_before (before, g_object_ref (job));
  bobbin_job_get_private (job)->seen = bobbin_job_get_state (job);
  bobbin_job_queue_count (self, job, +1);
}

/**
 * bobbin_job_queue_insert:
 * @self: a queue
 * @position: where, or a number past the end for the end
 * @job: a job that is in no queue
 *
 * Adds @job; it does not start by that.
 *
 * Returns: %FALSE if the queue is closing
 */
gboolean
bobbin_job_queue_insert (BobbinJobQueue *self, guint position, BobbinJob *job)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), FALSE);
  g_return_val_if_fail (BOBBIN_IS_JOB (job), FALSE);
  g_return_val_if_fail (!bobbin_job_is_active (job), FALSE);
  g_return_val_if_fail (get_place (job)->queue == NULL, FALSE);
  g_assert (self->owner == g_thread_self ());

  if (self->closing)
    return FALSE;

  position = MIN (position, (guint) g_sequence_get_length (self->jobs));
  bobbin_job_queue_take (self, job, g_sequence_get_iter_at_pos (self->jobs, position));
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);

  return TRUE;
}

/**
 * bobbin_job_queue_add:
 * @self: a queue
 * @job: a job that is in no queue
 *
 * Adds @job at the end; it does not start by that.
 *
 * Returns: %FALSE if the queue is closing
 */
gboolean
bobbin_job_queue_add (BobbinJobQueue *self, BobbinJob *job)
{
  return bobbin_job_queue_insert (self, G_MAXUINT, job);
}

/**
 * bobbin_job_queue_add_all:
 * @self: a queue
 * @jobs: (element-type BobbinJob): jobs that are in no queue and do not run
 *
 * Adds @jobs at the end, in one step; they do not start by that.
 *
 * Returns: how many were added: none if the queue is closing
 */
guint
bobbin_job_queue_add_all (BobbinJobQueue *self, GPtrArray *jobs)
{
  const guint position = g_sequence_get_length (self->jobs);

  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), 0);
  g_assert (self->owner == g_thread_self ());

  if (self->closing || jobs->len == 0)
    return 0;

  for (guint i = 0; i < jobs->len; i++)
    bobbin_job_queue_take (self, g_ptr_array_index (jobs, i), g_sequence_get_end_iter (self->jobs));
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, jobs->len);

  return jobs->len;
}

/* Where the views see it. */
static guint
bobbin_job_queue_get_position (BobbinJobQueue *self, BobbinJob *job)
{
  GSequenceIter *iter = get_place (job)->iter;
  const guint position = g_sequence_iter_get_position (iter);
  const gboolean is_behind =
    self->hidden != NULL && g_sequence_iter_compare (self->hidden, iter) < 0;

  return is_behind ? position - 1 : position;
}

/**
 * bobbin_job_queue_find:
 * @self: a queue
 * @job: a job
 * @position: (out) (optional): where @job stands; where it stood if it is being moved
 *
 * A job that is being moved, and for that leaves the list for a moment, is in the queue all the
 * time: whoever is told that a job was taken out can ask here whether it will be back.
 *
 * Returns: whether @job is in @self
 */
gboolean
bobbin_job_queue_find (BobbinJobQueue *self, BobbinJob *job, guint *position)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), FALSE);
  g_return_val_if_fail (BOBBIN_IS_JOB (job), FALSE);

  if (get_place (job)->queue != self)
    return FALSE;

  if (position != NULL)
    *position = bobbin_job_queue_get_position (self, job);

  return TRUE;
}

/* Of a job that is not active. */
static int
bobbin_job_queue_release (BobbinJobQueue *self, BobbinJob *job)
{
  GSequenceIter *iter = get_place (job)->iter;
  const int position = g_sequence_iter_get_position (iter);

  bobbin_job_queue_count (self, job, -1);
  bobbin_job_queue_skip_next (self, job);
  bobbin_job_queue_forget_urgent (self, job);
  g_sequence_remove (iter);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);

  return position;
}

static void
on_removed_job_stopped (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BobbinJobQueue *self = g_task_get_source_object (task);
  BobbinJob *job = BOBBIN_JOB (object);

  bobbin_job_stop_finish (job, result, NULL);

  if (get_place (job)->queue != self)
    g_task_return_int (task, -1);
  else if (bobbin_job_is_active (job)) /* started again meanwhile */
    bobbin_job_stop_async (job, on_removed_job_stopped, g_steal_pointer (&task));
  else
    g_task_return_int (task, bobbin_job_queue_release (self, job));
}

/**
 * bobbin_job_queue_remove_async:
 * @self: a queue
 * @job: a job
 * @callback: (nullable): called when @job is gone from the queue
 * @user_data: for @callback
 *
 * Stops @job, waits until it has stopped and takes it out of the list. What it left on the disk
 * stays there.
 */
void
bobbin_job_queue_remove_async (BobbinJobQueue *self,
                               BobbinJob *job,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task;

  g_return_if_fail (BOBBIN_IS_JOB_QUEUE (self));
  g_return_if_fail (BOBBIN_IS_JOB (job));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_job_queue_remove_async);
  g_task_set_name (task, "[bobbin] remove job");
  bobbin_job_stop_async (job, on_removed_job_stopped, task);
}

/**
 * bobbin_job_queue_remove_finish:
 * @self: a queue
 * @result: what the callback got
 * @error: return location
 *
 * Returns: where the job stood when it was taken out; -1 if it was out of the queue already
 */
int
bobbin_job_queue_remove_finish (BobbinJobQueue *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/**
 * bobbin_job_queue_get_max_transfers:
 * @self: a queue
 *
 * Returns: so many transfers run at once, at most
 */
guint
bobbin_job_queue_get_max_transfers (BobbinJobQueue *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), 0);

  return self->max_transfers;
}

/**
 * bobbin_job_queue_set_watched:
 * @self: a queue
 * @watched: whether somebody looks at its jobs
 *
 * While nobody does, the bytes, rate and time left of a job are told once a second and no more
 * often, and the computer may sleep between; whatever else becomes of a job is told as soon as
 * ever.
 */
void
bobbin_job_queue_set_watched (BobbinJobQueue *self, gboolean watched)
{
  g_return_if_fail (BOBBIN_IS_JOB_QUEUE (self));

  if (self->mailbox != NULL)
    bobbin_mailbox_set_patience (self->mailbox,
                                 watched ? BOBBIN_MAILBOX_INTERVAL : G_TIME_SPAN_SECOND);
}

/**
 * bobbin_job_queue_set_max_transfers:
 * @self: a queue
 * @max_transfers: so many transfers may run at once, at least 1
 *
 * Changes the bound. A higher one starts more at once; a lower one stops none, it lets fewer begin.
 * A transfer that waits for another try, for a network or for room on the disk is not counted.
 */
void
bobbin_job_queue_set_max_transfers (BobbinJobQueue *self, guint max_transfers)
{
  g_return_if_fail (BOBBIN_IS_JOB_QUEUE (self));
  g_return_if_fail (max_transfers > 0);

  if (self->max_transfers == max_transfers)
    return;

  self->max_transfers = max_transfers;
  bobbin_worker_pool_set_max_threads (self->transfers, max_transfers + self->n_aside);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MAX_TRANSFERS]);
  bobbin_job_queue_schedule (self);
}

/**
 * bobbin_job_queue_get_n_active:
 * @self: a queue
 *
 * Returns: how many jobs wait, for whatever reason, run or are being stopped
 */
guint
bobbin_job_queue_get_n_active (BobbinJobQueue *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), 0);

  return self->n_running + bobbin_job_queue_get_n_waiting (self) +
         bobbin_job_queue_get_n_put_off (self);
}

/**
 * bobbin_job_queue_get_n_running:
 * @self: a queue
 *
 * Returns: how many jobs run or are being stopped
 */
guint
bobbin_job_queue_get_n_running (BobbinJobQueue *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), 0);

  return self->n_running;
}

/**
 * bobbin_job_queue_get_n_waiting:
 * @self: a queue
 *
 * Returns: how many jobs wait for a slot, without those of bobbin_job_queue_get_n_put_off()
 */
guint
bobbin_job_queue_get_n_waiting (BobbinJobQueue *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), 0);

  return self->n_waiting;
}

/**
 * bobbin_job_queue_get_n_put_off:
 * @self: a queue
 *
 * Returns: how many jobs were put off, and have neither been stopped nor begun to run again
 */
guint
bobbin_job_queue_get_n_put_off (BobbinJobQueue *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), 0);

  return g_sequence_get_length (self->later);
}

/**
 * bobbin_job_queue_get_n_jobs:
 * @self: a queue
 * @type: %BOBBIN_TYPE_JOB, or one of its subclasses
 * @state: a state
 *
 * Looks at no job: they are counted as they change.
 *
 * Returns: how many jobs of @type are in @state
 */
guint
bobbin_job_queue_get_n_jobs (BobbinJobQueue *self, GType type, BobbinJobState state)
{
  guint n_jobs = 0;

  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), 0);
  g_return_val_if_fail ((guint) state < BOBBIN_N_JOB_STATES, 0);

  for (guint i = 0; i < self->tallies->len; i++)
    {
      const BobbinJobQueueTally *tally = &g_array_index (self->tallies, BobbinJobQueueTally, i);

      if (g_type_is_a (tally->type, type))
        n_jobs += tally->n_jobs[state];
    }

  return n_jobs;
}

/**
 * bobbin_job_queue_get_rate:
 * @self: a queue
 * @type: %BOBBIN_TYPE_JOB, or one of its subclasses
 *
 * Looks at no job, as bobbin_job_queue_get_n_jobs() does.
 *
 * Returns: how fast all jobs of @type together are, in bytes a second; those of which that is not
 *   known are left out
 */
gint64
bobbin_job_queue_get_rate (BobbinJobQueue *self, GType type)
{
  gint64 rate = 0;

  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), 0);

  for (guint i = 0; i < self->tallies->len; i++)
    {
      const BobbinJobQueueTally *tally = &g_array_index (self->tallies, BobbinJobQueueTally, i);

      if (g_type_is_a (tally->type, type))
        rate += tally->rate;
    }

  return rate;
}

/**
 * bobbin_job_queue_is_closing:
 * @self: a queue
 *
 * Returns: whether bobbin_job_queue_shutdown_async() was called
 */
gboolean
bobbin_job_queue_is_closing (BobbinJobQueue *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), FALSE);

  return self->closing;
}

/**
 * bobbin_job_queue_get_pool:
 * @self: a queue
 * @lane: a lane
 *
 * Returns: (transfer none): the pool that executes the runs of @lane
 */
BobbinWorkerPool *
bobbin_job_queue_get_pool (BobbinJobQueue *self, BobbinLane lane)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), NULL);

  return lane == BOBBIN_LANE_TRANSFER ? self->transfers : self->probes;
}
