/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is secret of a monitor: not in its settings, and until it is back nobody is asked.
 */

#include "config.h"

#include "bobbin-job-queue.h"
#include "bobbin-job-settings.h"
#include "bobbin-monitor-secrets.h"
#include "bobbin-test-server.h"
#include "bobbin-test-wait.h"

#include <string.h>

/* As the next program finds it. */
static BobbinMonitor *
copy (BobbinMonitor *monitor)
{
  g_autofree char *settings = bobbin_job_settings_save (BOBBIN_JOB (monitor));
  g_autoptr (GError) error = NULL;
  BobbinJob *job;

  g_assert_null (strstr (settings, "s3cret"));
  job = bobbin_job_settings_load ("monitor", settings, &error);
  g_assert_no_error (error);

  return BOBBIN_MONITOR (job);
}

static BobbinMonitor *
make (const char *target, const char *options)
{
  g_autoptr (GVariant) parsed = g_variant_parse (G_VARIANT_TYPE_VARDICT, options, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  BobbinJob *job = bobbin_monitor_new_with_options (target, parsed, &error);

  g_assert_no_error (error);

  return BOBBIN_MONITOR (job);
}

static void
check_way (const char *target, const char *options)
{
  g_autoptr (BobbinMonitor) monitor = make (target, options);
  g_autofree char *secrets = bobbin_monitor_dup_secrets (monitor);
  g_autoptr (BobbinMonitor) other = copy (monitor);
  g_autoptr (BobbinMonitor) third = copy (other);
  GVariant *all = bobbin_monitor_get_options (monitor);
  g_autofree char *again = NULL;

  g_assert_true (bobbin_monitor_has_secrets (monitor));
  g_assert_false (bobbin_monitor_lacks_secrets (monitor));
  g_assert_nonnull (secrets);
  g_assert_true (bobbin_monitor_lacks_secrets (other));
  g_assert_true (bobbin_monitor_lacks_secrets (third)); /* that is not forgotten */
  g_assert_null (bobbin_monitor_dup_secrets (other));

  g_assert_false (bobbin_monitor_give_secrets (other, "nonsense"));
  g_assert_true (bobbin_monitor_give_secrets (other, secrets));
  g_assert_false (bobbin_monitor_lacks_secrets (other));
  g_assert_cmpstr (bobbin_monitor_get_target (other), ==, target);
  again = bobbin_monitor_dup_secrets (other);
  g_assert_cmpstr (again, ==, secrets);
  g_assert_cmpuint (g_variant_n_children (all), ==,
                    g_variant_n_children (bobbin_monitor_get_options (other)));
}

static void
test_ways (void)
{
  check_way ("http://localhost/", "{'user': <'joe'>, 'password': <'s3cret'>}");
  check_way ("http://localhost/", "{'headers': <['X-Api-Key: s3cret', 'A: b']>, 'ip': <'4'>}");
  check_way ("page:http://localhost/", "{'headers': <['Authorization: s3cret']>}");
  check_way ("http://joe:s3cret@localhost/", "@a{sv} {}");
}

static void
test_none (void)
{
  g_autoptr (BobbinMonitor) monitor = make ("http://localhost/", "{'headers': <['A: b']>}");
  g_autoptr (BobbinMonitor) other = copy (monitor);

  g_assert_false (bobbin_monitor_has_secrets (monitor));
  g_assert_null (bobbin_monitor_dup_secrets (monitor));
  g_assert_false (bobbin_monitor_lacks_secrets (other));
}

/* Somebody gives another password: there is no need of the old one. */
static void
test_replaced (void)
{
  g_autoptr (BobbinMonitor) monitor =
    make ("http://localhost/", "{'user': <'joe'>, 'password': <'s3cret'>}");
  g_autoptr (BobbinMonitor) other = copy (monitor);
  GVariant *options = g_variant_new_parsed ("{'user': <'joe'>, 'password': <'other'>}");

  g_assert_true (bobbin_monitor_set_options (other, options, NULL));
  g_assert_false (bobbin_monitor_lacks_secrets (other));
}

/* While the password is kept elsewhere something else is set: it comes back to that. */
static void
test_edited (void)
{
  g_autoptr (BobbinMonitor) monitor =
    make ("http://localhost/", "{'user': <'joe'>, 'password': <'s3cret'>}");
  g_autofree char *secrets = bobbin_monitor_dup_secrets (monitor);
  g_autoptr (BobbinMonitor) other = copy (monitor);
  g_autoptr (BobbinMonitor) third = NULL;
  GVariant *options = g_variant_new_parsed ("{'user': <'joe'>, 'keyword': <'Welcome'>}");
  const char *password, *keyword;

  g_assert_true (bobbin_monitor_set_options (other, options, NULL));
  g_assert_true (bobbin_monitor_lacks_secrets (other));
  third = copy (other);
  g_assert_true (bobbin_monitor_lacks_secrets (third));
  g_assert_true (bobbin_monitor_give_secrets (other, secrets));
  options = bobbin_monitor_get_options (other);
  g_assert_true (g_variant_lookup (options, "password", "&s", &password));
  g_assert_cmpstr (password, ==, "s3cret");
  g_assert_true (g_variant_lookup (options, "keyword", "&s", &keyword));
  g_assert_cmpstr (keyword, ==, "Welcome");
}

static const char *
get_webhook (BobbinMonitor *monitor, GVariant **alerting)
{
  const char *webhook;

  g_object_get (monitor, "alerting", alerting, NULL);
  g_assert_true (g_variant_lookup (*alerting, "webhook", "&s", &webhook));

  return webhook;
}

/* The login of a webhook comes back, and the monitor looks meanwhile; one of another address is not
 * taken. */
static void
test_webhook (void)
{
  static const char address[] = "https://me:s3cret@example.org/hook?to=all";
  g_autoptr (BobbinMonitor) monitor = make ("cpu", "@a{sv} {}");
  g_autoptr (BobbinMonitor) other = NULL;
  g_autoptr (BobbinMonitor) third = NULL;
  g_autoptr (GVariant) bare = NULL, whole = NULL, elsewhere = NULL;
  g_autofree char *secrets = NULL;

  g_object_set (monitor, "alerting", g_variant_new_parsed ("{'webhook': <%s>}", address), NULL);
  g_assert_false (bobbin_monitor_wants_secrets (monitor));
  secrets = bobbin_monitor_dup_secrets (monitor);
  g_assert_nonnull (secrets);
  other = copy (monitor);
  third = copy (monitor);
  g_assert_cmpstr (get_webhook (other, &bare), ==, "https://example.org/hook?to=all");
  g_assert_false (bobbin_monitor_lacks_secrets (other));
  g_assert_true (bobbin_monitor_wants_secrets (other));
  g_assert_true (bobbin_monitor_give_secrets (other, secrets));
  g_assert_cmpstr (get_webhook (other, &whole), ==, address);

  g_object_set (third, "alerting",
                g_variant_new_parsed ("{'webhook': <'https://example.com/hook?to=all'>}"), NULL);
  g_assert_false (bobbin_monitor_give_secrets (third, secrets));
  g_assert_cmpstr (get_webhook (third, &elsewhere), ==, "https://example.com/hook?to=all");
}

static void
on_shut_down (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_job_queue_shutdown_finish (BOBBIN_JOB_QUEUE (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

/* No false alarm: nothing is known, and the server hears nothing, until the login is there. */
static void
test_waits (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *uri = bobbin_test_server_get_uri (server, "/");
  g_autoptr (BobbinMonitor) first = make (uri, "{'headers': <['X-Api-Key: s3cret']>}");
  g_autofree char *secrets = bobbin_monitor_dup_secrets (first);
  g_autoptr (BobbinMonitor) monitor = copy (first);
  g_autoptr (BobbinJobQueue) queue = bobbin_job_queue_new ();
  g_autofree char *header = NULL;
  gboolean done = FALSE;

  bobbin_test_server_set (server, "/", &(BobbinTestFile){ .length = 5 });
  g_object_set (monitor, "interval", 0.1, NULL);
  g_assert_true (bobbin_job_queue_add (queue, BOBBIN_JOB (monitor)));
  g_assert_true (bobbin_job_start (BOBBIN_JOB (monitor)));
  BOBBIN_TEST_WAIT_UNTIL (bobbin_monitor_get_n_taken (monitor) >= 2);
  g_assert_cmpint (bobbin_monitor_get_health (monitor), ==, BOBBIN_HEALTH_UNKNOWN);
  g_assert_cmpint (bobbin_monitor_get_reason (monitor), ==, BOBBIN_UNKNOWN_NO_DATA);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (server, "/"), ==, 0);

  g_assert_true (bobbin_monitor_give_secrets (monitor, secrets));
  bobbin_job_restart (BOBBIN_JOB (monitor));
  BOBBIN_TEST_WAIT_UNTIL (bobbin_monitor_get_health (monitor) == BOBBIN_HEALTH_UP);
  header = bobbin_test_server_get_header (server, "/", 0, "X-Api-Key");
  g_assert_cmpstr (header, ==, "s3cret");

  bobbin_job_queue_shutdown_async (queue, on_shut_down, &done);
  BOBBIN_TEST_WAIT_UNTIL (done);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/monitor-secrets/ways", test_ways);
  g_test_add_func ("/monitor-secrets/none", test_none);
  g_test_add_func ("/monitor-secrets/replaced", test_replaced);
  g_test_add_func ("/monitor-secrets/edited", test_edited);
  g_test_add_func ("/monitor-secrets/webhook", test_webhook);
  g_test_add_func ("/monitor-secrets/waits", test_waits);

  return g_test_run ();
}
