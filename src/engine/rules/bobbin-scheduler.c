/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Keeps the schedule: in hours that are limited the limiter of all downloads has the lower of two
 * rates, in those that are stopped the queue is held. One timer goes off at the next change, and
 * when the clock is set; between them nothing wakes. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-scheduler-private.h"

#include "bobbin-enums.h"
#include "bobbin-wall-timer-private.h"

#include <glib/gi18n-lib.h>

struct _BobbinScheduler
{
  GObject parent_instance;

  BobbinJobQueue *queue;      /* (owned) */
  BobbinRateLimiter *limiter; /* (owned) */
  BobbinSchedulerClock clock;
  GSource *timer; /* (owned) (nullable) while there is a change to come */

  BobbinSchedule schedule;
  gboolean enabled;
  guint64 limited_rate; /* bytes a second; 0: no limit */
  guint64 rate;         /* the same */

  BobbinScheduleState state;
  gint64 until; /* µs since 1970, or 0 */
};

G_DEFINE_FINAL_TYPE (BobbinScheduler, bobbin_scheduler, G_TYPE_OBJECT)

typedef enum
{
  PROP_ENABLED = 1,
  PROP_SCHEDULE,
  PROP_LIMITED_RATE,
  PROP_RATE,
  PROP_STATE,
  PROP_UNTIL,
} BobbinSchedulerProperty;

static GParamSpec *props[PROP_UNTIL + 1];

/* ---- in words */

static char *
describe_until (BobbinScheduler *self)
{
  g_autoptr (GDateTime) now = self->clock ();
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (self->until / G_USEC_PER_SEC);
  g_autoptr (GDateTime) end = g_date_time_to_timezone (utc, g_date_time_get_timezone (now));

  if (g_date_time_difference (end, now) < 24 * G_TIME_SPAN_HOUR)
    /* Translators: a time of day, like 14:05; see g_date_time_format() */
    return g_date_time_format (end, _ ("%H:%M"));

  /* Translators: a day of the week and a time, like Monday, 14:05; see g_date_time_format() */
  return g_date_time_format (end, _ ("%A, %H:%M"));
}

static char *
describe_hold (BobbinScheduler *self)
{
  g_autofree char *until = NULL;

  if (self->until == 0)
    return g_strdup (_ ("Waiting for the schedule"));

  until = describe_until (self);

  /* Translators: %s is a time, as in “Waiting for the schedule (until 07:00)” */
  return g_strdup_printf (_ ("Waiting for the schedule (until %s)"), until);
}

/**
 * bobbin_scheduler_describe:
 * @self: a scheduler
 *
 * Returns: (transfer full) (nullable): what the schedule does to downloads now, in words; %NULL if
 *   it does nothing
 */
char *
bobbin_scheduler_describe (BobbinScheduler *self)
{
  g_autofree char *until = NULL;
  gboolean stopped;

  g_return_val_if_fail (BOBBIN_IS_SCHEDULER (self), NULL);

  if (self->state == BOBBIN_SCHEDULE_FULL)
    return NULL;

  stopped = self->state == BOBBIN_SCHEDULE_STOPPED;
  if (self->until == 0)
    return g_strdup (stopped ? _ ("Stopped by the schedule") : _ ("Limited by the schedule"));

  until = describe_until (self);

  if (stopped)
    /* Translators: %s is a time, as in “Stopped by the schedule until 07:00” */
    return g_strdup_printf (_ ("Stopped by the schedule until %s"), until);

  /* Translators: %s is a time, as in “Limited by the schedule until 07:00” */
  return g_strdup_printf (_ ("Limited by the schedule until %s"), until);
}

/* ---- what follows from it */

static void
apply_rate (BobbinScheduler *self)
{
  const gboolean limited = self->state == BOBBIN_SCHEDULE_LIMITED && self->limited_rate > 0;
  guint64 rate = self->rate;

  if (limited)
    rate = rate > 0 ? MIN (rate, self->limited_rate) : self->limited_rate;
  bobbin_rate_limiter_set_rate (self->limiter, (gint64) MIN (rate, G_MAXINT64));
}

static void
apply_hold (BobbinScheduler *self)
{
  g_autofree char *reason = self->state == BOBBIN_SCHEDULE_STOPPED ? describe_hold (self) : NULL;

  bobbin_job_queue_set_hold (self->queue, reason);
}

static gboolean
on_time (gpointer user_data)
{
  bobbin_scheduler_update (user_data);

  return G_SOURCE_REMOVE;
}

