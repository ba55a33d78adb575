/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

double bobbin_certificate_days_left (GTlsCertificate *certificate,
                                     GDateTime       *now);
void   bobbin_certificate_describe  (GTlsCertificate *certificate,
                                     GVariantDict    *details);

G_END_DECLS
