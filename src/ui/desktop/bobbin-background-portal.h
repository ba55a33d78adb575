/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_BACKGROUND_PORTAL (bobbin_background_portal_get_type ())
G_DECLARE_FINAL_TYPE (BobbinBackgroundPortal,
                      bobbin_background_portal,
                      BOBBIN,
                      BACKGROUND_PORTAL,
                      GObject)

/*
 * Signals:
 *   answered (BobbinBackgroundPortal *, gboolean autostart)   whether the app is started at log-in
 */
BobbinBackgroundPortal *bobbin_background_portal_new (GDBusConnection *bus);
void bobbin_background_portal_request (BobbinBackgroundPortal *self, gboolean autostart);

G_END_DECLS
