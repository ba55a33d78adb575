/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_AFTER_ALL (bobbin_after_all_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAfterAll, bobbin_after_all, BOBBIN, AFTER_ALL, GObject)

BobbinAfterAll *bobbin_after_all_new (BobbinApplication *application);
GMenuModel *bobbin_after_all_get_menu (BobbinAfterAll *self);
void bobbin_after_all_set_countdown (BobbinAfterAll *self, guint seconds);

G_END_DECLS
