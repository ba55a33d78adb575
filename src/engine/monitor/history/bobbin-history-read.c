/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How questions are answered: from the level that the wanted number of buckets can be made of, and
 * from what is not rolled up yet. The store’s thread only, or of whoever opened the database for
 * reading.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-history-rows-private.h"
#include "bobbin-store-file.h"

#include <math.h>

/* What is read, and where it goes. */
typedef struct
{
  BobbinHistoryRows *rows;
  const BobbinHistoryQuery *query;
  BobbinHistorySpan *span;
  gint64 from; /* the start of the first bucket */
  gint64 to;
  gboolean single; /* all goes into one bucket of exactly the time that was asked about */
} Reading;

/* ---- into the span */

static void
give_bucket (Reading *self, const BobbinHistoryBucket *bucket)
{
  BobbinHistoryBucket part = *bucket;

  if (bucket->start + bucket->length <= self->from || bucket->start >= self->to)
    return;

  if (self->single)
    {
      bobbin_rollup_clip (&part, self->from, self->to);
      bobbin_rollup_merge (&g_array_index (self->span->buckets, BobbinHistoryBucket, 0), &part);
    }
  else
    {
      bobbin_rollup_add_bucket (self->span->buckets, self->span->step, &part);
    }
}

static void
give_sample (Reading *self, const BobbinHistorySample *sample)
{
  BobbinHistorySample part = *sample;
  BobbinHistoryBucket bucket;

  if (sample->time <= self->from || sample->time - sample->duration >= self->to)
    return;

  if (self->single || self->span->step > 0)
    bobbin_rollup_clip_sample (&part, self->from, self->to);
  if (!self->single && self->span->step > 0)
    {
      bobbin_rollup_add_sample (self->span->buckets, self->span->step, &part);
      return;
    }

  bobbin_rollup_from_sample (&bucket, &part);
  if (self->single)
    bobbin_rollup_merge (&g_array_index (self->span->buckets, BobbinHistoryBucket, 0), &bucket);
  else if (sample->time <= self->to)
    g_array_append_val (self->span->buckets, bucket);
}

static void
give_entry (const BobbinHistoryEntry *entry, gpointer user_data)
{
  give_sample (user_data, &entry->sample);
}

/* ---- rows */

static gboolean
read_text (Reading *self, BobbinHistoryLevel level, gint64 start, sqlite3_stmt *statement)
{
  const guint8 *text = sqlite3_column_blob (statement, 1);
  const gsize size = (gsize) sqlite3_column_bytes (statement, 1);
  g_autoptr (GArray) buckets = NULL;
  gboolean sound;

  if (level == BOBBIN_HISTORY_RAW)
    return bobbin_history_read_samples (text, size, give_entry, self);

  buckets = bobbin_rollup_buckets_new ();
  sound = bobbin_history_read_buckets (text, size, start, bobbin_history_level_get_length (level),
                                       buckets);
  for (guint i = 0; i < buckets->len; i++)
    give_bucket (self, &g_array_index (buckets, BobbinHistoryBucket, i));

  return sound;
}

static sqlite3_stmt *
use_rows (BobbinHistoryRows *self, gint64 number, BobbinHistoryLevel level, gint64 start)
{
  sqlite3_stmt *statement = bobbin_history_rows_use (self, BOBBIN_HISTORY_READ_ROWS);

  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int (statement, 2, (int) level);
  sqlite3_bind_int64 (statement, 3, start);

  return statement;
}

/* The first row that begins later is read as well: its first sample may stand for time before. */
static gboolean
read_rows (Reading *self, BobbinHistoryLevel level, GError **error)
{
  const gint64 begin = self->from - bobbin_history_level_get_span (level);
  sqlite3_stmt *statement = use_rows (self->rows, self->query->number, level, begin);
  gint64 start = G_MININT64;
  int code = SQLITE_ROW;

  while (start < self->to && (code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      start = sqlite3_column_int64 (statement, 0);
      if (!read_text (self, level, start, statement))
        g_message ("A row of the history is damaged, and what cannot be read of it is left out");
    }
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    bobbin_store_set_error (error, self->rows->db);
  sqlite3_reset (statement);

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* ---- what is not rolled up */

typedef struct
{
  gint64 number;
  GArray *samples; /* of BobbinHistorySample */
} Tail;

static void
take_tail (const BobbinHistoryEntry *entry, gpointer user_data)
{
  Tail *tail = user_data;

  if (entry->number == tail->number)
    g_array_append_val (tail->samples, entry->sample);
}

static gboolean
read_tail (Reading *self, GError **error)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (BobbinHistorySample));
  Tail tail = { self->query->number, samples };

  if (!bobbin_history_rows_read_entries (self->rows, take_tail, &tail, G_MAXINT64, error))
    return FALSE;

  bobbin_rollup_settle ((BobbinHistorySample *) samples->data, samples->len);
  for (guint i = 0; i < samples->len; i++)
    give_sample (self, &g_array_index (samples, BobbinHistorySample, i));

  return TRUE;
}

