/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-tick-group: local probes share a tick, a thread and a reading, and one that is stuck holds
 * up nobody. The clock stands still but for the ticks.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-readings-private.h"
#include "bobbin-test-clock.h"
#include "bobbin-test-probe.h"
#include "bobbin-tick-group-private.h"

#include <glib/gstdio.h>

#define SECOND ((gint64) G_USEC_PER_SEC)
#define SLOW   (30 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  BobbinTestProbe *probe;   /* the member's */
  BobbinTickMember *member; /* (owned) (nullable) */
  guint n_sampled;
  guint n_failed;
  guint n_skipped;
  guint n_slow;
  gint64 taken;  /* µs, when it was slow */
  gint64 asleep; /* the same */
  gboolean has_left;
  gint64 due; /* of the latest */
} Member;

typedef struct
{
  BobbinWorkerPool *pool;
} Fixture;

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
on_sampled (const BobbinSlot *slot,
            const BobbinSample *sample,
            const GError *error,
            gpointer user_data)
{
  Member *self = user_data;

  g_assert_false (self->has_left);
  g_assert_cmpint (slot->came, >=, slot->due);
  self->n_sampled++;
  self->n_failed += error != NULL;
  self->due = slot->due;
}

static void
on_skipped (gint64 due, gpointer user_data)
{
  Member *self = user_data;

  self->n_skipped++;
}

static void
on_slow (gint64 due, gint64 taken, gint64 asleep, gpointer user_data)
{
  Member *self = user_data;

  self->n_slow++;
  self->taken = taken;
  self->asleep = asleep;
}

static void
on_left (gpointer user_data)
{
  Member *self = user_data;

  g_assert_cmpuint (bobbin_test_probe_get_n_begun (self->probe), ==,
                    bobbin_test_probe_get_n_ended (self->probe));
  self->has_left = TRUE;
  g_clear_pointer (&self->member, bobbin_tick_member_free);
}

static const BobbinTickFuncs funcs = { on_sampled, on_skipped, on_slow, on_left };

static void
member_enter (Member *self, Fixture *fixture, gint64 interval, gboolean paused)
{
  g_autoptr (GError) error = NULL;

  self->member = bobbin_tick_member_new (fixture->pool, bobbin_test_probe_get_probe (self->probe),
                                         interval, paused, &funcs, self, &error);
  g_assert_no_error (error);
}

static void
member_init (Member *self, Fixture *fixture, gint64 interval, gboolean stubborn)
{
  *self = (Member){ .probe = bobbin_test_probe_new (stubborn) };
  member_enter (self, fixture, interval, FALSE);
}

/* The test's own reference to the probe goes last: it is asked when the member has left. */
static void
member_clear (Member *self)
{
  if (self->member != NULL && !self->has_left)
    bobbin_tick_member_leave (self->member);
  while (!self->has_left)
    g_main_context_iteration (NULL, TRUE);
  bobbin_probe_unref (bobbin_test_probe_get_probe (self->probe));
}

static void
set_up (Fixture *self, gconstpointer user_data)
{
  bobbin_test_clock_begin ();
  self->pool = bobbin_worker_pool_new ("probe", 8);
  bobbin_worker_pool_set_overflow (self->pool, SLOW, 512);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  bobbin_worker_pool_close_finish (BOBBIN_WORKER_POOL (source), result, NULL);
  *(gboolean *) user_data = TRUE;
}

/* Nothing is left: no probe, no thread, and what is joined was the group's. */
static void
tear_down (Fixture *self, gconstpointer user_data)
{
  gboolean done = FALSE;

  bobbin_worker_pool_close_async (self->pool, on_closed, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (bobbin_worker_pool_get_n_threads (self->pool), ==, 0);
  drain ();
  g_assert_cmpint (G_OBJECT (self->pool)->ref_count, ==, 1);
  g_object_unref (self->pool);
  g_assert_cmpuint (bobbin_test_probe_get_n_alive (), ==, 0);
  bobbin_test_clock_end ();
}

static void
wait_sampled (Member *self, guint n)
{
  while (self->n_sampled < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_sampled, ==, n);
}

/* All are sampled at each slot, and by one thread. */
static void
test_together (Fixture *self, gconstpointer user_data)
{
  Member members[100];

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      member_init (&members[i], self, SECOND, FALSE);
      bobbin_test_probe_answer (members[i].probe, i);
    }
  for (guint n = 1; n <= 20; n++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (members); i++)
        {
          wait_sampled (&members[i], n);
          bobbin_test_probe_answer (members[i].probe, i);
        }
      g_assert_cmpuint (bobbin_worker_pool_get_n_threads (self->pool), ==, 1);
      bobbin_test_clock_advance (SECOND);
    }
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      wait_sampled (&members[i], 21);
      g_assert_cmpint (members[i].due % SECOND, ==, 0);
      g_assert_cmpint (members[i].due, ==, members[0].due);
      g_assert_cmpuint (members[i].n_skipped, ==, 0);
      member_clear (&members[i]);
    }
}

