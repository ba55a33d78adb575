/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How jobs come into the queue: those of before from the store, in their order, and new ones once
 * the store has them. A hundred thousand must not hold up the main loop: they are read by the page,
 * and come a few in a turn. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-queue-keeper-private.h"

#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-job-private.h"
#include "bobbin-job-settings.h"

#include <glib/gi18n-lib.h>

/* So many jobs are read at once. */
#define PAGE 200

/* So many come into the queue in one turn of the main loop: a frame is not to wait for more. */
#define TURN 40

static void on_page (GObject *object, GAsyncResult *result, gpointer user_data);

/* Into the queue with them, and started those that are to be. None if it is closing. */
static gboolean
take_jobs (BobbinQueueKeeper *self, GPtrArray *jobs, gboolean (*starts) (const BobbinKept *kept))
{
  guint n_taken;

  self->taking = TRUE;
  n_taken = bobbin_job_queue_add_all (self->queue, jobs);
  self->taking = FALSE;

  for (guint i = 0; i < n_taken; i++)
    {
      BobbinJob *job = g_ptr_array_index (jobs, i);

      if (starts (bobbin_queue_keeper_get_kept (job)))
        bobbin_job_start (job);
    }

  return n_taken == jobs->len;
}

static gboolean
is_wanted_active (const BobbinKept *kept)
{
  return kept->state == BOBBIN_STORE_ACTIVE;
}

/* ---- jobs of before */

static void
restore (BobbinJob *job, const BobbinStoreJob *row)
{
  g_autoptr (GError) error = NULL;

  if (row->state == BOBBIN_STORE_FAILED)
    error =
      g_error_new_literal (BOBBIN_ERROR, bobbin_error_code_by_name (row->error),
                           row->message != NULL ? row->message : C_ ("state of a job", "Failed"));
  bobbin_job_restore (job, error, row->state == BOBBIN_STORE_DONE, row->bytes, row->total,
                      row->created, row->started, row->ended);
  if (BOBBIN_IS_DOWNLOAD (job) && bobbin_job_get_state (job) == BOBBIN_JOB_IDLE)
    bobbin_download_expect_file (BOBBIN_DOWNLOAD (job), row->created);
}

/* What cannot be understood stays in the store: another version may. */
static BobbinJob *
make_job (const BobbinStoreJob *row)
{
  g_autoptr (GError) error = NULL;
  BobbinJob *job = bobbin_job_settings_load (row->kind, row->settings, &error);

  if (job == NULL)
    g_message ("Job %s is left out: %s", row->id, error->message);
  else
    restore (job, row);

  return job;
}

/* Then it is in the queue already. */
static gboolean
was_moved (BobbinQueueKeeper *self, const BobbinStoreJob *row)
{
  return self->moved != NULL && g_hash_table_contains (self->moved, &row->number);
}

/* The next of @rows, a turn's worth. */
static void
take_rows (BobbinQueueKeeper *self, GPtrArray *rows)
{
  const guint end = MIN (self->n_taken + TURN, rows->len);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  for (; self->n_taken < end; self->n_taken++)
    {
      const BobbinStoreJob *row = g_ptr_array_index (rows, self->n_taken);
      BobbinJob *job;

      /* One that was added or moved since has been read, too. */
      if (row->number > self->old_number || was_moved (self, row) || (job = make_job (row)) == NULL)
        continue;

      bobbin_queue_keeper_keep_row (self, job, row);
      g_ptr_array_add (jobs, job);
    }
  take_jobs (self, jobs, is_wanted_active);
}

static void take_intake (BobbinQueueKeeper *self);

static void
loaded (BobbinQueueKeeper *self, GError *error)
{
  g_autoptr (GTask) open = g_steal_pointer (&self->open);

  g_clear_pointer (&self->moved, g_hash_table_unref);
  if (error != NULL)
    g_task_return_error (open, error);
  else
    g_task_return_boolean (open, TRUE);
  take_intake (self);
}

static void
read_page (BobbinQueueKeeper *self, gint64 after_place, gint64 after_number)
{
  bobbin_store_read_jobs_async (self->store, after_place, after_number, PAGE, on_page,
                                g_object_ref (self));
}

static gboolean
on_page_turn (gpointer user_data)
{
  BobbinQueueKeeper *self = user_data;
  g_autoptr (GPtrArray) page = g_ptr_array_ref (self->page);
  const BobbinStoreJob *last = page->len > 0 ? g_ptr_array_index (page, page->len - 1) : NULL;

  take_rows (self, page);
  /* it may have been ended meanwhile */
  if (self->page != page)
    return G_SOURCE_REMOVE;
  if (self->n_taken < page->len)
    return G_SOURCE_CONTINUE;

  self->page_source = 0;
  g_clear_pointer (&self->page, g_ptr_array_unref);
  if (page->len < PAGE)
    loaded (self, NULL);
  else
    read_page (self, last->place, last->number);

  return G_SOURCE_REMOVE;
}

