/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The app as somebody uses it who does not see it: what it shows is found by role and name over the
 * accessibility bus, pressed there or with the mouse, and typed into with the keyboard. It runs on
 * a display, on a session bus and in folders of its own. Nothing tells of what has come to be
 * shown, so it is looked again.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <sys/wait.h>

#include "bobbin-test-content.h"
#include "bobbin-test-server.h"
#include "bobbin-test-wait.h"
#include "demo-screen.h"

#define MIB (1024 * 1024)

#define LOOK_INTERVAL 100 /* ms */

/* Keys, by what they mean to X11. */
#define KEY_TAB    0xff09
#define KEY_RETURN 0xff0d

/* How far above the middle of a row is its upper half, in px; and in how many steps one gets there.
 */
#define DRAG_ABOVE 10
#define DRAG_STEPS 5

/* No window has more controls. */
#define MAX_CONTROLS 100

#define WINDOW "Bobbin"
#define NAME   "survey.bin"
#define PATH   "/" NAME
#define OTHER  "atlas.bin"

/* It takes long enough to be looked at, and to be stopped. */
static const BobbinTestFile slow = { .length = 32 * MIB, .etag = "\"one\"", .rate = MIB / 4 };
static const BobbinTestFile fast = { .length = 32 * MIB, .etag = "\"one\"" };

typedef struct
{
  BobbinTestServer *server; /* (owned) */
  DemoScreen *screen;       /* (owned) */
  char *home;               /* (owned) */
  char **environment;       /* (owned) */
  gboolean may_look;
  gboolean is_alive;
  int status; /* once it has ended */
} Fixture;

/* ---- to look */

static gboolean
on_look (gpointer user_data)
{
  ((Fixture *) user_data)->may_look = TRUE;

  return G_SOURCE_REMOVE;
}

static void
wait_to_look (Fixture *f)
{
  f->may_look = FALSE;
  g_timeout_add (LOOK_INTERVAL, on_look, f);
  while (!f->may_look)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (f->is_alive);
}

