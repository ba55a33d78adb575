/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The server that the tests of bobbin-cli talk to: a SoupServer on its own thread. What it sends,
 * it sends as it is told; what it was asked for, it remembers. The functions may be called from any
 * thread; what they share with the server's is guarded by a mutex.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "cli-server.h"

#include <libsoup/soup.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK (64 * 1024)
#define ETAG  "\"bobbin-1\""

struct _CliServer
{
  GThread *thread;       /* (owned) */
  GMainContext *context; /* (owned) */
  GMainLoop *loop;       /* (owned) */
  SoupServer *soup;      /* (owned): server thread only */
  GPtrArray *waiting;    /* (owned): of SoupServerMessage at the gate; server thread only */
  guint16 port;

  GMutex mutex;
  GCond changed;
  gboolean running; /* protected by mutex, as is all below */
  gboolean hold;
  guint n_together;
  guint n_left; /* requests that have yet to pass the gate */
  guint n_requests;
  guint n_at_once;
  guint max_at_once;
  gint64 last_start;
  gint64 last_length;
  GHashTable *last_headers; /* (owned): by their names in small letters */
};

typedef struct
{
  CliServer *server;
  guint64 next;
  guint64 end;
  guint64 hold_at;
} Sending;

static guint8
content_at (guint64 position)
{
  return (guint8) (position ^ (position >> 8) * 31 ^ (position >> 16) * 131);
}

static void
fill (guint8 *bytes, guint64 from, gsize size)
{
  for (gsize i = 0; i < size; i++)
    bytes[i] = content_at (from + i);
}

GBytes *
cli_server_make_content (gsize size)
{
  guint8 *bytes = g_malloc (size + 1);

  fill (bytes, 0, size);
  return g_bytes_new_take (bytes, size);
}

static gboolean
is_holding (CliServer *self)
{
  gboolean hold;

  g_mutex_lock (&self->mutex);
  hold = self->hold;
  g_mutex_unlock (&self->mutex);
  return hold;
}

/* Appends the next chunk; libsoup asks for it when the last one is written. */
static void
send_next (SoupServerMessage *message, gpointer user_data)
{
  Sending *sending = user_data;
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  gsize size = (gsize) MIN (sending->end - sending->next, CHUNK);
  guint8 *bytes;

  if (sending->next == sending->end)
    {
      soup_message_body_complete (body);
      soup_server_message_unpause (message);
      return;
    }
  if (sending->next >= sending->hold_at && is_holding (sending->server))
    return;

  bytes = g_malloc (size);
  fill (bytes, sending->next, size);
  sending->next += size;
  soup_message_body_append_take (body, bytes, size);
  soup_server_message_unpause (message);
}

/* The bytes that are wanted: RFC 9110 §14.2, and If-Range as in §13.1.5. */
static gboolean
find_range (SoupMessageHeaders *request, gint64 total, gint64 *start, gint64 *end)
{
  const char *if_range = soup_message_headers_get_one (request, "If-Range");
  SoupRange *ranges = NULL;
  int n_ranges = 0;

  *start = 0;
  *end = total;
  if ((if_range != NULL && strcmp (if_range, ETAG) != 0) ||
      !soup_message_headers_get_ranges (request, total, &ranges, &n_ranges))
    return FALSE;

  *start = ranges[0].start;
  *end = ranges[0].end + 1;
  soup_message_headers_free_ranges (request, ranges);
  return TRUE;
}

static void
send_bytes (CliServer *self, SoupServerMessage *message, gint64 total, gboolean may_hold)
{
  SoupMessageHeaders *response = soup_server_message_get_response_headers (message);
  Sending *sending = g_new0 (Sending, 1);
  gint64 start;
  gint64 end;
  const gboolean is_partial =
    find_range (soup_server_message_get_request_headers (message), total, &start, &end);

  g_mutex_lock (&self->mutex);
  self->last_start = start;
  self->last_length = end - start;
  g_mutex_unlock (&self->mutex);

  sending->server = self;
  sending->next = (guint64) start;
  sending->end = (guint64) end;
  sending->hold_at = may_hold ? (guint64) total / 2 : (guint64) total;
  soup_message_headers_replace (response, "ETag", ETAG);
  soup_message_headers_replace (response, "Accept-Ranges", "bytes");
  soup_message_headers_replace (response, "Last-Modified", "Sat, 01 Nov 2025 10:00:00 GMT");
  soup_message_headers_set_content_length (response, end - start);
  if (is_partial)
    soup_message_headers_set_content_range (response, start, end - 1, total);
  soup_server_message_set_status (message,
                                  is_partial ? SOUP_STATUS_PARTIAL_CONTENT : SOUP_STATUS_OK, NULL);

  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  g_object_set_data_full (G_OBJECT (message), "sending", sending, g_free);
  g_signal_connect (message, "wrote-headers", G_CALLBACK (send_next), sending);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (send_next), sending);
}

