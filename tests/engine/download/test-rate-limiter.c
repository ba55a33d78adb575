/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-rate-limiter, bobbin-rate-pass: that a rate is kept, shared equally and changed at once,
 * by a clock that the test turns. Readers are played: each asks when it was told to, or later, and
 * reads at once what it may.
 */

#include "config.h"

#include "bobbin-rate-pass.h"

#define KB       G_GINT64_CONSTANT (1000)
#define MB       G_GINT64_CONSTANT (1000000)
#define DURATION (10 * G_TIME_SPAN_SECOND)
#define WANTED   (1024 * 1024)

/* Every clock starts at an hour: not at zero, which a new limiter might have taken for granted. */
static gsize clock_time = (gsize) G_TIME_SPAN_HOUR;

static gint64
get_time (void)
{
  return g_atomic_pointer_get (&clock_time);
}

static void
go_on (gint64 usec)
{
  g_atomic_pointer_add (&clock_time, usec);
}

/* One connection that reads all it may. */
typedef struct
{
  BobbinRatePass *pass; /* (owned) */
  gint64 next;          /* when it asks */
  gint64 n_read;
  guint n_reads;
  gint64 last;   /* when it read */
  gint64 pause;  /* the longest between two reads */
  guint late;    /* it asks up to so many µs later than it might */
  gsize n_short; /* the source never has more; 0: always enough */
} Reader;

static void
reader_init (Reader *self, BobbinRateShare *share)
{
  *self =
    (Reader){ .pass = bobbin_rate_pass_new (share), .next = get_time (), .last = get_time () };
}

static void
reader_read (Reader *self, gsize n_bytes)
{
  const gint64 now = get_time ();

  g_assert_cmpuint (n_bytes, >, 0);
  g_assert_cmpuint (n_bytes, <=, WANTED);
  if (self->n_short > 0)
    n_bytes = MIN (n_bytes, self->n_short);
  bobbin_rate_pass_leave (self->pass, n_bytes);
  self->n_read += n_bytes;
  self->n_reads++;
  self->pause = MAX (self->pause, now - self->last);
  self->last = now;
}

static void
reader_turn (Reader *self)
{
  gsize n_bytes;
  gint64 wait = bobbin_rate_pass_ask (self->pass, WANTED, &n_bytes);

  g_assert_cmpint (wait, >=, 0);
  g_assert_cmpint (wait, <=, BOBBIN_RATE_LIMITER_MAX_WAIT);
  if (wait == 0)
    reader_read (self, n_bytes);
  else
    g_assert_cmpuint (n_bytes, ==, 0);
  if (wait > 0 && self->late > 0)
    wait += g_test_rand_int_range (0, self->late);
  self->next = get_time () + wait;
}

/* Lets all of them read for so long. */
static void
run (Reader *readers, guint n_readers, gint64 usec)
{
  const gint64 end = get_time () + usec;

  for (;;)
    {
      Reader *first = &readers[0];

      for (guint i = 1; i < n_readers; i++)
        if (readers[i].next < first->next)
          first = &readers[i];
      if (first->next >= end)
        break;
      go_on (MAX (first->next - get_time (), 0));
      reader_turn (first);
    }
  go_on (end - get_time ());
}

static gint64
sum_up (const Reader *readers, guint n_readers)
{
  gint64 sum = 0;

  for (guint i = 0; i < n_readers; i++)
    sum += readers[i].n_read;

  return sum;
}

static void
assert_within (gint64 value, gint64 wanted, guint percent)
{
  g_assert_cmpint (value * 100, >=, wanted * (100 - percent));
  g_assert_cmpint (value * 100, <=, wanted * (100 + percent));
}

/* The jobs of a test, each with as many connections. */
typedef struct
{
  BobbinRateLimiter *all;   /* (owned) */
  BobbinRateShare **shares; /* (owned) */
  Reader *readers;          /* (owned) job by job */
  guint n_jobs;
  guint n_readers;
  guint n_each;
} Crowd;

