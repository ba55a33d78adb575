/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * All jobs, in their order: a GListModel for the views, and the one place that decides what runs.
 * Transfers wait for a slot and get it in the order of the list; probes start at once. It owns the
 * pools and the mailbox that runs use, and bobbin_job_queue_shutdown_async() is how all of it ends:
 * nothing new begins, every run is cancelled and awaited, every thread joined.
 *
 * Main thread only.
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
  PROP_CLOSING,
} BobbinJobQueueProperty;

static GParamSpec *props[PROP_CLOSING + 1];

static GType
bobbin_job_queue_get_item_type (GListModel *model)
{
  return BOBBIN_TYPE_JOB;
}

static guint
bobbin_job_queue_get_n_items (GListModel *model)
{
  return g_sequence_get_length (BOBBIN_JOB_QUEUE (model)->entries);
}

static gpointer
bobbin_job_queue_get_item (GListModel *model, guint position)
{
  GSequenceIter *iter = g_sequence_get_iter_at_pos (BOBBIN_JOB_QUEUE (model)->entries, position);
  BobbinJobQueueEntry *entry;

  if (g_sequence_iter_is_end (iter))
    return NULL;

  entry = g_sequence_get (iter);

  return g_object_ref (entry->job);
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

static void
entry_free (gpointer data)
{
  BobbinJobQueueEntry *entry = data;

  g_clear_signal_handler (&entry->handler, entry->job);
  bobbin_job_set_queue (entry->job, NULL, NULL);
  g_object_unref (entry->job);
  g_free (entry);
}

static int
entry_compare_places (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const BobbinJobQueueEntry *entry_a = a;
  const BobbinJobQueueEntry *entry_b = b;

  return g_sequence_iter_compare (entry_a->iter, entry_b->iter);
}

static gboolean
state_is_running (BobbinJobState state)
{
  return state == BOBBIN_JOB_RUNNING || state == BOBBIN_JOB_STOPPING;
}

/*
 * bobbin_job_queue_set_waiting:
 * @self: a queue
 * @entry: one of its entries
 * @waiting: whether it waits for a slot
 *
 * Puts @entry among those who wait, at the place that its own place in the list gives it, or takes
 * it from among them.
 */
void
bobbin_job_queue_set_waiting (BobbinJobQueue *self, BobbinJobQueueEntry *entry, gboolean waiting)
{
  if (waiting == (entry->waiting != NULL))
    return;

  if (waiting)
    {
      entry->waiting = g_sequence_insert_sorted (self->waiting, entry, entry_compare_places, NULL);
    }
  else
    {
      g_sequence_remove (entry->waiting);
      entry->waiting = NULL;
    }
}

static BobbinJobQueueEntry *
bobbin_job_queue_get_next (BobbinJobQueue *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->waiting);

  return g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
}

static void
bobbin_job_queue_count (BobbinJobQueue *self,
                        BobbinJobQueueEntry *entry,
                        BobbinJobState state,
                        int by)
{
  if (!state_is_running (state))
    return;

  self->n_running += by;
  if (bobbin_job_get_lane (entry->job) == BOBBIN_LANE_TRANSFER)
    self->n_slots += by;
}

/* Keeps up with a job's state; says whether there was anything new. Whoever launches a job calls it
 * too: a state that changes while the last change is still being told is told only afterwards
 * (GObject::notify is G_SIGNAL_NO_RECURSE), and until then the counts would be those of before. */
static gboolean
bobbin_job_queue_follow (BobbinJobQueue *self, BobbinJobQueueEntry *entry)
{
  const BobbinJobState state = bobbin_job_get_state (entry->job);

  if (entry->state == state)
    return FALSE;

  bobbin_job_queue_count (self, entry, entry->state, -1);
  entry->state = state;
  bobbin_job_queue_count (self, entry, entry->state, +1);
  if (bobbin_job_get_lane (entry->job) == BOBBIN_LANE_TRANSFER)
    bobbin_job_queue_set_waiting (self, entry, state == BOBBIN_JOB_QUEUED);

  return TRUE;
}

