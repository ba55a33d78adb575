/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * From what a server says, or an address ends with, to one name that is safe to create in the
 * chosen folder: never a path, never hidden, never invisible or misleading characters, never a name
 * that belongs to an unfinished download. Pure; may be called in any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-file-name.h"

#include <string.h>

#define FALLBACK_NAME "download"

/* Longer than this, or with a space in it, what follows a dot is no extension. */
#define EXTENSION_MAX 16

/* What these end is itself a file with an extension: .tar.gz, .csv.zst, .tar.xz.asc. */
static const char *const wrappers[] = {
  "gz", "bz2", "xz", "zst", "lz", "lz4", "lzma", "lzo", "br", "z", "asc", "sig", "sha256",
};

static gboolean
is_unwanted (gunichar c)
{
  if (g_unichar_iscntrl (c))
    return TRUE;

  switch (c)
    {
    case 0x061c: /* Arabic letter mark */
    case 0x200b: /* zero width space */
    case 0x200e: /* left-to-right mark */
    case 0x200f: /* right-to-left mark */
    case 0x2028: /* line separator */
    case 0x2029: /* paragraph separator */
    case 0x2060: /* word joiner */
    case 0xfeff: /* byte order mark */
      return TRUE;
    default:
      /* Embeddings, overrides and isolates: they make "gpj.exe" read "exe.jpg". */
      return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    }
}

static gboolean
is_edge (gunichar c)
{
  return c == '.' || g_unichar_isspace (c);
}

static void
strip_end (GString *name)
{
  while (name->len > 0)
    {
      const char *last = g_utf8_find_prev_char (name->str, name->str + name->len);

      if (!is_edge (g_utf8_get_char (last)))
        return;
      g_string_truncate (name, last - name->str);
    }
}

static const char *
last_part (const char *path)
{
  const char *part = path;

  for (const char *p = path; *p; p++)
    if (*p == '/' || *p == '\\')
      part = p + 1;

  return part;
}

/* Characters that may not be in a name go, and so do dots and spaces at its ends. */
static GString *
clean (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (last_part (name), -1);
  GString *result = g_string_new (NULL);

  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_unwanted (c) || (result->len == 0 && is_edge (c)))
        continue;
      g_string_append_unichar (result, c);
    }

  strip_end (result);
  return result;
}

static gboolean
is_wrapper (const char *extension, gsize len)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrappers); i++)
    if (strlen (wrappers[i]) == len && g_ascii_strncasecmp (wrappers[i], extension, len) == 0)
      return TRUE;

  return FALSE;
}

/* Where the extension that ends at @end begins (at its dot), or NULL. */
static const char *
extension_before (const char *name, const char *end, gboolean inner)
{
  const char *dot = end;

  while (dot > name && dot[-1] != '.' && dot[-1] != ' ')
    dot--;
  if (dot == end || dot - name < 2 || dot[-1] != '.' || end - dot > EXTENSION_MAX)
    return NULL;

  /* "linux-6.1.xz": the 1 is part of a version. */
  if (inner && !g_ascii_isalpha (*dot))
    return NULL;

  return dot - 1;
}

/* The bytes of @name before its extension, or before all of them where one wraps another. */
static gsize
stem_length (const char *name)
{
  const char *end = name + strlen (name);
  const char *dot = extension_before (name, end, FALSE);
  const char *last_end = end;

  while (dot != NULL)
    {
      const char *inner;

      if (!is_wrapper (dot + 1, last_end - dot - 1))
        return dot - name;

      inner = extension_before (name, dot, TRUE);
      if (inner == NULL || end - inner > 2 * EXTENSION_MAX)
        return dot - name;
      last_end = dot;
      dot = inner;
    }

  return end - name;
}

/* At most @max bytes of @text, cut between characters. */
static gsize
cut_length (const char *text, gsize len, gsize max)
{
  if (len <= max)
    return len;

  while (max > 0 && ((guchar) text[max] & 0xc0) == 0x80)
    max--;
  return max;
}

static void
shorten (GString *name)
{
  gsize stem = stem_length (name->str);
  gsize kept;

  if (name->len <= BOBBIN_FILE_NAME_MAX)
    return;

  kept = cut_length (name->str, stem, BOBBIN_FILE_NAME_MAX - (name->len - stem));
  g_string_erase (name, kept, stem - kept);
  strip_end (name);
}

/*
 * NAME.part and NAME.part.* belong to unfinished downloads of NAME. A file that got such a name
 * from a server would be taken for one later, and be written to; a forged NAME.part.map would be
 * believed. So no finished file is ever named like that: "a.part.map" becomes "a_part.map". Upper
 * case too: there are file systems that do not tell it from lower.
 */
