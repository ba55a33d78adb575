/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The kinds of probe that look at this computer, on a computer made of files: what the kernel would
 * say is written below a folder of the test's.
 */

#include "config.h"

#include "bobbin-error.h"
#include "probe/bobbin-probe-local.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *root; /* (owned) */
} Fixture;

static void
fixture_set_up (Fixture *f, gconstpointer data)
{
  f->root = g_dir_make_tmp ("bobbin-probe-XXXXXX", NULL);
  g_assert_nonnull (f->root);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (!g_file_test (child, G_FILE_TEST_IS_SYMLINK) && g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  remove_tree (f->root);
  g_free (f->root);
}

static void
fixture_write (Fixture *f, const char *file, const char *text, gssize length)
{
  g_autofree char *path = g_build_filename (f->root, file, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_file_set_contents (path, text, length, &error);
  g_assert_no_error (error);
}

static double
take (BobbinProbe *probe)
{
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_true (bobbin_probe_sample (probe, NULL, &sample, &error));
  g_assert_no_error (error);

  return sample.value;
}

/* What cannot be known is no number. */
static void
take_none (BobbinProbe *probe, int code)
{
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_false (bobbin_probe_sample (probe, NULL, &sample, &error));
  g_assert_error (error, BOBBIN_ERROR, code);
  g_assert_true (isnan (sample.value));
}

static void
test_swap (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinProbe) probe = bobbin_probe_swap_new (f->root);

  take_none (probe, BOBBIN_ERROR_UNSUPPORTED);
  fixture_write (f, "proc/meminfo", "SwapTotal:  400 kB\nSwapFree:  100 kB\n", -1);
  g_assert_cmpfloat (take (probe), ==, 75);
  fixture_write (f, "proc/meminfo", "SwapTotal:  400 kB\nSwapFree:  500 kB\n", -1);
  g_assert_cmpfloat (take (probe), ==, 0);
  fixture_write (f, "proc/meminfo", "SwapTotal:  0 kB\nSwapFree:  0 kB\n", -1);
  take_none (probe, BOBBIN_ERROR_UNSUPPORTED);
  fixture_write (f, "proc/meminfo", "SwapTotal:  400 kB\nSwapFree:  10", -1);
  take_none (probe, BOBBIN_ERROR_UNSUPPORTED);
}

static void
test_load (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinProbe) probe = bobbin_probe_load_new (f->root);

  take_none (probe, BOBBIN_ERROR_UNSUPPORTED);
  fixture_write (f, "proc/loadavg", "12.34 5.00 1.00 2/345 678\n", -1);
  g_assert_cmpfloat (take (probe), ==, 12.34);
  fixture_write (f, "proc/loadavg", "many\n", -1);
  take_none (probe, BOBBIN_ERROR_UNSUPPORTED);
}

