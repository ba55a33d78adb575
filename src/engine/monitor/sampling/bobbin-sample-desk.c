/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The samples of a pool that only wait for a server. One thread asks for all that are due, hears of
 * the answers in its own main context, and tells the main thread of those that came together in one
 * go: so of a hundred monitors of servers those that are due together cost two hand-overs and not
 * three each. A server that does not answer holds up nobody: it is one that is waited for, beside
 * the others. The thread is the pool's, from the first sample until nobody has a use for it.
 *
 * All functions are for the main thread, but where said otherwise.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-sample-desk-private.h"

#include "bobbin-clock-private.h"
#include "bobbin-http-session.h"

/* An answer waits so long, in µs, for those that are still to come to be told of with it. */
#define SLACK (10 * G_TIME_SPAN_MILLISECOND)

struct _BobbinSampleDesk
{
  gatomicrefcount ref_count;
  BobbinWorkerPool *pool; /* (owned) (nullable) main only */
  GMainContext *main;     /* (owned) */
  guint n_users;          /* main only */
  gboolean is_ringing;    /* main only: the thread will be woken up */

  GMutex mutex;
  GMainContext *context; /* (owned) (nullable) the thread's; protected by mutex */
  GQueue due;            /* of BobbinDeskSample (owned): to be asked for; protected by mutex */
  GQueue returned;       /* of BobbinDeskSample (owned): to be told of; protected by mutex */
  gboolean must_cancel;  /* some of those that are asked for; protected by mutex */
  gboolean posted;       /* the main thread comes for what returned; protected by mutex */
  gboolean closing;      /* protected by mutex */

  GQueue asked;    /* of BobbinDeskSample (owned): waited for; thread only */
  GSource *teller; /* (owned) (nullable) thread only */
};

struct _BobbinDeskSample
{
  GList link;
  BobbinSampleDesk *desk; /* (owned) */
  BobbinProbe *probe;     /* (owned) */
  BobbinDeskFunc func;    /* (nullable) main only: NULL where nobody wants to hear of it */
  gpointer user_data;
  int is_cancelled; /* (atomic) */

  /* The thread's, then, when it has returned, the main thread's. */
  GCancellable *cancellable; /* (owned) (nullable) thread only */
  gint64 came;               /* boottime µs */
  gint64 asleep;             /* µs: the clock's when it began, then meanwhile */
  BobbinSample found;
  GError *error; /* (owned) (nullable) */
};

static GQuark
desk_quark (void)
{
  return g_quark_from_static_string ("bobbin-sample-desk");
}

static void
desk_unref (gpointer data)
{
  BobbinSampleDesk *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->context == NULL && self->asked.length == 0);
  g_mutex_clear (&self->mutex);
  g_main_context_unref (self->main);
  g_free (self);
}

static BobbinSampleDesk *
desk_ref (BobbinSampleDesk *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
sample_free (BobbinDeskSample *self)
{
  bobbin_probe_unref (self->probe);
  bobbin_sample_clear (&self->found);
  g_clear_error (&self->error);
  desk_unref (self->desk);
  g_free (self);
}

/* Any thread. */
static void
invoke_in_main (BobbinSampleDesk *self, GSourceFunc func, const char *name)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, desk_ref (self), desk_unref);
  g_source_set_name (source, name);
  g_source_attach (source, self->main);
}

/* ---- the thread */

/* Each may have others cancelled or abandoned, and the desk left. */
static gboolean
on_returned (gpointer user_data)
{
  BobbinSampleDesk *self = user_data;
  GQueue returned;
  GList *link;

  g_mutex_lock (&self->mutex);
  returned = self->returned;
  g_queue_init (&self->returned);
  self->posted = FALSE;
  g_mutex_unlock (&self->mutex);

  while ((link = g_queue_pop_head_link (&returned)) != NULL)
    {
      BobbinDeskSample *sample = link->data;

      if (sample->func != NULL)
        sample->func (sample->came, sample->asleep, &sample->found, sample->error,
                      sample->user_data);
      sample_free (sample);
    }

  return G_SOURCE_REMOVE;
}

static void
tell (BobbinSampleDesk *self)
{
  gboolean must_post;

  g_mutex_lock (&self->mutex);
  must_post = !self->posted && !g_queue_is_empty (&self->returned);
  self->posted |= must_post;
  g_mutex_unlock (&self->mutex);

  if (must_post)
    invoke_in_main (self, on_returned, "[bobbin] samples of servers");
}

