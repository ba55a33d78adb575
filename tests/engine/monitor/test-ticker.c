/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-ticker and bobbin-clock: slots stay on the grid, are told of once, and never made up for.
 * Most tests set the clock; the others ask the kernel's what must have come by now.
 */

#include "config.h"

#include "bobbin-clock-private.h"
#include "bobbin-error.h"
#include "bobbin-test-clock.h"
#include "bobbin-ticker-private.h"

#include <fcntl.h>
#include <math.h>
#include <sys/resource.h>
#include <unistd.h>

#define SECOND ((gint64) G_USEC_PER_SEC)
#define HOUR   (G_GINT64_CONSTANT (3600) * SECOND)

typedef struct
{
  BobbinTicker *ticker; /* (owned) (nullable) */
  guint n_calls;
  gint64 due;
  guint64 missed;
  gint64 worst; /* µs that a tick was off */
  guint until;  /* calls */
} Ticks;

static void
on_tick (gint64 due, guint64 missed, gpointer user_data)
{
  Ticks *ticks = user_data;

  g_assert_cmpint (due, >, ticks->due);
  ticks->n_calls++;
  ticks->due = due;
  ticks->missed = missed;
  ticks->worst = MAX (ticks->worst, bobbin_clock_get_boottime () - due);
  if (ticks->n_calls == ticks->until)
    g_clear_pointer (&ticks->ticker, bobbin_ticker_free);
}

