/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is remembered of downloads that finished: once for each time, for as long as nobody removes
 * it, and found again by a part of its name.
 */

#include "config.h"

#include "test-store.h"

#include "bobbin-download.h"
#include "bobbin-queue-keeper.h"
#include "bobbin-test-server.h"

#include <sqlite3.h>

typedef struct
{
  char *folder;
  char *path;
  BobbinStore *store; /* (nullable) */
  guint n_told;       /* how often the store said that downloads had finished */
} Fixture;

static void
on_finished (Fixture *f)
{
  f->n_told++;
}

static void
fixture_open (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->store = bobbin_store_new (f->path);
  g_signal_connect_swapped (f->store, "finished", G_CALLBACK (on_finished), f);
  test_open (f->store, &error);
  g_assert_no_error (error);
}

static void
set_up_closed (Fixture *f, gconstpointer data)
{
  f->folder = test_make_folder ();
  f->path = g_build_filename (f->folder, "bobbin.db", NULL);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  set_up_closed (f, data);
  fixture_open (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->store != NULL)
    test_close (f->store);
  test_delete_folder (f->folder);
  g_free (f->path);
}

static void
write_now (Fixture *f, BobbinStoreBatch *batch)
{
  g_autoptr (GError) error = NULL;

  test_write (f->store, batch, &error);
  g_assert_no_error (error);
}

static GPtrArray *
read_page (BobbinStore *store, const BobbinFinishedQuery *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *rows;

  bobbin_store_read_finished_async (store, query, NULL, test_keep_result, &result);
  test_wait (result != NULL);
  rows = bobbin_store_read_finished_finish (store, result, &error);
  g_assert_no_error (error);

  return rows;
}

static GPtrArray *
search (Fixture *f, const char *text)
{
  return read_page (f->store,
                    &(BobbinFinishedQuery){ .search = text, .before = G_MAXINT64, .n_rows = 100 });
}

static const BobbinFinished *
nth (GPtrArray *rows, guint n)
{
  g_assert_cmpuint (n, <, rows->len);

  return g_ptr_array_index (rows, n);
}

/* How many rows a search finds. */
static guint
count (Fixture *f, const char *text)
{
  g_autoptr (GPtrArray) rows = search (f, text);

  return rows->len;
}

static BobbinStoreJob *
make_done (gint64 number, gint64 time, const char *address, const char *path)
{
  BobbinStoreJob *job = test_make_job (number, number);

  job->state = BOBBIN_STORE_DONE;
  job->ended = time;
  job->finished = g_new0 (BobbinFinished, 1);
  job->finished->time = time;
  job->finished->took = 3;
  job->finished->size = 7;
  job->finished->address = g_strdup (address);
  job->finished->path = g_strdup (path);

  return job;
}

static void
put_done (Fixture *f, gint64 number, gint64 time, const char *address, const char *path)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (FALSE);

  bobbin_store_batch_put_job (batch, make_done (number, time, address, path));
  write_now (f, batch);
}

static void
put_named (Fixture *f, gint64 number, const char *name)
{
  g_autofree char *path = g_build_filename ("/downloads", name, NULL);

  put_done (f, number, number, "https://example.org/x", path);
}

static void
remove_job (Fixture *f, gint64 number)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (FALSE);

  bobbin_store_batch_remove_job (batch, number);
  write_now (f, batch);
}

static void
remove_finished (Fixture *f, gint64 number)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (FALSE);

  bobbin_store_batch_remove_finished (batch, number);
  write_now (f, batch);
}

/* ---- what is remembered */

