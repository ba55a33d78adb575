/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a monitor thinks of its samples and of the gaps between them: no trouble of this computer's
 * own is one of what is monitored, and nothing is told of twice.
 */

#include "config.h"

#include "bobbin-alerts.h"
#include "bobbin-test-clock.h"
#include "watched.h"

#include <math.h>

#define SECOND ((gint64) G_USEC_PER_SEC)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

typedef struct
{
  WatchedFixture base;
  GArray *verdicts; /* (owned) of BobbinVerdict, of the first one */
} VerdictFixture;

static gboolean is_routed;

static gboolean
has_route (GInetAddress *address, BobbinPlace place)
{
  return place == BOBBIN_PLACE_LAN || is_routed;
}

static void
on_judged (BobbinMonitor *monitor, const BobbinVerdict *verdict, gpointer user_data)
{
  VerdictFixture *self = user_data;

  g_assert_true (BOBBIN_IS_MONITOR (monitor));
  g_assert_cmpint (verdict->health == BOBBIN_HEALTH_UNKNOWN, ==,
                   verdict->reason != BOBBIN_UNKNOWN_NONE);
  g_array_append_val (self->verdicts, *verdict);
}

/* `user_data`: the host of what is monitored, if that is a server. */
static void
set_up (VerdictFixture *self, gconstpointer user_data)
{
  BobbinMonitor *monitor;

  watched_set_up (&self->base, NULL);
  is_routed = TRUE;
  bobbin_reachability_set_default (bobbin_reachability_new (NULL, has_route));
  monitor = self->base.first.monitor;
  self->verdicts = g_array_new (FALSE, FALSE, sizeof (BobbinVerdict));
  g_signal_connect (monitor, "judged", G_CALLBACK (on_judged), self);
  if (user_data != NULL)
    {
      bobbin_test_probe_be_network (self->base.first.probe);
      g_free (monitor->host);
      monitor->host = g_strdup (user_data);
    }
}

static void
tear_down (VerdictFixture *self, gconstpointer user_data)
{
  watched_tear_down (&self->base, NULL);
  bobbin_reachability_set_default (NULL);
  g_array_unref (self->verdicts);
}

static const BobbinVerdict *
get_last (VerdictFixture *self)
{
  g_assert_cmpuint (self->verdicts->len, >, 0);

  return &g_array_index (self->verdicts, BobbinVerdict, self->verdicts->len - 1);
}

static guint
count_reason (VerdictFixture *self, BobbinUnknownReason reason)
{
  guint n = 0;

  for (guint i = 0; i < self->verdicts->len; i++)
    n += g_array_index (self->verdicts, BobbinVerdict, i).reason == reason;

  return n;
}

static guint
count_believed (VerdictFixture *self, BobbinHealth believed)
{
  guint n = 0;

  for (guint i = 0; i < self->verdicts->len; i++)
    n += g_array_index (self->verdicts, BobbinVerdict, i).believed == believed;

  return n;
}

/* Each begins where the one before ended. */
static void
assert_no_hole (VerdictFixture *self)
{
  for (guint i = 1; i < self->verdicts->len; i++)
    {
      const BobbinVerdict *verdict = &g_array_index (self->verdicts, BobbinVerdict, i);

      g_assert_cmpint (verdict->time - verdict->duration, ==, verdict[-1].time);
    }
}

static void
assert_last (VerdictFixture *self, BobbinHealth health, BobbinHealth believed, gint64 duration)
{
  g_assert_cmpint (get_last (self)->health, ==, health);
  g_assert_cmpint (get_last (self)->believed, ==, believed);
  g_assert_cmpint (get_last (self)->duration, ==, duration);
  g_assert_cmpint (bobbin_monitor_get_health (self->base.first.monitor), ==, health);
  g_assert_cmpint (bobbin_monitor_get_believed (self->base.first.monitor), ==, believed);
  g_assert_cmpint (bobbin_monitor_get_reason (self->base.first.monitor), ==,
                   get_last (self)->reason);
}

static void
begin_well (VerdictFixture *self)
{
  watched_start (&self->base.first);
  watched_answer (&self->base.first, 1);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, 0);
}

static void
fail (Watched *watched)
{
  watched_tick_and_wait (watched);
  watched_answer (watched, INFINITY);
}

static void
test_samples (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  begin_well (self);
  g_assert_cmpint (get_last (self)->before, ==, BOBBIN_HEALTH_UNKNOWN);
  g_assert_cmpint (get_last (self)->time, ==, 1700000000000123);
  watched_sample (first, 2);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, 5 * SECOND);
  fail (first);
  assert_last (self, BOBBIN_HEALTH_DOWN, BOBBIN_HEALTH_DOWN, 5 * SECOND);
  g_assert_cmpint (get_last (self)->before, ==, BOBBIN_HEALTH_UP);
  g_assert_cmpint (get_last (self)->time, ==, 1700000000000123 + 10 * SECOND);
  g_assert_cmpuint (self->verdicts->len, ==, 3);
  assert_no_hole (self);
}

