/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-http-context.h"

G_BEGIN_DECLS

/**
 * BobbinCliRequest:
 *
 * The options that say what goes with a request, as they were typed. Plain data; zeroes are none.
 */
typedef struct
{
  /*< private >*/
  char **headers;
  char *user_agent;
  char *referer;
  char *cookie_file;
  char *user;
  char *ca_file;
} BobbinCliRequest;

GOptionGroup *bobbin_cli_request_make_group (BobbinCliRequest *self);
BobbinHttpContext *bobbin_cli_request_make_context (BobbinCliRequest *self, GError **error);
void bobbin_cli_request_clear (BobbinCliRequest *self);

G_END_DECLS
