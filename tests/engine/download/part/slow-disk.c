/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any thread, but for those who tell the disk what to do: one of them. */

#include "config.h"

#include "slow-disk.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static GMutex mutex;
static GCond changed;

/* protected by mutex */
static gboolean is_held[SLOW_DISK_N_CALLS];
static int failures[SLOW_DISK_N_CALLS];
static guint n_inside[SLOW_DISK_N_CALLS];
static guint n_calls[SLOW_DISK_N_CALLS];

static GThread *releaser; /* (owned) (nullable) */

/* Gives the errno that the call is to fail with, or 0. */
static int
pass (SlowDiskCall call)
{
  int errsv;

  g_mutex_lock (&mutex);
  n_calls[call]++;
  n_inside[call]++;
  g_cond_broadcast (&changed);
  g_main_context_wakeup (NULL);
  while (is_held[call])
    g_cond_wait (&changed, &mutex);
  n_inside[call]--;
  errsv = failures[call];
  failures[call] = 0;
  g_mutex_unlock (&mutex);

  return errsv;
}

/* The linker takes these rather than the C library's. */

int
fdatasync (int fd)
{
  const int errsv = pass (SLOW_DISK_SYNC);

  if (errsv == 0)
    return (int) syscall (SYS_fdatasync, fd);
  errno = errsv;

  return -1;
}

int
sync_file_range (int fd, off64_t offset, off64_t n_bytes, unsigned flags)
{
  const int errsv = flags & SYNC_FILE_RANGE_WAIT_AFTER ? pass (SLOW_DISK_BITE) : 0;

  if (errsv == 0)
    return (int) syscall (SYS_sync_file_range, fd, offset, n_bytes, flags);
  errno = errsv;

  return -1;
}

int
fallocate (int fd, int mode, off_t offset, off_t n_bytes)
{
  const int errsv = pass (SLOW_DISK_RESERVE);

  if (errsv == 0)
    return (int) syscall (SYS_fallocate, fd, mode, offset, n_bytes);
  errno = errsv;

  return -1;
}

ssize_t
pread (int fd, void *bytes, size_t n_bytes, off_t offset)
{
  const int errsv = pass (SLOW_DISK_READ);

  if (errsv == 0)
    return syscall (SYS_pread64, fd, bytes, n_bytes, offset);
  errno = errsv;

  return -1;
}

static gboolean
is_held_at (SlowDiskCall call)
{
  gboolean held;

  g_mutex_lock (&mutex);
  held = is_held[call];
  g_mutex_unlock (&mutex);

  return held;
}

int
fstatfs (int fd, struct statfs *status)
{
  const int result = (int) syscall (SYS_fstatfs, fd, status);

  if (result == 0 && is_held_at (SLOW_DISK_RESERVE))
    status->f_type = EXT4_SUPER_MAGIC;

  return result;
}

int
posix_fadvise (int fd, off_t offset, off_t n_bytes, int advice)
{
  const int errsv = advice == POSIX_FADV_DONTNEED ? pass (SLOW_DISK_FORGET) : 0;

  if (errsv == 0)
    return syscall (SYS_fadvise64, fd, offset, n_bytes, advice) == 0 ? 0 : errno;

  return errsv;
}

/* All as if nothing had been told or counted. */
void
slow_disk_reset (void)
{
  slow_disk_release ();
  g_mutex_lock (&mutex);
  for (guint i = 0; i < SLOW_DISK_N_CALLS; i++)
    n_calls[i] = failures[i] = 0;
  g_mutex_unlock (&mutex);
}

/* From now on such calls do not return. */
void
slow_disk_hold (SlowDiskCall call)
{
  g_mutex_lock (&mutex);
  is_held[call] = TRUE;
  g_mutex_unlock (&mutex);
}

/* They do. */
void
slow_disk_release (void)
{
  g_mutex_lock (&mutex);
  for (guint i = 0; i < SLOW_DISK_N_CALLS; i++)
    is_held[i] = FALSE;
  g_cond_broadcast (&changed);
  g_mutex_unlock (&mutex);
}

/* The next such call fails. */
void
slow_disk_fail (SlowDiskCall call, int errsv)
{
  g_mutex_lock (&mutex);
  failures[call] = errsv;
  g_mutex_unlock (&mutex);
}

/* Waits until somebody is in such a call. */
void
slow_disk_wait_inside (SlowDiskCall call)
{
  g_mutex_lock (&mutex);
  while (n_inside[call] == 0)
    g_cond_wait (&changed, &mutex);
  g_mutex_unlock (&mutex);
}

/* How many are in a call of either kind. */
guint
slow_disk_get_n_inside (void)
{
  guint n = 0;

  g_mutex_lock (&mutex);
  for (guint i = 0; i < SLOW_DISK_N_CALLS; i++)
    n += n_inside[i];
  g_mutex_unlock (&mutex);

  return n;
}

/* How many calls there have been. */
guint
slow_disk_get_n_calls (SlowDiskCall call)
{
  guint n;

  g_mutex_lock (&mutex);
  n = n_calls[call];
  g_mutex_unlock (&mutex);

  return n;
}

static gpointer
release (gpointer data)
{
  slow_disk_release ();

  return NULL;
}

/* The disk returns while the caller does what comes next; slow_disk_join() after that. */
void
slow_disk_release_beside (void)
{
  releaser = g_thread_new ("slow-disk", release, NULL);
}

void
slow_disk_join (void)
{
  g_thread_join (g_steal_pointer (&releaser));
}
