/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

/**
 * BenchUsage:
 * @cpu: user and system time, in s
 * @wakeups: how often a thread had to wait and was woken up
 * @main_wakeups: those of the main thread
 * @resident: KiB that are in memory now
 *
 * What a process has used since it began, as proc(5) has it.
 */
typedef struct
{
  double cpu;
  guint64 wakeups;
  guint64 main_wakeups;
  guint64 resident;
} BenchUsage;

BenchUsage bench_usage_look (pid_t pid);
BenchUsage bench_usage_subtract (const BenchUsage *before, const BenchUsage *after);

G_END_DECLS
