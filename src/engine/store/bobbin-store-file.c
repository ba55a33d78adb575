/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The database as a file: opened by one program at a time, looked over before it is used, and set
 * aside if it is damaged. The store's thread only.
 *
 * A lock of our own (flock(2), on a file beside it) goes before SQLite's: it also covers the moment
 * at which a damaged file gets another name and a new one its own, and it ends with the process,
 * however that ends. It belongs to the open file, of which a child process has a copy from its fork
 * to its exec, whichever thread starts it: so it is given up by name, and not by the close alone.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-store-file.h"

#include "bobbin-error.h"
#include "bobbin-store-salvage.h"
#include "bobbin-store-schema.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The jobs are looked over whatever it takes, which is little; the logs for as long as this. */
#define CHECK_TIME (500 * G_TIME_SPAN_MILLISECOND)
/* So long, in ms, a program that reads the history may hold us up: for its first moment, at most.
 */
#define READER_TIME 2000
/* So many steps of SQLite's machine between two looks at the clock. */
#define CHECK_STEPS 10000

struct _BobbinStoreFile
{
  char *path;              /* (owned) */
  char *set_aside;         /* (owned) (nullable) */
  int lock_fd;             /* (owned) */
  sqlite3 *db;             /* (owned) (nullable) */
  gboolean has_sound_jobs; /* of the one that was looked over last */
};

/* ENOSPC has a code of its own. A write that fails otherwise has met a quota or a limit, unless it
 * is the hardware; which of them, errno tells only if SQLite did nothing more before we could ask.
 */
static gboolean
is_out_of_space (sqlite3 *db)
{
  const int code = sqlite3_extended_errcode (db);

  return (code & 0xff) == SQLITE_FULL ||
         (code == SQLITE_IOERR_WRITE && sqlite3_system_errno (db) != EIO);
}

/**
 * bobbin_store_set_error:
 * @error: return location
 * @db: a database whose newest call failed
 *
 * Says why, in the terms of a user: %BOBBIN_ERROR_NO_SPACE, %BOBBIN_ERROR_READ_ONLY,
 * %BOBBIN_ERROR_NO_PERMISSION, %BOBBIN_ERROR_IN_USE, or %BOBBIN_ERROR_DISK.
 */
void
bobbin_store_set_error (GError **error, sqlite3 *db)
{
  const int code = sqlite3_errcode (db) & 0xff;
  const int errsv = sqlite3_system_errno (db);

  if (is_out_of_space (db))
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_SPACE,
                         _ (
                           "The list of jobs could not be saved, as the disk is full. Make room."));
  else if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_IN_USE,
                         _ ("Another program works on the list of jobs."));
  else if (code == SQLITE_READONLY)
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_READ_ONLY,
                         _ ("The list of jobs could not be saved, as its file is read-only."));
  else if (code == SQLITE_CANTOPEN || code == SQLITE_PERM || code == SQLITE_AUTH)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_PERMISSION,
                 /* Translators: %s is the system's own words */
                 _ ("The list of jobs could not be opened: %s"), g_strerror (errsv));
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_DISK,
                 /* Translators: %s is SQLite's own words */
                 _ ("The list of jobs could not be read or written: %s"), sqlite3_errmsg (db));
}

/**
 * bobbin_store_set_error_from_errno:
 * @error: return location
 * @errsv: a value of errno
 *
 * The same of a call to the system: %BOBBIN_ERROR_NO_SPACE or %BOBBIN_ERROR_NO_PERMISSION.
 */
void
bobbin_store_set_error_from_errno (GError **error, int errsv)
{
  const gboolean is_full = errsv == ENOSPC || errsv == EDQUOT || errsv == EFBIG;

  g_set_error (error, BOBBIN_ERROR, is_full ? BOBBIN_ERROR_NO_SPACE : BOBBIN_ERROR_NO_PERMISSION,
               _ ("The list of jobs could not be opened: %s"), g_strerror (errsv));
}

/**
 * bobbin_store_is_damage:
 * @code: a primary result code of SQLite
 *
 * Returns: whether it says that a database is damaged
 */
