/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The test server itself: a tool that is to show others' faults must first have its own right.
 * The client here speaks through a plain socket and shares nothing with what is tested elsewhere.
 */

#include "config.h"

#include "bobbin-test-content.h"
#include "bobbin-test-resolver.h"
#include "bobbin-test-server.h"

#include <locale.h>
#include <string.h>

#define LENGTH 300001
#define SEED   7

typedef struct
{
  GSocketConnection *connection;
  GString *got;
  GError *error;
} Client;

static void
client_init (Client *self, BobbinTestServer *server)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;

  self->connection =
    g_socket_client_connect_to_host (client, "127.0.0.1", bobbin_test_server_get_port (server),
                                     NULL, &error);
  g_assert_no_error (error);
  self->got = g_string_new (NULL);
  self->error = NULL;
}

static void
client_clear (Client *self)
{
  g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
  g_object_unref (self->connection);
  g_string_free (self->got, TRUE);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Client, client_clear)

static void
client_ask (Client *self, const char *path, const char *headers)
{
  GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (self->connection));
  g_autofree char *request =
    g_strdup_printf ("GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path, headers);

  g_output_stream_write_all (stream, request, strlen (request), NULL, NULL, NULL);
}

/* Until the server closes, or @until is there. */
static void
client_read (Client *self, gsize until)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (self->connection));
  char buffer[8192];
  gssize n = 1;

  while (n > 0 && self->got->len < until)
    {
      n = g_input_stream_read (stream, buffer, MIN (sizeof buffer, until - self->got->len), NULL,
                               &self->error);
      if (n > 0)
        g_string_append_len (self->got, buffer, n);
    }
}

static void
client_get (Client *self, BobbinTestServer *server, const char *path, const char *headers)
{
  g_autofree char *lines = g_strconcat ("Connection: close\r\n", headers, NULL);

  client_init (self, server);
  client_ask (self, path, lines);
  client_read (self, G_MAXSIZE);
}

static const char *
client_body (Client *self, gsize *length)
{
  const char *end = strstr (self->got->str, "\r\n\r\n");

  g_assert_nonnull (end);
  *length = self->got->len - (gsize) (end + 4 - self->got->str);
  return end + 4;
}

static void
assert_body (Client *self, gint64 first, gint64 end)
{
  g_autofree guint8 *expected = g_malloc ((gsize) (end - first));
  gsize length;
  const char *body = client_body (self, &length);

  bobbin_test_content_fill (SEED, first, expected, (gsize) (end - first));
  g_assert_cmpmem (body, length, expected, (gsize) (end - first));
}

static void
assert_head (Client *self, const char *status, const char *line)
{
  g_assert_true (g_str_has_prefix (self->got->str, status));
  if (line != NULL)
    g_assert_nonnull (strstr (self->got->str, line));
}

#define SIZED(n, ...) (&(BobbinTestFile){ .seed = SEED, .length = n, __VA_ARGS__ })
#define FILE(...)     SIZED (LENGTH, __VA_ARGS__)

static void
test_content (void)
{
  guint8 whole[100], part[100];

  bobbin_test_content_fill (1, 0, whole, 100);
  for (gint64 offset = 0; offset < 100; offset++)
    {
      bobbin_test_content_fill (1, offset, part, (gsize) (100 - offset));
      g_assert_cmpmem (part, 100 - offset, whole + offset, 100 - offset);
    }
  bobbin_test_content_fill (2, 0, part, 100);
  g_assert_cmpint (memcmp (part, whole, 100), !=, 0);
}

static void
test_plain (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_auto (Client) client = { 0 };

  bobbin_test_server_set (server, "/f", FILE (.etag = "\"a\"", .disposition = "inline"));
  client_get (&client, server, "/f", "");
  assert_head (&client, "HTTP/1.1 200", "Content-Length: 300001\r\n");
  assert_head (&client, "HTTP/1.1 200", "ETag: \"a\"\r\n");
  assert_head (&client, "HTTP/1.1 200", "Content-Disposition: inline\r\n");
  assert_body (&client, 0, LENGTH);

  g_assert_cmpuint (bobbin_test_server_get_n_requests (server, "/f"), ==, 1);
  g_assert_cmpint (bobbin_test_server_get_first_byte (server, "/f", 0), ==, -1);
  bobbin_test_server_wait_sent (server, "/f", LENGTH);
  bobbin_test_server_wait_open (server, 0);
  g_assert_cmpuint (bobbin_test_server_get_max_open (server), ==, 1);
}

