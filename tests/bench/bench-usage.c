/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a process uses. Any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-usage.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static guint64
find_number (const char *text, const char *name)
{
  const char *found = text != NULL ? strstr (text, name) : NULL;

  return found != NULL ? g_ascii_strtoull (found + strlen (name), NULL, 10) : 0;
}

static guint64 read_number (const char *name, const char *format, ...) G_GNUC_PRINTF (2, 3);

static guint64
read_number (const char *name, const char *format, ...)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  path = g_strdup_vprintf (format, args);
  va_end (args);

  return g_file_get_contents (path, &text, NULL, NULL) ? find_number (text, name) : 0;
}

/* A thread that had to wait was woken up. */
static guint64
count_wakeups (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/task", pid);
  g_autoptr (GDir) tasks = g_dir_open (path, 0, NULL);
  guint64 n = 0;
  const char *task;

  while (tasks != NULL && (task = g_dir_read_name (tasks)) != NULL)
    n += read_number ("\nvoluntary_ctxt_switches:", "%s/%s/status", path, task);

  return n;
}

/* utime, stime, and those of children that were waited for; after the name, which may hold spaces.
 */
static double
read_cpu (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;
  guint64 utime;
  guint64 stime;
  gint64 cutime;
  gint64 cstime;

  if (!g_file_get_contents (path, &text, NULL, NULL) ||
      sscanf (strrchr (text, ')') + 1,
              " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" G_GUINT64_FORMAT
              " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
              &utime, &stime, &cutime, &cstime) != 4)
    return 0;

  return (double) (utime + stime + cutime + cstime) / sysconf (_SC_CLK_TCK);
}

/**
 * bench_usage_look:
 * @pid: a process
 *
 * Returns: what it has used so far; nothing if it is not there
 */
BenchUsage
bench_usage_look (pid_t pid)
{
  return (BenchUsage){
    read_cpu (pid),
    count_wakeups (pid),
    read_number ("\nvoluntary_ctxt_switches:", "/proc/%d/task/%d/status", pid, pid),
    read_number ("VmRSS:", "/proc/%d/status", pid),
  };
}

/**
 * bench_usage_subtract:
 * @before: what was used at first
 * @after: what was used in the end
 *
 * Returns: what was used between; the memory is that of the end
 */
BenchUsage
bench_usage_subtract (const BenchUsage *before, const BenchUsage *after)
{
  return (BenchUsage){
    after->cpu - before->cpu,
    after->wakeups - before->wakeups,
    after->main_wakeups - before->main_wakeups,
    after->resident,
  };
}
