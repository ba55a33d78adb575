/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How a keeper writes. What a user did (jobs added, moved, removed) goes to the disk at the end of
 * the turn of the main loop in which it was done, in one transaction. How jobs fare (state,
 * figures, log) is collected for up to a second, and what does not get through is tried again. Main
 * thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-queue-keeper-private.h"

#include "bobbin-error.h"
#include "bobbin-job-settings.h"

#include <glib/gi18n-lib.h>

/* ms */
#define SOON       1000
#define AFTER_FAIL 5000

/* ---- what is written */

static gint64
to_time (GDateTime *date_time)
{
  return date_time != NULL ? g_date_time_to_unix (date_time) * G_USEC_PER_SEC +
                               g_date_time_get_microsecond (date_time)
                           : 0;
}

static BobbinStoreJob *
make_row (BobbinKept *kept)
{
  BobbinStoreJob *row = g_new0 (BobbinStoreJob, 1);
  const GError *error = bobbin_job_get_error (kept->job);

  row->number = kept->number;
  g_strlcpy (row->id, kept->id, sizeof row->id);
  row->kind = g_strdup (bobbin_job_settings_get_kind (kept->job));
  row->place = kept->place;
  row->state = kept->state;
  row->settings = bobbin_job_settings_save (kept->job);
  row->error = error != NULL ? g_strdup (bobbin_error_code_name (error)) : NULL;
  row->message = error != NULL ? g_strdup (error->message) : NULL;
  row->bytes = bobbin_job_get_bytes (kept->job);
  row->total = bobbin_job_get_total (kept->job);
  row->created = kept->created;
  row->started = to_time (bobbin_job_get_started (kept->job));
  row->ended = to_time (bobbin_job_get_ended (kept->job));

  return row;
}

/* The lines of a job's log that the store does not have, as far as the log still has them. */
static GPtrArray *
collect_events (BobbinKept *kept)
{
  BobbinEventLog *log = bobbin_job_get_event_log (kept->job);
  const guint n_lines = g_list_model_get_n_items (G_LIST_MODEL (log));
  const guint n_new = MIN (bobbin_event_log_get_n_added (log) - kept->n_logged, n_lines);
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_store_event_free);

  for (guint i = n_lines - n_new; i < n_lines; i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (G_LIST_MODEL (log), i);

      g_ptr_array_add (events, bobbin_store_event_new (bobbin_event_get_kind (event),
                                                       bobbin_event_get_time (event),
                                                       bobbin_event_get_code (event),
                                                       bobbin_event_get_text (event)));
    }

  return events;
}

/* ---- at the end of the turn */

static void
turn_free (BobbinKeeperTurn *turn)
{
  g_clear_object (&turn->keeper);
  g_clear_pointer (&turn->batch, bobbin_store_batch_free);
  g_ptr_array_unref (turn->adds);
  g_array_unref (turn->put);
  g_array_unref (turn->removed);
  g_free (turn);
}

static void
return_add_error (BobbinQueueKeeper *self, GTask *task, const GError *error)
{
  BobbinKeeperAdd *add = g_task_get_task_data (task);

  for (guint i = 0; i < add->jobs->len; i++)
    bobbin_queue_keeper_drop (self, g_ptr_array_index (add->jobs, i));
  g_task_return_error (task, g_error_copy (error));
}

/* Whoever waits hears of it; of the rest the user does, and it is tried again. */
static void
turn_failed (BobbinQueueKeeper *self, BobbinKeeperTurn *turn, const GError *error)
{
  const gboolean silent = turn->put->len == 0 && turn->removed->len == 0;

  for (guint i = 0; i < turn->adds->len; i++)
    return_add_error (self, g_ptr_array_index (turn->adds, i), error);

  for (guint i = 0; i < turn->put->len; i++)
    {
      BobbinKept *kept = bobbin_queue_keeper_find (self, g_array_index (turn->put, gint64, i));

      if (kept != NULL)
        bobbin_queue_keeper_put_soon (self, kept);
    }
  g_array_append_vals (self->removed, turn->removed->data, turn->removed->len);
  if (!silent)
    bobbin_queue_keeper_complain (self, error->message);
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

static void
write_turn (BobbinQueueKeeper *self)
{
  BobbinKeeperTurn *turn = g_steal_pointer (&self->turn);

  g_clear_handle_id (&self->turn_source, g_source_remove);
  if (turn == NULL)
    return;

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
  self->turn->put = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->turn->removed = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->turn_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_turn, self, NULL);
  g_source_set_name_by_id (self->turn_source, "[bobbin] write of the list");

  return self->turn;
}

/* Without a note of it among those that are tried again: for jobs that somebody waits for. */
void
bobbin_queue_keeper_put_now (BobbinQueueKeeper *self, BobbinKept *kept)
{
  bobbin_store_batch_put_job (bobbin_queue_keeper_get_turn (self)->batch, make_row (kept));
}

