/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinApplication owns the queue and the settings, and ends the program only when every job has
 * been joined. One instance runs in a session: a second `bobbin URL…` hands its
 * addresses to the first. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-application.h"

#include "bobbin-application-private.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>

#include "bobbin-background.h"
#include "bobbin-bus-service.h"
#include "bobbin-high-contrast.h"
#include "bobbin-job-tally.h"
#include "bobbin-transfer-settings.h"

/* After so many milliseconds the window names the jobs that still hold. */
#define DRAIN_PATIENCE 5000

struct _BobbinApplication
{
  AdwApplication parent_instance;

  BobbinJobQueue *queue;      /* (owned) */
  BobbinQueueKeeper *keeper;  /* (owned): of the queue, from start to start */
  BobbinKeyring *keyring;     /* (owned) */
  GPtrArray *companions;      /* (owned): of GObject, the services; empty before and after */
  BobbinBusService *service;  /* (owned) (nullable) while the app is on the bus */
  GSettings *settings;        /* (owned) */
  BobbinScheduler *scheduler; /* (owned) */
  BobbinJobTally *tally;      /* (owned) (nullable): of all jobs; not while the app quits */
  guint sigint_source;
  guint sigterm_source;

  gboolean draining;
  guint n_intakes;
  guint n_draining; /* parts of the drain that have not ended, intakes among them */
  guint patience;   /* ms */
  guint patience_source;
};

G_DEFINE_FINAL_TYPE (BobbinApplication, bobbin_application, ADW_TYPE_APPLICATION)

static BobbinWindow *
find_window (BobbinApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (BOBBIN_IS_WINDOW (l->data))
      return l->data;

  return NULL;
}

static void
on_window_mapped (BobbinApplication *self, GtkWidget *window)
{
  bobbin_job_queue_set_watched (self->queue, gtk_widget_get_mapped (window));
}

/* Gives the window, opened if need be. Internal to the application's files. */
BobbinWindow *
bobbin_application_ensure_window (BobbinApplication *self)
{
  BobbinWindow *window = find_window (self);

  if (window == NULL)
    {
      window = bobbin_window_new (self);
      /* In this order: the keyring asks the keeper for the job's id. */
      g_signal_connect_object (bobbin_window_get_removal (window), "concluded",
                               G_CALLBACK (bobbin_keyring_forget), self->keyring,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (bobbin_window_get_removal (window), "concluded",
                               G_CALLBACK (bobbin_queue_keeper_forget), self->keeper,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (window, "map", G_CALLBACK (on_window_mapped), self,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
      g_signal_connect_object (window, "unmap", G_CALLBACK (on_window_mapped), self,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
      gtk_window_present (GTK_WINDOW (window));
    }

  return window;
}

/* Whether one of the windows has the focus. One that is hidden is told later, if ever, that it has
 * lost it. Internal to the application's files. */
gboolean
bobbin_application_is_looked_at (BobbinApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (gtk_widget_get_mapped (l->data) && gtk_window_is_active (l->data))
      return TRUE;

  return FALSE;
}

/* ---- the end */

/* All is written, and the last thread has gone. */
static void
on_keeper_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinApplication) self = BOBBIN_APPLICATION (user_data);
  BobbinWindow *window = find_window (self);
  g_autoptr (GError) error = NULL;

  if (!bobbin_queue_keeper_close_finish (BOBBIN_QUEUE_KEEPER (source), result, &error))
    g_warning ("The list of jobs was not closed: %s", error->message);
  g_clear_handle_id (&self->patience_source, g_source_remove);
  if (window != NULL)
    gtk_window_destroy (GTK_WINDOW (window));
  g_application_quit (G_APPLICATION (self));
  g_application_release (G_APPLICATION (self));
}

static void
on_keyring_flushed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinApplication) self = BOBBIN_APPLICATION (user_data);

  bobbin_keyring_flush_finish (BOBBIN_KEYRING (source), result, NULL);
  /* What the monitors found when they were stopped, too. */
  bobbin_history_close (bobbin_application_get_history (self));
  bobbin_queue_keeper_close_async (self->keeper, on_keeper_closed, g_object_ref (self));
}

