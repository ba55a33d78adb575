/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bobbin-test-job.h"

#include "bobbin-error.h"

static BobbinJob *
add (BobbinJobQueue *queue, TestJobKind kind)
{
  g_autoptr (BobbinJob) job = test_job_new (kind);

  g_assert_true (bobbin_job_queue_add (queue, job));

  return job; /* the queue's */
}

static guint
position (BobbinJobQueue *queue, BobbinJob *job)
{
  guint at = G_MAXUINT;

  g_assert_true (bobbin_job_queue_find (queue, job, &at));

  return at;
}

static void
test_slots (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *jobs[6];

  bobbin_job_queue_set_max_transfers (queue, 2);
  for (guint i = 0; i < 6; i++)
    {
      jobs[i] = add (queue, TEST_JOB_WAIT);
      bobbin_job_start (jobs[i]);
    }
  g_assert_cmpuint (bobbin_job_queue_get_n_running (queue), ==, 2);
  g_assert_cmpuint (bobbin_job_queue_get_n_waiting (queue), ==, 4);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (queue), ==, 6);

  /* they get their turn in the order of the list */
  for (guint i = 0; i < 6; i++)
    {
      g_assert_cmpint (bobbin_job_get_state (jobs[i]), ==, BOBBIN_JOB_RUNNING);
      if (i + 2 < 6)
        g_assert_cmpint (bobbin_job_get_state (jobs[i + 2]), ==, BOBBIN_JOB_QUEUED);
      test_job_release (jobs[i]);
      test_wait_state (jobs[i], BOBBIN_JOB_DONE);
    }
  g_assert_cmpuint (test_job_max_working (), <=, 2);
  test_end (&queue);
}

static void
test_stop_while_waiting (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *running, *waiting, *last;

  bobbin_job_queue_set_max_transfers (queue, 1);
  running = add (queue, TEST_JOB_WAIT);
  waiting = add (queue, TEST_JOB_WAIT);
  last = add (queue, TEST_JOB_WAIT);
  bobbin_job_start (running);
  bobbin_job_start (waiting);
  bobbin_job_start (last);
  test_stop (waiting);
  g_assert_cmpint (bobbin_job_get_state (waiting), ==, BOBBIN_JOB_IDLE);
  g_assert_cmpint (bobbin_job_get_started (waiting), ==, 0);

  /* its place is not missed */
  test_stop (running);
  g_assert_cmpint (bobbin_job_get_state (last), ==, BOBBIN_JOB_RUNNING);
  g_assert_cmpint (bobbin_job_get_state (waiting), ==, BOBBIN_JOB_IDLE);
  test_end (&queue);
}

static void
test_change_bound (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *jobs[4];

  bobbin_job_queue_set_max_transfers (queue, 1);
  for (guint i = 0; i < 4; i++)
    {
      jobs[i] = add (queue, TEST_JOB_WAIT);
      bobbin_job_start (jobs[i]);
    }
  bobbin_job_queue_set_max_transfers (queue, 3);
  test_wait (test_job_n_working () == 3);
  g_assert_cmpuint (bobbin_job_queue_get_n_running (queue), ==, 3);

  /* a lower bound stops none */
  bobbin_job_queue_set_max_transfers (queue, 1);
  g_assert_cmpuint (bobbin_job_queue_get_n_running (queue), ==, 3);
  test_stop (jobs[0]);
  test_stop (jobs[1]);
  g_assert_cmpint (bobbin_job_get_state (jobs[3]), ==, BOBBIN_JOB_QUEUED);
  test_stop (jobs[2]);
  g_assert_cmpint (bobbin_job_get_state (jobs[3]), ==, BOBBIN_JOB_RUNNING);
  test_end (&queue);
}

static void
on_items_changed (GListModel *model, guint at, guint removed, guint added, GPtrArray *mirror)
{
  g_ptr_array_remove_range (mirror, at, removed);
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (model, at + i);

      g_ptr_array_insert (mirror, at + i, job);
    }
}

static void
assert_mirror (BobbinJobQueue *queue, GPtrArray *mirror)
{
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (queue)), ==, mirror->len);
  for (guint i = 0; i < mirror->len; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (queue), i);

      g_assert_true (job == g_ptr_array_index (mirror, i));
      g_assert_cmpuint (position (queue, job), ==, i);
    }
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (queue), mirror->len));
}

