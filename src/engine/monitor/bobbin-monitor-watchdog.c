/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Looks after those that keep the monitors' time: whatever holds up a scheduler, a monitor of which
 * nothing is heard any more is found here, and says so. One timer for all monitors that run, on the
 * main loop, and none while there are none. Where samples come often it never goes off: the main
 * loop is awake for one when there is to be looked. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-private.h"

#include "bobbin-clock-private.h"

/* Half a minute's delay does not matter, and so much less of it does not, either. */
#define PERIOD (30 * (gint64) G_USEC_PER_SEC)
#define EARLY  (5 * (gint64) G_USEC_PER_SEC)

static GQueue watched = G_QUEUE_INIT; /* of BobbinMonitor: the links are theirs */
static BobbinTicker *ticker;          /* (owned) (nullable) */
static gint64 next;                   /* boottime µs: its slot */

static void
look (void)
{
  for (GList *l = watched.head; l != NULL; l = l->next)
    bobbin_monitor_look_after (l->data);
}

/* Where slots have passed unheard nobody let this program run: the schedulers come first. */
static void
on_tick (gint64 due, guint64 missed, gpointer user_data)
{
  next = due + PERIOD;
  if (missed == 0)
    look ();
}

/* From now on. Where the system has no more timers there is nobody to look after it. */
void
bobbin_monitor_watchdog_add (BobbinMonitor *self)
{
  g_autoptr (GError) error = NULL;

  self->watch.data = self;
  g_queue_push_tail_link (&watched, &self->watch);
  if (ticker == NULL)
    {
      next = bobbin_clock_get_boottime () + PERIOD;
      ticker = bobbin_ticker_new (next, PERIOD, on_tick, NULL, &error);
    }
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

/* A sample has come: whoever is awake for it need not be woken up again a little later. */
void
bobbin_monitor_watchdog_heard (gint64 came)
{
  if (ticker == NULL || came < next - EARLY || came >= next)
    return;

  next = came + PERIOD;
  bobbin_ticker_put_off (ticker, next);
  look ();
}

/* Whether there is a timer. */
gboolean
bobbin_monitor_watchdog_is_awake (void)
{
  return ticker != NULL;
}
