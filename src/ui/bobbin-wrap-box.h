/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_WRAP_BOX (bobbin_wrap_box_get_type ())

G_DECLARE_FINAL_TYPE (BobbinWrapBox, bobbin_wrap_box, BOBBIN, WRAP_BOX, GtkWidget)

G_END_DECLS
