/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Takes samples with a probe, one at each slot, in the threads of a pool; between two samples it
 * holds no thread. Only one sample is in flight: slots that come meanwhile are skipped. A sample
 * that takes too long is cancelled and told of as failed at once; where the kernel does not let go
 * of it, every slot is a failed sample until it does. Local probes are a group's members, which
 * keeps their time (bobbin-tick-group.c); others have a ticker each, and a task for each sample, or
 * where that is light are asked for beside others (bobbin-sample-desk.c). Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-sampler-private.h"

#include "bobbin-clock-private.h"
#include "bobbin-error.h"
#include "bobbin-sample-desk-private.h"
#include "bobbin-ticker-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* What the worker gets. */
typedef struct
{
  BobbinSampler *sampler; /* (nullable) main only: NULL when it was abandoned */
  BobbinProbe *probe;     /* (owned) */
  BobbinSample found;
  gint64 came;   /* boottime µs */
  gint64 asleep; /* µs, meanwhile */
} Flight;

struct _BobbinSampler
{
  BobbinProbe *probe;     /* (owned) */
  BobbinWorkerPool *pool; /* (owned) */
  BobbinSamplerPace pace;
  BobbinSamplerFuncs funcs;
  gpointer user_data;

  BobbinTicker *ticker;     /* (owned) (nullable) if alone */
  BobbinTickMember *member; /* (owned) (nullable) if shared */
  BobbinSampleDesk *desk;   /* (owned) (nullable) if a sample ever was light */
  gint64 interval;          /* µs */
  gint64 timeout;           /* µs */
  gboolean paused;
  gboolean stopping;

  /* Of the sample in flight. */
  Flight *flight;            /* (nullable) if not shared: the task's */
  GCancellable *cancellable; /* (owned) (nullable) the same */
  BobbinDeskSample *asked;   /* (nullable) if it is light: the desk's */
  GSource *deadline;         /* (owned) (nullable) */
  gint64 due;                /* boottime µs */
  gint64 asleep;             /* µs: the clock's, then */
  gint64 begun;              /* monotonic µs; 0 while none is known to be in flight */
  gboolean overdue;          /* a slot was skipped for it */
  gboolean given_up;         /* it has been told of as failed */
};

static void
flight_free (gpointer data)
{
  Flight *flight = data;

  bobbin_probe_unref (flight->probe);
  bobbin_sample_clear (&flight->found);
  g_free (flight);
}

/* In the worker. */
static gboolean
take_sample (gpointer spec, BobbinMailboxSlot *slot, GCancellable *cancellable, GError **error)
{
  Flight *flight = spec;
  const gint64 asleep = bobbin_clock_get_asleep ();
  const gboolean ok = bobbin_probe_sample (flight->probe, cancellable, &flight->found, error);

  flight->came = bobbin_clock_get_boottime ();
  flight->asleep = bobbin_clock_get_asleep () - asleep;

  return ok;
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
end (BobbinSampler *self, const GError *error)
{
  clear_source (&self->deadline);
  g_clear_pointer (&self->ticker, bobbin_ticker_free);
  g_clear_pointer (&self->desk, bobbin_sample_desk_leave);
  self->begun = 0;
  self->funcs.ended (error, self->user_data);
}

/* Of one that is not a group's: whether a sample is in flight. */
static gboolean
is_flying (BobbinSampler *self)
{
  return self->flight != NULL || self->asked != NULL;
}

static void
cancel (BobbinSampler *self)
{
  if (self->member != NULL)
    bobbin_tick_member_cancel (self->member);
  else if (self->asked != NULL)
    bobbin_desk_sample_cancel (self->asked);
  else
    g_cancellable_cancel (self->cancellable);
}

/* ---- what takes too long */

static void
tell_no_answer (BobbinSampler *self, gint64 due)
{
  const BobbinSample none = BOBBIN_SAMPLE_INIT;
  const BobbinSlot slot = { due, bobbin_clock_get_boottime (),
                            bobbin_clock_get_asleep () - self->asleep };
  const gint64 waited = g_get_monotonic_time () - self->begun;
  g_autoptr (GError) error =
    g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT,
                 /* Translators: %.3g is a number of seconds */
                 _ ("There was no answer within %.3g s."), waited / (double) G_USEC_PER_SEC);

  self->funcs.sampled (&slot, &none, error, self->user_data);
}