static void
test_order (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  g_autoptr (GPtrArray) mirror = g_ptr_array_new ();
  BobbinJob *a, *b, *c, *d;

  g_signal_connect (queue, "items-changed", G_CALLBACK (on_items_changed), mirror);
  bobbin_job_queue_set_max_transfers (queue, 1);
  a = add (queue, TEST_JOB_WAIT);
  b = add (queue, TEST_JOB_WAIT);
  c = add (queue, TEST_JOB_WAIT);
  d = add (queue, TEST_JOB_WAIT);
  bobbin_job_queue_start_all (queue, BOBBIN_TYPE_JOB);

  g_assert_false (bobbin_job_queue_move_up (queue, a));
  g_assert_false (bobbin_job_queue_move_down (queue, d));
  g_assert_false (bobbin_job_queue_move_to_top (queue, a));
  g_assert_true (bobbin_job_queue_move_up (queue, c)); /* a c b d */
  assert_mirror (queue, mirror);
  g_assert_true (bobbin_job_queue_move_down (queue, c));   /* a b c d */
  g_assert_true (bobbin_job_queue_move_to_top (queue, d)); /* d a b c */
  g_assert_true (bobbin_job_queue_move_down (queue, b));   /* d a c b */
  assert_mirror (queue, mirror);
  g_assert_cmpuint (position (queue, d), ==, 0);
  g_assert_cmpuint (position (queue, b), ==, 3);
  g_assert_false (bobbin_job_queue_move_to_bottom (queue, b));
  g_assert_true (bobbin_job_queue_move_to_bottom (queue, a)); /* d c b a */
  assert_mirror (queue, mirror);
  g_assert_true (bobbin_job_queue_move_up (queue, a)); /* d c a b */
  g_assert_true (bobbin_job_queue_move_up (queue, a)); /* d a c b */

  /* a runs; the next ones follow in the new order */
  test_stop (a);
  g_assert_cmpint (bobbin_job_get_state (d), ==, BOBBIN_JOB_RUNNING);
  test_stop (d);
  g_assert_cmpint (bobbin_job_get_state (c), ==, BOBBIN_JOB_RUNNING);
  test_stop (c);
  g_assert_cmpint (bobbin_job_get_state (b), ==, BOBBIN_JOB_RUNNING);
  test_end (&queue);
}

static void
on_moved (BobbinJobQueue *queue, guint at, guint removed, guint added, guint *n_told)
{
  g_assert_cmpuint (removed + added, ==, 1);
  (*n_told)++;
}

/* All the time in the queue, and not in its list for a moment. */
static void
on_taken_out (BobbinJobQueue *queue, guint at, guint removed, guint added, BobbinJob *moving)
{
  const guint n_jobs = g_list_model_get_n_items (G_LIST_MODEL (queue));

  g_assert_true (bobbin_job_queue_find (queue, moving, NULL));
  g_assert_cmpuint (n_jobs, ==, added > 0 ? 5 : 4);
  for (guint i = 0; i < n_jobs; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (queue), i);

      g_assert_true (added > 0 || job != moving);
      g_assert_cmpuint (position (queue, job), ==, i);
    }
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (queue), n_jobs));
}

static void
assert_order (BobbinJobQueue *queue, BobbinJob **jobs, const char *order)
{
  for (guint i = 0; order[i] != '\0'; i++)
    g_assert_cmpuint (position (queue, jobs[order[i] - 'a']), ==, i);
}

static gboolean
move_before (BobbinJobQueue *queue, BobbinJob **jobs, const char *which, BobbinJob *sibling)
{
  g_autoptr (GPtrArray) moving = g_ptr_array_new ();

  for (guint i = 0; which[i] != '\0'; i++)
    g_ptr_array_add (moving, jobs[which[i] - 'a']);

  return bobbin_job_queue_move_before (queue, moving, sibling);
}

