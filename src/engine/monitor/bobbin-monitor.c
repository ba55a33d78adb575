/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A job that looks at something again and again: the processor, the memory, a disk, a server. Its
 * run lasts until it is stopped, but holds a thread only while a sample is taken; that there is no
 * answer is a finding, not a failure of the job. This is the object and what is set for it; see
 * bobbin-monitor-run.c for what it does. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-private.h"

#include "bobbin-enums.h"
#include "bobbin-monitor-secrets.h"
#include "bobbin-place-private.h"

#define MIN_TIMEOUT 0.01
#define MAX_SECONDS 31536000.0

G_DEFINE_FINAL_TYPE (BobbinMonitor, bobbin_monitor, BOBBIN_TYPE_JOB)

static GParamSpec *props[BOBBIN_MONITOR_N_PROPS];

enum
{
  SAMPLED,
  JUDGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

void
bobbin_monitor_notify (BobbinMonitor *self, BobbinMonitorProperty prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

void
bobbin_monitor_emit_sampled (BobbinMonitor *self)
{
  g_signal_emit (self, signals[SAMPLED], 0);
}

void
bobbin_monitor_emit_judged (BobbinMonitor *self, const BobbinVerdict *verdict)
{
  g_signal_emit (self, signals[JUDGED], 0, verdict);
}

static void
set_interval (BobbinMonitor *self, double interval)
{
  if (isnan (interval) || self->interval == interval)
    return;

  self->interval = interval;
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_INTERVAL);
  bobbin_monitor_apply_interval (self);
  bobbin_job_describe (BOBBIN_JOB (self));
}

static void
set_limit (BobbinMonitor *self, double *limit, double value, BobbinMonitorProperty prop)
{
  if (*limit == value || (isnan (*limit) && isnan (value)))
    return;

  *limit = value;
  bobbin_monitor_notify (self, prop);
  bobbin_job_describe (BOBBIN_JOB (self));
}

static void
set_count (BobbinMonitor *self, guint *count, guint value, BobbinMonitorProperty prop)
{
  if (*count == value)
    return;

  *count = value;
  bobbin_monitor_notify (self, prop);
}

static void
set_duration (BobbinMonitor *self, double seconds)
{
  const gint64 duration = seconds * G_USEC_PER_SEC;

  if (isnan (seconds) || self->limits.duration == duration)
    return;

  self->limits.duration = duration;
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_FOR_SECONDS);
}

static void
settle_side (BobbinMonitor *self)
{
  self->limits.below = self->side == BOBBIN_LIMIT_SIDE_BELOW ||
                       (self->side == BOBBIN_LIMIT_SIDE_AUTO && self->probe != NULL &&
                        self->probe->klass->less_is_worse);
}

static void
set_side (BobbinMonitor *self, BobbinLimitSide side)
{
  if (self->side == side)
    return;

  self->side = side;
  settle_side (self);
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_SIDE);
  bobbin_job_describe (BOBBIN_JOB (self));
}

/* What is in flight keeps the one it began with. */
static void
set_timeout (BobbinMonitor *self, double timeout)
{
  if (isnan (timeout) || self->timeout == timeout)
    return;

  self->timeout = timeout;
  if (self->sampler != NULL)
    bobbin_sampler_set_timeout (self->sampler, timeout * G_USEC_PER_SEC);
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_TIMEOUT);
}

static void
set_maintenance (BobbinMonitor *self, gboolean maintenance)
{
  if (self->maintenance == maintenance)
    return;

  self->maintenance = maintenance;
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_MAINTENANCE);
  bobbin_monitor_apply_hold (self);
}

/* What an earlier program believed. */
static void
set_believed (BobbinMonitor *self, BobbinHealth believed)
{
  if (self->run != NULL || bobbin_health_tracker_believed (&self->tracker) == believed)
    return;

  bobbin_health_tracker_restore (&self->tracker, believed);
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_BELIEVED);
}

