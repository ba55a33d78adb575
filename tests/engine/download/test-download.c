/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Downloads that go well: every way in which a server may send a file, the name it gets, and the
 * files that were there before.
 */

#include "config.h"

#include "download-fixture.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
test_whole (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/dir/f.bin", FILE_OF (5 * MIB + 17, .etag = ETAG));
  job = fixture_run (f, "/dir/f.bin");
  fixture_assert_whole (f, job, "f.bin", SEED, 5 * MIB + 17);
  fixture_assert_listing (f, "f.bin", NULL);

  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/dir/f.bin"), ==, 1);
  g_assert_cmpint (bobbin_test_server_get_first_byte (f->server, "/dir/f.bin", 0), ==, -1);
}

static void
test_request_headers (Fixture *f, gconstpointer data)
{
  g_autofree char *encoding = NULL;
  g_autofree char *if_range = NULL;

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10));
  fixture_run (f, "/f.bin");
  encoding = bobbin_test_server_get_header (f->server, "/f.bin", 0, "Accept-Encoding");
  if_range = bobbin_test_server_get_header (f->server, "/f.bin", 0, "If-Range");
  g_assert_cmpstr (encoding, ==, "identity");
  g_assert_cmpstr (if_range, ==, NULL);
}

/* What the address holds of a name and a password is for the server, and for nobody else: neither
 * the log nor a title tells it. */
static void
test_password (Fixture *f, gconstpointer data)
{
  g_autofree char *uri = bobbin_test_server_get_uri (f->server, "/f.bin");
  g_autofree char *address =
    g_strconcat ("http://mallory:hunter2@", uri + strlen ("http://"), NULL);
  g_autofree char *plain = NULL;
  g_autofree char *sent = NULL;
  BobbinJob *job = fixture_add_address (f, address);
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (job));

  g_assert_cmpstr (bobbin_download_get_address (BOBBIN_DOWNLOAD (job)), ==, uri);
  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (10, .headers = "WWW-Authenticate: Basic realm=\"x\"\r\n",
                                   .fault = BOBBIN_TEST_FAULT_STATUS, .fault_status = 401,
                                   .fault_times = 1));
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, 10);

  sent = bobbin_test_server_get_header (f->server, "/f.bin", 1, "Authorization");
  plain = g_base64_encode ((const guchar *) "mallory:hunter2", strlen ("mallory:hunter2"));
  g_assert_true (g_str_has_prefix (sent, "Basic "));
  g_assert_cmpstr (sent + strlen ("Basic "), ==, plain);

  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      g_assert_null (strstr (bobbin_event_get_text (event), "mallory"));
    }
  g_assert_null (strstr (bobbin_job_get_title (job), "mallory"));
}

static void
set_context (BobbinJob *job, const BobbinHttpSettings *settings)
{
  g_autoptr (BobbinHttpContext) context = bobbin_http_context_new (settings, NULL);

  bobbin_download_set_context (BOBBIN_DOWNLOAD (job), context);
}

static const char *
get_user (BobbinJob *job)
{
  BobbinHttpContext *context = bobbin_download_get_context (BOBBIN_DOWNLOAD (job));

  return context != NULL ? bobbin_http_context_get_settings (context)->user : NULL;
}

/* The login of the address stays beside what else is set, until somebody sets another. */
static void
test_login (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add_address (f, "http://mallory:hunter2@localhost/f.bin");
  BobbinHttpContext *context;

  g_object_set (job, "ca-file", "/ca.pem", NULL);
  set_context (job, &(BobbinHttpSettings){ .user_agent = "Me" });
  context = bobbin_download_get_context (BOBBIN_DOWNLOAD (job));
  g_assert_cmpstr (bobbin_http_context_get_settings (context)->user_agent, ==, "Me");
  g_assert_cmpstr (bobbin_http_context_get_settings (context)->password, ==, "hunter2");
  g_assert_cmpstr (get_user (job), ==, "mallory");
  g_assert_true (bobbin_download_has_address_login (BOBBIN_DOWNLOAD (job)));

  bobbin_download_set_context (BOBBIN_DOWNLOAD (job), NULL);
  context = bobbin_download_get_context (BOBBIN_DOWNLOAD (job));
  g_assert_cmpstr (get_user (job), ==, "mallory");
  g_assert_cmpstr (bobbin_http_context_get_settings (context)->password, ==, "hunter2");
  g_assert_null (bobbin_http_context_get_settings (context)->user_agent);
  g_assert_true (bobbin_download_has_address_login (BOBBIN_DOWNLOAD (job)));

  set_context (job, &(BobbinHttpSettings){ .user = "trudy" });
  g_assert_cmpstr (get_user (job), ==, "trudy");
  g_assert_false (bobbin_download_has_address_login (BOBBIN_DOWNLOAD (job)));
  set_context (job, &(BobbinHttpSettings){ .user_agent = "Me" });
  g_assert_null (get_user (job));
  bobbin_download_set_context (BOBBIN_DOWNLOAD (job), NULL);
  g_assert_null (bobbin_download_get_context (BOBBIN_DOWNLOAD (job)));
}

