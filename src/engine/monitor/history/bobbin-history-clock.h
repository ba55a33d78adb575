/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * BobbinHistoryClock:
 * @real: what the clock on the wall said when it was last set
 * @boot: and the time since the computer was started; 0 before the first look
 *
 * Whether the clock on the wall can be relied on. All zero at the beginning.
 */
typedef struct
{
  gint64 real;
  gint64 boot;
} BobbinHistoryClock;

gint64 bobbin_history_clock_check (BobbinHistoryClock *self,
                                   gint64              real,
                                   gint64              boot);
gint64 bobbin_history_clock_read  (BobbinHistoryClock *self);

G_END_DECLS
