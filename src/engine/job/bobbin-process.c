/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a program that runs jobs asks of the system before it begins. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-process.h"

#include <signal.h>
#include <sys/resource.h>

/* A run needs about ten: its socket, its part, its folder, and those of its context. */
#define MAX_FILES 8192

/**
 * bobbin_process_prepare:
 *
 * Raises the number of files that may be open, which is 1024 on most systems and ends the program
 * where GLib gets no more, as far as the system allows; and has a file that becomes too large for a
 * limit (setrlimit(2)) fail, instead of ending the program. Before any thread is started.
 */
void
bobbin_process_prepare (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < MAX_FILES)
    {
      limit.rlim_cur = MIN (limit.rlim_max, MAX_FILES);
      setrlimit (RLIMIT_NOFILE, &limit);
    }
  signal (SIGXFSZ, SIG_IGN);
}
