/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * GTask envelopes executed by threads of our own, as many as are wanted and no more, each with a
 * name, each joined.
 *
 * Why not g_task_run_in_thread(): GTask's pool is shared by the whole process. It has 10 threads
 * and adds one more only after a wait that grows, and GIO's file operations, its resolver and
 * glib-networking's TLS handshakes run in it too. Measured with GLib 2.74: of 200 long-running
 * tasks the 10th started at once, the 20th after 1.2 s, the 40th after 4.8 s, the 100th after 44 s
 * and the 200th after 914 s; in all that time not one of 918 g_file_query_info_async() and 918
 * resolver look-ups was answered.
 *
 * The worker never owns the GTask: when the work function has returned, the envelope goes back to
 * the main context and the task is returned there. So a task's callback runs only when the thread
 * has left the work function for good, and neither the task nor its source object is ever
 * unreferenced for the last time in a worker.
 *
 * Of the threads that have nothing to do the one that worked last is called first: what it keeps,
 * connections and the caches of processor and allocator, is still warm, and those that are not
 * needed have their time without work and leave.
 *
 * All functions are for the thread in whose thread-default main context the pool was made ("the
 * main thread"); only the work functions run in others.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-worker-pool.h"

/* A thread without work leaves after so many µs, and what it kept for the next job goes with it. */
#define IDLE_TIME (15 * G_TIME_SPAN_SECOND)

typedef struct
{
  BobbinWorkerPool *pool; /* alive until its last thread has been joined */
  GTask *task;            /* (owned) main only */
  gpointer spec;          /* the task's data */
  GCancellable *cancellable;
  BobbinMailboxSlot *slot; /* (owned) (nullable) */
  BobbinWorkFunc work;
  gint64 begun; /* monotonic µs; protected by the pool's mutex */
  gboolean done;
  GError *error; /* (owned) (nullable) */
} Envelope;

/* A thread that waits for work, on its own stack. */
typedef struct
{
  GCond cond;
  GList link;         /* in waiters until it is called */
  gboolean is_called; /* protected by the pool's mutex */
} Waiter;

struct _BobbinWorkerPool
{
  GObject parent_instance;

  char *name;            /* (owned) */
  GMainContext *context; /* (owned) */
  GThread *owner;        /* the main thread: who made it */
  guint n_started;       /* main only: for the threads' names */
  GSource *watch;        /* (owned) (nullable) main only: looks for stuck threads */
  GList *closers;        /* (owned) main only: GTask */
  guint n_threads;       /* main only: started and not joined */
  guint n_abandoned;     /* main only: of these, those that nobody waits for */
  guint n_in_flight;     /* main only: pushed and not returned */

  GMutex mutex;
  GQueue waiters;     /* of Waiter (unowned), the latest first; protected by mutex */
  GQueue pending;     /* of Envelope (owned); protected by mutex */
  GQueue busy;        /* of Envelope (unowned); protected by mutex */
  GQueue back;        /* of Envelope (owned), to be returned; protected by mutex */
  guint n_workers;    /* threads that take work; protected by mutex */
  guint n_idle;       /* threads that wait for work or just begin; protected by mutex */
  guint max_threads;  /* protected by mutex */
  gint64 stuck_after; /* µs, 0 for never; protected by mutex */
  guint max_stuck;    /* protected by mutex */
  gboolean closing;   /* protected by mutex */
};

G_DEFINE_FINAL_TYPE (BobbinWorkerPool, bobbin_worker_pool, G_TYPE_OBJECT)

static void bobbin_worker_pool_grow (BobbinWorkerPool *self);

static void
bobbin_worker_pool_invoke (BobbinWorkerPool *self,
                           const char *name,
                           GSourceFunc func,
                           gpointer data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, NULL);
  g_source_set_name (source, name);
  g_source_attach (source, self->context);
}

/* The envelope is back in the main thread; nothing of it is used in the worker any more. */
static void
bobbin_worker_pool_return (BobbinWorkerPool *self, Envelope *envelope)
{
  self->n_in_flight--;
  if (envelope->done)
    g_task_return_boolean (envelope->task, TRUE);
  else
    g_task_return_error (envelope->task, g_steal_pointer (&envelope->error));

  g_clear_pointer (&envelope->slot, bobbin_mailbox_slot_unref);
  g_clear_error (&envelope->error);
  g_object_unref (envelope->task);
  g_free (envelope);
}

