/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The demonstration of src/run: starts a server of its own and the app, drives the app from outside
 * by the actions it exports on the session bus, and says what came of each job. What it says is
 * read where it really shows: in the files, at the server, and in the window over the accessibility
 * bus. It needs a display and a session bus of its own, leaves two pictures, and ends by itself.
 *
 *   bobbin-demo APP PICTURE-FOLDER
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <locale.h>

#include "demo-screen.h"
#include "demo-server.h"

#define WHOLE_NAME   "harbour-photos.tar"
#define RESUMED_NAME "river-survey.iso"
#define PAGE_NAME    "status"

#define MEBIBYTE (1024 * 1024)

#define RESUMED_SIZE (24 * MEBIBYTE)
/* Stopped when so much of it was sent; begun anew, the server would have to send that again. */
#define RESUMED_AT (10 * MEBIBYTE)
/* Lost is what was on its way when a connection was closed, and the slow rests are fetched twice.
 */
#define MAX_SENT_AGAIN (8 * MEBIBYTE)
#define PATIENCE       (60 * G_TIME_SPAN_SECOND)
/* What is on the screen sends no event that would be simpler than to look again. */
#define LOOK_INTERVAL 200 /* ms */

typedef struct
{
  char *folder; /* (owned): everything of this run */
  const char *pictures;
  DemoServer *server;    /* (owned) */
  DemoScreen *screen;    /* (owned) */
  GSubprocess *app;      /* (owned) */
  GActionGroup *actions; /* (owned) */
  char *whole;           /* (owned): address */
  char *resumed;         /* (owned): address */
  char *page;            /* (owned): address */
  char *words;           /* (owned) (nullable): what the row last looked for showed */
  guint n_asked;         /* requests for the second file before it was stopped */
  gboolean app_is_there;
  gboolean app_ended;
  guint n_failed;
} Demo;

typedef gboolean (*DemoCondition) (Demo *demo);

static void
say (Demo *demo, gboolean good, const char *what, const char *outcome)
{
  g_print ("%s  %-28s %s\n", good ? "ok    " : "FAILED", what, outcome);
  if (!good)
    demo->n_failed++;
}

static gboolean
keep_looking (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @condition holds or patience ends; the app's end ends every wait. */
static gboolean
wait_for (Demo *demo, DemoCondition condition)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint source = g_timeout_add (LOOK_INTERVAL, keep_looking, NULL);
  gboolean met;

  while (!(met = condition (demo)) && !demo->app_ended && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);

  return met;
}

/* ---- what is waited for */

static gboolean
app_is_there (Demo *demo)
{
  return demo->app_is_there;
}

static gboolean
app_has_ended (Demo *demo)
{
  return demo->app_ended;
}

static char *
get_path (Demo *demo, const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  return g_build_filename (demo->folder, "Downloads", file, NULL);
}

static gboolean
has_file (Demo *demo, const char *name, const char *suffix)
{
  g_autofree char *path = get_path (demo, name, suffix);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Takes the words of the row that shows @word, as often as it is looked; a download may show the
 * same host as a monitor does. */
static gboolean
row_shows (Demo *demo, const char *word, const char *also)
{
  g_autoptr (GPtrArray) rows = demo_screen_read_rows (demo->screen, "bobbin");

  for (guint i = 0; i < rows->len; i++)
    {
      const char *words = g_ptr_array_index (rows, i);

      if (strstr (words, word) == NULL)
        continue;
      g_free (demo->words);
      demo->words = g_strdup (words);
      if (strstr (words, also) != NULL)
        return TRUE;
    }

  return FALSE;
}

static gboolean
whole_is_there (Demo *demo)
{
  return has_file (demo, WHOLE_NAME, "") && row_shows (demo, WHOLE_NAME, "Done");
}

static gboolean
resumed_is_half_done (Demo *demo)
{
  return demo_server_get_record (demo->server, RESUMED_NAME).n_sent >= RESUMED_AT;
}

static gboolean
resumed_has_stopped (Demo *demo)
{
  return demo_server_get_record (demo->server, RESUMED_NAME).n_open == 0 &&
         row_shows (demo, RESUMED_NAME, "Stopped");
}

static gboolean
resumed_goes_on (Demo *demo)
{
  return demo_server_get_record (demo->server, RESUMED_NAME).n_asked > demo->n_asked &&
         row_shows (demo, RESUMED_NAME, "left");
}

static gboolean
resumed_is_there (Demo *demo)
{
  return has_file (demo, RESUMED_NAME, "") && row_shows (demo, RESUMED_NAME, "Done");
}

static gboolean
processor_is_shown (Demo *demo)
{
  return row_shows (demo, "Processor", "every");
}

static gboolean
page_is_shown (Demo *demo)
{
  return demo_server_get_record (demo->server, PAGE_NAME).n_whole >= 3 &&
         row_shows (demo, "127.0.0.1", "every");
}

/* ---- the app */

static void
on_app_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Demo *demo = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  demo->app_ended = TRUE;
}