/* Looks again and again until @condition holds. */
#define WAIT_FOR(f, condition)                                \
  G_STMT_START                                                \
  {                                                           \
    guint watchdog = bobbin_test_watchdog_start (#condition); \
                                                              \
    while (!(condition))                                      \
      wait_to_look (f);                                       \
    g_source_remove (watchdog);                               \
  }                                                           \
  G_STMT_END

static DemoAccessible *
find (Fixture *f, DemoRole role, const char *name)
{
  g_autoptr (DemoAccessible) program = demo_screen_find_program (f->screen, "bobbin");

  return program != NULL ? demo_accessible_find (program, role, name) : NULL;
}

static gboolean
is_there (Fixture *f, DemoRole role, const char *name)
{
  g_autoptr (DemoAccessible) found = find (f, role, name);

  return found != NULL;
}

static DemoAccessible *
find_in (Fixture *f, DemoRole outer_role, const char *outer_name, DemoRole role, const char *name)
{
  g_autoptr (DemoAccessible) outer = find (f, outer_role, outer_name);

  return outer != NULL ? demo_accessible_find (outer, role, name) : NULL;
}

static gboolean
row_says (Fixture *f, const char *name, const char *text)
{
  g_autoptr (DemoAccessible) row = find (f, DEMO_ROLE_LIST_ITEM, name);
  g_autofree char *words = row != NULL ? demo_accessible_dup_words (row) : g_strdup ("");

  return strstr (words, text) != NULL;
}

/* Where the download is, or NAN while it is not there. */
static double
get_progress (Fixture *f)
{
  g_autoptr (DemoAccessible) bar =
    find_in (f, DEMO_ROLE_LIST_ITEM, NAME, DEMO_ROLE_PROGRESS_BAR, "Progress");

  return bar != NULL ? demo_accessible_get_value (bar) : (double) NAN;
}

static gboolean
can_press (Fixture *f, const char *window, const char *name)
{
  g_autoptr (DemoAccessible) button = find_in (f, DEMO_ROLE_FRAME, window, DEMO_ROLE_BUTTON, name);

  return button != NULL && demo_accessible_has_state (button, DEMO_STATE_SENSITIVE);
}

/* What the button in the header adds tells which page is shown. An empty page has such a button,
 * too, but with a mnemonic, and behind it. */
static gboolean
is_page_to (Fixture *f, const char *add)
{
  g_autoptr (DemoAccessible) button = find_in (f, DEMO_ROLE_FRAME, WINDOW, DEMO_ROLE_BUTTON, add);
  g_autofree char *name = button != NULL ? demo_accessible_dup_name (button) : NULL;

  return g_strcmp0 (name, add) == 0;
}

static DemoAccessible *
find_focus (Fixture *f, const char *window)
{
  g_autoptr (DemoAccessible) frame = find (f, DEMO_ROLE_FRAME, window);

  return frame != NULL ? demo_accessible_find_state (frame, DEMO_STATE_FOCUSED) : NULL;
}

/* There is no window manager: a dialog takes the keyboard when it comes, but nobody gives it back
 * to the window. Where there is one, who wants the window picks it. */
static void
pick_window (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autofree char *path = g_strconcat ("/", APP_ID, NULL);
  g_autoptr (GVariant) answer = NULL;

  answer = g_dbus_connection_call_sync (bus, APP_ID, g_strdelimit (path, ".", '/'),
                                        "org.freedesktop.Application", "Activate",
                                        g_variant_new ("(a{sv})", NULL), NULL,
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
}

static gboolean
has_keyboard (Fixture *f, const char *window)
{
  g_autoptr (DemoAccessible) frame = find (f, DEMO_ROLE_FRAME, window);

  if (frame == NULL)
    return FALSE;
  if (demo_accessible_has_state (frame, DEMO_STATE_ACTIVE))
    return TRUE;

  if (g_str_equal (window, WINDOW))
    pick_window ();

  return FALSE;
}

static gboolean
has_focus (Fixture *f, const char *name)
{
  g_autoptr (DemoAccessible) focus = find_focus (f, WINDOW);
  g_autofree char *now = focus != NULL ? demo_accessible_dup_name (focus) : NULL;

  return g_strcmp0 (now, name) == 0;
}

static gboolean
has_moved (Fixture *f, const char *window, const DemoAccessible *before)
{
  g_autoptr (DemoAccessible) focus = find_focus (f, window);

  return focus != NULL && (before == NULL || !demo_accessible_is_same (focus, before));
}

/* ---- to act */

static void
press_key (Fixture *f, const char *window, DemoModifier modifier, guint key)
{
  WAIT_FOR (f, has_keyboard (f, window));
  demo_screen_press_key (f->screen, modifier, key);
}

static gboolean
press (Fixture *f, DemoRole outer_role, const char *outer_name, const char *name)
{
  g_autoptr (DemoAccessible) button = find_in (f, outer_role, outer_name, DEMO_ROLE_BUTTON, name);

  return button != NULL && demo_accessible_press (button);
}

/* With the mouse. */
static gboolean
click (Fixture *f, const char *name)
{
  g_autoptr (DemoAccessible) control = find_in (f, DEMO_ROLE_FRAME, WINDOW, DEMO_ROLE_ANY, name);
  int x, y;

  if (control == NULL || !demo_accessible_get_middle (control, &x, &y))
    return FALSE;

  demo_screen_point (f->screen, x, y);
  demo_screen_click (f->screen, x, y);

  return TRUE;
}

/* Moves the focus on, and says where it is then. */
static DemoAccessible *
press_tab (Fixture *f, const char *window)
{
  g_autoptr (DemoAccessible) before = find_focus (f, window);

  press_key (f, window, DEMO_MODIFIER_NONE, KEY_TAB);
  WAIT_FOR (f, has_moved (f, window, before));

  return find_focus (f, window);
}

/* Moves the focus on to what says what it is. */
static DemoAccessible *
press_tab_and_check (Fixture *f, const char *window, char **name)
{
  g_autoptr (DemoAccessible) focus = press_tab (f, window);

  *name = demo_accessible_dup_name (focus);
  g_test_message ("%s: %s (%u)", window, *name, demo_accessible_get_role (focus));
  g_assert_cmpstr (*name, !=, "");

  return g_steal_pointer (&focus);
}

/* Through all controls, until it is where it began. */
static void
check_names (Fixture *f, const char *window)
{
  g_autoptr (DemoAccessible) first = press_tab (f, window);
  guint n = 0;

  for (gboolean again = FALSE; !again; n++)
    {
      g_autofree char *name = NULL;
      g_autoptr (DemoAccessible) focus = press_tab_and_check (f, window, &name);

      g_assert_cmpuint (n, <, MAX_CONTROLS);
      again = demo_accessible_is_same (focus, first);
    }
  g_assert_cmpuint (n, >, 1);
}

static void
tab_to (Fixture *f, const char *window, const char *wanted)
{
  gboolean found = FALSE;

  for (guint n = 0; !found; n++)
    {
      g_autofree char *name = NULL;
      g_autoptr (DemoAccessible) focus = press_tab_and_check (f, window, &name);

      g_assert_cmpuint (n, <, MAX_CONTROLS);
      found = g_str_has_suffix (name, wanted);
    }
}

/* ---- the app */

/* One of the user's folders (XDG base directory specification). */
static char *
use_folder (Fixture *f, const char *variable, const char *name)
{
  char *path = g_build_filename (f->home, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  f->environment = g_environ_setenv (f->environment, variable, path, TRUE);

  return path;
}

static void
store_settings (Fixture *f, const char *config)
{
  g_autofree char *folder = g_build_filename (config, "glib-2.0", "settings", NULL);
  g_autofree char *path = g_build_filename (folder, "keyfile", NULL);
  g_autofree char *text = g_strdup_printf ("[io/github/bobbinapp/Bobbin]\n"
                                           "monitor-interval=1.0\n"
                                           "download-folder='%s'\n",
                                           f->home);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *config_folder = NULL;
  g_autofree char *data_folder = NULL;
  g_autofree char *cache_folder = NULL;
  g_autofree char *state_folder = NULL;
  g_autoptr (GError) error = NULL;

  f->home = g_dir_make_tmp ("bobbin-outside-XXXXXX", NULL);
  f->environment = g_get_environ ();
  f->environment = g_environ_setenv (f->environment, "GSETTINGS_BACKEND", "keyfile", TRUE);
  /* Nobody shows its notifications, which GLib warns of. */
  f->environment =
    g_environ_setenv (f->environment, "G_DEBUG", "gc-friendly,fatal-criticals", TRUE);
  config_folder = use_folder (f, "XDG_CONFIG_HOME", "config");
  data_folder = use_folder (f, "XDG_DATA_HOME", "data");
  cache_folder = use_folder (f, "XDG_CACHE_HOME", "cache");
  state_folder = use_folder (f, "XDG_STATE_HOME", "state");
  store_settings (f, config_folder);

  f->server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  bobbin_test_server_set (f->server, PATH, &slow);
  f->screen = demo_screen_new (&error);
  g_assert_no_error (error);
}

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

static void
tear_down (Fixture *f, gconstpointer data)
{
  demo_screen_free (f->screen);
  bobbin_test_server_wait_open (f->server, 0);
  bobbin_test_server_free (f->server);
  remove_tree (f->home);
  g_strfreev (f->environment);
  g_free (f->home);
}

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
  GPid pid;

  g_spawn_async (NULL, (char **) argv, f->environment, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                 &error);
  g_assert_no_error (error);
  f->is_alive = TRUE;
  g_child_watch_add (pid, on_exit_status, f);
  WAIT_FOR (f, is_there (f, DEMO_ROLE_FRAME, WINDOW));
}

/* ---- what a person does */

static gboolean
has_typed (Fixture *f, const char *text)
{
  g_autoptr (DemoAccessible) view =
    find_in (f, DEMO_ROLE_FRAME, "Add Download", DEMO_ROLE_TEXT, "Addresses");
  g_autofree char *typed = view != NULL ? demo_accessible_dup_text (view) : NULL;

  return g_strcmp0 (typed, text) == 0;
}

static void
add_download (Fixture *f, const char *name)
{
  g_autofree char *path = g_strconcat ("/", name, NULL);
  g_autofree char *address = bobbin_test_server_get_uri (f->server, path);

  press_key (f, WINDOW, DEMO_MODIFIER_CONTROL, 'n');
  WAIT_FOR (f, has_keyboard (f, "Add Download"));
  demo_screen_type (f->screen, address);
  WAIT_FOR (f, has_typed (f, address));
  WAIT_FOR (f, can_press (f, "Add Download", "Add"));
  press_key (f, "Add Download", DEMO_MODIFIER_NONE, KEY_RETURN);
  WAIT_FOR (f, !is_there (f, DEMO_ROLE_FRAME, "Add Download"));
  WAIT_FOR (f, is_there (f, DEMO_ROLE_LIST_ITEM, name));
}

static void
stop_and_finish (Fixture *f)
{
  g_autofree char *path = g_build_filename (f->home, NAME, NULL);
  double first;

  WAIT_FOR (f, (first = get_progress (f)) > 0);
  WAIT_FOR (f, get_progress (f) > first);
  g_assert_true (press (f, DEMO_ROLE_LIST_ITEM, NAME, "Stop"));
  WAIT_FOR (f, row_says (f, NAME, "Stopped"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  bobbin_test_server_set (f->server, PATH, &fast);
  g_assert_true (press (f, DEMO_ROLE_LIST_ITEM, NAME, "Start"));
  WAIT_FOR (f, row_says (f, NAME, "Done"));
  bobbin_test_content_assert (path, fast.seed, fast.length);
}

static int
get_middle (Fixture *f, const char *name, int *x)
{
  g_autoptr (DemoAccessible) row = find (f, DEMO_ROLE_LIST_ITEM, name);
  int y;

  g_assert_nonnull (row);
  g_assert_true (demo_accessible_get_middle (row, x, &y));

  return y;
}

static gboolean
is_above (Fixture *f, const char *name, const char *other)
{
  int x;

  return get_middle (f, name, &x) < get_middle (f, other, &x);
}

/* A row by the mouse, to the upper half of another one. A drag begins with the way from where the
 * button went down; each step of it is seen before the next. */
static void
drag (Fixture *f, const char *name, const char *target)
{
  int x;
  const int to = get_middle (f, target, &x) - DRAG_ABOVE;
  const int from = get_middle (f, name, &x);

  demo_screen_point (f->screen, x, from);
  demo_screen_hold (f->screen, x, from);
  for (int step = 1; step <= DRAG_STEPS; step++)
    {
      demo_screen_point (f->screen, x, from + (to - from) * step / DRAG_STEPS);
      wait_to_look (f);
    }
  demo_screen_let_go (f->screen, x, to);
}

static void
reorder (Fixture *f)
{
  bobbin_test_server_set (f->server, "/" OTHER, &(BobbinTestFile){ .length = 1 });
  add_download (f, OTHER);
  WAIT_FOR (f, row_says (f, OTHER, "Done"));
  WAIT_FOR (f, is_above (f, NAME, OTHER));
  drag (f, OTHER, NAME);
  WAIT_FOR (f, is_above (f, OTHER, NAME));
}

static void
search (Fixture *f)
{
  g_autoptr (DemoAccessible) entry = NULL;

  press_key (f, WINDOW, DEMO_MODIFIER_CONTROL, 'f');
  WAIT_FOR (f, has_focus (f, "Search Downloads"));
  entry = find_focus (f, WINDOW);
  g_assert_true (demo_accessible_set_text (entry, "nothing of the kind"));
  WAIT_FOR (f, !is_there (f, DEMO_ROLE_LIST_ITEM, NAME));
  g_assert_true (demo_accessible_set_text (entry, "SURVEY"));
  WAIT_FOR (f, is_there (f, DEMO_ROLE_LIST_ITEM, NAME));
  g_assert_true (demo_accessible_set_text (entry, ""));
}

static void
add_monitor (Fixture *f)
{
  press_key (f, WINDOW, DEMO_MODIFIER_CONTROL, 'm');
  WAIT_FOR (f, can_press (f, "Add Monitor", "Add"));
  g_assert_true (press (f, DEMO_ROLE_FRAME, "Add Monitor", "Add"));
  WAIT_FOR (f, !is_there (f, DEMO_ROLE_FRAME, "Add Monitor"));
  WAIT_FOR (f, row_says (f, "Processor", "%"));
  g_assert_true (is_page_to (f, "Add Monitor…"));
}

static void
show_details (Fixture *f)
{
  g_assert_true (click (f, "Downloads"));
  WAIT_FOR (f, is_page_to (f, "Add Download…"));
  check_names (f, WINDOW);

  /* Into the row, which has the keys. */
  tab_to (f, WINDOW, "Open");
  press_key (f, WINDOW, DEMO_MODIFIER_ALT, KEY_RETURN);
  WAIT_FOR (f, is_there (f, DEMO_ROLE_LABEL, "Received"));
  tab_to (f, WINDOW, "Copy Report");
  /* The log: it may be long, and each line can be read. */
  tab_to (f, WINDOW, "");
}

/* Once it has ended by itself every job was joined. */
static void
quit (Fixture *f)
{
  press_key (f, WINDOW, DEMO_MODIFIER_CONTROL, 'q');
  BOBBIN_TEST_WAIT_UNTIL (!f->is_alive);
  g_assert_true (WIFEXITED (f->status));
  g_assert_cmpint (WEXITSTATUS (f->status), ==, 0);
}

static void
test_use (Fixture *f, gconstpointer data)
{
  app_start (f);
  add_download (f, NAME);
  stop_and_finish (f);
  reorder (f);
  search (f);
  add_monitor (f);
  show_details (f);
  quit (f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/ui/outside", Fixture, NULL, set_up, test_use, tear_down);

  return g_test_run ();
}
