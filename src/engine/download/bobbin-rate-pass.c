/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How a connection keeps up to three limits: that of all jobs and that of all that come from one
 * server, in which its job is one flow however many connections it has, and that of its job, in
 * which it is a flow of its own. It stands in all lines at once, and goes when it is its turn in
 * each.
 *
 * A share and its passes belong to one thread; their limiters are for all.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-rate-pass.h"

struct _BobbinRateShare
{
  BobbinRateLimiter *all;   /* (owned) (nullable) */
  BobbinRateLimiter *host;  /* (owned) (nullable) */
  BobbinRateLimiter *own;   /* (owned) (nullable) */
  BobbinRateFlow flow;      /* in all */
  BobbinRateFlow host_flow; /* in host */
  guint n_passes;
};

typedef struct
{
  BobbinRateLimiter *limiter; /* the share's */
  BobbinRateFlow *flow;
  BobbinRateTurn turn;
} PassLine;

struct _BobbinRatePass
{
  BobbinRateShare *share;
  BobbinRateFlow flow; /* in the job's own */
  PassLine lines[3];
  guint n_lines;
  gboolean is_in_line;
  gint64 waiting_since; /* µs, or -1 */
  gint64 waited;        /* µs, until then */
};

/**
 * bobbin_rate_share_new:
 * @all: (nullable): the limit for all jobs, bobbin_rate_limiter_get_global()
 * @host: (nullable): that for all that come from the same server
 * @own: (nullable): that of this job
 *
 * Returns: (transfer full): a share
 */
BobbinRateShare *
bobbin_rate_share_new (BobbinRateLimiter *all, BobbinRateLimiter *host, BobbinRateLimiter *own)
{
  BobbinRateShare *self = g_new0 (BobbinRateShare, 1);

  self->all = all != NULL ? bobbin_rate_limiter_ref (all) : NULL;
  self->host = host != NULL ? bobbin_rate_limiter_ref (host) : NULL;
  self->own = own != NULL ? bobbin_rate_limiter_ref (own) : NULL;

  return self;
}

/**
 * bobbin_rate_share_free:
 * @self: (transfer full): a share of which no pass is left
 */
void
bobbin_rate_share_free (BobbinRateShare *self)
{
  g_assert (self->n_passes == 0);

  g_clear_pointer (&self->all, bobbin_rate_limiter_unref);
  g_clear_pointer (&self->host, bobbin_rate_limiter_unref);
  g_clear_pointer (&self->own, bobbin_rate_limiter_unref);
  g_free (self);
}

/* 0 is no limit. */
static gint64
get_lower (gint64 rate, BobbinRateLimiter *limiter)
{
  const gint64 other = limiter != NULL ? bobbin_rate_limiter_get_rate (limiter) : 0;

  return rate > 0 && other > 0 ? MIN (rate, other) : MAX (rate, other);
}

/**
 * bobbin_rate_share_get_rate:
 * @self: a share
 *
 * Returns: the lowest of the limits as they are now, in bytes a second; 0 if there is none
 */
gint64
bobbin_rate_share_get_rate (BobbinRateShare *self)
{
  return get_lower (get_lower (get_lower (0, self->all), self->host), self->own);
}

static void
pass_add_line (BobbinRatePass *self, BobbinRateLimiter *limiter, BobbinRateFlow *flow)
{
  if (limiter != NULL)
    self->lines[self->n_lines++] = (PassLine){ .limiter = limiter, .flow = flow };
}

/**
 * bobbin_rate_pass_new:
 * @share: the job's, which outlives the pass
 *
 * Returns: (transfer full): a pass that is in no line
 */
BobbinRatePass *
bobbin_rate_pass_new (BobbinRateShare *share)
{
  BobbinRatePass *self = g_new0 (BobbinRatePass, 1);

  self->share = share;
  self->waiting_since = -1;
  share->n_passes++;
  pass_add_line (self, share->all, &share->flow);
  pass_add_line (self, share->host, &share->host_flow);
  pass_add_line (self, share->own, &self->flow);

  return self;
}