/* Slots of different intervals fall together. */
static void
test_intervals (Fixture *self, gconstpointer user_data)
{
  Member fast;
  Member late;

  member_init (&fast, self, SECOND, FALSE);
  member_init (&late, self, 5 * SECOND, FALSE);
  bobbin_test_probe_answer (fast.probe, 1);
  bobbin_test_probe_answer (late.probe, 1);
  wait_sampled (&fast, 1);
  wait_sampled (&late, 1);
  for (guint i = 2; i <= 21; i++)
    {
      const gint64 slot = bobbin_slot_after (bobbin_clock_get_boottime (), SECOND, 0);

      bobbin_test_probe_answer (fast.probe, 1);
      if (slot % (5 * SECOND) == 0)
        bobbin_test_probe_answer (late.probe, 1);
      bobbin_test_clock_advance (SECOND);
      wait_sampled (&fast, i);
      g_assert_cmpint (fast.due, ==, slot);
      if (slot % (5 * SECOND) == 0)
        g_assert_cmpint (late.due, ==, slot);
    }
  g_assert_cmpuint (late.n_sampled, ==, 5);

  bobbin_tick_member_set_interval (late.member, 2 * SECOND);
  bobbin_test_probe_answer (late.probe, 1);
  bobbin_test_probe_answer (fast.probe, 1);
  bobbin_test_clock_advance (2 * SECOND);
  wait_sampled (&late, 6);
  wait_sampled (&fast, 22);
  g_assert_cmpint (late.due % (2 * SECOND), ==, 0);
  member_clear (&fast);
  member_clear (&late);
}

static gboolean
answer_at_once (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  sample->value = 1;

  return TRUE;
}

typedef struct
{
  guint n_sampled;
  guint n_skipped;
  gint64 due;
} Day;

static void
on_day_sampled (const BobbinSlot *slot,
                const BobbinSample *sample,
                const GError *error,
                gpointer user_data)
{
  Day *day = user_data;

  /* The first is taken at once, the others each a second after the one before. */
  if (day->n_sampled > 1)
    g_assert_cmpint (slot->due - day->due, ==, SECOND);
  g_assert_cmpint (slot->came - slot->due, <, G_TIME_SPAN_MILLISECOND);
  day->due = slot->due;
  day->n_sampled++;
}

static void
on_day_skipped (gint64 due, gpointer user_data)
{
  ((Day *) user_data)->n_skipped++;
}

static void
on_day_slow (gint64 due, gint64 taken, gint64 asleep, gpointer user_data)
{
}

static void
on_day_left (gpointer user_data)
{
}

/* A day and night at 1 s, or with no time for it an hour: no slot is missed, and the last is where
 * it should be. */
static void
test_day (Fixture *self, gconstpointer user_data)
{
  static const BobbinProbeClass klass = { .unit = "%", .sample = answer_at_once };
  static const BobbinTickFuncs day_funcs = { on_day_sampled, on_day_skipped, on_day_slow,
                                             on_day_left };
  const guint n_slots = (g_test_slow () ? 24 : 1) * 60 * 60;
  BobbinProbe *probe = bobbin_probe_alloc (&klass, sizeof *probe, g_strdup ("Day"));
  Day day = { 0 };
  BobbinTickMember *member;
  gint64 first;

  member = bobbin_tick_member_new (self->pool, probe, SECOND, FALSE, &day_funcs, &day, NULL);
  while (day.n_sampled < 1)
    g_main_context_iteration (NULL, TRUE);
  first = bobbin_slot_after (bobbin_clock_get_boottime (), SECOND, 0);
  bobbin_test_clock_advance (first - bobbin_clock_get_boottime ());
  for (guint i = 0; i < n_slots; i++)
    {
      while (day.n_sampled < i + 2)
        g_main_context_iteration (NULL, TRUE);
      if (i + 1 < n_slots)
        bobbin_test_clock_advance (SECOND);
    }
  g_assert_cmpint (day.due, ==, first + (n_slots - 1) * SECOND);
  g_assert_cmpuint (day.n_skipped, ==, 0);

  bobbin_tick_member_leave (member);
  bobbin_tick_member_free (member);
  bobbin_probe_unref (probe);
}

