/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many connections are opened to servers of which it is known what they give: so much for each
 * connection, so much in all, in bursts, less after a while. Time is a number here.
 */

#include "config.h"

#include "bobbin-pace.h"

#include <string.h>

#define MB      G_GINT64_CONSTANT (1000000)
#define GB      (1000 * MB)
#define LATENCY (10 * G_TIME_SPAN_MILLISECOND)
#define STEP    (5 * G_TIME_SPAN_MILLISECOND)

typedef struct _Line Line;

/* Bytes that @n connections bring in the STEP that ends @at. */
typedef gint64 (*BringFunc) (Line *line, guint n, gint64 at);

struct _Line
{
  BobbinPace pace;
  BringFunc bring;
  gint64 rate;  /* of one connection */
  gint64 total; /* of all together, or 0 */
  gint64 length;
  gint64 latency;
  gint64 now;
  gint64 bytes;
  guint n;             /* that bytes come on */
  guint n_max;         /* the most there were */
  gint64 opened[32];   /* when each was */
  gint64 n_changes;    /* how often another number was wanted */
  gint64 time_at_goal; /* while @goal were wanted */
  guint goal;
};

static gint64
bring_steadily (Line *line, guint n, gint64 at)
{
  const gint64 all = line->rate * n;

  return (line->total > 0 ? MIN (all, line->total) : all) * STEP / G_USEC_PER_SEC;
}

/* As nginx's limit_rate: what a connection may have by the end of the present second, at once. */
static gint64
bring_in_bursts (Line *line, guint n, gint64 at)
{
  gint64 bytes = 0;

  for (guint i = 0; i < n; i++)
    {
      const gint64 begun = line->opened[i] / G_USEC_PER_SEC;
      const gint64 second = at / G_USEC_PER_SEC;

      /* the first step of a second, and of a connection */
      if ((at - STEP) / G_USEC_PER_SEC != second || at - line->opened[i] <= STEP)
        bytes += line->rate * (second == begun || at / G_USEC_PER_SEC > begun);
    }

  return bytes;
}

/* What was buffered on the way comes at once. */
static gint64
bring_with_a_start (Line *line, guint n, gint64 at)
{
  gint64 bytes = bring_steadily (line, n, at);

  for (guint i = 0; i < n; i++)
    bytes += at - line->opened[i] <= STEP ? 64 * 1024 : 0;

  return bytes;
}

/* A quarter of a second's bytes at once, then nothing for so long, all connections in one time with
 * each other. */
static gint64
bring_in_lumps (Line *line, guint n, gint64 at)
{
  const gint64 lump = G_USEC_PER_SEC / 4;

  return at / lump != (at - STEP) / lump ? line->rate * n / 4 : 0;
}

/* Ten times as much as long as the first one is alone. */
static gint64
bring_with_a_rush (Line *line, guint n, gint64 at)
{
  const gint64 bytes = bring_steadily (line, n, at);

  return line->n_max == 1 ? 10 * bytes : bytes;
}

/* As TCP in its slow start: ten packets, and twice as many in each round trip, up to the rate. */
static gint64
bring_by_trips (Line *line, guint n, gint64 at)
{
  gint64 bytes = 0;

  for (guint i = 0; i < n; i++)
    {
      const gint64 trip = (at - line->opened[i] - STEP) / line->latency;

      if (trip != (at - line->opened[i] - 2 * STEP) / line->latency || at - line->opened[i] <= STEP)
        bytes += MIN (G_GINT64_CONSTANT (14480) << MIN (trip, 20),
                      line->rate * line->latency / G_USEC_PER_SEC);
    }

  return line->total > 0 ? MIN (bytes, line->total * line->latency / G_USEC_PER_SEC) : bytes;
}

static gint64
bring_nothing (Line *line, guint n, gint64 at)
{
  return 0;
}

