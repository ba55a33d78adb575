/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-row.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_DOWNLOAD_ROW (bobbin_download_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDownloadRow, bobbin_download_row, BOBBIN, DOWNLOAD_ROW, BobbinJobRow)

G_END_DECLS
