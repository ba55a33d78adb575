/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long it takes to get a TCP connection, in ms, name look-up included; the connection is closed
 * at once and nothing is said on it. Sampled in a worker, asynchronously on a context of its own:
 * so IPv6 and IPv4 are tried side by side (RFC 8305), and one cancellable ends it wherever it
 * waits.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-private.h"

#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-http-policy.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  BobbinProbe parent;
  char *host; /* (owned) */
  guint16 port;
} BobbinProbeTcp;

typedef struct
{
  gboolean done;
  GSocketConnection *connection; /* (owned) (nullable) */
  GError *error;                 /* (owned) (nullable) */
} TcpSample;

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TcpSample *sample = user_data;

  sample->connection =
    g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &sample->error);
  sample->done = TRUE;
}

static void
connect_to (BobbinProbeTcp *self, GCancellable *cancellable, TcpSample *sample)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  BobbinProbeLoop loop;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) address = g_network_address_new (self->host, self->port);

  bobbin_probe_loop_enter (&loop, context, cancellable);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, address, loop.cancellable, on_connected, sample);
  while (!sample->done)
    g_main_context_iteration (context, TRUE);
  bobbin_probe_loop_leave (&loop);
}

static gboolean
tcp_sample (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  BobbinProbeTcp *self = (BobbinProbeTcp *) probe;
  TcpSample tcp = { 0 };
  gint64 begin = g_get_monotonic_time ();

  connect_to (self, cancellable, &tcp);
  if (tcp.connection == NULL)
    {
      g_propagate_error (error, bobbin_error_from_gio (tcp.error, self->host));
      g_error_free (tcp.error);
      return FALSE;
    }

  sample->value = (g_get_monotonic_time () - begin) / 1000.0;
  g_object_unref (tcp.connection);

  return TRUE;
}

static void
tcp_clear (BobbinProbe *probe)
{
  BobbinProbeTcp *self = (BobbinProbeTcp *) probe;

  g_free (self->host);
}

static const BobbinProbeClass tcp_class = {
  .unit = "ms",
  .scope = BOBBIN_PROBE_NETWORK,
  .sample = tcp_sample,
  .clear = tcp_clear,
};

static gboolean
is_bare (GUri *uri)
{
  const char *path = g_uri_get_path (uri);

  return (*path == '\0' || g_str_equal (path, "/")) && g_uri_get_query (uri) == NULL &&
         g_uri_get_fragment (uri) == NULL && g_uri_get_userinfo (uri) == NULL;
}

static char *
make_title (GUri *uri)
{
  const char *host = g_uri_get_host (uri);
  gboolean is_ipv6 = strchr (host, ':') != NULL;

  return g_strdup_printf (is_ipv6 ? "[%s]:%d" : "%s:%d", host, g_uri_get_port (uri));
}

/**
 * bobbin_probe_tcp_new: (skip)
 * @address: `tcp://HOST:PORT`; an IPv6 address stands in brackets
 * @options: (nullable): what is set for it, a{sv}
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Returns: (transfer full) (nullable): a probe of that port
 */
BobbinProbe *
bobbin_probe_tcp_new (const char *address, GVariant *options, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);
  BobbinProbeTcp *self;

  if (!bobbin_probe_has_no_options (address, options, error))
    return NULL;
  if (!bobbin_http_has_valid_host (uri) || g_uri_get_port (uri) < 1 || !is_bare (uri))
    {
      g_autofree char *shown = bobbin_display_address (address);

      g_set_error (
        error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
        /* Translators: %s is what the user typed; the rest shows the form it must have */
        _ ("“%s” is no host and port. Write it as tcp://example.org:22, or "
           "tcp://[::1]:22, with a port from 1 to 65535."),
        shown);
      return NULL;
    }

  self = bobbin_probe_alloc (&tcp_class, sizeof *self, make_title (uri));
  self->host = g_strdup (g_uri_get_host (uri));
  self->port = g_uri_get_port (uri);

  return &self->parent;
}
