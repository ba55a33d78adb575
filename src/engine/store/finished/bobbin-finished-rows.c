/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The downloads that finished, as rows. What a search compares is in a narrow table of its own: to
 * find nothing in it all of it is read, and there is no index for what may begin anywhere in a
 * name. Rows are numbered in the order in which they came, which is that of their pages. The
 * store's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-finished-rows.h"

#include "bobbin-store-batch.h"
#include "bobbin-store-file.h"

#include <string.h>

/* So many steps of SQLite's machine between two looks at the cancellable: less than a ms. */
#define CANCEL_STEPS 5000

typedef enum
{
  IS_NOTED,
  ADD,
  ADD_WORDS,
  REMOVE,
  REMOVE_WORDS,
  EXPIRE_WORDS,
  EXPIRE,
  READ,
  SEARCH,
} Statement;

#define COLUMNS "finished.number, time, took, size, address, path, checksum"

/* clang-format off */
static const char *const sql[] = {
  /* Of each end of a job this is true once it has been put down. */
  [IS_NOTED] = "SELECT 1 FROM job WHERE number = ?1 AND state = ?2 AND ended = ?3",
  [ADD] =
    "INSERT INTO finished (number, time, took, size, address, path, checksum)"
    "  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
  [ADD_WORDS] =
    "INSERT INTO finished_words (number, words)"
    "  VALUES (last_insert_rowid (), bobbin_words (?1, ?2))",
  [REMOVE] = "DELETE FROM finished WHERE number = ?1",
  [REMOVE_WORDS] = "DELETE FROM finished_words WHERE number = ?1",
  [EXPIRE_WORDS] =
    "DELETE FROM finished_words WHERE number IN (SELECT number FROM finished WHERE time < ?1)",
  [EXPIRE] = "DELETE FROM finished WHERE time < ?1",
  [READ] =
    "SELECT " COLUMNS " FROM finished WHERE number < ?1 AND number > ?2"
    "  ORDER BY number DESC LIMIT ?3",
  [SEARCH] =
    "SELECT " COLUMNS " FROM finished_words CROSS JOIN finished USING (number)"
    "  WHERE finished_words.number < ?1 AND finished_words.number > ?2"
    "    AND bobbin_has (finished_words.words, ?4)"
    "  ORDER BY finished_words.number DESC LIMIT ?3",
};
/* clang-format on */

struct _BobbinFinishedRows
{
  sqlite3 *db;                                  /* (unowned) */
  sqlite3_stmt *statements[G_N_ELEMENTS (sql)]; /* (owned) */
};

/* ---- in SQL */

/* bobbin_words (path, address) */
static void
make_words (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *blob = sqlite3_value_blob (values[0]); /* NULL if it is empty */
  g_autofree char *path =
    g_strndup (blob != NULL ? blob : "", (gsize) sqlite3_value_bytes (values[0]));
  const char *address = (const char *) sqlite3_value_text (values[1]);

  if (address == NULL)
    sqlite3_result_error_nomem (context);
  else
    sqlite3_result_text (context, bobbin_finished_dup_words (path, address), -1, g_free);
}

/* The words of a search, split once for all rows. */
static char **
get_searched (sqlite3_context *context, sqlite3_value *search)
{
  char **words = sqlite3_get_auxdata (context, 1);

  if (words != NULL)
    return words;

  words = g_strsplit ((const char *) sqlite3_value_text (search), "\n", -1);
  sqlite3_set_auxdata (context, 1, words, (void (*) (void *)) g_strfreev);

  return sqlite3_get_auxdata (context, 1); /* NULL if there is no memory for it */
}

/* bobbin_has (words, search) */
static void
has_words (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);
  char **words = get_searched (context, values[1]);
  gboolean has = text != NULL && words != NULL;

  for (guint i = 0; has && words[i] != NULL; i++)
    has = strstr (text, words[i]) != NULL;
  sqlite3_result_int (context, has);
}

/**
 * bobbin_finished_rows_add_functions:
 * @db: a database
 * @error: see bobbin_store_set_error()
 *
 * Makes known to @db what migrations and statements call.
 *
 * Returns: whether it was done
 */
gboolean
bobbin_finished_rows_add_functions (sqlite3 *db, GError **error)
{
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

  if (sqlite3_create_function (db, "bobbin_words", 2, flags, NULL, make_words, NULL, NULL) ==
        SQLITE_OK &&
      sqlite3_create_function (db, "bobbin_has", 2, flags, NULL, has_words, NULL, NULL) ==
        SQLITE_OK)
    return TRUE;

  bobbin_store_set_error (error, db);

  return FALSE;
}

