/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-history-rows: whatever is put in, in whatever batches, with whatever clock, sealed
 * whenever and interrupted anywhere, comes out as the sum of its samples.
 */

#include "config.h"

#include "bobbin-history-clock.h"
#include "bobbin-history-rows-private.h"
#include "bobbin-store-schema.h"
#include "history-series.h"

#include <math.h>

/* 2026-03-29T00:30Z: half an hour before the clocks of Berlin change. */
#define BEGIN  (1774744200 * (gint64) G_USEC_PER_SEC)
#define N_JOBS 3

/* ---- a database in memory */

typedef struct
{
  sqlite3 *db;
  BobbinHistoryRows *rows;
} Fixture;

static void
execute (Fixture *fixture, const char *sql)
{
  g_assert_cmpint (sqlite3_exec (fixture->db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

static void
add_job (Fixture *fixture, gint64 number)
{
  g_autofree char *sql = g_strdup_printf (
    "INSERT INTO job (number, id, kind, place, state, settings, bytes, total, created, started,"
    "                 ended)"
    "  VALUES (%d, 'id-%d', 'monitor', 0, 0, '{}', 0, 0, 0, 0, 0)",
    (int) number, (int) number);

  execute (fixture, sql);
}

static void
reopen_rows (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&fixture->rows, bobbin_history_rows_free);
  fixture->rows = bobbin_history_rows_new (fixture->db, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (sqlite3_open (":memory:", &fixture->db), ==, SQLITE_OK);
  bobbin_store_schema_update (fixture->db, &error);
  g_assert_no_error (error);
  for (gint64 number = 1; number <= N_JOBS; number++)
    add_job (fixture, number);
  reopen_rows (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bobbin_history_rows_free (fixture->rows);
  g_assert_cmpint (sqlite3_close (fixture->db), ==, SQLITE_OK);
}

static gint64
count (Fixture *fixture, const char *sql)
{
  sqlite3_stmt *statement;
  gint64 number;

  g_assert_cmpint (sqlite3_prepare_v2 (fixture->db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);

  return number;
}

static void
append (Fixture *fixture, BobbinHistoryWriter *writer)
{
  g_autoptr (GBytes) samples = bobbin_history_writer_end (writer);
  g_autoptr (GError) error = NULL;

  execute (fixture, "BEGIN");
  bobbin_history_rows_append (fixture->rows, samples, &error);
  g_assert_no_error (error);
  execute (fixture, "COMMIT");
  bobbin_history_writer_init (writer);
}

static void
work (Fixture *fixture, gint64 now)
{
  while (bobbin_history_rows_has_work (fixture->rows))
    {
      g_autoptr (GError) error = NULL;

      execute (fixture, "BEGIN");
      bobbin_history_rows_work (fixture->rows, now, &error);
      g_assert_no_error (error);
      execute (fixture, "COMMIT");
    }
}

static void
seal (Fixture *fixture, gint64 now)
{
  bobbin_history_rows_want_seal (fixture->rows);
  work (fixture, now);
}

/* A seal that is interrupted at every step: the transaction is lost, or the program. */
static void
seal_with_trouble (Fixture *fixture, GRand *rand)
{
  g_autoptr (GError) error = NULL;

  bobbin_history_rows_want_seal (fixture->rows);
  while (fixture->rows->wants_seal)
    {
      execute (fixture, "BEGIN");
      bobbin_history_seal_some (fixture->rows, 0, 0, &error);
      g_assert_no_error (error);
      if (g_rand_boolean (rand))
        {
          execute (fixture, "COMMIT");
          continue;
        }

      execute (fixture, "ROLLBACK");
      bobbin_history_rows_undone (fixture->rows);
      if (g_rand_boolean (rand))
        reopen_rows (fixture);
      bobbin_history_rows_want_seal (fixture->rows);
    }
}

static BobbinHistorySpan *
read_span (Fixture *fixture, const BobbinHistoryQuery *query)
{
  g_autoptr (GError) error = NULL;
  BobbinHistorySpan *span = bobbin_history_rows_read (fixture->rows, query, &error);

  g_assert_no_error (error);

  return span;
}

static BobbinHistorySpan *
read_level (Fixture *fixture, gint64 number, BobbinHistoryLevel level)
{
  const BobbinHistoryQuery query = { .number = number,
                                     .from = BEGIN - 4000 * BOBBIN_ROLLUP_DAY,
                                     .to = BEGIN + 4000 * BOBBIN_ROLLUP_DAY,
                                     .level = level };

  return read_span (fixture, &query);
}

/* ---- against the slow way */

typedef struct
{
  GArray *series[N_JOBS];
  GArray *settled[N_JOBS]; /* what is known of it at the end */
} World;

static void
world_init (World *world, GRand *rand)
{
  for (guint i = 0; i < N_JOBS; i++)
    {
      world->series[i] = test_make_series (rand, BEGIN, 150);
      world->settled[i] = g_array_copy (world->series[i]);
      bobbin_rollup_settle ((BobbinHistorySample *) world->settled[i]->data,
                            world->settled[i]->len);
    }
}

static void
world_clear (World *world)
{
  for (guint i = 0; i < N_JOBS; i++)
    {
      g_array_unref (world->series[i]);
      g_array_unref (world->settled[i]);
    }
}

static void
assert_raw (Fixture *fixture, guint i, const GArray *series)
{
  g_autoptr (BobbinHistorySpan) span = read_level (fixture, i + 1, BOBBIN_HISTORY_RAW);
  g_autoptr (GArray) buckets = bobbin_rollup_buckets_new ();

  g_assert_cmpuint (span->buckets->len, ==, series->len);
  for (guint at = 0; at < span->buckets->len; at++)
    {
      const BobbinHistoryBucket *bucket = &g_array_index (span->buckets, BobbinHistoryBucket, at);
      BobbinHistorySample sample = { bucket->start + bucket->length, bucket->length, bucket->mean,
                                     BOBBIN_HISTORY_UNKNOWN };

      for (guint state = 0; state < BOBBIN_HISTORY_N_STATES; state++)
        if (bucket->in_state[state] > 0)
          sample.state = state;
      g_assert_true (at == 0 ||
                     bucket[-1].start + bucket[-1].length <= bucket->start + bucket->length);
      bobbin_rollup_add_sample (buckets, BOBBIN_ROLLUP_MINUTE, &sample);
    }
  test_assert_right (buckets, BOBBIN_ROLLUP_MINUTE, series);
}

static void
assert_world (Fixture *fixture, World *world)
{
  for (guint i = 0; i < N_JOBS; i++)
    {
      assert_raw (fixture, i, world->settled[i]);
      for (BobbinHistoryLevel level = BOBBIN_HISTORY_MINUTES; level < BOBBIN_HISTORY_N_LEVELS;
           level++)
        {
          g_autoptr (BobbinHistorySpan) span = read_level (fixture, i + 1, level);

          test_assert_right (span->buckets, bobbin_history_level_get_length (level),
                             world->settled[i]);
        }
    }
}

static void
test_brute_force (Fixture *fixture, gconstpointer data)
{
  const gboolean trouble = GPOINTER_TO_INT (data);
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  g_auto (BobbinHistoryWriter) writer = { 0 };
  World world;

  bobbin_history_writer_init (&writer);
  world_init (&world, rand);
  for (guint at = 0; at < 160; at++)
    {
      for (guint i = 0; i < N_JOBS; i++)
        if (at < world.series[i]->len)
          bobbin_history_writer_add (&writer, i + 1,
                                     &g_array_index (world.series[i], BobbinHistorySample, at));
      if (g_rand_int_range (rand, 0, 4) == 0)
        append (fixture, &writer);
      if (g_rand_int_range (rand, 0, 20) > 0)
        continue;
      if (trouble)
        seal_with_trouble (fixture, rand);
      else
        seal (fixture, 0);
    }
  /* those that came twice make a series longer */
  for (guint i = 0; i < N_JOBS; i++)
    for (guint at = 160; at < world.series[i]->len; at++)
      bobbin_history_writer_add (&writer, i + 1,
                                 &g_array_index (world.series[i], BobbinHistorySample, at));
  append (fixture, &writer);
  assert_world (fixture, &world);

  seal (fixture, 0);
  assert_world (fixture, &world);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM sample_batch"), ==, 0);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM seal"), ==, 0);
  reopen_rows (fixture);
  assert_world (fixture, &world);
  world_clear (&world);
}

/* ---- a steady monitor */

typedef struct
{
  gint64 begin;
  gint64 interval;
  gint64 n;
  gboolean no_clock; /* nothing is ever too old */
} Steady;

static BobbinHistorySample
get_steady (const Steady *steady, gint64 i)
{
  return (BobbinHistorySample){ .time = steady->begin + (i + 1) * steady->interval,
                                .duration = steady->interval,
                                .value = i % 100,
                                .state = i % 10 == 9 ? BOBBIN_HISTORY_DOWN : BOBBIN_HISTORY_UP };
}

/* Samples of monitor 1; sealed now and then, and pruned by a clock that is right. */
static void
write_steady (Fixture *fixture, const Steady *steady, gint64 per_seal, gboolean seal_last)
{
  g_auto (BobbinHistoryWriter) writer = { 0 };

  bobbin_history_writer_init (&writer);
  for (gint64 i = 0; i < steady->n; i++)
    {
      const BobbinHistorySample sample = get_steady (steady, i);

      bobbin_history_writer_add (&writer, 1, &sample);
      if ((i + 1) % per_seal != 0 && i + 1 < steady->n)
        continue;
      append (fixture, &writer);
      if (i + 1 < steady->n || seal_last)
        seal (fixture, steady->no_clock ? 0 : sample.time);
    }
}

/* No more buckets than were asked for, but for one that begins before; all of what happened. */
static void
test_points (Fixture *fixture, gconstpointer data)
{
  const Steady steady = { BEGIN, 10 * BOBBIN_ROLLUP_SECOND, 20000 };
  const gint64 length = steady.n * steady.interval;
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());

  write_steady (fixture, &steady, 3000, FALSE);
  for (guint round = 0; round < 200; round++)
    {
      const gint64 from = BEGIN + (gint64) (g_rand_double (rand) * length);
      const gint64 range = 1 + (gint64) (g_rand_double (rand) * length);
      const BobbinHistoryQuery query = { .number = 1,
                                         .from = from,
                                         .to = MIN (from + range, BEGIN + length),
                                         .level = BOBBIN_HISTORY_ANY,
                                         .max_points = (guint) g_rand_int_range (rand, 1, 2000) };
      g_autoptr (BobbinHistorySpan) span = read_span (fixture, &query);
      gint64 known = 0;

      g_assert_cmpuint (span->buckets->len, <=, query.max_points + 1);
      g_assert_cmpuint (span->buckets->len, >=, 1);
      for (guint i = 0; i < span->buckets->len; i++)
        {
          const BobbinHistoryBucket *bucket =
            &g_array_index (span->buckets, BobbinHistoryBucket, i);

          g_assert_cmpint (bucket->length, ==, span->step);
          g_assert_cmpint (bucket->start + bucket->length, >, query.from);
          g_assert_cmpint (bucket->start, <, query.to);
          known += bucket->in_state[BOBBIN_HISTORY_UP] + bucket->in_state[BOBBIN_HISTORY_DOWN];
        }
      g_assert_cmpint (known, >=, query.to - query.from);
      g_assert_cmpint (known, <=, query.to - query.from + 2 * span->step);
    }
}

/* A monitor that looks once an hour: no buckets of a minute with nothing in them. */
static void
test_seldom (Fixture *fixture, gconstpointer data)
{
  const Steady steady = { BEGIN, BOBBIN_ROLLUP_HOUR, 50 };
  const BobbinHistoryQuery query = { .number = 1,
                                     .from = BEGIN,
                                     .to = BEGIN + 12 * BOBBIN_ROLLUP_HOUR,
                                     .level = BOBBIN_HISTORY_ANY,
                                     .max_points = 1000 };

  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (BobbinHistorySpan) span = NULL;

      if (round == 0)
        write_steady (fixture, &steady, 100, FALSE);
      else
        seal (fixture, 0);
      span = read_span (fixture, &query);
      g_assert_cmpint (span->step, ==, BOBBIN_ROLLUP_HOUR);
      for (guint i = 1; i + 1 < span->buckets->len; i++)
        g_assert_cmpuint (g_array_index (span->buckets, BobbinHistoryBucket, i).count, ==, 1);
    }
}

/* One bucket of exactly the time that was asked about. */
static void
test_single (Fixture *fixture, gconstpointer data)
{
  const Steady steady = { BEGIN, 7 * BOBBIN_ROLLUP_SECOND, 20000, TRUE };
  const gint64 length = steady.n * steady.interval;
  g_autoptr (GArray) series = g_array_new (FALSE, FALSE, sizeof (BobbinHistorySample));
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());

  for (gint64 i = 0; i < steady.n; i++)
    {
      const BobbinHistorySample sample = get_steady (&steady, i);

      g_array_append_val (series, sample);
    }
  write_steady (fixture, &steady, 1700, FALSE);
  for (guint round = 0; round < 50; round++)
    {
      const gint64 from = BEGIN + (gint64) (g_rand_double (rand) * length);
      const gint64 range = 1 + (gint64) (g_rand_double (rand) * 25 * BOBBIN_ROLLUP_HOUR);
      const BobbinHistoryQuery query = { .number = 1,
                                         .from = from,
                                         .to = from + range,
                                         .level = BOBBIN_HISTORY_ANY };
      const BobbinHistoryBucket expected = test_sum_up (series, from, range);
      g_autoptr (BobbinHistorySpan) span = read_span (fixture, &query);
      const BobbinHistoryBucket *bucket = &g_array_index (span->buckets, BobbinHistoryBucket, 0);

      g_assert_cmpuint (span->buckets->len, ==, 1);
      for (guint state = 0; state < BOBBIN_HISTORY_N_STATES; state++)
        g_assert_cmpint (bucket->in_state[state], ==, expected.in_state[state]);
      g_assert_cmpuint (bucket->count, ==, expected.count);
    }
}

