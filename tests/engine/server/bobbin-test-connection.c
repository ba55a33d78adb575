/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One connection of the test server, in the server's thread. It reads all the time, so that it
 * notices at any moment when the other side goes; it answers one request after the other, and does
 * to the answer what the file's fault demands. Nothing blocks; what waits, waits for a source.
 */

#include "config.h"

#include "bobbin-test-server-private.h"

#include <string.h>
#include <sys/socket.h>

#define PIECE_MAX (256 * 1024)

/* What is given out slowly comes in so many steps a second; what drips does, too. */
#define N_STEPS      100
#define N_SLOW_STEPS 20

struct _Connection
{
  BobbinTestServer *server;
  guint n_refs; /* one while open, one for each operation under way */
  GSocket *socket;
  GIOStream *stream;
  GCancellable *cancellable;
  gboolean closed;
  gboolean refused;
  gboolean reset;
  gboolean stalled;

  guint8 buffer[4096];
  GString *input;

  Answer *answer;        /* (nullable) what is being sent */
  gsize header_sent;     /* bytes of its header */
  GBytes *piece;         /* (nullable) what is being written */
  gint64 n_sent_counted; /* of answer->n_sent */
  GSource *timer;        /* (nullable) */
  GSource *first_words;  /* (nullable) of a client that is refused */
};

static void connection_read (Connection *self);
static void connection_continue (Connection *self);
static void connection_take_input (Connection *self);

/* Its answer is over: another request may be answered. */
static void
connection_end_answer (Connection *self)
{
  Resource *resource;

  if (self->answer == NULL)
    return;

  g_mutex_lock (&self->server->mutex);
  resource = bobbin_test_server_lookup (self->server, self->answer->path);
  if (self->answer->is_counted)
    resource->n_active--;
  g_mutex_unlock (&self->server->mutex);
  self->answer->is_counted = FALSE;
}

static void
connection_unref (Connection *self)
{
  if (--self->n_refs > 0)
    return;

  if (self->reset)
    {
      struct linger linger = { .l_onoff = 1, .l_linger = 0 };

      setsockopt (g_socket_get_fd (self->socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    }
  g_socket_close (self->socket, NULL);
  bobbin_test_server_left (self->server, self);

  g_clear_pointer (&self->answer, bobbin_test_answer_free);
  g_clear_pointer (&self->piece, g_bytes_unref);
  g_object_unref (self->stream);
  g_object_unref (self->socket);
  g_object_unref (self->cancellable);
  g_string_free (self->input, TRUE);
  g_free (self);
}

static void
connection_set_stalled (Connection *self, gboolean stalled)
{
  if (self->stalled == stalled)
    return;

  self->stalled = stalled;
  g_mutex_lock (&self->server->mutex);
  self->server->n_stalled += stalled ? 1 : -1;
  g_mutex_unlock (&self->server->mutex);
  bobbin_test_server_changed (self->server);
}

static void
connection_clear_timer (Connection *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
connection_clear_first_words (Connection *self)
{
  if (self->first_words != NULL)
    g_source_destroy (self->first_words);
  g_clear_pointer (&self->first_words, g_source_unref);
}

void
bobbin_test_connection_close (Connection *self, gboolean reset)
{
  if (self->closed)
    return;

  self->closed = TRUE;
  self->reset = reset;
  connection_end_answer (self);
  connection_set_stalled (self, FALSE);
  connection_clear_timer (self);
  connection_clear_first_words (self);
  g_cancellable_cancel (self->cancellable);
  connection_unref (self);
}

/* Sending. */

static gboolean
on_timer (gpointer user_data)
{
  Connection *self = user_data;

  connection_clear_timer (self);
  connection_continue (self);
  return G_SOURCE_REMOVE;
}

/* Of an answer's body, or its header that drips. */
static guint
answer_get_n_steps (const Answer *answer)
{
  return answer->file.rate >= 10 * 1024 ? N_STEPS : N_SLOW_STEPS;
}

static void
connection_continue_later (Connection *self)
{
  self->timer = g_timeout_source_new (1000 / answer_get_n_steps (self->answer));
  g_source_set_static_name (self->timer, "bobbin-test-rate");
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, self->server->context);
}

static void
connection_count_sent (Connection *self)
{
  Resource *resource;

  g_mutex_lock (&self->server->mutex);
  resource = bobbin_test_server_lookup (self->server, self->answer->path);
  if (resource != NULL)
    resource->n_sent += self->answer->n_sent - self->n_sent_counted;
  self->n_sent_counted = self->answer->n_sent;
  g_mutex_unlock (&self->server->mutex);
  bobbin_test_server_changed (self->server);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Connection *self = user_data;
  gboolean written;

  written = g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_clear_pointer (&self->piece, g_bytes_unref);

  if (!written)
    bobbin_test_connection_close (self, FALSE);
  else if (!self->closed)
    {
      gboolean dripping = self->header_sent < self->answer->header->len;

      connection_count_sent (self);
      if (dripping || (self->answer->file.rate > 0 && self->answer->n_sent > 0))
        connection_continue_later (self);
      else
        connection_continue (self);
    }
  connection_unref (self);
}

static void
connection_write (Connection *self, GBytes *piece)
{
  self->piece = piece;
  self->n_refs++;
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->stream),
                                   g_bytes_get_data (piece, NULL), g_bytes_get_size (piece),
                                   G_PRIORITY_DEFAULT, self->cancellable, on_written, self);
}

