/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A monitor's run: from slot to sample to verdict. Verdicts follow each other without a hole; what
 * nobody looked at (a computer asleep, a pause) is a gap between two, and what is our own trouble
 * (no network, no permission) is no verdict on what is monitored. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-private.h"

#include "bobbin-clock-private.h"
#include "bobbin-error.h"

#include <glib/gi18n-lib.h>

/* Less is no sleep: it is as if a slot had been late. */
#define MIN_SLEEP (G_USEC_PER_SEC / 2)

static gint64
to_usec (double seconds)
{
  return seconds * G_USEC_PER_SEC;
}

static gboolean
is_network (BobbinMonitor *self)
{
  return self->probe->klass->scope == BOBBIN_PROBE_NETWORK;
}

static gboolean
set_sampler_interval (BobbinMonitor *self, GError **error)
{
  const gint64 interval = to_usec (self->interval);

  /* It may skip the half of one, to be in step. */
  self->first_by = bobbin_clock_get_boottime () + interval + interval / 2;

  return bobbin_sampler_set_interval (self->sampler, interval,
                                      bobbin_slot_phase (self->target, interval), error);
}

/* ---- words */

/* µs awake in which nothing has been heard. */
static gint64
get_quiet (BobbinMonitor *self)
{
  const gint64 asleep = bobbin_clock_get_asleep () - self->asleep;

  return bobbin_clock_get_boottime () - MAX (self->judged_until, self->came) - asleep;
}

static BobbinMonitorFigures
get_figures (BobbinMonitor *self)
{
  const gint64 overdue = self->sampler != NULL ? bobbin_sampler_get_overdue (self->sampler) : 0;
  BobbinMonitorFigures figures = { .probe_class = self->probe->klass,
                                   .limits = self->limits,
                                   .health = self->tracker.health,
                                   .reason = self->tracker.reason,
                                   .interval = self->interval,
                                   .value = self->value,
                                   .error = self->sample_error,
                                   .overdue = overdue / (double) G_USEC_PER_SEC,
                                   .paused_until = self->paused_until,
                                   .lasted = self->lasted / G_USEC_PER_SEC };

  if (self->overdue && overdue == 0)
    figures.quiet = get_quiet (self) / (double) G_USEC_PER_SEC;
  if (!isnan (self->value))
    figures.level = bobbin_health_tracker_judge (&self->tracker, &self->limits, self->value);

  return figures;
}

char *
bobbin_monitor_describe (BobbinJob *job)
{
  BobbinMonitor *self = BOBBIN_MONITOR (job);
  const BobbinJobState state = bobbin_job_get_state (job);

  if (self->sampler != NULL && (state == BOBBIN_JOB_RUNNING || state == BOBBIN_JOB_STOPPING))
    {
      const BobbinMonitorFigures figures = get_figures (self);

      if (state == BOBBIN_JOB_RUNNING)
        return bobbin_monitor_words_status (&figures);
      if (figures.overdue > 0)
        /* Translators: %.0f is a number of seconds */
        return g_strdup_printf (_ ("Stopping… No answer for %.0f s"), figures.overdue);
    }

  return BOBBIN_JOB_CLASS (g_type_class_peek (BOBBIN_TYPE_JOB))->describe (job);
}

static void
log_health (BobbinMonitor *self)
{
  const BobbinMonitorFigures figures = get_figures (self);
  g_autofree char *line = bobbin_monitor_words_event (&figures);

  bobbin_job_log (BOBBIN_JOB (self), BOBBIN_EVENT_NOTE, "%s", line);
}

/* ---- verdicts */

static void
set_value (BobbinMonitor *self, double value)
{
  if (self->value == value || (isnan (self->value) && isnan (value)))
    return;

  self->value = value;
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_VALUE);
}

static void
set_overdue (BobbinMonitor *self, gboolean overdue)
{
  if (self->overdue == overdue)
    return;

  self->overdue = overdue;
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_OVERDUE);
}

static void
set_slot (BobbinMonitor *self, const BobbinSlot *slot)
{
  self->due = slot->due;
  self->came = slot->came;
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_DUE);
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_CAME);
}

