/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Reading what is answered. Everything is asynchronous inside the session's context, so one
 * cancellable ends a name look-up, a connect, a handshake, a stalled answer and a stalled body
 * alike, and many of them run side by side in one thread; for who asks for one thing at a time
 * there are functions that read as if they blocked, while the sources of the context run on.
 *
 * How it is asked is in bobbin-http-send.c, what becomes of a body that nobody wants in
 * bobbin-http-skip.c. Chunks are decoded by us (bobbin-chunked.c). Worker threads only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-body-private.h"

static void on_read (GObject *object, GAsyncResult *result, gpointer user_data);
static gboolean on_ended (gpointer user_data);
static void body_turn (BobbinHttpBody *self, GSourceFunc func, const char *name);

static void
body_read_on (BobbinHttpBody *self)
{
  BobbinHttpReading *reading = &self->reading;

  if (self->has_ended || self->failed != NULL)
    {
      body_turn (self, on_ended, "[bobbin] ended");
      return;
    }

  g_input_stream_read_async (self->stream, reading->buffer, reading->size, G_PRIORITY_DEFAULT,
                             reading->cancellable, on_read, self);
}

/* What n bytes of frames hold: how many bytes, or -1; 0 is not yet the end. */
static gssize
body_decode (BobbinHttpBody *self, gssize n, GError **error)
{
  if (n > 0)
    return bobbin_chunked_decode (&self->chunked, self->reading.buffer, n, error);
  if (n < 0 || bobbin_chunked_may_end (&self->chunked))
    return n;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                       "The connection ended before the body did");

  return -1;
}

/* What has come already: how many bytes, or 0 if there are none. What ended it is kept for the next
 * read. */
static gsize
body_read_ready (BobbinHttpBody *self, void *buffer, gsize size)
{
  GPollableInputStream *stream = G_POLLABLE_INPUT_STREAM (self->stream);
  g_autoptr (GError) error = NULL;
  gssize n;

  if (self->has_ended || self->failed != NULL)
    return 0;

  n = g_pollable_input_stream_read_nonblocking (stream, buffer, size, NULL, &error);
  if (n == 0)
    self->has_ended = TRUE;
  else if (n < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    self->failed = g_steal_pointer (&error);

  return MAX (n, 0);
}

/* Behind the record that came there are others, and a turn of the main loop for each costs more
 * than to decrypt it: takes what is there, as long as there is room. Returns how many bytes there
 * are then. */
static gssize
body_read_records (BobbinHttpBody *self, gssize n)
{
  const BobbinHttpReading *reading = &self->reading;
  gsize more = 1;

  while ((gsize) n < reading->size && more > 0)
    {
      more = body_read_ready (self, (char *) reading->buffer + n, reading->size - n);
      n += more;
    }

  return n;
}

static void
body_take (BobbinHttpBody *self, gssize n_read, GError *raw)
{
  const BobbinHttpReading reading = self->reading;
  g_autoptr (GError) error = raw;
  const gssize n = self->is_chunked ? body_decode (self, n_read, &error) : n_read;

  /* What was read may have been all frame and no chunk. */
  if (n == 0 && n_read > 0 && !bobbin_chunked_is_done (&self->chunked))
    {
      body_read_on (self);
      return;
    }

  self->is_done = n == 0;
  reading.func (n, error, reading.user_data);
}

static void
on_read (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BobbinHttpBody *self = user_data;
  GError *error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);

  if (n > 0 && self->is_in_records)
    n = body_read_records (self, n);
  body_take (self, n, error);
}

/* What ended the stream was heard before. */
static gboolean
on_ended (gpointer user_data)
{
  BobbinHttpBody *self = user_data;
  GError *error = g_steal_pointer (&self->failed);

  body_take (self, error != NULL ? -1 : 0, error);

  return G_SOURCE_REMOVE;
}

/* A chunked body is done when its last frame is, and the connection may say nothing more. */
static gboolean
on_done (gpointer user_data)
{
  BobbinHttpBody *self = user_data;

  self->is_done = TRUE;
  self->reading.func (0, NULL, self->reading.user_data);

  return G_SOURCE_REMOVE;
}

