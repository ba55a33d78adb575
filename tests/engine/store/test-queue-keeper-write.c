/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How a keeper writes: no more of a long list in one turn of the main loop than is good for that,
 * and what fails again and again until it is there.
 */

#include "config.h"

#include "test-keeper.h"

#include <signal.h>
#include <sys/resource.h>

/* A removal that failed is made up for by itself, and tried less and less often until then. */
static void
test_removal_again (Fixture *f, gconstpointer data)
{
  const struct rlimit small = { 1024, RLIM_INFINITY };
  const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
  const guint retry_time = bobbin_queue_keeper_retry_time;
  g_autoptr (BobbinJob) gone = NULL;
  Session s;

  begin (&s, f->path);
  add_downloads (&s, f, 2);
  gone = g_object_ref (get_job (&s, 0));
  remove_job (&s, gone);
  bobbin_queue_keeper_retry_time = 10;
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &small);
  bobbin_queue_keeper_forget (s.keeper, gone);
  test_wait (s.keeper->n_failed == 4);
  g_assert_cmpuint (s.n_troubles, ==, 1);
  g_assert_cmpuint (count_rows (&s), ==, 2);
  setrlimit (RLIMIT_FSIZE, &none);

  test_wait (s.keeper->n_failed == 0);
  g_assert_cmpuint (count_rows (&s), ==, 1);
  bobbin_queue_keeper_retry_time = retry_time;
  end (&s);
}

static guint
get_n_in_turn (Session *session)
{
  return session->keeper->turn != NULL ? session->keeper->turn->put->len : 0;
}

/* What is done to all jobs at once is put down a page in each turn of the main loop. */
static void
test_acts_in_pages (Fixture *f, gconstpointer data)
{
  const guint n = 1000, page = 200;
  guint n_left, n_turns = 0;
  Session s;

  begin_full (&s, f->path);
  add_downloads (&s, f, n);
  bobbin_job_queue_start_all (s.queue, BOBBIN_TYPE_DOWNLOAD);
  g_assert_cmpuint (get_n_in_turn (&s), ==, n);
  for (n_left = n; n_left > 0; n_left = get_n_in_turn (&s))
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (n_left - get_n_in_turn (&s), <=, page);
      n_turns++;
    }
  g_assert_cmpuint (n_turns, >=, n / page);
  g_assert_cmpint (get_stored_state (&s, n - 1), ==, BOBBIN_STORE_ACTIVE);
  end (&s);
}

/* The same if the program quits before that: all of it is written then. */
static void
test_acts_at_the_end (Fixture *f, gconstpointer data)
{
  const guint n = 1000;
  guint n_stopped = 0;
  Session s;

  begin_full (&s, f->path);
  add_downloads (&s, f, n);
  bobbin_job_queue_start_all (s.queue, BOBBIN_TYPE_DOWNLOAD);
  while (get_n_in_turn (&s) > 0)
    g_main_context_iteration (NULL, TRUE);
  bobbin_job_queue_stop_all_async (s.queue, BOBBIN_TYPE_DOWNLOAD, test_count, &n_stopped);
  g_assert_cmpuint (get_n_in_turn (&s), >, n / 2);
  end (&s);

  begin_full (&s, f->path);
  g_assert_cmpuint (bobbin_job_queue_get_n_jobs (s.queue, BOBBIN_TYPE_DOWNLOAD, BOBBIN_JOB_IDLE),
                    ==, n);
  end (&s);
}

static void
add (const char *name, void (*test) (Fixture *f, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/store/keeper-write/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  add ("removal-again", test_removal_again);
  add ("acts-in-pages", test_acts_in_pages);
  add ("acts-at-the-end", test_acts_at_the_end);

  return g_test_run ();
}
