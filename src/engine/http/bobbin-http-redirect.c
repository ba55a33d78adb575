/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Where an answer leads on to. Downloads and probes follow redirects by themselves, with
 * %SOUP_MESSAGE_NO_REDIRECT, so that what may be followed is decided by one rule, that of
 * bobbin_http_check_redirect(): libsoup would go from https to http without a word. Any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-redirect.h"

#include "bobbin-error.h"
#include "bobbin-http-policy.h"

#include <glib/gi18n-lib.h>

/**
 * bobbin_http_is_redirect:
 * @message: a message that was answered
 *
 * Returns: whether the answer leads elsewhere (RFC 9110 §15.4)
 */
gboolean
bobbin_http_is_redirect (SoupMessage *message)
{
  const guint status = soup_message_get_status (message);

  return status == SOUP_STATUS_MOVED_PERMANENTLY || status == SOUP_STATUS_FOUND ||
         status == SOUP_STATUS_SEE_OTHER || status == SOUP_STATUS_TEMPORARY_REDIRECT ||
         status == SOUP_STATUS_PERMANENT_REDIRECT;
}

/**
 * bobbin_http_follow:
 * @message: a message whose answer is a redirect
 * @from: the address that was asked for
 * @n_redirects: which one in a row this is, from 1 on
 * @to: (out) (transfer full): the address to ask now
 * @error: return location for an error
 *
 * Finds out where a redirect leads to. Fails with %BOBBIN_ERROR_REDIRECT where it must not be
 * followed, see bobbin_http_check_redirect(), or is one too many.
 *
 * Returns: %TRUE if it may be followed
 */
gboolean
bobbin_http_follow (SoupMessage *message,
                    const char *from,
                    guint n_redirects,
                    char **to,
                    GError **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *location = soup_message_headers_get_one (headers, "Location");
  g_autofree char *target = NULL;

  if (n_redirects > BOBBIN_HTTP_MAX_REDIRECTS)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT,
                   /* Translators: %s is a host's name */
                   _ ("%s sends from one address to the next and never to the file."),
                   g_uri_get_host (soup_message_get_uri (message)));
      return FALSE;
    }
  if (!bobbin_http_check_redirect (from, location, &target, error))
    return FALSE;
  /* A lonely “%” is let through so far, but cannot be asked for. */
  if (!g_uri_is_valid (target, SOUP_HTTP_URI_FLAGS, NULL))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT,
                           _ ("The server redirects, but not to a valid address."));
      return FALSE;
    }

  *to = g_steal_pointer (&target);

  return TRUE;
}