static void
test_pressure (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinProbe) probe = bobbin_probe_pressure_new (f->root, "memory", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (bobbin_probe_pressure_new (f->root, "air", &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS);

  take_none (probe, BOBBIN_ERROR_UNSUPPORTED);
  fixture_write (f, "proc/pressure/memory",
                 "some avg10=7.25 avg60=1.00 avg300=0.00 total=5\n"
                 "full avg10=1.00 avg60=0.00 avg300=0.00 total=1\n",
                 -1);
  g_assert_cmpfloat (take (probe), ==, 7.25);
  fixture_write (f, "proc/pressure/memory", "full avg10=1.00 \n", -1);
  take_none (probe, BOBBIN_ERROR_UNSUPPORTED);
}

#define TRAFFIC_HEAD                                                               \
  "Inter-|   Receive                                                |  Transmit\n" \
  " face |bytes    packets errs drop fifo frame compressed multicast|bytes ...\n"

static void
write_traffic (Fixture *f, guint64 received, guint64 sent)
{
  g_autofree char *text =
    g_strdup_printf (TRAFFIC_HEAD "    lo: 9 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0\n"
                                  "xeth0: 8 1 0 0 0 0 0 0 8 1 0 0 0 0 0 0\n"
                                  "  eth0:%" G_GUINT64_FORMAT " 1 0 0 0 0 0 0 %" G_GUINT64_FORMAT
                                  " 1 0 0 0 0 0 0\n",
                     received, sent);

  fixture_write (f, "proc/net/dev", text, -1);
}

/* How fast it is depends on the clock; that the directions stand in the right proportion, and what
 * cannot be told, does not. */
static void
test_traffic (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) in = g_variant_ref_sink (g_variant_new_parsed ("{'direction': <'in'>}"));
  g_autoptr (GVariant) odd = g_variant_ref_sink (g_variant_new_parsed ("{'direction': <'up'>}"));
  g_autoptr (GVariant) more = g_variant_ref_sink (g_variant_new_parsed ("{'speed': <'in'>}"));
  g_autoptr (BobbinProbe) both = bobbin_probe_traffic_new (f->root, "eth0", NULL, NULL);
  g_autoptr (BobbinProbe) received = bobbin_probe_traffic_new (f->root, "eth0", in, NULL);
  g_autoptr (BobbinProbe) gone = bobbin_probe_traffic_new (f->root, "eth1", NULL, NULL);

  g_assert_null (bobbin_probe_traffic_new (f->root, "eth0", odd, NULL));
  g_assert_null (bobbin_probe_traffic_new (f->root, "eth0", more, NULL));
  g_assert_null (bobbin_probe_traffic_new (f->root, "", NULL, NULL));
  g_assert_null (bobbin_probe_traffic_new (f->root, "../stat", NULL, NULL));

  take_none (both, BOBBIN_ERROR_UNSUPPORTED);
  write_traffic (f, 1000, 2000);
  take_none (gone, BOBBIN_ERROR_UNSUPPORTED);
  g_assert_true (isnan (take (both)));
  g_assert_true (isnan (take (received)));

  write_traffic (f, 1000, 5000);
  g_assert_cmpfloat (take (both), >, 0);
  g_assert_cmpfloat (take (received), ==, 0);

  /* Plugged in anew: it takes another reading. */
  write_traffic (f, 10, 10);
  g_assert_true (isnan (take (both)));
  write_traffic (f, 20, 10);
  g_assert_cmpfloat (take (both), >, 0);

  bobbin_probe_begin (both);
  g_assert_true (isnan (take (both)));
}

static void
test_temperature (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinProbe) hottest = bobbin_probe_temperature_new (f->root, "");
  g_autoptr (BobbinProbe) chip = bobbin_probe_temperature_new (f->root, "nvme");
  g_autoptr (BobbinProbe) label = bobbin_probe_temperature_new (f->root, "Tccd1");
  g_autoptr (BobbinProbe) both = bobbin_probe_temperature_new (f->root, "k10temp/Tctl");
  g_autoptr (BobbinProbe) none = bobbin_probe_temperature_new (f->root, "k10temp/Other");

  take_none (hottest, BOBBIN_ERROR_UNSUPPORTED);

  fixture_write (f, "sys/class/hwmon/hwmon0/name", "nvme\n", -1);
  fixture_write (f, "sys/class/hwmon/hwmon0/temp1_input", "-5500\n", -1);
  g_assert_cmpfloat (take (hottest), ==, -5.5);

  fixture_write (f, "sys/class/hwmon/hwmon1/name", "k10temp\n", -1);
  fixture_write (f, "sys/class/hwmon/hwmon1/temp1_input", "61250\n", -1);
  fixture_write (f, "sys/class/hwmon/hwmon1/temp1_label", "Tctl\n", -1);
  fixture_write (f, "sys/class/hwmon/hwmon1/temp3_input", "70000\n", -1);
  fixture_write (f, "sys/class/hwmon/hwmon1/temp3_label", "Tccd1\n", -1);
  fixture_write (f, "sys/class/hwmon/hwmon1/temp4_input", "hot\n", -1);
  fixture_write (f, "sys/class/hwmon/hwmon1/temp1_max", "95000\n", -1);

  g_assert_cmpfloat (take (hottest), ==, 70);
  g_assert_cmpfloat (take (chip), ==, -5.5);
  g_assert_cmpfloat (take (label), ==, 70);
  g_assert_cmpfloat (take (both), ==, 61.25);
  take_none (none, BOBBIN_ERROR_UNSUPPORTED);
}

