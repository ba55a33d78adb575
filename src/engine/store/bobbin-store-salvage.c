/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A new database in place of a damaged one. It is built beside that, with what is sound in it, and
 * takes its place only when the disk has all of it. A kill or a power cut at any moment leaves
 * enough to go on with:
 *
 * - NAME.building is not complete: somebody was killed at it, and the old one is where it was;
 * - NAME.new is: from now on that is the list, and what is still called NAME is to be set aside.
 *
 * The store's thread only, which has the lock of bobbin-store-file.c.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-store-salvage.h"

#include "bobbin-error.h"
#include "bobbin-store-file.h"
#include "bobbin-store-schema.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* So long, in ms, a program that reads the history may hold us up. */
#define READER_TIME 2000

/* What belongs to a database. The file itself last: as long as it is there, so may be the rest. */
static const char *const endings[] = { "-journal", "-wal", "-shm", "" };

/* ---- files */

static gboolean
sync_path (const char *path, int flags, GError **error)
{
  const int fd = g_open (path, flags | O_CLOEXEC, 0);
  int errsv = fd < 0 || fsync (fd) < 0 ? errno : 0;

  if (fd >= 0)
    close (fd);
  if (errsv != 0)
    bobbin_store_set_error_from_errno (error, errsv);

  return errsv == 0;
}

/* Some file systems cannot, and then there is nothing to wait for. */
static void
sync_folder_of (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  if (!sync_path (folder, O_RDONLY | O_DIRECTORY, &error))
    g_debug ("“%s” could not be synced: %s", folder, error->message);
}

static gboolean
rename_to (const char *from, const char *to, GError **error)
{
  if (g_rename (from, to) == 0 || errno == ENOENT)
    return TRUE;

  bobbin_store_set_error_from_errno (error, errno);

  return FALSE;
}

static gboolean
delete_all (const char *path, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (path, endings[i], NULL);

      if (g_unlink (name) < 0 && errno != ENOENT)
        {
          bobbin_store_set_error_from_errno (error, errno);
          return FALSE;
        }
    }

  return TRUE;
}

/* ---- what is sound */

/* Where programs cannot share memory, only who has the file alone can read its log. */
static gboolean
attach_old (sqlite3 *db, const char *path)
{
  char *attach = sqlite3_mprintf ("ATTACH %Q AS old", path);
  const gboolean done = sqlite3_exec (db, attach, NULL, NULL, NULL) == SQLITE_OK;

  sqlite3_free (attach);
  if (done &&
      sqlite3_exec (db, "SELECT count(*) FROM old.sqlite_master", NULL, NULL, NULL) != SQLITE_OK)
    sqlite3_exec (db, "PRAGMA old.locking_mode = EXCLUSIVE", NULL, NULL, NULL);

  return done;
}

/* Whether it is the old one that could not be read, rather than the new one written. */
static gboolean
is_loss (sqlite3 *db)
{
  const int code = sqlite3_extended_errcode (db);

  return bobbin_store_is_damage (code & 0xff) || code == SQLITE_IOERR_READ ||
         code == SQLITE_IOERR_SHORT_READ;
}

static gboolean
copy_table (sqlite3 *db, const char *table)
{
  g_autofree char *copy = g_strdup_printf ("INSERT INTO main.%1$s SELECT * FROM old.%1$s", table);

  return sqlite3_exec (db, copy, NULL, NULL, NULL) == SQLITE_OK;
}

/* Made anew, as either may have been lost without the other: of what is not there a number is free
 * again. */