static void
body_turn (BobbinHttpBody *self, GSourceFunc func, const char *name)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, self, NULL);
  g_source_set_name (source, name);
  g_source_attach (source, self->session->context);
}

/**
 * bobbin_http_body_read_async:
 * @self: a body
 * @buffer: (array length=size): where to
 * @size: how much at most
 * @cancellable: ends it; to be cancelled in this thread only
 * @func: called in the session's context, never before this returns
 * @user_data: for @func
 *
 * Reads some bytes. A body that ends before its end is an error.
 */
void
bobbin_http_body_read_async (BobbinHttpBody *self,
                             void *buffer,
                             gsize size,
                             GCancellable *cancellable,
                             BobbinHttpReadFunc func,
                             gpointer user_data)
{
  self->reading = (BobbinHttpReading){ buffer, size, cancellable, func, user_data };

  if (self->is_chunked && bobbin_chunked_is_done (&self->chunked))
    body_turn (self, on_done, "[bobbin] done");
  else
    body_read_on (self);
}

/* What came, for a caller that waits for it. */
typedef struct
{
  gboolean done;
  gssize n;
  GError *error;
} Awaited;

static void
on_awaited_bytes (gssize n, const GError *error, gpointer user_data)
{
  Awaited *awaited = user_data;

  awaited->done = TRUE;
  awaited->n = n;
  awaited->error = error != NULL ? g_error_copy (error) : NULL;
}

/**
 * bobbin_http_body_read:
 * @self: a body
 * @buffer: (out caller-allocates) (array length=size): where to
 * @size: how much at most
 * @cancellable: ends it; to be cancelled in this thread only
 * @error: return location for an error of libsoup or GIO
 *
 * Waits for some bytes. A body that ends before its end is an error.
 *
 * Returns: how many came, 0 at the end, -1 on error
 */
gssize
bobbin_http_body_read (BobbinHttpBody *self,
                       void *buffer,
                       gsize size,
                       GCancellable *cancellable,
                       GError **error)
{
  Awaited awaited = { 0 };

  bobbin_http_body_read_async (self, buffer, size, cancellable, on_awaited_bytes, &awaited);
  while (!awaited.done)
    g_main_context_iteration (self->session->context, TRUE);
  if (awaited.error != NULL)
    g_propagate_error (error, awaited.error);

  return awaited.n;
}

/**
 * bobbin_http_body_read_now:
 * @self: a body that is not being read
 * @buffer: (out caller-allocates) (array length=size): where to
 * @size: how much at most
 *
 * Reads what has come already, if that can be told. Where it cannot, where nothing has and where
 * there was an error, bobbin_http_body_read_async() is to be asked.
 *
 * Returns: how many bytes, 0 at the end, -1 if there are none now
 */
gssize
bobbin_http_body_read_now (BobbinHttpBody *self, void *buffer, gsize size)
{
  gsize n;

  if (self->is_chunked || !self->is_pollable)
    return -1;

  n = body_read_ready (self, buffer, size);
  if (n > 0)
    return (gssize) n;
  self->is_done = self->has_ended;

  return self->has_ended ? 0 : -1;
}

/**
 * bobbin_http_body_is_open_ended:
 * @self: a body
 *
 * Returns: whether nothing but the end of the connection says where it ends
 */
gboolean
bobbin_http_body_is_open_ended (BobbinHttpBody *self)
{
  return self->is_open_ended;
}

/**
 * bobbin_http_body_free:
 * @self: (transfer full): a body that is not being read
 *
 * Frees @self and, if more of it is to come, closes its connection: who stops a download does not
 * want it to go on in the kernel's buffers. libsoup only begins to; bobbin_http_session_settle()
 * sees to the end.
 */
void
bobbin_http_body_free (BobbinHttpBody *self)
{
  g_object_unref (self->stream);
  g_clear_error (&self->failed);
  if (!self->is_done)
    soup_session_abort (self->lane->soup);
  if (!self->is_done || !self->is_kept)
    self->session->is_unsettled = TRUE;
  g_free (self);
}
