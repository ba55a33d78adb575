/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Finds the addresses in a text that somebody copied: in a sentence, where a full stop or a bracket
 * is behind them, in Markdown and HTML, between < and >. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-address-finder.h"

#include "bobbin-address-pattern.h"
#include "bobbin-download.h"
#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* No address is longer. */
#define MAX_LENGTH 8192

/* Before an address and behind it these are marks on it (Markdown), not part of it. */
#define MARKS "*_~|"

static const char *const schemes[] = { "https", "http" };

/* ---- where one begins */

static gboolean
is_scheme (const char *text, const char *start)
{
  return start == text || !(g_ascii_isalnum (start[-1]) || strchr ("+-.", start[-1]) != NULL);
}

/* The next address at @from or behind it, or what looks like one. */
static const char *
find_start (const char *text, const char *from)
{
  for (const char *colon = strstr (from, "://"); colon != NULL; colon = strstr (colon + 1, "://"))
    for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
      {
        const gsize length = strlen (schemes[i]);

        if ((gsize) (colon - from) >= length &&
            g_ascii_strncasecmp (colon - length, schemes[i], length) == 0 &&
            is_scheme (text, colon - length))
          return colon - length;
      }

  return NULL;
}

/* ---- where it ends */

/* Letters of every script may be in an address that was copied from a browser; the blanks,
 * quotation marks and brackets of every script may not, nor a full stop of those that put no blank
 * behind it. */
static gboolean
is_foreign_end (gunichar c)
{
  static const GUnicodeType ends[] = {
    G_UNICODE_CONTROL,
    G_UNICODE_LINE_SEPARATOR,
    G_UNICODE_PARAGRAPH_SEPARATOR,
    G_UNICODE_SPACE_SEPARATOR,
    G_UNICODE_OPEN_PUNCTUATION,
    G_UNICODE_CLOSE_PUNCTUATION,
    G_UNICODE_INITIAL_PUNCTUATION,
    G_UNICODE_FINAL_PUNCTUATION,
  };
  const GUnicodeType type = g_unichar_type (c);

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (type == ends[i])
      return TRUE;

  /* Blanks of no width, too. */
  return (type == G_UNICODE_OTHER_PUNCTUATION && c >= 0x3000) || c == 0x200b || c == 0xfeff;
}

static gboolean
is_end (gunichar c, char before)
{
  if (c >= 0x80)
    return is_foreign_end (c);

  return c <= ' ' || c == 0x7f || strchr ("\"<>\\`", (int) c) != NULL ||
         (c == '\'' && before == '\'') || (c == '|' && before == '<');
}

/* Counts brackets, each kind by itself; says whether this one closes none. */
static gboolean
is_unmatched (gunichar c, int n_open[3])
{
  static const char brackets[] = "()[]{}";
  const char *bracket = c < 0x80 ? strchr (brackets, (int) c) : NULL;
  gsize kind;

  if (bracket == NULL)
    return FALSE;

  kind = (gsize) (bracket - brackets) / 2;
  n_open[kind] += (bracket - brackets) % 2 == 0 ? 1 : -1;

  return n_open[kind] < 0;
}

/* Whether the last character, @c, belongs to the sentence. */
static gboolean
is_trailing (gunichar c, char before)
{
  if (c >= 0x80)
    return g_unichar_type (c) == G_UNICODE_OTHER_PUNCTUATION;

  return strchr (".,;:!?'([{", (int) c) != NULL ||
         (strchr (MARKS, (int) c) != NULL && (gunichar) before == c);
}

static gsize
measure (const char *start, char before)
{
  int n_open[3] = { 0 };
  const char *end = start;

  for (gunichar c = g_utf8_get_char (end); c != '\0'; c = g_utf8_get_char (end))
    {
      if (is_end (c, before) || is_unmatched (c, n_open))
        break;
      end = g_utf8_next_char (end);
    }
  while (end > start)
    {
      const char *last = g_utf8_prev_char (end);

      if (!is_trailing (g_utf8_get_char (last), before))
        break;
      end = last;
    }

  return (gsize) (end - start);
}

/* Between < and > an address may go on in the next line (RFC 3986, appendix C); that it may hold
 * other blanks, too, nobody does. */
