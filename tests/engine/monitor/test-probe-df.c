/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-probe-disk beside df(1) itself: on a file system that is filled until there is room for
 * root alone, and on some of our own that say what no ordinary one would.
 */

#include "config.h"

#include "bobbin-probe-private.h"
#include "bobbin-test-fuse.h"
#include "bobbin-test-namespace.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define SIZE  (8 * 1024 * 1024)
#define CHUNK 65536

typedef struct
{
  char *top;    /* (owned): in memory, so that nothing waits for a disk */
  char *folder; /* (owned): where the file system is */
  char *image;  /* (owned): what it is in */
} Fixture;

static void
set_up (Fixture *self, gconstpointer user_data)
{
  self->top = g_dir_make_tmp ("bobbin-df-XXXXXX", NULL);
  self->folder = g_build_filename (self->top, "mounted", NULL);
  self->image = g_build_filename (self->top, "image", NULL);
  g_assert_cmpint (mount ("tmpfs", self->top, "tmpfs", 0, NULL), ==, 0);
  g_assert_cmpint (g_mkdir (self->folder, 0700), ==, 0);
}

static void
tear_down (Fixture *self, gconstpointer user_data)
{
  umount2 (self->folder, MNT_DETACH);
  g_assert_cmpint (umount2 (self->top, MNT_DETACH), ==, 0);
  g_assert_cmpint (g_rmdir (self->top), ==, 0);
  g_free (self->image);
  g_free (self->folder);
  g_free (self->top);
}

/* What df says, in words: use, bytes that are free, use of inodes. */
static GStrv
ask_df (const char *path)
{
  const char *const command[] = { "df", "-B1", "--output=pcent,avail,ipcent", path, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) parts = NULL;
  int status;

  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);

  lines = g_strsplit (output, "\n", -1);
  parts = g_strsplit_set (lines[1], " %", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_strv_builder_add (words, parts[i]);

  return g_strv_builder_end (words);
}

/* NAN where there is none. */
static double
sample (const char *kind, const char *path)
{
  g_autofree char *target = g_strconcat (kind, path, NULL);
  g_autoptr (BobbinProbe) probe = bobbin_probe_new (target, NULL, NULL);
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;

  bobbin_probe_sample (probe, NULL, &sample, NULL);

  return sample.value;
}

/* df shows no part of a percent: it rounds up. */
static void
assert_figure (const char *kind, const char *path, const char *expected)
{
  const double value = sample (kind, path);
  g_autofree char *found =
    isnan (value) ? g_strdup ("-") : g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) ceil (value));

  g_test_message ("%s%s %s, df %s", kind, path, found, expected);
  g_assert_cmpstr (found, ==, expected);
}

/* What was written has its place first: nothing changes between the two. */
static void
assert_as_df (const char *path)
{
  const int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_auto (GStrv) df = NULL;

  if (fd >= 0)
    {
      syncfs (fd);
      close (fd);
    }
  df = ask_df (path);
  g_assert_cmpuint (g_strv_length (df), ==, 3);
  assert_figure ("disk:", path, df[0]);
  assert_figure ("disk-free:", path, df[1]);
  assert_figure ("inodes:", path, df[2]);
}

/* ---- a file system that is filled */

static gboolean
run (const char *const *command)
{
  g_autoptr (GError) error = NULL;
  int status = -1;

  return g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                       &status, &error) &&
         g_spawn_check_wait_status (status, &error);
}

/* A fifth of it is for root alone. */
static gboolean
mount_image (Fixture *self)
{
  const char *const make[] = { "/sbin/mkfs.ext4", "-q", "-F", "-m", "20", "-b", "1024",
                               self->image,       NULL };
  const char *const mount_loop[] = { "mount", "-o", "loop", self->image, self->folder, NULL };
  const int fd = open (self->image, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ftruncate (fd, SIZE), ==, 0);
  close (fd);

  return geteuid () == 0 && run (make) && run (mount_loop);
}

