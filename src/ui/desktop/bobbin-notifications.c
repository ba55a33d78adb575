/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The app's notifications. GApplication sends them; what GLib has for desktops other than GNOME
 * (GFdoNotificationBackend, up to 2.84 at least) frees a notification that is withdrawn while the
 * server has not answered yet, or while one of its buttons is being acted on, and then goes on to
 * use it. So nothing is withdrawn from within an action, nor before the server has answered a
 * question that was put to it after the notification: servers answer in order. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-notifications.h"

#define SERVER_NAME "org.freedesktop.Notifications"
#define SERVER_PATH "/org/freedesktop/Notifications"

/* A server that takes longer is not waited for. */
#define ANSWER_TIME 3000 /* ms */

struct _BobbinNotifications
{
  GObject parent_instance;

  GApplication *application; /* (unowned) owns this */
  GHashTable *withdrawn;     /* (owned) (element-type utf8) ids that are to be withdrawn */
  guint n_questions;         /* that the server has not answered yet */
  guint idle;                /* source that withdraws, or 0 */
  GQueue settling;           /* (element-type GTask) (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinNotifications, bobbin_notifications, G_TYPE_OBJECT)

static gboolean
is_settled (BobbinNotifications *self)
{
  return self->n_questions == 0 && g_hash_table_size (self->withdrawn) == 0;
}

/* Withdraws all that is to be, and tells those who wait for that. */
static void
settle (BobbinNotifications *self)
{
  GHashTableIter iter;
  gpointer id;
  GTask *task;

  g_hash_table_iter_init (&iter, self->withdrawn);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_application_withdraw_notification (self->application, id);
  g_hash_table_remove_all (self->withdrawn);

  while ((task = g_queue_pop_head (&self->settling)) != NULL)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

static gboolean
on_idle (gpointer user_data)
{
  BobbinNotifications *self = user_data;

  self->idle = 0;
  if (self->n_questions == 0)
    settle (self);

  return G_SOURCE_REMOVE;
}

/* What it says is of no matter, nor whether there is such a server at all. */
static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinNotifications) self = user_data;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (--self->n_questions == 0 && self->application != NULL)
    settle (self);
}

/* Its answer comes after the one to what was sent before. */
static void
ask (BobbinNotifications *self)
{
  GDBusConnection *bus = g_application_get_dbus_connection (self->application);

  if (bus == NULL)
    return;

  self->n_questions++;
  g_dbus_connection_call (bus, SERVER_NAME, SERVER_PATH, SERVER_NAME, "GetServerInformation", NULL,
                          NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, ANSWER_TIME, NULL, on_answer,
                          g_object_ref (self));
}

static void
bobbin_notifications_dispose (GObject *object)
{
  BobbinNotifications *self = BOBBIN_NOTIFICATIONS (object);

  g_assert (g_queue_is_empty (&self->settling));
  g_clear_handle_id (&self->idle, g_source_remove);
  self->application = NULL;

  G_OBJECT_CLASS (bobbin_notifications_parent_class)->dispose (object);
}

static void
bobbin_notifications_finalize (GObject *object)
{
  BobbinNotifications *self = BOBBIN_NOTIFICATIONS (object);

  g_hash_table_unref (self->withdrawn);

  G_OBJECT_CLASS (bobbin_notifications_parent_class)->finalize (object);
}

static void
bobbin_notifications_class_init (BobbinNotificationsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_notifications_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_notifications_finalize;
}

static void
bobbin_notifications_init (BobbinNotifications *self)
{
  self->withdrawn = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->settling);
}

/**
 * bobbin_notifications_new:
 * @application: the app, which outlives this
 *
 * Returns: (transfer full): the app's notifications
 */
BobbinNotifications *
bobbin_notifications_new (GApplication *application)
{
  BobbinNotifications *self = g_object_new (BOBBIN_TYPE_NOTIFICATIONS, NULL);

  self->application = application;

  return self;
}

/**
 * bobbin_notifications_send:
 * @id: what it is known by; one with the same id is replaced
 * @notification: (transfer none): what is to be said
 *
 * Shows a notification, as g_application_send_notification() does. Does not wait.
 */
void
bobbin_notifications_send (BobbinNotifications *self, const char *id, GNotification *notification)
{
  g_return_if_fail (BOBBIN_IS_NOTIFICATIONS (self));
  g_return_if_fail (id != NULL);

  g_hash_table_remove (self->withdrawn, id);
  g_application_send_notification (self->application, id, notification);
  ask (self);
}

/**
 * bobbin_notifications_withdraw:
 * @id: what it is known by
 *
 * Takes a notification back, if it is still shown: as soon as that may be done, which is not within
 * the call. May be called by what its buttons activate.
 */
void
bobbin_notifications_withdraw (BobbinNotifications *self, const char *id)
{
  g_return_if_fail (BOBBIN_IS_NOTIFICATIONS (self));
  g_return_if_fail (id != NULL);

  g_hash_table_add (self->withdrawn, g_strdup (id));
  if (self->idle == 0)
    {
      self->idle = g_idle_add (on_idle, self);
      g_source_set_name_by_id (self->idle, "[bobbin] withdraw notifications");
    }
}

/**
 * bobbin_notifications_settle_async:
 * @callback: called when the server has answered all that was sent, and nothing is left to be
 *   withdrawn
 * @user_data: for @callback
 *
 * Waits for what is on its way, so that the app may end.
 */
void
bobbin_notifications_settle_async (BobbinNotifications *self,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, bobbin_notifications_settle_async);
  g_task_set_name (task, "[bobbin] settle notifications");
  if (!is_settled (self))
    {
      g_queue_push_tail (&self->settling, task);
      return;
    }

  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/**
 * bobbin_notifications_settle_finish:
 *
 * Returns: %TRUE
 */
gboolean
bobbin_notifications_settle_finish (BobbinNotifications *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