/* All that have come back since the last time, in one turn of the main loop. */
static gboolean
on_envelopes_back (gpointer user_data)
{
  g_autoptr (BobbinWorkerPool) self = g_object_ref (user_data);
  GQueue back;
  Envelope *envelope;

  g_mutex_lock (&self->mutex);
  back = self->back;
  g_queue_init (&self->back);
  g_mutex_unlock (&self->mutex);

  while ((envelope = g_queue_pop_head (&back)) != NULL)
    bobbin_worker_pool_return (self, envelope);

  return G_SOURCE_REMOVE;
}

static void
bobbin_worker_pool_work (BobbinWorkerPool *self, Envelope *envelope)
{
  gboolean is_first;

  envelope->done =
    envelope->work (envelope->spec, envelope->slot, envelope->cancellable, &envelope->error);
  g_assert (envelope->done == (envelope->error == NULL));

  g_mutex_lock (&self->mutex);
  g_queue_remove (&self->busy, envelope);
  self->n_idle++;
  is_first = g_queue_is_empty (&self->back);
  g_queue_push_tail (&self->back, envelope);
  g_mutex_unlock (&self->mutex);

  if (is_first)
    bobbin_worker_pool_invoke (self, "[bobbin] workers returned", on_envelopes_back, self);
}

/* How many of the busy threads do not count any more. With the mutex held. */
static guint
bobbin_worker_pool_count_stuck (BobbinWorkerPool *self)
{
  const gint64 now = g_get_monotonic_time ();
  guint n_stuck = 0;

  if (self->stuck_after == 0)
    return 0;

  /* oldest first */
  for (GList *l = self->busy.head; l != NULL; l = l->next)
    {
      const Envelope *envelope = l->data;

      if (now - envelope->begun < self->stuck_after)
        break;
      n_stuck++;
    }

  return MIN (n_stuck, self->max_stuck);
}

/* One for each envelope: whoever is called takes it, or another one that finds it first. With the
 * mutex held. */
static void
bobbin_worker_pool_call (BobbinWorkerPool *self)
{
  GList *link = g_queue_pop_head_link (&self->waiters);
  Waiter *waiter;

  if (link == NULL)
    return;

  waiter = link->data;
  waiter->is_called = TRUE;
  g_cond_signal (&waiter->cond);
}

/* With the mutex held. */
static void
bobbin_worker_pool_call_all (BobbinWorkerPool *self)
{
  while (!g_queue_is_empty (&self->waiters))
    bobbin_worker_pool_call (self);
}

/* Whether it was called; else the time is over. With the mutex held. */
static gboolean
bobbin_worker_pool_wait (BobbinWorkerPool *self, gint64 until)
{
  Waiter waiter = { .link.data = &waiter };
  gboolean timed_out = FALSE;

  g_cond_init (&waiter.cond);
  g_queue_push_head_link (&self->waiters, &waiter.link);
  while (!waiter.is_called && !timed_out)
    timed_out = !g_cond_wait_until (&waiter.cond, &self->mutex, until);
  if (!waiter.is_called)
    g_queue_unlink (&self->waiters, &waiter.link);
  g_cond_clear (&waiter.cond);

  return waiter.is_called;
}

/* Waits for an envelope; NULL tells the thread, which counts as idle, to leave. */
static Envelope *
bobbin_worker_pool_take (BobbinWorkerPool *self)
{
  const gint64 until = g_get_monotonic_time () + IDLE_TIME;
  gboolean timed_out = FALSE;
  Envelope *envelope = NULL;

  g_mutex_lock (&self->mutex);
  while (g_queue_is_empty (&self->pending) && !self->closing && !timed_out &&
         self->n_workers <= self->max_threads)
    timed_out = !bobbin_worker_pool_wait (self, until);
  self->n_idle--;

  if (self->n_workers - bobbin_worker_pool_count_stuck (self) <= self->max_threads)
    envelope = g_queue_pop_head (&self->pending);
  if (envelope != NULL)
    {
      envelope->begun = g_get_monotonic_time ();
      g_queue_push_tail (&self->busy, envelope);
    }
  else
    {
      self->n_workers--;
    }
  g_mutex_unlock (&self->mutex);

  return envelope;
}

static void
bobbin_worker_pool_return_closers (BobbinWorkerPool *self)
{
  GList *closers = g_steal_pointer (&self->closers);

  for (GList *l = closers; l != NULL; l = l->next)
    g_task_return_boolean (l->data, TRUE);
  g_list_free_full (closers, g_object_unref);
}

