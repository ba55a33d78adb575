/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-history: from the verdicts of monitors in a queue to the answers of a later session, over
 * a file.
 */

#include "config.h"

#include "../../store/test-store.h"

#include "bobbin-history.h"
#include "bobbin-verdict.h"

#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

/* 2026-03-29T00:30Z */
#define BEGIN (1774744200 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  BobbinJobQueue *queue;
  BobbinQueueKeeper *keeper;
  BobbinHistory *history;
} Session;

typedef struct
{
  char *folder;
  char *path;
  Session session;
} Fixture;

static gboolean
begin_anyhow (Fixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;

  f->session.queue = bobbin_job_queue_new ();
  f->session.keeper = bobbin_queue_keeper_new (f->session.queue, f->path);
  bobbin_queue_keeper_open_async (f->session.keeper, test_keep_result, &result);
  f->session.history = bobbin_history_new (f->session.queue, f->session.keeper);
  test_wait (result != NULL);

  return bobbin_queue_keeper_open_finish (f->session.keeper, result, NULL);
}

static void
begin (Fixture *f)
{
  g_assert_true (begin_anyhow (f));
}

static void
end (Fixture *f)
{
  guint n_ended = 0;

  bobbin_job_queue_shutdown_async (f->session.queue, test_count, &n_ended);
  test_wait (n_ended == 1);
  bobbin_history_close (f->session.history);
  bobbin_queue_keeper_close_async (f->session.keeper, test_count, &n_ended);
  test_wait (n_ended == 2);
  g_assert_finalize_object (f->session.history);
  g_assert_finalize_object (f->session.keeper);
  g_assert_finalize_object (f->session.queue);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = test_make_folder ();
  f->path = g_build_filename (f->folder, "bobbin.db", NULL);
  begin (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  end (f);
  test_delete_folder (f->folder);
  g_free (f->path);
}

/* A monitor that never runs: its verdicts are the test’s. */
static BobbinMonitor *
add_monitor (Fixture *f)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_added = 0;

  g_ptr_array_add (jobs, bobbin_monitor_new ("cpu", NULL));
  bobbin_queue_keeper_add_async (f->session.keeper, jobs, FALSE, test_count, &n_added);
  test_wait (n_added == 1);

  return g_ptr_array_index (jobs, 0); /* the queue's */
}

static BobbinMonitor *
get_monitor (Fixture *f, guint position)
{
  g_autoptr (BobbinMonitor) monitor =
    g_list_model_get_item (G_LIST_MODEL (f->session.queue), position);

  return monitor; /* the queue's */
}

static void
remove_monitor (Fixture *f, BobbinMonitor *monitor)
{
  guint n_removed = 0;

  bobbin_job_queue_remove_async (f->session.queue, BOBBIN_JOB (monitor), test_count, &n_removed);
  test_wait (n_removed == 1);
}

static void
judge (BobbinMonitor *monitor, gint64 time, BobbinHealth health, double value)
{
  const BobbinSample sample = { .value = value };
  const BobbinVerdict verdict = {
    .time = time,
    .duration = BOBBIN_ROLLUP_SECOND,
    .health = health,
    .believed = health == BOBBIN_HEALTH_PENDING ? BOBBIN_HEALTH_UP : health,
    .sample = isnan (value) ? NULL : &sample,
  };

  g_signal_emit_by_name (monitor, "judged", &verdict);
}

/* A second each: U up, p pending, D down. */
static void
judge_all (BobbinMonitor *monitor, gint64 time, const char *letters)
{
  for (; *letters != '\0'; letters++)
    {
      time += BOBBIN_ROLLUP_SECOND;
      judge (monitor, time,
             *letters == 'U'   ? BOBBIN_HEALTH_UP
             : *letters == 'p' ? BOBBIN_HEALTH_PENDING
                               : BOBBIN_HEALTH_DOWN,
             *letters == 'U' ? 42 : NAN);
    }
}

static BobbinHistorySpan *
read_span (Fixture *f, BobbinMonitor *monitor, gint64 from, gint64 to, guint max_points)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  BobbinHistorySpan *span;

  bobbin_history_write (f->session.history);
  bobbin_history_read_async (f->session.history, monitor, from, to, max_points, test_keep_result,
                             &result);
  test_wait (result != NULL);
  span = bobbin_history_read_finish (f->session.history, result, &error);
  g_assert_no_error (error);

  return span;
}

static BobbinUptime
read_uptime (Fixture *f, BobbinMonitor *monitor, gint64 from, gint64 to)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  BobbinUptime uptime;

  bobbin_history_write (f->session.history);
  bobbin_history_uptime_async (f->session.history, monitor, from, to, test_keep_result, &result);
  test_wait (result != NULL);
  bobbin_history_uptime_finish (f->session.history, result, &uptime, &error);
  g_assert_no_error (error);

  return uptime;
}

