/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Servers that say one thing and send another, from one request to the next: two versions under one
 * validator, a length that comes and goes, a checksum of something else, a file that may be asked
 * for only once. Each ends with one version whole, or with a failure; never with a mixture.
 */

#include "config.h"

#include "download-fixture.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#define LENGTH (8 * MIB + 3)
#define URL    "/f.bin"

/* Another file of that length, with what else is said of it. */
#define OTHER_OF(n, ...) (&(BobbinTestFile){ .seed = OTHER, .length = n, __VA_ARGS__ })

static BobbinJob *
stop_at (Fixture *f, gint64 there, const BobbinTestFile *file)
{
  BobbinJob *job = fixture_add (f, URL);
  BobbinTestFile stalling = *file;

  stalling.fault = BOBBIN_TEST_FAULT_STALL;
  stalling.fault_at = there;
  bobbin_test_server_set (f->server, URL, &stalling);
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, there);
  job_stop (job);

  return job;
}

static void
run (BobbinJob *job)
{
  job_start (job);
  job_wait (job);
}

/* What is compared ends at any place in a page. */
static void
test_overlap_anywhere (Fixture *f, gconstpointer data)
{
  static const gint64 theres[] = { MIB + 1, MIB + 1000, MIB + 64 * KIB - 1, MIB + 64 * KIB,
                                   3 * MIB - 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (theres); i++)
    {
      BobbinJob *job = stop_at (f, theres[i], FILE_OF (LENGTH));
      g_autofree char *path = fixture_path (f, "f.bin");

      bobbin_test_server_set (f->server, URL, FILE_OF (LENGTH));
      run (job);
      fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
      g_assert_true (job_has_event (job, BOBBIN_EVENT_RESUMED));
      fixture_remove (f, job);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

/* The validator is the same, the bytes are not. */
static void
test_overlap_differs (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_at (f, 3 * MIB, FILE_OF (LENGTH, .etag = ETAG));

  bobbin_test_server_set (f->server, URL,
                          OTHER_OF (LENGTH, .etag = ETAG,
                                    .ranges = BOBBIN_TEST_RANGES_NO_IF_RANGE));
  run (job);
  fixture_assert_whole (f, job, "f.bin", OTHER, LENGTH);
}

/* A proxy compresses the whole as it comes, and hands on a part as it is, under one validator. */
static void
test_coded_once (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_at (f, 3 * MIB,
                            OTHER_OF (LENGTH, .etag = ETAG, .headers = "Content-Encoding: gzip\r\n",
                                      .framing = BOBBIN_TEST_FRAMING_CHUNKED));

  bobbin_test_server_set (f->server, URL, FILE_OF (LENGTH, .etag = ETAG));
  run (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

/* Its bytes from there on are others than they were; the map knows nothing of it. */
static void
damage (Fixture *f, gint64 at)
{
  g_autofree char *part = fixture_path (f, "f.bin.part");
  FILE *file = fopen (part, "r+");

  g_assert_nonnull (file);
  g_assert_cmpint (fseek (file, at, SEEK_SET), ==, 0);
  g_assert_cmpint (fputs ("junk", file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* It is ours that are not what they were. */
static void
test_part_damaged (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_at (f, 3 * MIB, FILE_OF (LENGTH, .etag = ETAG));

  damage (f, 3 * MIB - 100);
  bobbin_test_server_set (f->server, URL,
                          FILE_OF (LENGTH, .etag = ETAG, .ranges = BOBBIN_TEST_RANGES_NO_IF_RANGE));
  run (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

/* All of it comes again, of the same version as it says: what is there is looked at nevertheless,
 * from its first byte to its last. */
static void
test_whole_differs (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_at (f, 3 * MIB, FILE_OF (LENGTH, .etag = ETAG));

  bobbin_test_server_set (f->server, URL,
                          OTHER_OF (LENGTH, .etag = ETAG, .ranges = BOBBIN_TEST_RANGES_IGNORED));
  run (job);
  fixture_assert_whole (f, job, "f.bin", OTHER, LENGTH);
}

static void
test_whole_differs_late (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_at (f, 3 * MIB, FILE_OF (LENGTH, .etag = ETAG));

  damage (f, 3 * MIB - 100);
  bobbin_test_server_set (f->server, URL,
                          FILE_OF (LENGTH, .etag = ETAG, .ranges = BOBBIN_TEST_RANGES_IGNORED));
  run (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

/* The map is made to say that there are bytes behind the first gap, too. */
static void
make_island (Fixture *f, const char *written)
{
  g_autofree char *path = fixture_path (f, "f.bin.part.map");
  g_autoptr (GKeyFile) map = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  g_key_file_load_from_file (map, path, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  g_key_file_set_string (map, "Bobbin Part", "Written", written);
  g_key_file_save_to_file (map, path, &error);
  g_assert_no_error (error);
}

/* Of three MiB the second is missing; the third is damaged. */
static BobbinJob *
stop_with_island (Fixture *f, const char *etag)
{
  BobbinJob *job = stop_at (f, 3 * MIB, FILE_OF (LENGTH, .etag = etag));

  make_island (f, "0-1048576 2097152-3145728");
  damage (f, 3 * MIB - 100);

  return job;
}

static void
check_island (Fixture *f, const char *etag)
{
  BobbinJob *job = stop_with_island (f, etag);

  bobbin_test_server_set (f->server, URL,
                          FILE_OF (LENGTH, .etag = etag, .ranges = BOBBIN_TEST_RANGES_IGNORED));
  run (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESTARTED));
}

static void
test_island_differs (Fixture *f, gconstpointer data)
{
  check_island (f, ETAG);
}

static void
test_island_differs_unknown (Fixture *f, gconstpointer data)
{
  check_island (f, NULL);
}

/* The gap is filled, and the connection breaks before the bytes behind it have been looked at: that
 * is nothing to go on with, nor is it for the next run. */
static void
test_island_unseen (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_with_island (f, ETAG);

  bobbin_test_server_set (f->server, URL,
                          FILE_OF (LENGTH, .etag = ETAG, .ranges = BOBBIN_TEST_RANGES_IGNORED,
                                   .fault = BOBBIN_TEST_FAULT_CLOSE,
                                   .fault_at = 2 * MIB + 512 * KIB));
  run (job);
  job_assert_failed (job, BOBBIN_ERROR_TRUNCATED);
  fixture_remove (f, job);

  bobbin_test_server_set (f->server, URL, FILE_OF (LENGTH, .etag = ETAG));
  job = fixture_run (f, URL);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

/* Bytes gained of another version are gained all the same: tries are not counted on. */
static void
test_tries_of_next_version (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_at (f, 3 * MIB, FILE_OF (LENGTH, .etag = ETAG));

  g_object_set (job, "retries", 1, NULL);
  bobbin_test_server_set (f->server, URL, OTHER_OF (LENGTH, .etag = "\"two\""));
  for (guint i = 0; i < 2; i++)
    bobbin_test_server_set_for (f->server, URL, i + 1, 1,
                                OTHER_OF (LENGTH, .etag = "\"two\"",
                                          .fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = MIB));
  run (job);
  fixture_assert_whole (f, job, "f.bin", OTHER, LENGTH);
}

/* Two servers behind one name, of two versions, and neither ever sends all of its own. */
static void
test_versions_in_turn (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, URL);

  g_object_set (job, "retries", 1, NULL);
  bobbin_test_server_set (f->server, URL, FILE_OF (LENGTH, .etag = ETAG));
  for (guint i = 0; i < 40; i++)
    bobbin_test_server_set_for (f->server, URL, i, 1,
                                &(BobbinTestFile){ .seed = i % 2 ? OTHER : SEED,
                                                   .length = LENGTH,
                                                   .etag = i % 2 ? "\"two\"" : ETAG,
                                                   .fault = BOBBIN_TEST_FAULT_CLOSE,
                                                   .fault_at = MIB });
  run (job);
  job_assert_failed (job, BOBBIN_ERROR_TRUNCATED);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, URL), <, 10);
}

/* Two servers behind one name, of which one has another version of the same date: while its first
 * bytes are compared, nobody asks for pieces. */
static void
test_two_versions (Fixture *f, gconstpointer data)
{
  const gint64 length = 2 * MIB + 3;
  BobbinJob *job = stop_at (f, MIB, FILE_OF (length, .etag = ETAG, .last_modified = DATE));

  g_object_set (job, "connections", 4, "retries", 3, NULL);
  bobbin_test_server_set (f->server, URL,
                          FILE_OF (length, .etag = ETAG, .last_modified = DATE, .rate = MIB));
  bobbin_test_server_set_for (f->server, URL, 1, 1,
                              OTHER_OF (length, .etag = "\"two\"", .last_modified = DATE,
                                        .rate = 512 * KIB));
  run (job);
  if (bobbin_job_get_state (job) == BOBBIN_JOB_DONE)
    fixture_assert_whole (f, job, "f.bin", OTHER, length);
}

/* What may be asked for once comes over the connection that has it. */
static void
test_only_once (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, URL);
  const gint64 length = 16 * MIB;

  g_object_set (job, "connections", 8, NULL);
  bobbin_test_server_set (f->server, URL, FILE_OF (length, .etag = ETAG, .rate = 6 * MIB));
  bobbin_test_server_set_for (f->server, URL, 1, 0, FILE_OF (length, .etag = ETAG, .status = 403));
  run (job);
  fixture_assert_whole (f, job, "f.bin", SEED, length);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, URL), >, 1);
}

/* The checksum that came with the version before says nothing of this one. */
static void
test_checksum_of_other_version (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) bytes = bobbin_test_content_bytes (SEED, LENGTH);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *base64 = NULL, *headers = NULL;
  BobbinJob *job = fixture_add (f, URL);
  guint8 digest[32];
  gsize n = sizeof digest;

  g_checksum_update (sum, g_bytes_get_data (bytes, NULL), LENGTH);
  g_checksum_get_digest (sum, digest, &n);
  base64 = g_base64_encode (digest, n);
  headers = g_strdup_printf ("Repr-Digest: sha-256=:%s:\r\n", base64);

  g_object_set (job, "retries", 2, NULL);
  bobbin_test_server_set (f->server, URL, OTHER_OF (LENGTH, .etag = "\"two\""));
  bobbin_test_server_set_for (f->server, URL, 0, 1,
                              FILE_OF (LENGTH, .etag = ETAG, .headers = headers,
                                       .fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = MIB));
  run (job);
  fixture_assert_whole (f, job, "f.bin", OTHER, LENGTH);
}

/* It is not forgotten because somebody pressed Stop, and the next answer does not say it. */
static void
test_checksum_after_stop (Fixture *f, gconstpointer data)
{
  static const char wrong[] =
    "Repr-Digest: sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:\r\n";
  BobbinJob *job = stop_at (f, 3 * MIB, FILE_OF (LENGTH, .etag = ETAG, .headers = wrong));

  bobbin_test_server_set (f->server, URL, FILE_OF (LENGTH, .etag = ETAG));
  run (job);
  job_assert_failed (job, BOBBIN_ERROR_CHECKSUM);
}

/* A server without ranges that always breaks where it did before: tries are counted. */
static void
test_always_breaks (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, URL);

  g_object_set (job, "retries", 2, NULL);
  bobbin_test_server_set (f->server, URL,
                          FILE_OF (LENGTH, .ranges = BOBBIN_TEST_RANGES_IGNORED,
                                   .fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = MIB));
  run (job);
  job_assert_failed (job, BOBBIN_ERROR_TRUNCATED);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, URL), <, 10);
}

/* The map cannot be written when another version has come. */
static void
test_cannot_begin (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_at (f, 3 * MIB, FILE_OF (LENGTH, .etag = ETAG, .last_modified = DATE));
  g_autofree char *folder = fixture_path (f, "f.bin.part.map.new");
  g_autofree char *inside = g_build_filename (folder, "x", NULL);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (inside, "x", 1, NULL));
  bobbin_test_server_set (f->server, URL,
                          OTHER_OF (LENGTH, .etag = "\"two\"", .last_modified = DATE));
  run (job);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_FAILED);

  g_assert_cmpint (g_remove (inside), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  run (job);
  fixture_assert_whole (f, job, "f.bin", OTHER, LENGTH);
}

/* An end before what is there is none, and is not asked for again and again. */
static void
test_end_before_there (Fixture *f, gconstpointer data)
{
  const BobbinTestFile *short_one =
    FILE_OF (LENGTH, .etag = ETAG, .framing = BOBBIN_TEST_FRAMING_UNTIL_CLOSE,
             .ranges = BOBBIN_TEST_RANGES_IGNORED, .fault = BOBBIN_TEST_FAULT_CLOSE,
             .fault_at = MIB);
  BobbinJob *job =
    stop_at (f, 3 * MIB,
             FILE_OF (LENGTH, .etag = ETAG, .framing = BOBBIN_TEST_FRAMING_UNTIL_CLOSE));

  bobbin_test_server_set (f->server, URL, short_one);
  run (job);
  job_assert_failed (job, BOBBIN_ERROR_TRUNCATED);
  run (job);
  job_assert_failed (job, BOBBIN_ERROR_TRUNCATED);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, URL), <, 12);

  bobbin_test_server_set (f->server, URL, FILE_OF (LENGTH, .etag = ETAG));
  run (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

/* Over TLS a server says when it has sent all of it: an end that nobody vouches for is none. */
static void
test_end_unsaid (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, URL);

  g_object_set (job, "ca-file", bobbin_test_server_ca_file (), "retries", 0, NULL);
  bobbin_test_server_set (f->server, URL,
                          FILE_OF (LENGTH, .framing = BOBBIN_TEST_FRAMING_UNTIL_CLOSE,
                                   .fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = MIB));
  run (job);
  job_assert_failed (job, BOBBIN_ERROR_DISCONNECTED);

  bobbin_test_server_set (f->server, URL,
                          FILE_OF (LENGTH, .framing = BOBBIN_TEST_FRAMING_UNTIL_CLOSE));
  run (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

/* All that was to come has, but for the chunk that says so: nobody waits for that. The time-out is
 * longer than this test may take. */
static void
test_last_chunk_missing (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_at (f, 3 * MIB, FILE_OF (LENGTH, .etag = ETAG));

  g_object_set (job, "timeout", 3600, NULL);
  bobbin_test_server_set (f->server, URL,
                          FILE_OF (LENGTH, .etag = ETAG, .framing = BOBBIN_TEST_FRAMING_CHUNKED,
                                   .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = LENGTH - 3 * MIB));
  run (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

/* 200, and the rest for a body, for all of which it stands. */
static void
check_rest_for_whole (Fixture *f, const char *etag, gint64 first)
{
  BobbinJob *job = stop_at (f, 3 * MIB, FILE_OF (LENGTH, .etag = etag));
  g_autoptr (GBytes) whole = bobbin_test_content_bytes (SEED, LENGTH);
  g_autoptr (GBytes) rest = g_bytes_new_from_bytes (whole, first, LENGTH - first);

  bobbin_test_server_set (f->server, URL, FILE_OF (LENGTH, .etag = etag));
  bobbin_test_server_set_for (f->server, URL, 1, 1,
                              &(BobbinTestFile){ .body = rest,
                                                 .length = LENGTH - first,
                                                 .etag = etag,
                                                 .ranges = BOBBIN_TEST_RANGES_IGNORED });
  run (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

static void
test_rest_for_whole (Fixture *f, gconstpointer data)
{
  check_rest_for_whole (f, ETAG, 3 * MIB);
}

static void
test_rest_for_whole_unknown (Fixture *f, gconstpointer data)
{
  check_rest_for_whole (f, NULL, 3 * MIB - 64 * KIB);
}

/* All but ranges is granted: it comes from its beginning. */
static void
test_ranges_forbidden (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_at (f, 3 * MIB, FILE_OF (LENGTH, .etag = ETAG));

  bobbin_test_server_set (f->server, URL, FILE_OF (LENGTH, .etag = ETAG));
  bobbin_test_server_set_for (f->server, URL, 1, 1, FILE_OF (LENGTH, .status = 403));
  run (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

/* Somebody cuts the part while it is written: no file with a hole in it. */
static void
test_part_cut (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, URL);
  g_autofree char *part = fixture_path (f, "f.bin.part");

  bobbin_test_server_set (f->server, URL, FILE_OF (LENGTH, .etag = ETAG, .rate = 2 * MIB));
  job_start (job);
  job_wait_bytes (job, 2 * MIB);
  g_assert_cmpint (truncate (part, 1000), ==, 0);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_DISK);

  bobbin_test_server_set (f->server, URL, FILE_OF (LENGTH, .etag = ETAG));
  run (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

/* All of it comes once more, of the same version: what is there was there before. */
static void
test_progress_never_falls (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_at (f, 3 * MIB, FILE_OF (LENGTH, .etag = ETAG));
  gint64 last = 0;

  bobbin_test_server_set (f->server, URL,
                          FILE_OF (LENGTH, .etag = ETAG, .ranges = BOBBIN_TEST_RANGES_IGNORED,
                                   .rate = 8 * MIB));
  job_start (job);
  while (bobbin_job_is_active (job))
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (bobbin_job_get_bytes (job), >=, last);
      last = bobbin_job_get_bytes (job);
    }
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  fixture_test ("/lies/overlap-anywhere", BOBBIN_TEST_PLAIN, test_overlap_anywhere);
  fixture_test ("/lies/overlap-differs", BOBBIN_TEST_PLAIN, test_overlap_differs);
  fixture_test ("/lies/coded-once", BOBBIN_TEST_PLAIN, test_coded_once);
  fixture_test ("/lies/part-damaged", BOBBIN_TEST_PLAIN, test_part_damaged);
  fixture_test ("/lies/whole-differs", BOBBIN_TEST_PLAIN, test_whole_differs);
  fixture_test ("/lies/whole-differs-late", BOBBIN_TEST_PLAIN, test_whole_differs_late);
  fixture_test ("/lies/island-differs", BOBBIN_TEST_PLAIN, test_island_differs);
  fixture_test ("/lies/island-differs-unknown", BOBBIN_TEST_PLAIN, test_island_differs_unknown);
  fixture_test ("/lies/island-unseen", BOBBIN_TEST_PLAIN, test_island_unseen);
  fixture_test ("/lies/tries-of-next-version", BOBBIN_TEST_PLAIN, test_tries_of_next_version);
  fixture_test ("/lies/versions-in-turn", BOBBIN_TEST_PLAIN, test_versions_in_turn);
  fixture_test ("/lies/two-versions", BOBBIN_TEST_PLAIN, test_two_versions);
  fixture_test ("/lies/only-once", BOBBIN_TEST_PLAIN, test_only_once);
  fixture_test ("/lies/checksum-of-other-version", BOBBIN_TEST_PLAIN,
                test_checksum_of_other_version);
  fixture_test ("/lies/checksum-after-stop", BOBBIN_TEST_PLAIN, test_checksum_after_stop);
  fixture_test ("/lies/always-breaks", BOBBIN_TEST_PLAIN, test_always_breaks);
  fixture_test ("/lies/cannot-begin", BOBBIN_TEST_PLAIN, test_cannot_begin);
  fixture_test ("/lies/end-before-there", BOBBIN_TEST_PLAIN, test_end_before_there);
  fixture_test ("/lies/end-unsaid", BOBBIN_TEST_TLS, test_end_unsaid);
  fixture_test ("/lies/last-chunk-missing", BOBBIN_TEST_PLAIN, test_last_chunk_missing);
  fixture_test ("/lies/rest-for-whole", BOBBIN_TEST_PLAIN, test_rest_for_whole);
  fixture_test ("/lies/rest-for-whole-unknown", BOBBIN_TEST_PLAIN, test_rest_for_whole_unknown);
  fixture_test ("/lies/ranges-forbidden", BOBBIN_TEST_PLAIN, test_ranges_forbidden);
  fixture_test ("/lies/part-cut", BOBBIN_TEST_PLAIN, test_part_cut);
  fixture_test ("/lies/progress-never-falls", BOBBIN_TEST_PLAIN, test_progress_never_falls);

  return g_test_run ();
}
