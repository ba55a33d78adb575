/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The app, with fifty downloads in its list, is killed again and again at a moment that nobody
 * chose. In the end the list has all of them, and they are done; the folder has their files, right
 * to the last byte, and nothing else; and what came twice is less than what comes in a second, for
 * each download and each time it was killed.
 *
 * It runs in a session and in folders of its own. With `-m slow` it is killed more often.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>

#include "bobbin-download.h"
#include "bobbin-queue-keeper.h"
#include "bobbin-test-content.h"
#include "bobbin-test-server.h"
#include "bobbin-test-wait.h"

#define KIB 1024
#define MIB (1024 * KIB)

#define N_JOBS  50
#define N_KILLS (g_test_slow () ? 60 : 4)

/* Each lives for less than this, in ms. */
#define LONGEST_LIFE 2500

/* Of each four downloads: how long they are, and bytes a second of each connection. The longest are
 * worth several. */
static const gint64 lengths[] = { 24 * KIB, 300 * KIB, 2 * MIB, 6 * MIB };
static const gint64 rates[] = { 24 * KIB, 150 * KIB, 512 * KIB, 768 * KIB };

/* A fifth as fast: to be killed often takes time. */
#define SLOWNESS (g_test_slow () ? 5 : 1)

typedef struct
{
  BobbinTestServer *server; /* (owned) */
  GTestDBus *bus;           /* (owned) */
  GFileMonitor *monitor;    /* (owned): wakes the main loop when a file gets its name */
  char *home;               /* (owned) */
  char *folder;             /* (owned): for the downloads */
  char **environment;       /* (owned) */
  GPid pid;
  gboolean is_alive;
  int status; /* of the last that ended */
  guint n_kills;
} Fixture;

/* ---- folders */

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_tree (child);
      else
        g_assert_cmpint (g_unlink (child), ==, 0);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

static char *
make_folder (Fixture *f, const char *name)
{
  char *path = g_build_filename (f->home, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);

  return path;
}

/* One of the user's folders (XDG base directory specification). */
static void
use_folder (Fixture *f, const char *variable, const char *name)
{
  g_autofree char *path = make_folder (f, name);

  f->environment = g_environ_setenv (f->environment, variable, path, TRUE);
}

/* Half of the downloads at once, and no bound at their host. */
static void
store_settings (Fixture *f)
{
  g_autofree char *folder = g_build_filename (f->home, "config", "glib-2.0", "settings", NULL);
  g_autofree char *path = g_build_filename (folder, "keyfile", NULL);
  g_autofree char *text = g_strdup_printf ("[io/github/bobbinapp/Bobbin]\n"
                                           "max-transfers=uint32 %d\n"
                                           "connections=uint32 4\n"
                                           "connections-per-host=uint32 0\n"
                                           "download-folder='%s'\n",
                                           N_JOBS / 2, f->folder);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
make_folders (Fixture *f)
{
  use_folder (f, "XDG_DATA_HOME", "data");
  use_folder (f, "XDG_CONFIG_HOME", "config");
  use_folder (f, "XDG_CACHE_HOME", "cache");
  use_folder (f, "XDG_STATE_HOME", "state");
  use_folder (f, "XDG_RUNTIME_DIR", "run");
  f->folder = make_folder (f, "downloads");
  store_settings (f);
}

static char *
make_path (guint number)
{
  return g_strdup_printf ("/job-%02u.bin", number);
}

static gint64
get_length (guint number)
{
  return lengths[number % G_N_ELEMENTS (lengths)] + number;
}

static gint64
get_rate (guint number)
{
  return rates[number % G_N_ELEMENTS (rates)] / SLOWNESS;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GFile) folder = NULL;
  const char *display = g_getenv ("DISPLAY");

  f->home = g_dir_make_tmp ("bobbin-kill-XXXXXX", NULL);
  f->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->bus);
  f->environment = g_get_environ ();
  f->environment = g_environ_setenv (f->environment, "DISPLAY", display, TRUE);
  f->environment = g_environ_setenv (f->environment, "GSETTINGS_BACKEND", "keyfile", TRUE);
  /* Nobody shows its notifications, which GLib warns of. */
  f->environment =
    g_environ_setenv (f->environment, "G_DEBUG", "gc-friendly,fatal-criticals", TRUE);
  make_folders (f);
  folder = g_file_new_for_path (f->folder);
  f->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_NONE, NULL, NULL);

  f->server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  for (guint i = 0; i < N_JOBS; i++)
    {
      g_autofree char *path = make_path (i);
      const BobbinTestFile file = { .seed = i,
                                    .length = get_length (i),
                                    .etag = "\"one\"",
                                    .rate = get_rate (i) };

      bobbin_test_server_set (f->server, path, &file);
    }
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  bobbin_test_server_wait_open (f->server, 0);
  bobbin_test_server_free (f->server);
  g_test_dbus_down (f->bus);
  g_object_unref (f->bus);
  g_object_unref (f->monitor);
  remove_tree (f->home);
  g_strfreev (f->environment);
  g_free (f->folder);
  g_free (f->home);
}

