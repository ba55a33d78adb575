/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a server says of a file's checksum, in the header fields of three generations: Repr-Digest
 * and Content-Digest (RFC 9530), Digest (RFC 3230) and Content-MD5 (RFC 1864). Only what is true of
 * the whole file counts, and what cannot be read is as good as not sent: a file must not fail for a
 * field that nobody looked at before. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-checksum-private.h"

#include <string.h>

#define LOWER     "abcdefghijklmnopqrstuvwxyz"
#define UPPER     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS    "0123456789"
#define BASE64    UPPER LOWER DIGITS "+/"
#define KEY_CHARS LOWER DIGITS "_-.*"
#define TOKEN     UPPER LOWER DIGITS "!#$%&'*+-.^_`|~"

/* What was found so far: an index of bobbin_checksum_kinds, or the number of kinds for nothing. */
typedef struct
{
  gsize kind;
  BobbinChecksum checksum;
} Best;

/* Bytes in base64 (RFC 4648 §4), with padding or without, if they are as many as the digest has. */
static gboolean
decode (const char *text, gsize length, const BobbinChecksumKind *kind, BobbinChecksum *checksum)
{
  const gsize n_bytes = g_checksum_type_get_length (kind->type);
  const gsize n_chars = (n_bytes * 8 + 5) / 6;
  char padded[BOBBIN_CHECKSUM_MAX_BYTES * 2] = "";
  g_autofree guchar *bytes = NULL;
  gsize n_decoded;

  if (strspn (text, BASE64) != n_chars || length < n_chars ||
      strspn (text + n_chars, "=") < length - n_chars || length > (n_chars + 3) / 4 * 4)
    return FALSE;

  memcpy (padded, text, n_chars);
  memset (padded + n_chars, '=', (n_chars + 3) / 4 * 4 - n_chars);
  bytes = g_base64_decode (padded, &n_decoded);
  if (n_decoded != n_bytes)
    return FALSE;

  *checksum = (BobbinChecksum){ .type = kind->type };
  memcpy (checksum->digest, bytes, n_bytes);

  return TRUE;
}

/* Of two that are of one algorithm the later one counts, as in a dictionary (RFC 9651 §4.2.2). */
static void
consider (Best *best, const char *key, gsize key_length, const char *text, gsize length)
{
  for (gsize i = 0; i <= best->kind && i < BOBBIN_CHECKSUM_N_KINDS; i++)
    {
      const BobbinChecksumKind *kind = &bobbin_checksum_kinds[i];
      BobbinChecksum checksum;

      if (strlen (kind->key) == key_length &&
          g_ascii_strncasecmp (kind->key, key, key_length) == 0 &&
          decode (text, length, kind, &checksum))
        {
          best->kind = i;
          best->checksum = checksum;
          return;
        }
    }
}

static gboolean
best_take (const Best *best, BobbinChecksum *checksum)
{
  if (best->kind == BOBBIN_CHECKSUM_N_KINDS)
    return FALSE;

  *checksum = best->checksum;

  return TRUE;
}

/* Structured fields (RFC 9651 §4.2): read over what has no meaning here, and see that it is one. */

static gboolean
skip_string (const char **p)
{
  for ((*p)++; **p != '"'; (*p)++)
    {
      if (**p == '\\')
        (*p)++;
      if (!g_ascii_isprint (**p))
        return FALSE;
    }
  (*p)++;

  return TRUE;
}

static gboolean
skip_bytes (const char **p)
{
  *p += 1 + strspn (*p + 1, BASE64 "=");

  return *(*p)++ == ':';
}

static gboolean
skip_chars (const char **p, const char *chars)
{
  const gsize n = strspn (*p, chars);

  *p += n;

  return n > 0;
}

static gboolean
skip_bare_item (const char **p)
{
  if (**p == '"')
    return skip_string (p);
  if (**p == ':')
    return skip_bytes (p);
  if (**p == '?' && ((*p)[1] == '0' || (*p)[1] == '1'))
    {
      *p += 2;
      return TRUE;
    }
  if (g_ascii_isalpha (**p) || **p == '*')
    return skip_chars (p, TOKEN ":/");
  /* a date (RFC 9651 §3.3.7), or a number */
  if (**p == '@' || **p == '-')
    (*p)++;

  return g_ascii_isdigit (**p) && skip_chars (p, DIGITS ".");
}

static gboolean
skip_parameters (const char **p)
{
  while (**p == ';')
    {
      (*p)++;
      *p += strspn (*p, " ");
      if ((!g_ascii_islower (**p) && **p != '*') || !skip_chars (p, KEY_CHARS))
        return FALSE;
      if (**p != '=')
        continue;
      (*p)++;
      if (!skip_bare_item (p))
        return FALSE;
    }

  return TRUE;
}

static gboolean
skip_inner_list (const char **p)
{
  for ((*p)++;;)
    {
      *p += strspn (*p, " ");
      if (**p == ')')
        break;
      if (!skip_bare_item (p) || !skip_parameters (p) || (**p != ' ' && **p != ')'))
        return FALSE;
    }
  (*p)++;

  return TRUE;
}

static gboolean
skip_value (const char **p)
{
  return **p == '(' ? skip_inner_list (p) : skip_bare_item (p);
}

