/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A queue that outlives its program: each session here is a queue and a keeper of their own over
 * the same file. A session that “crashes” is one whose file is copied away while it is at work.
 */

#include "config.h"

#include "test-keeper.h"

#include "bobbin-monitor.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How often the disk was waited for. The linker takes this rather than the C library's. */
static int n_syncs; /* (atomic) */

int
fdatasync (int fd)
{
  g_atomic_int_inc (&n_syncs);

  return (int) syscall (SYS_fdatasync, fd);
}

static BobbinJob *
add_monitor (Session *session)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (jobs, bobbin_monitor_new ("memory", NULL));
  g_object_set (g_ptr_array_index (jobs, 0), "interval", 1000.0, NULL);
  g_assert_true (add_all (session, jobs, TRUE, NULL));

  return g_ptr_array_index (jobs, 0);
}

/* The numbers in the addresses, in the order of the queue. */
static char *
get_order (Session *session)
{
  GString *order = g_string_new (NULL);

  for (guint i = 0; i < get_n_jobs (session); i++)
    {
      unsigned number;

      g_assert_cmpint (sscanf (bobbin_download_get_address (BOBBIN_DOWNLOAD (get_job (session, i))),
                               ADDRESS, &number),
                       ==, 1);
      g_string_append_printf (order, "%u ", number);
    }

  return g_string_free (order, FALSE);
}

#define assert_order(session, expected)           \
  G_STMT_START                                    \
  {                                               \
    g_autofree char *found = get_order (session); \
    g_assert_cmpstr (found, ==, expected);        \
  }                                               \
  G_STMT_END

static void
test_round_trip (Fixture *f, gconstpointer data)
{
  Session s;
  BobbinJob *job;
  g_autofree char *id = NULL;
  g_autofree char *same_id = NULL;

  begin (&s, f->path);
  add_downloads (&s, f, 3);
  assert_order (&s, "0 1 2 ");
  id = bobbin_queue_keeper_dup_id (s.keeper, get_job (&s, 1));
  g_assert_true (g_uuid_string_is_valid (id));
  job = get_job (&s, 1);
  bobbin_job_start (job);
  test_wait_state (job, BOBBIN_JOB_FAILED);
  end (&s);

  begin (&s, f->path);
  assert_order (&s, "0 1 2 ");
  job = get_job (&s, 1);
  same_id = bobbin_queue_keeper_dup_id (s.keeper, job);
  g_assert_cmpstr (same_id, ==, id);
  g_assert_cmpint (bobbin_job_get_state (get_job (&s, 0)), ==, BOBBIN_JOB_IDLE);
  g_assert_cmpint (bobbin_job_get_started (get_job (&s, 0)), ==, 0);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_FAILED);
  g_assert_error (bobbin_job_get_error (job), BOBBIN_ERROR, BOBBIN_ERROR_REFUSED);
  g_assert_cmpstr (bobbin_job_get_status_line (job), ==, bobbin_job_get_error (job)->message);
  g_assert_cmpint (bobbin_job_get_started (job), >, 0);
  g_assert_cmpint (bobbin_job_get_ended (job), >, 0);
  end (&s);
}

/* What ran when the program quit runs again; what was stopped does not. */
static void
test_goes_on (Fixture *f, gconstpointer data)
{
  Session s;
  BobbinJob *running, *stopped;

  begin (&s, f->path);
  running = add_monitor (&s);
  stopped = add_monitor (&s);
  g_assert_cmpint (bobbin_job_get_state (running), ==, BOBBIN_JOB_RUNNING);
  test_stop (stopped);
  end (&s);

  begin (&s, f->path);
  g_assert_cmpuint (get_n_jobs (&s), ==, 2);
  g_assert_cmpint (bobbin_job_get_state (get_job (&s, 0)), ==, BOBBIN_JOB_RUNNING);
  g_assert_cmpint (bobbin_job_get_state (get_job (&s, 1)), ==, BOBBIN_JOB_IDLE);
  g_assert_true (bobbin_monitor_get_interval (BOBBIN_MONITOR (get_job (&s, 0))) == 1000);
  end (&s);
}