/* One that looks at the same. Takes over the probe. */
void
bobbin_monitor_exchange_probe (BobbinMonitor *self, BobbinProbe *probe)
{
  g_clear_pointer (&self->probe, bobbin_probe_unref);
  self->probe = probe;
  probe->lacks_secrets = self->lacks_secrets;
  settle_side (self);
}

/* Takes over the probe. */
static void
set_probe (BobbinMonitor *self, BobbinProbe *probe)
{
  bobbin_monitor_exchange_probe (self, probe);
  bobbin_job_set_title (BOBBIN_JOB (self), probe->title);
}

/* Another probe has nothing to do with what was found by the one before. */
static void
replace_probe (BobbinMonitor *self, BobbinProbe *probe)
{
  const BobbinHealth believed = bobbin_health_tracker_believed (&self->tracker);

  set_probe (self, probe);
  self->tracker = (BobbinHealthTracker){ 0 };
  if (believed != BOBBIN_HEALTH_UNKNOWN)
    bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_BELIEVED);
}

static gboolean
is_same (GVariant *a, GVariant *b)
{
  return a == b || (a != NULL && b != NULL && g_variant_equal (a, b));
}

static gboolean
is_same_strv (const char *const *a, const char *const *b)
{
  return a == b || (a != NULL && b != NULL && g_strv_equal (a, b));
}

/* What others note down with the monitor, which makes nothing of it. */
void
bobbin_monitor_set_note (BobbinMonitor *self,
                         GVariant **note,
                         GVariant *value,
                         BobbinMonitorProperty prop)
{
  g_autoptr (GVariant) old = NULL;

  if (is_same (*note, value))
    return;

  old = g_steal_pointer (note);
  *note = value != NULL ? g_variant_ref_sink (value) : NULL;
  bobbin_monitor_notify (self, prop);
}

static void
set_fetch (BobbinMonitor *self, const char *fetch)
{
  if (g_strcmp0 (self->fetch, fetch) == 0)
    return;

  g_free (self->fetch);
  self->fetch = g_strdup (fetch);
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_FETCH);
}

static void
set_options_property (BobbinMonitor *self, GVariant *options)
{
  g_autoptr (GError) error = NULL;

  if (!bobbin_monitor_set_options (self, options, &error))
    g_info ("%s: options that were not taken: %s", self->target, error->message);
}

static double
to_seconds (gint64 usec)
{
  return usec / (double) G_USEC_PER_SEC;
}