/* Gives free slots to those who wait. Launching changes states and so comes back here: once is
 * enough. */
static void
bobbin_job_queue_schedule (BobbinJobQueue *self)
{
  BobbinJobQueueEntry *entry;

  if (self->scheduling)
    return;

  self->scheduling = TRUE;
  while (self->n_slots < self->max_transfers && (entry = bobbin_job_queue_get_next (self)) != NULL)
    {
      /* It may have been stopped by somebody who was told of it before us. */
      if (bobbin_job_is_queued (entry->job))
        bobbin_job_launch (entry->job, self->transfers, self->mailbox);
      bobbin_job_queue_follow (self, entry);
    }
  self->scheduling = FALSE;
}

static void
on_pools_closed (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  guint *n_open = g_task_get_task_data (task);

  bobbin_worker_pool_close_finish (BOBBIN_WORKER_POOL (object), result, NULL);
  if (--*n_open == 0)
    g_task_return_boolean (task, TRUE);
}

/* The last run has ended: the threads are next. */
static void
bobbin_job_queue_close_pools (BobbinJobQueue *self)
{
  GList *closers = g_steal_pointer (&self->closers);

  for (GList *l = closers; l != NULL; l = l->next)
    {
      GTask *task = l->data;

      g_task_set_task_data (task, g_memdup2 (&(guint){ 2 }, sizeof (guint)), g_free);
      bobbin_worker_pool_close_async (self->transfers, on_pools_closed, g_object_ref (task));
      bobbin_worker_pool_close_async (self->probes, on_pools_closed, g_object_ref (task));
    }
  g_list_free_full (closers, g_object_unref);
}

static void
bobbin_job_queue_notify_counts (BobbinJobQueue *self)
{
  const guint n_waiting = bobbin_job_queue_get_n_waiting (self);
  const gboolean running_changed = self->told_running != self->n_running;
  const gboolean waiting_changed = self->told_waiting != n_waiting;

  self->told_running = self->n_running;
  self->told_waiting = n_waiting;
  if (running_changed || waiting_changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_ACTIVE]);
  if (running_changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_RUNNING]);
  if (waiting_changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_WAITING]);
}

static void
on_job_state (BobbinJob *job, GParamSpec *pspec, BobbinJobQueue *self)
{
  BobbinJobQueueEntry *entry = g_hash_table_lookup (self->by_job, job);

  g_assert (self->owner == g_thread_self ());

  if (!bobbin_job_queue_follow (self, entry))
    return;

  if (bobbin_job_get_lane (job) == BOBBIN_LANE_PROBE && entry->state == BOBBIN_JOB_QUEUED)
    {
      bobbin_job_launch (job, self->probes, self->mailbox);
      bobbin_job_queue_follow (self, entry);
    }

  bobbin_job_queue_schedule (self);
  bobbin_job_queue_notify_counts (self);
  if (self->closers != NULL && bobbin_job_queue_get_n_active (self) == 0)
    bobbin_job_queue_close_pools (self);
}

static gboolean
on_job_admit (BobbinJob *job, gpointer user_data)
{
  return !BOBBIN_JOB_QUEUE (user_data)->closing;
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

  /* The entries hold the jobs, the jobs' runs hold nothing of the queue: end it first. */
  g_assert (self->n_running == 0);

  g_clear_pointer (&self->waiting, g_sequence_free);
  g_clear_pointer (&self->by_job, g_hash_table_unref);
  g_clear_pointer (&self->entries, g_sequence_free);
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
  props[PROP_CLOSING] = g_param_spec_boolean ("closing", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bobbin_job_queue_init (BobbinJobQueue *self)
{
  self->owner = g_thread_self ();
  self->entries = g_sequence_new (entry_free);
  self->waiting = g_sequence_new (NULL);
  self->by_job = g_hash_table_new (NULL, NULL);
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
  BobbinJobQueueEntry *entry = g_new0 (BobbinJobQueueEntry, 1);

  entry->job = g_object_ref (job);
  entry->state = bobbin_job_get_state (job);
  entry->iter = g_sequence_insert_before (before, entry);
  entry->handler = g_signal_connect (job, "notify::state", G_CALLBACK (on_job_state), self);
  g_hash_table_insert (self->by_job, job, entry);
  bobbin_job_set_queue (job, on_job_admit, self);
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
  g_return_val_if_fail (!g_hash_table_contains (self->by_job, job), FALSE);
  g_assert (self->owner == g_thread_self ());

  if (self->closing)
    return FALSE;

  position = MIN (position, (guint) g_sequence_get_length (self->entries));
  bobbin_job_queue_take (self, job, g_sequence_get_iter_at_pos (self->entries, position));
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
  const guint position = g_sequence_get_length (self->entries);

  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), 0);
  g_assert (self->owner == g_thread_self ());

  if (self->closing || jobs->len == 0)
    return 0;

  for (guint i = 0; i < jobs->len; i++)
    bobbin_job_queue_take (self, g_ptr_array_index (jobs, i),
                           g_sequence_get_end_iter (self->entries));
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, jobs->len);

  return jobs->len;
}

