/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What may be shown of a text that somebody else wrote: nothing that a terminal would obey, and no
 * password. Whatever leaves the program for a screen, a log or a pipe goes through here; what is
 * asked of a server does not. Any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-display.h"

#include <string.h>

#define REPLACEMENT 0xFFFD

/**
 * bobbin_display_is_harmless:
 * @c: a character
 *
 * Returns: whether @c can neither move a cursor or change a terminal (ECMA-48 control functions,
 *   Unicode's Cc) nor hide or turn what stands around it (Cf, Zl and Zp)
 */
gboolean
bobbin_display_is_harmless (gunichar c)
{
  const GUnicodeType type = g_unichar_type (c);

  return type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT && type != G_UNICODE_SURROGATE &&
         type != G_UNICODE_LINE_SEPARATOR && type != G_UNICODE_PARAGRAPH_SEPARATOR;
}

/**
 * bobbin_display_text:
 * @text: what came from a server, a file or an argument, in UTF-8 or not
 *
 * Makes a text fit to be written to a terminal: what is not harmless becomes “�”, and so does what
 * is not UTF-8. A line stays a line.
 *
 * Returns: (transfer full): the text, without control characters
 */
char *
bobbin_display_text (const char *text)
{
  GString *line = g_string_new (NULL);
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (line, bobbin_display_is_harmless (c) ? c : REPLACEMENT);
    }

  return g_string_free (line, FALSE);
}

/* Whether an authority without an @ is of a host, with a port or without. */
static gboolean
has_port_or_none (const char *authority, gsize length)
{
  const char *colon = memrchr (authority, ':', length);
  const char *end = authority + length;

  /* The colons of an IPv6 address stand in brackets. */
  if (colon == NULL || memchr (colon, ']', end - colon) != NULL)
    return TRUE;

  return colon + 1 < end && colon + 1 + strspn (colon + 1, "0123456789") >= end;
}

/* Where the host begins: behind the last @ of the authority (RFC 3986 §3.2). A password that was
 * typed as it is may hold what ends an authority; what is then left of it makes no port. */
static const char *
find_host (const char *authority)
{
  const gsize length = strcspn (authority, "/?#");
  const char *at = memrchr (authority, '@', length);

  if (at == NULL && !has_port_or_none (authority, length))
    at = strrchr (authority, '@');

  return at != NULL ? at + 1 : authority;
}

/**
 * bobbin_display_address:
 * @text: an address, or what somebody gave as one
 *
 * Leaves out the name and the password that an address may hold (RFC 3986 §3.2.1, §7.5), both, as
 * there are services for which the name is the secret. Where @text lacks a scheme, “…” stands for
 * what may have been them.
 *
 * Returns: (transfer full): what may be shown
 */
char *
bobbin_display_address (const char *text)
{
  const char *slashes = strstr (text, "//");
  const char *authority = slashes != NULL ? slashes + 2 : text;
  const char *host;

  /* “//” further on is no beginning of an authority: “user:secret@host/a//b”. */
  if (slashes != NULL && strcspn (text, "/?#@") < (gsize) (slashes - text))
    authority = text;
  host = find_host (authority);
  if (host == authority)
    return g_strdup (text);

  if (authority == text)
    return g_strconcat ("…@", host, NULL);

  return g_strdup_printf ("%.*s%s", (int) (authority - text), text, host);
}