static void
crowd_init (Crowd *self, gint64 rate, guint n_jobs, guint n_each)
{
  self->all = bobbin_rate_limiter_new_with_clock (rate, get_time);
  self->shares = g_new0 (BobbinRateShare *, n_jobs);
  self->readers = g_new0 (Reader, n_jobs * n_each);
  self->n_jobs = n_jobs;
  self->n_each = n_each;
  self->n_readers = n_jobs * n_each;
  for (guint i = 0; i < n_jobs; i++)
    self->shares[i] = bobbin_rate_share_new (self->all, NULL, NULL);
  for (guint i = 0; i < self->n_readers; i++)
    reader_init (&self->readers[i], self->shares[i / n_each]);
}

static void
crowd_clear (Crowd *self)
{
  for (guint i = 0; i < self->n_readers; i++)
    bobbin_rate_pass_free (self->readers[i].pass);
  for (guint i = 0; i < self->n_jobs; i++)
    bobbin_rate_share_free (self->shares[i]);
  bobbin_rate_limiter_unref (self->all);
  g_free (self->readers);
  g_free (self->shares);
}

static void
crowd_run (Crowd *self, gint64 usec)
{
  run (self->readers, self->n_readers, usec);
}

static gint64
crowd_sum (const Crowd *self)
{
  return sum_up (self->readers, self->n_readers);
}

static void
assert_rate_kept (gint64 rate, guint n_jobs, guint n_each, guint late)
{
  Crowd crowd;

  crowd_init (&crowd, rate, n_jobs, n_each);
  for (guint i = 0; i < crowd.n_readers; i++)
    crowd.readers[i].late = late;
  crowd_run (&crowd, DURATION);
  g_test_message ("%u x %u at %" G_GINT64_FORMAT " B/s, late by %u us: %+.2f %%", n_jobs, n_each,
                  rate, late, (double) crowd_sum (&crowd) / (rate * 10) * 100 - 100);
  assert_within (crowd_sum (&crowd), rate * 10, 5);
  for (guint i = 0; i < n_jobs; i++)
    assert_within (sum_up (&crowd.readers[i * n_each], n_each), rate * 10 / n_jobs, 5);
  crowd_clear (&crowd);
}

/* A main loop wakes up on the millisecond, a busy machine some later. */
static void
test_rate (void)
{
  const gint64 rates[] = { KB, 10 * KB, 300 * KB, MB, 20 * MB, 1000 * MB };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      assert_rate_kept (rates[i], 1, 1, 0);
      assert_rate_kept (rates[i], 1, 1, 5000);
      assert_rate_kept (rates[i], 1, 8, 5000);
    }
}

static void
test_rate_of_many (void)
{
  const gint64 rates[] = { 200 * KB, MB, 20 * MB, 200 * MB };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      assert_rate_kept (rates[i], 100, 1, 0);
      assert_rate_kept (rates[i], 100, 1, 5000);
      assert_rate_kept (rates[i], 100, 4, 5000);
    }
}

/* Sixteen connections bring a job no more than one brings another. */
static void
test_jobs_not_connections (void)
{
  g_autoptr (BobbinRateLimiter) all = bobbin_rate_limiter_new_with_clock (MB, get_time);
  g_autoptr (BobbinRateShare) one = bobbin_rate_share_new (all, NULL, NULL);
  g_autoptr (BobbinRateShare) many = bobbin_rate_share_new (all, NULL, NULL);
  Reader readers[17];

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    reader_init (&readers[i], i == 0 ? one : many);
  run (readers, G_N_ELEMENTS (readers), DURATION);
  assert_within (readers[0].n_read, 5 * MB, 5);
  assert_within (sum_up (readers + 1, 16), 5 * MB, 5);
  for (guint i = 1; i < G_N_ELEMENTS (readers); i++)
    assert_within (readers[i].n_read, 5 * MB / 16, 10);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    bobbin_rate_pass_free (readers[i].pass);
}

/* Nobody is kept waiting for long: small turns while many are in line. The first to come had a big
 * one, and waits until the others have had as much. */
static void
test_even (void)
{
  Crowd crowd;

  crowd_init (&crowd, MB, 100, 1);
  crowd_run (&crowd, DURATION);
  for (guint i = 0; i < crowd.n_readers; i++)
    {
      g_assert_cmpint (crowd.readers[i].pause, <=, 2100 * G_TIME_SPAN_MILLISECOND);
      crowd.readers[i].pause = 0;
    }
  crowd_run (&crowd, DURATION);
  for (guint i = 0; i < crowd.n_readers; i++)
    g_assert_cmpint (crowd.readers[i].pause, <=, 500 * G_TIME_SPAN_MILLISECOND);
  crowd_clear (&crowd);
}

