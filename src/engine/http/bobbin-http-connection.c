/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What can be said of the connection of a message: where it leads, what is spoken on it, and which
 * proxy it was to be made to. The thread that sends the message.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-connection.h"

#include <glib/gi18n-lib.h>

/* Of a message: the proxy, not owned by anybody else, that it waits for a connection to. */
static const char proxy_key[] = "bobbin-http-proxy";

/* As it is called in the settings; without a login. */
static char *
dup_proxy_name (GProxyAddress *address)
{
  const char *text = g_proxy_address_get_uri (address);
  g_autoptr (GUri) uri = text != NULL ? g_uri_parse (text, G_URI_FLAGS_NONE, NULL) : NULL;
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  const guint port = g_inet_socket_address_get_port (inet);

  if (uri != NULL && g_uri_get_host (uri) != NULL)
    return g_strdup_printf ("%s:%u", g_uri_get_host (uri), port);

  return g_inet_address_to_string (g_inet_socket_address_get_address (inet));
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
  g_autoptr (GSocketAddress) address = NULL;

  if (event == G_SOCKET_CLIENT_CONNECTING && G_IS_SOCKET_CONNECTION (connection))
    address = g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (connection), NULL);

  if (G_IS_PROXY_ADDRESS (address))
    g_object_set_data_full (G_OBJECT (message), proxy_key,
                            dup_proxy_name (G_PROXY_ADDRESS (address)), g_free);
  else if (event == G_SOCKET_CLIENT_CONNECTED)
    g_object_set_data (G_OBJECT (message), proxy_key, NULL);
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
  return g_object_get_data (G_OBJECT (message), proxy_key);
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
