/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Takes samples with a probe, one at each slot of a ticker, in the threads of a pool; between two
 * samples it holds no thread. Only one sample is in flight: slots that come meanwhile are skipped.
 * A sample that takes too long is cancelled and told of as failed at once; where the kernel does
 * not let go of it, every slot is a failed sample until it does. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-sampler-private.h"

#include "bobbin-error.h"
#include "bobbin-ticker-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* What the worker gets. */
typedef struct
{
  BobbinProbe *probe; /* (owned) */
  BobbinSample found;
} Sample;

struct _BobbinSampler
{
  BobbinProbe *probe;     /* (owned) */
  BobbinWorkerPool *pool; /* (owned) */
  BobbinSamplerFuncs funcs;
  gpointer user_data;

  GSource *ticker; /* (owned) (nullable) */
  gint64 timeout;  /* µs */
  gboolean stopping;

  /* Of the sample in flight. */
  GCancellable *cancellable; /* (owned) (nullable): NULL when there is none */
  GSource *deadline;         /* (owned) (nullable) */
  gint64 begun;              /* monotonic µs */
  gboolean overdue;          /* a slot was skipped for it */
  gboolean given_up;         /* it has been told of as failed */
};

static void
sample_free (gpointer data)
{
  Sample *sample = data;

  bobbin_probe_unref (sample->probe);
  bobbin_sample_clear (&sample->found);
  g_free (sample);
}

/* In the worker. */
static gboolean
take_sample (gpointer spec, BobbinMailboxSlot *slot, GCancellable *cancellable, GError **error)
{
  Sample *sample = spec;

  return bobbin_probe_sample (sample->probe, cancellable, &sample->found, error);
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
end (BobbinSampler *self, const GError *error)
{
  clear_source (&self->ticker);
  self->funcs.ended (error, self->user_data);
}

static void
tell_no_answer (BobbinSampler *self)
{
  const BobbinSample none = BOBBIN_SAMPLE_INIT;
  gint64 waited = g_get_monotonic_time () - self->begun;
  g_autoptr (GError) error =
    g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT,
                 /* Translators: %.3g is a number of seconds */
                 _ ("There was no answer within %.3g s."), waited / (double) G_USEC_PER_SEC);

  self->funcs.sampled (&none, error, self->user_data);
}

static gboolean
on_deadline (gpointer user_data)
{
  BobbinSampler *self = user_data;

  clear_source (&self->deadline);
  self->overdue = TRUE;
  self->given_up = TRUE;
  g_cancellable_cancel (self->cancellable);
  tell_no_answer (self);

  return G_SOURCE_REMOVE;
}

static void
on_sample_returned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BobbinSampler *self = user_data;
  GTask *task = G_TASK (result);
  const Sample *sample = g_task_get_task_data (task);
  gboolean given_up = self->given_up;
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (task, &error);
  clear_source (&self->deadline);
  g_clear_object (&self->cancellable);

  if (self->stopping)
    end (self, NULL);
  else if (!given_up)
    self->funcs.sampled (&sample->found, error, self->user_data);
}

static void
watch_deadline (BobbinSampler *self)
{
  guint msec = MIN (self->timeout / G_TIME_SPAN_MILLISECOND, G_MAXINT);

  self->deadline = g_timeout_source_new (msec);
  g_source_set_callback (self->deadline, on_deadline, self, NULL);
  g_source_set_static_name (self->deadline, "[bobbin] deadline of a sample");
  g_source_attach (self->deadline, g_main_context_get_thread_default ());
}

