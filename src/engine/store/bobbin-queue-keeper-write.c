/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How a keeper writes. What a user did (jobs added, moved, removed, started, stopped, set) goes to
 * the disk at the end of the turn of the main loop in which it was done, in one transaction; of
 * many jobs that were started, stopped or set, a page of them does, and the rest in the next turns.
 * How jobs fare (figures, log) is collected for up to a second, but for how they ended: that is
 * written at once, or as soon as the write before is through, which a kill does not undo; a tenth
 * of a second later the disk is waited for, once for all that have ended until then, so that a
 * power cut does not undo it either. What does not get through is tried again, less and less often.
 * Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-queue-keeper-private.h"

#include "bobbin-store-job.h"

#include <glib/gi18n-lib.h>

/* ms */
#define SOON       1000
#define UNTIL_SURE 100

/* What fails again and again is tried again after so many times as long as at first, at most. */
#define MAX_FACTOR 16

/* Tests have less time. */
guint bobbin_queue_keeper_retry_time = 5000;

/* So many jobs are put down in one turn of the main loop. */
#define PAGE 200

/* ---- what is written */

static BobbinStoreJob *
make_row (BobbinJob *job)
{
  const BobbinKept *kept = bobbin_queue_keeper_get_kept (job);

  return bobbin_store_job_new (job, kept->id, kept->number, kept->place, kept->state);
}

/* So many lines were added to a job's log since the program began. */
static guint
get_n_logged (BobbinJob *job)
{
  return bobbin_job_has_event_log (job)
           ? bobbin_event_log_get_n_added (bobbin_job_get_event_log (job))
           : 0;
}

/* The lines of a job's log that the store does not have, as far as the log still has them. */
static GPtrArray *
collect_events (BobbinJob *job, guint n_lines)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (job));
  const guint end = g_list_model_get_n_items (log);
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_store_event_free);

  for (guint i = end - MIN (n_lines, end); i < end; i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      g_ptr_array_add (events, bobbin_store_event_new (bobbin_event_get_kind (event),
                                                       bobbin_event_get_time (event),
                                                       bobbin_event_get_code (event),
                                                       bobbin_event_get_text (event)));
    }

  return events;
}

/* ---- what is left to be written */

static void write_dirty (BobbinQueueKeeper *self);

static void
set_dirty (BobbinQueueKeeper *self, BobbinJob *job)
{
  BobbinKept *kept = bobbin_queue_keeper_get_kept (job);

  if (kept->is_dirty)
    return;

  kept->is_dirty = TRUE;
  g_queue_push_tail (&self->dirty, g_object_ref (job));
}

static gboolean
is_clean (BobbinQueueKeeper *self)
{
  return g_queue_is_empty (&self->dirty) && self->removed->len == 0;
}

static void
on_soon (gpointer user_data)
{
  BobbinQueueKeeper *self = user_data;

  self->dirty_source = 0;
  write_dirty (self);
}

static gboolean
on_at_once (gpointer user_data)
{
  on_soon (user_data);

  return G_SOURCE_REMOVE;
}

/* In ms; longer each time. */
static guint
get_retry_time (BobbinQueueKeeper *self)
{
  guint factor = 1;

  for (guint i = 1; i < self->n_failed && factor < MAX_FACTOR; i++)
    factor *= 2;

  return bobbin_queue_keeper_retry_time * factor;
}

static void
schedule (BobbinQueueKeeper *self)
{
  if (self->dirty_source != 0 || self->writing || self->closing || is_clean (self))
    return;

  if (self->hurried && !self->troubled)
    {
      self->dirty_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_at_once, self, NULL);
      g_source_set_name_by_id (self->dirty_source, "[bobbin] write of what has ended");
      return;
    }

  self->dirty_source =
    g_timeout_add_once (self->troubled ? get_retry_time (self) : SOON, on_soon, self);
  g_source_set_name_by_id (self->dirty_source, "[bobbin] write of the jobs");
}

/* ---- at the end of the turn */

static void
turn_free (BobbinKeeperTurn *turn)
{
  g_clear_object (&turn->keeper);
  g_clear_pointer (&turn->batch, bobbin_store_batch_free);
  g_ptr_array_unref (turn->adds);
  g_ptr_array_unref (turn->put);
  g_ptr_array_unref (turn->placed);
  g_array_unref (turn->removed);
  g_free (turn);
}