static void
test_moves (Fixture *f, gconstpointer data)
{
  Session s;
  BobbinJob *job;

  begin (&s, f->path);
  add_downloads (&s, f, 5);
  bobbin_job_queue_move_to_top (s.queue, get_job (&s, 4)); /* 4 0 1 2 3 */
  bobbin_job_queue_move_up (s.queue, get_job (&s, 2));     /* 4 1 0 2 3 */
  bobbin_job_queue_move_down (s.queue, get_job (&s, 3));   /* 4 1 0 3 2 */
  bobbin_job_queue_move_down (s.queue, get_job (&s, 0));   /* 1 4 0 3 2 */
  assert_order (&s, "1 4 0 3 2 ");
  end (&s);

  begin (&s, f->path);
  assert_order (&s, "1 4 0 3 2 ");
  /* until no gap is left between two, and then some */
  job = get_job (&s, 4);
  for (guint i = 0; i < 100; i++)
    {
      bobbin_job_queue_move_up (s.queue, get_job (&s, 2));
      bobbin_job_queue_move_up (s.queue, get_job (&s, 3));
    }
  g_assert_true (get_job (&s, 4) == job);
  {
    g_autofree char *order = get_order (&s);

    end (&s);
    begin (&s, f->path);
    assert_order (&s, order);
  }
  end (&s);
}

/* Gone from the queue is not gone from the disk, before nobody can have it back. */
static void
test_removal (Fixture *f, gconstpointer data)
{
  Session s;
  g_autoptr (BobbinJob) job = NULL;

  begin (&s, f->path);
  add_downloads (&s, f, 4);
  job = g_object_ref (get_job (&s, 1));
  remove_job (&s, job);
  assert_order (&s, "0 2 3 ");
  end (&s); /* a crash, as far as the keeper knows */
  g_clear_object (&job);

  begin (&s, f->path);
  assert_order (&s, "0 1 2 3 ");
  job = g_object_ref (get_job (&s, 1));
  remove_job (&s, job);
  bobbin_job_queue_insert (s.queue, 1, job); /* undone */
  remove_job (&s, job);
  bobbin_queue_keeper_forget (s.keeper, job);
  bobbin_queue_keeper_forget (s.keeper, job);
  end (&s);

  begin (&s, f->path);
  assert_order (&s, "0 2 3 ");
  end (&s);
}

static void
test_early (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) jobs = make_downloads (f, 2);
  g_autoptr (BobbinJob) direct = bobbin_download_new ("http://127.0.0.1:1/f9.bin", f->folder);
  guint n = 0;
  Session s;

  begin (&s, f->path);
  add_downloads (&s, f, 1);
  end (&s);

  /* before it is open: what is asked for waits, and stands behind what was there */
  begin_unopened (&s, f->path);
  bobbin_queue_keeper_add_async (s.keeper, jobs, FALSE, test_count, &n);
  bobbin_queue_keeper_open_async (s.keeper, test_count, &n);
  g_assert_cmpuint (get_n_jobs (&s), ==, 0);
  test_wait (n == 2);
  assert_order (&s, "0 0 1 ");
  /* what nobody told the keeper of is kept, too */
  bobbin_job_queue_insert (s.queue, 1, direct);
  end (&s);

  begin (&s, f->path);
  assert_order (&s, "0 9 0 1 ");
  end (&s);
}

static guint
count_lines (BobbinJob *job, BobbinEventKind kind)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (job));
  gint64 before = 0;
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      g_assert_cmpint (bobbin_event_get_time (event), >=, before);
      before = bobbin_event_get_time (event);
      n += bobbin_event_get_kind (event) == kind;
    }

  return n;
}

static void
load_log (Session *session, BobbinJob *job)
{
  guint n_loaded = 0;

  bobbin_queue_keeper_load_log_async (session->keeper, job, test_count, &n_loaded);
  test_wait (n_loaded == 1);
}

static void
test_log (Fixture *f, gconstpointer data)
{
  Session s;
  BobbinJob *job;

  for (guint i = 1; i <= 3; i++)
    {
      begin (&s, f->path);
      if (i == 1)
        add_downloads (&s, f, 1);
      job = get_job (&s, 0);
      bobbin_job_start (job);
      test_wait_state (job, BOBBIN_JOB_FAILED);
      g_assert_cmpuint (count_lines (job, BOBBIN_EVENT_FAILED), ==, 1);
      load_log (&s, job);
      load_log (&s, job);
      g_assert_cmpuint (count_lines (job, BOBBIN_EVENT_STARTED), ==, i);
      g_assert_cmpuint (count_lines (job, BOBBIN_EVENT_FAILED), ==, i);
      end (&s);
    }
}