static void
test_round_trip (Fixture *f, gconstpointer data)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);
  BobbinStoreJob *job = make_done (1, 10, "https://example.org/a?b=c", "/tmp/\xff “a’.bin");
  g_autoptr (GPtrArray) rows = NULL;
  const BobbinFinished *row;

  job->finished->checksum = g_strdup ("sha256:00");
  bobbin_store_batch_put_job (batch, job);
  write_now (f, batch);
  g_assert_cmpuint (f->n_told, ==, 1);
  test_close (f->store);
  fixture_open (f);

  rows = search (f, NULL);
  g_assert_cmpuint (rows->len, ==, 1);
  row = nth (rows, 0);
  g_assert_cmpint (row->number, >, 0);
  g_assert_cmpint (row->time, ==, 10);
  g_assert_cmpint (row->took, ==, 3);
  g_assert_cmpint (row->size, ==, 7);
  g_assert_cmpstr (row->address, ==, "https://example.org/a?b=c");
  g_assert_cmpstr (row->path, ==, "/tmp/\xff “a’.bin");
  g_assert_cmpstr (row->checksum, ==, "sha256:00");
}

/* A job is put down many times after it has finished: moved, set, written once more for certain. */
static void
test_once (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    put_named (f, 1, "a");
  g_assert_cmpuint (count (f, NULL), ==, 1);

  /* downloaded again: that is another time */
  put_done (f, 1, 20, "https://example.org/x", "/downloads/a (1)");
  g_assert_cmpuint (count (f, NULL), ==, 2);

  test_close (f->store);
  fixture_open (f);
  put_done (f, 1, 20, "https://example.org/x", "/downloads/a (1)");
  g_assert_cmpuint (count (f, NULL), ==, 2);
}

/* What is not written is not half written. */
static void
test_all_or_nothing (Fixture *f, gconstpointer data)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (FALSE);
  BobbinStoreJob *twin = test_make_job (2, 2);
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GError) error = NULL;

  put_named (f, 1, "a");
  bobbin_store_batch_put_job (batch, make_done (3, 3, "https://example.org/x", "/downloads/b"));
  g_strlcpy (twin->id, "the same", sizeof twin->id);
  bobbin_store_batch_put_job (batch, twin);
  twin = test_make_job (4, 4);
  g_strlcpy (twin->id, "the same", sizeof twin->id);
  bobbin_store_batch_put_job (batch, twin);
  g_assert_false (test_write (f->store, batch, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (f->n_told, ==, 1);

  jobs = test_read_jobs (f->store);
  g_assert_cmpuint (jobs->len, ==, 1);
  g_assert_cmpuint (count (f, NULL), ==, 1);
  g_assert_cmpuint (count (f, "a"), ==, 1);
  g_assert_cmpuint (count (f, "b"), ==, 0);
}

static void
test_outlives_job (Fixture *f, gconstpointer data)
{
  put_named (f, 1, "a");
  remove_job (f, 1);
  g_assert_cmpuint (count (f, NULL), ==, 1);

  /* another job with that number, as after the next start */
  put_done (f, 1, 30, "https://example.org/x", "/downloads/b");
  g_assert_cmpuint (count (f, NULL), ==, 2);
}

/* What was removed does not come back with the job, but by undoing it, and where it was. */
static void
test_remove (Fixture *f, gconstpointer data)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (FALSE);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) after = NULL;

  put_named (f, 1, "a");
  put_named (f, 2, "b");
  put_named (f, 3, "c");
  rows = search (f, NULL);
  remove_finished (f, nth (rows, 1)->number);
  put_named (f, 2, "b");
  g_assert_cmpuint (count (f, NULL), ==, 2);
  g_assert_cmpuint (count (f, "b"), ==, 0);

  bobbin_store_batch_add_finished (batch, nth (rows, 1));
  write_now (f, batch);
  after = search (f, NULL);
  g_assert_cmpuint (after->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (nth (after, i)->number, ==, nth (rows, i)->number);
      g_assert_cmpstr (nth (after, i)->path, ==, nth (rows, i)->path);
    }
  g_assert_cmpuint (count (f, "b"), ==, 1);
}

