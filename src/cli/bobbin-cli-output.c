/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Standard output and standard error for a program whose main loop must never wait: a pager that is
 * not scrolled or a terminal halted with Ctrl+S must not hold up the transfers, nor Ctrl+C. What
 * the reader does not take at once is kept, in order, and written when there is room. The
 * descriptor is not made non-blocking, as it is shared with the shell and others; instead poll() is
 * asked first, and no more than PIPE_BUF bytes are written, for which pipe(7) has room when poll()
 * says so. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-output.h"

#include <errno.h>
#include <glib-unix.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

/* With more than this unwritten, what can be left out is left out. */
#define MAX_BEHIND (256 * 1024)

struct _BobbinCliOutput
{
  int fd;
  int errsv;             /* why nothing can be written any more, or 0 */
  GByteArray *unwritten; /* (owned): what is not written yet, from `start` on */
  gsize start;
  GSource *source; /* (owned) (nullable): attached while something is unwritten */
  BobbinCliOutputFunc func;
  gpointer user_data;
};

static void
forget (BobbinCliOutput *self)
{
  g_byte_array_set_size (self->unwritten, 0);
  self->start = 0;
}

static gboolean
has_room (BobbinCliOutput *self)
{
  struct pollfd room = { .fd = self->fd, .events = POLLOUT };

  /* An error is for write() to name. */
  return poll (&room, 1, 0) > 0;
}

/* Writes what can be written without waiting. */
static void
flush (BobbinCliOutput *self)
{
  while (self->start < self->unwritten->len && has_room (self))
    {
      gsize left = self->unwritten->len - self->start;
      gssize n = write (self->fd, self->unwritten->data + self->start, MIN (left, PIPE_BUF));

      if (n >= 0)
        self->start += (gsize) n;
      else if (errno == EAGAIN)
        break;
      else if (errno != EINTR)
        {
          self->errsv = errno;
          forget (self);
        }
    }
  if (self->start == self->unwritten->len)
    forget (self);
}

static void
detach (BobbinCliOutput *self)
{
  if (self->source == NULL)
    return;
  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static gboolean
on_room (int fd, GIOCondition condition, gpointer user_data)
{
  BobbinCliOutput *self = user_data;

  flush (self);
  if (self->unwritten->len > 0)
    return G_SOURCE_CONTINUE;

  detach (self);
  if (self->func != NULL)
    self->func (self, self->errsv, self->user_data);
  return G_SOURCE_REMOVE;
}

/* An idle tells of an error, so that nobody hears of it in the middle of writing. */
static gboolean
on_broken (gpointer user_data)
{
  return on_room (-1, G_IO_ERR, user_data);
}

static void
attach (BobbinCliOutput *self)
{
  if (self->source != NULL)
    return;
  if (self->errsv != 0)
    {
      self->source = g_idle_source_new ();
      g_source_set_callback (self->source, on_broken, self, NULL);
    }
  else
    {
      self->source = g_unix_fd_source_new (self->fd, G_IO_OUT);
      g_source_set_callback (self->source, G_SOURCE_FUNC (on_room), self, NULL);
    }
  g_source_set_static_name (self->source, "[bobbin] output");
  g_source_attach (self->source, NULL);
}

/**
 * bobbin_cli_output_new:
 * @fd: where to write to; not closed
 *
 * Makes an output.
 *
 * Returns: (transfer full): the output
 */
BobbinCliOutput *
bobbin_cli_output_new (int fd)
{
  BobbinCliOutput *self = g_new0 (BobbinCliOutput, 1);

  self->fd = fd;
  self->unwritten = g_byte_array_new ();
  return self;
}

/**
 * bobbin_cli_output_free:
 * @self: an output
 *
 * Frees it; what is not written by now is not written.
 */
void
bobbin_cli_output_free (BobbinCliOutput *self)
{
  detach (self);
  g_byte_array_unref (self->unwritten);
  g_free (self);
}

/**
 * bobbin_cli_output_set_func:
 * @self: an output
 * @func: (nullable): hears when all is written that had to wait, or nothing can be any more
 * @user_data: given to @func
 *
 * Sets who hears of it.
 */
void
bobbin_cli_output_set_func (BobbinCliOutput *self, BobbinCliOutputFunc func, gpointer user_data)
{
  self->func = func;
  self->user_data = user_data;
}

/**
 * bobbin_cli_output_write:
 * @self: an output
 * @text: what to write
 *
 * Writes text as it is, now as far as there is room, the rest later.
 */
void
bobbin_cli_output_write (BobbinCliOutput *self, const char *text)
{
  if (self->errsv != 0)
    return;

  if (self->start > MAX_BEHIND)
    {
      g_byte_array_remove_range (self->unwritten, 0, (guint) self->start);
      self->start = 0;
    }
  g_byte_array_append (self->unwritten, (const guint8 *) text, (guint) strlen (text));
  if (self->source == NULL)
    flush (self);
  if (self->unwritten->len > 0 || self->errsv != 0)
    attach (self);
}

/**
 * bobbin_cli_output_print:
 * @self: an output
 * @text: what to write, in UTF-8
 *
 * Writes text for a person: in the character set of the locale, as near as that comes.
 */
void
bobbin_cli_output_print (BobbinCliOutput *self, const char *text)
{
  const char *charset = NULL;
  g_autofree char *wanted = NULL;
  g_autofree char *local = NULL;

  if (g_get_charset (&charset))
    {
      bobbin_cli_output_write (self, text);
      return;
    }
  wanted = g_strconcat (charset, "//TRANSLIT", NULL);
  local = g_convert (text, -1, wanted, "UTF-8", NULL, NULL, NULL);
  bobbin_cli_output_write (self, local != NULL ? local : text);
}

/**
 * bobbin_cli_output_is_behind:
 * @self: an output
 *
 * Says whether the reader is so slow that what can be left out should be.
 *
 * Returns: whether much is unwritten
 */
gboolean
bobbin_cli_output_is_behind (BobbinCliOutput *self)
{
  return self->unwritten->len - self->start > MAX_BEHIND;
}

/**
 * bobbin_cli_output_is_empty:
 * @self: an output
 *
 * Says whether all is written, or nothing can be any more.
 *
 * Returns: whether there is nothing to wait for
 */
gboolean
bobbin_cli_output_is_empty (BobbinCliOutput *self)
{
  return self->unwritten->len == 0;
}