/* A job that has ended is not begun again, however soon after it the program is killed: neither the
 * first one that changes after a while, nor one that does while another is being written. */
static void
test_ended (Fixture *f, gconstpointer data)
{
  Session s;

  begin (&s, f->path);
  add_downloads (&s, f, 3);
  for (guint i = 0; i < 3; i++)
    {
      bobbin_job_start (get_job (&s, i));
      test_wait_state (get_job (&s, i), BOBBIN_JOB_FAILED);
      g_assert_cmpint (get_stored_state (&s, i), ==, BOBBIN_STORE_FAILED);
    }
  g_assert_false (s.keeper->hurried);
  end (&s);
}

/* Without a database there is a queue all the same. */
static void
test_second (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Session first, second;

  begin (&first, f->path);
  begin_unopened (&second, f->path);
  bobbin_queue_keeper_open_async (second.keeper, test_keep_result, &result);
  test_wait (result != NULL);
  g_assert_false (bobbin_queue_keeper_open_finish (second.keeper, result, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_IN_USE);
  g_clear_object (&result);

  add_downloads (&second, f, 2);
  g_assert_cmpuint (get_n_jobs (&second), ==, 2);
  end (&second);
  end (&first);
  begin (&first, f->path);
  g_assert_cmpuint (get_n_jobs (&first), ==, 0);
  end (&first);
}

static void
test_damaged (Fixture *f, gconstpointer data)
{
  Session s;

  g_assert_true (g_file_set_contents (f->path, "No database.", -1, NULL));
  g_test_expect_message ("bobbin", G_LOG_LEVEL_MESSAGE, "*was set aside as*");
  begin (&s, f->path);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (s.n_troubles, ==, 1);
  add_downloads (&s, f, 1);
  end (&s);
  begin (&s, f->path);
  g_assert_cmpuint (s.n_troubles, ==, 0);
  g_assert_cmpuint (get_n_jobs (&s), ==, 1);
  end (&s);
}

/* What cannot be written is not shown, and what was there stays. */
static void
test_full (Fixture *f, gconstpointer data)
{
  const struct rlimit small = { 192 * 1024, RLIM_INFINITY };
  const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
  g_autoptr (GPtrArray) many = make_downloads (f, 5000);
  g_autoptr (GError) error = NULL;
  Session s;

  begin (&s, f->path);
  add_downloads (&s, f, 1);
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &small);
  g_assert_false (add_all (&s, many, FALSE, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_SPACE);
  g_assert_cmpuint (get_n_jobs (&s), ==, 1);
  setrlimit (RLIMIT_FSIZE, &none);
  g_assert_true (add_all (&s, many, FALSE, NULL));
  end (&s);

  begin (&s, f->path);
  g_assert_cmpuint (get_n_jobs (&s), ==, 5001);
  end (&s);
}

/* What was moved, removed and done while nothing could be written is said once, and made up for. */
static void
test_full_for_a_while (Fixture *f, gconstpointer data)
{
  const struct rlimit small = { 1024, RLIM_INFINITY };
  const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
  g_autoptr (BobbinJob) gone = NULL;
  Session s;

  begin (&s, f->path);
  add_downloads (&s, f, 4);
  gone = g_object_ref (get_job (&s, 1));
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &small);
  bobbin_job_queue_move_to_top (s.queue, get_job (&s, 3)); /* 3 0 1 2 */
  remove_job (&s, gone);
  bobbin_queue_keeper_forget (s.keeper, gone);
  test_wait (s.n_troubles > 0);
  bobbin_job_start (get_job (&s, 1));
  test_wait_state (get_job (&s, 1), BOBBIN_JOB_FAILED);
  g_assert_cmpuint (s.n_troubles, ==, 1);
  setrlimit (RLIMIT_FSIZE, &none);
  g_clear_object (&gone);
  end (&s);

  begin (&s, f->path);
  assert_order (&s, "3 0 2 ");
  g_assert_cmpint (bobbin_job_get_state (get_job (&s, 1)), ==, BOBBIN_JOB_FAILED);
  end (&s);
}

static void
count_error (GObject *object, GAsyncResult *result, gpointer user_data)
{
  guint *count = user_data;

  g_assert_true (g_task_had_error (G_TASK (result)));
  ++*count;
}

