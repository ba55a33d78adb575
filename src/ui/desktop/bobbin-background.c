/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The app's life without a window: jobs that run go on when it is closed, of which the user is told
 * once; and the app may be started at log-in, for its monitors. In a sandbox it is the desktop that
 * is asked for both. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-background.h"

#include <glib/gi18n-lib.h>

#include "bobbin-application-private.h"
#include "bobbin-autostart-file.h"
#include "bobbin-background-portal.h"
#include "bobbin-download.h"
#include "bobbin-monitor.h"

#define NOTICE  "background"
#define TROUBLE "trouble"

struct _BobbinBackground
{
  GObject parent_instance;

  BobbinApplication *application;     /* (unowned) owns this */
  BobbinNotifications *notifications; /* (owned) */
  BobbinBackgroundPortal *portal;     /* (owned) (nullable) as long as it was not asked */
  gboolean sandboxed;
  gboolean told;    /* since the window was last seen */
  gboolean writing; /* the file of autostart */
  gboolean written; /* what it is to say */
  GQueue settling;  /* (element-type GTask) (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinBackground, bobbin_background, G_TYPE_OBJECT)

static GSettings *
get_settings (BobbinBackground *self)
{
  return bobbin_application_get_settings (self->application);
}

/* ---- started at log-in */

static void
take_back_autostart (BobbinBackground *self, const char *sentence)
{
  if (!g_settings_get_boolean (get_settings (self), "autostart"))
    return;

  g_settings_set_boolean (get_settings (self), "autostart", FALSE);
  bobbin_application_warn (self->application, sentence);
}

static void
on_answered (BobbinBackground *self, gboolean autostart)
{
  if (!autostart)
    take_back_autostart (self, _ ("The desktop does not start Bobbin at log-in."));
}

static void
ask_portal (BobbinBackground *self)
{
  GDBusConnection *bus = g_application_get_dbus_connection (G_APPLICATION (self->application));

  if (bus == NULL)
    return;

  if (self->portal == NULL)
    {
      self->portal = bobbin_background_portal_new (bus);
      g_signal_connect_object (self->portal, "answered", G_CALLBACK (on_answered), self,
                               G_CONNECT_SWAPPED);
    }
  bobbin_background_portal_request (self->portal,
                                    g_settings_get_boolean (get_settings (self), "autostart"));
}

static void write_file (BobbinBackground *self);

static void
settle (BobbinBackground *self)
{
  GTask *task;

  while ((task = g_queue_pop_head (&self->settling)) != NULL)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

/* It may have been changed again meanwhile. */
static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinBackground) self = user_data;
  g_autoptr (GError) error = NULL;

  self->writing = FALSE;
  if (!bobbin_autostart_file_set_finish (result, &error))
    take_back_autostart (self, error->message);
  else if (g_settings_get_boolean (get_settings (self), "autostart") != self->written)
    write_file (self);
  if (!self->writing)
    settle (self);
}

static void
write_file (BobbinBackground *self)
{
  if (self->writing)
    return;

  self->writing = TRUE;
  self->written = g_settings_get_boolean (get_settings (self), "autostart");
  bobbin_autostart_file_set_async (self->written, on_written, g_object_ref (self));
}

static void
on_autostart (BobbinBackground *self)
{
  if (self->sandboxed)
    ask_portal (self);
  else
    write_file (self);
}

/* ---- without a window */

static guint
count_jobs (BobbinBackground *self, GType type)
{
  BobbinJobQueue *queue = bobbin_application_get_queue (self->application);

  return bobbin_job_queue_get_n_jobs (queue, type, BOBBIN_JOB_RUNNING) +
         bobbin_job_queue_get_n_jobs (queue, type, BOBBIN_JOB_QUEUED);
}

static char *
describe_jobs (BobbinBackground *self)
{
  const guint n_downloads = count_jobs (self, BOBBIN_TYPE_DOWNLOAD);
  const guint n_monitors = count_jobs (self, BOBBIN_TYPE_MONITOR);
  g_autofree char *downloads = NULL;
  g_autofree char *monitors = NULL;

  downloads = g_strdup_printf (ngettext ("%u download", "%u downloads", n_downloads), n_downloads);
  monitors = g_strdup_printf (ngettext ("%u monitor", "%u monitors", n_monitors), n_monitors);
  if (n_monitors == 0)
    return g_steal_pointer (&downloads);
  if (n_downloads == 0)
    return g_steal_pointer (&monitors);

  /* Translators: how many downloads, and how many monitors */
  return g_strdup_printf (_ ("%s and %s"), downloads, monitors);
}

