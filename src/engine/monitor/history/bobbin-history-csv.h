/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-history-span.h"

G_BEGIN_DECLS

void bobbin_history_csv_append_header (GString *csv);
void bobbin_history_csv_append_span   (GString                 *csv,
                                       const BobbinHistorySpan *span);

char *bobbin_history_format_time      (gint64 time);

G_END_DECLS
