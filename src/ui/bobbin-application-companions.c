/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The companions of the application: services that are at work from start to end, window or not.
 * Each has one line in the table below and nothing elsewhere in the application's files. They are
 * started in the order of the table, so that one can ask for those before it, and end in the
 * opposite order, one after the other. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-application-private.h"

#include "bobbin-after-all.h"
#include "bobbin-alarm-notifier.h"
#include "bobbin-alerts.h"
#include "bobbin-background.h"
#include "bobbin-bus-news.h"
#include "bobbin-change-fetcher.h"
#include "bobbin-clipboard-offer.h"
#include "bobbin-download-notifier.h"
#include "bobbin-finished-expiry.h"
#include "bobbin-host-logins.h"
#include "bobbin-inhibitor.h"
#include "bobbin-launcher-entry.h"
#include "bobbin-notifications.h"

static gpointer
start_host_logins (BobbinApplication *self)
{
  BobbinHostLogins *logins = bobbin_host_logins_new (bobbin_application_get_settings (self),
                                                     bobbin_application_get_queue (self));

  g_signal_connect_object (logins, "trouble", G_CALLBACK (bobbin_application_warn), self,
                           G_CONNECT_SWAPPED);

  return logins;
}

static void
drain_host_logins (gpointer companion, GAsyncReadyCallback callback, gpointer user_data)
{
  bobbin_host_logins_settle_async (BOBBIN_HOST_LOGINS (companion), callback, user_data);
}

static gpointer
start_history (BobbinApplication *self)
{
  static const char *const names[] = { "raw-hours", "minute-days", "hour-days" };
  BobbinHistory *history =
    bobbin_history_new (bobbin_application_get_queue (self), bobbin_application_get_keeper (self));

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *key = g_strconcat ("history-", names[i], NULL);

      g_settings_bind (bobbin_application_get_settings (self), key, history, names[i],
                       G_SETTINGS_BIND_GET);
    }

  return history;
}

static gpointer
start_finished_expiry (BobbinApplication *self)
{
  return bobbin_finished_expiry_new (bobbin_application_get_settings (self),
                                     bobbin_queue_keeper_get_store (
                                       bobbin_application_get_keeper (self)));
}

static gpointer
start_notifications (BobbinApplication *self)
{
  return bobbin_notifications_new (G_APPLICATION (self));
}

static void
drain_notifications (gpointer companion, GAsyncReadyCallback callback, gpointer user_data)
{
  bobbin_notifications_settle_async (BOBBIN_NOTIFICATIONS (companion), callback, user_data);
}

static gpointer
start_alerts (BobbinApplication *self)
{
  BobbinAlerts *alerts = bobbin_alerts_new ();

  bobbin_alerts_follow (alerts, G_LIST_MODEL (bobbin_application_get_queue (self)));

  return alerts;
}

static void
drain_alerts (gpointer companion, GAsyncReadyCallback callback, gpointer user_data)
{
  bobbin_alerts_close_async (BOBBIN_ALERTS (companion), callback, user_data);
}

static gpointer
start_alarm_notifier (BobbinApplication *self)
{
  BobbinNotifications *notifications =
    bobbin_application_get_companion (self, BOBBIN_TYPE_NOTIFICATIONS);
  BobbinAlerts *alerts = bobbin_application_get_companion (self, BOBBIN_TYPE_ALERTS);

  return bobbin_alarm_notifier_new (self, notifications, bobbin_application_get_keeper (self),
                                    alerts);
}

static gpointer
start_change_fetcher (BobbinApplication *self)
{
  return bobbin_change_fetcher_new (self);
}

static gpointer
start_download_notifier (BobbinApplication *self)
{
  BobbinNotifications *notifications =
    bobbin_application_get_companion (self, BOBBIN_TYPE_NOTIFICATIONS);

  return bobbin_download_notifier_new (self, notifications, bobbin_application_get_keeper (self));
}

static void
drain_download_notifier (gpointer companion, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (companion, NULL, callback, user_data);

  g_task_set_source_tag (task, drain_download_notifier);
  g_task_set_name (task, "[bobbin] tell of downloads");
  bobbin_download_notifier_tell (BOBBIN_DOWNLOAD_NOTIFIER (companion));
  g_task_return_boolean (task, TRUE);
}

static gpointer
start_background (BobbinApplication *self)
{
  return bobbin_background_new (self,
                                bobbin_application_get_companion (self, BOBBIN_TYPE_NOTIFICATIONS));
}

