/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_TLS_TRUST (bobbin_tls_trust_get_type ())
G_DECLARE_FINAL_TYPE (BobbinTlsTrust, bobbin_tls_trust, BOBBIN, TLS_TRUST, GTlsDatabase)

void bobbin_tls_trust_install (void);

G_END_DECLS
