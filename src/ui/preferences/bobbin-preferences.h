/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_PREFERENCES (bobbin_preferences_get_type ())
G_DECLARE_FINAL_TYPE (BobbinPreferences,
                      bobbin_preferences,
                      BOBBIN,
                      PREFERENCES,
                      AdwPreferencesWindow)

GtkWindow *bobbin_preferences_new (BobbinApplication *application);

G_END_DECLS
