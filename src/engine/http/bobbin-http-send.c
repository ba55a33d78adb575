/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Asking: a message is sent, wherever a new connection or an old one takes it, until the head of
 * its answer is there or its sender has had enough.
 *
 * What libsoup 3.2 takes for a whole answer and is none is told from one here, by what the head
 * says of the body. Worker threads only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-body-private.h"

#include "bobbin-http-connection.h"
#include "bobbin-tls-trust.h"

#include <string.h>

/* Nobody has so much to say before an answer (RFC 9110 §15.2). libsoup takes them all at once and
 * lets nothing else run meanwhile. */
#define MAX_INFORMATIONAL 32

/* Of a socket: the TLS connection that is above it, not owned. */
static const char tls_key[] = "bobbin-http-tls";

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

/* RFC 9112 §6.3: what the head says of it is of the one that it stands for. */
static gboolean
has_no_body (SoupMessage *message)
{
  const guint status = soup_message_get_status (message);

  return g_str_equal (soup_message_get_method (message), SOUP_METHOD_HEAD) ||
         status == SOUP_STATUS_NO_CONTENT || status == SOUP_STATUS_NOT_MODIFIED;
}

/* Nobody wants to see such a body: one that may be long is taken for none, and its connection for
 * one that is not kept. */
static void
skip_body (SoupMessageHeaders *headers)
{
  const SoupEncoding encoding = soup_message_headers_get_encoding (headers);
  const goffset length = soup_message_headers_get_content_length (headers);

  if (encoding == SOUP_ENCODING_CONTENT_LENGTH && length >= 0 && length <= BOBBIN_HTTP_MAX_SKIP)
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

/* libsoup forgets a transfer coding that it cannot undo when a length, or one that it can, stands
 * in a later line. */
static gboolean
has_unknown_coding (SoupMessageHeaders *headers)
{
  const char *list = soup_message_headers_get_list (headers, "Transfer-Encoding");
  g_auto (GStrv) codings = g_strsplit (list != NULL ? list : "", ",", -1);

  for (guint i = 0; codings[i] != NULL; i++)
    if (g_ascii_strcasecmp (g_strstrip (codings[i]), "chunked") != 0 &&
        g_ascii_strcasecmp (codings[i], "identity") != 0)
      return TRUE;

  return FALSE;
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

  if (is_1 && !is_read_by_soup (message) && has_unknown_coding (headers))
    {
      soup_message_headers_replace (headers, "Transfer-Encoding", "unknown");
      return;
    }

  body->is_chunked = is_1 && !is_read_by_soup (message) && !has_no_body (message) &&
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
  bobbin_http_note_network_event (message, event, connection);

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
  bobbin_http_note_restart (message);
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
  BobbinHttpSending *sending = &body->sending;

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
  } handlers[BOBBIN_HTTP_N_HANDLERS] = {
    { "network-event", G_CALLBACK (on_network_event) },
    { "starting", G_CALLBACK (on_starting) },
    { "restarted", G_CALLBACK (on_restarted) },
    { "notify::status-code", G_CALLBACK (on_status) },
    { "got-informational", G_CALLBACK (on_informational) },
  };

  for (guint i = 0; i < BOBBIN_HTTP_N_HANDLERS; i++)
    body->sending.handlers[i] =
      g_signal_connect (body->sending.message, handlers[i].signal, handlers[i].callback, body);
}

static void
sending_end (BobbinHttpBody *body)
{
  BobbinHttpSending *sending = &body->sending;

  for (guint i = 0; i < BOBBIN_HTTP_N_HANDLERS; i++)
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

/* What was asked for and will not come. */
typedef struct
{
  SoupMessage *message; /* (owned) */
  GError *error;        /* (owned) */
  BobbinHttpSentFunc func;
  gpointer user_data;
} Failure;

static void
failure_tell (Failure *self)
{
  self->func (NULL, self->error, self->user_data);
  g_object_unref (self->message);
  g_error_free (self->error);
  g_free (self);
}

static void
on_proxies (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Failure *self = user_data;
  g_auto (GStrv) proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (object), result, NULL);

  bobbin_http_note_unfound (self->message, (const char *const *) proxies);
  failure_tell (self);
}

static gboolean
is_of_name (const GError *error)
{
  return error->domain == G_RESOLVER_ERROR ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND);
}

/* Takes @error. Where there is no address for a name, nothing says whose name that was: GIO looks
 * for the proxy's, too, before it says that it connects to it. */
static void
sending_fail (const BobbinHttpSending *sending, SoupMessage *message, GError *error)
{
  Failure *failure = g_new (Failure, 1);
  g_autofree char *address = NULL;

  *failure = (Failure){ g_object_ref (message), error, sending->func, sending->user_data };
  if (!is_of_name (error))
    {
      failure_tell (failure);
      return;
    }

  address = g_uri_to_string_partial (soup_message_get_uri (message), G_URI_HIDE_USERINFO);
  g_proxy_resolver_lookup_async (g_proxy_resolver_get_default (), address, sending->cancellable,
                                 on_proxies, failure);
}

/* What has to be known of an answer before its message is let go. */
static void
body_take_stream (BobbinHttpBody *self, GInputStream *stream)
{
  self->stream = stream;
  self->is_pollable = is_pollable (stream);
  self->is_in_records = self->is_pollable && is_over_tls (self->sending.message);
  self->is_kept =
    is_persistent (self->sending.message) && !self->is_chunked && !self->is_open_ended;
}

/* Finishes at once: what libsoup's result refers to is gone when this has returned. */
static void
on_sent (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BobbinHttpBody *body = user_data;
  const BobbinHttpSending sending = body->sending;
  g_autoptr (SoupMessage) message = g_object_ref (sending.message);
  g_autoptr (GCancellable) cancellable = g_object_ref (sending.cancellable);
  g_autoptr (GInputStream) stream = NULL;
  GError *error = NULL;

  stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);
  if (stream != NULL && sending.is_asked)
    body_take_stream (body, g_steal_pointer (&stream));
  else if (stream != NULL)
    error = bobbin_http_explain_refusal (message);
  sending_end (body);

  if (error == NULL)
    {
      sending.func (body, NULL, sending.user_data);
      return;
    }

  if (g_cancellable_is_cancelled (cancellable) || sending.n_informational > MAX_INFORMATIONAL)
    {
      g_clear_error (&error);
      error = g_cancellable_is_cancelled (cancellable)
                ? g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled")
                : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Too many answers");
    }
  body->session->is_unsettled = TRUE;
  g_free (body);
  sending_fail (&sending, message, error);
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
  BobbinHttpSending *sending = &body->sending;

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

/* The body, for a caller that waits for it. */
typedef struct
{
  gboolean done;
  BobbinHttpBody *body;
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
