/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Watches monitors, and says what there is to be said of them: by signals, and for those monitors
 * that have them by a command and a webhook, which nobody waits for but who closes. What has been
 * said is noted down with the monitor, so that it is not said again by the next program. It also
 * tells a monitor when there is maintenance. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-alerts.h"

#include "bobbin-alert-courier.h"
#include "bobbin-clock-private.h"
#include "bobbin-job-queue.h"
#include "bobbin-ticker-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define DEADLINE (30 * G_USEC_PER_SEC)
/* A clock that was put forward is noticed after so long. */
#define MAX_NAP (600 * (gint64) G_USEC_PER_SEC)

struct _BobbinAlerts
{
  GObject parent_instance;

  GHashTable *watched;         /* (owned) BobbinMonitor → Watched */
  GListModel *jobs;            /* (owned) (nullable) */
  GPtrArray *followed;         /* (owned) (element-type BobbinJob) as in @jobs */
  BobbinAlertCourier *courier; /* (owned) */
  gint64 deadline;             /* µs */
  gboolean closed;
};

typedef struct
{
  BobbinAlerts *alerts;
  BobbinMonitor *monitor; /* (owned) */
  BobbinAlertState state;
  char *cause;                   /* (owned) (nullable) */
  BobbinAlertSettings *settings; /* (owned) */
  gboolean maintenance;          /* as this told the monitor */
  gboolean is_told;              /* somebody may have before him what was said */
  BobbinTicker *nap;             /* (owned) (nullable): wakes up for the next window */
  gint64 nap_until;              /* µs since 1970: when that begins or ends; 0 for never */
} Watched;

G_DEFINE_FINAL_TYPE (BobbinAlerts, bobbin_alerts, G_TYPE_OBJECT)