/* Lets all who wait at the gate pass, if they are as many as should come together. */
static void
wait_at_gate (CliServer *self, SoupServerMessage *message)
{
  guint n_together;

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC, "passed\n", 7);
  soup_server_message_pause (message);
  g_ptr_array_add (self->waiting, g_object_ref (message));

  g_mutex_lock (&self->mutex);
  n_together = MIN (self->n_together, self->n_left);
  if (self->waiting->len >= n_together)
    self->n_left -= self->waiting->len;
  g_mutex_unlock (&self->mutex);
  if (self->waiting->len < n_together)
    return;

  for (guint i = 0; i < self->waiting->len; i++)
    soup_server_message_unpause (g_ptr_array_index (self->waiting, i));
  g_ptr_array_set_size (self->waiting, 0);
}

static void
cut_off (SoupServerMessage *message)
{
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789";
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), answer, sizeof answer - 1,
                             NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static void
be_busy (SoupServerMessage *message)
{
  soup_server_message_set_status (message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                "1800");
}

static void
lie (SoupServerMessage *message)
{
  soup_server_message_set_status (message, SOUP_STATUS_FOUND, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location",
                                "http://" CLI_LIE_ENCODED ".invalid/");
}

static void
send_elsewhere (CliServer *self, SoupServerMessage *message, const char *path)
{
  g_autofree char *uri = g_strdup_printf ("http://localhost:%u%s", self->port, path);

  soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, uri);
}

static gboolean
is_logged_in (SoupServerMessage *message)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);

  if (g_strcmp0 (soup_message_headers_get_one (request, "Authorization"), CLI_LOGIN) == 0)
    return TRUE;

  soup_server_message_set_status (message, SOUP_STATUS_UNAUTHORIZED, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "WWW-Authenticate", "Basic realm=\"test\"");
  return FALSE;
}

static void
send_page (SoupServerMessage *message)
{
  static const char page[] = "<!doctype html><title>Log in</title>";

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/html", SOUP_MEMORY_STATIC, page,
                                    sizeof page - 1);
}

/* How many requests there have been. */
static void
answer_news (CliServer *self, SoupServerMessage *message)
{
  g_autofree char *text = NULL;

  g_mutex_lock (&self->mutex);
  text = g_strdup_printf ("News %u\n", self->n_requests);
  g_mutex_unlock (&self->mutex);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, text, strlen (text));
}

static void
on_finished (SoupServerMessage *message, gpointer user_data)
{
  CliServer *self = user_data;

  g_mutex_lock (&self->mutex);
  self->n_at_once--;
  g_mutex_unlock (&self->mutex);
}

static void
remember (const char *name, const char *value, gpointer headers)
{
  g_hash_table_replace (headers, g_ascii_strdown (name, -1), g_strdup (value));
}

static void
count (CliServer *self, SoupServerMessage *message)
{
  g_mutex_lock (&self->mutex);
  g_hash_table_remove_all (self->last_headers);
  soup_message_headers_foreach (soup_server_message_get_request_headers (message), remember,
                                self->last_headers);
  self->n_requests++;
  self->n_at_once++;
  self->max_at_once = MAX (self->max_at_once, self->n_at_once);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  g_signal_connect (message, "finished", G_CALLBACK (on_finished), self);
}

