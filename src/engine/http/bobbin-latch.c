/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The base of a source that another thread makes ready. That thread touches no more of it than an
 * atomic flag, and the context by its wake-up: g_source_set_ready_time() and g_source_get_context()
 * are not safe while the source's own thread attaches it, and a wake-up could be lost.
 *
 * Any thread may open a latch; all else is for the thread that runs its context.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-latch-private.h"

/*
 * bobbin_latch_new:
 * @funcs: with bobbin_latch_prepare() and bobbin_latch_check()
 * @size: of a struct that begins with a #BobbinLatch
 * @context: (nullable): the only context that the source will be attached to, which outlives it;
 *   %NULL: the default one
 *
 * Returns: (transfer full): a new source, shut
 */
GSource *
bobbin_latch_new (GSourceFuncs *funcs, gsize size, GMainContext *context)
{
  GSource *source = g_source_new (funcs, size);
  BobbinLatch *self = (BobbinLatch *) source;

  self->context = context != NULL ? context : g_main_context_default ();

  return source;
}

gboolean
bobbin_latch_prepare (GSource *source, gint *timeout)
{
  *timeout = -1;

  return bobbin_latch_check (source);
}

gboolean
bobbin_latch_check (GSource *source)
{
  BobbinLatch *self = (BobbinLatch *) source;

  return g_atomic_int_get (&self->is_open);
}

/*
 * bobbin_latch_open:
 * @self: a latch that is not finalized meanwhile: its finalizer takes a lock that the caller has
 *
 * Has the source dispatched, for good. Any thread.
 */
void
bobbin_latch_open (BobbinLatch *self)
{
  g_atomic_int_set (&self->is_open, TRUE);
  g_main_context_wakeup (self->context);
}
