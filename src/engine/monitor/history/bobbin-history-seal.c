/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How batches are sealed: what they hold of each monitor goes into a row of samples and into the
 * rows of its minutes, hours and days. That is done some monitors at a time, a transaction each;
 * which monitors are done is part of it. The store's thread only.
 *
 * Pending samples at the end wait: only what comes later tells whether they were the beginning of
 * an outage. They are kept apart until then.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-history-rows-private.h"
#include "bobbin-store-file.h"

/* Pending samples wait no longer than this, or three of their own intervals, for what comes next,
 * and no more of them than that many. */
#define MAX_WAIT      BOBBIN_ROLLUP_HOUR
#define MAX_UNSETTLED 4096

/* A row of samples has no more than this. */
#define MAX_ROW_SAMPLES 4096

typedef struct
{
  BobbinHistoryRows *rows;
  gint64 number;
  GError **error;
} Job;

/**
 * bobbin_history_seal_free: (skip)
 * @self: a seal
 */
void
bobbin_history_seal_free (BobbinHistorySeal *self)
{
  g_array_unref (self->entries);
  g_free (self);
}

/* The last batch of the seal that was begun, and the last monitor that is done with; 0 for none. */
gboolean
bobbin_history_seal_get (BobbinHistoryRows *self, gint64 *batch, gint64 *number, GError **error)
{
  sqlite3_stmt *statement = bobbin_history_rows_use (self, BOBBIN_HISTORY_GET_SEAL);
  const int code = sqlite3_step (statement);

  *batch = code == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  *number = code == SQLITE_ROW ? sqlite3_column_int64 (statement, 1) : 0;
  if (code != SQLITE_ROW)
    bobbin_store_set_error (error, self->db);
  sqlite3_reset (statement);

  return code == SQLITE_ROW;
}

static gboolean
seal_set (BobbinHistoryRows *self, gint64 batch, gint64 number, GError **error)
{
  sqlite3_stmt *statement = bobbin_history_rows_use (self, BOBBIN_HISTORY_SET_SEAL);

  sqlite3_bind_int64 (statement, 1, batch);
  sqlite3_bind_int64 (statement, 2, number);

  return bobbin_history_rows_run (self, BOBBIN_HISTORY_SET_SEAL, error);
}

/* ---- rows */

static gboolean
put_row (Job *job, BobbinHistoryLevel level, gint64 start, GBytes *text)
{
  sqlite3_stmt *statement = bobbin_history_rows_use (job->rows, BOBBIN_HISTORY_PUT_ROW);
  gsize size;
  gconstpointer data = g_bytes_get_data (text, &size);

  sqlite3_bind_int64 (statement, 1, job->number);
  sqlite3_bind_int (statement, 2, (int) level);
  sqlite3_bind_int64 (statement, 3, start);
  sqlite3_bind_blob64 (statement, 4, data, size, SQLITE_STATIC);

  return bobbin_history_rows_run (job->rows, BOBBIN_HISTORY_PUT_ROW, job->error);
}

/* Where the clock was set back there may be a row of that time: the next microsecond will do. */
static gboolean
add_raw_row (Job *job, gint64 start, GBytes *text)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (text, &size);

  for (;; start++)
    {
      sqlite3_stmt *statement = bobbin_history_rows_use (job->rows, BOBBIN_HISTORY_ADD_ROW);

      sqlite3_bind_int64 (statement, 1, job->number);
      sqlite3_bind_int (statement, 2, BOBBIN_HISTORY_RAW);
      sqlite3_bind_int64 (statement, 3, start);
      sqlite3_bind_blob64 (statement, 4, data, size, SQLITE_STATIC);
      if (!bobbin_history_rows_run (job->rows, BOBBIN_HISTORY_ADD_ROW, job->error))
        return FALSE;
      if (sqlite3_changes (job->rows->db) > 0)
        return TRUE;
    }
}

/* How many samples fit into a row: as long as time goes on, and not too far. */
static guint
count_row (const BobbinHistorySample *samples, guint n)
{
  const gint64 span = bobbin_history_level_get_span (BOBBIN_HISTORY_RAW);
  guint i = 1;

  while (i < n && i < MAX_ROW_SAMPLES && samples[i].time >= samples[i - 1].time &&
         samples[i].time - samples[0].time < span)
    i++;

  return i;
}

static gboolean
write_raw (Job *job, const BobbinHistorySample *samples, guint n)
{
  while (n > 0)
    {
      const guint n_row = count_row (samples, n);
      g_auto (BobbinHistoryWriter) writer = { 0 };
      g_autoptr (GBytes) text = NULL;

      bobbin_history_writer_init (&writer);
      for (guint i = 0; i < n_row; i++)
        bobbin_history_writer_add (&writer, 0, &samples[i]);
      text = bobbin_history_writer_end (&writer);
      if (!add_raw_row (job, samples[0].time, text))
        return FALSE;
      samples += n_row;
      n -= n_row;
    }

  return TRUE;
}

