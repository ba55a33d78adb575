/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The chunked transfer coding (RFC 9112 §7.1), decoded in place and strictly. libsoup can do that,
 * but before 3.6 it takes a connection that breaks between two chunks, and a chunk whose size is no
 * number, for the end of the body: half a file would pass for a whole one. Pure.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-chunked.h"

#include <string.h>

/* So many hexadecimal digits fit a file's length. */
#define MAX_DIGITS 15

/* More than this behind the last chunk is no trailer. */
#define MAX_TRAILER (64 * 1024)

typedef enum
{
  SIZE,         /* digits */
  EXTENSION,    /* up to the end of the line; ignored (§7.1.1) */
  BYTES,        /* of the chunk */
  BYTES_END,    /* the end of line behind them */
  TRAILER,      /* at the beginning of a line; an empty one is the end */
  TRAILER_LINE, /* inside one */
  DONE,
} State;

static gboolean
take_digit (BobbinChunked *self, char c)
{
  const int digit = g_ascii_xdigit_value (c);

  if (digit < 0 || self->n_digits == MAX_DIGITS)
    return FALSE;

  self->left = self->left * 16 + digit;
  self->n_digits++;

  return TRUE;
}

static void
end_size_line (BobbinChunked *self)
{
  self->state = self->left > 0 ? BYTES : TRAILER;
  self->n_digits = 0;
  self->n_trailer = 0;
}

/* Takes one byte of what is not the chunks' own. */
static gboolean
take_frame (BobbinChunked *self, char c)
{
  switch ((State) self->state)
    {
    case SIZE:
      if (self->n_digits == 0 || g_ascii_isxdigit (c))
        return take_digit (self, c);
      if (c == '\n')
        end_size_line (self);
      else if (c == ';' || c == '\r' || c == ' ' || c == '\t')
        self->state = EXTENSION;
      else
        return FALSE;
      return TRUE;
    case EXTENSION:
      if (c == '\n')
        end_size_line (self);
      return ++self->n_trailer <= MAX_TRAILER;
    case BYTES_END:
      if (c == '\n')
        self->state = SIZE;
      return c == '\n' || c == '\r';
    case TRAILER:
      if (c == '\n')
        self->state = DONE;
      else if (c != '\r')
        self->state = TRAILER_LINE;
      return ++self->n_trailer <= MAX_TRAILER;
    case TRAILER_LINE:
      if (c == '\n')
        self->state = TRAILER;
      return ++self->n_trailer <= MAX_TRAILER;
    case BYTES:
    case DONE:
    default:
      g_assert_not_reached ();
    }
}

/**
 * bobbin_chunked_decode:
 * @self: where the reader is
 * @bytes: (inout) (array length=n_bytes): what was read next; then, at its beginning, what of that
 *   is the body's
 * @n_bytes: how much was read
 * @error: return location for %G_IO_ERROR_INVALID_DATA
 *
 * Returns: how many bytes of the body there are, which may be 0, or -1 if this is no chunked body
 */
gssize
bobbin_chunked_decode (BobbinChunked *self, char *bytes, gsize n_bytes, GError **error)
{
  gsize n_body = 0;
  gsize i = 0;

  while (i < n_bytes && self->state != DONE)
    {
      if (self->state == BYTES)
        {
          const gsize n = MIN (n_bytes - i, self->left);

          memmove (bytes + n_body, bytes + i, n);
          n_body += n;
          i += n;
          self->left -= n;
          if (self->left == 0)
            self->state = BYTES_END;
        }
      else if (!take_frame (self, bytes[i++]))
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Not a chunked body");
          return -1;
        }
    }

  return n_body;
}

/**
 * bobbin_chunked_is_done:
 * @self: where the reader is
 *
 * Returns: whether the end has been read; nothing that follows belongs to the body
 */
gboolean
bobbin_chunked_is_done (const BobbinChunked *self)
{
  return self->state == DONE;
}

/**
 * bobbin_chunked_may_end:
 * @self: where the reader is
 *
 * Returns: whether the body is whole if the connection ends here: the last chunk has been read
 */
gboolean
bobbin_chunked_may_end (const BobbinChunked *self)
{
  return self->state == TRAILER || self->state == TRAILER_LINE || self->state == DONE;
}
