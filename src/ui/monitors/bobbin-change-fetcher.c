/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinChangeFetcher adds a download whenever a monitored web page or file has changed, if its
 * monitor has a folder for that. It is a companion of the application. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-change-fetcher.h"

#include "bobbin-watch-fetch.h"

struct _BobbinChangeFetcher
{
  GObject parent_instance;

  BobbinApplication *application; /* (unowned): it outlives its companions */
  BobbinJobQueue *queue;          /* (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinChangeFetcher, bobbin_change_fetcher, G_TYPE_OBJECT)

/* Of a monitor: why its newest change could not be fetched. */
static const char refusal_key[] = "bobbin-change-refusal";

/* Once, and not with each sample that finds the change again. */
static void
log_refusal (BobbinMonitor *monitor, const char *why)
{
  if (g_strcmp0 (g_object_get_data (G_OBJECT (monitor), refusal_key), why) == 0)
    return;

  g_object_set_data_full (G_OBJECT (monitor), refusal_key, g_strdup (why), g_free);
  bobbin_job_log (BOBBIN_JOB (monitor), BOBBIN_EVENT_NOTE, "%s", why);
}

/* What cannot be fetched now is a change still with the next sample. */
static gboolean
on_change (BobbinMonitor *monitor, const char *address, const char *file_name, gpointer user_data)
{
  BobbinChangeFetcher *self = BOBBIN_CHANGE_FETCHER (user_data);
  g_autofree char *folder = NULL;
  g_autoptr (BobbinJob) job = NULL;
  g_autoptr (GError) error = NULL;

  g_object_get (monitor, "fetch", &folder, NULL);
  if (folder == NULL)
    return TRUE;

  job = bobbin_application_make_download (self->application, address, folder, &error);
  if (job != NULL)
    {
      bobbin_watch_fetch_prepare (monitor, BOBBIN_DOWNLOAD (job), file_name);
      if (bobbin_application_add_job (self->application, job, &error))
        {
          bobbin_keyring_remember (bobbin_application_get_keyring (self->application), job);
          bobbin_job_log (BOBBIN_JOB (monitor), BOBBIN_EVENT_NOTE, "%s", file_name);
          g_object_set_data (G_OBJECT (monitor), refusal_key, NULL);
          return TRUE;
        }
    }
  log_refusal (monitor, error->message);

  return FALSE;
}

static void
on_items_changed (BobbinChangeFetcher *self, guint position, guint n_removed, guint n_added)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      if (BOBBIN_IS_MONITOR (job))
        bobbin_watch_fetch_connect (BOBBIN_MONITOR (job), on_change, self, NULL);
    }
}

static void
bobbin_change_fetcher_dispose (GObject *object)
{
  BobbinChangeFetcher *self = BOBBIN_CHANGE_FETCHER (object);
  const guint n = self->queue != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->queue)) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      if (BOBBIN_IS_MONITOR (job))
        bobbin_watch_fetch_disconnect (BOBBIN_MONITOR (job));
    }
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (bobbin_change_fetcher_parent_class)->dispose (object);
}

static void
bobbin_change_fetcher_class_init (BobbinChangeFetcherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_change_fetcher_dispose;
}

static void
bobbin_change_fetcher_init (BobbinChangeFetcher *self)
{
}

/**
 * bobbin_change_fetcher_new:
 * @application: whose monitors find changes, and which the downloads are added to
 *
 * Returns: (transfer full): a fetcher
 */
BobbinChangeFetcher *
bobbin_change_fetcher_new (BobbinApplication *application)
{
  BobbinChangeFetcher *self = g_object_new (BOBBIN_TYPE_CHANGE_FETCHER, NULL);

  self->application = application;
  self->queue = g_object_ref (bobbin_application_get_queue (application));
  g_signal_connect_object (self->queue, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  on_items_changed (self, 0, 0, g_list_model_get_n_items (G_LIST_MODEL (self->queue)));

  return self;
}
