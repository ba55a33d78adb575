/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The HTTP side of a worker thread: a main context and a SoupSession that are made, used and freed
 * in that thread. A download uses the thread's own, which is kept for the next one so that
 * connections to the same host are used again; a probe makes one for each sample, for the opposite
 * reason. Everything is asynchronous inside the context, so one cancellable ends a name look-up, a
 * connect, a handshake, a stalled answer and a stalled body alike; to the caller it reads as if it
 * blocked, and the sources it attached to the context (time-outs, ticks) run meanwhile.
 *
 * Worker threads only; nothing is shared between them.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-session.h"

#include "bobbin-chunked.h"
#include "bobbin-worker-pool.h"

#include <string.h>

/* Nobody has so much to say before an answer (RFC 9110 §15.2). libsoup takes them all at once and
 * lets nothing else run meanwhile. */
#define MAX_INFORMATIONAL 32

/* So long, in ms, is waited for the rest of an answer that is of no interest. */
#define MAX_SKIP_TIME 200

/* Fewer than a worker asks for, and libsoup would wait where no cancellable reaches. */
#define MAX_CONNECTIONS 64

/* So much of an answer that is of no interest is read to keep its connection; more costs more than
 * a new one. */
#define MAX_SKIP (64 * 1024)

struct _BobbinHttpBody
{
  BobbinHttpSession *session; /* of this thread */
  GInputStream *stream;       /* (owned) */
  gboolean is_chunked;        /* by us to be decoded */
  gboolean is_open_ended;     /* ends where the connection does */
  BobbinChunked chunked;
  guint n_informational;

  /* while it is sent */
  GCancellable *cancellable; /* libsoup's */
  GSocket *socket;           /* (owned) (nullable) of its connection */
  gboolean is_asked;         /* the request is on its way */
  gboolean is_broken;        /* its connection is, by us */
};

static void
session_clear (gpointer data)
{
  bobbin_http_session_free (data);
}

static GPrivate current = G_PRIVATE_INIT (session_clear);

static void
session_leave (void)
{
  g_private_replace (&current, NULL);
}

/**
 * bobbin_http_session_free:
 * @self: (transfer full): a session of this thread's, of which no body is left
 *
 * Closes all connections.
 */
void
bobbin_http_session_free (BobbinHttpSession *self)
{
  g_main_context_push_thread_default (self->context);
  soup_session_abort (self->soup);
  g_object_unref (self->soup);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  g_hash_table_unref (self->sockets);
  g_main_context_unref (self->context);
  g_free (self);
}

/**
 * bobbin_http_session_new:
 *
 * Returns: (transfer full): a session that has no connections, for this thread
 */
BobbinHttpSession *
bobbin_http_session_new (void)
{
  BobbinHttpSession *self = g_new0 (BobbinHttpSession, 1);

  self->context = g_main_context_new ();
  self->sockets = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  g_main_context_push_thread_default (self->context);
  /* Time-outs are the caller's own: a server that lets headers drip is silent, too. */
  self->soup = soup_session_new_with_options ("max-conns", MAX_CONNECTIONS, "max-conns-per-host",
                                              MAX_CONNECTIONS, "timeout", 0, "idle-timeout", 10,
                                              "user-agent", "Bobbin/" PACKAGE_VERSION, NULL);
  /* What counts, and is written to the disk, is what the server has, not what it decodes to. */
  soup_session_remove_feature_by_type (self->soup, SOUP_TYPE_CONTENT_DECODER);
  g_main_context_pop_thread_default (self->context);

  return self;
}

/**
 * bobbin_http_session_get:
 *
 * Returns: (transfer none): the session of this thread, made now if it has none yet
 */
BobbinHttpSession *
bobbin_http_session_get (void)
{
  BobbinHttpSession *self = g_private_get (&current);

  if (self == NULL)
    {
      self = bobbin_http_session_new ();
      g_private_set (&current, self);
      bobbin_worker_pool_at_leave (session_leave);
    }

  return self;
}

