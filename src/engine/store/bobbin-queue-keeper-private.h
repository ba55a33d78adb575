/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-id.h"
#include "bobbin-job-private.h"
#include "bobbin-queue-keeper.h"
#include "bobbin-store.h"

G_BEGIN_DECLS

/*
 * A keeper as its own files see it: bobbin-queue-keeper.c follows the queue and its jobs,
 * bobbin-queue-keeper-load.c brings jobs into the queue, bobbin-queue-keeper-write.c hands to the
 * store what is to be written. Main thread only.
 */

/* What is known of a job that is kept; it hangs on the job. */
struct _BobbinKept
{
  guint8           id[BOBBIN_JOB_ID_SIZE];
  gint64           number;
  gint64           place;
  guint            n_logged;       /* lines of its log that the store has */
  BobbinStoreState state : 8;      /* what is wanted of it, as last noted */
  gboolean         log_loaded : 1; /* the lines of before the program are in its log */
  gboolean         is_dirty : 1;   /* it is in the keeper's queue of those */
  gboolean         is_in_turn : 1; /* it is put down at the end of this turn */
};

/* What goes to the store at the end of this turn of the main loop, in one transaction. */
typedef struct
{
  BobbinQueueKeeper *keeper; /* (owned) (nullable) while it is being written */
  BobbinStoreBatch  *batch;  /* (owned) (nullable) */
  GPtrArray         *adds;   /* (owned) of GTask (owned): who waits for it */
  GPtrArray         *put;     /* (owned) of BobbinJob (owned): their rows come at its end */
  GPtrArray         *placed;  /* (owned) of BobbinJob (owned): their places are in it */
  GArray            *removed; /* (owned) numbers of jobs that it removes */
} BobbinKeeperTurn;

/* What bobbin_queue_keeper_add_async() was given: its task's data. */
typedef struct
{
  GPtrArray *jobs; /* (owned) */
  gboolean   start;
  guint      n_taken; /* so many are in the queue already */
} BobbinKeeperAdd;

struct _BobbinQueueKeeper
{
  GObject parent_instance;

  BobbinJobQueue *queue;   /* (owned) */
  BobbinStore    *store;   /* (owned) */
  gint64          last_number;
  gint64          last_place;
  gint64          old_number; /* the last one of before the program */

  gboolean   opened;  /* or found that it cannot be */
  gboolean   broken;  /* it could not be opened: nothing is kept */
  gboolean   closing;
  gboolean   taking;  /* the queue changes because of us */
  GTask     *open;    /* (owned) (nullable) until all jobs are loaded */
  GPtrArray *page;    /* (owned) (nullable) of BobbinStoreJob (owned): next to be taken in */
  guint      n_taken; /* of that page */
  guint      page_source;
  GHashTable *moved;  /* (owned) (nullable) of numbers: jobs that were moved meanwhile */
  GPtrArray *early;   /* (owned) of GTask (owned): adds of before it was open */
  GQueue     intake;  /* of GTask (owned): adds that are written, on their way into the queue */
  guint      intake_source;

  BobbinKeeperTurn *turn; /* (owned) (nullable) */
  guint             turn_source;
  GQueue            dirty;   /* of BobbinJob (owned): to be written soon */
  GArray           *removed; /* (owned) numbers that could not be removed yet */
  guint             dirty_source;
  gboolean          writing;  /* what was dirty is being written */
  gboolean          hurried;  /* some of what is dirty is to be written at once */
  gboolean          sure;     /* the disk is to have it, and what was written before it */
  BobbinJob        *ended_last; /* (owned) (nullable) of those of whose end the disk is not sure */
  guint             sure_source;
  gboolean          troubled; /* the newest write failed, and that was said */
  guint             n_failed; /* so many in a row did */
  GTask            *close;    /* (owned) (nullable) */
  gboolean          ended;    /* the last has been handed to the store */
};

/* bobbin-queue-keeper.c */
BobbinKept      *bobbin_queue_keeper_get_kept   (BobbinJob *job);
void             bobbin_queue_keeper_keep       (BobbinQueueKeeper *self,
                                                 BobbinJob         *job,
                                                 BobbinStoreState   state);
void             bobbin_queue_keeper_keep_row   (BobbinQueueKeeper    *self,
                                                 BobbinJob            *job,
                                                 const BobbinStoreJob *row);
void             bobbin_queue_keeper_drop       (BobbinJob *job);
void             bobbin_queue_keeper_complain   (BobbinQueueKeeper *self,
                                                 const char        *sentence);
void             bobbin_queue_keeper_take_up_all (BobbinQueueKeeper *self);
void             bobbin_queue_keeper_end        (BobbinQueueKeeper *self);

/* bobbin-queue-keeper-load.c */
void             bobbin_queue_keeper_begin_add  (BobbinQueueKeeper *self,
                                                 GTask             *task);
void             bobbin_queue_keeper_take_in    (BobbinQueueKeeper *self,
                                                 GTask             *task);
void             bobbin_queue_keeper_end_load   (BobbinQueueKeeper *self);

/* bobbin-queue-keeper-write.c */
/* So long, in ms, after a write has failed it is tried again. */
extern guint     bobbin_queue_keeper_retry_time;

BobbinKeeperTurn *bobbin_queue_keeper_get_turn  (BobbinQueueKeeper *self);
void             bobbin_queue_keeper_put_now    (BobbinQueueKeeper *self,
                                                 BobbinJob         *job);
void             bobbin_queue_keeper_put_in_turn (BobbinQueueKeeper *self,
                                                  BobbinJob         *job);
void             bobbin_queue_keeper_place_now  (BobbinQueueKeeper *self,
                                                 BobbinJob         *job);
void             bobbin_queue_keeper_remove_now (BobbinQueueKeeper *self,
                                                 gint64             number);
void             bobbin_queue_keeper_put_soon   (BobbinQueueKeeper *self,
                                                 BobbinJob         *job);
void             bobbin_queue_keeper_put_ended  (BobbinQueueKeeper *self,
                                                 BobbinJob         *job);
gboolean         bobbin_queue_keeper_write_rest (BobbinQueueKeeper *self);

G_END_DECLS