static void
bobbin_monitor_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinMonitor *self = BOBBIN_MONITOR (object);

  switch ((BobbinMonitorProperty) prop_id)
    {
    case BOBBIN_MONITOR_PROP_TARGET:
      g_value_set_string (value, self->target);
      break;
    case BOBBIN_MONITOR_PROP_OPTIONS:
      g_value_set_variant (value, self->options);
      break;
    case BOBBIN_MONITOR_PROP_ALERTING:
      g_value_set_variant (value, self->alerting);
      break;
    case BOBBIN_MONITOR_PROP_ALERT:
      g_value_set_variant (value, self->alert);
      break;
    case BOBBIN_MONITOR_PROP_TAGS:
      g_value_set_boxed (value, self->tags);
      break;
    case BOBBIN_MONITOR_PROP_SEEN:
      g_value_set_variant (value, self->seen);
      break;
    case BOBBIN_MONITOR_PROP_FETCH:
      g_value_set_string (value, self->fetch);
      break;
    case BOBBIN_MONITOR_PROP_SECRETS:
      g_value_set_boolean (value, bobbin_monitor_has_secrets (self));
      break;
    case BOBBIN_MONITOR_PROP_INTERVAL:
      g_value_set_double (value, self->interval);
      break;
    case BOBBIN_MONITOR_PROP_WARN:
      g_value_set_double (value, self->limits.warn);
      break;
    case BOBBIN_MONITOR_PROP_WARN_CLEAR:
      g_value_set_double (value, self->limits.warn_clear);
      break;
    case BOBBIN_MONITOR_PROP_CRITICAL:
      g_value_set_double (value, self->limits.critical);
      break;
    case BOBBIN_MONITOR_PROP_CRITICAL_CLEAR:
      g_value_set_double (value, self->limits.critical_clear);
      break;
    case BOBBIN_MONITOR_PROP_SIDE:
      g_value_set_enum (value, self->side);
      break;
    case BOBBIN_MONITOR_PROP_FOR:
      g_value_set_uint (value, self->limits.n_samples);
      break;
    case BOBBIN_MONITOR_PROP_FOR_SECONDS:
      g_value_set_double (value, to_seconds (self->limits.duration));
      break;
    case BOBBIN_MONITOR_PROP_RECOVER:
      g_value_set_uint (value, self->limits.n_good);
      break;
    case BOBBIN_MONITOR_PROP_TIMEOUT:
      g_value_set_double (value, self->timeout);
      break;
    case BOBBIN_MONITOR_PROP_PAUSED:
      g_value_set_boolean (value, self->paused);
      break;
    case BOBBIN_MONITOR_PROP_PAUSED_UNTIL:
      g_value_set_int64 (value, self->paused_until);
      break;
    case BOBBIN_MONITOR_PROP_MAINTENANCE:
      g_value_set_boolean (value, self->maintenance);
      break;
    case BOBBIN_MONITOR_PROP_BELIEVED:
      g_value_set_enum (value, bobbin_health_tracker_believed (&self->tracker));
      break;
    case BOBBIN_MONITOR_PROP_VALUE:
      g_value_set_double (value, self->value);
      break;
    case BOBBIN_MONITOR_PROP_HEALTH:
      g_value_set_enum (value, self->tracker.health);
      break;
    case BOBBIN_MONITOR_PROP_REASON:
      g_value_set_enum (value, self->tracker.reason);
      break;
    case BOBBIN_MONITOR_PROP_DUE:
      g_value_set_int64 (value, bobbin_monitor_get_due (self));
      break;
    case BOBBIN_MONITOR_PROP_CAME:
      g_value_set_int64 (value, bobbin_monitor_get_came (self));
      break;
    case BOBBIN_MONITOR_PROP_OVERDUE:
      g_value_set_boolean (value, self->overdue);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_monitor_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  BobbinMonitor *self = BOBBIN_MONITOR (object);
  const BobbinMonitorProperty prop = prop_id;

  switch (prop)
    {
    case BOBBIN_MONITOR_PROP_TARGET:
      self->target = g_value_dup_string (value);
      break;
    case BOBBIN_MONITOR_PROP_OPTIONS:
      set_options_property (self, g_value_get_variant (value));
      break;
    case BOBBIN_MONITOR_PROP_ALERTING:
      bobbin_monitor_set_note (self, &self->alerting, g_value_get_variant (value), prop);
      break;
    case BOBBIN_MONITOR_PROP_ALERT:
      bobbin_monitor_set_note (self, &self->alert, g_value_get_variant (value), prop);
      break;
    case BOBBIN_MONITOR_PROP_TAGS:
      bobbin_monitor_set_tags (self, g_value_get_boxed (value));
      break;
    case BOBBIN_MONITOR_PROP_SEEN:
      bobbin_monitor_set_seen (self, g_value_get_variant (value));
      break;
    case BOBBIN_MONITOR_PROP_FETCH:
      set_fetch (self, g_value_get_string (value));
      break;
    case BOBBIN_MONITOR_PROP_SECRETS:
      bobbin_monitor_set_secrets (self, g_value_get_boolean (value));
      break;
    case BOBBIN_MONITOR_PROP_INTERVAL:
      set_interval (self, g_value_get_double (value));
      break;
    case BOBBIN_MONITOR_PROP_WARN:
      set_limit (self, &self->limits.warn, g_value_get_double (value), prop);
      break;
    case BOBBIN_MONITOR_PROP_WARN_CLEAR:
      set_limit (self, &self->limits.warn_clear, g_value_get_double (value), prop);
      break;
    case BOBBIN_MONITOR_PROP_CRITICAL:
      set_limit (self, &self->limits.critical, g_value_get_double (value), prop);
      break;
    case BOBBIN_MONITOR_PROP_CRITICAL_CLEAR:
      set_limit (self, &self->limits.critical_clear, g_value_get_double (value), prop);
      break;
    case BOBBIN_MONITOR_PROP_SIDE:
      set_side (self, g_value_get_enum (value));
      break;
    case BOBBIN_MONITOR_PROP_FOR:
      set_count (self, &self->limits.n_samples, g_value_get_uint (value), prop);
      break;
    case BOBBIN_MONITOR_PROP_FOR_SECONDS:
      set_duration (self, g_value_get_double (value));
      break;
    case BOBBIN_MONITOR_PROP_RECOVER:
      set_count (self, &self->limits.n_good, g_value_get_uint (value), prop);
      break;
    case BOBBIN_MONITOR_PROP_TIMEOUT:
      set_timeout (self, g_value_get_double (value));
      break;
    case BOBBIN_MONITOR_PROP_PAUSED:
      bobbin_monitor_set_paused (self, g_value_get_boolean (value));
      break;
    case BOBBIN_MONITOR_PROP_PAUSED_UNTIL:
      bobbin_monitor_set_paused_until (self, g_value_get_int64 (value));
      break;
    case BOBBIN_MONITOR_PROP_MAINTENANCE:
      set_maintenance (self, g_value_get_boolean (value));
      break;
    case BOBBIN_MONITOR_PROP_BELIEVED:
      set_believed (self, g_value_get_enum (value));
      break;
    case BOBBIN_MONITOR_PROP_VALUE:
    case BOBBIN_MONITOR_PROP_HEALTH:
    case BOBBIN_MONITOR_PROP_REASON:
    case BOBBIN_MONITOR_PROP_DUE:
    case BOBBIN_MONITOR_PROP_CAME:
    case BOBBIN_MONITOR_PROP_OVERDUE:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_monitor_dispose (GObject *object)
{
  BobbinMonitor *self = BOBBIN_MONITOR (object);

  /* The run holds a reference to its job. */
  g_assert (self->run == NULL && self->sampler == NULL);

  g_clear_pointer (&self->pause_nap, bobbin_ticker_free);

  G_OBJECT_CLASS (bobbin_monitor_parent_class)->dispose (object);
}

static void
bobbin_monitor_finalize (GObject *object)
{
  BobbinMonitor *self = BOBBIN_MONITOR (object);

  g_clear_pointer (&self->probe, bobbin_probe_unref);
  g_clear_pointer (&self->options, g_variant_unref);
  g_clear_pointer (&self->alerting, g_variant_unref);
  g_clear_pointer (&self->alert, g_variant_unref);
  g_clear_pointer (&self->details, g_variant_unref);
  g_clear_pointer (&self->seen, g_variant_unref);
  g_free (self->fetch);
  g_clear_pointer (&self->sample_time, g_date_time_unref);
  g_clear_error (&self->sample_error);
  g_strfreev (self->tags);
  g_free (self->text);
  g_free (self->target);
  g_free (self->host);

  G_OBJECT_CLASS (bobbin_monitor_parent_class)->finalize (object);
}

#define FLAGS    (G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define READABLE (FLAGS | G_PARAM_READABLE)
#define WRITABLE (FLAGS | G_PARAM_READWRITE)
#define KEPT     (WRITABLE | BOBBIN_PARAM_KEPT)
#define CHOSEN   (KEPT | BOBBIN_PARAM_CHOSEN)

/* In the unit of the values; NAN for none, which no pspec takes as its default, and which is not
 * equal to itself, and so never what a strict validation expects. */
static GParamSpec *
limit_spec (const char *name)
{
  return g_param_spec_double (name, NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0,
                              CHOSEN | G_PARAM_LAX_VALIDATION);
}

static void
specify_notes (void)
{
  props[BOBBIN_MONITOR_PROP_ALERTING] =
    g_param_spec_variant ("alerting", NULL, NULL, G_VARIANT_TYPE_VARDICT, NULL, CHOSEN);
  props[BOBBIN_MONITOR_PROP_ALERT] =
    g_param_spec_variant ("alert", NULL, NULL, G_VARIANT_TYPE_VARDICT, NULL, KEPT);
  props[BOBBIN_MONITOR_PROP_TAGS] = g_param_spec_boxed ("tags", NULL, NULL, G_TYPE_STRV, CHOSEN);
  props[BOBBIN_MONITOR_PROP_SEEN] =
    g_param_spec_variant ("seen", NULL, NULL, G_VARIANT_TYPE_VARDICT, NULL, KEPT);
  props[BOBBIN_MONITOR_PROP_FETCH] = g_param_spec_string ("fetch", NULL, NULL, NULL, CHOSEN);
  props[BOBBIN_MONITOR_PROP_SECRETS] = g_param_spec_boolean ("secrets", NULL, NULL, FALSE, KEPT);
}

static void
specify_settings (void)
{
  props[BOBBIN_MONITOR_PROP_TARGET] =
    g_param_spec_string ("target", NULL, NULL, NULL, CHOSEN | G_PARAM_CONSTRUCT_ONLY);
  props[BOBBIN_MONITOR_PROP_OPTIONS] =
    g_param_spec_variant ("options", NULL, NULL, G_VARIANT_TYPE_VARDICT, NULL, CHOSEN);
  /* seconds */
  props[BOBBIN_MONITOR_PROP_INTERVAL] =
    g_param_spec_double ("interval", NULL, NULL, BOBBIN_MONITOR_MIN_INTERVAL, MAX_SECONDS, 5,
                         CHOSEN);
  props[BOBBIN_MONITOR_PROP_WARN] = limit_spec ("warn");
  props[BOBBIN_MONITOR_PROP_WARN_CLEAR] = limit_spec ("warn-clear");
  props[BOBBIN_MONITOR_PROP_CRITICAL] = limit_spec ("critical");
  props[BOBBIN_MONITOR_PROP_CRITICAL_CLEAR] = limit_spec ("critical-clear");
  props[BOBBIN_MONITOR_PROP_SIDE] =
    g_param_spec_enum ("side", NULL, NULL, BOBBIN_TYPE_LIMIT_SIDE, BOBBIN_LIMIT_SIDE_AUTO, CHOSEN);
  props[BOBBIN_MONITOR_PROP_FOR] = g_param_spec_uint ("for", NULL, NULL, 1, G_MAXUINT, 1, CHOSEN);
  props[BOBBIN_MONITOR_PROP_FOR_SECONDS] =
    g_param_spec_double ("for-seconds", NULL, NULL, 0, MAX_SECONDS, 0, CHOSEN);
  props[BOBBIN_MONITOR_PROP_RECOVER] =
    g_param_spec_uint ("recover", NULL, NULL, 0, G_MAXUINT, 0, CHOSEN);
  /* seconds */
  props[BOBBIN_MONITOR_PROP_TIMEOUT] =
    g_param_spec_double ("timeout", NULL, NULL, MIN_TIMEOUT, MAX_SECONDS, 10, CHOSEN);
  props[BOBBIN_MONITOR_PROP_PAUSED] = g_param_spec_boolean ("paused", NULL, NULL, FALSE, CHOSEN);
  /* µs since 1970, 0 for never */
  props[BOBBIN_MONITOR_PROP_PAUSED_UNTIL] =
    g_param_spec_int64 ("paused-until", NULL, NULL, 0, G_MAXINT64, 0, CHOSEN);
  props[BOBBIN_MONITOR_PROP_MAINTENANCE] =
    g_param_spec_boolean ("maintenance", NULL, NULL, FALSE, WRITABLE);
}

static void
specify_findings (void)
{
  props[BOBBIN_MONITOR_PROP_BELIEVED] =
    g_param_spec_enum ("believed", NULL, NULL, BOBBIN_TYPE_HEALTH, BOBBIN_HEALTH_UNKNOWN, KEPT);
  props[BOBBIN_MONITOR_PROP_VALUE] =
    g_param_spec_double ("value", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, READABLE);
  props[BOBBIN_MONITOR_PROP_HEALTH] =
    g_param_spec_enum ("health", NULL, NULL, BOBBIN_TYPE_HEALTH, BOBBIN_HEALTH_UNKNOWN, READABLE);
  props[BOBBIN_MONITOR_PROP_REASON] =
    g_param_spec_enum ("reason", NULL, NULL, BOBBIN_TYPE_UNKNOWN_REASON, BOBBIN_UNKNOWN_NONE,
                       READABLE);
  /* µs since 1970, 0 for never */
  props[BOBBIN_MONITOR_PROP_DUE] =
    g_param_spec_int64 ("due", NULL, NULL, 0, G_MAXINT64, 0, READABLE);
  props[BOBBIN_MONITOR_PROP_CAME] =
    g_param_spec_int64 ("came", NULL, NULL, 0, G_MAXINT64, 0, READABLE);
  props[BOBBIN_MONITOR_PROP_OVERDUE] =
    g_param_spec_boolean ("overdue", NULL, NULL, FALSE, READABLE);
}

static void
bobbin_monitor_class_init (BobbinMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  BobbinJobClass *job_class = BOBBIN_JOB_CLASS (klass);

  object_class->get_property = bobbin_monitor_get_property;
  object_class->set_property = bobbin_monitor_set_property;
  object_class->dispose = bobbin_monitor_dispose;
  object_class->finalize = bobbin_monitor_finalize;

  job_class->lane = BOBBIN_LANE_PROBE;
  job_class->launch = bobbin_monitor_launch;
  job_class->returned = bobbin_monitor_returned;
  job_class->describe = bobbin_monitor_describe;
  job_class->abandon = bobbin_monitor_abandon;

  specify_settings ();
  specify_notes ();
  specify_findings ();
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  /**
   * BobbinMonitor::sampled:
   * @self: the monitor
   *
   * A sample was taken, or failed, and is in the history.
   */
  signals[SAMPLED] = g_signal_new ("sampled", BOBBIN_TYPE_MONITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);

  /**
   * BobbinMonitor::judged:
   * @self: the monitor
   * @verdict: (type gpointer): a #BobbinVerdict, good until the signal has been emitted
   *
   * A sample was judged, or a gap was found in which there was none. Emitted before
   * #BobbinMonitor::sampled, when the properties are those of the sample.
   */
  signals[JUDGED] = g_signal_new ("judged", BOBBIN_TYPE_MONITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
bobbin_monitor_init (BobbinMonitor *self)
{
  self->interval = 5;
  self->timeout = 10;
  self->limits = (BobbinHealthLimits) BOBBIN_HEALTH_LIMITS_INIT;
  self->value = NAN;
}

/* A monitor of something that no target names. `by_hand`: bobbin_monitor_tick() is its clock. Takes
 * over `probe`. */
BobbinJob *
bobbin_monitor_new_for_probe (const char *target, BobbinProbe *probe, gboolean by_hand)
{
  BobbinMonitor *self = g_object_new (BOBBIN_TYPE_MONITOR, "target", target, NULL);

  self->host = bobbin_place_host_of_target (target);
  self->is_here = bobbin_place_of_host (self->host) == BOBBIN_PLACE_MACHINE;
  self->by_hand = by_hand;
  set_probe (self, probe);

  return BOBBIN_JOB (self);
}

/**
 * bobbin_monitor_new:
 * @target: `cpu`, `memory`, `disk:PATH`, `http://…`, `https://…` or `tcp://HOST:PORT`
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Makes a monitor. Whether there is what it names is found out by the samples.
 *
 * Returns: (transfer full) (nullable): a monitor that does not run yet
 */
BobbinJob *
bobbin_monitor_new (const char *target, GError **error)
{
  return bobbin_monitor_new_with_options (target, NULL, error);
}

/* Some kinds have limits that make sense for everybody. */
static void
take_usual_limits (BobbinMonitor *self)
{
  if (self->probe->klass->warn > 0)
    self->limits.warn = self->probe->klass->warn;
  if (self->probe->klass->critical > 0)
    self->limits.critical = self->probe->klass->critical;
}

/**
 * bobbin_monitor_new_with_options:
 * @target: as for bobbin_monitor_new()
 * @options: (nullable): what is set for its kind of probe, a{sv}; a floating one is taken
 * @error: where to say what is wrong with either: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Makes a monitor. Whether there is what it names is found out by the samples.
 *
 * Returns: (transfer full) (nullable): a monitor that does not run yet
 */
BobbinJob *
bobbin_monitor_new_with_options (const char *target, GVariant *options, GError **error)
{
  g_autoptr (GVariant) own = options != NULL ? g_variant_ref_sink (options) : NULL;
  BobbinProbe *probe;
  BobbinJob *job;

  g_return_val_if_fail (target != NULL, NULL);

  probe = bobbin_probe_new (target, own, error);
  if (probe == NULL)
    return NULL;

  job = bobbin_monitor_new_for_probe (target, probe, FALSE);
  BOBBIN_MONITOR (job)->options = g_steal_pointer (&own);
  take_usual_limits (BOBBIN_MONITOR (job));

  return job;
}

/**
 * bobbin_monitor_set_options:
 * @self: a monitor
 * @options: (nullable): what is set for its kind of probe, a{sv}; a floating one is taken
 * @error: where to say what is wrong with them: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Replaces the options. A run goes on with those it began with: restart it.
 *
 * Returns: whether they were taken
 */
gboolean
bobbin_monitor_set_options (BobbinMonitor *self, GVariant *options, GError **error)
{
  g_autoptr (GVariant) own = options != NULL ? g_variant_ref_sink (options) : NULL;
  BobbinProbe *probe;

  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), FALSE);

  if (is_same (self->options, own))
    return TRUE;

  probe = bobbin_probe_new (self->target, own, error);
  if (probe == NULL)
    return FALSE;
  bobbin_probe_unref (probe);

  bobbin_monitor_forget_filtered (self, own);
  bobbin_monitor_take_secrets (self, own);
  replace_probe (self, bobbin_monitor_make_probe (self, self->target, own, NULL));
  g_clear_pointer (&self->options, g_variant_unref);
  self->options = g_steal_pointer (&own);
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_OPTIONS);

  return TRUE;
}

/**
 * bobbin_monitor_get_options:
 * @self: a monitor
 *
 * Returns: (transfer none) (nullable): what is set for its kind of probe, a{sv}
 */
GVariant *
bobbin_monitor_get_options (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);

  return self->options;
}

