/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-download.h"

G_BEGIN_DECLS

GtkWindow *bobbin_new_address_new (BobbinDownload *download);

G_END_DECLS
