/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a person sets for the requests of a job, looked at once, so that whoever sends them need
 * not. How it is put away and brought back is in bobbin-http-context-text.c, what of it goes with
 * which request in bobbin-http-run.c. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-context-private.h"

#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-http-policy.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING, sentence);

  return FALSE;
}

/* Text without control characters. */
static gboolean
is_line (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      return FALSE;

  return g_utf8_validate (text, -1, NULL);
}

static gboolean
is_named (const char *line, const char *name)
{
  const gsize length = strlen (name);

  return bobbin_http_header_name_length (line) == length &&
         g_ascii_strncasecmp (line, name, length) == 0;
}

/* For those of which a request has but one. */
static gboolean
refuse_second (const char *name, GError **error)
{
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
               /* Translators: %s is the name of an HTTP header */
               _ ("The header “%s” is set twice."), name);

  return FALSE;
}

/* Parsed, if it is an address that a page can have. */
static GUri *
parse_web_address (const char *text)
{
  g_autoptr (GUri) uri = is_line (text) ? g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL) : NULL;

  if (uri == NULL || !bobbin_http_has_valid_host (uri) ||
      (!g_str_equal (g_uri_get_scheme (uri), "http") &&
       !g_str_equal (g_uri_get_scheme (uri), "https")))
    return NULL;

  return g_steal_pointer (&uri);
}

/* RFC 9110 §10.1.3: no fragment and no userinfo. */
static gboolean
clean_referrer (char **referrer, GError **error)
{
  g_autoptr (GUri) uri = NULL;
  g_autofree char *address = NULL;
  g_autofree char *shown = NULL;

  if (*referrer == NULL)
    return TRUE;

  uri = parse_web_address (*referrer);
  if (uri != NULL)
    {
      g_free (*referrer);
      *referrer = g_uri_to_string_partial (uri, G_URI_HIDE_USERINFO | G_URI_HIDE_FRAGMENT);
      return TRUE;
    }

  address = bobbin_display_address (*referrer);
  shown = bobbin_display_text (address);
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
               /* Translators: %s is what was given as the page that a file was linked from */
               _ ("The referrer “%s” is not a web address."), shown);

  return FALSE;
}

/* What has a setting of its own, and what would not be sent as it was given: who copies a request
 * from a browser has them among the headers. Takes @value if the header is not one of the others.
 */
static gboolean
context_take_own (BobbinHttpContext *self, const char *line, char **value, GError **error)
{
  if (is_named (line, "User-Agent"))
    {
      if (self->user_agent != NULL)
        return refuse_second ("User-Agent", error);
      self->user_agent = g_steal_pointer (value);
    }
  else if (is_named (line, "Referer"))
    {
      if (self->referrer != NULL || self->has_referrer_header)
        return refuse_second ("Referer", error);
      self->has_referrer_header = TRUE;
      return clean_referrer (value, error);
    }

  return TRUE;
}

static gboolean
context_take_header (BobbinHttpContext *self,
                     const char *line,
                     GStrvBuilder *headers,
                     GError **error)
{
  const gsize length = bobbin_http_header_name_length (line);
  g_autofree char *value = NULL;
  g_autofree char *kept = NULL;

  if (!bobbin_http_check_header (line, error))
    return FALSE;

  value = g_strstrip (g_strdup (line + length + 1));
  if (!context_take_own (self, line, &value, error))
    return FALSE;
  if (value == NULL)
    return TRUE;

  kept = g_strdup_printf ("%.*s: %s", (int) length, line, value);
  g_strv_builder_add (headers, kept);

  return TRUE;
}

static gboolean
context_take_headers (BobbinHttpContext *self, const char *const *lines, GError **error)
{
  g_autoptr (GStrvBuilder) headers = g_strv_builder_new ();

  for (; lines != NULL && *lines != NULL; lines++)
    if (!context_take_header (self, *lines, headers, error))
      return FALSE;

  self->headers = g_strv_builder_end (headers);

  return TRUE;
}

/* RFC 7617 §2 */
static gboolean
context_check_login (BobbinHttpContext *self, GError **error)
{
  if (self->user == NULL)
    return self->password == NULL ||
           refuse (error, _ ("There is a password, but no user name for it."));
  if (!is_line (self->user) || strchr (self->user, ':') != NULL)
    return refuse (error, _ ("A user name must be text in a single line, without a colon."));
  if (self->password != NULL && !is_line (self->password))
    return refuse (error, _ ("A password must be text in a single line."));
  if (bobbin_http_context_get_header (self, "Authorization") != NULL)
    return refuse (error,
                   /* Translators: keep “Authorization” */
                   _ ("Set a user name or the header “Authorization”, but not both."));

  return TRUE;
}

static gboolean
context_check (BobbinHttpContext *self, GError **error)
{
  if (self->user_agent != NULL && !is_line (self->user_agent))
    return refuse (error, _ ("The user agent must be text in a single line."));

  return clean_referrer (&self->referrer, error) && context_check_login (self, error);
}

