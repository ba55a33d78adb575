/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-ticker: slots are counted, never made up for, and stay on the grid. Most tests let an
 * eventfd tick, which reads as a timerfd does; the others ask the clock what must have come by now.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-ticker-private.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define NSEC_PER_SEC G_GINT64_CONSTANT (1000000000)

typedef struct
{
  guint n_calls;
  guint64 slot;
  guint64 missed;
  guint until; /* calls */
} Ticks;

static gboolean
on_tick (guint64 slot, guint64 missed, gpointer user_data)
{
  Ticks *ticks = user_data;

  g_assert_cmpuint (slot, ==, ticks->slot + 1 + missed);
  ticks->n_calls++;
  ticks->slot = slot;
  ticks->missed = missed;

  return ticks->n_calls == ticks->until ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static GSource *
attach (GSource *ticker, Ticks *ticks)
{
  g_source_set_callback (ticker, (GSourceFunc) (void (*) (void)) on_tick, ticks, NULL);
  g_source_attach (ticker, NULL);

  return ticker;
}

static void
tick (int fd, guint64 n)
{
  g_assert_cmpint (write (fd, &n, sizeof n), ==, sizeof n);
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
finish (GSource *ticker)
{
  g_source_destroy (ticker);
  g_source_unref (ticker);
  drain ();
}

/* ns */
static gint64
boot_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);

  return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

static void
test_one_by_one (void)
{
  int fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  Ticks ticks = { 0 };
  GSource *ticker = attach (bobbin_ticker_source_new_for_fd (fd, NULL), &ticks);

  drain ();
  g_assert_cmpuint (ticks.n_calls, ==, 0);
  for (guint i = 1; i <= 5; i++)
    {
      tick (fd, 1);
      drain ();
      g_assert_cmpuint (ticks.n_calls, ==, i);
      g_assert_cmpuint (ticks.slot, ==, i);
      g_assert_cmpuint (ticks.missed, ==, 0);
    }

  finish (ticker);
}

/* As after a suspend: many slots have passed, one tick comes. */
static void
test_no_burst (void)
{
  int fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  Ticks ticks = { 0 };
  GSource *ticker = attach (bobbin_ticker_source_new_for_fd (fd, NULL), &ticks);

  tick (fd, 1);
  drain ();
  tick (fd, 10000000);
  drain ();
  g_assert_cmpuint (ticks.n_calls, ==, 2);
  g_assert_cmpuint (ticks.slot, ==, 10000001);
  g_assert_cmpuint (ticks.missed, ==, 9999999);
  tick (fd, 1);
  drain ();
  g_assert_cmpuint (ticks.n_calls, ==, 3);
  g_assert_cmpuint (ticks.missed, ==, 0);

  finish (ticker);
}

/* The callback may end it. */
static void
test_remove (void)
{
  int fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  Ticks ticks = { .until = 1 };
  GSource *ticker = attach (bobbin_ticker_source_new_for_fd (fd, NULL), &ticks);

  tick (fd, 1);
  drain ();
  g_assert_true (g_source_is_destroyed (ticker));
  g_assert_cmpuint (ticks.n_calls, ==, 1);

  finish (ticker);
}

/* However late the loop is: the slot told of is the one that the clock is in, and never too early.
 */
static void
test_no_drift (void)
{
  const gint64 interval = 1000;
  const gint64 earliest = boot_time ();
  g_autoptr (GError) error = NULL;
  Ticks ticks = { 0 };
  GSource *ticker = attach (bobbin_ticker_source_new (interval, &error), &ticks);
  const gint64 latest = boot_time ();

  g_assert_no_error (error);
  while (ticks.n_calls < 100)
    {
      gint64 before = boot_time ();
      guint n_calls = ticks.n_calls;

      g_main_context_iteration (NULL, TRUE);
      if (ticks.n_calls == n_calls)
        continue;
      /* Nothing is told of before its time, with t0 as early as it can have been. */
      g_assert_cmpint (ticks.slot, <=, (boot_time () - earliest) / (interval * 1000));
      /* And nothing that had come before the loop looked is left over, with t0 as late. */
      g_assert_cmpint (ticks.slot, >=, (before - latest) / (interval * 1000));
    }

  finish (ticker);
}

/* Waits, without the ticker, for a moment in which slot N has passed. */
static void
wait_until (gint64 time)
{
  const struct itimerspec spec = { .it_value = { .tv_sec = time / NSEC_PER_SEC,
                                                 .tv_nsec = time % NSEC_PER_SEC } };
  int fd = timerfd_create (CLOCK_BOOTTIME, TFD_CLOEXEC);
  guint64 n_expired;

  timerfd_settime (fd, TFD_TIMER_ABSTIME, &spec, NULL);
  g_assert_cmpint (read (fd, &n_expired, sizeof n_expired), ==, sizeof n_expired);
  close (fd);
}

static void
test_late_loop (void)
{
  const gint64 interval = 1000;
  Ticks ticks = { 0 };
  GSource *ticker = attach (bobbin_ticker_source_new (interval, NULL), &ticks);

  wait_until (boot_time () + 20 * interval * 1000);
  while (ticks.n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (ticks.n_calls, ==, 1);
  g_assert_cmpuint (ticks.slot, >=, 20);
  g_assert_cmpuint (ticks.missed, ==, ticks.slot - 1);

  finish (ticker);
}

/* A source that is never attached, or long away, gives its descriptor back, and that alone. */
static void
test_closes (void)
{
  int fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  int next = dup (fd);
  struct pollfd poll_fds[] = { { .fd = fd, .events = POLLOUT }, { .fd = next } };

  close (next);
  g_source_unref (bobbin_ticker_source_new_for_fd (fd, NULL));
  g_assert_cmpint (poll (poll_fds, G_N_ELEMENTS (poll_fds), 0), ==, 2);
  g_assert_cmpint (poll_fds[0].revents, ==, POLLOUT);
  g_assert_cmpint (poll_fds[1].revents, ==, POLLNVAL);
  close (fd);
}

static void
test_no_fd (void)
{
  int input = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (dup2 (input, STDIN_FILENO), ==, STDIN_FILENO);
  g_assert_null (bobbin_ticker_source_new_for_fd (-1, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FAILED);
  g_assert_cmpint (fcntl (STDIN_FILENO, F_GETFD), >=, 0);
  close (input);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ticker/one-by-one", test_one_by_one);
  g_test_add_func ("/ticker/no-burst", test_no_burst);
  g_test_add_func ("/ticker/remove", test_remove);
  g_test_add_func ("/ticker/no-drift", test_no_drift);
  g_test_add_func ("/ticker/late-loop", test_late_loop);
  g_test_add_func ("/ticker/closes", test_closes);
  g_test_add_func ("/ticker/no-fd", test_no_fd);

  return g_test_run ();
}
