/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells the desktop of downloads that have finished or failed, unless somebody looks at the app.
 * Those that end within a moment share a notification. The buttons are actions of the application
 * whose parameter is the id that the job has in the store, so that they work after the app was
 * started anew as well. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download-notifier.h"

#include <glib/gi18n-lib.h>

#include "bobbin-application-private.h"
#include "bobbin-download.h"
#include "bobbin-file-opening.h"
#include "bobbin-remedy.h"

/* How long others may follow that are told of together, in milliseconds. */
#define MOMENT 1000

/* So many downloads are named in a notification; the others are counted. */
#define N_NAMED 3

typedef enum
{
  FINISHED,
  FAILED,
  N_KINDS,
} Kind;

struct _BobbinDownloadNotifier
{
  GObject parent_instance;

  BobbinApplication *application;     /* (unowned) owns this */
  BobbinNotifications *notifications; /* (owned) */
  BobbinQueueKeeper *keeper;          /* (owned) */
  GPtrArray *ended;                   /* (owned): of BobbinJob (owned), not told of yet */
  GHashTable *told; /* (owned): ids of what is shown of one job, by the BobbinJob (owned) */
  GHashTable *groups[N_KINDS]; /* (owned): of BobbinJob (owned), those shown together */
  guint moment;                /* ms */
  guint source;                /* tells, or 0 */
};

G_DEFINE_FINAL_TYPE (BobbinDownloadNotifier, bobbin_download_notifier, G_TYPE_OBJECT)

/* ---- what is said */

static void
add_button (GNotification *notification, const char *label, const char *action, const char *id)
{
  g_notification_add_button_with_target (notification, label, action, "s", id);
}

static GNotification *
make_finished (BobbinJob *job, const char *id)
{
  GNotification *notification = g_notification_new (_ ("Download finished"));

  g_notification_set_body (notification, bobbin_job_get_title (job));
  g_notification_set_default_action_and_target (notification, "app.show-job", "s", id);
  /* Translators: buttons of a notification about a file that was downloaded */
  add_button (notification, _ ("Open"), "app.open-file", id);
  add_button (notification, _ ("Show in Folder"), "app.show-file", id);

  return notification;
}

/* Where a question has to be answered first, it is the app that asks it. */
static GNotification *
make_failed (BobbinJob *job, const char *id)
{
  const GError *error = bobbin_job_get_error (job);
  GNotification *notification = g_notification_new (_ ("Download failed"));
  g_autofree char *body = NULL;

  body = g_strdup_printf ("%s\n%s", bobbin_job_get_title (job),
                          error != NULL ? error->message : bobbin_job_get_status_line (job));
  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.show-job", "s", id);
  if (!bobbin_remedy_is_needed (job))
    add_button (notification, _ ("Retry"), "app.retry-job", id);
  else
    add_button (notification, _ ("Open Bobbin"), "app.show-job", id);

  return notification;
}

static char *
name_jobs (GPtrArray *jobs)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < MIN (jobs->len, N_NAMED); i++)
    {
      if (i > 0)
        g_string_append_c (names, '\n');
      g_string_append (names, bobbin_job_get_title (g_ptr_array_index (jobs, i)));
    }
  if (jobs->len > N_NAMED)
    {
      const guint n = jobs->len - N_NAMED;

      g_string_append_c (names, '\n');
      /* Translators: the end of a list of names. */
      g_string_append_printf (names, ngettext ("and %u more", "and %u more", n), n);
    }

  return g_string_free (names, FALSE);
}

static GNotification *
make_group (GPtrArray *jobs, const char *title)
{
  GNotification *notification = g_notification_new (title);
  g_autofree char *body = name_jobs (jobs);

  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.show-page", "s", "downloads");

  return notification;
}

static char *
count_ended (BobbinJobState state, guint n)
{
  if (state == BOBBIN_JOB_DONE)
    return g_strdup_printf (ngettext ("%u download finished", "%u downloads finished", n), n);

  return g_strdup_printf (ngettext ("%u download failed", "%u downloads failed", n), n);
}

/* ---- when it is said */

static const struct
{
  BobbinJobState state;
  const char *name; /* of the notification */
  const char *key;  /* of the setting */
  GNotification *(*make) (BobbinJob *job, const char *id);
} kinds[N_KINDS] = {
  [FINISHED] = { BOBBIN_JOB_DONE, "finished", "notify-finished", make_finished },
  [FAILED] = { BOBBIN_JOB_FAILED, "failed", "notify-failed", make_failed },
};

static void
tell_of_one (BobbinDownloadNotifier *self, Kind kind, BobbinJob *job)
{
  g_autofree char *id = bobbin_queue_keeper_dup_id (self->keeper, job);
  g_autofree char *notification_id = NULL;
  g_autoptr (GNotification) notification = NULL;

  if (id == NULL)
    return;

  notification = kinds[kind].make (job, id);
  notification_id = g_strdup_printf ("%s-%s", kinds[kind].name, id);
  bobbin_notifications_send (self->notifications, notification_id, notification);
  g_hash_table_insert (self->told, g_object_ref (job), g_steal_pointer (&notification_id));
}

