/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shows on the app's icon, where a dash or a dock can do so, how many downloads run and how far all
 * of them together are: the signal com.canonical.Unity.LauncherEntry.Update, which those listen to.
 * Twice a second at the most, and only what is new. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-launcher-entry.h"

#include "bobbin-download.h"

/* ms */
#define INTERVAL 500

/* What can be told apart on an icon. */
#define N_STEPS 200

struct _BobbinLauncherEntry
{
  GObject parent_instance;

  GDBusConnection *bus; /* (owned) (nullable) without one nothing is shown */
  char *path;           /* (owned) (nullable): of the application's object */
  GHashTable *running;  /* (element-type BobbinJob) (owned): downloads */
  GVariant *shown;      /* (owned) (nullable) as long as nothing was ever shown */
  guint source;         /* shows, or 0 */
};

G_DEFINE_FINAL_TYPE (BobbinLauncherEntry, bobbin_launcher_entry, G_TYPE_OBJECT)

/* Of those whose length is known; -1 if there is none. */
static double
get_progress (BobbinLauncherEntry *self)
{
  double bytes = 0;
  double total = 0;
  GHashTableIter iter;
  gpointer job;

  g_hash_table_iter_init (&iter, self->running);
  while (g_hash_table_iter_next (&iter, &job, NULL))
    if (bobbin_job_get_total (job) > 0)
      {
        bytes += bobbin_job_get_bytes (job);
        total += bobbin_job_get_total (job);
      }

  return total > 0 ? CLAMP (bytes / total, 0, 1) : -1;
}

static GVariant *
describe (BobbinLauncherEntry *self)
{
  const gint64 n = g_hash_table_size (self->running);
  const double progress = get_progress (self);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "count", "x", n);
  g_variant_dict_insert (&dict, "count-visible", "b", n > 0);
  g_variant_dict_insert (&dict, "progress", "d",
                         (int) (MAX (progress, 0) * N_STEPS) / (double) N_STEPS);
  g_variant_dict_insert (&dict, "progress-visible", "b", progress >= 0);
  g_variant_dict_insert (&dict, "urgent", "b", FALSE);

  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
show (BobbinLauncherEntry *self)
{
  g_autoptr (GVariant) description = describe (self);

  /* Of one that was faster than anybody could see nothing is shown. */
  if (self->shown != NULL ? g_variant_equal (description, self->shown)
                          : g_hash_table_size (self->running) == 0)
    return;

  g_dbus_connection_emit_signal (
    self->bus, NULL, self->path, "com.canonical.Unity.LauncherEntry", "Update",
    g_variant_new ("(s@a{sv})", "application://" APP_ID ".desktop", description), NULL);
  g_clear_pointer (&self->shown, g_variant_unref);
  self->shown = g_steal_pointer (&description);
}

static void
on_interval (gpointer user_data)
{
  BobbinLauncherEntry *self = user_data;

  self->source = 0;
  show (self);
}

static void
show_soon (BobbinLauncherEntry *self)
{
  if (self->source != 0)
    return;

  self->source = g_timeout_add_once (INTERVAL, on_interval, self);
  g_source_set_name_by_id (self->source, "[bobbin] launcher entry");
}

static void
on_job_state (BobbinLauncherEntry *self, BobbinJob *job)
{
  if (!BOBBIN_IS_DOWNLOAD (job))
    return;

  if (bobbin_job_get_state (job) == BOBBIN_JOB_RUNNING)
    g_hash_table_add (self->running, g_object_ref (job));
  else
    g_hash_table_remove (self->running, job);
  show_soon (self);
}

/* Its figures, for example. */
static void
on_job_changed (BobbinLauncherEntry *self, BobbinJob *job)
{
  if (g_hash_table_contains (self->running, job))
    show_soon (self);
}

/* An icon that outlives the app shows nothing of it. */
static void
bobbin_launcher_entry_dispose (GObject *object)
{
  BobbinLauncherEntry *self = BOBBIN_LAUNCHER_ENTRY (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_hash_table_remove_all (self->running);
  if (self->shown != NULL)
    show (self);
  g_clear_pointer (&self->shown, g_variant_unref);
  g_clear_object (&self->bus);

  G_OBJECT_CLASS (bobbin_launcher_entry_parent_class)->dispose (object);
}

static void
bobbin_launcher_entry_finalize (GObject *object)
{
  BobbinLauncherEntry *self = BOBBIN_LAUNCHER_ENTRY (object);

  g_hash_table_unref (self->running);
  g_free (self->path);

  G_OBJECT_CLASS (bobbin_launcher_entry_parent_class)->finalize (object);
}

static void
bobbin_launcher_entry_class_init (BobbinLauncherEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_launcher_entry_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_launcher_entry_finalize;
}

static void
bobbin_launcher_entry_init (BobbinLauncherEntry *self)
{
  self->running = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/**
 * bobbin_launcher_entry_new:
 * @bus: (nullable): the session bus
 * @path: (nullable): the object path of the application; %NULL without a @bus
 * @queue: where the downloads are
 *
 * Returns: (transfer full): what shows on the app's icon how downloads fare, for as long as it
 *   lives
 */
BobbinLauncherEntry *
bobbin_launcher_entry_new (GDBusConnection *bus, const char *path, BobbinJobQueue *queue)
{
  BobbinLauncherEntry *self = g_object_new (BOBBIN_TYPE_LAUNCHER_ENTRY, NULL);

  g_set_object (&self->bus, bus);
  self->path = g_strdup (path);
  if (bus == NULL)
    return self;

  g_signal_connect_object (queue, "job-state", G_CALLBACK (on_job_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "job-changed", G_CALLBACK (on_job_changed), self,
                           G_CONNECT_SWAPPED);

  return self;
}
