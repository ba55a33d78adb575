/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What it costs to report: how many reports a second workers can post, and what those cost the main
 * loop. To be run by hand; --help says how to read it.
 *
 * The main loop here has nothing else to do, so that what it does is what the mailbox makes it do:
 * a drain lasts from when poll() returns to when the iteration is over.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-machine.h"

#include "bobbin-mailbox.h"

#include <gio/gio.h>
#include <stdio.h>
#include <time.h>

#define SECONDS     2
#define MAX_THREADS 4

/* A thread that posts at a rate wakes up this often. */
#define PACE (1 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  guint n_threads;
  guint n_slots;
  guint rate; /* posts a second, all threads together; 0 is as many as they can */
} Load;

static const Load loads[] = {
  { 1, 1, 0 },       { 4, 4, 0 },     { 4, 4, 10 },        { 1, 1, 1000000 },
  { 4, 4, 1000000 }, { 4, 100, 100 }, { 4, 100, 1000000 },
};

typedef struct
{
  const Load *load;
  BobbinMailboxSlot **slots; /* those of all threads */
  guint first;               /* the first one of this thread */
  gint64 end;                /* monotonic µs */
  guint64 n_posts;           /* the thread's, until it is joined */
} Poster;

typedef struct
{
  guint64 n_reports; /* that came out */
  gint64 poll_end;   /* monotonic µs */
  gint64 longest;    /* µs of a drain */
  gint64 all_drains; /* µs */
  guint64 n_seen;    /* drains */
  gboolean over;
} Loop;

static Loop loop;

static void
post (Poster *self)
{
  guint own = self->load->n_slots / self->load->n_threads;
  BobbinReport report = BOBBIN_REPORT_INIT;

  report.bytes = (gint64) ++self->n_posts;
  bobbin_mailbox_slot_post (self->slots[self->first + self->n_posts % own], &report);
}

static void
sleep_until (gint64 time)
{
  struct timespec then = { .tv_sec = time / G_TIME_SPAN_SECOND,
                           .tv_nsec = time % G_TIME_SPAN_SECOND * 1000 };

  clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL);
}

/* As many as are due by now, then a pause; or no pause. */
static gpointer
post_all (gpointer user_data)
{
  Poster *self = user_data;
  gint64 begun = g_get_monotonic_time ();
  gint64 now;

  while ((now = g_get_monotonic_time ()) < self->end)
    {
      double due = (double) self->load->rate / self->load->n_threads * (double) (now - begun) /
                   G_TIME_SPAN_SECOND;

      if (self->load->rate == 0)
        for (guint i = 0; i < 1000; i++)
          post (self);
      else
        {
          while ((double) self->n_posts < due)
            post (self);
          sleep_until (MIN (now + PACE, self->end));
        }
    }
  return NULL;
}

static int
poll_and_note (GPollFD *fds, guint n_fds, int timeout)
{
  int n = g_poll (fds, n_fds, timeout);

  loop.poll_end = g_get_monotonic_time ();
  return n;
}

static void
on_report (const BobbinReport *report, gpointer user_data)
{
  loop.n_reports++;
}

static gboolean
on_over (gpointer user_data)
{
  loop.over = TRUE;
  return G_SOURCE_REMOVE;
}

static void
iterate (BobbinMailbox *mailbox)
{
  guint64 n_drains;
  gint64 time;

  g_main_context_iteration (NULL, TRUE);
  n_drains = bobbin_mailbox_get_n_drains (mailbox);
  if (n_drains == loop.n_seen)
    return;

  time = g_get_monotonic_time () - loop.poll_end;
  loop.n_seen = n_drains;
  loop.all_drains += time;
  loop.longest = MAX (loop.longest, time);
}

static gint64
get_thread_time (void)
{
  struct timespec time = { 0 };

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_TIME_SPAN_SECOND + time.tv_nsec / 1000;
}

static guint64
run_posters (const Load *load, BobbinMailbox *mailbox, BobbinMailboxSlot **slots)
{
  Poster posters[MAX_THREADS];
  GThread *threads[MAX_THREADS];
  gint64 end = g_get_monotonic_time () + SECONDS * G_TIME_SPAN_SECOND;
  guint64 n_posts = 0;

  g_timeout_add_seconds (SECONDS, on_over, NULL);
  for (guint i = 0; i < load->n_threads; i++)
    {
      posters[i] = (Poster){ load, slots, i * (load->n_slots / load->n_threads), end, 0 };
      threads[i] = g_thread_new ("poster", post_all, &posters[i]);
    }
  while (!loop.over)
    iterate (mailbox);
  for (guint i = 0; i < load->n_threads; i++)
    {
      g_thread_join (threads[i]);
      n_posts += posters[i].n_posts;
    }
  return n_posts;
}

static void
run (const Load *load)
{
  g_autoptr (BobbinMailbox) mailbox = bobbin_mailbox_new ();
  g_autofree BobbinMailboxSlot **slots = g_new (BobbinMailboxSlot *, load->n_slots);
  g_autofree char *wanted = load->rate > 0 ? g_strdup_printf ("%u", load->rate) : g_strdup ("all");
  gint64 begun = g_get_monotonic_time ();
  gint64 cpu = get_thread_time ();
  guint64 n_posts;
  double seconds;

  loop = (Loop){ 0 };
  for (guint i = 0; i < load->n_slots; i++)
    slots[i] = bobbin_mailbox_open (mailbox, on_report, NULL, NULL);
  n_posts = run_posters (load, mailbox, slots);
  cpu = get_thread_time () - cpu;
  seconds = (double) (g_get_monotonic_time () - begun) / G_TIME_SPAN_SECOND;

  printf ("%8s %7u %5u %10.0f %8.1f %8.1f %9.3f %9.3f %9.3f\n", wanted, load->n_threads,
          load->n_slots, (double) n_posts / seconds, (double) loop.n_seen / seconds,
          (double) loop.n_reports / seconds,
          (double) loop.all_drains / 1000 / (double) MAX (loop.n_seen, 1),
          (double) loop.longest / 1000, (double) cpu / 1000 / seconds);
  fflush (stdout);
  for (guint i = 0; i < load->n_slots; i++)
    {
      bobbin_mailbox_slot_close (slots[i]);
      bobbin_mailbox_slot_unref (slots[i]);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) rest = bench_machine_parse (
    NULL,
    "What a report costs: workers post, the main loop takes the newest ones.\n"
    "\n"
    "  asked     posts a second that are tried, all threads together; “all”: as many as can be\n"
    "  threads   that post\n"
    "  jobs      they post for, each thread for its own\n"
    "  posts/s   that were made\n"
    "  drains/s  how often the main loop looked: at most ten times, whatever the posts\n"
    "  taken/s   reports that came out: at most one for each job and drain\n"
    "  drain ms  how long a drain held the main loop; on average, and the longest. On few cores "
    "it\n"
    "            counts the time that the posting threads took the core away from it, so with "
    "more\n"
    "            threads than cores less one, and “all”, it says more of the scheduler\n"
    "  CPU ms/s  of the main loop's thread, which is the cost itself: to be compared between a "
    "rate\n"
    "            of ten a second and one of a million for as many jobs",
    NULL, argv);

  bench_machine_print ();
  printf ("%8s %7s %5s %10s %8s %8s %9s %9s %9s\n", "asked", "threads", "jobs", "posts/s",
          "drains/s", "taken/s", "drain ms", "max ms", "CPU ms/s");
  g_main_context_set_poll_func (NULL, poll_and_note);
  for (gsize i = 0; i < G_N_ELEMENTS (loads); i++)
    run (&loads[i]);
  return 0;
}