static void
connection_send_header (Connection *self)
{
  const GString *header = self->answer->header;
  gsize n = header->len - self->header_sent;

  if (self->answer->file.fault == BOBBIN_TEST_FAULT_DRIP)
    n = 1;
  connection_write (self, g_bytes_new (header->str + self->header_sent, n));
  self->header_sent += n;
}

/* What no key was used for. Blocks until there is room for it, as who reads makes some. */
static void
connection_send_damage (Connection *self)
{
  static const char damage[64] = "neither a record nor an alert";

  g_socket_set_blocking (self->socket, TRUE);
  g_socket_send (self->socket, damage, sizeof damage, NULL, NULL);
  bobbin_test_connection_close (self, FALSE);
}

/* Whether the answer has come to where it goes wrong, which it then does. */
static gboolean
connection_fail_here (Connection *self)
{
  const BobbinTestFile *file = &self->answer->file;
  gint64 at = self->header_sent == 0 ? BOBBIN_TEST_BEFORE_HEADER : self->answer->n_sent;

  if (at < file->fault_at || (at == BOBBIN_TEST_BEFORE_HEADER && file->fault_at >= 0))
    return FALSE;

  if (file->fault == BOBBIN_TEST_FAULT_CLOSE)
    bobbin_test_connection_close (self, FALSE);
  else if (file->fault == BOBBIN_TEST_FAULT_RESET)
    bobbin_test_connection_close (self, TRUE);
  else if (file->fault == BOBBIN_TEST_FAULT_STALL)
    connection_set_stalled (self, TRUE);
  else if (file->fault == BOBBIN_TEST_FAULT_DAMAGE)
    connection_send_damage (self);
  else
    return FALSE;

  return TRUE;
}

static gsize
connection_piece_max (Connection *self)
{
  const BobbinTestFile *file = &self->answer->file;
  gint64 max = PIECE_MAX;

  if (file->rate > 0)
    max = CLAMP (file->rate / answer_get_n_steps (self->answer), 1, max);
  if ((file->fault >= BOBBIN_TEST_FAULT_CLOSE && file->fault <= BOBBIN_TEST_FAULT_STALL) ||
      file->fault == BOBBIN_TEST_FAULT_DAMAGE)
    max = MIN (max, file->fault_at - self->answer->n_sent);
  return (gsize) max;
}

static void
on_said_goodbye (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Connection *self = user_data;

  g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, NULL);
  bobbin_test_connection_close (self, FALSE);
  connection_unref (self);
}