static void
test_process (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinProbe) sshd = bobbin_probe_process_new (f->root, "sshd", NULL);
  g_autoptr (BobbinProbe) longer = bobbin_probe_process_new (f->root, "gnome-keyring-daemon", NULL);
  const char arguments[] = "/usr/bin/gnome-keyring-daemon\0--start";
  const char other[] = "/usr/bin/gnome-keyring-dummy";

  g_assert_null (bobbin_probe_process_new (f->root, "", NULL));
  g_assert_null (bobbin_probe_process_new (f->root, "/usr/bin/sshd", NULL));

  take_none (sshd, BOBBIN_ERROR_UNSUPPORTED);
  fixture_write (f, "proc/1/comm", "init\n", -1);
  fixture_write (f, "proc/sys/comm", "sshd\n", -1);
  take_none (sshd, BOBBIN_ERROR_FAILED);

  fixture_write (f, "proc/12/comm", "sshd\n", -1);
  fixture_write (f, "proc/13/comm", "sshd\n", -1);
  fixture_write (f, "proc/14/comm", "sshd-session\n", -1);
  g_assert_cmpfloat (take (sshd), ==, 2);

  fixture_write (f, "proc/20/comm", "gnome-keyring-d\n", -1);
  fixture_write (f, "proc/20/cmdline", arguments, sizeof arguments);
  fixture_write (f, "proc/21/comm", "gnome-keyring-d\n", -1);
  fixture_write (f, "proc/21/cmdline", other, sizeof other);
  g_assert_cmpfloat (take (longer), ==, 1);

  fixture_write (f, ".flatpak-info", "[Application]\n", -1);
  take_none (sshd, BOBBIN_ERROR_UNSUPPORTED);
}

static double
blocks_of (const char *path)
{
  struct stat st;

  g_assert_cmpint (lstat (path, &st), ==, 0);

  return st.st_blocks * 512.0;
}