/* Connections that are wanted open, and answer, within the latency; those not wanted go on. */
static void
line_run (Line *line, gint64 time)
{
  const gint64 end = line->now + time;
  guint wanted = line->pace.wanted;
  gint64 opens_at = -1;

  while (line->now < end && line->bytes < line->length)
    {
      line->now += STEP;
      line->bytes += line->bring (line, line->n, line->now);
      bobbin_pace_step (&line->pace, line->now, line->bytes, line->length - line->bytes,
                        line->latency, line->n);
      g_assert_cmpuint (line->pace.wanted, >=, 1);
      g_assert_cmpuint (line->pace.wanted, <=, line->pace.max);
      line->n_changes += line->pace.wanted != wanted;
      wanted = line->pace.wanted;
      line->time_at_goal += wanted == line->goal ? STEP : 0;
      if (wanted > line->n && opens_at < 0)
        opens_at = line->now + line->latency;
      if (opens_at >= 0 && line->now >= opens_at)
        {
          opens_at = -1;
          for (; line->n < wanted; line->n++)
            line->opened[line->n] = line->now;
          line->n_max = MAX (line->n_max, line->n);
        }
    }
}

/* What comes first is not looked at. */
static void
let_begin (BobbinPace *pace, gint64 now)
{
  bobbin_pace_restart (pace, now - G_USEC_PER_SEC, 0);
  bobbin_pace_step (pace, now, 0, GB, LATENCY, 1);
  g_assert_cmpuint (pace->wanted, ==, 1);
}

static void
line_open (Line *line, guint max, gint64 length, BringFunc bring, gint64 rate, gint64 total)
{
  memset (line, 0, sizeof *line);
  line->bring = bring;
  line->rate = rate;
  line->total = total;
  line->length = length;
  line->latency = LATENCY;
  line->now = 1234567;
  line->n = line->n_max = 1;
  line->opened[0] = line->now;
  bobbin_pace_init (&line->pace, max);
  bobbin_pace_restart (&line->pace, line->now, 0);
}

/* Each connection brings as much as the first: all of them are opened, and soon. */
static void
test_ramp (void)
{
  const guint counts[] = { 2, 8, 16, 32 };

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      Line line;

      line_open (&line, counts[i], 100 * GB, bring_steadily, 20 * MB, 0);
      line_run (&line, G_USEC_PER_SEC);
      g_assert_cmpuint (line.n, ==, counts[i]);
      g_assert_cmpint (line.pace.settled_rate, >, 0);
      /* and it stays so */
      line.goal = counts[i];
      line_run (&line, 10 * G_USEC_PER_SEC);
      g_assert_cmpint (line.time_at_goal, ==, 10 * G_USEC_PER_SEC);
    }
}

/* One has all there is: the attempt is taken back. */
static void
test_step_back (void)
{
  Line line;

  line_open (&line, 8, 100 * GB, bring_steadily, 100 * MB, 100 * MB);
  line_run (&line, G_USEC_PER_SEC);
  g_assert_cmpuint (line.pace.wanted, ==, 1);
  g_assert_cmpuint (line.n_max, <=, 4);
  g_assert_cmpint (line.pace.settled_rate, >, 0);
  /* Once: those that were opened are left to end, and no others are. */
  line.n = 1;
  line.n_changes = 0;
  line_run (&line, 60 * G_USEC_PER_SEC);
  g_assert_cmpint (line.n_changes, ==, 0);
}

