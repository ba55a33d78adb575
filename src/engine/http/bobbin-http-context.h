/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BobbinHttpSettings:
 * @headers: (nullable) (array zero-terminated=1): more header fields, each as “Name: value”
 * @referrer: (nullable): the address that the file was linked from
 * @user_agent: (nullable): what to call oneself, instead of Bobbin
 * @cookie_file: (nullable) (type filename): cookies to send, in Netscape's format
 * @user: (nullable): a user name
 * @password: (nullable): and the password
 * @ca_file: (nullable) (type filename): more certificates to trust, in PEM
 *
 * What a person can set for the requests of a job. Plain text, not yet looked at; all %NULL is
 * nothing set.
 */
typedef struct
{
  const char *const *headers;
  const char        *referrer;
  const char        *user_agent;
  const char        *cookie_file;
  const char        *user;
  const char        *password;
  const char        *ca_file;
} BobbinHttpSettings;

/**
 * BobbinHttpContext:
 *
 * Settings that were looked at and can be used. Never changes, is counted atomically, and may be
 * used by several threads at once.
 */
typedef struct _BobbinHttpContext BobbinHttpContext;

BobbinHttpContext        *bobbin_http_context_new           (const BobbinHttpSettings *settings,
                                                             GError                  **error);
BobbinHttpContext        *bobbin_http_context_ref           (BobbinHttpContext *self);
void                      bobbin_http_context_unref         (BobbinHttpContext *self);
const BobbinHttpSettings *bobbin_http_context_get_settings  (BobbinHttpContext *self);
const char               *bobbin_http_context_get_header    (BobbinHttpContext *self,
                                                             const char        *name);
gboolean                  bobbin_http_context_is_empty      (BobbinHttpContext *self);

BobbinHttpContext        *bobbin_http_context_new_from_text (const char *text,
                                                             const char *secrets,
                                                             GError    **error);
BobbinHttpContext        *bobbin_http_context_new_with_secrets (BobbinHttpContext *self,
                                                                const char        *secrets,
                                                                GError           **error);
BobbinHttpContext        *bobbin_http_context_new_for_address (const char *address);
BobbinHttpContext        *bobbin_http_context_new_with_login_of (BobbinHttpContext *self,
                                                                 BobbinHttpContext *from);
gboolean                  bobbin_http_context_has_login     (BobbinHttpContext *self);
char                     *bobbin_http_context_to_text       (BobbinHttpContext *self);
char                     *bobbin_http_context_to_secrets    (BobbinHttpContext *self);
gboolean                  bobbin_http_context_lacks_secrets (BobbinHttpContext *self);

gboolean                  bobbin_http_check_header          (const char *line,
                                                             GError    **error);
gboolean                  bobbin_http_is_secret_header      (const char *line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinHttpContext, bobbin_http_context_unref)

G_END_DECLS