/* A call that the kernel does not return from: the others are sampled at each slot. */
static void
test_stuck (Fixture *self, gconstpointer user_data)
{
  Member stuck;
  Member other;

  member_init (&stuck, self, SECOND, TRUE);
  bobbin_test_probe_wait (stuck.probe, 1);
  member_init (&other, self, SECOND, FALSE);
  bobbin_test_probe_answer (other.probe, 1);
  drain ();
  g_assert_cmpuint (other.n_sampled, ==, 0);

  bobbin_test_clock_advance (SLOW);
  wait_sampled (&other, 1);
  g_assert_cmpuint (stuck.n_slow, ==, 1);
  for (guint i = 2; i <= 50; i++)
    {
      bobbin_test_probe_answer (other.probe, 1);
      bobbin_test_clock_advance (SECOND);
      wait_sampled (&other, i);
    }
  g_assert_cmpuint (stuck.n_skipped, ==, 49);
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (stuck.probe), ==, 1);
  g_assert_cmpuint (bobbin_worker_pool_get_n_threads (self->pool), ==, 2);

  /* It comes back, and is one of them again. */
  bobbin_test_probe_answer (stuck.probe, 1);
  wait_sampled (&stuck, 1);
  bobbin_test_probe_answer (stuck.probe, 1);
  bobbin_test_probe_answer (other.probe, 1);
  bobbin_test_clock_advance (SECOND);
  wait_sampled (&stuck, 2);
  wait_sampled (&other, 51);
  g_assert_cmpuint (stuck.n_skipped, ==, 49);

  member_clear (&stuck);
  member_clear (&other);
}

