/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The checksum of a file on the disk, computed by a worker.
 */
#include "config.h"

#include "bobbin-checksum-file.h"
#include "bobbin-error.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

/* More than a worker reads between two looks, and no round number. */
#define LENGTH (3 * 1024 * 1024 + 7)

typedef struct
{
  BobbinWorkerPool *pool;
  BobbinMailbox *mailbox;
  char *folder;
  char *path;
  GAsyncResult *result; /* (owned) (nullable) */
  gint64 reported;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bytes = g_malloc (LENGTH);

  for (gsize i = 0; i < LENGTH; i++)
    bytes[i] = (char) (i * 31 + i / 251);
  fixture->pool = bobbin_worker_pool_new ("test", 1);
  fixture->mailbox = bobbin_mailbox_new ();
  fixture->folder = g_dir_make_tmp ("bobbin-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "file", NULL);
  g_assert_true (g_file_set_contents (fixture->path, bytes, LENGTH, NULL));
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) closed = NULL;

  bobbin_worker_pool_close_async (fixture->pool, keep_result, &closed);
  wait_for (&closed);
  g_clear_object (&closed);
  g_clear_object (&fixture->result);
  g_assert_finalize_object (fixture->pool);
  bobbin_mailbox_unref (fixture->mailbox);
  g_remove (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
on_report (const BobbinReport *report, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpint (report->total, ==, LENGTH);
  fixture->reported = report->bytes;
}

static gboolean
compute (Fixture *fixture,
         GChecksumType type,
         GCancellable *cancellable,
         BobbinChecksum *checksum,
         GError **error)
{
  g_autoptr (BobbinMailboxSlot) slot =
    bobbin_mailbox_open (fixture->mailbox, on_report, NULL, fixture);
  gboolean done;

  g_clear_object (&fixture->result);
  bobbin_checksum_file_async (fixture->path, type, fixture->pool, slot, cancellable, keep_result,
                              &fixture->result);
  wait_for (&fixture->result);
  done = bobbin_checksum_file_finish (fixture->result, checksum, error);
  /* what was said last is on its way */
  while (done && fixture->reported < LENGTH)
    g_main_context_iteration (NULL, TRUE);
  bobbin_mailbox_slot_close (slot);

  return done;
}

/* As GLib computes it. */
static void
test_types (Fixture *fixture, gconstpointer data)
{
  const GChecksumType types[] = { G_CHECKSUM_MD5, G_CHECKSUM_SHA1, G_CHECKSUM_SHA256,
                                  G_CHECKSUM_SHA512 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (fixture->path, &bytes, &length, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *expected =
        g_compute_checksum_for_data (types[i], (const guchar *) bytes, length);
      g_autofree char *found = NULL;
      g_autoptr (GError) error = NULL;
      BobbinChecksum checksum;

      fixture->reported = 0;
      g_assert_true (compute (fixture, types[i], cancellable, &checksum, &error));
      g_assert_no_error (error);
      found = bobbin_checksum_to_string (&checksum);
      g_assert_true (g_str_has_suffix (found, expected));
      g_assert_cmpint (fixture->reported, ==, LENGTH);
    }
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  BobbinChecksum checksum;

  g_cancellable_cancel (cancellable);
  g_assert_false (compute (fixture, G_CHECKSUM_MD5, cancellable, &checksum, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A file that has gone, and what would never end. */
static void
test_no_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  BobbinChecksum checksum;

  g_assert_cmpint (g_remove (fixture->path), ==, 0);
  g_assert_false (compute (fixture, G_CHECKSUM_MD5, cancellable, &checksum, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_DISK);
  g_clear_error (&error);

  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  g_assert_false (compute (fixture, G_CHECKSUM_MD5, cancellable, &checksum, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_DISK);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/checksum-file/types", Fixture, NULL, set_up, test_types, tear_down);
  g_test_add ("/checksum-file/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  g_test_add ("/checksum-file/no-file", Fixture, NULL, set_up, test_no_file, tear_down);

  return g_test_run ();
}
