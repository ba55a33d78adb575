/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Decides what of a context goes with which request of a run. What the user set by hand, and what
 * logs in, goes to the origin of the first address (RFC 6454 §4) and nowhere else, wherever servers
 * lead; cookies go by their own rules; the certificates that the user added are trusted of any host
 * that shows one signed by them. Worker threads only: one thread makes, uses and frees a run.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-run.h"

#include "bobbin-error.h"
#include "bobbin-http-cookies.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

struct _BobbinHttpRun
{
  BobbinHttpContext *context; /* (owned) (nullable) */
  GUri *first;                /* (owned) what is asked first */
  GTlsDatabase *trust;        /* (owned) (nullable) */
  BobbinHttpCookies *cookies; /* (owned) */
  char *realm;                /* (owned) (nullable): see bobbin_http_run_get_realm() */
};

/* What became of a server's wish to know who asks; on the message, as that is what is answered. */
typedef enum
{
  LOGIN_NOT_ASKED,
  LOGIN_NOT_KNOWN,
  LOGIN_NOT_SENT,
  LOGIN_SENT,
} Login;

static const char login_key[] = "bobbin-http-login";

static int
get_port (GUri *uri)
{
  if (g_uri_get_port (uri) > 0)
    return g_uri_get_port (uri);

  return g_str_equal (g_uri_get_scheme (uri), "https") ? 443 : 80;
}

/**
 * bobbin_http_is_same_origin:
 * @a: an http or https address
 * @b: another one
 *
 * Whether two addresses are of one origin (RFC 6454 §5): same scheme, host and port. Any thread.
 *
 * Returns: %TRUE if so
 */
gboolean
bobbin_http_is_same_origin (GUri *a, GUri *b)
{
  return g_ascii_strcasecmp (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0 &&
         g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0 &&
         get_port (a) == get_port (b);
}

static const BobbinHttpSettings *
run_get_settings (BobbinHttpRun *self)
{
  static const BobbinHttpSettings none = { 0 };

  return self->context != NULL ? bobbin_http_context_get_settings (self->context) : &none;
}

static gboolean
run_load_trust (BobbinHttpRun *self, GError **error)
{
  const char *ca_file = run_get_settings (self)->ca_file;
  g_autofree char *name = NULL;

  if (ca_file == NULL)
    return TRUE;

  self->trust = g_tls_file_database_new (ca_file, NULL);
  if (self->trust != NULL)
    return TRUE;

  name = g_filename_display_name (ca_file);
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_CERTIFICATE,
               /* Translators: %s is the name of a file */
               _ ("The certificates in “%s” cannot be read."), name);

  return FALSE;
}

/* One more thing that tells realms apart; what is not there is another thing than what is empty. */
static void
add_to_realm (GChecksum *realm, const char *text)
{
  if (text != NULL)
    g_checksum_update (realm, (const guchar *) text, (gssize) strlen (text) + 1);
  else
    g_checksum_update (realm, (const guchar *) "\n", 1);
}

/* The certificates count as the file is now: it may be another one the next time. */
static char *
run_make_realm (BobbinHttpRun *self)
{
  const BobbinHttpSettings *settings = run_get_settings (self);
  g_autoptr (GChecksum) realm = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *host = g_ascii_strdown (g_uri_get_host (self->first), -1);
  g_autofree char *origin = g_strdup_printf ("%s:%d", host, get_port (self->first));
  g_autofree char *state = NULL;
  GStatBuf status;

  if (!bobbin_http_run_is_private (self))
    return NULL;

  if (settings->ca_file != NULL && g_stat (settings->ca_file, &status) == 0)
    state = g_strdup_printf ("%" G_GINT64_FORMAT ".%09ld %" G_GINT64_FORMAT " %" G_GUINT64_FORMAT,
                             (gint64) status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                             (gint64) status.st_size, (guint64) status.st_ino);
  add_to_realm (realm, g_uri_get_scheme (self->first));
  add_to_realm (realm, origin);
  add_to_realm (realm, settings->ca_file);
  add_to_realm (realm, state);
  add_to_realm (realm, settings->user);
  add_to_realm (realm, settings->password);
  add_to_realm (realm, g_uri_get_userinfo (self->first));

  return g_strdup (g_checksum_get_string (realm));
}

