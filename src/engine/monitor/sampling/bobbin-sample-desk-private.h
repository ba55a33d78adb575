/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-probe-private.h"
#include "bobbin-worker-pool.h"

G_BEGIN_DECLS

typedef struct _BobbinSampleDesk BobbinSampleDesk;
typedef struct _BobbinDeskSample BobbinDeskSample;

/*
 * BobbinDeskFunc:
 * @came: boottime µs at which the sample had been taken
 * @asleep: µs that this computer was asleep meanwhile
 * @found: what was found
 * @error: (nullable): why there is no answer
 * @user_data: what was given to bobbin_sample_desk_take()
 *
 * A sample was taken, or failed. The main thread; the sample is gone.
 */
typedef void (*BobbinDeskFunc) (gint64              came,
                                gint64              asleep,
                                const BobbinSample *found,
                                const GError       *error,
                                gpointer            user_data);

BobbinSampleDesk *bobbin_sample_desk_join  (BobbinWorkerPool *pool);
void              bobbin_sample_desk_leave (BobbinSampleDesk *self);
BobbinDeskSample *bobbin_sample_desk_take  (BobbinSampleDesk *self,
                                            BobbinProbe      *probe,
                                            BobbinDeskFunc    func,
                                            gpointer          user_data);

void bobbin_desk_sample_cancel  (BobbinDeskSample *self);
void bobbin_desk_sample_abandon (BobbinDeskSample *self);

G_END_DECLS
