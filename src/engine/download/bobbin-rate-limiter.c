/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A rate that many share: a token bucket with a line in front of it. The bucket fills with the
 * clock and holds no more than a tenth of a second; it may be overdrawn by one turn, which the next
 * waits for. The line is in the order of start-time fair queueing: a turn begins where the one
 * before it of its own flow ends, counted in bytes, but not before the newest that was let through.
 * So those who have had less are next, a flow gains nothing by having more turns in line, and one
 * that was away has nothing saved up.
 *
 * Nobody is woken up: who waits is told for how long, and asks again. Whoever asks lets through all
 * whose turn it is, so one that is late, with a slow disk, keeps nobody behind it waiting.
 *
 * Any thread. Nothing blocks but for the mutex, held for the length of a walk along the line.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-rate-limiter.h"

#include <math.h>

/* A quantum is worth so many µs if nobody else is in line, shared with those who are, but no fewer
 * than the least: reads would cost more than they bring. */
#define QUANTUM_TIME     (20 * G_TIME_SPAN_MILLISECOND)
#define MIN_QUANTUM_TIME (2 * G_TIME_SPAN_MILLISECOND)
#define MIN_QUANTUM      64
#define MAX_QUANTUM      (1024 * 1024)

/* What idle time is good for, in µs. */
#define BURST_TIME (100 * G_TIME_SPAN_MILLISECOND)

/* Above it nothing is limited that this program can do; below, no sum here overflows. */
#define MAX_RATE (G_GINT64_CONSTANT (1) << 40)

struct _BobbinRateLimiter
{
  gatomicrefcount ref_count;
  BobbinRateClock clock;

  GMutex mutex;
  gint64 rate;   /* 0: no limit; protected by mutex */
  gint64 time;   /* of level; protected by mutex */
  double level;  /* bytes that may go, or below 0 have gone too soon; protected by mutex */
  gint64 served; /* start of the newest turn let through; protected by mutex */
  GQueue line;   /* of BobbinRateTurn, by start; protected by mutex */
};

static double
bytes_in (gint64 rate, gint64 usec)
{
  return (double) rate * usec / G_USEC_PER_SEC;
}

static void
limiter_unlink (BobbinRateLimiter *self, BobbinRateTurn *turn)
{
  g_queue_unlink (&self->line, &turn->link);
  turn->is_waiting = FALSE;
}

static void
limiter_charge (BobbinRateLimiter *self, BobbinRateTurn *turn)
{
  limiter_unlink (self, turn);
  self->served = MAX (self->served, turn->start);
  if (self->rate == 0)
    return;

  turn->charge = 1.0 / self->rate;
  self->level -= turn->n_bytes;
}

/* Half a byte, so that who waited to the µs does not have to wait another for a rounding error. */
static gboolean
limiter_is_open (BobbinRateLimiter *self)
{
  return self->rate == 0 || self->level > -0.5;
}

/* Only what nobody in line has a use for is lost. */
static void
limiter_let_through (BobbinRateLimiter *self)
{
  while (!g_queue_is_empty (&self->line) && limiter_is_open (self))
    limiter_charge (self, g_queue_peek_head (&self->line));

  self->level = MIN (self->level, bytes_in (self->rate, BURST_TIME));
}

static void
limiter_advance (BobbinRateLimiter *self)
{
  const gint64 now = self->clock ();

  /* Two threads may come in another order than they looked at the clock. */
  if (now > self->time)
    {
      self->level += bytes_in (self->rate, now - self->time);
      self->time = now;
    }
  limiter_let_through (self);
}

static gsize
limiter_quantum (BobbinRateLimiter *self, guint n_sharing)
{
  const gint64 time = MAX (QUANTUM_TIME / MAX (n_sharing, 1), MIN_QUANTUM_TIME);

  if (self->rate == 0)
    return MAX_QUANTUM;

  return CLAMP (bytes_in (self->rate, time), MIN_QUANTUM, MAX_QUANTUM);
}

