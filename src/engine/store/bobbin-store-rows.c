/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The rows of the database: batches into them, jobs and logs out of them. The statements are
 * prepared once. The store's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-store-rows.h"

#include "bobbin-store-batch-private.h"
#include "bobbin-store-file.h"

typedef enum
{
  PUT_JOB,
  SET_PLACE,
  REMOVE_JOB,
  ADD_EVENT,
  TRIM_EVENTS,
  READ_BOUNDS,
  READ_JOBS,
  READ_EVENTS,
} Statement;

/* clang-format off */
static const char *const sql[] = {
  [PUT_JOB] =
    "INSERT INTO job (number, id, kind, place, state, settings, error, message, bytes, total,"
    "                 created, started, ended)"
    "  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
    "  ON CONFLICT (number) DO UPDATE"
    "  SET place = ?4, state = ?5, settings = ?6, error = ?7, message = ?8, bytes = ?9,"
    "      total = ?10, started = ?12, ended = ?13",
  [SET_PLACE] = "UPDATE job SET place = ?2 WHERE number = ?1",
  [REMOVE_JOB] = "DELETE FROM job WHERE number = ?1",
  /* What comes late for a job that has gone is dropped. */
  [ADD_EVENT] =
    "INSERT INTO event (job, time, kind, code, text)"
    "  SELECT number, ?2, ?3, ?4, ?5 FROM job WHERE number = ?1",
  [TRIM_EVENTS] =
    "DELETE FROM event WHERE job = ?1 AND number <="
    "  (SELECT number FROM event WHERE job = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
  /* The number of a job of which there may be history is not given to another. */
  [READ_BOUNDS] =
    "SELECT max(ifnull((SELECT max(number) FROM job), 0),"
    "           ifnull((SELECT max(number) FROM forgotten), 0)),"
    "       ifnull((SELECT max(place) FROM job), 0)",
  [READ_JOBS] =
    "SELECT number, id, kind, place, state, settings, error, message, bytes, total, created,"
    "       started, ended FROM job WHERE place >= ?1 AND (place > ?1 OR number > ?2)"
    "  ORDER BY place, number LIMIT ?3",
  [READ_EVENTS] = "SELECT kind, time, code, text FROM event WHERE job = ?1 ORDER BY number",
};
/* clang-format on */

struct _BobbinStoreRows
{
  sqlite3 *db;                                  /* (unowned) */
  sqlite3_stmt *statements[G_N_ELEMENTS (sql)]; /* (owned) */
  BobbinHistoryRows *history;                   /* (owned) */
  BobbinFinishedRows *finished;                 /* (owned) */
};

/**
 * bobbin_store_rows_new:
 * @db: an open database of the newest schema; must outlive what is made
 * @error: see bobbin_store_set_error()
 *
 * Returns: (transfer full) (nullable): the rows of @db
 */
BobbinStoreRows *
bobbin_store_rows_new (sqlite3 *db, GError **error)
{
  BobbinStoreRows *self = g_new0 (BobbinStoreRows, 1);

  self->db = db;
  for (guint i = 0; i < G_N_ELEMENTS (sql); i++)
    if (sqlite3_prepare_v3 (db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &self->statements[i],
                            NULL) != SQLITE_OK)
      {
        bobbin_store_set_error (error, db);
        bobbin_store_rows_free (self);
        return NULL;
      }

  self->history = bobbin_history_rows_new (db, error);
  if (self->history != NULL)
    self->finished = bobbin_finished_rows_new (db, error);
  if (self->finished == NULL)
    g_clear_pointer (&self, bobbin_store_rows_free);

  return self;
}

/**
 * bobbin_store_rows_free:
 * @self: rows
 *
 * Ends the statements.
 */
void
bobbin_store_rows_free (BobbinStoreRows *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (sql); i++)
    sqlite3_finalize (self->statements[i]);
  g_clear_pointer (&self->history, bobbin_history_rows_free);
  g_clear_pointer (&self->finished, bobbin_finished_rows_free);
  g_free (self);
}

/**
 * bobbin_store_rows_get_history:
 * @self: rows
 *
 * Returns: (transfer none): those of the history
 */
BobbinHistoryRows *
bobbin_store_rows_get_history (BobbinStoreRows *self)
{
  return self->history;
}

/**
 * bobbin_store_rows_get_finished:
 * @self: rows
 *
 * Returns: (transfer none): those of the downloads that finished
 */
BobbinFinishedRows *
bobbin_store_rows_get_finished (BobbinStoreRows *self)
{
  return self->finished;
}

