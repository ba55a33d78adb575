/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Downloads through the proxy that the system says, which here is the server itself: it is asked by
 * whole addresses, of a host that nobody else could find.
 */

#include "config.h"

#include "download-fixture.h"

#include "bobbin-test-resolver.h"
#include "bobbin-transfer-private.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define ADDRESS "http://files.test/f.bin"

static char *proxy; /* what the system says */

#define TEST_TYPE_PROXY_RESOLVER (test_proxy_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestProxyResolver, test_proxy_resolver, TEST, PROXY_RESOLVER, GObject)

struct _TestProxyResolver
{
  GObject parent_instance;
};

static gboolean
test_proxy_resolver_is_supported (GProxyResolver *resolver)
{
  return TRUE;
}

static char **
test_proxy_resolver_lookup (GProxyResolver *resolver,
                            const char *uri,
                            GCancellable *cancellable,
                            GError **error)
{
  const char *const proxies[] = { proxy, NULL };

  return g_strdupv ((char **) proxies);
}

static void
test_proxy_resolver_lookup_async (GProxyResolver *resolver,
                                  const char *uri,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_return_pointer (task, test_proxy_resolver_lookup (resolver, uri, cancellable, NULL),
                         (GDestroyNotify) g_strfreev);
}

static char **
test_proxy_resolver_lookup_finish (GProxyResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_proxy_resolver_iface_init (GProxyResolverInterface *iface)
{
  iface->is_supported = test_proxy_resolver_is_supported;
  iface->lookup = test_proxy_resolver_lookup;
  iface->lookup_async = test_proxy_resolver_lookup_async;
  iface->lookup_finish = test_proxy_resolver_lookup_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestProxyResolver,
                               test_proxy_resolver,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER,
                                                      test_proxy_resolver_iface_init))

static void
test_proxy_resolver_class_init (TestProxyResolverClass *klass)
{
}

static void
test_proxy_resolver_init (TestProxyResolver *self)
{
}

/* Before anybody asks for the default one. */
static void
install_resolver (void)
{
  g_io_extension_point_register (G_PROXY_RESOLVER_EXTENSION_POINT_NAME);
  g_io_extension_point_implement (G_PROXY_RESOLVER_EXTENSION_POINT_NAME, TEST_TYPE_PROXY_RESOLVER,
                                  "bobbin-test", 1000);
  g_assert_true (g_setenv ("GIO_USE_PROXY_RESOLVER", "bobbin-test", TRUE));
  g_assert_true (TEST_IS_PROXY_RESOLVER (g_proxy_resolver_get_default ()));
}

static void
use_proxy (guint port)
{
  g_free (proxy);
  proxy = g_strdup_printf ("http://127.0.0.1:%u", port);
}

static void
test_through (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add_address (f, ADDRESS);

  use_proxy (bobbin_test_server_get_port (f->server));
  bobbin_test_server_set (f->server, ADDRESS, FILE_OF (MIB, .etag = ETAG));
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, MIB);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, ADDRESS), ==, 1);
}

/* What is to be done is done in the system's settings, and another try changes nothing. */
static void
test_login (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add_address (f, ADDRESS);

  use_proxy (bobbin_test_server_get_port (f->server));
  bobbin_test_server_set (f->server, ADDRESS,
                          FILE_OF (10, .status = 407,
                                   .headers = "Proxy-Authenticate: Basic realm=\"x\"\r\n"));
  g_object_set (job, "retries", 3, NULL);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_HTTP_STATUS);
  g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, "The proxy on the way to"));
  g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, "network settings"));
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, ADDRESS), ==, 1);
  fixture_assert_listing (f, NULL);
}

/* It is the proxy of which a person is told, not the server that nobody has asked. */
static void
assert_blames_proxy (BobbinJob *job, guint port)
{
  const char *message = bobbin_job_get_error (job)->message;
  g_autofree char *name = g_strdup_printf ("The proxy 127.0.0.1:%u", port);

  g_assert_nonnull (strstr (message, name));
  g_assert_nonnull (strstr (message, "network settings"));
  g_assert_null (strstr (message, "files.test"));
}

static void
test_refuses (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add_address (f, ADDRESS);

  use_proxy (1); /* nobody listens there */
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_REFUSED);
  assert_blames_proxy (job, 1);
  fixture_assert_listing (f, NULL);
}

