/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bobbin-test-job.h"

#include "bobbin-error.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

typedef struct
{
  int gate; /* eventfd: the work waits for it */
  gint n_begun;
  gint n_ended;
  GThread *thread; /* (atomic) the last one that began */
} Work;

static gboolean
wait_at_gate (gpointer spec, BobbinMailboxSlot *slot, GCancellable *cancellable, GError **error)
{
  Work *work = spec;
  struct pollfd fd = { .fd = work->gate, .events = POLLIN };

  g_atomic_pointer_set (&work->thread, g_thread_self ());
  g_atomic_int_inc (&work->n_begun);
  g_main_context_wakeup (NULL);
  while (poll (&fd, 1, -1) < 0)
    ;
  g_atomic_int_inc (&work->n_ended);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static void
work_open (Work *work)
{
  *work = (Work){ .gate = eventfd (0, EFD_CLOEXEC) };
}

static void
work_let_go (Work *work)
{
  g_assert_cmpint (eventfd_write (work->gate, 1), ==, 0);
}

static void
push (BobbinWorkerPool *pool, Work *work, GCancellable *cancellable, guint *n_returned)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, test_count, n_returned);

  g_task_set_task_data (task, work, NULL);
  g_assert_true (bobbin_worker_pool_push (pool, task, wait_at_gate, NULL));
}

static void
close_pool (BobbinWorkerPool **pool)
{
  guint n_closed = 0;

  bobbin_worker_pool_close_async (*pool, test_count, &n_closed);
  test_wait (n_closed == 1);
  g_assert_cmpuint (bobbin_worker_pool_get_n_threads (*pool), ==, 0);
  g_object_add_weak_pointer (G_OBJECT (*pool), (gpointer *) pool);
  g_object_unref (*pool);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (*pool);
}

static void
test_bound (void)
{
  BobbinWorkerPool *pool = bobbin_worker_pool_new ("test", 3);
  guint n_returned = 0;
  Work work;

  work_open (&work);
  for (guint i = 0; i < 20; i++)
    push (pool, &work, NULL, &n_returned);

  test_wait (g_atomic_int_get (&work.n_begun) == 3);
  g_assert_cmpuint (bobbin_worker_pool_get_n_threads (pool), ==, 3);
  g_assert_cmpuint (bobbin_worker_pool_get_n_pending (pool), ==, 20);

  work_let_go (&work);
  test_wait (n_returned == 20);
  g_assert_cmpuint (bobbin_worker_pool_get_n_threads (pool), <=, 3);
  g_assert_cmpint (work.n_ended, ==, 20);
  close_pool (&pool);
  close (work.gate);
}

/* One piece of work starts one thread, and the next one uses it again. */
static void
test_reuse (void)
{
  BobbinWorkerPool *pool = bobbin_worker_pool_new ("test", 8);
  guint n_returned = 0;
  GThread *first;
  Work work;

  work_open (&work);
  work_let_go (&work);
  push (pool, &work, NULL, &n_returned);
  test_wait (n_returned == 1);
  first = work.thread;
  g_assert_cmpuint (bobbin_worker_pool_get_n_threads (pool), ==, 1);
  push (pool, &work, NULL, &n_returned);
  test_wait (n_returned == 2);
  g_assert_true (work.thread == first);
  g_assert_cmpuint (bobbin_worker_pool_get_n_threads (pool), ==, 1);
  close_pool (&pool);
  close (work.gate);
}

static void
test_raise_bound (void)
{
  BobbinWorkerPool *pool = bobbin_worker_pool_new ("test", 1);
  guint n_returned = 0;
  Work work;

  work_open (&work);
  for (guint i = 0; i < 4; i++)
    push (pool, &work, NULL, &n_returned);
  test_wait (g_atomic_int_get (&work.n_begun) == 1);
  bobbin_worker_pool_set_max_threads (pool, 4);
  test_wait (g_atomic_int_get (&work.n_begun) == 4);

  /* and down again: the threads above the bound leave */
  bobbin_worker_pool_set_max_threads (pool, 2);
  work_let_go (&work);
  test_wait (n_returned == 4 && bobbin_worker_pool_get_n_threads (pool) <= 2);
  close_pool (&pool);
  close (work.gate);
}

static void
test_close_waits (void)
{
  BobbinWorkerPool *pool = bobbin_worker_pool_new ("test", 2);
  guint n_returned = 0, n_closed = 0;
  g_autoptr (GTask) late = NULL;
  Work work;

  work_open (&work);
  for (guint i = 0; i < 5; i++)
    push (pool, &work, NULL, &n_returned);
  test_wait (g_atomic_int_get (&work.n_begun) == 2);

  bobbin_worker_pool_close_async (pool, test_count, &n_closed);
  bobbin_worker_pool_close_async (pool, test_count, &n_closed);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_closed, ==, 0);

  /* what is new is refused, and not touched */
  late = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (late, &work, NULL);
  g_assert_false (bobbin_worker_pool_push (pool, late, wait_at_gate, NULL));
  g_task_return_boolean (late, FALSE);

  /* what was pushed before is executed */
  work_let_go (&work);
  test_wait (n_closed == 2);
  g_assert_cmpuint (n_returned, ==, 5);
  g_assert_cmpint (work.n_ended, ==, 5);
  close_pool (&pool);
  close (work.gate);
}

