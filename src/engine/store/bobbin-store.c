/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The database, on a thread of its own. Whoever made the store asks in the main thread, never
 * waits, and is called back there. Requests are met in their order; batches that came while the
 * disk was busy with others are committed together.
 *
 * A request goes to the thread and comes back whole: the thread never touches the store object,
 * nor the tasks, which it only carries.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-store.h"

#include "bobbin-error.h"
#include "bobbin-store-batch-private.h"
#include "bobbin-store-file.h"
#include "bobbin-store-rows.h"

#include <glib/gi18n-lib.h>

typedef enum
{
  REQUEST_OPEN,
  REQUEST_WRITE,
  REQUEST_READ_JOBS,
  REQUEST_READ_EVENTS,
  REQUEST_CLOSE,
} RequestKind;

typedef struct
{
  RequestKind kind;
  GTask *task;             /* (owned) main thread only */
  BobbinStoreBatch *batch; /* (owned) (nullable) */
  gint64 number;
  gint64 place;
  guint n_jobs;

  /* the answer */
  GError *error;   /* (owned) (nullable) */
  GPtrArray *rows; /* (owned) (nullable) */
  char *set_aside; /* (owned) (nullable) */
} Request;

/* What the thread has. */
typedef struct
{
  char *path;            /* (owned) */
  GMainContext *context; /* (owned) where answers go */
  GAsyncQueue *requests; /* (owned) of Request (owned) */
  BobbinStoreFile *file; /* (owned) (nullable) thread only */
  BobbinStoreRows *rows; /* (owned) (nullable) thread only */
  GError *open_error;    /* (owned) (nullable) thread only: why there is no database */
} Side;

struct _BobbinStore
{
  GObject parent_instance;

  GThread *owner;  /* the main thread: who made it */
  GThread *thread; /* (owned) (nullable) */
  Side *side;      /* (owned) */
  gboolean closing;

  char *set_aside; /* (owned) (nullable) */
  gint64 last_number;
  gint64 last_place;
};

G_DEFINE_FINAL_TYPE (BobbinStore, bobbin_store, G_TYPE_OBJECT)

static void
request_free (Request *request)
{
  g_clear_object (&request->task);
  g_clear_pointer (&request->batch, bobbin_store_batch_free);
  g_clear_error (&request->error);
  g_clear_pointer (&request->rows, g_ptr_array_unref);
  g_free (request->set_aside);
  g_free (request);
}

/* ---- in the thread */

static gboolean
side_is_open (Side *side, GError **error)
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
side_close (Side *side)
{
  g_clear_pointer (&side->rows, bobbin_store_rows_free);
  g_clear_pointer (&side->file, bobbin_store_file_close);
}

static void
side_open (Side *side, Request *request)
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
side_try_write (Side *side, Request **requests, guint n, GError **error)
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

/* Together if that succeeds, and else each by itself: one that fails is no reason for the others.
 */
static void
side_write (Side *side, Request **requests, guint n)
{
  if (n > 1 && side_try_write (side, requests, n, NULL))
    return;

  for (guint i = 0; i < n; i++)
    side_try_write (side, &requests[i], 1, &requests[i]->error);
}

static void
side_meet (Side *side, Request *request)
{
  if (request->kind == REQUEST_OPEN)
    side_open (side, request);
  else if (request->kind == REQUEST_CLOSE)
    side_close (side);
  else if (!side_is_open (side, &request->error))
    return;
  else if (request->kind == REQUEST_READ_JOBS)
    request->rows = bobbin_store_rows_read_jobs (side->rows, request->place, request->number,
                                                 request->n_jobs, &request->error);
  else
    request->rows = bobbin_store_rows_read_events (side->rows, request->number, &request->error);
}

static gboolean return_answers (gpointer user_data);

static void
side_answer (Side *side, GPtrArray *requests)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[bobbin] answers of the store");
  g_source_set_callback (source, return_answers, requests, NULL);
  g_source_attach (source, side->context);
}

/* Waits for requests, and takes all there are. */
static GPtrArray *
side_take (Side *side)
{
  GPtrArray *requests = g_ptr_array_new ();
  Request *request;

  g_async_queue_lock (side->requests);
  g_ptr_array_add (requests, g_async_queue_pop_unlocked (side->requests));
  while ((request = g_async_queue_try_pop_unlocked (side->requests)) != NULL)
    g_ptr_array_add (requests, request);
  g_async_queue_unlock (side->requests);

  return requests;
}

/* Meets all of these requests; says whether they want the thread to go on. */
static gboolean
side_meet_all (Side *side, GPtrArray *requests)
{
  Request **all = (Request **) requests->pdata;
  guint i = 0;

  while (i < requests->len)
    {
      guint n = 0;

      while (i + n < requests->len && all[i + n]->kind == REQUEST_WRITE)
        n++;
      if (n > 0)
        side_write (side, all + i, n);
      else
        side_meet (side, all[i]);
      i += MAX (n, 1);
    }

  return all[requests->len - 1]->kind != REQUEST_CLOSE;
}

