/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A download that is given another address: it goes on with its bytes if they are of the file that
 * lies there, begins anew if not, and takes no secret to another server.
 */

#include "config.h"

#include "bobbin-part-file.h"
#include "download-fixture.h"

#include <glib/gstdio.h>

#define LENGTH (4 * MIB + 3)
#define THERE  (2 * MIB)

/* Stops a download of /f.bin when THERE bytes have come. */
static BobbinJob *
stop_in_the_middle (Fixture *f)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/f.bin",
                          FILE_OF (LENGTH, .etag = ETAG, .last_modified = DATE,
                                   .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = THERE));
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_wait_bytes (job, THERE);
  job_stop (job);

  return job;
}

static void
on_moved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **moved = user_data;

  *moved = g_object_ref (result);
}

static void
move (BobbinJob *job, const char *address)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bobbin_download_move_async (BOBBIN_DOWNLOAD (job), address, on_moved, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (bobbin_download_move_finish (BOBBIN_DOWNLOAD (job), result, &error));
  g_assert_no_error (error);
}

static void
move_to_path (Fixture *f, BobbinJob *job, const char *path)
{
  g_autofree char *uri = bobbin_test_server_get_uri (f->server, path);

  move (job, uri);
  g_assert_cmpstr (bobbin_download_get_address (BOBBIN_DOWNLOAD (job)), ==, uri);
}

/* The same bytes of the same date lie there: the rest is fetched, after a look at what both have.
 */
static void
test_same_file (Fixture *f, gconstpointer kind)
{
  BobbinJob *job = stop_in_the_middle (f);
  gint64 first;

  bobbin_test_server_set (f->server, "/g.bin",
                          FILE_OF (LENGTH, .etag = "\"other\"", .last_modified = DATE));
  move_to_path (f, job, "/g.bin");
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  fixture_assert_listing (f, "f.bin", NULL);
  first = bobbin_test_server_get_first_byte (f->server, "/g.bin", 0);
  g_assert_cmpint (first, >, 0);
  g_assert_cmpint (first, <=, THERE);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESUMED));
  g_assert_false (job_has_event (job, BOBBIN_EVENT_RESTARTED));
}

/* Another file lies there: nothing of the old one is left in it. */
static void
test_other_file (Fixture *f, gconstpointer kind)
{
  BobbinJob *job = stop_in_the_middle (f);

  bobbin_test_server_set (f->server, "/g.bin",
                          &(BobbinTestFile){ .seed = OTHER, .length = LENGTH, .etag = ETAG });
  move_to_path (f, job, "/g.bin");
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", OTHER, LENGTH);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_RESTARTED));
}

/* What an earlier run of /f.bin left: all of it, but not its name. */
static void
leave_whole (Fixture *f)
{
  g_autofree char *uri = bobbin_test_server_get_uri (f->server, "/f.bin");
  g_autoptr (GBytes) bytes = bobbin_test_content_bytes (SEED, LENGTH);
  g_autoptr (GError) error = NULL;
  BobbinPartVersion version = { .length = LENGTH,
                                .etag = ETAG,
                                .last_modified = DATE,
                                .is_dated = TRUE,
                                .source = uri };
  BobbinPartFile *part =
    bobbin_part_file_claim (f->folder, "f.bin", uri, BOBBIN_EXISTS_RENAME, &error);

  g_assert_true (bobbin_part_file_begin (part, &version, &error));
  g_assert_true (bobbin_part_file_write (part, 0, g_bytes_get_data (bytes, NULL), LENGTH, &error));
  g_assert_true (bobbin_part_file_sync (part, &error));
  g_assert_no_error (error);
  bobbin_part_file_free (part);
}