gboolean
bobbin_store_is_damage (int code)
{
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

/* ---- the lock */

static gboolean
take_lock (BobbinStoreFile *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *name = g_strconcat (self->path, ".lock", NULL);

  if (g_mkdir_with_parents (folder, 0700) < 0)
    {
      bobbin_store_set_error_from_errno (error, errno);
      return FALSE;
    }

  self->lock_fd = g_open (name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock_fd < 0)
    {
      bobbin_store_set_error_from_errno (error, errno);
      return FALSE;
    }
  if (flock (self->lock_fd, LOCK_EX | LOCK_NB) < 0)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_IN_USE,
                           _ ("Another Bobbin works on the list of jobs."));
      return FALSE;
    }

  return TRUE;
}

static void
give_up_lock (BobbinStoreFile *self)
{
  if (self->lock_fd < 0)
    return;

  flock (self->lock_fd, LOCK_UN);
  close (self->lock_fd);
}

/* ---- a look at what is there */

/* The address of a job may be as private as what is behind it. */
static gboolean
make_private (BobbinStoreFile *self, GError **error)
{
  const int fd = g_open (self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      bobbin_store_set_error_from_errno (error, errno);
      return FALSE;
    }
  close (fd);

  return TRUE;
}

/* Something was written to the log of a database that has gone. */
static gboolean
is_emptied (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  struct stat status;

  return stat (path, &status) == 0 && status.st_size == 0 && stat (wal, &status) == 0 &&
         status.st_size > 0;
}

static int
on_check_steps (gpointer user_data)
{
  const gint64 *deadline = user_data;

  return g_get_monotonic_time () > *deadline;
}

/* Whether a check finds nothing wrong; one that was cut short found nothing. */
static gboolean
passes (sqlite3 *db, const char *pragma)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, pragma, -1, &statement, NULL);
  gboolean good = FALSE;

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    good = g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0;
  else
    good = !bobbin_store_is_damage (code & 0xff);
  sqlite3_finalize (statement);

  return good;
}

/* Not the history: it is large, and no reason to set the jobs aside. */
static gboolean
is_sound (BobbinStoreFile *self)
{
  gint64 deadline = g_get_monotonic_time () + CHECK_TIME;
  gboolean sound;

  self->has_sound_jobs = passes (self->db, "PRAGMA quick_check('job')");
  if (!self->has_sound_jobs)
    return FALSE;

  sqlite3_progress_handler (self->db, CHECK_STEPS, on_check_steps, &deadline);
  sound = passes (self->db, "PRAGMA quick_check('event')");
  sqlite3_progress_handler (self->db, 0, NULL, NULL);

  return sound;
}

/* ---- opening */

static void
close_db (BobbinStoreFile *self)
{
  if (self->db != NULL && sqlite3_close (self->db) != SQLITE_OK)
    g_critical ("The database is still in use: %s", sqlite3_errmsg (self->db));
  self->db = NULL;
}

static int
connect_to (BobbinStoreFile *self, const char *locking)
{
  static const char *const settings =
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cache_size = -2048;" /* KiB */
    "PRAGMA journal_size_limit = 4194304;"
    "PRAGMA journal_mode = WAL;"
    "BEGIN IMMEDIATE;" /* now, and not with the first job, is the time to find out */
    "COMMIT;";
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;

  if (sqlite3_open_v2 (self->path, &self->db, flags, NULL) == SQLITE_OK &&
      sqlite3_extended_result_codes (self->db, TRUE) == SQLITE_OK &&
      sqlite3_busy_timeout (self->db, READER_TIME) == SQLITE_OK &&
      sqlite3_exec (self->db, locking, NULL, NULL, NULL) == SQLITE_OK)
    sqlite3_exec (self->db, settings, NULL, NULL, NULL);

  return sqlite3_errcode (self->db);
}

/* With a log that others can read along; where the file system does not let them share memory, as
 * some of other computers do not, without. Says in @damaged whether that is why it could not be
 * opened. */
static gboolean
open_db (BobbinStoreFile *self, gboolean *damaged, GError **error)
{
  int code;

  *damaged = is_emptied (self->path);
  if (*damaged)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_DISK, _ ("The file is empty."));
      return FALSE;
    }
  if (!make_private (self, error))
    return FALSE;

  code = connect_to (self, "PRAGMA locking_mode = NORMAL");
  if (code != SQLITE_OK && !bobbin_store_is_damage (code & 0xff))
    {
      close_db (self);
      code = connect_to (self, "PRAGMA locking_mode = EXCLUSIVE");
    }
  if (code == SQLITE_OK)
    return TRUE;

  *damaged = bobbin_store_is_damage (code & 0xff);
  bobbin_store_set_error (error, self->db);

  return FALSE;
}