static void
test_clear (Fixture *f, gconstpointer data)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  gint64 last;

  put_named (f, 1, "a");
  put_named (f, 2, "b");
  rows = search (f, NULL);
  last = nth (rows, 0)->number;
  bobbin_store_batch_clear_finished (batch);
  write_now (f, batch);
  g_assert_cmpuint (count (f, NULL), ==, 0);
  g_assert_cmpuint (count (f, "a"), ==, 0);
  jobs = test_read_jobs (f->store);
  g_assert_cmpuint (jobs->len, ==, 2);

  /* whoever has seen a number does not take another row for it */
  g_clear_pointer (&rows, g_ptr_array_unref);
  put_named (f, 3, "c");
  rows = search (f, NULL);
  g_assert_cmpint (nth (rows, 0)->number, >, last);
}

static void
on_expired (gint64 *told, gint64 time)
{
  *told = time;
}

/* What finished before a time is forgotten, with what a search looks at, whatever its number is. */
static void
test_expire (Fixture *f, gconstpointer data)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (FALSE);
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  gint64 told = 0;

  g_signal_connect_swapped (f->store, "expired", G_CALLBACK (on_expired), &told);
  put_done (f, 1, 500, "http://127.0.0.1/late", "/nowhere/late");
  put_done (f, 2, 100, "http://127.0.0.1/early", "/nowhere/early");
  put_done (f, 3, 300, "http://127.0.0.1/then", "/nowhere/then");
  put_done (f, 4, 299, "http://127.0.0.1/before", "/nowhere/before");
  bobbin_store_batch_expire_finished (batch, 300);
  g_assert_cmpint (told, ==, 0);
  write_now (f, batch);
  g_assert_cmpint (told, ==, 300);

  rows = search (f, NULL);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (nth (rows, 0)->path, ==, "/nowhere/then");
  g_assert_cmpstr (nth (rows, 1)->path, ==, "/nowhere/late");
  g_assert_cmpuint (count (f, "early"), ==, 0);
  g_assert_cmpuint (count (f, "late"), ==, 1);
  jobs = test_read_jobs (f->store);
  g_assert_cmpuint (jobs->len, ==, 4);
}

/* ---- pages */

static void
test_pages (Fixture *f, gconstpointer data)
{
  BobbinFinishedQuery query = { .before = G_MAXINT64, .n_rows = 4 };
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GPtrArray) newer = NULL;
  gint64 newest = 0;
  gboolean more = TRUE;

  for (guint i = 1; i <= 10; i++)
    put_named (f, i, (char[]){ (char) ('a' + i), '\0' });

  /* some are added and removed between the pages: of the others each comes once */
  for (guint page = 0; more; page++)
    {
      g_autoptr (GPtrArray) rows = read_page (f->store, &query);

      for (guint i = 0; i < rows->len; i++)
        g_string_append (seen, strrchr (nth (rows, i)->path, '/') + 1);
      if (page == 0)
        {
          newest = nth (rows, 0)->number;
          put_named (f, 11, "new");
          remove_finished (f, nth (rows, 2)->number);
          remove_finished (f, nth (rows, 3)->number - 2);
        }
      more = rows->len == query.n_rows;
      if (more)
        query.before = nth (rows, rows->len - 1)->number;
    }
  g_assert_cmpstr (seen->str, ==, "kjihgedcb");

  /* and the new one is found by asking for what is newer */
  newer = read_page (f->store,
                     &(BobbinFinishedQuery){ .before = G_MAXINT64, .after = newest, .n_rows = 4 });
  g_assert_cmpuint (newer->len, ==, 1);
  g_assert_cmpstr (nth (newer, 0)->path, ==, "/downloads/new");
}

static void
test_search_pages (Fixture *f, gconstpointer data)
{
  BobbinFinishedQuery query = { .search = "even", .before = G_MAXINT64, .n_rows = 3 };
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;

  for (guint i = 1; i <= 10; i++)
    put_named (f, i, i % 2 == 0 ? "Even" : "odd");

  first = read_page (f->store, &query);
  g_assert_cmpuint (first->len, ==, 3);
  g_assert_cmpint (nth (first, 0)->time, ==, 10);
  g_assert_cmpint (nth (first, 2)->time, ==, 6);
  query.before = nth (first, 2)->number;
  second = read_page (f->store, &query);
  g_assert_cmpuint (second->len, ==, 2);
  g_assert_cmpint (nth (second, 0)->time, ==, 4);
  g_assert_cmpint (nth (second, 1)->time, ==, 2);
}

