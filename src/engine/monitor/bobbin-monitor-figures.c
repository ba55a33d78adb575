/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a monitor has found, for whoever asks. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-private.h"

#include "bobbin-clock-private.h"

/**
 * bobbin_monitor_get_reason:
 * @self: a monitor
 *
 * Returns: why its health is unknown, if it is
 */
BobbinUnknownReason
bobbin_monitor_get_reason (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), BOBBIN_UNKNOWN_NONE);

  return self->tracker.reason;
}

/**
 * bobbin_monitor_get_believed:
 * @self: a monitor
 *
 * Returns: what has been settled so far, in earlier runs too: unknown, up, warning, critical or
 *   down. It stays while the health is pending, recovering or unknown
 */
BobbinHealth
bobbin_monitor_get_believed (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), BOBBIN_HEALTH_UNKNOWN);

  return bobbin_health_tracker_believed (&self->tracker);
}

/**
 * bobbin_monitor_get_value:
 * @self: a monitor
 *
 * Returns: the latest sample; NAN if it failed, or there is none in this run
 */
double
bobbin_monitor_get_value (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NAN);

  return self->value;
}

/**
 * bobbin_monitor_get_health:
 * @self: a monitor
 *
 * Returns: how what it looks at does, as far as the samples of the newest run tell
 */
BobbinHealth
bobbin_monitor_get_health (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), BOBBIN_HEALTH_UNKNOWN);

  return self->tracker.health;
}

/**
 * bobbin_monitor_get_n_taken:
 * @self: a monitor
 *
 * Returns: how many samples it ever took, those that failed included
 */
guint64
bobbin_monitor_get_n_taken (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), 0);

  return self->n_taken;
}

/* To look for the local time costs more than all else that is done for a sample. */
static GDateTime *
make_sample_time (gint64 time)
{
  g_autoptr (GDateTime) second = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  return g_date_time_add (second, time % G_USEC_PER_SEC);
}

/**
 * bobbin_monitor_get_sample_time:
 * @self: a monitor
 *
 * Returns: (transfer none) (nullable): when the latest sample came, local time
 */
GDateTime *
bobbin_monitor_get_sample_time (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);

  if (self->sample_time == NULL && self->sampled > 0)
    self->sample_time = make_sample_time (self->sampled);

  return self->sample_time;
}

/**
 * bobbin_monitor_get_sample_error:
 * @self: a monitor
 *
 * Returns: (transfer none) (nullable): why the latest sample failed, a %BOBBIN_ERROR; %NULL if it
 *   did not
 */
const GError *
bobbin_monitor_get_sample_error (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);

  return self->sample_error;
}

/**
 * bobbin_monitor_get_unit:
 * @self: a monitor
 *
 * Returns: (transfer none): "%" or "ms"
 */
const char *
bobbin_monitor_get_unit (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);

  return self->probe->klass->unit;
}

/**
 * bobbin_monitor_format_value:
 * @self: a monitor
 * @value: a value of it, or NAN
 *
 * Returns: (transfer full): the value with its unit, for a person; “–” for NAN
 */
char *
bobbin_monitor_format_value (BobbinMonitor *self, double value)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);

  return bobbin_monitor_words_value (self->probe->klass, value);
}

/**
 * bobbin_monitor_get_scale:
 * @self: a monitor
 *
 * Returns: the top of a chart of the values: 100 for percentages, 0 where the samples decide
 */
double
bobbin_monitor_get_scale (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), 0);

  return self->probe->klass->scale;
}

/**
 * bobbin_monitor_get_samples:
 * @self: a monitor
 * @n_samples: (out): how many
 *
 * The latest samples, also of earlier runs, oldest first; NAN where a sample failed.
 *
 * Returns: (transfer none) (array length=n_samples): good until the monitor samples again
 */
const double *
bobbin_monitor_get_samples (BobbinMonitor *self, gsize *n_samples)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);
  g_return_val_if_fail (n_samples != NULL, NULL);

  *n_samples = self->n_samples;

  return self->samples;
}

/**
 * bobbin_monitor_get_states:
 * @self: a monitor
 * @n_states: (out): how many
 *
 * What was thought of the samples that bobbin_monitor_get_samples() gives, as many of them and in
 * the same order: unknown where one was not judged, as in a maintenance window.
 *
 * Returns: (transfer none) (array length=n_states): good until the monitor samples again
 */