static void
begin (Ticks *self, gint64 first, gint64 interval)
{
  g_autoptr (GError) error = NULL;

  self->ticker = bobbin_ticker_new (first, interval, on_tick, self, &error);
  g_assert_no_error (error);
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
advance (gint64 usec)
{
  bobbin_test_clock_advance (usec);
  drain ();
}

static void
set_up (Ticks *self, gconstpointer user_data)
{
  bobbin_test_clock_begin ();
}

static void
tear_down (Ticks *self, gconstpointer user_data)
{
  drain ();
  bobbin_test_clock_end ();
}

static void
test_one_by_one (Ticks *self, gconstpointer user_data)
{
  const gint64 t0 = bobbin_clock_get_boottime ();

  begin (self, t0 + SECOND, SECOND);
  drain ();
  g_assert_cmpuint (self->n_calls, ==, 0);
  advance (SECOND - 1);
  g_assert_cmpuint (self->n_calls, ==, 0);
  advance (1);
  for (guint i = 1; i <= 5; i++)
    {
      g_assert_cmpuint (self->n_calls, ==, i);
      g_assert_cmpint (self->due, ==, t0 + i * SECOND);
      g_assert_cmpuint (self->missed, ==, 0);
      advance (SECOND);
    }
  bobbin_ticker_free (self->ticker);
}

/* A loop that is late for hours: one tick, with a number, and the grid stays. */
static void
test_no_burst (Ticks *self, gconstpointer user_data)
{
  const gint64 t0 = bobbin_clock_get_boottime ();

  begin (self, t0, SECOND);
  drain ();
  g_assert_cmpuint (self->n_calls, ==, 1);
  advance (10 * HOUR + SECOND / 3);
  g_assert_cmpuint (self->n_calls, ==, 2);
  g_assert_cmpint (self->due, ==, t0 + 10 * HOUR);
  g_assert_cmpuint (self->missed, ==, 36000 - 1);
  advance (SECOND);
  g_assert_cmpuint (self->n_calls, ==, 3);
  g_assert_cmpint (self->due, ==, t0 + 10 * HOUR + SECOND);
  g_assert_cmpuint (self->missed, ==, 0);
  bobbin_ticker_free (self->ticker);
}

/* 24 h at 1 s, with a loop that is late by up to 0.9 ms each time. */
static void
test_day (Ticks *self, gconstpointer user_data)
{
  const gint64 t0 = bobbin_clock_get_boottime ();
  gint64 late = 0;

  begin (self, t0 + SECOND, SECOND);
  for (guint i = 1; i <= 24 * 3600; i++)
    {
      const gint64 next = i * 7919 % 900;

      advance (SECOND + next - late);
      late = next;
      g_assert_cmpuint (self->n_calls, ==, i);
      g_assert_cmpint (self->due, ==, t0 + i * SECOND);
      g_assert_cmpuint (self->missed, ==, 0);
    }
  g_assert_cmpint (self->worst, <, 1000);
  bobbin_ticker_free (self->ticker);
}

/* A night's sleep: CLOCK_MONOTONIC stands still, the slots pass. */
static void
test_sleep (Ticks *self, gconstpointer user_data)
{
  const gint64 t0 = bobbin_clock_get_boottime ();
  const gint64 asleep = bobbin_clock_get_asleep ();

  begin (self, t0 + SECOND, SECOND);
  advance (SECOND);
  bobbin_test_clock_sleep (8 * HOUR);
  drain ();
  g_assert_cmpint (bobbin_clock_get_asleep () - asleep, ==, 8 * HOUR);
  g_assert_cmpuint (self->n_calls, ==, 2);
  g_assert_cmpint (self->due, ==, t0 + SECOND + 8 * HOUR);
  g_assert_cmpuint (self->missed, ==, 8 * 3600 - 1);
  bobbin_ticker_free (self->ticker);
}

static void
test_several (Ticks *self, gconstpointer user_data)
{
  const gint64 t0 = bobbin_clock_get_boottime ();
  Ticks others[3] = { 0 };

  begin (self, t0 + SECOND, SECOND);
  begin (&others[0], t0 + 5 * SECOND, 5 * SECOND);
  begin (&others[1], t0 + SECOND / 2, SECOND);
  begin (&others[2], t0 + SECOND, SECOND / 10);
  for (guint i = 0; i < 1000; i++)
    advance (SECOND / 10);
  g_assert_cmpuint (self->n_calls, ==, 100);
  g_assert_cmpuint (others[0].n_calls, ==, 20);
  g_assert_cmpuint (others[1].n_calls, ==, 100);
  g_assert_cmpuint (others[2].n_calls, ==, 991);

  bobbin_ticker_free (others[0].ticker);
  bobbin_ticker_free (self->ticker);
  advance (SECOND);
  g_assert_cmpuint (self->n_calls, ==, 100);
  g_assert_cmpuint (others[1].n_calls, ==, 101);
  bobbin_ticker_free (others[1].ticker);
  bobbin_ticker_free (others[2].ticker);
}

/* What is put off wakes nobody up before that, and goes on from there. */
static void
test_put_off (Ticks *self, gconstpointer user_data)
{
  const gint64 t0 = bobbin_clock_get_boottime ();
  Ticks later = { .due = 0 };

  begin (self, t0 + SECOND, SECOND);
  begin (&later, t0 + 5 * SECOND, SECOND);
  bobbin_ticker_put_off (self->ticker, t0 + 10 * SECOND);
  bobbin_test_clock_advance (SECOND);
  g_assert_false (g_main_context_pending (NULL));
  advance (5 * SECOND);
  g_assert_cmpuint (self->n_calls, ==, 0);
  g_assert_cmpuint (later.n_calls, ==, 1);
  advance (4 * SECOND);
  g_assert_cmpuint (self->n_calls, ==, 1);
  g_assert_cmpuint (self->missed, ==, 0);
  advance (SECOND);
  g_assert_cmpint (self->due, ==, t0 + 11 * SECOND);
  bobbin_ticker_free (self->ticker);
  bobbin_ticker_free (later.ticker);
}

/* The callback may end it, the last one too. */
static void
test_free_in_callback (Ticks *self, gconstpointer user_data)
{
  Ticks other = { .until = 2 };

  self->until = 1;
  begin (self, bobbin_clock_get_boottime (), SECOND);
  begin (&other, bobbin_clock_get_boottime (), SECOND);
  drain ();
  advance (SECOND);
  advance (SECOND);
  g_assert_null (self->ticker);
  g_assert_null (other.ticker);
  g_assert_cmpuint (self->n_calls, ==, 1);
  g_assert_cmpuint (other.n_calls, ==, 2);
}

/* With the kernel's clock: never too early, and whatever has come is told of. */
static void
test_clock (void)
{
  const gint64 interval = 1000;
  const gint64 t0 = bobbin_clock_get_boottime ();
  Ticks ticks = { 0 };

  begin (&ticks, t0 + interval, interval);
  while (ticks.n_calls < 100)
    {
      const gint64 before = bobbin_clock_get_boottime ();
      const guint n_calls = ticks.n_calls;

      g_main_context_iteration (NULL, TRUE);
      if (ticks.n_calls == n_calls)
        continue;
      g_assert_cmpint (ticks.due, <=, bobbin_clock_get_boottime ());
      g_assert_cmpint (ticks.due, >, before - interval);
      g_assert_cmpint ((ticks.due - t0) % interval, ==, 0);
    }
  bobbin_ticker_free (ticks.ticker);
}

/* The system has no descriptor left: it is said so, and no other one is closed. */
static void
test_no_fd (void)
{
  const int null = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  const int lowest = dup (null);
  g_autoptr (GError) error = NULL;
  struct rlimit before;
  struct rlimit full;

  close (lowest);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  full = (struct rlimit){ .rlim_cur = lowest, .rlim_max = before.rlim_max };
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &full), ==, 0);
  g_assert_null (bobbin_ticker_new (0, SECOND, on_tick, NULL, &error));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);

  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FAILED);
  g_assert_cmpint (fcntl (null, F_GETFD), >=, 0);
  close (null);
}