/* Several at once; of those that stay where they are nobody is told anything. */
static void
test_move_before (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *jobs[5];
  guint n_told = 0;
  gulong handler;

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    jobs[i] = add (queue, TEST_JOB_DONE);
  handler = g_signal_connect (queue, "items-changed", G_CALLBACK (on_taken_out), jobs[0]);
  g_assert_true (move_before (queue, jobs, "a", jobs[3]));
  assert_order (queue, jobs, "bcade");
  g_signal_handler_disconnect (queue, handler);

  g_signal_connect (queue, "items-changed", G_CALLBACK (on_moved), &n_told);
  g_assert_true (move_before (queue, jobs, "be", jobs[0]));
  assert_order (queue, jobs, "cbead");
  g_assert_cmpuint (n_told, ==, 4);
  g_assert_true (move_before (queue, jobs, "ba", NULL));
  assert_order (queue, jobs, "cedba");
  n_told = 0;
  g_assert_false (move_before (queue, jobs, "db", jobs[0]));
  g_assert_false (move_before (queue, jobs, "ba", NULL));
  g_assert_false (move_before (queue, jobs, "", jobs[0]));
  /* before one of them: where that is they come together */
  g_assert_false (move_before (queue, jobs, "ed", jobs[4]));
  g_assert_cmpuint (n_told, ==, 0);
  g_assert_true (move_before (queue, jobs, "cd", jobs[3]));
  assert_order (queue, jobs, "ecdba");
  g_assert_cmpuint (n_told, ==, 2);
  test_end (&queue);
}

static void
test_remove (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  g_autoptr (GPtrArray) mirror = g_ptr_array_new ();
  g_autoptr (BobbinJob) job = NULL;
  guint n_removed = 0;

  g_signal_connect (queue, "items-changed", G_CALLBACK (on_items_changed), mirror);
  add (queue, TEST_JOB_WAIT);
  job = g_object_ref (add (queue, TEST_JOB_WAIT));
  add (queue, TEST_JOB_WAIT);
  bobbin_job_queue_start_all (queue, BOBBIN_TYPE_JOB);
  test_wait (test_job_n_working () == 3);

  bobbin_job_queue_remove_async (queue, job, test_count, &n_removed);
  bobbin_job_queue_remove_async (queue, job, test_count, &n_removed);
  test_wait (n_removed == 2);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_IDLE);
  g_assert_false (bobbin_job_queue_find (queue, job, NULL));
  assert_mirror (queue, mirror);
  g_assert_cmpuint (mirror->len, ==, 2);

  /* undo: back in its place, and it runs again */
  g_assert_true (bobbin_job_queue_insert (queue, 1, job));
  g_assert_cmpuint (position (queue, job), ==, 1);
  g_assert_true (bobbin_job_start (job));
  test_wait (test_job_n_working () == 3);
  assert_mirror (queue, mirror);
  test_end (&queue);
}