static gboolean
on_deadline (gpointer user_data)
{
  BobbinSampler *self = user_data;

  clear_source (&self->deadline);
  self->overdue = TRUE;
  self->given_up = TRUE;
  cancel (self);
  tell_no_answer (self, self->due);

  return G_SOURCE_REMOVE;
}

static void
watch_deadline (BobbinSampler *self, gint64 usec)
{
  const guint msec = CLAMP (usec / G_TIME_SPAN_MILLISECOND, 0, G_MAXINT);

  self->deadline = g_timeout_source_new (msec);
  g_source_set_callback (self->deadline, on_deadline, self, NULL);
  g_source_set_static_name (self->deadline, "[bobbin] deadline of a sample");
  g_source_attach (self->deadline, g_main_context_get_thread_default ());
}

/* A slot has come, and the sample before it has not. */
static void
skip (BobbinSampler *self, gint64 due)
{
  self->overdue = TRUE;
  if (self->given_up && !self->stopping)
    tell_no_answer (self, due);
  else
    self->funcs.overdue (self->user_data);
}

static void
note_begun (BobbinSampler *self, gint64 due, gint64 begun, gint64 asleep)
{
  self->due = due;
  self->asleep = asleep;
  self->begun = begun;
  self->overdue = FALSE;
  self->given_up = FALSE;
}

/* ---- alone */

/* There is none in flight any more. */
static void
land (BobbinSampler *self, const BobbinSlot *slot, const BobbinSample *found, const GError *error)
{
  clear_source (&self->deadline);
  self->begun = 0;

  if (self->stopping)
    end (self, NULL);
  else if (!self->given_up)
    self->funcs.sampled (slot, found, error, self->user_data);
}

static void
on_flight_returned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Flight *flight = user_data;
  BobbinSampler *self = flight->sampler;
  const BobbinSlot slot = { self != NULL ? self->due : 0, flight->came, flight->asleep };
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  if (self == NULL)
    return;

  g_clear_object (&self->cancellable);
  self->flight = NULL;
  land (self, &slot, &flight->found, error);
}

/* In a thread that the sample has for itself. */
static gboolean
send_out (BobbinSampler *self)
{
  Flight *flight = g_new0 (Flight, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, on_flight_returned, flight);

  flight->sampler = self;
  flight->probe = bobbin_probe_ref (self->probe);
  flight->found = (BobbinSample) BOBBIN_SAMPLE_INIT;
  g_task_set_task_data (task, flight, flight_free);
  g_task_set_source_tag (task, send_out);
  g_task_set_name (task, "[bobbin] sample");
  if (!bobbin_worker_pool_push (self->pool, task, take_sample, NULL))
    return FALSE;

  self->flight = flight;
  self->cancellable = g_steal_pointer (&cancellable);

  return TRUE;
}

static void
on_desk_sampled (gint64 came,
                 gint64 asleep,
                 const BobbinSample *found,
                 const GError *error,
                 gpointer user_data)
{
  BobbinSampler *self = user_data;
  const BobbinSlot slot = { self->due, came, asleep };

  self->asked = NULL;
  land (self, &slot, found, error);
}

/* Beside others. */
static gboolean
ask (BobbinSampler *self)
{
  if (self->desk == NULL)
    self->desk = bobbin_sample_desk_join (self->pool);
  if (self->desk == NULL)
    return FALSE;

  self->asked = bobbin_sample_desk_take (self->desk, self->probe, on_desk_sampled, self);

  return TRUE;
}

static void
begin_flight (BobbinSampler *self, gint64 due)
{
  if (bobbin_probe_is_light (self->probe) ? ask (self) : send_out (self))
    {
      note_begun (self, due, g_get_monotonic_time (), bobbin_clock_get_asleep ());
      watch_deadline (self, self->timeout);
    }
  else
    {
      g_autoptr (GError) error =
        g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_CLOSED,
                             _ ("Bobbin is quitting and begins nothing new."));

      end (self, error);
    }
}