/* Big reads where the rate is high: a gigabyte a second costs no more than a thousand of them. */
static void
test_efficient (void)
{
  Crowd crowd;

  crowd_init (&crowd, 1000 * MB, 1, 1);
  crowd_run (&crowd, G_TIME_SPAN_SECOND);
  g_assert_cmpuint (crowd.readers[0].n_reads, <=, 1100);
  crowd_clear (&crowd);
}

/* One that has had nothing to do, or a slow disk, is given a tenth of a second for it. */
static void
test_idle (void)
{
  Crowd crowd;
  gint64 n_before;

  crowd_init (&crowd, MB, 1, 1);
  crowd_run (&crowd, G_TIME_SPAN_SECOND);
  bobbin_rate_pass_leave (crowd.readers[0].pass, 0);
  n_before = crowd_sum (&crowd);
  go_on (G_TIME_SPAN_HOUR);
  crowd.readers[0].next = get_time ();
  crowd_run (&crowd, 1);
  g_assert_cmpint (crowd_sum (&crowd) - n_before, >=, 100 * KB);
  g_assert_cmpint (crowd_sum (&crowd) - n_before, <=, 121 * KB);
  crowd_clear (&crowd);
}

/* Four of five have a disk that takes a second for each read: those who come on time are not kept
 * waiting by them. */
static void
test_slow_disks (void)
{
  Crowd crowd;

  crowd_init (&crowd, MB, 5, 1);
  for (guint i = 1; i < 5; i++)
    crowd.readers[i].late = G_TIME_SPAN_SECOND;
  crowd_run (&crowd, DURATION);
  g_assert_cmpint (crowd.readers[0].pause, <=, 250 * G_TIME_SPAN_MILLISECOND);
  assert_within (crowd_sum (&crowd), 10 * MB, 5);
  crowd_clear (&crowd);
}

/* What was not read is read by somebody, and is not held against the job. */
static void
test_short_reads (void)
{
  Crowd crowd;

  crowd_init (&crowd, MB, 2, 1);
  crowd.readers[0].n_short = 3000;
  crowd_run (&crowd, DURATION);
  assert_within (crowd_sum (&crowd), 10 * MB, 5);
  assert_within (crowd.readers[0].n_read, 5 * MB, 5);
  crowd_clear (&crowd);
}

/* Both limits hold; what a job may not take is for the others. */
static void
test_own_limit (void)
{
  g_autoptr (BobbinRateLimiter) all = bobbin_rate_limiter_new_with_clock (MB, get_time);
  g_autoptr (BobbinRateLimiter) own = bobbin_rate_limiter_new_with_clock (100 * KB, get_time);
  g_autoptr (BobbinRateShare) slow = bobbin_rate_share_new (all, NULL, own);
  g_autoptr (BobbinRateShare) fast = bobbin_rate_share_new (all, NULL, NULL);
  Reader readers[8];

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    reader_init (&readers[i], i < 4 ? slow : fast);
  run (readers, G_N_ELEMENTS (readers), DURATION);
  assert_within (sum_up (readers, 4), MB, 5);
  assert_within (sum_up (readers + 4, 4), 9 * MB, 5);
  bobbin_rate_limiter_set_rate (all, 0);
  for (guint i = 0; i < 4; i++)
    readers[i].n_read = 0;
  run (readers, 4, DURATION);
  assert_within (sum_up (readers, 4), MB, 5);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    bobbin_rate_pass_free (readers[i].pass);
}

/* A job whose own limit is its fair share, or near it, gets that. */
static void
test_own_limit_at_share (void)
{
  g_autoptr (BobbinRateLimiter) all = bobbin_rate_limiter_new_with_clock (MB, get_time);
  g_autoptr (BobbinRateLimiter) own = bobbin_rate_limiter_new_with_clock (500 * KB, get_time);
  g_autoptr (BobbinRateShare) slow = bobbin_rate_share_new (all, NULL, own);
  g_autoptr (BobbinRateShare) fast = bobbin_rate_share_new (all, NULL, NULL);
  Reader readers[2];

  reader_init (&readers[0], slow);
  reader_init (&readers[1], fast);
  run (readers, 2, DURATION);
  assert_within (readers[0].n_read, 5 * MB, 5);
  assert_within (readers[1].n_read, 5 * MB, 5);
  bobbin_rate_pass_free (readers[0].pass);
  bobbin_rate_pass_free (readers[1].pass);
}

