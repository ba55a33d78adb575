/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Whether there is a network, as GNetworkMonitor says. That is an object of the main context, of
 * which no other thread should ask anything; here its answer is kept for all. It means a route to
 * the world: there may be none and yet a server in the same room, so it is a reason to wait after a
 * try that failed, not one to try nothing.
 *
 * Main thread: bobbin_network_follow(). All else: any thread; nothing blocks but for a mutex, held
 * for a few steps. A source leaves when it is finalized, under that mutex, so whoever wakes all up
 * finds only sources that still are.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-network.h"

#include "bobbin-latch-private.h"

struct _BobbinNetwork
{
  gatomicrefcount ref_count;
  GNetworkMonitor *monitor; /* (owned) (nullable) main only */
  gulong changed_id;        /* main only */

  GMutex mutex;
  gboolean is_available; /* protected by mutex */
  GQueue waiting;        /* of NetworkWait; protected by mutex */
};

typedef struct
{
  BobbinLatch latch;
  BobbinNetwork *network; /* (owned) */
  GList link;             /* protected by the network's mutex */
  gboolean is_waiting;    /* protected by the network's mutex */
} NetworkWait;

static gboolean
network_wait_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  if (callback != NULL)
    callback (user_data);

  return G_SOURCE_REMOVE;
}

static void
network_wait_finalize (GSource *source)
{
  NetworkWait *self = (NetworkWait *) source;

  g_mutex_lock (&self->network->mutex);
  if (self->is_waiting)
    g_queue_unlink (&self->network->waiting, &self->link);
  g_mutex_unlock (&self->network->mutex);

  bobbin_network_unref (self->network);
}

static GSourceFuncs network_wait_funcs = {
  .prepare = bobbin_latch_prepare,
  .check = bobbin_latch_check,
  .dispatch = network_wait_dispatch,
  .finalize = network_wait_finalize,
};

/**
 * bobbin_network_new:
 *
 * Makes one that follows nothing and says that there is a network.
 *
 * Returns: (transfer full): a network
 */
BobbinNetwork *
bobbin_network_new (void)
{
  BobbinNetwork *self = g_new0 (BobbinNetwork, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->waiting);
  self->is_available = TRUE;

  return self;
}

/**
 * bobbin_network_get_default:
 *
 * The one that all jobs of this process ask. Any thread.
 *
 * Returns: (transfer none): a network that is never freed
 */
BobbinNetwork *
bobbin_network_get_default (void)
{
  static BobbinNetwork *instance;

  if (g_once_init_enter (&instance))
    g_once_init_leave (&instance, bobbin_network_new ());

  return instance;
}

/**
 * bobbin_network_ref:
 * @self: a network
 *
 * Any thread.
 *
 * Returns: (transfer full): @self
 */
BobbinNetwork *
bobbin_network_ref (BobbinNetwork *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * bobbin_network_unref:
 * @self: (transfer full): a network; with the last reference, one that follows nothing
 *
 * Any thread.
 */
void
bobbin_network_unref (BobbinNetwork *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->monitor == NULL);
  g_assert (g_queue_is_empty (&self->waiting));
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
on_network_available (BobbinNetwork *self)
{
  bobbin_network_set_available (self, g_network_monitor_get_network_available (self->monitor));
}

/**
 * bobbin_network_follow:
 * @self: a network
 * @monitor: (nullable): g_network_monitor_get_default(), or %NULL to follow none any more
 *
 * Says from now on what @monitor says. Nobody should be kept waiting by what nobody follows:
 * without one there is a network. Ask for the default monitor here, in the main thread, before any
 * other thread is there to do so: its signals come in the context of who asked first. Main thread.
 */
void
bobbin_network_follow (BobbinNetwork *self, GNetworkMonitor *monitor)
{
  if (self->monitor != NULL)
    g_clear_signal_handler (&self->changed_id, self->monitor);
  g_set_object (&self->monitor, monitor);
  if (monitor == NULL)
    {
      bobbin_network_set_available (self, TRUE);
      return;
    }

  self->changed_id = g_signal_connect_swapped (monitor, "notify::network-available",
                                               G_CALLBACK (on_network_available), self);
  on_network_available (self);
}

/**
 * bobbin_network_set_available:
 * @self: a network
 * @available: whether there is one
 *
 * Says so, and wakes up all who wait for it. Any thread.
 */
void
bobbin_network_set_available (BobbinNetwork *self, gboolean available)
{
  g_mutex_lock (&self->mutex);
  self->is_available = available;
  while (available && !g_queue_is_empty (&self->waiting))
    {
      NetworkWait *wait = g_queue_peek_head (&self->waiting);

      g_queue_unlink (&self->waiting, &wait->link);
      wait->is_waiting = FALSE;
      bobbin_latch_open (&wait->latch);
    }
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_network_is_available:
 * @self: a network
 *
 * Any thread.
 *
 * Returns: %TRUE if there is a network, or nobody knows
 */
gboolean
bobbin_network_is_available (BobbinNetwork *self)
{
  gboolean is_available;

  g_mutex_lock (&self->mutex);
  is_available = self->is_available;
  g_mutex_unlock (&self->mutex);

  return is_available;
}

/* @is_back: only one that is said to be there from now on counts */
static GSource *
network_wait_new (BobbinNetwork *self, GMainContext *context, gboolean is_back)
{
  GSource *source = bobbin_latch_new (&network_wait_funcs, sizeof (NetworkWait), context);
  NetworkWait *wait = (NetworkWait *) source;

  g_source_set_static_name (source, "[bobbin] network");
  wait->network = bobbin_network_ref (self);
  wait->link.data = wait;

  g_mutex_lock (&self->mutex);
  wait->is_waiting = is_back || !self->is_available;
  if (wait->is_waiting)
    g_queue_push_tail_link (&self->waiting, &wait->link);
  else
    bobbin_latch_open (&wait->latch);
  g_mutex_unlock (&self->mutex);

  return source;
}

/**
 * bobbin_network_wait_new:
 * @self: a network
 * @context: (nullable): the only context that the source may be attached to, which outlives it;
 *   %NULL: the default one
 *
 * Makes a source that calls its #GSourceFunc once, in @context, when there is a network or if
 * there already is; what the callback returns does not matter. By then it may be gone again. In
 * the thread that runs @context.
 *
 * Returns: (transfer full): a new source, not attached
 */
GSource *
bobbin_network_wait_new (BobbinNetwork *self, GMainContext *context)
{
  return network_wait_new (self, context, FALSE);
}

/**
 * bobbin_network_return_new:
 * @self: a network
 * @context: (nullable): as for bobbin_network_wait_new()
 *
 * The same for who has found that there is none, whatever has been said: the callback is called
 * when it is said next that there is one, and not before. In the thread that runs @context.
 *
 * Returns: (transfer full): a new source, not attached
 */
GSource *
bobbin_network_return_new (BobbinNetwork *self, GMainContext *context)
{
  return network_wait_new (self, context, TRUE);
}
