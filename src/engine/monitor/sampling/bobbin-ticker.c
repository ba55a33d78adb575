/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Ticks at t0 + k · interval on CLOCK_BOOTTIME. Each slot's time is reckoned from the grid and not
 * from when the one before was heard, so a late main loop moves no later tick (no drift); slots
 * that passed unheard, in suspend too, come as one tick with a number (no burst). All tickers of a
 * thread share one alarm, so a thousand monitors are one source and one descriptor. Belongs to the
 * thread that made it; ticks in the main context that was that thread's default when its first
 * ticker was made.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-ticker-private.h"

#include "bobbin-clock-private.h"

typedef struct
{
  GSource source;
  BobbinAlarm alarm;
  gpointer tag;
  GSequence *tickers; /* (owned) of BobbinTicker, the next one first */
} TickerSource;

struct _BobbinTicker
{
  TickerSource *hub; /* (owned) */
  GSequenceIter *at; /* in the hub's */
  gint64 due;        /* boottime µs */
  gint64 interval;   /* µs */
  BobbinTickFunc func;
  gpointer user_data;
};

/* (owned by its tickers) */
static _Thread_local TickerSource *hub;

static int
compare_due (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const BobbinTicker *first = a;
  const BobbinTicker *second = b;

  return (first->due > second->due) - (first->due < second->due);
}

static BobbinTicker *
get_next (TickerSource *self)
{
  GSequenceIter *begin = g_sequence_get_begin_iter (self->tickers);

  return g_sequence_iter_is_end (begin) ? NULL : g_sequence_get (begin);
}

static void
arm (TickerSource *self)
{
  const BobbinTicker *next = get_next (self);

  bobbin_alarm_set (&self->alarm, next != NULL ? next->due : BOBBIN_ALARM_OFF);
}

static void
tick (BobbinTicker *self, gint64 now)
{
  const gint64 slot = bobbin_slot_newest (self->due, self->interval, now);
  const guint64 missed = (slot - self->due) / self->interval;

  self->due = slot + self->interval;
  g_sequence_sort_changed (self->at, compare_due, NULL);
  self->func (slot, missed, self->user_data);
}

static gboolean
ticker_source_check (GSource *source)
{
  TickerSource *self = (TickerSource *) source;

  return g_source_query_unix_fd (source, self->tag) != 0;
}

/* Each ticks once at most: its next slot is after now. */
static gboolean
ticker_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  TickerSource *self = (TickerSource *) source;
  const gint64 now = bobbin_clock_get_boottime ();
  BobbinTicker *next;

  bobbin_alarm_hear (&self->alarm);
  while ((next = get_next (self)) != NULL && next->due <= now)
    tick (next, now);
  arm (self);

  return G_SOURCE_CONTINUE;
}

static void
ticker_source_finalize (GSource *source)
{
  TickerSource *self = (TickerSource *) source;

  g_sequence_free (self->tickers);
  bobbin_alarm_close (&self->alarm);
}

static GSourceFuncs ticker_source_funcs = {
  .check = ticker_source_check,
  .dispatch = ticker_source_dispatch,
  .finalize = ticker_source_finalize,
};

static TickerSource *
make_hub (GError **error)
{
  GSource *source = g_source_new (&ticker_source_funcs, sizeof (TickerSource));
  TickerSource *self = (TickerSource *) source;

  self->tickers = g_sequence_new (NULL);
  if (!bobbin_alarm_open (&self->alarm, error))
    {
      g_source_unref (source);
      return NULL;
    }
  self->tag = g_source_add_unix_fd (source, self->alarm.fd, G_IO_IN);
  g_source_set_static_name (source, "[bobbin] ticker");
  g_source_attach (source, g_main_context_get_thread_default ());

  return self;
}

static TickerSource *
ref_hub (GError **error)
{
  if (hub == NULL)
    hub = make_hub (error);
  else
    g_source_ref (&hub->source);

  return hub;
}

static void
unref_hub (void)
{
  if (!g_sequence_is_empty (hub->tickers))
    {
      g_source_unref (&hub->source);
      return;
    }

  g_source_destroy (&hub->source);
  g_source_unref (&hub->source);
  hub = NULL;
}

/**
 * bobbin_ticker_new: (skip)
 * @first: boottime µs of the first slot; if it has passed it is missed
 * @interval: µs from slot to slot, more than 0
 * @func: whom to tell
 * @user_data: for @func
 * @error: where to say why not: a %BOBBIN_ERROR
 *
 * Begins to tick. See timerfd_create(2) for what the clock does in suspend.
 *
 * Returns: (transfer full): a new ticker; %NULL where the system has no more timers
 */
BobbinTicker *
bobbin_ticker_new (gint64 first,
                   gint64 interval,
                   BobbinTickFunc func,
                   gpointer user_data,
                   GError **error)
{
  BobbinTicker *self;

  g_return_val_if_fail (interval > 0, NULL);

  if (ref_hub (error) == NULL)
    return NULL;

  self = g_new0 (BobbinTicker, 1);
  self->hub = hub;
  self->due = first;
  self->interval = interval;
  self->func = func;
  self->user_data = user_data;
  self->at = g_sequence_insert_sorted (hub->tickers, self, compare_due, NULL);
  if (get_next (hub) == self)
    arm (hub);

  return self;
}

/**
 * bobbin_ticker_free: (skip)
 * @self: (transfer full): a ticker, in the thread that made it
 *
 * Ticks no more.
 */
void
bobbin_ticker_free (BobbinTicker *self)
{
  g_assert (self->hub == hub);

  g_sequence_remove (self->at);
  unref_hub ();
  g_free (self);
}

/**
 * bobbin_ticker_put_off: (skip)
 * @self: a ticker, in the thread that made it
 * @due: boottime µs of its next slot, not before the one that it would have been
 *
 * The slots until then are not told of, and nobody is woken up for them.
 */
void
bobbin_ticker_put_off (BobbinTicker *self, gint64 due)
{
  const gboolean was_next = get_next (self->hub) == self;

  self->due = due;
  g_sequence_sort_changed (self->at, compare_due, NULL);
  if (was_next)
    arm (self->hub);
}