/* Of a monitor that was never heard of, and of a time before the first sample. */
static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  const Steady steady = { BEGIN, BOBBIN_ROLLUP_SECOND, 100 };
  const BobbinHistoryQuery before = { .number = 1,
                                      .from = BEGIN - BOBBIN_ROLLUP_DAY,
                                      .to = BEGIN,
                                      .level = BOBBIN_HISTORY_ANY,
                                      .max_points = 100 };
  BobbinHistoryQuery single = before;
  g_autoptr (BobbinHistorySpan) unknown = read_level (fixture, 77, BOBBIN_HISTORY_MINUTES);
  g_autoptr (BobbinHistorySpan) empty = NULL;
  g_autoptr (BobbinHistorySpan) one = NULL;
  gint64 begin;

  g_assert_cmpuint (unknown->buckets->len, ==, 0);
  g_assert_true (bobbin_history_rows_read_begin (fixture->rows, 1, &begin, NULL));
  g_assert_cmpint (begin, ==, G_MAXINT64);

  write_steady (fixture, &steady, 50, FALSE);
  empty = read_span (fixture, &before);
  g_assert_cmpuint (empty->buckets->len, ==, 0);
  single.max_points = 0;
  one = read_span (fixture, &single);
  g_assert_cmpuint (one->buckets->len, ==, 1);
  g_assert_true (test_is_empty (&g_array_index (one->buckets, BobbinHistoryBucket, 0)));
  g_assert_true (bobbin_history_rows_read_begin (fixture->rows, 1, &begin, NULL));
  g_assert_cmpint (begin, <=, BEGIN);
  g_assert_cmpint (begin, >, BEGIN - BOBBIN_ROLLUP_DAY);
}

