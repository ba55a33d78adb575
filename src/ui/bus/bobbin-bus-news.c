/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells other programs over the session bus how the jobs fare: the signal JobChanged of the
 * interface that data/dbus/io.github.bobbinapp.Bobbin1.xml describes. However often a job changes,
 * and however many do, it is told a few times a second, and so many at once; while nothing happens
 * nothing is looked at. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-bus-news.h"

#include "bobbin-bus-job.h"
#include "bobbin-bus-service.h"
#include "bobbin-download.h"

/* ms, from one time to the next */
#define INTERVAL 250

/* So many jobs are told of in one turn of the main loop. */
#define PAGE 200

struct _BobbinBusNews
{
  GObject parent_instance;

  GDBusConnection *bus;      /* (owned) (nullable) without one nothing is told */
  char *path;                /* (owned) (nullable): of the application's object */
  BobbinJobQueue *queue;     /* (owned) */
  BobbinQueueKeeper *keeper; /* (owned) */
  GQueue changed;            /* (element-type BobbinJob) (owned): not told of yet, in order */
  GHashTable *is_changed;    /* (element-type BobbinJob) the same */
  guint source;              /* tells, or 0 */
  gint64 told;               /* monotonic µs, when that was last; 0 for never */
};

G_DEFINE_FINAL_TYPE (BobbinBusNews, bobbin_bus_news, G_TYPE_OBJECT)

/* What was removed meanwhile is not told of. */
static void
tell (BobbinBusNews *self, BobbinJob *job)
{
  g_autofree char *id = bobbin_queue_keeper_dup_id (self->keeper, job);

  if (id == NULL || !bobbin_job_queue_find (self->queue, job, NULL))
    return;

  g_dbus_connection_emit_signal (self->bus, NULL, self->path, BOBBIN_BUS_INTERFACE, "JobChanged",
                                 g_variant_new ("(s@a{sv})", id, bobbin_bus_job_describe (job)),
                                 NULL);
}

static void tell_later (BobbinBusNews *self);

static gboolean
on_interval (gpointer user_data)
{
  BobbinBusNews *self = user_data;

  for (guint i = 0; i < PAGE && !g_queue_is_empty (&self->changed); i++)
    {
      g_autoptr (BobbinJob) job = g_queue_pop_head (&self->changed);

      g_hash_table_remove (self->is_changed, job);
      tell (self, job);
    }
  self->source = 0;
  self->told = g_get_monotonic_time ();
  if (!g_queue_is_empty (&self->changed))
    tell_later (self);

  return G_SOURCE_REMOVE;
}

/* News after a pause are told once this turn is over: a timer would wake the computer up again. */
static void
tell_later (BobbinBusNews *self)
{
  const gint64 due = self->told + INTERVAL * G_TIME_SPAN_MILLISECOND;
  const gint64 now = g_get_monotonic_time ();

  self->source = due <= now ? g_idle_add (on_interval, self)
                            : g_timeout_add ((due - now) / 1000 + 1, on_interval, self);
  g_source_set_name_by_id (self->source, "[bobbin] news for the bus");
}

static void
note (BobbinBusNews *self, BobbinJob *job)
{
  if (g_hash_table_add (self->is_changed, job))
    g_queue_push_tail (&self->changed, g_object_ref (job));
  if (self->source == 0)
    tell_later (self);
}

static void
on_status_line (BobbinBusNews *self, GParamSpec *pspec, BobbinJob *job)
{
  note (self, job);
}

/* What a download is at changes without a word of the queue. */
static void
on_job_state (BobbinBusNews *self, BobbinJob *job)
{
  g_signal_handlers_disconnect_by_func (job, on_status_line, self);
  if (BOBBIN_IS_DOWNLOAD (job) && bobbin_job_get_state (job) == BOBBIN_JOB_RUNNING)
    g_signal_connect_object (job, "notify::status-line", G_CALLBACK (on_status_line), self,
                             G_CONNECT_SWAPPED);
  note (self, job);
}

static void
on_job_changed (BobbinBusNews *self, BobbinJob *job)
{
  note (self, job);
}

static void
bobbin_bus_news_dispose (GObject *object)
{
  BobbinBusNews *self = BOBBIN_BUS_NEWS (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_hash_table_remove_all (self->is_changed);
  g_queue_clear_full (&self->changed, g_object_unref);
  g_clear_object (&self->keeper);
  g_clear_object (&self->queue);
  g_clear_object (&self->bus);

  G_OBJECT_CLASS (bobbin_bus_news_parent_class)->dispose (object);
}

static void
bobbin_bus_news_finalize (GObject *object)
{
  BobbinBusNews *self = BOBBIN_BUS_NEWS (object);

  g_hash_table_unref (self->is_changed);
  g_free (self->path);

  G_OBJECT_CLASS (bobbin_bus_news_parent_class)->finalize (object);
}

static void
bobbin_bus_news_class_init (BobbinBusNewsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_bus_news_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_bus_news_finalize;
}

static void
bobbin_bus_news_init (BobbinBusNews *self)
{
  g_queue_init (&self->changed);
  self->is_changed = g_hash_table_new (NULL, NULL);
}

/**
 * bobbin_bus_news_new:
 * @bus: (nullable): the session bus
 * @path: (nullable): the object path of the application; %NULL without a @bus
 * @queue: where the jobs are
 * @keeper: what knows their ids
 *
 * Returns: (transfer full): what tells other programs of changes, for as long as it lives
 */
BobbinBusNews *
bobbin_bus_news_new (GDBusConnection *bus,
                     const char *path,
                     BobbinJobQueue *queue,
                     BobbinQueueKeeper *keeper)
{
  BobbinBusNews *self = g_object_new (BOBBIN_TYPE_BUS_NEWS, NULL);

  g_set_object (&self->bus, bus);
  self->path = g_strdup (path);
  self->queue = g_object_ref (queue);
  self->keeper = g_object_ref (keeper);
  if (bus == NULL)
    return self;

  g_signal_connect_object (queue, "job-state", G_CALLBACK (on_job_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "job-changed", G_CALLBACK (on_job_changed), self,
                           G_CONNECT_SWAPPED);

  return self;
}
