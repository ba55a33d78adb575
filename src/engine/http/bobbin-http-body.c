/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Asking, and reading what is answered. Everything is asynchronous inside the session's context, so
 * one cancellable ends a name look-up, a connect, a handshake, a stalled answer and a stalled body
 * alike, and many of them run side by side in one thread; for who asks for one thing at a time
 * there are functions that read as if they blocked, while the sources of the context run on.
 *
 * What libsoup 3.2 takes for a whole answer and is none is told from one here: chunks are decoded
 * by us (bobbin-chunked.c), lengths are checked. Worker threads only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-body.h"

#include "bobbin-chunked.h"
#include "bobbin-http-session-private.h"
#include "bobbin-tls-trust.h"

#include <string.h>

/* Nobody has so much to say before an answer (RFC 9110 §15.2). libsoup takes them all at once and
 * lets nothing else run meanwhile. */
#define MAX_INFORMATIONAL 32

/* So long, in ms, is waited for the rest of an answer that is of no interest. */
#define MAX_SKIP_TIME 200

/* So much of an answer that is of no interest is read to keep its connection; more costs more than
 * a new one. */
#define MAX_SKIP (64 * 1024)

/* Of a socket: the TLS connection that is above it, not owned. */
static const char tls_key[] = "bobbin-http-tls";

/* So many of a message's signals are listened to. */
#define N_HANDLERS 5

/* While it is sent. */
typedef struct
{
  SoupMessage *message;      /* (owned) */
  GCancellable *cancellable; /* (owned) the caller's */
  GCancellable *soup;        /* (owned) libsoup's */
  gulong cancelled;
  gulong handlers[N_HANDLERS]; /* of the message */
  guint n_informational;
  gboolean is_asked;  /* the request is on its way */
  gboolean is_broken; /* its connection is, by us */
  BobbinHttpSentFunc func;
  gpointer user_data;
} Sending;

typedef struct
{
  void *buffer;
  gsize size;
  GCancellable *cancellable;
  BobbinHttpReadFunc func;
  gpointer user_data;
} Reading;

/* While the rest of it is read. */
typedef struct
{
  char *buffer;              /* (owned) */
  GCancellable *cancellable; /* (owned) the caller's */
  gulong cancelled;
  GCancellable *late; /* (owned) */
  GSource *timer;     /* (owned) */
  gsize n_read;
  BobbinHttpClosedFunc func;
  gpointer user_data;
} Skipping;

struct _BobbinHttpBody
{
  BobbinHttpSession *session; /* of this thread */
  BobbinHttpLane *lane;
  GInputStream *stream; /* (owned) (nullable) */
  GSocket *socket;      /* (owned) (nullable) of its connection, while it is sent */

  gboolean is_done;       /* was read to its end */
  gboolean is_kept;       /* its connection is, after that */
  gboolean is_chunked;    /* by us to be decoded */
  gboolean is_open_ended; /* ends where the connection does */
  gboolean is_in_records; /* a read brings one of TLS, 16 KiB at most */
  gboolean has_ended;     /* the stream has, though nobody was told yet */
  GError *failed;         /* (owned) (nullable) so has it */
  BobbinChunked chunked;

  Sending sending;
  Reading reading;
  Skipping skipping;
};

/* What the answer says of its body. */

/* Whether libsoup reads the answer to its end by itself, into memory, to ask again with a password,
 * or there where it leads. */
static gboolean
is_read_by_soup (SoupMessage *message)
{
  const guint status = soup_message_get_status (message);

  if (SOUP_STATUS_IS_REDIRECTION (status))
    return !(soup_message_get_flags (message) & SOUP_MESSAGE_NO_REDIRECT);

  return status == SOUP_STATUS_UNAUTHORIZED || status == SOUP_STATUS_PROXY_UNAUTHORIZED;
}

/* Nobody wants to see such a body: one that may be long is taken for none, and its connection for
 * one that is not kept. */
static void
skip_body (SoupMessageHeaders *headers)
{
  const SoupEncoding encoding = soup_message_headers_get_encoding (headers);
  const goffset length = soup_message_headers_get_content_length (headers);

  if (encoding == SOUP_ENCODING_CONTENT_LENGTH && length >= 0 && length <= MAX_SKIP)
    return;

  soup_message_headers_set_encoding (headers, SOUP_ENCODING_NONE);
  soup_message_headers_replace (headers, "Connection", "close");
}

/* Whether it is digits, the same ones each time it is said (RFC 9110 §8.6). */
static gboolean
is_length (const char *list)
{
  g_auto (GStrv) lengths = g_strsplit (list, ",", -1);

  for (guint i = 0; lengths[i] != NULL; i++)
    {
      const char *length = g_strstrip (lengths[i]);

      if (*length == '\0' || strspn (length, "0123456789") != strlen (length) ||
          strcmp (length, g_strstrip (lengths[0])) != 0)
        return FALSE;
    }

  return lengths[0] != NULL;
}

