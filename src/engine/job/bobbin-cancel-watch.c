/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How a worker that waits in a main context of its own hears that it is to stop. The cancellable of
 * its run is cancelled in the main thread and must be given to no asynchronous call here: each
 * would watch it with a GCancellableSource, and one that is freed in the worker while the main
 * thread cancels is used after that, or leaked, in GLib 2.74. This source watches it as a file
 * descriptor; what it calls, in the worker's thread, cancels another one, which the calls got.
 *
 * Any thread, if only that one runs the context.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cancel-watch.h"

typedef struct
{
  GSource source;
  GCancellable *cancellable; /* (owned) and its descriptor, too */
  gpointer tag;
} BobbinCancelWatch;

static gboolean
cancel_watch_check (GSource *source)
{
  BobbinCancelWatch *self = (BobbinCancelWatch *) source;

  return g_source_query_unix_fd (source, self->tag) != 0;
}

/* It stays cancelled: once is all there is to say. */
static gboolean
cancel_watch_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  if (callback != NULL)
    callback (user_data);

  return G_SOURCE_REMOVE;
}

static void
cancel_watch_finalize (GSource *source)
{
  BobbinCancelWatch *self = (BobbinCancelWatch *) source;

  g_cancellable_release_fd (self->cancellable);
  g_object_unref (self->cancellable);
}

static GSourceFuncs cancel_watch_funcs = {
  .check = cancel_watch_check,
  .dispatch = cancel_watch_dispatch,
  .finalize = cancel_watch_finalize,
};

/**
 * bobbin_cancel_watch_new:
 * @cancellable: what another thread cancels
 *
 * Makes a source that calls its #GSourceFunc once, when @cancellable is cancelled or if it already
 * is, before all else that waits in its context; what the callback returns does not matter. Destroy
 * it before its last reference goes.
 *
 * Returns: (transfer full): a new source, not attached
 */
GSource *
bobbin_cancel_watch_new (GCancellable *cancellable)
{
  GSource *source;
  BobbinCancelWatch *self;

  g_return_val_if_fail (G_IS_CANCELLABLE (cancellable), NULL);

  source = g_source_new (&cancel_watch_funcs, sizeof (BobbinCancelWatch));
  self = (BobbinCancelWatch *) source;
  self->cancellable = g_object_ref (cancellable);
  self->tag = g_source_add_unix_fd (source, g_cancellable_get_fd (cancellable), G_IO_IN);
  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_static_name (source, "[bobbin] cancel watch");

  return source;
}
