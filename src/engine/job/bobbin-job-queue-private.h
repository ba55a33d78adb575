/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-queue.h"

G_BEGIN_DECLS

/*
 * A queue as its own files see it: bobbin-job-queue.c holds the jobs, bobbin-job-queue-run.c gives
 * out the slots and ends it all, bobbin-job-queue-later.c has those that were put off,
 * bobbin-job-queue-move.c changes the order, bobbin-job-queue-all.c is about all jobs at once,
 * bobbin-job-queue-hold.c lets none of them begin. What it has of each job is in the job, see
 * BobbinJobPlace. Main thread only.
 */

#define BOBBIN_N_JOB_STATES (BOBBIN_JOB_FAILED + 1)

/* How many jobs of a kind are in each state, and how fast all of them together are. */
typedef struct
{
  GType  type;
  guint  n_jobs[BOBBIN_N_JOB_STATES];
  gint64 rate; /* bytes a second */
} BobbinJobQueueTally;

/* Something that is being done to all jobs. */
typedef struct _BobbinJobQueueSweep BobbinJobQueueSweep;

struct _BobbinJobQueue
{
  GObject parent_instance;

  GSequence           *jobs;      /* (owned) of BobbinJob (owned), in order */
  GSequenceIter       *next;      /* before it in the list no job waits for a slot */
  GArray              *tallies;   /* (owned) of BobbinJobQueueTally */
  BobbinMailbox       *mailbox;   /* (owned) */
  BobbinWorkerPool    *transfers; /* (owned) */
  BobbinWorkerPool    *probes;    /* (owned) */
  BobbinJobQueueSweep *sweep;     /* (owned) (nullable) the first of those under way */
  GSequenceIter       *hidden;    /* (nullable) what is on its way to another place */
  GSequence           *later;     /* (owned) of BobbinJob (unowned): put off, the first due first */
  GSource             *timer;     /* (owned) (nullable) while any is */
  GPtrArray           *gates;     /* (owned) what they await */
  char                *hold;      /* (owned) (nullable) why no transfer is to begin */
  GQueue               urgent;    /* of BobbinJob (unowned): may begin all the same */

  guint    max_transfers;
  guint    n_waiting;    /* transfers that wait for a slot, but for those that were put off */
  guint    n_slots;      /* transfers that are running or being stopped, but for those aside */
  guint    n_aside;      /* transfers that wait for something outside of the program */
  guint    n_running;    /* jobs of either lane that are running or being stopped */
  guint    told_running; /* n_running and n_waiting as last notified */
  guint    told_waiting;
  guint    told_active;  /* and how many there are of all those that are not at rest */
  gboolean late_is_next; /* whose turn it is, if there is a choice */
  gboolean scheduling;
  gboolean closing;
  GThread *owner;        /* the main thread: who made it */
  GList   *closers;      /* (owned) of GTask: who waits for the end of it all */
  GSource *patience;     /* (owned) (nullable) ends the wait for what does not end */
  gboolean abandoned;    /* whether anything was left at work */
};

/* bobbin-job-queue.c */
void     bobbin_job_queue_notify_counts   (BobbinJobQueue *self);
void     bobbin_job_queue_notify_closing  (BobbinJobQueue *self);
void     bobbin_job_queue_notify_rate     (BobbinJobQueue *self);
void     bobbin_job_queue_emit_state      (BobbinJobQueue *self,
                                           BobbinJob      *job);
void     bobbin_job_queue_hear_change     (BobbinJobQueue *self,
                                           BobbinJob      *job,
                                           gboolean        chosen);

/* bobbin-job-queue-run.c */
void     bobbin_job_queue_abandon         (BobbinJobQueue *self);
void     bobbin_job_queue_hear_state      (BobbinJobQueue *self,
                                           BobbinJob      *job);
void     bobbin_job_queue_count           (BobbinJobQueue *self,
                                           BobbinJob      *job,
                                           int             by);
void     bobbin_job_queue_hear_rate       (BobbinJobQueue *self,
                                           BobbinJob      *job,
                                           gint64          change);
void     bobbin_job_queue_move_next       (BobbinJobQueue *self,
                                           BobbinJob      *job);
void     bobbin_job_queue_skip_next       (BobbinJobQueue *self,
                                           BobbinJob      *job);
void     bobbin_job_queue_hear_aside      (BobbinJobQueue *self,
                                           BobbinJob      *job);
void     bobbin_job_queue_schedule        (BobbinJobQueue *self);

/* bobbin-job-queue-later.c */
void       bobbin_job_queue_init_later    (BobbinJobQueue *self);
void       bobbin_job_queue_clear_later   (BobbinJobQueue *self);
gboolean   bobbin_job_queue_has_later     (BobbinJob *job);
void       bobbin_job_queue_add_later     (BobbinJobQueue *self,
                                           BobbinJob      *job);
void       bobbin_job_queue_remove_later  (BobbinJobQueue *self,
                                           BobbinJob      *job);
BobbinJob *bobbin_job_queue_get_due       (BobbinJobQueue *self);
void       bobbin_job_queue_renew_later   (BobbinJobQueue *self);

/* bobbin-job-queue-hold.c */
void       bobbin_job_queue_init_hold     (BobbinJobQueue *self);
void       bobbin_job_queue_clear_hold    (BobbinJobQueue *self);
void       bobbin_job_queue_forget_urgent (BobbinJobQueue *self,
                                           BobbinJob      *job);
BobbinJob *bobbin_job_queue_get_urgent    (BobbinJobQueue *self);
gboolean   bobbin_job_queue_is_at_rest    (BobbinJobQueue *self);

/* bobbin-job-queue-all.c */
gboolean bobbin_job_queue_is_stopping_all (BobbinJobQueue *self);

G_END_DECLS