/* libsoup takes the last of several lengths, and one that is negative, or more than it can count,
 * for none at all. */
static gboolean
has_bad_length (SoupMessageHeaders *headers)
{
  const char *list = soup_message_headers_get_list (headers, "Content-Length");

  if (list == NULL || soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED)
    return FALSE;

  return !is_length (list) || soup_message_headers_get_content_length (headers) < 0;
}

/* A body that ends where its connection does is whole only if the server said that it closes (RFC
 * 9112 §9.8): without that, anybody on the way may have cut it. libsoup asks for no such thing. The
 * TLS connection is there as long as libsoup reads an answer from it. */
static void
require_close_notify (BobbinHttpBody *body)
{
  GTlsConnection *tls =
    body->socket != NULL ? g_object_get_data (G_OBJECT (body->socket), tls_key) : NULL;

  if (tls != NULL)
    g_tls_connection_set_require_close_notify (tls, TRUE);
}

/* Runs when libsoup has parsed the head of an answer and before it asks how the body is coded: it
 * is to leave the chunks to us, see bobbin-chunked.c. Such a connection is not used again. */
static void
on_status (SoupMessage *message, GParamSpec *pspec, BobbinHttpBody *body)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const gboolean is_1 = soup_message_get_http_version (message) < SOUP_HTTP_2_0;

  body->is_chunked = is_1 && !is_read_by_soup (message) &&
                     soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED;
  body->is_open_ended = is_1 && soup_message_headers_get_encoding (headers) == SOUP_ENCODING_EOF;
  if (body->is_open_ended)
    require_close_notify (body);
  if (body->is_chunked)
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_EOF);
  else if (is_1 && is_read_by_soup (message))
    skip_body (headers);

  if (has_bad_length (headers))
    soup_message_headers_replace (headers, "Content-Length", "no number");
}

/* Sending. */

static void
on_informational (SoupMessage *message, BobbinHttpBody *body)
{
  if (++body->sending.n_informational > MAX_INFORMATIONAL)
    g_cancellable_cancel (body->sending.soup);
}

static void
on_network_event (SoupMessage *message,
                  GSocketClientEvent event,
                  GIOStream *connection,
                  BobbinHttpBody *body)
{
  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (connection))
    g_set_object (&body->socket, g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection)));
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED && body->socket != NULL)
    g_object_set_data (G_OBJECT (body->socket), tls_key, connection);
}

static gboolean
is_closed (gpointer id, gpointer socket, gpointer user_data)
{
  return g_socket_is_closed (socket);
}

/* The connection is known: one made for this message, which others may use after it, or one of
 * those. */
static void
on_starting (SoupMessage *message, BobbinHttpBody *body)
{
  const guint64 id = soup_message_get_connection_id (message);
  GHashTable *sockets = body->lane->sockets;

  body->sending.is_asked = TRUE;
  if (body->socket == NULL)
    {
      g_set_object (&body->socket, g_hash_table_lookup (sockets, &id));
    }
  else
    {
      g_hash_table_foreach_remove (sockets, is_closed, NULL);
      g_hash_table_insert (sockets, g_memdup2 (&id, sizeof id), g_object_ref (body->socket));
    }
}

/* A connection that was used before may have been closed meanwhile by the server, so libsoup asks
 * again over a new one; not if it was us who broke it. */
static void
on_restarted (SoupMessage *message, BobbinHttpBody *body)
{
  body->sending.is_asked = FALSE;
  g_clear_object (&body->socket);
  if (body->sending.is_broken)
    g_cancellable_cancel (body->sending.soup);
}

/* In this thread: who cancels does so here. Once the request is on its way libsoup is not told, its
 * connection is broken instead: before 3.6.6 a cancel at that time may have it finish the message
 * twice, and then it uses what is gone. */
static void
on_send_cancelled (GCancellable *cancellable, BobbinHttpBody *body)
{
  Sending *sending = &body->sending;

  sending->is_broken =
    sending->is_asked && body->socket != NULL && g_socket_shutdown (body->socket, TRUE, TRUE, NULL);
  if (!sending->is_broken)
    g_cancellable_cancel (sending->soup);
}

static void
sending_listen (BobbinHttpBody *body)
{
  const struct
  {
    const char *signal;
    GCallback callback;
  } handlers[N_HANDLERS] = {
    { "network-event", G_CALLBACK (on_network_event) },
    { "starting", G_CALLBACK (on_starting) },
    { "restarted", G_CALLBACK (on_restarted) },
    { "notify::status-code", G_CALLBACK (on_status) },
    { "got-informational", G_CALLBACK (on_informational) },
  };

  for (guint i = 0; i < N_HANDLERS; i++)
    body->sending.handlers[i] =
      g_signal_connect (body->sending.message, handlers[i].signal, handlers[i].callback, body);
}