/* ---- how closely to look */

/* When the first thing happened that is rolled up at a level; G_MAXINT64 if nothing is. */
static gboolean
get_first (BobbinHistoryRows *self,
           gint64 number,
           BobbinHistoryLevel level,
           gint64 *first,
           GError **error)
{
  sqlite3_stmt *statement = use_rows (self, number, level, G_MININT64);
  const int code = sqlite3_step (statement);
  g_autoptr (GArray) buckets = bobbin_rollup_buckets_new ();

  *first = G_MAXINT64;
  if (code == SQLITE_ROW)
    *first = sqlite3_column_int64 (statement, 0);
  if (code == SQLITE_ROW && level > BOBBIN_HISTORY_RAW)
    {
      bobbin_history_read_buckets (sqlite3_column_blob (statement, 1),
                                   (gsize) sqlite3_column_bytes (statement, 1), *first,
                                   bobbin_history_level_get_length (level), buckets);
      if (buckets->len > 0)
        *first = g_array_index (buckets, BobbinHistoryBucket, 0).start;
    }
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    bobbin_store_set_error (error, self->db);
  sqlite3_reset (statement);

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* A level that does not go back far enough any more gives way to one that does. */
static gboolean
find_level (BobbinHistoryRows *self,
            const BobbinHistoryQuery *query,
            BobbinHistoryLevel *level,
            GError **error)
{
  gint64 first;

  if (!get_first (self, query->number, *level, &first, error))
    return FALSE;

  for (BobbinHistoryLevel next = *level + 1; next < BOBBIN_HISTORY_N_LEVELS && first > query->from;
       next++)
    {
      const gint64 length = bobbin_history_level_get_length (next);
      gint64 older;

      if (!get_first (self, query->number, next, &older, error))
        return FALSE;
      if (older >= first - length || older >= query->to)
        continue;

      first = older;
      *level = next;
    }

  return TRUE;
}

/* The level, and how long a bucket is: no shorter than @min_step. */
static gboolean
choose (Reading *self, gint64 min_step, BobbinHistoryLevel *level, gint64 *step, GError **error)
{
  const BobbinHistoryQuery *query = self->query;
  const gint64 range = query->to - query->from;

  *level = query->level;
  if (*level < BOBBIN_HISTORY_ANY)
    {
      *step = bobbin_history_level_get_length (*level);
      return TRUE;
    }

  *step =
    self->single ? range : MAX (bobbin_history_choose_step (range, query->max_points), min_step);
  *level =
    self->single ? bobbin_history_level_for_range (range) : bobbin_history_level_for_step (*step);
  if (!find_level (self->rows, query, level, error))
    return FALSE;
  if (!self->single)
    *step = MAX (*step, bobbin_history_level_get_length (*level));

  return TRUE;
}

static void
begin_single (Reading *self)
{
  const BobbinHistoryBucket all = { .start = self->from,
                                    .length = self->to - self->from,
                                    .min = NAN,
                                    .mean = NAN,
                                    .max = NAN };

  g_array_append_val (self->span->buckets, all);
}

static BobbinHistorySpan *
read_span (BobbinHistoryRows *rows,
           const BobbinHistoryQuery *query,
           gint64 min_step,
           GError **error)
{
  Reading reading = { .rows = rows, .query = query, .from = query->from, .to = query->to };
  g_autoptr (BobbinHistorySpan) span = NULL;
  BobbinHistoryLevel level;
  gint64 step;

  reading.single = query->level == BOBBIN_HISTORY_ANY && query->max_points == 0;
  if (!choose (&reading, min_step, &level, &step, error))
    return NULL;

  span = reading.span = bobbin_history_span_new (level, step);
  if (reading.single)
    {
      begin_single (&reading);
    }
  else if (step > 0)
    {
      reading.from = bobbin_rollup_get_start (query->from + 1, step);
      reading.to = bobbin_rollup_get_start (query->to, step) + step;
    }

  return read_rows (&reading, level, error) && read_tail (&reading, error) ? g_steal_pointer (&span)
                                                                           : NULL;
}

/* How long it took from one value to the next, as far as there could be any; a bit less, so that
 * one that is cut off at the end does not count. */
static gint64
get_pace (const BobbinHistorySpan *span)
{
  guint64 count = 0;
  gint64 length = 0;

  for (guint i = 0; i < span->buckets->len; i++)
    {
      const BobbinHistoryBucket *bucket = &g_array_index (span->buckets, BobbinHistoryBucket, i);

      count += bucket->count;
      length += bucket->in_state[BOBBIN_HISTORY_UP] + bucket->in_state[BOBBIN_HISTORY_WARNING] +
                bucket->in_state[BOBBIN_HISTORY_CRITICAL] +
                bucket->in_state[BOBBIN_HISTORY_RECOVERING];
    }

  return count > 0 ? length / (gint64) count * 9 / 10 : 0;
}

static int
compare_starts (gconstpointer a, gconstpointer b)
{
  const BobbinHistoryBucket *one = a;
  const BobbinHistoryBucket *other = b;
  const gint64 one_end = one->start + one->length;
  const gint64 other_end = other->start + other->length;

  return (one_end > other_end) - (one_end < other_end);
}

/**
 * bobbin_history_rows_read: (skip)
 * @self: rows
 * @query: what is asked
 * @error: see bobbin_store_set_error()
 *
 * Reads what is known of some time of a monitor. A single bucket is there whatever was found. Where
 * values came more seldom than the buckets they were to go into, these are made longer.
 *
 * Returns: (transfer full) (nullable): what was found
 */
BobbinHistorySpan *
bobbin_history_rows_read (BobbinHistoryRows *self, const BobbinHistoryQuery *query, GError **error)
{
  g_autoptr (BobbinHistorySpan) span = NULL;
  gint64 pace;

  g_return_val_if_fail (query->from < query->to, NULL);

  span = read_span (self, query, 0, error);
  if (span == NULL)
    return NULL;

  pace = query->level == BOBBIN_HISTORY_ANY && query->max_points > 0 ? get_pace (span) : 0;
  if (pace > span->step)
    {
      bobbin_history_span_free (g_steal_pointer (&span));
      span = read_span (self, query, bobbin_history_choose_step (pace, 1), error);
    }
  /* as they came is as they were due, unless a clock was set back */
  if (span != NULL && span->step == 0)
    g_array_sort (span->buckets, compare_starts);

  return g_steal_pointer (&span);
}

typedef struct
{
  gint64 number;
  gint64 begin;
} Beginning;

static void
take_beginning (const BobbinHistoryEntry *entry, gpointer user_data)
{
  Beginning *beginning = user_data;

  if (entry->number == beginning->number)
    beginning->begin = MIN (beginning->begin, entry->sample.time - entry->sample.duration);
}

/**
 * bobbin_history_rows_read_begin: (skip)
 * @self: rows
 * @number: of a monitor
 * @begin_time: (out): when the first thing happened of which something is known; G_MAXINT64 if
 * nothing is
 * @error: see bobbin_store_set_error()
 *
 * Returns: whether it could be read
 */
gboolean
bobbin_history_rows_read_begin (BobbinHistoryRows *self,
                                gint64 number,
                                gint64 *begin_time,
                                GError **error)
{
  Beginning beginning = { number, G_MAXINT64 };

  for (BobbinHistoryLevel level = BOBBIN_HISTORY_RAW; level < BOBBIN_HISTORY_N_LEVELS; level++)
    {
      gint64 first;

      if (!get_first (self, number, level, &first, error))
        return FALSE;
      beginning.begin = MIN (beginning.begin, first);
    }
  if (!bobbin_history_rows_read_entries (self, take_beginning, &beginning, G_MAXINT64, error))
    return FALSE;

  *begin_time = beginning.begin;

  return TRUE;
}
