/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The options of `bobbin-cli get` that say what goes with its requests: header fields, cookies, a
 * login, certificates. What can be wrong with them is found before a password is asked for. Main
 * thread only, before anything runs.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-request.h"

#include "bobbin-cli-options.h"
#include "bobbin-cli-password.h"
#include "bobbin-http-cookies.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * bobbin_cli_request_make_group:
 * @self: where what is typed goes to
 *
 * Returns: (transfer full): the options
 */
GOptionGroup *
bobbin_cli_request_make_group (BobbinCliRequest *self)
{
  const GOptionEntry entries[] = {
    { "header", 'H', 0, G_OPTION_ARG_STRING_ARRAY, &self->headers,
      N_ ("One more header field; repeatable"),
      /* Translators: stands for a header field, such as 'Accept: text/plain' */
      N_ ("'Name: value'") },
    { "user-agent", 0, 0, G_OPTION_ARG_STRING, &self->user_agent,
      N_ ("What to call oneself (default: Bobbin)"), N_ ("TEXT") },
    { "referer", 0, 0, G_OPTION_ARG_STRING, &self->referer,
      N_ ("The page that the file is linked from"), N_ ("URL") },
    { "cookie-file", 0, 0, G_OPTION_ARG_FILENAME, &self->cookie_file,
      N_ ("Cookies to send, in Netscape’s format"), N_ ("FILE") },
    { "user", 0, 0, G_OPTION_ARG_STRING, &self->user,
      N_ ("Password from BOBBIN_PASSWORD or the terminal"), N_ ("NAME") },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &self->ca_file, N_ ("More certificates to trust"),
      /* Translators: stands for a file in PEM format in the help of an option */
      N_ ("PEM") },
    G_OPTION_ENTRY_NULL,
  };

  return bobbin_cli_options_make_group ("request", N_ ("What goes with a request:"), entries);
}

/* What is after a colon is a password, and is not repeated: it would be on the screen, too. */
static gboolean
check_user (BobbinCliRequest *self, GError **error)
{
  if (self->user == NULL)
    return TRUE;
  if (*self->user == '\0')
    return bobbin_cli_options_wrong (error, _ ("--user takes the name of a user"));
  if (strchr (self->user, ':') != NULL)
    return bobbin_cli_options_wrong (
      error,
      /* Translators: keep --user and BOBBIN_PASSWORD as they are */
      _ ("--user takes a name only, as everybody can see the arguments of a program: put the "
         "password into the environment variable BOBBIN_PASSWORD, or type it when asked"));
  return TRUE;
}

static gboolean
check_files (BobbinCliRequest *self, GError **error)
{
  g_autoptr (BobbinHttpCookies) cookies = bobbin_http_cookies_new ();

  return bobbin_cli_options_check_file (self->ca_file, error) &&
         bobbin_cli_options_check_file (self->cookie_file, error) &&
         (self->cookie_file == NULL ||
          bobbin_http_cookies_load (cookies, self->cookie_file, error));
}

static BobbinHttpContext *
make_context (BobbinCliRequest *self, const char *password, GError **error)
{
  const BobbinHttpSettings settings = {
    .headers = (const char *const *) self->headers,
    .referrer = self->referer,
    .user_agent = self->user_agent,
    .cookie_file = self->cookie_file,
    .user = self->user,
    .password = password,
    .ca_file = self->ca_file,
  };

  return bobbin_http_context_new (&settings, error);
}

/**
 * bobbin_cli_request_make_context:
 * @self: what was typed
 * @error: what is wrong with it; %G_IO_ERROR_CANCELLED if SIGINT or SIGTERM came instead of a
 *   password
 *
 * Looks at the options, and gets the password if there is a user. That waits for a person.
 *
 * Returns: (transfer full) (nullable): what goes with the requests
 */
BobbinHttpContext *
bobbin_cli_request_make_context (BobbinCliRequest *self, GError **error)
{
  g_autoptr (BobbinHttpContext) context = NULL;
  BobbinHttpContext *with_password;
  char *password;

  if (!check_files (self, error) || !check_user (self, error))
    return NULL;

  context = make_context (self, NULL, error);
  if (context == NULL || self->user == NULL)
    return g_steal_pointer (&context);

  password = bobbin_cli_password_get (self->user, error);
  if (password == NULL)
    return NULL;
  with_password = make_context (self, password, error);
  bobbin_cli_password_free (password);
  return with_password;
}

/**
 * bobbin_cli_request_clear:
 * @self: what was typed
 *
 * Frees what is in it.
 */
void
bobbin_cli_request_clear (BobbinCliRequest *self)
{
  g_strfreev (self->headers);
  g_free (self->user_agent);
  g_free (self->referer);
  g_free (self->cookie_file);
  g_free (self->user);
  g_free (self->ca_file);
}