static void
on_tick (gint64 due, guint64 missed, gpointer user_data)
{
  bobbin_sampler_tick (user_data, due);
}

/* The next slot is told of if there is half an interval until then. */
static gboolean
begin_ticking (BobbinSampler *self, gint64 phase, GError **error)
{
  const gint64 now = bobbin_clock_get_boottime ();
  const gint64 first = bobbin_slot_after (now + self->interval / 2, self->interval, phase);
  BobbinTicker *ticker = bobbin_ticker_new (first, self->interval, on_tick, self, error);

  if (ticker == NULL)
    return FALSE;

  g_clear_pointer (&self->ticker, bobbin_ticker_free);
  self->ticker = ticker;

  return TRUE;
}

/* ---- one of a group */

static void
on_member_sampled (const BobbinSlot *slot,
                   const BobbinSample *sample,
                   const GError *error,
                   gpointer user_data)
{
  BobbinSampler *self = user_data;
  const gboolean given_up = self->given_up && self->begun != 0;

  clear_source (&self->deadline);
  self->begun = 0;
  if (!given_up)
    self->funcs.sampled (slot, sample, error, self->user_data);
}

static void
on_member_skipped (gint64 due, gpointer user_data)
{
  skip (user_data, due);
}

/* Only now is there something to wait for. It may have begun long after it was due: the slot of one
 * that a sleep held up lies in that. */
static void
on_member_slow (gint64 due, gint64 taken, gint64 asleep, gpointer user_data)
{
  BobbinSampler *self = user_data;

  note_begun (self, due, g_get_monotonic_time () - taken, bobbin_clock_get_asleep () - asleep);
  if (self->stopping)
    self->overdue = TRUE;
  else
    watch_deadline (self, self->timeout - taken);
}

static void
on_member_left (gpointer user_data)
{
  end (user_data, NULL);
}

static const BobbinTickFuncs tick_funcs = {
  on_member_sampled,
  on_member_skipped,
  on_member_slow,
  on_member_left,
};

/* ---- */

/**
 * bobbin_sampler_new: (skip)
 * @probe: what to take samples with
 * @pool: in whose threads
 * @pace: when
 * @funcs: whom to tell
 * @user_data: for @funcs
 *
 * Returns: (transfer full): a sampler that has not been started
 */
BobbinSampler *
bobbin_sampler_new (BobbinProbe *probe,
                    BobbinWorkerPool *pool,
                    BobbinSamplerPace pace,
                    const BobbinSamplerFuncs *funcs,
                    gpointer user_data)
{
  BobbinSampler *self = g_new0 (BobbinSampler, 1);

  self->probe = bobbin_probe_ref (probe);
  self->pool = g_object_ref (pool);
  self->pace = pace;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->interval = 5 * G_USEC_PER_SEC;
  self->timeout = 10 * G_USEC_PER_SEC;

  return self;
}

/**
 * bobbin_sampler_free: (skip)
 * @self: (transfer full): a sampler that was not started, or has ended
 */
void
bobbin_sampler_free (BobbinSampler *self)
{
  g_assert (!is_flying (self) && self->desk == NULL && self->deadline == NULL);

  g_clear_pointer (&self->ticker, bobbin_ticker_free);
  g_clear_pointer (&self->member, bobbin_tick_member_free);
  bobbin_probe_unref (self->probe);
  g_object_unref (self->pool);
  g_free (self);
}

/**
 * bobbin_sampler_set_interval: (skip)
 * @self: a sampler
 * @interval: µs from slot to slot
 * @phase: µs by which its slots are shifted, less than @interval
 * @error: where to say why not: a %BOBBIN_ERROR
 *
 * Slots are multiples of @interval since the computer was started, shifted by @phase. Of local
 * probes they are not shifted, so that they fall together.
 *
 * Returns: %FALSE where the system has no more timers: it goes on as before
 */
