/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-rollup.h"

G_BEGIN_DECLS

/*
 * BobbinHistoryWriter:
 * @bytes: (owned): what has been written
 *
 * Where a text of samples or buckets is made, one after the other.
 */
typedef struct
{
  GByteArray         *bytes;
  gint64              number;   /* of the monitor before */
  gint64              step;     /* from the sample before the last to the last */
  BobbinHistorySample sample;   /* the last */
} BobbinHistoryWriter;

/*
 * BobbinHistoryEntry:
 * @number: of the monitor; 0 where a text is about one
 * @sample: what it came to know
 */
typedef struct
{
  gint64              number;
  BobbinHistorySample sample;
} BobbinHistoryEntry;

void     bobbin_history_writer_init       (BobbinHistoryWriter *self);
void     bobbin_history_writer_clear      (BobbinHistoryWriter *self);
void     bobbin_history_writer_add        (BobbinHistoryWriter       *self,
                                           gint64                     number,
                                           const BobbinHistorySample *sample);
GBytes  *bobbin_history_writer_end        (BobbinHistoryWriter *self);

/* Called with each entry of a text. */
typedef void (*BobbinHistoryEntryFunc) (const BobbinHistoryEntry *entry,
                                        gpointer                  user_data);

gboolean bobbin_history_read_samples      (const guint8          *data,
                                           gsize                  size,
                                           BobbinHistoryEntryFunc func,
                                           gpointer               user_data);

GBytes  *bobbin_history_write_buckets     (const GArray *buckets,
                                           gint64        origin,
                                           gint64        length);
gboolean bobbin_history_read_buckets      (const guint8 *data,
                                           gsize         size,
                                           gint64        origin,
                                           gint64        length,
                                           GArray       *buckets);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BobbinHistoryWriter, bobbin_history_writer_clear)

G_END_DECLS
