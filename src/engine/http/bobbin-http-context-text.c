/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A context as two texts: one for the store, which holds nothing secret, and one with the secrets,
 * for where passwords are kept. Both are dictionaries in GVariant's text format. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-context-private.h"

#include "bobbin-error.h"

#include <glib/gi18n-lib.h>

static void
add_string (GVariantBuilder *builder, const char *key, const char *value)
{
  if (value != NULL)
    g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (value));
}

/* A file's name need not be UTF-8. */
static void
add_path (GVariantBuilder *builder, const char *key, const char *path)
{
  if (path != NULL)
    g_variant_builder_add (builder, "{sv}", key, g_variant_new_bytestring (path));
}

static gboolean
context_has_headers (BobbinHttpContext *self, gboolean secret)
{
  for (char **line = self->headers; *line != NULL; line++)
    if (bobbin_http_is_secret_header (*line) == secret)
      return TRUE;

  return FALSE;
}

static void
context_add_headers (BobbinHttpContext *self, GVariantBuilder *builder, gboolean secret)
{
  GVariantBuilder lines;

  if (!context_has_headers (self, secret))
    return;

  g_variant_builder_init (&lines, G_VARIANT_TYPE_STRING_ARRAY);
  for (char **line = self->headers; *line != NULL; line++)
    if (bobbin_http_is_secret_header (*line) == secret)
      g_variant_builder_add (&lines, "s", *line);
  g_variant_builder_add (builder, "{sv}", "headers", g_variant_builder_end (&lines));
}

static gboolean
context_has_secrets (BobbinHttpContext *self)
{
  return self->user != NULL || context_has_headers (self, TRUE);
}

static char *
print (GVariantBuilder *builder)
{
  g_autoptr (GVariant) dictionary = g_variant_ref_sink (g_variant_builder_end (builder));

  return g_variant_print (dictionary, FALSE);
}

/**
 * bobbin_http_context_to_text:
 * @self: a context
 *
 * What of a context may be stored anywhere: all but the login and the headers of which
 * bobbin_http_is_secret_header() says that they may hold a secret. That there are some is noted.
 *
 * Returns: (transfer full): one line of text
 */
char *
bobbin_http_context_to_text (BobbinHttpContext *self)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  context_add_headers (self, &builder, FALSE);
  add_string (&builder, "referrer", self->referrer);
  add_string (&builder, "user-agent", self->user_agent);
  add_path (&builder, "cookie-file", self->cookie_file);
  add_path (&builder, "ca-file", self->ca_file);
  if (self->lacks_secrets || context_has_secrets (self))
    g_variant_builder_add (&builder, "{sv}", "has-secrets", g_variant_new_boolean (TRUE));

  return print (&builder);
}

/**
 * bobbin_http_context_to_secrets:
 * @self: a context
 *
 * The login and the headers that bobbin_http_context_to_text() leaves out.
 *
 * Returns: (transfer full) (nullable): one line of text that is a secret, or %NULL if there is none
 */
char *
bobbin_http_context_to_secrets (BobbinHttpContext *self)
{
  GVariantBuilder builder;

  if (!context_has_secrets (self))
    return NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  context_add_headers (self, &builder, TRUE);
  add_string (&builder, "user", self->user);
  add_string (&builder, "password", self->password);

  return print (&builder);
}

/* GLib's words would repeat what could not be read. */
static GVariant *
parse (const char *text, GError **error)
{
  GVariant *dictionary = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, NULL);

  if (dictionary == NULL)
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                         _ ("What was set for this download cannot be read any more."));

  return dictionary;
}

static void
add_lines (GStrvBuilder *headers, GVariant *dictionary)
{
  g_autofree const char **lines = NULL;

  if (g_variant_lookup (dictionary, "headers", "^a&s", &lines))
    g_strv_builder_addv (headers, lines);
}

/* What the secrets do not hold stays as it is. */
static void
take_secrets (BobbinHttpSettings *settings, GStrvBuilder *headers, GVariant *secrets)
{
  add_lines (headers, secrets);
  g_variant_lookup (secrets, "user", "&s", &settings->user);
  g_variant_lookup (secrets, "password", "&s", &settings->password);
}

/**
 * bobbin_http_context_new_from_text:
 * @text: what bobbin_http_context_to_text() gave
 * @secrets: (nullable): what bobbin_http_context_to_secrets() gave, if that can be had
 * @error: return location for a %BOBBIN_ERROR_BAD_SETTING
 *
 * Brings back a context. What is in @text is looked at as if a person had set it; keys that are not
 * known are left out. A user name in @text is of an earlier version, which kept it there. Any
 * thread.
 *
 * Returns: (transfer full) (nullable): a context, which lacks its secrets if @secrets is %NULL
 */
BobbinHttpContext *
bobbin_http_context_new_from_text (const char *text, const char *secrets, GError **error)
{
  g_autoptr (GVariant) open = NULL;
  g_autoptr (GVariant) closed = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) headers = NULL;
  BobbinHttpSettings settings = { 0 };
  BobbinHttpContext *self;

  g_return_val_if_fail (text != NULL, NULL);

  open = parse (text, error);
  if (open == NULL || (secrets != NULL && (closed = parse (secrets, error)) == NULL))
    return NULL;

  add_lines (builder, open);
  g_variant_lookup (open, "referrer", "&s", &settings.referrer);
  g_variant_lookup (open, "user-agent", "&s", &settings.user_agent);
  g_variant_lookup (open, "cookie-file", "^&ay", &settings.cookie_file);
  g_variant_lookup (open, "user", "&s", &settings.user);
  g_variant_lookup (open, "ca-file", "^&ay", &settings.ca_file);
  if (closed != NULL)
    take_secrets (&settings, builder, closed);
  headers = g_strv_builder_end (builder);
  settings.headers = (const char *const *) headers;

  self = bobbin_http_context_new (&settings, error);
  if (self != NULL && closed == NULL)
    g_variant_lookup (open, "has-secrets", "b", &self->lacks_secrets);

  return self;
}

/**
 * bobbin_http_context_new_with_secrets:
 * @self: a context that lacks its secrets
 * @secrets: what bobbin_http_context_to_secrets() gave
 * @error: return location for a %BOBBIN_ERROR_BAD_SETTING
 *
 * Makes a context of what @self has and of its secrets. Any thread.
 *
 * Returns: (transfer full) (nullable): a context that is whole
 */
BobbinHttpContext *
bobbin_http_context_new_with_secrets (BobbinHttpContext *self, const char *secrets, GError **error)
{
  g_autoptr (GVariant) closed = parse (secrets, error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) headers = NULL;
  BobbinHttpSettings settings = self->settings;

  if (closed == NULL)
    return NULL;

  g_strv_builder_addv (builder, (const char **) self->headers);
  take_secrets (&settings, builder, closed);
  headers = g_strv_builder_end (builder);
  settings.headers = (const char *const *) headers;

  return bobbin_http_context_new (&settings, error);
}

/**
 * bobbin_http_context_lacks_secrets:
 * @self: a context
 *
 * Returns: whether it was brought back without the secrets that it once had
 */
gboolean
bobbin_http_context_lacks_secrets (BobbinHttpContext *self)
{
  return self->lacks_secrets;
}
