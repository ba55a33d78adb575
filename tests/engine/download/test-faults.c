/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Servers, networks and certificates that fail: each failure gets its code and a sentence, what
 * came is kept, and nothing that is not whole ever has the final name.
 */

#include "config.h"

#include "bobbin-test-resolver.h"
#include "download-fixture.h"

#include <locale.h>
#include <string.h>

#define LENGTH (2 * MIB)

static BobbinJob *
run_file (Fixture *f, const BobbinTestFile *file)
{
  bobbin_test_server_set (f->server, "/f.bin", file);
  return fixture_run (f, "/f.bin");
}

/* The body ends early. */

static void
test_truncated (Fixture *f, gconstpointer data)
{
  BobbinJob *job =
    run_file (f, FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = MIB));

  job_assert_failed (job, BOBBIN_ERROR_TRUNCATED);
  g_assert_cmpint (bobbin_job_get_bytes (job), ==, MIB);
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);
}

static void
test_truncated_last_byte (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_file (f, FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_CLOSE,
                                         .fault_at = LENGTH - 1));

  job_assert_failed (job, BOBBIN_ERROR_TRUNCATED);
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);
}

static void
test_truncated_at_once (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_file (f, FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_CLOSE));

  job_assert_failed (job, BOBBIN_ERROR_TRUNCATED);
}

/* Every byte came, but not the chunk that says that it was every byte. */
static void
test_chunked_no_end (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_file (f, FILE_OF (LENGTH, .framing = BOBBIN_TEST_FRAMING_CHUNKED,
                                         .fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = LENGTH));

  job_assert_failed (job, BOBBIN_ERROR_TRUNCATED);
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), ==, LENGTH);
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);
}

static void
test_chunked_cut (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_file (f, FILE_OF (LENGTH, .framing = BOBBIN_TEST_FRAMING_CHUNKED,
                                         .fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = MIB + 7));

  job_assert_failed (job, BOBBIN_ERROR_TRUNCATED);
}

static void
test_reset (Fixture *f, gconstpointer data)
{
  BobbinJob *job =
    run_file (f, FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_RESET, .fault_at = MIB));

  job_assert_failed (job, BOBBIN_ERROR_DISCONNECTED);
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);
}

/* A reset where the length is unknown must not pass for the end of the file. */
static void
test_reset_until_close (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_file (f, FILE_OF (LENGTH, .framing = BOBBIN_TEST_FRAMING_UNTIL_CLOSE,
                                         .fault = BOBBIN_TEST_FAULT_RESET, .fault_at = MIB));

  job_assert_failed (job, BOBBIN_ERROR_DISCONNECTED);
}

/* Each answer breaks after so many bytes, in either way; all of the file comes nevertheless, over
 * one connection and over eight. All at once, for each break has its wait. */
typedef struct
{
  BobbinTestFault fault;
  gint64 every;
  gint64 length;
  guint connections;
} BreakCase;

static const BreakCase break_cases[] = {
  { BOBBIN_TEST_FAULT_CLOSE, KIB, 2 * KIB + 7, 1 },
  { BOBBIN_TEST_FAULT_CLOSE, KIB, 2 * KIB + 7, 8 },
  { BOBBIN_TEST_FAULT_RESET, KIB, 2 * KIB + 7, 1 },
  { BOBBIN_TEST_FAULT_RESET, KIB, 2 * KIB + 7, 8 },
  { BOBBIN_TEST_FAULT_CLOSE, 64 * KIB, 130 * KIB + 7, 1 },
  { BOBBIN_TEST_FAULT_CLOSE, 64 * KIB, 130 * KIB + 7, 8 },
  { BOBBIN_TEST_FAULT_RESET, 64 * KIB, 130 * KIB + 7, 1 },
  { BOBBIN_TEST_FAULT_RESET, 64 * KIB, 130 * KIB + 7, 8 },
  { BOBBIN_TEST_FAULT_CLOSE, 300 * KIB, 610 * KIB + 7, 1 },
  { BOBBIN_TEST_FAULT_CLOSE, 300 * KIB, MIB + 500 * KIB, 8 },
  { BOBBIN_TEST_FAULT_RESET, 300 * KIB, 610 * KIB + 7, 1 },
  { BOBBIN_TEST_FAULT_RESET, 300 * KIB, MIB + 500 * KIB, 8 },
};

