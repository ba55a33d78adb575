/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Where a server is, as far as its address or name tells: on this computer, in a network that this
 * computer may be part of without a way to the world, or anywhere else. Nothing is looked up. Pure;
 * any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-place-private.h"

#include <string.h>

/* Names that no public server has (RFC 6761, RFC 6762, RFC 8375, RFC 9476, and common use). */
static const char *const lan_suffixes[] = {
  ".local", ".lan", ".home.arpa", ".internal", ".home", ".localdomain", ".alt", NULL,
};

/* RFC 4193 */
static gboolean
is_unique_local (GInetAddress *address)
{
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
         (g_inet_address_to_bytes (address)[0] & 0xfe) == 0xfc;
}

/* RFC 4291 §2.5.5.2: ::ffff:192.0.2.1 is 192.0.2.1. */
static GInetAddress *
unmap (GInetAddress *address)
{
  static const guint8 prefix[12] = { [10] = 0xff, [11] = 0xff };
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
      memcmp (bytes, prefix, sizeof prefix) == 0)
    return g_inet_address_new_from_bytes (bytes + sizeof prefix, G_SOCKET_FAMILY_IPV4);

  return g_object_ref (address);
}

/**
 * bobbin_place_of_address: (skip)
 * @address: of a server
 *
 * Returns: where it is: 127.0.0.0/8, ::1 and the unspecified address are this computer; private
 *   (RFC 1918), unique local (RFC 4193) and link-local addresses and multicast are near
 */
BobbinPlace
bobbin_place_of_address (GInetAddress *address)
{
  g_autoptr (GInetAddress) plain = unmap (address);

  if (g_inet_address_get_is_loopback (plain) || g_inet_address_get_is_any (plain))
    return BOBBIN_PLACE_MACHINE;
  if (g_inet_address_get_is_site_local (plain) || g_inet_address_get_is_link_local (plain) ||
      g_inet_address_get_is_multicast (plain) || is_unique_local (plain))
    return BOBBIN_PLACE_LAN;

  return BOBBIN_PLACE_WORLD;
}

/**
 * bobbin_place_parse_address: (skip)
 * @host: a host, without brackets; an IPv6 address may have a zone
 *
 * Returns: (transfer full) (nullable): its address, %NULL where it is a name
 */
GInetAddress *
bobbin_place_parse_address (const char *host)
{
  g_autofree char *bare = g_strndup (host, strcspn (host, "%"));

  return g_inet_address_new_from_string (bare);
}

static gboolean
has_lan_suffix (const char *name)
{
  for (const char *const *suffix = lan_suffixes; *suffix != NULL; suffix++)
    if (g_str_has_suffix (name, *suffix))
      return TRUE;

  return FALSE;
}

/**
 * bobbin_place_of_host: (skip)
 * @host: an address or a name
 *
 * Returns: where it is. A name without a dot is one of the own network's
 */
BobbinPlace
bobbin_place_of_host (const char *host)
{
  g_autoptr (GInetAddress) address = bobbin_place_parse_address (host);
  g_autofree char *name = g_ascii_strdown (host, -1);
  gsize length = strlen (name);

  if (address != NULL)
    return bobbin_place_of_address (address);

  if (length > 0 && name[length - 1] == '.')
    name[length - 1] = '\0';
  if (g_str_equal (name, "localhost") || g_str_has_suffix (name, ".localhost"))
    return BOBBIN_PLACE_MACHINE;
  if (strchr (name, '.') == NULL || has_lan_suffix (name))
    return BOBBIN_PLACE_LAN;

  return BOBBIN_PLACE_WORLD;
}

static char *
cut_host (const char *text)
{
  const gsize length = strcspn (text, "/?#");
  g_autofree char *authority = g_strndup (text, length);
  const char *at = strrchr (authority, '@');
  const char *host = at != NULL ? at + 1 : authority;

  if (*host == '[')
    return g_strndup (host + 1, strcspn (host + 1, "]"));
  /* Two colons and no brackets: an IPv6 address alone. */
  if (strchr (host, ':') != strrchr (host, ':'))
    return g_strdup (host);

  return g_strndup (host, strcspn (host, ":"));
}

/**
 * bobbin_place_host_of_target: (skip)
 * @target: what is monitored: `KIND:HOST`, `SCHEME://HOST:PORT/…`, or a kind before such an address
 *
 * Returns: (transfer full): the host, may be empty
 */
char *
bobbin_place_host_of_target (const char *target)
{
  const char *authority = strstr (target, "://");
  const char *colon = strchr (target, ':');

  if (authority != NULL)
    return cut_host (authority + strlen ("://"));

  return cut_host (colon != NULL ? colon + 1 : target);
}
