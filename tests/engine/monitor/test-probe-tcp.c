/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-probe-tcp, against listeners of this process: one that answers, one that does not, none.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-test-resolver.h"
#include "bobbin-test-sampling.h"
#include "bobbin-test-server.h"

static BobbinTestSampling *
begin (const char *host, guint16 port)
{
  g_autofree char *target = g_strdup_printf ("tcp://%s:%u", host, port);

  return bobbin_test_sampling_begin (target);
}

/* A port that was somebody's a moment ago, and is nobody's now. */
static guint16
closed_port (void)
{
  BobbinTestServer *server = bobbin_test_server_new (BOBBIN_TEST_SILENT);
  guint16 port = bobbin_test_server_get_port (server);

  bobbin_test_server_free (server);

  return port;
}

/* Also where the peer waits for a TLS handshake, or says nothing: a connection is all it takes. */
static void
test_open (gconstpointer user_data)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (GPOINTER_TO_INT (user_data));
  g_autoptr (BobbinTestSampling) sampling =
    begin ("127.0.0.1", bobbin_test_server_get_port (server));

  g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >, 0);
  bobbin_test_server_wait_open (server, 0);
}

static void
test_ipv6 (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("::1", 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (BobbinTestSampling) sampling = NULL;

  if (!g_socket_listener_add_address (listener, address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &effective, NULL))
    {
      g_test_skip ("no IPv6 here");
      return;
    }

  sampling = begin ("[::1]", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective)));
  g_assert_cmpstr (sampling->probe->title, ==, strstr (sampling->probe->title, "[::1]:"));
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >, 0);
}

static void
test_closed (void)
{
  g_autoptr (BobbinTestSampling) sampling = begin ("127.0.0.1", closed_port ());

  bobbin_test_sampling_expect_error (sampling, BOBBIN_ERROR, BOBBIN_ERROR_REFUSED);
  g_assert_nonnull (strstr (sampling->error->message, "127.0.0.1"));
}

static void
test_name_not_found (void)
{
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();
  BobbinTestSampling *sampling = begin ("nobody.test", 80);

  bobbin_test_sampling_expect_error (sampling, BOBBIN_ERROR, BOBBIN_ERROR_NAME_NOT_FOUND);
  bobbin_test_sampling_free (sampling);
  bobbin_test_resolver_uninstall (resolver);
}

static void
test_cancel_look_up (void)
{
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();
  BobbinTestSampling *sampling = begin ("host.silent.test", 80);

  bobbin_test_resolver_wait (resolver, 2);
  bobbin_test_sampling_cancel (sampling);
  bobbin_test_sampling_free (sampling);
  bobbin_test_resolver_wait (resolver, 0);
  bobbin_test_resolver_uninstall (resolver);
}

static void
test_cancel_connect (void)
{
  g_autoptr (BobbinTestBacklog) backlog = bobbin_test_backlog_new ();
  guint16 port = bobbin_test_backlog_get_port (backlog);
  g_autoptr (BobbinTestSampling) sampling = begin ("127.0.0.1", port);

  /* what fills the queue is one of them */
  bobbin_test_sampling_wait_connecting (port, 2);
  bobbin_test_sampling_cancel (sampling);
}

/* Wherever the cancel meets it: it ends, in one of the two ways. */
static void
test_cancel_race (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_SILENT);

  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (BobbinTestSampling) sampling =
        begin ("127.0.0.1", bobbin_test_server_get_port (server));

      for (guint j = 0; j < i; j++)
        g_thread_yield ();
      g_cancellable_cancel (sampling->cancellable);
      g_thread_join (g_steal_pointer (&sampling->thread));
      if (!sampling->ok)
        g_assert_error (sampling->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  bobbin_test_server_wait_open (server, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/probe-tcp/open", GINT_TO_POINTER (BOBBIN_TEST_PLAIN), test_open);
  g_test_add_data_func ("/probe-tcp/open-silent", GINT_TO_POINTER (BOBBIN_TEST_SILENT), test_open);
  g_test_add_data_func ("/probe-tcp/open-tls", GINT_TO_POINTER (BOBBIN_TEST_TLS), test_open);
  g_test_add_func ("/probe-tcp/ipv6", test_ipv6);
  g_test_add_func ("/probe-tcp/closed", test_closed);
  g_test_add_func ("/probe-tcp/name-not-found", test_name_not_found);
  g_test_add_func ("/probe-tcp/cancel/look-up", test_cancel_look_up);
  g_test_add_func ("/probe-tcp/cancel/connect", test_cancel_connect);
  g_test_add_func ("/probe-tcp/cancel/race", test_cancel_race);

  return g_test_run ();
}
