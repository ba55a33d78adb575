/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-download.h"

G_BEGIN_DECLS

char *bobbin_cli_text_title (BobbinDownload *download);
char *bobbin_cli_text_ended (BobbinDownload *download);
char *bobbin_cli_text_progress (BobbinDownload *download, guint width);
char *bobbin_cli_text_fit (const char *text, guint width);
guint bobbin_cli_text_width (const char *text);

G_END_DECLS
