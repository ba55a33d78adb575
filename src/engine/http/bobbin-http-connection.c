/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What can be said of the connection of a message: where it leads, what is spoken on it, and which
 * proxy it was to be made to. The thread that sends the message.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-connection.h"

#include "bobbin-error.h"

#include <glib/gi18n-lib.h>

/* Of a message: the proxy that its connection is to be made to. */
static const char proxy_key[] = "bobbin-http-proxy";

typedef struct
{
  char *name; /* (owned) host and port */
  gboolean is_reached;
} Proxy;

static void
proxy_free (gpointer data)
{
  Proxy *self = data;

  g_free (self->name);
  g_free (self);
}

/* Takes @name. */
static void
set_proxy (SoupMessage *message, char *name)
{
  Proxy *proxy = g_new0 (Proxy, 1);

  proxy->name = name;
  g_object_set_data_full (G_OBJECT (message), proxy_key, proxy, proxy_free);
}

/* Of a message: whether it had to be sent again. */
static const char restart_key[] = "bobbin-http-restart";

/* As it is called in the settings, without a login; with the port that they name, unless it is
 * known. NULL if @text names no host. */
static char *
dup_name (const char *text, int port)
{
  g_autoptr (GUri) uri = text != NULL ? g_uri_parse (text, G_URI_FLAGS_NONE, NULL) : NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return NULL;

  port = port > 0 ? port : g_uri_get_port (uri);

  return port > 0 ? g_strdup_printf ("%s:%d", g_uri_get_host (uri), port)
                  : g_strdup (g_uri_get_host (uri));
}

static char *
dup_proxy_name (GProxyAddress *address)
{
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  char *name = dup_name (g_proxy_address_get_uri (address), g_inet_socket_address_get_port (inet));

  return name != NULL ? name : g_inet_address_to_string (g_inet_socket_address_get_address (inet));
}

/**
 * bobbin_http_note_network_event:
 * @message: a message that is being sent
 * @event: what happens
 * @connection: to what
 *
 * For a handler of [signal@Soup.Message::network-event]: keeps in mind which proxy @message waits
 * for.
 */
void
bobbin_http_note_network_event (SoupMessage *message,
                                GSocketClientEvent event,
                                GIOStream *connection)
{
  Proxy *proxy = g_object_get_data (G_OBJECT (message), proxy_key);
  g_autoptr (GSocketAddress) address = NULL;

  if (event == G_SOCKET_CLIENT_CONNECTING && G_IS_SOCKET_CONNECTION (connection))
    address = g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (connection), NULL);

  if (G_IS_PROXY_ADDRESS (address))
    set_proxy (message, dup_proxy_name (G_PROXY_ADDRESS (address)));
  else if (event == G_SOCKET_CLIENT_CONNECTED && proxy != NULL)
    proxy->is_reached = TRUE;
}

/**
 * bobbin_http_note_unfound:
 * @message: a message that was to be sent where no address was found for a name
 * @proxies: (nullable): what it was to be sent by way of, as of g_proxy_resolver_lookup()
 *
 * Keeps in mind whose name that was: of the proxy, if nothing goes without one.
 */
void
bobbin_http_note_unfound (SoupMessage *message, const char *const *proxies)
{
  char *name = proxies != NULL ? dup_name (proxies[0], 0) : NULL;

  if (name == NULL || g_strv_contains (proxies, "direct://"))
    g_free (name);
  else
    set_proxy (message, name);
}

/**
 * bobbin_http_get_unreached_proxy:
 * @message: a message that was sent
 *
 * Returns: (transfer none) (nullable): host and port of the proxy that no connection has come to be
 *   to yet; %NULL if there is none, or it has
 */
const char *
bobbin_http_get_unreached_proxy (SoupMessage *message)
{
  const Proxy *proxy = g_object_get_data (G_OBJECT (message), proxy_key);

  return proxy != NULL && !proxy->is_reached ? proxy->name : NULL;
}