/* A thread that is stuck does not count, and holds nobody up. */
static void
test_overflow (void)
{
  BobbinWorkerPool *pool = bobbin_worker_pool_new ("test", 1);
  guint n_returned = 0, n_free = 0;
  Work stuck, quick;

  bobbin_worker_pool_set_overflow (pool, 10 * G_TIME_SPAN_MILLISECOND, 16);
  work_open (&stuck);
  work_open (&quick);
  work_let_go (&quick);
  for (guint i = 0; i < 5; i++)
    push (pool, &stuck, NULL, &n_returned);
  push (pool, &quick, NULL, &n_free);
  test_wait (n_free == 1);
  g_assert_cmpuint (n_returned, ==, 0);

  work_let_go (&stuck);
  test_wait (n_returned == 5);
  close_pool (&pool);
  close (stuck.gate);
  close (quick.gate);
}

/* The callback runs when the thread is out of the work function, never before. */
static void
on_returned_after_work (GObject *object, GAsyncResult *result, gpointer user_data)
{
  const Work *work = g_task_get_task_data (G_TASK (result));
  guint *n_returned = user_data;

  g_assert_cmpint (work->n_ended, ==, work->n_begun);
  g_assert_true (g_thread_self () != work->thread);
  ++*n_returned;
}

static void
test_returns_in_main (void)
{
  BobbinWorkerPool *pool = bobbin_worker_pool_new ("test", 1);
  guint n_returned = 0;
  Work work;

  work_open (&work);
  work_let_go (&work);
  for (guint i = 0; i < 200; i++)
    {
      GTask *task = g_task_new (NULL, NULL, on_returned_after_work, &n_returned);
      gpointer weak = task;

      g_object_add_weak_pointer (G_OBJECT (task), &weak);
      g_task_set_task_data (task, &work, NULL);
      g_assert_true (bobbin_worker_pool_push (pool, task, wait_at_gate, NULL));
      g_object_unref (task);
      test_wait (n_returned == i + 1);
      /* nobody holds it any more: it was finalized here and not in a worker */
      g_assert_null (weak);
    }
  close_pool (&pool);
  close (work.gate);
}

static gint n_left; /* (atomic) */

static void
note_leave (void)
{
  g_atomic_int_inc (&n_left);
}

static gboolean
keep_something (gpointer spec, BobbinMailboxSlot *slot, GCancellable *cancellable, GError **error)
{
  bobbin_worker_pool_at_leave (note_leave);

  return TRUE;
}

static void
test_leave (void)
{
  BobbinWorkerPool *pool = bobbin_worker_pool_new ("test", 1);
  guint n_returned = 0;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, test_count, &n_returned);

  g_atomic_int_set (&n_left, 0);
  g_assert_true (bobbin_worker_pool_push (pool, task, keep_something, NULL));
  test_wait (n_returned == 1);
  g_assert_cmpint (g_atomic_int_get (&n_left), ==, 0);
  close_pool (&pool);
  g_assert_cmpint (g_atomic_int_get (&n_left), ==, 1);

  /* not a pool's thread: nothing to leave */
  bobbin_worker_pool_at_leave (note_leave);
  g_assert_cmpint (g_atomic_int_get (&n_left), ==, 1);
}

static void
on_info (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (object), result, NULL);

  g_assert_nonnull (info);
  *(gboolean *) user_data = TRUE;
}

/* The reason for a pool of our own: with as many long runs as one likes GIO still answers. In
 * GTask's pool this test hangs. */
static void
test_gio_not_starved (void)
{
  BobbinWorkerPool *pool = bobbin_worker_pool_new ("test", 100);
  g_autoptr (GFile) file = g_file_new_for_path ("/");
  gboolean answered = FALSE;
  guint n_returned = 0;
  Work work;

  work_open (&work);
  for (guint i = 0; i < 100; i++)
    push (pool, &work, NULL, &n_returned);
  test_wait (g_atomic_int_get (&work.n_begun) == 100);

  g_file_query_info_async (file, "standard::type", G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, NULL,
                           on_info, &answered);
  test_wait (answered);
  g_assert_cmpuint (n_returned, ==, 0);

  work_let_go (&work);
  test_wait (n_returned == 100);
  close_pool (&pool);
  close (work.gate);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  g_test_add_func ("/worker-pool/bound-kept", test_bound);
  g_test_add_func ("/worker-pool/thread-reused", test_reuse);
  g_test_add_func ("/worker-pool/bound-changed", test_raise_bound);
  g_test_add_func ("/worker-pool/close-waits-and-refuses", test_close_waits);
  g_test_add_func ("/worker-pool/stuck-threads-do-not-count", test_overflow);
  g_test_add_func ("/worker-pool/returns-in-main-after-work", test_returns_in_main);
  g_test_add_func ("/worker-pool/at-leave", test_leave);
  g_test_add_func ("/worker-pool/gio-answers-while-pool-is-full", test_gio_not_starved);

  return g_test_run ();
}
