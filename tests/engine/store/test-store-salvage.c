/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A database of which only the logs are damaged: its jobs come over to a new one, whenever the
 * program is killed at that, and are left where they are if they cannot.
 */

#include "config.h"

#include "test-store.h"

#include "bobbin-error.h"
#include "bobbin-store-file.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

/* The last of them is only in the log of the database, as after a crash. */
#define N_JOBS 300

/* How a child ends that was killed. */
#define KILLED 42

/* So many more steps are taken before the kill; none if it is negative. */
static int n_left = -1;

static void
take_step (void)
{
  if (n_left == 0)
    _exit (KILLED);
  if (n_left > 0)
    n_left--;
}

/* The linker takes these rather than the C library's. */

int
rename (const char *from, const char *to)
{
  take_step ();

  return (int) syscall (SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
unlink (const char *path)
{
  take_step ();

  return (int) syscall (SYS_unlinkat, AT_FDCWD, path, 0);
}

int
fsync (int fd)
{
  take_step ();

  return (int) syscall (SYS_fsync, fd);
}

int
fdatasync (int fd)
{
  take_step ();

  return (int) syscall (SYS_fdatasync, fd);
}

typedef struct
{
  char *folder;
  char *path;
  GBytes *db;  /* damaged */
  GBytes *wal; /* its log */
} Fixture;

static char *
get_wal (Fixture *f)
{
  return g_strconcat (f->path, "-wal", NULL);
}

static GBytes *
read_file (const char *path)
{
  char *contents;
  gsize length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));

  return g_bytes_new_take (contents, length);
}

static void
write_file (const char *path, GBytes *bytes)
{
  gsize length;
  const char *contents = g_bytes_get_data (bytes, &length);

  g_assert_true (g_file_set_contents (path, contents, (gssize) length, NULL));
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

static void
add_jobs (BobbinStore *store, guint first, guint last)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);

  for (guint i = first; i <= last; i++)
    bobbin_store_batch_put_job (batch, test_make_job (i, i));
  g_assert_true (test_write (store, batch, NULL));
}

/* The page of the file at which a table begins. */
static gint64
find_page (Fixture *f, const char *table)
{
  g_autofree char *query =
    g_strdup_printf ("SELECT rootpage FROM sqlite_master WHERE name = '%s'", table);
  sqlite3_stmt *statement = NULL;
  sqlite3 *db = NULL;
  gint64 page;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, query, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  page = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);

  return page;
}

static void
damage (Fixture *f, gint64 page)
{
  const int fd = g_open (f->path, O_WRONLY | O_CLOEXEC, 0);
  char garbage[PAGE];

  memset (garbage, 0xee, sizeof garbage);
  g_assert_cmpint (pwrite (fd, garbage, sizeof garbage, (page - 1) * PAGE), ==, sizeof garbage);
  close (fd);
}

/* Only these two files are there. */
static void
restore (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  g_autofree char *wal = get_wal (f);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  write_file (f->path, f->db);
  write_file (wal, f->wal);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *wal = NULL;
  g_autoptr (GBytes) db = NULL;
  BobbinStore *store;
  gint64 page;

  f->folder = test_make_folder ();
  f->path = g_build_filename (f->folder, "bobbin.db", NULL);
  wal = get_wal (f);
  store = open_store (f);
  add_jobs (store, 1, N_JOBS - 1);
  test_close (store);
  page = find_page (f, "event");

  store = open_store (f);
  add_jobs (store, N_JOBS, N_JOBS);
  db = read_file (f->path);
  f->wal = read_file (wal);
  test_close (store);

  write_file (f->path, db);
  damage (f, page);
  f->db = read_file (f->path);
  restore (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_bytes_unref (f->db);
  g_bytes_unref (f->wal);
  test_delete_folder (f->folder);
  g_free (f->path);
}

static guint
count_named (Fixture *f, const char *part)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += strstr (name, part) != NULL;

  return n;
}