/* As another program that reads along. */
static gint64
count (Fixture *f, const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *statement;
  gint64 number;

  g_assert_cmpint (sqlite3_open_v2 (f->path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);

  return number;
}

/* ---- */

static void
test_read (Fixture *f, gconstpointer data)
{
  BobbinMonitor *monitor = add_monitor (f);
  g_autoptr (BobbinHistorySpan) span = NULL;
  const BobbinHistoryBucket *bucket;

  for (guint i = 1; i <= 120; i++)
    judge (monitor, BEGIN + i * BOBBIN_ROLLUP_SECOND, BOBBIN_HEALTH_UP, i);
  span = read_span (f, monitor, BEGIN, BEGIN + 120 * BOBBIN_ROLLUP_SECOND, 2);
  g_assert_cmpint (span->step, ==, BOBBIN_ROLLUP_MINUTE);
  g_assert_cmpuint (span->buckets->len, ==, 2);
  bucket = &g_array_index (span->buckets, BobbinHistoryBucket, 1);
  g_assert_cmpint (bucket->start, ==, BEGIN + BOBBIN_ROLLUP_MINUTE);
  g_assert_cmpuint (bucket->count, ==, 60);
  g_assert_cmpfloat (bucket->min, ==, 61);
  g_assert_cmpfloat_with_epsilon (bucket->mean, 90.5, 1e-9);
  g_assert_cmpfloat (bucket->max, ==, 120);
  g_assert_cmpint (bucket->in_state[BOBBIN_HISTORY_UP], ==, BOBBIN_ROLLUP_MINUTE);
}

static void
test_next_session (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinHistorySpan) span = NULL;

  judge_all (add_monitor (f), BEGIN, "UUUUU");
  end (f);
  begin (f);
  judge_all (get_monitor (f, 0), BEGIN + 10 * BOBBIN_ROLLUP_SECOND, "UUU");
  span = read_span (f, get_monitor (f, 0), BEGIN, BEGIN + BOBBIN_ROLLUP_MINUTE, 1000);
  g_assert_cmpuint (span->buckets->len, >=, 8);
}