static void
sending_end (BobbinHttpBody *body)
{
  Sending *sending = &body->sending;

  for (guint i = 0; i < N_HANDLERS; i++)
    g_signal_handler_disconnect (sending->message, sending->handlers[i]);
  /* Not g_cancellable_disconnect(), which would wait for a cancel that we may be in. */
  g_signal_handler_disconnect (sending->cancellable, sending->cancelled);
  g_clear_object (&sending->cancellable);
  g_clear_object (&sending->soup);
  g_clear_object (&sending->message);
  g_clear_object (&body->socket);
}

/* Whether the connection serves another request after this one (RFC 9112 §9.3). */
static gboolean
is_persistent (SoupMessage *message)
{
  return soup_message_get_http_version (message) >= SOUP_HTTP_1_1 &&
         !soup_message_headers_header_contains (soup_message_get_response_headers (message),
                                                "Connection", "close");
}

static gboolean
is_pollable (GInputStream *stream)
{
  return G_IS_POLLABLE_INPUT_STREAM (stream) &&
         g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (stream));
}

static gboolean
is_over_tls (SoupMessage *message)
{
  return g_str_equal (g_uri_get_scheme (soup_message_get_uri (message)), "https");
}

/* Finishes at once: what libsoup's result refers to is gone when this has returned. */
static void
on_sent (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BobbinHttpBody *body = user_data;
  Sending sending = body->sending;
  const gboolean cancelled = g_cancellable_is_cancelled (sending.cancellable);
  g_autoptr (GError) error = NULL;

  body->stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);
  body->is_in_records =
    body->stream != NULL && is_over_tls (sending.message) && is_pollable (body->stream);
  body->is_kept = is_persistent (sending.message) && !body->is_chunked && !body->is_open_ended;
  sending_end (body);

  if (body->stream != NULL)
    {
      sending.func (body, NULL, sending.user_data);
      return;
    }

  if (cancelled || sending.n_informational > MAX_INFORMATIONAL)
    {
      g_clear_error (&error);
      error = cancelled
                ? g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled")
                : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Too many answers");
    }
  body->session->is_unsettled = TRUE;
  g_free (body);
  sending.func (NULL, error, sending.user_data);
}

/**
 * bobbin_http_session_send_async:
 * @self: a session of this thread's
 * @lane: which lane it goes, from 0 on; one message at a time
 * @message: what to ask
 * @cancellable: ends it; to be cancelled in this thread only
 * @func: called in the session's context with the head of the answer, never before this returns
 * @user_data: for @func
 *
 * Sends @message. The session's context must be the thread's default.
 */
void
bobbin_http_session_send_async (BobbinHttpSession *self,
                                guint lane,
                                SoupMessage *message,
                                GCancellable *cancellable,
                                BobbinHttpSentFunc func,
                                gpointer user_data)
{
  BobbinHttpBody *body = g_new0 (BobbinHttpBody, 1);
  Sending *sending = &body->sending;

  if (g_str_equal (g_uri_get_scheme (soup_message_get_uri (message)), "https"))
    bobbin_tls_trust_install ();

  body->session = self;
  body->lane = bobbin_http_session_get_lane (self, lane);
  sending->func = func;
  sending->user_data = user_data;
  sending->message = g_object_ref (message);
  sending->soup = g_cancellable_new ();
  sending->cancellable = g_object_ref (cancellable);
  sending->cancelled =
    g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_send_cancelled), body);
  sending_listen (body);

  if (g_cancellable_is_cancelled (cancellable))
    g_cancellable_cancel (sending->soup);
  soup_session_send_async (body->lane->soup, message, G_PRIORITY_DEFAULT, sending->soup, on_sent,
                           body);
}

/* What came, for a caller that waits for it. */
typedef struct
{
  gboolean done;
  BobbinHttpBody *body;
  gssize n;
  GError *error;
} Awaited;

