/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One sample of a monitor that does not run, to see what it would find before it is added. It is
 * taken by a worker, as any other, and leaves no trace in the monitor. Whoever asked hears in time,
 * even if the kernel does not let go of the worker. Main thread only, but for the sample.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-test.h"

#include "bobbin-error.h"
#include "bobbin-monitor-private.h"

#include <glib/gi18n-lib.h>

/* ms from one reading to the next, where it takes two to tell. */
#define BETWEEN 300

/* What the worker gets. */
typedef struct
{
  BobbinProbe *probe; /* (owned) */
  BobbinSample found;
  GTask *outer; /* (owned) (nullable) main thread only: who asked, until he was answered */
  guint timer;  /* main thread only */
} Test;

static void
test_free (gpointer data)
{
  Test *test = data;

  g_clear_handle_id (&test->timer, g_source_remove);
  bobbin_probe_unref (test->probe);
  bobbin_sample_clear (&test->found);
  g_free (test);
}

/* In the worker. */
static void
wait_between (GCancellable *cancellable)
{
  GPollFD fd;

  if (!g_cancellable_make_pollfd (cancellable, &fd))
    return;

  g_poll (&fd, 1, BETWEEN);
  g_cancellable_release_fd (cancellable);
}

/* In the worker. */
static gboolean
take_sample (gpointer spec, BobbinMailboxSlot *slot, GCancellable *cancellable, GError **error)
{
  Test *test = spec;

  if (!bobbin_probe_sample (test->probe, cancellable, &test->found, error))
    return FALSE;
  if (!isnan (test->found.value))
    return TRUE;

  wait_between (cancellable);

  return bobbin_probe_sample (test->probe, cancellable, &test->found, error);
}

static void
on_cancelled (GCancellable *outer, GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

/* Whoever asked is answered once. */
static GTask *
take_outer (GTask *task)
{
  Test *test = g_task_get_task_data (task);
  GTask *outer = g_steal_pointer (&test->outer);

  g_clear_handle_id (&test->timer, g_source_remove);
  if (outer != NULL)
    g_signal_handlers_disconnect_by_func (g_task_get_cancellable (outer), on_cancelled,
                                          g_task_get_cancellable (task));

  return outer;
}

static void
on_timeout (gpointer user_data)
{
  GTask *task = user_data;
  Test *test = g_task_get_task_data (task);
  g_autoptr (GTask) outer = NULL;
  BobbinMonitor *self;

  test->timer = 0;
  outer = take_outer (task);
  self = g_task_get_source_object (outer);
  g_cancellable_cancel (g_task_get_cancellable (task));
  g_task_return_new_error (outer, BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT,
                           /* Translators: %.3g is a number of seconds */
                           _ ("There was no answer within %.3g s."), self->timeout);
}

static void
on_sampled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const Test *test = g_task_get_task_data (G_TASK (result));
  g_autoptr (GTask) outer = take_outer (G_TASK (result));
  g_autofree char *value = NULL;
  g_autoptr (GError) error = NULL;

  if (outer == NULL)
    return;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (outer, g_steal_pointer (&error));
      return;
    }

  value = bobbin_monitor_words_value (test->probe->klass, test->found.value);
  if (test->found.text != NULL)
    /* Translators: a value with its unit, such as 42 ms, then what was found, such as HTTP 200 */
    g_task_return_pointer (outer, g_strdup_printf (_ ("%s · %s"), value, test->found.text), g_free);
  else
    g_task_return_pointer (outer, g_steal_pointer (&value), g_free);
}

/**
 * bobbin_monitor_test_async:
 * @self: a monitor that does not run
 * @pool: whose threads take samples
 * @cancellable: ends the sample wherever it waits
 * @callback: called when the worker has returned, or @self's timeout is over
 * @user_data: for @callback
 *
 * Takes one sample, or two where one does not tell. A worker that does not return stays in @pool.
 */
void
bobbin_monitor_test_async (BobbinMonitor *self,
                           BobbinWorkerPool *pool,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GCancellable) inner = g_cancellable_new ();
  g_autoptr (GTask) task = NULL;
  GTask *outer;
  Test *test;

  g_return_if_fail (BOBBIN_IS_MONITOR (self));
  g_return_if_fail (self->run == NULL);
  g_return_if_fail (G_IS_CANCELLABLE (cancellable));

  outer = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (outer, bobbin_monitor_test_async);
  g_task_set_name (outer, "[bobbin] test of a monitor");
  g_task_set_check_cancellable (outer, FALSE);

  test = g_new0 (Test, 1);
  test->probe = bobbin_probe_ref (self->probe);
  test->found = (BobbinSample) BOBBIN_SAMPLE_INIT;
  test->outer = outer;
  bobbin_probe_begin (test->probe);

  task = g_task_new (NULL, inner, on_sampled, NULL);
  g_task_set_source_tag (task, bobbin_monitor_test_async);
  g_task_set_name (task, "[bobbin] sample of a test");
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, test, test_free);
  g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), inner);
  test->timer = g_timeout_add_once (self->timeout * 1000, on_timeout, task);
  g_source_set_name_by_id (test->timer, "[bobbin] patience with a test");

  if (!bobbin_worker_pool_push (pool, task, take_sample, NULL))
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED, "%s",
                             _ ("Bobbin is quitting and begins nothing new."));
}

/**
 * bobbin_monitor_test_finish:
 * @self: a monitor
 * @result: what the callback got
 * @error: why there was no answer: a %BOBBIN_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what was found, for a person
 */
char *
bobbin_monitor_test_finish (BobbinMonitor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