static gpointer
store_thread (gpointer data)
{
  Side *side = data;
  gboolean going_on = TRUE;

  while (going_on)
    {
      GPtrArray *requests = side_take (side);

      going_on = side_meet_all (side, requests);
      side_answer (side, requests);
    }

  return NULL;
}

/* ---- in the main thread */

static void
bobbin_store_note_opened (BobbinStore *self, Request *request)
{
  self->set_aside = g_steal_pointer (&request->set_aside);
  self->last_number = request->number;
  self->last_place = request->place;
}

static void
request_return (Request *request)
{
  BobbinStore *self = g_task_get_source_object (request->task);

  if (request->kind == REQUEST_CLOSE)
    g_thread_join (g_steal_pointer (&self->thread)); /* that was its last act */
  if (request->kind == REQUEST_OPEN && request->error == NULL)
    bobbin_store_note_opened (self, request);

  if (request->error != NULL)
    g_task_return_error (request->task, g_steal_pointer (&request->error));
  else if (request->rows != NULL)
    g_task_return_pointer (request->task, g_steal_pointer (&request->rows),
                           (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_boolean (request->task, TRUE);
}

static gboolean
return_answers (gpointer user_data)
{
  GPtrArray *requests = user_data;

  for (guint i = 0; i < requests->len; i++)
    {
      Request *request = g_ptr_array_index (requests, i);

      request_return (request);
      request_free (request);
    }
  g_ptr_array_unref (requests);

  return G_SOURCE_REMOVE;
}

static Request *
request_new (BobbinStore *self,
             RequestKind kind,
             gpointer tag,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  g_assert (self->owner == g_thread_self ());

  request->kind = kind;
  request->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (request->task, tag);
  g_task_set_name (request->task, "[bobbin] store");

  return request;
}

/* Takes the request. */
static void
bobbin_store_post (BobbinStore *self, Request *request)
{
  if (self->thread == NULL || self->closing)
    {
      g_task_return_new_error (request->task, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED, "%s",
                               _ ("The list of jobs has been closed."));
      request_free (request);
      return;
    }

  self->closing = request->kind == REQUEST_CLOSE;
  g_async_queue_push (self->side->requests, request);
}

static void
bobbin_store_dispose (GObject *object)
{
  /* Open requests hold the store, and the thread meets the last of them only when it ends. */
  g_assert (BOBBIN_STORE (object)->thread == NULL);

  G_OBJECT_CLASS (bobbin_store_parent_class)->dispose (object);
}

static void
bobbin_store_finalize (GObject *object)
{
  BobbinStore *self = BOBBIN_STORE (object);

  g_clear_error (&self->side->open_error);
  g_async_queue_unref (self->side->requests);
  g_main_context_unref (self->side->context);
  g_free (self->side->path);
  g_free (self->side);
  g_free (self->set_aside);

  G_OBJECT_CLASS (bobbin_store_parent_class)->finalize (object);
}

static void
bobbin_store_class_init (BobbinStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_store_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_store_finalize;
}

static void
bobbin_store_init (BobbinStore *self)
{
  self->owner = g_thread_self ();
  self->side = g_new0 (Side, 1);
  self->side->context = g_main_context_ref_thread_default ();
  self->side->requests = g_async_queue_new ();
}

/**
 * bobbin_store_new:
 * @path: (type filename): where the database is, or shall be
 *
 * Makes a store; nothing is opened yet. It calls back in the thread-default main context of the
 * caller.
 *
 * Returns: (transfer full): a store, to be ended with bobbin_store_close_async() once it was opened
 */
BobbinStore *
bobbin_store_new (const char *path)
{
  BobbinStore *self = g_object_new (BOBBIN_TYPE_STORE, NULL);

  g_return_val_if_fail (path != NULL, NULL);

  self->side->path = g_strdup (path);

  return self;
}

/**
 * bobbin_store_open_async:
 * @self: a new store
 * @callback: (nullable): called when it is open
 * @user_data: for @callback
 *
 * Starts the thread and opens the database: locks it, looks it over, brings it up to date. A
 * damaged one is set aside. The store is to be closed even if that fails.
 */
void
bobbin_store_open_async (BobbinStore *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (self->thread == NULL && !self->closing);

  self->thread = g_thread_new ("store", store_thread, self->side);
  bobbin_store_post (self, request_new (self, REQUEST_OPEN, bobbin_store_open_async, callback,
                                        user_data));
}

/**
 * bobbin_store_open_finish:
 * @self: a store
 * @result: what the callback got
 * @error: %BOBBIN_ERROR_IN_USE if another program has it open, %BOBBIN_ERROR_UNSUPPORTED if a newer
 *   one wrote it; else what the file system says
 *
 * Returns: whether it is open
 */
gboolean
bobbin_store_open_finish (BobbinStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * bobbin_store_get_set_aside:
 * @self: an open store
 *
 * Returns: (transfer none) (nullable) (type filename): where the damaged database is that was found
 */
const char *
bobbin_store_get_set_aside (BobbinStore *self)
{
  g_return_val_if_fail (BOBBIN_IS_STORE (self), NULL);

  return self->set_aside;
}

/**
 * bobbin_store_get_last_number:
 * @self: an open store
 *
 * Returns: the highest number of a job when it was opened
 */
gint64
bobbin_store_get_last_number (BobbinStore *self)
{
  g_return_val_if_fail (BOBBIN_IS_STORE (self), 0);

  return self->last_number;
}

/**
 * bobbin_store_get_last_place:
 * @self: an open store
 *
 * Returns: the highest place of a job when it was opened
 */
gint64
bobbin_store_get_last_place (BobbinStore *self)
{
  g_return_val_if_fail (BOBBIN_IS_STORE (self), 0);

  return self->last_place;
}

/**
 * bobbin_store_write_async:
 * @self: an open store
 * @batch: (transfer full): what to change
 * @callback: (nullable): called when it is written, as far as @batch wants it to be
 * @user_data: for @callback
 *
 * Writes @batch: all of it or nothing.
 */
void
bobbin_store_write_async (BobbinStore *self,
                          BobbinStoreBatch *batch,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Request *request;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (batch != NULL);

  request = request_new (self, REQUEST_WRITE, bobbin_store_write_async, callback, user_data);
  request->batch = batch;
  bobbin_store_post (self, request);
}

/**
 * bobbin_store_write_finish:
 * @self: a store
 * @result: what the callback got
 * @error: %BOBBIN_ERROR_NO_SPACE, or what else the disk says
 *
 * Returns: whether it is written
 */
gboolean
bobbin_store_write_finish (BobbinStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * bobbin_store_read_jobs_async:
 * @self: an open store
 * @after_place: place and
 * @after_number: number of the last job that was read; %G_MININT64 and 0 to begin
 * @n_jobs: so many, at most
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Reads jobs in their order.
 */
void
bobbin_store_read_jobs_async (BobbinStore *self,
                              gint64 after_place,
                              gint64 after_number,
                              guint n_jobs,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  Request *request;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  request =
    request_new (self, REQUEST_READ_JOBS, bobbin_store_read_jobs_async, callback, user_data);
  request->place = after_place;
  request->number = after_number;
  request->n_jobs = n_jobs;
  bobbin_store_post (self, request);
}

/**
 * bobbin_store_read_jobs_finish:
 * @self: a store
 * @result: what the callback got
 * @error: what the disk says
 *
 * Returns: (transfer full) (nullable) (element-type BobbinStoreJob): jobs; none are left after
 *   fewer than were asked for
 */
GPtrArray *
bobbin_store_read_jobs_finish (BobbinStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * bobbin_store_read_events_async:
 * @self: an open store
 * @number: of a job
 * @callback: called when its log is there
 * @user_data: for @callback
 *
 * Reads what is kept of a job's log.
 */
void
bobbin_store_read_events_async (BobbinStore *self,
                                gint64 number,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  Request *request;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  request =
    request_new (self, REQUEST_READ_EVENTS, bobbin_store_read_events_async, callback, user_data);
  request->number = number;
  bobbin_store_post (self, request);
}

/**
 * bobbin_store_read_events_finish:
 * @self: a store
 * @result: what the callback got
 * @error: what the disk says
 *
 * Returns: (transfer full) (nullable) (element-type BobbinStoreEvent): the log, oldest line first
 */
GPtrArray *
bobbin_store_read_events_finish (BobbinStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * bobbin_store_close_async:
 * @self: a store that was opened, with or without success
 * @callback: (nullable): called when it is closed
 * @user_data: for @callback
 *
 * Writes what was asked for before, closes the database and joins the thread. Nothing can be asked
 * for after it.
 */
void
bobbin_store_close_async (BobbinStore *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  bobbin_store_post (self, request_new (self, REQUEST_CLOSE, bobbin_store_close_async, callback,
                                        user_data));
}

/**
 * bobbin_store_close_finish:
 * @self: a store
 * @result: what the callback got
 * @error: %BOBBIN_ERROR_CLOSED if it was closed before
 *
 * Returns: %TRUE: the thread is no more
 */
gboolean
bobbin_store_close_finish (BobbinStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
