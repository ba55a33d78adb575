/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Has commands and webhooks run by threads of its own, a few of each at once, so that a server that
 * is slow holds up no command, and only a few for one server, so that it holds up no other. What is
 * told of one monitor by one means is told in order, one after the other, so that nobody hears that
 * something ended before it began; of reminders only the newest waits, and none once there is news.
 * What fails and may succeed another time is tried again, later and later; while there is no way to
 * the server that does not count. Who closes it grants what is under way some time. Main thread
 * only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-alert-courier.h"

#include "bobbin-reachability-private.h"
#include "bobbin-worker-pool.h"

#include <glib/gi18n-lib.h>

#define N_MEANS      (BOBBIN_ALERT_WEBHOOK + 1)
#define MAX_COMMANDS 4
#define MAX_WEBHOOKS 8
#define MAX_AT_HOST  2 /* of the webhooks */
#define MAX_TRIES    4
#define MAX_WAITING  32 /* of one route */
#define DELAY        (10 * (gint64) G_USEC_PER_SEC)
#define GRACE        (3 * G_USEC_PER_SEC)

struct _BobbinAlertCourier
{
  GObject parent_instance;

  BobbinWorkerPool *pools[N_MEANS]; /* (owned) */
  GCancellable *cancellable;        /* (owned) of all actions */
  GPtrArray *routes;                /* (owned) of Route (owned): those with something to tell */
  GQueue held;                      /* of Route (unowned): those whose server is busy */
  guint n_pending;
  gint64 grace; /* µs */
  gint64 delay; /* µs until the second try */
  gboolean closed;
  GTask *close;   /* (owned) (nullable) until the pools are closed */
  guint n_closed; /* pools */
  guint grace_source;
};

/* To whom something is on its way. */
typedef struct
{
  BobbinAlertCourier *courier;
  BobbinMonitor *monitor; /* (owned) */
  BobbinAlertMeans means;
  BobbinAlertAction *current; /* (owned) (nullable): it is under way, held or tried again */
  char *host;                 /* (owned) (nullable): the server that it tells */
  gboolean is_at_work;        /* a thread has it */
  guint n_tries;              /* of it: in vain, though there was a way */
  gboolean is_late;           /* so much was put down */
  guint nap;                  /* source until it is tried again, or 0 */
  GQueue waiting;             /* of BobbinAlertAction (owned) */
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

  g_clear_handle_id (&route->nap, g_source_remove);
  g_clear_pointer (&route->current, bobbin_alert_action_free);
  g_free (route->host);
  g_queue_clear_full (&route->waiting, action_free);
  g_object_unref (route->monitor);
  g_free (route);
}

/* ---- one after the other */

static void close_pools (BobbinAlertCourier *self);
static void on_acted (GObject *source, GAsyncResult *result, gpointer user_data);

static void
log_failure (Route *route, const char *why)
{
  bobbin_job_log (BOBBIN_JOB (route->monitor), BOBBIN_EVENT_NOTE,
                  /* Translators: %s is a sentence that says why */
                  _ ("Nobody could be told of this: %s"), why);
}

/* One that does not answer leaves threads to the others. */
static gboolean
is_busy (BobbinAlertCourier *self, const char *host)
{
  guint n = 0;

  if (host == NULL)
    return FALSE;

  for (guint i = 0; i < self->routes->len; i++)
    {
      const Route *route = g_ptr_array_index (self->routes, i);

      if (route->is_at_work && g_strcmp0 (route->host, host) == 0)
        n++;
    }

  return n >= MAX_AT_HOST;
}

static void
begin (Route *route)
{
  BobbinAlertCourier *self = route->courier;
  g_autoptr (GTask) task = NULL;

  if (is_busy (self, route->host))
    {
      g_queue_push_tail (&self->held, route);
      return;
    }

  route->is_at_work = TRUE;
  task = g_task_new (route->monitor, self->cancellable, on_acted, route);
  g_task_set_source_tag (task, begin);
  g_task_set_name (task, "[bobbin] alert");
  g_task_set_task_data (task, route->current, NULL);
  /* They close only when nothing is pending. */
  if (!bobbin_worker_pool_push (self->pools[route->means], task, bobbin_alert_action_run, NULL))
    g_assert_not_reached ();
}