/* ---- searching */

static void
test_search (Fixture *f, gconstpointer data)
{
  put_named (f, 1, "100%_done.txt");
  put_named (f, 2, "100 x done.txt");
  put_named (f, 3, "it's \"quoted\".txt");
  put_named (f, 4, "ÄRGER mit Straße.PDF");
  put_named (f, 5, "Éte\xcc\x81.ogg"); /* the second é is an e with an accent of its own */
  put_named (f, 6, "Журнал.epub");
  put_named (f, 7, "back\\slash*[a].txt");
  put_done (f, 8, 8, "https://mirror.example.net:8443/pub/linux.iso", "/downloads/linux.iso");

  g_assert_cmpuint (count (f, "%"), ==, 1);
  g_assert_cmpuint (count (f, "_"), ==, 1);
  g_assert_cmpuint (count (f, "100%_done"), ==, 1);
  g_assert_cmpuint (count (f, "100"), ==, 2);
  g_assert_cmpuint (count (f, "'"), ==, 1);
  g_assert_cmpuint (count (f, "it's"), ==, 1);
  g_assert_cmpuint (count (f, "\"quoted\""), ==, 1);
  g_assert_cmpuint (count (f, "ärger"), ==, 1);
  g_assert_cmpuint (count (f, "STRASSE"), ==, 1);
  g_assert_cmpuint (count (f, "ÉTÉ"), ==, 1);
  g_assert_cmpuint (count (f, "журнал"), ==, 1);
  g_assert_cmpuint (count (f, "\\"), ==, 1);
  g_assert_cmpuint (count (f, "*[A]"), ==, 1);
  g_assert_cmpuint (count (f, "MIRROR.example"), ==, 1);
  g_assert_cmpuint (count (f, ":8443"), ==, 1);
  g_assert_cmpuint (count (f, "example.org"), ==, 7);
  g_assert_cmpuint (count (f, "nothing like it"), ==, 0);
}