static void
tell_of_many (BobbinDownloadNotifier *self, Kind kind, GPtrArray *jobs)
{
  g_autofree char *title = count_ended (kinds[kind].state, jobs->len);
  g_autoptr (GNotification) notification = make_group (jobs, title);

  bobbin_notifications_send (self->notifications, kinds[kind].name, notification);
  /* It takes the place of the one before. */
  g_hash_table_remove_all (self->groups[kind]);
  for (guint i = 0; i < jobs->len; i++)
    g_hash_table_add (self->groups[kind], g_object_ref (g_ptr_array_index (jobs, i)));
}

/* Whoever was started again meanwhile, or removed, is not told of. */
static void
tell_of_kind (BobbinDownloadNotifier *self, Kind kind, GPtrArray *ended)
{
  BobbinJobQueue *queue = bobbin_application_get_queue (self->application);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();

  if (!g_settings_get_boolean (bobbin_application_get_settings (self->application),
                               kinds[kind].key))
    return;

  for (guint i = 0; i < ended->len; i++)
    {
      BobbinJob *job = g_ptr_array_index (ended, i);

      if (bobbin_job_get_state (job) == kinds[kind].state &&
          bobbin_job_queue_find (queue, job, NULL) && g_hash_table_add (seen, job))
        g_ptr_array_add (jobs, job);
    }
  if (jobs->len == 1)
    tell_of_one (self, kind, g_ptr_array_index (jobs, 0));
  else if (jobs->len > 1)
    tell_of_many (self, kind, jobs);
}

static void
on_moment_over (gpointer user_data)
{
  BobbinDownloadNotifier *self = user_data;

  self->source = 0;
  bobbin_download_notifier_tell (self);
}

/* What is said of a group holds as long as it is true of one of them. */
static void
withdraw_group_if_empty (BobbinDownloadNotifier *self, Kind kind)
{
  if (g_hash_table_size (self->groups[kind]) == 0)
    bobbin_notifications_withdraw (self->notifications, kinds[kind].name);
}

/* It is being tried again. */
static void
withdraw_of (BobbinDownloadNotifier *self, BobbinJob *job)
{
  const char *id = g_hash_table_lookup (self->told, job);

  if (id != NULL)
    bobbin_notifications_withdraw (self->notifications, id);
  g_hash_table_remove (self->told, job);
  for (gsize i = 0; i < N_KINDS; i++)
    if (g_hash_table_remove (self->groups[i], job))
      withdraw_group_if_empty (self, i);
}

static gboolean
has_left (gpointer job, gpointer value, gpointer queue)
{
  return !bobbin_job_queue_find (queue, job, NULL);
}

/* Of what was removed there is nothing to be tried again, nor a file that is known. */
static void
on_items_changed (BobbinDownloadNotifier *self, guint position, guint n_removed)
{
  BobbinJobQueue *queue = bobbin_application_get_queue (self->application);
  GHashTableIter iter;
  gpointer job, id;

  if (n_removed == 0)
    return;

  for (gsize i = 0; i < N_KINDS; i++)
    if (g_hash_table_foreach_remove (self->groups[i], has_left, queue) > 0)
      withdraw_group_if_empty (self, i);
  g_hash_table_iter_init (&iter, self->told);
  while (g_hash_table_iter_next (&iter, &job, &id))
    if (has_left (job, NULL, queue))
      {
        bobbin_notifications_withdraw (self->notifications, id);
        g_hash_table_iter_remove (&iter);
      }
}

static void
on_job_state (BobbinDownloadNotifier *self, BobbinJob *job)
{
  const BobbinJobState state = bobbin_job_get_state (job);

  if (!BOBBIN_IS_DOWNLOAD (job))
    return;

  withdraw_of (self, job);
  if ((state != BOBBIN_JOB_DONE && state != BOBBIN_JOB_FAILED) ||
      bobbin_application_is_looked_at (self->application))
    return;

  g_ptr_array_add (self->ended, g_object_ref (job));
  if (self->source != 0)
    return;
  self->source = g_timeout_add_once (self->moment, on_moment_over, self);
  g_source_set_name_by_id (self->source, "[bobbin] tell of downloads");
}

/* ---- what the buttons do */

static void
show_job_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BobbinDownloadNotifier *self = user_data;
  BobbinWindow *window = bobbin_application_ensure_window (self->application);
  BobbinJob *job = bobbin_queue_keeper_find (self->keeper, g_variant_get_string (parameter, NULL));

  if (job != NULL)
    bobbin_window_show_job (window, job);
  gtk_window_present (GTK_WINDOW (window));
}

