/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * From verdicts to what is said of them: that something began, got worse, goes on or ended. What is
 * believed decides, and not a single sample. Where nothing is known (no data, no network, asleep, a
 * pause, a maintenance window) nothing begins, goes on or ends; and what was said before such a gap
 * is not said again after it. Getting worse, by a level or by a step within one, is said once in an
 * alert, even if that comes and goes; who acknowledged the lesser trouble has not acknowledged the
 * greater. What was taken back, as nobody was to be told of it any more, is said once more if it
 * still goes on. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-alert-rules.h"

/**
 * bobbin_alert_event_to_string:
 * @event: an event
 *
 * The name of @event as programs know it: lower case, never translated. Any thread.
 *
 * Returns: (transfer none): a static string
 */
const char *
bobbin_alert_event_to_string (BobbinAlertEvent event)
{
  switch (event)
    {
    case BOBBIN_ALERT_NOTHING:
      return "nothing";
    case BOBBIN_ALERT_STARTED:
      return "started";
    case BOBBIN_ALERT_WORSENED:
      return "worsened";
    case BOBBIN_ALERT_REPEATED:
      return "repeated";
    case BOBBIN_ALERT_ENDED:
      return "ended";
    default:
      g_return_val_if_reached ("nothing");
    }
}

/**
 * bobbin_alert_rules_in_window:
 * @self: rules
 * @time: µs since 1970
 *
 * Returns: whether there is maintenance then
 */
gboolean
bobbin_alert_rules_in_window (const BobbinAlertRules *self, gint64 time)
{
  for (gsize i = 0; i < self->n_windows; i++)
    if (bobbin_alert_window_contains (&self->windows[i], self->zone, time))
      return TRUE;

  return FALSE;
}

/**
 * bobbin_alert_rules_next_window:
 * @self: rules
 * @time: µs since 1970
 *
 * Returns: when bobbin_alert_rules_in_window() may change, after @time; 0 for never
 */
gint64
bobbin_alert_rules_next_window (const BobbinAlertRules *self, gint64 time)
{
  gint64 next = 0;

  for (gsize i = 0; i < self->n_windows; i++)
    {
      const gint64 change = bobbin_alert_window_next (&self->windows[i], self->zone, time);

      if (change > 0 && (next == 0 || change < next))
        next = change;
    }

  return next;
}

static gboolean
is_bad (BobbinHealth believed)
{
  return believed == BOBBIN_HEALTH_WARNING || believed == BOBBIN_HEALTH_CRITICAL ||
         believed == BOBBIN_HEALTH_DOWN;
}

static gboolean
is_below_step (const BobbinAlertRules *rules, const BobbinVerdict *verdict)
{
  return rules->step > 0 && verdict->sample != NULL && verdict->error == NULL &&
         verdict->sample->value < rules->step;
}

static BobbinAlertEvent
start (BobbinAlertState *self, const BobbinAlertRules *rules, const BobbinVerdict *verdict)
{
  *self = (BobbinAlertState){ .is_open = TRUE,
                              .level = verdict->believed,
                              .worst = verdict->believed,
                              .since = self->pending > 0 ? self->pending : verdict->time,
                              .told = verdict->time,
                              .stepped = is_below_step (rules, verdict) };

  return BOBBIN_ALERT_STARTED;
}

/* Of what was taken back at once. */
static gboolean
is_reminder_due (const BobbinAlertState *self, const BobbinAlertRules *rules, gint64 time)
{
  return self->withdrawn || (rules->repeat > 0 && time - self->told >= rules->repeat);
}

/* The health's values are in the order of how bad they are, as far as they can be believed. */
static BobbinAlertEvent
go_on (BobbinAlertState *self, const BobbinAlertRules *rules, const BobbinVerdict *verdict)
{
  const gboolean steps = !self->stepped && is_below_step (rules, verdict);

  self->level = verdict->believed;
  /* The clock was put back. */
  self->told = MIN (self->told, verdict->time);
  self->since = MIN (self->since, verdict->time);

  if (self->level > self->worst || steps)
    {
      self->worst = MAX (self->worst, self->level);
      self->stepped |= steps;
      self->told = verdict->time;
      self->acknowledged = FALSE;
      self->withdrawn = FALSE;
      return BOBBIN_ALERT_WORSENED;
    }
  if (self->acknowledged || verdict->health == BOBBIN_HEALTH_RECOVERING ||
      !is_reminder_due (self, rules, verdict->time))
    return BOBBIN_ALERT_NOTHING;

  self->told = verdict->time;
  self->withdrawn = FALSE;

  return BOBBIN_ALERT_REPEATED;
}

/* When it began, if it turns out to be something: samples before a gap are no part of that. */
static void
note_pending (BobbinAlertState *self, const BobbinVerdict *verdict)
{
  if (verdict->health != BOBBIN_HEALTH_PENDING)
    self->pending = 0;
  else if (self->pending == 0)
    self->pending = verdict->time;
}

/**
 * bobbin_alert_state_feed:
 * @self: what has been said so far; when an alert has ended it is told of until the next verdict
 * @rules: when to say something
 * @verdict: what a monitor has come to think
 *
 * Takes in one more verdict. Any thread, one at a time.
 *
 * Returns: what is to be said now
 */
BobbinAlertEvent
bobbin_alert_state_feed (BobbinAlertState *self,
                         const BobbinAlertRules *rules,
                         const BobbinVerdict *verdict)
{
  if (verdict->health == BOBBIN_HEALTH_UNKNOWN || verdict->reason != BOBBIN_UNKNOWN_NONE ||
      bobbin_alert_rules_in_window (rules, verdict->time))
    {
      if (verdict->reason != BOBBIN_UNKNOWN_NO_DATA)
        self->pending = 0;
      return BOBBIN_ALERT_NOTHING;
    }

  if (is_bad (verdict->believed))
    return self->is_open ? go_on (self, rules, verdict) : start (self, rules, verdict);
  note_pending (self, verdict);
  if (!self->is_open || verdict->believed != BOBBIN_HEALTH_UP)
    return BOBBIN_ALERT_NOTHING;

  self->is_open = FALSE;

  return BOBBIN_ALERT_ENDED;
}

/**
 * bobbin_alert_state_acknowledge:
 * @self: what has been said so far
 *
 * Somebody knows: there are no reminders until it gets worse.
 *
 * Returns: whether there was something that was not acknowledged
 */
gboolean
bobbin_alert_state_acknowledge (BobbinAlertState *self)
{
  const gboolean is_news = self->is_open && !self->acknowledged;

  self->acknowledged = self->is_open;

  return is_news;
}
