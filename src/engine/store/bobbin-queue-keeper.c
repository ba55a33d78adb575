/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Keeps a queue: what is in it, in which order, and how the jobs fare, so that the next start finds
 * it as it was. A job that leaves the queue is kept until bobbin_queue_keeper_forget(), for its
 * removal may be undone: a crash meanwhile brings it back.
 *
 * Each job has a place, a number; the queue's order is theirs. Places have gaps between them, and a
 * job that is moved gets one in a gap: most moves write one row. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-queue-keeper-private.h"

#include "bobbin-error.h"
#include "bobbin-job-settings.h"
#include "bobbin-store-job.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (BobbinQueueKeeper, bobbin_queue_keeper, G_TYPE_OBJECT)

enum
{
  TROUBLE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Tells the user, once until it is well again. */
void
bobbin_queue_keeper_complain (BobbinQueueKeeper *self, const char *sentence)
{
  if (self->troubled)
    return;

  self->troubled = TRUE;
  g_signal_emit (self, signals[TROUBLE], 0, sentence);
}

/* ---- the jobs */

/* Gives what is known of a job that is kept; NULL if it is not. */
BobbinKept *
bobbin_queue_keeper_get_kept (BobbinJob *job)
{
  return bobbin_job_get_private (job)->kept;
}

static BobbinKept *
keep (BobbinJob *job, gint64 number)
{
  BobbinJobPrivate *priv = bobbin_job_get_private (job);

  g_assert (priv->kept == NULL);

  priv->kept = g_new0 (BobbinKept, 1);
  priv->kept->number = number;

  return priv->kept;
}

/* A new job, behind all others. */
void
bobbin_queue_keeper_keep (BobbinQueueKeeper *self, BobbinJob *job, BobbinStoreState state)
{
  BobbinKept *kept = keep (job, ++self->last_number);

  bobbin_job_id_new (kept->id);
  kept->place = self->last_place += BOBBIN_STORE_GAP;
  kept->state = state;
}

/* A job of before. */
void
bobbin_queue_keeper_keep_row (BobbinQueueKeeper *self, BobbinJob *job, const BobbinStoreJob *row)
{
  BobbinKept *kept = keep (job, row->number);

  bobbin_job_id_parse (kept->id, row->id);
  kept->place = row->place;
  kept->state = row->state;
}

void
bobbin_queue_keeper_drop (BobbinJob *job)
{
  g_clear_pointer (&bobbin_job_get_private (job)->kept, g_free);
}

/* When the queue closes it stops what runs: that is to go on at the next start. */
static BobbinStoreState
judge (BobbinQueueKeeper *self, BobbinJob *job)
{
  switch (bobbin_job_get_state (job))
    {
    case BOBBIN_JOB_QUEUED:
    case BOBBIN_JOB_RUNNING:
      return BOBBIN_STORE_ACTIVE;
    case BOBBIN_JOB_DONE:
      return BOBBIN_STORE_DONE;
    case BOBBIN_JOB_FAILED:
      return BOBBIN_STORE_FAILED;
    case BOBBIN_JOB_IDLE:
    case BOBBIN_JOB_STOPPING:
    default:
      if (bobbin_job_starts_again (job))
        return BOBBIN_STORE_ACTIVE;

      return bobbin_job_queue_is_closing (self->queue) ? bobbin_queue_keeper_get_kept (job)->state
                                                       : BOBBIN_STORE_IDLE;
    }
}

static void
on_job_changed (BobbinQueueKeeper *self, BobbinJob *job, gboolean chosen)
{
  if (bobbin_queue_keeper_get_kept (job) == NULL)
    return;

  if (chosen)
    bobbin_queue_keeper_put_in_turn (self, job);
  else
    bobbin_queue_keeper_put_soon (self, job);
}

static void
on_job_state (BobbinQueueKeeper *self, BobbinJob *job)
{
  BobbinKept *kept = bobbin_queue_keeper_get_kept (job);
  BobbinStoreState state;

  if (kept == NULL)
    return;

  state = judge (self, job);
  if (state == kept->state && state == BOBBIN_STORE_ACTIVE)
    return;

  /* A file that is there is not to be downloaded again. */
  if (state == BOBBIN_STORE_DONE || state == BOBBIN_STORE_FAILED)
    bobbin_queue_keeper_put_ended (self, job);
  else if (state != kept->state)
    bobbin_queue_keeper_put_in_turn (self, job); /* somebody started it, or stopped it */
  else
    bobbin_queue_keeper_put_soon (self, job);
  kept->state = state;
}

/* ---- the order */

static BobbinKept *
find_at (BobbinQueueKeeper *self, guint position)
{
  g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), position);

  return job != NULL ? bobbin_queue_keeper_get_kept (job) : NULL;
}

