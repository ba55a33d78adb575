/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Redirects: where they are followed, and where not.
 */

#include "config.h"

#include "bobbin-host-gate.h"
#include "download-fixture.h"

#include <locale.h>
#include <string.h>

/* /0 → /1 → … → /n, which is the file. */
static BobbinJob *
run_chain (Fixture *f, guint n)
{
  for (guint i = 0; i <= n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u", i);
      g_autofree char *next = g_strdup_printf ("/%u", i + 1);

      if (i < n)
        bobbin_test_server_set_redirect (f->server, path, next);
      else
        bobbin_test_server_set (f->server, path, FILE_OF (MIB));
    }

  return fixture_run (f, "/0");
}

static void
test_one (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_chain (f, 1);

  fixture_assert_whole (f, job, "1", SEED, MIB);
  fixture_assert_listing (f, "1", NULL);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_REDIRECTED));
}

static void
test_twenty (Fixture *f, gconstpointer data)
{
  fixture_assert_whole (f, run_chain (f, 20), "20", SEED, MIB);
}

static void
test_too_many (Fixture *f, gconstpointer data)
{
  job_assert_failed (run_chain (f, 21), BOBBIN_ERROR_REDIRECT);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/20"), ==, 1);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/21"), ==, 0);
  fixture_assert_listing (f, NULL);
}

static void
test_loop (Fixture *f, gconstpointer data)
{
  bobbin_test_server_set_redirect (f->server, "/a", "/b");
  bobbin_test_server_set_redirect (f->server, "/b", "/a");
  job_assert_failed (fixture_run (f, "/a"), BOBBIN_ERROR_REDIRECT);
  fixture_assert_listing (f, NULL);
}

/* Every status that redirects, with a body that is not the file. */
static void
test_statuses (Fixture *f, gconstpointer data)
{
  static const guint statuses[] = { 301, 302, 303, 307, 308 };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autofree char *from = g_strdup_printf ("/from%u", statuses[i]);
      g_autofree char *to = g_strdup_printf ("/to%u", statuses[i]);
      g_autofree char *line = g_strdup_printf ("Location: %s\r\n", to);
      BobbinTestFile redirect = { .seed = OTHER,
                                  .length = 5000,
                                  .status = statuses[i],
                                  .headers = line };

      bobbin_test_server_set (f->server, from, &redirect);
      bobbin_test_server_set (f->server, to, FILE_OF (10));
      fixture_assert_whole (f, fixture_run (f, from), to + 1, SEED, 10);
    }
}

static void
test_relative (Fixture *f, gconstpointer data)
{
  bobbin_test_server_set_redirect (f->server, "/a/b/c", "../d/f.bin?x=1");
  bobbin_test_server_set (f->server, "/a/d/f.bin?x=1", FILE_OF (10));
  fixture_assert_whole (f, fixture_run (f, "/a/b/c"), "f.bin", SEED, 10);
}

static void
test_other_host (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinTestServer) other = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *to = bobbin_test_server_get_uri (other, "/f.bin");

  bobbin_test_server_set_redirect (f->server, "/f", to);
  bobbin_test_server_set (other, "/f.bin", FILE_OF (10));
  fixture_assert_whole (f, fixture_run (f, "/f"), "f.bin", SEED, 10);
}

/* Each of two hosts leads to the other one, and at each there may be one connection: nobody keeps
 * the first while it waits for the second. */
static void
test_crosswise (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinTestServer) other = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *there = bobbin_test_server_get_uri (other, "/f.bin");
  g_autofree char *here = bobbin_test_server_get_uri (f->server, "/f.bin");
  g_autofree char *back = bobbin_test_server_get_uri (other, "/back");
  BobbinJob *jobs[16];

  bobbin_host_gate_set_limit (bobbin_host_gate_get_default (), 1);
  bobbin_job_queue_set_max_transfers (f->queue, G_N_ELEMENTS (jobs));
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10));
  bobbin_test_server_set (other, "/f.bin", FILE_OF (10));
  bobbin_test_server_set_redirect (f->server, "/to", there);
  bobbin_test_server_set_redirect (other, "/back", here);
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      jobs[i] = i % 2 == 0 ? fixture_add (f, "/to") : fixture_add_address (f, back);
      job_start (jobs[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      job_wait (jobs[i]);
      g_assert_cmpint (bobbin_job_get_state (jobs[i]), ==, BOBBIN_JOB_DONE);
    }
}