void
bobbin_queue_keeper_place_now (BobbinQueueKeeper *self, BobbinKept *kept)
{
  BobbinKeeperTurn *turn = bobbin_queue_keeper_get_turn (self);

  bobbin_store_batch_set_place (turn->batch, kept->number, kept->place);
  g_array_append_val (turn->put, kept->number);
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
  gint64 number;
  guint64 n_logged;
} Sent;

typedef struct
{
  BobbinQueueKeeper *keeper; /* (owned) */
  GArray *sent;              /* (owned) of Sent */
  GArray *removed;           /* (owned) numbers */
} Writing;

static void
writing_free (Writing *writing)
{
  g_object_unref (writing->keeper);
  g_array_unref (writing->sent);
  g_array_unref (writing->removed);
  g_free (writing);
}

static void write_dirty (BobbinQueueKeeper *self, gboolean durable);

static void
on_soon (gpointer user_data)
{
  BobbinQueueKeeper *self = user_data;

  self->dirty_source = 0;
  write_dirty (self, FALSE);
}

static void
schedule (BobbinQueueKeeper *self)
{
  if (self->dirty_source != 0 || self->writing || self->closing)
    return;
  if (g_hash_table_size (self->dirty) == 0 && self->removed->len == 0)
    return;

  self->dirty_source = g_timeout_add_once (self->troubled ? AFTER_FAIL : SOON, on_soon, self);
  g_source_set_name_by_id (self->dirty_source, "[bobbin] write of the jobs");
}

static void
note_sent (BobbinQueueKeeper *self, const Sent *sent, gboolean written)
{
  BobbinKept *kept = bobbin_queue_keeper_find (self, sent->number);

  if (kept == NULL)
    return;
  if (written)
    kept->n_logged = sent->n_logged;
  else
    g_hash_table_add (self->dirty, kept);
}

static void
on_dirty_written (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Writing *writing = user_data;
  BobbinQueueKeeper *self = writing->keeper;
  g_autoptr (GError) error = NULL;
  const gboolean written = bobbin_store_write_finish (BOBBIN_STORE (object), result, &error);

  self->writing = FALSE;
  for (guint i = 0; i < writing->sent->len; i++)
    note_sent (self, &g_array_index (writing->sent, Sent, i), written);
  if (written)
    {
      self->troubled = FALSE;
    }
  else
    {
      g_array_append_vals (self->removed, writing->removed->data, writing->removed->len);
      bobbin_queue_keeper_complain (self, error->message);
    }
  if (self->closing)
    bobbin_queue_keeper_end (self);
  else
    schedule (self);
  writing_free (writing);
}

static void
send_dirty (BobbinStoreBatch *batch, BobbinKept *kept, GArray *all_sent)
{
  g_autoptr (GPtrArray) events = collect_events (kept);
  const Sent sent = { kept->number,
                      bobbin_event_log_get_n_added (bobbin_job_get_event_log (kept->job)) };

  bobbin_store_batch_put_job (batch, make_row (kept));
  if (events->len > 0)
    bobbin_store_batch_add_events (batch, kept->number, g_steal_pointer (&events));
  g_array_append_val (all_sent, sent);
}

static void
write_dirty (BobbinQueueKeeper *self, gboolean durable)
{
  BobbinStoreBatch *batch;
  Writing *writing;
  GHashTableIter iter;
  gpointer kept;

  if (g_hash_table_size (self->dirty) == 0 && self->removed->len == 0)
    return;

  batch = bobbin_store_batch_new (durable);
  writing = g_new0 (Writing, 1);
  writing->keeper = g_object_ref (self);
  writing->sent = g_array_new (FALSE, FALSE, sizeof (Sent));
  writing->removed = g_steal_pointer (&self->removed);
  self->removed = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < writing->removed->len; i++)
    bobbin_store_batch_remove_job (batch, g_array_index (writing->removed, gint64, i));
  g_hash_table_iter_init (&iter, self->dirty);
  while (g_hash_table_iter_next (&iter, &kept, NULL))
    send_dirty (batch, kept, writing->sent);
  g_hash_table_remove_all (self->dirty);

  self->writing = TRUE;
  bobbin_store_write_async (self->store, batch, on_dirty_written, writing);
}

/* Has the job as it will be in a second put down, and what was added to its log. */
void
bobbin_queue_keeper_put_soon (BobbinQueueKeeper *self, BobbinKept *kept)
{
  if (self->broken)
    return;

  g_hash_table_add (self->dirty, kept);
  schedule (self);
}

/* Hands all to the store that was not, so that it is on the disk when that is closed. */
void
bobbin_queue_keeper_write_rest (BobbinQueueKeeper *self)
{
  g_clear_handle_id (&self->dirty_source, g_source_remove);
  write_turn (self);
  write_dirty (self, TRUE);
}
