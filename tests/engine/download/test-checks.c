/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Is what came what was wanted: the right bytes, by their checksum, and not a web page.
 */

#include "config.h"

#include "download-fixture.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#define LENGTH (3 * MIB)
#define HTML   "Content-Type: text/html; charset=utf-8\r\n"

/* The checksum of what the server has, "sha256:…". */
static char *
checksum_of (guint64 seed, gint64 length, GChecksumType type, const char *name)
{
  g_autoptr (GChecksum) sum = g_checksum_new (type);
  g_autoptr (GBytes) bytes = bobbin_test_content_bytes (seed, length);

  g_checksum_update (sum, g_bytes_get_data (bytes, NULL), length);

  return g_strconcat (name, ":", g_checksum_get_string (sum), NULL);
}

static char *
base64_of (guint64 seed, gint64 length)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GBytes) bytes = bobbin_test_content_bytes (seed, length);
  guint8 digest[32];
  gsize n = sizeof digest;

  g_checksum_update (sum, g_bytes_get_data (bytes, NULL), length);
  g_checksum_get_digest (sum, digest, &n);

  return g_base64_encode (digest, n);
}

static void
test_right (Fixture *f, gconstpointer data)
{
  g_autofree char *sum = checksum_of (SEED, LENGTH, G_CHECKSUM_SHA512, "sha512");
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  g_object_set (job, "checksum", sum, NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  fixture_assert_listing (f, "f.bin", NULL);
}

/* What came in an earlier run is hashed, too. */
static void
test_right_resumed (Fixture *f, gconstpointer data)
{
  g_autofree char *sum = checksum_of (SEED, LENGTH, G_CHECKSUM_MD5, "md5");
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = MIB, .fault_times = 1));
  g_object_set (job, "checksum", sum, NULL);
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, MIB);
  job_stop (job);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESUMED));
}

/* Never under its name; kept aside, and the next run begins anew. */
static void
test_wrong (Fixture *f, gconstpointer data)
{
  g_autofree char *sum = checksum_of (OTHER, LENGTH, G_CHECKSUM_SHA256, "sha256");
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  g_object_set (job, "checksum", sum, "retries", 10, NULL);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_CHECKSUM);
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RETRY));
  fixture_assert_listing (f, "f.bin.part.bad", NULL);

  bobbin_test_server_set (f->server, "/f.bin",
                          &(BobbinTestFile){ .seed = OTHER, .length = LENGTH, .etag = ETAG });
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", OTHER, LENGTH);
  fixture_assert_listing (f, "f.bin", "f.bin.part.bad", NULL);
}

static void
test_not_a_checksum (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH));
  g_object_set (job, "checksum", "crc32:00", NULL);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_BAD_SETTING);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 0);
}

/* What the server itself says. */
static void
check_server (Fixture *f, guint64 seed, const char *own, gboolean right)
{
  g_autofree char *digest = base64_of (seed, LENGTH);
  g_autofree char *headers = g_strdup_printf ("Repr-Digest: sha-256=:%s:\r\n", digest);
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .headers = headers));
  g_object_set (job, "checksum", own, NULL);
  job_start (job);
  job_wait (job);
  if (right)
    fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  else
    job_assert_failed (job, BOBBIN_ERROR_CHECKSUM);
}

static void
test_server_right (Fixture *f, gconstpointer data)
{
  check_server (f, SEED, NULL, TRUE);
}

static void
test_server_wrong (Fixture *f, gconstpointer data)
{
  check_server (f, OTHER, NULL, FALSE);
}

/* A person knows better. */
static void
test_server_overruled (Fixture *f, gconstpointer data)
{
  g_autofree char *sum = checksum_of (SEED, LENGTH, G_CHECKSUM_SHA1, "sha1");

  check_server (f, OTHER, sum, TRUE);
}

/* Web pages. */