/* Brings it up to date. What that failed for SQLite says no more when it has been undone, so the
 * jobs are looked over; but not those of a newer version, which is left as it is. */
static gboolean
update (BobbinStoreFile *self, gboolean *damaged, GError **error)
{
  GError *local_error = NULL;

  if (bobbin_store_schema_update (self->db, &local_error))
    return TRUE;

  *damaged = !g_error_matches (local_error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED) &&
             (bobbin_store_is_damage (sqlite3_errcode (self->db) & 0xff) ||
              !passes (self->db, "PRAGMA quick_check('job')"));
  g_propagate_error (error, local_error);

  return FALSE;
}

static gboolean
open_and_check (BobbinStoreFile *self, gboolean *damaged, GError **error)
{
  if (!open_db (self, damaged, error) || !update (self, damaged, error))
    return FALSE;
  if (!is_sound (self))
    {
      *damaged = TRUE;
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_DISK,
                           _ ("The list of jobs is damaged."));
      return FALSE;
    }

  return TRUE;
}

/* The damaged one goes, and a new one takes its place, with what was sound. */
static gboolean
begin_anew (BobbinStoreFile *self, const GError *damage, GError **error)
{
  gboolean damaged;

  close_db (self);
  if (!bobbin_store_salvage_build (self->path, self->has_sound_jobs, error) ||
      !bobbin_store_salvage_finish (self->path, &self->set_aside, error))
    return FALSE;
  g_message ("“%s” is damaged and was set aside as “%s”: %s", self->path, self->set_aside,
             damage->message);

  return open_and_check (self, &damaged, error);
}

/**
 * bobbin_store_file_open:
 * @path: (type filename): where the database is, or shall be
 * @error: %BOBBIN_ERROR_IN_USE if another program works on it, %BOBBIN_ERROR_UNSUPPORTED if it is
 *   of a newer version; else see bobbin_store_set_error()
 *
 * Opens a database, made if there is none, and brings it up to date. A damaged one is set aside
 * and a new one begun; where only the logs are damaged it has the same jobs, and where those cannot
 * be brought over nothing is changed and this fails.
 *
 * Returns: (transfer full) (nullable): the open file
 */
BobbinStoreFile *
bobbin_store_file_open (const char *path, GError **error)
{
  BobbinStoreFile *self = g_new0 (BobbinStoreFile, 1);
  g_autoptr (GError) local_error = NULL;
  gboolean damaged = FALSE;
  gboolean open;

  self->path = g_strdup (path);
  self->lock_fd = -1;
  open = take_lock (self, &local_error) &&
         bobbin_store_salvage_finish (path, &self->set_aside, &local_error) &&
         open_and_check (self, &damaged, &local_error);
  if (!open && damaged)
    {
      g_autoptr (GError) damage = g_steal_pointer (&local_error);

      open = begin_anew (self, damage, &local_error);
    }
  if (open)
    return self;

  g_propagate_error (error, g_steal_pointer (&local_error));
  bobbin_store_file_close (self);

  return NULL;
}

/**
 * bobbin_store_file_close:
 * @self: (transfer full): an open file
 *
 * Closes it and gives up the lock. All statements must have been finalized.
 */
void
bobbin_store_file_close (BobbinStoreFile *self)
{
  close_db (self);
  give_up_lock (self);
  g_free (self->set_aside);
  g_free (self->path);
  g_free (self);
}

/**
 * bobbin_store_file_get_db:
 * @self: an open file
 *
 * Returns: (transfer none): the database
 */
sqlite3 *
bobbin_store_file_get_db (BobbinStoreFile *self)
{
  return self->db;
}

/**
 * bobbin_store_file_get_set_aside:
 * @self: an open file
 *
 * Returns: (transfer none) (nullable): where the damaged file is that was found in its place
 */
const char *
bobbin_store_file_get_set_aside (BobbinStoreFile *self)
{
  return self->set_aside;
}
