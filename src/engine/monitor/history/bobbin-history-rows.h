/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-history-span.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * BobbinHistoryKeep:
 * @raw: samples are kept for so long, µs
 * @minutes: likewise buckets of a minute
 * @hours: and of an hour; those of a day are kept for ever
 *
 * How much history is kept.
 */
typedef struct
{
  gint64 raw;
  gint64 minutes;
  gint64 hours;
} BobbinHistoryKeep;

#define BOBBIN_HISTORY_KEEP_DEFAULT \
  { BOBBIN_ROLLUP_DAY, 30 * BOBBIN_ROLLUP_DAY, 365 * BOBBIN_ROLLUP_DAY }

typedef struct _BobbinHistoryRows BobbinHistoryRows;

BobbinHistoryRows *bobbin_history_rows_new       (sqlite3 *db,
                                                  GError **error);
void               bobbin_history_rows_free      (BobbinHistoryRows *self);
void               bobbin_history_rows_set_keep  (BobbinHistoryRows       *self,
                                                  const BobbinHistoryKeep *keep);
gboolean           bobbin_history_rows_append    (BobbinHistoryRows *self,
                                                  GBytes            *samples,
                                                  GError           **error);
void               bobbin_history_rows_want_seal (BobbinHistoryRows *self);
gboolean           bobbin_history_rows_has_work  (BobbinHistoryRows *self);
gboolean           bobbin_history_rows_work      (BobbinHistoryRows *self,
                                                  gint64             now,
                                                  GError           **error);
void               bobbin_history_rows_undone    (BobbinHistoryRows *self);
BobbinHistorySpan *bobbin_history_rows_read      (BobbinHistoryRows        *self,
                                                  const BobbinHistoryQuery *query,
                                                  GError                  **error);
gboolean           bobbin_history_rows_read_begin (BobbinHistoryRows *self,
                                                   gint64             number,
                                                   gint64            *begin,
                                                   GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinHistoryRows, bobbin_history_rows_free)

G_END_DECLS