/* A thread: what it is, and to whom it belongs. */
typedef struct
{
  BobbinWorkerPool *pool;
  GThread *thread; /* main only */
} Worker;

/* All that were abandoned have come back after all: the pool is not theirs any more. */
static void
bobbin_worker_pool_reclaim (BobbinWorkerPool *self)
{
  if (self->n_abandoned == 0 || self->n_threads > 0)
    return;

  self->n_abandoned = 0;
  g_object_unref (self);
}

static gboolean
on_worker_left (gpointer user_data)
{
  Worker *worker = user_data;
  g_autoptr (BobbinWorkerPool) pool = g_object_ref (worker->pool);

  /* Its last act was to send this: there is nothing to wait for. */
  g_thread_join (worker->thread);
  g_free (worker);

  pool->n_threads--;
  bobbin_worker_pool_reclaim (pool);
  if (pool->closers != NULL)
    {
      if (pool->n_threads <= pool->n_abandoned)
        bobbin_worker_pool_return_closers (pool);
    }
  else
    {
      bobbin_worker_pool_grow (pool);
    }

  return G_SOURCE_REMOVE;
}

/* What the present thread does before it leaves. */
typedef struct
{
  void (*func) (void);
} AtLeave;

static _Thread_local GSList *at_leave; /* (owned) of AtLeave (owned) */
static _Thread_local gboolean is_worker;

static gpointer
bobbin_worker_pool_thread (gpointer user_data)
{
  Worker *worker = user_data;
  BobbinWorkerPool *pool = worker->pool;
  Envelope *envelope;

  g_assert (pool->owner != g_thread_self ());
  is_worker = TRUE;
  while ((envelope = bobbin_worker_pool_take (pool)) != NULL)
    bobbin_worker_pool_work (pool, envelope);

  for (GSList *l = at_leave; l != NULL; l = l->next)
    ((const AtLeave *) l->data)->func ();
  g_slist_free_full (g_steal_pointer (&at_leave), g_free);

  bobbin_worker_pool_invoke (pool, "[bobbin] worker left", on_worker_left, worker);

  return NULL;
}

static void
bobbin_worker_pool_add_thread (BobbinWorkerPool *self)
{
  g_autofree char *name = g_strdup_printf ("%s-%u", self->name, ++self->n_started);
  Worker *worker = g_new0 (Worker, 1);

  worker->pool = self;
  self->n_threads++;
  worker->thread = g_thread_new (name, bobbin_worker_pool_thread, worker);
}

/* Says whether work waits that another thread might take now. */
static gboolean
bobbin_worker_pool_reserve_thread (BobbinWorkerPool *self, gboolean *must_watch)
{
  gboolean wanted;
  gboolean allowed;

  g_mutex_lock (&self->mutex);
  wanted = self->pending.length > self->n_idle;
  allowed = self->n_workers - bobbin_worker_pool_count_stuck (self) < self->max_threads;
  if (wanted && allowed)
    {
      self->n_workers++;
      self->n_idle++;
    }
  *must_watch = wanted && !allowed && self->stuck_after > 0;
  g_mutex_unlock (&self->mutex);

  return wanted && allowed;
}

static gboolean
on_watch (gpointer user_data)
{
  BobbinWorkerPool *self = user_data;

  g_clear_pointer (&self->watch, g_source_unref);
  bobbin_worker_pool_grow (self);

  return G_SOURCE_REMOVE;
}

/* Work waits behind threads that may turn out to be stuck: look again when they would be. */
static void
bobbin_worker_pool_watch (BobbinWorkerPool *self)
{
  if (self->watch != NULL)
    return;

  self->watch = g_timeout_source_new (1 + self->stuck_after / G_TIME_SPAN_MILLISECOND);
  g_source_set_callback (self->watch, on_watch, self, NULL);
  g_source_set_static_name (self->watch, "[bobbin] stuck workers");
  g_source_attach (self->watch, self->context);
}

static void
bobbin_worker_pool_grow (BobbinWorkerPool *self)
{
  gboolean must_watch;

  while (bobbin_worker_pool_reserve_thread (self, &must_watch))
    bobbin_worker_pool_add_thread (self);

  if (must_watch)
    bobbin_worker_pool_watch (self);
}

