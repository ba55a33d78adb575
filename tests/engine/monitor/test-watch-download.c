/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * From a page that changes to a file on the disk: a page's monitor, a loopback server that knows
 * what it has been asked, and a download for each change.
 */

#include "config.h"

#include "bobbin-clock-private.h"
#include "bobbin-job-queue.h"
#include "bobbin-job-settings.h"
#include "bobbin-monitor-private.h"
#include "bobbin-test-server.h"
#include "bobbin-test-wait.h"
#include "bobbin-watch-fetch.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  BobbinTestServer *server; /* (owned) */
  BobbinJobQueue *queue;    /* (owned) */
  BobbinMonitor *monitor;   /* (owned) */
  GPtrArray *downloads;     /* (element-type BobbinJob) (owned) */
  char *folder;             /* (owned) */
  char *address;            /* (owned) */
  gboolean refuses;
} Watch;

/* ---- the program */

static gboolean
on_fetch (BobbinMonitor *monitor, const char *address, const char *file_name, gpointer user_data)
{
  Watch *watch = user_data;
  BobbinJob *job;

  g_assert_cmpstr (address, ==, watch->address);
  if (watch->refuses)
    return FALSE;

  job = bobbin_download_new (address, watch->folder);
  bobbin_watch_fetch_prepare (monitor, BOBBIN_DOWNLOAD (job), file_name);
  g_ptr_array_add (watch->downloads, job);
  g_assert_true (bobbin_job_queue_add (watch->queue, job));
  g_assert_true (bobbin_job_start (job));

  return TRUE;
}

static void
begin (Watch *watch, BobbinJob *job)
{
  watch->queue = bobbin_job_queue_new ();
  watch->monitor = BOBBIN_MONITOR (job);
  watch->monitor->by_hand = TRUE;
  g_assert_true (bobbin_watch_fetch_connect (watch->monitor, on_fetch, watch, NULL));
  g_assert_true (bobbin_job_queue_add (watch->queue, job));
  g_assert_true (bobbin_job_start (job));
  BOBBIN_TEST_WAIT_UNTIL (bobbin_monitor_get_n_taken (watch->monitor) == 1);
}