/* From one rate to the next, in a second, from the middle of a turn on. */
static void
test_change (void)
{
  const gint64 rates[] = { MB, 10 * KB, 200 * MB, 20 * KB, 30 * MB, MB };
  Crowd crowd;

  crowd_init (&crowd, 500 * MB, 2, 2);
  crowd_run (&crowd, DURATION);
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      gint64 n_before;

      bobbin_rate_limiter_set_rate (crowd.all, rates[i]);
      g_assert_cmpint (bobbin_rate_limiter_get_rate (crowd.all), ==, rates[i]);
      crowd_run (&crowd, BOBBIN_RATE_LIMITER_MAX_WAIT);
      n_before = crowd_sum (&crowd);
      crowd_run (&crowd, DURATION);
      assert_within (crowd_sum (&crowd) - n_before, rates[i] * 10, 5);
    }
  crowd_clear (&crowd);
}

/* All at once are free to go, and it costs nothing later. */
static void
test_no_limit (void)
{
  Crowd crowd;
  gint64 n_before;
  gsize n_bytes;

  crowd_init (&crowd, KB, 3, 1);
  crowd_run (&crowd, DURATION);
  bobbin_rate_limiter_set_rate (crowd.all, 0);
  for (guint i = 0; i < 3000; i++)
    {
      g_assert_cmpint (bobbin_rate_pass_ask (crowd.readers[i % 3].pass, WANTED, &n_bytes), ==, 0);
      reader_read (&crowd.readers[i % 3], n_bytes);
    }
  bobbin_rate_limiter_set_rate (crowd.all, MB);
  n_before = crowd_sum (&crowd);
  for (guint i = 0; i < 3; i++)
    crowd.readers[i].next = get_time ();
  crowd_run (&crowd, DURATION);
  assert_within (crowd_sum (&crowd) - n_before, 10 * MB, 5);
  crowd_clear (&crowd);
}

/* What was not read after all, without a limit or with a high one, is worth no more at a low one.
 */
static void
assert_lowered_while_reading (gint64 rate)
{
  Crowd crowd;
  gsize n_bytes;

  crowd_init (&crowd, rate, 1, 32);
  for (guint i = 0; i < crowd.n_readers; i++)
    while (bobbin_rate_pass_ask (crowd.readers[i].pass, WANTED, &n_bytes) > 0)
      go_on (G_TIME_SPAN_MILLISECOND);
  bobbin_rate_limiter_set_rate (crowd.all, 100 * KB);
  for (guint i = 0; i < crowd.n_readers; i++)
    {
      bobbin_rate_pass_leave (crowd.readers[i].pass, 0);
      do
        reader_turn (&crowd.readers[i]);
      while (crowd.readers[i].next == get_time ());
    }
  crowd_run (&crowd, DURATION);
  assert_within (crowd_sum (&crowd), MB, 5);
  crowd_clear (&crowd);
}

static void
test_lowered_while_reading (void)
{
  assert_lowered_while_reading (0);
  assert_lowered_while_reading (500 * MB);
}

/* Asking again changes nothing, and less may be wanted by then. */
static void
test_keep (void)
{
  Crowd crowd;
  BobbinRatePass *pass;
  gsize n_bytes;

  crowd_init (&crowd, MB, 1, 1);
  pass = crowd.readers[0].pass;
  g_assert_cmpint (bobbin_rate_pass_ask (pass, WANTED, &n_bytes), ==, 0);
  g_assert_cmpuint (n_bytes, ==, 20 * KB);
  g_assert_cmpint (bobbin_rate_pass_ask (pass, WANTED, &n_bytes), ==, 0);
  g_assert_cmpuint (n_bytes, ==, 20 * KB);
  g_assert_cmpint (bobbin_rate_pass_ask (pass, 10, &n_bytes), ==, 0);
  g_assert_cmpuint (n_bytes, ==, 10);
  bobbin_rate_pass_leave (pass, 10);
  g_assert_cmpint (bobbin_rate_pass_ask (pass, 100, &n_bytes), ==, 10);
  go_on (10);
  g_assert_cmpint (bobbin_rate_pass_ask (pass, 100, &n_bytes), ==, 0);
  g_assert_cmpuint (n_bytes, ==, 100);
  crowd_clear (&crowd);
}

