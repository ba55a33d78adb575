/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-cli.h"
#include "bobbin-monitor.h"

G_BEGIN_DECLS

/**
 * BobbinCliWatchOptions:
 * @monitors: (element-type BobbinMonitor): what is monitored, and how
 * @count: end after so many samples of each; 0 for no end
 * @fetch: (nullable): the folder that pages go to when they have changed, an absolute path
 * @json: whether to tell it to a program
 *
 * What `watch` is to do, checked.
 */
typedef struct
{
  GPtrArray *monitors;
  guint count;
  const char *fetch;
  gboolean json;
} BobbinCliWatchOptions;

BobbinCliStatus bobbin_cli_watch_run (const BobbinCliWatchOptions *options);

G_END_DECLS
