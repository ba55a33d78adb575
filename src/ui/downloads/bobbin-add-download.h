/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_ADD_DOWNLOAD (bobbin_add_download_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAddDownload, bobbin_add_download, BOBBIN, ADD_DOWNLOAD, AdwWindow)

GtkWindow *bobbin_add_download_new (BobbinApplication *application);
void bobbin_add_download_add_addresses (BobbinAddDownload *self, GPtrArray *addresses);

G_END_DECLS