/* The buckets of a row; none if there is no such row. */
static gboolean
get_row (Job *job, BobbinHistoryLevel level, gint64 start, GArray *buckets)
{
  sqlite3_stmt *statement = bobbin_history_rows_use (job->rows, BOBBIN_HISTORY_GET_ROW);
  int code;

  sqlite3_bind_int64 (statement, 1, job->number);
  sqlite3_bind_int (statement, 2, (int) level);
  sqlite3_bind_int64 (statement, 3, start);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW &&
      !bobbin_history_read_buckets (sqlite3_column_blob (statement, 0),
                                    (gsize) sqlite3_column_bytes (statement, 0), start,
                                    bobbin_history_level_get_length (level), buckets))
    g_message ("A row of the history is damaged, and what cannot be read of it is left out");
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    bobbin_store_set_error (job->error, job->rows->db);
  sqlite3_reset (statement);

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* Adds buckets to those that the row has already. */
static gboolean
merge_row (Job *job,
           BobbinHistoryLevel level,
           gint64 start,
           const BobbinHistoryBucket *buckets,
           guint n)
{
  const gint64 length = bobbin_history_level_get_length (level);
  g_autoptr (GArray) merged = bobbin_rollup_buckets_new ();
  g_autoptr (GBytes) text = NULL;

  if (!get_row (job, level, start, merged))
    return FALSE;

  for (guint i = 0; i < n; i++)
    bobbin_rollup_add_bucket (merged, length, &buckets[i]);
  text = bobbin_history_write_buckets (merged, start, length);

  return put_row (job, level, start, text);
}

/* So far back from its time a sample is shared out among buckets of a level: no further than they
 * are of any use. */
static gint64
get_reach (BobbinHistoryLevel level)
{
  static const gint64 reaches[BOBBIN_HISTORY_N_LEVELS] = { 0, 31 * BOBBIN_ROLLUP_DAY,
                                                           400 * BOBBIN_ROLLUP_DAY,
                                                           36525 * BOBBIN_ROLLUP_DAY };

  return reaches[level];
}

static GArray *
roll_up (BobbinHistoryLevel level, const BobbinHistorySample *samples, guint n)
{
  const gint64 length = bobbin_history_level_get_length (level);
  GArray *buckets = bobbin_rollup_buckets_new ();

  for (guint i = 0; i < n; i++)
    {
      BobbinHistorySample sample = samples[i];

      bobbin_rollup_clip_sample (&sample, sample.time - get_reach (level), sample.time);
      bobbin_rollup_add_sample (buckets, length, &sample);
    }

  return buckets;
}

static gboolean
write_level (Job *job, BobbinHistoryLevel level, const BobbinHistorySample *samples, guint n)
{
  const gint64 span = bobbin_history_level_get_span (level);
  g_autoptr (GArray) buckets = roll_up (level, samples, n);
  const BobbinHistoryBucket *all = (const BobbinHistoryBucket *) buckets->data;
  guint i = 0;

  while (i < buckets->len)
    {
      /* a bucket's start is not in it, and so is never the end of a row before */
      const gint64 start = bobbin_rollup_get_start (all[i].start + 1, span);
      guint n_row = 1;

      while (i + n_row < buckets->len && all[i + n_row].start < start + span)
        n_row++;
      if (!merge_row (job, level, start, all + i, n_row))
        return FALSE;
      i += n_row;
    }

  return TRUE;
}

/* ---- a monitor */

static gboolean
put_unsettled (Job *job, const BobbinHistorySample *samples, guint n)
{
  const BobbinHistoryStatement which =
    n > 0 ? BOBBIN_HISTORY_PUT_UNSETTLED : BOBBIN_HISTORY_DROP_UNSETTLED;
  sqlite3_stmt *statement = bobbin_history_rows_use (job->rows, which);
  g_auto (BobbinHistoryWriter) writer = { 0 };
  g_autoptr (GBytes) text = NULL;
  gsize size;
  gconstpointer data;

  bobbin_history_writer_init (&writer);
  for (guint i = 0; i < n; i++)
    bobbin_history_writer_add (&writer, 0, &samples[i]);
  text = bobbin_history_writer_end (&writer);
  data = g_bytes_get_data (text, &size);

  sqlite3_bind_int64 (statement, 1, job->number);
  if (n > 0)
    sqlite3_bind_blob64 (statement, 2, data, size, SQLITE_STATIC);

  return bobbin_history_rows_run (job->rows, which, job->error);
}

/* How many of a monitor's samples can be rolled up. */
static guint
settle (BobbinHistorySample *samples, guint n, gint64 now)
{
  const guint n_settled = bobbin_rollup_settle (samples, n);
  const BobbinHistorySample *last = &samples[n - 1];
  const gint64 patience = MAX (MAX_WAIT, 3 * MIN (last->duration, BOBBIN_ROLLUP_DAY));

  if (n - n_settled > MAX_UNSETTLED || (now > 0 && ABS (now - last->time) > patience))
    return n;

  return n_settled;
}

static GArray *
collect (const BobbinHistoryEntry *entries, guint n)
{
  GArray *samples = g_array_sized_new (FALSE, FALSE, sizeof (BobbinHistorySample), n);

  for (guint i = 0; i < n; i++)
    g_array_append_val (samples, entries[i].sample);

  return samples;
}