/* Nobody knows where the proxy is; nobody has asked where the server is. */
static void
test_not_found (Fixture *f, gconstpointer data)
{
  static const char *const addresses[] = { ADDRESS, "https://files.test/f.bin" };
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();

  g_free (proxy);
  proxy = g_strdup ("http://proxy.test:3128");
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      BobbinJob *job = fixture_add_address (f, addresses[i]);
      const char *message;

      job_start (job);
      job_wait (job);
      job_assert_failed (job, BOBBIN_ERROR_NAME_NOT_FOUND);
      message = bobbin_job_get_error (job)->message;
      g_assert_nonnull (strstr (message, "The proxy proxy.test:3128"));
      g_assert_nonnull (strstr (message, "network settings"));
      g_assert_null (strstr (message, "files.test"));
    }
  bobbin_test_resolver_uninstall (resolver);
}

/* Where nothing goes by way of a proxy it is the server that was not found. */
static void
test_none (Fixture *f, gconstpointer data)
{
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();
  BobbinJob *job = fixture_add_address (f, ADDRESS);

  g_free (proxy);
  proxy = g_strdup ("direct://");
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_NAME_NOT_FOUND);
  g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, "files.test"));
  bobbin_test_resolver_uninstall (resolver);
}

/* What it answers to CONNECT is its own, not the server's: nothing of it is followed or obeyed, and
 * only what may pass is tried again. */
static void
test_no_tunnel (Fixture *f, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *headers;
    guint n_requests;
  } cases[] = {
    { 403, NULL, 1 },
    { 401, "WWW-Authenticate: Basic realm=\"x\"\r\n", 1 },
    { 302, "Location: http://files.test/f.bin\r\n", 1 },
    { 502, NULL, 2 },
  };

  use_proxy (bobbin_test_server_get_port (f->server));
  bobbin_test_server_set (f->server, ADDRESS, FILE_OF (MIB));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *host = g_strdup_printf ("host%u.test:443", (guint) i);
      g_autofree char *address = g_strdup_printf ("https://host%u.test/f.bin", (guint) i);
      g_autofree char *name =
        g_strdup_printf ("The proxy 127.0.0.1:%u", bobbin_test_server_get_port (f->server));
      BobbinJob *job = fixture_add_address (f, address);
      const char *message;

      bobbin_test_server_set (f->server, host,
                              FILE_OF (10, .status = cases[i].status, .headers = cases[i].headers));
      g_object_set (job, "retries", 1, NULL);
      job_start (job);
      job_wait (job);
      job_assert_failed (job, BOBBIN_ERROR_HTTP_STATUS);
      message = bobbin_job_get_error (job)->message;
      g_assert_true (g_str_has_prefix (message, name));
      g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, host), ==,
                        cases[i].n_requests);
    }
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, ADDRESS), ==, 0);
  fixture_assert_listing (f, NULL);
}

/* No connection to it comes about, nor does anybody say that none will. */
static void
test_unreachable (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinTestBacklog) backlog = bobbin_test_backlog_new ();
  BobbinJob *job = fixture_add_address (f, ADDRESS);

  use_proxy (bobbin_test_backlog_get_port (backlog));
  g_object_set (job, "timeout", 1, NULL);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_TIMED_OUT);
  assert_blames_proxy (job, bobbin_test_backlog_get_port (backlog));
  fixture_assert_listing (f, NULL);
}

static void
test_stop_connecting (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinTestBacklog) backlog = bobbin_test_backlog_new ();
  const guint16 port = bobbin_test_backlog_get_port (backlog);
  const guint n_before = fixture_count_connecting (port);
  BobbinJob *job = fixture_add_address (f, ADDRESS);

  use_proxy (port);
  job_start (job);
  while (fixture_count_connecting (port) == n_before)
    g_main_context_iteration (NULL, FALSE);
  job_stop (job);
  job_assert_stopped (job);
}

/* A proxy that takes the connection and says nothing. */
static void
test_stop (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add_address (f, ADDRESS);

  use_proxy (bobbin_test_server_get_port (f->server));
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_stop (job);
  job_assert_stopped (job);
}

/* What is between two programs that speak in secret. */

typedef struct
{
  GSocketService *service; /* (owned) */
  guint16 port;
  const char *answer; /* to who wants a tunnel */
  gint n_tunnels;     /* (atomic) */
} Tunnel;

typedef struct
{
  GIOStream *from;
  GIOStream *to;
} Way;

/* All that comes goes on, and then that nothing more does. */
static gpointer
pass_on (gpointer data)
{
  const Way *way = data;
  GSocket *to = g_socket_connection_get_socket (G_SOCKET_CONNECTION (way->to));

  g_output_stream_splice (g_io_stream_get_output_stream (way->to),
                          g_io_stream_get_input_stream (way->from), G_OUTPUT_STREAM_SPLICE_NONE,
                          NULL, NULL);
  /* The other way uses the same GSocket at the same time, which is told nothing. */
  shutdown (g_socket_get_fd (to), SHUT_WR);

  return NULL;
}

