/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What goes to the store's thread and comes back from it: plain values that have one owner at a
 * time. A batch is a list of changes of which all are made or none. Any thread, one at a time.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-store-batch-private.h"

/**
 * bobbin_store_job_free:
 * @job: a job's values
 *
 * Frees @job and what it points to.
 */
void
bobbin_store_job_free (BobbinStoreJob *job)
{
  g_free (job->kind);
  g_free (job->settings);
  g_free (job->error);
  g_free (job->message);
  g_clear_pointer (&job->finished, bobbin_finished_free);
  g_free (job);
}

/**
 * bobbin_store_event_new:
 * @kind: what kind of thing happened
 * @time: when, in µs since 1970
 * @code: (nullable): what failed, from bobbin_error_code_name()
 * @text: a line for a person
 *
 * Returns: (transfer full): a line of a log
 */
BobbinStoreEvent *
bobbin_store_event_new (BobbinEventKind kind, gint64 time, const char *code, const char *text)
{
  BobbinStoreEvent *event = g_new0 (BobbinStoreEvent, 1);

  event->kind = kind;
  event->time = time;
  event->code = g_strdup (code);
  event->text = g_strdup (text);

  return event;
}

/**
 * bobbin_store_event_free:
 * @event: a line of a log
 */
void
bobbin_store_event_free (BobbinStoreEvent *event)
{
  g_free (event->code);
  g_free (event->text);
  g_free (event);
}

static void
change_clear (gpointer data)
{
  BobbinStoreChange *change = data;

  switch (change->kind)
    {
    case BOBBIN_STORE_PUT_JOB:
      g_clear_pointer (&change->job, bobbin_store_job_free);
      break;
    case BOBBIN_STORE_ADD_EVENTS:
      g_clear_pointer (&change->events, g_ptr_array_unref);
      break;
    case BOBBIN_STORE_ADD_SAMPLES:
      g_clear_pointer (&change->samples, g_bytes_unref);
      break;
    case BOBBIN_STORE_ADD_FINISHED:
      g_clear_pointer (&change->finished, bobbin_finished_free);
      break;
    case BOBBIN_STORE_SET_PLACE:
    case BOBBIN_STORE_REMOVE_JOB:
    case BOBBIN_STORE_REMOVE_FINISHED:
    case BOBBIN_STORE_CLEAR_FINISHED:
    case BOBBIN_STORE_EXPIRE_FINISHED:
    default:
      break;
    }
}

/**
 * bobbin_store_batch_new:
 * @durable: whether it is written only when the disk says so (fsync(2)); else a crash of the
 * program loses nothing of it, but one of the machine may
 *
 * Returns: (transfer full): an empty batch
 */
BobbinStoreBatch *
bobbin_store_batch_new (gboolean durable)
{
  BobbinStoreBatch *self = g_new0 (BobbinStoreBatch, 1);

  self->durable = durable;
  self->changes = g_array_new (FALSE, FALSE, sizeof (BobbinStoreChange));
  g_array_set_clear_func (self->changes, change_clear);

  return self;
}

/**
 * bobbin_store_batch_free:
 * @self: a batch
 *
 * Frees a batch that will not be written, or has been.
 */
void
bobbin_store_batch_free (BobbinStoreBatch *self)
{
  g_array_unref (self->changes);
  g_free (self);
}

/**
 * bobbin_store_batch_is_empty:
 * @self: a batch
 *
 * Returns: whether it would change nothing
 */
gboolean
bobbin_store_batch_is_empty (BobbinStoreBatch *self)
{
  return self->changes->len == 0;
}

/**
 * bobbin_store_batch_put_job:
 * @self: a batch
 * @job: (transfer full): a job, new or not
 *
 * Has @job put down as it is now. Its id, kind and time of making are those it was first put with.
 * What has finished is remembered, once for each time that it does, and when the job has gone, too.
 */
void
bobbin_store_batch_put_job (BobbinStoreBatch *self, BobbinStoreJob *job)
{
  const BobbinStoreChange change = { .kind = BOBBIN_STORE_PUT_JOB,
                                     .number = job->number,
                                     .job = job };

  g_array_append_val (self->changes, change);
  self->has_finished = self->has_finished || job->finished != NULL;
}

