/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Stopped, broken or killed, then started again: what is there is used when, and only when, it is
 * sure to be of the same version, and what comes out is right in every case.
 */

#include "config.h"

#include "download-fixture.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define LENGTH (8 * MIB + 3)
#define THERE  (3 * MIB)

/* THERE, as the map on the disk has it */
#define THERE_DIGITS 3145728
G_STATIC_ASSERT (THERE == THERE_DIGITS);

/* Stops a download of /f.bin when THERE bytes have come. */
static BobbinJob *
stop_in_the_middle (Fixture *f, const BobbinTestFile *file)
{
  BobbinJob *job = fixture_add (f, "/f.bin");
  BobbinTestFile stalling = *file;

  stalling.fault = BOBBIN_TEST_FAULT_STALL;
  stalling.fault_at = THERE;
  bobbin_test_server_set (f->server, "/f.bin", &stalling);
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, THERE);
  job_stop (job);

  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_IDLE);
  g_assert_cmpint (bobbin_job_get_bytes (job), ==, THERE);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_STOPPED));
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);
  return job;
}

/* Starts it again; the server has @file now. */
static void
go_on (Fixture *f, BobbinJob *job, const BobbinTestFile *file)
{
  bobbin_test_server_set (f->server, "/f.bin", file);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", file->seed, file->length);
  fixture_assert_listing (f, "f.bin", NULL);
}

static void
assert_resumed (Fixture *f, BobbinJob *job)
{
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 2);
  g_assert_cmpint (bobbin_test_server_get_first_byte (f->server, "/f.bin", 1), ==, THERE);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_server_get_n_sent (f->server, "/f.bin") >= LENGTH);
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), ==, LENGTH);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESUMED));
  g_assert_true (job_has_line (job, "for the file from byte " G_STRINGIFY (THERE_DIGITS) " on"));
  g_assert_true (
    job_has_line (job, "answered (206) with the bytes " G_STRINGIFY (THERE_DIGITS) "–"));
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RESTARTED));
}

static void
assert_started_over (Fixture *f, BobbinJob *job, gint64 length)
{
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), >=, THERE + length);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESTARTED));
}

/* It was told by its bytes that nothing had changed: some of them came twice. */
static void
assert_compared (Fixture *f, BobbinJob *job)
{
  const gint64 overlap = 64 * 1024;

  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 2);
  g_assert_cmpint (bobbin_test_server_get_first_byte (f->server, "/f.bin", 1), ==, THERE - overlap);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_server_get_n_sent (f->server, "/f.bin") >= LENGTH + overlap);
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), ==, LENGTH + overlap);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESUMED));
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RESTARTED));
}

/* The server sends no rest, but of the same version: nothing is thrown away, all comes again. */
static void
assert_sent_again (Fixture *f, BobbinJob *job)
{
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), >=, THERE + LENGTH);
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RESTARTED));
}

typedef struct
{
  const char *about;
  const char *etag;
  const char *last_modified;
  const char *date;     /* NULL: now */
  const char *if_range; /* NULL: cannot be resumed */
} ValidatorCase;

static const ValidatorCase validator_cases[] = {
  { "etag", ETAG, NULL, NULL, ETAG },
  { "etag-and-date", ETAG, DATE, NULL, ETAG },
  { "date", NULL, DATE, NULL, DATE },
  { "weak-etag-and-date", "W/\"one\"", DATE, NULL, DATE },
  { "weak-etag", "W/\"one\"", NULL, NULL, NULL },
  { "date-of-this-second", NULL, DATE, DATE, NULL },
  { "date-no-clock", NULL, DATE, "never", NULL },
  { "none", NULL, NULL, NULL, NULL },
};

static void
check_validator (Fixture *f, const ValidatorCase *c)
{
  const BobbinTestFile *file =
    FILE_OF (LENGTH, .etag = c->etag, .last_modified = c->last_modified, .date = c->date);
  BobbinJob *job = stop_in_the_middle (f, file);
  g_autofree char *if_range = NULL;

  go_on (f, job, file);
  if_range = bobbin_test_server_get_header (f->server, "/f.bin", 1, "If-Range");
  g_assert_cmpstr (if_range, ==, c->if_range);
  if (c->if_range != NULL)
    assert_resumed (f, job);
  else if (c->etag == NULL && c->last_modified == NULL)
    assert_compared (f, job);
  else
    assert_started_over (f, job, LENGTH);
}

