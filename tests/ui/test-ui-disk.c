/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk that is full, and has room again later: a download says so in its row, and goes on without
 * anybody's doing. The disk is a small file system in a mount namespace of this program alone.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <sys/mount.h>

#include "bobbin-test-content.h"
#include "bobbin-test-namespace.h"
#include "ui-fixture.h"

#define MIB    (1024 * 1024)
#define SEED   1
#define LENGTH (4 * MIB)

/* What has all the room but for a MiB. */
#define OTHER_SIZE (7 * MIB)

static void
fill_disk (UiFixture *ui)
{
  g_autofree char *other = ui_get_path (ui, "other");
  g_autofree char *bytes = g_strnfill (OTHER_SIZE, 'x');

  g_assert_cmpint (mount ("tmpfs", ui->folder, "tmpfs", 0, "size=8m"), ==, 0);
  g_assert_true (g_file_set_contents (other, bytes, OTHER_SIZE, NULL));
}

static void
make_room (UiFixture *ui)
{
  g_autofree char *other = ui_get_path (ui, "other");

  g_assert_cmpint (g_unlink (other), ==, 0);
}

static void
play_full (UiFixture *ui, BobbinTestFraming framing)
{
  const BobbinTestFile served = { .seed = SEED,
                                  .length = LENGTH,
                                  .etag = "\"one\"",
                                  .framing = framing };
  g_autofree char *file = ui_get_path (ui, "full.bin");
  BobbinJob *job;

  fill_disk (ui);
  bobbin_test_server_set (ui->server, "/full.bin", &served);
  job = ui_add (ui, "/full.bin");
  ui_wait (ui_has_label (GTK_WIDGET (ui_find_row (ui, job)), "The disk is full, waiting for room"));
  g_assert_true (bobbin_job_is_active (job));

  make_room (ui);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));
  bobbin_test_content_assert (file, SEED, LENGTH);
  g_assert_cmpuint (ui_count_files (ui), ==, 1);
  g_assert_cmpint (umount2 (ui->folder, MNT_DETACH), ==, 0);
}

/* It is known before the first byte that there is too little. */
static void
play_before (UiFixture *ui)
{
  play_full (ui, BOBBIN_TEST_FRAMING_LENGTH);
}

/* Nobody says how much comes: the disk is full in the middle of it. */
static void
play_in_the_middle (UiFixture *ui)
{
  play_full (ui, BOBBIN_TEST_FRAMING_CHUNKED);
}

static void
test_skipped (void)
{
  g_test_skip ("Neither a mount nor a user namespace may be made here");
}

int
main (int argc, char **argv)
{
  const gboolean has_disk = bobbin_test_try_namespace ();

  g_test_init (&argc, &argv, NULL);

  if (has_disk)
    {
      ui_test_add ("/ui/disk/full-before", play_before);
      ui_test_add ("/ui/disk/full-in-the-middle", play_in_the_middle);
    }
  else
    {
      g_test_add_func ("/ui/disk", test_skipped);
    }

  return g_test_run ();
}
