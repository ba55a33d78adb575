/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Lists of addresses, as people keep them in files: one a line, `#` before a comment. Pure; any
 * thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-address-list.h"

#include <string.h>

/* What some editors begin a text with; it is none of it. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/**
 * bobbin_address_list_read_line:
 * @text: (array length=length): a line, without its end
 * @length: bytes of it
 * @is_first: whether the list begins with it
 * @line: (out) (transfer full) (nullable): what is on it, without the blanks around it
 *
 * Reads one line of a list. It is not looked at whether it is an address.
 *
 * Returns: what the line is; @line is %NULL unless that is an address
 */
BobbinAddressLine
bobbin_address_list_read_line (const char *text, gsize length, gboolean is_first, char **line)
{
  const gsize mark = strlen (BYTE_ORDER_MARK);
  g_autofree char *copy = NULL;

  *line = NULL;
  if (memchr (text, '\0', length) != NULL || !g_utf8_validate_len (text, length, NULL))
    return BOBBIN_ADDRESS_LINE_BAD;

  if (is_first && length >= mark && memcmp (text, BYTE_ORDER_MARK, mark) == 0)
    copy = g_strndup (text + mark, length - mark);
  else
    copy = g_strndup (text, length);
  g_strstrip (copy);
  if (*copy == '\0' || *copy == '#')
    return BOBBIN_ADDRESS_LINE_NONE;

  *line = g_steal_pointer (&copy);

  return BOBBIN_ADDRESS_LINE_ADDRESS;
}

/**
 * bobbin_address_list_dup_text:
 * @list: (array length=length): a whole list, of whatever bytes
 * @length: how many
 *
 * Returns: (transfer full): its lines, without the comments and what is not text
 */
char *
bobbin_address_list_dup_text (const char *list, gsize length)
{
  const char *const end = list + length;
  GString *text = g_string_new (NULL);

  for (const char *from = list; from < end;)
    {
      const char *newline = memchr (from, '\n', (gsize) (end - from));
      const char *to = newline != NULL ? newline : end;
      g_autofree char *line = NULL;

      if (bobbin_address_list_read_line (from, (gsize) (to - from), from == list, &line) ==
          BOBBIN_ADDRESS_LINE_ADDRESS)
        {
          g_string_append (text, line);
          g_string_append_c (text, '\n');
        }
      from = to + 1;
    }

  return g_string_free (text, FALSE);
}