static void
on_shut_down (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_job_queue_shutdown_finish (BOBBIN_JOB_QUEUE (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
end (Watch *watch)
{
  gboolean done = FALSE;

  bobbin_job_queue_shutdown_async (watch->queue, on_shut_down, &done);
  BOBBIN_TEST_WAIT_UNTIL (done);
  g_ptr_array_set_size (watch->downloads, 0);
  g_clear_object (&watch->queue);
  g_assert_finalize_object (g_steal_pointer (&watch->monitor));
}

/* The program ends, and begins again with what it has kept of the monitor. */
static void
restart (Watch *watch)
{
  g_autofree char *settings = bobbin_job_settings_save (BOBBIN_JOB (watch->monitor));
  g_autoptr (GError) error = NULL;
  BobbinJob *job;

  end (watch);
  job = bobbin_job_settings_load ("monitor", settings, &error);
  g_assert_no_error (error);
  begin (watch, job);
}

/* ---- the page */

static void
serve (Watch *watch, const char *body, const char *etag)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  const BobbinTestFile file = { .body = bytes, .length = (gint64) strlen (body), .etag = etag };

  bobbin_test_server_set (watch->server, "/page.txt", &file);
}

static void
look_again (Watch *watch)
{
  const guint64 n = bobbin_monitor_get_n_taken (watch->monitor);

  bobbin_monitor_tick (watch->monitor, bobbin_clock_get_boottime ());
  BOBBIN_TEST_WAIT_UNTIL (bobbin_monitor_get_n_taken (watch->monitor) == n + 1);
}

static void
look (Watch *watch, const char *body)
{
  serve (watch, body, NULL);
  look_again (watch);
}

static gboolean
are_done (Watch *watch)
{
  for (guint i = 0; i < watch->downloads->len; i++)
    if (bobbin_job_get_state (g_ptr_array_index (watch->downloads, i)) != BOBBIN_JOB_DONE)
      return FALSE;

  return TRUE;
}

/* So many downloads have been begun; the last of them has fetched this. */
static void
expect (Watch *watch, guint n, const char *body)
{
  g_autofree char *content = NULL;
  const char *file;

  BOBBIN_TEST_WAIT_UNTIL (are_done (watch));
  g_assert_cmpuint (watch->downloads->len, ==, n);
  if (n == 0)
    return;

  file = bobbin_download_get_file (g_ptr_array_index (watch->downloads, n - 1));
  g_assert_true (g_file_get_contents (file, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, body);
}

static guint
count_files (Watch *watch)
{
  g_autoptr (GDir) dir = g_dir_open (watch->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* ---- the tests */

static void
set_up (Watch *watch, gconstpointer options)
{
  g_autofree char *target = NULL;
  g_autoptr (GVariant) parsed = g_variant_parse (G_VARIANT_TYPE_VARDICT, options, NULL, NULL, NULL);

  watch->server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  watch->downloads = g_ptr_array_new_with_free_func (g_object_unref);
  watch->folder = g_dir_make_tmp ("bobbin-watch-XXXXXX", NULL);
  watch->address = bobbin_test_server_get_uri (watch->server, "/page.txt");
  target = g_strconcat ("page:", watch->address, NULL);
  serve (watch, "first", "\"1\"");
  begin (watch, bobbin_monitor_new_with_options (target, parsed, NULL));
}

static void
tear_down (Watch *watch, gconstpointer options)
{
  g_autoptr (GDir) dir = g_dir_open (watch->folder, 0, NULL);
  const char *name;

  end (watch);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (watch->folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (watch->folder), ==, 0);
  g_ptr_array_unref (watch->downloads);
  bobbin_test_server_free (watch->server);
  g_free (watch->folder);
  g_free (watch->address);
}

/* Three changes, which may come within a second: three files, and none overwritten. */
static void
test_changes (Watch *watch, gconstpointer options)
{
  expect (watch, 0, NULL);
  look (watch, "second");
  expect (watch, 1, "second");
  look (watch, "third");
  expect (watch, 2, "third");
  look (watch, "fourth");
  expect (watch, 3, "fourth");
  g_assert_cmpuint (count_files (watch), ==, 3);
}

static void
test_no_change (Watch *watch, gconstpointer options)
{
  const gint64 n_sent = bobbin_test_server_get_n_sent (watch->server, "/page.txt");

  for (guint i = 0; i < 3; i++)
    look_again (watch);
  g_assert_cmpint (bobbin_test_server_get_n_sent (watch->server, "/page.txt"), ==, n_sent);
  look (watch, "first\nvisitor 7");
  look (watch, "first\nvisitor 8");
  expect (watch, 0, NULL);
}

static void
test_flapping (Watch *watch, gconstpointer options)
{
  look (watch, "second");
  expect (watch, 1, "second");
  for (guint i = 0; i < 100; i++)
    look (watch, i % 2 == 0 ? "first" : "second");
  expect (watch, 1, "second");
}

/* What changes while the program does not run is fetched when it runs again, once. */
static void
test_restart (Watch *watch, gconstpointer options)
{
  restart (watch);
  expect (watch, 0, NULL);
  look (watch, "second");
  expect (watch, 1, "second");

  restart (watch);
  expect (watch, 0, NULL);
  serve (watch, "third", NULL);
  restart (watch);
  expect (watch, 1, "third");
  look_again (watch);
  expect (watch, 1, "third");

  restart (watch);
  look (watch, "second");
  look (watch, "first");
  expect (watch, 0, NULL);
  g_assert_cmpuint (count_files (watch), ==, 2);
}

/* A change that nobody could fetch is none that is known. */
static void
test_refused (Watch *watch, gconstpointer options)
{
  watch->refuses = TRUE;
  look (watch, "second");
  watch->refuses = FALSE;
  restart (watch);
  expect (watch, 1, "second");
}

/* Through another filter it is another page, and its first version no change. */
static void
test_other_filter (Watch *watch, gconstpointer options)
{
  GVariant *other = g_variant_new_parsed ("{'include': <'^price'>}");

  serve (watch, "first\nprice 5", NULL);
  g_assert_true (bobbin_monitor_set_options (watch->monitor, other, NULL));
  restart (watch);
  expect (watch, 0, NULL);
  look (watch, "second\nprice 5");
  expect (watch, 0, NULL);
  look (watch, "second\nprice 6");
  expect (watch, 1, "second\nprice 6");
}

int
main (int argc, char *argv[])
{
  static const char options[] = "{'ignore': <'^visitor'>}";

  g_test_init (&argc, &argv, NULL);

  g_test_add ("/watch-download/changes", Watch, options, set_up, test_changes, tear_down);
  g_test_add ("/watch-download/no-change", Watch, options, set_up, test_no_change, tear_down);
  g_test_add ("/watch-download/flapping", Watch, options, set_up, test_flapping, tear_down);
  g_test_add ("/watch-download/restart", Watch, options, set_up, test_restart, tear_down);
  g_test_add ("/watch-download/refused", Watch, options, set_up, test_refused, tear_down);
  g_test_add ("/watch-download/other-filter", Watch, options, set_up, test_other_filter, tear_down);

  return g_test_run ();
}
