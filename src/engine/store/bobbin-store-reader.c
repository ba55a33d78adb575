/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The database for programs that only read it. Each question sees one state of it, and holds the
 * app up for no longer than that. Any thread, one at a time; waits for the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-store-reader.h"

#include "bobbin-error.h"
#include "bobbin-store-file.h"
#include "bobbin-store-rows.h"
#include "bobbin-store-schema.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

/* ms that the app may take to open or to close the database */
#define WRITER_TIME 2000

/* So many jobs are looked through at a time. */
#define PAGE 1000

struct _BobbinStoreReader
{
  sqlite3 *db;           /* (owned) */
  BobbinStoreRows *rows; /* (owned) (nullable) */
};

static gboolean
execute (BobbinStoreReader *self, const char *sql, GError **error)
{
  if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  bobbin_store_set_error (error, self->db);

  return FALSE;
}

/* What nobody wrote yet is not to be made by asking for it. */
static gboolean
is_there (const char *path, GError **error)
{
  g_autofree char *name = NULL;

  if (access (path, R_OK) == 0)
    return TRUE;

  name = g_filename_display_name (path);
  if (errno == ENOENT)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FAILED,
                 /* Translators: %s is the path of a file */
                 _ ("Nothing has been kept in “%s” yet."), name);
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_PERMISSION,
                 /* Translators: %1$s is the path of a file, %2$s the system’s own words */
                 _ ("“%s” could not be opened: %s"), name, g_strerror (errno));

  return FALSE;
}

/**
 * bobbin_store_reader_open:
 * @path: (type filename): where the database is
 * @error: %BOBBIN_ERROR_FAILED if there is none, %BOBBIN_ERROR_UNSUPPORTED if it is of another
 *   version; else see bobbin_store_set_error()
 *
 * Opens a database to read it; it is neither made nor changed.
 *
 * Returns: (transfer full) (nullable): a reader
 */
BobbinStoreReader *
bobbin_store_reader_open (const char *path, GError **error)
{
  g_autoptr (BobbinStoreReader) self = g_new0 (BobbinStoreReader, 1);

  if (!is_there (path, error))
    return NULL;

  if (sqlite3_open_v2 (path, &self->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
      sqlite3_extended_result_codes (self->db, TRUE) != SQLITE_OK ||
      sqlite3_busy_timeout (self->db, WRITER_TIME) != SQLITE_OK)
    {
      bobbin_store_set_error (error, self->db);
      return NULL;
    }

  if (!bobbin_store_schema_check (self->db, error))
    return NULL;

  self->rows = bobbin_store_rows_new (self->db, error);

  return self->rows != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * bobbin_store_reader_close:
 * @self: a reader
 */
void
bobbin_store_reader_close (BobbinStoreReader *self)
{
  g_clear_pointer (&self->rows, bobbin_store_rows_free);
  sqlite3_close (self->db);
  g_free (self);
}

static gboolean
is_monitor (const BobbinStoreJob *job)
{
  return g_str_equal (job->kind, "monitor");
}

/* Takes a page of jobs; says whether there may be more. */
static gboolean
take_page (GPtrArray *monitors, GPtrArray *page, gint64 *place, gint64 *number)
{
  const gboolean more = page->len == PAGE;

  for (guint i = 0; i < page->len; i++)
    {
      BobbinStoreJob *job = g_ptr_array_index (page, i);

      *place = job->place;
      *number = job->number;
      if (!is_monitor (job))
        continue;

      g_ptr_array_index (page, i) = NULL;
      g_ptr_array_add (monitors, job);
    }

  return more;
}

static void
free_job (gpointer data)
{
  if (data != NULL)
    bobbin_store_job_free (data);
}

/**
 * bobbin_store_reader_read_monitors:
 * @self: a reader
 * @error: see bobbin_store_set_error()
 *
 * Returns: (transfer full) (nullable) (element-type BobbinStoreJob): all monitors, in their order
 */
GPtrArray *
bobbin_store_reader_read_monitors (BobbinStoreReader *self, GError **error)
{
  g_autoptr (GPtrArray) monitors = g_ptr_array_new_with_free_func (free_job);
  gint64 place = G_MININT64;
  gint64 number = 0;
  gboolean more = TRUE;

  while (more)
    {
      g_autoptr (GPtrArray) page =
        bobbin_store_rows_read_jobs (self->rows, place, number, PAGE, error);

      if (page == NULL)
        return NULL;

      g_ptr_array_set_free_func (page, free_job);
      more = take_page (monitors, page, &place, &number);
    }

  return g_steal_pointer (&monitors);
}

/**
 * bobbin_store_reader_read_history:
 * @self: a reader
 * @query: what is asked
 * @error: see bobbin_store_set_error()
 *
 * Returns: (transfer full) (nullable): what was found, but for what the app has not written yet
 */
BobbinHistorySpan *
bobbin_store_reader_read_history (BobbinStoreReader *self,
                                  const BobbinHistoryQuery *query,
                                  GError **error)
{
  BobbinHistorySpan *span;

  if (!execute (self, "BEGIN", error))
    return NULL;

  span = bobbin_history_rows_read (bobbin_store_rows_get_history (self->rows), query, error);
  bobbin_store_rows_roll_back (self->rows);

  return span;
}

/**
 * bobbin_store_reader_read_begin:
 * @self: a reader
 * @number: of a monitor
 * @begin: (out): when its history begins, µs since 1970; %G_MAXINT64 if it has none
 * @error: see bobbin_store_set_error()
 *
 * Returns: whether it could be read
 */
gboolean
bobbin_store_reader_read_begin (BobbinStoreReader *self,
                                gint64 number,
                                gint64 *begin,
                                GError **error)
{
  gboolean done;

  if (!execute (self, "BEGIN", error))
    return FALSE;

  done = bobbin_history_rows_read_begin (bobbin_store_rows_get_history (self->rows), number, begin,
                                         error);
  bobbin_store_rows_roll_back (self->rows);

  return done;
}