/* What is put down says how long what was before lasted. */
static void
test_durations (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  begin_well (self);
  g_assert_cmpuint (watched_count_log (first, "Up: 1%"), ==, 1);
  for (guint i = 0; i < 59; i++)
    watched_sample (first, 1);
  fail (first);
  g_assert_cmpuint (watched_count_log (first, "Down after 5 minutes: The test says no."), ==, 1);
  watched_sample (first, 1);
  g_assert_cmpuint (watched_count_log (first, "Up after 5 seconds: 1%"), ==, 1);
  g_object_set (first->monitor, "paused", TRUE, NULL);
  g_assert_cmpuint (watched_count_log (first, "Unknown: Paused"), ==, 1);
  bobbin_test_clock_advance (49 * HOUR);
  g_object_set (first->monitor, "paused", FALSE, NULL);
  watched_sample (first, 1);
  g_assert_cmpuint (watched_count_log (first, "Up after 2 days: 1%"), ==, 1);
}

/* When a sample was due, when it came, and that one has not. */
static void
test_slots (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;
  gboolean overdue;
  gint64 due;
  gint64 came;

  g_object_get (first->monitor, "due", &due, "came", &came, "overdue", &overdue, NULL);
  g_assert_cmpint (due, ==, 0);
  g_assert_cmpint (came, ==, 0);
  g_assert_false (overdue);

  watched_start (first);
  bobbin_test_clock_advance (SECOND);
  watched_answer (first, 1);
  g_object_get (first->monitor, "due", &due, "came", &came, "overdue", &overdue, NULL);
  g_assert_cmpint (due, ==, 1700000000000123);
  g_assert_cmpint (came, ==, due + SECOND);
  g_assert_false (overdue);

  watched_tick_and_wait (first);
  watched_tick (first);
  g_object_get (first->monitor, "overdue", &overdue, NULL);
  g_assert_true (overdue);
  watched_answer (first, 1);
  g_object_get (first->monitor, "overdue", &overdue, NULL);
  g_assert_false (overdue);
}

static void
assert_overdue (Watched *watched, gboolean overdue)
{
  watched_drain ();
  g_assert_cmpint (bobbin_monitor_is_overdue (watched->monitor), ==, overdue);
}