/* A night in the middle of a sample is not time that it takes. */
static void
test_asleep_meanwhile (Fixture *self, gconstpointer user_data)
{
  Member member;

  member_init (&member, self, 60 * 60 * SECOND, TRUE);
  bobbin_test_probe_wait (member.probe, 1);
  bobbin_test_clock_sleep (8 * SECOND);
  drain ();
  g_assert_cmpuint (member.n_slow, ==, 0);
  bobbin_test_clock_advance (SLOW);
  while (member.n_slow == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (member.taken, ==, SLOW);
  g_assert_cmpint (member.asleep, ==, 8 * SECOND);

  bobbin_test_probe_answer (member.probe, 1);
  wait_sampled (&member, 1);
  member_clear (&member);
}

/* Nor is the time that had gone since its slot when the computer woke up. */
static void
test_asleep_before (Fixture *self, gconstpointer user_data)
{
  Member member;

  member_init (&member, self, 60 * 60 * SECOND, TRUE);
  bobbin_test_probe_answer (member.probe, 1);
  wait_sampled (&member, 1);
  bobbin_test_clock_sleep (90 * 60 * SECOND);
  bobbin_test_probe_wait (member.probe, 2);
  bobbin_test_clock_advance (SLOW);
  while (member.n_slow == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (member.taken, ==, SLOW);
  g_assert_cmpint (member.asleep, ==, 0);

  bobbin_test_probe_answer (member.probe, 1);
  wait_sampled (&member, 2);
  g_assert_cmpint (member.due, <, bobbin_clock_get_boottime () - 10 * 60 * SECOND);
  member_clear (&member);
}

/* More of them than the pool has threads; the last member goes with all of them stuck. */
static void
test_many_stuck (Fixture *self, gconstpointer user_data)
{
  Member stuck[40];
  Member other;

  for (guint i = 0; i < G_N_ELEMENTS (stuck); i++)
    {
      member_init (&stuck[i], self, SECOND, TRUE);
      bobbin_test_probe_wait (stuck[i].probe, 1);
      bobbin_test_clock_advance (SLOW);
      while (stuck[i].n_slow == 0)
        g_main_context_iteration (NULL, TRUE);
    }
  member_init (&other, self, SECOND, FALSE);
  bobbin_test_probe_answer (other.probe, 1);
  wait_sampled (&other, 1);
  member_clear (&other);

  for (guint i = 0; i < G_N_ELEMENTS (stuck); i++)
    {
      bobbin_tick_member_leave (stuck[i].member);
      g_assert_false (stuck[i].has_left);
      bobbin_test_probe_answer (stuck[i].probe, 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (stuck); i++)
    member_clear (&stuck[i]);
}

/* The sample in flight is cancelled, and only that one. */
static void
test_cancel (Fixture *self, gconstpointer user_data)
{
  Member member;

  member_init (&member, self, SECOND, FALSE);
  bobbin_test_probe_wait (member.probe, 1);
  bobbin_tick_member_cancel (member.member);
  wait_sampled (&member, 1);
  g_assert_cmpuint (member.n_failed, ==, 1);
  bobbin_test_probe_answer (member.probe, 1);
  bobbin_test_clock_advance (SECOND);
  wait_sampled (&member, 2);
  g_assert_cmpuint (member.n_failed, ==, 1);
  member_clear (&member);
}

/* In flight: when it has returned. Else: at once, and it is told of nothing more. */
static void
test_leave (Fixture *self, gconstpointer user_data)
{
  Member flying;
  Member waiting;

  member_init (&flying, self, SECOND, FALSE);
  bobbin_test_probe_wait (flying.probe, 1);
  member_init (&waiting, self, SECOND, FALSE);
  bobbin_tick_member_leave (waiting.member);
  g_assert_true (waiting.has_left);
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (waiting.probe), ==, 0);
  bobbin_tick_member_leave (flying.member);
  while (!flying.has_left)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (flying.n_sampled, ==, 0);
  member_clear (&flying);
  member_clear (&waiting);
}

/* Comes, is sampled or not, goes: at whatever moment. */
static void
test_leave_race (Fixture *self, gconstpointer user_data)
{
  Member keeper;

  member_init (&keeper, self, SECOND, FALSE);
  bobbin_test_probe_answer (keeper.probe, 1);
  wait_sampled (&keeper, 1);
  for (guint i = 0; i < 2000; i++)
    {
      Member member;

      member_init (&member, self, SECOND, FALSE);
      bobbin_test_probe_answer (member.probe, 1);
      for (guint j = 0; j < i % 7; j++)
        g_main_context_iteration (NULL, FALSE);
      member_clear (&member);
    }
  member_clear (&keeper);
}

static void
test_paused (Fixture *self, gconstpointer user_data)
{
  Member paused;
  Member other;

  member_init (&paused, self, SECOND, FALSE);
  member_init (&other, self, SECOND, FALSE);
  bobbin_test_probe_answer (paused.probe, 1);
  bobbin_test_probe_answer (other.probe, 1);
  wait_sampled (&paused, 1);
  wait_sampled (&other, 1);
  bobbin_tick_member_set_paused (paused.member, TRUE);
  for (guint i = 2; i <= 5; i++)
    {
      bobbin_test_probe_answer (other.probe, 1);
      bobbin_test_clock_advance (SECOND);
      wait_sampled (&other, i);
    }
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (paused.probe), ==, 1);

  bobbin_tick_member_set_paused (paused.member, FALSE);
  bobbin_test_probe_answer (paused.probe, 1);
  bobbin_test_probe_answer (other.probe, 1);
  bobbin_test_clock_advance (SECOND);
  wait_sampled (&paused, 2);
  wait_sampled (&other, 6);
  member_clear (&paused);
  member_clear (&other);
}

/* One that enters paused is not sampled before it is told to go on. */
static void
test_enter_paused (Fixture *self, gconstpointer user_data)
{
  Member paused = { .probe = bobbin_test_probe_new (FALSE) };
  Member other;

  member_enter (&paused, self, SECOND, TRUE);
  member_init (&other, self, SECOND, FALSE);
  bobbin_test_probe_answer (other.probe, 1);
  wait_sampled (&other, 1);
  bobbin_test_probe_answer (other.probe, 1);
  bobbin_test_clock_advance (SECOND);
  wait_sampled (&other, 2);
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (paused.probe), ==, 0);

  bobbin_tick_member_set_paused (paused.member, FALSE);
  bobbin_test_probe_answer (paused.probe, 1);
  bobbin_test_probe_answer (other.probe, 1);
  bobbin_test_clock_advance (SECOND);
  wait_sampled (&paused, 1);
  member_clear (&paused);
  member_clear (&other);
}