/* The same with what a list of jobs has kept. */
static void
test_login_and_request (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add_address (f, "http://mallory:hunter2@localhost/f.bin");

  g_object_set (job, "request", "{'user-agent': <'Me'>}", NULL);
  g_assert_cmpstr (get_user (job), ==, "mallory");
  g_object_set (job, "request", NULL, NULL);
  g_assert_cmpstr (get_user (job), ==, "mallory");
  g_assert_true (bobbin_download_has_address_login (BOBBIN_DOWNLOAD (job)));

  g_object_set (job, "request", "{'user': <'trudy'>}", NULL);
  g_assert_cmpstr (get_user (job), ==, "trudy");
  g_assert_false (bobbin_download_has_address_login (BOBBIN_DOWNLOAD (job)));
  g_object_set (job, "request", NULL, NULL);
  g_assert_null (bobbin_download_get_context (BOBBIN_DOWNLOAD (job)));
}

static void
test_sync (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (MIB));
  g_object_set (job, "sync", TRUE, NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, MIB);
  fixture_assert_listing (f, "f.bin", NULL);
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/empty", FILE_OF (0, .etag = ETAG));
  job = fixture_run (f, "/empty");
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_DONE);
  fixture_assert_text (f, "empty", "");
  fixture_assert_listing (f, "empty", NULL);
}

/* Around the buffer's size, where the last write is full, empty or one byte. */
static void
test_sizes (Fixture *f, gconstpointer data)
{
  static const gint64 sizes[] = { 1, 4095, 4096, MIB - 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/f%" G_GSIZE_FORMAT, i);

      bobbin_test_server_set (f->server, path, FILE_OF (sizes[i]));
      fixture_assert_whole (f, fixture_run (f, path), path + 1, SEED, sizes[i]);
    }
}

static void
test_chunked (Fixture *f, gconstpointer data)
{
  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (3 * MIB + 1, .framing = BOBBIN_TEST_FRAMING_CHUNKED));
  fixture_assert_whole (f, fixture_run (f, "/f.bin"), "f.bin", SEED, 3 * MIB + 1);
  fixture_assert_listing (f, "f.bin", NULL);
}

/* The end of the connection right behind the last chunk is no lost end. */
static void
test_chunked_close (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *path = g_strdup_printf ("/f%u", i);

      bobbin_test_server_set (f->server, path,
                              FILE_OF (300 * KIB, .framing = BOBBIN_TEST_FRAMING_CHUNKED,
                                       .close = TRUE));
      fixture_assert_whole (f, fixture_run (f, path), path + 1, SEED, 300 * KIB);
    }
}

/* HTTP/1.0: nothing says how long it is; the end of the connection is the end of the file. */
static void
test_until_close (Fixture *f, gconstpointer data)
{
  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (3 * MIB + 1, .framing = BOBBIN_TEST_FRAMING_UNTIL_CLOSE));
  fixture_assert_whole (f, fixture_run (f, "/f.bin"), "f.bin", SEED, 3 * MIB + 1);
  fixture_assert_listing (f, "f.bin", NULL);
}

/* Figures come while it runs, and only ever grow. */
static void
test_progress (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");
  gint64 last = 0;
  guint n_changes = 0;

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (600 * KIB, .rate = 400 * KIB));
  job_start (job);
  while (bobbin_job_is_active (job))
    {
      gint64 bytes = bobbin_job_get_bytes (job);

      g_assert_cmpint (bytes, >=, last);
      g_assert_cmpint (bytes, <=, 600 * KIB);
      n_changes += bytes > last;
      last = bytes;
      g_main_context_iteration (NULL, TRUE);
    }
  fixture_assert_whole (f, job, "f.bin", SEED, 600 * KIB);
  g_assert_cmpuint (n_changes, >=, 2);
}