/* ---- the app */

static void
on_exit_status (GPid pid, int status, gpointer user_data)
{
  Fixture *f = user_data;

  g_spawn_close_pid (pid);
  f->status = status;
  f->is_alive = FALSE;
}

static void
app_start (Fixture *f)
{
  const char *argv[] = { BOBBIN_APP, NULL };
  g_autoptr (GError) error = NULL;

  g_spawn_async (NULL, (char **) argv, f->environment, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                 &f->pid, &error);
  g_assert_no_error (error);
  f->is_alive = TRUE;
  g_child_watch_add (f->pid, on_exit_status, f);
}

static void
on_name (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void
wait_for_name (Fixture *f)
{
  g_autoptr (GDBusConnection) bus =
    g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (f->bus),
                                            G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                              G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                            NULL, NULL, NULL);
  gboolean is_there = FALSE;
  guint watch = g_bus_watch_name_on_connection (bus, APP_ID, G_BUS_NAME_WATCHER_FLAGS_NONE, on_name,
                                                NULL, &is_there, NULL);

  BOBBIN_TEST_WAIT_UNTIL (is_there);
  g_bus_unwatch_name (watch);
}

static void
on_added (GPid pid, int status, gpointer user_data)
{
  g_spawn_close_pid (pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  *(gboolean *) user_data = TRUE;
}

/* Hands the addresses to the app that runs; once it says that it has them, none may be lost. */
static void
add_all (Fixture *f)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  gboolean is_added = FALSE;
  GPid pid;

  g_ptr_array_add (argv, g_strdup (BOBBIN_APP));
  for (guint i = 0; i < N_JOBS; i++)
    {
      g_autofree char *path = make_path (i);

      g_ptr_array_add (argv, bobbin_test_server_get_uri (f->server, path));
    }
  g_ptr_array_add (argv, NULL);
  g_spawn_async (NULL, (char **) argv->pdata, f->environment, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                 &pid, &error);
  g_assert_no_error (error);
  g_child_watch_add (pid, on_added, &is_added);
  BOBBIN_TEST_WAIT_UNTIL (is_added);
}

static gboolean
on_kill (gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_cmpint (kill (f->pid, SIGKILL), ==, 0);

  return G_SOURCE_REMOVE;
}