static struct statvfs
look (Fixture *self)
{
  struct statvfs figures;

  g_assert_cmpint (statvfs (self->folder, &figures), ==, 0);

  return figures;
}

/* A file that is some chunks long. */
static void
add_file (Fixture *self, guint n, guint n_chunks)
{
  g_autofree char *path = g_strdup_printf ("%s/%u", self->folder, n);
  g_autofree char *chunk = g_strnfill (CHUNK, 'x');
  const int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  for (guint i = 0; i < n_chunks; i++)
    g_assert_cmpint (write (fd, chunk, CHUNK), ==, CHUNK);
  close (fd);
}

static void
test_filled (Fixture *self, gconstpointer user_data)
{
  guint n_files = 0;

  if (!mount_image (self))
    {
      g_test_skip ("No file system in a file may be mounted here, or there is no mkfs.ext4");
      return;
    }

  assert_as_df (self->folder);
  add_file (self, n_files++, SIZE / CHUNK / 3);
  assert_as_df (self->folder);

  /* Until there is room for root alone. */
  while (look (self).f_bavail > 0)
    add_file (self, n_files++, 1);
  assert_as_df (self->folder);
  add_file (self, n_files++, 2);
  g_assert_cmpuint (look (self).f_bavail, ==, 0);
  g_assert_cmpuint (look (self).f_bfree, >, 0);
  assert_as_df (self->folder);
  g_assert_cmpfloat (sample ("disk:", self->folder), ==, 100);
  g_assert_cmpfloat (sample ("disk-free:", self->folder), ==, 0);

  while (look (self).f_ffree > 0)
    add_file (self, n_files++, 0);
  assert_as_df (self->folder);
  g_assert_cmpfloat (sample ("inodes:", self->folder), ==, 100);
}

/* ---- file systems that say what no ordinary one would */

typedef struct
{
  const char *name;
  struct statvfs figures;
  const char *said[3]; /* as df does */
} OddCase;

/* clang-format off */
static const OddCase odd_cases[] = {
  { "large-reads",
    { .f_bsize = 1 << 20, .f_frsize = 512, .f_blocks = 1000, .f_bfree = 600, .f_bavail = 500,
      .f_files = 1000, .f_ffree = 1 },
    { "45", "256000", "100" } },
  { "large-blocks",
    { .f_bsize = 512, .f_frsize = 65536, .f_blocks = 1000, .f_bfree = 1, .f_bavail = 1,
      .f_files = 1000, .f_ffree = 999 },
    { "100", "65536", "1" } },
  /* Root has eaten into its reserve, and it was let wrap. */
  { "negative",
    { .f_bsize = 4096, .f_frsize = 4096, .f_blocks = 1000, .f_bfree = 30,
      .f_bavail = (guint64) -20, .f_files = 10, .f_ffree = 10 },
    { "103", "-81920", "0" } },
  { "no-inodes",
    { .f_bsize = 4096, .f_frsize = 4096, .f_blocks = 1000, .f_bfree = 1000, .f_bavail = 1000 },
    { "0", "4096000", "-" } },
};
/* clang-format on */

static void
test_odd (Fixture *self, gconstpointer user_data)
{
  const OddCase *test = user_data;
  g_autoptr (BobbinTestFuse) fuse = bobbin_test_fuse_new (self->folder, &test->figures);
  g_auto (GStrv) df = NULL;

  if (fuse == NULL)
    {
      g_test_skip ("No FUSE file system may be mounted here");
      return;
    }

  df = ask_df (self->folder);
  for (guint i = 0; i < G_N_ELEMENTS (test->said); i++)
    g_assert_cmpstr (df[i], ==, test->said[i]);
  assert_as_df (self->folder);
}

int
main (int argc, char *argv[])
{
  bobbin_test_enter_namespace ();
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/probe-df/filled", Fixture, NULL, set_up, test_filled, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (odd_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe-df/%s", odd_cases[i].name);

      g_test_add (path, Fixture, &odd_cases[i], set_up, test_odd, tear_down);
    }

  return g_test_run ();
}