static void
test_breaks (Fixture *f, gconstpointer data)
{
  BobbinJob *jobs[G_N_ELEMENTS (break_cases)];

  bobbin_job_queue_set_max_transfers (f->queue, G_N_ELEMENTS (jobs));
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      const BreakCase *c = &break_cases[i];
      g_autofree char *path = g_strdup_printf ("/%" G_GSIZE_FORMAT ".bin", i);

      bobbin_test_server_set (f->server, path,
                              FILE_OF (c->length, .etag = ETAG, .fault = c->fault,
                                       .fault_at = c->every));
      jobs[i] = fixture_add (f, path);
      g_object_set (jobs[i], "connections", c->connections, "retries", 10, NULL);
      job_start (jobs[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *name = g_strdup_printf ("%" G_GSIZE_FORMAT ".bin", i);

      job_wait (jobs[i]);
      fixture_assert_whole (f, jobs[i], name, SEED, break_cases[i].length);
      g_assert_true (job_has_event (jobs[i], BOBBIN_EVENT_RETRY));
    }
}

/* Nothing is answered. */

static void
test_no_answer (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_file (f, FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_CLOSE,
                                         .fault_at = BOBBIN_TEST_BEFORE_HEADER));

  job_assert_failed (job, BOBBIN_ERROR_DISCONNECTED);
  fixture_assert_listing (f, NULL);
}

static void
test_reset_before_answer (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_file (f, FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_RESET,
                                         .fault_at = BOBBIN_TEST_BEFORE_HEADER));

  job_assert_failed (job, BOBBIN_ERROR_DISCONNECTED);
  fixture_assert_listing (f, NULL);
}

static void
test_garbage (Fixture *f, gconstpointer data)
{
  job_assert_failed (run_file (f, FILE_OF (0, .fault = BOBBIN_TEST_FAULT_GARBAGE)),
                     BOBBIN_ERROR_BAD_ANSWER);
  fixture_assert_listing (f, NULL);
}

/* Silence, in each place: a second of it is allowed here. */

static void
run_silent (Fixture *f, const BobbinTestFile *file)
{
  BobbinJob *job = fixture_add (f, "/f.bin");
  gint64 start = g_get_monotonic_time ();

  bobbin_test_server_set (f->server, "/f.bin", file);
  g_object_set (job, "timeout", 1, NULL);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, G_TIME_SPAN_SECOND);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_TIME_SPAN_SECOND);
}

static void
test_silent_header (Fixture *f, gconstpointer data)
{
  run_silent (f, FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_STALL,
                          .fault_at = BOBBIN_TEST_BEFORE_HEADER));
}

static void
test_silent_body (Fixture *f, gconstpointer data)
{
  run_silent (f, FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = MIB));
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);
}

/* A header that drips is silence. */
static void
test_dripping_header (Fixture *f, gconstpointer data)
{
  run_silent (f, FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_DRIP));
}

/* A body that drips is not: as long as bytes come, it goes on. */
static void
test_dripping_body (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (30, .rate = 20));
  g_object_set (job, "timeout", 1, NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, 30);
}

static void
test_silent_peer (Fixture *f, gconstpointer data)
{
  run_silent (f, FILE_OF (LENGTH));
}

/* Statuses. */

typedef struct
{
  guint status;
  BobbinError code;
} StatusCase;