/* ---- the rows */

/**
 * bobbin_finished_rows_new:
 * @db: an open database of the newest schema; must outlive what is made
 * @error: see bobbin_store_set_error()
 *
 * Returns: (transfer full) (nullable): the rows of @db
 */
BobbinFinishedRows *
bobbin_finished_rows_new (sqlite3 *db, GError **error)
{
  BobbinFinishedRows *self;

  if (!bobbin_finished_rows_add_functions (db, error))
    return NULL;

  self = g_new0 (BobbinFinishedRows, 1);
  self->db = db;
  for (guint i = 0; i < G_N_ELEMENTS (sql); i++)
    if (sqlite3_prepare_v3 (db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &self->statements[i],
                            NULL) != SQLITE_OK)
      {
        bobbin_store_set_error (error, db);
        bobbin_finished_rows_free (self);
        return NULL;
      }

  return self;
}

/**
 * bobbin_finished_rows_free:
 * @self: rows
 *
 * Ends the statements.
 */
void
bobbin_finished_rows_free (BobbinFinishedRows *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (sql); i++)
    sqlite3_finalize (self->statements[i]);
  g_free (self);
}

/* Runs a statement that gives no rows, and makes it ready for the next time. */
static gboolean
run (BobbinFinishedRows *self, Statement which, GError **error)
{
  sqlite3_stmt *statement = self->statements[which];
  const gboolean done = sqlite3_step (statement) == SQLITE_DONE;

  if (!done)
    bobbin_store_set_error (error, self->db);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);

  return done;
}

static void
bind_text (sqlite3_stmt *statement, int at, const char *text)
{
  sqlite3_bind_text (statement, at, text, -1, SQLITE_STATIC);
}

/* It may not be UTF-8. */
static void
bind_path (sqlite3_stmt *statement, int at, const char *path)
{
  sqlite3_bind_blob (statement, at, path, (int) strlen (path), SQLITE_STATIC);
}

/**
 * bobbin_finished_rows_add:
 * @self: rows, in a transaction
 * @finished: a download that finished
 * @error: see bobbin_store_set_error()
 *
 * Adds a row; one that had a number gets it back, as the removal of one is undone so.
 *
 * Returns: whether it was added; if not the transaction is to be rolled back
 */
gboolean
bobbin_finished_rows_add (BobbinFinishedRows *self, const BobbinFinished *finished, GError **error)
{
  sqlite3_stmt *add = self->statements[ADD];
  sqlite3_stmt *add_words = self->statements[ADD_WORDS];

  if (finished->number != 0)
    sqlite3_bind_int64 (add, 1, finished->number);
  sqlite3_bind_int64 (add, 2, finished->time);
  sqlite3_bind_int64 (add, 3, finished->took);
  sqlite3_bind_int64 (add, 4, finished->size);
  bind_text (add, 5, finished->address);
  bind_path (add, 6, finished->path);
  bind_text (add, 7, finished->checksum);
  if (!run (self, ADD, error))
    return FALSE;

  bind_path (add_words, 1, finished->path);
  bind_text (add_words, 2, finished->address);

  return run (self, ADD_WORDS, error);
}

/* Whether the store knows of that end of a job, and so has a row of it, or had until somebody
 * removed it. */
static gboolean
is_noted (BobbinFinishedRows *self, gint64 job, const BobbinFinished *finished)
{
  sqlite3_stmt *statement = self->statements[IS_NOTED];
  gboolean noted;

  sqlite3_bind_int64 (statement, 1, job);
  sqlite3_bind_int (statement, 2, BOBBIN_STORE_DONE);
  sqlite3_bind_int64 (statement, 3, finished->time);
  noted = sqlite3_step (statement) == SQLITE_ROW;
  sqlite3_reset (statement);

  return noted;
}

/**
 * bobbin_finished_rows_note:
 * @self: rows, in a transaction
 * @job: number of a job that is about to be put down in this transaction, as done
 * @finished: what is to be remembered of it
 * @error: see bobbin_store_set_error()
 *
 * Adds a row, unless that end of the job has been put down before.
 *
 * Returns: whether it was done; if not the transaction is to be rolled back
 */
gboolean
bobbin_finished_rows_note (BobbinFinishedRows *self,
                           gint64 job,
                           const BobbinFinished *finished,
                           GError **error)
{
  return is_noted (self, job, finished) || bobbin_finished_rows_add (self, finished, error);
}

