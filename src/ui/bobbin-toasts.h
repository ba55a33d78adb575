/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_TOASTS (bobbin_toasts_get_type ())
G_DECLARE_FINAL_TYPE (BobbinToasts, bobbin_toasts, BOBBIN, TOASTS, GObject)

BobbinToasts *bobbin_toasts_new (AdwToastOverlay *overlay);
void bobbin_toasts_show (BobbinToasts *self, AdwToast *toast);
void bobbin_toasts_withdraw (BobbinToasts *self, AdwToast *toast);

G_END_DECLS