/* Quit while the list still loads: what was not seen is there the next time. */
static void
test_quit_while_loading (Fixture *f, gconstpointer data)
{
  guint n_refused = 0;
  Session s;

  begin (&s, f->path);
  add_downloads (&s, f, 2000);
  end (&s);

  begin_unopened (&s, f->path);
  bobbin_queue_keeper_open_async (s.keeper, count_error, &n_refused);
  test_wait (get_n_jobs (&s) > 0);
  end (&s);
  g_assert_cmpuint (n_refused, ==, 1);

  begin (&s, f->path);
  g_assert_cmpuint (get_n_jobs (&s), ==, 2000);
  end (&s);
}

/* What is moved while the list still loads has a place among those that are still to come, and is
 * not taken for one of them. */
static void
test_move_while_loading (Fixture *f, gconstpointer data)
{
  guint n_opened = 0;
  Session s;

  begin (&s, f->path);
  add_downloads (&s, f, 1000);
  end (&s);

  begin_unopened (&s, f->path);
  bobbin_queue_keeper_open_async (s.keeper, test_count, &n_opened);
  test_wait (get_n_jobs (&s) > 1);
  bobbin_job_queue_move_down (s.queue, get_job (&s, get_n_jobs (&s) - 2));
  g_assert_cmpuint (n_opened, ==, 0);
  test_wait (n_opened == 1);
  g_assert_cmpuint (get_n_jobs (&s), ==, 1000);
  end (&s);

  begin (&s, f->path);
  g_assert_cmpuint (get_n_jobs (&s), ==, 1000);
  end (&s);
}

static gint64
get_memory (void)
{
  g_autofree char *text = NULL;
  long pages;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*d %ld", &pages), ==, 1);

  return (gint64) pages * 4096;
}

/* The times and the memory are told, and not judged: the order and the number are. */
static void
test_many (Fixture *f, gconstpointer data)
{
  const guint n = g_test_slow () ? 100000 : 10000;
  g_autoptr (GPtrArray) jobs = make_downloads (f, n);
  gint64 time, memory;
  Session s;

  begin (&s, f->path);
  time = g_get_monotonic_time ();
  g_assert_true (add_all (&s, jobs, FALSE, NULL));
  g_test_message ("%u jobs added in %.2f s", n, (g_get_monotonic_time () - time) / 1e6);
  g_clear_pointer (&jobs, g_ptr_array_unref);
  bobbin_job_queue_move_to_top (s.queue, get_job (&s, n - 1));
  end (&s);

  memory = get_memory ();
  time = g_get_monotonic_time ();
  begin (&s, f->path);
  g_test_message ("%u jobs loaded in %.2f s, %.1f MiB more (of %.1f)", n,
                  (g_get_monotonic_time () - time) / 1e6, (get_memory () - memory) / 1048576.0,
                  get_memory () / 1048576.0);
  g_assert_cmpuint (get_n_jobs (&s), ==, n);
  for (guint i = 0; i < n; i += n / 10)
    {
      g_autofree char *address = g_strdup_printf (ADDRESS, i == 0 ? n - 1 : i - 1);

      g_assert_cmpstr (bobbin_download_get_address (BOBBIN_DOWNLOAD (get_job (&s, i))), ==,
                       address);
    }
  end (&s);
}

