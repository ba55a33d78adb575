/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job.h"

G_BEGIN_DECLS

guint bobbin_download_figures_get_n (void);
const char *bobbin_download_figures_get_name (guint figure);
gboolean bobbin_download_figures_is_for_copy (guint figure);
char *bobbin_download_figures_describe (guint figure, BobbinJob *job);
char *bobbin_download_figures_to_report (BobbinJob *job);

G_END_DECLS
