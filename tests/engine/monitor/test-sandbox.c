/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-sandbox: what a sandbox made of two files lets be seen, and what is said of the rest.
 */

#include "config.h"

#include "bobbin-error.h"
#include "probe/bobbin-sandbox.h"

#include <glib/gstdio.h>
#include <string.h>

#define APP "/home/ann/.var/app/io.github.bobbinapp.Bobbin"

/* A runtime, an app and its data; of the computer a folder, two disks and its /usr. */
static const char mounts[] =
  "500 400 0:60 /newroot / ro,nosuid,nodev - tmpfs tmpfs rw\n"
  "501 500 8:1 /var/lib/flatpak/runtime/org.gnome.Platform/files /usr ro - ext4 /dev/sda1 rw\n"
  "502 500 8:1 /var/lib/flatpak/app/io.github.bobbinapp.Bobbin/files /app ro - ext4 /dev/sda1 rw\n"
  "503 500 0:61 / /tmp rw,nosuid - tmpfs tmpfs rw\n"
  "504 500 8:2 " APP "/data /var/data rw - ext4 /dev/sda2 rw\n"
  "505 500 8:2 " APP " " APP " rw - ext4 /dev/sda2 rw\n"
  "506 500 8:2 /ann/Downloads /home/ann/Downloads rw shared:7 master:1 - ext4 /dev/sda2 rw\n"
  "507 500 8:3 / /srv/big\\040disk rw - xfs /dev/sdb1 rw\n"
  "508 500 8:1 /usr /run/host/usr ro - ext4 /dev/sda1 rw\n"
  "509 500 0:62 / /proc rw - proc proc rw\n"
  "510 500 0:63 / /run/user/1000 rw - tmpfs tmpfs rw\n"
  "511 510 0:64 / /run/user/1000/doc rw - fuse.portal portal rw\n"
  "512 500 8:1 /etc/machine-id /etc/machine-id ro - ext4 /dev/sda1 rw\n"
  "513 500 8:4 / /run/media/ann/stick rw - vfat /dev/sdc1 rw\n"
  "514 500 8:5 / /mnt rw - ext4 /dev/sdd1 rw\n"
  "515 514 0:65 / /mnt rw - tmpfs tmpfs rw\n"
  "half a line\n"
  "516 500 8:6 / /opt rw - \n";

