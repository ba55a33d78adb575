/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Runs a command and prints what it cost: seconds on the clock, seconds of processors in user and
 * kernel, KiB of memory at the most; of it and of all that it started and waited for. Its standard
 * output goes nowhere. So small a program of its own as a process begins with the peak of the
 * memory of the one it is forked from (getrusage(2)).
 *
 *   cost COMMAND [ARGUMENT…]
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
get_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static double
get_seconds (struct timeval time)
{
  return (double) time.tv_sec + (double) time.tv_usec / 1e6;
}

static void
become (char **command)
{
  dup2 (open ("/dev/null", O_RDWR), STDOUT_FILENO);
  execvp (*command, command);
  perror (*command);
  _exit (127);
}

int
main (int argc, char **argv)
{
  const double begun = get_time ();
  const pid_t pid = argc > 1 ? fork () : -1;
  struct rusage usage;
  int status;

  if (pid == 0)
    become (argv + 1);
  if (pid < 0 || wait4 (pid, &status, 0, &usage) < 0)
    {
      fputs ("Nothing could be run\n", stderr);
      return 2;
    }

  printf ("%.6f %.6f %ld\n", get_time () - begun,
          get_seconds (usage.ru_utime) + get_seconds (usage.ru_stime), usage.ru_maxrss);

  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}