static void
add (const char *name, void (*test) (Fixture *f, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/store/keeper/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

/* There may be a hundred thousand: one that waits has nothing that it will need only when it runs,
 * and nobody listens to it by itself. */
static void
assert_light (BobbinJob *job)
{
  const BobbinJobPrivate *priv = bobbin_job_get_private (job);

  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_QUEUED);
  g_assert_null (priv->past);
  g_assert_null (priv->run);
  g_assert_null (priv->status_line);
  g_assert_null (priv->title);
  g_assert_cmpuint (g_signal_handler_find (job, G_SIGNAL_MATCH_ID,
                                           g_signal_lookup ("notify", BOBBIN_TYPE_JOB), 0, NULL,
                                           NULL, NULL),
                    ==, 0);
}

/* Added, or loaded. */
static void
test_light (Fixture *f, gconstpointer data)
{
  Session s;
  g_autoptr (GPtrArray) jobs = make_downloads (f, 3);

  begin_full (&s, f->path);
  g_assert_true (add_all (&s, jobs, TRUE, NULL));
  g_assert_cmpuint (get_n_jobs (&s), ==, 4);
  for (guint i = 1; i < 4; i++)
    assert_light (get_job (&s, i));
  end (&s);

  begin_full (&s, f->path);
  g_assert_cmpuint (get_n_jobs (&s), ==, 4);
  for (guint i = 1; i < 4; i++)
    assert_light (get_job (&s, i));
  end (&s);
}

/* What a person does is on the disk at the end of the turn in which it was done, whatever becomes
 * of the program or the machine after that. */
static void
test_acts (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) jobs = make_downloads (f, 2);
  BobbinStoreJob *row;
  Session s;
  int before;

  begin_full (&s, f->path);
  g_assert_true (add_all (&s, jobs, FALSE, NULL));

  before = g_atomic_int_get (&n_syncs);
  bobbin_job_start (get_job (&s, 2));
  g_assert_cmpint (get_stored_state (&s, 1), ==, BOBBIN_STORE_ACTIVE);
  g_assert_cmpint (g_atomic_int_get (&n_syncs), >, before);

  before = g_atomic_int_get (&n_syncs);
  test_stop (get_job (&s, 2));
  g_assert_cmpint (get_stored_state (&s, 1), ==, BOBBIN_STORE_IDLE);
  g_assert_cmpint (g_atomic_int_get (&n_syncs), >, before);

  /* many things at once are one to the disk */
  before = g_atomic_int_get (&n_syncs);
  g_object_set (get_job (&s, 1), "connections", 3, "timeout", 7, NULL);
  g_object_set (get_job (&s, 2), "connections", 4, NULL);
  row = get_stored (&s, 0);
  g_assert_nonnull (strstr (row->settings, "\"connections\":3"));
  g_assert_nonnull (strstr (row->settings, "\"timeout\":7"));
  bobbin_store_job_free (row);
  g_assert_cmpint (g_atomic_int_get (&n_syncs), ==, before + 1);
  end (&s);
}

/* The stop of what runs counts from when it was asked for, and not from when it is through. */
static void
test_stops (Fixture *f, gconstpointer data)
{
  guint n_stopped = 0;
  Session s;

  begin (&s, f->path);
  add_monitor (&s);
  g_assert_cmpint (get_stored_state (&s, 0), ==, BOBBIN_STORE_ACTIVE);
  bobbin_job_stop_async (get_job (&s, 0), test_count, &n_stopped);
  g_assert_cmpint (get_stored_state (&s, 0), ==, BOBBIN_STORE_IDLE);
  test_wait (n_stopped == 1);
  end (&s);
}

/* That a job has ended soon survives a power cut, too, and many such ends are few syncs. */
static void
test_ended_for_certain (Fixture *f, gconstpointer data)
{
  const guint n = 200;
  gint64 began = g_get_monotonic_time ();
  Session s;
  int before;

  begin (&s, f->path);
  add_downloads (&s, f, n);
  before = g_atomic_int_get (&n_syncs);
  bobbin_job_queue_start_all (s.queue, BOBBIN_TYPE_JOB);
  test_wait (bobbin_job_queue_get_n_jobs (s.queue, BOBBIN_TYPE_DOWNLOAD, BOBBIN_JOB_FAILED) == n);
  /* in ten of these syncs a second, and in those of the start and of checkpoints */
  g_assert_cmpint (g_atomic_int_get (&n_syncs) - before, <=,
                   8 + (g_get_monotonic_time () - began) / (100 * G_TIME_SPAN_MILLISECOND));

  while (get_stored_state (&s, n - 1) != BOBBIN_STORE_FAILED)
    ; /* while another write is under way */
  test_wait (s.keeper->ended_last == NULL);
  before = g_atomic_int_get (&n_syncs);
  bobbin_job_start (get_job (&s, 0));
  test_wait_state (get_job (&s, 0), BOBBIN_JOB_FAILED);
  test_wait (g_atomic_int_get (&n_syncs) >= before + 2); /* of the start, and of the end */
  end (&s);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  add ("round-trip", test_round_trip);
  add ("goes-on", test_goes_on);
  add ("moves", test_moves);
  add ("removal", test_removal);
  add ("early", test_early);
  add ("log", test_log);
  add ("ended", test_ended);
  add ("ended-for-certain", test_ended_for_certain);
  add ("acts", test_acts);
  add ("stops", test_stops);
  add ("second", test_second);
  add ("damaged", test_damaged);
  add ("full", test_full);
  add ("full-for-a-while", test_full_for_a_while);
  add ("quit-while-loading", test_quit_while_loading);
  add ("move-while-loading", test_move_while_loading);
  add ("many", test_many);
  add ("light", test_light);

  return g_test_run ();
}
