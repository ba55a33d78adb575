/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A job for the tests of engine/job, and how they wait: for events, never for a time. What hangs is
 * ended by an alarm.
 */

#include "config.h"

#include "bobbin-test-job.h"

#include "bobbin-error.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* What the worker gets. */
typedef struct
{
  TestJobKind kind;
  guint n_posts;
  gint64 rate;      /* as posted */
  gint64 time_left; /* as posted */
  gint64 delay;
  int released; /* eventfd */
} Spec;

struct _TestJob
{
  BobbinJob parent_instance;

  TestJobKind kind;
  guint n_posts;
  gint64 rate;      /* as posted */
  gint64 time_left; /* as posted */
  gint64 delay;     /* µs until a worker of kind DONE is done, or for which LATER puts off */
  guint awaits;     /* what LATER awaits */
  guint n_runs;
  guint n_taken_up; /* runs of them that went on with another one */
  int released;     /* eventfd */
};

G_DEFINE_FINAL_TYPE (TestJob, test_job, BOBBIN_TYPE_JOB)

#define N_GATES 4

/* What the waits of those that put off are called. */
#define PHASE 7

static GSource *gates[N_GATES]; /* (owned) (nullable): the last one of each */

static gint n_working;   /* (atomic) */
static gint max_working; /* (atomic) */

static void
spec_free (gpointer data)
{
  Spec *spec = data;

  close (spec->released);
  g_free (spec);
}

static void
note_begin (void)
{
  const gint now = g_atomic_int_add (&n_working, 1) + 1;
  gint max;

  do
    max = g_atomic_int_get (&max_working);
  while (now > max && !g_atomic_int_compare_and_exchange (&max_working, max, now));
  /* whoever waits for the count looks again */
  g_main_context_wakeup (NULL);
}

/* Whether it was released; FALSE if it was cancelled. */
static gboolean
wait_for_release (const Spec *spec, GCancellable *cancellable)
{
  GPollFD cancelled = { .fd = -1 };
  struct pollfd fds[2] = { { .fd = spec->released, .events = POLLIN }, { .fd = -1 } };
  const gboolean has_fd =
    cancellable != NULL && g_cancellable_make_pollfd (cancellable, &cancelled);

  if (has_fd)
    fds[1] = (struct pollfd){ .fd = cancelled.fd, .events = POLLIN };
  while (poll (fds, 2, -1) < 0)
    ;
  if (has_fd)
    g_cancellable_release_fd (cancellable);

  return (fds[0].revents & POLLIN) != 0;
}

static gboolean
is_released (const Spec *spec)
{
  struct pollfd fd = { .fd = spec->released, .events = POLLIN };

  return poll (&fd, 1, 0) == 1;
}

static gboolean
set_cancelled (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped");

  return FALSE;
}

static void
flood (const Spec *spec, BobbinMailboxSlot *slot)
{
  BobbinReport report = BOBBIN_REPORT_INIT;

  report.total = spec->n_posts;
  report.rate = spec->rate;
  report.time_left = spec->time_left;
  for (guint i = 1; i <= spec->n_posts; i++)
    {
      report.bytes = i;
      bobbin_mailbox_slot_post (slot, &report);
    }
}

static gboolean
do_work (const Spec *spec, BobbinMailboxSlot *slot, GCancellable *cancellable, GError **error)
{
  if (spec->kind == TEST_JOB_WAIT)
    flood (spec, slot);

  switch (spec->kind)
    {
    case TEST_JOB_WAIT:
      return wait_for_release (spec, cancellable) || set_cancelled (error);
    case TEST_JOB_POLL:
      while (!g_cancellable_is_cancelled (cancellable))
        g_thread_yield ();
      return set_cancelled (error);
    case TEST_JOB_STUBBORN:
      return wait_for_release (spec, NULL);
    case TEST_JOB_FAIL:
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_REFUSED, "No.");
      return FALSE;
    case TEST_JOB_FLOOD:
      flood (spec, slot);
      return TRUE;
    case TEST_JOB_LATER:
      if (is_released (spec))
        return TRUE;
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_REFUSED, "Not now.");
      return FALSE;
    case TEST_JOB_DONE:
    default:
      for (const gint64 end = g_get_monotonic_time () + spec->delay; g_get_monotonic_time () < end;)
        if (g_cancellable_is_cancelled (cancellable))
          return set_cancelled (error);
      return TRUE;
    }
}

static gboolean
work (gpointer data, BobbinMailboxSlot *slot, GCancellable *cancellable, GError **error)
{
  gboolean done;

  g_assert_false (g_main_context_is_owner (g_main_context_default ()) &&
                  g_main_context_get_thread_default () == g_main_context_default ());
  note_begin ();
  done = do_work (data, slot, cancellable, error);
  g_atomic_int_add (&n_working, -1);

  return done;
}

