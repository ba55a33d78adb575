/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOBBIN_SCHEDULE_DAYS  7
#define BOBBIN_SCHEDULE_HOURS 24

/**
 * BobbinScheduleState:
 * @BOBBIN_SCHEDULE_FULL: downloads run as ever
 * @BOBBIN_SCHEDULE_LIMITED: downloads keep to the limit of the schedule
 * @BOBBIN_SCHEDULE_STOPPED: no download runs
 *
 * What holds in an hour of the week.
 */
typedef enum
{
  BOBBIN_SCHEDULE_FULL,
  BOBBIN_SCHEDULE_LIMITED,
  BOBBIN_SCHEDULE_STOPPED,
} BobbinScheduleState;

/**
 * BobbinSchedule:
 *
 * What holds in each hour of each day of the week. Plain data that can be copied; zeroes are full
 * speed at all times.
 */
typedef struct
{
  /*< private >*/
  guint8 states[BOBBIN_SCHEDULE_DAYS][BOBBIN_SCHEDULE_HOURS]; /* from Monday, from midnight */
} BobbinSchedule;

gboolean            bobbin_schedule_parse           (const char     *text,
                                                     BobbinSchedule *schedule);
char               *bobbin_schedule_to_text         (const BobbinSchedule *self);

BobbinScheduleState bobbin_schedule_get             (const BobbinSchedule *self,
                                                     guint                 day,
                                                     guint                 hour);
void                bobbin_schedule_set             (BobbinSchedule     *self,
                                                     guint               day,
                                                     guint               hour,
                                                     BobbinScheduleState state);

BobbinScheduleState bobbin_schedule_get_at          (const BobbinSchedule *self,
                                                     GDateTime            *time);
GDateTime          *bobbin_schedule_get_next_change (const BobbinSchedule *self,
                                                     GDateTime            *time);

G_END_DECLS
