/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a person types as an address, before there is a download of it, and what is said of it
 * later.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download.h"

#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-host-suffix.h"
#include "bobbin-http-policy.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

/**
 * bobbin_download_check_address:
 * @text: what a person typed
 * @error: return location for %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Checks that @text is an address that can be downloaded from. Any thread.
 *
 * Returns: (transfer full) (nullable): the address, without what surrounds it
 */
char *
bobbin_download_check_address (const char *text, GError **error)
{
  g_autofree char *stripped = NULL;
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  stripped = g_strstrip (g_strdup (text));
  if (g_utf8_validate (stripped, -1, NULL))
    uri = g_uri_parse (stripped, SOUP_HTTP_URI_FLAGS | G_URI_FLAGS_PARSE_RELAXED, NULL);

  if (uri != NULL && g_strcmp0 (g_uri_get_scheme (uri), "http") != 0 &&
      g_strcmp0 (g_uri_get_scheme (uri), "https") != 0)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                   /* Translators: %s is the beginning of an address, such as ftp */
                   _ ("Addresses that begin with “%s:” are not supported, only https and http."),
                   g_uri_get_scheme (uri));
      return NULL;
    }
  if (uri == NULL || !bobbin_http_has_valid_host (uri))
    {
      g_autofree char *valid = g_utf8_make_valid (stripped, -1);
      g_autofree char *shown = bobbin_display_address (valid);

      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                   /* Translators: %s is what was typed for an address */
                   _ ("“%s” is not a web address. It should begin with https:// or http://."),
                   shown);
      return NULL;
    }

  return g_uri_to_string (uri);
}

/**
 * bobbin_download_dup_host:
 * @self: a download
 *
 * Returns: (transfer full) (nullable): the server that it comes from, for a person
 */
char *
bobbin_download_dup_host (BobbinDownload *self)
{
  g_autofree char *host = NULL;
  char *shown;

  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (self), NULL);

  host = bobbin_host_suffix_of_address (bobbin_download_get_address (self));
  shown = host != NULL ? g_hostname_to_unicode (host) : NULL;

  return shown != NULL ? shown : g_steal_pointer (&host);
}
