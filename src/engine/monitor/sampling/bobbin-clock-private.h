/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * BobbinTimes:
 * @boottime: µs since this computer was started; goes on while it sleeps
 * @monotonic: the same, but stands still then
 * @realtime: µs since 1970, as it is set
 *
 * One moment, by all clocks.
 */
typedef struct
{
  gint64 boottime;
  gint64 monotonic;
  gint64 realtime;
} BobbinTimes;

void   bobbin_clock_read         (BobbinTimes *times);
gint64 bobbin_clock_get_boottime (void);
gint64 bobbin_clock_get_asleep   (void);
gint64 bobbin_clock_to_realtime  (gint64 boottime);
void   bobbin_clock_set          (const BobbinTimes *times);

/* Never. */
#define BOBBIN_ALARM_OFF G_MAXINT64

/*
 * BobbinAlarm:
 * @fd: (owned): readable from the moment on that it was set to; -1 before it is opened
 *
 * What wakes up a thread at some moment, in sleep too, or at once thereafter.
 */
typedef struct
{
  int    fd;
  gint64 due;  /* boottime µs; protected by the clock's mutex */
  GList  link; /* among all; protected by the clock's mutex */
} BobbinAlarm;

gboolean bobbin_alarm_open  (BobbinAlarm *self,
                             GError     **error);
void     bobbin_alarm_close (BobbinAlarm *self);
void     bobbin_alarm_set   (BobbinAlarm *self,
                             gint64       due);
void     bobbin_alarm_hear  (BobbinAlarm *self);

/* Slots: moments on a grid. Pure. */
gint64   bobbin_slot_after  (gint64 time,
                             gint64 interval,
                             gint64 phase);
gint64   bobbin_slot_newest (gint64 due,
                             gint64 interval,
                             gint64 now);
gint64   bobbin_slot_phase  (const char *identity,
                             gint64      interval);

G_END_DECLS