static void
give_way_to_parts (GString *name)
{
  for (gsize i = 0; i + 5 <= name->len; i++)
    if (g_ascii_strncasecmp (name->str + i, ".part", 5) == 0 &&
        (name->str[i + 5] == '\0' || name->str[i + 5] == '.'))
      name->str[i] = '_';
}

/* Returns: (nullable): NULL when nothing is left of it. */
static char *
make_safe_or_null (const char *name)
{
  GString *result = clean (name);

  shorten (result);
  give_way_to_parts (result);

  return g_string_free (result, result->len == 0);
}

/* A bad escape stays as it is; a NUL, which would end the name early, goes. */
static char *
percent_decode (const char *text)
{
  GString *result = g_string_new (NULL);

  for (const char *p = text; *p; p++)
    {
      char c = *p;

      if (c == '%' && g_ascii_isxdigit (p[1]) && g_ascii_isxdigit (p[2]))
        {
          c = (char) (g_ascii_xdigit_value (p[1]) << 4 | g_ascii_xdigit_value (p[2]));
          p += 2;
        }
      if (c != '\0')
        g_string_append_c (result, c);
    }

  return g_string_free (result, FALSE);
}

/* The upper half of ISO 8859-1 as it is meant: what the names of the C1 controls have there in
 * windows-1252, which is what senders that say ISO-8859-1 use (WHATWG Encoding, "latin1"). */
static char *
latin1_to_utf8 (const char *text)
{
  static const gunichar upper[32] = {
    0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178,
  };
  GString *result = g_string_new (NULL);

  for (const guchar *p = (const guchar *) text; *p; p++)
    g_string_append_unichar (result, *p >= 0x80 && *p < 0xa0 ? upper[*p - 0x80] : *p);

  return g_string_free (result, FALSE);
}

/* Content-Disposition: one parameter at a time. */

static void
skip_space (const char **p)
{
  while (**p == ' ' || **p == '\t')
    (*p)++;
}

/* "C:\temp\a.txt" and "\\server\a.txt" were never meant to be unescaped (RFC 6266, appendix D). */
static gboolean
is_windows_path (const char *text)
{
  return (g_ascii_isalpha (text[0]) && text[1] == ':' && text[2] == '\\' && text[3] != '\\') ||
         (text[0] == '\\' && text[1] == '\\' && text[2] != '\\' && strchr (text + 2, '\\') != NULL);
}

static char *
parse_quoted (const char **p)
{
  GString *value = g_string_new (NULL);
  gboolean literal = is_windows_path (++*p);

  for (; **p && **p != '"'; (*p)++)
    {
      if (**p == '\\' && (*p)[1] == '\0')
        continue;
      if (**p == '\\' && (!literal || (*p)[1] == '"'))
        (*p)++;
      g_string_append_c (value, **p);
    }
  if (**p == '"')
    (*p)++;

  return g_string_free (value, FALSE);
}

static char *
parse_value (const char **p)
{
  gsize len;
  char *value;

  skip_space (p);
  if (**p == '"')
    return parse_quoted (p);

  len = strcspn (*p, ";");
  value = g_strchomp (g_strndup (*p, len));
  *p += len;
  return value;
}

/* Takes `name = value` or what else stands before the next semicolon, then the semicolon. */
static gboolean
parse_parameter (const char **p, char **name, char **value)
{
  gsize len;

  while (**p == ';' || **p == ' ' || **p == '\t')
    (*p)++;
  if (**p == '\0')
    return FALSE;

  len = strcspn (*p, "=;");
  *name = g_strchomp (g_strndup (*p, len));
  *p += len;
  *value = NULL;
  if (**p == '=')
    {
      (*p)++;
      *value = parse_value (p);
    }

  *p += strcspn (*p, ";");
  return TRUE;
}

/*
 * RFC 8187: charset'language'percent-encoded. Only the two character sets that may occur are known;
 * iconv's many others are no business of a stranger's. @sound says whether it was as it should be.
 */
static char *
decode_extended (const char *value, gboolean *sound)
{
  const char *quote = strchr (value, '\'');
  const char *second = quote != NULL ? strchr (quote + 1, '\'') : NULL;
  g_autofree char *charset = g_strndup (value, quote != NULL ? quote - value : 0);
  g_autofree char *bytes = percent_decode (second != NULL ? second + 1 : value);

  *sound = g_utf8_validate (bytes, -1, NULL);
  if (*sound && g_ascii_strcasecmp (charset, "ISO-8859-1") != 0)
    return g_steal_pointer (&bytes);
  if (g_ascii_strcasecmp (charset, "UTF-8") == 0)
    return g_utf8_make_valid (bytes, -1);

  *sound = g_ascii_strcasecmp (charset, "ISO-8859-1") == 0;
  return latin1_to_utf8 (bytes);
}

static char *
decode_plain (const char *value)
{
  return g_utf8_validate (value, -1, NULL) ? g_strdup (value) : latin1_to_utf8 (value);
}