static void
test_job_launch (BobbinJob *job, GTask *task, BobbinWorkerPool *pool, BobbinMailboxSlot *slot)
{
  TestJob *self = TEST_JOB (job);
  Spec *spec = g_new0 (Spec, 1);

  spec->kind = self->kind;
  spec->n_posts = self->n_posts;
  spec->rate = self->rate;
  spec->time_left = self->time_left;
  spec->delay = self->delay;
  spec->released = dup (self->released);
  self->n_runs++;
  self->n_taken_up += bobbin_job_is_put_off (job);
  g_task_set_task_data (task, spec, spec_free);
  g_assert_true (bobbin_worker_pool_push (pool, task, work, slot));
}

static void
test_job_returned (BobbinJob *job, GTask *task, const GError *error)
{
  TestJob *self = TEST_JOB (job);

  if (error != NULL && self->kind == TEST_JOB_LATER)
    bobbin_job_put_off (job, PHASE, g_get_monotonic_time () + self->delay, self->awaits);
}

static gboolean
gate_prepare (GSource *source, int *timeout)
{
  *timeout = -1;

  return FALSE;
}

static gboolean
gate_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  callback (user_data);

  return G_SOURCE_REMOVE;
}

static GSource *
test_job_await (guint awaits, GMainContext *context)
{
  static GSourceFuncs funcs = { .prepare = gate_prepare, .dispatch = gate_dispatch };
  GSource *source = g_source_new (&funcs, sizeof (GSource));

  g_assert_cmpuint (awaits, <, N_GATES);
  g_assert_true (gates[awaits] == NULL || g_source_is_destroyed (gates[awaits]));
  g_clear_pointer (&gates[awaits], g_source_unref);
  gates[awaits] = g_source_ref (source);

  return source;
}

void
test_job_open_gate (guint awaits)
{
  g_source_set_ready_time (gates[awaits], 0);
}

static void
test_job_finalize (GObject *object)
{
  close (TEST_JOB (object)->released);

  G_OBJECT_CLASS (test_job_parent_class)->finalize (object);
}

static void
test_job_class_init (TestJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_job_finalize;
  BOBBIN_JOB_CLASS (klass)->launch = test_job_launch;
  BOBBIN_JOB_CLASS (klass)->returned = test_job_returned;
  BOBBIN_JOB_CLASS (klass)->await = test_job_await;
}

static void
test_job_init (TestJob *self)
{
  self->released = eventfd (0, EFD_CLOEXEC);
  g_assert_cmpint (self->released, >=, 0);
  self->rate = self->time_left = -1;
}

BobbinJob *
test_job_new (TestJobKind kind)
{
  TestJob *self = g_object_new (TEST_TYPE_JOB, "title", "test", NULL);

  self->kind = kind;

  return BOBBIN_JOB (self);
}

void
test_job_set_posts (BobbinJob *job, guint n_posts)
{
  TEST_JOB (job)->n_posts = n_posts;
}

void
test_job_set_figures (BobbinJob *job, gint64 rate, gint64 time_left)
{
  TEST_JOB (job)->rate = rate;
  TEST_JOB (job)->time_left = time_left;
}

void
test_job_set_delay (BobbinJob *job, gint64 delay)
{
  TEST_JOB (job)->delay = delay;
}

void
test_job_set_awaits (BobbinJob *job, guint awaits)
{
  TEST_JOB (job)->awaits = awaits;
}

guint
test_job_get_n_runs (BobbinJob *job)
{
  return TEST_JOB (job)->n_runs;
}

guint
test_job_get_n_taken_up (BobbinJob *job)
{
  return TEST_JOB (job)->n_taken_up;
}

/* Lets the worker of this run and of all later ones go. */
void
test_job_release (BobbinJob *job)
{
  g_assert_cmpint (eventfd_write (TEST_JOB (job)->released, 1), ==, 0);
}

guint
test_job_n_working (void)
{
  return g_atomic_int_get (&n_working);
}

guint
test_job_max_working (void)
{
  return g_atomic_int_get (&max_working);
}

void
test_job_reset_max (void)
{
  g_atomic_int_set (&max_working, 0);
}

/* A callback that counts how often it was called, in a guint. */
void
test_count (GObject *object, GAsyncResult *result, gpointer user_data)
{
  guint *count = user_data;

  g_assert_false (g_task_had_error (G_TASK (result)));
  ++*count;
}

void
test_stop (BobbinJob *job)
{
  guint n_stopped = 0;

  bobbin_job_stop_async (job, test_count, &n_stopped);
  test_wait (n_stopped == 1);
}

/* Ends a queue and asserts that nothing is left of it. */
void
test_end (BobbinJobQueue **queue)
{
  g_autoptr (BobbinWorkerPool) pool =
    g_object_ref (bobbin_job_queue_get_pool (*queue, BOBBIN_LANE_TRANSFER));
  guint n_ended = 0;

  bobbin_job_queue_shutdown_async (*queue, test_count, &n_ended);
  test_wait (n_ended == 1);

  g_assert_cmpuint (bobbin_job_queue_get_n_active (*queue), ==, 0);
  g_assert_cmpuint (bobbin_worker_pool_get_n_threads (pool), ==, 0);
  g_assert_cmpuint (test_job_n_working (), ==, 0);
  g_object_add_weak_pointer (G_OBJECT (*queue), (gpointer *) queue);
  g_object_unref (*queue);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (*queue);
}

void
test_guard (void)
{
  alarm (900);
}
