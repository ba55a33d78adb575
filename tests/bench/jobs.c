/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a long list of jobs costs: the memory of jobs that wait for their turn, and what it takes to
 * add, stop, start, remove and load them all. To be run by hand; --help says how to read it.
 *
 * The downloads are from a server that takes connections and never answers, so those few that run
 * stay as they are.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-machine.h"

#include "bobbin-download.h"
#include "bobbin-queue-keeper.h"

#include <glib/gstdio.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

/* The app hands over so many at once. */
#define PAGE 200

/* What is written later is written by then. */
#define REST 3

#define FOLDER "/home/somebody/Downloads"

static struct
{
  int n_jobs;
  const char *seed;
} options = { .n_jobs = 100000 };

static const GOptionEntry entries[] = {
  { "jobs", 'n', 0, G_OPTION_ARG_INT, &options.n_jobs, "So many (100000)", "N" },
  { "seed", 0, 0, G_OPTION_ARG_FILENAME, &options.seed, "Only make a list of jobs for the app",
    "FILE" },
  { NULL },
};

static struct
{
  guint port;
  char *path;
  BobbinJobQueue *queue;
  BobbinQueueKeeper *keeper;
  guint n_open;    /* steps that were begun and have not ended */
  gint64 poll_end; /* monotonic µs */
  gint64 longest;  /* µs of a turn of the main loop */
} bench;

/* ---- what is measured */

static int
poll_and_note (GPollFD *fds, guint n_fds, int timeout)
{
  int n;

  bench.longest = MAX (bench.longest, g_get_monotonic_time () - bench.poll_end);
  n = g_poll (fds, n_fds, timeout);
  bench.poll_end = g_get_monotonic_time ();
  return n;
}

/* Of this process, in bytes; @field is of proc_pid_status(5). */
static gint64
get_memory (const char *field)
{
  g_autofree char *status = NULL;
  const char *at;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  at = strstr (status, field);
  return at != NULL ? g_ascii_strtoll (at + strlen (field) + 1, NULL, 10) * 1024 : 0;
}

static gint64
begin_step (void)
{
  bench.longest = 0;
  bench.poll_end = g_get_monotonic_time ();
  return bench.poll_end;
}

static void
end_step (const char *name, gint64 begun)
{
  gint64 now = g_get_monotonic_time ();
  gint64 used = (gint64) mallinfo2 ().uordblks;

  bench.longest = MAX (bench.longest, now - bench.poll_end);
  printf ("%-28s %8.2f s %8.1f ms %8.1f MiB %8.1f MiB\n", name,
          (double) (now - begun) / G_USEC_PER_SEC, (double) bench.longest / 1000,
          (double) used / (1 << 20), (double) get_memory ("RssAnon:") / (1 << 20));
}

static void
wait_for_all (void)
{
  while (bench.n_open > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_ended (GObject *object, GAsyncResult *result, gpointer user_data)
{
  bench.n_open--;
}

static gboolean
on_rest_over (gpointer user_data)
{
  bench.n_open--;
  return G_SOURCE_REMOVE;
}

static void
rest (const char *name)
{
  gint64 begun = begin_step ();

  bench.n_open++;
  g_timeout_add_seconds (REST, on_rest_over, NULL);
  wait_for_all ();
  end_step (name, begun);
}

/* ---- steps */

static void
begin_session (const char *name)
{
  gint64 begun = begin_step ();

  bench.queue = bobbin_job_queue_new ();
  bench.keeper = bobbin_queue_keeper_new (bench.queue, bench.path);
  bench.n_open++;
  bobbin_queue_keeper_open_async (bench.keeper, on_ended, NULL);
  wait_for_all ();
  end_step (name, begun);
}

static void
end_session (void)
{
  gint64 begun = begin_step ();

  bench.n_open++;
  bobbin_job_queue_shutdown_async (bench.queue, on_ended, NULL);
  wait_for_all ();
  bench.n_open++;
  bobbin_queue_keeper_close_async (bench.keeper, on_ended, NULL);
  wait_for_all ();
  g_clear_object (&bench.keeper);
  g_clear_object (&bench.queue);
  malloc_trim (0);
  end_step ("quit", begun);
}

static void
add_page (int first)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = first; i < MIN (first + PAGE, options.n_jobs); i++)
    {
      g_autofree char *address =
        g_strdup_printf ("http://127.0.0.1:%u/pub/releases/2026/image-%06d.iso", bench.port, i);

      g_ptr_array_add (jobs, bobbin_download_new (address, FOLDER));
    }
  bench.n_open++;
  bobbin_queue_keeper_add_async (bench.keeper, jobs, TRUE, on_ended, NULL);
}

