/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Addresses that stand for several: [1-20] and [001-100] for numbers, the latter with as many
 * digits, [a-f] for letters, {small,large} for words. Several in one address are combined, the last
 * of them changing fastest. What is written otherwise stands for itself, an IPv6 host in its
 * brackets too. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-address-pattern.h"

#include "bobbin-download.h"
#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Of a number: more than anybody counts to. */
#define MAX_DIGITS 9

/* What a simple word is made of. What else stands in braces was not meant as one. */
#define WORD_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%"

typedef enum
{
  PART_TEXT,
  PART_NUMBERS,
  PART_LETTERS,
  PART_WORDS,
} PartKind;

typedef struct
{
  PartKind kind;
  guint n;     /* how many it stands for */
  guint first; /* the number, or letter, that it begins with */
  int width;   /* digits at least */
  GStrv words; /* (owned) (nullable) */
  char *text;  /* (owned) (nullable) */
} Part;

struct _BobbinAddressPattern
{
  GPtrArray *parts; /* (owned): of Part */
  guint n;
};

static void
part_free (gpointer data)
{
  Part *self = data;

  g_strfreev (self->words);
  g_free (self->text);
  g_free (self);
}

static Part *
part_new (PartKind kind, guint n)
{
  Part *self = g_new0 (Part, 1);

  self->kind = kind;
  self->n = n;

  return self;
}

static char *
part_dup_text (const Part *self, guint index)
{
  switch (self->kind)
    {
    case PART_NUMBERS:
      return g_strdup_printf ("%0*u", self->width, self->first + index);
    case PART_LETTERS:
      return g_strdup_printf ("%c", (int) (self->first + index));
    case PART_WORDS:
      return g_strdup (self->words[index]);
    case PART_TEXT:
    default:
      return g_strdup (self->text);
    }
}

/* ---- what is written */

/* Both numbers of [001-100]; @end is behind the bracket. */
static gboolean
read_numbers (const char *p, guint *from, guint *to, int *width, const char **end)
{
  const gsize first = strspn (p + 1, "0123456789");
  const char *second = p + 1 + first + 1;
  gsize last;

  if (first == 0 || first > MAX_DIGITS || second[-1] != '-')
    return FALSE;
  last = strspn (second, "0123456789");
  if (last == 0 || last > MAX_DIGITS || second[last] != ']')
    return FALSE;

  *from = (guint) g_ascii_strtoull (p + 1, NULL, 10);
  *to = (guint) g_ascii_strtoull (second, NULL, 10);
  *width = p[1] == '0' ? (int) first : 1;
  *end = second + last + 1;

  return TRUE;
}

/* Both letters of [a-f], of one case. */
static gboolean
read_letters (const char *p, guint *from, guint *to, const char **end)
{
  if (!g_ascii_isalpha (p[1]) || p[2] != '-' || !g_ascii_isalpha (p[3]) || p[4] != ']' ||
      g_ascii_islower (p[1]) != g_ascii_islower (p[3]))
    return FALSE;

  *from = (guint) p[1];
  *to = (guint) p[3];
  *end = p + 5;

  return TRUE;
}

static gboolean
check_order (const char *p, const char *end, guint from, guint to, GError **error)
{
  g_autofree char *shown = NULL;

  if (from <= to)
    return TRUE;

  shown = g_strndup (p, (gsize) (end - p));
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
               /* Translators: %s is what was typed, such as [9-1] */
               _ ("In “%s” the first is greater than the last."), shown);

  return FALSE;
}

static Part *
read_words (const char *p, const char **end)
{
  const char *close = strchr (p, '}');
  g_autofree char *inside = NULL;
  Part *part;

  if (close == NULL)
    return NULL;
  inside = g_strndup (p + 1, (gsize) (close - p - 1));
  if (strchr (inside, ',') == NULL || strspn (inside, WORD_CHARACTERS ",") != strlen (inside))
    return NULL;

  part = part_new (PART_WORDS, 0);
  part->words = g_strsplit (inside, ",", -1);
  part->n = g_strv_length (part->words);
  *end = close + 1;

  return part;
}

/* What stands at @p for several; nothing, without an error, if that is text. */
static Part *
read_part (const char *p, const char **end, GError **error)
{
  guint from, to;
  int width = 0;
  Part *part;
  PartKind kind;

  if (*p == '{')
    return read_words (p, end);
  if (*p != '[')
    return NULL;

  if (read_numbers (p, &from, &to, &width, end))
    kind = PART_NUMBERS;
  else if (read_letters (p, &from, &to, end))
    kind = PART_LETTERS;
  else
    return NULL;
  if (!check_order (p, *end, from, to, error))
    return NULL;

  part = part_new (kind, to - from + 1);
  part->first = from;
  part->width = width;

  return part;
}

