/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-checksum.h"
#include "bobbin-worker-pool.h"

G_BEGIN_DECLS

void     bobbin_checksum_file_async  (const char         *path,
                                      GChecksumType       type,
                                      BobbinWorkerPool   *pool,
                                      BobbinMailboxSlot  *slot,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
gboolean bobbin_checksum_file_finish (GAsyncResult   *result,
                                      BobbinChecksum *checksum,
                                      GError        **error);

G_END_DECLS