static const StatusCase status_cases[] = {
  { 204, BOBBIN_ERROR_BAD_ANSWER },  { 206, BOBBIN_ERROR_BAD_ANSWER },
  { 300, BOBBIN_ERROR_HTTP_STATUS }, { 304, BOBBIN_ERROR_HTTP_STATUS },
  { 400, BOBBIN_ERROR_HTTP_STATUS }, { 403, BOBBIN_ERROR_HTTP_STATUS },
  { 404, BOBBIN_ERROR_HTTP_STATUS }, { 407, BOBBIN_ERROR_HTTP_STATUS },
  { 410, BOBBIN_ERROR_HTTP_STATUS }, { 416, BOBBIN_ERROR_HTTP_STATUS },
  { 429, BOBBIN_ERROR_HTTP_STATUS }, { 451, BOBBIN_ERROR_HTTP_STATUS },
  { 500, BOBBIN_ERROR_HTTP_STATUS }, { 501, BOBBIN_ERROR_HTTP_STATUS },
  { 503, BOBBIN_ERROR_HTTP_STATUS }, { 505, BOBBIN_ERROR_HTTP_STATUS },
  { 599, BOBBIN_ERROR_HTTP_STATUS },
};

static void
test_statuses (Fixture *f, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (status_cases); i++)
    {
      const StatusCase *c = &status_cases[i];
      g_autofree char *number = g_strdup_printf ("%u", c->status);
      BobbinJob *job;

      g_test_message ("Status %s", number);
      job = run_file (f, FILE_OF (1000, .status = c->status));
      job_assert_failed (job, c->code);
      g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, number));
      fixture_assert_listing (f, NULL);
    }
}

/* What will not change is not asked again. */
static void
test_no_retry (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10, .status = 404));
  g_object_set (job, "retries", 10, NULL);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_HTTP_STATUS);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 1);
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RETRY));
}

static void
test_retries_end (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10, .status = 503));
  g_object_set (job, "retries", 1, NULL);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_HTTP_STATUS);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 2);
}

/* Retry-After is obeyed where it is longer than the back-off (at most 2 s after the first try). */
static void
test_retry_after (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (10, .status = 503, .headers = "Retry-After: 1000\r\n"));
  g_object_set (job, "retries", 1, NULL);
  job_start (job);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING);
  g_assert_cmpint (bobbin_job_get_until (job) - g_get_monotonic_time (), >,
                   900 * G_TIME_SPAN_SECOND);
  /* and said: “Trying again in 17 min” */
  g_assert_nonnull (strstr (bobbin_job_get_status_line (job), "17 min"));
  job_stop (job);
}

/* The server's own clock says how long it is until a date: this one's may be wrong. */
static void
test_retry_after_date (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (10, .status = 503, .date = "Mon, 05 Jan 2026 10:00:00 GMT",
                                   .headers = "Retry-After: Mon, 05 Jan 2026 10:50:00 GMT\r\n"));
  g_object_set (job, "retries", 1, NULL);
  job_start (job);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING);
  g_assert_cmpint (bobbin_job_get_until (job) - g_get_monotonic_time (), >,
                   40 * G_TIME_SPAN_MINUTE);
  job_stop (job);
}

/* Who asks for more than an hour is not waited for, and it is said when to come back. */
static void
test_retry_after_long (Fixture *f, gconstpointer data)
{
  static const char *const headers[] = { "Retry-After: 3601\r\n", "Retry-After: 86400\r\n",
                                         "Retry-After: 99999999999999999999\r\n",
                                         "Retry-After: Mon, 05 Jan 2026 11:00:01 GMT\r\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      BobbinJob *job = fixture_add (f, "/f.bin");

      bobbin_test_server_set (f->server, "/f.bin",
                              FILE_OF (10, .status = 429, .date = "Mon, 05 Jan 2026 10:00:00 GMT",
                                       .headers = headers[i]));
      g_object_set (job, "retries", 10, NULL);
      job_start (job);
      job_wait (job);
      job_assert_failed (job, BOBBIN_ERROR_HTTP_STATUS);
      g_test_message ("%s", bobbin_job_get_error (job)->message);
      g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, "come back"));
      g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, "429"));
      g_assert_false (job_has_event (job, BOBBIN_EVENT_RETRY));
      g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, i + 1);
      fixture_remove (f, job);
    }
}

/* It says nothing of what will not pass. */
static void
test_retry_after_final (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_file (f, FILE_OF (10, .status = 404, .headers = "Retry-After: 86400\r\n"));

  job_assert_failed (job, BOBBIN_ERROR_HTTP_STATUS);
  g_assert_null (strstr (bobbin_job_get_error (job)->message, "come back"));
}

