/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the log says of a download: why it was slow, or why it failed, and no secret.
 */

#include "config.h"

#include "download-fixture.h"

#include "bobbin-rate-limiter.h"
#include "bobbin-transfer-private.h"

#include <locale.h>
#include <string.h>

#define SECRET "s3cr3t"

static guint
count_lines (BobbinJob *job, const char *text)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (job));
  gint64 before = 0;
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      g_assert_cmpint (bobbin_event_get_time (event), >=, before);
      before = bobbin_event_get_time (event);
      n += strstr (bobbin_event_get_text (event), text) != NULL;
    }

  return n;
}

static BobbinJob *
run_with_secrets (Fixture *f, const char *path)
{
  const BobbinHttpSettings settings = { .user = "user", .password = SECRET };
  g_autoptr (BobbinHttpContext) context = bobbin_http_context_new (&settings, NULL);
  BobbinJob *job = fixture_add (f, path);

  bobbin_download_set_context (BOBBIN_DOWNLOAD (job), context);
  g_object_set (job, "retries", 2, NULL);
  job_start (job);
  job_wait (job);
  g_assert_cmpuint (count_lines (job, SECRET), ==, 0);
  g_assert_cmpuint (count_lines (job, "?"), ==, 0);

  return job;
}

/* Each hop of a redirect, and the request and the answer of both tries. */
static void
test_retried (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set_redirect (f->server, "/f?key=" SECRET, "/f.bin?key=" SECRET);
  bobbin_test_server_set (f->server, "/f.bin?key=" SECRET,
                          FILE_OF (2 * MIB, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_RESET,
                                   .fault_at = MIB, .fault_times = 1));
  job = run_with_secrets (f, "/f?key=" SECRET);
  fixture_assert_whole (f, job, "f.bin", SEED, 2 * MIB);
  g_assert_cmpuint (count_lines (job, "Asking 127.0.0.1 for the file"), ==, 2);
  g_assert_cmpuint (count_lines (job, "Redirected to 127.0.0.1"), ==, 2);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RETRY));
  g_assert_cmpuint (count_lines (job, "answered (200)"), ==, 1);
  g_assert_cmpuint (count_lines (job, "with the bytes"), ==, 1);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin?key=" SECRET, FILE_OF (10, .status = 404));
  job = run_with_secrets (f, "/f.bin?key=" SECRET);
  job_assert_failed (job, BOBBIN_ERROR_HTTP_STATUS);
  g_assert_cmpuint (count_lines (job, "Asking 127.0.0.1 for the file"), ==, 1);
  g_assert_cmpuint (count_lines (job, "answered (404)"), ==, 1);
}

/* Each connection says where it leads and what is spoken, what it fetches, and how it was answered;
 * a server that refuses one more is said to. */
static void
test_several (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin?key=" SECRET);
  guint n_connections;

  bobbin_test_server_set (f->server, "/f.bin?key=" SECRET,
                          FILE_OF (6 * MIB, .etag = ETAG, .rate = 1536 * KIB, .limit = 2,
                                   .limit_status = 503));
  g_object_set (job, "connections", 8, NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, 6 * MIB);

  n_connections = count_lines (job, "Connected to 127.0.0.1 (127.0.0.1, HTTP/1.1)");
  g_assert_cmpuint (n_connections, >=, 2);
  g_assert_cmpuint (n_connections, <=, bobbin_test_server_get_n_opened (f->server));
  g_assert_cmpuint (count_lines (job, "answered (200)"), ==, 1);
  g_assert_cmpuint (count_lines (job, "Fetching "), >=, 1);
  g_assert_cmpuint (count_lines (job, "answered (206) with the bytes "), >=, 1);
  g_assert_cmpuint (count_lines (job, "(503). Try again later. Going on with "), >=, 1);
  g_assert_cmpuint (count_lines (job, SECRET), ==, 0);
}