/* Between two slots, which stay where they are. */
static void
test_sample_now (Fixture *self, gconstpointer user_data)
{
  Member member;

  member_init (&member, self, SECOND, FALSE);
  bobbin_test_probe_answer (member.probe, 1);
  wait_sampled (&member, 1);
  bobbin_test_clock_advance (SECOND / 4);
  bobbin_tick_member_sample_now (member.member);
  bobbin_test_probe_wait (member.probe, 2);
  bobbin_tick_member_sample_now (member.member);
  bobbin_test_probe_answer (member.probe, 1);
  wait_sampled (&member, 2);
  g_assert_cmpint (member.due, ==, bobbin_clock_get_boottime ());

  bobbin_tick_member_set_paused (member.member, TRUE);
  bobbin_tick_member_sample_now (member.member);
  bobbin_tick_member_set_paused (member.member, FALSE);
  bobbin_test_probe_answer (member.probe, 1);
  bobbin_test_clock_advance (SECOND);
  wait_sampled (&member, 3);
  g_assert_cmpint (member.due % SECOND, ==, 0);
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (member.probe), ==, 3);
  member_clear (&member);
}

/* A night's sleep: one sample each, at the newest slot. */
static void
test_asleep (Fixture *self, gconstpointer user_data)
{
  Member member;

  member_init (&member, self, SECOND, FALSE);
  bobbin_test_probe_answer (member.probe, 1);
  wait_sampled (&member, 1);
  bobbin_test_probe_answer (member.probe, 1);
  bobbin_test_clock_sleep (8 * 3600 * SECOND);
  wait_sampled (&member, 2);
  g_assert_cmpint (bobbin_clock_get_boottime () - member.due, <, SECOND);
  drain ();
  g_assert_cmpuint (bobbin_test_probe_get_n_begun (member.probe), ==, 2);
  member_clear (&member);
}

static void
test_closed (Fixture *self, gconstpointer user_data)
{
  BobbinTestProbe *probe = bobbin_test_probe_new (FALSE);
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;

  bobbin_worker_pool_close_async (self->pool, on_closed, &done);
  g_assert_null (bobbin_tick_member_new (self->pool, bobbin_test_probe_get_probe (probe), SECOND,
                                         FALSE, &funcs, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  bobbin_probe_unref (bobbin_test_probe_get_probe (probe));
}

/* In a tick a file is read once, and as it was then for all. */
static void
test_readings (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "reading", NULL);
  char text[16];
  char less[4];

  g_assert_true (g_file_set_contents (path, "before", -1, NULL));
  bobbin_readings_begin ();
  g_assert_true (bobbin_probe_read_proc (path, less, sizeof less, NULL));
  g_assert_cmpstr (less, ==, "bef");
  g_assert_true (bobbin_probe_read_proc (path, text, sizeof text, NULL));
  g_assert_cmpstr (text, ==, "before");
  g_assert_true (g_file_set_contents (path, "after", -1, NULL));
  g_assert_true (bobbin_probe_read_proc (path, text, sizeof text, NULL));
  g_assert_cmpstr (text, ==, "before");
  g_assert_true (bobbin_probe_read_proc (path, less, sizeof less, NULL));
  g_assert_cmpstr (less, ==, "bef");
  bobbin_readings_end ();
  g_assert_true (bobbin_probe_read_proc (path, text, sizeof text, NULL));
  g_assert_cmpstr (text, ==, "after");
  g_remove (path);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/tick-group/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("together", test_together);
  ADD ("intervals", test_intervals);
  ADD ("day", test_day);
  ADD ("stuck", test_stuck);
  ADD ("asleep-meanwhile", test_asleep_meanwhile);
  ADD ("asleep-before", test_asleep_before);
  ADD ("many-stuck", test_many_stuck);
  ADD ("cancel", test_cancel);
  ADD ("leave", test_leave);
  ADD ("leave-race", test_leave_race);
  ADD ("paused", test_paused);
  ADD ("enter-paused", test_enter_paused);
  ADD ("sample-now", test_sample_now);
  ADD ("asleep", test_asleep);
  ADD ("closed", test_closed);
#undef ADD
  g_test_add_func ("/tick-group/readings", test_readings);

  return g_test_run ();
}