/* Whoever keeps its time does not any more: that is seen all the same, and told of once. */
static void
test_watchdog (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;
  const char *const line = "No check has come when one was due.";

  g_assert_false (bobbin_monitor_watchdog_is_awake ());
  begin_well (self);
  g_assert_true (bobbin_monitor_watchdog_is_awake ());
  bobbin_test_clock_advance (30 * SECOND);
  while (!bobbin_monitor_is_overdue (first->monitor))
    g_main_context_iteration (NULL, TRUE);
  watched_assert_status (first, "Overdue: no check for 30 s");
  bobbin_test_clock_advance (30 * SECOND);
  while (!g_str_has_suffix (bobbin_job_get_status_line (first->job), " 60 s"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (watched_count_log (first, line), ==, 1);

  watched_sample (first, 1);
  assert_overdue (first, FALSE);
  watched_assert_status (first, "1% · every 5 s");
  watched_stop (first);
  watched_wait_stopped (first, 1);
  g_assert_false (bobbin_monitor_watchdog_is_awake ());
}

/* It is not woken up for that while there are samples: it looks when one of them has come, and from
 * then on after half a minute again. */
static void
test_watchdog_heard (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  begin_well (self);
  for (guint i = 1; i <= 5; i++)
    watched_sample (first, i);
  bobbin_test_clock_advance (5 * SECOND);
  g_assert_false (g_main_context_pending (NULL));
  bobbin_test_clock_advance (25 * SECOND);
  while (!bobbin_monitor_is_overdue (first->monitor))
    g_main_context_iteration (NULL, TRUE);
  watched_assert_status (first, "Overdue: no check for 30 s");
}

/* Not overdue: one that has time, that nobody lets run, that sleeps, is paused, or takes long. */
static void
test_watchdog_quiet (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  g_object_set (first->monitor, "interval", 60.0, NULL);
  begin_well (self);
  bobbin_test_clock_advance (30 * SECOND);
  assert_overdue (first, FALSE);
  bobbin_test_clock_advance (30 * SECOND);
  assert_overdue (first, FALSE);
  watched_sample (first, 1);
  bobbin_test_clock_sleep (8 * HOUR);
  assert_overdue (first, FALSE);
  watched_sample (first, 1);
  bobbin_test_clock_advance (HOUR);
  assert_overdue (first, FALSE);
  watched_sample (first, 1);
  bobbin_monitor_pause (first->monitor, 0);
  for (guint i = 0; i < 10; i++)
    {
      bobbin_test_clock_advance (30 * SECOND);
      assert_overdue (first, FALSE);
    }
}

static void
look_after (BobbinMonitor *monitor, gboolean overdue)
{
  bobbin_monitor_look_after (monitor);
  g_assert_cmpint (bobbin_monitor_is_overdue (monitor), ==, overdue);
}

/* The first slot after a start, or of another interval, may come half an interval later. */
static void
test_watchdog_first (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  g_object_set (first->monitor, "interval", 60.0, NULL);
  begin_well (self);
  for (guint i = 0; i < 3; i++)
    {
      bobbin_test_clock_advance (30 * SECOND);
      look_after (first->monitor, FALSE);
    }
  bobbin_test_clock_advance (30 * SECOND);
  look_after (first->monitor, TRUE);

  watched_sample (first, 1);
  bobbin_test_clock_advance (45 * SECOND);
  g_object_set (first->monitor, "interval", 600.0, NULL);
  bobbin_test_clock_advance (15 * MINUTE);
  look_after (first->monitor, FALSE);
  g_object_set (first->monitor, "interval", 5.0, NULL);
  bobbin_test_clock_advance (SECOND);
  look_after (first->monitor, FALSE);
}

/* Half an hour in which no slot was due is none of which nothing is known. */
static void
test_interval_changes (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  g_object_set (first->monitor, "interval", 3600.0, NULL);
  begin_well (self);
  bobbin_test_clock_advance (HOUR / 2);
  g_object_set (first->monitor, "interval", 5.0, NULL);
  watched_sample (first, 1);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, HOUR / 2 + 5 * SECOND);
  bobbin_test_clock_advance (MINUTE);
  watched_sample (first, 1);
  g_assert_cmpuint (count_reason (self, BOBBIN_UNKNOWN_NO_DATA), ==, 1);
  assert_no_hole (self);
}

/* Skipped for a slow sample is not unheard. */
static void
test_slow_is_no_gap (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  begin_well (self);
  watched_tick_and_wait (first);
  for (guint i = 0; i < 10; i++)
    watched_tick (first);
  watched_answer (first, 1);
  watched_sample (first, 1);
  g_assert_cmpuint (count_reason (self, BOBBIN_UNKNOWN_NO_DATA), ==, 0);
  assert_no_hole (self);
}

/* A night's sleep: one gap, whatever the slots. */
static void
test_asleep (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  begin_well (self);
  bobbin_test_clock_sleep (8 * HOUR);
  watched_sample (first, 1);
  watched_sample (first, 1);

  g_assert_cmpuint (count_reason (self, BOBBIN_UNKNOWN_ASLEEP), ==, 1);
  g_assert_cmpint (g_array_index (self->verdicts, BobbinVerdict, 1).duration, ==,
                   8 * HOUR + 5 * SECOND);
  g_assert_null (g_array_index (self->verdicts, BobbinVerdict, 1).sample);
  g_assert_cmpuint (count_believed (self, BOBBIN_HEALTH_UP), ==, self->verdicts->len);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, 5 * SECOND);
  g_assert_cmpuint (watched_count_log (first, "Up: 1%"), ==, 1);
  g_assert_cmpuint (watched_count_log (first, "This computer was asleep."), ==, 1);
  assert_no_hole (self);
}

static void
on_started (BobbinAlerts *alerts, BobbinAlert *alert, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
on_alerts_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_alerts_close_finish (BOBBIN_ALERTS (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

/* A night's sleep, and no network yet when it ends: nobody is told of anything; and of what is
 * really down in the morning somebody is. */
static void
test_asleep_alerts (VerdictFixture *self, gconstpointer user_data)
{
  g_autoptr (BobbinAlerts) alerts = bobbin_alerts_new ();
  Watched *first = &self->base.first;
  guint n_started = 0;
  gboolean closed = FALSE;

  bobbin_alerts_watch (alerts, first->monitor);
  g_signal_connect (alerts, "started", G_CALLBACK (on_started), &n_started);
  begin_well (self);
  watched_tick_and_wait (first);
  is_routed = FALSE;
  bobbin_test_clock_sleep (8 * HOUR);
  watched_answer (first, INFINITY);
  for (guint i = 0; i < 3; i++)
    watched_tick (first);
  is_routed = TRUE;
  watched_tick (first);
  watched_sample (first, 1);
  g_assert_cmpuint (n_started, ==, 0);
  g_assert_cmpuint (count_believed (self, BOBBIN_HEALTH_UP), ==, self->verdicts->len);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, get_last (self)->duration);
  assert_no_hole (self);

  fail (first);
  g_assert_cmpuint (n_started, ==, 1);
  bobbin_alerts_close_async (alerts, on_alerts_closed, &closed);
  while (!closed)
    g_main_context_iteration (NULL, TRUE);
}

/* A lid closed for a moment is none. */
static void
test_short_sleep (VerdictFixture *self, gconstpointer user_data)
{
  begin_well (self);
  bobbin_test_clock_sleep (2 * SECOND);
  watched_sample (&self->base.first, 1);
  g_assert_cmpuint (count_reason (self, BOBBIN_UNKNOWN_ASLEEP), ==, 0);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, 7 * SECOND);
}

/* Nobody let the program run: that is not known to have been well. */
static void
test_not_run (VerdictFixture *self, gconstpointer user_data)
{
  begin_well (self);
  bobbin_test_clock_advance (HOUR);
  watched_sample (&self->base.first, 1);
  g_assert_cmpuint (count_reason (self, BOBBIN_UNKNOWN_NO_DATA), ==, 1);
  g_assert_cmpint (g_array_index (self->verdicts, BobbinVerdict, 1).duration, ==, HOUR);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, 5 * SECOND);
  assert_no_hole (self);
}

