/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of the settings is about all transfers, brought to where the engine asks for it: the queue,
 * the gate of the hosts and the limiter of the whole process. What a person changes holds at once,
 * but for the connections of a file, which a download takes along when it is added. Main thread
 * only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-settings.h"

#include "bobbin-download.h"
#include "bobbin-host-gate.h"
#include "bobbin-network.h"

#define KILOBYTE 1000

static void
apply_max_transfers (BobbinJobQueue *queue, const char *key, GSettings *settings)
{
  bobbin_job_queue_set_max_transfers (queue, g_settings_get_uint (settings, "max-transfers"));
}

static void
apply_connections_per_host (GSettings *settings)
{
  bobbin_host_gate_set_limit (bobbin_host_gate_get_default (),
                              g_settings_get_uint (settings, "connections-per-host"));
}

/* The scheduler sets the limiter: it may have a lower one in mind. */
static void
apply_limit (BobbinScheduler *scheduler, const char *key, GSettings *settings)
{
  g_object_set (scheduler, "rate", (guint64) bobbin_transfer_settings_get_rate (settings), NULL);
}

static void
follow_schedule (GSettings *settings, BobbinScheduler *scheduler)
{
  g_settings_bind (settings, "schedule-limit-rate", scheduler, "limited-rate", G_SETTINGS_BIND_GET);
  g_settings_bind (settings, "schedule", scheduler, "schedule", G_SETTINGS_BIND_GET);
  g_settings_bind (settings, "use-schedule", scheduler, "enabled", G_SETTINGS_BIND_GET);
}

/**
 * bobbin_transfer_settings_follow:
 * @settings: the app's settings
 * @queue: the queue of all jobs
 * @scheduler: its scheduler
 *
 * Has the engine keep to @settings, now and when they change, and know whether there is a network.
 */
void
bobbin_transfer_settings_follow (GSettings *settings,
                                 BobbinJobQueue *queue,
                                 BobbinScheduler *scheduler)
{
  g_signal_connect_object (settings, "changed::max-transfers", G_CALLBACK (apply_max_transfers),
                           queue, G_CONNECT_SWAPPED);
  g_signal_connect (settings, "changed::connections-per-host",
                    G_CALLBACK (apply_connections_per_host), NULL);
  g_signal_connect_object (settings, "changed::limit-speed", G_CALLBACK (apply_limit), scheduler,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::limit-rate", G_CALLBACK (apply_limit), scheduler,
                           G_CONNECT_SWAPPED);
  apply_max_transfers (queue, NULL, settings);
  apply_connections_per_host (settings);
  apply_limit (scheduler, NULL, settings);
  follow_schedule (settings, scheduler);

  bobbin_network_follow (bobbin_network_get_default (), g_network_monitor_get_default ());
}

/**
 * bobbin_transfer_settings_unfollow:
 * @settings: what bobbin_transfer_settings_follow() was given
 *
 * To be called when no job is at work any more.
 */
void
bobbin_transfer_settings_unfollow (GSettings *settings)
{
  bobbin_network_follow (bobbin_network_get_default (), NULL);
  g_signal_handlers_disconnect_by_func (settings, apply_connections_per_host, NULL);
}

/**
 * bobbin_transfer_settings_apply:
 * @settings: the app's settings
 * @download: a new download
 *
 * Gives @download what the settings say of new ones, and what is right where a person looks on: a
 * full disk is waited for.
 */
void
bobbin_transfer_settings_apply (GSettings *settings, BobbinJob *download)
{
  g_object_set (download, "connections", g_settings_get_uint (settings, "connections"), "timeout",
                g_settings_get_uint (settings, "timeout"), "retries",
                g_settings_get_uint (settings, "retries"), "wait-for-space", TRUE, NULL);
}

/**
 * bobbin_transfer_settings_get_rate:
 * @settings: the app's settings
 *
 * Returns: how fast all downloads together may be, in bytes a second; 0: there is no limit
 */
gint64
bobbin_transfer_settings_get_rate (GSettings *settings)
{
  guint64 rate = g_settings_get_uint64 (settings, "limit-rate");

  return g_settings_get_boolean (settings, "limit-speed") ? (gint64) rate : 0;
}

/* Bytes in the settings, kilobytes where a person enters them. */
static gboolean
get_kilobytes (GValue *value, GVariant *variant, gpointer user_data)
{
  g_value_set_double (value, (double) g_variant_get_uint64 (variant) / KILOBYTE);

  return TRUE;
}

static GVariant *
set_kilobytes (const GValue *value, const GVariantType *type, gpointer user_data)
{
  return g_variant_new_uint64 (g_value_get_double (value) * KILOBYTE);
}

/**
 * bobbin_transfer_settings_bind_rate:
 * @settings: the app's settings
 * @key: a key for bytes a second
 * @adjustment: that of a control, in kilobytes a second
 *
 * Has @adjustment show and set what @key holds.
 */
void
bobbin_transfer_settings_bind_rate (GSettings *settings, const char *key, GtkAdjustment *adjustment)
{
  g_settings_bind_with_mapping (settings, key, adjustment, "value", G_SETTINGS_BIND_DEFAULT,
                                get_kilobytes, set_kilobytes, NULL, NULL);
}