static void
limiter_line_up (BobbinRateLimiter *self, BobbinRateTurn *turn)
{
  GList *before = self->line.tail;

  turn->start = MAX (self->served, turn->flow->finish);
  turn->flow->finish = turn->start + turn->n_bytes;

  while (before != NULL && ((BobbinRateTurn *) before->data)->start > turn->start)
    before = before->prev;
  g_queue_insert_after_link (&self->line, before, &turn->link);
}

/* Looks no further along the line than the longest wait. */
static gint64
limiter_estimate (BobbinRateLimiter *self, BobbinRateTurn *turn)
{
  const double horizon = bytes_in (self->rate, BOBBIN_RATE_LIMITER_MAX_WAIT);
  double ahead = -self->level;

  for (GList *link = self->line.head; link != &turn->link && ahead < horizon; link = link->next)
    ahead += ((BobbinRateTurn *) link->data)->n_bytes;

  return CLAMP (ceil (ahead * G_USEC_PER_SEC / self->rate), 1, BOBBIN_RATE_LIMITER_MAX_WAIT);
}

/* A turn that was lined up at a high rate would empty the bucket for long at a low one. */
static void
limiter_cut_turns (BobbinRateLimiter *self)
{
  const gsize quantum = limiter_quantum (self, g_queue_get_length (&self->line));

  for (GList *link = self->line.head; link != NULL; link = link->next)
    {
      BobbinRateTurn *turn = link->data;

      if (turn->n_bytes <= quantum)
        continue;
      turn->flow->finish -= turn->n_bytes - quantum;
      turn->n_bytes = quantum;
    }
}

/**
 * bobbin_rate_limiter_new_with_clock:
 * @rate: bytes a second; 0: no limit
 * @clock: (scope forever): what time it is
 *
 * Makes a limiter that lives by another clock.
 *
 * Returns: (transfer full): a limiter
 */
