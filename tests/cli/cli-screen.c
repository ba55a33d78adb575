/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A small terminal, after ECMA-48: printing with automatic wrap, carriage return, line feed, cursor
 * up, erase below, scrolling. One thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "cli-screen.h"

#include <string.h>

/* The cell behind a wide character. */
#define SECOND_HALF ((gunichar) -1)

struct _CliScreen
{
  guint columns;
  guint rows;
  gunichar *cells; /* (owned): rows × columns; 0 is empty */
  guint column;
  guint row;
  guint n_draws;  /* how often anything was erased */
  GString *input; /* (owned): bytes that are not yet a whole character or sequence */
};

CliScreen *
cli_screen_new (guint columns, guint rows)
{
  CliScreen *self = g_new0 (CliScreen, 1);

  self->columns = columns;
  self->rows = rows;
  self->cells = g_new0 (gunichar, columns * rows);
  self->input = g_string_new (NULL);
  return self;
}

void
cli_screen_free (CliScreen *self)
{
  g_free (self->cells);
  g_string_free (self->input, TRUE);
  g_free (self);
}

static void
line_feed (CliScreen *self)
{
  gsize row_size = self->columns * sizeof (gunichar);

  if (self->row + 1 < self->rows)
    {
      self->row++;
      return;
    }
  memmove (self->cells, self->cells + self->columns, row_size * (self->rows - 1));
  memset (self->cells + self->columns * (self->rows - 1), 0, row_size);
}

/* A wide character takes two cells; the second one holds nothing that is shown. */
static void
put (CliScreen *self, gunichar c)
{
  guint width = g_unichar_iswide (c) ? 2 : 1;

  if (self->column + width > self->columns)
    {
      self->column = 0;
      line_feed (self);
    }
  self->cells[self->row * self->columns + self->column] = c;
  if (width == 2)
    self->cells[self->row * self->columns + self->column + 1] = SECOND_HALF;
  self->column += width;
}

static void
erase_below (CliScreen *self)
{
  gsize from = self->row * self->columns + self->column;

  memset (self->cells + from, 0, (self->columns * self->rows - from) * sizeof (gunichar));
  self->n_draws++;
}

/* Takes a control sequence from the input; says whether it was whole. */
static gboolean
take_sequence (CliScreen *self)
{
  const char *text = self->input->str;
  gsize digits = strspn (text + 2, "0123456789");
  guint number = (guint) g_ascii_strtoull (text + 2, NULL, 10);
  char final = text[1] == '\0' ? '\0' : text[2 + digits];

  if (final == '\0')
    return FALSE;
  g_assert_cmpint (text[1], ==, '[');
  if (final == 'A')
    self->row -= MIN (self->row, MAX (number, 1));
  else if (final == 'J' && number == 0)
    erase_below (self);
  else
    g_error ("Unexpected control sequence “%s”", text + 1);
  g_string_erase (self->input, 0, (gssize) (3 + digits));
  return TRUE;
}

/* Takes a character; says whether it was whole. */
static gboolean
take_char (CliScreen *self)
{
  gunichar c = g_utf8_get_char_validated (self->input->str, (gssize) self->input->len);

  if (c == (gunichar) -2)
    return FALSE;
  g_assert_true (g_unichar_validate (c));
  if (c == '\r')
    self->column = 0;
  else if (c == '\n')
    line_feed (self);
  else
    {
      g_assert_true (g_unichar_isprint (c));
      put (self, c);
    }
  g_string_erase (self->input, 0, g_unichar_to_utf8 (c, NULL));
  return TRUE;
}

void
cli_screen_feed (CliScreen *self, const char *bytes, gsize size)
{
  gboolean whole = TRUE;

  g_string_append_len (self->input, bytes, (gssize) size);
  while (whole && self->input->len > 0)
    whole = self->input->str[0] == '\033' ? take_sequence (self) : take_char (self);
}

/* What is to be seen, without blanks at the ends of lines and empty lines below. */
char *
cli_screen_get_text (CliScreen *self)
{
  GString *text = g_string_new (NULL);

  for (guint row = 0; row < self->rows; row++)
    {
      g_autoptr (GString) line = g_string_new (NULL);

      for (guint column = 0; column < self->columns; column++)
        {
          gunichar c = self->cells[row * self->columns + column];

          if (c != SECOND_HALF)
            g_string_append_unichar (line, c != 0 ? c : ' ');
        }
      g_string_append_printf (text, "%s\n", g_strchomp (line->str));
    }
  while (text->len >= 2 && g_str_has_suffix (text->str, "\n\n"))
    g_string_truncate (text, text->len - 1);
  if (g_str_equal (text->str, "\n"))
    g_string_truncate (text, 0);
  return g_string_free (text, FALSE);
}

/* How often it was erased. */
guint
cli_screen_get_draws (CliScreen *self)
{
  return self->n_draws;
}

guint
cli_screen_get_column (CliScreen *self)
{
  return self->column;
}
