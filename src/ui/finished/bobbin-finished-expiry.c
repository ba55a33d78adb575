/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinFinishedExpiry has the history forget what finished longer ago than the settings want it to
 * be kept: when the app starts, when the setting changes, and every now and then. The store does
 * that, in its thread; no file is touched. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-finished-expiry.h"

#define KEY "keep-history"

/* Seconds between two looks: nothing is kept longer than this beyond its time. */
#define INTERVAL (6 * 60 * 60)

struct _BobbinFinishedExpiry
{
  GObject parent_instance;

  GSettings *settings; /* (owned) */
  BobbinStore *store;  /* (owned) */
  guint source;
};

G_DEFINE_FINAL_TYPE (BobbinFinishedExpiry, bobbin_finished_expiry, G_TYPE_OBJECT)

/* How long what has finished is kept, in days; 0 is for ever. As the schema has them. */
static const guint days[] = { 0, 365, 90, 30, 7 };

/* What could not be written now is in six hours. */
static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!bobbin_store_write_finish (BOBBIN_STORE (source), result, &error))
    g_debug ("The history could not be shortened: %s", error->message);
}

static void
expire (BobbinFinishedExpiry *self)
{
  const guint kept = days[g_settings_get_enum (self->settings, KEY)];
  BobbinStoreBatch *batch;

  if (kept == 0)
    return;

  batch = bobbin_store_batch_new (FALSE);
  bobbin_store_batch_expire_finished (batch, g_get_real_time () - kept * G_TIME_SPAN_DAY);
  bobbin_store_write_async (self->store, batch, on_written, NULL);
}

static gboolean
on_interval (gpointer user_data)
{
  expire (user_data);

  return G_SOURCE_CONTINUE;
}

static void
bobbin_finished_expiry_dispose (GObject *object)
{
  BobbinFinishedExpiry *self = BOBBIN_FINISHED_EXPIRY (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->store);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (bobbin_finished_expiry_parent_class)->dispose (object);
}

static void
bobbin_finished_expiry_class_init (BobbinFinishedExpiryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_finished_expiry_dispose;
}

static void
bobbin_finished_expiry_init (BobbinFinishedExpiry *self)
{
  self->source = g_timeout_add_seconds (INTERVAL, on_interval, self);
  g_source_set_name_by_id (self->source, "[bobbin] shorten the history");
}

/**
 * bobbin_finished_expiry_new:
 * @settings: the app's settings
 * @store: what knows the downloads that finished, opened or being opened
 *
 * Returns: (transfer full): what keeps the history as short as @settings want it, for as long as it
 *   lives
 */
BobbinFinishedExpiry *
bobbin_finished_expiry_new (GSettings *settings, BobbinStore *store)
{
  BobbinFinishedExpiry *self;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (BOBBIN_IS_STORE (store), NULL);

  self = g_object_new (BOBBIN_TYPE_FINISHED_EXPIRY, NULL);
  self->settings = g_object_ref (settings);
  self->store = g_object_ref (store);
  g_signal_connect_object (settings, "changed::" KEY, G_CALLBACK (expire), self, G_CONNECT_SWAPPED);
  expire (self);

  return self;
}
