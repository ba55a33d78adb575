/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Looks after those that keep the monitors' time: whatever holds up a scheduler, a monitor of which
 * nothing is heard any more is found here, and says so. One timer for all monitors that run, on the
 * main loop, and none while there are none. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-private.h"

#include "bobbin-clock-private.h"

/* Half a minute's delay does not matter, and two wake-ups a minute cost nothing. */
#define PERIOD (30 * (gint64) G_USEC_PER_SEC)

static GQueue watched = G_QUEUE_INIT; /* of BobbinMonitor: the links are theirs */
static BobbinTicker *ticker;          /* (owned) (nullable) */

/* Where slots have passed unheard nobody let this program run: the schedulers come first. */
static void
on_tick (gint64 due, guint64 missed, gpointer user_data)
{
  if (missed > 0)
    return;

  for (GList *l = watched.head; l != NULL; l = l->next)
    bobbin_monitor_look_after (l->data);
}

/* From now on. Where the system has no more timers there is nobody to look after it. */
void
bobbin_monitor_watchdog_add (BobbinMonitor *self)
{
  g_autoptr (GError) error = NULL;

  self->watch.data = self;
  g_queue_push_tail_link (&watched, &self->watch);
  if (ticker == NULL)
    ticker =
      bobbin_ticker_new (bobbin_clock_get_boottime () + PERIOD, PERIOD, on_tick, NULL, &error);
  if (error != NULL)
    bobbin_job_log (BOBBIN_JOB (self), BOBBIN_EVENT_NOTE, "%s", error->message);
}

/* No more. */
void
bobbin_monitor_watchdog_remove (BobbinMonitor *self)
{
  g_queue_unlink (&watched, &self->watch);
  if (g_queue_is_empty (&watched))
    g_clear_pointer (&ticker, bobbin_ticker_free);
}

/* Whether there is a timer. */
gboolean
bobbin_monitor_watchdog_is_awake (void)
{
  return ticker != NULL;
}
