/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-download.h"

G_BEGIN_DECLS

BobbinSegmentBoard *bobbin_download_ensure_board (BobbinDownload *self);

void                bobbin_download_set_address  (BobbinDownload *self,
                                                  const char     *address);

G_END_DECLS
