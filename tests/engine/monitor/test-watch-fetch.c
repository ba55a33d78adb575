/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-watch-fetch, with a page on a loopback server: one download a change, and none for
 * anything else.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-monitor-private.h"
#include "bobbin-test-server.h"
#include "bobbin-watch-fetch.h"

#include <string.h>

typedef struct
{
  BobbinTestServer *server;
  BobbinMonitor *monitor;
  BobbinProbe *probe;
  char *address;
  guint n_fetches;
  guint n_destroyed;
  gboolean refuses;
} Watch;

static gboolean
on_fetch (BobbinMonitor *monitor, const char *address, const char *file_name, gpointer user_data)
{
  Watch *watch = user_data;

  g_assert_true (monitor == watch->monitor);
  g_assert_cmpstr (address, ==, watch->address);
  g_assert_cmpstr (file_name, ==, "page 2023-11-14 22.13.20.txt");
  watch->n_fetches++;

  return !watch->refuses;
}

static void
on_destroy (gpointer user_data)
{
  Watch *watch = user_data;

  watch->n_destroyed++;
}

static void
set_up (Watch *watch, gconstpointer options)
{
  g_autofree char *target = NULL;
  g_autoptr (GVariant) parsed = g_variant_parse (G_VARIANT_TYPE_VARDICT, options, NULL, NULL, NULL);

  watch->server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  watch->address = bobbin_test_server_get_uri (watch->server, "/page.txt");
  target = g_strconcat ("page:", watch->address, NULL);
  watch->monitor = BOBBIN_MONITOR (bobbin_monitor_new_with_options (target, parsed, NULL));
  watch->probe = bobbin_probe_new (target, parsed, NULL);
  g_assert_true (bobbin_watch_fetch_connect (watch->monitor, on_fetch, watch, on_destroy));
}

static void
tear_down (Watch *watch, gconstpointer options)
{
  g_assert_finalize_object (watch->monitor);
  g_assert_cmpuint (watch->n_destroyed, ==, 1);
  bobbin_probe_unref (watch->probe);
  bobbin_test_server_free (watch->server);
  g_free (watch->address);
}

/* What the page's probe makes of @body, told @n_times. */
static void
look_times (Watch *watch, const char *body, guint status, guint n_times)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  const BobbinTestFile file = { .body = bytes, .length = (gint64) strlen (body), .status = status };
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;
  g_autoptr (GError) error = NULL;
  BobbinVerdict verdict = { .time = G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC };

  bobbin_test_server_set (watch->server, "/page.txt", &file);
  bobbin_probe_sample (watch->probe, NULL, &sample, &error);
  verdict.sample = &sample;
  verdict.error = error;
  for (guint i = 0; i < n_times; i++)
    bobbin_monitor_emit_judged (watch->monitor, &verdict);
}

/* A verdict that comes again is no other change. */
static void
look (Watch *watch, const char *body, guint status)
{
  look_times (watch, body, status, 2);
}

static void
test_changes (Watch *watch, gconstpointer options)
{
  look (watch, "a", 0);
  g_assert_cmpuint (watch->n_fetches, ==, 0);
  look (watch, "a\nvisitor 7", 0);
  look (watch, "out of order", 503);
  look (watch, "a", 0);
  g_assert_cmpuint (watch->n_fetches, ==, 0);
  look (watch, "b", 0);
  g_assert_cmpuint (watch->n_fetches, ==, 1);
  look (watch, "c", 0);
  g_assert_cmpuint (watch->n_fetches, ==, 2);
}

static void
test_flapping (Watch *watch, gconstpointer options)
{
  for (guint i = 0; i <= 100; i++)
    look (watch, i % 2 == 0 ? "A" : "B", 0);
  g_assert_cmpuint (watch->n_fetches, ==, 1);
}

/* The sample that finds the change is not heard, as when a pause has begun: the next one is. */
static void
test_unheard (Watch *watch, gconstpointer options)
{
  look (watch, "a", 0);
  look_times (watch, "b", 0, 0);
  g_assert_cmpuint (watch->n_fetches, ==, 0);
  look (watch, "b", 0);
  g_assert_cmpuint (watch->n_fetches, ==, 1);
  look (watch, "a", 0);
  look (watch, "b", 0);
  g_assert_cmpuint (watch->n_fetches, ==, 1);
}

static void
test_unheard_first (Watch *watch, gconstpointer options)
{
  look_times (watch, "a", 0, 0);
  look (watch, "b", 0);
  g_assert_cmpuint (watch->n_fetches, ==, 1);
}

/* A change that nobody could take is offered until somebody does. */
static void
test_refused (Watch *watch, gconstpointer options)
{
  look (watch, "a", 0);
  watch->refuses = TRUE;
  look_times (watch, "b", 0, 1);
  look_times (watch, "b", 0, 1);
  g_assert_cmpuint (watch->n_fetches, ==, 2);
  watch->refuses = FALSE;
  look (watch, "b", 0);
  look (watch, "b", 0);
  g_assert_cmpuint (watch->n_fetches, ==, 3);
}

/* A gap has no sample. */
static void
test_gap (Watch *watch, gconstpointer options)
{
  const BobbinVerdict gap = { .reason = BOBBIN_UNKNOWN_ASLEEP };

  bobbin_monitor_emit_judged (watch->monitor, &gap);
  g_assert_cmpuint (watch->n_fetches, ==, 0);
}

static void
test_disconnect (Watch *watch, gconstpointer options)
{
  look (watch, "a", 0);
  bobbin_watch_fetch_disconnect (watch->monitor);
  g_assert_cmpuint (watch->n_destroyed, ==, 1);
  bobbin_watch_fetch_disconnect (watch->monitor);
  look (watch, "b", 0);
  g_assert_cmpuint (watch->n_fetches, ==, 0);
}

static void
test_other_kind (void)
{
  g_autoptr (BobbinJob) job = bobbin_monitor_new ("cpu", NULL);

  g_assert_false (bobbin_watch_fetch_connect (BOBBIN_MONITOR (job), on_fetch, NULL, NULL));
}

static void
test_name (void)
{
  g_autoptr (GDateTime) time = g_date_time_new_utc (2026, 2, 3, 4, 5, 6);
  g_autofree char *page = bobbin_watch_fetch_make_name ("https://example.org/", time);
  g_autofree char *bare = bobbin_watch_fetch_make_name ("https://example.org/README", time);

  g_assert_cmpstr (page, ==, "example.org 2026-02-03 04.05.06.html");
  g_assert_cmpstr (bare, ==, "README 2026-02-03 04.05.06");
}

int
main (int argc, char *argv[])
{
  static const char options[] = "{'ignore': <'^visitor'>}";

  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/watch-fetch/changes", Watch, options, set_up, test_changes, tear_down);
  g_test_add ("/watch-fetch/flapping", Watch, options, set_up, test_flapping, tear_down);
  g_test_add ("/watch-fetch/unheard", Watch, options, set_up, test_unheard, tear_down);
  g_test_add ("/watch-fetch/unheard-first", Watch, options, set_up, test_unheard_first, tear_down);
  g_test_add ("/watch-fetch/refused", Watch, options, set_up, test_refused, tear_down);
  g_test_add ("/watch-fetch/gap", Watch, options, set_up, test_gap, tear_down);
  g_test_add ("/watch-fetch/disconnect", Watch, options, set_up, test_disconnect, tear_down);
  g_test_add_func ("/watch-fetch/other-kind", test_other_kind);
  g_test_add_func ("/watch-fetch/name", test_name);

  return g_test_run ();
}
