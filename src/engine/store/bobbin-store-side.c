/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The thread of the store: meets requests in their order, and keeps the history in order while
 * there are none. A request comes and goes back whole: neither the store object is touched here,
 * nor the tasks, which are only carried. The store's thread only, but for the making and freeing.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-store-side-private.h"

#include "bobbin-error.h"

#include <glib/gi18n-lib.h>

/**
 * bobbin_store_request_free: (skip)
 * @request: a request
 *
 * Frees it and what it was answered.
 */
void
bobbin_store_request_free (BobbinStoreRequest *request)
{
  g_clear_object (&request->task);
  g_clear_pointer (&request->batch, bobbin_store_batch_free);
  g_clear_object (&request->cancellable);
  g_free (request->search);
  g_clear_error (&request->error);
  g_clear_pointer (&request->rows, g_ptr_array_unref);
  g_clear_pointer (&request->span, bobbin_history_span_free);
  g_free (request->set_aside);
  g_free (request);
}

static gboolean
side_is_open (BobbinStoreSide *side, GError **error)
{
  if (side->rows != NULL)
    return TRUE;

  if (side->open_error != NULL)
    g_propagate_error (error, g_error_copy (side->open_error));
  else
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED,
                         _ ("The list of jobs has been closed."));

  return FALSE;
}

static void
side_close (BobbinStoreSide *side)
{
  g_clear_pointer (&side->rows, bobbin_store_rows_free);
  g_clear_pointer (&side->file, bobbin_store_file_close);
}

static void
side_open (BobbinStoreSide *side, BobbinStoreRequest *request)
{
  side->file = bobbin_store_file_open (side->path, &side->open_error);
  if (side->file != NULL)
    {
      side->rows = bobbin_store_rows_new (bobbin_store_file_get_db (side->file), &side->open_error);
      request->set_aside = g_strdup (bobbin_store_file_get_set_aside (side->file));
    }
  if (side->rows == NULL || !bobbin_store_rows_read_bounds (side->rows, &request->number,
                                                            &request->place, &side->open_error))
    side_close (side);

  side_is_open (side, &request->error);
}

/* All of these in one transaction. */
static gboolean
side_try_write (BobbinStoreSide *side, BobbinStoreRequest **requests, guint n, GError **error)
{
  gboolean durable = FALSE;
  gboolean done;

  if (!side_is_open (side, error))
    return FALSE;

  for (guint i = 0; i < n; i++)
    durable = durable || requests[i]->batch->durable;
  done = bobbin_store_rows_begin (side->rows, durable, error);
  for (guint i = 0; i < n && done; i++)
    done = bobbin_store_rows_apply (side->rows, requests[i]->batch, error);
  done = done && bobbin_store_rows_commit (side->rows, error);
  if (!done)
    bobbin_store_rows_roll_back (side->rows);

  return done;
}

static void
forget_finished (BobbinStoreBatch *batch)
{
  for (guint i = 0; i < batch->changes->len; i++)
    {
      BobbinStoreChange *change = &g_array_index (batch->changes, BobbinStoreChange, i);

      if (change->kind == BOBBIN_STORE_PUT_JOB)
        g_clear_pointer (&change->job->finished, bobbin_finished_free);
    }
  batch->has_finished = FALSE;
}

/* Damage where it is noted what has finished is no reason not to put down that jobs are done. */
static void
side_write_one (BobbinStoreSide *side, BobbinStoreRequest *request)
{
  if (side_try_write (side, &request, 1, &request->error) || !request->batch->has_finished ||
      !g_error_matches (request->error, BOBBIN_ERROR, BOBBIN_ERROR_DISK))
    return;

  g_message ("What has finished could not be noted: %s", request->error->message);
  g_clear_error (&request->error);
  forget_finished (request->batch);
  side_try_write (side, &request, 1, &request->error);
}

/* Together if that succeeds, and else each by itself: one that fails is no reason for the others.
 */
static void
side_write (BobbinStoreSide *side, BobbinStoreRequest **requests, guint n)
{
  if (n > 1 && side_try_write (side, requests, n, NULL))
    return;

  for (guint i = 0; i < n; i++)
    side_write_one (side, requests[i]);
}