/* After it a server is not asked before the network has settled; what was down is so still. */
static void
test_asleep_network (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;
  guint n_begun;

  g_object_set (first->monitor, "interval", 1.0, NULL);
  begin_well (self);
  n_begun = bobbin_test_probe_get_n_begun (first->probe);
  is_routed = FALSE;
  bobbin_test_clock_sleep (8 * HOUR);
  for (guint i = 0; i < 10; i++)
    watched_tick (first);
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, n_begun);
  watched_assert_status (first, "Waiting for the network after sleep");

  is_routed = TRUE;
  watched_tick (first);
  watched_tick (first);
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, n_begun);
  watched_sample (first, 1);
  g_assert_cmpuint (count_reason (self, BOBBIN_UNKNOWN_ASLEEP), ==, 1);
  g_assert_cmpuint (self->verdicts->len, ==, 3);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, 0);
  assert_no_hole (self);
}

/* A request that was on its way when the lid was closed. */
static void
test_asleep_in_flight (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  begin_well (self);
  watched_tick_and_wait (first);
  bobbin_test_clock_sleep (8 * HOUR);
  watched_answer (first, INFINITY);
  assert_last (self, BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_UP, 5 * SECOND);
  g_assert_cmpint (get_last (self)->reason, ==, BOBBIN_UNKNOWN_ASLEEP);

  bobbin_test_clock_advance (MINUTE);
  watched_sample (first, 1);
  g_assert_cmpuint (count_believed (self, BOBBIN_HEALTH_DOWN), ==, 0);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, 0);
  assert_no_hole (self);
}

/* Ten minutes without a network: unknown, no downtime; and it settles before it counts again. */
static void
test_offline (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  begin_well (self);
  is_routed = FALSE;
  for (guint i = 0; i < 120; i++)
    fail (first);
  g_assert_cmpuint (count_reason (self, BOBBIN_UNKNOWN_OFFLINE), ==, 120);
  g_assert_cmpuint (count_believed (self, BOBBIN_HEALTH_DOWN), ==, 0);
  assert_last (self, BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_UP, 5 * SECOND);
  watched_assert_status (first, "This computer is offline");
  g_assert_cmpuint (watched_count_log (first, "Unknown after 5 seconds: This computer is offline"),
                    ==, 1);

  is_routed = TRUE;
  watched_tick (first);
  watched_sample (first, 1);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, 0);
  fail (first);
  assert_last (self, BOBBIN_HEALTH_DOWN, BOBBIN_HEALTH_DOWN, 5 * SECOND);
  assert_no_hole (self);
}

/* What answers is up, whatever the routes (a proxy). */
static void
test_answers_offline (VerdictFixture *self, gconstpointer user_data)
{
  begin_well (self);
  is_routed = FALSE;
  watched_sample (&self->base.first, 1);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, 5 * SECOND);
}

/* The way was lost while it was asked, or came back while it failed. */
static void
test_offline_meanwhile (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  begin_well (self);
  watched_tick_and_wait (first);
  is_routed = FALSE;
  watched_answer (first, INFINITY);
  g_assert_cmpint (get_last (self)->reason, ==, BOBBIN_UNKNOWN_OFFLINE);
  watched_tick_and_wait (first);
  is_routed = TRUE;
  watched_answer (first, INFINITY);
  g_assert_cmpint (get_last (self)->reason, ==, BOBBIN_UNKNOWN_OFFLINE);
  g_assert_cmpuint (count_believed (self, BOBBIN_HEALTH_DOWN), ==, 0);
}

/* The network went and came back while it was asked, and nobody else did meanwhile. */
static void
test_roaming (VerdictFixture *self, gconstpointer user_data)
{
  GNetworkMonitor *network = g_network_monitor_get_default ();
  Watched *first = &self->base.first;

  bobbin_reachability_set_default (bobbin_reachability_new (network, has_route));
  begin_well (self);
  watched_tick_and_wait (first);
  bobbin_test_clock_advance (SECOND);
  g_signal_emit_by_name (network, "network-changed", FALSE);
  g_signal_emit_by_name (network, "network-changed", TRUE);
  watched_answer (first, INFINITY);
  assert_last (self, BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_UP, 5 * SECOND);
  g_assert_cmpint (get_last (self)->reason, ==, BOBBIN_UNKNOWN_OFFLINE);
  fail (first);
  assert_last (self, BOBBIN_HEALTH_DOWN, BOBBIN_HEALTH_DOWN, 6 * SECOND);
}

