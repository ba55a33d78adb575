/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-probe-private.h"
#include "bobbin-worker-pool.h"

G_BEGIN_DECLS

/*
 * BobbinSlot:
 * @due: boottime µs at which the sample was due
 * @came: boottime µs at which it had been taken
 * @asleep: µs of that in which this computer was asleep
 *
 * When a sample was taken.
 */
typedef struct
{
  gint64 due;
  gint64 came;
  gint64 asleep;
} BobbinSlot;

/*
 * BobbinTickFuncs:
 * @sampled: a sample was taken, or failed with @error
 * @skipped: a slot came at @due, and the sample before it is still being taken
 * @slow: a sample that was due at @due has been taken for @taken µs now, longer than it should, not
 *   counting @asleep µs in which this computer was asleep meanwhile
 * @left: what bobbin_tick_member_leave() asked for: no thread is at work for the member any more.
 *   May free it
 *
 * Whom a member of a group tells, in the main thread. Each may leave the group.
 */
typedef struct
{
  void (*sampled) (const BobbinSlot   *slot,
                   const BobbinSample *sample,
                   const GError       *error,
                   gpointer            user_data);
  void (*skipped) (gint64   due,
                   gpointer user_data);
  void (*slow)    (gint64   due,
                   gint64   taken,
                   gint64   asleep,
                   gpointer user_data);
  void (*left)    (gpointer user_data);
} BobbinTickFuncs;

typedef struct _BobbinTickMember BobbinTickMember;

BobbinTickMember *bobbin_tick_member_new          (BobbinWorkerPool      *pool,
                                                   BobbinProbe           *probe,
                                                   gint64                 interval,
                                                   gboolean               paused,
                                                   const BobbinTickFuncs *funcs,
                                                   gpointer               user_data,
                                                   GError               **error);
void              bobbin_tick_member_free         (BobbinTickMember *self);
void              bobbin_tick_member_set_interval (BobbinTickMember *self,
                                                   gint64            interval);
void              bobbin_tick_member_set_paused   (BobbinTickMember *self,
                                                   gboolean          paused);
void              bobbin_tick_member_sample_now   (BobbinTickMember *self);
void              bobbin_tick_member_cancel       (BobbinTickMember *self);
void              bobbin_tick_member_leave        (BobbinTickMember *self);
void              bobbin_tick_member_abandon      (BobbinTickMember *self);

G_END_DECLS
