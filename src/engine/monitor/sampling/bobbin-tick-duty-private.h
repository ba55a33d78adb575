/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-tick-group-private.h"

#include "bobbin-clock-private.h"

G_BEGIN_DECLS

/* A sample that takes longer, in µs, is left to a thread of its own. */
#define BOBBIN_TICK_SLOW (30 * G_TIME_SPAN_MILLISECOND)

/*
 * A group as its own files see it: bobbin-tick-group.c is its side in the main thread, and
 * bobbin-tick-duty.c what the thread on duty does.
 */
typedef struct
{
  gatomicrefcount   ref_count;
  BobbinWorkerPool *pool;      /* (owned) (nullable) main only */
  GMainContext     *context;   /* (owned) */
  GSource          *watcher;   /* (owned) (nullable) main only: hears the watch */
  GSource          *listener;  /* (owned) (nullable) main only: hears the news */
  guint             n_members; /* main only */
  int               wake_fd;   /* (owned) an eventfd: something is new for the thread on duty */
  int               news_fd;   /* (owned) an eventfd: something is new for the main thread */
  BobbinAlarm       alarm;     /* of the next slot; the thread on duty hears it */
  BobbinAlarm       watch;     /* of a sample that takes long; the main thread hears it */

  GMutex            mutex;
  GPtrArray        *rates;      /* (owned) of BobbinTickRate (owned); protected by mutex */
  GQueue            batch;      /* of members that are due; protected by mutex */
  GQueue            last;       /* so too, of those that were slow; protected by mutex */
  GQueue            returned;   /* of members with something to tell; protected by mutex */
  BobbinTickMember *at;         /* (nullable) that is sampled on duty; protected by mutex */
  BobbinTimes       at_since;   /* protected by mutex */
  guint             generation; /* of the thread on duty; protected by mutex */
  gboolean          posted;     /* the main thread comes for what returned; protected by mutex */
  gboolean          must_ring;  /* for that, when the mutex is let go of; protected by mutex */
  gboolean          closing;    /* protected by mutex */
} BobbinTickGroup;

/* All members of one interval. */
typedef struct
{
  gint64     interval; /* µs */
  gint64     next;     /* boottime µs */
  GPtrArray *members;
} BobbinTickRate;

typedef enum
{
  BOBBIN_TICK_RESTING,
  BOBBIN_TICK_WAITING, /* in the batch */
  BOBBIN_TICK_SAMPLING,
} BobbinTickState;

struct _BobbinTickMember
{
  BobbinTickGroup *group; /* (owned) */
  BobbinProbe     *probe; /* (owned) */
  BobbinTickFuncs  funcs;
  gpointer         user_data;

  /* protected by the group's mutex */
  BobbinTickRate  *rate;        /* (nullable) */
  GCancellable    *cancellable; /* (owned) of the sample in flight, or the next */
  BobbinTickState  state;
  gboolean         was_slow;
  gboolean         paused;
  gboolean         leaving;
  gboolean         abandoned;   /* nobody wants to hear of it any more */
  gint64           not_before;  /* boottime µs: no slot before it counts */
  gint64           due;         /* of the sample in flight, or the latest */

  /* What there is to tell; protected by the group's mutex */
  gboolean         is_returned; /* is in the queue for it */
  gboolean         has_sample;
  gint64           skipped;     /* the slot, 0 for none */
  BobbinSlot       slot;
  BobbinSample     found;
  GError          *error;       /* (owned) (nullable) */
};

/* What a thread on duty gets. */
typedef struct
{
  BobbinTickGroup *group; /* (owned) */
  guint            generation;
} BobbinTickShift;

/* bobbin-tick-group.c */
void     bobbin_tick_member_add_returned (BobbinTickMember *self);
void     bobbin_tick_group_post          (BobbinTickGroup *self);
void     bobbin_tick_group_let_go        (BobbinTickGroup *self);
void     bobbin_tick_hear                (int fd);

/* bobbin-tick-duty.c */
void     bobbin_tick_member_add_due      (BobbinTickMember *self,
                                          gint64            due);
gboolean bobbin_tick_duty_run            (gpointer           spec,
                                          BobbinMailboxSlot *slot,
                                          GCancellable      *cancellable,
                                          GError           **error);

G_END_DECLS
