/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Progress on a terminal: one line for each active file, below everything else, drawn anew at most
 * ten times a second. The cursor rests at the beginning of the line below them, so that what else
 * gets to the terminal, like the “^C” of an interrupt, spoils nothing that the next drawing does
 * not clear. Only sequences of ECMA-48 that every terminal of today has are used: cursor up and
 * erase below. Nothing of the terminal's settings is changed, so there is nothing to restore but
 * those lines. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-progress.h"

#include "bobbin-cli-text.h"

#include <sys/ioctl.h>

/* ms */
#define INTERVAL 100

#define DEFAULT_COLUMNS 80
#define DEFAULT_ROWS    24

struct _BobbinCliProgress
{
  BobbinCliOutput *terminal;
  int fd;
  GPtrArray *downloads; /* (element-type BobbinDownload) (owned): in the order of their lines */
  GArray *widths;       /* (element-type guint) (owned): of the lines that are drawn */
  guint timeout;        /* draws, and keeps the distance to the next drawing; or 0 */
  gboolean dirty;
};

static void
get_size (BobbinCliProgress *self, guint *columns, guint *rows)
{
  struct winsize size = { 0 };

  if (ioctl (self->fd, TIOCGWINSZ, &size) != 0)
    size.ws_col = size.ws_row = 0;
  *columns = size.ws_col > 1 ? size.ws_col : DEFAULT_COLUMNS;
  *rows = size.ws_row > 1 ? size.ws_row : DEFAULT_ROWS;
}

/* In a window that was made narrower a line may take several rows by now. */
static void
append_clear (BobbinCliProgress *self, GString *text, guint columns)
{
  guint up = 0;

  for (guint i = 0; i < self->widths->len; i++)
    {
      guint width = g_array_index (self->widths, guint, i);

      up += MAX ((width + columns - 1) / columns, 1);
    }
  if (up > 0)
    g_string_append_printf (text, "\r\033[%uA\033[J", up);
  g_array_set_size (self->widths, 0);
}

/* The last row stays free for the cursor; the last column too, as terminals differ in when they
 * go on to the next line. */
static void
append_lines (BobbinCliProgress *self, GString *text, guint columns, guint rows)
{
  for (guint i = 0; i < MIN (self->downloads->len, rows - 1); i++)
    {
      BobbinDownload *download = g_ptr_array_index (self->downloads, i);
      g_autofree char *line = bobbin_cli_text_progress (download, columns - 1);
      guint width = bobbin_cli_text_width (line);

      g_string_append (text, line);
      g_string_append_c (text, '\n');
      g_array_append_val (self->widths, width);
    }
}

static void
draw (BobbinCliProgress *self, const char *above)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint columns = 0;
  guint rows = 0;

  get_size (self, &columns, &rows);
  append_clear (self, text, columns);
  if (above != NULL)
    g_string_append (text, above);
  append_lines (self, text, columns, rows);
  bobbin_cli_output_print (self->terminal, text->str);
  self->dirty = FALSE;
}

static gboolean
on_timeout (gpointer user_data)
{
  BobbinCliProgress *self = user_data;

  if (!self->dirty)
    {
      self->timeout = 0;
      return G_SOURCE_REMOVE;
    }
  if (bobbin_cli_output_is_empty (self->terminal))
    draw (self, NULL);
  return G_SOURCE_CONTINUE;
}

/**
 * bobbin_cli_progress_new:
 * @terminal: where to draw
 * @fd: the terminal itself, to ask for its size
 *
 * Makes an empty set of lines.
 *
 * Returns: (transfer full): the lines
 */
BobbinCliProgress *
bobbin_cli_progress_new (BobbinCliOutput *terminal, int fd)
{
  BobbinCliProgress *self = g_new0 (BobbinCliProgress, 1);

  self->terminal = terminal;
  self->fd = fd;
  self->downloads = g_ptr_array_new_with_free_func (g_object_unref);
  self->widths = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

/**
 * bobbin_cli_progress_free:
 * @self: the lines
 *
 * Frees them. They should be empty by now, else what is drawn stays.
 */
void
bobbin_cli_progress_free (BobbinCliProgress *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_ptr_array_unref (self->downloads);
  g_array_unref (self->widths);
  g_free (self);
}

/**
 * bobbin_cli_progress_add:
 * @self: the lines
 * @download: a download that runs now
 *
 * Adds a line.
 */
void
bobbin_cli_progress_add (BobbinCliProgress *self, BobbinDownload *download)
{
  g_ptr_array_add (self->downloads, g_object_ref (download));
  bobbin_cli_progress_update (self);
}

/**
 * bobbin_cli_progress_remove:
 * @self: the lines
 * @download: a download that ended
 *
 * Removes its line. To be followed by bobbin_cli_progress_print(), which draws.
 */
void
bobbin_cli_progress_remove (BobbinCliProgress *self, BobbinDownload *download)
{
  g_ptr_array_remove (self->downloads, download);
}

/**
 * bobbin_cli_progress_update:
 * @self: the lines
 *
 * Sees to it that the lines show what is so now: at once, or when the last drawing was long enough
 * ago.
 */
void
bobbin_cli_progress_update (BobbinCliProgress *self)
{
  self->dirty = TRUE;
  if (self->timeout != 0)
    return;
  draw (self, NULL);
  self->timeout = g_timeout_add (INTERVAL, on_timeout, self);
}

/**
 * bobbin_cli_progress_print:
 * @self: the lines
 * @line: (nullable): a line with its line feed
 *
 * Puts a line above the others, to stay.
 */
void
bobbin_cli_progress_print (BobbinCliProgress *self, const char *line)
{
  draw (self, line);
}
