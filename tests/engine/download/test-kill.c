/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A program that downloads is killed, again and again, at a moment that nobody chose, over one,
 * eight and thirty-two connections: at the end the file is whole and right, and what came twice is
 * less than what comes in a second, for each time it was killed. And a power cut: all that nobody
 * waited for is lost, by the page, and the computer has another boot id. One that is only suspended
 * goes on as if nothing had been.
 *
 * The program is this one, with arguments. With `-m slow` it is killed 500 times.
 */

#include "config.h"

#include "download-fixture.h"

#include "bobbin-host-gate.h"
#include "bobbin-part-file.h"
#include "bobbin-queue-keeper.h"
#include "bobbin-segment-map.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is downloaded over so many connections. */
typedef struct
{
  guint connections;
  gint64 length;
  gint64 rate;     /* bytes a second, of one connection */
  guint n_at_once; /* so many are killed side by side, each in a program of its own */
  guint n_kills;   /* in an ordinary run */
} Load;

/* No piece is split that has less than 2 MiB: for all thirty-two to have work a file has to be a
 * long one. */
static const Load over_1 = { 1, 12 * MIB + 4321, 4 * MIB, 8, 16 };
static const Load over_8 = { 8, 12 * MIB + 4321, 512 * KIB, 8, 16 };
static const Load over_32 = { 32, 160 * MIB + 4321, MIB, 1, 4 };

/* So short that it is whole before anybody has heard which file it is. */
static const Load small = { 1, 16 * KIB, 0, 1, 4 };

/* Each lives for less than this, in ms. */
#define LONGEST_LIFE 2000

/* No load is of more at once. */
#define MAX_AT_ONCE 8

/* Silence, in s, after which a server is given up; one that is suspended is so for longer. */
#define TIMEOUT         "2"
#define SUSPENDED_USECS (5 * G_USEC_PER_SEC)

#define MAP_GROUP "Bobbin Part"
#define PAGE      4096

static const char *program;

/* ---- the one that is killed */

static void
on_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_assert_false (g_task_had_error (G_TASK (result)));
  *(gboolean *) user_data = TRUE;
}

static void
add_download (BobbinQueueKeeper *keeper,
              const char *address,
              const char *folder,
              guint connections,
              guint timeout)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
  BobbinJob *job = bobbin_download_new (address, folder);
  gboolean is_added = FALSE;

  g_ptr_array_add (jobs, job);
  g_object_set (job, "connections", connections, NULL);
  if (timeout > 0)
    g_object_set (job, "timeout", timeout, NULL);
  bobbin_queue_keeper_add_async (keeper, jobs, TRUE, on_done, &is_added);
  BOBBIN_TEST_WAIT_UNTIL (is_added);
}

/* Goes on with what is in @list, as the app does. */
static int
download (const char *address,
          const char *folder,
          guint connections,
          guint timeout,
          const char *list)
{
  g_autoptr (BobbinJobQueue) queue = bobbin_job_queue_new ();
  g_autoptr (BobbinQueueKeeper) keeper = bobbin_queue_keeper_new (queue, list);
  g_autoptr (BobbinJob) job = NULL;
  gboolean is_open = FALSE;

  bobbin_host_gate_set_limit (bobbin_host_gate_get_default (), connections);
  bobbin_queue_keeper_open_async (keeper, on_done, &is_open);
  BOBBIN_TEST_WAIT_UNTIL (is_open);
  if (g_list_model_get_n_items (G_LIST_MODEL (queue)) == 0)
    add_download (keeper, address, folder, connections, timeout);
  job = g_list_model_get_item (G_LIST_MODEL (queue), 0);
  while (bobbin_job_is_active (job))
    g_main_context_iteration (NULL, TRUE);

  /* Without a quit: that it is gone at any moment is what it is here for. */
  _exit (bobbin_job_get_state (job) == BOBBIN_JOB_DONE ? 0 : 1);
}

/* ---- the one that kills */

typedef struct
{
  Fixture *f;
  char *path; /* (owned) */
  char *list; /* (owned) of jobs */
  const Load *load;
  const char *timeout; /* (nullable) */
  GPid pid;
  gint64 born;   /* µs */
  gint64 time;   /* µs that all its lives took */
  guint kill_id; /* of the source that kills it */
  guint n_kills;
  guint n_kills_max;
  gboolean is_whole;
  gboolean loses_power; /* when it is killed, all of its computer is */
} Victim;

/* ---- what is left of a power cut */

static char *
victim_path (Victim *victim, const char *suffix)
{
  g_autofree char *name = g_strconcat (victim->path + 1, suffix, NULL);

  return fixture_path (victim->f, name);
}

