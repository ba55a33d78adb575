/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-history-span.h"
#include "bobbin-store-batch.h"

G_BEGIN_DECLS

/*
 * BobbinStoreReader:
 *
 * A database as another program sees it, that the app may be at work on at the same time.
 */
typedef struct _BobbinStoreReader BobbinStoreReader;

BobbinStoreReader *bobbin_store_reader_open          (const char *path,
                                                      GError    **error);
void               bobbin_store_reader_close         (BobbinStoreReader *self);
GPtrArray         *bobbin_store_reader_read_monitors (BobbinStoreReader *self,
                                                      GError           **error);
BobbinHistorySpan *bobbin_store_reader_read_history  (BobbinStoreReader        *self,
                                                      const BobbinHistoryQuery *query,
                                                      GError                  **error);
gboolean           bobbin_store_reader_read_begin    (BobbinStoreReader *self,
                                                      gint64             number,
                                                      gint64            *begin,
                                                      GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinStoreReader, bobbin_store_reader_close)

G_END_DECLS