static BobbinJob *
run_page (Fixture *f, const char *path, const BobbinTestFile *file, gboolean accept)
{
  BobbinJob *job = fixture_add (f, path);

  bobbin_test_server_set (f->server, path, file);
  g_object_set (job, "accept-html", accept, "retries", 10, NULL);
  job_start (job);
  job_wait (job);

  return job;
}

static void
test_page_instead (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_page (f, "/f.iso", FILE_OF (1000, .headers = HTML), FALSE);

  job_assert_failed (job, BOBBIN_ERROR_WEB_PAGE);
  g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, "f.iso"));
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RETRY));
  fixture_assert_listing (f, NULL);
}

static void
test_page_accepted (Fixture *f, gconstpointer data)
{
  fixture_assert_whole (f, run_page (f, "/f.iso", FILE_OF (1000, .headers = HTML), TRUE), "f.iso",
                        SEED, 1000);
}

static void
test_page_wanted (Fixture *f, gconstpointer data)
{
  fixture_assert_whole (f, run_page (f, "/f.html", FILE_OF (1000, .headers = HTML), FALSE),
                        "f.html", SEED, 1000);
}

static void
test_page_attached (Fixture *f, gconstpointer data)
{
  const BobbinTestFile *file =
    FILE_OF (1000, .headers = HTML, .disposition = "attachment; filename=f.iso");

  fixture_assert_whole (f, run_page (f, "/f.iso", file, FALSE), "f.iso", SEED, 1000);
}

/* A login that has run out: what is there stays, for when there is one again. */
static void
test_page_instead_of_rest (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.iso");

  bobbin_test_server_set (f->server, "/f.iso",
                          FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = MIB));
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, MIB);
  job_stop (job);

  bobbin_test_server_set (f->server, "/f.iso",
                          FILE_OF (1000, .headers = HTML, .ranges = BOBBIN_TEST_RANGES_IGNORED));
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_WEB_PAGE);
  g_assert_cmpint (bobbin_job_get_bytes (job), ==, MIB);

  bobbin_test_server_set (f->server, "/f.iso", FILE_OF (LENGTH, .etag = ETAG));
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.iso", SEED, LENGTH);
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RESTARTED));
}

/* Where the name of the file is known from, of which the address says nothing. */
typedef struct
{
  const char *path;
  const char *target;      /* (nullable) where that redirects to */
  const char *disposition; /* (nullable) */
  gboolean is_direct;      /* the page comes at once, without the redirect */
} PageCase;

static const PageCase page_cases[] = {
  { "/download?id=5", NULL, "attachment; filename=f.iso", FALSE },
  { "/latest", "/f.iso", NULL, FALSE },
  { "/newest", "/files/f.iso", NULL, TRUE },
};

static void
set_page (Fixture *f, const char *path)
{
  bobbin_test_server_set (f->server, path,
                          FILE_OF (1000, .headers = HTML, .ranges = BOBBIN_TEST_RANGES_IGNORED));
}

/* What the name of the part promises counts as much as what an address does: a network's login
 * never takes the place of what is there. */
static void
check_page_instead (Fixture *f, const PageCase *c, guint connections)
{
  const char *path = c->target != NULL ? c->target : c->path;
  BobbinTestFile file = { .seed = SEED,
                          .length = 8 * MIB,
                          .etag = ETAG,
                          .disposition = c->disposition,
                          .rate = 2 * MIB };
  g_autofree char *whole = fixture_path (f, "f.iso");
  BobbinJob *job = fixture_add (f, c->path);
  gint64 there;

  bobbin_test_server_set (f->server, path, &file);
  if (c->target != NULL)
    bobbin_test_server_set_redirect (f->server, c->path, c->target);
  g_object_set (job, "connections", connections, NULL);
  job_start (job);
  bobbin_test_server_wait_requests (f->server, path, MIN (connections, 3));
  job_wait_bytes (job, MIB);
  job_stop (job);
  there = bobbin_job_get_bytes (job);

  set_page (f, c->is_direct ? c->path : path);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_WEB_PAGE);
  g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, "f.iso"));
  g_assert_cmpint (bobbin_job_get_bytes (job), ==, there);
  fixture_assert_listing (f, "f.iso.part", "f.iso.part.map", NULL);

  file.rate = 0;
  bobbin_test_server_set (f->server, path, &file);
  if (c->target != NULL)
    bobbin_test_server_set_redirect (f->server, c->path, c->target);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.iso", SEED, 8 * MIB);
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RESTARTED));
  fixture_remove (f, job);
  g_assert_cmpint (g_unlink (whole), ==, 0);
}