static void
on_page (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinQueueKeeper) self = user_data;
  g_autoptr (GPtrArray) page = NULL;
  g_autoptr (GError) error = NULL;

  page = bobbin_store_read_jobs_finish (BOBBIN_STORE (object), result, &error);
  if (self->open == NULL)
    return;
  if (page == NULL)
    {
      loaded (self, g_steal_pointer (&error));
      return;
    }

  self->page = g_steal_pointer (&page);
  self->n_taken = 0;
  self->page_source = g_idle_add (on_page_turn, self);
  g_source_set_name_by_id (self->page_source, "[bobbin] load of jobs");
}

/* Takes the task. */
static void
refuse (GTask *task)
{
  g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED, "%s",
                           _ ("Bobbin is quitting and begins nothing new."));
  g_object_unref (task);
}

/* Nothing more gets into the queue: it is closing. What was not read, or is on its way, stays where
 * it is: in the store. */
void
bobbin_queue_keeper_end_load (BobbinQueueKeeper *self)
{
  GTask *open = g_steal_pointer (&self->open);
  GTask *add;

  g_clear_handle_id (&self->page_source, g_source_remove);
  g_clear_pointer (&self->page, g_ptr_array_unref);
  g_clear_handle_id (&self->intake_source, g_source_remove);
  if (open != NULL)
    refuse (open);
  while ((add = g_queue_pop_head (&self->intake)) != NULL)
    refuse (add);
}

static void
begin_early (BobbinQueueKeeper *self)
{
  for (guint i = 0; i < self->early->len; i++)
    bobbin_queue_keeper_begin_add (self, g_ptr_array_index (self->early, i));
  g_ptr_array_set_size (self->early, 0);
}

static void
note_opened (BobbinQueueKeeper *self)
{
  self->last_number = self->old_number = bobbin_store_get_last_number (self->store);
  self->last_place = bobbin_store_get_last_place (self->store);
  if (bobbin_store_get_set_aside (self->store) != NULL)
    {
      bobbin_queue_keeper_complain (
        self, self->last_number > 0
                ? _ ("The logs of the jobs were damaged and have been set aside")
                : _ ("The list of jobs was damaged and has been set aside"));
      self->troubled = FALSE;
    }
}

static void
on_opened (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinQueueKeeper) self = user_data;
  g_autoptr (GError) error = NULL;

  self->broken = !bobbin_store_open_finish (BOBBIN_STORE (object), result, &error);
  self->opened = TRUE;
  if (!self->broken)
    {
      note_opened (self);
      bobbin_queue_keeper_take_up_all (self);
    }
  begin_early (self);

  if (self->closing)
    bobbin_queue_keeper_end (self);
  else if (self->broken)
    loaded (self, g_steal_pointer (&error));
  else
    read_page (self, G_MININT64, 0);
}

/**
 * bobbin_queue_keeper_open_async:
 * @self: a new keeper
 * @callback: (nullable): called when the jobs of before are in the queue
 * @user_data: for @callback
 *
 * Opens the store and brings the jobs in it into the queue, in their order. What ran or waited when
 * they were last seen is started again; the rest is what it was. May be called once.
 */
void
bobbin_queue_keeper_open_async (BobbinQueueKeeper *self,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (BOBBIN_IS_QUEUE_KEEPER (self));
  g_return_if_fail (self->open == NULL && !self->opened && !self->closing);

  self->open = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->open, bobbin_queue_keeper_open_async);
  g_task_set_name (self->open, "[bobbin] load of the list");
  bobbin_store_open_async (self->store, on_opened, g_object_ref (self));
}

/**
 * bobbin_queue_keeper_open_finish:
 * @self: a keeper
 * @result: what the callback got
 * @error: why the list cannot be opened or read. If it cannot be opened jobs can be added all the
 *   same, and are not kept
 *
 * Returns: whether all jobs of before are in the queue
 */