static void
on_name_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  Demo *demo = user_data;

  demo->app_is_there = TRUE;
  demo->actions =
    G_ACTION_GROUP (g_dbus_action_group_get (bus, owner, "/io/github/bobbinapp/Bobbin"));
}

static gboolean
write_file (Demo *demo, const char *folder, const char *name, const char *contents, GError **error)
{
  g_autofree char *in = g_build_filename (demo->folder, folder, NULL);
  g_autofree char *path = g_build_filename (in, name, NULL);

  g_mkdir_with_parents (in, 0700);

  return g_file_set_contents (path, contents, -1, error);
}

/* A home of its own, where the Downloads folder and the settings are those of the demonstration. */
static gboolean
make_home (Demo *demo, GError **error)
{
  g_autofree char *downloads = g_build_filename (demo->folder, "Downloads", NULL);

  g_mkdir_with_parents (downloads, 0700);

  return write_file (demo, ".config", "user-dirs.dirs", "XDG_DOWNLOAD_DIR=\"$HOME/Downloads\"\n",
                     error) &&
         write_file (demo, ".config/glib-2.0/settings", "keyfile",
                     "[io/github/bobbinapp/Bobbin]\nmonitor-interval=1.0\n", error);
}

static void
set_folder (GSubprocessLauncher *launcher, Demo *demo, const char *variable, const char *name)
{
  g_autofree char *path = g_build_filename (demo->folder, name, NULL);

  g_mkdir_with_parents (path, 0700);
  g_subprocess_launcher_setenv (launcher, variable, path, TRUE);
}

static gboolean
start_app (Demo *demo, const char *program, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);

  set_folder (launcher, demo, "HOME", "");
  set_folder (launcher, demo, "XDG_CONFIG_HOME", ".config");
  set_folder (launcher, demo, "XDG_CACHE_HOME", ".cache");
  set_folder (launcher, demo, "XDG_DATA_HOME", ".local/share");
  set_folder (launcher, demo, "XDG_STATE_HOME", ".local/state");
  g_subprocess_launcher_setenv (launcher, "GSETTINGS_BACKEND", "keyfile", TRUE);
  g_subprocess_launcher_setenv (launcher, "GIO_USE_VFS", "local", TRUE);
  /* Nobody may show its notifications, which GLib warns of. */
  g_subprocess_launcher_setenv (launcher, "G_DEBUG", "fatal-criticals", TRUE);

  g_bus_watch_name (G_BUS_TYPE_SESSION, APP_ID, G_BUS_NAME_WATCHER_FLAGS_NONE, on_name_appeared,
                    NULL, demo, NULL);
  demo->app = g_subprocess_launcher_spawn (launcher, error, program, NULL);
  if (demo->app == NULL)
    return FALSE;
  g_subprocess_wait_async (demo->app, NULL, on_app_ended, demo);
  if (wait_for (demo, app_is_there))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The app did not appear on the bus");

  return FALSE;
}

static void
act_on (Demo *demo, const char *action, const char *job)
{
  g_action_group_activate_action (demo->actions, action, g_variant_new_string (job));
}

static void
add_download (Demo *demo, const char *address)
{
  const char *const addresses[] = { address, NULL };

  g_action_group_activate_action (demo->actions, "add-download",
                                  g_variant_new_strv (addresses, -1));
}

static void
take_picture (Demo *demo, const char *name)
{
  g_autofree char *path = g_build_filename (demo->pictures, name, NULL);
  g_autoptr (GError) error = NULL;

  if (demo_screen_save (path, &error))
    say (demo, TRUE, "picture", path);
  else
    say (demo, FALSE, "picture", error->message);
}

/* ---- what is shown */

/* Compares the file on the disk with what the server has. */
static void
check_file (Demo *demo, const char *name, gboolean there)
{
  g_autofree char *path = get_path (demo, name, "");
  g_autofree char *right = demo_server_get_checksum (demo->server, name);
  g_autofree char *found = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *outcome = NULL;
  gsize length = 0;

  if (there && g_file_get_contents (path, &contents, &length, NULL))
    found = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) contents, length);
  outcome = g_strdup_printf ("%" G_GSIZE_FORMAT " bytes, SHA-256 %s; shows: %s", length,
                             g_strcmp0 (found, right) == 0 ? "right" : "wrong", demo->words);
  say (demo, g_strcmp0 (found, right) == 0, name, outcome);
}

static void
show_stop_and_start (Demo *demo)
{
  g_autofree char *stopped = NULL;
  gboolean good;

  wait_for (demo, resumed_is_half_done);
  act_on (demo, "stop-job", demo->resumed);
  good = wait_for (demo, resumed_has_stopped) && has_file (demo, RESUMED_NAME, ".part") &&
         !has_file (demo, RESUMED_NAME, "");
  stopped = g_strdup_printf ("connections closed, part kept; shows: %s", demo->words);
  say (demo, good, "stop " RESUMED_NAME, good ? stopped : "did not stop as it should");

  demo->n_asked = demo_server_get_record (demo->server, RESUMED_NAME).n_asked;
  act_on (demo, "start-job", demo->resumed);
  good = wait_for (demo, resumed_goes_on);
  say (demo, good, "start " RESUMED_NAME, good ? demo->words : "did not go on");
}