static void
test_validator (gconstpointer data)
{
  Fixture f;

  fixture_set_up (&f, GUINT_TO_POINTER (BOBBIN_TEST_PLAIN));
  check_validator (&f, data);
  fixture_tear_down (&f, GUINT_TO_POINTER (BOBBIN_TEST_PLAIN));
}

/* Nothing but the folder is known: what another process, or the app after a restart, would do. */
static void
test_new_job (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_in_the_middle (f, FILE_OF (LENGTH, .etag = ETAG));

  fixture_remove (f, job);
  job = fixture_add (f, "/f.bin");
  go_on (f, job, FILE_OF (LENGTH, .etag = ETAG));
  assert_resumed (f, job);
}

/* What another process finds of a download whose name is only known once the server has answered.
 */
static void
check_new_job_disposition (Fixture *f, const BobbinTestFile *before, const BobbinTestFile *after)
{
  BobbinTestFile stalling = *before;
  BobbinJob *job = fixture_add (f, "/get");

  stalling.fault = BOBBIN_TEST_FAULT_STALL;
  stalling.fault_at = THERE;
  bobbin_test_server_set (f->server, "/get", &stalling);
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, THERE);
  job_stop (job);
  fixture_assert_listing (f, "g.bin.part", "g.bin.part.map", NULL);
  fixture_remove (f, job);

  bobbin_test_server_set (f->server, "/get", after);
  job = fixture_run (f, "/get");
  fixture_assert_whole (f, job, "g.bin", SEED, LENGTH);
  fixture_assert_listing (f, "g.bin", NULL);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESUMED));
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RESTARTED));
}

static void
test_new_job_disposition (Fixture *f, gconstpointer data)
{
  const BobbinTestFile *file =
    FILE_OF (LENGTH, .etag = ETAG, .disposition = "attachment; filename=\"g.bin\"");

  check_new_job_disposition (f, file, file);
}

/* Nothing says which version it is: its bytes do. */
static void
test_new_job_no_validator (Fixture *f, gconstpointer data)
{
  const BobbinTestFile *file = FILE_OF (LENGTH, .disposition = "attachment; filename=\"g.bin\"");

  check_new_job_disposition (f, file, file);
}

/* Another server of the same file has another ETag for it. */
static void
test_new_job_other_node (Fixture *f, gconstpointer data)
{
  const char *disposition = "attachment; filename=\"g.bin\"";

  check_new_job_disposition (
    f, FILE_OF (LENGTH, .etag = ETAG, .last_modified = DATE, .disposition = disposition),
    FILE_OF (LENGTH, .etag = "\"two\"", .last_modified = DATE, .disposition = disposition));
}

/* The part belongs to another address: it stays, and is not mixed up. */
static void
test_other_address (Fixture *f, gconstpointer data)
{
  BobbinJob *other;

  stop_in_the_middle (f, FILE_OF (LENGTH, .etag = ETAG));
  bobbin_test_server_set (f->server, "/other/f.bin",
                          &(BobbinTestFile){ .seed = OTHER, .length = LENGTH, .etag = ETAG });
  other = fixture_run (f, "/other/f.bin");
  fixture_assert_whole (f, other, "f (1).bin", OTHER, LENGTH);
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", "f (1).bin", NULL);
}

static void
test_stopped_twice (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_in_the_middle (f, FILE_OF (LENGTH, .etag = ETAG));

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = MIB));
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, THERE + MIB);
  job_stop (job);
  g_assert_cmpint (bobbin_job_get_bytes (job), ==, THERE + MIB);

  go_on (f, job, FILE_OF (LENGTH, .etag = ETAG));
  g_assert_cmpint (bobbin_test_server_get_first_byte (f->server, "/f.bin", 2), ==, THERE + MIB);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_server_get_n_sent (f->server, "/f.bin") >= LENGTH);
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), ==, LENGTH);
}

/* bobbin_job_restart() while it runs: stops, joins, goes on. */
static void
test_restart (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = THERE, .fault_times = 1));
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, THERE);
  g_assert_true (bobbin_job_restart (job));
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  assert_resumed (f, job);
}

/* The file on the server is another one now. */

static void
check_changed (Fixture *f, const BobbinTestFile *before, const BobbinTestFile *after)
{
  BobbinJob *job = stop_in_the_middle (f, before);

  go_on (f, job, after);
  assert_started_over (f, job, after->length);
}