static void
return_add_error (GTask *task, const GError *error)
{
  BobbinKeeperAdd *add = g_task_get_task_data (task);

  for (guint i = 0; i < add->jobs->len; i++)
    bobbin_queue_keeper_drop (g_ptr_array_index (add->jobs, i));
  g_task_return_error (task, g_error_copy (error));
}

static void
set_all_dirty (BobbinQueueKeeper *self, GPtrArray *jobs)
{
  for (guint i = 0; i < jobs->len; i++)
    if (bobbin_queue_keeper_get_kept (g_ptr_array_index (jobs, i)) != NULL)
      set_dirty (self, g_ptr_array_index (jobs, i));
}

/* Whoever waits hears of it; of the rest the user does, and it is tried again. */
static void
turn_failed (BobbinQueueKeeper *self, BobbinKeeperTurn *turn, const GError *error)
{
  for (guint i = 0; i < turn->adds->len; i++)
    return_add_error (g_ptr_array_index (turn->adds, i), error);
  if (turn->put->len == 0 && turn->placed->len == 0 && turn->removed->len == 0)
    return;

  set_all_dirty (self, turn->put);
  set_all_dirty (self, turn->placed);
  g_array_append_vals (self->removed, turn->removed->data, turn->removed->len);
  self->sure = TRUE;
  self->n_failed = MAX (self->n_failed, 1);
  bobbin_queue_keeper_complain (self, error->message);
  schedule (self);
}

static void
on_turn_written (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BobbinKeeperTurn *turn = user_data;
  BobbinQueueKeeper *self = turn->keeper;
  g_autoptr (GError) error = NULL;

  if (bobbin_store_write_finish (BOBBIN_STORE (object), result, &error))
    for (guint i = 0; i < turn->adds->len; i++)
      bobbin_queue_keeper_take_in (self, g_ptr_array_index (turn->adds, i));
  else
    turn_failed (self, turn, error);
  turn_free (turn);
}

/* Not sooner, so that none of it is older than what is written of the same job meanwhile; and no
 * more than a page. */
static void
fill_turn (BobbinQueueKeeper *self, BobbinKeeperTurn *turn)
{
  const guint end = MIN (turn->put->len, PAGE);

  for (guint i = 0; i < turn->put->len; i++)
    {
      BobbinJob *job = g_ptr_array_index (turn->put, i);
      BobbinKept *kept = bobbin_queue_keeper_get_kept (job);

      if (kept == NULL)
        continue;
      kept->is_in_turn = FALSE;
      if (i < end)
        bobbin_store_batch_put_job (turn->batch, make_row (job));
      else
        bobbin_queue_keeper_put_in_turn (self, job);
    }
  g_ptr_array_set_size (turn->put, (gint) end);
}

static void
write_turn (BobbinQueueKeeper *self)
{
  BobbinKeeperTurn *turn = g_steal_pointer (&self->turn);

  g_clear_handle_id (&self->turn_source, g_source_remove);
  if (turn == NULL)
    return;

  fill_turn (self, turn);
  turn->keeper = g_object_ref (self);
  bobbin_store_write_async (self->store, g_steal_pointer (&turn->batch), on_turn_written, turn);
}

static gboolean
on_turn (gpointer user_data)
{
  BobbinQueueKeeper *self = user_data;

  self->turn_source = 0;
  write_turn (self);

  return G_SOURCE_REMOVE;
}

/* What this turn of the main loop is going to write. */
BobbinKeeperTurn *
bobbin_queue_keeper_get_turn (BobbinQueueKeeper *self)
{
  if (self->turn != NULL)
    return self->turn;

  self->turn = g_new0 (BobbinKeeperTurn, 1);
  self->turn->batch = bobbin_store_batch_new (TRUE);
  self->turn->adds = g_ptr_array_new_with_free_func (g_object_unref);
  self->turn->put = g_ptr_array_new_with_free_func (g_object_unref);
  self->turn->placed = g_ptr_array_new_with_free_func (g_object_unref);
  self->turn->removed = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->turn_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_turn, self, NULL);
  g_source_set_name_by_id (self->turn_source, "[bobbin] write of the list");

  return self->turn;
}

