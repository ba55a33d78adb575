/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-http-context.h"
#include "bobbin-rate-limiter.h"

G_BEGIN_DECLS

/**
 * BobbinHostRule:
 * @host: the server, with all below it; see bobbin_host_suffix_normalize()
 * @connections: at most so many for one file; 0 for what the download says
 * @limit_rate: bytes a second, all downloads from there together; 0 for no limit
 * @headers: (array zero-terminated=1): more header fields, each as “Name: value”
 * @user_agent: what to call oneself; empty for what the download says
 * @user: a user name; empty for none
 * @password: (nullable): and the password, where it is known
 * @limiter: the limit, live
 *
 * How one server is asked, in addition to what a download says itself.
 */
typedef struct
{
  char              *host;
  guint              connections;
  guint64            limit_rate;
  char             **headers;
  char              *user_agent;
  char              *user;
  char              *password;
  BobbinRateLimiter *limiter;
} BobbinHostRule;

BobbinHostRule    *bobbin_host_rule_new            (void);
void               bobbin_host_rule_free           (BobbinHostRule *self);
gboolean           bobbin_host_rule_check          (const BobbinHostRule *self,
                                                    GError              **error);
BobbinHttpContext *bobbin_host_rule_add_to_context (const BobbinHostRule *self,
                                                    BobbinHttpContext    *context);

BobbinHostRule    *bobbin_host_rule_new_from_variant (GVariant *variant);
GVariant          *bobbin_host_rule_to_variant       (const BobbinHostRule *self);

/* Those that hold in this process. Main thread only. */
void               bobbin_host_rules_set           (GVariant *variant);
void               bobbin_host_rules_set_password  (const char *host,
                                                    const char *user,
                                                    const char *password);
const BobbinHostRule *
                   bobbin_host_rules_find          (const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinHostRule, bobbin_host_rule_free)

G_END_DECLS
