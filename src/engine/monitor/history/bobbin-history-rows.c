/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The history in the database. Samples come in batches of all monitors, a row each, so that a
 * commit writes a page or two whether there is one monitor or a hundred. Every quarter of an hour
 * batches are sealed: rolled up, monitor by monitor, into rows about some time of one monitor at
 * one level. A sample is in a batch or rolled up, never both, whenever the program dies.
 *
 * Reads take what is rolled up and what is not together. All of the store’s thread only, or of
 * whoever opened the database for reading.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-history-rows.h"

#include "bobbin-history-rows-private.h"
#include "bobbin-store-file.h"

/* Batches are sealed when they are so old, or so large, together. */
#define SEAL_TIME  (15 * BOBBIN_ROLLUP_MINUTE)
#define SEAL_BYTES (1024 * 1024)

/* Before 1770, after 2170: no clock says so but a broken one. */
#define MAX_TIME (200 * 365 * BOBBIN_ROLLUP_DAY)

/* So long a piece of work takes, so that nobody waits much longer for it. */
#define WORK_TIME (8 * G_TIME_SPAN_MILLISECOND)

/* clang-format off */
static const char *const sql[BOBBIN_HISTORY_N_STATEMENTS] = {
  [BOBBIN_HISTORY_APPEND] = "INSERT INTO sample_batch (samples) VALUES (?1)",
  [BOBBIN_HISTORY_SUM_UP] = "SELECT sum(length(samples)) FROM sample_batch",
  [BOBBIN_HISTORY_READ_BATCHES] =
    "SELECT number, samples FROM sample_batch WHERE number <= ?1 ORDER BY number",
  [BOBBIN_HISTORY_DROP_BATCHES] = "DELETE FROM sample_batch WHERE number <= ?1",
  /* The seal that was begun; and if there is none, what one that begins now is about. */
  [BOBBIN_HISTORY_GET_SEAL] =
    "SELECT batch, job FROM seal"
    "  UNION ALL SELECT max(number), 0 FROM sample_batch LIMIT 1",
  [BOBBIN_HISTORY_SET_SEAL] =
    "INSERT INTO seal (number, batch, job) VALUES (1, ?1, ?2)"
    "  ON CONFLICT (number) DO UPDATE SET batch = ?1, job = ?2",
  [BOBBIN_HISTORY_END_SEAL] = "DELETE FROM seal",
  [BOBBIN_HISTORY_READ_UNSETTLED] = "SELECT job, samples FROM unsettled ORDER BY job",
  [BOBBIN_HISTORY_PUT_UNSETTLED] =
    "INSERT INTO unsettled (job, samples) VALUES (?1, ?2)"
    "  ON CONFLICT (job) DO UPDATE SET samples = ?2",
  [BOBBIN_HISTORY_DROP_UNSETTLED] = "DELETE FROM unsettled WHERE job = ?1",
  [BOBBIN_HISTORY_HAS_JOB] = "SELECT number FROM job WHERE number = ?1",
  [BOBBIN_HISTORY_GET_ROW] =
    "SELECT text FROM history WHERE job = ?1 AND level = ?2 AND start = ?3",
  [BOBBIN_HISTORY_PUT_ROW] =
    "INSERT INTO history (job, level, start, text) VALUES (?1, ?2, ?3, ?4)"
    "  ON CONFLICT (job, level, start) DO UPDATE SET text = ?4",
  [BOBBIN_HISTORY_ADD_ROW] =
    "INSERT OR IGNORE INTO history (job, level, start, text) VALUES (?1, ?2, ?3, ?4)",
  [BOBBIN_HISTORY_READ_ROWS] =
    "SELECT start, text FROM history WHERE job = ?1 AND level = ?2 AND start >= ?3 ORDER BY start",
  [BOBBIN_HISTORY_NEXT_JOB] = "SELECT job FROM history WHERE job > ?1 ORDER BY job LIMIT 1",
  [BOBBIN_HISTORY_DROP_OLD] =
    "DELETE FROM history WHERE number IN"
    "  (SELECT number FROM history WHERE job = ?1 AND level = ?2 AND start < ?3 LIMIT 16)",
  [BOBBIN_HISTORY_NEXT_FORGOTTEN] =
    "SELECT number FROM forgotten WHERE number > ?1 ORDER BY number LIMIT 1",
  [BOBBIN_HISTORY_DROP_SOME] =
    "DELETE FROM history WHERE number IN (SELECT number FROM history WHERE job = ?1 LIMIT 16)",
  /* The highest number that ever was must be known, lest another job gets it. */
  [BOBBIN_HISTORY_DROP_FORGOTTEN] =
    "DELETE FROM forgotten WHERE number = ?1 AND"
    "  (EXISTS (SELECT 1 FROM job WHERE number > ?1) OR"
    "   EXISTS (SELECT 1 FROM forgotten WHERE number > ?1))",
};
/* clang-format on */