/* Also where nothing is missing it is looked at what lies there. */
static void
test_whole (Fixture *f, gconstpointer kind)
{
  const guint64 seeds[] = { SEED, OTHER };

  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      BobbinJob *job = fixture_add (f, "/f.bin");

      leave_whole (f);
      g_object_set (job, "part-name", "f.bin", NULL);
      bobbin_test_server_set (f->server, "/g.bin",
                              &(BobbinTestFile){ .seed = seeds[i],
                                                 .length = LENGTH,
                                                 .last_modified = DATE });
      move_to_path (f, job, "/g.bin");
      job_start (job);
      job_wait (job);
      fixture_assert_whole (f, job, "f.bin", seeds[i], LENGTH);
      fixture_assert_listing (f, "f.bin", NULL);
      g_assert_true (job_has_event (job, i == 0 ? BOBBIN_EVENT_RESUMED : BOBBIN_EVENT_RESTARTED));
      g_assert_cmpint (g_unlink (bobbin_download_get_file (BOBBIN_DOWNLOAD (job))), ==, 0);
    }
}

/* A file of another length. */
static void
test_other_length (Fixture *f, gconstpointer kind)
{
  BobbinJob *job = stop_in_the_middle (f);

  bobbin_test_server_set (f->server, "/g.bin", FILE_OF (LENGTH + MIB));
  move_to_path (f, job, "/g.bin");
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH + MIB);
}

/* One that has not begun has nothing on the disk, and is simply elsewhere. */
static void
test_fresh (Fixture *f, gconstpointer kind)
{
  BobbinJob *job = fixture_add (f, "/f.bin");

  bobbin_test_server_set (f->server, "/g.bin", FILE_OF (KIB));
  move_to_path (f, job, "/g.bin");
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "g.bin", SEED, KIB);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 0);
}

/* What is asked for before the move has ended. */

typedef struct
{
  GAsyncResult *result; /* (owned) */
  BobbinJob *job;
} Moving;

static void
moving_begin (Moving *self, Fixture *f)
{
  g_autofree char *uri = bobbin_test_server_get_uri (f->server, "/g.bin");

  *self = (Moving){ .job = stop_in_the_middle (f) };
  bobbin_test_server_set (f->server, "/g.bin",
                          FILE_OF (LENGTH, .etag = "\"other\"", .last_modified = DATE));
  bobbin_download_move_async (BOBBIN_DOWNLOAD (self->job), uri, on_moved, &self->result);
}

static void
moving_end (Moving *self)
{
  g_autoptr (GError) error = NULL;

  BOBBIN_TEST_WAIT_UNTIL (self->result != NULL);
  g_assert_true (bobbin_download_move_finish (BOBBIN_DOWNLOAD (self->job), self->result, &error));
  g_assert_no_error (error);
  g_clear_object (&self->result);
}

/* Its part is not lost sight of. */
static void
test_started_meanwhile (Fixture *f, gconstpointer kind)
{
  Moving moving;

  moving_begin (&moving, f);
  job_start (moving.job);
  moving_end (&moving);
  job_wait (moving.job);
  fixture_assert_whole (f, moving.job, "f.bin", SEED, LENGTH);
  fixture_assert_listing (f, "f.bin", NULL);
  g_assert_true (job_has_event (moving.job, BOBBIN_EVENT_RESUMED));
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 1);
}

static void
test_stopped_meanwhile (Fixture *f, gconstpointer kind)
{
  Moving moving;

  moving_begin (&moving, f);
  job_start (moving.job);
  job_stop (moving.job);
  job_assert_stopped (moving.job);
  moving_end (&moving);
  fixture_assert_listing (f, "f.bin.part", "f.bin.part.map", NULL);

  job_start (moving.job);
  job_wait (moving.job);
  fixture_assert_whole (f, moving.job, "f.bin", SEED, LENGTH);
  fixture_assert_listing (f, "f.bin", NULL);
}

static void
on_discarded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void
test_discarded_meanwhile (Fixture *f, gconstpointer kind)
{
  gboolean discarded = FALSE;
  Moving moving;

  moving_begin (&moving, f);
  bobbin_download_discard_async (BOBBIN_DOWNLOAD (moving.job), on_discarded, &discarded);
  moving_end (&moving);
  BOBBIN_TEST_WAIT_UNTIL (discarded);
  fixture_assert_listing (f, NULL);
}

