/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job.h"

G_BEGIN_DECLS

/*
 * A job as its own files see it, and its queue and its keeper: bobbin-job.c is the object and what
 * it says of itself, bobbin-job-run.c is its life. All of it in the main thread.
 *
 * There may be a hundred thousand jobs, and most of them wait: what a job has only while it runs,
 * or only once it has run, is made then.
 */

typedef struct _BobbinJobQueue BobbinJobQueue;
typedef struct _BobbinKept     BobbinKept;

/* The one run that lasts. */
typedef struct
{
  GCancellable      *cancellable; /* (owned) */
  BobbinMailboxSlot *slot;        /* (owned) */
  GList             *stoppers;    /* (owned) of GTask: who waits for its end */
  gboolean           start_again; /* when it has ended */
  gboolean           is_aside;    /* its slot is another's: the queue's alone */
  BobbinReport       report;      /* the newest */
} BobbinJobRun;

/* What a job waits for that was put off: its last run has ended, and the next one goes on with
 * what that had come to. */
typedef struct
{
  gint64         until;  /* when it is due, in g_get_monotonic_time() µs */
  guint          phase;  /* what that wait is called: a number of the job's class */
  guint          awaits; /* what it is due for before: the same; 0 for nothing */
  gboolean       is_on;  /* from the end of the one run to the beginning of the next */
  GSequenceIter *iter;   /* (nullable) among those that are put off: the queue's alone */
} BobbinJobDelay;

/* What is left of runs. */
typedef struct
{
  GError         *error;   /* (owned) (nullable) */
  BobbinEventLog *log;     /* (owned) (nullable) once anything happened, or somebody looked */
  gint64          started; /* g_get_real_time(), or 0 for never */
  gint64          ended;   /* the same, of the newest run; 0 while that lasts */
  gint64          bytes;
  gint64          total;   /* -1 while not known */
  BobbinJobDelay *delay;   /* (owned) (nullable) once it was put off */
} BobbinJobPast;

/* Where its queue has it: the queue's alone. */
typedef struct
{
  BobbinJobQueue *queue; /* (unowned) (nullable) */
  GSequenceIter  *iter;  /* in the list */
} BobbinJobPlace;

typedef struct
{
  char           *title;       /* (owned) (nullable) */
  char           *status_line; /* (owned) a GRefString: most jobs say the same */
  BobbinJobPast  *past;        /* (owned) (nullable) */
  BobbinJobRun   *run;         /* (owned) (nullable) */
  BobbinKept     *kept;        /* (owned) (nullable) g_free() frees it: the keeper's alone */
  BobbinJobPlace  place;
  gint64          created;     /* g_get_real_time() */
  BobbinJobState  state : 8;
  BobbinJobState  seen : 8;    /* the state as the queue knows it: the queue's alone */
  gboolean        is_urgent : 1; /* not to be held: the queue's alone */
} BobbinJobPrivate;

BobbinJobPrivate *bobbin_job_get_private   (BobbinJob *self);

/* bobbin-job.c */
void              bobbin_job_set_state     (BobbinJob     *self,
                                            BobbinJobState state);
void              bobbin_job_set_error     (BobbinJob    *self,
                                            const GError *error);
void              bobbin_job_set_started   (BobbinJob *self,
                                            gint64     time);
void              bobbin_job_set_ended     (BobbinJob *self,
                                            gint64     time);
void              bobbin_job_set_report    (BobbinJob          *self,
                                            const BobbinReport *report);
void              bobbin_job_add_event     (BobbinJob      *self,
                                            BobbinEventKind kind,
                                            gint64          time,
                                            const char     *code,
                                            const char     *text);
gboolean          bobbin_job_has_event_log (BobbinJob *self);
gboolean          bobbin_job_has_status_line (BobbinJob *self);
BobbinJobPast    *bobbin_job_ensure_past   (BobbinJob *self);
gboolean          bobbin_job_is_queued     (BobbinJob *self);
BobbinLane        bobbin_job_get_lane      (BobbinJob *self);

/* bobbin-job-run.c */
void              bobbin_job_launch        (BobbinJob        *self,
                                            BobbinWorkerPool *pool,
                                            BobbinMailbox    *mailbox);
gboolean          bobbin_job_cancel        (BobbinJob *self);
BobbinJobDelay   *bobbin_job_get_delay     (BobbinJob *self);

/* What the store does, with a new job. */
void              bobbin_job_restore       (BobbinJob    *self,
                                            const GError *error,
                                            gboolean      done,
                                            gint64        bytes,
                                            gint64        total,
                                            gint64        created,
                                            gint64        started,
                                            gint64        ended);

G_END_DECLS