/* ---- retention */

static gint64
get_first (Fixture *fixture, BobbinHistoryLevel level)
{
  g_autoptr (BobbinHistorySpan) span = read_level (fixture, 1, level);

  g_assert_cmpuint (span->buckets->len, >, 0);

  return g_array_index (span->buckets, BobbinHistoryBucket, 0).start;
}

static void
assert_kept (Fixture *fixture, BobbinHistoryLevel level, gint64 now, gint64 keep, gint64 begin)
{
  const gint64 first = get_first (fixture, level);

  g_assert_cmpint (first, <=, MAX (begin, now - keep));
  g_assert_cmpint (first, >=, MIN (begin, now - keep) - 2 * bobbin_history_level_get_span (level));
}

static void
test_retention (Fixture *fixture, gconstpointer data)
{
  const Steady steady = { BEGIN, BOBBIN_ROLLUP_HOUR / 4, 4 * 24 * 500 };
  const gint64 now = BEGIN + steady.n * steady.interval;
  g_autoptr (BobbinHistorySpan) days = NULL;
  gint64 known = 0;

  write_steady (fixture, &steady, 96, TRUE);
  assert_kept (fixture, BOBBIN_HISTORY_RAW, now, BOBBIN_ROLLUP_DAY, now);
  assert_kept (fixture, BOBBIN_HISTORY_MINUTES, now, 30 * BOBBIN_ROLLUP_DAY, now);
  assert_kept (fixture, BOBBIN_HISTORY_HOURS, now, 365 * BOBBIN_ROLLUP_DAY, now);

  days = read_level (fixture, 1, BOBBIN_HISTORY_DAYS);
  for (guint i = 0; i < days->buckets->len; i++)
    {
      const BobbinHistoryBucket *day = &g_array_index (days->buckets, BobbinHistoryBucket, i);

      known += day->in_state[BOBBIN_HISTORY_UP] + day->in_state[BOBBIN_HISTORY_DOWN];
    }
  g_assert_cmpint (known, ==, steady.n * steady.interval);
}