static void
test_missing (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_auto (Client) client = { 0 };

  client_get (&client, server, "/nothing", "");
  assert_head (&client, "HTTP/1.1 404", NULL);
}

static void
test_keep_alive (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_auto (Client) client = { 0 };
  gsize once;

  bobbin_test_server_set (
    server, "/f",
    (&(BobbinTestFile){ .seed = SEED, .length = 10, .date = "Mon, 05 Jan 2026 10:00:00 GMT" }));
  client_init (&client, server);
  client_ask (&client, "/f", "");
  client_read (&client, strlen ("HTTP/1.1 200 Test\r\nDate: Mon, 05 Jan 2026 10:00:00 GMT\r\n"
                                "Content-Length: 10\r\n\r\n") +
                          10);
  once = client.got->len;
  assert_body (&client, 0, 10);
  client_ask (&client, "/f", "");
  client_read (&client, 2 * once);
  g_assert_cmpmem (client.got->str, once, client.got->str + once, once);
  g_assert_cmpuint (bobbin_test_server_get_max_open (server), ==, 1);
}

typedef struct
{
  const char *about;
  BobbinTestRanges ranges;
  const char *headers;
  const char *status;
  const char *line;
  gint64 first, end;
} RangeCase;

static const RangeCase range_cases[] = {
  { "open-end", BOBBIN_TEST_RANGES_RIGHT, "Range: bytes=100000-\r\n", "HTTP/1.1 206",
    "Content-Range: bytes 100000-300000/300001\r\n", 100000, LENGTH },
  { "both-ends", BOBBIN_TEST_RANGES_RIGHT, "Range: bytes=1-9\r\n", "HTTP/1.1 206",
    "Content-Range: bytes 1-9/300001\r\n", 1, 10 },
  { "if-range-etag", BOBBIN_TEST_RANGES_RIGHT, "Range: bytes=1-\r\nIf-Range: \"a\"\r\n",
    "HTTP/1.1 206", NULL, 1, LENGTH },
  { "if-range-date", BOBBIN_TEST_RANGES_RIGHT, "Range: bytes=1-\r\nIf-Range: today\r\n",
    "HTTP/1.1 206", NULL, 1, LENGTH },
  { "if-range-changed", BOBBIN_TEST_RANGES_RIGHT, "Range: bytes=1-\r\nIf-Range: \"b\"\r\n",
    "HTTP/1.1 200", NULL, 0, LENGTH },
  { "blind", BOBBIN_TEST_RANGES_BLIND, "Range: bytes=1-\r\nIf-Range: \"b\"\r\n", "HTTP/1.1 206",
    NULL, 1, LENGTH },
  { "ignored", BOBBIN_TEST_RANGES_IGNORED, "Range: bytes=1-\r\n", "HTTP/1.1 200", NULL, 0, LENGTH },
  { "shifted", BOBBIN_TEST_RANGES_SHIFTED, "Range: bytes=5-\r\n", "HTTP/1.1 206",
    "Content-Range: bytes 6-300000/300001\r\n", 6, LENGTH },
  { "wrong-total", BOBBIN_TEST_RANGES_WRONG_TOTAL, "Range: bytes=5-\r\n", "HTTP/1.1 206",
    "Content-Range: bytes 5-300000/301001\r\n", 5, LENGTH },
  { "unsatisfied", BOBBIN_TEST_RANGES_UNSATISFIED, "Range: bytes=5-\r\n", "HTTP/1.1 416",
    "Content-Range: bytes */300001\r\n", 0, 0 },
  { "past-end", BOBBIN_TEST_RANGES_RIGHT, "Range: bytes=300001-\r\n", "HTTP/1.1 416",
    "Content-Range: bytes */300001\r\n", 0, 0 },
};

static void
test_range (gconstpointer data)
{
  const RangeCase *c = data;
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_auto (Client) client = { 0 };

  bobbin_test_server_set (server, "/f",
                          FILE (.etag = "\"a\"", .last_modified = "today", .ranges = c->ranges));
  client_get (&client, server, "/f", c->headers);
  assert_head (&client, c->status, c->line);
  assert_body (&client, c->first, c->end);
}