/* Started again while it is on its way out: it is out, and does not start. */
static void
test_start_while_leaving (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  g_autoptr (BobbinJob) job = g_object_ref (add (queue, TEST_JOB_STUBBORN));
  guint n_removed = 0;

  bobbin_job_start (job);
  test_wait (test_job_n_working () == 1);
  bobbin_job_queue_remove_async (queue, job, test_count, &n_removed);
  bobbin_job_start (job);
  test_job_release (job);
  test_wait (n_removed == 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (bobbin_job_is_active (job));
  g_assert_false (bobbin_job_queue_find (queue, job, NULL));
  test_end (&queue);
}

/* One stop for many jobs, of which most wait: not one of those begins because another ends. */
static void
test_stop_all (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *jobs[60];
  guint n_stopped = 0;

  bobbin_job_queue_set_max_transfers (queue, 10);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    jobs[i] = add (queue, TEST_JOB_WAIT);
  bobbin_job_queue_start_all (queue, TEST_TYPE_JOB);
  test_wait (test_job_n_working () == 10);

  bobbin_job_queue_stop_all_async (queue, TEST_TYPE_JOB, test_count, &n_stopped);
  test_wait (n_stopped == 1);
  g_assert_cmpuint (test_job_n_working (), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_assert_cmpint (bobbin_job_get_state (jobs[i]), ==, BOBBIN_JOB_IDLE);
      g_assert_true ((bobbin_job_get_started (jobs[i]) != 0) == (i < 10));
    }

  /* of none there is nothing to wait for */
  bobbin_job_queue_stop_all_async (queue, TEST_TYPE_JOB, test_count, &n_stopped);
  test_wait (n_stopped == 2);
  test_end (&queue);
}

static void
test_error_is_its_own (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *before, *failing, *after;

  before = add (queue, TEST_JOB_WAIT);
  failing = add (queue, TEST_JOB_FAIL);
  after = add (queue, TEST_JOB_WAIT);
  bobbin_job_queue_start_all (queue, BOBBIN_TYPE_JOB);
  test_wait_state (failing, BOBBIN_JOB_FAILED);
  g_assert_cmpint (bobbin_job_get_state (before), ==, BOBBIN_JOB_RUNNING);
  g_assert_cmpint (bobbin_job_get_state (after), ==, BOBBIN_JOB_RUNNING);
  test_job_release (before);
  test_job_release (after);
  test_wait_state (before, BOBBIN_JOB_DONE);
  test_wait_state (after, BOBBIN_JOB_DONE);
  g_assert_cmpint (bobbin_job_get_state (failing), ==, BOBBIN_JOB_FAILED);
  test_end (&queue);
}

static void
test_quit (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  g_autoptr (BobbinJob) late = test_job_new (TEST_JOB_WAIT);
  BobbinJob *jobs[80];
  guint n_ended = 0;

  bobbin_job_queue_set_max_transfers (queue, 50);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    jobs[i] = add (queue, i % 2 == 0 ? TEST_JOB_WAIT : TEST_JOB_POLL);
  bobbin_job_queue_start_all (queue, BOBBIN_TYPE_JOB);
  test_wait (test_job_n_working () == 50);

  bobbin_job_queue_shutdown_async (queue, test_count, &n_ended);
  g_assert_true (bobbin_job_queue_is_closing (queue));
  /* nothing begins any more */
  g_assert_false (bobbin_job_start (jobs[79]));
  g_assert_false (bobbin_job_restart (jobs[0]));
  g_assert_false (bobbin_job_queue_add (queue, late));
  /* asked twice, told twice */
  bobbin_job_queue_shutdown_async (queue, test_count, &n_ended);
  test_wait (n_ended == 2);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    g_assert_cmpint (bobbin_job_get_state (jobs[i]), ==, BOBBIN_JOB_IDLE);
  g_assert_cmpuint (test_job_n_working (), ==, 0);
  test_end (&queue);
}

/* A worker that does not listen holds up the end, and nothing is freed under it. */
static void
test_quit_waits (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *job = add (queue, TEST_JOB_STUBBORN);
  guint n_ended = 0;

  bobbin_job_start (job);
  test_wait (test_job_n_working () == 1);
  bobbin_job_queue_shutdown_async (queue, test_count, &n_ended);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_ended, ==, 0);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (queue), ==, 1);
  test_job_release (job);
  test_wait (n_ended == 1);
  test_end (&queue);
}

static void
test_quit_idle (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();

  add (queue, TEST_JOB_WAIT);
  test_end (&queue);
}

/* Quit while stops, removals and restarts are on their way. */
static void
test_quit_amid (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *jobs[3];
  guint n_removed = 0, n_stopped = 0;

  for (guint i = 0; i < 3; i++)
    jobs[i] = add (queue, TEST_JOB_WAIT);
  bobbin_job_queue_start_all (queue, BOBBIN_TYPE_JOB);
  test_wait (test_job_n_working () == 3);
  bobbin_job_stop_async (jobs[0], test_count, &n_stopped);
  bobbin_job_queue_remove_async (queue, jobs[1], test_count, &n_removed);
  bobbin_job_restart (jobs[2]);
  test_end (&queue);
  g_assert_cmpuint (n_stopped, ==, 1);
  g_assert_cmpuint (n_removed, ==, 1);
}

static void
on_count (GObject *queue, GParamSpec *pspec, guint *last)
{
  g_object_get (queue, pspec->name, last, NULL);
}

static void
test_counts (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  guint n_active = 99, n_running = 99, n_waiting = 99;
  BobbinJob *a, *b;

  g_signal_connect (queue, "notify::n-active", G_CALLBACK (on_count), &n_active);
  g_signal_connect (queue, "notify::n-running", G_CALLBACK (on_count), &n_running);
  g_signal_connect (queue, "notify::n-waiting", G_CALLBACK (on_count), &n_waiting);
  bobbin_job_queue_set_max_transfers (queue, 1);
  a = add (queue, TEST_JOB_WAIT);
  b = add (queue, TEST_JOB_WAIT);
  bobbin_job_start (a);
  bobbin_job_start (b);
  g_assert_cmpuint (n_active, ==, 2);
  g_assert_cmpuint (n_running, ==, 1);
  g_assert_cmpuint (n_waiting, ==, 1);
  test_stop (b);
  test_stop (a);
  g_assert_cmpuint (n_active, ==, 0);
  g_assert_cmpuint (n_running, ==, 0);
  g_assert_cmpuint (n_waiting, ==, 0);
  test_end (&queue);
}

