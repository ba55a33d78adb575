/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-download.h"
#include "bobbin-keyring.h"

G_BEGIN_DECLS

GtkWindow *bobbin_new_address_new (BobbinDownload *download, BobbinKeyring *keyring);

G_END_DECLS
