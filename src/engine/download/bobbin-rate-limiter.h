/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BOBBIN_RATE_LIMITER_MAX_WAIT:
 *
 * So long does nobody wait without asking again, in µs, so that a new rate is soon noticed.
 */
#define BOBBIN_RATE_LIMITER_MAX_WAIT (250 * G_TIME_SPAN_MILLISECOND)

/**
 * BobbinRateClock:
 *
 * A clock for a limiter: g_get_monotonic_time(), or one that a test turns. Any thread asks it.
 *
 * Returns: µs since some moment, never fewer than before
 */
typedef gint64 (*BobbinRateClock) (void);

/**
 * BobbinRateLimiter:
 *
 * A token bucket that makes those who want more than there is stand in line.
 */
typedef struct _BobbinRateLimiter BobbinRateLimiter;

/**
 * BobbinRateFlow:
 *
 * One of those who share a rate equally, however many turns each has in line. Plain data; zeroes
 * are a new one. Outlives its turns; protected by the limiter's mutex.
 */
typedef struct
{
  /*< private >*/
  gint64 finish;
} BobbinRateFlow;

/**
 * BobbinRateTurn:
 *
 * A place in the line of a limiter. Plain data that stays where it is while in use; zeroes are one
 * that is in no line. Protected by the limiter's mutex.
 */
typedef struct
{
  /*< private >*/
  GList           link;
  BobbinRateFlow *flow;
  gint64          start;
  gsize           n_bytes;
  double          charge; /* s a byte; 0: it was free */
  gboolean        is_waiting;
} BobbinRateTurn;

BobbinRateLimiter *bobbin_rate_limiter_new            (gint64 rate);
BobbinRateLimiter *bobbin_rate_limiter_new_with_clock (gint64          rate,
                                                       BobbinRateClock clock);
BobbinRateLimiter *bobbin_rate_limiter_get_global     (void);
BobbinRateLimiter *bobbin_rate_limiter_ref            (BobbinRateLimiter *self);
void               bobbin_rate_limiter_unref          (BobbinRateLimiter *self);

gint64             bobbin_rate_limiter_get_rate       (BobbinRateLimiter *self);
void               bobbin_rate_limiter_set_rate       (BobbinRateLimiter *self,
                                                       gint64             rate);
gint64             bobbin_rate_limiter_get_time       (BobbinRateLimiter *self);
gsize              bobbin_rate_limiter_get_quantum    (BobbinRateLimiter *self);

void               bobbin_rate_limiter_enter          (BobbinRateLimiter *self,
                                                       BobbinRateFlow    *flow,
                                                       BobbinRateTurn    *turn,
                                                       gsize              n_bytes);
gint64             bobbin_rate_limiter_wait           (BobbinRateLimiter *self,
                                                       BobbinRateTurn    *turn,
                                                       gsize             *n_bytes);
void               bobbin_rate_limiter_leave          (BobbinRateLimiter *self,
                                                       BobbinRateTurn    *turn,
                                                       gsize              n_used);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinRateLimiter, bobbin_rate_limiter_unref)

G_END_DECLS
