/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many connections a file is worth. It begins with one, and tries more while each step brings
 * more bytes a second than the one before; a step that does not is taken back. Nothing is tried for
 * a rest that is there before the attempt would pay.
 *
 * That a step brings more is believed at once, that it does not only after a while: servers that
 * limit a connection send in lumps, and between two of them there is nothing. Nor is a rate that
 * was measured in lumps held against a step. And it is decided anew when what comes falls well
 * below what it was, when it falls as fast as connections end, or when those that were in vain
 * bring more after all: some servers let the first bytes of each connection pass freely.
 *
 * On a long way no step is judged: what a connection brings there in its first round trips is what
 * TCP's slow start lets through (RFC 5681 §3.1), which says nothing of what the way bears; and the
 * way is bound by its round trips and losses, so that connections take nothing from each other. To
 * find that out would take longer than most files do.
 *
 * Pure.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-pace.h"

/* How long each step is measured: two round trips, within these bounds; it is looked at so many
 * times. */
#define WINDOW_MIN (30 * G_TIME_SPAN_MILLISECOND)
#define WINDOW_MAX (1 * G_TIME_SPAN_SECOND)
#define N_LOOKS    5

/* What comes just after a connection begins is not measured: some of it was sent all at once. A
 * round trip, and no less than this. */
#define WINDOW_BEGIN (15 * G_TIME_SPAN_MILLISECOND)

/* By then it is to be seen whether bytes come in a stream. */
#define WINDOW_GLANCE (5 * G_TIME_SPAN_MILLISECOND)

/* In less time it is not believed that connections bring nothing. */
#define WINDOW_DOUBT (500 * G_TIME_SPAN_MILLISECOND)

/* And how long it is measured once it is decided. */
#define WINDOW_SETTLED (500 * G_TIME_SPAN_MILLISECOND)

/* A rest that takes less is left to those who are at it: this much time, so many round trips. */
#define WORTH_TIME  (1 * G_TIME_SPAN_SECOND)
#define WORTH_TRIPS 4

/* A rest that takes longer is worth larger steps. */
#define LONG_TIME (5 * G_TIME_SPAN_SECOND)

/* A way is long if an answer takes this long, and no more than so many bytes are under way on each
 * connection: where there are more, it is not the round trip that keeps them back. There, so many
 * more are opened for each. */
#define LONG_TRIP  (30 * G_TIME_SPAN_MILLISECOND)
#define LONG_BYTES (1024.0 * 1024)
#define LONG_STEP  16

/* What a step has to bring, what is well below, and what is no accident, in percent. */
#define GAIN 110
#define LOSS 60
#define DROP 85

/**
 * bobbin_pace_init:
 * @self: (out caller-allocates): a pace
 * @max: at most so many connections, 1 or more
 *
 * Begins with one connection.
 */
void
bobbin_pace_init (BobbinPace *self, guint max)
{
  *self = (BobbinPace){ .max = max, .wanted = 1 };
}

static void
pace_measure_anew (BobbinPace *self, gint64 now, gint64 bytes, gboolean is_partial)
{
  self->since = self->looked = now;
  self->bytes = self->looked_bytes = bytes;
  self->largest = 0;
  self->is_partial = is_partial;
}

/**
 * bobbin_pace_restart:
 * @self: a pace
 * @now: µs
 * @bytes: how many have come so far
 *
 * Begins to measure anew: what was before says nothing of what is now.
 */
void
bobbin_pace_restart (BobbinPace *self, gint64 now, gint64 bytes)
{
  pace_measure_anew (self, now, bytes, TRUE);
}

/**
 * bobbin_pace_get_interval:
 * @self: a pace
 *
 * Returns: how long to wait before the next step, in µs
 */
gint64
bobbin_pace_get_interval (const BobbinPace *self)
{
  if (self->settled_rate > 0)
    return WINDOW_SETTLED;

  if (self->is_partial)
    return WINDOW_GLANCE;

  /* Once it was not worth an attempt, it is only watched. */
  return self->base == 0 && self->base_rate > 0 ? WINDOW_MIN : WINDOW_MIN / N_LOOKS;
}

/* How long it is to be measured before anything is decided. */
static gint64
pace_get_window (const BobbinPace *self, gint64 latency)
{
  if (self->settled_rate > 0)
    return WINDOW_SETTLED;
  if (self->is_partial)
    return CLAMP (latency, WINDOW_BEGIN, WINDOW_MAX);

  return CLAMP (2 * latency, WINDOW_MIN, WINDOW_MAX);
}

static void
pace_settle (BobbinPace *self, gint64 rate, guint n_receiving)
{
  self->settled_rate = MAX (rate, 1);
  self->settled = n_receiving;
}

/* µs until @left bytes are there. */
static gint64
get_time_left (gint64 left, gint64 rate)
{
  if (rate <= 0)
    return G_MAXINT64;

  return MIN ((double) left / rate * G_USEC_PER_SEC, (double) (G_MAXINT64 / 2));
}

/* Whether most of what was measured came all at once. */
static gboolean
pace_is_lumpy (const BobbinPace *self, gint64 bytes)
{
  return 2 * self->largest > bytes - self->bytes;
}

static gboolean
is_long_way (gint64 rate, guint n_receiving, gint64 latency)
{
  return latency >= LONG_TRIP && rate > 0 &&
         (double) rate / n_receiving * latency / G_USEC_PER_SEC < LONG_BYTES;
}