const BobbinHealth *
bobbin_monitor_get_states (BobbinMonitor *self, gsize *n_states)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);
  g_return_val_if_fail (n_states != NULL, NULL);

  *n_states = self->n_samples;

  return self->states;
}

/**
 * bobbin_monitor_get_text:
 * @self: a monitor
 *
 * Returns: (transfer none) (nullable): what the latest sample of this run found, in words for a
 *   person; %NULL if there is nothing to add to the value
 */
const char *
bobbin_monitor_get_text (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);

  return self->text;
}

/**
 * bobbin_monitor_get_details:
 * @self: a monitor
 *
 * Returns: (transfer none) (nullable): what else the latest sample of this run measured, a{sv},
 * such as the phases of a request; names as in the documentation of its kind of probe
 */
GVariant *
bobbin_monitor_get_details (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);

  return self->details;
}

static gint64
to_realtime (gint64 boottime)
{
  return boottime > 0 ? bobbin_clock_to_realtime (boottime) : 0;
}

/**
 * bobbin_monitor_get_due:
 * @self: a monitor
 *
 * Returns: when the latest sample of this run was due, µs since 1970; 0 if there is none
 */
gint64
bobbin_monitor_get_due (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), 0);

  return to_realtime (self->due);
}

/**
 * bobbin_monitor_get_came:
 * @self: a monitor
 *
 * Returns: when the latest sample of this run came, µs since 1970; 0 if there is none
 */
gint64
bobbin_monitor_get_came (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), 0);

  return to_realtime (self->came);
}

/**
 * bobbin_monitor_get_since:
 * @self: a monitor
 *
 * Returns: since when its health, and why it is unknown, have been what they are, µs since 1970; 0
 *   while it does not run
 */
gint64
bobbin_monitor_get_since (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), 0);

  return self->run != NULL ? to_realtime (self->since) : 0;
}

/**
 * bobbin_monitor_is_overdue:
 * @self: a monitor
 *
 * Returns: whether a slot has passed, and the sample of the one before it is missing
 */
gboolean
bobbin_monitor_is_overdue (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), FALSE);

  return self->overdue;
}

/**
 * bobbin_monitor_get_interval:
 * @self: a monitor
 *
 * Returns: seconds from sample to sample
 */
double
bobbin_monitor_get_interval (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), 0);

  return self->interval;
}

/**
 * bobbin_monitor_get_warn:
 * @self: a monitor
 *
 * Returns: the warning limit, in the values' unit; NAN for none
 */
double
bobbin_monitor_get_warn (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NAN);

  return self->limits.warn;
}

/**
 * bobbin_monitor_get_critical:
 * @self: a monitor
 *
 * Returns: the critical limit, in the values' unit; NAN for none
 */
double
bobbin_monitor_get_critical (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NAN);

  return self->limits.critical;
}

/**
 * bobbin_monitor_get_side:
 * @self: a monitor
 *
 * Returns: which side of its limits is the bad one: %BOBBIN_LIMIT_SIDE_ABOVE or
 *   %BOBBIN_LIMIT_SIDE_BELOW, as its kind of probe has it where nothing is set
 */
BobbinLimitSide
bobbin_monitor_get_side (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), BOBBIN_LIMIT_SIDE_ABOVE);

  return self->limits.below ? BOBBIN_LIMIT_SIDE_BELOW : BOBBIN_LIMIT_SIDE_ABOVE;
}

/**
 * bobbin_monitor_get_tags:
 * @self: a monitor
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): its labels
 */
const char *const *
bobbin_monitor_get_tags (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);

  return (const char *const *) self->tags;
}

/**
 * bobbin_monitor_get_min_interval:
 * @self: a monitor
 *
 * Returns: the least seconds between two samples that are fair: what is asked over a network may be
 *   somebody else's. A shorter “interval” is taken all the same
 */
double
bobbin_monitor_get_min_interval (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), 0);

  return self->probe->klass->scope == BOBBIN_PROBE_NETWORK ? BOBBIN_MONITOR_MIN_REMOTE_INTERVAL
                                                           : BOBBIN_MONITOR_MIN_INTERVAL;
}

/**
 * bobbin_monitor_get_step:
 * @self: a monitor
 *
 * Returns: a value, in the values' unit: where it is less, an alert is told of once more, as it is
 *   worse, if not as bad as the critical limit; 0 for none
 */
double
bobbin_monitor_get_step (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), 0);

  return self->probe->klass->step;
}
