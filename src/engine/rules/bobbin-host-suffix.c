/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Rules for a server hold for all below it: “example.org” is also “files.example.org”, but not
 * “badexample.org”. Any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-host-suffix.h"

#include "bobbin-display.h"
#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

/* What of a host is the same however it is written; NULL if it is none. */
static char *
fold_host (const char *host)
{
  g_autofree char *ascii = g_hostname_to_ascii (host);
  char *folded = ascii != NULL ? g_ascii_strdown (ascii, -1) : NULL;
  const gsize length = folded != NULL ? strlen (folded) : 0;

  /* The root may be written or not. */
  if (length > 1 && folded[length - 1] == '.')
    folded[length - 1] = '\0';

  return folded;
}

static gboolean
is_host (const char *text)
{
  if (g_hostname_is_ip_address (text))
    return TRUE;

  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("-._", *at) == NULL)
      return FALSE;

  return *text != '\0' && strstr (text, "..") == NULL;
}

/**
 * bobbin_host_suffix_normalize:
 * @text: what a person typed: a host, also with “*.” before it, or an address of it
 *
 * Returns: (transfer full) (nullable): the host, as bobbin_host_suffix_matches() compares it;
 *   %NULL if @text has none
 */
char *
bobbin_host_suffix_normalize (const char *text)
{
  g_autofree char *stripped = NULL;
  g_autofree char *host = NULL;
  char *bare;

  g_return_val_if_fail (text != NULL, NULL);

  stripped = g_strstrip (g_strdup (text));
  if (strstr (stripped, "://") != NULL)
    return bobbin_host_suffix_of_address (stripped);

  bare = g_str_has_prefix (stripped, "*.") ? stripped + 2 : stripped;
  if (*bare == '.')
    bare++;
  host = fold_host (bare);

  return host != NULL && is_host (host) ? g_steal_pointer (&host) : NULL;
}

/**
 * bobbin_host_suffix_parse:
 * @text: what a person typed, as for bobbin_host_suffix_normalize()
 * @error: where to say that it is none: %BOBBIN_ERROR_BAD_SETTING
 *
 * Returns: (transfer full) (nullable): the host, as bobbin_host_suffix_matches() compares it
 */
char *
bobbin_host_suffix_parse (const char *text, GError **error)
{
  char *host = bobbin_host_suffix_normalize (text);
  g_autofree char *shown = host == NULL ? bobbin_display_text (text) : NULL;

  if (host == NULL)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                 /* Translators: %s is what the user typed; leave the example as it is */
                 _ ("“%s” is no server. Write it as example.org."), shown);

  return host;
}

/**
 * bobbin_host_suffix_matches:
 * @suffix: what bobbin_host_suffix_normalize() gave
 * @host: what bobbin_host_suffix_of_address() gave
 *
 * Returns: whether @host is @suffix, or below it
 */
gboolean
bobbin_host_suffix_matches (const char *suffix, const char *host)
{
  gsize below;

  g_return_val_if_fail (suffix != NULL, FALSE);
  g_return_val_if_fail (host != NULL, FALSE);

  if (*suffix == '\0' || !g_str_has_suffix (host, suffix))
    return FALSE;

  below = strlen (host) - strlen (suffix);

  return below == 0 || (host[below - 1] == '.' && !g_hostname_is_ip_address (host));
}

/**
 * bobbin_host_suffix_of_address:
 * @address: an address
 *
 * Returns: (transfer full) (nullable): its host, without a port; %NULL if it has none
 */
char *
bobbin_host_suffix_of_address (const char *address)
{
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (address != NULL, NULL);

  uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS | G_URI_FLAGS_PARSE_RELAXED, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return NULL;

  return fold_host (g_uri_get_host (uri));
}
