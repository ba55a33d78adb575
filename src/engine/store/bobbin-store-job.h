/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-id.h"
#include "bobbin-job.h"
#include "bobbin-store-batch.h"

G_BEGIN_DECLS

/* Between the places of two jobs there is room for others. */
#define BOBBIN_STORE_GAP (1 << 20)

BobbinStoreJob *bobbin_store_job_new (BobbinJob       *job,
                                      const guint8     id[BOBBIN_JOB_ID_SIZE],
                                      gint64           number,
                                      gint64           place,
                                      BobbinStoreState state);

G_END_DECLS