/* The first of the list that waits, found by looking at all. */
static BobbinJob *
find_next (BobbinJobQueue *queue)
{
  const guint n_jobs = g_list_model_get_n_items (G_LIST_MODEL (queue));

  for (guint i = 0; i < n_jobs; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (queue), i);

      if (bobbin_job_get_state (job) == BOBBIN_JOB_QUEUED)
        return job; /* the queue's */
    }

  return NULL;
}

static BobbinJob *
find_running (BobbinJobQueue *queue)
{
  const guint n_jobs = g_list_model_get_n_items (G_LIST_MODEL (queue));

  for (guint i = 0; i < n_jobs; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (queue), i);

      if (bobbin_job_get_state (job) == BOBBIN_JOB_RUNNING)
        return job; /* the queue's */
    }

  return NULL;
}

/* What a person may do with the @i-th job while others wait. */
static void
meddle (BobbinJobQueue *queue, guint i, int what)
{
  g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (queue), i);
  guint n_removed = 0;

  switch (what)
    {
    case 0:
      bobbin_job_queue_move_up (queue, job);
      break;
    case 1:
      bobbin_job_queue_move_down (queue, job);
      break;
    case 2:
      bobbin_job_queue_move_to_top (queue, job);
      break;
    case 3:
      bobbin_job_queue_remove_async (queue, job, test_count, &n_removed);
      test_wait (n_removed == 1);
      bobbin_job_queue_insert (queue, i / 2, job);
      break;
    case 4:
      bobbin_job_queue_move_to_bottom (queue, job);
      break;
    case 5:
      if (bobbin_job_get_state (job) == BOBBIN_JOB_QUEUED)
        test_stop (job);
      break;
    default:
      bobbin_job_start (job);
    }
}

/* Whatever was moved, removed, stopped and started: the first that waits is the next to run. */
static void
test_turns (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();

  bobbin_job_queue_set_max_transfers (queue, 1);
  for (guint i = 0; i < 12; i++)
    bobbin_job_start (add (queue, TEST_JOB_WAIT));

  for (guint turn = 0; turn < 300; turn++)
    {
      BobbinJob *running;
      BobbinJob *next;

      for (guint i = 0; i < 3; i++)
        meddle (queue, g_test_rand_int_range (0, 12), g_test_rand_int_range (0, 8));

      running = find_running (queue);
      next = find_next (queue);
      g_assert_true (running != NULL || next == NULL);
      if (running != NULL)
        test_stop (running);
      if (next != NULL)
        g_assert_cmpint (bobbin_job_get_state (next), ==, BOBBIN_JOB_RUNNING);
    }
  test_end (&queue);
}

typedef struct
{
  BobbinJob *job;
  GString *states;
  guint n_changes;
} Told;

static void
on_job_state (BobbinJobQueue *queue, BobbinJob *job, Told *told)
{
  g_assert_true (job == told->job);
  g_assert_cmpuint (bobbin_job_queue_get_n_jobs (queue, BOBBIN_TYPE_JOB,
                                                 bobbin_job_get_state (job)),
                    ==, 1);
  g_string_append_printf (told->states, "%d ", bobbin_job_get_state (job));
}

static void
on_job_changed (BobbinJobQueue *queue, BobbinJob *job, gboolean chosen, Told *told)
{
  g_assert_true (job == told->job);
  g_assert_false (chosen);
  told->n_changes++;
}

