/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"
#include "bobbin-window.h"

G_BEGIN_DECLS

void bobbin_application_install_actions (BobbinApplication *self);
BobbinWindow *bobbin_application_ensure_window (BobbinApplication *self);
GStrv bobbin_application_add_addresses (BobbinApplication *self, const char *const *addresses);
void bobbin_application_set_patience (BobbinApplication *self, guint patience);

G_END_DECLS