/* All words have to be there, in any order; what is between them does not matter. */
static void
test_search_words (Fixture *f, gconstpointer data)
{
  put_named (f, 1, "annual report 2026.pdf");
  put_named (f, 2, "annual list 2025.pdf");

  g_assert_cmpuint (count (f, "annual"), ==, 2);
  g_assert_cmpuint (count (f, "2026 annual"), ==, 1);
  g_assert_cmpuint (count (f, " report\t "), ==, 1);
  g_assert_cmpuint (count (f, "report example.org"), ==, 1);
  g_assert_cmpuint (count (f, "report list"), ==, 0);
  g_assert_cmpuint (count (f, " \n"), ==, 2);
  g_assert_cmpuint (count (f, ""), ==, 2);
  /* no match goes from the name to the address */
  g_assert_cmpuint (count (f, "pdfhttps"), ==, 0);
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  const BobbinFinishedQuery query = { .search = "x", .before = G_MAXINT64, .n_rows = 100 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) other = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  put_named (f, 1, "x");
  bobbin_store_read_finished_async (f->store, &query, cancellable, test_keep_result, &result);
  bobbin_store_read_finished_async (f->store, &query, NULL, test_keep_result, &other);
  g_cancellable_cancel (cancellable);
  test_wait (result != NULL && other != NULL);
  g_assert_null (bobbin_store_read_finished_finish (f->store, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* that was all that was cancelled */
  rows = bobbin_store_read_finished_finish (f->store, other, NULL);
  g_assert_nonnull (rows);
  g_assert_cmpuint (rows->len, ==, 1);
}

/* ---- the version before */

/* Version 2 as it was released, and jobs in it. */
static const char *const version_2 =
  "CREATE TABLE job (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,"
  "  place INTEGER NOT NULL, state INTEGER NOT NULL, settings TEXT NOT NULL, error TEXT,"
  "  message TEXT, bytes INTEGER NOT NULL, total INTEGER NOT NULL, created INTEGER NOT NULL,"
  "  started INTEGER NOT NULL, ended INTEGER NOT NULL) STRICT;"
  "CREATE INDEX job_by_place ON job (place);"
  "CREATE TABLE event (number INTEGER PRIMARY KEY,"
  "  job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE, time INTEGER NOT NULL,"
  "  kind INTEGER NOT NULL, code TEXT, text TEXT NOT NULL) STRICT;"
  "CREATE INDEX event_by_job ON event (job);"
  "CREATE TABLE sample_batch (number INTEGER PRIMARY KEY, samples BLOB NOT NULL) STRICT;"
  "CREATE TABLE unsettled (job INTEGER PRIMARY KEY, samples BLOB NOT NULL) STRICT;"
  "CREATE TABLE seal (number INTEGER PRIMARY KEY CHECK (number = 1), batch INTEGER NOT NULL,"
  "  job INTEGER NOT NULL) STRICT;"
  "CREATE TABLE history (number INTEGER PRIMARY KEY, job INTEGER NOT NULL,"
  "  level INTEGER NOT NULL, start INTEGER NOT NULL, text BLOB NOT NULL,"
  "  UNIQUE (job, level, start)) STRICT;"
  "CREATE TABLE forgotten (number INTEGER PRIMARY KEY) STRICT;"
  "CREATE TRIGGER job_forgotten AFTER DELETE ON job WHEN old.kind = 'monitor'"
  "  BEGIN INSERT OR IGNORE INTO forgotten (number) VALUES (old.number); END;"
  "PRAGMA user_version = 2;"
  "INSERT INTO job VALUES"
  "  (1, 'a', 'download', 1, 2, '{\"address\":\"http://example.org/1\",\"folder\":\"/d\","
  "   \"file\":\"/d/ÜBER.txt\",\"checksum\":\"sha256:00\"}', NULL, NULL, 7, 7, 1, 20, 50),"
  "  (2, 'b', 'download', 2, 2, '{\"address\":\"http://example.org/2\",\"folder\":\"/d\","
  "   \"file\":\"/d/first\"}', NULL, NULL, 8, 8, 1, 20, 40),"
  /* was there already */
  "  (3, 'c', 'download', 3, 2, '{\"address\":\"http://example.org/3\",\"folder\":\"/d\","
  "   \"file\":\"/d/c\",\"skipped\":true}', NULL, NULL, 0, -1, 1, 20, 30),"
  /* its name is not UTF-8 */
  "  (4, 'd', 'download', 4, 2, '{\"address\":\"http://example.org/4\",\"folder\":\"/d\","
  "   \"file\":{\"base64\":\"L2Qv/w==\"}}', NULL, NULL, 7, 7, 1, 20, 30),"
  "  (5, 'e', 'download', 5, 3, '{\"address\":\"http://example.org/5\",\"folder\":\"/d\"}',"
  "   'REFUSED', 'No.', 0, -1, 1, 20, 30),"
  "  (6, 'f', 'download', 6, 2, 'no JSON', NULL, NULL, 7, 7, 1, 20, 30),"
  "  (7, 'g', 'monitor', 7, 2, '{\"target\":\"cpu\"}', NULL, NULL, 0, -1, 1, 20, 30);";

static void
execute (Fixture *f, const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_migration (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) jobs = NULL;

  execute (f, version_2);
  fixture_open (f);
  jobs = test_read_jobs (f->store);
  g_assert_cmpuint (jobs->len, ==, 7);

  rows = search (f, NULL);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (nth (rows, 0)->path, ==, "/d/ÜBER.txt");
  g_assert_cmpstr (nth (rows, 0)->address, ==, "http://example.org/1");
  g_assert_cmpstr (nth (rows, 0)->checksum, ==, "sha256:00");
  g_assert_cmpint (nth (rows, 0)->time, ==, 50);
  g_assert_cmpint (nth (rows, 0)->took, ==, 30);
  g_assert_cmpint (nth (rows, 0)->size, ==, 7);
  g_assert_cmpstr (nth (rows, 1)->path, ==, "/d/first");
  g_assert_null (nth (rows, 1)->checksum);
  g_assert_cmpuint (count (f, "über"), ==, 1);

  /* and it is not added once more when its job is put down */
  put_done (f, 1, 50, "http://example.org/1", "/d/ÜBER.txt");
  g_assert_cmpuint (count (f, NULL), ==, 2);
}

/* ---- damage */

static gint64
read_number (const char *path, const char *sql)
{
  sqlite3_stmt *statement;
  sqlite3 *db;
  gint64 number;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);

  return number;
}

static void
damage (const char *path, const char *table)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT rootpage FROM sqlite_master WHERE name = '%s'", table);
  const gint64 page = read_number (path, sql);
  const gint64 size = read_number (path, "PRAGMA page_size");
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_cmpint (page * size, <=, length);
  memset (contents + (page - 1) * size, 0xff, (gsize) size);
  g_assert_true (g_file_set_contents (path, contents, (gssize) length, NULL));
}