/**
 * bobbin_store_batch_set_place:
 * @self: a batch
 * @number: of a job
 * @place: its new place
 */
void
bobbin_store_batch_set_place (BobbinStoreBatch *self, gint64 number, gint64 place)
{
  const BobbinStoreChange change = { .kind = BOBBIN_STORE_SET_PLACE,
                                     .number = number,
                                     .place = place };

  g_array_append_val (self->changes, change);
}

/**
 * bobbin_store_batch_remove_job:
 * @self: a batch
 * @number: of a job
 *
 * Has the job forgotten, and its log with it.
 */
void
bobbin_store_batch_remove_job (BobbinStoreBatch *self, gint64 number)
{
  const BobbinStoreChange change = { .kind = BOBBIN_STORE_REMOVE_JOB, .number = number };

  g_array_append_val (self->changes, change);
}

/**
 * bobbin_store_batch_add_events:
 * @self: a batch
 * @number: of a job
 * @events: (transfer full) (element-type BobbinStoreEvent): lines of its log, oldest first; the
 *   array frees them
 *
 * Has lines added to the job's log. Of each log the newest %BOBBIN_EVENT_LOG_MAX are kept.
 */
void
bobbin_store_batch_add_events (BobbinStoreBatch *self, gint64 number, GPtrArray *events)
{
  const BobbinStoreChange change = { .kind = BOBBIN_STORE_ADD_EVENTS,
                                     .number = number,
                                     .events = events };

  g_array_append_val (self->changes, change);
}

/**
 * bobbin_store_batch_add_samples:
 * @self: a batch
 * @samples: (transfer full): what a #BobbinHistoryWriter wrote, of monitors by their numbers
 *
 * Has samples added to the history.
 */
void
bobbin_store_batch_add_samples (BobbinStoreBatch *self, GBytes *samples)
{
  const BobbinStoreChange change = { .kind = BOBBIN_STORE_ADD_SAMPLES, .samples = samples };

  g_array_append_val (self->changes, change);
}

/**
 * bobbin_store_batch_add_finished:
 * @self: a batch
 * @finished: a download that finished, in the store once
 *
 * Has it remembered again, where it was.
 */
void
bobbin_store_batch_add_finished (BobbinStoreBatch *self, const BobbinFinished *finished)
{
  const BobbinStoreChange change = { .kind = BOBBIN_STORE_ADD_FINISHED,
                                     .number = finished->number,
                                     .finished = bobbin_finished_copy (finished) };

  g_array_append_val (self->changes, change);
}

/**
 * bobbin_store_batch_remove_finished:
 * @self: a batch
 * @number: of a download that finished
 *
 * Has it forgotten that it did. Its job, if it is in the list, stays there.
 */
void
bobbin_store_batch_remove_finished (BobbinStoreBatch *self, gint64 number)
{
  const BobbinStoreChange change = { .kind = BOBBIN_STORE_REMOVE_FINISHED, .number = number };

  g_array_append_val (self->changes, change);
}

/**
 * bobbin_store_batch_clear_finished:
 * @self: a batch
 *
 * Has it forgotten what has ever finished.
 */
void
bobbin_store_batch_clear_finished (BobbinStoreBatch *self)
{
  const BobbinStoreChange change = { .kind = BOBBIN_STORE_CLEAR_FINISHED };

  g_array_append_val (self->changes, change);
}

/**
 * bobbin_store_batch_expire_finished:
 * @self: a batch
 * @time: µs since 1970, above 0
 *
 * Has it forgotten what has finished before @time. Jobs that are in the list stay there.
 */
void
bobbin_store_batch_expire_finished (BobbinStoreBatch *self, gint64 time)
{
  const BobbinStoreChange change = { .kind = BOBBIN_STORE_EXPIRE_FINISHED, .time = time };

  g_array_append_val (self->changes, change);
  self->expiry = MAX (self->expiry, time);
}