static void
add_all (void)
{
  gint64 begun = begin_step ();

  for (int i = 0; i < options.n_jobs; i += PAGE)
    {
      add_page (i);
      g_main_context_iteration (NULL, FALSE);
    }
  wait_for_all ();
  end_step ("add", begun);
}

static void
stop_all (void)
{
  gint64 begun = begin_step ();

  bench.n_open++;
  bobbin_job_queue_stop_all_async (bench.queue, BOBBIN_TYPE_JOB, on_ended, NULL);
  wait_for_all ();
  end_step ("stop all", begun);
}

static void
start_all (void)
{
  gint64 begun = begin_step ();

  bobbin_job_queue_start_all (bench.queue, BOBBIN_TYPE_JOB);
  end_step ("start all", begun);
}

static void
on_removed (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinJob) job = user_data;

  bobbin_queue_keeper_forget (bench.keeper, job);
  bench.n_open--;
}

static void
remove_all (void)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 begun = begin_step ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (bench.queue)); i++)
    g_ptr_array_add (jobs, g_list_model_get_item (G_LIST_MODEL (bench.queue), i));
  bench.n_open += jobs->len;
  for (guint i = 0; i < jobs->len; i++)
    bobbin_job_queue_remove_async (bench.queue, g_ptr_array_index (jobs, i), on_removed,
                                   g_object_ref (g_ptr_array_index (jobs, i)));
  wait_for_all ();
  end_step ("remove all", begun);
}

/* ---- all of it */

/* Takes connections, as the kernel does by itself, and never answers. */
static GSocket *
listen_somewhere (void)
{
  GSocket *socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;

  if (!g_socket_bind (socket, any, FALSE, NULL) || !g_socket_listen (socket, NULL))
    g_error ("There is no port to listen at");
  address = g_socket_get_local_address (socket, NULL);
  bench.port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  return socket;
}

static void
seed (void)
{
  bench.path = g_strdup (options.seed);
  begin_session ("open");
  add_all ();
  end_session ();
}

static void
run (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bobbin-jobs-XXXXXX", NULL);

  bench.path = g_build_filename (folder, "bobbin.db", NULL);
  begin_session ("open");
  add_all ();
  rest ("…written");
  stop_all ();
  rest ("…written");
  start_all ();
  rest ("…written");
  end_session ();
  begin_session ("load");
  rest ("…written");
  remove_all ();
  rest ("…written");
  end_session ();
  g_remove (bench.path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) rest_of_line = bench_machine_parse (
    NULL,
    "What a long list of jobs costs: memory and time. Each line: how long the step took, the\n"
    "longest turn of the main loop in it, and after it what malloc() has given out and the\n"
    "anonymous memory that is resident. GLib before 2.76 keeps part of what is freed, unless\n"
    "G_SLICE=always-malloc is set. Whoever asks for the removal of all does it in one turn, which\n"
    "nobody does in the app.",
    entries, argv);
  g_autoptr (GSocket) socket = NULL;

  bench_machine_print ();
  g_main_context_set_poll_func (NULL, poll_and_note);
  socket = listen_somewhere ();
  if (options.seed != NULL)
    seed ();
  else
    run ();
  g_free (bench.path);
  return 0;
}