static void
begin_sample (BobbinSampler *self)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, on_sample_returned, self);
  Sample *sample = g_new0 (Sample, 1);

  sample->found = (BobbinSample) BOBBIN_SAMPLE_INIT;
  sample->probe = bobbin_probe_ref (self->probe);
  g_task_set_task_data (task, sample, sample_free);
  g_task_set_source_tag (task, begin_sample);
  g_task_set_name (task, "[bobbin] sample");

  if (!bobbin_worker_pool_push (self->pool, task, take_sample, NULL))
    {
      g_autoptr (GError) error =
        g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_CLOSED,
                             _ ("Bobbin is quitting and begins nothing new."));

      end (self, error);
      return;
    }

  self->cancellable = g_steal_pointer (&cancellable);
  self->begun = g_get_monotonic_time ();
  self->overdue = FALSE;
  self->given_up = FALSE;
  watch_deadline (self);
}

static gboolean
on_tick (guint64 slot, guint64 missed, gpointer user_data)
{
  BobbinSampler *self = user_data;

  if (self->cancellable == NULL)
    {
      begin_sample (self);
      return G_SOURCE_CONTINUE;
    }

  self->overdue = TRUE;
  if (self->given_up && !self->stopping)
    tell_no_answer (self);
  else
    self->funcs.overdue (self->user_data);

  return G_SOURCE_CONTINUE;
}

/**
 * bobbin_sampler_new: (skip)
 * @probe: what to take samples with
 * @pool: in whose threads
 * @funcs: whom to tell
 * @user_data: for @funcs
 *
 * Returns: (transfer full): a sampler that has not been started
 */
BobbinSampler *
bobbin_sampler_new (BobbinProbe *probe,
                    BobbinWorkerPool *pool,
                    const BobbinSamplerFuncs *funcs,
                    gpointer user_data)
{
  BobbinSampler *self = g_new0 (BobbinSampler, 1);

  self->probe = bobbin_probe_ref (probe);
  self->pool = g_object_ref (pool);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->timeout = 10 * G_USEC_PER_SEC;

  return self;
}

/**
 * bobbin_sampler_free: (skip)
 * @self: (transfer full): a sampler that was not started, or has ended
 */
void
bobbin_sampler_free (BobbinSampler *self)
{
  g_assert (self->cancellable == NULL);

  clear_source (&self->ticker);
  bobbin_probe_unref (self->probe);
  g_object_unref (self->pool);
  g_free (self);
}

/**
 * bobbin_sampler_set_ticker: (skip)
 * @self: a sampler
 * @ticker: (transfer full): what says when to take a sample, not attached
 *
 * Replaces the ticker.
 */
void
bobbin_sampler_set_ticker (BobbinSampler *self, GSource *ticker)
{
  clear_source (&self->ticker);
  self->ticker = ticker;
  g_source_set_callback (ticker, (GSourceFunc) (void (*) (void)) on_tick, self, NULL);
  g_source_attach (ticker, g_main_context_get_thread_default ());
}

/**
 * bobbin_sampler_set_timeout: (skip)
 * @self: a sampler
 * @timeout: µs that a sample may take, from the next one on
 */
void
bobbin_sampler_set_timeout (BobbinSampler *self, gint64 timeout)
{
  self->timeout = timeout;
}

/**
 * bobbin_sampler_start: (skip)
 * @self: a sampler that was never started
 *
 * Begins a series of samples; the first one at once.
 */
void
bobbin_sampler_start (BobbinSampler *self)
{
  bobbin_probe_begin (self->probe);
  begin_sample (self);
}

/**
 * bobbin_sampler_stop: (skip)
 * @self: a sampler that was started
 *
 * Cancels the sample in flight and takes no other one. The sampler has ended when it says so, which
 * is at once when there is none in flight.
 */
void
bobbin_sampler_stop (BobbinSampler *self)
{
  self->stopping = TRUE;
  clear_source (&self->deadline);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  else
    end (self, NULL);
}

/**
 * bobbin_sampler_get_overdue: (skip)
 * @self: a sampler
 *
 * Returns: for how many µs the sample in flight has been waited for, if a slot was skipped for it;
 *   else 0
 */
gint64
bobbin_sampler_get_overdue (BobbinSampler *self)
{
  if (self->cancellable == NULL || !self->overdue)
    return 0;

  return g_get_monotonic_time () - self->begun;
}
