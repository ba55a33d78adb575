/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void bobbin_mark_wrong (gpointer row,
                        gpointer field,
                        gboolean wrong);

G_END_DECLS
