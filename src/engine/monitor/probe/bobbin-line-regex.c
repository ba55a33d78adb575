/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Regular expressions of a user on text of a stranger, which together may take for ever: so they
 * are matched with single lines, long ones in pieces, and PCRE gives each try up after so many
 * steps. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-line-regex.h"

#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* More backtracking than any sane expression needs for a line, and a few ms; pcre2pattern(3). */
#define LIMITS "(*LIMIT_MATCH=100000)(*LIMIT_DEPTH=10000)"

/* A longer line is cut into pieces; what matches within the overlap is found in one of them. */
#define MAX_PIECE (8 * 1024)
#define OVERLAP   1024

/**
 * bobbin_line_regex_new: (skip)
 * @option: the option it was given as
 * @pattern: what was given
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_SETTING
 *
 * Returns: (transfer full) (nullable): an expression for bobbin_line_regex_match()
 */
GRegex *
bobbin_line_regex_new (const char *option, const char *pattern, GError **error)
{
  g_autofree char *limited = g_strconcat (LIMITS, pattern, NULL);
  g_autoptr (GError) own = NULL;
  g_autoptr (GError) plain = NULL;
  g_autoptr (GRegex) alone = g_regex_new (pattern, 0, 0, &plain);
  GRegex *regex = alone != NULL ? g_regex_new (limited, 0, 0, &own) : NULL;

  if (regex == NULL)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                 /* Translators: the name of an option, then the words of a library */
                 _ ("“%s” is no regular expression: %s"), option,
                 plain != NULL ? plain->message : own->message);

  return regex;
}

static gboolean
match_piece (GRegex *regex,
             const char *piece,
             gsize length,
             GRegexMatchFlags flags,
             gboolean *matches,
             GError **error)
{
  g_autoptr (GError) own = NULL;

  *matches = g_regex_match_full (regex, piece, (gssize) length, 0, flags, NULL, &own);
  if (own == NULL)
    return TRUE;

  g_set_error_literal (
    error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
    _ ("The regular expression takes too long with what came. Write a simpler one."));

  return FALSE;
}

/* Back to where a character begins. */
static const char *
align (const char *at, const char *from)
{
  while (at > from && ((guchar) *at & 0xc0) == 0x80)
    at--;

  return at;
}

/**
 * bobbin_line_regex_match: (skip)
 * @regex: of bobbin_line_regex_new()
 * @line: UTF-8 without a line's end
 * @length: of it, in bytes
 * @matches: (out): whether something in the line matches
 * @error: where to say that it takes too long: %BOBBIN_ERROR_BAD_SETTING
 *
 * Matches a line; one that is longer than 8 KiB in pieces, so that a match of more than 1 KiB may
 * be missed there.
 *
 * Returns: whether that could be found out
 */
gboolean
bobbin_line_regex_match (GRegex *regex,
                         const char *line,
                         gsize length,
                         gboolean *matches,
                         GError **error)
{
  const char *end = line + length;
  const char *piece = line;

  for (;;)
    {
      const gboolean is_last = end - piece <= MAX_PIECE;
      const char *piece_end = is_last ? end : align (piece + MAX_PIECE, piece);
      GRegexMatchFlags flags = 0;

      if (piece > line)
        flags |= G_REGEX_MATCH_NOTBOL;
      if (!is_last)
        flags |= G_REGEX_MATCH_NOTEOL;
      if (!match_piece (regex, piece, piece_end - piece, flags, matches, error))
        return FALSE;
      if (*matches || is_last)
        return TRUE;
      piece = align (piece_end - OVERLAP, piece);
    }
}

/**
 * bobbin_line_regex_text: (skip)
 * @bytes: what came
 * @length: of it
 * @charset: (nullable): what it is said to be coded in
 *
 * Returns: (transfer full): UTF-8, where what cannot be read is replaced
 */
char *
bobbin_line_regex_text (const char *bytes, gsize length, const char *charset)
{
  char *text = NULL;

  if (charset != NULL && !g_utf8_validate (bytes, (gssize) length, NULL))
    text =
      g_convert_with_fallback (bytes, (gssize) length, "UTF-8", charset, NULL, NULL, NULL, NULL);

  return text != NULL ? text : g_utf8_make_valid (bytes, (gssize) length);
}
