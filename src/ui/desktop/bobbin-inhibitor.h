/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-queue.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_INHIBITOR (bobbin_inhibitor_get_type ())
G_DECLARE_FINAL_TYPE (BobbinInhibitor, bobbin_inhibitor, BOBBIN, INHIBITOR, GObject)

BobbinInhibitor *bobbin_inhibitor_new (GDBusConnection *bus, BobbinJobQueue *queue);
void bobbin_inhibitor_update (BobbinInhibitor *self);
void bobbin_inhibitor_set_delay (BobbinInhibitor *self, guint delay);

G_END_DECLS
