/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-probe-certificate: days left, and what is wrong with a certificate in words.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-monitor.h"
#include "bobbin-probe-certificate.h"
#include "bobbin-test-sampling.h"
#include "bobbin-test-server.h"

#include <string.h>

static BobbinTestSampling *
begin (BobbinTestServer *server, gboolean trusts)
{
  g_autofree char *target =
    g_strdup_printf ("cert://127.0.0.1:%u", bobbin_test_server_get_port (server));
  GVariant *options =
    trusts ? g_variant_new_parsed ("{'ca-file': <%s>}", bobbin_test_server_ca_file ()) : NULL;

  return bobbin_test_sampling_begin_with (target, options);
}

/* The test's certificates are good until the first of January 2124. */
static double
days_until_2124 (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) end = g_date_time_new_utc (2124, 1, 1, 0, 0, 0);

  return (double) g_date_time_difference (end, now) / G_TIME_SPAN_DAY;
}

static void
test_good (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_TLS);
  g_autoptr (BobbinTestSampling) sampling = begin (server, TRUE);
  double days = bobbin_test_sampling_expect_value (sampling);

  g_assert_cmpfloat_with_epsilon (days, days_until_2124 (), 0.1);
  g_assert_true (g_str_has_prefix (sampling->sample.text, "Valid until "));
  bobbin_test_server_wait_open (server, 0);
}

typedef struct
{
  const char *name;
  BobbinTestKind kind;
  gboolean trusts;
  int code;
  const char *said;
} BadCase;

static const BadCase bad_cases[] = {
  { "unknown", BOBBIN_TEST_TLS, FALSE, BOBBIN_ERROR_CERTIFICATE, "signed by nobody" },
  { "expired", BOBBIN_TEST_TLS_EXPIRED, TRUE, BOBBIN_ERROR_CERTIFICATE, "has expired" },
  { "wrong-host", BOBBIN_TEST_TLS_WRONG_HOST, TRUE, BOBBIN_ERROR_CERTIFICATE, "another host" },
};

static void
test_bad (gconstpointer user_data)
{
  const BadCase *test = user_data;
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (test->kind);
  g_autoptr (BobbinTestSampling) sampling = begin (server, test->trusts);
  double days = NAN;

  bobbin_test_sampling_expect_error (sampling, BOBBIN_ERROR, test->code);
  g_assert_nonnull (strstr (sampling->error->message, test->said));
  g_assert_true (g_variant_lookup (sampling->sample.details, "certificate-days", "d", &days));
  if (test->kind == BOBBIN_TEST_TLS_EXPIRED)
    g_assert_cmpfloat (days, <, 0);
}

/* The handshake never comes. */
static void
test_cancel (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_SILENT);
  g_autoptr (BobbinTestSampling) sampling = begin (server, FALSE);

  bobbin_test_server_wait_stalled (server, 1);
  bobbin_test_sampling_cancel (sampling);
  bobbin_test_server_wait_open (server, 0);
}

static void
test_days (void)
{
  g_autofree char *folder = g_path_get_dirname (bobbin_test_server_ca_file ());
  g_autofree char *file = g_build_filename (folder, "expired.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (file, NULL);
  g_autoptr (GDateTime) before = g_date_time_new_utc (2020, 12, 25, 12, 0, 0);

  g_assert_nonnull (certificate);
  g_assert_cmpfloat (bobbin_certificate_days_left (certificate, before), ==, 6.5);
}

static void
test_limits (void)
{
  g_autoptr (BobbinJob) job = bobbin_monitor_new ("cert://localhost:443", NULL);

  g_assert_cmpfloat (bobbin_monitor_get_warn (BOBBIN_MONITOR (job)), ==, 21);
  g_assert_cmpfloat (bobbin_monitor_get_critical (BOBBIN_MONITOR (job)), ==, 7);
  g_assert_cmpstr (bobbin_monitor_get_unit (BOBBIN_MONITOR (job)), ==, "days");
}

static void
test_target (void)
{
  static const char *const bad[] = { "cert:",          "cert://",           "cert://a:0",
                                     "cert://a:443/x", "cert://a:65536",    "cert://u@a:443",
                                     "cert://a:443?x", "cert://exa%20m:443" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bobbin_probe_new (bad[i], NULL, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/probe-certificate/good", test_good);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe-certificate/%s", bad_cases[i].name);

      g_test_add_data_func (path, &bad_cases[i], test_bad);
    }
  g_test_add_func ("/probe-certificate/cancel", test_cancel);
  g_test_add_func ("/probe-certificate/days", test_days);
  g_test_add_func ("/probe-certificate/limits", test_limits);
  g_test_add_func ("/probe-certificate/target", test_target);

  return g_test_run ();
}
