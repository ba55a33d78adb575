/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A program that puts samples down is killed, again and again, at a moment that nobody chose, most
 * of them while it rolls up: the database is sound, each sample that was told to be written is
 * there once at every level, and of those on their way there are all or none. With “-m slow” 200
 * times.
 *
 * The program is this one, with an argument. It says of each batch, on a pipe, when it is written.
 */

#include "config.h"

#include "../../store/test-store.h"

#include "bobbin-history-codec.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_ROUNDS      12
#define N_SLOW_ROUNDS 200

/* 2026-03-29T00:30Z */
#define BEGIN      (1774744200 * (gint64) G_USEC_PER_SEC)
#define N_MONITORS 5
/* Samples of each monitor in a batch: so many that a seal begins with every few batches. */
#define PER_BATCH 4000

static const char *program;

/* ---- the one that is killed */

typedef struct
{
  BobbinStore *store;
  gint64 next; /* batch */
} Writer;

static void write_batch (Writer *writer);

static void
on_written (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Writer *writer = user_data;

  g_assert_true (bobbin_store_write_finish (BOBBIN_STORE (object), result, NULL));
  if (write (STDOUT_FILENO, &writer->next, sizeof writer->next) != sizeof writer->next)
    exit (1);
  write_batch (writer);
}

/* The values are of no pattern, so that a batch is as large as it can be. */
static void
write_batch (Writer *writer)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (FALSE);
  const gint64 first = writer->next++ * PER_BATCH;
  BobbinHistoryWriter samples;

  bobbin_history_writer_init (&samples);
  for (gint64 i = first; i < first + PER_BATCH; i++)
    for (gint64 number = 1; number <= N_MONITORS; number++)
      {
        const BobbinHistorySample sample = { .time = BEGIN + (i + 1) * BOBBIN_ROLLUP_SECOND,
                                             .duration = BOBBIN_ROLLUP_SECOND,
                                             .value = g_random_double (),
                                             .state = BOBBIN_HISTORY_UP };

        bobbin_history_writer_add (&samples, number, &sample);
      }
  bobbin_store_batch_add_samples (batch, bobbin_history_writer_end (&samples));
  bobbin_store_write_async (writer->store, batch, on_written, writer);
}

static BobbinStore *
open_store (const char *path)
{
  BobbinStore *store = bobbin_store_new (path);
  g_autoptr (GError) error = NULL;

  test_open (store, &error);
  g_assert_no_error (error);
  g_assert_null (bobbin_store_get_set_aside (store));

  return store;
}

static guint64
count_samples (BobbinStore *store, gint64 number, BobbinHistoryLevel level)
{
  const BobbinHistoryQuery query = { .number = number,
                                     .from = BEGIN,
                                     .to = BEGIN + 1000 * BOBBIN_ROLLUP_DAY,
                                     .level = level };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (BobbinHistorySpan) span = NULL;
  g_autoptr (GError) error = NULL;
  guint64 count = 0;
  gint64 length = 0;

  bobbin_store_read_history_async (store, &query, test_keep_result, &result);
  test_wait (result != NULL);
  span = bobbin_store_read_history_finish (store, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < span->buckets->len; i++)
    {
      const BobbinHistoryBucket *bucket = &g_array_index (span->buckets, BobbinHistoryBucket, i);

      count += bucket->count;
      length += bucket->in_state[BOBBIN_HISTORY_UP];
      g_assert_true (level != BOBBIN_HISTORY_MINUTES || bucket->count <= 60);
    }
  g_assert_cmpint (length, ==, (gint64) count * BOBBIN_ROLLUP_SECOND);

  return count;
}

G_NORETURN static void
write_until_killed (const char *path)
{
  Writer writer = { open_store (path), 0 };

  writer.next = (gint64) count_samples (writer.store, 1, BOBBIN_HISTORY_DAYS) / PER_BATCH;
  write_batch (&writer);
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}

/* ---- the one that kills */

