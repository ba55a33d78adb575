/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-alerts: when it tells a monitor that there is maintenance, by clocks that the test sets.
 */

#include "config.h"

#include "bobbin-alerts.h"
#include "bobbin-test-clock.h"
#include "bobbin-test-wait.h"

#define HOUR (3600 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  BobbinAlerts *alerts;
  BobbinMonitor *monitor;
  guint n_told;
} Fixture;

static void
on_told (BobbinAlerts *alerts, BobbinAlert *alert, gpointer user_data)
{
  ((Fixture *) user_data)->n_told++;
}

/* It is 22:13 UTC on a Tuesday, November 14, 2023. */
static void
set_up (Fixture *self, gconstpointer user_data)
{
  bobbin_test_clock_begin ();
  self->alerts = bobbin_alerts_new ();
  self->monitor = BOBBIN_MONITOR (bobbin_monitor_new ("cpu", NULL));
  g_signal_connect (self->alerts, "started", G_CALLBACK (on_told), self);
  bobbin_alerts_watch (self->alerts, self->monitor);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data = bobbin_alerts_close_finish (BOBBIN_ALERTS (source), result, NULL);
}

static void
tear_down (Fixture *self, gconstpointer user_data)
{
  gboolean closed = FALSE;

  bobbin_alerts_close_async (self->alerts, on_closed, &closed);
  BOBBIN_TEST_WAIT_UNTIL (closed);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (self->alerts);
  g_assert_finalize_object (self->monitor);
  bobbin_test_clock_end ();
}

static void
set_windows (Fixture *self, const char *windows)
{
  g_autofree char *text = g_strdup_printf ("{'windows': <%s>}", windows);
  g_autoptr (GVariant) alerting = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, NULL);

  g_object_set (self->monitor, "alerting", alerting, NULL);
}

static gboolean
is_maintained (Fixture *self)
{
  gboolean maintenance;

  g_object_get (self->monitor, "maintenance", &maintenance, NULL);

  return maintenance;
}

static void
judge_down (Fixture *self)
{
  const BobbinVerdict verdict = { .time = g_get_real_time (),
                                  .health = BOBBIN_HEALTH_DOWN,
                                  .believed = BOBBIN_HEALTH_DOWN };

  g_signal_emit_by_name (self->monitor, "judged", &verdict);
}

static void
test_set (Fixture *self, gconstpointer user_data)
{
  set_windows (self, "['daily 00:00-24:00']");
  g_assert_true (is_maintained (self));
  judge_down (self);
  set_windows (self, "@as []");
  g_assert_false (is_maintained (self));
  g_assert_cmpuint (self->n_told, ==, 0);
}

/* Nothing is sampled, and nobody asks: it begins and ends by itself. */
static void
test_comes_and_goes (Fixture *self, gconstpointer user_data)
{
  set_windows (self, "['2023-11-14T22:20:00Z/2023-11-15T01:00:00Z']");
  g_assert_false (is_maintained (self));
  bobbin_test_clock_advance (HOUR / 10);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_false (is_maintained (self));
  bobbin_test_clock_advance (HOUR / 10);
  BOBBIN_TEST_WAIT_UNTIL (is_maintained (self));
  bobbin_test_clock_advance (3 * HOUR);
  BOBBIN_TEST_WAIT_UNTIL (!is_maintained (self));
}

/* A window that came, or went, while this computer was asleep did so then. */
static void
test_asleep (Fixture *self, gconstpointer user_data)
{
  set_windows (self, "['2023-11-14T23:00:00Z/2023-11-15T05:00:00Z']");
  g_assert_false (is_maintained (self));
  bobbin_test_clock_sleep (HOUR);
  BOBBIN_TEST_WAIT_UNTIL (is_maintained (self));
  bobbin_test_clock_sleep (8 * HOUR);
  BOBBIN_TEST_WAIT_UNTIL (!is_maintained (self));
}

#define ADD(name, function) \
  g_test_add ("/alert/maintenance/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("set", test_set);
  ADD ("comes-and-goes", test_comes_and_goes);
  ADD ("asleep", test_asleep);

  return g_test_run ();
}