/* Once and for all: who has closed the window before knows it. */
static void
tell (BobbinBackground *self)
{
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *body = NULL;

  if (g_settings_get_boolean (get_settings (self), "background-told"))
    return;

  g_settings_set_boolean (get_settings (self), "background-told", TRUE);
  body = describe_jobs (self);
  notification = g_notification_new (_ ("Bobbin goes on in the background"));
  g_notification_set_body (notification, body);
  g_notification_add_button (notification, _ ("Quit"), "app.quit");
  bobbin_notifications_send (self->notifications, NOTICE, notification);
  self->told = TRUE;
}

static void
on_window_shown (BobbinBackground *self, BobbinWindow *window)
{
  g_signal_handlers_disconnect_by_func (window, on_window_shown, self);
  if (self->told)
    bobbin_notifications_withdraw (self->notifications, NOTICE);
  self->told = FALSE;
}

static void
bobbin_background_dispose (GObject *object)
{
  BobbinBackground *self = BOBBIN_BACKGROUND (object);

  g_assert (g_queue_is_empty (&self->settling));
  g_clear_object (&self->portal);
  g_clear_object (&self->notifications);
  self->application = NULL;

  G_OBJECT_CLASS (bobbin_background_parent_class)->dispose (object);
}

static void
bobbin_background_class_init (BobbinBackgroundClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_background_dispose;
}

static void
bobbin_background_init (BobbinBackground *self)
{
  g_queue_init (&self->settling);
  /* Made by Flatpak, in the memory that is the sandbox's root: no disk is asked. */
  self->sandboxed = g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

/**
 * bobbin_background_new:
 * @application: the app, which outlives this
 * @notifications: where the user is told
 *
 * Returns: (transfer full): what sees to the app's life without a window
 */
BobbinBackground *
bobbin_background_new (BobbinApplication *application, BobbinNotifications *notifications)
{
  BobbinBackground *self = g_object_new (BOBBIN_TYPE_BACKGROUND, NULL);

  self->application = application;
  self->notifications = g_object_ref (notifications);
  g_signal_connect_object (bobbin_application_get_settings (application), "changed::autostart",
                           G_CALLBACK (on_autostart), self, G_CONNECT_SWAPPED);

  return self;
}

/* Whether to do as in a sandbox. Internal: for tests. */
void
bobbin_background_set_sandboxed (BobbinBackground *self, gboolean sandboxed)
{
  self->sandboxed = sandboxed;
}

/**
 * bobbin_background_enter:
 * @window: the window, which somebody closes
 *
 * Hides @window if jobs run that are to go on, until it is presented again.
 *
 * Returns: whether it was; if not, the app is to quit
 */
gboolean
bobbin_background_enter (BobbinBackground *self, BobbinWindow *window)
{
  BobbinJobQueue *queue;

  g_return_val_if_fail (BOBBIN_IS_BACKGROUND (self), FALSE);

  queue = bobbin_application_get_queue (self->application);
  if (bobbin_job_queue_is_closing (queue) || bobbin_job_queue_get_n_active (queue) == 0 ||
      !g_settings_get_boolean (get_settings (self), "run-in-background"))
    return FALSE;

  bobbin_window_hide (window);
  g_signal_connect_object (window, "map", G_CALLBACK (on_window_shown), self, G_CONNECT_SWAPPED);
  tell (self);
  if (self->sandboxed)
    ask_portal (self);

  return TRUE;
}

/**
 * bobbin_background_warn:
 * @sentence: plain text
 *
 * Says to the user what went wrong while there is no window to say it in.
 */
void
bobbin_background_warn (BobbinBackground *self, const char *sentence)
{
  g_autoptr (GNotification) notification = g_notification_new (_ ("Bobbin"));

  g_return_if_fail (BOBBIN_IS_BACKGROUND (self));

  g_notification_set_body (notification, sentence);
  bobbin_notifications_send (self->notifications, TROUBLE, notification);
}

/**
 * bobbin_background_settle_async:
 * @callback: called when nothing is being written any more; ends with a #GTask's boolean
 * @user_data: for @callback
 *
 * Waits for what is on its way to the disk, so that the app may end.
 */
void
bobbin_background_settle_async (BobbinBackground *self,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, bobbin_background_settle_async);
  g_task_set_name (task, "[bobbin] settle autostart");
  g_queue_push_tail (&self->settling, task);
  if (!self->writing)
    settle (self);
}