/* ---- what the other files use */

/* A statement that nobody is in the middle of, with nothing bound. */
sqlite3_stmt *
bobbin_history_rows_use (BobbinHistoryRows *self, BobbinHistoryStatement which)
{
  sqlite3_stmt *statement = self->statements[which];

  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);

  return statement;
}

/* Runs a statement that gives no rows. */
gboolean
bobbin_history_rows_run (BobbinHistoryRows *self, BobbinHistoryStatement which, GError **error)
{
  sqlite3_stmt *statement = self->statements[which];
  const gboolean done = sqlite3_step (statement) == SQLITE_DONE;

  if (!done)
    bobbin_store_set_error (error, self->db);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);

  return done;
}

/* The number that a statement gives; it is not found if there is no row, or it is null. */
gboolean
bobbin_history_rows_get_number (BobbinHistoryRows *self,
                                BobbinHistoryStatement which,
                                gint64 *number,
                                gboolean *found,
                                GError **error)
{
  sqlite3_stmt *statement = self->statements[which];
  const int code = sqlite3_step (statement);

  *found = code == SQLITE_ROW && sqlite3_column_type (statement, 0) == SQLITE_INTEGER;
  if (*found)
    *number = sqlite3_column_int64 (statement, 0);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    bobbin_store_set_error (error, self->db);
  sqlite3_reset (statement);

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* ---- what is not rolled up */

typedef struct
{
  BobbinHistoryEntryFunc func;
  gpointer user_data;
  gint64 after;  /* entries of monitors up to this are rolled up */
  gint64 number; /* of the monitor that a text is about, or 0 */
} Feed;

static void
feed (const BobbinHistoryEntry *entry, gpointer user_data)
{
  const Feed *self = user_data;
  BobbinHistoryEntry other = *entry;

  if (self->number > 0)
    other.number = self->number;
  if (other.number <= self->after || other.sample.time < -MAX_TIME || other.sample.time > MAX_TIME)
    return;

  other.sample.duration = MIN (other.sample.duration, MAX_TIME);
  self->func (&other, self->user_data);
}

static void
feed_text (Feed *self, sqlite3_stmt *statement)
{
  const guint8 *text = sqlite3_column_blob (statement, 1);
  const gsize size = (gsize) sqlite3_column_bytes (statement, 1);

  if (!bobbin_history_read_samples (text, size, feed, self))
    g_message ("Some samples in the history are damaged, and left out");
}

static gboolean
feed_all (BobbinHistoryRows *self,
          BobbinHistoryStatement which,
          Feed *all,
          gint64 sealed_batch,
          gint64 sealed_number,
          GError **error)
{
  sqlite3_stmt *statement = self->statements[which];
  int code;

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const gint64 number = sqlite3_column_int64 (statement, 0);

      all->after = number <= sealed_batch ? sealed_number : 0;
      all->number = which == BOBBIN_HISTORY_READ_UNSETTLED ? number : 0;
      feed_text (all, statement);
    }
  if (code != SQLITE_DONE)
    bobbin_store_set_error (error, self->db);
  sqlite3_reset (statement);

  return code == SQLITE_DONE;
}

/* Calls @func with all that is not rolled up, up to a batch: of each monitor in its order. */
gboolean
bobbin_history_rows_read_entries (BobbinHistoryRows *self,
                                  BobbinHistoryEntryFunc func,
                                  gpointer user_data,
                                  gint64 batch,
                                  GError **error)
{
  Feed all = { func, user_data, 0, 0 };
  gint64 sealed_batch;
  gint64 sealed_number;

  if (!bobbin_history_seal_get (self, &sealed_batch, &sealed_number, error))
    return FALSE;

  bobbin_history_rows_use (self, BOBBIN_HISTORY_READ_UNSETTLED);
  sqlite3_bind_int64 (bobbin_history_rows_use (self, BOBBIN_HISTORY_READ_BATCHES), 1, batch);

  return feed_all (self, BOBBIN_HISTORY_READ_UNSETTLED, &all, 0, 0, error) &&
         feed_all (self, BOBBIN_HISTORY_READ_BATCHES, &all, sealed_batch, sealed_number, error);
}

/* ---- public */

/* What an earlier run of the program left. */
static gboolean
take_stock (BobbinHistoryRows *self, GError **error)
{
  gboolean found;

  if (!bobbin_history_rows_get_number (self, BOBBIN_HISTORY_SUM_UP, &self->n_bytes, &found, error))
    return FALSE;

  if (found)
    self->begun = g_get_monotonic_time ();
  self->wants_seal = self->n_bytes >= SEAL_BYTES;
  self->wants_forget = TRUE;

  return TRUE;
}

