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
  BobbinChunked chunked;
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

/* Whether libsoup reads the answer to its end by itself, to ask again with a password, or there
 * where it leads. */
static gboolean
is_read_by_soup (SoupMessage *message)
{
  const guint status = soup_message_get_status (message);

  if (SOUP_STATUS_IS_REDIRECTION (status))
    return !(soup_message_get_flags (message) & SOUP_MESSAGE_NO_REDIRECT);

  return status == SOUP_STATUS_UNAUTHORIZED || status == SOUP_STATUS_PROXY_UNAUTHORIZED;
}

/* Runs when libsoup has parsed the head of an answer and before it asks how the body is coded: it
 * is to leave the chunks to us, see bobbin-chunked.c. Such a connection is not used again. */
static void
on_status (SoupMessage *message, GParamSpec *pspec, BobbinHttpBody *body)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);

  body->is_chunked = soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED &&
                     soup_message_get_http_version (message) < SOUP_HTTP_2_0 &&
                     !is_read_by_soup (message);
  if (body->is_chunked)
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_EOF);

  /* libsoup takes a length that is negative, or more than it can count, for none at all. */
  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
      soup_message_headers_get_content_length (headers) < 0)
    soup_message_headers_replace (headers, "Content-Length", "no number");
}

/**
 * bobbin_http_session_send:
 * @self: a session of this thread's
 * @message: what to ask
 * @cancellable: ends it
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
  g_autoptr (GAsyncResult) result = NULL;
  BobbinHttpBody *body = g_new0 (BobbinHttpBody, 1);
  gulong handler;

  body->session = self;
  handler = g_signal_connect (message, "notify::status-code", G_CALLBACK (on_status), body);
  soup_session_send_async (self->soup, message, G_PRIORITY_DEFAULT, cancellable, on_ready, &result);
  session_await (self, &result);
  g_signal_handler_disconnect (message, handler);

  body->stream = soup_session_send_finish (self->soup, result, error);
  if (body->stream == NULL)
    g_clear_pointer (&body, g_free);

  return body;
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

/**
 * bobbin_http_body_close:
 * @self: (transfer full): a body of no more interest
 * @cancellable: ends it
 *
 * Closes and frees @self. If little is left of it, that is read first, so that its connection
 * serves the next request.
 */
void
bobbin_http_body_close (BobbinHttpBody *self, GCancellable *cancellable)
{
  g_autofree char *buffer = g_malloc (MAX_SKIP);
  gsize skipped = 0;
  gssize n;

  do
    {
      n = bobbin_http_body_read (self, buffer, MAX_SKIP, cancellable, NULL);
      skipped += MAX (n, 0);
    }
  while (n > 0 && skipped < MAX_SKIP);

  if (n == 0)
    {
      g_object_unref (self->stream);
      g_free (self);
    }
  else
    {
      bobbin_http_body_free (self);
    }
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