/* Four bring all there is: of the sixteen that are tried then, none is wanted. */
static void
test_knee (void)
{
  Line line;

  line_open (&line, 32, 100 * GB, bring_steadily, 20 * MB, 80 * MB);
  line_run (&line, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (line.pace.wanted, ==, 4);
  g_assert_cmpint (line.pace.settled_rate, ==, 80 * MB);
}

/* What is there in a moment, by one connection, is not worth another one. */
static void
test_small_rest (void)
{
  Line line;

  line_open (&line, 8, 9 * MB, bring_steadily, 10 * MB, 0);
  line_run (&line, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (line.bytes, >=, line.length);
  g_assert_cmpuint (line.n_max, ==, 1);

  /* a little more is worth two, and no more */
  line_open (&line, 8, 30 * MB, bring_steadily, 10 * MB, 0);
  line_run (&line, 90 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (line.pace.wanted, ==, 2);
}

/* Nor is it where the round trip takes most of the time. */
static void
test_round_trips (void)
{
  BobbinPace pace;

  bobbin_pace_init (&pace, 8);
  let_begin (&pace, 0);
  /* 3 s are left, at 600 ms for each answer at least */
  bobbin_pace_step (&pace, G_USEC_PER_SEC, MB, 3 * MB, G_USEC_PER_SEC, 1);
  g_assert_cmpuint (pace.wanted, ==, 1);
  bobbin_pace_step (&pace, 2 * G_USEC_PER_SEC, 2 * MB, 10 * MB, G_USEC_PER_SEC, 1);
  g_assert_cmpuint (pace.wanted, >, 1);
}

/* Nothing is concluded before those that were opened have begun. */
static void
test_waits (void)
{
  BobbinPace pace;
  gint64 now = 0;

  bobbin_pace_init (&pace, 8);
  let_begin (&pace, 0);
  bobbin_pace_step (&pace, now += G_USEC_PER_SEC, 10 * MB, GB, LATENCY, 1);
  g_assert_cmpuint (pace.wanted, ==, 4);
  for (guint i = 0; i < 100; i++)
    {
      bobbin_pace_step (&pace, now += G_USEC_PER_SEC, (2 + i) * 10 * MB, GB, LATENCY, 1 + i % 3);
      g_assert_cmpuint (pace.wanted, ==, 4);
      g_assert_cmpint (pace.settled_rate, ==, 0);
    }
  /* Now they have, and what is measured is the time since then. */
  bobbin_pace_step (&pace, now += G_USEC_PER_SEC, 105 * 10 * MB, GB, LATENCY, 4);
  g_assert_cmpuint (pace.wanted, ==, 4);
  g_assert_cmpint (pace.settled_rate, ==, 0);
  bobbin_pace_step (&pace, now += G_USEC_PER_SEC, 106 * 10 * MB, GB, LATENCY, 4);
  g_assert_cmpint (pace.settled_rate, >, 0);
  g_assert_cmpuint (pace.wanted, ==, 1);
}

/* Too early is not at all. */
static void
test_interval (void)
{
  BobbinPace pace;
  const gint64 window = 30 * G_TIME_SPAN_MILLISECOND;

  bobbin_pace_init (&pace, 8);
  let_begin (&pace, 0);
  for (gint64 now = bobbin_pace_get_interval (&pace); now < window;
       now += bobbin_pace_get_interval (&pace))
    {
      bobbin_pace_step (&pace, now, now * 10, GB, LATENCY, 1);
      g_assert_cmpuint (pace.wanted, ==, 1);
    }
  bobbin_pace_step (&pace, window, window * 10, GB, LATENCY, 1);
  g_assert_cmpuint (pace.wanted, >, 1);
}

/* A server that gives a second's worth at once: it is not taken for one that gives that always. */
static void
test_bursts (void)
{
  const gint64 rates[] = { 100000, 20 * MB };

  for (gsize i = 0; i < G_N_ELEMENTS (rates); i++)
    for (gint64 phase = 0; phase < G_USEC_PER_SEC; phase += 50 * G_TIME_SPAN_MILLISECOND)
      {
        Line line;

        line_open (&line, 16, 100 * GB, bring_in_bursts, rates[i], 0);
        line.now = line.opened[0] = phase;
        bobbin_pace_restart (&line.pace, line.now, 0);
        line_run (&line, 5 * G_USEC_PER_SEC);
        g_test_message ("%.1f MB/s from %.2f s on: %u of 16 after 5 s, wanted %u",
                        (double) rates[i] / MB, (double) phase / G_USEC_PER_SEC, line.n,
                        line.pace.wanted);
        g_assert_cmpuint (line.n, ==, 16);
        line.goal = 16;
        line_run (&line, 20 * G_USEC_PER_SEC);
        g_assert_cmpint (line.time_at_goal, >=, 15 * G_USEC_PER_SEC);
      }
}

/* Windows between two lumps are empty, and others hold one: neither is a reason to do without
 * connections that bring as much as the first. */
static void
test_lumps (void)
{
  for (gint64 begin = 0; begin < G_USEC_PER_SEC / 4; begin += STEP)
    {
      Line line;

      line_open (&line, 16, 100 * GB, bring_in_lumps, 20 * MB, 0);
      line.now += begin;
      bobbin_pace_restart (&line.pace, line.now, 0);
      line_run (&line, 4 * G_USEC_PER_SEC);
      g_test_message ("begun %d ms later: %u", (int) (begin / 1000), line.n);
      g_assert_cmpuint (line.n, ==, 16);
      line.goal = 16;
      line_run (&line, 20 * G_USEC_PER_SEC);
      g_assert_cmpint (line.time_at_goal, >=, 15 * G_USEC_PER_SEC);
    }
}

/* The first one came in a rush, and against that the next ones seemed to be in vain. As they end it
 * is seen that they were not. */
static void
test_rush (void)
{
  Line line;

  line_open (&line, 16, 100 * GB, bring_with_a_rush, 20 * MB, 0);
  line_run (&line, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (line.pace.wanted, ==, 1);
  g_assert_cmpuint (line.n, ==, 4);
  line.n = 2;
  line_run (&line, 3 * G_USEC_PER_SEC);
  g_assert_cmpuint (line.n, ==, 16);
}

/* They were in vain, and are still there when there is more to have. */
static void
test_after_all (void)
{
  Line line;

  line_open (&line, 4, 100 * GB, bring_steadily, 20 * MB, 20 * MB);
  line_run (&line, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (line.pace.wanted, ==, 1);
  g_assert_cmpuint (line.n, ==, 4);
  line.total = 0;
  line_run (&line, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (line.pace.wanted, ==, 4);
  g_assert_cmpuint (line.n, ==, 4);
}

/* Those that end bring the others their part: they were in vain, and it stays so. */
static void
test_in_vain (void)
{
  Line line;

  line_open (&line, 16, 100 * GB, bring_steadily, 20 * MB, 20 * MB);
  line_run (&line, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (line.n, ==, 4);
  for (guint n = 4; n > 0; n--)
    {
      line.n = n;
      line_run (&line, 5 * G_USEC_PER_SEC);
      g_assert_cmpuint (line.n, ==, n);
      g_assert_cmpuint (line.pace.wanted, ==, 1);
    }
}

/* Where the round trip is what takes time, all are there after few of them. */
static void
test_long_way (void)
{
  const gint64 latencies[] = { 30, 80, 200, 600 };

  for (gsize i = 0; i < G_N_ELEMENTS (latencies); i++)
    {
      Line line;

      line_open (&line, 16, GB, bring_by_trips, 600000, 0);
      line.latency = latencies[i] * G_TIME_SPAN_MILLISECOND;
      line_run (&line, 2 * line.latency + 100 * G_TIME_SPAN_MILLISECOND);
      g_assert_cmpuint (line.n, ==, 16);
      line.goal = 16;
      line_run (&line, 10 * G_USEC_PER_SEC);
      g_assert_cmpint (line.time_at_goal, ==, 10 * G_USEC_PER_SEC);
    }
}

/* A long time until the answer is no long way: it comes in a stream then. */
static void
test_slow_answer (void)
{
  Line line;

  line_open (&line, 16, 100 * GB, bring_steadily, 100 * MB, 100 * MB);
  line.latency = 80 * G_TIME_SPAN_MILLISECOND;
  line_run (&line, 3 * G_USEC_PER_SEC);
  g_assert_cmpuint (line.pace.wanted, ==, 1);
  g_assert_cmpuint (line.n_max, <=, 4);
}

/* What is there after a few round trips is not worth more connections, on whatever way. */
static void
test_long_way_small (void)
{
  Line line;

  line_open (&line, 16, 100000, bring_by_trips, 10 * MB, 0);
  line.latency = 80 * G_TIME_SPAN_MILLISECOND;
  line_run (&line, G_USEC_PER_SEC);
  g_assert_cmpint (line.bytes, >=, line.length);
  g_assert_cmpuint (line.n_max, ==, 1);
}

/* The first bytes of each connection are there in a moment, the others are not. */
static void
test_start (void)
{
  Line line;

  line_open (&line, 8, GB, bring_with_a_start, 200000, 0);
  line_run (&line, G_USEC_PER_SEC);
  g_assert_cmpuint (line.n, ==, 8);
  g_assert_cmpint (line.pace.settled_rate, <, 2 * MB);
}

/* Much less comes than when it was decided: it is decided anew. */
static void
test_again (void)
{
  Line line;

  line_open (&line, 8, 100 * GB, bring_steadily, 100 * MB, 100 * MB);
  line_run (&line, G_USEC_PER_SEC);
  g_assert_cmpuint (line.pace.wanted, ==, 1);
  line.n = 1;
  line.rate = 20 * MB;
  line.total = 0;
  line_run (&line, 3 * G_USEC_PER_SEC);
  g_assert_cmpuint (line.n, ==, 8);
}

/* Silence is no reason to think ill of connections, nor to divide by anything. */
static void
test_silence (void)
{
  Line line;

  line_open (&line, 8, GB, bring_nothing, 0, 0);
  line_run (&line, 60 * G_USEC_PER_SEC);
  g_assert_cmpuint (line.pace.wanted, <=, 8);
  line.bring = bring_steadily;
  line.rate = 10 * MB;
  line_run (&line, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (line.n, ==, 8);
}

static void
test_lower (void)
{
  Line line;

  line_open (&line, 8, 100 * GB, bring_steadily, 20 * MB, 0);
  line_run (&line, G_USEC_PER_SEC);
  g_assert_cmpuint (line.pace.wanted, ==, 8);
  bobbin_pace_lower (&line.pace, 3);
  g_assert_cmpuint (line.pace.wanted, ==, 3);
  line.n = line.n_max = 3;
  /* even where more would bring more */
  line.rate = 2 * MB;
  line_run (&line, 60 * G_USEC_PER_SEC);
  g_assert_cmpuint (line.n_max, ==, 3);
  /* and one is always left */
  bobbin_pace_lower (&line.pace, 0);
  g_assert_cmpuint (line.pace.wanted, ==, 1);
  bobbin_pace_lower (&line.pace, 5);
  g_assert_cmpuint (line.pace.max, ==, 1);
}

/* In the middle of an attempt. */
static void
test_lower_early (void)
{
  Line line;

  line_open (&line, 8, 100 * GB, bring_steadily, 20 * MB, 0);
  let_begin (&line.pace, line.now);
  bobbin_pace_step (&line.pace, line.now += G_USEC_PER_SEC, 20 * MB, GB, LATENCY, 1);
  g_assert_cmpuint (line.pace.wanted, ==, 4);
  bobbin_pace_lower (&line.pace, 2);
  line.bytes = 20 * MB;
  line_run (&line, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (line.n, ==, 2);
}

static void
test_one (void)
{
  Line line;

  line_open (&line, 1, 10 * GB, bring_steadily, MB, 0);
  line_run (&line, 60 * G_USEC_PER_SEC);
  g_assert_cmpuint (line.n_max, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pace/ramp", test_ramp);
  g_test_add_func ("/pace/step-back", test_step_back);
  g_test_add_func ("/pace/knee", test_knee);
  g_test_add_func ("/pace/small-rest", test_small_rest);
  g_test_add_func ("/pace/round-trips", test_round_trips);
  g_test_add_func ("/pace/waits", test_waits);
  g_test_add_func ("/pace/interval", test_interval);
  g_test_add_func ("/pace/bursts", test_bursts);
  g_test_add_func ("/pace/lumps", test_lumps);
  g_test_add_func ("/pace/rush", test_rush);
  g_test_add_func ("/pace/after-all", test_after_all);
  g_test_add_func ("/pace/in-vain", test_in_vain);
  g_test_add_func ("/pace/long-way", test_long_way);
  g_test_add_func ("/pace/long-way/small", test_long_way_small);
  g_test_add_func ("/pace/slow-answer", test_slow_answer);
  g_test_add_func ("/pace/start", test_start);
  g_test_add_func ("/pace/again", test_again);
  g_test_add_func ("/pace/silence", test_silence);
  g_test_add_func ("/pace/lower", test_lower);
  g_test_add_func ("/pace/lower/early", test_lower_early);
  g_test_add_func ("/pace/one", test_one);

  return g_test_run ();
}
