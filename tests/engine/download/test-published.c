/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A program that was killed when the file had its name, and before anybody had put that down: the
 * next one knows it again, by which file it is or by what it holds, and takes no other for it.
 */

#include "config.h"

#include "download-fixture.h"

#include "bobbin-job-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#define LENGTH (4 * MIB)
#define THERE  (3 * MIB)
#define SMALL  (16 * KIB)

/* Begins a download of /f.bin that comes to a halt, and gives which file it is, as somebody who
 * keeps the list knows it then. */
static BobbinJob *
begin_identified (Fixture *f, char **identity)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = THERE));
  job_start (job);
  job_wait_bytes (job, THERE);
  BOBBIN_TEST_WAIT_UNTIL (*bobbin_job_get_report (job)->identity != '\0');
  g_object_get (job, "part-identity", identity, NULL);
  g_assert_cmpstr (*identity, ==, bobbin_job_get_report (job)->identity);

  return job;
}

static char *
publish (Fixture *f)
{
  char *identity;
  BobbinJob *job = begin_identified (f, &identity);

  bobbin_test_server_release (f->server, "/f.bin");
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  fixture_assert_listing (f, "f.bin", NULL);

  return identity;
}

/* The job as the next start of the program makes it. */
static BobbinJob *
run_restored (Fixture *f, const char *identity)
{
  g_autofree char *address = bobbin_test_server_get_uri (f->server, "/f.bin");
  g_autoptr (BobbinJob) job = bobbin_download_new (address, f->folder);

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  g_object_set (job, "part-name", "f.bin", "part-identity", identity, NULL);
  bobbin_job_restore (job, NULL, FALSE, THERE, LENGTH, 0, 1, 0);
  bobbin_job_queue_add (f->queue, job);
  job_start (job);
  job_wait (job);

  return job;
}

static void
test_published (Fixture *f, gconstpointer data)
{
  g_autofree char *identity = publish (f);
  const guint n_requests = bobbin_test_server_get_n_requests (f->server, "/f.bin");
  BobbinJob *job = run_restored (f, identity);

  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  fixture_assert_listing (f, "f.bin", NULL);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, n_requests);

  /* Who starts it once more wants it once more. */
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f (1).bin", SEED, LENGTH);
}

/* A file of that name and length that is another one. */
static void
test_published_other (Fixture *f, gconstpointer data)
{
  g_autofree char *identity = publish (f);
  g_autofree char *path = fixture_path (f, "f.bin");
  g_autofree char *contents = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_assert_true (g_file_set_contents (path, contents, size, NULL));
  fixture_assert_whole (f, run_restored (f, identity), "f (1).bin", SEED, LENGTH);
}

/* A part to which somebody gave the name, long before it was whole. */
static void
test_published_by_hand (Fixture *f, gconstpointer data)
{
  g_autofree char *identity = NULL;
  BobbinJob *job = begin_identified (f, &identity);
  g_autofree char *part = fixture_path (f, "f.bin.part");
  g_autofree char *path = fixture_path (f, "f.bin");

  job_stop (job);
  g_assert_cmpint (g_rename (part, path), ==, 0);
  g_assert_cmpint (truncate (path, LENGTH), ==, 0);
  fixture_assert_whole (f, run_restored (f, identity), "f (1).bin", SEED, LENGTH);
}

/* A small file, whole before anybody had heard which file it was. */

/* When the job came to be, in µs since 1970. */
static BobbinJob *
add_expecting (Fixture *f, gint64 since)
{
  g_autofree char *address = bobbin_test_server_get_uri (f->server, "/f.bin");
  g_autoptr (BobbinJob) job = bobbin_download_new (address, f->folder);

  bobbin_download_expect_file (BOBBIN_DOWNLOAD (job), since);
  bobbin_job_queue_add (f->queue, job);

  return job;
}

static BobbinJob *
run_expecting (Fixture *f, gint64 since, guint64 seed)
{
  BobbinJob *job = add_expecting (f, since);

  bobbin_test_server_set (f->server, "/f.bin", &(BobbinTestFile){ .seed = seed, .length = SMALL });
  job_start (job);
  job_wait (job);

  return job;
}

static gboolean
has_birth (Fixture *f, const char *name)
{
  g_autofree char *path = fixture_path (f, name);
  struct statx status;

  return statx (AT_FDCWD, path, 0, STATX_BTIME, &status) == 0 &&
         (status.stx_mask & STATX_BTIME) != 0;
}

static void
publish_small (Fixture *f)
{
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (SMALL));
  fixture_assert_whole (f, fixture_run (f, "/f.bin"), "f.bin", SEED, SMALL);
}

