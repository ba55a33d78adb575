/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-download.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_SEGMENT_VIEW (bobbin_segment_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinSegmentView, bobbin_segment_view, BOBBIN, SEGMENT_VIEW, GtkWidget)

void bobbin_segment_view_set_download (BobbinSegmentView *self, BobbinDownload *download);

G_END_DECLS
