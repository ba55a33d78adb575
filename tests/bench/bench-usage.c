/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a process uses. One thread.
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

/* By thread, what was last read of it: of one that has ended there is no more to read. */
static GHashTable *threads; /* (element-type utf8 guint64) (owned) (nullable) */

static void
note_thread (const char *path, guint64 n_wakeups)
{
  if (threads == NULL)
    threads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_insert (threads, g_strdup (path), g_memdup2 (&n_wakeups, sizeof n_wakeups));
}

static guint64
sum_up (const char *folder)
{
  guint64 n = 0;
  GHashTableIter iter;
  gpointer path;
  gpointer n_wakeups;

  if (threads == NULL)
    return 0;

  g_hash_table_iter_init (&iter, threads);
  while (g_hash_table_iter_next (&iter, &path, &n_wakeups))
    if (g_str_has_prefix (path, folder))
      n += *(const guint64 *) n_wakeups;

  return n;
}

/* A thread that had to wait was woken up. */
static guint64
count_wakeups (pid_t pid)
{
  g_autofree char *folder = g_strdup_printf ("/proc/%d/task/", pid);
  g_autoptr (GDir) tasks = g_dir_open (folder, 0, NULL);
  const char *task;

  while (tasks != NULL && (task = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_strconcat (folder, task, "/status", NULL);
      const guint64 n = read_number ("\nvoluntary_ctxt_switches:", "%s", path);

      /* 0: it has just ended. */
      if (n > 0)
        note_thread (path, n);
    }

  return sum_up (folder);
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
 * Of threads that have ended it knows as much as it saw the last time that it looked.
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

/* A thread that has ended takes its switches with it. */
static guint64
get_more (guint64 before, guint64 after)
{
  return after > before ? after - before : 0;
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
    get_more (before->wakeups, after->wakeups),
    get_more (before->main_wakeups, after->main_wakeups),
    after->resident,
  };
}
