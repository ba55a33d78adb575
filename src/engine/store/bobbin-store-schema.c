/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the database looks like, and how an older one becomes like that. The schema's version is
 * the number of migrations that have been made (PRAGMA user_version); each is one transaction. The
 * store's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-store-schema.h"

#include "bobbin-error.h"
#include "bobbin-finished-rows.h"
#include "bobbin-store-file.h"

#include <glib/gi18n-lib.h>

/* In order, the first makes version 1. One that has been released never changes: a database out
 * there has been through it. */
static const char *const migrations[] = {
  "PRAGMA application_id = 0x426f6262;" /* “Bobb” */
  "CREATE TABLE job ("
  "  number   INTEGER PRIMARY KEY,"
  "  id       TEXT NOT NULL UNIQUE,"
  "  kind     TEXT NOT NULL,"
  "  place    INTEGER NOT NULL,"
  "  state    INTEGER NOT NULL,"
  "  settings TEXT NOT NULL," /* JSON, see bobbin-job-settings.c */
  "  error    TEXT,"
  "  message  TEXT,"
  "  bytes    INTEGER NOT NULL,"
  "  total    INTEGER NOT NULL,"
  "  created  INTEGER NOT NULL," /* times in µs since 1970, 0 for never */
  "  started  INTEGER NOT NULL,"
  "  ended    INTEGER NOT NULL"
  ") STRICT;"
  "CREATE INDEX job_by_place ON job (place);"
  "CREATE TABLE event ("
  "  number   INTEGER PRIMARY KEY,"
  "  job      INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,"
  "  time     INTEGER NOT NULL,"
  "  kind     INTEGER NOT NULL,"
  "  code     TEXT,"
  "  text     TEXT NOT NULL"
  ") STRICT;"
  "CREATE INDEX event_by_job ON event (job);",

  /* What monitors found; see monitor/history/bobbin-history-rows.c */
  "CREATE TABLE sample_batch ("
  "  number   INTEGER PRIMARY KEY,"
  "  samples  BLOB NOT NULL" /* of all monitors, see bobbin-history-codec.c */
  ") STRICT;"
  "CREATE TABLE unsettled ("
  "  job      INTEGER PRIMARY KEY,"
  "  samples  BLOB NOT NULL"
  ") STRICT;"
  "CREATE TABLE seal (" /* how far the one that is under way has come */
  "  number   INTEGER PRIMARY KEY CHECK (number = 1),"
  "  batch    INTEGER NOT NULL,"
  "  job      INTEGER NOT NULL"
  ") STRICT;"
  "CREATE TABLE history ("
  "  number   INTEGER PRIMARY KEY,"
  "  job      INTEGER NOT NULL,"
  "  level    INTEGER NOT NULL," /* BobbinHistoryLevel */
  "  start    INTEGER NOT NULL," /* µs since 1970 */
  "  text     BLOB NOT NULL,"
  "  UNIQUE (job, level, start)"
  ") STRICT;"
  /* A year of history takes a while to delete, and no removal of a job shall wait for it. */
  "CREATE TABLE forgotten ("
  "  number   INTEGER PRIMARY KEY"
  ") STRICT;"
  "CREATE TRIGGER job_forgotten AFTER DELETE ON job WHEN old.kind = 'monitor'"
  "  BEGIN INSERT OR IGNORE INTO forgotten (number) VALUES (old.number); END;",

  /* Downloads that finished, in the list or not; see finished/bobbin-finished-rows.c */
  "CREATE TABLE finished ("
  "  number   INTEGER PRIMARY KEY AUTOINCREMENT," /* never given twice: rows are removed */
  "  time     INTEGER NOT NULL,"                  /* µs since 1970 */
  "  took     INTEGER NOT NULL,"                  /* µs */
  "  size     INTEGER NOT NULL,"
  "  address  TEXT NOT NULL,"
  "  path     BLOB NOT NULL," /* in the file system's encoding */
  "  checksum TEXT"
  ") STRICT;"
  "CREATE TABLE finished_words ("
  "  number   INTEGER PRIMARY KEY,"
  "  words    TEXT NOT NULL" /* what a search compares */
  ") STRICT;"
  /* Those that are in the list, but for the few whose names are not UTF-8. */
  "INSERT INTO finished (time, took, size, address, path, checksum)"
  "  SELECT ended, max(ended - started, 0), bytes, json_extract(settings, '$.address'),"
  "         CAST(json_extract(settings, '$.file') AS BLOB), json_extract(settings, '$.checksum')"
  "  FROM job WHERE kind = 'download' AND state = 2 AND"
  "    CASE WHEN json_valid(settings)"
  "    THEN ifnull(json_type(settings, '$.address'), '') = 'text' AND"
  "         ifnull(json_type(settings, '$.file'), '') = 'text' AND"
  "         ifnull(json_type(settings, '$.checksum'), 'text') = 'text' AND"
  "         ifnull(json_type(settings, '$.skipped'), '') <> 'true'"
  "    ELSE FALSE END"
  "  ORDER BY ended, number;"
  "INSERT INTO finished_words (number, words)"
  "  SELECT number, bobbin_words(path, address) FROM finished;",
  NULL,
};