static void
test_until_close (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_auto (Client) client = { 0 };

  bobbin_test_server_set (server, "/f", FILE (.framing = BOBBIN_TEST_FRAMING_UNTIL_CLOSE));
  client_get (&client, server, "/f", "");
  assert_head (&client, "HTTP/1.0 200", NULL);
  g_assert_null (strstr (client.got->str, "Content-Length"));
  assert_body (&client, 0, LENGTH);
}

static void
test_chunked (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_auto (Client) whole = { 0 };
  g_auto (Client) endless = { 0 };

  bobbin_test_server_set (server, "/f", FILE (.framing = BOBBIN_TEST_FRAMING_CHUNKED));
  client_get (&whole, server, "/f", "");
  assert_head (&whole, "HTTP/1.1 200", "Transfer-Encoding: chunked\r\n");
  g_assert_cmpmem (whole.got->str + whole.got->len - 7, 7, "\r\n0\r\n\r\n", 7);

  bobbin_test_server_set (server, "/f",
                          FILE (.framing = BOBBIN_TEST_FRAMING_CHUNKED,
                                .fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = LENGTH));
  client_get (&endless, server, "/f", "");
  g_assert_cmpuint (endless.got->len, ==, whole.got->len - 5);
}

static void
test_close (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_auto (Client) cut = { 0 };
  g_auto (Client) silent = { 0 };

  bobbin_test_server_set (server, "/f", FILE (.fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = 1000));
  client_get (&cut, server, "/f", "");
  assert_head (&cut, "HTTP/1.1 200", "Content-Length: 300001\r\n");
  assert_body (&cut, 0, 1000);
  g_assert_no_error (cut.error);

  bobbin_test_server_set (server, "/f",
                          FILE (.fault = BOBBIN_TEST_FAULT_CLOSE,
                                .fault_at = BOBBIN_TEST_BEFORE_HEADER));
  client_get (&silent, server, "/f", "");
  g_assert_cmpuint (silent.got->len, ==, 0);
}

static void
test_reset (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_auto (Client) client = { 0 };

  bobbin_test_server_set (server, "/f", FILE (.fault = BOBBIN_TEST_FAULT_RESET, .fault_at = 1000));
  client_get (&client, server, "/f", "");
  g_assert_error (client.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

static void
test_stall_and_release (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_auto (Client) client = { 0 };

  bobbin_test_server_set (server, "/f", FILE (.fault = BOBBIN_TEST_FAULT_STALL, .fault_at = 1000));
  client_init (&client, server);
  client_ask (&client, "/f", "Connection: close\r\n");
  bobbin_test_server_wait_stalled (server, 1);
  g_assert_cmpint (bobbin_test_server_get_n_sent (server, "/f"), ==, 1000);
  bobbin_test_server_release (server, "/f");
  client_read (&client, G_MAXSIZE);
  assert_body (&client, 0, LENGTH);
}

static void
test_stall_notices_close (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  Client client;

  bobbin_test_server_set (server, "/f",
                          FILE (.fault = BOBBIN_TEST_FAULT_STALL,
                                .fault_at = BOBBIN_TEST_BEFORE_HEADER));
  client_init (&client, server);
  client_ask (&client, "/f", "");
  bobbin_test_server_wait_stalled (server, 1);
  client_clear (&client);
  bobbin_test_server_wait_open (server, 0);
  g_assert_cmpint (bobbin_test_server_get_n_sent (server, "/f"), ==, 0);
}

static void
test_times (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);

  bobbin_test_server_set (server, "/f",
                          FILE (.fault = BOBBIN_TEST_FAULT_STATUS, .fault_status = 503,
                                .fault_times = 2));
  for (guint i = 0; i < 3; i++)
    {
      g_auto (Client) client = { 0 };

      client_get (&client, server, "/f", "");
      assert_head (&client, i < 2 ? "HTTP/1.1 503" : "HTTP/1.1 200", NULL);
    }
}

static void
test_garbage (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_auto (Client) client = { 0 };

  bobbin_test_server_set (server, "/f", SIZED (0, .fault = BOBBIN_TEST_FAULT_GARBAGE));
  client_get (&client, server, "/f", "");
  g_assert_true (g_str_has_prefix (client.got->str, "220 mail.test"));
}

static void
test_rate (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_auto (Client) client = { 0 };
  gint64 start = g_get_monotonic_time ();

  /* 1,000 bytes at 10,000 a second, 500 at once: two waits of 50 ms at most. */
  bobbin_test_server_set (server, "/f", SIZED (1000, .rate = 10000));
  client_get (&client, server, "/f", "");
  assert_body (&client, 0, 1000);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 50 * G_TIME_SPAN_MILLISECOND);
}

