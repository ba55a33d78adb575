/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-tls-trust: what it trusts is what the computer trusts, no more and no less.
 */

#include "config.h"

#include "bobbin-test-server.h"
#include "bobbin-tls-trust.h"

/* Where Debian has the certificates that the computer trusts. */
#define TRUSTED "/etc/ssl/certs/ca-certificates.crt"

static GTlsCertificateFlags
verify (GTlsDatabase *database, const char *file, const char *host)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (file, &error);
  g_autoptr (GSocketConnectable) identity = g_network_address_new (host, 443);
  GTlsCertificateFlags flags;

  g_assert_no_error (error);
  flags =
    g_tls_database_verify_chain (database, certificate, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER,
                                 identity, NULL, G_TLS_DATABASE_VERIFY_NONE, NULL, &error);
  g_assert_no_error (error);

  return flags;
}

static void
test_same (void)
{
  GTlsBackend *backend = g_tls_backend_get_default ();
  g_autoptr (GTlsDatabase) before = g_tls_backend_get_default_database (backend);
  g_autoptr (GTlsDatabase) after = NULL;
  g_autoptr (GTlsDatabase) again = NULL;
  const char *unknown = bobbin_test_server_ca_file ();

  bobbin_tls_trust_install ();
  after = g_tls_backend_get_default_database (backend);
  g_assert_cmpint (BOBBIN_IS_TLS_TRUST (after), ==, glib_check_version (2, 80, 0) != NULL);
  bobbin_tls_trust_install ();
  again = g_tls_backend_get_default_database (backend);
  g_assert_true (again == after);

  g_assert_true (verify (after, unknown, "127.0.0.1") & G_TLS_CERTIFICATE_UNKNOWN_CA);
  g_assert_cmpuint (verify (after, unknown, "other.example"), ==,
                    verify (before, unknown, "other.example"));
  if (!g_file_test (TRUSTED, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("This computer trusts nobody");
      return;
    }
  g_assert_false (verify (after, TRUSTED, "h.example") & G_TLS_CERTIFICATE_UNKNOWN_CA);
  g_assert_cmpuint (verify (after, TRUSTED, "h.example"), ==,
                    verify (before, TRUSTED, "h.example"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tls-trust/same", test_same);

  return g_test_run ();
}
