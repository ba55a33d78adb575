/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A mount namespace that belongs to one test program alone, so that it can have file systems that
 * are full, read-only or vanish.
 */

#include "config.h"

#include "bobbin-test-namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static void
write_line (const char *path, const char *line)
{
  const int fd = open (path, O_WRONLY | O_CLOEXEC);

  if (fd < 0 || write (fd, line, strlen (line)) != (gssize) strlen (line))
    g_error ("%s: %s", path, g_strerror (errno));
  close (fd);
}

/**
 * bobbin_test_try_namespace:
 *
 * As bobbin_test_enter_namespace(), but that it may not be is no fault of the test.
 *
 * Returns: whether it was entered
 */
gboolean
bobbin_test_try_namespace (void)
{
  const uid_t uid = geteuid ();
  const gid_t gid = getegid ();
  /* Who it is to others stays the same: a message bus asks. */
  g_autofree char *uid_map = g_strdup_printf ("%u %u 1", uid, uid);
  g_autofree char *gid_map = g_strdup_printf ("%u %u 1", gid, gid);

  if (unshare (CLONE_NEWNS) < 0)
    {
      if (unshare (CLONE_NEWUSER | CLONE_NEWNS) < 0)
        return FALSE;
      write_line ("/proc/self/setgroups", "deny");
      write_line ("/proc/self/uid_map", uid_map);
      write_line ("/proc/self/gid_map", gid_map);
    }
  /* In a chroot "/" is no mount point; then the mounts are seen outside, until they are undone. */
  if (mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 && errno != EINVAL)
    g_error ("Mounts cannot be made private: %s", g_strerror (errno));

  return TRUE;
}

/**
 * bobbin_test_enter_namespace:
 *
 * Enters a mount namespace of its own. To be called before there is any other thread: only then may
 * a user namespace be entered.
 */
void
bobbin_test_enter_namespace (void)
{
  if (!bobbin_test_try_namespace ())
    g_error ("Neither a mount nor a user namespace may be made here: %s", g_strerror (errno));
}