/* Whether the connections that were opened last bring nothing, at this rate. */
static gboolean
pace_is_in_vain (const BobbinPace *self, gint64 rate)
{
  return self->wanted > self->base && self->base > 0 && rate * 100 < self->base_rate * GAIN;
}

static void
pace_try_more (BobbinPace *self, guint n_receiving, guint factor)
{
  self->base = n_receiving;
  self->wanted = MIN (self->max, n_receiving * factor);
  self->is_partial = TRUE;
}

/* Some have begun, and not all of them long ago. */
static void
pace_step_partial (BobbinPace *self,
                   gint64 now,
                   gint64 bytes,
                   gint64 left,
                   gint64 latency,
                   guint n_receiving)
{
  const gint64 time = now - self->since;
  const gint64 rate = (double) (bytes - self->bytes) / time * G_USEC_PER_SEC;

  if (n_receiving == 0 || n_receiving < self->wanted)
    {
      bobbin_pace_restart (self, now, bytes);
    }
  else if (self->wanted < self->max && is_long_way (rate, n_receiving, latency) &&
           get_time_left (left, rate) > MAX (WORTH_TIME, WORTH_TRIPS * latency))
    {
      bobbin_pace_restart (self, now, bytes);
      pace_try_more (self, n_receiving, LONG_STEP);
      self->base = 0;
    }
  else if (time >= pace_get_window (self, latency))
    {
      pace_measure_anew (self, now, bytes, FALSE);
    }
}

/* It was decided: is it still right? FALSE: more are to be tried. */
static gboolean
pace_stays (BobbinPace *self, gint64 rate, guint n_receiving)
{
  const guint n_ended = self->settled - MIN (n_receiving, self->settled);
  /* Half of what goes if each brings as much as another. */
  const gint64 loss = self->settled_rate / 2 * n_ended / MAX (self->settled, 1);
  const gboolean is_missed =
    rate < self->settled_rate - loss && rate * 100 < self->settled_rate * DROP;

  /* Those that are still there although they were in vain bring more after all. */
  if (n_receiving > self->wanted && rate * 100 >= self->settled_rate * GAIN)
    {
      self->wanted = MIN (n_receiving, self->max);
      pace_settle (self, rate, n_receiving);
    }
  if (self->wanted < self->max &&
      ((n_ended > 0 && is_missed) || rate * 100 < self->settled_rate * LOSS))
    self->settled_rate = 0;

  return self->settled_rate > 0;
}

/* If those that were opened last have brought nothing for long, no more are, nor others in their
 * place. What was measured in lumps does not prove it: then the next step is held against what is
 * known now. */
static gboolean
pace_takes_back (BobbinPace *self, gint64 rate, guint n_receiving)
{
  if (!pace_is_in_vain (self, rate) || !self->base_is_sure)
    return FALSE;

  pace_settle (self, rate, n_receiving);
  self->wanted = self->base;

  return TRUE;
}

/**
 * bobbin_pace_step:
 * @self: a pace
 * @now: µs
 * @bytes: how many have come so far
 * @left: how many are still to come
 * @latency: µs from a request to its answer
 * @n_receiving: on how many connections bytes come
 *
 * Decides how many connections are wanted now, if it is time to.
 */
void
bobbin_pace_step (BobbinPace *self,
                  gint64 now,
                  gint64 bytes,
                  gint64 left,
                  gint64 latency,
                  guint n_receiving)
{
  const gint64 time = now - self->since;
  gint64 rate, time_left;
  gboolean is_sure;

  if (now - self->looked < bobbin_pace_get_interval (self))
    return;

  self->largest = MAX (self->largest, bytes - self->looked_bytes);
  self->looked = now;
  self->looked_bytes = bytes;
  if (self->is_partial)
    {
      pace_step_partial (self, now, bytes, left, latency, n_receiving);
      return;
    }
  if (n_receiving == 0 || n_receiving < self->wanted)
    {
      bobbin_pace_restart (self, now, bytes);
      return;
    }
  if (time < pace_get_window (self, latency))
    return;

  rate = (double) (bytes - self->bytes) / time * G_USEC_PER_SEC;
  is_sure = time >= WINDOW_DOUBT || !pace_is_lumpy (self, bytes);
  if (self->settled_rate == 0 && pace_is_in_vain (self, rate) && time < WINDOW_DOUBT)
    return;

  pace_measure_anew (self, now, bytes, FALSE);
  if (self->settled_rate > 0 ? pace_stays (self, rate, n_receiving)
                             : pace_takes_back (self, rate, n_receiving))
    return;

  time_left = get_time_left (left, rate);
  self->base_rate = rate;
  self->base_is_sure = is_sure;
  if (self->wanted >= self->max)
    pace_settle (self, rate, n_receiving);
  else if (time_left > MAX (WORTH_TIME, WORTH_TRIPS * latency))
    pace_try_more (self, n_receiving, time_left > LONG_TIME ? 4 : 2);
  else
    self->base = 0;
}

/**
 * bobbin_pace_lower:
 * @self: a pace
 * @n: how many connections the server bears
 *
 * Never wants more than @n again.
 */
void
bobbin_pace_lower (BobbinPace *self, guint n)
{
  self->max = MIN (self->max, MAX (n, 1));
  self->wanted = MIN (self->wanted, self->max);
  self->base = MIN (self->base, self->max);
}