static gboolean
on_slack_over (gpointer user_data)
{
  BobbinSampleDesk *self = user_data;

  g_source_set_ready_time (self->teller, -1);
  tell (self);

  return G_SOURCE_CONTINUE;
}

/* Who stops waits for what was cancelled. */
static void
tell_soon (BobbinSampleDesk *self, gboolean is_urgent)
{
  if (is_urgent || g_queue_is_empty (&self->asked))
    on_slack_over (self);
  else if (g_source_get_ready_time (self->teller) < 0)
    g_source_set_ready_time (self->teller, g_get_monotonic_time () + SLACK);
}

static void
on_sampled (GError *error, gpointer user_data)
{
  BobbinDeskSample *sample = user_data;
  BobbinSampleDesk *self = sample->desk;
  const gboolean is_cancelled = g_atomic_int_get (&sample->is_cancelled);

  sample->came = bobbin_clock_get_boottime ();
  sample->asleep = bobbin_clock_get_asleep () - sample->asleep;
  sample->error = error;
  g_clear_object (&sample->cancellable);

  g_queue_unlink (&self->asked, &sample->link);
  g_mutex_lock (&self->mutex);
  g_queue_push_tail_link (&self->returned, &sample->link);
  g_mutex_unlock (&self->mutex);
  tell_soon (self, is_cancelled);
}

static void
begin (BobbinSampleDesk *self, BobbinDeskSample *sample)
{
  g_queue_push_tail_link (&self->asked, &sample->link);
  sample->asleep = bobbin_clock_get_asleep ();
  sample->cancellable = g_cancellable_new ();
  if (g_atomic_int_get (&sample->is_cancelled))
    g_cancellable_cancel (sample->cancellable);
  bobbin_probe_ask (sample->probe, sample->cancellable, &sample->found, on_sampled, sample);
}

static void
cancel_some (BobbinSampleDesk *self)
{
  GList *next;

  for (GList *l = self->asked.head; l != NULL; l = next)
    {
      BobbinDeskSample *sample = l->data;

      next = l->next;
      if (g_atomic_int_get (&sample->is_cancelled))
        g_cancellable_cancel (sample->cancellable);
    }
}

/* Does what the main thread wants; returns whether there is something to wait for. */
static gboolean
look (BobbinSampleDesk *self)
{
  gboolean must_cancel;
  gboolean closing;
  GQueue due;
  GList *link;

  g_mutex_lock (&self->mutex);
  due = self->due;
  g_queue_init (&self->due);
  must_cancel = self->must_cancel;
  self->must_cancel = FALSE;
  closing = self->closing;
  g_mutex_unlock (&self->mutex);

  if (must_cancel)
    cancel_some (self);
  while ((link = g_queue_pop_head_link (&due)) != NULL)
    begin (self, link->data);

  return !closing || !g_queue_is_empty (&self->asked);
}

static gboolean
teller_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs teller_funcs = { .dispatch = teller_dispatch };

static void
sit_down (BobbinSampleDesk *self, GMainContext *context)
{
  self->teller = g_source_new (&teller_funcs, sizeof (GSource));
  g_source_set_callback (self->teller, on_slack_over, self, NULL);
  g_source_set_static_name (self->teller, "[bobbin] answers of servers");
  g_source_attach (self->teller, context);

  g_mutex_lock (&self->mutex);
  self->context = g_main_context_ref (context);
  g_mutex_unlock (&self->mutex);
}

static void
stand_up (BobbinSampleDesk *self)
{
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_unlock (&self->mutex);

  g_source_destroy (self->teller);
  g_clear_pointer (&self->teller, g_source_unref);
}

/* What the pool's thread does: a [callback@BobbinWorkFunc]. Connections are not kept for others,
 * nor taken over: a probe that had the thread before may have trusted what nobody else does. */
static gboolean
work (gpointer spec, BobbinMailboxSlot *slot, GCancellable *cancellable, GError **error)
{
  BobbinSampleDesk *self = spec;
  BobbinHttpSession *session = bobbin_http_session_get ();

  g_main_context_push_thread_default (session->context);
  bobbin_http_session_enter (session, NULL);
  sit_down (self, session->context);
  while (look (self))
    g_main_context_iteration (session->context, TRUE);
  stand_up (self);
  bobbin_http_session_forget (session);
  g_main_context_pop_thread_default (session->context);

  return TRUE;
}

/* ---- the main thread */