/**
 * bobbin_history_rows_new: (skip)
 * @db: an open database of the newest schema; must outlive what is made
 * @error: see bobbin_store_set_error()
 *
 * Returns: (transfer full) (nullable): the history in @db
 */
BobbinHistoryRows *
bobbin_history_rows_new (sqlite3 *db, GError **error)
{
  g_autoptr (BobbinHistoryRows) self = g_new0 (BobbinHistoryRows, 1);

  self->db = db;
  self->keep = (BobbinHistoryKeep) BOBBIN_HISTORY_KEEP_DEFAULT;
  for (guint i = 0; i < BOBBIN_HISTORY_N_STATEMENTS; i++)
    if (sqlite3_prepare_v3 (db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &self->statements[i],
                            NULL) != SQLITE_OK)
      {
        bobbin_store_set_error (error, db);
        return NULL;
      }

  return take_stock (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * bobbin_history_rows_free: (skip)
 * @self: rows
 *
 * Ends the statements.
 */
void
bobbin_history_rows_free (BobbinHistoryRows *self)
{
  for (guint i = 0; i < BOBBIN_HISTORY_N_STATEMENTS; i++)
    sqlite3_finalize (self->statements[i]);
  g_clear_pointer (&self->seal, bobbin_history_seal_free);
  g_free (self);
}

/**
 * bobbin_history_rows_set_keep: (skip)
 * @self: rows
 * @keep: how much is kept from now on
 */
void
bobbin_history_rows_set_keep (BobbinHistoryRows *self, const BobbinHistoryKeep *keep)
{
  self->keep = *keep;
}

/**
 * bobbin_history_rows_append: (skip)
 * @self: rows, in a transaction
 * @samples: what a #BobbinHistoryWriter wrote, of monitors by their numbers
 * @error: see bobbin_store_set_error()
 *
 * Takes samples in, as they are.
 *
 * Returns: whether that was done
 */
gboolean
bobbin_history_rows_append (BobbinHistoryRows *self, GBytes *samples, GError **error)
{
  gsize size;
  gconstpointer text = g_bytes_get_data (samples, &size);

  sqlite3_bind_blob64 (bobbin_history_rows_use (self, BOBBIN_HISTORY_APPEND), 1, text, size,
                       SQLITE_STATIC);
  if (!bobbin_history_rows_run (self, BOBBIN_HISTORY_APPEND, error))
    return FALSE;

  self->n_bytes += (gint64) size;
  if (self->begun == 0)
    self->begun = g_get_monotonic_time ();
  if (self->n_bytes >= SEAL_BYTES || g_get_monotonic_time () - self->begun >= SEAL_TIME)
    self->wants_seal = TRUE;

  return TRUE;
}

/**
 * bobbin_history_rows_want_seal: (skip)
 * @self: rows
 *
 * Has all batches of now sealed, without regard to their age.
 */
void
bobbin_history_rows_want_seal (BobbinHistoryRows *self)
{
  self->wants_seal = TRUE;
}

/**
 * bobbin_history_rows_has_work: (skip)
 * @self: rows
 *
 * Returns: whether bobbin_history_rows_work() has something to do
 */
gboolean
bobbin_history_rows_has_work (BobbinHistoryRows *self)
{
  return self->wants_seal || self->wants_forget || self->wants_prune;
}

/**
 * bobbin_history_rows_work: (skip)
 * @self: rows, in a transaction
 * @now: µs since 1970; 0 if the clock cannot be relied on: nothing is too old then
 * @error: see bobbin_store_set_error()
 *
 * Does a piece of what is to be done: some ten milliseconds' worth.
 *
 * Returns: whether it was done; if not the transaction is to be rolled back, and
 *   bobbin_history_rows_undone() called
 */
gboolean
bobbin_history_rows_work (BobbinHistoryRows *self, gint64 now, GError **error)
{
  const gint64 deadline = g_get_monotonic_time () + WORK_TIME;

  if (self->wants_seal)
    return bobbin_history_seal_some (self, now, deadline, error);
  if (self->wants_forget)
    return bobbin_history_forget_some (self, deadline, error);
  if (self->wants_prune)
    return bobbin_history_prune_some (self, now, deadline, error);

  return TRUE;
}

/**
 * bobbin_history_rows_undone: (skip)
 * @self: rows
 *
 * To be called when a transaction was rolled back. The next try is not made before more samples
 * have come, and time has passed.
 */
void
bobbin_history_rows_undone (BobbinHistoryRows *self)
{
  g_clear_pointer (&self->seal, bobbin_history_seal_free);
  self->wants_seal = self->wants_forget = self->wants_prune = FALSE;
  self->prune_after = self->forget_after = 0;
  self->n_bytes = 0;
  self->begun = g_get_monotonic_time ();
}
