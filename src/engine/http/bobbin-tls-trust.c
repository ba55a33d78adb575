/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The certificates that this computer trusts, read once for all connections. glib-networking 2.74
 * reads all of them anew for each connection that it makes, 8 ms and 3.5 MiB, if the process's
 * default database is its own; of any other it only asks whether it trusts a chain. So another one
 * takes its place, which asks that one. What is lost with that is a look at stapled revocations
 * (OCSP), which no other downloader on that system looks at either; sixteen connections would take
 * 80 MiB, and a hundred of them a tenth of a second to end. From 2.80 on it reads them once itself,
 * and nothing takes its place.
 *
 * Any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-tls-trust.h"

struct _BobbinTlsTrust
{
  GTlsDatabase parent_instance;

  GTlsDatabase *system; /* (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinTlsTrust, bobbin_tls_trust, G_TYPE_TLS_DATABASE)

static GTlsCertificateFlags
bobbin_tls_trust_verify_chain (GTlsDatabase *database,
                               GTlsCertificate *chain,
                               const char *purpose,
                               GSocketConnectable *identity,
                               GTlsInteraction *interaction,
                               GTlsDatabaseVerifyFlags flags,
                               GCancellable *cancellable,
                               GError **error)
{
  return g_tls_database_verify_chain (BOBBIN_TLS_TRUST (database)->system, chain, purpose, identity,
                                      interaction, flags, cancellable, error);
}

static void
bobbin_tls_trust_finalize (GObject *object)
{
  g_clear_object (&BOBBIN_TLS_TRUST (object)->system);

  G_OBJECT_CLASS (bobbin_tls_trust_parent_class)->finalize (object);
}

static void
bobbin_tls_trust_class_init (BobbinTlsTrustClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_tls_trust_finalize;
  G_TLS_DATABASE_CLASS (klass)->verify_chain = bobbin_tls_trust_verify_chain;
}

static void
bobbin_tls_trust_init (BobbinTlsTrust *self)
{
}

static void
install (void)
{
  GTlsBackend *backend = g_tls_backend_get_default ();
  g_autoptr (BobbinTlsTrust) trust = g_object_new (BOBBIN_TYPE_TLS_TRUST, NULL);

  trust->system = g_tls_backend_get_default_database (backend);
  if (trust->system != NULL)
    g_tls_backend_set_default_database (backend, G_TLS_DATABASE (trust));
}

/**
 * bobbin_tls_trust_install:
 *
 * To be called before a TLS connection is made; the first call reads the certificates, the others
 * do nothing. From then on, before GLib 2.80, g_tls_backend_get_default_database() gives a database
 * that trusts what the one before did, and cannot look up certificates. Where there is no TLS
 * nothing happens. Any thread.
 */
void
bobbin_tls_trust_install (void)
{
  static gsize installed;

  if (g_once_init_enter (&installed))
    {
      /* GLib and glib-networking come out together. */
      if (glib_check_version (2, 80, 0) != NULL)
        install ();
      g_once_init_leave (&installed, TRUE);
    }
}