/* The one that has waited longest for a server that is less busy now. */
static void
begin_held (BobbinAlertCourier *self, const char *host)
{
  for (GList *l = self->held.head; l != NULL; l = l->next)
    {
      Route *route = l->data;

      if (g_strcmp0 (route->host, host) != 0)
        continue;
      g_queue_delete_link (&self->held, l);
      begin (route);
      return;
    }
}

static void
begin_next (Route *route)
{
  g_clear_pointer (&route->current, bobbin_alert_action_free);
  g_clear_pointer (&route->host, g_free);
  route->current = g_queue_pop_head (&route->waiting);
  route->n_tries = 0;
  route->is_late = FALSE;

  if (route->current == NULL)
    {
      g_ptr_array_remove_fast (route->courier->routes, route);
      return;
    }

  route->host = bobbin_alert_action_dup_host (route->current);
  begin (route);
}

/* No more is to be done for what is told now. */
static void
settle (Route *route)
{
  g_autoptr (BobbinAlertCourier) self = g_object_ref (route->courier);

  self->n_pending--;
  begin_next (route);
  if (self->close != NULL && self->n_pending == 0)
    close_pools (self);
}

/* ---- again */

static gboolean
on_nap_over (gpointer user_data)
{
  Route *route = user_data;

  route->nap = 0;
  begin (route);

  return G_SOURCE_REMOVE;
}

static gboolean
has_way (Route *route)
{
  BobbinReachability *network = bobbin_reachability_get_default ();

  return route->host == NULL || bobbin_reachability_ask (network, route->host) == BOBBIN_REACH_YES;
}

/* Says whether it is tried again: four times as late each time, and soon where it is our network
 * that is not there. */
static gboolean
try_again (Route *route, const GError *error)
{
  BobbinAlertCourier *self = route->courier;
  gint64 delay = self->delay;

  if (self->closed || !bobbin_alert_action_is_passing (route->current))
    return FALSE;
  if (has_way (route))
    {
      if (++route->n_tries == MAX_TRIES)
        return FALSE;
      delay <<= 2 * (route->n_tries - 1);
    }

  if (!route->is_late)
    bobbin_job_log (BOBBIN_JOB (route->monitor), BOBBIN_EVENT_NOTE,
                    /* Translators: %s is a sentence that says why */
                    _ ("Nobody could be told of this yet: %s"), error->message);
  route->is_late = TRUE;
  route->nap = g_timeout_add (delay / 1000, on_nap_over, route);
  g_source_set_name_by_id (route->nap, "[bobbin] alert again");

  return TRUE;
}

static void
on_acted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Route *route = user_data;
  g_autoptr (GError) error = NULL;

  route->is_at_work = FALSE;
  begin_held (route->courier, route->host);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      if (route->is_late)
        bobbin_job_log (BOBBIN_JOB (source), BOBBIN_EVENT_NOTE, "%s", _ ("It was told after all."));
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      if (try_again (route, error))
        return;
      log_failure (route, error->message);
    }

  settle (route);
}

/* ---- what is to be told */

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

static void
drop_waiting (Route *route, BobbinAlertAction *action)
{
  g_queue_remove (&route->waiting, action);
  bobbin_alert_action_free (action);
  route->courier->n_pending--;
}

/* What comes last makes a reminder that was not told yet needless. Whoever hears nothing for long
 * is not told all that has been since. */
static void
queue (Route *route, BobbinAlertAction *action)
{
  BobbinAlertAction *before = g_queue_peek_tail (&route->waiting);

  if (before != NULL && bobbin_alert_action_is_reminder (before))
    drop_waiting (route, before);
  if (g_queue_get_length (&route->waiting) == MAX_WAITING)
    {
      drop_waiting (route, g_queue_peek_head (&route->waiting));
      log_failure (route, _ ("Too much is still to be told."));
    }
  g_queue_push_tail (&route->waiting, action);

  if (route->is_at_work || !bobbin_alert_action_is_reminder (route->current))
    return;
  g_clear_handle_id (&route->nap, g_source_remove);
  g_queue_remove (&route->courier->held, route);
  settle (route);
}