static void
test_retention_settings (Fixture *fixture, gconstpointer data)
{
  const BobbinHistoryKeep keep = { 6 * BOBBIN_ROLLUP_HOUR, 2 * BOBBIN_ROLLUP_DAY,
                                   20 * BOBBIN_ROLLUP_DAY };
  const Steady steady = { BEGIN, BOBBIN_ROLLUP_MINUTE, 60 * 24 * 60 };
  const gint64 now = BEGIN + steady.n * steady.interval;

  bobbin_history_rows_set_keep (fixture->rows, &keep);
  write_steady (fixture, &steady, 240, TRUE);
  assert_kept (fixture, BOBBIN_HISTORY_RAW, now, keep.raw, now);
  assert_kept (fixture, BOBBIN_HISTORY_MINUTES, now, keep.minutes, now);
  assert_kept (fixture, BOBBIN_HISTORY_HOURS, now, keep.hours, now);
  g_assert_cmpint (get_first (fixture, BOBBIN_HISTORY_DAYS), <=, BEGIN);
}

/* A clock that cannot be relied on makes nothing old. */
static void
test_retention_without_clock (Fixture *fixture, gconstpointer data)
{
  const Steady steady = { BEGIN, BOBBIN_ROLLUP_MINUTE, 3 * 24 * 60, TRUE };

  write_steady (fixture, &steady, 60 * 24, FALSE);
  g_assert_cmpint (get_first (fixture, BOBBIN_HISTORY_RAW), ==, BEGIN);
  seal (fixture, 0);
  g_assert_cmpint (get_first (fixture, BOBBIN_HISTORY_RAW), ==, BEGIN);
  seal (fixture, BEGIN + 10 * BOBBIN_ROLLUP_DAY);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM history WHERE level = 0"), ==, 0);
}

