/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-monitor.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_MONITORS_FILTER (bobbin_monitors_filter_get_type ())
G_DECLARE_FINAL_TYPE (BobbinMonitorsFilter, bobbin_monitors_filter, BOBBIN, MONITORS_FILTER,
                      GtkFilter)

/**
 * BobbinMonitorsShown:
 * @BOBBIN_MONITORS_ALL: all of them
 * @BOBBIN_MONITORS_PROBLEMS: those at work that believe that something is wrong
 * @BOBBIN_MONITORS_IDLE: those that are stopped or paused
 *
 * Which monitors are shown, by how they do.
 */
typedef enum
{
  BOBBIN_MONITORS_ALL,
  BOBBIN_MONITORS_PROBLEMS,
  BOBBIN_MONITORS_IDLE,
} BobbinMonitorsShown;

BobbinMonitorsFilter *bobbin_monitors_filter_new (void);
void bobbin_monitors_filter_set_shown (BobbinMonitorsFilter *self,
                                       BobbinMonitorsShown shown,
                                       const char *tag);
void bobbin_monitors_filter_set_search (BobbinMonitorsFilter *self, const char *text);
gboolean bobbin_monitors_filter_asks_state (BobbinMonitorsFilter *self);

G_END_DECLS
