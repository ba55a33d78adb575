/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

GtkWindow *bobbin_limit_dialog_new (GPtrArray *downloads);

G_END_DECLS