static void
drain_background (gpointer companion, GAsyncReadyCallback callback, gpointer user_data)
{
  bobbin_background_settle_async (BOBBIN_BACKGROUND (companion), callback, user_data);
}

static gpointer
start_inhibitor (BobbinApplication *self)
{
  return bobbin_inhibitor_new (g_application_get_dbus_connection (G_APPLICATION (self)),
                               bobbin_application_get_queue (self));
}

static gpointer
start_launcher_entry (BobbinApplication *self)
{
  return bobbin_launcher_entry_new (g_application_get_dbus_connection (G_APPLICATION (self)),
                                    g_application_get_dbus_object_path (G_APPLICATION (self)),
                                    bobbin_application_get_queue (self));
}

static gpointer
start_bus_news (BobbinApplication *self)
{
  return bobbin_bus_news_new (g_application_get_dbus_connection (G_APPLICATION (self)),
                              g_application_get_dbus_object_path (G_APPLICATION (self)),
                              bobbin_application_get_queue (self),
                              bobbin_application_get_keeper (self));
}

static gpointer
start_after_all (BobbinApplication *self)
{
  return bobbin_after_all_new (self);
}

static gpointer
start_clipboard_offer (BobbinApplication *self)
{
  return bobbin_clipboard_offer_new (self);
}

/* What drain_async begins must end with a GTask's boolean. */
static const struct
{
  gpointer (*start) (BobbinApplication *application); /* gives a GObject, (transfer full) */
  void (*drain_async) (gpointer companion,
                       GAsyncReadyCallback callback,
                       gpointer user_data); /* (nullable) */
} services[] = {
  { start_host_logins, drain_host_logins },
  { start_history },
  { start_finished_expiry },
  { start_notifications, drain_notifications },
  { start_alerts, drain_alerts },
  { start_alarm_notifier },
  { start_change_fetcher },
  { start_download_notifier, drain_download_notifier },
  { start_background, drain_background },
  { start_inhibitor },
  { start_launcher_entry },
  { start_bus_news },
  { start_after_all },
  { start_clipboard_offer },
};

/* Adds them to @companions, an array that is empty. Internal to the application's files. */
void
bobbin_application_start_companions (BobbinApplication *self, GPtrArray *companions)
{
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    g_ptr_array_add (companions, services[i].start (self));
}

/* ---- the end */

typedef struct
{
  GPtrArray *companions; /* (owned) */
  guint n_left;
} Drain;

static void
drain_free (gpointer data)
{
  Drain *drain = data;

  g_ptr_array_unref (drain->companions);
  g_free (drain);
}

static void drain_next (GTask *task);

static void
on_drained (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_warning ("%s did not end well: %s", G_OBJECT_TYPE_NAME (source), error->message);
  drain_next (user_data);
}

/* Takes the task. */
static void
drain_next (GTask *task)
{
  Drain *drain = g_task_get_task_data (task);

  while (drain->n_left > 0)
    {
      guint i = --drain->n_left;

      if (services[i].drain_async != NULL)
        {
          services[i].drain_async (g_ptr_array_index (drain->companions, i), on_drained, task);
          return;
        }
    }

  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/* The app quits: has the companions end what they have begun, while the queue is shut down.
 * Internal to the application's files. */
void
bobbin_application_drain_companions_async (BobbinApplication *self,
                                           GPtrArray *companions,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Drain *drain = g_new0 (Drain, 1);

  drain->companions = g_ptr_array_ref (companions);
  drain->n_left = companions->len;
  g_task_set_source_tag (task, bobbin_application_drain_companions_async);
  g_task_set_name (task, "[bobbin] drain companions");
  g_task_set_task_data (task, drain, drain_free);
  drain_next (task);
}

/* Lets go of them, the last one first. Internal to the application's files. */
void
bobbin_application_release_companions (GPtrArray *companions)
{
  while (companions->len > 0)
    g_object_unref (g_ptr_array_steal_index (companions, companions->len - 1));
}

/**
 * bobbin_application_get_history:
 *
 * Returns: (transfer none): what the monitors have found over time
 */
BobbinHistory *
bobbin_application_get_history (BobbinApplication *self)
{
  g_return_val_if_fail (BOBBIN_IS_APPLICATION (self), NULL);

  return BOBBIN_HISTORY (bobbin_application_get_companion (self, BOBBIN_TYPE_HISTORY));
}