gboolean
bobbin_sampler_set_interval (BobbinSampler *self, gint64 interval, gint64 phase, GError **error)
{
  self->interval = interval;
  if (self->member != NULL)
    bobbin_tick_member_set_interval (self->member, interval);

  return self->pace != BOBBIN_SAMPLER_ALONE || begin_ticking (self, phase, error);
}

/**
 * bobbin_sampler_set_timeout: (skip)
 * @self: a sampler
 * @timeout: µs that a sample may take, from the next one on
 */
void
bobbin_sampler_set_timeout (BobbinSampler *self, gint64 timeout)
{
  self->timeout = timeout;
}

/**
 * bobbin_sampler_set_paused: (skip)
 * @self: a sampler
 * @paused: whether slots pass unheard
 */
void
bobbin_sampler_set_paused (BobbinSampler *self, gboolean paused)
{
  self->paused = paused;
  if (self->member != NULL)
    bobbin_tick_member_set_paused (self->member, paused);
}

/**
 * bobbin_sampler_start: (skip)
 * @self: a sampler that was never started
 * @error: where to say why not: a %BOBBIN_ERROR
 *
 * Begins a series of samples; the first one at once, unless it is paused.
 *
 * Returns: %FALSE where the system has no more timers, or the pool closes
 */
gboolean
bobbin_sampler_start (BobbinSampler *self, GError **error)
{
  bobbin_probe_begin (self->probe);
  if (self->pace != BOBBIN_SAMPLER_SHARED)
    {
      bobbin_sampler_tick (self, bobbin_clock_get_boottime ());
      return TRUE;
    }

  self->member = bobbin_tick_member_new (self->pool, self->probe, self->interval, self->paused,
                                         &tick_funcs, self, error);

  return self->member != NULL;
}

/**
 * bobbin_sampler_tick: (skip)
 * @self: a sampler that was started, and is not shared
 * @due: boottime µs of the slot
 *
 * A slot has come.
 */
void
bobbin_sampler_tick (BobbinSampler *self, gint64 due)
{
  if (self->paused)
    return;

  if (is_flying (self))
    skip (self, due);
  else if (self->funcs.slot (due, self->user_data))
    begin_flight (self, due);
}

/**
 * bobbin_sampler_sample_now: (skip)
 * @self: a sampler that was started
 *
 * Takes a sample between two slots, unless one is in flight, or it is paused.
 */
void
bobbin_sampler_sample_now (BobbinSampler *self)
{
  if (self->member != NULL)
    bobbin_tick_member_sample_now (self->member);
  else if (!is_flying (self))
    bobbin_sampler_tick (self, bobbin_clock_get_boottime ());
}

/**
 * bobbin_sampler_stop: (skip)
 * @self: a sampler that was started
 *
 * Cancels the sample in flight and takes no other one. The sampler has ended when it says so, which
 * is at once when there is none in flight.
 */
void
bobbin_sampler_stop (BobbinSampler *self)
{
  self->stopping = TRUE;
  clear_source (&self->deadline);

  if (self->member != NULL)
    bobbin_tick_member_leave (self->member);
  else if (is_flying (self))
    cancel (self);
  else
    end (self, NULL);
}

/**
 * bobbin_sampler_abandon: (skip)
 * @self: a sampler that was stopped and has not ended
 *
 * Ends without the sample in flight, of which nothing more is heard.
 */
void
bobbin_sampler_abandon (BobbinSampler *self)
{
  if (self->member != NULL)
    bobbin_tick_member_abandon (g_steal_pointer (&self->member));
  else if (self->asked != NULL)
    bobbin_desk_sample_abandon (g_steal_pointer (&self->asked));
  else
    g_steal_pointer (&self->flight)->sampler = NULL;
  g_clear_object (&self->cancellable);
  end (self, NULL);
}

/**
 * bobbin_sampler_get_overdue: (skip)
 * @self: a sampler
 *
 * Returns: for how many µs the sample in flight has been waited for, if a slot was skipped for it;
 *   else 0
 */
gint64
bobbin_sampler_get_overdue (BobbinSampler *self)
{
  if (self->begun == 0 || !self->overdue)
    return 0;

  return g_get_monotonic_time () - self->begun;
}