static void
test_changed_etag (Fixture *f, gconstpointer data)
{
  check_changed (f, FILE_OF (LENGTH, .etag = ETAG),
                 &(BobbinTestFile){ .seed = OTHER, .length = LENGTH, .etag = "\"two\"" });
}

static void
test_changed_date (Fixture *f, gconstpointer data)
{
  check_changed (f, FILE_OF (LENGTH, .last_modified = DATE),
                 &(BobbinTestFile){ .seed = OTHER,
                                    .length = LENGTH,
                                    .last_modified = "Mon, 05 Jan 2026 10:00:01 GMT" });
}

static void
test_changed_shorter (Fixture *f, gconstpointer data)
{
  check_changed (f, FILE_OF (LENGTH, .etag = ETAG),
                 &(BobbinTestFile){ .seed = OTHER, .length = THERE / 2, .etag = "\"two\"" });
}

/* A server that sends the range though If-Range names another version. */
static void
test_changed_blind (Fixture *f, gconstpointer data)
{
  check_changed (f, FILE_OF (LENGTH, .etag = ETAG),
                 &(BobbinTestFile){ .seed = OTHER,
                                    .length = LENGTH,
                                    .etag = "\"two\"",
                                    .ranges = BOBBIN_TEST_RANGES_BLIND });
}

/* Same validator, other length: lies, but the length tells. */
static void
test_changed_length_only (Fixture *f, gconstpointer data)
{
  check_changed (f, FILE_OF (LENGTH, .etag = ETAG),
                 &(BobbinTestFile){ .seed = OTHER, .length = LENGTH + 1000, .etag = ETAG });
}

/* Shorter than what is there: the range cannot be satisfied. */
static void
test_changed_too_short_for_range (Fixture *f, gconstpointer data)
{
  check_changed (f, FILE_OF (LENGTH, .etag = ETAG),
                 &(BobbinTestFile){ .seed = OTHER, .length = 1000, .etag = ETAG });
}

/* The server answers wrongly to the range; the file is right all the same. */

static void
check_ranges (Fixture *f, BobbinTestRanges ranges)
{
  BobbinJob *job = stop_in_the_middle (f, FILE_OF (LENGTH, .etag = ETAG));

  go_on (f, job, FILE_OF (LENGTH, .etag = ETAG, .ranges = ranges));
  assert_sent_again (f, job);
}

static void
test_ranges_ignored (Fixture *f, gconstpointer data)
{
  check_ranges (f, BOBBIN_TEST_RANGES_IGNORED);
}

/* No validator, and no ranges any more: bytes tell, all of those that are there, and none of them
 * is given up for an answer that ends before they do. */
static void
test_ranges_ignored_no_validator (Fixture *f, gconstpointer data)
{
  const BobbinTestFile *file = FILE_OF (LENGTH, .ranges = BOBBIN_TEST_RANGES_IGNORED);
  BobbinJob *job = stop_in_the_middle (f, file);

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .ranges = BOBBIN_TEST_RANGES_IGNORED,
                                   .fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = 2 * MIB));
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_TRUNCATED);
  g_assert_cmpint (bobbin_job_get_bytes (job), ==, THERE);

  go_on (f, job, file);
  assert_sent_again (f, job);
}

static void
test_changed_ranges_ignored (Fixture *f, gconstpointer data)
{
  check_changed (f, FILE_OF (LENGTH),
                 &(BobbinTestFile){ .seed = OTHER,
                                    .length = LENGTH,
                                    .ranges = BOBBIN_TEST_RANGES_IGNORED });
}

/* The same for its first two MiB, and then another one. */
static void
test_changed_late (Fixture *f, gconstpointer data)
{
  const BobbinTestFile before = { .seed = SEED, .length = LENGTH };
  BobbinJob *job = stop_in_the_middle (f, &before);
  g_autofree guint8 *bytes = g_malloc (LENGTH);
  g_autoptr (GBytes) body = NULL;
  g_autofree char *path = fixture_path (f, "f.bin");
  g_autofree char *found = NULL;
  gsize n_found;

  bobbin_test_content_fill (SEED, 0, bytes, 2 * MIB);
  bobbin_test_content_fill (OTHER, 2 * MIB, bytes + 2 * MIB, LENGTH - 2 * MIB);
  body = g_bytes_new_static (bytes, LENGTH);
  bobbin_test_server_set (f->server, "/f.bin",
                          &(BobbinTestFile){ .length = LENGTH,
                                             .body = body,
                                             .ranges = BOBBIN_TEST_RANGES_IGNORED });
  job_start (job);
  job_wait (job);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_DONE);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESTARTED));
  g_assert_true (g_file_get_contents (path, &found, &n_found, NULL));
  g_assert_cmpmem (found, n_found, bytes, LENGTH);
}

