/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Header fields that a person adds to a request: which can be one, which are the engine's own, and
 * which hold a secret. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-context-private.h"

#include "bobbin-display.h"
#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* RFC 9110 §5.6.2 */
#define TOKEN_CHARS "!#$%&'*+-.^_`|~" G_CSET_DIGITS G_CSET_a_2_z G_CSET_A_2_Z

/* What decides which bytes come and how they are framed: with one of these set by hand an answer
 * could no longer be told right from wrong. */
static const char *const own_names[] = {
  "Accept-Encoding",
  "Connection",
  "Content-Length",
  "Expect",
  "Host",
  "HTTP2-Settings",
  "If-Match",
  "If-Modified-Since",
  "If-None-Match",
  "If-Range",
  "If-Unmodified-Since",
  "Keep-Alive",
  "Proxy-Connection",
  "Range",
  "TE",
  "Trailer",
  "Transfer-Encoding",
  "Upgrade",
};

/* A name that holds one of these is taken for that of a secret: Authorization, Cookie, X-Api-Key,
 * Private-Token… One too many is kept safe for nothing, one too few is lying about. */
static const char *const secret_words[] = {
  "auth", "cookie", "credential", "key", "pass", "secret", "session", "signature", "token",
};

/* How long the name at the beginning of a line is. */
gsize
bobbin_http_header_name_length (const char *line)
{
  return strcspn (line, ":");
}

static gboolean
is_own (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (own_names); i++)
    if (g_ascii_strcasecmp (name, own_names[i]) == 0)
      return TRUE;

  return FALSE;
}

/* RFC 9110 §5.5; our own texts are UTF-8. */
static gboolean
is_value (const char *value)
{
  for (const char *p = value; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) && *p != '\t')
      return FALSE;

  return g_utf8_validate (value, -1, NULL);
}

/**
 * bobbin_http_check_header:
 * @line: a header field, as “Name: value”
 * @error: return location for a %BOBBIN_ERROR_BAD_SETTING
 *
 * Whether a header field can be added to the requests of a job: it has a name that can be one (RFC
 * 9110 §5.1) and a value in one line, and it is none of those by which the engine asks for the
 * bytes it wants. The value, which may be a secret, is not repeated in @error. Any thread.
 *
 * Returns: %TRUE if so
 */
gboolean
bobbin_http_check_header (const char *line, GError **error)
{
  const gsize length = bobbin_http_header_name_length (line);
  g_autofree char *name = g_strndup (line, length);
  g_autofree char *shown = bobbin_display_text (name);

  if (line[length] == '\0' || length == 0 || strspn (name, TOKEN_CHARS) != length)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                   /* Translators: %s is what was given; the example may stay as it is */
                   _ ("“%s” is no name of a header. Write one as in “Accept-Language: fr”."),
                   shown);
      return FALSE;
    }
  if (is_own (name))
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                   /* Translators: %s is the name of an HTTP header, such as Range */
                   _ ("Bobbin sets the header “%s” by itself; leave it out."), shown);
      return FALSE;
    }
  if (!is_value (line + length + 1))
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                   /* Translators: %s is the name of an HTTP header, such as Accept */
                   _ ("The value of the header “%s” must be text in a single line."), shown);
      return FALSE;
    }

  return TRUE;
}

/**
 * bobbin_http_is_secret_header:
 * @line: the name of a header field, or all of it as “Name: value”
 *
 * Whether what it holds may be a secret, by its name: that goes to where passwords are kept and
 * nowhere else. Any thread.
 *
 * Returns: %TRUE if so
 */
gboolean
bobbin_http_is_secret_header (const char *line)
{
  g_autofree char *name = g_ascii_strdown (line, bobbin_http_header_name_length (line));

  for (gsize i = 0; i < G_N_ELEMENTS (secret_words); i++)
    if (strstr (name, secret_words[i]) != NULL)
      return TRUE;

  return FALSE;
}
