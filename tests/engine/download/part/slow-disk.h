/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A disk that takes its time: a program that is linked with this has its own fdatasync(2),
 * sync_file_range(2), fallocate(2), pread(2) and posix_fadvise(2), which wait for what the disk
 * is told here, and then do what the kernel's do. And whatever it is, while it is held at
 * reserving it says that it is one that can do that at once.
 */

typedef enum
{
  SLOW_DISK_BITE,    /* sync_file_range() that waits */
  SLOW_DISK_SYNC,    /* fdatasync() */
  SLOW_DISK_RESERVE, /* fallocate() */
  SLOW_DISK_READ,    /* pread() */
  SLOW_DISK_FORGET,  /* posix_fadvise() of what is not wanted in memory */
  SLOW_DISK_N_CALLS,
} SlowDiskCall;

void  slow_disk_reset       (void);
void  slow_disk_hold        (SlowDiskCall call);
void  slow_disk_release     (void);
void  slow_disk_fail        (SlowDiskCall call,
                             int          errsv);
void  slow_disk_wait_inside (SlowDiskCall call);
guint slow_disk_get_n_inside (void);
guint slow_disk_get_n_calls (SlowDiskCall call);

void  slow_disk_release_beside (void);
void  slow_disk_join           (void);

G_END_DECLS