/* Where samples are gone the minutes answer, where these are gone the hours. */
static void
test_older (Fixture *fixture, gconstpointer data)
{
  const Steady steady = { BEGIN, 10 * BOBBIN_ROLLUP_SECOND, 6 * 60 * 24 * 40 };
  const gint64 now = BEGIN + steady.n * steady.interval;
  static const struct
  {
    gint64 ago;
    BobbinHistoryLevel level;
  } cases[] = { { BOBBIN_ROLLUP_HOUR, BOBBIN_HISTORY_RAW },
                { 20 * BOBBIN_ROLLUP_HOUR, BOBBIN_HISTORY_RAW },
                { 3 * BOBBIN_ROLLUP_DAY, BOBBIN_HISTORY_MINUTES },
                { 29 * BOBBIN_ROLLUP_DAY, BOBBIN_HISTORY_MINUTES },
                { 35 * BOBBIN_ROLLUP_DAY, BOBBIN_HISTORY_HOURS } };

  write_steady (fixture, &steady, 1440, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const BobbinHistoryQuery query = { .number = 1,
                                         .from = now - cases[i].ago,
                                         .to = now - cases[i].ago + BOBBIN_ROLLUP_HOUR,
                                         .level = BOBBIN_HISTORY_ANY,
                                         .max_points = 1000 };
      g_autoptr (BobbinHistorySpan) span = read_span (fixture, &query);

      g_assert_cmpint (span->level, ==, cases[i].level);
      g_assert_cmpuint (span->buckets->len, >=, 1);
      g_assert_cmpint (span->step, >=, bobbin_history_level_get_length (span->level));
    }
}