/* What the disk has for certain: so says a map that was waited for. */
static BobbinSegmentMap *
victim_load_certain (Victim *victim)
{
  g_autofree char *path = victim_path (victim, ".part.map.synced");
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *written = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return bobbin_segment_map_new ();
  g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL));
  written = g_key_file_get_string (file, MAP_GROUP, "Written", NULL);

  return bobbin_segment_map_parse (written);
}

/* As if one of the syncs that a long download makes had been just now. */
static void
victim_sync (Victim *victim)
{
  g_autofree char *address = bobbin_test_server_get_uri (victim->f->server, victim->path);
  g_autoptr (GError) error = NULL;
  BobbinPartFile *part =
    bobbin_part_file_find (victim->f->folder, victim->path + 1, address, BOBBIN_EXISTS_FAIL);

  if (part == NULL)
    return;
  bobbin_part_file_sync (part, &error);
  g_assert_no_error (error);
  bobbin_part_file_free (part);
}

/* Each page that is not certain is there, or is zeros, or what was there long ago; or the file has
 * an end before it. */
static void
victim_lose_pages (Victim *victim)
{
  g_autofree char *path = victim_path (victim, ".part");
  g_autoptr (BobbinSegmentMap) certain = victim_load_certain (victim);
  const int fd = g_open (path, O_RDWR | O_CLOEXEC);
  gint64 size, needed = 0;
  guint8 lost[PAGE];

  if (fd < 0)
    return;
  size = lseek (fd, 0, SEEK_END);
  for (gint64 at = 0; at < size; at += PAGE)
    {
      const gsize n = MIN (PAGE, size - at);
      gint64 first, end;

      if (bobbin_segment_map_get_gap (certain, at, at + n, &first, &end) && first == at &&
          end == at + (gint64) n)
        {
          memset (lost, g_test_rand_bit () ? 0 : 0xEE, sizeof lost);
          if (g_test_rand_bit ())
            g_assert_cmpint (pwrite (fd, lost, n, at), ==, n);
        }
      else
        needed = at + n;
    }
  if (g_test_rand_bit ())
    g_assert_cmpint (ftruncate (fd, g_test_rand_int_range (needed, size + 1)), ==, 0);
  close (fd);
}

/* Nobody waited for the latest map: it is there, or empty. */
static void
victim_reboot (Victim *victim)
{
  g_autofree char *path = victim_path (victim, ".part.map");
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return;
  if (g_test_rand_bit ())
    {
      g_assert_true (g_file_set_contents (path, "", 0, NULL));
      return;
    }
  g_key_file_set_string (file, MAP_GROUP, "Boot", "another-boot");
  g_assert_true (g_key_file_save_to_file (file, path, NULL));
}

/* Perhaps the disk has what was written; if not, that is lost. */
static void
victim_lose_power (Victim *victim)
{
  if (g_test_rand_int_range (0, 3) > 0)
    {
      victim_sync (victim);
      return;
    }

  victim_lose_pages (victim);
  victim_reboot (victim);
}

/* ---- lives */

static gboolean
on_kill (gpointer user_data)
{
  Victim *victim = user_data;

  victim->kill_id = 0;
  g_assert_cmpint (kill (victim->pid, SIGKILL), ==, 0);

  return G_SOURCE_REMOVE;
}

static void victim_live (Victim *victim);

static void
on_exit_status (GPid pid, int status, gpointer user_data)
{
  Victim *victim = user_data;

  g_spawn_close_pid (pid);
  victim->time += g_get_monotonic_time () - victim->born;
  g_clear_handle_id (&victim->kill_id, g_source_remove);
  if (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL)
    {
      victim->n_kills++;
      if (victim->loses_power)
        victim_lose_power (victim);
      victim_live (victim);
      return;
    }
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  victim->is_whole = TRUE;
}

/* Starts it; it is killed at a random moment unless that has happened often enough. */
static void
victim_live (Victim *victim)
{
  g_autofree char *address = bobbin_test_server_get_uri (victim->f->server, victim->path);
  g_autofree char *connections = g_strdup_printf ("%u", victim->load->connections);
  const char *timeout = victim->timeout != NULL ? victim->timeout : "0";
  const char *argv[] = { program,     "--download", address,      victim->f->folder,
                         connections, timeout,      victim->list, NULL };
  g_autoptr (GError) error = NULL;

  victim->born = g_get_monotonic_time ();
  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &victim->pid,
                 &error);
  g_assert_no_error (error);
  g_child_watch_add (victim->pid, on_exit_status, victim);
  if (victim->n_kills < victim->n_kills_max)
    victim->kill_id = g_timeout_add (g_test_rand_int_range (0, LONGEST_LIFE), on_kill, victim);
}