static void
on_ready (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static void
session_await (BobbinHttpSession *self, GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (self->context, TRUE);
}

/**
 * bobbin_http_session_forget:
 * @self: a session of this thread's
 *
 * Closes all connections and forgets all passwords: the next run has other certificates to trust,
 * and another user.
 */
void
bobbin_http_session_forget (BobbinHttpSession *self)
{
  SoupSessionFeature *auth = soup_session_get_feature (self->soup, SOUP_TYPE_AUTH_MANAGER);

  soup_session_abort (self->soup);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  if (auth != NULL)
    soup_auth_manager_clear_cached_credentials (SOUP_AUTH_MANAGER (auth));
}

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

static void
on_informational (SoupMessage *message, BobbinHttpBody *body)
{
  if (++body->n_informational > MAX_INFORMATIONAL)
    g_cancellable_cancel (body->cancellable);
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
  if (body->is_chunked)
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_EOF);
  else if (is_1 && is_read_by_soup (message))
    skip_body (headers);

  if (has_bad_length (headers))
    soup_message_headers_replace (headers, "Content-Length", "no number");
}

static void
on_network_event (SoupMessage *message,
                  GSocketClientEvent event,
                  GIOStream *connection,
                  BobbinHttpBody *body)
{
  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (connection))
    g_set_object (&body->socket, g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection)));
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
  GHashTable *sockets = body->session->sockets;

  body->is_asked = TRUE;
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
  body->is_asked = FALSE;
  g_clear_object (&body->socket);
  if (body->is_broken)
    g_cancellable_cancel (body->cancellable);
}

/* In this thread: who cancels the attempt does so here. Once the request is on its way libsoup is
 * not told, its connection is broken instead: before 3.6.6 a cancel at that time may have it finish
 * the message twice, and then it uses what is gone. */
static void
on_send_cancelled (GCancellable *cancellable, gpointer user_data)
{
  BobbinHttpBody *body = user_data;

  body->is_broken =
    body->is_asked && body->socket != NULL && g_socket_shutdown (body->socket, TRUE, TRUE, NULL);
  if (!body->is_broken)
    g_cancellable_cancel (body->cancellable);
}

/* What became of a sending. */
typedef struct
{
  gboolean done;
  GInputStream *stream; /* (owned) (nullable) */
  GError *error;        /* (owned) (nullable) */
} Sent;

/* Finishes at once: what libsoup's result refers to is gone when this has returned. */
static void
on_sent (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Sent *sent = user_data;

  sent->stream = soup_session_send_finish (SOUP_SESSION (object), result, &sent->error);
  sent->done = TRUE;
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
  BobbinHttpBody *body = g_new0 (BobbinHttpBody, 1);
  Sent sent = { 0 };
  gulong cancelled;

  body->session = self;
  body->cancellable = g_cancellable_new ();
  cancelled = g_cancellable_connect (cancellable, G_CALLBACK (on_send_cancelled), body, NULL);
  g_signal_connect (message, "network-event", G_CALLBACK (on_network_event), body);
  g_signal_connect (message, "starting", G_CALLBACK (on_starting), body);
  g_signal_connect (message, "restarted", G_CALLBACK (on_restarted), body);
  g_signal_connect (message, "notify::status-code", G_CALLBACK (on_status), body);
  g_signal_connect (message, "got-informational", G_CALLBACK (on_informational), body);
  soup_session_send_async (self->soup, message, G_PRIORITY_DEFAULT, body->cancellable, on_sent,
                           &sent);
  while (!sent.done)
    g_main_context_iteration (self->context, TRUE);
  g_signal_handlers_disconnect_by_data (message, body);
  g_cancellable_disconnect (cancellable, cancelled);

  g_clear_object (&body->cancellable);
  g_clear_object (&body->socket);
  body->stream = sent.stream;
  if (body->stream != NULL)
    return body;

  if (body->n_informational > MAX_INFORMATIONAL)
    {
      g_clear_error (&sent.error);
      sent.error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Too many answers");
    }
  g_free (body);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    g_error_free (sent.error);
  else
    g_propagate_error (error, sent.error);

  return NULL;
}

