/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *bobbin_cli_targets_list (void);
char *bobbin_cli_targets_explain (void);

G_END_DECLS