/* What is no whole answer, though libsoup may take it for one. */
static void
test_broken_heads (Fixture *f, gconstpointer data)
{
  const struct
  {
    const char *raw;
    BobbinError code;
  } cases[] = {
    { "HTTP/1.1 200 OK\r\nETag: \"one\"\r\n", BOBBIN_ERROR_TRUNCATED },
    { "HTTP/1.1 200 OK\r\n", BOBBIN_ERROR_TRUNCATED },
    { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 3\r\n\r\nhello",
      BOBBIN_ERROR_BAD_ANSWER },
    { "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello", BOBBIN_ERROR_BAD_ANSWER },
    { "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", BOBBIN_ERROR_BAD_ANSWER },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
      BOBBIN_ERROR_BAD_ANSWER },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n0\r\n\r\n",
      BOBBIN_ERROR_BAD_ANSWER },
    { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Range: bytes 5-9/10\r\n\r\nhello",
      BOBBIN_ERROR_BAD_ANSWER },
    { "HTTP/1.1 206 Partial\r\nContent-Length: 5\r\nContent-Range: bytes 0-4/10\r\n\r\nhello",
      BOBBIN_ERROR_BAD_ANSWER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      BobbinJob *job =
        run_file (f, FILE_OF (10, .fault = BOBBIN_TEST_FAULT_GARBAGE, .raw = cases[i].raw));

      job_assert_failed (job, cases[i].code);
      fixture_remove (f, job);
    }
}

/* The same length said twice is one length. */
static void
test_length_twice (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_file (
    f, FILE_OF (10, .fault = BOBBIN_TEST_FAULT_GARBAGE,
                .raw = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"));

  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_DONE);
  fixture_assert_text (f, "f.bin", "hello");
}

/* libsoup takes informational answers all in one go, and nothing else runs meanwhile. */
static void
test_informational_flood (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) flood = g_string_new (NULL);

  for (guint i = 0; i < 50000; i++)
    g_string_append (flood, "HTTP/1.1 103 Early Hints\r\n\r\n");
  job_assert_failed (run_file (f,
                               FILE_OF (10, .fault = BOBBIN_TEST_FAULT_GARBAGE, .raw = flood->str)),
                     BOBBIN_ERROR_BAD_ANSWER);
  fixture_assert_listing (f, NULL);
}

/* A few are what HTTP allows. */
static void
test_informational (Fixture *f, gconstpointer data)
{
  run_file (f, FILE_OF (10, .fault = BOBBIN_TEST_FAULT_GARBAGE,
                        .raw = "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
                               "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
  fixture_assert_text (f, "f.bin", "hello");
}

/* A length that cannot be is no length that is not known. */
static void
test_bad_length (Fixture *f, gconstpointer data)
{
  const char *const lengths[] = { "Content-Length: -5\r\n",
                                  "Content-Length: 18446744073709551611\r\n",
                                  "Content-Length: 99999999999999999999999\r\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      BobbinJob *job =
        run_file (f, FILE_OF (LENGTH, .etag = ETAG, .framing = BOBBIN_TEST_FRAMING_UNTIL_CLOSE,
                              .headers = lengths[i]));

      job_assert_failed (job, BOBBIN_ERROR_BAD_ANSWER);
      fixture_assert_listing (f, NULL);
    }
}

/* No way there. */

static void
test_refused (Fixture *f, gconstpointer data)
{
  BobbinTestServer *gone = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *address = bobbin_test_server_get_uri (gone, "/f.bin");
  BobbinJob *job;

  bobbin_test_server_free (gone);
  job = fixture_add_address (f, address);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_REFUSED);
  fixture_assert_listing (f, NULL);
}

static void
test_name_not_found (Fixture *f, gconstpointer data)
{
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();
  BobbinJob *job = fixture_add_address (f, "http://nowhere.test/f.bin");

  g_object_set (job, "retries", 10, NULL);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_NAME_NOT_FOUND);
  g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, "nowhere.test"));
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RETRY));
  bobbin_test_resolver_uninstall (resolver);
}