static gboolean
desk_open (BobbinSampleDesk *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, desk_ref (self), desk_unref);
  g_task_set_source_tag (task, desk_open);
  g_task_set_name (task, "[bobbin] samples of servers");

  return bobbin_worker_pool_push (self->pool, task, work, NULL);
}

static void
desk_close (BobbinSampleDesk *self)
{
  g_mutex_lock (&self->mutex);
  self->closing = TRUE;
  if (self->context != NULL)
    g_main_context_wakeup (self->context);
  g_mutex_unlock (&self->mutex);

  g_object_set_qdata (G_OBJECT (self->pool), desk_quark (), NULL);
  g_clear_object (&self->pool);
  desk_unref (self);
}

/**
 * bobbin_sample_desk_join: (skip)
 * @pool: in whose threads
 *
 * Makes use of the pool's desk, of which there is one.
 *
 * Returns: (transfer full) (nullable): the desk, to be left with bobbin_sample_desk_leave(); %NULL
 *   if the pool closes
 */
BobbinSampleDesk *
bobbin_sample_desk_join (BobbinWorkerPool *pool)
{
  BobbinSampleDesk *self = g_object_get_qdata (G_OBJECT (pool), desk_quark ());

  if (self == NULL)
    {
      self = g_new0 (BobbinSampleDesk, 1);
      g_atomic_ref_count_init (&self->ref_count);
      g_mutex_init (&self->mutex);
      self->pool = g_object_ref (pool);
      self->main = g_main_context_ref_thread_default ();
      g_object_set_qdata (G_OBJECT (pool), desk_quark (), self);
      if (!desk_open (self))
        {
          desk_close (self);
          return NULL;
        }
    }
  self->n_users++;

  return self;
}

/**
 * bobbin_sample_desk_leave: (skip)
 * @self: (transfer full): a desk where nothing is waited for, but what was abandoned
 *
 * The last one has its thread return.
 */
void
bobbin_sample_desk_leave (BobbinSampleDesk *self)
{
  if (--self->n_users == 0)
    desk_close (self);
}

static gboolean
on_ring (gpointer user_data)
{
  BobbinSampleDesk *self = user_data;

  self->is_ringing = FALSE;
  g_mutex_lock (&self->mutex);
  if (self->context != NULL)
    g_main_context_wakeup (self->context);
  g_mutex_unlock (&self->mutex);

  return G_SOURCE_REMOVE;
}

/**
 * bobbin_sample_desk_take: (skip)
 * @self: a desk
 * @probe: what to take a sample with; it said that it is light
 * @func: whom to tell
 * @user_data: for @func
 *
 * Takes a sample, with all others that are due in this turn of the main loop.
 *
 * Returns: (transfer none): the sample, until @func is told of it
 */
BobbinDeskSample *
bobbin_sample_desk_take (BobbinSampleDesk *self,
                         BobbinProbe *probe,
                         BobbinDeskFunc func,
                         gpointer user_data)
{
  BobbinDeskSample *sample = g_new0 (BobbinDeskSample, 1);

  sample->link.data = sample;
  sample->desk = desk_ref (self);
  sample->probe = bobbin_probe_ref (probe);
  sample->func = func;
  sample->user_data = user_data;
  sample->found = (BobbinSample) BOBBIN_SAMPLE_INIT;

  g_mutex_lock (&self->mutex);
  g_queue_push_tail_link (&self->due, &sample->link);
  g_mutex_unlock (&self->mutex);
  if (!self->is_ringing)
    invoke_in_main (self, on_ring, "[bobbin] samples are due");
  self->is_ringing = TRUE;

  return sample;
}

/**
 * bobbin_desk_sample_cancel: (skip)
 * @self: a sample that was not told of
 *
 * Ends it wherever it waits; it is told of all the same.
 */
void
bobbin_desk_sample_cancel (BobbinDeskSample *self)
{
  BobbinSampleDesk *desk = self->desk;

  g_atomic_int_set (&self->is_cancelled, TRUE);
  g_mutex_lock (&desk->mutex);
  desk->must_cancel = TRUE;
  if (desk->context != NULL)
    g_main_context_wakeup (desk->context);
  g_mutex_unlock (&desk->mutex);
}

/**
 * bobbin_desk_sample_abandon: (skip)
 * @self: (transfer full): a sample that was cancelled and not told of
 *
 * Nobody is told of it any more.
 */
void
bobbin_desk_sample_abandon (BobbinDeskSample *self)
{
  self->func = NULL;
}