static gboolean
get_version (sqlite3 *db, int *version, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean found = FALSE;

  if (sqlite3_prepare_v2 (db, "PRAGMA user_version", -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step (statement) == SQLITE_ROW)
    {
      *version = sqlite3_column_int (statement, 0);
      found = TRUE;
    }
  else
    {
      bobbin_store_set_error (error, db);
    }
  sqlite3_finalize (statement);

  return found;
}

static gboolean
migrate_to (sqlite3 *db, int version, const char *sql, GError **error)
{
  g_autofree char *set_version = g_strdup_printf ("PRAGMA user_version = %d", version);

  if (sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
      sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK &&
      sqlite3_exec (db, set_version, NULL, NULL, NULL) == SQLITE_OK &&
      sqlite3_exec (db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  bobbin_store_set_error (error, db);
  if (!sqlite3_get_autocommit (db))
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);

  return FALSE;
}

/*
 * bobbin_store_schema_migrate:
 * @db: a database
 * @migrations: NULL-terminated, SQL
 * @error: %BOBBIN_ERROR_UNSUPPORTED if @db has been through more than these; else see
 *   bobbin_store_set_error()
 *
 * Makes the migrations that @db has not been through, each in a transaction: after a failure it is
 * what the last good one made of it.
 */
gboolean
bobbin_store_schema_migrate (sqlite3 *db, const char *const *all, GError **error)
{
  const int newest = g_strv_length ((GStrv) all);
  int version;

  if (!bobbin_finished_rows_add_functions (db, error) || !get_version (db, &version, error))
    return FALSE;

  if (version < 0 || version > newest)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                           _ ("The list of jobs was written by a newer Bobbin. Install that one to "
                              "see it; it is left as it is."));
      return FALSE;
    }

  while (version < newest)
    {
      if (!migrate_to (db, version + 1, all[version], error))
        return FALSE;
      version++;
    }

  return TRUE;
}

/**
 * bobbin_store_schema_update:
 * @db: a database
 * @error: see bobbin_store_schema_migrate()
 *
 * Makes @db what this program works with.
 *
 * Returns: whether it is
 */
gboolean
bobbin_store_schema_update (sqlite3 *db, GError **error)
{
  return bobbin_store_schema_migrate (db, migrations, error);
}

/**
 * bobbin_store_schema_check:
 * @db: a database
 * @error: %BOBBIN_ERROR_UNSUPPORTED if it was written by another version; else see
 *   bobbin_store_set_error()
 *
 * Looks whether @db is what this program works with, for who may not change it.
 *
 * Returns: whether it is
 */
gboolean
bobbin_store_schema_check (sqlite3 *db, GError **error)
{
  const int newest = G_N_ELEMENTS (migrations) - 1;
  int version;

  if (!get_version (db, &version, error))
    return FALSE;
  if (version == newest)
    return TRUE;

  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                       version < newest
                         ? _ (
                             "The list of jobs was written by an older Bobbin. Start the app once.")
                         : _ ("The list of jobs was written by a newer Bobbin. Install that one to "
                              "see it; it is left as it is."));

  return FALSE;
}