/**
 * bobbin_http_run_new:
 * @context: (nullable): what the user set
 * @first_url: the address that is asked first
 * @error: return location for a %BOBBIN_ERROR
 *
 * Begins to use a context: reads the files that it names, and so may block on the disk. Fails with
 * %BOBBIN_ERROR_CERTIFICATE or %BOBBIN_ERROR_BAD_SETTING where one cannot be read, and with
 * %BOBBIN_ERROR_BAD_ADDRESS if @first_url is no web address.
 *
 * Returns: (transfer full) (nullable): a run
 */
BobbinHttpRun *
bobbin_http_run_new (BobbinHttpContext *context, const char *first_url, GError **error)
{
  g_autoptr (BobbinHttpRun) self = g_atomic_rc_box_new0 (BobbinHttpRun);
  const char *cookie_file;

  self->cookies = bobbin_http_cookies_new ();
  self->context = context != NULL ? bobbin_http_context_ref (context) : NULL;
  self->first = g_uri_parse (first_url, SOUP_HTTP_URI_FLAGS, NULL);
  if (self->first == NULL || g_uri_get_host (self->first) == NULL)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                           _ ("This is not a web address."));
      return NULL;
    }

  cookie_file = run_get_settings (self)->cookie_file;
  if (!run_load_trust (self, error) ||
      (cookie_file != NULL && !bobbin_http_cookies_load (self->cookies, cookie_file, error)))
    return NULL;
  self->realm = run_make_realm (self);

  return g_steal_pointer (&self);
}

/**
 * bobbin_http_run_ref:
 * @self: a run
 *
 * Returns: (transfer full): @self
 */
