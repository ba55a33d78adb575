/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How single servers are asked: with how many connections, how fast, with which headers and which
 * login. A run takes it along when it begins. The rules of the process are few and are gone through
 * in their order; the limiter of one lives on when the others change, and with it the downloads
 * that keep to it. No password is kept with them. A rule by itself may be used in any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-host-rule.h"

#include "bobbin-error.h"
#include "bobbin-host-suffix.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_CONNECTIONS 32

/* (owned) (nullable) (element-type BobbinHostRule): main thread only */
static GPtrArray *rules;

/**
 * bobbin_host_rule_new:
 *
 * Returns: (transfer full): a rule that is of no server and changes nothing
 */
BobbinHostRule *
bobbin_host_rule_new (void)
{
  BobbinHostRule *self = g_new0 (BobbinHostRule, 1);

  self->host = g_strdup ("");
  self->headers = g_new0 (char *, 1);
  self->user_agent = g_strdup ("");
  self->user = g_strdup ("");
  self->limiter = bobbin_rate_limiter_new (0);

  return self;
}

static void
wipe (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

/**
 * bobbin_host_rule_free:
 * @self: (transfer full): a rule
 */
void
bobbin_host_rule_free (BobbinHostRule *self)
{
  g_free (self->host);
  g_strfreev (self->headers);
  g_free (self->user_agent);
  g_free (self->user);
  wipe (self->password);
  bobbin_rate_limiter_unref (self->limiter);
  g_free (self);
}

static void
take_string (GVariantDict *dict, const char *key, char **where)
{
  char *text;

  if (!g_variant_dict_lookup (dict, key, "s", &text))
    return;

  g_free (*where);
  *where = text;
}

/**
 * bobbin_host_rule_new_from_variant:
 * @variant: an `a{sv}`, as bobbin_host_rule_to_variant() makes it
 *
 * What is not known, or has another type than it should, is left out.
 *
 * Returns: (transfer full): a rule, without a password
 */
BobbinHostRule *
bobbin_host_rule_new_from_variant (GVariant *variant)
{
  BobbinHostRule *self = bobbin_host_rule_new ();
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (variant);
  char **headers;

  take_string (&dict, "host", &self->host);
  take_string (&dict, "user-agent", &self->user_agent);
  take_string (&dict, "user", &self->user);
  g_variant_dict_lookup (&dict, "connections", "u", &self->connections);
  g_variant_dict_lookup (&dict, "limit-rate", "t", &self->limit_rate);
  if (g_variant_dict_lookup (&dict, "headers", "^as", &headers))
    {
      g_strfreev (self->headers);
      self->headers = headers;
    }
  self->connections = MIN (self->connections, MAX_CONNECTIONS);
  self->limit_rate = MIN (self->limit_rate, G_MAXINT64);
  bobbin_rate_limiter_set_rate (self->limiter, self->limit_rate);

  return self;
}

/**
 * bobbin_host_rule_to_variant:
 * @self: a rule
 *
 * Returns: (transfer floating): an `a{sv}`, without the password
 */
GVariant *
bobbin_host_rule_to_variant (const BobbinHostRule *self)
{
  GVariantBuilder builder;

  g_return_val_if_fail (self != NULL, NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "host", g_variant_new_string (self->host));
  g_variant_builder_add (&builder, "{sv}", "connections", g_variant_new_uint32 (self->connections));
  g_variant_builder_add (&builder, "{sv}", "limit-rate", g_variant_new_uint64 (self->limit_rate));
  g_variant_builder_add (&builder, "{sv}", "headers",
                         g_variant_new_strv ((const char *const *) self->headers, -1));
  g_variant_builder_add (&builder, "{sv}", "user-agent", g_variant_new_string (self->user_agent));
  g_variant_builder_add (&builder, "{sv}", "user", g_variant_new_string (self->user));

  return g_variant_builder_end (&builder);
}

static BobbinHttpContext *
make_context (const BobbinHostRule *self, GError **error)
{
  const BobbinHttpSettings settings = {
    .headers = (const char *const *) self->headers,
    .user_agent = self->user_agent,
    .user = self->user,
    .password = self->password,
  };

  return bobbin_http_context_new (&settings, error);
}

/**
 * bobbin_host_rule_check:
 * @self: a rule
 * @error: return location for a %BOBBIN_ERROR_BAD_SETTING
 *
 * A secret header is refused: the settings are no place for it.
 *
 * Returns: whether all of it can be used
 */
gboolean
bobbin_host_rule_check (const BobbinHostRule *self, GError **error)
{
  g_autoptr (BobbinHttpContext) context = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; self->headers[i] != NULL; i++)
    if (bobbin_http_is_secret_header (self->headers[i]))
      {
        g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                             _ ("A header with a secret can only be set for a single download."));
        return FALSE;
      }

  context = make_context (self, error);

  return context != NULL;
}