/**
 * bobbin_file_name_from_disposition:
 * @header: (nullable): the value of a Content-Disposition header, in any encoding
 *
 * The name that a server gives to what it sends (RFC 6266), made safe. `filename*` (RFC 8187) is
 * preferred to `filename`, unless only the latter can be read. Errors of senders are tolerated: no
 * disposition type, spaces in a token, a missing end quote, Latin-1 or UTF-8 as it is, bad percent
 * escapes, unknown character sets, Windows paths.
 *
 * Returns: (transfer full) (nullable): the name, or %NULL when the header gives none that can be
 *   used
 */
char *
bobbin_file_name_from_disposition (const char *header)
{
  g_autofree char *extended = NULL;
  g_autofree char *plain = NULL;
  gboolean sound = FALSE;
  const char *p = header != NULL ? header : "";
  char *name = NULL;
  char *value = NULL;

  while (parse_parameter (&p, &name, &value))
    {
      if (value != NULL && extended == NULL && g_ascii_strcasecmp (name, "filename*") == 0)
        extended = decode_extended (value, &sound);
      else if (value != NULL && plain == NULL && g_ascii_strcasecmp (name, "filename") == 0)
        plain = decode_plain (value);
      g_clear_pointer (&name, g_free);
      g_clear_pointer (&value, g_free);
    }

  if (extended != NULL && (sound || plain == NULL))
    name = make_safe_or_null (extended);
  if (name == NULL && plain != NULL)
    name = make_safe_or_null (plain);
  return name;
}

/* Where the path names no file: most often the front page of a host. */
static char *
name_from_host (const char *host)
{
  g_autofree char *page = NULL;

  if (host == NULL || *host == '\0')
    return g_strdup (FALLBACK_NAME);
  if (strchr (host, ':') != NULL)
    return g_strdup ("index.html");

  page = g_strconcat (host, ".html", NULL);
  return bobbin_file_name_make_safe (page);
}

/**
 * bobbin_file_name_from_uri:
 * @uri: an absolute address
 *
 * The last segment of the path of @uri, percent-decoded and made safe. Where the path names no file
 * ("https://example.org/"), the name is made of the host's ("example.org.html"), and where there is
 * no host either, it is "download".
 *
 * Returns: (transfer full): the name
 */
char *
bobbin_file_name_from_uri (const char *uri)
{
  g_autofree char *host = NULL;
  g_autofree char *path = NULL;
  g_autofree char *decoded = NULL;
  char *name;

  g_return_val_if_fail (uri != NULL, NULL);

  if (!g_uri_split (uri, G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL, NULL, &host, NULL,
                    &path, NULL, NULL, NULL))
    return g_strdup (FALLBACK_NAME);

  /* Before decoding: "a%2Fb" is one segment, though only its last part becomes the name. */
  decoded = percent_decode (strrchr (path, '/') != NULL ? strrchr (path, '/') + 1 : path);
  name = make_safe_or_null (decoded);
  return name != NULL ? name : name_from_host (host);
}

/**
 * bobbin_file_name_make_safe:
 * @name: a name, or a path, in any encoding
 *
 * Makes of @name the name of a file in the chosen folder: only the last part of a path ("/" and
 * "\"); no control characters and none that are invisible or change the direction of writing; no
 * dots or spaces at the ends, so neither "..", nor a hidden file; UTF-8, with U+FFFD for what is
 * none; at most %BOBBIN_FILE_NAME_MAX bytes, cut before the extension; no name that an unfinished
 * download of another file could have ("a.part" becomes "a_part"). To make a safe name safe changes
 * nothing.
 *
 * Returns: (transfer full): the name; "download" if nothing is left of it
 */
char *
bobbin_file_name_make_safe (const char *name)
{
  char *safe;

  g_return_val_if_fail (name != NULL, NULL);

  safe = make_safe_or_null (name);
  return safe != NULL ? safe : g_strdup (FALLBACK_NAME);
}

/**
 * bobbin_file_name_numbered:
 * @name: a safe name
 * @n: a number
 *
 * The name for a further file where @name is taken: "a (1).txt", "a (1).tar.gz". It has at most
 * %BOBBIN_FILE_NAME_MAX bytes as well.
 *
 * Returns: (transfer full): the name
 */
char *
bobbin_file_name_numbered (const char *name, guint n)
{
  g_autofree char *number = g_strdup_printf (" (%u)", n);
  gsize stem, rest, kept;

  g_return_val_if_fail (name != NULL, NULL);

  stem = stem_length (name);
  rest = strlen (name) - stem + strlen (number);
  g_assert (rest < BOBBIN_FILE_NAME_MAX);
  kept = cut_length (name, stem, BOBBIN_FILE_NAME_MAX - rest);
  return g_strdup_printf ("%.*s%s%s", (int) kept, name, number, name + stem);
}
