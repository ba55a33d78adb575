/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-probe-options.h"
#include "bobbin-probe-private.h"

G_BEGIN_DECLS

/* The kinds that look at servers, and what can be set for them. */
extern const BobbinProbeOption bobbin_probe_http_options[];
extern const BobbinProbeOption bobbin_probe_certificate_options[];
extern const BobbinProbeOption bobbin_probe_dns_options[];
extern const BobbinProbeOption bobbin_probe_ping_options[];
extern const BobbinProbeOption bobbin_probe_page_options[];

BobbinProbe *bobbin_probe_certificate_new (const char *address,
                                           GVariant   *options,
                                           GError    **error);
BobbinProbe *bobbin_probe_dns_new         (const char *target,
                                           GVariant   *options,
                                           GError    **error);
BobbinProbe *bobbin_probe_ping_new        (const char *target,
                                           GVariant   *options,
                                           GError    **error);
BobbinProbe *bobbin_probe_page_new        (const char *target,
                                           GVariant   *options,
                                           GError    **error);

G_END_DECLS
