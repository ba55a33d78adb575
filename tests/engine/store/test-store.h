/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-store.h"
#include "bobbin-test-job.h"

#include <glib/gstdio.h>

/* What the tests of the store share: a folder of their own, and the store's calls as if they were
 * not asynchronous. */

static inline char *
test_make_folder (void)
{
  char *folder = g_dir_make_tmp ("bobbin-store-XXXXXX", NULL);

  g_assert_nonnull (folder);

  return folder;
}

/* Deletes a folder of plain files; takes its name. */
static inline void
test_delete_folder (char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);
}

static inline void
test_keep_result (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static inline gboolean
test_open (BobbinStore *store, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bobbin_store_open_async (store, test_keep_result, &result);
  test_wait (result != NULL);

  return bobbin_store_open_finish (store, result, error);
}

static inline gboolean
test_write (BobbinStore *store, BobbinStoreBatch *batch, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bobbin_store_write_async (store, batch, test_keep_result, &result);
  test_wait (result != NULL);

  return bobbin_store_write_finish (store, result, error);
}

static inline GPtrArray *
test_read_jobs (BobbinStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *jobs;

  bobbin_store_read_jobs_async (store, G_MININT64, 0, G_MAXINT, test_keep_result, &result);
  test_wait (result != NULL);
  jobs = bobbin_store_read_jobs_finish (store, result, &error);
  g_assert_no_error (error);

  return jobs;
}

/* Closes and frees it. */
static inline void
test_close (BobbinStore *store)
{
  guint n_closed = 0;

  bobbin_store_close_async (store, test_count, &n_closed);
  test_wait (n_closed == 1);
  g_assert_finalize_object (store);
}

static inline BobbinStoreJob *
test_make_job (gint64 number, gint64 place)
{
  BobbinStoreJob *job = g_new0 (BobbinStoreJob, 1);
  g_autofree char *id = g_uuid_string_random ();

  job->number = number;
  g_strlcpy (job->id, id, sizeof job->id);
  job->kind = g_strdup ("download");
  job->place = place;
  job->settings = g_strdup_printf ("{\"address\":\"http://127.0.0.1/%d\"}", (int) number);
  job->total = -1;
  job->created = 1;

  return job;
}