static void
test_silent (void)
{
  BobbinTestServer *server = bobbin_test_server_new (BOBBIN_TEST_SILENT);
  g_auto (Client) client = { 0 };

  client_init (&client, server);
  client_ask (&client, "/f", "");
  bobbin_test_server_wait_stalled (server, 1);
  bobbin_test_server_free (server);
  client_read (&client, G_MAXSIZE);
  g_assert_cmpuint (client.got->len, ==, 0);
}

static gboolean
accept_any (GTlsConnection *connection, GTlsCertificate *certificate, GTlsCertificateFlags errors)
{
  return TRUE;
}

static GTlsCertificateFlags
handshake (BobbinTestKind kind)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (kind);
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GIOStream) tls = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnectable) identity = g_network_address_new ("localhost", 443);
  g_auto (Client) client = { 0 };

  database = g_tls_file_database_new (bobbin_test_server_ca_file (), &error);
  g_assert_no_error (error);
  client_init (&client, server);
  tls = g_tls_client_connection_new (G_IO_STREAM (client.connection), identity, &error);
  g_assert_no_error (error);
  g_tls_connection_set_database (G_TLS_CONNECTION (tls), database);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_any), NULL);
  g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, &error);
  g_assert_no_error (error);
  return g_tls_connection_get_peer_certificate_errors (G_TLS_CONNECTION (tls));
}

static void
test_tls (void)
{
  g_assert_cmpint (handshake (BOBBIN_TEST_TLS), ==, 0);
  g_assert_cmpint (handshake (BOBBIN_TEST_TLS_EXPIRED), ==, G_TLS_CERTIFICATE_EXPIRED);
  g_assert_cmpint (handshake (BOBBIN_TEST_TLS_WRONG_HOST), ==, G_TLS_CERTIFICATE_BAD_IDENTITY);
}

/* Neither taken nor refused: what a full queue means. */
static void
test_backlog (void)
{
  g_autoptr (BobbinTestBacklog) backlog = bobbin_test_backlog_new ();
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  address =
    g_inet_socket_address_new_from_string ("127.0.0.1", bobbin_test_backlog_get_port (backlog));
  socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, 0, &error);
  g_assert_no_error (error);
  g_socket_set_timeout (socket, 1);
  g_assert_false (g_socket_connect (socket, address, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *(gboolean *) user_data = TRUE;
}

static void
test_resolver (void)
{
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean done = FALSE;

  g_resolver_lookup_by_name_async (G_RESOLVER (resolver), "a.silent.test", cancellable,
                                   on_looked_up, &done);
  bobbin_test_resolver_wait (resolver, 1);
  g_assert_false (done);
  g_cancellable_cancel (cancellable);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  bobbin_test_resolver_uninstall (resolver);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/test-server/content", test_content);
  g_test_add_func ("/test-server/plain", test_plain);
  g_test_add_func ("/test-server/missing", test_missing);
  g_test_add_func ("/test-server/keep-alive", test_keep_alive);
  for (gsize i = 0; i < G_N_ELEMENTS (range_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/test-server/range/%s", range_cases[i].about);

      g_test_add_data_func (path, &range_cases[i], test_range);
    }
  g_test_add_func ("/test-server/until-close", test_until_close);
  g_test_add_func ("/test-server/chunked", test_chunked);
  g_test_add_func ("/test-server/close", test_close);
  g_test_add_func ("/test-server/reset", test_reset);
  g_test_add_func ("/test-server/stall-and-release", test_stall_and_release);
  g_test_add_func ("/test-server/stall-notices-close", test_stall_notices_close);
  g_test_add_func ("/test-server/times", test_times);
  g_test_add_func ("/test-server/garbage", test_garbage);
  g_test_add_func ("/test-server/rate", test_rate);
  g_test_add_func ("/test-server/silent", test_silent);
  g_test_add_func ("/test-server/tls", test_tls);
  g_test_add_func ("/test-server/backlog", test_backlog);
  g_test_add_func ("/test-server/resolver", test_resolver);

  return g_test_run ();
}