/* One signal for all jobs; nothing of those that are not in the queue. */
static void
test_tells (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  g_autoptr (BobbinJob) job = test_job_new (TEST_JOB_WAIT);
  g_autoptr (GString) states = g_string_new (NULL);
  Told told = { job, states, 0 };
  guint n_removed = 0;

  g_signal_connect (queue, "job-state", G_CALLBACK (on_job_state), &told);
  g_signal_connect (queue, "job-changed", G_CALLBACK (on_job_changed), &told);
  bobbin_job_set_title (job, "One");
  g_assert_cmpuint (told.n_changes, ==, 0);

  bobbin_job_queue_add (queue, job);
  g_assert_cmpuint (bobbin_job_queue_get_n_jobs (queue, TEST_TYPE_JOB, BOBBIN_JOB_IDLE), ==, 1);
  bobbin_job_set_title (job, "Two");
  g_assert_cmpuint (told.n_changes, ==, 1);
  bobbin_job_start (job);
  g_assert_cmpuint (told.n_changes, >, 1); /* the start, and a line in the log */
  test_job_release (job);
  test_wait_state (job, BOBBIN_JOB_DONE);
  g_assert_cmpstr (states->str, ==, "1 2 4 ");
  g_assert_cmpuint (bobbin_job_queue_get_n_jobs (queue, TEST_TYPE_JOB, BOBBIN_JOB_DONE), ==, 1);

  bobbin_job_queue_remove_async (queue, job, test_count, &n_removed);
  test_wait (n_removed == 1);
  told.n_changes = 0;
  bobbin_job_set_title (job, "Three");
  g_assert_cmpuint (told.n_changes, ==, 0);
  g_assert_cmpuint (bobbin_job_queue_get_n_jobs (queue, TEST_TYPE_JOB, BOBBIN_JOB_DONE), ==, 0);
  test_end (&queue);
}

/* How fast all are together is known without a look at any; what has ended adds nothing. */
static void
test_rate (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  BobbinJob *a = add (queue, TEST_JOB_WAIT);
  BobbinJob *b = add (queue, TEST_JOB_WAIT);
  BobbinJob *c = add (queue, TEST_JOB_WAIT);

  test_job_set_posts (a, 1);
  test_job_set_posts (b, 1);
  test_job_set_posts (c, 1);
  test_job_set_figures (a, 1000, -1);
  test_job_set_figures (b, 500, -1);
  g_assert_cmpint (bobbin_job_queue_get_rate (queue, BOBBIN_TYPE_JOB), ==, 0);

  bobbin_job_queue_start_all (queue, BOBBIN_TYPE_JOB);
  test_wait (bobbin_job_get_rate (a) == 1000 && bobbin_job_get_rate (b) == 500 &&
             bobbin_job_get_bytes (c) == 1);
  g_assert_cmpint (bobbin_job_queue_get_rate (queue, BOBBIN_TYPE_JOB), ==, 1500);
  g_assert_cmpint (bobbin_job_queue_get_rate (queue, TEST_TYPE_JOB), ==, 1500);
  g_assert_cmpint (bobbin_job_queue_get_rate (queue, BOBBIN_TYPE_JOB_QUEUE), ==, 0);

  test_stop (a);
  g_assert_cmpint (bobbin_job_queue_get_rate (queue, BOBBIN_TYPE_JOB), ==, 500);
  test_job_release (b);
  test_wait_state (b, BOBBIN_JOB_DONE);
  g_assert_cmpint (bobbin_job_queue_get_rate (queue, BOBBIN_TYPE_JOB), ==, 0);
  test_end (&queue);
}

/* Ten thousand jobs in the list, started and stopped at once: the order is kept, nothing is
 * quadratic that a person would notice. */
static BobbinJob *
nth (BobbinJobQueue *queue, guint i)
{
  g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (queue), i);

  return job; /* the queue's */
}

static void
test_many (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  guint n_stopped = 0;

  for (guint i = 0; i < 10000; i++)
    add (queue, TEST_JOB_WAIT);
  bobbin_job_queue_start_all (queue, BOBBIN_TYPE_JOB);
  g_assert_cmpuint (bobbin_job_queue_get_n_running (queue), ==, 4);
  test_wait (bobbin_job_queue_get_n_waiting (queue) == 10000 - 4);

  /* no slot that becomes free before all are stopped starts one */
  bobbin_job_queue_stop_all_async (queue, BOBBIN_TYPE_JOB, test_count, &n_stopped);
  g_assert_cmpuint (bobbin_job_queue_get_n_waiting (queue), >, 0);
  test_wait (bobbin_job_queue_get_n_running (queue) == 0);
  test_wait (n_stopped == 1);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (queue), ==, 0);
  for (guint i = 4; i < 10000; i++)
    g_assert_cmpint (bobbin_job_get_started (nth (queue, i)), ==, 0);
  test_end (&queue);
}