/* What cannot be remembered is no reason for a job not to be done. */
static void
test_damage (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) jobs = NULL;

  put_named (f, 1, "a");
  test_close (f->store);
  damage (f->path, "finished_words");
  fixture_open (f);
  g_assert_null (bobbin_store_get_set_aside (f->store));

  put_named (f, 2, "b");
  jobs = test_read_jobs (f->store);
  g_assert_cmpuint (jobs->len, ==, 2);
  g_assert_cmpint (((BobbinStoreJob *) g_ptr_array_index (jobs, 1))->state, ==, BOBBIN_STORE_DONE);
}

/* Of a damaged list each table comes over that can be read; then all is as ever. */
static void
test_salvaged (Fixture *f, gconstpointer data)
{
  const char *table = data;
  const gboolean has_rows = g_str_equal (table, "finished_words");

  put_named (f, 1, "anna");
  put_named (f, 2, "bert");
  test_close (f->store);
  damage (f->path, "event");
  damage (f->path, table);
  fixture_open (f);
  g_assert_nonnull (bobbin_store_get_set_aside (f->store));
  g_assert_cmpuint (count (f, NULL), ==, has_rows ? 2 : 0);
  g_assert_cmpuint (count (f, "anna"), ==, has_rows ? 1 : 0);

  put_named (f, 3, "carl");
  g_assert_cmpuint (count (f, NULL), ==, has_rows ? 3 : 1);
  g_assert_cmpuint (count (f, "carl"), ==, 1);
}

/* ---- in life */

typedef struct
{
  BobbinJobQueue *queue;
  BobbinQueueKeeper *keeper;
} Session;

static void
begin (Session *session, const char *path)
{
  guint n_opened = 0;

  session->queue = bobbin_job_queue_new ();
  session->keeper = bobbin_queue_keeper_new (session->queue, path);
  bobbin_queue_keeper_open_async (session->keeper, test_count, &n_opened);
  test_wait (n_opened == 1);
}

static void
end (Session *session)
{
  guint n_ended = 0;

  bobbin_job_queue_shutdown_async (session->queue, test_count, &n_ended);
  test_wait (n_ended == 1);
  bobbin_queue_keeper_close_async (session->keeper, test_count, &n_ended);
  test_wait (n_ended == 2);
  g_assert_finalize_object (session->keeper);
  g_assert_finalize_object (session->queue);
}

static BobbinJob *
get_job (Session *session)
{
  g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (session->queue), 0);

  g_assert_nonnull (job);

  return job; /* the queue's */
}