/* What the tracker said before it was fed or told that there is nothing. */
typedef struct
{
  BobbinHealth health;
  BobbinHealth believed;
  BobbinUnknownReason reason;
} Before;

static Before
look (BobbinMonitor *self)
{
  return (Before){ self->tracker.health, bobbin_health_tracker_believed (&self->tracker),
                   self->tracker.reason };
}

/* How long it was as it was before, until @when; of what was not known for no reason but that
 * nobody had looked there is nothing to say. */
static void
note_change (BobbinMonitor *self, const Before *before, gint64 when)
{
  const gboolean is_first =
    before->health == BOBBIN_HEALTH_UNKNOWN && before->reason == BOBBIN_UNKNOWN_NONE;

  if (self->tracker.health == before->health && self->tracker.reason == before->reason)
    return;

  self->lasted = is_first ? 0 : MAX (when - self->since, 0);
  self->since = when;
}

static void
notify_changes (BobbinMonitor *self, const Before *before, gint64 when)
{
  note_change (self, before, when);
  if (self->tracker.health != before->health)
    bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_HEALTH);
  if (self->tracker.reason != before->reason)
    bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_REASON);
  if (bobbin_health_tracker_believed (&self->tracker) != before->believed)
    bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_BELIEVED);
}

/* A verdict up to a moment, from where the one before ended. */
static void
tell_verdict (BobbinMonitor *self, gint64 until, const BobbinSample *sample, BobbinHealth before)
{
  const BobbinVerdict verdict = { .time = bobbin_clock_to_realtime (until),
                                  .duration = MAX (until - self->judged_until, 0),
                                  .health = self->tracker.health,
                                  .before = before,
                                  .believed = bobbin_health_tracker_believed (&self->tracker),
                                  .reason = self->tracker.reason,
                                  .sample = sample,
                                  .error = sample != NULL ? self->sample_error : NULL };

  self->judged_until = MAX (until, self->judged_until);
  bobbin_monitor_emit_judged (self, &verdict);
}

/* Nothing is known of the time up to a moment. */
static void
tell_gap (BobbinMonitor *self, gint64 until, BobbinUnknownReason reason)
{
  const Before before = look (self);

  bobbin_health_tracker_miss (&self->tracker, reason);
  notify_changes (self, &before, self->judged_until);
  self->asleep = bobbin_clock_get_asleep ();
  tell_verdict (self, until, NULL, before.health);
}

/*
 * Slots have passed unheard. Where the computer was asleep, or waited for its network, that is why;
 * where it was not, nobody let this program run, and nothing is known either. A sample that took
 * long explains itself, and where the interval was another until now no slot has been missed.
 */
static void
find_gap (BobbinMonitor *self, gint64 due)
{
  const gint64 interval = to_usec (self->interval);
  const gint64 asleep = bobbin_clock_get_asleep () - self->asleep;
  const gboolean is_late = due > self->first_by;

  if (is_late && asleep >= MIN_SLEEP && due - self->judged_until >= interval + interval / 2)
    {
      bobbin_job_log (BOBBIN_JOB (self), BOBBIN_EVENT_NOTE, "%s", _ ("This computer was asleep."));
      tell_gap (self, due, BOBBIN_UNKNOWN_ASLEEP);
    }
  else if (self->is_settling)
    {
      tell_gap (self, due, BOBBIN_UNKNOWN_OFFLINE);
    }
  else if (is_late && due - MAX (self->judged_until, self->came) >= 3 * interval)
    {
      tell_gap (self, due - interval, BOBBIN_UNKNOWN_NO_DATA);
    }
  self->is_settling = FALSE;
}

/* Whether a failure is our own, and says nothing of what is monitored. */
static BobbinUnknownReason
find_reason (BobbinMonitor *self, const BobbinSlot *slot, const GError *error)
{
  BobbinReachability *network = bobbin_reachability_get_default ();
  BobbinReach reach;

  if (self->maintenance)
    return BOBBIN_UNKNOWN_MAINTENANCE;
  if (error == NULL)
    return BOBBIN_UNKNOWN_NONE;
  if (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED))
    return BOBBIN_UNKNOWN_NO_DATA;
  if (!is_network (self))
    return BOBBIN_UNKNOWN_NONE;

  reach = bobbin_reachability_ask (network, self->host);
  if (slot->asleep >= MIN_SLEEP)
    return BOBBIN_UNKNOWN_ASLEEP;
  if (self->reach != BOBBIN_REACH_YES || reach != BOBBIN_REACH_YES ||
      !bobbin_reachability_is_steady (network, self->host, slot->due))
    return BOBBIN_UNKNOWN_OFFLINE;

  return BOBBIN_UNKNOWN_NONE;
}