/* Without a note of it among those that are tried again: for jobs that somebody waits for. */
void
bobbin_queue_keeper_put_now (BobbinQueueKeeper *self, BobbinJob *job)
{
  bobbin_store_batch_put_job (bobbin_queue_keeper_get_turn (self)->batch, make_row (job));
}

/* Has the job put down at the end of this turn, as it is then. */
void
bobbin_queue_keeper_put_in_turn (BobbinQueueKeeper *self, BobbinJob *job)
{
  BobbinKept *kept = bobbin_queue_keeper_get_kept (job);

  /* All that is left is written when it closes. */
  if (self->closing)
    {
      bobbin_queue_keeper_put_soon (self, job);
      return;
    }
  if (self->broken || kept->is_in_turn)
    return;

  kept->is_in_turn = TRUE;
  g_ptr_array_add (bobbin_queue_keeper_get_turn (self)->put, g_object_ref (job));
}

void
bobbin_queue_keeper_place_now (BobbinQueueKeeper *self, BobbinJob *job)
{
  const BobbinKept *kept = bobbin_queue_keeper_get_kept (job);
  BobbinKeeperTurn *turn = bobbin_queue_keeper_get_turn (self);

  bobbin_store_batch_set_place (turn->batch, kept->number, kept->place);
  g_ptr_array_add (turn->placed, g_object_ref (job));
}

void
bobbin_queue_keeper_remove_now (BobbinQueueKeeper *self, gint64 number)
{
  BobbinKeeperTurn *turn = bobbin_queue_keeper_get_turn (self);

  bobbin_store_batch_remove_job (turn->batch, number);
  g_array_append_val (turn->removed, number);
}

/* ---- soon */

typedef struct
{
  BobbinJob *job; /* (owned) */
  guint n_logged;
} Sent;

typedef struct
{
  BobbinQueueKeeper *keeper; /* (owned) */
  GArray *sent;              /* (owned) of Sent */
  GArray *removed;           /* (owned) numbers */
  gboolean was_last;         /* nothing else was dirty then */
  gboolean is_sure;          /* the disk is waited for */
} Writing;

static void
sent_clear (gpointer data)
{
  g_object_unref (((Sent *) data)->job);
}

static void
writing_free (Writing *writing)
{
  g_object_unref (writing->keeper);
  g_array_unref (writing->sent);
  g_array_unref (writing->removed);
  g_free (writing);
}

static void
note_written (BobbinQueueKeeper *self, Writing *writing)
{
  self->troubled = FALSE;
  self->n_failed = 0;
  for (guint i = 0; i < writing->sent->len; i++)
    {
      const Sent *sent = &g_array_index (writing->sent, Sent, i);
      BobbinKept *kept = bobbin_queue_keeper_get_kept (sent->job);

      if (kept != NULL)
        kept->n_logged = sent->n_logged;
    }
}

/* It is tried again, but for the last time of all. */
static void
note_not_written (BobbinQueueKeeper *self, Writing *writing, const GError *error)
{
  for (guint i = 0; i < writing->sent->len; i++)
    {
      BobbinJob *job = g_array_index (writing->sent, Sent, i).job;

      if (bobbin_queue_keeper_get_kept (job) != NULL)
        set_dirty (self, job);
    }
  g_array_append_vals (self->removed, writing->removed->data, writing->removed->len);
  self->sure = self->sure || writing->is_sure;
  self->n_failed++;
  bobbin_queue_keeper_complain (self, error->message);

  if (self->closing)
    {
      g_queue_clear_full (&self->dirty, g_object_unref);
      g_array_set_size (self->removed, 0);
    }
}

static void
on_dirty_written (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Writing *writing = user_data;
  BobbinQueueKeeper *self = writing->keeper;
  g_autoptr (GError) error = NULL;

  self->writing = FALSE;
  if (bobbin_store_write_finish (BOBBIN_STORE (object), result, &error))
    note_written (self, writing);
  else
    note_not_written (self, writing, error);

  if (self->closing)
    bobbin_queue_keeper_end (self);
  else if (error == NULL && !writing->was_last)
    write_dirty (self);
  else
    schedule (self);
  writing_free (writing);
}

