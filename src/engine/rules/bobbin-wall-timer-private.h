/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GSource *bobbin_wall_timer_new (gint64 time);

G_END_DECLS