static void
test_folder (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (f->root, "folder", NULL);
  g_autofree char *sub = g_build_filename (folder, "sub", NULL);
  g_autofree char *file = g_build_filename (sub, "file", NULL);
  g_autofree char *again = g_build_filename (folder, "again", NULL);
  g_autofree char *away = g_build_filename (folder, "away", NULL);
  g_autofree char *big = g_strnfill (100 * 1000, 'x');
  g_autoptr (BobbinProbe) probe = bobbin_probe_folder_new (f->root, folder, NULL);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_null (bobbin_probe_folder_new (f->root, "here", NULL));
  take_none (probe, BOBBIN_ERROR_NO_FOLDER);

  fixture_write (f, "folder/sub/file", big, -1);
  fixture_write (f, "elsewhere", big, -1);
  g_assert_cmpfloat (take (probe), ==, blocks_of (folder) + blocks_of (sub) + blocks_of (file));

  g_assert_cmpint (link (file, again), ==, 0);
  g_assert_cmpint (symlink ("../elsewhere", away), ==, 0);
  g_assert_cmpfloat (take (probe), ==,
                     blocks_of (folder) + blocks_of (sub) + blocks_of (file) + blocks_of (away));

  g_cancellable_cancel (cancelled);
  g_assert_false (bobbin_probe_sample (probe, cancelled, &sample, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* What can be looked at in a sandbox is the sandbox: its disks and interfaces say nothing of this
 * computer, and no zero is made up for what is not seen. */
static void
test_sandbox (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinProbe) disk = bobbin_probe_disk_new (f->root, "/", NULL);
  g_autoptr (BobbinProbe) unused = bobbin_probe_disk_free_new (f->root, "/", NULL);
  g_autoptr (BobbinProbe) inodes = bobbin_probe_inodes_new (f->root, "/", NULL);
  g_autoptr (BobbinProbe) folder = bobbin_probe_folder_new (f->root, f->root, NULL);
  g_autoptr (BobbinProbe) traffic = bobbin_probe_traffic_new (f->root, "eth0", NULL, NULL);
  g_autoptr (BobbinProbe) hottest = bobbin_probe_temperature_new (f->root, "");
  g_autoptr (BobbinProbe) load = bobbin_probe_load_new (f->root);
  g_autoptr (BobbinProbe) pressure = bobbin_probe_pressure_new (f->root, "io", NULL);
  g_autofree char *mount = g_strdup_printf ("1 0 8:1 / %s rw - ext4 /dev/sda1 rw\n", f->root);

  write_traffic (f, 1000, 2000);
  take (disk);
  take (unused);
  take (folder);
  take (traffic);

  fixture_write (f, ".flatpak-info", "[Context]\nshared=ipc;\n", -1);
  fixture_write (f, "proc/self/mountinfo", "", -1);
  take_none (disk, BOBBIN_ERROR_UNSUPPORTED);
  take_none (unused, BOBBIN_ERROR_UNSUPPORTED);
  take_none (inodes, BOBBIN_ERROR_UNSUPPORTED);
  take_none (folder, BOBBIN_ERROR_UNSUPPORTED);
  take_none (traffic, BOBBIN_ERROR_UNSUPPORTED);
  take_none (hottest, BOBBIN_ERROR_UNSUPPORTED);
  take_none (load, BOBBIN_ERROR_UNSUPPORTED);
  take_none (pressure, BOBBIN_ERROR_UNSUPPORTED);

  fixture_write (f, ".flatpak-info", "[Context]\nshared=network;\n", -1);
  fixture_write (f, "proc/self/mountinfo", mount, -1);
  take (traffic);
  g_assert_cmpfloat (take (folder), >, 0);
}

static void
test_one_processor (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->root, "proc/stat", NULL);
  g_autoptr (BobbinProbe) probe = bobbin_probe_cpu_new (path, 1);
  g_autoptr (BobbinProbe) missing = bobbin_probe_cpu_new (path, 2);

  fixture_write (f, "proc/stat",
                 "cpu  0 0 0 0 0 0 0 0 0 0\ncpu0 0 0 0 0 0 0 0 0 0 0\n"
                 "cpu1 0 0 0 0 0 0 0 0 0 0\ncpu11 7 7 7 7 7 7 7 7 7 7\nintr 5\n",
                 -1);
  g_assert_true (isnan (take (probe)));
  take_none (missing, BOBBIN_ERROR_UNSUPPORTED);
  fixture_write (f, "proc/stat",
                 "cpu  50 0 0 150 0 0 0 0 0 0\ncpu0 0 0 0 100 0 0 0 0 0 0\n"
                 "cpu1 25 0 25 50 0 0 0 0 0 0\ncpu11 7 7 7 7 7 7 7 7 7 7\nintr 5\n",
                 -1);
  g_assert_cmpfloat (take (probe), ==, 50);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/probe-local/swap", test_swap },
    { "/probe-local/load", test_load },
    { "/probe-local/pressure", test_pressure },
    { "/probe-local/traffic", test_traffic },
    { "/probe-local/temperature", test_temperature },
    { "/probe-local/process", test_process },
    { "/probe-local/folder", test_folder },
    { "/probe-local/sandbox", test_sandbox },
    { "/probe-local/one-processor", test_one_processor },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, fixture_set_up, tests[i].func, fixture_tear_down);

  return g_test_run ();
}
