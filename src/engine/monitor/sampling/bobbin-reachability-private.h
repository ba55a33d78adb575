/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-place-private.h"

G_BEGIN_DECLS

/*
 * BobbinReach:
 * @BOBBIN_REACH_YES: there is a way; whether anybody answers is for a probe to say
 * @BOBBIN_REACH_OFFLINE: this computer has no way to it; that nobody answers says nothing
 * @BOBBIN_REACH_SETTLING: it was asleep or offline until now; wait
 *
 * Whether a server can be asked from here.
 */
typedef enum
{
  BOBBIN_REACH_YES,
  BOBBIN_REACH_OFFLINE,
  BOBBIN_REACH_SETTLING,
} BobbinReach;

/* So long, at most, is waited for a network to settle; so long it has to stay as it is. */
#define BOBBIN_REACH_GRACE (30 * G_USEC_PER_SEC)
#define BOBBIN_REACH_QUIET (2 * G_USEC_PER_SEC)

/*
 * BobbinReachFacts:
 * @has_route: whether the kernel knows a way to the server, or to the world where only its name is
 *   known
 * @is_available: whether GNetworkMonitor says that there is a network
 * @is_captive: whether it says that a login page stands before the world
 * @now: boottime µs
 * @unsettled: since when it has not been known to be settled: the end of a sleep, the return of a
 *   network; 0 for never
 * @changed: when anything changed the last time; 0 for never
 *
 * What a judgement is made of.
 */
typedef struct
{
  gboolean has_route;
  gboolean is_available;
  gboolean is_captive;
  gint64 now;
  gint64 unsettled;
  gint64 changed;
} BobbinReachFacts;

BobbinReach bobbin_reach_judge (const BobbinReachFacts *facts,
                                BobbinPlace             place);

/*
 * BobbinRouteFunc:
 * @address: (nullable): whereto; %NULL for the world
 * @place: where that is
 *
 * Returns: whether the kernel knows a way there. Sends nothing, and does not block
 */
typedef gboolean (*BobbinRouteFunc) (GInetAddress *address,
                                     BobbinPlace   place);

typedef struct _BobbinReachability BobbinReachability;

BobbinReachability *bobbin_reachability_new         (GNetworkMonitor *monitor,
                                                     BobbinRouteFunc  has_route);
void                bobbin_reachability_free        (BobbinReachability *self);
BobbinReachability *bobbin_reachability_get_default (void);
void                bobbin_reachability_set_default (BobbinReachability *self);
BobbinReach         bobbin_reachability_ask         (BobbinReachability *self,
                                                     const char         *host);
gboolean            bobbin_reachability_is_steady   (BobbinReachability *self,
                                                     const char         *host,
                                                     gint64              since);
gboolean            bobbin_reachability_has_route   (GInetAddress *address,
                                                     BobbinPlace   place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinReachability, bobbin_reachability_free)

G_END_DECLS
