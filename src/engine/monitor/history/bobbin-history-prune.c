/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is too old goes, and so does the history of monitors that have been removed: a few rows at a
 * time, monitor by monitor. The store's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-history-rows-private.h"

static gint64
get_keep (BobbinHistoryRows *self, BobbinHistoryLevel level)
{
  switch (level)
    {
    case BOBBIN_HISTORY_RAW:
      return self->keep.raw;
    case BOBBIN_HISTORY_MINUTES:
      return self->keep.minutes;
    case BOBBIN_HISTORY_HOURS:
      return self->keep.hours;
    case BOBBIN_HISTORY_DAYS:
    case BOBBIN_HISTORY_ANY:
    default:
      g_return_val_if_reached (G_MAXINT64);
    }
}

/* A row goes when all of it is too old. */
static gboolean
drop_old (BobbinHistoryRows *self,
          gint64 number,
          BobbinHistoryLevel level,
          gint64 now,
          GError **error)
{
  const gint64 begin = now - get_keep (self, level) - bobbin_history_level_get_span (level);
  sqlite3_stmt *statement = bobbin_history_rows_use (self, BOBBIN_HISTORY_DROP_OLD);

  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int (statement, 2, (int) level);
  sqlite3_bind_int64 (statement, 3, begin);

  return bobbin_history_rows_run (self, BOBBIN_HISTORY_DROP_OLD, error);
}

/* Says in @gone whether nothing is left that is too old. */
static gboolean
prune (BobbinHistoryRows *self, gint64 number, gint64 now, gboolean *gone, GError **error)
{
  *gone = TRUE;
  for (BobbinHistoryLevel level = BOBBIN_HISTORY_RAW; level < BOBBIN_HISTORY_DAYS; level++)
    {
      if (!drop_old (self, number, level, now, error))
        return FALSE;
      *gone = *gone && sqlite3_changes (self->db) == 0;
    }

  return TRUE;
}

/*
 * bobbin_history_prune_some:
 * @self: rows, in a transaction
 * @now: µs since 1970, or 0 if that is not known: then nothing goes
 * @deadline: when to leave the rest for later
 * @error: see bobbin_store_set_error()
 *
 * Takes away some of what is too old.
 */
gboolean
bobbin_history_prune_some (BobbinHistoryRows *self, gint64 now, gint64 deadline, GError **error)
{
  gboolean found = now > 0;

  while (found)
    {
      gboolean gone;
      gint64 number;

      sqlite3_bind_int64 (bobbin_history_rows_use (self, BOBBIN_HISTORY_NEXT_JOB), 1,
                          self->prune_after);
      if (!bobbin_history_rows_get_number (self, BOBBIN_HISTORY_NEXT_JOB, &number, &found, error))
        return FALSE;
      if (!found)
        break;
      if (!prune (self, number, now, &gone, error))
        return FALSE;

      if (gone)
        self->prune_after = number;
      if (g_get_monotonic_time () >= deadline)
        return TRUE;
    }
  self->wants_prune = FALSE;
  self->prune_after = 0;

  return TRUE;
}

/* Says in @gone whether nothing was left of it. */
static gboolean
forget (BobbinHistoryRows *self, gint64 number, gboolean *gone, GError **error)
{
  sqlite3_bind_int64 (bobbin_history_rows_use (self, BOBBIN_HISTORY_DROP_SOME), 1, number);
  if (!bobbin_history_rows_run (self, BOBBIN_HISTORY_DROP_SOME, error))
    return FALSE;
  *gone = sqlite3_changes (self->db) == 0;
  if (!*gone)
    return TRUE;

  sqlite3_bind_int64 (bobbin_history_rows_use (self, BOBBIN_HISTORY_DROP_UNSETTLED), 1, number);
  sqlite3_bind_int64 (bobbin_history_rows_use (self, BOBBIN_HISTORY_DROP_FORGOTTEN), 1, number);

  return bobbin_history_rows_run (self, BOBBIN_HISTORY_DROP_UNSETTLED, error) &&
         bobbin_history_rows_run (self, BOBBIN_HISTORY_DROP_FORGOTTEN, error);
}

/*
 * bobbin_history_forget_some:
 * @self: rows, in a transaction
 * @deadline: when to leave the rest for later
 * @error: see bobbin_store_set_error()
 *
 * Takes away some of the history of monitors that have been removed.
 */
gboolean
bobbin_history_forget_some (BobbinHistoryRows *self, gint64 deadline, GError **error)
{
  gboolean found = TRUE;

  while (found)
    {
      gboolean gone;
      gint64 number;

      sqlite3_bind_int64 (bobbin_history_rows_use (self, BOBBIN_HISTORY_NEXT_FORGOTTEN), 1,
                          self->forget_after);
      if (!bobbin_history_rows_get_number (self, BOBBIN_HISTORY_NEXT_FORGOTTEN, &number, &found,
                                           error))
        return FALSE;
      if (!found)
        break;
      if (!forget (self, number, &gone, error))
        return FALSE;

      if (gone)
        self->forget_after = number;
      if (g_get_monotonic_time () >= deadline)
        return TRUE;
    }
  self->wants_forget = FALSE;
  self->forget_after = 0;

  return TRUE;
}
