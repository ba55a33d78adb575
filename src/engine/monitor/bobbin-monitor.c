/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A job that looks at something again and again: the processor, the memory, a disk, a server. Its
 * run lasts until it is stopped, but holds a thread only while a sample is taken; that there is no
 * answer is a finding, not a failure of the job. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-private.h"

#include "bobbin-enums.h"
#include "bobbin-error.h"
#include "bobbin-sampler-private.h"
#include "bobbin-ticker-private.h"
#include "bobbin-verdict.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <unistd.h>

#define MIN_INTERVAL 0.1
#define MIN_TIMEOUT  0.01
#define MAX_SECONDS  31536000.0

struct _BobbinMonitor
{
  BobbinJob parent_instance;

  char *target;       /* (owned) */
  BobbinProbe *probe; /* (owned) */
  int tick_fd;        /* (owned) what ticks in place of the clock, or -1 */
  double interval;    /* s */
  double timeout;     /* s */
  BobbinHealthLimits limits;

  BobbinHealthTracker tracker;
  double value;
  GError *sample_error;   /* (owned) (nullable) */
  GDateTime *sample_time; /* (owned) (nullable) */
  guint64 n_taken;
  double samples[BOBBIN_MONITOR_N_SAMPLES]; /* oldest first */
  gsize n_samples;
  gint64 judged_until; /* real µs that the latest verdict of the run stands for; 0 for none */

  /* Of the run. */
  GTask *run;             /* (owned) (nullable) */
  BobbinSampler *sampler; /* (owned) (nullable) */
  GSource *cancelled;     /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (BobbinMonitor, bobbin_monitor, BOBBIN_TYPE_JOB)

typedef enum
{
  PROP_TARGET = 1,
  PROP_INTERVAL,
  PROP_WARN,
  PROP_CRITICAL,
  PROP_FOR,
  PROP_TIMEOUT,
  PROP_VALUE,
  PROP_HEALTH,
} BobbinMonitorProperty;

static GParamSpec *props[PROP_HEALTH + 1];

enum
{
  SAMPLED,
  JUDGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static BobbinMonitorFigures
get_figures (BobbinMonitor *self)
{
  gint64 overdue = self->sampler != NULL ? bobbin_sampler_get_overdue (self->sampler) : 0;

  return (BobbinMonitorFigures){ .probe_class = self->probe->klass,
                                 .limits = self->limits,
                                 .health = self->tracker.health,
                                 .interval = self->interval,
                                 .value = self->value,
                                 .error = self->sample_error,
                                 .overdue = overdue / (double) G_USEC_PER_SEC };
}

static char *
bobbin_monitor_describe (BobbinJob *job)
{
  BobbinMonitor *self = BOBBIN_MONITOR (job);
  BobbinJobState state = bobbin_job_get_state (job);

  if (self->sampler != NULL && (state == BOBBIN_JOB_RUNNING || state == BOBBIN_JOB_STOPPING))
    {
      BobbinMonitorFigures figures = get_figures (self);

      if (state == BOBBIN_JOB_RUNNING)
        return bobbin_monitor_words_status (&figures);
      if (figures.overdue > 0)
        /* Translators: %.0f is a number of seconds */
        return g_strdup_printf (_ ("Stopping… No answer for %.0f s"), figures.overdue);
    }

  return BOBBIN_JOB_CLASS (bobbin_monitor_parent_class)->describe (job);
}

static void
set_value (BobbinMonitor *self, double value)
{
  if (self->value == value || (isnan (self->value) && isnan (value)))
    return;

  self->value = value;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VALUE]);
}

static void
remember (BobbinMonitor *self, double value, const GError *error)
{
  const gsize last = BOBBIN_MONITOR_N_SAMPLES - 1;

  if (self->n_samples > last)
    {
      memmove (self->samples, self->samples + 1, last * sizeof *self->samples);
      self->n_samples = last;
    }
  self->samples[self->n_samples++] = value;
  self->n_taken++;

  g_clear_error (&self->sample_error);
  self->sample_error = error != NULL ? g_error_copy (error) : NULL;
  g_clear_pointer (&self->sample_time, g_date_time_unref);
  self->sample_time = g_date_time_new_now_local ();
}

static void
tell_verdict (BobbinMonitor *self, const BobbinSample *sample, BobbinHealth before)
{
  const gint64 now = g_get_real_time ();
  const BobbinVerdict verdict = { .time = now,
                                  .duration = self->judged_until > 0 ? now - self->judged_until : 0,
                                  .health = self->tracker.health,
                                  .before = before,
                                  .reason = self->tracker.reason,
                                  .believed = bobbin_health_tracker_believed (&self->tracker),
                                  .sample = sample,
                                  .error = self->sample_error };

  self->judged_until = now;
  g_signal_emit (self, signals[JUDGED], 0, &verdict);
}

