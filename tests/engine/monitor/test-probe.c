/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-probe: which targets there are, what they are called, and what is said of those that are
 * none; and how a probe that was cancelled before it began behaves.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-probe-private.h"

#include <math.h>

typedef struct
{
  const char *target;
  const char *title;
  const char *unit;
  double scale;
} GoodTarget;

static const GoodTarget good_targets[] = {
  { "cpu", "Processor", "%", 100 },
  { "memory", "Memory", "%", 100 },
  { "disk:/", "Disk /", "%", 100 },
  { "disk:/home", "Disk /home", "%", 100 },
  { "disk:/a b/ü:x", "Disk /a b/ü:x", "%", 100 },
  { "disk-free:/home", "Free space on /home", "B", 0 },
  { "inodes:/home", "Inodes on /home", "%", 100 },
  { "http://example.org", "example.org", "ms", 0 },
  { "http://example.org:8080/a?b=c#d", "example.org", "ms", 0 },
  { "https://user:secret@example.org/", "example.org", "ms", 0 },
  { "HTTPS://example.org/", "example.org", "ms", 0 },
  { "https://[::1]:8443/", "::1", "ms", 0 },
  { "tcp://example.org:22", "example.org:22", "ms", 0 },
  { "tcp://127.0.0.1:1/", "127.0.0.1:1", "ms", 0 },
  { "tcp://[::1]:65535", "[::1]:65535", "ms", 0 },
};

static const char *const bad_targets[] = {
  "",
  "cpu ",
  "CPU",
  "processor",
  "memory:",
  "disk",
  "disk:",
  "disk:home",
  "disk:./home",
  "disk: /home",
  "disk-free:",
  "disk-free:home",
  "inodes",
  "inodes:home",
  "http:",
  "http://",
  "http:///path",
  "http://exa mple.org/",
  "http://exa%20mple.org/",
  "http://exa<mple.org/",
  "http://%1b%5b31m.invalid/",
  "https://exa%0ample.org/",
  "http://exa%7fmple.org/",
  "http://%c2%9b31m.invalid/",
  "http://example.org:port/",
  "http://example.org:65536/",
  "http://[::1/",
  "https:example.org",
  "ftp://example.org/",
  "file:///etc/passwd",
  "//example.org",
  "example.org",
  "tcp:",
  "tcp://",
  "tcp://:22",
  "tcp://example.org",
  "tcp://example.org:",
  "tcp://example.org:0",
  "tcp://example.org:65536",
  "tcp://example.org:-1",
  "tcp://example.org:ssh",
  "tcp://example.org:22/path",
  "tcp://example.org:22?query",
  "tcp://example.org:22#fragment",
  "tcp://user@example.org:22",
  "tcp://exa%20mple.org:22",
  "tcp://%1b%5b31m.invalid:22",
  "tcp://::1:22",
  "tcp://[::1]",
  "tcp://[::1:22",
};

static void
test_good_target (gconstpointer user_data)
{
  const GoodTarget *test = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BobbinProbe) probe = bobbin_probe_new (test->target, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (probe);
  g_assert_cmpstr (probe->title, ==, test->title);
  g_assert_cmpstr (probe->klass->unit, ==, test->unit);
  g_assert_cmpfloat (probe->klass->scale, ==, test->scale);
}

static void
test_bad_target (gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bobbin_probe_new (user_data, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS);
  g_assert_true (g_str_has_suffix (error->message, "."));
}

static void
test_cancelled_before (gconstpointer user_data)
{
  g_autoptr (BobbinProbe) probe = bobbin_probe_new (user_data, NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;

  g_cancellable_cancel (cancellable);
  g_assert_false (bobbin_probe_sample (probe, cancellable, &sample, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (isnan (sample.value));
}

static void
test_ref (void)
{
  BobbinProbe *probe = bobbin_probe_new ("memory", NULL, NULL);
  g_auto (BobbinSample) sample = BOBBIN_SAMPLE_INIT;

  g_assert_true (bobbin_probe_ref (probe) == probe);
  bobbin_probe_unref (probe);
  g_assert_true (bobbin_probe_sample (probe, NULL, &sample, NULL));
  bobbin_probe_unref (probe);
}

int
main (int argc, char *argv[])
{
  static const char *const of_each_kind[] = { "cpu", "memory", "disk:/", "http://127.0.0.1:1/",
                                              "tcp://127.0.0.1:1" };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (good_targets); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe/target/good/%u", i);

      g_test_add_data_func (path, &good_targets[i], test_good_target);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad_targets); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe/target/bad/%u", i);

      g_test_add_data_func (path, bad_targets[i], test_bad_target);
    }
  for (guint i = 0; i < G_N_ELEMENTS (of_each_kind); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe/cancelled-before/%u", i);

      g_test_add_data_func (path, of_each_kind[i], test_cancelled_before);
    }
  g_test_add_func ("/probe/ref", test_ref);

  return g_test_run ();
}
