/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GSource *bobbin_cancel_watch_new (GCancellable *cancellable);

G_END_DECLS
