/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many days are left until the certificate of a server expires, or any of those above it that
 * it shows. A connection is made, and nothing is said on it. Sampled in a worker, asynchronously on
 * a context of its own, so that one cancellable ends it wherever it waits.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-certificate.h"

#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-http-policy.h"
#include "bobbin-probe-net.h"
#include "bobbin-tls-trust.h"

#include <glib/gi18n-lib.h>

#define DEFAULT_PORT 443

/* Days before the end; from the issue of the certificate on there is time to renew it. */
#define WARN_DAYS     21
#define STEP_DAYS     14
#define CRITICAL_DAYS 7

typedef struct
{
  BobbinProbe parent;
  char *host; /* (owned) */
  guint16 port;
  char *ca_file; /* (owned) (nullable) */
} BobbinProbeCertificate;

typedef struct
{
  gboolean done;
  GError *error;                /* (owned) (nullable) */
  GSocketConnection *tcp;       /* (owned) (nullable) */
  GIOStream *tls;               /* (owned) (nullable) */
  GTlsCertificate *certificate; /* (owned) (nullable) */
  GTlsCertificateFlags flags;   /* what is wrong with it */
} Handshake;

const BobbinProbeOption bobbin_probe_certificate_options[] = {
  { "ca-file", "s", NULL, NULL, N_ ("A file with more certificates to trust"), FALSE },
  { NULL },
};

/**
 * bobbin_certificate_days_left: (skip)
 * @certificate: a server's, with those above it that it showed
 * @now: the present
 *
 * Returns: days until the first of them expires, less than 0 if one has; NAN if none says when
 */
double
bobbin_certificate_days_left (GTlsCertificate *certificate, GDateTime *now)
{
  double least = NAN;

  for (; certificate != NULL; certificate = g_tls_certificate_get_issuer (certificate))
    {
      g_autoptr (GDateTime) end = g_tls_certificate_get_not_valid_after (certificate);
      double days;

      if (end == NULL)
        continue;
      days = (double) g_date_time_difference (end, now) / G_TIME_SPAN_DAY;
      if (isnan (least) || days < least)
        least = days;
    }

  return least;
}

/**
 * bobbin_certificate_describe: (skip)
 * @certificate: a server's
 * @details: where to put what it says
 *
 * Adds `certificate-days`, d, and `certificate-subject` and `certificate-issuer`, s.
 */
void
bobbin_certificate_describe (GTlsCertificate *certificate, GVariantDict *details)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *subject = g_tls_certificate_get_subject_name (certificate);
  g_autofree char *issuer = g_tls_certificate_get_issuer_name (certificate);
  double days = bobbin_certificate_days_left (certificate, now);

  if (!isnan (days))
    g_variant_dict_insert (details, "certificate-days", "d", days);
  if (subject != NULL && g_utf8_validate (subject, -1, NULL))
    g_variant_dict_insert (details, "certificate-subject", "s", subject);
  if (issuer != NULL && g_utf8_validate (issuer, -1, NULL))
    g_variant_dict_insert (details, "certificate-issuer", "s", issuer);
}

/* It is only looked at: nothing is told to who shows it. */
static gboolean
on_accept (GTlsConnection *tls,
           GTlsCertificate *certificate,
           GTlsCertificateFlags flags,
           Handshake *handshake)
{
  g_set_object (&handshake->certificate, certificate);
  handshake->flags = flags;

  return TRUE;
}

static void
on_shaken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Handshake *handshake = user_data;

  g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &handshake->error);
  handshake->done = TRUE;
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Handshake *handshake = user_data;

  handshake->tcp =
    g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &handshake->error);
  handshake->done = TRUE;
}

static void
connect_to (BobbinProbeCertificate *self, BobbinProbeLoop *loop, Handshake *handshake)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) address = g_network_address_new (self->host, self->port);

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, address, loop->cancellable, on_connected, handshake);
  while (!handshake->done)
    g_main_context_iteration (loop->context, TRUE);
}

static void
shake_hands (BobbinProbeCertificate *self, BobbinProbeLoop *loop, Handshake *handshake)
{
  g_autoptr (GSocketConnectable) identity = g_network_address_new (self->host, self->port);

  handshake->tls =
    g_tls_client_connection_new (G_IO_STREAM (handshake->tcp), identity, &handshake->error);
  if (handshake->tls == NULL)
    return;

  handshake->done = FALSE;
  g_signal_connect (handshake->tls, "accept-certificate", G_CALLBACK (on_accept), handshake);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (handshake->tls), G_PRIORITY_DEFAULT,
                                    loop->cancellable, on_shaken, handshake);
  while (!handshake->done)
    g_main_context_iteration (loop->context, TRUE);

  /* Only what is wrong was asked about. */
  if (handshake->error == NULL)
    g_set_object (&handshake->certificate,
                  g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (handshake->tls)));
}

static void
look (BobbinProbeCertificate *self, GCancellable *cancellable, Handshake *handshake)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  BobbinProbeLoop loop;

  bobbin_tls_trust_install ();
  bobbin_probe_loop_enter (&loop, context, cancellable);
  connect_to (self, &loop, handshake);
  if (handshake->tcp != NULL)
    shake_hands (self, &loop, handshake);
  /* Not the streams' own close: it would say good-bye, and wait for nobody knows whom. */
  if (handshake->tcp != NULL)
    g_socket_close (g_socket_connection_get_socket (handshake->tcp), NULL);
  g_clear_object (&handshake->tls);
  g_clear_object (&handshake->tcp);
  bobbin_probe_loop_leave (&loop);
}