/* Nobody says that there is no such name: it may be answered in a moment. */
static void
test_name_not_answered (Fixture *f, gconstpointer data)
{
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();
  BobbinJob *job = fixture_add_address (f, "http://server.busy.test/f.bin");

  g_object_set (job, "retries", 1, NULL);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, "server.busy.test"));
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RETRY));
  bobbin_test_resolver_uninstall (resolver);
}

/* Certificates. */

static void
run_untrusted (Fixture *f, const char *ca_file)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10));
  g_object_set (job, "ca-file", ca_file, "retries", 10, NULL);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_CERTIFICATE);
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RETRY));
  /* Not a word was said before the certificate was looked at. */
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 0);
  fixture_assert_listing (f, NULL);
}

static void
test_unknown_authority (Fixture *f, gconstpointer data)
{
  run_untrusted (f, NULL);
}

static void
test_bad_certificate (Fixture *f, gconstpointer data)
{
  run_untrusted (f, bobbin_test_server_ca_file ());
}

static void
test_bad_ca_file (Fixture *f, gconstpointer data)
{
  run_untrusted (f, "/does/not/exist.pem");
}

/* A record that is damaged on its way ends the connection, not the download. */
static void
test_damaged_record (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (3 * MIB, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_DAMAGE,
                                   .fault_at = MIB, .fault_times = 1));
  g_object_set (job, "ca-file", bobbin_test_server_ca_file (), "retries", 1, NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, 3 * MIB);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RETRY));
}

/* https to a server that speaks none. */
static void
test_no_tls (Fixture *f, gconstpointer data)
{
  g_autofree char *address =
    g_strdup_printf ("https://127.0.0.1:%u/f.bin", bobbin_test_server_get_port (f->server));
  BobbinJob *job = fixture_add_address (f, address);

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10));
  g_object_set (job, "timeout", 2, NULL);
  job_start (job);
  /* Neither side understands the other; the server waits for the end of a request. */
  job_wait (job);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_FAILED);
  g_assert_cmpint (bobbin_job_get_error (job)->domain, ==, BOBBIN_ERROR);
  fixture_assert_listing (f, NULL);
}

/* One fails, the others do not notice. */
static void
test_only_one_fails (Fixture *f, gconstpointer data)
{
  BobbinJob *good[3];
  BobbinJob *bad;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *path = g_strdup_printf ("/good%" G_GSIZE_FORMAT, i);

      bobbin_test_server_set (f->server, path,
                              FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                       .fault_at = MIB));
      job_start (good[i] = fixture_add (f, path));
    }
  bobbin_test_server_wait_stalled (f->server, 3);
  bad = run_file (f, FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_RESET, .fault_at = 1000));
  job_assert_failed (bad, BOBBIN_ERROR_DISCONNECTED);

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *path = g_strdup_printf ("/good%" G_GSIZE_FORMAT, i);

      g_assert_cmpint (bobbin_job_get_state (good[i]), ==, BOBBIN_JOB_RUNNING);
      bobbin_test_server_release (f->server, path);
      job_wait (good[i]);
      fixture_assert_whole (f, good[i], path + 1, SEED, LENGTH);
    }
}

