/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A monitor that is tried before it is added: what it finds is told, and when there is nothing to
 * be told, that is.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-monitor-private.h"
#include "bobbin-monitor-test.h"
#include "bobbin-test-probe.h"
#include "bobbin-test-wait.h"

typedef struct
{
  BobbinWorkerPool *pool;
  BobbinTestProbe *probe; /* the monitor's */
  BobbinMonitor *monitor;
  GCancellable *cancellable;
  guint n_told;
  char *found;   /* (owned) (nullable) */
  GError *error; /* (owned) (nullable) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer user_data)
{
  self->pool = bobbin_worker_pool_new ("probe", 1);
  self->probe = bobbin_test_probe_new (GPOINTER_TO_INT (user_data));
  self->monitor = BOBBIN_MONITOR (
    bobbin_monitor_new_for_probe ("test", bobbin_test_probe_get_probe (self->probe), TRUE));
  self->cancellable = g_cancellable_new ();
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data =
    bobbin_worker_pool_close_finish (BOBBIN_WORKER_POOL (source), result, NULL);
}

static void
tear_down (Fixture *self, gconstpointer user_data)
{
  gboolean closed = FALSE;

  bobbin_worker_pool_close_async (self->pool, on_closed, &closed);
  BOBBIN_TEST_WAIT_UNTIL (closed);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (self->pool);
  g_assert_finalize_object (self->monitor);
  g_assert_finalize_object (self->cancellable);
  g_assert_cmpuint (self->n_told, ==, 1);
  g_assert_cmpuint (bobbin_test_probe_get_n_alive (), ==, 0);
  g_clear_error (&self->error);
  g_free (self->found);
}

static void
on_tested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;

  self->n_told++;
  self->found = bobbin_monitor_test_finish (BOBBIN_MONITOR (source), result, &self->error);
}

static void
begin (Fixture *self)
{
  bobbin_monitor_test_async (self->monitor, self->pool, self->cancellable, on_tested, self);
}

static void
test_found (Fixture *self, gconstpointer user_data)
{
  bobbin_test_probe_say (self->probe, "as it should be");
  begin (self);
  bobbin_test_probe_answer (self->probe, 42);
  BOBBIN_TEST_WAIT_UNTIL (self->n_told == 1);
  g_assert_no_error (self->error);
  g_assert_cmpstr (self->found, ==, "42% · as it should be");
}

/* The first of two only says what the second is to be compared with. */
static void
test_two (Fixture *self, gconstpointer user_data)
{
  begin (self);
  bobbin_test_probe_answer (self->probe, NAN);
  bobbin_test_probe_answer (self->probe, 7);
  BOBBIN_TEST_WAIT_UNTIL (self->n_told == 1);
  g_assert_cmpstr (self->found, ==, "7%");
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (self->probe), ==, 2);
}

static void
test_fails (Fixture *self, gconstpointer user_data)
{
  begin (self);
  bobbin_test_probe_fail (self->probe);
  BOBBIN_TEST_WAIT_UNTIL (self->n_told == 1);
  g_assert_error (self->error, BOBBIN_ERROR, BOBBIN_ERROR_REFUSED);
}

static void
test_cancelled (Fixture *self, gconstpointer user_data)
{
  begin (self);
  bobbin_test_probe_wait (self->probe, 1);
  g_cancellable_cancel (self->cancellable);
  BOBBIN_TEST_WAIT_UNTIL (self->n_told == 1);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_no_answer (Fixture *self, gconstpointer user_data)
{
  g_object_set (self->monitor, "timeout", 0.01, NULL);
  begin (self);
  BOBBIN_TEST_WAIT_UNTIL (self->n_told == 1);
  g_assert_error (self->error, BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT);
}

/* What cannot be cancelled, as a file system that hangs, is not waited for; and when it comes back
 * after all, nobody is told again. */
static void
test_hangs (Fixture *self, gconstpointer user_data)
{
  g_object_set (self->monitor, "timeout", 0.01, NULL);
  begin (self);
  bobbin_test_probe_wait (self->probe, 1);
  BOBBIN_TEST_WAIT_UNTIL (self->n_told == 1);
  g_assert_error (self->error, BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT);
  g_assert_cmpstr (self->error->message, ==, "There was no answer within 0.01 s.");
  g_assert_cmpuint (bobbin_test_probe_get_n_ended (self->probe), ==, 0);
  bobbin_test_probe_answer (self->probe, 42);
}

#define ADD(name, stubborn, function)                                                       \
  g_test_add ("/monitor-test/" name, Fixture, GINT_TO_POINTER (stubborn), set_up, function, \
              tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("found", FALSE, test_found);
  ADD ("two", FALSE, test_two);
  ADD ("fails", FALSE, test_fails);
  ADD ("cancelled", FALSE, test_cancelled);
  ADD ("no-answer", FALSE, test_no_answer);
  ADD ("hangs", TRUE, test_hangs);

  return g_test_run ();
}