/**
 * bobbin_rate_pass_free:
 * @self: (transfer full): a pass
 *
 * Leaves all lines, and gives back what it was let through with, all of it.
 */
void
bobbin_rate_pass_free (BobbinRatePass *self)
{
  bobbin_rate_pass_leave (self, 0);
  self->share->n_passes--;
  g_free (self);
}

static void
pass_enter (BobbinRatePass *self, gsize n_wanted)
{
  gsize n_bytes = n_wanted;

  for (guint i = 0; i < self->n_lines; i++)
    n_bytes = MIN (n_bytes, bobbin_rate_limiter_get_quantum (self->lines[i].limiter));
  for (guint i = 0; i < self->n_lines; i++)
    bobbin_rate_limiter_enter (self->lines[i].limiter, self->lines[i].flow, &self->lines[i].turn,
                               n_bytes);
  self->is_in_line = TRUE;
}

static gint64
pass_get_time (BobbinRatePass *self)
{
  return bobbin_rate_limiter_get_time (self->lines[0].limiter);
}

/* Who may go at once is not asked what time it is. */
static void
pass_set_waiting (BobbinRatePass *self, gboolean is_waiting)
{
  if (is_waiting == (self->waiting_since >= 0))
    return;

  self->waited = bobbin_rate_pass_get_waited (self);
  self->waiting_since = is_waiting ? pass_get_time (self) : -1;
}

/**
 * bobbin_rate_pass_ask:
 * @self: a pass
 * @n_wanted: how many bytes would be read if there was no limit, more than 0
 * @n_bytes: (out): how many may be read now; 0 while there is to be waited
 *
 * Gets in line, or asks again how it stands there. A pass that may go keeps what it may read until
 * bobbin_rate_pass_leave().
 *
 * Returns: 0 if it may go, else after how many µs, at most %BOBBIN_RATE_LIMITER_MAX_WAIT, to ask
 * again
 */
gint64
bobbin_rate_pass_ask (BobbinRatePass *self, gsize n_wanted, gsize *n_bytes)
{
  gint64 wait = 0;

  g_return_val_if_fail (n_wanted > 0, 0);

  if (!self->is_in_line)
    pass_enter (self, n_wanted);

  *n_bytes = n_wanted;
  for (guint i = 0; i < self->n_lines; i++)
    {
      gsize n_given;

      wait = MAX (wait, bobbin_rate_limiter_wait (self->lines[i].limiter, &self->lines[i].turn,
                                                  &n_given));
      *n_bytes = MIN (*n_bytes, n_given);
    }
  if (wait > 0)
    *n_bytes = 0;
  pass_set_waiting (self, wait > 0);

  return wait;
}

/**
 * bobbin_rate_pass_leave:
 * @self: a pass
 * @n_used: how many bytes were read, at most what bobbin_rate_pass_ask() said; 0 if none
 *
 * After each read, or to wait no more: gives back what was not used. Does nothing with a pass that
 * is in no line.
 */
void
bobbin_rate_pass_leave (BobbinRatePass *self, gsize n_used)
{
  if (!self->is_in_line)
    return;

  for (guint i = 0; i < self->n_lines; i++)
    bobbin_rate_limiter_leave (self->lines[i].limiter, &self->lines[i].turn, n_used);
  self->is_in_line = FALSE;
  pass_set_waiting (self, FALSE);
}

/**
 * bobbin_rate_pass_get_waited:
 * @self: a pass
 *
 * How long it has waited for its turn so far: who does so most of the time is as fast as the limits
 * let it be, and its server has no part in that.
 *
 * Returns: µs
 */
gint64
bobbin_rate_pass_get_waited (BobbinRatePass *self)
{
  return self->waited + (self->waiting_since >= 0 ? pass_get_time (self) - self->waiting_since : 0);
}
