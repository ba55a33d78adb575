/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A program that writes is killed, again and again, at a moment that nobody chose: the database
 * opens, whatever the program was told to be written is there, and nothing is there by half.
 *
 * The program is this one, with an argument. It adds pairs of jobs that have finished, puts down
 * those of before once more, as it happens in life, and says of each pair, on a pipe, when it is
 * written.
 */

#include "config.h"

#include "test-store.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_ROUNDS 60

static const char *program;

/* ---- the one that is killed */

typedef struct
{
  BobbinStore *store;
  gint64 next;
} Writer;

typedef struct
{
  Writer *writer;
  gint64 number;
} Pair;

static void write_pair (Writer *writer);

static void
on_pair_written (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pair *pair = user_data;

  g_assert_true (bobbin_store_write_finish (BOBBIN_STORE (object), result, NULL));
  if (write (STDOUT_FILENO, &pair->number, sizeof pair->number) != sizeof pair->number)
    exit (1);
  write_pair (pair->writer);
}

/* Its end is told from another's by its time. */
static void
put_done (BobbinStoreBatch *batch, gint64 number)
{
  BobbinStoreJob *job = test_make_job (number, number);

  job->state = BOBBIN_STORE_DONE;
  job->ended = number;
  job->finished = g_new0 (BobbinFinished, 1);
  job->finished->time = number;
  job->finished->address = g_strdup ("http://127.0.0.1/a");
  job->finished->path = g_strdup ("/tmp/a");
  bobbin_store_batch_put_job (batch, job);
}

static void
write_pair (Writer *writer)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);
  Pair *pair = g_new0 (Pair, 1);

  pair->writer = writer;
  pair->number = writer->next;
  writer->next += 2;
  if (pair->number > 1)
    put_done (batch, pair->number - 1);
  put_done (batch, pair->number);
  put_done (batch, pair->number + 1);
  bobbin_store_write_async (writer->store, batch, on_pair_written, pair);
}

/* Three at a time, so that some are on their way together. */
static int
write_until_killed (const char *path)
{
  Writer writer = { bobbin_store_new (path), 1 };

  if (!test_open (writer.store, NULL))
    return 1;

  writer.next = bobbin_store_get_last_number (writer.store) + 1;
  for (guint i = 0; i < 3; i++)
    write_pair (&writer);
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}

/* ---- the one that kills */

/* Lets it write so many pairs and go on for up to @time microseconds, kills it, and gives the
 * number of the last job that it said was written, or 0: it may die before it said anything. */
static gint64
kill_one (const char *path, guint n_pairs, gint32 time)
{
  const char *argv[] = { program, "--write", path, NULL };
  g_autoptr (GError) error = NULL;
  gint64 number, end, last = 0;
  int out;
  GPid pid;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, &out, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < n_pairs; i++)
    {
      g_assert_cmpint (read (out, &number, sizeof number), ==, sizeof number);
      last = MAX (last, number + 1);
    }
  end = g_get_monotonic_time () + g_test_rand_int_range (0, time);
  while (g_get_monotonic_time () < end)
    ;
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  /* what it still said before it died counts, too */
  while (read (out, &number, sizeof number) == sizeof number)
    last = MAX (last, number + 1);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  close (out);

  return last;
}

/* Each job that has finished is remembered once. */
static void
assert_remembered (BobbinStore *store, guint n_jobs)
{
  const BobbinFinishedQuery query = { .search = "127.0.0.1",
                                      .before = G_MAXINT64,
                                      .n_rows = G_MAXINT };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  bobbin_store_read_finished_async (store, &query, NULL, test_keep_result, &result);
  test_wait (result != NULL);
  rows = bobbin_store_read_finished_finish (store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, n_jobs);
  for (guint i = 0; i < rows->len; i++)
    g_assert_cmpint (((BobbinFinished *) g_ptr_array_index (rows, i))->time, ==, rows->len - i);
}

/* Jobs 1 to @last are there, and no half of a pair. */
static void
assert_whole (const char *path, gint64 last)
{
  BobbinStore *store = bobbin_store_new (path);
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GError) error = NULL;

  test_open (store, &error);
  g_assert_no_error (error);
  g_assert_null (bobbin_store_get_set_aside (store));
  jobs = test_read_jobs (store);
  g_assert_cmpint (jobs->len, >=, last);
  g_assert_cmpuint (jobs->len % 2, ==, 0);
  for (guint i = 0; i < jobs->len; i++)
    g_assert_cmpint (((BobbinStoreJob *) g_ptr_array_index (jobs, i))->number, ==, i + 1);
  assert_remembered (store, jobs->len);
  test_close (store);
}

static void
test_kill (void)
{
  char *folder = test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "bobbin.db", NULL);
  gint64 last = 0;
  gint64 said;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      said = kill_one (path, g_test_rand_int_range (0, 20), 200);

      /* one that said nothing must not have lost what those before it wrote */
      last = MAX (last, said);

      /* every other time it is the next one that finds what was left */
      if (i % 2 == 0)
        assert_whole (path, last);
    }
  said = kill_one (path, 1, 200);
  assert_whole (path, MAX (last, said));
  test_delete_folder (folder);
}

/* Some of these die while they make the database. */
static void
test_kill_new (void)
{
  for (guint i = 0; i < N_ROUNDS / 2; i++)
    {
      char *folder = test_make_folder ();
      g_autofree char *path = g_build_filename (folder, "bobbin.db", NULL);

      assert_whole (path, kill_one (path, 0, 20000));
      test_delete_folder (folder);
    }
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--write") == 0)
    return write_until_killed (argv[2]);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  test_guard ();
  g_test_add_func ("/store/crash/kill", test_kill);
  g_test_add_func ("/store/crash/kill-new", test_kill_new);

  return g_test_run ();
}
