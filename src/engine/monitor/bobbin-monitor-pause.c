/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A monitor that nobody wants to hear of for a while: for good, or until some moment, at which it
 * goes on by itself. While it is paused no samples are taken, and what one that was on its way
 * finds is not heard. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-private.h"

#include "bobbin-clock-private.h"

/* A clock that was put forward is noticed after so long. */
#define MAX_NAP (600 * (gint64) G_USEC_PER_SEC)

static void wait_for_end (BobbinMonitor *self);

static gint64
get_left (BobbinMonitor *self)
{
  return self->paused_until - bobbin_clock_to_realtime (bobbin_clock_get_boottime ());
}

static void
on_nap_over (gint64 due, guint64 missed, gpointer user_data)
{
  BobbinMonitor *self = user_data;

  if (get_left (self) <= 0)
    bobbin_monitor_resume (self);
  else
    wait_for_end (self);
}

static void
wait_for_end (BobbinMonitor *self)
{
  g_autoptr (GError) error = NULL;
  gint64 nap;

  g_clear_pointer (&self->pause_nap, bobbin_ticker_free);
  if (!self->paused || self->paused_until == 0)
    return;

  nap = CLAMP (get_left (self), 0, MAX_NAP);
  self->pause_nap =
    bobbin_ticker_new (bobbin_clock_get_boottime () + nap, MAX_NAP, on_nap_over, self, &error);
  if (error != NULL)
    bobbin_job_log (BOBBIN_JOB (self), BOBBIN_EVENT_NOTE, "%s", error->message);
}

/* That it ends is forgotten with the pause. */
void
bobbin_monitor_set_paused (BobbinMonitor *self, gboolean paused)
{
  if (self->paused == paused)
    return;

  g_object_freeze_notify (G_OBJECT (self));
  self->paused = paused;
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_PAUSED);
  if (!paused)
    bobbin_monitor_set_paused_until (self, 0);
  wait_for_end (self);
  bobbin_monitor_apply_hold (self);
  g_object_thaw_notify (G_OBJECT (self));
}

void
bobbin_monitor_set_paused_until (BobbinMonitor *self, gint64 until)
{
  if (self->paused_until == until)
    return;

  self->paused_until = until;
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_PAUSED_UNTIL);
  wait_for_end (self);
  bobbin_job_describe (BOBBIN_JOB (self));
}

/**
 * bobbin_monitor_pause:
 * @self: a monitor
 * @until: when it goes on by itself, µs since 1970; 0 for never
 *
 * Takes no samples until then, and says nothing. A monitor that does not run is paused when it is
 * started. One that is paused already stays so until @until.
 */
void
bobbin_monitor_pause (BobbinMonitor *self, gint64 until)
{
  g_return_if_fail (BOBBIN_IS_MONITOR (self));
  g_return_if_fail (until >= 0);

  bobbin_monitor_set_paused_until (self, until);
  bobbin_monitor_set_paused (self, TRUE);
}

/**
 * bobbin_monitor_resume:
 * @self: a monitor
 *
 * Ends a pause; harmless if there is none. The next slot is heard again.
 */
void
bobbin_monitor_resume (BobbinMonitor *self)
{
  g_return_if_fail (BOBBIN_IS_MONITOR (self));

  bobbin_monitor_set_paused (self, FALSE);
}

/**
 * bobbin_monitor_is_paused:
 * @self: a monitor
 *
 * Returns: whether nobody wants to hear of it now
 */
gboolean
bobbin_monitor_is_paused (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), FALSE);

  return self->paused;
}

/**
 * bobbin_monitor_get_paused_until:
 * @self: a monitor
 *
 * Returns: when its pause ends by itself, µs since 1970; 0 for never
 */
gint64
bobbin_monitor_get_paused_until (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), 0);

  return self->paused_until;
}
