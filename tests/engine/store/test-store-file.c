/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The database as a file: damaged, of a newer version, of an older one, and not to be had at all.
 */

#include "config.h"

#include "test-store.h"

#include "bobbin-error.h"
#include "bobbin-store-schema.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_JOBS 300

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = test_make_folder ();
  f->path = g_build_filename (f->folder, "bobbin.db", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  test_delete_folder (f->folder);
  g_free (f->path);
}

static BobbinStore *
open_store (Fixture *f)
{
  BobbinStore *store = bobbin_store_new (f->path);
  g_autoptr (GError) error = NULL;

  test_open (store, &error);
  g_assert_no_error (error);

  return store;
}

/* A sound database with some jobs, closed. */
static void
fill (Fixture *f)
{
  BobbinStore *store = open_store (f);
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);

  for (guint i = 1; i <= N_JOBS; i++)
    bobbin_store_batch_put_job (batch, test_make_job (i, i));
  g_assert_true (test_write (store, batch, NULL));
  test_close (store);
}

static gsize
get_size (Fixture *f)
{
  struct stat status;

  g_assert_cmpint (stat (f->path, &status), ==, 0);

  return status.st_size;
}

static void
overwrite (Fixture *f, goffset at, gsize length)
{
  const int fd = open (f->path, O_WRONLY | O_CLOEXEC);
  g_autofree char *garbage = g_malloc (length);

  memset (garbage, 0xa5, length);
  g_assert_cmpint (pwrite (fd, garbage, length, at), ==, (gssize) length);
  close (fd);
}

static guint
count_named (Fixture *f, const char *part)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (strstr (name, part) != NULL)
      n++;

  return n;
}

/* The file is aside, as it was; there is an empty list that works. */
static void
assert_set_aside (Fixture *f)
{
  gsize size = get_size (f);
  BobbinStore *store;
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);
  g_autoptr (GPtrArray) jobs = NULL;
  struct stat status;

  g_test_expect_message ("bobbin", G_LOG_LEVEL_MESSAGE, "*was set aside as*");
  store = open_store (f);
  g_test_assert_expected_messages ();
  g_assert_nonnull (bobbin_store_get_set_aside (store));
  g_assert_true (strstr (bobbin_store_get_set_aside (store), "/bobbin.db.damaged-2") != NULL);
  g_assert_cmpint (stat (bobbin_store_get_set_aside (store), &status), ==, 0);
  g_assert_cmpuint (status.st_size, ==, size);

  jobs = test_read_jobs (store);
  g_assert_cmpuint (jobs->len, ==, 0);
  bobbin_store_batch_put_job (batch, test_make_job (1, 1));
  g_assert_true (test_write (store, batch, NULL));
  test_close (store);

  /* and that is sound */
  store = open_store (f);
  g_assert_null (bobbin_store_get_set_aside (store));
  test_close (store);
}

static void
test_garbage (Fixture *f, gconstpointer data)
{
  g_assert_true (g_file_set_contents (f->path, "This is no database at all.\n", -1, NULL));
  assert_set_aside (f);
}

static void
test_garbage_header (Fixture *f, gconstpointer data)
{
  fill (f);
  overwrite (f, 0, 64);
  assert_set_aside (f);
}

static void
test_garbage_inside (Fixture *f, gconstpointer data)
{
  fill (f);
  overwrite (f, get_size (f) / 2, 8192);
  assert_set_aside (f);
}

static void
test_truncated (Fixture *f, gconstpointer data)
{
  fill (f);
  g_assert_cmpint (truncate (f->path, get_size (f) / 2), ==, 0);
  assert_set_aside (f);
}

/* Several in one second get names of their own. */
static void
test_damaged_again (Fixture *f, gconstpointer data)
{
  for (guint i = 1; i <= 3; i++)
    {
      g_assert_true (g_file_set_contents (f->path, "No.", -1, NULL));
      assert_set_aside (f);
      g_assert_cmpuint (count_named (f, ".damaged-"), ==, i);
    }
}

/* Emptied, with its log left: somebody lost something. Empty and alone: just begun. */
static void
test_zero_bytes (Fixture *f, gconstpointer data)
{
  g_autofree char *wal = g_strconcat (f->path, "-wal", NULL);
  BobbinStore *store;

  g_assert_true (g_file_set_contents (f->path, "", 0, NULL));
  store = open_store (f);
  g_assert_null (bobbin_store_get_set_aside (store));
  test_close (store);

  g_assert_cmpint (truncate (f->path, 0), ==, 0);
  g_assert_true (g_file_set_contents (wal, "something", -1, NULL));
  assert_set_aside (f);
  g_assert_cmpuint (count_named (f, ".damaged-"), ==, 2); /* with the log */
}

