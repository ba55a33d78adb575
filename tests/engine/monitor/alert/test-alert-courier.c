/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-alert-courier: webhooks of many monitors, sent to servers that answer and to one that
 * never does. 127.0.0.1 and localhost are two servers to it.
 */

#include "config.h"

#include "bobbin-alert-courier.h"
#include "bobbin-test-server.h"
#include "bobbin-test-wait.h"

#define START (G_GINT64_CONSTANT (1800000000) * G_USEC_PER_SEC)

typedef struct
{
  BobbinAlertCourier *courier;
  BobbinTestServer *server; /* (owned): nobody else's, at 127.0.0.1 */
  char *address;            /* (owned): there */
  GPtrArray *monitors;      /* (owned) of BobbinMonitor (owned) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer user_data)
{
  self->courier = bobbin_alert_courier_new ();
  bobbin_alert_courier_set_grace (self->courier, 0);
  self->server = bobbin_test_server_new (GPOINTER_TO_INT (user_data));
  self->address = bobbin_test_server_get_uri (self->server, "/hook");
  self->monitors = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data =
    bobbin_alert_courier_close_finish (BOBBIN_ALERT_COURIER (source), result, NULL);
}

static void
tear_down (Fixture *self, gconstpointer user_data)
{
  gboolean closed = FALSE;

  bobbin_alert_courier_close_async (self->courier, on_closed, &closed);
  BOBBIN_TEST_WAIT_UNTIL (closed);
  g_assert_cmpuint (bobbin_alert_courier_get_n_pending (self->courier), ==, 0);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (self->courier);
  for (guint i = 0; i < self->monitors->len; i++)
    g_assert_cmpuint (G_OBJECT (g_ptr_array_index (self->monitors, i))->ref_count, ==, 1);
  g_ptr_array_unref (self->monitors);
  bobbin_test_server_free (self->server);
  g_free (self->address);
}

static BobbinMonitor *
add_monitor (Fixture *self)
{
  BobbinJob *job = bobbin_monitor_new ("cpu", NULL);

  g_ptr_array_add (self->monitors, job);

  return BOBBIN_MONITOR (job);
}

static void
send_to (Fixture *self, BobbinMonitor *monitor, BobbinAlertEvent event, const char *address)
{
  const BobbinAlertState state = { .level = BOBBIN_HEALTH_DOWN, .since = START };
  g_autoptr (BobbinAlert) alert = bobbin_alert_new (monitor, event, &state, START, "It is.");

  bobbin_alert_courier_send (self->courier, monitor, BOBBIN_ALERT_WEBHOOK,
                             bobbin_alert_action_new_webhook (alert, address,
                                                              600 * (gint64) G_USEC_PER_SEC));
}

/* Many for a server that never answers: it is asked by two, and another is told meanwhile. */
static void
test_dead_server (Fixture *self, gconstpointer user_data)
{
  g_autoptr (BobbinTestServer) other = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *address =
    g_strdup_printf ("http://localhost:%u/hook", bobbin_test_server_get_port (other));

  bobbin_test_server_set (other, "/hook", &(BobbinTestFile){ .close = TRUE });
  for (guint i = 0; i < 20; i++)
    send_to (self, add_monitor (self), BOBBIN_ALERT_STARTED, self->address);
  bobbin_test_server_wait_stalled (self->server, 2);
  send_to (self, add_monitor (self), BOBBIN_ALERT_STARTED, address);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_alert_courier_get_n_pending (self->courier) == 20);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (other, "/hook"), ==, 1);
  g_assert_cmpuint (bobbin_test_server_get_max_open (self->server), ==, 2);
}

/* A reminder that waits for a busy server is needless when there is news, as any is. */
static void
test_reminder (Fixture *self, gconstpointer user_data)
{
  BobbinMonitor *monitor = add_monitor (self);

  send_to (self, add_monitor (self), BOBBIN_ALERT_STARTED, self->address);
  send_to (self, add_monitor (self), BOBBIN_ALERT_STARTED, self->address);
  send_to (self, monitor, BOBBIN_ALERT_REPEATED, self->address);
  g_assert_cmpuint (bobbin_alert_courier_get_n_pending (self->courier), ==, 3);
  send_to (self, monitor, BOBBIN_ALERT_ENDED, self->address);
  g_assert_cmpuint (bobbin_alert_courier_get_n_pending (self->courier), ==, 3);
}

/* What waits for a server that is busy is told when it is not any more. */
static void
test_all_told (Fixture *self, gconstpointer user_data)
{
  bobbin_test_server_set (self->server, "/hook", &(BobbinTestFile){ .close = TRUE });
  for (guint i = 0; i < 6; i++)
    {
      BobbinMonitor *monitor = add_monitor (self);

      send_to (self, monitor, BOBBIN_ALERT_STARTED, self->address);
      send_to (self, monitor, BOBBIN_ALERT_ENDED, self->address);
    }
  BOBBIN_TEST_WAIT_UNTIL (bobbin_alert_courier_get_n_pending (self->courier) == 0);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (self->server, "/hook"), ==, 12);
}

#define ADD(name, kind, function) \
  g_test_add ("/alert/courier/" name, Fixture, GINT_TO_POINTER (kind), set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("dead-server", BOBBIN_TEST_SILENT, test_dead_server);
  ADD ("reminder", BOBBIN_TEST_SILENT, test_reminder);
  ADD ("all-told", BOBBIN_TEST_PLAIN, test_all_told);

  return g_test_run ();
}