static void
bobbin_worker_pool_dispose (GObject *object)
{
  BobbinWorkerPool *self = BOBBIN_WORKER_POOL (object);

  /* Whoever made a pool closes it, and waits for that. */
  g_assert (self->n_threads == 0);

  if (self->watch != NULL)
    {
      g_source_destroy (self->watch);
      g_clear_pointer (&self->watch, g_source_unref);
    }

  G_OBJECT_CLASS (bobbin_worker_pool_parent_class)->dispose (object);
}

static void
bobbin_worker_pool_finalize (GObject *object)
{
  BobbinWorkerPool *self = BOBBIN_WORKER_POOL (object);

  g_assert (g_queue_is_empty (&self->pending) && g_queue_is_empty (&self->back));
  g_mutex_clear (&self->mutex);
  g_main_context_unref (self->context);
  g_free (self->name);

  G_OBJECT_CLASS (bobbin_worker_pool_parent_class)->finalize (object);
}

static void
bobbin_worker_pool_class_init (BobbinWorkerPoolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bobbin_worker_pool_dispose;
  object_class->finalize = bobbin_worker_pool_finalize;
}

static void
bobbin_worker_pool_init (BobbinWorkerPool *self)
{
  g_mutex_init (&self->mutex);
  g_queue_init (&self->waiters);
  g_queue_init (&self->pending);
  g_queue_init (&self->busy);
  g_queue_init (&self->back);
  self->context = g_main_context_ref_thread_default ();
  self->owner = g_thread_self ();
}

/**
 * bobbin_worker_pool_new:
 * @name: what its threads are called, up to 11 letters; a number is added
 * @max_threads: at most so many threads, at least 1
 *
 * Makes a pool. Threads are started when there is work for them and leave after 15 s without.
 *
 * Returns: (transfer full): a pool, to be closed with bobbin_worker_pool_close_async() before it is
 *   unreferenced
 */
BobbinWorkerPool *
bobbin_worker_pool_new (const char *name, guint max_threads)
{
  BobbinWorkerPool *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (max_threads > 0, NULL);

  self = g_object_new (BOBBIN_TYPE_WORKER_POOL, NULL);
  self->name = g_strdup (name);
  self->max_threads = max_threads;

  return self;
}

/**
 * bobbin_worker_pool_set_max_threads:
 * @self: a pool
 * @max_threads: at most so many threads, at least 1
 *
 * Changes the bound. Threads above it leave when their work has returned.
 */
void
bobbin_worker_pool_set_max_threads (BobbinWorkerPool *self, guint max_threads)
{
  g_return_if_fail (BOBBIN_IS_WORKER_POOL (self));
  g_return_if_fail (max_threads > 0);
  g_assert (self->owner == g_thread_self ());

  g_mutex_lock (&self->mutex);
  self->max_threads = max_threads;
  bobbin_worker_pool_call_all (self);
  g_mutex_unlock (&self->mutex);

  bobbin_worker_pool_grow (self);
}

/**
 * bobbin_worker_pool_set_overflow:
 * @self: a pool
 * @stuck_after: µs, or 0 for never
 * @max_stuck: so many threads at most, beyond the pool's bound
 *
 * From now on threads that have been at one piece of work for longer than @stuck_after do not
 * count as the pool's any more, so that a call the kernel does not return from holds up nobody
 * else.
 */
void
bobbin_worker_pool_set_overflow (BobbinWorkerPool *self, gint64 stuck_after, guint max_stuck)
{
  g_return_if_fail (BOBBIN_IS_WORKER_POOL (self));
  g_return_if_fail (stuck_after >= 0);
  g_assert (self->owner == g_thread_self ());

  g_mutex_lock (&self->mutex);
  self->stuck_after = stuck_after;
  self->max_stuck = max_stuck;
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_worker_pool_push:
 * @self: a pool
 * @task: its data is the spec that @work gets, its cancellable too
 * @work: what to do in the thread
 * @slot: (nullable): where @work reports to
 *
 * Has @work executed by one of the threads, in the order of pushing. When it has returned, @task is
 * returned as a boolean or an error from the main context; its callback is the proof that the
 * thread is out of @work.
 *
 * Returns: %FALSE if the pool closes; @task is left alone then
 */
gboolean
bobbin_worker_pool_push (BobbinWorkerPool *self,
                         GTask *task,
                         BobbinWorkFunc work,
                         BobbinMailboxSlot *slot)
{
  Envelope *envelope;

  g_return_val_if_fail (BOBBIN_IS_WORKER_POOL (self), FALSE);
  g_return_val_if_fail (G_IS_TASK (task), FALSE);
  g_return_val_if_fail (g_task_get_context (task) == self->context, FALSE);
  g_assert (self->owner == g_thread_self ());

  if (self->closing)
    return FALSE;

  /* The worker decides whether it was finished before the cancel came. */
  g_task_set_check_cancellable (task, FALSE);

  envelope = g_new0 (Envelope, 1);
  envelope->pool = self;
  envelope->task = g_object_ref (task);
  envelope->spec = g_task_get_task_data (task);
  envelope->cancellable = g_task_get_cancellable (task);
  envelope->slot = slot != NULL ? bobbin_mailbox_slot_ref (slot) : NULL;
  envelope->work = work;
  self->n_in_flight++;

  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->pending, envelope);
  bobbin_worker_pool_call (self);
  g_mutex_unlock (&self->mutex);

  bobbin_worker_pool_grow (self);

  return TRUE;
}