enum
{
  STARTED,
  WORSENED,
  REPEATED,
  ENDED,
  WITHDRAWN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
watched_free (gpointer data)
{
  Watched *watched = data;

  g_clear_pointer (&watched->nap, bobbin_ticker_free);
  g_signal_handlers_disconnect_by_data (watched->monitor, watched);
  bobbin_alert_settings_free (watched->settings);
  g_object_unref (watched->monitor);
  g_free (watched->cause);
  g_free (watched);
}

/* ---- what is noted down */

static const char *
get_nick (BobbinHealth health)
{
  return bobbin_health_to_string (health);
}

static void
save (Watched *watched)
{
  const BobbinAlertState *state = &watched->state;
  g_auto (GVariantDict) note = G_VARIANT_DICT_INIT (NULL);

  if (!state->is_open)
    {
      g_object_set (watched->monitor, "alert", NULL, NULL);
      return;
    }

  g_variant_dict_insert (&note, "level", "s", get_nick (state->level));
  g_variant_dict_insert (&note, "worst", "s", get_nick (state->worst));
  g_variant_dict_insert (&note, "since", "x", state->since);
  g_variant_dict_insert (&note, "told", "x", state->told);
  g_variant_dict_insert (&note, "acknowledged", "b", state->acknowledged);
  g_variant_dict_insert (&note, "stepped", "b", state->stepped);
  g_variant_dict_insert (&note, "withdrawn", "b", state->withdrawn);
  g_variant_dict_insert (&note, "cause", "s", watched->cause);
  g_object_set (watched->monitor, "alert", g_variant_dict_end (&note), NULL);
}

static gboolean
look_up_level (GVariant *note, const char *name, BobbinHealth *level)
{
  const char *nick;

  if (!g_variant_lookup (note, name, "&s", &nick))
    return FALSE;
  for (*level = BOBBIN_HEALTH_WARNING; *level <= BOBBIN_HEALTH_DOWN; (*level)++)
    if (g_str_equal (nick, get_nick (*level)))
      return TRUE;

  return FALSE;
}

/* What an earlier program said. */
static void
restore (Watched *watched)
{
  BobbinAlertState state = { .is_open = TRUE };
  g_autoptr (GVariant) note = NULL;
  g_autofree char *cause = NULL;

  g_object_get (watched->monitor, "alert", &note, NULL);
  if (note == NULL || !look_up_level (note, "level", &state.level) ||
      !look_up_level (note, "worst", &state.worst) ||
      !g_variant_lookup (note, "since", "x", &state.since) ||
      !g_variant_lookup (note, "told", "x", &state.told) ||
      !g_variant_lookup (note, "cause", "s", &cause))
    return;

  g_variant_lookup (note, "acknowledged", "b", &state.acknowledged);
  g_variant_lookup (note, "stepped", "b", &state.stepped);
  g_variant_lookup (note, "withdrawn", "b", &state.withdrawn);
  watched->state = state;
  watched->cause = g_steal_pointer (&cause);
  watched->is_told = !state.withdrawn;
}

/* ---- maintenance */

static gint64
get_now (void)
{
  return bobbin_clock_to_realtime (bobbin_clock_get_boottime ());
}

static void follow_windows (Watched *watched);

static void
on_nap_over (gint64 due, guint64 missed, gpointer user_data)
{
  Watched *watched = user_data;

  g_clear_pointer (&watched->nap, bobbin_ticker_free);
  watched->nap_until = 0;
  follow_windows (watched);
}

/* By a clock that goes on while this computer sleeps. */
static void
nap_until (Watched *watched, gint64 now, gint64 next)
{
  g_autoptr (GError) error = NULL;

  if (next == watched->nap_until)
    return;

  g_clear_pointer (&watched->nap, bobbin_ticker_free);
  watched->nap_until = next;
  if (next == 0)
    return;

  watched->nap = bobbin_ticker_new (bobbin_clock_get_boottime () + MIN (next - now, MAX_NAP),
                                    MAX_NAP, on_nap_over, watched, &error);
  if (error != NULL)
    bobbin_job_log (BOBBIN_JOB (watched->monitor), BOBBIN_EVENT_NOTE, "%s", error->message);
}

static void
follow_windows (Watched *watched)
{
  const BobbinAlertRules *rules = &watched->settings->rules;
  const gint64 now = get_now ();
  const gboolean maintenance = bobbin_alert_rules_in_window (rules, now);

  nap_until (watched, now, bobbin_alert_rules_next_window (rules, now));
  if (maintenance == watched->maintenance)
    return;

  watched->maintenance = maintenance;
  g_object_set (watched->monitor, "maintenance", maintenance, NULL);
}

static void
on_alerting (BobbinMonitor *monitor, GParamSpec *pspec, gpointer user_data)
{
  Watched *watched = user_data;
  g_autoptr (GVariant) alerting = NULL;
  g_autoptr (GError) error = NULL;
  BobbinAlertSettings *settings;

  g_object_get (monitor, "alerting", &alerting, NULL);
  settings = bobbin_alert_settings_new (alerting, &error);
  if (settings == NULL)
    {
      bobbin_job_log (BOBBIN_JOB (monitor), BOBBIN_EVENT_NOTE, "%s", error->message);
      settings = bobbin_alert_settings_new (NULL, NULL);
    }

  g_clear_pointer (&watched->settings, bobbin_alert_settings_free);
  watched->settings = settings;
  settings->rules.step = bobbin_monitor_get_step (monitor);
  follow_windows (watched);
}

/* ---- actions */

static void
tell (Watched *watched, BobbinAlertEvent event, gint64 time)
{
  BobbinAlerts *self = watched->alerts;
  const BobbinAlertSettings *settings = watched->settings;
  g_autoptr (BobbinAlert) alert =
    bobbin_alert_new (watched->monitor, event, &watched->state, time, watched->cause);

  if (settings->command != NULL)
    bobbin_alert_courier_send (self->courier, watched->monitor, BOBBIN_ALERT_COMMAND,
                               bobbin_alert_action_new_command (
                                 alert, (const char *const *) settings->command, self->deadline));
  if (settings->webhook != NULL)
    bobbin_alert_courier_send (self->courier, watched->monitor, BOBBIN_ALERT_WEBHOOK,
                               bobbin_alert_action_new_webhook (alert, settings->webhook,
                                                                self->deadline));
  watched->is_told = TRUE;
  /* Whoever hears of it may forget the monitor. */
  g_signal_emit (self, signals[event - BOBBIN_ALERT_STARTED], 0, alert);
}

/* ---- verdicts */

static char *
describe_cause (BobbinMonitor *monitor, const BobbinVerdict *verdict)
{
  g_autofree char *value = NULL;

  if (verdict->error != NULL)
    return g_strdup (verdict->error->message);

  value =
    bobbin_monitor_format_value (monitor, verdict->sample != NULL ? verdict->sample->value : NAN);
  if (verdict->sample == NULL || verdict->sample->text == NULL)
    /* Translators: %s is a value with its unit, as in “97%” */
    return g_strdup_printf (_ ("It is at %s."), value);

  /* Translators: first a value with its unit, then what was found, in words */
  return g_strdup_printf (_ ("It is at %s: %s"), value, verdict->sample->text);
}

static void
set_cause (Watched *watched, const BobbinVerdict *verdict)
{
  g_free (watched->cause);
  watched->cause = describe_cause (watched->monitor, verdict);
}

static void
on_judged (BobbinMonitor *monitor, const BobbinVerdict *verdict, gpointer user_data)
{
  Watched *watched = user_data;
  BobbinAlertEvent event;

  follow_windows (watched);
  event = bobbin_alert_state_feed (&watched->state, &watched->settings->rules, verdict);
  if (event == BOBBIN_ALERT_NOTHING)
    return;

  if (event != BOBBIN_ALERT_ENDED)
    set_cause (watched, verdict);
  save (watched);
  tell (watched, event, verdict->time);
}

/* ---- jobs */

/* What a queue moves leaves its list for a moment, and never the queue. */
static gboolean
is_there (GListModel *jobs, BobbinAlerts *self, BobbinJob *job)
{
  if (BOBBIN_IS_JOB_QUEUE (jobs))
    return bobbin_job_queue_find (BOBBIN_JOB_QUEUE (jobs), job, NULL);

  return g_ptr_array_find (self->followed, job, NULL);
}

/* Nobody looks at it any more: what was said of it is of no use, until somebody does again. */
static void
withdraw (Watched *watched)
{
  if (!watched->is_told)
    return;

  watched->is_told = FALSE;
  watched->state.withdrawn = watched->state.is_open;
  save (watched);
  g_signal_emit (watched->alerts, signals[WITHDRAWN], 0, watched->monitor);
}

static void
on_state (BobbinMonitor *monitor, GParamSpec *pspec, gpointer user_data)
{
  BobbinJob *job = BOBBIN_JOB (monitor);

  if (!bobbin_job_is_active (job) && !bobbin_job_starts_again (job))
    withdraw (user_data);
}

static void
on_items_changed (GListModel *jobs, guint position, guint n_removed, guint n_added, gpointer data)
{
  BobbinAlerts *self = data;
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_removed; i++)
    g_ptr_array_add (gone, g_object_ref (g_ptr_array_index (self->followed, position + i)));
  if (n_removed > 0)
    g_ptr_array_remove_range (self->followed, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    {
      BobbinJob *job = g_list_model_get_item (jobs, position + i);

      g_ptr_array_insert (self->followed, position + i, job);
      if (BOBBIN_IS_MONITOR (job))
        bobbin_alerts_watch (self, BOBBIN_MONITOR (job));
    }
  /* One that was only moved is there again. */
  for (guint i = 0; i < gone->len; i++)
    {
      BobbinJob *job = g_ptr_array_index (gone, i);

      if (BOBBIN_IS_MONITOR (job) && !is_there (jobs, self, job))
        bobbin_alerts_forget (self, BOBBIN_MONITOR (job));
    }
}

static void
unfollow (BobbinAlerts *self)
{
  if (self->jobs != NULL)
    g_signal_handlers_disconnect_by_data (self->jobs, self);
  g_clear_object (&self->jobs);
  g_ptr_array_set_size (self->followed, 0);
  g_hash_table_remove_all (self->watched);
}

static void
bobbin_alerts_dispose (GObject *object)
{
  BobbinAlerts *self = BOBBIN_ALERTS (object);

  unfollow (self);

  G_OBJECT_CLASS (bobbin_alerts_parent_class)->dispose (object);
}

static void
bobbin_alerts_finalize (GObject *object)
{
  BobbinAlerts *self = BOBBIN_ALERTS (object);

  g_hash_table_unref (self->watched);
  g_ptr_array_unref (self->followed);
  g_object_unref (self->courier);

  G_OBJECT_CLASS (bobbin_alerts_parent_class)->finalize (object);
}

static guint
new_signal (const char *name)
{
  return g_signal_new (name, BOBBIN_TYPE_ALERTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 1, BOBBIN_TYPE_ALERT);
}

static void
bobbin_alerts_class_init (BobbinAlertsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bobbin_alerts_dispose;
  object_class->finalize = bobbin_alerts_finalize;

  signals[STARTED] = new_signal ("started");
  signals[WORSENED] = new_signal ("worsened");
  signals[REPEATED] = new_signal ("repeated");
  signals[ENDED] = new_signal ("ended");
  signals[WITHDRAWN] = g_signal_new ("withdrawn", BOBBIN_TYPE_ALERTS, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, BOBBIN_TYPE_MONITOR);
}

static void
bobbin_alerts_init (BobbinAlerts *self)
{
  self->watched = g_hash_table_new_full (NULL, NULL, NULL, watched_free);
  self->followed = g_ptr_array_new_with_free_func (g_object_unref);
  self->courier = bobbin_alert_courier_new ();
  self->deadline = DEADLINE;
}

/**
 * bobbin_alerts_new:
 *
 * Returns: (transfer full): one that watches nothing yet; to be closed before it goes
 */
BobbinAlerts *
bobbin_alerts_new (void)
{
  return g_object_new (BOBBIN_TYPE_ALERTS, NULL);
}

/**
 * bobbin_alerts_follow:
 * @self: alerts, which follow nothing yet
 * @jobs: (element-type BobbinJob): jobs
 *
 * Watches the monitors among @jobs, for as long as they are.
 */
void
bobbin_alerts_follow (BobbinAlerts *self, GListModel *jobs)
{
  g_return_if_fail (BOBBIN_IS_ALERTS (self) && self->jobs == NULL);
  g_return_if_fail (G_IS_LIST_MODEL (jobs));

  self->jobs = g_object_ref (jobs);
  g_signal_connect (jobs, "items-changed", G_CALLBACK (on_items_changed), self);
  on_items_changed (jobs, 0, 0, g_list_model_get_n_items (jobs), self);
}

/**
 * bobbin_alerts_watch:
 * @self: alerts
 * @monitor: a monitor
 *
 * Watches @monitor; harmless if it does.
 */
void
bobbin_alerts_watch (BobbinAlerts *self, BobbinMonitor *monitor)
{
  Watched *watched;

  g_return_if_fail (BOBBIN_IS_ALERTS (self));
  g_return_if_fail (BOBBIN_IS_MONITOR (monitor));

  if (self->closed || g_hash_table_contains (self->watched, monitor))
    return;

  watched = g_new0 (Watched, 1);
  watched->alerts = self;
  watched->monitor = g_object_ref (monitor);
  g_hash_table_insert (self->watched, monitor, watched);
  restore (watched);
  on_alerting (monitor, NULL, watched);
  g_signal_connect (monitor, "notify::alerting", G_CALLBACK (on_alerting), watched);
  g_signal_connect (monitor, "judged", G_CALLBACK (on_judged), watched);
  g_signal_connect (monitor, "notify::state", G_CALLBACK (on_state), watched);
}

/**
 * bobbin_alerts_forget:
 * @self: alerts
 * @monitor: a monitor
 *
 * Watches @monitor no more. What is being told of it goes on.
 */
void
bobbin_alerts_forget (BobbinAlerts *self, BobbinMonitor *monitor)
{
  Watched *watched;

  g_return_if_fail (BOBBIN_IS_ALERTS (self));

  watched = g_hash_table_lookup (self->watched, monitor);
  if (watched != NULL)
    withdraw (watched);
  g_hash_table_remove (self->watched, monitor);
}

/**
 * bobbin_alerts_is_open:
 * @self: alerts
 * @monitor: a monitor
 *
 * Returns: whether something is wrong with @monitor that was said, and not yet that it ended
 */
gboolean
bobbin_alerts_is_open (BobbinAlerts *self, BobbinMonitor *monitor)
{
  Watched *watched;

  g_return_val_if_fail (BOBBIN_IS_ALERTS (self), FALSE);

  watched = g_hash_table_lookup (self->watched, monitor);

  return watched != NULL && watched->state.is_open;
}

/**
 * bobbin_alerts_acknowledge:
 * @self: alerts
 * @monitor: a monitor
 *
 * Somebody knows: there are no reminders until it gets worse.
 *
 * Returns: whether there was something that was not acknowledged
 */
gboolean
bobbin_alerts_acknowledge (BobbinAlerts *self, BobbinMonitor *monitor)
{
  Watched *watched;

  g_return_val_if_fail (BOBBIN_IS_ALERTS (self), FALSE);

  watched = g_hash_table_lookup (self->watched, monitor);
  if (watched == NULL || !bobbin_alert_state_acknowledge (&watched->state))
    return FALSE;

  save (watched);

  return TRUE;
}

/**
 * bobbin_alerts_set_deadline:
 * @self: alerts
 * @deadline: µs that a command or webhook may take from now on; 30 s if this is never called
 */
void
bobbin_alerts_set_deadline (BobbinAlerts *self, gint64 deadline)
{
  g_return_if_fail (BOBBIN_IS_ALERTS (self));

  self->deadline = deadline;
}

/**
 * bobbin_alerts_set_grace:
 * @self: alerts
 * @grace: µs that commands and webhooks that are under way when it is closed may still take; 3 s if
 *   this is never called
 */
void
bobbin_alerts_set_grace (BobbinAlerts *self, gint64 grace)
{
  g_return_if_fail (BOBBIN_IS_ALERTS (self));

  bobbin_alert_courier_set_grace (self->courier, grace);
}

/**
 * bobbin_alerts_set_delay:
 * @self: alerts
 * @delay: µs until a command or webhook that failed and may succeed another time is tried again; 10
 *   s if this is never called. The times after that come four times as late each
 */
void
bobbin_alerts_set_delay (BobbinAlerts *self, gint64 delay)
{
  g_return_if_fail (BOBBIN_IS_ALERTS (self));

  bobbin_alert_courier_set_delay (self->courier, delay);
}

/**
 * bobbin_alerts_get_n_pending:
 * @self: alerts
 *
 * Returns: how many commands and webhooks wait for their turn or another try, or are at work
 */
guint
bobbin_alerts_get_n_pending (BobbinAlerts *self)
{
  g_return_val_if_fail (BOBBIN_IS_ALERTS (self), 0);

  return bobbin_alert_courier_get_n_pending (self->courier);
}

static void
on_courier_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (bobbin_alert_courier_close_finish (BOBBIN_ALERT_COURIER (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * bobbin_alerts_close_async:
 * @self: alerts
 * @callback: (nullable): called when all threads are joined
 * @user_data: for @callback
 *
 * Watches nothing any more, waits a while for commands and webhooks, and ends them then.
 */
void
bobbin_alerts_close_async (BobbinAlerts *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (BOBBIN_IS_ALERTS (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_alerts_close_async);
  g_task_set_name (task, "[bobbin] alerts close");
  self->closed = TRUE;
  unfollow (self);
  bobbin_alert_courier_close_async (self->courier, on_courier_closed, task);
}

/**
 * bobbin_alerts_close_finish:
 * @self: alerts
 * @result: what the callback got
 * @error: never set
 *
 * Returns: %TRUE
 */
gboolean
bobbin_alerts_close_finish (BobbinAlerts *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
