/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a worker needs to make asynchronous calls: a main context of its own, for as long as the
 * sample takes, and a cancellable of its own. The calls never see the sample's cancellable, which
 * the main thread cancels: GLib's GCancellableSource would then be woken by the main thread while
 * the worker frees the context under it, and in GLib 2.74 that reads freed memory, or leaks the
 * source. Here the worker's context watches the sample's cancellable as a file descriptor and
 * cancels its own one, in its own thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-private.h"

#include <glib-unix.h>

static gboolean
on_outer_cancelled (int fd, GIOCondition condition, gpointer user_data)
{
  BobbinProbeLoop *self = user_data;

  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

static void
watch_outer (BobbinProbeLoop *self)
{
  self->watch = g_unix_fd_source_new (g_cancellable_get_fd (self->outer), G_IO_IN);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (on_outer_cancelled), self, NULL);
  g_source_set_priority (self->watch, G_PRIORITY_HIGH);
  g_source_set_static_name (self->watch, "[bobbin] cancel of a sample");
  g_source_attach (self->watch, self->context);
}

/**
 * bobbin_probe_loop_enter: (skip)
 * @self: (out): a loop
 * @outer: (nullable): the sample's cancellable
 *
 * Makes the loop's context the calling worker's default one. Calls that are begun now end on it,
 * and get the loop's cancellable.
 */
void
bobbin_probe_loop_enter (BobbinProbeLoop *self, GCancellable *outer)
{
  *self = (BobbinProbeLoop){ .context = g_main_context_new (),
                             .cancellable = g_cancellable_new (),
                             .outer = outer };

  if (outer != NULL)
    watch_outer (self);
  g_main_context_push_thread_default (self->context);
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
      g_cancellable_release_fd (self->outer);
    }

  while (g_main_context_iteration (self->context, FALSE))
    continue;
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_object_unref (self->cancellable);
}