static gboolean
execute (BobbinStoreRows *self, const char *statement, GError **error)
{
  if (sqlite3_exec (self->db, statement, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  bobbin_store_set_error (error, self->db);

  return FALSE;
}

/* Runs a statement that gives no rows, and makes it ready for the next time. */
static gboolean
run (BobbinStoreRows *self, Statement which, GError **error)
{
  sqlite3_stmt *statement = self->statements[which];
  const gboolean done = sqlite3_step (statement) == SQLITE_DONE;

  if (!done)
    bobbin_store_set_error (error, self->db);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);

  return done;
}

/**
 * bobbin_store_rows_begin:
 * @self: rows
 * @durable: whether the disk must have it when it is committed
 * @error: see bobbin_store_set_error()
 *
 * Begins a transaction.
 *
 * Returns: whether it was begun
 */
gboolean
bobbin_store_rows_begin (BobbinStoreRows *self, gboolean durable, GError **error)
{
  return execute (self, durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
                  error) &&
         execute (self, "BEGIN IMMEDIATE", error);
}

/**
 * bobbin_store_rows_commit:
 * @self: rows
 * @error: see bobbin_store_set_error()
 *
 * Returns: whether the transaction is there to stay; if not it is to be rolled back
 */
gboolean
bobbin_store_rows_commit (BobbinStoreRows *self, GError **error)
{
  return execute (self, "COMMIT", error);
}

/**
 * bobbin_store_rows_roll_back:
 * @self: rows
 *
 * Undoes what was done in the transaction, if there is one: some errors end it by themselves.
 */
void
bobbin_store_rows_roll_back (BobbinStoreRows *self)
{
  if (!sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
}

static void
bind_text (sqlite3_stmt *statement, int at, const char *text)
{
  sqlite3_bind_text (statement, at, text, -1, SQLITE_STATIC);
}

static gboolean
put_job (BobbinStoreRows *self, const BobbinStoreJob *job, GError **error)
{
  sqlite3_stmt *statement = self->statements[PUT_JOB];

  /* Before the job itself, which tells what has been noted. */
  if (job->finished != NULL &&
      !bobbin_finished_rows_note (self->finished, job->number, job->finished, error))
    return FALSE;

  sqlite3_bind_int64 (statement, 1, job->number);
  bind_text (statement, 2, job->id);
  bind_text (statement, 3, job->kind);
  sqlite3_bind_int64 (statement, 4, job->place);
  sqlite3_bind_int (statement, 5, job->state);
  bind_text (statement, 6, job->settings);
  bind_text (statement, 7, job->error);
  bind_text (statement, 8, job->message);
  sqlite3_bind_int64 (statement, 9, job->bytes);
  sqlite3_bind_int64 (statement, 10, job->total);
  sqlite3_bind_int64 (statement, 11, job->created);
  sqlite3_bind_int64 (statement, 12, job->started);
  sqlite3_bind_int64 (statement, 13, job->ended);

  return run (self, PUT_JOB, error);
}

static gboolean
add_event (BobbinStoreRows *self, gint64 number, const BobbinStoreEvent *event, GError **error)
{
  sqlite3_stmt *statement = self->statements[ADD_EVENT];

  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int64 (statement, 2, event->time);
  sqlite3_bind_int (statement, 3, event->kind);
  bind_text (statement, 4, event->code);
  bind_text (statement, 5, event->text);

  return run (self, ADD_EVENT, error);
}

static gboolean
add_events (BobbinStoreRows *self, gint64 number, GPtrArray *events, GError **error)
{
  sqlite3_stmt *trim = self->statements[TRIM_EVENTS];

  for (guint i = 0; i < events->len; i++)
    if (!add_event (self, number, g_ptr_array_index (events, i), error))
      return FALSE;

  sqlite3_bind_int64 (trim, 1, number);
  sqlite3_bind_int (trim, 2, BOBBIN_EVENT_LOG_MAX);

  return run (self, TRIM_EVENTS, error);
}

static gboolean
apply_change (BobbinStoreRows *self, const BobbinStoreChange *change, GError **error)
{
  switch (change->kind)
    {
    case BOBBIN_STORE_PUT_JOB:
      return put_job (self, change->job, error);
    case BOBBIN_STORE_SET_PLACE:
      sqlite3_bind_int64 (self->statements[SET_PLACE], 1, change->number);
      sqlite3_bind_int64 (self->statements[SET_PLACE], 2, change->place);
      return run (self, SET_PLACE, error);
    case BOBBIN_STORE_REMOVE_JOB:
      sqlite3_bind_int64 (self->statements[REMOVE_JOB], 1, change->number);
      return run (self, REMOVE_JOB, error);
    case BOBBIN_STORE_ADD_EVENTS:
      return add_events (self, change->number, change->events, error);
    case BOBBIN_STORE_ADD_SAMPLES:
      return bobbin_history_rows_append (self->history, change->samples, error);
    case BOBBIN_STORE_ADD_FINISHED:
      return bobbin_finished_rows_add (self->finished, change->finished, error);
    case BOBBIN_STORE_REMOVE_FINISHED:
      return bobbin_finished_rows_remove (self->finished, change->number, error);
    case BOBBIN_STORE_CLEAR_FINISHED:
      return bobbin_finished_rows_clear (self->finished, error);
    case BOBBIN_STORE_EXPIRE_FINISHED:
      return bobbin_finished_rows_expire (self->finished, change->time, error);
    default:
      g_assert_not_reached ();
    }
}

/**
 * bobbin_store_rows_apply:
 * @self: rows, in a transaction
 * @batch: what to change
 * @error: see bobbin_store_set_error()
 *
 * Returns: whether all of it was done; if not the transaction is to be rolled back
 */
gboolean
bobbin_store_rows_apply (BobbinStoreRows *self, BobbinStoreBatch *batch, GError **error)
{
  for (guint i = 0; i < batch->changes->len; i++)
    if (!apply_change (self, &g_array_index (batch->changes, BobbinStoreChange, i), error))
      return FALSE;

  return TRUE;
}

/**
 * bobbin_store_rows_read_bounds:
 * @self: rows
 * @last_number: (out): the highest number of a job, or 0
 * @last_place: (out): the highest place of a job, or 0
 * @error: see bobbin_store_set_error()
 *
 * Returns: whether they could be read
 */
gboolean
bobbin_store_rows_read_bounds (BobbinStoreRows *self,
                               gint64 *last_number,
                               gint64 *last_place,
                               GError **error)
{
  sqlite3_stmt *statement = self->statements[READ_BOUNDS];
  const gboolean found = sqlite3_step (statement) == SQLITE_ROW;

  if (found)
    {
      *last_number = sqlite3_column_int64 (statement, 0);
      *last_place = sqlite3_column_int64 (statement, 1);
    }
  else
    {
      bobbin_store_set_error (error, self->db);
    }
  sqlite3_reset (statement);

  return found;
}

static char *
dup_text (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

static gpointer
read_job (sqlite3_stmt *statement)
{
  BobbinStoreJob *job = g_new0 (BobbinStoreJob, 1);

  job->number = sqlite3_column_int64 (statement, 0);
  g_strlcpy (job->id, (const char *) sqlite3_column_text (statement, 1), sizeof job->id);
  job->kind = dup_text (statement, 2);
  job->place = sqlite3_column_int64 (statement, 3);
  job->state = sqlite3_column_int (statement, 4);
  job->settings = dup_text (statement, 5);
  job->error = dup_text (statement, 6);
  job->message = dup_text (statement, 7);
  job->bytes = sqlite3_column_int64 (statement, 8);
  job->total = sqlite3_column_int64 (statement, 9);
  job->created = sqlite3_column_int64 (statement, 10);
  job->started = sqlite3_column_int64 (statement, 11);
  job->ended = sqlite3_column_int64 (statement, 12);

  return job;
}

static gpointer
read_event (sqlite3_stmt *statement)
{
  BobbinStoreEvent *event = g_new0 (BobbinStoreEvent, 1);

  event->kind = sqlite3_column_int (statement, 0);
  event->time = sqlite3_column_int64 (statement, 1);
  event->code = dup_text (statement, 2);
  event->text = dup_text (statement, 3);

  return event;
}

/* All rows that a statement gives; takes @rows, and gives NULL if reading fails. */
static GPtrArray *
read_all (BobbinStoreRows *self,
          Statement which,
          gpointer (*read) (sqlite3_stmt *statement),
          GPtrArray *rows,
          GError **error)
{
  sqlite3_stmt *statement = self->statements[which];
  int code;

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (rows, read (statement));
  if (code != SQLITE_DONE)
    {
      bobbin_store_set_error (error, self->db);
      g_clear_pointer (&rows, g_ptr_array_unref);
    }
  sqlite3_reset (statement);

  return rows;
}

/**
 * bobbin_store_rows_read_jobs:
 * @self: rows
 * @after_place: place and
 * @after_number: number of the last job that is not wanted any more
 * @n_jobs: so many, at most
 * @error: see bobbin_store_set_error()
 *
 * Returns: (transfer full) (nullable) (element-type BobbinStoreJob): the next jobs in their order
 */
GPtrArray *
bobbin_store_rows_read_jobs (BobbinStoreRows *self,
                             gint64 after_place,
                             gint64 after_number,
                             guint n_jobs,
                             GError **error)
{
  sqlite3_stmt *statement = self->statements[READ_JOBS];
  GPtrArray *jobs;

  sqlite3_bind_int64 (statement, 1, after_place);
  sqlite3_bind_int64 (statement, 2, after_number);
  sqlite3_bind_int64 (statement, 3, n_jobs);

  jobs = read_all (self, READ_JOBS, read_job,
                   g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_store_job_free), error);
  /* They are not read again: what was kept of the file for it has served. */
  if (jobs != NULL && jobs->len < n_jobs)
    sqlite3_db_release_memory (self->db);

  return jobs;
}

/**
 * bobbin_store_rows_read_events:
 * @self: rows
 * @number: of a job
 * @error: see bobbin_store_set_error()
 *
 * Returns: (transfer full) (nullable) (element-type BobbinStoreEvent): its log, oldest line first
 */
GPtrArray *
bobbin_store_rows_read_events (BobbinStoreRows *self, gint64 number, GError **error)
{
  sqlite3_bind_int64 (self->statements[READ_EVENTS], 1, number);

  return read_all (self, READ_EVENTS, read_event,
                   g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_store_event_free),
                   error);
}