static void
test_disposition (Fixture *f, gconstpointer data)
{
  bobbin_test_server_set_redirect (f->server, "/f", "/g");
  bobbin_test_server_set (f->server, "/g",
                          FILE_OF (10, .disposition = "attachment; filename=h.bin"));
  fixture_assert_whole (f, fixture_run (f, "/f"), "h.bin", SEED, 10);
}

/* Not followed. */

static BobbinJob *
run_refused (Fixture *f, const char *location)
{
  BobbinJob *job;

  bobbin_test_server_set_redirect (f->server, "/f.bin", location);
  job = fixture_add (f, "/f.bin");
  g_object_set (job, "retries", 10, "ca-file", bobbin_test_server_ca_file (), NULL);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_REDIRECT);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 1);
  fixture_assert_listing (f, NULL);
  return job;
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  static const char *const locations[] = {
    "file:///etc/passwd", "ftp://127.0.0.1/f.bin", "data:text/plain,x", "http://[", "/%zz", "",
  };

  run_refused (f, locations[0]);
  for (gsize i = 1; i < G_N_ELEMENTS (locations); i++)
    {
      BobbinJob *job;

      g_test_message ("To “%s”", locations[i]);
      bobbin_test_server_set_redirect (f->server, "/f.bin", locations[i]);
      job = fixture_run (f, "/f.bin");
      job_assert_failed (job, BOBBIN_ERROR_REDIRECT);
    }
  fixture_assert_listing (f, NULL);
}

static void
test_no_location (Fixture *f, gconstpointer data)
{
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10, .status = 302));
  job_assert_failed (fixture_run (f, "/f.bin"), BOBBIN_ERROR_REDIRECT);
}

static void
test_to_http (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinTestServer) plain = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *to = bobbin_test_server_get_uri (plain, "/f.bin");
  BobbinJob *job;

  bobbin_test_server_set (plain, "/f.bin", FILE_OF (10));
  job = run_refused (f, to);
  g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, "insecure"));
  g_assert_cmpuint (bobbin_test_server_get_n_requests (plain, "/f.bin"), ==, 0);
}

static void
test_to_https (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinTestServer) plain = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *from = bobbin_test_server_get_uri (plain, "/f");
  g_autofree char *to = bobbin_test_server_get_uri (f->server, "/f.bin");
  BobbinJob *job = fixture_add_address (f, from);

  bobbin_test_server_set_redirect (plain, "/f", to);
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10));
  g_object_set (job, "ca-file", bobbin_test_server_ca_file (), NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, 10);
}

/* Goes on behind a redirect: the range and the validator go along. */
static void
test_resume (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f");

  bobbin_test_server_set_redirect (f->server, "/f", "/f.bin");
  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (2 * MIB, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = MIB, .fault_times = 1));
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, MIB);
  job_stop (job);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, 2 * MIB);
  fixture_assert_listing (f, "f.bin", NULL);
  g_assert_cmpint (bobbin_test_server_get_first_byte (f->server, "/f.bin", 1), ==, MIB);
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), ==, 2 * MIB);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  fixture_test ("/redirect/one", BOBBIN_TEST_PLAIN, test_one);
  fixture_test ("/redirect/twenty", BOBBIN_TEST_PLAIN, test_twenty);
  fixture_test ("/redirect/too-many", BOBBIN_TEST_PLAIN, test_too_many);
  fixture_test ("/redirect/loop", BOBBIN_TEST_PLAIN, test_loop);
  fixture_test ("/redirect/statuses", BOBBIN_TEST_PLAIN, test_statuses);
  fixture_test ("/redirect/relative", BOBBIN_TEST_PLAIN, test_relative);
  fixture_test ("/redirect/other-host", BOBBIN_TEST_PLAIN, test_other_host);
  fixture_test ("/redirect/crosswise", BOBBIN_TEST_PLAIN, test_crosswise);
  fixture_test ("/redirect/disposition", BOBBIN_TEST_PLAIN, test_disposition);
  fixture_test ("/redirect/refused", BOBBIN_TEST_PLAIN, test_refused);
  fixture_test ("/redirect/no-location", BOBBIN_TEST_PLAIN, test_no_location);
  fixture_test ("/redirect/to-http", BOBBIN_TEST_TLS, test_to_http);
  fixture_test ("/redirect/to-https", BOBBIN_TEST_TLS, test_to_https);
  fixture_test ("/redirect/resume", BOBBIN_TEST_PLAIN, test_resume);

  return g_test_run ();
}