/* On the way to this computer there is no network. */
static void
test_roaming_at_home (VerdictFixture *self, gconstpointer user_data)
{
  GNetworkMonitor *network = g_network_monitor_get_default ();
  Watched *first = &self->base.first;

  bobbin_reachability_set_default (bobbin_reachability_new (network, has_route));
  begin_well (self);
  watched_tick_and_wait (first);
  g_signal_emit_by_name (network, "network-changed", TRUE);
  watched_answer (first, INFINITY);
  assert_last (self, BOBBIN_HEALTH_DOWN, BOBBIN_HEALTH_DOWN, 5 * SECOND);
}

/* A server of the own network, or of this computer, is judged all the same. */
static void
test_near (VerdictFixture *self, gconstpointer user_data)
{
  begin_well (self);
  is_routed = FALSE;
  watched_sample (&self->base.first, 1);
  fail (&self->base.first);
  assert_last (self, BOBBIN_HEALTH_DOWN, BOBBIN_HEALTH_DOWN, 5 * SECOND);
}

static void
test_no_data (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  begin_well (self);
  fail (first);
  watched_tick_and_wait (first);
  bobbin_test_probe_lack (first->probe);
  watched_wait_sampled (first, 3);
  assert_last (self, BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_DOWN, 5 * SECOND);
  g_assert_cmpint (get_last (self)->reason, ==, BOBBIN_UNKNOWN_NO_DATA);
  watched_assert_status (first, "No data: The test says no.");
}

/* Down, paused, still down: believed to be down throughout. */
static void
test_pause (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;
  const guint n_begun = 2;

  begin_well (self);
  fail (first);
  g_object_set (first->monitor, "paused", TRUE, NULL);
  watched_assert_status (first, "Paused");
  g_assert_cmpint (bobbin_monitor_get_reason (first->monitor), ==, BOBBIN_UNKNOWN_PAUSED);
  for (guint i = 0; i < 10; i++)
    watched_tick (first);
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, n_begun);

  g_object_set (first->monitor, "paused", FALSE, NULL);
  assert_last (self, BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_DOWN, 50 * SECOND);
  g_assert_cmpint (get_last (self)->reason, ==, BOBBIN_UNKNOWN_PAUSED);
  fail (first);
  assert_last (self, BOBBIN_HEALTH_DOWN, BOBBIN_HEALTH_DOWN, 5 * SECOND);
  assert_no_hole (self);
}

/* A sample that was on its way when the pause began is not heard, in it or after it. */
static void
test_pause_in_flight (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  begin_well (self);
  watched_tick_and_wait (first);
  g_object_set (first->monitor, "paused", TRUE, NULL);
  bobbin_test_probe_answer (first->probe, INFINITY);
  watched_wait_idle (&self->base);
  g_assert_cmpint (bobbin_monitor_get_reason (first->monitor), ==, BOBBIN_UNKNOWN_PAUSED);
  watched_assert_status (first, "Paused");
  g_assert_cmpuint (self->verdicts->len, ==, 1);

  g_object_set (first->monitor, "paused", FALSE, NULL);
  watched_tick_and_wait (first);
  g_object_set (first->monitor, "paused", TRUE, NULL);
  bobbin_test_clock_advance (SECOND);
  g_object_set (first->monitor, "paused", FALSE, NULL);
  bobbin_test_probe_answer (first->probe, INFINITY);
  watched_wait_idle (&self->base);
  g_assert_cmpuint (first->n_sampled, ==, 1);
  g_assert_cmpuint (count_believed (self, BOBBIN_HEALTH_UP), ==, self->verdicts->len);
  g_assert_cmpuint (count_reason (self, BOBBIN_UNKNOWN_PAUSED), ==, 2);

  watched_sample (first, 1);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, 5 * SECOND);
  assert_no_hole (self);
}

/* Nor is one that is waited for in vain. */
static void
test_pause_overdue (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;
  gboolean overdue;

  begin_well (self);
  watched_tick_and_wait (first);
  g_object_set (first->monitor, "paused", TRUE, NULL);
  watched_tick (first);
  watched_tick (first);
  g_object_get (first->monitor, "overdue", &overdue, NULL);
  g_assert_false (overdue);
  watched_assert_status (first, "Paused");
  bobbin_test_probe_answer (first->probe, 1);
  watched_wait_idle (&self->base);
  g_assert_cmpuint (first->n_sampled, ==, 1);
}

static gboolean
is_paused (Watched *watched)
{
  return bobbin_monitor_is_paused (watched->monitor);
}

