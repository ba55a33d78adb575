/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-http-context.h"
#include "bobbin-worker-pool.h"

G_BEGIN_DECLS

/**
 * BobbinInspection:
 * @name: a safe file name: what a download would be called
 * @length: bytes; -1 where the server does not say
 * @is_page: whether it is a web page that would come in place of the file
 *
 * What a server says of a file before it is downloaded.
 */
typedef struct
{
  char    *name;
  gint64   length;
  gboolean is_page;
} BobbinInspection;

void              bobbin_inspection_run_async  (const char         *address,
                                                BobbinHttpContext  *context,
                                                BobbinWorkerPool   *pool,
                                                GCancellable       *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer            user_data);
BobbinInspection *bobbin_inspection_run_finish (GAsyncResult *result,
                                                GError      **error);
void              bobbin_inspection_free       (BobbinInspection *self);

/* Internal: for tests. How long a server may take, ms. */
extern guint bobbin_inspection_patience;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinInspection, bobbin_inspection_free)

G_END_DECLS
