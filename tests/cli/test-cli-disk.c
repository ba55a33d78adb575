/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli get` on a disk that is full: a real one, mounted in a mount namespace that belongs to
 * this program alone, and to the programs that it runs.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-test-namespace.h"
#include "cli-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mount.h>

#define SIZE (16 * 1024 * 1024)

static gboolean has_namespace;

/* FALSE: nothing may be mounted here, and the test has been skipped. */
static gboolean
mount_small (CliFixture *fixture, const char *options)
{
  if (!has_namespace)
    {
      g_test_skip ("Neither a mount nor a user namespace may be made here");
      return FALSE;
    }
  g_assert_cmpint (mount ("tmpfs", fixture->folder, "tmpfs", 0, options), ==, 0);

  return TRUE;
}

static void
enlarge (CliFixture *fixture, const char *options)
{
  g_assert_cmpint (mount ("tmpfs", fixture->folder, "tmpfs", MS_REMOUNT, options), ==, 0);
}

static void
unmount (CliFixture *fixture)
{
  g_assert_cmpint (umount2 (fixture->folder, MNT_DETACH), ==, 0);
}

static void
assert_no_space (JsonObject *failed, const char *words)
{
  JsonObject *error = json_object_get_object_member (failed, "error");

  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, "NO_SPACE");
  g_assert_nonnull (strstr (json_object_get_string_member (error, "message"), words));
}

/* It is known before the first byte that there is no room for all of them. */
static void
test_too_small (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/16777216/big.bin");
  g_autoptr (CliResult) failed = NULL;
  g_autoptr (CliResult) done = NULL;
  g_autoptr (GPtrArray) events = NULL;

  if (!mount_small (fixture, "size=8m"))
    return;

  failed = cli_run (fixture, NULL, "get", "--json", url, NULL);
  g_assert_cmpint (failed->status, ==, 1);
  g_assert_cmpuint (cli_count_lines (failed->errors), ==, 1);
  g_assert_nonnull (strstr (failed->errors, "not enough room on the disk"));
  events = cli_parse_events (failed->output);
  g_assert_nonnull (cli_find_event (events, "failed"));
  assert_no_space (cli_find_event (events, "failed"), "not enough room on the disk");

  enlarge (fixture, "size=32m");
  done = cli_run (fixture, NULL, "get", url, NULL);
  g_assert_cmpint (done->status, ==, 0);
  cli_assert_files (fixture, "big.bin", NULL);
  cli_assert_content (fixture, "big.bin", SIZE);
  unmount (fixture);
}

/* More than a buffer holds that has not been written yet. */
static void
wait_bytes (CliRun *run)
{
  gint64 received = 0;

  while (received < SIZE / 8)
    {
      g_autoptr (JsonObject) progress = cli_run_wait_event (run, "progress");

      received = json_object_get_int_member (progress, "received");
    }
}

/* Takes all the room that is left. */
static void
fill_up (CliFixture *fixture, const char *name)
{
  g_autofree char *path = cli_fixture_get_path (fixture, name);
  g_autofree char *block = g_malloc0 (64 * 1024);
  FILE *file = g_fopen (path, "we");

  g_assert_nonnull (file);
  setbuf (file, NULL);
  while (fwrite (block, 64 * 1024, 1, file) == 1)
    ;
  fclose (file);
}

/* Somebody else takes the room meanwhile: what has come is kept, and the next run goes on with it.
 */
static void
test_in_the_middle (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = cli_server_make_uri (fixture->server, "/bytes/16777216/big.bin");
  g_autofree char *other = cli_fixture_get_path (fixture, "other");
  g_autoptr (JsonObject) failed = NULL;
  g_autoptr (CliResult) done = NULL;
  CliRun *run;

  if (!mount_small (fixture, "size=24m"))
    return;

  run = cli_run_begin (fixture, "get", "--json", "--connections=1", "--limit-rate=2M", url, NULL);
  wait_bytes (run);
  fill_up (fixture, "other");
  failed = cli_run_wait_event (run, "failed");
  assert_no_space (failed, "The disk is full");
  g_assert_cmpint (cli_run_end (run), ==, 1);

  g_assert_cmpint (g_unlink (other), ==, 0);
  done = cli_run (fixture, NULL, "get", url, NULL);
  g_assert_cmpint (done->status, ==, 0);
  g_assert_cmpint (cli_server_get_last_start (fixture->server), >, 0);
  cli_assert_files (fixture, "big.bin", NULL);
  cli_assert_content (fixture, "big.bin", SIZE);
  unmount (fixture);
}

int
main (int argc, char **argv)
{
  /* before there is any other thread */
  has_namespace = bobbin_test_try_namespace ();
  cli_test_init (&argc, &argv);

  CLI_TEST ("/cli/disk/too-small", test_too_small);
  CLI_TEST ("/cli/disk/in-the-middle", test_in_the_middle);

  return g_test_run ();
}