static GBytes *
gzip (GBytes *bytes)
{
  g_autoptr (GConverter) compressor =
    G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr (GInputStream) plain = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (plain, compressor);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_output_stream_splice (memory, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* Encoded though it was asked not to be: lengths and checksums are of what comes, and that is what
 * is stored, byte for byte. */
static void
check_gzip (Fixture *f, const char *etag, guint connections, gint64 cut)
{
  g_autoptr (GBytes) plain = bobbin_test_content_bytes (SEED, 2 * MIB + 5);
  g_autoptr (GBytes) body = gzip (plain);
  g_autoptr (GBytes) stored = NULL;
  g_autofree char *path = fixture_path (f, "f.txt");
  BobbinJob *job = fixture_add (f, "/f.txt");
  char *contents;
  gsize length;

  bobbin_test_server_set (f->server, "/f.txt",
                          FILE_OF (0, .body = body, .etag = etag,
                                   .headers = "Content-Encoding: gzip\r\n",
                                   .fault =
                                     cut > 0 ? BOBBIN_TEST_FAULT_CLOSE : BOBBIN_TEST_FAULT_NONE,
                                   .fault_at = cut, .fault_times = 1));
  g_object_set (job, "connections", connections, "retries", cut > 0 ? 1 : 0, NULL);
  job_start (job);
  job_wait (job);
  g_assert_no_error (bobbin_job_get_error (job));
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  stored = g_bytes_new_take (contents, length);
  g_assert_true (g_bytes_equal (stored, body));
  fixture_assert_listing (f, "f.txt", NULL);
}

static void
test_gzip (Fixture *f, gconstpointer data)
{
  check_gzip (f, "W/\"gz\"", 1, 0);
}

/* Cut short, and gone on with or begun anew, as its validator lets it. */
static void
test_gzip_cut (Fixture *f, gconstpointer data)
{
  check_gzip (f, "\"gz\"", 8, MIB + 1);
}

static void
test_gzip_cut_weak (Fixture *f, gconstpointer data)
{
  check_gzip (f, "W/\"gz\"", 8, MIB + 1);
}

/* A stream that has no end is ended by who wanted it, and what came is there. */
static void
test_endless (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (G_MAXINT64 / 2, .etag = ETAG, .rate = 16 * MIB,
                                   .framing = BOBBIN_TEST_FRAMING_CHUNKED));
  g_object_set (job, "connections", 8, NULL);
  job_start (job);
  job_wait_bytes (job, 2 * MIB);
  g_assert_cmpint (bobbin_job_get_total (job), ==, -1);
  job_stop (job);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_IDLE);
  g_assert_cmpint (bobbin_job_get_bytes (job), >=, 2 * MIB);
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);
}

static void
test_mtime (Fixture *f, gconstpointer data)
{
  g_autofree char *path = fixture_path (f, "f.bin");
  struct stat st;

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10, .last_modified = DATE));
  fixture_run (f, "/f.bin");
  g_assert_cmpint (stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mtim.tv_sec, ==, 1767607200);
}

static void
test_bad_mtime (Fixture *f, gconstpointer data)
{
  g_autofree char *path = fixture_path (f, "f.bin");
  gint64 before = g_get_real_time () / G_USEC_PER_SEC;
  struct stat st;

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10, .last_modified = "lately"));
  fixture_run (f, "/f.bin");
  g_assert_cmpint (stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mtim.tv_sec, >=, before - 1);
}

static void
test_tls (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (3 * MIB));
  g_object_set (job, "ca-file", bobbin_test_server_ca_file (), NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, 3 * MIB);
  fixture_assert_listing (f, "f.bin", NULL);
}

/* Names. */

static void
test_disposition (Fixture *f, gconstpointer data)
{
  bobbin_test_server_set (
    f->server, "/get.php",
    FILE_OF (10, .disposition = "attachment; filename=\"x.txt\"; filename*=UTF-8''na%C3%AFve.txt"));
  fixture_assert_whole (f, fixture_run (f, "/get.php"), "naïve.txt", SEED, 10);
  fixture_assert_listing (f, "naïve.txt", NULL);
}

