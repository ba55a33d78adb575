/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The checksum of a file as a value, and as a person writes it: “sha256:…”. What servers say of it
 * is read in bobbin-checksum-field.c, and bobbin-hasher.c computes it. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-checksum-private.h"

#include "bobbin-display.h"
#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const BobbinChecksumKind bobbin_checksum_kinds[BOBBIN_CHECKSUM_N_KINDS] = {
  { G_CHECKSUM_SHA512, "sha512", "SHA-512", "sha-512" },
  { G_CHECKSUM_SHA256, "sha256", "SHA-256", "sha-256" },
  { G_CHECKSUM_SHA1, "sha1", "SHA-1", "sha" },
  { G_CHECKSUM_MD5, "md5", "MD5", "md5" },
};

/* “sha256”, “SHA256” or “SHA-256”. */
static const BobbinChecksumKind *
find_kind (const char *name, gsize length)
{
  for (gsize i = 0; i < BOBBIN_CHECKSUM_N_KINDS; i++)
    {
      const BobbinChecksumKind *kind = &bobbin_checksum_kinds[i];

      if ((strlen (kind->option) == length &&
           g_ascii_strncasecmp (kind->option, name, length) == 0) ||
          (strlen (kind->name) == length && g_ascii_strncasecmp (kind->name, name, length) == 0))
        return kind;
    }

  return NULL;
}

static const BobbinChecksumKind *
get_kind (const BobbinChecksum *self)
{
  for (gsize i = 0; i < BOBBIN_CHECKSUM_N_KINDS; i++)
    if (bobbin_checksum_kinds[i].type == self->type)
      return &bobbin_checksum_kinds[i];

  g_assert_not_reached ();
}

static gboolean
parse_digits (const char *digits, const BobbinChecksumKind *kind, BobbinChecksum *checksum)
{
  const gsize n_bytes = g_checksum_type_get_length (kind->type);

  if (strlen (digits) != 2 * n_bytes)
    return FALSE;

  *checksum = (BobbinChecksum){ .type = kind->type };
  for (gsize i = 0; i < n_bytes; i++)
    {
      const gint high = g_ascii_xdigit_value (digits[2 * i]);
      const gint low = g_ascii_xdigit_value (digits[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      checksum->digest[i] = (guint8) (high << 4 | low);
    }

  return TRUE;
}

/**
 * bobbin_checksum_parse:
 * @text: an algorithm and a digest, such as “sha256:” and 64 hexadecimal digits
 * @checksum: (out caller-allocates): what it says; only set on success
 * @error: return location for a %BOBBIN_ERROR_BAD_SETTING
 *
 * Reads a checksum as a person gives it: md5, sha1, sha256 or sha512, with a dash or without, and
 * digits, all in either case. Space around it, as comes with what is copied, does no harm. Any
 * thread.
 *
 * Returns: %TRUE if it is one
 */
gboolean
bobbin_checksum_parse (const char *text, BobbinChecksum *checksum, GError **error)
{
  g_autofree char *line = NULL;
  g_autofree char *shown = NULL;
  const BobbinChecksumKind *kind;
  BobbinChecksum parsed;
  const char *colon;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (checksum != NULL, FALSE);

  line = g_strstrip (g_strdup (text));
  shown = bobbin_display_text (line);
  colon = strchr (line, ':');
  if (colon == NULL)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                   /* Translators: %s is what was given; keep “sha256:” */
                   _ ("“%s” is no checksum. Give the algorithm, too, as in “sha256:” and 64 "
                      "hexadecimal digits."),
                   shown);
      return FALSE;
    }

  kind = find_kind (line, colon - line);
  if (kind == NULL)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                   /* Translators: %s is a checksum; md5, sha1… are to be typed as they are */
                   _ ("“%s” is of an unknown algorithm. Use md5, sha1, sha256 or sha512."), shown);
      return FALSE;
    }
  if (!parse_digits (colon + 1, kind, &parsed))
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                   /* Translators: “SHA-256”, a number, and the checksum that was given */
                   _ ("A checksum of %s has %u hexadecimal digits, unlike “%s”."), kind->name,
                   2 * (guint) g_checksum_type_get_length (kind->type), shown);
      return FALSE;
    }

  *checksum = parsed;

  return TRUE;
}

/**
 * bobbin_checksum_to_string:
 * @self: a checksum
 *
 * Returns: (transfer full): what bobbin_checksum_parse() reads, in small letters
 */
char *
bobbin_checksum_to_string (const BobbinChecksum *self)
{
  const BobbinChecksumKind *kind = get_kind (self);
  GString *text = g_string_new (kind->option);

  g_string_append_c (text, ':');
  for (gssize i = 0; i < g_checksum_type_get_length (kind->type); i++)
    g_string_append_printf (text, "%02x", self->digest[i]);

  return g_string_free (text, FALSE);
}

/**
 * bobbin_checksum_get_name:
 * @self: a checksum
 *
 * Returns: (transfer none): what its algorithm is called, as in “SHA-256”; never translated
 */
const char *
bobbin_checksum_get_name (const BobbinChecksum *self)
{
  return get_kind (self)->name;
}

/**
 * bobbin_checksum_equal:
 * @a: a checksum
 * @b: another one
 *
 * Returns: whether both are of the same algorithm and have the same digest
 */
gboolean
bobbin_checksum_equal (const BobbinChecksum *a, const BobbinChecksum *b)
{
  return a->type == b->type &&
         memcmp (a->digest, b->digest, g_checksum_type_get_length (a->type)) == 0;
}