BobbinRateLimiter *
bobbin_rate_limiter_new_with_clock (gint64 rate, BobbinRateClock clock)
{
  BobbinRateLimiter *self;

  g_return_val_if_fail (rate >= 0, NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  self = g_new0 (BobbinRateLimiter, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->line);
  self->clock = clock;
  self->rate = MIN (rate, MAX_RATE);
  self->time = clock ();

  return self;
}

/**
 * bobbin_rate_limiter_new:
 * @rate: bytes a second; 0: no limit
 *
 * Returns: (transfer full): a limiter
 */
BobbinRateLimiter *
bobbin_rate_limiter_new (gint64 rate)
{
  return bobbin_rate_limiter_new_with_clock (rate, g_get_monotonic_time);
}

/**
 * bobbin_rate_limiter_get_global:
 *
 * The limiter that all downloads of this process share. Without a limit until one is set. Any
 * thread.
 *
 * Returns: (transfer none): a limiter that is never freed
 */
BobbinRateLimiter *
bobbin_rate_limiter_get_global (void)
{
  static BobbinRateLimiter *instance;

  if (g_once_init_enter (&instance))
    g_once_init_leave (&instance, bobbin_rate_limiter_new (0));

  return instance;
}

/**
 * bobbin_rate_limiter_ref:
 * @self: a limiter
 *
 * Any thread.
 *
 * Returns: (transfer full): @self
 */
BobbinRateLimiter *
bobbin_rate_limiter_ref (BobbinRateLimiter *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * bobbin_rate_limiter_unref:
 * @self: (transfer full): a limiter; with the last reference, one in whose line nobody is
 *
 * Any thread.
 */
void
bobbin_rate_limiter_unref (BobbinRateLimiter *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (g_queue_is_empty (&self->line));
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * bobbin_rate_limiter_get_rate:
 * @self: a limiter
 *
 * Any thread.
 *
 * Returns: bytes a second; 0: no limit
 */
gint64
bobbin_rate_limiter_get_rate (BobbinRateLimiter *self)
{
  gint64 rate;

  g_mutex_lock (&self->mutex);
  rate = self->rate;
  g_mutex_unlock (&self->mutex);

  return rate;
}

/**
 * bobbin_rate_limiter_set_rate:
 * @self: a limiter
 * @rate: bytes a second; 0: no limit
 *
 * Changes the rate, for those in line, too: each notices when it asks again, which is at most
 * %BOBBIN_RATE_LIMITER_MAX_WAIT later. What has gone too soon by then is owed as time, not as
 * bytes, so that a low rate does not have to pay for a high one. Any thread.
 */
void
bobbin_rate_limiter_set_rate (BobbinRateLimiter *self, gint64 rate)
{
  g_return_if_fail (rate >= 0);

  rate = MIN (rate, MAX_RATE);
  g_mutex_lock (&self->mutex);
  limiter_advance (self);
  self->level = self->rate > 0 ? self->level / self->rate * rate : 0;
  self->rate = rate;
  limiter_cut_turns (self);
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_rate_limiter_get_time:
 * @self: a limiter
 *
 * Any thread.
 *
 * Returns: µs, by the clock that it lives by
 */
gint64
bobbin_rate_limiter_get_time (BobbinRateLimiter *self)
{
  return self->clock ();
}

/**
 * bobbin_rate_limiter_get_quantum:
 * @self: a limiter
 *
 * How many bytes a turn that is entered now should ask for: as many as make a read worth while, so
 * few that nobody in line waits long. Any thread.
 *
 * Returns: bytes, at most 1 MiB
 */
gsize
bobbin_rate_limiter_get_quantum (BobbinRateLimiter *self)
{
  gsize quantum;

  g_mutex_lock (&self->mutex);
  quantum = limiter_quantum (self, g_queue_get_length (&self->line) + 1);
  g_mutex_unlock (&self->mutex);

  return quantum;
}

/**
 * bobbin_rate_limiter_enter:
 * @self: a limiter
 * @flow: who asks
 * @turn: zeroes, or one that has left
 * @n_bytes: how many bytes are wanted, at most a quantum
 *
 * Takes a place in line. Any thread.
 */
void
bobbin_rate_limiter_enter (BobbinRateLimiter *self,
                           BobbinRateFlow *flow,
                           BobbinRateTurn *turn,
                           gsize n_bytes)
{
  g_return_if_fail (turn->flow == NULL);
  g_return_if_fail (n_bytes > 0);

  g_mutex_lock (&self->mutex);
  *turn = (BobbinRateTurn){ .flow = flow, .n_bytes = n_bytes, .is_waiting = TRUE };
  turn->link.data = turn;
  limiter_advance (self);
  limiter_line_up (self, turn);
  limiter_let_through (self);
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_rate_limiter_wait:
 * @self: a limiter
 * @turn: one that has entered
 * @n_bytes: (out): how many bytes may go once it need not wait: what was asked for, or fewer since
 * the rate is lower
 *
 * Whose turn it is keeps it until it leaves. Any thread.
 *
 * Returns: 0 if it is @turn's turn, else after how many µs, at most %BOBBIN_RATE_LIMITER_MAX_WAIT,
 * to ask again
 */
gint64
bobbin_rate_limiter_wait (BobbinRateLimiter *self, BobbinRateTurn *turn, gsize *n_bytes)
{
  gint64 wait = 0;

  g_return_val_if_fail (turn->flow != NULL, 0);

  g_mutex_lock (&self->mutex);
  limiter_advance (self);
  if (turn->is_waiting)
    wait = limiter_estimate (self, turn);
  *n_bytes = turn->n_bytes;
  g_mutex_unlock (&self->mutex);

  return wait;
}

/**
 * bobbin_rate_limiter_leave:
 * @self: a limiter
 * @turn: one that has entered
 * @n_used: how many bytes went; 0 if it has waited for nothing
 *
 * Leaves the line, or ends the turn, and gives back what was not used. Any thread.
 */
void
bobbin_rate_limiter_leave (BobbinRateLimiter *self, BobbinRateTurn *turn, gsize n_used)
{
  g_return_if_fail (turn->flow != NULL);
  g_return_if_fail (n_used <= turn->n_bytes);

  g_mutex_lock (&self->mutex);
  limiter_advance (self);
  if (turn->is_waiting)
    limiter_unlink (self, turn);
  else
    self->level += (turn->n_bytes - n_used) * turn->charge * self->rate;
  turn->flow->finish -= turn->n_bytes - n_used;
  limiter_let_through (self);
  turn->flow = NULL;
  g_mutex_unlock (&self->mutex);
}
