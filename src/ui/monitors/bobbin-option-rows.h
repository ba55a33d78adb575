/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-probe-options.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_OPTION_ROWS (bobbin_option_rows_get_type ())
G_DECLARE_FINAL_TYPE (BobbinOptionRows, bobbin_option_rows, BOBBIN, OPTION_ROWS, AdwExpanderRow)

/*
 * Signals:
 *   changed (BobbinOptionRows *)   the user has set something
 */
void bobbin_option_rows_set_table (BobbinOptionRows *self,
                                   const BobbinProbeOption *table,
                                   GVariant *options);
GVariant *bobbin_option_rows_get_options (BobbinOptionRows *self, GError **error);
void bobbin_option_rows_mark_wrong (BobbinOptionRows *self,
                                    const char *target,
                                    GVariant *options);

G_END_DECLS