/* Its new place may be among those that have not been read yet. */
static void
note_moved (BobbinQueueKeeper *self, const BobbinKept *kept)
{
  if (self->open == NULL)
    return;

  if (self->moved == NULL)
    self->moved = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_hash_table_add (self->moved, g_memdup2 (&kept->number, sizeof kept->number));
}

static void
set_place (BobbinQueueKeeper *self, BobbinJob *job, gint64 place)
{
  BobbinKept *kept = bobbin_queue_keeper_get_kept (job);

  if (kept->place == place)
    return;

  kept->place = place;
  self->last_place = MAX (self->last_place, place);
  note_moved (self, kept);
  if (!self->broken)
    bobbin_queue_keeper_place_now (self, job);
}

/* There is no gap left somewhere. */
static void
place_all (BobbinQueueKeeper *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->queue));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      if (bobbin_queue_keeper_get_kept (job) != NULL)
        set_place (self, job, (gint64) BOBBIN_STORE_GAP * i);
    }
}

/* Gives the job at @position a place between its neighbours' if it has none there. */
static void
place (BobbinQueueKeeper *self, guint position)
{
  g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), position);
  BobbinKept *kept = bobbin_queue_keeper_get_kept (job);
  BobbinKept *before = position > 0 ? find_at (self, position - 1) : NULL;
  BobbinKept *after = find_at (self, position + 1);

  /* It may be of a kind that is not kept. */
  if (kept == NULL || ((before == NULL || before->place < kept->place) &&
                       (after == NULL || kept->place < after->place)))
    return;

  if (after == NULL)
    set_place (self, job, self->last_place + BOBBIN_STORE_GAP);
  else if (before == NULL)
    set_place (self, job, after->place - BOBBIN_STORE_GAP);
  else if (after->place - before->place >= 2)
    set_place (self, job, before->place + (after->place - before->place) / 2);
  else
    place_all (self);
}

/* One that somebody put into the queue without asking us is kept all the same. */
static void
take_up (BobbinQueueKeeper *self, guint position)
{
  g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), position);

  if (bobbin_queue_keeper_get_kept (job) != NULL)
    {
      place (self, position);
    }
  else if (bobbin_job_settings_get_kind (job) != NULL)
    {
      bobbin_queue_keeper_keep (self, job, BOBBIN_STORE_IDLE);
      place (self, position);
      bobbin_queue_keeper_put_in_turn (self, job);
    }
}

/* What is moved is taken out and put in again, which only looks like another one: it is known. */
static void
on_items_changed (BobbinQueueKeeper *self,
                  guint position,
                  guint n_removed,
                  guint n_added,
                  GListModel *queue)
{
  /* Numbers and places are known only when it is open. */
  if (self->taking || !self->opened)
    return;

  for (guint i = 0; i < n_added; i++)
    take_up (self, position + i);
}

/* What was put into the queue before it was open. */
void
bobbin_queue_keeper_take_up_all (BobbinQueueKeeper *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->queue));

  for (guint i = 0; i < n; i++)
    take_up (self, i);
}

/* ---- the object */

static void
bobbin_queue_keeper_dispose (GObject *object)
{
  BobbinQueueKeeper *self = BOBBIN_QUEUE_KEEPER (object);

  /* What is under way holds the keeper; what waits for its time is gone after the close. */
  g_assert (self->turn == NULL && self->dirty_source == 0 && self->open == NULL);
  g_assert (self->sure_source == 0);

  g_clear_object (&self->ended_last);
  g_queue_clear_full (&self->dirty, g_object_unref);
  g_clear_pointer (&self->moved, g_hash_table_unref);
  g_clear_pointer (&self->early, g_ptr_array_unref);
  g_clear_pointer (&self->removed, g_array_unref);
  g_clear_object (&self->store);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (bobbin_queue_keeper_parent_class)->dispose (object);
}