/* Nothing runs any more, nothing can be undone: what is left to write is known. */
static void
drained (BobbinApplication *self)
{
  if (--self->n_draining == 0)
    bobbin_keyring_flush_async (self->keyring, on_keyring_flushed, g_object_ref (self));
}

/* Something that came from outside is on its way into the queue, and whoever sent it waits to hear
 * of it: the drain ends after that. Internal to the application's files. */
void
bobbin_application_begin_intake (BobbinApplication *self)
{
  self->n_intakes++;
  if (self->n_draining > 0)
    self->n_draining++;
}

/* Internal to the application's files. */
void
bobbin_application_end_intake (BobbinApplication *self)
{
  self->n_intakes--;
  if (self->n_draining > 0)
    drained (self);
}

static void
on_queue_shut_down (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinApplication) self = BOBBIN_APPLICATION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bobbin_job_queue_shutdown_finish (BOBBIN_JOB_QUEUE (source), result, &error))
    g_warning ("The queue was not shut down: %s", error->message);
  drained (self);
}

static void
shut_down_queue (BobbinApplication *self)
{
  bobbin_job_queue_shutdown_async (self->queue, on_queue_shut_down, g_object_ref (self));
}

static void
on_removals_flushed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinApplication) self = BOBBIN_APPLICATION (user_data);

  bobbin_removal_flush_finish (BOBBIN_REMOVAL (source), result, NULL);
  drained (self);
}

static void
on_companions_drained (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
  drained (BOBBIN_APPLICATION (source));
}

static void
on_patience_over (gpointer user_data)
{
  BobbinApplication *self = BOBBIN_APPLICATION (user_data);
  BobbinWindow *window = find_window (self);

  self->patience_source = 0;
  if (window != NULL)
    bobbin_window_name_holders (window);
}

/* All but to quit. Those of the window are the window's own. */
static void
disable_actions (BobbinApplication *self)
{
  g_auto (GStrv) names = g_action_group_list_actions (G_ACTION_GROUP (self));

  g_clear_object (&self->tally); /* and with it what it enables */
  for (guint i = 0; names[i] != NULL; i++)
    if (!g_str_equal (names[i], "quit"))
      g_simple_action_set_enabled (G_SIMPLE_ACTION (
                                     g_action_map_lookup_action (G_ACTION_MAP (self), names[i])),
                                   FALSE);
}

/**
 * bobbin_application_drain:
 *
 * Quits: begins nothing new, stops every job, and ends the program when all of them are joined. The
 * window says meanwhile what is waited for. Harmless when it is under way already.
 */
void
bobbin_application_drain (BobbinApplication *self)
{
  BobbinWindow *window;

  g_return_if_fail (BOBBIN_IS_APPLICATION (self));

  if (self->draining)
    return;

  self->draining = TRUE;
  self->n_draining = 2 + self->n_intakes;
  self->patience_source = g_timeout_add_once (self->patience, on_patience_over, self);
  g_source_set_name_by_id (self->patience_source, "[bobbin] drain patience");
  disable_actions (self);

  window = find_window (self);
  if (window != NULL)
    {
      self->n_draining++;
      bobbin_window_show_draining (window);
      bobbin_removal_flush_async (bobbin_window_get_removal (window), on_removals_flushed,
                                  g_object_ref (self));
    }
  bobbin_application_drain_companions_async (self, self->companions, on_companions_drained, NULL);
  shut_down_queue (self);
}

/* Somebody closes the window: what runs goes on without it, or else that is the end. Internal to
 * the application's files. */
void
bobbin_application_close_window (BobbinApplication *self, BobbinWindow *window)
{
  BobbinBackground *background = bobbin_application_get_companion (self, BOBBIN_TYPE_BACKGROUND);

  if (!bobbin_background_enter (background, window))
    bobbin_application_drain (self);
}

/* How long the drain waits until it names who holds it up, in milliseconds. Internal: for tests. */
void
bobbin_application_set_patience (BobbinApplication *self, guint patience)
{
  self->patience = patience;
}

static gboolean
on_unix_signal (gpointer user_data)
{
  bobbin_application_drain (BOBBIN_APPLICATION (user_data));

  return G_SOURCE_CONTINUE;
}

/* ---- the life of the application */

static void
bobbin_application_activate (GApplication *app)
{
  BobbinWindow *window = bobbin_application_ensure_window (BOBBIN_APPLICATION (app));

  gtk_window_present (GTK_WINDOW (window));
}