/**
 * bobbin_http_explain_refusal:
 * @message: a message that was answered before it was sent
 *
 * Puts into words why the proxy makes no way to the server that @message is for: its answer to
 * CONNECT (RFC 9110 §9.3.6) is nothing that the server has said.
 *
 * Returns: (transfer full): a new %BOBBIN_ERROR_HTTP_STATUS
 */
GError *
bobbin_http_explain_refusal (SoupMessage *message)
{
  const Proxy *proxy = g_object_get_data (G_OBJECT (message), proxy_key);

  return bobbin_error_from_proxy_status (soup_message_get_status (message),
                                         proxy != NULL ? proxy->name : "",
                                         g_uri_get_host (soup_message_get_uri (message)));
}

/**
 * bobbin_http_note_restart:
 * @message: a message that is being sent
 *
 * For a handler of [signal@Soup.Message::restarted]: keeps in mind that a connection which had been
 * kept for it did not hold.
 */
void
bobbin_http_note_restart (SoupMessage *message)
{
  g_object_set_data (G_OBJECT (message), restart_key, message);
}

/**
 * bobbin_http_had_only_new:
 * @message: a message that was sent, whose metrics are collected
 *
 * Returns: whether there was no kept connection for it: whatever became of the new one says nothing
 *   of those that are kept
 */
gboolean
bobbin_http_had_only_new (SoupMessage *message)
{
  SoupMessageMetrics *metrics = soup_message_get_metrics (message);

  return metrics != NULL && g_object_get_data (G_OBJECT (message), restart_key) == NULL &&
         (soup_message_metrics_get_dns_start (metrics) > 0 ||
          soup_message_metrics_get_connect_start (metrics) > 0);
}

static const char *
get_version (SoupMessage *message)
{
  switch (soup_message_get_http_version (message))
    {
    case SOUP_HTTP_1_0:
      return "HTTP/1.0";
    case SOUP_HTTP_2_0:
      return "HTTP/2";
    case SOUP_HTTP_1_1:
    default:
      return "HTTP/1.1";
    }
}

/* NULL if it is not secure. */
static const char *
get_tls_version (SoupMessage *message)
{
  switch (soup_message_get_tls_protocol_version (message))
    {
    case G_TLS_PROTOCOL_VERSION_TLS_1_0:
      return "TLS 1.0";
    case G_TLS_PROTOCOL_VERSION_TLS_1_1:
      return "TLS 1.1";
    case G_TLS_PROTOCOL_VERSION_TLS_1_2:
      return "TLS 1.2";
    case G_TLS_PROTOCOL_VERSION_TLS_1_3:
      return "TLS 1.3";
    case G_TLS_PROTOCOL_VERSION_UNKNOWN:
    case G_TLS_PROTOCOL_VERSION_SSL_3_0:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_0:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_2:
    default:
      return NULL;
    }
}

static char *
describe_address (GSocketAddress *address)
{
  g_autofree char *proxy = NULL;

  if (G_IS_PROXY_ADDRESS (address))
    {
      proxy = dup_proxy_name (G_PROXY_ADDRESS (address));
      /* Translators: %s is the name of a proxy and a port */
      return g_strdup_printf (_ ("by way of the proxy %s"), proxy);
    }
  if (G_IS_INET_SOCKET_ADDRESS (address))
    return g_inet_address_to_string (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));

  return NULL;
}

/**
 * bobbin_http_describe_connection:
 * @message: a message that was answered
 *
 * Returns: (transfer full): where its connection leads and what is spoken on it, for a person, such
 *   as “192.0.2.1, HTTP/1.1, TLS 1.3”
 */
char *
bobbin_http_describe_connection (SoupMessage *message)
{
  g_autofree char *address = describe_address (soup_message_get_remote_address (message));
  const char *tls = get_tls_version (message);
  GString *text = g_string_new (address);

  g_string_append_printf (text, "%s%s", address != NULL ? ", " : "", get_version (message));
  if (tls != NULL)
    g_string_append_printf (text, ", %s", tls);

  return g_string_free (text, FALSE);
}