/* ---- monitors that go */

static void
test_forget (Fixture *fixture, gconstpointer data)
{
  const Steady steady = { BEGIN, BOBBIN_ROLLUP_MINUTE, 60 * 24 * 10 };
  const BobbinHistorySample late = get_steady (&steady, steady.n);
  g_auto (BobbinHistoryWriter) writer = { 0 };
  g_autoptr (BobbinHistorySpan) others = NULL;

  write_steady (fixture, &steady, 240, FALSE);
  bobbin_history_writer_init (&writer);
  bobbin_history_writer_add (&writer, 2, &late);
  append (fixture, &writer);

  execute (fixture, "DELETE FROM job WHERE number = 1");
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM forgotten"), ==, 1);

  /* what was under way when it went */
  bobbin_history_writer_add (&writer, 1, &late);
  append (fixture, &writer);
  seal (fixture, 0);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM history WHERE job = 1"), ==, 0);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM forgotten"), ==, 0);
  others = read_level (fixture, 2, BOBBIN_HISTORY_MINUTES);
  g_assert_cmpuint (others->buckets->len, ==, 1);
}

/* The number of the last one stays taken, or what comes late would be another's. */
static void
test_forget_last (Fixture *fixture, gconstpointer data)
{
  execute (fixture, "DELETE FROM job WHERE number = 3");
  seal (fixture, 0);
  g_assert_cmpint (count (fixture, "SELECT number FROM forgotten"), ==, 3);
  execute (fixture, "DELETE FROM job WHERE number = 2");
  seal (fixture, 0);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM forgotten"), ==, 1);
  g_assert_cmpint (count (fixture, "SELECT number FROM forgotten"), ==, 3);
  add_job (fixture, 4);
  seal (fixture, 0);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM forgotten"), ==, 0);
}

/* ---- pending */

static void
append_states (Fixture *fixture, gint64 *time, const char *letters)
{
  g_auto (BobbinHistoryWriter) writer = { 0 };

  bobbin_history_writer_init (&writer);
  for (; *letters != '\0'; letters++)
    {
      const BobbinHistorySample sample = { .time = *time += BOBBIN_ROLLUP_SECOND,
                                           .duration = BOBBIN_ROLLUP_SECOND,
                                           .value = NAN,
                                           .state = *letters == 'U'   ? BOBBIN_HISTORY_UP
                                                    : *letters == 'p' ? BOBBIN_HISTORY_PENDING
                                                                      : BOBBIN_HISTORY_DOWN };

      bobbin_history_writer_add (&writer, 1, &sample);
    }
  append (fixture, &writer);
}