/* One that is stopped in line has taken nothing from those behind it. */
static void
test_stop_in_line (void)
{
  Crowd crowd;
  gsize n_bytes;
  gint64 wait;

  crowd_init (&crowd, MB, 3, 1);
  g_assert_cmpint (bobbin_rate_pass_ask (crowd.readers[0].pass, WANTED, &n_bytes), ==, 0);
  bobbin_rate_pass_leave (crowd.readers[0].pass, n_bytes);
  wait = bobbin_rate_pass_ask (crowd.readers[1].pass, WANTED, &n_bytes);
  g_assert_cmpint (wait, ==, 20 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpint (bobbin_rate_pass_ask (crowd.readers[2].pass, WANTED, &n_bytes), >, wait);
  bobbin_rate_pass_leave (crowd.readers[1].pass, 0);
  g_assert_cmpint (bobbin_rate_pass_ask (crowd.readers[2].pass, WANTED, &n_bytes), ==, wait);
  bobbin_rate_pass_leave (crowd.readers[2].pass, 0);
  g_assert_cmpint (bobbin_rate_pass_ask (crowd.readers[1].pass, WANTED, &n_bytes), ==, wait);
  crowd_clear (&crowd);
}

/* Many come and go in mid-line, and the rate is still all used. */
static void
test_restless (void)
{
  Crowd crowd;

  crowd_init (&crowd, MB, 20, 4);
  for (guint i = 0; i < 500; i++)
    {
      Reader *reader = &crowd.readers[g_test_rand_int_range (0, crowd.n_readers)];

      bobbin_rate_pass_leave (reader->pass, 0);
      reader->next = get_time ();
      crowd_run (&crowd, DURATION / 500);
    }
  assert_within (crowd_sum (&crowd), 10 * MB, 5);
  for (guint i = 0; i < 20; i++)
    assert_within (sum_up (&crowd.readers[i * 4], 4), 10 * MB / 20, 10);
  crowd_clear (&crowd);
}

/* What keeps a connection from going on, its limits or its server. */
static void
test_waited (void)
{
  Crowd crowd;
  BobbinRatePass *pass;
  gsize n_bytes;
  gint64 wait;

  crowd_init (&crowd, MB, 2, 1);
  pass = crowd.readers[0].pass;
  g_assert_cmpint (bobbin_rate_pass_ask (pass, WANTED, &n_bytes), ==, 0);
  go_on (G_TIME_SPAN_SECOND);
  bobbin_rate_pass_leave (pass, n_bytes);
  g_assert_cmpint (bobbin_rate_pass_get_waited (pass), ==, 0);
  do
    {
      g_assert_cmpint (bobbin_rate_pass_get_waited (pass), ==, 0);
      wait = bobbin_rate_pass_ask (pass, WANTED, &n_bytes);
      bobbin_rate_pass_leave (pass, n_bytes);
    }
  while (wait == 0);
  /* It left without waiting any longer. */
  go_on (1000);
  g_assert_cmpint (bobbin_rate_pass_get_waited (pass), ==, 0);
  /* This one stays, and asks in between. */
  wait = bobbin_rate_pass_ask (pass, WANTED, &n_bytes);
  g_assert_cmpint (wait, >, 1000);
  go_on (1000);
  g_assert_cmpint (bobbin_rate_pass_get_waited (pass), ==, 1000);
  g_assert_cmpint (bobbin_rate_pass_ask (pass, WANTED, &n_bytes), ==, wait - 1000);
  go_on (wait - 1000);
  g_assert_cmpint (bobbin_rate_pass_ask (pass, WANTED, &n_bytes), ==, 0);
  go_on (1000);
  g_assert_cmpint (bobbin_rate_pass_get_waited (pass), ==, wait);
  bobbin_rate_pass_leave (pass, n_bytes);
  g_assert_cmpint (bobbin_rate_pass_get_waited (pass), ==, wait);
  crowd_clear (&crowd);
}

static void
test_neither_limit (void)
{
  g_autoptr (BobbinRateShare) share = bobbin_rate_share_new (NULL, NULL, NULL);
  g_autoptr (BobbinRatePass) pass = bobbin_rate_pass_new (share);
  gsize n_bytes;

  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (bobbin_rate_pass_ask (pass, 5 * MB, &n_bytes), ==, 0);
      g_assert_cmpuint (n_bytes, ==, 5 * MB);
      g_assert_cmpint (bobbin_rate_pass_get_waited (pass), ==, 0);
      bobbin_rate_pass_leave (pass, n_bytes);
    }
}