static void
judge (BobbinMonitor *self)
{
  BobbinHealth before = self->tracker.health;
  BobbinHealthLevel level = BOBBIN_HEALTH_LEVEL_NO_ANSWER;
  BobbinMonitorFigures figures;
  g_autofree char *line = NULL;

  if (self->sample_error == NULL)
    level = bobbin_health_tracker_judge (&self->tracker, &self->limits, self->value);
  if (bobbin_health_tracker_feed (&self->tracker, &self->limits, g_get_monotonic_time (), level) ==
      before)
    return;

  figures = get_figures (self);
  line = bobbin_monitor_words_event (&figures);
  bobbin_job_log (BOBBIN_JOB (self), BOBBIN_EVENT_NOTE, "%s", line);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HEALTH]);
}

static void
on_sampled (const BobbinSample *sample, const GError *error, gpointer user_data)
{
  g_autoptr (BobbinMonitor) self = g_object_ref (user_data);
  const BobbinHealth before = self->tracker.health;

  /* The first of two that it takes to tell. */
  if (error == NULL && isnan (sample->value))
    return;

  g_object_freeze_notify (G_OBJECT (self));
  remember (self, sample->value, error);
  set_value (self, sample->value);
  judge (self);
  bobbin_job_describe (BOBBIN_JOB (self));
  g_object_thaw_notify (G_OBJECT (self));

  tell_verdict (self, sample, before);
  g_signal_emit (self, signals[SAMPLED], 0);
}

static void
on_overdue (gpointer user_data)
{
  bobbin_job_describe (user_data);
}

/* No thread is at work for this run any more. */
static void
on_ended (const GError *error, gpointer user_data)
{
  BobbinMonitor *self = user_data;
  g_autoptr (GTask) run = g_steal_pointer (&self->run);

  g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);

  if (error != NULL)
    g_task_return_error (run, g_error_copy (error));
  else if (!g_task_return_error_if_cancelled (run))
    g_assert_not_reached ();
}

static const BobbinSamplerFuncs sampler_funcs = { on_sampled, on_overdue, on_ended };

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  BobbinMonitor *self = user_data;

  bobbin_sampler_stop (self->sampler);

  return G_SOURCE_REMOVE;
}

static gint64
to_usec (double seconds)
{
  return seconds * G_USEC_PER_SEC;
}

static GSource *
make_ticker (BobbinMonitor *self, GError **error)
{
  if (self->tick_fd >= 0)
    return bobbin_ticker_source_new_for_fd (self->tick_fd, error);

  return bobbin_ticker_source_new (to_usec (self->interval), error);
}

/* What is known of an earlier run says nothing of this one; the samples stay for the chart. */
static void
forget (BobbinMonitor *self)
{
  BobbinHealth before = self->tracker.health;

  self->tracker = (BobbinHealthTracker){ 0 };
  self->judged_until = 0;
  g_clear_error (&self->sample_error);
  set_value (self, NAN);
  if (before != BOBBIN_HEALTH_UNKNOWN)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HEALTH]);
}

static void
watch_cancel (BobbinMonitor *self, GCancellable *cancellable)
{
  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, (GSourceFunc) (void (*) (void)) on_cancelled, self, NULL);
  g_source_set_static_name (self->cancelled, "[bobbin] stop of a monitor");
  g_source_attach (self->cancelled, g_main_context_get_thread_default ());
}

static void
bobbin_monitor_launch (BobbinJob *job, GTask *task, BobbinWorkerPool *pool, BobbinMailboxSlot *slot)
{
  BobbinMonitor *self = BOBBIN_MONITOR (job);
  GError *error = NULL;
  GSource *ticker = make_ticker (self, &error);

  g_assert (self->run == NULL);

  forget (self);
  if (ticker == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self->run = g_object_ref (task);
  self->sampler = bobbin_sampler_new (self->probe, pool, &sampler_funcs, self);
  bobbin_sampler_set_timeout (self->sampler, to_usec (self->timeout));
  bobbin_sampler_set_ticker (self->sampler, ticker);
  watch_cancel (self, g_task_get_cancellable (task));
  bobbin_job_describe (job);

  bobbin_sampler_start (self->sampler);
}

static void
bobbin_monitor_returned (BobbinJob *job, GTask *task, const GError *error)
{
  BobbinMonitor *self = BOBBIN_MONITOR (job);

  g_clear_pointer (&self->sampler, bobbin_sampler_free);
}

static void
set_interval (BobbinMonitor *self, double interval)
{
  GSource *ticker;

  if (isnan (interval) || self->interval == interval)
    return;

  self->interval = interval;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_INTERVAL]);

  /* Where there is no new ticker to be had the old one goes on. */
  if (self->run != NULL && (ticker = make_ticker (self, NULL)) != NULL)
    bobbin_sampler_set_ticker (self->sampler, ticker);
  bobbin_job_describe (BOBBIN_JOB (self));
}

static void
set_limit (BobbinMonitor *self, double *limit, double value, BobbinMonitorProperty prop)
{
  if (*limit == value || (isnan (*limit) && isnan (value)))
    return;

  *limit = value;
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
  bobbin_job_describe (BOBBIN_JOB (self));
}

static void
set_for (BobbinMonitor *self, guint n_samples)
{
  if (self->limits.n_samples == n_samples)
    return;

  self->limits.n_samples = n_samples;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FOR]);
}