static gboolean
parse_member (const char **p, Best *best)
{
  const char *key = *p;
  const char *value;
  gsize key_length;

  if ((!g_ascii_islower (*key) && *key != '*') || !skip_chars (p, KEY_CHARS))
    return FALSE;

  key_length = *p - key;
  if (**p == '=')
    {
      value = ++(*p);
      if (!skip_value (p))
        return FALSE;
      if (*value == ':')
        consider (best, key, key_length, value + 1, *p - value - 2);
    }

  return skip_parameters (p);
}

/**
 * bobbin_checksum_from_dictionary:
 * @field: (nullable): the value of Repr-Digest or Content-Digest
 * @checksum: (out caller-allocates): the strongest that is known; only set when there is one
 *
 * Reads a dictionary of digests (RFC 9530 §2 and §3). As structured fields have it (RFC 9651
 * §4.2), one mistake anywhere is a reason to believe none of it. Any thread.
 *
 * Returns: whether there is one
 */
gboolean
bobbin_checksum_from_dictionary (const char *field, BobbinChecksum *checksum)
{
  Best best = { .kind = BOBBIN_CHECKSUM_N_KINDS };
  const char *p = field;

  if (p == NULL)
    return FALSE;

  p += strspn (p, " ");
  while (*p != '\0')
    {
      if (!parse_member (&p, &best))
        return FALSE;
      p += strspn (p, " \t");
      if (*p == '\0')
        break;
      if (*p++ != ',')
        return FALSE;
      p += strspn (p, " \t");
      if (*p == '\0')
        return FALSE;
    }

  return best_take (&best, checksum);
}

/**
 * bobbin_checksum_from_digest:
 * @field: (nullable): the value of Digest
 * @checksum: (out caller-allocates): the strongest that is known; only set when there is one
 *
 * Reads a list of digests such as “SHA-256=…” (RFC 3230 §4.3.2), and leaves out what cannot be
 * read. Any thread.
 *
 * Returns: whether there is one
 */
gboolean
bobbin_checksum_from_digest (const char *field, BobbinChecksum *checksum)
{
  Best best = { .kind = BOBBIN_CHECKSUM_N_KINDS };
  g_auto (GStrv) members = NULL;

  if (field == NULL)
    return FALSE;

  members = g_strsplit (field, ",", -1);
  for (guint i = 0; members[i] != NULL; i++)
    {
      const char *member = g_strstrip (members[i]);
      const char *equals = strchr (member, '=');

      if (equals != NULL)
        consider (&best, member, equals - member, equals + 1, strlen (equals + 1));
    }

  return best_take (&best, checksum);
}

/**
 * bobbin_checksum_from_content_md5:
 * @field: (nullable): the value of Content-MD5
 * @checksum: (out caller-allocates): what it says; only set when it can be read
 *
 * Reads an MD5 digest in base64 (RFC 1864 §2). Any thread.
 *
 * Returns: whether it is one
 */
gboolean
bobbin_checksum_from_content_md5 (const char *field, BobbinChecksum *checksum)
{
  const BobbinChecksumKind *md5 = &bobbin_checksum_kinds[BOBBIN_CHECKSUM_N_KINDS - 1];
  g_autofree char *text = NULL;

  g_assert (md5->type == G_CHECKSUM_MD5);
  if (field == NULL)
    return FALSE;

  text = g_strstrip (g_strdup (field));

  return decode (text, strlen (text), md5, checksum);
}

/* Those of one field. Only if it is the stronger one does a later field count. */
static void
merge (gboolean is_found, const BobbinChecksum *checksum, Best *best)
{
  for (gsize i = 0; is_found && i < best->kind; i++)
    if (bobbin_checksum_kinds[i].type == checksum->type)
      {
        best->kind = i;
        best->checksum = *checksum;
      }
}

/**
 * bobbin_checksum_from_headers:
 * @headers: the header fields of an answer
 * @status: its status
 * @checksum: (out caller-allocates): the strongest that is known; only set when there is one
 *
 * Finds what an answer says of the whole file as it is stored, with its content coding if it has
 * one. Repr-Digest (RFC 9530 §3) and Digest (RFC 3230 §4.3.2) are of the whole with 200 and 206
 * alike; Content-Digest (RFC 9530 §2) and Content-MD5 of what this answer carries, and so count
 * with 200 only. With 203 a proxy changed the file (RFC 9110 §15.3.4), and what else was said of it
 * may be of what it was before: nothing counts. Any thread.
 *
 * Returns: whether there is one
 */
gboolean
bobbin_checksum_from_headers (SoupMessageHeaders *headers, guint status, BobbinChecksum *checksum)
{
  Best best = { .kind = BOBBIN_CHECKSUM_N_KINDS };
  BobbinChecksum found;

  if (status != SOUP_STATUS_OK && status != SOUP_STATUS_PARTIAL_CONTENT)
    return FALSE;

#define LIST(name) soup_message_headers_get_list (headers, name)
  merge (bobbin_checksum_from_dictionary (LIST ("Repr-Digest"), &found), &found, &best);
  if (status == SOUP_STATUS_OK)
    merge (bobbin_checksum_from_dictionary (LIST ("Content-Digest"), &found), &found, &best);
  merge (bobbin_checksum_from_digest (LIST ("Digest"), &found), &found, &best);
  if (status == SOUP_STATUS_OK)
    merge (bobbin_checksum_from_content_md5 (LIST ("Content-MD5"), &found), &found, &best);
#undef LIST

  return best_take (&best, checksum);
}