/* The server knows what a resume was worth. */
static void
check_what_was_sent (Demo *demo)
{
  DemoRecord record = demo_server_get_record (demo->server, RESUMED_NAME);
  g_autofree char *outcome =
    g_strdup_printf ("the server sent %" G_GSIZE_FORMAT " bytes in %u answers, for %u bytes",
                     record.n_sent, record.n_asked, RESUMED_SIZE);

  say (demo, record.n_sent <= RESUMED_SIZE + MAX_SENT_AGAIN, "resume " RESUMED_NAME, outcome);
}

static void
show_downloads (Demo *demo)
{
  gboolean there;

  add_download (demo, demo->whole);
  there = wait_for (demo, whole_is_there);
  check_file (demo, WHOLE_NAME, there);

  add_download (demo, demo->resumed);
  show_stop_and_start (demo);
  take_picture (demo, "bobbin-downloads.png");
  there = wait_for (demo, resumed_is_there);
  check_file (demo, RESUMED_NAME, there);
  check_what_was_sent (demo);
}

static void
show_monitors (Demo *demo)
{
  gboolean shown;
  g_autofree char *answered = NULL;

  act_on (demo, "add-monitor", "cpu");
  act_on (demo, "add-monitor", demo->page);
  demo_screen_press (demo->screen, "bobbin", "Monitors");

  shown = wait_for (demo, processor_is_shown);
  say (demo, shown, "monitor cpu", shown ? demo->words : "shows no value");
  shown = wait_for (demo, page_is_shown);
  answered =
    g_strdup_printf ("asked %u times; shows: %s",
                     demo_server_get_record (demo->server, PAGE_NAME).n_whole, demo->words);
  say (demo, shown, "monitor " PAGE_NAME, shown ? answered : "shows no value");
  take_picture (demo, "bobbin-monitors.png");
}

static void
show_quit (Demo *demo)
{
  gboolean ended;

  g_action_group_activate_action (demo->actions, "quit", NULL);
  ended = wait_for (demo, app_has_ended) && g_subprocess_get_if_exited (demo->app) &&
          g_subprocess_get_exit_status (demo->app) == 0;
  say (demo, ended, "quit", ended ? "every job joined, exit status 0" : "did not end as it should");
}

static gboolean
prepare (Demo *demo, const char *program, GError **error)
{
  demo->folder = g_dir_make_tmp ("bobbin-demo-XXXXXX", error);
  if (demo->folder == NULL || !make_home (demo, error))
    return FALSE;
  demo->server = demo_server_new (error);
  if (demo->server == NULL)
    return FALSE;
  demo_server_add_file (demo->server, WHOLE_NAME, 12 * MEBIBYTE, 8 * MEBIBYTE);
  demo_server_add_file (demo->server, RESUMED_NAME, RESUMED_SIZE, 8 * MEBIBYTE);
  demo_server_add_file (demo->server, PAGE_NAME, 512, MEBIBYTE);
  demo->whole = demo_server_get_address (demo->server, WHOLE_NAME);
  demo->resumed = demo_server_get_address (demo->server, RESUMED_NAME);
  demo->page = demo_server_get_address (demo->server, PAGE_NAME);
  demo->screen = demo_screen_new (error);

  return demo->screen != NULL && start_app (demo, program, error);
}

/* Only ever given the folder that g_dir_make_tmp() made. */
static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
demo_clear (Demo *demo)
{
  if (demo->app != NULL && !demo->app_ended)
    {
      g_subprocess_force_exit (demo->app);
      wait_for (demo, app_has_ended);
    }
  g_clear_object (&demo->app);
  g_clear_object (&demo->actions);
  g_clear_pointer (&demo->server, demo_server_free);
  g_clear_pointer (&demo->screen, demo_screen_free);
  if (demo->folder != NULL)
    remove_folder (demo->folder);
  g_free (demo->folder);
  g_free (demo->whole);
  g_free (demo->resumed);
  g_free (demo->page);
  g_free (demo->words);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Demo demo = { 0 };
  guint n_failed;

  if (argc != 3)
    {
      g_printerr ("Usage: bobbin-demo APP PICTURE-FOLDER\n");
      return 2;
    }

  setlocale (LC_ALL, "");
  demo.pictures = argv[2];
  if (prepare (&demo, argv[1], &error))
    {
      show_downloads (&demo);
      show_monitors (&demo);
      show_quit (&demo);
    }
  else
    say (&demo, FALSE, "beginning", error->message);

  n_failed = demo.n_failed;
  demo_clear (&demo);

  return n_failed == 0 ? 0 : 1;
}