static void
test_ranges_shifted (Fixture *f, gconstpointer data)
{
  check_ranges (f, BOBBIN_TEST_RANGES_SHIFTED);
}

static void
test_ranges_wrong_total (Fixture *f, gconstpointer data)
{
  check_ranges (f, BOBBIN_TEST_RANGES_WRONG_TOTAL);
}

/* 200 is all of it, unless it says that it is not: then it is no use, and what is there stays. */
static void
test_ranges_partial_200 (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_in_the_middle (f, FILE_OF (LENGTH, .etag = ETAG));

  go_on (f, job,
         FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_GARBAGE, .fault_times = 1,
                  .raw = "HTTP/1.1 200 OK\r\nETag: " ETAG "\r\nContent-Length: 5\r\n"
                         "Content-Range: bytes 3145728-3145732/5242880\r\n\r\nhello"));
}

/* Validators are of one resource: the same one elsewhere stands for other bytes. */
static void
test_changed_elsewhere (Fixture *f, gconstpointer data)
{
  BobbinTestFile stalling = *FILE_OF (LENGTH, .etag = ETAG);
  BobbinJob *job = fixture_add (f, "/f.bin");

  stalling.fault = BOBBIN_TEST_FAULT_STALL;
  stalling.fault_at = THERE;
  bobbin_test_server_set (f->server, "/here/f.bin", &stalling);
  bobbin_test_server_set (f->server, "/there/f.bin",
                          &(BobbinTestFile){ .seed = OTHER, .length = LENGTH, .etag = ETAG });
  bobbin_test_server_set_redirect (f->server, "/f.bin", "/here/f.bin");
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, THERE);
  job_stop (job);

  bobbin_test_server_set_redirect (f->server, "/f.bin", "/there/f.bin");
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", OTHER, LENGTH);
}

/* No validator, no date, other bytes: the overlap tells. */
static void
test_changed_in_silence (Fixture *f, gconstpointer data)
{
  check_changed (f, FILE_OF (LENGTH), &(BobbinTestFile){ .seed = OTHER, .length = LENGTH });
}

/* A server that knows no If-Range with an ETag: all of the file comes, though nothing changed. */
static void
test_if_range_unknown (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_in_the_middle (f, FILE_OF (LENGTH, .etag = ETAG));

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .ranges = BOBBIN_TEST_RANGES_NO_IF_RANGE));
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESUMED));
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RESTARTED));
}

/* Another node of the same site: another ETag, the same date, the same bytes. */
static void
test_other_node (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_in_the_middle (f, FILE_OF (LENGTH, .etag = ETAG, .last_modified = DATE));

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = "\"node-2\"", .last_modified = DATE));
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESUMED));
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RESTARTED));
}

/* The same, but the bytes differ after all. */
static void
test_other_node_changed (Fixture *f, gconstpointer data)
{
  check_changed (
    f, FILE_OF (LENGTH, .etag = ETAG, .last_modified = DATE),
    &(BobbinTestFile){ .seed = OTHER, .length = LENGTH, .etag = "\"two\"", .last_modified = DATE });
}

/* What differs from one signed address to the next is not the resource. */
static void
test_signed_address (Fixture *f, gconstpointer data)
{
  BobbinTestFile stalling = *FILE_OF (LENGTH, .etag = ETAG);
  BobbinJob *job = fixture_add (f, "/f.bin");

  stalling.fault = BOBBIN_TEST_FAULT_STALL;
  stalling.fault_at = THERE;
  bobbin_test_server_set (f->server, "/here/f.bin?key=1", &stalling);
  bobbin_test_server_set (f->server, "/here/f.bin?key=2", FILE_OF (LENGTH, .etag = ETAG));
  bobbin_test_server_set_redirect (f->server, "/f.bin", "/here/f.bin?key=1");
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, THERE);
  job_stop (job);

  bobbin_test_server_set_redirect (f->server, "/f.bin", "/here/f.bin?key=2");
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESUMED));
}