/**
 * bobbin_worker_pool_get_n_threads:
 * @self: a pool
 *
 * Returns: how many threads there are, those not joined yet included
 */
guint
bobbin_worker_pool_get_n_threads (BobbinWorkerPool *self)
{
  g_return_val_if_fail (BOBBIN_IS_WORKER_POOL (self), 0);

  return self->n_threads;
}

/**
 * bobbin_worker_pool_get_n_pending:
 * @self: a pool
 *
 * Returns: how many pushed tasks have not been returned yet
 */
guint
bobbin_worker_pool_get_n_pending (BobbinWorkerPool *self)
{
  g_return_val_if_fail (BOBBIN_IS_WORKER_POOL (self), 0);

  return self->n_in_flight;
}

/**
 * bobbin_worker_pool_close_async:
 * @self: a pool
 * @callback: called when every thread has been joined
 * @user_data: for @callback
 *
 * Refuses new work, cancels nothing, executes what was pushed before and joins all threads. May be
 * called again at any time; every call waits for the same end.
 */
void
bobbin_worker_pool_close_async (BobbinWorkerPool *self,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (BOBBIN_IS_WORKER_POOL (self));
  g_assert (self->owner == g_thread_self ());

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_worker_pool_close_async);
  g_task_set_name (task, "[bobbin] close pool");

  g_mutex_lock (&self->mutex);
  self->closing = TRUE;
  bobbin_worker_pool_call_all (self);
  g_mutex_unlock (&self->mutex);

  self->closers = g_list_prepend (self->closers, g_steal_pointer (&task));
  if (self->n_threads == 0)
    bobbin_worker_pool_return_closers (self);
}

/**
 * bobbin_worker_pool_close_finish:
 * @self: a pool
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE
 */
gboolean
bobbin_worker_pool_close_finish (BobbinWorkerPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * bobbin_worker_pool_abandon:
 * @self: a pool that closes
 *
 * Waits no longer for the threads that are at work: the kernel does not let go of them, and the
 * program ends. What they use is not freed, and neither is the pool, unless they come back.
 *
 * Returns: how many such threads there are
 */
guint
bobbin_worker_pool_abandon (BobbinWorkerPool *self)
{
  g_return_val_if_fail (BOBBIN_IS_WORKER_POOL (self), 0);
  g_return_val_if_fail (self->closing, 0);
  g_assert (self->owner == g_thread_self ());

  if (self->n_abandoned > 0 || self->n_threads == 0)
    return self->n_abandoned;

  g_mutex_lock (&self->mutex);
  self->n_abandoned = self->busy.length;
  g_mutex_unlock (&self->mutex);

  /* Theirs, until the last of them has left. */
  if (self->n_abandoned > 0)
    g_object_ref (self);
  if (self->n_threads <= self->n_abandoned)
    bobbin_worker_pool_return_closers (self);

  return self->n_abandoned;
}

/**
 * bobbin_worker_pool_at_leave:
 * @leave: called in this thread, as its last act
 *
 * For a work function that keeps something for the next one in the same thread, such as open
 * connections: @leave gives it back, before the thread is said to have left. Does nothing outside
 * of a pool's thread.
 */
void
bobbin_worker_pool_at_leave (void (*leave) (void))
{
  AtLeave *entry;

  if (!is_worker)
    return;

  entry = g_new0 (AtLeave, 1);
  entry->func = leave;
  at_leave = g_slist_prepend (at_leave, entry);
}