static gboolean
seal_samples (Job *job, GArray *samples, gint64 now)
{
  BobbinHistorySample *all = (BobbinHistorySample *) samples->data;
  guint n;

  if (samples->len == 0)
    return put_unsettled (job, NULL, 0);

  n = settle (all, samples->len, now);

  return write_raw (job, all, n) && write_level (job, BOBBIN_HISTORY_MINUTES, all, n) &&
         write_level (job, BOBBIN_HISTORY_HOURS, all, n) &&
         write_level (job, BOBBIN_HISTORY_DAYS, all, n) &&
         put_unsettled (job, all + n, samples->len - n);
}

/* What is left of a monitor that has been removed goes. */
static gboolean
seal_job (Job *job, const BobbinHistoryEntry *entries, guint n, gint64 now)
{
  sqlite3_stmt *statement = bobbin_history_rows_use (job->rows, BOBBIN_HISTORY_HAS_JOB);
  g_autoptr (GArray) samples = NULL;
  gboolean found;
  gint64 number;

  sqlite3_bind_int64 (statement, 1, job->number);
  if (!bobbin_history_rows_get_number (job->rows, BOBBIN_HISTORY_HAS_JOB, &number, &found,
                                       job->error))
    return FALSE;

  samples = collect (entries, found ? n : 0);

  return seal_samples (job, samples, now);
}

/* ---- all of them */

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  const BobbinHistoryEntry *one = a;
  const BobbinHistoryEntry *other = b;

  return (one->number > other->number) - (one->number < other->number);
}

typedef struct
{
  GArray *entries;
  gint64 after;
} Intake;

static void
take (const BobbinHistoryEntry *entry, gpointer user_data)
{
  Intake *intake = user_data;

  if (entry->number > intake->after)
    g_array_append_vals (intake->entries, entry, 1);
}

/* Begins a seal, or goes on with one of before the program. */
static gboolean
begin (BobbinHistoryRows *self, GError **error)
{
  g_autoptr (BobbinHistorySeal) seal = g_new0 (BobbinHistorySeal, 1);
  Intake intake;

  seal->entries = g_array_new (FALSE, FALSE, sizeof (BobbinHistoryEntry));
  intake.entries = seal->entries;
  if (!bobbin_history_seal_get (self, &seal->batch, &intake.after, error) ||
      !bobbin_history_rows_read_entries (self, take, &intake, seal->batch, error))
    return FALSE;

  /* this sort leaves those of one monitor in their order */
  g_array_sort (seal->entries, compare_numbers);
  self->n_bytes = 0;
  self->begun = 0;
  self->seal = g_steal_pointer (&seal);

  return TRUE;
}

static gboolean
end (BobbinHistoryRows *self, GError **error)
{
  sqlite3_stmt *statement = bobbin_history_rows_use (self, BOBBIN_HISTORY_DROP_BATCHES);

  sqlite3_bind_int64 (statement, 1, self->seal->batch);
  bobbin_history_rows_use (self, BOBBIN_HISTORY_END_SEAL);
  if (!bobbin_history_rows_run (self, BOBBIN_HISTORY_DROP_BATCHES, error) ||
      !bobbin_history_rows_run (self, BOBBIN_HISTORY_END_SEAL, error))
    return FALSE;

  g_clear_pointer (&self->seal, bobbin_history_seal_free);
  self->wants_seal = FALSE;
  self->wants_forget = self->wants_prune = TRUE;
  self->forget_after = self->prune_after = 0;

  return TRUE;
}

static gboolean
seal_next (BobbinHistoryRows *self, gint64 now, GError **error)
{
  BobbinHistorySeal *seal = self->seal;
  const BobbinHistoryEntry *first = &g_array_index (seal->entries, BobbinHistoryEntry, seal->at);
  Job job = { self, first->number, error };
  guint n = 1;

  while (seal->at + n < seal->entries->len && first[n].number == first->number)
    n++;
  seal->at += n;

  return seal_job (&job, first, n, now);
}

/*
 * bobbin_history_seal_some:
 * @self: rows, in a transaction
 * @now: µs since 1970, or 0 if that is not known
 * @deadline: when to leave the rest for later
 * @error: see bobbin_store_set_error()
 *
 * Seals the batches of some monitors, one at least; with the last of them the batches go.
 */
gboolean
bobbin_history_seal_some (BobbinHistoryRows *self, gint64 now, gint64 deadline, GError **error)
{
  BobbinHistorySeal *seal;
  gint64 number;

  if (self->seal == NULL && !begin (self, error))
    return FALSE;

  seal = self->seal;
  if (seal->at == seal->entries->len)
    return end (self, error);

  do
    {
      number = g_array_index (seal->entries, BobbinHistoryEntry, seal->at).number;
      if (!seal_next (self, now, error))
        return FALSE;
    }
  while (seal->at < seal->entries->len && g_get_monotonic_time () < deadline);

  return seal_set (self, seal->batch, number, error);
}