static void
show_page_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BobbinDownloadNotifier *self = user_data;
  BobbinWindow *window = bobbin_application_ensure_window (self->application);

  gtk_widget_activate_action_variant (GTK_WIDGET (window), "win.show-page", parameter);
  gtk_window_present (GTK_WINDOW (window));
}

static const char *
find_file (BobbinDownloadNotifier *self, GVariant *id)
{
  BobbinJob *job = bobbin_queue_keeper_find (self->keeper, g_variant_get_string (id, NULL));

  return BOBBIN_IS_DOWNLOAD (job) ? bobbin_download_get_file (BOBBIN_DOWNLOAD (job)) : NULL;
}

static void
open_file_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  bobbin_file_open (NULL, find_file (user_data, parameter));
}

static void
show_file_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  bobbin_file_show_in_folder (NULL, find_file (user_data, parameter));
}

static void
retry_job_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BobbinDownloadNotifier *self = user_data;
  BobbinJob *job = bobbin_queue_keeper_find (self->keeper, g_variant_get_string (parameter, NULL));

  if (job != NULL && bobbin_job_get_state (job) == BOBBIN_JOB_FAILED)
    bobbin_job_start (job);
}

static const GActionEntry entries[] = {
  { "show-job", show_job_action, "s" },   { "show-page", show_page_action, "s" },
  { "open-file", open_file_action, "s" }, { "show-file", show_file_action, "s" },
  { "retry-job", retry_job_action, "s" },
};

/* ---- its life */

static void
bobbin_download_notifier_dispose (GObject *object)
{
  BobbinDownloadNotifier *self = BOBBIN_DOWNLOAD_NOTIFIER (object);

  g_clear_handle_id (&self->source, g_source_remove);
  if (self->application != NULL)
    for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
      g_action_map_remove_action (G_ACTION_MAP (self->application), entries[i].name);
  self->application = NULL;
  g_clear_object (&self->keeper);
  g_clear_object (&self->notifications);

  G_OBJECT_CLASS (bobbin_download_notifier_parent_class)->dispose (object);
}

static void
bobbin_download_notifier_finalize (GObject *object)
{
  BobbinDownloadNotifier *self = BOBBIN_DOWNLOAD_NOTIFIER (object);

  g_ptr_array_unref (self->ended);
  g_hash_table_unref (self->told);
  for (gsize i = 0; i < N_KINDS; i++)
    g_hash_table_unref (self->groups[i]);

  G_OBJECT_CLASS (bobbin_download_notifier_parent_class)->finalize (object);
}

static void
bobbin_download_notifier_class_init (BobbinDownloadNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_download_notifier_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_download_notifier_finalize;
}

static void
bobbin_download_notifier_init (BobbinDownloadNotifier *self)
{
  self->moment = MOMENT;
  self->ended = g_ptr_array_new_with_free_func (g_object_unref);
  self->told = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
  for (gsize i = 0; i < N_KINDS; i++)
    self->groups[i] = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/**
 * bobbin_download_notifier_new:
 * @application: the app, which outlives this
 * @notifications: where it is said
 * @keeper: what knows the jobs' ids
 *
 * Returns: (transfer full): what tells of downloads that end, for as long as it lives
 */
BobbinDownloadNotifier *
bobbin_download_notifier_new (BobbinApplication *application,
                              BobbinNotifications *notifications,
                              BobbinQueueKeeper *keeper)
{
  BobbinDownloadNotifier *self = g_object_new (BOBBIN_TYPE_DOWNLOAD_NOTIFIER, NULL);

  self->application = application;
  self->notifications = g_object_ref (notifications);
  self->keeper = g_object_ref (keeper);
  g_signal_connect_object (bobbin_application_get_queue (application), "job-state",
                           G_CALLBACK (on_job_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bobbin_application_get_queue (application), "items-changed",
                           G_CALLBACK (on_items_changed), self, G_CONNECT_SWAPPED);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   self);

  return self;
}

/* How long it waits for others that end, in milliseconds. Internal: for tests. */
void
bobbin_download_notifier_set_moment (BobbinDownloadNotifier *self, guint moment)
{
  self->moment = moment;
}

/**
 * bobbin_download_notifier_tell:
 *
 * Tells at once of all that has ended, and waits for no other. Says nothing if somebody looks at
 * the app by now.
 */
void
bobbin_download_notifier_tell (BobbinDownloadNotifier *self)
{
  g_autoptr (GPtrArray) ended = NULL;

  g_return_if_fail (BOBBIN_IS_DOWNLOAD_NOTIFIER (self));

  g_clear_handle_id (&self->source, g_source_remove);
  ended = g_steal_pointer (&self->ended);
  self->ended = g_ptr_array_new_with_free_func (g_object_unref);
  if (bobbin_application_is_looked_at (self->application))
    return;

  for (gsize i = 0; i < N_KINDS; i++)
    tell_of_kind (self, i, ended);
}