static void
side_meet (BobbinStoreSide *side, BobbinStoreRequest *request)
{
  if (request->kind == BOBBIN_STORE_OPEN)
    side_open (side, request);
  else if (request->kind == BOBBIN_STORE_CLOSE)
    side_close (side);
  else if (!side_is_open (side, &request->error))
    return;
  else if (request->kind == BOBBIN_STORE_READ_JOBS)
    request->rows = bobbin_store_rows_read_jobs (side->rows, request->place, request->number,
                                                 request->n_jobs, &request->error);
  else if (request->kind == BOBBIN_STORE_READ_EVENTS)
    request->rows = bobbin_store_rows_read_events (side->rows, request->number, &request->error);
  else if (request->kind == BOBBIN_STORE_READ_HISTORY)
    request->span = bobbin_history_rows_read (bobbin_store_rows_get_history (side->rows),
                                              &request->query, &request->error);
  else if (request->kind == BOBBIN_STORE_READ_FINISHED)
    request->rows =
      bobbin_finished_rows_read (bobbin_store_rows_get_finished (side->rows), &request->finished,
                                 request->cancellable, &request->error);
  else
    bobbin_history_rows_set_keep (bobbin_store_rows_get_history (side->rows), &request->keep);
}

static void
side_answer (BobbinStoreSide *side, GPtrArray *requests)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[bobbin] answers of the store");
  g_source_set_callback (source, side->answer, requests, NULL);
  g_source_attach (source, side->context);
}

/* Takes all requests there are; waits for one if there is nothing else to do. */
static GPtrArray *
side_take (BobbinStoreSide *side, gboolean wait)
{
  GPtrArray *requests = g_ptr_array_new ();
  BobbinStoreRequest *request;

  g_async_queue_lock (side->requests);
  if (wait)
    g_ptr_array_add (requests, g_async_queue_pop_unlocked (side->requests));
  while ((request = g_async_queue_try_pop_unlocked (side->requests)) != NULL)
    g_ptr_array_add (requests, request);
  g_async_queue_unlock (side->requests);

  return requests;
}

/* Meets all of these requests; says whether they want the thread to go on. */
static gboolean
side_meet_all (BobbinStoreSide *side, GPtrArray *requests)
{
  BobbinStoreRequest **all = (BobbinStoreRequest **) requests->pdata;
  guint i = 0;

  while (i < requests->len)
    {
      guint n = 0;

      while (i + n < requests->len && all[i + n]->kind == BOBBIN_STORE_WRITE)
        n++;
      if (n > 0)
        side_write (side, all + i, n);
      else
        side_meet (side, all[i]);
      i += MAX (n, 1);
    }

  return all[requests->len - 1]->kind != BOBBIN_STORE_CLOSE;
}

/* ---- between requests */

static gboolean
side_has_work (BobbinStoreSide *side)
{
  return side->rows != NULL &&
         bobbin_history_rows_has_work (bobbin_store_rows_get_history (side->rows));
}

/* A piece of the history's work. What fails is history, and no reason to trouble anyone: it is
 * tried again. */
static void
side_work (BobbinStoreSide *side)
{
  BobbinHistoryRows *history = bobbin_store_rows_get_history (side->rows);
  const gint64 now = bobbin_history_clock_read (&side->clock);
  g_autoptr (GError) error = NULL;

  if (bobbin_store_rows_begin (side->rows, FALSE, &error) &&
      bobbin_history_rows_work (history, now, &error) &&
      bobbin_store_rows_commit (side->rows, &error))
    return;

  bobbin_store_rows_roll_back (side->rows);
  bobbin_history_rows_undone (history);
  g_message ("The history could not be put in order: %s", error->message);
}

/**
 * bobbin_store_side_run: (skip)
 * @data: a #BobbinStoreSide
 *
 * The thread: until a request to close has been met.
 *
 * Returns: nothing
 */
gpointer
bobbin_store_side_run (gpointer data)
{
  BobbinStoreSide *side = data;
  gboolean going_on = TRUE;

  while (going_on)
    {
      GPtrArray *requests = side_take (side, !side_has_work (side));

      if (requests->len > 0)
        {
          going_on = side_meet_all (side, requests);
          side_answer (side, requests);
        }
      else
        {
          side_work (side);
          g_ptr_array_unref (requests);
        }
    }

  return NULL;
}

/**
 * bobbin_store_side_new: (skip)
 * @path: (type filename): where the database is, or shall be
 * @answer: called in the thread-default main context of the caller, with requests that were met
 *
 * Returns: (transfer full): what the thread has
 */
BobbinStoreSide *
bobbin_store_side_new (const char *path, GSourceFunc answer)
{
  BobbinStoreSide *side = g_new0 (BobbinStoreSide, 1);

  side->path = g_strdup (path);
  side->context = g_main_context_ref_thread_default ();
  side->answer = answer;
  side->requests = g_async_queue_new ();

  return side;
}

/**
 * bobbin_store_side_free: (skip)
 * @side: what no thread has any more
 */
void
bobbin_store_side_free (BobbinStoreSide *side)
{
  g_clear_error (&side->open_error);
  g_async_queue_unref (side->requests);
  g_main_context_unref (side->context);
  g_free (side->path);
  g_free (side);
}