/* Also in a setting of its own: what is said twice is no context. */
static gboolean
says (BobbinHttpContext *context, const char *name)
{
  const BobbinHttpSettings *settings = bobbin_http_context_get_settings (context);

  if (g_ascii_strcasecmp (name, "User-Agent") == 0)
    return settings->user_agent != NULL;
  if (g_ascii_strcasecmp (name, "Referer") == 0)
    return settings->referrer != NULL;

  return bobbin_http_context_get_header (context, name) != NULL;
}

/* Those of the rule that the download does not have. */
static GStrv
merge_headers (const BobbinHostRule *self, BobbinHttpContext *context)
{
  g_autoptr (GStrvBuilder) headers = g_strv_builder_new ();

  g_strv_builder_addv (headers,
                       (const char **) bobbin_http_context_get_settings (context)->headers);
  for (guint i = 0; self->headers[i] != NULL; i++)
    {
      g_autofree char *name = g_strndup (self->headers[i], strcspn (self->headers[i], ":"));

      if (!says (context, g_strstrip (name)))
        g_strv_builder_add (headers, self->headers[i]);
    }

  return g_strv_builder_end (headers);
}

/**
 * bobbin_host_rule_add_to_context:
 * @self: a rule
 * @context: (nullable): what a download says itself, which counts more
 *
 * Returns: (transfer full) (nullable): what its requests say; %NULL for nothing
 */
BobbinHttpContext *
bobbin_host_rule_add_to_context (const BobbinHostRule *self, BobbinHttpContext *context)
{
  BobbinHttpContext *merged;
  g_auto (GStrv) headers = NULL;
  BobbinHttpSettings settings;

  g_return_val_if_fail (self != NULL, NULL);

  if (context == NULL)
    return make_context (self, NULL);

  headers = merge_headers (self, context);
  settings = *bobbin_http_context_get_settings (context);
  settings.headers = (const char *const *) headers;
  if (settings.user_agent == NULL)
    settings.user_agent = self->user_agent;
  if (!bobbin_http_context_has_login (context) && *self->user != '\0')
    {
      settings.user = self->user;
      settings.password = self->password;
    }
  merged = bobbin_http_context_new (&settings, NULL);

  return merged != NULL ? merged : bobbin_http_context_ref (context);
}

/* ---- those of the process */

/* The first one of that name, which is the one that counts. */
static const BobbinHostRule *
find_by_host (GPtrArray *list, const char *host)
{
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const BobbinHostRule *rule = g_ptr_array_index (list, i);

      if (g_str_equal (rule->host, host))
        return rule;
    }

  return NULL;
}

/* What is not in the settings goes on. */
static void
inherit (BobbinHostRule *self)
{
  const BobbinHostRule *old = find_by_host (rules, self->host);

  if (old == NULL)
    return;

  bobbin_rate_limiter_set_rate (old->limiter, self->limit_rate);
  bobbin_rate_limiter_unref (self->limiter);
  self->limiter = bobbin_rate_limiter_ref (old->limiter);
  if (g_str_equal (old->user, self->user))
    self->password = g_strdup (old->password);
}

/**
 * bobbin_host_rules_set:
 * @variant: an `aa{sv}` of rules, in their order
 *
 * Sets the rules of the process: runs that begin from now on keep to them, and a limit that is
 * another one now holds for those that are at work, too.
 */
void
bobbin_host_rules_set (GVariant *variant)
{
  GPtrArray *new_rules = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_host_rule_free);

  for (gsize i = 0; i < g_variant_n_children (variant); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (variant, i);
      BobbinHostRule *rule = bobbin_host_rule_new_from_variant (child);

      /* The second of one name counts for nothing, and has no say in the limit of the first. */
      if (find_by_host (new_rules, rule->host) == NULL)
        inherit (rule);
      g_ptr_array_add (new_rules, rule);
    }

  g_clear_pointer (&rules, g_ptr_array_unref);
  rules = new_rules;
}

/**
 * bobbin_host_rules_set_password:
 * @host: of a rule
 * @user: the user name that it belongs to
 * @password: (nullable): the password; %NULL if there is none any more
 *
 * Does nothing if there is no such rule.
 */
void
bobbin_host_rules_set_password (const char *host, const char *user, const char *password)
{
  BobbinHostRule *rule;

  g_return_if_fail (host != NULL && user != NULL);

  rule = (BobbinHostRule *) find_by_host (rules, host);
  if (rule == NULL || !g_str_equal (rule->user, user))
    return;

  wipe (rule->password);
  rule->password = g_strdup (password);
}

/**
 * bobbin_host_rules_find:
 * @address: where a download comes from
 *
 * Returns: (transfer none) (nullable): the first rule of the process for it
 */
const BobbinHostRule *
bobbin_host_rules_find (const char *address)
{
  g_autofree char *host = NULL;

  g_return_val_if_fail (address != NULL, NULL);

  if (rules == NULL || rules->len == 0)
    return NULL;

  host = bobbin_host_suffix_of_address (address);
  for (guint i = 0; host != NULL && i < rules->len; i++)
    {
      const BobbinHostRule *rule = g_ptr_array_index (rules, i);

      if (bobbin_host_suffix_matches (rule->host, host))
        return rule;
    }

  return NULL;
}