static void
test_slots (void)
{
  g_assert_cmpint (bobbin_slot_after (0, 10, 0), ==, 10);
  g_assert_cmpint (bobbin_slot_after (9, 10, 0), ==, 10);
  g_assert_cmpint (bobbin_slot_after (10, 10, 0), ==, 20);
  g_assert_cmpint (bobbin_slot_after (2, 10, 3), ==, 3);
  g_assert_cmpint (bobbin_slot_after (3, 10, 3), ==, 13);
  g_assert_cmpint (bobbin_slot_after (14, 10, 3), ==, 23);
  g_assert_cmpint (bobbin_slot_newest (20, 10, 20), ==, 20);
  g_assert_cmpint (bobbin_slot_newest (20, 10, 29), ==, 20);
  g_assert_cmpint (bobbin_slot_newest (20, 10, 55), ==, 50);
}

/* A thousand servers in the eight parts of a second: none is empty, none holds twice its share;
 * those of one part come at once. Those of a minute are a second apart at most. */
static void
test_phase (void)
{
  guint n[8] = { 0 };

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *identity = g_strdup_printf ("https://host-%u.example/", i);
      const gint64 phase = bobbin_slot_phase (identity, SECOND);

      g_assert_cmpint (phase, >=, 0);
      g_assert_cmpint (phase, <, SECOND);
      g_assert_cmpint (phase, ==, bobbin_slot_phase (identity, SECOND));
      g_assert_cmpint (phase % (SECOND / 8), ==, 0);
      g_assert_cmpint (bobbin_slot_phase (identity, 60 * SECOND) % SECOND, ==, 0);
      n[phase / (SECOND / 8)]++;
    }
  for (guint i = 0; i < G_N_ELEMENTS (n); i++)
    {
      g_assert_cmpuint (n[i], >, 62);
      g_assert_cmpuint (n[i], <, 250);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/ticker/" path, Ticks, NULL, set_up, func, tear_down)
  ADD ("one-by-one", test_one_by_one);
  ADD ("no-burst", test_no_burst);
  ADD ("day", test_day);
  ADD ("sleep", test_sleep);
  ADD ("several", test_several);
  ADD ("put-off", test_put_off);
  ADD ("free-in-callback", test_free_in_callback);
#undef ADD
  g_test_add_func ("/ticker/clock", test_clock);
  g_test_add_func ("/ticker/no-fd", test_no_fd);
  g_test_add_func ("/ticker/slots", test_slots);
  g_test_add_func ("/ticker/phase", test_phase);

  return g_test_run ();
}