static char *
unwrap (const char *start)
{
  const char *close = strpbrk (start, "<>");
  g_autoptr (GString) address = g_string_new (NULL);

  if (close == NULL || *close != '>' || close - start > MAX_LENGTH)
    return NULL;

  for (const char *p = start; p < close;)
    {
      const gsize blank = strspn (p, " \t\r\n");

      if (blank == 0 && is_end (g_utf8_get_char (p), '<'))
        return NULL;
      if (blank > 0 && memchr (p, '\n', blank) == NULL)
        return NULL;
      if (blank == 0)
        g_string_append_unichar (address, g_utf8_get_char (p));
      p = blank > 0 ? p + blank : g_utf8_next_char (p);
    }

  return g_strdup (address->str);
}

/* ---- what it is */

/* Whether it stands in an attribute of HTML, where & is written otherwise. */
static gboolean
is_attribute (const char *text, const char *start)
{
  return start - text >= 2 && (start[-1] == '"' || start[-1] == '\'') && start[-2] == '=';
}

static char *
unescape (const char *address)
{
  g_auto (GStrv) parts = g_strsplit (address, "&amp;", -1);

  return g_strjoinv ("&", parts);
}

/* A pattern that stands for too much is one still: who adds it is told. */
static gboolean
is_address (const char *text)
{
  g_autoptr (BobbinAddressPattern) pattern = bobbin_address_pattern_new (text, NULL);
  g_autofree char *first = pattern != NULL ? bobbin_address_pattern_dup_address (pattern, 0) : NULL;
  g_autofree char *address = first != NULL ? bobbin_download_check_address (first, NULL) : NULL;

  return pattern == NULL || address != NULL;
}

/* The address that begins at @start; @end is where it is looked for the next one. */
static char *
take (const char *text, const char *start, const char **end)
{
  const char before = start > text ? start[-1] : '\0';
  const gsize length = measure (start, before);
  g_autofree char *wrapped = before == '<' ? unwrap (start) : NULL;
  g_autofree char *plain = NULL;

  *end = start + MAX (length, 1);
  if (wrapped != NULL)
    {
      *end = strchr (start, '>');
      return g_steal_pointer (&wrapped);
    }
  if (length > MAX_LENGTH)
    return NULL;

  plain = g_strndup (start, length);

  return is_attribute (text, start) ? unescape (plain) : g_steal_pointer (&plain);
}

/**
 * bobbin_address_find:
 * @text: any text, valid UTF-8
 *
 * Finds the addresses in @text that can be downloaded from; they begin with http:// or https://.
 * They are as they were written, patterns (see #BobbinAddressPattern) among them. One more than
 * %BOBBIN_ADDRESS_MAX are found at the most.
 *
 * Returns: (transfer full) (element-type utf8): the addresses in their order, each once
 */
GPtrArray *
bobbin_address_find (const char *text)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const char *start;

  g_return_val_if_fail (text != NULL, addresses);

  for (const char *p = text; (start = find_start (text, p)) != NULL;)
    {
      g_autofree char *address = take (text, start, &p);

      if (address == NULL || g_hash_table_contains (seen, address) || !is_address (address))
        continue;
      g_hash_table_add (seen, address);
      g_ptr_array_add (addresses, g_steal_pointer (&address));
      if (addresses->len > BOBBIN_ADDRESS_MAX)
        break;
    }

  return addresses;
}

/* Why nothing was found: one word was meant as an address, and what is wrong with it can be said.
 */
static void
set_none (const char *text, GError **error)
{
  g_autofree char *word = g_strstrip (g_strdup (text));

  if (*word != '\0' && strpbrk (word, " \t\r\n") == NULL)
    g_free (bobbin_download_check_address (word, error));
  if (*word != '\0' && error != NULL && *error == NULL)
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                         _ ("There is no address in this text that begins with https:// or "
                            "http://."));
}

/**
 * bobbin_address_read:
 * @text: what a person typed or pasted, valid UTF-8
 * @error: return location for %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Finds the addresses in @text and what their patterns stand for, see
 * bobbin_address_pattern_expand(). That there is none is an error, unless @text is blank.
 *
 * Returns: (transfer full) (element-type utf8) (nullable): the addresses in their order, each once
 */
GPtrArray *
bobbin_address_read (const char *text, GError **error)
{
  g_autoptr (GPtrArray) found = bobbin_address_find (text);
  g_autoptr (GError) none = NULL;

  if (found->len == 0)
    set_none (text, &none);
  if (none != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&none));
      return NULL;
    }

  return bobbin_address_pattern_expand (found, error);
}