static void
on_awaited_body (BobbinHttpBody *body, const GError *error, gpointer user_data)
{
  Awaited *awaited = user_data;

  awaited->done = TRUE;
  awaited->body = body;
  awaited->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
on_awaited_bytes (gssize n, const GError *error, gpointer user_data)
{
  Awaited *awaited = user_data;

  awaited->done = TRUE;
  awaited->n = n;
  awaited->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
on_awaited_close (gpointer user_data)
{
  gboolean *done = user_data;

  *done = TRUE;
}

/**
 * bobbin_http_session_send:
 * @self: a session of this thread's
 * @message: what to ask
 * @cancellable: ends it; to be cancelled in this thread only
 * @error: return location for an error of libsoup or GIO
 *
 * Sends @message and waits for the head of the answer.
 *
 * Returns: (transfer full) (nullable): the body
 */
BobbinHttpBody *
bobbin_http_session_send (BobbinHttpSession *self,
                          SoupMessage *message,
                          GCancellable *cancellable,
                          GError **error)
{
  Awaited awaited = { 0 };

  bobbin_http_session_send_async (self, 0, message, cancellable, on_awaited_body, &awaited);
  while (!awaited.done)
    g_main_context_iteration (self->context, TRUE);
  if (awaited.error != NULL)
    g_propagate_error (error, awaited.error);

  return awaited.body;
}

/* Reading. */

static void on_read (GObject *object, GAsyncResult *result, gpointer user_data);
static gboolean on_ended (gpointer user_data);
static void body_turn (BobbinHttpBody *self, GSourceFunc func, const char *name);

static void
body_read_on (BobbinHttpBody *self)
{
  Reading *reading = &self->reading;

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
  const Reading *reading = &self->reading;
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
  const Reading reading = self->reading;
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
  self->reading = (Reading){ buffer, size, cancellable, func, user_data };

  if (self->is_chunked && bobbin_chunked_is_done (&self->chunked))
    body_turn (self, on_done, "[bobbin] done");
  else
    body_read_on (self);
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

  if (self->is_chunked || !is_pollable (self->stream))
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

/* Closing. */

static void
on_skip_cancelled (GCancellable *cancellable, BobbinHttpBody *self)
{
  g_cancellable_cancel (self->skipping.late);
}

static gboolean
on_skip_time (gpointer user_data)
{
  BobbinHttpBody *self = user_data;

  g_cancellable_cancel (self->skipping.late);

  return G_SOURCE_REMOVE;
}

static void
body_end_skip (BobbinHttpBody *self)
{
  const Skipping skipping = self->skipping;

  g_source_destroy (skipping.timer);
  g_source_unref (skipping.timer);
  g_signal_handler_disconnect (skipping.cancellable, skipping.cancelled);
  g_object_unref (skipping.cancellable);
  g_object_unref (skipping.late);
  g_free (skipping.buffer);
  self->session->n_skipping--;

  bobbin_http_body_free (self);
  skipping.func (skipping.user_data);
}

static void
on_skipped (gssize n, const GError *error, gpointer user_data)
{
  BobbinHttpBody *self = user_data;
  Skipping *skipping = &self->skipping;

  skipping->n_read += MAX (n, 0);
  if (n > 0 && skipping->n_read < MAX_SKIP)
    bobbin_http_body_read_async (self, skipping->buffer, MAX_SKIP, skipping->late, on_skipped,
                                 self);
  else
    body_end_skip (self);
}

/**
 * bobbin_http_body_close_async:
 * @self: (transfer full): a body of no more interest
 * @cancellable: ends it; to be cancelled in this thread only
 * @func: called in the session's context when it is closed, perhaps before this returns
 * @user_data: for @func
 *
 * Closes and frees @self. If little is left of it, and that comes at once, it is read first, so
 * that its connection serves the next request.
 */
void
bobbin_http_body_close_async (BobbinHttpBody *self,
                              GCancellable *cancellable,
                              BobbinHttpClosedFunc func,
                              gpointer user_data)
{
  Skipping *skipping = &self->skipping;

  if (self->is_done)
    {
      bobbin_http_body_free (self);
      func (user_data);
      return;
    }

  skipping->func = func;
  skipping->user_data = user_data;
  skipping->buffer = g_malloc (MAX_SKIP);
  skipping->late = g_cancellable_new ();
  skipping->cancellable = g_object_ref (cancellable);
  skipping->cancelled =
    g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_skip_cancelled), self);
  if (g_cancellable_is_cancelled (cancellable))
    g_cancellable_cancel (skipping->late);

  skipping->timer = g_timeout_source_new (MAX_SKIP_TIME);
  g_source_set_callback (skipping->timer, on_skip_time, self, NULL);
  g_source_set_static_name (skipping->timer, "[bobbin] skip");
  g_source_attach (skipping->timer, self->session->context);

  self->session->n_skipping++;
  bobbin_http_body_read_async (self, skipping->buffer, MAX_SKIP, skipping->late, on_skipped, self);
}

/**
 * bobbin_http_body_close:
 * @self: (transfer full): a body of no more interest
 * @cancellable: ends it; to be cancelled in this thread only
 *
 * Closes and frees @self as bobbin_http_body_close_async() does, and waits for it.
 */
void
bobbin_http_body_close (BobbinHttpBody *self, GCancellable *cancellable)
{
  GMainContext *context = self->session->context;
  gboolean done = FALSE;

  bobbin_http_body_close_async (self, cancellable, on_awaited_close, &done);
  while (!done)
    g_main_context_iteration (context, TRUE);
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
