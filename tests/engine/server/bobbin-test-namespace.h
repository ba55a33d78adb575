/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean bobbin_test_try_namespace (void);
void bobbin_test_enter_namespace (void);

G_END_DECLS
