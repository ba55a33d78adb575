/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *bobbin_cli_password_get (const char *user, GError **error);
void bobbin_cli_password_free (char *password);

G_END_DECLS