static void
send_dirty (BobbinStoreBatch *batch, BobbinJob *job, GArray *all_sent)
{
  BobbinKept *kept = bobbin_queue_keeper_get_kept (job);
  const Sent sent = { g_object_ref (job), get_n_logged (job) };

  kept->is_dirty = FALSE;
  bobbin_store_batch_put_job (batch, make_row (job));
  if (sent.n_logged != kept->n_logged)
    bobbin_store_batch_add_events (batch, kept->number,
                                   collect_events (job, sent.n_logged - kept->n_logged));
  g_array_append_val (all_sent, sent);
}

static Writing *
writing_new (BobbinQueueKeeper *self)
{
  Writing *writing = g_new0 (Writing, 1);

  writing->keeper = g_object_ref (self);
  writing->sent = g_array_new (FALSE, FALSE, sizeof (Sent));
  g_array_set_clear_func (writing->sent, sent_clear);
  writing->removed = g_steal_pointer (&self->removed);
  self->removed = g_array_new (FALSE, FALSE, sizeof (gint64));

  return writing;
}

/* A page of it, in the order in which they were changed, which is often that of the rows; the rest
 * comes when that is written. When the disk has the last of all it has those before it. */
static void
write_dirty (BobbinQueueKeeper *self)
{
  const gboolean is_last = self->dirty.length <= PAGE;
  const gboolean is_sure = is_last && (self->sure || self->closing);
  BobbinStoreBatch *batch = bobbin_store_batch_new (is_sure);
  Writing *writing = writing_new (self);

  for (guint i = 0; i < writing->removed->len; i++)
    bobbin_store_batch_remove_job (batch, g_array_index (writing->removed, gint64, i));
  for (guint i = 0; i < PAGE && !g_queue_is_empty (&self->dirty); i++)
    {
      g_autoptr (BobbinJob) job = g_queue_pop_head (&self->dirty);

      /* It may have been forgotten meanwhile. */
      if (bobbin_queue_keeper_get_kept (job) != NULL)
        send_dirty (batch, job, writing->sent);
    }
  writing->was_last = is_last;
  writing->is_sure = is_sure;

  self->writing = TRUE;
  self->hurried = FALSE;
  self->sure = self->sure && !is_sure;
  bobbin_store_write_async (self->store, batch, on_dirty_written, writing);
}

/* Has the job as it will be in a second put down, and what was added to its log. */
void
bobbin_queue_keeper_put_soon (BobbinQueueKeeper *self, BobbinJob *job)
{
  if (self->broken)
    return;

  set_dirty (self, job);
  schedule (self);
}

/* The same at the end of this turn of the main loop, or when the write that is under way is
 * through. */
static void
put_at_once (BobbinQueueKeeper *self, BobbinJob *job)
{
  if (!self->hurried && !self->troubled)
    g_clear_handle_id (&self->dirty_source, g_source_remove);
  self->hurried = TRUE;
  bobbin_queue_keeper_put_soon (self, job);
}

/* It is put down once more: of what does not change, the disk would not hear. */
static void
on_until_sure (gpointer user_data)
{
  BobbinQueueKeeper *self = user_data;
  g_autoptr (BobbinJob) job = g_steal_pointer (&self->ended_last);

  self->sure_source = 0;
  if (bobbin_queue_keeper_get_kept (job) == NULL)
    return;

  self->sure = TRUE;
  put_at_once (self, job);
}

/* A job has ended. */
void
bobbin_queue_keeper_put_ended (BobbinQueueKeeper *self, BobbinJob *job)
{
  if (self->broken)
    return;

  put_at_once (self, job);
  g_set_object (&self->ended_last, job);
  if (self->sure_source != 0 || self->closing)
    return;

  self->sure_source = g_timeout_add_once (UNTIL_SURE, on_until_sure, self);
  g_source_set_name_by_id (self->sure_source, "[bobbin] making sure of what has ended");
}

/* Hands to the store what it has not got, a page at a time, so that it is on the disk when that is
 * closed; says whether there was nothing left. */
gboolean
bobbin_queue_keeper_write_rest (BobbinQueueKeeper *self)
{
  g_clear_handle_id (&self->dirty_source, g_source_remove);
  g_clear_handle_id (&self->sure_source, g_source_remove);
  write_turn (self);
  if (is_clean (self))
    return TRUE;

  write_dirty (self);

  return FALSE;
}
