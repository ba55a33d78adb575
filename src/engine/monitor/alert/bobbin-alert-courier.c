/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Has commands and webhooks run by threads of its own, a few at once. What is told of one monitor
 * by one means is told in order, one after the other, so that nobody hears that something ended
 * before it began. Who closes it grants what is under way some time. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-alert-courier.h"

#include "bobbin-worker-pool.h"

#include <glib/gi18n-lib.h>

#define MAX_ACTIONS 4
#define GRACE       (3 * G_USEC_PER_SEC)

struct _BobbinAlertCourier
{
  GObject parent_instance;

  BobbinWorkerPool *pool;    /* (owned) */
  GCancellable *cancellable; /* (owned) of all actions */
  GPtrArray *routes;         /* (owned) of Route (owned): those with something under way */
  guint n_pending;
  gint64 grace; /* µs */
  GTask *close; /* (owned) (nullable) */
  guint grace_source;
};

/* To whom something is on its way. */
typedef struct
{
  BobbinAlertCourier *courier;
  BobbinMonitor *monitor; /* (owned) */
  BobbinAlertMeans means;
  GQueue waiting; /* of BobbinAlertAction (owned) */
} Route;

G_DEFINE_FINAL_TYPE (BobbinAlertCourier, bobbin_alert_courier, G_TYPE_OBJECT)

static void
action_free (gpointer data)
{
  bobbin_alert_action_free (data);
}

static void
route_free (gpointer data)
{
  Route *route = data;

  g_queue_clear_full (&route->waiting, action_free);
  g_object_unref (route->monitor);
  g_free (route);
}

/* ---- one after the other */

static void close_pool (BobbinAlertCourier *self);
static void begin_next (Route *route);

static void
on_acted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Route *route = user_data;
  g_autoptr (BobbinAlertCourier) self = g_object_ref (route->courier);
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    bobbin_job_log (BOBBIN_JOB (source), BOBBIN_EVENT_NOTE,
                    /* Translators: %s is a sentence that says why */
                    _ ("Nobody could be told of this: %s"), error->message);

  self->n_pending--;
  begin_next (route);
  if (self->close != NULL && self->n_pending == 0)
    close_pool (self);
}

static void
begin_next (Route *route)
{
  BobbinAlertCourier *self = route->courier;
  BobbinAlertAction *action = g_queue_pop_head (&route->waiting);
  g_autoptr (GTask) task = NULL;

  if (action == NULL)
    {
      g_ptr_array_remove_fast (self->routes, route);
      return;
    }

  task = g_task_new (route->monitor, self->cancellable, on_acted, route);
  g_task_set_source_tag (task, begin_next);
  g_task_set_name (task, "[bobbin] alert");
  g_task_set_task_data (task, action, action_free);
  /* It closes only when nothing is pending. */
  if (!bobbin_worker_pool_push (self->pool, task, bobbin_alert_action_run, NULL))
    g_assert_not_reached ();
}

static Route *
find_route (BobbinAlertCourier *self, BobbinMonitor *monitor, BobbinAlertMeans means)
{
  for (guint i = 0; i < self->routes->len; i++)
    {
      Route *route = g_ptr_array_index (self->routes, i);

      if (route->monitor == monitor && route->means == means)
        return route;
    }

  return NULL;
}

/**
 * bobbin_alert_courier_send: (skip)
 * @self: a courier that is not closed
 * @monitor: what it is about
 * @means: how it is told
 * @action: (transfer full): what is to be done
 *
 * Has it done, when all that was sent before of @monitor by those means has been. That it was in
 * vain is noted in the log of @monitor.
 */
void
bobbin_alert_courier_send (BobbinAlertCourier *self,
                           BobbinMonitor *monitor,
                           BobbinAlertMeans means,
                           BobbinAlertAction *action)
{
  Route *route = find_route (self, monitor, means);

  g_return_if_fail (self->close == NULL);

  self->n_pending++;
  if (route != NULL)
    {
      g_queue_push_tail (&route->waiting, action);
      return;
    }

  route = g_new0 (Route, 1);
  route->courier = self;
  route->monitor = g_object_ref (monitor);
  route->means = means;
  g_queue_init (&route->waiting);
  g_queue_push_tail (&route->waiting, action);
  g_ptr_array_add (self->routes, route);
  begin_next (route);
}