/* The last that was asked for of all counts, however far the one before it has come. */
static void
test_many_at_odds (void)
{
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  guint n_stopped = 0;

  for (guint i = 0; i < 5000; i++)
    add (queue, TEST_JOB_WAIT);
  bobbin_job_queue_start_all (queue, BOBBIN_TYPE_JOB);
  bobbin_job_queue_stop_all_async (queue, TEST_TYPE_JOB, test_count, &n_stopped);
  test_wait (n_stopped == 1);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (queue), ==, 0);

  bobbin_job_queue_start_all (queue, BOBBIN_TYPE_JOB);
  test_wait (bobbin_job_queue_get_n_active (queue) == 5000);
  bobbin_job_queue_stop_all_async (queue, BOBBIN_TYPE_JOB, test_count, &n_stopped);
  bobbin_job_queue_start_all (queue, TEST_TYPE_JOB);
  test_wait (bobbin_job_queue_get_n_active (queue) == 5000);
  test_wait (n_stopped == 2);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (queue), ==, 5000);

  /* what is under way when the queue closes is over with it */
  bobbin_job_queue_stop_all_async (queue, BOBBIN_TYPE_JOB, test_count, &n_stopped);
  test_end (&queue);
  g_assert_cmpuint (n_stopped, ==, 3);
}

static void
count_state (BobbinJobQueue *queue, BobbinJob *job, guint *n_states)
{
  ++*n_states;
}

/* However often a person changes their mind, no turn of the main loop has more to do than a page of
 * the list: what is asked for follows what was, and does not hurry it. */
static void
test_many_in_turns (void)
{
  const guint n = 8000, page = 1000;
  BobbinJobQueue *queue = bobbin_job_queue_new ();
  guint n_stopped = 0, n_states = 0;

  for (guint i = 0; i < n; i++)
    add (queue, TEST_JOB_WAIT);
  bobbin_job_queue_set_max_transfers (queue, 1);
  g_signal_connect (queue, "job-state", G_CALLBACK (count_state), &n_states);
  bobbin_job_queue_start_all (queue, BOBBIN_TYPE_JOB);
  test_wait (bobbin_job_queue_get_n_waiting (queue) == n - 1);

  n_states = 0;
  bobbin_job_queue_stop_all_async (queue, BOBBIN_TYPE_JOB, test_count, &n_stopped);
  bobbin_job_queue_start_all (queue, BOBBIN_TYPE_JOB);
  bobbin_job_queue_stop_all_async (queue, TEST_TYPE_JOB, test_count, &n_stopped);
  bobbin_job_queue_start_all (queue, TEST_TYPE_JOB);
  g_assert_cmpuint (n_states, <=, 2 * page);
  while (n_stopped < 2 || bobbin_job_queue_get_n_waiting (queue) < n - 1)
    {
      n_states = 0;
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (n_states, <=, 2 * page);
    }
  test_end (&queue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  g_test_add_func ("/job-queue/slots-in-order", test_slots);
  g_test_add_func ("/job-queue/stop-while-waiting-for-a-slot", test_stop_while_waiting);
  g_test_add_func ("/job-queue/bound-changed", test_change_bound);
  g_test_add_func ("/job-queue/order", test_order);
  g_test_add_func ("/job-queue/rate", test_rate);
  g_test_add_func ("/job-queue/move-before", test_move_before);
  g_test_add_func ("/job-queue/remove-and-undo", test_remove);
  g_test_add_func ("/job-queue/start-while-leaving", test_start_while_leaving);
  g_test_add_func ("/job-queue/stop-all", test_stop_all);
  g_test_add_func ("/job-queue/error-ends-its-job-only", test_error_is_its_own);
  g_test_add_func ("/job-queue/quit-with-50-active", test_quit);
  g_test_add_func ("/job-queue/quit-waits-for-the-worker", test_quit_waits);
  g_test_add_func ("/job-queue/quit-idle", test_quit_idle);
  g_test_add_func ("/job-queue/quit-amid-stop-remove-restart", test_quit_amid);
  g_test_add_func ("/job-queue/counts", test_counts);
  g_test_add_func ("/job-queue/turns", test_turns);
  g_test_add_func ("/job-queue/tells-of-all-jobs", test_tells);
  g_test_add_func ("/job-queue/ten-thousand", test_many);
  g_test_add_func ("/job-queue/five-thousand-at-odds", test_many_at_odds);
  g_test_add_func ("/job-queue/eight-thousand-in-turns", test_many_in_turns);

  return g_test_run ();
}