/**
 * bobbin_alert_courier_send: (skip)
 * @self: a courier that is not closed
 * @monitor: what it is about
 * @means: how it is told
 * @action: (transfer full): what is to be done
 *
 * Has it done, when all that was sent before of @monitor by those means has been, but for reminders
 * that were not told yet. That it was in vain is noted in the log of @monitor.
 */
void
bobbin_alert_courier_send (BobbinAlertCourier *self,
                           BobbinMonitor *monitor,
                           BobbinAlertMeans means,
                           BobbinAlertAction *action)
{
  Route *route = find_route (self, monitor, means);

  g_return_if_fail (!self->closed);

  self->n_pending++;
  if (route != NULL)
    {
      queue (route, action);
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

static void close_next_pool (GTask *task);

static void
on_pool_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  bobbin_worker_pool_close_finish (BOBBIN_WORKER_POOL (source), result, NULL);
  close_next_pool (user_data);
}

/* Takes the task. */
static void
close_next_pool (GTask *task)
{
  BobbinAlertCourier *self = g_task_get_source_object (task);

  if (self->n_closed < N_MEANS)
    {
      bobbin_worker_pool_close_async (self->pools[self->n_closed++], on_pool_closed, task);
      return;
    }

  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
close_pools (BobbinAlertCourier *self)
{
  g_clear_handle_id (&self->grace_source, g_source_remove);
  close_next_pool (g_steal_pointer (&self->close));
}

/* There is no other time any more. */
static void
try_at_once (BobbinAlertCourier *self)
{
  for (guint i = 0; i < self->routes->len; i++)
    {
      Route *route = g_ptr_array_index (self->routes, i);

      if (route->nap == 0)
        continue;
      g_clear_handle_id (&route->nap, g_source_remove);
      begin (route);
    }
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

  g_assert (self->routes->len == 0 && self->grace_source == 0 && self->close == NULL);

  G_OBJECT_CLASS (bobbin_alert_courier_parent_class)->dispose (object);
}

static void
bobbin_alert_courier_finalize (GObject *object)
{
  BobbinAlertCourier *self = BOBBIN_ALERT_COURIER (object);

  g_ptr_array_unref (self->routes);
  for (guint i = 0; i < N_MEANS; i++)
    g_object_unref (self->pools[i]);
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
  self->pools[BOBBIN_ALERT_COMMAND] = bobbin_worker_pool_new ("alert", MAX_COMMANDS);
  self->pools[BOBBIN_ALERT_WEBHOOK] = bobbin_worker_pool_new ("webhook", MAX_WEBHOOKS);
  self->cancellable = g_cancellable_new ();
  self->routes = g_ptr_array_new_with_free_func (route_free);
  g_queue_init (&self->held);
  self->grace = GRACE;
  self->delay = DELAY;
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
 * bobbin_alert_courier_set_delay: (skip)
 * @self: a courier
 * @delay: µs until what failed is tried a second time; 10 s if this is never called
 */
void
bobbin_alert_courier_set_delay (BobbinAlertCourier *self, gint64 delay)
{
  self->delay = delay;
}

/**
 * bobbin_alert_courier_get_n_pending: (skip)
 * @self: a courier
 *
 * Returns: how much waits for its turn or another try, or is under way
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
 * Takes nothing more, waits a while for what is under way, and then ends it. What waits for another
 * try has its last one now.
 */
void
bobbin_alert_courier_close_async (BobbinAlertCourier *self,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_assert (!self->closed);

  self->closed = TRUE;
  self->close = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->close, bobbin_alert_courier_close_async);
  g_task_set_name (self->close, "[bobbin] alert courier close");
  if (self->n_pending == 0)
    {
      close_pools (self);
      return;
    }

  try_at_once (self);
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
