/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A disk that takes its time: a program that is linked with this has its own fdatasync(2) and
 * sync_file_range(2), which wait for what the disk is told here, and then do what the kernel's do.
 */

typedef enum
{
  SLOW_DISK_BITE, /* sync_file_range() that waits */
  SLOW_DISK_SYNC, /* fdatasync() */
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