static void
execute (Fixture *f, const char *sql)
{
  sqlite3 *db;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
test_newer (Fixture *f, gconstpointer data)
{
  BobbinStore *store;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  gsize length, length_after;

  fill (f);
  execute (f, "PRAGMA user_version = 1000");
  g_assert_true (g_file_get_contents (f->path, &before, &length, NULL));

  store = bobbin_store_new (f->path);
  g_assert_false (test_open (store, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED);
  test_close (store);
  g_assert_true (g_file_get_contents (f->path, &after, &length_after, NULL));
  g_assert_cmpmem (before, length, after, length_after);
  g_assert_cmpuint (count_named (f, ".damaged-"), ==, 0);
}

/* Not even a file can be made there. */
static void
test_no_folder (Fixture *f, gconstpointer data)
{
  g_autofree char *below = g_build_filename (f->path, "bobbin.db", NULL);
  BobbinStore *store = bobbin_store_new (below);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (f->path, "A file, no folder.", -1, NULL));
  g_assert_false (test_open (store, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_PERMISSION);
  test_close (store);
}

/* A new folder is the user's alone, and so is the file. */
static void
test_private (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (f->folder, "bobbin", NULL);
  g_autofree char *path = g_build_filename (folder, "bobbin.db", NULL);
  g_autofree char *old = g_steal_pointer (&f->path);
  struct stat status;

  f->path = g_steal_pointer (&path);
  fill (f);
  g_assert_cmpint (stat (folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  g_assert_cmpint (stat (f->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  test_delete_folder (g_steal_pointer (&folder));
}

/* Version 1 as it was released, and one job in it. */
static const char *const version_1 =
  "CREATE TABLE job (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,"
  "  place INTEGER NOT NULL, state INTEGER NOT NULL, settings TEXT NOT NULL, error TEXT,"
  "  message TEXT, bytes INTEGER NOT NULL, total INTEGER NOT NULL, created INTEGER NOT NULL,"
  "  started INTEGER NOT NULL, ended INTEGER NOT NULL) STRICT;"
  "CREATE INDEX job_by_place ON job (place);"
  "CREATE TABLE event (number INTEGER PRIMARY KEY,"
  "  job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE, time INTEGER NOT NULL,"
  "  kind INTEGER NOT NULL, code TEXT, text TEXT NOT NULL) STRICT;"
  "CREATE INDEX event_by_job ON event (job);"
  "PRAGMA user_version = 1;"
  "INSERT INTO job VALUES (3, '6e3c1dc2-3b0f-4c51-8b2e-0d2f0a1b2c3d', 'download', 5, 2,"
  "  '{\"address\":\"http://example.org/\",\"folder\":\"/tmp\"}', NULL, NULL, 7, 7, 1, 2, 3);";

static void
test_version_1 (Fixture *f, gconstpointer data)
{
  BobbinStore *store;
  const BobbinStoreJob *job;
  g_autoptr (GPtrArray) jobs = NULL;

  execute (f, version_1);
  store = open_store (f);
  jobs = test_read_jobs (store);
  g_assert_cmpuint (jobs->len, ==, 1);
  job = g_ptr_array_index (jobs, 0);
  g_assert_cmpint (job->number, ==, 3);
  g_assert_cmpint (job->state, ==, BOBBIN_STORE_DONE);
  g_assert_cmpint (job->ended, ==, 3);
  test_close (store);
}

/* What is to be read to bring it up to date is garbage: that is no other than to find it later. */
static void
test_version_1_garbage (Fixture *f, gconstpointer data)
{
  BobbinStore *store;
  g_autoptr (GPtrArray) jobs = NULL;

  execute (f, version_1);
  execute (f, "WITH RECURSIVE n (i) AS (VALUES (10) UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
              "  INSERT INTO job SELECT i, 'id' || i, kind, i, state, settings, error, message,"
              "                         bytes, total, created, started, ended FROM job, n;");
  overwrite (f, get_size (f) / 2, 16384);

  g_test_expect_message ("bobbin", G_LOG_LEVEL_MESSAGE, "*was set aside as*");
  store = open_store (f);
  g_test_assert_expected_messages ();
  g_assert_nonnull (bobbin_store_get_set_aside (store));
  jobs = test_read_jobs (store);
  g_assert_cmpuint (jobs->len, ==, 0);
  test_close (store);
}

static int
read_int (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement;
  int number;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  number = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);

  return number;
}

/* From version 1 on, in order; one that fails leaves what the one before it made. */
static void
test_migrations (Fixture *f, gconstpointer data)
{
  static const char *const good[] = { "never run again", "ALTER TABLE job ADD COLUMN a INTEGER;",
                                      "UPDATE job SET a = 42;", NULL };
  static const char *const bad[] = { "never", "never", "never",
                                     "UPDATE job SET a = 43; DROP TABLE no_such_table;", NULL };
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  execute (f, version_1);
  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_true (bobbin_store_schema_migrate (db, good, &error));
  g_assert_no_error (error);
  g_assert_cmpint (read_int (db, "PRAGMA user_version"), ==, 3);
  g_assert_cmpint (read_int (db, "SELECT a FROM job"), ==, 42);

  g_assert_false (bobbin_store_schema_migrate (db, bad, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (read_int (db, "PRAGMA user_version"), ==, 3);
  g_assert_cmpint (read_int (db, "SELECT a FROM job"), ==, 42);
  g_assert_true (bobbin_store_schema_migrate (db, good, NULL));
  sqlite3_close (db);
}

/* As bobbin-cli does while the app runs. */
static void
test_reader (Fixture *f, gconstpointer data)
{
  BobbinStore *store;
  BobbinStoreBatch *batch = bobbin_store_batch_new (FALSE);
  sqlite3 *db;

  fill (f);
  store = open_store (f);
  g_assert_cmpint (sqlite3_open_v2 (f->path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (read_int (db, "SELECT count(*) FROM job"), ==, N_JOBS);
  bobbin_store_batch_put_job (batch, test_make_job (N_JOBS + 1, 0));
  g_assert_true (test_write (store, batch, NULL));
  g_assert_cmpint (read_int (db, "SELECT count(*) FROM job"), ==, N_JOBS + 1);
  test_close (store);
  g_assert_cmpint (read_int (db, "SELECT count(*) FROM job"), ==, N_JOBS + 1);
  sqlite3_close (db);
}

/* A file system on which programs cannot share memory: nobody reads along, and that is all. */
static void
test_no_shared_memory (Fixture *f, gconstpointer data)
{
  g_autofree char *shm = g_strconcat (f->path, "-shm", NULL);
  BobbinStore *store;
  g_autoptr (GPtrArray) jobs = NULL;

  g_assert_cmpint (g_mkdir (shm, 0700), ==, 0);
  fill (f);
  store = open_store (f);
  jobs = test_read_jobs (store);
  g_assert_cmpuint (jobs->len, ==, N_JOBS);
  test_close (store);
  g_assert_cmpuint (count_named (f, ".damaged-"), ==, 0);
}

/* Another process of this program, as any thread may be about to start one: all that is open here
 * is open there, until it is told to end. */
static pid_t
start_child (int *end_fd)
{
  int pipe_fds[2];
  char byte;
  pid_t pid;

  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      close (pipe_fds[1]);
      _exit (read (pipe_fds[0], &byte, 1) != 0);
    }
  close (pipe_fds[0]);
  *end_fd = pipe_fds[1];

  return pid;
}

static void
end_child (pid_t pid, int end_fd)
{
  int status;

  close (end_fd);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
}

/* What is closed is free for the next one, even while a child process is being started. */
static void
test_inherited_lock (Fixture *f, gconstpointer data)
{
  BobbinStore *store = open_store (f);
  int end_fd;
  const pid_t child = start_child (&end_fd);

  test_close (store);
  store = open_store (f);
  test_close (store);
  end_child (child, end_fd);
}

static void
add (const char *name, void (*test) (Fixture *f, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/store/file/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  add ("garbage", test_garbage);
  add ("garbage-header", test_garbage_header);
  add ("garbage-inside", test_garbage_inside);
  add ("truncated", test_truncated);
  add ("damaged-again", test_damaged_again);
  add ("zero-bytes", test_zero_bytes);
  add ("newer", test_newer);
  add ("no-folder", test_no_folder);
  add ("private", test_private);
  add ("version-1", test_version_1);
  add ("version-1-garbage", test_version_1_garbage);
  add ("migrations", test_migrations);
  add ("reader", test_reader);
  add ("no-shared-memory", test_no_shared_memory);
  add ("inherited-lock", test_inherited_lock);

  return g_test_run ();
}
