/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Those of a queue's jobs that were put off, see bobbin_job_put_off(): in the order in which they
 * are due. There may be as many as there are jobs, so that they hold nothing: one timer serves all
 * of them, and one source all that await the same. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-queue-private.h"

#include "bobbin-job-private.h"

/* Some say how long they still wait. */
#define TICK_TIME G_TIME_SPAN_SECOND

/* What jobs of a class await. */
typedef struct
{
  BobbinJobQueue *queue; /* (unowned) */
  GType type;
  guint awaits;
  GSource *source; /* (owned) */
} Gate;

static void
gate_free (gpointer data)
{
  Gate *gate = data;

  g_source_destroy (gate->source);
  g_source_unref (gate->source);
  g_free (gate);
}

void
bobbin_job_queue_init_later (BobbinJobQueue *self)
{
  self->later = g_sequence_new (NULL);
  self->gates = g_ptr_array_new_with_free_func (gate_free);
}

static void
clear_timer (BobbinJobQueue *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

void
bobbin_job_queue_clear_later (BobbinJobQueue *self)
{
  clear_timer (self);
  g_clear_pointer (&self->gates, g_ptr_array_unref);
  g_clear_pointer (&self->later, g_sequence_free);
}

/* Whether it stands among them. */
gboolean
bobbin_job_queue_has_later (BobbinJob *job)
{
  const BobbinJobDelay *delay = bobbin_job_get_delay (job);

  return delay != NULL && delay->iter != NULL;
}

static BobbinJob *
get_first (BobbinJobQueue *self)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->later);

  return g_sequence_iter_is_end (iter) ? NULL : g_sequence_get (iter);
}

/* The one that is due, and has been for longest; NULL if none is. */
BobbinJob *
bobbin_job_queue_get_due (BobbinJobQueue *self)
{
  BobbinJob *first = get_first (self);
  const gboolean is_due =
    first != NULL && bobbin_job_get_delay (first)->until <= g_get_monotonic_time ();

  return is_due ? first : NULL;
}

/* ---- time */

/* Has those put it into words anew whose words anybody looks at. */
static void
bobbin_job_queue_describe_later (BobbinJobQueue *self)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  for (GSequenceIter *i = g_sequence_get_begin_iter (self->later); !g_sequence_iter_is_end (i);
       i = g_sequence_iter_next (i))
    if (bobbin_job_has_status_line (g_sequence_get (i)))
      g_ptr_array_add (jobs, g_object_ref (g_sequence_get (i)));

  for (guint i = 0; i < jobs->len; i++)
    bobbin_job_describe (g_ptr_array_index (jobs, i));
}

static void
bobbin_job_queue_set_timer (BobbinJobQueue *self)
{
  const gint64 now = g_get_monotonic_time ();
  BobbinJob *first = get_first (self);
  const gint64 until = first != NULL ? bobbin_job_get_delay (first)->until : 0;

  if (first == NULL || bobbin_job_queue_is_at_rest (self))
    clear_timer (self);
  else
    /* Those that are due already wait for a slot, and nothing else. */
    g_source_set_ready_time (self->timer,
                             until > now ? MIN (until, now + TICK_TIME) : now + TICK_TIME);
}

static gboolean
on_time (gpointer user_data)
{
  g_autoptr (BobbinJobQueue) self = g_object_ref (user_data);

  bobbin_job_queue_schedule (self);
  bobbin_job_queue_describe_later (self);
  bobbin_job_queue_notify_counts (self);
  bobbin_job_queue_set_timer (self);

  return G_SOURCE_CONTINUE;
}

static gboolean
timer_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static void
ensure_timer (BobbinJobQueue *self)
{
  static GSourceFuncs funcs = { .dispatch = timer_dispatch };

  if (self->timer != NULL)
    return;

  self->timer = g_source_new (&funcs, sizeof (GSource));
  g_source_set_callback (self->timer, on_time, self, NULL);
  g_source_set_static_name (self->timer, "[bobbin] jobs that were put off");
  g_source_set_ready_time (self->timer, g_get_monotonic_time () + TICK_TIME);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

/* The queue is held, or let go of: whether they can begin is another matter now. */
void
bobbin_job_queue_renew_later (BobbinJobQueue *self)
{
  if (get_first (self) == NULL)
    return;

  ensure_timer (self);
  bobbin_job_queue_set_timer (self);
}

/* ---- what makes them due before their time */

static int
compare_until (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const gint64 until_a = bobbin_job_get_delay ((BobbinJob *) a)->until;
  const gint64 until_b = bobbin_job_get_delay ((BobbinJob *) b)->until;

  return (until_a > until_b) - (until_a < until_b);
}

static gboolean
on_gate_open (gpointer user_data)
{
  Gate *gate = user_data;
  BobbinJobQueue *self = gate->queue;
  const gint64 now = g_get_monotonic_time ();

  for (GSequenceIter *i = g_sequence_get_begin_iter (self->later); !g_sequence_iter_is_end (i);
       i = g_sequence_iter_next (i))
    {
      BobbinJob *job = g_sequence_get (i);
      BobbinJobDelay *delay = bobbin_job_get_delay (job);

      if (delay->awaits == gate->awaits && G_OBJECT_TYPE (job) == gate->type)
        delay->until = MIN (delay->until, now);
    }
  g_sequence_sort (self->later, compare_until, NULL);
  g_ptr_array_remove_fast (self->gates, gate);

  return on_time (self);
}

static gboolean
has_gate (BobbinJobQueue *self, GType type, guint awaits)
{
  for (guint i = 0; i < self->gates->len; i++)
    {
      const Gate *gate = g_ptr_array_index (self->gates, i);

      if (gate->type == type && gate->awaits == awaits)
        return TRUE;
    }

  return FALSE;
}

static void
ensure_gate (BobbinJobQueue *self, BobbinJob *job)
{
  const guint awaits = bobbin_job_get_delay (job)->awaits;
  GMainContext *context = g_main_context_get_thread_default ();
  Gate *gate;

  if (awaits == 0 || has_gate (self, G_OBJECT_TYPE (job), awaits))
    return;

  gate = g_new0 (Gate, 1);
  gate->queue = self;
  gate->type = G_OBJECT_TYPE (job);
  gate->awaits = awaits;
  gate->source = BOBBIN_JOB_GET_CLASS (job)->await (awaits, context);
  g_source_set_callback (gate->source, on_gate_open, gate, NULL);
  g_source_attach (gate->source, context);
  g_ptr_array_add (self->gates, gate);
}

/* ---- coming and going */

void
bobbin_job_queue_add_later (BobbinJobQueue *self, BobbinJob *job)
{
  BobbinJobDelay *delay = bobbin_job_get_delay (job);

  delay->iter = g_sequence_insert_sorted (self->later, job, compare_until, NULL);
  ensure_timer (self);
  if (delay->until < g_source_get_ready_time (self->timer))
    g_source_set_ready_time (self->timer, delay->until);
  ensure_gate (self, job);
}

/* If it stands there. */
void
bobbin_job_queue_remove_later (BobbinJobQueue *self, BobbinJob *job)
{
  if (!bobbin_job_queue_has_later (job))
    return;

  g_sequence_remove (g_steal_pointer (&bobbin_job_get_delay (job)->iter));
  if (g_sequence_get_length (self->later) > 0)
    return;

  clear_timer (self);
  g_ptr_array_set_size (self->gates, 0);
}