static void
add_text (BobbinAddressPattern *self, const char *from, const char *to)
{
  Part *part;

  if (from == to)
    return;

  part = part_new (PART_TEXT, 1);
  part->text = g_strndup (from, (gsize) (to - from));
  g_ptr_array_add (self->parts, part);
}

static void
set_too_many (GError **error)
{
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
               /* Translators: %'d is a number with its thousands separated */
               _ ("These are more than %'d addresses, the most that can be added at once."),
               BOBBIN_ADDRESS_MAX);
}

static gboolean
add_part (BobbinAddressPattern *self, Part *part, GError **error)
{
  g_ptr_array_add (self->parts, part);
  if ((guint64) self->n * part->n > BOBBIN_ADDRESS_MAX)
    {
      set_too_many (error);
      return FALSE;
    }

  self->n *= part->n;

  return TRUE;
}

static gboolean
parse (BobbinAddressPattern *self, const char *text, GError **error)
{
  const char *from = text;

  for (const char *p = text + strcspn (text, "[{"); *p != '\0'; p += strcspn (p, "[{"))
    {
      const char *end = NULL;
      GError *local_error = NULL;
      Part *part = read_part (p, &end, &local_error);

      if (local_error != NULL)
        {
          g_propagate_error (error, local_error);
          return FALSE;
        }
      if (part == NULL)
        {
          p++;
          continue;
        }
      add_text (self, from, p);
      if (!add_part (self, part, error))
        return FALSE;
      from = p = end;
    }
  add_text (self, from, from + strlen (from));

  return TRUE;
}

/**
 * bobbin_address_pattern_new:
 * @text: an address, with patterns in it or not
 * @error: return location for %BOBBIN_ERROR_BAD_ADDRESS: a range that ends before it begins, or
 *   stands for more than %BOBBIN_ADDRESS_MAX addresses
 *
 * Reads the patterns in an address. Whether it is one is not looked at.
 *
 * Returns: (transfer full) (nullable): what it stands for, at least one address
 */
BobbinAddressPattern *
bobbin_address_pattern_new (const char *text, GError **error)
{
  g_autoptr (BobbinAddressPattern) self = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (BobbinAddressPattern, 1);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->n = 1;

  return parse (self, text, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * bobbin_address_pattern_free:
 * @self: (transfer full): a pattern
 */
void
bobbin_address_pattern_free (BobbinAddressPattern *self)
{
  g_ptr_array_unref (self->parts);
  g_free (self);
}

/**
 * bobbin_address_pattern_get_count:
 * @self: a pattern
 *
 * Returns: how many addresses it stands for
 */
guint
bobbin_address_pattern_get_count (const BobbinAddressPattern *self)
{
  return self->n;
}

/**
 * bobbin_address_pattern_dup_address:
 * @self: a pattern
 * @index: which one, from 0
 *
 * Returns: (transfer full): one of the addresses it stands for
 */
char *
bobbin_address_pattern_dup_address (const BobbinAddressPattern *self, guint index)
{
  GString *address = g_string_new (NULL);

  g_return_val_if_fail (index < self->n, NULL);

  for (guint i = self->parts->len; i-- > 0;)
    {
      const Part *part = g_ptr_array_index (self->parts, i);
      g_autofree char *text = part_dup_text (part, index % part->n);

      g_string_prepend (address, text);
      index /= part->n;
    }

  return g_string_free (address, FALSE);
}

/* Each address once: what is there already is not added again. */
static gboolean
expand_one (const char *text, GPtrArray *addresses, GHashTable *seen, GError **error)
{
  g_autoptr (BobbinAddressPattern) pattern = bobbin_address_pattern_new (text, error);

  if (pattern == NULL)
    return FALSE;

  for (guint i = 0; i < pattern->n; i++)
    {
      g_autofree char *plain = bobbin_address_pattern_dup_address (pattern, i);
      char *address = bobbin_download_check_address (plain, error);

      if (address == NULL)
        return FALSE;
      if (!g_hash_table_add (seen, address))
        {
          g_free (address);
          continue;
        }
      g_ptr_array_add (addresses, address);
      if (addresses->len > BOBBIN_ADDRESS_MAX)
        {
          set_too_many (error);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * bobbin_address_pattern_expand:
 * @texts: (element-type utf8): addresses, with patterns in them or not
 * @error: return location for %BOBBIN_ERROR_BAD_ADDRESS: one is no address that can be downloaded
 *   from, a pattern cannot be, or there are more than %BOBBIN_ADDRESS_MAX in all
 *
 * Returns: (transfer full) (element-type utf8) (nullable): all that they stand for, in order, each
 *   once
 */
GPtrArray *
bobbin_address_pattern_expand (GPtrArray *texts, GError **error)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < texts->len; i++)
    if (!expand_one (g_ptr_array_index (texts, i), addresses, seen, error))
      return NULL;

  return g_steal_pointer (&addresses);
}