static gboolean
find_words (sqlite3 *db, GError **error)
{
  static const char *const find = "INSERT INTO main.finished_words (number, words)"
                                  "  SELECT number, bobbin_words (path, address)"
                                  "  FROM main.finished";

  if (sqlite3_exec (db, find, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  bobbin_store_set_error (error, db);

  return FALSE;
}

static void
set_jobs_error (GError **error, sqlite3 *db, const char *path)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *name = g_filename_display_name (path);

  bobbin_store_set_error (&reason, db);
  g_set_error (error, BOBBIN_ERROR, reason->code,
               /* Translators: first a sentence that says what failed, then the name of a file */
               _ ("%s It is damaged, its jobs could not be copied to a new one, and so it was left "
                  "as it is. To begin with an empty list, move “%s” away."),
               reason->message, name);
}

/* The jobs, all of them; and of the history what can be read. */
static gboolean
bring_over (sqlite3 *db, const char *path, GError **error)
{
  static const char *const history[] = { "sample_batch", "unsettled", "seal",
                                         "history",      "forgotten", "finished" };

  if (!attach_old (db, path) || !copy_table (db, "job"))
    {
      set_jobs_error (error, db, path);
      return FALSE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (history); i++)
    if (!copy_table (db, history[i]))
      {
        if (!is_loss (db))
          {
            bobbin_store_set_error (error, db);
            return FALSE;
          }
        g_message ("Nothing is left of “%s”: %s", history[i], sqlite3_errmsg (db));
      }

  return find_words (db, error);
}

/* ---- the new one */

/* The disk is waited for once, at the end, and nobody looks at it before. */
static gboolean
fill (const char *path, const char *old, GError **error)
{
  static const char *const settings = "PRAGMA trusted_schema = OFF;"
                                      "PRAGMA journal_mode = MEMORY;"
                                      "PRAGMA synchronous = OFF;";
  sqlite3 *db = NULL;
  gboolean done = FALSE;

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
      sqlite3_extended_result_codes (db, TRUE) != SQLITE_OK ||
      sqlite3_busy_timeout (db, READER_TIME) != SQLITE_OK ||
      sqlite3_exec (db, settings, NULL, NULL, NULL) != SQLITE_OK)
    bobbin_store_set_error (error, db);
  else
    done = bobbin_store_schema_update (db, error) && (old == NULL || bring_over (db, old, error));
  sqlite3_close (db);

  return done;
}

/* The address of a job may be as private as what is behind it. */
static gboolean
create (const char *path, GError **error)
{
  const int fd = g_open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      bobbin_store_set_error_from_errno (error, errno);
      return FALSE;
    }
  close (fd);

  return TRUE;
}

/**
 * bobbin_store_salvage_build:
 * @path: (type filename): a damaged database, which nobody has open
 * @with_content: whether its jobs are sound
 * @error: why there is no new one, which is then no reason to give the old one up
 *
 * Builds the database that is to take the place of @path: with all of its jobs and what can be read
 * of its history, or empty. bobbin_store_salvage_finish() comes next.
 *
 * Returns: whether it is complete, and on the disk
 */
gboolean
bobbin_store_salvage_build (const char *path, gboolean with_content, GError **error)
{
  g_autofree char *building = g_strconcat (path, ".building", NULL);
  g_autofree char *complete = g_strconcat (path, ".new", NULL);
  gboolean done;

  done = delete_all (building, error) && create (building, error) &&
         fill (building, with_content ? path : NULL, error) &&
         sync_path (building, O_RDWR, error) && rename_to (building, complete, error);
  if (done)
    sync_folder_of (path);
  else
    delete_all (building, NULL);

  return done;
}

/* ---- the change */

/* The same one if it is asked for again after a kill: by when the new one was complete, and not yet
 * that of a whole database. */
static char *
find_free_name (const char *path, const char *complete)
{
  g_autoptr (GDateTime) date = NULL;
  g_autofree char *time = NULL;
  GStatBuf status = { 0 };
  char *name;

  g_stat (complete, &status);
  date = g_date_time_new_from_unix_utc (status.st_mtime);
  time = g_date_time_format (date, "%Y%m%dT%H%M%SZ");
  name = g_strdup_printf ("%s.damaged-%s", path, time);
  for (guint i = 2; g_file_test (name, G_FILE_TEST_EXISTS); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s.damaged-%s-%u", path, time, i);
    }

  return name;
}

static gboolean
rename_all (const char *from, const char *to, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *old_name = g_strconcat (from, endings[i], NULL);
      g_autofree char *new_name = g_strconcat (to, endings[i], NULL);

      if (!rename_to (old_name, new_name, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * bobbin_store_salvage_finish:
 * @path: (type filename): a database, which nobody has open
 * @set_aside: (inout) (transfer full) (nullable): where the damaged one is now
 * @error: what the file system says
 *
 * If there is a complete new database it takes the place of @path, and what was there is set aside.
 * To be called before @path is opened, too: somebody may have been killed here.
 *
 * Returns: whether @path may be opened
 */
gboolean
bobbin_store_salvage_finish (const char *path, char **set_aside, GError **error)
{
  g_autofree char *complete = g_strconcat (path, ".new", NULL);
  g_autofree char *aside = NULL;
  gboolean is_there;

  if (!g_file_test (complete, G_FILE_TEST_EXISTS))
    return TRUE;

  is_there = g_file_test (path, G_FILE_TEST_EXISTS);
  aside = find_free_name (path, complete);
  /* The disk has to hear of it in this order: the log of the old one would be taken for its own. */
  if (!rename_all (path, aside, error))
    return FALSE;
  sync_folder_of (path);
  if (!rename_to (complete, path, error))
    return FALSE;
  sync_folder_of (path);

  if (is_there)
    {
      g_free (*set_aside);
      *set_aside = g_steal_pointer (&aside);
    }

  return TRUE;
}