/* What the user's own certificates make of one that the system does not trust. */
static gboolean
ask_own_trust (BobbinProbeCertificate *self, Handshake *handshake, GError **error)
{
  g_autoptr (GTlsDatabase) trust = NULL;
  g_autoptr (GSocketConnectable) identity = g_network_address_new (self->host, self->port);
  g_autofree char *name = NULL;

  if (self->ca_file == NULL || !(handshake->flags & G_TLS_CERTIFICATE_UNKNOWN_CA))
    return TRUE;

  trust = g_tls_file_database_new (self->ca_file, NULL);
  if (trust == NULL)
    {
      name = g_filename_display_name (self->ca_file);
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_CERTIFICATE,
                   /* Translators: %s is the name of a file */
                   _ ("The certificates in “%s” cannot be read."), name);
      return FALSE;
    }
  handshake->flags =
    g_tls_database_verify_chain (trust, handshake->certificate,
                                 G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
                                 G_TLS_DATABASE_VERIFY_NONE, NULL, NULL);

  return TRUE;
}

static void
describe (GTlsCertificate *certificate, BobbinSample *sample)
{
  g_auto (GVariantDict) details = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GDateTime) end = g_tls_certificate_get_not_valid_after (certificate);
  g_autoptr (GDateTime) local = end != NULL ? g_date_time_to_local (end) : NULL;
  g_autofree char *date = local != NULL ? g_date_time_format (local, "%x") : NULL;

  bobbin_certificate_describe (certificate, &details);
  sample->details = g_variant_ref_sink (g_variant_dict_end (&details));
  if (date != NULL)
    /* Translators: %s is a date */
    sample->text = g_strdup_printf (_ ("Valid until %s"), date);
}

static gboolean
judge (BobbinProbeCertificate *self, Handshake *handshake, BobbinSample *sample, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  if (handshake->error != NULL || handshake->certificate == NULL)
    {
      g_propagate_error (error, handshake->error != NULL
                                  ? bobbin_error_from_gio (handshake->error, self->host)
                                  : bobbin_error_from_tls (0, self->host));
      return FALSE;
    }

  describe (handshake->certificate, sample);
  if (!ask_own_trust (self, handshake, error))
    return FALSE;
  if (handshake->flags != 0)
    {
      g_propagate_error (error, bobbin_error_from_tls (handshake->flags, self->host));
      return FALSE;
    }
  sample->value = bobbin_certificate_days_left (handshake->certificate, now);

  return TRUE;
}

static gboolean
certificate_sample (BobbinProbe *probe,
                    GCancellable *cancellable,
                    BobbinSample *sample,
                    GError **error)
{
  BobbinProbeCertificate *self = (BobbinProbeCertificate *) probe;
  Handshake handshake = { 0 };
  gboolean ok;

  look (self, cancellable, &handshake);
  ok = judge (self, &handshake, sample, error);
  g_clear_object (&handshake.certificate);
  g_clear_error (&handshake.error);

  return ok;
}

static void
certificate_clear (BobbinProbe *probe)
{
  BobbinProbeCertificate *self = (BobbinProbeCertificate *) probe;

  g_free (self->host);
  g_free (self->ca_file);
}

static const BobbinProbeClass certificate_class = {
  .unit = "days",
  .scope = BOBBIN_PROBE_NETWORK,
  .less_is_worse = TRUE,
  .warn = WARN_DAYS,
  .critical = CRITICAL_DAYS,
  .step = STEP_DAYS,
  .sample = certificate_sample,
  .clear = certificate_clear,
};

static gboolean
is_bare (GUri *uri)
{
  const char *path = g_uri_get_path (uri);

  return (*path == '\0' || g_str_equal (path, "/")) && g_uri_get_query (uri) == NULL &&
         g_uri_get_fragment (uri) == NULL && g_uri_get_userinfo (uri) == NULL &&
         g_uri_get_port (uri) != 0;
}

/**
 * bobbin_probe_certificate_new: (skip)
 * @address: `cert://HOST` or `cert://HOST:PORT`
 * @options: (nullable): what is set for it, a{sv}
 * @error: where to say what is wrong: %BOBBIN_ERROR_BAD_ADDRESS or %BOBBIN_ERROR_BAD_SETTING
 *
 * Returns: (transfer full) (nullable): a probe of that server's certificate
 */
BobbinProbe *
bobbin_probe_certificate_new (const char *address, GVariant *options, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);
  BobbinProbeCertificate *self;

  if (!bobbin_http_has_valid_host (uri) || !is_bare (uri))
    {
      g_autofree char *shown = bobbin_display_address (address);

      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                   /* Translators: %s is what the user typed; leave the example as it is */
                   _ ("“%s” is no host and port. Write it as cert://example.org:443."), shown);
      return NULL;
    }
  if (!bobbin_probe_options_check (bobbin_probe_certificate_options, options, error))
    return NULL;

  self = bobbin_probe_alloc (&certificate_class, sizeof *self,
                             /* Translators: %s is the name of a host */
                             g_strdup_printf (_ ("Certificate of %s"), g_uri_get_host (uri)));
  self->host = g_strdup (g_uri_get_host (uri));
  self->port = (guint16) (g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : DEFAULT_PORT);
  self->ca_file =
    bobbin_probe_options_dup_string (bobbin_probe_certificate_options, options, "ca-file");

  return &self->parent;
}
