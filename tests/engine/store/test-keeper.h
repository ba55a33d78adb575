/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "test-store.h"

#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-job-private.h"
#include "bobbin-queue-keeper-private.h"

/* What the tests of keepers share: sessions, each a queue and a keeper of their own over the same
 * file, as if they were programs one after the other. */

/* Nobody listens there: a download of it fails at once. */
#define ADDRESS "http://127.0.0.1:1/f%u.bin"

typedef struct
{
  BobbinJobQueue *queue;
  BobbinQueueKeeper *keeper;
  guint n_troubles;
} Session;

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static inline void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = test_make_folder ();
  f->path = g_build_filename (f->folder, "bobbin.db", NULL);
}

static inline void
tear_down (Fixture *f, gconstpointer data)
{
  test_delete_folder (f->folder);
  g_free (f->path);
}

static inline void
on_trouble (BobbinQueueKeeper *keeper, const char *sentence, Session *session)
{
  g_assert_cmpstr (sentence, !=, "");
  session->n_troubles++;
}

static inline void
begin_unopened (Session *session, const char *path)
{
  *session = (Session){ .queue = bobbin_job_queue_new () };
  session->keeper = bobbin_queue_keeper_new (session->queue, path);
  g_signal_connect (session->keeper, "trouble", G_CALLBACK (on_trouble), session);
}

static inline void
begin (Session *session, const char *path)
{
  guint n_opened = 0;

  begin_unopened (session, path);
  bobbin_queue_keeper_open_async (session->keeper, test_count, &n_opened);
  test_wait (n_opened == 1);
}

static inline void
end (Session *session)
{
  guint n_ended = 0;

  bobbin_job_queue_shutdown_async (session->queue, test_count, &n_ended);
  test_wait (n_ended == 1);
  bobbin_queue_keeper_close_async (session->keeper, test_count, &n_ended);
  test_wait (n_ended == 2);
  g_assert_finalize_object (session->keeper);
  g_assert_finalize_object (session->queue);
}

static inline BobbinJob *
get_job (Session *session, guint position)
{
  g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (session->queue), position);

  g_assert_nonnull (job);

  return job; /* the queue's */
}

static inline guint
get_n_jobs (Session *session)
{
  return g_list_model_get_n_items (G_LIST_MODEL (session->queue));
}

static inline GPtrArray *
make_downloads (Fixture *f, guint n)
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *address = g_strdup_printf (ADDRESS, i);
      BobbinJob *job = bobbin_download_new (address, f->folder);

      g_object_set (job, "retries", 0, NULL);
      g_ptr_array_add (jobs, job);
    }

  return jobs;
}

static inline gboolean
add_all (Session *session, GPtrArray *jobs, gboolean start, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bobbin_queue_keeper_add_async (session->keeper, jobs, start, test_keep_result, &result);
  test_wait (result != NULL);

  return bobbin_queue_keeper_add_finish (session->keeper, result, error);
}

static inline void
add_downloads (Session *session, Fixture *f, guint n)
{
  g_autoptr (GPtrArray) jobs = make_downloads (f, n);
  g_autoptr (GError) error = NULL;

  add_all (session, jobs, FALSE, &error);
  g_assert_no_error (error);
}

static inline void
remove_job (Session *session, BobbinJob *job)
{
  guint n_removed = 0;

  bobbin_job_queue_remove_async (session->queue, job, test_count, &n_removed);
  test_wait (n_removed == 1);
}

static inline void
on_last_turn (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* What the store has been told by the end of this turn of the main loop: it does one thing after
 * the other. */
static inline BobbinStoreJob *
get_stored (Session *session, guint position)
{
  g_autoptr (GPtrArray) rows = NULL;
  gboolean is_over = FALSE;

  g_idle_add_once (on_last_turn, &is_over);
  test_wait (is_over);
  rows = test_read_jobs (session->keeper->store);
  g_ptr_array_set_free_func (rows, NULL);
  for (guint i = 0; i < rows->len; i++)
    if (i != position)
      bobbin_store_job_free (g_ptr_array_index (rows, i));

  return g_ptr_array_index (rows, position);
}

static inline BobbinStoreState
get_stored_state (Session *session, guint position)
{
  BobbinStoreJob *row = get_stored (session, position);
  const BobbinStoreState state = row->state;

  bobbin_store_job_free (row);

  return state;
}

/* The one slot is taken, by a job of no kind that is kept. */
static inline void
begin_full (Session *session, const char *path)
{
  g_autoptr (BobbinJob) running = test_job_new (TEST_JOB_WAIT);
  guint n_opened = 0;

  begin_unopened (session, path);
  bobbin_job_queue_set_max_transfers (session->queue, 1);
  bobbin_job_queue_add (session->queue, running);
  bobbin_job_start (running);
  bobbin_queue_keeper_open_async (session->keeper, test_count, &n_opened);
  test_wait (n_opened == 1);
}

static inline guint
count_rows (Session *session)
{
  g_autoptr (GPtrArray) rows = test_read_jobs (session->keeper->store);

  return rows->len;
}