/* A failed job can be started again. */
static void
test_again (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_file (f, FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_CLOSE,
                                         .fault_at = MIB, .fault_times = 1));

  job_assert_failed (job, BOBBIN_ERROR_TRUNCATED);
  job_start (job);
  g_assert_no_error (bobbin_job_get_error (job));
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_cmpint (bobbin_test_server_get_first_byte (f->server, "/f.bin", 1), ==, MIB);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  fixture_test ("/faults/truncated/middle", BOBBIN_TEST_PLAIN, test_truncated);
  fixture_test ("/faults/truncated/last-byte", BOBBIN_TEST_PLAIN, test_truncated_last_byte);
  fixture_test ("/faults/truncated/at-once", BOBBIN_TEST_PLAIN, test_truncated_at_once);
  fixture_test ("/faults/chunked/no-end", BOBBIN_TEST_PLAIN, test_chunked_no_end);
  fixture_test ("/faults/chunked/cut", BOBBIN_TEST_PLAIN, test_chunked_cut);
  fixture_test ("/faults/reset/middle", BOBBIN_TEST_PLAIN, test_reset);
  fixture_test ("/faults/reset/until-close", BOBBIN_TEST_PLAIN, test_reset_until_close);
  fixture_test ("/faults/reset/before-answer", BOBBIN_TEST_PLAIN, test_reset_before_answer);
  fixture_test ("/faults/breaks", BOBBIN_TEST_PLAIN, test_breaks);
  fixture_test ("/faults/no-answer", BOBBIN_TEST_PLAIN, test_no_answer);
  fixture_test ("/faults/garbage", BOBBIN_TEST_PLAIN, test_garbage);
  fixture_test ("/faults/broken-heads", BOBBIN_TEST_PLAIN, test_broken_heads);
  fixture_test ("/faults/length-twice", BOBBIN_TEST_PLAIN, test_length_twice);
  fixture_test ("/faults/informational/flood", BOBBIN_TEST_PLAIN, test_informational_flood);
  fixture_test ("/faults/informational/few", BOBBIN_TEST_PLAIN, test_informational);
  fixture_test ("/faults/bad-length", BOBBIN_TEST_PLAIN, test_bad_length);
  fixture_test ("/faults/silence/header", BOBBIN_TEST_PLAIN, test_silent_header);
  fixture_test ("/faults/silence/body", BOBBIN_TEST_PLAIN, test_silent_body);
  fixture_test ("/faults/silence/dripping-header", BOBBIN_TEST_PLAIN, test_dripping_header);
  fixture_test ("/faults/silence/dripping-body", BOBBIN_TEST_PLAIN, test_dripping_body);
  fixture_test ("/faults/silence/peer", BOBBIN_TEST_SILENT, test_silent_peer);
  fixture_test ("/faults/status/each", BOBBIN_TEST_PLAIN, test_statuses);
  fixture_test ("/faults/status/no-retry", BOBBIN_TEST_PLAIN, test_no_retry);
  fixture_test ("/faults/status/retries-end", BOBBIN_TEST_PLAIN, test_retries_end);
  fixture_test ("/faults/status/retry-after", BOBBIN_TEST_PLAIN, test_retry_after);
  fixture_test ("/faults/status/retry-after/date", BOBBIN_TEST_PLAIN, test_retry_after_date);
  fixture_test ("/faults/status/retry-after/long", BOBBIN_TEST_PLAIN, test_retry_after_long);
  fixture_test ("/faults/status/retry-after/final", BOBBIN_TEST_PLAIN, test_retry_after_final);
  fixture_test ("/faults/refused", BOBBIN_TEST_PLAIN, test_refused);
  fixture_test ("/faults/name-not-found", BOBBIN_TEST_PLAIN, test_name_not_found);
  fixture_test ("/faults/name-not-answered", BOBBIN_TEST_PLAIN, test_name_not_answered);
  fixture_test ("/faults/certificate/unknown", BOBBIN_TEST_TLS, test_unknown_authority);
  fixture_test ("/faults/certificate/expired", BOBBIN_TEST_TLS_EXPIRED, test_bad_certificate);
  fixture_test ("/faults/certificate/wrong-host", BOBBIN_TEST_TLS_WRONG_HOST, test_bad_certificate);
  fixture_test ("/faults/certificate/bad-ca-file", BOBBIN_TEST_TLS, test_bad_ca_file);
  fixture_test ("/faults/damaged-record", BOBBIN_TEST_TLS, test_damaged_record);
  fixture_test ("/faults/no-tls", BOBBIN_TEST_PLAIN, test_no_tls);
  fixture_test ("/faults/only-one", BOBBIN_TEST_PLAIN, test_only_one_fails);
  fixture_test ("/faults/again", BOBBIN_TEST_PLAIN, test_again);

  return g_test_run ();
}