/* The newest one; what is thought of it is to be put down when it has been judged. */
static void
remember_value (BobbinMonitor *self, double value)
{
  const gsize last = BOBBIN_MONITOR_N_SAMPLES - 1;

  if (self->n_samples > last)
    {
      memmove (self->samples, self->samples + 1, last * sizeof *self->samples);
      memmove (self->states, self->states + 1, last * sizeof *self->states);
      self->n_samples = last;
    }
  self->states[self->n_samples] = BOBBIN_HEALTH_UNKNOWN;
  self->samples[self->n_samples++] = value;
  self->n_taken++;
}

static void
forget_sample (BobbinMonitor *self)
{
  g_clear_error (&self->sample_error);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->details, g_variant_unref);
}

static void
remember (BobbinMonitor *self, const BobbinSample *sample, const GError *error)
{
  remember_value (self, sample->value);
  forget_sample (self);
  self->sample_error = error != NULL ? g_error_copy (error) : NULL;
  self->text = g_strdup (sample->text);
  self->details = sample->details != NULL ? g_variant_ref (sample->details) : NULL;
  g_clear_pointer (&self->sample_time, g_date_time_unref);
  self->sampled = g_get_real_time ();
}

static void
judge (BobbinMonitor *self, const BobbinSlot *slot, BobbinUnknownReason reason)
{
  BobbinHealthLevel level = BOBBIN_HEALTH_LEVEL_NO_ANSWER;

  if (reason != BOBBIN_UNKNOWN_NONE)
    {
      bobbin_health_tracker_miss (&self->tracker, reason);
      return;
    }

  if (self->sample_error == NULL)
    level = bobbin_health_tracker_judge (&self->tracker, &self->limits, self->value);
  bobbin_health_tracker_feed (&self->tracker, &self->limits, slot->due, level);
}

/* After a night's sleep it is no news that all is as it was before. */
static gboolean
is_news (BobbinMonitor *self, const Before *before)
{
  if (before->reason == BOBBIN_UNKNOWN_ASLEEP)
    return self->tracker.health != before->believed;

  return self->tracker.health != before->health || self->tracker.reason != before->reason;
}

/* What was asked before a pause began is no answer to anything any more. */
static gboolean
is_wanted (BobbinMonitor *self, const BobbinSlot *slot)
{
  return !self->paused && slot->due >= self->judged_until;
}

static void
on_sampled (const BobbinSlot *slot,
            const BobbinSample *sample,
            const GError *error,
            gpointer user_data)
{
  g_autoptr (BobbinMonitor) self = g_object_ref (user_data);
  Before before;

  if (!is_wanted (self, slot))
    return;

  g_object_freeze_notify (G_OBJECT (self));
  find_gap (self, slot->due);
  set_slot (self, slot);
  set_overdue (self, bobbin_sampler_get_overdue (self->sampler) > 0);
  /* The first of two that it takes to tell. */
  if (error == NULL && isnan (sample->value))
    {
      g_object_thaw_notify (G_OBJECT (self));
      return;
    }

  before = look (self);
  remember (self, sample, error);
  set_value (self, sample->value);
  judge (self, slot, find_reason (self, slot, error));
  self->states[self->n_samples - 1] = self->tracker.health;
  notify_changes (self, &before, slot->due);
  if (is_news (self, &before))
    log_health (self);
  bobbin_job_describe (BOBBIN_JOB (self));
  g_object_thaw_notify (G_OBJECT (self));

  /* As of when it was due: what was slept since then is still to be told of. */
  self->asleep = bobbin_clock_get_asleep () - slot->asleep;
  tell_verdict (self, slot->due, sample, before.health);
  bobbin_monitor_emit_sampled (self);
  bobbin_monitor_watchdog_heard (slot->came);
}

