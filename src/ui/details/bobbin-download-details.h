/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_DOWNLOAD_DETAILS (bobbin_download_details_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDownloadDetails,
                      bobbin_download_details,
                      BOBBIN,
                      DOWNLOAD_DETAILS,
                      GtkWidget)

G_END_DECLS