static void
bobbin_queue_keeper_class_init (BobbinQueueKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_queue_keeper_dispose;

  /**
   * BobbinQueueKeeper::trouble:
   * @self: the keeper
   * @sentence: what happened, for a person
   *
   * The list was not found as it was left, or cannot be written now. It is tried again.
   */
  signals[TROUBLE] = g_signal_new ("trouble", BOBBIN_TYPE_QUEUE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bobbin_queue_keeper_init (BobbinQueueKeeper *self)
{
  g_queue_init (&self->dirty);
  self->early = g_ptr_array_new_with_free_func (g_object_unref);
  self->removed = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_queue_init (&self->intake);
}

/**
 * bobbin_queue_keeper_new:
 * @queue: an empty queue
 * @path: (type filename): where the list of jobs is, or shall be
 *
 * Makes what keeps @queue; nothing is opened yet.
 *
 * Returns: (transfer full): a keeper, to be ended with bobbin_queue_keeper_close_async() once it
 * was opened
 */
BobbinQueueKeeper *
bobbin_queue_keeper_new (BobbinJobQueue *queue, const char *path)
{
  BobbinQueueKeeper *self;

  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (queue), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (BOBBIN_TYPE_QUEUE_KEEPER, NULL);
  self->queue = g_object_ref (queue);
  self->store = bobbin_store_new (path);
  g_signal_connect_object (queue, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "job-state", G_CALLBACK (on_job_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "job-changed", G_CALLBACK (on_job_changed), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * bobbin_queue_keeper_forget:
 * @self: a keeper
 * @job: a job that has left the queue for good
 *
 * Takes @job out of the store. Does nothing for one that is not kept.
 */
void
bobbin_queue_keeper_forget (BobbinQueueKeeper *self, BobbinJob *job)
{
  BobbinKept *kept;

  g_return_if_fail (BOBBIN_IS_QUEUE_KEEPER (self));
  g_return_if_fail (!bobbin_job_queue_find (self->queue, job, NULL));

  kept = bobbin_queue_keeper_get_kept (job);
  if (kept == NULL)
    return;

  if (self->opened && !self->broken && !self->ended)
    {
      /* It may have finished just now, which outlives it. */
      if (kept->is_dirty && kept->state == BOBBIN_STORE_DONE)
        bobbin_queue_keeper_put_now (self, job);
      bobbin_queue_keeper_remove_now (self, kept->number);
    }
  bobbin_queue_keeper_drop (job);
}

/**
 * bobbin_queue_keeper_dup_id:
 * @self: a keeper
 * @job: a job that is kept
 *
 * Returns: (transfer full) (nullable): the UUID that names @job at every start
 */
char *
bobbin_queue_keeper_dup_id (BobbinQueueKeeper *self, BobbinJob *job)
{
  BobbinKept *kept;

  g_return_val_if_fail (BOBBIN_IS_QUEUE_KEEPER (self), NULL);

  kept = bobbin_queue_keeper_get_kept (job);

  return kept != NULL ? bobbin_job_id_format (kept->id) : NULL;
}

/**
 * bobbin_queue_keeper_find:
 * @self: a keeper
 * @id: what may be the UUID of a job
 *
 * Returns: (transfer none) (nullable): the job in the queue that bobbin_queue_keeper_dup_id() gives
 *   @id of
 */
BobbinJob *
bobbin_queue_keeper_find (BobbinQueueKeeper *self, const char *id)
{
  GListModel *jobs;
  guint8 bytes[BOBBIN_JOB_ID_SIZE];

  g_return_val_if_fail (BOBBIN_IS_QUEUE_KEEPER (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  if (!bobbin_job_id_parse (bytes, id))
    return NULL;

  jobs = G_LIST_MODEL (self->queue);
  for (guint i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (jobs, i);
      const BobbinKept *kept = bobbin_queue_keeper_get_kept (job);

      if (kept != NULL && memcmp (kept->id, bytes, sizeof bytes) == 0)
        return job;
    }

  return NULL;
}

/**
 * bobbin_queue_keeper_get_number:
 * @self: a keeper
 * @job: a job
 *
 * Returns: the number that names @job in the store; 0 if it is not kept
 */
gint64
bobbin_queue_keeper_get_number (BobbinQueueKeeper *self, BobbinJob *job)
{
  BobbinKept *kept;

  g_return_val_if_fail (BOBBIN_IS_QUEUE_KEEPER (self), 0);

  kept = bobbin_queue_keeper_get_kept (job);

  return kept != NULL && !self->broken ? kept->number : 0;
}

/**
 * bobbin_queue_keeper_get_store:
 * @self: a keeper
 *
 * Returns: (transfer none): what it keeps the queue in; open until the keeper is closed
 */
BobbinStore *
bobbin_queue_keeper_get_store (BobbinQueueKeeper *self)
{
  g_return_val_if_fail (BOBBIN_IS_QUEUE_KEEPER (self), NULL);

  return self->store;
}

/* ---- the log of before */

static void
add_older_lines (BobbinEventLog *log, GPtrArray *events)
{
  g_autoptr (BobbinEvent) first = g_list_model_get_item (G_LIST_MODEL (log), 0);
  const gint64 begin = first != NULL ? bobbin_event_get_time (first) : G_MAXINT64;

  for (guint i = events->len; i-- > 0;)
    {
      const BobbinStoreEvent *event = g_ptr_array_index (events, i);

      if (event->time < begin)
        bobbin_event_log_add_older (log, event->kind, event->time, event->code, event->text);
    }
}

static void
on_log_read (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BobbinJob *job = g_task_get_task_data (task);
  BobbinKept *kept = bobbin_queue_keeper_get_kept (job);
  g_autoptr (GPtrArray) events = NULL;
  GError *error = NULL;

  events = bobbin_store_read_events_finish (BOBBIN_STORE (object), result, &error);
  if (events == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (kept != NULL && !kept->log_loaded)
    add_older_lines (bobbin_job_get_event_log (job), events);
  if (kept != NULL)
    kept->log_loaded = TRUE;
  g_task_return_boolean (task, TRUE);
}

/**
 * bobbin_queue_keeper_load_log_async:
 * @self: a keeper
 * @job: a job that is kept
 * @callback: (nullable): called when its log is complete
 * @user_data: for @callback
 *
 * Puts the lines of before the program was started into the log of @job. They are not there from
 * the start: the logs of a long list are much, and of few jobs they are looked at.
 */
void
bobbin_queue_keeper_load_log_async (BobbinQueueKeeper *self,
                                    BobbinJob *job,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task;
  BobbinKept *kept;

  g_return_if_fail (BOBBIN_IS_QUEUE_KEEPER (self));
  g_return_if_fail (BOBBIN_IS_JOB (job));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_queue_keeper_load_log_async);
  g_task_set_name (task, "[bobbin] load log");
  g_task_set_task_data (task, g_object_ref (job), g_object_unref);

  kept = bobbin_queue_keeper_get_kept (job);
  if (kept == NULL || kept->log_loaded || self->broken)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  bobbin_store_read_events_async (self->store, kept->number, on_log_read, task);
}

/**
 * bobbin_queue_keeper_load_log_finish:
 * @self: a keeper
 * @result: what the callback got
 * @error: what the disk says
 *
 * Returns: whether the log is complete
 */
gboolean
bobbin_queue_keeper_load_log_finish (BobbinQueueKeeper *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- the end */

static void
on_store_closed (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinQueueKeeper) self = user_data;
  g_autoptr (GTask) close = g_steal_pointer (&self->close);
  GError *error = NULL;

  if (bobbin_store_close_finish (BOBBIN_STORE (object), result, &error))
    g_task_return_boolean (close, TRUE);
  else
    g_task_return_error (close, error);
}

/* Hands the last of it to the store, and closes that; called again until all has been written. */
void
bobbin_queue_keeper_end (BobbinQueueKeeper *self)
{
  if (self->ended || !bobbin_queue_keeper_write_rest (self))
    return;

  self->ended = TRUE;
  bobbin_store_close_async (self->store, on_store_closed, g_object_ref (self));
}

/**
 * bobbin_queue_keeper_close_async:
 * @self: a keeper that was opened
 * @callback: (nullable): called when all is on the disk, and the store's thread joined
 * @user_data: for @callback
 *
 * Writes what has not been written yet and closes the store. To be called when the queue has been
 * shut down. May be called once.
 */
void
bobbin_queue_keeper_close_async (BobbinQueueKeeper *self,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  gboolean is_opening;

  g_return_if_fail (BOBBIN_IS_QUEUE_KEEPER (self));
  g_return_if_fail (!self->closing);

  is_opening = self->open != NULL && !self->opened;
  self->closing = TRUE;
  self->close = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->close, bobbin_queue_keeper_close_async);
  g_task_set_name (self->close, "[bobbin] close the list");

  bobbin_queue_keeper_end_load (self);
  /* Else when it is open, for there may be something to put down, or when that write is through. */
  if (!is_opening && !self->writing)
    bobbin_queue_keeper_end (self);
}

/**
 * bobbin_queue_keeper_close_finish:
 * @self: a keeper
 * @result: what the callback got
 * @error: why the store was not open
 *
 * Returns: whether the store was closed
 */
gboolean
bobbin_queue_keeper_close_finish (BobbinQueueKeeper *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
