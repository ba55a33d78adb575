/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-probe-ping, in a network of its own where that can be had: there first nobody may ping,
 * then this user may. Elsewhere what this system allows decides what has to come of it.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-test-sampling.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define RANGE "/proc/sys/net/ipv4/ping_group_range"

static gboolean has_own_network;

static void
write_range (const char *range)
{
  const int fd = open (RANGE, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, range, strlen (range)), ==, (gssize) strlen (range));
  close (fd);
}

static void
enter_network (void)
{
  struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
  int fd;

  if (access (RANGE, W_OK) != 0 || unshare (CLONE_NEWNET) != 0)
    return;
  fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  has_own_network = ioctl (fd, SIOCSIFFLAGS, &request) == 0;
  close (fd);
}

static gboolean
may_ping (void)
{
  g_autofree char *range = NULL;
  guint first = 1;
  guint last = 0;

  g_assert_true (g_file_get_contents (RANGE, &range, NULL, NULL));
  g_assert_cmpint (sscanf (range, "%u %u", &first, &last), ==, 2);

  return getegid () >= first && getegid () <= last;
}

static void
test_ping (gconstpointer user_data)
{
  g_autoptr (BobbinTestSampling) sampling = NULL;

  if (has_own_network)
    write_range (GPOINTER_TO_INT (user_data) ? "0 2147483647" : "1 0");
  sampling = bobbin_test_sampling_begin ("ping:127.0.0.1");
  if (may_ping ())
    {
      g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >, 0);
      return;
    }
  bobbin_test_sampling_expect_error (sampling, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (sampling->error->message, "does not let you ping"));
}

static void
test_target (void)
{
  static const char *const bad[] = { "ping:", "ping:a b", "ping:http://a", "ping:a:80",
                                     "ping:[::1]" };
  static const char *const good[] = { "ping:example.org", "ping:127.0.0.1", "ping:::1" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bobbin_probe_new (bad[i], NULL, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (BobbinProbe) probe = bobbin_probe_new (good[i], NULL, NULL);

      g_assert_nonnull (probe);
    }
}

int
main (int argc, char *argv[])
{
  enter_network ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/probe-ping/forbidden", GINT_TO_POINTER (FALSE), test_ping);
  g_test_add_data_func ("/probe-ping/allowed", GINT_TO_POINTER (TRUE), test_ping);
  g_test_add_func ("/probe-ping/target", test_target);

  return g_test_run ();
}