/* It ends by itself, when it was to, whatever is set at the clock meanwhile. */
static void
test_pause_until (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;
  const gint64 now = bobbin_clock_to_realtime (bobbin_clock_get_boottime ());

  begin_well (self);
  bobbin_monitor_pause (first->monitor, now + HOUR);
  g_assert_true (is_paused (first));
  g_assert_cmpint (bobbin_monitor_get_paused_until (first->monitor), ==, now + HOUR);
  watched_assert_status_begins (first, "Paused until ");
  bobbin_test_clock_advance (HOUR - 1);
  watched_drain ();
  g_assert_true (is_paused (first));

  bobbin_test_clock_advance (1);
  while (is_paused (first))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (bobbin_monitor_get_paused_until (first->monitor), ==, 0);
  assert_last (self, BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_UP, HOUR);
  g_assert_cmpint (get_last (self)->reason, ==, BOBBIN_UNKNOWN_PAUSED);
  watched_sample (first, 1);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, 5 * SECOND);
}

/* Resumed before, or paused anew for good. */
static void
test_pause_until_changed (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;
  const gint64 now = bobbin_clock_to_realtime (bobbin_clock_get_boottime ());

  begin_well (self);
  bobbin_monitor_pause (first->monitor, now + HOUR);
  bobbin_monitor_resume (first->monitor);
  g_assert_false (is_paused (first));
  g_assert_cmpint (bobbin_monitor_get_paused_until (first->monitor), ==, 0);

  bobbin_monitor_pause (first->monitor, now + HOUR);
  bobbin_monitor_pause (first->monitor, 0);
  watched_assert_status (first, "Paused");
  bobbin_test_clock_advance (2 * HOUR);
  watched_drain ();
  g_assert_true (is_paused (first));
}

/* The program was not there when it ended. */
static void
test_pause_over (VerdictFixture *self, gconstpointer user_data)
{
  Watched *second = &self->base.second;
  const gint64 now = bobbin_clock_to_realtime (bobbin_clock_get_boottime ());

  g_object_set (second->monitor, "paused", TRUE, "paused-until", now - HOUR, NULL);
  g_assert_true (bobbin_job_start (second->job));
  while (is_paused (second))
    g_main_context_iteration (NULL, TRUE);
  watched_tick_and_wait (second);
  watched_answer (second, 1);
}

/* Stopped in a pause: the pause is told of. */
static void
test_stop_in_pause (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  begin_well (self);
  g_object_set (first->monitor, "paused", TRUE, NULL);
  watched_tick_times (first, 4);
  watched_stop (first);
  watched_wait_stopped (first, 1);
  g_assert_cmpint (get_last (self)->reason, ==, BOBBIN_UNKNOWN_PAUSED);
  g_assert_cmpint (get_last (self)->duration, ==, 20 * SECOND);
}

/* Samples are taken, and not judged; what was down before is not told of again. */
static void
test_maintenance (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  begin_well (self);
  g_object_set (first->monitor, "maintenance", TRUE, NULL);
  watched_assert_status (first, "1% · maintenance, no alerts");
  for (guint i = 0; i < 5; i++)
    fail (first);
  assert_last (self, BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_UP, 5 * SECOND);
  g_assert_cmpuint (count_reason (self, BOBBIN_UNKNOWN_MAINTENANCE), ==, 5);
  g_assert_nonnull (get_last (self)->sample);

  g_object_set (first->monitor, "maintenance", FALSE, NULL);
  fail (first);
  g_object_set (first->monitor, "maintenance", TRUE, NULL);
  watched_sample (first, 1);
  assert_last (self, BOBBIN_HEALTH_UNKNOWN, BOBBIN_HEALTH_DOWN, 5 * SECOND);
  g_object_set (first->monitor, "maintenance", FALSE, NULL);
  fail (first);
  assert_last (self, BOBBIN_HEALTH_DOWN, BOBBIN_HEALTH_DOWN, 5 * SECOND);
  assert_no_hole (self);
}

/* What was believed outlives the run, and the program. */
static void
test_believed (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;
  Watched *second = &self->base.second;

  begin_well (self);
  fail (first);
  watched_stop (first);
  watched_wait_stopped (first, 1);
  bobbin_test_probe_fail (first->probe);
  watched_start (first);
  watched_wait_sampled (first, 3);
  assert_last (self, BOBBIN_HEALTH_DOWN, BOBBIN_HEALTH_DOWN, 0);

  g_object_set (second->monitor, "believed", BOBBIN_HEALTH_DOWN, "recover", 2, NULL);
  g_assert_cmpint (bobbin_monitor_get_believed (second->monitor), ==, BOBBIN_HEALTH_DOWN);
  watched_start (second);
  watched_answer (second, 1);
  g_assert_cmpint (bobbin_monitor_get_health (second->monitor), ==, BOBBIN_HEALTH_RECOVERING);
  watched_sample (second, 1);
  g_assert_cmpint (bobbin_monitor_get_health (second->monitor), ==, BOBBIN_HEALTH_UP);
}

