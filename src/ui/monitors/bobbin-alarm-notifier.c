/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Tells the desktop of alerts: one notification a monitor, which is replaced when it gets worse,
 * goes on or ends. Its buttons are the actions app.open-monitor, app.pause-monitor and
 * app.acknowledge-alert, whose parameter is the id that the job has in the store, so that they work
 * after the app was started anew as well. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-alarm-notifier.h"

#include "bobbin-application-private.h"

#include <glib/gi18n-lib.h>

struct _BobbinAlarmNotifier
{
  GObject parent_instance;

  BobbinApplication *application;     /* (unowned) owns this */
  BobbinNotifications *notifications; /* (owned) */
  BobbinQueueKeeper *keeper;          /* (owned) */
  BobbinAlerts *alerts;               /* (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinAlarmNotifier, bobbin_alarm_notifier, G_TYPE_OBJECT)

/* Of a monitor, in the notification server. */
static char *
make_notification_id (const char *id)
{
  return g_strconcat ("alarm-", id, NULL);
}

static void
add_button (GNotification *notification, const char *label, const char *action, const char *id)
{
  g_notification_add_button_with_target (notification, label, action, "s", id);
}

/**
 * bobbin_alarm_notifier_make:
 * @alert: what is to be said
 * @id: the monitor's, in the store
 *
 * Returns: (transfer full): a notification that says it
 */
GNotification *
bobbin_alarm_notifier_make (BobbinAlert *alert, const char *id)
{
  g_autofree char *title = bobbin_alert_dup_title (alert);
  g_autofree char *body = bobbin_alert_dup_body (alert);
  GNotification *notification = g_notification_new (title);

  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.open-monitor", "s", id);
  if (bobbin_alert_get_event (alert) == BOBBIN_ALERT_ENDED)
    return notification;

  if (bobbin_alert_get_level (alert) != BOBBIN_HEALTH_WARNING)
    g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  /* Translators: buttons of a notification about a monitor */
  add_button (notification, _ ("Open"), "app.open-monitor", id);
  add_button (notification, _ ("Pause"), "app.pause-monitor", id);
  add_button (notification, _ ("Acknowledge"), "app.acknowledge-alert", id);

  return notification;
}

static void
on_told (BobbinAlerts *alerts, BobbinAlert *alert, gpointer user_data)
{
  BobbinAlarmNotifier *self = user_data;
  BobbinJob *job = BOBBIN_JOB (bobbin_alert_get_monitor (alert));
  g_autofree char *id = bobbin_queue_keeper_dup_id (self->keeper, job);
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *notification_id = NULL;

  if (id == NULL || !g_settings_get_boolean (bobbin_application_get_settings (self->application),
                                             "notify-alarms"))
    return;

  notification = bobbin_alarm_notifier_make (alert, id);
  notification_id = make_notification_id (id);
  bobbin_notifications_send (self->notifications, notification_id, notification);
}

static void
withdraw (BobbinAlarmNotifier *self, const char *id)
{
  g_autofree char *notification_id = make_notification_id (id);

  bobbin_notifications_withdraw (self->notifications, notification_id);
}

static void
on_withdrawn (BobbinAlerts *alerts, BobbinMonitor *monitor, gpointer user_data)
{
  BobbinAlarmNotifier *self = user_data;
  g_autofree char *id = bobbin_queue_keeper_dup_id (self->keeper, BOBBIN_JOB (monitor));

  if (id != NULL)
    withdraw (self, id);
}

static BobbinMonitor *
find_monitor (BobbinAlarmNotifier *self, const char *id)
{
  BobbinJob *job = bobbin_queue_keeper_find (self->keeper, id);

  return BOBBIN_IS_MONITOR (job) ? BOBBIN_MONITOR (job) : NULL;
}

static void
open_monitor_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BobbinAlarmNotifier *self = user_data;
  BobbinWindow *window = bobbin_application_ensure_window (self->application);
  BobbinMonitor *monitor = find_monitor (self, g_variant_get_string (parameter, NULL));

  if (monitor != NULL)
    {
      bobbin_window_show_job (window, BOBBIN_JOB (monitor));
      bobbin_window_show_details (window, BOBBIN_JOB (monitor));
    }
  else
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s", "monitors");
    }
  gtk_window_present (GTK_WINDOW (window));
}

static void
pause_monitor_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BobbinAlarmNotifier *self = user_data;
  const char *id = g_variant_get_string (parameter, NULL);
  BobbinMonitor *monitor = find_monitor (self, id);

  if (monitor != NULL)
    bobbin_monitor_pause (monitor, 0);
  withdraw (self, id);
}

static void
acknowledge_alert_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BobbinAlarmNotifier *self = user_data;
  const char *id = g_variant_get_string (parameter, NULL);
  BobbinMonitor *monitor = find_monitor (self, id);

  if (monitor != NULL)
    bobbin_alerts_acknowledge (self->alerts, monitor);
  withdraw (self, id);
}

static const GActionEntry entries[] = {
  { "open-monitor", open_monitor_action, "s" },
  { "pause-monitor", pause_monitor_action, "s" },
  { "acknowledge-alert", acknowledge_alert_action, "s" },
};

static void
bobbin_alarm_notifier_dispose (GObject *object)
{
  BobbinAlarmNotifier *self = BOBBIN_ALARM_NOTIFIER (object);

  if (self->alerts != NULL)
    g_signal_handlers_disconnect_by_data (self->alerts, self);
  if (self->application != NULL)
    for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
      g_action_map_remove_action (G_ACTION_MAP (self->application), entries[i].name);
  self->application = NULL;
  g_clear_object (&self->alerts);
  g_clear_object (&self->keeper);
  g_clear_object (&self->notifications);

  G_OBJECT_CLASS (bobbin_alarm_notifier_parent_class)->dispose (object);
}

static void
bobbin_alarm_notifier_class_init (BobbinAlarmNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_alarm_notifier_dispose;
}

static void
bobbin_alarm_notifier_init (BobbinAlarmNotifier *self)
{
}

/**
 * bobbin_alarm_notifier_new:
 * @application: the app, which outlives this
 * @notifications: where it is said
 * @keeper: what knows the jobs' ids
 * @alerts: what there is to be said
 *
 * Returns: (transfer full): what says it, for as long as it lives
 */
BobbinAlarmNotifier *
bobbin_alarm_notifier_new (BobbinApplication *application,
                           BobbinNotifications *notifications,
                           BobbinQueueKeeper *keeper,
                           BobbinAlerts *alerts)
{
  static const char *const names[] = { "started", "worsened", "repeated", "ended" };
  BobbinAlarmNotifier *self = g_object_new (BOBBIN_TYPE_ALARM_NOTIFIER, NULL);

  self->application = application;
  self->notifications = g_object_ref (notifications);
  self->keeper = g_object_ref (keeper);
  self->alerts = g_object_ref (alerts);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_signal_connect (alerts, names[i], G_CALLBACK (on_told), self);
  g_signal_connect (alerts, "withdrawn", G_CALLBACK (on_withdrawn), self);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   self);

  return self;
}