static void
victim_begin (Victim *victim, Fixture *f, guint number, const Load *load, guint n_kills)
{
  *victim = (Victim){ .f = f, .load = load, .n_kills_max = n_kills };
  victim->path = g_strdup_printf ("/k-%u.bin", number);
  victim->list = g_strdup_printf ("%s-%u.db", f->folder, number);
  bobbin_test_server_set (f->server, victim->path,
                          FILE_OF (load->length, .etag = ETAG, .rate = load->rate));
}

static void
victim_forget_list (Victim *victim)
{
  const char *const suffixes[] = { "", "-wal", "-shm", ".lock" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (victim->list, suffixes[i], NULL);

      g_unlink (path);
    }
  g_free (victim->list);
}

/* What it came to, of one or of several. */
typedef struct
{
  guint n_kills;
  gint64 sent;      /* bytes */
  gint64 twice;     /* of them were sent for nothing */
  gint64 time;      /* µs that they took */
  guint max_active; /* connections at once */
} Outcome;

/* How long what came twice takes to come, for each kill, in s: at the rate at which all came, the
 * starts of the program included. */
static double
outcome_get_lost (const Outcome *self)
{
  return self->n_kills > 0 && self->sent > 0
           ? (double) self->twice / self->sent * self->time / G_USEC_PER_SEC / self->n_kills
           : 0;
}

static void
outcome_show (const Outcome *self, const char *of, guint connections)
{
  g_test_message ("%s, %u connections (%u at once), %u kills: %.2f of %.2f MiB came twice, %.2f s "
                  "worth each",
                  of, connections, self->max_active, self->n_kills, (double) self->twice / MIB,
                  (double) self->sent / MIB, outcome_get_lost (self));
}

static void
outcome_add (Outcome *self, const Outcome *other)
{
  self->n_kills += other->n_kills;
  self->sent += other->sent;
  self->twice += other->twice;
  self->time += other->time;
  self->max_active = MAX (self->max_active, other->max_active);
}

static Outcome
victim_end (Victim *victim)
{
  g_autofree char *file = fixture_path (victim->f, victim->path + 1);
  BobbinTestServer *server = victim->f->server;
  const gint64 sent = bobbin_test_server_get_n_sent (server, victim->path);
  const Outcome outcome = { .n_kills = victim->n_kills,
                            .sent = sent,
                            .twice = sent - victim->load->length,
                            .time = victim->time,
                            .max_active =
                              bobbin_test_server_get_max_active (server, victim->path) };

  bobbin_test_content_assert (file, SEED, victim->load->length);
  g_assert_cmpint (g_unlink (file), ==, 0);
  outcome_show (&outcome, victim->path, victim->load->connections);
  victim_forget_list (victim);
  g_free (victim->path);

  return outcome;
}

static gboolean
all_whole (const Victim *victims, guint n_victims)
{
  for (guint i = 0; i < n_victims; i++)
    if (!victims[i].is_whole)
      return FALSE;

  return TRUE;
}

/* So many kills in all, of so many at once, each until it is whole. Those that come to their end
 * before they are killed often enough are followed by others. */
static Outcome
run_kills (Fixture *f, const Load *load, guint n_kills, gboolean lose_power)
{
  Outcome all = { 0 };
  guint number = 0;

  while (all.n_kills < n_kills)
    {
      Victim victims[MAX_AT_ONCE];

      for (guint i = 0; i < load->n_at_once; i++)
        {
          victim_begin (&victims[i], f, number++, load,
                        (n_kills - all.n_kills) / load->n_at_once + 1);
          victims[i].loses_power = lose_power;
          victim_live (&victims[i]);
        }
      BOBBIN_TEST_WAIT_UNTIL (all_whole (victims, load->n_at_once));
      for (guint i = 0; i < load->n_at_once; i++)
        {
          const Outcome outcome = victim_end (&victims[i]);

          outcome_add (&all, &outcome);
        }
      fixture_assert_listing (f, NULL);
    }
  outcome_show (&all, "In all", load->connections);

  return all;
}

static void
test_kill (Fixture *f, const Load *load)
{
  const Outcome all = run_kills (f, load, g_test_slow () ? 168 : load->n_kills, FALSE);

  g_assert_cmpfloat (outcome_get_lost (&all), <=, 1);
  g_assert_cmpuint (all.max_active, >, load->connections / 2);
}

static void
test_kill_1 (Fixture *f, gconstpointer data)
{
  test_kill (f, &over_1);
}

static void
test_kill_8 (Fixture *f, gconstpointer data)
{
  test_kill (f, &over_8);
}