static void
clear_timer (BobbinScheduler *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
set_timer (BobbinScheduler *self)
{
  clear_timer (self);
  if (self->until == 0)
    return;

  self->timer = bobbin_wall_timer_new (self->until);
  g_source_set_callback (self->timer, on_time, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static gint64
find_next_change (BobbinScheduler *self, GDateTime *now)
{
  g_autoptr (GDateTime) next =
    self->enabled ? bobbin_schedule_get_next_change (&self->schedule, now) : NULL;

  return next != NULL ? g_date_time_to_unix (next) * G_USEC_PER_SEC : 0;
}

/*
 * bobbin_scheduler_update:
 * @self: a scheduler
 *
 * Looks at the clock, and does what follows: what the timer calls.
 */
void
bobbin_scheduler_update (BobbinScheduler *self)
{
  g_autoptr (GDateTime) now = self->clock ();
  const BobbinScheduleState state =
    self->enabled ? bobbin_schedule_get_at (&self->schedule, now) : BOBBIN_SCHEDULE_FULL;
  const gint64 until = find_next_change (self, now);
  const gboolean state_changed = self->state != state;
  const gboolean until_changed = self->until != until;

  self->state = state;
  self->until = until;
  set_timer (self);
  apply_rate (self);
  apply_hold (self);

  g_object_freeze_notify (G_OBJECT (self));
  if (state_changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  if (until_changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_UNTIL]);
  g_object_thaw_notify (G_OBJECT (self));
}

/* ---- properties */

static void
bobbin_scheduler_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinScheduler *self = BOBBIN_SCHEDULER (object);

  switch ((BobbinSchedulerProperty) prop_id)
    {
    case PROP_ENABLED:
      g_value_set_boolean (value, self->enabled);
      break;
    case PROP_SCHEDULE:
      g_value_take_string (value, bobbin_schedule_to_text (&self->schedule));
      break;
    case PROP_LIMITED_RATE:
      g_value_set_uint64 (value, self->limited_rate);
      break;
    case PROP_RATE:
      g_value_set_uint64 (value, self->rate);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_UNTIL:
      g_value_set_int64 (value, self->until);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
set_schedule (BobbinScheduler *self, const char *text)
{
  if (!bobbin_schedule_parse (text != NULL ? text : "", &self->schedule))
    g_warning ("The schedule cannot be read: %s", text);
}

static void
bobbin_scheduler_set_property (GObject *object,
                               guint prop_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  BobbinScheduler *self = BOBBIN_SCHEDULER (object);

  switch ((BobbinSchedulerProperty) prop_id)
    {
    case PROP_ENABLED:
      self->enabled = g_value_get_boolean (value);
      break;
    case PROP_SCHEDULE:
      set_schedule (self, g_value_get_string (value));
      break;
    case PROP_LIMITED_RATE:
      self->limited_rate = g_value_get_uint64 (value);
      break;
    case PROP_RATE:
      self->rate = g_value_get_uint64 (value);
      break;
    case PROP_STATE:
    case PROP_UNTIL:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      return;
    }

  bobbin_scheduler_update (self);
  g_object_notify_by_pspec (object, pspec);
}

static void
bobbin_scheduler_dispose (GObject *object)
{
  BobbinScheduler *self = BOBBIN_SCHEDULER (object);

  clear_timer (self);
  g_clear_object (&self->queue);
  g_clear_pointer (&self->limiter, bobbin_rate_limiter_unref);

  G_OBJECT_CLASS (bobbin_scheduler_parent_class)->dispose (object);
}

static void
bobbin_scheduler_class_init (BobbinSchedulerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags out = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags in = out | G_PARAM_WRITABLE;

  object_class->get_property = bobbin_scheduler_get_property;
  object_class->set_property = bobbin_scheduler_set_property;
  object_class->dispose = bobbin_scheduler_dispose;

  props[PROP_ENABLED] = g_param_spec_boolean ("enabled", NULL, NULL, FALSE, in);
  props[PROP_SCHEDULE] = g_param_spec_string ("schedule", NULL, NULL, NULL, in);
  props[PROP_LIMITED_RATE] =
    g_param_spec_uint64 ("limited-rate", NULL, NULL, 0, G_MAXUINT64, 0, in);
  props[PROP_RATE] = g_param_spec_uint64 ("rate", NULL, NULL, 0, G_MAXUINT64, 0, in);
  props[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, BOBBIN_TYPE_SCHEDULE_STATE, BOBBIN_SCHEDULE_FULL, out);
  props[PROP_UNTIL] = g_param_spec_int64 ("until", NULL, NULL, 0, G_MAXINT64, 0, out);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bobbin_scheduler_init (BobbinScheduler *self)
{
  self->clock = g_date_time_new_now_local;
}

/**
 * bobbin_scheduler_new:
 * @queue: whose downloads keep to the schedule
 * @limiter: the limit of all downloads, which from now on is the scheduler's to set
 *
 * Makes a scheduler whose schedule is not kept yet. It lives in the thread-default main context of
 * the caller.
 *
 * Returns: (transfer full): a scheduler
 */
BobbinScheduler *
bobbin_scheduler_new (BobbinJobQueue *queue, BobbinRateLimiter *limiter)
{
  BobbinScheduler *self;

  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (queue), NULL);
  g_return_val_if_fail (limiter != NULL, NULL);

  self = g_object_new (BOBBIN_TYPE_SCHEDULER, NULL);
  self->queue = g_object_ref (queue);
  self->limiter = bobbin_rate_limiter_ref (limiter);
  bobbin_scheduler_update (self);

  return self;
}

/**
 * bobbin_scheduler_get_state:
 * @self: a scheduler
 *
 * Returns: what holds now; full speed if the schedule is not kept
 */
BobbinScheduleState
bobbin_scheduler_get_state (BobbinScheduler *self)
{
  g_return_val_if_fail (BOBBIN_IS_SCHEDULER (self), BOBBIN_SCHEDULE_FULL);

  return self->state;
}

/**
 * bobbin_scheduler_get_until:
 * @self: a scheduler
 *
 * Returns: when that changes, in µs since 1970; 0 for never
 */
gint64
bobbin_scheduler_get_until (BobbinScheduler *self)
{
  g_return_val_if_fail (BOBBIN_IS_SCHEDULER (self), 0);

  return self->until;
}

/* For tests: has the time come from @clock, from the next look at it on. */
void
bobbin_scheduler_set_clock (BobbinScheduler *self, BobbinSchedulerClock clock)
{
  self->clock = clock;
}

/* For tests: whether anything wakes it. */
gboolean
bobbin_scheduler_is_armed (BobbinScheduler *self)
{
  return self->timer != NULL;
}