static gint64
get_seconds (Fixture *fixture, BobbinHistoryState state)
{
  g_autoptr (BobbinHistorySpan) span = read_level (fixture, 1, BOBBIN_HISTORY_DAYS);
  gint64 length = 0;

  for (guint i = 0; i < span->buckets->len; i++)
    length += g_array_index (span->buckets, BobbinHistoryBucket, i).in_state[state];

  return length / BOBBIN_ROLLUP_SECOND;
}

/* Sealed in the middle of it: what was pending is known only later. */
static void
test_pending (Fixture *fixture, gconstpointer data)
{
  gint64 time = BEGIN;

  append_states (fixture, &time, "UUUUUpp");
  seal (fixture, time);
  g_assert_cmpint (get_seconds (fixture, BOBBIN_HISTORY_PENDING), ==, 2);
  append_states (fixture, &time, "p");
  seal (fixture, time);
  g_assert_cmpint (get_seconds (fixture, BOBBIN_HISTORY_PENDING), ==, 3);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM unsettled"), ==, 1);
  append_states (fixture, &time, "DD");
  g_assert_cmpint (get_seconds (fixture, BOBBIN_HISTORY_PENDING), ==, 0);
  g_assert_cmpint (get_seconds (fixture, BOBBIN_HISTORY_PENDING_DOWN), ==, 3);
  seal (fixture, time);
  g_assert_cmpint (get_seconds (fixture, BOBBIN_HISTORY_PENDING_DOWN), ==, 3);
  g_assert_cmpint (get_seconds (fixture, BOBBIN_HISTORY_DOWN), ==, 2);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM unsettled"), ==, 0);

  append_states (fixture, &time, "UUpp");
  seal (fixture, time);
  append_states (fixture, &time, "UU");
  seal (fixture, time);
  g_assert_cmpint (get_seconds (fixture, BOBBIN_HISTORY_PENDING), ==, 2);
  g_assert_cmpint (get_seconds (fixture, BOBBIN_HISTORY_PENDING_DOWN), ==, 3);
  g_assert_cmpint (get_seconds (fixture, BOBBIN_HISTORY_UP), ==, 9);
}

/* A monitor that was stopped while it was pending does not wait for ever. */
static void
test_pending_for_ever (Fixture *fixture, gconstpointer data)
{
  gint64 time = BEGIN;

  append_states (fixture, &time, "Upp");
  seal (fixture, time);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM unsettled"), ==, 1);
  append_states (fixture, &time, "");
  seal (fixture, time + 2 * BOBBIN_ROLLUP_HOUR);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM unsettled"), ==, 0);
  g_assert_cmpint (get_seconds (fixture, BOBBIN_HISTORY_PENDING), ==, 2);
}

/* ---- damage */

static void
expect_complaint (void)
{
  g_test_expect_message ("bobbin", G_LOG_LEVEL_MESSAGE, "*damaged*");
}

static void
test_damage (Fixture *fixture, gconstpointer data)
{
  const Steady steady = { BEGIN, BOBBIN_ROLLUP_MINUTE, 600 };
  g_autoptr (BobbinHistorySpan) span = NULL;

  write_steady (fixture, &steady, 600, TRUE);
  execute (fixture, "UPDATE history SET text = x'0102ffff' WHERE level = 1 AND number ="
                    "  (SELECT min(number) FROM history WHERE level = 1)");
  expect_complaint ();
  span = read_level (fixture, 1, BOBBIN_HISTORY_MINUTES);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (span->buckets->len, >, 300);
  g_assert_cmpuint (span->buckets->len, <, 600);
}

