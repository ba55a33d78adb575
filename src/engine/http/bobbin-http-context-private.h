/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-http-context.h"

G_BEGIN_DECLS

struct _BobbinHttpContext
{
  BobbinHttpSettings settings; /* views of what follows */

  char   **headers;     /* (owned) each as “Name: value” */
  char    *referrer;    /* (owned) (nullable) without user, password and fragment */
  char    *user_agent;  /* (owned) (nullable) */
  char    *cookie_file; /* (owned) (nullable) absolute */
  char    *user;        /* (owned) (nullable) */
  char    *password;    /* (owned) (nullable) */
  char    *ca_file;     /* (owned) (nullable) absolute */
  gboolean lacks_secrets;
  gboolean has_referrer_header; /* one of the headers is a Referer */
};

gsize bobbin_http_header_name_length (const char *line);

G_END_DECLS
