/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a Flatpak sandbox lets be seen of the computer around it (flatpak-metadata(5)). A probe that
 * looked nevertheless would find the sandbox's own files and interfaces, and say that all is well
 * with them. Where there is no sandbox all of it costs one look for a file. Any thread; may block
 * as file systems do.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-sandbox.h"

#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#define INFO "/.flatpak-info"

/**
 * bobbin_sandbox_is_here: (skip)
 * @root: "/", or where what looks like it is
 *
 * Returns: whether this is a Flatpak sandbox
 */
gboolean
bobbin_sandbox_is_here (const char *root)
{
  g_autofree char *path = g_build_filename (root, INFO, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
is_shared (const char *root, const char *what)
{
  g_autofree char *path = g_build_filename (root, INFO, NULL);
  g_autoptr (GKeyFile) info = g_key_file_new ();
  g_auto (GStrv) shared = NULL;

  if (g_key_file_load_from_file (info, path, G_KEY_FILE_NONE, NULL))
    shared = g_key_file_get_string_list (info, "Context", "shared", NULL, NULL);

  return shared != NULL && g_strv_contains ((const char *const *) shared, what);
}

/* What a person types outside to have more allowed (flatpak-override(1)). */
static char *
make_command (const char *root, const char *permission)
{
  g_autofree char *path = g_build_filename (root, INFO, NULL);
  g_autoptr (GKeyFile) info = g_key_file_new ();
  g_autofree char *id = NULL;

  if (g_key_file_load_from_file (info, path, G_KEY_FILE_NONE, NULL))
    id = g_key_file_get_string (info, "Application", "name", NULL);

  return g_strdup_printf ("flatpak override --user %s %s", permission, id != NULL ? id : APP_ID);
}

/**
 * bobbin_sandbox_has_network: (skip)
 * @root: "/", or where what looks like it is
 * @error: where to say that it does not, and what would help: %BOBBIN_ERROR_UNSUPPORTED
 *
 * Returns: whether this computer's network interfaces are to be seen from here
 */
gboolean
bobbin_sandbox_has_network (const char *root, GError **error)
{
  g_autofree char *command = NULL;

  if (!bobbin_sandbox_is_here (root) || is_shared (root, "network"))
    return TRUE;

  command = make_command (root, "--share=network");
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
               /* Translators: %s is a command, such as flatpak override --share=network */
               _ ("In a sandbox Bobbin cannot see the network interfaces of this computer. From "
                  "its next start on it can after this command: %s"),
               command);

  return FALSE;
}

/* ---- what is mounted, as proc_pid_mountinfo(5) has it */

typedef struct
{
  char *root;  /* (owned): what of the file system is mounted */
  char *point; /* (owned): where */
  char *type;  /* (owned): of the file system */
} Mount;

static void
mount_clear (Mount *self)
{
  g_free (self->root);
  g_free (self->point);
  g_free (self->type);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Mount, mount_clear)

/* Any number of words may stand before the dash. */
static gboolean
mount_parse (const char *line, Mount *mount)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  const guint n_words = g_strv_length (words);
  guint dash = 6;

  while (dash < n_words && !g_str_equal (words[dash], "-"))
    dash++;
  if (dash + 1 >= n_words || *words[dash + 1] == '\0')
    return FALSE;

  /* Spaces and the like are written as octal numbers. */
  mount->root = g_strcompress (words[3]);
  mount->point = g_strcompress (words[4]);
  mount->type = g_strdup (words[dash + 1]);

  return TRUE;
}

static gboolean
is_below (const char *path, const char *folder)
{
  const gsize length = strlen (folder);

  return g_str_equal (folder, "/") ||
         (strncmp (path, folder, length) == 0 && (path[length] == '\0' || path[length] == '/'));
}

static gboolean
is_below_any (const char *path, const char *const *folders)
{
  for (; *folders != NULL; folders++)
    if (is_below (path, *folders))
      return TRUE;

  return FALSE;
}