static void
download (Session *session, const char *address, const char *folder)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_added = 0;

  g_ptr_array_add (jobs, bobbin_download_new (address, folder));
  bobbin_queue_keeper_add_async (session->keeper, jobs, TRUE, test_count, &n_added);
  test_wait (n_added == 1);
  test_wait (bobbin_job_get_state (get_job (session)) == BOBBIN_JOB_DONE);
}

/* Takes it out of the list for good, in the very turn of the main loop in which it has finished. */
static void
forget (Session *session)
{
  g_autoptr (BobbinJob) job = g_object_ref (get_job (session));
  guint n_removed = 0;

  bobbin_job_queue_remove_async (session->queue, job, test_count, &n_removed);
  test_wait (n_removed == 1);
  bobbin_queue_keeper_forget (session->keeper, job);
}

static void
assert_one_row (Session *session, const char *path)
{
  g_autoptr (GPtrArray) rows =
    read_page (bobbin_queue_keeper_get_store (session->keeper),
               &(BobbinFinishedQuery){ .before = G_MAXINT64, .n_rows = 100 });
  const BobbinFinished *row;

  g_assert_cmpuint (rows->len, ==, 1);
  row = nth (rows, 0);
  g_assert_cmpstr (row->path, ==, path);
  g_assert_cmpint (row->size, ==, 100000);
  g_assert_cmpint (row->time, >, 0);
  /* the name and the password of the address stay out */
  g_assert_true (g_str_has_prefix (row->address, "http://127.0.0.1:"));
  g_assert_null (strchr (row->address, '@'));
}

static char *
make_address (BobbinTestServer *server)
{
  bobbin_test_server_set (server, "/a.bin", &(BobbinTestFile){ .seed = 1, .length = 100000 });

  return g_strdup_printf ("http://name:secret@127.0.0.1:%u/a.bin",
                          bobbin_test_server_get_port (server));
}

static void
test_download (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *address = make_address (server);
  g_autofree char *file = g_build_filename (f->folder, "a.bin", NULL);
  Session session;

  begin (&session, f->path);
  download (&session, address, f->folder);
  end (&session);

  begin (&session, f->path);
  assert_one_row (&session, file);
  end (&session);

  begin (&session, f->path);
  forget (&session);
  assert_one_row (&session, file);
  end (&session);
}

static void
test_download_forgotten (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *address = make_address (server);
  g_autofree char *file = g_build_filename (f->folder, "a.bin", NULL);
  Session session;

  begin (&session, f->path);
  download (&session, address, f->folder);
  forget (&session);
  end (&session);

  begin (&session, f->path);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (session.queue)), ==, 0);
  assert_one_row (&session, file);
  end (&session);
}

static void
add (const char *name,
     void (*set_up_test) (Fixture *f, gconstpointer data),
     void (*test) (Fixture *f, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/store/finished/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up_test, test, tear_down);
}

static void
add_salvaged (const char *table)
{
  g_autofree char *path = g_strconcat ("/store/finished/salvaged/", table, NULL);

  g_test_add (path, Fixture, table, set_up, test_salvaged, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  add ("round-trip", set_up, test_round_trip);
  add ("once", set_up, test_once);
  add ("all-or-nothing", set_up, test_all_or_nothing);
  add ("outlives-job", set_up, test_outlives_job);
  add ("remove", set_up, test_remove);
  add ("clear", set_up, test_clear);
  add ("expire", set_up, test_expire);
  add ("pages", set_up, test_pages);
  add ("search-pages", set_up, test_search_pages);
  add ("search", set_up, test_search);
  add ("search-words", set_up, test_search_words);
  add ("cancel", set_up, test_cancel);
  add ("migration", set_up_closed, test_migration);
  add ("damage", set_up, test_damage);
  add_salvaged ("finished");
  add_salvaged ("finished_words");
  add ("download", set_up_closed, test_download);
  add ("download-forgotten", set_up_closed, test_download_forgotten);

  return g_test_run ();
}
