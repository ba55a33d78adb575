/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-monitor.h"
#include "bobbin-worker-pool.h"

G_BEGIN_DECLS

void  bobbin_monitor_test_async  (BobbinMonitor      *self,
                                  BobbinWorkerPool   *pool,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
char *bobbin_monitor_test_finish (BobbinMonitor *self,
                                  GAsyncResult  *result,
                                  GError       **error);

G_END_DECLS