/* A server may send less than what is asked for: the rest is asked for again. */
static void
test_ranges_short (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_in_the_middle (f, FILE_OF (LENGTH, .etag = ETAG));

  go_on (f, job, FILE_OF (LENGTH, .etag = ETAG, .ranges = BOBBIN_TEST_RANGES_SHORT));
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_server_get_n_sent (f->server, "/f.bin") >= LENGTH);
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), ==, LENGTH);
}

/* The same where the first answer did not say how long the file is. */
static void
test_ranges_short_unknown (Fixture *f, gconstpointer data)
{
  BobbinJob *job =
    stop_in_the_middle (f, FILE_OF (LENGTH, .etag = ETAG, .framing = BOBBIN_TEST_FRAMING_CHUNKED));

  go_on (f, job, FILE_OF (LENGTH, .etag = ETAG, .ranges = BOBBIN_TEST_RANGES_SHORT));
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_server_get_n_sent (f->server, "/f.bin") >= LENGTH);
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), ==, LENGTH);
}

static void
test_ranges_no_header (Fixture *f, gconstpointer data)
{
  check_ranges (f, BOBBIN_TEST_RANGES_NO_HEADER);
}

static void
test_ranges_unsatisfied (Fixture *f, gconstpointer data)
{
  check_ranges (f, BOBBIN_TEST_RANGES_UNSATISFIED);
}

/* Trouble in the folder between the runs. */

static void
test_part_gone (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_in_the_middle (f, FILE_OF (LENGTH, .etag = ETAG));
  g_autofree char *part = fixture_path (f, "f.bin.part");

  g_assert_cmpint (g_unlink (part), ==, 0);
  go_on (f, job, FILE_OF (LENGTH, .etag = ETAG));
}

static void
test_part_cut (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_in_the_middle (f, FILE_OF (LENGTH, .etag = ETAG));
  g_autofree char *part = fixture_path (f, "f.bin.part");

  g_assert_cmpint (truncate (part, MIB), ==, 0);
  go_on (f, job, FILE_OF (LENGTH, .etag = ETAG));
}

/* A map that nobody can read: neither trusted nor thrown away. */
static void
test_map_broken (Fixture *f, gconstpointer data)
{
  static const char *const texts[] = { "", "garbage", "[part]\nwritten=0-99999999999\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      BobbinJob *job = stop_in_the_middle (f, FILE_OF (LENGTH, .etag = ETAG));
      g_autofree char *path = NULL;

      fixture_write (f, "f.bin.part.map", texts[i]);
      bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
      job_start (job);
      job_wait (job);
      g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_DONE);
      path = g_strdup (bobbin_download_get_file (BOBBIN_DOWNLOAD (job)));
      bobbin_test_content_assert (path, SEED, LENGTH);

      for (const char *const *name =
             (const char *const[]){ "f.bin", "f.bin.part", "f.bin.part.map", "f (1).bin", NULL };
           *name; name++)
        {
          g_autofree char *left = fixture_path (f, *name);

          g_remove (left);
        }
      fixture_assert_listing (f, NULL);
    }
}

/* Within one run: the connection breaks, the next try goes on. */

static void
check_retry (Fixture *f, BobbinTestFault fault)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = fault, .fault_at = THERE,
                                   .fault_times = 1));
  g_object_set (job, "retries", 1, NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  fixture_assert_listing (f, "f.bin", NULL);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 2);
  g_assert_cmpint (bobbin_test_server_get_first_byte (f->server, "/f.bin", 1), >, 0);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RETRY));
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESUMED));
}

static void
test_retry_truncated (Fixture *f, gconstpointer data)
{
  check_retry (f, BOBBIN_TEST_FAULT_CLOSE);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_server_get_n_sent (f->server, "/f.bin") >= LENGTH);
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), ==, LENGTH);
}

static void
test_retry_reset (Fixture *f, gconstpointer data)
{
  check_retry (f, BOBBIN_TEST_FAULT_RESET);
}

/* 503, 503, then all is well. Waits between 3 and 6 s: the back-off itself. */
static void
test_retry_unavailable (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (MIB, .fault = BOBBIN_TEST_FAULT_STATUS, .fault_status = 503,
                                   .fault_times = 2));
  g_object_set (job, "retries", 2, NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, MIB);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 3);
}

/* While it waits, for however long, a kill costs nothing of what has come: even of what came in
 * less time than there is between two checkpoints. */