static gboolean
is_there (Fixture *f, guint number)
{
  g_autofree char *name = make_path (number);
  g_autofree char *path = g_build_filename (f->folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static guint
count_there (Fixture *f)
{
  guint n = 0;

  for (guint i = 0; i < N_JOBS; i++)
    n += is_there (f, i);

  return n;
}

/* Lives that end at a random moment, until it was killed often enough or has done its work. */
static void
kill_and_start (Fixture *f)
{
  while (f->n_kills < (guint) N_KILLS && count_there (f) < N_JOBS)
    {
      g_timeout_add (g_test_rand_int_range (0, LONGEST_LIFE), on_kill, f);
      BOBBIN_TEST_WAIT_UNTIL (!f->is_alive);
      g_assert_true (WIFSIGNALED (f->status));
      g_assert_cmpint (WTERMSIG (f->status), ==, SIGKILL);
      f->n_kills++;
      app_start (f);
    }
}

/* Every file has its name; then it is asked to quit, and does. */
static void
wait_and_quit (Fixture *f)
{
  for (guint i = 0; i < N_JOBS; i++)
    BOBBIN_TEST_WAIT_UNTIL (is_there (f, i));
  g_assert_cmpint (kill (f->pid, SIGTERM), ==, 0);
  BOBBIN_TEST_WAIT_UNTIL (!f->is_alive);
  g_assert_true (WIFEXITED (f->status));
  g_assert_cmpint (WEXITSTATUS (f->status), ==, 0);
}

/* ---- what has become of it */

static void
check_file (Fixture *f, guint number)
{
  g_autofree char *path = make_path (number);
  g_autofree char *file = g_build_filename (f->folder, path, NULL);
  const gint64 twice = bobbin_test_server_get_n_sent (f->server, path) - get_length (number);
  const guint n_active = bobbin_test_server_get_max_active (f->server, path);
  const gint64 second = get_rate (number) * n_active;

  bobbin_test_content_assert (file, number, get_length (number));
  if (twice > 0)
    g_test_message ("%s: %.2f s worth came twice for each kill, over up to %u connections", path,
                    (double) twice / second / f->n_kills, n_active);
  g_assert_cmpint (twice, <=, f->n_kills * second);
}

static void
check_folder (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  guint n = 0;

  for (guint i = 0; i < N_JOBS; i++)
    check_file (f, i);
  while (g_dir_read_name (dir) != NULL)
    n++;
  g_assert_cmpuint (n, ==, N_JOBS);
}

static void
on_keeper_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_false (g_task_had_error (G_TASK (result)));
  *(gboolean *) user_data = TRUE;
}

static void
check_jobs (GListModel *queue)
{
  g_autoptr (GHashTable) addresses = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (g_list_model_get_n_items (queue), ==, N_JOBS);
  for (guint i = 0; i < N_JOBS; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (queue, i);

      g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_DONE);
      g_hash_table_add (addresses, (char *) bobbin_download_get_address (BOBBIN_DOWNLOAD (job)));
    }
  g_assert_cmpuint (g_hash_table_size (addresses), ==, N_JOBS);
}

static void
check_list (Fixture *f)
{
  const char *profile = g_str_equal (PROFILE, "development") ? "bobbin-devel" : "bobbin";
  g_autofree char *path = g_build_filename (f->home, "data", profile, "bobbin.db", NULL);
  g_autoptr (BobbinJobQueue) queue = bobbin_job_queue_new ();
  g_autoptr (BobbinQueueKeeper) keeper = bobbin_queue_keeper_new (queue, path);
  gboolean is_open = FALSE, is_shut = FALSE, is_closed = FALSE;

  bobbin_queue_keeper_open_async (keeper, on_keeper_done, &is_open);
  BOBBIN_TEST_WAIT_UNTIL (is_open);
  check_jobs (G_LIST_MODEL (queue));
  bobbin_job_queue_shutdown_async (queue, on_keeper_done, &is_shut);
  BOBBIN_TEST_WAIT_UNTIL (is_shut);
  bobbin_queue_keeper_close_async (keeper, on_keeper_done, &is_closed);
  BOBBIN_TEST_WAIT_UNTIL (is_closed);
}

static void
test_kill (Fixture *f, gconstpointer data)
{
  app_start (f);
  wait_for_name (f);
  add_all (f);
  kill_and_start (f);
  wait_and_quit (f);

  g_test_message ("Killed %u times", f->n_kills);
  g_assert_cmpuint (f->n_kills, >, 0);
  check_folder (f);
  check_list (f);
}

int
main (int argc, char **argv)
{
  /* No real disk has to be waited for. */
  if (g_access ("/dev/shm", W_OK) == 0)
    g_setenv ("TMPDIR", "/dev/shm", FALSE);
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/ui/kill", Fixture, NULL, set_up, test_kill, tear_down);

  return g_test_run ();
}