static int
bobbin_application_handle_local_options (GApplication *app, GVariantDict *options)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;

  g_print ("bobbin %s\n", PACKAGE_VERSION);

  return 0;
}

static void
bind_action (BobbinApplication *self, const char *property, const char *name)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_object_bind_property (self->tally, property, action, "enabled", G_BINDING_SYNC_CREATE);
}

/* Says to the user what went wrong, unless the app quits: in the window, or where that is not shown
 * in a notification. Internal to the application's files. */
void
bobbin_application_warn (BobbinApplication *self, const char *sentence)
{
  BobbinBackground *background = bobbin_application_get_companion (self, BOBBIN_TYPE_BACKGROUND);
  BobbinWindow *window = find_window (self);

  if (self->draining)
    return;

  if (window != NULL && gtk_widget_get_visible (GTK_WIDGET (window)))
    bobbin_window_warn (window, sentence);
  else if (background != NULL)
    bobbin_background_warn (background, sentence);
}

static void
on_keeper_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinApplication) self = BOBBIN_APPLICATION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bobbin_queue_keeper_open_finish (BOBBIN_QUEUE_KEEPER (source), result, &error))
    bobbin_application_warn (self, error->message);
  if (self->service != NULL)
    bobbin_bus_service_open (self->service);
}

/* Brings back what was in the list when the app was last seen. */
static void
open_keeper (BobbinApplication *self)
{
  g_autofree char *path = bobbin_store_dup_default_path ();

  self->keeper = bobbin_queue_keeper_new (self->queue, path);
  g_signal_connect_object (self->keeper, "trouble", G_CALLBACK (bobbin_application_warn), self,
                           G_CONNECT_SWAPPED);
  self->keyring = bobbin_keyring_new (self->queue, self->keeper);
  g_signal_connect_object (self->keyring, "trouble", G_CALLBACK (bobbin_application_warn), self,
                           G_CONNECT_SWAPPED);
  bobbin_queue_keeper_open_async (self->keeper, on_keeper_opened, g_object_ref (self));
}

/* Before the name is on the bus: whoever has the app started by a call finds what is called. */
static gboolean
bobbin_application_dbus_register (GApplication *app,
                                  GDBusConnection *bus,
                                  const char *path,
                                  GError **error)
{
  BobbinApplication *self = BOBBIN_APPLICATION (app);

  if (!G_APPLICATION_CLASS (bobbin_application_parent_class)->dbus_register (app, bus, path, error))
    return FALSE;

  self->service = bobbin_bus_service_new (self);

  return bobbin_bus_service_export (self->service, bus, path, error);
}

static void
bobbin_application_dbus_unregister (GApplication *app, GDBusConnection *bus, const char *path)
{
  BobbinApplication *self = BOBBIN_APPLICATION (app);

  if (self->service != NULL)
    bobbin_bus_service_unexport (self->service);
  g_clear_object (&self->service);

  G_APPLICATION_CLASS (bobbin_application_parent_class)->dbus_unregister (app, bus, path);
}

static void
bobbin_application_startup (GApplication *app)
{
  BobbinApplication *self = BOBBIN_APPLICATION (app);

  G_APPLICATION_CLASS (bobbin_application_parent_class)->startup (app);

  gtk_window_set_default_icon_name (APP_ID);
  bobbin_high_contrast_follow ();
  self->settings = g_settings_new (BOBBIN_SCHEMA_ID);
  self->queue = bobbin_job_queue_new ();
  self->scheduler = bobbin_scheduler_new (self->queue, bobbin_rate_limiter_get_global ());
  bobbin_transfer_settings_follow (self->settings, self->queue, self->scheduler);
  open_keeper (self);
  bobbin_application_start_companions (self, self->companions);
  g_application_hold (app); /* until it has drained, window or not: jobs are at work */

  bobbin_application_install_actions (self);
  self->tally = bobbin_job_tally_new (self->queue, BOBBIN_TYPE_JOB);
  bind_action (self, "can-start", "start-all");
  bind_action (self, "can-stop", "stop-all");
  self->sigint_source = g_unix_signal_add (SIGINT, on_unix_signal, self);
  self->sigterm_source = g_unix_signal_add (SIGTERM, on_unix_signal, self);
}