/* Whoever moved it wants to start it then; that there is nothing to start is no mistake of his. */
static void
test_removed_meanwhile (Fixture *f, gconstpointer kind)
{
  g_autoptr (BobbinJob) held = NULL;
  Moving moving;

  moving_begin (&moving, f);
  held = g_object_ref (moving.job);
  bobbin_job_queue_remove_async (f->queue, held, NULL, NULL);
  BOBBIN_TEST_WAIT_UNTIL (g_list_model_get_n_items (G_LIST_MODEL (f->queue)) == 0);
  moving_end (&moving);
  g_assert_false (bobbin_job_start (held));
}

/* One at a time. */
static void
test_moved_meanwhile (Fixture *f, gconstpointer kind)
{
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;
  Moving moving;

  moving_begin (&moving, f);
  bobbin_download_move_async (BOBBIN_DOWNLOAD (moving.job), "https://example.org/f.bin", on_moved,
                              &second);
  moving_end (&moving);
  BOBBIN_TEST_WAIT_UNTIL (second != NULL);
  g_assert_false (bobbin_download_move_finish (BOBBIN_DOWNLOAD (moving.job), second, &error));
  g_assert_no_error (error);
  g_assert_true (
    g_str_has_suffix (bobbin_download_get_address (BOBBIN_DOWNLOAD (moving.job)), "/g.bin"));
}

static BobbinHttpContext *
make_context (void)
{
  const BobbinHttpSettings settings = { .user = "jane", .password = "secret" };

  return bobbin_http_context_new (&settings, NULL);
}

/* What one server is told is not for another one. */
static void
test_secrets (Fixture *f, gconstpointer kind)
{
  BobbinJob *job = fixture_add (f, "/f.bin");
  BobbinDownload *download = BOBBIN_DOWNLOAD (job);
  g_autoptr (BobbinHttpContext) context = make_context ();

  bobbin_download_set_context (download, context);
  move_to_path (f, job, "/g.bin");
  g_assert_true (bobbin_download_get_context (download) == context);

  move (job, "https://example.org/f.bin");
  g_assert_null (bobbin_download_get_context (download));

  move (job, "https://john:hidden@example.org/f.bin");
  g_assert_cmpstr (bobbin_download_get_address (download), ==, "https://example.org/f.bin");
  g_assert_true (bobbin_download_has_address_login (download));
  g_assert_true (bobbin_http_context_has_login (bobbin_download_get_context (download)));

  move (job, "https://example.org/g.bin");
  g_assert_false (bobbin_download_has_address_login (download));
  g_assert_null (bobbin_download_get_context (download));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_test ("/move/same-file", BOBBIN_TEST_PLAIN, test_same_file);
  fixture_test ("/move/other-file", BOBBIN_TEST_PLAIN, test_other_file);
  fixture_test ("/move/whole", BOBBIN_TEST_PLAIN, test_whole);
  fixture_test ("/move/other-length", BOBBIN_TEST_PLAIN, test_other_length);
  fixture_test ("/move/fresh", BOBBIN_TEST_PLAIN, test_fresh);
  fixture_test ("/move/started-meanwhile", BOBBIN_TEST_PLAIN, test_started_meanwhile);
  fixture_test ("/move/stopped-meanwhile", BOBBIN_TEST_PLAIN, test_stopped_meanwhile);
  fixture_test ("/move/discarded-meanwhile", BOBBIN_TEST_PLAIN, test_discarded_meanwhile);
  fixture_test ("/move/removed-meanwhile", BOBBIN_TEST_PLAIN, test_removed_meanwhile);
  fixture_test ("/move/moved-meanwhile", BOBBIN_TEST_PLAIN, test_moved_meanwhile);
  fixture_test ("/move/secrets", BOBBIN_TEST_PLAIN, test_secrets);

  return g_test_run ();
}