static void
test_published_small (Fixture *f, gconstpointer data)
{
  const gint64 since = g_get_real_time ();
  BobbinJob *job;

  publish_small (f);
  job = run_expecting (f, since, SEED);
  fixture_assert_whole (f, job, "f.bin", SEED, SMALL);
  fixture_assert_listing (f, "f.bin", NULL);

  /* Who starts it once more wants it once more. */
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f (1).bin", SEED, SMALL);

  /* The next one is called so as well: what it is the same as may have a number. */
  g_assert_true (
    g_file_set_contents (bobbin_download_get_file (BOBBIN_DOWNLOAD (job)), "other", -1, NULL));
  fixture_assert_whole (f, run_expecting (f, since, SEED), "f.bin", SEED, SMALL);
  fixture_assert_listing (f, "f (1).bin", "f.bin", NULL);
}

/* A file of that name and length that is another one, or was there before the job. */
static void
test_published_small_other (Fixture *f, gconstpointer data)
{
  publish_small (f);
  fixture_assert_whole (f, run_expecting (f, 1, OTHER), "f (1).bin", OTHER, SMALL);
  if (has_birth (f, "f.bin"))
    fixture_assert_whole (f, run_expecting (f, g_get_real_time () + G_TIME_SPAN_HOUR, SEED),
                          "f (2).bin", SEED, SMALL);
}

/* Where no other name may be taken. */
static BobbinJob *
start_failing (Fixture *f, gint64 since, const BobbinTestFile *file)
{
  BobbinJob *job = add_expecting (f, since);

  bobbin_test_server_set (f->server, "/f.bin", file);
  g_object_set (job, "exists", BOBBIN_EXISTS_FAIL, NULL);
  job_start (job);

  return job;
}

static void
test_published_small_fail (Fixture *f, gconstpointer data)
{
  const gint64 since = g_get_real_time ();
  BobbinJob *job;

  publish_small (f);
  job = start_failing (f, since, FILE_OF (SMALL));
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, SMALL);
  fixture_assert_listing (f, "f.bin", NULL);

  /* Who starts it once more wants it once more. */
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_EXISTS);
  fixture_assert_listing (f, "f.bin", NULL);
}

/* Another file of that length is left alone, and nothing is left beside it; one of another length
 * does not even come. */
static void
test_published_small_fail_other (Fixture *f, gconstpointer data)
{
  BobbinJob *job;
  gint64 n_sent;

  publish_small (f);
  job = start_failing (f, 1, &(BobbinTestFile){ .seed = OTHER, .length = SMALL });
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_EXISTS);
  g_assert_cmpstr (bobbin_job_get_title (job), ==, "f.bin");
  fixture_assert_listing (f, "f.bin", NULL);

  n_sent = bobbin_test_server_get_n_sent (f->server, "/f.bin");
  job = start_failing (f, 1, FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = 1));
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_EXISTS);
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), <=, n_sent + 1);
  fixture_assert_listing (f, "f.bin", NULL);
}

/* Stopped in the middle nothing is left of it, as it was only to be compared, and it is not
 * published under another name when that begins anew. */
static void
test_published_small_fail_stopped (Fixture *f, gconstpointer data)
{
  const gint64 since = g_get_real_time ();
  BobbinJob *job;

  publish_small (f);
  job = start_failing (f, since,
                       FILE_OF (SMALL, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                .fault_at = SMALL / 2, .fault_times = 1));
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, SMALL / 2);
  job_stop (job);
  g_assert_cmpstr (bobbin_job_get_title (job), ==, "f.bin");
  fixture_assert_listing (f, "f.bin", NULL);

  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, SMALL);
  fixture_assert_listing (f, "f.bin", NULL);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  fixture_test ("/published/same", BOBBIN_TEST_PLAIN, test_published);
  fixture_test ("/published/other", BOBBIN_TEST_PLAIN, test_published_other);
  fixture_test ("/published/small", BOBBIN_TEST_PLAIN, test_published_small);
  fixture_test ("/published/small/other", BOBBIN_TEST_PLAIN, test_published_small_other);
  fixture_test ("/published/small/fail", BOBBIN_TEST_PLAIN, test_published_small_fail);
  fixture_test ("/published/small/fail-other", BOBBIN_TEST_PLAIN, test_published_small_fail_other);
  fixture_test ("/published/small/fail-stopped", BOBBIN_TEST_PLAIN,
                test_published_small_fail_stopped);
  fixture_test ("/published/by-hand", BOBBIN_TEST_PLAIN, test_published_by_hand);

  return g_test_run ();
}
