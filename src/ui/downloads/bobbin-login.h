/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-download.h"
#include "bobbin-keyring.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_LOGIN (bobbin_login_get_type ())
G_DECLARE_FINAL_TYPE (BobbinLogin, bobbin_login, BOBBIN, LOGIN, AdwWindow)

GtkWindow *bobbin_login_new (BobbinDownload *download, BobbinKeyring *keyring);

G_END_DECLS
