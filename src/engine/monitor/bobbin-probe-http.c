/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long it takes to get a whole answer over HTTP, in ms: name look-up, connection, handshake,
 * redirects and body. Each sample has a session of its own, for a connection kept from an earlier
 * one would make half of that vanish. Sampled in a worker, asynchronously on a context of its own,
 * so that one cancellable ends it wherever it waits.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-private.h"

#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

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
  gint64 ended;  /* when the answer was whole, or had failed; 0 till then */
  GError *error; /* (owned) (nullable) */

  SoupMessage *message;      /* (owned) */
  GInputStream *body;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (unowned) */
  char *buffer;              /* (owned): of READ_SIZE */
  gsize n_read;
} HttpSample;

static void on_read (GObject *source, GAsyncResult *result, gpointer user_data);

static void
read_more (HttpSample *sample)
{
  g_input_stream_read_async (sample->body, sample->buffer, READ_SIZE, G_PRIORITY_DEFAULT,
                             sample->cancellable, on_read, sample);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HttpSample *sample = user_data;
  gssize n_read = g_input_stream_read_finish (sample->body, result, &sample->error);

  if (n_read > 0)
    sample->n_read += n_read;
  if (n_read > 0 && sample->n_read < MAX_BODY)
    read_more (sample);
  else
    sample->ended = g_get_monotonic_time ();
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HttpSample *sample = user_data;

  sample->body = soup_session_send_finish (SOUP_SESSION (source), result, &sample->error);
  if (sample->body != NULL && soup_message_get_status (sample->message) < 400)
    read_more (sample);
  else
    sample->ended = g_get_monotonic_time ();
}

static SoupSession *
make_session (void)
{
  SoupSession *session = soup_session_new ();

  soup_session_set_user_agent (session, "Bobbin/" PACKAGE_VERSION);
  /* How long a sample may take is the monitor's to say. */
  soup_session_set_timeout (session, 0);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);

  return session;
}

static void
get (HttpSample *sample, GCancellable *cancellable)
{
  BobbinProbeLoop loop;
  SoupSession *session;

  bobbin_probe_loop_enter (&loop, cancellable);
  session = make_session ();
  sample->cancellable = loop.cancellable;
  soup_session_send_async (session, sample->message, G_PRIORITY_DEFAULT, loop.cancellable, on_sent,
                           sample);
  while (sample->ended == 0)
    g_main_context_iteration (loop.context, TRUE);

  /* Before the body is closed, which would else wait for what is left of it. */
  soup_session_abort (session);
  g_clear_object (&sample->body);
  g_object_unref (session);
  bobbin_probe_loop_leave (&loop);
}

static gboolean
is_redirect_error (const GError *error)
{
  return g_error_matches (error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_TOO_MANY_REDIRECTS) ||
         g_error_matches (error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_REDIRECT_NO_LOCATION) ||
         g_error_matches (error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_REDIRECT_BAD_URI);
}

static GError *
translate (HttpSample *sample)
{
  const GError *error = sample->error;
  const char *host = g_uri_get_host (soup_message_get_uri (sample->message));
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (sample->message);

  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) && flags != 0)
    return bobbin_error_from_tls (flags, host);
  if (is_redirect_error (error))
    return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT,
                        /* Translators: %s is a host's name */
                        _ ("%s redirects to where nothing can be found."), host);
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
  guint status = soup_message_get_status (sample->message);
  const char *host = g_uri_get_host (soup_message_get_uri (sample->message));

  if (sample->error != NULL)
    g_propagate_error (error, translate (sample));
  else if (status >= 400)
    g_propagate_error (error, bobbin_error_from_status (status, host));
  else
    return TRUE;

  return FALSE;
}

static gboolean
http_sample (BobbinProbe *probe, GCancellable *cancellable, double *value, GError **error)
{
  BobbinProbeHttp *self = (BobbinProbeHttp *) probe;
  gint64 begin = g_get_monotonic_time ();
  HttpSample sample = { .message = soup_message_new_from_uri (SOUP_METHOD_GET, self->uri),
                        .buffer = g_malloc (READ_SIZE) };
  gboolean ok;

  get (&sample, cancellable);
  *value = (sample.ended - begin) / 1000.0;
  ok = check (&sample, error);

  g_clear_error (&sample.error);
  g_object_unref (sample.message);
  g_free (sample.buffer);

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
  .sample = http_sample,
  .clear = http_clear,
};

/**
 * bobbin_probe_http_new: (skip)
 * @address: of kind http or https
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Returns: (transfer full) (nullable): a probe of that address
 */
BobbinProbe *
bobbin_probe_http_new (const char *address, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  BobbinProbeHttp *self;

  if (!bobbin_probe_has_host (uri))
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                   /* Translators: %s is what the user typed */
                   _ ("“%s” is no address of the web. Write it as https://example.org/."), address);
      return NULL;
    }

  self = bobbin_probe_alloc (&http_class, sizeof *self, g_strdup (g_uri_get_host (uri)));
  self->uri = g_steal_pointer (&uri);

  return &self->parent;
}
