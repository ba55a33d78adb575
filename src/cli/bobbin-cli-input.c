/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Reads addresses from a file, a pipe or a terminal: asynchronously, so that standard input never
 * holds the main loop up; no further than is asked for, so that a list of a million addresses takes
 * no more memory than one of ten; and no line longer than can be an address, so that neither does a
 * file that is no list at all. Comments and blank lines are left out. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-input.h"

#include "bobbin-address-list.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct _BobbinCliInput
{
  GInputStream *stream;      /* (owned) */
  GCancellable *cancellable; /* (owned) */
  BobbinCliInputFunc func;   /* (nullable): %NULL once closed */
  gpointer user_data;
  guint64 n_lines; /* taken so far */
  gsize start;     /* what is read and not taken: buffer[start] to buffer[end - 1] */
  gsize end;
  gboolean reading;
  gboolean at_end;   /* of the stream */
  gboolean skipping; /* the rest of a line that is too long */
  char buffer[BOBBIN_CLI_INPUT_MAX_LINE];
};

static int
open_path (const char *path, GError **error)
{
  struct stat status;
  /* Non-blocking: opening a FIFO that nobody writes to yet must not wait. */
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

  if (fd >= 0 && fstat (fd, &status) == 0 && S_ISDIR (status.st_mode))
    {
      close (fd);
      fd = -1;
      errno = EISDIR;
    }
  if (fd < 0)
    {
      int errsv = errno;
      g_autofree char *name = g_filename_display_name (path);

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errsv), "%s: %s", name,
                   g_strerror (errsv));
    }
  return fd;
}

static void
input_free (BobbinCliInput *self)
{
  g_clear_object (&self->stream);
  g_clear_object (&self->cancellable);
  g_free (self);
}

/* A read that is under way ends by itself and frees what it still needs. */
static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BobbinCliInput *self = user_data;
  g_autoptr (GError) error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  self->reading = FALSE;
  if (self->func == NULL)
    {
      input_free (self);
      return;
    }

  if (n > 0)
    self->end += (gsize) n;
  else
    self->at_end = TRUE;
  self->func (error, self->user_data);
}

static void
read_more (BobbinCliInput *self)
{
  if (self->reading)
    return;

  memmove (self->buffer, self->buffer + self->start, self->end - self->start);
  self->end -= self->start;
  self->start = 0;
  self->reading = TRUE;
  g_input_stream_read_async (self->stream, self->buffer + self->end,
                             sizeof self->buffer - self->end, G_PRIORITY_DEFAULT, self->cancellable,
                             on_read, self);
}

/* Drops a buffer full of a line that does not end. */
static void
skip_buffer (BobbinCliInput *self)
{
  self->skipping = TRUE;
  self->start = self->end = 0;
}

/* What the next line is, or what must be done to get one; %NULL where there is nothing on it. */
static BobbinCliInputState
take_line (BobbinCliInput *self, char **line)
{
  gsize length = self->end - self->start;
  char *from = self->buffer + self->start;
  char *to = memchr (from, '\n', length);
  gboolean good = !self->skipping;

  if (to == NULL && !self->at_end)
    {
      if (length == sizeof self->buffer)
        skip_buffer (self);
      read_more (self);
      return BOBBIN_CLI_INPUT_WAIT;
    }
  if (to == NULL && length == 0 && !self->skipping)
    return BOBBIN_CLI_INPUT_END;

  if (to != NULL)
    length = (gsize) (to - from);
  self->start += length + (to != NULL ? 1 : 0);
  self->skipping = FALSE;
  self->n_lines++;
  if (!good || bobbin_address_list_read_line (from, length, self->n_lines == 1, line) ==
                 BOBBIN_ADDRESS_LINE_BAD)
    return BOBBIN_CLI_INPUT_BAD_LINE;

  return BOBBIN_CLI_INPUT_LINE;
}

/**
 * bobbin_cli_input_open:
 * @path: a file, or “-” for standard input
 * @func: hears when a line came that was waited for
 * @user_data: given to @func
 * @error: where to say why not: %G_IO_ERROR
 *
 * Opens a list of addresses.
 *
 * Returns: (transfer full) (nullable): the input
 */
BobbinCliInput *
bobbin_cli_input_open (const char *path,
                       BobbinCliInputFunc func,
                       gpointer user_data,
                       GError **error)
{
  gboolean is_stdin = g_str_equal (path, "-");
  int fd = is_stdin ? STDIN_FILENO : open_path (path, error);
  BobbinCliInput *self;

  if (fd < 0)
    return NULL;

  self = g_new (BobbinCliInput, 1);
  memset (self, 0, G_STRUCT_OFFSET (BobbinCliInput, buffer));
  self->stream = g_unix_input_stream_new (fd, !is_stdin);
  self->cancellable = g_cancellable_new ();
  self->func = func;
  self->user_data = user_data;
  return self;
}

/**
 * bobbin_cli_input_close:
 * @self: (transfer full): an input
 *
 * Ends reading; nothing is heard of it any more.
 */
void
bobbin_cli_input_close (BobbinCliInput *self)
{
  self->func = NULL;
  if (self->reading)
    g_cancellable_cancel (self->cancellable);
  else
    input_free (self);
}

/**
 * bobbin_cli_input_next:
 * @self: an input
 * @line: (out) (transfer full): an address, or what should be one
 *
 * Takes the next line that is neither blank nor a comment. If there is none yet, the input's
 * function is called when it is worth asking again.
 *
 * Returns: what came of it
 */
BobbinCliInputState
bobbin_cli_input_next (BobbinCliInput *self, char **line)
{
  BobbinCliInputState state;

  *line = NULL;
  do
    state = take_line (self, line);
  while (state == BOBBIN_CLI_INPUT_LINE && *line == NULL);

  return state;
}

/**
 * bobbin_cli_input_get_line:
 * @self: an input
 *
 * Returns: the number of the line taken last, from 1
 */
guint64
bobbin_cli_input_get_line (BobbinCliInput *self)
{
  return self->n_lines;
}