static void
set_timeout (BobbinMonitor *self, double timeout)
{
  if (isnan (timeout) || self->timeout == timeout)
    return;

  self->timeout = timeout;
  if (self->sampler != NULL)
    bobbin_sampler_set_timeout (self->sampler, to_usec (timeout));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TIMEOUT]);
}

static void
bobbin_monitor_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinMonitor *self = BOBBIN_MONITOR (object);

  switch ((BobbinMonitorProperty) prop_id)
    {
    case PROP_TARGET:
      g_value_set_string (value, self->target);
      break;
    case PROP_INTERVAL:
      g_value_set_double (value, self->interval);
      break;
    case PROP_WARN:
      g_value_set_double (value, self->limits.warn);
      break;
    case PROP_CRITICAL:
      g_value_set_double (value, self->limits.critical);
      break;
    case PROP_FOR:
      g_value_set_uint (value, self->limits.n_samples);
      break;
    case PROP_TIMEOUT:
      g_value_set_double (value, self->timeout);
      break;
    case PROP_VALUE:
      g_value_set_double (value, self->value);
      break;
    case PROP_HEALTH:
      g_value_set_enum (value, self->tracker.health);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_monitor_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  BobbinMonitor *self = BOBBIN_MONITOR (object);

  switch ((BobbinMonitorProperty) prop_id)
    {
    case PROP_TARGET:
      self->target = g_value_dup_string (value);
      break;
    case PROP_INTERVAL:
      set_interval (self, g_value_get_double (value));
      break;
    case PROP_WARN:
      set_limit (self, &self->limits.warn, g_value_get_double (value), PROP_WARN);
      break;
    case PROP_CRITICAL:
      set_limit (self, &self->limits.critical, g_value_get_double (value), PROP_CRITICAL);
      break;
    case PROP_FOR:
      set_for (self, g_value_get_uint (value));
      break;
    case PROP_TIMEOUT:
      set_timeout (self, g_value_get_double (value));
      break;
    case PROP_VALUE:
    case PROP_HEALTH:
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

  G_OBJECT_CLASS (bobbin_monitor_parent_class)->dispose (object);
}

static void
bobbin_monitor_finalize (GObject *object)
{
  BobbinMonitor *self = BOBBIN_MONITOR (object);

  if (self->tick_fd >= 0)
    close (self->tick_fd);
  g_clear_pointer (&self->probe, bobbin_probe_unref);
  g_clear_pointer (&self->sample_time, g_date_time_unref);
  g_clear_error (&self->sample_error);
  g_free (self->target);

  G_OBJECT_CLASS (bobbin_monitor_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags writable = flags | G_PARAM_READWRITE | BOBBIN_PARAM_KEPT;
  /* NAN is not equal to itself, and so never what a strict validation expects. */
  const GParamFlags limit = writable | G_PARAM_LAX_VALIDATION;
  const GParamFlags readable = flags | G_PARAM_READABLE;

  props[PROP_TARGET] =
    g_param_spec_string ("target", NULL, NULL, NULL, writable | G_PARAM_CONSTRUCT_ONLY);
  /* seconds */
  props[PROP_INTERVAL] =
    g_param_spec_double ("interval", NULL, NULL, MIN_INTERVAL, MAX_SECONDS, 5, writable);
  /* in the unit of the values; NAN for none, which no pspec takes as its default */
  props[PROP_WARN] = g_param_spec_double ("warn", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, limit);
  props[PROP_CRITICAL] =
    g_param_spec_double ("critical", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, limit);
  props[PROP_FOR] = g_param_spec_uint ("for", NULL, NULL, 1, G_MAXUINT, 1, writable);
  /* seconds; what is in flight keeps the one it began with */
  props[PROP_TIMEOUT] =
    g_param_spec_double ("timeout", NULL, NULL, MIN_TIMEOUT, MAX_SECONDS, 10, writable);
  props[PROP_VALUE] =
    g_param_spec_double ("value", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, readable);
  props[PROP_HEALTH] =
    g_param_spec_enum ("health", NULL, NULL, BOBBIN_TYPE_HEALTH, BOBBIN_HEALTH_UNKNOWN, readable);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
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

  install_properties (object_class);

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
  self->tick_fd = -1;
  self->interval = 5;
  self->timeout = 10;
  self->limits = (BobbinHealthLimits) BOBBIN_HEALTH_LIMITS_INIT;
  self->value = NAN;
}

/*
 * A monitor of something that no target names, that ticks when `tick_fd` (transfer full) says so:
 * an eventfd that does not block, or -1 for the clock. Takes over `probe`.
 */
BobbinJob *
bobbin_monitor_new_for_probe (const char *target, BobbinProbe *probe, int tick_fd)
{
  BobbinMonitor *self = g_object_new (BOBBIN_TYPE_MONITOR, "target", target, NULL);

  self->probe = probe;
  self->tick_fd = tick_fd;
  bobbin_job_set_title (BOBBIN_JOB (self), probe->title);

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
  BobbinProbe *probe;

  g_return_val_if_fail (target != NULL, NULL);

  probe = bobbin_probe_new (target, NULL, error);

  return probe != NULL ? bobbin_monitor_new_for_probe (target, probe, -1) : NULL;
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