/* As it should be: over TLS it is said first that nothing more comes. */
static void
connection_end (Connection *self)
{
  self->n_refs++;
  g_output_stream_close_async (g_io_stream_get_output_stream (self->stream), G_PRIORITY_DEFAULT,
                               self->cancellable, on_said_goodbye, self);
}

static void
connection_finish_answer (Connection *self)
{
  gboolean keep_alive = self->answer->keep_alive;

  connection_end_answer (self);
  g_clear_pointer (&self->answer, bobbin_test_answer_free);
  if (!keep_alive)
    connection_end (self);
  else
    connection_take_input (self); /* the next request may be here already */
}

static void
connection_continue (Connection *self)
{
  GBytes *piece;

  if (connection_fail_here (self))
    return;

  if (self->header_sent < self->answer->header->len)
    {
      connection_send_header (self);
      return;
    }

  piece = bobbin_test_answer_next (self->answer, connection_piece_max (self));
  if (piece != NULL)
    connection_write (self, piece);
  else
    connection_finish_answer (self);
}

void
bobbin_test_connection_release (Connection *self, const char *path)
{
  if (!self->stalled || self->answer == NULL || strcmp (self->answer->path, path) != 0)
    return;

  self->answer->file.fault = BOBBIN_TEST_FAULT_NONE;
  connection_set_stalled (self, FALSE);
  connection_continue (self);
}

/* Receiving. */

static const BobbinTestFile *
resource_choose (Resource *resource)
{
  const guint request = resource->requests->len;

  for (guint i = resource->exceptions->len; i > 0; i--)
    {
      const Exception *exception = g_ptr_array_index (resource->exceptions, i - 1);

      if (exception->first <= request && request < exception->end)
        return &exception->file;
    }

  return &resource->file;
}

/* Too many at once: what @file is then. */
static void
limit_file (BobbinTestFile *file)
{
  const char *headers = file->headers;

  file->fault = BOBBIN_TEST_FAULT_CLOSE;
  file->fault_at = BOBBIN_TEST_BEFORE_HEADER;
  if (file->limit_status == 0)
    return;

  file->fault = BOBBIN_TEST_FAULT_NONE;
  file->status = file->limit_status;
  file->length = 0;
  file->rate = 0;
  file->headers = file->limit_headers;
  file->limit_headers = headers;
}

/* Whether it is one that is answered as it should be. */
static gboolean
resource_begin_answer (Resource *resource, BobbinTestFile *file)
{
  if (file->limit > 0 && resource->n_active >= file->limit)
    {
      limit_file (file);
      return FALSE;
    }

  resource->n_active++;
  resource->max_active = MAX (resource->max_active, resource->n_active);
  return TRUE;
}

/* The file as it is now, and with its fault only as often as that is to happen. */
static gboolean
take_request (Connection *self, const char *path, const char *request, BobbinTestFile *file)
{
  gboolean is_counted = FALSE;
  static const BobbinTestFile missing = { .status = 404 };
  Resource *resource;

  g_mutex_lock (&self->server->mutex);
  resource = bobbin_test_server_lookup (self->server, path);
  bobbin_test_file_copy (file, resource != NULL ? resource_choose (resource) : &missing);
  if (resource != NULL)
    {
      g_ptr_array_add (resource->requests, g_strdup (request));
      if (file->fault_times > 0 && resource->n_faults >= file->fault_times)
        file->fault = BOBBIN_TEST_FAULT_NONE;
      else
        resource->n_faults++;
      is_counted = resource_begin_answer (resource, file);
    }
  g_mutex_unlock (&self->server->mutex);
  bobbin_test_server_changed (self->server);
  return is_counted;
}

static void
connection_begin_answer (Connection *self, const char *request)
{
  g_auto (GStrv) words = g_strsplit (request, " ", 3);
  const char *path = words[0] != NULL && words[1] != NULL ? words[1] : "";
  BobbinTestFile file;
  const gboolean is_counted = take_request (self, path, request, &file);

  self->answer = bobbin_test_answer_new (&file, path, request);
  self->answer->is_counted = is_counted;
  self->header_sent = 0;
  self->n_sent_counted = 0;
  bobbin_test_file_clear (&file);
  connection_continue (self);
}