static void
test_global (void)
{
  g_assert_nonnull (bobbin_rate_limiter_get_global ());
  g_assert_true (bobbin_rate_limiter_get_global () == bobbin_rate_limiter_get_global ());
  g_assert_cmpint (bobbin_rate_limiter_get_rate (bobbin_rate_limiter_get_global ()), ==, 0);
}

/* A thread for each job: all turn the clock by what they would have waited. */
static gpointer
read_in_thread (gpointer user_data)
{
  g_autoptr (BobbinRateShare) share = bobbin_rate_share_new (user_data, NULL, NULL);
  BobbinRatePass *passes[4];
  gsize n_sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (passes); i++)
    passes[i] = bobbin_rate_pass_new (share);
  for (guint i = 0; i < 5000; i++)
    {
      BobbinRatePass *pass = passes[i % G_N_ELEMENTS (passes)];
      gsize n_bytes;
      gint64 wait = bobbin_rate_pass_ask (pass, WANTED, &n_bytes);

      if (wait > 0)
        go_on (wait);
      else if (i % 7 == 0)
        bobbin_rate_pass_leave (pass, 0);
      else
        bobbin_rate_pass_leave (pass, n_bytes);
      n_sum += i % 7 == 0 ? 0 : n_bytes;
    }
  for (guint i = 0; i < G_N_ELEMENTS (passes); i++)
    bobbin_rate_pass_free (passes[i]);

  return GSIZE_TO_POINTER (n_sum);
}

static void
test_threads (void)
{
  g_autoptr (BobbinRateLimiter) all = bobbin_rate_limiter_new_with_clock (MB, get_time);
  const gint64 begin = get_time ();
  GThread *threads[8];
  gint64 n_sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", read_in_thread, all);
  for (guint i = 0; i < 100; i++)
    bobbin_rate_limiter_set_rate (all, i % 2 == 0 ? MB / 2 : MB);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    n_sum += GPOINTER_TO_SIZE (g_thread_join (threads[i]));

  g_assert_cmpint (n_sum, >, 0);
  g_assert_cmpint (n_sum, <=, (get_time () - begin) * MB / G_USEC_PER_SEC + 200 * KB);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rate-limiter/rate", test_rate);
  g_test_add_func ("/rate-limiter/rate-of-many", test_rate_of_many);
  g_test_add_func ("/rate-limiter/jobs-not-connections", test_jobs_not_connections);
  g_test_add_func ("/rate-limiter/even", test_even);
  g_test_add_func ("/rate-limiter/efficient", test_efficient);
  g_test_add_func ("/rate-limiter/idle", test_idle);
  g_test_add_func ("/rate-limiter/slow-disks", test_slow_disks);
  g_test_add_func ("/rate-limiter/short-reads", test_short_reads);
  g_test_add_func ("/rate-limiter/own-limit", test_own_limit);
  g_test_add_func ("/rate-limiter/own-limit-at-share", test_own_limit_at_share);
  g_test_add_func ("/rate-limiter/change", test_change);
  g_test_add_func ("/rate-limiter/no-limit", test_no_limit);
  g_test_add_func ("/rate-limiter/lowered-while-reading", test_lowered_while_reading);
  g_test_add_func ("/rate-limiter/keep", test_keep);
  g_test_add_func ("/rate-limiter/stop-in-line", test_stop_in_line);
  g_test_add_func ("/rate-limiter/restless", test_restless);
  g_test_add_func ("/rate-limiter/waited", test_waited);
  g_test_add_func ("/rate-limiter/neither-limit", test_neither_limit);
  g_test_add_func ("/rate-limiter/global", test_global);
  g_test_add_func ("/rate-limiter/threads", test_threads);

  return g_test_run ();
}