/* Nothing is known from now on; the gap is told of when it has ended. */
static void
begin_gap (BobbinMonitor *self, BobbinUnknownReason reason)
{
  const Before before = look (self);

  if (before.reason == reason)
    return;

  bobbin_health_tracker_miss (&self->tracker, reason);
  notify_changes (self, &before, self->judged_until);
  bobbin_job_describe (BOBBIN_JOB (self));
}

/* While the network is not yet what it will be nothing is asked. */
static gboolean
on_slot (gint64 due, gpointer user_data)
{
  BobbinMonitor *self = user_data;

  self->reach = BOBBIN_REACH_YES;
  if (is_network (self) && !self->is_here)
    self->reach = bobbin_reachability_ask (bobbin_reachability_get_default (), self->host);
  if (self->reach != BOBBIN_REACH_SETTLING)
    return TRUE;

  self->is_settling = TRUE;
  begin_gap (self, bobbin_clock_get_asleep () - self->asleep >= MIN_SLEEP ? BOBBIN_UNKNOWN_ASLEEP
                                                                          : BOBBIN_UNKNOWN_OFFLINE);

  return FALSE;
}

static void
on_overdue (gpointer user_data)
{
  BobbinMonitor *self = user_data;

  if (self->paused)
    return;

  set_overdue (self, TRUE);
  bobbin_job_describe (BOBBIN_JOB (self));
}

/* Whether the next slot is past, and more than the time that an answer may take. */
static gboolean
is_unheard (BobbinMonitor *self)
{
  const gint64 heard = MAX (self->judged_until, self->came);
  const gint64 next = MAX (heard + to_usec (self->interval), self->first_by);

  return get_quiet (self) > next - heard + to_usec (self->timeout);
}

/* Called now and then: a sample should have come, or failed, by now. */
void
bobbin_monitor_look_after (BobbinMonitor *self)
{
  const gboolean was_overdue = self->overdue;

  if (self->paused || self->is_settling || bobbin_sampler_get_overdue (self->sampler) > 0 ||
      !is_unheard (self))
    return;

  set_overdue (self, TRUE);
  bobbin_job_describe (BOBBIN_JOB (self));
  if (!was_overdue)
    bobbin_job_log (BOBBIN_JOB (self), BOBBIN_EVENT_NOTE, "%s",
                    _ ("No check has come when one was due."));
}

/* ---- the run */

/* No thread is at work for this run any more. */
static void
on_ended (const GError *error, gpointer user_data)
{
  BobbinMonitor *self = user_data;
  g_autoptr (GTask) run = g_steal_pointer (&self->run);

  bobbin_monitor_watchdog_remove (self);
  g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);

  if (error != NULL)
    g_task_return_error (run, g_error_copy (error));
  else if (!g_task_return_error_if_cancelled (run))
    g_assert_not_reached ();
}

static const BobbinSamplerFuncs sampler_funcs = { on_slot, on_sampled, on_overdue, on_ended };

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  BobbinMonitor *self = user_data;

  if (self->paused)
    tell_gap (self, bobbin_clock_get_boottime (), BOBBIN_UNKNOWN_PAUSED);
  bobbin_sampler_stop (self->sampler);

  return G_SOURCE_REMOVE;
}

/* The samples stay for the chart, and what was believed until something else is known. */
static void
forget (BobbinMonitor *self)
{
  const Before before = look (self);

  bobbin_health_tracker_miss (&self->tracker,
                              self->paused ? BOBBIN_UNKNOWN_PAUSED : BOBBIN_UNKNOWN_NONE);
  notify_changes (self, &before, bobbin_clock_get_boottime ());
  self->since = bobbin_clock_get_boottime ();
  forget_sample (self);
  set_value (self, NAN);
  set_overdue (self, FALSE);
  self->judged_until = bobbin_clock_get_boottime ();
  self->asleep = bobbin_clock_get_asleep ();
  self->due = self->came = 0;
  self->reach = BOBBIN_REACH_YES;
  self->is_settling = FALSE;
}