/* ---- the end */

static void
on_pool_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (bobbin_worker_pool_close_finish (BOBBIN_WORKER_POOL (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
close_pool (BobbinAlertCourier *self)
{
  g_clear_handle_id (&self->grace_source, g_source_remove);
  bobbin_worker_pool_close_async (self->pool, on_pool_closed, g_object_ref (self->close));
}

static gboolean
on_grace_over (gpointer user_data)
{
  BobbinAlertCourier *self = user_data;

  self->grace_source = 0;
  for (guint i = 0; i < self->routes->len; i++)
    {
      Route *route = g_ptr_array_index (self->routes, i);

      self->n_pending -= g_queue_get_length (&route->waiting);
      g_queue_clear_full (&route->waiting, action_free);
    }
  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

static void
bobbin_alert_courier_dispose (GObject *object)
{
  BobbinAlertCourier *self = BOBBIN_ALERT_COURIER (object);

  g_assert (self->routes->len == 0 && self->grace_source == 0);
  g_clear_object (&self->close);

  G_OBJECT_CLASS (bobbin_alert_courier_parent_class)->dispose (object);
}

static void
bobbin_alert_courier_finalize (GObject *object)
{
  BobbinAlertCourier *self = BOBBIN_ALERT_COURIER (object);

  g_ptr_array_unref (self->routes);
  g_object_unref (self->pool);
  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (bobbin_alert_courier_parent_class)->finalize (object);
}

static void
bobbin_alert_courier_class_init (BobbinAlertCourierClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bobbin_alert_courier_dispose;
  object_class->finalize = bobbin_alert_courier_finalize;
}

static void
bobbin_alert_courier_init (BobbinAlertCourier *self)
{
  self->pool = bobbin_worker_pool_new ("alert", MAX_ACTIONS);
  self->cancellable = g_cancellable_new ();
  self->routes = g_ptr_array_new_with_free_func (route_free);
  self->grace = GRACE;
}

/**
 * bobbin_alert_courier_new: (skip)
 *
 * Returns: (transfer full): a courier; to be closed before it goes
 */
BobbinAlertCourier *
bobbin_alert_courier_new (void)
{
  return g_object_new (BOBBIN_TYPE_ALERT_COURIER, NULL);
}

/**
 * bobbin_alert_courier_set_grace: (skip)
 * @self: a courier
 * @grace: µs that what is under way when it is closed may still take; 3 s if this is never called
 */
void
bobbin_alert_courier_set_grace (BobbinAlertCourier *self, gint64 grace)
{
  self->grace = grace;
}

/**
 * bobbin_alert_courier_get_n_pending: (skip)
 * @self: a courier
 *
 * Returns: how much waits for its turn or is under way
 */
guint
bobbin_alert_courier_get_n_pending (BobbinAlertCourier *self)
{
  return self->n_pending;
}

/**
 * bobbin_alert_courier_close_async: (skip)
 * @self: a courier that was not closed before
 * @callback: (nullable): called when all threads are joined
 * @user_data: for @callback
 *
 * Takes nothing more, waits a while for what is under way, and then ends it.
 */
void
bobbin_alert_courier_close_async (BobbinAlertCourier *self,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_assert (self->close == NULL);

  self->close = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->close, bobbin_alert_courier_close_async);
  g_task_set_name (self->close, "[bobbin] alert courier close");
  if (self->n_pending == 0)
    {
      close_pool (self);
      return;
    }

  self->grace_source = g_timeout_add (self->grace / 1000, on_grace_over, self);
  g_source_set_name_by_id (self->grace_source, "[bobbin] grace of alerts");
}

/**
 * bobbin_alert_courier_close_finish: (skip)
 * @self: a courier
 * @result: what the callback got
 * @error: never set
 *
 * Returns: %TRUE
 */
gboolean
bobbin_alert_courier_close_finish (BobbinAlertCourier *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