static char *
copy_unless_empty (const char *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

/* Absolute, as the job may run in a program that was started elsewhere. */
static char *
copy_path (const char *path)
{
  return path != NULL && *path != '\0' ? g_canonicalize_filename (path, NULL) : NULL;
}

/**
 * bobbin_http_context_new:
 * @settings: what a person set
 * @error: return location for a %BOBBIN_ERROR_BAD_SETTING
 *
 * Looks at settings and keeps a copy. What is empty counts as not set, file names become absolute,
 * the referrer loses what must not be sent, and a header named User-Agent becomes the setting of
 * that kind. Whether the files can be read shows when they are used. Any thread.
 *
 * Returns: (transfer full) (nullable): a context, or %NULL when something in it cannot be used
 */
BobbinHttpContext *
bobbin_http_context_new (const BobbinHttpSettings *settings, GError **error)
{
  g_autoptr (BobbinHttpContext) self = g_atomic_rc_box_new0 (BobbinHttpContext);

  g_return_val_if_fail (settings != NULL, NULL);

  self->referrer = copy_unless_empty (settings->referrer);
  self->user_agent = copy_unless_empty (settings->user_agent);
  self->cookie_file = copy_path (settings->cookie_file);
  self->user = copy_unless_empty (settings->user);
  /* An empty password is one; without a user it is none. */
  self->password =
    self->user != NULL ? g_strdup (settings->password) : copy_unless_empty (settings->password);
  self->ca_file = copy_path (settings->ca_file);
  if (!context_take_headers (self, settings->headers, error) || !context_check (self, error))
    return NULL;

  self->settings = (BobbinHttpSettings){
    .headers = (const char *const *) self->headers,
    .referrer = self->referrer,
    .user_agent = self->user_agent,
    .cookie_file = self->cookie_file,
    .user = self->user,
    .password = self->password,
    .ca_file = self->ca_file,
  };

  return g_steal_pointer (&self);
}

/**
 * bobbin_http_context_ref:
 * @self: a context
 *
 * Returns: (transfer full): @self
 */
BobbinHttpContext *
bobbin_http_context_ref (BobbinHttpContext *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
context_clear (gpointer data)
{
  BobbinHttpContext *self = data;

  g_strfreev (self->headers);
  g_free (self->referrer);
  g_free (self->user_agent);
  g_free (self->cookie_file);
  g_free (self->user);
  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->ca_file);
}

/**
 * bobbin_http_context_unref:
 * @self: (transfer full): a context
 */
void
bobbin_http_context_unref (BobbinHttpContext *self)
{
  g_atomic_rc_box_release_full (self, context_clear);
}

/**
 * bobbin_http_context_get_settings:
 * @self: a context
 *
 * What is set, as it will be used. A copy of it with something changed, a password that was asked
 * for, say, makes another context. Any thread.
 *
 * Returns: (transfer none): settings that last as long as @self; the headers are never %NULL
 */
const BobbinHttpSettings *
bobbin_http_context_get_settings (BobbinHttpContext *self)
{
  return &self->settings;
}

/**
 * bobbin_http_context_get_header:
 * @self: a context
 * @name: the name of a header field, in any case
 *
 * Returns: (transfer none) (nullable): the value of the first header that was set by this name
 */
const char *
bobbin_http_context_get_header (BobbinHttpContext *self, const char *name)
{
  for (char **line = self->headers; *line != NULL; line++)
    if (is_named (*line, name))
      return *line + strlen (name) + strlen (": ");

  return NULL;
}

/**
 * bobbin_http_context_new_for_address:
 * @address: a web address
 *
 * Takes the login out of an address (RFC 3986 §3.2.1), where it would be seen and kept: what is
 * left of that is what bobbin_http_strip_userinfo() gives. Any thread.
 *
 * Returns: (transfer full) (nullable): a context with that login; %NULL if there is none that could
 *   be used
 */
BobbinHttpContext *
bobbin_http_context_new_for_address (const char *address)
{
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  BobbinHttpSettings settings = { 0 };

  if (uri == NULL || g_uri_get_user (uri) == NULL || *g_uri_get_user (uri) == '\0')
    return NULL;

  settings.user = g_uri_get_user (uri);
  settings.password = g_uri_get_password (uri);

  return bobbin_http_context_new (&settings, NULL);
}

/**
 * bobbin_http_context_has_login:
 * @self: a context
 *
 * Returns: whether it says who asks
 */
gboolean
bobbin_http_context_has_login (BobbinHttpContext *self)
{
  return self->user != NULL || bobbin_http_context_get_header (self, "Authorization") != NULL;
}

/**
 * bobbin_http_context_new_with_login_of:
 * @self: a context without a login
 * @from: one that has a user name, at least
 *
 * Returns: (transfer full): a context of what @self has and of the login of @from
 */
BobbinHttpContext *
bobbin_http_context_new_with_login_of (BobbinHttpContext *self, BobbinHttpContext *from)
{
  BobbinHttpSettings settings = self->settings;

  g_return_val_if_fail (!bobbin_http_context_has_login (self), NULL);

  settings.user = from->user;
  settings.password = from->password;

  return bobbin_http_context_new (&settings, NULL);
}

/**
 * bobbin_http_context_is_empty:
 * @self: a context
 *
 * Returns: whether nothing at all is set, and nothing was that is lacking now
 */
gboolean
bobbin_http_context_is_empty (BobbinHttpContext *self)
{
  return *self->headers == NULL && self->referrer == NULL && self->user_agent == NULL &&
         self->cookie_file == NULL && self->user == NULL && self->ca_file == NULL &&
         !self->lacks_secrets;
}