/* All of them are there, in a database that is sound, and nothing is left over. */
static void
assert_salvaged (Fixture *f)
{
  g_autoptr (GPtrArray) jobs = NULL;
  BobbinStore *store = open_store (f);

  g_assert_cmpint (bobbin_store_get_last_number (store), ==, N_JOBS);
  jobs = test_read_jobs (store);
  g_assert_cmpuint (jobs->len, ==, N_JOBS);
  test_close (store);

  store = open_store (f);
  g_assert_null (bobbin_store_get_set_aside (store));
  test_close (store);
  g_assert_cmpuint (count_named (f, ".building"), ==, 0);
  g_assert_cmpuint (count_named (f, ".new"), ==, 0);
}

static void
test_salvaged (Fixture *f, gconstpointer data)
{
  BobbinStore *store;

  g_test_expect_message ("bobbin", G_LOG_LEVEL_MESSAGE, "*was set aside as*");
  store = open_store (f);
  g_test_assert_expected_messages ();
  g_assert_nonnull (bobbin_store_get_set_aside (store));
  g_assert_true (g_file_test (bobbin_store_get_set_aside (store), G_FILE_TEST_IS_REGULAR));
  test_close (store);
  assert_salvaged (f);
}

/* Opens it in a process that is killed at that after so many steps. Says whether it was. */
static gboolean
open_and_kill (Fixture *f, int n_steps)
{
  const pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      BobbinStoreFile *file;

      n_left = n_steps;
      file = bobbin_store_file_open (f->path, NULL);
      n_left = -1;
      _exit (file != NULL ? 0 : 1);
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_true (WEXITSTATUS (status) == 0 || WEXITSTATUS (status) == KILLED);

  return WEXITSTATUS (status) == KILLED;
}

static void
test_killed (Fixture *f, gconstpointer data)
{
  int n_steps = 0;

  while (open_and_kill (f, n_steps))
    {
      assert_salvaged (f);
      g_assert_cmpuint (count_named (f, ".damaged-"), >=, 1);
      restore (f);
      n_steps++;
    }
  assert_salvaged (f);

  /* the new one is made sure of and gets two names, the old one another, and folders are synced */
  g_assert_cmpint (n_steps, >=, 7);
}

/* Killed again and again, each time a little later, with what the time before has left. */
static void
test_killed_again (Fixture *f, gconstpointer data)
{
  int n_steps = 0;

  while (open_and_kill (f, n_steps))
    n_steps++;
  assert_salvaged (f);
}

/* A file system on which programs cannot share memory. */
static void
test_no_shared_memory (Fixture *f, gconstpointer data)
{
  g_autofree char *shm = g_strconcat (f->path, "-shm", NULL);

  g_assert_cmpint (g_mkdir (shm, 0700), ==, 0);
  assert_salvaged (f);
}

/* There is room for some of the new one, and not for all. */
static void
test_no_room (Fixture *f, gconstpointer data)
{
  const struct rlimit small = { 64 * 1024, RLIM_INFINITY };
  const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
  BobbinStore *store = bobbin_store_new (f->path);
  g_autoptr (GError) error = NULL;
  gboolean opened;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  opened = test_open (store, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &none), ==, 0);
  g_assert_false (opened);
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, "left as it is"));
  test_close (store);
  g_assert_cmpuint (count_named (f, ".damaged-"), ==, 0);
  g_assert_cmpuint (count_named (f, ".building"), ==, 0);

  assert_salvaged (f);
  g_assert_cmpuint (count_named (f, ".damaged-"), >=, 1);
}

static void
add (const char *name, void (*test) (Fixture *f, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/store/salvage/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  add ("salvaged", test_salvaged);
  add ("killed", test_killed);
  add ("killed-again", test_killed_again);
  add ("no-shared-memory", test_no_shared_memory);
  add ("no-room", test_no_room);

  return g_test_run ();
}