/* A server that has nothing to say to further connections, and then not to the last of them. */
static void
test_piece_refused (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (8 * MIB, .etag = ETAG, .status = 404));
  bobbin_test_server_set_for (f->server, "/f.bin", 0, 1,
                              FILE_OF (8 * MIB, .etag = ETAG, .rate = MIB,
                                       .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = 2 * MIB));
  g_object_set (job, "connections", 2, NULL);
  job_start (job);
  BOBBIN_TEST_WAIT_UNTIL (count_lines (job, "Going on with 1 connection.") > 0);
  g_assert_cmpuint (count_lines (job, "The file is not on 127.0.0.1 (404)"), >=, 1);
  job_stop (job);
}

/* What the last connection is refused may be the answer of a server that has nothing to say any
 * more: the address itself is asked again, and that is said. */
static void
test_asked_again (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (4 * MIB, .etag = ETAG));
  /* the first gets its part, when it is let go on; the second a bit of it; the next two nothing */
  bobbin_test_server_set_for (f->server, "/f.bin", 0, 1,
                              FILE_OF (4 * MIB, .etag = ETAG, .rate = 1536 * KIB,
                                       .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = MIB));
  bobbin_test_server_set_for (f->server, "/f.bin", 1, 1,
                              FILE_OF (4 * MIB, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_CLOSE,
                                       .fault_at = 256 * KIB));
  bobbin_test_server_set_for (f->server, "/f.bin", 2, 2, FILE_OF (4 * MIB, .status = 404));
  g_object_set (job, "connections", 2, NULL);
  job_start (job);
  BOBBIN_TEST_WAIT_UNTIL (count_lines (job, "(404). Check the address. Going on with 1") == 1);
  bobbin_test_server_wait_stalled (f->server, 1);
  bobbin_test_server_release (f->server, "/f.bin");
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, 4 * MIB);
  g_assert_cmpuint (count_lines (job, "(404). Check the address. Asking at the address again."), ==,
                    1);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 5);
}

/* Over a secure connection that is said, too. */
static void
test_secure (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (MIB));
  g_object_set (job, "ca-file", bobbin_test_server_ca_file (), NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, MIB);
  g_assert_cmpuint (count_lines (job, "(127.0.0.1, HTTP/1.1, TLS 1."), ==, 1);
}

/* Once, however often it waits for its turn, and again when the limit is another one. */
static void
test_limited (Fixture *f, gconstpointer data)
{
  BobbinRateLimiter *all = bobbin_rate_limiter_get_global ();
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (6 * MIB));
  bobbin_rate_limiter_set_rate (all, 1000 * 1000);
  job_start (job);
  BOBBIN_TEST_WAIT_UNTIL (count_lines (job, "limit of 1.0") == 1);
  bobbin_rate_limiter_set_rate (all, 8 * 1000 * 1000);
  job_wait (job);
  bobbin_rate_limiter_set_rate (all, 0);
  fixture_assert_whole (f, job, "f.bin", SEED, 6 * MIB);
  g_assert_cmpuint (count_lines (job, "limit of 1.0"), ==, 1);
  g_assert_cmpuint (count_lines (job, "limit of 8.0"), ==, 1);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  bobbin_transfer_haste = 1000;

  fixture_test ("/log/retried", BOBBIN_TEST_PLAIN, test_retried);
  fixture_test ("/log/refused", BOBBIN_TEST_PLAIN, test_refused);
  fixture_test ("/log/several", BOBBIN_TEST_PLAIN, test_several);
  fixture_test ("/log/piece-refused", BOBBIN_TEST_PLAIN, test_piece_refused);
  fixture_test ("/log/asked-again", BOBBIN_TEST_PLAIN, test_asked_again);
  fixture_test ("/log/secure", BOBBIN_TEST_TLS, test_secure);
  fixture_test ("/log/limited", BOBBIN_TEST_PLAIN, test_limited);

  return g_test_run ();
}