static void
bobbin_application_shutdown (GApplication *app)
{
  BobbinApplication *self = BOBBIN_APPLICATION (app);

  g_clear_handle_id (&self->sigint_source, g_source_remove);
  g_clear_handle_id (&self->sigterm_source, g_source_remove);
  g_clear_handle_id (&self->patience_source, g_source_remove);
  g_clear_object (&self->tally);
  if (self->settings != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->settings, self);
      bobbin_transfer_settings_unfollow (self->settings);
    }
  g_clear_object (&self->settings);
  g_clear_object (&self->keyring);
  bobbin_application_release_companions (self->companions);
  g_clear_object (&self->keeper);
  g_clear_object (&self->scheduler);
  g_clear_object (&self->queue);

  G_APPLICATION_CLASS (bobbin_application_parent_class)->shutdown (app);
}

static void
bobbin_application_finalize (GObject *object)
{
  g_ptr_array_unref (BOBBIN_APPLICATION (object)->companions);

  G_OBJECT_CLASS (bobbin_application_parent_class)->finalize (object);
}

static void
bobbin_application_class_init (BobbinApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bobbin_application_finalize;
  application_class->activate = bobbin_application_activate;
  application_class->command_line = bobbin_application_command_line;
  application_class->dbus_register = bobbin_application_dbus_register;
  application_class->dbus_unregister = bobbin_application_dbus_unregister;
  application_class->handle_local_options = bobbin_application_handle_local_options;
  application_class->open = bobbin_application_open;
  application_class->startup = bobbin_application_startup;
  application_class->shutdown = bobbin_application_shutdown;
}

static void
bobbin_application_init (BobbinApplication *self)
{
  const GOptionEntry options[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version and exit"), NULL },
    { NULL },
  };

  self->companions = g_ptr_array_new_with_free_func (g_object_unref);
  self->patience = DRAIN_PATIENCE;
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[URL|FILE…]"));
  g_application_set_option_context_summary (
    G_APPLICATION (self), _ ("Opens the window, or raises the running one, and adds downloads."));
}

/**
 * bobbin_application_new:
 *
 * Returns: (transfer full): the application
 */
BobbinApplication *
bobbin_application_new (void)
{
  return g_object_new (BOBBIN_TYPE_APPLICATION, "application-id", APP_ID, "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", BOBBIN_RESOURCE_PATH, NULL);
}

/**
 * bobbin_application_get_queue:
 *
 * Returns: (transfer none): the queue of all jobs
 */
BobbinJobQueue *
bobbin_application_get_queue (BobbinApplication *self)
{
  g_return_val_if_fail (BOBBIN_IS_APPLICATION (self), NULL);

  return self->queue;
}

/* What keeps the queue from start to start. Internal to the application's files. */
BobbinQueueKeeper *
bobbin_application_get_keeper (BobbinApplication *self)
{
  return self->keeper;
}

/* The companion of a class, or NULL as long as it is not started. Internal to the application's
 * files. */
gpointer
bobbin_application_get_companion (BobbinApplication *self, GType type)
{
  for (guint i = 0; i < self->companions->len; i++)
    if (G_TYPE_CHECK_INSTANCE_TYPE (g_ptr_array_index (self->companions, i), type))
      return g_ptr_array_index (self->companions, i);

  return NULL;
}

/**
 * bobbin_application_get_settings:
 *
 * Returns: (transfer none): the app's settings
 */
GSettings *
bobbin_application_get_settings (BobbinApplication *self)
{
  g_return_val_if_fail (BOBBIN_IS_APPLICATION (self), NULL);

  return self->settings;
}

/**
 * bobbin_application_get_scheduler:
 *
 * Returns: (transfer none): what has the downloads keep to the schedule
 */
BobbinScheduler *
bobbin_application_get_scheduler (BobbinApplication *self)
{
  g_return_val_if_fail (BOBBIN_IS_APPLICATION (self), NULL);

  return self->scheduler;
}

/**
 * bobbin_application_get_keyring:
 *
 * Returns: (transfer none): what remembers the secrets of downloads
 */
BobbinKeyring *
bobbin_application_get_keyring (BobbinApplication *self)
{
  g_return_val_if_fail (BOBBIN_IS_APPLICATION (self), NULL);

  return self->keyring;
}