gboolean
bobbin_queue_keeper_open_finish (BobbinQueueKeeper *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- new jobs */

static gboolean
starts_always (const BobbinKept *kept)
{
  return TRUE;
}

static gboolean
starts_never (const BobbinKept *kept)
{
  return FALSE;
}

/* A turn's worth of what an add has; says whether that was the last. */
static gboolean
take_some (BobbinQueueKeeper *self, GTask *task)
{
  BobbinKeeperAdd *add = g_task_get_task_data (task);
  const guint n = MIN (add->jobs->len - add->n_taken, TURN);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (jobs, g_object_ref (g_ptr_array_index (add->jobs, add->n_taken + i)));
  add->n_taken += n;

  if (!take_jobs (self, jobs, add->start ? starts_always : starts_never))
    {
      refuse (g_object_ref (task));
      return TRUE;
    }
  if (add->n_taken < add->jobs->len)
    return FALSE;

  g_task_return_boolean (task, TRUE);

  return TRUE;
}

static gboolean
on_intake (gpointer user_data)
{
  BobbinQueueKeeper *self = user_data;

  self->intake_source = 0;
  take_intake (self);

  return G_SOURCE_REMOVE;
}

/* Not before the jobs of before: new ones stand behind them. */
static void
take_intake (BobbinQueueKeeper *self)
{
  GTask *task = g_queue_peek_head (&self->intake);

  if (task == NULL || self->open != NULL || self->intake_source != 0)
    return;

  if (take_some (self, task))
    g_object_unref (g_queue_pop_head (&self->intake));
  if (!g_queue_is_empty (&self->intake))
    {
      self->intake_source = g_idle_add (on_intake, self);
      g_source_set_name_by_id (self->intake_source, "[bobbin] intake of jobs");
    }
}

/* The store has its jobs; the queue gets them, or else the next start's does. */
void
bobbin_queue_keeper_take_in (BobbinQueueKeeper *self, GTask *task)
{
  if (self->closing)
    {
      refuse (g_object_ref (task));
      return;
    }

  g_queue_push_tail (&self->intake, g_object_ref (task));
  take_intake (self);
}

/* The store is open, or cannot be. */
void
bobbin_queue_keeper_begin_add (BobbinQueueKeeper *self, GTask *task)
{
  BobbinKeeperAdd *add = g_task_get_task_data (task);
  const BobbinStoreState state = add->start ? BOBBIN_STORE_ACTIVE : BOBBIN_STORE_IDLE;

  for (guint i = 0; i < add->jobs->len; i++)
    {
      bobbin_queue_keeper_keep (self, g_ptr_array_index (add->jobs, i), state);
      if (!self->broken)
        bobbin_queue_keeper_put_now (self, g_ptr_array_index (add->jobs, i));
    }

  if (self->broken)
    bobbin_queue_keeper_take_in (self, task);
  else
    g_ptr_array_add (bobbin_queue_keeper_get_turn (self)->adds, g_object_ref (task));
}

static void
add_free (gpointer data)
{
  BobbinKeeperAdd *add = data;

  g_ptr_array_unref (add->jobs);
  g_free (add);
}

/**
 * bobbin_queue_keeper_add_async:
 * @self: a keeper
 * @jobs: (element-type BobbinJob): new jobs, in no queue
 * @start: whether to start them
 * @callback: (nullable): called when they are in the queue
 * @user_data: for @callback
 *
 * Puts @jobs down in the store, all or none, and then adds them to the end of the queue: what is
 * seen there is on the disk. What comes before the store is open waits for that. Jobs that were
 * asked for before the queue was closed are put down all the same, and come at the next start.
 */
void
bobbin_queue_keeper_add_async (BobbinQueueKeeper *self,
                               GPtrArray *jobs,
                               gboolean start,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  BobbinKeeperAdd *add;

  g_return_if_fail (BOBBIN_IS_QUEUE_KEEPER (self));
  g_return_if_fail (jobs != NULL && jobs->len > 0);

  add = g_new0 (BobbinKeeperAdd, 1);
  add->jobs = g_ptr_array_copy (jobs, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
  g_ptr_array_set_free_func (add->jobs, g_object_unref);
  add->start = start;
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_queue_keeper_add_async);
  g_task_set_name (task, "[bobbin] add jobs");
  g_task_set_task_data (task, add, add_free);

  if (self->closing || bobbin_job_queue_is_closing (self->queue))
    refuse (g_steal_pointer (&task));
  else if (!self->opened)
    g_ptr_array_add (self->early, g_steal_pointer (&task));
  else
    bobbin_queue_keeper_begin_add (self, task);
}

/**
 * bobbin_queue_keeper_add_finish:
 * @self: a keeper
 * @result: what the callback got
 * @error: %BOBBIN_ERROR_CLOSED while the queue is closing; %BOBBIN_ERROR_NO_SPACE, or what else the
 *   disk says, and then nothing was added
 *
 * Returns: whether the jobs were added
 */
gboolean
bobbin_queue_keeper_add_finish (BobbinQueueKeeper *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
