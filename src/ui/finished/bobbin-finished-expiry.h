/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bobbin-store.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_FINISHED_EXPIRY (bobbin_finished_expiry_get_type ())
G_DECLARE_FINAL_TYPE (BobbinFinishedExpiry,
                      bobbin_finished_expiry,
                      BOBBIN,
                      FINISHED_EXPIRY,
                      GObject)

BobbinFinishedExpiry *bobbin_finished_expiry_new (GSettings *settings, BobbinStore *store);

G_END_DECLS
