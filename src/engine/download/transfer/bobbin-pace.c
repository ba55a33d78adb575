/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many connections a file is worth. It begins with one, and tries more while each step brings
 * more bytes a second than the one before; a step that does not is taken back. Nothing is tried for
 * a rest that is there before the attempt would pay. If what comes falls well below what it was
 * when that was decided, it tries again: some servers let the first bytes of each connection pass
 * freely. Pure.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-pace.h"

/* How long each step is measured: two round trips, within these bounds. */
#define WINDOW_MIN (50 * G_TIME_SPAN_MILLISECOND)
#define WINDOW_MAX (1 * G_TIME_SPAN_SECOND)

/* What comes just after a connection begins is not measured: some of it was sent all at once. A
 * round trip, and no less than this. */
#define WINDOW_BEGIN (20 * G_TIME_SPAN_MILLISECOND)

/* And how long once it is decided. */
#define WINDOW_SETTLED (500 * G_TIME_SPAN_MILLISECOND)

/* A rest that takes less is left to those who are at it: this much time, so many round trips. */
#define WORTH_TIME  (1 * G_TIME_SPAN_SECOND)
#define WORTH_TRIPS 4

/* A rest that takes longer is worth larger steps. */
#define LONG_TIME (5 * G_TIME_SPAN_SECOND)

/* What a step has to bring, and what is well below, in percent. */
#define GAIN 110
#define LOSS 60

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
  self->since = now;
  self->bytes = bytes;
  self->is_partial = TRUE;
}

/**
 * bobbin_pace_get_interval:
 * @self: a pace
 * @latency: µs from a request to its answer
 *
 * Returns: how long to wait before the next step, in µs
 */
gint64
bobbin_pace_get_interval (const BobbinPace *self, gint64 latency)
{
  if (self->settled_rate > 0)
    return WINDOW_SETTLED;
  if (self->is_partial)
    return CLAMP (latency, WINDOW_BEGIN, WINDOW_MAX);

  return CLAMP (2 * latency, WINDOW_MIN, WINDOW_MAX);
}

static void
pace_settle (BobbinPace *self, gint64 rate)
{
  self->settled_rate = MAX (rate, 1);
}

/* µs until @left bytes are there. */
static gint64
get_time_left (gint64 left, gint64 rate)
{
  if (rate <= 0)
    return G_MAXINT64;

  return MIN ((double) left / rate * G_USEC_PER_SEC, (double) (G_MAXINT64 / 2));
}

static void
pace_try_more (BobbinPace *self, gint64 time_left, guint n_receiving)
{
  self->base = n_receiving;
  self->wanted = MIN (self->max, n_receiving * (time_left > LONG_TIME ? 4 : 2));
  self->is_partial = TRUE;
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
  const gboolean was_partial = self->is_partial;
  gint64 rate, time_left;

  if (time < bobbin_pace_get_interval (self, latency))
    return;

  rate = (double) (bytes - self->bytes) / time * G_USEC_PER_SEC;
  time_left = get_time_left (left, rate);
  bobbin_pace_restart (self, now, bytes);
  /* Those that were opened last have not begun yet, or did so while it was measured: what they
   * bring would be taken for less than it is, and what the next ones bring for a gain. */
  self->is_partial = n_receiving == 0 || n_receiving < self->wanted;
  if (self->is_partial || was_partial)
    return;

  if (self->settled_rate > 0)
    {
      if (rate * 100 >= self->settled_rate * LOSS || self->wanted >= self->max)
        return;
      self->settled_rate = 0;
    }
  else if (self->wanted > self->base && self->base > 0 && rate * 100 < self->base_rate * GAIN)
    {
      pace_settle (self, MAX (rate, self->base_rate));
      self->wanted = self->base;
      return;
    }

  self->base_rate = rate;
  if (self->wanted >= self->max)
    pace_settle (self, rate);
  else if (time_left > MAX (WORTH_TIME, WORTH_TRIPS * latency))
    pace_try_more (self, time_left, n_receiving);
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
