/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-scheduler.h"

G_BEGIN_DECLS

/*
 * BobbinSchedulerClock:
 *
 * Returns: (transfer full): the time now, in the zone of the schedule
 */
typedef GDateTime *(*BobbinSchedulerClock) (void);

void     bobbin_scheduler_set_clock (BobbinScheduler     *self,
                                     BobbinSchedulerClock clock);
void     bobbin_scheduler_update    (BobbinScheduler *self);
gboolean bobbin_scheduler_is_armed  (BobbinScheduler *self);

G_END_DECLS