static void
connection_take_input (Connection *self)
{
  const char *end = strstr (self->input->str, "\r\n\r\n");
  g_autofree char *request = NULL;

  if (self->server->kind == BOBBIN_TEST_SILENT)
    connection_set_stalled (self, TRUE);
  if (end == NULL || self->answer != NULL || self->stalled)
    return;

  request = g_strndup (self->input->str, end - self->input->str);
  g_string_erase (self->input, 0, end - self->input->str + 4);
  connection_begin_answer (self, request);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Connection *self = user_data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (n <= 0)
    bobbin_test_connection_close (self, FALSE);
  else if (!self->closed)
    {
      g_string_append_len (self->input, (const char *) self->buffer, n);
      connection_take_input (self);
    }

  if (!self->closed)
    connection_read (self);
  connection_unref (self);
}

static void
connection_read (Connection *self)
{
  self->n_refs++;
  g_input_stream_read_async (g_io_stream_get_input_stream (self->stream), self->buffer,
                             sizeof self->buffer, G_PRIORITY_DEFAULT, self->cancellable, on_read,
                             self);
}

static void
on_handshake (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Connection *self = user_data;

  if (!g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL))
    bobbin_test_connection_close (self, FALSE);
  if (!self->closed)
    connection_read (self);
  connection_unref (self);
}

/*
 * TLS shakes hands in a thread of its own. A read that began it would come back at once when it is
 * cancelled, and the socket be closed below that thread; this comes back when that has ended.
 */
static void
connection_shake_hands (Connection *self)
{
  self->n_refs++;
  g_tls_connection_handshake_async (G_TLS_CONNECTION (self->stream), G_PRIORITY_DEFAULT,
                                    self->cancellable, on_handshake, self);
}

static gboolean
on_first_words (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  bobbin_test_connection_close (user_data, TRUE);
  return G_SOURCE_REMOVE;
}

/*
 * Resets it. Where TLS is spoken that is when the client has said its first words: glib-networking
 * 2.80 asks for the peer's address when it makes a connection, and has a critical for one that is
 * reset before.
 */
void
bobbin_test_connection_refuse (Connection *self)
{
  self->refused = TRUE;
  if (!G_IS_TLS_CONNECTION (self->stream))
    {
      bobbin_test_connection_close (self, TRUE);
      return;
    }

  self->first_words = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_static_name (self->first_words, "bobbin-test-refusal");
  g_source_set_callback (self->first_words, G_SOURCE_FUNC (on_first_words), self, NULL);
  g_source_attach (self->first_words, self->server->context);
}

/* Of the open connection, or -1; so that of one that is refused. */
int
bobbin_test_connection_get_fd (Connection *self)
{
  return self->refused ? -1 : g_socket_get_fd (self->socket);
}

/* Reads what the client says, and answers. */
void
bobbin_test_connection_serve (Connection *self)
{
  if (G_IS_TLS_CONNECTION (self->stream))
    connection_shake_hands (self);
  else
    connection_read (self);
}

/* Returns: (transfer none): owned by itself until it is closed and nothing is under way */
Connection *
bobbin_test_connection_open (BobbinTestServer *server, GSocket *socket)
{
  Connection *self = g_new0 (Connection, 1);
  g_autoptr (GSocketConnection) plain = g_socket_connection_factory_create_connection (socket);

  self->server = server;
  self->n_refs = 1;
  self->socket = g_object_ref (socket);
  self->cancellable = g_cancellable_new ();
  self->input = g_string_new (NULL);
  self->stream = G_IO_STREAM (g_object_ref (plain));

  if (server->certificate != NULL)
    {
      g_object_unref (self->stream);
      self->stream = g_tls_server_connection_new (G_IO_STREAM (plain), server->certificate, NULL);
      g_assert_nonnull (self->stream);
    }

  return self;
}
