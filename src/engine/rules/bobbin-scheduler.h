/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-queue.h"
#include "bobbin-rate-limiter.h"
#include "bobbin-schedule.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_SCHEDULER (bobbin_scheduler_get_type ())
G_DECLARE_FINAL_TYPE (BobbinScheduler, bobbin_scheduler, BOBBIN, SCHEDULER, GObject)

/*
 * Properties:
 *   enabled      boolean  whether the schedule is kept (default FALSE)
 *   schedule     string   the schedule, see bobbin_schedule_parse()
 *   limited-rate uint64   bytes a second in the hours that are limited; 0: no limit
 *   rate         uint64   bytes a second that hold beside, at all times; 0: no limit
 *   state        BobbinScheduleState  read-only: what holds now
 *   until        int64    read-only: when that changes, in µs since 1970; 0 for never
 */
BobbinScheduler    *bobbin_scheduler_new       (BobbinJobQueue    *queue,
                                                BobbinRateLimiter *limiter);

BobbinScheduleState bobbin_scheduler_get_state (BobbinScheduler *self);
gint64              bobbin_scheduler_get_until (BobbinScheduler *self);
char               *bobbin_scheduler_describe  (BobbinScheduler *self);

G_END_DECLS
