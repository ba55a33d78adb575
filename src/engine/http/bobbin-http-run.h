/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-http-context.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * BobbinHttpRun:
 *
 * A context in use: what one run of a job sends along with its requests, and whom it trusts. In the
 * thread that made it only; messages that it was applied to keep it alive.
 */
typedef struct _BobbinHttpRun BobbinHttpRun;

BobbinHttpRun *bobbin_http_run_new           (BobbinHttpContext *context,
                                              const char        *first_url,
                                              GError           **error);
BobbinHttpRun *bobbin_http_run_ref           (BobbinHttpRun *self);
void           bobbin_http_run_unref         (BobbinHttpRun *self);
void           bobbin_http_run_apply         (BobbinHttpRun *self,
                                              SoupMessage   *message);
GError        *bobbin_http_run_explain_login (BobbinHttpRun *self,
                                              SoupMessage   *message);
gboolean       bobbin_http_run_is_private    (BobbinHttpRun *self);
const char    *bobbin_http_run_get_realm     (BobbinHttpRun *self);

gboolean       bobbin_http_is_same_origin    (GUri *a,
                                              GUri *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinHttpRun, bobbin_http_run_unref)

G_END_DECLS