static void
test_retry_kept (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");
  g_autofree char *map = fixture_path (f, "f.bin.part.map");
  g_autofree char *expected = g_strdup_printf ("0-%d", THERE);
  g_autofree char *written = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_CLOSE,
                                   .fault_at = THERE));
  g_object_set (job, "retries", 1, NULL);
  job_start (job);
  job_wait_phase (job, BOBBIN_DOWNLOAD_WAITING);
  g_key_file_load_from_file (file, map, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  written = g_key_file_get_string (file, "Bobbin Part", "Written", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (written, ==, expected);
  job_stop (job);
}

/* Bytes gained reset the count: more faults than retries, and still whole. */
static void
test_retry_gaining (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_CLOSE,
                                   .fault_at = THERE, .fault_times = 2));
  g_object_set (job, "retries", 1, NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 3);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_server_get_n_sent (f->server, "/f.bin") >= LENGTH);
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), ==, LENGTH);
}

/* What a stopped download left goes, and nothing else. */

static void
on_discarded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_discard (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_in_the_middle (f, FILE_OF (LENGTH, .etag = ETAG));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fixture_write (f, "f.bin", "mine");
  bobbin_download_discard_async (BOBBIN_DOWNLOAD (job), on_discarded, &result);
  BOBBIN_TEST_WAIT_UNTIL (result != NULL);
  g_assert_true (bobbin_download_discard_finish (BOBBIN_DOWNLOAD (job), result, &error));
  g_assert_no_error (error);
  fixture_assert_text (f, "f.bin", "mine");
  fixture_assert_listing (f, "f.bin", NULL);
}

/* Killed in the middle: no chance to write anything down at the end. The process is a copy of this
 * test program, which says through its pipe when the map knows of all that came. */
static void
test_killed (Fixture *f, gconstpointer data)
{
  g_autofree char *address = bobbin_test_server_get_uri (f->server, "/f.bin");
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char line[16];
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = THERE));
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--download",
                              address, f->folder, NULL);
  g_assert_no_error (error);
  bobbin_test_server_wait_stalled (f->server, 1);
  g_assert_cmpint (g_input_stream_read (g_subprocess_get_stdout_pipe (process), line, 1, NULL,
                                        &error),
                   ==, 1);
  g_subprocess_send_signal (process, SIGKILL);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  bobbin_test_server_wait_open (f->server, 0);
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);

  job = fixture_add (f, "/f.bin");
  go_on (f, job, FILE_OF (LENGTH, .etag = ETAG));
  assert_resumed (f, job);
}

/* In the process to be killed: tells, once, when the map on the disk knows of all that came. */
static void
on_folder_changed (GFileMonitor *monitor,
                   GFile *file,
                   GFile *other_file,
                   GFileMonitorEvent event,
                   gpointer user_data)
{
  g_autofree char *map = g_build_filename (user_data, "f.bin.part.map", NULL);
  g_autofree char *contents = NULL;

  if (!g_file_get_contents (map, &contents, NULL, NULL) ||
      strstr (contents, G_STRINGIFY (THERE_DIGITS)) == NULL)
    return;

  g_signal_handlers_disconnect_by_func (monitor, on_folder_changed, user_data);
  g_print (".");
}