/* The port of this computer that the other end wants to be led to, or 0. Nothing follows the head
 * before it was answered. */
static unsigned
read_request (GIOStream *client)
{
  g_autoptr (GDataInputStream) lines =
    g_data_input_stream_new (g_io_stream_get_input_stream (client));
  unsigned port = 0;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  g_data_input_stream_set_newline_type (lines, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

      if (line == NULL || *line == '\0')
        return port;
      if (port == 0)
        g_assert_cmpint (sscanf (line, "CONNECT 127.0.0.1:%u HTTP/1.1", &port), ==, 1);
    }
}

static gboolean
on_tunnel (GThreadedSocketService *service,
           GSocketConnection *client,
           GObject *source,
           gpointer user_data)
{
  Tunnel *self = user_data;
  g_autoptr (GSocketClient) connector = g_socket_client_new ();
  g_autoptr (GSocketConnection) server = NULL;
  Way there, back;
  GThread *thread;
  unsigned port = read_request (G_IO_STREAM (client));

  if (port == 0)
    return TRUE;

  g_atomic_int_inc (&self->n_tunnels);
  g_socket_client_set_enable_proxy (connector, FALSE);
  server = g_socket_client_connect_to_host (connector, "127.0.0.1", port, NULL, NULL);
  g_assert_nonnull (server);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (client)),
                                            self->answer, strlen (self->answer), NULL, NULL, NULL));
  there = (Way){ G_IO_STREAM (client), G_IO_STREAM (server) };
  back = (Way){ G_IO_STREAM (server), G_IO_STREAM (client) };
  thread = g_thread_new ("tunnel", pass_on, &there);
  pass_on (&back);
  g_thread_join (thread);

  return TRUE;
}

static void
tunnel_begin (Tunnel *self, const char *answer)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;

  *self = (Tunnel){ .service = g_threaded_socket_service_new (-1), .answer = answer };
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any_port,
                                                G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                                &address, NULL));
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  g_signal_connect (self->service, "run", G_CALLBACK (on_tunnel), self);
  g_socket_service_start (self->service);
  use_proxy (self->port);
}

static void
tunnel_end (Tunnel *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
}

/* The proxy sees where it leads, and nothing of what passes. */
static void
test_tunnel (Fixture *f, gconstpointer data)
{
  g_autofree char *address =
    g_strdup_printf ("https://127.0.0.1:%u/f.bin", bobbin_test_server_get_port (f->server));
  g_autofree char *way = NULL;
  BobbinJob *job = fixture_add_address (f, address);
  Tunnel tunnel;

  tunnel_begin (&tunnel, "HTTP/1.1 200 Here you are\r\n\r\n");
  way = g_strdup_printf ("by way of the proxy 127.0.0.1:%u", tunnel.port);
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (MIB, .etag = ETAG));
  g_object_set (job, "ca-file", bobbin_test_server_ca_file (), NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, MIB);
  g_assert_cmpint (g_atomic_int_get (&tunnel.n_tunnels), ==, 1);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 1);
  g_assert_true (job_has_line (job, way));

  /* the tunnel's threads end with the connections */
  fixture_shut_down (f);
  fixture_wait_closed (f);
  tunnel_end (&tunnel);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  install_resolver ();
  bobbin_transfer_haste = 10;

  fixture_test ("/proxy/through", BOBBIN_TEST_PLAIN, test_through);
  fixture_test ("/proxy/login", BOBBIN_TEST_PLAIN, test_login);
  fixture_test ("/proxy/refuses", BOBBIN_TEST_PLAIN, test_refuses);
  fixture_test ("/proxy/not-found", BOBBIN_TEST_PLAIN, test_not_found);
  fixture_test ("/proxy/none", BOBBIN_TEST_PLAIN, test_none);
  fixture_test ("/proxy/no-tunnel", BOBBIN_TEST_PLAIN, test_no_tunnel);
  fixture_test ("/proxy/unreachable", BOBBIN_TEST_PLAIN, test_unreachable);
  fixture_test ("/proxy/stop", BOBBIN_TEST_SILENT, test_stop);
  fixture_test ("/proxy/stop/connecting", BOBBIN_TEST_PLAIN, test_stop_connecting);
  fixture_test ("/proxy/tunnel", BOBBIN_TEST_TLS, test_tunnel);

  return g_test_run ();
}