static void
test_disposition_climbs (Fixture *f, gconstpointer data)
{
  bobbin_test_server_set (f->server, "/f",
                          FILE_OF (10, .disposition = "attachment; filename=\"../../etc/.evil\""));
  fixture_assert_whole (f, fixture_run (f, "/f"), "evil", SEED, 10);
  fixture_assert_listing (f, "evil", NULL);
}

/* Neither a forged map nor a file that the next download of "f" would take for its part. */
static void
test_disposition_part (Fixture *f, gconstpointer data)
{
  bobbin_test_server_set (f->server, "/a",
                          FILE_OF (10, .disposition = "attachment; filename=\"f.part.map\""));
  bobbin_test_server_set (f->server, "/b",
                          FILE_OF (10, .disposition = "attachment; filename=\"f.part\""));
  bobbin_test_server_set (f->server, "/f", FILE_OF (20));
  fixture_run (f, "/a");
  fixture_run (f, "/b");
  fixture_assert_whole (f, fixture_run (f, "/f"), "f", SEED, 20);
  fixture_assert_listing (f, "f", "f_part", "f_part.map", NULL);
}

static void
test_wanted_name (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (10, .disposition = "attachment; filename=other"));
  g_object_set (job, "file-name", "mine.bin", NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "mine.bin", SEED, 10);
}

/* Longer than any file system takes. */
static void
test_long_name (Fixture *f, gconstpointer data)
{
  GString *path = g_string_new ("/");
  BobbinJob *job;
  const char *file;

  for (guint i = 0; i < 400; i++)
    g_string_append_c (path, 'a');
  g_string_append (path, ".tar.gz");
  bobbin_test_server_set (f->server, path->str, FILE_OF (10));
  for (guint i = 0; i < 2; i++)
    {
      job = fixture_run (f, path->str);
      file = bobbin_download_get_file (BOBBIN_DOWNLOAD (job));
      g_assert_nonnull (file);
      g_assert_true (g_str_has_suffix (file, i == 0 ? "a.tar.gz" : "a (1).tar.gz"));
      bobbin_test_content_assert (file, SEED, 10);
    }
  g_string_free (path, TRUE);
}

/* Files that were there. */

static void
test_exists_rename (Fixture *f, gconstpointer data)
{
  bobbin_test_server_set (f->server, "/f.tar.gz", FILE_OF (10));
  fixture_write (f, "f.tar.gz", "mine");
  fixture_assert_whole (f, fixture_run (f, "/f.tar.gz"), "f (1).tar.gz", SEED, 10);
  fixture_assert_whole (f, fixture_run (f, "/f.tar.gz"), "f (2).tar.gz", SEED, 10);
  fixture_assert_text (f, "f.tar.gz", "mine");
  fixture_assert_listing (f, "f.tar.gz", "f (1).tar.gz", "f (2).tar.gz", NULL);
}

static BobbinJob *
run_with_policy (Fixture *f, BobbinExists exists)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10));
  fixture_write (f, "f.bin", "mine");
  g_object_set (job, "exists", exists, NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_text (f, "f.bin", "mine");
  fixture_assert_listing (f, "f.bin", NULL);
  return job;
}

static void
test_exists_fail (Fixture *f, gconstpointer data)
{
  job_assert_failed (run_with_policy (f, BOBBIN_EXISTS_FAIL), BOBBIN_ERROR_EXISTS);
}

static void
test_exists_skip (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_with_policy (f, BOBBIN_EXISTS_SKIP);

  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_DONE);
  g_assert_true (bobbin_download_get_skipped (BOBBIN_DOWNLOAD (job)));
}

static void
test_not_skipped (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10));
  g_object_set (job, "exists", BOBBIN_EXISTS_SKIP, NULL);
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, 10);
  g_assert_false (bobbin_download_get_skipped (BOBBIN_DOWNLOAD (job)));
}

/* A link that leads nowhere is there, too; nothing is written where it points. */
static void
test_exists_link (Fixture *f, gconstpointer data)
{
  g_autofree char *link = fixture_path (f, "f.bin");
  g_autofree char *part = fixture_path (f, "f.bin.part");

  g_assert_cmpint (symlink ("elsewhere", link), ==, 0);
  g_assert_cmpint (symlink ("elsewhere", part), ==, 0);
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10));
  fixture_assert_whole (f, fixture_run (f, "/f.bin"), "f (1).bin", SEED, 10);
  fixture_assert_listing (f, "f.bin", "f.bin.part", "f (1).bin", NULL);
}