static int
download_until_killed (const char *address, const char *folder)
{
  g_autoptr (BobbinJobQueue) queue = bobbin_job_queue_new ();
  g_autoptr (BobbinJob) job = bobbin_download_new (address, folder);
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GFileMonitor) monitor = g_file_monitor_directory (file, 0, NULL, NULL);

  g_signal_connect (monitor, "changed", G_CALLBACK (on_folder_changed), (gpointer) folder);
  g_object_set (job, "connections", 1, NULL);
  bobbin_job_queue_add (queue, job);
  bobbin_job_start (job);
  job_wait (job);
  return 1;
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  if (argc == 4 && g_str_equal (argv[1], "--download"))
    return download_until_killed (argv[2], argv[3]);

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (validator_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/resume/validator/%s", validator_cases[i].about);

      g_test_add_data_func (path, &validator_cases[i], test_validator);
    }
  fixture_test ("/resume/new-job", BOBBIN_TEST_PLAIN, test_new_job);
  fixture_test ("/resume/new-job-disposition", BOBBIN_TEST_PLAIN, test_new_job_disposition);
  fixture_test ("/resume/new-job-no-validator", BOBBIN_TEST_PLAIN, test_new_job_no_validator);
  fixture_test ("/resume/new-job-other-node", BOBBIN_TEST_PLAIN, test_new_job_other_node);
  fixture_test ("/resume/other-address", BOBBIN_TEST_PLAIN, test_other_address);
  fixture_test ("/resume/stopped-twice", BOBBIN_TEST_PLAIN, test_stopped_twice);
  fixture_test ("/resume/restart", BOBBIN_TEST_PLAIN, test_restart);
  fixture_test ("/resume/killed", BOBBIN_TEST_PLAIN, test_killed);
  fixture_test ("/resume/changed/etag", BOBBIN_TEST_PLAIN, test_changed_etag);
  fixture_test ("/resume/changed/date", BOBBIN_TEST_PLAIN, test_changed_date);
  fixture_test ("/resume/changed/shorter", BOBBIN_TEST_PLAIN, test_changed_shorter);
  fixture_test ("/resume/changed/blind", BOBBIN_TEST_PLAIN, test_changed_blind);
  fixture_test ("/resume/changed/length-only", BOBBIN_TEST_PLAIN, test_changed_length_only);
  fixture_test ("/resume/changed/too-short-for-range", BOBBIN_TEST_PLAIN,
                test_changed_too_short_for_range);
  fixture_test ("/resume/ranges/ignored", BOBBIN_TEST_PLAIN, test_ranges_ignored);
  fixture_test ("/resume/ranges/ignored-no-validator", BOBBIN_TEST_PLAIN,
                test_ranges_ignored_no_validator);
  fixture_test ("/resume/changed/ranges-ignored", BOBBIN_TEST_PLAIN, test_changed_ranges_ignored);
  fixture_test ("/resume/changed/late", BOBBIN_TEST_PLAIN, test_changed_late);
  fixture_test ("/resume/ranges/shifted", BOBBIN_TEST_PLAIN, test_ranges_shifted);
  fixture_test ("/resume/ranges/wrong-total", BOBBIN_TEST_PLAIN, test_ranges_wrong_total);
  fixture_test ("/resume/ranges/no-header", BOBBIN_TEST_PLAIN, test_ranges_no_header);
  fixture_test ("/resume/ranges/partial-200", BOBBIN_TEST_PLAIN, test_ranges_partial_200);
  fixture_test ("/resume/changed/elsewhere", BOBBIN_TEST_PLAIN, test_changed_elsewhere);
  fixture_test ("/resume/changed/in-silence", BOBBIN_TEST_PLAIN, test_changed_in_silence);
  fixture_test ("/resume/changed/other-node", BOBBIN_TEST_PLAIN, test_other_node_changed);
  fixture_test ("/resume/same/other-node", BOBBIN_TEST_PLAIN, test_other_node);
  fixture_test ("/resume/same/if-range-unknown", BOBBIN_TEST_PLAIN, test_if_range_unknown);
  fixture_test ("/resume/signed-address", BOBBIN_TEST_PLAIN, test_signed_address);
  fixture_test ("/resume/ranges/short", BOBBIN_TEST_PLAIN, test_ranges_short);
  fixture_test ("/resume/ranges/short-of-unknown", BOBBIN_TEST_PLAIN, test_ranges_short_unknown);
  fixture_test ("/resume/ranges/unsatisfied", BOBBIN_TEST_PLAIN, test_ranges_unsatisfied);
  fixture_test ("/resume/part/gone", BOBBIN_TEST_PLAIN, test_part_gone);
  fixture_test ("/resume/part/cut", BOBBIN_TEST_PLAIN, test_part_cut);
  fixture_test ("/resume/part/map-broken", BOBBIN_TEST_PLAIN, test_map_broken);
  fixture_test ("/resume/part/discard", BOBBIN_TEST_PLAIN, test_discard);
  fixture_test ("/resume/retry/truncated", BOBBIN_TEST_PLAIN, test_retry_truncated);
  fixture_test ("/resume/retry/reset", BOBBIN_TEST_PLAIN, test_retry_reset);
  fixture_test ("/resume/retry/unavailable", BOBBIN_TEST_PLAIN, test_retry_unavailable);
  fixture_test ("/resume/retry/kept", BOBBIN_TEST_PLAIN, test_retry_kept);
  fixture_test ("/resume/retry/gaining", BOBBIN_TEST_PLAIN, test_retry_gaining);

  return g_test_run ();
}