/* What was thought of each of the samples that are remembered. */
static void
test_states (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;
  const BobbinHealth *states;
  gsize n;

  states = bobbin_monitor_get_states (first->monitor, &n);
  g_assert_cmpuint (n, ==, 0);
  begin_well (self);
  fail (first);
  g_object_set (first->monitor, "maintenance", TRUE, NULL);
  fail (first);
  states = bobbin_monitor_get_states (first->monitor, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpint (states[0], ==, BOBBIN_HEALTH_UP);
  g_assert_cmpint (states[1], ==, BOBBIN_HEALTH_DOWN);
  g_assert_cmpint (states[2], ==, BOBBIN_HEALTH_UNKNOWN);

  g_object_set (first->monitor, "maintenance", FALSE, NULL);
  for (guint i = 0; i < BOBBIN_MONITOR_N_SAMPLES - 1; i++)
    watched_sample (first, 1);
  states = bobbin_monitor_get_states (first->monitor, &n);
  g_assert_cmpuint (n, ==, BOBBIN_MONITOR_N_SAMPLES);
  g_assert_cmpint (states[0], ==, BOBBIN_HEALTH_UNKNOWN);
  g_assert_cmpint (states[1], ==, BOBBIN_HEALTH_UP);
  g_assert_cmpint (states[n - 1], ==, BOBBIN_HEALTH_UP);
}

/* What was found besides the value, until the next sample finds something else. */
static void
test_found (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  begin_well (self);
  g_assert_null (bobbin_monitor_get_text (first->monitor));
  bobbin_test_probe_say (first->probe, "It is green.");
  watched_sample (first, 1);
  g_assert_cmpstr (bobbin_monitor_get_text (first->monitor), ==, "It is green.");
  g_assert_true (g_variant_lookup (bobbin_monitor_get_details (first->monitor), "said", "b", NULL));
  g_assert_cmpint (bobbin_monitor_get_due (first->monitor), ==, get_last (self)->time);
  g_assert_cmpint (bobbin_monitor_get_came (first->monitor), ==, get_last (self)->time);
  g_assert_false (bobbin_monitor_is_overdue (first->monitor));

  bobbin_test_probe_say (first->probe, NULL);
  fail (first);
  g_assert_null (bobbin_monitor_get_text (first->monitor));
  g_assert_null (bobbin_monitor_get_details (first->monitor));
}

/* Between two slots, judged as all are, and one at a time. */
static void
test_sample_now (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  g_assert_false (bobbin_monitor_sample_now (first->monitor));
  begin_well (self);
  bobbin_test_clock_advance (SECOND);
  g_assert_true (bobbin_monitor_sample_now (first->monitor));
  bobbin_test_probe_wait (first->probe, 2);
  g_assert_true (bobbin_monitor_sample_now (first->monitor));
  g_assert_false (bobbin_monitor_is_overdue (first->monitor));
  watched_answer (first, INFINITY);
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (first->probe), ==, 2);
  assert_last (self, BOBBIN_HEALTH_DOWN, BOBBIN_HEALTH_DOWN, SECOND);
  assert_no_hole (self);

  bobbin_monitor_pause (first->monitor, 0);
  g_assert_false (bobbin_monitor_sample_now (first->monitor));
}

/* Whatever the address looks like: what is asked over a network is asked less often. */
static void
test_min_interval (void)
{
  static const struct
  {
    const char *target;
    double interval;
  } cases[] = {
    { "cpu", 0.1 },
    { "disk:/", 0.1 },
    { "tcp://127.0.0.1:1", 1 },
    { "ping:127.0.0.1", 1 },
    { "dns:localhost", 1 },
    { "page:http://127.0.0.1:1/", 1 },
    { "cert://127.0.0.1", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BobbinJob) job = bobbin_monitor_new (cases[i].target, NULL);

      g_assert_cmpfloat (bobbin_monitor_get_min_interval (BOBBIN_MONITOR (job)), ==,
                         cases[i].interval);
    }
}

static void
test_settings (VerdictFixture *self, gconstpointer user_data)
{
  Watched *first = &self->base.first;

  g_object_set (first->monitor, "side", BOBBIN_LIMIT_SIDE_BELOW, "warn", 20.0, "warn-clear", 30.0,
                "critical", 10.0, "for-seconds", 10.0, "recover", 2, NULL);
  watched_start (first);
  watched_answer (first, 50);
  watched_sample (first, 15);
  watched_sample (first, 15);
  assert_last (self, BOBBIN_HEALTH_PENDING, BOBBIN_HEALTH_UP, 5 * SECOND);
  watched_sample (first, 15);
  assert_last (self, BOBBIN_HEALTH_WARNING, BOBBIN_HEALTH_WARNING, 5 * SECOND);
  watched_assert_status (first, "15% · below the warning limit of 20%");
  watched_sample (first, 25);
  assert_last (self, BOBBIN_HEALTH_WARNING, BOBBIN_HEALTH_WARNING, 5 * SECOND);
  watched_assert_status (first, "25% · not yet back to 30%");
  watched_sample (first, 35);
  assert_last (self, BOBBIN_HEALTH_RECOVERING, BOBBIN_HEALTH_WARNING, 5 * SECOND);
  watched_sample (first, 35);
  assert_last (self, BOBBIN_HEALTH_UP, BOBBIN_HEALTH_UP, 5 * SECOND);
}

