/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-window.h"

G_BEGIN_DECLS

void bobbin_file_open (BobbinWindow *window, const char *path);
void bobbin_file_show_in_folder (BobbinWindow *window, const char *path);

G_END_DECLS
