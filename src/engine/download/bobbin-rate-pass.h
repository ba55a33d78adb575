/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-rate-limiter.h"

G_BEGIN_DECLS

/**
 * BobbinRateShare:
 *
 * What one job has of the limit for all jobs, of that of its server and of its own.
 */
typedef struct _BobbinRateShare BobbinRateShare;

/**
 * BobbinRatePass:
 *
 * What one connection of a job shows to be let through all limits.
 */
typedef struct _BobbinRatePass BobbinRatePass;

BobbinRateShare *bobbin_rate_share_new  (BobbinRateLimiter *all,
                                         BobbinRateLimiter *host,
                                         BobbinRateLimiter *own);
void             bobbin_rate_share_free (BobbinRateShare *self);
gint64           bobbin_rate_share_get_rate (BobbinRateShare *self);

BobbinRatePass  *bobbin_rate_pass_new   (BobbinRateShare *share);
void             bobbin_rate_pass_free  (BobbinRatePass *self);
gint64           bobbin_rate_pass_ask   (BobbinRatePass *self,
                                         gsize           n_wanted,
                                         gsize          *n_bytes);
void             bobbin_rate_pass_leave (BobbinRatePass *self,
                                         gsize           n_used);
gint64           bobbin_rate_pass_get_waited (BobbinRatePass *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinRateShare, bobbin_rate_share_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinRatePass, bobbin_rate_pass_free)

G_END_DECLS