/* What a path is on: the longest mount point that it is below, and of two of them the later one. */
static gboolean
find_mount (const char *root, const char *path, Mount *found)
{
  g_autofree char *file = g_build_filename (root, "proc", "self", "mountinfo", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (file, &text, NULL, NULL))
    return FALSE;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (Mount) mount = { NULL };
      Mount shorter;

      if (!mount_parse (lines[i], &mount) || !is_below (path, mount.point) ||
          (found->point != NULL && strlen (mount.point) < strlen (found->point)))
        continue;
      shorter = *found;
      *found = mount;
      mount = shorter;
    }

  return found->point != NULL;
}

/* Neither of the runtime, nor of the app's own data, nor in memory: those are the sandbox's, though
 * they may lie on a disk of this computer. */
static gboolean
is_of_host (const Mount *mount)
{
  static const char *const own[] = { "/app", "/dev",         "/etc", "/proc",
                                     "/sys", "/run/flatpak", "/usr", NULL };
  static const char *const made_up[] = { "devpts", "devtmpfs", "fuse.portal", "mqueue",
                                         "proc",   "sysfs",    "tmpfs",       NULL };

  if (g_str_equal (mount->point, "/") || is_below_any (mount->point, own) ||
      g_strv_contains (made_up, mount->type))
    return FALSE;

  return !is_below (mount->point, "/var") || strstr (mount->root, "/.var/app/") == NULL;
}

/* Without links where they can be followed: /home is one on some systems. */
static char *
resolve (const char *root, const char *path)
{
  g_autofree char *outer = realpath (root, NULL);
  g_autofree char *full = g_build_filename (root, path, NULL);
  g_autofree char *real = realpath (full, NULL);

  if (real == NULL || outer == NULL || !is_below (real, outer))
    return g_canonicalize_filename (path, "/");

  return g_strdup (g_str_equal (outer, "/") ? real : real + strlen (outer));
}

/* To look is enough for a monitor. For a shell, where that is not what it is already. */
static char *
make_permission (const char *path)
{
  static const char plain[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "/._-+@";
  g_autofree char *permission = g_strconcat ("--filesystem=", path, ":ro", NULL);

  if (path[strspn (path, plain)] == '\0')
    return g_steal_pointer (&permission);

  return g_shell_quote (permission);
}

static void
say_hidden (const char *root, const char *path, GError **error)
{
  static const char *const never[] = { "/app",  "/bin",  "/dev", "/etc",         "/lib", "/lib64",
                                       "/proc", "/sbin", "/sys", "/run/flatpak", "/usr", NULL };
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *permission = make_permission (name);
  g_autofree char *command = make_command (root, permission);

  if (g_str_equal (path, "/") || is_below_any (path, never))
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                 /* Translators: %s is a path, such as /usr */
                 _ ("In a sandbox Bobbin cannot see “%s” of this computer."), name);
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                 /* Translators: a path, such as /srv, then a command with that path, such as
                    flatpak override --filesystem=/srv:ro */
                 _ ("In a sandbox Bobbin cannot see “%s” of this computer. From its next start "
                    "on it can after this command: %s"),
                 name, command);
}

/**
 * bobbin_sandbox_shows: (skip)
 * @root: "/", or where what looks like it is
 * @path: (type filename): an absolute path
 * @error: where to say that it does not, and what would help: %BOBBIN_ERROR_UNSUPPORTED
 *
 * A file system in memory counts as the sandbox's: it cannot be told from one of this computer.
 *
 * Returns: whether what is at @path here is this computer's, and not the sandbox's
 */
gboolean
bobbin_sandbox_shows (const char *root, const char *path, GError **error)
{
  g_auto (Mount) mount = { NULL };
  g_autofree char *real = NULL;

  if (!bobbin_sandbox_is_here (root))
    return TRUE;

  real = resolve (root, path);
  if (find_mount (root, real, &mount) && is_of_host (&mount))
    return TRUE;
  say_hidden (root, path, error);

  return FALSE;
}
