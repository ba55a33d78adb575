/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void bobbin_part_folder_sync (int folder_fd);

G_END_DECLS