static void
on_request (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  CliServer *self = user_data;

  count (self, message);
  if (g_str_has_prefix (path, "/login/"))
    {
      if (!is_logged_in (message))
        return;
      path += strlen ("/login");
    }

  if (g_str_has_prefix (path, "/bytes/"))
    send_bytes (self, message, strtoll (path + strlen ("/bytes/"), NULL, 10), FALSE);
  else if (g_str_has_prefix (path, "/held/"))
    send_bytes (self, message, strtoll (path + strlen ("/held/"), NULL, 10), TRUE);
  else if (g_str_has_prefix (path, "/gate/"))
    wait_at_gate (self, message);
  else if (g_str_has_prefix (path, "/news/"))
    answer_news (self, message);
  else if (g_str_has_prefix (path, "/redirect/"))
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, path + strlen ("/redirect"));
  else if (g_str_has_prefix (path, "/elsewhere/"))
    send_elsewhere (self, message, path + strlen ("/elsewhere"));
  else if (g_str_has_prefix (path, "/page/"))
    send_page (message);
  else if (g_str_has_prefix (path, "/busy/"))
    be_busy (message);
  else if (g_str_equal (path, "/lie"))
    lie (message);
  else if (g_str_equal (path, "/cut"))
    cut_off (message);
  else
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
}

static void
set_running (CliServer *self)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->soup = soup_server_new (NULL, NULL);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  soup_server_add_handler (self->soup, NULL, on_request, self, NULL);
  soup_server_listen_local (self->soup, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->soup);

  g_mutex_lock (&self->mutex);
  self->port = (guint16) g_uri_get_port (uris->data);
  self->running = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static gpointer
serve (gpointer user_data)
{
  CliServer *self = user_data;

  g_main_context_push_thread_default (self->context);
  set_running (self);
  g_main_loop_run (self->loop);
  g_ptr_array_unref (self->waiting);
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

CliServer *
cli_server_new (void)
{
  CliServer *self = g_new0 (CliServer, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->last_headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("test-server", serve, self);
  g_mutex_lock (&self->mutex);
  while (!self->running)
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
  return self;
}

static gboolean
on_quit (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

void
cli_server_free (CliServer *self)
{
  g_main_context_invoke (self->context, on_quit, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_hash_table_unref (self->last_headers);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self);
}

char *
cli_server_make_uri (CliServer *self, const char *path)
{
  return g_strdup_printf ("http://127.0.0.1:%u%s", self->port, path);
}

void
cli_server_set_hold (CliServer *self, gboolean hold)
{
  g_mutex_lock (&self->mutex);
  self->hold = hold;
  g_mutex_unlock (&self->mutex);
}

/* Of @n_in_all requests that are to come, each waits until @n_together wait, or all that are left.
 */
void
cli_server_set_gate (CliServer *self, guint n_together, guint n_in_all)
{
  g_mutex_lock (&self->mutex);
  self->n_together = n_together;
  self->n_left = n_in_all;
  g_mutex_unlock (&self->mutex);
}

guint
cli_server_get_max_at_once (CliServer *self)
{
  guint max;

  g_mutex_lock (&self->mutex);
  max = self->max_at_once;
  g_mutex_unlock (&self->mutex);
  return max;
}

guint
cli_server_get_n_requests (CliServer *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = self->n_requests;
  g_mutex_unlock (&self->mutex);
  return n;
}

void
cli_server_wait_requests (CliServer *self, guint n_requests)
{
  g_mutex_lock (&self->mutex);
  while (self->n_requests < n_requests)
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

/* What the last request said; @name is in small letters. */
char *
cli_server_get_header (CliServer *self, const char *name)
{
  char *value;

  g_mutex_lock (&self->mutex);
  value = g_strdup (g_hash_table_lookup (self->last_headers, name));
  g_mutex_unlock (&self->mutex);
  return value;
}

/* Where the last answer began, */
gint64
cli_server_get_last_start (CliServer *self)
{
  gint64 start;

  g_mutex_lock (&self->mutex);
  start = self->last_start;
  g_mutex_unlock (&self->mutex);
  return start;
}

/* and how long it was. */
gint64
cli_server_get_last_length (CliServer *self)
{
  gint64 length;

  g_mutex_lock (&self->mutex);
  length = self->last_length;
  g_mutex_unlock (&self->mutex);
  return length;
}

/* A port on which nobody listens: one that was free a moment ago. */
guint16
cli_server_find_closed_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &address, &error);
  g_assert_no_error (error);
  g_socket_listener_close (listener);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}