/**
 * bobbin_finished_rows_remove:
 * @self: rows, in a transaction
 * @number: of a row
 * @error: see bobbin_store_set_error()
 *
 * Returns: whether there is no such row any more; if not the transaction is to be rolled back
 */
gboolean
bobbin_finished_rows_remove (BobbinFinishedRows *self, gint64 number, GError **error)
{
  sqlite3_bind_int64 (self->statements[REMOVE], 1, number);
  sqlite3_bind_int64 (self->statements[REMOVE_WORDS], 1, number);

  return run (self, REMOVE, error) && run (self, REMOVE_WORDS, error);
}

/**
 * bobbin_finished_rows_clear:
 * @self: rows, in a transaction
 * @error: see bobbin_store_set_error()
 *
 * Returns: whether there are no rows any more; if not the transaction is to be rolled back
 */
gboolean
bobbin_finished_rows_clear (BobbinFinishedRows *self, GError **error)
{
  static const char *const clear = "DELETE FROM finished; DELETE FROM finished_words;";

  if (sqlite3_exec (self->db, clear, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  bobbin_store_set_error (error, self->db);

  return FALSE;
}

/**
 * bobbin_finished_rows_expire:
 * @self: rows, in a transaction
 * @time: µs since 1970
 * @error: see bobbin_store_set_error()
 *
 * Returns: whether there are no rows any more of what finished before @time; if not the transaction
 *   is to be rolled back
 */
gboolean
bobbin_finished_rows_expire (BobbinFinishedRows *self, gint64 time, GError **error)
{
  sqlite3_bind_int64 (self->statements[EXPIRE_WORDS], 1, time);
  sqlite3_bind_int64 (self->statements[EXPIRE], 1, time);

  return run (self, EXPIRE_WORDS, error) && run (self, EXPIRE, error);
}

/* ---- pages */

static BobbinFinished *
read_row (sqlite3_stmt *statement)
{
  BobbinFinished *finished = g_new0 (BobbinFinished, 1);
  const char *path = sqlite3_column_blob (statement, 5);

  finished->number = sqlite3_column_int64 (statement, 0);
  finished->time = sqlite3_column_int64 (statement, 1);
  finished->took = sqlite3_column_int64 (statement, 2);
  finished->size = sqlite3_column_int64 (statement, 3);
  finished->address = g_strdup ((const char *) sqlite3_column_text (statement, 4));
  finished->path = g_strndup (path, (gsize) sqlite3_column_bytes (statement, 5));
  finished->checksum = g_strdup ((const char *) sqlite3_column_text (statement, 6));

  return finished;
}

static int
on_steps (gpointer user_data)
{
  return g_cancellable_is_cancelled (user_data);
}

/* All rows that a statement gives, or NULL. */
static GPtrArray *
read_rows (BobbinFinishedRows *self,
           sqlite3_stmt *statement,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GPtrArray) rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_finished_free);
  int code;

  if (cancellable != NULL)
    sqlite3_progress_handler (self->db, CANCEL_STEPS, on_steps, cancellable);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (rows, read_row (statement));
  sqlite3_progress_handler (self->db, 0, NULL, NULL);

  if (code == SQLITE_DONE)
    return g_steal_pointer (&rows);
  if (code != SQLITE_INTERRUPT || !g_cancellable_set_error_if_cancelled (cancellable, error))
    bobbin_store_set_error (error, self->db);

  return NULL;
}

/**
 * bobbin_finished_rows_read:
 * @self: rows
 * @query: which
 * @cancellable: (nullable): ends it
 * @error: %G_IO_ERROR_CANCELLED; else see bobbin_store_set_error()
 *
 * Returns: (transfer full) (nullable) (element-type BobbinFinished): a page of rows, the newest
 *   first
 */
GPtrArray *
bobbin_finished_rows_read (BobbinFinishedRows *self,
                           const BobbinFinishedQuery *query,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autofree char *search = bobbin_finished_dup_search (query->search != NULL ? query->search : "");
  const gboolean all = search[0] == '\0';
  sqlite3_stmt *statement = self->statements[all ? READ : SEARCH];
  GPtrArray *rows;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  sqlite3_bind_int64 (statement, 1, query->before);
  sqlite3_bind_int64 (statement, 2, query->after);
  sqlite3_bind_int64 (statement, 3, query->n_rows);
  if (!all)
    bind_text (statement, 4, search);
  rows = read_rows (self, statement, cancellable, error);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);

  return rows;
}