typedef struct
{
  char *root; /* (owned) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer user_data)
{
  self->root = g_dir_make_tmp ("bobbin-sandbox-XXXXXX", NULL);
}

static void
remove_file (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->root, name, NULL);

  g_remove (path);
}

static void
tear_down (Fixture *self, gconstpointer user_data)
{
  remove_file (self, ".flatpak-info");
  remove_file (self, "proc/self/mountinfo");
  remove_file (self, "proc/self");
  remove_file (self, "proc");
  g_assert_cmpint (g_rmdir (self->root), ==, 0);
  g_free (self->root);
}

static void
write_file (Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->root, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

typedef struct
{
  const char *path;
  gboolean shown;
  gboolean allowable;
} PathCase;

static const PathCase paths[] = {
  { "/", FALSE, FALSE },
  { "/usr", FALSE, FALSE },
  { "/usr/lib", FALSE, FALSE },
  { "/lib", FALSE, FALSE },
  { "/app", FALSE, FALSE },
  { "/proc", FALSE, FALSE },
  { "/etc/machine-id", FALSE, FALSE },
  { "/tmp", FALSE, TRUE },
  { "/var/data", FALSE, TRUE },
  { "/home", FALSE, TRUE },
  { "/home/ann", FALSE, TRUE },
  { "/home/ann/Downloads", TRUE, FALSE },
  { "/home/ann/Downloads/", TRUE, FALSE },
  { "/home/ann/./Downloads/a/b", TRUE, FALSE },
  { "/home/ann/Downloads2", FALSE, TRUE },
  { "/home/ann/Downloads/../Music", FALSE, TRUE },
  { APP "/cache", TRUE, FALSE },
  { "/srv", FALSE, TRUE },
  { "/srv/big disk", TRUE, FALSE },
  { "/srv/big disk/a", TRUE, FALSE },
  { "/run/host/usr", TRUE, FALSE },
  { "/run/user/1000", FALSE, TRUE },
  { "/run/user/1000/doc/1", FALSE, TRUE },
  { "/run/media/ann/stick", TRUE, FALSE },
  { "/mnt", FALSE, TRUE },
  { "/opt", FALSE, TRUE },
};

static void
assert_hidden (Fixture *self, const PathCase *test)
{
  g_autofree char *command =
    g_strdup_printf (": flatpak override --user --filesystem=%s:ro " APP_ID, test->path);
  g_autofree char *quoted = g_strconcat ("“", test->path, "”", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (bobbin_sandbox_shows (self->root, test->path, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, quoted));
  g_assert_cmpint (g_str_has_suffix (error->message, command), ==, test->allowable);
}

static void
test_path (Fixture *self, gconstpointer user_data)
{
  const PathCase *test = user_data;

  write_file (self, "proc/self/mountinfo", mounts);
  g_assert_true (bobbin_sandbox_shows (self->root, test->path, NULL));

  write_file (self, ".flatpak-info", "[Application]\n");
  if (test->shown)
    g_assert_true (bobbin_sandbox_shows (self->root, test->path, NULL));
  else
    assert_hidden (self, test);
}

/* What is not known to be seen is not. */
static void
test_no_mounts (Fixture *self, gconstpointer user_data)
{
  write_file (self, ".flatpak-info", "[Application]\n");
  assert_hidden (self, &(PathCase){ "/home", FALSE, TRUE });
  write_file (self, "proc/self/mountinfo", "");
  assert_hidden (self, &(PathCase){ "/home", FALSE, TRUE });
}

/* The command can be pasted into a shell as it is, and is about the app that this is. */
static void
test_command (Fixture *self, gconstpointer user_data)
{
  static const char *const command[] = { "flatpak", "override", "--user",
                                         "--filesystem=/srv/it's a disk:ro", "org.example.App" };
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;
  int n_words;

  write_file (self, ".flatpak-info", "[Application]\nname=org.example.App\n");
  g_assert_false (bobbin_sandbox_shows (self->root, "/srv/it's a disk", &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED);
  g_assert_true (g_shell_parse_argv (strstr (error->message, "flatpak "), &n_words, &words, NULL));
  g_assert_cmpint (n_words, ==, G_N_ELEMENTS (command));
  for (guint i = 0; i < G_N_ELEMENTS (command); i++)
    g_assert_cmpstr (words[i], ==, command[i]);
}

static void
test_network (Fixture *self, gconstpointer user_data)
{
  static const char *const hiding[] = { "", "no key file\n", "[Context]\n",
                                        "[Context]\nshared=ipc;networks;\n" };

  g_assert_false (bobbin_sandbox_is_here (self->root));
  g_assert_true (bobbin_sandbox_has_network (self->root, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (hiding); i++)
    {
      g_autoptr (GError) error = NULL;

      write_file (self, ".flatpak-info", hiding[i]);
      g_assert_true (bobbin_sandbox_is_here (self->root));
      g_assert_false (bobbin_sandbox_has_network (self->root, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED);
      g_assert_true (
        g_str_has_suffix (error->message, ": flatpak override --user --share=network " APP_ID));
    }

  write_file (self, ".flatpak-info", "[Context]\nshared=ipc;network;\n");
  g_assert_true (bobbin_sandbox_has_network (self->root, NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sandbox/path/%u", i);

      g_test_add (path, Fixture, &paths[i], set_up, test_path, tear_down);
    }
  g_test_add ("/sandbox/no-mounts", Fixture, NULL, set_up, test_no_mounts, tear_down);
  g_test_add ("/sandbox/command", Fixture, NULL, set_up, test_command, tear_down);
  g_test_add ("/sandbox/network", Fixture, NULL, set_up, test_network, tear_down);

  return g_test_run ();
}
