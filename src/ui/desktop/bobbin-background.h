/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"
#include "bobbin-notifications.h"
#include "bobbin-window.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_BACKGROUND (bobbin_background_get_type ())
G_DECLARE_FINAL_TYPE (BobbinBackground, bobbin_background, BOBBIN, BACKGROUND, GObject)

BobbinBackground *bobbin_background_new (BobbinApplication *application,
                                         BobbinNotifications *notifications);
gboolean bobbin_background_enter (BobbinBackground *self, BobbinWindow *window);
void bobbin_background_warn (BobbinBackground *self, const char *sentence);
void bobbin_background_set_sandboxed (BobbinBackground *self, gboolean sandboxed);
void bobbin_background_settle_async (BobbinBackground *self,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);

G_END_DECLS