BobbinHttpRun *
bobbin_http_run_ref (BobbinHttpRun *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
run_clear (gpointer data)
{
  BobbinHttpRun *self = data;

  g_clear_pointer (&self->context, bobbin_http_context_unref);
  g_clear_pointer (&self->first, g_uri_unref);
  g_clear_pointer (&self->cookies, bobbin_http_cookies_free);
  g_clear_object (&self->trust);
  g_free (self->realm);
}

/**
 * bobbin_http_run_unref:
 * @self: (transfer full): a run
 */
void
bobbin_http_run_unref (BobbinHttpRun *self)
{
  g_atomic_rc_box_release_full (self, run_clear);
}

static void
unref_closure (gpointer data, GClosure *closure)
{
  bobbin_http_run_unref (data);
}

static void
run_connect (BobbinHttpRun *self, SoupMessage *message, const char *signal, GCallback callback)
{
  g_signal_connect_data (message, signal, callback, bobbin_http_run_ref (self), unref_closure,
                         G_CONNECT_AFTER);
}

static gboolean
run_is_at_home (BobbinHttpRun *self, SoupMessage *message)
{
  return bobbin_http_is_same_origin (self->first, soup_message_get_uri (message));
}

/* Not from https to http (RFC 9110 §10.1.3). */
static gboolean
is_for (const char *referrer, SoupMessage *message)
{
  return !g_str_has_prefix (referrer, "https:") ||
         g_str_equal (g_uri_get_scheme (soup_message_get_uri (message)), "https");
}

/* Where it comes from, without which page of that it was. */
static char *
dup_origin (const char *referrer)
{
  g_autoptr (GUri) uri = g_uri_parse (referrer, SOUP_HTTP_URI_FLAGS, NULL);

  return g_uri_join (SOUP_HTTP_URI_FLAGS, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                     g_uri_get_port (uri), "/", NULL, NULL);
}

/* Other origins than the first are told no more than a browser tells them by default
 * (strict-origin-when-cross-origin, Referrer Policy §3.7). */
static void
run_set_referrer (BobbinHttpRun *self, SoupMessage *message)
{
  const char *referrer = run_get_settings (self)->referrer;
  g_autofree char *origin = NULL;

  if (referrer == NULL || !is_for (referrer, message))
    return;

  if (!run_is_at_home (self, message))
    referrer = origin = dup_origin (referrer);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Referer", referrer);
}

static void
run_add_headers (BobbinHttpRun *self, SoupMessage *message)
{
  const char *const *line = run_get_settings (self)->headers;

  for (; line != NULL && *line != NULL; line++)
    {
      const char *colon = strchr (*line, ':');
      g_autofree char *name = g_strndup (*line, colon - *line);

      if (g_ascii_strcasecmp (name, "Referer") == 0 && !is_for (colon + strlen (": "), message))
        continue;
      soup_message_headers_append (soup_message_get_request_headers (message), name,
                                   colon + strlen (": "));
    }
}

/* A Cookie header that was set by hand is all that its host gets. */
static void
run_set_cookies (BobbinHttpRun *self, SoupMessage *message)
{
  g_autofree char *cookies = NULL;

  if (self->context != NULL && run_is_at_home (self, message) &&
      bobbin_http_context_get_header (self->context, "Cookie") != NULL)
    return;

  cookies = bobbin_http_cookies_get_header (self->cookies, soup_message_get_uri (message));
  if (cookies != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Cookie", cookies);
}

static void
run_set_user_agent (BobbinHttpRun *self, SoupMessage *message)
{
  const char *user_agent = run_get_settings (self)->user_agent;

  if (user_agent != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "User-Agent",
                                  user_agent);
}

/* libsoup has just written the user agent of its session over ours; and if this is the second time
 * that the message is sent, the first answer may have set cookies. */
static void
on_starting (SoupMessage *message, BobbinHttpRun *self)
{
  run_set_user_agent (self, message);
  run_set_cookies (self, message);
}

static void
on_got_headers (SoupMessage *message, BobbinHttpRun *self)
{
  bobbin_http_cookies_take (self->cookies, message);
}

static void
set_login (SoupMessage *message, Login login)
{
  g_object_set_data (G_OBJECT (message), login_key, GUINT_TO_POINTER (login));
}

/* Only these two are offered, whatever a session may know: the others would send the name of the
 * computer's user, or a ticket of his. */
static gboolean
is_known_scheme (SoupAuth *auth)
{
  const char *scheme = soup_auth_get_scheme_name (auth);

  return g_ascii_strcasecmp (scheme, "Basic") == 0 || g_ascii_strcasecmp (scheme, "Digest") == 0;
}

/* libsoup sends a Basic login in Latin 1 whenever it can. The world has UTF-8, as browsers do and
 * RFC 7617 §2.1 wishes: its bytes, given one by one as the characters of Latin 1, come out as they
 * are. */
static void
log_in (SoupAuth *auth, const char *user, const char *password)
{
  g_autofree char *user_bytes = NULL;
  g_autofree char *password_bytes = NULL;

  if (g_ascii_strcasecmp (soup_auth_get_scheme_name (auth), "Basic") == 0)
    {
      user_bytes = g_convert (user, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
      password_bytes = g_convert (password, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
    }

  soup_auth_authenticate (auth, user_bytes != NULL ? user_bytes : user,
                          password_bytes != NULL ? password_bytes : password);
}

/* Once: a password that was refused is not right the second time. */
static gboolean
on_authenticate (SoupMessage *message, SoupAuth *auth, gboolean is_retry, BobbinHttpRun *self)
{
  const BobbinHttpSettings *settings = run_get_settings (self);

  if (soup_auth_is_for_proxy (auth))
    return FALSE;

  if (!is_known_scheme (auth))
    return FALSE;
  if (settings->user == NULL || settings->password == NULL)
    {
      set_login (message, LOGIN_NOT_KNOWN);
      return FALSE;
    }
  if (!run_is_at_home (self, message))
    {
      set_login (message, LOGIN_NOT_SENT);
      return FALSE;
    }

  set_login (message, LOGIN_SENT);
  if (is_retry)
    return FALSE;

  log_in (auth, settings->user, settings->password);

  return TRUE;
}

static gboolean
on_accept_certificate (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags flags,
                       BobbinHttpRun *self)
{
  GUri *uri = soup_message_get_uri (message);
  g_autoptr (GSocketConnectable) identity = NULL;

  if (!(flags & G_TLS_CERTIFICATE_UNKNOWN_CA))
    return FALSE;

  identity = g_network_address_new (g_uri_get_host (uri), (guint16) get_port (uri));

  return g_tls_database_verify_chain (self->trust, certificate,
                                      G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
                                      G_TLS_DATABASE_VERIFY_NONE, NULL, NULL) == 0;
}

/**
 * bobbin_http_run_apply:
 * @self: a run
 * @message: a request that has not been sent; each redirect is a new one
 *
 * Adds what the user set to a request, and sees to it that passwords, certificates and cookies are
 * asked of @self while it is sent. To be called once for a message, before the headers by which the
 * engine asks for its bytes are set. The message will not follow redirects by itself, for what it
 * holds may not be for where they lead.
 */
void
bobbin_http_run_apply (BobbinHttpRun *self, SoupMessage *message)
{
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  run_set_referrer (self, message);
  if (run_is_at_home (self, message))
    run_add_headers (self, message);
  run_set_cookies (self, message);
  run_set_user_agent (self, message);

  run_connect (self, message, "starting", G_CALLBACK (on_starting));
  run_connect (self, message, "got-headers", G_CALLBACK (on_got_headers));
  run_connect (self, message, "authenticate", G_CALLBACK (on_authenticate));
  if (self->trust != NULL)
    run_connect (self, message, "accept-certificate", G_CALLBACK (on_accept_certificate));
}

/* Whether something went with the request by which the server could know who asks. */
static gboolean
run_was_logged_in (BobbinHttpRun *self, SoupMessage *message)
{
  return run_is_at_home (self, message) &&
         (g_uri_get_user (self->first) != NULL ||
          (self->context != NULL &&
           bobbin_http_context_get_header (self->context, "Authorization") != NULL));
}

/**
 * bobbin_http_run_explain_login:
 * @self: a run
 * @message: a message of @self that was answered with 401
 *
 * Puts into words why a server does not answer without a login, and what to do: there is no
 * password yet, the one there is is wrong, it was not sent as it is for another host, or the server
 * wants something that Bobbin does not know.
 *
 * Returns: (transfer full): a new %BOBBIN_ERROR_LOGIN_REQUIRED
 */
GError *
bobbin_http_run_explain_login (BobbinHttpRun *self, SoupMessage *message)
{
  const char *host = g_uri_get_host (soup_message_get_uri (message));
  const Login login = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (message), login_key));

#define login_error(text) g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_LOGIN_REQUIRED, text, host)
  if (login == LOGIN_SENT || run_was_logged_in (self, message))
    /* Translators: %s is a host's name, here and in the next three */
    return login_error (_ ("%s does not accept this login. Enter another one."));
  if (login == LOGIN_NOT_SENT)
    /* Translators: %s is a host, such as example.org */
    return login_error (_ ("%s wants a password. Yours was not sent, as the address leads there "
                           "only by a redirect. Add the file’s own address."));
  if (login == LOGIN_NOT_KNOWN ||
      (self->context != NULL && bobbin_http_context_lacks_secrets (self->context)))
    /* Translators: %s is a host, such as example.org */
    return login_error (_ ("%s wants a user name and a password. Enter them."));

  /* Translators: %s is a host, such as example.org */
  return login_error (_ ("%s wants a login of a kind that Bobbin does not know."));
#undef login_error
}

/**
 * bobbin_http_run_is_private:
 * @self: a run
 *
 * Whether a session that sends messages of @self may come to trust a server, or to be trusted by
 * one, in a way that is not everybody's.
 *
 * Returns: %TRUE if so
 */
gboolean
bobbin_http_run_is_private (BobbinHttpRun *self)
{
  return self->trust != NULL || run_get_settings (self)->user != NULL ||
         g_uri_get_userinfo (self->first) != NULL;
}

/**
 * bobbin_http_run_get_realm:
 * @self: a run
 *
 * Tells apart whose connections and logins a run may use, see bobbin_http_session_enter(). Private
 * runs are of one realm if they begin at the same origin, trust the same certificates and log in as
 * the same user. Nothing of that can be read out of it.
 *
 * Returns: (transfer none) (nullable): the realm, or %NULL for everybody's
 */
const char *
bobbin_http_run_get_realm (BobbinHttpRun *self)
{
  return self->realm;
}
