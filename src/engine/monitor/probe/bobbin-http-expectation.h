/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-probe-options.h"

G_BEGIN_DECLS

/*
 * BobbinHttpExpectation:
 *
 * What an answer has to be like for a server to be up. Never changes; any thread.
 */
typedef struct _BobbinHttpExpectation BobbinHttpExpectation;

BobbinHttpExpectation *bobbin_http_expectation_new         (const BobbinProbeOption *table,
                                                            GVariant                *options,
                                                            GError                 **error);
void                   bobbin_http_expectation_free        (BobbinHttpExpectation *self);
gboolean               bobbin_http_expectation_is_status   (const BobbinHttpExpectation *self,
                                                            guint                        status);
gboolean               bobbin_http_expectation_wants_body  (const BobbinHttpExpectation *self);
gboolean               bobbin_http_expectation_is_quick    (const BobbinHttpExpectation *self);
gboolean               bobbin_http_expectation_check_status (const BobbinHttpExpectation *self,
                                                            guint                        status,
                                                            const char                  *host,
                                                            GError                     **error);
gboolean
bobbin_http_expectation_check_body (const BobbinHttpExpectation *self,
                                    const char                  *text,
                                    const char                  *host,
                                    GCancellable                *cancellable,
                                    GError                     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinHttpExpectation, bobbin_http_expectation_free)

G_END_DECLS