static void
test_uptime (Fixture *f, gconstpointer data)
{
  BobbinMonitor *monitor = add_monitor (f);
  BobbinUptime uptime;

  judge_all (monitor, BEGIN, "UUUUUUppUUppDDUUUUUU");
  uptime = read_uptime (f, monitor, BEGIN, BEGIN + 40 * BOBBIN_ROLLUP_SECOND);
  g_assert_cmpint (uptime.up, ==, 14 * BOBBIN_ROLLUP_SECOND);
  g_assert_cmpint (uptime.down, ==, 4 * BOBBIN_ROLLUP_SECOND);
  g_assert_cmpfloat_with_epsilon (uptime.fraction, 14 / 18.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (uptime.coverage, 18 / 40.0, 1e-12);
}

/* A hundred monitors are one row, and one commit. */
static void
test_batch (Fixture *f, gconstpointer data)
{
  BobbinMonitor *monitors[100];
  BobbinUptime uptime;

  for (guint i = 0; i < G_N_ELEMENTS (monitors); i++)
    monitors[i] = add_monitor (f);
  for (guint second = 1; second <= 10; second++)
    for (guint i = 0; i < G_N_ELEMENTS (monitors); i++)
      judge (monitors[i], BEGIN + second * BOBBIN_ROLLUP_SECOND, BOBBIN_HEALTH_UP, i);
  uptime = read_uptime (f, monitors[99], BEGIN, BEGIN + 20 * BOBBIN_ROLLUP_SECOND);
  g_assert_cmpint (uptime.up, ==, 10 * BOBBIN_ROLLUP_SECOND);
  g_assert_cmpint (count (f, "SELECT count(*) FROM sample_batch"), ==, 1);
}

/* Without being asked for; five seconds after the first of them. */
static void
test_period (Fixture *f, gconstpointer data)
{
  judge_all (add_monitor (f), BEGIN, "UUUUU");
  test_wait (count (f, "SELECT count(*) FROM sample_batch") == 1);
}

/* Readers that come one after the other see what is there, and write nothing. */
static void
test_many_readers (Fixture *f, gconstpointer data)
{
  BobbinMonitor *monitor = add_monitor (f);

  for (guint i = 1; i <= 20; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;

      judge (monitor, BEGIN + i * BOBBIN_ROLLUP_SECOND, BOBBIN_HEALTH_UP, i);
      bobbin_history_read_async (f->session.history, monitor, BEGIN, BEGIN + BOBBIN_ROLLUP_MINUTE,
                                 100, test_keep_result, &result);
      test_wait (result != NULL);
    }
  g_assert_cmpint (count (f, "SELECT count(*) FROM sample_batch"), <=, 2);
}

/* What is removed can come back, and so can its history; what is gone is gone. */
static void
test_removal (Fixture *f, gconstpointer data)
{
  BobbinMonitor *monitor = g_object_ref (add_monitor (f));
  BobbinUptime uptime;

  add_monitor (f);
  judge_all (monitor, BEGIN, "UUUUU");
  remove_monitor (f, monitor);
  bobbin_job_queue_add (f->session.queue, BOBBIN_JOB (monitor));
  judge_all (monitor, BEGIN + 5 * BOBBIN_ROLLUP_SECOND, "UUUUU");
  uptime = read_uptime (f, monitor, BEGIN, BEGIN + 10 * BOBBIN_ROLLUP_SECOND);
  g_assert_cmpint (uptime.up, ==, 10 * BOBBIN_ROLLUP_SECOND);

  remove_monitor (f, monitor);
  bobbin_queue_keeper_forget (f->session.keeper, BOBBIN_JOB (monitor));
  judge_all (monitor, BEGIN + 10 * BOBBIN_ROLLUP_SECOND, "UUUUU");
  end (f);
  g_assert_cmpint (count (f, "SELECT count(*) FROM job"), ==, 1);
  g_assert_cmpint (count (f, "SELECT count(*) FROM forgotten"), ==, 1);
  g_object_unref (monitor);

  /* the next session clears up when it has nothing else to do */
  begin (f);
  while (count (f, "SELECT count(*) FROM forgotten") > 0)
    read_uptime (f, get_monitor (f, 0), BEGIN, BEGIN + 1);
}

/* A disk that is full for a while: what was found meanwhile is there in the end. */
static void
test_full (Fixture *f, gconstpointer data)
{
  const struct rlimit small = { 4096, RLIM_INFINITY };
  BobbinMonitor *monitor = add_monitor (f);
  struct rlimit none;
  BobbinUptime uptime;

  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &none);
  judge_all (monitor, BEGIN, "UUUUU");
  g_test_expect_message ("bobbin", G_LOG_LEVEL_MESSAGE, "*could not be saved*");
  setrlimit (RLIMIT_FSIZE, &small);
  bobbin_history_write (f->session.history);
  g_assert_cmpint (read_uptime (f, monitor, BEGIN, BEGIN + BOBBIN_ROLLUP_MINUTE).up, ==, 0);
  setrlimit (RLIMIT_FSIZE, &none);
  g_test_assert_expected_messages ();

  judge_all (monitor, BEGIN + 5 * BOBBIN_ROLLUP_SECOND, "UUUUU");
  uptime = read_uptime (f, monitor, BEGIN, BEGIN + BOBBIN_ROLLUP_MINUTE);
  g_assert_cmpint (uptime.up, ==, 10 * BOBBIN_ROLLUP_SECOND);
}

/* Where there is no list there is no history, and no complaint either. */
static void
test_broken (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *below = g_build_filename (f->path, "bobbin.db", NULL);
  g_autofree char *path = g_steal_pointer (&f->path);
  BobbinMonitor *monitor;

  end (f);
  f->path = g_steal_pointer (&below);
  g_assert_false (begin_anyhow (f));
  monitor = add_monitor (f);
  judge_all (monitor, BEGIN, "UUUUU");
  bobbin_history_read_async (f->session.history, monitor, BEGIN, BEGIN + BOBBIN_ROLLUP_MINUTE, 10,
                             test_keep_result, &result);
  test_wait (result != NULL);
  g_assert_null (bobbin_history_read_finish (f->session.history, result, &error));
  g_assert_nonnull (error);
}

static void
test_settings (Fixture *f, gconstpointer data)
{
  guint raw, minutes, hours;

  g_object_get (f->session.history, "raw-hours", &raw, "minute-days", &minutes, "hour-days", &hours,
                NULL);
  g_assert_cmpuint (raw, ==, 24);
  g_assert_cmpuint (minutes, ==, 30);
  g_assert_cmpuint (hours, ==, 365);
  g_object_set (f->session.history, "raw-hours", 1, "minute-days", 2, "hour-days", 3, NULL);
  g_object_get (f->session.history, "raw-hours", &raw, "minute-days", &minutes, "hour-days", &hours,
                NULL);
  g_assert_cmpuint (raw, ==, 1);
  g_assert_cmpuint (minutes, ==, 2);
  g_assert_cmpuint (hours, ==, 3);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();
  ADD ("/history/read", test_read);
  ADD ("/history/next-session", test_next_session);
  ADD ("/history/uptime", test_uptime);
  ADD ("/history/batch", test_batch);
  ADD ("/history/period", test_period);
  ADD ("/history/many-readers", test_many_readers);
  ADD ("/history/removal", test_removal);
  ADD ("/history/full", test_full);
  ADD ("/history/broken", test_broken);
  ADD ("/history/settings", test_settings);

  return g_test_run ();
}
