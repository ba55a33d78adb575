/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The database, on a thread of its own. Whoever made the store asks in the main thread, never
 * waits, and is called back there. Requests are met in their order; batches that came while the
 * disk was busy with others are committed together. What the thread does is in
 * bobbin-store-side.c. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-store.h"

#include "bobbin-error.h"
#include "bobbin-store-side-private.h"

#include <glib/gi18n-lib.h>

struct _BobbinStore
{
  GObject parent_instance;

  GThread *owner;        /* the main thread: who made it */
  GThread *thread;       /* (owned) (nullable) */
  BobbinStoreSide *side; /* (owned) */
  gboolean closing;

  char *set_aside; /* (owned) (nullable) */
  gint64 last_number;
  gint64 last_place;
};

G_DEFINE_FINAL_TYPE (BobbinStore, bobbin_store, G_TYPE_OBJECT)

enum
{
  FINISHED,
  EXPIRED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
bobbin_store_note_opened (BobbinStore *self, BobbinStoreRequest *request)
{
  self->set_aside = g_steal_pointer (&request->set_aside);
  self->last_number = request->number;
  self->last_place = request->place;
}

static void
request_return (BobbinStoreRequest *request)
{
  BobbinStore *self = g_task_get_source_object (request->task);

  if (request->kind == BOBBIN_STORE_CLOSE)
    g_thread_join (g_steal_pointer (&self->thread)); /* that was its last act */
  if (request->kind == BOBBIN_STORE_OPEN && request->error == NULL)
    bobbin_store_note_opened (self, request);

  if (request->batch != NULL && request->batch->has_finished && request->error == NULL)
    g_signal_emit (self, signals[FINISHED], 0);
  if (request->batch != NULL && request->batch->expiry > 0 && request->error == NULL)
    g_signal_emit (self, signals[EXPIRED], 0, request->batch->expiry);

  if (request->error != NULL)
    g_task_return_error (request->task, g_steal_pointer (&request->error));
  else if (request->rows != NULL)
    g_task_return_pointer (request->task, g_steal_pointer (&request->rows),
                           (GDestroyNotify) g_ptr_array_unref);
  else if (request->span != NULL)
    g_task_return_pointer (request->task, g_steal_pointer (&request->span),
                           (GDestroyNotify) bobbin_history_span_free);
  else
    g_task_return_boolean (request->task, TRUE);
}

static gboolean
return_answers (gpointer user_data)
{
  GPtrArray *requests = user_data;

  for (guint i = 0; i < requests->len; i++)
    {
      BobbinStoreRequest *request = g_ptr_array_index (requests, i);

      request_return (request);
      bobbin_store_request_free (request);
    }
  g_ptr_array_unref (requests);

  return G_SOURCE_REMOVE;
}

static BobbinStoreRequest *
request_new_cancellable (BobbinStore *self,
                         BobbinStoreRequestKind kind,
                         gpointer tag,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  BobbinStoreRequest *request = g_new0 (BobbinStoreRequest, 1);

  g_assert (self->owner == g_thread_self ());

  request->kind = kind;
  request->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (request->task, tag);
  g_task_set_name (request->task, "[bobbin] store");
  g_set_object (&request->cancellable, cancellable);

  return request;
}

static BobbinStoreRequest *
request_new (BobbinStore *self,
             BobbinStoreRequestKind kind,
             gpointer tag,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  return request_new_cancellable (self, kind, tag, NULL, callback, user_data);
}

/* Takes the request. */
static void
bobbin_store_post (BobbinStore *self, BobbinStoreRequest *request)
{
  if (self->thread == NULL || self->closing)
    {
      g_task_return_new_error (request->task, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED, "%s",
                               _ ("The list of jobs has been closed."));
      bobbin_store_request_free (request);
      return;
    }

  self->closing = request->kind == BOBBIN_STORE_CLOSE;
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

  g_clear_pointer (&self->side, bobbin_store_side_free);
  g_free (self->set_aside);

  G_OBJECT_CLASS (bobbin_store_parent_class)->finalize (object);
}

static void
bobbin_store_class_init (BobbinStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_store_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_store_finalize;

  /**
   * BobbinStore::finished:
   * @self: the store
   *
   * Jobs have been written that have finished: what bobbin_store_read_finished_async() reads may
   * begin with others than before.
   */
  signals[FINISHED] = g_signal_new ("finished", BOBBIN_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);

  /**
   * BobbinStore::expired:
   * @self: the store
   * @time: µs since 1970
   *
   * What had finished before @time has been forgotten.
   */
  signals[EXPIRED] = g_signal_new ("expired", BOBBIN_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
bobbin_store_init (BobbinStore *self)
{
  self->owner = g_thread_self ();
}

/**
 * bobbin_store_dup_default_path:
 *
 * Where the app has its database: in the user's folder for data, and each profile in one of its
 * own. Any thread.
 *
 * Returns: (transfer full) (type filename): an absolute path
 */
char *
bobbin_store_dup_default_path (void)
{
  const char *folder = g_str_equal (PROFILE, "development") ? "bobbin-devel" : "bobbin";

  return g_build_filename (g_get_user_data_dir (), folder, "bobbin.db", NULL);
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
  BobbinStore *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (BOBBIN_TYPE_STORE, NULL);
  self->side = bobbin_store_side_new (path, return_answers);

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

  self->thread = g_thread_new ("store", bobbin_store_side_run, self->side);
  bobbin_store_post (self, request_new (self, BOBBIN_STORE_OPEN, bobbin_store_open_async, callback,
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
  BobbinStoreRequest *request;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (batch != NULL);

  request = request_new (self, BOBBIN_STORE_WRITE, bobbin_store_write_async, callback, user_data);
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
  BobbinStoreRequest *request;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  request =
    request_new (self, BOBBIN_STORE_READ_JOBS, bobbin_store_read_jobs_async, callback, user_data);
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
  BobbinStoreRequest *request;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  request = request_new (self, BOBBIN_STORE_READ_EVENTS, bobbin_store_read_events_async, callback,
                         user_data);
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
 * bobbin_store_read_history_async:
 * @self: an open store
 * @query: what is asked
 * @callback: called when the answer is there
 * @user_data: for @callback
 *
 * Reads what is known of some time of a monitor, as of what was written before.
 */
void
bobbin_store_read_history_async (BobbinStore *self,
                                 const BobbinHistoryQuery *query,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  BobbinStoreRequest *request;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (query->from < query->to);

  request = request_new (self, BOBBIN_STORE_READ_HISTORY, bobbin_store_read_history_async, callback,
                         user_data);
  request->query = *query;
  bobbin_store_post (self, request);
}

/**
 * bobbin_store_read_history_finish:
 * @self: a store
 * @result: what the callback got
 * @error: what the disk says
 *
 * Returns: (transfer full) (nullable): what was found
 */
BobbinHistorySpan *
bobbin_store_read_history_finish (BobbinStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * bobbin_store_read_finished_async:
 * @self: an open store
 * @query: which
 * @cancellable: (nullable): ends the reading, and the wish for the answer
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Reads downloads that finished, as of what was written before.
 */
void
bobbin_store_read_finished_async (BobbinStore *self,
                                  const BobbinFinishedQuery *query,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  BobbinStoreRequest *request;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (query->n_rows > 0);

  request =
    request_new_cancellable (self, BOBBIN_STORE_READ_FINISHED, bobbin_store_read_finished_async,
                             cancellable, callback, user_data);
  request->finished = *query;
  request->finished.search = request->search = g_strdup (query->search);
  bobbin_store_post (self, request);
}

/**
 * bobbin_store_read_finished_finish:
 * @self: a store
 * @result: what the callback got
 * @error: %G_IO_ERROR_CANCELLED, or what the disk says
 *
 * Returns: (transfer full) (nullable) (element-type BobbinFinished): a page, the newest first; none
 *   are left after fewer than were asked for
 */
GPtrArray *
bobbin_store_read_finished_finish (BobbinStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * bobbin_store_set_keep:
 * @self: a store that was opened
 * @keep: how much
 *
 * Sets how much history is kept. What is too old goes with time.
 */
void
bobbin_store_set_keep (BobbinStore *self, const BobbinHistoryKeep *keep)
{
  BobbinStoreRequest *request;

  g_return_if_fail (BOBBIN_IS_STORE (self));

  request = request_new (self, BOBBIN_STORE_SET_KEEP, bobbin_store_set_keep, NULL, NULL);
  request->keep = *keep;
  bobbin_store_post (self, request);
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

  bobbin_store_post (self, request_new (self, BOBBIN_STORE_CLOSE, bobbin_store_close_async,
                                        callback, user_data));
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