static void
test_page_instead_of_named (Fixture *f, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (page_cases); i++)
    check_page_instead (f, &page_cases[i], 1);
}

static void
test_page_instead_of_pieces (Fixture *f, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (page_cases); i++)
    check_page_instead (f, &page_cases[i], 8);
}

/* Stops a download of /f, a name that promises nothing, which comes with these header lines. */
static BobbinJob *
stop_unpromised (Fixture *f, const char *headers)
{
  BobbinJob *job = fixture_add (f, "/f");

  bobbin_test_server_set (f->server, "/f",
                          FILE_OF (LENGTH, .etag = ETAG, .headers = headers,
                                   .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = MIB));
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, MIB);
  job_stop (job);

  return job;
}

/* Whatever its name: what came was no page, and now one comes. */
static void
test_page_replaces_nothing (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_unpromised (f, NULL);

  set_page (f, "/f");
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_WEB_PAGE);
  g_assert_cmpint (bobbin_job_get_bytes (job), ==, MIB);

  /* even with an address that knows nothing of how it went before */
  fixture_remove (f, job);
  job = fixture_run (f, "/f");
  job_assert_failed (job, BOBBIN_ERROR_WEB_PAGE);
  g_assert_cmpint (bobbin_job_get_bytes (job), ==, MIB);

  g_object_set (job, "accept-html", TRUE, NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f", SEED, 1000);
}

/* A page that has changed while it came. */
static void
test_page_replaces_page (Fixture *f, gconstpointer data)
{
  BobbinJob *job = stop_unpromised (f, HTML);

  set_page (f, "/f");
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f", SEED, 1000);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESTARTED));
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  fixture_test ("/checks/checksum/right", BOBBIN_TEST_PLAIN, test_right);
  fixture_test ("/checks/checksum/right-resumed", BOBBIN_TEST_PLAIN, test_right_resumed);
  fixture_test ("/checks/checksum/wrong", BOBBIN_TEST_PLAIN, test_wrong);
  fixture_test ("/checks/checksum/none", BOBBIN_TEST_PLAIN, test_not_a_checksum);
  fixture_test ("/checks/checksum/server-right", BOBBIN_TEST_PLAIN, test_server_right);
  fixture_test ("/checks/checksum/server-wrong", BOBBIN_TEST_PLAIN, test_server_wrong);
  fixture_test ("/checks/checksum/server-overruled", BOBBIN_TEST_PLAIN, test_server_overruled);
  fixture_test ("/checks/page/instead", BOBBIN_TEST_PLAIN, test_page_instead);
  fixture_test ("/checks/page/accepted", BOBBIN_TEST_PLAIN, test_page_accepted);
  fixture_test ("/checks/page/wanted", BOBBIN_TEST_PLAIN, test_page_wanted);
  fixture_test ("/checks/page/attached", BOBBIN_TEST_PLAIN, test_page_attached);
  fixture_test ("/checks/page/instead-of-rest", BOBBIN_TEST_PLAIN, test_page_instead_of_rest);
  fixture_test ("/checks/page/replaces-nothing", BOBBIN_TEST_PLAIN, test_page_replaces_nothing);
  fixture_test ("/checks/page/replaces-page", BOBBIN_TEST_PLAIN, test_page_replaces_page);
  fixture_test ("/checks/page/instead-of-named", BOBBIN_TEST_PLAIN, test_page_instead_of_named);
  fixture_test ("/checks/page/instead-of-pieces", BOBBIN_TEST_PLAIN, test_page_instead_of_pieces);

  return g_test_run ();
}