/* A sample that claims to stand for a thousand years fills no memory. */
static void
test_absurd (Fixture *fixture, gconstpointer data)
{
  static const BobbinHistorySample absurd[] = {
    { BEGIN, 1000 * 365 * BOBBIN_ROLLUP_DAY, 1, BOBBIN_HISTORY_ASLEEP },
    { G_MAXINT64 - 5, 5, 1, BOBBIN_HISTORY_UP },
    { G_MININT64 + 5, 5, 1, BOBBIN_HISTORY_UP },
  };
  g_auto (BobbinHistoryWriter) writer = { 0 };
  g_autoptr (BobbinHistorySpan) span = NULL;

  bobbin_history_writer_init (&writer);
  for (guint i = 0; i < G_N_ELEMENTS (absurd); i++)
    bobbin_history_writer_add (&writer, 1, &absurd[i]);
  append (fixture, &writer);
  seal (fixture, 0);
  span = read_level (fixture, 1, BOBBIN_HISTORY_RAW);
  g_assert_cmpuint (span->buckets->len, ==, 1);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM history"), <, 1000);
}

/* ---- the clock */

static void
test_clock (void)
{
  BobbinHistoryClock clock = { 0 };
  const gint64 boot = 1000 * (gint64) G_USEC_PER_SEC;
  const gint64 minute = BOBBIN_ROLLUP_MINUTE;

  g_assert_cmpint (bobbin_history_clock_check (&clock, BEGIN, boot), ==, 0);
  g_assert_cmpint (bobbin_history_clock_check (&clock, BEGIN + 9 * minute, boot + 9 * minute), ==,
                   0);
  g_assert_cmpint (bobbin_history_clock_check (&clock, BEGIN + 10 * minute, boot + 10 * minute), ==,
                   BEGIN + 10 * minute);
  /* set forth by a year */
  g_assert_cmpint (bobbin_history_clock_check (&clock, BEGIN + 365 * BOBBIN_ROLLUP_DAY,
                                               boot + 11 * minute),
                   ==, 0);
  g_assert_cmpint (bobbin_history_clock_check (&clock, BEGIN + 365 * BOBBIN_ROLLUP_DAY + minute,
                                               boot + 12 * minute),
                   ==, 0);
  /* and back */
  g_assert_cmpint (bobbin_history_clock_check (&clock, BEGIN + 13 * minute, boot + 13 * minute), ==,
                   0);
  g_assert_cmpint (bobbin_history_clock_check (&clock, BEGIN + 30 * minute, boot + 30 * minute), ==,
                   BEGIN + 30 * minute);
  /* a night’s sleep is no change */
  g_assert_cmpint (bobbin_history_clock_check (&clock, BEGIN + 600 * minute, boot + 600 * minute),
                   ==, BEGIN + 600 * minute);
  g_assert_cmpint (bobbin_history_clock_read (&clock), ==, 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "Europe/Berlin", TRUE);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *path = g_strdup_printf ("/history-rows/brute-force/%u", i);
      g_autofree char *troubled = g_strdup_printf ("/history-rows/trouble/%u", i);

      g_test_add (path, Fixture, GINT_TO_POINTER (FALSE), set_up, test_brute_force, tear_down);
      g_test_add (troubled, Fixture, GINT_TO_POINTER (TRUE), set_up, test_brute_force, tear_down);
    }
  ADD ("/history-rows/points", test_points);
  ADD ("/history-rows/seldom", test_seldom);
  ADD ("/history-rows/single", test_single);
  ADD ("/history-rows/nothing", test_nothing);
  ADD ("/history-rows/retention/default", test_retention);
  ADD ("/history-rows/retention/settings", test_retention_settings);
  ADD ("/history-rows/retention/without-clock", test_retention_without_clock);
  ADD ("/history-rows/older", test_older);
  ADD ("/history-rows/forget", test_forget);
  ADD ("/history-rows/forget-last", test_forget_last);
  ADD ("/history-rows/pending/settled-later", test_pending);
  ADD ("/history-rows/pending/for-ever", test_pending_for_ever);
  ADD ("/history-rows/damage", test_damage);
  ADD ("/history-rows/absurd", test_absurd);
  g_test_add_func ("/history-rows/clock", test_clock);

  return g_test_run ();
}
