/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long it takes to get a whole answer over HTTP, in ms: name look-up, connection, handshake,
 * redirects and body. Each sample has a session of its own, for a connection kept from an earlier
 * one would make half of that vanish. Sampled in a worker; one cancellable ends it wherever it
 * waits. How long it may take is the monitor's to say.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-private.h"

#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-http-policy.h"
#include "bobbin-http-redirect.h"
#include "bobbin-http-body.h"

#include <glib/gi18n-lib.h>

/* More than this is not waited for. */
#define MAX_BODY  (1024 * 1024)
#define READ_SIZE (64 * 1024)

typedef struct
{
  BobbinProbe parent;
  GUri *uri; /* (owned) */
} BobbinProbeHttp;

typedef struct
{
  gint64 ended;         /* when the answer was whole, or had failed */
  GError *error;        /* (owned) (nullable) */
  SoupMessage *message; /* (owned) the last one: others led to it */
} HttpSample;

static void
sample_clear (HttpSample *sample)
{
  g_clear_error (&sample->error);
  g_clear_object (&sample->message);
}

/* Up to the end, or to as much as is waited for. */
static void
read_all (BobbinHttpBody *body, GCancellable *cancellable, GError **error)
{
  g_autofree char *buffer = g_malloc (READ_SIZE);
  gsize n_read = 0;
  gssize n;

  do
    {
      n = bobbin_http_body_read (body, buffer, READ_SIZE, cancellable, error);
      n_read += MAX (n, 0);
    }
  while (n > 0 && n_read < MAX_BODY);

  /* Small devices end so, and this one did answer. */
  if (n < 0 && bobbin_http_body_is_open_ended (body) &&
      g_error_matches (*error, G_TLS_ERROR, G_TLS_ERROR_EOF))
    g_clear_error (error);
}

/* Takes the next step of where a redirect leads; @body is its own. */
static gboolean
follow (HttpSample *sample, BobbinHttpBody *body, guint n_redirects, GCancellable *cancellable)
{
  g_autofree char *from = g_uri_to_string (soup_message_get_uri (sample->message));
  g_autofree char *to = NULL;

  bobbin_http_body_close (body, cancellable);
  if (!bobbin_http_follow (sample->message, from, n_redirects, &to, &sample->error))
    return FALSE;

  g_object_unref (sample->message);
  sample->message = soup_message_new (SOUP_METHOD_GET, to);

  return TRUE;
}

/* Asks, wherever it leads, until there is an answer that is no redirect. */
static BobbinHttpBody *
ask (HttpSample *sample, BobbinHttpSession *session, GCancellable *cancellable)
{
  for (guint n_redirects = 1;; n_redirects++)
    {
      BobbinHttpBody *body;

      soup_message_set_flags (sample->message, SOUP_MESSAGE_NO_REDIRECT);
      body = bobbin_http_session_send (session, sample->message, cancellable, &sample->error);
      if (body == NULL || !bobbin_http_is_redirect (sample->message))
        return body;
      if (!follow (sample, body, n_redirects, cancellable))
        return NULL;
    }
}

static void
get (HttpSample *sample, GCancellable *cancellable)
{
  BobbinHttpSession *session = bobbin_http_session_new ();
  BobbinProbeLoop loop;
  BobbinHttpBody *body;

  bobbin_probe_loop_enter (&loop, session->context, cancellable);
  body = ask (sample, session, loop.cancellable);
  if (body != NULL && soup_message_get_status (sample->message) < 400)
    read_all (body, loop.cancellable, &sample->error);
  sample->ended = g_get_monotonic_time ();

  g_clear_pointer (&body, bobbin_http_body_free);
  bobbin_probe_loop_leave (&loop);
  bobbin_http_session_free (session);
}

static GError *
translate (HttpSample *sample)
{
  const GError *error = sample->error;
  const char *host = g_uri_get_host (soup_message_get_uri (sample->message));
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (sample->message);

  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) && flags != 0)
    return bobbin_error_from_tls (flags, host);
  /* Nothing had come yet that could have been cut off. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) &&
      soup_message_get_status (sample->message) == SOUP_STATUS_NONE)
    {
      const GError closed = { G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, error->message };

      return bobbin_error_from_gio (&closed, host);
    }

  return bobbin_error_from_gio (error, host);
}

static gboolean
check (HttpSample *sample, GError **error)
{
  const char *host = g_uri_get_host (soup_message_get_uri (sample->message));
  const guint status = soup_message_get_status (sample->message);

  if (sample->error != NULL)
    g_propagate_error (error, translate (sample));
  else if (status >= 400)
    g_propagate_error (error, bobbin_error_from_status (status, host));
  else
    return TRUE;

  return FALSE;
}

static gboolean
http_sample (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  BobbinProbeHttp *self = (BobbinProbeHttp *) probe;
  gint64 begin = g_get_monotonic_time ();
  HttpSample http = { .message = soup_message_new_from_uri (SOUP_METHOD_GET, self->uri) };
  gboolean ok;

  get (&http, cancellable);
  sample->value = (http.ended - begin) / 1000.0;
  ok = check (&http, error);
  sample_clear (&http);

  return ok;
}

static void
http_clear (BobbinProbe *probe)
{
  BobbinProbeHttp *self = (BobbinProbeHttp *) probe;

  g_uri_unref (self->uri);
}

static const BobbinProbeClass http_class = {
  .unit = "ms",
  .scope = BOBBIN_PROBE_NETWORK,
  .sample = http_sample,
  .clear = http_clear,
};

/**
 * bobbin_probe_http_new: (skip)
 * @address: of kind http or https
 * @options: (nullable): what is set for it, a{sv}
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Returns: (transfer full) (nullable): a probe of that address
 */
BobbinProbe *
bobbin_probe_http_new (const char *address, GVariant *options, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  BobbinProbeHttp *self;

  if (!bobbin_probe_has_no_options (address, options, error))
    return NULL;
  if (!bobbin_http_has_valid_host (uri))
    {
      g_autofree char *shown = bobbin_display_address (address);

      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                   /* Translators: %s is what the user typed */
                   _ ("“%s” is no address of the web. Write it as https://example.org/."), shown);
      return NULL;
    }

  self = bobbin_probe_alloc (&http_class, sizeof *self, g_strdup (g_uri_get_host (uri)));
  self->uri = g_steal_pointer (&uri);

  return &self->parent;
}