/* A file that the user has under the name of a part is no part. */
static void
test_exists_part (Fixture *f, gconstpointer data)
{
  fixture_write (f, "f.bin.part", "mine");
  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10));
  fixture_assert_whole (f, fixture_run (f, "/f.bin"), "f (1).bin", SEED, 10);
  fixture_assert_text (f, "f.bin.part", "mine");
  fixture_assert_listing (f, "f.bin.part", "f (1).bin", NULL);
}

static BobbinJob *
run_while_file_appears (Fixture *f, BobbinExists exists)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (100 * KIB, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                   .fault_at = 50 * KIB));
  g_object_set (job, "exists", exists, NULL);
  job_start (job);
  job_wait_phase (job, BOBBIN_DOWNLOAD_RECEIVING);
  bobbin_test_server_wait_stalled (f->server, 1);
  fixture_write (f, "f.bin", "mine");
  bobbin_test_server_release (f->server, "/f.bin");
  job_wait (job);
  fixture_assert_text (f, "f.bin", "mine");
  return job;
}

static void
test_appears_rename (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_while_file_appears (f, BOBBIN_EXISTS_RENAME);

  fixture_assert_whole (f, job, "f (1).bin", SEED, 100 * KIB);
  fixture_assert_listing (f, "f.bin", "f (1).bin", NULL);
}

static void
test_appears_fail (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_while_file_appears (f, BOBBIN_EXISTS_FAIL);

  job_assert_failed (job, BOBBIN_ERROR_EXISTS);
  fixture_assert_listing (f, "f.bin", "f.bin.part", "f.bin.part.map", NULL);
}

static void
test_appears_skip (Fixture *f, gconstpointer data)
{
  BobbinJob *job = run_while_file_appears (f, BOBBIN_EXISTS_SKIP);

  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_DONE);
  g_assert_true (bobbin_download_get_skipped (BOBBIN_DOWNLOAD (job)));
  fixture_assert_listing (f, "f.bin", NULL);
}

/* Many at once. */

static void
test_same_name_at_once (Fixture *f, gconstpointer data)
{
  BobbinJob *first = fixture_add (f, "/a/f.bin");
  BobbinJob *second = fixture_add (f, "/b/f.bin");

  bobbin_test_server_set (f->server, "/a/f.bin",
                          FILE_OF (MIB, .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = 100 * KIB));
  bobbin_test_server_set (f->server, "/b/f.bin", &(BobbinTestFile){ .seed = OTHER, .length = MIB });
  job_start (first);
  job_wait_phase (first, BOBBIN_DOWNLOAD_RECEIVING);
  job_start (second);
  job_wait (second);
  bobbin_test_server_release (f->server, "/a/f.bin");
  job_wait (first);
  fixture_assert_whole (f, first, "f.bin", SEED, MIB);
  fixture_assert_whole (f, second, "f (1).bin", OTHER, MIB);
  fixture_assert_listing (f, "f.bin", "f (1).bin", NULL);
}

static void
test_same_address_at_once (Fixture *f, gconstpointer data)
{
  BobbinJob *jobs[4];

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (MIB, .etag = ETAG));
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    job_start (jobs[i] = fixture_add (f, "/f.bin"));
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      job_wait (jobs[i]);
      g_assert_cmpint (bobbin_job_get_state (jobs[i]), ==, BOBBIN_JOB_DONE);
      bobbin_test_content_assert (bobbin_download_get_file (BOBBIN_DOWNLOAD (jobs[i])), SEED, MIB);
    }
  fixture_assert_listing (f, "f.bin", "f (1).bin", "f (2).bin", "f (3).bin", NULL);
}

static void
test_many (Fixture *f, gconstpointer data)
{
  BobbinJob *jobs[100];

  bobbin_job_queue_set_max_transfers (f->queue, 8);
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/f%" G_GSIZE_FORMAT, i);

      bobbin_test_server_set (f->server, path, FILE_OF (16 * KIB));
      jobs[i] = fixture_add (f, path);
    }
  bobbin_job_queue_start_all (f->queue, BOBBIN_TYPE_DOWNLOAD);
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *name = g_strdup_printf ("f%" G_GSIZE_FORMAT, i);

      job_wait (jobs[i]);
      fixture_assert_whole (f, jobs[i], name, SEED, 16 * KIB);
    }
  g_assert_cmpuint (bobbin_test_server_get_max_open (f->server), <=, 8);
}

