/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BobbinNetwork:
 *
 * Whether there is a network, for workers to ask and to wait for.
 */
typedef struct _BobbinNetwork BobbinNetwork;

BobbinNetwork *bobbin_network_new           (void);
BobbinNetwork *bobbin_network_get_default   (void);
BobbinNetwork *bobbin_network_ref           (BobbinNetwork *self);
void           bobbin_network_unref         (BobbinNetwork *self);

void           bobbin_network_follow        (BobbinNetwork   *self,
                                             GNetworkMonitor *monitor);
void           bobbin_network_set_available (BobbinNetwork *self,
                                             gboolean       available);
gboolean       bobbin_network_is_available  (BobbinNetwork *self);
GSource       *bobbin_network_wait_new      (BobbinNetwork *self,
                                             GMainContext  *context);
GSource       *bobbin_network_return_new    (BobbinNetwork *self,
                                             GMainContext  *context);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinNetwork, bobbin_network_unref)

G_END_DECLS