/**
 * bobbin_monitor_set_tags:
 * @self: a monitor
 * @tags: (nullable) (array zero-terminated=1): labels; %NULL or none at all is the same
 *
 * Labels it, as somebody wants to find it. The monitor makes nothing of that.
 */
void
bobbin_monitor_set_tags (BobbinMonitor *self, const char *const *tags)
{
  g_return_if_fail (BOBBIN_IS_MONITOR (self));

  if (tags != NULL && tags[0] == NULL)
    tags = NULL;
  if (is_same_strv ((const char *const *) self->tags, tags))
    return;

  g_strfreev (self->tags);
  self->tags = g_strdupv ((GStrv) tags);
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_TAGS);
}

/**
 * bobbin_monitor_check_target:
 * @target: what a user typed
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Looks at the text only, and waits for nothing: good for while it is typed.
 *
 * Returns: whether bobbin_monitor_new() takes it
 */
gboolean
bobbin_monitor_check_target (const char *target, GError **error)
{
  g_autoptr (BobbinProbe) probe = NULL;

  g_return_val_if_fail (target != NULL, FALSE);

  probe = bobbin_probe_new (target, NULL, error);

  return probe != NULL;
}

/**
 * bobbin_monitor_get_target:
 * @self: a monitor
 *
 * Returns: (transfer none): what it looks at
 */
const char *
bobbin_monitor_get_target (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);

  return self->target;
}
