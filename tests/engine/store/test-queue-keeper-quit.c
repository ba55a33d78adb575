/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A keeper that is closed while jobs are on their way into its queue, after every number of turns
 * of the main loop: whoever waits hears of it, once, nothing holds the keeper, and what was
 * accepted is there at the next start.
 */

#include "config.h"

#include "test-store.h"

#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-queue-keeper.h"

/* More than are loaded in one turn. */
#define N_OLD  250
#define N_ADDS 3

typedef struct
{
  char *folder;
  char *path;
  BobbinJobQueue *queue;
  BobbinQueueKeeper *keeper;
  guint n_opened; /* called back, with success or without */
  guint n_added;  /* the same */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = test_make_folder ();
  f->path = g_build_filename (f->folder, "bobbin.db", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  test_delete_folder (f->folder);
  g_free (f->path);
}

/* In vain is right only when it is closed. */
static void
on_opened (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;
  g_autoptr (GError) error = NULL;

  f->n_opened++;
  if (!bobbin_queue_keeper_open_finish (f->keeper, result, &error))
    g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED);
}

static void
on_added (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;
  g_autoptr (GError) error = NULL;

  f->n_added++;
  if (!bobbin_queue_keeper_add_finish (f->keeper, result, &error))
    g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED);
}

static void
begin (Fixture *f)
{
  f->n_opened = f->n_added = 0;
  f->queue = bobbin_job_queue_new ();
  f->keeper = bobbin_queue_keeper_new (f->queue, f->path);
  bobbin_queue_keeper_open_async (f->keeper, on_opened, f);
}

static void
add_downloads (Fixture *f, guint n)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (jobs, bobbin_download_new ("http://127.0.0.1:1/f.bin", f->folder));
  bobbin_queue_keeper_add_async (f->keeper, jobs, FALSE, on_added, f);
}

static void
end (Fixture *f, guint n_adds)
{
  guint n_ended = 0;

  bobbin_job_queue_shutdown_async (f->queue, test_count, &n_ended);
  test_wait (n_ended == 1);
  bobbin_queue_keeper_close_async (f->keeper, test_count, &n_ended);
  test_wait (n_ended == 2);

  g_assert_cmpuint (f->n_opened, ==, 1);
  g_assert_cmpuint (f->n_added, ==, n_adds);
  g_assert_finalize_object (f->keeper);
  g_assert_finalize_object (f->queue);
}

static void
assert_n_kept (Fixture *f, guint n)
{
  begin (f);
  test_wait (f->n_opened == 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (f->queue)), ==, n);
  end (f, 0);
}

/* Says whether all was in the queue before it was to end. */
static gboolean
quit_after (Fixture *f, guint n_turns)
{
  gboolean is_done = FALSE;

  begin (f);
  add_downloads (f, 1);
  if (n_turns % 2 == 1)
    test_wait (f->n_opened == 1);
  for (guint i = 1; i < N_ADDS; i++)
    add_downloads (f, 1);
  for (guint i = 0; i < n_turns / 2 && !is_done; i++)
    {
      g_main_context_iteration (NULL, TRUE);
      is_done = f->n_added == N_ADDS && f->n_opened == 1;
    }
  end (f, N_ADDS);

  return is_done;
}

static void
test_adding (Fixture *f, gconstpointer data)
{
  guint n_kept = N_OLD;
  gboolean is_done[2] = { FALSE, FALSE };

  begin (f);
  add_downloads (f, N_OLD);
  test_wait (f->n_added == 1);
  end (f, 1);

  for (guint i = 0; !is_done[0] || !is_done[1]; i++)
    {
      is_done[i % 2] = quit_after (f, i);
      n_kept += N_ADDS;
      assert_n_kept (f, n_kept);
    }
}

/* Whichever is heard of first: that it is another's, or that the keeper is closed. */
static void
on_refused (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;
  g_autoptr (GError) error = NULL;

  f->n_opened++;
  g_assert_false (bobbin_queue_keeper_open_finish (f->keeper, result, &error));
  g_assert_true (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_IN_USE) ||
                 g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED));
}

/* The list is another program's: there is nothing to keep it in, but every call has its end. */
static void
test_in_use (Fixture *f, gconstpointer data)
{
  BobbinStore *other = bobbin_store_new (f->path);

  g_assert_true (test_open (other, NULL));
  f->n_opened = f->n_added = 0;
  f->queue = bobbin_job_queue_new ();
  f->keeper = bobbin_queue_keeper_new (f->queue, f->path);
  bobbin_queue_keeper_open_async (f->keeper, on_refused, f);
  add_downloads (f, 1);
  end (f, 1);
  test_close (other);
  assert_n_kept (f, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  g_test_add ("/store/keeper-quit/adding", Fixture, NULL, set_up, test_adding, tear_down);
  g_test_add ("/store/keeper-quit/in-use", Fixture, NULL, set_up, test_in_use, tear_down);

  return g_test_run ();
}