static void
make_monitors (const char *path)
{
  BobbinStore *store = open_store (path);
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);

  for (gint64 number = 1; number <= N_MONITORS; number++)
    {
      BobbinStoreJob *job = test_make_job (number, number);

      g_free (job->kind);
      job->kind = g_strdup ("monitor");
      bobbin_store_batch_put_job (batch, job);
    }
  g_assert_true (test_write (store, batch, NULL));
  test_close (store);
}

/* Lets it write so many batches and go on for up to @time microseconds, kills it, and gives the
 * number of batches that it said were written, of all of its life and of those before; 0 if it said
 * nothing. */
static gint64
kill_one (const char *path, guint n_batches, gint32 time)
{
  const char *argv[] = { program, "--write", path, NULL };
  g_autoptr (GError) error = NULL;
  gint64 n_written = 0;
  gint64 end;
  int out;
  GPid pid;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, &out, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < n_batches; i++)
    g_assert_cmpint (read (out, &n_written, sizeof n_written), ==, sizeof n_written);
  end = g_get_monotonic_time () + g_test_rand_int_range (0, time);
  while (g_get_monotonic_time () < end)
    ;
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  while (read (out, &n_written, sizeof n_written) == sizeof n_written)
    ;
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  close (out);

  return n_written;
}

/* Before anything repairs it. */
static void
assert_sound (const char *path)
{
  sqlite3 *db;
  sqlite3_stmt *statement;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "PRAGMA integrity_check", -1, &statement, NULL), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *) sqlite3_column_text (statement, 0), ==, "ok");
  sqlite3_finalize (statement);
  sqlite3_close (db);
}

/* So many batches are there, and of each that was killed since, maybe the one that was on its way.
 */
static gint64
assert_whole (const char *path, gint64 n_written, guint n_killed)
{
  BobbinStore *store = open_store (path);
  const guint64 count = count_samples (store, 1, BOBBIN_HISTORY_RAW);

  g_assert_cmpuint (count % PER_BATCH, ==, 0);
  g_assert_cmpuint (count, >=, (guint64) n_written * PER_BATCH);
  g_assert_cmpuint (count, <=, (guint64) (n_written + n_killed) * PER_BATCH);
  for (gint64 number = 1; number <= N_MONITORS; number++)
    for (BobbinHistoryLevel level = BOBBIN_HISTORY_RAW; level < BOBBIN_HISTORY_N_LEVELS; level++)
      g_assert_cmpuint (count_samples (store, number, level), ==, count);
  test_close (store);

  return (gint64) count / PER_BATCH;
}

static void
test_kill (void)
{
  const guint n_rounds = g_test_slow () ? N_SLOW_ROUNDS : N_ROUNDS;
  char *folder = NULL;
  g_autofree char *path = NULL;
  gint64 n_written = 0;
  guint n_killed = 0;

  for (guint i = 0; i < n_rounds; i++)
    {
      gint64 n_said;

      /* a new one now and then, as it takes longer and longer to count */
      if (i % 10 == 0)
        {
          g_clear_pointer (&folder, test_delete_folder);
          g_free (path);
          folder = test_make_folder ();
          path = g_build_filename (folder, "bobbin.db", NULL);
          make_monitors (path);
          n_written = n_killed = 0;
        }
      /* it may say nothing before it dies */
      n_said = kill_one (path, (guint) g_test_rand_int_range (0, 9), 20000);
      n_written = MAX (n_written, n_said);
      n_killed++;
      assert_sound (path);
      /* else it is the next one that finds what was left */
      if (g_test_rand_bit ())
        {
          n_written = assert_whole (path, n_written, n_killed);
          n_killed = 0;
        }
    }
  assert_whole (path, n_written, n_killed);
  g_test_message ("Killed %u times, sound each time", n_rounds);
  test_delete_folder (folder);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--write") == 0)
    write_until_killed (argv[2]);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  test_guard ();
  g_test_add_func ("/history/crash/kill", test_kill);

  return g_test_run ();
}