static void
watch_cancel (BobbinMonitor *self, GCancellable *cancellable)
{
  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, (GSourceFunc) (void (*) (void)) on_cancelled, self, NULL);
  g_source_set_static_name (self->cancelled, "[bobbin] stop of a monitor");
  g_source_attach (self->cancelled, g_main_context_get_thread_default ());
}

static BobbinSamplerPace
get_pace (BobbinMonitor *self)
{
  if (self->by_hand)
    return BOBBIN_SAMPLER_BY_HAND;

  return is_network (self) ? BOBBIN_SAMPLER_ALONE : BOBBIN_SAMPLER_SHARED;
}

void
bobbin_monitor_launch (BobbinJob *job, GTask *task, BobbinWorkerPool *pool, BobbinMailboxSlot *slot)
{
  BobbinMonitor *self = BOBBIN_MONITOR (job);
  GError *error = NULL;

  g_assert (self->run == NULL);

  forget (self);
  self->run = g_object_ref (task);
  self->sampler = bobbin_sampler_new (self->probe, pool, get_pace (self), &sampler_funcs, self);
  bobbin_sampler_set_timeout (self->sampler, to_usec (self->timeout));
  bobbin_sampler_set_paused (self->sampler, self->paused);
  watch_cancel (self, g_task_get_cancellable (task));
  bobbin_monitor_watchdog_add (self);
  bobbin_job_describe (job);

  if (set_sampler_interval (self, &error))
    bobbin_sampler_start (self->sampler, &error);
  if (error != NULL)
    {
      on_ended (error, self);
      g_error_free (error);
    }
}

void
bobbin_monitor_returned (BobbinJob *job, GTask *task, const GError *error)
{
  BobbinMonitor *self = BOBBIN_MONITOR (job);

  g_clear_pointer (&self->sampler, bobbin_sampler_free);
  set_overdue (self, FALSE);
}

/* A sample only looks: it leaves nothing half done. */
void
bobbin_monitor_abandon (BobbinJob *job)
{
  bobbin_sampler_abandon (BOBBIN_MONITOR (job)->sampler);
}

/* Where there is no new ticker to be had the old one goes on. */
void
bobbin_monitor_apply_interval (BobbinMonitor *self)
{
  if (self->run != NULL)
    set_sampler_interval (self, NULL);
}

/* A pause or a maintenance window has begun or ended. In the one no samples are taken, in the other
 * they are, and not judged. */
void
bobbin_monitor_apply_hold (BobbinMonitor *self)
{
  if (self->run == NULL)
    return;

  bobbin_sampler_set_paused (self->sampler, self->paused);
  set_overdue (self, FALSE);
  if (self->paused)
    {
      begin_gap (self, BOBBIN_UNKNOWN_PAUSED);
      log_health (self);
    }
  else if (self->tracker.reason == BOBBIN_UNKNOWN_PAUSED)
    tell_gap (self, bobbin_clock_get_boottime (), BOBBIN_UNKNOWN_PAUSED);
  if (self->maintenance && !self->paused)
    begin_gap (self, BOBBIN_UNKNOWN_MAINTENANCE);
  bobbin_job_describe (BOBBIN_JOB (self));
}

/* A slot of a monitor that is ticked by hand has come. */
void
bobbin_monitor_tick (BobbinMonitor *self, gint64 due)
{
  if (self->run != NULL)
    bobbin_sampler_tick (self->sampler, due);
}

/**
 * bobbin_monitor_can_sample:
 * @self: a monitor
 *
 * Returns: whether it takes samples now: it runs, and is not paused
 */
gboolean
bobbin_monitor_can_sample (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), FALSE);

  return self->run != NULL && !self->paused &&
         bobbin_job_get_state (BOBBIN_JOB (self)) == BOBBIN_JOB_RUNNING;
}

/**
 * bobbin_monitor_sample_now:
 * @self: a monitor
 *
 * Takes a sample at once, and not only at the next slot, which stays where it is. It is judged as
 * all are. If one is being taken already, that is it.
 *
 * Returns: whether it takes samples now; see bobbin_monitor_can_sample()
 */
gboolean
bobbin_monitor_sample_now (BobbinMonitor *self)
{
  if (!bobbin_monitor_can_sample (self))
    return FALSE;

  bobbin_sampler_sample_now (self->sampler);

  return TRUE;
}