static gssize
body_read_raw (BobbinHttpBody *self,
               void *buffer,
               gsize size,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_input_stream_read_async (self->stream, buffer, size, G_PRIORITY_DEFAULT, cancellable, on_ready,
                             &result);
  session_await (self->session, &result);

  return g_input_stream_read_finish (self->stream, result, error);
}

static gssize
body_read_chunked (BobbinHttpBody *self,
                   void *buffer,
                   gsize size,
                   GCancellable *cancellable,
                   GError **error)
{
  gssize n = 0;

  /* What was read may have been all frame and no chunk. */
  while (n == 0 && !bobbin_chunked_is_done (&self->chunked))
    {
      n = body_read_raw (self, buffer, size, cancellable, error);
      if (n > 0)
        {
          n = bobbin_chunked_decode (&self->chunked, buffer, n, error);
        }
      else if (n == 0)
        {
          if (bobbin_chunked_may_end (&self->chunked))
            break;
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                               "The connection ended before the body did");
          n = -1;
        }
    }

  return n;
}

/**
 * bobbin_http_body_read:
 * @self: a body
 * @buffer: (out caller-allocates) (array length=size): where to
 * @size: how much at most
 * @cancellable: ends it
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
  if (self->is_chunked)
    return body_read_chunked (self, buffer, size, cancellable, error);

  return body_read_raw (self, buffer, size, cancellable, error);
}

static void
on_skip_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static gboolean
on_skip_time (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

/* Reads what is left, if it is little and comes at once. */
static gboolean
body_skip (BobbinHttpBody *self, GCancellable *cancellable)
{
  g_autofree char *buffer = g_malloc (MAX_SKIP);
  g_autoptr (GCancellable) late = g_cancellable_new ();
  g_autoptr (GSource) timer = g_timeout_source_new (MAX_SKIP_TIME);
  const gulong cancelled =
    g_cancellable_connect (cancellable, G_CALLBACK (on_skip_cancelled), late, NULL);
  gsize skipped = 0;
  gssize n;

  g_source_set_callback (timer, on_skip_time, late, NULL);
  g_source_set_static_name (timer, "[bobbin] skip");
  g_source_attach (timer, self->session->context);
  do
    {
      n = bobbin_http_body_read (self, buffer, MAX_SKIP, late, NULL);
      skipped += MAX (n, 0);
    }
  while (n > 0 && skipped < MAX_SKIP);

  g_source_destroy (timer);
  g_cancellable_disconnect (cancellable, cancelled);

  return n == 0;
}

/**
 * bobbin_http_body_close:
 * @self: (transfer full): a body of no more interest
 * @cancellable: ends it; to be cancelled in this thread only
 *
 * Closes and frees @self. If little is left of it, and that comes at once, it is read first, so
 * that its connection serves the next request.
 */
void
bobbin_http_body_close (BobbinHttpBody *self, GCancellable *cancellable)
{
  if (!body_skip (self, cancellable))
    {
      bobbin_http_body_free (self);
      return;
    }

  g_object_unref (self->stream);
  g_free (self);
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
 * @self: (transfer full): a body of which more is to come
 *
 * Frees @self and closes its connection, now: libsoup only begins to, and who stops a download does
 * not want it to go on in the kernel's buffers until this thread does something else.
 */
void
bobbin_http_body_free (BobbinHttpBody *self)
{
  BobbinHttpSession *session = self->session;

  g_object_unref (self->stream);
  soup_session_abort (session->soup);
  while (g_main_context_iteration (session->context, FALSE))
    ;
  g_free (self);
}
