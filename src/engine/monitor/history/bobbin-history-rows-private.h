/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-history-codec.h"
#include "bobbin-history-rows.h"

G_BEGIN_DECLS

/*
 * The rows of the history as their own files see them: bobbin-history-rows.c has the statements
 * and takes samples in, bobbin-history-seal.c rolls them up, bobbin-history-prune.c takes away what
 * is too old, bobbin-history-read.c answers questions. The store's thread only.
 */

typedef enum
{
  BOBBIN_HISTORY_APPEND,
  BOBBIN_HISTORY_SUM_UP,
  BOBBIN_HISTORY_READ_BATCHES,
  BOBBIN_HISTORY_DROP_BATCHES,
  BOBBIN_HISTORY_GET_SEAL,
  BOBBIN_HISTORY_SET_SEAL,
  BOBBIN_HISTORY_END_SEAL,
  BOBBIN_HISTORY_READ_UNSETTLED,
  BOBBIN_HISTORY_PUT_UNSETTLED,
  BOBBIN_HISTORY_DROP_UNSETTLED,
  BOBBIN_HISTORY_HAS_JOB,
  BOBBIN_HISTORY_GET_ROW,
  BOBBIN_HISTORY_PUT_ROW,
  BOBBIN_HISTORY_ADD_ROW,
  BOBBIN_HISTORY_READ_ROWS,
  BOBBIN_HISTORY_NEXT_JOB,
  BOBBIN_HISTORY_DROP_OLD,
  BOBBIN_HISTORY_NEXT_FORGOTTEN,
  BOBBIN_HISTORY_DROP_SOME,
  BOBBIN_HISTORY_DROP_FORGOTTEN,
  BOBBIN_HISTORY_N_STATEMENTS,
} BobbinHistoryStatement;

/* A seal that is under way: what is rolled up, monitor by monitor. */
typedef struct
{
  gint64  batch;   /* the last batch that is */
  GArray *entries; /* (owned) of BobbinHistoryEntry: by monitor, and each as they came */
  guint   at;      /* the first that is not rolled up */
} BobbinHistorySeal;

struct _BobbinHistoryRows
{
  sqlite3          *db; /* (unowned) */
  sqlite3_stmt     *statements[BOBBIN_HISTORY_N_STATEMENTS]; /* (owned) */
  BobbinHistoryKeep keep;

  gint64 n_bytes;  /* of batches that wait for the next seal, about */
  gint64 begun;    /* when the first of them came, g_get_monotonic_time(); 0 for none */

  gboolean           wants_seal;
  BobbinHistorySeal *seal; /* (owned) (nullable) */
  gboolean           wants_prune;
  gint64             prune_after; /* the last monitor whose history was gone through */
  gboolean           wants_forget;
  gint64             forget_after; /* the last of the forgotten that was */
};

/* bobbin-history-rows.c */
sqlite3_stmt *bobbin_history_rows_use         (BobbinHistoryRows     *self,
                                               BobbinHistoryStatement which);
gboolean      bobbin_history_rows_run         (BobbinHistoryRows     *self,
                                               BobbinHistoryStatement which,
                                               GError               **error);
gboolean      bobbin_history_rows_get_number  (BobbinHistoryRows     *self,
                                               BobbinHistoryStatement which,
                                               gint64                *number,
                                               gboolean              *found,
                                               GError               **error);
gboolean      bobbin_history_rows_read_entries (BobbinHistoryRows     *self,
                                                BobbinHistoryEntryFunc func,
                                                gpointer               user_data,
                                                gint64                 batch,
                                                GError               **error);

/* bobbin-history-seal.c */
gboolean      bobbin_history_seal_get         (BobbinHistoryRows *self,
                                               gint64            *batch,
                                               gint64            *number,
                                               GError           **error);
gboolean      bobbin_history_seal_some        (BobbinHistoryRows *self,
                                               gint64             now,
                                               gint64             deadline,
                                               GError           **error);
void          bobbin_history_seal_free        (BobbinHistorySeal *self);

/* bobbin-history-prune.c */
gboolean      bobbin_history_prune_some       (BobbinHistoryRows *self,
                                               gint64             now,
                                               gint64             deadline,
                                               GError           **error);
gboolean      bobbin_history_forget_some      (BobbinHistoryRows *self,
                                               gint64             deadline,
                                               GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinHistorySeal, bobbin_history_seal_free)

G_END_DECLS