/* Downloading again what is there already is a new file, not the old one. */
static void
test_again (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (10));
  job = fixture_run (f, "/f.bin");
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f (1).bin", SEED, 10);
  fixture_assert_listing (f, "f.bin", "f (1).bin", NULL);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  fixture_test ("/download/whole", BOBBIN_TEST_PLAIN, test_whole);
  fixture_test ("/download/request-headers", BOBBIN_TEST_PLAIN, test_request_headers);
  fixture_test ("/download/password", BOBBIN_TEST_PLAIN, test_password);
  fixture_test ("/download/login", BOBBIN_TEST_PLAIN, test_login);
  fixture_test ("/download/login-and-request", BOBBIN_TEST_PLAIN, test_login_and_request);
  fixture_test ("/download/sync", BOBBIN_TEST_PLAIN, test_sync);
  fixture_test ("/download/empty", BOBBIN_TEST_PLAIN, test_empty);
  fixture_test ("/download/sizes", BOBBIN_TEST_PLAIN, test_sizes);
  fixture_test ("/download/chunked", BOBBIN_TEST_PLAIN, test_chunked);
  fixture_test ("/download/chunked-close", BOBBIN_TEST_PLAIN, test_chunked_close);
  fixture_test ("/download/until-close", BOBBIN_TEST_PLAIN, test_until_close);
  fixture_test ("/download/progress", BOBBIN_TEST_PLAIN, test_progress);
  fixture_test ("/download/gzip", BOBBIN_TEST_PLAIN, test_gzip);
  fixture_test ("/download/gzip/cut", BOBBIN_TEST_PLAIN, test_gzip_cut);
  fixture_test ("/download/gzip/cut-weak", BOBBIN_TEST_PLAIN, test_gzip_cut_weak);
  fixture_test ("/download/endless", BOBBIN_TEST_PLAIN, test_endless);
  fixture_test ("/download/mtime", BOBBIN_TEST_PLAIN, test_mtime);
  fixture_test ("/download/bad-mtime", BOBBIN_TEST_PLAIN, test_bad_mtime);
  fixture_test ("/download/tls", BOBBIN_TEST_TLS, test_tls);
  fixture_test ("/download/name/disposition", BOBBIN_TEST_PLAIN, test_disposition);
  fixture_test ("/download/name/climbs", BOBBIN_TEST_PLAIN, test_disposition_climbs);
  fixture_test ("/download/name/part", BOBBIN_TEST_PLAIN, test_disposition_part);
  fixture_test ("/download/name/wanted", BOBBIN_TEST_PLAIN, test_wanted_name);
  fixture_test ("/download/name/long", BOBBIN_TEST_PLAIN, test_long_name);
  fixture_test ("/download/exists/rename", BOBBIN_TEST_PLAIN, test_exists_rename);
  fixture_test ("/download/exists/fail", BOBBIN_TEST_PLAIN, test_exists_fail);
  fixture_test ("/download/exists/skip", BOBBIN_TEST_PLAIN, test_exists_skip);
  fixture_test ("/download/exists/not-skipped", BOBBIN_TEST_PLAIN, test_not_skipped);
  fixture_test ("/download/exists/link", BOBBIN_TEST_PLAIN, test_exists_link);
  fixture_test ("/download/exists/part", BOBBIN_TEST_PLAIN, test_exists_part);
  fixture_test ("/download/appears/rename", BOBBIN_TEST_PLAIN, test_appears_rename);
  fixture_test ("/download/appears/fail", BOBBIN_TEST_PLAIN, test_appears_fail);
  fixture_test ("/download/appears/skip", BOBBIN_TEST_PLAIN, test_appears_skip);
  fixture_test ("/download/at-once/same-name", BOBBIN_TEST_PLAIN, test_same_name_at_once);
  fixture_test ("/download/at-once/same-address", BOBBIN_TEST_PLAIN, test_same_address_at_once);
  fixture_test ("/download/at-once/many", BOBBIN_TEST_PLAIN, test_many);
  fixture_test ("/download/again", BOBBIN_TEST_PLAIN, test_again);

  return g_test_run ();
}