static void
test_kill_32 (Fixture *f, gconstpointer data)
{
  test_kill (f, &over_32);
}

static void
test_power_1 (Fixture *f, gconstpointer data)
{
  run_kills (f, &over_1, g_test_slow () ? 80 : over_1.n_kills, TRUE);
}

static void
test_power_8 (Fixture *f, gconstpointer data)
{
  run_kills (f, &over_8, g_test_slow () ? 80 : over_8.n_kills, TRUE);
}

/* Killed as soon as somebody else sees the file under its name. */

static gboolean
on_named (int fd, GIOCondition condition, gpointer user_data)
{
  Victim *victim = user_data;
  union
  {
    struct inotify_event event;
    char bytes[4096];
  } buffer;
  const gssize n = read (fd, buffer.bytes, sizeof buffer.bytes);

  g_assert_cmpint (n, >, 0);
  for (gssize at = 0; at < n;)
    {
      const struct inotify_event *event = (const struct inotify_event *) (buffer.bytes + at);

      if (victim->n_kills == 0 && strcmp (event->name, victim->path + 1) == 0)
        kill (victim->pid, SIGKILL);
      at += sizeof *event + event->len;
    }

  return G_SOURCE_CONTINUE;
}

/* Whether or not somebody has put down that it is whole: it is there once. So many bytes
 * may come twice. */
static void
run_published (Fixture *f, const Load *load, gint64 may_come_twice)
{
  const int fd = inotify_init1 (IN_CLOEXEC);
  guint n_killed = 0;

  g_assert_cmpint (inotify_add_watch (fd, f->folder, IN_MOVED_TO), >=, 0);
  for (guint i = 0; i < 4; i++)
    {
      Victim victim;
      guint watch;

      victim_begin (&victim, f, i, load, 0);
      watch = g_unix_fd_add (fd, G_IO_IN, on_named, &victim);
      victim_live (&victim);
      BOBBIN_TEST_WAIT_UNTIL (victim.is_whole);
      g_source_remove (watch);
      n_killed += victim.n_kills;
      g_assert_cmpint (victim_end (&victim).twice, <=, may_come_twice);
      fixture_assert_listing (f, NULL);
    }
  g_test_message ("%u of 4 were killed before they ended", n_killed);
  close (fd);
}

static void
test_published (Fixture *f, gconstpointer data)
{
  run_published (f, &over_1, 0);
}

static void
test_published_small (Fixture *f, gconstpointer data)
{
  run_published (f, &small, small.length);
}

/* Ctrl+Z, and back after longer than the time-out: it was not the server who was silent. */
static void
test_suspend (Fixture *f, gconstpointer data)
{
  Victim victim;

  victim_begin (&victim, f, 0, &over_1, 0);
  victim.timeout = TIMEOUT;
  victim_live (&victim);
  bobbin_test_server_wait_sent (f->server, victim.path, MIB);
  g_assert_cmpint (kill (victim.pid, SIGSTOP), ==, 0);
  g_usleep (SUSPENDED_USECS);
  g_assert_cmpint (kill (victim.pid, SIGCONT), ==, 0);

  BOBBIN_TEST_WAIT_UNTIL (victim.is_whole);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, victim.path), ==, 1);
  victim_end (&victim);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  if (argc == 7 && strcmp (argv[1], "--download") == 0)
    return download (argv[2], argv[3], atoi (argv[4]), atoi (argv[5]), argv[6]);

  program = argv[0];
  /* No real disk has to be waited for. */
  if (g_access ("/dev/shm", W_OK) == 0)
    g_setenv ("TMPDIR", "/dev/shm", FALSE);
  g_test_init (&argc, &argv, NULL);

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  /* A sanitizer makes each start many times slower, and has nothing to say of who is killed. */
  return g_test_run ();
#endif

  fixture_test ("/kill/1", BOBBIN_TEST_PLAIN, test_kill_1);
  fixture_test ("/kill/8", BOBBIN_TEST_PLAIN, test_kill_8);
  fixture_test ("/kill/32", BOBBIN_TEST_PLAIN, test_kill_32);
  fixture_test ("/kill/published", BOBBIN_TEST_PLAIN, test_published);
  fixture_test ("/kill/published/small", BOBBIN_TEST_PLAIN, test_published_small);
  fixture_test ("/kill/suspend", BOBBIN_TEST_PLAIN, test_suspend);
  fixture_test ("/kill/power/1", BOBBIN_TEST_PLAIN, test_power_1);
  fixture_test ("/kill/power/8", BOBBIN_TEST_PLAIN, test_power_8);

  return g_test_run ();
}
