/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a worker needs to make asynchronous calls: a main context for as long as the sample takes,
 * and a cancellable of its own, for the calls must not see the sample's; see bobbin-cancel-watch.c.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-private.h"

#include "bobbin-cancel-watch.h"

static gboolean
on_outer_cancelled (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

/**
 * bobbin_probe_loop_enter: (skip)
 * @self: (out): a loop
 * @context: the calling worker's own
 * @outer: (nullable): the sample's cancellable
 *
 * Makes @context the worker's default one. Calls that are begun now end on it, and get the loop's
 * cancellable.
 */
void
bobbin_probe_loop_enter (BobbinProbeLoop *self, GMainContext *context, GCancellable *outer)
{
  *self = (BobbinProbeLoop){ .context = g_main_context_ref (context),
                             .cancellable = g_cancellable_new () };

  if (outer != NULL)
    {
      self->watch = bobbin_cancel_watch_new (outer);
      g_source_set_callback (self->watch, on_outer_cancelled, self->cancellable, NULL);
      g_source_attach (self->watch, context);
    }
  g_main_context_push_thread_default (context);
}

/**
 * bobbin_probe_loop_leave: (skip)
 * @self: a loop, in the thread that entered it
 *
 * Lets what has ended say so, then gives the loop up.
 */
void
bobbin_probe_loop_leave (BobbinProbeLoop *self)
{
  if (self->watch != NULL)
    {
      g_source_destroy (self->watch);
      g_source_unref (self->watch);
    }

  while (g_main_context_iteration (self->context, FALSE))
    continue;
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_object_unref (self->cancellable);
}