/**
 * bobbin_job_queue_find:
 * @self: a queue
 * @job: a job
 * @position: (out) (optional): where @job stands
 *
 * Returns: whether @job is in @self
 */
gboolean
bobbin_job_queue_find (BobbinJobQueue *self, BobbinJob *job, guint *position)
{
  BobbinJobQueueEntry *entry;

  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), FALSE);

  entry = g_hash_table_lookup (self->by_job, job);
  if (entry != NULL && position != NULL)
    *position = g_sequence_iter_get_position (entry->iter);

  return entry != NULL;
}

static void
on_removed_job_stopped (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BobbinJobQueue *self = g_task_get_source_object (task);
  BobbinJob *job = BOBBIN_JOB (object);
  int position = -1;
  BobbinJobQueueEntry *entry = g_hash_table_lookup (self->by_job, job);

  bobbin_job_stop_finish (job, result, NULL);

  if (entry != NULL && bobbin_job_is_active (job))
    {
      /* started again meanwhile */
      bobbin_job_stop_async (job, on_removed_job_stopped, g_steal_pointer (&task));
      return;
    }

  if (entry != NULL)
    {
      position = g_sequence_iter_get_position (entry->iter);
      g_hash_table_remove (self->by_job, job);
      g_sequence_remove (entry->iter);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
    }
  g_task_return_int (task, position);
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
 * bobbin_job_queue_set_max_transfers:
 * @self: a queue
 * @max_transfers: so many transfers may run at once, at least 1
 *
 * Changes the bound. A higher one starts more at once; a lower one stops none, it lets fewer begin.
 */
void
bobbin_job_queue_set_max_transfers (BobbinJobQueue *self, guint max_transfers)
{
  g_return_if_fail (BOBBIN_IS_JOB_QUEUE (self));
  g_return_if_fail (max_transfers > 0);

  if (self->max_transfers == max_transfers)
    return;

  self->max_transfers = max_transfers;
  bobbin_worker_pool_set_max_threads (self->transfers, max_transfers);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MAX_TRANSFERS]);
  bobbin_job_queue_schedule (self);
}

/**
 * bobbin_job_queue_get_n_active:
 * @self: a queue
 *
 * Returns: how many jobs wait, run or are being stopped
 */
guint
bobbin_job_queue_get_n_active (BobbinJobQueue *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), 0);

  return self->n_running + bobbin_job_queue_get_n_waiting (self);
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
 * Returns: how many jobs wait for a slot
 */
guint
bobbin_job_queue_get_n_waiting (BobbinJobQueue *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), 0);

  return g_sequence_get_length (self->waiting);
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

/**
 * bobbin_job_queue_shutdown_async:
 * @self: a queue
 * @callback: (nullable): called when all has ended
 * @user_data: for @callback
 *
 * The end: refuses what is new, cancels every run, waits for each, joins every thread, and only
 * then calls back. There is no deadline; memory that a live thread uses is never freed. May be
 * called again; every call waits for the same end.
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
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CLOSING]);
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