#define INTERVAL   (SECOND / 10)
#define N_RETRIES  3
#define N_VERDICTS 6

static void
note_due (BobbinMonitor *monitor, const BobbinVerdict *verdict, gpointer user_data)
{
  GArray *due = user_data;

  /* A retry is a sample as any other: it comes when it would have come. */
  g_assert_cmpint (verdict->health, ==,
                   due->len < N_RETRIES ? BOBBIN_HEALTH_PENDING : BOBBIN_HEALTH_DOWN);
  g_array_append_val (due, monitor->due);
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_job_stop_finish (BOBBIN_JOB (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

/* By the kernel's clocks, of a port that nobody listens to: what may be down is not asked more
 * often to be sure of it. The slots are what counts: one that was missed is none too early. */
static void
test_retries (VerdictFixture *self, gconstpointer user_data)
{
  g_autoptr (GArray) due = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (BobbinJob) job = bobbin_monitor_new ("tcp://127.0.0.1:1", NULL);
  gboolean stopped = FALSE;

  bobbin_test_clock_end ();
  g_object_set (job, "interval", INTERVAL / (double) SECOND, "for", N_RETRIES + 1, NULL);
  g_signal_connect (job, "judged", G_CALLBACK (note_due), due);
  bobbin_job_queue_add (self->base.queue, job);
  bobbin_job_start (job);
  while (due->len < N_VERDICTS)
    g_main_context_iteration (NULL, TRUE);

  /* The first one comes at once, the others at multiples of the interval. */
  for (guint i = 2; i < N_VERDICTS; i++)
    {
      const gint64 gone = g_array_index (due, gint64, i) - g_array_index (due, gint64, i - 1);

      g_assert_cmpint (gone, >=, INTERVAL);
      g_assert_cmpint (gone % INTERVAL, ==, 0);
    }

  g_signal_handlers_disconnect_by_data (job, due);
  bobbin_job_stop_async (job, on_stopped, &stopped);
  while (!stopped)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char *argv[])
{
  static const char far[] = "www.example.org";
  static const char near[] = "192.168.1.5";
  static const char here[] = "127.0.0.1";

  g_test_init (&argc, &argv, NULL);

#define ADD(path, host, func) \
  g_test_add ("/verdict/" path, VerdictFixture, host, set_up, func, tear_down)
  ADD ("samples", NULL, test_samples);
  ADD ("durations", NULL, test_durations);
  ADD ("slots", NULL, test_slots);
  ADD ("watchdog/overdue", NULL, test_watchdog);
  ADD ("watchdog/heard", NULL, test_watchdog_heard);
  ADD ("watchdog/quiet", NULL, test_watchdog_quiet);
  ADD ("watchdog/first", NULL, test_watchdog_first);
  ADD ("interval-changes", NULL, test_interval_changes);
  ADD ("slow-is-no-gap", NULL, test_slow_is_no_gap);
  ADD ("asleep/local", NULL, test_asleep);
  ADD ("asleep/short", NULL, test_short_sleep);
  ADD ("asleep/network", far, test_asleep_network);
  ADD ("asleep/in-flight", far, test_asleep_in_flight);
  ADD ("asleep/alerts", far, test_asleep_alerts);
  ADD ("not-run", NULL, test_not_run);
  ADD ("offline/ten-minutes", far, test_offline);
  ADD ("offline/answers", far, test_answers_offline);
  ADD ("offline/meanwhile", far, test_offline_meanwhile);
  ADD ("offline/roaming", far, test_roaming);
  ADD ("offline/roaming-here", here, test_roaming_at_home);
  ADD ("offline/near", near, test_near);
  ADD ("offline/here", here, test_near);
  ADD ("no-data", NULL, test_no_data);
  ADD ("pause/down", NULL, test_pause);
  ADD ("pause/in-flight", NULL, test_pause_in_flight);
  ADD ("pause/overdue", NULL, test_pause_overdue);
  ADD ("pause/until", NULL, test_pause_until);
  ADD ("pause/until-changed", NULL, test_pause_until_changed);
  ADD ("pause/over", NULL, test_pause_over);
  ADD ("stop-in-pause", NULL, test_stop_in_pause);
  ADD ("maintenance", NULL, test_maintenance);
  ADD ("believed", NULL, test_believed);
  ADD ("states", NULL, test_states);
  ADD ("found", NULL, test_found);
  ADD ("sample-now", NULL, test_sample_now);
  ADD ("settings", NULL, test_settings);
  ADD ("retries", NULL, test_retries);
#undef ADD
  g_test_add_func ("/verdict/min-interval", test_min_interval);

  return g_test_run ();
}
